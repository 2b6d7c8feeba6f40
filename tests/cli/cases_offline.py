# SPDX-License-Identifier: GPL-3.0-or-later
"""Offline and signed out: what is stored stays usable. Ends the shared demo tenant."""
from tap import check, equal, test

from cases_workflow import pick


@test
def offline(context):
    """offline everything synced is there; a request waits in the outbox and is sent once"""
    tvm, demo = context.tvm, context.demo
    about = pick(context, "update", other_than=[context.recommendation])
    tvm.json("recommendation", about["id"])
    n_tickets = len(demo.state()["tickets"])
    demo.call("/_demo/faults", {"path": "/beta/deviceAppManagement", "kind": "reset", "times": 1000})
    activity = tvm.json("request", about["id"], "--type", "update", "--priority", "medium",
                        "--all-groups", "--intune", status=4)
    equal([ticket["status"] for ticket in activity["tickets"]], ["outbox"])
    equal(tvm.json("status")["outbox"], 1)
    demo.call("/_demo/faults", method="DELETE")
    tvm.run("sync")
    tvm.run("sync")
    equal(tvm.json("status")["outbox"], 0)
    equal(len(demo.state()["tickets"]), n_tickets + 1)
    equal(tvm.json("activity", activity["id"])["tickets"][0]["status"], "pending")
    demo.stop()
    before = tvm.json("devices")
    tvm.run("sync", status=4)
    equal(tvm.json("devices"), before)
    equal(tvm.json("complete", activity["id"])["completed_by"], context.email)


@test
def signed_out(context):
    """no token is in the store; after sign-out a sync asks to sign in, the data stay"""
    tvm = context.tvm
    with open(tvm.store_path, "rb") as stream:
        text = stream.read().lower()
    for word in (b"refresh_token", b"access_token", b"bearer "):
        check(word not in text, f"{word} is in the store")
    n = len(tvm.json("activities"))
    tvm.run("sign-out")
    equal(tvm.json("status")["account"], None)
    tvm.run("sync", status=3)
    equal(len(tvm.json("activities")), n)

# SPDX-License-Identifier: GPL-3.0-or-later
"""Tickets after they are made: taken back, and where they and the devices disagree."""
from tap import check, equal, test
from world import pick


def request(context, *words, status=0):
    """An activity with a ticket, of a recommendation that the portal has no active one for."""
    used = {row["recommendation_id"] for row in context.tvm.json("activities", "--status", "active")
            if row["origin"] == "defender"}
    about = pick(context, "update", 5, other_than=used)
    return context.tvm.json("request", about["id"], "--type", "update", "--priority", "low", "--all-groups",
                            "--intune", *words, status=status)


@test
def withdrawn(context):
    """withdraw takes a pending ticket back; an accepted one stays, and the history says who did what"""
    tvm, demo = context.tvm, context.demo
    activity = request(context)
    ticket = activity["tickets"][0]["id"]
    check(ticket in [row["id"] for row in demo.state()["tickets"]], "no ticket was made")
    for number in range(1, 9):   # those of the outbox, where nothing is
        tvm.refuse("withdraw", str(number), names=[f"“{number}”"])
    after = tvm.json("withdraw", ticket.upper())
    equal((after["id"], after["withdrawal"]), (activity["id"], "done"))
    equal([row["status"] for row in after["tickets"]], ["withdrawn"])
    check(ticket not in [row["id"] for row in demo.state()["tickets"]], "the ticket is still there")
    tvm.run("sync")
    shown = tvm.json("activity", activity["id"])
    equal([row["status"] for row in shown["tickets"]], ["withdrawn"])
    told = {row["kind"]: row["who"] for row in shown["history"]}
    equal((told["withdrawal-requested"], told["ticket-withdrawn"]), (context.email, context.email))
    check(f"Ticket withdrawn by {context.email}" in tvm.run("activity", activity["id"]).out, "it is not told")
    tvm.refuse("withdraw", ticket, names=["withdrawn already"])
    tvm.refuse("withdraw", "no-such-ticket", names=["no-such-ticket"])
    other = request(context)["tickets"][0]["id"]
    demo.call(f"/_demo/tickets/{other}/accept", {"assigned_to": "it@contoso.example"})
    check("IT admin" in tvm.run("withdraw", other, status=1).err, "what to do is not told")
    check(other in [row["id"] for row in demo.state()["tickets"]], "an accepted ticket was deleted")


@test
def withdrawn_offline(context):
    """offline a withdrawal waits in the outbox, and a ticket not sent yet is taken back at once"""
    tvm, demo = context.tvm, context.demo
    activity = request(context)
    ticket = activity["tickets"][0]["id"]
    demo.call("/_demo/faults", {"path": "/beta/deviceAppManagement", "kind": "reset", "times": 1000})
    after = tvm.json("withdraw", ticket, status=4)
    equal((after["withdrawal"], after["tickets"][0]["status"]), ("waiting", "pending"))
    check(after["tickets"][0]["withdrawal_requested_on"] is not None, after)
    entry = tvm.json("outbox", "list")[0]
    equal((entry["kind"], entry["ticket_id"], entry["id"]),
          ("withdraw", ticket, after["tickets"][0]["outbox_id"]))
    unsent = request(context, status=4)["tickets"][0]
    equal((unsent["id"], unsent["status"]), (None, "outbox"))
    demo.call("/_demo/faults", method="DELETE")
    equal(tvm.json("withdraw", str(unsent["outbox_id"]))["tickets"], [])
    tvm.run("sync")
    equal(tvm.json("status")["outbox"], 0)
    equal(tvm.json("activity", activity["id"])["tickets"][0]["status"], "withdrawn")
    check(ticket not in [row["id"] for row in demo.state()["tickets"]], "the ticket is still there")


def disagreeing(tvm):
    """What the list of those that need attention has, each with its kinds; the same as all lists say."""
    rows = tvm.json("activities", "--disagreements")
    every = [row["id"] for row in tvm.json("activities") if row["disagreements"]]
    equal(sorted(row["id"] for row in rows), sorted(every), "activities that need attention")
    for row in rows:
        for entry in row["disagreements"]:
            equal(list(entry), ["kind", "message", "next_step", "activity_id"])
            check(entry["message"] and entry["next_step"], entry)
    return {row["id"]: [entry["kind"] for entry in row["disagreements"]] for row in rows}


@test
def disagreements(context):
    """tickets, devices and the portal disagree: told in words with a next step, in JSON, and listed"""
    tvm, demo = context.tvm, context.demo
    activity = request(context)
    ticket = activity["tickets"][0]["id"]
    check(activity["id"] not in disagreeing(tvm), "a new one disagrees")
    demo.call(f"/_demo/tickets/{ticket}/reject", {"note": "No"})
    tvm.run("sync")
    equal(disagreeing(tvm)[activity["id"]], ["ticket-rejected"])
    demo.call(f"/_demo/tickets/{ticket}/complete", {})
    tvm.run("sync")
    equal(disagreeing(tvm)[activity["id"]], ["ticket-completed-devices-exposed"])
    n = activity["target_devices"]
    text = tvm.run("activity", activity["id"]).out
    check(f"Ticket completed, {n} devices still exposed as far as is known" in text and "Next step" in text, text)
    check(activity["id"] in tvm.run("activities", "--disagreements").out, "the table lacks it")
    demo.call(f"/_demo/tickets/{ticket}/accept", {"assigned_to": "it@contoso.example"})
    demo.patch(activity["recommendation_id"], [row["id"] for row in tvm.json("activity", activity["id"])["devices"]])
    tvm.run("sync")
    equal(disagreeing(tvm)[activity["id"]], ["devices-remediated-ticket-open"])
    exposed = {row["id"]: row["exposed_devices"] for row in tvm.json("recommendations")}
    portal = next(row for row in tvm.json("activities", "--status", "active")
                  if row["origin"] == "defender" and row["type"] == "update"
                  and exposed.get(row["recommendation_id"], 0) > 0)
    own = tvm.json("request", portal["recommendation_id"], "--type", "update", "--priority", "low", "--all-groups")
    found = disagreeing(tvm)
    check("requested-twice" in found[own["id"]] and "requested-twice" in found[portal["id"]], found)
    other = [entry["activity_id"] for entry in tvm.json("activity", own["id"])["disagreements"]]
    equal(other, [portal["id"]])

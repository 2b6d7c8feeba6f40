# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists that never came, came in part, or came with nothing said in them: not known, not none (R18)."""
import os

from tap import check, equal, test
from world import sign_in

REFUSED = {"path": "/api/machines", "exact": True, "kind": "status", "status": 403, "times": 1000}


def pick(context, kind="update"):
    return next(row for row in context.tvm.json("recommendations")
                if row["type"] == kind and row["exposed_devices"] >= 8)


@test
def before_sync(context):
    """before the first sync nothing is due, archived or in the history as far as anybody knows"""
    tvm = sign_in(context, "fresh")
    equal(tvm.json("due", status=1), None)
    due = tvm.run("due", status=1)
    check("“tvm-remediate sync” gets it" in due.err and due.out == "", due.err)
    for name in ("archive", "history", "activity"):
        path = f"{context.home}/{name}.csv"
        tvm.refuse("export", name, "--output", path, names=["tvm-remediate sync"])
        check(not os.path.exists(path), name)
    equal(tvm.json("exceptions"), [], "exceptions are made here alone")
    tvm.run("sync")
    check(isinstance(tvm.json("due", status=(0, 10)), list), "due after the sync")
    tvm.run("export", "history", "--output", f"{context.home}/history.csv")


@test
def portal_refused(context):
    """what was done here shows where the portal's activities never came, and says that there may be more"""
    tvm = sign_in(context, "half")
    context.demo.call("/_demo/faults", {**REFUSED, "path": "/api/remediationTasks"})
    tvm.run("sync", status=1)
    row = pick(context)
    equal({row["active_activities"] for row in tvm.json("recommendations")}, {None})
    made = tvm.json("request", row["id"], "--type", "update", "--all-groups", "--priority", "high")
    shown = tvm.run("activities", "--json")
    equal([activity["id"] for activity in shown.json], [made["id"]])
    check("There may be more" in shown.err, shown.err)
    equal(tvm.json("recommendation", row["id"])["active_activities"], 1)
    history = tvm.run("export", "history", "--output", "-")
    check(made["id"] in history.out and "There may be more" in history.err, history.err)


@test
def portal_silent(context):
    """rows of the portal that do not tell their status: what was known stays, and else nobody knows what is due"""
    silent = {"path": "/api/remediationTasks", "exact": True, "kind": "null-members", "times": 1000}
    tvm = sign_in(context, "silent")
    tvm.run("sync")
    before, due = tvm.json("status"), tvm.json("due", "--within", "900", status=(0, 10))
    context.demo.call("/_demo/faults", silent)
    tvm.run("sync", status=(0, 1))
    after = tvm.json("status")
    for key in ("activities", "activities_active", "overdue"):
        equal(after[key], before[key], key)
    equal([row["id"] for row in tvm.json("due", "--within", "900", status=(0, 10))], [row["id"] for row in due])
    context.demo.call("/_demo/faults", method="DELETE")
    tvm.run("sync")
    equal(tvm.run("export", "history", "--format", "machine", "--output", "-").out.count("portal-changed"), 0)

    tvm = sign_in(context, "silent-first")
    context.demo.call("/_demo/faults", silent)
    tvm.run("sync", status=(0, 1))
    status = tvm.json("status")
    equal([status["activities_active"], status["overdue"]], [None, None])
    told = tvm.run("due", "--within", "900", status=1)
    check("did not tell the status" in told.err, told.err)


@test
def inventory_refused(context):
    """where the inventory was never read nobody knows what is joined, and nothing is gone"""
    tvm = sign_in(context, "blind")
    tvm.run("config", "set", "intune-connection", "true")
    context.demo.call("/_demo/faults", REFUSED)
    tvm.run("sync", status=1)
    equal(tvm.json("status")["devices"], None)
    row = pick(context)
    groups = tvm.json("recommendation", row["id"])["groups"]
    equal(({group["joined"] for group in groups}, sum(group["exposed"] for group in groups)),
          ({None}, row["exposed_devices"]))
    words = ("request", row["id"], "--type", "update", "--all-groups", "--priority", "high")
    plan = tvm.json(*words, "--dry-run")
    equal((plan["covered"], plan["joined"], plan["not_joined"]), (row["exposed_devices"], None, None))
    tvm.refuse(*words, "--intune", names=["never synchronized", "Machine.Read"])
    made = tvm.json(*words)
    equal((made["joined"], made["tickets"]), (None, []))
    states = tvm.json("activity", made["id"])["states"]
    equal((states["gone"], states["exposed"]), (0, row["exposed_devices"]))
    context.made, context.words = made, words


@test
def inventory_read(context):
    """once it is read a device that it does not show is gone, and a ticket can be made"""
    tvm = context.tvm
    context.demo.call("/_demo/faults", method="DELETE")
    tvm.forget_pace()
    gone = tvm.json("activity", context.made["id"])["devices"][0]["id"]
    context.demo.call(f"/_demo/devices/{gone}/remove", {})
    tvm.run("sync")
    states = tvm.json("activity", context.made["id"])["states"]
    equal(states["gone"], 1)
    plan = tvm.json(*context.words, "--intune", "--dry-run")
    equal(plan["joined"] + plan["not_joined"], plan["covered"])
    check(plan["joined"] > 0 and plan["tickets"] == 1, str(plan))


@test
def doubted_devices(context):
    """a first list of exposed devices that cannot be believed is not known as a whole"""
    tvm = sign_in(context, "short")
    tvm.run("sync")
    row = pick(context)
    path = f"/api/recommendations/{row['id']}/machineReferences"
    for kind, words in (("null-rows", "not known"), ("short", "there may be more")):
        context.demo.call("/_demo/faults", {"path": path, "kind": kind, "times": 1000})
        shown = tvm.json("recommendation", row["id"])
        equal((shown["groups"], shown["devices_synced_on"]), (None, None), kind)
        text = tvm.run("recommendation", row["id"])
        check(f"Device groups:      {words}\n" in text.out, text.out)
        check("fewer exposed devices than it counts" in text.err, text.err)
        refused = tvm.run("request", row["id"], "--type", "update", "--all-groups", "--priority", "high", status=1)
        check("fewer than it counts" in refused.err, refused.err)
        context.demo.call("/_demo/faults", method="DELETE")
        tvm.forget_pace()
    equal(tvm.json("activities", "--search", row["id"]), [])
    equal(sum(group["exposed"] for group in tvm.json("recommendation", row["id"])["groups"]), row["exposed_devices"])


@test
def nothing_told(context):
    """what the service leaves null is null: groups, scope and status of the portal's activities, a device's group"""
    tvm = sign_in(context, "mute")
    for path in ("/api/remediationTasks", "/api/machines"):
        context.demo.call("/_demo/faults", {**REFUSED, "path": path, "kind": "null-members"})
    tvm.run("sync")
    rows = tvm.json("activities")
    equal(({row["status"] for row in rows}, {str(row["groups"]) for row in rows}), ({None}, {"None"}))
    equal({row["no_impact_only"] for row in rows}, {None})
    text = tvm.run("activity", rows[0]["id"], status=(0, 1)).out
    check("Device groups:      not known\n" in text and "Status:             Unknown\n" in text, text)
    equal(tvm.json("status")["activities_active"], None)
    context.demo.call("/_demo/faults", method="DELETE")


@test
def portal_states(context):
    """which devices of a portal's activity are remediated nobody is told, only how many"""
    tvm = context.tvm
    tvm.forget_pace()
    tvm.run("sync")
    row = next(row for row in tvm.json("activities") if row["status"] == "active" and row["type"] == "update")
    shown = tvm.json("activity", row["id"])
    equal(shown["states"]["remediated"], None)
    check(shown["states"]["exposed"] is not None and shown["fixed_devices"] is not None, str(shown["states"]))


@test
def tickets_refused(context):
    """tickets made elsewhere are not known where Intune never told any"""
    tvm = sign_in(context, "closed")
    tvm.run("config", "set", "intune-connection", "true")
    context.demo.call("/_demo/faults", {**REFUSED, "path": "/beta/deviceAppManagement", "exact": False})
    for _ in range(2):
        tvm.forget_pace()
        tvm.run("sync", status=1)
    equal(tvm.json("status")["other_tickets"], None)

# SPDX-License-Identifier: GPL-3.0-or-later
"""Two members with a profile each decide about the same things; on a cluster of our own."""
import tap
from cluster import Cluster, find_programs
from tap import check, equal, test
from world import pick

programs = find_programs()
if programs is None:
    tap.skip_all("PostgreSQL is not installed")
TENANT = {"devices": 60, "recommendations": 8, "activities": 2}
BEN = "ben@contoso.example"


def sync(context, *people, status=0):
    """A sync of each whose calls need not wait."""
    for tvm in people or (context.anna, context.ben):
        tvm.forget_pace()
        done = tvm.run("sync", "--json", status=status)
    return done


def lines(tvm, about, command="activity"):
    """Its history, the newest line last."""
    return [(row["kind"], row["who"], row["detail"], row.get("before"), row.get("after"))
            for row in reversed(tvm.json(command, about)["history"])]


@test
def begin(context):
    """two people with a profile each, in one team"""
    cluster = context.cluster = Cluster(programs)
    cluster.sql("CREATE ROLE anna LOGIN", "CREATE ROLE ben LOGIN", "CREATE DATABASE team", database="postgres")
    context.anna = context.tvm
    context.ben = context.program("ben")
    context.ben.configure(context.demo)
    context.demo.call("/_demo/sign-in/user", {"user": BEN})
    context.ben.run("sign-in", "--device-code")
    context.ben.run("config", "set", "intune-connection", "true")
    sync(context, context.ben)
    equal(context.ben.json("status")["account"], BEN)
    equal(context.anna.json("status")["account"], context.email)
    context.before = context.anna.json("request", pick(context, "update")["id"], "--type", "update", "--all-groups",
                                       "--priority", "low")["id"]
    context.anna.run("team", "assign", context.before, "me", status=1)
    context.anna.run("team", "init", cluster.uri(), "--administrator", "anna", "--account", context.email)
    context.anna.run("team", "join", cluster.uri("anna"))
    context.anna.run("team", "members", "add", "ben", "--account", BEN, "--right", "approver")
    context.ben.run("team", "join", cluster.uri("ben"))


@test
def assigned(context):
    """an activity is assigned to a member, to nobody else, and both see it"""
    anna, ben = context.anna, context.ben
    context.activity = anna.json("request", pick(context, "update")["id"], "--type", "update", "--all-groups",
                                 "--priority", "high")["id"]
    check("already" not in anna.run("team", "assign", context.before, "me", status=1).err, "one that the team has not")
    check("members" in anna.run("team", "assign", context.activity, "dora@contoso.example", status=1).err, "a stranger")
    equal(anna.json("activity", context.activity)["assignee"], None)
    equal(anna.json("team", "assign", context.activity, BEN.upper())["assignee"], BEN)
    equal(anna.json("team", "assign", context.activity, BEN)["assignee"], BEN)
    sync(context)
    equal(ben.json("activity", context.activity)["assignee"], BEN)
    for tvm in (anna, ben):
        equal(lines(tvm, context.activity)[-1], ("assigned", context.email, None, None, BEN))
        equal([row["id"] for row in tvm.json("activities", "--assigned-to", BEN.upper())], [context.activity])
        equal(tvm.json("activities", "--assigned-to", context.email), [])
        equal([row["id"] for row in tvm.json("activities", "--search", BEN)], [context.activity])


@test
def assigned_twice(context):
    """two assign at once: the later in the log holds, and its line says that it did not know of the other"""
    anna, ben = context.anna, context.ben
    ben.run("team", "assign", context.activity, "nobody")
    anna.run("team", "assign", context.activity, "me")
    sync(context, ben, anna, ben)
    for tvm in (anna, ben):
        equal(tvm.json("activity", context.activity)["assignee"], context.email)
        equal(lines(tvm, context.activity)[-1], ("assigned-over", context.email, None, BEN, context.email))
        check(("assigned", BEN, None, BEN, None) in lines(tvm, context.activity), "the first one's line")
    csv = anna.run("export", "activities", "--output", "-", "--format", "machine").out.splitlines()
    check("assignee" in csv[0] and any(context.email + "," in line for line in csv), csv[:2])


@test
def end(context):
    """the cluster goes"""
    context.cluster.close()

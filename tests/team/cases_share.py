# SPDX-License-Identifier: GPL-3.0-or-later
"""What is decided here reaches the team's log, and what others decided there comes back; on a cluster of our own."""
import datetime
import json
import uuid

import tap
from cluster import Cluster, find_programs
from tap import check, equal, test
from world import pick

programs = find_programs()
if programs is None:
    tap.skip_all("PostgreSQL is not installed")
TENANT = {"devices": 60, "recommendations": 8, "activities": 2}


def say(context, login, kind, subject, after="{}", number=None, decided="now ()"):
    """An event that another member's program adds, by SQL."""
    number = number or str(uuid.uuid4())
    number = number[:14] + "7" + number[15:]
    text = after.replace("'", "''")
    context.cluster.sql(f"INSERT INTO tvm_remediate.event (id, subject, kind, decided_at, after) VALUES ('{number}', "
                        f"'{subject}', '{kind}', {decided}, '{text}')", login=login)


def log(context):
    return [(row[0], row[1], row[2]) for row in context.cluster.sql(
        "SELECT e.kind, e.subject, lower (m.account) FROM tvm_remediate.event e JOIN tvm_remediate.member m ON "
        "m.id = e.author ORDER BY e.number")]


def sync(context, status=0):
    """A sync whose calls need not wait; what the team's log brought."""
    context.tvm.forget_pace()
    done = context.tvm.run("sync", "--json", status=status)
    return {row["name"]: row for row in done.json}.get("team"), done.err


def lines(context, activity):
    return [(row["kind"], row["who"], row["detail"]) for row in reversed(context.tvm.json("activity", activity)["history"])]


@test
def begin(context):
    """a team of three; what was decided before joining stays one's own"""
    cluster = context.cluster = Cluster(programs)
    for name in ("anna", "ben", "carl"):
        cluster.sql(f"CREATE ROLE {name} LOGIN", database="postgres")
    cluster.sql("CREATE DATABASE team", database="postgres")
    tvm = context.tvm
    context.before = tvm.json("request", pick(context, "update")["id"], "--type", "update", "--all-groups", "--priority",
                              "low")["id"]
    team, _ = sync(context)
    equal(team, None, "a team where there is none")
    tvm.run("team", "init", cluster.uri(), "--administrator", "anna", "--account", context.email)
    tvm.run("team", "join", cluster.uri("anna"))
    for name in ("ben", "carl"):
        tvm.run("team", "members", "add", name, "--account", name + "@example.com", "--right", "requester")
    tvm.run("comment", context.before, "mine alone")
    equal(tvm.json("team", "status")["waiting"], 0)
    equal(lines(context, context.before)[-1], ("comment", context.email, "mine alone"))
    for nothing in ("  ", "\u200b \u2060", "\u202e"):
        tvm.run("comment", context.before, nothing, status=1)
    tvm.run("comment", "no-such-activity", "text", status=1)


@test
def out(context):
    """a request, a comment and a completion wait for the next sync, and are in the log then, once"""
    tvm = context.tvm
    made = tvm.json("request", pick(context, "update", other_than=())["id"], "--type", "update", "--all-groups",
                    "--priority", "high", "--note", "Soon, please.")
    context.activity = made["id"]
    tvm.run("comment", context.activity, "Who does it?")
    equal(tvm.json("team", "status")["waiting"], 2)
    team, _ = sync(context)
    equal((team["received"], team["added"], team["changed"]), (2, 0, 0))
    equal(log(context), [("activity-requested", context.activity, context.email), ("comment", context.activity, context.email)])
    told = json.loads(context.cluster.sql("SELECT after FROM tvm_remediate.event WHERE kind = 'activity-requested'")[0][0])
    equal((told["title"], told["priority"], told["notes"], len(told["targets"])),
          (made["title"], "high", "Soon, please.", made["target_devices"]))
    team, _ = sync(context)
    equal((team["received"], len(log(context)), tvm.json("team", "status")["waiting"]), (0, 2, 0))


@test
def back(context):
    """another's request comes with its frozen targets, and what others say about one's own"""
    tvm = context.tvm
    theirs = str(uuid.uuid4())
    context.theirs = theirs
    device = tvm.json("devices")[0]
    say(context, "ben", "activity-requested", theirs, json.dumps({
        "title": "Update\u202e something", "recommendation_id": pick(context, "update")["id"], "type": "update",
        "priority": "medium", "groups": [], "due_on": "2031-01-31", "targets": [
            {"id": device["id"], "name": device["name"]}, {"id": "f" * 40, "name": "unheard-of.example.com"}]}))
    say(context, "carl", "comment", context.activity, json.dumps({"text": "I do.\u001b[31m"}))
    team, _ = sync(context)
    equal((team["received"], team["added"], team["changed"]), (2, 1, 1))
    activity = tvm.json("activity", theirs)
    equal((activity["title"], activity["created_by"], activity["target_devices"], activity["priority"], activity["due_on"],
           activity["groups"], activity["status"]),
          ("Update something", "ben@example.com", 2, "medium", "2031-01-31", [], "active"))
    equal(lines(context, theirs), [("requested", "ben@example.com", None)])
    equal(lines(context, context.activity)[-1], ("comment", "carl@example.com", "I do. [31m"))
    tvm.run("complete", theirs, "--note", "All done.")
    sync(context)
    equal(log(context)[-1], ("activity-completed", theirs, context.email))


@test
def conflict(context):
    """who completes first has completed it; both are told"""
    tvm = context.tvm
    tvm.run("complete", context.activity)
    say(context, "ben", "activity-completed", context.activity, json.dumps({"text": "Me."}))
    sync(context)
    activity = tvm.json("activity", context.activity)
    equal((activity["status"], activity["completed_by"]), ("completed", "ben@example.com"))
    equal([line for line in lines(context, context.activity) if line[0].startswith("completed")],
          [("completed-manual", context.email, None), ("completed-manual", "ben@example.com", "Me."),
           ("completed-too", context.email, None)])
    # carl has nothing to undo, ben has
    say(context, "carl", "activity-reopened", context.activity)
    sync(context)
    equal(tvm.json("activity", context.activity)["status"], "completed")
    say(context, "ben", "activity-reopened", context.activity)
    sync(context)
    activity = tvm.json("activity", context.activity)
    equal((activity["status"], activity["completed_by"]), ("active", None))
    equal([line[0] for line in lines(context, context.activity)][-2:], ["reopening-void", "completion-undone"])


@test
def nonsense(context):
    """what another's program wrote wrongly does no harm, and holds nothing up"""
    for after in ("{}", '{"title": 7}', '[]', '"text"', json.dumps({"title": "t", "recommendation_id": "r", "type": "magic",
                                                                   "groups": [], "targets": []})):
        say(context, "ben", "activity-requested", str(uuid.uuid4()), after)
    say(context, "ben", "comment", context.theirs, '{"text": "still there"}')
    n = len(context.tvm.json("activities"))
    _, said = sync(context, status=1)
    check("5 decisions" in said and "ben@example.com" in said, said)
    equal(context.tvm.json("team", "status")["behind"], 0)
    sync(context)
    equal(len(context.tvm.json("activities")), n)
    equal(lines(context, context.theirs)[-1], ("comment", "ben@example.com", "still there"))


@test
def no_time(context):
    """a time that no clock shows, in a database of before that let it in, stops nobody, and the one recorded stands"""
    tvm = context.tvm
    context.cluster.sql("ALTER TABLE tvm_remediate.event DISABLE TRIGGER is_sound")
    late, soon = str(uuid.uuid4()), str(uuid.uuid4())
    told = json.loads(context.cluster.sql("SELECT after FROM tvm_remediate.event WHERE kind = 'activity-requested'")[0][0])
    for subject, instant in ((late, "'infinity'"), (soon, "'4713-01-01 BC'")):
        say(context, "ben", "activity-requested", subject, json.dumps(told), decided=instant)
        say(context, "ben", "activity-completed", subject, decided=instant)
    for instant in ("'-infinity'", "'294276-01-01'", "'0001-01-01'"):
        say(context, "ben", "comment", soon, '{"text": "when?"}', decided=instant)
    context.cluster.sql("ALTER TABLE tvm_remediate.event ENABLE TRIGGER is_sound")
    team, _ = sync(context)
    equal((team["received"], team["added"]), (7, 2))
    for subject in (late, soon):
        activity = tvm.json("activity", subject)
        equal([activity[name][:2] for name in ("created_on", "completed_on")], ["20", "20"])
    tvm.run("team", "export", "--output", "-")


@test
def when(context):
    """the history tells when it was decided, not when it arrived here"""
    subject = str(uuid.uuid4())
    told = json.loads(context.cluster.sql("SELECT after FROM tvm_remediate.event WHERE kind = 'activity-requested'")[0][0])
    for days, kind in ((9, "activity-requested"), (6, "comment"), (3, "activity-completed")):
        say(context, "ben", kind, subject, json.dumps(told) if days == 9 else '{"text": "x"}',
            decided=f"date_trunc ('second', now () - interval '{days} days')")
    sync(context)
    rows = context.cluster.sql("SELECT extract (epoch FROM decided_at)::bigint FROM tvm_remediate.event WHERE subject = "
                               f"'{subject}' ORDER BY number")
    history = list(reversed(context.tvm.json("activity", subject)["history"]))
    equal([int(datetime.datetime.fromisoformat(row["when"]).timestamp()) for row in history], [int(row[0]) for row in rows])
    filed = str(uuid.uuid4())
    text = json.dumps({"recommendation_id": told["recommendation_id"], "justification": "risk-accepted", "context": "c",
                       "ends_on": str(datetime.date.today() + datetime.timedelta(90)), "is_global": True})
    say(context, "ben", "exception-filed", filed, text, decided="now () - interval '9 days'")
    say(context, "ben", "exception-cancelled", filed, decided="now () - interval '3 days'")
    sync(context)
    x = context.tvm.json("exception", filed)
    equal([row["when"] for row in reversed(x["history"])], [x["created_on"], x["ended_on"]])


@test
def long_text(context):
    """nothing that another's program wrote is longer than what a person can write here"""
    say(context, "ben", "comment", context.theirs, json.dumps({"text": "\u00e9" * 200000}))
    say(context, "ben", "activity-requested", other := str(uuid.uuid4()), json.dumps({
        "title": "z" * 4000, "recommendation_id": "r", "type": "update", "groups": [], "targets": []}))
    sync(context)
    activity = context.tvm.json("activity", context.theirs)
    detail = [row["detail"] for row in activity["history"] if row["kind"] == "comment"][0]
    equal((detail[:3], detail[-1], len(detail) < 16400), ("\u00e9\u00e9\u00e9", "\u2026", True))
    title = context.tvm.json("activity", other)["title"]
    check(len(title) < 700, len(title))


@test
def large(context):
    """what is large comes in several parts, so that nobody's memory has to hold a log of such"""
    subject = str(uuid.uuid4())
    told = json.loads(context.cluster.sql("SELECT after FROM tvm_remediate.event WHERE kind = 'activity-requested'")[0][0])
    say(context, "ben", "activity-requested", subject, json.dumps(told))
    context.cluster.sql("INSERT INTO tvm_remediate.event (id, subject, kind, decided_at, after) SELECT overlay "
                        f"(gen_random_uuid ()::text PLACING '7' FROM 15)::uuid, '{subject}', 'comment', now (), "
                        "jsonb_build_object ('text', n || ' ' || (SELECT string_agg (md5 (i::text), '') FROM generate_series "
                        "(1, 28000) i)) FROM generate_series (1, 80) n", login="ben")
    team, _ = sync(context)
    equal((team["received"], team["requests"]), (81, 3))
    equal([row["detail"].split()[0] for row in reversed(context.tvm.json("activity", subject)["history"]) if row["detail"]],
          [str(n) for n in range(1, 81)])
    path = context.home + "/large.json"
    equal(context.tvm.json("team", "export", "--output", path)["decisions"], len(log(context)))


@test
def away(context):
    """with the database away everything works, the sync says so, and afterwards nothing is lost or doubled"""
    tvm, cluster = context.tvm, context.cluster
    cluster.kill()
    tvm.run("comment", context.activity, "while away")
    _, said = sync(context, status=4)
    check("Team: " in said, said)
    equal((tvm.json("team", "status", status=4)["waiting"], lines(context, context.activity)[-1][2]), (1, "while away"))
    check(tvm.json("status")["last_sync"] is not None, "the services' lists came")
    cluster.start()
    before = len(log(context))
    sync(context)
    equal((log(context)[-1], len(log(context))), (("comment", context.activity, context.email), before + 1))


@test
def less_right(context):
    """what one's right does not reach waits, and what others decide still comes"""
    tvm, cluster = context.tvm, context.cluster
    cluster.sql("REVOKE tvm_team_administrator FROM anna", "GRANT tvm_team_reader TO anna")
    tvm.run("comment", context.activity, "may I?")
    say(context, "ben", "comment", context.activity, '{"text": "hello"}')
    team, said = sync(context, status=1)
    check("right" in said, said)
    equal((team, tvm.json("team", "status")["waiting"]), (None, 1))
    equal(lines(context, context.activity)[-1][2], "hello")
    cluster.sql("GRANT tvm_team_requester TO anna")
    sync(context)
    equal(tvm.json("team", "status")["waiting"], 0)


@test
def left(context):
    """leaving keeps a copy; coming back goes on where it was"""
    tvm = context.tvm
    n = len(tvm.json("activities"))
    tvm.run("team", "leave")
    equal(len(tvm.json("activities")), n)
    alone = tvm.json("request", pick(context, "update")["id"], "--type", "update", "--all-groups", "--priority", "low")["id"]
    tvm.run("complete", context.theirs, status=1)
    tvm.run("complete", context.activity)
    say(context, "ben", "comment", context.activity, '{"text": "welcome back"}')
    before = len(log(context))
    tvm.run("team", "join", context.cluster.uri("anna"))
    team, _ = sync(context)
    equal((team["received"], log(context)[before:]), (2, [("activity-completed", context.activity, context.email)]))
    equal([tvm.json("activity", id)["status"] for id in (context.activity, alone)], ["completed", "active"])
    check(lines(context, context.activity).count(("comment", "ben@example.com", "hello")) == 1, "a line is there twice")
    context.cluster.close()

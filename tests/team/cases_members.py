# SPDX-License-Identifier: GPL-3.0-or-later
"""Two members with a profile each decide about the same things; on a cluster of our own."""
import json
import os
import shutil
import subprocess

import tap
from cluster import Cluster, find_programs
from tap import check, equal, test
from world import pick

programs = find_programs()
if programs is None:
    tap.skip_all("PostgreSQL is not installed")
TENANT = {"devices": 80, "recommendations": 24, "activities": 2}
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
    context.anna.run("team", "members", "add", "ben", "--account", "\u202a" + BEN + "\u202c\u200b", "--right", "approver")
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
def shared_afterwards(context):
    """what was decided before joining is one's own, until it is shared"""
    anna, ben = context.anna, context.ben
    anna.run("comment", context.before, "Mine so far.")
    anna.run("complete", context.before, "--note", "Done.")
    row = anna.json("activity", context.before)
    equal(anna.json("team", "status")["unshared"], 1)
    said = anna.run("team", "join", context.cluster.uri("anna")).err
    check("--share all" in said, said)
    anna.run("team", "join", context.cluster.uri("anna"), "--share", "no-such-activity", status=1)
    equal(anna.json("team", "join", context.cluster.uri("anna"), "--share", "none")["unshared"], 1)
    team = anna.json("team", "join", context.cluster.uri("anna"), "--share", context.before)
    equal((team["unshared"], team["waiting"]), (0, 3))
    sync(context)
    theirs = ben.json("activity", context.before)
    for name in ("title", "created_by", "created_on", "status", "completed_by", "completed_on", "target_devices"):
        equal(theirs[name], row[name], name)
    equal([line[0] for line in lines(ben, context.before)], ["requested", "comment", "completed-manual"])
    equal(lines(anna, context.before), [(line["kind"], line["who"], line["detail"], line.get("before"), line.get("after"))
                                        for line in reversed(row["history"])])


@test
def exported(context):
    """everything that the database holds, as one document; whole or not at all"""
    anna = context.anna
    path = os.path.join(context.home, "team.json")
    anna.run("team", "export", status=2)
    told = anna.json("team", "export", "--output", path)
    with open(path, encoding="utf-8") as stream:
        whole = json.load(stream)
    log = context.cluster.sql("SELECT e.id, e.kind, m.account FROM tvm_remediate.event e JOIN tvm_remediate.member m ON "
                              "m.id = e.author ORDER BY e.number")
    equal([[row["id"], row["kind"], row["who"]] for row in whole["decisions"]], log)
    equal((told["decisions"], whole["team_id"]), (len(log), anna.json("team", "status")["team_id"]))
    equal([row["account"] for row in whole["members"]], sorted([context.email, BEN]))
    check(any(isinstance(row["after"], dict) and "targets" in row["after"] for row in whole["decisions"]), "what was decided")
    anna.run("team", "export", "--output", path, status=1)
    equal(json.loads(anna.run("team", "export", "--output", "-").out), whole)
    anna.run("team", "export", "--output", path, "--force")


def file(tvm, recommendation, *scope):
    return tvm.json("exception", "add", recommendation["id"], "--justification", "alternate-mitigation", "--context", "A proxy.",
                    "--duration", "30", *scope)


def status(tvm, exception):
    return tvm.json("exception", exception["id"])["status"]


def excepted(tvm, recommendation):
    row = tvm.json("recommendation", recommendation["id"])
    return row["status"], row["exposed_devices_after_exceptions"] < row["exposed_devices"]


def kinds(tvm, exception):
    return [(line[0], line[1]) for line in lines(tvm, exception["id"], "exception")]


@test
def excepted_by_one(context):
    """an exception that one files is the others' too, and so is that it is cancelled, for a group and whole"""
    anna, ben = context.anna, context.ben
    rows = [row for row in anna.json("recommendations") if row["exposed_devices"] >= 5 and row["status"] == "active"]
    context.rows = rows
    groups = sorted({row["group"] for row in anna.json("devices") if row["group"]})
    made = file(anna, rows[0], "--group", groups[0], "--group", groups[1])
    equal((made["status"], made["approval"], made["decided_by"]), ("active", None, None))
    sync(context)
    theirs = ben.json("exception", made["id"])
    for name in ("recommendation_id", "recommendation", "justification", "context", "global", "groups", "ends_on",
                 "created_by", "created_on", "status", "approval"):
        equal(theirs[name], made[name], name)
    equal(ben.json("recommendation", rows[0]["id"])["status"], "partial-exception")
    ben.run("exception", "approve", made["id"], status=1)
    ben.run("exception", "cancel", made["id"], "--group", groups[0])
    sync(context, ben, anna)
    for tvm in (anna, ben):
        row = tvm.json("exception", made["id"])
        equal((row["groups"], row["cancelled_groups"], row["status"]), ([groups[1]], [groups[0]], "active"))
        equal(kinds(tvm, made), [("exception-filed", context.email), ("exception-group-cancelled", BEN)])
    anna.run("exception", "cancel", made["id"])
    ben.run("exception", "cancel", made["id"])
    sync(context, anna, ben, anna)
    for tvm in (anna, ben):
        row = tvm.json("exception", made["id"])
        equal((row["status"], row["cancelled_by"]), ("cancelled", context.email))
        equal(kinds(tvm, made)[-1], ("exception-cancelled-too", BEN))
        equal(tvm.json("recommendation", rows[0]["id"])["status"], "active")


@test
def two_for_the_same(context):
    """two who file one for the same group at once: both hold, and each one's history names the other"""
    anna, ben = context.anna, context.ben
    group = anna.json("devices")[0]["group"]
    first, second = file(anna, context.rows[1], "--group", group), file(ben, context.rows[1], "--all-groups")
    sync(context, anna, ben, anna)
    for tvm in (anna, ben):
        equal(status(tvm, second), "active")
        equal(status(tvm, first), "suspended")
        check(("exception-doubled", BEN) not in kinds(tvm, first), "a global one suspends those of groups; that is no doubt")
    third, fourth = file(anna, context.rows[2], "--group", group), file(ben, context.rows[2], "--group", group)
    sync(context, ben, anna, ben)
    for tvm in (anna, ben):
        equal((status(tvm, third), status(tvm, fourth)), ("active", "active"))
        check(("exception-doubled", BEN) in kinds(tvm, third), kinds(tvm, third))
        check(("exception-doubled", context.email) in kinds(tvm, fourth), kinds(tvm, fourth))


@test
def approved(context):
    """by the administrator's rule a global one waits, without effect, until somebody else approves it"""
    anna, ben = context.anna, context.ben
    ben.run("team", "approval", "all", status=1)
    anna.run("team", "approval", "most", status=2)
    equal(anna.json("team", "approval", "risky"), {"approval": "risky"})
    equal(anna.json("team", "status")["approval"], "risky")
    row = context.rows[3]
    before = excepted(anna, row)
    made = file(anna, row, "--all-groups")
    equal((made["status"], made["approval"]), ("requested", "requested"))
    equal(excepted(anna, row), before)
    anna.run("exception", "approve", made["id"], status=1)
    check("ID" in anna.run("exception", "approve", status=2).err, "what is missing")
    sync(context)
    equal([status(tvm, made) for tvm in (anna, ben)], ["requested", "requested"])
    equal(excepted(ben, row), before)
    equal(anna.json("exceptions", "--approvable"), [])
    equal([x["id"] for x in ben.json("exceptions", "--approvable")], [made["id"]])
    equal([x["id"] for x in ben.json("exceptions", "--status", "requested")], [made["id"]])
    equal(ben.json("exception", "approve", made["id"], "--reason", "Seen the proxy.")["status"], "active")
    equal(ben.json("exceptions", "--approvable"), [])
    sync(context, ben, anna)
    for tvm in (anna, ben):
        x = tvm.json("exception", made["id"])
        equal((x["status"], x["approval"], x["decided_by"], x["decision_reason"]), ("active", "approved", BEN, "Seen the proxy."))
        equal(lines(tvm, made["id"], "exception")[-1],
              ("exception-approved", BEN, "Seen the proxy.", "requested", "active"))
        equal(excepted(tvm, row), ("full-exception", True))
    ben.run("exception", "reject", made["id"], "--reason", "No.", status=1)
    table = anna.run("export", "exceptions", "--output", "-", "--format", "machine").out
    check(f"approved,{BEN}," in table, table)


@test
def rejected(context):
    """a rejection has a reason, and ends it; who decides in vain is told"""
    anna, ben = context.anna, context.ben
    row = context.rows[4]
    made = file(ben, row, "--all-groups")
    sync(context, ben, anna)
    anna.run("exception", "reject", made["id"], status=2)
    for nothing in ("  ", "\u200b"):
        anna.run("exception", "reject", made["id"], "--reason", nothing, status=1)
    equal(anna.json("exception", "reject", made["id"], "--reason", "There is an update.")["status"], "rejected")
    ben.run("exception", "cancel", made["id"])          # at the same time
    sync(context, anna, ben, anna)
    for tvm in (anna, ben):
        x = tvm.json("exception", made["id"])
        equal((x["status"], x["approval"], x["decided_by"], x["decision_reason"]),
              ("rejected", "rejected", context.email, "There is an update."))
        equal(kinds(tvm, made)[-1], ("exception-cancelled-too", BEN))
        equal(excepted(tvm, row)[0], "active")
    # cancelled and approved at once, the cancellation first: the approval is in vain
    made = file(ben, row, "--all-groups")
    sync(context, ben, anna)
    anna.run("exception", "approve", made["id"])
    ben.run("exception", "cancel", made["id"])
    sync(context, ben, anna, ben)
    for tvm in (anna, ben):
        equal(status(tvm, made), "cancelled")
        equal(kinds(tvm, made)[-1], ("exception-decision-void", context.email))
        equal(excepted(tvm, row)[0], "active")
    # the approval first: it held for a moment, and is cancelled
    made = file(ben, row, "--all-groups")
    sync(context, ben, anna)
    anna.run("exception", "approve", made["id"])
    ben.run("exception", "cancel", made["id"])
    sync(context, anna, ben, anna)
    for tvm in (anna, ben):
        equal((status(tvm, made), tvm.json("exception", made["id"])["approval"]), ("cancelled", "approved"))


@test
def rule_changed(context):
    """what was filed before the rule was known here waits once the log has it"""
    anna, ben = context.anna, context.ben
    sync(context)
    anna.run("team", "approval", "all")
    row = [row for row in context.rows[5:] if row["id"] not in (context.rows[1]["id"], context.rows[2]["id"])][0]
    group = anna.json("devices")[0]["group"]
    made = file(ben, row, "--group", group)
    before = made["status"]
    sync(context, ben, anna)
    for tvm in (anna, ben):
        equal(status(tvm, made), "requested")
    if before == "active":
        equal(kinds(ben, made)[-1], ("exception-awaits-approval", None))
    anna.run("team", "members", "add", "ben", "--account", BEN, "--right", "requester")
    theirs = file(anna, context.rows[0], "--group", group)
    sync(context, anna, ben)
    check("approver" in ben.run("exception", "approve", theirs["id"], status=1).err, "the right that is missing")
    anna.run("team", "members", "add", "ben", "--account", BEN, "--right", "approver")


@test
def approved_late(context):
    """who approves one that has run out meanwhile brings it back nowhere, and no line says so"""
    anna, ben = context.anna, context.ben
    made = file(ben, context.rows[0], "--all-groups")
    sync(context, ben, anna)
    # Her last day went by while Anna's approval was under way.
    for tvm in (anna, ben):
        tvm.sql(f"UPDATE exception SET ends_on = '2020-01-31' WHERE id = '{made['id']}'")
        sync(context, tvm)
    equal([status(tvm, made) for tvm in (anna, ben)], ["expired", "expired"])
    context.cluster.sql("INSERT INTO tvm_remediate.event (id, subject, kind, decided_at) VALUES "
                        f"('01900000-0000-7000-8000-000000000001', '{made['id']}', 'exception-approved', now ())", login="anna")
    sync(context)
    for tvm in (anna, ben):
        equal(status(tvm, made), "expired")
        equal([line[3:] for line in lines(tvm, made["id"], "exception") if line[0] == "exception-approved"],
              [(None, None)])


@test
def put_back(context):
    """a database that was put back to a backup gives its numbers again: all notice, send their own again, and agree"""
    anna, ben, cluster = context.anna, context.ben, context.cluster
    first = anna.json("request", pick(context, "update")["id"], "--type", "update", "--all-groups", "--priority", "low")["id"]
    sync(context, anna, ben)
    dump = os.path.join(cluster.folder, "before.dump")

    def run(name, *words):
        done = subprocess.run([os.path.join(cluster.programs, name), *words], capture_output=True, timeout=120)
        check(done.returncode == 0, done.stderr)

    run("pg_dump", "--format", "custom", "--file", dump, cluster.uri())
    anna.run("comment", first, "After the backup.")
    ben.run("complete", first)
    second = ben.json("request", pick(context, "update")["id"], "--type", "update", "--all-groups", "--priority", "low")["id"]
    sync(context, ben, anna, ben)
    anna.run("comment", second, "Known here.")
    anna.run("complete", second)
    sync(context, anna, ben, anna)
    before = [[lines(tvm, activity) for activity in (first, second)] for tvm in (anna, ben)]
    equal([[sorted(map(str, rows)) for rows in before[0]]], [[sorted(map(str, rows)) for rows in before[1]]])
    cluster.sql("ALTER DATABASE team RENAME TO lost", "CREATE DATABASE team", database="postgres")
    run("pg_restore", "--exit-on-error", "--dbname", cluster.uri(), dump)
    # Numbers are given again before the others come.
    third = ben.json("request", pick(context, "update")["id"], "--type", "update", "--all-groups", "--priority", "low")["id"]
    for tvm in (ben, anna):
        check("earlier state" in sync(context, tvm, status=1).err, "not told")
    sync(context, ben, anna, ben)
    equal([tvm.json("team", "status")["waiting"] for tvm in (anna, ben)], [0, 0])
    after = [[lines(tvm, activity) for activity in (first, second)] for tvm in (anna, ben)]
    equal(after, before, "no line is lost or doubled")
    equal(anna.json("activity", third)["created_by"], BEN)
    log = cluster.sql("SELECT kind, count(*) FROM tvm_remediate.event WHERE subject IN "
                      f"('{first}', '{second}', '{third}') GROUP BY 1 ORDER BY 1")
    equal(log, [["activity-completed", "2"], ["activity-requested", "3"], ["comment", "2"]])
    # What the owner removed from the middle is no such thing.
    anna.run("comment", third, "Not for the log.")
    ben.run("comment", third, "For the log.")
    sync(context, anna, ben, anna)
    cluster.sql("DELETE FROM tvm_remediate.event WHERE after ->> 'text' = 'Not for the log.'")
    sync(context, anna, ben)


@test
def another_person(context):
    """who signs in as somebody else, or whose login is somebody else's now, is told, and sends nothing in that name"""
    anna, ben = context.anna, context.ben
    activity = anna.json("request", pick(context, "update")["id"], "--type", "update", "--all-groups", "--priority", "low")["id"]
    sync(context, anna, ben)
    context.demo.call("/_demo/sign-in/user", {"user": "carl@contoso.example"})
    ben.run("sign-in", "--device-code")
    ben.run("comment", activity, "Who am I?")
    said = sync(context, ben, status=1).err
    check("carl@contoso.example" in said and BEN in said, said)
    context.demo.call("/_demo/sign-in/user", {"user": BEN})
    ben.run("sign-in", "--device-code")
    anna.run("team", "members", "remove", "ben")
    said = sync(context, ben, status=1).err
    check("members add ben" in said, said)
    anna.run("team", "members", "add", "ben", "--account", "ben.new@contoso.example", "--right", "approver")
    ben.run("comment", activity, "Under which name?")
    said = sync(context, ben, status=1).err
    check("ben.new@contoso.example" in said and BEN in said, said)
    sync(context, anna)
    equal([row[0] for row in lines(anna, activity)], ["requested"])
    anna.run("team", "members", "remove", "ben")
    anna.run("team", "members", "add", "ben", "--account", BEN, "--right", "approver")
    sync(context, ben, anna)
    equal(lines(anna, activity)[-1][:3], ("comment", BEN, "Under which name?"))


def outbox(tvm):
    return [(row["last_error"], row["attempts"]) for row in tvm.json("outbox", "list")]


def hold(context, activity, ends):
    """Another program claims its ticket, until then."""
    context.cluster.sql("INSERT INTO tvm_remediate.ticket (activity, part, marker, claim, claimed_by, ends_at) SELECT "
                        f"'{activity['id']}', 1, 'TVM-of-another', gen_random_uuid (), id, {ends} FROM "
                        "tvm_remediate.member WHERE login_name = 'ben' AND left_at IS NULL ON CONFLICT (activity, part) DO UPDATE SET "
                        "marker = excluded.marker, claim = excluded.claim, claimed_by = excluded.claimed_by, ends_at = "
                        "excluded.ends_at")


@test
def completed_elsewhere(context):
    """a ticket of what a colleague completed is not sent, though this program learns of it only on the way"""
    anna, ben = context.anna, context.ben
    sync(context, anna, ben)
    before = len(context.demo.state()["tickets"])
    context.demo.call("/_demo/faults", {"path": "/beta/deviceAppManagement/deviceAppManagementTasks", "method": "POST",
                                        "kind": "status", "status": 503, "times": 100})
    made = ben.run("request", pick(context, "update")["id"], "--type", "update", "--all-groups", "--priority", "low",
                   "--intune", "--json", status=(0, 4)).json
    sync(context, ben, status=(0, 1, 4))
    sync(context, anna)
    anna.run("complete", made["id"])
    sync(context, anna)
    context.demo.call("/_demo/faults", method="DELETE")
    ben.forget_pace()
    said = ben.run("outbox", "retry", str(ben.json("outbox", "list")[0]["id"]), status=1).err
    check("completed" in said, said)
    equal(len(context.demo.state()["tickets"]), before)
    equal([row["state"] for row in ben.json("outbox", "list")], ["held"])
    ben.run("outbox", "revoke", str(ben.json("outbox", "list")[0]["id"]))


@test
def tickets_wait(context):
    """without the team's database a ticket of the team's waits, and says so; with it, it is sent"""
    anna = context.anna
    sync(context)
    context.cluster.kill()
    row = pick(context, "update")
    done = anna.run("request", row["id"], "--type", "update", "--all-groups", "--priority", "low", "--intune", "--json",
                    status=4)
    context.waiting = done.json
    check("cannot be reached" in done.err and "waits in the outbox" in done.err, done.err)
    equal([ticket["status"] for ticket in context.waiting["tickets"]], ["outbox"])
    (said, attempts), = outbox(anna)
    check("cannot be reached" in said and attempts == 1, said)
    retried = anna.run("outbox", "retry", str(anna.json("outbox", "list")[0]["id"]), status=1).err
    check("cannot be reached" in retried, retried)
    equal(context.demo.state()["tickets"], [])


@test
def sent_once(context):
    """two programs with the same request in their outbox, at once: one ticket is made, and both have it"""
    anna = context.anna
    folder = os.path.dirname(anna.store_path)
    copied = context.program("copied")
    shutil.copytree(folder, os.path.dirname(copied.store_path))
    context.demo.call("/_demo/sign-in/user", {})
    copied.run("sign-in", "--device-code")
    copied.run("config", "set", "intune-connection", "true")
    context.cluster.start()
    for tvm in (anna, copied):
        tvm.forget_pace()
    both = [subprocess.Popen([context.path, "--profile", tvm.profile, "sync"], stdout=subprocess.DEVNULL,
                             stderr=subprocess.DEVNULL) for tvm in (anna, copied)]
    for process in both:
        equal(process.wait(timeout=120), 0)
    sync(context, anna, copied)
    equal(len(context.demo.state()["tickets"]), 1)
    ids = [[ticket["id"] for ticket in tvm.json("activity", context.waiting["id"])["tickets"]] for tvm in (anna, copied)]
    equal(ids, [[context.demo.state()["tickets"][0]["id"]]] * 2)
    equal((outbox(anna), outbox(copied)), ([], []))
    equal(context.cluster.sql("SELECT intune_id FROM tvm_remediate.ticket WHERE intune_id IS NOT NULL"), [ids[0]])


@test
def claim_runs_out(context):
    """what another program has claimed waits; its claim runs out, and what it may have sent is looked for"""
    anna = context.anna
    row = pick(context, "update")
    context.cluster.kill()
    made = anna.json("request", row["id"], "--type", "update", "--all-groups", "--priority", "low", "--intune", status=4)
    context.cluster.start()
    hold(context, made, "now () + interval '1 hour'")
    n = len(context.demo.state()["tickets"])
    sync(context, anna, status=(0, 1))
    check(BEN in outbox(anna)[0][0], outbox(anna))
    equal(len(context.demo.state()["tickets"]), n)
    hold(context, made, "now () - interval '1 second'")
    sync(context, anna, status=(0, 1))
    equal(len(context.demo.state()["tickets"]), n + 1)
    equal(outbox(anna), [])
    sync(context, anna, status=(0, 1))
    equal(len(context.demo.state()["tickets"]), n + 1)


@test
def end(context):
    """the cluster goes"""
    context.cluster.close()

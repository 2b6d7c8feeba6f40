# SPDX-License-Identifier: GPL-3.0-or-later
"""What counts for nothing in a team's log, what its database does not take, and another tenant; on a cluster of our own."""
import datetime
import json
import os
import subprocess
import time
import uuid

import tap
from cluster import Cluster, find_programs
from tap import check, equal, test
from world import pick

programs = find_programs()
if programs is None:
    tap.skip_all("PostgreSQL is not installed")
TENANT = {"devices": 60, "recommendations": 16, "activities": 2}
BEN = "ben@contoso.example"


def uuid7():
    text = str(uuid.uuid4())
    return text[:14] + "7" + text[15:]


def say(context, kind, subject, after, login="ben", status=0):
    """A decision that another program adds, by SQL; whether it got in."""
    text = json.dumps(after).replace("'", "''")
    done = subprocess.run([os.path.join(context.cluster.programs, "psql"), "-q", "-X", "-v", "ON_ERROR_STOP=1",
                           context.cluster.uri(login)], text=True, capture_output=True, timeout=60,
                          input="INSERT INTO tvm_remediate.event (id, subject, kind, decided_at, after) VALUES "
                                f"('{uuid7()}', '{subject}', '{kind}', now (), '{text}');")
    equal(done.returncode == 0, status == 0, done.stderr)


def sync(context, *people, status=0):
    for tvm in people or (context.anna, context.ben):
        tvm.forget_pace()
        done = tvm.run("sync", "--json", status=status)
    return done


def request(context, tvm):
    return tvm.json("request", pick(context, "update")["id"], "--type", "update", "--all-groups", "--priority", "low")["id"]


def filed(days=30, **others):
    return {"recommendation_id": "x", "justification": "risk-accepted", "context": "c", "is_global": True,
            "ends_on": str(datetime.date.today() + datetime.timedelta(days)), **others}


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
    sync(context)
    context.anna.run("team", "init", cluster.uri(), "--administrator", "anna", "--account", context.email)
    context.anna.run("team", "join", cluster.uri("anna"))
    context.anna.run("team", "members", "add", "ben", "--account", BEN, "--right", "approver")
    context.ben.run("team", "join", cluster.uri("ben"))
    context.activity = request(context, context.anna)
    sync(context)


@test
def told(context):
    """decisions that count for nothing are told once, with the first one's number, author and why, and stop no other one"""
    anna, ben = context.anna, context.ben
    equal(anna.json("team", "status")["void_decisions"], 0)
    say(context, "comment", context.activity, {"text": 7})
    say(context, "activity-requested", uuid.uuid4(), {"title": "t"})
    say(context, "comment", context.activity, {"text": "After them."})
    number = context.cluster.sql("SELECT min (number) FROM tvm_remediate.event WHERE after @> '{\"text\": 7}'")[0][0]
    done = sync(context, anna, status=1)
    check("2 decisions" in done.err and f"number {number}, by {BEN}" in done.err and "cannot be read" in done.err, done.err)
    equal(sync(context, anna).err, "")
    equal([row["detail"] for row in anna.json("activity", context.activity)["history"] if row["kind"] == "comment"], ["After them."])
    team = anna.json("team", "status")
    equal((team["void_decisions"], team["first_void_decision"]),
          (2, {"number": int(number), "who": BEN, "reason": "unreadable"}))
    check(f"number {number}" in anna.run("team", "status").out, "in words")
    sync(context, ben, status=1)


@test
def told_beside(context):
    """what is told once is told also beside what is refused at each sync"""
    anna, ben = context.anna, context.ben
    anna.run("team", "members", "add", "ben", "--account", BEN, "--right", "reader")
    ben.run("comment", context.activity, "As a reader.")
    sync(context, ben, status=1)
    say(context, "comment", context.activity, {"text": 8}, login="anna")
    said = sync(context, ben, status=1).err
    check("does not allow this" in said and "3 decisions" in said, said)
    check("decisions" not in sync(context, ben, status=1).err, "once")
    anna.run("team", "members", "add", "ben", "--account", BEN, "--right", "approver")
    equal(ben.json("team", "status")["refused"], 1)
    sync(context, ben)
    equal(ben.json("team", "status")["refused"], 0)
    sync(context, anna, status=1)


@test
def kept_out(context):
    """an exception for longer than a year, or an assignment to nobody of the team, does not get in; where it did, it is told"""
    anna = context.anna
    say(context, "exception-filed", uuid.uuid4(), filed(400), status=1)
    say(context, "exception-filed", uuid.uuid4(), filed(365))
    say(context, "activity-assigned", context.activity, {"assignee": "dora@contoso.example"}, status=1)
    say(context, "activity-assigned", context.activity, {"assignee": BEN.upper()})
    say(context, "activity-assigned", context.activity, {"assignee": None})
    sync(context)
    context.cluster.sql("ALTER TABLE tvm_remediate.event DISABLE TRIGGER is_sound")
    say(context, "exception-filed", uuid.uuid4(), filed(400))
    sync_text = sync(context, anna, status=1).err
    check("4 decisions" in sync_text, sync_text)
    say(context, "activity-assigned", context.activity, {"assignee": "dora@contoso.example"})
    check("5 decisions" in sync(context, anna, status=1).err, "a stranger")
    equal(anna.json("activity", context.activity)["assignee"], None)
    context.cluster.sql("ALTER TABLE tvm_remediate.event ENABLE TRIGGER is_sound")
    sync(context, context.ben, status=1)


@test
def senseless(context):
    """what makes no sense to the database any more is told once, and holds nothing up"""
    anna, ben = context.anna, context.ben
    gone = request(context, anna)
    sync(context)
    ben.run("comment", context.activity, "Behind it.")
    sync(context, ben, anna, ben)
    context.cluster.sql(f"DELETE FROM tvm_remediate.event WHERE subject = '{gone}'")
    ben.run("comment", gone, "About nothing.")
    said = sync(context, ben, status=1).err
    check("does not know this subject" in said, said)
    ben.run("comment", context.activity, "About something.")
    sync(context, ben, anna)
    team = ben.json("team", "status")
    equal((team["waiting"], team["refused"]), (1, 1))
    equal(anna.json("activity", context.activity)["history"][0]["detail"], "About something.")


@test
def refused_exception(context):
    """an exception that the database does not take has no effect, until it does"""
    anna, ben = context.anna, context.ben
    row = [row for row in ben.json("recommendations") if row["exposed_devices"] >= 3 and row["status"] == "active"][0]
    made = ben.json("exception", "add", row["id"], "--justification", "alternate-mitigation", "--context", "c", "--duration",
                    "30", "--all-groups")
    equal((made["status"], ben.json("recommendation", row["id"])["status"]), ("active", "full-exception"))
    anna.run("team", "members", "add", "ben", "--account", BEN, "--right", "reader")
    for _ in range(2):
        sync(context, ben, status=1)
        equal((ben.json("exception", made["id"])["status"], ben.json("recommendation", row["id"])["status"]),
              ("requested", "active"))
    anna.run("team", "members", "add", "ben", "--account", BEN, "--right", "approver")
    sync(context, ben, anna)
    for tvm in (anna, ben):
        equal((tvm.json("exception", made["id"])["status"], tvm.json("recommendation", row["id"])["status"]),
              ("active", "full-exception"))
    equal([line["kind"] for line in ben.json("exception", made["id"])["history"]],
          ["exception-needs-none", "exception-decision-refused", "exception-filed"])
    ben.run("exception", "cancel", made["id"])
    sync(context, ben, anna)


@test
def taken_id(context):
    """a request under the id of an activity of the portal changes nothing of that, and is told"""
    anna = context.anna
    portal = [row for row in anna.json("activities") if row["origin"] == "defender"][0]
    before = anna.json("activity", portal["id"])
    told = json.loads(context.cluster.sql("SELECT after FROM tvm_remediate.event WHERE after ? 'targets' LIMIT 1")[0][0])
    say(context, "activity-requested", portal["id"], {**told, "title": "Mine now"})
    check("6 decisions" in sync(context, anna, status=1).err, "told")
    equal(anna.json("activity", portal["id"]), before)
    # Who has not seen the portal's list yet gets that of the portal all the same.
    dora = context.program("dora")
    dora.configure(context.demo)
    context.demo.call("/_demo/sign-in/user", {"user": BEN})
    dora.run("sign-in", "--device-code")
    dora.run("team", "join", context.cluster.uri("ben"))
    sync(context, dora, status=1)
    equal(dora.json("activity", portal["id"])["title"], before["title"])
    sync(context, dora, status=(0, 1))          # which list came first is chance
    sync(context, dora)
    sync(context, context.ben, status=1)


@test
def lost_right(context):
    """what somebody approved whose right is lost meanwhile waits as before, here too, until they may"""
    anna, ben = context.anna, context.ben
    anna.run("team", "approval", "all")
    row = [row for row in anna.json("recommendations") if row["exposed_devices"] >= 3][0]
    made = anna.json("exception", "add", row["id"], "--justification", "risk-accepted", "--context", "c", "--duration", "30",
                     "--all-groups")["id"]
    sync(context)
    ben.run("exception", "approve", made)
    equal(ben.json("exception", made)["status"], "active")
    anna.run("team", "members", "add", "ben", "--account", BEN, "--right", "requester")
    check("42501" not in sync(context, ben, status=1).err, "told")
    equal(ben.json("exception", made)["status"], "requested")
    equal([row["kind"] for row in ben.json("exception", made)["history"]][0], "exception-decision-refused")
    equal(ben.json("team", "status")["waiting"], 2)
    anna.run("team", "members", "add", "ben", "--account", BEN, "--right", "approver")
    sync(context, ben, anna)
    equal([tvm.json("exception", made)["status"] for tvm in (anna, ben)], ["active", "active"])
    anna.run("team", "approval", "none")


@test
def tickets(context):
    """what is refused keeps no ticket from being sent, and nothing goes out in another's name before one"""
    anna, ben = context.anna, context.ben
    context.demo.call("/_demo/sign-in/user", {"user": BEN})
    ben.run("sign-in", "--device-code")
    ben.run("config", "set", "intune-connection", "true")
    sync(context, ben)
    anna.run("team", "approval", "all")
    row = [row for row in anna.json("recommendations") if row["exposed_devices"] >= 3 and row["status"] == "active"][0]
    made = anna.json("exception", "add", row["id"], "--justification", "risk-accepted", "--context", "c", "--duration", "30",
                     "--all-groups")["id"]
    sync(context)
    ben.run("exception", "approve", made)
    anna.run("team", "members", "add", "ben", "--account", BEN, "--right", "requester")
    ticket = ("--type", "update", "--all-groups", "--priority", "low", "--intune")
    n = len(context.demo.state()["tickets"])
    request = ben.json("request", pick(context, "update")["id"], *ticket)
    equal([row["status"] for row in request["tickets"]], ["pending"])
    equal((len(context.demo.state()["tickets"]), ben.json("exception", made)["status"]), (n + 1, "requested"))
    anna.run("team", "members", "add", "ben", "--account", BEN, "--right", "approver")
    sync(context, ben, anna)
    anna.run("team", "approval", "none")
    # The login is somebody else's now.
    anna.run("team", "members", "remove", "ben")
    anna.run("team", "members", "add", "ben", "--account", "eve@contoso.example", "--right", "approver")
    ben.run("request", pick(context, "update")["id"], *ticket, "--json", status=(0, 1, 4))
    check("eve@contoso.example" in ben.json("outbox", "list")[0]["last_error"], ben.json("outbox", "list"))
    equal(context.cluster.sql("SELECT count(*) FROM tvm_remediate.event e JOIN tvm_remediate.member m ON m.id = e.author WHERE "
                              "m.account LIKE 'eve@%'"), [["0"]])
    anna.run("team", "members", "remove", "ben")
    anna.run("team", "members", "add", "ben", "--account", BEN, "--right", "approver")
    sync(context, ben, anna)


@test
def held_up(context):
    """somebody's open transaction that holds the log's lock is waited for, told, and what waits is sent the next time"""
    anna = context.anna
    anna.run("comment", context.activity, "Held up.")
    end = context.cluster.hold("SELECT 1 FROM tvm_remediate.about FOR UPDATE")
    began = time.monotonic()
    said = sync(context, anna, status=(1, 4)).err
    check("holds up" in said and time.monotonic() - began < 45, said)
    end()
    sync(context, anna)
    equal(anna.json("team", "status")["waiting"], 0)


@test
def renamed(context):
    """what waits of somebody whose account was renamed is sent under the new name"""
    anna, ben = context.anna, context.ben
    sync(context)
    ben.run("comment", context.activity, "Under my old name.")
    for name, change in (("ben.new@contoso.example", None), ("ben.newest@contoso.example", "UPDATE")):
        if change:
            context.cluster.sql("ALTER TABLE tvm_remediate.member DISABLE TRIGGER is_stamped",
                                f"UPDATE tvm_remediate.member SET account = '{name}' WHERE login = 'ben'::regrole AND left_at IS NULL",
                                "ALTER TABLE tvm_remediate.member ENABLE TRIGGER is_stamped")
        else:
            anna.run("team", "members", "remove", "ben")
            anna.run("team", "members", "add", "ben", "--account", name, "--right", "approver")
        context.demo.call("/_demo/sign-in/user", {"user": name})
        ben.run("sign-in", "--device-code")
        ben.run("comment", context.activity, f"Under {name}.")
        sync(context, ben, anna)
        equal(ben.json("team", "status")["waiting"], 1)     # what is about nothing
        equal(ben.json("team", "status")["account"], name)
        ben.run("comment", context.activity, "Once more.")
    said = [(row["who"], row["detail"]) for row in anna.json("activity", context.activity)["history"]]
    check(("ben.new@contoso.example", "Under my old name.") in said, said)
    check(("ben.newest@contoso.example", "Under ben.newest@contoso.example.") in said, said)
    check(any(who == "ben.newest@contoso.example" and detail == "Once more." for who, detail in said), said)


@test
def words(context):
    """what is refused is told in words that fit"""
    anna, cluster = context.anna, context.cluster
    cluster.sql("GRANT tvm_team_administrator TO ben")
    said = anna.run("team", "members", "remove", "ben", status=1).err
    check("owner" in said and "REVOKE tvm_team_administrator FROM ben" in said, said)
    cluster.sql("REVOKE tvm_team_administrator FROM ben", "CREATE ROLE carl LOGIN")
    said = anna.run("team", "members", "add", "carl", "--account", "carl@example.com", "--right", "administrator", status=1).err
    check("owner" in said and "team init URI --administrator carl" in said, said)
    said = anna.run("comment", context.activity, "x" * 20000, status=1).err
    check("What you wrote is too long" in said, said)
    said = anna.run("team", "join", cluster.uri("anna"), "--share", "no-such", status=1).err
    check("no exception" in said, said)
    anna.run("team", "status", "--keep", status=2)


@test
def open_passfile(context):
    """a file of passwords that others may read is not used, which is said in words with the next step"""
    cluster = context.cluster
    cluster.sql("ALTER ROLE anna PASSWORD 'secret-anna'")
    path = os.path.join(context.home, ".pgpass")
    with open(path, "w", encoding="utf-8") as stream:
        stream.write(f"127.0.0.1:{cluster.port}:team:anna:secret-anna\n")
    os.chmod(path, 0o644)
    said = context.anna.run("team", "join", cluster.tcp_uri("anna"), status=1).err
    check(f"chmod 600 {path}" in said and "WARNING" not in said, said)
    said = context.anna.run("team", "join", cluster.uri("anna")).err
    check("WARNING" not in said, said)
    os.chmod(path, 0o600)
    context.anna.run("team", "join", cluster.tcp_uri("anna"))
    os.remove(path)
    context.anna.run("team", "join", cluster.uri("anna"))


@test
def exception_shared(context):
    """an exception of before can be shared alone; and leaving may say that it keeps the copy"""
    anna, cluster = context.anna, context.cluster
    anna.run("team", "leave", "--keep")
    row = [row for row in anna.json("recommendations") if row["exposed_devices"] >= 3 and row["status"] == "active"][0]
    made = anna.json("exception", "add", row["id"], "--justification", "risk-accepted", "--context", "c", "--duration", "30",
                     "--all-groups")["id"]
    team = anna.json("team", "join", cluster.uri("anna"), "--share", made[:12])
    equal((team["waiting"], team["unshared"]), (1, 0))
    sync(context)
    equal(context.ben.json("exception", made)["created_by"], context.email)


@test
def another_tenant(context):
    """a team decides about one tenant: who is signed in to another one is told, and nothing goes out or comes in"""
    anna, cluster = context.anna, context.cluster
    tenant = cluster.sql("SELECT tenant FROM tvm_remediate.about")[0][0]
    check(uuid.UUID(tenant), tenant)
    other = str(uuid.uuid4())
    cluster.sql(f"UPDATE tvm_remediate.about SET tenant = '{other}'")
    anna.run("comment", context.activity, "About another tenant.")
    said = sync(context, anna, status=1).err
    check(tenant in said and other in said, said)
    equal(anna.run("team", "status", "--json", status=1).json["waiting"], 1)
    anna.run("team", "leave")
    check(other in anna.run("team", "join", cluster.uri("anna"), status=1).err, "joining")
    equal(anna.json("team", "status"), None)
    cluster.sql("UPDATE tvm_remediate.about SET tenant = NULL")
    anna.run("team", "join", cluster.uri("anna"))
    sync(context, anna)
    equal(cluster.sql("SELECT tenant FROM tvm_remediate.about"), [[tenant]])
    cluster.close()

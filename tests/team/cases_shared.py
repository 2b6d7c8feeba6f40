# SPDX-License-Identifier: GPL-3.0-or-later
"""What a team shares beside activities and exceptions: its policy, and views; on a cluster of our own."""
import json
import os
import uuid

import tap
from cluster import Cluster, find_programs
from tap import check, equal, test

programs = find_programs()
if programs is None:
    tap.skip_all("PostgreSQL is not installed")
TENANT = {"devices": 60, "recommendations": 12, "activities": 1}
BEN = "ben@contoso.example"
RULES = [{"when": {}, "priority": "high", "due": 5, "reason": "Runbook 7"},
         {"when": {"severity": ["critical"]}, "priority": "low", "due": 60, "reason": None}]


def sync(context, *people):
    """A sync of each whose calls need not wait; what the last one told, and its status."""
    for tvm in people or (context.anna, context.ben):
        tvm.forget_pace()
        done = tvm.run("sync", "--json", status=(0, 1))
    return done


def policy(tvm):
    told = tvm.json("policy", "show")
    return told["preset"] or len(told["rules"]), told["set_by"], told["set_over"]


@test
def begin(context):
    """two people with a profile and a policy each, in one team: as long as that has none, each keeps their own"""
    cluster = context.cluster = Cluster(programs)
    cluster.sql("CREATE ROLE anna LOGIN", "CREATE ROLE ben LOGIN", "CREATE DATABASE team", database="postgres")
    context.anna = context.tvm
    context.ben = context.program("ben")
    context.ben.configure(context.demo)
    context.demo.call("/_demo/sign-in/user", {"user": BEN})
    context.ben.run("sign-in", "--device-code")
    sync(context, context.ben)
    anna, ben = context.anna, context.ben
    anna.run("policy", "set", "exploitation-3-14-60")
    check("Whose" not in anna.run("policy", "show").out, "who works alone hears of no team")
    anna.run("team", "init", cluster.uri(), "--administrator", "anna", "--account", context.email)
    anna.run("team", "join", cluster.uri("anna"))
    anna.run("team", "members", "add", "ben", "--account", BEN, "--right", "approver")
    ben.run("team", "join", cluster.uri("ben"))
    equal(policy(anna), ("exploitation-3-14-60", None, None))
    check("Your own" in anna.run("policy", "show").out, "whose it is")
    ben.run("policy", "set", "kev-due-dates")
    sync(context)
    equal((policy(ben), policy(anna)), (("kev-due-dates", None, None), ("exploitation-3-14-60", None, None)))


@test
def set_for_all(context):
    """what an administrator sets is the team's: it takes the place of everybody's own, and says by whom it was set"""
    anna, ben = context.anna, context.ben
    path = os.path.join(context.home, "policy.json")
    with open(path, "w", encoding="utf-8") as stream:
        json.dump({"rules": RULES}, stream)
    told = anna.json("policy", "set", path)
    equal((told["rules"], told["set_by"], told["set_over"]), (RULES, context.email, None))
    equal(anna.json("team", "status")["waiting"], 1)
    sync(context)
    equal(ben.json("policy", "show"), anna.json("policy", "show"))
    check(ben.json("policy", "show")["set_on"] is not None, "when")
    said = ben.run("policy", "show").out
    check("The team's, set by " + context.email in said and "2 rules of the team" in said, said)
    check("The team's, set by " + context.email in ben.run("policy", "test").err, "whose was tried")
    check("Policy:" not in ben.run("policy", "test", "none").err, "another one that was tried")
    check("Runbook 7" in ben.json("config", "get", "policy")["policy"], "the setting that holds")
    check({row["reason"] for row in ben.json("policy", "test")} & {"Runbook 7"}, "what it suggests")
    # What is shown can be set; to set what holds is no decision.
    path = os.path.join(context.home, "shown.json")
    with open(path, "w", encoding="utf-8") as stream:
        json.dump(anna.json("policy", "show"), stream)
    anna.run("policy", "set", path)
    equal(anna.json("team", "status")["waiting"], 0)


@test
def refused(context):
    """who is no administrator is told who is one, and nothing changes"""
    ben = context.ben
    before = ben.json("policy", "show")
    for words in (("policy", "set", "none"), ("config", "set", "policy", "none")):
        said = ben.run(*words, status=1).err
        check("administrator" in said and context.email in said, said)
    equal((ben.json("policy", "show"), ben.json("team", "status")["waiting"]), (before, 0))


@test
def exported(context):
    """the team's export has it, with who and when"""
    told = json.loads(context.ben.run("team", "export", "--output", "-").out)
    rows = [row for row in told["decisions"] if row["kind"] == "policy-set"]
    equal([(row["subject"], row["who"], row["before"]) for row in rows], [(told["team_id"], context.email, {"policy": None})])
    equal(json.loads(rows[0]["after"]["policy"])["rules"], RULES)


@test
def set_twice(context):
    """two set one at once: the later in the log stands, and each is told once of the other"""
    anna, ben = context.anna, context.ben
    context.cluster.sql("GRANT tvm_team_administrator TO ben")
    sync(context)
    anna.run("policy", "set", "severity-7-30-90-180")
    ben.run("policy", "set", "none")
    equal((policy(anna)[:2], policy(ben)[:2]), (("severity-7-30-90-180", context.email), ("none", BEN)))
    sync(context, anna)
    done = sync(context, ben)
    check(done.status == 1 and context.email in done.err + done.out, done.err)
    done = sync(context, anna)
    check(done.status == 1 and BEN in done.err + done.out, done.err)
    for tvm in (anna, ben):
        equal(policy(tvm), ("none", BEN, context.email))
        equal(sync(context, tvm).status, 0, "once")
    check(context.email in anna.run("policy", "show").err, "whose it took the place of")
    anna.run("policy", "set", "severity-7-30-90-180")
    equal([sync(context, tvm).status for tvm in (anna, ben)], [0, 0], "knowing of the other one")
    equal(policy(ben), ("severity-7-30-90-180", context.email, None))


def uuid7():
    text = str(uuid.uuid4())
    return text[:14] + "7" + text[15:]


def decide(context, login, kind, subject, after="NULL"):
    """As another program adds it to the log."""
    context.cluster.sql("INSERT INTO tvm_remediate.event (id, subject, kind, decided_at, after) VALUES "
                        f"('{uuid7()}', '{subject}', '{kind}', now (), {after})", login=login)


@test
def newer(context):
    """a policy that only a newer program understands is told once, and the one before it stands"""
    ben = context.ben
    before = ben.json("policy", "show")
    for policy in ("'{\"policy\": \"as-of-tomorrow\"}'", "'{\"policy\": 7}'", "NULL"):
        decide(context, "anna", "policy-set", ben.json("team", "status")["team_id"], policy)
        done = sync(context, ben)
        check(done.status == 1 and context.email in done.err and "newest version" in done.err, done.err)
        equal((sync(context, ben).status, ben.json("policy", "show")), (0, before))
    sync(context, context.anna)


@test
def taken_back(context):
    """who shares a view is told once that an administrator took it back; the window alone shares views"""
    ben = context.ben
    view = uuid7()
    decide(context, "ben", "view-shared", view, """'{"list": "devices", "name": "Mornings", "view": "[view]\\nsort=name\\n"}'""")
    equal(sync(context).status, 0)
    decide(context, "anna", "view-withdrawn", view)
    done = sync(context, ben)
    check(done.status == 1 and "Mornings" in done.err + done.out and context.email in done.err + done.out, done.err)
    equal([sync(context, tvm).status for tvm in (ben, context.anna)], [0, 0], "once, and who did it not at all")


@test
def left(context):
    """who leaves has their own policy again; who comes back has the team's"""
    ben = context.ben
    ben.run("team", "leave")
    equal(policy(ben), ("kev-due-dates", None, None))
    ben.run("policy", "set", "exploitation-3-14-60")
    ben.run("team", "join", context.cluster.uri("ben"))
    equal(policy(ben), ("severity-7-30-90-180", context.email, None))
    ben.run("team", "leave")
    equal(policy(ben), ("exploitation-3-14-60", None, None))
    context.cluster.close()

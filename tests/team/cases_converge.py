# SPDX-License-Identifier: GPL-3.0-or-later
"""Five members decide at random about the same things, offline for a while, while connections break off at any byte,
programs are killed and the server is; in the end all copies are the same, and nothing that was acknowledged is lost.

TVM_TEST_DECISIONS says how many decisions (80), TVM_TEST_SEED which (any; it is printed); on a cluster of our own."""
import collections
import json
import os
import random
import select
import signal
import socket
import subprocess
import threading
import time

import tap
from cluster import Cluster, find_programs
from tap import check, equal, test

programs = find_programs()
if programs is None:
    tap.skip_all("PostgreSQL is not installed")
TENANT = {"devices": 60, "recommendations": 12, "activities": 1}
PEOPLE = {"anna": "administrator", "ben": "approver", "carl": "approver", "dora": "requester", "emil": "requester"}
N_DECISIONS = int(os.environ.get("TVM_TEST_DECISIONS", "80"))
SEED = int(os.environ.get("TVM_TEST_SEED", random.randrange(1 << 32)))
# What seemed to come first where it was decided, and what the log says of it then.
HASTY = ("completed-manual", "assigned", "exception-cancelled", "exception-group-cancelled", "exception-approved",
         "exception-rejected")
LATE = ("-too", "-void", "-over")
# What one's own services tell, how devices and tickets do; and what follows here from what people decided.
OWN = ("device", "ticket", "withdrawal", "exception-awaits", "exception-needs", "exception-suspended", "exception-resumed")


POLICIES = ("none", "kev-due-dates", "exploitation-3-14-60", "severity-7-30-90-180")


class Proxy:
    """The server's socket once more, in a folder of its own; each connection breaks off after so many bytes."""

    def __init__(self, cluster, choose):
        self.target = cluster.socket_path()
        self.folder = os.path.join(cluster.folder, "proxy")
        os.mkdir(self.folder)
        self.choose = choose
        self.n_broken = self.n_connections = 0
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(os.path.join(self.folder, f".s.PGSQL.{cluster.port}"))
        self.listener.listen(64)
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            self.n_connections += 1
            threading.Thread(target=self.carry, args=(client, self.choose()), daemon=True).start()

    def carry(self, client, left):
        """left: how many bytes, both ways together, until it breaks off; None: never."""
        server = socket.socket(socket.AF_UNIX)
        try:
            server.connect(self.target)
            while True:
                for one in select.select([client, server], [], [])[0]:
                    data = one.recv(65536)
                    if not data:
                        return
                    other = server if one is client else client
                    if left is not None and len(data) >= left:
                        self.n_broken += 1
                        other.sendall(data[:left])
                        return
                    left = None if left is None else left - len(data)
                    other.sendall(data)
        except OSError:
            return
        finally:
            client.close()
            server.close()


class Member:
    def __init__(self, context, name):
        self.name, self.demo = name, context.demo
        self.account = f"{name}@contoso.example"
        self.tvm = context.program(name)
        self.offline = 0

    def start(self):
        self.tvm.configure(self.demo)
        self.sign_in()
        self.tvm.run("config", "set", "intune-connection", "true")
        self.sync()

    def sign_in(self):
        self.demo.call("/_demo/sign-in/user", {"user": self.account})
        self.tvm.run("sign-in", "--device-code")

    def sync(self):
        """A refresh token that the service had made void was in a process that was killed, and nowhere else."""
        self.tvm.forget_pace()
        if self.tvm.run("sync", status=(0, 1, 3, 4)).status == 3:
            self.sign_in()
            self.tvm.run("sync", status=(0, 1, 4))


def decide(context, member, kill_after=None):
    """A random decision. Returns whether it was acknowledged, with what it said; None where it makes no sense."""
    chance, tvm = context.chance, member.tvm
    activities = [row for row in tvm.json("activities") if row["origin"] == "local"]
    exceptions = tvm.json("exceptions")
    some = chance.choice(activities) if activities else None
    one = chance.choice(exceptions) if exceptions else None
    kind = chance.choice(["request"] * 3 + ["comment"] * 3 + ["complete"] * 2 + ["assign"] * 3 + ["file"] * 2 +
                         ["cancel", "cancel-group", "approve", "reject", "policy"])
    words = None
    if kind == "request":
        words = ["request", chance.choice(context.recommendations), "--type", "update", "--all-groups", "--priority", "low"]
        words += ["--intune"] if chance.random() < 0.4 else []
    elif kind == "comment" and some:
        context.n_comments += 1
        words = ["comment", some["id"], f"Comment {context.n_comments} of {member.name}."]
    elif kind == "complete" and some:
        words = ["complete", some["id"], "--note", f"Done, says {member.name}."]
    elif kind == "assign" and some:
        words = ["team", "assign", some["id"], chance.choice(["nobody", "me"] + [m.account for m in context.members])]
    elif kind == "file":
        scope = ["--all-groups"] if chance.random() < 0.4 else ["--group", chance.choice(context.groups)]
        words = ["exception", "add", chance.choice(context.recommendations), "--justification", "alternate-mitigation",
                 "--context", "A proxy.", "--duration", "30", *scope]
    elif kind == "cancel" and one:
        words = ["exception", "cancel", one["id"]]
    elif kind == "cancel-group" and one and one["groups"]:
        words = ["exception", "cancel", one["id"], "--group", chance.choice(one["groups"])]
    elif kind in ("approve", "reject") and one:
        words = ["exception", kind, one["id"], "--reason", "Looked at."]
    elif kind == "policy":
        words = ["policy", "set", chance.choice(POLICIES)]
    if words is None:
        return None
    process = subprocess.Popen([context.path, "--profile", member.name, *words, "--json"], stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    if kill_after is not None:
        threading.Timer(kill_after, process.kill).start()
    out = process.communicate(timeout=120)[0]
    check(process.returncode in (0, 1, 3, 4, -signal.SIGKILL), f"{words[:3]}: {process.returncode}")
    return kind, words, process.returncode == 0, out


@test
def begin(context):
    """five people with a profile each, in one team, by a connection that may break off at any byte"""
    print(f"# seed {SEED}, {N_DECISIONS} decisions", flush=True)
    context.chance = random.Random(SEED)
    context.is_calm = True
    cluster = context.cluster = Cluster(programs)
    breaks = random.Random(SEED + 1)
    context.proxy = Proxy(cluster, lambda: None if context.is_calm or breaks.random() < 0.6
                          else int(2 ** breaks.uniform(0, 15)))
    cluster.sql(*[f"CREATE ROLE {name} LOGIN" for name in PEOPLE], "CREATE DATABASE team", database="postgres")
    context.members = [Member(context, name) for name in PEOPLE]
    for member in context.members:
        member.start()
    anna = context.members[0]
    anna.tvm.run("team", "init", cluster.uri(), "--administrator", "anna", "--account", anna.account)
    for member in context.members:
        if member is not anna:
            anna.tvm.run("team", "members", "add", member.name, "--account", member.account, "--right", PEOPLE[member.name])
        member.tvm.run("team", "join", f"postgresql://{member.name}@/team?host={context.proxy.folder}&port={cluster.port}")
    # Only the owner makes a second administrator.
    cluster.sql("GRANT tvm_team_administrator TO ben")
    anna.tvm.run("team", "approval", "risky")
    rows = anna.tvm.json("recommendations")
    context.recommendations = [row["id"] for row in rows if row["type"] == "update" and row["exposed_devices"] > 0][:4]
    context.groups = sorted({row["group"] for row in anna.tvm.json("devices") if row["group"]})[:3]
    context.n_comments = 0


@test
def live(context):
    """decisions, syncs, kills, a server that goes and comes"""
    chance = context.chance
    context.acknowledged = []
    context.happened = collections.Counter()
    context.is_calm = False
    while context.happened["decisions"] < N_DECISIONS:
        member = chance.choice(context.members)
        done = decide(context, member, chance.uniform(0, 0.15) if chance.random() < 0.15 else None)
        if done is not None:
            context.happened["decisions"] += 1
            context.happened["acknowledged" if done[2] else "killed or refused"] += 1
            if done[2]:
                context.acknowledged.append((member, *done))
        member.offline = max(0, member.offline - 1) or (chance.randrange(3, 12) if chance.random() < 0.06 else 0)
        if member.offline == 0 and chance.random() < 0.4:
            other = chance.choice(context.members)
            for one in {member, other} if other.offline == 0 else {member}:
                one.sync()
        if chance.random() < 0.04:
            context.happened["server killed"] += 1
            if context.cluster.process.poll() is None:
                context.cluster.kill()
            chance.choice(context.members).sync()
            context.cluster.start()


@test
def settle(context):
    """nothing waits any more, and nobody is behind"""
    context.is_calm = True
    deadline = time.monotonic() + 240
    while True:
        for member in context.members:
            member.sync()
        rows = [member.tvm.json("team", "status") for member in context.members]
        if all((row["waiting"], row["behind"]) == (0, 0) for row in rows):
            break
        check(time.monotonic() < deadline, [(row["waiting"], row["behind"]) for row in rows])
    context.happened["connections broken"] = context.proxy.n_broken
    context.happened["connections"] = context.proxy.n_connections


def history(row):
    """What people decided, in its order; a line of what the services tell is one's own."""
    return [(line["kind"], line["who"], line["detail"], line.get("before"), line.get("after"))
            for line in reversed(row["history"]) if not line["kind"].startswith(OWN)]


def copy(tvm):
    """What a member holds of the team's."""
    activities = [tvm.json("activity", row["id"]) for row in tvm.json("activities") if row["origin"] == "local"]
    exceptions = [tvm.json("exception", row["id"]) for row in tvm.json("exceptions")]
    whole = {row["id"]: ({name: row[name] for name in ("recommendation_id", "created_by", "status", "completed_by",
                                                       "assignee", "target_devices", "notes")}, history(row))
             for row in activities}
    whole.update({row["id"]: ({name: row[name] for name in ("recommendation_id", "created_by", "status", "approval",
                                                            "decided_by", "groups", "cancelled_groups", "cancelled_by")},
                              history(row)) for row in exceptions})
    return whole


def seen(line):
    """Without what it was before and after: that is told as its author saw it."""
    return line[:3]


def assert_same_history(member, mine, theirs, about):
    """Who decided something here that came too late in the log keeps the line of it, and has one that says so."""
    mine, theirs = (collections.Counter(map(seen, lines)) for lines in (mine, theirs))
    for extra in [*(mine - theirs), *(theirs - mine)]:
        late = {line[0] for line in mine & theirs if line[1] == extra[1] and line[0].endswith(LATE)}
        check(extra[0] in HASTY and late, f"{about} of {member.name}: {mine} and {theirs}")


@test
def same(context):
    """all five copies are the same"""
    copies = [copy(member.tvm) for member in context.members]
    context.copy = copies[0]
    for member, other in zip(context.members, copies):
        equal(sorted(other), sorted(copies[0]), f"what {member.name} has")
        for about, (row, lines) in copies[0].items():
            equal(other[about][0], row, f"{about} of {member.name}")
            assert_same_history(member, other[about][1], lines, about)


@test
def same_policy(context):
    """all five have the same policy, if the team has one, and each says of it the same"""
    shown = [member.tvm.json("policy", "show") for member in context.members]
    context.happened["policies in place of one not seen"] = sum(row["set_over"] is not None for row in shown[:1])
    teams = [row if row["set_by"] is not None else None for row in shown]
    equal(teams, teams[:1] * len(teams))
    log = context.cluster.sql("SELECT m.account, e.after ->> 'policy' FROM tvm_remediate.event e JOIN tvm_remediate.member m "
                              "ON m.id = e.author WHERE e.kind = 'policy-set' ORDER BY e.number DESC LIMIT 1")
    equal([[row["set_by"], row["preset"]] for row in teams[:1] if row], log, "the last one of the log")


@test
def whole(context):
    """nothing acknowledged is lost, nothing is there twice, and the log has what the copies have"""
    path = os.path.join(context.home, "log.json")
    context.members[0].tvm.run("team", "export", "--output", path)
    with open(path, encoding="utf-8") as stream:
        log = json.load(stream)["decisions"]
    ids = [row["id"] for row in log]
    equal(len(set(ids)), len(ids), "decisions of the log")
    lines = collections.Counter((about, *line[:3]) for about, (_, rows) in context.copy.items() for line in rows)
    for member, kind, words, _, out in context.acknowledged:
        if kind in ("request", "file"):
            made = json.loads(out)
            check(made["id"] in context.copy, f"{kind} of {member.name} is lost: {made['id']}")
        elif kind == "comment":
            equal(lines[words[1], "comment", member.account, words[2]], 1, words[2])
        elif kind == "complete":
            check(any(about == words[1] and who == member.account and named.startswith("completed")
                      for about, named, who, _ in lines), f"{words[1]}: {member.name} completed it")
    check(all(n == 1 for (_, kind, _, _), n in lines.items() if kind in ("requested", "comment")), "a line twice")
    shared = {row[0] for row in context.cluster.sql("SELECT subject FROM tvm_remediate.event WHERE kind = 'activity-requested'")}
    equal(sorted(about for about, (row, _) in context.copy.items() if "target_devices" in row), sorted(shared), "the log's activities")


@test
def tickets(context):
    """no ticket is there twice"""
    made = [ticket["description"].rsplit("TVM-", 1)[-1][:40] for ticket in context.demo.state()["tickets"]]
    equal(len(set(made)), len(made), made)


@test
def told(context):
    """what happened"""
    kinds = collections.Counter(line[0] for _, rows in context.copy.values() for line in rows)
    for name, n in sorted({**context.happened, **kinds}.items()):
        print(f"# {n:5} {name}", flush=True)
    check(context.happened["connections broken"] > 0, "no connection broke off")
    context.cluster.close()

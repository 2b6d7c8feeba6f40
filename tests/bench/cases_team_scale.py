# SPDX-License-Identifier: GPL-3.0-or-later
"""A large team's log: how long the first copy of it takes, and sending many decisions, beside what PostgreSQL's own COPY
takes for the same rows. Never fails on time. TVM_BENCH_SHARE makes it smaller: 0.1 is a tenth."""
import json
import os
import subprocess
import time

import tap
from cluster import Cluster, find_programs
from tap import equal, test
from world import pick

programs = find_programs()
if programs is None:
    tap.skip_all("PostgreSQL is not installed")
TENANT = {"devices": 60, "recommendations": 8, "activities": 2}
SHARE = float(os.environ.get("TVM_BENCH_SHARE", "1"))
MEMBERS, ACTIVITIES, EVENTS, SENT = 50, int(5000 * SHARE), int(200000 * SHARE), int(1000 * SHARE)
TARGETS = 200  # of each activity
# A subject's or decision's id of a number: the same each time, and of version 7.
ID = "overlay (md5 ('{}' || {}) placing '7' from 13 for 1)::uuid"


def copy_out(context, query, path):
    """Seconds that psql takes to write the rows to a file."""
    words = [os.path.join(programs, "psql"), "-X", "-q", context.cluster.uri(), "-c", f"\\copy ({query}) TO '{path}'"]
    began = time.monotonic()
    subprocess.run(words, check=True)
    return time.monotonic() - began


@test
def fill(context):
    """a team of many, with a long log"""
    cluster = context.cluster = Cluster(programs)
    names = [f"m{number}" for number in range(MEMBERS)]
    cluster.sql("CREATE ROLE anna LOGIN", *[f"CREATE ROLE {name} LOGIN" for name in names], "CREATE DATABASE team",
                database="postgres")
    anna = context.tvm
    anna.run("team", "init", cluster.uri(), "--administrator", "anna", "--account", context.email)
    anna.run("team", "join", cluster.uri("anna"))
    cluster.sql(*[f"INSERT INTO tvm_remediate.member (login, account) VALUES ('{name}', '{name}@contoso.example')"
                  for name in names])
    context.row = pick(context, "update")
    anna.json("request", context.row["id"], "--type", "update", "--all-groups", "--priority", "low")
    anna.forget_pace()
    anna.run("sync")
    (sample,), = cluster.sql("SELECT after FROM tvm_remediate.event WHERE kind = 'activity-requested'")
    target = json.loads(sample)["targets"][0]
    quoted = json.dumps(target).replace("'", "''")
    begin = ["SET session_replication_role = replica"]
    author = f"(SELECT min (id) FROM tvm_remediate.member) + (n % {MEMBERS})"
    targets = (f"(SELECT jsonb_agg (jsonb_set (jsonb_set ('{quoted}'::jsonb, '{{id}}', to_jsonb (md5 ('device' || t) || "
               f"'00000000')), '{{name}}', to_jsonb ('device-' || t))) FROM generate_series (1, {TARGETS}) t)")
    cluster.sql(*begin, "INSERT INTO tvm_remediate.event (number, id, subject, kind, author, recorded_at, decided_at, after) "
                f"SELECT n + 10, {ID.format('r', 'n')}, {ID.format('a', 'n')}, 'activity-requested', {author}, now (), now (), "
                f"jsonb_set (after, '{{targets}}', {targets}) FROM generate_series (1, {ACTIVITIES}) n, "
                "(SELECT after FROM tvm_remediate.event WHERE kind = 'activity-requested') e",
                "INSERT INTO tvm_remediate.event (number, id, subject, kind, author, recorded_at, decided_at, after) "
                f"SELECT n + {10 + ACTIVITIES}, {ID.format('c', 'n')}, {ID.format('a', f'1 + n % {ACTIVITIES}')}, 'comment', "
                f"{author}, now (), now (), jsonb_build_object ('text', 'Comment ' || n) "
                f"FROM generate_series (1, {EVENTS - ACTIVITIES}) n",
                f"SELECT setval ('tvm_remediate.event_number', {EVENTS + 20})")


@test
def joined(context):
    """the first copy of the whole log"""
    path = os.path.join(context.home, "rows")
    copied = copy_out(context, "SELECT * FROM tvm_remediate.event", path)
    began = time.monotonic()
    context.tvm.forget_pace()
    context.tvm.run("sync")
    took = time.monotonic() - began
    status = context.tvm.json("team", "status")
    equal((status["waiting"], status["behind"]), (0, 0))
    equal(len(context.tvm.json("activities", "--limit", "100000")), ACTIVITIES + 3)
    print(f"# {EVENTS:,} decisions, {ACTIVITIES:,} activities with {ACTIVITIES * TARGETS:,} targets, {os.path.getsize(path) / 1e6:.0f} MB: "
          f"{took:.1f} s; psql's \\copy to a file {copied:.1f} s (ratio {took / copied:.2f})", flush=True)


@test
def sent(context):
    """many decisions at once"""
    tvm, path = context.tvm, os.path.join(context.home, "sent")
    activity = tvm.json("activities", "--limit", "1")[0]["id"]
    context.cluster.kill()
    for number in range(SENT):
        tvm.run("comment", activity, f"Sent {number}")
    context.cluster.start()
    tvm.forget_pace()
    began = time.monotonic()
    tvm.run("sync")
    took = time.monotonic() - began
    tvm.forget_pace()
    began = time.monotonic()
    tvm.run("sync")
    took -= time.monotonic() - began
    copy_out(context, f"SELECT * FROM tvm_remediate.event ORDER BY number DESC LIMIT {SENT}", path)
    context.cluster.sql("CREATE TABLE copied (LIKE tvm_remediate.event)")
    began = time.monotonic()
    subprocess.run([os.path.join(programs, "psql"), "-X", "-q", context.cluster.uri(), "-c", f"\\copy copied FROM '{path}'"],
                   check=True)
    copied = time.monotonic() - began
    print(f"# {SENT:,} decisions sent: {took:.2f} s; psql's \\copy from a file {copied:.2f} s (ratio {took / copied:.2f})",
          flush=True)
    context.cluster.close()

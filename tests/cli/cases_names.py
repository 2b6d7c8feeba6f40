# SPDX-License-Identifier: GPL-3.0-or-later
"""Every JSON member and CSV column is in docs/cli.md, and everything named there is written."""
import collections
import contextlib
import datetime
import os
import re
import sqlite3

from cluster import Cluster, find_programs
from tap import check, equal, test
from reference import Reference
from world import pick

DUE = ("--priority", "low", "--due", (datetime.date.today() + datetime.timedelta(days=30)).isoformat())


def see(context, command, *words, status=0, **options):
    """Runs a command and compares what it prints with what the docs say of it."""
    context.seen.add(command)
    value = context.tvm.run(*words, "--json", status=status, **options).json
    context.reference.check_kind(context.reference.commands[command], value, command)
    return value


@test
def once(context):
    """docs/cli.md has each section once, and each field once in its table"""
    context.reference = Reference()
    context.seen = set()
    for what, words in [("sections", context.reference.sections)] + [
            (title, [member.name for member in members]) for title, members in context.reference.tables.items()]:
        twice = [word for word, n in collections.Counter(words).items() if n > 1]
        equal(twice, [], f"{what} that are there twice")


@test
def settings(context):
    """every setting is in the docs with its default"""
    known = context.tvm.json("config", "list")
    equal(list(context.reference.settings), list(known), "the keys")
    told = re.findall(r"^  ([a-z][a-z-]*)=(.*)$", context.tvm.run("config", "--help").out, re.M)
    equal(context.reference.settings, dict(told), "the defaults")
    equal(list(context.tvm.json("config", "get", "cloud")), ["cloud"])
    context.seen.add("`config list`, `config get KEY`")


@test
def lists(context):
    """lists and what a sync did"""
    context.tvm.forget_pace()
    rows = see(context, "`sync`", "sync", "--full")
    named = re.search(r"\| `name` \| word \| JSON \| the list: (.*) \|", context.reference.text).group(1)
    for row in rows:
        check(f"`{row['name']}`" in named, f"{row['name']} is not in the docs")
    for name in ("recommendations", "devices", "activities"):
        check(see(context, f"`{name}`", name), name)
    see(context, "`activities`", "activities", "--archived")
    see(context, "`due`", "due", "--within", "3650", status=(0, 10))
    status = see(context, "`status`", "status")
    check(status["full_sync_ready_at"] >= status["last_sync"], "when a full sync would be done")
    limits = {row["name"]: row for row in status["call_limits"]}
    equal(limits["lists"]["hour_calls"] - limits["lists"]["hour_left"], limits["lists"]["command_line_calls"])
    check(limits["lists"]["command_line_calls"] > 0 and limits["lists"]["window_calls"] == 0, limits["lists"])
    said = context.tvm.run("status").out
    check(re.search(r"Calls left: +Other lists of Microsoft Defender: \d+ of 45 in a minute, \d+ of 1440 in an hour",
                    said) and "by the window: 0, by the command line: " in said and "Full sync done by" in said, said)
    see(context, "`version`", "version")


@test
def recommendation(context):
    """recommendations of software and of a configuration"""
    for kind in ("update", "configuration-change"):
        whole = see(context, "`recommendation ID`", "recommendation", pick(context, kind)["id"])
        check(whole["groups"], kind)
        check(kind != "update" or whole["vulnerabilities"], "no CVE")


def install_everywhere(context):
    """What an export of software vulnerabilities brings: each CVE of a recommendation is in one version of it."""
    path = context.tvm.store_path
    with contextlib.closing(sqlite3.connect(path)) as store, store:
        store.execute("INSERT OR REPLACE INTO list_state (name, synced_us) VALUES ('exposure', 1774000000000000)")
        for key, about in store.execute("SELECT key, id FROM recommendation WHERE id LIKE 'va-_-%'").fetchall():
            vendor, name = about.split("-_-")[1:3]
            store.execute("INSERT OR IGNORE INTO software VALUES (?1, ?2, ?3, ?4)", (key, vendor, name, about))
            store.execute("INSERT OR IGNORE INTO software_state VALUES (?1, ?1, '1.0', 0)", (key,))
            store.execute("INSERT OR IGNORE INTO software_state_vulnerability SELECT ?1, vulnerability_key FROM "
                          "recommendation_vulnerability WHERE recommendation_key = ?1", (key,))
            store.execute("INSERT OR IGNORE INTO installation SELECT device_key, ?1, 20500, 20530 FROM exposure "
                          "WHERE recommendation_key = ?1", (key,))
            store.execute("INSERT OR IGNORE INTO vulnerability_update SELECT vulnerability_key, ?2, '5044285', "
                          "'October 2024 Security Updates', 'https://catalog.update.microsoft.com' FROM "
                          "recommendation_vulnerability WHERE recommendation_key = ?1", (key, about))
    store.close()


@test
def weaknesses(context):
    """CVEs, one of them, and a device"""
    rows = see(context, "`weaknesses`", "weaknesses")
    check(rows and all(row["in_tenant"] for row in rows), rows)
    about = next(row for row in rows if row["exposed_devices"] != 0 and row["recommendations_count"])
    whole = see(context, "`weakness CVE`", "weakness", about["id"].lower())
    check(whole["devices"] and whole["devices_exact"] in (False, True) and whole["timeline"], whole)
    device = see(context, "`device NAME`", "device", whole["devices"][0]["id"])
    check(device["recommendations"], device)
    install_everywhere(context)
    whole = see(context, "`weakness CVE`", "weakness", about["id"])
    check(whole["software"] and whole["security_updates"], whole)
    equal(sum(group["exposed"] for group in whole["groups"]), len(whole["devices"]), "devices of the groups")
    device = see(context, "`device NAME`", "device", whole["devices"][0]["name"].upper())
    check(about["id"] in [row["id"] for row in device["weaknesses"]], device["weaknesses"])
    check(any(row["first_seen"].startswith("2026-02-16") for row in device["software"]), device["software"])
    check(device["missing_security_updates"], device)


@test
def request(context):
    """requests, their tickets and activities"""
    tvm, about = context.tvm, pick(context, "update")
    words = ("request", about["id"], "--type", "update", "--all-groups", "--note", "Why", *DUE, "--intune")
    see(context, "`request RECOMMENDATION --dry-run`", *words, "--dry-run")
    left_out = os.path.join(context.home, "left-out.csv")
    activity = see(context, "`request RECOMMENDATION`", *words, "--left-out", left_out)
    with open(left_out, encoding="utf-8") as stream:
        headings = stream.readline().strip().split(",")
    check(set(headings) <= set(context.reference.headings("Device of an activity")), headings)
    again = see(context, "`request RECOMMENDATION --dry-run`", *words, "--dry-run")
    check(again["prior"] and activity["tickets"], again)
    whole = see(context, "`activity ID`", "activity", activity["id"])
    equal(list(whole["states"]), [m.name for m in context.reference.tables["Device states"]], "the states")
    for row in tvm.json("activities"):
        see(context, "`activity ID`", "activity", row["id"])
    context.activity, context.ticket = activity["id"], activity["tickets"][0]["id"]
    see(context, "`notify ID`", "notify", activity["id"])
    told = see(context, "`notify ID`", "notify", activity["id"], "--attach", os.path.join(context.home, "mail.csv"))
    check("attached_devices" in told, told)


@test
def policy(context):
    """the catalog of known exploited vulnerabilities, and what the policy would suggest"""
    see(context, "`known-exploited show`, `known-exploited import FILE`, `known-exploited update`",
        "known-exploited", "show")
    see(context, "`policy show`, `policy set FILE`, `policy set PRESET`", "policy", "set", "severity-7-30-90-180")
    check(see(context, "`policy test`", "policy", "test"), "nothing is open")


@test
def outbox(context):
    """the outbox, a withdrawal, what became of several"""
    tvm, demo = context.tvm, context.demo
    demo.call("/_demo/faults", {"path": "/beta/deviceAppManagement", "kind": "reset", "times": 1000})
    see(context, "`withdraw TICKET`", "withdraw", context.ticket, status=4)
    others = [row["id"] for row in tvm.json("recommendations")
              if row["type"] == "update" and row["exposed_devices"]][-2:]
    several = see(context, "`request`, `complete`, `withdraw` of several", "request", *others, "--type", "update", "--all-groups",
        *DUE, "--intune", status=(0, 4))
    rows = see(context, "`outbox list`", "outbox", "list")
    check({row["kind"] for row in rows} == {"create", "withdraw"}, rows)
    status = see(context, "`status`", "status")
    check(status["outbox_tickets"], status)
    demo.call("/_demo/faults", method="DELETE")
    tvm.run("sync")
    tvm.run("outbox", "retry", "1", status=1)
    done = see(context, "`complete ID`", "complete", several["results"][0]["activity_id"], "--note", "Done")
    check(done["disagreements"], "its ticket is open, which nobody says")
    context.seen.update(("`outbox retry ID`, `outbox revoke ID`", "`config set KEY VALUE`", "`sign-out`"))


@test
def exceptions(context):
    """exceptions, what they do and did"""
    tvm = context.tvm
    about = next(row for row in tvm.json("recommendations", "--status", "active") if row["exposed_devices"])
    words = ("exception", "add", about["id"], "--justification", "third-party-control", "--context", "So",
             "--duration", "30", "--all-groups")
    see(context, "`exception add RECOMMENDATION --dry-run`", *words, "--dry-run")
    filed = see(context, "`exception add RECOMMENDATION`", *words)
    see(context, "`exceptions`", "exceptions")
    see(context, "`exception ID`, `exception cancel ID`, `exception approve ID`, `exception reject ID`", "exception", filed["id"])
    ended = see(context, "`exception ID`, `exception cancel ID`, `exception approve ID`, `exception reject ID`", "exception", "cancel", filed["id"])
    check("before" in ended["history"][0], ended)


@test
def exports(context):
    """every column of every export is in the docs, in its order, and so is what export prints"""
    words = {"`export activity ID`": ["activity", context.activity],
             "`export activities`, `export archive`": ["archive"]}
    for command, titles in context.reference.exports.items():
        path = os.path.join(context.home, "names.csv")
        asked = words.get(command, command.strip("`").split()[1:])
        see(context, "`export`", "export", *asked, "--output", path, "--format", "machine", "--force")
        with open(path, encoding="utf-8") as stream:
            headings = stream.readline().strip().split(",")
        equal(headings, context.reference.headings(titles), command)
    equal(len(context.reference.exports), 7, "exports in the docs")
    see(context, "`export activity ID --format name-list`", "export", "activity", context.activity, "--output", path,
        "--format", "name-list", "--all-devices", "--force")


@test
def made_elsewhere(context):
    """a ticket of another profile, and signing in"""
    other = context.program("colleague")
    other.configure(context.demo)
    mine, context.tvm = context.tvm, other
    see(context, "`sign-in`", "sign-in", "--device-code")
    other.run("config", "set", "intune-connection", "true")
    other.run("sync")
    check(see(context, "`status`", "status")["other_tickets"], "no ticket of the other profile is known")
    context.tvm = mine


@test
def proof(context):
    """the clock, and backups"""
    clock = see(context, "`clock show`, `clock accept`", "clock", "show")
    equal(clock["warning"], None)
    see(context, "`history verify`", "history", "verify")
    see(context, "`export evidence ID`", "export", "evidence", context.tvm.json("activities")[0]["id"], "--output",
        os.path.join(context.home, "evidence.zip"))
    made = see(context, "`backup create`", "backup", "create")
    equal([row["name"] for row in see(context, "`backup list`", "backup", "list")][0], made["name"])
    see(context, "`backup restore NAME`", "backup", "restore", made["name"])
    context.tvm.spoil_table("exposure")
    see(context, "`backup recover`", "backup", "recover")
    context.tvm.run("sync")


@test
def team(context):
    """a team, where PostgreSQL is installed"""
    words = ["`team init URI`", "`team join URI`", "`team status`", "`team leave`",
             "`team members`, `team members add LOGIN`, `team members remove LOGIN`", "`comment ACTIVITY TEXT`",
             "`team assign ACTIVITY WHO`", "`team approval`", "`team export`"]
    programs = find_programs()
    if programs is None:
        context.seen.update(words)
        context.reference.used.update((title, member.name) for title in ("Team made", "Team", "Approvals", "Team exported", "Member")
                                      for member in context.reference.tables[title])
        print("# PostgreSQL is not installed: nothing of teams was looked at")
        return
    cluster = Cluster(programs)
    try:
        cluster.sql("CREATE ROLE anna LOGIN", "CREATE DATABASE team", database="postgres")
        see(context, words[0], "team", "init", cluster.uri(), "--administrator", "anna", "--account",
            context.tvm.json("status")["account"])
        see(context, words[1], "team", "join", cluster.uri("anna"))
        see(context, words[2], "team", "status")
        see(context, words[4], "team", "members")
        row = see(context, "`activities`", "activities")[0]
        context.tvm.run("comment", row["id"], "a comment")
        row = context.tvm.json("request", pick(context, "update")["id"], "--type", "update", "--all-groups", "--priority",
                               "low")
        see(context, words[6], "team", "assign", row["id"], "me")
        see(context, words[7], "team", "approval")
        shown = see(context, "`policy show`, `policy set FILE`, `policy set PRESET`", "policy", "set", "kev-due-dates")
        check(shown["set_by"] is not None, "whose the policy is")
        see(context, words[8], "team", "export", "--output", os.path.join(context.home, "team.json"))
        context.tvm.run("team", "leave")
        context.seen.update((words[3], words[5]))
    finally:
        cluster.close()


@test
def failures(context):
    """a command that fails prints one JSON document too, and no other has changed its status or message"""
    tvm, seen = context.tvm, collections.Counter()
    for words, status, code in ((["activity", "no-such-one"], 1, "not-found"), (["recommendation", "x"], 1, "not-found"),
                                (["exception", "cancel", "no-such"], 1, "not-found"), (["devices", "--limit", "-1"], 2, "usage"),
                                (["devices", "--frob"], 2, "usage"), (["config", "get", "no-such"], 2, "usage"),
                                (["frobnicate"], 2, "usage"), (["outbox", "retry", "99999"], 1, "not-found"),
                                (["withdraw", "no-such"], 1, "not-found"), (["notify", "no-such"], 1, "not-found"),
                                (["request", "x", "--type", "update", "--all-groups", "--priority", "low"], 1, "not-found"),
                                (["export", "devices", "--output", "/nonexistent/x"], 1, None)):
        value = see(context, "a command that fails", *words, status=status)
        check(code in (None, value["error"]["code"]), f"{words}: {value}")
        told = tvm.run(*words, status=status)
        equal(told.out, "", words)
        equal(told.err.splitlines()[-1], "tvm-remediate: " + value["error"]["message"], words)
        seen[value["error"]["correlation_id"]] += 1
    equal(list(seen), [None])
    context.demo.call("/_demo/faults", {"path": "/api/exposureScore", "kind": "status", "status": 400, "times": 1})
    refused = tvm.run("sync", "--json", status=1)
    check(isinstance(refused.json, list), "what a sync did before it failed")
    for path in ("/api/", "/beta/"):
        context.demo.call("/_demo/faults", {"path": path, "kind": "status", "status": 400, "times": 100})
    refused = see(context, "a command that fails", "sync", status=1)["error"]
    check(refused["code"] == "rejected" and refused["correlation_id"] in refused["message"], refused)
    context.demo.call("/_demo/faults", method="DELETE")


@test
def everything(context):
    """every command of the docs was looked at, and everything they name was there"""
    equal(set(context.reference.commands) - context.seen, set(), "commands not looked at")
    equal(context.reference.never_seen(), [], "named in docs/cli.md, and never written")
    for command in re.findall(r"^  ([a-z-]+) ", context.tvm.run("help").out, re.M):
        check(f"`{command}" in context.reference.text, f"{command} is not in docs/cli.md")

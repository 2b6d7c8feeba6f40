# SPDX-License-Identifier: GPL-3.0-or-later
"""Exceptions from the command line: file, see what they do, cancel, export, bad input."""
import csv
import os

from tap import check, equal, test
from world import pick


def fill(about, *words, justification="third-party-control", scope=("--all-groups",), duration=("--duration", "30")):
    return ("exception", "add", about["id"], "--justification", justification, "--context", "EDR blocks it",
            *duration, *scope, *words)


@test
def exception_of_groups(context):
    """an exception of one device group: told before, filed, shown, cancelled; the recommendation follows"""
    tvm = context.tvm
    about = next(found for found in tvm.json("recommendations", "--status", "active")
                 if len(tvm.json("recommendation", found["id"])["groups"]) > 1)
    context.excepted = about = tvm.json("recommendation", about["id"])
    group = about["groups"][0]
    told = tvm.json(*fill(about, "--dry-run", scope=("--group", group["name"])))["effect"]
    equal(told["devices"], group["exposed"])
    equal((told["status_before"], told["status_after"]), ("active", "partial-exception"))
    equal(told["exposed_devices_after"], about["exposed_devices"] - group["exposed"])
    equal(tvm.json("exceptions"), [])
    filed = tvm.json(*fill(about, scope=("--group", group["name"])))
    equal(filed["effect"], told)
    equal((filed["status"], filed["groups"], filed["created_by"]), ("active", [group["name"]], context.email))
    now = tvm.json("recommendation", about["id"])
    equal((now["status"], now["exposed_devices_after_exceptions"]), ("partial-exception", told["exposed_devices_after"]))
    check(now["exposure_impact_after_exceptions"] <= now["exposure_impact"], "the impact grew")
    context.exception = filed["id"]
    check("partial" in tvm.run("recommendation", about["id"]).out.lower(), "the status is not shown")


@test
def exception_global(context):
    """a global exception suspends the other until it is cancelled; the history says who and when"""
    tvm, about = context.tvm, context.excepted
    filed = tvm.json(*fill(about, justification="risk-accepted", duration=("--duration", "90")))
    equal((filed["global"], filed["groups"], filed["effect"]["suspended_exceptions"]), (True, [], 1))
    equal([found["id"] for found in tvm.json("exceptions", "--status", "suspended")], [context.exception])
    equal(tvm.json("recommendation", about["id"])["status"], "full-exception")
    tvm.run(*fill(about, scope=("--group", about["groups"][1]["name"])), status=1)
    cancelled = tvm.json("exception", "cancel", filed["id"][:8])
    equal((cancelled["status"], cancelled["cancelled_by"]), ("cancelled", context.email))
    check("Exposed devices it covered: " in tvm.run("exception", filed["id"]).out, "a cancelled one covers none")
    check("Exposed devices it covers: " in tvm.run("exception", context.exception).out, "an active one covers them")
    history = tvm.json("exception", context.exception)["history"]
    equal([entry["kind"] for entry in history], ["exception-resumed", "exception-suspended", "exception-filed"])
    equal((history[0]["before"], history[0]["after"], history[2]["who"]), ("suspended", "active", context.email))
    for words in (("exceptions",), ("exception", context.exception)):
        check("Third-party control" in tvm.run(*words).out, f"{words}: the justification is not shown")


@test
def exception_lists(context):
    """exceptions are listed, searched, filtered and exported as the store holds them"""
    tvm = context.tvm
    equal(len(tvm.json("exceptions")), 2)
    equal(len(tvm.json("exceptions", "--limit", "1")), 1)
    equal(len(tvm.json("exceptions", "--search", "edr BLOCKS")), 2)
    equal(tvm.json("exceptions", "--search", "no such words"), [])
    equal(len(tvm.json("exceptions", "--justification", "risk-accepted")), 1)
    path = os.path.join(context.home, "exceptions.csv")
    tvm.run("export", "exceptions", "--output", path, "--format", "machine")
    with open(path, encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    equal([row["id"] for row in rows], [found["id"] for found in tvm.json("exceptions")])
    equal([row["status"] for row in rows], ["active", "cancelled"])
    tvm.run("export", "exceptions", "--output", path, "--force", "--status", "active")
    with open(path, "rb") as stream:
        check(stream.read().startswith(b"\xef\xbb\xbf"), "no byte order mark in the spreadsheet")


@test
def exception_bad_input(context):
    """bad input for exceptions: a clear message, and the store stays as it was"""
    tvm, about = context.tvm, context.excepted
    before = tvm.dump()
    first, other = (group["name"] for group in about["groups"][:2])
    taken = ("--group", first)
    bad = [
        (2, fill(about, justification="because")),
        (2, fill(about, duration=())),
        (2, fill(about, duration=("--duration", "45"))),
        (2, fill(about, duration=("--until", "2026-02-30"))),
        (2, fill(about, duration=("--duration", "30", "--until", "2027-01-01"))),
        (2, fill(about, scope=())),
        (2, fill(about, scope=("--all-groups", *taken))),
        (2, ("exception",)),
        (2, ("exception", "add")),
        (2, ("exception", "cancel")),
        (2, ("exception", context.exception, "--context", "x")),
        (2, ("exceptions", "--status", "gone")),
        (2, ("exceptions", "--justification", "none")),
        (1, fill(about, duration=("--until", "2020-01-01"))),
        (1, fill(about, duration=("--until", "2999-01-01"))),
        (1, fill({"id": "va-_-no-_-such"})),
        (1, fill(about, scope=taken)),
        (1, fill(about, scope=("--group", "no such group"))),
        (1, ("exception", "cancel", "00000000")),
        (1, ("exception", "cancel", context.exception, "--group", other)),
        (1, ("exception", "00000000")),
        (1, ("exception", "add", about["id"], "--justification", "risk-accepted", "--context", " ",
             "--duration", "30", "--all-groups")),
        (1, ("exception", "add", about["id"], "--justification", "risk-accepted", "--context", "x" * 100000,
             "--duration", "30", "--all-groups")),
    ]
    for status, words in bad:
        tvm.run(*words, status=status)
        tvm.run(*words, "--json", status=status)
    equal(tvm.dump(), before)
    cancelled = tvm.json("exception", "cancel", context.exception, "--group", first)
    equal((cancelled["status"], cancelled["groups"], cancelled["cancelled_groups"]), ("cancelled", [], [first]))
    tvm.run("exception", "cancel", context.exception, status=1)
    equal(tvm.json("recommendation", about["id"])["status"], "active")


@test
def exception_groups_at_once(context):
    """of several device groups all are cancelled or none is; one named twice is one"""
    tvm, about = context.tvm, context.excepted
    free = [group["name"] for group in about["groups"] if group["name"] != about["groups"][0]["name"]][:2]
    twice = [word for name in (*free, free[0]) for word in ("--group", name)]
    told = tvm.json(*fill(about, "--dry-run", scope=twice))["effect"]
    equal(told["groups"], len(free))
    filed = tvm.json(*fill(about, scope=twice))
    equal(sorted(filed["groups"]), sorted(free))
    tvm.refuse("exception", "cancel", filed["id"], "--group", free[0], "--group", "nowhere", names=["nowhere"])
    cancelled = tvm.json("exception", "cancel", filed["id"], *twice)
    equal((cancelled["status"], sorted(cancelled["cancelled_groups"])), ("cancelled", sorted(free)))

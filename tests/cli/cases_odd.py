# SPDX-License-Identifier: GPL-3.0-or-later
"""Services that say odd things: words nobody here knows, dates that are none, one that fails."""
import csv
import io

from tap import check, equal, test

NONES = ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59.9999999Z")


def order(context, path, **fault):
    context.demo.call("/_demo/faults", {"path": path, "method": "GET", "exact": True, **fault})


def saying(context, path, **members):
    order(context, path, kind="set", members=members)


@test
def words(context):
    """a state that is not documented is told in the service's word: table, JSON, CSV"""
    tvm = context.tvm
    saying(context, "/api/machines", healthStatus="Hibernated", riskScore="Severe")
    saying(context, "/api/recommendations", status="Snoozed", remediationType="Rollback")
    saying(context, "/api/remediationTasks", status="Paused", priority="Urgent")
    tvm.run("sync")
    for name, member, word in (("devices", "health", "Hibernated"), ("devices", "risk", "Severe"),
                               ("recommendations", "status", "Snoozed"),
                               ("recommendations", "type", "Rollback"),
                               ("activities", "status", "Paused"),
                               ("activities", "priority", "Urgent")):
        rows = tvm.json(name)
        check(any(row[member] == word for row in rows), f"{name} {member}")
        check(word in tvm.run(name).out, f"the table of {name}: {word}")
        for form in ("machine", "spreadsheet"):
            out = tvm.run("export", name, "--output", "-", "--format", form).out
            check(word in out, f"{form} of {name}: {word}")
    rows = csv.DictReader(io.StringIO(
        tvm.run("export", "devices", "--output", "-", "--format", "machine").out))
    equal({row["health"] for row in rows}, {"Hibernated"})
    one = tvm.json("activities")[0]
    check("Paused" in tvm.run("activity", one["id"]).out, "one activity")


@test
def dates(context):
    """a date of the year 1 or 9999 is none: nothing is due"""
    tvm = context.tvm
    for none in NONES:
        saying(context, "/api/remediationTasks", dueOn=none, status="Active")
        tvm.run("sync")
        equal(tvm.json("due"), [])
        check(all(row["due_on"] is None for row in tvm.json("activities")
                  if row["origin"] == "defender"), none)
        check("0001" not in tvm.run("activities").out, "the table")


@test
def numbers(context):
    """50 remediated of 10 are told as numbers that disagree"""
    tvm = context.tvm
    saying(context, "/api/remediationTasks", type="Update", status="Active", targetDevices=10,
           fixedDevices=50)
    tvm.run("sync")
    row = next(row for row in tvm.json("activities") if row["fixed_devices"] == 50)
    equal([d["kind"] for d in row["disagreements"] if "remediated" in d["kind"]],
          ["more-remediated-than-targeted"])
    check("The service's numbers disagree: 50 remediated of 10 targeted" in
          tvm.run("activity", row["id"]).out, "in words")


@test
def one_service(context):
    """Intune refuses: what Defender answers comes, and status names who failed"""
    tvm = context.tvm
    tvm.run("config", "set", "intune-connection", "true")
    context.demo.call("/_demo/faults", {"path": "/beta", "method": "GET", "status": 401,
                                        "times": 99})
    result = tvm.run("sync", status=1)
    check("Microsoft Intune" in result.err and "licence" in result.err, result.err)
    check("Microsoft Intune" in tvm.json("status")["last_error"], "status")
    check("Microsoft Intune" in tvm.run("status").out, "status for people")
    context.demo.call("/_demo/faults", method="DELETE")
    tvm.run("sync")
    equal(tvm.json("status")["last_error"], None)


@test
def refused_once(context):
    """a list that was refused once and came since is no longer told as not known"""
    tvm = context.tvm
    order(context, "/api/vulnerabilities", status=401, times=2)
    check("Which CVEs there are in the tenant is not known" in tvm.run("sync").err, "the refusal")
    equal(context.demo.call("/_demo/stats")["faults_left"], 0, "refusals left")
    tvm.forget_pace()
    tvm.run("sync", "--full")
    equal(tvm.run("sync").err, "")

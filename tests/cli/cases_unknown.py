# SPDX-License-Identifier: GPL-3.0-or-later
"""What was never looked up is not known: null, empty or told, never none, zero or no (R18)."""
import os
import csv
import io

from tap import check, equal, test
from world import pick

# As many as a full sync asks for without waiting.
TENANT = {"recommendations": 8}
NOT_SYNCED = ("recommendations", "devices", "activities", "activities_active", "overdue")


def cves_of(context, recommendation):
    """Its CVEs, as the service tells them."""
    path = f"/api/recommendations/{recommendation}/vulnerabilities"
    rows = context.demo.call(path, headers={"Authorization": "Bearer " + context.demo.token()})["value"]
    return [row["id"] for row in rows]


def own_cve(context, row, others):
    """A CVE of that recommendation alone."""
    taken = {cve for other in others for cve in cves_of(context, other["id"])}
    return next((cve for cve in cves_of(context, row["id"]) if cve not in taken), None)


@test
def before_sync(context):
    """before the first sync status counts nothing that was never listed"""
    tvm = context.tvm
    status = tvm.json("status")
    equal({name: status[name] for name in NOT_SYNCED}, dict.fromkeys(NOT_SYNCED))
    check("Devices:            not known\n" in tvm.run("status").out, "status for people")
    for name in ("recommendations", "devices", "activities"):
        equal(tvm.json(name), None, name)
        equal(tvm.json(name, "--search", "x", status=1), None, name)
        shown = tvm.run(name)
        equal(shown.out, "", name)
        check("“tvm-remediate sync” gets it" in shown.err, shown.err)
        tvm.refuse("export", name, "--output", context.home + "/none.csv", names=["tvm-remediate sync"])
    context.start()
    check(all(tvm.json("status")[name] is not None for name in NOT_SYNCED), "status after the sync")


@test
def cve_of_unread(context):
    """a CVE whose recommendation was never opened is not known: a message, status 1, null, no file"""
    tvm = context.tvm
    rows = tvm.json("recommendations")
    weak = [row for row in rows if row["weaknesses"]]
    unread = [row for row in weak if row["vulnerabilities_synced_on"] is None]
    row = next(row for row in unread if own_cve(context, row, [r for r in weak if r is not row]))
    context.row, context.cve = row, own_cve(context, row, [r for r in weak if r is not row])
    for words in (context.cve, context.cve.lower()):
        result = tvm.run("recommendations", "--search", words, status=1)
        equal(result.out, "")
        check(f"{len(unread)} recommendation" in result.err and "sync --full" in result.err, result.err)
    equal(tvm.json("recommendations", "--search", context.cve, status=1), None)
    narrow = tvm.run("recommendations", "--search", context.cve, "--status", "full-exception").err
    n_narrow = sum(1 for r in unread if r["status"] == "full-exception")
    check(n_narrow > 0 or "shows all of it" in narrow, f"{n_narrow} with an exception: {narrow!r}")
    path = context.home + "/found.csv"
    tvm.refuse("export", "recommendations", "--search", context.cve, "--output", path, names=["sync --full"])
    equal(tvm.json("recommendations", "--search", "no such words"), [])


@test
def some_found(context):
    """with one opened its CVE is found, and there may be more"""
    tvm = context.tvm
    shown = tvm.json("recommendation", context.row["id"])
    equal(sorted(cve["id"] for cve in shown["vulnerabilities"]), sorted(cves_of(context, context.row["id"])))
    result = tvm.run("recommendations", "--search", context.cve, "--json")
    equal([row["id"] for row in result.json], [context.row["id"]])
    check("There may be more" in result.err, result.err)
    check("There may be more" in tvm.run("export", "recommendations", "--search", context.cve, "--output", "-").err,
          "the export is told as the whole")


@test
def never_looked_up(context):
    """whether it is known exploited is null and an empty cell, for nobody looked"""
    tvm = context.tvm
    equal({row["known_exploited"] for row in tvm.json("recommendations")}, {None})
    check({row["public_exploit"] for row in tvm.json("recommendations")} <= {True, False}, "what the service tells")
    for form in ("machine", "spreadsheet"):
        text = tvm.run("export", "recommendations", "--format", form, "--output", "-").out.lstrip("\ufeff")
        rows = list(csv.reader(io.StringIO(text)))
        column = [name.lower().replace(" ", "_") for name in rows[0]].index("known_exploited")
        equal({row[column] for row in rows[1:]}, {""}, form)
    check("Not known:          known exploited\n" in tvm.run("recommendation", context.row["id"]).out, "for people")


@test
def details_unread(context):
    """details that no service answers for are null, not empty"""
    tvm = context.tvm
    row = next(row for row in tvm.json("recommendations")
               if row["weaknesses"] and row["exposed_devices"] and row["devices_synced_on"] is None)
    portal = next(row for row in tvm.json("activities") if row["origin"] == "defender" and
                  row["status"] == "active" and row["type"] == "update")
    context.demo.call("/_demo/faults", {"path": "/api/", "kind": "html", "times": 1000})
    shown = tvm.run("recommendation", row["id"], "--json", status=1).json
    equal((shown["groups"], shown["vulnerabilities"]), (None, None))
    shown = tvm.run("activity", portal["id"], "--json", status=1).json
    equal((shown["devices"], set(shown["states"].values())), (None, {None}))
    equal((shown["effective_target_devices"], shown["effective_fixed_devices"]), (None, None))
    path = context.home + "/devices.csv"
    # It asks in vain, which only notes the services' limits.
    refused = tvm.run("export", "activity", portal["id"], "--output", path, status=1)
    check("not known" in refused.err and not os.path.exists(path), refused.err)
    group = next(iter(tvm.json("devices", "--limit", "1")))["group"]
    add = ("exception", "add", row["id"], "--justification", "alternate-mitigation", "--context", "so", "--duration",
           "30", "--group", group, "--dry-run")
    effect = tvm.json(*add)["effect"]
    equal((effect["devices"], effect["exposed_devices_after"], effect["exposure_impact_after"]), (None,) * 3)
    words = tvm.run(*add).out
    check("exposed devices: not known" in words and "in other device groups" not in words, words)
    context.demo.call("/_demo/faults", method="DELETE")
    check(tvm.json("activity", portal["id"])["devices"] is not None, "the devices of the activity")


@test
def after_full(context):
    """after sync --full every CVE is known: found without a word, and none is none"""
    tvm = context.tvm
    tvm.forget_pace()
    tvm.run("sync", "--full")
    for row in tvm.json("recommendations"):
        check(not row["weaknesses"] or row["vulnerabilities_synced_on"], f"the CVEs of {row['id']}")
    result = tvm.run("recommendations", "--search", context.cve, "--json")
    equal(([row["id"] for row in result.json], result.err), ([context.row["id"]], ""))
    equal(tvm.json("recommendations", "--search", "CVE-1999-0001"), [])
    row = pick(context, "update")
    for cve in cves_of(context, row["id"])[:2]:
        check(row["id"] in [r["id"] for r in tvm.json("recommendations", "--search", cve)], cve)

# SPDX-License-Identifier: GPL-3.0-or-later
"""A day begins with a CVE: which of an advisory's do we have, where, and what nobody knows of them."""
import contextlib
import os
import sqlite3
import subprocess

from tap import check, equal, test

NOWHERE = ("CVE-2019-99999", "CVE-2031-4711")


def read_from(context, text, *words, status=0):
    """weaknesses --from -, with the text as standard input."""
    text = text if isinstance(text, bytes) else text.encode()
    command = [context.tvm.path, "--profile", context.tvm.profile, "weaknesses", "--from", "-", *words]
    done = subprocess.run(command, input=text, capture_output=True, timeout=120)
    equal(done.returncode, status, done.stderr.decode())
    return done.stdout.decode(), done.stderr.decode()


@test
def lists(context):
    """the list of all CVEs comes with each sync, and filters tell some of them"""
    tvm = context.tvm
    rows = tvm.json("weaknesses")
    named = {row["name"]: row for row in tvm.json("sync")}
    equal(named["weaknesses"]["received"], len(rows))
    critical = tvm.json("weaknesses", "--severity", "critical")
    equal({row["id"] for row in critical}, {row["id"] for row in rows if row["severity"] == "critical"})
    exploited = tvm.json("weaknesses", "--exploited")
    equal({row["id"] for row in exploited}, {row["id"] for row in rows if row["exploit"] != "none"})
    equal(tvm.run("weaknesses", "--exploited", "--severity", "critical").err, "")
    equal(len(tvm.json("weaknesses", "--limit", "3")), 3)
    tvm.run("weaknesses", "--severity", "bad", status=2)
    tvm.run("weaknesses", "--search", "x", "--from", "-", status=2)
    known = tvm.run("weaknesses", "--known-exploited", "--json", status=1)
    equal(known.json, None, "known exploited without a catalog")
    check("no catalog" in known.err, known.err)
    context.rows = rows


@test
def untold(context):
    """what a filter leaves out because nobody knows it is counted, and nothing but that is not none"""
    tvm = context.tvm
    with contextlib.closing(sqlite3.connect(tvm.store_path, timeout=30)) as store, store:
        store.execute("CREATE TEMP TABLE before AS SELECT key, severity, public_exploit FROM vulnerability")
        low = [row["id"] for row in context.rows if row["severity"] == "low"]
        store.executemany("UPDATE vulnerability SET severity = -1 WHERE id = ?", [(cve,) for cve in low])
        none = next(row["id"] for row in context.rows if row["exploit"] == "none")
        store.execute("UPDATE vulnerability SET public_exploit = -1 WHERE id = ?", (none,))
        store.commit()
        told = tvm.run("weaknesses", "--severity", "low", "--json")
        equal(told.json, None)
        check(f"{len(low)} CVE" in told.err and "not known" in told.err, told.err)
        told = tvm.run("weaknesses", "--severity", "critical")
        check(f"{len(low)} CVE" in told.err and told.out, told.err)
        check("1 CVE is left out" in tvm.run("weaknesses", "--exploited").err, "of which exploits are not known")
        store.execute("UPDATE vulnerability SET (severity, public_exploit) = (SELECT severity, public_exploit "
                      "FROM before WHERE before.key = vulnerability.key)")
    store.close()


@test
def advisory(context):
    """a text with many CVEs: which are there, and of each other that it is not found, as of when"""
    tvm, rows = context.tvm, context.rows
    have = [row["id"] for row in rows[:2]]
    text = f"Advisory\n{have[0].lower()}, (also {NOWHERE[0]})\r\n* {have[1]}: see {NOWHERE[1]}; {have[0]}"
    for words in (("weaknesses", "--search", text),):
        told = tvm.run(*words)
        check(all(cve in told.out for cve in have) and not any(cve in told.out for cve in NOWHERE), told.out)
        for cve in NOWHERE:
            check(f"{cve}: not found in this tenant (data of " in told.err, told.err)
    out, err = read_from(context, text)
    check(all(cve in out for cve in have) and err.count("not found in this tenant") == 2, (out, err))
    answer = {row["id"]: row["in_tenant"] for row in tvm.json("weaknesses", "--search", text)}
    equal(answer, {**dict.fromkeys(have, True), **dict.fromkeys(NOWHERE, False)})
    out, err = read_from(context, NOWHERE[0])
    equal(out, "", "a table without rows")
    check("not found in this tenant" in err, err)
    read_from(context, "nothing here", status=1)
    read_from(context, "", status=1)
    for code in ("utf-16", "utf-16-be"):
        out, err = read_from(context, (("\ufeff" if code == "utf-16-be" else "") + text).encode(code))
        check(all(cve in out for cve in have) and err.count("not found in this tenant") == 2, (code, out, err))
    check("Cannot read" in read_from(context, text.encode("utf-16-le"), status=1)[1], "UTF-16 without a mark")
    found = tvm.run("recommendations", "--search", NOWHERE[0])
    equal(found.out, "")
    check("not found in this tenant" in found.err, found.err)
    equal(tvm.json("recommendations", "--search", NOWHERE[0]), [])


@test
def one(context):
    """weakness CVE leads to what fixes it, and device NAME back"""
    tvm = context.tvm
    tvm.forget_pace()
    # What the export writes in another case of letters is the same CVE.
    context.demo.call("/_demo/faults", {"path": "/api/machines/SoftwareVulnerabilitiesByMachine", "kind": "set",
                                        "rows": 1, "members": {"cveId": context.rows[0]["id"].lower()}})
    context.demo.call("/_demo/faults", {"path": "/api/vulnerabilities", "kind": "set", "rows": 1,
                                        "members": {"severity": "Catastrophic"}})
    tvm.run("sync", "--full")
    equal([row["id"] for row in tvm.json("weaknesses") if row["id"].startswith("cve")], [])
    # A word that only the service knows is shown in a table, too.
    check("Catastrophic" in [row["severity"] for row in tvm.json("weaknesses")], "the service's word")
    check("Catastrophic" in tvm.run("weaknesses").out, "the service's word")
    tvm.forget_pace()
    tvm.run("sync", "--full")
    row = next(row for row in tvm.json("weaknesses") if row["recommendations_count"] and row["exposed_devices"])
    whole = tvm.json("weakness", row["id"])
    fixes = {one["id"] for one in whole["recommendations"]}
    equal({one["id"] for one in tvm.json("recommendations", "--search", row["id"] + " ")}, fixes)
    check(len(whole["devices"]) >= row["exposed_devices"], "fewer devices than the service counts")
    found = {one["id"] for one in tvm.json("devices", "--search", row["id"])}
    check(found and found <= {one["id"] for one in whole["devices"]}, "devices by CVE")
    device = tvm.json("device", whole["devices"][0]["id"])
    check(fixes & {one["id"] for one in device["recommendations"]}, device)
    shown = tvm.run("weakness", row["id"]).out
    for dash in ("\u2011", "\u2013", " ", "-\u200b"):
        equal(tvm.run("weakness", row["id"].replace("-", dash)).out, shown, f"pasted with {dash!r}")
    check(row["id"] in shown and "In words" in shown and "counts other devices" not in shown, shown)
    tvm.sql(f"UPDATE vulnerability SET exposed_devices = exposed_devices + 1 WHERE id = '{row['id']}'")
    check("the list of CVEs counts other devices" in tvm.run("weakness", row["id"]).out, "two numbers")
    check(tvm.json("weakness", row["id"])["devices_exact"] is False, "two numbers")
    tvm.sql(f"UPDATE vulnerability SET exposed_devices = exposed_devices - 1 WHERE id = '{row['id']}'")
    tvm.refuse("weakness", NOWHERE[0], names=["not found in this tenant"])
    equal(tvm.run("weakness", row["id"][len("CVE-"):]).out, shown, "as the search takes it")
    for part, words in ((row["id"][:-2], "not a whole CVE"), ("", "not a whole CVE"),
                        (f"{row['id']} {NOWHERE[0]}", "several CVEs")):
        tvm.refuse("weakness", part, status=2, names=[words])
    # A device that left is told as gone, and what the export tells as not known before it came.
    check(device["in_inventory"] is True and "Inventory" not in tvm.run("device", device["id"]).out, device)
    tvm.sql(f"UPDATE device SET in_inventory = 0 WHERE id = '{device['id']}'")
    check(tvm.json("device", device["id"])["in_inventory"] is False, "gone")
    check("gone" in tvm.run("device", device["id"]).out, "gone")
    tvm.sql(f"UPDATE device SET in_inventory = 1 WHERE id = '{device['id']}'")
    tvm.refuse("device", "nobody.example", names=["nobody.example"])
    path = os.path.join(context.home, "cves.csv")
    tvm.run("export", "weaknesses", "--output", path, "--format", "machine")
    with open(path, encoding="utf-8") as stream:
        equal(len(stream.readlines()), len(tvm.json("weaknesses")) + 1)
    for what in ("weaknesses", "devices"):
        told = tvm.run("export", what, "--output", "-", "--search", f"{row['id']} {NOWHERE[0]}").err
        check(f"{NOWHERE[0]}: not found in this tenant (data of " in told and row["id"] not in told, told)


@test
def fresh(context):
    """a CVE that the exports do not name yet has devices that are not known, and words say when they will be"""
    tvm, demo = context.tvm, context.demo
    about = next(row["id"] for row in tvm.json("recommendations") if row["weaknesses"] and row["exposed_devices"])
    demo.call("/_demo/snapshots", {"hold": True})
    cve = demo.call(f"/_demo/recommendations/{about}/discover", {})["cve"]
    tvm.run("sync")
    whole = tvm.json("weakness", cve)
    check(whole["exposed_devices"] > 0, whole)
    unknown = ("devices", "devices_exact", "groups", "software", "recommendations", "recommendations_count",
               "activities", "active_activities", "exceptions", "active_exceptions", "security_updates")
    equal({name: whole[name] for name in unknown}, dict.fromkeys(unknown))
    check("within about six hours" in tvm.run("weakness", cve).out, "when they will be known")
    for name in ("devices", "recommendations"):
        told = tvm.run(name, "--search", cve, "--json", status=1)
        equal(told.json, None, name)
        check("within about six hours" in told.err, told.err)
    tvm.run("recommendation", about)
    check(about in [row["id"] for row in tvm.json("recommendations", "--search", cve)], "once it was opened")
    whole = tvm.json("weakness", cve)
    equal((whole["devices_exact"], whole["software"]), (False, None))
    check(about in [row["id"] for row in whole["recommendations"]] and whole["devices"], whole)
    check("there may be others" in tvm.run("weakness", cve).out, "that others may be exposed")
    demo.call("/_demo/snapshots", {"hold": False})


@test
def refused(context):
    """where the service refuses the list the sync is good, and a CVE is not known, which is told"""
    tvm = context.program("refused")
    tvm.configure(context.demo)
    tvm.run("sign-in", "--device-code")
    for path in ("/api/vulnerabilities", "/api/machines/SoftwareVulnerabilit"):
        context.demo.call("/_demo/faults", {"path": path, "kind": "status", "status": 403, "times": 9})
    said = tvm.run("sync").err
    equal(said.count("correlation id"), 2, said)
    context.demo.call("/_demo/faults", method="DELETE")
    told = tvm.run("weaknesses", "--search", NOWHERE[0], status=1)
    equal(told.out, "")
    check("Vulnerability.Read" in told.err, told.err)
    equal(tvm.json("weaknesses"), None)
    told = tvm.refuse("weakness", NOWHERE[0], names=["never synchronized"])
    check("Vulnerability.Read" in told.err, told.err)
    # What no export told is not known, and that the service refuses it is said.
    told = tvm.run("device", tvm.json("devices", "--limit", "1")[0]["id"])
    check("export of all software" in told.out and "correlation id" in told.err, (told.out, told.err))


@test
def partly_refused(context):
    """where only the list is refused, the CVEs that devices have are known, and that there may be more is told"""
    tvm = context.program("partly")
    tvm.configure(context.demo)
    tvm.run("sign-in", "--device-code")
    context.demo.call("/_demo/faults", {"path": "/api/vulnerabilities", "kind": "status", "status": 403, "times": 9})
    tvm.run("sync")
    context.demo.call("/_demo/faults", method="DELETE")
    told = tvm.run("weaknesses", "--json")
    check(len(told.json) > 0 and "There may be more" in told.err, told.err)
    check(all(row["epss"] is None for row in told.json), "what only the list tells")

# SPDX-License-Identifier: GPL-3.0-or-later
"""The workflow from settings to a completed activity, exported and offline."""
import csv
import datetime
import os
import re
import sqlite3
import stat
import sys
import tempfile
import unicodedata

from tap import check, equal, test
from world import pick

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "build-aux"))
import pseudo  # noqa: E402

ACTIVITY_KEYS = ["id", "title", "recommendation_id", "related_component", "type", "status", "priority",
                 "due_on", "created_on", "created_by", "completed_by", "completed_on", "completion",
                 "origin", "target_devices", "fixed_devices", "groups", "notes", "no_impact_only",
                 "policy_reason", "assignee", "tickets",
                 "disagreements"]


def to_come():
    """A due date that is always to come."""
    return (datetime.date.today() + datetime.timedelta(days=10)).isoformat()


@test
def settings(context):
    """settings are kept; sign-in prints code and page; who is signed in is shown"""
    tvm = context.tvm
    tvm.configure(context.demo)
    equal(tvm.run("config", "get", "cloud").out, "custom\n")
    equal(tvm.json("config", "list")["defender-url"], context.demo.uri)
    check("cloud=custom\n" in tvm.run("config", "list").out, "config list lacks the cloud")
    equal(tvm.json("status")["account"], None)
    tvm.run("sync", status=3)
    out = tvm.run("sign-in", "--device-code").out
    check("http" in out and "Signed in as" in out, f"sign-in said {out!r}")
    context.email = tvm.json("status")["account"]
    check("@" in context.email, f"the account is {context.email!r}")
    equal(stat.S_IMODE(os.stat(tvm.store_path).st_mode), 0o600, "mode of the store")
    equal(stat.S_IMODE(os.stat(os.path.dirname(tvm.store_path)).st_mode), 0o700, "mode of its folder")


@test
def synced(context):
    """sync brings as many recommendations, devices and activities as the tenant has"""
    tvm, state = context.tvm, context.demo.state()
    lists = {row["name"]: row for row in tvm.json("sync")}
    for name in ("recommendations", "devices", "activities"):
        equal(lists[name]["received"], state[name], f"received {name}")
        equal(lists[name]["added"], state[name], f"added {name}")
        equal(set(lists[name]), {"name", "received", "added", "changed", "removed", "requests"})
        equal(tvm.json("status")[name], state[name], f"counted {name}")
    equal(len(tvm.json("recommendations")), state["recommendations"])
    equal(len(tvm.json("devices")), state["devices"])
    again = {row["name"]: row for row in tvm.json("sync")}
    for name in ("recommendations", "devices", "activities"):
        equal([again[name][key] for key in ("added", "changed", "removed")], [0, 0, 0], name)
    for row in tvm.json("recommendations"):
        equal(row["exposed_devices"], state["exposed"][row["id"]], row["id"])


@test
def lists(context):
    """lists search, filter and stop where told; the keys are those promised"""
    tvm = context.tvm
    equal(len(tvm.json("devices", "--limit", "3")), 3)
    device = tvm.json("devices", "--limit", "1")[0]
    found = tvm.json("devices", "--search", device["name"])
    check(device["id"] in [row["id"] for row in found], "a device is not found by its name")
    equal(tvm.json("devices", "--search", "no such device"), [])
    for row in tvm.json("activities"):
        equal(list(row), ACTIVITY_KEYS)
        equal(row["origin"], "defender")
        if row["type"] == "attention-required":
            equal((row["due_on"], row["fixed_devices"], row["tickets"]), (None, None, []))
    inactive = [row["id"] for row in tvm.json("devices") if row["health"] == "inactive"]
    check(inactive, "the demo tenant has no inactive device")
    equal([row["id"] for row in tvm.json("devices", "--status", "inactive")], inactive)
    statuses = {row["status"] for row in tvm.json("activities", "--status", "completed")}
    check(statuses <= {"completed"}, f"--status completed gives {statuses}")
    check(device["name"] in tvm.run("devices").out, "the table lacks a device")
    today = datetime.date.today().isoformat()
    late = [row["id"] for row in tvm.json("activities", "--status", "active")
            if row["due_on"] and row["due_on"] < today]
    equal(sorted(row["id"] for row in tvm.json("activities", "--overdue")), sorted(late))
    shown = {row["id"] for row in tvm.json("activities")}
    archived = tvm.json("activities", "--archived")
    check(not shown & {row["id"] for row in archived}, "archived ones are shown twice")
    for row in archived:
        completed = datetime.date.fromisoformat(row["completed_on"][:10])
        check((datetime.date.today() - completed).days >= 180, row)


@test
def due(context):
    """due lists what is overdue or due soon, most urgent first; status 10 where something is overdue"""
    tvm = context.tvm
    limit = to_come()
    within = (datetime.date.fromisoformat(limit) - datetime.date.today()).days
    active = [row for row in tvm.json("activities", "--status", "active") if row["due_on"]]
    overdue = {row["id"] for row in tvm.json("activities", "--overdue")}
    check(overdue, "nothing is overdue at the demo tenant")
    rows = tvm.json("due", "--within", str(within), status=10)
    equal({row["id"] for row in rows}, {row["id"] for row in active if row["due_on"] <= limit})
    equal([row["due_on"] for row in rows], sorted(row["due_on"] for row in rows))
    equal({row["id"] for row in rows if row["days_left"] < 0}, overdue)
    check(rows[0]["id"] in tvm.run("due", status=10).out, "the table lacks the most urgent one")


@test
def notice(context):
    """notify prints an e-mail to the IT admin with the activity's title and open devices"""
    tvm = context.tvm
    row = next(row for row in tvm.json("activities", "--status", "active") if row["type"] == "update")
    equal(tvm.json("notify", row["id"])["to"], None)
    tvm.run("config", "set", "it-admin-email", "it@contoso.example")
    told = tvm.json("notify", row["id"])
    equal(told["to"], "it@contoso.example")
    check(row["title"] in told["subject"] and row["created_by"] in told["body"], told)
    check(told["mailto"].startswith("mailto:it@contoso.example?subject="), told["mailto"])
    text = tvm.run("notify", row["id"]).out
    check(text.startswith("To: it@contoso.example\nSubject: ") and told["body"] in text, text)
    tvm.refuse("notify", "no-such-id", names=["no-such-id"])


@test
def notice_in_another_language(context):
    """notify speaks the language of ticket-language, whatever the locale, and writes the devices to attach"""
    tvm = context.tvm
    row = next(row for row in tvm.json("activities", "--status", "active") if row["origin"] == "defender")
    path = os.path.join(context.home, "notice.csv")
    equal(tvm.run("config", "get", "ticket-language").out.strip(), "en")
    tvm.refuse("config", "set", "ticket-language", "tlh", status=2, names=["zh_TW"])
    for language, subject, heading in (("de", "Korrektur angefordert: ", "Gerätegruppe"),
                                       ("fr", "Correction demandée\u00a0: ", "Groupe d’appareils"),
                                       ("ja", "修復の要求: ", "デバイス グループ"), ("sv", "Åtgärd begärd: ", "Enhetsgrupp"),
                                       ("zh_TW", "已要求修正：", "裝置群組"),
                                       ("en", "Remediation requested: ", "Device group")):
        tvm.run("config", "set", "ticket-language", language)
        told = tvm.json("notify", row["id"], "--attach", path, "--force")
        check(told["subject"].replace("\u202f", "\u00a0").replace(" :", "\u00a0:").startswith(subject), told["subject"])
        equal(told["attachment"], path)
        with open(path, newline="", encoding="utf-8-sig") as stream:
            # Where a comma parts the decimals, a semicolon parts the cells.
            rows = list(csv.reader(stream, delimiter=";" if language in ("de", "fr", "sv") else ","))
        equal(len(rows) - 1, told["attached_devices"])
        check(heading in rows[0], rows[0])
    tvm.refuse("notify", row["id"], "--attach", path, names=["notice.csv"])
    tvm.refuse("notify", row["id"], "--attach", "-", status=2, names=["--attach"])
    check(path in tvm.run("notify", row["id"], "--attach", path, "--force").err, "where the devices are")


def columns(line):
    """Where the cells of a table's line begin and end, in columns of the terminal."""
    width = [2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line]
    return [(sum(width[:cell.start()]), sum(width[:cell.end()])) for cell in re.finditer(r"\S+(?: \S+)*", line)]


@test
def wide_characters(context):
    """tables are straight where characters are two columns wide, and help texts speak one language"""
    with tempfile.TemporaryDirectory() as folder:
        for language, kind, text in (("ja", "種類", "テキスト"), ("zh_TW", "類型", "文字")):
            locale = pseudo.make_locale(folder, language)
            env = {**locale, "LC_ALL": locale["LANG"]}
            for command in (("recommendations", "--limit", "9"), ("activities", "--limit", "9"), ("devices", "--limit", "9")):
                heading, *rows = [columns(line) for line in context.tvm.run(*command, env=env).out.splitlines()]
                check(rows and all(len(row) == len(heading) for row in rows), f"{command}: {heading} {rows}")
                for row in rows:
                    check(all(cell[0] == head[0] or cell[1] == head[1] for cell, head in zip(row, heading)),
                          f"{command} in {language}: {row} under {heading}")
            said = context.tvm.run("request", "--help", env=env).out
            check(f"--type {kind}" in said and f"--type={kind}" in said and f"--note {text}" in said and "TYPE" not in said, said)
            for command in re.findall(r"^  ([a-z-]+)", context.tvm.run("help").out, re.MULTILINE):
                usage, options = context.tvm.run(command, "--help", env=env).out.split("\n\n", 1)
                for option, word in re.findall(r"^  (--[a-z-]+)=(\S+)", options, re.MULTILINE):
                    check(f"{option} " not in usage or re.search(f"{option} [^\\]]*{re.escape(word)}", usage),
                          f"{option}={word} is not in {usage}")


@test
def requested(context):
    """request --intune makes exactly one ticket, with the Entra-joined devices of the groups"""
    tvm, demo = context.tvm, context.demo
    about = pick(context, "update")
    context.recommendation = about["id"]
    exposed = demo.exposed(about["id"])
    groups = sorted({row["rbacGroupName"] for row in exposed.values()})[:2]
    wanted = {key for key, row in exposed.items() if row["rbacGroupName"] in groups}
    entra = {row["id"]: row["entra_device_id"] for row in tvm.json("devices") if row["is_entra_joined"]}
    joined = {entra[key] for key in wanted if key in entra}
    words = ["request", about["id"], "--type", "update", "--priority", "high", "--due", to_come(),
             "--note", "Vor dem Patchtag – 日本語"]
    for group in groups:
        words += ["--group", group]
    equal(tvm.run("config", "get", "intune-connection").out, "false\n")
    tvm.refuse(*words, "--intune", names=["Microsoft Intune connection"])
    tvm.run("config", "set", "intune-connection", "true")
    equal(tvm.run("config", "get", "intune-connection").out, "true\n")
    plan = tvm.json(*words, "--intune", "--dry-run")
    equal([plan[key] for key in ("dry_run", "covered", "joined", "not_joined", "tickets", "left_out")],
          [True, len(wanted), len(joined), len(wanted) - len(joined), 1, 0])
    equal(demo.state()["tickets"], [], "tickets after a dry run")
    activity = tvm.json(*words, "--intune")
    context.activity = activity["id"]
    equal((activity["target_devices"], activity["fixed_devices"]), (len(wanted), 0))
    equal((activity["status"], activity["origin"], activity["created_by"]),
          ("active", "local", context.email))
    equal(sorted(activity["groups"]), groups)
    equal(demo.exposed(about["id"]).keys(), exposed.keys(), "the devices, to which nothing happens")
    tickets = demo.state()["tickets"]
    equal(len(tickets), 1, "tickets in Intune")
    equal(set(tickets[0]["devices"]), joined, "the ticket's devices")
    equal([(t["id"], t["status"], t["devices"]) for t in activity["tickets"]],
          [(tickets[0]["id"], "pending", len(joined))])
    shown = tvm.json("activity", activity["id"][:8])
    equal({row["id"] for row in shown["devices"]}, wanted, "the targets")
    tvm.json("sync")
    equal(len(demo.state()["tickets"]), 1, "tickets after another sync")


@test
def accepted(context):
    """a ticket that the IT admin accepts shows after the next sync"""
    ticket = context.demo.state()["tickets"][0]["id"]
    context.demo.call(f"/_demo/tickets/{ticket}/accept", {"assigned_to": "it@contoso.example"})
    context.tvm.run("sync")
    shown = context.tvm.json("activity", context.activity)
    equal([(t["status"], t["assigned_to"]) for t in shown["tickets"]], [("active", "it@contoso.example")])


@test
def half_patched(context):
    """progress is exact when half of the targets are patched"""
    shown = context.tvm.json("activity", context.activity)
    ids = sorted(row["id"] for row in shown["devices"])
    half = ids[:len(ids) // 2]
    context.demo.patch(context.recommendation, half)
    context.tvm.run("sync")
    shown = context.tvm.json("activity", context.activity)
    equal((shown["fixed_devices"], shown["target_devices"]), (len(half), len(ids)))
    done = {row["id"] for row in shown["devices"] if row["state"] == "remediated"}
    equal(done, set(half), "the remediated devices")
    equal(shown["states"]["remediated"], len(half))
    equal(sum(shown["states"].values()), len(ids))
    equal(shown["status"], "active")
    silent = shown["states"]["not-seen-30-days"] + shown["states"]["gone"]
    equal((shown["effective_fixed_devices"], shown["effective_target_devices"]), (len(half), len(ids) - silent))
    equal([(point["fixed_devices"], point["target_devices"]) for point in shown["progress_history"]],
          [(0, len(ids)), (len(half), len(ids))])
    context.tvm.run("sync")
    equal(context.tvm.json("activity", context.activity)["progress_history"], shown["progress_history"])
    check("2 hours" in context.tvm.run("activity", context.activity).out, "the expected delay is not told")


@test
def all_patched(context):
    """the activity is completed by the system when every target is patched"""
    shown = context.tvm.json("activity", context.activity)
    context.demo.patch(context.recommendation, [row["id"] for row in shown["devices"]])
    context.tvm.run("sync")
    shown = context.tvm.json("activity", context.activity)
    equal((shown["status"], shown["completion"], shown["completed_by"]), ("completed", "system", None))
    equal(shown["fixed_devices"], shown["target_devices"])
    last = shown["progress_history"][-1]
    equal((len(shown["progress_history"]), last["fixed_devices"]), (3, shown["target_devices"]))
    check(shown["completed_on"] is not None, "no instant of completion")
    check("System confirmation" in context.tvm.run("activity", context.activity).out,
          "who completed it is not told")
    context.tvm.refuse("complete", context.activity)


@test
def attention(context):
    """attention required has no due date, no progress and no ticket"""
    tvm, about = context.tvm, pick(context, "upgrade", 1)
    words = ["request", about["id"], "--type", "attention-required", "--all-groups"]
    tvm.refuse(*words, "--due", to_come())
    tvm.refuse(*words, "--intune")
    activity = tvm.json(*words)
    equal((activity["due_on"], activity["fixed_devices"], activity["tickets"]), (None, None, []))
    context.attention = activity["id"]
    shown = tvm.json("activity", activity["id"])
    equal((shown["effective_target_devices"], shown["progress_history"]), (None, []))


@test
def completed_by_hand(context):
    """an activity marked as completed shows the person's e-mail address, and why in its history"""
    context.tvm.refuse("complete", context.attention, "--note", "x" * 20000, names=["too long"])
    done = context.tvm.json("complete", context.attention, "--note", "Ersetzt – 日本語")
    equal((done["status"], done["completion"], done["completed_by"]),
          ("completed", "manual", context.email))
    context.tvm.refuse("complete", context.attention)
    told = context.tvm.run("activity", context.attention).out
    check(context.email in told and "Ersetzt – 日本語" in told, f"address or note is not told: {told}")
    last = context.tvm.json("activity", context.attention)["history"][0]
    equal((last["kind"], last["who"], last["detail"]), ("completed-manual", context.email, "Ersetzt – 日本語"))
    history = context.tvm.run("export", "history", context.attention[:8], "--output", "-", "--format", "machine").out
    equal([line.split(",")[4:6] for line in history.splitlines()[1:]],
          [[context.email, "requested"], [context.email, "completed-manual"]])


def as_cell(value):
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def read_csv(path, mark):
    with open(path, "rb") as stream:
        data = stream.read()
    equal(data.startswith(b"\xef\xbb\xbf"), mark, "the byte order mark")
    check(data.endswith(b"\r\n"), "the last row has no CRLF")
    return list(csv.reader(data.decode("utf-8-sig").splitlines(keepends=True)))


# A row about an activity and one of its devices says whose each column is.
HEADINGS = {"device_id": "id", "device_name": "name", "device_group": "group"}


@test
def exported(context):
    """exports hold the lists row for row, whole or not at all"""
    tvm, n = context.tvm, 0
    devices = tvm.json("activity", context.activity)["devices"]
    for words, rows in ((["activities"], tvm.json("activities")), (["devices"], tvm.json("devices")),
                        (["recommendations"], tvm.json("recommendations")),
                        (["activity", context.activity], devices)):
        n += 1
        path = os.path.join(context.home, f"export-{n}.csv")
        told = tvm.json("export", *words, "--output", path, "--format", "machine")
        equal(told["rows"], len(rows), f"rows told of {words}")
        table = read_csv(path, False)
        equal(len(table) - 1, len(rows), f"rows of {words}")
        names = [HEADINGS.get(heading, heading) for heading in table[0]]
        common = [name for name in names if name in rows[0] and not isinstance(rows[0][name], list)]
        check(len(common) >= 4, f"{words}: the headings are {table[0]}")
        for line, row in zip(table[1:], rows):
            for name in common:
                if not isinstance(row[name], float):
                    equal(line[names.index(name)], as_cell(row[name]), f"{words} {name}")
        standard = tvm.run("export", *words, "--output", "-", "--format", "machine").out
        with open(path, newline="", encoding="utf-8") as stream:
            equal(stream.read(), standard, "standard output")
        equal(read_csv_spreadsheet(context, words), len(rows))


@test
def exported_with_devices(context):
    """without an ID the devices of all activities that the search finds are exported, each as of itself"""
    tvm, path = context.tvm, os.path.join(context.home, "all.csv")
    one_by_one = []
    # Those of the portal's activities are asked for when they are exported for the first time.
    for activity in tvm.json("activities"):
        tvm.run("export", "activity", activity["id"], "--format", "machine", "--force", "--output", path)
        one_by_one += read_csv(path, False)[1:]
    tvm.run("export", "activity", "--format", "machine", "--force", "--output", path)
    together = read_csv(path, False)
    check(len({row[0] for row in one_by_one}) >= 2, "too few activities have devices")
    equal(together[1:], one_by_one)


def read_csv_spreadsheet(context, words):
    path = os.path.join(context.home, "spreadsheet.csv")
    context.tvm.run("export", *words, "--output", path, "--force")
    return len(read_csv(path, True)) - 1


def set_in_store(context, sql, *values):
    connection = sqlite3.connect(context.tvm.store_path)
    with connection:
        connection.execute(sql, values)
    connection.close()


@test
def archive(context):
    """a completed activity leaves for the archive, which lists, searches and exports it with its devices"""
    tvm, activity = context.tvm, context.activity
    before = tvm.json("activity", activity)
    had = {row["id"] for row in tvm.json("activities", "--archived")}
    day_us = 24 * 3600 * 1000000
    set_in_store(context, "UPDATE activity SET completed_us = completed_us - ? WHERE id = ?", 182 * day_us, activity)
    check(activity not in {row["id"] for row in tvm.json("activities")}, "it did not leave")
    rows = tvm.json("activities", "--archived")
    equal({row["id"] for row in rows}, had | {activity})
    check(activity in tvm.run("activities", "--archived").out, "the table lacks it")
    device = before["devices"][0]["name"]
    for text, wanted in ((activity[:13], {activity}), ("no such text", set())):
        equal({row["id"] for row in tvm.json("activities", "--archived", "--search", text)}, wanted, text)
    found = {row["id"] for row in tvm.json("activities", "--archived", "--search", device)}
    check(activity in found, f"{device} does not find it")
    check(activity not in {row["id"] for row in tvm.json("activities", "--search", device)}, "found among the others")
    path = os.path.join(context.home, "archive.csv")
    for words, wanted in ((["archive"], had | {activity}), (["archive", "--search", device], found),
                          (["archive", "--status", "active"], set())):
        told = tvm.json("export", *words, "--output", path, "--format", "machine", "--force")
        table = read_csv(path, False)
        equal(({line[0] for line in table[1:]}, told["rows"]), (wanted, len(wanted)), f"rows of {words}")
        equal((table[0][0], table[0][5]), ("id", "status"))
    states = [row["state"] for row in tvm.json("activity", activity)["devices"]]
    for state in ("remediated", "exposed"):
        told = tvm.json("export", "activity", activity, "--status", state, "--output", path, "--force")
        equal(told["rows"], states.count(state), state)
    check(activity not in tvm.run("export", "activities", "--output", "-").out, "exported with those that show")
    set_in_store(context, "UPDATE activity SET completed_us = completed_us + ? WHERE id = ?", 182 * day_us, activity)
    equal(tvm.json("activity", activity)["completed_on"], before["completed_on"])


@test
def other_tenants(context):
    """other seeds and page sizes, with and without linked pages, give whole lists and requests"""
    for name, options in (("linked", {"seed": 11, "page_size": 37, "next_links": True, "devices": 250}),
                          ("unlinked", {"seed": 12, "page_size": 50, "devices": 130})):
        demo = context.new_demo(recommendations=20, activities=9, **options)
        tvm = context.program(name)
        tvm.configure(demo)
        tvm.run("sign-in", "--device-code")
        tvm.run("config", "set", "intune-connection", "true")
        lists_told = {row["name"]: row["received"] for row in tvm.json("sync")}
        state = demo.state()
        for kind in ("recommendations", "devices", "activities"):
            equal(lists_told[kind], state[kind], f"{name}: {kind}")
        about = max((row for row in tvm.json("recommendations") if row["type"] == "update"),
                    key=lambda row: row["exposed_devices"])
        activity = tvm.json("request", about["id"], "--type", "update", "--priority", "low",
                            "--all-groups", "--intune")
        equal(activity["target_devices"], len(demo.exposed(about["id"])), f"{name}: targets")
        equal(len(demo.state()["tickets"]), 1, f"{name}: tickets")
        portal = next(row for row in tvm.json("activities") if row["origin"] == "defender")
        tvm.json("activity", portal["id"])
        detail = tvm.json("recommendation", about["id"])
        equal(sum(group["exposed"] for group in detail["groups"]), activity["target_devices"])

# SPDX-License-Identifier: GPL-3.0-or-later
"""What may go wrong on this computer: the outbox's lock, the clock, the store's file."""
import contextlib
import csv
import hashlib
import json
import os
import sqlite3
import subprocess
import zipfile

from tap import check, equal, test
from world import pick

DAY_S = 24 * 3600


@test
def no_lock(context):
    """a folder in the lock's place: told by every command that sends, and nothing is sent"""
    tvm = context.tvm
    lock = os.path.join(os.path.dirname(tvm.store_path), "outbox.lock")
    if os.path.exists(lock):
        os.unlink(lock)
    os.mkdir(lock)
    about = pick(context, "update", 2)["id"]
    told = tvm.run("request", about, "--type", "update", "--priority", "low", "--all-groups", "--intune", status=(0, 1))
    check(lock in told.err, told.err)
    tvm.forget_pace()
    for words in (("sync",), ("sync", "--json"), ("outbox", "retry", str(tvm.json("outbox", "list")[0]["id"]))):
        check(lock in tvm.run(*words, status=1).err, words)
    equal(context.demo.state()["tickets"], [])
    os.rmdir(lock)
    tvm.forget_pace()
    tvm.run("sync")
    equal(len(context.demo.state()["tickets"]), 1)


@test
def wrong_clock(context):
    """a clock that is a year off ends a sync, is told by status and clock, and can be accepted"""
    tvm = context.tvm
    equal(tvm.json("clock", "show")["state"], "good")
    equal(tvm.json("status")["clock_warning"], None)
    tvm.refuse("clock", "accept", names=["nothing contradicts"])
    for days in (-365, 365):
        context.demo.call("/_demo/clock", {"offset_seconds": days * DAY_S})
        words = f"365 days {'ahead of' if days < 0 else 'behind'} the services"
        tvm.forget_pace()
        check(words in tvm.run("sync", "--json", status=1).err, words)
        check(words in tvm.run("status").err, words)
        check(words in tvm.json("status")["clock_warning"], words)
        equal(tvm.json("clock", "show")["state"], "off")
    equal(tvm.json("clock", "accept")["state"], "good")
    for offset_s in (365 * DAY_S, 0):
        context.demo.call("/_demo/clock", {"offset_seconds": offset_s})
        tvm.forget_pace()
        tvm.run("sync")
    equal(tvm.json("clock", "show")["state"], "good")
    equal(tvm.run("clock", "set", status=2).out, "")


@test
def backups(context):
    """the first sync of a day makes one; an emptied store is told, kept aside and replaced by it"""
    tvm = context.tvm
    made = tvm.json("backup", "list")
    equal([row["reason"] for row in made], ["daily"])
    name = tvm.json("backup", "create")["name"]
    check(name in tvm.run("backup", "list").out, name)
    activities = tvm.json("activities")
    for ending in ("-wal", "-shm"):
        if os.path.exists(tvm.store_path + ending):
            os.unlink(tvm.store_path + ending)
    os.truncate(tvm.store_path, 0)
    check("backup list" in tvm.run("status", status=1).err, "no hint")
    kept = tvm.json("backup", "restore", name)["kept"]
    equal(os.path.getsize(kept), 0)
    equal(tvm.json("activities"), activities)
    tvm.run("backup", "restore", "nothing", status=1)
    os.unlink(tvm.store_path)
    for words in (("status",), ("config", "set", "it-admin-email", "new@contoso.example")):
        check("backup list" in tvm.run(*words, status=1).err, words)
    equal(tvm.json("backup", "restore", name)["kept"], None)
    equal(tvm.json("activities"), activities)


@test
def odd_folder(context):
    """where the folder's name is no UTF-8, JSON is all the same"""
    home = os.path.join(os.fsencode(context.home), b"odd-\xff")
    environment = {**os.environb, b"XDG_DATA_HOME": home}

    def run(*words):
        return subprocess.run([context.path, *words], env=environment, capture_output=True, check=True).stdout.decode()

    run("config", "set", "it-admin-email", "kept@contoso.example")
    name = run("backup", "create").strip()
    with open(os.path.join(home, b"tvm-remediate/default/store.db"), "w", encoding="utf-8") as file:
        file.write("damaged")
    check("odd-\ufffd" in json.loads(run("backup", "restore", name, "--json"))["kept"], "no name")


@test
def lost_profile(context):
    """a profile whose store is gone is one as long as it has backups, and is restored from them"""
    other = context.program("other")
    other.run("config", "set", "it-admin-email", "kept@contoso.example")
    name = other.json("backup", "create")["name"]
    os.unlink(other.store_path)
    check("backup list" in other.run("status", status=1).err, "no hint")
    other.run("backup", "restore", name)
    equal(other.run("config", "get", "it-admin-email").out.strip(), "kept@contoso.example")


@test
def backup_fails(context):
    """a daily backup that cannot be made fails no sync: it is told, and no longer once it can"""
    tvm = context.tvm
    folder = os.path.join(os.path.dirname(tvm.store_path), "backups")
    os.rename(folder, folder + ".away")
    with open(folder, "w"):
        pass
    try:
        check("daily backup" in tvm.run("sync").err, "nothing told")
        status = tvm.json("status")
        equal(status["last_error"], None)
        check("backups" in status["backup_warning"], status["backup_warning"])
        check("daily backup" in tvm.run("status").out, "nothing in status")
    finally:
        os.unlink(folder)
        os.rename(folder + ".away", folder)
    check("daily backup" not in tvm.run("sync").err, "told again")
    equal(tvm.json("status")["backup_warning"], None)


@test
def recovers(context):
    """what can be read of a damaged store is there again, the rest is told; a whole one is left alone"""
    tvm = context.tvm
    check("whole" in tvm.run("backup", "recover", status=1).err, "no reason")
    about = next(row for row in tvm.json("recommendations") if row["type"] == "update" and row["exposed_devices"] > 5)
    made = tvm.json("request", about["id"], "--type", "update", "--all-groups", "--priority", "high")
    tvm.json("backup", "create")
    tvm.spoil_table("exposure")
    said = tvm.json("backup", "recover")
    equal(said["is_whole"], True, "only a list is damaged")
    equal(tvm.json("activity", made["id"])["target_devices"], made["target_devices"])
    tvm.run("sync")
    now = tvm.json("activity", made["id"])
    equal([now[name] for name in ("status", "fixed_devices")], ["active", 0])
    check(os.path.exists(said["kept"]), said)


@test
def leaves_no_core(context):
    """a process of this program that crashes leaves no core dump, in a file or in a handler's pipe"""
    with open(f"/proc/{context.demo.process.pid}/limits") as file:
        limits = next(line for line in file if line.startswith("Max core file size")).split()
    # Or 0, where who started it forbade even that.
    check(limits[4:6] in (["1", "1"], ["0", "0"]), limits)


@test
def evidence(context):
    """an activity's evidence is an archive that sha256sum checks, and its history's lines by the README's words"""
    tvm = context.tvm
    about = next(row for row in tvm.json("recommendations") if row["type"] == "update" and row["exposed_devices"] > 5)
    made = tvm.json("request", about["id"], "--type", "update", "--all-groups", "--priority", "high", "--intune")
    tvm.run("sync")
    other = tvm.json("exception", "add", about["id"], "--justification", "risk-accepted", "--context", "Until the audit",
                     "--duration", "30", "--all-groups")
    path = os.path.join(context.home, "evidence.zip")
    said = tvm.json("export", "evidence", made["id"], "--output", path)
    with open(path, "rb") as file:
        equal(hashlib.sha256(file.read()).hexdigest(), said["sha256"])
    folder = os.path.join(context.home, "evidence")
    with zipfile.ZipFile(path) as archive:
        equal(archive.testzip(), None)
        archive.extractall(folder)
    equal(len(os.listdir(folder)), said["files"])
    done = subprocess.run(["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"], cwd=folder, check=False,
                          capture_output=True, text=True)
    equal([done.returncode, done.stdout], [0, ""])
    with open(os.path.join(folder, "manifest.json"), encoding="utf-8") as file:
        manifest = json.load(file)
    equal(manifest["activity_id"], made["id"])
    equal(manifest["history"]["head"], tvm.json("history", "verify")["activities"]["head"])
    rows = {name: len(read_csv(os.path.join(folder, name + ".csv")))
            for name in ("activity", "devices", "tickets", "exceptions", "history")}
    equal([rows["activity"], rows["devices"], rows["exceptions"]], [1, made["target_devices"], 1])
    equal(rows["tickets"], len(made["tickets"]))
    equal(rows["history"], len(tvm.json("activity", made["id"])["history"]))
    with open(os.path.join(folder, "README.txt"), encoding="utf-8") as file:
        readme = file.read()
    check("for a formula" in readme, "nothing of what a spreadsheet makes of it")
    loop = next(line.strip() for line in readme.splitlines() if "while read" in line)
    for name in ("history-hashes.txt", "exception-history-hashes.txt"):
        equal(run_loop(loop, folder, name), "")
    with open(os.path.join(folder, "history-hashes.txt"), encoding="utf-8") as file:
        lines = file.read()
    hashed, line = lines.splitlines()[0].replace("requested", "completed", 1).split("  ", 1)
    # Whatever stands in the hash's place: part of one, a pattern, nothing at all.
    for forged in (f"{hashed}  {line}\n", f"a  {line}\n", f".  {line}\n", f"  {line.replace(' ', '')}\n",
                   f"{lines}{hashed}  {line}"):
        with open(os.path.join(folder, "history-hashes.txt"), "w", encoding="utf-8") as file:
            file.write(forged)
        check("completed" in run_loop(loop, folder, "history-hashes.txt"), f"not found: {forged}")
    check(said["sha256"] != "", said)
    tvm.run("export", "evidence", made["id"], "--output", path, status=1)
    tvm.run("export", "evidence", made["id"], "--output", path, "--force")
    for words in ((), (made["id"], made["id"]), (made["id"], "--format", "xlsx")):
        tvm.run("export", "evidence", *words, "--output", path, "--force", status=2)
    tvm.run("exception", "cancel", other["id"])


def read_csv(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def run_loop(loop, folder, name):
    words = loop.replace("history-hashes.txt", name)
    return subprocess.run(["bash", "-c", words], cwd=folder, check=True, capture_output=True, text=True).stdout


@test
def history_is_verified(context):
    """a line of the history that somebody changes in the file is found"""
    tvm = context.tvm
    whole = tvm.json("history", "verify")
    equal([whole["activities"]["is_whole"], whole["exceptions"]["is_whole"]], [True, True])
    check(whole["activities"]["lines"] > 0 and len(whole["activities"]["head"]) == 64, whole)
    check("As written" in tvm.run("history", "verify").out, "no words")
    with contextlib.closing(sqlite3.connect(tvm.store_path)) as store, store:
        store.execute("DROP TRIGGER history_keeps")
        store.execute("UPDATE history SET who = 'nobody@contoso.example' WHERE key = 1")
    store.close()
    changed = tvm.json("history", "verify", status=1)["activities"]
    equal([changed["is_whole"], changed["first_changed"]], [False, 1])
    check("line 1" in tvm.run("history", "verify", status=1).out, "no words")
    path = os.path.join(context.home, "changed.zip")
    said = tvm.json("export", "evidence", tvm.json("activities")[0]["id"], "--output", path, status=1)
    equal(said["is_whole"], False)
    with zipfile.ZipFile(path) as archive:
        equal(json.loads(archive.read("manifest.json"))["history"]["first_changed"], 1)

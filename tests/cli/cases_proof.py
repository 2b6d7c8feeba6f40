# SPDX-License-Identifier: GPL-3.0-or-later
"""What may go wrong on this computer: the outbox's lock, the clock, the store's file."""
import os
import sqlite3

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
    """a process of this program that crashes leaves no core dump"""
    with open(f"/proc/{context.demo.process.pid}/limits") as file:
        limits = next(line for line in file if line.startswith("Max core file size")).split()
    equal(limits[4:6], ["0", "0"])


@test
def history_is_verified(context):
    """a line of the history that somebody changes in the file is found"""
    tvm = context.tvm
    whole = tvm.json("history", "verify")
    equal([whole["activities"]["is_whole"], whole["exceptions"]["is_whole"]], [True, True])
    check(whole["activities"]["lines"] > 0 and len(whole["activities"]["head"]) == 64, whole)
    check("As written" in tvm.run("history", "verify").out, "no words")
    with sqlite3.connect(tvm.store_path) as store:
        store.execute("DROP TRIGGER history_keeps")
        store.execute("UPDATE history SET who = 'nobody@contoso.example' WHERE key = 1")
    store.close()
    changed = tvm.json("history", "verify", status=1)["activities"]
    equal([changed["is_whole"], changed["first_changed"]], [False, 1])
    check("line 1" in tvm.run("history", "verify", status=1).out, "no words")

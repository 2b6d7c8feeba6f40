# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that are written and the file systems they are on."""
import contextlib
import ctypes
import json
import os
import shutil
import signal
import sqlite3
import stat
import subprocess
import threading
import time

from tap import check, equal, test

# As many as a full sync asks for without waiting.
TENANT = {"recommendations": 8}
INSIDE = "tvm-remediate: "


def mounted(script, *arguments):
    """Runs a shell script where it may mount file systems that nobody else sees; None where that is not let."""
    if not can_mount():
        return None
    return subprocess.run(["unshare", "-m", "sh", "-ec", script, "sh", *arguments], capture_output=True,
                          text=True, timeout=120)


def can_mount():
    if shutil.which("unshare") is None:
        return False
    return subprocess.run(["unshare", "-m", "sh", "-c", "mount -t tmpfs none /mnt"],
                          capture_output=True).returncode == 0


def folder(context, name):
    path = os.path.join(context.home, name)
    os.makedirs(path)
    return path


@test
def pipes(context):
    """what is no file is written through or refused, never replaced, by every command that writes one"""
    tvm = context.tvm
    where = folder(context, "pipes")
    activity = tvm.json("activities", "--limit", "1")[0]["id"]
    commands = [
        ("export", "devices", "--format", "machine", "--force", "--output"),
        ("export", "devices", "--format", "xlsx", "--force", "--output"),
        ("export", "activity", activity, "--format", "name-list", "--force", "--all-devices", "--output"),
        ("export", "activity", activity, "--format", "collection-script", "--force", "--all-devices",
         "--output"),
        ("notify", activity, "--attach"),
    ]
    for number, words in enumerate(commands):
        whole = os.path.join(where, f"{number}.file")
        pipe = os.path.join(where, f"{number}.pipe")
        os.mkfifo(pipe)
        tvm.run(*words, whole)
        got = []
        reader = threading.Thread(target=lambda: got.append(open(pipe, "rb").read()), daemon=True)
        reader.start()
        tvm.run(*words, pipe)
        reader.join(30)
        check(stat.S_ISFIFO(os.lstat(pipe).st_mode), f"{words[:4]} replaced the pipe")
        with open(whole, "rb") as stream:
            wanted = stream.read()
        if "xlsx" in words:
            equal((got[0][:4], wanted[:4]), (b"PK\3\4", b"PK\3\4"), "the beginning of a spreadsheet")
        else:
            equal(got[0], wanted, f"what went through the pipe of {words[:4]}")
        null = os.path.join(where, f"{number}.null")
        os.symlink("/dev/null", null)
        tvm.run(*words, null)
        check(stat.S_ISCHR(os.stat("/dev/null").st_mode), f"{words[:4]} replaced /dev/null")
        check(os.path.islink(null), f"{words[:4]} replaced the link to /dev/null")
        tvm.run(*words, "/dev/null")


@test
def nobody_reads(context):
    """a pipe that nobody reads is told"""
    pipe = os.path.join(folder(context, "unread"), "pipe")
    os.mkfifo(pipe)
    result = context.tvm.run("export", "devices", "--force", "--output", pipe, status=1)
    check("Nobody reads" in result.err, result.err)


@test
def kept(context):
    """a replaced file keeps its mode, a link stays, a name of 255 bytes works"""
    where = folder(context, "kept")
    plain, link = os.path.join(where, "plain.csv"), os.path.join(where, "link.csv")
    with open(plain, "w", encoding="utf-8") as stream:
        stream.write("old")
    os.chmod(plain, 0o644)
    os.symlink("plain.csv", link)
    context.tvm.run("export", "devices", "--force", "--output", link)
    check(os.path.islink(link) and not os.path.islink(plain), "the link was replaced")
    equal(stat.S_IMODE(os.stat(plain).st_mode), 0o644, "mode")
    with open(plain, encoding="utf-8-sig") as stream:
        check(stream.readline().startswith("ID,"), "the target was not replaced")
    context.tvm.run("export", "devices", "--output", os.path.join(where, "n" * 251 + ".csv"))
    equal(len(os.listdir(where)), 3, "files")


@test
def killed(context):
    """nothing is left of an export that was killed"""
    where = folder(context, "killed")
    probe = os.open(where, os.O_TMPFILE | os.O_WRONLY)  # elsewhere there may be something left
    os.close(probe)
    deadline = time.monotonic() + 60
    n_killed, path = 0, os.path.join(where, "list.csv")
    while n_killed < 5 and time.monotonic() < deadline:
        if os.path.exists(path):
            os.remove(path)
        process = subprocess.Popen([context.path, "export", "history", "--force", "--output", path],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while process.poll() is None and not is_writing(process.pid, where):
            pass
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            n_killed += process.wait() == -signal.SIGKILL
    check(n_killed > 0, "no export was killed while it wrote")
    equal([name for name in os.listdir(where) if name != "list.csv"], [], "files left")


def is_writing(pid, where):
    """Whether the process has a file open in the folder, or one there was."""
    try:
        return any(os.readlink(f"/proc/{pid}/fd/{fd}").startswith(where + "/")
                   for fd in os.listdir(f"/proc/{pid}/fd"))
    except OSError:
        return False


@test
def limits(context):
    """a limit of the size of files, and a full disk, end in words and leave nothing"""
    where = folder(context, "limits")
    for form in ("spreadsheet", "xlsx"):
        path = os.path.join(where, "list." + form)
        done = subprocess.run(["bash", "-c", 'ulimit -f 40; exec "$@"', "bash", context.path, "export",
                               "devices", "--format", form, "--output", path], capture_output=True, text=True)
        equal(done.returncode, 1, f"status of {form}: {done.stderr!r}")
        check(done.stderr.startswith(INSIDE) and done.stderr.count("\n") == 1, done.stderr)
        check("File too large" in done.stderr or "ulimit" in done.stderr, done.stderr)
        equal(os.listdir(where), [], "files left")
        done = mounted('mount -t tmpfs -o size=16k none "$1"; shift; "$@" && exit 99; ls -A "$D"; exit 0'
                       .replace("$D", where), where, context.path, "export", "devices", "--format", form,
                       "--output", path)
        if done is not None:
            equal((done.returncode, done.stdout), (0, ""), f"a full disk: {done.stderr!r}")
            check(done.stderr.startswith(INSIDE) and "No space left" in done.stderr, done.stderr)


@test
def store_limit(context):
    """a store that cannot grow says so"""
    home = folder(context, "small")
    for limit in ("4", "200"):
        done = subprocess.run(["bash", "-c", f'ulimit -f {limit}; exec "$@"', "bash", context.path, "config",
                               "set", "it-admin-email", "it@example.com"], capture_output=True, text=True,
                              env={**os.environ, "XDG_DATA_HOME": home})
        equal(done.returncode, 1, f"status, {done.stderr!r}")
        check("File too large" in done.stderr, done.stderr)
    # What readers and writers share of a store that is there, and a copy of it.
    for limit, words in (("4", ["status"]), ("200", ["backup", "create"])):
        done = subprocess.run(["bash", "-c", f'ulimit -f {limit}; exec "$@"', "bash", context.path, *words],
                              capture_output=True, text=True)
        equal(done.returncode, 1, f"status of {words}, {done.stderr!r}")
        check("File too large" in done.stderr, f"{words}: {done.stderr}")


@test
def relative(context):
    """relative folders of the XDG variables are ignored"""
    where = folder(context, "relative")
    home = folder(context, "relative-home")
    names = ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME")
    environment = {**os.environ, "HOME": home, **dict.fromkeys(names, "some/folder")}
    subprocess.run([context.path, "config", "set", "it-admin-email", "it@example.com"], cwd=where,
                   env=environment, check=True)
    equal(os.listdir(where), [], "what was made in the current folder")
    check(os.path.exists(os.path.join(home, ".local/share/tvm-remediate/default/store.db")), "no store")


@test
def no_locks(context):
    """a file system without locks is told as that, at once"""
    shim = os.environ.get("TVM_TEST_NO_LOCKS")
    if not shim:
        return
    result = context.tvm.run("status", status=1, env={"LD_PRELOAD": shim})
    check("has no locks" in result.err, result.err)


READ = (["status"], ["recommendations"], ["devices"], ["activities"], ["activities", "--archived"],
        ["exceptions"], ["outbox", "list"], ["config", "list"], ["due"],
        ["export", "devices", "--output", "-"], ["export", "history", "--output", "-"],
        ["export", "activity", "--output", "-"], ["export", "archive", "--output", "-"])


@test
def read_only(context):
    """where nothing can be written, or the disk is full, everything can be read, and what would write says why not"""
    tvm = context.tvm
    one = tvm.json("activities", "--limit", "1")[0]["id"]
    other = tvm.json("recommendations", "--limit", "1")[0]["id"]
    words = [*READ, ["activity", one], ["recommendation", other], ["notify", one]]
    tvm.run("recommendation", other)  # what it asks the service for is there then
    words = [[context.path, *([] if each[0] == "export" else ["--json"]), *each] for each in words]
    wanted = [subprocess.run(each, capture_output=True, text=True) for each in words]
    for spoil in ("mount -o remount,ro /mnt", "dd if=/dev/zero of=/mnt/fill bs=4k 2>/dev/null || :"):
        script = f"""
            mount -t tmpfs -o size=64m none /mnt; cp -a "$1"/. /mnt; rm -f /mnt/*/*/*.lock; {spoil}
            export XDG_DATA_HOME=/mnt; shift; exec "$@" """
        for each, before in zip(words, wanted):
            done = mounted(script, context.data_home, *each)
            if done is None:
                return
            equal((done.returncode, done.stderr), (before.returncode, before.stderr), f"{spoil}: {each[1:]}")
            at = len(os.path.commonprefix([done.stdout, before.stdout]))
            check(done.stdout == before.stdout or "status" in each,
                  f"{each[1:]}: {done.stdout[at - 80:at + 80]!r} instead of {before.stdout[at - 80:at + 80]!r}")
        for each in (["complete", one], ["config", "set", "it-admin-email", "a@example.com"], ["sync"],
                     ["sign-out", "--delete-data"],
                     ["request", other, "--type", "attention-required", "--all-groups"]):
            done = mounted(script, context.data_home, context.path, *each)
            equal(done.returncode, 1, f"{spoil}: {each}: {done.stdout!r} {done.stderr!r}")
            check("can be read, but not changed" in done.stderr, f"{spoil}: {each}: {done.stderr!r}")
        done = mounted(script, context.data_home, context.path, "backup", "create")
        check(done.returncode == 1 and ("Read-only file system" in done.stderr or " full" in done.stderr),
              f"{spoil}: {done.stderr!r}")
        check("damaged" not in done.stderr and "move it away" not in done.stderr, done.stderr)
        equal(tvm.json("status")["account"], context.email, "“nothing was changed”, yet signed out")


@test
def read_only_log(context):
    """of a store that was not closed, all is read where nothing can be written: with SQLite's index of the log, and without"""
    if not can_mount():
        return
    where = folder(context, "logged")
    whole, copy = os.path.join(where, "whole"), os.path.join(where, "copy")
    shutil.copytree(context.data_home, whole)
    with contextlib.closing(sqlite3.connect(os.path.join(whole, "tvm-remediate/default/store.db"))) as store:
        store.execute("PRAGMA wal_autocheckpoint = 0")
        store.execute("INSERT OR REPLACE INTO setting (name, value) VALUES ('retention-days', '77')")
        store.commit()
        shutil.copytree(whole, copy)
    check(os.path.getsize(os.path.join(copy, "tvm-remediate/default/store.db-wal")) > 0, "no log")
    for spoil in (":", "rm /mnt/tvm-remediate/default/store.db-shm"):
        script = f'mount -t tmpfs none /mnt; cp -a "$1"/. /mnt; {spoil}; mount -o remount,ro /mnt; shift; exec "$@"'
        for words, wanted in ((["config", "get", "retention-days"], "77\n"), (["devices"], context.tvm.run("devices").out)):
            done = mounted("export XDG_DATA_HOME=/mnt; " + script, copy, context.path, *words)
            equal((done.returncode, done.stdout, done.stderr), (0, wanted, ""), f"{spoil}: {words}")


ODD = {"bidi": "\u202e", "isolate": "\u2066", "zero-width": "\u200b", "joiner": "\u200d", "tag": "\U000e0041",
       "line": "\u2028", "paragraph": "\u2029", "control": "\x1b", "c1": "\x9b"}


@test
def odd_texts(context):
    """what nobody sees does not come in: not on the terminal, in JSON, CSV or the store"""
    tvm, demo = context.tvm, context.demo
    demo.call("/_demo/faults", {"path": "/api/", "kind": "odd-texts", "times": 10000})
    tvm.forget_pace()
    tvm.run("sync", "--full")
    demo.call("/_demo/faults", method="DELETE")
    check("odd" in tvm.run("devices").out, "the tenant did not spoil its texts")
    shown = [tvm.run("devices").out, tvm.run("devices", "--json").out, tvm.run("activities", "--json").out,
             tvm.run("recommendations").out, json.dumps(tvm.json("recommendations"), ensure_ascii=False),
             tvm.run("export", "devices", "--format", "machine", "--output", "-").out, tvm.dump()]
    for name, character in ODD.items():
        for text in shown:
            check(character not in text, f"{name} in {text[max(0, text.find(character) - 40):][:80]!r}")
            check(f"\\u{ord(character):04x}" not in text.lower(), f"{name} escaped")


@test
def pasted_texts(context):
    """nor does it come in with what a person pastes: notes, a context, a comment; lines stay"""
    tvm = context.tvm
    text = "pasted" + "".join(ODD.values()) + "\nfrom an advisory"
    about = next(row["id"] for row in tvm.json("recommendations") if row["exposed_devices"])
    activity = tvm.json("request", about, "--type", "attention-required", "--all-groups", "--note", text)
    check(activity["notes"].startswith("pasted") and activity["notes"].endswith("\nfrom an advisory"), activity["notes"])
    tvm.run("comment", activity["id"], text)
    tvm.run("complete", activity["id"], "--note", text)
    tvm.run("exception", "add", about, "--justification", "risk-accepted", "--context", text, "--duration", "30",
            "--all-groups")
    shown = [tvm.run("activity", activity["id"], "--json").out, tvm.run("exceptions", "--json").out, tvm.dump()]
    for name, character in ODD.items():
        for out in shown:
            check(character not in out and f"\\u{ord(character):04x}" not in out.lower(),
                  f"{name} in {out[max(0, out.find(character) - 40):][:80]!r}")

# SPDX-License-Identifier: GPL-3.0-or-later
"""Bad input of every kind: a status, a message naming the problem, a store as before."""
import os
import sqlite3
import subprocess

from tap import check, equal, test
from world import pick

MIB = 1024 * 1024


@test
def usage(context):
    """wrong usage gives status 2 and says what is wrong"""
    tvm = context.tvm
    for words, name in ((["frobnicate"], "frobnicate"), (["withdraw"], "withdraw"),
                        (["exception", "add"], "exception"), (["due", "--within", "-1"], "--within"), (["due", "--within", "soon"], "soon"),
                        (["sync", "--frob"], "--frob"), (["sign-in", "--device-code", "--no-browser"], "--device-code"),
                        (["config"], "config"), (["config", "get"], "config"),
                        (["config", "get", "no-key"], "no-key"), (["activity"], "activity"),
                        (["activity", "a", "b"], "b"), (["devices", "--limit", "x"], "x"),
                        (["devices", "--limit", "-2"], "-2"),
                        (["activities", "--status", "odd"], "odd"), (["devices", "--status", "odd"], "odd"),
                        (["export", "archives", "--output", "x"], "archive or history"),
                        (["export", "archive", "x", "--output", "x"], "too many"),
                        (["export", "archive", "--output", "x", "--status", "odd"], "active, completed"),
                        (["export", "history", "--output", "x", "--status", "odd"], "no status"),
                        (["export", "activity", "a", "--output", "x", "--status", "odd"], "exposed-again"),
                        (["export", "activities"], "--output"),
                        (["export", "devices", "--output", "x", "--format", "odd"], "odd"),
                        (["devices", b"--search=\xff\xfe"], "UTF-8")):
        result = tvm.run(*words, status=2)
        check(name.lower() in result.err.lower(), f"{words}: {result.err!r}")
        equal(result.out, "", f"output of {words}")
    for profile in ("../x", ".x", "a/b", "x" * 65, "", "a b", "ä"):
        done = subprocess.run([context.path, "--profile", profile, "status"], capture_output=True)
        equal(done.returncode, 2, f"profile {profile!r}")
    check("request" in tvm.run("--help").out, "--help lists no commands")
    check(tvm.run("--version").out.startswith("tvm-remediate "), "--version")
    check("--due" in tvm.run("request", "--help").out, "request --help")


@test
def requests(context):
    """a bad request leaves the store as it is"""
    tvm = context.tvm
    about = "va-_-no-_-such"
    words = ["--type", "update", "--priority", "low", "--all-groups"]
    tvm.refuse("request", about, status=2, names=["--type"])
    tvm.refuse("request", about, "--type", "odd", "--all-groups", status=2, names=["odd"])
    tvm.refuse("request", about, "--type", "update", status=2, names=["--all-groups"])
    tvm.refuse("request", about, *words, "--group", "A", status=2, names=["--group"])
    tvm.refuse("request", about, *words, "--split", status=2, names=["--intune"])
    for date in ("2026-02-30", "tomorrow", "2026-1-1", ""):
        tvm.refuse("request", about, *words, "--due", date, status=2, names=["YYYY-MM-DD"])
    tvm.refuse("request", about, *words, "--note", "n" * 100000, names=["100000"])
    tvm.refuse("request", about, *words, b"--note=\xff", status=2, names=["UTF-8"])
    try:
        tvm.refuse("request", about, *words, "--note", "n" * MIB)
    except OSError:
        pass  # the system itself refuses an argument of that size
    tvm.refuse("activity", "no-such-id", names=["no-such-id"])
    tvm.refuse("recommendation", about, names=[about])
    tvm.refuse("complete", "no-such-id", names=["no-such-id"])
    tvm.refuse("config", "set", "cloud", "odd", status=2, names=["odd"])
    for key in ("authority-url", "defender-url", "graph-url"):
        tvm.refuse("config", "set", key, "http://example.com", status=2, names=[f"{key}: “http://example.com”"])


@test
def requests_of_real_things(context):
    """what does not fit a real recommendation is refused, naming it"""
    tvm = context.tvm
    about = pick(context, "update")["id"]
    tvm.json("recommendation", about)
    words = ["--priority", "low", "--all-groups"]
    tvm.refuse("request", "va-_-no-_-such", "--type", "update", *words, names=["va-_-no-_-such"])
    tvm.refuse("request", about, "--type", "uninstall", *words, names=["Uninstall"])
    tvm.refuse("request", about, "--type", "update", *words, "--due", "2020-01-01", names=["2020-01-01"])
    tvm.refuse("request", about, "--type", "update", "--all-groups", names=["priority"])
    tvm.refuse("request", about, "--type", "update", "--priority", "low", "--group", "No such group",
               names=["No such group"])


@test
def outputs(context):
    """an export never replaces a file unasked and leaves nothing half written"""
    tvm = context.tvm
    folder = os.path.join(context.home, "outputs")
    os.mkdir(folder)
    path = os.path.join(folder, "there.csv")
    with open(path, "w", encoding="utf-8") as stream:
        stream.write("mine")
    tvm.refuse("export", "devices", "--output", path, names=["there.csv"])
    with open(path, encoding="utf-8") as stream:
        equal(stream.read(), "mine")
    tvm.refuse("export", "devices", "--output", os.path.join(folder, "no", "x.csv"), names=["x.csv"])
    tvm.refuse("export", "devices", "--output", folder, names=["outputs"])
    tvm.refuse("export", "devices", "--output", "/proc/x.csv", names=["/proc/x.csv"])
    tvm.refuse("export", "activity", "no-such-id", "--output", os.path.join(folder, "x.csv"),
               names=["no-such-id"])
    equal(os.listdir(folder), ["there.csv"], "the files there")
    tvm.run("export", "devices", "--output", path, "--force")
    check(os.path.getsize(path) > 100, "--force wrote nothing")
    with open("/dev/full", "wb") as full:
        done = subprocess.run([context.path, "devices", "--json"], stdout=full, stderr=subprocess.PIPE)
    equal(done.returncode, 1, "status on a full disk")


@test
def stores(context):
    """a store of a newer version and a file that is no store are refused and kept"""
    newer, broken = context.program("newer"), context.program("broken")
    newer.run("config", "set", "retention-days", "30")
    connection = sqlite3.connect(newer.store_path)
    connection.execute("PRAGMA user_version=9999")
    connection.commit()
    connection.close()
    newer.refuse("activities", names=["newer"])
    newer.refuse("config", "set", "retention-days", "90", names=["newer"])
    broken.run("config", "set", "retention-days", "30")
    for name in os.listdir(os.path.dirname(broken.store_path)):
        os.unlink(os.path.join(os.path.dirname(broken.store_path), name))
    with open(broken.store_path, "w", encoding="utf-8") as stream:
        stream.write("this is not a database, " * 100)
    broken.run("activities", status=1)
    broken.run("sync", status=1)
    with open(broken.store_path, encoding="utf-8") as stream:
        equal(stream.read(), "this is not a database, " * 100, "the file")

# SPDX-License-Identifier: GPL-3.0-or-later
"""Offline and signed out: what is stored stays usable. Ends its demo tenant."""
import os
import shutil
import signal
import subprocess
import time

from tap import check, equal, test
from world import pick


@test
def window(context):
    """without a command the program becomes the window's, with all of its arguments"""
    folder = os.path.join(context.home, "installed")
    libexec = os.path.join(folder, "libexec", "tvm-remediate")
    os.makedirs(libexec)
    os.makedirs(os.path.join(folder, "bin"))
    program = shutil.copy(context.path, os.path.join(folder, "bin"))
    # Also where the program is installed: it looks for a window that nobody has, of a name as long.
    with open(program, "r+b") as stream:
        data = stream.read()
        stream.seek(0)
        stream.write(data.replace(b"tvm-remediate-window\0", b"tvm-remediate-absent\0"))
    missing = subprocess.run([program, "--demo"], capture_output=True, text=True, timeout=30)
    equal(missing.returncode, 1, "status without the window")
    check("not installed" in missing.stderr, f"without its window it says {missing.stderr!r}")
    shutil.copy(context.path, program)
    stub = os.path.join(libexec, "tvm-remediate-window")
    with open(stub, "w", encoding="utf-8") as stream:
        stream.write('#!/bin/sh\necho "$$ $*"\nexit 7\n')
    os.chmod(stub, 0o755)
    for words in (["--demo"], ["--profile", "other"], []):
        process = subprocess.Popen([program, *words], stdout=subprocess.PIPE, text=True)
        out = process.communicate(timeout=30)[0]
        equal((process.returncode, out.split()), (7, [str(process.pid), *words]), f"the window of {words}")


@test
def interrupted(context):
    """Ctrl-C ends a sync that waits for a service, in words, and the store stays as it is"""
    tvm, demo = context.tvm, context.demo
    before = [tvm.json("recommendations"), tvm.json("devices"), tvm.json("activities")]
    demo.call("/_demo/faults", {"path": "/api/", "kind": "stall", "times": 1000})

    def calls():
        return {key: n for key, n in demo.call("/_demo/stats")["requests"].items() if "/api/" in key}

    n_before = calls()
    process = subprocess.Popen([context.path, "--profile", tvm.profile, "sync"],
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    while calls() == n_before and time.monotonic() < deadline:
        check(process.poll() is None, "the sync ended by itself")
    check(calls() != n_before, "the sync called nobody")
    process.send_signal(signal.SIGINT)
    err = process.communicate(timeout=30)[1]
    equal(process.returncode, 1, f"status after Ctrl-C; it said {err!r}")
    check(err.strip() != "" and "Traceback" not in err, f"it said {err!r}")
    demo.call("/_demo/faults", method="DELETE")
    equal([tvm.json("recommendations"), tvm.json("devices"), tvm.json("activities")], before, "the lists")


@test
def two_offline(context):
    """of two requests at once, each says that its own ticket could not be sent, whoever tries to send both"""
    tvm, demo = context.tvm, context.demo
    about = pick(context, "update")["id"]
    tvm.run("recommendation", about)
    demo.call("/_demo/faults", {"path": "/beta/deviceAppManagement", "method": "POST", "kind": "status",
                                "status": 503, "times": 1000})
    command = [context.path, "--profile", tvm.profile, "--json", "request", about, "--type", "update",
               "--priority", "low", "--all-groups", "--intune"]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    told = [process.communicate(timeout=90) for process in both]
    for process, (out, err) in zip(both, told):
        equal(process.returncode, 4, err)
        check("waits in the outbox" in err and '"outbox"' in out, err)
    demo.call("/_demo/faults", method="DELETE")
    for entry in tvm.json("outbox", "list"):
        tvm.run("outbox", "revoke", str(entry["id"]))
    equal(tvm.json("outbox", "list"), [])


@test
def offline(context):
    """offline everything synced is there; a request waits in the outbox and is sent once"""
    tvm, demo = context.tvm, context.demo
    about = pick(context, "update")
    tvm.json("recommendation", about["id"])
    n_tickets = len(demo.state()["tickets"])
    demo.call("/_demo/faults", {"path": "/beta/deviceAppManagement", "kind": "reset", "times": 1000})
    activity = tvm.json("request", about["id"], "--type", "update", "--priority", "medium",
                        "--all-groups", "--intune", status=4)
    equal([ticket["status"] for ticket in activity["tickets"]], ["outbox"])
    equal(tvm.json("status")["outbox"], 1)
    entry = tvm.json("outbox", "list")[0]
    # That others' tickets cannot be looked at comes first, so nothing went out.
    equal((entry["activity_id"], entry["state"]), (activity["id"], "waiting"))
    check(entry["next_attempt"] > entry["since"] and entry["last_error"], f"{entry}")
    equal(tvm.json("status")["outbox_tickets"], [entry])
    tvm.run("outbox", "retry", str(entry["id"]), status=4)
    tvm.run("outbox", "retry", "0", status=2)
    tvm.run("outbox", "revoke", "4711", status=1)
    demo.call("/_demo/faults", method="DELETE")
    tvm.run("sync")
    tvm.run("sync")
    equal(tvm.json("status")["outbox"], 0)
    equal(len(demo.state()["tickets"]), n_tickets + 1)
    equal(tvm.json("activity", activity["id"])["tickets"][0]["status"], "pending")
    demo.stop()
    before = tvm.json("devices")
    tvm.run("sync", status=4)
    equal(tvm.json("devices"), before)
    equal(tvm.json("complete", activity["id"])["completed_by"], context.email)


@test
def signed_out(context):
    """no token is in the store; after sign-out a sync asks to sign in, the data stay"""
    tvm = context.tvm
    with open(tvm.store_path, "rb") as stream:
        text = stream.read().lower()
    for word in (b"refresh_token", b"access_token", b"bearer "):
        check(word not in text, f"{word} is in the store")
    n = len(tvm.json("activities"))
    tvm.run("sign-out")
    equal(tvm.json("status")["account"], None)
    tvm.run("sync", status=3)
    equal(len(tvm.json("activities")), n)

# SPDX-License-Identifier: GPL-3.0-or-later
"""Services that ask to wait or answer too little: what a script learns of it."""
import datetime
import signal
import subprocess
import time

from tap import check, equal, test
from world import pick

RETRY_AFTER = 40


@test
def throttled(context):
    """while a sync waits for a throttled service, status tells another process when the next call is made"""
    # In a profile of its own, for it keeps to what it was told beyond this test.
    tvm, demo = context.program("throttled"), context.demo
    tvm.configure(demo)
    tvm.run("sign-in", "--device-code")
    equal(tvm.json("status")["next_call"], None)
    demo.call("/_demo/faults", {"path": "/api/", "kind": "status", "status": 429,
                                "retry_after": RETRY_AFTER, "times": 1000})
    process = subprocess.Popen([context.path, "--profile", tvm.profile, "sync"],
                               stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        next_call, deadline = None, time.monotonic() + 60
        while next_call is None and time.monotonic() < deadline:
            check(process.poll() is None, "the sync did not wait")
            next_call = tvm.json("status")["next_call"]
        check(next_call is not None, "status tells no next call")
        text = tvm.run("status").out
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
        demo.call("/_demo/faults", method="DELETE")
    wait = datetime.datetime.fromisoformat(next_call) - datetime.datetime.now(datetime.timezone.utc)
    check(0 < wait.total_seconds() <= RETRY_AFTER + 1, f"the next call is in {wait}")
    check("Next call" in text, text)


@test
def doubtful(context):
    """an inventory that came too short is told, and nothing is removed; the next whole one is not doubted"""
    tvm, demo = context.tvm, context.demo
    tvm.run("sync")
    before = len(tvm.json("devices", "--limit", "100000"))
    demo.call("/_demo/faults", {"path": "/api/machines", "exact": True, "kind": "short", "times": 1})
    done = tvm.run("sync", "--json")
    devices = [row for row in done.json if row["name"] == "devices"]
    check(devices and devices[0].get("doubtful", 0) > 0, f"{devices}")
    equal(devices[0]["removed"], 0)
    check(done.err.strip() != "", "not told in words")
    equal(len(tvm.json("devices", "--limit", "100000")), before)
    check(all("doubtful" not in row for row in tvm.json("sync")), "a whole list is doubted")
    demo.call("/_demo/faults", method="DELETE")


TOKEN_PATH = "/organizations/oauth2/v2.0/token"
TICKETS_PATH = "/beta/deviceAppManagement/deviceAppManagementTasks"


def start(tvm, *words):
    return subprocess.Popen([tvm.path, "--profile", tvm.profile, *words], stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, text=True)


def wait_for_fault(demo, process):
    """Until the tenant has been asked what it answers late."""
    deadline = time.monotonic() + 60
    while demo.call("/_demo/stats")["faults_left"] > 0:
        check(process.poll() is None, "the command ended by itself")
        check(time.monotonic() < deadline, "the command called nobody")


def end(process, number=signal.SIGINT):
    """Interrupts a command; returns what it said in the end."""
    process.send_signal(number)
    err = process.communicate(timeout=60)[1]
    equal(process.returncode, 1, f"status; it said {err!r}")
    check("Operation was cancelled" not in err, err)
    return err


@test
def renewal(context):
    """Ctrl-C and SIGTERM while the sign-in is renewed lose no sign-in: the answer is awaited, and kept"""
    tvm, demo = context.program("renewal"), context.demo
    tvm.configure(demo)
    tvm.run("sign-in", "--device-code")
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        demo.call("/_demo/faults", {"path": TOKEN_PATH, "kind": "delay", "delay_ms": 12000, "times": 1})
        process = start(tvm, "sync")
        wait_for_fault(demo, process)
        err = end(process, number)
        check("answer is awaited" in err and "Cancelled." in err, err)
    demo.call("/_demo/faults", {"path": TOKEN_PATH, "kind": "stall", "times": 1})
    process = start(tvm, "sync")
    wait_for_fault(demo, process)
    process.send_signal(signal.SIGINT)
    check("answer is awaited" in process.stderr.readline(), "it does not say what it waits for")
    check("may be lost" in end(process), "it does not say that the sign-in may be lost")
    tvm.run("sync")


@test
def long_waits(context):
    """a throttled write waits in the outbox, and no command for it; for a read one does, and Ctrl-C ends that"""
    tvm, demo = context.tvm, context.demo
    throttle = {"kind": "status", "status": 429, "retry_after": RETRY_AFTER, "times": 1}

    def interrupt(path, method, *words):
        demo.call("/_demo/faults", {"path": path, "method": method, **throttle})
        process = start(tvm, *words)
        line = process.stderr.readline()
        while "is asked next in" not in line and line:
            line = process.stderr.readline()
        check(f"in {RETRY_AFTER} seconds" in line or f"in {RETRY_AFTER - 1} seconds" in line, f"it said {line!r}")
        err = end(process)
        check("Cancelled." in err, err)
        demo.call("/_demo/faults", method="DELETE")
        return err

    def throttled(path, method, *words, **more):
        demo.call("/_demo/faults", {"path": path, "method": method, **throttle, **more})
        err = tvm.run(*words).err
        demo.call("/_demo/faults", method="DELETE")
        return err

    about = pick(context, "update", 5)
    request = ("request", about["id"], "--type", "update", "--priority", "low", "--all-groups", "--intune")
    err = throttled(TICKETS_PATH, "POST", *request)
    check("asked to wait until" in err, err)
    entry = tvm.json("outbox", "list")[0]
    equal((entry["state"], entry["kind"]), ("waiting", "create"))
    check("429" in entry["last_error"], entry)
    check(entry["next_attempt"] is not None, entry)
    for words in (("outbox", "retry", str(entry["id"])), ("sync",)):
        err = tvm.run(*words).err
        check("asked to wait until" in err, err)
    for entry in tvm.json("outbox", "list"):
        equal(entry["state"], "waiting")
        tvm.run("outbox", "revoke", str(entry["id"]))
    equal(throttled(TICKETS_PATH, "POST", *request, status=503, retry_after=1).count("asked to wait"), 0)
    equal(tvm.json("outbox", "list"), [])
    activity = tvm.json(*request)
    ticket = activity["tickets"][0]["id"]
    err = throttled(TICKETS_PATH, "DELETE", "withdraw", ticket)
    check("waits in the outbox" in err and "asked to wait until" in err, err)
    entry = tvm.json("outbox", "list")[0]
    equal((entry["state"], entry["kind"]), ("waiting", "withdraw"))
    tvm.run("outbox", "revoke", str(entry["id"]))
    demo.call("/_demo/faults", {"path": TICKETS_PATH, "method": "POST", "kind": "reset", "times": 1})
    tvm.run(*request, status=4)
    entry = next(row for row in tvm.json("outbox", "list") if row["kind"] == "create")
    equal(entry["state"], "unsure")
    err = interrupt(TICKETS_PATH, "GET", "outbox", "revoke", str(entry["id"]))
    check("stays in the outbox" in err, err)
    equal([row["state"] for row in tvm.json("outbox", "list") if row["kind"] == "create"], ["unsure"])
    demo.call("/_demo/faults", {"path": TICKETS_PATH, "kind": "reset", "times": 1000})
    check("was not revoked" in tvm.run("outbox", "revoke", str(entry["id"]), status=4).err, "it was revoked")
    demo.call("/_demo/faults", method="DELETE")
    # It did not arrive, but only the second list of tickets, a while after the first, is believed.
    for _ in range(2):
        err = tvm.run("outbox", "revoke", str(entry["id"]), status=1).err
        check("was not revoked" in err and "looked for until" in err, err)
    tvm.sql("UPDATE ticket SET changed_us = changed_us - 900000000 WHERE id IS NULL")
    tvm.run("outbox", "revoke", str(entry["id"]))


@test
def interrupted_details(context):
    """Ctrl-C ends recommendation ID in words of the program"""
    tvm, demo = context.program("renewal"), context.demo
    tracked = {row["recommendation_id"] for row in tvm.json("activities")}
    # Of a configuration the lists of all devices do not tell the exposed ones.
    about = next(row["id"] for row in tvm.json("recommendations")
                 if row["id"].startswith("sca-") and row["id"] not in tracked)
    demo.call("/_demo/faults", {"path": "/api/recommendations", "kind": "stall", "times": 1})
    process = start(tvm, "recommendation", about)
    wait_for_fault(demo, process)
    check("Cancelled." in end(process), "it is not told in words")
    demo.call("/_demo/faults", method="DELETE")

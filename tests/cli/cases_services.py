# SPDX-License-Identifier: GPL-3.0-or-later
"""Services that ask to wait or answer too little: what a script learns of it."""
import datetime
import signal
import subprocess
import time

from tap import check, equal, test

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
    demo.call("/_demo/faults", {"path": "/api/machines", "kind": "short", "times": 1})
    done = tvm.run("sync", "--json")
    devices = [row for row in done.json if row["name"] == "devices"]
    check(devices and devices[0].get("doubtful", 0) > 0, f"{devices}")
    equal(devices[0]["removed"], 0)
    check(done.err.strip() != "", "not told in words")
    equal(len(tvm.json("devices", "--limit", "100000")), before)
    check(all("doubtful" not in row for row in tvm.json("sync")), "a whole list is doubted")
    demo.call("/_demo/faults", method="DELETE")

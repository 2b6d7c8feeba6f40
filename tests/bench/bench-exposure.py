#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the whole exposure of a tenant comes into the store, against a demo tenant: by the exports, by a
call for each recommendation, and by a Python script that reads the exports, in turn. No call waits for
the limits of the services. Prints calls, CPU seconds, peak memory and the ratios. Then both ways again
where the documented limits are enforced, by a clock that waits set forward: prints the minutes. Never
fails on time. From 100,000 devices on (with some 100 records each) it is the first sync alone, from files,
for its memory and for what a device with a version of software takes in the store. Usage: bench-exposure.py SYNC-PROGRAM PROGRAM MINUTES-PROGRAM [--devices N] [--recommendations N]"""
import argparse
import contextlib
import json
import os
import re
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import urllib.request

sys.dont_write_bytecode = True
parser = argparse.ArgumentParser()
parser.add_argument("sync")
parser.add_argument("program")
parser.add_argument("minutes")
parser.add_argument("--devices", type=int, default=10000)
parser.add_argument("--recommendations", type=int)
arguments = parser.parse_args()
SYNC, PROGRAM, MINUTES = arguments.sync, arguments.program, arguments.minutes
DEVICES = arguments.devices
IS_LARGE = DEVICES >= 100000
RECOMMENDATIONS = arguments.recommendations or (2500 if IS_LARGE else 500)
ROUNDS = int(os.environ.get("TVM_BENCH_ROUNDS", "1" if IS_LARGE else "3"))
HERE = os.path.dirname(os.path.abspath(__file__))


def run(command, **more):
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, **more})
    words = process.stdout.read().split()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command[0]} failed with {process.returncode}")
    return {"cpu": usage.ru_utime + usage.ru_stime, "memory": usage.ru_maxrss / 1024,
            "calls": int(words[4]) if words else 0, "records": int(words[6]) if words else 0}


def say(name, rounds):
    middle = {key: statistics.median(r[key] for r in rounds) for key in rounds[0]}
    calls = f"{middle['calls']:6.0f} calls" if middle["calls"] else " " * 12
    print(f"  {name:<32} {calls}  CPU {middle['cpu']:6.2f} s, {middle['memory']:.0f} MB", flush=True)
    return middle


def say_size(path):
    """What the software of all devices takes, and the whole file, by pairs of a device with a version."""
    with contextlib.closing(sqlite3.connect(path)) as store, store:
        pairs, = store.execute("SELECT count(*) FROM installation").fetchone()
        sizes = dict(store.execute("SELECT s.tbl_name, total(d.pgsize) FROM dbstat d JOIN sqlite_schema s ON s.name = d.name "
                                   "WHERE d.aggregate = TRUE GROUP BY 1"))
    matrix = sum(size for table, size in sizes.items() if table == "installation" or table.startswith("software"))
    print(f"  store {os.path.getsize(path) / 1e6:.0f} MB, {pairs:,} pairs of a device with a version: "
          f"{matrix / pairs:.1f} bytes each, with all that follows from them "
          f"{(matrix + sizes['exposure']) / pairs:.1f}, of the whole file {os.path.getsize(path) / pairs:.1f}")


def simulate(name, extent, **more):
    """The first and a second sync under the limits."""
    with tempfile.TemporaryDirectory(prefix="tvm-bench-") as folder:
        lines = subprocess.run([MINUTES, folder, str(DEVICES), str(RECOMMENDATIONS), extent],
                               stdout=subprocess.PIPE, text=True, check=True, env={**os.environ, **more}).stdout.splitlines()
    told = [f"{calls} calls, {minutes} minutes" for calls, minutes, _ in map(str.split, lines)]
    print(f"  {name:<32} first {told[0]}; second {told[1]}; refused {lines[-1].split()[2]}", flush=True)


server = subprocess.Popen([PROGRAM, "demo-tenant", "--devices", str(DEVICES), "--recommendations",
                           str(RECOMMENDATIONS), "--auto-approve", "--token-lifetime", "86400"],
                          stdout=subprocess.PIPE, text=True)
try:
    address = re.search(r"http://\S+", server.stdout.readline())[0]
    if IS_LARGE:
        order = urllib.request.Request(f"{address}/_demo/exports", json.dumps({"files": DEVICES // 500}).encode())
        urllib.request.urlopen(order).close()
        with tempfile.TemporaryDirectory(prefix="tvm-bench-") as folder:
            large = run([SYNC, address, f"{folder}/files", "usual"], TVM_EXPOSURE="files")
            print(f"{DEVICES} devices, {RECOMMENDATIONS} recommendations, {large['records']:,} records")
            say("first sync, from files", [large])
            say_size(f"{folder}/files/store.db")
        raise SystemExit(0)
    runs = {"first": [], "again": [], "single": [], "script": []}
    for _ in range(ROUNDS):
        folder = tempfile.mkdtemp(prefix="tvm-bench-")
        runs["first"].append(run([SYNC, address, f"{folder}/exports", "usual"]))
        runs["again"].append(run([SYNC, address, f"{folder}/exports", "usual"]))
        runs["single"].append(run([SYNC, address, f"{folder}/single", "all"], TVM_EXPOSURE="lists"))
        runs["script"].append(run([sys.executable, os.path.join(HERE, "peer-exports.py"), address, f"{folder}/peer.db"]))
        megabytes = [os.path.getsize(f"{folder}/{name}") / 1e6 for name in ("exports/store.db", "peer.db")]
        shutil.rmtree(folder)
finally:
    server.terminate()
    server.wait()
print(f"{DEVICES} devices, {RECOMMENDATIONS} recommendations, {ROUNDS} rounds")
first = say("first sync, by exports", runs["first"])
say("second sync", runs["again"])
single = say("first sync, by recommendations", runs["single"])
script = say("Python script, by exports", runs["script"])
print(f"  first sync: {single['calls'] / first['calls']:.1f} x fewer calls than by recommendations, "
      f"{script['cpu'] / first['cpu']:.1f} x less CPU than the script; store {megabytes[0]:.0f} MB, "
      f"script's {megabytes[1]:.0f} MB")
print("under the documented limits, by the clock")
simulate("by exports", "usual")
simulate("by recommendations", "all", TVM_EXPOSURE="lists")

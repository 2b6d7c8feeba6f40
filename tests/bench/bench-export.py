#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Exports of a large store in the machine format, in turn with the sqlite3 shell's CSV of the same
columns: a flat list, the targets of one activity, and those of many activities that share the devices.
Prints medians, spread, peak memory and the ratios. Never fails on time.
Usage: bench-export.py PROGRAM STORE-MAKER [DEVICES...]"""
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

PROGRAM, MAKER = sys.argv[1:3]
SIZES = [int(size) for size in sys.argv[3:]] or [10000, 1000000]
ROUNDS = int(os.environ.get("TVM_BENCH_ROUNDS", "5"))

INSTANT = "strftime('%Y-%m-%dT%H:%M:%S+00:00', {} / 1000000, 'unixepoch')"
DEVICES = f"""SELECT id, name, os_platform, os_version, group_name, exposure, risk, health, {INSTANT.format('first_seen_us')},
  {INSTANT.format('last_seen_us')}, last_ip, aad_device_id, is_aad_joined, tags FROM device ORDER BY name COLLATE NOCASE;"""
TARGETS = f"""SELECT a.id, a.title, d.id, d.name, d.os_platform, d.group_name, t.is_exposed, {INSTANT.format('d.last_seen_us')},
  {INSTANT.format('t.remediated_us')} FROM target t JOIN device d ON d.key = t.device_key JOIN activity a ON a.key = t.activity_key
  ORDER BY d.name COLLATE NOCASE;"""
# In the order of the product's file: activity by activity.
SHARED = TARGETS.replace("ORDER BY", "ORDER BY a.created_us DESC, a.key, t.is_exposed DESC,")
ACTIVITIES, SHARE = 100, 10  # each has a tenth of the devices


def run(command, orders=None):
    start = time.monotonic()
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if orders is not None:
        process.stdin.write(orders)
    process.stdin.close()
    process.stdout.read()
    words = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command[0]}: {words}")
    return time.monotonic() - start, usage.ru_maxrss / 1024


def count_lines(path):
    with open(path, "rb") as file:
        return sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b""))


def make_store(home, *words):
    os.environ["XDG_DATA_HOME"] = home
    store = os.path.join(home, "tvm-remediate", "default")
    os.makedirs(os.path.dirname(store), mode=0o700)
    done = subprocess.run([MAKER, store, *words], check=True, capture_output=True, text=True)
    return store, done.stdout.strip()


def compare(home, store, name, arguments, query, rows):
    """Runs both in turn; returns the product's peak memory."""
    ours, peer = [], []
    output, peer_output = os.path.join(home, "ours.csv"), os.path.join(home, "peer.csv")
    for _ in range(ROUNDS):
        ours.append(run([PROGRAM, "export", *arguments, "--format", "machine", "--force", "--output", output]))
        peer.append(run(["sqlite3", os.path.join(store, "store.db")],
                        f".mode csv\n.headers on\n.output {peer_output}\n{query}\n"))
    assert count_lines(output) == rows + 1, (name, count_lines(output))
    medians = [statistics.median(seconds for seconds, _ in runs) for runs in (ours, peer)]
    memory = statistics.median(megabytes for _, megabytes in ours)
    print(f"  {name:<28} {medians[0]:.2f} s ({min(ours)[0]:.2f}-{max(ours)[0]:.2f}), sqlite3 shell {medians[1]:.2f} s "
          f"({min(peer)[0]:.2f}-{max(peer)[0]:.2f}): {medians[0] / medians[1]:.2f} of its time; {memory:.0f} MB", flush=True)
    return memory


def bench(rows):
    home = tempfile.mkdtemp(prefix="tvm-bench-")
    print(f"{rows} rows, {ROUNDS} rounds")
    store, activity = make_store(home, str(rows))
    memory = max(compare(home, store, "flat", ["devices"], DEVICES, rows),
                 compare(home, store, "one activity x device", ["activity", activity], TARGETS, rows))
    shutil.rmtree(home)
    home = tempfile.mkdtemp(prefix="tvm-bench-")
    store, _ = make_store(home, str(rows * SHARE // ACTIVITIES), str(ACTIVITIES))
    shared = compare(home, store, f"{ACTIVITIES} activities x device", ["activity"], SHARED, rows)
    shutil.rmtree(home)
    return memory, shared


def main():
    memory = [bench(devices) for devices in SIZES]
    print(f"memory from {SIZES[0]} to {SIZES[-1]} rows: {memory[-1][0] - memory[0][0]:+.1f} MB; of many activities, "
          f"whose devices' cells are kept: {memory[-1][1] - memory[0][1]:+.1f} MB")


main()

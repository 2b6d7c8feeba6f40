#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Exports of a large store in the machine format, in turn with the sqlite3 shell's CSV of the same
columns. Prints medians, spread, peak memory and the ratios. Never fails on time.
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


def bench(devices):
    home = tempfile.mkdtemp(prefix="tvm-bench-")
    os.environ["XDG_DATA_HOME"] = home
    store = os.path.join(home, "tvm-remediate", "default")
    os.makedirs(os.path.dirname(store), mode=0o700)
    activity = subprocess.run([MAKER, store, str(devices)], check=True, capture_output=True, text=True).stdout.strip()
    output, peer_output = os.path.join(home, "ours.csv"), os.path.join(home, "peer.csv")
    print(f"{devices} rows, {ROUNDS} rounds")
    memory = 0
    for name, arguments, query in (("flat", ["devices"], DEVICES), ("activity x device", ["activity", activity], TARGETS)):
        ours, peer = [], []
        for _ in range(ROUNDS):
            ours.append(run([PROGRAM, "export", *arguments, "--format", "machine", "--force", "--output", output]))
            peer.append(run(["sqlite3", os.path.join(store, "store.db")],
                            f".mode csv\n.headers on\n.output {peer_output}\n{query}\n"))
        assert count_lines(output) == devices + 1, (name, count_lines(output))
        medians = [statistics.median(seconds for seconds, _ in runs) for runs in (ours, peer)]
        memory = max(memory, statistics.median(megabytes for _, megabytes in ours))
        print(f"  {name:<18} {medians[0]:.2f} s ({min(ours)[0]:.2f}-{max(ours)[0]:.2f}), sqlite3 shell {medians[1]:.2f} s "
              f"({min(peer)[0]:.2f}-{max(peer)[0]:.2f}): {medians[0] / medians[1]:.2f} of its time; {memory:.0f} MB", flush=True)
    shutil.rmtree(home)
    return memory


def main():
    memory = [bench(devices) for devices in SIZES]
    print(f"memory from {SIZES[0]} to {SIZES[-1]} rows: {memory[-1] - memory[0]:+.1f} MB")


main()

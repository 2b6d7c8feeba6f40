#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How fast a large tenant comes into the store: the product, a Python script and curl with the sqlite3
shell, in turn, each a process of its own against one server. Prints medians with their spread, CPU
seconds, peak memory and the ratios. Never fails on time.
With TVM_BENCH_PLOT it also draws that file, an SVG of how the first sync grows.
Usage: bench-sync.py SYNC-PROGRAM SERVER-PROGRAM [DEVICES...]"""
import collections
import csv
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

sys.dont_write_bytecode = True
import plot  # noqa: E402

SYNC, SERVER = sys.argv[1:3]
SIZES = [int(size) for size in sys.argv[3:]] or [1000, 10000, 100000]
ROUNDS = int(os.environ.get("TVM_BENCH_ROUNDS", "5"))
RECOMMENDATIONS = 100
HERE = os.path.dirname(os.path.abspath(__file__))
Figures = collections.namedtuple("Figures", "seconds cpu megabytes output")


class Server:
    def __init__(self, devices, latency=0):
        self.references = devices // 10 - 1  # not a full page, so that one call gets them
        self.process = subprocess.Popen(
            [SERVER, str(devices), str(RECOMMENDATIONS), str(self.references), str(latency)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.address = self.process.stdout.readline().strip()
        self.devices = devices

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.process.stdin.close()
        self.process.wait()

    def change(self):
        urllib.request.urlopen(urllib.request.Request(self.address + "/bench/change", data=b"")).read()

    def urls(self):
        pages = range(0, self.devices + 1, 10000)
        return ([f"{self.address}/api/machines?$top=10000&$skip={skip}" for skip in pages] +
                [f"{self.address}/api/recommendations"] +
                [f"{self.address}/api/recommendations/va-_-vendor-_-product{i}/{part}"
                 for part in ("machineReferences", "vulnerabilities") for i in range(RECOMMENDATIONS)])


def measure(command, **options):
    """Runs a command; wall clock, CPU and peak memory are the whole process's."""
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, **options)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command[0]} failed with {process.returncode}")
    return Figures(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, output.split())


def product(server, folder):
    figures = measure([SYNC, server.address, os.path.join(folder, "store")])
    return figures._replace(seconds=figures.seconds - float(figures.output[3]))  # without the sign-in


def script(server, folder):
    return measure([sys.executable, os.path.join(HERE, "peer.py"), server.address, os.path.join(folder, "peer.db")])


def curl(server, in_flight):
    config = "".join(f'url = "{url}"\noutput = "/dev/null"\n' for url in server.urls())
    arguments = ["curl", "-sS", "--globoff", "--config", "-"]
    if in_flight > 1:
        arguments += ["--no-progress-meter", "--parallel", "--parallel-max", str(in_flight)]
    start = time.monotonic()
    subprocess.run(arguments, input=config, text=True, check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)
    return time.monotonic() - start


def export_csv(folder):
    """What the script stored, as ready CSV files for the sqlite3 shell."""
    database = sqlite3.connect(os.path.join(folder, "peer.db"))
    for table in ("device", "recommendation", "exposure"):
        with open(os.path.join(folder, table + ".csv"), "w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(database.execute(f"SELECT * FROM {table}"))
    schema = [row[0] for row in database.execute("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL")]
    database.close()
    return ";\n".join(schema) + ";\n"


def shell_import(folder, schema):
    path = os.path.join(folder, "shell.db")
    if os.path.exists(path):
        os.unlink(path)
    orders = "PRAGMA journal_mode = WAL;\n" + schema + ".mode csv\n" + "".join(
        f".import {os.path.join(folder, table)}.csv {table}\n" for table in ("device", "recommendation", "exposure"))
    start = time.monotonic()
    subprocess.run(["sqlite3", path], input=orders, text=True, check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - start


def say(name, values, extra=""):
    print(f"  {name:<34} {statistics.median(values):7.2f} s  ({min(values):.2f}-{max(values):.2f}){extra}", flush=True)
    return statistics.median(values)


def say_figures(name, figures):
    median = statistics.median
    return say(name, [f.seconds for f in figures],
               f"  CPU {median(f.cpu for f in figures):.2f} s, {median(f.megabytes for f in figures):.0f} MB")


def bench_size(devices):
    """The first, the unchanged and the slightly changed sync. Returns the first's seconds and megabytes,
    and the seconds of the peers."""
    runs = collections.defaultdict(list)
    with Server(devices) as server:
        for _ in range(ROUNDS):
            folder = tempfile.mkdtemp(prefix="tvm-bench-")
            runs["first"].append(product(server, folder))
            runs["script"].append(script(server, folder))
            runs["again"].append(product(server, folder))
            runs["script again"].append(script(server, folder))
            runs["curl"].append(curl(server, 1))
            runs["import"].append(shell_import(folder, export_csv(folder)))
            sizes = [os.path.getsize(os.path.join(folder, name)) for name in ("store/store.db", "peer.db")]
            server.change()
            runs["changed"].append(product(server, folder))
            shutil.rmtree(folder)
    print(f"{devices} devices, {RECOMMENDATIONS} recommendations x {devices // 10 - 1} references, {ROUNDS} rounds")
    first = say_figures("first sync", runs["first"])
    again = say_figures("nothing changed", runs["again"])
    changed = say_figures("1 % changed", runs["changed"])
    peer = say_figures("Python script, first", runs["script"])
    say_figures("Python script, again", runs["script again"])
    floor = say("curl to nowhere", runs["curl"])
    floor += say("sqlite3 .import of ready CSV", runs["import"])
    _, n_again, written = (int(word) for word in runs["again"][-1].output[:3])
    _, n_changed, written_changed = (int(word) for word in runs["changed"][-1].output[:3])
    print(f"  first sync: {peer / first:.2f} x the script's speed, {first / floor:.2f} of curl + .import; "
          f"unchanged {again / first:.2f} of the first, {n_again} changes, {written} rows written; "
          f"1 % changed {changed / again:.2f} of the unchanged, {n_changed} changes, {written_changed} rows written; "
          f"database {sizes[0] / sizes[1]:.2f} of the script's", flush=True)
    return first, statistics.median(f.megabytes for f in runs["first"]), peer, floor


def bench_latency(devices, latency):
    runs = collections.defaultdict(list)
    with Server(devices, latency) as server:
        for _ in range(min(ROUNDS, 3)):
            folder = tempfile.mkdtemp(prefix="tvm-bench-")
            runs["product"].append(product(server, folder))
            runs["script"].append(script(server, folder))
            runs["curl"].append(curl(server, 4))
            shutil.rmtree(folder)
    print(f"the same with {latency} ms a call")
    first = say_figures("first sync", runs["product"])
    peer = say_figures("Python script", runs["script"])
    floor = say("curl, 4 in flight", runs["curl"])
    print(f"  first sync: {peer / first:.2f} x the script's speed, {first / floor:.2f} of curl's time", flush=True)


def main():
    results = [bench_size(devices) for devices in SIZES]
    for (small, large), (before, after) in zip(zip(SIZES, SIZES[1:]), zip(results, results[1:])):
        print(f"growth from {small} to {large} devices: time x {after[0] / before[0]:.1f}, memory x {after[1] / before[1]:.1f}")
    if "TVM_BENCH_PLOT" in os.environ:
        plot.write_growth(os.environ["TVM_BENCH_PLOT"], "Time of the first sync", SIZES, {
            "TVM Remediate": [result[0] for result in results], "Python script": [result[2] for result in results],
            "curl + .import": [result[3] for result in results]})
    bench_latency(SIZES[-1], 100)


main()

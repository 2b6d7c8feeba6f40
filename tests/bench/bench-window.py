#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The window on the store of a large tenant, in turn with the same window on an empty store and with a
GListStore behind GTK's own filter and sort models; and the command line's quickest list. Prints medians
and ratios. Never fails on time. Needs Xvfb and xdotool.
Usage: bench-window.py WINDOW LIST STORE-MAKER PROGRAM [DEVICES]"""
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile

WINDOW, LIST, MAKER, PROGRAM = sys.argv[1:5]
DEVICES = sys.argv[5] if len(sys.argv) > 5 else "100000"
ROUNDS = int(os.environ.get("TVM_BENCH_ROUNDS", "5"))


class Display:
    """An X server of its own, so that nothing else is on screen."""

    def __enter__(self):
        read, write = os.pipe()
        self.process = subprocess.Popen(["Xvfb", "-displayfd", str(write), "-screen", "0", "1400x900x24"],
                                        pass_fds=[write], stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as number:
            os.environ["DISPLAY"] = ":" + number.readline().strip()
        return self

    def __exit__(self, *unused):
        self.process.terminate()
        self.process.wait()


def figures(*command):
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return {name: float(value) for name, value in (word.split("=") for word in done.stdout.split())}


def median(runs, name):
    return statistics.median(run[name] for run in runs)


def cpu_of_list():
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([PROGRAM, "activities", "--limit", "20"], check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def report(empty, ours, peer, writing):
    def line(what, mine, *others):
        print(f"  {what:<34}{mine:8.1f}" + "".join(f"   {name} {value:.1f} (ratio {mine / value:.2f})"
                                                   for name, value in others), flush=True)

    line("first frame, ms", median(ours, "frame"), ("empty store", median(empty, "frame")))
    line("first frame with content, ms", median(ours, "first"), ("empty store", median(empty, "first")),
         ("GListStore", median(peer, "first")))
    print(f"  memory then, MB: {median(ours, 'memory'):.1f}, over an empty store's "
          f"{median(ours, 'memory') - median(empty, 'memory'):+.1f}")
    for what, name in (("slowest of 3 keys to paint, ms", "key"), ("3 keys to paint, ms", "keys"),
                       ("clear the search, ms", "clear"), ("sort by another column, ms", "sort"),
                       ("far jump, median frame, ms", "jump"), ("far jump, p95, ms", "jump_p95"),
                       ("smooth ride, p95 frame, ms", "smooth_p95"), ("longest stall of the loop, ms", "stall")):
        line(what, median(ours, name), ("GListStore", median(peer, name)), ("while writing", median(writing, name)))
    print("  by keys, the longest stall of the loop, ms:")
    for what, name in (("  three keys of a search", "typed"), ("  leaving the search", "left"), ("  pages, end, begin", "paged")):
        line(what, median(ours, name), ("GListStore", median(peer, name)), ("while writing", median(writing, name)))
    line("  opening a row and closing it", median(ours, "opened"), ("while writing", median(writing, "opened")))
    print(f"  frames in a second at rest: {median(ours, 'rest'):.0f}, on an empty store {median(empty, 'rest'):.0f}")
    print(f"  activities --limit 20: {statistics.median(cpu_of_list() for _ in range(ROUNDS * 3)):.0f} ms of CPU")


def main():
    if shutil.which("Xvfb") is None or shutil.which("xdotool") is None:
        print("Xvfb or xdotool is not installed: nothing is measured")
        return
    home = tempfile.mkdtemp(prefix="tvm-bench-")
    os.environ.update(XDG_DATA_HOME=home, XDG_STATE_HOME=home, GSK_RENDERER="cairo", GDK_BACKEND="x11",
                      GTK_A11Y="none", GSETTINGS_BACKEND="memory", LC_ALL="C.UTF-8")
    store = os.path.join(home, "tvm-remediate", "default")
    os.makedirs(os.path.dirname(store), mode=0o700)
    subprocess.run([MAKER, store, DEVICES], check=True, stdout=subprocess.DEVNULL)
    print(f"{DEVICES} devices, {ROUNDS} rounds, cairo renderer")
    runs = {name: [] for name in ("empty", "ours", "peer", "writing")}
    with Display():
        for number in range(ROUNDS):
            runs["empty"].append(figures(WINDOW, os.path.join(home, f"empty-{number}")))
            runs["ours"].append(figures(WINDOW, store))
            runs["peer"].append(figures(LIST, DEVICES))
            runs["writing"].append(figures(WINDOW, store, "write"))
        report(**runs)
    shutil.rmtree(home)


main()

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the fuzz targets under libFuzzer and counts what they executed.

usage: fuzz.py BUILD [SECONDS] [TARGET...]
"""
import os
import re
import subprocess
import sys

SOURCE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
FOLDER = os.path.join(SOURCE, "tests", "fuzz")
# Which words a target's input is made of.
DICTIONARIES = {"json": "json", "wire": "json", "token": "json", "catalog": "json", "file": "json",
                "lexer": "json", "links": "addresses", "settings": "addresses", "search": "search"}
# What one input may take, where stores are opened and recovered.
SLOW = ("store", "search", "csv")


def targets():
    names = (re.fullmatch(r"fuzz-(\w+)\.c", name) for name in os.listdir(FOLDER))
    return sorted(match[1] for match in names if match and match[1] not in ("run", "queries"))


def run(build, target, seconds):
    """Returns (how many inputs were tried, whether all were good)."""
    program = os.path.join(build, "tests", "fuzz", "fuzz-" + target)
    grown, found = (os.path.join(build, name, target) for name in ("grown", "found"))
    for folder in (grown, found):
        os.makedirs(folder, exist_ok=True)
    words = [os.path.abspath(program), f"-max_total_time={seconds}", "-print_final_stats=1", "-timeout=60",
             "-rss_limit_mb=3000", f"-max_len={4096 if target in SLOW else 65536}",
             f"-artifact_prefix={os.path.abspath(found)}/"]
    if target in DICTIONARIES:
        words.append("-dict=" + os.path.join(FOLDER, "dictionaries", DICTIONARIES[target] + ".dict"))
    words += [os.path.abspath(grown), os.path.join(FOLDER, "corpus", target)]
    environment = dict(os.environ, LC_ALL="C.UTF-8", TZ="UTC", G_DEBUG="fatal-criticals",
                       LSAN_OPTIONS=f"suppressions={SOURCE}/build-aux/leaks.supp:print_suppressions=0",
                       UBSAN_OPTIONS="halt_on_error=1:print_stacktrace=1")
    with open(os.path.join(build, f"fuzz-{target}.log"), "w+b") as log:
        status = subprocess.run(words, cwd=build, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                check=False).returncode
        log.seek(0)
        text = log.read().decode(errors="replace")
    counts = re.findall(r"^stat::number_of_executed_units: *(\d+)", text, re.M)
    if not counts:  # it ended too early for that
        counts = re.findall(r"^#(\d+)\t", text, re.M)
    return int(counts[-1]) if counts else 0, status == 0


def main(build, *words):
    seconds = int(words[0]) if words and words[0].isdigit() else 30
    chosen = words[1:] if words and words[0].isdigit() else words
    unknown = set(chosen) - set(targets())
    if unknown:
        sys.exit(f"there is no target {', '.join(sorted(unknown))}; there are: {', '.join(targets())}")
    chosen = chosen or targets()
    done = subprocess.run(["meson", "compile", "-C", build, *(f"tests/fuzz/fuzz-{name}" for name in chosen)],
                          stdout=sys.stderr, check=False)
    if done.returncode != 0:
        sys.exit(done.returncode)
    total, bad = 0, []
    for target in chosen:
        count, is_good = run(build, target, seconds)
        total += count
        if not is_good:
            bad.append(target)
        print(f"{target:10} {count:12,} inputs  {'good' if is_good else 'FOUND: see build-fuzz/fuzz-' + target + '.log'}",
              flush=True)
    print(f"{total:,} inputs in all, {len(bad)} targets found something")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main(*sys.argv[1:])

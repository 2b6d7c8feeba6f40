#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Counts the tests in Meson's test logs: each TAP line is one test, a program without TAP is one.

usage: count-tests.py TESTLOG.JSON...
Prints which programs failed, and what they say of it, then "N passed, N failed" (", N skipped" where
there are some); the exit status is 1 when a test failed or none ran.
"""
import json
import re
import sys

MAX_LINES = 12
TAP_LINE = re.compile(r"^(not )?ok\b[^#]*(#\s*(skip|todo)\b)?", re.IGNORECASE)


def count_program(entry):
    """One program's (passed, failed, skipped)."""
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    for line in entry.get("stdout", "").splitlines():
        match = TAP_LINE.match(line)
        if not match:
            continue
        if match[3]:
            counts["skipped"] += 1
        else:
            counts["failed" if match[1] else "passed"] += 1
    result = entry["result"]
    if result in ("FAIL", "ERROR", "TIMEOUT", "INTERRUPT", "UNEXPECTEDPASS"):
        # A crash or a time-out leaves no "not ok" line of its own.
        counts["failed"] = max(counts["failed"], 1)
    elif sum(counts.values()) == 0:
        counts["skipped" if result == "SKIP" else "passed"] += 1
    return counts


def tell(entry, path):
    """Of a program that failed: what it says of its failures."""
    print(f"failed: {entry['name']}, {path}")
    for line in entry.get("stdout", "").splitlines():
        if line.startswith(("not ok", "Bail out!")):
            print("  " + line)
    for line in entry.get("stderr", "").splitlines()[-MAX_LINES:]:
        print("  " + line)


def main(paths):
    total = {"passed": 0, "failed": 0, "skipped": 0}
    for path in paths:
        try:
            with open(path, encoding="utf-8") as log:
                entries = [json.loads(line) for line in log if line.strip()]
        except OSError as error:
            print(f"count-tests.py: {error}", file=sys.stderr)
            total["failed"] += 1
            continue
        for entry in entries:
            counts = count_program(entry)
            if counts["failed"]:
                tell(entry, path)
            for name, number in counts.items():
                total[name] += number
    skipped = f", {total['skipped']} skipped" if total["skipped"] else ""
    print(f"{total['passed']} passed, {total['failed']} failed{skipped}")
    return 1 if total["failed"] or not total["passed"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

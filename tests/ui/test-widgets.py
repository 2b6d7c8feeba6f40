#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a program that tests widgets on a display; its TAP on standard output.

usage: test-widgets.py PROGRAM
"""
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import story  # noqa: E402


if __name__ == "__main__":
    story.skip_unless_possible(sys.argv[1])
    import uidrive
    with uidrive.Env(lang="C.UTF-8") as display:
        done = display.run([os.path.abspath(sys.argv[1])], timeout=120)
    print(done.stdout, end="")
    print(done.stderr, end="", file=sys.stderr)
    sys.exit(done.returncode)

# SPDX-License-Identifier: GPL-3.0-or-later
"""A list of tests that runs in order and reports in the Test Anything Protocol."""
import signal
import sys
import traceback

_tests = []


def test(function):
    """Adds a function; its docstring is the test's name."""
    _tests.append(function)
    return function


def run(context):
    """Runs every test with the context; returns the exit status."""
    failed = 0
    # What was started by a shell's "&" inherits that Ctrl-C is ignored, and so would the programs.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    print(f"1..{len(_tests)}", flush=True)
    for number, function in enumerate(_tests, 1):
        try:
            function(context)
            print(f"ok {number} {function.__doc__}", flush=True)
        except Exception:  # the other tests shall run all the same
            failed += 1
            print(f"not ok {number} {function.__doc__}", flush=True)
            for line in traceback.format_exc().splitlines():
                print("#", line)
            sys.stdout.flush()
    return 1 if failed else 0


def skip_all(reason):
    print(f"1..0 # SKIP {reason}")
    sys.exit(0)


def equal(got, wanted, what=""):
    if got != wanted:
        raise AssertionError(f"{what}: {got!r} instead of {wanted!r}")


def check(condition, what):
    if not condition:
        raise AssertionError(what)

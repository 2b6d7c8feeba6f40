#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line against demo tenants in processes of their own; TAP on standard output.

usage: test-cli.py TVM_REMEDIATE CASES

CASES names the module with the tests, with its folder where it is another one; they run in order; a tenant of their own serves them, with its options TENANT.
It runs in a home, a message bus and a keyring of its own, so that sign-in works as on a desktop.
"""
import importlib
import os
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(os.path.dirname(HERE), "support"), os.path.dirname(sys.argv[2])]

import tap  # noqa: E402
from world import Context  # noqa: E402

NEEDED = ("dbus-run-session", "gnome-keyring-daemon", "gdbus")


# These sign in and sync by themselves: that is what they test.
UNPREPARED = ("workflow", "sign_in", "split", "unknown", "unread", "together", "unattended", "numbers")


def run_inside(program, cases, home):
    module = importlib.import_module("cases_" + os.path.basename(cases))  # adds its tests
    keyring = subprocess.Popen(["gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"],
                               stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    keyring.stdin.write(b"test")
    keyring.stdin.close()
    try:
        waited = subprocess.run(["gdbus", "wait", "--session", "--timeout", "20", "org.freedesktop.secrets"])
        if waited.returncode != 0:
            tap.skip_all("the keyring does not start here")
        context = Context(program, home, **getattr(module, "TENANT", {}))
        try:
            if cases not in UNPREPARED:
                context.start()
            return tap.run(context)
        finally:
            context.close()
    finally:
        keyring.terminate()
        keyring.wait(timeout=20)


def main():
    program = os.path.abspath(sys.argv[1])
    cases = sys.argv[2]
    if len(sys.argv) > 3:
        return run_inside(program, cases, sys.argv[3])
    for name in NEEDED:
        if shutil.which(name) is None:
            tap.skip_all(f"{name} is not installed")
    with tempfile.TemporaryDirectory(prefix="tvm-cli-") as home:
        runtime = os.path.join(home, "run")
        os.mkdir(runtime, 0o700)
        environment = {**os.environ, "HOME": home, "XDG_DATA_HOME": os.path.join(home, "data"),
                       "XDG_CONFIG_HOME": os.path.join(home, "config"),
                       "XDG_CACHE_HOME": os.path.join(home, "cache"), "XDG_RUNTIME_DIR": runtime,
                       "GIO_USE_PROXY_RESOLVER": "dummy", "LC_ALL": "C.UTF-8"}
        for name in ("DISPLAY", "WAYLAND_DISPLAY", "GNOME_KEYRING_CONTROL", "DBUS_SESSION_BUS_ADDRESS"):
            environment.pop(name, None)
        return subprocess.run(["dbus-run-session", "--", sys.executable, __file__, program, cases, home],
                              env=environment, stdin=subprocess.DEVNULL).returncode


sys.exit(main())

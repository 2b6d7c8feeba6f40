# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the test program PROGRAM in a home and a message bus of its own with a real gnome-keyring, which
starts unlocked, and is locked and ended by the program's orders. Usage: run-keyring.py PROGRAM"""
import os
import shutil
import subprocess
import sys
import tempfile

NEEDED = ("dbus-run-session", "gnome-keyring-daemon", "gdbus")


def skip(reason):
    print(f"1..0 # SKIP {reason}")
    sys.exit(0)


def run_inside(program):
    keyring = subprocess.Popen(["gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"],
                               stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    keyring.stdin.write(b"test")
    keyring.stdin.close()
    try:
        waited = subprocess.run(["gdbus", "wait", "--session", "--timeout", "20", "org.freedesktop.secrets"])
        if waited.returncode != 0:
            skip("the keyring does not start here")
        return subprocess.run([program, "--keyring", str(keyring.pid)]).returncode
    finally:
        keyring.terminate()
        keyring.wait(timeout=20)


def main(program, *inside):
    if inside:
        return run_inside(program)
    for name in NEEDED:
        if shutil.which(name) is None:
            skip(f"{name} is not installed")
    with tempfile.TemporaryDirectory(prefix="tvm-keyring-") as home:
        runtime = os.path.join(home, "run")
        os.mkdir(runtime, 0o700)
        environment = {**os.environ, "HOME": home, "XDG_DATA_HOME": os.path.join(home, "data"),
                       "XDG_CONFIG_HOME": os.path.join(home, "config"),
                       "XDG_CACHE_HOME": os.path.join(home, "cache"), "XDG_RUNTIME_DIR": runtime}
        for name in ("DISPLAY", "WAYLAND_DISPLAY", "GNOME_KEYRING_CONTROL", "DBUS_SESSION_BUS_ADDRESS"):
            environment.pop(name, None)
        return subprocess.run(["dbus-run-session", "--", sys.executable, __file__, program, "inside"],
                              env=environment, stdin=subprocess.DEVNULL).returncode


sys.exit(main(*sys.argv[1:]))

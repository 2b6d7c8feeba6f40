# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the steps of a story about the window, in order, as TAP; and tenants for it to talk to."""
import os
import shutil
import signal
import subprocess
import sys

CLIENT_ID = "11111111-2222-3333-4444-555555555555"
NEEDED = ("Xvfb", "metacity", "xdotool", "dbus-daemon", "gnome-keyring-daemon")


def skip_unless_possible(program):
    """Ends the test with a reason where it cannot run."""
    missing = [name for name in NEEDED if shutil.which(name) is None]
    reason = "not installed: " + ", ".join(missing) if missing else None
    try:
        import gi  # noqa: F401
        import Xlib  # noqa: F401
    except ImportError as error:
        reason = str(error)
    if not os.path.exists(program):
        reason = "the program is not built"
    if reason:
        print(f"1..0 # SKIP {reason}")
        sys.exit(0)


def run(story, steps):
    """Each step is a method; its docstring is its name. Returns whether all were good."""
    print(f"1..{len(steps)}", flush=True)
    n_failed = 0
    for number, step in enumerate(steps, 1):
        function = getattr(story, step)
        problem = None
        try:
            function()
        except (AssertionError, IndexError, AttributeError, KeyError) as error:
            problem = f"{type(error).__name__}: {error}"
            n_failed += 1
            print("# " + problem.replace("\n", "\n# "), file=sys.stderr)
        print(f"{'not ok' if problem else 'ok'} {number} {function.__doc__}", flush=True)
    return n_failed == 0


class Tenant:
    """A demo tenant in a process of its own."""

    def __init__(self, program, *options):
        self.process = subprocess.Popen([program, "demo-tenant", "--port", "0", *options],
                                        stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        assert line.startswith("READY http://127.0.0.1:"), line
        self.uri = line.split()[1]

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=20)
        self.process.stdout.close()

    def settings(self):
        return {"authority-url": self.uri, "defender-url": self.uri, "graph-url": self.uri, "cloud": "custom",
                "tenant-id": "organizations", "client-id": CLIENT_ID}


def configure(ui, program, profile, tenant):
    """Sets a profile up for a tenant, from the command line."""
    for key, value in tenant.settings().items():
        ui.run([program, "--profile", profile, "config", "set", key, value], check=True)

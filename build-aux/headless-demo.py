#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the remediation workflow on the command line against the demo tenant, as its user would.

usage: headless-demo.py PROGRAM

Everything happens in a home of its own with a session bus and a keyring of its own, so nothing of
the caller's is touched. Each command is printed with what it answers; the exit status is 1 when
one fails.
"""
import json
import os
import shlex
import subprocess
import sys
import tempfile
import urllib.request

CLIENT_ID = "11111111-2222-3333-4444-555555555555"


class Failed(Exception):
    """A command of the workflow did not do what it should."""


def start_keyring(environ):
    """A keyring that a throw-away password opens; it ends with the session bus."""
    daemon = subprocess.Popen(["gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"],
                              stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                              env=environ)
    daemon.stdin.write(b"throw-away")
    daemon.stdin.close()
    subprocess.run(["gdbus", "wait", "--session", "--timeout", "20", "org.freedesktop.secrets"],
                   check=True, env=environ)
    return daemon


class Workflow:
    def __init__(self, program, environ):
        self.program = program
        self.environ = environ
        self.tenant = None
        self.uri = None

    def start_tenant(self):
        arguments = ("demo-tenant", "--auto-approve", "--device-code-interval", "1")
        say(f"$ tvm-remediate {shlex.join(arguments)} &")
        self.tenant = subprocess.Popen([self.program, *arguments], env=self.environ,
                                       stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        line = self.tenant.stdout.readline().strip()
        if not line.startswith("READY http://127.0.0.1:"):
            raise Failed(f"the demo tenant said “{line}”")
        say(line)
        self.uri = line.split()[1]

    def run(self, *arguments, quiet=False):
        """Runs one command, printing it and its answer; returns its standard output."""
        if not quiet:
            say("$ tvm-remediate " + shlex.join(arguments))
        result = subprocess.run([self.program, *arguments], env=self.environ, stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT if not quiet else None,
                                text=True, timeout=300, check=False)
        if not quiet and result.stdout.strip():
            say(result.stdout.rstrip())
        if result.returncode != 0:
            raise Failed(f"“{arguments[0]}” ended with {result.returncode}")
        return result.stdout

    def ask(self, *arguments):
        """The parsed JSON of a command that is not part of the show."""
        return json.loads(self.run("--json", *arguments, quiet=True))

    def control(self, path, body=None):
        """What the control path of the demo tenant answers: to a GET, or a POST where there is a body."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.uri + "/_demo/" + path, data, {"Content-Type": "application/json"})
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=30) as answer:
            return json.load(answer)

    def order(self, path, **body):
        """Makes something happen in the demo tenant, as the IT admin or the devices would."""
        say(f"# the demo tenant: {path} {json.dumps(body) if body else ''}".rstrip())
        return self.control(path, body)

    def n_tickets(self):
        return len(self.control("state")["tickets"])

    def expect(self, what, seen, wanted):
        """Stops the demo where the program shows something else than what happened."""
        if seen != wanted:
            raise Failed(f"{what}: {wanted!r} was expected, but it is {seen!r}")
        say(f"# checked, {what}: {seen}")

    def connect(self):
        for key in ("authority-url", "defender-url", "graph-url"):
            self.run("config", "set", key, self.uri)
        self.run("config", "set", "cloud", "custom")
        self.run("config", "set", "tenant-id", "organizations")
        self.run("config", "set", "client-id", CLIENT_ID)
        self.run("sign-in", "--device-code")
        self.run("sync")
        self.run("status")

    def request(self):
        self.run("recommendations", "--limit", "10")
        wanted = next(r for r in self.ask("recommendations")
                      if r["type"] == "update" and r["status"] == "active" and r["exposed_devices"] >= 20)
        self.run("config", "set", "intune-connection", "true")
        arguments = ("request", wanted["id"], "--type", "update", "--all-groups", "--priority", "high",
                     "--note", "Please start with the servers.", "--intune")
        n_before = self.n_tickets()
        self.run(*arguments, "--dry-run")
        self.run(*arguments)
        self.run("sync")
        self.expect("new tickets in Microsoft Intune", self.n_tickets() - n_before, 1)
        activity = next(a for a in self.ask("activities", "--limit", "1000")
                        if a["origin"] == "local" and a["recommendation_id"] == wanted["id"])
        return wanted["id"], activity["id"]

    def follow(self, recommendation, activity):
        ticket = self.ask("activity", activity)["tickets"][0]["id"]
        self.order(f"tickets/{ticket}/accept")
        self.run("sync")
        self.run("activity", activity)
        self.expect("the ticket (active: accepted)", self.ask("activity", activity)["tickets"][0]["status"], "active")
        n_patched = self.order(f"recommendations/{recommendation}/patch", fraction=0.5)["changed"]
        self.run("sync")
        self.run("activities", "--search", activity)
        self.expect("remediated devices", self.ask("activity", activity)["fixed_devices"], n_patched)
        self.order(f"recommendations/{recommendation}/patch", fraction=1.0)
        self.order(f"tickets/{ticket}/complete")
        self.run("sync")
        self.run("activity", activity)
        seen = self.ask("activity", activity)
        self.expect("remediated devices", seen["fixed_devices"], seen["target_devices"])
        self.expect("the activity", seen["status"], "completed")
        self.expect("completed by", seen["completion"], "system")

    def prove(self, activity):
        target = os.path.join(self.environ["HOME"], "activity.csv")
        self.run("export", "activity", activity, "--output", target)
        with open(target, encoding="utf-8-sig") as exported:
            lines = exported.read().splitlines()
        for line in lines[:6]:
            say(line)
        self.expect("exported devices", len(lines) - 1, self.ask("activity", activity)["target_devices"])

    def stop(self):
        if self.tenant is not None:
            self.tenant.terminate()
            self.tenant.wait(timeout=20)


def say(text):
    print(text, flush=True)


def run_inside(program):
    """The workflow itself, on the private bus."""
    environ = dict(os.environ)
    keyring = start_keyring(environ)
    workflow = Workflow(program, environ)
    try:
        workflow.start_tenant()
        workflow.connect()
        recommendation, activity = workflow.request()
        workflow.follow(recommendation, activity)
        workflow.prove(activity)
    except (Failed, StopIteration, ValueError, KeyError, IndexError, OSError,
            subprocess.SubprocessError) as error:
        print(f"headless-demo.py: {error or 'the demo tenant has no such recommendation'}", file=sys.stderr)
        return 1
    finally:
        workflow.stop()
        keyring.terminate()
        keyring.wait(timeout=20)
    return 0


def main(arguments):
    if arguments[0] == "--inside":
        return run_inside(arguments[1])
    program = os.path.abspath(arguments[0])
    with tempfile.TemporaryDirectory(prefix="tvm-demo-", ignore_cleanup_errors=True) as home:
        environ = {"HOME": home, "PATH": os.environ["PATH"], "LC_ALL": os.environ.get("LC_ALL", "C.UTF-8"),
                   "XDG_RUNTIME_DIR": os.path.join(home, "run"), "GIO_USE_PROXY_RESOLVER": "dummy"}
        os.mkdir(environ["XDG_RUNTIME_DIR"], 0o700)
        return subprocess.run(["dbus-run-session", "--", sys.executable, os.path.abspath(__file__), "--inside",
                               program], env=environ, stdin=subprocess.DEVNULL, check=False).returncode


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except (OSError, subprocess.SubprocessError) as error:
        sys.exit(f"headless-demo.py: {error}")

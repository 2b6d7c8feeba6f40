# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests work with: the program, its store on disk, and demo tenants to talk to."""
import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request

from tap import check, equal

CLIENT_ID = "11111111-2222-3333-4444-555555555555"
DEFENDER_SCOPE = "https://api.securitycenter.microsoft.com/.default"


class Demo:
    """A demo tenant in a process of its own."""

    def __init__(self, program, **options):
        words = [program, "demo-tenant", "--port", "0", "--auto-approve", "--device-code-interval", "1"]
        for name, value in options.items():
            words.append("--" + name.replace("_", "-"))
            if value is not True:
                words.append(str(value))
        self.process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        check(line.startswith("READY http://127.0.0.1:"), f"the demo tenant said {line!r}")
        self.uri = line.split()[1]
        self._token = None

    def stop(self):
        """Ends it as a service manager would; returns its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(timeout=20)
        self.process.stdout.close()
        return status

    def call(self, path, body=None, headers=(), method=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.uri + path, data=data, method=method,
                                         headers={"Content-Type": "application/json", **dict(headers)})
        with urllib.request.urlopen(request, timeout=30) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def state(self):
        return self.call("/_demo/state")

    def _post_form(self, path, **fields):
        data = urllib.parse.urlencode(fields).encode()
        with urllib.request.urlopen(self.uri + path, data=data, timeout=30) as answer:
            return json.loads(answer.read())

    def token(self):
        """An access token of our own, to look at the tenant without the program's help."""
        if self._token is None:
            code = self._post_form("/organizations/oauth2/v2.0/devicecode", client_id=CLIENT_ID,
                                   scope=DEFENDER_SCOPE)["device_code"]
            deadline = time.monotonic() + 20
            while self._token is None and time.monotonic() < deadline:
                try:
                    self._token = self._post_form(
                        "/organizations/oauth2/v2.0/token", client_id=CLIENT_ID, device_code=code,
                        grant_type="urn:ietf:params:oauth:grant-type:device_code")["access_token"]
                except urllib.error.HTTPError as error:
                    if "pending" not in (text := error.read().decode()) and "slow_down" not in text:
                        raise
        return self._token

    def exposed(self, recommendation_id):
        """The devices exposed now, as the service tells them."""
        return self.rows(f"/api/recommendations/{recommendation_id}/machineReferences")

    def rows(self, path):
        """A list of the Defender API, by id."""
        rows, page = {}, self.call(path + "?$top=10000", headers={"Authorization": "Bearer " + self.token()})
        while True:
            rows.update((row["id"], row) for row in page["value"])
            if "@odata.nextLink" not in page:
                return rows
            link = page["@odata.nextLink"][len(self.uri):]
            page = self.call(link, headers={"Authorization": "Bearer " + self.token()})

    def patch(self, recommendation_id, device_ids):
        self.call(f"/_demo/recommendations/{recommendation_id}/patch", {"devices": list(device_ids)})


class Result:
    def __init__(self, done):
        self.status = done.returncode
        self.out = done.stdout.decode()
        self.err = done.stderr.decode()

    @property
    def json(self):
        return json.loads(self.out)


class Program:
    """The program under test, on one profile."""

    def __init__(self, path, data_home, profile):
        self.path = path
        self.profile = profile
        self.store_path = os.path.join(data_home, "tvm-remediate", profile, "store.db")

    def run(self, *words, status=0, env=None):
        """Runs a command and checks its exit status (or that it is one of several) and that every message is
        one line of words."""
        command = [self.path, "--profile", self.profile, *words]
        done = subprocess.run(command, capture_output=True, timeout=120, stdin=subprocess.DEVNULL,
                              env=None if env is None else {**os.environ, **env})
        result = Result(done)
        shown = [word[:40] for word in words[:4]]
        check(result.status in (status if isinstance(status, tuple) else (status,)),
              f"{shown}: status {result.status} instead of {status}: {result.err[:600]}")
        for line in result.err.splitlines():
            check(line.startswith("tvm-remediate: "), f"{shown}: odd message in {result.err[:600]!r}")
        if result.status != 0:
            check(result.err.strip() != "", f"{shown}: no message")
        return result

    def json(self, *words, status=0):
        return self.run(*words, "--json", status=status).json

    def configure(self, demo):
        for key in ("authority-url", "defender-url", "graph-url"):
            self.run("config", "set", key, demo.uri)
        self.run("config", "set", "cloud", "custom")
        self.run("config", "set", "tenant-id", "organizations")
        self.run("config", "set", "client-id", CLIENT_ID)

    def dump(self):
        """Everything the store holds, as SQL text."""
        connection = sqlite3.connect(f"file:{self.store_path}?mode=ro", uri=True)
        try:
            return "\n".join(connection.iterdump())
        finally:
            connection.close()

    def spoil_table(self, name):
        """Nothing of a table of the store can be read any more."""
        with contextlib.closing(sqlite3.connect(self.store_path)) as store, store:
            page, = store.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (name,)).fetchone()
            size, = store.execute("PRAGMA page_size").fetchone()
            store.execute("PRAGMA wal_checkpoint (TRUNCATE)")
        store.close()
        with open(self.store_path, "r+b") as file:
            file.seek((page - 1) * size)
            file.write(bytes(size))

    def forget_pace(self):
        """As after an hour without a call: the next command need not wait because of those before it."""
        self.sql("DELETE FROM setting WHERE name = 'call-pace'")

    def sql(self, statement):
        connection = sqlite3.connect(self.store_path, timeout=30)
        with connection:
            connection.execute(statement)
        connection.close()

    def refuse(self, *words, status=1, names=()):
        """A command that must fail with a message naming the problem, the store staying as it is."""
        before = self.dump()
        result = self.run(*words, status=status)
        for name in names:
            check(name.lower() in result.err.lower(), f"{words[:3]}: {name!r} is not in {result.err!r}")
        equal(self.dump(), before, f"the store after {words[:3]}")
        return result


def pick(context, kind, at_least=10, other_than=()):
    """A recommendation of that type with enough exposed devices."""
    for row in context.tvm.json("recommendations"):
        if row["type"] == kind and row["exposed_devices"] >= at_least and row["id"] not in other_than:
            return row
    raise AssertionError(f"the demo tenant has no {kind} with {at_least} exposed devices")


class Context:
    """What the tests of one program share; the workflow goes on from test to test."""

    def __init__(self, path, home, **options):
        self.path = path
        self.home = home
        self.data_home = os.environ["XDG_DATA_HOME"]
        self.tvm = self.program("default")
        self.demo = Demo(path, **{"seed": 7, "devices": 400, "recommendations": 24, "activities": 15, **options})
        self.demos = [self.demo]

    def start(self):
        """Signs the default profile in to the tenant, with Intune, and brings all its lists."""
        self.tvm.configure(self.demo)
        self.tvm.run("sign-in", "--device-code")
        self.tvm.run("config", "set", "intune-connection", "true")
        self.tvm.run("sync")
        self.email = self.tvm.json("status")["account"]

    def program(self, profile):
        return Program(self.path, self.data_home, profile)

    def new_demo(self, **options):
        demo = Demo(self.path, **options)
        self.demos.append(demo)
        return demo

    def close(self):
        for demo in self.demos:
            demo.stop()


def sign_in(context, profile, **options):
    """Another profile, signed in to a small tenant of its own, nothing synchronized yet."""
    context.demo = context.new_demo(**{"seed": 7, "devices": 60, "recommendations": 8, "activities": 6, **options})
    context.tvm = context.program(profile)
    context.tvm.configure(context.demo)
    context.tvm.run("sign-in", "--device-code")
    return context.tvm

#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kills window and command line in the midst of everything they do, and takes their power away; after each of it the
store opens, is whole, has what was acknowledged, and nothing twice. TAP on standard output.

usage: crash.py PROGRAM POWER_LIBRARY [KILLS] [FAILURES] [STEP] [SEED]
"""
import contextlib
import glob
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(os.path.dirname(HERE), "ui")]
import power  # noqa: E402
import story  # noqa: E402

SCHEMA = os.path.join(os.path.dirname(os.path.dirname(HERE)), "src", "store", "db", "schema")
APPLICATION_ID = 1414942034
SECONDS = 90
VARIANTS = 3  # states worked out of each power failure
# What is done, how often, and how long it takes at most.
WORK = {"sync": 4, "sync_full": 1, "request": 4, "request_with_ticket": 4, "complete": 2, "withdraw": 5, "add_exception": 2,
        "export": 2, "backup": 2, "restore": 2, "migrate": 3, "sign_in": 1, "sign_out": 1, "window": 1}
POWERED = ("sync", "request", "request_with_ticket", "complete", "withdraw", "add_exception", "backup")


class Broken(AssertionError):
    """Something did not hold."""


def quick_check(path):
    """Leaves nothing open: the driver's own file would keep the log, and take locks away as it ends."""
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as store:
        return store.execute("PRAGMA quick_check").fetchone()[0]


class World:
    """A tenant, profiles, and what the program said that it did."""

    def __init__(self, ui, program, library, tenant, seed):
        self.ui, self.program, self.library, self.tenant = ui, program, library, tenant
        self.random = random.Random(seed)
        self.data = os.path.join(ui.environ["XDG_DATA_HOME"], "tvm-remediate")
        self.noted, self.acknowledged, self.completed = 0, set(), set()
        self.excepted, self.withdrawn = set(), set()
        self.durations, self.counts, self.counts_of_sign_ins = {}, {}, 0
        tenant.sign_in()
        tenant.run("sync")
        tenant.run("config", "set", "it-admin-email", "kept@contoso.example")
        self.recommendations = [row["id"] for row in json.loads(tenant.run("recommendations", "--json"))
                                if row["type"] == "update" and row["exposed_devices"] > 0]
        self.make_second()
        self.old = {version: self.make_old(version) for version in range(1, len(os.listdir(SCHEMA)))}

    # ---- means

    def path(self, profile="default"):
        return os.path.join(self.data, profile, "store.db")

    def make_second(self):
        """A profile of a copy, for what throws data away."""
        self.tenant.run("backup", "create")
        newest = max(glob.glob(os.path.join(self.data, "default", "backups", "*.db")))
        shutil.rmtree(os.path.join(self.data, "second"), ignore_errors=True)
        os.makedirs(os.path.join(self.data, "second"), mode=0o700)
        shutil.copy(newest, self.path("second"))

    def make_old(self, version):
        """A store as an older program left it."""
        path = os.path.join(self.ui.home, f"old-{version}.db")
        with contextlib.closing(sqlite3.connect(path)) as store, store:
            store.create_function("sha256", 1, lambda text: "", deterministic=True)
            for name in sorted(os.listdir(SCHEMA))[:version]:
                with open(os.path.join(SCHEMA, name), encoding="utf-8") as file:
                    store.executescript(file.read())
            store.execute("INSERT OR REPLACE INTO setting (name, value) VALUES ('it-admin-email', 'kept@contoso.example')")
            store.commit()
            store.executescript(f"PRAGMA user_version = {version}; PRAGMA application_id = {APPLICATION_ID}; "
                                "PRAGMA journal_mode = WAL;")
        return path

    def command(self, *words, profile="default", environment=None, data=None):
        """Runs it to its end; returns (exit status, what it printed, what it said)."""
        done = subprocess.run([self.program, "--profile", profile, *words], stdin=subprocess.DEVNULL,
                              env=dict(self.ui.environ, **(environment or {}), **({"XDG_DATA_HOME": data} if data else {})),
                              capture_output=True, text=True, timeout=SECONDS, check=False)
        return done.returncode, done.stdout, done.stderr

    def read(self, *words, **more):
        status, out, said = self.command(*words, **more)
        if status != 0:
            raise Broken(f"{words}: {status}: {said}")
        return out

    def kill(self, name, *words, profile="default", environment=None):
        """Starts it and kills it at any moment of it; returns what it printed if it came to its end, else None."""
        longest = self.durations.get(name, 0.4)
        begun = time.monotonic()
        process = subprocess.Popen([self.program, "--profile", profile, *words], stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                                   env=dict(self.ui.environ, **(environment or {})))
        try:
            out, _ = process.communicate(timeout=self.random.uniform(0, longest * 1.15))
            if process.returncode == 3 and profile == "default":
                self.sign_in_again()
            if process.returncode == 0:
                self.durations[name] = max(0.6 * longest, min(5, time.monotonic() - begun))
            return out if process.returncode == 0 else None
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.communicate()
            self.counts[name] = self.counts.get(name, 0) + 1
            return None

    def sign_in_again(self):
        """A refresh token that the service had made void was in the process that was killed, and nowhere else."""
        self.counts_of_sign_ins += 1
        self.read("sign-in", "--device-code")

    def open_activities(self):
        rows = json.loads(self.read("activities", "--json"))
        return [row for row in rows if row["origin"] == "local" and row["status"] == "active"]

    # ---- what is done; each returns what has to hold afterwards, beyond what always has

    def sync(self, **more):
        self.kill("sync", "sync", **more)

    def sync_full(self, **more):
        self.kill("sync_full", "sync", "--full", **more)

    def request(self, ticket=False, **more):
        self.noted += 1
        note = f"note-{self.noted}."
        words = ["--intune"] if ticket else []
        out = self.kill("request", "request", self.random.choice(self.recommendations), "--type", "update",
                        "--priority", "high", "--all-groups", "--note", note, "--json", *words, **more)
        if out is not None:
            self.acknowledged.add(note)

    def request_with_ticket(self, **more):
        self.request(True, **more)

    def complete(self, **more):
        rows = self.open_activities()
        if rows:
            row = self.random.choice(rows)
            if self.kill("complete", "complete", row["id"], **more) is not None:
                self.completed.add(row["id"])

    def list_tickets(self):
        """Those that can be withdrawn."""
        return [ticket["id"] for row in self.open_activities() for ticket in row["tickets"]
                if ticket["status"] == "pending" and ticket["id"] and not ticket["withdrawal_requested_on"]]

    def have_ticket(self):
        """One that can be withdrawn."""
        if not self.list_tickets():
            self.noted += 1
            status, _out, _said = self.command("request", self.random.choice(self.recommendations), "--type", "update",
                                               "--priority", "high", "--all-groups", "--note", f"note-{self.noted}.",
                                               "--intune")
            if status == 0:
                self.acknowledged.add(f"note-{self.noted}.")
            if self.command("sync")[0] == 3:
                self.sign_in_again()

    def withdraw(self, **more):
        if not more:
            self.have_ticket()
        tickets = self.list_tickets()
        if tickets:
            ticket = self.random.choice(tickets)
            if self.kill("withdraw", "withdraw", ticket, **more) is not None:
                self.withdrawn.add(ticket)

    def add_exception(self, **more):
        out = self.kill("exception", "exception", "add", self.random.choice(self.recommendations), "--justification",
                        "risk-accepted", "--context", "crash", "--duration", "30", "--all-groups", "--json", **more)
        if out is not None:
            self.excepted.add(json.loads(out)["id"])

    def export(self):
        path = os.path.join(self.ui.home, "export.csv")
        self.kill("export", "export", "devices", "--output", path, "--force", "--format", "machine")
        if os.path.exists(path):
            with open(path, "rb") as file:
                content = file.read()
            if not content.endswith(b"\r\n") or content.count(b"\r\n") != 61:
                raise Broken(f"a file of {content.count(bytes([10]))} lines is not whole")
            os.unlink(path)

    def backup(self, **more):
        self.kill("backup", "backup", "create", **more)
        for path in glob.glob(os.path.join(self.data, "default", "backups", "*.db")):
            if quick_check(path) != "ok":
                raise Broken(f"{path} is not whole")

    def email(self, profile):
        return self.read("config", "get", "it-admin-email", profile=profile).strip()

    def restore(self):
        self.read("config", "set", "it-admin-email", "before@contoso.example", profile="second")
        names = json.loads(self.read("backup", "list", "--json", profile="second"))
        kept = [row["name"] for row in names if row["reason"] == "by-hand"]
        if not kept:
            self.read("backup", "create", profile="second")
            return
        self.read("config", "set", "it-admin-email", "after@contoso.example", profile="second")
        self.kill("restore", "backup", "restore", self.random.choice(kept), profile="second")
        if self.email("second") not in ("before@contoso.example", "after@contoso.example"):
            raise Broken("neither what was there nor the backup: " + self.email("second"))

    def migrate(self):
        version = self.random.choice(list(self.old))
        folder = os.path.join(self.data, "old")
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder, mode=0o700)
        shutil.copy(self.old[version], self.path("old"))
        self.kill("migrate", "config", "list", profile="old")
        if self.email("old") != "kept@contoso.example":
            raise Broken(f"layout {version}: the setting is lost")
        if quick_check(self.path("old")) != "ok":
            raise Broken(f"layout {version}: not whole")

    def sign_in(self):
        self.kill("sign_in", "sign-in", "--device-code", profile="second")
        self.read("config", "list", profile="second")

    def sign_out(self):
        self.kill("sign_out", "sign-out", "--delete-data", profile="second")
        self.read("config", "list", profile="second")
        if quick_check(self.path("second")) != "ok":
            raise Broken("a store that was being emptied is not whole")
        self.make_second()

    def window(self):
        """Opens it, lets it synchronize, and kills it."""
        process = subprocess.Popen([self.program], env=self.ui.environ, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            process.wait(timeout=self.random.uniform(0.1, 4))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
            self.counts["window"] = self.counts.get("window", 0) + 1

    # ---- what always has to hold

    def check(self, data=None, sent=True):
        path = os.path.join(data, "tvm-remediate", "default", "store.db") if data else self.path()
        self.read("history", "verify", data=data)
        if quick_check(path) != "ok":
            raise Broken(quick_check(path))
        rows = [row for row in json.loads(self.read("activities", "--json", data=data)) if row["origin"] == "local"]
        for note in self.acknowledged:
            found = [row for row in rows if row["notes"] == note]
            if len(found) != 1:
                raise Broken(f"{note} was acknowledged and is there {len(found)} times")
        notes = [row["notes"] for row in rows]
        if len(notes) != len(set(notes)):
            raise Broken("an activity is there twice")
        for row in rows:
            if row["id"] in self.completed and row["status"] != "completed":
                raise Broken(f"{row['id']} was completed and is {row['status']}")
            for ticket in row["tickets"]:
                if (ticket["id"] in self.withdrawn and ticket["status"] != "withdrawn" and
                        ticket["withdrawal_requested_on"] is None):
                    raise Broken(f"{ticket['id']} was withdrawn and is {ticket['status']}")
        ids = {row["id"] for row in json.loads(self.read("exceptions", "--json", data=data))}
        if not self.excepted <= ids:
            raise Broken(f"exceptions are lost: {self.excepted - ids}")
        if sent:
            self.check_tickets()

    def check_tickets(self):
        described = [ticket["description"] for ticket in self.tenant.order("state")["tickets"]]
        for number in range(1, self.noted + 1):
            n = sum(f"note-{number}.\n" in text for text in described)
            if n > 1:
                raise Broken(f"note-{number} has {n} tickets")

    def settle(self):
        """Sends what waits; then each request that was acknowledged has its one ticket, unless it was completed before
        that was sent."""
        for _ in range(20):
            if self.command("sync")[0] == 3:
                self.sign_in_again()
            if all(entry["state"] == "held" for entry in json.loads(self.read("outbox", "list", "--json"))):
                break
        described = [ticket["description"] for ticket in self.tenant.order("state")["tickets"]]
        for row in json.loads(self.read("activities", "--json")):
            for ticket in row["tickets"] if row["origin"] == "local" else []:
                n = sum(f"Notes: {row['notes']}\n" in text for text in described)
                is_held = row["status"] == "completed" and ticket["status"] == "outbox"
                if ticket["status"] not in ("withdrawn", "failed") and n != (0 if is_held else 1):
                    raise Broken(f"{row['notes']} has a ticket here that is {ticket['status']}, and {n} in Intune: "
                                 f"{self.read('outbox', 'list', '--json')}, {self.command('sync')[2]}")
        self.check()

    # ---- the two tests

    def choose(self, names):
        return self.random.choices(names, [WORK[name] for name in names])[0]

    def kill_often(self, n_kills):
        while sum(self.counts.values()) < n_kills:
            name = self.choose(list(WORK))
            try:
                getattr(self, name)()
                self.check()
            except (Broken, subprocess.TimeoutExpired) as error:
                raise Broken(f"{name}, after {sum(self.counts.values())} kills: {error}") from error
        self.settle()

    def fail_often(self, n_failures):
        """Each has several outcomes; the tenant lives on with what the program really did."""
        n_states = 0
        for number in range(n_failures):
            folder = os.path.dirname(self.path())
            log = os.path.join(self.ui.home, "power.log")
            if os.path.exists(log):
                os.unlink(log)
            name = self.choose(list(POWERED))
            if name == "withdraw":
                self.have_ticket()      # what is asked for before the power fails is on the disk
            disk = power.Disk(folder)
            environment = {"LD_PRELOAD": self.library, "TVM_POWER_LOG": log, "TVM_POWER_FOLDER": folder}
            getattr(self, name)(environment=environment)
            disk.read(log)
            for _ in range(VARIANTS):
                data = os.path.join(self.ui.home, "after")
                shutil.rmtree(data, ignore_errors=True)
                disk.write(os.path.join(data, "tvm-remediate", "default"), self.random)
                try:
                    self.check(data, sent=False)
                except Broken as error:
                    raise Broken(f"{name}, failure {number}: {error}") from error
                n_states += 1
            self.check()
        return n_states

    def without(self, variable, step):
        """From the first write on, or the first opening, then from the next, until there is enough: whatever fails says
        so and ends in order, and what was there stays."""
        folder = os.path.dirname(self.path())
        export = os.path.join(folder, "export.csv")
        about = self.recommendations[0]
        n_tried = 0
        for name, words in (("request", ("request", about, "--type", "update", "--priority", "low", "--all-groups")),
                            ("sync", ("sync", "--full")), ("backup", ("backup", "create")),
                            ("config", ("config", "set", "it-admin-email", "kept@contoso.example")),
                            ("export", ("export", "devices", "--output", export, "--force"))):
            for after in range(self.random.randrange(step), 2000, step):
                # GNOME's module for proxies ends a program where it cannot open its settings.
                environment = {"LD_PRELOAD": self.library, "TVM_POWER_FOLDER": folder, variable: str(after),
                               "GIO_USE_PROXY_RESOLVER": "dummy"}
                self.noted += 1
                note = ("--note", f"note-{self.noted}.") if name == "request" else ()
                status, _out, said = self.command(*words, *note, environment=environment)
                n_tried += 1
                if status not in (0, 1, 3, 4) or (status != 0 and not said.strip()):
                    raise Broken(f"{name} after {after}: {status}, “{said}”")
                if status == 0 and note:
                    self.acknowledged.add(note[1])
                if os.path.exists(export):
                    if status != 0 and name == "export":
                        raise Broken(f"a file that is not whole after {after}")
                    os.unlink(export)
                self.check()
                if status == 0:
                    break
        return n_tried + self.mend_without(variable, step)

    def mend_without(self, variable, step):
        """Likewise of what takes a damaged store's place: either it does, or that stays where and as it is."""
        self.make_second()
        path, folder = self.path("second"), os.path.dirname(self.path("second"))
        self.read("backup", "create", profile="second")
        name, = os.listdir(os.path.join(folder, "backups"))
        with contextlib.closing(sqlite3.connect(path)) as store:
            page, = store.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'exposure'").fetchone()
            size, = store.execute("PRAGMA page_size").fetchone()
        with open(os.path.join(folder, "backups", name), "rb") as file:
            good = file.read()
        damaged = good[:(page - 1) * size] + bytes(size) + good[page * size:]
        n_tried = 0
        for words in (("recover",), ("restore", name)):
            for after in range(self.random.randrange(step), 2000, step):
                for ending in ("-wal", "-shm"):
                    if os.path.exists(path + ending):
                        os.unlink(path + ending)
                with open(path, "wb") as file:
                    file.write(damaged)
                environment = {"LD_PRELOAD": self.library, "TVM_POWER_FOLDER": folder, variable: str(after)}
                status, _out, said = self.command("backup", *words, profile="second", environment=environment)
                n_tried += 1
                is_untouched = False
                if os.path.exists(path):
                    with open(path, "rb") as file:
                        is_untouched = file.read() == damaged
                if (status == 0) == is_untouched or (status != 0 and not said.strip()):
                    raise Broken(f"{words} after {after}: {status}, “{said}”: {os.listdir(folder)}")
                if status == 0:
                    break
            if self.email("second") != "kept@contoso.example":
                raise Broken(f"{words}: not what there was")
        return n_tried


def main(program, library, n_kills, n_failures, step, seed):
    print("1..4", flush=True)
    with uidrive.Env(lang="C.UTF-8") as ui:
        tenant = tenant_window.Tenant(ui, program, devices=60, recommendations=21, activities=6)
        try:
            world = World(ui, program, library, tenant, seed)
            for number, (words, test, n) in enumerate((
                    ("kills", world.kill_often, n_kills),
                    ("power failures", world.fail_often, n_failures),
                    ("writes until the disk is full", lambda step: world.without("TVM_FULL_AFTER", step), step),
                    ("openings until no descriptor is left", lambda step: world.without("TVM_NO_FILES_AFTER", step),
                     step)), 1):
                problem, n_states = None, None
                try:
                    n_states = test(n)
                except Broken as error:
                    problem = error
                    print(f"# seed {seed}: {error}", file=sys.stderr)
                print(f"# {dict(sorted(world.counts.items()))}, signed in again {world.counts_of_sign_ins} times" if number == 1
                      else f"# {n_states} {'states of the disk' if number == 2 else 'runs'}")
                print(f"{'not ok' if problem else 'ok'} {number} {f'after {n}' if number < 3 else f'at each {n}. of the'} {words} "
                      "nothing acknowledged is lost, and nothing is there twice", flush=True)
        finally:
            tenant.stop()


if __name__ == "__main__":
    story.skip_unless_possible(sys.argv[1])
    import tenant_window
    import uidrive
    numbers = [int(word) for word in sys.argv[3:]] + [30, 10, 20, 20260321][len(sys.argv) - 3:]
    main(os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2]), *numbers)

#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A month within hours: the clock of tenant, window and command line is set forward from step to step, the tenant lives,
one call in fifty goes wrong, a person does this and that, and the window is open all the time. What has to hold is looked
at each day; memory, descriptors and store must stay as they were on the second. TAP on standard output.

usage: soak.py PROGRAM [DAYS] [DEVICES] [STEPS-A-DAY] [SEED]
"""
import contextlib
import glob
import json
import os
import random
import sqlite3
import subprocess
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "ui"))
import story  # noqa: E402

CLOCKS = glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")
DAY_S = 24 * 3600
SECONDS = 900                 # one command at most
FAULT_SHARE = 0.02            # of all calls
GROWTH = 1.05                 # of the window's memory, of its largest on the second day
MORE_DESCRIPTORS = 8          # some are open for a moment only
PATHS = ("/api/", "/v1.0/", "/beta/")
KINDS = ("status", "cut", "html", "empty", "bad-json", "reset", "short", "cut-gzip", "null-rows", "partly")
RECOMMENDATION_ORDERS = {"patch": {"fraction": 0.1}, "expose": {"fraction": 0.04}, "step": {"fraction": 0.02}, "discover": {}}
PAGES = ("ctrl+1", "ctrl+2", "ctrl+3", "ctrl+4", "ctrl+5")


class Broken(AssertionError):
    """Something did not hold."""


class Month:
    """A tenant, a profile, its window, and a clock that goes as this says."""

    def __init__(self, ui, program, devices, seed):
        self.ui, self.program, self.random = ui, program, random.Random(seed)
        self.clock = os.path.join(ui.home, "clock")
        self.offset_s, self.noted, self.n_faults = 0, 0, 0
        self.statuses, self.samples = {}, []
        self.set_clock(0)
        # What waits is not set forward, only what time it is; a file's own time is what it is.
        ui.environ.update(LD_PRELOAD=CLOCKS[0], FAKETIME_TIMESTAMP_FILE=self.clock, FAKETIME_DONT_FAKE_MONOTONIC="1",
                          FAKETIME_CACHE_DURATION="1", NO_FAKE_STAT="1")
        self.tenant = tenant_window.Tenant(ui, program, devices=devices, recommendations=max(20, devices // 200), activities=12)
        self.tenant.sign_in()
        self.command("sync", allowed=(0,))
        self.recommendations = [row["id"] for row in self.read("recommendations") if row["type"] == "update"]
        self.devices = [row["id"] for row in self.read("devices", "--limit", "500")]
        self.groups = sorted({row["group"] for row in self.read("devices", "--limit", "500") if row["group"]})
        self.app = ui.launch([program], timeout=SECONDS)
        self.app.wait_window(timeout=SECONDS)

    # ---- means

    def set_clock(self, offset_s):
        with open(self.clock + ".new", "w", encoding="ascii") as file:
            file.write(f"+{offset_s}s" if offset_s else "+0")
        os.replace(self.clock + ".new", self.clock)

    def command(self, *words, allowed=(0, 1, 4)):
        done = subprocess.run([self.program, *words], env=self.ui.environ, stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, timeout=SECONDS, check=False)
        key = f"{words[0]} {done.returncode}"
        self.statuses[key] = self.statuses.get(key, 0) + 1
        if done.returncode not in allowed:
            raise Broken(f"{words}: {done.returncode}: {done.stderr}")
        return done.stdout if done.returncode == 0 else None

    def read(self, *words):
        return json.loads(self.command(*words, "--json", allowed=(0,)))

    # ---- what happens

    def live(self):
        """The tenant and its IT admin."""
        order, body = self.random.choice(list(RECOMMENDATION_ORDERS.items()))
        self.tenant.order(f"recommendations/{self.random.choice(self.recommendations)}/{order}", body)
        device = self.random.choice(self.devices)
        order = self.random.choice(("move", "remove", "restore"))
        self.tenant.order(f"devices/{device}/{order}", {"group": self.random.choice(self.groups)} if order == "move" else {})
        tickets = [ticket["id"] for ticket in self.tenant.order("state")["tickets"]
                   if ticket["status"] in ("pending", "active")]
        if tickets:
            with contextlib.suppress(OSError):   # one that is accepted is not accepted again
                self.tenant.order(f"tickets/{self.random.choice(tickets)}/"
                                  f"{self.random.choice(('accept', 'complete', 'reject'))}", {"note": "Seen."})

    def go_wrong(self):
        """One fault for each fifty calls that were made."""
        n_calls = self.tenant.order("stats")["total"]
        while self.n_faults < n_calls * FAULT_SHARE:
            self.tenant.order("faults", {"path": self.random.choice(PATHS), "kind": self.random.choice(KINDS),
                                         "skip": self.random.randrange(20), "retry_after": 1})
            self.n_faults += 1

    def decide(self):
        """What a person does at the command line."""
        mine = [row for row in self.read("activities") if row["origin"] == "local" and row["status"] == "active"]
        act = self.random.choice(("request", "request", "complete", "withdraw", "exception", "export", "backup"))
        if act == "request":
            self.noted += 1
            self.command("request", self.random.choice(self.recommendations), "--type", "update", "--priority", "high",
                         "--all-groups", "--note", f"note-{self.noted}.", *self.random.choice(((), ("--intune",))))
        elif act == "complete" and mine:
            self.command("complete", self.random.choice(mine)["id"])
        elif act == "withdraw":
            tickets = [t["id"] for row in mine for t in row["tickets"] if t["status"] == "pending" and t["id"]]
            if tickets:
                self.command("withdraw", self.random.choice(tickets))
        elif act == "exception":
            self.command("exception", "add", self.random.choice(self.recommendations), "--justification", "risk-accepted",
                         "--context", "soak", "--duration", "30", "--all-groups")
        elif act == "export":
            self.command("export", "devices", "--output", os.path.join(self.ui.home, "devices.csv"), "--force")
        elif act == "backup":
            self.command("backup", "create")

    def look(self):
        """What a person does in the window: each page, a search, a row, then a sync."""
        for page in self.random.sample(PAGES, len(PAGES)):
            self.ui.key(page)
            self.ui.key("ctrl+f", "ctrl+a")
            self.ui.type(self.random.choice(("update", "windows", "cve-2024", "ws-1", "zzz")))
            self.ui.key("Escape")
            self.ui.key("Tab", "Down", "Down", "Return", "Escape")
            self.app.ping(timeout=60)
        self.ui.key("F5")
        self.app.ping(timeout=60)

    def step(self, seconds):
        self.offset_s += seconds
        self.set_clock(self.offset_s)
        begun = time.monotonic()
        self.ui._wait("the clock", lambda: time.monotonic() - begun > 1.2)
        self.live()
        self.go_wrong()
        self.decide()
        self.look()
        self.command("sync")

    # ---- what has to hold

    def sync_well(self):
        """With nothing in its way a sync comes to its end, within a few: the window may have one of its own under way."""
        self.tenant.order("faults", method="DELETE")
        self.command("sync", "--full", allowed=(0,))

    def check(self):
        self.sync_well()
        self.command("history", "verify", allowed=(0,))
        path = os.path.join(self.ui.environ["XDG_DATA_HOME"], "tvm-remediate", "default", "store.db")
        with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as store:
            if (said := store.execute("PRAGMA quick_check").fetchone()[0]) != "ok":
                raise Broken(said)
        rows = [row for row in self.read("activities") if row["origin"] == "local"]
        notes = [row["notes"] for row in rows]
        if len(notes) != len(set(notes)):
            raise Broken("an activity is there twice")
        for row in self.random.sample(rows, min(5, len(rows))):
            whole = self.read("activity", row["id"])
            if sum(whole["states"].values()) != whole["target_devices"] or whole["states"]["remediated"] != whole["fixed_devices"]:
                raise Broken(f"{row['id']} does not add up: {whole['states']}, {whole['fixed_devices']} of {whole['target_devices']}")
        state = self.tenant.order("state")
        described = [ticket["description"] for ticket in state["tickets"]]
        for number in range(1, self.noted + 1):
            if sum(f"note-{number}.\n" in text for text in described) > 1:
                raise Broken(f"note-{number} has two tickets")
        for row in self.read("recommendations"):
            if row["exposed_devices"] != state["exposed"].get(row["id"], 0):
                raise Broken(f"{row['id']}: {row['exposed_devices']} exposed here, {state['exposed'].get(row['id'])} there")
        return path

    def sample(self, path):
        with open(f"/proc/{self.app.pid}/status", encoding="ascii") as file:
            words = dict(line.split(":", 1) for line in file)
        files = glob.glob(os.path.join(os.path.dirname(path), "**"), recursive=True)
        # What is of files may be taken from it at any time.
        self.samples.append({"memory_mb": int(words["RssAnon"].split()[0]) / 1024,
                             "resident_mb": int(words["VmRSS"].split()[0]) / 1024, "threads": int(words["Threads"]),
                             "descriptors": len(os.listdir(f"/proc/{self.app.pid}/fd")),
                             "store_mb": os.path.getsize(path) / 1e6,
                             "folder_mb": sum(os.path.getsize(f) for f in files if os.path.isfile(f)) / 1e6})
        told = ", ".join(f"{name} {value:.0f}" for name, value in self.samples[-1].items())
        print(f"# day {self.offset_s // DAY_S}: {told}", flush=True)

    def judge(self):
        """From the second day on nothing grows."""
        second, rest = self.samples[1], self.samples[2:]
        most = {name: max(sample[name] for sample in rest) for name in second}
        if most["memory_mb"] > second["memory_mb"] * GROWTH:
            raise Broken(f"the window's memory grew from {second['memory_mb']:.0f} to {most['memory_mb']:.0f} MB")
        if most["descriptors"] > second["descriptors"] + MORE_DESCRIPTORS:
            raise Broken(f"the window's descriptors grew from {second['descriptors']} to {most['descriptors']}")


def main(program, days, devices, steps, seed):
    print("1..2", flush=True)
    with uidrive.Env(lang="C.UTF-8") as ui:
        month = Month(ui, program, devices, seed)
        try:
            for number, (words, test) in enumerate((
                    (f"{days} days of {devices} devices, and nothing is lost, doubled or untrue", lambda: live_through(month, days, steps)),
                    ("memory and descriptors are as on the second day", month.judge)), 1):
                problem = None
                try:
                    test()
                except (Broken, subprocess.TimeoutExpired) as error:
                    problem = error
                    print(f"# seed {seed}, day {month.offset_s / DAY_S:.1f}: {error}", file=sys.stderr)
                print(f"{'not ok' if problem else 'ok'} {number} {words}", flush=True)
            stats = month.tenant.order("stats")
            print(f"# {stats['total']} calls, {month.n_faults} faults, {dict(sorted(month.statuses.items()))}")
            for complaint in month.app.complaints():
                print("# " + complaint)
        finally:
            month.tenant.stop()


def live_through(month, days, steps):
    for _ in range(days):
        for _ in range(steps):
            month.step(DAY_S // steps)
        month.sample(month.check())


if __name__ == "__main__":
    story.skip_unless_possible(sys.argv[1])
    if not CLOCKS:
        print("1..0 # SKIP not installed: libfaketime")
        sys.exit(0)
    import tenant_window
    import uidrive
    main(os.path.abspath(sys.argv[1]), *([int(word) for word in sys.argv[2:]] + [30, 100000, 12, 20260321][len(sys.argv) - 2:]))

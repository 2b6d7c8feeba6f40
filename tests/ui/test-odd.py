#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What odd services say, in the window: words nobody here knows, numbers that disagree, who failed; TAP on standard
output.

usage: test-odd.py PROGRAM
"""
import contextlib
import datetime
import json
import os
import sqlite3
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import story  # noqa: E402

SAID = {
    "/api/machines": {"healthStatus": "Hibernated", "exposureLevel": "Extreme"},
    "/api/remediationTasks": {"type": "Update", "status": "Paused", "targetDevices": 10, "fixedDevices": 50,
                              "dueOn": "0001-01-01T00:00:00Z"},
    "/api/exposureScore": {"score": None},
}


class Odd:
    """A window on what two syncs brought: odd rows, and an Intune that refuses."""

    def __init__(self, ui, program, tenant):
        self.ui, self.tenant = ui, tenant
        for path, members in SAID.items():
            tenant.order("faults", {"path": path, "method": "GET", "exact": True, "kind": "set", "times": 99,
                                    "members": members})
        tenant.run("sync")
        self.age_tickets()
        tenant.order("faults", {"path": "/beta", "method": "GET", "status": 401, "times": 99})
        ui.run([tenant.program, "sync"], timeout=tenant_window.START_SECONDS)
        self.launch()

    def launch(self):
        self.app = self.ui.launch([os.path.abspath(self.tenant.program)], timeout=tenant_window.START_SECONDS)
        self.window = self.app.wait_window(timeout=tenant_window.START_SECONDS)

    def age_tickets(self):
        """They came two days ago."""
        path = os.path.join(self.ui.environ["XDG_DATA_HOME"], "tvm-remediate", "default", "store.db")
        with contextlib.closing(sqlite3.connect(path)) as db, db:
            db.execute("UPDATE list_state SET synced_us = synced_us - 2 * 86400000000 WHERE name = 'tickets'")

    def command(self, *words):
        return json.loads(self.tenant.run(*words, "--json"))

    def names_who_failed(self):
        """one bar names the service that refused and of when the data are; its words can be read and copied"""
        label = self.app.find("label", regex="^Microsoft Intune could not be synchronized[.] ", timeout=30)
        assert "stays usable" in label.name and "Tickets" not in label.name, label.name
        # What came of Microsoft Defender today says nothing of the tickets.
        day = datetime.date.today() - datetime.timedelta(days=2)
        assert f"The tickets shown are of {day.day} {day:%b}" in label.name, label.name
        assert self.app.exists("button", "Try again")
        assert self.app.unlabelled() == [], self.app.unlabelled()
        assert self.app.exists("button", regex="^Synced .*, the last attempt failed$")
        self.app.find("button", "Details").click()
        dialog = self.app.wait_window("Synchronization failed", timeout=20)
        words = dialog.find("label", contains="Microsoft Intune, ", timeout=20).name
        assert "licence" in words and "correlation id" in words, words
        dialog.find("button", "Copy").click()
        self.app.wait(lambda: self.ui.clipboard() == words, timeout=20, what="the words to be copied")

    def has_no_score(self):
        """the dashboard says that there is no score yet"""
        tenant_window.go_to(self.app, "dashboard")
        self.app.find("label", "No score yet: the service tells none", timeout=30)

    def knows_no_exposure(self):
        """a device group whose exposure nobody knows is not told to have none of high exposure"""
        node = self.app.find("label", "Exposure by device group", timeout=20)
        while not node.find_all("list item"):
            node = node.parent()
        for row in node.find_all("list item"):
            assert "No data" in row.labels() and not any("high" in words for words in row.labels()), row.labels()

    def counts_what_is_known(self):
        """what is left is not told where the numbers do not add up, and a line says of how many"""
        n = len([row for row in self.command("activities") if row["status"] != "completed"])
        self.app.find("label", "Devices left are not known", timeout=20)
        self.app.find("label", contains=f"{n} activities are not in it: their numbers are not known", timeout=20)
        assert not self.app.exists("label", regex=r"^0 of \d+ devices left$")

    def shows_words(self):
        """a device's health and exposure show in the service's words"""
        tenant_window.go_to(self.app, "devices")
        self.app.wait(lambda: tenant_window.count_of(self.app), timeout=30, what="the devices")
        tenant_window.open_row(self.app)
        self.app.find("label", contains="Hibernated", timeout=20)
        self.app.find("label", contains="Extreme", timeout=20)

    def tells_numbers(self):
        """an activity's flyout says that the numbers disagree; its state is in the service's word"""
        tenant_window.go_to(self.app, "remediation")
        tenant_window.open_row(self.app)
        self.app.find("label", "The service's numbers disagree: 50 remediated of 10 targeted", timeout=20)
        self.app.find("label", "Paused", timeout=20)
        assert not self.app.exists("label", contains="overdue")

    def tells_none(self):
        """none remediated of none is nothing that is done; numbers that are not told are told as such"""
        for count, words in ((0, "0 of 0"), (None, "Not told by the service")):
            self.tenant.order("faults", method="DELETE")
            self.tenant.order("faults", {"path": "/api/remediationTasks", "method": "GET", "exact": True, "kind": "set",
                                         "times": 99, "members": {"targetDevices": count, "fixedDevices": count}})
            self.ui.run([self.tenant.program, "sync"], timeout=tenant_window.START_SECONDS)
            row = self.app.wait(lambda words=words: next((row for row in tenant_window.rows_on_screen(self.app)
                                                          if words in row.labels()), None), timeout=30, what=words)
            assert not [bar for bar in row.find_all("progress bar") if bar.mapped()], row.labels()
            hint = "no device is counted for it" if count == 0 else "without its numbers"
            self.app.find("label", contains=hint, timeout=20)
            assert not self.app.exists("label", "100 %"), words

    def marks_texts(self):
        """a text of the service stays as it is and is marked as the service's"""
        tenant_window.go_to(self.app, "weaknesses")
        self.app.wait(lambda: tenant_window.count_of(self.app), timeout=30, what="the weaknesses")
        tenant_window.open_row(self.app)
        mark = self.app.find("label", "In the words of the service", timeout=20)
        text = self.tenant.run("weakness", tenant_window.rows_on_screen(self.app)[0].name.split(",")[0], "--json")
        assert mark.parent().labels()[0] == json.loads(text)["description"], mark.parent().labels()

    def opens_nameless(self):
        """a recommendation without a name opens, and leads nowhere by that"""
        names = {row["name"] for row in self.command("recommendations")}
        self.tenant.order("faults", {"path": "/api/recommendations", "method": "GET", "exact": True, "kind": "set",
                                     "times": 99, "members": {"recommendationName": None}})
        self.ui.run([self.tenant.program, "sync"], timeout=tenant_window.START_SECONDS)
        tenant_window.go_to(self.app, "recommendations")
        self.app.wait(lambda: (rows := tenant_window.rows_on_screen(self.app)) and
                      not any(names & set(row.labels()) for row in rows), timeout=30, what="rows without names")
        tenant_window.open_row(self.app)
        self.app.find("button", "Remediation options", timeout=30)
        assert self.app.complaints() == [], self.app.complaints()

    def rests(self):
        """a service that fails without asking for time is left alone for a while, which is not told as its wish"""
        self.tenant.order("faults", {"path": "/api/", "method": "GET", "kind": "status", "status": 503, "times": 99})
        tenant_window.sync_now(self.app)
        self.app.find("label", regex=r"^(Next call in )?\d+ s$", timeout=60)
        self.app.find("button", "Synchronization details").click()
        self.app.find("label", regex=r"^The service is left alone for a while: next call in \d+ seconds?$", timeout=60)
        assert not self.app.exists("label", contains="The service asks to wait")
        self.app.find("button", "Cancel", timeout=20).click()
        self.app.find("label", regex="^Synced ", timeout=30)
        self.app.settle(quiet=0.5, timeout=5)
        self.tenant.order("faults", method="DELETE")
        self.ui.key("Escape")
        self.app.settle(quiet=0.5, timeout=5)

    def banner_has_room(self):
        """in a narrow window the buttons of the banner that tells a failure are below its words"""
        self.tenant.order("faults", {"path": "/api/", "method": "GET", "kind": "status", "status": 403, "times": 99})
        tenant_window.sync_now(self.app)
        words = self.app.find("label", contains="could not be synchronized", timeout=60)
        size = self.window.extents()[2:]
        tenant_window.resize(self.app, self.window, 360, 720)
        buttons = [self.app.find("button", name, timeout=20) for name in ("Details", "Try again")]
        assert words.extents()[2] > 250, words.extents()
        assert all(one.extents()[1] >= sum(words.extents()[1::2]) for one in buttons), [one.extents() for one in buttons]
        tenant_window.resize(self.app, self.window, *size)
        self.tenant.order("faults", method="DELETE")

    def waits(self):
        """a service that asks to wait is told once, with the time left; the wait can be given up"""
        self.ui.key("ctrl+w")
        assert self.app.wait_exit() == 0
        self.launch()
        self.tenant.order("faults", {"path": "/api/", "method": "GET", "kind": "status", "status": 429,
                                     "retry_after": 500, "times": 99})
        tenant_window.sync_now(self.app)
        self.app.find("label", regex=r"^(Next call in )?\d+ s$", timeout=60)
        assert not self.app.exists("label", contains="could not be synchronized"), "told as a failure, too"
        self.app.find("button", "Synchronization details").click()
        self.app.find("label", regex=r"^The service asks to wait: next call in \d+ seconds$", timeout=20)
        self.app.find("button", "Cancel", timeout=20).click()
        self.app.find("label", regex="^Synced ", timeout=30)
        assert self.app.complaints() == [], self.app.complaints()


STEPS = ("names_who_failed", "has_no_score", "knows_no_exposure", "counts_what_is_known", "shows_words",
         "tells_numbers", "tells_none", "marks_texts", "opens_nameless", "rests", "banner_has_room", "waits")


def main(program):
    with uidrive.Env(lang="C.UTF-8", size=(1480, 1000)) as ui:
        tenant = tenant_window.Tenant(ui, program, devices=60, recommendations=12, activities=6)
        try:
            tenant.sign_in()
            story.run(Odd(ui, program, tenant), STEPS)
        finally:
            tenant.stop()


if __name__ == "__main__":
    story.skip_unless_possible(sys.argv[1])
    import tenant_window
    import uidrive
    main(sys.argv[1])

#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reminders as desktop notifications (R12), from the store to a notification service and back; TAP on standard
output.

usage: test-notifications.py PROGRAM
"""
import datetime
import json
import os
import sqlite3
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import story  # noqa: E402

BUTTONS = ["Open", "Snooze until tomorrow"]
DAY_US = 24 * 3600 * 1000000


def in_days(days):
    return (datetime.date.today() + datetime.timedelta(days=days)).isoformat()


class Notifications:
    """One admin with a desktop that shows notifications; the steps build on each other."""

    def __init__(self, ui, program, tenant):
        self.ui, self.program, self.tenant = ui, os.path.abspath(program), tenant
        self.store = os.path.join(ui.environ["XDG_DATA_HOME"], "tvm-remediate", "default", "store.db")
        self.daemon = notification_daemon.Freedesktop(ui.environ["DBUS_SESSION_BUS_ADDRESS"])
        self.open()

    # ---- ways around

    def open(self, *words, program=None):
        self.app = self.ui.launch([program or self.program, *words], timeout=tenant_window.START_SECONDS,
                                  wait_window=not words)

    def close(self):
        self.ui.key("ctrl+q")
        self.app.wait_exit(timeout=60)
        assert self.app.complaints() == [], self.app.complaints()

    def command(self, *words):
        return json.loads(self.tenant.run(*words, "--json"))

    def unused(self):
        """A recommendation that nobody has requested the remediation of."""
        used = {row["recommendation_id"] for row in self.command("activities")}
        return next(row for row in self.command("recommendations")
                    if row["type"] == "update" and row["exposed_devices"] > 4 and row["id"] not in used)

    def request(self, *words):
        return self.command("request", self.unused()["id"], "--type", "update", "--priority", "low", "--all-groups",
                            *words)

    def order(self, activity, word):
        """The IT admin does something with the activity's ticket, and the window's sync sees it."""
        self.tenant.order(f"tickets/{activity['tickets'][0]['id']}/{word}", {})
        tenant_window.sync_now(self.app)

    def in_store(self, sql, *values):
        """What the store answers, which another process may write to."""
        connection = sqlite3.connect(self.store)
        with connection:
            rows = connection.execute(sql, values).fetchall()
        connection.close()
        return rows

    def told(self):
        """What was told already: a line of marks and the day, then one for each that is snoozed."""
        return self.in_store("SELECT value FROM setting WHERE name = 'reminders-told'")[0][0].split("\n")

    def set_told(self, lines):
        self.in_store("UPDATE setting SET value = ? WHERE name = 'reminders-told'", "\n".join(lines))

    def shows_activity(self, activity):
        """The Remediation page with the activity's flyout."""
        self.app.find("button", "Mark as completed", timeout=30)
        self.app.find("label", activity["title"], timeout=20)

    # ---- steps

    def first_is_a_digest(self):
        """many at once come as one digest, which opens the dashboard"""
        self.app.wait(lambda: self.daemon.arrived, timeout=40, what="a notification")
        found = self.daemon.arrived.pop()
        assert found.title.endswith(" reminders"), found
        assert "Overdue: " in found.body, found
        assert [label for label, _ in found.buttons] == BUTTONS, found
        self.ui.key("ctrl+5")
        self.app.find("tree grid", "Devices", timeout=30)
        found.press("Open")
        self.app.find("label", "What to do now", timeout=20)

    def tries_one(self):
        """the preferences send one to try, of no subject"""
        self.app.windows()[0].do_action("win.show-preferences")
        self.app.find("button", "Try one", timeout=20).click()
        self.app.wait(lambda: any(row.title == "Notifications arrive" for row in self.daemon.arrived), timeout=20,
                      what="the one to try")
        self.ui.key("Escape")
        self.app.wait(lambda: len(self.app.windows()) == 1, timeout=20, what="the preferences to close")

    def accepted(self):
        """a ticket's acceptance arrives with title, body and actions; Open leads to the activity's flyout"""
        self.activity = self.request("--intune")
        self.order(self.activity, "accept")
        found = self.daemon.wait("Ticket accepted", self.activity["title"])
        assert [label for label, _ in found.buttons] == BUTTONS, found
        found.press("Open")
        self.shows_activity(self.activity)

    def comes_near(self):
        """a due date and an exception's end are told on the day they come near"""
        self.due = self.request("--due", in_days(7))
        self.about = self.unused()
        self.tenant.run("exception", "add", self.about["id"], "--justification", "risk-accepted",
                        "--context", "Ends before long", "--until", in_days(14), "--all-groups")
        self.close()
        # Those made in the portal would come near on some days too.
        self.in_store("UPDATE activity SET due_on = '2999-12-31' WHERE origin = 2")
        marks = self.told()[0].split(" ")
        self.set_told([" ".join(marks[:2] + [in_days(-1)])])
        self.open()
        self.soon = self.daemon.wait("Due soon", self.due["title"])
        self.ending = self.daemon.wait("Exception ends soon", self.about["name"])

    def opens_the_exception(self):
        """Open of an exception that ends leads to its flyout"""
        self.ending.press("Open")
        self.app.find("label", "Justification context", timeout=30)
        self.app.find("label", "Ends before long", timeout=20)
        self.app.find("button", "Cancel exception", timeout=20)

    def snoozes(self):
        """Snooze silences it until tomorrow, while others are told"""
        self.soon.press("Snooze until tomorrow")
        self.app.wait(lambda: len(self.told()) == 2, timeout=20, what="the snoozed reminder to be noted")
        until, kind, subject, title = self.told()[1].split(" ", 3)
        assert (kind, subject, title) == ("due-soon", self.due["id"], self.due["title"]), self.told()
        assert 23 / 24 < (int(until) / 1000000 - datetime.datetime.now().timestamp()) / 86400 < 25 / 24, until
        self.order(self.activity, "complete")
        completed = self.daemon.wait("Ticket completed", self.activity["title"])
        assert not [row for row in self.daemon.arrived if row.title == "Due soon"], self.daemon.arrived
        completed.click()
        self.shows_activity(self.activity)

    def comes_back(self):
        """a day later it is told again"""
        self.close()
        lines = self.told()
        self.set_told([lines[0], str(int(lines[1].split(" ")[0]) - DAY_US) + " " + lines[1].split(" ", 1)[1]])
        self.open()
        self.daemon.wait("Due soon", self.due["title"])
        self.close()

    def gnome(self):
        """GNOME's own notification service gets the same, and its way back works"""
        self.daemon.stop()
        self.daemon = notification_daemon.Gtk(self.ui.environ["DBUS_SESSION_BUS_ADDRESS"])
        self.open()
        self.last = self.request("--intune")
        self.order(self.last, "accept")
        self.found = self.daemon.wait("Ticket accepted", self.last["title"])
        assert [label for label, _ in self.found.buttons] == BUTTONS, self.found
        self.found.press("Open")
        self.shows_activity(self.last)

    def after_the_end(self):
        """where the program has ended meanwhile, Open starts it and leads to the same flyout"""
        self.close()
        # What the session bus starts by the installed service file.
        window = os.path.join(os.path.dirname(os.path.dirname(self.program)), "app", "tvm-remediate-window")
        self.open("--gapplication-service", program=window)
        self.app.wait(lambda: "org.example.TvmRemediate" in self.ui.session.names(), timeout=30, what="the service")
        self.found.press("Open")
        self.app.wait_window(timeout=tenant_window.START_SECONDS)
        self.shows_activity(self.last)
        self.close()
        self.daemon.stop()


STEPS = ("first_is_a_digest", "tries_one", "accepted", "comes_near", "opens_the_exception", "snoozes", "comes_back",
         "gnome", "after_the_end")


def main(program):
    with uidrive.Env(lang="C.UTF-8", size=(1480, 1000)) as ui:
        tenant = tenant_window.Tenant(ui, program, devices=200, recommendations=60, activities=40)
        try:
            tenant.sign_in()
            tenant.run("sync")
            story.run(Notifications(ui, program, tenant), STEPS)
        finally:
            tenant.stop()


if __name__ == "__main__":
    story.skip_unless_possible(sys.argv[1])
    import notification_daemon
    import tenant_window
    import uidrive
    main(sys.argv[1])

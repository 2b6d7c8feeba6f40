#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tickets that Microsoft Intune refused or never got: shown, retried, revoked in the window; TAP on standard output.

usage: test-pending.py PROGRAM
"""
import json
import os
import sys
import urllib.request

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import story  # noqa: E402

STEPS = ("indicator_tells", "lists_entries", "fits_narrow_windows", "retry_can_fail", "retry_sends",
         "revoke_asks", "revoke_takes_back", "withdrawal", "follows_the_store", "empty", "indicator_goes", "no_complaints")
TICKETS = "/beta/deviceAppManagement"
INDICATOR = r"^\d+ changes? (?:was|were|waits?)"
CORRELATION_ID = r"correlation id [0-9a-f-]{36}"


class Story:
    """Three activities whose tickets did not arrive, and what an admin does about each."""

    def __init__(self, ui, program, tenant):
        self.ui, self.tenant = ui, tenant
        tenant.sign_in()
        tenant.run("sync")
        rows = [row for row in json.loads(tenant.run("recommendations", "--json"))
                if row["type"] == "update" and row["exposed_devices"] > 0]
        self.first, self.second = [self.request(row["id"], kind="status", status=400) for row in rows[:2]]
        self.third = self.request(rows[2]["id"], kind="status", status=503, retry_after=3600)
        self.app = ui.launch([os.path.abspath(program)], timeout=60)
        self.window = self.app.wait_window(timeout=60)

    # ---- means

    def order(self, order, verb="POST", **body):
        request = urllib.request.Request(self.tenant.uri + order, json.dumps(body).encode(),
                                         {"Content-Type": "application/json"}, method=verb)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def request(self, recommendation, **fault):
        """An activity whose ticket meets a fault."""
        self.order("/_demo/faults", path=TICKETS, method="POST", times=1000, **fault)
        done = self.ui.run([self.tenant.program, "request", recommendation, "--type", "update", "--priority", "high",
                            "--all-groups", "--intune", "--json"], timeout=60)
        self.order("/_demo/faults", verb="DELETE")
        activity = json.loads(done.stdout)
        assert [ticket["id"] for ticket in activity["tickets"]] == [None], (done.stderr, activity)
        return activity

    def tickets(self):
        """What Microsoft Intune has."""
        with urllib.request.urlopen(self.tenant.uri + "/_demo/state", timeout=30) as answer:
            return json.load(answer)["tickets"]

    def activity(self, activity):
        return json.loads(self.tenant.run("activity", activity["id"], "--json"))

    def pending(self):
        return self.app.window("Pending changes")

    def rows(self, activity):
        lists = self.pending().find_all("list", "Pending changes")
        return [row for found in lists for row in found.rows() if row.name == activity["title"]]

    def row(self, activity):
        """An activity's entry."""
        rows = self.rows(activity)
        assert len(rows) == 1, f"{activity['title']} is listed {len(rows)} times"
        return rows[0]

    def words(self, activity):
        return "\n".join(label.name for label in self.row(activity).find_all("label"))

    def is_listed(self, activity):
        return self.rows(activity) != []

    def button(self, word, activity):
        button = self.row(activity).find("button", word)
        assert button.description == activity["title"], button.description
        return button

    # ---- steps

    def indicator_tells(self):
        """a bar in the window says what waits, and leads there"""
        button = self.app.find("button", regex=INDICATOR, timeout=60)
        assert button.name == "2 changes were refused", button.name
        assert not self.app.exists("label", regex="wait to be sent", showing=None), "the sync button says otherwise"
        width = tenant_window.resize(self.app, self.window, 360, 720)[0]
        assert width == 360, f"the window is {width} px wide"
        button.click()
        self.pending().find("list", "Pending changes", timeout=20)

    def lists_entries(self):
        """each entry says what it is, since when, and why it waits, with the service's correlation id"""
        assert len(self.pending().find("list", "Pending changes").rows()) == 3
        refused, put_off = self.words(self.first), self.words(self.third)
        n_devices = self.first["tickets"][0]["devices"]
        assert f"{n_devices} device" in refused and "created" in refused, refused
        assert "Refused by Microsoft Intune" in refused and "Next attempt" not in refused, refused
        assert self.row(self.first).find("label", regex=CORRELATION_ID)
        assert "Waiting to be sent" in put_off and "Next attempt" in put_off, put_off
        assert "Refused by Microsoft Intune" in self.row(self.first).description, self.row(self.first).description

    def fits_narrow_windows(self):
        """in 360 px everything is there"""
        width = tenant_window.resize(self.app, self.pending(), 360, 720)[0]
        assert width == 360, f"Pending changes is {width} px wide"
        left, _, width, _ = self.button("Revoke…", self.first).extents()
        assert 0 <= left and left + width <= 360, (left, width)

    def retry_can_fail(self):
        """a retry that is refused again says so with the service's words, and the entry stays"""
        self.order("/_demo/faults", path=TICKETS, kind="status", status=400, times=1000)
        self.button("Retry", self.first).click()
        dialog = self.app.window("The change was not sent")
        dialog.find("label", regex=CORRELATION_ID)
        dialog.find("button", "Close").click()
        self.app.wait_window_gone("The change was not sent")
        self.order("/_demo/faults", verb="DELETE")
        assert self.tickets() == []
        self.app.wait(lambda: "Refused by Microsoft Intune" in self.words(self.first), timeout=20,
                      what="the entry to be parked again")

    def retry_sends(self):
        """a retry from the keyboard that succeeds takes the entry away, and Microsoft Intune has one ticket"""
        button = self.button("Retry", self.first)
        self.app.wait(lambda: button.sensitive, timeout=20, what="the button")
        for _ in range(20):
            if "focused" in button.states:
                break
            self.ui.key("Tab")
            self.app.settle(quiet=0.1, timeout=5)
        assert "focused" in button.states, "Tab does not reach the button"
        self.ui.key("space")
        self.app.wait(lambda: not self.is_listed(self.first), timeout=30, what="the entry to go")
        assert len(self.tickets()) == 1, self.tickets()
        assert self.activity(self.first)["tickets"][0]["status"] == "pending"

    def revoke_asks(self):
        """revoking asks first and says what becomes of the activity"""
        self.button("Revoke…", self.second).click()
        dialog = self.app.window("Revoke this ticket?")
        dialog.find("label", contains=self.second["title"])
        dialog.find("label", contains="activity stays")
        dialog.find("button", "Cancel").click()
        self.app.wait_window_gone("Revoke this ticket?")
        assert self.is_listed(self.second)
        assert len(self.activity(self.second)["tickets"]) == 1

    def revoke_takes_back(self):
        """revoked, the ticket is gone and its activity stays"""
        self.button("Revoke…", self.second).click()
        self.app.window("Revoke this ticket?").find("button", "Revoke").click()
        self.app.wait(lambda: not self.is_listed(self.second), timeout=30, what="the entry to go")
        activity = self.activity(self.second)
        assert activity["tickets"] == [] and activity["status"] == "active", activity
        assert len(self.tickets()) == 1, self.tickets()

    def withdrawal(self):
        """a ticket's withdrawal that could not be sent is listed too; revoked, the ticket stays"""
        ticket = self.activity(self.first)["tickets"][0]["id"]
        self.order("/_demo/faults", path=TICKETS, kind="reset", times=1000)
        self.ui.run([self.tenant.program, "withdraw", ticket], timeout=60)
        self.order("/_demo/faults", verb="DELETE")
        self.app.wait(lambda: self.is_listed(self.first), timeout=40, what="the withdrawal")
        assert "Withdrawal of a ticket" in self.words(self.first), self.words(self.first)
        self.button("Revoke…", self.first).click()
        dialog = self.app.window("Revoke this withdrawal?")
        dialog.find("label", contains="stays in Microsoft Intune")
        dialog.find("button", "Revoke").click()
        self.app.wait(lambda: not self.is_listed(self.first), timeout=30, what="the entry to go")
        assert [known["status"] for known in self.tickets()] == ["pending"], self.tickets()

    def follows_the_store(self):
        """what another program does about an entry shows here by itself"""
        entry = json.loads(self.tenant.run("outbox", "list", "--json"))[0]
        assert entry["activity_id"] == self.third["id"], entry
        self.tenant.run("outbox", "revoke", str(entry["id"]))
        self.app.wait(lambda: not self.is_listed(self.third), timeout=40, what="the entry to go")

    def empty(self):
        """with nothing left it says so"""
        self.pending().find("label", "Nothing waits to be sent", timeout=20)
        self.ui.key("Escape")
        self.app.wait_window_gone("Pending changes")

    def indicator_goes(self):
        """the bar goes with the last entry; the menu still leads to the page"""
        self.app.wait_gone("button", regex=INDICATOR, timeout=60)
        self.app.find(None, "Main menu", pred=lambda node: "button" in node.role).menu("Pending changes")
        self.pending().find("label", "Nothing waits to be sent", timeout=20)
        self.ui.key("Escape")
        self.app.wait_window_gone("Pending changes")

    def no_complaints(self):
        """the program printed no warning, and every control has a name (R17)"""
        assert self.app.complaints() == [], self.app.complaints()
        # A toast's own button has no name; the toast goes by itself.
        self.app.wait(lambda: self.app.unlabelled() == [], timeout=20, what="every control to have a name")


def main(program):
    with uidrive.Env(lang="C.UTF-8") as ui:
        tenant = tenant_window.Tenant(ui, program, devices=120, recommendations=20, activities=6)
        try:
            story.run(Story(ui, program, tenant), STEPS)
        finally:
            tenant.stop()


if __name__ == "__main__":
    story.skip_unless_possible(sys.argv[1])
    import tenant_window
    import uidrive
    main(sys.argv[1])

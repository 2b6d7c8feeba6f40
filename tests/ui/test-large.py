#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A request for more devices than one ticket carries (R5), and what becomes of its tickets when the IT admin
and the devices move (R6, R7), in the window; TAP on standard output.

usage: test-large.py PROGRAM
"""
import json
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import story  # noqa: E402

N_EXPOSED, N_JOINED, LIMIT = 23456, 21000, 10000


class Large:
    """One admin asks for very many devices; the steps build on each other."""

    def __init__(self, ui, program, tenant, about):
        self.ui, self.tenant, self.about = ui, tenant, about
        self.app = ui.launch([os.path.abspath(program)], timeout=tenant_window.START_SECONDS)
        self.window = self.app.wait_window(timeout=tenant_window.START_SECONDS)

    def activity(self):
        return next(row for row in json.loads(self.tenant.run("activities", "--json")) if row["origin"] == "local")

    def covers(self, n_sent, tickets):
        self.app.find("label", f"{N_EXPOSED} devices covered, {n_sent} can go to Intune in {tickets}", timeout=30)

    def choose(self, way):
        row = self.app.find("label", way)
        row.scroll_into_view()
        row.mouse_click()

    def says_limit(self):
        """the form says how many devices can go to Intune, why the rest cannot, and offers two ways"""
        tenant_window.go_to(self.app, "recommendations")
        self.app.wait(lambda: tenant_window.count_of(self.app), timeout=tenant_window.START_SECONDS, what="the list")
        self.ui.key("ctrl+f")
        self.ui.type(self.about["name"])
        self.app.find("label", regex="^1 of ", timeout=20)
        tenant_window.open_row(self.app)
        self.app.find("button", "Remediation options", timeout=20, sensitive=True).click()
        self.covers(N_JOINED, "3 tickets")
        self.app.find("label", "Submitting triggers nothing on devices.")
        self.app.find("label", f"{N_EXPOSED - N_JOINED} cannot: they are not joined to Microsoft Entra")
        self.app.find("label", f"{N_JOINED - LIMIT} devices are left out of the ticket")
        self.choose(f"Send the first {LIMIT}")
        self.covers(LIMIT, "1 ticket")
        self.app.find("label", f"{N_EXPOSED - N_JOINED} cannot: they are not joined to Microsoft Entra\n"
                      f"{N_JOINED - LIMIT} are left out: the ticket is full")

    def lists_what_cannot_go(self):
        """each device that no ticket would carry is listed before anything is sent, with the reason"""
        n = N_EXPOSED - LIMIT
        self.app.find("button", "Show devices").click()
        window = self.app.window("Devices in no ticket")
        window.find("label", f"{n} of {n} devices", timeout=30)
        window.find("label", "Why in no ticket", timeout=20)
        assert window.find_all("label", regex="^(Ticket full|Not joined to Microsoft Entra)"), "no reason"
        self.ui.key("Escape")
        self.app.wait_window_gone("Devices in no ticket")

    def splits(self):
        """split into three, all that can go are sent, and that is what the service has"""
        self.choose("Split into 3 tickets")
        self.covers(N_JOINED, "3 tickets")
        self.app.find("button", "Submit request").click()
        self.app.wait_gone("button", "Submit request", timeout=60)
        self.app.find("button", "Show activity", timeout=20).click()
        self.app.find("button", "Mark as completed", timeout=20)
        self.app.wait(lambda: len(self.tenant.order("state")["tickets"]) == 3, timeout=60, what="three tickets")
        sizes = sorted(len(ticket["devices"]) for ticket in self.tenant.order("state")["tickets"])
        assert sizes == [N_JOINED - 2 * LIMIT, LIMIT, LIMIT], sizes

    def lists_what_did_not_go(self):
        """the activity's flyout leads to those that no ticket carries"""
        n = N_EXPOSED - N_JOINED
        self.app.settle(quiet=1, timeout=30)
        row = self.app.find("label", f"{n} devices are in no ticket", timeout=20)
        row.scroll_into_view()
        row.mouse_click()
        window = self.app.window("Devices")
        window.find("label", f"{n} of {N_EXPOSED} devices", timeout=30)
        window.find("label", "Not joined to Microsoft Entra", timeout=20)
        self.ui.key("Escape")
        self.app.wait_window_gone("Devices")

    def follows_tickets(self):
        """the IT admin accepts one ticket and rejects one with a note: the flyout says so after the next sync"""
        first, second, _ = [ticket["id"] for ticket in self.tenant.order("state")["tickets"]]
        self.tenant.order(f"tickets/{first}/accept", {"assigned_to": "Megan"})
        self.tenant.order(f"tickets/{second}/reject", {"note": "Not this week"})
        tenant_window.sync_now(self.app)
        self.app.find("label", regex="Accepted", timeout=60)
        self.app.find("label", regex="Rejected", timeout=20)

    def is_completed_by_system(self):
        """all devices patched: completed by System confirmation"""
        self.tenant.order(f"recommendations/{self.about['id']}/patch", {"fraction": 1})
        tenant_window.sync_now(self.app)
        self.app.wait(lambda: self.activity()["status"] == "completed", timeout=60, what="the completion")
        assert self.activity()["completion"] == "system", self.activity()
        self.app.find("label", regex="System confirmation", timeout=20)


STEPS = ("says_limit", "lists_what_cannot_go", "splits", "lists_what_did_not_go", "follows_tickets", "is_completed_by_system")


def expose(tenant):
    """Makes exactly so many devices exposed to a recommendation, so many of them Entra-joined; returns it."""
    devices = json.loads(tenant.run("devices", "--json"))
    joined = [row["id"] for row in devices if row["is_entra_joined"]][:N_JOINED]
    others = [row["id"] for row in devices if not row["is_entra_joined"]][:N_EXPOSED - N_JOINED]
    about = next(row for row in json.loads(tenant.run("recommendations", "--json")) if row["type"] == "update")
    tenant.order(f"recommendations/{about['id']}/patch", {"fraction": 1})
    tenant.order(f"recommendations/{about['id']}/expose", {"devices": joined + others})
    return about


def main(program):
    with uidrive.Env(lang="C.UTF-8", size=(1480, 1000)) as ui:
        tenant = tenant_window.Tenant(ui, program, devices=32000, recommendations=6, activities=3)
        try:
            tenant.sign_in()
            tenant.run("sync")
            about = expose(tenant)
            tenant.run("sync")
            story.run(Large(ui, program, tenant, about), STEPS)
        finally:
            tenant.stop()


if __name__ == "__main__":
    story.skip_unless_possible(sys.argv[1])
    import tenant_window
    import uidrive
    main(sys.argv[1])

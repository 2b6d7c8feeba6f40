#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a colleague asked for shows beside the recommendation and in the form, also while the form is open; TAP on
standard output.

usage: test-others.py PROGRAM
"""
import json
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import story  # noqa: E402

COLLEAGUE = ("--profile", "colleague")
TICKETS = "/beta/deviceAppManagement"


class Others:
    """One admin at the window, a colleague on the command line; the steps build on each other."""

    def __init__(self, ui, program, tenant):
        self.ui, self.tenant = ui, tenant
        used = {row["recommendation_id"] for row in self.command("activities")}
        self.about = next(row for row in self.command("recommendations")
                          if row["type"] == "update" and row["exposed_devices"] > 4 and row["id"] not in used)
        self.group = next(group["name"] for group in self.command("recommendation", self.about["id"])["groups"]
                          if group["joined"] > 0)
        self.ask()
        self.app = ui.launch([os.path.abspath(program)], timeout=tenant_window.START_SECONDS)
        self.window = self.app.wait_window(timeout=tenant_window.START_SECONDS)
        tenant_window.go_to(self.app, "recommendations")
        self.app.wait(lambda: tenant_window.count_of(self.app), timeout=tenant_window.START_SECONDS, what="the list")

    def command(self, *words):
        return json.loads(self.tenant.run(*words, "--json"))

    def ask(self):
        """The colleague asks for a ticket, and the window's profile hears of it."""
        self.command(*COLLEAGUE, "request", self.about["id"], "--type", "update", "--priority", "low",
                     "--group", self.group, "--intune")
        self.tenant.run("sync")

    def shows_in_the_flyout(self):
        """the flyout of the recommendation says who asked, for what and how far it is, with nothing to change"""
        self.ui.key("ctrl+f", "ctrl+a")
        self.ui.type(self.about["id"])
        self.app.wait(lambda: tenant_window.count_of(self.app) == 1, timeout=20, what="one recommendation")
        tenant_window.open_row(self.app)
        self.app.find("label", "Requested elsewhere", timeout=20)
        row = self.app.find("label", contains="By adele.vance@contoso.example", timeout=20)
        assert self.group in row.name and "created" in row.name, row.name
        self.app.find("label", "Microsoft Intune: Pending")
        assert not self.app.exists("button", "Withdraw the ticket")
        assert not self.app.exists("button", "Open in the Intune admin center")  # a custom cloud has none

    def shows_in_the_form(self):
        """the form says it before anything is submitted"""
        self.app.find("button", "Remediation options").click()
        self.form = self.app.window("Request remediation")
        self.form.find("label", "Already requested or excepted", timeout=20)
        self.form.find("label", contains="requested this with a ticket in Microsoft Intune")

    def follows_while_open(self):
        """what comes to be known while the form is open shows in it"""
        self.ask()
        self.app.wait(lambda: len(self.form.find_all("label", contains="with a ticket in Microsoft")) == 2,
                      timeout=30, what="the second ticket in the form")

    def submits_all_the_same(self):
        """the person decides: the request can be submitted"""
        before = len(self.command("activities"))
        self.form.find("button", "Submit request").click()
        self.app.wait_window_gone("Request remediation", timeout=30)
        self.app.wait(lambda: len(self.command("activities")) == before + 1, timeout=20, what="the activity")
        self.app.wait(lambda: self.command("outbox", "list") == [], timeout=60, what="the ticket to be sent")

    def is_held(self):
        """a ticket that waits while the colleague asks for the same is held, and a person may send it anyway"""
        self.tenant.order("faults", {"path": TICKETS, "method": "POST", "kind": "status", "status": 503})
        words = ("request", self.about["id"], "--type", "update", "--priority", "low", "--group", self.group, "--intune")
        self.ui.run([self.tenant.program, *words], timeout=60)
        self.command(*COLLEAGUE, *words)
        self.ui.run([self.tenant.program, "sync"], timeout=60)
        self.app.find(None, "Main menu", pred=lambda node: "button" in node.role).menu("Pending changes")
        pending = self.app.window("Pending changes")
        pending.find("label", "Held: somebody else asked for the same", timeout=30)
        pending.find("label", contains="Send it all the same, or revoke it.")
        pending.find("button", "Send Anyway").click()
        self.app.wait(lambda: self.command("outbox", "list") == [], timeout=60, what="the ticket to be sent")
        pending.find("label", "Nothing waits to be sent", timeout=30)
        assert self.app.complaints() == [], self.app.complaints()


STEPS = ("shows_in_the_flyout", "shows_in_the_form", "follows_while_open", "submits_all_the_same", "is_held")


def main(program):
    with uidrive.Env(lang="C.UTF-8", size=(1480, 1000)) as ui:
        tenant = tenant_window.Tenant(ui, program, devices=300, recommendations=20, activities=6)
        try:
            tenant.sign_in()
            tenant.run("sync")
            tenant.configure(*COLLEAGUE)
            tenant.run(*COLLEAGUE, "sign-in", "--device-code")
            tenant.run(*COLLEAGUE, "config", "set", "intune-connection", "true")
            tenant.run(*COLLEAGUE, "sync")
            story.run(Others(ui, program, tenant), STEPS)
        finally:
            tenant.stop()


if __name__ == "__main__":
    story.skip_unless_possible(sys.argv[1])
    import tenant_window
    import uidrive
    main(sys.argv[1])

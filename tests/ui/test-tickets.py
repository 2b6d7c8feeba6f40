#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be done with an activity and its tickets in its flyout, on a profile whose store is read beside the
window by the command line; TAP on standard output.

usage: test-tickets.py PROGRAM
"""
import json
import os
import sys
import urllib.request

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import story  # noqa: E402


class Tickets:
    """One admin looks after activities; the steps build on each other."""

    def __init__(self, ui, program, tenant):
        self.ui, self.tenant = ui, tenant
        self.request()
        self.app = ui.launch([os.path.abspath(program)], timeout=tenant_window.START_SECONDS)
        self.window = self.app.wait_window(timeout=tenant_window.START_SECONDS)
        self.ui.key("ctrl+4")
        self.app.wait(lambda: tenant_window.count_of(self.app), timeout=tenant_window.START_SECONDS, what="the list")

    # ---- ways around

    def request(self):
        """A new activity with a ticket, of a recommendation that has none."""
        used = {row["recommendation_id"] for row in self.command("activities")}
        about = next(row for row in self.command("recommendations")
                     if row["type"] == "update" and row["exposed_devices"] > 4 and row["id"] not in used)
        self.activity = self.command("request", about["id"], "--type", "update", "--priority", "low",
                                     "--all-groups", "--intune")

    def command(self, *words):
        return json.loads(self.tenant.run(*words, "--json"))

    def shown(self):
        """The activity as the command line has it."""
        return self.command("activity", self.activity["id"])

    def order(self, word):
        """The IT admin does something with the activity's ticket, and a sync sees it."""
        url = f"{self.tenant.uri}/_demo/tickets/{self.activity['tickets'][0]['id']}/{word}"
        request = urllib.request.Request(url, data=b"{}", headers={"Content-Type": "application/json"})
        urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=20).close()
        self.tenant.run("sync")

    def open_activity(self):
        """Opens its flyout."""
        self.ui.key("ctrl+f", "ctrl+a")
        self.ui.type(self.activity["id"])
        self.app.wait(lambda: tenant_window.count_of(self.app) == 1, timeout=20, what="one activity")
        tenant_window.open_row(self.app)

    # ---- steps

    def withdraws(self):
        """a pending ticket can be withdrawn, after a question; then it is gone and the history says who did it"""
        self.open_activity()
        self.app.find("button", "Withdraw the ticket", timeout=20).click()
        dialog = self.app.window("Withdraw the ticket?")
        dialog.find("button", "Cancel").click()
        self.app.wait_window_gone("Withdraw the ticket?", timeout=10)
        assert self.shown()["tickets"][0]["status"] == "pending"
        self.app.find("button", "Withdraw the ticket").click()
        self.app.window("Withdraw the ticket?").find("button", "Withdraw").click()
        self.app.wait_toast("Ticket withdrawn", timeout=20)
        self.app.find("label", "Microsoft Intune: Withdrawn", timeout=20)
        self.app.find("label", regex=r"^Ticket withdrawn by \S+@contoso\.example$", timeout=20)
        assert not self.app.exists("button", "Withdraw the ticket")
        assert self.shown()["tickets"][0]["status"] == "withdrawn"


    def needs_attention(self):
        """where ticket and devices disagree the flyout says so, with the next step; a filter finds such ones"""
        self.request()
        self.order("complete")
        self.ui.key("Escape")
        self.app.find("button", "Filter").click()
        self.app.find("checkbox", "Needs attention", timeout=10)
        self.app.settle()  # the popover is still opening
        self.app.find("checkbox", "Needs attention").click()
        self.chip()
        self.app.escape("checkbox", "Needs attention")
        self.open_activity()
        number = self.activity["target_devices"]
        self.app.find("label", f"Ticket completed, {number} devices still exposed as far as is known", timeout=20)
        self.app.find("button", "Show devices").click()
        devices = self.app.wait_window("Devices", timeout=20)
        self.ui.key("Escape")
        self.app.wait(lambda: devices not in self.app.windows(), timeout=10, what="the devices to close")
        self.app.find("label", "Compose an e-mail about this activity").mouse_click()
        self.app.window("Notify IT admin").find("button", "Cancel").click()
        self.app.wait_window_gone("Notify IT admin", timeout=10)
        self.chip().click()

    def chip(self):
        return self.app.find(None, "Needs attention", pred=lambda node: "button" in node.role, timeout=10, showing=None)

    def notifies(self):
        """Notify IT admin shows the e-mail, says where its address is set, and copies it (R11)"""
        self.app.find("button", "Notify IT admin").click()
        dialog = self.app.window("Notify IT admin")
        dialog.find("label", contains="No address is set")
        dialog.find("label", contains="The list of its devices is attached")
        dialog.find("button", "Copy").click()
        self.app.wait_toast("Text copied", timeout=20)
        text = self.ui.clipboard()
        assert text == self.tenant.run("notify", self.activity["id"]), text
        assert self.activity["title"] in text, text

    def compose(self):
        self.app.find("button", "Notify IT admin").click()
        self.app.window("Notify IT admin").find("button", "Compose e-mail").click()
        self.app.wait_window_gone("Notify IT admin", timeout=10)

    def composes_in_the_portal(self):
        """Compose e-mail hands address, subject and text to the desktop's portal"""
        self.tenant.run("config", "set", "it-admin-email", "it@contoso.example")
        told = json.loads(self.tenant.run("notify", self.activity["id"], "--json"))
        portal = mail_portal.Portal(self.ui.environ["DBUS_SESSION_BUS_ADDRESS"])
        self.compose()
        self.app.wait(lambda: portal.mails, timeout=20, what="the e-mail")
        assert portal.mails.pop() == (["it@contoso.example"], told["subject"], told["body"]), told
        assert len(portal.attachments) == 1 and portal.attachments[0].startswith("Activity ID,"), portal.attachments
        assert self.activity["id"] in portal.attachments[0], portal.attachments
        portal.stop()

    def composes_without_a_portal(self):
        """without a portal the mail program gets a mailto address"""
        noted = os.path.join(self.ui.base, "mailed")
        script = os.path.join(self.ui.base, "mailer")
        with open(script, "w") as out:
            out.write(f'#!/bin/sh\nprintf %s "$1" > {noted}.new && mv {noted}.new {noted}\n')
        os.chmod(script, 0o755)
        applications = os.path.join(self.ui.environ["XDG_DATA_HOME"], "applications")
        os.makedirs(applications, exist_ok=True)
        with open(os.path.join(applications, "test-mailer.desktop"), "w") as out:
            out.write(f"[Desktop Entry]\nType=Application\nName=Mailer\nExec={script} %u\n"
                      "MimeType=x-scheme-handler/mailto;\n")
        with open(os.path.join(self.ui.environ["XDG_CONFIG_HOME"], "mimeapps.list"), "w") as out:
            out.write("[Default Applications]\nx-scheme-handler/mailto=test-mailer.desktop\n")
        told = json.loads(self.tenant.run("notify", self.activity["id"], "--json"))
        self.compose()
        self.app.wait(lambda: os.path.exists(noted), timeout=30, what="the mail program")
        with open(noted) as mail:
            assert mail.read() == told["mailto"], told

    def completes_and_undoes(self):
        """marking as completed takes a note, and Undo makes the activity active again; the history says both"""
        self.app.find("button", "Mark as completed", sensitive=True).click()
        dialog = self.app.window("Mark as completed?")
        dialog.find(None, "Note (optional)", pred=lambda node: "EditableText" in node.interfaces).type("Replaced")
        dialog.find("button", "Mark as completed").click()
        self.app.find("label", regex=r"^Marked as completed by \S+@contoso\.example$", timeout=20)
        self.app.find("label", regex=r"\nReplaced$")
        assert self.shown()["status"] == "completed"
        self.app.find("button", "Undo", timeout=20).click()
        self.app.find("label", regex=r"^Completion undone by \S+@contoso\.example: active again$", timeout=20)
        after = self.shown()
        assert (after["status"], after["completed_by"]) == ("active", None), after
        assert [entry["kind"] for entry in after["history"]][:2] == ["completion-undone", "completed-manual"]
        self.app.find("button", "Mark as completed", sensitive=True, timeout=20)


STEPS = ("withdraws", "needs_attention", "notifies", "composes_in_the_portal", "composes_without_a_portal",
         "completes_and_undoes")


def main(program):
    with uidrive.Env(lang="C.UTF-8", size=(1480, 1000)) as ui:
        tenant = tenant_window.Tenant(ui, program, devices=300, recommendations=20, activities=6)
        try:
            tenant.sign_in()
            tenant.run("sync")
            story.run(Tickets(ui, program, tenant), STEPS)
        finally:
            tenant.stop()


if __name__ == "__main__":
    story.skip_unless_possible(sys.argv[1])
    import mail_portal
    import tenant_window
    import uidrive
    main(sys.argv[1])

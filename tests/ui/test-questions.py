#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A question that stays open says what holds now: what it is about may be changed by the command line, an IT admin or a
sync meanwhile (R18, R20); and what is completed sends no ticket any more (R7). TAP on standard output.

usage: test-questions.py PROGRAM
"""
import json
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import story  # noqa: E402

WITHDRAW, CANCEL, NOTIFY = "Withdraw the ticket?", "Cancel the exception?", "Notify IT admin"
TICKETS = "/beta/deviceAppManagement/deviceAppManagementTasks"


class Questions:
    """One admin lets a question stand while others decide."""

    def __init__(self, ui, program, tenant):
        self.ui, self.tenant = ui, tenant
        rows = [row for row in self.command("recommendations")
                if row["type"] == "update" and row["status"] == "active" and row["exposed_devices"] > 8
                and not row["active_activities"]]
        self.accepted, self.withdrawn, self.unsent, self.excepted, self.notified, self.asked, self.several = rows[:7]
        self.app = ui.launch([os.path.abspath(program)], timeout=tenant_window.START_SECONDS)
        self.app.wait_window(timeout=tenant_window.START_SECONDS)
        tenant_window.go_to(self.app, "remediation")
        self.app.wait(lambda: tenant_window.count_of(self.app), timeout=tenant_window.START_SECONDS, what="the list")

    # ---- ways around

    def command(self, *words):
        return json.loads(self.tenant.run(*words, "--json"))

    def request(self, row, *words):
        return self.command("request", row["id"], "--type", "update", "--priority", "low", "--all-groups", *words)

    def request_unsent(self, row):
        """Its ticket waits: Intune asks for an hour."""
        self.tenant.order("faults", {"path": TICKETS, "method": "POST", "kind": "status", "status": 503,
                                     "retry_after": 3600, "times": 1000})
        done = self.ui.run([self.tenant.program, "request", row["id"], "--type", "update", "--priority", "low",
                            "--all-groups", "--intune", "--json"], timeout=tenant_window.START_SECONDS)
        self.tenant.order("faults", method="DELETE")
        return json.loads(done.stdout)

    def open_found(self, text):
        self.ui.key("ctrl+f", "ctrl+a")
        self.ui.type(text)
        self.app.wait(lambda: tenant_window.count_of(self.app) == 1, timeout=20, what="one row")
        tenant_window.open_row(self.app)

    def open_tab(self, name):
        self.ui.key("ctrl+4")
        self.app.find(None, name, pred=lambda node: "button" in node.role, timeout=20).click()

    def ask(self, button, title):
        self.app.find("button", button, timeout=20, sensitive=True).click()
        return self.app.wait_window(title, timeout=20)

    def wait_refused(self, question, answer, words):
        question.find("label", contains=words, timeout=20)
        button = question.find("button", answer)
        self.app.wait(lambda: not button.sensitive, timeout=20, what="the answer to go")

    def close(self, title):
        self.ui.key("Escape")
        self.app.wait_window_gone(title, timeout=20)

    # ---- steps

    def ticket_accepted(self):
        """the question whether to withdraw a ticket says that the IT admin accepted it, and cannot be answered then"""
        activity = self.request(self.accepted, "--intune")
        self.open_found(activity["id"])
        question = self.ask("Withdraw the ticket", WITHDRAW)
        question.find("label", contains="is deleted in Microsoft Intune", timeout=20)
        self.tenant.order(f"tickets/{activity['tickets'][0]['id']}/accept", {})
        self.tenant.run("sync")
        self.wait_refused(question, "Withdraw", "The IT admin has accepted this ticket")
        self.close(WITHDRAW)

    def ticket_withdrawn(self):
        """the same where it was withdrawn meanwhile"""
        activity = self.request(self.withdrawn, "--intune")
        self.open_found(activity["id"])
        question = self.ask("Withdraw the ticket", WITHDRAW)
        self.tenant.run("withdraw", activity["tickets"][0]["id"])
        self.wait_refused(question, "Withdraw", "This ticket is withdrawn already.")
        self.close(WITHDRAW)

    def ticket_sent(self):
        """of one that was not sent it says so, until it is; revoked, it is no longer there"""
        activity = self.request_unsent(self.unsent)
        self.open_found(activity["id"])
        question = self.ask("Withdraw the ticket", WITHDRAW)
        question.find("label", contains="is taken out of the outbox", timeout=20)
        self.tenant.run("outbox", "revoke", str(self.command("outbox", "list")[0]["id"]))
        self.wait_refused(question, "Withdraw", "This ticket is no longer here.")
        self.close(WITHDRAW)

    def pending_revoked(self):
        """the question whether to revoke an entry of Pending changes says that it is there no more"""
        self.request_unsent(self.unsent)
        self.app.find(None, "Main menu", pred=lambda node: "button" in node.role).menu("Pending changes")
        self.app.wait_window("Pending changes", timeout=20)
        question = self.ask("Revoke…", "Revoke this ticket?")
        self.tenant.run("outbox", "revoke", str(self.command("outbox", "list")[0]["id"]))
        self.wait_refused(question, "Revoke", "This entry is not in the outbox any more.")
        self.close("Revoke this ticket?")
        self.close("Pending changes")

    def exception_of_groups(self):
        """the question whether to cancel an exception for a device group says that this was done meanwhile"""
        groups = [group["name"] for group in self.command("recommendation", self.excepted["id"])["groups"][:2]]
        scope = [word for group in groups for word in ("--group", group)]
        self.exception = self.command("exception", "add", self.excepted["id"], "--justification", "risk-accepted",
                                      "--context", "It goes", "--duration", "30", *scope)["id"]
        self.open_tab("Exceptions")
        self.open_found(self.excepted["name"])
        question = self.ask(f"Cancel for {groups[0]}", CANCEL)
        question.find("label", contains=f"For “{groups[0]}”", timeout=20)
        self.tenant.run("exception", "cancel", self.exception, "--group", groups[0])
        self.wait_refused(question, "Cancel exception", f"no longer covers the device group “{groups[0]}”")
        self.close(CANCEL)

    def exception_suspended_and_ended(self):
        """the question whether to cancel an exception says what a global one changes, and that it has ended"""
        question = self.ask("Cancel exception", CANCEL)
        question.find("label", contains="counts again at once for all device groups it covered", timeout=20)
        other = self.command("exception", "add", self.excepted["id"], "--justification", "risk-accepted", "--context",
                             "All", "--duration", "30", "--all-groups")["id"]
        question.find("label", contains="A global exception holds for", timeout=20)
        self.tenant.run("exception", "cancel", other)
        question.find("label", contains="counts again at once for all device groups it covered", timeout=20)
        self.tenant.run("exception", "cancel", self.exception)
        self.wait_refused(question, "Cancel exception", "This exception has ended already")
        self.close(CANCEL)

    def notice_follows(self):
        """the e-mail to the IT admin is the one of now while it is looked at"""
        activity = self.request(self.notified)
        self.open_tab("Activities")
        self.open_found(activity["id"])
        question = self.ask(NOTIFY, NOTIFY)
        text = question.find(None, "Text of the e-mail", timeout=20)
        before = text.text
        self.tenant.order(f"recommendations/{self.notified['id']}/patch", {"count": 3})
        self.tenant.run("sync")
        self.app.wait(lambda: text.text != before, timeout=20, what="the text to follow")
        assert text.text.strip() in self.tenant.run("notify", activity["id"]), text.text
        self.close(NOTIFY)


    def completed_unsent(self):
        """completing says of a ticket that waits that it is not sent; then the flyout and Pending changes say so"""
        activity = self.request_unsent(self.asked)
        n_tickets = len(self.tenant.order("state")["tickets"])
        self.open_found(activity["id"])
        question = self.ask("Mark as completed", "Mark as completed?")
        question.find("label", contains="Unless it has been sent already, it is not sent", timeout=20)
        question.find("button", "Mark as completed").click()
        self.app.find("label", "Completed, so a ticket in the outbox that was not sent yet is not sent", timeout=20)
        self.tenant.run("sync")
        self.app.find(None, "Main menu", pred=lambda node: "button" in node.role).menu("Pending changes")
        pending = self.app.wait_window("Pending changes", timeout=20)
        pending.find("label", "Held: its activity is completed", timeout=20)
        assert not pending.find("button", "Retry").sensitive
        assert len(self.tenant.order("state")["tickets"]) == n_tickets
        self.ask("Revoke…", "Revoke this ticket?").find("button", "Revoke").click()
        pending.find("label", "Nothing waits to be sent", timeout=20)
        self.close("Pending changes")
        self.app.wait_gone("label", "Completed, so a ticket in the outbox that was not sent yet is not sent", timeout=20)

    def tickets_withdrawn(self):
        """the question whether to withdraw the tickets of several says that there is none left to withdraw"""
        activity = self.request(self.several, "--intune")
        self.open_found(activity["id"])
        self.ui.key("Escape")
        self.app.find(None, "Select several").click()
        self.app.find("button", "Select all that match", timeout=20).click()
        self.app.find("label", "1 selected", timeout=20)
        question = self.ask("Withdraw tickets…", "Withdraw the tickets?")
        question.find("label", contains="The tickets of 1 activity are deleted", timeout=20)
        self.tenant.run("withdraw", activity["tickets"][0]["id"])
        self.wait_refused(question, "Withdraw", "1 has no ticket that can be withdrawn.")
        self.close("Withdraw the tickets?")


STEPS = ("ticket_accepted", "ticket_withdrawn", "ticket_sent", "pending_revoked", "exception_of_groups",
         "exception_suspended_and_ended", "notice_follows", "completed_unsent",
         "tickets_withdrawn")


def main(program):
    with uidrive.Env(lang="C.UTF-8", size=(1480, 1000)) as ui:
        tenant = tenant_window.Tenant(ui, program, devices=300, recommendations=40, activities=6)
        try:
            tenant.sign_in()
            tenant.run("sync")
            story.run(Questions(ui, program, tenant), STEPS)
        finally:
            tenant.stop()


if __name__ == "__main__":
    story.skip_unless_possible(sys.argv[1])
    import tenant_window
    import uidrive
    main(sys.argv[1])

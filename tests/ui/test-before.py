#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the window says before an act, and how it takes one back (R4, R10, R20); TAP on standard output.

usage: test-before.py PROGRAM
"""
import datetime
import json
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import story  # noqa: E402

FORM, EXCEPTION = "Request remediation", "Exception options"
ASKS = "Discard what you filled in?"


def words_of(day):
    return f"{day:%a}, {day.day} {day:%b %Y}"


class Before:
    """One admin hesitates at every step; the steps build on each other."""

    def __init__(self, ui, program, tenant):
        self.ui, self.tenant = ui, tenant
        asked = {row["recommendation_id"] for row in self.command("activities")}
        self.about = next(row for row in self.command("recommendations")
                          if row["status"] == "active" and row["exposed_devices"] > 20 and row["type"] == "update"
                          and row["id"] not in asked)
        self.app = ui.launch([os.path.abspath(program)], timeout=tenant_window.START_SECONDS)
        self.window = self.app.wait_window(timeout=tenant_window.START_SECONDS)
        self.ui.key("ctrl+2", "ctrl+f")
        self.app.wait(lambda: tenant_window.count_of(self.app), timeout=tenant_window.START_SECONDS, what="the list")
        self.ui.type(self.about["name"])
        self.app.wait(lambda: tenant_window.count_of(self.app) == 1, timeout=20, what="one recommendation")
        tenant_window.open_row(self.app)

    # ---- ways around

    def command(self, *words):
        return json.loads(self.tenant.run(*words, "--json"))

    def mine(self):
        return [row for row in self.command("activities") if row["origin"] == "local"]

    def tickets(self):
        """The statuses of the tickets of what was requested here."""
        return [ticket["status"] for row in self.mine() for ticket in self.command("activity", row["id"])["tickets"]]

    def open_form(self, button="Remediation options", title=FORM, ready="^[0-9]+ devices covered"):
        self.app.find("button", button, timeout=20).click()
        form = self.app.wait_window(title, timeout=20)
        form.find("label", regex=ready, timeout=20)
        self.app.settle()
        return form

    def notes(self, form, name="Notes"):
        found = form.find(None, name, pred=lambda node: "text" in node.role, showing=None)
        found.scroll_into_view()
        self.app.settle()
        return found

    def submit(self, form):
        button = form.find("button", regex="Submit request$")
        self.app.wait(lambda: button.sensitive, timeout=20, what="the button")
        button.click()
        self.app.wait_window_gone(FORM, timeout=20)

    def open_calendar(self, form, label):
        form.find("button", regex=label, pred=lambda node: node.mapped()).mouse_click()
        return form.find("button", "Next month", timeout=10)

    def close_without_question(self, title):
        self.ui.key("Escape")
        self.app.wait_window_gone(title, timeout=10)

    def asks_before_discarding(self, form, title, name):
        """What was typed stays until the person says otherwise."""
        self.notes(form, name).type("Patch night")
        self.ui.key("Escape")
        self.app.wait_window(ASKS, timeout=10)
        self.ui.key("Escape")
        self.app.wait_window_gone(ASKS, timeout=10)
        assert self.notes(form, name).text == "Patch night"
        form.find("button", regex="Cancel$").click()
        self.app.wait_window(ASKS, timeout=10).find("button", regex="Discard$").click()
        self.app.wait_window_gone(title, timeout=10)

    # ---- steps

    def request_form_ends(self):
        """an untouched request form closes at once, a filled one asks, and nothing failed before it is submitted"""
        self.open_form()
        self.close_without_question(FORM)
        form = self.open_form()
        assert not form.exists("label", "The request was not submitted")
        self.asks_before_discarding(form, FORM, "Notes")

    def ticket_is_near_the_top(self):
        """the ticket's switch stands above the device groups; without the connection a line says where to get it"""
        form = self.open_form()
        switch, groups = form.find("switch", "Create an Intune security task"), form.find("list", "Device groups")
        assert switch.extents()[1] < groups.extents()[1], (switch.extents(), groups.extents())
        assert not form.exists("label", "The Microsoft Intune connection is off")
        self.close_without_question(FORM)
        self.tenant.run("config", "set", "intune-connection", "false")
        form = self.open_form()
        form.find("label", "The Microsoft Intune connection is off", timeout=20)
        form.find("label", contains="switch it on in Preferences, under Advanced features")
        assert not form.exists("switch", "Create an Intune security task")
        self.close_without_question(FORM)
        self.tenant.run("config", "set", "intune-connection", "true")

    def dates(self):
        """days gone by cannot be chosen, one click does for the usual dates, closes the calendar and shows the weekday"""
        today = datetime.date.today()
        form = self.open_form()
        self.open_calendar(form, r"^(None|\w+, .* \d{4})$")
        assert not form.find("button", "Previous month").sensitive
        if today.day > 1:
            assert not form.find("button", words_of(today - datetime.timedelta(1))).sensitive
        assert form.find("button", words_of(today)).sensitive
        form.find("button", "In 14 days").click()
        form.wait_gone("button", "Next month", timeout=10)
        self.due = today + datetime.timedelta(14)
        form.find("label", words_of(self.due), timeout=10)
        self.form = form

    def undoes_request(self):
        """a request can be undone from its toast, with its ticket, as if it was never made"""
        self.submit(self.form)
        self.app.find("button", regex="Undo$", timeout=20)
        assert [row["due_on"] for row in self.mine()] == [self.due.isoformat()], self.mine()
        assert self.tickets() == ["outbox"], self.tickets()
        self.app.find("button", regex="Undo$").click()
        self.app.wait_toast("The request is undone", timeout=20)
        assert self.mine() == [] and self.command("outbox", "list") == []
        self.tenant.run("sync")
        assert self.tenant.order("state")["tickets"] == []

    def words_stand_in_one_line(self):
        """the two options of a recommendation have one line each"""
        for name in ("Exception options", "Remediation options"):
            assert self.app.find("button", name).extents()[3] < 45, self.app.find("button", name).extents()

    def undone_no_more(self):
        """once its ticket is sent the request stays"""
        self.submit(self.open_form())
        self.app.find("button", regex="Undo$", timeout=20)
        self.tenant.run("sync")
        assert self.tickets() == ["pending"], self.tickets()
        self.app.find("button", regex="Undo$").click()
        dialog = self.app.wait_window("The request could not be undone", timeout=20)
        dialog.find("label", contains="Its ticket was sent already")
        dialog.find("button", regex="Close$").click()
        assert len(self.mine()) == 1

    def tells_duplicates(self):
        """the form for the same says who asked for it, and opens that instead"""
        form = self.open_form()
        form.find("label", "Already requested or excepted", timeout=20)
        form.find("label", contains="requested this here on")
        form.find("button", "Open").click()
        self.app.wait_window_gone(FORM, timeout=10)
        self.app.find("button", "Mark as completed", timeout=20)

    def completing(self):
        """the question whether to complete says how many devices are left, and shows them instead"""
        n = self.mine()[0]["target_devices"] - self.mine()[0]["fixed_devices"]
        self.app.find("button", "Mark as completed").click()
        question = self.app.wait_window("Mark as completed?", timeout=20)
        question.find("label", regex=rf"^{n} devices are (still exposed|not remediated)\.")
        question.find("button", regex="Show devices$").click()
        self.app.wait_window_gone("Mark as completed?", timeout=10)
        self.app.wait(lambda: len(self.app.windows()) == 2, timeout=20, what="the window with the devices")
        self.ui.key("Escape")
        self.app.wait(lambda: len(self.app.windows()) == 1, timeout=20, what="the main window alone")
        assert self.mine()[0]["status"] == "active"

    def exception_form_ends(self):
        """the exception form says who asked for the same, and asks before it throws anything away"""
        self.ui.key("ctrl+2")
        form = self.open_form("Exception options", EXCEPTION, "^Covers ")
        form.find("label", contains="requested this here on")
        form.find("label", "You can file the exception all the same.")
        self.close_without_question(EXCEPTION)
        self.asks_before_discarding(self.open_form("Exception options", EXCEPTION, "^Covers "), EXCEPTION,
                                    "Justification context")

    def undoes_exception(self):
        """until a date is in the future, and its toast cancels the exception"""
        form = self.open_form("Exception options", EXCEPTION, "^Covers ")
        today = datetime.date.today()
        form.find("label", words_of(today + datetime.timedelta(30)), timeout=10)
        form.find("combo box", "Duration").choose("Until a date")
        self.app.settle()
        self.open_calendar(form, r"^\w+, .* \d{4}$")
        form.find("button", "Previous month")
        form.find("button", "In 7 days").click()
        form.find("label", words_of(today + datetime.timedelta(7)), timeout=10)
        self.notes(form, "Justification context").type("Until the freeze ends")
        button = form.find("button", "File exception")
        self.app.wait(lambda: button.sensitive, timeout=20, what="the form to be complete")
        button.click()
        self.app.wait_window_gone(EXCEPTION, timeout=20)
        assert self.command("exceptions")[0]["status"] == "active"
        self.app.find("button", regex="Undo$", timeout=20).click()
        self.app.wait_toast("Exception cancelled", timeout=20)
        assert self.command("exceptions")[0]["status"] == "cancelled"
        assert self.command("recommendation", self.about["id"])["status"] == "active"

    def closing_sends(self):
        """a window that is closed at once sends the ticket that waited in case of second thoughts"""
        self.submit(self.open_form())
        assert sorted(self.tickets()) == ["outbox", "pending"], self.tickets()
        self.window.do_action("window.close")
        assert self.app.wait_exit(timeout=30) == 0
        assert self.tickets() == ["pending", "pending"], self.tickets()


STEPS = ("words_stand_in_one_line", "request_form_ends", "ticket_is_near_the_top", "dates", "undoes_request",
         "undone_no_more", "tells_duplicates", "completing", "exception_form_ends", "undoes_exception",
         "closing_sends")


def main(program):
    with uidrive.Env(lang="C.UTF-8", size=(1480, 1000)) as ui:
        tenant = tenant_window.Tenant(ui, program, devices=300, recommendations=40, activities=6)
        try:
            tenant.sign_in()
            tenant.run("sync")
            story.run(Before(ui, program, tenant), STEPS)
        finally:
            tenant.stop()


if __name__ == "__main__":
    story.skip_unless_possible(sys.argv[1])
    import tenant_window
    import uidrive
    main(sys.argv[1])

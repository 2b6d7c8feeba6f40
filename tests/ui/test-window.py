#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drives the real window on the demo tenant through its accessibility tree; TAP on standard output.

usage: test-window.py PROGRAM
"""
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import story  # noqa: E402

MY_ADDRESS = r"^\S+@contoso\.example$"
TICKET_OPTION = "Create an Intune security task"


class Story:
    """One admin's way through the window; the steps build on each other."""

    def __init__(self, ui, program):
        self.ui = ui
        self.app, self.window = tenant_window.launch(ui, program)

    def open_first_recommendation(self):
        tenant_window.go_to(self.app, "recommendations")
        self.app.find("tree grid").rows()[0].mouse_click()
        self.app.find("button", "Remediation options", timeout=20)

    def open_form(self):
        self.open_first_recommendation()
        self.app.find("button", "Remediation options").click()
        self.app.find("button", "Submit request", timeout=20)

    def labelled_as_demo(self):
        """the window comes up and says that it shows the demo tenant"""
        assert self.app.exists(None, regex="(?i)demo"), "nothing on screen says demo"

    def lists_recommendations(self):
        """recommendations are listed with their count"""
        tenant_window.go_to(self.app, "recommendations")
        count = tenant_window.count_of(self.app)
        assert count == 60, f"the count says {count}, the demo tenant has 60"
        assert len(self.app.find("tree grid").table(visible=True)) > 5

    def no_ticket_while_off(self):
        """the form has no ticket option while the Intune connection is off (R1)"""
        self.open_form()
        assert not self.app.exists(None, contains=TICKET_OPTION)
        self.ui.key("Escape")
        self.app.wait_gone("button", "Submit request", timeout=10)

    def switches_connection_on(self):
        """the Intune connection can be switched on"""
        self.window.do_action("win.show-preferences")
        switch = self.app.find("switch", contains="Microsoft Intune connection", timeout=20)
        assert not switch.checked
        switch.set_checked(True)
        self.app.wait(lambda: switch.checked, timeout=30, what="the connection")
        self.ui.key("Escape")

    def submits_with_ticket(self):
        """the option appears, and a request with a ticket can be submitted"""
        self.open_form()
        self.app.find(None, contains=TICKET_OPTION, timeout=20)
        self.app.find("label", "Those that have exposed devices", timeout=10)
        self.app.find("button", "Submit request").click()
        self.app.wait_gone("button", "Submit request", timeout=30)
        self.app.find("button", "Show activity", timeout=20).click()

    def shows_activity(self):
        """the new activity is on the Remediation page"""
        self.app.find("button", "Mark as completed", timeout=20)
        self.app.find("label", regex="^Requested by " + MY_ADDRESS[1:], timeout=20)

    def marks_as_completed(self):
        """an activity marked as completed shows my e-mail address (R7)"""
        self.app.find("button", "Mark as completed").click()
        dialog = self.app.window("Mark as completed?")
        dialog.find("button", "Mark as completed").click()
        self.app.find("label", regex=r"^Marked as completed by \S+@contoso\.example$", timeout=20)

    def dashboard_leads_to_activity(self):
        """Top remediation activities leads to the flyout on the Remediation page"""
        tenant_window.go_to(self.app, "dashboard")
        self.app.find("label", "Top remediation activities", timeout=20)
        self.app.wait(lambda: not self.app.toasts(), timeout=30, what="the toast to go, which may cover it")
        self.app.settle()  # cards come and go with what there is to do
        group = self.app.find("label", "Top remediation activities", timeout=20)
        row = group.parent().parent().parent().find_all("list item")[0]
        row.scroll_into_view()
        self.app.settle()
        row.mouse_click()
        self.app.find("button", "Mark as completed", timeout=20)

    def files_exception(self):
        """an exception shows what it will do, needs a context, and is filed (R10)"""
        self.open_first_recommendation()
        self.app.find("button", "Exception options").click()
        file = self.app.find("button", "File exception", timeout=20)
        self.app.find("label", regex=r"^Covers \d+ device groups?, \d+ exposed devices?$", timeout=20)
        self.app.find("label", "With and without exposed devices", timeout=10)
        assert not file.sensitive, "it can be filed without a justification context"
        self.app.find(None, "Justification context", pred=lambda node: "text" in node.role).type("It goes")
        self.app.wait(lambda: file.sensitive, timeout=20, what="the context to be noticed")
        file.click()
        self.app.wait_gone("button", "File exception", timeout=30)

    def cancels_exception(self):
        """the Exceptions tab lists it; its flyout has the history and cancels it"""
        tenant_window.go_to(self.app, "remediation")
        self.app.find(None, "Exceptions", pred=lambda node: "button" in node.role).click()
        self.app.find("label", "1 of 1 exception", timeout=20)
        tenant_window.open_row(self.app)
        self.app.find("label", regex="^Exception filed by " + MY_ADDRESS[1:], timeout=20)
        self.app.find("button", "Cancel exception").click()
        dialog = self.app.window("Cancel the exception?")
        dialog.find("button", "Cancel exception").click()
        self.app.find("label", regex="^Exception cancelled by " + MY_ADDRESS[1:], timeout=20)

    def search_cve(self):
        tenant_window.go_to(self.app, "recommendations")
        self.ui.key("ctrl+f")
        self.ui.key("ctrl+a")
        self.ui.type("cve-1999-0001")

    def cve_is_none(self):
        """of a CVE that no device has it is said, after one sync, that it is not in the tenant"""
        self.search_cve()
        self.app.find("label", "Not found", timeout=60)
        self.app.find("label", contains="CVE-1999-0001: not found in this tenant")
        assert not self.app.exists("label", "Not known")
        self.app.find("button", "Clear search and filters").click()

    def devices_are_whole(self):
        """how many recommendations a device has is known of each after one sync"""
        tenant_window.go_to(self.app, "devices")
        self.app.settle(quiet=0.5, timeout=20)
        assert not self.app.exists("label", regex=r"^\d+ or more$") and not self.app.exists("label", "Unknown")

    def no_complaints(self):
        """the program printed no warning, and every control has a name (R17)"""
        assert self.app.complaints() == [], self.app.complaints()
        # A toast's own button has no name; the toast goes by itself.
        self.app.wait(lambda: self.app.unlabelled() == [], timeout=20, what="every control to have a name")


STEPS = ("labelled_as_demo", "lists_recommendations", "no_ticket_while_off", "switches_connection_on",
         "submits_with_ticket", "shows_activity", "marks_as_completed", "dashboard_leads_to_activity",
         "files_exception", "cancels_exception", "cve_is_none", "devices_are_whole", "no_complaints")


if __name__ == "__main__":
    story.skip_unless_possible(sys.argv[1])
    import tenant_window
    import uidrive
    with uidrive.Env(lang="C.UTF-8") as display:
        story.run(Story(display, sys.argv[1]), STEPS)

#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A form or a question that stays open says what holds now (R10, R20), and what is not known is not a number
(R18); on a profile that the command line works on beside the window. TAP on standard output.

usage: test-forms.py PROGRAM
"""
import contextlib
import json
import os
import re
import sqlite3
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import story  # noqa: E402

FORM, EXCEPTION, QUESTION = "Request remediation", "Exception options", "Mark as completed?"
PATCHED = 3


class Forms:
    """One admin lets a form stand while colleagues and devices go on."""

    def __init__(self, ui, program, tenant):
        self.ui, self.tenant = ui, tenant
        rows = self.command("recommendations")
        updates = [row for row in rows if row["type"] == "update" and row["status"] == "active"
                   and row["exposed_devices"] > 4 * PATCHED and not row["active_activities"]]
        self.about, self.asked, self.other, self.unknown = updates[:4]
        self.setting = next(row for row in rows if row["type"] == "configuration-change" and row["status"] == "active"
                            and row["exposed_devices"] and row["config_score_impact"] > 0.1)
        self.activity = self.request(self.asked)
        self.app = ui.launch([os.path.abspath(program)], timeout=tenant_window.START_SECONDS)
        self.app.wait_window(timeout=tenant_window.START_SECONDS)
        tenant_window.go_to(self.app, "recommendations")
        self.app.wait(lambda: tenant_window.count_of(self.app), timeout=tenant_window.START_SECONDS, what="the list")
        self.open_found("recommendations", self.about["id"])

    # ---- ways around

    def command(self, *words):
        return json.loads(self.tenant.run(*words, "--json"))

    def request(self, row):
        return self.command("request", row["id"], "--type", "update", "--priority", "low", "--all-groups")["id"]

    def add_exception(self, row, *scope):
        return self.command("exception", "add", row["id"], "--justification", "alternate-mitigation", "--context",
                            "It goes", "--duration", "30", *scope)["id"]

    def patch(self, row, **how):
        self.tenant.order(f"recommendations/{row['id']}/patch", how)
        self.sync()

    def sync(self):
        """What the service throttles is asked for at once all the same."""
        path = os.path.join(self.ui.environ["XDG_DATA_HOME"], "tvm-remediate", "default", "store.db")
        with contextlib.closing(sqlite3.connect(path)) as store, store:
            store.execute("DELETE FROM setting WHERE name = 'call-pace'")
        self.tenant.run("sync")

    def exposed(self, row):
        return self.command("recommendation", row["id"])["exposed_devices"]

    def open_found(self, page, text):
        tenant_window.go_to(self.app, page)
        self.ui.key("ctrl+f", "ctrl+a")
        self.ui.type(text)
        self.app.wait(lambda: tenant_window.count_of(self.app) == 1, timeout=20, what="one row")
        tenant_window.open_row(self.app)

    def open_form(self, title):
        button = "Remediation options" if title == FORM else title
        self.app.find("button", button, timeout=20, sensitive=True).click()
        return self.app.wait_window(title, timeout=20)

    def close(self, title):
        self.ui.key("Escape")
        self.app.wait_window_gone(title, timeout=20)

    def row(self, form, title):
        """The number of a row of the list of device groups."""
        row = form.find("label", title, timeout=20, showing=None)
        while row.role != "list item":
            row = row.parent()
        return row.labels()[-1]

    # ---- steps

    def exception_counts_anew(self):
        """the exception form counts the devices that are exposed now"""
        form = self.open_form(EXCEPTION)
        n = self.exposed(self.about)
        form.find("label", regex=rf"^{n} of [\d,]+ devices exposed", timeout=20)
        form.find("label", regex=rf"^Covers .*, {n} exposed devices$", timeout=20)
        self.patch(self.about, count=PATCHED)
        n -= PATCHED
        assert self.exposed(self.about) == n
        form.find("label", regex=rf"^{n} of [\d,]+ devices exposed", timeout=20)
        form.find("label", regex=rf"^Covers .*, {n} exposed devices$", timeout=20)
        form.find("label", contains=f"Exposed devices after exceptions: {n} → 0", timeout=20)
        assert self.row(form, "All device groups") == str(n), self.row(form, "All device groups")

    def exception_of_a_group(self):
        """a device group that somebody excepts meanwhile is not offered any more"""
        form = self.app.wait_window(EXCEPTION, timeout=20)
        group = self.command("recommendation", self.about["id"])["groups"][0]["name"]
        form.find("label", group, timeout=20, showing=None)
        exception = self.add_exception(self.about, "--group", group)
        self.app.wait(lambda: not form.exists("checkbox", group, showing=None), timeout=20, what="the group to go")
        self.tenant.run("exception", "cancel", exception)
        form.find("checkbox", group, timeout=20, showing=None)

    def exception_of_all(self):
        """a global exception that somebody files meanwhile leaves nothing to file, and is told"""
        form = self.app.wait_window(EXCEPTION, timeout=20)
        context = form.find(None, "Justification context", pred=lambda node: "text" in node.role, showing=None)
        context.scroll_into_view()
        self.app.settle()
        context.type("Until the freeze ends")
        button = form.find("button", "File exception")
        self.app.wait(lambda: button.sensitive, timeout=20, what="the form to be complete")
        exception = self.add_exception(self.about, "--all-groups")
        form.find("label", contains="A global exception covers all device groups until", timeout=20)
        form.find("label", contains="made an exception on", timeout=20, showing=None)
        assert not button.sensitive
        self.tenant.run("exception", "cancel", exception)
        self.app.wait(lambda: button.sensitive, timeout=20, what="the form to be complete")
        form.find("button", regex="Cancel$").click()
        self.app.wait_window("Discard what you filled in?", timeout=10).find("button", regex="Discard$").click()
        self.app.wait_window_gone(EXCEPTION, timeout=20)

    def request_counts_anew(self):
        """the request form's head, its device groups and its foot count the same devices after a sync behind it"""
        form = self.open_form(FORM)
        n = self.exposed(self.about)
        form.find("label", regex=rf"^{n} of [\d,]+ devices exposed", timeout=20)
        form.find("label", regex=rf"^{n} devices covered", timeout=20)
        self.patch(self.about, count=PATCHED)
        n -= PATCHED
        form.find("label", regex=rf"^{n} devices covered", timeout=20)
        form.find("label", regex=rf"^{n} of [\d,]+ devices exposed", timeout=20)
        assert self.row(form, "All device groups") == str(n), self.row(form, "All device groups")
        self.close(FORM)

    def undo_of_completed(self):
        """undoing a request that was completed meanwhile says that this is why it stays"""
        self.open_found("recommendations", self.other["id"])
        form = self.open_form(FORM)
        button = form.find("button", regex="Submit request$")
        self.app.wait(lambda: button.sensitive, timeout=20, what="the button")
        button.click()
        self.app.wait_window_gone(FORM, timeout=20)
        undo = self.app.find("button", regex="Undo$", timeout=20)
        asked = next(row["id"] for row in self.command("activities") if row["recommendation_id"] == self.other["id"])
        self.tenant.run("complete", asked)
        undo.click()
        dialog = self.app.wait_window("The request could not be undone", timeout=20)
        dialog.find("label", "The activity is completed already, so the request stays.", timeout=20)
        dialog.find("button", regex="Close$").click()
        self.app.wait_window_gone("The request could not be undone", timeout=20)

    def scores_of_a_configuration(self):
        """of a configuration the exception form says what becomes of the Secure score, as the command line does"""
        effect = self.command("exception", "add", self.setting["id"], "--justification", "alternate-mitigation",
                              "--context", "It goes", "--duration", "30", "--all-groups", "--dry-run")["effect"]
        before, after = effect["config_score_impact_before"], effect["config_score_impact_after"]
        self.open_found("recommendations", self.setting["id"])
        form = self.open_form(EXCEPTION)
        form.find("combo box", "Scope", timeout=20).choose("Global")
        line = f"Secure score impact after exceptions: {abs(before):.2f} → {abs(after):.2f}"
        told = form.find("label", contains=line, timeout=20).name
        assert "at most 0 CVEs" not in told, told
        self.ui.key("Escape")
        self.app.wait_window("Discard what you filled in?", timeout=10).find("button", regex="Discard$").click()
        self.app.wait_window_gone(EXCEPTION, timeout=20)

    def completion_follows(self):
        """the question whether to complete says that it was completed meanwhile, and cannot be answered then"""
        self.open_found("remediation", self.activity)
        self.app.find("button", "Mark as completed", timeout=20, sensitive=True).click()
        question = self.app.wait_window(QUESTION, timeout=20)
        n = self.exposed(self.asked)
        question.find("label", regex=rf"^{n} devices are (still exposed|not remediated)\.", timeout=20)
        self.patch(self.asked, count=PATCHED)
        question.find("label", regex=rf"^{n - PATCHED} devices are (still exposed|not remediated)\.", timeout=20)
        self.tenant.run("complete", self.activity)
        question.find("label", "This remediation activity is completed already.", timeout=20)
        assert not question.find("button", regex="Mark as completed$").sensitive
        self.close(QUESTION)

    def not_known(self):
        """forms do not count devices that nobody knows: not in a group, not in all, not beside the others"""
        path = os.path.join(self.ui.environ["XDG_DATA_HOME"], "tvm-remediate", "default", "store.db")
        self.tenant.order("faults", {"path": f"/api/recommendations/{self.unknown['id']}/machineReferences",
                                     "method": "GET", "kind": "status", "status": 403, "times": 60})
        with contextlib.closing(sqlite3.connect(path)) as store, store:
            store.execute("DELETE FROM exposure WHERE recommendation_key = (SELECT key FROM recommendation WHERE id = ?)",
                          (self.unknown["id"],))
            store.execute("UPDATE recommendation SET devices_synced_us = 0 WHERE id = ?", (self.unknown["id"],))
        self.open_found("recommendations", self.unknown["id"])
        form = self.open_form(EXCEPTION)
        form.find("label", regex="^Covers .*, exposed devices: not known$", timeout=20)
        form.find("label", "Which devices are exposed is known once the service tells them.", timeout=20)
        said = "\n".join(label.name for label in form.find_all("label"))
        assert "in other device groups" not in said, said
        assert self.row(form, "All device groups") == "Unknown", self.row(form, "All device groups")
        assert not form.exists("label", "0", showing=None)
        self.close(EXCEPTION)
        form = self.open_form(FORM)
        form.find("label", "It is not known which devices this covers", timeout=20)
        assert self.row(form, "All device groups") == "Unknown", self.row(form, "All device groups")
        assert not form.exists("label", regex="^0 of 0", showing=None)
        assert "checked" in form.find("checkbox", "All device groups", showing=None).states
        self.close(FORM)
        told = self.tenant.run("exception", "add", self.unknown["id"], "--justification", "alternate-mitigation",
                               "--context", "It goes", "--duration", "30", "--group",
                               self.command("devices")[0]["group"], "--dry-run")
        assert "exposed devices: not known" in told and not re.search(r"more (is|are) in other", told), told

    def completion_of_several_follows(self):
        """the question about several counts those that somebody completed meanwhile among those that cannot be"""
        activity = self.request(self.about)
        self.open_found("remediation", activity)
        self.app.find(None, "Select several").click()
        self.app.find("button", "Select all that match", timeout=20).click()
        self.app.find("label", "1 selected", timeout=20)
        self.app.find("button", "Mark as completed…").click()
        question = self.app.wait_window(QUESTION, timeout=20)
        question.find("label", contains="1 activity will be completed in your name", timeout=20)
        self.tenant.run("complete", activity)
        question.find("label", regex="^1 cannot be completed here: ", timeout=20)
        assert not question.find("button", regex="Mark as completed$").sensitive
        self.close(QUESTION)


STEPS = ("exception_counts_anew", "exception_of_a_group", "exception_of_all", "request_counts_anew",
         "undo_of_completed", "scores_of_a_configuration", "completion_follows", "not_known",
         "completion_of_several_follows")


def main(program):
    with uidrive.Env(lang="C.UTF-8", size=(1480, 1000)) as ui:
        tenant = tenant_window.Tenant(ui, program, devices=300, recommendations=40, activities=6)
        try:
            tenant.sign_in()
            tenant.run("sync")
            story.run(Forms(ui, program, tenant), STEPS)
        finally:
            tenant.stop()


if __name__ == "__main__":
    story.skip_unless_possible(sys.argv[1])
    import tenant_window
    import uidrive
    main(sys.argv[1])

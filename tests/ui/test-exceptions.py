#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Exceptions in the window (R10), from the form to the end, beside the store as the command line reads it; TAP on
standard output.

usage: test-exceptions.py PROGRAM
"""
import csv
import json
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import story  # noqa: E402

NEW_GROUP = "Kiosks"  # empty until then


class Exceptions:
    """One admin files exceptions for a recommendation, group by group and then for all; the steps build on each other."""

    def __init__(self, ui, program, tenant):
        self.ui, self.tenant = ui, tenant
        self.about = next(row for row in self.command("recommendations")
                          if row["status"] == "active" and row["exposed_devices"] > 20)
        self.about = self.command("recommendation", self.about["id"])
        self.groups = sorted(self.about["groups"], key=lambda group: group["exposed"])[-2:]
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

    def shown(self):
        """The exceptions of the recommendation as the command line has them, the newest first."""
        return [row for row in self.command("exceptions") if row["recommendation_id"] == self.about["id"]]

    def open_form(self):
        self.app.find("button", "Exception options", timeout=20).click()
        form = self.app.window("Exception options")
        form.find("label", regex="^Covers ", timeout=20)
        return form

    def tick(self, form, name):
        box = form.find("checkbox", contains=name)
        box.scroll_into_view()
        self.app.settle()
        box.mouse_click()
        self.app.settle()

    def choose(self, form, row, answer):
        """Picks another entry of a row with a list."""
        form.find("combo box", row).choose(answer)
        self.app.settle()

    def file(self, form):
        form.find(None, "Justification context", pred=lambda node: "text" in node.role).type("Until the freeze ends")
        button = form.find("button", "File exception")
        self.app.wait(lambda: button.sensitive, timeout=20, what="the form to be complete")
        button.click()
        self.app.wait_window_gone("Exception options", timeout=20)

    def open_row_with(self, scope):
        """Opens the exception of the list whose device groups say that."""
        self.app.find("label", contains=scope, timeout=20).mouse_click()
        self.app.settle()

    def open_list(self):
        self.ui.key("ctrl+4")
        self.app.find(None, "Exceptions", pred=lambda node: "button" in node.role, timeout=20).click()

    # ---- steps

    def of_two_groups(self):
        """an exception of two device groups says before what it does, and does that"""
        form = self.open_form()
        form.find("label", "With and without exposed devices", timeout=10)
        self.tick(form, "All device groups")
        form.find("label", "Choose at least one device group, or a global exception.", timeout=10)
        assert not form.find("button", "File exception").sensitive
        for group in self.groups:
            self.tick(form, group["name"])
        n_covered = sum(group["exposed"] for group in self.groups)
        left = self.about["exposed_devices"] - n_covered
        form.find("label", f"Covers 2 device groups, {n_covered} exposed devices", timeout=10)
        effect = form.find("label", regex=r"(^|\n)Status: Active → Partial exception").name
        assert f"Exposed devices after exceptions: {self.about['exposed_devices']} → {left}" in effect, effect
        self.file(form)
        row = self.command("recommendation", self.about["id"])
        assert row["status"] == "partial-exception" and row["exposed_devices_after_exceptions"] == left, row
        assert sorted(self.shown()[0]["groups"]) == sorted(group["name"] for group in self.groups)
        self.app.find("label", "Partial exception", timeout=20)

    def offers_the_rest(self):
        """device groups that have an exception are not offered again"""
        form = self.open_form()
        for group in self.about["groups"]:
            offered = form.exists("checkbox", contains=group["name"])
            assert offered == (group["name"] not in [one["name"] for one in self.groups]), group
        self.ui.key("Escape")
        self.app.wait_window_gone("Exception options", timeout=10)

    def all_groups(self):
        """a global one that only accepts the risk suspends the first and leaves the numbers as they are"""
        form = self.open_form()
        self.choose(form, "Justification", "Risk accepted")
        self.choose(form, "Scope", "Global")
        form.find("label", regex=r"(^|\n)Exposed devices and scores stay as they are\nAll current and future", timeout=10)
        form.find("label", regex="1 exception for device groups is suspended until it ends")
        self.file(form)
        row = self.command("recommendation", self.about["id"])
        assert row["status"] == "full-exception", row
        assert row["exposed_devices_after_exceptions"] == row["exposed_devices"], row
        assert [one["status"] for one in self.shown()] == ["active", "suspended"], self.shown()

    def lists_the_portals(self):
        """exceptions made in the portal are listed as such, and lead to their recommendation"""
        there = [row for row in self.command("recommendations") if row["id"] != self.about["id"]
                 and row["status"].endswith("exception")]
        assert there, "the tenant has no exception made in the portal"
        self.open_list()
        title = self.app.find("label", f"Made in the portal: {len(there)}", timeout=20)
        rows = title.parent().find_all("list item")
        assert {row.labels()[0] for row in rows if row.labels()} == {row["name"] for row in there}
        next(row for row in rows if there[0]["name"] in row.labels()).right_click()
        self.app.find("menu item", "Copy as a table", timeout=20).mouse_click()
        self.app.wait(lambda: self.ui.clipboard().startswith("Recommendation\tStatus"), timeout=20, what="the copy")
        assert self.ui.clipboard().splitlines()[1].startswith(there[0]["name"] + "\t"), self.ui.clipboard()
        self.app.find("label", there[0]["name"]).mouse_click()
        self.app.find("button", "Remediation options", timeout=20)
        assert self.app.exists("label", there[0]["name"])

    def filters(self):
        """the list is filtered by status and justification"""
        self.open_list()
        total = tenant_window.count_of(self.app)
        self.app.find("button", "Filter").click()
        self.choose(self.app, "Status", "Suspended")
        self.app.escape("combo box", "Status")
        self.app.find("button", "Remove filter Status: Suspended", timeout=10)
        self.app.wait(lambda: tenant_window.count_of(self.app) == 1 < total, timeout=20, what="the suspended one")
        self.app.find("button", "Filter").click()
        self.choose(self.app, "Justification", "Risk accepted")
        self.app.escape("combo box", "Justification")
        self.app.find("label", f"0 of {total} exceptions", timeout=20)
        self.app.find("button", "Clear search and filters").click()
        self.app.wait(lambda: tenant_window.count_of(self.app) == total, timeout=20, what="all of them")

    def exports(self):
        """the list is exported as the command line exports it"""
        self.app.find("button", "Export list to CSV").click()
        path = os.path.join(self.ui.base, "exceptions.csv")
        self.app.choose_file(path)
        self.app.wait(lambda: os.path.exists(path), timeout=20, what="the file")
        with open(path, newline="", encoding="utf-8") as file:
            written = file.read()
        told = self.tenant.run("export", "exceptions", "--format", "spreadsheet", "--output", "-")
        assert written.replace("\r\n", "\n") == told.replace("\r\n", "\n"), written


    def ends_global(self):
        """once the global one is cancelled the one of the two groups holds again, and the history says so"""
        self.open_row_with("Global")
        self.app.find("button", "Cancel exception", timeout=20).click()
        self.app.window("Cancel the exception?").find("button", "Cancel exception").click()
        self.app.find("label", regex="^Exception cancelled by ", timeout=20)
        assert sorted(one["status"] for one in self.shown()) == ["active", "cancelled"], self.shown()
        self.open_row_with(self.groups[0]["name"])
        self.app.find("label", "Active again: the global exception has ended", timeout=20)
        self.app.find("label", "Suspended by a global exception")

    def cancels_group(self):
        """one device group is taken out, and the recommendation's numbers follow"""
        group, left = self.groups
        self.app.find("button", f"Cancel for {group['name']}", timeout=20).click()
        dialog = self.app.window("Cancel the exception?")
        dialog.find("label", regex=f"^For “{group['name']}” the recommendation ")
        dialog.find("button", "Cancel exception").click()
        self.app.find("label", regex="^Cancelled for a device group by ", timeout=20)
        row = self.command("recommendation", self.about["id"])
        assert row["exposed_devices_after_exceptions"] == self.about["exposed_devices"] - left["exposed"], row
        assert [one["groups"] for one in self.shown() if one["status"] == "active"] == [[left["name"]]], self.shown()


    def new_group(self):
        """a device group that came later is not covered, which list, flyout and command line tell"""
        activity = self.command("request", self.about["id"], "--type", "update", "--priority", "low", "--all-groups")
        devices = list(csv.DictReader(self.tenant.run("export", "activity", activity["id"], "--format", "machine",
                                                      "--output", "-").splitlines()))
        self.tenant.order(f"devices/{devices[0]['device_id']}/move", {"group": NEW_GROUP})
        self.tenant.run("sync")
        told = next(one for one in self.shown() if one["status"] == "active")
        assert told["new_groups"] == [NEW_GROUP] and "new-device-groups" in told["review"], told
        self.app.find("label", f"It does not cover these new device groups: {NEW_GROUP}.", timeout=20)
        self.ui.key("Escape")
        self.app.find("label", "Review", timeout=20)
        assert any(", Review" in row.name for row in tenant_window.rows_on_screen(self.app)), "a screen reader is told less"


STEPS = ("of_two_groups", "offers_the_rest", "all_groups", "lists_the_portals", "filters", "exports", "ends_global",
         "cancels_group", "new_group")


def main(program):
    with uidrive.Env(lang="C.UTF-8", size=(1480, 1000)) as ui:
        tenant = tenant_window.Tenant(ui, program, devices=300, recommendations=40, activities=6)
        try:
            tenant.sign_in()
            tenant.run("sync")
            for device in json.loads(tenant.run("devices", "--json")):
                if device["group"] == NEW_GROUP:
                    tenant.order(f"devices/{device['id']}/move", {"group": "UnassignedGroup"})
            tenant.run("sync")
            story.run(Exceptions(ui, program, tenant), STEPS)
        finally:
            tenant.stop()


if __name__ == "__main__":
    story.skip_unless_possible(sys.argv[1])
    import tenant_window
    import uidrive
    main(sys.argv[1])

#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists, their filters, columns and exports, and the request form, on a profile whose store is read beside the
window by the command line; TAP on standard output.

usage: test-lists.py PROGRAM
"""
import json
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import story  # noqa: E402

NAME_MIN_WIDTH = 320  # what the first column gets beside the details: less important columns give way


class Lists:
    """One admin looks for things; the steps build on each other."""

    def __init__(self, ui, program, tenant):
        self.ui, self.tenant = ui, tenant
        self.app = ui.launch([os.path.abspath(program)], timeout=tenant_window.START_SECONDS)
        self.window = self.app.wait_window(timeout=tenant_window.START_SECONDS)
        self.page(4)
        self.app.wait(lambda: tenant_window.count_of(self.app), timeout=tenant_window.START_SECONDS, what="the list")

    # ---- ways around

    def page(self, number):
        self.ui.key(f"ctrl+{number}")
        self.app.settle(quiet=0.2, timeout=5)

    def wait_count(self, expected):
        self.app.wait(lambda: self.count() == expected, timeout=10, what=f"a count of {expected}, not {self.count()}")

    def count(self):
        labels = self.app.find_all("label", regex=r"^\d+ of \d+ \w+")
        return int(labels[0].name.split()[0]) if labels else None

    def headers(self):
        return [label for header in self.app.find_all("column header") if header.mapped()
                for label in header.labels()]

    def other_window(self, name):
        return self.app.wait(lambda: next((w for w in self.app.windows() if w.name == name), None), timeout=20,
                             what=f"the window {name}")

    def wait_closed(self, window):
        self.app.wait(lambda: window not in self.app.windows(), timeout=10, what="the window to close")

    def open_form(self):
        tenant_window.open_row(self.app)
        self.app.find("button", "Remediation options", timeout=20, sensitive=True).click()
        form = self.other_window("Request remediation")
        form.find("button", "Submit request", sensitive=True, timeout=20)
        return form

    # ---- steps

    def shows_orders(self):
        """the order that a list comes in has an arrow in the header of a column (R17: and its words)"""
        for page, column in ((2, "Threats"), (3, "Known exploited"), (4, "Due by"), (5, "Device")):
            self.page(page)
            self.app.wait(lambda: tenant_window.count_of(self.app), timeout=20, what="the list")
            sorted_by = [(header.labels(), header.description) for header in self.app.find_all("column header")
                         if header.mapped() and header.description in ("Ascending", "Descending")]
            assert [labels[0] for labels, _ in sorted_by] == [column], (page, sorted_by)
        self.page(4)

    def filters(self):
        """a filter narrows the list, has a chip, and clicking the chip takes it away"""
        everything = self.count()
        activities = json.loads(self.tenant.run("activities", "--json"))
        high = sum(1 for activity in activities if activity["priority"] == "high")
        assert 0 < high < everything == len(activities), (high, everything, len(activities))
        self.app.find("button", "Filter").click()
        self.app.find(None, "Priority", pred=lambda node: node.role == "combo box").choose("High")
        self.app.escape("combo box", "Priority")
        self.wait_count(high)
        self.app.find("button", "Remove filter Priority: High").mouse_click()
        self.wait_count(everything)

    def clears_search(self):
        """“Clear search and filters” empties the search entry, too"""
        everything = self.count()
        self.ui.key("ctrl+f")
        self.ui.type("no such activity")
        self.app.find("button", "Clear search and filters", timeout=10).click()
        self.wait_count(everything)
        self.ui.key("ctrl+f")
        entry = self.app.find(None, pred=lambda node: "EditableText" in node.interfaces and node.mapped(), timeout=10)
        assert entry.text == "", f"the entry still says {entry.text!r}"
        self.ui.key("Escape")

    def columns(self):
        """a column can be shown, gives way to the open details, and comes back when they close"""
        self.app.find("button", "Columns").click()
        self.app.find("checkbox", "Created by", timeout=10).click()
        self.app.escape("checkbox", "Created by")
        self.app.wait(lambda: "Created by" in self.headers(), timeout=10, what="the column")
        before = self.headers()
        tenant_window.open_row(self.app)
        self.app.wait(lambda: "Created by" not in self.headers(), timeout=10, what="the column to give way")
        width = self.app.find("tree grid").header("Activity").extents()[2]
        assert width >= NAME_MIN_WIDTH, f"the first column has {width} px"
        assert {"Due by", "Progress"} <= set(self.headers()), self.headers()
        self.ui.key("Escape")
        self.app.wait(lambda: self.headers() == before, timeout=10, what=f"the columns {before}")

    def export(self, item, name):
        path = os.path.join(self.ui.home, name)
        self.app.find("button", "Export to CSV").menu(item)
        self.app.choose_file(path, timeout=20)
        self.app.wait(lambda: os.path.exists(path), timeout=30, what="the file")
        with open(path, "rb") as file:
            return file.read()

    def exports_list(self):
        """the export of a list through the save dialog is byte for byte what the store holds"""
        written = self.export("Export this list…", "list.csv")
        assert written.decode().replace("\r\n", "\n") == self.tenant.run("export", "activities", "--format", "spreadsheet", "--output", "-")

    def exports_spreadsheet(self):
        """the dialog offers a spreadsheet too, under a name that ends like one"""
        path = os.path.join(self.ui.home, "book.csv")
        self.app.find("button", "Export to CSV").menu("Export this list…")
        dialog = self.app.window("Export the list", timeout=20)
        choices = dialog.find_all("combo box")
        usual = "CSV for people (localized headings)"
        next(choice for choice in choices if usual in choice.labels()).choose("Spreadsheet with sheets and types (.xlsx)")
        self.app.choose_file(path, timeout=20)
        self.app.wait(lambda: os.path.exists(path[:-4] + ".xlsx"), timeout=30, what="the spreadsheet")
        with open(path[:-4] + ".xlsx", "rb") as file:
            assert file.read(4) == b"PK\3\4"
        assert not os.path.exists(path)

    def causes_list_devices(self):
        """the devices of a portal activity are fetched, and a cause lists its own"""
        tenant_window.open_row(self.app)
        cause = self.app.find("label", "Still exposed", timeout=30)
        number = int(cause.parent().labels()[-1])
        cause.parent().parent().mouse_click()
        devices = self.other_window("Devices")
        devices.find("button", "Remove filter Status: Still exposed", timeout=10)
        devices.find("label", regex=rf"^{number} of \d+ devices$", timeout=20)
        self.ui.key("Escape")
        self.wait_closed(devices)

    def exports_devices(self):
        """the devices of all activities go to one file, each row with its activity"""
        rows = self.export("Export the devices of these activities…", "devices.csv").decode("utf-8-sig").splitlines()
        shown = json.loads(self.tenant.run("activities", "--json"))
        ids = {row.split(",")[0] for row in rows[1:]}
        assert ids and ids <= {activity["id"] for activity in shown}, ids
        one = sorted(ids)[0]
        alone = self.tenant.run("export", "activity", one, "--format", "spreadsheet", "--output", "-")
        alone = alone.splitlines()[1:]
        assert [row for row in rows[1:] if row.startswith(one)] == alone

    def attention_required(self):
        """attention required: no due date, priority or ticket in the form, no progress in the flyout (R3)"""
        self.page(2)
        form = self.open_form()
        form.find("label", "Due date")
        form.find(None, contains="Create an Intune security task")
        form.find(None, "Remediation type", pred=lambda node: node.role == "combo box").choose("Attention required")
        form.wait_gone("label", "Due date", timeout=10)
        assert not form.exists("label", "Priority")
        assert not form.exists(None, contains="Create an Intune security task")
        form.find("button", "Submit request").click()
        self.wait_closed(form)
        self.app.find("button", "Show activity", timeout=20).click()
        self.app.find("label", "Attention required has no specific action to monitor", timeout=20)
        flyout = self.app.find("button", "Mark as completed").ancestors()[2]
        assert not flyout.exists("progress bar"), "there is a progress bar"
        assert not self.app.exists("label", "IT service and device management tools")

    def completed_by(self):
        """Completed by: an e-mail address, System confirmation, or N/A where nobody knows (R7)"""
        words = {"manual": None, "system": "System confirmation", "unknown": "N/A"}
        activities = json.loads(self.tenant.run("activities", "--status", "completed", "--json"))
        assert {row["completion"] for row in activities} == set(words), activities
        self.page(4)
        self.ui.key("Escape")  # beside open details this column gives way
        self.app.find("button", "Filter").click()
        self.app.find(None, "Status", pred=lambda node: node.role == "combo box").choose("Completed")
        self.app.escape("combo box", "Status")
        self.wait_count(len(activities))
        for activity in activities:
            word = words[activity["completion"]] or activity["completed_by"]
            rows = [row for row in self.app.find("tree grid").table(visible=True) if activity["title"] in str(row)]
            assert any(word in str(row) for row in rows), (word, rows)

    def archives(self):
        """the Archive has what was completed more than 180 days ago, and nothing else has (R8)"""
        titles = [row["title"] for row in json.loads(self.tenant.run("activities", "--archived", "--json"))]
        assert titles, "the demo tenant has no activity that old"
        self.app.find(None, "Archive", pred=lambda node: "button" in node.role).click()
        self.app.find("label", regex=f"^{len(titles)} of {len(titles)} activit", timeout=20)
        for title in titles:
            self.app.find("label", title, timeout=20)


STEPS = ("shows_orders", "filters", "clears_search", "columns", "exports_list", "exports_spreadsheet",
         "causes_list_devices", "exports_devices", "attention_required", "completed_by", "archives")


def main(program):
    with uidrive.Env(lang="C.UTF-8", size=(1480, 1000)) as ui:
        tenant = tenant_window.Tenant(ui, program, devices=1200, recommendations=40, activities=40)
        try:
            tenant.sign_in()
            tenant.run("sync")
            story.run(Lists(ui, program, tenant), STEPS)
        finally:
            tenant.stop()


if __name__ == "__main__":
    story.skip_unless_possible(sys.argv[1])
    import tenant_window
    import uidrive
    main(sys.argv[1])

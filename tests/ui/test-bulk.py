#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several activities at once: chosen by mouse and keyboard, completed, withdrawn, exported; several
recommendations requested with one form; TAP on standard output.

usage: test-bulk.py PROGRAM
"""
import csv
import json
import os
import re
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import story  # noqa: E402


class Bulk:
    """One admin looks after several activities; the steps build on each other."""

    def __init__(self, ui, program, tenant):
        self.ui, self.tenant = ui, tenant
        used = {row["recommendation_id"] for row in self.command("activities")}
        ids = [row["id"] for row in self.command("recommendations")
               if row["type"] == "update" and row["exposed_devices"] > 4 and row["id"] not in used][:2]
        told = self.command("request", *ids, "--type", "update", "--priority", "low", "--all-groups", "--intune")
        self.own = [row["activity_id"] for row in told["results"]]
        assert [row["outcome"] for row in told["results"]] == ["done", "done"], told
        who = self.command("activity", self.own[0])["created_by"]
        self.mine = [row["id"] for row in self.command("activities") if row["created_by"] == who]
        self.app = ui.launch([os.path.abspath(program)], timeout=tenant_window.START_SECONDS)
        self.window = self.app.wait_window(timeout=tenant_window.START_SECONDS)
        self.ui.key("ctrl+4")
        self.app.wait(lambda: tenant_window.count_of(self.app), timeout=tenant_window.START_SECONDS, what="the list")

    def command(self, *words):
        return json.loads(self.tenant.run(*words, "--json"))

    def selected(self, number):
        self.app.find("label", f"{number} selected", timeout=20)

    def own_chosen(self):
        """Leaves only those of the signed-in person on the list, some of the portal too, and chooses them all."""
        self.app.find("button", "Filter").click()
        self.app.find("checkbox", "Mine", timeout=10).click()
        self.app.escape("checkbox", "Mine")
        self.app.wait(lambda: tenant_window.count_of(self.app) == len(self.mine), timeout=20, what="mine")
        self.choose_all()

    def choose_all(self):
        self.app.find(None, "Select several").click()
        self.app.find("button", "Select all that match", timeout=10).click()
        self.selected(len(self.mine))

    def row(self, number):
        self.app.wait(lambda: len(tenant_window.rows_on_screen(self.app)) > number, timeout=20, what="rows")
        return tenant_window.rows_on_screen(self.app)[number]

    # ---- steps

    def selects(self):
        """on every list Ctrl, Shift and Ctrl+A select, without a mode; a click or Enter opens one, Escape leaves"""
        for page in (2, 3, 4, 5):
            self.ui.key(f"ctrl+{page}")
            self.app.settle(quiet=0.3, timeout=20)
            self.row(1).mouse_click()
            self.app.find("button", "Close details", timeout=20)
            self.row(3).mouse_click(mods=["shift"])
            self.selected(3)
            self.app.wait(lambda: not self.app.exists("button", "Close details"), timeout=20, what="the flyout to go")
            # From a row that is not selected a newer GTK begins with that one.
            for number in (2, 3):
                self.row(2).mouse_click(mods=["ctrl"])
                self.selected(number)
            self.ui.key("shift+Down", "shift+Down")
            self.selected(3)
            self.ui.key("ctrl+a")
            self.selected(f"{tenant_window.count_of(self.app):,}")
            self.row(0).mouse_click()
            self.app.find("button", "Close details", timeout=20)
            self.app.wait(lambda: not self.app.exists("label", regex=" selected$"), timeout=20, what="the bar to go")
            self.ui.key("Escape")

    def copies(self):
        """the menu of the chosen rows copies and exports these, in the order of the list"""
        self.ui.key("ctrl+5")
        self.app.settle(quiet=0.3, timeout=20)
        names = [self.row(number).name.split(",")[0] for number in range(3)]
        self.row(0).mouse_click(mods=["ctrl"])
        self.row(2).mouse_click(mods=["ctrl"])
        self.selected(2)
        self.row(2).right_click()
        self.app.find("menu item", "Copy as a table", timeout=20).mouse_click()
        # The toast that says so may be gone before a busy machine has looked through all that is on screen.
        self.app.wait(lambda: self.ui.clipboard().startswith("Device"), timeout=20, what="the copy")
        lines = self.ui.clipboard().splitlines()
        assert [line.split("\t")[0].split()[0] for line in lines] == ["Device", names[0], names[2]], lines
        self.row(0).right_click()
        path = os.path.join(self.ui.base, "devices.csv")
        self.app.find("menu item", "Export to CSV…", timeout=20).mouse_click()
        self.app.choose_file(path)
        self.app.wait(lambda: os.path.exists(path), timeout=20, what="the file")
        with open(path, newline="", encoding="utf-8-sig") as file:
            rows = list(csv.reader(file))
        assert len(rows) == 3 and names[0] in rows[1] and names[2] in rows[2], rows
        os.remove(path)
        self.ui.key("ctrl+e")
        self.app.choose_file(path)
        self.app.wait(lambda: os.path.exists(path), timeout=20, what="the file")
        with open(path, newline="", encoding="utf-8-sig") as file:
            assert list(csv.reader(file)) == rows, "Ctrl+E means the chosen rows"
        self.row(1).right_click()
        self.app.find("button", "Close details", timeout=20)
        self.ui.key("Escape", "Escape")
        self.ui.key("ctrl+4")

    def chooses(self):
        """a click and Space toggle a row, Ctrl+A chooses all, Escape leaves; no flyout opens meanwhile"""
        self.app.find(None, "Select several").click()
        self.selected(0)
        tenant_window.open_row(self.app)
        self.selected(1)
        self.ui.key("Down", "space")
        self.selected(2)
        self.ui.key("space")
        self.selected(1)
        assert not self.app.exists("button", "Export devices to CSV"), "a flyout is open"
        self.ui.key("ctrl+a")
        self.selected(tenant_window.count_of(self.app))
        box = self.app.find("checkbox", regex="^Select ", timeout=10)
        assert box.checked, box
        tenant_window.open_row(self.app)
        self.selected(tenant_window.count_of(self.app) - 1)
        self.ui.key("Escape")
        self.app.wait(lambda: not self.app.exists("checkbox", regex="^Select "), timeout=10, what="the boxes to go")

    def exports(self):
        """the chosen activities and their devices go into one file; a sync leaves the choice as it is"""
        self.own_chosen()
        self.tenant.run("sync")
        self.selected(len(self.mine))
        self.ui.key("ctrl+e")  # means these, and not the whole list
        path = os.path.join(self.ui.base, "chosen.csv")
        self.app.choose_file(path)
        self.app.wait(lambda: os.path.exists(path), timeout=20, what="the file")
        with open(path, newline="", encoding="utf-8-sig") as file:
            rows = list(csv.reader(file))
        for name in self.own:
            devices = self.command("activity", name)["target_devices"]
            assert sum(row[0] == name for row in rows) == devices > 0, name
        assert {row[0] for row in rows[1:]} <= set(self.mine), "others are in the file"

    def withdraws(self):
        """the tickets of the chosen are taken back after a question; the sheet says what became of each"""
        self.selected(len(self.mine))
        self.app.find("button", "Withdraw tickets…").click()
        self.app.window("Withdraw the tickets?").find("button", "Withdraw").click()
        sheet = self.app.wait_window("Withdraw tickets", timeout=30)
        sheet.find("label", f"2 done, {len(self.mine) - 2} skipped, 0 failed")
        self.ui.key("Escape")
        self.app.wait_window_gone("Withdraw tickets", timeout=10)
        for name in self.own:
            assert [row["status"] for row in self.command("activity", name)["tickets"]] == ["withdrawn"]

    def completes(self):
        """the chosen are completed with one note; what cannot be is told before, and skipped in the sheet, to be copied"""
        n_others = len(self.mine) - 2
        self.choose_all()
        self.app.find("button", "Mark as completed…").click()
        dialog = self.app.window("Mark as completed?")
        dialog.find("label", regex=r"(?s)2 activities will be completed in your name\..*"
                    rf"{n_others} cannot be completed here: ")
        dialog.find(None, "Note (optional)", pred=lambda node: "EditableText" in node.interfaces).type("Both")
        dialog.find("button", "Mark as completed").click()
        sheet = self.app.wait_window("Mark as completed", timeout=30)
        summary = f"2 done, {n_others} skipped, 0 failed"
        sheet.find("label", summary)
        sheet.find("button", "Copy").click()
        text = self.app.wait(lambda: self.ui.clipboard(), timeout=10, what="the text")
        assert text.startswith(summary) and "made in the portal" in text, text
        self.ui.key("Escape")
        self.app.wait_window_gone("Mark as completed", timeout=10)
        for name in self.own:
            activity = self.command("activity", name)
            assert activity["status"] == "completed" and "Both" in str(activity["history"]), activity
        self.choose_all()
        self.app.find("button", "Mark as completed…").click()
        dialog = self.app.window("Mark as completed?")
        dialog.find("label", regex=rf"^{len(self.mine)} cannot be completed here: ")
        assert not dialog.find("button", "Mark as completed").sensitive
        assert not dialog.find(None, "Note (optional)", pred=lambda node: "EditableText" in node.interfaces).sensitive
        self.ui.key("Escape")
        self.app.wait_window_gone("Mark as completed?", timeout=10)
        self.ui.key("Escape")

    def choose_four(self):
        """Of the rows on screen three that a request for updates does, and one that it skips, which comes last."""
        self.app.wait(lambda: tenant_window.rows_on_screen(self.app), timeout=20, what="rows")
        words = [row.name for row in tenant_window.rows_on_screen(self.app)[:9]]
        listed = [next(row for row in self.command("recommendations") if text.startswith(row["name"] + ", "))
                  for text in words]
        told = self.command("request", *[row["id"] for row in listed], "--type", "update", "--priority", "high",
                            "--all-groups", "--intune", "--dry-run")["results"]
        for place, row in enumerate(told):
            row.update(place=place, id=row["id"])
        done, skipped = ([row for row in told if row["outcome"] == word] for word in ("done", "skipped"))
        return done[:3] + skipped[:1]

    def requests(self):
        """one form for several recommendations says what comes of each before and after"""
        self.ui.key("ctrl+2")
        self.app.wait(lambda: tenant_window.count_of(self.app) == 40, timeout=20, what="the recommendations")
        before = {row["id"] for row in self.command("activities")}
        chosen = self.choose_four()
        ids, skipped = [row["id"] for row in chosen], chosen[-1:]
        self.app.find(None, "Select several").click()
        for row in chosen:
            tenant_window.rows_on_screen(self.app)[row["place"]].mouse_click()
        self.selected(4)
        self.app.find("button", "Request remediation…").click()
        self.fills(skipped[0])
        self.app.find("label", "3 done, 1 skipped, 0 failed", timeout=60)
        self.ui.key("Escape")
        self.app.wait_window_gone("Request remediation", timeout=10)
        made = [row for row in self.command("activities") if row["id"] not in before]
        assert {row["recommendation_id"] for row in made} == set(ids) - {skipped[0]["id"]}, made
        assert {row["priority"] for row in made} == {"high"} and all(row["tickets"] for row in made), made
        assert not self.app.exists("label", "4 selected"), "rows are still chosen"

    def fills(self, skipped):
        """The form as it opens: what comes of each is in its list."""
        form = self.app.window("Request remediation")
        form.find("label", regex="^3 requests: .* devices covered, .* can go to Intune in 3 tickets$", timeout=20)
        form.find("label", regex="^1 is skipped")
        form.find("label", regex=r"^Update \([34] of 4\)$")
        self.app.wait(lambda: not form.exists("label", regex="^Getting the exposed"), timeout=60, what="the devices")
        covered = form.find("label", regex="^3 requests: ").name
        form.find("label", "4 recommendations").mouse_click()
        form.find("label", regex="^" + re.escape(f"Skipped: {skipped['reason']}"), timeout=10)
        each = [label.name for label in form.find_all("label", regex="^[0-9]+ devices? covered, ")]
        assert len(each) == 3, each
        assert covered.split()[2] == str(sum(int(text.split()[0]) for text in each)), (covered, each)
        form.find("button", "Submit request").click()

    def undoes(self):
        """several requests of one form are undone by the toast that tells of them, with their tickets"""
        self.ui.key("ctrl+2")
        before = {row["id"] for row in self.command("activities")}
        for number in (0, 1):
            self.row(number).mouse_click(mods=["ctrl"])
        self.selected(2)
        self.app.find("button", "Request remediation…").click()
        form = self.app.window("Request remediation")
        form.find("label", regex="^[12] requests?: ", timeout=20)
        form.find("button", "Submit request").click()
        self.app.find("label", regex="^[12] done, [01] skipped, 0 failed$", timeout=60)
        self.ui.key("Escape")
        self.app.wait_window_gone("Request remediation", timeout=10)
        assert {row["id"] for row in self.command("activities")} > before
        self.app.find("label", regex="^[12] remediations? requested$", timeout=20)
        self.app.find("button", regex="Undo$", timeout=20).click()
        self.app.wait_toast("The requests are undone", timeout=20)
        assert {row["id"] for row in self.command("activities")} == before

    def narrow(self):
        """at 360 px the actions are a menu, and a tap toggles"""
        self.ui.key("ctrl+4")
        tenant_window.resize(self.app, self.window, 360, 720)
        self.app.find(None, "Select several").click()
        tenant_window.open_row(self.app)
        self.selected(1)
        self.app.find(None, "Actions", timeout=10).mouse_click()
        self.app.find("menu item", "Mark as completed…", timeout=10)
        self.ui.key("Escape", "Escape")

    def rows_go(self):
        """in the narrow list, whose rows one tap opens, rows may go from under the pointer and come back"""
        for _ in range(5):
            tenant_window.rows_on_screen(self.app)[2].hover()
            self.ui.key("ctrl+f", "ctrl+a")
            self.ui.type("zzz")
            self.app.wait(lambda: not tenant_window.rows_on_screen(self.app), timeout=20, what="no row")
            self.ui.key("Escape")
            self.app.wait(lambda: tenant_window.rows_on_screen(self.app), timeout=20, what="the rows")
        tenant_window.open_row(self.app, 2)
        self.app.find("button", "Close details", timeout=20)


STEPS = ("selects", "copies", "chooses", "exports", "withdraws", "completes", "requests", "undoes", "narrow", "rows_go")


def main(program):
    with uidrive.Env(lang="C.UTF-8", size=(1480, 1000)) as ui:
        tenant = tenant_window.Tenant(ui, program, devices=300, recommendations=40, activities=6)
        try:
            tenant.sign_in()
            tenant.run("sync")
            story.run(Bulk(ui, program, tenant), STEPS)
        finally:
            tenant.stop()


if __name__ == "__main__":
    story.skip_unless_possible(sys.argv[1])
    import tenant_window
    import uidrive
    main(sys.argv[1])

#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each number that the window shows of one recommendation, or of one activity, says the same on every page, or a
line explains the difference and adds up; TAP on standard output.

usage: test-numbers.py PROGRAM
"""
import contextlib
import datetime
import json
import os
import re
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import story  # noqa: E402

UNNAMED = 3


def number(text):
    return int(re.sub(r"[^\d]", "", text))


class Numbers:
    """One admin compares; the service counts more devices of a recommendation than it names."""

    def __init__(self, ui, program, tenant):
        self.ui, self.tenant = ui, tenant
        rows = [row for row in self.command("recommendations") if row["type"] == "update" and row["exposed_devices"] > 9]
        self.about = rows[0]
        self.none = next(row for row in self.command("recommendations") if row["id"] not in [r["id"] for r in rows[:3]]
                         and row["type"] == "update")
        tenant.order(f"recommendations/{self.none['id']}/patch", {"fraction": 1.0})
        self.asked = self.request_of_several_causes(rows[1:])
        tenant.run("sync")
        self.add_uncounted()
        self.app = ui.launch([os.path.abspath(program)], timeout=tenant_window.START_SECONDS)
        self.window = self.app.wait_window(timeout=tenant_window.START_SECONDS)
        self.app.settle(quiet=0.3, timeout=20)

    def command(self, *words):
        return json.loads(self.tenant.run(*words, "--json"))

    def request_of_several_causes(self, rows):
        """An activity some of whose devices are not seen any more, and others are remediated."""
        for row in rows:
            asked = self.command("request", row["id"], "--type", "update", "--priority", "high", "--all-groups",
                                 "--due", datetime.date.today().isoformat())
            left = self.command("activity", asked["id"])["states"]
            if left["exposed"] > 3 and sum(number or 0 for number in left.values()) > left["exposed"]:
                self.tenant.order(f"recommendations/{row['id']}/patch", {"count": 2})
                return asked
            self.command("complete", asked["id"])
        raise AssertionError("no recommendation has devices that are not seen")

    def add_uncounted(self):
        """So many the service counts and does not name; no tenant can be brought to that by its control path."""
        import sqlite3
        path = os.path.join(self.ui.environ["XDG_DATA_HOME"], "tvm-remediate", "default", "store.db")
        with contextlib.closing(sqlite3.connect(path)) as store, store:
            store.execute("UPDATE recommendation SET exposed_devices = exposed_devices + ? WHERE id = ?",
                          (UNNAMED, self.about["id"]))
            self.portal = store.execute(
                "SELECT id, title, fixed_devices, target_devices FROM activity WHERE origin = 2 AND type <> 5 AND status = 1 "
                "AND target_devices > 5 AND fixed_devices BETWEEN 1 AND target_devices - 3").fetchone()
            store.execute("UPDATE activity SET target_devices = target_devices + ? WHERE id = ?",
                          (UNNAMED, self.portal[0]))
            self.unread = next(row for row in self.command("recommendations") if row["id"] not in (
                self.about["id"], self.none["id"], self.asked["recommendation_id"]) and row["type"] == "update" and
                row["active_activities"] == 0)
            store.execute("DELETE FROM exposure WHERE recommendation_key = (SELECT key FROM recommendation WHERE id = ?)",
                          (self.unread["id"],))
            store.execute("UPDATE recommendation SET devices_synced_us = 0 WHERE id = ?", (self.unread["id"],))
        self.tenant.order("faults", {"path": f"/api/recommendations/{self.unread['id']}/machineReferences",
                                     "method": "GET", "status": 403, "times": 99})
        self.exposed = self.about["exposed_devices"] + UNNAMED
        self.named = self.about["exposed_devices"]

    def search(self, page, text):
        self.ui.key("ctrl+%d" % (tenant_window.PAGES.index(page) + 1))
        self.app.settle(quiet=0.3, timeout=20)
        self.ui.key("ctrl+f", "ctrl+a")
        self.ui.type(text)
        self.app.wait(lambda: tenant_window.count_of(self.app) == 1, timeout=20, what="one row")

    def labels(self, node=None):
        return [label.name for label in (node or self.app).find_all("label") if label.mapped()]

    def value_beside(self, node, text):
        """The number in the row that says this."""
        row = node.find("label", text, timeout=20)
        while row.role != "list item":
            row = row.parent()
        return number(row.labels()[-1])

    def lines_of(self, title):
        """What the rows below a heading say, each a list."""
        node = self.app.find("label", title, timeout=20)
        while not node.find_all("list item"):
            node = node.parent()
        return [row.labels() for row in node.find_all("list item") if row.mapped()]

    # ---- steps

    def list_and_flyout(self):
        """the list, the flyout's sentence and its device groups count the same: what is not named is a line of its own"""
        self.search("recommendations", self.about["name"])
        row = tenant_window.rows_on_screen(self.app)[0]
        assert any(number(text) == self.exposed for text in row.labels() if text and text.isdigit()), row.labels()
        tenant_window.open_row(self.app)
        self.app.find("label", regex=rf"^{self.exposed} of [\d,]+ devices are exposed\.", timeout=20)
        groups = self.app.find("list", "Exposed devices by device group", timeout=20)
        counts = [number(item.labels()[-1]) for item in groups.find_all("list item")]
        assert sum(counts) == self.exposed, (counts, self.exposed)
        assert self.value_beside(groups, "Not told by the service") == UNNAMED

    def form_adds_up(self):
        """the request form covers what is named and says how many more are counted"""
        self.app.find("button", "Remediation options").click()
        form = self.app.wait_window("Request remediation", timeout=20)
        form.find(None, regex=rf"^{self.exposed} of [\d,]+ devices exposed", timeout=20)
        form.find("label", regex=rf"^{self.named} devices covered", timeout=20)
        form.find("label", f"{UNNAMED} more are counted by the service and not named", timeout=20)
        self.leave_out_one(form)
        form.find("button", regex="Cancel$").click()
        self.app.wait(lambda: self.app.exists("button", "Discard"), timeout=10, what="the question")
        self.app.find("button", "Discard").click()
        self.app.wait_window_gone("Request remediation", timeout=20)

    def leave_out_one(self, form):
        """A device group less: covered and left out are together what is named."""
        name = self.command("recommendation", self.about["id"])["groups"][0]["name"]
        group = form.find("checkbox", contains=name)
        group.scroll_into_view()
        self.app.settle()
        group.mouse_click()
        line = form.find("label", regex=r"more (is|are) in other device groups", timeout=20)
        first = number(line.name.split("\n")[0])
        covered = form.find("label", regex=r"^[\d,]+ devices? covered", timeout=20)
        assert number(covered.name.split(",")[0]) + first == self.named, (covered.name, line.name)

    def exception_adds_up(self):
        """the exception form says what it covers, what else is counted, and what becomes of all"""
        self.app.find("button", "Exception options", timeout=20).click()
        form = self.app.wait_window("Exception options", timeout=20)
        form.find(None, regex=rf"^{self.exposed} of [\d,]+ devices exposed", timeout=20)
        covers = form.find("label", regex="^Covers ", timeout=20)
        assert number(covers.name.split(",", 1)[1]) == self.named, covers.name
        effect = form.find("label", contains="Exposed devices after exceptions: ", timeout=20).name
        assert f"{UNNAMED} more are counted by the service and not named" in effect, effect
        assert f"Exposed devices after exceptions: {self.exposed} → 0" in effect, effect
        self.ui.key("Escape")
        self.app.wait_window_gone("Exception options", timeout=20)

    def portal_activity_adds_up(self):
        """of an activity of the portal remediated, causes and what is not told are its targets (R6)"""
        self.search("remediation", self.portal[0])
        fixed, targets = self.portal[2], self.portal[3] + UNNAMED
        row = tenant_window.rows_on_screen(self.app)[0]
        assert any(text == f"{fixed} of {targets}" for text in row.labels()), row.labels()
        tenant_window.open_row(self.app)
        self.app.find("label", f"{fixed} of {targets} devices remediated", timeout=20)
        self.app.wait_gone("label", "Fetching the devices", timeout=30)
        causes = self.app.find("list", "Why devices are left", timeout=20)
        counts = [number(item.labels()[-1]) for item in causes.find_all("list item")]
        assert fixed + sum(counts) == targets, (fixed, counts, targets)
        button = self.app.wait(lambda: next((node for node in self.app.find_all("button", showing=None)
                                             if node.mapped() and re.match(r"Show all [\d,]+$", node.name)), None),
                               timeout=20, what="the way to all devices")
        button.scroll_into_view()
        button.click()
        devices = self.app.wait(lambda: next((w for w in self.app.windows() if w != self.window), None), timeout=20,
                                what="the window with the devices")
        devices.find("label", regex=rf"^The service does not name the {fixed} devices? that it counts as remediated$",
                     timeout=20)
        self.ui.key("Escape")
        self.app.wait(lambda: len(self.app.windows()) == 1, timeout=20, what="the devices to close")

    def configuration_has_no_cves(self):
        """of what is about no CVE nobody looks up whether it is exploited"""
        about = next(row for row in self.command("recommendations") if row["type"] == "configuration-change")
        self.search("recommendations", about["id"])
        tenant_window.open_row(self.app)
        self.app.find("label", "This recommendation is not about weaknesses with a CVE number", timeout=20)
        assert not self.app.exists("label", contains="was not looked up")

    def refused_devices(self):
        """where the service was reached and refused, nobody is told to wait until it can be"""
        self.search("recommendations", self.unread["id"])
        tenant_window.open_row(self.app)
        self.app.find("label", "Exposed devices are not known", timeout=20)
        self.app.find("label", "They are asked for again when this is opened again", timeout=20)

    def local_activity_adds_up(self):
        """of an activity of one's own the list, the flyout, its causes and the question whether to complete agree"""
        now = self.command("activity", self.asked["id"])
        fixed, targets = now["fixed_devices"], now["target_devices"]
        assert 0 < fixed < targets, now
        self.search("remediation", self.asked["id"])
        row = tenant_window.rows_on_screen(self.app)[0]
        assert any(text == f"{fixed} of {targets}" for text in row.labels()), row.labels()
        tenant_window.open_row(self.app)
        self.app.find("label", f"{fixed} of {targets} devices remediated", timeout=20)
        causes = self.app.find("list", "Why devices are left", timeout=20)
        rows = [item.labels() for item in causes.find_all("list item")]
        assert len(rows) > 1 and fixed + sum(number(words[-1]) for words in rows) == targets, (rows, now)
        self.app.find("button", "Mark as completed").click()
        question = self.app.wait_window("Mark as completed?", timeout=20)
        said = question.find("label", regex="not remediated|still exposed", timeout=20).name.split("\n\n")[0].split("\n")
        assert said[0] == f"{targets - fixed} devices are not remediated.", said
        assert said[1:] == [f"{words[0]}: {words[-1]}" for words in rows], (said, rows)
        question.find("button", regex="Show devices$").click()
        self.app.wait_window_gone("Mark as completed?", timeout=20)
        devices = self.app.wait(lambda: next((w for w in self.app.windows() if w != self.window), None), timeout=20,
                                what="the window with the devices")
        devices.find("label", f"{targets - fixed} of {targets} devices", timeout=20)
        self.ui.key("Escape")
        self.app.wait(lambda: len(self.app.windows()) == 1, timeout=20, what="the devices to close")

    def dashboard_agrees(self):
        """the dashboard counts of recommendations and activities what their lists count"""
        exposed = {row["name"]: f"{row['exposed_devices']} of {row['total_devices']} exposed"
                   for row in self.command("recommendations")}
        left = {}
        for row in self.command("activities"):
            if row["fixed_devices"] is not None:
                n = row["target_devices"] - row["fixed_devices"]
                left.setdefault(row["title"], set()).add(
                    f"{n} of {row['target_devices']} device{'' if row['target_devices'] == 1 else 's'} left")
        self.ui.key("ctrl+1")
        recommendations = self.lines_of("Top security recommendations")
        due = self.lines_of("Overdue and due soon")
        assert recommendations and due
        for words in recommendations:
            assert exposed[words[0]] in words, (words, exposed[words[0]])
        for words in due:
            assert left[words[0]] & set(words), (words, left[words[0]])
        assert any(words[0] == self.asked["title"] for words in due), due

    def search_and_weakness_agree(self):
        """the search anywhere and a CVE of the recommendation say as many exposed devices as the list"""
        self.ui.key("ctrl+k")
        self.app.wait_window("Search everything", timeout=20)
        self.ui.type(self.about["name"])
        self.app.find("label", regex=rf"^{self.exposed} exposed devices", timeout=20)
        self.ui.key("Escape")
        self.app.wait_window_gone("Search everything", timeout=20)
        cve = self.command("recommendation", self.about["id"])["vulnerabilities"][0]["id"]
        self.search("weaknesses", cve)
        tenant_window.open_row(self.app)
        row = self.app.find("label", self.about["name"], timeout=20)
        while row.role != "list item":
            row = row.parent()
        assert f"{self.exposed} devices exposed" in row.labels(), row.labels()

    def nothing_cannot_be_requested(self):
        """where nothing is exposed nothing is requested, and the form says why; an exception covers none"""
        self.search("recommendations", self.none["name"])
        tenant_window.open_row(self.app)
        self.app.find("button", "Remediation options", timeout=20).click()
        form = self.app.wait_window("Request remediation", timeout=20)
        form.find("label", regex="^No exposed device is in the chosen device groups", timeout=20)
        assert "sensitive" not in form.find("button", regex="Submit request$").states
        self.ui.key("Escape")
        self.app.wait_window_gone("Request remediation", timeout=20)
        self.app.find("button", "Exception options", timeout=20).click()
        form = self.app.wait_window("Exception options", timeout=20)
        form.find("label", "No device is exposed now: it takes effect once one is.", timeout=20)
        form.find("label", contains="Exposed devices after exceptions: 0 → 0")
        self.ui.key("Escape")

    def one_name(self):
        """a product has one name: in the list, in its flyout and in that of a CVE"""
        about = next(row for row in self.command("recommendations") if row["id"].endswith("edge_chromium-based"))
        whole = self.command("recommendation", about["id"])
        name, version = about["related_component"], whole["recommended_version"]
        self.search("recommendations", about["id"])
        assert any(name in (text or "") for text in tenant_window.rows_on_screen(self.app)[0].labels())
        tenant_window.open_row(self.app)
        self.app.find("label", contains=f" Bring {name} to version {version} or later.", timeout=20)
        self.search("weaknesses", whole["vulnerabilities"][0]["id"])
        tenant_window.open_row(self.app)
        self.app.find("label", "Products and versions", timeout=20, showing=None)
        self.app.find("label", regex=rf"^{name} [\d.]+$", timeout=20, showing=None)

    def is_quiet(self):
        """nothing was printed that nobody expects"""
        assert self.app.complaints() == [], self.app.complaints()


STEPS = ("list_and_flyout", "form_adds_up", "exception_adds_up", "portal_activity_adds_up", "configuration_has_no_cves", "refused_devices",
         "local_activity_adds_up", "dashboard_agrees", "search_and_weakness_agree",
         "nothing_cannot_be_requested", "one_name", "is_quiet")


def main(program):
    with uidrive.Env(lang="C.UTF-8", size=(1480, 1000)) as ui:
        tenant = tenant_window.Tenant(ui, program, devices=300, recommendations=40, activities=12)
        try:
            tenant.sign_in()
            tenant.run("sync")
            story.run(Numbers(ui, program, tenant), STEPS)
        finally:
            tenant.stop()


if __name__ == "__main__":
    story.skip_unless_possible(sys.argv[1])
    import tenant_window
    import uidrive
    main(sys.argv[1])

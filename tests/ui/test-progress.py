#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the flyout tells about an activity's progress: the remainder by cause with device lists, the effective
numbers, the delay of a fix, the course over time; on a profile whose tenant is patched meanwhile. TAP on
standard output.

usage: test-progress.py PROGRAM [FOLDER]
FOLDER: keeps a picture of the flyout there.
"""
import datetime
import json
import os
import sys
import urllib.request

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import story  # noqa: E402


class Progress:
    """One admin follows an activity; the steps build on each other."""

    def __init__(self, ui, program, tenant):
        self.ui, self.tenant = ui, tenant
        self.request()
        self.app = ui.launch([os.path.abspath(program)], timeout=tenant_window.START_SECONDS)
        self.window = self.app.wait_window(timeout=tenant_window.START_SECONDS)
        self.ui.key("ctrl+4")
        self.app.wait(lambda: tenant_window.count_of(self.app), timeout=tenant_window.START_SECONDS, what="the list")

    # ---- ways around

    def command(self, *words):
        return json.loads(self.tenant.run(*words, "--json"))

    def demo(self, path, **values):
        urllib.request.urlopen(urllib.request.Request(
            f"{self.tenant.uri}/_demo/{path}", json.dumps(values).encode(), {"Content-Type": "application/json"}),
            timeout=20).close()

    def request(self):
        """A new activity, half of whose devices are patched; one of them is exposed again, two are gone."""
        used = {row["recommendation_id"] for row in self.command("activities")}
        self.about = next(row["id"] for row in self.command("recommendations")
                          if row["type"] == "update" and row["exposed_devices"] > 9 and row["id"] not in used)
        due = (datetime.date.today() + datetime.timedelta(days=2)).isoformat()
        self.activity = self.command("request", self.about, "--type", "update", "--priority", "low",
                                     "--all-groups", "--due", due)["id"]
        ids = [row["id"] for row in self.shown()["devices"]]
        self.demo(f"recommendations/{self.about}/patch", devices=ids[:len(ids) // 2])
        self.tenant.run("sync")
        self.demo(f"recommendations/{self.about}/expose", devices=ids[:1])
        for device in ids[-2:]:
            self.demo(f"devices/{device}/remove")
        self.tenant.run("sync")
        self.attention = self.command("request", self.about, "--type", "attention-required", "--all-groups")["id"]

    def shown(self):
        return self.command("activity", self.activity)

    def open_activity(self, activity):
        self.ui.key("ctrl+f")
        self.ui.key("ctrl+a")
        self.ui.type(activity)
        self.app.wait(lambda: tenant_window.count_of(self.app) == 1, timeout=20, what="one activity")
        tenant_window.open_row(self.app)

    # ---- steps

    def explains(self):
        """the remainder is told by cause, without the silent devices too, with the delay of a fix"""
        self.open_activity(self.activity)
        shown = self.shown()
        assert shown["states"]["exposed-again"] == 1 and shown["states"]["gone"] == 2, shown["states"]
        assert shown["effective_target_devices"] < shown["target_devices"]
        wanted = f"{shown['effective_fixed_devices']} of {shown['effective_target_devices']}"
        self.app.find("label", regex=f"^Effective progress: {wanted}, without ", timeout=20)
        self.app.find("label", regex="^Fixed software usually shows here within 2 hours")
        self.app.find("label", "Exposed again")
        self.app.find("label", "Gone from the inventory")

    def draws(self):
        """the course is drawn, with words for those who do not see it"""
        history = self.shown()["progress_history"]
        assert [point["fixed_devices"] for point in history][0] == 0 and len(history) == 3, history
        chart = self.app.find("image", "Progress over time", timeout=20)
        assert chart.extents()[2] > 100 and chart.extents()[3] > 40, chart.extents()
        last = f"{history[-1]['fixed_devices']} of {history[-1]['target_devices']}"
        assert last in chart.description and "Due by" in chart.description, chart.description
        self.app.find("label", regex="^Dotted line: due by ")
        if len(sys.argv) > 2:
            self.app.settle(quiet=0.5, timeout=10)
            self.window.screenshot(os.path.join(sys.argv[2], "progress.png"))

    def lists(self):
        """a cause opens the list of its devices"""
        self.app.find("label", "Gone from the inventory").mouse_click()
        window = self.app.wait(lambda: next((w for w in self.app.windows() if w.name == "Devices"), None), timeout=20,
                               what="the window of devices")
        self.app.wait(lambda: any(label.name.startswith("2 of ") for label in window.find_all("label")), timeout=20,
                      what="two devices")
        self.ui.key("Escape")
        self.app.wait(lambda: window not in self.app.windows(), timeout=10, what="the window to close")

    def remembers(self):
        """the history says what it was and what it became, and can be exported"""
        done = self.shown()["progress_history"][1]["fixed_devices"]
        self.app.find("label", regex=f"0 → {done}$", timeout=20)
        self.app.find("label", regex=f"{done} → {done - 1}$")
        self.app.find("button", "Export history to CSV").click()
        dialog = self.app.wait(lambda: next((w for w in self.app.windows() if w is not self.window and w.mapped()
                                             and w != self.window), None), timeout=20, what="the save dialog")
        self.ui.key("Escape")
        self.app.wait(lambda: dialog not in self.app.windows(), timeout=10, what="the dialog to close")

    def says_nothing(self):
        """attention required has neither progress nor a chart"""
        self.open_activity(self.attention)
        self.app.find("label", "Not monitored", timeout=20)
        assert not self.app.exists("image", "Progress over time")


STEPS = ("explains", "draws", "lists", "remembers", "says_nothing")


def main(program):
    with uidrive.Env(lang="C.UTF-8", size=(1480, 1000)) as ui:
        tenant = tenant_window.Tenant(ui, program, devices=300, recommendations=20, activities=6)
        try:
            tenant.sign_in()
            tenant.run("sync")
            story.run(Progress(ui, program, tenant), STEPS)
        finally:
            tenant.stop()


if __name__ == "__main__":
    story.skip_unless_possible(sys.argv[1])
    import tenant_window
    import uidrive
    main(sys.argv[1])

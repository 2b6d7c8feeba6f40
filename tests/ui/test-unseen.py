#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What changes while its flyout is not on screen: each flyout says it when it comes back; on a profile that the
command line works on beside the window. TAP on standard output.

usage: test-unseen.py PROGRAM
"""
import json
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import story  # noqa: E402


class Unseen:
    """One admin looks at something, goes to another page, and a script changes it meanwhile."""

    def __init__(self, ui, program, tenant):
        self.ui, self.tenant = ui, tenant
        self.about = next(row["id"] for row in self.command("recommendations")
                          if row["type"] == "update" and row["exposed_devices"] > 9)
        self.activity = self.request()
        self.exception = self.command("exception", "add", self.about, "--justification", "risk-accepted",
                                      "--context", "It goes", "--duration", "30", "--all-groups")["id"]
        self.app = ui.launch([os.path.abspath(program)], timeout=tenant_window.START_SECONDS)
        self.app.wait_window(timeout=tenant_window.START_SECONDS)
        self.page(4)
        self.app.wait(lambda: tenant_window.count_of(self.app), timeout=tenant_window.START_SECONDS, what="the list")

    # ---- ways around

    def command(self, *words):
        return json.loads(self.tenant.run(*words, "--json"))

    def request(self):
        return self.command("request", self.about, "--type", "update", "--priority", "low", "--all-groups")["id"]

    def page(self, number):
        self.ui.key(f"ctrl+{number}")
        self.app.settle(quiet=0.3, timeout=10)

    def open_found(self, text):
        self.ui.key("ctrl+f")
        self.ui.key("ctrl+a")
        self.ui.type(text)
        self.app.wait(lambda: tenant_window.count_of(self.app) == 1, timeout=20, what="one row")
        tenant_window.open_row(self.app)

    def change_unseen(self, page, *words):
        """Leaves the page, has the command line change something, and comes back."""
        self.page(1)
        self.tenant.run(*words)
        self.app.settle(quiet=0.5, timeout=20)
        self.page(page)

    def row(self, title):
        """What a row of the flyout says below its title."""
        label = self.app.find("label", title, timeout=20)
        return label.parent().labels()[-1]

    # ---- steps

    def activity_completed(self):
        """an activity completed meanwhile says so, and cannot be completed again"""
        self.open_found(self.activity)
        self.app.find("button", "Mark as completed", timeout=20, sensitive=True)
        self.change_unseen(4, "complete", self.activity)
        self.app.find("label", regex="^Marked as completed by ", timeout=20)
        assert not self.app.find("button", "Mark as completed").sensitive

    def exception_cancelled(self):
        """an exception cancelled meanwhile says so, and cannot be cancelled again"""
        self.app.find(None, "Exceptions", pred=lambda node: "button" in node.role).click()
        self.app.settle(quiet=0.3, timeout=10)
        self.open_found(self.exception)
        self.app.find("button", "Cancel exception", timeout=20, sensitive=True)
        self.change_unseen(4, "exception", "cancel", self.exception)
        self.app.find("label", regex="^Exception cancelled by ", timeout=20)
        assert not self.app.find("button", "Cancel exception").sensitive

    def recommendation_requested(self):
        """what was requested meanwhile is among the recommendation's activities"""
        self.page(2)
        self.open_found(self.about)
        words = {"role": "label", "regex": "^0 of [0-9,]+ devices? remediated$"}
        self.app.wait(lambda: len(self.app.find_all(**words)) == 1, timeout=20, what="the completed one")
        self.change_unseen(2, "request", self.about, "--type", "update", "--priority", "low", "--all-groups")
        self.app.wait(lambda: len(self.app.find_all(**words)) == 2, timeout=20, what="the new one")

    def device_requested(self):
        """a device's open activities are listed anew"""
        newest = next(row["id"] for row in self.command("activities", "--status", "active")
                      if row["origin"] == "local")
        device = next(row["name"] for row in self.command("activity", newest)["devices"] if row["last_seen"])
        self.page(5)
        self.open_found(device)
        self.app.find("label", "Open activities", timeout=20)
        title = self.command("activity", newest)["title"]
        n_named = len(self.app.find_all("label", title))
        self.change_unseen(5, "complete", newest)
        self.app.wait(lambda: len(self.app.find_all("label", title)) == n_named - 1, timeout=20, what="one less")


STEPS = ("activity_completed", "exception_cancelled", "recommendation_requested", "device_requested")


def main(program):
    with uidrive.Env(lang="C.UTF-8", size=(1480, 1000)) as ui:
        tenant = tenant_window.Tenant(ui, program, devices=300, recommendations=20, activities=6)
        try:
            tenant.sign_in()
            tenant.run("sync")
            story.run(Unseen(ui, program, tenant), STEPS)
        finally:
            tenant.stop()


if __name__ == "__main__":
    story.skip_unless_possible(sys.argv[1])
    import tenant_window
    import uidrive
    main(sys.argv[1])

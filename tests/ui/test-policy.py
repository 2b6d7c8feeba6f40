#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the policy suggests in the request form, and the reason in the activity; TAP on standard output.

usage: test-policy.py PROGRAM
"""
import datetime
import json
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import story  # noqa: E402

RULES = {"rules": [{"when": {"known_exploited": True}, "priority": "low", "due": 3, "reason": "In the catalog"},
                   {"priority": "high", "due": 60}]}


class Policy:
    """One admin requests what is known exploited; the steps build on each other."""

    def __init__(self, ui, program, tenant):
        self.ui, self.tenant = ui, tenant
        self.about = next(row for row in self.command("recommendations")
                          if row["type"] == "update" and row["exposed_devices"])
        self.cves = [row["id"] for row in self.command("recommendation", self.about["id"])["vulnerabilities"]]
        self.load({"count": 1, "vulnerabilities": [{"cveID": self.cves[0], "dueDate": "2021-11-17"}]},
                  "known-exploited", "import")
        self.load(RULES, "policy", "set")
        self.app = ui.launch([os.path.abspath(program)], timeout=tenant_window.START_SECONDS)
        self.window = self.app.wait_window(timeout=tenant_window.START_SECONDS)
        self.ui.key("ctrl+2")
        self.app.wait(lambda: tenant_window.count_of(self.app), timeout=tenant_window.START_SECONDS, what="the list")

    def command(self, *words):
        return json.loads(self.tenant.run(*words, "--json"))

    def load(self, value, *words):
        path = os.path.join(self.ui.base, words[0] + ".json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(value, file)
        self.tenant.run(*words, path)

    def find_about(self):
        self.ui.key("Escape", "ctrl+f", "ctrl+a")
        self.ui.type(self.about["name"])
        self.app.wait(lambda: tenant_window.count_of(self.app) == 1, timeout=20, what="one recommendation")
        tenant_window.open_row(self.app)

    def open_form(self):
        self.find_about()
        self.app.find("button", "Remediation options", timeout=20).click()
        self.form = self.app.wait_window("Request remediation", timeout=20)

    def submit(self):
        self.form.find("button", regex="Submit request$").click()
        self.app.wait_toast("Remediation requested", timeout=30)
        self.app.wait_window_gone("Request remediation", timeout=10)
        return max((row for row in self.command("activities") if row["origin"] == "local"),
                   key=lambda row: row["created_on"])

    # ---- steps

    def is_kept(self):
        """opening the preferences changes no policy"""
        before = self.command("policy", "show")
        self.window.do_action("win.show-preferences")
        preferences = self.app.wait(lambda: next((w for w in self.app.windows() if w != self.window), None),
                                    timeout=20, what="the preferences")
        row = preferences.find("combo box", "Priority and due date", showing=None, timeout=20)
        self.app.wait(lambda: row.sensitive, timeout=20, what="the policy to be read")
        self.app.settle(quiet=1, timeout=20)
        self.ui.key("Escape")
        self.app.wait(lambda: preferences not in self.app.windows(), timeout=20, what="the preferences to close")
        assert self.command("policy", "show") == before

    def suggests(self):
        """the form opens with the policy's priority and due date, and says why"""
        self.open_form()
        self.form.find("label", "Suggested by the policy", timeout=20)
        self.form.find("label", "In the catalog", timeout=20)
        made = self.submit()
        due = (datetime.date.today() + datetime.timedelta(days=3)).isoformat()
        assert (made["priority"], made["due_on"], made["policy_reason"]) == ("low", due, "In the catalog"), made

    def yields(self):
        """what a person chooses instead is kept, without the reason"""
        self.open_form()
        self.form.find("label", "Suggested by the policy", timeout=20)
        self.form.find("combo box", regex="^_?Priority", timeout=20).choose("High")
        self.form.find("label", "The policy suggests something else", timeout=20)
        made = self.submit()
        assert (made["priority"], made["policy_reason"]) == ("high", None), made

    def suggests_each(self):
        """of several each gets what the policy suggests for it; a switch leaves it to the form instead"""
        self.ui.key("Escape", "ctrl+f", "ctrl+a", "Delete", "Escape")
        self.app.wait(lambda: tenant_window.count_of(self.app) == 40, timeout=20, what="all recommendations")
        before = {row["id"] for row in self.command("activities")}
        self.app.find(None, "Select several").click()
        tenant_window.open_row(self.app)
        self.ui.key("Down", "space")
        self.app.find("label", "2 selected", timeout=20)
        self.app.find("button", "Request remediation…").click()
        form = self.app.wait_window("Request remediation", timeout=20)
        each = form.find("switch", "Each as the policy suggests", timeout=20)
        self.app.wait(lambda: each.checked, timeout=20, what="the suggestion to be used")
        assert not form.exists("combo box", regex="^_?Priority"), "the form asks for a priority all the same"
        assert not form.exists("label", regex=r"\d{4}-\d\d-\d\d", showing=None), "a date is not for people"
        each.set_checked(False)
        form.find("combo box", regex="^_?Priority", timeout=10)
        each.set_checked(True)
        self.app.wait_gone("combo box", regex="^_?Priority", timeout=10)
        form.find("button", regex="Submit request$").click()
        self.app.find("label", regex="^[12] done, [01] skipped, 0 failed$", timeout=60)
        self.ui.key("Escape")
        tried = {row["recommendation_id"]: row for row in self.command("policy", "test")}
        made = [row for row in self.command("activities") if row["id"] not in before]
        assert made, "nothing was requested"
        for row in made:
            said = tried[row["recommendation_id"]]
            assert [row[key] for key in ("priority", "due_on")] == [said[key] for key in ("priority", "due_on")], row
            assert row["policy_reason"] == said["reason"], (row, said)

    def is_quiet(self):
        """nothing was printed that nobody expects"""
        assert self.app.complaints() == [], self.app.complaints()


STEPS = ("is_kept", "suggests", "yields", "suggests_each", "is_quiet")


def main(program):
    with uidrive.Env(lang="C.UTF-8", size=(1480, 1000)) as ui:
        tenant = tenant_window.Tenant(ui, program, devices=300, recommendations=40, activities=6)
        try:
            tenant.sign_in()
            tenant.run("sync")
            story.run(Policy(ui, program, tenant), STEPS)
        finally:
            tenant.stop()


if __name__ == "__main__":
    story.skip_unless_possible(sys.argv[1])
    import tenant_window
    import uidrive
    main(sys.argv[1])

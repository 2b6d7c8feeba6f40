#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A configuration change for devices with no user impact, and its devices for Configuration Manager; TAP on standard
output.

usage: test-scope.py PROGRAM
"""
import json
import hashlib
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import story  # noqa: E402

CALL = "/api/machines/SecureConfigurationsAssessmentByMachine"
LIMITED = "Only devices with no user impact"


class Scope:
    """One admin requests a configuration change; the steps build on each other."""

    def __init__(self, ui, program, tenant):
        self.ui, self.tenant = ui, tenant
        self.about = self.pick()
        self.lose_devices(3)
        self.about = self.pick()
        self.app = ui.launch([os.path.abspath(program)], timeout=tenant_window.START_SECONDS)
        self.window = self.app.wait_window(timeout=tenant_window.START_SECONDS)
        self.ui.key("ctrl+2")
        self.app.wait(lambda: tenant_window.count_of(self.app), timeout=tenant_window.START_SECONDS, what="the list")

    def command(self, *words):
        return json.loads(self.tenant.run(*words, "--json"))

    def pick(self):
        """The configuration with the most exposed devices."""
        rows = [row for row in self.command("recommendations") if row["type"] == "configuration-change"]
        return max(rows, key=lambda row: row["exposed_devices"])

    def lose_devices(self, n):
        """So many of its devices leave the inventory: still exposed, but of no other list."""
        ids = [row["id"] for row in self.command("devices")[:n]]
        self.tenant.order(f"recommendations/{self.about['id']}/expose", {"devices": ids})
        for name in ids:
            self.tenant.order(f"devices/{name}/remove", {})
        self.tenant.run("sync")

    def open_form(self):
        self.ui.key("ctrl+f", "ctrl+a")
        self.ui.type(self.about["name"])
        self.app.wait(lambda: tenant_window.count_of(self.app) == 1, timeout=20, what="one recommendation")
        tenant_window.open_row(self.app)
        self.app.find("button", "Remediation options", timeout=20).click()
        self.form = self.app.wait_window("Request remediation", timeout=20)
        n = self.about["exposed_devices"]
        self.form.find("label", regex=f"^{n} devices covered", timeout=20)

    def scope(self):
        """The row with the choice."""
        return self.form.find("combo box", regex="^D_?evices", timeout=20)

    def submit(self):
        return self.form.find("button", regex="Submit request$")

    # ---- steps

    def refused(self):
        """where the service does not tell which devices these are nothing can be submitted, and the form says why"""
        self.tenant.order("faults", {"path": CALL, "kind": "status", "status": 403, "times": 1})
        self.open_form()
        assert "sensitive" in self.submit().states
        self.scope().choose(LIMITED)
        self.form.find("label", regex="^Which devices have no user impact is not known.*status 403", timeout=20)
        assert "sensitive" not in self.submit().states
        self.scope().choose("All exposed devices")
        self.app.wait(lambda: "sensitive" in self.submit().states, timeout=20, what="the button")
        self.form.find("button", regex="Cancel$").click()
        self.app.wait_window_gone("Request remediation", timeout=10)

    def remembers(self):
        """the next form says so beforehand"""
        self.ui.key("Escape")
        self.open_form()
        self.form.find("label", regex="^Which devices have no user impact is not known.*status 403", timeout=20)

    def chooses(self):
        """choosing it asks again; then the form counts these devices"""
        self.scope().choose(LIMITED)
        self.app.wait(lambda: not self.form.exists("label", regex="^Which devices have no user impact is not known"),
                      timeout=30, what="the answer")
        self.n = next(row["no_impact_devices"] for row in self.command("recommendations")
                      if row["id"] == self.about["id"])
        self.form.find("label", regex=f"^{self.n} devices covered", timeout=20)

    def submits(self):
        """the activity follows these devices and says so"""
        self.app.wait(lambda: "sensitive" in self.submit().states, timeout=20, what="the button")
        self.submit().click()
        self.app.wait_toast("Remediation requested", timeout=30)
        self.activity = next(row for row in self.command("activities") if row["origin"] == "local")
        assert self.activity["no_impact_only"] and self.activity["target_devices"] == self.n, self.activity

    def exports(self):
        """names and script of the devices still exposed are written from the flyout's export menu"""
        self.tenant.order(f"recommendations/{self.about['id']}/patch", {"fraction": 0.5})
        self.tenant.run("sync")
        self.ui.key("Escape", "ctrl+4")
        self.app.wait(lambda: tenant_window.count_of(self.app), timeout=20, what="the activities")
        self.ui.key("ctrl+f", "ctrl+a")
        self.ui.type(self.activity["id"])
        self.app.wait(lambda: tenant_window.count_of(self.app) == 1, timeout=20, what="one activity")
        tenant_window.open_row(self.app)
        self.app.find("label", LIMITED, timeout=20, showing=None)
        shown = self.command("activity", self.activity["id"])
        left = sorted(row["name"].split(".")[0] for row in shown["devices"] if row["state"] != "remediated")
        assert 0 < len(left) < self.n, left
        for item, name in (("Device names for Configuration Manager", "names.txt"),
                           ("Collection script for Configuration Manager", "collection.ps1")):
            path = os.path.join(self.ui.base, name)
            self.app.find(None, "Export", pred=lambda node: node.children()).menu(item)
            self.app.choose_file(path)
            self.app.wait(lambda: os.path.exists(path), timeout=20, what="the file")
            self.app.wait_toast(f"{len(left)} device names written.", timeout=20)
        with open(os.path.join(self.ui.base, "names.txt"), newline="", encoding="utf-8") as file:
            assert file.read() == "".join(name + "\r\n" for name in left)
        with open(os.path.join(self.ui.base, "collection.ps1"), newline="", encoding="utf-8-sig") as file:
            script = file.read()
        assert all(f"  '{name}'" in script for name in left) and "New-CMDeviceCollection" in script, script

    def exports_evidence(self):
        """the activity's evidence is written from there too, and its hash can be copied"""
        path = os.path.join(self.ui.base, "evidence.zip")
        self.app.find(None, "Export", pred=lambda node: node.children()).menu("Evidence (archive)")
        self.app.choose_file(path)
        told = self.app.wait_window("Evidence exported", timeout=30)
        with open(path, "rb") as file:
            right = hashlib.sha256(file.read()).hexdigest()
        told.find("label", contains=right)
        told.find("button", "Copy hash").click()
        self.app.wait(lambda: self.ui.clipboard() == right, timeout=20, what="the hash on the clipboard")

    def is_quiet(self):
        """nothing was printed that nobody expects"""
        assert self.app.complaints() == [], self.app.complaints()


STEPS = ("refused", "remembers", "chooses", "submits", "exports", "exports_evidence", "is_quiet")


def main(program):
    with uidrive.Env(lang="C.UTF-8", size=(1480, 1000)) as ui:
        tenant = tenant_window.Tenant(ui, program, devices=300, recommendations=40, activities=6)
        try:
            tenant.sign_in()
            tenant.run("sync")
            story.run(Scope(ui, program, tenant), STEPS)
        finally:
            tenant.stop()


if __name__ == "__main__":
    story.skip_unless_possible(sys.argv[1])
    import tenant_window
    import uidrive
    main(sys.argv[1])

#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A day begins with a CVE: from the search to its devices and a submitted request by few keys, also offline; an
advisory is pasted; a device tells what is on it; TAP on standard output.

usage: test-weaknesses.py PROGRAM
"""
import contextlib
import json
import os
import sqlite3
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import story  # noqa: E402

MOST_KEYS = 25
SECONDS = 30
NOWHERE = "CVE-2019-99999"


class Weaknesses:
    """One admin hears of a CVE; the steps build on each other."""

    def __init__(self, ui, program, tenant):
        self.ui, self.tenant, self.program = ui, tenant, program
        rows = self.command("weaknesses")
        self.rows = [row for row in rows if row["recommendations_count"] == 1 and row["exposed_devices"]]
        wholes = (self.command("weakness", row["id"]) for row in self.rows)
        # What the search for its id finds is it alone, and nobody asked for what fixes it.
        fitting = {whole["recommendations"][0]["id"]: whole for whole in wholes
                   if whole["recommendations"][0]["type"] == "update"
                   and whole["recommendations"][0]["active_activities"] == 0 and whole["devices"]
                   and sum(whole["id"] in row["id"] for row in rows) == 1}
        self.online, self.about = list(fitting.values())[:2]

    # ---- ways around

    def command(self, *words):
        return json.loads(self.tenant.run(*words, "--json"))

    def start(self):
        self.n_keys = 0
        self.app = self.ui.launch([os.path.abspath(self.program)], timeout=tenant_window.START_SECONDS)
        self.window = self.app.wait_window(timeout=tenant_window.START_SECONDS)

    def press(self, *keys):
        self.n_keys += len(keys)
        self.ui.key(*keys)

    def type(self, text):
        self.n_keys += len(text)
        self.ui.type(text)

    def search(self, text):
        self.ui.key("ctrl+3", "ctrl+f", "ctrl+a")
        self.ui.set_clipboard(text)
        self.ui.key("ctrl+v")
        self.app.settle(quiet=0.5, timeout=10)

    # ---- steps

    def request(self, about):
        """From a cold start: what is typed is the CVE alone, once."""
        self.start()
        before = {row["id"] for row in self.command("activities")}
        self.press("ctrl+f")
        self.type(about["id"])
        self.press("Return")
        request = self.app.find("button", "Request remediation", timeout=SECONDS)
        self.app.wait(lambda: "focused" in request.states, timeout=SECONDS, what="the focus on the request")
        self.app.find("label", about["devices"][0]["name"], timeout=SECONDS, showing=None)
        self.press("Return")
        submit = self.app.find("button", "Submit request", timeout=SECONDS)
        self.app.wait(lambda: submit.sensitive, timeout=SECONDS, what="the form to be ready")
        self.app.find("label", contains=f"For {about['id']}, which ", timeout=SECONDS)
        self.press("ctrl+Return")
        self.app.wait_gone("button", "Submit request", timeout=SECONDS)
        made = [row for row in self.command("activities") if row["id"] not in before]
        assert [row["recommendation_id"] for row in made] == [about["recommendations"][0]["id"]], made
        assert self.n_keys <= MOST_KEYS, f"{self.n_keys} keys"

    def leads_to_a_request(self):
        """CVE-… typed once leads to its devices and to a submitted request, by at most 25 keys"""
        self.request(self.online)
        self.window.do_action("window.close")
        assert self.app.wait_exit() == 0

    def leads_to_a_request_offline(self):
        """the same where nobody can be reached"""
        self.tenant.stop()
        self.request(self.about)

    def reads_an_advisory(self):
        """a pasted text with many CVEs lists those that are there, and says which are not, as of when"""
        have = [row["id"] for row in self.rows[:2]]
        self.search(f"Fixed: {have[0].lower()},\nalso {NOWHERE} and {have[1]}.")
        self.app.wait(lambda: tenant_window.count_of(self.app) == 2, timeout=SECONDS, what="two CVEs")
        self.app.find("label", regex=f"^{NOWHERE}: not found in this tenant .data of ", timeout=SECONDS)
        self.search(NOWHERE)
        self.app.find("label", regex=f"^{NOWHERE}: not found in this tenant .data of ", timeout=SECONDS)

    def searches_everything(self):
        """the search over all lists says which CVE is not there, above what it finds or instead of it"""
        here = self.rows[0]["id"]
        self.ui.key("ctrl+k")
        window = self.app.wait_window("Search everything", timeout=SECONDS)
        self.ui.type(f"{NOWHERE} {here}")
        window.find("list item", regex=f"^{here}, ", timeout=SECONDS)
        window.find("label", regex=f"^{NOWHERE}: not found in this tenant .data of ", timeout=SECONDS)
        for text, title in ((NOWHERE, "Not found"), ("no such thing", "Nothing matches")):
            self.ui.key("ctrl+a")
            self.ui.type(text)
            window.find("label", title, timeout=SECONDS)
        self.ui.key("Escape")
        self.app.wait_window_gone("Search everything", timeout=SECONDS)

    def tells_what_is_left_out(self):
        """of CVEs whose devices, or whose first day here, is not known, filters by these say how many they leave out"""
        path = os.path.join(self.ui.home, ".local/share/tvm-remediate/default/store.db")
        self.ui.key("ctrl+f", "ctrl+a", "Delete", "Escape")
        with contextlib.closing(sqlite3.connect(path, timeout=30)) as store, store:
            store.execute("UPDATE vulnerability SET exposed_devices = -1, first_detected_us = 0 WHERE id = ?",
                          (self.rows[0]["id"],))
        for title, choice in (("Exposed", "1 or more"), ("First found here", "Since yesterday")):
            self.app.find("button", "Filter", timeout=SECONDS).click()
            self.app.find("combo box", title, timeout=SECONDS).choose(choice)
            self.app.escape("combo box", title)
            self.app.find("label", regex="^[0-9]+ CVEs? (is|are) left out: whether .* is not known[.]$",
                          timeout=SECONDS)
            self.app.find("button", "Clear filters", timeout=SECONDS).click()

    def filters(self):
        """severity and exploit filter the list"""
        self.ui.key("ctrl+f", "ctrl+a", "Delete", "Escape")
        total = len(self.command("weaknesses"))
        self.app.wait(lambda: tenant_window.count_of(self.app) == total, timeout=SECONDS, what="all CVEs")
        # Without a catalog nobody knows which are known to be exploited, which is not that none is.
        self.app.find("button", "Known exploited", timeout=SECONDS).mouse_click()
        self.app.find("label", regex=f"^{total} CVEs are left out: .* no catalog ", timeout=SECONDS)
        self.app.find("label", "Not known", timeout=SECONDS)
        self.app.find("button", "Known exploited", timeout=SECONDS).mouse_click()
        self.app.wait(lambda: tenant_window.count_of(self.app) == total, timeout=SECONDS, what="all CVEs again")
        self.app.find("button", "Filter", timeout=SECONDS).click()
        self.app.find("combo box", "Severity", timeout=SECONDS).choose("Critical")
        n = len(self.command("weaknesses", "--severity", "critical"))
        self.app.wait(lambda: tenant_window.count_of(self.app) == n, timeout=SECONDS, what="the critical ones")
        self.ui.key("Escape")

    def shows_a_device(self):
        """a device of the CVE leads to its own details: what it needs, what is on it"""
        self.ui.key("ctrl+5", "ctrl+f", "ctrl+a")
        self.ui.type(self.about["id"])
        self.app.wait(lambda: tenant_window.count_of(self.app), timeout=SECONDS, what="devices with the CVE")
        assert tenant_window.count_of(self.app) <= len(self.about["devices"])
        tenant_window.open_row(self.app)
        for title in ("Recommendations", "Open activities", "Weaknesses", "Software"):
            self.app.find("label", title, timeout=SECONDS, showing=None)
        name = self.about["recommendations"][0]["name"]
        self.app.find("label", name, timeout=SECONDS, showing=None)
        # What icons say of a CVE is read out with its row (R17).
        self.app.find("list item", regex=r"^CVE-[\d-]+, \w+, CVSS [\d.]+, (Public exploit|Part of an exploit kit)",
                      timeout=SECONDS, showing=None)

    def shows_all_of_a_device(self):
        """its weaknesses are more than its details show: all of them are listed"""
        names = [row["name"] for row in self.command("devices", "--search", self.about["id"])]
        opened = [name for name in names if len(self.app.find_all("label", name)) > 1]
        assert len(opened) == 1, opened
        weaknesses = {row["id"] for row in self.command("device", opened[0])["weaknesses"]}
        number = len(weaknesses)
        assert number > 6, number
        self.app.find("button", f"Show all {number}", timeout=SECONDS, showing=None).click()
        self.app.wait(lambda: tenant_window.count_of(self.app) == number, timeout=SECONDS, what="its weaknesses")
        self.app.settle(timeout=SECONDS)
        listed = {node.name for node in self.app.find_all("label", regex="^CVE-")}
        assert listed and listed <= weaknesses, listed - weaknesses


STEPS = ("leads_to_a_request", "leads_to_a_request_offline", "reads_an_advisory", "searches_everything",
         "tells_what_is_left_out", "filters", "shows_a_device", "shows_all_of_a_device")


if __name__ == "__main__":
    story.skip_unless_possible(sys.argv[1])
    import tenant_window
    from uidrive import Env
    with Env() as environment:
        tenant = tenant_window.Tenant(environment, sys.argv[1], devices=60, recommendations=20, activities=6)
        tenant.sign_in()
        tenant.run("sync", "--full")
        ok = story.run(Weaknesses(environment, sys.argv[1], tenant), STEPS)
    sys.exit(0 if ok else 1)

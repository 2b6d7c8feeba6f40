#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Signs in and out in the real window, acting as the browser itself; TAP on standard output.

usage: test-sign-in.py PROGRAM
"""
import contextlib
import json
import os
import re
import sqlite3
import subprocess
import sys
import urllib.request

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(os.path.dirname(HERE), "support")]
from browser import browse  # noqa: E402
import story  # noqa: E402

STEPS = ("welcomes", "names_preferences_first", "refuses_in_place", "declined", "copies_the_link", "offers_a_code",
         "signs_in_with_the_browser", "says_who_is_signed_in", "asks_for_intune_consent",
         "asks_to_sign_in_again", "signs_in_again", "keeps_data", "hears", "deletes_data", "no_complaints")
N_RECOMMENDATIONS = 21
INTUNE_SCOPE = "DeviceManagementApps.ReadWrite.All"


class Story:
    """A browser that only notes which page it was asked for, and one admin's way in and out."""

    def __init__(self, ui, program, tenant):
        self.ui, self.tenant, self.program = ui, tenant, program
        self.noted = os.path.join(ui.base, "opened")
        script = os.path.join(ui.base, "browser")
        with open(script, "w") as out:
            out.write(f'#!/bin/sh\nprintf %s "$1" > {self.noted}.new && mv {self.noted}.new {self.noted}\n')
        os.chmod(script, 0o755)
        applications = os.path.join(ui.environ["XDG_DATA_HOME"], "applications")
        os.makedirs(applications, exist_ok=True)
        with open(os.path.join(applications, "test-browser.desktop"), "w") as out:
            out.write(f"[Desktop Entry]\nType=Application\nName=Browser\nExec={script} %u\n"
                      "MimeType=x-scheme-handler/http;x-scheme-handler/https;\n")
        with open(os.path.join(ui.environ["XDG_CONFIG_HOME"], "mimeapps.list"), "w") as out:
            out.write("[Default Applications]\nx-scheme-handler/http=test-browser.desktop\n")
        self.app = ui.launch([program], timeout=60)
        self.window = self.app.wait_window(timeout=60)
        self.app.find("button", "Sign in", timeout=30)

    # ---- means

    def order(self, path, **body):
        request = urllib.request.Request(self.tenant.uri + path, json.dumps(body).encode(),
                                         {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            assert answer.status == 200

    def opened(self):
        """The page that the program opened."""
        self.app.wait(lambda: os.path.exists(self.noted), timeout=30, what="the browser to be opened")
        with open(self.noted) as noted:
            url = noted.read()
        os.unlink(self.noted)
        return url

    def browse(self, url, answer):
        """What a person with a browser does; the last page is the program's own."""
        return browse(f"{url}&demo_answer={answer}")[1]

    def start(self):
        self.window.do_action("win.sign-in")
        self.app.find("button", "Cancel", timeout=20)

    def cancel(self):
        self.app.find("button", "Cancel", sensitive=True).click()
        self.app.wait_gone("button", "Cancel", timeout=20)

    def open_preferences(self):
        self.window.do_action("win.show-preferences")
        self.app.find("switch", contains="Microsoft Intune connection", timeout=20)

    def close_preferences(self):
        self.ui.key("Escape")
        self.app.wait_gone("switch", contains="Microsoft Intune connection", timeout=20)

    # ---- steps

    def welcomes(self):
        """the first page has what an administrator sets up, to be copied, and the fields that a sign-in takes"""
        self.app.find("button", "Copy", timeout=20).click()
        text = self.ui.clipboard()
        for word in ("http://localhost", "WindowsDefenderATP", "Vulnerability.Read", INTUNE_SCOPE):
            assert word in text, text
        entry = self.app.find("text box", "Tenant id or domain", timeout=20)
        entry.set_text("not a tenant")
        self.app.find("button", "Sign in").click()
        self.app.find("label", contains="is not a tenant", timeout=20)
        assert len(self.app.windows()) == 1, "it signs in to nowhere"
        entry.set_text("")

    def names_preferences_first(self):
        """without tenant and client id the sign-in names the preferences, and opens them"""
        self.start()
        self.app.find(None, contains="under Account in the preferences", timeout=20)
        assert not self.app.exists(None, contains="config set"), "sends people to the command line"
        self.app.find("button", "Account settings").click()
        self.app.find("switch", contains="Microsoft Intune connection", timeout=20)

    def refuses_in_place(self):
        """a bad address is told beside its field, and what was typed stays"""
        preferences = self.app.wait_window("Preferences", timeout=20)
        entry = preferences.find("text box", "Tenant id or domain", timeout=20)
        entry.type("not a tenant")
        self.ui.key("Return")
        preferences.find(None, contains="is not a tenant", timeout=20)
        assert entry.text == "not a tenant", entry.text
        self.close_preferences()
        story.configure(self.ui, self.program, "default", self.tenant)
        self.ui.run([self.program, "config", "set", "sync-interval-minutes", "0"], check=True)

    def declined(self):
        """a sign-in that is declined in the browser says so and can be tried again"""
        self.start()
        self.app.find(None, contains="Continue in your browser", timeout=20)
        self.browse(self.opened(), "decline")
        self.app.find(None, contains="declined", timeout=20)
        self.app.find("button", "Try again").click()
        self.opened()
        self.cancel()

    def copies_the_link(self):
        """the link can be copied, and the browser opened again"""
        self.start()
        url = self.opened()
        self.app.find("button", "Copy link", timeout=20).click()
        assert self.ui.clipboard() == url, self.ui.clipboard()
        self.app.find("button", "Open browser again").click()
        assert self.opened() == url

    def offers_a_code(self):
        """a code on another device is the second choice, and leads back to the browser"""
        self.app.find("button", "Use a code on another device").click()
        self.app.find("button", "Copy code", timeout=20)
        self.app.find("button", "Use the browser on this computer").click()
        self.app.find("button", "Copy link", timeout=20)

    def signs_in_with_the_browser(self):
        """approved in the browser, the window goes on by itself"""
        url = self.opened()
        assert INTUNE_SCOPE not in url, url
        self.browse(url, "approve")
        self.app.wait_gone("button", "Copy link", timeout=30)
        self.app.wait_gone("button", "Try the demo tenant", timeout=30)
        self.window.do_action("win.sync-now")
        tenant_window.go_to(self.app, "recommendations")
        self.app.wait(lambda: tenant_window.count_of(self.app) == N_RECOMMENDATIONS, timeout=60,
                      what="the first sync")

    def says_who_is_signed_in(self):
        """Preferences say who is signed in and where, with a button to sign out"""
        self.open_preferences()
        self.app.find("label", regex=r"^\S+@contoso\.example$", timeout=20)
        self.app.find("label", contains="tenant ")
        self.app.find("button", regex="^Sign out")
        assert not self.app.exists("button", regex="^Sign in")

    def asks_for_intune_consent(self):
        """switching the Intune connection on asks for its permission; declined, it goes back to off (R1)"""
        switch = self.app.find("switch", contains="Microsoft Intune connection")
        self.order("/_demo/sign-in/deny", scopes=INTUNE_SCOPE)
        switch.set_checked(True)
        url = self.opened()
        assert INTUNE_SCOPE in url, url
        self.browse(url, "decline")
        self.app.find(None, contains="declined", timeout=20)
        self.cancel()
        self.app.find(None, contains="stays off until its permission is given", timeout=20)
        assert not switch.checked
        self.app.find("button", "Check again").click()
        url = self.opened()
        self.order("/_demo/sign-in/deny", scopes="")
        self.browse(url, "approve")
        self.app.find(None, contains="Connected to Microsoft Intune", timeout=30)
        assert switch.checked
        self.close_preferences()

    def asks_to_sign_in_again(self):
        """a revoked sign-in is told above pages that stay usable"""
        self.order("/_demo/sign-in/revoke")
        self.order("/_demo/tokens/expire")
        self.window.do_action("win.sync-now")
        self.app.find("button", "Sign in again", timeout=60)
        assert tenant_window.count_of(self.app) == N_RECOMMENDATIONS

    def signs_in_again(self):
        """and ends with the next sign-in"""
        self.app.find("button", "Sign in again").click()
        self.browse(self.opened(), "approve")
        self.app.wait_gone("button", "Sign in again", timeout=30)

    def ask_to_sign_out(self, answer):
        self.open_preferences()
        self.app.find("button", regex="^Sign out").click()
        self.app.find("button", answer, timeout=20).click()

    def keeps_data(self):
        """signing out keeps the data where that is wanted"""
        self.ask_to_sign_out("Sign out, keep data")
        self.app.find("label", "Nobody is signed in", timeout=30)
        self.close_preferences()
        assert tenant_window.count_of(self.app) == N_RECOMMENDATIONS
        self.start()
        self.browse(self.opened(), "approve")
        self.app.wait_gone("button", "Copy link", timeout=30)

    def synchronizes(self):
        return self.app.find("button", regex="^Synced ").sensitive

    def hears(self):
        """who signs out or in on the command line is followed by the window, without a sync"""
        self.app.wait(self.synchronizes, timeout=30, what="the account")
        subprocess.run([self.program, "sign-out"], check=True, env=self.ui.environ, timeout=60)
        self.app.wait(lambda: not self.synchronizes(), timeout=30, what="the sign-out")
        self.app.find_all("button", "Synchronization details")[-1].click()
        self.app.find("label", regex="^(Nobody is signed in|The sign-in is no longer valid). Sign in", timeout=20)
        self.ui.key("Escape")
        with subprocess.Popen([self.program, "sign-in", "--no-browser"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, env=self.ui.environ) as command:
            url = next(found[0] for found in (re.search(r"http\S+authorize\S+", line) for line in command.stdout) if found)
            self.browse(url, "approve")
            command.stdout.read()
        assert command.returncode == 0, command.returncode
        self.app.wait(self.synchronizes, timeout=30, what="the sign-in")

    def deletes_data(self):
        """signing out with deletion leaves an empty store and the welcome page"""
        self.ask_to_sign_out("Sign out and delete data")
        self.app.find("button", "Try the demo tenant", timeout=30)
        path = os.path.join(self.ui.environ["XDG_DATA_HOME"], "tvm-remediate", "default", "store.db")
        with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as store:
            for table in ("recommendation", "device", "activity", "setting"):
                rows = store.execute(f"SELECT * FROM {table} LIMIT 3").fetchall()
                assert not rows, f"{table}: {rows}"
        assert self.ui.secrets() == [], "the sign-in is still in the keyring"

    def no_complaints(self):
        """the program printed no warning, and every control has a name (R17)"""
        assert self.app.complaints() == [], self.app.complaints()
        # The button that libadwaita 1.2 gives a toast has no name; and a toast goes while it is looked at.
        nameless = [node for node in self.app.unlabelled() if not self.is_of_toast(node)]
        assert nameless == [], nameless

    def is_of_toast(self, node):
        try:
            return any(above.name == "AdwToastWidget" or above.role == "alert" for above in node.ancestors())
        except uidrive.GLib.Error:
            return True


def main(program):
    tenant = story.Tenant(program, "--devices", "60", "--recommendations", str(N_RECOMMENDATIONS),
                          "--activities", "6", "--device-code-interval", "1")
    try:
        with uidrive.Env(lang="C.UTF-8") as ui:
            story.run(Story(ui, program, tenant), STEPS)
    finally:
        tenant.stop()


if __name__ == "__main__":
    story.skip_unless_possible(sys.argv[1])
    import tenant_window
    import uidrive
    main(os.path.abspath(sys.argv[1]))

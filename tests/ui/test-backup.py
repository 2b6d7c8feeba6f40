#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Backups in the preferences, and what a store that cannot be opened offers; TAP on standard output.

usage: test-backup.py PROGRAM
"""
import json
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import story  # noqa: E402

STEPS = ("lists_them", "makes_one", "says_what_is_lost", "restores", "offers_the_newest", "restores_a_damaged_one",
         "recovers", "tries_again", "no_complaints")
SECONDS = 60


class Story:
    """A profile that is damaged again and again."""

    def __init__(self, ui, program, tenant):
        self.ui, self.program, self.tenant = ui, program, tenant
        tenant.sign_in()
        tenant.run("sync")
        self.folder = os.path.join(ui.environ["XDG_DATA_HOME"], "tvm-remediate", "default")
        self.path = os.path.join(self.folder, "store.db")
        self.complaints = []
        self.launch()

    # ---- means

    def launch(self):
        self.app = self.ui.launch([os.path.abspath(self.program)], timeout=SECONDS)
        self.app.wait_window(timeout=SECONDS)

    def close(self):
        self.main().do_action("window.close")
        self.app.wait_exit(timeout=SECONDS)
        self.complaints += self.app.complaints()

    def main(self):
        return self.app.window("TVM Remediate")

    def show_backups(self):
        self.app.wait(lambda: self.app.exists("button", "Main menu"), timeout=SECONDS, what="the window")
        self.app.find("tab", "Recommendations", timeout=SECONDS)
        self.main().do_action("win.show-preferences")
        window = self.app.wait_window("Preferences", timeout=SECONDS)
        tab = self.app.wait(lambda: next((node for role in ("tab", "page tab", "radio button", "toggle button")
                                          for node in window.find_all(role, "Backup")), None),
                            timeout=SECONDS, what="the tab")
        tab.click()
        window.find("button", "Back up now", timeout=SECONDS)
        return window

    @staticmethod
    def buttons(window):
        return window.find_all("button", regex="^Restore the backup of ")

    def backups(self):
        return json.loads(self.tenant.run("backup", "list", "--json"))

    def activities(self):
        return {row["id"] for row in json.loads(self.tenant.run("activities", "--json"))}

    def answer(self, button):
        question = self.app.wait_window(regex="^Restore the backup of ", timeout=SECONDS)
        question.find("button", button, timeout=SECONDS).click()

    def wait_told(self, heading, words=""):
        """What was done is told over the window that opened anew."""
        told = self.app.wait_window(heading, timeout=SECONDS)
        told.find("label", contains=words, timeout=SECONDS)
        told.find("button", "Close").click()
        self.app.wait(lambda: len(self.app.windows()) == 1, timeout=SECONDS, what="one window")

    def wait_problem(self):
        self.app.find("label", contains="The profile cannot be opened", timeout=SECONDS)

    # ---- steps

    def lists_them(self):
        """the preferences list the profile's backups, with time and size"""
        window = self.show_backups()
        self.app.wait(lambda: len(self.buttons(window)) == 1, timeout=SECONDS, what="the daily backup")
        window.find("label", regex=r"^Daily · [0-9.,]+\s[kM]B$", timeout=SECONDS)

    def makes_one(self):
        """“Back up now” makes one, which is listed"""
        window = self.app.window("Preferences")
        window.find("button", "Back up now").click()
        window.find("label", regex="^Made by hand · ", timeout=SECONDS)
        assert [row["reason"] for row in self.backups()] == ["by-hand", "daily"], self.backups()

    def says_what_is_lost(self):
        """the question before a restore counts what was decided since, also meanwhile; Cancel changes nothing"""
        rows = json.loads(self.tenant.run("recommendations", "--json"))
        first, second = [row["id"] for row in rows if row["type"] == "update" and row["exposed_devices"] > 0][:2]
        self.before = self.activities()
        self.tenant.run("request", first, "--type", "update", "--priority", "high", "--all-groups")
        window = self.app.window("Preferences")
        self.buttons(window)[0].click()
        self.app.find("label", contains="will be lost: 1 request.", timeout=SECONDS)
        self.tenant.run("request", second, "--type", "update", "--priority", "high", "--all-groups")
        self.app.find("label", contains="will be lost: 2 requests.", timeout=SECONDS)
        self.answer("Cancel")
        self.app.wait(lambda: not self.app.exists("label", contains="will be lost"), timeout=SECONDS,
                      what="the question to go")
        assert len(self.activities()) == len(self.before) + 2

    def restores(self):
        """a restore opens the profile anew with the backup's data, and keeps the data before as a backup"""
        self.buttons(self.app.window("Preferences"))[0].click()
        self.app.find("label", contains="will be lost: 2 requests.", timeout=SECONDS)
        self.answer("Restore")
        self.wait_told("The backup is in place")
        assert self.activities() == self.before
        assert "before-restore" in [row["reason"] for row in self.backups()], self.backups()
        self.close()

    def offers_the_newest(self):
        """an emptied store is told as damage, and the newest backup is offered"""
        for ending in ("-wal", "-shm"):
            if os.path.exists(self.path + ending):
                os.unlink(self.path + ending)
        os.truncate(self.path, 0)
        self.launch()
        self.wait_problem()
        self.app.find("label", contains="is damaged", timeout=SECONDS)
        self.app.find("button", regex="^Restore the newest backup, of ", timeout=SECONDS)

    def restores_a_damaged_one(self):
        """it takes the place of the damaged store, which is kept"""
        self.app.find("button", regex="^Restore the newest backup, of ").click()
        self.app.find("label", contains="What was decided since then is not in it", timeout=SECONDS)
        self.answer("Restore")
        self.wait_told("The backup is in place", "The damaged store is kept as")
        # The newest one is of before the first restore.
        assert len(self.activities()) == len(self.before) + 2
        self.close()
        assert any(name.startswith("store-damaged-") for name in os.listdir(self.folder)), os.listdir(self.folder)

    def recovers(self):
        """what can be read of a damaged store is there again, and is counted"""
        with open(self.path, "r+b") as file:
            file.seek(60)
            file.write(b"\xff\xff\xff\xff")
        self.launch()
        self.wait_problem()
        self.app.find("button", "Recover what can be read", timeout=SECONDS).click()
        self.wait_told("All that was decided is there again")
        requested = [row for row in json.loads(self.tenant.run("activities", "--json")) if row["origin"] == "local"]
        assert len(requested) == 2, requested
        self.close()

    def tries_again(self):
        """what passes can be tried again; a file that is not there is told, and no new one made"""
        os.rename(self.path, self.path + ".away")
        self.launch()
        self.wait_problem()
        self.app.find("label", contains="is not there any more", timeout=SECONDS)
        self.app.find("button", regex="^Restore the newest backup, of ", timeout=SECONDS)
        assert not os.path.exists(self.path)
        os.mkdir(self.path)
        self.app.find("button", "Try again").click()
        self.app.find("label", contains="Is a directory", timeout=SECONDS)
        assert not self.app.exists("button", "Recover what can be read")
        os.rmdir(self.path)
        os.rename(self.path + ".away", self.path)
        self.app.find("button", "Try again").click()
        self.app.find("tab", "Recommendations", timeout=SECONDS)
        assert not self.app.exists("label", contains="The profile cannot be opened")

    def no_complaints(self):
        """the program printed no warning, and every control has a name (R17)"""
        assert self.complaints + self.app.complaints() == [], self.complaints + self.app.complaints()
        assert self.app.unlabelled() == [], self.app.unlabelled()


def main(program):
    with uidrive.Env(lang="C.UTF-8") as ui:
        tenant = tenant_window.Tenant(ui, program, devices=60, recommendations=21, activities=6)
        try:
            story.run(Story(ui, program, tenant), STEPS)
        finally:
            tenant.stop()


if __name__ == "__main__":
    story.skip_unless_possible(sys.argv[1])
    import tenant_window
    import uidrive
    main(os.path.abspath(sys.argv[1]))

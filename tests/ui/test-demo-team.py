#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The demo's team: that the window is in one of three where PostgreSQL is installed, that the others go on, and that
nothing of the server is left, however the window ends; and what it says without a server; TAP on standard output.

usage: test-demo-team.py PROGRAM [FOLDER FOR PICTURES]
"""
import glob
import os
import signal
import sqlite3
import sys

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(os.path.dirname(HERE), "support")]
import story  # noqa: E402
from cluster import find_programs  # noqa: E402

SECONDS = 60
YUKI, JONAS = "yuki.tanaka@contoso.example", "jonas.weber@contoso.example"
COMMENT = "I can take the servers tonight if you take the clients."
BEFORE = "Ring 1 begins tonight, and the help desk knows of it."
MISSING = "The demo has no team, because PostgreSQL is not installed."
BROKEN = "The demo has no team, because its database could not be made."
STEPS = ("missing", "broken", "joins", "hears", "answers", "approves", "shows", "ends", "hurries", "dies", "no_complaints")


class DemoTeam:
    """The steps build on each other."""

    def __init__(self, ui, program, programs, pictures):
        self.ui, self.program, self.programs, self.pictures = ui, program, programs, pictures
        self.tmp = ui.environ["TMPDIR"]
        self.app = self.window = None
        self.logs = []

    # ---- ways around

    def start(self, way):
        self.app = self.ui.launch([self.program, "--demo"], env={"TVM_DEMO_TEAM": way}, timeout=SECONDS)
        self.window = self.app.wait_window(timeout=SECONDS)

    def end(self):
        self.ui.key("ctrl+q")
        assert self.app.wait_exit(timeout=SECONDS) == 0
        self.logs.append(self.app)

    def folders(self):
        return glob.glob(os.path.join(self.tmp, "tvm-remediate-team-*"))

    def servers(self):
        """The processes that have to do with such a folder."""
        found = []
        for path in glob.glob("/proc/[0-9]*/cmdline"):
            try:
                with open(path, "rb") as stream:
                    words = stream.read()
            except OSError:
                continue
            if os.path.join(self.tmp, "tvm-remediate-team-").encode() in words:
                found.append(words)
        return found

    def is_gone(self):
        return not self.folders() and not self.servers()

    def rows(self, statement):
        """Of the demo's store."""
        found = []
        for path in glob.glob(os.path.join(self.tmp, "tvm-remediate-demo-*", "store.db")):
            with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as store:
                found += store.execute(statement).fetchall()
        return found

    def wait_for(self, statement, what):
        return self.app.wait(lambda: self.rows(statement), timeout=SECONDS, what=what)

    def picture(self, name):
        if self.pictures:
            self.app.settle(quiet=0.5, timeout=SECONDS)
            self.ui.screenshot(os.path.join(self.pictures, name + ".png"))

    def says(self, line):
        self.app.find("label", contains=line, timeout=SECONDS)
        assert self.app.log().count("tvm-remediate: " + line) == 1, self.app.log()
        tenant_window.go_to(self.app, "recommendations")
        self.app.wait(lambda: tenant_window.count_of(self.app) is not None, timeout=SECONDS, what="the first sync")

    # ---- steps

    def missing(self):
        """without a server the demo says so in a line, and is as it is"""
        self.start(self.ui.home)
        self.says(MISSING)
        self.picture("missing")
        assert self.is_gone()
        assert not self.rows("SELECT 1 FROM setting WHERE name = 'team-id'")
        self.end()

    def broken(self):
        """a server that does not start is told, and leaves nothing"""
        folder = os.path.join(self.ui.base, "broken")
        os.mkdir(folder)
        for name in ("initdb", "postgres", "pg_ctl"):
            os.symlink("/bin/false", os.path.join(folder, name))
        self.start(folder)
        self.says(BROKEN)
        self.app.wait(self.is_gone, timeout=SECONDS, what="the folder to go")
        self.end()

    def joins(self):
        """with one the profile is a member of a team of three, with what was decided before"""
        self.start(self.programs)
        self.wait_for("SELECT 1 FROM setting WHERE name = 'team-id'", "the team")
        self.wait_for("SELECT 1 FROM team_member LIMIT 1 OFFSET 2", "its three members")
        self.wait_for(f"SELECT 1 FROM history WHERE detail = '{BEFORE}'", "an earlier comment")
        for what, statement in {
                "mine to do": "SELECT count(*) FROM activity WHERE assignee LIKE 'adele%' AND status = 1",
                "completed": f"SELECT count(*) FROM activity WHERE completed_by = '{YUKI}'",
                "approved": f"SELECT count(*) FROM exception WHERE decided_by = '{YUKI}'",
                "the team's policy": "SELECT count(*) FROM team_event WHERE kind = 'policy-set' AND number > 0",
                "a view that is shared": f"SELECT count(*) FROM team_event WHERE kind = 'view-shared' AND who = '{YUKI}'",
                "that waits": f"SELECT count(*) FROM exception WHERE created_by = '{JONAS}' AND decided_us = 0"}.items():
            assert self.rows(statement)[0][0] > 0, what

    def hears(self):
        """what a colleague comments arrives"""
        self.wait_for(f"SELECT 1 FROM history WHERE detail = '{COMMENT}' AND who = '{YUKI}'", "the comment")
        activity = self.rows(f"SELECT a.id FROM activity a JOIN history h ON h.activity_key = a.key WHERE h.detail = '{COMMENT}'")
        self.ui.key("ctrl+4", "ctrl+f")
        self.ui.type(activity[0][0])
        self.app.wait(lambda: tenant_window.count_of(self.app) == 1, timeout=SECONDS, what="one activity")
        tenant_window.open_row(self.app)
        self.app.find("label", COMMENT, timeout=SECONDS).scroll_into_view()
        self.picture("activity")

    def answers(self):
        """what the person files for all device groups is approved by a colleague a moment later"""
        about = self.rows("SELECT name FROM recommendation r WHERE status = 1 AND exposed_devices > 0 AND NOT EXISTS "
                          "(SELECT 1 FROM exception x WHERE x.recommendation_id = r.id) ORDER BY length (name) DESC LIMIT 1")
        self.ui.key("Escape", "ctrl+2", "ctrl+f", "ctrl+a", "BackSpace")
        self.ui.type(about[0][0])
        self.app.wait(lambda: tenant_window.count_of(self.app) == 1, timeout=SECONDS, what="one recommendation")
        tenant_window.open_row(self.app)
        self.app.find("button", "Exception options", timeout=SECONDS).click()
        form = self.app.window("Exception options")
        form.find("label", regex="^Covers ", timeout=SECONDS)
        form.find("combo box", "Scope").choose("Global")
        form.find(None, "Justification context", pred=lambda node: "text" in node.role).type("Until the freeze ends")
        button = form.find("button", "File exception")
        self.app.wait(lambda: button.sensitive, timeout=SECONDS, what="the form to be complete")
        button.click()
        self.app.wait_window_gone("Exception options", timeout=SECONDS)
        self.wait_for(f"SELECT 1 FROM exception WHERE created_by LIKE 'adele%' AND decided_by = '{YUKI}'", "the approval")

    def approves(self):
        """a colleague approves what another one filed; what is for the person to approve goes on waiting"""
        self.app.wait(lambda: self.rows(f"SELECT count(*) FROM exception WHERE decided_by = '{YUKI}' AND "
                                        f"created_by = '{JONAS}'")[0][0] == 2,
                      timeout=2 * SECONDS, what="the approval")
        assert self.rows(f"SELECT count(*) FROM exception WHERE created_by = '{JONAS}' AND decided_us = 0") == [(1,)]

    def shows(self):
        """the window shows the team as any other"""
        self.ui.key("Escape", "ctrl+4", "ctrl+f", "ctrl+a", "BackSpace")
        self.app.find(None, "Exceptions", pred=lambda node: "button" in node.role, timeout=SECONDS).click()
        self.app.find(None, "Waiting for my approval", pred=lambda node: "button" in node.role, timeout=SECONDS).click()
        self.app.wait(lambda: tenant_window.count_of(self.app) == 1, timeout=SECONDS, what="what waits for the person")
        self.picture("waiting")
        self.window.do_action("win.show-preferences")
        page = self.app.wait(lambda: next((w for w in self.app.windows() if w != self.window), None), timeout=SECONDS,
                             what="the preferences")
        page.find(None, "Team", pred=lambda node: "button" in node.role or "tab" in node.role, timeout=SECONDS).click()
        for account in (YUKI, JONAS):
            page.find("label", account, timeout=SECONDS)
        page.find("label", contains="Administrator, login", timeout=SECONDS)
        self.picture("team")
        self.ui.key("Escape")
        self.app.wait(lambda: page not in self.app.windows(), timeout=SECONDS, what="the preferences to close")

    def ends(self):
        """when the window ends so does the server"""
        assert self.folders() and self.servers()
        self.end()
        self.app.wait(self.is_gone, timeout=SECONDS, what="the server to go")

    def hurries(self):
        """nor is any left of a window that ends while the server is being made"""
        self.start(self.programs)
        self.app.wait(self.servers, timeout=SECONDS, what="the server")
        self.end()
        self.app.wait(self.is_gone, timeout=SECONDS, what="the server to go")

    def dies(self):
        """a window that is killed leaves no server either"""
        self.start(self.programs)
        self.wait_for("SELECT 1 FROM setting WHERE name = 'team-id'", "the team")
        os.kill(self.app.pid, signal.SIGKILL)
        self.app.wait(self.is_gone, timeout=SECONDS, what="the server to go")

    def no_complaints(self):
        """the program printed no warning"""
        for app in self.logs:
            assert app.complaints() == [], app.complaints()


def main(program, pictures):
    programs = find_programs()
    with uidrive.Env(lang=os.environ.get("TVM_LANG", "C.UTF-8")) as ui:
        os.chmod(ui.base, 0o711)  # where we are root, the server is not
        os.chmod(ui.environ["TMPDIR"], 0o1777)
        good = story.run(DemoTeam(ui, program, programs, pictures), STEPS)
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    story.skip_unless_possible(sys.argv[1])
    if find_programs() is None:
        print("1..0 # SKIP PostgreSQL is not installed")
        sys.exit(0)
    import tenant_window
    import uidrive
    main(os.path.abspath(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else None)

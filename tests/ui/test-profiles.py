#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two tenants in two profiles of one window; TAP on standard output.

usage: test-profiles.py PROGRAM
"""
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import story  # noqa: E402

STEPS = ("shows_the_first", "switches", "refuses_a_path", "makes_a_new_one", "deletes_it",
         "is_one_program", "makes_none_of_a_typo", "needs_a_display",
         "remembers_the_last", "no_complaints")
N_FIRST, N_SECOND = 21, 34
PROFILE_MENU = "Profile"


class Story:
    def __init__(self, ui, program, tenants):
        self.ui, self.program = ui, program
        for profile, tenant in zip(("default", "fabrikam"), tenants):
            story.configure(ui, program, profile, tenant)
            ui.run([program, "--profile", profile, "sign-in", "--device-code"], check=True)
        self.data = os.path.join(ui.environ["XDG_DATA_HOME"], "tvm-remediate")
        self.app = None

    def count(self):
        tenant_window.go_to(self.app, "recommendations")
        self.app.wait(lambda: tenant_window.count_of(self.app) is not None, timeout=60, what="the first sync")
        return tenant_window.count_of(self.app)

    def choose(self, *items):
        self.app.find("button", "Main menu", timeout=20).menu(PROFILE_MENU, *items)

    def wait_title(self, title):
        window = self.app.wait_window(title, timeout=30)
        self.app.wait(lambda: len(self.app.windows()) == 1, timeout=30, what="the other window to go")
        return window

    def shows_the_first(self):
        """without --profile the default profile opens"""
        self.app = self.ui.launch([self.program], timeout=60)
        self.wait_title("TVM Remediate")
        assert self.count() == N_FIRST, self.count()

    def switches(self):
        """the menu switches to the other tenant, and the window says so"""
        self.choose("fabrikam")
        self.wait_title("TVM Remediate – fabrikam")
        assert self.count() == N_SECOND, self.count()
        assert self.app.exists("label", "fabrikam")

    def refuses_a_path(self):
        """a new profile's name is checked while it is typed"""
        self.choose("New profile…")
        dialog = self.app.window("New profile")
        entry = dialog.find("text box", "Name of the new profile")
        entry.set_text("../fabrikam")
        dialog.find("label", contains="cannot be the name of a profile", timeout=20)
        assert not dialog.find("button", "Create").sensitive
        entry.set_text("contoso-test")
        self.app.wait(lambda: dialog.find("button", "Create").sensitive, what="the button")
        assert not dialog.exists("label", contains="cannot be the name")

    def makes_a_new_one(self):
        """a new profile starts at the welcome page with nothing of the others"""
        self.app.window("New profile").find("button", "Create").click()
        self.wait_title("TVM Remediate – contoso-test")
        demo = self.app.find("button", "Try the demo tenant", timeout=30)
        beside = self.app.find("button", "Sign in").extents()
        note = self.app.find("label", contains="thrown away afterwards", timeout=20).extents()
        self.app.settle()
        x, y, width, height = demo.extents()
        assert y == beside[1] and x >= beside[0] + beside[2], (demo.extents(), beside)
        assert note[1] >= y + height, (demo.extents(), note)
        assert os.path.exists(os.path.join(self.data, "contoso-test", "store.db"))
        keys = self.ui.run([self.program, "--profile", "contoso-test", "config", "get", "tenant-id"]).stdout
        assert keys.strip() == "", keys

    def deletes_it(self):
        """a profile is deleted after a question; the others stay"""
        self.choose("Delete this profile…")
        self.app.window("Delete the profile “contoso-test”?").find("button", "Delete profile").click()
        self.wait_title("TVM Remediate")
        assert sorted(os.listdir(self.data)) == ["default", "fabrikam"], os.listdir(self.data)
        assert self.count() == N_FIRST, self.count()

    def is_one_program(self):
        """--profile of a second start opens a window of the program that runs"""
        self.ui.run([self.program, "--profile", "fabrikam"], timeout=30, check=True)
        self.app.wait_window("TVM Remediate – fabrikam", timeout=30)
        assert len(self.app.windows()) == 2, self.app.windows()
        refused = self.ui.run([self.program, "--profile", "../default"])
        assert refused.returncode == 2 and "cannot be the name" in refused.stderr, refused

    def makes_none_of_a_typo(self):
        """a profile that was mistyped is none, and one line says so"""
        refused = self.ui.run([self.program, "--profile", "fabrkiam"])
        assert refused.returncode == 2 and "There are: default, fabrikam." in refused.stderr, refused
        assert sorted(os.listdir(self.data)) == ["default", "fabrikam"], os.listdir(self.data)

    def needs_a_display(self):
        """where no window can be shown one line says so"""
        for words in ([], ["--demo"]):
            refused = self.ui.run([self.program, *words], env={"DISPLAY": "", "WAYLAND_DISPLAY": ""})
            assert refused.returncode == 1 and refused.stderr.count("\n") == 1, refused
            assert refused.stderr.startswith("tvm-remediate: The window needs a display"), refused

    def remembers_the_last(self):
        """the profile of the window that was closed last opens at the next start"""
        self.app.window("TVM Remediate").do_action("window.close")
        self.wait_title("TVM Remediate – fabrikam").do_action("window.close")
        self.app.wait_exit(timeout=30)
        assert self.app.complaints() == [], self.app.complaints()
        self.app = self.ui.launch([self.program], timeout=60)
        self.wait_title("TVM Remediate – fabrikam")

    def no_complaints(self):
        """the program printed no warning, and every control has a name (R17)"""
        assert self.app.complaints() == [], self.app.complaints()
        assert self.app.unlabelled() == [], self.app.unlabelled()


def main(program):
    tenants = [story.Tenant(program, "--auto-approve", "--device-code-interval", "1", "--devices", "60",
                            "--recommendations", str(n), "--activities", "6") for n in (N_FIRST, N_SECOND)]
    try:
        with uidrive.Env(lang="C.UTF-8") as ui:
            story.run(Story(ui, program, tenants), STEPS)
    finally:
        for tenant in tenants:
            tenant.stop()


if __name__ == "__main__":
    story.skip_unless_possible(sys.argv[1])
    import tenant_window
    import uidrive
    main(os.path.abspath(sys.argv[1]))

#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Closes and ends the real window while its sign-in is renewed; TAP on standard output.

usage: test-ending.py PROGRAM
"""
import os
import signal
import sys

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import story  # noqa: E402

STEPS = ("closes_after_the_answer", "ends_after_the_answer")
DELAY_MS = 4000


class Story:
    """Each window is started anew on a profile whose refresh token is void once it was used."""

    def __init__(self, ui, tenant):
        self.ui, self.tenant = ui, tenant

    def end(self, how):
        """Starts a sync and ends the window while the token endpoint, which was asked, is silent."""
        app = self.ui.launch([self.tenant.program], timeout=60)
        window = app.wait_window(timeout=60)
        self.tenant.order("faults", {"path": "/organizations/oauth2/v2.0/token", "kind": "delay",
                                     "delay_ms": DELAY_MS, "times": 1})
        app.wait(lambda: self.asks(window), timeout=60, what="the renewal")
        how(app, window)
        assert app.wait_exit(timeout=30) == 0
        self.tenant.run("sync")

    def asks(self, window):
        """Whether the token endpoint was asked; what cannot be done yet is no action."""
        if "win.sync-now" in window.actions():
            window.do_action("win.sync-now")
        return self.tenant.order("stats")["faults_left"] == 0

    def closes_after_the_answer(self):
        """a window that is closed while the sign-in is renewed ends the program once it is kept"""
        self.end(lambda app, window: window.do_action("window.close"))

    def ends_after_the_answer(self):
        """so does one whose program is told to end (SIGTERM)"""
        self.end(lambda app, window: os.kill(app.pid, signal.SIGTERM))


def main(program):
    with uidrive.Env(lang="C.UTF-8") as ui:
        tenant = tenant_window.Tenant(ui, program, devices=60, recommendations=20, activities=6)
        try:
            tenant.sign_in()
            tenant.run("sync")
            story.run(Story(ui, tenant), STEPS)
        finally:
            tenant.stop()


if __name__ == "__main__":
    story.skip_unless_possible(sys.argv[1])
    import tenant_window
    import uidrive
    main(os.path.abspath(sys.argv[1]))

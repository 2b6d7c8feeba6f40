# SPDX-License-Identifier: GPL-3.0-or-later
"""What tests and pictures know about the window: how to start it on the demo tenant and get around."""
import json
import os
import subprocess
import urllib.request

PAGES = ("dashboard", "recommendations", "weaknesses", "remediation", "devices")
START_SECONDS = 60


def launch(ui, program, **environ):
    """Opens the window on the embedded demo tenant; returns (app, window) once its lists are there."""
    app = ui.launch([os.path.abspath(program), "--demo"], timeout=START_SECONDS, env=environ or None)
    window = app.wait_window(timeout=START_SECONDS)
    go_to(app, "recommendations")
    app.find("tree grid", timeout=START_SECONDS)
    app.wait(lambda: count_of(app) is not None, timeout=START_SECONDS, what="the first sync")
    return app, window


def resize(app, window, width, height):
    """Asks for a size of the window without its shadow; returns the size it then has."""
    # GTK looks for a least size of the shape that a window has, so that one may have to ask again, as a hand does.
    for _ in range(5):
        frame = window._xwin()
        left, right, top, bottom = frame["frame"]
        window.env.xdotool("windowsize", frame["id"], width + left + right, height + top + bottom)
        app.settle(quiet=0.3, timeout=START_SECONDS)
        if window.extents()[2:] == (width, height):
            break
    return window.extents()[2:]


def rows_on_screen(app):
    """The rows of the page's list, be it the wide or the narrow one."""
    for role in ("tree grid", "list"):
        for found in app.find_all(role):
            rows = [row for row in found.rows() if row.mapped()]
            if rows:
                return rows
    return []


def flyout_action(app):
    """The flyout's one action, the last button that stands in the flyout, in any language."""
    return app.wait(lambda: ([None] + [b for b in app.find_all("button") if b.mapped()])[-1],
                    timeout=START_SECONDS, what="the flyout's action")


def open_row(app, number=0):
    """Opens the flyout of a row on screen."""
    app.wait(lambda: rows_on_screen(app), timeout=START_SECONDS, what="rows")
    rows_on_screen(app)[number].mouse_click()
    app.settle(quiet=0.5, timeout=START_SECONDS)


class Tenant:
    """A demo tenant in a process of its own, and a profile that is signed in to it."""

    def __init__(self, ui, program, **options):
        self.ui, self.program = ui, os.path.abspath(program)
        words = [self.program, "demo-tenant", "--auto-approve", "--device-code-interval", "1"]
        for name, value in options.items():
            words += ["--" + name, str(value)]
        self.process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=ui.environ)
        self.uri = self.process.stdout.readline().split()[1]

    def run(self, *words):
        """A command of the program on the profile; returns what it printed."""
        done = self.ui.run([self.program, *words], timeout=START_SECONDS)
        assert done.returncode == 0, f"{words}: {done.stderr}"
        return done.stdout

    def configure(self, *profile):
        for key in ("authority-url", "defender-url", "graph-url"):
            self.run(*profile, "config", "set", key, self.uri)
        for key, value in (("cloud", "custom"), ("tenant-id", "organizations"),
                           ("client-id", "11111111-2222-3333-4444-555555555555"),
                           ("sync-interval-minutes", "0")):
            self.run(*profile, "config", "set", key, value)

    def sign_in(self):
        self.configure()
        self.run("sign-in", "--device-code")
        self.run("config", "set", "intune-connection", "true")

    def order(self, path, body=None, method=None):
        """An order on the tenant's control path; a question where there is no body."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.uri + "/_demo/" + path, data, method=method)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read() or "null")

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=START_SECONDS)
        self.process.stdout.close()


def tabs(app):
    """The page switcher's tabs that are on screen, in the order of PAGES, in any language."""
    found = [node for role in ("tab", "page tab") for node in app.find_all(role)]
    return found[:len(PAGES)]


def go_to(app, page):
    app.wait(lambda: len(tabs(app)) == len(PAGES), timeout=START_SECONDS, what="the page switcher")
    tabs(app)[PAGES.index(page)].click()
    app.settle(quiet=0.3, timeout=START_SECONDS)


def sync_now(app):
    """Asks for a sync as a person does who waits until the one that runs is done: a key is nothing to it."""
    app.find("label", regex="^Synced ", timeout=START_SECONDS)
    app.env.key("F5")


def count_of(app):
    """The number in “14 of 38 recommendations”, None while there is no such label or it says 0."""
    for label in app.find_all("label", regex=r"^[\d.,\u00a0\u202f ]+ (?:of|von|sur|av|/) [\d.,\u00a0\u202f]+"):
        digits = "".join(c for c in label.name.split()[0] if c.isdigit())
        if digits and int(digits) > 0:
            return int(digits)
    return None

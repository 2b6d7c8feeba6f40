#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every row of the program's table of keys works, is listed in the window of shortcuts and told by the tooltip of the
button that does the same; TAP on standard output.

usage: test-shortcuts.py PROGRAM
"""
import os
import re
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import story  # noqa: E402

SECONDS = 20
TABLE = os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))), "src", "ui", "common",
                     "tvm-keys.c")
ENTRY = re.compile(r'\{ \w+, (\w+), "([^"]+)", "([^"]+)",\s*N_\("([^"]+)"\) \}')
# What no button does: a key alone, or an item of a menu, which shows the keys.
NO_BUTTON = {"row", "row-menu", "list.copy-row::table", "list.clear-filters", "win.search-everything", "win.pending-changes",
             "win.show-preferences", "win.show-help-overlay", "app.quit", "window.close"}
NAMES = {"<Control>": "ctrl+", "<Shift>": "shift+"}


def keys_of(keys):
    """As xdotool names them."""
    for word, name in NAMES.items():
        keys = keys.replace(word, name)
    return keys.split("|")[-1]


class Shortcuts:
    """One admin who tries them all; the steps build on each other."""

    def __init__(self, ui, program):
        self.ui, self.program = ui, program
        with open(TABLE, encoding="utf-8") as file:
            self.entries = {match[2]: match.groups() for match in ENTRY.finditer(file.read())}
        self.tried, self.told = set(), set()
        self.start()

    def start(self):
        self.app = self.ui.launch([os.path.abspath(self.program), "--demo"], timeout=tenant_window.START_SECONDS)
        self.window = self.app.wait_window(timeout=tenant_window.START_SECONDS)
        self.app.wait(lambda: len(tenant_window.tabs(self.app)) == len(tenant_window.PAGES),
                      timeout=tenant_window.START_SECONDS, what="the pages")

    # ---- means

    def press(self, action):
        self.app.settle(quiet=0.2, timeout=5)
        self.tried.add(action)
        self.ui.key(keys_of(self.entries[action][2]))

    def wait_dialog(self, name):
        return self.app.wait_window(name, timeout=SECONDS)

    def close(self, name):
        self.ui.key("Escape")
        self.app.wait_window_gone(name, timeout=SECONDS)

    def note_tooltips(self):
        self.told |= {node._c["description"] for node in self.app.root.walk(full=True) if node._c["description"]}

    def page(self, name, words):
        self.press("win.show-page::" + name)
        self.app.find("label", regex=words, timeout=tenant_window.START_SECONDS)
        self.app.settle(quiet=0.3, timeout=10)

    def wait_row(self):
        self.app.wait(lambda: (node := self.app.focused_at_once()) is not None and "row" in node.role, timeout=SECONDS,
                      what="the focus on a row")

    def export(self, *actions):
        """The same keys export what is chosen and the list: test-bulk.py looks which of them is in the file."""
        self.press(actions[0])
        self.tried |= set(actions)
        self.app.wait(lambda: len(self.app.windows()) > 1, timeout=SECONDS, what="the file chooser")
        self.ui.key("Escape")
        self.app.wait(lambda: len(self.app.windows()) == 1, timeout=SECONDS, what="the file chooser to go")

    def open_row(self, button):
        """From the list, whose row has the focus."""
        self.wait_row()
        self.press("row")
        self.app.find("button", button, timeout=SECONDS, sensitive=True)
        self.note_tooltips()

    def open_one_to_complete(self):
        """One that was requested here: those of the portal are completed there."""
        def is_open():
            button = self.app.find("button", "Mark as completed", timeout=SECONDS)
            return button.sensitive
        self.ui.key("ctrl+f")
        self.ui.type(self.title)
        self.app.wait(lambda: tenant_window.count_of(self.app) < 10, timeout=SECONDS, what="the found activities")
        for number in range(len(tenant_window.rows_on_screen(self.app))):
            tenant_window.open_row(self.app, number)
            if is_open():
                break
        self.app.find("button", "Mark as completed", timeout=SECONDS, sensitive=True)
        self.note_tooltips()

    # ---- steps

    def pages(self):
        """the pages, and what works on all of them"""
        assert len(self.entries) > 30, self.entries
        self.page("dashboard", "^Exposure score$")
        self.page("weaknesses", "of [0-9,]+ weaknesses")
        self.page("remediation", "of [0-9,]+ activities")
        self.page("devices", "of [0-9,]+ devices")
        self.page("recommendations", "of [0-9,]+ recommendations")
        self.press("win.start-search")
        self.app.wait(lambda: self.app.focused_at_once() and self.app.focused_at_once().role == "search box",
                      timeout=SECONDS, what="the search")
        self.ui.key("Escape")
        for action, name in (("win.search-everything", "Search everything"), ("win.pending-changes", "Pending changes"),
                             ("win.show-preferences", "Preferences")):
            self.press(action)
            self.wait_dialog(name)
            self.note_tooltips()
            self.close(name)
        self.press("menu")
        self.app.find("menu item", "Preferences", timeout=SECONDS)
        self.ui.key("Escape")
        self.app.find(None, "Synchronization details", pred=lambda node: "button" in node.role, timeout=SECONDS).click()
        self.app.find("button", "Synchronize everything", timeout=SECONDS)
        self.note_tooltips()
        self.ui.key("Escape")
        for action in ("win.sync-now", "win.sync-everything"):
            self.app.find("button", regex="^Synced ", timeout=tenant_window.START_SECONDS)
            self.press(action)
            self.app.find("button", regex="^(Syncing…|Synced )", timeout=SECONDS)

    def lists(self):
        """what works in a list"""
        self.page("recommendations", "^60 of 60 recommendations")
        self.wait_row()
        self.press("row-menu")
        self.app.find("menu item", "Exception options", timeout=SECONDS)
        self.ui.key("Escape")
        self.wait_row()
        self.press("list.copy-row::table")
        self.app.find("label", "Copied", timeout=SECONDS)
        self.press("list.close-flyout")
        self.app.wait_gone("button", "Remediation options", timeout=SECONDS)
        self.press("list.show-filters")
        self.app.find(None, "Sort by", pred=lambda node: node.role == "combo box", timeout=SECONDS)
        self.app.escape("combo box", "Sort by")
        self.press("list.show-columns")
        self.app.find("checkbox", contains="Related component", timeout=SECONDS)
        self.app.escape("checkbox", contains="Related component")
        self.app.find(None, "Not requested", timeout=SECONDS).mouse_click()
        self.app.wait(lambda: tenant_window.count_of(self.app) < 60, timeout=SECONDS, what="fewer rows")
        self.press("list.clear-filters")
        self.app.wait(lambda: tenant_window.count_of(self.app) == 60, timeout=SECONDS, what="all rows")
        self.press("list.choose")
        self.app.find("label", "0 selected", timeout=SECONDS)
        self.press("list.choose-all")
        self.app.find("label", "60 selected", timeout=SECONDS)
        self.press("recommendations.request-chosen")
        self.wait_dialog("Request remediation")
        self.note_tooltips()
        self.close("Request remediation")
        self.export("list.export-chosen")
        self.ui.key("Escape")
        self.app.wait_gone("label", "60 selected", timeout=SECONDS)
        self.export("list.do-export", "list.export")

    def details(self):
        """what works on what is open"""
        self.page("recommendations", "^60 of 60 recommendations")
        self.wait_row()
        self.title = self.app.focused_at_once().name.split(", ")[0]
        self.open_row("Remediation options")
        self.press("recommendation.request")
        form = self.wait_dialog("Request remediation")
        form.find("button", "Submit request", timeout=SECONDS, sensitive=True)
        self.note_tooltips()
        form.find(None, pred=lambda node: "multi-line" in node.states).type("It goes")
        self.press("request.submit")
        self.app.wait_window_gone("Request remediation", timeout=SECONDS)
        # The toast comes soon after the form is gone, and goes some seconds later.
        self.app.wait(lambda: self.press("win.undo") or self.app.exists("label", "The request is undone"),
                      timeout=SECONDS, what="the request to be undone")
        self.press("recommendation.request")
        self.wait_dialog("Request remediation").find("button", "Submit request", timeout=SECONDS, sensitive=True)
        self.press("request.submit")
        self.app.wait_window_gone("Request remediation", timeout=SECONDS)
        self.note_tooltips()
        self.press("recommendation.except")
        self.app.find("button", "File exception", timeout=SECONDS)
        self.note_tooltips()
        self.app.find(None, "Justification context", pred=lambda node: "text" in node.role).type("It goes")
        self.app.find("button", "File exception", timeout=SECONDS, sensitive=True)
        self.press("exception.file")
        self.app.wait_gone("button", "File exception", timeout=SECONDS)
        self.page("weaknesses", "of [0-9,]+ weaknesses")
        self.open_row("Request remediation")
        self.press("weakness.request")
        self.app.find("button", "Submit request", timeout=SECONDS)
        self.ui.key("Escape")
        self.app.wait_gone("button", "Submit request", timeout=SECONDS)
        self.page("remediation", "of [0-9,]+ activities")
        self.open_one_to_complete()
        self.press("activity.complete")
        self.wait_dialog("Mark as completed?")
        self.close("Mark as completed?")
        self.press("activity.notify")
        self.app.wait(lambda: len(self.app.windows()) > 1, timeout=SECONDS, what="the message")
        self.ui.key("Escape")
        self.app.wait(lambda: len(self.app.windows()) == 1, timeout=SECONDS, what="the message to go")
        self.press("list.choose")
        self.app.find("label", "0 selected", timeout=SECONDS)
        tenant_window.rows_on_screen(self.app)[0].mouse_click()
        self.app.find("label", "1 selected", timeout=SECONDS)
        self.note_tooltips()
        self.press("remediation.complete-chosen")
        self.wait_dialog("Mark as completed?")
        self.close("Mark as completed?")
        self.export("remediation.export-chosen")
        self.press("remediation.withdraw-chosen")
        self.wait_dialog("Withdraw the tickets?")
        self.close("Withdraw the tickets?")
        self.ui.key("Escape")
        self.app.wait_gone("label", "1 selected", timeout=SECONDS)
        self.app.find(None, "Exceptions", pred=lambda node: "button" in node.role).click()
        self.app.find("label", "1 of 1 exception", timeout=SECONDS)
        tenant_window.open_row(self.app)
        self.app.find("button", "Cancel exception", timeout=SECONDS)
        self.note_tooltips()
        self.press("exception.cancel")
        self.wait_dialog("Cancel the exception?")
        self.close("Cancel the exception?")

    def are_told(self):
        """the tooltip of each button names its keys"""
        for action, (_reach, _action, keys, title) in self.entries.items():
            if action in NO_BUTTON:
                continue
            parts = re.findall("<[^>]+>|[^<>]+$", keys.split("|")[0])
            wanted = {part.strip("<>").replace("Control", "Ctrl") for part in parts}
            named = [text for text in self.told if text.startswith(title + " (")]
            assert named, f"no tooltip names {title}"
            got = set(named[0][len(title) + 2:-1].split("+"))
            assert len(got) == len(wanted), (title, named, wanted)

    def are_listed(self):
        """the window of shortcuts lists them all, and fits 700 px"""
        self.press("win.show-help-overlay")
        window = self.app.wait(lambda: next((w for w in self.app.windows() if w != self.window), None), timeout=SECONDS,
                               what="the window of shortcuts")
        self.app.settle(quiet=0.3, timeout=5)
        assert window.extents()[3] <= 700, window.extents()
        labels = {node._c["name"] for node in window.walk() if node._c["role"] == "label"}
        if self.app.is_newer:  # it has what is on the page in sight
            for page in window.find_all("tab", regex=r"^_?[2-9]$"):
                page.click()
                self.app.settle(quiet=0.3, timeout=5)
                labels |= {node._c["name"] for node in window.walk() if node._c["role"] == "label"}
        for _reach, _action, _keys, title in self.entries.values():
            assert title in labels, f"{title} is not listed, but {labels}"
        self.ui.key("Escape")
        self.app.wait(lambda: len(self.app.windows()) == 1, timeout=SECONDS, what="the window of shortcuts to go")

    def end(self):
        """Ctrl+W closes the window, Ctrl+Q ends the program; none was left out"""
        self.press("window.close")
        assert self.app.wait_exit() == 0
        self.start()
        self.press("app.quit")
        assert self.app.wait_exit() == 0
        assert self.tried == set(self.entries), set(self.entries) - self.tried


STEPS = ("pages", "lists", "details", "are_told", "are_listed", "end")


if __name__ == "__main__":
    story.skip_unless_possible(sys.argv[1])
    import tenant_window
    import uidrive
    with uidrive.Env(lang="C.UTF-8") as display:
        story.run(Shortcuts(display, sys.argv[1]), STEPS)

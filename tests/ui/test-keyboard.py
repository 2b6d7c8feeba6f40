#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The main job in the window without a mouse (R17): nothing here but keys; TAP on standard output.

usage: test-keyboard.py PROGRAM
"""
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import story  # noqa: E402

MOST_TABS = 45  # round the whole window
MOST_KEYS = 12  # from a cold start to a request
ROW_ROLES = ("row", "table row", "table cell", "list item", "tree item")


class Keyboard:
    """One admin without a mouse; the steps build on each other."""

    def __init__(self, ui, program):
        self.ui = ui
        self.app = ui.launch([os.path.abspath(program), "--demo"], timeout=tenant_window.START_SECONDS)
        self.window = self.app.wait_window(timeout=tenant_window.START_SECONDS)

    def focused(self):
        return self.app.focused_at_once() or self.focused_by_walking()

    def focused_by_walking(self):
        for window in reversed(self.app.windows()):
            for node in window.walk(full=True):
                if "focused" in node._c["states"] and node._c["role"] != "window":
                    return node
        return None

    def tab_to(self, what, is_it, key="Tab"):
        """Presses Tab until the focus is where it shall be."""
        been = []
        for _ in range(MOST_TABS):
            node = self.focused()
            if node is not None and is_it(node):
                return node
            been.append(f"{node.role} {node.name}" if node is not None else "nothing")
            self.ui.key(key)
        raise AssertionError(f"Tab does not lead to {what}, but to {been}")

    def tab_to_button(self, name):
        return self.tab_to(name, lambda node: "button" in node.role and node.name.endswith(name))

    def wait_focus(self, is_it, what):
        """Waits until the focus is where it shall be; returns the node."""
        self.app.wait(lambda: (node := self.focused()) is not None and is_it(node), timeout=20,
                      what=f"the focus on {what}, not {self.focused()}")
        return self.focused()

    def requests_most_urgent(self):
        """from a cold start four keys, and never more than twelve, request what is most urgent: page, row, form, request"""
        pressed = []

        def press(*keys):
            pressed.extend(keys)
            self.ui.key(*keys)

        self.app.wait(lambda: len(tenant_window.tabs(self.app)) == len(tenant_window.PAGES),
                      timeout=tenant_window.START_SECONDS, what="the pages")
        press("ctrl+2")
        self.app.wait(lambda: tenant_window.count_of(self.app), timeout=tenant_window.START_SECONDS, what="rows")
        self.app.settle(quiet=0.5, timeout=20)
        words = tenant_window.rows_on_screen(self.app)[0].name
        assert any(word in words for word in ("Known exploited", "Active alert", "Public exploit")), words
        assert "exposed" in words and ", 0 of " not in words, words
        self.wait_focus(lambda node: node.name == words, "the first row")
        press("Return")
        self.app.find("button", "Remediation options", timeout=20, sensitive=True)
        press("ctrl+r")
        form = self.app.window("Request remediation")
        form.find("button", "Submit request", timeout=20, sensitive=True)
        titles = [label.name for label in form.find_all("label") if label.name]
        assert any(words.startswith(title + ", ") for title in titles), (words, titles)
        press("ctrl+Return")
        self.app.wait_gone("button", "Submit request", timeout=30)
        self.app.find("label", "Remediation requested", timeout=20)
        assert len(pressed) <= MOST_KEYS, pressed
        self.ui.key("Escape")

    def focuses_lists(self):
        """whatever page is gone to, the focus is on a row of its list"""
        for number in (5, 4, 3, 2):
            self.ui.key(f"ctrl+{number}")
            self.wait_focus(lambda node: node.role in ROW_ROLES and node.mapped(), f"a row of page {number}")

    def gives_focus_back(self):
        """after a search the focus is on the row where it was"""
        before = self.focused().name
        self.ui.key("Down", "Down")
        row = self.wait_focus(lambda node: node.role in ROW_ROLES and node.name != before, "another row").name
        self.app.settle(quiet=0.3, timeout=5)
        row = self.focused().name
        self.ui.key("ctrl+f")
        self.ui.type("zzz")
        self.app.find("label", "Nothing matches", timeout=20)
        self.ui.key("Escape")
        self.wait_focus(lambda node: node.name == row, row)

    def keeps_focus(self):
        """a row keeps the focus while the window becomes narrow, and wide again"""
        row = self.focused().name
        width, height = self.window.extents()[2:]
        for wanted in (360, width):
            tenant_window.resize(self.app, self.window, wanted, height)
            self.wait_focus(lambda node: node.name == row and node.role in ROW_ROLES, row)

    def sorts_by_headers(self):
        """Shift+Tab leads to the headers, arrow keys along them, Enter sorts and turns the order"""
        if self.app.is_newer:
            return  # with a newer GTK they are for the mouse alone
        self.ui.key("shift+Tab")
        first = self.wait_focus(lambda node: node.role == "column header", "a header").name
        self.ui.key("Right")
        self.wait_focus(lambda node: node.role == "column header" and node.name != first, "the next header")
        self.ui.key("Right")
        header = self.wait_focus(lambda node: node.name == "Weaknesses", "the third header")
        self.ui.key("Return")
        self.app.wait(lambda: header.description == "Descending", timeout=20, what="the largest first")
        self.ui.key("space")
        self.app.wait(lambda: header.description == "Ascending", timeout=20, what="the smallest first")
        self.ui.key("Tab")
        self.wait_focus(lambda node: node.role in ROW_ROLES + ("list",), "the list")

    def passes_dead_rows(self):
        """Tab passes the rows that only say something"""
        self.ui.key("ctrl+2", "Return")
        self.app.find("button", "Remediation options", timeout=20, sensitive=True)
        self.app.settle(quiet=0.3, timeout=5)
        assert any(self.is_dead(row) for row in self.app.find_all("list item")), "no such row"
        self.tab_to_button("Close details")
        visited = []
        while (node := self.focused()) is None or node.name != "Remediation options":
            assert len(visited) < MOST_TABS, visited
            if node is not None and node.role == "list item" and self.is_dead(node):
                visited.append(f"dead {node.labels()}")
            else:
                visited.append(node and node.name)
            self.ui.key("Tab")
        assert len(visited) > 3 and not any(name and name.startswith("dead ") for name in visited), visited
        self.ui.key("Escape")

    @staticmethod
    def is_dead(row):
        """A row of a breakdown: words, and a number at the end."""
        labels = row.labels()
        return len(labels) == 2 and labels[-1].replace(",", "").isdigit()

    def offers_menu(self):
        """Shift+F10 on a row shows what can be done with it, and does that"""
        self.ui.key("ctrl+2")
        self.tab_to("the list", lambda node: node.role in ROW_ROLES)
        self.ui.key("shift+F10")
        self.app.find("menu item", "Exception options", timeout=20)
        self.app.find("menu item", "Remediation options", timeout=20)
        self.ui.key("Return")
        self.app.find("button", "Submit request", timeout=20)
        self.ui.key("Escape")
        self.app.wait_gone("button", "Submit request", timeout=20)
        self.ui.key("Escape")

    def searches(self):
        """Ctrl+2 and Ctrl+F: typing finds a recommendation"""
        self.ui.key("ctrl+2")
        self.app.settle(quiet=0.2, timeout=5)
        self.ui.key("ctrl+f")
        self.tab_to("the search", lambda node: "text" in node.role or "search" in node.role)
        self.ui.type("KeePass")
        self.app.wait(lambda: 0 < (tenant_window.count_of(self.app) or 0) < 60, timeout=20, what="fewer recommendations")

    def opens_details(self):
        """from the search into the list; Enter opens the details"""
        self.tab_to("the list", lambda node: node.role in ROW_ROLES)
        self.ui.key("Return")
        self.app.find("button", "Remediation options", timeout=20)

    def requests(self):
        """the details' button opens the form, and the form can be filled in and submitted"""
        self.tab_to_button("Remediation options")
        self.ui.key("Return")
        submit = self.app.find("button", "Submit request", timeout=20)
        self.app.wait(lambda: submit.sensitive, timeout=20, what="the form to be ready")
        self.tab_to("the notes", lambda node: "text" in node.role and "multi-line" in node.states)
        self.ui.type("By keyboard")
        self.tab_to_button("Submit request")
        self.ui.key("Return")
        self.app.wait_gone("button", "Submit request", timeout=30)

    def closes_details(self):
        """Escape closes the details, and in the search the search"""
        self.ui.key("Escape")
        self.app.wait_gone("button", "Remediation options", timeout=10)
        self.tab_to("the search", lambda node: "search" in node.role)
        self.ui.key("Escape")
        self.app.wait(lambda: tenant_window.count_of(self.app) == 60, timeout=20, what="the whole list")

    def completes(self):
        """Ctrl+4: the new activity is marked as completed"""
        self.ui.key("ctrl+4")
        self.app.settle(quiet=0.2, timeout=5)
        self.ui.key("ctrl+f")
        self.tab_to("the search", lambda node: "text" in node.role or "search" in node.role)
        self.ui.type("KeePass")
        self.app.settle(quiet=0.5, timeout=10)
        self.tab_to("the list", lambda node: node.role in ROW_ROLES)
        self.ui.key("Return")
        self.app.find("button", "Mark as completed", timeout=20)
        self.tab_to_button("Mark as completed")
        self.ui.key("Return")
        self.app.window("Mark as completed?")
        self.tab_to_button("Mark as completed")
        self.ui.key("Return")
        self.app.find("label", regex=r"^Marked as completed by \S+@contoso\.example$", timeout=20)

    def sorts(self):
        """the form behind Filter sorts the list too"""
        self.ui.key("ctrl+5", "ctrl+f")
        self.tab_to("the search", lambda node: "search" in node.role)
        self.ui.key("Escape")
        self.app.settle(quiet=0.3, timeout=5)
        first = self.app.find("tree grid", timeout=20).table(visible=True)[0]
        self.tab_to_button("Filter")
        self.ui.key("Return")
        self.app.find(None, "Sort by", pred=lambda node: node.role == "combo box", timeout=20)
        self.tab_to("the order", lambda node: node.name == "Sort by")
        self.ui.key("space")
        self.app.settle(quiet=0.3, timeout=5)
        self.ui.key("Down", "Return")
        self.tab_to("Descending", lambda node: node.name == "Descending")
        self.ui.key("space", "Escape")
        self.app.wait(lambda: self.app.find("tree grid").table(visible=True)[0] != first, timeout=20,
                      what="another first row")

    def goes_round(self):
        """Tab goes round the window and comes back, past a list of many rows"""
        start = self.tab_to_button("Main menu")
        self.ui.key("Tab")
        seen = [start]
        while (node := self.focused()) != start:
            assert node not in seen and len(seen) < MOST_TABS, f"Tab is caught at {node.role} {node.name}"
            seen.append(node)
            self.ui.key("Tab")
        unnamed = [node.role for node in seen if node.role not in ROW_ROLES
                   and (not node.name or node.name.startswith(("Gtk", "Adw")))]
        assert len(seen) > 8 and not unnamed, (len(seen), unnamed)


STEPS = ("requests_most_urgent", "goes_round", "focuses_lists", "gives_focus_back", "keeps_focus", "sorts_by_headers",
         "passes_dead_rows", "offers_menu", "searches", "opens_details", "requests", "closes_details", "completes", "sorts", "goes_round")


if __name__ == "__main__":
    story.skip_unless_possible(sys.argv[1])
    import tenant_window
    import uidrive
    with uidrive.Env(lang="C.UTF-8") as display:
        story.run(Keyboard(display, sys.argv[1]), STEPS)

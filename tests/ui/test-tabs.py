#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The names of the pages at the bottom of a window of 360 px: whole in every language, and with text of 200 % that of
the page on screen, while the others keep theirs for who cannot see; TAP on standard output.

usage: test-tabs.py PROGRAM
"""
import os
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import story  # noqa: E402

WIDTH, HEIGHT = 360, 720
TITLES = ("Dashboard", "Recommendations", "Weaknesses", "Remediation", "Devices")
# What an ellipsis would need besides; a letter of the small text is wider than this on average.
LETTER_WIDTH = 4.4


class Tabs:
    """One window for each language."""

    def __init__(self, program, folder):
        self.program, self.folder = program, folder

    def look(self, language, visit, is_large=False):
        path = os.path.join(self.folder, language)
        os.makedirs(path, exist_ok=True)
        environ = tour.pseudo().make_locale(path, language)
        with uidrive.Env(lang="C.UTF-8", size=(1480, 1000), env=environ,
                         settings={"gtk-decoration-layout": ":close"}) as ui:
            if is_large:
                tour.enlarge_text(ui)
            app = ui.launch([os.path.abspath(self.program), "--demo"], timeout=tenant_window.START_SECONDS)
            window = app.wait_window(timeout=tenant_window.START_SECONDS)
            app.wait(lambda: tenant_window.tabs(app), timeout=tenant_window.START_SECONDS, what="the pages")
            size = tenant_window.resize(app, window, WIDTH, HEIGHT)
            assert size[0] == WIDTH, f"{language}: {size[0]} px wide"
            app.wait(lambda: len(self.tabs(app)) == len(TITLES), timeout=20, what="the tabs at the bottom")
            say = tour.speaker(tour.catalogue_of(self.program, language)) if language != "en" else str
            self.window = window
            visit(ui, app, [say(title) for title in TITLES])

    def tabs(self, app):
        """Those at the bottom."""
        return [tab for tab in tenant_window.tabs(app) if tab.extents()[1] > HEIGHT / 2]

    def names_of(self, tab):
        """The names that stand in a tab, of those that are on screen."""
        return [label for label in tab.find_all("label") if label.mapped()]

    def check_whole(self, _ui, app, titles):
        right = 0
        for tab, title in zip(self.tabs(app), titles):
            (label,) = self.names_of(tab)
            words = [title] if title.isascii() or len(title) > 9 else [title[:1]]  # breaks between such letters
            x, _, width, height = label.extents()
            longest = max(len(word) for words in words for word in words.split()) * LETTER_WIDTH
            assert (tab.name, label.name) == (title, title), (tab.name, label.name, title)
            assert width >= longest, f"{title}: {width} px"
            assert height < 40, f"{title}: {height} px high"
            assert x >= right, f"{title} begins at {x}, what is before it ends at {right}"
            right = x + width
        assert right <= WIDTH, right

    def is_whole(self, language):
        self.look(language, self.check_whole)

    def english(self):
        """English"""
        self.is_whole("en")

    def german(self):
        """German"""
        self.is_whole("de")

    def french(self):
        """French"""
        self.is_whole("fr")

    def swedish(self):
        """Swedish"""
        self.is_whole("sv")

    def japanese(self):
        """Japanese"""
        self.is_whole("ja")

    def chinese(self):
        """Chinese"""
        self.is_whole("zh_TW")

    def large(self):
        """text of 200 %: the page on screen has its name, the others keep theirs, and all are reached by keys"""
        def visit(ui, app, titles):
            for number, title in enumerate(titles):
                self.tabs(app)[number].focus()
                ui.key("space")
                app.wait(lambda: [label.name for tab in self.tabs(app) for label in self.names_of(tab)] == [title],
                         timeout=10, what=f"the name of {title} alone")
                assert [tab.name for tab in self.tabs(app)] == titles
                assert self.window.extents()[2] == WIDTH, f"{title}: {self.window.extents()[2]} px wide"
                ui.key("Left" if number else "Right")
                app.wait(lambda: "focused" in self.tabs(app)[abs(number - 1)].states, timeout=10,
                         what=f"the focus on the tab beside {title}")
        self.look("sv", visit, is_large=True)


STEPS = ("english", "german", "french", "swedish", "japanese", "chinese", "large")


if __name__ == "__main__":
    story.skip_unless_possible(sys.argv[1])
    import tenant_window
    import tour
    import uidrive
    with tempfile.TemporaryDirectory() as directory:
        story.run(Tabs(sys.argv[1], directory), STEPS)

#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A tour of the whole window in a language that does not exist, whose texts are in brackets and 40 % longer, one with
text of 200 %, and those in languages of wide characters, all 360 px wide; TAP on standard output.

usage: test-looks.py PROGRAM long|large|ja|zh_TW
"""
import json
import os
import re
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import story  # noqa: E402

WIDTH, HEIGHT = 360, 720
LARGE_LINE = 30  # px, of a line that is otherwise 20 px high
# GTK's own windows are as wide as their words make them.
GTK_WINDOWS = ("show-help-overlay",)
# What GTK and libadwaita say themselves, from their own catalogues; keys; names that no language changes.
FOREIGN = {"Preferences", "Shortcuts", "Search Shortcuts", "Details", "Troubleshooting", "Legal", "Back", "Close",
           "Ctrl", "F", "E", "F5", "Q", "Escape", "Unrestricted",
           "menu", "Menu", "Minimize", "Maximize", "Copy to Clipboard", "Save As…", "Debugging Information",
           "Select a Date", "All Results", "No Results Found", "Try a different search", "(None)", "Ctrl+E", "Ctrl+",
           "Ctrl+?",
           "Close the window", "About", "Copy Text", "Save as…", "What’s New", "Credits", "Acknowledgements",
           "Search Results", "zzz", "second",
           # Products whose names the service does not tell as people write them.
           "Adobe Acrobat Reader DC", "Java Runtime Environment", "Microsoft Edge",
           # Languages by their own names.
           "English", "Deutsch", "Français", "日本語", "Svenska", "繁體中文", "中文（台灣）", "中文 (台灣)"}
# libadwaita's, which says most of it itself.
NOT_OURS = ("show-about", "show-help-overlay")
# Sizes are in GLib's words.
NUMBERED = re.compile(r"CVE-\d+-\d+|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|(https?|postgresql)://\S+|"
                      r"\d[\d.,]*\s?[kMG]?B\b")
# A widget without a name has its class's, for GTK 4.8.
CLASS = re.compile(r"(Gtk|Adw|Gdk|Tvm)[A-Za-z]+|[A-Z][a-z]+([A-Z][a-z]+)+")
# A scrolled window, which takes the focus where nothing in it does, what the button of a drop-down shows, and a list:
# its rows have the focus.
NO_STOPS = ("group", "generic", "widget", "list")
KEYS = re.compile(r"((Shift|Ctrl|Alt)\+)+\S+")
MARKED = re.compile(r"\[[^][]*\]")
BETWEEN = "[, ]"  # what stands between the parts of a row that is read out, in that language
LETTER = re.compile(r"[^\W\d_]")


def strings_of(value):
    """Every text within a JSON document."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return set().union(*map(strings_of, value)) if value else set()
    return {value} if isinstance(value, str) else set()


class Data:
    """What a person reads that is not the program's own."""

    def __init__(self, tenant, activity):
        self.known = set(FOREIGN)
        for command in ("recommendations", "devices", "activities", "exceptions", "status", "outbox list", "config list"):
            done = tenant.ui.run([tenant.program, *command.split(), "--json"], timeout=60)
            if done.returncode == 0:
                self.known |= strings_of(json.loads(done.stdout))
        for command in (("activity", activity["id"]), ("weaknesses",)):
            self.known |= strings_of(json.loads(tenant.run(*command, "--json")))
        for command, listing in (("weakness", "weaknesses"), ("device", "devices")):
            for row in json.loads(tenant.run(listing, "--limit", "3", "--json")):
                self.known |= strings_of(json.loads(tenant.run(command, row["id"], "--json")))
        # Names of products, as people write them.
        self.known |= {text.replace("_", " ") for text in self.known if re.fullmatch(r"[\w+.-]+", text)}
        self.known |= {re.sub(r"(?<=[a-z])(?=[A-Z0-9])", " ", text) for text in self.known if text.startswith("Windows")}
        # What IT admins read is in the language of the profile's tickets, whatever the window speaks.
        notice = tenant.run("notify", activity["id"])
        self.known |= {notice, *notice.replace(":", "\n").splitlines()}
        self.all = "\n".join(self.known).casefold()

    def has(self, text):
        """Whether a text is made of data: a whole one, one of its longer parts, or several with marks between them."""
        if text in self.known or len(text) > 3 and text.casefold() in self.all:
            return True
        parts = [part for part in re.split(r"\n(?:- )?|[,:·()“”]\s*| (?=\d)", text) if LETTER.search(part)]
        return parts != [text] and all(self.has(part.strip()) for part in parts)


def rest_of(text):
    """What of a text is not in brackets, which may stand within each other."""
    before = None
    # A shortened text has lost its end.
    text = text + "]" if text.endswith("…") and text.count("[") > text.count("]") else text
    while before != text:
        before, text = text, MARKED.sub("", text)
    return NUMBERED.sub("", text).strip(" ,.:·–-\n")


class Look:
    """One look at everything; what it finds is a list of words."""

    def __init__(self, ui, program, catalogue):
        self.ui, self.catalogue, self.data = ui, catalogue, None
        self.unmarked, self.unnamed, self.too_wide, self.seen = [], [], [], set()
        self.tenant, self.activity, self.app, self.window = tour.start(ui, program, devices=40, recommendations=20,
                                                                        activities=6)
        tenant_window.resize(self.app, self.window, WIDTH, HEIGHT)

    def go(self, visit):
        say = tour.speaker(self.catalogue)
        problems = tour.Tour(self.tenant, self.app, self.window, self.activity, say, visit).run()
        assert not problems, problems

    def check_width(self, window, name):
        if window != self.window:
            tenant_window.resize(self.app, window, WIDTH, HEIGHT)
        width = window.extents()[2]
        if width > WIDTH and name not in GTK_WINDOWS:
            self.too_wide.append(f"{name}: {width} px")

    def is_data(self, text):
        rest = rest_of(text)
        return not LETTER.search(rest) or self.data.has(rest)

    def check_words(self, window, name):
        for node in window.walk(full=True):
            states, role = node._c["states"], node._c["role"]
            for text in (node._c["name"], node._c["description"], node._c.get("text")):
                if name in NOT_OURS or not text or CLASS.fullmatch(text) or KEYS.fullmatch(text) or tour.PASTED in text:
                    continue
                text = uidrive.clean_name(text)
                if text not in self.seen:
                    self.seen.add(text)
                    if not (self.is_data(text) or all(map(self.is_data, text.split(BETWEEN)))):
                        self.unmarked.append(f"{name}: {role} {text!r}")
            if name in NOT_OURS or role in NO_STOPS or "focusable" not in states or not node._c.get("mapped"):
                continue
            if not node._c["name"] or CLASS.fullmatch(node._c["name"]) and not self.data.has(node._c["name"]):
                within = [parent.role for parent in node.ancestors()]
                # What a drop-down shows of what is chosen is a list within it, which has no focus of its own.
                if role != "list item" or not {"combo box", "pop up menu"} & set(within):
                    self.unnamed.append(f"{name}: {node.path[-8:]} {role} {node._c['name']!r} in {within[:4]}")


class Long(Look):
    """The language that does not exist."""

    STEPS = ("goes_round", "is_translated", "has_names", "fits")

    def goes_round(self):
        """everything opens in a language whose texts are 40 % longer"""
        self.data = Data(self.tenant, self.activity)

        def visit(window, name):
            self.check_width(window, name)
            self.check_words(window, name)
        self.go(visit)

    def is_translated(self):
        """every text of the program's own is from its catalogue"""
        assert len(self.seen) > 300, len(self.seen)
        assert not self.unmarked, "\n".join(self.unmarked)

    def has_names(self):
        """whatever can have the focus has a name (R17)"""
        assert not self.unnamed, "\n".join(sorted(set(self.unnamed)))

    def fits(self):
        """no page and no dialog is wider than 360 px"""
        assert not self.too_wide, "\n".join(self.too_wide)


class Large(Look):
    """Text of 200 %."""

    STEPS = ("goes_round", "is_large", "fits")

    def goes_round(self):
        """everything opens with text of 200 %"""
        self.go(self.check_width)

    def is_large(self):
        """the text is large: a line of the dashboard is as high as two"""
        self.ui.key("ctrl+1")
        height = self.app.find("label", "Exposure score", timeout=20).extents()[3]
        assert height > LARGE_LINE, height

    def fits(self):
        """no page and no dialog is wider than 360 px"""
        assert not self.too_wide, "\n".join(self.too_wide)


class Wide(Look):
    """A language whose characters are twice as wide."""

    STEPS = ("goes_round", "fits")

    def goes_round(self):
        """everything opens in a language of wide characters, and is found by its words"""
        self.go(self.check_width)

    def fits(self):
        """no page and no dialog is wider than 360 px"""
        assert not self.too_wide, "\n".join(self.too_wide)


def main(program, kind, language):
    settings = {"gtk-decoration-layout": ":close"}
    with tempfile.TemporaryDirectory() as folder:
        environ, catalogue = {}, None
        if kind is Long:
            environ = tour.pseudo().make(tour.catalogue_of(program, "de"), folder, is_long=True)
            catalogue = os.path.join(folder, "LC_MESSAGES", tour.DOMAIN + ".mo")
        elif kind is Wide:
            environ = tour.pseudo().make_locale(folder, language)
            catalogue = tour.catalogue_of(program, language)
        with uidrive.Env(lang="C.UTF-8", size=(1480, 1000), settings=settings, env=environ) as ui:
            if kind is Large:
                tour.enlarge_text(ui)
            look = kind(ui, program, catalogue)
            try:
                story.run(look, kind.STEPS)
            finally:
                look.tenant.stop()


if __name__ == "__main__":
    story.skip_unless_possible(sys.argv[1])
    import tenant_window
    import tour
    import uidrive
    main(sys.argv[1], {"long": Long, "large": Large}.get(sys.argv[2], Wide), sys.argv[2])

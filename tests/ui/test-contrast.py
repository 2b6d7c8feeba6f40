#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Contrast on pictures of the window, light, dark and in high contrast: at least 4.5 to 1 for text, 3 to 1 for marks
(WCAG 2.1, 1.4.3 and 1.4.11); TAP on standard output.

usage: test-contrast.py PROGRAM
"""
import collections
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import story  # noqa: E402

SCHEME = "org.gnome.desktop.interface color-scheme"
CONTRAST = "org.gnome.desktop.a11y.interface high-contrast"
TEXT, MARK = 4.5, 3.0
# A pixel is rounded, and a thin stroke of a letter may share each of its pixels with what is behind.
TOLERANCE = 0.15
SECONDS = 20


def luminance(color):
    parts = [part / 255 for part in color]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


class Picture:
    """What is on the display now."""

    def __init__(self, ui):
        self.width, self.height = ui.size
        image = ui.xroot.get_image(0, 0, self.width, self.height, X.ZPixmap, 0xffffffff)
        self.data = memoryview(image.data).cast("I")

    def contrast_of(self, x, y, width, height):
        """Of what is most unlike the background in a rectangle, and the background: its most frequent color."""
        pixels = collections.Counter()
        for row in range(max(0, y), min(self.height, y + height)):
            pixels.update(self.data[row * self.width + x:row * self.width + min(self.width, x + width)])
        colors = collections.Counter()
        for pixel, number in pixels.items():
            colors[pixel >> 16 & 255, pixel >> 8 & 255, pixel & 255] += number
        if len(colors) < 2:
            return None
        background = colors.most_common(1)[0][0]
        return max(contrast(background, color) for color in colors)


class Contrast:
    """One look at each page in each style; the steps build on each other."""

    def __init__(self, ui, program):
        self.ui, self.n_seen = ui, 0
        self.app, self.window = tenant_window.launch(ui, program)

    def set_look(self, is_dark, is_high):
        for key, value in ((SCHEME, "'prefer-dark'" if is_dark else "'default'"),
                           (CONTRAST, "true" if is_high else "false")):
            self.ui.gsettings_set(*key.split(), value)

        def is_shown():
            x, y, width, height = self.window.screen_extents()
            picture = Picture(self.ui)
            return (picture.data[(y + height // 2) * picture.width + x + 3] & 255 < 128) == is_dark
        self.app.wait(is_shown, timeout=SECONDS, what="the style")

    def look(self, where, faint):
        """Measures every word and mark of the newest window."""
        self.app.settle(quiet=0.4, timeout=SECONDS)
        window = self.app.windows()[-1]
        left, top, width, height = window.screen_extents()
        nodes = [(node, depth) for node, depth in window._walk(full=True)]
        picture = Picture(self.ui)
        seen = [(0, 0, width, height)]  # what shows of the nodes around, by their depth
        disabled = []  # those of them that are, by their depth; they may be faint
        for node, depth in nodes:
            role, name, states = node._c["role"], node._c["name"], node._c["states"]
            x, y, own_width, own_height = node._c["extents"]
            del seen[depth + 1:]
            disabled = [at for at in disabled if at < depth]
            if "sensitive" not in states and role != "window":
                disabled.append(depth)
            is_inside = seen[-1][0] <= x and seen[-1][1] <= y and (
                x + own_width <= seen[-1][2] and y + own_height <= seen[-1][3])
            # What is scrolled shows in part.
            seen.append((max(seen[-1][0], x), max(seen[-1][1], y), min(seen[-1][2], x + own_width),
                         min(seen[-1][3], y + own_height)) if node._c.get("mapped") and own_width else seen[-1])
            least = TEXT if role == "label" else MARK
            if role not in ("label", "image", "icon") or not node._c.get("mapped") or disabled or (
                    not is_inside or own_width < 4 or own_height < 4):
                continue
            # A dash, which is spoken as "None", has no width to measure.
            if role == "label" and not (node.text if name == "None" else name).strip(" –"):
                continue
            ratio = picture.contrast_of(left + x, top + y, own_width, own_height)
            if ratio is None:
                continue
            self.n_seen += 1
            if ratio < least - TOLERANCE:
                faint.append(f"{where}: {role} {name!r} {ratio:.2f}, not {least}")

    def measure(self, is_dark, is_high):
        faint, self.n_seen = [], 0
        self.set_look(is_dark, is_high)
        for number, name in enumerate(tenant_window.PAGES, 1):
            self.ui.key(f"ctrl+{number}")
            self.look(name, faint)
            if name in ("recommendations", "remediation"):
                tenant_window.open_row(self.app)
                self.look(name + ", details", faint)
                self.ui.key("Escape")
        self.ui.key("ctrl+2")
        tenant_window.open_row(self.app)
        self.ui.key("ctrl+r")
        self.app.find("button", "Submit request", timeout=SECONDS, sensitive=True)
        self.look("form", faint)
        self.ui.key("Escape")
        self.app.wait_gone("button", "Submit request", timeout=SECONDS)
        self.ui.key("Escape")
        assert self.n_seen > 200, self.n_seen
        assert not faint, "\n".join(sorted(set(faint)))

    def light(self):
        """light"""
        self.measure(False, False)

    def dark(self):
        """dark"""
        self.measure(True, False)

    def high_contrast(self):
        """high contrast"""
        self.measure(False, True)

    def dark_high_contrast(self):
        """high contrast, dark"""
        self.measure(True, True)


STEPS = ("light", "dark", "high_contrast", "dark_high_contrast")


if __name__ == "__main__":
    story.skip_unless_possible(sys.argv[1])
    import tenant_window
    import uidrive
    from Xlib import X
    with uidrive.Env(lang="C.UTF-8") as display:
        story.run(Contrast(display, sys.argv[1]), STEPS)

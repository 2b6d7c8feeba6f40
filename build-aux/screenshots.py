#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes pictures of every page, flyout and dialog of the window on the demo tenant, under an X server of its own.

usage: screenshots.py --program PROGRAM --output FOLDER [--plain] [--look LOOK] [--width PIXELS]

--plain: only the pages and flyouts in light, English and wide. Otherwise all of light, dark, German and
Japanese, each 1280 and 360 px wide, or what --look and --width choose of them.
"""
import argparse
import os
import sys

SOURCE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(SOURCE, "tests", "ui"))
import tenant_window  # noqa: E402
from uidrive import Env, UiError  # noqa: E402

LOOKS = (("light", "C.UTF-8", "'default'"), ("dark", "C.UTF-8", "'prefer-dark'"),
         ("german", "de_DE.UTF-8", "'default'"), ("japanese", "ja_JP.UTF-8", "'default'"))
SIZES = {1280: 820, 360: 720}
WITH_FLYOUT = ("recommendations", "remediation", "devices")


class Camera:
    """One look in one size."""

    def __init__(self, ui, program, output, look, width):
        self.ui, self.output, self.look, self.width = ui, output, look, width
        self.app, self.window = tenant_window.launch(ui, program)
        self.size = tenant_window.resize(self.app, self.window, width, SIZES[width])
        if self.size[0] != width:
            raise UiError(f"the window is {self.size[0]} px wide instead of {width}")

    def shoot(self, window, name):
        path = os.path.join(self.output, f"{name}-{self.look}-{self.width}.png")
        window.screenshot(path)
        print(path, flush=True)

    def settle(self):
        self.app.settle(quiet=0.3, timeout=10)

    def page(self, number, name):
        self.ui.key(f"ctrl+{number}")
        self.settle()
        self.shoot(self.window, name)

    def flyout(self, name):
        tenant_window.open_row(self.app)
        self.shoot(self.window, f"{name}-details")

    def dialog(self, name, close="Escape"):
        """Pictures the newest window in this size, then closes it."""
        dialog = self.app.wait(lambda: next((w for w in reversed(self.app.windows()) if w != self.window), None),
                               timeout=20, what=f"the window of {name}")
        self.settle()
        if self.width < 600:
            size = tenant_window.resize(self.app, dialog, self.width, SIZES[self.width])
            if size[0] > self.width:
                print(f"screenshots.py: {name}, {self.look}: {size[0]} px wide", file=sys.stderr, flush=True)
        self.shoot(dialog, name)
        if close:
            self.ui.key(close)
            self.app.wait(lambda: dialog not in self.app.windows(), timeout=10, what=f"{name} to close")

    def popover(self, button, name):
        button.click()
        self.settle()
        self.shoot(self.window, name)
        self.ui.key("Escape")
        self.settle()

    def dialogs(self):
        """What opens over the window: told by actions, so that it works in every language."""
        self.ui.key("ctrl+2")
        self.settle()
        tenant_window.flyout_action(self.app).click()
        self.dialog("request")
        self.ui.key("Escape", "ctrl+3")
        self.settle()
        self.window.do_action("win.show-preferences")
        self.dialog("preferences")


def take(options, look, language, scheme, width):
    with Env(lang=language, size=(1480, 1000),
             gsettings={"org.gnome.desktop.interface color-scheme": scheme},
             settings={"gtk-decoration-layout": ":close"}) as ui:
        camera = Camera(ui, options.program, options.output, look, width)
        for number, page in enumerate(tenant_window.PAGES, 1):
            camera.page(number, page)
            if page in WITH_FLYOUT:
                camera.flyout(page)
        if not options.plain:
            camera.dialogs()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", required=True)
    parser.add_argument("--output", required=True)
    parser.add_argument("--plain", action="store_true")
    parser.add_argument("--look", choices=[look for look, _, _ in LOOKS])
    parser.add_argument("--width", type=int, choices=sorted(SIZES))
    options = parser.parse_args()
    os.makedirs(options.output, exist_ok=True)
    n_failed = 0
    for look, language, scheme in LOOKS[:1] if options.plain else LOOKS:
        for width in (1280,) if options.plain else SIZES:
            if options.look not in (None, look) or options.width not in (None, width):
                continue
            try:
                take(options, look, language, scheme, width)
            except UiError as error:
                n_failed += 1
                print(f"screenshots.py: {look}, {width} px: {error}", file=sys.stderr)
    return 1 if n_failed else 0


if __name__ == "__main__":
    sys.exit(main())

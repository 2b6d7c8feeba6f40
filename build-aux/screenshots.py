#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes pictures of every page, flyout and dialog of the window on a demo tenant, under an X server of its own.

usage: screenshots.py --program PROGRAM --output FOLDER [--plain] [--look LOOK] [--width PIXELS] [--stop STOP]...

--plain: only the pages and flyouts in light, English and wide. Otherwise all looks, each 1280 and 360 px wide, or
what --look, --width and --stop choose of them. Looks that are not of a language or a colour scheme: contrast (high
contrast), large (text of 200 %), long (a language that does not exist, with texts 40 % longer), rtl (from right to
left).
"""
import argparse
import os
import subprocess
import sys
import tempfile

SOURCE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(SOURCE, "tests", "ui"))
import tenant_window  # noqa: E402
import tour  # noqa: E402
from uidrive import Env, UiError  # noqa: E402

SCHEME = "org.gnome.desktop.interface color-scheme"
CONTRAST = "org.gnome.desktop.a11y.interface high-contrast"
# The arguments of Env, and what there is to do besides: a language, or the look itself.
LOOKS = {
    "light": ({}, None),
    "dark": ({"gsettings": {SCHEME: "'prefer-dark'"}}, None),
    "german": ({"lang": "de_DE.UTF-8"}, "de"),
    "japanese": ({"lang": "ja_JP.UTF-8"}, "ja"),
    "contrast": ({"gsettings": {CONTRAST: "true"}}, None),
    "contrast-dark": ({"gsettings": {CONTRAST: "true", SCHEME: "'prefer-dark'"}}, None),
    "large": ({}, "large"),
    "long": ({}, "long"),
    "rtl": ({}, "rtl"),
}
SIZES = {1280: 820, 360: 720}
PLAIN_STOPS = ("dashboard", "recommendations", "remediation", "devices")


class Camera:
    """One look."""

    def __init__(self, app, window, options, look):
        self.app, self.window, self.options, self.look = app, window, options, look
        self.width = None

    def resize(self, width):
        self.width = width
        self.check("the window", tenant_window.resize(self.app, self.window, width, SIZES[width])[0])

    def check(self, name, width):
        if width > self.width:
            print(f"screenshots.py: {name}, {self.look}: {width} px wide instead of {self.width}", file=sys.stderr)

    def shoot(self, window, name):
        if window != self.window and self.width < 600:
            self.check(name, tenant_window.resize(self.app, window, self.width, SIZES[self.width])[0])
        path = os.path.join(self.options.output, f"{name}-{self.look}-{self.width}.png")
        window.screenshot(path)
        print(path, flush=True)


def take(options, look, widths, folder):
    """Returns what could not be pictured."""
    arguments, language = LOOKS[look]
    catalogue, environ = None, {}
    if language in ("long", "rtl"):
        environ = tour.pseudo().make(tour.catalogue_of(options.program, "de"), folder, is_long=language == "long",
                                     is_rtl=language == "rtl")
        catalogue = os.path.join(folder, "LC_MESSAGES", tour.DOMAIN + ".mo")
    elif language in ("de", "ja"):
        catalogue = tour.catalogue_of(options.program, language)
    with Env(size=(1480, 1000), env=environ, settings={"gtk-decoration-layout": ":close"}, **arguments) as ui:
        if language == "large":
            tour.enlarge_text(ui)
        tenant, activity, app, window = tour.start(ui, options.program)
        try:
            problems = []
            for width in widths:
                camera = Camera(app, window, options, look)
                camera.resize(width)
                round_trip = tour.Tour(tenant, app, window, activity, tour.speaker(catalogue), camera.shoot)
                problems += round_trip.run(options.stop or tour.STOPS)
            return problems + app.complaints(ignore="gdk_monitor_get_geometry")
        finally:
            tenant.stop()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", required=True)
    parser.add_argument("--output", required=True)
    parser.add_argument("--plain", action="store_true")
    parser.add_argument("--look", choices=LOOKS)
    parser.add_argument("--width", type=int, choices=sorted(SIZES))
    parser.add_argument("--stop", action="append", choices=tour.STOPS)
    options = parser.parse_args()
    looks, widths = [options.look] if options.look else LOOKS, [options.width] if options.width else SIZES
    if options.plain:
        looks, widths, options.stop = ["light"], [1280], PLAIN_STOPS
    n_failed = 0
    for look in looks:
        try:
            os.makedirs(options.output, exist_ok=True)
            with tempfile.TemporaryDirectory() as folder:
                problems = take(options, look, widths, folder)
        except (UiError, AssertionError, OSError, subprocess.SubprocessError) as error:
            problems = [str(error).rstrip()]
        n_failed += len(problems)
        for problem in problems:
            print(f"screenshots.py: {look}: {problem}", file=sys.stderr)
    return 1 if n_failed else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes pictures of every page of the window on the demo tenant, under an X server of its own.

usage: screenshots.py --program PROGRAM --output FOLDER [--plain]

--plain: only light, English and wide. Otherwise light, dark, German and Japanese, each 1280 and
360 px wide.
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
WIDTHS = ((1280, 820), (360, 720))


def shoot(window, path):
    window.screenshot(path)
    print(path, flush=True)


def take(program, output, look, language, scheme, width, height):
    """The pictures of one look in one size."""
    name = f"{look}-{width}"
    with Env(lang=language, size=(max(width, 1280) + 40, height + 60),
             gsettings={"org.gnome.desktop.interface color-scheme": scheme}) as ui:
        app, window = tenant_window.launch(ui, program)
        ui.xdotool("search", "--onlyvisible", "--pid", str(app.proc.pid), "--name", ".", "windowsize", "%1",
                   str(width), str(height))
        for number, page in enumerate(tenant_window.PAGES, 1):
            ui.key(f"ctrl+{number}")
            app.settle(quiet=0.5, timeout=tenant_window.START_SECONDS)
            shoot(window, os.path.join(output, f"{page}-{name}.png"))
            if width > 600 and page in ("recommendations", "remediation"):
                app.find("tree grid", showing=True).rows()[0].mouse_click()
                app.settle(quiet=0.5, timeout=tenant_window.START_SECONDS)
                shoot(window, os.path.join(output, f"{page}-details-{name}.png"))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", required=True)
    parser.add_argument("--output", required=True)
    parser.add_argument("--plain", action="store_true")
    options = parser.parse_args()
    os.makedirs(options.output, exist_ok=True)
    n_failed = 0
    for look, language, scheme in LOOKS[:1] if options.plain else LOOKS:
        for width, height in WIDTHS[:1] if options.plain else WIDTHS:
            try:
                take(options.program, options.output, look, language, scheme, width, height)
            except UiError as error:
                n_failed += 1
                print(f"screenshots.py: {look}, {width} px: {error}", file=sys.stderr)
    return 1 if n_failed else 0


if __name__ == "__main__":
    sys.exit(main())

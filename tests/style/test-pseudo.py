#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The languages that do not exist, which the window is looked at in: complete, longer, and safe to print with. TAP.

usage: test-pseudo.py CATALOGUE.mo
"""
import gettext
import os
import re
import subprocess
import sys
import tempfile

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(SOURCE, "build-aux"))
import pseudo  # noqa: E402

LEAST = 12  # letters from which on a text's length is judged


def kept(text):
    return pseudo.KEPT.findall(text)


def is_complete(catalogue, folder):
    """each text of the catalogue has its translation, each plural and context too"""
    texts = pseudo.read_catalogue(catalogue)
    assert len(texts) > 500 and any(len(words) == 2 for _, words in texts), len(texts)
    assert any(context is not None for context, _ in texts)
    for context, words in texts:
        for number, word in zip((1, 2), words):
            if context is not None:
                said = folder.npgettext(context, words[0], words[-1], number) if len(words) > 1 \
                    else folder.pgettext(context, word)
            else:
                said = folder.ngettext(words[0], words[1], number) if len(words) > 1 else folder.gettext(word)
            assert said == pseudo.lengthen(word), (word, said)


def is_longer(catalogue, folder):
    """a text is at least 40 % longer, is in brackets and has no plain vowel that a person reads"""
    for _, words in pseudo.read_catalogue(catalogue):
        for word in words:
            said, free = pseudo.lengthen(word), pseudo.KEPT.sub("", word)
            assert said.startswith("[") and said.endswith("]"), said
            assert not re.search("[aeiouAEIOU]", pseudo.KEPT.sub("", said)), said
            if len(free) >= LEAST:
                assert len(said) - len(word) >= pseudo.MORE * len(free) - 1, (word, said)


def keeps(catalogue, folder):
    """conversions, markup, addresses and mnemonics are the same, in the same order"""
    for _, words in pseudo.read_catalogue(catalogue):
        for word in words:
            assert kept(pseudo.lengthen(word)) == kept(word), word
    assert kept(pseudo.lengthen("_Open <b>%2$s</b> &amp; %'d of 5 %% at https://a.example/b?c=%20d now")) == [
        "_O", "<b>", "%2$s", "</b>", "&amp;", "%'d", "%%", "https://a.example/b?c=%20d"]


def is_c_format(catalogue, folder):
    """gettext's own check of conversions finds nothing"""
    rows = ['msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"']
    for _, words in pseudo.read_catalogue(catalogue):
        if len(words) == 1 and "%" in words[0]:
            quoted = [text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
                      for text in (words[0], pseudo.lengthen(words[0]))]
            rows.append('#, c-format\nmsgid "%s"\nmsgstr "%s"' % tuple(quoted))
    unique = "\n\n".join(dict.fromkeys(rows))
    done = subprocess.run(["msgfmt", "--check-format", "-o", os.devnull, "-"], input=unique, text=True,
                          capture_output=True, check=False)
    faults = [line for line in done.stderr.splitlines() if "not a valid C format" not in line and "format" in line]
    assert not faults, faults


def mirrors(catalogue, folder):
    """from right to left, GTK is told so, and each line begins with the mark"""
    with tempfile.TemporaryDirectory() as place:
        language = pseudo.make(catalogue, place, is_rtl=True)
        with open(os.path.join(place, "LC_MESSAGES", "gtk40.mo"), "rb") as file:
            assert gettext.GNUTranslations(file).gettext("default:LTR") == "default:RTL"
        # gettext's C library finds it from any domain's folder.
        environ = {**os.environ, **language, "LC_ALL": language["LANG"], "TEXTDOMAINDIR": "/usr/share/locale"}
        said = subprocess.run(["gettext", "-d", "gtk40", "default:LTR"], env=environ, capture_output=True, check=True)
        assert said.stdout == b"default:RTL", said
    assert pseudo.change("a\nb", False, True) == "\u200fa\n\u200fb\u200f"


def main(catalogue):
    checks = (is_complete, is_longer, keeps, is_c_format, mirrors)
    print(f"1..{len(checks)}")
    with tempfile.TemporaryDirectory() as place:
        pseudo.make(catalogue, place, is_long=True)
        with open(os.path.join(place, "LC_MESSAGES", pseudo.DOMAIN + ".mo"), "rb") as file:
            folder = gettext.GNUTranslations(file)
    for number, check in enumerate(checks, 1):
        try:
            check(catalogue, folder)
            print(f"ok {number} {check.__doc__}")
        except AssertionError as error:
            print(f"not ok {number} {check.__doc__}\n# {error!r}"[:2000])


if __name__ == "__main__":
    main(sys.argv[1])

#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes catalogues of languages that do not exist, to see what a translation would do to the window.

usage: pseudo.py --catalogue FILE.mo --output FOLDER [--long] [--right-to-left]

FILE.mo: a complete catalogue of the product, for its texts. --long: each text is in brackets, has accents and is
40 % longer. --right-to-left: GTK mirrors the window, and each text runs from right to left. What programs read
(printf's conversions, markup, addresses) and mnemonics stay. Prints the environment that leads to the catalogues.
"""
import argparse
import os
import re
import struct
import subprocess

DOMAIN = "tvm-remediate"
LOCALE = "xx.UTF-8"
OPEN, CLOSE = "[", "]"
RLM = "\u200f"  # right-to-left mark
MORE = 0.4
ACCENTS = dict(zip("aceinorsuyzACEINORSUYZ", "áçéíñóŕšúýžÁÇÉÍÑÓŔŠÚÝŽ"))
VOWELS = "aeiouyAEIOUY"
# A conversion, a tag, an entity, an address, a mnemonic with its letter.
KEPT = re.compile(r"%(?:\d+\$)?[-+ #0'I^_]*(?:\d+|\*)?(?:\.(?:\d+|\*))?(?:hh|h|ll|l|j|z|t)?[A-Za-z%]"
                  r"|<[^<>]+>|&#?\w+;|https?://\S+|_\w")
MAGIC = 0x950412de
HEADER = "MIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=2; plural=(n != 1);\n"


def read_catalogue(path):
    """The (context or None, [singular, plural]) of every text in a compiled catalogue."""
    with open(path, "rb") as file:
        data = file.read()
    order = "<" if struct.unpack_from("<I", data)[0] == MAGIC else ">"
    n_texts, originals = struct.unpack_from(order + "8xII", data)
    texts = []
    for i in range(n_texts):
        length, start = struct.unpack_from(order + "II", data, originals + 8 * i)
        context, separator, words = data[start:start + length].decode().rpartition("\x04")
        if words:
            texts.append((context if separator else None, words.split("\0")))
    return texts


def write_catalogue(path, texts):
    """texts: {key: translation}, as in the file: with contexts and plurals."""
    pairs = sorted((key.encode(), value.encode()) for key, value in {"": HEADER, **texts}.items())
    start = 28 + 16 * len(pairs)
    tables, body = [b"", b""], b""
    for column in (0, 1):
        for pair in pairs:
            tables[column] += struct.pack("<II", len(pair[column]), start + len(body))
            body += pair[column] + b"\0"
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(struct.pack("<7I", MAGIC, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, start))
        file.write(tables[0] + tables[1] + body)


def lengthen(text):
    """The text with accents and doubled vowels, in brackets, 40 % longer."""
    pieces, at = [], 0
    for kept in KEPT.finditer(text):
        pieces += [(text[at:kept.start()], True), (kept.group(), False)]
        at = kept.end()
    pieces.append((text[at:], True))
    n_missing = MORE * sum(len(piece) for piece, is_free in pieces if is_free) - len(OPEN + CLOSE)
    step = n_missing / max(1, sum(piece.count(v) for piece, is_free in pieces if is_free for v in VOWELS))
    owed, out = 0.0, OPEN
    for piece, is_free in pieces:
        for character in piece:
            out += ACCENTS.get(character, character) if is_free else character
            if is_free and character in VOWELS:
                owed = max(0, owed + step)
                out += ACCENTS[character] * int(owed)
                owed -= int(owed)
    return out + "~" * round(owed if step > 0 else max(0, n_missing)) + CLOSE


def change(text, is_long, is_rtl):
    """A text as the language that does not exist has it."""
    text = lengthen(text) if is_long else text
    return RLM + text.replace("\n", "\n" + RLM) + RLM if is_rtl else text


def make_locale(folder, language):
    """Writes a locale in which gettext reads LANGUAGE, whichever are installed; returns the environment for it."""
    # C.UTF-8 by another name: the C library of Debian 13 passes LANGUAGE over where the locale is called that.
    locale = os.path.join(os.path.abspath(folder), LOCALE)
    subprocess.run(["localedef", "--quiet", "-c", "-i", "C", "-f", "UTF-8", locale], check=True)
    return {"LOCPATH": os.path.dirname(locale), "LANG": LOCALE, "LANGUAGE": language}


def make(catalogue, folder, is_long=False, is_rtl=False):
    """Writes the catalogues; returns the environment for them."""
    texts = {}
    for context, words in read_catalogue(catalogue):
        key = (context + "\x04" if context is not None else "") + "\0".join(words)
        texts[key] = "\0".join(change(word, is_long, is_rtl) for word in words)
    messages = os.path.join(os.path.abspath(folder), "LC_MESSAGES")
    write_catalogue(os.path.join(messages, DOMAIN + ".mo"), texts)
    if is_rtl:
        write_catalogue(os.path.join(messages, "gtk40.mo"), {"default:LTR": "default:RTL"})
    # gettext joins LANGUAGE to each domain's folder, wherever that is.
    return make_locale(folder, "../" * 16 + os.path.relpath(os.path.abspath(folder), "/"))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--catalogue", required=True)
    parser.add_argument("--output", required=True)
    parser.add_argument("--long", action="store_true")
    parser.add_argument("--right-to-left", action="store_true")
    options = parser.parse_args()
    environ = make(options.catalogue, options.output, options.long, options.right_to_left)
    print(*(f"{name}={value}" for name, value in environ.items()))


if __name__ == "__main__":
    main()

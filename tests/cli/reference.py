# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables of docs/cli.md, and whether what a command prints is what they say."""
import os
import re

from tap import check

PATH = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "docs", "cli.md")
SCALARS = {
    "text": lambda value: isinstance(value, str),
    "word": lambda value: isinstance(value, str) and re.fullmatch(r"[a-z0-9-]+", value),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "integer or text": lambda value: isinstance(value, (int, str)) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, (int, float)) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "instant": lambda value: isinstance(value, str) and
               re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)", value),
    "date": lambda value: isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value),
    "texts": lambda value: isinstance(value, list) and all(isinstance(text, str) for text in value),
}


class Member:
    def __init__(self, name, kind, places):
        self.name = name
        self.is_optional = kind.endswith(", optional")
        kind = kind.removesuffix(", optional")
        self.may_be_null = kind.endswith(" or null")
        self.kind = kind.removesuffix(" or null")
        self.in_json = "JSON" in places.split()
        self.heading = None
        if "CSV" in places:
            renamed = re.search(r"CSV \(`(\w+)`\)", places)
            self.heading = renamed.group(1) if renamed else name


def read_rows(text):
    """The cells of each table row below the first heading line."""
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("|")]
    return rows[2:]


class Reference:
    def __init__(self):
        with open(PATH, encoding="utf-8") as stream:
            self.text = stream.read()
        parts = re.split(r"^#{2,3} (.*)$", self.text, flags=re.M)
        self.sections = parts[1::2]
        self.tables, self.used = {}, set()
        for title, text in zip(parts[1::2], parts[2::2]):
            if "| name | type | in |" in text:
                self.tables[title] = [Member(row[0].strip("`"), row[1], row[2]) for row in read_rows(text)]
                for row in read_rows(text):
                    check(len(row) == 4 and row[3], f"{title}: {row} explains nothing")
            elif title == "Settings":
                self.settings = {row[0].strip("`"): "" if row[1] == "none" else row[1].strip("`") for row in read_rows(text)}
            elif title == "JSON and CSV":
                commands, exports = text.split("| export | columns |")
                self.commands = {row[0]: row[1] for row in read_rows(commands)}
                self.exports = {row[0]: row[1] for row in read_rows("| |\n| |\n" + exports.split("\n\n")[0])[1:]}

    def members(self, titles):
        return [member for title in titles.split(" + ") for member in self.tables[title]]

    def check_object(self, titles, value, where):
        members = {member.name: member for member in self.members(titles) if member.in_json}
        check(isinstance(value, dict), f"{where} is no object")
        for name in value:
            check(name in members, f"{where}: “{name}” is not in the table {titles} of docs/cli.md")
        for name, member in members.items():
            check(member.is_optional or name in value, f"{where}: “{name}” of the table {titles} is not there")
            if name in value:
                for title in titles.split(" + "):
                    self.used.update((title, name) for member in self.tables[title] if member.name == name)
                self.check_value(member, value[name], f"{where}.{name}")

    def check_value(self, member, value, where):
        if value is None:
            check(member.may_be_null, f"{where} is null, which docs/cli.md does not say")
        elif member.kind in SCALARS:
            check(SCALARS[member.kind](value), f"{where}: {value!r} is no {member.kind}")
        else:
            self.check_kind(member.kind, value, where)

    def check_kind(self, kind, value, where):
        """What a command or member of that kind has: "object X", "list of X + Y"."""
        if value is None:
            check(kind.endswith(", or null"), f"{where} is null")
        elif kind.startswith("list of "):
            check(isinstance(value, list), f"{where} is no list")
            for row in value:
                self.check_object(kind.removeprefix("list of ").removesuffix(", or null"), row, where + "[]")
        else:
            check(kind.startswith("object "), f"{where}: what is “{kind}”?")
            self.check_object(kind.removeprefix("object ").removesuffix(", or null"), value, where)

    def headings(self, titles):
        return [member.heading for member in self.members(titles) if member.heading is not None]

    def never_seen(self):
        """What the tables name and nothing printed had, but for optional members and those of CSV alone."""
        return [f"{title}: {member.name}" for title, members in self.tables.items() for member in members
                if member.in_json and not member.is_optional and (title, member.name) not in self.used]

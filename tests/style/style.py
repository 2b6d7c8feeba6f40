#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of the source tree that no compiler makes; TAP on standard output, reasons on standard error.

usage: style.py SOURCE_ROOT
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
import words  # noqa: E402

MAX_FUNCTION_LINES = 80
MAX_FILE_LINES = 500
# Longer ones from before that limit.
LONG_FILES = {"src/models/tvm-row-list.c": 600, "src/ui/list/tvm-list-page.c": 600, "src/ui/preferences/tvm-preferences-window.c": 600,
              "src/ui/request/tvm-request-dialog.c": 620}
MAX_COLUMNS = 100
MAX_COMPLAINTS = 25

# Which other folders' headers the files of a folder of src/ may name; base and domain are open to
# all above them. src/DESIGN.md gives the reasons.
LAYERS = {
    "base": set(),
    "domain": {"base"},
    "client": {"base", "domain"},
    "store": {"base", "domain"},
    "team": {"base", "domain"},
    "sync": {"base", "domain", "client", "store", "team"},
    "models": {"base", "domain", "store"},
    "ui": {"base", "domain", "models", "sync"},
    "app": {"base", "domain", "client", "store", "team", "sync", "models", "ui", "demo"},
    "cli": {"base", "domain", "store", "sync", "demo"},
    "demo": {"base"},
}

INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.MULTILINE)
TRANSLATED_C = re.compile(r'\b(?:_|N_|C_|NC_|ngettext|g_dngettext)\s*\(\s*(?:/\*.*?\*/\s*)*"', re.DOTALL)
TRANSLATED_UI = re.compile(r'translatable="(?:yes|true|1)"')
SQL = re.compile(r'"\s*(?:SELECT\s|INSERT\s+(?:OR\s+\w+\s+)?INTO\s|UPDATE\s+\w+\s+SET\s|DELETE\s+FROM\s'
                 r'|CREATE\s+(?:TABLE|INDEX|VIEW)\s|PRAGMA\s)')
# A column of an enum beside a number; statements name the enum's value instead.
ENUM_NUMBER = re.compile(r'"[^"\n]*\b(?:status|origin|completion|priority|type|severity|state)\s*'
                         r'(?:=|<>|<|>|(?:NOT )?IN \()\s*[1-9]')
# Calls whose text is taken for Pango markup by default.
MARKUP_CALL = re.compile(r'\b(gtk_label_set_markup|adw_toast_new|adw_toast_set_title|'
                         r'adw_status_page_set_description|adw_preferences_row_set_title|'
                         r'adw_action_row_set_subtitle)\s*\(')
MARKUP_SAFE = re.compile(r'g_markup_escape_text|g_markup_printf_escaped|use[_-]markup')
# What newer libraries deprecate or take otherwise, and the one file that names it.
DEPRECATED = {
    "tvm-question.c": re.compile(r"\badw_message_dialog_\w+\s*\("),
    "tvm-toolkit.c": re.compile(r"\b(?:adw_(?:flap|squeezer|view_switcher_title)_\w+|gtk_show_uri\w*|"
                                r"gtk_style_context_\w+|gtk_widget_get_style_context)\s*\(|\bGTK_ACCESSIBLE_PROPERTY_LABEL\b"),
}
# A definition in GNU style: what it returns, its name, its parameters.
FUNCTION = re.compile(r"^([A-Za-z_][\w *]*)\n(\w+) \(((?:[^()]|\([^()]*\))*)\)\n\{", re.MULTILINE)
# Written in halves, so that this file does not find itself.
WORKPLACE = re.compile("/(?:wo" + "rk|fa" + r"rm)/|\.\./sha" + "red")
PROMISE = re.compile(r"\b(?:TO" + "DO|FIX" + r"ME|XX" + r"X)\b")


class Tree:
    """The files of the project, read once."""

    def __init__(self, root):
        self.root = root
        self.paths = sorted(self._list_paths())
        self._texts = {}

    def _list_paths(self):
        try:
            listed = subprocess.run(["git", "-C", self.root, "ls-files", "-z", "--cached", "--others",
                                     "--exclude-standard"], capture_output=True, check=True)
            names = [name for name in listed.stdout.decode().split("\0") if name]
            if names:
                return [name for name in names if os.path.isfile(os.path.join(self.root, name))]
        except (OSError, subprocess.CalledProcessError):
            pass
        found = []
        for folder, folders, files in os.walk(self.root):
            folders[:] = [f for f in folders if not f.startswith(("build", ".git", "demo-output"))]
            found += [os.path.relpath(os.path.join(folder, name), self.root) for name in files]
        return found

    def text(self, path):
        """The text of a file, empty for a binary one."""
        if path not in self._texts:
            with open(os.path.join(self.root, path), "rb") as stream:
                data = stream.read()
            self._texts[path] = "" if b"\0" in data else data.decode("utf-8", "replace")
        return self._texts[path]

    def select(self, folder, *endings):
        return [p for p in self.paths if p.startswith(folder) and p.endswith(endings)]


def line_of(text, position):
    return text.count("\n", 0, position) + 1


def layer_of(path):
    return path.split("/")[1]


def without_comments(text):
    """Blanks comments, keeping the line numbers."""
    return re.sub(r"/\*.*?\*/", lambda m: re.sub(r"[^\n]", " ", m[0]), text, flags=re.DOTALL)


def check_spdx(tree):
    """every source file names its licence"""
    endings = (".c", ".h", ".py", ".sh", ".ui", ".css", ".sql", ".build", ".xml")
    paths = [p for p in tree.paths if p.endswith(endings) or p in ("dev", ".ci/run", ".ci/sanitized")]
    return [f"{p}: no SPDX-License-Identifier" for p in paths
            if tree.text(p).strip() and not p.endswith("meson.build") and not p.startswith("tests/data/")
            and "SPDX-License-Identifier: " not in tree.text(p) and "<project_license>" not in tree.text(p)]


def check_layers(tree):
    """folders include only what their layer may use"""
    owners = {os.path.basename(p): layer_of(p) for p in tree.select("src/", ".h")}
    wrong = []
    for path in tree.select("src/", ".c", ".h"):
        layer = layer_of(path)
        if layer not in LAYERS:
            wrong.append(f"{path}: the folder has no line in the table of layers")
            continue
        for include in INCLUDE.findall(tree.text(path)):
            owner = owners.get(os.path.basename(include), layer)
            if owner != layer and owner not in LAYERS[layer]:
                wrong.append(f"{path}: {layer} may not include {include} of {owner}")
    return wrong


def check_relative_includes(tree):
    """no include leaves its folder by its path"""
    return [f"{p}: includes {include}" for p in tree.select("", ".c", ".h")
            for include in INCLUDE.findall(tree.text(p)) if include.startswith("../") or "/../" in include]


def check_private_headers(tree):
    """a -private.h is included inside its folder only"""
    owners = {os.path.basename(p): layer_of(p) for p in tree.select("src/", "-private.h")}
    return [f"{p}: includes {include}" for p in tree.select("src/", ".c", ".h")
            for include in INCLUDE.findall(tree.text(p))
            if owners.get(os.path.basename(include), layer_of(p)) != layer_of(p)]


def check_sql(tree):
    """SQL stands in src/store and src/team alone"""
    return [f"{p}:{line_of(tree.text(p), m.start())}: {m[0].strip()}"
            for p in tree.select("src/", ".c", ".h") if layer_of(p) not in ("store", "team")
            for m in SQL.finditer(tree.text(p))]


def check_enum_numbers(tree):
    """statements name the values of enums"""
    return [f"{path}:{line_of(tree.text(path), match.start())}: {match.group().strip()}"
            for path in tree.select("src/store/", ".c", ".h")
            for match in ENUM_NUMBER.finditer(tree.text(path))]


def defined_types(text):
    """The names that a header's typedefs and type declarations bring."""
    text = without_comments(text)
    text = re.sub(r"\\\n", " ", text)
    while (flat := re.sub(r"\{[^{}]*\}", " ", text)) != text:
        text = flat
    names = set(re.findall(r"G_DECLARE_\w+\s*\(\s*(\w+)", text))
    for body in re.findall(r"\btypedef\b([^;]*);", text):
        function = re.search(r"\(\s*\*\s*(\w+)\s*\)", body)
        names.add(function.group(1) if function else re.findall(r"\w+", re.sub(r"\[.*?\]", "", body))[-1])
    return names


def check_type_names(tree):
    """no two types have one name"""
    places = {}
    for path in tree.select("src/", ".h"):
        for name in defined_types(tree.text(path)):
            places.setdefault(name, []).append(path)
    return [f"{name}: {', '.join(paths)}" for name, paths in sorted(places.items()) if len(paths) > 1]


def check_potfiles(tree):
    """po/POTFILES.in lists exactly the files with translatable text"""
    listed = [line.strip() for line in tree.text("po/POTFILES.in").splitlines()
              if line.strip() and not line.startswith("#")]
    wanted = [p for p in tree.select("src/", ".c", ".h") if TRANSLATED_C.search(tree.text(p))]
    wanted += [p for p in tree.select("src/", ".ui") if TRANSLATED_UI.search(tree.text(p))]
    wrong = [f"{p} is missing" for p in sorted(set(wanted) - set(listed))]
    wrong += [f"{p} has nothing to translate, or is gone" for p in sorted(set(listed) - set(wanted))]
    if listed != sorted(listed):
        wrong.append("the list is not sorted")
    return wrong


def check_format_macros(tree):
    """no format macro cuts a translatable text (xgettext reads none of GLib's)"""
    pattern = re.compile(r'\b(?:_|N_|ngettext)\s*\((?:[^()]|\([^()]*\))*?"\s*G_G\w+_FORMAT', re.DOTALL)
    return [f"{p}:{line_of(tree.text(p), m.start())}" for p in tree.select("src/", ".c")
            for m in pattern.finditer(without_comments(tree.text(p)))]


def check_colons(tree):
    """the colon after a label is translatable: French and Chinese write another"""
    pattern = re.compile(r'(?<!_\()"(?:%s: ?(?:%s)?|: (?:%s)?)"')
    return [f"{p}:{line_of(tree.text(p), m.start())}: {m[0]}"
            for folder in ("ui", "cli", "domain", "models", "app") for p in tree.select(f"src/{folder}/", ".c")
            for m in pattern.finditer(without_comments(tree.text(p)))]


def run_tool(*command):
    """The tool's complaints, None when it is content; FileNotFoundError when it is not installed."""
    if shutil.which(command[0]) is None:
        raise FileNotFoundError(command[0])
    result = subprocess.run(command, capture_output=True, text=True, check=False,
                            env={**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": ""})
    return None if result.returncode == 0 else (result.stderr + result.stdout).strip()


def check_catalogues(tree):
    """every catalogue translates every text, none fuzzy"""
    listed = [line.strip() for line in tree.text("po/POTFILES.in").splitlines() if line.strip()]
    wrong = []
    with tempfile.TemporaryDirectory() as folder:
        pot = os.path.join(folder, "sources.pot")
        complaint = run_tool("xgettext", "--from-code=UTF-8", "--add-comments", "--output=" + pot,
                             "--keyword=_", "--keyword=N_", "--keyword=C_:1c,2", "--keyword=NC_:1c,2",
                             "--keyword=g_dngettext:2,3", "--directory=" + tree.root, *listed)
        if complaint:
            return [complaint]
        for language in words.LANGUAGES:
            catalogue = os.path.join(tree.root, "po", language + ".po")
            wrong.append(run_tool("msgfmt", "--check", "--output-file=/dev/null", catalogue))
            wrong.append(run_tool("msgcmp", catalogue, pot))
    return [w for w in wrong if w]


def check_translations(tree):
    """translations keep to the vocabulary and to their language's punctuation"""
    return [fault for language in words.LANGUAGES if f"po/{language}.po" in tree.paths
            for fault in words.faults(language, tree.text(f"po/{language}.po"))]


def check_desktop_file(tree):
    """the desktop file is valid"""
    complaint = run_tool("desktop-file-validate", os.path.join(tree.root, "org.example.TvmRemediate.desktop"))
    return [complaint] if complaint else []


def check_desktop_languages(tree):
    """the desktop file and the metainfo speak every language"""
    desktop = tree.text("org.example.TvmRemediate.desktop")
    metainfo = tree.text("data/org.example.TvmRemediate.metainfo.xml")
    wrong = [f"desktop file: no {key}[{language}]" for language in words.LANGUAGES
             for key in ("Comment", "Keywords") if f"\n{key}[{language}]=" not in desktop]
    wrong += [f"metainfo: nothing in {language}" for language in words.LANGUAGES
              if f'<summary xml:lang="{language.replace("_", "-")}">' not in metainfo]
    return wrong


def check_metainfo(tree):
    """the metainfo is valid"""
    complaint = run_tool("appstreamcli", "validate", "--no-net",
                         os.path.join(tree.root, "data/org.example.TvmRemediate.metainfo.xml"))
    return [complaint] if complaint else []


def last_argument(text, start):
    """The text of a call's last argument; start is just after its opening parenthesis."""
    depth, begin = 1, start
    for position in range(start, len(text)):
        if text[position] == "(":
            depth += 1
        elif text[position] == ")":
            depth -= 1
            if depth == 0:
                return text[begin:position].strip()
        elif text[position] == "," and depth == 1:
            begin = position + 1
    return ""


def check_markup(tree):
    """no outside text reaches a widget as markup"""
    wrong = []
    for path in tree.select("src/", ".c"):
        text = without_comments(tree.text(path))
        safe = MARKUP_SAFE.search(text)
        for call in MARKUP_CALL.finditer(text):
            argument = last_argument(text, call.end())
            if not safe and not re.match(r'(?:_\s*\(\s*)?"|NULL$|_\s*\(', argument):
                wrong.append(f"{path}:{line_of(text, call.start())}: {call[1]} ({argument})")
    return wrong


def functions_of(text):
    """(first line, number of lines) of each function body in GNU style."""
    start = None
    for number, line in enumerate(text.splitlines(), 1):
        if line == "{":
            start = number
        elif line == "}" and start is not None:
            yield start, number - start + 1
            start = None


def check_deprecated(tree):
    """what newer libraries deprecate is called in one place each"""
    return [f"{p}:{line_of(tree.text(p), m.start())}: {m[0]}...), which is for {place}"
            for place, call in DEPRECATED.items() for p in tree.select("src/", ".c")
            if os.path.basename(p) != place for m in call.finditer(tree.text(p))]


def check_lengths(tree):
    """functions and files stay readable in length"""
    wrong = []
    for path in tree.select("src/", ".c", ".h") + tree.select("tests/", ".c", ".h"):
        text = tree.text(path)
        n_lines = text.count("\n")
        if n_lines > LONG_FILES.get(path, MAX_FILE_LINES):
            wrong.append(f"{path}: {n_lines} lines")
        wrong += [f"{path}:{line}: a function of {n} lines" for line, n in functions_of(text)
                  if n > MAX_FUNCTION_LINES]
    return wrong


def check_columns(tree):
    """lines of the sources fit into 100 columns"""
    return [f"{path}:{number}: {len(line)} columns" for path in tree.select("src/", ".c", ".h")
            for number, line in enumerate(tree.text(path).splitlines(), 1)
            if len(line) > MAX_COLUMNS]


def parameters_of(text):
    """The names in a list of parameters, also those of arrays and of pointers to functions."""
    found = [re.search(r"\(\*(\w+)\)|(\w+)\s*(?:\[[^\]]*\])*\s*$", parameter)
             for parameter in re.split(r",(?![^()]*\))", text) if parameter.strip() not in ("void", "...")]
    return [match[1] or match[2] for match in found if match]


def check_documentation(tree):
    """every public function is documented, with the names of its parameters"""
    wrong = []
    for path in tree.select("src/", ".c"):
        text = tree.text(path)
        for match in FUNCTION.finditer(text):
            if "static" in match[1].split():
                continue
            place = f"{path}:{line_of(text, match.start(2))}: {match[2]}"
            before = text[:match.start()]
            comment = before[before.rfind("/**\n"):] if before.endswith(" */\n") else ""
            if not comment.startswith(f"/**\n * {match[2]}:\n"):
                wrong.append(f"{place} has no doc comment")
                continue
            names, told = parameters_of(match[3]), re.findall(r"^ \* @(\w+):", comment, re.MULTILINE)
            wrong += [f"{place}: @{name} is not told" for name in names if name not in told]
            wrong += [f"{place}: there is no @{name}" for name in told if name not in names]
    return wrong


def check_workplace(tree):
    """nothing names the place where it was written"""
    return [f"{p}:{line_of(tree.text(p), m.start())}" for p in tree.paths
            for m in WORKPLACE.finditer(tree.text(p))]


def check_promises(tree):
    """no promise stands in the code"""
    return [f"{p}:{line_of(tree.text(p), m.start())}: {m[0]}" for p in tree.select("", ".c", ".h", ".py")
            for m in PROMISE.finditer(tree.text(p))]


CHECKS = (check_spdx, check_layers, check_relative_includes, check_private_headers, check_sql,
          check_enum_numbers, check_type_names, check_potfiles, check_format_macros,
          check_colons, check_catalogues, check_translations, check_desktop_file, check_desktop_languages, check_metainfo, check_markup, check_deprecated, check_lengths, check_columns,
          check_documentation, check_workplace, check_promises)


def main(root):
    tree = Tree(root)
    print(f"1..{len(CHECKS)}")
    for number, check in enumerate(CHECKS, 1):
        name = check.__doc__.strip().splitlines()[0]
        try:
            wrong = check(tree)
        except FileNotFoundError as missing:
            print(f"ok {number} {name} # SKIP no {missing}")
            continue
        lines = [line for complaint in wrong for line in complaint.splitlines()]
        for line in lines[:MAX_COMPLAINTS]:
            print("# " + line, file=sys.stderr)
        if len(lines) > MAX_COMPLAINTS:
            print(f"# ... and {len(lines) - MAX_COMPLAINTS} more lines", file=sys.stderr)
        print(f"{'not ok' if wrong else 'ok'} {number} {name}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1])

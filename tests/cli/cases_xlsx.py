# SPDX-License-Identifier: GPL-3.0-or-later
"""Spreadsheets as LibreOffice reads them, cell by cell; skipped where it is not installed."""
import csv
import datetime
import glob
import os
import re
import shutil
import subprocess
import zipfile

import tap
from tap import check, equal, test

if shutil.which("soffice") is None:
    tap.skip_all("LibreOffice (soffice) is not installed")

# Separator, quote, UTF-8, from line 1, no column formats, English, quote texts only where needed, numbers
# and dates as they are shown, no formulas, every sheet into a file of its own.
DAY_AND_TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d")
FILTER = "csv:Text - txt - csv (StarCalc):44,34,76,1,,1033,false,true,false,false,false,-1"


def read_csv(path, delimiter=","):
    with open(path, newline="", encoding="utf-8-sig") as stream:
        return list(csv.reader(stream, delimiter=delimiter))


def sheets(context, *paths):
    """What LibreOffice shows of each file: of each sheet, by name, the rows of cells."""
    out = paths[0] + ".sheets"
    profile = "file://" + os.path.join(context.home, "office")
    subprocess.run(["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", FILTER, "--outdir",
                    out, *paths], check=True, capture_output=True, timeout=300, env={**os.environ, "LC_ALL": "C.UTF-8"})
    bases = [os.path.splitext(os.path.basename(path))[0] + "-" for path in paths]
    return [{os.path.basename(name)[len(base):-4]: read_csv(name) for name in glob.glob(f"{out}/{base}*.csv")}
            for base in bases]


def as_shown(cell):
    """A cell of the CSV file as a spreadsheet shows it."""
    if DAY_AND_TIME.match(cell):
        return cell[:16]  # CSV has no seconds
    cell = cell.removeprefix("'")
    try:
        return float(cell)
    except ValueError:
        return cell


def same(got, wanted, what):
    equal(len(got), len(wanted), f"rows of {what}")
    for number, (row, wanted_row) in enumerate(zip(got, wanted), 1):
        equal([as_shown(cell) for cell in row], [as_shown(cell) for cell in wanted_row], f"row {number} of {what}")


def export(context, *words, form="spreadsheet", name):
    path = os.path.join(context.home, name)
    return path, context.tvm.run("export", *words, "--format", form, "--output", path)


@test
def lists(context):
    """every list as a spreadsheet has the cells of its CSV file, numbers and dates as such"""
    about = context.tvm.json("recommendations", "--limit", "1")[0]["id"]
    for note in ("=1+1", "@SUM(A1)", "-1", "＝1", "two\nlines; b"):
        context.tvm.run("request", about, "--type", "attention-required", "--all-groups", "--note", note)
    names = ("recommendations", "devices", "activities", "exceptions", "archive", "history")
    files = [(name, export(context, name, name=name + ".csv"), export(context, name, form="xlsx", name=name + ".xlsx"))
             for name in names]
    read = sheets(context, *(spreadsheet[0] for _, _, spreadsheet in files))
    for (name, (plain, said), (_, said_too)), got in zip(files, read):
        equal(said_too.err.split()[1], said.err.split()[1], f"the row count of {name}")
        equal(len(got), 1, f"sheets of {name}")
        same(list(got.values())[0], read_csv(plain), name)


@test
def activity(context):
    """an activity has sheets for itself, its devices and its history"""
    about = context.tvm.json("recommendations", "--limit", "1")[0]
    due = (datetime.date.today() + datetime.timedelta(days=30)).isoformat()
    one, other = (context.tvm.json("request", about["id"], "--type", about["type"], "--priority", "low", "--due", due,
                                   "--all-groups")["id"] for _ in range(2))
    path, said = export(context, "activity", one, form="xlsx", name="one.xlsx")
    two, _ = export(context, "activity", one, other, form="xlsx", name="two.xlsx")
    read, both = sheets(context, path, two)
    equal(sorted(read), ["Activity", "Devices", "What happened"], "sheets")
    plain, _ = export(context, "activity", one, name="one.csv")
    same(read["Devices"], read_csv(plain), "the devices")
    plain, _ = export(context, "history", one, name="one-history.csv")
    same(read["What happened"], read_csv(plain), "the history")
    plain, _ = export(context, "activities", name="all.csv")
    whole = read_csv(plain)
    same(read["Activity"], [whole[0], *(row for row in whole if row[0] == one)], "the activity")
    equal(said.err.split()[1], str(sum(len(sheet) - 1 for sheet in read.values())), "the row count")
    equal({row[0] for row in both["Activities"][1:]}, {one, other}, "activities")
    equal({row[1] for row in both["What happened"][1:]}, {one, other}, "whose history")


@test
def parts(context):
    """the heading stays in sight and filters, columns are as wide as their texts, nothing is a formula"""
    path, _ = export(context, "activity", form="xlsx", name="parts.xlsx")
    with zipfile.ZipFile(path) as archive:
        equal(archive.testzip(), None, "damaged parts")
        names = [name for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
        equal(len(names), 3, "sheets")
        for name in names:
            text = archive.read(name).decode()
            check('state="frozen"' in text and "<autoFilter " in text, f"no frozen heading or filter in {name}")
            check("<f>" not in text and "<f " not in text, f"a formula in {name}")
            check(len(set(re.findall(r' width="([0-9.]+)"', text))) > 2, f"widths in {name}")
            check(re.search(r'<c r="[A-Z]+2" s="[23]"><v>[0-9.]+</v>', text), f"no date in {name}")


@test
def german(context):
    """where a comma stands before decimals CSV is parted by semicolons, and spreadsheets have numbers"""
    locales = subprocess.run(["locale", "-a"], capture_output=True, text=True).stdout
    if "de_DE.utf8" not in locales.split():
        return
    german = {"LC_ALL": "de_DE.UTF-8", "LANGUAGE": "en"}
    plain, path = os.path.join(context.home, "de.csv"), os.path.join(context.home, "de.xlsx")
    context.tvm.run("export", "recommendations", "--output", plain, env=german)
    context.tvm.run("export", "recommendations", "--output", path, "--format", "xlsx", env=german)
    usual, _ = export(context, "recommendations", name="en.csv")
    wanted = read_csv(usual)
    got = read_csv(plain, ";")
    check(any("," in cell for row in got[1:] for cell in row), "no decimal comma")
    same([[re.sub(r"^(-?\d+),(\d+)$", r"\1.\2", cell) for cell in row] for row in got], wanted, "CSV")
    same(list(sheets(context, path)[0].values())[0], wanted, "the spreadsheet")
    machine = [context.tvm.run("export", "recommendations", "--format", "machine", "--output", "-", env=env).out
               for env in (german, {})]
    equal(machine[0], machine[1], "the machine format")


@test
def standard_output(context):
    """a spreadsheet goes to standard output, and the default stays CSV"""
    done = subprocess.run([context.path, "export", "devices", "--format", "xlsx", "--output", "-"],
                          capture_output=True, check=True)
    equal(done.stdout[:4], b"PK\3\4", "the beginning")
    check(context.tvm.run("export", "devices", "--output", "-").out.startswith("\ufeffID,"), "not CSV")

# SPDX-License-Identifier: GPL-3.0-or-later
"""The built programs have what makes a fault harder to use: hardening.py [--no-fortify] BUILD PROGRAM..."""
import json
import os
import platform
import re
import subprocess
import sys


def readelf(option, path):
    return subprocess.run(["readelf", "-W", option, path], check=True, capture_output=True, text=True,
                          env={**os.environ, "LC_ALL": "C"}).stdout


def problems_of(path, is_fortified):
    header, segments, dynamic = readelf("-h", path), readelf("-l", path), readelf("-d", path)
    symbols = readelf("--dyn-syms", path)
    stack = re.search(r"GNU_STACK.* (\S+) +0x\S+$", segments, flags=re.M)
    checks = {
        "is at a fixed address (no PIE)": "Type: " in header and " DYN " in header and "PIE" in dynamic,
        "can be written where it is linked (no RELRO)": "GNU_RELRO" in segments,
        "is linked while it runs (no BIND_NOW)": re.search(r"\bNOW\b", dynamic),
        "has a stack that can be executed": stack and "E" not in stack.group(1),
        "has segments to write and to execute": not re.search(r"LOAD.* RWE ", segments),
        "has no stack protector": "__stack_chk_fail" in symbols,
    }
    if is_fortified:
        checks["has no checked buffers (FORTIFY_SOURCE)"] = re.search(r"__\w+_chk@", symbols.replace("__stack_chk", ""))
    if platform.machine() == "x86_64":
        # Whether the program as a whole is marked is up to the C library's start files too.
        code = subprocess.run(["objdump", "-d", "--no-show-raw-insn", path], check=True, capture_output=True, text=True)
        checks["marks no targets of its jumps (CET)"] = code.stdout.count("endbr64") > 100
    return [f"{os.path.basename(path)} {words}" for words, is_good in checks.items() if not is_good]


def compile_problems(build):
    """What leaves no mark in a program is asked of the compiler's command lines."""
    with open(os.path.join(build, "compile_commands.json"), encoding="utf-8") as stream:
        ours = [entry for entry in json.load(stream) if "/src/" in entry["file"] or entry["file"].startswith("../src/")]
    wanted = ["-fstack-clash-protection", "-fstack-protector-strong"]
    return [f"{entry['file']} is compiled without {word}" for entry in ours for word in wanted
            if word not in entry["command"].split() and entry["file"].endswith(".c")]


def main():
    arguments = sys.argv[1:]
    is_fortified = "--no-fortify" not in arguments
    build, *programs = [word for word in arguments if not word.startswith("--")]
    problems = compile_problems(build)
    for path in programs:
        problems += problems_of(path, is_fortified)
    for problem in problems:
        print(f"# {problem}")
    print("1..1")
    print(f"{'not ok' if problems else 'ok'} 1 - hardening")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""./dev where a build cannot be had: each time one sentence that says so, and nothing is built; TAP.

usage: test-dev.py DEV
"""
import os
import resource
import shutil
import subprocess
import sys
import tempfile

NOBODY = 65534
OTHERS = ("bash", "env", "dirname", "readlink", "stat", "awk", "sed", "rm", "cat", "tr", "true", "grep")
# As apt does, which calls lists that it could not fetch a success unless it is asked to be strict.
APT_GET = """case "$*" in
  update*Error-Mode=any*) exit 100 ;;
  update*) exit 0 ;;
  *--assume-no*) exit 0 ;;
  *) echo "E: Unable to locate package" >&2; exit 100 ;;
esac"""
DISK = 'printf "%s\\n" Filesystem "none 9000 0 {} 85% /"'

# what is told; programs there are by their scripts; how the folder is; as whom
CASES = {
    "without a network": ("Is there a network?", {"apt-get": APT_GET, "sudo": 'exec "$@"'}, None, False),
    "without sudo": ("become root and run: apt-get install ", {"apt-get": APT_GET}, None, True),
    "with a sudo that refuses": ("become root and run: apt-get install ",
                                 {"apt-get": APT_GET, "sudo": "echo not in the sudoers file >&2; exit 1"}, None, True),
    "without apt": ("this is not a Debian system", {}, None, False),
    "in a folder that cannot be written": ("this folder cannot be written", {"apt-get": APT_GET}, "closed", True),
    "over a build of somebody else": ("build-dev was made by ", {"apt-get": APT_GET}, "foreign", True),
    "over pictures of somebody else": ("demo-output was made by ", {"apt-get": APT_GET}, "pictures", True),
    "on a disk that is full": ("has 300 MB free, and the build needs 1500 MB", {"df": DISK.format(300)}, None, False),
}


def run(dev, where, command, told, scripts, state, as_nobody):
    programs = os.path.join(where, "bin")
    clone = os.path.join(where, "clone")
    for folder in (programs, clone):
        os.mkdir(folder)
    os.chmod(where, 0o755)
    shutil.copy(dev, clone)
    for name in OTHERS:
        os.symlink(shutil.which(name), os.path.join(programs, name))
    for name, script in {"dpkg-query": "exit 1", "meson": "echo BUILT", "df": DISK.format(9000), **scripts}.items():
        path = os.path.join(programs, name)
        with open(path, "w", encoding="utf-8") as stream:
            stream.write("#!/bin/sh\n" + script + "\n")
        os.chmod(path, 0o755)
    if state in ("foreign", "pictures"):
        os.mkdir(os.path.join(clone, {"foreign": "build-dev", "pictures": "demo-output"}[state]), 0o555)
    user = {}
    if os.geteuid() == 0 and as_nobody:
        user = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
    if state != "closed" and user:
        os.chown(clone, NOBODY, NOBODY)
    os.chmod(clone, 0o555 if state == "closed" else 0o755)
    done = subprocess.run([os.path.join(clone, "dev"), command], capture_output=True, text=True, timeout=60,
                          stdin=subprocess.DEVNULL, env={"PATH": programs, "HOME": where}, **user)
    assert done.returncode == 1, (done.returncode, done.stderr)
    assert told in done.stderr, done.stderr
    assert "need: \n" not in done.stderr, done.stderr
    assert "BUILT" not in done.stdout + done.stderr and "Traceback" not in done.stderr, done.stderr
    os.chmod(clone, 0o755)


def mistyped(dev):
    """Told before anything is installed or built for it."""
    with tempfile.TemporaryDirectory(prefix="tvm-dev-") as where:
        shutil.copy(dev, where)
        for words in (("no-such",), ("--repeat", "2", "no-such"), ("--repeat", "x")):
            done = subprocess.run([os.path.join(where, "dev"), "test", *words], capture_output=True, text=True,
                                  timeout=60, stdin=subprocess.DEVNULL, env={**os.environ, "PATH": "/usr/bin:/bin"})
            assert done.returncode == 2 and done.stderr.count("\n") == 1, (words, done.stderr)


def no_room(dev):
    """Nor do the helpers of the demo show where in them something went wrong that the disk is to blame for."""
    helpers = os.path.join(os.path.dirname(dev), "build-aux")
    for words in (["headless-demo.py", "/bin/true"],
                  ["screenshots.py", "--program", "/bin/true", "--output", "pictures", "--plain"]):
        with tempfile.TemporaryDirectory(prefix="tvm-dev-") as where:
            done = subprocess.run(["/usr/bin/python3", os.path.join(helpers, words[0]), *words[1:]], cwd=where,
                                  capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL,
                                  preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)))
        assert done.returncode == 1 and done.stderr.count("\n") == 1, (words, done.stderr)
        assert done.stderr.startswith(words[0] + ": "), done.stderr


def main():
    dev = os.path.abspath(sys.argv[1])
    failed = False
    others = {"./dev test of what there is not": mistyped, "the demo where nothing can be written": no_room}
    print(f"1..{len(CASES) + len(others)}")
    for number, (name, check) in enumerate(others.items(), 1):
        try:
            check(dev)
            print(f"ok {number} {name}")
        except (AssertionError, subprocess.TimeoutExpired) as error:
            failed = True
            print(f"not ok {number} {name}")
            print(f"# {error}".replace("\n", "\n# "))
    for number, (name, case) in enumerate(CASES.items(), len(others) + 1):
        try:
            for command in ("demo", "screenshots") if case[2] == "pictures" else ("demo", "test", "build"):
                with tempfile.TemporaryDirectory(prefix="tvm-dev-") as where:
                    run(dev, where, command, *case)
            print(f"ok {number} ./dev {name}")
        except (AssertionError, OSError, subprocess.TimeoutExpired) as error:
            failed = True
            print(f"not ok {number} ./dev {name}")
            print(f"# {command}: {error}".replace("\n", "\n# "))
    return failed


sys.exit(main())

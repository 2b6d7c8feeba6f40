# SPDX-License-Identifier: GPL-3.0-or-later
"""Installs the authorization server's packages beside the build, then runs the test program with it.
Without node, npm or the registry the tests are skipped. Usage: run-oidc.py PROGRAM FOLDER"""
import filecmp
import os
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
FILES = ("package.json", "package-lock.json")
INSTALL_SECONDS = 90


def skip(reason):
    print(f"1..0 # SKIP {reason}")
    sys.exit(0)


def is_installed(folder):
    """Whether the packages are there, whole, of the lock file as it is."""
    stamp = os.path.join(folder, "installed.json")
    lock = os.path.join(HERE, "package-lock.json")
    return os.path.exists(stamp) and filecmp.cmp(lock, stamp, shallow=False)


def install(folder):
    for name in FILES:
        shutil.copyfile(os.path.join(HERE, name), os.path.join(folder, name))
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=0",
               "--fetch-timeout=20000"]
    try:
        done = subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, timeout=INSTALL_SECONDS,
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    except subprocess.TimeoutExpired:
        skip(f"npm ci took over {INSTALL_SECONDS} seconds")
    if done.returncode != 0:
        words = [line for line in done.stderr.splitlines() if "error" in line.lower()]
        skip(f"npm ci could not install oidc-provider: {words[0] if words else done.returncode}")
    shutil.copyfile(os.path.join(HERE, "package-lock.json"), os.path.join(folder, "installed.json"))


def main(program, folder):
    for tool in ("node", "npm"):
        if shutil.which(tool) is None:
            skip(f"{tool} is not installed")
    os.makedirs(folder, exist_ok=True)
    if not is_installed(folder):
        install(folder)
    server = os.path.join(folder, "server.mjs")
    shutil.copyfile(os.path.join(HERE, "server.mjs"), server)
    os.execv(program, [program, "--server", server])


main(*sys.argv[1:])

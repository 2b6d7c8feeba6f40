# SPDX-License-Identifier: GPL-3.0-or-later
"""Signing in with the browser, where tokens are kept, and what signing out leaves."""
import json
import os
import re
import shutil
import subprocess
import urllib.error
import urllib.request

from tap import check, equal, test

TOKEN = re.compile(rb"demo\.[0-9a-f]{8}-[0-9a-f]{4}-")  # every token that the demo tenant gives


def start_sign_in(tvm, *words):
    """Starts a sign-in and returns the process and the page that it prints."""
    command = [tvm.path, "--profile", tvm.profile, "sign-in", "--no-browser", *words]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    line = process.stdout.readline()
    check("http://127.0.0.1:" in line, f"sign-in said {line!r}")
    return process, line[line.index("http://"):].strip()


def read_keyring(profile):
    """The secret as another program of the desktop reads it; None: there is none."""
    done = subprocess.run(["secret-tool", "lookup", "profile", profile], capture_output=True)
    return json.loads(done.stdout) if done.stdout else None


def files_with_token(folder, secrets):
    found = []
    for place, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(place, name)
            if not os.path.isfile(path) or "keyrings" in path:
                continue
            with open(path, "rb") as stream:
                data = stream.read()
            if TOKEN.search(data) or any(secret in data for secret in secrets):
                found.append(path)
    return found


@test
def browser(context):
    """sign-in --no-browser prints a page that ends at the program; a declined one is told"""
    demo = context.new_demo(seed=5, devices=50, recommendations=6, activities=3)
    tvm = context.signed_in = context.program("browser")
    tvm.configure(demo)
    tvm.run("sign-in", "--frob", status=2)
    process, page = start_sign_in(tvm)
    try:
        urllib.request.urlopen(page + "&demo_answer=decline", timeout=30).read()
    except urllib.error.HTTPError as error:
        check(error.code < 500, f"the page of a declined sign-in: {error}")
    err = process.communicate(timeout=30)[1]
    equal(process.returncode, 3, "a declined sign-in")
    check("declined" in err, f"a declined sign-in said {err!r}")
    process, page = start_sign_in(tvm)
    with urllib.request.urlopen(page, timeout=30) as answer:
        text = answer.read().decode()
    check("You are signed in" in text, f"the last page is {text!r}")
    out, err = process.communicate(timeout=30)
    equal(process.returncode, 0, err)
    check("Signed in as" in out, f"sign-in said {out!r}")


@test
def no_secret_leaks(context):
    """no token is in store, settings, files, log, command line or environment; it is in the keyring"""
    tvm = context.signed_in
    command = [tvm.path, "--profile", tvm.profile, "sync", "--full"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               env={**os.environ, "TVM_DEBUG": "http,all", "G_MESSAGES_DEBUG": "all"})
    seen = b""
    for name in ("cmdline", "environ"):
        with open(f"/proc/{process.pid}/{name}", "rb") as stream:
            seen += stream.read()
    out, err = process.communicate(timeout=120)
    equal(process.returncode, 0, err.decode(errors="replace")[-600:])
    check(b"http" in err, "the log is empty")
    secrets = []
    if shutil.which("secret-tool"):
        secret = read_keyring(tvm.profile)
        check(secret is not None, "the keyring has no refresh token")
        secrets.append(secret["refresh_token"].encode())
        check(TOKEN.search(secrets[0]), "the test no longer knows what a token looks like")
    for what, data in (("process", seen), ("output", out), ("log", err)):
        check(not TOKEN.search(data), f"a token is in the {what}")
    equal(files_with_token(context.home, secrets), [], "files with a token")


@test
def deleted_data(context):
    """sign-out --delete-data leaves no row, no setting, no text in the file, and no secret"""
    tvm = context.signed_in
    name = tvm.json("devices")[0]["name"]
    with open(tvm.store_path, "rb") as stream:
        before = stream.read()
    check(name.encode() in before, f"{name} is not in the store")
    tvm.run("sign-out", "--delete-data")
    equal(tvm.json("devices"), [])
    equal(tvm.json("activities"), [])
    equal(tvm.json("config", "get", "cloud"), {"cloud": "commercial"})
    for suffix in ("", "-wal"):
        if os.path.exists(tvm.store_path + suffix):
            with open(tvm.store_path + suffix, "rb") as stream:
                check(name.encode() not in stream.read(), f"{name} is still in the file{suffix}")
    if shutil.which("secret-tool"):
        equal(read_keyring(tvm.profile), None, "the keyring after sign-out")
    tvm.run("sync", status=3)

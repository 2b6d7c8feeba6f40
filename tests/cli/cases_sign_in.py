# SPDX-License-Identifier: GPL-3.0-or-later
"""Signing in with the browser, where tokens are kept, and what signing out leaves."""
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile

from browser import browse
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
    code, text = browse(page + "&demo_answer=decline")
    check(code < 500, f"the page of a declined sign-in: {code} {text}")
    err = process.communicate(timeout=30)[1]
    equal(process.returncode, 3, "a declined sign-in")
    check("declined" in err, f"a declined sign-in said {err!r}")
    process, page = start_sign_in(tvm)
    text = browse(page)[1]
    check("You are signed in" in text, f"the last page is {text!r}")
    out, err = process.communicate(timeout=30)
    equal(process.returncode, 0, err)
    check("Signed in as" in out, f"sign-in said {out!r}")


def read_if_file(path):
    try:
        if not os.path.isfile(path):
            return b""
        with open(path, "rb") as stream:
            return stream.read()
    except OSError:  # gone since, or the process is
        return b""


def process_files(pid, read):
    """What others can see of a running process: command line, environment, and the files it has open
    or mapped, deleted ones too. Adds to read: what it is -> content.

    Its memory is not looked at: that holds the access token for as long as requests carry it, and the
    refresh token until the next refresh. The kernel lets only the same person's programs read it, to
    whom the keyring is open anyway; what was replaced or signed out is overwritten before it is freed."""
    base = f"/proc/{pid}"
    for name in ("cmdline", "environ"):
        read[(f"{base}/{name}",)] = read_if_file(f"{base}/{name}")
    places = [f"{base}/fd/{name}" for name in list_if_there(f"{base}/fd")]
    for line in read_if_file(f"{base}/maps").decode(errors="replace").splitlines():
        words = line.split(None, 5)
        if len(words) == 6 and words[5].startswith("/") and "/lib" not in words[5]:
            places.append(f"{base}/map_files/{words[0]}" if words[5].endswith(" (deleted)") else words[5])
    for place in places:
        try:
            found = os.stat(place)
            key = (os.readlink(place) if os.path.islink(place) else place, found.st_ino, found.st_mtime_ns,
                   found.st_size)
        except OSError:
            continue
        if key not in read:
            read[key] = read_if_file(place)


def list_if_there(folder):
    try:
        return os.listdir(folder)
    except OSError:
        return []


@test
def no_secret_leaks(context):
    """no token is in store, settings, files, log, command line, environment, open or mapped files"""
    tvm = context.signed_in
    command = [tvm.path, "--profile", tvm.profile, "sync", "--full"]
    read = {}
    with tempfile.TemporaryFile() as out_file, tempfile.TemporaryFile() as err_file:
        process = subprocess.Popen(command, stdout=out_file, stderr=err_file,
                                   env={**os.environ, "TVM_DEBUG": "http,all", "G_MESSAGES_DEBUG": "all"})
        n_looks = 0
        while process.poll() is None:
            process_files(process.pid, read)
            n_looks += 1
        out_file.seek(0)
        err_file.seek(0)
        out, err = out_file.read(), err_file.read()
    check(n_looks > 0, "the sync ended before its files could be looked at")
    check(any("store.db" in key[0] for key in read), f"the open files seen are {read.keys()}")
    equal(process.returncode, 0, err.decode(errors="replace")[-600:])
    check(b"http" in err, "the log is empty")
    secrets = []
    if shutil.which("secret-tool"):
        secret = read_keyring(tvm.profile)
        check(secret is not None, "the keyring has no refresh token")
        secrets.append(secret["refresh_token"].encode())
        check(TOKEN.search(secrets[0]), "the test no longer knows what a token looks like")
    for what, data in (*read.items(), ("output", out), ("log", err)):
        check(not TOKEN.search(data) and not any(secret in data for secret in secrets),
              f"a token is in {what}")
    equal(files_with_token(context.home, secrets), [], "files with a token")


@test
def locked_keyring(context):
    """a keyring not unlocked yet is told as that: nobody is called signed out, or asked to approve a code"""
    tvm = context.signed_in
    with tempfile.TemporaryDirectory() as runtime:  # the bus in it starts another keyring on the same data
        for words, status in ((("status",), 0), (("status", "--json"), 0), (("sync",), 3),
                              (("sign-in", "--device-code"), 3)):
            done = subprocess.run(["dbus-run-session", "--", tvm.path, "--profile", tvm.profile, *words],
                                  env={**os.environ, "XDG_RUNTIME_DIR": runtime}, stdin=subprocess.DEVNULL,
                                  capture_output=True, text=True, timeout=120)
            equal(done.returncode, status, f"{words}: {done.stdout} {done.stderr}")
            check("The keyring is locked" in done.stderr, f"{words} said {done.stderr!r}")
            for wrong in ("signed out", "Nobody is signed in", "enter the code"):
                check(wrong not in done.stdout + done.stderr, f"{words} said {wrong}")


@test
def silent_bus(context):
    """Ctrl-C ends the wait for a keyring that does not answer, in status too"""
    tvm = context.signed_in
    path = os.path.join(context.home, "silent-bus")
    with socket.socket(socket.AF_UNIX) as bus:
        bus.bind(path)
        bus.listen()
        for words in (("status",), ("sync",)):
            process = subprocess.Popen([tvm.path, "--profile", tvm.profile, *words], stdin=subprocess.DEVNULL,
                                       stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                       env={**os.environ, "DBUS_SESSION_BUS_ADDRESS": "unix:path=" + path})
            with bus.accept()[0]:
                process.send_signal(signal.SIGINT)
                out, err = process.communicate(timeout=15)
            equal((process.returncode, out, err), (1, "", "tvm-remediate: Cancelled.\n"), f"{words}")


@test
def deleted_data(context):
    """sign-out --delete-data leaves no row, no setting, no text in the file, and no secret"""
    tvm = context.signed_in
    name = tvm.json("devices")[0]["name"]
    with open(tvm.store_path, "rb") as stream:
        before = stream.read()
    check(name.encode() in before, f"{name} is not in the store")
    tvm.run("sign-out", "--delete-data")
    equal(tvm.json("devices"), None)
    equal(tvm.json("activities"), None)
    equal(tvm.json("config", "get", "cloud"), {"cloud": "commercial"})
    for suffix in ("", "-wal"):
        if os.path.exists(tvm.store_path + suffix):
            with open(tvm.store_path + suffix, "rb") as stream:
                check(name.encode() not in stream.read(), f"{name} is still in the file{suffix}")
    if shutil.which("secret-tool"):
        equal(read_keyring(tvm.profile), None, "the keyring after sign-out")
    tvm.run("sync", status=3)

#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is left of tokens in the memory of a running window after it signed out (R15); TAP on standard output.

usage: test-secrets.py PROGRAM
"""
import os
import re
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import story  # noqa: E402

STEPS = ("holds_tokens", "locks_them", "leaves_no_core", "forgets_them", "goes_on")
SECONDS = 60
# The demo tenant's: two random ids.
TOKEN = re.compile(rb"demo\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")


def regions(pid):
    """The writable memory of a process, each as (where and what it is, its bytes)."""
    with open(f"/proc/{pid}/maps", encoding="utf-8") as maps, open(f"/proc/{pid}/mem", "rb", 0) as memory:
        for line in maps:
            words = line.split(maxsplit=5)
            if "w" not in words[1] or line.rstrip().endswith(("[vvar]", "[vsyscall]")):
                continue
            start, end = (int(word, 16) for word in words[0].split("-"))
            try:
                memory.seek(start)
                yield f"{start:x} {words[5].strip() if len(words) > 5 else 'anonymous'}", memory.read(end - start)
            except (OSError, OverflowError, ValueError):
                continue


def find_locked(pid):
    """The addresses of a process's regions that no disk is ever written with."""
    with open(f"/proc/{pid}/smaps", encoding="utf-8") as maps:
        address, locked = None, set()
        for line in maps:
            words = line.split()
            if not words[0].endswith(":"):
                address = f"{int(words[0].split('-')[0], 16):x}"
            elif words[0] == "Locked:" and int(words[1]) > 0:
                locked.add(address)
    return locked


class Story:
    """A window that was signed in, synchronized, and then signs out."""

    def __init__(self, ui, program, tenant):
        self.ui, self.tenant = ui, tenant
        tenant.sign_in()
        tenant.run("sync")
        self.app = ui.launch([os.path.abspath(program)], timeout=SECONDS)
        self.window = self.app.wait_window(timeout=SECONDS)
        self.tokens = {}

    def find_tokens(self):
        """Which tokens are where: {one half of a token: [what memory]}."""
        found = {}
        for where, content in regions(self.app.pid):
            for match in TOKEN.finditer(content):
                for half in match.groups():
                    found.setdefault(half, []).append(where)
        return found

    def find_rests(self):
        """Where halves of the tokens that were seen still are, whatever became of the rest."""
        rests = {}
        for where, content in regions(self.app.pid):
            for half in self.tokens:
                # An allocator's own marks may have taken the beginning and the end.
                if half[8:28] in content:
                    rests.setdefault(where, []).append(half.decode())
        return rests

    # ---- steps

    def holds_tokens(self):
        """while it is signed in and has synchronized, its memory holds the tokens that the test then looks for"""
        self.app.find("label", regex="^Synced ", timeout=SECONDS)
        tenant_window.sync_now(self.app)
        self.tokens = self.app.wait(self.find_tokens, timeout=SECONDS, what="tokens in memory")

    def locks_them(self):
        """those that it keeps are in memory that is written to no disk"""
        def open_ones():
            locked, found = find_locked(self.app.pid), self.find_tokens()
            return found and [where for half in found.values() for where in half if where.split()[0] not in locked]
        self.app.wait(lambda: open_ones() == [], timeout=SECONDS, what=f"locked memory, not {open_ones()}")

    def leaves_no_core(self):
        """a crash leaves no core dump, in no file and in no handler's pipe"""
        with open(f"/proc/{self.app.pid}/limits", encoding="utf-8") as file:
            limits = next(line for line in file if line.startswith("Max core file size")).split()
        # The kernel gives a handler that core_pattern names its pipe for a limit of 0, and not for 1.
        assert limits[4:6] in (["1", "1"], ["0", "0"]), limits

    def forgets_them(self):
        """after signing out its memory holds no part of them"""
        assert self.tokens
        self.window.do_action("win.sign-out")
        self.app.find("button", "Sign out, keep data", timeout=SECONDS).click()
        self.app.find("label", contains="Everything synced stays readable", timeout=SECONDS)
        rests = self.find_rests()
        assert not rests, {where: len(halves) for where, halves in rests.items()}

    def goes_on(self):
        """the program goes on"""
        tenant_window.go_to(self.app, "recommendations")
        assert tenant_window.count_of(self.app) is not None
        assert self.app.complaints() == [], self.app.complaints()


def main(program):
    with uidrive.Env(lang="C.UTF-8") as ui:
        tenant = tenant_window.Tenant(ui, program, devices=60, recommendations=21, activities=6)
        try:
            story.run(Story(ui, program, tenant), STEPS)
        finally:
            tenant.stop()


def skip_unless_readable():
    """Ends the test where the kernel lets nobody read the memory of a program that was started here."""
    with subprocess.Popen(["sleep", "60"]) as other:
        try:
            list(regions(other.pid))
        except OSError as error:
            print(f"1..0 # SKIP the memory of another program cannot be read: {error}")
            sys.exit(0)
        finally:
            other.kill()


if __name__ == "__main__":
    story.skip_unless_possible(sys.argv[1])
    skip_unless_readable()
    import tenant_window
    import uidrive
    main(os.path.abspath(sys.argv[1]))

#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A window whose keyring is locked, as after an automatic login, and one whose keyring does not answer; TAP on
standard output.

usage: test-locked-keyring.py PROGRAM
"""
import os
import signal
import subprocess
import sys

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(os.path.dirname(HERE), "support")]
import story  # noqa: E402

STEPS = ("says_so", "offers_to_unlock", "tells_silence", "tries_again", "no_complaints")


class Story:
    def __init__(self, ui, program, tenant):
        self.ui, self.program = ui, program
        for key, value in (("cloud", "custom"), ("authority-url", tenant.uri), ("defender-url", tenant.uri),
                           ("graph-url", tenant.uri), ("tenant-id", "organizations"), ("client-id", story.CLIENT_ID)):
            subprocess.run([program, "config", "set", key, value], env=ui.environ, check=True, timeout=60)
        self.app = ui.launch([program], timeout=60)
        self.window = self.app.wait_window(timeout=60)

    def prompts(self):
        return [window for window in self.ui.x_windows() if window["title"].startswith("Unlock")]

    def says_so(self):
        """the window says that the keyring is locked, and asks nobody for its password by itself"""
        self.app.find("label", contains="The keyring is locked, so it is not known who is signed in", timeout=60)
        assert self.prompts() == [], "a prompt opened by itself"

    def offers_to_unlock(self):
        """its button opens the keyring's prompt, which waits for the person; then the notice goes"""
        self.app.find("button", "Unlock keyring", sensitive=True).click()
        self.app.wait(self.prompts, timeout=60, what="the keyring's prompt")
        self.ui.type(self.ui.keyring_password)
        self.ui.key("Return")
        self.app.wait_gone("label", contains="The keyring is locked", timeout=60)

    def tells_silence(self):
        """while the keyring is waited for the window says of when the data are, and then what the matter is"""
        for words in (("sign-in", "--device-code"), ("sync",)):
            subprocess.run([self.program, *words], env=self.ui.environ, check=True, timeout=60, capture_output=True)
        self.app.kill()
        self.keyring = next(process for process in self.ui.procs if process.uname == "keyring")
        self.keyring.send_signal(signal.SIGSTOP)
        self.app = self.ui.launch([self.program], timeout=60)
        self.app.find("button", regex="^Synced ", sensitive=False, timeout=15)
        self.app.find("label", contains="The keyring did not answer", timeout=60)
        assert not self.app.exists("label", contains="Nobody is signed in")

    def tries_again(self):
        """its button asks once more; then the notice goes, and there is somebody to synchronize for"""
        self.keyring.send_signal(signal.SIGCONT)
        self.app.find("button", "Try again", sensitive=True).click()
        self.app.wait_gone("label", contains="The keyring did not answer", timeout=60)
        self.app.find("button", regex="^Sync", sensitive=True, timeout=60)

    def no_complaints(self):
        """the program printed no warning, and every control has a name (R17)"""
        assert self.app.complaints() == [], self.app.complaints()
        assert self.app.unlabelled() == [], self.app.unlabelled()


def main(program):
    tenant = story.Tenant(program, "--devices", "20", "--recommendations", "5", "--auto-approve")
    try:
        with uidrive.Env(lang="C.UTF-8", keyring="locked") as ui:
            story.run(Story(ui, program, tenant), STEPS)
    finally:
        tenant.stop()


if __name__ == "__main__":
    story.skip_unless_possible(sys.argv[1])
    import uidrive
    main(os.path.abspath(sys.argv[1]))

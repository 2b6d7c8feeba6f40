# SPDX-License-Identifier: GPL-3.0-or-later
"""A PostgreSQL cluster of our own in a temporary folder, as an unprivileged user where we are root."""
import glob
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time

UNPRIVILEGED = "nobody"


def find_programs():
    """The folder with initdb and postgres, None where PostgreSQL is not installed."""
    folders = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda path: int(path.split("/")[4]))
    found = folders[-1] if folders else os.path.dirname(shutil.which("initdb") or "")
    complete = found and all(os.path.exists(os.path.join(found, name)) for name in ("initdb", "postgres", "psql"))
    return found if complete and shutil.which("setpriv") else None


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Refused(Exception):
    """What psql said when a statement failed."""


class Cluster:
    """Trusts whoever comes by its socket; over TCP it wants a password."""

    def __init__(self, programs):
        self.programs = programs
        self.folder = tempfile.mkdtemp(prefix="tvm-team-")
        self.data = os.path.join(self.folder, "data")
        self.port = free_port()
        self.process = None
        if os.geteuid() == 0:
            entry = pwd.getpwnam(UNPRIVILEGED)
            os.chown(self.folder, entry.pw_uid, entry.pw_gid)
            os.chmod(self.folder, 0o711)
        self._run("initdb", "--pgdata", self.data, "--username", "postgres", "--auth", "trust", "--encoding", "UTF8",
                  "--locale", "C.UTF-8", "--no-sync")
        with open(os.path.join(self.data, "pg_hba.conf"), "w", encoding="utf-8") as stream:
            stream.write("local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n")
        self.start()

    def _as_user(self, words):
        if os.geteuid() != 0:
            return words
        return ["setpriv", "--reuid", UNPRIVILEGED, "--regid", str(pwd.getpwnam(UNPRIVILEGED).pw_gid), "--clear-groups",
                *words]

    def _run(self, name, *words):
        subprocess.run(self._as_user([os.path.join(self.programs, name), *words]), check=True, capture_output=True,
                       cwd="/", env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": self.folder})

    def start(self, *settings):
        words = [os.path.join(self.programs, "postgres"), "-D", self.data, "-p", str(self.port), "-k", self.folder,
                 "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off", "-c", "shared_buffers=16MB"]
        for setting in settings:
            words += ["-c", setting]
        with open(os.path.join(self.folder, "log"), "ab") as log:
            self.process = subprocess.Popen(self._as_user(words), stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                                            cwd="/", env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"})
        deadline = time.monotonic() + 60
        while True:
            try:
                self.sql("SELECT 1", database="postgres")
                return
            except Refused:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise

    def kill(self):
        """As a power cut would end it."""
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(timeout=60)

    def close(self):
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(timeout=60)
        shutil.rmtree(self.folder, ignore_errors=True)

    def uri(self, login="postgres", database="team"):
        return f"postgresql://{login}@/{database}?host={self.folder}&port={self.port}"

    def socket_path(self):
        return os.path.join(self.folder, f".s.PGSQL.{self.port}")

    def tcp_uri(self, login, database="team", host="127.0.0.1"):
        return f"postgresql://{login}@{host}:{self.port}/{database}"

    def hold(self, statement, database="team"):
        """What a transaction that stays open has locked; the function that ends it."""
        words = [os.path.join(self.programs, "psql"), "-X", "-q", "-A", "-t", self.uri(database=database)]
        process = subprocess.Popen(words, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        process.stdin.write(f"BEGIN;\n{statement};\nSELECT 'held';\n")
        process.stdin.flush()
        while process.stdout.readline() not in ("held\n", ""):
            pass
        return lambda: process.communicate("ROLLBACK;\n", timeout=60)

    def sql(self, *statements, login="postgres", database="team"):
        """The rows of the last statement, each a list of texts; all of them in one session."""
        words = [os.path.join(self.programs, "psql"), "-X", "-q", "-A", "-t", "-F", "\t", "-v", "ON_ERROR_STOP=1",
                 "-v", "VERBOSITY=verbose", self.uri(login, database)]
        done = subprocess.run(words, input=";\n".join(statements).encode() + b";\n", capture_output=True, timeout=60)
        if done.returncode != 0:
            raise Refused(done.stderr.decode())
        return [line.split("\t") for line in done.stdout.decode().splitlines()]

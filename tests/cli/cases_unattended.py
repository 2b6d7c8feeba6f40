# SPDX-License-Identifier: GPL-3.0-or-later
"""A server without a session: an application signs itself in with a credential of systemd, and only reads."""
import os
import re
import shutil
import subprocess

from tap import check, equal, test
from world import CLIENT_ID, pick

SECRET = "Zq8~invented.secret-value_of_a_test"
NO_BUS = "unix:path=/nonexistent/bus"
SOURCES = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
# Of 100: what systemd counts as exposed, the network left out of it, which the service needs.
MAX_EXPOSURE = 17


def write(folder, name, text, mode=0o400):
    path = os.path.join(folder, name)
    if os.path.exists(path):
        os.remove(path)
    with open(path, "w", encoding="utf-8") as stream:
        stream.write(text)
    os.chmod(path, mode)


def make_certificate(context, name, seconds=86400):
    """A private key with its certificate, and the certificate alone."""
    pem, certificate = (os.path.join(context.home, name + end) for end in (".pem", ".crt"))
    subprocess.run([os.environ["TVM_TEST_MAKE_CERTIFICATE"], pem, certificate, str(seconds)], check=True)
    with open(pem, encoding="utf-8") as stream:
        return stream.read(), certificate


class Server:
    """The program as a service has it: a folder of credentials, and neither bus nor keyring."""

    def __init__(self, context, profile):
        self.tvm = context.program(profile)
        self.folder = os.path.join(context.home, "credentials-" + profile)
        os.mkdir(self.folder, 0o700)
        self.env = {"CREDENTIALS_DIRECTORY": self.folder, "DBUS_SESSION_BUS_ADDRESS": NO_BUS}

    def give(self, **credentials):
        for name in os.listdir(self.folder):
            os.remove(os.path.join(self.folder, name))
        for name, text in credentials.items():
            write(self.folder, "tvm-remediate." + name, text)

    def run(self, *words, status=0):
        self.tvm.forget_pace()
        return self.tvm.run(*words, status=status, env=self.env)

    def refuse(self, *words, status=1, names=()):
        before = self.tvm.dump()
        result = self.run(*words, status=status)
        for name in names:
            check(name.lower() in result.err.lower(), f"{words[:3]}: {name!r} is not in {result.err!r}")
        equal(self.tvm.dump(), before, f"the store after {words[:3]}")
        return result


@test
def secret(context):
    """with a client secret: sync, status, due, lists and an export; no secret is told or kept"""
    context.pem, certificate = make_certificate(context, "known")
    context.cloud = context.new_demo(seed=3, devices=80, recommendations=12, activities=6, client_secret=SECRET,
                                     client_certificate=certificate)
    context.server = server = Server(context, "server")
    server.tvm.configure(context.cloud)
    server.give(secret=SECRET + "\n")
    check("needs one tenant" in server.run("sync", status=3).err, "the tenant “organizations”")
    server.tvm.run("config", "set", "tenant-id", "contoso.example")
    server.env.update(TVM_DEBUG="http,all", G_MESSAGES_DEBUG="all")
    noisy = subprocess.run([server.tvm.path, "--profile", "server", "sync", "--full"], capture_output=True, timeout=120,
                           env={**os.environ, **server.env})
    equal(noisy.returncode, 0, noisy.stderr[-600:])
    for name in ("TVM_DEBUG", "G_MESSAGES_DEBUG"):
        del server.env[name]
    check(SECRET.encode() not in noisy.stdout + noisy.stderr, "the secret is told")
    check(SECRET not in server.tvm.dump(), "the store has the secret")
    status = server.run("status", "--json").json
    equal((status["account"], status["unattended"]), (f"application {CLIENT_ID}", True))
    check("unattended, reads only" in server.run("status").out, "status for people")
    check(status["devices"] == 80 and status["last_sync"], status)
    server.run("due", status=(0, 10))
    for name in ("recommendations", "devices", "activities", "exceptions"):
        server.run(name)
    server.run("export", "devices", "--output", os.path.join(context.home, "devices.csv"))
    check(not context.cloud.state()["tickets"], "a ticket was made")


@test
def decides_nothing(context):
    """what decides or writes is refused in words, and changes nothing"""
    server = context.server
    about = next(row["id"] for row in server.run("recommendations", "--json").json
                 if row["type"] == "update" and row["exposed_devices"])
    request = ("request", about, "--type", "update", "--all-groups", "--priority", "high")
    for words in (request, (*request, "--intune"),
                  ("exception", "add", about, "--justification", "risk-accepted", "--context", "x", "--duration", "30",
                   "--all-groups"), ("config", "set", "intune-connection", "true")):
        server.refuse(*words, names=["only reads"])
    equal(server.run(*request, "--json", status=1).json["error"]["code"], "read-only")
    server.run(*request, "--dry-run")
    for words in (("sign-in", "--device-code"), ("sign-out",)):
        server.refuse(*words, names=["credential of systemd"])


@test
def outbox_stays(context):
    """what a person left in the outbox waits for a person; the tickets that are there are pulled"""
    server, cloud = context.server, context.cloud
    tvm = server.tvm
    tvm.run("sign-in", "--device-code")
    tvm.run("config", "set", "intune-connection", "true")
    context.tvm = tvm
    cloud.call("/_demo/faults", {"path": "/beta/deviceAppManagement", "method": "POST", "kind": "reset", "times": 1000})
    activity = tvm.run("request", pick(context, "update", 5)["id"], "--type", "update", "--all-groups", "--priority",
                       "high", "--intune", "--json", status=4).json
    cloud.call("/_demo/faults", method="DELETE")
    rows = server.run("sync", "--json").json
    check("tickets" in [row["name"] for row in rows], rows)
    equal(server.run("status", "--json").json["outbox"], 1)
    entry = str(tvm.json("outbox", "list")[0]["id"])
    for words in (("outbox", "retry", entry), ("outbox", "revoke", entry), ("withdraw", entry),
                  ("complete", activity["id"])):
        server.refuse(*words, names=["only reads"])
    check(not cloud.state()["tickets"], "a ticket was made")
    tvm.run("sync")
    equal(len(cloud.state()["tickets"]), 1, "tickets after a person's sync")


@test
def certificate(context):
    """with a certificate: the signed request is taken"""
    server = context.server
    server.give(pem=context.pem)
    server.run("sync")
    check(context.cloud.state()["access_tokens"] > 0, "no token")


@test
def bad_credentials(context):
    """a credential that will not do is told, status 3; what is stored can be read"""
    server = context.server
    other, _ = make_certificate(context, "other")
    expired, _ = make_certificate(context, "expired", -60)
    for names, credentials in ((["no private key"], {"pem": "garbage"}), (["Upload the certificate"], {"pem": other}),
                               (["expired on"], {"pem": expired}), (["one of the two"], {"pem": other, "secret": SECRET}),
                               (["client secret of the application", "is wrong"], {"secret": "wrong-" + SECRET}),
                               (["one line"], {"secret": SECRET + "\nmore"}), (["It is empty"], {"secret": ""})):
        server.give(**credentials)
        result = server.run("sync", status=3)
        for name in names:
            check(name in result.err, f"{name!r} is not in {result.err!r}")
        check(SECRET not in result.err, result.err)
        equal(server.run("sync", "--json", status=3).json["error"]["code"], "sign-in-declined")
        server.run("devices")
    server.give(pem="garbage")
    status = server.run("status")
    check("no private key" in status.err and "not known" in status.out, status.err + status.out)
    server.give()
    write(server.folder, "tvm-remediate.secret", SECRET, 0o444)
    check("Others on this computer can read" in server.run("sync", status=3).err, "a loose file")


@test
def missing_role(context):
    """a role that nobody granted is named"""
    server = context.server
    server.give(secret=SECRET)
    context.cloud.call("/_demo/sign-in/deny", {"scopes": "Score.Read.All"})
    result = server.run("sync", "--json", status=1)
    check(f"“Score.Read.All” to the application “{CLIENT_ID}”" in result.err, result.err)
    context.cloud.call("/_demo/sign-in/deny", {"scopes": ""})
    server.run("sync")


@test
def no_credential(context):
    """a folder with credentials of others is none of ours: nobody is signed in there"""
    server = context.server
    server.give()
    write(server.folder, "other.service.key", "x")
    server.run("sync", status=3)


def documented_units(document):
    """The texts of the units that a document shows, by their files' names."""
    with open(os.path.join(SOURCES, document), encoding="utf-8") as stream:
        text = stream.read()
    blocks = re.findall(r"(?m)^(?:`|    # )\S*/([\w-]+\.(?:service|timer))`?:?\n+((?:    [^#\n]+\n|\n(?=    \[))+)", text)
    return {name: re.sub(r"(?m)^    ", "", body) for name, body in blocks}


@test
def units(context):
    """the documented units say what systemd understands, and leave the service as little as it needs"""
    if not shutil.which("systemd-analyze"):
        return
    for document in ("README.md", "docs/cli.md"):
        texts = documented_units(document)
        equal(sorted(texts), ["tvm-remediate.service", "tvm-remediate.timer"], document)
        folder = os.path.join(context.home, "units-" + os.path.basename(document))
        os.mkdir(folder)
        for name, text in texts.items():
            write(folder, name, text.replace("ExecStart=tvm-remediate ", f"ExecStart={context.server.tvm.path} "), 0o644)
        paths = [os.path.join(folder, name) for name in texts]
        verified = subprocess.run(["systemd-analyze", "verify", *paths], capture_output=True, text=True, timeout=60)
        ours = [line for line in verified.stderr.splitlines() if "tvm-remediate" in line]
        equal((verified.returncode, ours), (0, []), document)
    rated = subprocess.run(["systemd-analyze", "security", "--offline=true", f"--threshold={MAX_EXPOSURE}", "--no-pager",
                            os.path.join(folder, "tvm-remediate.service")], capture_output=True, text=True, timeout=60)
    equal(rated.returncode, 0, rated.stdout[-300:])

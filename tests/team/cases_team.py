# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands about a team, and each way in which its database refuses; on a cluster of our own."""
import os
import shutil
import signal
import socket
import subprocess

import tap
from cluster import Cluster, find_programs
from tap import check, equal, test

programs = find_programs()
if programs is None:
    tap.skip_all("PostgreSQL is not installed")
TENANT = {"devices": 60, "recommendations": 8, "activities": 2}


def refused(context, *words, status=1, names=()):
    """The message of a command that fails, which names what to do."""
    said = context.tvm.run(*words, status=status).err
    for name in names:
        check(name in said, f"{words[:3]}: {name!r} is not in {said!r}")
    return said


@test
def alone(context):
    """who is in no team is told how to join one"""
    context.cluster = Cluster(programs)
    equal(context.tvm.json("team", "status"), None)
    check("team join" in context.tvm.run("team", "status").err, "no next step")
    refused(context, "team", "members", names=["team join URI"])
    refused(context, "team", "leave", names=["team join URI"])
    refused(context, "team", "joint", status=2, names=["team join URI", "join"])
    refused(context, "team", "init", status=2)
    refused(context, "team", "members", "add", "anna", status=2, names=["--right RIGHT"])


@test
def made(context):
    """a team is made, and made again without harm"""
    cluster = context.cluster
    for name in ("anna", "ben", "carl"):
        cluster.sql(f"CREATE ROLE {name} LOGIN PASSWORD 'secret-{name}'", database="postgres")
    refused(context, "team", "init", cluster.uri(), names=["createdb"])
    cluster.sql("CREATE DATABASE team", database="postgres")
    refused(context, "team", "join", cluster.uri("anna"), names=["team init"])
    refused(context, "team", "init", cluster.uri("anna"))
    equal(context.tvm.json("team", "init", cluster.uri()), {"is_new": True, "layout": 5})
    equal(context.tvm.json("team", "init", cluster.uri()), {"is_new": False, "layout": 5})
    refused(context, "team", "init", cluster.uri(), "--administrator", "nobody-there", "--account", "a@example.com",
            names=["createuser"])
    refused(context, "team", "init", cluster.uri(), "--administrator", "anna", status=2, names=["--account"])
    context.tvm.run("team", "init", cluster.uri(), "--administrator", "anna", "--account", context.email.upper())


@test
def taken(context):
    """a database that holds anything else, or cannot keep all letters, is refused, and stays as it is"""
    cluster = context.cluster
    for number, statement in enumerate(("CREATE FUNCTION public.f () RETURNS int LANGUAGE sql AS 'SELECT 1'", "CREATE SCHEMA mine",
                                        "CREATE TYPE public.word AS ENUM ('a')", "SELECT lo_create (0)",
                                        "CREATE TABLE public.one (a int)", "CREATE SEQUENCE public.two")):
        cluster.sql(f"CREATE DATABASE taken{number}", database="postgres")
        cluster.sql(statement, database=f"taken{number}")
        refused(context, "team", "init", cluster.uri(database=f"taken{number}"), names=["not empty", "createdb"])
    for encoding in ("SQL_ASCII", "LATIN1"):
        name = "in_" + encoding.lower()
        cluster.sql(f"CREATE DATABASE {name} ENCODING '{encoding}' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0",
                    database="postgres")
        refused(context, "team", "init", cluster.uri(database=name), names=["--encoding UTF8"])
        equal(cluster.sql("SELECT count(*) FROM pg_namespace WHERE nspname = 'tvm_remediate'", database=name), [["0"]])
    cluster.sql("CREATE DATABASE extended", database="postgres")
    cluster.sql("CREATE EXTENSION pg_trgm", database="extended")
    context.tvm.run("team", "init", cluster.uri(database="extended"))


@test
def joined(context):
    """joining, who is there, and taking others in"""
    cluster, tvm = context.cluster, context.tvm
    refused(context, "team", "join", cluster.uri("ben"), names=["no member", "members add ben"])
    team = tvm.json("team", "join", cluster.uri("anna"))
    equal((team["login"], team["right"], team["members"], team["layout"]), ("anna", "administrator", 1, 5))
    equal(tvm.json("team", "status"), team)
    rows = tvm.json("team", "members", "add", "ben", "--account", "ben@example.com", "--right", "requester")
    equal([(row["login"], row["account"], row["right"], row["left"]) for row in rows],
          sorted([("anna", context.email.upper(), "administrator", None), ("ben", "ben@example.com", "requester", None)],
                 key=lambda row: row[1].lower()))
    rows = tvm.json("team", "members", "add", "ben", "--account", "ben@example.com", "--right", "reader")
    equal([row["right"] for row in rows if row["login"] == "ben"], ["reader"], "another right takes the first one's place")
    refused(context, "team", "members", "add", "carl", "--account", "BEN@example.com", "--right", "reader", names=["already"])
    refused(context, "team", "members", "add", "carl", "--account", "carl", "--right", "reader")
    refused(context, "team", "members", "add", "dora", "--account", "d@example.com", "--right", "reader", names=["createuser"])
    refused(context, "team", "members", "add", "carl", "--account", "c@example.com", "--right", "administrator")
    refused(context, "team", "members", "add", "carl", "--account", "c@example.com", "--right", "king", status=2)
    refused(context, "team", "members", "remove", "carl", names=["team members"])
    refused(context, "team", "join", cluster.uri("ben"), names=[context.email, "ben@example.com"])
    rights_from_elsewhere(context)
    rows = tvm.json("team", "members", "remove", "ben")
    check([row["login"] for row in rows if row["left"] is not None] == ["ben"], rows)
    check("Administrator" in tvm.run("team", "members").out, "the table")
    check("secret" not in context.tvm.dump(), "a password in the store")


def rights_from_elsewhere(context):
    """What a superuser gave by hand is taken, or what may not be taken (from PostgreSQL 16 on) is told."""
    context.cluster.sql("GRANT tvm_team_approver TO ben")
    done = context.tvm.run("team", "members", "add", "ben", "--account", "ben@example.com", "--right", "reader",
                           status=(0, 1))
    told = [row["right"] for row in context.tvm.json("team", "members") if row["login"] == "ben"]
    equal(told, ["approver" if done.status == 1 else "reader"], done.err)
    check(done.status == 0 or "tvm_team_approver" in done.err or "postgres" in done.err, done.err)
    context.cluster.sql("REVOKE tvm_team_approver FROM ben")


@test
def one_team(context):
    """a profile is in one team; another database at its address is noticed"""
    cluster, tvm = context.cluster, context.tvm
    cluster.sql("CREATE DATABASE second", database="postgres")
    tvm.run("team", "init", cluster.uri(database="second"), "--administrator", "anna", "--account", context.email)
    refused(context, "team", "join", cluster.uri("anna", "second"), names=["team leave"])
    cluster.sql("ALTER DATABASE team RENAME TO away", "ALTER DATABASE second RENAME TO team", database="postgres")
    refused(context, "team", "members", names=["Another team"])
    cluster.sql("ALTER DATABASE team RENAME TO second", "ALTER DATABASE away RENAME TO team", database="postgres")
    equal(len(tvm.json("team", "members")), 2)


@test
def passwords(context):
    """a password comes from .pgpass, never from the address, and a wrong one is told"""
    cluster = context.cluster
    refused(context, "team", "join", cluster.uri("anna:secret-anna"), names=[".pgpass"])
    refused(context, "team", "join", f"host=127.0.0.1 port={cluster.port} user=anna password=x dbname=team", names=[".pgpass"])
    for address in ("postgresql://anna:geheim%00@127.0.0.1/team", "postgresql://anna:geheim@[::1/team",
                    "host=127.0.0.1 password='geheim", "postgresql://anna@[::1/team?password=geheim"):
        said = context.tvm.run("team", "join", address, status=(1, 2)).err
        check(".pgpass" in said and "geheim" not in said, said)
    refused(context, "team", "join", cluster.tcp_uri("anna"), names=[".pgpass"])
    path = os.path.join(context.home, ".pgpass")
    for word, status in (("wrong", 1), ("secret-anna", 0)):
        with open(path, "w", encoding="utf-8") as stream:
            stream.write(f"127.0.0.1:{cluster.port}:team:anna:{word}\n")
        os.chmod(path, 0o600)
        said = context.tvm.run("team", "join", cluster.tcp_uri("anna"), status=status).err
        check(status == 0 or "password" in said, said)
    with open(os.path.join(context.home, ".pg_service.conf"), "w", encoding="utf-8") as stream:
        stream.write(f"[remediation]\nhost={cluster.folder}\nport={cluster.port}\ndbname=team\nuser=anna\n")
    equal(context.tvm.json("team", "join", "service=remediation")["login"], "anna")
    refused(context, "team", "join", "service=unheard-of", names=[".pg_service.conf"])
    refused(context, "team", "join", "postgresql://[", names=["postgresql://LOGIN@HOST/DATABASE"])


@test
def unreachable(context):
    """what cannot be reached is told with the next step, and what is kept is shown all the same"""
    cluster, tvm = context.cluster, context.tvm
    refused(context, "team", "join", "postgresql://anna@no-such-host.invalid/team", status=4, names=["host"])
    cluster.kill()
    team = tvm.run("team", "status", "--json", status=4).json
    equal((team["uri"], team["right"], team["members"]), ("service=remediation", None, None))
    refused(context, "team", "members", status=4, names=["PostgreSQL runs"])
    cluster.start()


@test
def silent(context):
    """a server that takes the connection and says nothing is waited for as long as the person likes"""
    with socket.create_server(("127.0.0.1", 0)) as server:
        uri = f"postgresql://anna@127.0.0.1:{server.getsockname()[1]}/team"
        process = subprocess.Popen([context.tvm.path, "team", "join", uri], stderr=subprocess.PIPE, text=True)
        connection, _ = server.accept()
        check(connection.recv(1) != b"", "it said nothing itself")
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=10)
        connection.close()
    equal((process.returncode, said.strip().splitlines()[-1]), (1, "tvm-remediate: Cancelled."))


def make_certificate(context, name, seconds):
    """A certificate of its own for a host's name, which the cluster shows."""
    paths = [os.path.join(context.cluster.data, "server." + ending) for ending in ("key", "crt")]
    made = os.path.join(context.home, "server.crt")
    for path in paths:
        if os.path.exists(path):
            os.remove(path)
    subprocess.run([os.environ["TVM_TEST_MAKE_CERTIFICATE"], paths[0], paths[1], str(seconds), name], check=True)
    shutil.copy(paths[1], made)
    owner = os.stat(context.cluster.data)
    for path in paths:
        os.chmod(path, 0o600)
        if os.geteuid() == 0:
            os.chown(path, owner.st_uid, owner.st_gid)
    return made


@test
def proof_of_the_server(context):
    """a server elsewhere has to prove who it is, whatever the address says"""
    cluster = context.cluster
    port = cluster.port
    with open(os.path.join(context.home, ".pgpass"), "a", encoding="utf-8") as stream:
        for name in ("team.example.com", "other.example.com", "localhost"):
            stream.write(f"{name}:{port}:team:anna:secret-anna\n")
    plain = f"host=localhost hostaddr=127.0.0.1 port={port} user=anna dbname=team"
    for mode in ("disable", "allow", "prefer", "require", "verify-ca"):
        uri = f"host=team.example.com hostaddr=127.0.0.1 port={port} user=anna dbname=team sslmode={mode}"
        refused(context, "team", "join", uri, names=["TLS"])
    # Neither does a name that only looks near, an address behind a near name, or the environment.
    context.tvm.run("team", "join", plain)
    said = context.tvm.run("team", "join", f"host=localhost port={port} user=anna dbname=team", status=4,
                           env={"PGHOSTADDR": "192.0.2.1", "PGSSLMODE": "disable", "PGCONNECT_TIMEOUT": "2"}).err
    check("cannot be reached" in said or "does not answer" in said, said)
    cluster.kill()
    root = make_certificate(context, "team.example.com", 86400)
    cluster.start("ssl=on")
    away = f"host=team.example.com hostaddr=127.0.0.1 port={port} user=anna dbname=team sslmode=disable"
    refused(context, "team", "join", away, names=["not trusted", "root.crt"])
    context.tvm.run("team", "join", away + f" sslrootcert={root}")
    equal(cluster.sql("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid ()"), [["f"]], "by the socket")
    refused(context, "team", "join", away.replace("team.example", "other.example") + f" sslrootcert={root}",
            names=["another name"])
    refused(context, "team", "join", away + " sslrootcert=/nonexistent", names=["root.crt"])
    cluster.kill()
    root = make_certificate(context, "team.example.com", -60)
    cluster.start("ssl=on")
    refused(context, "team", "join", away + f" sslrootcert={root}", names=["has expired"])


@test
def newer_layout(context):
    """what a newer program made is told"""
    cluster = context.cluster
    cluster.sql("UPDATE tvm_remediate.about SET version = 99")
    refused(context, "team", "init", cluster.uri(), names=["newer version"])
    cluster.sql("UPDATE tvm_remediate.about SET version = 5")


@test
def older_layout(context):
    """a database of the layout before works until its owner brings it up to date; what it lacks is refused"""
    tvm, cluster = context.tvm, context.cluster
    uri = cluster.uri("anna", "old")
    cluster.sql("CREATE DATABASE old", database="postgres")
    tvm.run("team", "init", cluster.uri(database="old"), "--administrator", "anna", "--account", context.email)
    cluster.sql("DROP POLICY is_administered ON tvm_remediate.event", "DROP FUNCTION tvm_remediate.check_shared",
                "ALTER TABLE tvm_remediate.about DROP COLUMN tenant", "DROP FUNCTION tvm_remediate.use_tenant",
                "DELETE FROM tvm_remediate.event_kind WHERE kind LIKE 'view-%' OR kind = 'policy-set'",
                "DROP TRIGGER is_somebody_else ON tvm_remediate.member", "DROP TRIGGER is_sound ON tvm_remediate.event",
                "DROP FUNCTION tvm_remediate.member_is_somebody_else, tvm_remediate.event_is_sound",
                "DROP FUNCTION tvm_remediate.claim_ticket, tvm_remediate.end_claim", "DROP TABLE tvm_remediate.rule",
                "DROP TABLE tvm_remediate.ticket", "DROP TRIGGER may_need_approval ON tvm_remediate.event",
                "DROP FUNCTION tvm_remediate.event_may_need_approval", "DROP FUNCTION tvm_remediate.rule_is_stamped",
                "ALTER TABLE tvm_remediate.event DROP COLUMN needs_approval", "UPDATE tvm_remediate.about SET version = 1",
                database="old")
    tvm.run("team", "leave")
    team = tvm.json("team", "join", uri)
    equal((team["layout"], team["approval"]), (1, "none"))
    row = [row for row in tvm.json("recommendations") if row["exposed_devices"] > 0][0]
    made = tvm.json("exception", "add", row["id"], "--justification", "risk-accepted", "--context", "Why.", "--duration", "30",
                    "--all-groups")
    tvm.forget_pace()
    equal({part["name"]: part for part in tvm.run("sync", "--json").json}["team"]["received"], 1)
    refused(context, "team", "approval", "all", names=["team init URI"])
    # Its members go on with a policy of their own.
    equal(tvm.json("policy", "set", "kev-due-dates")["set_by"], None)
    equal((tvm.json("policy", "show")["preset"], tvm.json("team", "status")["waiting"]), ("kev-due-dates", 0))
    equal(tvm.json("team", "init", cluster.uri(database="old")), {"is_new": False, "layout": 5})
    tvm.run("team", "approval", "all")
    equal(tvm.json("exception", made["id"])["approval"], None)
    tvm.run("team", "leave")
    tvm.run("team", "join", cluster.uri("anna"))


@test
def backed_up(context):
    """PostgreSQL's own backup, as docs/team.md says, restored on another server"""
    cluster, tvm = context.cluster, context.tvm
    dump = os.path.join(cluster.folder, "team.dump")

    def run(name, *words, text=None):
        done = subprocess.run([os.path.join(cluster.programs, name), *words], input=text, capture_output=True, timeout=120)
        check(done.returncode == 0, done.stderr)
        return done.stdout

    roles = run("pg_dumpall", "--roles-only", "--dbname", cluster.uri(database="postgres"))
    run("pg_dump", "--format", "custom", "--file", dump, cluster.uri())
    before = [cluster.sql("SELECT * FROM tvm_remediate.member ORDER BY id"), tvm.json("team", "members")]
    other = Cluster(programs)
    try:
        other.sql("CREATE DATABASE team", database="postgres")
        # The first login of a server is there already.
        run("psql", "--quiet", other.uri(database="postgres"), text=roles)
        run("pg_restore", "--exit-on-error", "--dbname", other.uri(), dump)
        tvm.run("team", "join", other.uri("anna"))
        equal([other.sql("SELECT * FROM tvm_remediate.member ORDER BY id"), tvm.json("team", "members")], before)
        equal(tvm.json("team", "init", other.uri()), {"is_new": False, "layout": 5})
    finally:
        other.close()
    tvm.run("team", "join", cluster.uri("anna"))


@test
def left(context):
    """leaving forgets the team here and nothing there"""
    context.tvm.run("team", "leave")
    equal(context.tvm.json("team", "status"), None)
    equal(context.cluster.sql("SELECT count(*) FROM tvm_remediate.member"), [["2"]])
    context.cluster.close()

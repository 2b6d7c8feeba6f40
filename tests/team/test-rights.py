#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What docs/team.md forbids, PostgreSQL refuses: raw SQL as each role, without our program; TAP.

usage: test-rights.py TVM_REMEDIATE
"""
import os
import subprocess
import sys
import uuid

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(os.path.dirname(HERE), name) for name in ("support", "cli")]

import tap  # noqa: E402
from cluster import Cluster, Refused, find_programs  # noqa: E402
from tap import check, equal, test  # noqa: E402

RIGHTS = ("reader", "requester", "approver", "administrator")
DENIED = "42501"


def uuid7():
    text = str(uuid.uuid4())
    return text[:14] + "7" + text[15:]


def insert(kind, subject, columns="", values="", number=None):
    """An event as a program would add it, or with more than it may say."""
    return (f"INSERT INTO tvm_remediate.event (id, subject, kind, decided_at{columns}) VALUES ('{number or uuid7()}', "
            f"'{subject}', '{kind}', '2001-01-01'{values})")


class Context:
    def __init__(self, program, cluster):
        self.program, self.cluster = program, cluster
        self.activity, self.exception = str(uuid.uuid4()), str(uuid.uuid4())

    def run(self, *words, status=0):
        done = subprocess.run([self.program, *words], capture_output=True, text=True, timeout=120,
                              env={**os.environ, "HOME": self.cluster.folder, "LC_ALL": "C.UTF-8"})
        equal(done.returncode, status, f"{words}: {done.stderr}")
        return done

    def allowed(self, login, *statements):
        return self.cluster.sql(*statements, login=login)

    def refused(self, login, *statements, code=DENIED):
        try:
            self.cluster.sql(*statements, login=login)
        except Refused as refusal:
            check(code in str(refusal), f"{login}: {statements}: {refusal}")
        else:
            raise AssertionError(f"{login} may do this: {statements}")


@test
def made(context):
    """a team is made of an empty database, once; what is not empty is refused"""
    cluster = context.cluster
    for name in RIGHTS + ("second", "stranger", "outsider"):
        cluster.sql(f"CREATE ROLE {name} LOGIN PASSWORD '{name}'", database="postgres")
    cluster.sql("CREATE DATABASE team", database="postgres")
    context.run("team", "init", cluster.uri(), "--administrator", "administrator", "--account", "admin@example.com")
    context.run("team", "init", cluster.uri())
    equal(cluster.sql("SELECT version, count(*) OVER () FROM tvm_remediate.about"), [["5", "1"]])
    for login, right in (("reader", "reader"), ("requester", "requester"), ("approver", "approver"), ("second", "requester")):
        cluster.sql(f"INSERT INTO tvm_remediate.member (login, account) VALUES ('{login}', '{login}@example.com')",
                    f"GRANT tvm_team_{right} TO {login}", login="administrator")
    cluster.sql("GRANT tvm_team_approver TO stranger")
    cluster.sql("CREATE DATABASE taken", database="postgres")
    cluster.sql("CREATE TABLE somebody_elses (a int)", database="taken")
    said = context.run("team", "init", cluster.uri(database="taken"), status=1).stderr
    check("not empty" in said, said)
    equal(cluster.sql("SELECT count(*) FROM pg_namespace WHERE nspname = 'tvm_remediate'", database="taken"), [["0"]])


@test
def made_by_its_owner(context):
    """whoever owns a database and may make roles needs to be no superuser; several teams have roles of their own"""
    cluster = context.cluster
    cluster.sql("CREATE ROLE builder LOGIN CREATEROLE", "CREATE DATABASE other OWNER builder", database="postgres")
    context.run("team", "init", cluster.uri("builder", "other"), "--administrator", "outsider", "--account", "out@example.com")
    context.run("team", "init", cluster.uri("builder", "other"))
    check(cluster.sql("SELECT count(*) FROM tvm_remediate.member", login="outsider", database="other") == [["1"]], "own")
    context.refused("outsider", "SELECT * FROM tvm_remediate.event")


@test
def decisions(context):
    """each right may do what it is for, and the database says who did it, when and in which order"""
    number = uuid7()
    context.allowed("requester", insert("activity-requested", context.activity, ", after", ", '{\"title\": \"x\"}'", number))
    context.allowed("requester", insert("exception-filed", context.exception))
    context.allowed("approver", insert("exception-approved", context.exception))
    context.allowed("second", insert("activity-completed", context.activity), insert("comment", context.activity))
    rows = context.allowed("reader", "SELECT e.number, m.account, e.kind, e.recorded_at > now () - interval '1 minute' "
                                     "FROM tvm_remediate.event e JOIN tvm_remediate.member m ON m.id = e.author ORDER BY 1")
    equal([row[1:] for row in rows],
          [["requester@example.com", "activity-requested", "t"], ["requester@example.com", "exception-filed", "t"],
           ["approver@example.com", "exception-approved", "t"], ["second@example.com", "activity-completed", "t"],
           ["second@example.com", "comment", "t"]])
    context.allowed("requester", insert("activity-requested", context.activity, number=number))
    equal(context.allowed("reader", "SELECT count(*) FROM tvm_remediate.event"), [["5"]], "sent again after a lost answer")


@test
def soundness(context):
    """an exception holds for a year at most, an activity is assigned to who is or was a member, and a requester says the tenant"""
    value = ", jsonb_build_object ('ends_on', to_char (now () + interval '%s days', 'YYYY-MM-DD'))"
    context.refused("approver", insert("exception-filed", uuid.uuid4(), ", after", value % 380), code="23")
    for kind in ("exception-filed", "activity-assigned"):
        context.refused("reader", insert(kind, uuid.uuid4()))
    context.refused("requester", insert("activity-assigned", context.activity, ", after", ", '{\"assignee\": \"n@example.com\"}'"),
                    code="23")
    use = "SELECT tvm_remediate.use_tenant ('Contoso')"
    for login in ("reader", "stranger"):
        context.refused(login, use)
    equal(context.allowed("requester", use), [["contoso"]])
    equal(context.allowed("administrator", use.replace("Contoso", "fabrikam")), [["contoso"]])
    context.refused("administrator", "UPDATE tvm_remediate.about SET tenant = 'fabrikam'")


@test
def log_stays(context):
    """nobody below the owner changes, removes or numbers what the log has"""
    for login in RIGHTS + ("stranger",):
        for statement in ("UPDATE tvm_remediate.event SET kind = 'comment'", "DELETE FROM tvm_remediate.event",
                          "TRUNCATE tvm_remediate.event", "ALTER TABLE tvm_remediate.event DISABLE TRIGGER ALL",
                          "DROP TABLE tvm_remediate.event", "SELECT setval ('tvm_remediate.event_number', 1)",
                          "ALTER TABLE tvm_remediate.event DISABLE ROW LEVEL SECURITY",
                          "CREATE TABLE tvm_remediate.mine (a int)", "UPDATE tvm_remediate.about SET version = 9",
                          "INSERT INTO tvm_remediate.event_kind VALUES ('mine', 'reader')",
                          "SET session_replication_role = replica", "SET ROLE tvm_team_owner",
                          "SET SESSION AUTHORIZATION postgres",
                          "CREATE OR REPLACE FUNCTION tvm_remediate.me () RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint'",
                          "UPDATE tvm_remediate.member SET account = 'x@example.com'", "DELETE FROM tvm_remediate.member",
                          insert("comment", context.activity, ", number", ", 1"),
                          insert("comment", context.activity, ", recorded_at", ", '2001-01-01'")):
            context.refused(login, statement)


@test
def names(context):
    """nobody speaks in another's name, by whatever role"""
    author = context.cluster.sql("SELECT id FROM tvm_remediate.member WHERE login_name = 'second'")[0][0]
    for login in RIGHTS:
        context.refused(login, insert("comment", context.activity, ", author", f", {author}"))
    # A role that was taken on changes nothing: the session is whose it was.
    context.allowed("administrator", "SET ROLE tvm_team_requester", insert("comment", context.activity))
    equal(context.allowed("reader", "SELECT m.account FROM tvm_remediate.event e JOIN tvm_remediate.member m ON "
                                    "m.id = e.author ORDER BY e.number DESC LIMIT 1"), [["admin@example.com"]])
    # A name in a schema of one's own in front changes nothing either.
    context.refused("stranger", "CREATE TEMP TABLE member (id bigint, login regrole, left_at timestamptz)",
                    "INSERT INTO member VALUES (1, 'stranger', NULL)", "SET search_path = pg_temp, tvm_remediate",
                    insert("comment", context.activity))


@test
def lower_rights(context):
    """a reader decides nothing, a requester approves nothing, and only an administrator takes members in"""
    context.refused("reader", insert("comment", context.activity))
    context.refused("requester", insert("exception-approved", context.exception))
    context.refused("second", insert("exception-rejected", context.exception))
    for login in RIGHTS[:3]:
        context.refused(login, "INSERT INTO tvm_remediate.member (login, account) VALUES ('outsider', 'o@example.com')")
        context.refused(login, "GRANT tvm_team_approver TO outsider")
    context.refused("administrator", "GRANT tvm_team_administrator TO outsider")
    context.refused("administrator", "UPDATE tvm_remediate.member SET login = 'outsider'")
    context.refused("administrator", "INSERT INTO tvm_remediate.member (login, account, added_by) VALUES "
                                     "('outsider', 'o@example.com', 'reader')")


@test
def own_exception(context):
    """nobody approves an exception of their own, also not with a second login"""
    mine = str(uuid.uuid4())
    context.allowed("approver", insert("exception-filed", mine))
    context.refused("approver", insert("exception-approved", mine))
    context.refused("approver", insert("exception-rejected", mine))
    context.allowed("administrator", insert("exception-approved", mine))
    context.cluster.sql("UPDATE tvm_remediate.member SET left_at = now () WHERE login = 'approver'::regrole",
                        "INSERT INTO tvm_remediate.member (login, account) VALUES ('outsider', 'Approver@example.com')",
                        "GRANT tvm_team_approver TO outsider", login="administrator")
    context.refused("outsider", insert("exception-approved", mine))
    context.refused("approver", insert("comment", mine))
    equal(context.allowed("approver", "SELECT count(*) FROM tvm_remediate.event"), [["0"]], "who left reads nothing")


@test
def another_account(context):
    """a login under a new account is the same person, and an administrator cannot give themselves one"""
    mine, theirs = str(uuid.uuid4()), str(uuid.uuid4())
    context.allowed("outsider", insert("exception-filed", mine))
    context.allowed("administrator", "UPDATE tvm_remediate.member SET left_at = now () WHERE login = 'outsider'::regrole",
                    "INSERT INTO tvm_remediate.member (login, account) VALUES ('outsider', 'renamed@example.com')")
    context.refused("outsider", insert("exception-approved", mine))
    context.refused("outsider", insert("exception-rejected", mine))
    context.allowed("administrator", insert("exception-filed", theirs))
    context.refused("administrator",
                    "WITH gone AS (UPDATE tvm_remediate.member SET left_at = now () WHERE login = 'administrator'::regrole AND "
                    "left_at IS NULL RETURNING 1) INSERT INTO tvm_remediate.member (login, account) SELECT "
                    "'administrator', 'new@example.com' FROM gone")
    context.refused("administrator", insert("exception-approved", theirs))
    equal(context.allowed("reader", "SELECT count(*) FROM tvm_remediate.member WHERE account = 'new@example.com'"), [["0"]])


@test
def sizes(context):
    """what is too large, or of no possible time, does not stop the programs of others"""
    subject = context.activity
    context.refused("requester", insert("comment", subject, ", after", ", jsonb_build_object ('text', repeat ('x', 1000001))"),
                    code="23")
    context.refused("requester", insert("comment", subject, ", before", ", jsonb_build_object ('text', repeat ('x', 1000001))"),
                    code="23")
    context.allowed("requester", insert("comment", subject, ", after", ", jsonb_build_object ('text', repeat ('x', 900000))"))
    for instant in ("infinity", "-infinity", "294276-01-01", "4713-01-01 BC"):
        context.allowed("requester", insert("comment", subject).replace("'2001-01-01'", f"'{instant}'"))
    equal(context.allowed("reader", "SELECT count(*) FROM tvm_remediate.event WHERE NOT isfinite (decided_at) OR decided_at > "
                                    "recorded_at OR decided_at < to_timestamp (0)"), [["0"]])


@test
def rule(context):
    """only an administrator sets which exceptions need an approval; what needs one is the database's to say"""
    for login in RIGHTS[:3] + ("stranger", "outsider"):
        if login != "stranger":
            context.refused(login, "UPDATE tvm_remediate.rule SET value = 'none'")
        context.refused(login, "INSERT INTO tvm_remediate.rule (name, value) VALUES ('x', 'y')")
        context.refused(login, "DELETE FROM tvm_remediate.rule")
    context.refused("administrator", "UPDATE tvm_remediate.rule SET changed_by = 'reader'")
    context.refused("administrator", "UPDATE tvm_remediate.rule SET value = 'sometimes'", code="23514")
    context.refused("requester", insert("exception-filed", uuid.uuid4(), ", needs_approval", ", false"))
    group, one = '{"is_global": false, "known_exploited_cves": 0}', '{"is_global": false, "known_exploited_cves": 1}'
    whole, untold = '{"is_global": true, "known_exploited_cves": 0}', "{}"
    for value, expected in (("none", "ffff"), ("risky", "fttt"), ("all", "tttt")):
        context.allowed("administrator", f"UPDATE tvm_remediate.rule SET value = '{value}'")
        context.allowed("requester", *(insert("exception-filed", uuid.uuid4(), ", after", f", '{after}'")
                                       for after in (group, one, whole, untold)))
        rows = context.allowed("reader", "SELECT needs_approval FROM (SELECT number, needs_approval FROM tvm_remediate.event "
                                         "ORDER BY number DESC LIMIT 4) e ORDER BY number")
        equal("".join(row[0] for row in rows), expected, value)
    equal(context.allowed("reader", "SELECT changed_by FROM tvm_remediate.rule"), [["administrator"]])
    context.allowed("administrator", "UPDATE tvm_remediate.rule SET value = 'none'")


@test
def policy(context):
    """only an administrator sets the team's policy, and it is of this team"""
    team = context.allowed("reader", "SELECT team FROM tvm_remediate.about")[0][0]
    value = ", '{\"policy\": \"none\"}'"
    for login in ("reader", "requester", "outsider", "stranger"):
        context.refused(login, insert("policy-set", team, ", after", value))
    context.refused("administrator", insert("policy-set", uuid.uuid4(), ", after", value), code="23")
    context.refused("administrator", insert("policy-set", context.activity, ", after", value), code="23")
    context.refused("requester", insert("activity-requested", team), code="23")
    context.allowed("administrator", insert("policy-set", team, ", after", value), insert("policy-set", team, ", after", value))
    for kind in ("comment", "activity-completed", "view-shared"):
        context.refused("requester", insert(kind, team), code="23")
    equal(context.allowed("reader", "SELECT count(*) FROM tvm_remediate.event WHERE kind = 'policy-set'"), [["2"]])


@test
def views(context):
    """a requester shares views; only who shared one changes it, and they or an administrator take it back"""
    mine, other = uuid7(), uuid7()
    for login in ("reader", "stranger"):
        context.refused(login, insert("view-shared", mine))
    context.refused("requester", insert("view-withdrawn", mine), code="23")
    context.refused("requester", insert("view-shared", uuid.uuid4()), code="23")
    context.refused("requester", insert("view-shared", context.activity), code="23")
    context.allowed("requester", insert("view-shared", mine), insert("view-shared", mine))
    for login in ("outsider", "administrator"):
        context.refused(login, insert("view-shared", mine))
    context.refused("outsider", insert("view-withdrawn", mine))
    for kind in ("comment", "activity-completed", "activity-requested", "exception-filed"):
        context.refused("requester", insert(kind, mine), code="23")
    context.allowed("outsider", insert("view-shared", other), insert("view-withdrawn", other), insert("view-shared", other))
    context.allowed("administrator", insert("view-withdrawn", other), insert("view-withdrawn", mine))
    equal(context.allowed("reader", "SELECT count(*) FROM tvm_remediate.event WHERE kind LIKE 'view-%'"), [["7"]])


def claim(activity, number, marker="TVM-marker-1", seconds=600, part=1):
    return f"SELECT outcome, who, id FROM tvm_remediate.claim_ticket ('{activity}', {part}, '{marker}', '{number}', {seconds})"


@test
def tickets(context):
    """a ticket is claimed by one program at a time, and once it is sent by none; only requesters claim"""
    mine, other = str(uuid.uuid4()), str(uuid.uuid4())
    for login in ("reader", "stranger"):
        context.refused(login, claim(context.activity, mine))
    context.refused("requester", claim(uuid.uuid4(), mine), code="23")
    context.refused("requester", claim(context.activity, mine, seconds=999999), code="23")
    for login in RIGHTS:
        for statement in ("UPDATE tvm_remediate.ticket SET intune_id = 'x'", "DELETE FROM tvm_remediate.ticket",
                          "INSERT INTO tvm_remediate.ticket (activity, part, marker, claim, claimed_by, ends_at) VALUES "
                          f"('{context.activity}', 1, 'TVM-marker', '{mine}', 1, now ())"):
            context.refused(login, statement)
    equal(context.allowed("requester", claim(context.activity, mine)), [["granted", "requester@example.com", ""]])
    equal(context.allowed("requester", claim(context.activity, mine)), [["granted", "requester@example.com", ""]])
    equal(context.allowed("administrator", claim(context.activity, other)), [["held", "requester@example.com", ""]])
    equal(context.allowed("administrator", claim(context.activity, other, part=2)), [["granted", "admin@example.com", ""]])
    # The claim of another cannot be ended, also not by who knows its number.
    end = f"SELECT tvm_remediate.end_claim ('{context.activity}', 1, '%s', %s)"
    equal(context.allowed("administrator", end % (mine, "'id'")), [["f"]])
    context.cluster.sql("UPDATE tvm_remediate.ticket SET ends_at = now () - interval '1 second' WHERE part = 1")
    equal(context.allowed("administrator", claim(context.activity, other, "TVM-marker-2")),
          [["taken-over", "requester@example.com", ""]])
    equal(context.allowed("requester", end % (mine, "'id'")), [["f"]])
    equal(context.allowed("administrator", end % (other, "'id-of-intune'")), [["t"]])
    equal(context.allowed("requester", claim(context.activity, mine)), [["sent", "admin@example.com", "id-of-intune"]])
    equal(context.allowed("reader", "SELECT intune_id, sent_at IS NOT NULL FROM tvm_remediate.ticket WHERE part = 1"),
          [["id-of-intune", "t"]])


@test
def strangers(context):
    """a role alone makes nobody a member, nor does a login that was made anew"""
    equal(context.allowed("stranger", "SELECT count(*) FROM tvm_remediate.event"), [["0"]])
    equal(context.allowed("stranger", "SELECT count(*) FROM tvm_remediate.member"), [["0"]])
    context.refused("stranger", insert("comment", context.activity))
    context.cluster.sql("DROP ROLE second", "CREATE ROLE second LOGIN", "GRANT tvm_team_requester TO second")
    context.refused("second", insert("comment", context.activity))
    equal(context.allowed("reader", "SELECT count(*) FROM tvm_remediate.event e JOIN tvm_remediate.member m ON m.id = "
                                    "e.author WHERE m.account = 'second@example.com'"), [["2"]], "what the first one did")


@test
def sense(context):
    """what makes no sense does not get in"""
    for statement in (insert("comment", uuid.uuid4()), insert("activity-requested", context.activity),
                      insert("activity-completed", context.exception), insert("exception-cancelled", context.activity),
                      insert("comment", context.activity, number=str(uuid.uuid4()))):
        context.refused("requester", statement, code="23")
    context.refused("requester", insert("made-up", context.activity))


@test
def one_start(context):
    """two who start the same subject at once, one with an old look at the log: one gets in"""
    subject = uuid.uuid4()
    context.refused("requester", "BEGIN ISOLATION LEVEL REPEATABLE READ", "SELECT count(*) FROM tvm_remediate.event",
                    "\\! true", f"\\setenv STARTED {subject}",
                    "\\! " + " ".join([os.path.join(context.cluster.programs, "psql"), "-q", "-X",
                                       "'" + context.cluster.uri("administrator") + "'", "-c",
                                       '"' + insert("activity-requested", subject).replace('"', '\\"') + '"']),
                    insert("activity-requested", subject), "COMMIT", code="23505")


def main():
    programs = find_programs()
    if programs is None:
        tap.skip_all("PostgreSQL is not installed")
    cluster = Cluster(programs)
    try:
        return tap.run(Context(os.path.abspath(sys.argv[1]), cluster))
    finally:
        cluster.close()


sys.exit(main())

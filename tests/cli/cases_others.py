# SPDX-License-Identifier: GPL-3.0-or-later
"""Who asked for the same before, here, in the portal or from another profile, and what is excepted."""
from tap import check, equal, test
from world import pick

TICKETS = "/beta/deviceAppManagement/deviceAppManagementTasks"


def asked(context, *words, program=None):
    """What a dry run says about those who asked before: its messages and its JSON."""
    done = (program or context.tvm).run("request", *words, "--type", "update", "--priority", "low", "--dry-run",
                                        "--json")
    return done.err, done.json["prior"]


def unused(context):
    used = {row["recommendation_id"] for row in context.tvm.json("activities")}
    return pick(context, "update", 5, other_than=used)["id"]


@test
def two_profiles(context):
    """a ticket made from another profile is seen, told before the same is requested, and left alone"""
    tvm, other = context.tvm, context.program("colleague")
    other.configure(context.demo)
    other.run("sign-in", "--device-code")
    other.run("config", "set", "intune-connection", "true")
    other.run("sync")
    about = unused(context)
    groups = tvm.json("recommendation", about)["groups"]
    chosen = next(group["name"] for group in groups if group["joined"] > 0)
    equal(asked(context, about, "--all-groups", program=other), ("", []))
    made = tvm.json("request", about, "--type", "update", "--priority", "low", "--group", chosen, "--intune")
    ticket = made["tickets"][0]["id"]
    blind = other.json("request", about, "--type", "update", "--priority", "low", "--all-groups", "--intune",
                       "--dry-run")
    check(blind["prior"] == [] and blind["prior_tickets_as_of"] is not None, str(blind))
    other.run("sync")
    seen = other.json("recommendation", about)["other_tickets"]
    equal([(row["id"], row["created_by"], row["groups"], row["status"]) for row in seen],
          [(ticket, context.email, [chosen], "pending")])
    equal([row["id"] for row in other.json("status")["other_tickets"]], [ticket])
    check(ticket in other.run("recommendation", about).out, "the table lacks it")
    text, prior = asked(context, about, "--all-groups", program=other)
    equal([(row["kind"], row["id"], row["by"]) for row in prior], [("ticket", ticket, context.email)])
    check(context.email in text and "Microsoft Intune" in text and chosen in text, text)
    for group in groups:
        if group["name"] != chosen:
            equal(asked(context, about, "--group", group["name"], program=other), ("", []))
    other.refuse("withdraw", ticket, names=[ticket, "elsewhere"])
    done = other.run("request", about, "--type", "update", "--priority", "low", "--all-groups", "--intune", "--json")
    check(context.email in done.err, done.err)
    equal(len(done.json["prior"]), 1)
    equal(len(context.demo.state()["tickets"]), 2)
    tvm.run("sync")
    equal([row["groups"] for row in tvm.json("recommendation", about)["other_tickets"]], [[]])
    equal([row["id"] for row in tvm.json("activity", made["id"])["tickets"]], [ticket])
    context.demo.call(f"/_demo/tickets/{ticket}/accept", {"assigned_to": "it@contoso.example"})
    context.demo.call(f"/_demo/tickets/{ticket}/complete", {})
    other.run("sync")
    equal(other.json("status")["other_tickets"], [], "what is completed waits for nobody")


@test
def a_moment_ago(context):
    """a ticket of a moment ago is told before the next one is made, and where nobody can tell, that is told"""
    tvm, other = context.tvm, context.program("colleague")
    about = unused(context)
    words = ("request", about, "--type", "update", "--priority", "low", "--all-groups", "--intune")
    ticket = tvm.json(*words)["tickets"][0]["id"]
    done = other.run(*words, "--json")
    equal([(row["kind"], row["id"]) for row in done.json["prior"]], [("ticket", ticket)])
    check(context.email in done.err, done.err)
    context.demo.call("/_demo/faults", {"path": TICKETS, "method": "GET", "kind": "status", "status": 403})
    blind = tvm.run(*words, "--json")
    check("Whether others asked Intune for the same since" in blind.err, blind.err)


@test
def unknown_word(context):
    """a ticket's status that nobody knows, or that is not told, is told alike to who made it and to others"""
    tvm, other = context.tvm, context.program("colleague")
    about = unused(context)
    made = tvm.json("request", about, "--type", "update", "--priority", "low", "--all-groups", "--intune")
    other.run("sync")
    for status, told in (("weird", "weird"), (None, "pending"), ("active", "active")):
        context.demo.call("/_demo/faults", {"path": TICKETS, "method": "GET", "exact": True, "kind": "set",
                                            "members": {"status": status}, "times": 1000})
        for program in (tvm, other):
            program.forget_pace()
            program.run("sync")
        context.demo.call("/_demo/faults", method="DELETE")
        equal([[row["status"] for row in rows] for rows in (
            tvm.json("activity", made["id"])["tickets"],
            [row for row in other.json("recommendation", about)["other_tickets"]
             if row["id"] == made["tickets"][0]["id"]])], [[told], [told]], status)


@test
def told_before(context):
    """own and portal activities and exceptions for the same device groups are told before submitting"""
    tvm = context.tvm
    portal = next(row for row in tvm.json("activities", "--status", "active")
                  if row["origin"] == "defender" and row["type"] == "update" and row["recommendation_id"])
    text, prior = asked(context, portal["recommendation_id"], "--all-groups")
    check(portal["id"] in [row["id"] for row in prior if row["kind"] == "portal-activity"], prior)
    check("in the portal" in text, text)
    about = unused(context)
    group = tvm.json("recommendation", about)["groups"][0]["name"]
    made = tvm.json("request", about, "--type", "update", "--priority", "low", "--group", group)
    equal(made["prior"], [])
    exception = tvm.json("exception", "add", about, "--justification", "risk-accepted", "--context", "Why",
                         "--duration", "30", "--group", group)
    text, prior = asked(context, about, "--group", group)
    equal([(row["kind"], row["id"]) for row in prior],
          [("activity", made["id"]), ("exception", exception["id"])])
    check("requested this here" in text and "made an exception" in text, text)
    rows = tvm.json("request", about, portal["recommendation_id"], "--type", "update", "--priority", "low",
                    "--all-groups", "--dry-run")["results"]
    equal([len(row["prior"]) > 0 for row in rows], [True, True])


@test
def completed_with_ticket(context):
    """an activity completed by hand with its ticket still pending needs attention"""
    tvm = context.tvm
    made = tvm.json("request", unused(context), "--type", "update", "--priority", "low", "--all-groups", "--intune")
    after = tvm.json("complete", made["id"])
    told = {row["kind"]: row["next_step"] for row in after["disagreements"]}
    check("Withdraw the ticket" in told.get("completed-ticket-open", ""), told)
    check(made["id"] in [row["id"] for row in tvm.json("activities", "--disagreements")], "the filter lacks it")


@test
def completed_before_sent(context):
    """a ticket that was not sent when its activity was completed is not sent, which is told and can be ended"""
    tvm, demo = context.tvm, context.demo
    about, n_tickets = pick(context, "update")["id"], len(demo.state()["tickets"])
    demo.call("/_demo/faults", {"path": TICKETS, "method": "POST", "kind": "status", "status": 503, "times": 1000})
    made = [tvm.json("request", about, "--type", "update", "--priority", "low", "--all-groups", "--intune",
                     status=4)["id"] for _ in range(2)]
    demo.call("/_demo/faults", method="DELETE")
    told = tvm.run("complete", made[0])
    check("Unless it has been sent already, it is not sent" in told.err, told.err)
    told = tvm.json("complete", made[1], made[0])["results"]
    check("Unless it has been sent already, it is not sent" in told[0]["reason"], told)
    check("completed-ticket-unsent" in [row["kind"] for row in tvm.json("activity", made[0])["disagreements"]], made)
    tvm.run("sync")
    equal(len(demo.state()["tickets"]), n_tickets)
    entries = [entry for entry in tvm.json("outbox", "list") if entry["activity_id"] in made]
    equal([(entry["state"], entry["next_attempt"]) for entry in entries], [("held", None)] * 2)
    for entry in entries:
        check("Its activity is completed" in tvm.run("outbox", "retry", str(entry["id"]), status=1).err, entry)
        tvm.run("outbox", "revoke", str(entry["id"]))
    check("completed-ticket-unsent" not in
          [row["kind"] for row in tvm.json("activity", made[0])["disagreements"]], made)


@test
def sums(context):
    """the numbers of an activity of the portal add up, whatever the service names"""
    tvm = context.tvm
    for row in tvm.json("activities"):
        if row["origin"] != "defender" or row["fixed_devices"] is None:
            continue
        shown = tvm.json("activity", row["id"])
        named = sum(n for state, n in shown["states"].items() if state != "remediated")
        equal(shown["fixed_devices"] + named + shown["not_told_devices"] - shown["surplus_devices"],
              shown["target_devices"])
        equal(shown["numbers_note"] is None, shown["not_told_devices"] == shown["surplus_devices"])

# SPDX-License-Identifier: GPL-3.0-or-later
"""Several at once: requested, completed, withdrawn and exported, and what is told of each."""
import csv
import os

from tap import check, equal, test
from world import pick


def outcomes(document):
    return [row["outcome"] for row in document["results"]]


def choose(context, kind, number, used):
    """So many recommendations of a type that no earlier test has taken."""
    found = []
    for _ in range(number):
        row = pick(context, kind, 2, other_than=used)
        used.add(row["id"])
        found.append(row["id"])
    return found


@test
def requested(context):
    """request for several makes one activity each; a type that does not fit is skipped, an unknown one fails"""
    tvm = context.tvm
    used = {row["recommendation_id"] for row in tvm.json("activities", "--status", "active")}
    updates = choose(context, "update", 2, used)
    other = choose(context, "configuration-change", 1, used)[0]
    words = ("--type", "update", "--priority", "low", "--all-groups", "--note", "Together")
    before = tvm.json("activities")
    dry = tvm.json("request", *updates, other, *words, "--dry-run")
    equal(outcomes(dry), ["done", "done", "skipped"])
    check(dry["dry_run"] is True and "covers" in dry["results"][0]["reason"], dry)
    shown = tvm.run("request", *updates, other, *words, "--dry-run").out
    check("Nothing was submitted" in shown and "Done" not in shown, shown)
    equal(tvm.json("activities"), before, "the activities after --dry-run")
    told = tvm.json("request", *updates, other, updates[0], *words)
    equal(outcomes(told), ["done", "done", "skipped", "skipped"])
    check(told["dry_run"] is False, told)
    check("does not fit" in told["results"][2]["reason"], told)
    check("twice" in told["results"][3]["reason"], told)
    equal([row["id"] for row in told["results"]], [*updates, other, updates[0]])
    for row in told["results"][:2]:
        activity = tvm.json("activity", row["activity_id"])
        equal((activity["recommendation_id"], activity["priority"], activity["notes"], activity["tickets"]),
              (row["id"], "low", "Together", []))
    context.activities = [row["activity_id"] for row in told["results"][:2]]
    failed = tvm.run("request", updates[0], "no-such-recommendation", *words, "--json", status=1)
    equal(outcomes(failed.json), ["done", "failed"])
    check("no-such-recommendation" in failed.err, failed.err)
    context.activities.append(failed.json["results"][0]["activity_id"])
    text = tvm.run("request", *updates, "--type", "uninstall", "--priority", "low", "--all-groups").out
    check("0 done, 2 skipped, 0 failed" in text, text)


@test
def refused_as_a_whole(context):
    """what is wrong with the form itself is refused before anything is submitted"""
    tvm = context.tvm
    ids = [row["id"] for row in tvm.json("recommendations") if row["type"] == "update"][:2]
    tvm.refuse("request", *ids, "--type", "update", "--all-groups", names=["priority"])
    tvm.refuse("request", *ids, "--type", "update", "--priority", "low", "--all-groups", "--due", "2001-01-01",
               names=["passed"])
    tvm.refuse("request", *ids, "--type", "update", "--priority", "low", "--all-groups", "--intune", "--left-out",
               "x.csv", status=2, names=["one recommendation"])


@test
def excepted(context):
    """a recommendation in full exception is skipped along with others"""
    tvm = context.tvm
    ids = [row["id"] for row in tvm.json("recommendations") if row["type"] == "update"][-2:]
    tvm.run("exception", "add", ids[0], "--justification", "risk-accepted", "--context", "Old", "--duration", "30",
            "--all-groups")
    told = tvm.json("request", *ids, "--type", "update", "--priority", "low", "--all-groups", "--dry-run")
    equal(told["results"][0]["outcome"], "skipped")
    check("exception" in told["results"][0]["reason"], told)


@test
def exported(context):
    """export activity with several writes the devices of all of them into one file, as each alone has them"""
    tvm = context.tvm
    folder = os.path.dirname(tvm.store_path)
    files = []
    for number, words in enumerate(([context.activities[0]], [context.activities[1]], context.activities[:2])):
        path = os.path.join(folder, f"{number}.csv")
        tvm.run("export", "activity", *words, "--output", path, "--format", "machine")
        with open(path, newline="") as file:
            files.append(list(csv.reader(file)))
    rows = [files[0][0], *files[0][1:], *files[1][1:]]
    equal(sorted(files[2]), sorted(rows), "both together")
    equal({row[0] for row in files[2][1:]}, set(context.activities[:2]))
    tvm.refuse("export", "activity", context.activities[0], "nothing-like-that", "--output",
               os.path.join(folder, "none.csv"), names=["nothing-like-that"])
    check(not os.path.exists(os.path.join(folder, "none.csv")), "a file was made")
    tvm.refuse("export", "history", context.activities[0], context.activities[1], "--output", "-", status=2)


@test
def completed(context):
    """complete for several: done once, then skipped; one of the portal is skipped, an unknown one fails"""
    tvm = context.tvm
    portal = next(row["id"] for row in tvm.json("activities", "--status", "active") if row["origin"] == "defender")
    told = tvm.json("complete", *context.activities, portal, "--note", "All at once")
    equal(outcomes(told), ["done"] * 3 + ["skipped"])
    check("portal" in told["results"][3]["reason"], told)
    for name in context.activities:
        activity = tvm.json("activity", name)
        equal((activity["status"], activity["completed_by"]), ("completed", context.email))
        check("All at once" in str(activity["history"]), activity["history"])
    again = tvm.json("complete", *context.activities)
    equal(outcomes(again), ["skipped"] * 3)
    check("completed already" in again["results"][0]["reason"], again)
    failed = tvm.run("complete", context.activities[0], "nothing-like-that", "--json", status=1)
    equal(outcomes(failed.json), ["skipped", "failed"])


@test
def withdrawn(context):
    """withdraw for several: pending ones are taken back, an accepted one is skipped with what to do"""
    tvm, demo = context.tvm, context.demo
    used = {row["recommendation_id"] for row in tvm.json("activities", "--status", "active")}
    ids = choose(context, "update", 2, used)
    told = tvm.json("request", *ids, "--type", "update", "--priority", "low", "--all-groups", "--intune")
    equal(outcomes(told), ["done", "done"])
    tickets = [tvm.json("activity", row["activity_id"])["tickets"][0]["id"] for row in told["results"]]
    check(None not in tickets, "a ticket was not sent")
    demo.call(f"/_demo/tickets/{tickets[1]}/accept", {"assigned_to": "it@contoso.example"})
    tvm.run("sync")
    after = tvm.json("withdraw", *tickets, tickets[0])
    equal(outcomes(after), ["done", "skipped", "skipped"])
    check("IT admin" in after["results"][1]["reason"], after)
    left = [row["id"] for row in demo.state()["tickets"]]
    check(tickets[0] not in left and tickets[1] in left, left)

# SPDX-License-Identifier: GPL-3.0-or-later
"""Configuration changes for devices with no user impact; an activity's devices for Configuration Manager."""
import csv
import os

from tap import check, equal, test
from world import pick

CALL = "/api/machines/SecureConfigurationsAssessmentByMachine"
LIMITED = ("--type", "configuration-change", "--priority", "high", "--all-groups", "--no-user-impact")


def choose(context, number):
    """So many configurations that enough devices are exposed to, in the list's order."""
    found = []
    while len(found) < number:
        found.append(pick(context, "configuration-change", 5, other_than=found)["id"])
    return found


@test
def refused(context):
    """--no-user-impact where the service does not tell which these are: nothing is requested, and it says why"""
    context.about, context.other = choose(context, 2)
    tvm = context.tvm
    tvm.refuse("request", context.about, "--type", "attention-required", "--all-groups", "--no-user-impact",
               names=["configuration change"])
    context.demo.call("/_demo/faults", {"path": CALL, "kind": "status", "status": 403, "times": 1})
    before = tvm.json("activities")
    failed = tvm.run("request", context.about, *LIMITED, status=1)
    check("no user impact is not known" in failed.err and "Vulnerability.Read" in failed.err, failed.err)
    equal(tvm.json("activities"), before, "the activities")


@test
def requested(context):
    """--no-user-impact covers these devices alone, and tells of how many nobody knows"""
    tvm = context.tvm
    # one device that no list but the recommendation's has
    lost = next(row["id"] for row in tvm.json("devices") if row["is_entra_joined"])
    context.demo.call(f"/_demo/recommendations/{context.about}/expose", {"devices": [lost]})
    context.demo.call(f"/_demo/devices/{lost}/remove", {})
    tvm.run("sync")
    everybody = tvm.json("request", context.about, *LIMITED[:-1], "--dry-run")
    equal((everybody["no_impact_only"], everybody["impact_unknown"]), (False, None))
    told = tvm.run("request", context.about, *LIMITED, "--dry-run", "--json")
    check("impact is not known" in told.err, told.err)
    dry = told.json
    equal(dry["no_impact_only"], True)
    check(0 < dry["covered"] < everybody["covered"], dry)
    check(dry["impact_unknown"] >= 1, dry)
    about = tvm.json("recommendation", context.about)
    equal(sum(group["no_impact"] or 0 for group in about["groups"]), dry["covered"], "by device group")
    equal(sum(group["impact_unknown"] for group in about["groups"]), dry["impact_unknown"], "by device group")
    equal(about["no_impact_devices"], dry["covered"], "as the recommendation counts them")
    path = os.path.join(context.home, "no-impact-left-out.csv")
    made = tvm.json("request", context.about, *LIMITED, "--intune", "--left-out", path)
    equal((made["no_impact_only"], made["target_devices"]), (True, dry["covered"]))
    equal(sum(ticket["devices"] for ticket in made["tickets"]), made["joined"], "in tickets")
    with open(path, newline="", encoding="utf-8") as stream:
        equal(len(list(csv.DictReader(stream))), made["not_joined"], "left out")
    activity = tvm.json("activity", made["id"])
    equal((activity["no_impact_only"], len(activity["devices"])), (True, dry["covered"]))
    check("Only devices with no user impact" in tvm.run("activity", made["id"]).out, "the activity")
    path = os.path.join(context.home, "no-impact.csv")
    tvm.run("export", "activities", "--format", "machine", "--output", path)
    with open(path, newline="", encoding="utf-8") as stream:
        limited = {row["id"]: row["no_impact_only"] for row in csv.DictReader(stream)}
    equal(limited[made["id"]], "true", "in the export")
    context.activity = activity


@test
def several(context):
    """--no-user-impact for several says of each how many devices nobody knows"""
    told = context.tvm.json("request", context.about, context.other, *LIMITED)
    equal([row["outcome"] for row in told["results"]], ["done", "done"])
    check("not known" in told["results"][0]["reason"], told)
    for row in told["results"]:
        check(context.tvm.json("activity", row["activity_id"])["no_impact_only"], row)


@test
def disagreement(context):
    """where the recommendation's count and the list differ, that is told"""
    context.demo.call(f"/_demo/recommendations/{context.about}/expose", {"count": 20})
    context.tvm.run("sync")
    told = context.tvm.run("request", context.about, *LIMITED, "--dry-run")
    check("renews them at different times" in told.err, told.err)


@test
def names(context):
    """export --format name-list and collection-script: the devices still exposed, or all, whole or not at all"""
    tvm, activity = context.tvm, context.activity
    context.demo.call(f"/_demo/recommendations/{context.about}/patch", {"fraction": 0.5})
    tvm.run("sync")
    devices = tvm.json("activity", activity["id"])["devices"]
    everyone = sorted({row["name"].split(".")[0] for row in devices})
    exposed = sorted({row["name"].split(".")[0] for row in devices if row["state"] != "remediated"})
    check(0 < len(exposed) < len(everyone), f"{len(exposed)} of {len(everyone)} are exposed")
    path = os.path.join(context.home, "names.txt")
    words = ("export", "activity", activity["id"][:8], "--output", path, "--format")
    told = tvm.json(*words, "name-list")
    equal(told, {"names": len(exposed), "same_name": 0, "without_name": 0, "output": path})
    with open(path, newline="", encoding="utf-8") as stream:
        equal(stream.read(), "".join(name + "\r\n" for name in exposed))
    tvm.refuse(*words, "name-list", names=["exists already"])
    tvm.run(*words, "name-list", "--force", "--all-devices")
    with open(path, newline="", encoding="utf-8") as stream:
        equal(stream.read().split(), everyone)
    tvm.run(*words, "collection-script", "--force")
    with open(path, newline="", encoding="utf-8-sig") as stream:
        script = stream.read()
    check(all(line.endswith("\r") for line in script.split("\n")[:-1]), "a line without CR")
    equal([line.strip(" ',\r") for line in script.split("@(")[1].split(")")[0].strip().split("\n")], exposed)
    for word in ("New-CMDeviceCollection -Name $collectionName -LimitingCollectionName 'All Systems'",
                 "Add-CMDeviceCollectionDirectMembershipRule", "Get-CMDevice", "Not found"):
        check(word in script, word)


@test
def wrong_words(context):
    """the two formats are for one activity; what does not go together is refused"""
    tvm, path = context.tvm, os.path.join(context.home, "other.txt")
    name = context.activity["id"]
    for words in (("devices",), ("activity",), ("activity", name, name), ("activity", name, "--status", "exposed"),
                  ("activity", name, "--search", "x")):
        tvm.refuse("export", *words, "--format", "name-list", "--output", path, status=2, names=["name-list"])
    tvm.refuse("export", "activity", name, "--all-devices", "--output", path, status=2, names=["--all-devices"])
    tvm.refuse("export", "activity", name, "--format", "names", "--output", path, status=2,
               names=["collection-script"])
    tvm.refuse("export", "activity", "no-such-activity", "--format", "name-list", "--output", path)
    check(not os.path.exists(path), "a file was made")

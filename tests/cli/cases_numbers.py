# SPDX-License-Identifier: GPL-3.0-or-later
"""Two numbers for the same thing are equal, or a line explains the difference (R6, R18)."""
from tap import check, equal, test
from world import sign_in


@test
def counted_otherwise(context):
    """two devices that a recommendation counts and nobody names: every command says so, until the counts agree"""
    tvm = sign_in(context, "counts")
    tvm.run("sync")
    path = "/api/recommendations"
    first = context.demo.call(path, headers={"Authorization": "Bearer " + context.demo.token()})["value"][0]
    named = first["exposedMachinesCount"]
    context.demo.call("/_demo/faults", {"path": path, "exact": True, "kind": "set", "rows": 1,
                                        "members": {"exposedMachinesCount": named + 2}})
    tvm.run("sync")
    row = next(row for row in tvm.json("recommendations") if row["id"] == first["id"])
    equal(row["exposed_devices"], named + 2)
    words = ("request", row["id"], "--type", row["type"], "--all-groups", "--priority", "low", "--dry-run")
    trial = tvm.json(*words)
    equal([trial[name] for name in ("covered", "not_told_devices", "surplus_devices")], [named, 2, 0])
    line = "2 more are counted by the service and not named"
    check(line in tvm.run(*words).out, "the request")
    words = ("exception", "add", row["id"], "--justification", "risk-accepted", "--context", "Known.", "--duration",
             "30", "--group", trial_group(tvm, row), "--dry-run")
    effect = tvm.json(*words)["effect"]
    equal((effect["not_told_devices"], effect["surplus_devices"]), (2, 0))
    check(line in tvm.run(*words).out, "the exception")
    cve = next(cve["id"] for cve in tvm.json("weaknesses") if cve["recommendations_count"] and
               row["id"] in [one["id"] for one in tvm.json("weakness", cve["id"])["recommendations"]])
    check(tvm.json("weakness", cve)["devices_exact"] is False, "the CVE's devices are told as all")
    whole = tvm.json("recommendation", row["id"])
    equal([whole[name] for name in ("exposed_devices", "not_told_devices", "surplus_devices")], [named + 2, 2, 0])
    check("Not told by the service: 2 devices" in tvm.run("recommendation", row["id"]).out, "the recommendation")
    tvm.forget_pace()
    tvm.run("sync")
    whole = tvm.json("recommendation", row["id"])
    equal([whole[name] for name in ("exposed_devices", "not_told_devices")], [named, 0])
    equal(sum(group["exposed"] for group in whole["groups"]), named)
    check(tvm.json("weakness", cve)["devices_exact"] is True, "the numbers agree again")


def trial_group(tvm, row):
    """One of the device groups that it exposes, without asking for them."""
    return next(device["group"] for device in tvm.json("devices")
                if row["id"] in [one["id"] for one in tvm.json("device", device["id"])["recommendations"]])


def call(context, path):
    return context.demo.call(path, headers={"Authorization": "Bearer " + context.demo.token()})


def states_sum(shown):
    return sum(n for state, n in shown["states"].items() if state != "remediated")


@test
def few_named(context):
    """an activity of the portal of whose devices the service names three: these are told everywhere, and the rest counted"""
    tvm = sign_in(context, "few", devices=200, activities=9)
    rows = [row for row in call(context, "/api/remediationTasks")["value"]
            if row["status"] == "Active" and row["dueOn"] and row["targetDevices"] - row["fixedDevices"] >= 15]
    about = rows[0]
    left = about["targetDevices"] - about["fixedDevices"]
    context.demo.call("/_demo/faults", {"path": f"/api/remediationTasks/{about['id']}/machineReferences",
                                        "kind": "short", "rows": 3, "times": 1000})
    for _ in range(2):
        tvm.run("sync")
        shown = tvm.json("activity", about["id"])
        equal((len(shown["devices"]), states_sum(shown)), (3, 3))
        equal((shown["not_told_devices"], shown["surplus_devices"]), (left - 3, 0))
        equal(shown["numbers_note"], "Not told by the service")
        text = tvm.run("activity", about["id"]).out
        check(f"Not told by the service: {left - 3} devices" in text and "not known" not in text.lower(), text)
        exported = tvm.run("export", "activity", about["id"], "--output", "-", "--format", "machine")
        equal(len(exported.out.splitlines()), 4)
        check(f"{left - 3} more are counted by the service and not named" in exported.err, exported.err)
        check(f"- Not told by the service: {left - 3}" in tvm.run("notify", about["id"]).out, "the e-mail")
        tvm.forget_pace()
    # None at all: where the service was just asked, nobody is sent to ask it again.
    other = rows[1]
    context.demo.call("/_demo/faults", {"path": f"/api/remediationTasks/{other['id']}/machineReferences",
                                        "kind": "null-rows", "times": 1000})
    shown = tvm.json("activity", other["id"])
    if shown["devices"] is None:
        equal((shown["not_told_devices"], shown["numbers_note"]), (None, "Not known which"))
        refused = tvm.run("export", "activity", other["id"], "--output", "-", status=1)
        check("Look again later" in refused.err and "asks for them" not in refused.err, refused.err)


@test
def beyond_targets(context):
    """more devices counted as remediated than targeted, and others named: two causes, and the sum holds"""
    tvm = sign_in(context, "beyond")
    about = next(row for row in call(context, "/api/remediationTasks")["value"]
                 if row["status"] == "Active" and row["dueOn"] and row["targetDevices"] - row["fixedDevices"] >= 3)
    named = about["targetDevices"] - about["fixedDevices"]
    context.demo.call("/_demo/faults", {"path": "/api/remediationTasks", "exact": True, "kind": "set", "times": 1000,
                                        "members": {"targetDevices": 5, "fixedDevices": 9}})
    tvm.run("sync")
    shown = tvm.json("activity", about["id"])
    equal((shown["not_told_devices"], shown["surplus_devices"]), (0, 4 + states_sum(shown)))
    equal(states_sum(shown), named)
    text = tvm.run("activity", about["id"]).out
    check("Counted as remediated beyond the targets: 4 devices" in text, text)
    check(f"Named by the service beyond its own count: {named} devices" in text, text)
    check("Its progress is not known" in text, text)


@test
def not_told_or_none(context):
    """numbers that the service does not tell, or that count nobody, are no progress; its list names no remediated one"""
    tvm = sign_in(context, "untold-progress")
    about = next(row for row in call(context, "/api/remediationTasks")["value"]
                 if row["status"] == "Active" and row["dueOn"] and row["targetDevices"] > row["fixedDevices"] > 0)
    tvm.run("sync")
    line = f"The service does not name the {about['fixedDevices']} device"
    tvm.json("activity", about["id"])
    check(line in tvm.run("activity", about["id"]).out, "the list of devices")
    exported = tvm.run("export", "activity", about["id"], "--output", "-", "--format", "machine")
    equal(len(exported.out.splitlines()), about["targetDevices"] - about["fixedDevices"] + 1)
    check(line in exported.err, exported.err)
    for count, words in ((0, "Its progress is not known: no device is counted for it."), (None, "Not told by the service")):
        context.demo.call("/_demo/faults", method="DELETE")
        context.demo.call("/_demo/faults", {"path": "/api/remediationTasks", "exact": True, "kind": "set", "times": 1000,
                                            "members": {"targetDevices": count, "fixedDevices": count}})
        tvm.forget_pace()
        tvm.run("sync")
        equal(tvm.json("activity", about["id"])["fixed_devices"], count)
        check(words in tvm.run("activity", about["id"]).out, tvm.run("activity", about["id"]).out)
        check(words in tvm.run("notify", about["id"]).out, tvm.run("notify", about["id"]).out)


@test
def joined_untold(context):
    """where the inventory tells of no device whether it is joined, that is not known, and no ticket is made of it"""
    tvm = sign_in(context, "untold")
    context.demo.call("/_demo/faults", {"path": "/api/machines", "exact": True, "kind": "set", "times": 1000,
                                        "members": {"isAadJoined": None, "aadDeviceId": None}})
    tvm.run("sync")
    row = next(row for row in tvm.json("recommendations") if row["type"] == "update" and row["exposed_devices"])
    equal({group["joined"] for group in tvm.json("recommendation", row["id"])["groups"]}, {None})
    words = ("request", row["id"], "--type", "update", "--all-groups", "--priority", "low", "--dry-run")
    trial = tvm.json(*words)
    equal((trial["joined"], trial["not_joined"]), (None, None))
    tvm.run("config", "set", "intune-connection", "true")
    refused = tvm.run(*words, "--intune", status=1)
    check("not known" in refused.err and "None of" not in refused.err, refused.err)


@test
def of_no_recommendation(context):
    """an open activity of the portal that tells no recommendation may be anyone's: no one has none for certain"""
    tvm = sign_in(context, "whose")
    context.demo.call("/_demo/faults", {"path": "/api/remediationTasks", "exact": True, "kind": "set", "rows": 1,
                                        "times": 1000, "members": {name: None for name in (
                                            "productId", "scid", "vendorId", "nameId")} | {"status": "Active"}})
    tvm.run("sync")
    check(None in [row["recommendation_id"] for row in tvm.json("activities")], "all tell it")
    for command in ("recommendations", "weaknesses"):
        counts = {row["active_activities"] for row in tvm.json(command)}
        check(None in counts and 0 not in counts, counts)

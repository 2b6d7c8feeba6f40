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

# SPDX-License-Identifier: GPL-3.0-or-later
"""Intune's limit (R5): more than 10,000 devices, of which some cannot go to Intune at all."""
import csv
import os

from tap import check, equal, test

N_EXPOSED, N_JOINED, LIMIT = 23456, 21000, 10000


def expose(demo, tvm):
    """Makes exactly so many devices exposed to a recommendation, so many of them Entra-joined."""
    devices = tvm.json("devices")
    joined = [row["id"] for row in devices if row["is_entra_joined"]]
    others = [row["id"] for row in devices if not row["is_entra_joined"]]
    check(len(joined) >= N_JOINED and len(others) >= N_EXPOSED - N_JOINED,
          f"{len(joined)} joined and {len(others)} other devices are too few")
    about = next(row["id"] for row in tvm.json("recommendations") if row["type"] == "update")
    demo.call(f"/_demo/recommendations/{about}/patch", {"fraction": 1})
    demo.call(f"/_demo/recommendations/{about}/expose",
              {"devices": joined[:N_JOINED] + others[:N_EXPOSED - N_JOINED]})
    equal(demo.state()["exposed"][about], N_EXPOSED, "exposed devices")
    return about


def tickets(demo, activity):
    """The devices of the activity's tickets as the service has them, one set a ticket, in order."""
    mine = {ticket["id"] for ticket in activity["tickets"]}
    found = [set(ticket["devices"]) for ticket in demo.state()["tickets"]
             if ticket["id"] in mine]
    return sorted(found, key=len, reverse=True)


@test
def many_devices(context):
    """21,000 of 23,456 devices are Entra-joined: --split makes tickets of 10,000, 10,000 and 1,000"""
    demo, tvm = context.new_demo(seed=11, devices=32000, recommendations=6, activities=3), context.program("many")
    tvm.configure(demo)
    tvm.run("sign-in", "--device-code")
    tvm.run("config", "set", "intune-connection", "true")
    tvm.run("sync")
    about = expose(demo, tvm)
    tvm.run("sync")
    words = ["request", about, "--type", "update", "--priority", "high", "--all-groups", "--intune"]
    told = tvm.json(*words, "--dry-run")
    equal([told[key] for key in ("covered", "joined", "not_joined", "left_out", "tickets")],
          [N_EXPOSED, N_JOINED, N_EXPOSED - N_JOINED, N_JOINED - LIMIT, 1])
    shown = tvm.run(*words, "--dry-run").out
    check("2456 cannot" in shown and "11000 are left out" in shown, shown)

    path = os.path.join(context.home, "left-out.csv")
    tvm.refuse(*words[:-1], "--left-out", path, status=2, names=["--intune"])
    tvm.refuse(*words, "--left-out", "-", status=2, names=["--left-out"])
    tvm.run(*words, "--dry-run", "--left-out", path)
    with open(path, newline="", encoding="utf-8") as stream:
        before = {row["device_id"]: row["not_in_ticket"] for row in csv.DictReader(stream)}
    equal([list(before.values()).count(word) for word in ("not-joined", "ticket-full")],
          [N_EXPOSED - N_JOINED, N_JOINED - LIMIT], "what is told before")
    tvm.refuse(*words, "--left-out", path, names=["left-out.csv"])
    one = tvm.json(*words)
    devices = tvm.json("activity", one["id"])["devices"]
    equal({row["id"]: row["not_in_ticket"] for row in devices if row["not_in_ticket"]}, before, "what is told after")
    equal({row["ticket_id"] for row in devices if not row["not_in_ticket"]}, {one["tickets"][0]["id"]})
    equal({row["ticket_id"] for row in devices if row["not_in_ticket"]}, {None})
    tvm.run("export", "activity", one["id"], "--format", "machine", "--force", "--output", path)
    with open(path, newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    equal({row["device_id"]: row["not_in_ticket"] for row in rows if not row["ticket_id"]}, before, "in the export")
    equal([len(devices) for devices in tickets(demo, one)], [LIMIT], "without --split")
    equal((one["not_joined"], one["left_out"]), (N_EXPOSED - N_JOINED, N_JOINED - LIMIT))
    three = tvm.json(*words, "--split")
    parts = tickets(demo, three)
    equal([len(devices) for devices in parts], [LIMIT, LIMIT, N_JOINED - 2 * LIMIT], "with --split")
    equal(len(set().union(*parts)), N_JOINED, "devices in one ticket only")
    group_of = {row["entra_device_id"]: row["group"] for row in tvm.json("devices")}
    groups = [{group_of[device] for device in part} for part in parts]
    check(sum(map(len, groups)) <= len(set().union(*groups)) + 2, f"groups torn apart: {groups}")
    equal((three["not_joined"], three["left_out"]), (N_EXPOSED - N_JOINED, 0))

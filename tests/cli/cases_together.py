# SPDX-License-Identifier: GPL-3.0-or-later
"""Two processes work on one profile while the tenant lives and some of its lists come short or late: afterwards
the store equals the tenant, and every line of its histories was true when it was written."""
import random
import threading

from tap import check, equal, test

ROUNDS = 25
TICKETS = "/beta/deviceAppManagement/deviceAppManagementTasks"
LISTS = ("/api/recommendations", "/api/machines", "/api/remediationTasks", TICKETS,
         "/beta/deviceManagement/managedDevices")
TOLD = {"accept": "ticket-accepted", "reject": "ticket-rejected", "complete": "ticket-completed"}


class Truth:
    """What the tenant was told to be, from one moment to the next, and what the commands said they did."""

    def __init__(self, demo):
        self.demo = demo
        self.lock = threading.Lock()
        self.ids = sorted(demo.state()["exposed"])
        self.groups = {}
        self.versions = {about: [self._look(about)] for about in self.ids}
        self.short = [*LISTS, *map(self._path, self.ids)]
        self.requested, self.completed, self.withdrawn = {}, [], []
        self.ordered = {}                  # of each ticket: what the IT admin did
        self.failures = []

    @staticmethod
    def _path(about):
        return f"/api/recommendations/{about}/machineReferences"

    def _look(self, about):
        rows = self.demo.exposed(about)
        self.groups.update((key, row["rbacGroupName"]) for key, row in rows.items())
        return frozenset(rows)

    def _expose(self, about, order, devices):
        self.demo.call(f"/_demo/recommendations/{about}/{order}", {"devices": sorted(devices)})
        before = self.versions[about][-1]
        after = before - devices if order == "patch" else before | devices
        self.versions[about].append(after)
        check(self.demo.state()["exposed"][about] == len(after), f"{about} after {order}")

    def live(self, chance):
        """Something happens at the tenant."""
        with self.lock:
            about = chance.choice(self.ids)
            now = self.versions[about][-1]
            gone = frozenset().union(*self.versions[about]) - now
            kind = chance.choice(("patch", "patch", "patch-all", "expose", "ticket", "short", "short", "late", "late"))
            if kind == "patch" and now:
                self._expose(about, "patch", frozenset(chance.sample(sorted(now), 1 + len(now) // 4)))
            elif kind == "patch-all" and now:
                self.patch_all(about)
            elif kind == "expose" and gone:
                self._expose(about, "expose", frozenset(chance.sample(sorted(gone), 1 + len(gone) // 2)))
            elif kind == "ticket":
                self._act(chance)
            elif kind == "short" and self.short:
                path = self.short.pop(chance.randrange(len(self.short)))
                self.demo.call("/_demo/faults", {"path": path, "exact": True, "method": "GET",
                                                 "kind": "short", "rows": chance.randrange(4)})
            elif kind == "late":
                path = chance.choice((TICKETS, self._path(about)))
                self.demo.call("/_demo/faults", {"path": path, "exact": True, "method": "GET",
                                                 "kind": "delay", "delay_ms": 500})

    def came_short(self, about):
        return self._path(about) not in self.short

    def patch_all(self, about):
        self._expose(about, "patch", self.versions[about][-1])

    def _act(self, chance):
        tickets = self.demo.state()["tickets"]
        if tickets:
            ticket, order = chance.choice(tickets)["id"], chance.choice(tuple(TOLD))
            self.demo.call(f"/_demo/tickets/{ticket}/{order}", {"assigned_to": "it@contoso.example"})
            self.ordered.setdefault(ticket, []).append(TOLD[order])


def work(tvm, truth, number):
    """One of the two, with a process at a time; what goes wrong is told at the end."""
    chance = random.Random(number)
    try:
        for turn in range(ROUNDS):
            truth.live(chance)
            tvm.forget_pace()
            step(tvm, truth, chance, ("sync", "request", "sync", "complete", "withdraw")[turn % 5])
    except Exception as error:  # pylint: disable=broad-except
        truth.failures.append(error)


def step(tvm, truth, chance, kind):
    if kind == "sync":
        tvm.run("sync", status=(0, 1, 4))   # 4: the answer to a ticket was cut off
        return
    rows = [row for row in tvm.json("activities", "--status", "active") if row["origin"] == "local"]
    tickets = [ticket["id"] for row in rows for ticket in row["tickets"] if ticket["status"] == "pending"]
    if kind == "complete" and len(rows) > 3:
        about = chance.choice(rows)["id"]
        if tvm.run("complete", about, status=(0, 1)).status == 0:   # 1: the other was faster
            truth.completed.append(about)
    elif kind == "withdraw" and tickets:
        about = chance.choice(tickets)
        if tvm.run("withdraw", about, "--json", status=(0, 1, 4)).out:   # done, or kept in the outbox
            truth.withdrawn.append(about)
    else:
        request(tvm, truth, chance)


def request(tvm, truth, chance):
    about = tvm.json("recommendation", chance.choice(truth.ids))
    groups = [row["name"] for row in about["groups"] or () if row["exposed"] > 0]   # null: the list did not come
    if not groups:
        return
    names = chance.sample(groups, 1 + len(groups) // 2)
    words = [word for name in names for word in ("--group", name)]
    done = tvm.run("request", about["id"], "--type", about["type"], "--priority", "low", "--intune", "--json",
                   *words, status=(0, 1, 4))
    if "id" in done.json:   # else it says what failed
        truth.requested[done.json["id"]] = (about["id"], names)


def check_activity(truth, row):
    """Targets, numbers, status and history of one that was requested here."""
    about, names = truth.requested[row["id"]]
    versions = truth.versions[about]
    targets = {device["id"] for device in row["devices"]}
    always, ever = ({key for key in some if truth.groups[key] in names}
                    for some in (frozenset.intersection(*versions), frozenset.union(*versions)))
    check(targets <= ever, f"{row['id']}: {targets - ever} were never exposed")
    # a few devices less are no doubt while no activity hangs on them
    check(always <= targets or truth.came_short(about), f"{row['id']}: {always - targets} were exposed all along")
    fixed = [len(targets - version) for version in versions]
    is_manual = row["id"] in truth.completed
    kinds = check_history(row, targets, versions)
    equal(kinds.count("completed-manual"), is_manual, row["id"])
    equal(truth.completed.count(row["id"]), is_manual, row["id"])
    if is_manual:
        equal((row["status"], row["completion"]), ("completed", "manual"), row["id"])
    else:
        equal(row["fixed_devices"], fixed[-1], row["id"])
        equal(row["status"], "completed" if fixed[-1] == len(targets) else "active", row["id"])
    return kinds


def check_history(row, targets, versions):
    """Each line fits the tenant as it was at some moment, and they follow each other as those did."""
    lines = list(reversed(row["history"]))
    kinds = [line["kind"] for line in lines]
    fixed = [len(targets - version) for version in versions]
    again = {key for i, version in enumerate(versions) for key in targets - version
             if any(key in later for later in versions[i + 1:])}
    at = 0
    equal(kinds.count("requested"), 1, row["id"])
    for line, after in zip(lines, [*kinds[1:], None]):
        # a list that is doubted adds, but only one that is believed takes away
        if line["kind"] == "device-remediated" and after != "exposed-again":
            at = next((k for k in range(at, len(fixed)) if fixed[k] == int(line["after"])), None)
        elif line["kind"] == "completed-system":
            at = next((k for k in range(at, len(fixed)) if fixed[k] == len(targets)), None)
        elif line["kind"] in ("completion-taken-back", "exposed-again"):
            check(line["count"] <= len(again), f"{row['id']}: {line} is not true; {again}")
        check(at is not None, f"{row['id']}: {line} is not true; {fixed} of {len(targets)}")
    return kinds


def check_tickets(truth, row, kinds, at_tenant):
    """At most one ticket; it is what the tenant has, and nothing was told about it that was not so."""
    equal(kinds.count("ticket-sent"), len(row["tickets"]), row["id"])
    check(len(row["tickets"]) <= 1, row["tickets"])
    check("ticket-gone" not in kinds and "ticket-failed" not in kinds, kinds)
    for ticket in row["tickets"]:
        acts = truth.ordered.get(ticket["id"], [])
        check(set(kinds) & set(TOLD.values()) <= set(acts), f"{kinds} after {acts}")
        check(acts or "withdrawal-dropped" not in kinds, kinds)
        equal(kinds.count("ticket-withdrawn"), ticket["status"] == "withdrawn", row["id"])
        check(ticket["status"] != "withdrawn" or ticket["id"] in truth.withdrawn, f"{ticket}: by nobody")
        equal(ticket["id"] in at_tenant, ticket["status"] != "withdrawn", ticket["id"])
        if ticket["id"] in at_tenant:
            there = at_tenant[ticket["id"]]
            equal((ticket["status"], ticket["devices"]), (there["status"], len(there["devices"])), ticket["id"])


def check_portal(demo, rows):
    wanted = {row["id"]: (row["status"].lower(), row["targetDevices"], row["fixedDevices"] if row["dueOn"] else None)
              for row in demo.rows("/api/remediationTasks").values()}
    equal({row["id"]: (row["status"], row["target_devices"], row["fixed_devices"])
           for row in rows if row["origin"] == "defender"}, wanted, "activities of the portal")


@test
def two_processes(context):
    """two processes request, complete, withdraw and synchronize; nothing is doubled, lost or invented"""
    demo = context.new_demo(seed=11, devices=60, recommendations=6, activities=5)
    tvm = context.program("together")
    tvm.configure(demo)
    tvm.run("sign-in", "--device-code")
    tvm.run("config", "set", "intune-connection", "true")
    tvm.run("sync")
    truth = Truth(demo)
    demo.call("/_demo/faults", {"path": TICKETS, "method": "POST", "kind": "cut", "skip": 2})
    workers = [threading.Thread(target=work, args=(tvm, truth, number)) for number in (1, 2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    if truth.failures:
        raise truth.failures[0]
    demo.call("/_demo/faults", method="DELETE")
    truth.patch_all(next(row["recommendation_id"] for row in tvm.json("activities", "--status", "active")
                         if row["origin"] == "local"))
    tvm.forget_pace()
    tvm.run("sync")
    state = demo.state()
    equal({row["id"]: row["exposed_devices"] for row in tvm.json("recommendations")}, state["exposed"])
    equal(len(tvm.json("devices")), state["devices"])
    rows = tvm.json("activities")
    check_portal(demo, rows)
    own = [tvm.json("activity", row["id"]) for row in rows if row["origin"] == "local"]
    equal(sorted(row["id"] for row in own), sorted(truth.requested), "requested here")
    at_tenant = {row["id"]: row for row in state["tickets"]}
    kinds = [check_activity(truth, row) for row in own]
    for row, told in zip(own, kinds):
        check_tickets(truth, row, told, at_tenant)
    for kind in ("completed-manual", "completed-system", "device-remediated", "ticket-sent", "ticket-withdrawn"):
        check(any(kind in told for told in kinds), f"{kind} never happened")
    ids = [ticket["id"] for row in own for ticket in row["tickets"]]
    equal(len(ids), len(set(ids)), "tickets")
    check(set(at_tenant) <= set(ids), "the tenant has a ticket of nobody")
    equal(demo.call("/_demo/stats")["requests"]["POST " + TICKETS.lower()], len(ids), "tickets ever made")
    status = tvm.json("status")
    equal((status["outbox"], status["other_tickets"]), (0, []))

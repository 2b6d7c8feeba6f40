# SPDX-License-Identifier: GPL-3.0-or-later
"""The catalog of known exploited vulnerabilities and the policy that suggests priority and due date."""
import datetime
import http.server
import json
import os
import sqlite3
import threading

from tap import check, equal, test
from world import pick

TODAY = datetime.date.today()
OWN = {"rules": [{"when": {"known_exploited": True, "ransomware": True}, "priority": "high", "due": 1,
                  "reason": "Ransomware, see runbook 7"},
                 {"when": {"known_exploited": True}, "priority": "high", "due": "known-exploited"},
                 {"priority": "low", "due": 90}]}


def write(context, name, value):
    path = os.path.join(context.home, name)
    with open(path, "w", encoding="utf-8") as stream:
        stream.write(value if isinstance(value, str) else json.dumps(value))
    return path


def catalog_of(ids, day="2026-01-02", due="2021-11-17", use="Unknown"):
    entries = [{"cveID": cve, "vulnerabilityName": f"Weakness {cve}", "dateAdded": day, "dueDate": due,
                "knownRansomwareCampaignUse": use, "requiredAction": "Update."} for cve in ids]
    return {"catalogVersion": day, "dateReleased": day + "T12:00:00.000Z", "count": len(entries),
            "vulnerabilities": entries}


@test
def not_known(context):
    """without a catalog nothing is known exploited or not; the policy says what it lacks"""
    tvm = context.tvm
    never = context.program("never")
    never.configure(context.demo)
    never = never.run("policy", "test", "kev-due-dates", "--json")
    equal(never.json, None, "of what was never synchronized nothing is known")
    check("never synchronized" in never.err, never.err)
    tvm.run("sync", "--full")
    equal({row["known_exploited"] for row in tvm.json("recommendations")}, {None})
    state = tvm.json("known-exploited", "show")
    equal((state["known_exploited_entries"], state["known_exploited_loaded"]), (None, None))
    check("no catalog" in tvm.run("status").out, "status says nothing of the catalog")
    tried = tvm.json("policy", "test", "kev-due-dates")
    equal({tuple(row["not_known"]) for row in tried}, {("known_exploited",)})
    equal({(row["rule"], row["priority"], row["due_on"], row["reason"]) for row in tried}, {(None,) * 4})
    check("catalog" in tvm.run("policy", "test", "kev-due-dates").err, "nobody says what would make it known")


@test
def catalog(context):
    """a catalog is loaded whole or not at all, and one that lost much is doubted"""
    tvm = context.tvm
    about = context.about = pick(context, "update")
    cves = [row["id"] for row in tvm.json("recommendation", about["id"])["vulnerabilities"]]
    others = [f"CVE-1999-{number:04}" for number in range(1, 60)]
    whole = catalog_of([cves[0], *others])
    for name, spoilt in (("cut", json.dumps(whole)[:-40]), ("count", {**whole, "count": 7}), ("empty", "")):
        tvm.run("known-exploited", "import", write(context, name + ".json", spoilt), status=1)
    tvm.run("known-exploited", "import", os.path.join(context.home, "no-such-file"), status=1)
    equal(tvm.json("known-exploited", "show")["known_exploited_entries"], None)
    told = tvm.json("known-exploited", "import", write(context, "whole.json", whole))
    equal((told["added"], told["removed"], told["known_exploited_entries"]), (60, 0, 60))
    equal(tvm.json("status")["known_exploited_entries"], 60)
    check("60" in tvm.run("status").out, "status does not count the catalog")
    path = write(context, "short.json", catalog_of([cves[0]], "2026-02-02"))
    check("--force" in tvm.run("known-exploited", "import", path, status=1).err, "nobody says how to insist")
    equal(tvm.json("known-exploited", "show")["known_exploited_entries"], 60)
    equal(tvm.json("known-exploited", "import", path, "--force")["known_exploited_entries"], 1)
    tvm.run("known-exploited", "import", write(context, "whole.json", whole), "--force")


@test
def urgency(context):
    """what is known exploited comes first, and the rest is told from what is not known"""
    rows = context.tvm.json("recommendations", "--sort", "urgency")
    known = [row["known_exploited"] for row in rows]
    equal(known, sorted(known, key=lambda value: value is not True))
    check(True in known and False in known, known)
    check(context.about["id"] in [row["id"] for row in rows if row["known_exploited"]], "its CVE is in the catalog")
    context.tvm.run("recommendations", "--sort", "no-such-order", status=2)


@test
def presets(context):
    """a policy is a preset, a file or JSON; what is misspelt is refused and named"""
    tvm = context.tvm
    equal(tvm.json("config", "get", "policy")["policy"], "none")
    equal(tvm.json("policy", "show"), {"preset": "none", "rules": [], "set_by": None, "set_on": None, "set_over": None})
    for name in ("kev-due-dates", "exploitation-3-14-60", "severity-7-30-90-180"):
        check(name in tvm.run("policy", "--help").out, name)
        equal(tvm.json("policy", "set", name)["preset"], name)
    path = write(context, "policy.json", OWN)
    shown = tvm.json("policy", "set", path)
    equal((shown["preset"], [rule["due"] for rule in shown["rules"]]), (None, [1, "known-exploited", 90]))
    equal(tvm.json("policy", "set", write(context, "again.json", shown)), shown)
    check("\n" not in tvm.json("config", "get", "policy")["policy"], "the setting has several lines")
    wrong = {"rules": [{"when": {"kev": True}, "priority": "high"}]}
    check("kev" in tvm.run("policy", "set", write(context, "wrong.json", wrong), status=2).err, "which one?")
    tvm.run("config", "set", "policy", json.dumps(wrong), status=2)
    tvm.run("policy", "set", status=2)
    equal(tvm.json("policy", "show"), shown)


@test
def request(context):
    """a request with the policy's priority, due date and reason, which its activity keeps"""
    tvm, about = context.tvm, context.about
    words = ("request", about["id"], "--type", "update", "--all-groups")
    tvm.run(*words, "--policy", "--priority", "low", status=2)
    tvm.run(*words, "--policy", "--due", TODAY.isoformat(), status=2)
    tvm.run("request", about["id"], "--type", "attention-required", "--all-groups", "--policy", status=2)
    tried = next(row for row in tvm.json("policy", "test") if row["recommendation_id"] == about["id"])
    # The catalog's date is past: it is due today, and the reason says so.
    equal((tried["rule"], tried["priority"], tried["due_on"]), (2, "high", TODAY.isoformat()))
    check("2021-11-17" in tried["reason"], tried)
    dry = tvm.json(*words, "--policy", "--dry-run")
    equal((dry["priority"], dry["due_on"], dry["policy_reason"]), ("high", tried["due_on"], tried["reason"]))
    made = tvm.json(*words, "--policy")
    equal((made["priority"], made["due_on"], made["policy_reason"]), ("high", tried["due_on"], tried["reason"]))
    whole = tvm.json("activity", made["id"])
    equal((whole["policy_reason"], whole["history"][-1]["detail"]), (tried["reason"], tried["reason"]))
    check(tried["reason"] in tvm.run("activity", made["id"]).out, "the reason is not shown")
    plain = tvm.json(*words, "--priority", "low")
    equal(plain["policy_reason"], None)


@test
def device_value(context):
    """a rule may ask what the exposed devices are worth, as the list of machines says, and for their tags"""
    tvm, about = context.tvm, context.about
    devices = tvm.json("devices")
    equal({row["value"] for row in devices}, {"low", "normal", "high"}, "what devices are worth")
    ids = set(context.demo.exposed(about["id"]))
    exposed = [row for row in devices if row["id"] in ids]
    asked = [("device_value", word, any(row["value"] == word for row in exposed)) for word in ("low", "normal", "high")]
    asked += [("device_tags", "tier 0", any("Tier 0" in row["tags"] for row in exposed)), ("device_tags", "none", False)]
    for fact, word, fits in asked:
        rules = {"rules": [{"when": {fact: [word]}, "priority": "medium", "due": 5}]}
        said = next(row for row in tvm.json("policy", "test", write(context, "value.json", rules))
                    if row["recommendation_id"] == about["id"])
        equal((said["rule"] == 1, said["not_known"]), (fits, []), f"{fact} {word}")


@test
def several(context):
    """of several each gets its own; where no rule fits, or nobody can tell, none is submitted"""
    tvm = context.tvm
    others = [row["id"] for row in tvm.json("recommendations", "--sort", "urgency")
              if row["type"] == "update" and row["exposed_devices"]]
    told = tvm.json("request", others[0], others[-1], "--type", "update", "--all-groups", "--policy")
    equal([row["outcome"] for row in told["results"]], ["done", "done"])
    made = [tvm.json("activity", row["activity_id"]) for row in told["results"]]
    equal([row["priority"] for row in made], ["high", "low"])
    tvm.run("policy", "set", "none")
    check("rule" in tvm.run("request", others[0], "--type", "update", "--all-groups", "--policy", status=1).err, "why?")
    asks = {"rules": [{"when": {"device_tags": ["internet-facing"], "epss": 0.99}, "priority": "high", "due": 1}]}
    tvm.run("policy", "set", write(context, "asks.json", asks))
    equal({row["rule"] for row in tvm.json("policy", "test")}, {None})


class Server(http.server.BaseHTTPRequestHandler):
    """A host that is not the services': what is asked of it is kept."""
    answers, asked = {}, []

    def do_GET(self):
        self.asked.append((self.path, dict(self.headers)))
        status, value = self.answers.get(self.path, (404, ""))
        body = value.encode() if status == 200 else b""
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        if status in (301, 302):
            self.send_header("Location", value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words):
        pass


def forget_attempt(tvm):
    """As a day later: a sync asks again."""
    connection = sqlite3.connect(tvm.store_path, timeout=30)
    with connection:
        connection.execute("DELETE FROM setting WHERE name = 'known-exploited-tried-us'")
    connection.close()


@test
def update(context):
    """a catalog is fetched from an address only where one is set, without a token, from no other origin"""
    tvm = context.tvm
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
    other = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
    for one in (server, other):
        threading.Thread(target=one.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_port}"
    tvm.run("known-exploited", "update", status=1)
    for url in ("http://catalog.example/x", "ftp://127.0.0.1/x", "https://a:b@catalog.example/x", "file:///etc/passwd"):
        tvm.run("config", "set", "known-exploited-url", url, status=2)
    tvm.run("config", "set", "known-exploited-url", base + "/catalog.json")
    more = catalog_of([f"CVE-1999-{number:04}" for number in range(1, 80)], "2026-03-03")
    Server.answers.update({"/catalog.json": (302, "/moved.json"), "/moved.json": (200, json.dumps(more))})
    equal(tvm.json("known-exploited", "update")["known_exploited_entries"], 79)
    equal([path for path, _ in Server.asked], ["/catalog.json", "/moved.json"])
    check(all("Authorization" not in headers and "Cookie" not in headers for _, headers in Server.asked), Server.asked)
    Server.answers["/catalog.json"] = (302, f"http://127.0.0.1:{other.server_port}/moved.json")
    Server.asked.clear()
    tvm.run("known-exploited", "update", status=1)
    equal([path for path, _ in Server.asked], ["/catalog.json"])
    Server.answers["/catalog.json"] = (503, "")
    tvm.run("known-exploited", "update", status=4)
    check("503" in tvm.json("known-exploited", "show")["last_error"], "the failure is not told")
    equal(tvm.json("known-exploited", "show")["known_exploited_entries"], 79)
    # Tried a moment ago: a sync leaves it alone. Its failure is told and makes none of Defender's lists fail.
    Server.asked.clear()
    tvm.forget_pace()
    check("503" in tvm.run("sync").err, "the sync does not tell it")
    equal(Server.asked, [])
    Server.answers["/catalog.json"] = (200, json.dumps(more))
    forget_attempt(tvm)
    tvm.forget_pace()
    equal(tvm.run("sync").err, "")
    equal([path for path, _ in Server.asked], ["/catalog.json"])
    equal(tvm.json("known-exploited", "show")["last_error"], None)
    tvm.run("config", "set", "known-exploited-url", "")
    for one in (server, other):
        one.shutdown()
        one.server_close()

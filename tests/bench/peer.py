#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The peer of bench-sync: what an admin would script. Pulls the same lists into SQLite with text keys.
Usage: peer.py BASE-URI TOKEN DATABASE"""
import json
import sqlite3
import sys
import urllib.request

BASE, TOKEN, DATABASE = sys.argv[1:4]


def rows(path):
    """Every row of a list, page by page; the id decides about repeated ones."""
    skip = 0
    while True:
        url = f"{BASE}{path}?$top=10000&$skip={skip}".replace("$", "%24")
        request = urllib.request.Request(url, headers={"Authorization": "Bearer " + TOKEN})
        with urllib.request.urlopen(request) as answer:
            page = json.load(answer)["value"]
        yield from page
        if len(page) < 10000:
            return
        skip += len(page)


database = sqlite3.connect(DATABASE)
database.executescript("""
  PRAGMA journal_mode = WAL;
  CREATE TABLE IF NOT EXISTS device (id TEXT PRIMARY KEY, name TEXT, os TEXT, grp TEXT, seen TEXT,
                                     health TEXT, risk TEXT, exposure TEXT, aad TEXT);
  CREATE TABLE IF NOT EXISTS recommendation (id TEXT PRIMARY KEY, name TEXT, product TEXT, exposed INT);
  CREATE TABLE IF NOT EXISTS exposure (recommendation TEXT, device TEXT,
                                       PRIMARY KEY (recommendation, device));
""")
with database:
    database.executemany(
        "INSERT OR REPLACE INTO device VALUES (?,?,?,?,?,?,?,?,?)",
        ((d["id"], d.get("computerDnsName"), d.get("osPlatform"), d.get("rbacGroupName"),
          d.get("lastSeen"), d.get("healthStatus"), d.get("riskScore"), d.get("exposureLevel"),
          d.get("aadDeviceId")) for d in rows("/api/machines")))
    recommendations = list(rows("/api/recommendations"))
    database.executemany(
        "INSERT OR REPLACE INTO recommendation VALUES (?,?,?,?)",
        ((r["id"], r.get("recommendationName"), r.get("productName"), r.get("exposedMachinesCount"))
         for r in recommendations))
    for recommendation in recommendations:
        path = f"/api/recommendations/{urllib.request.quote(recommendation['id'])}/machineReferences"
        database.executemany("INSERT OR REPLACE INTO exposure VALUES (?,?)",
                             ((recommendation["id"], r["id"]) for r in rows(path)))
database.close()

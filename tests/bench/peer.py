#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The peer of the sync benchmark: what an admin would script. Pulls the lists into SQLite with text
keys, in one transaction. Usage: peer.py ADDRESS DATABASE"""
import sqlite3
import sys

import requests

BASE, DATABASE = sys.argv[1:3]
session = requests.Session()
session.headers["Authorization"] = "Bearer bench"


def rows(path):
    """Every row of a list, page by page."""
    skip = 0
    while True:
        answer = session.get(f"{BASE}{path}?$top=10000&$skip={skip}")
        answer.raise_for_status()
        page = answer.json()["value"]
        yield from page
        if len(page) < 10000:
            return
        skip += len(page)


database = sqlite3.connect(DATABASE)
database.executescript("""
  PRAGMA journal_mode = WAL;
  CREATE TABLE IF NOT EXISTS device (id TEXT PRIMARY KEY, name TEXT, os TEXT, version TEXT, grp TEXT, aad TEXT,
    ip TEXT, first_seen TEXT, last_seen TEXT, health TEXT, risk TEXT, exposure TEXT, joined INT);
  CREATE TABLE IF NOT EXISTS recommendation (id TEXT PRIMARY KEY, name TEXT, product TEXT, vendor TEXT,
    version TEXT, component TEXT, type TEXT, status TEXT, weaknesses INT, total INT, exposed INT, impact REAL);
  CREATE TABLE IF NOT EXISTS exposure (recommendation TEXT, device TEXT,
    PRIMARY KEY (recommendation, device)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS weakness (recommendation TEXT, cve TEXT,
    PRIMARY KEY (recommendation, cve)) WITHOUT ROWID;
""")
with database:
    database.executemany(
        "INSERT OR REPLACE INTO device VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)",
        ((d["id"], d["computerDnsName"], d["osPlatform"], d["version"], d["rbacGroupName"], d["aadDeviceId"],
          d["lastIpAddress"], d["firstSeen"], d["lastSeen"], d["healthStatus"], d["riskScore"],
          d["exposureLevel"], d["isAadJoined"]) for d in rows("/api/machines")))
    recommendations = list(rows("/api/recommendations"))
    database.executemany(
        "INSERT OR REPLACE INTO recommendation VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
        ((r["id"], r["recommendationName"], r["productName"], r["vendor"], r["recommendedVersion"],
          r["relatedComponent"], r["remediationType"], r["status"], r["weaknesses"], r["totalMachineCount"],
          r["exposedMachinesCount"], r["exposureImpact"]) for r in recommendations))
    for recommendation in recommendations:
        for table, part in (("exposure", "machineReferences"), ("weakness", "vulnerabilities")):
            database.executemany(
                f"INSERT OR REPLACE INTO {table} VALUES (?,?)",
                ((recommendation["id"], r["id"])
                 for r in rows(f"/api/recommendations/{recommendation['id']}/{part}")))
database.close()

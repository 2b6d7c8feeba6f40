#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The peer of the exposure benchmark: what an admin would script. Pulls the two exports by pages into
SQLite, in the same normal form, in one transaction. Usage: peer-exports.py ADDRESS DATABASE"""
import sqlite3
import sys

import requests

BASE, DATABASE = sys.argv[1:3]
session = requests.Session()


def sign_in():
    """On a demo tenant that approves by itself."""
    flow = f"{BASE}/organizations/oauth2/v2.0"
    client = "11111111-2222-4333-8444-555555555555"
    scope = "https://api.securitycenter.microsoft.com/Vulnerability.Read"
    code = session.post(f"{flow}/devicecode", data={"client_id": client, "scope": scope}).json()["device_code"]
    token = session.post(f"{flow}/token", data={
        "client_id": client, "device_code": code,
        "grant_type": "urn:ietf:params:oauth:grant-type:device_code"}).json()["access_token"]
    session.headers["Authorization"] = f"Bearer {token}"


def rows(path):
    """Every row of an export, page by page."""
    url = f"{BASE}{path}?pageSize=200000"
    while url:
        answer = session.get(url)
        answer.raise_for_status()
        page = answer.json()
        yield from page["value"]
        url = page.get("@odata.nextLink")


database = sqlite3.connect(DATABASE)
database.executescript("""
  PRAGMA journal_mode = WAL;
  CREATE TABLE device (key INTEGER PRIMARY KEY, id TEXT UNIQUE);
  CREATE TABLE version (key INTEGER PRIMARY KEY, vendor TEXT, name TEXT, version TEXT, recommendation TEXT);
  CREATE TABLE cve (key INTEGER PRIMARY KEY, id TEXT UNIQUE);
  CREATE TABLE installed (device INT, version INT, PRIMARY KEY (device, version)) WITHOUT ROWID;
  CREATE TABLE weak (version INT, cve INT, PRIMARY KEY (version, cve)) WITHOUT ROWID;
  CREATE TABLE configuration (device INT, id TEXT, impact INT, PRIMARY KEY (id, device)) WITHOUT ROWID;
""")
sign_in()
devices, versions, cves, installed, weak = {}, {}, {}, {}, {}
with database:
    for r in rows("/api/machines/SoftwareVulnerabilitiesByMachine"):
        device = devices.setdefault(r["deviceId"], len(devices))
        version = versions.setdefault((r["softwareVendor"], r["softwareName"], r["softwareVersion"],
                                       r["recommendationReference"]), len(versions))
        installed[device, version] = True
        if r["cveId"] is not None:
            weak[version, cves.setdefault(r["cveId"], len(cves))] = True
    configurations = [(devices.setdefault(r["deviceId"], len(devices)), r["configurationId"], r["isExpectedUserImpact"])
                      for r in rows("/api/machines/SecureConfigurationsAssessmentByMachine")
                      if r["isApplicable"] and not r["isCompliant"]]
    database.executemany("INSERT INTO device VALUES (?,?)", ((key, name) for name, key in devices.items()))
    database.executemany("INSERT INTO version VALUES (?,?,?,?,?)", ((key, *words) for words, key in versions.items()))
    database.executemany("INSERT INTO cve VALUES (?,?)", ((key, name) for name, key in cves.items()))
    database.executemany("INSERT INTO installed VALUES (?,?)", installed)
    database.executemany("INSERT INTO weak VALUES (?,?)", weak)
    database.executemany("INSERT OR REPLACE INTO configuration VALUES (?,?,?)", configurations)
database.close()

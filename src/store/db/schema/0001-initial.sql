-- The first layout. Integer enums are those of tvm-enums.h; *_us are microseconds since 1970 UTC,
-- 0 where unknown; lists of words are one per line. SPDX-License-Identifier: GPL-3.0-or-later
CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE list_state (
  name TEXT PRIMARY KEY, synced_us INTEGER NOT NULL DEFAULT 0, error TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE device (
  key INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
  name TEXT, os_platform TEXT, os_version TEXT, group_name TEXT, aad_device_id TEXT, last_ip TEXT, tags TEXT,
  first_seen_us INTEGER NOT NULL DEFAULT 0, last_seen_us INTEGER NOT NULL DEFAULT 0,
  health INTEGER NOT NULL DEFAULT 0, risk INTEGER NOT NULL DEFAULT 0, exposure INTEGER NOT NULL DEFAULT 0,
  is_aad_joined INTEGER NOT NULL DEFAULT 0, in_inventory INTEGER NOT NULL DEFAULT 0
) STRICT;
-- Covers the search and the natural order of the devices page.
CREATE INDEX device_by_name ON device (name COLLATE NOCASE, group_name) WHERE in_inventory = 1;

CREATE TABLE recommendation (
  key INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
  name TEXT, product TEXT, vendor TEXT, recommended_version TEXT, related_component TEXT, category TEXT,
  subcategory TEXT, associated_threats TEXT,
  type INTEGER NOT NULL, status INTEGER NOT NULL, weaknesses INTEGER NOT NULL, total_devices INTEGER NOT NULL,
  exposed_devices INTEGER NOT NULL, exposed_critical_devices INTEGER NOT NULL, no_impact_devices INTEGER NOT NULL,
  severity REAL NOT NULL, config_score_impact REAL NOT NULL, exposure_impact REAL NOT NULL,
  public_exploit INTEGER NOT NULL, active_alert INTEGER NOT NULL, known_exploited INTEGER NOT NULL,
  is_listed INTEGER NOT NULL DEFAULT 1,      -- 0: gone at the service, kept for its activities
  devices_synced_us INTEGER NOT NULL DEFAULT 0
) STRICT;

-- device_key has no foreign key here and below: an index on it would double the fill of the largest
-- tables. Devices are only deleted where the merge has found no reference to them.
CREATE TABLE exposure (
  recommendation_key INTEGER NOT NULL REFERENCES recommendation ON DELETE CASCADE,
  device_key INTEGER NOT NULL, first_seen_us INTEGER NOT NULL,
  PRIMARY KEY (recommendation_key, device_key)
) STRICT, WITHOUT ROWID;

CREATE TABLE vulnerability (
  key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT, description TEXT,
  severity INTEGER NOT NULL, cvss REAL NOT NULL, exposed_devices INTEGER NOT NULL, published_us INTEGER NOT NULL,
  public_exploit INTEGER NOT NULL, exploit_verified INTEGER NOT NULL, exploit_in_kit INTEGER NOT NULL
) STRICT;
CREATE TABLE recommendation_vulnerability (
  recommendation_key INTEGER NOT NULL REFERENCES recommendation ON DELETE CASCADE,
  vulnerability_key INTEGER NOT NULL REFERENCES vulnerability ON DELETE CASCADE,
  PRIMARY KEY (recommendation_key, vulnerability_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX recommendation_of_vulnerability ON recommendation_vulnerability (vulnerability_key);

CREATE TABLE activity (
  key INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
  title TEXT, recommendation_id TEXT, related_component TEXT, description TEXT, notes TEXT,
  groups TEXT,                               -- one per line; empty: all device groups
  type INTEGER NOT NULL, priority INTEGER NOT NULL, status INTEGER NOT NULL, completion INTEGER NOT NULL,
  due_on TEXT, created_by TEXT, completed_by TEXT,
  created_us INTEGER NOT NULL, completed_us INTEGER NOT NULL,
  target_devices INTEGER NOT NULL, fixed_devices INTEGER NOT NULL,
  no_impact_only INTEGER NOT NULL DEFAULT 0, origin INTEGER NOT NULL
) STRICT;
CREATE INDEX activity_of_recommendation ON activity (recommendation_id, status);
CREATE INDEX activity_by_completion ON activity (status, completed_us);

-- The frozen set of devices of an activity requested here (R4, R6).
CREATE TABLE target (
  activity_key INTEGER NOT NULL REFERENCES activity ON DELETE CASCADE,
  device_key INTEGER NOT NULL, is_exposed INTEGER NOT NULL,
  remediated_us INTEGER, exposed_again_us INTEGER,
  PRIMARY KEY (activity_key, device_key)
) STRICT, WITHOUT ROWID;

-- Devices that the service still lists for an activity made in the portal.
CREATE TABLE portal_exposure (
  activity_key INTEGER NOT NULL REFERENCES activity ON DELETE CASCADE,
  device_key INTEGER NOT NULL, PRIMARY KEY (activity_key, device_key)
) STRICT, WITHOUT ROWID;

-- A ticket without an id is in the outbox (R4, R5).
CREATE TABLE ticket (
  key INTEGER PRIMARY KEY AUTOINCREMENT,
  activity_key INTEGER NOT NULL REFERENCES activity ON DELETE CASCADE,
  id TEXT UNIQUE, marker TEXT NOT NULL UNIQUE, assigned_to TEXT, status INTEGER NOT NULL, devices INTEGER NOT NULL,
  created_us INTEGER NOT NULL DEFAULT 0, changed_us INTEGER NOT NULL DEFAULT 0, completed_us INTEGER NOT NULL DEFAULT 0,
  attempts INTEGER NOT NULL DEFAULT 0, was_sent INTEGER NOT NULL DEFAULT 0, is_parked INTEGER NOT NULL DEFAULT 0,
  last_error TEXT
) STRICT;
CREATE INDEX ticket_of_activity ON ticket (activity_key);
CREATE TABLE ticket_device (
  ticket_key INTEGER NOT NULL REFERENCES ticket ON DELETE CASCADE,
  device_key INTEGER NOT NULL, PRIMARY KEY (ticket_key, device_key)
) STRICT, WITHOUT ROWID;

CREATE TABLE managed_device (
  aad_device_id TEXT PRIMARY KEY, id TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Outlives its activity: it is the proof, so nothing may change or remove a line.
CREATE TABLE journal (
  key INTEGER PRIMARY KEY AUTOINCREMENT, activity_key INTEGER NOT NULL,
  kind TEXT NOT NULL, who TEXT, detail TEXT, count INTEGER NOT NULL DEFAULT 0, when_us INTEGER NOT NULL
) STRICT;
CREATE INDEX journal_of_activity ON journal (activity_key, key);
CREATE TRIGGER journal_keeps BEFORE UPDATE ON journal
  BEGIN SELECT RAISE (ABORT, 'the journal is append-only'); END;
CREATE TRIGGER journal_stays BEFORE DELETE ON journal
  BEGIN SELECT RAISE (ABORT, 'the journal is append-only'); END;

CREATE TABLE score (
  kind INTEGER NOT NULL, when_us INTEGER NOT NULL, score REAL NOT NULL, PRIMARY KEY (kind, when_us)
) STRICT, WITHOUT ROWID;

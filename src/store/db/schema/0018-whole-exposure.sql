-- The whole exposure in normal form (R21). Services tell it by (device, software, version, CVE), a
-- kilobyte each. Kept is which state of a product a device has: a version with a set of CVEs, which
-- nearly all devices of that version share. SPDX-License-Identifier: GPL-3.0-or-later
CREATE TABLE software (
  key INTEGER PRIMARY KEY, vendor TEXT NOT NULL, name TEXT NOT NULL,
  recommendation_id TEXT,                    -- what fixes it; NULL: not told
  UNIQUE (vendor, name)
) STRICT;
CREATE INDEX software_of_recommendation ON software (recommendation_id);

CREATE TABLE software_state (
  key INTEGER PRIMARY KEY, software_key INTEGER NOT NULL REFERENCES software ON DELETE CASCADE,
  version TEXT NOT NULL,
  digest INTEGER NOT NULL,                   -- of the set of its CVEs' keys, in any order
  UNIQUE (software_key, version, digest)
) STRICT;
CREATE TABLE software_state_vulnerability (
  state_key INTEGER NOT NULL REFERENCES software_state ON DELETE CASCADE,
  vulnerability_key INTEGER NOT NULL REFERENCES vulnerability ON DELETE CASCADE,
  PRIMARY KEY (state_key, vulnerability_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX software_state_of_vulnerability ON software_state_vulnerability (vulnerability_key);

-- Devices have no foreign key, as elsewhere. Days are those since 1970, of the service's first and
-- last sight of the software there; 0: not told.
CREATE TABLE installation (
  device_key INTEGER NOT NULL, state_key INTEGER NOT NULL REFERENCES software_state,
  first_seen_day INTEGER NOT NULL DEFAULT 0, last_seen_day INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (device_key, state_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX installation_of_state ON installation (state_key);

-- Recommendations whose exposed devices and CVEs are to be worked out of the above: it changed
-- since, or what is known of them is newer.
CREATE TABLE exposure_due (recommendation_id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
ALTER TABLE pulled ADD COLUMN merged_us INTEGER NOT NULL DEFAULT 0;

-- Which security update fixes a CVE of a recommendation's product.
CREATE TABLE vulnerability_update (
  vulnerability_key INTEGER NOT NULL REFERENCES vulnerability ON DELETE CASCADE,
  recommendation_id TEXT NOT NULL, id TEXT NOT NULL,
  name TEXT, url TEXT,
  PRIMARY KEY (vulnerability_key, recommendation_id, id)
) STRICT, WITHOUT ROWID;

-- What the service's list of all CVEs tells besides.
ALTER TABLE vulnerability ADD COLUMN cvss_vector TEXT;
ALTER TABLE vulnerability ADD COLUMN epss REAL NOT NULL DEFAULT -1;          -- -1: not told
ALTER TABLE vulnerability ADD COLUMN updated_us INTEGER NOT NULL DEFAULT 0;
ALTER TABLE vulnerability ADD COLUMN first_detected_us INTEGER NOT NULL DEFAULT 0;
ALTER TABLE vulnerability ADD COLUMN supportability TEXT;
ALTER TABLE vulnerability ADD COLUMN is_listed INTEGER NOT NULL DEFAULT 0;   -- in that list

-- The catalog of known exploited vulnerabilities, where a person gave one.
CREATE TABLE known_exploited (
  id TEXT PRIMARY KEY, name TEXT, added_on TEXT, due_on TEXT,
  ransomware INTEGER NOT NULL DEFAULT -1,    -- 1: known, 0: not known to the catalog, -1: not told
  action TEXT
) STRICT, WITHOUT ROWID;

-- Why the policy suggested priority and due date of a request; NULL: it did not.
ALTER TABLE activity ADD COLUMN policy_reason TEXT;

-- What the device is worth to the organization, as somebody chose it in the portal; -1: not told.
ALTER TABLE device ADD COLUMN value INTEGER NOT NULL DEFAULT -1;

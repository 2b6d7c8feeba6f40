-- Whether the users of an exposed device are expected to notice a configuration change, as the
-- service says; no row: not known. A table of its own, so that exposed devices cost what they did.
-- SPDX-License-Identifier: GPL-3.0-or-later
CREATE TABLE user_impact (
  recommendation_key INTEGER NOT NULL REFERENCES recommendation ON DELETE CASCADE,
  device_key INTEGER NOT NULL, is_impacted INTEGER NOT NULL,
  PRIMARY KEY (recommendation_key, device_key)
) STRICT, WITHOUT ROWID;

-- Until now nobody could tell which devices these are: all exposed ones are followed.
UPDATE activity SET no_impact_only = 2 WHERE no_impact_only = 1 AND origin = 1;

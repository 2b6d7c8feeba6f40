-- Which updates remediate devices of a recommendation, as the records of single devices name them.
-- SPDX-License-Identifier: GPL-3.0-or-later
CREATE TABLE security_update (
  recommendation_id TEXT NOT NULL, id TEXT NOT NULL, name TEXT,
  told_us INTEGER NOT NULL,                  -- when the service named it last
  PRIMARY KEY (recommendation_id, id)
) STRICT, WITHOUT ROWID;

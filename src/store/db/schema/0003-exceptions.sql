-- Exceptions (R10): what was decided here, and what it makes of a recommendation.
-- SPDX-License-Identifier: GPL-3.0-or-later
CREATE TABLE exception (
  key INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
  recommendation_id TEXT NOT NULL, recommendation_name TEXT, related_component TEXT, type INTEGER NOT NULL,
  justification INTEGER NOT NULL, context TEXT NOT NULL, is_global INTEGER NOT NULL,
  ends_on TEXT NOT NULL,                     -- the last day it holds
  created_by TEXT, created_us INTEGER NOT NULL, cancelled_by TEXT, ended_us INTEGER NOT NULL DEFAULT 0,
  public_exploit INTEGER NOT NULL, weaknesses INTEGER NOT NULL, known_groups TEXT,  -- as they were when it was filed
  -- These follow from the rest, the date and the exposed devices:
  status INTEGER NOT NULL, devices INTEGER NOT NULL DEFAULT 0, new_groups TEXT
) STRICT;
CREATE INDEX exception_of_recommendation ON exception (recommendation_id, status);

CREATE TABLE exception_group (
  exception_key INTEGER NOT NULL REFERENCES exception ON DELETE CASCADE,
  name TEXT NOT NULL, is_cancelled INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (exception_key, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE exception_journal (
  key INTEGER PRIMARY KEY AUTOINCREMENT, exception_key INTEGER NOT NULL,
  kind TEXT NOT NULL, who TEXT, detail TEXT, before TEXT, after TEXT, when_us INTEGER NOT NULL
) STRICT;
CREATE INDEX exception_journal_of ON exception_journal (exception_key, key);
CREATE TRIGGER exception_journal_keeps BEFORE UPDATE ON exception_journal
  BEGIN SELECT RAISE (ABORT, 'the journal is append-only'); END;
CREATE TRIGGER exception_journal_stays BEFORE DELETE ON exception_journal
  BEGIN SELECT RAISE (ABORT, 'the journal is append-only'); END;

-- 0 where no exception was filed here; 2147483647 mitigated: every device.
ALTER TABLE recommendation ADD COLUMN exception_status INTEGER NOT NULL DEFAULT 0;
ALTER TABLE recommendation ADD COLUMN mitigated_devices INTEGER NOT NULL DEFAULT 0;

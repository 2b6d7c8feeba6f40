-- One word for what happened: the history. SPDX-License-Identifier: GPL-3.0-or-later
DROP TRIGGER journal_keeps;
DROP TRIGGER journal_stays;
DROP TRIGGER journal_is_new;
DROP INDEX journal_of_activity;
DROP TRIGGER exception_journal_keeps;
DROP TRIGGER exception_journal_stays;
DROP TRIGGER exception_journal_is_new;
DROP INDEX exception_journal_of;
ALTER TABLE journal RENAME TO history;
ALTER TABLE exception_journal RENAME TO exception_history;
CREATE INDEX history_of_activity ON history (activity_key, key);
CREATE TRIGGER history_keeps BEFORE UPDATE ON history
  BEGIN SELECT RAISE (ABORT, 'the history is append-only'); END;
CREATE TRIGGER history_stays BEFORE DELETE ON history
  BEGIN SELECT RAISE (ABORT, 'the history is append-only'); END;
CREATE TRIGGER history_is_new BEFORE INSERT ON history
  WHEN EXISTS (SELECT 1 FROM history WHERE key = NEW.key)
  BEGIN SELECT RAISE (ABORT, 'the history is append-only'); END;
CREATE INDEX history_of_exception ON exception_history (exception_key, key);
CREATE TRIGGER exception_history_keeps BEFORE UPDATE ON exception_history
  BEGIN SELECT RAISE (ABORT, 'the history is append-only'); END;
CREATE TRIGGER exception_history_stays BEFORE DELETE ON exception_history
  BEGIN SELECT RAISE (ABORT, 'the history is append-only'); END;
CREATE TRIGGER exception_history_is_new BEFORE INSERT ON exception_history
  WHEN EXISTS (SELECT 1 FROM exception_history WHERE key = NEW.key)
  BEGIN SELECT RAISE (ABORT, 'the history is append-only'); END;

-- INSERT OR REPLACE deletes a line without asking the triggers against that.
-- SPDX-License-Identifier: GPL-3.0-or-later
CREATE TRIGGER journal_is_new BEFORE INSERT ON journal WHEN EXISTS (SELECT 1 FROM journal WHERE key = NEW.key)
  BEGIN SELECT RAISE (ABORT, 'the journal is append-only'); END;
CREATE TRIGGER exception_journal_is_new BEFORE INSERT ON exception_journal
  WHEN EXISTS (SELECT 1 FROM exception_journal WHERE key = NEW.key)
  BEGIN SELECT RAISE (ABORT, 'the journal is append-only'); END;

-- Each line of a history carries the hash of itself and of the line before: SHA-256, in hexadecimal
-- digits, of a JSON array of that line's hash and of this line's values in the order below. What was
-- there before is hashed as it is found. SPDX-License-Identifier: GPL-3.0-or-later
ALTER TABLE history ADD COLUMN hash TEXT;
ALTER TABLE exception_history ADD COLUMN hash TEXT;
DROP TRIGGER history_keeps;
DROP TRIGGER exception_history_keeps;
WITH RECURSIVE chain (key, hash) AS (
  SELECT 0, NULL
  UNION ALL
  SELECT h.key, sha256 (json_array (c.hash, h.key, h.activity_key, h.kind, h.who, h.detail, h.count, h.when_us,
                                    h.before, h.after))
  FROM chain c JOIN history h ON h.key = (SELECT min (key) FROM history WHERE key > c.key))
UPDATE history SET hash = chain.hash FROM chain WHERE chain.key = history.key;
WITH RECURSIVE chain (key, hash) AS (
  SELECT 0, NULL
  UNION ALL
  SELECT h.key, sha256 (json_array (c.hash, h.key, h.exception_key, h.kind, h.who, h.detail, h.when_us, h.before,
                                    h.after))
  FROM chain c JOIN exception_history h ON h.key = (SELECT min (key) FROM exception_history WHERE key > c.key))
UPDATE exception_history SET hash = chain.hash FROM chain WHERE chain.key = exception_history.key;
CREATE TRIGGER history_is_chained AFTER INSERT ON history WHEN NEW.hash IS NULL
  BEGIN UPDATE history SET hash = sha256 (json_array (
    (SELECT hash FROM history WHERE key < NEW.key ORDER BY key DESC LIMIT 1), NEW.key, NEW.activity_key, NEW.kind,
    NEW.who, NEW.detail, NEW.count, NEW.when_us, NEW.before, NEW.after)) WHERE key = NEW.key; END;
CREATE TRIGGER exception_history_is_chained AFTER INSERT ON exception_history WHEN NEW.hash IS NULL
  BEGIN UPDATE exception_history SET hash = sha256 (json_array (
    (SELECT hash FROM exception_history WHERE key < NEW.key ORDER BY key DESC LIMIT 1), NEW.key, NEW.exception_key,
    NEW.kind, NEW.who, NEW.detail, NEW.when_us, NEW.before, NEW.after)) WHERE key = NEW.key; END;
CREATE TRIGGER history_keeps BEFORE UPDATE ON history WHEN OLD.hash IS NOT NULL OR
  (NEW.key, NEW.activity_key, NEW.kind, NEW.who, NEW.detail, NEW.count, NEW.when_us, NEW.before, NEW.after) IS NOT
  (OLD.key, OLD.activity_key, OLD.kind, OLD.who, OLD.detail, OLD.count, OLD.when_us, OLD.before, OLD.after)
  BEGIN SELECT RAISE (ABORT, 'the history is append-only'); END;
CREATE TRIGGER exception_history_keeps BEFORE UPDATE ON exception_history WHEN OLD.hash IS NOT NULL OR
  (NEW.key, NEW.exception_key, NEW.kind, NEW.who, NEW.detail, NEW.when_us, NEW.before, NEW.after) IS NOT
  (OLD.key, OLD.exception_key, OLD.kind, OLD.who, OLD.detail, OLD.when_us, OLD.before, OLD.after)
  BEGIN SELECT RAISE (ABORT, 'the history is append-only'); END;

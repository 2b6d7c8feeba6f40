-- Each list's last merge in the store's own order of events, which no clock can upset: what was asked
-- for before it comes too late. SPDX-License-Identifier: GPL-3.0-or-later
CREATE TABLE stamp (value INTEGER NOT NULL) STRICT;
INSERT INTO stamp VALUES (1);

CREATE TABLE pulled (
  kind INTEGER NOT NULL, owner TEXT NOT NULL,   -- as in tvm-pull.h; owner: an id, or empty
  stamp INTEGER NOT NULL,                       -- when it was merged
  doubted INTEGER NOT NULL DEFAULT -1,          -- rows of the last one that lost too many; -1: none
  PRIMARY KEY (kind, owner)
) STRICT, WITHOUT ROWID;

-- The same for each ticket, whoever changes it.
ALTER TABLE ticket ADD COLUMN stamp INTEGER NOT NULL DEFAULT 0;
CREATE TRIGGER ticket_is_stamped AFTER UPDATE OF id, status, sending_us, withdraw_us ON ticket
BEGIN
  UPDATE stamp SET value = value + 1;
  UPDATE ticket SET stamp = (SELECT value FROM stamp) WHERE key = NEW.key;
END;

-- When all targets were seen remediated for the first time, where one look is not enough; 0: not.
ALTER TABLE activity ADD COLUMN fixed_stamp INTEGER NOT NULL DEFAULT 0;

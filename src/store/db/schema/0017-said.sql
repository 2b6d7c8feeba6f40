-- What a service calls a state that this program has no word for: "column=word", one per line.
-- SPDX-License-Identifier: GPL-3.0-or-later
ALTER TABLE recommendation ADD COLUMN said TEXT;
ALTER TABLE device ADD COLUMN said TEXT;
ALTER TABLE vulnerability ADD COLUMN said TEXT;
ALTER TABLE activity ADD COLUMN said TEXT;
ALTER TABLE ticket ADD COLUMN said TEXT;
ALTER TABLE adopted_ticket ADD COLUMN said TEXT;

-- The years 1 and 9999 stand for none; a list that is pulled says so from now on.
UPDATE activity SET due_on = NULL WHERE due_on < '0002' OR due_on >= '9999';
UPDATE activity SET completed_us = 0
  WHERE completed_us < -62104060800000000 OR completed_us >= 253370764800000000;
UPDATE activity SET created_us = 0
  WHERE created_us < -62104060800000000 OR created_us >= 253370764800000000;
UPDATE device SET first_seen_us = 0
  WHERE first_seen_us < -62104060800000000 OR first_seen_us >= 253370764800000000;
UPDATE device SET last_seen_us = 0
  WHERE last_seen_us < -62104060800000000 OR last_seen_us >= 253370764800000000;

-- Equal ids of Microsoft Entra are written alike; the one of zeros is none.
UPDATE device SET aad_device_id = NULL, is_aad_joined = 0
  WHERE aad_device_id = '00000000-0000-0000-0000-000000000000';
UPDATE device SET aad_device_id = lower (aad_device_id)
  WHERE aad_device_id <> lower (aad_device_id);
DELETE FROM managed_device WHERE aad_device_id = '00000000-0000-0000-0000-000000000000';

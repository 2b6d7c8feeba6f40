-- When a device was first seen exposed was kept a million times and read never.
-- SPDX-License-Identifier: GPL-3.0-or-later
CREATE TABLE lean_exposure (
  recommendation_key INTEGER NOT NULL REFERENCES recommendation ON DELETE CASCADE,
  device_key INTEGER NOT NULL, PRIMARY KEY (recommendation_key, device_key)
) STRICT, WITHOUT ROWID;
INSERT INTO lean_exposure SELECT recommendation_key, device_key FROM exposure;
DROP TABLE exposure;
ALTER TABLE lean_exposure RENAME TO exposure;

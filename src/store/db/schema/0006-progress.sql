-- Progress over time: one row per activity and moment at which its numbers changed (R6). Until now only
-- the journal told them. SPDX-License-Identifier: GPL-3.0-or-later
CREATE TABLE progress (
  key INTEGER PRIMARY KEY AUTOINCREMENT,
  activity_key INTEGER NOT NULL REFERENCES activity ON DELETE CASCADE,
  when_us INTEGER NOT NULL, fixed_devices INTEGER NOT NULL, target_devices INTEGER NOT NULL
) STRICT;
CREATE INDEX progress_of_activity ON progress (activity_key, key);

INSERT INTO progress (activity_key, when_us, fixed_devices, target_devices)
  SELECT a.key, j.when_us, min (max (sum (CASE j.kind WHEN 'device-remediated' THEN j.count WHEN 'exposed-again' THEN -j.count
    ELSE 0 END) OVER (PARTITION BY a.key ORDER BY j.key), 0), a.target_devices), a.target_devices
  FROM journal j JOIN activity a ON a.key = j.activity_key
  WHERE a.origin = 1 AND a.type <> 5 AND j.kind IN ('requested', 'device-remediated', 'exposed-again') ORDER BY j.key;
INSERT INTO progress (activity_key, when_us, fixed_devices, target_devices)
  SELECT a.key, l.synced_us, a.fixed_devices, a.target_devices FROM activity a JOIN list_state l ON l.name = 'activities'
  WHERE a.origin = 2 AND a.type <> 5 AND a.fixed_devices >= 0;

-- What a change made of what was there before.
ALTER TABLE journal ADD COLUMN before TEXT;
ALTER TABLE journal ADD COLUMN after TEXT;

-- Unknown is not none: when a recommendation's CVEs, and the devices of an activity made in the portal, were
-- last whole (0: never), and -1 for what the service did not tell or nobody looked up.
-- SPDX-License-Identifier: GPL-3.0-or-later
ALTER TABLE recommendation ADD COLUMN vulnerabilities_synced_us INTEGER NOT NULL DEFAULT 0;
ALTER TABLE activity ADD COLUMN devices_synced_us INTEGER NOT NULL DEFAULT 0;

UPDATE recommendation SET vulnerabilities_synced_us = max (devices_synced_us, 1)
  WHERE EXISTS (SELECT 1 FROM recommendation_vulnerability l WHERE l.recommendation_key = recommendation.key);
UPDATE activity SET devices_synced_us = 1
  WHERE EXISTS (SELECT 1 FROM portal_exposure p WHERE p.activity_key = activity.key);
UPDATE recommendation SET known_exploited = -1;
-- Known from a reference alone, which tells nothing of this.
UPDATE device SET health = -1, risk = -1, exposure = -1, is_aad_joined = -1
  WHERE in_inventory = 0 AND first_seen_us = 0 AND last_seen_us = 0;

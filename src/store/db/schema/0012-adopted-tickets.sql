-- Tickets of this program in Intune that this store did not make: recognized by their marker, read
-- only, never sent, withdrawn or counted as ours. What is NULL was not told.
-- SPDX-License-Identifier: GPL-3.0-or-later
CREATE TABLE adopted_ticket (
  key INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, marker TEXT NOT NULL,
  title TEXT, created_by TEXT, assigned_to TEXT, status INTEGER NOT NULL,
  devices INTEGER NOT NULL,                  -- -1: not known
  recommendation_id TEXT,                    -- as the ticket tells it; older ones do not
  groups TEXT,                               -- one per line; empty: all device groups
  product TEXT, vendor TEXT, created_us INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX adopted_ticket_of_recommendation ON adopted_ticket (recommendation_id);

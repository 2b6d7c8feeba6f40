-- Decisions that a team shares: one's own and, with their place in its log, all of it that was pulled.
-- SPDX-License-Identifier: GPL-3.0-or-later
CREATE TABLE team_event (
  key INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
  subject TEXT NOT NULL, kind TEXT NOT NULL, who TEXT NOT NULL,
  decided_us INTEGER NOT NULL, recorded_us INTEGER NOT NULL DEFAULT 0,
  number INTEGER NOT NULL DEFAULT 0,         -- its place in the log; 0: not in it yet
  is_sent INTEGER NOT NULL DEFAULT 0,        -- 1: it may be in the log
  after TEXT
) STRICT;
CREATE UNIQUE INDEX team_event_number ON team_event (number) WHERE number > 0;
CREATE INDEX team_event_of_subject ON team_event (subject, number);

-- Which process is about to send an entry of the outbox, and since when on the clock that only goes
-- forward: a lost lock file cannot make a ticket twice. SPDX-License-Identifier: GPL-3.0-or-later
ALTER TABLE ticket ADD COLUMN claimed_by TEXT;                          -- NULL: nobody
ALTER TABLE ticket ADD COLUMN claimed_ticks_us INTEGER NOT NULL DEFAULT 0;

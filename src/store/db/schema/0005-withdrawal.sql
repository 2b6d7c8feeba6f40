-- Since when a person wants a pending ticket withdrawn, and who; 0: nobody does.
-- SPDX-License-Identifier: GPL-3.0-or-later
ALTER TABLE ticket ADD COLUMN withdraw_us INTEGER NOT NULL DEFAULT 0;
ALTER TABLE ticket ADD COLUMN withdraw_by TEXT;

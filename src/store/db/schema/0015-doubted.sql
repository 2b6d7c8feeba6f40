-- Since when a list lacks what it lacks; 0: it does not. SPDX-License-Identifier: GPL-3.0-or-later
ALTER TABLE pulled ADD COLUMN doubted_us INTEGER NOT NULL DEFAULT 0;

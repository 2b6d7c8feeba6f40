-- What a device group counted when its exception was cancelled for it, so that one that ended group
-- by group tells what it covered; NULL: it was not; -1: not known, as of those before.
-- SPDX-License-Identifier: GPL-3.0-or-later
ALTER TABLE exception_group ADD COLUMN devices INTEGER;
UPDATE exception_group SET devices = -1 WHERE is_cancelled = 1;

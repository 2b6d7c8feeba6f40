-- What to upgrade to, where the service names it.
-- SPDX-License-Identifier: GPL-3.0-or-later
ALTER TABLE recommendation ADD COLUMN recommended_program TEXT;
ALTER TABLE recommendation ADD COLUMN recommended_vendor TEXT;

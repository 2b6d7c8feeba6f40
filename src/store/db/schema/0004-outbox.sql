-- When an entry of the outbox went out without an answer yet, when it is sent again by itself, and
-- until when the service asked to wait. 0: not. SPDX-License-Identifier: GPL-3.0-or-later
ALTER TABLE ticket ADD COLUMN sending_us INTEGER NOT NULL DEFAULT 0;
ALTER TABLE ticket ADD COLUMN next_attempt_us INTEGER NOT NULL DEFAULT 0;
ALTER TABLE ticket ADD COLUMN not_before_us INTEGER NOT NULL DEFAULT 0;

-- What a team shares beside activities: who is in it, whom activities are assigned to, and exceptions with
-- what approvers said. SPDX-License-Identifier: GPL-3.0-or-later
ALTER TABLE team_event ADD COLUMN before TEXT;               -- what its author saw
ALTER TABLE team_event ADD COLUMN needs_approval INTEGER NOT NULL DEFAULT 0;
ALTER TABLE activity ADD COLUMN assignee TEXT;               -- an e-mail address
ALTER TABLE exception ADD COLUMN approval INTEGER NOT NULL DEFAULT 0;   -- TvmApproval
ALTER TABLE exception ADD COLUMN decided_by TEXT;            -- who approved or rejected it
ALTER TABLE exception ADD COLUMN decided_us INTEGER NOT NULL DEFAULT 0;
ALTER TABLE exception ADD COLUMN decision_reason TEXT;
CREATE TABLE team_member (account TEXT PRIMARY KEY COLLATE NOCASE, rights TEXT) STRICT, WITHOUT ROWID;

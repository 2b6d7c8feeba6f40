-- Views that a team shares are looked for by a list; a long log has hundreds of thousands of other decisions.
-- SPDX-License-Identifier: GPL-3.0-or-later
CREATE INDEX team_event_views ON team_event (subject) WHERE kind = 'view-shared';

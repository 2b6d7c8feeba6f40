-- What waits to be sent is counted at each exchange; a long log has hundreds of thousands of others.
-- SPDX-License-Identifier: GPL-3.0-or-later
CREATE INDEX team_event_waiting ON team_event (key) WHERE number = 0;

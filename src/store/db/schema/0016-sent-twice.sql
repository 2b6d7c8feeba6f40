-- Whether Intune has a ticket of ours a second time. SPDX-License-Identifier: GPL-3.0-or-later
CREATE INDEX adopted_ticket_marker ON adopted_ticket (marker);

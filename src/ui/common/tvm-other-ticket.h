/* tvm-other-ticket.h: a ticket of this program that was made elsewhere, as a row to read (R20).
 * Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-records.h"
#include <adwaita.h>
G_BEGIN_DECLS

AdwActionRow *tvm_other_ticket_row_new (const TvmTicket *ticket, const char *admin_center_uri);

G_END_DECLS

/* tvm-ticket-withdraw.h: asks whether to take a ticket back, and does it. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-ui.h"
G_BEGIN_DECLS

void tvm_ticket_withdraw (TvmUi *ui, GtkWidget *widget, const char *activity_id,
                          const TvmTicket *ticket);

G_END_DECLS

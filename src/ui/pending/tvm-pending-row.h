/* tvm-pending-row.h: one change that waits to be sent, in Pending changes. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-ui.h"
G_BEGIN_DECLS

#define TVM_TYPE_PENDING_ROW (tvm_pending_row_get_type ())
G_DECLARE_FINAL_TYPE (TvmPendingRow, tvm_pending_row, TVM, PENDING_ROW, GtkListBoxRow)

/* signals "retry-clicked", "revoke-clicked" */
TvmPendingRow *tvm_pending_row_new           (const TvmOutboxEntry *entry);
void           tvm_pending_row_update        (TvmPendingRow *self, const TvmOutboxEntry *entry);
void           tvm_pending_row_set_busy      (TvmPendingRow *self, gboolean is_busy);
gint64         tvm_pending_row_get_key       (TvmPendingRow *self);
const char    *tvm_pending_row_get_title     (TvmPendingRow *self);
gboolean       tvm_pending_row_is_withdrawal (TvmPendingRow *self);

G_END_DECLS

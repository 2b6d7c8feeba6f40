/* tvm-due-row.h: a request's due date, with a calendar. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <adwaita.h>
G_BEGIN_DECLS

#define TVM_TYPE_DUE_ROW (tvm_due_row_get_type ())
G_DECLARE_FINAL_TYPE (TvmDueRow, tvm_due_row, TVM, DUE_ROW, AdwActionRow)

/* signal "checked" (TvmDueRow *, const char *message): a date was chosen or cleared; (nullable)
 * message: why it was not taken */
const char *tvm_due_row_get_date (TvmDueRow *self);  /* YYYY-MM-DD; (nullable): none */
void        tvm_due_row_set_date (TvmDueRow *self, const char *date);

G_END_DECLS

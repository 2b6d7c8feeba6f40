/* tvm-date-row.h: the row of a form in which a date is chosen. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <adwaita.h>
G_BEGIN_DECLS

#define TVM_TYPE_DATE_ROW (tvm_date_row_get_type ())
G_DECLARE_FINAL_TYPE (TvmDateRow, tvm_date_row, TVM, DATE_ROW, AdwActionRow)

/* signal "changed" (TvmDateRow *): another date is chosen, or none */
const char *tvm_date_row_get_date     (TvmDateRow *self);  /* YYYY-MM-DD; (nullable): none */
void        tvm_date_row_set_date     (TvmDateRow *self, const char *date);
void        tvm_date_row_set_range    (TvmDateRow *self, int first_day, int last_day);
void        tvm_date_row_set_optional (TvmDateRow *self, const char *clear_label);
void        tvm_date_row_set_choosable (TvmDateRow *self, gboolean is_choosable);

G_END_DECLS

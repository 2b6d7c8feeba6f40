/* tvm-date-picker.h: a month of days to choose one from, and the usual choices. GtkCalendar of
 * GTK 4 cannot dim the days that cannot be chosen. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <adwaita.h>
G_BEGIN_DECLS

#define TVM_TYPE_DATE_PICKER (tvm_date_picker_get_type ())
G_DECLARE_FINAL_TYPE (TvmDatePicker, tvm_date_picker, TVM, DATE_PICKER, AdwBin)

/* signal "chosen" (TvmDatePicker *, const char *date): YYYY-MM-DD */
GtkWidget *tvm_date_picker_new  (void);
void       tvm_date_picker_show (TvmDatePicker *self, const char *date, int first_day,
                                 int last_day);

G_END_DECLS

/* tvm-columns.h: widgets side by side in as many columns as fit, all as wide. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <gtk/gtk.h>
G_BEGIN_DECLS

#define TVM_TYPE_COLUMNS (tvm_columns_get_type ())
G_DECLARE_FINAL_TYPE (TvmColumns, tvm_columns, TVM, COLUMNS, GtkWidget)

GtkWidget *tvm_columns_new    (int width, int most);
void       tvm_columns_append (TvmColumns *self, GtkWidget *child);

G_END_DECLS

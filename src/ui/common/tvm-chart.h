/* tvm-chart.h: one bar cut in parts. Decoration: labels beside it say the numbers. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <gtk/gtk.h>
G_BEGIN_DECLS

#define TVM_TYPE_SPREAD (tvm_spread_get_type ())
G_DECLARE_FINAL_TYPE (TvmSpread, tvm_spread, TVM, SPREAD, GtkWidget)

void tvm_spread_set_parts (TvmSpread *self, const int parts[4]);

G_END_DECLS

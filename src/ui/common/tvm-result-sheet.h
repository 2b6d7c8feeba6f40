/* tvm-result-sheet.h: what became of each of several. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-ui.h"
G_BEGIN_DECLS

GtkWidget *tvm_result_sheet_present (TvmUi *ui, const char *title, GPtrArray *results);

G_END_DECLS

/* tvm-search-dialog.h: one search over activities, recommendations, CVEs, devices, settings and
 * commands. Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-ui.h"
G_BEGIN_DECLS

#define TVM_TYPE_SEARCH_DIALOG (tvm_search_dialog_get_type ())
G_DECLARE_FINAL_TYPE (TvmSearchDialog, tvm_search_dialog, TVM, SEARCH_DIALOG, AdwWindow)

GtkWidget *tvm_search_dialog_new (TvmUi *ui, const char *text);

G_END_DECLS

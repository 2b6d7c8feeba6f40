/* tvm-export-run.h: exports a list to CSV with the dialogs that belong to it (R9). Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-row-list.h"
#include "tvm-ui.h"
#include <gtk/gtk.h>
G_BEGIN_DECLS

void tvm_export_run (TvmUi *ui, GtkWidget *parent, const TvmQuery *query, const char *name,
                     const char *note);

G_END_DECLS

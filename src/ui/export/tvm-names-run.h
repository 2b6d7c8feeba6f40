/* tvm-names-run.h: an activity's devices written for Configuration Manager, with the save dialog
 * that belongs to it. Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-row-list.h"
#include "tvm-ui.h"
#include <gtk/gtk.h>
G_BEGIN_DECLS

void tvm_names_run (TvmUi *ui, GtkWidget *parent, const TvmActivity *activity,
                    TvmNamesFormat format);

G_END_DECLS

/* tvm-evidence-run.h: an activity's evidence written as one archive, with the save dialog that
 * belongs to it. Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-row-list.h"
#include "tvm-ui.h"
#include <gtk/gtk.h>
G_BEGIN_DECLS

void tvm_evidence_run (TvmUi *ui, GtkWidget *parent, const TvmActivity *activity);

G_END_DECLS

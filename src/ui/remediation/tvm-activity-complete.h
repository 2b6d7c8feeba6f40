/* tvm-activity-complete.h: asks whether to mark an activity as completed, does it, and undoes it.
 * Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-ui.h"
G_BEGIN_DECLS

void tvm_activity_complete (TvmUi *ui, GtkWidget *widget, const TvmActivity *activity,
                            const int states[TVM_N_DEVICE_STATES]);

GtkWidget *tvm_activity_note_entry_new (void);
char      *tvm_activity_make_left      (int n_left, const int *states);

G_END_DECLS

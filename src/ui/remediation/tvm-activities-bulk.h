/* tvm-activities-bulk.h: several activities completed, or their tickets withdrawn. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-ui.h"
G_BEGIN_DECLS

/* keys are the store's; done: the person went on */
void tvm_activities_complete (TvmUi *ui, GtkWidget *widget, GArray *keys,
                              void (*done) (GtkWidget *widget));
void tvm_activities_withdraw (TvmUi *ui, GtkWidget *widget, GArray *keys,
                              void (*done) (GtkWidget *widget));

G_END_DECLS

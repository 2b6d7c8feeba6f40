/* tvm-targets-window.h: all devices of an activity, or those that no ticket would carry. Main
 * thread. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-ui.h"
#include <adwaita.h>
G_BEGIN_DECLS

GtkWidget *tvm_targets_window_new  (TvmUi *ui, const TvmActivity *activity, int state,
                                    TvmLeftOut left_out);
GtkWidget *tvm_left_out_window_new (TvmUi *ui, const TvmRequest *request, const char *title);

G_END_DECLS

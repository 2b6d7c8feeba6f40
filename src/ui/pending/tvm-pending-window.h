/* tvm-pending-window.h: Pending changes: what was decided here and no service has accepted yet.
 * Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-ui.h"
G_BEGIN_DECLS

#define TVM_TYPE_PENDING_WINDOW (tvm_pending_window_get_type ())
G_DECLARE_FINAL_TYPE (TvmPendingWindow, tvm_pending_window, TVM, PENDING_WINDOW, AdwWindow)

GtkWidget *tvm_pending_window_new (TvmUi *ui, GtkWindow *parent);

G_END_DECLS

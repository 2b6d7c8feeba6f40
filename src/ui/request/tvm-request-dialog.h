/* tvm-request-dialog.h: the form that requests remediation. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-ui.h"
#include <adwaita.h>
G_BEGIN_DECLS

#define TVM_TYPE_REQUEST_DIALOG (tvm_request_dialog_get_type ())
G_DECLARE_FINAL_TYPE (TvmRequestDialog, tvm_request_dialog, TVM, REQUEST_DIALOG, AdwWindow)

GtkWidget *tvm_request_dialog_new (TvmUi *ui, const char *recommendation_id);

G_END_DECLS

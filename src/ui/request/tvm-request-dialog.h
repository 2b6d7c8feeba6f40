/* tvm-request-dialog.h: the form that requests remediation of one or several
 * recommendations. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-ui.h"
#include <adwaita.h>
G_BEGIN_DECLS

#define TVM_TYPE_REQUEST_DIALOG (tvm_request_dialog_get_type ())
G_DECLARE_FINAL_TYPE (TvmRequestDialog, tvm_request_dialog, TVM, REQUEST_DIALOG, AdwWindow)

/* signal "submitted": it was, and the form closes; what became of several is shown by then */
TvmRequestDialog *tvm_request_dialog_new (TvmUi *ui, const char *const *ids);
void              tvm_request_dialog_set_reason (TvmRequestDialog *self, const char *text);

G_END_DECLS

/* tvm-exception-dialog.h: the form that files an exception. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-ui.h"
#include <adwaita.h>
G_BEGIN_DECLS

#define TVM_TYPE_EXCEPTION_DIALOG (tvm_exception_dialog_get_type ())
G_DECLARE_FINAL_TYPE (TvmExceptionDialog, tvm_exception_dialog, TVM, EXCEPTION_DIALOG, AdwWindow)

GtkWidget *tvm_exception_dialog_new (TvmUi *ui, const char *recommendation_id);

G_END_DECLS

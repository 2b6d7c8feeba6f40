/* tvm-sign-in-dialog.h: sign-in with the browser or by device code. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-ui.h"
G_BEGIN_DECLS

#define TVM_TYPE_SIGN_IN_DIALOG (tvm_sign_in_dialog_get_type ())
G_DECLARE_FINAL_TYPE (TvmSignInDialog, tvm_sign_in_dialog, TVM, SIGN_IN_DIALOG, AdwWindow)

/* Signal "finished" (const char *problem): once, when somebody signed in (NULL) or gave up (why, in
 * words) */
GtkWidget *tvm_sign_in_dialog_new (TvmUi *ui, GtkWindow *parent, gboolean intune_write);

G_END_DECLS

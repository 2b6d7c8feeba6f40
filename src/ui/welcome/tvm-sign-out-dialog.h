/* tvm-sign-out-dialog.h: asks what becomes of the data, and signs out. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-ui.h"
G_BEGIN_DECLS

void tvm_sign_out_dialog_show (TvmUi *ui, GtkWindow *parent);

G_END_DECLS

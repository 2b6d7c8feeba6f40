/* tvm-form.h: how the window of a form ends. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-ui.h"
G_BEGIN_DECLS

/* Where to go from a form: tvm_ui_open_activity() and the like. */
typedef void (*TvmFormOpen) (TvmUi *ui, const char *id);

void tvm_form_leave (GtkWindow *form, gboolean is_filled, TvmUi *ui, TvmFormOpen open,
                     const char *id);

G_END_DECLS

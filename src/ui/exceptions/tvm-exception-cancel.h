/* tvm-exception-cancel.h: asks whether to cancel an exception, and does it. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-ui.h"
G_BEGIN_DECLS

void tvm_exception_cancel (TvmUi *ui, GtkWidget *widget, const TvmException *exception,
                           const char *group);

G_END_DECLS

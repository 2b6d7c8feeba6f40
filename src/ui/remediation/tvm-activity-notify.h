/* tvm-activity-notify.h: the e-mail to the IT admin (R11). Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-ui.h"
G_BEGIN_DECLS

void tvm_activity_notify (TvmUi *ui, GtkWidget *widget, const TvmActivity *activity);

G_END_DECLS

/* tvm-portal-exceptions.h: the exceptions that were made in the portal, above those of this
 * program. Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-ui.h"
G_BEGIN_DECLS

GtkWidget *tvm_portal_exceptions_new (TvmUi *ui);

G_END_DECLS

/* tvm-welcome-page.h: first run: what it is, what it takes, and the ways in. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-ui.h"
G_BEGIN_DECLS

GtkWidget *tvm_welcome_page_new (TvmUi *ui);

G_END_DECLS

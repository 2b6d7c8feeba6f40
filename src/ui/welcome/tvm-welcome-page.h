/* tvm-welcome-page.h: first run: what it is, and the ways in. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <adwaita.h>
G_BEGIN_DECLS

GtkWidget *tvm_welcome_page_new (void);

G_END_DECLS

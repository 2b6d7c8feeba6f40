/* tvm-list-keys.h: Tab leaves a list. Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <gtk/gtk.h>
G_BEGIN_DECLS

void tvm_list_let_tab_leave (GtkWidget *list);

G_END_DECLS

/* tvm-row-menu.h: a row's context menu. Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <gtk/gtk.h>
G_BEGIN_DECLS

void tvm_row_menu_popup (GtkWidget *parent, GMenuModel *menu, const GdkRectangle *at);
void tvm_row_menu_add   (GtkWidget *row, GtkWidget *parent, GMenuModel *menu);

G_END_DECLS

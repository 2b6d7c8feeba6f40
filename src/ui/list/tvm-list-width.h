/* tvm-list-width.h: how wide the cells of a column want to be. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <gtk/gtk.h>
G_BEGIN_DECLS

void   tvm_list_width_follow (GtkListItemFactory *factory, GCallback wider_cb, gpointer user_data);
void   tvm_list_width_note   (GtkListItemFactory *factory, GtkWidget *cell);
int    tvm_list_width_get    (GtkListItemFactory *factory);
double tvm_list_width_scale  (GtkWidget *widget);

G_END_DECLS

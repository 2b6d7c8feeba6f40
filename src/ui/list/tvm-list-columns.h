/* tvm-list-columns.h: which columns of a table show: the menu, the memory and the room. Main
 * thread. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-list-spec.h"
G_BEGIN_DECLS

GtkWidget *
tvm_list_columns_menu_new (GtkColumnView *table, const TvmListSpec *spec, TvmStore *store);
void       tvm_list_columns_menu_fit (GtkWidget *menu, int width);

G_END_DECLS

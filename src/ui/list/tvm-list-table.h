/* tvm-list-table.h: builds the columns of a table and reads how it is sorted. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-list-choice.h"
#include "tvm-list-spec.h"
G_BEGIN_DECLS

void                tvm_list_column_fill       (const TvmListColumn *column, GtkWidget *cell,
                                                gconstpointer record);
GtkListItemFactory *tvm_list_table_factory_new (const TvmListColumn *column, TvmListChoice *choice);
void                tvm_list_table_add_columns (GtkColumnView *table, const TvmListSpec *spec,
                                                TvmListChoice *choice);
void                tvm_list_table_sort_by     (GtkColumnView *table, const char *sort,
                                                GtkSortType direction);
guint               tvm_list_table_position_of (GtkWidget *list, GtkWidget *widget);
GtkWidget          *tvm_list_table_get_list    (GtkColumnView *table);
void                tvm_list_table_scroll_to   (GtkColumnView *table, guint position);
const char         *tvm_list_table_get_sort    (GtkColumnView *table, gboolean *out_descending);

G_END_DECLS

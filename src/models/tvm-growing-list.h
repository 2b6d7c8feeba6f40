/* tvm-growing-list.h: a list that tells a view of its rows a few at a time. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <gio/gio.h>
G_BEGIN_DECLS

#define TVM_TYPE_GROWING_LIST (tvm_growing_list_get_type ())
G_DECLARE_FINAL_TYPE (TvmGrowingList, tvm_growing_list, TVM, GROWING_LIST, GObject)
TvmGrowingList *tvm_growing_list_new     (GListModel *model);
void            tvm_growing_list_show_to (TvmGrowingList *self, guint position);

G_END_DECLS

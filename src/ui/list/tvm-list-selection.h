/* tvm-list-selection.h: which rows of a list page are selected: the one that is open, or several
 * that are chosen. Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-list-choice.h"
G_BEGIN_DECLS

#define TVM_TYPE_LIST_SELECTION (tvm_list_selection_get_type ())
G_DECLARE_FINAL_TYPE (TvmListSelection, tvm_list_selection, TVM, LIST_SELECTION, GObject)

/* signal "opened" (TvmListSelection *, guint position): one row alone is selected by hand; none of
 * them where the position is %GTK_INVALID_LIST_POSITION */
TvmListSelection *tvm_list_selection_new      (GListModel *shown, TvmRowList *rows,
                                               TvmListChoice *choice);
void              tvm_list_selection_set_open (TvmListSelection *self, gint64 key);
TvmRowList       *tvm_list_selection_get_rows (TvmListSelection *self);

G_END_DECLS

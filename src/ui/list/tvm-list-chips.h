/* tvm-list-chips.h: the filters of a list in sight. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-list-filters.h"
G_BEGIN_DECLS

#define TVM_TYPE_LIST_CHIPS (tvm_list_chips_get_type ())
G_DECLARE_FINAL_TYPE (TvmListChips, tvm_list_chips, TVM, LIST_CHIPS, AdwBin)

TvmListChips *tvm_list_chips_new    (TvmUi *ui, const TvmListSpec *spec, TvmListFilters *filters);
void          tvm_list_chips_update (TvmListChips *self, const TvmQuery *query);

G_END_DECLS

/* tvm-list-filters.h: the filters of a list, as a form for a popover and as chips. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-list-spec.h"
#include <adwaita.h>
G_BEGIN_DECLS

#define TVM_TYPE_LIST_FILTERS (tvm_list_filters_get_type ())
G_DECLARE_FINAL_TYPE (TvmListFilters, tvm_list_filters, TVM, LIST_FILTERS, AdwBin)

/* signal "changed": a filter was set or cleared */
TvmListFilters *tvm_list_filters_new         (const TvmListSpec *spec);
void            tvm_list_filters_set_account (TvmListFilters *self, const char *account);
gboolean        tvm_list_filters_are_set     (TvmListFilters *self);
void            tvm_list_filters_set         (TvmListFilters *self, guint index, int value);
void            tvm_list_filters_clear       (TvmListFilters *self);
void            tvm_list_filters_apply       (TvmListFilters *self, TvmQuery *query);
void            tvm_list_filters_fill_chips  (TvmListFilters *self, GtkWidget *box);

G_END_DECLS

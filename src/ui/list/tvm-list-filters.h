/* tvm-list-filters.h: the filters of a list and what they are set to; a form for a popover. Main
 * thread. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-list-spec.h"
#include "tvm-ui.h"
#include <adwaita.h>
G_BEGIN_DECLS

#define TVM_TYPE_LIST_FILTERS (tvm_list_filters_get_type ())
G_DECLARE_FINAL_TYPE (TvmListFilters, tvm_list_filters, TVM, LIST_FILTERS, AdwBin)

/* signal "changed": a filter was set or taken away */
TvmListFilters *tvm_list_filters_new         (const TvmListSpec *spec, TvmUi *ui);
void            tvm_list_filters_set_account (TvmListFilters *self, const char *account,
                                                              const char *right);
gboolean        tvm_list_filters_are_set     (TvmListFilters *self);
gboolean        tvm_list_filters_is_offered  (TvmListFilters *self, guint index);
int             tvm_list_filters_get         (TvmListFilters *self, guint index);
void            tvm_list_filters_set         (TvmListFilters *self, guint index, int value);
const char     *tvm_list_filters_get_text    (TvmListFilters *self, guint index);
void            tvm_list_filters_set_text    (TvmListFilters *self, guint index, const char *text);
char           *tvm_list_filters_make_words  (TvmListFilters *self, guint index);
void            tvm_list_filters_clear       (TvmListFilters *self);
GSimpleAction  *tvm_list_filters_ref_group   (TvmUi *ui);
void            tvm_list_filters_apply       (TvmListFilters *self, TvmQuery *query);

G_END_DECLS

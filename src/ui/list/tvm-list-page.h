/* tvm-list-page.h: a list of the store with toolbar, states and a flyout at the side. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-list-spec.h"
#include "tvm-record-flyout.h"
#include "tvm-ui.h"
#include <adwaita.h>
G_BEGIN_DECLS

#define TVM_TYPE_LIST_PAGE (tvm_list_page_get_type ())
G_DECLARE_FINAL_TYPE (TvmListPage, tvm_list_page, TVM, LIST_PAGE, AdwBin)

/* actions: list.export, list.close-flyout, list.clear-filters, list.reload; list.clear-filters also
 * activates win.clear-search, with which the window empties its search entry */
TvmListPage    *tvm_list_page_new          (TvmUi *ui, const TvmListSpec *spec);
void            tvm_list_page_set_start    (TvmListPage *self, GtkWidget *widget);
void            tvm_list_page_set_top      (TvmListPage *self, GtkWidget *widget);
void            tvm_list_page_set_flyout   (TvmListPage *self, TvmRecordFlyout *flyout);
void            tvm_list_page_set_search   (TvmListPage *self, const char *text);
void            tvm_list_page_set_base     (TvmListPage *self, const TvmQuery *base);
void            tvm_list_page_set_filter   (TvmListPage *self, guint index, int value);
void            tvm_list_page_set_export_menu (TvmListPage *self, GMenuModel *menu);
const TvmQuery *tvm_list_page_get_query    (TvmListPage *self);
void            tvm_list_page_open_first   (TvmListPage *self);
void            tvm_list_page_focus_list   (TvmListPage *self);
gboolean        tvm_list_page_has_row      (TvmListPage *self, GtkWidget *focus);
void            tvm_list_page_keep_focus   (TvmListPage *self, GtkWidget *focus);
void            tvm_list_page_open         (TvmListPage *self, const char *id);
void            tvm_list_page_set_choice_menu (TvmListPage *self, GMenuModel *menu);
gboolean        tvm_list_page_is_choosing  (TvmListPage *self);
GArray         *tvm_list_page_dup_chosen   (TvmListPage *self);
void            tvm_list_page_stop_choosing (TvmListPage *self);

/* for rows that are of no list page, too */
char *tvm_list_make_copied_line (const char *const *words, guint n_words, gboolean is_csv);

G_END_DECLS

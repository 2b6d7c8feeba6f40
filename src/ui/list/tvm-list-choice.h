/* tvm-list-choice.h: which rows of a list are chosen, by their keys, and the check boxes that show
 * it. Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-row-list.h"
#include <gtk/gtk.h>
G_BEGIN_DECLS

#define TVM_TYPE_LIST_CHOICE (tvm_list_choice_get_type ())
G_DECLARE_FINAL_TYPE (TvmListChoice, tvm_list_choice, TVM, LIST_CHOICE, GObject)

/* signal "changed": whether it goes on, or what is chosen */
TvmListChoice *tvm_list_choice_new        (const char *(*to_name) (gconstpointer record));
void           tvm_list_choice_start      (TvmListChoice *self, gboolean stays);
void           tvm_list_choice_end        (TvmListChoice *self);
gboolean       tvm_list_choice_is_active  (TvmListChoice *self);
gboolean       tvm_list_choice_stays      (TvmListChoice *self);
gboolean       tvm_list_choice_contains   (TvmListChoice *self, gint64 key);
void           tvm_list_choice_toggle     (TvmListChoice *self, gint64 key);
void           tvm_list_choice_set        (TvmListChoice *self, const gint64 *keys, guint n_keys,
                                           gboolean is_chosen);
void           tvm_list_choice_clear      (TvmListChoice *self);
guint          tvm_list_choice_count      (TvmListChoice *self);
GArray        *tvm_list_choice_dup_keys   (TvmListChoice *self, GArray *listed);
GtkWidget     *tvm_list_choice_wrap       (TvmListChoice *self, GtkWidget *cell);
void           tvm_list_choice_show_row   (GtkWidget *wrapped, TvmRow *row);

G_END_DECLS

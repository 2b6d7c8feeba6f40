/* tvm-model-row-private.h: what a list tells its rows and they tell it. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-row-list.h"
G_BEGIN_DECLS

TvmRow *tvm_row_new         (TvmRowList *list, TvmListKind kind, guint position, gint64 key);
void    tvm_row_fill        (TvmRow *self, gint64 key, gpointer record /* (transfer full) */);
void    tvm_row_detach      (TvmRow *self);   /* its position is gone */

void    tvm_row_list_forget (TvmRowList *self, guint position);
guint   tvm_list_kind_changes (TvmListKind kind);

G_END_DECLS

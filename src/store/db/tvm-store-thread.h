/* tvm-store-thread.h: a thread that owns one connection and runs what it is given in order.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-store-db.h"
G_BEGIN_DECLS

typedef struct _TvmStoreThread TvmStoreThread;
typedef void (*TvmStoreFunc) (TvmDb *db, gpointer data);

TvmStoreThread *tvm_store_thread_new  (const char *path, gboolean writes, GError **error);
gboolean        tvm_store_thread_run  (TvmStoreThread *self, TvmStoreFunc func, gpointer data,
                                       gboolean is_lazy, guint *out_changes, GError **error);
gboolean        tvm_store_thread_is_damaged (TvmStoreThread *self);
void            tvm_store_thread_free (TvmStoreThread *self);

G_END_DECLS

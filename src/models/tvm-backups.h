/* tvm-backups.h: a profile's backups: which there are, making one, and what one lacks. On a worker;
 * main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-store-backup.h"
G_BEGIN_DECLS

void          tvm_backups_load_async    (TvmStore *store, GCancellable *cancellable,
                                         GAsyncReadyCallback callback, gpointer user_data);
GPtrArray    *tvm_backups_load_finish   (TvmStore *store, GAsyncResult *result, GError **error);
void          tvm_backup_make_async     (TvmStore *store, GCancellable *cancellable,
                                         GAsyncReadyCallback callback, gpointer user_data);
char         *tvm_backup_make_finish    (TvmStore *store, GAsyncResult *result, GError **error);
void          tvm_decisions_load_async  (TvmStore *store, gint64 since_us,
                                         GCancellable *cancellable, GAsyncReadyCallback callback,
                                         gpointer user_data);
TvmDecisions *tvm_decisions_load_finish (TvmStore *store, GAsyncResult *result, GError **error);

G_END_DECLS

/* tvm-sync-types.h: the engine's type, for the headers of its subjects.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-bulk.h"
#include "tvm-client.h"
#include "tvm-store.h"
G_BEGIN_DECLS

#define TVM_TYPE_SYNC_ENGINE (tvm_sync_engine_get_type ())
G_DECLARE_FINAL_TYPE (TvmSyncEngine, tvm_sync_engine, TVM, SYNC_ENGINE, GObject)

/* The same command for the window: it runs on a worker and reports on the main context. What brings
 * nothing but success is ended by tvm_sync_engine_finish(), the rest by a function of its own. */
#define TVM_DECLARE_ASYNC(name, ...) \
  void tvm_sync_engine_##name##_async (TvmSyncEngine *self, ##__VA_ARGS__, \
                                       GCancellable *cancellable, GAsyncReadyCallback callback, \
                                       gpointer user_data)

G_END_DECLS

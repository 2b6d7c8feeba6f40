/* tvm-load-private.h: what is read on a worker. Main thread in, main thread out.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-store.h"
G_BEGIN_DECLS

void     tvm_load_in_thread (TvmStore *store, gpointer data, GDestroyNotify free_data,
                             GTaskThreadFunc func, gpointer tag, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data);
gpointer tvm_load_finish    (TvmStore *store, GAsyncResult *result, gpointer tag, GError **error);

G_END_DECLS

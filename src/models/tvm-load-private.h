/* tvm-load-private.h: what is read on a worker. Main thread in, main thread out.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-store.h"
G_BEGIN_DECLS

/* On a worker; its answer counts where it sets no error. */
typedef gpointer (*TvmLoadFunc) (TvmStore *store, gpointer data, GCancellable *cancellable,
                                 GError **error);

void     tvm_load_in_thread (TvmStore *store, TvmLoadFunc func, gpointer data,
                             GDestroyNotify free_data, GDestroyNotify free_answer,
                             GCancellable *cancellable, GAsyncReadyCallback callback,
                             gpointer user_data);
gpointer tvm_load_finish    (TvmStore *store, GAsyncResult *result, TvmLoadFunc func,
                             GError **error);

G_END_DECLS

/* tvm-load-private.h: reading on a worker what takes more than a text to say. Main thread in, main
 * thread out. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-load.h"
G_BEGIN_DECLS

void     tvm_load_in_thread (TvmStore *store, TvmLoadFunc func, gpointer data,
                             GDestroyNotify free_data, GDestroyNotify free_answer,
                             GCancellable *cancellable, GAsyncReadyCallback callback,
                             gpointer user_data);

G_END_DECLS

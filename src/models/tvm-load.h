/* tvm-load.h: what is read on a worker. Main thread in, main thread out.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-store.h"
G_BEGIN_DECLS

/* On a worker; its answer counts where it sets no error. */
typedef gpointer (*TvmLoadFunc) (TvmStore *store, gpointer data, GCancellable *cancellable,
                                 GError **error);

/* Something to read, by a text or by nothing: what one gets by which stands where it is named. */
typedef struct
{
  TvmLoadFunc    read;         /* with that text */
  GDestroyNotify free_answer;
} TvmLoad;

void     tvm_load_async  (TvmStore *store, const TvmLoad *what, const char *by,
                          GCancellable *cancellable, GAsyncReadyCallback callback,
                          gpointer user_data);
gpointer tvm_load_finish (TvmStore *store, GAsyncResult *result, GError **error);

G_END_DECLS

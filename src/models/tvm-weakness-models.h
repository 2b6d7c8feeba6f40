/* tvm-weakness-models.h: a CVE and a device whole, read on a worker. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-store.h"
G_BEGIN_DECLS

void tvm_weakness_load_async (TvmStore *store, const char *id, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data);
TvmWeaknessWhole *tvm_weakness_load_finish (TvmStore *store, GAsyncResult *result,
                                            GError **error);
void tvm_device_load_async (TvmStore *store, const char *id, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer user_data);
TvmDeviceWhole *tvm_device_load_finish (TvmStore *store, GAsyncResult *result, GError **error);
/* of TvmDevice: those of a CVE, at most so many */
void tvm_affected_load_async (TvmStore *store, const char *id, int limit,
                              GCancellable *cancellable, GAsyncReadyCallback callback,
                              gpointer user_data);
GPtrArray *tvm_affected_load_finish (TvmStore *store, GAsyncResult *result, GError **error);
/* what there is of the catalog of known exploited ones */
void tvm_catalog_load_async (TvmStore *store, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data);
TvmKnownExploitedState *tvm_catalog_load_finish (TvmStore *store, GAsyncResult *result,
                                                 GError **error);

G_END_DECLS

/* tvm-setting-load.h: settings that views keep for themselves, read and written on a worker. Main
 * thread. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-store.h"
G_BEGIN_DECLS

void  tvm_setting_load_async  (TvmStore *store, const char *key, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data);
char *tvm_setting_load_finish (TvmStore *store, GAsyncResult *result, GError **error);
void  tvm_setting_save        (TvmStore *store, const char *key, const char *value);

G_END_DECLS

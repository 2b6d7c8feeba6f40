/* tvm-settings.h: the profile's settings: known keys with defaults and validation.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-sync-types.h"
G_BEGIN_DECLS

typedef struct { const char *key, *default_value, *description; } TvmSettingInfo;
const TvmSettingInfo *tvm_settings_list (guint *n);
gboolean  tvm_setting_check          (const char *key, const char *text, GError **error);

/* default applied; INVALID: unknown key */
char     *tvm_sync_engine_get_config (TvmSyncEngine *self, const char *key, GError **error);
/* "intune-connection" "true" verifies (R1) and needs sign-in; changing cloud or tenant drops the
 * cached tokens */
gboolean  tvm_sync_engine_set_config (TvmSyncEngine *self, const char *key, const char *value,
                                      GCancellable *cancellable, GError **error);

TVM_DECLARE_ASYNC (get_config, const char *key);
char     *tvm_sync_engine_get_config_finish (TvmSyncEngine *self, GAsyncResult *result,
                                             GError **error);
TVM_DECLARE_ASYNC (set_config, const char *key, const char *value);

G_END_DECLS

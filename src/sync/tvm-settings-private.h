/* tvm-settings-private.h: what values the settings take. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-sync-engine.h"
G_BEGIN_DECLS

const TvmSettingInfo *tvm_setting_find             (const char *key, GError **error);
gboolean              tvm_setting_check            (const char *key, const char *value, GError **error);
gboolean              tvm_setting_is_of_connection (const char *key);

G_END_DECLS

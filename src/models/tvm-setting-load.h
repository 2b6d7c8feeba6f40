/* tvm-setting-load.h: settings that views keep for themselves, read and written on a worker. Main
 * thread. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-load.h"
G_BEGIN_DECLS

extern const TvmLoad tvm_load_setting;  /* text, by its key */
void tvm_setting_save (TvmStore *store, const char *key, const char *value);

G_END_DECLS

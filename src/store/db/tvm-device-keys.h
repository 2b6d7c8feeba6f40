/* tvm-device-keys.h: from the ids of devices to their keys, for lists of a million references. One
 * thread. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <glib.h>
G_BEGIN_DECLS

#define TVM_DEVICE_KEYS_BATCH 32

typedef struct _TvmDeviceKeys TvmDeviceKeys;

TvmDeviceKeys *tvm_device_keys_new    (void);
void           tvm_device_keys_free   (TvmDeviceKeys *self);
void           tvm_device_keys_insert (TvmDeviceKeys *self, const char *id, gint64 key);
void           tvm_device_keys_lookup (TvmDeviceKeys *self, const char *const *ids, guint n,
                                       gint64 *keys);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TvmDeviceKeys, tvm_device_keys_free)

G_END_DECLS

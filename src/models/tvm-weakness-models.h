/* tvm-weakness-models.h: a CVE and a device whole, read on a worker. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-load.h"
G_BEGIN_DECLS

extern const TvmLoad tvm_load_weakness;  /* TvmWeaknessWhole, by its id */
extern const TvmLoad tvm_load_device;    /* TvmDeviceWhole, by its id */
/* GPtrArray of TvmDevice: those of a CVE, at most so many */
void tvm_affected_load_async (TvmStore *store, const char *id, int limit,
                              GCancellable *cancellable, GAsyncReadyCallback callback,
                              gpointer user_data);
/* TvmKnownExploitedState: what there is of the catalog */
extern const TvmLoad tvm_load_catalog;

G_END_DECLS

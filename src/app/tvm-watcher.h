/* tvm-watcher.h: notices what other processes write into a profile that is open. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-sync-engine.h"
G_BEGIN_DECLS

typedef struct _TvmWatcher TvmWatcher;
TvmWatcher *tvm_watcher_new  (TvmStore *store, TvmSyncEngine *engine);
void        tvm_watcher_free (TvmWatcher *self);

G_END_DECLS

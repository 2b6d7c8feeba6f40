/* tvm-backups.h: a profile's backups: which there are, making one, and what one lacks. On a worker;
 * main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-load.h"
#include "tvm-store-backup.h"
G_BEGIN_DECLS

extern const TvmLoad tvm_load_backups;     /* GPtrArray of TvmBackup, newest first */
extern const TvmLoad tvm_load_new_backup;  /* makes one, even where that is cancelled: its name */
/* TvmDecisions */
void tvm_decisions_load_async (TvmStore *store, gint64 since_us, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data);

G_END_DECLS

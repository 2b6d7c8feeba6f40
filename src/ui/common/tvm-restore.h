/* tvm-restore.h: asks whether a backup is to take the store's place. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-backups.h"
#include "tvm-ui.h"
G_BEGIN_DECLS

void tvm_restore_ask (GtkWidget *parent, GtkWidget *window, TvmUi *ui, const TvmBackup *backup,
                      const TvmDecisions *lost);

G_END_DECLS

/* tvm-undo.h: a toast that says what was decided, and takes it back. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-ui.h"
G_BEGIN_DECLS

/* Ended by tvm_sync_engine_finish(). */
typedef void (*TvmUndoFunc) (TvmSyncEngine *engine, const char *id, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data);

/* Words that live forever. */
typedef struct {
  TvmUndoFunc undo;
  const char *done, *failed;
} TvmUndo;
void tvm_undo_offer     (TvmUi *ui, AdwToast *toast, const char *id, const TvmUndo *undo);
void tvm_undo_add_toast (TvmUi *ui, AdwToast *toast);
void tvm_undo_last      (TvmUi *ui);

G_END_DECLS

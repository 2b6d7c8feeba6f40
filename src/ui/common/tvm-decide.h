/* tvm-decide.h: telling the team something, and how it went. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-ui.h"
G_BEGIN_DECLS

/* Ended by tvm_sync_engine_finish(); @text: what was typed or chosen, may be NULL. */
typedef void (*TvmDecideFunc) (TvmSyncEngine *engine, const char *id, const char *text,
                               GCancellable *cancellable, GAsyncReadyCallback callback,
                               gpointer user_data);

/* Words that live forever. */
typedef struct {
  TvmDecideFunc decide;
  const char *done;   /* (nullable): nothing is said where it shows by itself */
  const char *failed;
} TvmDecide;
/* What asks for a text first. */
typedef struct {
  const char *heading, *body;
  const char *label;   /* of the text */
  const char *answer;  /* the button's, with a mnemonic */
  AdwResponseAppearance appearance;
} TvmDecideQuestion;
#define TVM_DECIDE_ANSWER "decide"
void       tvm_decide     (TvmUi *ui, GtkWidget *widget, const char *id, const char *text,
                           const TvmDecide *how);
GtkWidget *tvm_decide_ask (TvmUi *ui, GtkWidget *widget, const char *id, const TvmDecide *how,
                           const TvmDecideQuestion *question);

G_END_DECLS

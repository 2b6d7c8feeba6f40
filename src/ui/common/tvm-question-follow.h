/* tvm-question-follow.h: questions that say what holds now, as long as they are open. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-ui.h"

G_BEGIN_DECLS

/* What a question is about. @asked is the question's own, and lives as long as it is open. */
typedef struct {
  guint            changes;  /* what it tells of, #TvmStoreChange */
  /* by a #GTask */
  void           (*load) (gpointer asked, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer user_data);
  GDestroyNotify   free;     /* of what that gives */
  /* @now: (nullable): as it is now; %NULL: it cannot be read, which @error tells */
  void           (*show) (GtkWidget *question, gpointer asked, gpointer now, const GError *error);
} TvmQuestionSubject;

void tvm_question_follow (GtkWidget                *question,
                          TvmUi                    *ui,
                          const TvmQuestionSubject *subject,
                          gpointer                  asked);

G_END_DECLS

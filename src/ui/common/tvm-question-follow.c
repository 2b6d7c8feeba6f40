/* tvm-question-follow.c: what a question is about may change while it is open, by a sync or another
 * program. Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-question-follow.h"

typedef struct
{
  const TvmQuestionSubject *subject;
  gpointer                  asked;        /* (unowned): the question's */
  GCancellable             *cancellable;  /* (owned) (nullable): of the reading under way */
} Followed;

static void
followed_free (gpointer data)
{
  Followed *self = data;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_free (self);
}

static void
loaded_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GtkWidget) question = user_data;
  g_autoptr(GError) error = NULL;
  const Followed *self = g_object_get_data (G_OBJECT (question), "tvm-followed");
  gpointer now = g_task_propagate_pointer (G_TASK (result), &error);

  if (gtk_widget_get_mapped (question) &&
      !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    self->subject->show (question, self->asked, now, error);
  if (now != NULL)
    self->subject->free (now);
}

/* What was asked for before may be older, and come later. */
static void
reload (gpointer question)
{
  Followed *self = g_object_get_data (question, "tvm-followed");

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  self->subject->load (self->asked, self->cancellable, loaded_cb, g_object_ref (question));
}

/**
 * tvm_question_follow:
 * @question: a question that shows what is known
 * @ui: the window's context
 * @subject: (scope forever): what it is about
 * @asked: (nullable): for @subject; alive until the question was answered
 *
 * Reads it again at once, since it may have changed before anybody asked, and whenever the store
 * changes while the question is open.
 */
void
tvm_question_follow (GtkWidget                *question,
                     TvmUi                    *ui,
                     const TvmQuestionSubject *subject,
                     gpointer                  asked)
{
  Followed *self = g_new0 (Followed, 1);

  self->subject = subject;
  self->asked = asked;
  g_object_set_data_full (G_OBJECT (question), "tvm-followed", self, followed_free);
  tvm_ui_follow_store (ui, question, subject->changes, reload);
  reload (question);
}

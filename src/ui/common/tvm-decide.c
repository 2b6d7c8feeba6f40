/* tvm-decide.c: telling the team something, with a text where one is asked for, and how it went.
 * Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-decide.h"
#include "tvm-question.h"
#include "tvm-toolkit.h"

#include <glib/gi18n-lib.h>

/* What keeps the window's things alive meanwhile. */
typedef struct
{
  TvmUi     *ui;      /* (owned) */
  GtkWidget *widget;  /* (owned) */
  GtkWidget *entry;   /* (unowned) (nullable): the question's */
  char      *id;      /* (owned) */
  TvmDecide  how;
} Deciding;

static Deciding *
deciding_new (TvmUi *ui, GtkWidget *widget, const char *id, const TvmDecide *how)
{
  Deciding *self = g_new0 (Deciding, 1);

  self->ui = tvm_ui_ref (ui);
  self->widget = g_object_ref (widget);
  self->id = g_strdup (id);
  self->how = *how;
  return self;
}

static void
deciding_free (Deciding *self)
{
  tvm_ui_unref (self->ui);
  g_object_unref (self->widget);
  g_free (self->id);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Deciding, deciding_free)

static void
decided_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(Deciding) self = user_data;
  g_autoptr(GError) error = NULL;
  gboolean good = tvm_sync_engine_finish (TVM_SYNC_ENGINE (object), result, &error);

  if (gtk_widget_get_root (self->widget) == NULL)
    return;
  if (!good)
    tvm_ui_show_error (self->ui, self->how.failed, error);
  else if (self->how.done != NULL)
    tvm_ui_toast (self->ui, self->how.done);
}

/**
 * tvm_decide:
 * @ui: the page's
 * @widget: the flyout of what it is about; nothing is said once that is gone
 * @id: what it is about
 * @text: (nullable): given to @how
 * @how: what to do, and what to say then
 */
void
tvm_decide (TvmUi *ui, GtkWidget *widget, const char *id, const char *text, const TvmDecide *how)
{
  how->decide (ui->engine, id, text, NULL, decided_cb, deciding_new (ui, widget, id, how));
}

static void
response_cb (GtkWidget *dialog, const char *response, Deciding *self)
{
  if (g_str_equal (response, TVM_DECIDE_ANSWER))
    tvm_decide (self->ui, self->widget, self->id,
                gtk_editable_get_text (GTK_EDITABLE (self->entry)), &self->how);
}

static void
typed_cb (GtkWidget *entry, GtkWidget *dialog)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (entry))));

  tvm_question_set_answerable (dialog, TVM_DECIDE_ANSWER, *text != '\0');
}

/**
 * tvm_decide_ask:
 * @ui: the page's
 * @widget: the flyout of what it is about
 * @id: what it is about
 * @how: what to do, and what to say then
 * @question: what is asked first
 *
 * Asks for a text, and decides once there is one.
 *
 * Returns: (transfer none): the question, whose answer is %TVM_DECIDE_ANSWER
 */
GtkWidget *
tvm_decide_ask (TvmUi *ui, GtkWidget *widget, const char *id, const TvmDecide *how,
                const TvmDecideQuestion *question)
{
  GtkWidget *dialog = tvm_question_new (widget, question->heading, question->body);
  GtkWidget *entry = gtk_entry_new ();
  Deciding *self = deciding_new (ui, widget, id, how);

  self->entry = entry;
  gtk_entry_set_max_length (GTK_ENTRY (entry), TVM_NOTE_MAX_BYTES / 4);
  gtk_entry_set_activates_default (GTK_ENTRY (entry), TRUE);
  gtk_entry_set_placeholder_text (GTK_ENTRY (entry), question->label);
  tvm_toolkit_name (entry, question->label);
  tvm_question_set_child (dialog, entry);
  tvm_question_add_answer (dialog, "cancel", _("_Cancel"), ADW_RESPONSE_DEFAULT);
  tvm_question_add_answer (dialog, TVM_DECIDE_ANSWER, question->answer, question->appearance);
  tvm_question_set_keys (dialog, TVM_DECIDE_ANSWER, "cancel");
  tvm_question_set_answerable (dialog, TVM_DECIDE_ANSWER, FALSE);
  g_signal_connect_object (entry, "changed", G_CALLBACK (typed_cb), dialog, 0);
  g_signal_connect_data (dialog, "response", G_CALLBACK (response_cb), self,
                         (GClosureNotify) deciding_free, 0);
  tvm_question_present (dialog);
  return dialog;
}

/* tvm-restore.c: asks whether a backup is to take the store's place, and says what it lacks. Main
 * thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-restore.h"

#include "tvm-list-cells.h"
#include "tvm-question.h"
#include "tvm-question-follow.h"

#include <glib/gi18n-lib.h>

static char *
make_lost_text (const TvmDecisions *lost)
{
  g_autoptr(GString) text = g_string_new (NULL);

  if (lost->n_requests > 0)
    g_string_append_printf (text, ngettext ("%d request", "%d requests", (gulong) lost->n_requests),
                            lost->n_requests);
  if (lost->n_changes > 0)
    {
      g_string_append (text, text->len > 0 ? " · " : "");
      /* Translators: completed by hand, commented, a ticket withdrawn and so on */
      g_string_append_printf (text, ngettext ("%d other change of activities",
                                              "%d other changes of activities",
                                              (gulong) lost->n_changes), lost->n_changes);
    }
  if (lost->n_exceptions > 0)
    {
      g_string_append (text, text->len > 0 ? " · " : "");
      g_string_append_printf (text, ngettext ("%d change of exceptions",
                                              "%d changes of exceptions",
                                              (gulong) lost->n_exceptions), lost->n_exceptions);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
make_body (const TvmDecisions *lost)
{
  g_autofree char *parts = lost != NULL ? make_lost_text (lost) : NULL;
  g_autofree char *first = NULL;

  if (parts == NULL)
    first = g_strdup (_("What was decided since then is not in it. The data as they are now "
                        "are kept."));
  else if (*parts == '\0')
    first = g_strdup (_("Nothing was decided here since then. The data as they are now are kept "
                        "as a backup of their own."));
  else
    /* Translators: %s is, say, “2 requests · 1 change of exceptions” */
    first = g_strdup_printf (_("What was decided here since then will be lost: %s. The data as "
                               "they are now are kept as a backup of their own."), parts);
  return g_strconcat (first, "\n\n",
                      _("What the services have comes with the next synchronization. Tickets of "
                        "the backup that wait to be sent are looked for in Microsoft Intune "
                        "first."), NULL);
}

/* One question. */
typedef struct
{
  TvmUi     *ui;      /* (owned) (nullable): NULL: the store cannot be read */
  GtkWidget *window;  /* (owned): the main window */
  char      *name;    /* (owned): of the backup */
  gint64     when_us; /* when it was made */
} Restoring;

static void
restoring_free (gpointer  data,
                GClosure *closure)
{
  Restoring *self = data;

  g_clear_pointer (&self->ui, tvm_ui_unref);
  g_object_unref (self->window);
  g_free (self->name);
  g_free (self);
}

static void
response_cb (GtkWidget  *question,
             const char *response,
             Restoring  *self)
{
  if (g_str_equal (response, "restore"))
    gtk_widget_activate_action (self->window, "win.mend-store", "(ss)", "restore", self->name);
}

static void
load (gpointer             asked,
      GCancellable        *cancellable,
      GAsyncReadyCallback  callback,
      gpointer             user_data)
{
  const Restoring *self = asked;

  tvm_decisions_load_async (self->ui->store, self->when_us, cancellable, callback, user_data);
}

static void
show_now (GtkWidget    *question,
          gpointer      asked,
          gpointer      now,
          const GError *error)
{
  g_autofree char *body = make_body (now);

  tvm_question_set_body (question, body);
}

/**
 * tvm_restore_ask:
 * @parent: a widget of the window that is asked over
 * @window: the main window, whose action restores
 * @ui: (nullable): the window's context, with @lost
 * @backup: what would take the store's place
 * @lost: (nullable): what was decided since; %NULL: the store cannot be read
 *
 * Asks, says what would be lost as long as it asks, and has it done.
 */
void
tvm_restore_ask (GtkWidget          *parent,
                 GtkWidget          *window,
                 TvmUi              *ui,
                 const TvmBackup    *backup,
                 const TvmDecisions *lost)
{
  static const TvmQuestionSubject subject = {
    TVM_CHANGED_ACTIVITIES | TVM_CHANGED_EXCEPTIONS | TVM_CHANGED_OUTBOX, load, g_free, show_now
  };
  g_autofree char *when = tvm_make_instant (backup->when_us);
  /* Translators: %s is a date and time. */
  g_autofree char *heading = g_strdup_printf (_("Restore the backup of %s?"), when);
  g_autofree char *body = make_body (lost);
  GtkWidget *question = tvm_question_new (parent, heading, body);
  Restoring *self = g_new0 (Restoring, 1);

  self->ui = lost != NULL ? tvm_ui_ref (ui) : NULL;
  self->window = g_object_ref (window);
  self->name = g_strdup (backup->name);
  self->when_us = backup->when_us;
  tvm_question_add_answer (question, "cancel", _("_Cancel"), ADW_RESPONSE_DEFAULT);
  tvm_question_add_answer (question, "restore", _("_Restore"), ADW_RESPONSE_DESTRUCTIVE);
  tvm_question_set_keys (question, "cancel", "cancel");
  g_signal_connect_data (question, "response", G_CALLBACK (response_cb), self, restoring_free, 0);
  if (self->ui != NULL)
    tvm_question_follow (question, self->ui, &subject, self);
  tvm_question_present (question);
}

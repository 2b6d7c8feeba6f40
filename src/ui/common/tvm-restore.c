/* tvm-restore.c: asks whether a backup is to take the store's place, and says what it lacks. Main
 * thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-restore.h"

#include "tvm-list-cells.h"
#include "tvm-question.h"

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

static void
response_cb (GtkWidget  *window,
             const char *response,
             GtkWidget  *question)
{
  const char *name = g_object_get_data (G_OBJECT (question), "tvm-backup");

  if (g_str_equal (response, "restore"))
    gtk_widget_activate_action (window, "win.mend-store", "(ss)", "restore", name);
}

/**
 * tvm_restore_ask:
 * @parent: a widget of the window that is asked over
 * @window: the main window, whose action restores
 * @backup: what would take the store's place
 * @lost: (nullable): what was decided since; %NULL: the store cannot be read
 *
 * Asks, and has it done.
 */
void
tvm_restore_ask (GtkWidget          *parent,
                 GtkWidget          *window,
                 const TvmBackup    *backup,
                 const TvmDecisions *lost)
{
  g_autofree char *when = tvm_make_instant (backup->when_us);
  /* Translators: %s is a date and time. */
  g_autofree char *heading = g_strdup_printf (_("Restore the backup of %s?"), when);
  g_autofree char *body = make_body (lost);
  GtkWidget *question = tvm_question_new (parent, heading, body);

  tvm_question_add_answer (question, "cancel", _("_Cancel"), ADW_RESPONSE_DEFAULT);
  tvm_question_add_answer (question, "restore", _("_Restore"), ADW_RESPONSE_DESTRUCTIVE);
  tvm_question_set_keys (question, "cancel", "cancel");
  g_object_set_data_full (G_OBJECT (question), "tvm-backup", g_strdup (backup->name), g_free);
  g_signal_connect_object (question, "response", G_CALLBACK (response_cb), window,
                           G_CONNECT_SWAPPED);
  tvm_question_present (question);
}

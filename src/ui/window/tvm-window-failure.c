/* tvm-window-failure.c: how a sync that failed is told: one bar for the service, with what still
 * works, and the service's own words where somebody wants them. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-window-private.h"

#include "tvm-question.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* What is told of a failure names the service; NULL: it is none's. Names are the same in every
 * language. */
static char *
find_services (const char *error, gboolean *out_intune_alone)
{
  gboolean is_defender = strstr (error, "Microsoft Defender") != NULL;
  gboolean is_intune = strstr (error, "Microsoft Intune") != NULL;

  *out_intune_alone = is_intune && !is_defender;
  if (is_defender && is_intune)
    return g_strdup (_("Microsoft Defender and Microsoft Intune"));
  return is_defender ? g_strdup ("Microsoft Defender")
         : is_intune ? g_strdup ("Microsoft Intune") : NULL;
}

/**
 * tvm_window_make_failure_text:
 * @error: why the last sync failed, in words
 * @last_sync_us: when one last succeeded, be it without Microsoft Intune; 0: never
 * @tickets_us: when the tickets last came; 0: never
 *
 * Returns: (transfer full) (nullable): which service it is, what still works and of when the data
 *   are; %NULL where it is no service's failure and @error itself is to be told
 */
char *
tvm_window_make_failure_text (const char *error,
                              gint64      last_sync_us,
                              gint64      tickets_us)
{
  gboolean is_intune_alone;
  g_autofree char *services = find_services (error, &is_intune_alone);
  gint64 when_us = is_intune_alone ? tickets_us : last_sync_us;
  g_autofree char *when = NULL;

  if (services == NULL)
    return NULL;
  if (when_us == 0)
    /* Translators: %s is a service */
    return g_strdup_printf (_("%s could not be synchronized, and never was."), services);
  when = tvm_window_make_time_text (when_us);
  if (is_intune_alone)
    /* Translators: %s is a service, then a time, perhaps with a date */
    return g_strdup_printf (_("%s could not be synchronized. The tickets shown are of %s; "
                              "everything stays usable, and what you decide waits to be sent."),
                            services, when);
  /* Translators: a service, then a time, perhaps with a date */
  return g_strdup_printf (_("%s could not be synchronized. The data shown are of %s and stay "
                            "usable; what you decide waits to be sent."), services, when);
}

static void
answered_cb (GtkWidget  *question,
             const char *answer,
             const char *text)
{
  if (strcmp (answer, "copy") == 0)
    gdk_clipboard_set_text (gtk_widget_get_clipboard (question), text);
}

/**
 * tvm_window_show_last_failure:
 * @widget: the window
 * @name: the action's name
 * @parameter: (nullable): nothing
 *
 * Shows why the last sync failed in the service's words, with the correlation id, to be copied.
 */
void
tvm_window_show_last_failure (GtkWidget  *widget,
                              const char *name,
                              GVariant   *parameter)
{
  TvmWindow *self = TVM_WINDOW (widget);
  g_autofree char *error = NULL;
  GtkWidget *question;

  g_object_get (self->ui->engine, "last-error", &error, NULL);
  if (error == NULL)
    return;
  question = tvm_question_new (widget, _("Synchronization failed"), error);
  tvm_question_add_answer (question, "copy", _("_Copy"), ADW_RESPONSE_DEFAULT);
  tvm_question_add_answer (question, "close", _("_Close"), ADW_RESPONSE_DEFAULT);
  tvm_question_set_keys (question, "close", "close");
  g_signal_connect_data (question, "response", G_CALLBACK (answered_cb), g_strdup (error),
                         (GClosureNotify) g_free, 0);
  tvm_question_present (question);
}

/* tvm-activity-notify.c: shows the e-mail to the IT admin (R11), hands it to the desktop's mail
 * program or the clipboard, and the list of devices with it. Both are written on a worker. Main
 * thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-activity-notify.h"
#include "tvm-mail.h"
#include "tvm-question.h"
#include "tvm-toolkit.h"
#include <glib/gi18n-lib.h>
#include <string.h>

#define TEXT_HEIGHT 240 /* px */

/* One e-mail on its way to the screen. */
typedef struct
{
  TvmUi     *ui;           /* (owned) */
  GtkWidget *widget;       /* (owned): the page's, which keeps the window's things alive */
  char      *activity_id;  /* (owned) */
  TvmNotice *notice;       /* (owned) (nullable): once it is read */
  char      *attachment;   /* (owned) (nullable): the file with its devices; NULL: not written */
} Notifying;

static void
notifying_free (Notifying *self)
{
  g_clear_pointer (&self->notice, tvm_notice_free);
  tvm_ui_unref (self->ui);
  g_object_unref (self->widget);
  g_free (self->activity_id);
  g_free (self->attachment);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Notifying, notifying_free)

static void
response_cb (GtkWidget *dialog, const char *response, Notifying *self)
{
  if (g_strcmp0 (response, "compose") == 0)
    tvm_mail_compose (GTK_WINDOW (gtk_widget_get_root (self->widget)), self->notice,
                      self->attachment);
  else if (g_strcmp0 (response, "copy") == 0)
    {
      g_autofree char *text = tvm_notice_to_text (self->notice);

      gdk_clipboard_set_text (gtk_widget_get_clipboard (self->widget), text);
      tvm_ui_toast (self->ui, _("Text copied"));
    }
}

static GtkWidget *
create_text (const TvmNotice *notice)
{
  GtkWidget *scroller = gtk_scrolled_window_new (), *view = gtk_text_view_new ();
  g_autofree char *text = tvm_notice_to_text (notice);

  gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (view)), text, -1);
  gtk_text_view_set_editable (GTK_TEXT_VIEW (view), FALSE);
  gtk_text_view_set_accepts_tab (GTK_TEXT_VIEW (view), FALSE);
  gtk_text_view_set_wrap_mode (GTK_TEXT_VIEW (view), GTK_WRAP_WORD_CHAR);
  gtk_widget_add_css_class (view, "note");
  tvm_toolkit_name (view, _("Text of the e-mail"));
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), view);
  gtk_scrolled_window_set_min_content_height (GTK_SCROLLED_WINDOW (scroller), TEXT_HEIGHT);
  gtk_widget_add_css_class (scroller, "card");
  return scroller;
}

/* A mailto address carries no file, so the dialog tells where it is. */
static char *
make_hints (const Notifying *self)
{
  g_autoptr(GString) hints = g_string_new (NULL);

  if (self->notice->to == NULL)
    g_string_append (hints, _("No address is set: write it into the e-mail, or once and for all "
                              "into Preferences, IT admin e-mail address."));
  if (hints->len > 0)
    g_string_append (hints, "\n\n");
  if (self->attachment != NULL)
    /* Translators: %s is a file name */
    g_string_append_printf (hints, _("The list of its devices is attached. If your mail program "
                                     "does not show it, attach this file: %s"), self->attachment);
  else
    g_string_append (hints, _("The list of its devices could not be written, so nothing is "
                              "attached."));
  return g_strdup (hints->str);
}

static void
show_notice (Notifying *self)
{
  g_autofree char *hints = make_hints (self);
  GtkWidget *dialog = tvm_question_new (self->widget, _("Notify IT admin"), hints);

  tvm_question_set_child (dialog, create_text (self->notice));
  tvm_question_add_answer (dialog, "cancel", _("_Cancel"), ADW_RESPONSE_DEFAULT);
  tvm_question_add_answer (dialog, "copy", _("C_opy"), ADW_RESPONSE_DEFAULT);
  tvm_question_add_answer (dialog, "compose", _("Compose _e-mail"), ADW_RESPONSE_SUGGESTED);
  tvm_question_set_keys (dialog, "compose", "cancel");
  g_signal_connect_data (dialog, "response", G_CALLBACK (response_cb), self,
                         (GClosureNotify) notifying_free, 0);
  tvm_question_present (dialog);
}

/* In the session's folder, which nobody else can read and which goes with the session: the mail
 * program may read the file long after this dialog. Returns NULL where it cannot be written. */
static char *
write_attachment (TvmSyncEngine *engine, const char *id)
{
  g_autofree char *folder = g_build_filename (g_get_user_runtime_dir (), "tvm-remediate", NULL);
  g_autofree char *name = g_strdup_printf ("devices-%.8s.csv", id);
  g_autofree char *path = g_build_filename (folder, name, NULL);

  if (strchr (name, G_DIR_SEPARATOR) != NULL || g_mkdir_with_parents (folder, 0700) != 0 ||
      tvm_sync_engine_save_notice_devices (engine, id, path, TRUE, NULL, NULL) < 0)
    return NULL;
  return g_steal_pointer (&path);
}

static void
read_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Notifying *self = task_data;
  GError *error = NULL;

  self->notice = tvm_sync_engine_make_notice (source, self->activity_id, &error);
  if (self->notice == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  self->attachment = write_attachment (source, self->activity_id);
  g_task_return_boolean (task, TRUE);
}

static void
read_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(Notifying) self = user_data;
  g_autoptr(GError) error = NULL;
  gboolean is_read = g_task_propagate_boolean (G_TASK (result), &error);

  if (gtk_widget_get_root (self->widget) == NULL)
    return;
  if (is_read)
    show_notice (g_steal_pointer (&self));
  else
    tvm_ui_show_error (self->ui, _("The e-mail cannot be written"), error);
}

/**
 * tvm_activity_notify:
 * @ui: the page's
 * @widget: a widget of the page
 * @activity: an activity
 *
 * Shows what the IT admin will read before anything leaves the program.
 */
void
tvm_activity_notify (TvmUi *ui, GtkWidget *widget, const TvmActivity *activity)
{
  Notifying *self = g_new0 (Notifying, 1);
  g_autoptr(GTask) task = g_task_new (ui->engine, NULL, read_cb, self);

  self->ui = tvm_ui_ref (ui);
  self->widget = g_object_ref (widget);
  self->activity_id = g_strdup (activity->id);
  g_task_set_task_data (task, self, NULL);  /* the callback's */
  g_task_run_in_thread (task, read_thread);
}

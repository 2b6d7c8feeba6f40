/* tvm-activity-notify.c: shows the e-mail to the IT admin (R11), hands it to the desktop's mail
 * program or the clipboard, and the list of devices with it. Both are written on a worker. Main
 * thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-activity-notify.h"
#include "tvm-mail.h"
#include "tvm-question.h"
#include "tvm-question-follow.h"
#include "tvm-toolkit.h"
#include <glib/gi18n-lib.h>
#include <string.h>

#define TEXT_HEIGHT 240 /* px */

/* An e-mail as it would be sent now. */
typedef struct
{
  TvmNotice *notice;      /* (owned) */
  char      *attachment;  /* (owned) (nullable): the file with its devices; NULL: not written */
} Letter;

static void
letter_free (gpointer data)
{
  Letter *letter = data;

  tvm_notice_free (letter->notice);
  g_free (letter->attachment);
  g_free (letter);
}

/* One e-mail on its way to the screen. */
typedef struct
{
  TvmUi         *ui;           /* (owned) */
  GtkWidget     *widget;       /* (owned): the page's, which keeps the window's things alive */
  char          *activity_id;  /* (owned) */
  Letter        *letter;       /* (owned) (nullable): once it is read */
  GtkTextBuffer *buffer;       /* (unowned): the dialog's, once it is there */
} Notifying;

static void
notifying_free (Notifying *self)
{
  g_clear_pointer (&self->letter, letter_free);
  tvm_ui_unref (self->ui);
  g_object_unref (self->widget);
  g_free (self->activity_id);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Notifying, notifying_free)

static void
response_cb (GtkWidget *dialog, const char *response, Notifying *self)
{
  if (g_strcmp0 (response, "compose") == 0)
    tvm_mail_compose (GTK_WINDOW (gtk_widget_get_root (self->widget)), self->letter->notice,
                      self->letter->attachment);
  else if (g_strcmp0 (response, "copy") == 0)
    {
      g_autofree char *text = tvm_notice_to_text (self->letter->notice);

      gdk_clipboard_set_text (gtk_widget_get_clipboard (self->widget), text);
      tvm_ui_toast (self->ui, _("Text copied"));
    }
}

static GtkWidget *
create_text (Notifying *self)
{
  GtkWidget *scroller = gtk_scrolled_window_new (), *view = gtk_text_view_new ();

  self->buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (view));
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
read_thread (GTask *task, gpointer source, gpointer activity_id, GCancellable *cancellable)
{
  GError *error = NULL;
  TvmNotice *notice = tvm_sync_engine_make_notice (source, activity_id, &error);
  Letter *letter;

  if (notice == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  letter = g_new0 (Letter, 1);
  letter->notice = notice;
  letter->attachment = write_attachment (source, activity_id);
  g_task_return_pointer (task, letter, letter_free);
}

static void
load (gpointer asked, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  const Notifying *self = asked;
  g_autoptr(GTask) task = g_task_new (self->ui->engine, cancellable, callback, user_data);

  g_task_set_task_data (task, g_strdup (self->activity_id), g_free);
  g_task_run_in_thread (task, read_thread);
}

/* ---- showing */

/* A mailto address carries no file, so the dialog tells where it is. */
static char *
make_hints (const Letter *letter)
{
  g_autoptr(GString) hints = g_string_new (NULL);

  if (letter->notice->to == NULL)
    g_string_append (hints, _("No address is set: write it into the e-mail, or once and for all "
                              "into Preferences, IT admin e-mail address."));
  if (hints->len > 0)
    g_string_append (hints, "\n\n");
  if (letter->attachment != NULL)
    /* Translators: %s is a file name */
    g_string_append_printf (hints, _("The list of its devices is attached. If your mail program "
                                     "does not show it, attach this file: %s"), letter->attachment);
  else
    g_string_append (hints, _("The list of its devices could not be written, so nothing is "
                              "attached."));
  return g_strdup (hints->str);
}

static void
show_letter (GtkWidget *dialog, Notifying *self)
{
  g_autofree char *hints = make_hints (self->letter);
  g_autofree char *text = tvm_notice_to_text (self->letter->notice);
  g_autofree char *shown = NULL;

  g_object_get (self->buffer, "text", &shown, NULL);
  tvm_question_set_body (dialog, hints);
  /* What a person has selected stays so as long as nothing changed. */
  if (g_strcmp0 (shown, text) != 0)
    gtk_text_buffer_set_text (self->buffer, text, -1);
}

/* Where it cannot be read any more, what was read is still good to copy. */
static void
show_now (GtkWidget *dialog, gpointer asked, gpointer now, const GError *error)
{
  Notifying *self = asked;
  Letter *letter = now;
  Letter before;

  if (letter == NULL)
    return;
  /* What is freed afterwards is what was shown before. */
  before = *self->letter;
  *self->letter = *letter;
  *letter = before;
  show_letter (dialog, self);
}

static void
ask (Notifying *self)
{
  static const TvmQuestionSubject subject = {
    TVM_CHANGED_ACTIVITIES | TVM_CHANGED_RECOMMENDATIONS | TVM_CHANGED_DEVICES |
    TVM_CHANGED_SETTINGS, load, letter_free, show_now
  };
  GtkWidget *dialog = tvm_question_new (self->widget, _("Notify IT admin"), NULL);

  tvm_question_set_child (dialog, create_text (self));
  tvm_question_add_answer (dialog, "cancel", _("_Cancel"), ADW_RESPONSE_DEFAULT);
  tvm_question_add_answer (dialog, "copy", _("C_opy"), ADW_RESPONSE_DEFAULT);
  tvm_question_add_answer (dialog, "compose", _("Compose _e-mail"), ADW_RESPONSE_SUGGESTED);
  tvm_question_set_keys (dialog, "compose", "cancel");
  show_letter (dialog, self);
  g_signal_connect_data (dialog, "response", G_CALLBACK (response_cb), self,
                         (GClosureNotify) notifying_free, 0);
  tvm_question_follow (dialog, self->ui, &subject, self);
  tvm_question_present (dialog);
}

static void
read_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(Notifying) self = user_data;
  g_autoptr(GError) error = NULL;

  self->letter = g_task_propagate_pointer (G_TASK (result), &error);
  if (gtk_widget_get_root (self->widget) == NULL)
    return;
  if (self->letter != NULL)
    ask (g_steal_pointer (&self));
  else
    tvm_ui_show_error (self->ui, _("The e-mail cannot be written"), error);
}

/**
 * tvm_activity_notify:
 * @ui: the page's
 * @widget: a widget of the page
 * @activity: an activity
 *
 * Shows what the IT admin will read before anything leaves the program, as long as it is looked at.
 */
void
tvm_activity_notify (TvmUi *ui, GtkWidget *widget, const TvmActivity *activity)
{
  Notifying *self = g_new0 (Notifying, 1);

  self->ui = tvm_ui_ref (ui);
  self->widget = g_object_ref (widget);
  self->activity_id = g_strdup (activity->id);
  load (self, NULL, read_cb, self);
}

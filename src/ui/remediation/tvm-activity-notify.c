/* tvm-activity-notify.c: shows the e-mail to the IT admin (R11), hands it to the desktop's mail program
 * or the clipboard. What it says is read on a worker. Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-activity-notify.h"
#include "tvm-mail.h"
#include <glib/gi18n-lib.h>

#define TEXT_HEIGHT 240 /* px */

/* One e-mail on its way to the screen. */
typedef struct
{
  TvmUi     *ui;           /* (owned) */
  GtkWidget *widget;       /* (owned): the page's, which keeps the window's things alive */
  char      *activity_id;  /* (owned) */
  TvmNotice *notice;       /* (owned) (nullable): once it is read */
} Notifying;

static void
notifying_free (Notifying *self)
{
  g_clear_pointer (&self->notice, tvm_notice_free);
  tvm_ui_unref (self->ui);
  g_object_unref (self->widget);
  g_free (self->activity_id);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Notifying, notifying_free)

static void
closure_gone_cb (gpointer data, GClosure *closure)
{
  notifying_free (data);
}

static void
response_cb (AdwMessageDialog *dialog, const char *response, Notifying *self)
{
  if (g_strcmp0 (response, "compose") == 0)
    tvm_mail_compose (GTK_WINDOW (gtk_widget_get_root (self->widget)), self->notice);
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
  gtk_accessible_update_property (GTK_ACCESSIBLE (view), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Text of the e-mail"), -1);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), view);
  gtk_scrolled_window_set_min_content_height (GTK_SCROLLED_WINDOW (scroller), TEXT_HEIGHT);
  gtk_widget_add_css_class (scroller, "card");
  return scroller;
}

static void
show_notice (Notifying *self)
{
  GtkWidget *dialog =
    adw_message_dialog_new (GTK_WINDOW (gtk_widget_get_root (self->widget)), _("Notify IT admin"), NULL);

  if (self->notice->to == NULL)
    adw_message_dialog_set_body (ADW_MESSAGE_DIALOG (dialog),
      _("No address is set: write it into the e-mail, or once and for all into Preferences, IT admin "
        "e-mail address."));
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), create_text (self->notice));
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Cancel"), "copy", _("C_opy"),
                                    "compose", _("Compose _e-mail"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "compose",
                                              ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "compose");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect_data (dialog, "response", G_CALLBACK (response_cb), self, closure_gone_cb, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static TvmNotice *
read_notice (TvmSyncEngine *engine, TvmStore *store, const char *id, GError **error)
{
  g_autoptr(TvmActivity) activity = tvm_store_get_activity (store, id, error);
  g_autoptr(GPtrArray) groups = NULL, tickets = NULL;
  g_autofree char *cloud = NULL, *to = NULL;

  if (activity == NULL)
    return NULL;
  groups = tvm_store_list_target_groups (store, id, error);
  tickets = groups != NULL ? tvm_store_list_tickets (store, id, error) : NULL;
  cloud = tickets != NULL ? tvm_sync_engine_get_config (engine, "cloud", error) : NULL;
  to = cloud != NULL ? tvm_sync_engine_get_config (engine, "it-admin-email", error) : NULL;
  return to != NULL ? tvm_notice_new (activity, groups, tickets, tvm_admin_center_uri (cloud), to) : NULL;
}

static void
read_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  GError *error = NULL;
  TvmNotice *notice = read_notice (source, g_object_get_data (G_OBJECT (task), "tvm-store"), task_data, &error);

  if (notice != NULL)
    g_task_return_pointer (task, notice, (GDestroyNotify) tvm_notice_free);
  else
    g_task_return_error (task, error);
}

static void
read_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(Notifying) self = user_data;
  g_autoptr(GError) error = NULL;

  self->notice = g_task_propagate_pointer (G_TASK (result), &error);
  if (gtk_widget_get_root (self->widget) == NULL)
    return;
  if (self->notice != NULL)
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
  g_object_set_data_full (G_OBJECT (task), "tvm-store", g_object_ref (ui->store), g_object_unref);
  g_task_set_task_data (task, g_strdup (activity->id), g_free);
  g_task_run_in_thread (task, read_thread);
}

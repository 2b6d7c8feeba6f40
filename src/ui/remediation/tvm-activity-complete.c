/* tvm-activity-complete.c: asks whether to mark an activity as completed, does it, and undoes it.
 * Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-activity-complete.h"
#include "tvm-question.h"
#include "tvm-toolkit.h"
#include <glib/gi18n-lib.h>

/* One question and what follows from it. */
typedef struct
{
  TvmUi     *ui;           /* (owned) */
  GtkWidget *widget;       /* (owned): the page's, which keeps the window's things alive */
  GtkWidget *entry;        /* (unowned) (nullable): the dialog's */
  char      *activity_id;  /* (owned) */
} Completing;

static Completing *
completing_new (TvmUi *ui, GtkWidget *widget, const char *activity_id)
{
  Completing *self = g_new0 (Completing, 1);

  self->ui = tvm_ui_ref (ui);
  self->widget = g_object_ref (widget);
  self->activity_id = g_strdup (activity_id);
  return self;
}

static void
completing_free (Completing *self)
{
  tvm_ui_unref (self->ui);
  g_object_unref (self->widget);
  g_free (self->activity_id);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Completing, completing_free)

static void
closure_gone_cb (gpointer data, GClosure *closure)
{
  completing_free (data);
}

static gboolean
is_shown (Completing *self)
{
  return gtk_widget_get_root (self->widget) != NULL;
}

static void
undone_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(Completing) self = user_data;
  g_autoptr(GError) error = NULL;

  if (tvm_sync_engine_finish (TVM_SYNC_ENGINE (object), result, &error))
    {
      if (is_shown (self))
        tvm_ui_toast (self->ui, _("The activity is active again"));
    }
  else if (is_shown (self))
    tvm_ui_show_error (self->ui, _("The completion could not be undone"), error);
}

static void
undo_clicked_cb (AdwToast *toast, Completing *self)
{
  tvm_sync_engine_undo_complete_async (self->ui->engine, self->activity_id, NULL, undone_cb,
                                       completing_new (self->ui, self->widget, self->activity_id));
}

static void
offer_undo (Completing *self)
{
  AdwToast *toast = adw_toast_new (_("Activity marked as completed"));

  adw_toast_set_button_label (toast, _("_Undo"));
  g_signal_connect_data (toast, "button-clicked", G_CALLBACK (undo_clicked_cb),
                         completing_new (self->ui, self->widget, self->activity_id),
                         closure_gone_cb, 0);
  tvm_ui_add_toast (self->ui, toast);
}

static void
completed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(Completing) self = user_data;
  g_autoptr(GError) error = NULL;

  if (tvm_sync_engine_finish (TVM_SYNC_ENGINE (object), result, &error))
    {
      if (is_shown (self))
        offer_undo (self);
    }
  else if (is_shown (self))
    tvm_ui_show_error (self->ui, _("The activity could not be marked as completed"), error);
}

static void
response_cb (GtkWidget *dialog, const char *response, Completing *self)
{
  if (g_strcmp0 (response, "complete") == 0)
    tvm_sync_engine_complete_async (self->ui->engine, self->activity_id,
                                    gtk_editable_get_text (GTK_EDITABLE (self->entry)), NULL,
                                    completed_cb,
                                    completing_new (self->ui, self->widget, self->activity_id));
}

/**
 * tvm_activity_note_entry_new:
 *
 * Returns: (transfer floating): where a note on a completion is typed
 */
GtkWidget *
tvm_activity_note_entry_new (void)
{
  GtkWidget *entry = gtk_entry_new ();

  gtk_entry_set_max_length (GTK_ENTRY (entry), TVM_NOTE_MAX_BYTES / 4);
  gtk_entry_set_activates_default (GTK_ENTRY (entry), TRUE);
  gtk_entry_set_placeholder_text (GTK_ENTRY (entry), _("Note (optional)"));
  tvm_toolkit_name (entry, _("Note (optional)"));
  return entry;
}

/**
 * tvm_activity_complete:
 * @ui: the page's
 * @widget: a widget of the page
 * @activity: an active activity that was requested here
 *
 * Asks first, for a note too. Afterwards it can be undone for a moment.
 */
void
tvm_activity_complete (TvmUi *ui, GtkWidget *widget, const TvmActivity *activity)
{
  g_autofree char *body = g_strdup_printf (
    _("“%s” will be completed in your name. Devices are not changed, and its tickets stay as "
      "they "
      "are."), activity->title);
  GtkWidget *dialog = tvm_question_new (widget, _("Mark as completed?"), body);
  Completing *self = completing_new (ui, widget, activity->id);

  self->entry = tvm_activity_note_entry_new ();
  tvm_question_set_child (dialog, self->entry);
  tvm_question_add_answer (dialog, "cancel", _("_Cancel"), ADW_RESPONSE_DEFAULT);
  tvm_question_add_answer (dialog, "complete", _("_Mark as completed"), ADW_RESPONSE_SUGGESTED);
  tvm_question_set_keys (dialog, "complete", "cancel");
  g_signal_connect_data (dialog, "response", G_CALLBACK (response_cb), self, closure_gone_cb, 0);
  tvm_question_present (dialog);
}

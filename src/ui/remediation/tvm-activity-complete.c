/* tvm-activity-complete.c: asks whether to mark an activity as completed, does it, and undoes it.
 * Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-activity-complete.h"
#include "tvm-bulk.h"
#include "tvm-list-cells.h"
#include "tvm-progress.h"
#include "tvm-question.h"
#include "tvm-question-follow.h"
#include "tvm-toolkit.h"
#include "tvm-undo.h"
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

static gboolean
is_shown (Completing *self)
{
  return gtk_widget_get_root (self->widget) != NULL;
}

static void
completed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(Completing) self = user_data;
  g_autoptr(GError) error = NULL;
  const TvmUndo undo = { tvm_sync_engine_undo_complete_async, _("The activity is active again"),
                         _("The completion could not be undone") };

  if (tvm_sync_engine_finish (TVM_SYNC_ENGINE (object), result, &error))
    {
      if (is_shown (self))
        tvm_undo_offer (self->ui, adw_toast_new (_("Activity marked as completed")),
                        self->activity_id, &undo);
    }
  else if (is_shown (self))
    tvm_ui_show_error (self->ui, _("The activity could not be marked as completed"), error);
}

static void
response_cb (GtkWidget *dialog, const char *response, Completing *self)
{
  if (g_str_equal (response, "complete"))
    tvm_sync_engine_complete_async (self->ui->engine, self->activity_id,
                                    gtk_editable_get_text (GTK_EDITABLE (self->entry)), NULL,
                                    completed_cb,
                                    completing_new (self->ui, self->widget, self->activity_id));
  else if (g_str_equal (response, "show") && is_shown (self))
    gtk_widget_activate_action (self->widget, "activity.show-devices", "i", TVM_TARGETS_LEFT);
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
 * tvm_activity_make_left:
 * @n_left: how many devices of one or several activities are not remediated; -1: not known
 * @states: (nullable) (array fixed-size=8): how many are in which state; %NULL: not at hand
 *
 * Returns: (transfer full) (nullable): that in a sentence, for the question whether to complete,
 *   with the causes as the flyout counts them; %NULL: none is left
 */
char *
tvm_activity_make_left (int n_left, const int *states)
{
  g_autofree char *number = tvm_make_number (n_left);
  GString *text;

  if (n_left == 0)
    return NULL;
  if (n_left < 0)
    return g_strdup (_("How many devices are still exposed is not known."));
  if (states != NULL && states[TVM_DEVICE_EXPOSED] == n_left)
    return g_strdup_printf (ngettext ("%s device is still exposed.",
                                      "%s devices are still exposed.", (gulong) n_left), number);
  text = g_string_new (NULL);
  g_string_printf (text, ngettext ("%s device is not remediated.", "%s devices are not remediated.",
                                   (gulong) n_left), number);
  for (int i = TVM_DEVICE_REMEDIATED + 1; states != NULL && i < TVM_N_DEVICE_STATES; i++)
    if (states[i] > 0)
      {
        g_autofree char *devices = tvm_make_number (states[i]);

        g_string_append_c (text, '\n');
        g_string_append_printf (text, _("%s: %s"), tvm_device_state_to_text (i), devices);
      }
  return g_string_free (text, FALSE);
}

static void
show_question (GtkWidget *dialog, const TvmActivity *activity, const int *states)
{
  gboolean is_monitored = activity->type != TVM_TYPE_ATTENTION_REQUIRED;
  g_autofree char *left =
    is_monitored ? tvm_activity_make_left (tvm_progress_left (activity), states) : NULL;
  g_autofree char *what = g_strdup_printf (
    _("“%s” will be completed in your name. Devices are not changed, and its tickets stay as "
      "they "
      "are."), activity->title);
  const char *unsent = tvm_activity_unsent_text (activity);
  g_autofree char *body = g_strconcat (left != NULL ? left : "", left != NULL ? "\n\n" : "", what,
                                       unsent != NULL ? "\n\n" : NULL, unsent, NULL);

  tvm_question_set_body (dialog, body);
  tvm_question_renew_answer (dialog, "show", _("_Show devices"), ADW_RESPONSE_DEFAULT,
                             left != NULL);
  tvm_question_renew_answer (dialog, "complete", _("_Mark as completed"),
                             left != NULL ? ADW_RESPONSE_DEFAULT : ADW_RESPONSE_SUGGESTED, TRUE);
  tvm_question_set_keys (dialog, left != NULL ? "show" : "complete", "cancel");
}

static void
load (gpointer asked, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  const Completing *self = asked;

  tvm_load_async (self->ui->store, &tvm_load_activity, self->activity_id, cancellable, callback,
                  user_data);
}

static void
show_now (GtkWidget *dialog, gpointer asked, gpointer now, const GError *error)
{
  const TvmActivityDetails *details = now;
  g_autoptr(GError) refusal = NULL;

  if (details != NULL && tvm_activity_may_complete (details->activity->origin,
                                                    details->activity->status, &refusal))
    {
      show_question (dialog, details->activity, details->states);
      return;
    }
  tvm_question_refuse (dialog, "complete", (refusal != NULL ? refusal : error)->message);
  tvm_question_renew_answer (dialog, "show", _("_Show devices"), ADW_RESPONSE_DEFAULT, FALSE);
}

/**
 * tvm_activity_complete:
 * @ui: the page's
 * @widget: the activity's flyout
 * @activity: an active activity that was requested here
 * @states: how many of its devices are in which state
 *
 * Asks first, for a note too, and says what is not done as long as it asks. Afterwards it can be
 * undone for a moment.
 */
void
tvm_activity_complete (TvmUi *ui, GtkWidget *widget, const TvmActivity *activity,
                       const int states[TVM_N_DEVICE_STATES])
{
  static const TvmQuestionSubject subject = {
    TVM_CHANGED_ACTIVITIES | TVM_CHANGED_DEVICES | TVM_CHANGED_OUTBOX, load,
    (GDestroyNotify) tvm_activity_details_free, show_now
  };
  GtkWidget *dialog = tvm_question_new (widget, _("Mark as completed?"), NULL);
  Completing *self = completing_new (ui, widget, activity->id);

  self->entry = tvm_activity_note_entry_new ();
  tvm_question_set_child (dialog, self->entry);
  tvm_question_add_answer (dialog, "cancel", _("_Cancel"), ADW_RESPONSE_DEFAULT);
  show_question (dialog, activity, states);
  g_signal_connect_data (dialog, "response", G_CALLBACK (response_cb), self,
                         (GClosureNotify) completing_free, 0);
  tvm_question_follow (dialog, ui, &subject, self);
  tvm_question_present (dialog);
}

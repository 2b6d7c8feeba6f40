/* tvm-exception-approval.c: what approvers say of an exception of the team, and saying it. Main
 * thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-exception-approval.h"
#include "tvm-button-row.h"
#include "tvm-decide.h"
#include "tvm-exception-models.h"
#include "tvm-list-cells.h"
#include "tvm-question.h"
#include "tvm-question-follow.h"
#include "tvm-sync-team.h"
#include "tvm-team-events.h"
#include <glib/gi18n-lib.h>

/**
 * tvm_exception_may_decide:
 * @ui: the page's
 * @exception: an exception
 *
 * Returns: whether it waits for an approval that the signed-in person may give
 */
gboolean
tvm_exception_may_decide (TvmUi *ui, const TvmException *exception)
{
  g_autofree char *right = NULL;
  g_autofree char *account = NULL;

  g_object_get (ui->engine, "team-right", &right, "account", &account, NULL);
  return exception->status == TVM_EXCEPTION_REQUESTED && account != NULL &&
         !tvm_team_is_same_person (exception->created_by, account) &&
         (g_strcmp0 (right, "approver") == 0 || g_strcmp0 (right, "administrator") == 0);
}

static void
add_buttons (AdwPreferencesGroup *group)
{
  GtkWidget *box = tvm_button_row_new (group, GTK_ORIENTATION_HORIZONTAL);
  GtkWidget *button = tvm_button_row_add (box, _("_Reject…"), NULL, NULL);

  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "exception.reject");
  button = tvm_button_row_add (box, _("_Approve"), NULL, NULL);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "exception.approve");
  gtk_widget_add_css_class (button, "suggested-action");
}

static const char *
get_undecided_text (TvmUi *ui, const TvmException *exception)
{
  if (exception->status != TVM_EXCEPTION_REQUESTED)
    return _("It ended before anybody decided, and never had an effect.");
  if (tvm_exception_may_decide (ui, exception))
    return _("It has no effect until you or another approver approves it.");
  return _("It has no effect until an approver other than its author approves it.");
}

/**
 * tvm_exception_approval_add:
 * @ui: the page's
 * @flyout: the exception's flyout
 * @exception: the exception; nothing is added where it needs no approval
 */
void
tvm_exception_approval_add (TvmUi *ui, TvmListFlyout *flyout, const TvmException *exception)
{
  AdwPreferencesGroup *group;
  g_autofree char *date = tvm_make_instant_date (exception->decided_us);
  /* Translators: who decided and when: "ana@contoso.example, 2 March 2026" */
  g_autofree char *who = g_strdup_printf (_("%s, %s"), exception->decided_by != NULL
                                          ? exception->decided_by : _("N/A"), date);
  const char *text = tvm_words_to_text (&tvm_approval_words, (int) exception->approval);

  if (exception->approval == TVM_APPROVAL_NONE)
    return;
  group = tvm_list_flyout_add_group (flyout, _("Approval"));
  if (exception->decided_by == NULL)
    adw_action_row_set_subtitle_lines (
      tvm_list_flyout_add_row (flyout, text, get_undecided_text (ui, exception)), 0);
  else
    adw_action_row_set_subtitle_lines (tvm_list_flyout_add_row (flyout, text, who), 0);
  if (exception->decision_reason != NULL)
    adw_action_row_set_subtitle_lines (
      tvm_list_flyout_add_row (flyout, _("Reason"), exception->decision_reason), 0);
  if (tvm_exception_may_decide (ui, exception))
    add_buttons (group);
}

/* ---- deciding ------------------------------------------------------------------------------ */

static void
approve (TvmSyncEngine *engine, const char *id, const char *text, GCancellable *cancellable,
         GAsyncReadyCallback callback, gpointer user_data)
{
  tvm_sync_engine_decide_exception_async (engine, id, TRUE, text, cancellable, callback, user_data);
}

static void
reject (TvmSyncEngine *engine, const char *id, const char *text, GCancellable *cancellable,
        GAsyncReadyCallback callback, gpointer user_data)
{
  tvm_sync_engine_decide_exception_async (engine, id, FALSE, text, cancellable, callback,
                                          user_data);
}

/**
 * tvm_exception_approve:
 * @ui: the page's
 * @widget: the exception's flyout
 * @exception: an exception that waits for that
 */
void
tvm_exception_approve (TvmUi *ui, GtkWidget *widget, const TvmException *exception)
{
  const TvmDecide how = { approve, _("Exception approved"),
                          _("The exception could not be approved") };

  tvm_decide (ui, widget, exception->id, NULL, &how);
}

typedef struct
{
  TvmUi *ui;  /* (owned) */
  char  *id;  /* (owned) */
} Rejecting;

static void
rejecting_free (gpointer data)
{
  Rejecting *self = data;

  tvm_ui_unref (self->ui);
  g_free (self->id);
  g_free (self);
}

static void
load (gpointer asked, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  const Rejecting *self = asked;

  tvm_load_async (self->ui->store, &tvm_load_exception, self->id, cancellable, callback, user_data);
}

static void
show_now (GtkWidget *dialog, gpointer asked, gpointer now, const GError *error)
{
  const TvmException *exception = now != NULL ? ((TvmExceptionDetails *) now)->exception : NULL;

  if (exception == NULL)
    tvm_question_refuse (dialog, TVM_DECIDE_ANSWER, error->message);
  else if (exception->status != TVM_EXCEPTION_REQUESTED)
    tvm_question_refuse (dialog, TVM_DECIDE_ANSWER,
                         _("This exception does not wait for an approval."));
}

/**
 * tvm_exception_reject:
 * @ui: the page's
 * @widget: the exception's flyout
 * @exception: an exception that waits for an approval
 *
 * Asks for the reason first, as long as it waits.
 */
void
tvm_exception_reject (TvmUi *ui, GtkWidget *widget, const TvmException *exception)
{
  const TvmDecide how = { reject, _("Exception rejected"),
                          _("The exception could not be rejected") };
  static const TvmQuestionSubject subject = {
    TVM_CHANGED_EXCEPTIONS, load,
    (GDestroyNotify) tvm_exception_details_free, show_now
  };
  g_autofree char *body = g_strdup_printf (
    /* Translators: %s is a recommendation */
    _("The exception of “%s” ends without effect, and its author sees the reason."),
    exception->recommendation_name);
  const TvmDecideQuestion question = { _("Reject the exception?"), body, _("Reason"), _("_Reject"),
                                       ADW_RESPONSE_DESTRUCTIVE };

  GtkWidget *dialog = tvm_decide_ask (ui, widget, exception->id, &how, &question);
  Rejecting *self = g_new0 (Rejecting, 1);

  self->ui = tvm_ui_ref (ui);
  self->id = g_strdup (exception->id);
  g_object_set_data_full (G_OBJECT (dialog), "tvm-rejecting", self, rejecting_free);
  tvm_question_follow (dialog, ui, &subject, self);
}

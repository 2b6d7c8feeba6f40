/* tvm-ticket-withdraw.c: asks whether to take a ticket back, and does it. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-ticket-withdraw.h"
#include "tvm-bulk.h"
#include "tvm-list-cells.h"
#include "tvm-question.h"
#include "tvm-question-follow.h"
#include <glib/gi18n-lib.h>

/* One question and what follows from it. */
typedef struct
{
  TvmUi     *ui;           /* (owned) */
  GtkWidget *widget;       /* (owned): the page's, which keeps the window's things alive */
  char      *activity_id;  /* (owned) */
  gint64     ticket_key;
} Withdrawing;

static Withdrawing *
withdrawing_new (TvmUi *ui, GtkWidget *widget, const char *activity_id, gint64 ticket_key)
{
  Withdrawing *self = g_new0 (Withdrawing, 1);

  self->ui = tvm_ui_ref (ui);
  self->widget = g_object_ref (widget);
  self->activity_id = g_strdup (activity_id);
  self->ticket_key = ticket_key;
  return self;
}

static void
withdrawing_free (Withdrawing *self)
{
  tvm_ui_unref (self->ui);
  g_object_unref (self->widget);
  g_free (self->activity_id);
  g_free (self);
}

static void
withdrawn_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Withdrawing *self = user_data;
  g_autoptr(GError) error = NULL;
  TvmWithdrawal outcome = tvm_sync_engine_withdraw_finish (TVM_SYNC_ENGINE (object), result,
                                                           &error);

  if (gtk_widget_get_root (self->widget) != NULL)
    {
      if (outcome == TVM_WITHDRAW_FAILED)
        tvm_ui_show_error (self->ui, _("The ticket could not be withdrawn"), error);
      else if (outcome == TVM_WITHDRAW_WAITS)
        tvm_ui_toast (self->ui, _("The withdrawal is kept and sent as soon as possible"));
      else
        tvm_ui_toast (self->ui, _("Ticket withdrawn"));
    }
  withdrawing_free (self);
}

static void
response_cb (GtkWidget *dialog, const char *response, Withdrawing *self)
{
  if (g_strcmp0 (response, "withdraw") == 0)
    tvm_sync_engine_withdraw_async (self->ui->engine, self->ticket_key, NULL, withdrawn_cb,
                                    withdrawing_new (self->ui, self->widget, self->activity_id,
                                                     self->ticket_key));
}

static void
dialog_gone_cb (gpointer data, GClosure *closure)
{
  withdrawing_free (data);
}

static void
show_question (GtkWidget *dialog, const TvmTicket *ticket)
{
  g_autofree char *number = tvm_make_number (ticket->devices);
  g_autofree char *body = g_strdup_printf (
    ticket->id != NULL
      ? ngettext ("The ticket for %s device is deleted in Microsoft Intune, unless the IT admin "
                  "has accepted it "
                  "meanwhile. The activity stays.",
                  "The ticket for %s devices is deleted in Microsoft Intune, unless the IT admin "
                  "has accepted it "
                  "meanwhile. The activity stays.",
                  (gulong) ticket->devices)
      : ngettext (
          "The ticket for %s device is taken out of the outbox. Where it may have arrived, "
          "Microsoft Intune is asked first, and keeps it if it has it. The activity stays.",
          "The ticket for %s devices is taken out of the outbox. Where it may have arrived, "
          "Microsoft Intune is asked first, and keeps it if it has it. The activity stays.",
          (gulong) ticket->devices),
    number);

  tvm_question_set_body (dialog, body);
  tvm_question_set_answerable (dialog, "withdraw", TRUE);
}

static void
load (gpointer asked, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  const Withdrawing *self = asked;

  tvm_load_async (self->ui->store, &tvm_load_activity, self->activity_id, cancellable, callback,
                  user_data);
}

/* It may have been accepted, sent or withdrawn meanwhile. */
static void
show_now (GtkWidget *dialog, gpointer asked, gpointer now, const GError *error)
{
  const Withdrawing *self = asked;
  const TvmActivityDetails *details = now;
  const TvmTicket *ticket = NULL;
  g_autoptr(GError) refusal = NULL;

  for (guint i = 0; details != NULL && i < details->tickets->len; i++)
    if (((const TvmTicket *) details->tickets->pdata[i])->key == self->ticket_key)
      ticket = details->tickets->pdata[i];
  if (details == NULL)
    tvm_question_refuse (dialog, "withdraw", error->message);
  else if (ticket == NULL)
    tvm_question_refuse (dialog, "withdraw", _("This ticket is no longer here."));
  else if (!tvm_ticket_may_withdraw (ticket->status, &refusal))
    tvm_question_refuse (dialog, "withdraw", refusal->message);
  else if (ticket->withdraw_us != 0)
    tvm_question_refuse (dialog, "withdraw", _("Its withdrawal waits to be sent"));
  else
    show_question (dialog, ticket);
}

/**
 * tvm_ticket_withdraw:
 * @ui: the page's
 * @widget: a widget of the page
 * @activity_id: whose ticket it is
 * @ticket: a ticket that is pending or not sent yet
 *
 * Asks first, and says what holds as long as it asks. What becomes of it is told by a toast or a
 * dialog, and shown by the activity.
 */
void
tvm_ticket_withdraw (TvmUi *ui, GtkWidget *widget, const char *activity_id,
                     const TvmTicket *ticket)
{
  static const TvmQuestionSubject subject = {
    TVM_CHANGED_ACTIVITIES | TVM_CHANGED_OUTBOX, load,
    (GDestroyNotify) tvm_activity_details_free, show_now
  };
  GtkWidget *dialog = tvm_question_new (widget, _("Withdraw the ticket?"), NULL);
  Withdrawing *self = withdrawing_new (ui, widget, activity_id, ticket->key);

  tvm_question_add_answer (dialog, "cancel", _("_Cancel"), ADW_RESPONSE_DEFAULT);
  tvm_question_add_answer (dialog, "withdraw", _("_Withdraw"), ADW_RESPONSE_DESTRUCTIVE);
  tvm_question_set_keys (dialog, "cancel", "cancel");
  show_question (dialog, ticket);
  g_signal_connect_data (dialog, "response", G_CALLBACK (response_cb), self, dialog_gone_cb, 0);
  tvm_question_follow (dialog, ui, &subject, self);
  tvm_question_present (dialog);
}

/* tvm-ticket-withdraw.c: asks whether to take a ticket back, and does it. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-ticket-withdraw.h"
#include "tvm-list-cells.h"
#include "tvm-question.h"
#include <glib/gi18n-lib.h>

/* One question and what follows from it. */
typedef struct
{
  TvmUi     *ui;      /* (owned) */
  GtkWidget *widget;  /* (owned): the page's, which keeps the window's things alive */
  gint64     ticket_key;
} Withdrawing;

static Withdrawing *
withdrawing_new (TvmUi *ui, GtkWidget *widget, gint64 ticket_key)
{
  Withdrawing *self = g_new0 (Withdrawing, 1);

  self->ui = tvm_ui_ref (ui);
  self->widget = g_object_ref (widget);
  self->ticket_key = ticket_key;
  return self;
}

static void
withdrawing_free (Withdrawing *self)
{
  tvm_ui_unref (self->ui);
  g_object_unref (self->widget);
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
                                    withdrawing_new (self->ui, self->widget, self->ticket_key));
}

static void
dialog_gone_cb (gpointer data, GClosure *closure)
{
  withdrawing_free (data);
}

/**
 * tvm_ticket_withdraw:
 * @ui: the page's
 * @widget: a widget of the page
 * @ticket: a ticket that is pending or not sent yet
 *
 * Asks first. What becomes of it is told by a toast or a dialog, and shown by the activity.
 */
void
tvm_ticket_withdraw (TvmUi *ui, GtkWidget *widget, const TvmTicket *ticket)
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
  GtkWidget *dialog = tvm_question_new (widget, _("Withdraw the ticket?"), body);

  tvm_question_add_answer (dialog, "cancel", _("_Cancel"), ADW_RESPONSE_DEFAULT);
  tvm_question_add_answer (dialog, "withdraw", _("_Withdraw"), ADW_RESPONSE_DESTRUCTIVE);
  tvm_question_set_keys (dialog, "cancel", "cancel");
  g_signal_connect_data (dialog, "response", G_CALLBACK (response_cb),
                         withdrawing_new (ui, widget, ticket->key), dialog_gone_cb, 0);
  tvm_question_present (dialog);
}

/* tvm-sync-withdraw.c: taking back a ticket that the IT admin has not accepted yet. The wish is in
 * the outbox until Intune has carried it out. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-sync-private.h"
#include "tvm-error.h"

#include <glib/gi18n-lib.h>

/* Intune does not find what it had: that may be a mistake of its. Its list, with all that is asked
 * about it, decides as it does for every ticket (R19). Returns whether the entry left the
 * outbox. */
static gboolean
let_list_decide (TvmSyncEngine         *self,
                 TvmClient             *client,
                 const TvmOutboxEntry  *entry,
                 GCancellable          *cancellable,
                 GError               **error)
{
  TvmListResult result = { .received = 0 };
  g_autoptr(TvmOutboxEntry) left = NULL;

  if (!tvm_sync_pull_list (self, client, TVM_PULL_TICKETS, NULL, &result, NULL, cancellable, error))
    return FALSE;
  left = tvm_store_get_outbox_entry (self->store, entry->ticket_key, NULL);
  if (left == NULL)
    return TRUE;
  g_set_error_literal (error, TVM_ERROR, TVM_ERROR_BAD_RESPONSE,
                       _("Microsoft Intune says that it does not have this ticket, but what else "
                         "it says casts doubt on that. The withdrawal is tried again later."));
  return FALSE;
}

/* Sets @out_gone where it is not there any more, with @failure where that was a surprise. */
static gboolean
delete_now (TvmSyncEngine         *self,
            TvmClient             *client,
            const TvmOutboxEntry  *entry,
            TvmSendOutcome        *outcome,
            gboolean              *out_gone,
            GCancellable          *cancellable,
            GError               **error)
{
  g_autoptr(GError) failure = NULL;

  *out_gone = FALSE;
  if (!tvm_store_outbox_sending (self->store, entry->ticket_key, error))
    return FALSE;
  if (tvm_client_delete_ticket (client, entry->ticket_id, outcome, cancellable, &failure))
    return tvm_store_outbox_withdrawn (self->store, entry->ticket_key, TRUE, error);
  *out_gone = g_error_matches (failure, TVM_ERROR, TVM_ERROR_NOT_FOUND);
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

/**
 * tvm_sync_withdraw_now:
 * @self: an engine
 * @client: who asks
 * @entry: a withdrawal of the outbox
 * @outcome: (inout): whether it may have been carried out where this fails
 * @cancellable: (nullable): stops it
 * @error: return location for a #TvmError
 *
 * Looks first: only a ticket that is still pending is deleted, and one that was accepted meanwhile
 * stays; both leave the outbox. One that is gone counts as withdrawn where the list of tickets
 * bears it out.
 *
 * Returns: %FALSE where the entry has to wait
 */
gboolean
tvm_sync_withdraw_now (TvmSyncEngine         *self,
                       TvmClient             *client,
                       const TvmOutboxEntry  *entry,
                       TvmSendOutcome        *outcome,
                       GCancellable          *cancellable,
                       GError               **error)
{
  g_autoptr(GError) failure = NULL;
  g_autoptr(TvmPull) asked = tvm_store_begin_pull (self->store, TVM_PULL_TICKETS, NULL, error);
  g_autoptr(TvmTicket) ticket = NULL;
  gboolean is_gone;

  if (asked == NULL)
    return FALSE;
  ticket = tvm_client_get_ticket (client, entry->ticket_id, cancellable, &failure);
  if (ticket != NULL && ticket->status != TVM_TICKET_PENDING &&
      ticket->status != TVM_TICKET_UNKNOWN)
    return tvm_store_outbox_sent (self->store, entry->ticket_key, ticket, asked->asked, error);
  is_gone = g_error_matches (failure, TVM_ERROR, TVM_ERROR_NOT_FOUND);
  if (ticket != NULL &&
      delete_now (self, client, entry, outcome, &is_gone, cancellable, &failure))
    return TRUE;
  if (is_gone)
    return let_list_decide (self, client, entry, cancellable, error);
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

/**
 * tvm_sync_withdraw_revoke:
 * @self: an engine
 * @client: who asks
 * @entry: a withdrawal that may have been carried out
 * @who: (nullable): who decided it
 * @cancellable: (nullable): stops it
 * @error: return location for a #TvmError
 *
 * Returns: whether the ticket stays; %TVM_ERROR_CONFLICT where it is gone already, as the list of
 *   tickets bears out
 */
gboolean
tvm_sync_withdraw_revoke (TvmSyncEngine         *self,
                          TvmClient             *client,
                          const TvmOutboxEntry  *entry,
                          const char            *who,
                          GCancellable          *cancellable,
                          GError               **error)
{
  g_autoptr(GError) failure = NULL;
  g_autoptr(TvmTicket) ticket = tvm_client_get_ticket (client, entry->ticket_id, cancellable,
                                                       &failure);

  if (ticket != NULL)
    return tvm_store_outbox_revoke (self->store, entry->ticket_key, TRUE, who, error);
  if (g_error_matches (failure, TVM_ERROR, TVM_ERROR_NOT_FOUND))
    {
      g_autoptr(TvmTicket) known = NULL;

      g_clear_error (&failure);
      if (let_list_decide (self, client, entry, cancellable, &failure))
        {
          known = tvm_store_get_ticket (self->store, entry->ticket_key, error);
          if (known == NULL || known->status != TVM_TICKET_WITHDRAWN)
            return known != NULL;
          g_set_error_literal (error, TVM_ERROR, TVM_ERROR_CONFLICT,
                               _("The ticket is withdrawn already. Request remediation again to "
                                 "make a new one."));
          return FALSE;
        }
    }
  g_propagate_prefixed_error (error, g_steal_pointer (&failure), "%s ",
                              _("The ticket may be withdrawn already, and whether it is "
                                "cannot be found out now."));
  return FALSE;
}

/* What became of it after a push whose first error is @failure. */
static TvmWithdrawal
judge (TvmSyncEngine  *self,
       gint64          ticket_key,
       GError         *failure,
       GError        **error)
{
  g_autoptr(TvmOutboxEntry) entry = tvm_store_get_outbox_entry (self->store, ticket_key, NULL);
  g_autoptr(TvmTicket) ticket = tvm_store_get_ticket (self->store, ticket_key, error);
  g_autoptr(GError) reason = failure;

  if (ticket == NULL)
    return TVM_WITHDRAW_FAILED;
  if (entry == NULL)
    {
      if (ticket->status == TVM_TICKET_WITHDRAWN)
        return TVM_WITHDRAW_DONE;
      g_set_error_literal (error, TVM_ERROR, TVM_ERROR_CONFLICT,
                           _("The ticket was not withdrawn: it was no longer pending. Ask the IT "
                             "admin to reject it."));
      return TVM_WITHDRAW_FAILED;
    }
  if (reason != NULL)
    g_propagate_error (error, g_steal_pointer (&reason));
  else if (tvm_sync_outbox_fail_asked (entry->not_before_us, error))
    g_set_error_literal (error, TVM_ERROR, TVM_ERROR_CONFLICT,
                         _("The withdrawal waits in the outbox, because another window or command "
                           "is sending."));
  return entry->is_parked ? TVM_WITHDRAW_FAILED : TVM_WITHDRAW_WAITS;
}

/**
 * tvm_sync_engine_withdraw:
 * @self: an engine
 * @ticket_key: a ticket that is pending, or in the outbox
 * @cancellable: (nullable): stops it
 * @error: return location for a #TvmError
 *
 * Takes the ticket back. One that was not sent yet never will be; of one that Intune has, the
 * withdrawal goes into the outbox and is sent at once if that is possible. Blocks.
 *
 * Returns: what became of it; with %TVM_WITHDRAW_FAILED nothing is sent later by itself
 */
TvmWithdrawal
tvm_sync_engine_withdraw (TvmSyncEngine  *self,
                          gint64          ticket_key,
                          GCancellable   *cancellable,
                          GError        **error)
{
  g_autoptr(TvmTicket) ticket = tvm_store_get_ticket (self->store, ticket_key, error);
  g_autoptr(TvmAccount) account = NULL;
  g_autoptr(TvmClient) client = NULL;
  gboolean connected = FALSE;
  GError *failure = NULL;

  if (ticket == NULL || !tvm_sync_session_may_decide (self, error))
    return TVM_WITHDRAW_FAILED;
  if (ticket->id == NULL)
    return tvm_sync_engine_revoke_outbox (self, ticket_key, cancellable, error)
             ? TVM_WITHDRAW_DONE : TVM_WITHDRAW_FAILED;
  account = tvm_sync_engine_dup_account (self, cancellable, error);
  if (account == NULL || !tvm_sync_reads_true (self, "intune-connection", &connected, error))
    return TVM_WITHDRAW_FAILED;
  if (!connected)
    {
      g_set_error_literal (error, TVM_ERROR, TVM_ERROR_INVALID,
                           _("The Microsoft Intune connection is off, so the ticket cannot be "
                             "withdrawn. Switch it on in the preferences, then try again."));
      return TVM_WITHDRAW_FAILED;
    }
  if (!tvm_store_withdraw (self->store, ticket_key, account->user_name, error) ||
      !tvm_store_outbox_retry (self->store, ticket_key, account->user_name, error))
    return TVM_WITHDRAW_FAILED;
  if (tvm_sync_session_require (self, &client, NULL, cancellable, &failure))
    tvm_sync_push (self, client, FALSE, NULL, cancellable, &failure);
  return judge (self, ticket_key, failure, error);
}

/* ---- for the window ------------------------------------------------------------------------ */

typedef struct
{
  gint64        ticket_key;
  TvmWithdrawal outcome;
} Withdrawing;

/* That it waits, and why, is told by the outcome. */
static gboolean
withdraw_call (TvmSyncEngine *self, gpointer data, GCancellable *cancellable, GError **error)
{
  Withdrawing *withdrawing = data;
  g_autoptr(GError) reason = NULL;

  withdrawing->outcome = tvm_sync_engine_withdraw (self, withdrawing->ticket_key, cancellable,
                                                   &reason);
  if (withdrawing->outcome == TVM_WITHDRAW_FAILED)
    g_propagate_error (error, g_steal_pointer (&reason));
  return withdrawing->outcome != TVM_WITHDRAW_FAILED;
}

/**
 * tvm_sync_engine_withdraw_async:
 * @self: an engine
 * @ticket_key: the entry or ticket
 * @cancellable: (nullable): stops it
 * @callback: told when it is done
 * @user_data: given to @callback
 *
 * tvm_sync_engine_withdraw() on a worker.
 */
void
tvm_sync_engine_withdraw_async (TvmSyncEngine *self, gint64 ticket_key, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data)
{
  Withdrawing *withdrawing = g_new0 (Withdrawing, 1);

  withdrawing->ticket_key = ticket_key;
  tvm_sync_task_run (self, withdraw_call, withdrawing, g_free, cancellable, callback, user_data);
}

/**
 * tvm_sync_engine_withdraw_finish:
 * @self: an engine
 * @result: what the callback was given
 * @error: return location for a #TvmError; set with %TVM_WITHDRAW_FAILED alone
 *
 * Returns: what became of it
 */
TvmWithdrawal
tvm_sync_engine_withdraw_finish (TvmSyncEngine  *self,
                                 GAsyncResult   *result,
                                 GError        **error)
{
  Withdrawing *withdrawing = tvm_sync_task_finish (self, result, withdraw_call, error);

  return withdrawing != NULL ? withdrawing->outcome : TVM_WITHDRAW_FAILED;
}

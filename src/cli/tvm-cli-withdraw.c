/* tvm-cli-withdraw.c: the command withdraw: takes a ticket back. Main thread only.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-cli-private.h"

#include "tvm-error.h"

#include <glib/gi18n-lib.h>

/* Intune's id, or the number of one that waits in the outbox. What cannot be sent now is sent by
 * the next sync. */
static TvmCliStatus
run_withdraw (TvmCli *self)
{
  g_autoptr(TvmTicket) ticket = NULL;
  g_autoptr(GError) error = NULL;
  TvmWithdrawal outcome;
  TvmCliStatus status, shown;

  if (!tvm_cli_parse (self, NULL, 1, G_MAXUINT))
    return TVM_CLI_USAGE;
  if (!tvm_cli_open_engine (self, &error))
    return tvm_cli_fail (error);
  if (self->arguments[2] != NULL)
    {
      const TvmBulk bulk = { .kind = TVM_BULK_WITHDRAW_TICKETS,
                             .ids = (const char *const *) self->arguments + 1 };

      return tvm_cli_bulk_run (self, &bulk, NULL);
    }
  if ((ticket = tvm_store_find_ticket (self->store, self->arguments[1], &error)) == NULL)
    return tvm_cli_fail (error);
  outcome = tvm_sync_engine_withdraw (self->engine, ticket->key, self->cancellable, &error);
  if (outcome == TVM_WITHDRAW_FAILED)
    {
      if (tvm_cli_was_cancelled (error))
        tvm_cli_message ("%s", _("The entry stays in the outbox."));
      return tvm_cli_fail (error);
    }
  status = outcome == TVM_WITHDRAW_WAITS ? tvm_cli_fail (error) : TVM_CLI_DONE;
  if (outcome == TVM_WITHDRAW_WAITS)
    tvm_cli_message ("%s", _("The withdrawal is kept and waits in the outbox for the next sync."));
  if (g_error_matches (error, TVM_ERROR, TVM_ERROR_THROTTLED))
    status = TVM_CLI_DONE;  /* the service asked to wait, and is obeyed */
  if (g_error_matches (error, TVM_ERROR, TVM_ERROR_CONFLICT))
    status = TVM_CLI_UNREACHABLE;  /* another process is sending just now */
  shown = tvm_cli_show_activity (self, ticket->activity_id, "withdrawal",
                                 outcome == TVM_WITHDRAW_WAITS ? "waiting" : "done");
  return shown != TVM_CLI_DONE ? shown : status;
}

const TvmCliCommand tvm_cli_withdraw_command = {
  "withdraw", "TICKET [TICKET…]",
  N_("Take back tickets that the IT admin has not accepted yet"), run_withdraw
};

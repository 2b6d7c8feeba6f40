/* tvm-sync-outbox-look.c: whether a ticket that may have arrived at Microsoft Intune is there (R4).
 * Blocks. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-sync-private.h"
#include "tvm-error.h"
#include "tvm-time.h"

#include <glib/gi18n-lib.h>

/* Between two lists, where a person waits for it. */
#define SOON_US (10 * TVM_SECOND_US)

static TvmPull *
ask_for_tickets (TvmSyncEngine  *self,
                 TvmClient      *client,
                 GCancellable   *cancellable,
                 GError        **error)
{
  g_autoptr(TvmPull) pull = tvm_store_begin_pull (self->store, TVM_PULL_TICKETS, NULL, error);

  if (pull == NULL || !tvm_client_fetch (client, pull, NULL, cancellable, error) ||
      !tvm_sync_ask_about_missing (self, client, pull, NULL, cancellable, error))
    return NULL;
  return g_steal_pointer (&pull);
}

static void
fail_waiting (gint64   until_us,
              GError **error)
{
  g_autoptr(GDateTime) when = g_date_time_new_from_unix_local (until_us / TVM_SECOND_US);
  g_autofree char *time = g_date_time_format (when, "%X");

  g_set_error (error, TVM_ERROR, TVM_ERROR_BAD_RESPONSE,
               /* Translators: %s is a time of day */
               _("Whether this ticket arrived at Microsoft Intune is not known: its list of "
                 "tickets does not have it yet. It is looked for until %s, and only then sent "
                 "again."), time);
}

/**
 * tvm_sync_outbox_look:
 * @self: an engine
 * @client: who asks
 * @entry: a ticket of which an earlier attempt may have arrived
 * @is_soon: whether a person waits for it, who knows that it may have arrived
 * @known: (inout): what Intune has, asked for after that attempt; asked for here where it is %NULL;
 *   also says whether the ticket may still come
 * @out_found: (out): whether it had arrived; then it is out of the outbox
 * @cancellable: (nullable): stops asking
 * @error: return location for a #TvmError
 *
 * A ticket that was on its way may be listed later, and lists may lack it by mistake: that it did
 * not arrive is believed of two lists, half a minute apart, or a few seconds (R4, R19).
 *
 * Returns: %FALSE where that cannot be found out, also because a list cannot be believed
 */
gboolean
tvm_sync_outbox_look (TvmSyncEngine         *self,
                      TvmClient             *client,
                      const TvmOutboxEntry  *entry,
                      gboolean               is_soon,
                      TvmTicketLists        *known,
                      gboolean              *out_found,
                      GCancellable          *cancellable,
                      GError               **error)
{
  gint64 wait_us = is_soon ? MIN (self->look_again_us, SOON_US) : self->look_again_us;
  gint64 left_us;

  *out_found = FALSE;
  known->until_us = 0;
  if (known->first == NULL)
    known->first = ask_for_tickets (self, client, cancellable, error);
  if (known->first == NULL ||
      !tvm_store_outbox_look (self->store, entry->ticket_key, known->first, wait_us, out_found,
                              &known->until_us, error))
    return FALSE;
  left_us = known->until_us - tvm_now_us ();
  if (known->until_us != 0 && left_us <= SOON_US)
    {
      if (known->second == NULL && tvm_client_wait (client, left_us, cancellable, error))
        known->second = ask_for_tickets (self, client, cancellable, error);
      if (known->second == NULL ||
          !tvm_store_outbox_look (self->store, entry->ticket_key, known->second, wait_us,
                                  out_found, &known->until_us, error))
        return FALSE;
    }
  if (known->until_us != 0)
    fail_waiting (known->until_us, error);
  return known->until_us == 0;
}

/**
 * tvm_ticket_lists_clear:
 * @self: (inout): lists
 */
void
tvm_ticket_lists_clear (TvmTicketLists *self)
{
  g_clear_pointer (&self->first, tvm_pull_free);
  g_clear_pointer (&self->second, tvm_pull_free);
}

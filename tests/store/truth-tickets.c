/* truth-tickets.c: tickets on their way, as sync sends and withdraws them, in two processes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "truth-flights.h"
#include "tvm-error.h"
#include "tvm-time.h"
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>
#include "truth-tickets.h"

#define ANA "ana@contoso.example"

static void
stop_sending (World *world,
              int    process)
{
  world->sendings[process].stage = IDLE;
  world->sender = -1;
  truth_check (world, NULL);
}

static gint64
ask_stamp (TvmStore *store)
{
  g_autoptr(TvmPull) pull = tvm_store_begin_pull (store, TVM_PULL_TICKETS, NULL, NULL);

  return pull->asked;
}

static void
note_answer (World    *world,
             TvmStore *store,
             gint64    key,
             int       tenant,
             TvmTicketStatus seen,
             gint64    asked)
{
  g_autoptr(TvmTicket) ticket = truth_make_ticket (world, tenant, seen);
  g_autoptr(GError) error = NULL;

  tvm_store_outbox_sent (store, key, ticket, asked, &error);
  g_assert_no_error (error);
}

static int
find_marker (World      *world,
             const char *marker)
{
  const Tenant *tenant = truth_now (world);

  for (int i = 0; i < tenant->n_tickets; i++)
    if (tenant->tickets[i] != TVM_TICKET_GONE && strcmp (world->markers[i], marker) == 0)
      return i;
  return -1;
}

static void
post (World                *world,
      int                   process,
      const TvmOutboxEntry *entry)
{
  Sending *sending = &world->sendings[process];
  TvmStore *store = world->stores[process];
  int fate = truth_pick (world, 6);
  Tenant *tenant;

  if (!tvm_store_outbox_sending (store, sending->key, NULL))
    {
      stop_sending (world, process);
      return;
    }
  sending->stage = POSTED;
  sending->asked = ask_stamp (store);
  sending->tenant = -1;
  sending->is_refused = fate == 0;
  sending->is_lost = fate == 1 || fate == 2;
  if (fate <= 1 || truth_now (world)->n_tickets == MAX_TICKETS)
    return;
  tenant = truth_change (world);
  if (find_marker (world, entry->marker) >= 0)
    truth_fail (world, "a second ticket was made");
  sending->tenant = tenant->n_tickets++;
  sending->seen = tenant->tickets[sending->tenant] = TVM_TICKET_PENDING;
  world->markers[sending->tenant] = g_strdup (entry->marker);
}

/* Takes the first step with an entry of the outbox. */
void
truth_send (World *world,
      int    process)
{
  Sending *sending = &world->sendings[process];
  TvmStore *store = world->stores[process];
  g_autoptr(GPtrArray) list = tvm_store_list_outbox (store, FALSE, NULL);
  g_autoptr(TvmOutboxEntry) entry = NULL;
  const TvmOutboxEntry *listed;
  int found;

  if (list->len == 0 || world->sender >= 0)
    return;
  listed = list->pdata[truth_pick (world, (int) list->len)];
  entry = tvm_store_get_outbox_entry (store, listed->ticket_key, NULL);
  if (entry == NULL || entry->is_parked || entry->is_held)
    return;
  world->sender = process;
  *sending = (Sending) { .stage = LOOKED, .key = entry->ticket_key, .asked = ask_stamp (store),
                         .is_crash = truth_pick (world, 12) == 0,
                         .is_withdrawal = entry->is_withdrawal };
  found = entry->is_withdrawal ? truth_index (entry->ticket_id)
          : entry->was_sent ? find_marker (world, entry->marker) : -1;
  sending->tenant = found;
  if (found >= 0)
    sending->seen = truth_now (world)->tickets[found];
  else
    post (world, process, entry);
  truth_log (world, "    %s ticket %d (%d)", entry->is_withdrawal ? "withdraws" : "sends",
             sending->tenant, sending->seen);
}

static void
delete_ticket (World *world,
               int    process)
{
  Sending *sending = &world->sendings[process];

  if (!tvm_store_outbox_sending (world->stores[process], sending->key, NULL))
    {
      stop_sending (world, process);
      return;
    }
  sending->stage = DELETED;
  sending->is_lost = truth_pick (world, 4) == 0;
  truth_change (world)->tickets[sending->tenant] = TVM_TICKET_GONE;
}

/* The answer comes. */
void
truth_hear (World *world,
      int    process)
{
  Sending *sending = &world->sendings[process];
  TvmStore *store = world->stores[process];
  TvmOutboxFailure failure = { .message = "no answer", .park = sending->is_refused,
                               .may_exist = !sending->is_refused };

  truth_log (world, "    hears of ticket %d at stage %d, lost %d, refused %d, crash %d",
             sending->tenant, sending->stage, sending->is_lost, sending->is_refused,
             sending->is_crash);
  if (sending->is_crash)
    ;
  else if (sending->stage != LOOKED && (sending->is_lost || sending->is_refused))
    tvm_store_outbox_failed (store, sending->key, &failure, NULL);
  else if (sending->stage == DELETED ||
           (sending->is_withdrawal && sending->seen == TVM_TICKET_GONE))
    tvm_store_outbox_withdrawn (store, sending->key, sending->stage == DELETED, NULL);
  else if (sending->is_withdrawal && sending->seen == TVM_TICKET_PENDING)
    {
      delete_ticket (world, process);
      return;
    }
  else if (sending->tenant >= 0)
    note_answer (world, store, sending->key, sending->tenant, sending->seen,
                 sending->stage == POSTED ? 0 : sending->asked);
  stop_sending (world, process);
}

void
truth_decide_outbox (World    *world,
               TvmStore *store)
{
  g_autoptr(GPtrArray) list = tvm_store_list_outbox (store, FALSE, NULL);
  const TvmOutboxEntry *entry;
  int found;

  if (list->len == 0)
    return;
  entry = list->pdata[truth_pick (world, (int) list->len)];
  found = entry->is_withdrawal ? truth_index (entry->ticket_id)
                               : find_marker (world, entry->marker);
  if (truth_pick (world, 2) == 0)
    tvm_store_outbox_retry (store, entry->ticket_key, ANA, NULL);
  else if (!entry->was_sent)
    tvm_store_outbox_revoke (store, entry->ticket_key, FALSE, ANA, NULL);
  else if (world->sender >= 0)
    return;
  else if (entry->is_withdrawal && truth_now (world)->tickets[found] == TVM_TICKET_GONE)
    tvm_store_outbox_withdrawn (store, entry->ticket_key, FALSE, NULL);
  else if (!entry->is_withdrawal && found >= 0)
    note_answer (world, store, entry->ticket_key, found, truth_now (world)->tickets[found],
                 ask_stamp (store));
  else
    tvm_store_outbox_revoke (store, entry->ticket_key, TRUE, ANA, NULL);
  truth_log (world, "    retried or revoked %d", found);
  truth_check (world, NULL);
}

void
truth_withdraw (World    *world,
          TvmStore *store)
{
  g_autoptr(GError) error = NULL;

  if (world->after.n_tickets == 0)
    return;
  tvm_store_withdraw (store, world->after.tickets[truth_pick (world, world->after.n_tickets)].key,
                      ANA, &error);
  truth_log (world, "    to be withdrawn: %s", error != NULL ? error->message : "yes");
  truth_check (world, NULL);
}

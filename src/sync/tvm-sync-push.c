/* tvm-sync-push.c: the outbox: tickets decided here that Intune does not have yet, or not any more
 * (R4). Blocks. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-sync-private.h"
#include "tvm-error.h"
#include "tvm-time.h"

#include <glib/gi18n-lib.h>
#include <unistd.h>

/* What a throttled service asks for is waited for here while it is short; else the entry waits. */
#define PATIENCE_US (32 * TVM_SECOND_US)  /* half a minute as a date may be more */
#define MAX_WAITS   6

typedef struct {
  TvmSyncEngine *engine;
  TvmClient     *client;
  GCancellable  *cancellable;
  GHashTable    *held;         /* (owned): activities whose next ticket has to wait, by id */
  TvmTicketLists known;        /* what Intune has, asked for when first needed */
  GError        *first_error;  /* (owned) */
  int            lock;         /* the outbox's lock file, taken when first needed; -1: not yet */
  const TvmLanguage *language; /* of tickets */
  gint64         last_key;     /* the newest entry that was looked at */
  gboolean       eager;        /* a person asked: does not wait for the next attempt's time */
  gboolean       stop;
  gboolean       has_looked;   /* at what others asked for */
  gint64         again_us;     /* when the service that is throttled lets it go on; 0: it is not */
  gint64         waited_us;    /* until then was waited for that */
  int            n_waits;
  int            n_sent;
  TvmTeamTurn    turn;         /* (owned) */
} Push;

/* Whether the failure is an answer: the service saw the ticket and does not want it. */
static gboolean
is_refusal (const GError *failure)
{
  return g_error_matches (failure, TVM_ERROR, TVM_ERROR_REJECTED) ||
         g_error_matches (failure, TVM_ERROR, TVM_ERROR_FORBIDDEN) ||
         g_error_matches (failure, TVM_ERROR, TVM_ERROR_NOT_FOUND) ||
         g_error_matches (failure, TVM_ERROR, TVM_ERROR_CONFLICT) ||
         g_error_matches (failure, TVM_ERROR, TVM_ERROR_INVALID);
}

static void
keep_failure (Push   *push,
              GError *failure)
{
  push->stop = push->stop || tvm_sync_error_stops (failure) ||
               g_error_matches (failure, TVM_ERROR, TVM_ERROR_THROTTLED);
  if (push->first_error == NULL)
    push->first_error = failure;
  else
    g_error_free (failure);
}

/* Takes @failure over. A cancelled request that may have arrived leaves its mark: the next push
 * looks for it. To be throttled is no failure. */
static void
note_failure (Push                 *push,
              const TvmOutboxEntry *entry,
              const TvmSendOutcome *outcome,
              GError               *failure)
{
  gboolean is_cancelled = g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  gboolean is_throttled;
  gint64 now_us = tvm_now_us ();
  TvmOutboxFailure noted = { .message = is_cancelled ? entry->last_error : failure->message,
                             .park = is_refusal (failure), .may_exist = outcome->may_exist,
                             .is_made = outcome->is_made,
                             .is_for_all = g_error_matches (failure, TVM_ERROR,
                                                            TVM_ERROR_THROTTLED) };
  GError *second = NULL;

  if (outcome->retry_after_us > 0)
    noted.not_before_us = now_us + MIN (outcome->retry_after_us, TVM_LONGEST_WAIT_US);
  is_throttled = noted.not_before_us != 0 && !outcome->may_exist && !noted.park;
  if (is_throttled)
    noted.next_attempt_us = push->again_us = noted.not_before_us;
  else if (g_error_matches (failure, TVM_ERROR, TVM_ERROR_OFFLINE) ||
           g_error_matches (failure, TVM_ERROR, TVM_ERROR_THROTTLED) ||
           g_error_matches (failure, TVM_ERROR, TVM_ERROR_BAD_RESPONSE))
    noted.next_attempt_us = MAX (noted.not_before_us,
                                 now_us + tvm_sync_outbox_backoff_us (entry->attempts));
  if (!(is_cancelled && outcome->may_exist) &&
      !g_error_matches (failure, TVM_ERROR, TVM_ERROR_STORE_FAILED) &&
      !tvm_store_outbox_failed (push->engine->store, entry->ticket_key, &noted, &second))
    keep_failure (push, second);
  if (is_throttled)
    g_clear_error (&failure);
  else
    keep_failure (push, failure);
}

/* That a list cannot be read refuses no ticket. */
static void
note_unread (Push                 *push,
             const TvmOutboxEntry *entry,
             const TvmSendOutcome *outcome,
             GError               *failure)
{
  if (is_refusal (failure))
    failure->code = TVM_ERROR_BAD_RESPONSE;
  note_failure (push, entry, outcome, failure);
}

/* Takes @failure over: it is not this entry's turn, which stops nothing else. */
static gboolean
note_wait (Push                 *push,
           const TvmOutboxEntry *entry,
           GError               *failure)
{
  TvmOutboxFailure noted = { .message = failure->message, .may_exist = entry->was_sent };
  GError *second = NULL;

  noted.next_attempt_us = tvm_now_us () + tvm_sync_outbox_backoff_us (entry->attempts);
  if (push->known.until_us != 0)
    {
      noted.next_attempt_us = push->again_us = push->known.until_us;
      tvm_ticket_lists_clear (&push->known);  /* then another one is asked for */
    }
  if (g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    keep_failure (push, g_steal_pointer (&failure));
  else if (!tvm_store_outbox_failed (push->engine->store, entry->ticket_key, &noted, &second))
    keep_failure (push, second);
  g_clear_error (&failure);
  return FALSE;
}

/* Whether Intune has it, from here or, under @marker, from another program of the team. */
static gboolean
look_for (Push                 *push,
          const TvmOutboxEntry *entry,
          const char           *marker,
          gboolean             *is_done,
          GError              **error)
{
  const TvmTicket *other;

  if (!tvm_sync_outbox_look (push->engine, push->client, entry, marker != NULL, &push->known,
                             is_done, push->cancellable, error))
    return FALSE;
  other = *is_done ? NULL : tvm_sync_find_others (&push->known, marker);
  if (other == NULL)
    return TRUE;
  *is_done = tvm_store_outbox_sent (push->engine->store, entry->ticket_key, other, 0, error);
  return *is_done;
}

static gboolean
send_now (Push                  *push,
          const TvmOutboxEntry  *entry,
          TvmSendOutcome        *outcome,
          TvmTicket            **out_ticket,
          GError               **error)
{
  TvmTicketDraft draft = { entry->activity, entry->recommendation, entry->marker, entry->devices,
                           entry->managed_ids, NULL, entry->updates, entry->number,
                           entry->n_tickets, push->language };
  g_autoptr(GPtrArray) cves = tvm_sync_find_cves (push->engine, push->client, entry,
                                                  push->cancellable);

  draft.vulnerabilities = cves;
  *out_ticket = tvm_client_create_ticket (push->client, &draft, outcome, push->cancellable, error);
  return *out_ticket != NULL &&
         tvm_store_outbox_sent (push->engine->store, entry->ticket_key, *out_ticket, 0, error);
}

/* One that another program of the team sent. */
static gboolean
adopt (Push                 *push,
       const TvmOutboxEntry *entry,
       const char           *id,
       GError              **error)
{
  g_autoptr(TvmTicket) ticket = tvm_client_get_ticket (push->client, id, push->cancellable, error);

  return ticket != NULL &&
         tvm_store_outbox_sent (push->engine->store, entry->ticket_key, ticket, 0, error);
}

/* Returns whether the entry is out of the outbox now. */
static gboolean
push_entry (Push                 *push,
            const TvmOutboxEntry *entry)
{
  TvmSendOutcome outcome = { .may_exist = entry->was_sent };
  g_autoptr(TvmTicket) ticket = NULL;
  g_autofree char *other = NULL;
  GError *failure = NULL;
  gboolean is_done = FALSE;
  TvmTurn turn = tvm_sync_take_turn (push->engine, &push->turn, entry, &other, push->cancellable,
                                     &failure);

  if (turn == TVM_TURN_WAIT)
    return note_wait (push, entry, failure);
  if (turn == TVM_TURN_SENT)
    is_done = adopt (push, entry, other, &failure);
  else if ((entry->was_sent || turn == TVM_TURN_LOOK) &&
           !look_for (push, entry, other, &is_done, &failure))
    {
      if (push->known.until_us != 0)
        return note_wait (push, entry, failure);
      note_unread (push, entry, &outcome, failure);
      return FALSE;
    }
  if (!is_done && failure == NULL && tvm_sync_is_completed (push->engine, &push->turn, entry))
    {
      tvm_sync_end_turn (push->engine, &push->turn, entry, NULL);
      return FALSE;
    }
  if (!is_done && failure == NULL)
    {
      if (!tvm_store_outbox_sending (push->engine->store, entry->ticket_key, &failure))
        {
          keep_failure (push, failure);
          return FALSE;
        }
      is_done = send_now (push, entry, &outcome, &ticket, &failure);
      if (ticket != NULL || !outcome.may_exist)
        tvm_sync_end_turn (push->engine, &push->turn, entry, ticket);
    }
  push->n_sent += is_done ? 1 : 0;
  if (!is_done)
    note_failure (push, entry, &outcome, failure);
  return is_done;
}

/* The same for a ticket that is to be withdrawn. */
static gboolean
push_withdrawal (Push                 *push,
                 const TvmOutboxEntry *entry)
{
  TvmSendOutcome outcome = { .may_exist = entry->was_sent };
  GError *failure = NULL;

  if (tvm_sync_withdraw_now (push->engine, push->client, entry, &outcome, push->cancellable,
                             &failure))
    return TRUE;
  note_failure (push, entry, &outcome, failure);
  return FALSE;
}

/* Whether @listed may go now; what it waits for otherwise holds up its activity's next tickets
 * too. */
static gboolean
may_go (const Push           *push,
        const TvmOutboxEntry *listed)
{
  gint64 now_us = MAX (tvm_now_us (), push->waited_us);

  return !listed->is_parked && (!listed->is_completed || listed->was_sent) &&
         (listed->is_withdrawal || !g_hash_table_contains (push->held,
    listed->activity->id)) &&
         tvm_wait_is_over (listed->not_before_us, now_us) &&
         (push->eager || tvm_wait_is_over (listed->next_attempt_us, now_us));
}

/* One entry that may go, with the outbox's lock held. The lock's file may be removed meanwhile, so
 * that another process gets one too; the claim in the store keeps the entry all the same. Returns
 * whether it is out of the outbox now, or was before. */
static gboolean
push_claimed (Push                 *push,
              const TvmOutboxEntry *listed)
{
  TvmStore *store = push->engine->store;
  g_autoptr(TvmOutboxEntry) entry = NULL;
  GError *failure = NULL;
  gboolean is_done;

  if (!tvm_store_outbox_claim (store, listed->ticket_key, &failure))
    {
      is_done = g_error_matches (failure, TVM_ERROR, TVM_ERROR_NOT_FOUND);
      push->n_sent += is_done && listed->was_sent ? 1 : 0;  /* it was found just now */
      if (is_done || g_error_matches (failure, TVM_ERROR, TVM_ERROR_CONFLICT))
        g_error_free (failure);
      else
        keep_failure (push, failure);
      return is_done;
    }
  entry = tvm_store_get_outbox_entry (store, listed->ticket_key, NULL);
  is_done = entry == NULL;
  if (entry != NULL && entry->is_parked)
    keep_failure (push, g_error_new_literal (TVM_ERROR, TVM_ERROR_CONFLICT, entry->last_error));
  else if (entry != NULL)
    is_done = (entry->is_withdrawal ? push_withdrawal : push_entry) (push, entry);
  if (!tvm_store_outbox_release (store, listed->ticket_key, &failure))
    keep_failure (push, failure);
  return is_done;
}

/* Once a push, unless a form asked just before: what Intune has now. Who asked for the same (R20)
 * holds entries, and what had arrived leaves the outbox. Who may not see others' tickets was told
 * so, and asks anyway. */
static gboolean
look_at_tickets (Push                 *push,
                 const TvmOutboxEntry *listed)
{
  TvmSendOutcome outcome = { .may_exist = listed->was_sent };
  TvmListResult result = { .received = 0 };
  GError *failure = NULL;

  if (listed->is_withdrawal)
    return TRUE;
  push->has_looked = push->has_looked || tvm_sync_looked_lately (push->engine) ||
                     tvm_sync_pull_list (push->engine, push->client, TVM_PULL_TICKETS, NULL,
                                         &result, NULL, push->cancellable, &failure) ||
                     (is_refusal (failure) && !listed->was_sent);
  if (push->has_looked)
    g_clear_error (&failure);
  else
    note_unread (push, listed, &outcome, failure);
  return push->has_looked;
}

/* Whether nobody else sends now; else all that can be sent waits. */
static gboolean
hold_lock (Push *push)
{
  GError *failure = NULL;

  if (push->lock == -1)
    push->lock = tvm_sync_outbox_lock (push->engine, &failure);
  if (push->lock != -1)
    return TRUE;
  if (g_error_matches (failure, TVM_ERROR, TVM_ERROR_CONFLICT))
    g_clear_error (&failure);
  else
    keep_failure (push, failure);
  push->stop = TRUE;
  return FALSE;
}

static void
drop_lock (Push *push)
{
  if (push->lock != -1)
    close (push->lock);
  push->lock = -1;
}

/* Sends what came into the outbox since the last round. Returns whether there was something. */
static gboolean
push_round (Push *push)
{
  g_autoptr(GPtrArray) entries = tvm_store_list_outbox (push->engine->store, FALSE,
                                                        &push->first_error);
  gint64 last_key = push->last_key;
  GError *cancelled = NULL;

  for (guint i = 0; entries != NULL && i < entries->len && !push->stop; i++)
    {
      const TvmOutboxEntry *listed = entries->pdata[i];

      if (listed->ticket_key <= last_key)
        continue;
      if (g_cancellable_set_error_if_cancelled (push->cancellable, &cancelled))
        {
          keep_failure (push, cancelled);
          break;
        }
      push->last_key = listed->ticket_key;
      if (may_go (push, listed) && hold_lock (push) && look_at_tickets (push, listed) &&
          push_claimed (push, listed))
        continue;
      if (push->again_us != 0)
        {
          push->last_key = listed->ticket_key - 1;
          return FALSE;
        }
      if (!listed->is_withdrawal)
        g_hash_table_add (push->held, g_strdup (listed->activity->id));
    }
  return !push->stop && push->last_key > last_key;
}

/* What a throttled service asked to wait for, where that is a moment: nothing is claimed or locked
 * meanwhile. Returns whether to go on. */
static gboolean
wait_shortly (Push *push)
{
  gint64 delay_us = push->again_us - tvm_now_us ();
  GError *cancelled = NULL;

  if (push->again_us == 0 || delay_us > PATIENCE_US || push->n_waits++ == MAX_WAITS)
    return FALSE;
  push->waited_us = push->again_us;
  push->again_us = 0;
  drop_lock (push);
  if (tvm_client_wait (push->client, MAX (delay_us, 0), push->cancellable, &cancelled))
    return TRUE;
  keep_failure (push, cancelled);
  return FALSE;
}

/* All that may be sent now, with the push mutex held. */
static void
push_all (Push *push)
{
  push->lock = -1;
  push->last_key = 0;
  push->stop = FALSE;
  push->held = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  do
    while (push_round (push))
      ;
  while (wait_shortly (push));
  drop_lock (push);
  g_clear_pointer (&push->held, g_hash_table_unref);
  tvm_ticket_lists_clear (&push->known);
  tvm_team_turn_clear (&push->turn);
}

/* Of the push that runs, for whoever stops it. */
static void
note_cancellable (TvmSyncEngine *self,
                  GCancellable  *cancellable)
{
  g_mutex_lock (&self->mutex);
  g_set_object (&self->push_cancellable, cancellable);
  g_mutex_unlock (&self->mutex);
}

/**
 * tvm_sync_push_cancel:
 * @self: an engine
 *
 * Cancels the push that runs, whoever asked for it; what is out is looked for next time. Does not
 * wait.
 */
void
tvm_sync_push_cancel (TvmSyncEngine *self)
{
  g_autoptr(GCancellable) cancellable = NULL;

  g_mutex_lock (&self->mutex);
  g_set_object (&cancellable, self->push_cancellable);
  g_mutex_unlock (&self->mutex);
  g_cancellable_cancel (cancellable);
}

/**
 * tvm_sync_push:
 * @self: an engine
 * @client: who sends
 * @eager: whether to send also what backs off; what the service asked to wait for waits all the
 *   same
 * @out_sent: (out) (optional): how many tickets Intune now has that it had not been known to have
 * @cancellable: (nullable): stops it
 * @error: return location for a #TvmError
 *
 * Sends what waits, the tickets of one activity in their order. Nothing happens while the Microsoft
 * Intune connection is off, with an unattended sign-in, or while another process does the same;
 * where this process does, that push goes over the outbox once more. A refused ticket is parked
 * with the service's words and its activity stays; throttling, a lost connection and a missing
 * sign-in leave the entry for the next time. That the service asked to wait is no error; where it
 * is a moment, it is waited for here.
 *
 * Returns: %FALSE with the first error
 */
gboolean
tvm_sync_push (TvmSyncEngine  *self,
               TvmClient      *client,
               gboolean        eager,
               int            *out_sent,
               GCancellable   *cancellable,
               GError        **error)
{
  Push push = { .engine = self, .client = client, .eager = eager };
  g_autoptr(GCancellable) own = NULL;
  gboolean connected = FALSE;
  gulong handler;

  if (out_sent != NULL)
    *out_sent = 0;
  if (!tvm_sync_reads_true (self, "intune-connection", &connected, error) ||
      !tvm_sync_read_language (self, &push.language, error))
    return FALSE;
  if (!connected || tvm_sync_session_is_unattended (self))
    return TRUE;
  push.cancellable = own = tvm_sync_follow (cancellable, &handler);
  g_atomic_int_set (&self->must_push, TRUE);
  while (g_atomic_int_get (&self->must_push) && g_mutex_trylock (&self->push_mutex))
    {
      g_atomic_int_set (&self->must_push, FALSE);
      note_cancellable (self, own);
      push_all (&push);
      push.eager = FALSE;
      note_cancellable (self, NULL);
      g_mutex_unlock (&self->push_mutex);
    }
  g_cancellable_disconnect (cancellable, handler);
  if (out_sent != NULL)
    *out_sent = push.n_sent;
  if (push.first_error == NULL)
    return TRUE;
  g_propagate_error (error, push.first_error);
  return FALSE;
}

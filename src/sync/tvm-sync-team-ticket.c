/* tvm-sync-team-ticket.c: a ticket is sent once by the whole team: whoever sends it claims it in
 * the team's database before (R4, R20). Blocks. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-sync-private.h"
#include "tvm-store-team.h"

#include "tvm-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Six waits of an hour and an answer of another one is the longest that sending takes. */
#define LEASE_S (8 * 60 * 60)

/**
 * tvm_team_turn_clear:
 * @self: (inout): a push's connection
 */
void
tvm_team_turn_clear (TvmTeamTurn *self)
{
  g_clear_pointer (&self->link, tvm_team_close);
  g_clear_error (&self->failure);
}

/* Of this store on this computer: the same after a restart, another one for a copy elsewhere. */
static char *
dup_claim (TvmSyncEngine *self)
{
  g_autofree char *directory = tvm_store_dup_directory (self->store);
  g_autofree char *machine = NULL;
  g_autofree char *text = NULL;
  g_autofree char *hash = NULL;

  if (!g_file_get_contents ("/etc/machine-id", &machine, NULL, NULL))
    machine = g_strdup (g_get_host_name ());
  text = g_strdup_printf ("%s\n%s", machine, directory);
  hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);
  return g_strdup_printf ("%.8s-%.4s-8%.3s-a%.3s-%.12s", hash, hash + 8, hash + 12, hash + 15,
                          hash + 18);
}

/* Once for a push: what was requested has to be in the log before its ticket can be claimed, and
 * what others decided of it here before it is sent. */
static gboolean
reach (TvmSyncEngine  *self,
       TvmTeamTurn    *turn,
       GCancellable   *cancellable,
       GError        **error)
{
  TvmListResult result = { .received = 0 };
  g_autoptr(TvmSyncTeam) team = NULL;
  int n_requests = 0;

  if (turn->link == NULL && turn->failure == NULL)
    {
      turn->link = tvm_sync_open_team (self, &team, cancellable, &turn->failure);
      if (turn->link != NULL &&
          tvm_sync_prepare_push (self, team->state, cancellable, &turn->failure) &&
          !tvm_sync_push_decisions (self, turn->link, cancellable, &turn->failure) &&
          tvm_sync_is_refused (turn->failure))
        g_clear_error (&turn->failure); /* each sync tells that; the claim needs only the request */
      if (turn->failure == NULL)
        tvm_sync_pull_log (self, turn->link, &result, &n_requests, cancellable, &turn->failure);
    }
  if (turn->failure == NULL)
    return TRUE;
  g_propagate_error (error, g_error_copy (turn->failure));
  return FALSE;
}

static void
fail_held (const TvmTeamClaim  *claim,
           GError             **error)
{
  g_set_error (error, TVM_ERROR, TVM_ERROR_CONFLICT,
               /* Translators: %s is an e-mail address. */
               _("The program of %s is sending this ticket. It is looked at again in a while."),
               claim->who != NULL ? claim->who : _("an unknown person"));
}

/**
 * tvm_sync_take_turn:
 * @self: an engine
 * @turn: (inout): the push's connection, made here where it is needed
 * @entry: a ticket to be made
 * @out_other: (out) (transfer full) (nullable): with %TVM_TURN_SENT the ticket in Intune, with
 *   %TVM_TURN_LOOK the marker that it may be there under
 * @cancellable: (nullable): ends the wait
 * @error: return location for a #TvmError with %TVM_TURN_WAIT: why
 *
 * Of an activity that the team does not know nobody else can send the tickets.
 *
 * Returns: whether the ticket is to be sent now
 */
TvmTurn
tvm_sync_take_turn (TvmSyncEngine         *self,
                    TvmTeamTurn           *turn,
                    const TvmOutboxEntry  *entry,
                    char                 **out_other,
                    GCancellable          *cancellable,
                    GError               **error)
{
  g_auto(TvmTeamClaim) claim = { TVM_CLAIM_GRANTED };
  g_autofree char *own = NULL;
  gboolean is_shared = FALSE;

  *out_other = NULL;
  if (!tvm_store_is_shared (self->store, entry->activity->id, &is_shared, error))
    return TVM_TURN_WAIT;
  if (!is_shared)
    return TVM_TURN_SEND;
  own = dup_claim (self);
  if (!reach (self, turn, cancellable, error) ||
      !tvm_team_claim_ticket (turn->link, entry->activity->id, entry->number, entry->marker, own,
                              LEASE_S, &claim, cancellable, error))
    return TVM_TURN_WAIT;
  switch (claim.outcome)
    {
    case TVM_CLAIM_TAKEN_OVER:
      *out_other = g_steal_pointer (&claim.marker);
      return TVM_TURN_LOOK;
    case TVM_CLAIM_SENT:
      *out_other = g_steal_pointer (&claim.intune_id);
      return TVM_TURN_SENT;
    case TVM_CLAIM_HELD:
      fail_held (&claim, error);
      return TVM_TURN_WAIT;
    case TVM_CLAIM_GRANTED:
    default:
      return TVM_TURN_SEND;
    }
}

/**
 * tvm_sync_is_completed:
 * @self: an engine
 * @turn: the push's connection
 * @entry: a ticket that is its turn
 *
 * Returns: whether its activity is completed, by whomever: the team's log may have told it just now
 */
gboolean
tvm_sync_is_completed (TvmSyncEngine         *self,
                       const TvmTeamTurn     *turn,
                       const TvmOutboxEntry  *entry)
{
  g_autoptr(TvmOutboxEntry) now = NULL;

  if (turn->link == NULL)
    return entry->is_completed;
  now = tvm_store_get_outbox_entry (self->store, entry->ticket_key, NULL);
  return now == NULL || now->is_completed;
}

/**
 * tvm_sync_end_turn:
 * @self: an engine
 * @turn: (inout): the push's connection
 * @entry: a ticket that was its turn
 * @ticket: (nullable): what came of it; %NULL: nothing, for certain
 *
 * Tells the team; where that fails the claim ends by itself, and the ticket is found by its marker.
 */
void
tvm_sync_end_turn (TvmSyncEngine         *self,
                   TvmTeamTurn           *turn,
                   const TvmOutboxEntry  *entry,
                   const TvmTicket       *ticket)
{
  g_autofree char *own = dup_claim (self);

  if (turn->link != NULL)
    tvm_team_end_claim (turn->link, entry->activity->id, entry->number, own,
                        ticket != NULL ? ticket->id : NULL, NULL, NULL);
}

static const TvmTicket *
find_in_list (const TvmPull *pull,
              const char    *marker)
{
  for (guint i = 0; pull != NULL && i < pull->records->len; i++)
    {
      const TvmTicket *ticket = pull->records->pdata[i];

      if (ticket->marker != NULL && g_ascii_strcasecmp (ticket->marker, marker) == 0)
        return ticket;
    }
  return NULL;
}

/**
 * tvm_sync_find_others:
 * @self: what Intune has
 * @marker: (nullable): of a ticket that somebody else may have sent
 *
 * Returns: (transfer none) (nullable): that ticket; %NULL: there is none
 */
const TvmTicket *
tvm_sync_find_others (const TvmTicketLists *self,
                      const char           *marker)
{
  const TvmTicket *found = marker != NULL ? find_in_list (self->first, marker) : NULL;

  return found != NULL || marker == NULL ? found : find_in_list (self->second, marker);
}

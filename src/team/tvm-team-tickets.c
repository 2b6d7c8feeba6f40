/* tvm-team-tickets.c: which program sends a ticket: it is claimed in the database first. One thread
 * at a time. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-team-private.h"

#include "tvm-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/**
 * tvm_team_claim_clear:
 * @self: (inout): what the database said
 */
void
tvm_team_claim_clear (TvmTeamClaim *self)
{
  g_clear_pointer (&self->who, g_free);
  g_clear_pointer (&self->marker, g_free);
  g_clear_pointer (&self->intune_id, g_free);
}

static gboolean
read_outcome (const char    *word,
              TvmTeamClaim  *out,
              GError       **error)
{
  static const char *const words[] = { "granted", "taken-over", "held", "sent" };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (strcmp (words[i], word) == 0)
      {
        out->outcome = i;
        return TRUE;
      }
  g_set_error (error, TVM_ERROR, TVM_ERROR_BAD_RESPONSE,
               _("The team's database reports an error."));
  return FALSE;
}

/**
 * tvm_team_claim_ticket:
 * @self: a connection of a member, after tvm_team_look()
 * @activity: an activity that the log has
 * @part: which of its tickets, from 1
 * @marker: what finds that ticket in Intune
 * @claim: a UUID of who is to send it, the same after a restart
 * @seconds: how long the claim holds where it is not ended
 * @out: (out caller-allocates): what came of it; cleared with tvm_team_claim_clear()
 * @cancellable: (nullable): ends the wait
 * @error: return location for a #TvmError
 *
 * A database of the layout before knows no claims: it grants all.
 *
 * Returns: %FALSE on error: nothing may be sent
 */
gboolean
tvm_team_claim_ticket (TvmTeam       *self,
                       const char    *activity,
                       int            part,
                       const char    *marker,
                       const char    *claim,
                       int            seconds,
                       TvmTeamClaim  *out,
                       GCancellable  *cancellable,
                       GError       **error)
{
  g_autofree char *part_text = g_strdup_printf ("%d", part);
  g_autofree char *seconds_text = g_strdup_printf ("%d", seconds);
  const char *values[] = { activity, part_text, marker, claim, seconds_text };
  g_autoptr(PGresult) told = NULL;

  *out = (TvmTeamClaim) { TVM_CLAIM_GRANTED };
  if (self->layout < TVM_TEAM_APPROVALS)
    return TRUE;
  told = tvm_team_query (self, "SELECT outcome, who, old_marker, id FROM "
                         "tvm_remediate.claim_ticket ($1::uuid, $2::integer, $3, $4::uuid, "
                         "$5::integer)", 5, values, cancellable, error);
  if (told == NULL)
    return FALSE;
  out->who = tvm_team_dup_cell (told, 0, 1);
  out->marker = tvm_team_dup_cell (told, 0, 2);
  out->intune_id = tvm_team_dup_cell (told, 0, 3);
  return read_outcome (PQgetvalue (told, 0, 0), out, error);
}

/**
 * tvm_team_end_claim:
 * @self: a connection of a member, after tvm_team_look()
 * @activity: the activity
 * @part: which of its tickets
 * @claim: as it was claimed with
 * @intune_id: (nullable): the ticket that was made; %NULL: none was
 * @cancellable: (nullable): ends the wait
 * @error: return location for a #TvmError
 *
 * Returns: %FALSE on error; then the claim holds until its end
 */
gboolean
tvm_team_end_claim (TvmTeam       *self,
                    const char    *activity,
                    int            part,
                    const char    *claim,
                    const char    *intune_id,
                    GCancellable  *cancellable,
                    GError       **error)
{
  g_autofree char *part_text = g_strdup_printf ("%d", part);
  const char *values[] = { activity, part_text, claim, intune_id };
  g_autoptr(PGresult) done = NULL;

  if (self->layout < TVM_TEAM_APPROVALS)
    return TRUE;
  done = tvm_team_query (self, "SELECT tvm_remediate.end_claim ($1::uuid, $2::integer, $3::uuid, "
                         "$4)", 4, values, cancellable, error);
  return done != NULL;
}

/**
 * tvm_team_dup_tickets:
 * @self: a connection of a member, after tvm_team_look()
 * @cancellable: (nullable): ends the wait
 * @error: return location for a #TvmError
 *
 * Returns: (transfer full) (nullable): who claimed and sent which ticket, as a JSON array; %NULL on
 *   error
 */
char *
tvm_team_dup_tickets (TvmTeam       *self,
                      GCancellable  *cancellable,
                      GError       **error)
{
  g_autoptr(PGresult) told = NULL;

  if (self->layout < TVM_TEAM_APPROVALS)
    return g_strdup ("[]");
  told = tvm_team_query (self, "SELECT coalesce (jsonb_agg (jsonb_build_object ('activity', "
                         "t.activity, 'part', t.part, 'marker', t.marker, 'who', m.account, "
                         "'intune_id', t.intune_id, 'sent_on', t.sent_at) ORDER BY t.activity, "
                         "t.part), '[]') FROM tvm_remediate.ticket t JOIN tvm_remediate.member m "
                         "ON m.id = t.claimed_by", 0, NULL, cancellable, error);
  return told != NULL ? tvm_team_dup_cell (told, 0, 0) : NULL;
}

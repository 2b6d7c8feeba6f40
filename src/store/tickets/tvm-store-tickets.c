/* tvm-store-tickets.c: the tickets of activities, and what Intune says about them (R4, R7).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-private.h"

#include "tvm-time.h"

#include <glib/gi18n-lib.h>

static gpointer
list_tickets (TvmDb *db, gconstpointer activity_id)
{
  return tvm_table_list (db, &tvm_ticket_table, (GDestroyNotify) tvm_ticket_unref,
                         "WHERE a.id = ?1 ORDER BY k.key", "s", activity_id);
}

/**
 * tvm_store_list_tickets:
 * @self: a store
 * @activity_id: an activity
 * @error: return location for a #TvmError
 *
 * Returns: (transfer full) (element-type TvmTicket): its tickets, or %NULL on error
 */
GPtrArray *
tvm_store_list_tickets (TvmStore   *self,
                        const char *activity_id,
                        GError    **error)
{
  return tvm_store_load (self, list_tickets, activity_id, (GDestroyNotify) g_ptr_array_unref,
                         error);
}

/**
 * tvm_ticket_activity:
 * @db: a connection
 * @ticket_key: key of a ticket of ours
 *
 * Returns: key of its activity; 0 where the ticket is gone: then @db has failed with
 *   %TVM_ERROR_NOT_FOUND
 */
gint64
tvm_ticket_activity (TvmDb *db,
                     gint64 ticket_key)
{
  gint64 key = tvm_db_get_int (db, "SELECT activity_key FROM ticket WHERE key = ?1", "I",
                               ticket_key);

  if (key == 0)
    tvm_db_fail (db, TVM_ERROR_NOT_FOUND, _("This ticket is no longer here."));
  return key;
}

static const char *
history_kind (TvmTicketStatus status)
{
  switch (status)
    {
    case TVM_TICKET_ACTIVE:
      return "ticket-accepted";
    case TVM_TICKET_COMPLETED:
      return "ticket-completed";
    case TVM_TICKET_REJECTED:
      return "ticket-rejected";
    case TVM_TICKET_GONE:
      return "ticket-gone";
    case TVM_TICKET_UNKNOWN:
    case TVM_TICKET_OUTBOX:
    case TVM_TICKET_PENDING:
    case TVM_TICKET_FAILED:
    case TVM_TICKET_WITHDRAWN:
    default:
      return "ticket-changed";
    }
}

/**
 * tvm_ticket_take_answer:
 * @db: the writer's connection; it fails with %TVM_ERROR_NOT_FOUND where the ticket is gone
 * @key: key of a ticket of ours
 * @answer: what Intune says about it; a status or assignee that is not told changes none, and the
 *   devices are ours
 *
 * Also tells the history. A new ticket leaves the outbox, and so does the wish to withdraw one that
 * is no longer pending; one that was taken for withdrawn and is pending is to be withdrawn again.
 *
 * Returns: whether anything differed
 */
gboolean
tvm_ticket_take_answer (TvmDb           *db,
                        gint64           key,
                        const TvmTicket *answer)
{
  TvmTicketStatus status = answer->status;
  gint64 activity_key = tvm_ticket_activity (db, key);
  int old = (int) tvm_db_get_int (db, "SELECT status FROM ticket WHERE key = ?1", "I", key);
  g_autofree char *old_assigned_to =
    tvm_db_get_text (db, "SELECT assigned_to FROM ticket WHERE key = ?1", "I", key);
  const char *assigned_to = answer->assigned_to;
  g_autofree char *said = tvm_groups_to_text ((const char *const *) answer->said);
  gint64 completed_us = answer->changed_us != 0 ? answer->changed_us : tvm_now_us ();
  gboolean was_unsent = tvm_db_get_int (db, "SELECT id IS NULL FROM ticket WHERE key = ?1", "I",
                                        key) != 0;

  if (status == TVM_TICKET_UNKNOWN)
    status = was_unsent || old == TVM_TICKET_GONE || old == TVM_TICKET_WITHDRAWN
               ? TVM_TICKET_PENDING : (TvmTicketStatus) old;
  /* One that is pending again is nobody's. */
  if (assigned_to == NULL && (status != TVM_TICKET_PENDING || (int) status == old))
    assigned_to = old_assigned_to;
  if (
    tvm_db_run (
      db,
      "UPDATE ticket SET id = ?2, status = ?3, assigned_to = ?4, last_error = NULL, is_parked = 0, "
      "was_sent = 1, sending_us = 0, next_attempt_us = 0, not_before_us = 0, created_us = iif (?5 "
      "<> 0, ?5, created_us), "
      "changed_us = iif (?6 <> 0, ?6, changed_us), "
      "completed_us = iif (?3 = 4, iif (completed_us <> 0, completed_us, ?7), 0), said = ?8 "
      "WHERE key = ?1 AND (said IS NOT ?8 OR id IS NOT ?2 OR status <> ?3 OR assigned_to IS NOT ?4 "
      "OR (?5 <> 0 AND created_us <> ?5) OR "
      "(?6 <> 0 AND changed_us <> ?6))",
      "IsisIIIs", key, answer->id, status, assigned_to, answer->created_us,
      answer->changed_us, completed_us, said) == 0)
    return FALSE;
  if (was_unsent)
    {
      tvm_history_add_change (db, activity_key, "ticket-sent", NULL, answer->id,
                              tvm_ticket_status_to_word (old),
                              tvm_ticket_status_to_word (TVM_TICKET_PENDING));
      old = TVM_TICKET_PENDING;
    }
  else if (old == TVM_TICKET_GONE || old == TVM_TICKET_WITHDRAWN)
    {
      tvm_history_add_change (db, activity_key, "ticket-back", NULL, answer->id,
                              tvm_ticket_status_to_word (old),
                              tvm_ticket_status_to_word (TVM_TICKET_PENDING));
      if (old == TVM_TICKET_WITHDRAWN)
        tvm_ticket_renew_withdrawal (db, key);
      old = TVM_TICKET_PENDING;
    }
  if ((int) status != old)
    tvm_history_add_change (db, activity_key, history_kind (status), answer->assigned_to,
                            answer->id, tvm_ticket_status_to_word (old),
                            tvm_ticket_status_to_word (status));
  else if (g_strcmp0 (old_assigned_to, assigned_to) != 0 && !was_unsent)
    tvm_history_add_change (db, activity_key, "ticket-assigned", assigned_to, answer->id,
                            old_assigned_to, assigned_to);
  tvm_ticket_drop_withdrawal (db, key);
  db->changes |= TVM_CHANGED_ACTIVITIES | (was_unsent ? TVM_CHANGED_OUTBOX : 0);
  return TRUE;
}

static void
note_gone (TvmDb *db,
           gint64 key)
{
  int old;

  if (tvm_ticket_note_withdrawn (db, key, FALSE))
    return;
  old = (int) tvm_db_get_int (db, "SELECT status FROM ticket WHERE key = ?1", "I", key);
  tvm_db_run (db, "UPDATE ticket SET status = ?3, changed_us = ?2 WHERE key = ?1", "IIi", key,
              tvm_now_us (), TVM_TICKET_GONE);
  tvm_history_add_change (db, tvm_ticket_activity (db, key), "ticket-gone", NULL, NULL,
                          tvm_ticket_status_to_word (old),
                          tvm_ticket_status_to_word (TVM_TICKET_GONE));
  db->changes |= TVM_CHANGED_ACTIVITIES;
}

/* Whether @pull says nothing about a ticket: it changed here since it was asked for, or Intune said
 * less than a day ago that it deleted it, and no list outweighs that. */
static gboolean
is_settled (TvmDb         *db,
            const TvmPull *pull,
            gint64         key)
{
  return tvm_db_get_int (db, "SELECT stamp > ?2 OR (status = ?3 AND was_sent = ?4 AND "
                         "abs (changed_us - ?5) < ?6) FROM ticket WHERE key = ?1", "IIiiII", key,
                         pull->asked, TVM_TICKET_WITHDRAWN, TVM_ARRIVAL_TOLD, tvm_now_us (),
                         TVM_DAY_US) != 0;
}

/* The tickets that Intune had and that did not change here since @pull was asked for, whose @seen
 * it lacks: gone where Intune itself says so. Returns how many stay without an answer. */
static guint
take_missing (TvmDb         *db,
              const TvmPull *pull,
              GHashTable    *seen,
              TvmListResult *result)
{
  g_autoptr(GArray) gone = g_array_new (FALSE, FALSE, sizeof (gint64));
  sqlite3_stmt *row = tvm_db_query (db, TVM_TICKETS_IN_INTUNE, "iiI", TVM_TICKET_GONE,
                                    TVM_TICKET_WITHDRAWN, pull->asked);
  guint n_unanswered = 0;

  while (tvm_db_next (db, row))
    {
      gint64 key = sqlite3_column_int64 (row, 0);

      if (g_hash_table_contains (seen, GSIZE_TO_POINTER ((gsize) key)))
        continue;
      if (g_hash_table_contains (pull->gone, tvm_db_text (row, 1)))
        g_array_append_val (gone, key);
      else
        n_unanswered++;
    }
  for (guint i = 0; i < gone->len; i++)
    note_gone (db, g_array_index (gone, gint64, i));
  result->removed = (int) gone->len;
  return n_unanswered;
}

/**
 * tvm_tickets_merge:
 * @db: the writer's connection
 * @pull: the whole list as Intune has it
 * @result: (inout): what changed
 *
 * Takes what Intune says about tickets of ours, found by id, or by marker for a lost answer, unless
 * they changed here since it was asked. One that was taken for gone or withdrawn and is there is
 * what Intune says again.
 *
 * Returns: how many of ours it lacks about which Intune has not been asked
 */
guint
tvm_tickets_merge (TvmDb         *db,
                   const TvmPull *pull,
                   TvmListResult *result)
{
  g_autoptr(GHashTable) seen = g_hash_table_new (NULL, NULL);

  result->received = 0;
  for (guint i = 0; i < pull->records->len; i++)
    {
      const TvmTicket *ticket = pull->records->pdata[i];
      gint64 key;

      if (ticket->id == NULL)
        continue;
      key = tvm_db_get_int (
        db,
        "SELECT key FROM ticket WHERE id = ?1 OR (id IS NULL AND marker = ?2) "
        "ORDER BY id IS NULL LIMIT 1",
        "ss", ticket->id, ticket->marker);
      if (key == 0 || !g_hash_table_add (seen, GSIZE_TO_POINTER ((gsize) key)))
        continue;
      result->received++;
      if (!is_settled (db, pull, key))
        result->changed += tvm_ticket_take_answer (db, key, ticket);
    }
  return take_missing (db, pull, seen, result);
}

/* tvm-store-adopted.c: tickets of this program in Intune that another store made (R20): kept beside
 * ours, to be looked at only. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-private.h"
#include "tvm-store-team-private.h"

#include "tvm-disagreement.h"
#include "tvm-team-events.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Which recommendation it is about: the ticket tells it, or its software or the name of a
 * configuration fits one only. */
#define RECOMMENDATION_ID \
  "coalesce (k.recommendation_id, (SELECT iif (count (*) = 1, min (r.id), NULL) FROM " \
  "recommendation r WHERE iif (k.product IS NOT NULL, r.product = k.product AND " \
  "r.vendor IS k.vendor, r.type = ?2 AND r.name = k.title)))"

/* A second one with a marker of ours is not: it was sent twice, or made of ours by hand. */
static gboolean
is_ours (TvmDb           *db,
         const TvmTicket *ticket)
{
  return tvm_db_get_int (db, "SELECT EXISTS (SELECT 1 FROM ticket WHERE id = ?1 OR "
                         "(marker = ?2 AND id IS NULL))", "ss", ticket->id, ticket->marker) != 0;
}

/* A status that nobody knows, and an assignee that is not told, change none, as with our own
 * tickets; the service's word is kept. Returns whether anything differed. */
static gboolean
keep (TvmDb           *db,
      const TvmTicket *ticket)
{
  g_autofree char *groups = ticket->groups != NULL ? g_strjoinv ("\n", ticket->groups) : NULL;
  g_autofree char *said = tvm_groups_to_text ((const char *const *) ticket->said);

  return tvm_db_run (db, "INSERT INTO adopted_ticket (id, marker, title, created_by, assigned_to, "
                     "status, devices, recommendation_id, groups, product, vendor, created_us, "
                     "said) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13) "
                     "ON CONFLICT (id) DO UPDATE SET marker = ?2, title = ?3, "
                     "created_by = ?4, assigned_to = coalesce (?5, assigned_to), status "
                     "= iif (?6 = TVM_TICKET_UNKNOWN, status, ?6), devices = ?7, "
                     "recommendation_id = ?8, groups = ?9, "
                     "product = ?10, vendor = ?11, created_us = ?12, said = ?13 WHERE (marker, "
                     "title, created_by, assigned_to, status, devices, recommendation_id, groups, "
                     "product, vendor, created_us, said) IS NOT (?2, ?3, ?4, coalesce (?5, "
                     "assigned_to), iif (?6 = TVM_TICKET_UNKNOWN, status, ?6), ?7, ?8, ?9, "
                     "?10, ?11, ?12, ?13)", "sssssiissssIs", ticket->id, ticket->marker,
                     ticket->title, ticket->created_by, ticket->assigned_to, ticket->status,
                     ticket->devices, ticket->recommendation_id, groups, ticket->product,
                     ticket->vendor,
                     ticket->created_us, said) > 0;
}

static GPtrArray *
list_missing (TvmDb      *db,
              GHashTable *seen)
{
  GPtrArray *missing = g_ptr_array_new_with_free_func (g_free);
  sqlite3_stmt *row = tvm_db_query (db, "SELECT id FROM adopted_ticket", "");

  while (tvm_db_next (db, row))
    if (!g_hash_table_contains (seen, tvm_db_text (row, 0)))
      g_ptr_array_add (missing, tvm_db_dup (row, 0));
  return missing;
}

/* Entries of the outbox that ask for the same wait for a person's word: who submitted them did not
 * know (R20). One that is on its way now is too late, and a team sends its tickets once anyway. */
static void
hold_same (TvmDb           *db,
           const TvmTicket *ticket)
{
  const TvmPrior prior = { .kind = TVM_PRIOR_TICKET, .who = ticket->created_by,
                           .when_us = ticket->created_us, .ticket_status = ticket->status };
  g_autofree char *groups = ticket->groups != NULL ? g_strjoinv ("\n", ticket->groups) : NULL;
  g_autofree char *what = tvm_prior_to_text (&prior);
  /* Translators: %s is a sentence: who requested the same */
  g_autofree char *reason = g_strdup_printf (_("%s. Send it all the same, or revoke it."), what);
  g_autoptr(GArray) keys = g_array_new (FALSE, FALSE, sizeof (gint64));
  gboolean is_joined = tvm_team_is_joined (db);
  sqlite3_stmt *row =
    tvm_db_query (db, "SELECT k.key, " TVM_ACTIVITY_GROUPS ", a.id FROM ticket k JOIN activity "
                  "a ON a.key = k.activity_key WHERE k.id IS NULL AND k.is_parked = 0 AND "
                  "k.status = TVM_TICKET_OUTBOX AND k.sending_us = 0 AND "
                  "a.recommendation_id = ?1", "s", ticket->recommendation_id);

  while (tvm_db_next (db, row))
    if (tvm_groups_overlap (groups, tvm_db_text (row, 1)) &&
        !(is_joined && tvm_team_knows (db, tvm_db_text (row, 2), TVM_EVENT_REQUESTED)))
      {
        gint64 key = sqlite3_column_int64 (row, 0);

        g_array_append_val (keys, key);
      }
  for (guint i = 0; i < keys->len; i++)
    {
      gint64 key = g_array_index (keys, gint64, i);

      tvm_db_run (db, "UPDATE ticket SET is_parked = ?2, last_error = ?3 WHERE key = ?1", "Iis",
                  key, TVM_PARKED_ASKED, reason);
      tvm_history_add_change (db, tvm_ticket_activity (db, key), "ticket-held", ticket->created_by,
                              ticket->id, NULL, NULL);
      db->changes |= TVM_CHANGED_OUTBOX | TVM_CHANGED_ACTIVITIES;
    }
}

/* @ids: of tickets that are here since now, and still to be done. */
static void
hold_for_new (TvmDb      *db,
              GHashTable *ids)
{
  g_autoptr(GPtrArray) all = g_hash_table_size (ids) > 0 ? tvm_adopted_load (db, NULL) : NULL;

  for (guint i = 0; all != NULL && i < all->len; i++)
    {
      const TvmTicket *ticket = all->pdata[i];

      if (ticket->recommendation_id != NULL && g_hash_table_contains (ids, ticket->id) &&
          (ticket->status == TVM_TICKET_PENDING || ticket->status == TVM_TICKET_ACTIVE))
        hold_same (db, ticket);
    }
}

/**
 * tvm_tickets_adopt:
 * @db: the writer's database, after our own tickets were found in the list
 * @tickets: (element-type TvmTicket): the whole list as Intune has it
 * @result: (inout): counts what changed
 *
 * Keeps what carries a marker and is none of ours. What waits in the outbox and asks for the same
 * as a new one is held.
 *
 * Returns: (transfer full) (element-type utf8): Intune's ids of those kept here that the list lacks
 */
GPtrArray *
tvm_tickets_adopt (TvmDb         *db,
                   GPtrArray     *tickets,
                   TvmListResult *result)
{
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GHashTable) fresh = g_hash_table_new (g_str_hash, g_str_equal);
  int n_before = (int) tvm_db_get_int (db, "SELECT count(*) FROM adopted_ticket", "");
  int n_written = 0, n_added;

  for (guint i = 0; i < tickets->len; i++)
    {
      const TvmTicket *ticket = tickets->pdata[i];

      if (ticket->id == NULL || ticket->marker == NULL || is_ours (db, ticket) ||
          !g_hash_table_add (seen, ticket->id))
        continue;
      if (tvm_db_get_int (db, "SELECT EXISTS (SELECT 1 FROM adopted_ticket WHERE id = ?1)", "s",
                          ticket->id) == 0)
        g_hash_table_add (fresh, ticket->id);
      n_written += keep (db, ticket) ? 1 : 0;
    }
  hold_for_new (db, fresh);
  n_added = (int) tvm_db_get_int (db, "SELECT count(*) FROM adopted_ticket", "") - n_before;
  result->received += (int) g_hash_table_size (seen);
  result->added += n_added;
  result->changed += n_written - n_added;
  if (n_written > 0)
    db->changes |= TVM_CHANGED_ACTIVITIES;
  return list_missing (db, seen);
}

/**
 * tvm_tickets_forget:
 * @db: the writer's database
 * @missing: (inout) (element-type utf8): Intune's ids of tickets made elsewhere; those that are
 *   forgotten go
 * @gone: (nullable) (element-type utf8): only what is in this set; %NULL: all
 * @result: (inout): counts them
 */
void
tvm_tickets_forget (TvmDb         *db,
                    GPtrArray     *missing,
                    GHashTable    *gone,
                    TvmListResult *result)
{
  for (guint i = missing->len; i-- > 0;)
    if (gone == NULL || g_hash_table_contains (gone, missing->pdata[i]))
      {
        result->removed += tvm_db_run (db, "DELETE FROM adopted_ticket WHERE id = ?1", "s",
                                       missing->pdata[i]);
        g_ptr_array_remove_index_fast (missing, i);
        db->changes |= TVM_CHANGED_ACTIVITIES;
      }
}

static gpointer
ticket_from_row (sqlite3_stmt *row)
{
  TvmTicket *t = tvm_ticket_new ();
  const char *groups = tvm_db_text (row, 8);

  t->activity_id = g_strdup ("");
  t->id = tvm_db_dup (row, 0);
  t->marker = tvm_db_dup (row, 1);
  t->title = tvm_db_dup (row, 2);
  t->created_by = tvm_db_dup (row, 3);
  t->assigned_to = tvm_db_dup (row, 4);
  t->status = sqlite3_column_int (row, 5);
  t->devices = sqlite3_column_int (row, 6);
  t->recommendation_id = tvm_db_dup (row, 7);
  if (groups != NULL)
    t->groups = *groups != '\0' ? g_strsplit (groups, "\n", -1) : g_new0 (char *, 1);
  t->created_us = sqlite3_column_int64 (row, 9);
  if (tvm_db_text (row, 11) != NULL)
    t->said = g_strsplit (tvm_db_text (row, 11), "\n", -1);
  return t;
}

/**
 * tvm_adopted_load:
 * @db: a connection
 * @recommendation_id: (nullable): a recommendation; %NULL: all of them, and tickets that tell none
 *
 * Returns: (transfer full) (element-type TvmTicket): the tickets made elsewhere, the newest first;
 *   their activity_id is empty, their groups %NULL where the ticket does not tell them
 */
GPtrArray *
tvm_adopted_load (TvmDb      *db,
                  const char *recommendation_id)
{
  sqlite3_stmt *row =
    tvm_db_query (db, "SELECT * FROM (SELECT k.id, k.marker, k.title, k.created_by, "
                  "k.assigned_to, k.status, k.devices, " RECOMMENDATION_ID " AS about, k.groups, "
                  "k.created_us, k.key, k.said FROM adopted_ticket k) WHERE ?1 IS NULL OR "
                  "about = ?1 "
                  "ORDER BY created_us DESC, key DESC", "si", recommendation_id,
                  TVM_TYPE_CONFIGURATION_CHANGE);

  return tvm_db_list (db, row, ticket_from_row, (GDestroyNotify) tvm_ticket_unref);
}

/**
 * tvm_store_list_adopted_tickets:
 * @self: a store
 * @recommendation_id: (nullable): a recommendation; %NULL: all of them
 * @error: return location for a #TvmError
 *
 * Returns: (transfer full) (nullable) (element-type TvmTicket): tickets of this program that were
 *   made elsewhere, the newest first; %NULL on error
 */
GPtrArray *
tvm_store_list_adopted_tickets (TvmStore    *self,
                                const char  *recommendation_id,
                                GError     **error)
{
  return tvm_store_load (self, (TvmStoreLoadFunc) tvm_adopted_load, recommendation_id,
                         (GDestroyNotify) g_ptr_array_unref, error);
}

static void
has_tickets (TvmDb *db, gpointer has_any)
{
  *(gboolean *) has_any =
    tvm_db_get_int (db, "SELECT EXISTS (SELECT 1 FROM ticket WHERE id IS NOT NULL AND "
                    "status NOT IN (?1, ?2)) OR EXISTS (SELECT 1 FROM adopted_ticket)", "ii",
                    TVM_TICKET_GONE, TVM_TICKET_WITHDRAWN) != 0;
}

/**
 * tvm_store_has_tickets:
 * @self: a store
 * @out: (out): whether Intune has any of the tickets here
 * @error: return location for a #TvmError
 *
 * Returns: %FALSE on error
 */
gboolean
tvm_store_has_tickets (TvmStore  *self,
                       gboolean  *out,
                       GError   **error)
{
  g_return_val_if_fail (TVM_IS_STORE (self), FALSE);

  *out = FALSE;
  return tvm_store_read (self, has_tickets, out, error);
}

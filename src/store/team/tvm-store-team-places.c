/* tvm-store-team-places.c: where in the team's log that is which is here, and what becomes of it
 * when the log was put back to a state of before. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-private.h"
#include "tvm-store-team.h"

static gpointer
load_places (TvmDb         *db,
             gconstpointer  max)
{
  return tvm_db_get_text (db, "SELECT json_group_array (json_object ('number', number, 'id', id)) "
                          "FROM (SELECT number, id FROM team_event WHERE number > 0 ORDER BY "
                          "number DESC LIMIT ?1)", "i", *(const int *) max);
}

/**
 * tvm_store_dup_team_places:
 * @self: a store
 * @max: how many at the most; -1: all
 * @error: return location for a #TvmError
 *
 * Returns: (transfer full): the last decisions of the team's log that are here, as JSON: an array
 *   of their numbers and ids; %NULL on error
 */
char *
tvm_store_dup_team_places (TvmStore  *self,
                           int        max,
                           GError   **error)
{
  g_return_val_if_fail (TVM_IS_STORE (self), NULL);

  return tvm_store_load (self, load_places, &max, g_free, error);
}

/* What was decided here waits again, under its own id. What others decided stays, without a place,
 * until they have sent it again. */
static void
turn_back (TvmDb    *db,
           gpointer  number)
{
  tvm_db_run (db, "UPDATE team_event SET number = iif (who COLLATE NOCASE = (SELECT value FROM "
              "setting WHERE name = ?2), 0, -key) WHERE number > ?1", "Is",
              *(const gint64 *) number, TVM_TEAM_ACCOUNT_KEY);
  tvm_db_run (db, "INSERT OR REPLACE INTO setting (name, value) VALUES (?1, 'true')", "s",
              TVM_TEAM_BACK_KEY);
  db->changes |= TVM_CHANGED_ACTIVITIES;
}

/**
 * tvm_store_turn_team_back:
 * @self: a store
 * @number: the last number of the log that is the same there as here
 * @error: return location for a #TvmError
 *
 * Forgets the places of all that stood behind it, which the team's log has no more.
 *
 * Returns: %FALSE on error
 */
gboolean
tvm_store_turn_team_back (TvmStore  *self,
                          gint64     number,
                          GError   **error)
{
  g_return_val_if_fail (TVM_IS_STORE (self), FALSE);

  return tvm_store_write (self, turn_back, &number, error);
}

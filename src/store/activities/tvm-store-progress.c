/* tvm-store-progress.c: what the devices say about the activities requested here (R6, R7). On the
 * writer's thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-private.h"

#include "tvm-time.h"

typedef struct
{
  gint64 key, recommendation_key;
  TvmRemediationType type;
} OpenActivity;

/* Keeps the numbers of the activity where they differ from the last ones kept. */
void
tvm_progress_note (TvmDb *db,
                   gint64 activity_key)
{
  tvm_db_run (db, "INSERT INTO progress (activity_key, when_us, fixed_devices, target_devices) "
              "SELECT a.key, ?2, a.fixed_devices, a.target_devices FROM activity a WHERE "
              "iif (?1 = 0, a.origin = 2, a.key = ?1) AND a.type <> 5 AND a.fixed_devices >= 0 AND "
              "(a.fixed_devices, a.target_devices) IS NOT (SELECT p.fixed_devices, "
              "p.target_devices FROM progress p WHERE p.activity_key = a.key ORDER BY p.key DESC "
              "LIMIT 1)",
              "II", activity_key, tvm_now_us ());
}

static void
complete_by_system (TvmDb *db,
                    gint64 activity_key)
{
  if (tvm_db_run (db, "UPDATE activity SET status = 2, completion = ?2, completed_us = ?3 "
                  "WHERE key = ?1 AND status = 1", "IiI", activity_key, TVM_COMPLETION_SYSTEM,
                  tvm_now_us ()) > 0)
    tvm_journal_add_change (db, activity_key, "completed-system", NULL, NULL,
                            tvm_activity_status_to_word (TVM_STATUS_ACTIVE),
                            tvm_activity_status_to_word (TVM_STATUS_COMPLETED));
}

static void
recompute_one (TvmDb              *db,
               const OpenActivity *activity)
{
  gint64 now_us = tvm_now_us ();
  int n_remediated, n_again, n_fixed;

  n_remediated =
    tvm_db_run (db,
                "UPDATE target SET is_exposed = 0, remediated_us = ?3 WHERE activity_key = ?1 "
                "AND is_exposed = 1 AND NOT EXISTS (SELECT 1 FROM exposure e WHERE "
                "e.recommendation_key = ?2 AND e.device_key = target.device_key)",
                "III", activity->key, activity->recommendation_key, now_us);
  n_again =
    tvm_db_run (db,
                "UPDATE target SET is_exposed = 1, exposed_again_us = ?3 WHERE activity_key = ?1 "
                "AND is_exposed = 0 AND EXISTS (SELECT 1 FROM exposure e WHERE "
                "e.recommendation_key = ?2 AND e.device_key = target.device_key)",
                "III", activity->key, activity->recommendation_key, now_us);
  n_fixed = (int) tvm_db_get_int (
    db, "SELECT count(*) FROM target WHERE activity_key = ?1 AND is_exposed = 0", "I",
    activity->key);
  tvm_journal_add_devices (db, activity->key, n_fixed - n_remediated + n_again, n_fixed + n_again);
  tvm_journal_add_devices (db, activity->key, n_fixed + n_again, n_fixed);
  if (n_remediated + n_again > 0)
    db->changes |= TVM_CHANGED_ACTIVITIES;
  if (activity->type == TVM_TYPE_ATTENTION_REQUIRED)
    return; /* R3: there is no specific action to monitor */
  if (tvm_db_run (db,
                  "UPDATE activity SET fixed_devices = ?2 WHERE key = ?1 AND fixed_devices <> ?2",
                  "Ii", activity->key, n_fixed) > 0)
    {
      tvm_progress_note (db, activity->key);
      db->changes |= TVM_CHANGED_ACTIVITIES;
    }
  if (n_fixed > 0 &&
      tvm_db_get_int (db,
                      "SELECT EXISTS (SELECT 1 FROM target WHERE activity_key = ?1 AND "
                      "is_exposed = 1)",
                      "I", activity->key) == 0 &&
      tvm_db_is_good (db))
    {
      complete_by_system (db, activity->key);
      db->changes |= TVM_CHANGED_ACTIVITIES;
    }
}

/* Open activities requested here, of one recommendation or of all. */
void
tvm_progress_recompute (TvmDb      *db,
                        const char *recommendation_id)
{
  g_autoptr(GArray) open = g_array_new (FALSE, FALSE, sizeof (OpenActivity));
  sqlite3_stmt *row =
    tvm_db_query (db,
                  "SELECT a.key, coalesce (r.key, 0), a.type FROM activity a LEFT JOIN "
                  "recommendation r ON r.id = a.recommendation_id WHERE a.status = 1 AND "
                  "a.origin = 1 AND (?1 IS NULL OR a.recommendation_id = ?1)",
                  "s", recommendation_id);

  while (tvm_db_next (db, row))
    {
      OpenActivity activity = { sqlite3_column_int64 (row, 0), sqlite3_column_int64 (row, 1),
                                sqlite3_column_int (row, 2) };

      g_array_append_val (open, activity);
    }
  for (guint i = 0; i < open->len; i++)
    recompute_one (db, &g_array_index (open, OpenActivity, i));
}

static void
recompute_all (TvmDb *db, gpointer data)
{
  tvm_progress_recompute (db, NULL);
}

/**
 * tvm_store_recompute_progress:
 * @self: a store
 * @error: return location for a #TvmError
 *
 * Compares the targets of every open activity requested here with the devices exposed now.
 *
 * Returns: %FALSE on error
 */
gboolean
tvm_store_recompute_progress (TvmStore *self,
                              GError  **error)
{
  g_return_val_if_fail (TVM_IS_STORE (self), FALSE);

  return tvm_store_write (self, recompute_all, NULL, error);
}

typedef struct
{
  const char *id;
  GArray     *points;
} ListData;

static void
list_progress (TvmDb *db, gpointer user_data)
{
  ListData *data = user_data;
  sqlite3_stmt *row =
    tvm_db_query (db, "SELECT p.when_us, p.fixed_devices, p.target_devices FROM progress p JOIN "
                  "activity a ON a.key = p.activity_key WHERE a.id = ?1 ORDER BY p.key", "s",
                  data->id);

  while (tvm_db_next (db, row))
    {
      TvmProgressPoint point = { sqlite3_column_int64 (row, 0), sqlite3_column_int (row, 1),
                                 sqlite3_column_int (row, 2) };

      g_array_append_val (data->points, point);
    }
}

/**
 * tvm_store_list_progress:
 * @self: a store
 * @activity_id: an activity
 * @error: return location for a #TvmError
 *
 * Returns: (transfer full) (nullable) (element-type TvmProgressPoint): its numbers at each moment
 *   they changed, oldest first; none for attention required (R3); %NULL on error
 */
GArray *
tvm_store_list_progress (TvmStore    *self,
                         const char  *activity_id,
                         GError     **error)
{
  g_autoptr(GArray) points = g_array_new (FALSE, FALSE, sizeof (TvmProgressPoint));
  ListData data = { activity_id, points };

  g_return_val_if_fail (TVM_IS_STORE (self), NULL);

  return tvm_store_read (self, list_progress, &data, error) ? g_steal_pointer (&points) : NULL;
}

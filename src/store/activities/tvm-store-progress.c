/* tvm-store-progress.c: what the devices say about the activities requested here (R6, R7). On the
 * writer's thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-private.h"

#include "tvm-time.h"

typedef struct
{
  gint64 key, recommendation_key;
  TvmRemediationType type;
  TvmActivityStatus status;
} OpenActivity;

/**
 * tvm_progress_note:
 * @db: the writer's connection
 * @activity_key: key of an activity; 0: all of the portal
 *
 * Keeps the numbers of the activity where they are known and differ from the last ones kept; never
 * for attention required (R3).
 */
void
tvm_progress_note (TvmDb *db,
                   gint64 activity_key)
{
  tvm_db_run (db, "INSERT INTO progress (activity_key, when_us, fixed_devices, target_devices) "
              "SELECT a.key, ?2, a.fixed_devices, a.target_devices FROM activity a WHERE "
              "iif (?1 = 0, a.origin = TVM_ORIGIN_DEFENDER, a.key = ?1) AND a.type <> "
              "TVM_TYPE_ATTENTION_REQUIRED AND a.fixed_devices >= 0 AND "
              "(a.fixed_devices, a.target_devices) IS NOT (SELECT p.fixed_devices, "
              "p.target_devices FROM progress p WHERE p.activity_key = a.key ORDER BY p.key DESC "
              "LIMIT 1)",
              "II", activity_key, tvm_now_us ());
}

static void
complete_by_system (TvmDb *db,
                    gint64 activity_key)
{
  if (tvm_db_run (db, "UPDATE activity SET status = TVM_STATUS_COMPLETED, completion = ?2, "
                  "completed_us = ?3 "
                  "WHERE key = ?1 AND status = TVM_STATUS_ACTIVE", "IiI", activity_key,
                  TVM_COMPLETION_SYSTEM,
                  tvm_now_us ()) > 0)
    tvm_history_add_change (db, activity_key, "completed-system", NULL, NULL,
                            tvm_activity_status_to_word (TVM_STATUS_ACTIVE),
                            tvm_activity_status_to_word (TVM_STATUS_COMPLETED));
}

/* Targets that were lost with a damaged store may be exposed. */
static gboolean
may_be_exposed (TvmDb *db,
                gint64 activity_key)
{
  return tvm_db_get_int (db, "SELECT EXISTS (SELECT 1 FROM target WHERE activity_key = ?1 AND "
                         "is_exposed = 1) OR (SELECT count(*) FROM target WHERE activity_key = ?1) "
                         "< (SELECT target_devices FROM activity WHERE key = ?1)", "I",
                         activity_key) != 0;
}

/* Devices that a list no longer has may be missing by mistake: all of them at once complete the
 * activity only where the service counts as many as it listed, or a later list says the same. */
static void
confirm (TvmDb             *db,
         gint64             activity_key,
         const TvmEvidence *evidence)
{
  gint64 fixed_stamp = tvm_db_get_int (db, "SELECT fixed_stamp FROM activity WHERE key = ?1", "I",
                                       activity_key);

  if (evidence->is_exact || (fixed_stamp != 0 && evidence->asked >= fixed_stamp))
    {
      complete_by_system (db, activity_key);
      db->changes |= TVM_CHANGED_ACTIVITIES;
    }
  else if (fixed_stamp == 0)
    tvm_db_run (db, "UPDATE activity SET fixed_stamp = (SELECT value FROM stamp) WHERE key = ?1",
                "I", activity_key);
}

/* A completed one is looked at again only to take that back; its numbers stay otherwise. */
static gboolean
is_wrong (TvmDb              *db,
          const OpenActivity *activity)
{
  int n_exposed = (int) tvm_db_get_int (db, "SELECT count(*) FROM target t JOIN exposure e ON "
                                        "e.recommendation_key = ?2 AND e.device_key = t.device_key "
                                        "WHERE t.activity_key = ?1", "II", activity->key,
                                        activity->recommendation_key);

  if (n_exposed == 0)
    return FALSE;
  tvm_db_run (db,
              "UPDATE activity SET status = ?2, completion = ?3, completed_us = 0 WHERE key = ?1",
              "Iii", activity->key, TVM_STATUS_ACTIVE, TVM_COMPLETION_NONE);
  tvm_history_add_counted (db, activity->key, "completion-taken-back", NULL, NULL, n_exposed,
                           tvm_activity_status_to_word (TVM_STATUS_COMPLETED),
                           tvm_activity_status_to_word (TVM_STATUS_ACTIVE));
  db->changes |= TVM_CHANGED_ACTIVITIES | TVM_CHANGED_RECOMMENDATIONS;
  return TRUE;
}

/* Compares the targets with the devices exposed now; returns how many are remediated. */
static int
update_targets (TvmDb              *db,
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
  tvm_history_add_devices (db, activity->key, n_fixed - n_remediated + n_again, n_fixed + n_again);
  tvm_history_add_devices (db, activity->key, n_fixed + n_again, n_fixed);
  if (n_remediated + n_again > 0)
    db->changes |= TVM_CHANGED_ACTIVITIES;
  return n_fixed;
}

static void
recompute_one (TvmDb              *db,
               const OpenActivity *activity,
               const TvmEvidence  *evidence)
{
  int n_fixed;

  /* A list of more devices than the service counts may be an old one. */
  if (activity->status == TVM_STATUS_COMPLETED &&
      ((evidence != NULL && evidence->is_too_long) || !is_wrong (db, activity)))
    return;
  n_fixed = update_targets (db, activity);
  if (activity->type == TVM_TYPE_ATTENTION_REQUIRED)
    return; /* R3: there is no specific action to monitor */
  if (tvm_db_run (db,
                  "UPDATE activity SET fixed_devices = ?2 WHERE key = ?1 AND fixed_devices <> ?2",
                  "Ii", activity->key, n_fixed) > 0)
    {
      tvm_progress_note (db, activity->key);
      db->changes |= TVM_CHANGED_ACTIVITIES;
    }
  if (may_be_exposed (db, activity->key))
    tvm_db_run (db, "UPDATE activity SET fixed_stamp = 0 WHERE key = ?1 AND fixed_stamp <> 0", "I",
                activity->key);
  else if (evidence != NULL && n_fixed > 0 && tvm_db_is_good (db))
    confirm (db, activity->key, evidence);
}

/**
 * tvm_progress_recompute:
 * @db: the writer's connection
 * @recommendation_id: a recommendation whose exposed devices are in the store
 * @evidence: (nullable): what that list is good for; %NULL: it was doubted, so nothing is completed
 *
 * Brings the activities that were requested here for it up to date: the open ones, and those that
 * were completed by System confirmation so lately that it may have been wrong.
 */
void
tvm_progress_recompute (TvmDb             *db,
                        const char        *recommendation_id,
                        const TvmEvidence *evidence)
{
  g_autoptr(GArray) open = g_array_new (FALSE, FALSE, sizeof (OpenActivity));
  sqlite3_stmt *row = tvm_db_query (
    db,
    "SELECT a.key, coalesce (r.key, 0), a.type, a.status FROM activity a LEFT JOIN "
    "recommendation r ON r.id = a.recommendation_id WHERE a.recommendation_id = ?1 AND "
    "a.origin = ?2 AND (a.status = ?3 OR (a.completion = ?4 AND a.completed_us > "
    "take_back_us ()))", "siii", recommendation_id, TVM_ORIGIN_LOCAL, TVM_STATUS_ACTIVE,
    TVM_COMPLETION_SYSTEM);

  while (tvm_db_next (db, row))
    {
      OpenActivity activity = { sqlite3_column_int64 (row, 0), sqlite3_column_int64 (row, 1),
                                sqlite3_column_int (row, 2), sqlite3_column_int (row, 3) };

      g_array_append_val (open, activity);
    }
  for (guint i = 0; i < open->len; i++)
    recompute_one (db, &g_array_index (open, OpenActivity, i), evidence);
}

static gpointer
list_progress (TvmDb *db, gconstpointer activity_id)
{
  GArray *points = g_array_new (FALSE, FALSE, sizeof (TvmProgressPoint));
  sqlite3_stmt *row =
    tvm_db_query (db, "SELECT p.when_us, p.fixed_devices, p.target_devices FROM progress p JOIN "
                  "activity a ON a.key = p.activity_key WHERE a.id = ?1 ORDER BY p.key", "s",
                  activity_id);

  while (tvm_db_next (db, row))
    {
      TvmProgressPoint point = { sqlite3_column_int64 (row, 0), sqlite3_column_int (row, 1),
                                 sqlite3_column_int (row, 2) };

      g_array_append_val (points, point);
    }
  return points;
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
  return tvm_store_load (self, list_progress, activity_id, (GDestroyNotify) g_array_unref, error);
}

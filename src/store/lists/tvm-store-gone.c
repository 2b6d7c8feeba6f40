/* tvm-store-gone.c: a recommendation that the service does not have any more, and one that it has
 * again (R7, R19). On the writer's thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-private.h"

/* What was known of its devices says nothing of them once it is back. */
static void
forget_devices (TvmDb      *db,
                const char *id)
{
  tvm_db_run (db, "UPDATE recommendation SET devices_synced_us = 0 WHERE id = ?1", "s", id);
  tvm_db_run (db, "UPDATE pulled SET merged_us = 0 WHERE kind = ?1 AND owner = ?2", "is",
              TVM_PULL_EXPOSED_DEVICES, id);
}

/**
 * tvm_gone_remove:
 * @db: the writer's connection
 * @id: a recommendation that the service does not have any more
 * @asked: the stamp when that was asked
 *
 * From now on it exposes only what the data of all devices still name, which decide. It stays for
 * the activities that name it.
 *
 * Returns: how many were removed: one, or none where that was known
 */
int
tvm_gone_remove (TvmDb      *db,
                 const char *id,
                 gint64      asked)
{
  const TvmEvidence evidence = { .is_exact = TRUE, .asked = asked };
  int n_removed;

  if (tvm_db_get_int (db, "SELECT is_listed FROM recommendation WHERE id = ?1", "s", id) == 0)
    return 0;
  tvm_pull_refuse_earlier (db, TVM_PULL_EXPOSED_DEVICES, id);
  forget_devices (db, id);
  tvm_exposure_remove_unnamed (db, id);
  if (tvm_db_get_int (db, "SELECT EXISTS (SELECT 1 FROM activity WHERE recommendation_id = ?1)",
                      "s", id) == 0)
    n_removed = tvm_db_run (db, "DELETE FROM recommendation WHERE id = ?1", "s", id) > 0;
  else
    n_removed = tvm_db_run (
      db, "UPDATE recommendation SET is_listed = 0, exposed_devices = iif (EXISTS (SELECT 1 FROM "
      "exposure e WHERE e.recommendation_key = recommendation.key), -1, 0) WHERE id = ?1", "s", id);
  tvm_db_run (db, "INSERT OR IGNORE INTO exposure_due SELECT w.recommendation_id FROM software w "
              "JOIN recommendation r ON r.id = w.recommendation_id WHERE r.id = ?1", "s", id);
  tvm_progress_recompute (db, id, &evidence);
  return n_removed;
}

/**
 * tvm_gone_note_returned:
 * @db: the writer's connection
 * @records: (element-type TvmRecommendation): recommendations that are about to be merged
 *
 * The devices of those that were gone are not known (R18).
 */
void
tvm_gone_note_returned (TvmDb     *db,
                        GPtrArray *records)
{
  for (guint i = 0; i < records->len; i++)
    {
      const char *id = ((const TvmRecommendation *) records->pdata[i])->id;

      if (tvm_db_get_int (db, "SELECT EXISTS (SELECT 1 FROM recommendation WHERE id = ?1 AND "
                          "is_listed = 0)", "s", id) != 0)
        forget_devices (db, id);
    }
}

/**
 * tvm_gone_settle:
 * @db: the writer's connection
 * @asked: the stamp when all recommendations were asked for
 *
 * Activities that became active again after their recommendation went are looked at again.
 */
void
tvm_gone_settle (TvmDb  *db,
                 gint64  asked)
{
  const TvmEvidence evidence = { .is_exact = TRUE, .asked = asked };
  g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  sqlite3_stmt *row =
    tvm_db_query (db, "SELECT DISTINCT r.id FROM recommendation r JOIN activity a ON "
                  "a.recommendation_id = r.id WHERE r.is_listed = 0 AND a.origin = ?1 AND "
                  "a.status = ?2", "ii", TVM_ORIGIN_LOCAL, TVM_STATUS_ACTIVE);

  while (tvm_db_next (db, row))
    g_ptr_array_add (ids, tvm_db_dup (row, 0));
  for (guint i = 0; i < ids->len; i++)
    tvm_progress_recompute (db, ids->pdata[i], &evidence);
}

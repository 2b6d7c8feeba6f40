/* tvm-store-past.c: a past that was not lived through, for the demo's profile. On the writer's
 * thread; the public function blocks. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-private.h"

static void
add_scores (TvmDb        *db,
            TvmScoreKind  kind,
            GArray       *points)
{
  for (guint i = 0; i < points->len; i++)
    {
      const TvmScorePoint *point = &g_array_index (points, TvmScorePoint, i);

      tvm_db_run (db, "INSERT INTO score (kind, when_us, score) VALUES (?1, ?2, ?3) ON CONFLICT DO "
                  "NOTHING", "iId", kind, point->when_us, point->score);
    }
}

/* Points are kept in the order in which they came, so the newer ones are written anew. */
static void
replace_progress (TvmDb                 *db,
                  const TvmPastProgress *past)
{
  gint64 key = tvm_db_get_int (db, "SELECT coalesce (max (key), 0) FROM activity WHERE id = ?1",
                               "s", past->activity_id);

  if (key == 0)
    return;
  tvm_db_run (db, "DELETE FROM progress WHERE activity_key = ?1", "I", key);
  for (guint i = 0; i < past->points->len; i++)
    {
      const TvmProgressPoint *point = &g_array_index (past->points, TvmProgressPoint, i);

      tvm_db_run (db, "INSERT INTO progress (activity_key, when_us, fixed_devices, target_devices) "
                  "VALUES (?1, ?2, ?3, ?4)", "IIii", key, point->when_us, point->fixed_devices,
                  point->target_devices);
    }
}

static void
write_past (TvmDb   *db,
            gpointer user_data)
{
  const TvmPast *past = user_data;

  add_scores (db, TVM_SCORE_EXPOSURE, past->exposure_scores);
  add_scores (db, TVM_SCORE_SECURE, past->secure_scores);
  for (guint i = 0; i < past->progress->len; i++)
    replace_progress (db, past->progress->pdata[i]);
  db->changes |= TVM_CHANGED_SCORES | TVM_CHANGED_ACTIVITIES;
}

/**
 * tvm_store_write_past:
 * @self: the store of the demo's profile; never one of a person
 * @past: scores to be added, and what is to stand for the progress of activities
 * @error: return location for a #TvmError
 *
 * Returns: %FALSE on error
 */
gboolean
tvm_store_write_past (TvmStore       *self,
                      const TvmPast  *past,
                      GError        **error)
{
  g_return_val_if_fail (TVM_IS_STORE (self), FALSE);

  return tvm_store_write (self, write_past, (gpointer) past, error);
}

/* tvm-store-updates.c: which security updates remediate the devices of a recommendation, as far as
 * the service told. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-private.h"

#include "tvm-time.h"

/* Microsoft's updates of a month contain those of the months before: one that was not named for
 * longer is not what to install now. */
#define MAX_AGE_US (45 * TVM_DAY_US)

/**
 * tvm_updates_write:
 * @db: the writer's connection
 * @updates: (element-type TvmSecurityUpdate): what the service named
 * @now_us: now, in microseconds since 1970 UTC, the same for all calls of one list
 * @result: (inout): counts those that are new
 *
 * Notes that each was named now; a name that is not told stays.
 */
void
tvm_updates_write (TvmDb         *db,
                   GPtrArray     *updates,
                   gint64         now_us,
                   TvmListResult *result)
{
  for (guint i = 0; i < updates->len; i++)
    {
      const TvmSecurityUpdate *update = updates->pdata[i];

      result->added += tvm_db_run (db, "INSERT OR IGNORE INTO security_update (recommendation_id, "
                                   "id, name, told_us) VALUES (?1, ?2, ?3, ?4)", "sssI",
                                   update->recommendation_id, update->id, update->name, now_us);
      tvm_db_run (db, "UPDATE security_update SET name = coalesce (?3, name), told_us = ?4 "
                  "WHERE recommendation_id = ?1 AND id = ?2", "sssI", update->recommendation_id,
                  update->id, update->name, now_us);
    }
}

/**
 * tvm_updates_forget:
 * @db: the writer's connection
 * @now_us: the instant that tvm_updates_write() was given
 * @only_old: whether those that were named within 45 days stay
 *
 * Returns: how many were forgotten of those that were not named then
 */
int
tvm_updates_forget (TvmDb    *db,
                    gint64    now_us,
                    gboolean  only_old)
{
  return tvm_db_run (db, "DELETE FROM security_update WHERE told_us <> ?1 AND (?2 = 0 OR "
                     "told_us <= ?3)", "IiI", now_us, only_old, now_us - MAX_AGE_US);
}

/**
 * tvm_updates_load:
 * @db: a connection
 * @recommendation_id: a recommendation
 *
 * Also for an entry of the outbox.
 *
 * Returns: (transfer full) (element-type TvmSecurityUpdate): the updates that the service named
 *   within 45 days, the highest number first
 */
GPtrArray *
tvm_updates_load (TvmDb      *db,
                  const char *recommendation_id)
{
  sqlite3_stmt *row = tvm_db_query (db, "SELECT recommendation_id, id, name, NULL FROM "
                                    "security_update WHERE recommendation_id = ?1 AND told_us > ?2 "
                                    "ORDER BY length (id) DESC, id DESC", "sI", recommendation_id,
                                    tvm_now_us () - MAX_AGE_US);

  return tvm_db_list (db, row, (TvmDbReadFunc) tvm_security_update_read,
                      (GDestroyNotify) tvm_security_update_unref);
}

/**
 * tvm_updates_merge:
 * @db: the writer's connection
 * @pull: the updates that the service named
 * @result: (inout): what changed
 * @out_doubtful: (out): whether they came shorter than can be believed
 *
 * What a part does not name stays until it is old.
 *
 * Returns: how many are lacking, to be remembered for the next list
 */
gint64
tvm_updates_merge (TvmDb         *db,
                   const TvmPull *pull,
                   TvmListResult *result,
                   gboolean      *out_doubtful)
{
  gint64 now_us = tvm_now_us (), n_lacking = 0;
  TvmClaim claim = { .kind = pull->kind, .owner = pull->owner, .n_counted = -1,
                     .n_received = result->received, .n_passed_over = pull->n_passed_over };

  *out_doubtful = FALSE;
  tvm_updates_write (db, pull->records, now_us, result);
  claim.n_lost = tvm_db_get_int (db, "SELECT count(*) FROM security_update WHERE told_us <> ?1",
                                 "I", now_us);
  if (!pull->is_part)
    n_lacking = tvm_claim_judge (db, &claim, out_doubtful);
  result->removed = tvm_updates_forget (db, now_us, pull->is_part || *out_doubtful);
  return n_lacking;
}

/**
 * tvm_store_list_security_updates:
 * @self: a store
 * @recommendation_id: a recommendation
 * @error: return location for a #TvmError
 *
 * Returns: (transfer full) (nullable) (element-type TvmSecurityUpdate): the updates that the
 *   service named lately, the highest number first; %NULL on error
 */
GPtrArray *
tvm_store_list_security_updates (TvmStore    *self,
                                 const char  *recommendation_id,
                                 GError     **error)
{
  return tvm_store_load (self, (TvmStoreLoadFunc) tvm_updates_load, recommendation_id,
                         (GDestroyNotify) g_ptr_array_unref, error);
}

/* tvm-store-derive.c: from the software of all devices to the exposed devices and CVEs of each
 * recommendation that fixes some of it. On the writer's thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-private.h"

#include "tvm-time.h"

/* The service renews its data so often, and none are older than a day, whatever they name. */
#define MAX_AGE_US (6 * TVM_HOUR_US)
#define OLDEST_US  TVM_DAY_US

#define FROM_STATES \
  "FROM software w JOIN software_state s ON s.software_key = w.key "
/* ?1: a recommendation */
#define NAMED_DEVICES \
  "SELECT i.device_key " FROM_STATES "JOIN installation i ON i.state_key = s.key WHERE " \
  "w.recommendation_id = ?1 AND EXISTS (SELECT 1 FROM software_state_vulnerability v WHERE " \
  "v.state_key = s.key)"

typedef struct { char *id; gint64 key; } Due;

static void
due_clear (gpointer data)
{
  g_free (((Due *) data)->id);
}

/**
 * tvm_exposure_is_newer:
 * @db: a connection
 * @kind: a list of a recommendation
 * @id: the recommendation
 * @asked: the stamp when all of it was asked for
 * @newest_us: how old that is at the most, in microseconds since 1970; 0: it does not tell
 *
 * What is made of all devices' data may be hours old; a list that was doubted is no better.
 *
 * Returns: whether the recommendation's own list was pulled since: that one is newer
 */
gboolean
tvm_exposure_is_newer (TvmDb       *db,
                       TvmPullKind  kind,
                       const char  *id,
                       gint64       asked,
                       gint64       newest_us)
{
  gint64 now_us = tvm_now_us ();
  gint64 of_us = newest_us != 0 && newest_us <= now_us ? MAX (newest_us, now_us - OLDEST_US)
                                                       : now_us - MAX_AGE_US;
  gint64 merged_us = tvm_db_get_int (db, "SELECT merged_us FROM pulled WHERE kind = ?1 AND owner = "
                                     "?2 AND doubted = 0", "is", kind, id);

  return tvm_pull_is_superseded (db, kind, id, asked) ||
         (merged_us <= now_us && merged_us > of_us);
}

static GArray *
list_keys (TvmDb      *db,
           const char *sql,
           const char *id)
{
  GArray *keys = g_array_new (FALSE, FALSE, sizeof (gint64));
  sqlite3_stmt *row = tvm_db_query (db, sql, "s", id);

  while (tvm_db_next (db, row))
    {
      gint64 key = sqlite3_column_int64 (row, 0);

      g_array_append_val (keys, key);
    }
  tvm_keys_sort (keys);
  return keys;
}

/**
 * tvm_exposure_remove_unnamed:
 * @db: the writer's connection
 * @id: a recommendation that the service does not have any more
 *
 * No device is exposed to it but those that the data of all devices name: that it is gone and that
 * they have it contradict each other, and nothing is completed by the one alone (R19). Where the
 * tenant refuses these data they are not renewed, and say nothing.
 */
void
tvm_exposure_remove_unnamed (TvmDb      *db,
                             const char *id)
{
  tvm_db_run (db, "DELETE FROM exposure WHERE recommendation_key = (SELECT key FROM recommendation "
              "WHERE id = ?1) AND (EXISTS (SELECT 1 FROM list_state WHERE name = ?2 AND error IS "
              "NOT NULL) OR device_key NOT IN (" NAMED_DEVICES "))", "ss", id, TVM_EXPOSURE_LIST);
}

/* Returns: whether they were kept, and not doubted. */
static gboolean
derive_devices (TvmDb         *db,
                const TvmPull *pull,
                const Due     *due)
{
  g_autoptr(GArray) keys = NULL;
  TvmKeyList list = { TVM_PULL_EXPOSURE, due->id, due->key, NULL, -1,
                      pull->n_passed_over };
  TvmListResult result = { .received = 0 };

  if (tvm_exposure_is_newer (db, TVM_PULL_EXPOSED_DEVICES, due->id, pull->asked,
                             pull->matrix->newest_us))
    return FALSE;
  keys = list_keys (db, NAMED_DEVICES, due->id);
  list.keys = keys;
  tvm_exposed_merge_devices (db, &list, &result);
  return result.doubtful == 0;
}

static gboolean
derive_cves (TvmDb         *db,
             const TvmPull *pull,
             const Due     *due)
{
  g_autoptr(GArray) keys = NULL;
  TvmKeyList list = { TVM_PULL_EXPOSURE, due->id, due->key, NULL, -1,
                      pull->n_passed_over };
  TvmListResult result = { .received = 0 };

  if (tvm_exposure_is_newer (db, TVM_PULL_VULNERABILITIES, due->id, pull->asked,
                             pull->matrix->newest_us))
    return FALSE;
  keys = list_keys (db, "SELECT DISTINCT v.vulnerability_key " FROM_STATES "JOIN "
                    "software_state_vulnerability v ON v.state_key = s.key WHERE "
                    "w.recommendation_id = ?1", due->id);
  list.keys = keys;
  tvm_exposed_merge_cves (db, &list, &result);
  return TRUE;
}

/* What was never known of a recommendation is due as well: it may be a new one. One that is gone
 * may have completed activities that devices contradict. */
static GArray *
list_due (TvmDb *db)
{
  GArray *list = g_array_new (FALSE, FALSE, sizeof (Due));
  sqlite3_stmt *row =
    tvm_db_query (db, "SELECT r.id, r.key FROM recommendation r WHERE EXISTS (SELECT 1 FROM "
                  "exposure_due d WHERE d.recommendation_id = r.id) OR (r.is_listed = 1 AND r.id "
                  "LIKE 'va-%' AND (r.devices_synced_us = 0 OR " TVM_CVES_UNKNOWN ")) ORDER BY "
                  "r.key", "");

  g_array_set_clear_func (list, due_clear);
  while (tvm_db_next (db, row))
    {
      Due due = { tvm_db_dup (row, 0), sqlite3_column_int64 (row, 1) };

      g_array_append_val (list, due);
    }
  return list;
}

/**
 * tvm_exposure_derive:
 * @db: the writer's connection, with the software of all devices as it is now
 * @pull: what that is made of
 *
 * Brings the exposed devices and CVEs of the recommendations of which something changed up to date,
 * each judged by what the recommendation counts itself. One whose own list is newer is left for
 * later. A refusal that was kept is over.
 */
void
tvm_exposure_derive (TvmDb         *db,
                     const TvmPull *pull)
{
  g_autoptr(GArray) dues = list_due (db);

  for (guint i = 0; i < dues->len && tvm_db_is_good (db); i++)
    {
      const Due *due = &g_array_index (dues, Due, i);
      gboolean has_devices = derive_devices (db, pull, due);

      if (derive_cves (db, pull, due) && has_devices)
        tvm_db_run (db, "DELETE FROM exposure_due WHERE recommendation_id = ?1", "s", due->id);
    }
  if (dues->len > 0)
    db->changes |= TVM_CHANGED_RECOMMENDATIONS | TVM_CHANGED_DEVICES |
                   TVM_CHANGED_WEAKNESSES;
}

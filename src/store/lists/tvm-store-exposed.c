/* tvm-store-exposed.c: the exposed devices and the CVEs of one recommendation, whether they were
 * listed for it or worked out of what every device has. On the writer's thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-private.h"

static const TvmLinks cve_links = {
  "SELECT vulnerability_key FROM recommendation_vulnerability WHERE recommendation_key = ?1 "
  "ORDER BY vulnerability_key",
  "DELETE FROM recommendation_vulnerability WHERE recommendation_key = ?1 AND "
  "vulnerability_key = ?2",
  "INSERT INTO recommendation_vulnerability (recommendation_key, vulnerability_key) VALUES ",
};

/**
 * tvm_recommendation_has_activity:
 * @db: a connection
 * @id: a recommendation
 * @is_open: whether only active ones count; a completed one may become active again
 *
 * Returns: whether an activity was requested here for it
 */
gboolean
tvm_recommendation_has_activity (TvmDb      *db,
                                 const char *id,
                                 gboolean    is_open)
{
  return tvm_db_get_int (db, "SELECT EXISTS (SELECT 1 FROM activity WHERE recommendation_id = ?1 "
                         "AND origin = TVM_ORIGIN_LOCAL AND (?2 = 0 OR status = "
                         "TVM_STATUS_ACTIVE))", "si", id, is_open) != 0;
}

static gint64
judge (TvmDb                *db,
       const TvmKeyList     *list,
       const TvmLinkChanges *changes,
       gint64                n_counted,
       gboolean              hangs,
       gboolean             *out_doubtful)
{
  TvmClaim claim = { .kind = list->kind, .owner = list->id, .n_received = changes->n_received,
                     .n_lost = changes->gone->len, .n_added = changes->added->len,
                     .n_passed_over = list->n_passed_over, .n_counted = n_counted, .hangs = hangs };

  return tvm_claim_judge (db, &claim, out_doubtful);
}

/* Returns: how many devices the service counts; -1: it does not, for the recommendation is gone.
 * None is what it says by that. */
static gint64
count_exposed (TvmDb *db, gint64 owner, guint n_received)
{
  return tvm_db_get_int (db, "SELECT iif (is_listed = 1, exposed_devices, iif (?2 = 0, 0, -1)) "
                         "FROM recommendation WHERE key = ?1", "II", owner, (gint64) n_received);
}

/**
 * tvm_exposed_merge_devices:
 * @db: the writer's connection
 * @list: the devices that are exposed to a recommendation
 * @result: (inout): what changed, and whether they were doubted: then none was removed
 *
 * Keeps them with all that follows: progress, completions, exceptions.
 *
 * Returns: how many are lacking, to be remembered for the next list
 */
gint64
tvm_exposed_merge_devices (TvmDb            *db,
                           const TvmKeyList *list,
                           TvmListResult    *result)
{
  g_auto(TvmLinkChanges) changes = { NULL };
  TvmEvidence evidence = { .asked = list->asked };
  gint64 n_counted, n_lacking;
  gboolean is_doubtful;

  tvm_links_compare (db, &tvm_exposure_links, list->owner, list->keys, &changes);
  n_counted = count_exposed (db, list->owner, changes.n_received);
  n_lacking = judge (db, list, &changes, n_counted,
                     tvm_recommendation_has_activity (db, list->id, TRUE), &is_doubtful);
  if (is_doubtful)
    g_array_set_size (changes.gone, 0);
  result->received = (int) changes.n_received;
  result->added = (int) changes.added->len;
  result->removed = (int) changes.gone->len;
  result->doubtful = is_doubtful ? 1 : 0;
  tvm_links_write (db, &tvm_exposure_links, list->owner, &changes);
  evidence.is_exact = changes.n_received == n_counted;
  evidence.is_too_long = n_counted >= 0 && changes.n_received > n_counted;
  if (!is_doubtful || !tvm_list_is_partial (changes.n_received, list->n_passed_over, n_counted))
    tvm_list_note_known (
      db, "SELECT devices_synced_us FROM recommendation WHERE key = ?1",
      "UPDATE recommendation SET devices_synced_us = ?2 WHERE key = ?1", list->owner);
  tvm_progress_recompute (db, list->id, is_doubtful ? NULL : &evidence);
  tvm_exceptions_recompute (db, list->id);
  return n_lacking;
}

/**
 * tvm_exposed_merge_cves:
 * @db: the writer's connection
 * @list: the CVEs of a recommendation, by their keys
 * @result: (inout): what changed
 *
 * Fewer than are counted is no doubt while nothing would go because of it.
 */
void
tvm_exposed_merge_cves (TvmDb            *db,
                        const TvmKeyList *list,
                        TvmListResult    *result)
{
  g_auto(TvmLinkChanges) changes = { NULL };
  gint64 n_counted = tvm_db_get_int (db, "SELECT weaknesses FROM recommendation WHERE key = ?1",
                                     "I", list->owner);
  gboolean is_doubtful;

  tvm_links_compare (db, &cve_links, list->owner, list->keys, &changes);
  judge (db, list, &changes, n_counted, FALSE, &is_doubtful);
  if (is_doubtful)
    g_array_set_size (changes.gone, 0);
  result->received = (int) changes.n_received;
  result->added = (int) changes.added->len;
  result->removed = (int) changes.gone->len;
  tvm_links_write (db, &cve_links, list->owner, &changes);
  if (!is_doubtful || !tvm_list_is_partial (changes.n_received, list->n_passed_over, n_counted))
    tvm_list_note_known (
      db, "SELECT vulnerabilities_synced_us FROM recommendation WHERE key = ?1",
      "UPDATE recommendation SET vulnerabilities_synced_us = ?2 WHERE key = ?1", list->owner);
}

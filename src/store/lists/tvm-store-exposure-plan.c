/* tvm-store-exposure-plan.c: what to ask the service for, so that the software of all devices and
 * what follows from it stay whole. On the reader's thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-private.h"

#include "tvm-time.h"

#define BASELINE_MAX_AGE_US (7 * TVM_DAY_US)
#define BASELINE_MIN_AGE_US (6 * TVM_HOUR_US)   /* the service's data are the same for so long */
#define CVES_MIN_AGE_US     TVM_DAY_US          /* it may count CVEs that no list has, for good */
#define CHANGES_MAX_AGE_US  (13 * TVM_DAY_US)   /* the API takes 14 days */
/* The service's data are renewed every 6 hours, so a change may be told long after it happened. */
#define CHANGES_OVERLAP_US  (12 * TVM_HOUR_US)

#define IS_SOFTWARE "r.is_listed = 1 AND r.id LIKE 'va-%' AND r.exposed_devices >= 0"
#define COUNT_HERE \
  "(SELECT count(*) FROM exposure e WHERE e.recommendation_key = r.key)"
#define COUNT_CVES \
  "(SELECT count(*) FROM recommendation_vulnerability l WHERE l.recommendation_key = r.key)"

typedef struct {
  TvmExposurePlan *plan;
  GStrvBuilder    *ids;
  gboolean         has_software, has_configurations;
} Question;

static gint64
synced_us (TvmDb      *db,
           const char *name)
{
  return tvm_db_get_int (db, "SELECT synced_us FROM list_state WHERE name = ?1", "s", name);
}

static void
plan_exposure (TvmDb    *db,
               gpointer  user_data)
{
  TvmExposurePlan *plan = ((Question *) user_data)->plan;
  gint64 now_us = tvm_now_us (), last_us = synced_us (db, TVM_EXPOSURE_LIST);
  gint64 baseline_us = synced_us (db, TVM_EXPOSURE_BASELINE);
  gboolean is_good = last_us != 0 && last_us <= now_us &&
                     last_us - CHANGES_OVERLAP_US > now_us - CHANGES_MAX_AGE_US &&
                     baseline_us > now_us - BASELINE_MAX_AGE_US && baseline_us <= now_us;

  plan->changes_since_us = is_good ? last_us - CHANGES_OVERLAP_US : 0;
  plan->n_devices = tvm_db_get_int (db, "SELECT coalesce (max (total_devices), 0) FROM "
                                    "recommendation WHERE is_listed = 1", "");
  plan->n_records = tvm_db_get_int (db, "SELECT total (r.exposed_devices * max (r.weaknesses, 1)) "
                                    "FROM recommendation r WHERE " IS_SOFTWARE, "");
  plan->n_configurations = tvm_db_get_int (db, "SELECT count(*) FROM recommendation WHERE "
                                           "is_listed = 1 AND id LIKE 'sca-%'", "");
  plan->n_tracked_configurations = tvm_db_get_int (
    db, "SELECT count(*) FROM recommendation r WHERE r.id LIKE 'sca-%' AND " TVM_IS_WATCHED, "");
  plan->configurations_us = synced_us (db, TVM_USER_IMPACT_LIST);
}

/**
 * tvm_store_plan_exposure:
 * @self: a store
 * @plan: (out caller-allocates): what is known of the software of all devices, and how much of it
 *   there is
 * @error: return location for a #TvmError
 *
 * Returns: %FALSE on error
 */
gboolean
tvm_store_plan_exposure (TvmStore         *self,
                         TvmExposurePlan  *plan,
                         GError          **error)
{
  Question question = { .plan = plan };

  g_return_val_if_fail (TVM_IS_STORE (self), FALSE);

  *plan = (TvmExposurePlan) { 0 };
  return tvm_store_read (self, plan_exposure, &question, error);
}

#define DISAGREE(counted, here) \
  "SELECT total (abs (n - here)) > max (5, total (n) / 10) FROM (SELECT " counted " AS n, " here \
  " AS here FROM recommendation r WHERE " IS_SOFTWARE " AND " counted " >= 0)"

static void
compare_totals (TvmDb    *db,
                gpointer  is_contradicted)
{
  gint64 age_us = tvm_now_us () - synced_us (db, TVM_EXPOSURE_BASELINE);

  *(gboolean *) is_contradicted =
    (age_us > BASELINE_MIN_AGE_US &&
     tvm_db_get_int (db, DISAGREE ("r.exposed_devices", COUNT_HERE), "") != 0) ||
    (age_us > CVES_MIN_AGE_US &&
     tvm_db_get_int (db, DISAGREE ("r.weaknesses", COUNT_CVES), "") != 0);
}

/**
 * tvm_store_is_exposure_contradicted:
 * @self: a store
 * @out_is_contradicted: (out): whether the recommendations count other devices or CVEs than are
 *   known, by more than churn in all, and all of it was not pulled so lately that it would say the
 *   same again
 * @error: return location for a #TvmError
 *
 * Returns: %FALSE on error
 */
gboolean
tvm_store_is_exposure_contradicted (TvmStore  *self,
                                    gboolean  *out_is_contradicted,
                                    GError   **error)
{
  g_return_val_if_fail (TVM_IS_STORE (self), FALSE);

  *out_is_contradicted = FALSE;
  return tvm_store_read (self, compare_totals, out_is_contradicted, error);
}

/* A second look is wanted where all targets of an activity are remediated, or anything hangs on a
 * list that differs; a little is churn elsewhere, and what was never known is asked for, of a
 * configuration also where the list of all is not old enough to come again. */
static void
list_unsettled (TvmDb    *db,
                gpointer  user_data)
{
  Question *question = user_data;
  sqlite3_stmt *row = tvm_db_query (
    db, "SELECT id FROM (SELECT r.id, r.key, r.exposed_devices AS n, r.weaknesses AS w, "
    COUNT_HERE " AS here, " COUNT_CVES " AS cves, " TVM_IS_WATCHED " AS watched, "
    TVM_AWAITS_CONFIRMATION " AS awaited, r.devices_synced_us, " TVM_CVES_UNKNOWN " AS unknown, "
    "coalesce ((SELECT p.merged_us FROM pulled p WHERE p.kind = ?5 AND p.owner = r.id), 0) AS "
    "merged_us FROM recommendation r WHERE r.is_listed = 1 AND ((?1 = 1 AND r.id LIKE 'va-%')"
    " OR (r.id LIKE 'sca-%' AND (?2 = 1 OR (r.devices_synced_us = 0 AND EXISTS (SELECT 1 FROM "
    "list_state WHERE name = ?6 AND synced_us > 0)))))) WHERE awaited OR (watched AND (n <> here "
    "OR w <> cves)) OR ((devices_synced_us = 0 OR unknown OR (n >= 0 AND abs (n - here) > max (5, "
    "n / 10))) AND "
    "merged_us <= ?3) ORDER BY watched DESC, abs (n - here) DESC, key LIMIT ?4", "iiIiis",
    question->has_software, question->has_configurations, tvm_now_us () - TVM_DAY_US,
    TVM_MAX_UNSETTLED, TVM_PULL_EXPOSED_DEVICES, TVM_USER_IMPACT_LIST);

  while (tvm_db_next (db, row))
    g_strv_builder_add (question->ids, tvm_db_text (row, 0));
}

/**
 * tvm_store_list_unsettled:
 * @self: a store
 * @has_software: whether what follows from the software of all devices was just brought up to date
 * @has_configurations: the same of the configurations
 * @error: return location for a #TvmError
 *
 * Returns: (transfer full) (nullable): the recommendations of these whose own lists are to be asked
 *   for all the same, because their counts say otherwise
 */
char **
tvm_store_list_unsettled (TvmStore  *self,
                          gboolean   has_software,
                          gboolean   has_configurations,
                          GError   **error)
{
  g_autoptr(GStrvBuilder) ids = g_strv_builder_new ();
  Question question = { .ids = ids, .has_software = has_software,
                        .has_configurations = has_configurations };

  g_return_val_if_fail (TVM_IS_STORE (self), NULL);

  return tvm_store_read (self, list_unsettled, &question, error) ? g_strv_builder_end (ids) : NULL;
}

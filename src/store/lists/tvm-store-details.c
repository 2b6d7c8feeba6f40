/* tvm-store-details.c: one thing whole, and what belongs to it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-private.h"

#include "tvm-time.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MIN_PREFIX_CHARS 8

typedef struct
{
  const char *id;
  int        *counts;
} CountData;

/**
 * tvm_recommendation_load:
 * @db: a connection
 * @id: a recommendation
 *
 * Returns: (transfer full) (nullable): the recommendation; %NULL on error: @db has failed with
 *   %TVM_ERROR_NOT_FOUND where there is none
 */
TvmRecommendation *
tvm_recommendation_load (TvmDb      *db,
                         const char *id)
{
  TvmRecommendation *recommendation =
    tvm_table_find (db, &tvm_recommendation_table, "WHERE r.id = ?1", "s", id);

  if (recommendation == NULL)
    tvm_db_fail (db, TVM_ERROR_NOT_FOUND,
                 /* Translators: %s is an id. */
                 _("There is no recommendation “%s” here. Check the id, or synchronize first."),
                 id);
  return recommendation;
}

/**
 * tvm_store_get_recommendation:
 * @self: a store
 * @id: a recommendation
 * @error: return location for a #TvmError: %TVM_ERROR_NOT_FOUND where there is none
 *
 * Returns: (transfer full) (nullable): the recommendation, or %NULL on error
 */
TvmRecommendation *
tvm_store_get_recommendation (TvmStore   *self,
                              const char *id,
                              GError    **error)
{
  return tvm_store_load (self, (TvmStoreLoadFunc) tvm_recommendation_load, id,
                         (GDestroyNotify) tvm_recommendation_unref, error);
}

static gpointer
get_activity (TvmDb *db, gconstpointer data)
{
  const char *id = data;
  sqlite3_stmt *row = tvm_table_query (db, &tvm_activity_table,
                                       "WHERE a.id = ?1 OR (length (?1) >= ?2 AND "
                                       "lower (substr (a.id, 1, length (?1))) = lower (?1)) "
                                       "ORDER BY a.id <> ?1 LIMIT 2", "si", id,
                                       MIN_PREFIX_CHARS);
  g_autoptr(TvmActivity) found =
    tvm_db_next (db, row) ? tvm_table_read (&tvm_activity_table, row) : NULL;

  if (found == NULL)
    tvm_db_fail (db, TVM_ERROR_NOT_FOUND,
                 /* Translators: %s is an id. */
                 _("There is no remediation activity “%s” here. Check the id, or synchronize "
                   "first."), id);
  else if (strcmp (found->id, id) != 0 && tvm_db_next (db, row))
    tvm_db_fail (db, TVM_ERROR_INVALID,
                 /* Translators: %s is the beginning of an id. */
                 _("Several remediation activities begin with “%s”. Write more of the id."), id);
  tvm_db_reset (row);
  return g_steal_pointer (&found);
}

/**
 * tvm_store_get_activity:
 * @self: a store
 * @id: an activity, or the first 8 or more characters of its id, in any letter case
 * @error: return location for a #TvmError: %TVM_ERROR_NOT_FOUND where there is none,
 *   %TVM_ERROR_INVALID where several begin so
 *
 * Returns: (transfer full) (nullable): the activity, or %NULL on error
 */
TvmActivity *
tvm_store_get_activity (TvmStore   *self,
                        const char *id,
                        GError    **error)
{
  return tvm_store_load (self, get_activity, id, (GDestroyNotify) tvm_activity_unref, error);
}

static void
count_target_states (TvmDb *db, gpointer user_data)
{
  CountData *data = user_data;
  gint64 key = tvm_refs_activity_key (db, data->id);
  sqlite3_stmt *row;

  tvm_target_context_load (db, key);
  row = tvm_db_query (db, "SELECT " TVM_TARGET_STATE " AS state, count(*) "
                                                     TVM_FROM_TARGETS "GROUP BY state", "I",
                                                       key);
  while (tvm_db_next (db, row))
    data->counts[CLAMP (sqlite3_column_int (row, 0), 0, TVM_N_DEVICE_STATES - 1)] =
      sqlite3_column_int (row, 1);
}

/**
 * tvm_store_count_target_states:
 * @self: a store
 * @activity_id: an activity
 * @out: (out caller-allocates): how many of its devices are in each #TvmDeviceState
 * @error: return location for a #TvmError: %TVM_ERROR_NOT_FOUND where there is no such activity
 *
 * Returns: %FALSE on error
 */
gboolean
tvm_store_count_target_states (TvmStore   *self,
                               const char *activity_id,
                               int         out[TVM_N_DEVICE_STATES],
                               GError    **error)
{
  CountData data = { activity_id, out };

  g_return_val_if_fail (TVM_IS_STORE (self), FALSE);

  memset (out, 0, TVM_N_DEVICE_STATES * sizeof *out);
  return tvm_store_read (self, count_target_states, &data, error);
}

/* As a request counts them: what a form says is what it submits. */
#define GROUP_COUNT \
  "d.group_name, count (*), " TVM_COUNT_JOINED ("1") ", " TVM_COUNT_SAME ("1")

static gpointer
read_group_count (sqlite3_stmt *row)
{
  TvmGroupCount *group = tvm_group_count_new ();

  group->name = tvm_db_dup (row, 0);
  group->exposed = sqlite3_column_int (row, 1);
  group->joined = sqlite3_column_int (row, 2);
  group->same = sqlite3_column_int (row, 3);
  group->no_impact = sqlite3_column_int (row, 4);
  group->no_impact_joined = sqlite3_column_int (row, 5);
  group->no_impact_same = sqlite3_column_int (row, 6);
  group->impact_unknown = sqlite3_column_int (row, 7);
  return group;
}

/**
 * tvm_group_counts_read:
 * @db: a connection
 * @row: (nullable): a query for the fields of a #TvmGroupCount, all of them; read to its end
 *
 * Returns: (transfer full) (element-type TvmGroupCount): the groups in order
 */
GPtrArray *
tvm_group_counts_read (TvmDb        *db,
                       sqlite3_stmt *row)
{
  return tvm_db_list (db, row, read_group_count, (GDestroyNotify) tvm_group_count_unref);
}

/**
 * tvm_group_counts_load:
 * @db: a connection
 * @recommendation_id: a recommendation; @db fails with %TVM_ERROR_NOT_FOUND where there is none
 *
 * Counts as a request does: what a form says is what it submits.
 *
 * Returns: (transfer full) (element-type TvmGroupCount): its exposed devices in each device group,
 *   by the group's name
 */
GPtrArray *
tvm_group_counts_load (TvmDb      *db,
                       const char *recommendation_id)
{
  gint64 key = tvm_refs_recommendation_key (db, recommendation_id);

  return tvm_group_counts_read (db, tvm_db_query (
    db, "SELECT " GROUP_COUNT ", coalesce (sum (u.is_impacted = 0), 0), "
    TVM_COUNT_JOINED ("u.is_impacted = 0") ", " TVM_COUNT_SAME ("u.is_impacted = 0") ", "
    "sum (u.is_impacted IS NULL) "
    "FROM exposure e JOIN device d ON d.key = e.device_key LEFT JOIN user_impact u ON "
    "u.recommendation_key = e.recommendation_key AND u.device_key = e.device_key "
    "WHERE e.recommendation_key = ?1 GROUP BY 1 ORDER BY 1 COLLATE NOCASE", "I", key));
}

/**
 * tvm_shared_groups_load:
 * @db: a connection
 * @recommendation_id: a recommendation; @db fails with %TVM_ERROR_NOT_FOUND where there is none
 * @no_impact_only: whether only devices with no user impact are looked at
 *
 * Which devices the counts of several groups have in common.
 *
 * Returns: (transfer full): of each such device its groups, one per line; one that is not known has
 *   a name that no group has
 */
GStrv
tvm_shared_groups_load (TvmDb      *db,
                        const char *recommendation_id,
                        gboolean    no_impact_only)
{
  return tvm_db_list_texts (
    db, "SELECT group_concat (name, char (10)) FROM (SELECT DISTINCT d.aad_device_id AS id, "
    "coalesce (d.group_name, char (1)) AS name FROM exposure e JOIN device d ON d.key = "
    "e.device_key WHERE e.recommendation_key = ?1 AND " TVM_IS_JOINED " AND (?2 = 0 OR "
    TVM_HAS_NO_IMPACT ")) GROUP BY id HAVING count (*) > 1", "Ii",
    tvm_refs_recommendation_key (db, recommendation_id), no_impact_only);
}

static gpointer
list_target_groups (TvmDb *db, gconstpointer activity_id)
{
  gint64 key = tvm_refs_activity_key (db, activity_id);

  return tvm_group_counts_read (db, tvm_db_query (
    db, "SELECT " GROUP_COUNT ", 0, 0, 0, 0 FROM (SELECT device_key FROM target WHERE "
    "activity_key = ?1 AND is_exposed = 1 UNION SELECT device_key FROM portal_exposure WHERE "
    "activity_key = ?1) e JOIN device d ON d.key = e.device_key GROUP BY 1 "
    "ORDER BY 2 DESC, 1 COLLATE NOCASE", "I", key));
}

/**
 * tvm_store_list_target_groups:
 * @self: a store
 * @activity_id: an activity
 * @error: return location for a #TvmError
 *
 * Returns: (transfer full) (nullable) (element-type TvmGroupCount): how many of its devices are
 *   still exposed in each device group, the largest first; %NULL on error
 */
GPtrArray *
tvm_store_list_target_groups (TvmStore    *self,
                              const char  *activity_id,
                              GError     **error)
{
  return tvm_store_load (self, list_target_groups, activity_id,
                         (GDestroyNotify) g_ptr_array_unref, error);
}

/**
 * tvm_store_list_group_counts:
 * @self: a store
 * @recommendation_id: a recommendation
 * @error: return location for a #TvmError: %TVM_ERROR_NOT_FOUND where there is none
 *
 * Returns: (transfer full) (nullable) (element-type TvmGroupCount): its exposed devices in each
 *   device group, by the group's name; %NULL on error
 */
GPtrArray *
tvm_store_list_group_counts (TvmStore    *self,
                             const char  *recommendation_id,
                             GError     **error)
{
  return tvm_store_load (self, (TvmStoreLoadFunc) tvm_group_counts_load, recommendation_id,
                         (GDestroyNotify) g_ptr_array_unref, error);
}

/**
 * tvm_vulnerabilities_load:
 * @db: a connection
 * @recommendation_id: a recommendation
 *
 * Also for an entry of the outbox.
 *
 * Returns: (transfer full) (element-type TvmVulnerability): its CVEs as they were last pulled, the
 *   most severe first
 */
GPtrArray *
tvm_vulnerabilities_load (TvmDb      *db,
                          const char *recommendation_id)
{
  return tvm_table_list (db, &tvm_vulnerability_table, (GDestroyNotify) tvm_vulnerability_unref,
                         "JOIN recommendation_vulnerability l ON l.vulnerability_key = v.key JOIN "
                         "recommendation r ON r.key = l.recommendation_key WHERE r.id = ?1 "
                         "ORDER BY v.severity DESC, v.cvss DESC, v.id", "s", recommendation_id);
}

/**
 * tvm_store_list_vulnerabilities:
 * @self: a store
 * @recommendation_id: a recommendation
 * @error: return location for a #TvmError
 *
 * Returns: (transfer full) (nullable) (element-type TvmVulnerability): its CVEs as they were last
 *   pulled, the most severe first; %NULL on error
 */
GPtrArray *
tvm_store_list_vulnerabilities (TvmStore   *self,
                                const char *recommendation_id,
                                GError    **error)
{
  return tvm_store_load (self, (TvmStoreLoadFunc) tvm_vulnerabilities_load, recommendation_id,
                         (GDestroyNotify) g_ptr_array_unref, error);
}

/* tvm-store-details.c: one thing whole, counts, scores, when lists were synced.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-private.h"

#include "tvm-time.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MIN_PREFIX_CHARS 8

typedef struct
{
  const char     *id;
  gpointer        record;      /* (owned): the result */
  GPtrArray      *list;
  GArray         *points;
  int            *counts;
  TvmStoreCounts *store_counts;
  TvmListResult  *result;
  TvmScoreKind    kind;
  gint64          when_us;
  double          score;
  char           *text;        /* (owned) */
  const char     *message;
} DetailData;

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

static void
get_recommendation (TvmDb *db, gpointer user_data)
{
  DetailData *data = user_data;

  data->record = tvm_recommendation_load (db, data->id);
}

TvmRecommendation *
tvm_store_get_recommendation (TvmStore   *self,
                              const char *id,
                              GError    **error)
{
  DetailData data = { .id = id };

  g_return_val_if_fail (TVM_IS_STORE (self), NULL);

  tvm_store_read (self, get_recommendation, &data, error);
  return data.record;
}

static void
get_activity (TvmDb *db, gpointer user_data)
{
  DetailData *data = user_data;
  sqlite3_stmt *row = tvm_table_query (db, &tvm_activity_table,
                                       "WHERE a.id = ?1 OR (length (?1) >= ?2 AND "
                                       "lower (substr (a.id, 1, length (?1))) = lower (?1)) "
                                       "ORDER BY a.id <> ?1 LIMIT 2", "si", data->id,
                                       MIN_PREFIX_CHARS);
  g_autoptr(TvmActivity) found =
    tvm_db_next (db, row) ? tvm_table_read (&tvm_activity_table, row) : NULL;

  if (found == NULL)
    tvm_db_fail (db, TVM_ERROR_NOT_FOUND,
                 /* Translators: %s is an id. */
                 _("There is no remediation activity “%s” here. Check the id, or synchronize first."), data->id);
  else if (strcmp (found->id, data->id) != 0 && tvm_db_next (db, row))
    tvm_db_fail (db, TVM_ERROR_INVALID,
                 /* Translators: %s is the beginning of an id. */
                 _("Several remediation activities begin with “%s”. Write more of the id."), data->id);
  else
    data->record = g_steal_pointer (&found);
  tvm_db_reset (row);
}

TvmActivity *
tvm_store_get_activity (TvmStore   *self,
                        const char *id,
                        GError    **error)
{
  DetailData data = { .id = id };

  g_return_val_if_fail (TVM_IS_STORE (self), NULL);

  tvm_store_read (self, get_activity, &data, error);
  return data.record;
}

static GPtrArray *
run_list (TvmStore       *self,
          TvmStoreFunc    func,
          const char     *id,
          GDestroyNotify  unref,
          GError        **error)
{
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func (unref);
  DetailData data = { .id = id, .list = list };

  g_return_val_if_fail (TVM_IS_STORE (self), NULL);

  return tvm_store_read (self, func, &data, error) ? g_steal_pointer (&list) : NULL;
}

static void
count_target_states (TvmDb *db, gpointer user_data)
{
  DetailData *data = user_data;
  gint64 key = tvm_refs_activity_key (db, data->id);
  sqlite3_stmt *row;

  tvm_target_context_load (db, key);
  row = tvm_db_query (db, "SELECT " TVM_TARGET_STATE " AS state, count(*) " TVM_FROM_TARGETS "GROUP BY state", "I", key);
  while (tvm_db_next (db, row))
    data->counts[CLAMP (sqlite3_column_int (row, 0), 0, TVM_N_DEVICE_STATES - 1)] = sqlite3_column_int (row, 1);
}

gboolean
tvm_store_count_target_states (TvmStore   *self,
                               const char *activity_id,
                               int         out[TVM_N_DEVICE_STATES],
                               GError    **error)
{
  DetailData data = { .id = activity_id, .counts = out };

  g_return_val_if_fail (TVM_IS_STORE (self), FALSE);

  memset (out, 0, TVM_N_DEVICE_STATES * sizeof *out);
  return tvm_store_read (self, count_target_states, &data, error);
}

/* As a request counts them: what a form says is what it submits. */
#define GROUP_COUNT "coalesce (d.group_name, 'UnassignedGroup'), count (*), sum (" TVM_IS_JOINED ")"

static void
add_group_counts (GPtrArray    *list,
                  TvmDb        *db,
                  sqlite3_stmt *row)
{
  while (tvm_db_next (db, row))
    {
      TvmGroupCount *group = tvm_group_count_new ();

      group->name = tvm_db_dup (row, 0);
      group->exposed = sqlite3_column_int (row, 1);
      group->joined = sqlite3_column_int (row, 2);
      group->no_impact = sqlite3_column_int (row, 3);
      group->no_impact_joined = sqlite3_column_int (row, 4);
      group->impact_unknown = sqlite3_column_int (row, 5);
      g_ptr_array_add (list, group);
    }
}

GPtrArray *
tvm_group_counts_load (TvmDb      *db,
                       const char *recommendation_id)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_group_count_unref);
  gint64 key = tvm_refs_recommendation_key (db, recommendation_id);

  add_group_counts (list, db, tvm_db_query (
    db, "SELECT " GROUP_COUNT ", coalesce (sum (u.is_impacted = 0), 0), "
    "coalesce (sum (u.is_impacted = 0 AND " TVM_IS_JOINED "), 0), sum (u.is_impacted IS NULL) "
    "FROM exposure e JOIN device d ON d.key = e.device_key LEFT JOIN user_impact u ON "
    "u.recommendation_key = e.recommendation_key AND u.device_key = e.device_key "
    "WHERE e.recommendation_key = ?1 GROUP BY 1 ORDER BY 1 COLLATE NOCASE", "I", key));
  return list;
}

static void
list_group_counts (TvmDb *db, gpointer user_data)
{
  DetailData *data = user_data;

  g_ptr_array_extend_and_steal (data->list, tvm_group_counts_load (db, data->id));
}

static void
list_target_groups (TvmDb *db, gpointer user_data)
{
  DetailData *data = user_data;
  gint64 key = tvm_refs_activity_key (db, data->id);

  add_group_counts (data->list, db, tvm_db_query (
    db, "SELECT " GROUP_COUNT ", 0, 0, 0 FROM (SELECT device_key FROM target WHERE "
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
 * Returns: (transfer full) (nullable) (element-type TvmGroupCount): how many of its devices are still
 *   exposed in each device group, the largest first; %NULL on error
 */
GPtrArray *
tvm_store_list_target_groups (TvmStore    *self,
                              const char  *activity_id,
                              GError     **error)
{
  return run_list (self, list_target_groups, activity_id, (GDestroyNotify) tvm_group_count_unref, error);
}

GPtrArray *
tvm_store_list_group_counts (TvmStore    *self,
                             const char  *recommendation_id,
                             GError     **error)
{
  return run_list (self, list_group_counts, recommendation_id, (GDestroyNotify) tvm_group_count_unref, error);
}

static void
add_vulnerabilities (TvmDb      *db,
                     const char *recommendation_id,
                     GPtrArray  *list)
{
  sqlite3_stmt *row = tvm_table_query (db, &tvm_vulnerability_table,
                                       "JOIN recommendation_vulnerability l ON "
                                       "l.vulnerability_key = v.key JOIN recommendation r ON "
                                       "r.key = l.recommendation_key WHERE r.id = ?1 "
                                       "ORDER BY v.severity DESC, v.cvss DESC, v.id", "s",
                                       recommendation_id);

  while (tvm_db_next (db, row))
    g_ptr_array_add (list, tvm_table_read (&tvm_vulnerability_table, row));
}

/* On the reader's thread; also for an entry of the outbox. */
GPtrArray *
tvm_vulnerabilities_load (TvmDb      *db,
                          const char *recommendation_id)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_vulnerability_unref);

  add_vulnerabilities (db, recommendation_id, list);
  return list;
}

static void
list_vulnerabilities (TvmDb *db, gpointer user_data)
{
  DetailData *data = user_data;

  add_vulnerabilities (db, data->id, data->list);
}

GPtrArray *
tvm_store_list_vulnerabilities (TvmStore   *self,
                                const char *recommendation_id,
                                GError    **error)
{
  return run_list (self, list_vulnerabilities, recommendation_id, (GDestroyNotify) tvm_vulnerability_unref, error);
}

static void
list_scores (TvmDb *db, gpointer user_data)
{
  DetailData *data = user_data;
  sqlite3_stmt *row = tvm_db_query (db, "SELECT when_us, score FROM score WHERE kind = ?1 ORDER BY when_us", "i", data->kind);

  while (tvm_db_next (db, row))
    {
      TvmScorePoint point = { sqlite3_column_int64 (row, 0), sqlite3_column_double (row, 1) };

      g_array_append_val (data->points, point);
    }
}

GArray *
tvm_store_list_scores (TvmStore    *self,
                       TvmScoreKind kind,
                       GError     **error)
{
  g_autoptr(GArray) points = g_array_new (FALSE, FALSE, sizeof (TvmScorePoint));
  DetailData data = { .kind = kind, .points = points };

  g_return_val_if_fail (TVM_IS_STORE (self), NULL);

  return tvm_store_read (self, list_scores, &data, error) ? g_steal_pointer (&points) : NULL;
}

/* Bookkeeping: the list of this name was whole just now. */
void
tvm_list_note_synced (TvmDb      *db,
                      const char *name)
{
  tvm_db_run (db, "INSERT INTO list_state (name, synced_us) VALUES (?1, ?2) ON CONFLICT (name) DO "
              "UPDATE SET synced_us = excluded.synced_us", "sI", name, tvm_now_us ());
  db->changes |= TVM_CHANGED_LISTS;
}

static void
add_score (TvmDb *db, gpointer user_data)
{
  DetailData *data = user_data;
  gboolean is_known = tvm_db_get_int (db, "SELECT EXISTS (SELECT 1 FROM score WHERE kind = ?1 AND when_us = ?2)", "iI",
                                      data->kind, data->when_us) != 0;
  int n = tvm_db_run (db, "INSERT INTO score (kind, when_us, score) VALUES (?1, ?2, ?3) ON CONFLICT (kind, when_us) "
                      "DO UPDATE SET score = excluded.score WHERE score <> excluded.score", "iId", data->kind,
                      data->when_us, data->score);

  data->result->received++;
  if (is_known)
    data->result->changed += n;
  else
    data->result->added += n;
  if (n > 0)
    db->changes |= TVM_CHANGED_SCORES;
  tvm_list_note_synced (db, "scores");
}

/* Adds to the counts in @result, so that both scores make one list. */
gboolean
tvm_store_add_score (TvmStore      *self,
                     TvmScoreKind   kind,
                     gint64         when_us,
                     double         score,
                     TvmListResult *result,
                     GError       **error)
{
  TvmListResult unused = { 0 };
  DetailData data = { .kind = kind, .when_us = when_us, .score = score,
                      .result = result != NULL ? result : &unused };

  g_return_val_if_fail (TVM_IS_STORE (self), FALSE);

  g_strlcpy (data.result->name, "scores", sizeof data.result->name);
  return tvm_store_write (self, add_score, &data, error);
}

static void
count_exposure (TvmDb *db, gpointer user_data)
{
  DetailData *data = user_data;
  sqlite3_stmt *row = tvm_db_query (db, "SELECT exposure, count(*) FROM device WHERE in_inventory = 1 GROUP BY exposure", "");

  while (tvm_db_next (db, row))
    data->counts[CLAMP (sqlite3_column_int (row, 0), 0, 5)] += sqlite3_column_int (row, 1);
}

gboolean
tvm_store_count_exposure (TvmStore *self,
                          int       out_by_level[6],
                          GError  **error)
{
  DetailData data = { .counts = out_by_level };

  g_return_val_if_fail (TVM_IS_STORE (self), FALSE);

  memset (out_by_level, 0, 6 * sizeof *out_by_level);
  return tvm_store_read (self, count_exposure, &data, error);
}

static gboolean
was_synced (TvmDb      *db,
            const char *list_name)
{
  return tvm_db_get_int (db, "SELECT EXISTS (SELECT 1 FROM list_state WHERE name = ?1 AND "
                         "synced_us > 0)", "s", list_name) != 0;
}

static void
count_store (TvmDb *db, gpointer user_data)
{
  TvmStoreCounts *out = ((DetailData *) user_data)->store_counts;
  g_autofree char *today = tvm_today ();

  out->knows_recommendations = was_synced (db, "recommendations");
  out->knows_devices = was_synced (db, "devices");
  out->knows_activities = was_synced (db, "activities");
  out->recommendations = (int) tvm_db_get_int (db, "SELECT count(*) FROM recommendation WHERE is_listed = 1", "");
  out->devices = (int) tvm_db_get_int (db, "SELECT count(*) FROM device WHERE in_inventory = 1", "");
  out->activities = (int) tvm_db_get_int (db, "SELECT count(*) FROM activity", "");
  out->activities_active = (int) tvm_db_get_int (db, "SELECT count(*) FROM activity WHERE status = "
                                                     "TVM_STATUS_ACTIVE", "");
  out->overdue = (int) tvm_db_get_int (db, "SELECT count(*) FROM activity WHERE status = "
                                       "TVM_STATUS_ACTIVE AND type <> TVM_TYPE_ATTENTION_REQUIRED "
                                       "AND "
                                       "due_on <> '' AND due_on < ?1", "s", today);
  out->outbox = (int) tvm_db_get_int (db, "SELECT count(*) FROM ticket WHERE " TVM_IN_OUTBOX, "");
  out->outbox_parked = (int) tvm_db_get_int (db, "SELECT count(*) FROM ticket WHERE is_parked = 1 AND " TVM_IN_OUTBOX, "");
  out->outbox_due_us = tvm_db_get_int (db, "SELECT coalesce (min (max (next_attempt_us, not_before_us)), 0) FROM "
                                       "ticket k WHERE is_parked = 0 AND " TVM_IN_OUTBOX " AND next_attempt_us > 0 AND "
                                       "(withdraw_us <> 0 OR NOT EXISTS (SELECT 1 FROM "
                                       "ticket e WHERE e.activity_key = k.activity_key AND e.key < k.key AND "
                                       "e.id IS NULL AND e.status IN (TVM_TICKET_OUTBOX, "
                                       "TVM_TICKET_FAILED)))", "");
}

/* outbox counts the parked tickets too. */
gboolean
tvm_store_counts (TvmStore       *self,
                  TvmStoreCounts *out,
                  GError        **error)
{
  DetailData data = { .store_counts = out };

  g_return_val_if_fail (TVM_IS_STORE (self), FALSE);

  memset (out, 0, sizeof *out);
  return tvm_store_read (self, count_store, &data, error);
}

static void
get_list_state (TvmDb *db, gpointer user_data)
{
  DetailData *data = user_data;
  sqlite3_stmt *row = tvm_db_query (db, "SELECT synced_us, error FROM list_state WHERE name = ?1", "s", data->id);

  if (tvm_db_next (db, row))
    {
      data->when_us = sqlite3_column_int64 (row, 0);
      data->text = tvm_db_dup (row, 1);
    }
  tvm_db_reset (row);
}

gint64
tvm_store_get_list_synced_us (TvmStore   *self,
                              const char *list_name,
                              GError    **error)
{
  DetailData data = { .id = list_name };

  g_return_val_if_fail (TVM_IS_STORE (self), 0);

  tvm_store_read (self, get_list_state, &data, error);
  g_free (data.text);
  return data.when_us;
}

static void
note_sync (TvmDb *db, gpointer user_data)
{
  DetailData *data = user_data;

  tvm_db_run (db, "INSERT INTO list_state (name, synced_us, error) VALUES ('sync', iif (?2 IS NULL, ?1, 0), ?2) ON CONFLICT "
              "(name) DO UPDATE SET synced_us = iif (?2 IS NULL, ?1, synced_us), error = ?2", "Is", data->when_us,
              data->message);
  db->changes |= TVM_CHANGED_LISTS;
}

gboolean
tvm_store_note_sync (TvmStore   *self,
                     gint64      when_us,
                     const char *error_text,
                     GError    **error)
{
  DetailData data = { .when_us = when_us, .message = error_text };

  g_return_val_if_fail (TVM_IS_STORE (self), FALSE);

  return tvm_store_write (self, note_sync, &data, error);
}

gboolean
tvm_store_last_sync (TvmStore *self,
                     gint64   *out_good_us,
                     char    **out_error,
                     GError  **error)
{
  DetailData data = { .id = "sync" };
  gboolean is_good;

  g_return_val_if_fail (TVM_IS_STORE (self), FALSE);

  is_good = tvm_store_read (self, get_list_state, &data, error);
  if (out_good_us != NULL)
    *out_good_us = data.when_us;
  if (out_error != NULL)
    *out_error = g_steal_pointer (&data.text);
  g_free (data.text);
  return is_good;
}

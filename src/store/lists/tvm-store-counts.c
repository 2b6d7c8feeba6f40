/* tvm-store-counts.c: counts, scores, when lists were synced.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-private.h"

#include "tvm-time.h"

typedef struct
{
  const char     *id;
  TvmListResult  *result;
  TvmScoreKind    kind;
  gint64          when_us;
  double          score;
  char           *text;        /* (owned): the result */
  const char     *message;
} CountData;

static gpointer
list_scores (TvmDb *db, gconstpointer kind)
{
  GArray *points = g_array_new (FALSE, FALSE, sizeof (TvmScorePoint));
  sqlite3_stmt *row = tvm_db_query (db, "SELECT when_us, score FROM score WHERE kind = ?1 ORDER BY "
                                        "when_us", "i", *(const TvmScoreKind *) kind);

  while (tvm_db_next (db, row))
    {
      TvmScorePoint point = { sqlite3_column_int64 (row, 0), sqlite3_column_double (row, 1) };

      g_array_append_val (points, point);
    }
  return points;
}

/**
 * tvm_store_list_scores:
 * @self: a store
 * @kind: which score
 * @error: return location for a #TvmError
 *
 * Returns: (transfer full) (nullable) (element-type TvmScorePoint): all that were kept, oldest
 *   first; %NULL on error
 */
GArray *
tvm_store_list_scores (TvmStore    *self,
                       TvmScoreKind kind,
                       GError     **error)
{
  return tvm_store_load (self, list_scores, &kind, (GDestroyNotify) g_array_unref, error);
}

/**
 * tvm_list_note_synced:
 * @db: the writer's connection
 * @name: the list's name
 *
 * Bookkeeping: the list was whole just now.
 */
void
tvm_list_note_synced (TvmDb      *db,
                      const char *name)
{
  tvm_db_run (db, "INSERT INTO list_state (name, synced_us) VALUES (?1, ?2) ON CONFLICT (name) DO "
              "UPDATE SET synced_us = excluded.synced_us", "sI", name, tvm_now_us ());
  db->changes |= TVM_CHANGED_LISTS;
}

/**
 * tvm_list_note_known:
 * @db: the writer's connection
 * @select: reads when the list was pulled from the row of key ?1; 0: nobody knows it
 * @update: sets that to ?2
 * @key: key of the owner
 *
 * Notes that the owner's list is whole, now (R18). That there are none is news then, too.
 */
void
tvm_list_note_known (TvmDb      *db,
                     const char *select,
                     const char *update,
                     gint64      key)
{
  if (tvm_db_get_int (db, select, "I", key) == 0)
    db->changes |= TVM_CHANGED_RECOMMENDATIONS | TVM_CHANGED_ACTIVITIES;
  tvm_db_run (db, update, "II", key, tvm_now_us ());
}

static void
add_score (TvmDb *db, gpointer user_data)
{
  CountData *data = user_data;
  gboolean is_known = tvm_db_get_int (db, "SELECT EXISTS (SELECT 1 FROM score WHERE kind = ?1 AND "
                                          "when_us = ?2)", "iI",
                                      data->kind, data->when_us) != 0;
  int n = tvm_db_run (db, "INSERT INTO score (kind, when_us, score) VALUES (?1, ?2, ?3) ON "
                      "CONFLICT (kind, when_us) DO UPDATE SET score = excluded.score WHERE score "
                      "<> excluded.score", "iId",
                        data->kind,
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

/**
 * tvm_store_add_score:
 * @self: a store
 * @kind: which score
 * @when_us: when the service worked it out, in microseconds since 1970 UTC; one of then is replaced
 * @score: the score
 * @result: (inout) (optional): added to, so that both scores make one list
 * @error: return location for a #TvmError
 *
 * Returns: %FALSE on error
 */
gboolean
tvm_store_add_score (TvmStore      *self,
                     TvmScoreKind   kind,
                     gint64         when_us,
                     double         score,
                     TvmListResult *result,
                     GError       **error)
{
  TvmListResult unused = { 0 };
  CountData data = { .kind = kind, .when_us = when_us, .score = score,
                      .result = result != NULL ? result : &unused };

  g_return_val_if_fail (TVM_IS_STORE (self), FALSE);

  g_strlcpy (data.result->name, "scores", sizeof data.result->name);
  return tvm_store_write (self, add_score, &data, error);
}

static gboolean
was_synced (TvmDb      *db,
            const char *list_name)
{
  return tvm_db_get_int (db, "SELECT EXISTS (SELECT 1 FROM list_state WHERE name = ?1 AND "
                         "synced_us > 0)", "s", list_name) != 0;
}

/* How many are active or overdue nobody knows where the portal does
 * not tell of each whether it is completed. */
static void
count_activities (TvmDb          *db,
                  TvmStoreCounts *out)
{
  g_autofree char *today = tvm_today ();
  gboolean is_told;

  out->activities = (int) tvm_db_get_int (db, "SELECT count(*) FROM activity", "");
  out->archived = (int) tvm_db_get_int (db, "SELECT count(*) FROM activity WHERE status = "
                                        "TVM_STATUS_COMPLETED AND completed_us > 0 AND "
                                        "completed_us < ?1", "I",
                                        tvm_retention_cutoff_us (db, today));
  is_told = tvm_db_get_int (db, "SELECT EXISTS (SELECT 1 FROM activity a WHERE " TVM_IS_UNTOLD ")",
                            "") == 0;
  out->activities_active = is_told
    ? (int) tvm_db_get_int (db, "SELECT count(*) FROM activity WHERE status <> "
                            "TVM_STATUS_COMPLETED", "") : -1;
  out->overdue = is_told
    ? (int) tvm_db_get_int (db, "SELECT count(*) FROM activity WHERE status <> "
                            "TVM_STATUS_COMPLETED AND type <> TVM_TYPE_ATTENTION_REQUIRED AND "
                            "due_on <> '' AND due_on < ?1", "s", today) : -1;
}

static void
count_store (TvmDb *db, gpointer user_data)
{
  TvmStoreCounts *out = user_data;

  out->knows_recommendations = was_synced (db, "recommendations");
  out->knows_devices = was_synced (db, "devices");
  out->knows_activities = was_synced (db, "activities");
  out->recommendations = (int) tvm_db_get_int (db, "SELECT count(*) FROM recommendation WHERE "
                                                   "is_listed = 1", "");
  out->devices = (int) tvm_db_get_int (db, "SELECT count(*) FROM device WHERE in_inventory = 1",
                                       "");
  count_activities (db, out);
  out->outbox = (int) tvm_db_get_int (db, "SELECT count(*) FROM ticket WHERE " TVM_IN_OUTBOX, "");
  out->outbox_parked = (int) tvm_db_get_int (db, "SELECT count(*) FROM ticket WHERE is_parked = 1 "
                                                 "AND " TVM_IN_OUTBOX, "");
  out->outbox_due_us = tvm_db_get_int (db, "SELECT coalesce (min (max (next_attempt_us, "
                                       "not_before_us)), 0) FROM ticket k WHERE is_parked = 0 AND "
                                       TVM_IN_OUTBOX " AND (was_sent <> 0 OR NOT " TVM_OF_COMPLETED
                                       ") AND "
                                       "next_attempt_us > 0 AND (withdraw_us <> 0 OR NOT EXISTS "
                                       "(SELECT 1 FROM ticket e WHERE e.activity_key = "
                                       "k.activity_key AND e.key < k.key AND "
                                       "e.id IS NULL AND e.status IN (TVM_TICKET_OUTBOX, "
                                       "TVM_TICKET_FAILED)))", "");
}

/**
 * tvm_store_counts:
 * @self: a store
 * @out: (out caller-allocates): how much there is; outbox counts the parked tickets too
 * @error: return location for a #TvmError
 *
 * Returns: %FALSE on error
 */
gboolean
tvm_store_counts (TvmStore       *self,
                  TvmStoreCounts *out,
                  GError        **error)
{
  g_return_val_if_fail (TVM_IS_STORE (self), FALSE);

  memset (out, 0, sizeof *out);
  return tvm_store_read (self, count_store, out, error);
}

static void
get_list_state (TvmDb *db, gpointer user_data)
{
  CountData *data = user_data;
  sqlite3_stmt *row = tvm_db_query (db, "SELECT synced_us, error FROM list_state WHERE name = ?1",
                                    "s", data->id);

  if (tvm_db_next (db, row))
    {
      data->when_us = sqlite3_column_int64 (row, 0);
      data->text = tvm_db_dup (row, 1);
    }
  tvm_db_reset (row);
}

/**
 * tvm_store_get_list_synced_us:
 * @self: a store
 * @list_name: "recommendations", "devices", "activities", "tickets" or "scores"
 * @error: return location for a #TvmError
 *
 * Returns: when that list last came whole, in microseconds since 1970 UTC; 0: never, or on error
 */
gint64
tvm_store_get_list_synced_us (TvmStore   *self,
                              const char *list_name,
                              GError    **error)
{
  CountData data = { .id = list_name };

  g_return_val_if_fail (TVM_IS_STORE (self), 0);

  tvm_store_read (self, get_list_state, &data, error);
  g_free (data.text);
  return data.when_us;
}

/**
 * tvm_store_knows_list:
 * @self: a store
 * @query: what is listed
 *
 * Returns: whether the service was ever asked for all of it, with an answer that is whole; so are
 *   lists of what only this store has, and what belongs to one activity or to chosen ones
 */
gboolean
tvm_store_knows_list (TvmStore       *self,
                      const TvmQuery *query)
{
  static const char *const names[TVM_N_LISTS] = {
    [TVM_LIST_RECOMMENDATIONS] = "recommendations",
    [TVM_LIST_DEVICES] = "devices",
    [TVM_LIST_ACTIVITIES] = "activities",
    [TVM_LIST_HISTORY] = "activities",
    [TVM_LIST_WEAKNESSES] = TVM_WEAKNESSES_LIST,
  };

  return query->activity_id != NULL || query->keys != NULL || names[query->kind] == NULL ||
         tvm_store_get_list_synced_us (self, names[query->kind], NULL) != 0;
}

static void
note_sync (TvmDb *db, gpointer user_data)
{
  CountData *data = user_data;

  tvm_db_run (db, "INSERT INTO list_state (name, synced_us, error) VALUES ('sync', iif (?2 IS "
              "NULL, ?1, 0), ?2) ON CONFLICT (name) DO UPDATE SET synced_us = iif (?2 IS NULL, ?1, "
              "synced_us), error = ?2", "Is",
                data->when_us,
              data->message);
  db->changes |= TVM_CHANGED_LISTS;
}

/**
 * tvm_store_note_sync:
 * @self: a store
 * @when_us: when the sync ended, in microseconds since 1970 UTC
 * @error_text: (nullable): why it failed, for people; %NULL: it was good
 * @error: return location for a #TvmError
 *
 * Notes how a sync ended. A failed one leaves the time of the last good one.
 *
 * Returns: %FALSE on error
 */
gboolean
tvm_store_note_sync (TvmStore   *self,
                     gint64      when_us,
                     const char *error_text,
                     GError    **error)
{
  CountData data = { .when_us = when_us, .message = error_text };

  g_return_val_if_fail (TVM_IS_STORE (self), FALSE);

  return tvm_store_write (self, note_sync, &data, error);
}

/**
 * tvm_store_last_sync:
 * @self: a store
 * @out_good_us: (out) (optional): when the last good sync ended, in microseconds since 1970 UTC; 0:
 *   never
 * @out_error: (out) (optional) (nullable) (transfer full): why the last one failed, for people;
 *   %NULL: it was good, or there was none
 * @error: return location for a #TvmError
 *
 * Returns: %FALSE on error
 */
gboolean
tvm_store_last_sync (TvmStore *self,
                     gint64   *out_good_us,
                     char    **out_error,
                     GError  **error)
{
  CountData data = { .id = "sync" };
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

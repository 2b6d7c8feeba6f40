/* tvm-store-lists.c: lists as keys, and records by key.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-private.h"

#include "tvm-weakness.h"

typedef struct
{
  const TvmQuery *query;
  const gint64   *wanted;
  guint           n_wanted;
  GArray         *keys;
  GPtrArray      *records;
  gint64          total;
} ListData;

/* How many there are without search and filters. To count the devices takes a third of a search,
 * and each key that is typed searches: they are counted anew only after the file changed. On the
 * reader's thread. */
static gint64
count_all (TvmDb          *db,
           const TvmQuery *query)
{
  gint64 version;

  if (query->kind != TVM_LIST_DEVICES)
    return tvm_query_count (db, query, FALSE);
  version = tvm_db_get_int (db, "PRAGMA data_version", "");
  if (db->n_devices_version != version)
    {
      db->n_devices = tvm_query_count (db, query, FALSE);
      db->n_devices_version = version;
    }
  return db->n_devices;
}

static void
list_keys_by_sql (TvmDb    *db,
                  ListData *list)
{
  TvmSql sql;
  sqlite3_stmt *row;

  tvm_sql_init (&sql);
  g_string_append_printf (sql.sql, "SELECT %s", tvm_list_key_column (list->query->kind));
  tvm_sql_add_from (&sql, db, list->query);
  tvm_sql_add_order (&sql, list->query);
  row = tvm_sql_query (&sql, db);
  while (tvm_db_next (db, row))
    {
      gint64 key = sqlite3_column_int64 (row, 0);

      g_array_append_val (list->keys, key);
    }
  tvm_sql_clear (&sql);
}

static void
find_keys (TvmDb    *db,
           ListData *list)
{
  if (!tvm_finder_list (db, list->query, list->keys))
    list_keys_by_sql (db, list);
}

static void
list_keys (TvmDb *db, gpointer data)
{
  ListData *list = data;

  find_keys (db, list);
  list->total = count_all (db, list->query);
}

/**
 * tvm_store_list_keys:
 * @self: a store
 * @query: what to list
 * @out_total: (out) (optional): how many there are without search and filters
 * @error: return location for a #TvmError
 *
 * Returns: (transfer full) (element-type gint64): the rows' keys in order, or %NULL on error
 */
GArray *
tvm_store_list_keys (TvmStore       *self,
                     const TvmQuery *query,
                     int            *out_total,
                     GError        **error)
{
  g_autoptr(GArray) keys = g_array_new (FALSE, FALSE, sizeof (gint64));
  ListData data = { .query = query, .keys = keys };

  g_return_val_if_fail (TVM_IS_STORE (self), NULL);

  if (!tvm_store_read (self, list_keys, &data, error))
    return NULL;
  if (out_total != NULL)
    *out_total = (int) data.total;
  return g_steal_pointer (&keys);
}

/* Of the lists that find by CVE: what the CVEs of a recommendation do not tell is not known. */
static const char *
unknown_cves_of (TvmListKind kind)
{
  if (kind == TVM_LIST_RECOMMENDATIONS)
    return " AND " TVM_CVES_UNKNOWN;
  if (kind == TVM_LIST_ACTIVITIES)
    return " AND EXISTS (SELECT 1 FROM recommendation r WHERE r.id = a.recommendation_id AND "
           "r.is_listed = 1 AND " TVM_CVES_UNKNOWN ")";
  if (kind == TVM_LIST_DEVICES)
    return "";
  return NULL;
}

/* All CVEs are known, and none of them is looked for. */
static gboolean
is_nowhere (TvmDb          *db,
            const TvmQuery *query)
{
  g_autoptr(TvmQuery) weaknesses = tvm_query_new (TVM_LIST_WEAKNESSES);

  weaknesses->search = g_strdup (query->search);
  return tvm_weaknesses_as_of (db) != 0 && tvm_query_count (db, weaknesses, TRUE) == 0;
}

static void
count_unknown_cves (TvmDb *db, gpointer data)
{
  ListData *list = data;
  g_autoptr(TvmQuery) query = tvm_query_copy (list->query);
  TvmSql sql;
  sqlite3_stmt *row;

  if (is_nowhere (db, query))
    return;
  if (query->kind == TVM_LIST_DEVICES)
    {
      list->total = tvm_db_get_int (db, "SELECT count(*) FROM recommendation r WHERE "
                                    "r.is_listed = 1 AND NOT " TVM_KNOWS_SOFTWARE " AND ("
                                    TVM_CVES_UNKNOWN " OR (r.devices_synced_us = 0 AND "
                                    "r.exposed_devices <> 0 AND r.weaknesses <> 0))", "");
      return;
    }
  g_clear_pointer (&query->search, g_free);
  tvm_sql_init (&sql);
  g_string_append_printf (sql.sql, "SELECT count(DISTINCT %s)",
                          query->kind == TVM_LIST_ACTIVITIES ? "a.recommendation_id" : "r.key");
  tvm_sql_add_from (&sql, db, query);
  g_string_append (sql.sql, unknown_cves_of (query->kind));
  row = tvm_sql_query (&sql, db);
  if (tvm_db_next (db, row))
    list->total = sqlite3_column_int64 (row, 0);
  tvm_db_reset (row);
  tvm_sql_clear (&sql);
}

/**
 * tvm_store_count_unknown_cves:
 * @self: a store
 * @query: a list, with what is looked for
 * @error: return location for a #TvmError
 *
 * Returns: where a CVE is looked for: of how many recommendations that the list would show, or
 *   whose activities, nobody knows whether they are about it, for their CVEs were never pulled;
 *   else 0; -1 on error
 */
int
tvm_store_count_unknown_cves (TvmStore        *self,
                              const TvmQuery  *query,
                              GError         **error)
{
  ListData data = { .query = query };
  g_auto(GStrv) ids = tvm_text_list_wanted_cves (query->search);

  g_return_val_if_fail (TVM_IS_STORE (self), -1);

  if ((ids == NULL && !tvm_text_names_cve (query->search)) || unknown_cves_of (query->kind) == NULL)
    return 0;
  return tvm_store_read (self, count_unknown_cves, &data, error) ? (int) data.total : -1;
}

static gpointer
read_record (TvmDb          *db,
             const TvmQuery *query,
             gint64          owner,
             gint64          key)
{
  switch (query->kind)
    {
    case TVM_LIST_RECOMMENDATIONS:
      return tvm_table_find (db, &tvm_recommendation_table, "WHERE r.key = ?1", "I", key);
    case TVM_LIST_ACTIVITIES:
      return tvm_table_find (db, &tvm_activity_table, "WHERE a.key = ?1", "I", key);
    case TVM_LIST_TARGETS:
      return tvm_table_find (db, &tvm_target_table, "WHERE t.device_key = ?2", "II", owner, key);
    case TVM_LIST_LEFT_OUT:
      return tvm_table_find (db, &tvm_left_out_table, "WHERE d.key = ?1", "I", key);
    case TVM_LIST_EXCEPTIONS:
      return tvm_table_find (db, &tvm_exception_table, "WHERE x.key = ?1", "I", key);
    case TVM_LIST_WEAKNESSES:
      return tvm_table_find (db, &tvm_vulnerability_table, "WHERE v.key = ?1", "I", key);
    case TVM_LIST_AFFECTED:
      return tvm_table_find (db, &tvm_device_table, "WHERE d.key = ?1", "I", key);
    case TVM_LIST_HISTORY:
      return NULL; /* only exported: its lines have no one key */
    case TVM_LIST_DEVICES:
    case TVM_LIST_EXPOSED:
    case TVM_N_LISTS:
    default:
      return tvm_table_find (db, &tvm_device_table, "WHERE d.key = ?1", "I", key);
    }
}

/* Exposed devices are pulled of recommendations that somebody looks at or works on: of the other
 * open ones nobody knows which devices they are. */
/**
 * tvm_devices_note_known:
 * @db: a connection
 * @devices: (inout) (element-type TvmDevice): devices, some of which may be %NULL
 *
 * Notes in each whether its number of recommendations is whole, and that it is in no activity only
 * where the devices of all open ones are known.
 */
void
tvm_devices_note_known (TvmDb     *db,
                        GPtrArray *devices)
{
  gboolean counts_all =
    tvm_db_get_int (db, "SELECT NOT EXISTS (SELECT 1 FROM recommendation r WHERE r.is_listed = 1 "
                    "AND r.exposed_devices <> 0 AND r.devices_synced_us = 0 AND "
                    TVM_RECOMMENDATION_STATUS " <= ?1) AND EXISTS (SELECT 1 FROM list_state "
                    "WHERE name = 'recommendations' AND synced_us > 0)",
                    "i", TVM_RECOMMENDATION_ACTIVE) != 0;
  gboolean knows_activities =
    tvm_db_get_int (db, "SELECT NOT EXISTS (SELECT 1 FROM activity a WHERE a.origin = "
                    "TVM_ORIGIN_DEFENDER AND a.status <> TVM_STATUS_COMPLETED AND "
                    TVM_DEVICES_UNASKED ") AND EXISTS (SELECT 1 FROM list_state WHERE name = "
                    "'activities' AND synced_us > 0)", "") != 0;

  for (guint i = 0; i < devices->len; i++)
    if (devices->pdata[i] != NULL)
      {
        TvmDevice *device = devices->pdata[i];

        device->counts_all = counts_all;
        if (!counts_all && device->n_recommendations == 0)
          device->n_recommendations = -1;
        device->counts_activities = knows_activities;
        if (!knows_activities && device->n_activities == 0)
          device->n_activities = -1;
      }
}

static void
list_records (TvmDb *db, gpointer data)
{
  ListData *list = data;
  gint64 owner = 0;

  if (list->query->kind == TVM_LIST_TARGETS)
    {
      owner = tvm_refs_activity_key (db, list->query->activity_id);
      tvm_target_context_load (db, owner);
    }
  for (guint i = 0; i < list->n_wanted && tvm_db_is_good (db); i++)
    g_ptr_array_add (list->records, read_record (db, list->query, owner, list->wanted[i]));
  if (list->query->kind == TVM_LIST_DEVICES || list->query->kind == TVM_LIST_EXPOSED ||
      list->query->kind == TVM_LIST_AFFECTED)
    tvm_devices_note_known (db, list->records);
}

static GDestroyNotify
free_func_of_kind (TvmListKind kind)
{
  switch (kind)
    {
    case TVM_LIST_RECOMMENDATIONS:
      return (GDestroyNotify) tvm_recommendation_unref;
    case TVM_LIST_ACTIVITIES:
      return (GDestroyNotify) tvm_activity_unref;
    case TVM_LIST_TARGETS:
    case TVM_LIST_LEFT_OUT:
      return (GDestroyNotify) tvm_target_unref;
    case TVM_LIST_EXCEPTIONS:
      return (GDestroyNotify) tvm_exception_unref;
    case TVM_LIST_WEAKNESSES:
      return (GDestroyNotify) tvm_vulnerability_unref;
    case TVM_LIST_AFFECTED:
    case TVM_LIST_HISTORY:
    case TVM_LIST_DEVICES:
    case TVM_LIST_EXPOSED:
    case TVM_N_LISTS:
    default:
      return (GDestroyNotify) tvm_device_unref;
    }
}

/**
 * tvm_record_unref:
 * @kind: the list the record came from
 * @record: (transfer full) (nullable): a record
 *
 * Lets go of a record of tvm_store_list_records().
 */
void
tvm_record_unref (TvmListKind kind,
                  gpointer    record)
{
  free_func_of_kind (kind) (record);
}

/**
 * tvm_store_list_records:
 * @self: a store
 * @query: the list the keys came from
 * @keys: (array length=n_keys): keys of tvm_store_list_keys()
 * @n_keys: how many
 * @error: return location for a #TvmError
 *
 * Returns: (transfer full): one record per key in that order, %NULL where it is gone; the array
 *   owns them. %NULL on error
 */
GPtrArray *
tvm_store_list_records (TvmStore       *self,
                        const TvmQuery *query,
                        const gint64   *keys,
                        guint           n_keys,
                        GError        **error)
{
  g_autoptr(GPtrArray) records = g_ptr_array_new_full (n_keys, free_func_of_kind (query->kind));
  ListData data = { .query = query, .wanted = keys, .n_wanted = n_keys, .records = records };

  g_return_val_if_fail (TVM_IS_STORE (self), NULL);

  return tvm_store_read (self, list_records, &data, error) ? g_steal_pointer (&records) : NULL;
}

static void
list_rows (TvmDb *db, gpointer data)
{
  ListData *list = data;

  find_keys (db, list);
  list->wanted = (const gint64 *) (gpointer) list->keys->data;
  list->n_wanted = list->keys->len;
  list_records (db, list);
}

/**
 * tvm_store_list_rows:
 * @self: a store
 * @query: what to list
 * @error: return location for a #TvmError
 *
 * Keys and records at once, for lists that are read whole.
 *
 * Returns: (transfer full) (nullable): the records in order; the array owns them. %NULL on error
 */
GPtrArray *
tvm_store_list_rows (TvmStore        *self,
                     const TvmQuery  *query,
                     GError         **error)
{
  g_autoptr(GArray) keys = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr(GPtrArray) records = g_ptr_array_new_with_free_func (free_func_of_kind (query->kind));
  ListData data = { .query = query, .keys = keys, .records = records };

  g_return_val_if_fail (TVM_IS_STORE (self), NULL);

  return tvm_store_read (self, list_rows, &data, error) ? g_steal_pointer (&records) : NULL;
}

/* tvm-store-merge.c: whole lists into their tables, one transaction each, writing only what
 * differs (R13). SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-private.h"

#include "tvm-time.h"

#define MAX_VALUES 24

/* How the records of a list become rows. */
typedef struct
{
  const char        *table;
  const char        *scope;         /* of the rows the list speaks about */
  const char *const *columns;
  guint              n_columns;
  gsize              id_offset;     /* of "char *id" in the record */
  void (*get_values) (gconstpointer record, TvmValue *values);
} TableSpec;

typedef struct
{
  GPtrArray     *records;
  TvmListResult *result;
  const char    *id;
} MergeData;

static const TableSpec recommendation_spec = {
  "recommendation", "1", tvm_recommendation_columns, TVM_N_RECOMMENDATION_VALUES,
  G_STRUCT_OFFSET (TvmRecommendation, id), tvm_recommendation_values,
};
static const TableSpec device_spec = {
  "device", "1", tvm_device_columns, TVM_N_DEVICE_VALUES, G_STRUCT_OFFSET (TvmDevice, id),
  tvm_device_values,
};
static const TableSpec vulnerability_spec = {
  "vulnerability", "1", tvm_vulnerability_columns, TVM_N_VULNERABILITY_VALUES,
  G_STRUCT_OFFSET (TvmVulnerability, id), tvm_vulnerability_values,
};

static void
portal_activity_values (gconstpointer record, TvmValue *values)
{
  const TvmActivity *activity = record;

  tvm_activity_values (record, values);
  values[5].text = tvm_groups_to_text ((const char *const *) activity->groups);
  values[17].integer = TVM_ORIGIN_DEFENDER;
}

static const TableSpec portal_spec = {
  "activity", "origin = 2", tvm_activity_columns, TVM_N_ACTIVITY_VALUES,
  G_STRUCT_OFFSET (TvmActivity, id), portal_activity_values,
};

static void
values_init (const TableSpec *spec,
             gconstpointer    record,
             TvmValue        *values)
{
  spec->get_values (record, values);
}

/* Portal activities make one text of their groups. */
static void
values_clear (const TableSpec *spec,
              TvmValue        *values)
{
  if (spec == &portal_spec)
    g_free ((char *) values[5].text);
}

static const char *
record_id (const TableSpec *spec,
           gconstpointer    record)
{
  return G_STRUCT_MEMBER (const char *, record, spec->id_offset);
}

/* The statements' text is made of the fixed names in this file only. */
static char *
statement_text (const TableSpec *spec,
                char             what)
{
  GString *sql = g_string_new (what == 's' ? "SELECT key, id" : what == 'u' ? "UPDATE " : "INSERT INTO ");

  if (what != 's')
    g_string_append_printf (sql, "%s %s", spec->table, what == 'u' ? "SET key = ?1" : "(id");
  for (guint i = 0; i < spec->n_columns; i++)
    g_string_append_printf (sql, what == 'u' ? ", %s = ?" : ", %s", spec->columns[i]);
  if (what == 's')
    g_string_append_printf (sql, " FROM %s WHERE %s", spec->table, spec->scope);
  else if (what == 'u')
    g_string_append (sql, " WHERE key = ?1");
  else
    {
      g_string_append (sql, ") VALUES (?");
      for (guint i = 0; i < spec->n_columns; i++)
        g_string_append (sql, ", ?");
      g_string_append (sql, ") ON CONFLICT (id) DO NOTHING");
    }
  return g_string_free (sql, FALSE);
}

static void
write_row (TvmDb           *db,
           const TableSpec *spec,
           sqlite3_stmt    *statement,
           const TvmValue  *first,
           gconstpointer    record)
{
  TvmValue values[MAX_VALUES];

  if (statement == NULL)
    return;
  values_init (spec, record, values);
  tvm_db_bind_value (statement, 1, first);
  for (guint i = 0; i < spec->n_columns; i++)
    tvm_db_bind_value (statement, (int) i + 2, &values[i]);
  while (tvm_db_next (db, statement))
    ;
  values_clear (spec, values);
}

static gboolean
row_is_same (const TableSpec *spec,
             sqlite3_stmt    *row,
             gconstpointer    record)
{
  TvmValue values[MAX_VALUES];
  gboolean is_same = TRUE;

  values_init (spec, record, values);
  for (guint i = 0; i < spec->n_columns && is_same; i++)
    is_same = tvm_db_value_is (row, (int) i + 2, &values[i]);
  values_clear (spec, values);
  return is_same;
}

typedef struct { gint64 key; guint position; } Update;

/* Where each id is in the list, plus 1. Of two records with one id the last counts; the other is
 * taken for seen. */
static GHashTable *
index_records (const TableSpec *spec,
               GPtrArray       *records,
               gboolean        *seen)
{
  GHashTable *positions = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < records->len; i++)
    {
      gpointer id = (gpointer) record_id (spec, records->pdata[i]);
      guint other = GPOINTER_TO_UINT (g_hash_table_lookup (positions, id));

      if (other > 0)
        seen[other - 1] = TRUE;
      g_hash_table_replace (positions, id, GUINT_TO_POINTER (i + 1));
    }
  return positions;
}

/* Compares the table with the list: rows that differ are updated, new ones inserted. Returns the keys
 * of the rows that the list no longer has. */
static GArray *
merge_table (TvmDb           *db,
             const TableSpec *spec,
             GPtrArray       *records,
             TvmListResult   *result)
{
  g_autofree gboolean *seen = g_new0 (gboolean, records->len);
  g_autoptr(GHashTable) positions = index_records (spec, records, seen);
  g_autoptr(GArray) updates = g_array_new (FALSE, FALSE, sizeof (Update));
  g_autofree char *select = statement_text (spec, 's');
  g_autofree char *insert = statement_text (spec, 'i');
  g_autofree char *update = statement_text (spec, 'u');
  GArray *missing = g_array_new (FALSE, FALSE, sizeof (gint64));
  sqlite3_stmt *row = tvm_db_query (db, select, "");

  result->received = (int) g_hash_table_size (positions);
  while (tvm_db_next (db, row))
    {
      Update found = { .key = sqlite3_column_int64 (row, 0) };
      guint position = GPOINTER_TO_UINT (g_hash_table_lookup (positions, tvm_db_text (row, 1)));

      if (position == 0)
        {
          g_array_append_val (missing, found.key);
          continue;
        }
      found.position = position - 1;
      seen[found.position] = TRUE;
      if (!row_is_same (spec, row, records->pdata[found.position]))
        g_array_append_val (updates, found);
    }
  row = tvm_db_prepare (db, update);
  for (guint i = 0; i < updates->len; i++)
    {
      Update *changed = &g_array_index (updates, Update, i);

      write_row (db, spec, row, &TVM_VALUE_INT (changed->key), records->pdata[changed->position]);
    }
  result->changed = (int) updates->len;
  row = tvm_db_prepare (db, insert);
  for (guint i = 0; i < records->len; i++)
    if (!seen[i])
      {
        write_row (db, spec, row, &TVM_VALUE_TEXT (record_id (spec, records->pdata[i])),
                   records->pdata[i]);
        result->added++;
      }
  return missing;
}

static void
start_result (TvmListResult *result,
              const char    *name)
{
  int requests = result->requests;

  *result = (TvmListResult) { .requests = requests };
  g_strlcpy (result->name, name, sizeof result->name);
}

static void
note_changes (TvmDb               *db,
              const TvmListResult *result,
              guint                change)
{
  if (result->added + result->changed + result->removed > 0)
    db->changes |= change;
}

/* Bookkeeping: the list of this name was whole just now. */
void
tvm_merge_note_list (TvmDb      *db,
                     const char *name)
{
  tvm_db_run (db, "INSERT INTO list_state (name, synced_us) VALUES (?1, ?2) "
              "ON CONFLICT (name) DO UPDATE SET synced_us = excluded.synced_us", "sI", name, tvm_now_us ());
  db->changes |= TVM_CHANGED_LISTS;
}

/* A vanished recommendation exposes nothing any more; it stays for the activities that name it. */
static void
remove_recommendation (TvmDb         *db,
                       gint64         key,
                       TvmListResult *result)
{
  if (tvm_db_get_int (db, "SELECT EXISTS (SELECT 1 FROM activity WHERE recommendation_id = "
                      "(SELECT id FROM recommendation WHERE key = ?1))", "I", key) == 0)
    result->removed += tvm_db_run (db, "DELETE FROM recommendation WHERE key = ?1", "I", key) > 0;
  else
    {
      result->removed += tvm_db_run (db, "UPDATE recommendation SET is_listed = 0, exposed_devices = 0 "
                                     "WHERE key = ?1 AND is_listed = 1", "I", key);
      tvm_db_run (db, "DELETE FROM exposure WHERE recommendation_key = ?1", "I", key);
    }
}

static void
merge_recommendations (TvmDb *db, gpointer data)
{
  MergeData *merge = data;
  g_autoptr(GArray) missing = merge_table (db, &recommendation_spec, merge->records, merge->result);

  for (guint i = 0; i < missing->len; i++)
    remove_recommendation (db, g_array_index (missing, gint64, i), merge->result);
  if (merge->result->removed > 0)
    tvm_progress_recompute (db, NULL);
  if (merge->result->added + merge->result->changed + merge->result->removed > 0)
    tvm_exceptions_recompute (db, NULL);
  note_changes (db, merge->result, TVM_CHANGED_RECOMMENDATIONS);
  tvm_merge_note_list (db, "recommendations");
}

static GHashTable *
referenced_devices (TvmDb *db)
{
  GHashTable *keys = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  sqlite3_stmt *row = tvm_db_query (db, "SELECT device_key FROM exposure UNION SELECT device_key FROM target "
                                    "UNION SELECT device_key FROM portal_exposure "
                                    "UNION SELECT device_key FROM ticket_device", "");

  while (tvm_db_next (db, row))
    {
      gint64 key = sqlite3_column_int64 (row, 0);

      g_hash_table_add (keys, g_memdup2 (&key, sizeof key));
    }
  return keys;
}

static void
remove_devices (TvmDb         *db,
                GArray        *missing,
                TvmListResult *result)
{
  g_autoptr(GHashTable) referenced = NULL;

  if (missing->len == 0)
    return;
  referenced = referenced_devices (db);
  for (guint i = 0; i < missing->len; i++)
    {
      gint64 key = g_array_index (missing, gint64, i);
      int was_listed = (int) tvm_db_get_int (db, "SELECT in_inventory FROM device WHERE key = ?1", "I", key);

      if (!g_hash_table_contains (referenced, &key))
        tvm_db_run (db, "DELETE FROM device WHERE key = ?1", "I", key);
      else if (was_listed)
        tvm_db_run (db, "UPDATE device SET in_inventory = 0 WHERE key = ?1", "I", key);
      result->removed += was_listed;
    }
}

static void
merge_devices (TvmDb *db, gpointer data)
{
  MergeData *merge = data;
  g_autoptr(GArray) missing = merge_table (db, &device_spec, merge->records, merge->result);

  remove_devices (db, missing, merge->result);
  if (merge->result->added > 0 || missing->len > 0)
    tvm_db_forget_devices (db);
  if (merge->result->added + merge->result->changed > 0)
    tvm_exceptions_recompute (db, NULL);   /* devices may have moved to another device group */
  note_changes (db, merge->result, TVM_CHANGED_DEVICES);
  tvm_merge_note_list (db, "devices");
}

static void
merge_portal_activities (TvmDb *db, gpointer data)
{
  MergeData *merge = data;
  g_autoptr(GHashTable) known = tvm_journal_remember_portal (db);
  g_autoptr(GArray) missing = merge_table (db, &portal_spec, merge->records, merge->result);

  for (guint i = 0; i < missing->len; i++)
    merge->result->removed += tvm_db_run (db, "DELETE FROM activity WHERE key = ?1", "I",
                                          g_array_index (missing, gint64, i)) > 0;
  if (merge->result->added + merge->result->changed > 0)
    tvm_progress_note (db, 0);
  if (merge->result->changed + merge->result->removed > 0)
    tvm_journal_add_portal_changes (db, known, merge->records);
  note_changes (db, merge->result, TVM_CHANGED_ACTIVITIES);
  tvm_merge_note_list (db, "activities");
}

/* Links: what the recommendation had and the list has not goes, the rest is kept or added. */
static void
merge_vulnerabilities (TvmDb *db, gpointer data)
{
  MergeData *merge = data;
  gint64 key = tvm_refs_recommendation_key (db, merge->id);
  g_autoptr(GHashTable) ids = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GArray) gone = g_array_new (FALSE, FALSE, sizeof (gint64));
  sqlite3_stmt *row;

  g_array_unref (merge_table (db, &vulnerability_spec, merge->records, merge->result));
  merge->result->added = 0;
  for (guint i = 0; i < merge->records->len; i++)
    {
      TvmVulnerability *v = merge->records->pdata[i];

      if (!g_hash_table_add (ids, v->id))
        continue;
      merge->result->added += tvm_db_run (db, "INSERT INTO recommendation_vulnerability "
                                          "SELECT ?1, key FROM vulnerability WHERE id = ?2 "
                                          "ON CONFLICT DO NOTHING", "Is", key, v->id);
    }
  row = tvm_db_query (db, "SELECT v.key, v.id FROM recommendation_vulnerability l JOIN vulnerability v "
                      "ON v.key = l.vulnerability_key WHERE l.recommendation_key = ?1", "I", key);
  while (tvm_db_next (db, row))
    {
      gint64 vulnerability = sqlite3_column_int64 (row, 0);

      if (!g_hash_table_contains (ids, tvm_db_text (row, 1)))
        g_array_append_val (gone, vulnerability);
    }
  for (guint i = 0; i < gone->len; i++)
    merge->result->removed += tvm_db_run (db, "DELETE FROM recommendation_vulnerability WHERE "
                                          "recommendation_key = ?1 AND vulnerability_key = ?2", "II", key,
                                          g_array_index (gone, gint64, i));
  if (gone->len > 0)
    tvm_db_run (db, "DELETE FROM vulnerability WHERE NOT EXISTS (SELECT 1 FROM "
                "recommendation_vulnerability WHERE vulnerability_key = vulnerability.key)", "");
  note_changes (db, merge->result, TVM_CHANGED_RECOMMENDATIONS);
}

static gboolean
run_merge (TvmStore      *self,
           TvmStoreFunc   func,
           const char    *name,
           const char    *id,
           GPtrArray     *records,
           TvmListResult *result,
           GError       **error)
{
  TvmListResult unused = { 0 };
  MergeData merge = { .records = records, .result = result != NULL ? result : &unused, .id = id };

  g_return_val_if_fail (TVM_IS_STORE (self), FALSE);

  start_result (merge.result, name);
  return tvm_store_write_list (self, func, &merge, error);
}

/**
 * tvm_store_merge_recommendations:
 * @self: a store
 * @recommendations: (element-type TvmRecommendation): the whole list
 * @result: (out) (optional): what changed
 * @error: return location for a #TvmError
 *
 * Returns: %FALSE on error; then nothing was changed
 */
gboolean
tvm_store_merge_recommendations (TvmStore      *self,
                                 GPtrArray     *recommendations,
                                 TvmListResult *result,
                                 GError       **error)
{
  return run_merge (self, merge_recommendations, "recommendations", NULL, recommendations, result, error);
}

/**
 * tvm_store_merge_devices:
 * @self: a store
 * @devices: (element-type TvmDevice): the whole inventory
 * @result: (out) (optional): what changed
 * @error: return location for a #TvmError
 *
 * Returns: %FALSE on error; then nothing was changed
 */
gboolean
tvm_store_merge_devices (TvmStore      *self,
                         GPtrArray     *devices,
                         TvmListResult *result,
                         GError       **error)
{
  return run_merge (self, merge_devices, "devices", NULL, devices, result, error);
}

/**
 * tvm_store_merge_portal_activities:
 * @self: a store
 * @activities: (element-type TvmActivity): the whole list of those made in the portal
 * @result: (out) (optional): what changed
 * @error: return location for a #TvmError
 *
 * Returns: %FALSE on error; then nothing was changed
 */
gboolean
tvm_store_merge_portal_activities (TvmStore      *self,
                                   GPtrArray     *activities,
                                   TvmListResult *result,
                                   GError       **error)
{
  return run_merge (self, merge_portal_activities, "activities", NULL, activities, result, error);
}

/**
 * tvm_store_merge_vulnerabilities:
 * @self: a store
 * @recommendation_id: a recommendation
 * @vulnerabilities: (element-type TvmVulnerability): all of its CVEs
 * @result: (out) (optional): what changed
 * @error: return location for a #TvmError
 *
 * Returns: %FALSE on error; then nothing was changed
 */
gboolean
tvm_store_merge_vulnerabilities (TvmStore      *self,
                                 const char    *recommendation_id,
                                 GPtrArray     *vulnerabilities,
                                 TvmListResult *result,
                                 GError       **error)
{
  return run_merge (self, merge_vulnerabilities, "vulnerabilities", recommendation_id, vulnerabilities,
                    result, error);
}

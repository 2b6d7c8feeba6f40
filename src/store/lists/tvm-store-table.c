/* tvm-store-table.c: a list compared with its table, writing only what differs (R13). On a
 * connection's thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-private.h"

#include "tvm-time.h"

#define MAX_VALUES 24

const TvmTable tvm_recommendation_table = {
  "recommendation", "1", tvm_recommendation_columns, TVM_N_RECOMMENDATION_VALUES,
  G_STRUCT_OFFSET (TvmRecommendation, id), tvm_recommendation_values,
};
const TvmTable tvm_device_table = {
  "device", "1", tvm_device_columns, TVM_N_DEVICE_VALUES, G_STRUCT_OFFSET (TvmDevice, id),
  tvm_device_values,
};
const TvmTable tvm_vulnerability_table = {
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

const TvmTable tvm_portal_activity_table = {
  "activity", "origin = 2", tvm_activity_columns, TVM_N_ACTIVITY_VALUES,
  G_STRUCT_OFFSET (TvmActivity, id), portal_activity_values,
};

static void
values_init (const TvmTable *table,
             gconstpointer   record,
             TvmValue       *values)
{
  table->get_values (record, values);
}

/* Portal activities make one text of their groups. */
static void
values_clear (const TvmTable *table,
              TvmValue       *values)
{
  if (table == &tvm_portal_activity_table)
    g_free ((char *) values[5].text);
}

static const char *
record_id (const TvmTable *table,
           gconstpointer   record)
{
  return G_STRUCT_MEMBER (const char *, record, table->id_offset);
}

/* The statements' text is made of the fixed names in this file only. */
static char *
statement_text (const TvmTable *table,
                char             what)
{
  GString *sql = g_string_new (what == 's' ? "SELECT key, id" : what == 'u' ? "UPDATE " : "INSERT INTO ");

  if (what != 's')
    g_string_append_printf (sql, "%s %s", table->name, what == 'u' ? "SET key = ?1" : "(id");
  for (guint i = 0; i < table->n_columns; i++)
    g_string_append_printf (sql, what == 'u' ? ", %s = ?" : ", %s", table->columns[i]);
  if (what == 's')
    g_string_append_printf (sql, " FROM %s WHERE %s", table->name, table->scope);
  else if (what == 'u')
    g_string_append (sql, " WHERE key = ?1");
  else
    {
      g_string_append (sql, ") VALUES (?");
      for (guint i = 0; i < table->n_columns; i++)
        g_string_append (sql, ", ?");
      g_string_append (sql, ") ON CONFLICT (id) DO NOTHING");
    }
  return g_string_free (sql, FALSE);
}

static void
write_row (TvmDb          *db,
           const TvmTable *table,
           sqlite3_stmt   *statement,
           const TvmValue *first,
           gconstpointer   record)
{
  TvmValue values[MAX_VALUES];

  if (statement == NULL)
    return;
  values_init (table, record, values);
  tvm_db_bind_value (statement, 1, first);
  for (guint i = 0; i < table->n_columns; i++)
    tvm_db_bind_value (statement, (int) i + 2, &values[i]);
  while (tvm_db_next (db, statement))
    ;
  values_clear (table, values);
}

static gboolean
row_is_same (const TvmTable *table,
             sqlite3_stmt   *row,
             gconstpointer   record)
{
  TvmValue values[MAX_VALUES];
  gboolean is_same = TRUE;

  values_init (table, record, values);
  for (guint i = 0; i < table->n_columns && is_same; i++)
    is_same = tvm_db_value_is (row, (int) i + 2, &values[i]);
  values_clear (table, values);
  return is_same;
}

typedef struct { gint64 key; guint position; } Update;

/* Where each id is in the list, plus 1. Of two records with one id the last counts; the other is
 * taken for seen. */
static GHashTable *
index_records (const TvmTable *table,
               GPtrArray      *records,
               gboolean       *seen)
{
  GHashTable *positions = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < records->len; i++)
    {
      gpointer id = (gpointer) record_id (table, records->pdata[i]);
      guint other = GPOINTER_TO_UINT (g_hash_table_lookup (positions, id));

      if (other > 0)
        seen[other - 1] = TRUE;
      g_hash_table_replace (positions, id, GUINT_TO_POINTER (i + 1));
    }
  return positions;
}

/* Compares the table with the list: rows that differ are updated, new ones inserted. Returns the keys
 * of the rows that the list no longer has. */
GArray *
tvm_table_merge (TvmDb          *db,
                 const TvmTable *table,
                 GPtrArray      *records,
                 TvmListResult  *result)
{
  g_autofree gboolean *seen = g_new0 (gboolean, records->len);
  g_autoptr(GHashTable) positions = index_records (table, records, seen);
  g_autoptr(GArray) updates = g_array_new (FALSE, FALSE, sizeof (Update));
  g_autofree char *select = statement_text (table, 's');
  g_autofree char *insert = statement_text (table, 'i');
  g_autofree char *update = statement_text (table, 'u');
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
      if (!row_is_same (table, row, records->pdata[found.position]))
        g_array_append_val (updates, found);
    }
  row = tvm_db_prepare (db, update);
  for (guint i = 0; i < updates->len; i++)
    {
      Update *changed = &g_array_index (updates, Update, i);

      write_row (db, table, row, &TVM_VALUE_INT (changed->key), records->pdata[changed->position]);
    }
  result->changed = (int) updates->len;
  row = tvm_db_prepare (db, insert);
  for (guint i = 0; i < records->len; i++)
    if (!seen[i])
      {
        write_row (db, table, row, &TVM_VALUE_TEXT (record_id (table, records->pdata[i])),
                   records->pdata[i]);
        result->added++;
      }
  return missing;
}

/* That the list of the row is whole, now, in a column that is 0 as long as nobody knows (R18). Table
 * and column are fixed words. That there are none is news then, too. */
void
tvm_list_note_known (TvmDb      *db,
                     const char *table,
                     const char *column,
                     gint64      key)
{
  g_autofree char *select = g_strdup_printf ("SELECT %s FROM %s WHERE key = ?1", column, table);
  g_autofree char *update = g_strdup_printf ("UPDATE %s SET %s = ?2 WHERE key = ?1", table, column);

  if (tvm_db_get_int (db, select, "I", key) == 0)
    db->changes |= TVM_CHANGED_RECOMMENDATIONS | TVM_CHANGED_ACTIVITIES;
  tvm_db_run (db, update, "II", key, tvm_now_us ());
}

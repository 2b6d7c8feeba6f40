/* tvm-store-merge.c: a whole list compared with its table, so that only what differs is written
 * (R13); by the description of the records. On the writer's thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-private.h"

#include <string.h>

/* A list in the service's words, compared with its table. */
typedef struct
{
  TvmDb          *db;
  const TvmTable *table;
  const TvmField *id;
  GPtrArray      *fields;   /* (owned) (element-type TvmField): what a pull of the list writes */
  GPtrArray      *records;
} Merge;

static void
find_fields (Merge *merge)
{
  merge->fields = g_ptr_array_new ();
  for (guint i = 0; i < merge->table->fields->n_fields; i++)
    {
      const TvmField *field = &merge->table->fields->fields[i];

      if (field->wire == NULL || field->column == NULL)
        continue;
      if (strcmp (field->column, "id") == 0)
        merge->id = field;
      else
        g_ptr_array_add (merge->fields, (gpointer) field);
    }
}

static char *
id_of (const Merge *merge,
       guint        position)
{
  return TVM_FIELD_AT (char *, merge->records->pdata[position], merge->id);
}

static void
append_columns (GString     *sql,
                const Merge *merge,
                const char  *suffix)
{
  for (guint i = 0; i < merge->fields->len; i++)
    g_string_append_printf (sql, "%s%s", ((const TvmField *) merge->fields->pdata[i])->column,
                            suffix);
}

/* The statements' text is made of the fixed names in the descriptions only. */
static sqlite3_stmt *
prepare_select (const Merge *merge)
{
  const TvmTable *table = merge->table;
  g_autoptr(GString) sql = g_string_new ("SELECT ");

  append_columns (sql, merge, ", ");
  if (table->mark != NULL)
    g_string_append_printf (sql, "%s = %d, ", table->mark, table->mark_value);
  else
    g_string_append (sql, "1, ");
  g_string_append_printf (sql, "key, id FROM %s WHERE %s", table->name, table->scope);
  return tvm_db_prepare (merge->db, sql->str);
}

static sqlite3_stmt *
prepare_update (const Merge *merge)
{
  const TvmTable *table = merge->table;
  g_autoptr(GString) sql = g_string_new ("UPDATE ");

  g_string_append_printf (sql, "%s SET ", table->name);
  append_columns (sql, merge, " = ?, ");
  if (table->mark != NULL)
    g_string_append_printf (sql, "%s = %d, ", table->mark, table->mark_value);
  g_string_truncate (sql, sql->len - 2);
  g_string_append (sql, " WHERE key = ?");
  return tvm_db_prepare (merge->db, sql->str);
}

static sqlite3_stmt *
prepare_insert (const Merge *merge)
{
  const TvmTable *table = merge->table;
  g_autoptr(GString) sql = g_string_new ("INSERT INTO ");
  g_autoptr(GString) values = g_string_new (NULL);

  g_string_append_printf (sql, "%s (", table->name);
  append_columns (sql, merge, ", ");
  for (guint i = 0; i < merge->fields->len; i++)
    g_string_append (values, "?, ");
  g_string_append_printf (sql, "id%s%s) VALUES (%s?", table->mark != NULL ? ", " : "",
                          table->mark != NULL ? table->mark : "", values->str);
  if (table->mark != NULL)
    g_string_append_printf (sql, ", %d", table->mark_value);
  g_string_append (sql, ") ON CONFLICT (id) DO NOTHING");
  return tvm_db_prepare (merge->db, sql->str);
}

/* NULL is what is not known, and an empty list an empty text. */
static char *
list_to_text (const char *const *list)
{
  return list != NULL && list[0] == NULL ? g_strdup ("") : tvm_groups_to_text (list);
}

static void
bind_field (sqlite3_stmt   *statement,
            int             position,
            const TvmField *field,
            gconstpointer   record)
{
  switch (field->kind)
    {
    case TVM_FIELD_TEXT:
    case TVM_FIELD_DATE:
    case TVM_FIELD_LINES:
      sqlite3_bind_text (statement, position, TVM_FIELD_AT (char *, record, field), -1,
                         SQLITE_STATIC);
      break;
    case TVM_FIELD_LIST:
      sqlite3_bind_text (statement, position,
                         list_to_text (TVM_FIELD_AT (const char *const *, record, field)), -1,
                         g_free);
      break;
    case TVM_FIELD_KEY:
    case TVM_FIELD_INSTANT:
      sqlite3_bind_int64 (statement, position, TVM_FIELD_AT (gint64, record, field));
      break;
    case TVM_FIELD_DOUBLE:
      sqlite3_bind_double (statement, position, TVM_FIELD_AT (double, record, field));
      break;
    case TVM_FIELD_INT:
    case TVM_FIELD_BOOLEAN:
    case TVM_FIELD_WORD:
      sqlite3_bind_int (statement, position, TVM_FIELD_AT (int, record, field));
      break;
    case TVM_N_FIELD_KINDS:
    default:
      g_assert_not_reached ();
    }
}

static void
write_row (const Merge  *merge,
           sqlite3_stmt *statement,
           guint         position)
{
  for (guint i = 0; i < merge->fields->len; i++)
    bind_field (statement, (int) i + 1, merge->fields->pdata[i], merge->records->pdata[position]);
  while (tvm_db_next (merge->db, statement))
    ;
}

/* Whether list_to_text() would make this text of them. */
static gboolean
is_text_of_groups (const char *const *groups,
                   const char        *text)
{
  if (groups == NULL || text == NULL)
    return text == NULL && groups == NULL;
  if (groups[0] == NULL)
    return *text == '\0';
  for (; *groups != NULL; groups++)
    {
      for (const char *c = *groups; *c != '\0'; c++)
        if (*text++ != (*c == '\n' ? ' ' : *c))
          return FALSE;
      if (*text++ != (groups[1] != NULL ? '\n' : '\0'))
        return FALSE;
    }
  return TRUE;
}

static gboolean
field_is_same (sqlite3_stmt   *row,
               int             column,
               const TvmField *field,
               gconstpointer   record)
{
  switch (field->kind)
    {
    case TVM_FIELD_TEXT:
    case TVM_FIELD_DATE:
    case TVM_FIELD_LINES:
      return g_strcmp0 (tvm_db_text (row, column), TVM_FIELD_AT (char *, record, field)) == 0;
    case TVM_FIELD_LIST:
      return is_text_of_groups (TVM_FIELD_AT (const char *const *, record, field),
                                tvm_db_text (row, column));
    case TVM_FIELD_KEY:
    case TVM_FIELD_INSTANT:
      return sqlite3_column_int64 (row, column) == TVM_FIELD_AT (gint64, record, field);
    case TVM_FIELD_DOUBLE:
      return sqlite3_column_double (row, column) == TVM_FIELD_AT (double, record, field);
    case TVM_FIELD_INT:
    case TVM_FIELD_BOOLEAN:
    case TVM_FIELD_WORD:
      return sqlite3_column_int (row, column) == TVM_FIELD_AT (int, record, field);
    case TVM_N_FIELD_KINDS:
    default:
      g_assert_not_reached ();
    }
}

/* A row of the statement for reading: the fields, whether it is marked, key, id. */
static gboolean
row_is_same (const Merge  *merge,
             sqlite3_stmt *row,
             guint         position)
{
  gboolean is_same = sqlite3_column_int (row, (int) merge->fields->len) != 0;

  for (guint i = 0; is_same && i < merge->fields->len; i++)
    is_same = field_is_same (row, (int) i, merge->fields->pdata[i],
                             merge->records->pdata[position]);
  return is_same;
}

typedef struct { gint64 key; guint position; } Update;

/* Where each id is in the list, plus 1. Of two records with one id the last counts; the other is
 * taken for seen. */
static GHashTable *
index_records (const Merge *merge,
               gboolean    *seen)
{
  GHashTable *positions = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < merge->records->len; i++)
    {
      char *id = id_of (merge, i);
      guint other = GPOINTER_TO_UINT (g_hash_table_lookup (positions, id));

      if (other > 0)
        seen[other - 1] = TRUE;
      g_hash_table_replace (positions, id, GUINT_TO_POINTER (i + 1));
    }
  return positions;
}

static void
insert_rows (const Merge    *merge,
             const gboolean *seen,
             TvmListResult  *result)
{
  sqlite3_stmt *statement = prepare_insert (merge);

  for (guint i = 0; statement != NULL && i < merge->records->len; i++)
    if (!seen[i])
      {
        sqlite3_bind_text (statement, (int) merge->fields->len + 1, id_of (merge, i), -1,
                           SQLITE_STATIC);
        write_row (merge, statement, i);
        result->added++;
      }
}

static void
update_rows (const Merge   *merge,
             GArray        *updates,
             TvmListResult *result)
{
  sqlite3_stmt *statement = prepare_update (merge);

  for (guint i = 0; statement != NULL && i < updates->len; i++)
    {
      const Update *update = &g_array_index (updates, Update, i);

      sqlite3_bind_int64 (statement, (int) merge->fields->len + 1, update->key);
      write_row (merge, statement, update->position);
      result->changed++;
    }
}

/**
 * tvm_table_merge:
 * @db: the writer's connection
 * @table: the table
 * @records: the whole list, records of the table's type; of two with one id the last counts
 * @result: (inout): counts what was received, added and changed
 *
 * Compares the table with the list: rows that differ are updated, new ones inserted (R13). Only
 * what the service names is written.
 *
 * Returns: (transfer full) (element-type gint64): the keys of the rows that the list no longer has
 */
GArray *
tvm_table_merge (TvmDb          *db,
                 const TvmTable *table,
                 GPtrArray      *records,
                 TvmListResult  *result)
{
  Merge merge = { .db = db, .table = table, .records = records };
  g_autofree gboolean *seen = g_new0 (gboolean, records->len);
  g_autoptr(GHashTable) positions = NULL;
  g_autoptr(GArray) updates = g_array_new (FALSE, FALSE, sizeof (Update));
  GArray *missing = g_array_new (FALSE, FALSE, sizeof (gint64));
  sqlite3_stmt *row;
  int key_column;

  find_fields (&merge);
  key_column = (int) merge.fields->len + 1;
  positions = index_records (&merge, seen);
  result->received = (int) g_hash_table_size (positions);
  row = prepare_select (&merge);
  while (tvm_db_next (db, row))
    {
      Update found = { .key = sqlite3_column_int64 (row, key_column) };
      const char *id = tvm_db_text (row, key_column + 1);
      guint position = GPOINTER_TO_UINT (g_hash_table_lookup (positions, id));

      if (position == 0)
        {
          g_array_append_val (missing, found.key);
          continue;
        }
      found.position = position - 1;
      seen[found.position] = TRUE;
      if (!row_is_same (&merge, row, found.position))
        g_array_append_val (updates, found);
    }
  update_rows (&merge, updates, result);
  insert_rows (&merge, seen, result);
  g_ptr_array_unref (merge.fields);
  return missing;
}

/* tvm-store-table.c: records read from their tables, by their descriptions. On a connection's
 * thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-private.h"

#include <string.h>

/**
 * tvm_table_append_sql:
 * @table: a table
 * @field: one of its fields, which has a column
 * @sql: (inout): gets what stands for the field in a statement of the table's alias
 */
void
tvm_table_append_sql (const TvmTable *table,
                      const TvmField *field,
                      GString        *sql)
{
  const TvmExpression *expression = tvm_table_expression (table, field);

  if (expression != NULL)
    g_string_append (sql, expression->sql);
  else
    g_string_append_printf (sql, "%s.%s", table->alias, field->column);
}

/**
 * tvm_table_expression:
 * @table: a table
 * @field: one of its fields, which has a column
 *
 * Returns: (transfer none) (nullable): what it is made of; %NULL where it is a column of the table
 */
const TvmExpression *
tvm_table_expression (const TvmTable *table,
                      const TvmField *field)
{
  const TvmExpression *expression = table->expressions;

  while (expression != NULL && expression->column != NULL)
    if (strcmp (expression->column, field->column) == 0)
      return expression;
    else
      expression++;
  return NULL;
}

static char *
select_text (const TvmTable *table)
{
  GString *sql = g_string_new ("SELECT ");

  for (guint i = 0; i < table->fields->n_fields; i++)
    if (table->fields->fields[i].column != NULL)
      {
        tvm_table_append_sql (table, &table->fields->fields[i], sql);
        g_string_append (sql, ", ");
      }
  g_string_truncate (sql, sql->len - 2);
  g_string_append_printf (sql, " %s", table->from);
  return g_string_free (sql, FALSE);
}

static sqlite3_stmt *
query_valist (TvmDb      *db,
              TvmTable   *table,
              const char *rest,
              const char *types,
              va_list     arguments)
{
  g_autofree char *sql = NULL;

  if (g_once_init_enter (&table->select))
    g_once_init_leave (&table->select, select_text (table));
  sql = g_strconcat (table->select, rest, NULL);
  return tvm_db_query_valist (db, sql, types, arguments);
}

/**
 * tvm_table_query:
 * @db: a connection
 * @table: a table
 * @rest: WHERE and what follows, with a join where it needs one
 * @types: one letter per value, as of tvm_db_query()
 * @...: the values
 *
 * Returns: (transfer none) (nullable): rows for tvm_table_read(); %NULL after an error
 */
sqlite3_stmt *
tvm_table_query (TvmDb      *db,
                 TvmTable   *table,
                 const char *rest,
                 const char *types,
                 ...)
{
  sqlite3_stmt *statement;
  va_list arguments;

  va_start (arguments, types);
  statement = query_valist (db, table, rest, types, arguments);
  va_end (arguments);
  return statement;
}

/**
 * tvm_table_list:
 * @db: a connection
 * @table: a table
 * @unref: frees one of its records
 * @rest: WHERE and what follows, with a join where it needs one
 * @types: one letter per value, as of tvm_db_query()
 * @...: the values
 *
 * Returns: (transfer full): these rows as records of the table's type
 */
GPtrArray *
tvm_table_list (TvmDb          *db,
                TvmTable       *table,
                GDestroyNotify  unref,
                const char     *rest,
                const char     *types,
                ...)
{
  GPtrArray *records = g_ptr_array_new_with_free_func (unref);
  sqlite3_stmt *row;
  va_list arguments;

  va_start (arguments, types);
  row = query_valist (db, table, rest, types, arguments);
  va_end (arguments);
  while (tvm_db_next (db, row))
    g_ptr_array_add (records, tvm_table_read (table, row));
  return records;
}

/**
 * tvm_table_find:
 * @db: a connection
 * @table: a table
 * @rest: WHERE and what follows
 * @types: one letter per value, as of tvm_db_query()
 * @...: the values
 *
 * Returns: (transfer full) (nullable): the first of these rows as a record of the table's type;
 *   %NULL where there is none, or after an error
 */
gpointer
tvm_table_find (TvmDb      *db,
                TvmTable   *table,
                const char *rest,
                const char *types,
                ...)
{
  sqlite3_stmt *row;
  gpointer record;
  va_list arguments;

  va_start (arguments, types);
  row = query_valist (db, table, rest, types, arguments);
  va_end (arguments);
  record = tvm_db_next (db, row) ? tvm_table_read (table, row) : NULL;
  tvm_db_reset (row);
  return record;
}

static char **
list_from_text (const char     *text,
                const TvmField *field)
{
  if (text == NULL && field->unknown < 0)
    return NULL;
  return text != NULL && *text != '\0' ? g_strsplit (text, "\n", -1) : g_new0 (char *, 1);
}

static void
read_field (sqlite3_stmt   *row,
            int             column,
            const TvmField *field,
            gpointer        record)
{
  switch (field->kind)
    {
    case TVM_FIELD_TEXT:
    case TVM_FIELD_DATE:
    case TVM_FIELD_LINES:
      TVM_FIELD_AT (char *, record, field) = tvm_db_dup (row, column);
      break;
    case TVM_FIELD_LIST:
      TVM_FIELD_AT (char **, record, field) = list_from_text (tvm_db_text (row, column),
                                                              field);
      break;
    case TVM_FIELD_KEY:
    case TVM_FIELD_INSTANT:
      TVM_FIELD_AT (gint64, record, field) = sqlite3_column_int64 (row, column);
      break;
    case TVM_FIELD_DOUBLE:
      TVM_FIELD_AT (double, record, field) = sqlite3_column_double (row, column);
      break;
    case TVM_FIELD_INT:
    case TVM_FIELD_BOOLEAN:
    case TVM_FIELD_WORD:
      TVM_FIELD_AT (int, record, field) = sqlite3_column_int (row, column);
      break;
    case TVM_N_FIELD_KINDS:
    default:
      g_assert_not_reached ();
    }
}

/**
 * tvm_table_read:
 * @table: a table
 * @row: a row of tvm_table_query()
 *
 * Returns: (transfer full): a record of the table's type
 */
gpointer
tvm_table_read (const TvmTable *table,
                sqlite3_stmt   *row)
{
  gpointer record = tvm_fields_new_record (table->fields);
  int column = 0;

  for (guint i = 0; i < table->fields->n_fields; i++)
    if (table->fields->fields[i].column != NULL)
      read_field (row, column++, &table->fields->fields[i], record);
  if (table->settle != NULL)
    table->settle (record);
  return record;
}

/**
 * tvm_groups_to_text:
 * @groups: (nullable) (array zero-terminated=1): names of device groups
 *
 * Returns: (transfer full) (nullable): one a line, where a line break in a name becomes a space;
 *   %NULL for none, which is all groups
 */
char *
tvm_groups_to_text (const char *const *groups)
{
  GString *text;

  if (groups == NULL || groups[0] == NULL)
    return NULL;
  text = g_string_new (NULL);
  for (gsize i = 0; groups[i] != NULL; i++)
    {
      g_autofree char *name = g_strdelimit (g_strdup (groups[i]), "\n", ' ');

      g_string_append_printf (text, "%s%s", i > 0 ? "\n" : "", name);
    }
  return g_string_free (text, FALSE);
}

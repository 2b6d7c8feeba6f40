/* tvm-store-db.c: one SQLite connection with its prepared statements. Belongs to the thread that
 * opened it. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-db.h"
#include "tvm-store-file.h"

#include <glib/gi18n-lib.h>
#include <stdarg.h>

#define BUSY_TIMEOUT_MS 5000

/* As others may change it; as nobody can, without a log or with one; or alone, so that others
 * wait. */
typedef enum { SHARED, SETTLED, LOGGED, ALONE } Way;

static int
open_handle (const char  *path,
             Way          way,
             sqlite3    **out)
{
  g_autofree char *escaped = g_uri_escape_string (path, "/", FALSE);
  /* Alone, a log needs no file beside it; and no lock, which cannot be had of a file to be read. */
  g_autofree char *uri = g_strconcat ("file:", escaped,
                                      way == SETTLED ? "?immutable=1" : "?vfs=unix-none", NULL);
  int result = way == SETTLED || way == LOGGED
    ? sqlite3_open_v2 (uri, out, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, NULL)
    : sqlite3_open_v2 (path, out, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);

  if (result != SQLITE_OK)
    return result;
  sqlite3_busy_timeout (*out, BUSY_TIMEOUT_MS);
  sqlite3_db_config (*out, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  return sqlite3_exec (*out, way == ALONE || way == LOGGED
                         ? "PRAGMA locking_mode = EXCLUSIVE; SELECT count(*) FROM sqlite_schema"
                         : "SELECT count(*) FROM sqlite_schema", NULL, NULL, NULL);
}

/**
 * tvm_db_open_handle:
 * @path: an existing file
 * @read_only: whether it is only to be read
 * @out: (out): the connection, also on error, for sqlite3_close_v2()
 *
 * Beside a log (WAL) SQLite needs a file of its own. It gives up where it cannot make one, and
 * fails where the disk is full; without others it needs none.
 *
 * Returns: SQLite's result
 */
int
tvm_db_open_handle (const char  *path,
                    gboolean     read_only,
                    sqlite3    **out)
{
  int result = open_handle (path, SHARED, out);
  int kind = result & 0xff;
  gboolean is_full = kind == SQLITE_IOERR || kind == SQLITE_FULL;

  if (!read_only || (!is_full && (kind != SQLITE_CANTOPEN ||
                                  !tvm_store_file_is_still (path))))
    return result;
  sqlite3_close_v2 (g_steal_pointer (out));
  return open_handle (path, is_full ? ALONE : tvm_store_file_has_log (path) ? LOGGED : SETTLED,
                      out);
}

/**
 * tvm_db_open:
 * @path: an existing file
 * @read_only: whether the connection refuses to write
 * @error: return location for %TVM_ERROR_STORE_FAILED
 *
 * Opens a connection that belongs to this thread; the file is not written to before its first page
 * was read.
 *
 * Returns: (transfer full) (nullable): the connection, or %NULL on error
 */
TvmDb *
tvm_db_open (const char *path,
             gboolean    read_only,
             GError    **error)
{
  TvmDb *self = g_new0 (TvmDb, 1);
  int result;

  self->owner = g_thread_self ();
  self->path = g_strdup (path);
  self->statements = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                            (GDestroyNotify) sqlite3_finalize);
  result = tvm_db_open_handle (path, read_only, &self->handle);
  if (result != SQLITE_OK)
    tvm_db_fail_sqlite (self, result);
  else
    {
      tvm_db_add_functions (self);
      tvm_db_script (self, read_only ? "PRAGMA foreign_keys = ON; PRAGMA query_only = ON"
                                     : "PRAGMA foreign_keys = ON");
    }
  if (!tvm_db_take_error (self, error))
    g_clear_pointer (&self, tvm_db_free);
  return self;
}

/**
 * tvm_db_free:
 * @self: (transfer full) (nullable): a connection; nobody steps its statements any more
 */
void
tvm_db_free (TvmDb *self)
{
  if (self == NULL)
    return;
  tvm_db_forget_devices (self);
  if (self->aside.data != NULL)
    self->aside.free_data (self->aside.data);
  g_hash_table_unref (self->statements);
  sqlite3_close_v2 (self->handle);
  g_strfreev (self->target.groups);
  g_clear_error (&self->error);
  g_free (self->path);
  g_free (self);
}

/**
 * tvm_db_script:
 * @self: a connection
 * @sql: statements that are fixed text; rows they give are thrown away
 *
 * Runs them, unless something failed before; on error the connection has failed.
 */
void
tvm_db_script (TvmDb      *self,
               const char *sql)
{
  int result;

  g_assert (self->owner == g_thread_self ());
  if (self->error != NULL)
    return;
  result = sqlite3_exec (self->handle, sql, NULL, NULL, NULL);
  if (result != SQLITE_OK)
    tvm_db_fail_sqlite (self, result);
}

/**
 * tvm_db_prepare:
 * @self: a connection
 * @sql: one statement; names of enum values stand for their numbers
 *
 * Statements are prepared once and kept, by their text.
 *
 * Returns: (transfer none) (nullable): the statement, reset and ready for binding; %NULL after an
 *   error
 */
sqlite3_stmt *
tvm_db_prepare (TvmDb      *self,
                const char *sql)
{
  g_autofree char *text = NULL;
  sqlite3_stmt *statement;
  int result;

  g_assert (self->owner == g_thread_self ());
  if (self->error != NULL)
    return NULL;
  statement = g_hash_table_lookup (self->statements, sql);
  if (statement != NULL)
    {
      tvm_db_reset (statement);
      return statement;
    }
  text = tvm_db_fill_numbers (sql);
  result = sqlite3_prepare_v3 (self->handle, text, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL);
  if (result != SQLITE_OK)
    {
      tvm_db_fail_sqlite (self, result);
      return NULL;
    }
  g_hash_table_insert (self->statements, g_strdup (sql), statement);
  return statement;
}

/**
 * tvm_db_reset:
 * @statement: (nullable): a statement, which lets go of its rows and of what was bound
 */
void
tvm_db_reset (sqlite3_stmt *statement)
{
  if (statement == NULL)
    return;
  sqlite3_reset (statement);
  sqlite3_clear_bindings (statement);
}

static void
bind_text (sqlite3_stmt *statement,
           int           position,
           const char   *text)
{
  if (text == NULL)
    sqlite3_bind_null (statement, position);
  else
    sqlite3_bind_text (statement, position, text, -1, SQLITE_STATIC);
}

/**
 * tvm_db_query_valist:
 * @self: a connection
 * @sql: one statement
 * @types: one letter per value, as of tvm_db_query()
 * @arguments: the values
 *
 * Returns: (transfer none) (nullable): as tvm_db_query()
 */
sqlite3_stmt *
tvm_db_query_valist (TvmDb      *self,
                     const char *sql,
                     const char *types,
                     va_list     arguments)
{
  sqlite3_stmt *statement = tvm_db_prepare (self, sql);

  if (statement == NULL)
    return NULL;
  for (int i = 0; types[i] != '\0'; i++)
    switch (types[i])
      {
      case 'i':
        sqlite3_bind_int (statement, i + 1, va_arg (arguments, int));
        break;
      case 'I':
        sqlite3_bind_int64 (statement, i + 1, va_arg (arguments, gint64));
        break;
      case 'd':
        sqlite3_bind_double (statement, i + 1, va_arg (arguments, double));
        break;
      default:
        bind_text (statement, i + 1, va_arg (arguments, const char *));
      }
  return statement;
}

/**
 * tvm_db_query:
 * @self: a connection
 * @sql: one statement; names of enum values (TVM_STATUS_ACTIVE) stand for their numbers
 * @types: one letter per value for ?1, ?2 ...: i int, I #gint64, d double, s const char *
 *   (nullable)
 * @...: the values; texts are borrowed until the statement is reset or has given its last row
 *
 * Returns: (transfer none) (nullable): the statement, for tvm_db_next(); %NULL after an error,
 *   which tvm_db_next() takes for no row
 */
sqlite3_stmt *
tvm_db_query (TvmDb      *self,
              const char *sql,
              const char *types,
              ...)
{
  sqlite3_stmt *statement;
  va_list arguments;

  va_start (arguments, types);
  statement = tvm_db_query_valist (self, sql, types, arguments);
  va_end (arguments);
  return statement;
}

/**
 * tvm_db_next:
 * @self: a connection
 * @statement: (nullable): one of tvm_db_query(), tvm_db_prepare() or so
 *
 * Goes to the next row. At the end and on error the statement is reset; whoever stops before calls
 * tvm_db_reset().
 *
 * Returns: whether there is a row
 */
gboolean
tvm_db_next (TvmDb        *self,
             sqlite3_stmt *statement)
{
  int result;

  g_assert (self->owner == g_thread_self ());
  if (statement == NULL || self->error != NULL)
    {
      tvm_db_reset (statement);
      return FALSE;
    }
  result = sqlite3_step (statement);
  if (result == SQLITE_ROW)
    return TRUE;
  if (result != SQLITE_DONE)
    tvm_db_fail_sqlite (self, result);
  tvm_db_reset (statement);
  return FALSE;
}

/**
 * tvm_db_run:
 * @self: a connection
 * @sql: one statement; its rows are thrown away
 * @types: one letter per value, as of tvm_db_query()
 * @...: the values
 *
 * Returns: how many rows it changed, those of triggers and foreign keys too; 0 after an error
 */
int
tvm_db_run (TvmDb      *self,
            const char *sql,
            const char *types,
            ...)
{
  sqlite3_stmt *statement;
  va_list arguments;
  gint64 before;

  va_start (arguments, types);
  statement = tvm_db_query_valist (self, sql, types, arguments);
  va_end (arguments);
  if (statement == NULL)
    return 0;
  before = sqlite3_total_changes64 (self->handle);
  while (tvm_db_next (self, statement))
    ;
  return (int) (sqlite3_total_changes64 (self->handle) - before);
}

/**
 * tvm_db_get_int:
 * @self: a connection
 * @sql: one statement
 * @types: one letter per value, as of tvm_db_query()
 * @...: the values
 *
 * Returns: the first row's first column; 0 where there is none, where it is NULL, or after an error
 */
gint64
tvm_db_get_int (TvmDb      *self,
                const char *sql,
                const char *types,
                ...)
{
  sqlite3_stmt *statement;
  va_list arguments;
  gint64 value = 0;

  va_start (arguments, types);
  statement = tvm_db_query_valist (self, sql, types, arguments);
  va_end (arguments);
  if (tvm_db_next (self, statement))
    value = sqlite3_column_int64 (statement, 0);
  tvm_db_reset (statement);
  return value;
}

/**
 * tvm_db_get_text:
 * @self: a connection
 * @sql: one statement
 * @types: one letter per value, as of tvm_db_query()
 * @...: the values
 *
 * Returns: (transfer full) (nullable): the first row's first column; %NULL where there is none,
 *   where it is NULL, or after an error
 */
char *
tvm_db_get_text (TvmDb      *self,
                 const char *sql,
                 const char *types,
                 ...)
{
  sqlite3_stmt *statement;
  va_list arguments;
  char *text;

  va_start (arguments, types);
  statement = tvm_db_query_valist (self, sql, types, arguments);
  va_end (arguments);
  text = tvm_db_next (self, statement) ? tvm_db_dup (statement, 0) : NULL;
  tvm_db_reset (statement);
  return text;
}

/**
 * tvm_db_list_texts:
 * @self: a connection
 * @sql: one statement
 * @types: one letter per value, as of tvm_db_query()
 * @...: the values
 *
 * Returns: (transfer full): the first column of all rows, which is never NULL
 */
char **
tvm_db_list_texts (TvmDb      *self,
                   const char *sql,
                   const char *types,
                   ...)
{
  g_autoptr(GStrvBuilder) texts = g_strv_builder_new ();
  sqlite3_stmt *statement;
  va_list arguments;

  va_start (arguments, types);
  statement = tvm_db_query_valist (self, sql, types, arguments);
  va_end (arguments);
  while (tvm_db_next (self, statement))
    g_strv_builder_add (texts, tvm_db_text (statement, 0));
  return g_strv_builder_end (texts);
}

/**
 * tvm_db_list:
 * @self: a connection
 * @row: (nullable): rows of tvm_db_query(); read to their end
 * @read: (scope call): makes a record of one
 * @free_record: frees it
 *
 * Returns: (transfer full): the records in order
 */
GPtrArray *
tvm_db_list (TvmDb          *self,
             sqlite3_stmt   *row,
             TvmDbReadFunc   read,
             GDestroyNotify  free_record)
{
  GPtrArray *records = g_ptr_array_new_with_free_func (free_record);

  while (tvm_db_next (self, row))
    g_ptr_array_add (records, read (row));
  return records;
}

/**
 * tvm_db_bind_value:
 * @statement: a statement
 * @position: which parameter, from 1
 * @value: its value; the text is borrowed until the statement is reset
 */
void
tvm_db_bind_value (sqlite3_stmt   *statement,
                   int             position,
                   const TvmValue *value)
{
  if (value->type == 'i')
    sqlite3_bind_int64 (statement, position, value->integer);
  else if (value->type == 'd')
    sqlite3_bind_double (statement, position, value->number);
  else
    bind_text (statement, position, value->text);
}

/**
 * tvm_db_text:
 * @statement: a statement at a row
 * @column: which column, from 0
 *
 * Returns: (transfer none) (nullable): its text until the next step or reset; %NULL for NULL
 */
const char *
tvm_db_text (sqlite3_stmt *statement,
             int           column)
{
  return (const char *) sqlite3_column_text (statement, column);
}

/**
 * tvm_db_dup:
 * @statement: a statement at a row
 * @column: which column, from 0
 *
 * Returns: (transfer full) (nullable): its text; %NULL for NULL
 */
char *
tvm_db_dup (sqlite3_stmt *statement,
            int           column)
{
  return g_strdup (tvm_db_text (statement, column));
}

/**
 * tvm_db_forget_devices:
 * @self: a connection
 *
 * Devices were removed, or what was written is rolled back: tvm_refs_load_device_keys() reads their
 * keys anew.
 */
void
tvm_db_forget_devices (TvmDb *self)
{
  g_clear_pointer (&self->device_keys, tvm_device_keys_free);
}

/* tvm-store-export.c: lists streamed into a CSV file (R9) over a connection of its own, so that the
 * views go on reading. On the caller's thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-export-private.h"

#include "tvm-history.h"
#include "tvm-i18n.h"
#include "tvm-text.h"
#include "tvm-time.h"

#define ROWS_PER_CHECK 1000
#define COUNT_TARGETS \
  "SELECT (SELECT count(*) FROM target WHERE activity_key = a.key) + " \
  "(SELECT count(*) FROM portal_exposure WHERE activity_key = a.key) " \
  "FROM activity a WHERE a.id = ?1"
#define HAS_TICKETS \
  "SELECT EXISTS (SELECT 1 FROM ticket k JOIN activity a ON a.key = k.activity_key WHERE a.id = ?1)"

static void
put_digits (char *to,
            int   number)
{
  to[0] = (char) ('0' + number / 10 % 10);
  to[1] = (char) ('0' + number % 10);
}

/* UTC to the second by arithmetic on the civil calendar: GDateTime would cost more than the row. */
static void
add_utc (TvmCsv *csv,
         gint64  instant_us)
{
  gint64 seconds = instant_us / TVM_SECOND_US;
  gint64 days = seconds / 86400, rest = seconds % 86400;
  gint64 era, day_of_era, year_of_era, day_of_year, month_index, year, month, day;
  char text[] = "0000-00-00T00:00:00+00:00";

  era = (days + 719468) / 146097;
  day_of_era = (days + 719468) - era * 146097;
  year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  month_index = (5 * day_of_year + 2) / 153;
  day = day_of_year - (153 * month_index + 2) / 5 + 1;
  month = month_index < 10 ? month_index + 3 : month_index - 9;
  year = year_of_era + era * 400 + (month <= 2);
  put_digits (text, (int) (year / 100));
  put_digits (text + 2, (int) (year % 100));
  put_digits (text + 5, (int) month);
  put_digits (text + 8, (int) day);
  put_digits (text + 11, (int) (rest / 3600));
  put_digits (text + 14, (int) (rest / 60 % 60));
  put_digits (text + 17, (int) (rest % 60));
  tvm_csv_cell (csv, text);
}

/**
 * tvm_export_instant:
 * @export: an export
 * @instant_us: microseconds since 1970 UTC; 0 or less is not known
 *
 * Adds its cell: UTC to the second (ISO 8601) for programs, local to the minute for people, empty
 * where it is not known.
 */
void
tvm_export_instant (TvmExport *export,
                    gint64     instant_us)
{
  g_autoptr(GDateTime) when = NULL;
  g_autofree char *text = NULL;

  if (instant_us <= 0)
    tvm_csv_cell (export->csv, NULL);
  else if (export->is_machine)
    add_utc (export->csv, instant_us);
  else
    {
      when = g_date_time_new_from_unix_local (instant_us / TVM_SECOND_US);
      text = when != NULL ? g_date_time_format (when, "%Y-%m-%d %H:%M") : NULL;
      tvm_csv_cell (export->csv, text);
    }
}

/* Programs read the kind of completion beside it. */
static void
add_completed_by (TvmExport    *export,
                  sqlite3_stmt *row,
                  int           i)
{
  TvmActivity activity = { .status = TVM_STATUS_COMPLETED,
                          .completion = sqlite3_column_int (row, i) };

  if (sqlite3_column_type (row, i) != SQLITE_INTEGER)
    tvm_csv_cell (export->csv, tvm_db_text (row, i));
  else
    tvm_csv_cell (export->csv, export->is_machine ? NULL : tvm_completed_by_text (&activity));
}

/* What happened, and the values before and after, are words for programs; people get sentences. */
static void
add_history_cell (TvmExport    *export,
                  sqlite3_stmt *row,
                  int           i)
{
  TvmHistoryEntry entry = { .count = sqlite3_column_int (row, TVM_HISTORY_COUNT) };
  gboolean is_activity = g_strcmp0 (tvm_db_text (row, TVM_HISTORY_SUBJECT), "activity") == 0;
  g_autofree char *kind = tvm_db_dup (row, TVM_HISTORY_EVENT);
  g_autofree char *who = tvm_db_dup (row, TVM_HISTORY_WHO);
  g_autofree char *detail = is_activity ? tvm_db_dup (row, TVM_HISTORY_DETAIL) : NULL;
  g_autofree char *text = NULL;

  entry.kind = kind;
  entry.who = who;
  entry.detail = detail;
  if (export->columns[i].kind == CELL_HISTORY)
    text = is_activity ? tvm_history_text (&entry) : tvm_exception_history_text (&entry);
  else
    text = tvm_history_value_text (&entry, tvm_db_text (row, i));
  tvm_csv_cell (export->csv, export->is_machine || text == NULL ? tvm_db_text (row, i) : text);
}

static void
add_lines (TvmExport  *export,
           const char *text)
{
  g_autofree char *lines = g_strdup (text);

  tvm_csv_cell (export->csv, lines != NULL ? g_strdelimit (lines, "\n", ';') : NULL);
}

static const char *
yes_or_no (const TvmExport *export,
           gboolean         value)
{
  if (export->is_machine)
    return value ? "true" : "false";
  return value ? _("Yes") : _("No");
}

static void
add_word (TvmExport      *export,
          const TvmWords *words,
          sqlite3_stmt   *row,
          int             i)
{
  int value = sqlite3_column_int (row, i);

  if (sqlite3_column_type (row, i) == SQLITE_NULL || value < 0)
    tvm_csv_cell (export->csv, NULL);
  else
    tvm_csv_cell (export->csv, export->is_machine ? tvm_words_to_word (words, value)
                                                  : tvm_words_to_text (words, value));
}

static void
add_cell (TvmExport    *export,
          sqlite3_stmt *row,
          int           i)
{
  const TvmExportColumn *column = &export->columns[i];
  char number[G_ASCII_DTOSTR_BUF_SIZE] = "";

  switch (column->kind)
    {
    case CELL_COMPLETED_BY:
      add_completed_by (export, row, i);
      break;
    case CELL_HISTORY:
    case CELL_VALUE:
      add_history_cell (export, row, i);
      break;
    case TVM_FIELD_INSTANT:
      tvm_export_instant (export, sqlite3_column_int64 (row, i));
      break;
    case TVM_FIELD_DOUBLE:
      if (sqlite3_column_double (row, i) > column->unknown)
        g_ascii_formatd (number, sizeof number, "%.4g", sqlite3_column_double (row, i));
      tvm_csv_cell (export->csv, number);
      break;
    case TVM_FIELD_LINES:
    case TVM_FIELD_LIST:
      add_lines (export, tvm_db_text (row, i));
      break;
    case TVM_FIELD_WORD:
      add_word (export, column->words, row, i);
      break;
    case TVM_FIELD_INT:
    case TVM_FIELD_BOOLEAN:
      if (sqlite3_column_int (row, i) < 0 || sqlite3_column_type (row, i) == SQLITE_NULL)
        tvm_csv_cell (export->csv, NULL);
      else if (column->kind == TVM_FIELD_INT)
        tvm_csv_number (export->csv, sqlite3_column_int64 (row, i));
      else
        tvm_csv_cell (export->csv, yes_or_no (export, sqlite3_column_int (row, i) != 0));
      break;
    default:
      tvm_csv_cell (export->csv, tvm_db_text (row, i));
    }
}

static sqlite3_stmt *
start_query (TvmExport      *export,
             TvmDb          *db,
             const TvmQuery *query,
             TvmSql         *sql)
{
  g_string_append (sql->sql, "SELECT ");
  for (guint i = 0; i < export->n_columns; i++)
    g_string_append_printf (sql->sql, "%s%s", i > 0 ? ", " : "", export->columns[i].sql);
  tvm_sql_add_from (sql, db, query);
  tvm_sql_add_order (sql, query);
  return tvm_sql_query (sql, db);
}

static gboolean
write_headings (TvmExport *export,
                GError   **error)
{
  for (guint i = 0; i < export->n_columns; i++)
    tvm_csv_cell (export->csv, export->is_machine ? export->columns[i].name
                  : _(export->columns[i].heading));
  return tvm_csv_end_row (export->csv, error);
}

/**
 * tvm_export_go_on:
 * @export: an export before its next row
 * @error: return location for %G_IO_ERROR_CANCELLED
 *
 * Tells the progress and looks at the cancellable every 1,000 rows.
 *
 * Returns: %FALSE where it was cancelled
 */
gboolean
tvm_export_go_on (TvmExport *export,
                  GError   **error)
{
  if (export->n_rows % ROWS_PER_CHECK != 0)
    return TRUE;
  if (export->progress != NULL)
    export->progress (export->n_rows, export->n_total, export->progress_data);
  return !g_cancellable_set_error_if_cancelled (export->cancellable, error);
}

/* The rows of one query; of a list of targets, those of one activity. */
static gboolean
write_query (TvmExport      *export,
             TvmDb          *db,
             const TvmQuery *query,
             GError        **error)
{
  TvmSql sql;
  sqlite3_stmt *row;
  gboolean is_good = TRUE;

  tvm_sql_init (&sql);
  row = start_query (export, db, query, &sql);
  while (is_good && tvm_db_next (db, row))
    {
      is_good = tvm_export_go_on (export, error);
      if (!is_good)
        break;
      for (guint i = 0; i < export->n_columns; i++)
        add_cell (export, row, (int) i);
      is_good = tvm_csv_end_row (export->csv, error);
      export->n_rows++;
    }
  tvm_db_reset (row);
  tvm_sql_clear (&sql);
  return is_good && tvm_db_take_error (db, error);
}

/* The ids of the activities that @query lists, in its order. */
static GPtrArray *
list_activity_ids (TvmDb          *db,
                   const TvmQuery *query)
{
  g_autoptr(TvmQuery) activities = tvm_query_copy (query);
  GPtrArray *ids = g_ptr_array_new_with_free_func (g_free);
  TvmSql sql;
  sqlite3_stmt *row;

  activities->kind = TVM_LIST_ACTIVITIES;
  tvm_sql_init (&sql);
  g_string_append (sql.sql, "SELECT a.id");
  tvm_sql_add_from (&sql, db, activities);
  tvm_sql_add_order (&sql, activities);
  row = tvm_sql_query (&sql, db);
  while (tvm_db_next (db, row))
    g_ptr_array_add (ids, tvm_db_dup (row, 0));
  tvm_db_reset (row);
  tvm_sql_clear (&sql);
  return ids;
}

/* The targets of many activities, one activity after the other: a device's state depends on its
 * own. */
static gboolean
write_targets (TvmExport      *export,
               TvmDb          *db,
               const TvmQuery *query,
               GError        **error)
{
  g_autoptr(GPtrArray) ids = list_activity_ids (db, query);
  g_autoptr(TvmQuery) targets = tvm_query_new (TVM_LIST_TARGETS);
  g_autoptr(TvmExportDevices) devices = NULL;
  gboolean is_good = tvm_db_take_error (db, error);

  targets->target_state = query->target_state;
  for (guint i = 0; is_good && i < ids->len; i++)
    export->n_total += tvm_db_get_int (db, COUNT_TARGETS, "s", ids->pdata[i]);
  if (is_good && query->target_state < 0)
    devices = tvm_export_devices_new (export, db, export->n_total);
  for (guint i = 0; is_good && i < ids->len; i++)
    {
      tvm_set_str (&targets->activity_id, ids->pdata[i]);
      if (devices != NULL && tvm_db_get_int (db, HAS_TICKETS, "s", ids->pdata[i]) == 0)
        is_good = tvm_export_devices_write (devices, export, db, ids->pdata[i], error);
      else
        is_good = write_query (export, db, targets, error);
    }
  return is_good;
}

static gint64
write_rows (TvmExport      *export,
            TvmDb          *db,
            const TvmQuery *query,
            GError        **error)
{
  gboolean is_good;

  tvm_db_script (db, "BEGIN");
  if (query->kind == TVM_LIST_TARGETS && query->activity_id == NULL)
    is_good = write_targets (export, db, query, error);
  else
    {
      export->n_total = tvm_query_count (db, query, TRUE);
      if (query->limit > 0)
        export->n_total = MIN (export->n_total, query->limit);
      is_good = write_query (export, db, query, error);
    }
  if (!is_good || !tvm_csv_finish (export->csv, error))
    return -1;
  if (export->progress != NULL)
    export->progress (export->n_rows, export->n_total, export->progress_data);
  return export->n_rows;
}

/**
 * tvm_store_export:
 * @self: a store
 * @query: what to export, with search and filters; a list of targets without an activity is that of
 *   the activities that search and filters choose
 * @path: a file's path, "-" for standard output
 * @format: for people or for programs
 * @overwrite: whether a file of that name may be replaced
 * @progress: (nullable) (scope call): told the rows so far, on the calling thread
 * @progress_data: its data
 * @cancellable: (nullable): stops the export; no file is left then
 * @error: return location for a #TvmError or %G_IO_ERROR_CANCELLED
 *
 * Returns: the number of rows, or -1 on error; then no file was made or changed
 */
gint64
tvm_store_export (TvmStore         *self,
                  const TvmQuery   *query,
                  const char       *path,
                  TvmCsvFormat      format,
                  gboolean          overwrite,
                  TvmExportProgress progress,
                  gpointer          progress_data,
                  GCancellable     *cancellable,
                  GError          **error)
{
  TvmExport export = { .is_machine = format == TVM_CSV_MACHINE, .progress = progress,
                    .progress_data = progress_data, .cancellable = cancellable };
  TvmDb *db;
  gint64 n_rows = -1;

  g_return_val_if_fail (TVM_IS_STORE (self), -1);

  db = tvm_db_open (tvm_store_path (self), TRUE, error);
  if (db == NULL)
    return -1;
  export.columns = (const TvmExportColumn *) tvm_export_columns (query->kind)->data;
  export.n_columns = tvm_export_columns (query->kind)->len;
  export.csv = tvm_csv_open (path, format, overwrite, error);
  if (export.csv != NULL && write_headings (&export, error))
    n_rows = write_rows (&export, db, query, error);
  tvm_csv_free (export.csv);
  tvm_db_free (db);
  return n_rows;
}

/* tvm-store-export-cells.c: a row of the store as cells of a file, in each of the formats. On the
 * caller's thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-export-private.h"

#include "tvm-history.h"
#include "tvm-i18n.h"
#include "tvm-time.h"

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

static void
add_text (TvmExport  *export,
          const char *text)
{
  if (export->xlsx != NULL)
    tvm_xlsx_text (export->xlsx, text);
  else
    tvm_csv_cell (export->csv, text);
}

static void
add_number (TvmExport *export,
            gint64     number)
{
  if (export->xlsx != NULL)
    tvm_xlsx_number (export->xlsx, (double) number);
  else
    tvm_csv_number (export->csv, number);
}

/* With the same four digits in each format. */
static void
add_real (TvmExport *export,
          double     number)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  if (export->xlsx == NULL)
    tvm_csv_real (export->csv, number);
  else
    tvm_xlsx_number (export->xlsx, g_ascii_strtod (g_ascii_formatd (text, sizeof text, "%.4g",
                                                                    number), NULL));
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

  if (export->xlsx != NULL)
    tvm_xlsx_instant (export->xlsx, instant_us);
  else if (instant_us <= 0)
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
    add_text (export, tvm_db_text (row, i));
  else
    add_text (export, export->is_machine ? NULL : tvm_completed_by_text (&activity));
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
  add_text (export, export->is_machine || text == NULL ? tvm_db_text (row, i) : text);
}

static void
add_lines (TvmExport  *export,
           const char *text)
{
  g_autofree char *lines = g_strdup (text);

  add_text (export, lines != NULL ? g_strdelimit (lines, "\n", ';') : NULL);
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

  if (sqlite3_column_type (row, i) == SQLITE_TEXT)
    add_text (export, tvm_db_text (row, i));
  else if (sqlite3_column_type (row, i) == SQLITE_NULL || value < 0)
    add_text (export, NULL);
  else
    add_text (export, export->is_machine ? tvm_words_to_word (words, value)
                                                     : tvm_words_to_text (words, value));
}

/**
 * tvm_export_cell:
 * @export: an export
 * @row: a row of its query
 * @i: the number of a column
 *
 * Adds that column's cell to the file's row.
 */
void
tvm_export_cell (TvmExport    *export,
                 sqlite3_stmt *row,
                 int           i)
{
  const TvmExportColumn *column = &export->columns[i];

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
        add_real (export, sqlite3_column_double (row, i));
      else
        add_text (export, NULL);
      break;
    case TVM_FIELD_DATE:
      if (export->xlsx != NULL)
        tvm_xlsx_date (export->xlsx, tvm_db_text (row, i));
      else
        tvm_csv_cell (export->csv, tvm_db_text (row, i));
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
        add_text (export, NULL);
      else if (column->kind == TVM_FIELD_INT)
        add_number (export, sqlite3_column_int64 (row, i));
      else
        add_text (export, yes_or_no (export, sqlite3_column_int (row, i) != 0));
      break;
    default:
      add_text (export, tvm_db_text (row, i));
    }
}

/**
 * tvm_export_end_row:
 * @export: an export
 * @error: return location for a #TvmError
 *
 * Returns: %FALSE where the row could not be written
 */
gboolean
tvm_export_end_row (TvmExport  *export,
                    GError    **error)
{
  export->n_rows++;
  return export->xlsx != NULL ? tvm_xlsx_end_row (export->xlsx, error)
                              : tvm_csv_end_row (export->csv, error);
}

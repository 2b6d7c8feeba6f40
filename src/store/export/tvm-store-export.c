/* tvm-store-export.c: lists streamed into a file (R9) over a connection of its own, so that the
 * views go on reading. On the caller's thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-export-private.h"

#include "tvm-i18n.h"
#include "tvm-text.h"

#define ROWS_PER_CHECK 1000
#define COUNT_TARGETS \
  "SELECT (SELECT count(*) FROM target WHERE activity_key = a.key) + " \
  "(SELECT count(*) FROM portal_exposure WHERE activity_key = a.key) " \
  "FROM activity a WHERE a.id = ?1"
#define HAS_TICKETS \
  "SELECT EXISTS (SELECT 1 FROM ticket k JOIN activity a ON a.key = k.activity_key WHERE a.id = ?1)"

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

/* From here on the rows are those of such a list; a spreadsheet gets a sheet for them. */
static gboolean
begin_list (TvmExport   *export,
            TvmListKind  kind,
            const char  *name,
            GError     **error)
{
  const GArray *columns = tvm_export_columns (kind);
  g_autoptr(GPtrArray) headings = g_ptr_array_new ();

  export->columns = (const TvmExportColumn *) columns->data;
  export->n_columns = columns->len;
  for (guint i = 0; i < columns->len; i++)
    g_ptr_array_add (headings, (gpointer) (export->is_machine ? export->columns[i].name
                                           : _(export->columns[i].heading)));
  if (export->xlsx == NULL)
    {
      for (guint i = 0; i < headings->len; i++)
        tvm_csv_cell (export->csv, headings->pdata[i]);
      return tvm_csv_end_row (export->csv, error);
    }
  g_ptr_array_add (headings, NULL);
  return tvm_xlsx_begin (export->xlsx, name, (const char *const *) headings->pdata, error);
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
        tvm_export_cell (export, row, (int) i);
      is_good = tvm_export_end_row (export, error);
    }
  tvm_db_reset (row);
  tvm_sql_clear (&sql);
  return is_good && tvm_db_take_error (db, error);
}

static gboolean
write_list (TvmExport      *export,
            TvmDb          *db,
            const TvmQuery *query,
            GError        **error)
{
  gint64 n_rows = tvm_query_count (db, query, TRUE);

  export->n_total += query->limit > 0 ? MIN (n_rows, query->limit) : n_rows;
  return write_query (export, db, query, error);
}

/**
 * tvm_export_list:
 * @export: an export with a file or a part to write to
 * @db: a connection
 * @query: which rows
 * @name: (nullable): of a spreadsheet's sheet
 * @error: return location for a #TvmError or %G_IO_ERROR_CANCELLED
 *
 * Writes the heading and the rows of a list that is no list of many activities' targets.
 *
 * Returns: %FALSE on error
 */
gboolean
tvm_export_list (TvmExport      *export,
                 TvmDb          *db,
                 const TvmQuery *query,
                 const char     *name,
                 GError        **error)
{
  return begin_list (export, query->kind, name, error) && write_list (export, db, query, error);
}

/* The activities that a list of targets is about, in its order; their keys go to @keys. */
static GPtrArray *
list_activities (TvmDb          *db,
                 const TvmQuery *query,
                 GArray         *keys)
{
  g_autoptr(TvmQuery) activities = tvm_query_copy (query);
  GPtrArray *ids = g_ptr_array_new_with_free_func (g_free);
  gint64 key;
  TvmSql sql;
  sqlite3_stmt *row;

  if (query->activity_id != NULL)
    {
      key = tvm_refs_activity_key (db, query->activity_id);
      g_array_append_val (keys, key);
      g_ptr_array_add (ids, g_strdup (query->activity_id));
      return ids;
    }
  activities->kind = TVM_LIST_ACTIVITIES;
  tvm_sql_init (&sql);
  g_string_append (sql.sql, "SELECT a.id, a.key");
  tvm_sql_add_from (&sql, db, activities);
  tvm_sql_add_order (&sql, activities);
  row = tvm_sql_query (&sql, db);
  while (tvm_db_next (db, row))
    {
      key = sqlite3_column_int64 (row, 1);
      g_array_append_val (keys, key);
      g_ptr_array_add (ids, tvm_db_dup (row, 0));
    }
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
               GPtrArray      *ids,
               GError        **error)
{
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

/* A sheet of the activities or of their history. */
static gboolean
write_sheet (TvmExport   *export,
             TvmDb       *db,
             TvmListKind  kind,
             const char  *name,
             GArray      *keys,
             GError     **error)
{
  g_autoptr(TvmQuery) query = tvm_query_new (kind);

  query->keys = g_array_ref (keys);
  export->n_total += tvm_query_count (db, query, TRUE);
  return begin_list (export, kind, name, error) && write_query (export, db, query, error);
}

/* Activities with their targets: a spreadsheet has a sheet for each, and one of their history. */
static gboolean
write_activities (TvmExport      *export,
                  TvmDb          *db,
                  const TvmQuery *query,
                  GError        **error)
{
  g_autoptr(GArray) keys = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr(GPtrArray) ids = list_activities (db, query, keys);
  gboolean has_sheets = export->xlsx != NULL;
  gboolean is_good = tvm_db_take_error (db, error);

  if (is_good && has_sheets)
    is_good = write_sheet (export, db, TVM_LIST_ACTIVITIES,
                           ids->len == 1 ? _("Activity") : _("Activities"), keys, error);
  is_good = is_good && begin_list (export, query->kind, _("Devices"), error);
  if (is_good && query->activity_id == NULL)
    is_good = write_targets (export, db, query, ids, error);
  else if (is_good)
    is_good = write_list (export, db, query, error);
  return is_good && (!has_sheets || write_sheet (export, db, TVM_LIST_HISTORY, _("What happened"),
                                                 keys, error));
}

static gint64
write_rows (TvmExport      *export,
            TvmDb          *db,
            const TvmQuery *query,
            GError        **error)
{
  static const char *const names[TVM_N_LISTS] = {
    [TVM_LIST_RECOMMENDATIONS] = N_("Recommendations"), [TVM_LIST_ACTIVITIES] = N_("Activities"),
    [TVM_LIST_DEVICES] = N_("Devices"), [TVM_LIST_EXPOSED] = N_("Devices"),
    [TVM_LIST_LEFT_OUT] = N_("Devices"), [TVM_LIST_EXCEPTIONS] = N_("Exceptions"),
    [TVM_LIST_WEAKNESSES] = N_("Weaknesses"), [TVM_LIST_AFFECTED] = N_("Devices"),
    [TVM_LIST_HISTORY] = N_("What happened"),
  };
  gboolean is_good;

  if (query->kind == TVM_LIST_TARGETS)
    is_good = write_activities (export, db, query, error);
  else
    is_good = tvm_export_list (export, db, query, _(names[query->kind]), error);
  if (!is_good || !(export->xlsx != NULL ? tvm_xlsx_finish (export->xlsx, error)
                                         : tvm_csv_finish (export->csv, error)))
    return -1;
  if (export->progress != NULL)
    export->progress (export->n_rows, export->n_total, export->progress_data);
  return export->n_rows;
}

typedef struct {
  TvmExport      *export;
  const TvmQuery *query;
  const char     *path;
  TvmFormat       format;
  gboolean        overwrite;
  gint64          n_rows;
  guint           n_cut;
  GError         *error;  /* (owned) (nullable) */
} Order;

static void
run (TvmDb    *db,
     gpointer  user_data)
{
  Order *order = user_data;
  TvmExport *export = order->export;

  if (order->format == TVM_FORMAT_XLSX)
    export->xlsx = tvm_xlsx_open (order->path, order->overwrite, &order->error);
  else
    export->csv = tvm_csv_open (order->path, order->format, order->overwrite, &order->error);
  if (export->csv != NULL || export->xlsx != NULL)
    order->n_rows = write_rows (export, db, order->query, &order->error);
  order->n_cut = export->xlsx != NULL ? tvm_xlsx_get_n_cut (export->xlsx) : 0;
  tvm_xlsx_free (export->xlsx);
  tvm_csv_free (export->csv);
}

/**
 * tvm_store_export:
 * @self: a store
 * @query: what to export, with search and filters; a list of targets without an activity is that of
 *   the activities that search and filters choose
 * @path: a file's path, "-" for standard output
 * @format: for people or for programs; a spreadsheet of targets has a sheet of their activities and
 *   one of the history too
 * @overwrite: whether a file of that name may be replaced
 * @progress: (nullable) (scope call): told the rows so far, on the thread that reads
 * @progress_data: its data
 * @cancellable: (nullable): stops the export; no file is left then
 * @out_n_cut: (out) (optional): how many texts were longer than a spreadsheet's cell holds
 * @error: return location for a #TvmError or %G_IO_ERROR_CANCELLED
 *
 * Returns: the number of rows (of all sheets), or -1 on error; then no file was made or changed
 */
gint64
tvm_store_export (TvmStore         *self,
                  const TvmQuery   *query,
                  const char       *path,
                  TvmFormat      format,
                  gboolean          overwrite,
                  TvmExportProgress progress,
                  gpointer          progress_data,
                  GCancellable     *cancellable,
                  guint            *out_n_cut,
                  GError          **error)
{
  TvmExport export = { .is_machine = format == TVM_FORMAT_MACHINE, .progress = progress,
                    .progress_data = progress_data, .cancellable = cancellable };
  Order order = { &export, query, path, format, overwrite, -1, 0, NULL };
  g_autoptr(GError) failure = NULL;

  g_return_val_if_fail (TVM_IS_STORE (self), -1);

  if (!tvm_store_read_apart (self, run, &order, &failure))
    order.n_rows = -1;
  if (out_n_cut != NULL)
    *out_n_cut = order.n_cut;
  if (order.error != NULL || failure != NULL)
    g_propagate_error (error, order.error != NULL ? order.error : g_steal_pointer (&failure));
  return order.n_rows;
}

/* tvm-store-export-names.c: an activity's devices for Configuration Manager, over a connection of
 * its own. On the caller's thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define ROWS_PER_CHECK 1000

typedef struct
{
  TvmActivity    *activity;     /* (owned) (nullable) */
  GPtrArray      *names;        /* (owned): of char *, each once */
  TvmNamesFormat  format;
  gboolean        all_devices;
  GCancellable   *cancellable;  /* (nullable) */
  const char     *activity_id;
  TvmNamesResult *result;
} Names;

static void
names_clear (Names *self)
{
  g_clear_pointer (&self->activity, tvm_activity_unref);
  g_ptr_array_unref (self->names);
}

/* Short names differ without regard to case. */
static void
add_name (Names          *self,
          GHashTable     *seen,
          const char     *name,
          TvmNamesResult *result)
{
  g_autofree char *short_name = tvm_device_make_short_name (name);

  if (short_name == NULL)
    result->n_nameless++;
  else if (!g_hash_table_add (seen, g_utf8_casefold (short_name, -1)))
    result->n_same++;
  else
    g_ptr_array_add (self->names, g_steal_pointer (&short_name));
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return g_ascii_strcasecmp (*(const char *const *) a, *(const char *const *) b);
}

static void
read_names (TvmDb    *db,
            gpointer  user_data)
{
  Names *self = user_data;
  TvmNamesResult *result = self->result;
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gint64 key = tvm_refs_activity_key (db, self->activity_id);
  sqlite3_stmt *row;

  self->activity = tvm_table_find (db, &tvm_activity_table, "WHERE a.key = ?1", "I", key);
  row = tvm_db_query (db, "SELECT d.name " TVM_FROM_TARGETS "WHERE t.is_exposed = 1 OR ?2", "Ii",
                      key, self->all_devices);
  while (tvm_db_next (db, row))
    add_name (self, seen, tvm_db_text (row, 0), result);
  tvm_db_reset (row);
  g_ptr_array_sort (self->names, compare_names);
  result->n_names = self->names->len;
}

/* As they are; a file ends each with CR and LF. */
static gboolean
write_lines (TvmCsv      *file,
             const char  *text,
             GError     **error)
{
  g_auto(GStrv) lines = g_strsplit (text, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      tvm_csv_add_cells (file, lines[i]);
      if (!tvm_csv_end_row (file, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
write_name (Names   *self,
            TvmCsv  *file,
            guint    position,
            GError **error)
{
  const char *name = self->names->pdata[position];
  g_autofree char *literal = NULL, *line = NULL;

  if (position % ROWS_PER_CHECK == 0 &&
      g_cancellable_set_error_if_cancelled (self->cancellable, error))
    return FALSE;
  if (self->format == TVM_NAMES_LIST)
    return write_lines (file, name, error);
  literal = tvm_powershell_quote (name);
  line = g_strdup_printf ("  %s%s", literal, position + 1 < self->names->len ? "," : "");
  return write_lines (file, line, error);
}

static gboolean
write_file (Names       *self,
            const char  *path,
            gboolean     overwrite,
            GError     **error)
{
  gboolean is_script = self->format == TVM_NAMES_SCRIPT;
  /* Windows PowerShell takes a script without a byte order mark for another encoding. */
  TvmFormat format = is_script ? TVM_FORMAT_SPREADSHEET : TVM_FORMAT_MACHINE;
  g_autoptr(TvmCsv) file = tvm_csv_open (path, format, overwrite, error);
  g_autofree char *begin = tvm_collection_script_begin (self->activity, self->all_devices);
  gboolean is_good = file != NULL && (!is_script || write_lines (file, begin, error));

  for (guint i = 0; is_good && i < self->names->len; i++)
    is_good = write_name (self, file, i, error);
  return is_good && (!is_script || write_lines (file, tvm_collection_script_end (), error)) &&
         tvm_csv_finish (file, error);
}

/* No device is no list: nobody shall take an empty file for good news. */
static gboolean
check_names (Names                *self,
             const TvmNamesResult *result,
             GError              **error)
{
  if (result->n_names > 0)
    return TRUE;
  if (result->n_nameless > 0)
    g_set_error_literal (error, TVM_ERROR, TVM_ERROR_NOT_FOUND,
                         _("The names of its devices are not known. Synchronize first."));
  else if (self->activity->origin == TVM_ORIGIN_DEFENDER)
    g_set_error_literal (error, TVM_ERROR, TVM_ERROR_NOT_FOUND,
                         _("No device of this activity is known here. It was made in the portal: "
                           "look at it once to have its exposed devices fetched."));
  else
    g_set_error_literal (error, TVM_ERROR, TVM_ERROR_NOT_FOUND,
                         _("None of its devices is still exposed."));
  return FALSE;
}

/**
 * tvm_store_export_names:
 * @self: a store
 * @activity_id: an activity
 * @all_devices: whether those that are remediated are wanted too; of an activity made in the portal
 *   these are not known
 * @format: the names themselves, or the script that makes a collection of them
 * @path: a file's path, "-" for standard output
 * @overwrite: whether a file of that name may be replaced
 * @out_result: (out): what became of the devices
 * @cancellable: (nullable): stops it; no file is left then
 * @error: return location for a #TvmError, %TVM_ERROR_NOT_FOUND where there is no name, or
 *   %G_IO_ERROR_CANCELLED
 *
 * Returns: %FALSE on error; then no file was made or changed
 */
gboolean
tvm_store_export_names (TvmStore        *self,
                        const char      *activity_id,
                        gboolean         all_devices,
                        TvmNamesFormat   format,
                        const char      *path,
                        gboolean         overwrite,
                        TvmNamesResult  *out_result,
                        GCancellable    *cancellable,
                        GError         **error)
{
  Names names = { .format = format, .all_devices = all_devices, .cancellable = cancellable,
                  .activity_id = activity_id, .result = out_result };
  gboolean is_good;

  g_return_val_if_fail (TVM_IS_STORE (self), FALSE);

  *out_result = (TvmNamesResult) { 0 };
  names.names = g_ptr_array_new_with_free_func (g_free);
  is_good = tvm_store_read_apart (self, read_names, &names, error) &&
            check_names (&names, out_result, error) &&
            write_file (&names, path, overwrite, error);
  names_clear (&names);
  return is_good;
}

/* test-records-wide.c: a record of any number of fields: nothing counts on a few dozen.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "record-way.h"
#include "tvm-json-stream-private.h"
#include "tvm-store-private.h"

#include <glib/gstdio.h>
#include <string.h>

#define N_NUMBERS 500

typedef struct { char *id; int numbers[N_NUMBERS]; } Wide;

static gboolean
row_cb (const TvmWireRow *row, gpointer user_data, GError **error)
{
  g_ptr_array_add (user_data, tvm_wire_row_to_record (row, error));
  return TRUE;
}

static GPtrArray *
arrive (const TvmFields *fields)
{
  const TvmWireShape shape = { "wide", fields };
  GPtrArray *list = g_ptr_array_new ();
  g_autofree char *row = record_way_row (fields, NULL);
  g_autofree char *text = g_strdup_printf ("{\"value\":[%s]}", row);
  g_autoptr(TvmJsonStream) stream = tvm_json_stream_new (&shape, row_cb, list);

  g_assert_true (tvm_json_stream_feed (stream, text, strlen (text), NULL));
  g_assert_true (tvm_json_stream_finish (stream, NULL));
  return list;
}

/* Written, found to be the same, changed, read. */
static void
check_table (TvmDb     *db,
             TvmTable  *table,
             GPtrArray *list)
{
  Wide *wide = list->pdata[0], *read;
  TvmListResult result = { 0 };

  g_array_unref (tvm_table_merge (db, table, list, &result));
  g_assert_cmpint (result.added, ==, 1);
  result = (TvmListResult) { 0 };
  g_array_unref (tvm_table_merge (db, table, list, &result));
  g_assert_cmpint (result.added + result.changed, ==, 0);
  wide->numbers[N_NUMBERS - 1]++;
  g_array_unref (tvm_table_merge (db, table, list, &result));
  g_assert_cmpint (result.changed, ==, 1);
  read = tvm_table_find (db, table, "WHERE w.id = ?1", "s", wide->id);
  g_assert_nonnull (read);
  record_way_check_kept (table->fields, wide, read);
  record_way_check_json (table->fields, read);
  tvm_fields_clear_record (table->fields, read);
  g_atomic_rc_box_release (read);
  g_assert_true (tvm_db_take_error (db, NULL));
}

static void
test_wide (void)
{
  g_autofree TvmField *fields = g_new0 (TvmField, N_NUMBERS + 1);
  g_autoptr(GStringChunk) names = g_string_chunk_new (4096);
  g_autoptr(GString) sql = g_string_new ("CREATE TABLE wide (key INTEGER PRIMARY KEY, id UNIQUE");
  g_autofree char *directory = g_dir_make_tmp ("tvm-wide-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (directory, "wide.db", NULL);
  TvmFields described = { sizeof (Wide), fields, N_NUMBERS + 1 };
  TvmTable table = { .name = "wide", .alias = "w", .from = "FROM wide w ", .fields = &described,
                     .scope = "1" };
  g_autoptr(GPtrArray) list = NULL;
  TvmDb *db;

  fields[0] = (TvmField) { G_STRUCT_OFFSET (Wide, id), TVM_FIELD_TEXT, NULL, 0, "id", "id", "id" };
  for (guint i = 0; i < N_NUMBERS; i++)
    {
      g_autofree char *name = g_strdup_printf ("n%u", i);
      const char *kept = g_string_chunk_insert (names, name);

      fields[i + 1] = (TvmField) { G_STRUCT_OFFSET (Wide, numbers) + i * sizeof (int), TVM_FIELD_INT,
                                   NULL, -1, kept, kept, kept };
      g_string_append_printf (sql, ", %s INTEGER", name);
    }
  g_string_append (sql, ")");
  g_assert_true (g_file_set_contents (path, "", 0, NULL));
  db = tvm_db_open (path, FALSE, NULL);
  tvm_db_script (db, sql->str);
  list = arrive (&described);
  check_table (db, &table, list);
  tvm_db_free (db);
  tvm_fields_clear_record (&described, list->pdata[0]);
  g_atomic_rc_box_release (list->pdata[0]);
  g_free (table.select);
  g_unlink (path);
  g_assert_cmpint (g_rmdir (directory), ==, 0);
}

void
records_add_wide_test (void)
{
  g_test_add_func ("/records/wide", test_wide);
}

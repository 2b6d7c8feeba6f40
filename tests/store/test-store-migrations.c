/* test-store-migrations.c: stores of every earlier version come up to the newest with what they hold.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-backup.h"
#include "tvm-store-private.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

#define SCHEMA "/org/example/TvmRemediate/store/schema/"

/* Rows that every version knows, put in as early as the first. */
static const char sample[] =
  "INSERT INTO setting VALUES ('cloud', 'gcc');"
  "INSERT INTO device (id, name, group_name) VALUES ('d1', 'one', 'Köln'), ('d2', 'two', NULL);"
  "INSERT INTO recommendation (id, name, type, status, weaknesses, total_devices, exposed_devices, "
  "exposed_critical_devices, no_impact_devices, severity, config_score_impact, exposure_impact, public_exploit, "
  "active_alert, known_exploited) VALUES ('r1', 'Update', 1, 1, 1, 2, 2, 0, 0, 5, 0, 1, 0, 0, 0);"
  "INSERT INTO exposure (recommendation_key, device_key, first_seen_us) VALUES (1, 1, 7), (1, 2, 7);"
  "INSERT INTO activity (id, title, recommendation_id, type, priority, status, completion, created_us, completed_us, "
  "target_devices, fixed_devices, no_impact_only, origin) VALUES ('00000000-0000-4000-8000-000000000001', 'Update', 'r1', "
  "1, 1, 1, 0, 5, 0, 2, 0, 1, 1);"
  "INSERT INTO device (id, aad_device_id, is_aad_joined, last_seen_us, in_inventory) VALUES "
  "('d3', 'AB000000-0000-0000-0000-00000000000F', 1, -62135596800000000, 1), "
  "('d4', '00000000-0000-0000-0000-000000000000', 1, 5, 1);"
  "UPDATE activity SET due_on = '0001-01-01';"
  "INSERT INTO target VALUES (1, 1, 1, NULL, NULL), (1, 2, 1, NULL, NULL);"
  "INSERT INTO ticket (activity_key, marker, status, devices) VALUES (1, 'TVM-m', 0, 2);"
  "INSERT INTO ticket_device VALUES (1, 1), (1, 2);"
  "INSERT INTO journal (activity_key, kind, when_us) VALUES (1, 'requested', 5);"
  "INSERT INTO journal (activity_key, kind, count, when_us) VALUES (1, 'device-remediated', 2, 6), "
  "(1, 'exposed-again', 1, 7);";

static void
run (sqlite3    *handle,
     const char *sql)
{
  char *problem = NULL;

  if (sqlite3_exec (handle, sql, NULL, NULL, &problem) != SQLITE_OK)
    g_error ("%s: %s", sql, problem);
}

static char *
read_text (const char *path,
           const char *sql)
{
  g_autoptr(GString) text = g_string_new (NULL);
  sqlite3_stmt *row;
  sqlite3 *handle;

  g_assert_cmpint (sqlite3_open (path, &handle), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_prepare_v2 (handle, sql, -1, &row, NULL), ==, SQLITE_OK);
  while (sqlite3_step (row) == SQLITE_ROW)
    g_string_append_printf (text, "%s\n", (const char *) sqlite3_column_text (row, 0));
  sqlite3_finalize (row);
  sqlite3_close (handle);
  return g_strdup (text->str);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static char **
list_migrations (guint *n)
{
  char **names = g_resources_enumerate_children (SCHEMA, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

  g_assert_nonnull (names);
  *n = g_strv_length (names);
  qsort (names, *n, sizeof *names, compare_names);
  return names;
}

/* A store as the program of @version left it. */
static void
make_old_store (const char *path,
                guint       version)
{
  guint n;
  g_auto(GStrv) names = list_migrations (&n);
  TvmDb *db;
  sqlite3 *handle;

  /* With the functions of this program, which some migrations need, and without its rules of keys. */
  g_assert_true (g_file_set_contents (path, "", 0, NULL));
  db = tvm_db_open (path, FALSE, NULL);
  handle = db->handle;
  run (handle, "PRAGMA foreign_keys = OFF; PRAGMA journal_mode = WAL");
  for (guint i = 0; i < version; i++)
    {
      g_autofree char *name = g_strconcat (SCHEMA, names[i], NULL);
      g_autoptr(GBytes) sql = g_resources_lookup_data (name, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
      g_autofree char *numbers = g_strdup_printf ("PRAGMA user_version = %u; PRAGMA application_id = 0x54564d52", i + 1);

      run (handle, g_bytes_get_data (sql, NULL));
      if (i == 0)
        run (handle, sample);
      run (handle, numbers);
    }
  tvm_db_free (db);
}

static void
open_and_close (const char *directory)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TvmStore) store = tvm_store_open (directory, &error);
  g_autofree char *cloud = NULL;

  g_assert_no_error (error);
  cloud = tvm_store_get_setting (store, "cloud", &error);
  g_assert_no_error (error);
  tvm_store_close (store);
  g_assert_no_error (error);
  g_assert_true (tvm_backups_delete (directory, &error));
}

static void
assert_same (const char *path,
             const char *sql,
             const char *expected)
{
  g_autofree char *found = read_text (path, sql);

  g_assert_cmpstr (found, ==, expected);
}

static void
test_every_version (void)
{
  static const char layout[] = "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type, name";
  g_autofree char *fresh = g_dir_make_tmp ("tvm-store-XXXXXX", NULL);
  g_autofree char *fresh_path = g_build_filename (fresh, "store.db", NULL);
  g_autofree char *expected = NULL;
  guint n;
  g_auto(GStrv) names = list_migrations (&n);

  open_and_close (fresh);
  expected = read_text (fresh_path, layout);
  for (guint version = 1; version <= n; version++)
    {
      g_autofree char *directory = g_dir_make_tmp ("tvm-store-XXXXXX", NULL);
      g_autofree char *path = g_build_filename (directory, "store.db", NULL);

      make_old_store (path, version);
      open_and_close (directory);
      assert_same (path, layout, expected);
      assert_same (path, "PRAGMA integrity_check", "ok\n");
      assert_same (path, "PRAGMA foreign_key_check", "");
      assert_same (path, "SELECT recommendation_key || ' ' || device_key FROM exposure", "1 1\n1 2\n");
      assert_same (path, "SELECT count(*) FROM target JOIN device ON device.key = device_key", "2\n");
      assert_same (path, "SELECT marker FROM ticket", "TVM-m\n");
      assert_same (path, "SELECT kind FROM history", "requested\ndevice-remediated\nexposed-again\n");
      assert_same (path, "SELECT when_us || ' ' || fixed_devices || ' ' || target_devices FROM progress ORDER BY key",
                   "5 0 2\n6 2 2\n7 1 2\n");
      assert_same (path, "SELECT exception_status || ' ' || mitigated_devices || ' ' || name FROM recommendation",
                   "0 0 Update\n");
      /* it was asked for when nobody could tell which devices these are */
      assert_same (path, "SELECT no_impact_only FROM activity", "2\n");
      /* placeholders are none, equal ids are equal */
      assert_same (path, "SELECT coalesce (aad_device_id, '-') || ' ' || is_aad_joined || ' ' || "
                   "last_seen_us FROM device WHERE in_inventory = 1 ORDER BY id",
                   "ab000000-0000-0000-0000-00000000000f 1 0\n- 0 5\n");
      assert_same (path, "SELECT due_on IS NULL FROM activity", "1\n");
      g_unlink (path);
      g_rmdir (directory);
    }
  g_unlink (fresh_path);
  g_rmdir (fresh);
}

static gint64
look_up (TvmDeviceKeys *keys,
         const char    *id)
{
  gint64 key = -1;

  tvm_device_keys_lookup (keys, &id, 1, &key);
  return key;
}

static void
test_device_keys (void)
{
  g_autoptr(TvmDeviceKeys) keys = tvm_device_keys_new ();

  for (guint i = 1; i <= 5000; i++)
    {
      g_autofree char *id = g_strdup_printf ("%040x", i * 3);

      tvm_device_keys_insert (keys, id, i);
    }
  for (guint i = 1; i <= 5000; i++)
    {
      g_autofree char *id = g_strdup_printf ("%040x", i * 3);
      g_autofree char *other = g_strdup_printf ("%040x", i * 3 + 1);

      g_assert_cmpint (look_up (keys, id), ==, i);
      g_assert_cmpint (look_up (keys, other), ==, 0);
    }
  /* other texts than 40 small hexadecimal digits, and keys beyond 32 bits */
  g_assert_cmpint (look_up (keys, "000000000000000000000000000000000000000F"), ==, 0);
  tvm_device_keys_insert (keys, "000000000000000000000000000000000000000F", 7);
  tvm_device_keys_insert (keys, "", 8);
  tvm_device_keys_insert (keys, "00000000000000000000000000000000000000031", 9);
  tvm_device_keys_insert (keys, "ffffffffffffffffffffffffffffffffffffffff", G_GINT64_CONSTANT (0x100000000));
  g_assert_cmpint (look_up (keys, "000000000000000000000000000000000000000F"), ==, 7);
  g_assert_cmpint (look_up (keys, ""), ==, 8);
  g_assert_cmpint (look_up (keys, "00000000000000000000000000000000000000031"), ==, 9);
  g_assert_cmpint (look_up (keys, "0000000000000000000000000000000000000003"), ==, 1);
  g_assert_cmpint (look_up (keys, "ffffffffffffffffffffffffffffffffffffffff"), ==, G_GINT64_CONSTANT (0x100000000));
  tvm_device_keys_insert (keys, "0000000000000000000000000000000000000003", 10);
  g_assert_cmpint (look_up (keys, "0000000000000000000000000000000000000003"), ==, 10);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/store/migrations/every-version", test_every_version);
  g_test_add_func ("/store/device-keys", test_device_keys);
  return g_test_run ();
}

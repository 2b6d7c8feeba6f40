/* test-store-names.c: an activity's devices for Configuration Manager, whole or not at all.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "store-fixture.h"

#include "tvm-error.h"

#define N_DEVICES 10

static void
rename_device (Fixture *f, int device, const char *name)
{
  g_autoptr(GError) error = NULL;
  TvmDb *db = tvm_db_open (f->path, FALSE, &error);
  g_autofree char *id = g_strdup_printf ("%040x", device);

  g_assert_no_error (error);
  tvm_db_run (db, "UPDATE device SET name = ?2 WHERE id = ?1", "ss", id, name);
  g_assert_true (tvm_db_take_error (db, &error));
  tvm_db_free (db);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  fixture_set_up (f, data);
  fixture_recommendations (f, 1);
  fixture_devices (f, 0, N_DEVICES, "10");
  fixture_refs (f, 0, N_DEVICES);
}

/* (transfer full) (nullable) */
static char *
export_names (Fixture *f, const char *id, gboolean all, TvmNamesFormat format,
              TvmNamesResult *result, GError **error)
{
  g_autofree char *path = g_build_filename (f->directory, "names", NULL);
  char *text = NULL;

  if (tvm_store_export_names (f->store, id, all, format, path, TRUE, result, NULL, error))
    g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_unlink (path);
  return text;
}

static void
test_list (Fixture *f, gconstpointer data)
{
  g_autoptr(TvmActivity) activity = fixture_submit (f, TVM_TYPE_UPDATE, FALSE);
  g_autoptr(GError) error = NULL;
  g_autofree char *exposed = NULL, *all = NULL;
  TvmNamesResult result;

  fixture_refs (f, 2, N_DEVICES);  /* two are remediated */
  rename_device (f, 3, "HOST00002.other.example");
  rename_device (f, 4, NULL);
  rename_device (f, 5, ".no-host.example");
  rename_device (f, 6, "two\r\nlines.example");
  exposed = export_names (f, activity->id, FALSE, TVM_NAMES_LIST, &result, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (exposed, ==,
                   "host00002\r\nhost00007\r\nhost00008\r\nhost00009\r\ntwo  lines\r\n");
  g_assert_cmpint (result.n_names, ==, 5);
  g_assert_cmpint (result.n_same, ==, 1);
  g_assert_cmpint (result.n_nameless, ==, 2);
  all = export_names (f, activity->id, TRUE, TVM_NAMES_LIST, &result, &error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (all, "host00000\r\nhost00001\r\nhost00002\r\n"));
  g_assert_cmpint (result.n_names, ==, 7);
}

static void
test_script (Fixture *f, gconstpointer data)
{
  g_autoptr(TvmActivity) activity = fixture_submit (f, TVM_TYPE_UPDATE, FALSE);
  g_autoptr(GError) error = NULL;
  g_autofree char *script = NULL;
  g_auto(GStrv) lines = NULL;
  TvmNamesResult result;

  rename_device (f, 0, "it's'); Remove-Item C:\\ #");
  rename_device (f, 1, "typo\xe2\x80\x99graphic.example");
  script = export_names (f, activity->id, FALSE, TVM_NAMES_SCRIPT, &result, &error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (script, "\xef\xbb\xbf# TVM Remediate"));
  g_assert_nonnull (strstr (script, "\r\n  'it''s''); Remove-Item C:\\ #',\r\n"));
  g_assert_nonnull (strstr (script, "\r\n  'typo\xe2\x80\x99\xe2\x80\x99graphic'\r\n)\r\n"));
  g_assert_nonnull (strstr (script, "$collectionName = 'Update Example Player'\r\n"));
  g_assert_nonnull (strstr (script, "-LimitingCollectionName 'All Systems'"));
  lines = g_strsplit (script, "\r\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    g_assert_null (strpbrk (lines[i], "\r\n"));
  g_assert_cmpstr (lines[g_strv_length (lines) - 1], ==, "");
}

/* An empty file would look as if nothing were left to do. */
static void
test_none (Fixture *f, gconstpointer data)
{
  g_autoptr(TvmActivity) activity = fixture_submit (f, TVM_TYPE_UPDATE, FALSE);
  g_autofree char *path = g_build_filename (f->directory, "names", NULL);
  g_autoptr(GError) error = NULL, unknown = NULL;
  g_autofree char *all = NULL;
  TvmNamesResult result;

  fixture_refs (f, 0, 0);
  g_assert_null (export_names (f, activity->id, FALSE, TVM_NAMES_LIST, &result, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_NOT_FOUND);
  g_assert_null (export_names (f, "no such activity", FALSE, TVM_NAMES_LIST, &result, &unknown));
  g_assert_error (unknown, TVM_ERROR, TVM_ERROR_NOT_FOUND);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  all = export_names (f, activity->id, TRUE, TVM_NAMES_LIST, &result, NULL);
  g_assert_cmpint (result.n_names, ==, N_DEVICES);
}

static void
test_whole (Fixture *f, gconstpointer data)
{
  g_autoptr(TvmActivity) activity = fixture_submit (f, TVM_TYPE_UPDATE, FALSE);
  g_autofree char *path = g_build_filename (f->directory, "names", NULL);
  g_autofree char *text = NULL;
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) exists = NULL, cancelled = NULL;
  TvmNamesResult result;

  g_assert_true (g_file_set_contents (path, "mine", -1, NULL));
  g_assert_false (tvm_store_export_names (f->store, activity->id, FALSE, TVM_NAMES_LIST, path,
                                          FALSE, &result, NULL, &exists));
  g_assert_error (exists, TVM_ERROR, TVM_ERROR_EXISTS);
  g_cancellable_cancel (cancellable);
  g_assert_false (tvm_store_export_names (f->store, activity->id, FALSE, TVM_NAMES_LIST, path, TRUE,
                                          &result, cancellable, &cancelled));
  g_assert_error (cancelled, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "mine");
  g_assert_cmpint (g_unlink (path), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
#define ADD(path, func) \
  g_test_add ("/store-names/" path, Fixture, NULL, set_up, func, fixture_tear_down)
  ADD ("list", test_list);
  ADD ("script", test_script);
  ADD ("none", test_none);
  ADD ("whole", test_whole);
  return g_test_run ();
}

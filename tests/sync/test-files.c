/* test-files.c: the exposure of all devices from files: what goes wrong with one of them, and a sync
 * that was cut. The store is the one before or after. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "sync-fixture.h"
#include "tvm-error.h"

#include <signal.h>
#include <sqlite3.h>
#include <string.h>

#define N_FILES  9
#define SOFTWARE "/blobs/va/"
#define SETTINGS "/blobs/sca/"

static const char *program;

static JsonObject *
order (SyncFixture *self, const char *path, const char *body)
{
  return sync_fixture_order (self, path, body);
}

static void
set_up (SyncFixture *self, gconstpointer data)
{
  g_autoptr(JsonObject) files = NULL, snapshots = NULL;

  sync_fixture_set_up (self, NULL);
  files = order (self, "exports", "{\"files\":9}");
  snapshots = order (self, "snapshots", "{\"hold\":true}");
  g_setenv ("TVM_EXPOSURE", "files", TRUE);
}

static void
tear_down (SyncFixture *self, gconstpointer data)
{
  g_unsetenv ("TVM_EXPOSURE");
  sync_fixture_tear_down (self, NULL);
}

/* How many requests the tenant had whose path begins so. */
static int
count_calls (SyncFixture *self, const char *path)
{
  g_autoptr(JsonObject) stats = order (self, "stats", NULL);
  JsonObject *requests = json_object_get_object_member (stats, "requests");
  g_autofree char *wanted = g_strconcat ("get ", path, NULL), *lower = g_ascii_strdown (wanted, -1);
  g_autoptr(GList) keys = json_object_get_members (requests);
  int n = 0;

  for (GList *key = keys; key != NULL; key = key->next)
    {
      g_autofree char *name = g_ascii_strdown (key->data, -1);

      if (g_str_has_prefix (name, lower))
        n += (int) json_object_get_int_member (requests, key->data);
    }
  g_assert_cmpint (json_object_get_int_member (stats, "leaked_tokens"), ==, 0);
  return n;
}

/* All that the store knows of the software of devices and of configurations, in one text. */
static char *
dump (SyncFixture *self)
{
  static const char sql[] =
    "SELECT group_concat (line, char (10)) FROM (SELECT d.id || w.name || s.version || i.first_seen_day || "
    "coalesce ((SELECT group_concat (id) FROM (SELECT v.id FROM software_state_vulnerability l JOIN vulnerability "
    "v ON v.key = l.vulnerability_key WHERE l.state_key = s.key ORDER BY v.id)), '') AS line FROM installation i "
    "JOIN software_state s ON s.key = i.state_key JOIN software w ON w.key = s.software_key JOIN device d ON d.key "
    "= i.device_key UNION ALL SELECT r.id || d.id || u.is_impacted FROM user_impact u JOIN recommendation r ON "
    "r.key = u.recommendation_key JOIN device d ON d.key = u.device_key ORDER BY 1)";
  g_autofree char *path = g_build_filename (self->directory, "store.db", NULL);
  sqlite3 *handle;
  sqlite3_stmt *row;
  char *text;

  g_assert_cmpint (sqlite3_open_v2 (path, &handle, SQLITE_OPEN_READONLY, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_prepare_v2 (handle, sql, -1, &row, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (row), ==, SQLITE_ROW);
  text = g_strdup ((const char *) sqlite3_column_text (row, 0));
  sqlite3_finalize (row);
  sqlite3_close (handle);
  return text;
}

static void
sync_all (SyncFixture *self)
{
  g_autoptr(GError) error = NULL;

  g_ptr_array_unref (tvm_sync_engine_sync (self->engine, TRUE, NULL, NULL, NULL, &error));
  g_assert_no_error (error);
}

static char *
dup_part_path (SyncFixture *self)
{
  return g_build_filename (self->directory, "software.part", NULL);
}

/* The store is as one that was filled by pages. */
static void
assert_whole (SyncFixture *self)
{
  g_autofree char *found = dump (self), *path = dup_part_path (self), *expected = NULL;
  SyncFixture other = { NULL };

  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_unsetenv ("TVM_EXPOSURE");
  sync_fixture_open_other (&other, self);
  sync_all (&other);
  expected = dump (&other);
  sync_fixture_close_other (&other);
  g_setenv ("TVM_EXPOSURE", "files", TRUE);
  g_assert_nonnull (found);
  g_assert_cmpstr (found, ==, expected);
}

/* Something happens on a device, and the exports tell of it from now on. */
static void
move_on (SyncFixture *self)
{
  g_autoptr(TvmRecommendation) about = sync_fixture_pick (self, TVM_TYPE_UPDATE);
  g_autofree char *path = g_strdup_printf ("recommendations/%s/patch", about->id);
  g_autoptr(JsonObject) patched = order (self, path, "{\"count\":3}");
  g_autoptr(JsonObject) snapshots = NULL, held = NULL;

  snapshots = order (self, "snapshots", "{}");
  held = order (self, "snapshots", "{\"hold\":true}");
}

static void
sync_badly (SyncFixture *self, int code, const char *path, const char *rest)
{
  g_autoptr(GError) error = NULL;

  sync_fixture_fault (self, path, "GET", rest);
  g_ptr_array_unref (tvm_sync_engine_sync (self->engine, TRUE, NULL, NULL, NULL, &error));
  g_assert_error (error, TVM_ERROR, code);
  g_test_message ("%s", error->message);
  g_assert_null (strstr (error->message, "sig="));
  sync_fixture_forget_faults (self);
}

/* Both lists come in files, each of which is asked for once. */
static void
test_whole (SyncFixture *self, gconstpointer data)
{
  sync_all (self);
  g_assert_cmpint (count_calls (self, SOFTWARE), ==, N_FILES);
  g_assert_cmpint (count_calls (self, SETTINGS), ==, N_FILES);
  g_assert_cmpint (count_calls (self, "/api/machines/SoftwareVulnerabilitiesExport"), ==, 1);
  g_assert_cmpint (count_calls (self, "/api/machines/SecureConfigurationsAssessmentExport"), ==, 1);
  g_assert_cmpint (count_calls (self, "/api/machines/SoftwareVulnerabilitiesByMachine"), ==, 0);
  g_assert_cmpint (count_calls (self, "/api/machines/SecureConfigurationsAssessmentByMachine"), ==, 0);
  assert_whole (self);
}

/* A file in the middle is no good: nothing changes; the next sync is good. */
static void
test_fault (SyncFixture *self, gconstpointer data)
{
  const char *const *faults = data;

  sync_all (self);
  for (guint i = 0; faults[i] != NULL; i++)
    {
      g_autofree char *rest = g_strdup_printf ("%s,\"skip\":4,\"times\":99", faults[i]);

      move_on (self);
      sync_badly (self, TVM_ERROR_BAD_RESPONSE, SOFTWARE, rest);
      sync_badly (self, TVM_ERROR_BAD_RESPONSE, SETTINGS, rest);
      sync_all (self);
    }
  assert_whole (self);
}

/* Nothing of a list that failed is kept. */
static void
test_before (SyncFixture *self, gconstpointer data)
{
  g_autofree char *before = NULL, *after = NULL, *refusal = NULL;

  sync_all (self);
  before = dump (self);
  move_on (self);
  sync_badly (self, TVM_ERROR_BAD_RESPONSE, SOFTWARE, "\"kind\":\"bad-checksum\",\"skip\":8");
  after = dump (self);
  g_assert_cmpstr (after, ==, before);
  /* That a file is closed to us is no lack of a permission. */
  sync_badly (self, TVM_ERROR_BAD_RESPONSE, SOFTWARE, "\"kind\":\"expired\",\"times\":99");
  refusal = tvm_store_dup_refusal (self->store, TVM_EXPOSURE_LIST, NULL);
  g_assert_null (refusal);
  g_free (after);
  after = dump (self);
  g_assert_cmpstr (after, ==, before);
}

/* What is over in a moment is asked for again, of new addresses where these are too old. */
static void
test_passing (SyncFixture *self, gconstpointer data)
{
  static const char *const faults[] = {
    "\"kind\":\"expired\",\"skip\":5", "\"kind\":\"status\",\"status\":404,\"skip\":5",
    "\"kind\":\"status\",\"status\":503,\"retry_after\":0,\"skip\":5,\"times\":2", "\"kind\":\"reset\",\"skip\":5",
    "\"kind\":\"cut\",\"skip\":5",
  };

  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      int n_exports = count_calls (self, "/api/machines/SoftwareVulnerabilitiesExport");
      int n_files = count_calls (self, SOFTWARE);

      g_test_message ("%s", faults[i]);
      sync_fixture_fault (self, SOFTWARE, "GET", faults[i]);
      sync_all (self);
      g_assert_cmpint (count_calls (self, "/api/machines/SoftwareVulnerabilitiesExport") - n_exports, ==,
                       i < 2 ? 2 : 1);
      g_assert_cmpint (count_calls (self, SOFTWARE) - n_files, <=, N_FILES + 3);
    }
  assert_whole (self);
}

/* What was under way when the sync was cut is asked for twice, at most. */
static void
assert_goes_on (SyncFixture *self)
{
  sync_fixture_forget_faults (self);
  sync_all (self);
  g_assert_cmpint (count_calls (self, SOFTWARE), <=, N_FILES + 3);
  assert_whole (self);
}

/* A sync that was cut goes on with the files that lack. */
static void
test_resumed (SyncFixture *self, gconstpointer data)
{
  g_autofree char *path = dup_part_path (self), *kept = NULL;
  gsize length;
  int n;

  sync_badly (self, TVM_ERROR_BAD_RESPONSE, SOFTWARE, "\"kind\":\"bad-checksum\",\"skip\":5");
  g_assert_true (g_file_get_contents (path, &kept, &length, NULL));
  g_assert_null (g_strstr_len (kept, (gssize) length, "sig="));
  g_assert_null (g_strstr_len (kept, (gssize) length, "blobs"));
  assert_goes_on (self);
  n = count_calls (self, SOFTWARE);
  sync_all (self);  /* what is done is done */
  g_assert_cmpint (count_calls (self, SOFTWARE) - n, ==, N_FILES);
}

/* Of another export nothing is of use. */
static void
test_other_export (SyncFixture *self, gconstpointer data)
{
  int n;

  sync_badly (self, TVM_ERROR_BAD_RESPONSE, SOFTWARE, "\"kind\":\"bad-checksum\",\"skip\":5");
  move_on (self);
  n = count_calls (self, SOFTWARE);
  sync_all (self);
  g_assert_cmpint (count_calls (self, SOFTWARE) - n, ==, N_FILES);
  assert_whole (self);
}

typedef struct { TvmSyncEngine *engine; gboolean kills; int n_told; } Watch;

static void
progressed_cb (const char *step, int n_done, int n_steps, gint64 next_call_us, const char *files, gpointer user_data)
{
  Watch *watch = user_data;

  if (files == NULL)
    return;
  g_assert_true (g_str_has_prefix (files, "File "));
  watch->n_told++;
  if (!g_str_has_prefix (files, "File 4 of 9, "))
    return;
  if (watch->kills)
    raise (SIGKILL);
  tvm_sync_engine_cancel_sync (watch->engine);
}

/* Only of the software files are told. */
static void
refuse_settings (SyncFixture *self)
{
  sync_fixture_fault (self, "/api/machines/SecureConfigurationsAssessmentExport", "GET",
                      "\"kind\":\"status\",\"status\":403,\"times\":99");
}

static void
test_cancelled (SyncFixture *self, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  Watch watch = { self->engine, FALSE, 0 };

  refuse_settings (self);
  g_ptr_array_unref (tvm_sync_engine_sync (self->engine, TRUE, progressed_cb, &watch, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (watch.n_told, >, 3);
  assert_goes_on (self);
}

typedef struct { GMainLoop *loop; int n_told; double fraction; } Shown;

static void
shown_cb (GObject *engine, GParamSpec *property, gpointer user_data)
{
  Shown *shown = user_data;
  g_autofree char *files = NULL;
  gboolean is_syncing;
  double fraction;

  g_object_get (engine, "syncing", &is_syncing, "files", &files, "fraction", &fraction, NULL);
  if (!is_syncing)
    return;
  g_test_message ("%s: %.2f", files, fraction);
  g_assert_cmpfloat (fraction, >=, shown->fraction);
  shown->fraction = fraction;
  shown->n_told += files != NULL ? 1 : 0;
}

static void
ended_cb (GObject *engine, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GError) error = NULL;

  tvm_sync_engine_finish (TVM_SYNC_ENGINE (engine), result, &error);
  g_assert_no_error (error);
  g_main_loop_quit (((Shown *) user_data)->loop);
}

/* The bar goes on by lists, by files, and by lists again, and never back. */
static void
test_shown (SyncFixture *self, gconstpointer data)
{
  g_autoptr(GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Shown shown = { loop };

  g_signal_connect (self->engine, "notify::files", G_CALLBACK (shown_cb), &shown);
  g_signal_connect (self->engine, "notify::fraction", G_CALLBACK (shown_cb), &shown);
  tvm_sync_engine_sync_async (self->engine, TRUE, NULL, ended_cb, &shown);
  g_main_loop_run (loop);
  g_assert_cmpint (shown.n_told, >, 1);
  g_assert_cmpfloat (shown.fraction, >=, 0.95);
  g_signal_handlers_disconnect_by_data (self->engine, &shown);
}

/* The program is killed between two files. */
static void
test_killed (SyncFixture *self, gconstpointer data)
{
  const char *const command[] = { program, "--child", self->directory, tvm_demo_tenant_get_uri (self->tenant), NULL };
  g_autoptr(GError) error = NULL;
  g_autofree char *found = NULL;
  int status;

  refuse_settings (self);
  g_assert_true (g_spawn_sync (NULL, (char **) command, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, NULL, &status,
                               &error));
  g_assert_no_error (error);
  g_assert_true (WIFSIGNALED (status) && WTERMSIG (status) == SIGKILL);
  found = dump (self);
  g_assert_null (found);
  assert_goes_on (self);
}

static void
show_cb (const char *code, const char *page, const char *message, gpointer user_data)
{
}

static int
run_child (const char *folder)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TvmStore) store = tvm_store_open (folder, &error);
  g_autoptr(TvmSyncEngine) engine = NULL;
  Watch watch = { NULL, TRUE, 0 };

  g_assert_no_error (error);
  engine = tvm_sync_engine_new (store, "test", TRUE);
  tvm_sync_engine_sign_in_with_device_code (engine, FALSE, show_cb, NULL, NULL, &error);
  g_assert_no_error (error);
  g_ptr_array_unref (tvm_sync_engine_sync (engine, TRUE, progressed_cb, &watch, NULL, &error));
  return 1;
}

static const char *const faults[] = {
  "\"kind\":\"cut-gzip\"", "\"kind\":\"bad-checksum\"", "\"kind\":\"bad-bytes\"", "\"kind\":\"html\"",
  "\"kind\":\"cut-line\"", "\"kind\":\"array\"", "\"kind\":\"wrong-shape\"", "\"kind\":\"long-line\"", NULL
};
static const char *const refusals[] = {
  "\"kind\":\"expired\"", "\"kind\":\"status\",\"status\":404", "\"kind\":\"status\",\"status\":400",
  "\"kind\":\"redirect\"", NULL
};

int
main (int argc, char **argv)
{
  if (argc == 4 && strcmp (argv[1], "--child") == 0)
    return run_child (argv[2]);
  program = argv[0];
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
#define ADD(path, data, func) \
  g_test_add ("/sync-files/" path, SyncFixture, data, set_up, func, tear_down)
  ADD ("whole", NULL, test_whole);
  ADD ("before", NULL, test_before);
  ADD ("faults", faults, test_fault);
  ADD ("refusals", refusals, test_fault);
  ADD ("passing", NULL, test_passing);
  ADD ("resumed", NULL, test_resumed);
  ADD ("other-export", NULL, test_other_export);
  ADD ("cancelled", NULL, test_cancelled);
  ADD ("shown", NULL, test_shown);
  ADD ("killed", NULL, test_killed);
#undef ADD
  return g_test_run ();
}

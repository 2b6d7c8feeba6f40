/* test-store-pulls.c: the smaller lists a sync brings, unknown groups, a store that another process
 * holds, and exports of whole lists. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "store-fixture.h"
#include "keep.h"

#include "tvm-error.h"
#include "tvm-time.h"
#include <sqlite3.h>

static void
test_portal_refs (Fixture *f, gconstpointer data)
{
  static const char id[] = "03942ef5-aecb-4c6e-b555-d6a97013844c";
  g_autoptr(GPtrArray) activities = g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_activity_unref);
  g_autoptr(TvmDeviceRefs) refs = tvm_device_refs_new ();
  g_autoptr(TvmDeviceRefs) none = tvm_device_refs_new ();
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_TARGETS);
  g_autoptr(GArray) keys = NULL;
  g_autoptr(GError) error = NULL;
  TvmActivity *activity = tvm_activity_new ();
  TvmListResult result = { 0 };

  activity->id = g_strdup (id);
  activity->type = TVM_TYPE_UPDATE;
  activity->origin = TVM_ORIGIN_DEFENDER;
  activity->status = TVM_STATUS_ACTIVE;
  activity->target_devices = 5;
  g_ptr_array_add (activities, activity);
  fixture_devices (f, 0, 5, "10");
  g_assert_true (keep_portal_activities (f->store, activities, NULL, &error));
  for (int i = 0; i < 3; i++)
    {
      g_autofree char *device = g_strdup_printf ("%040x", i);

      tvm_device_refs_add (refs, device, "stub", NULL, NULL);
    }
  g_assert_true (keep_portal_refs (f->store, id, refs, &result, &error));
  g_assert_no_error (error);
  g_assert_cmpint (result.added, ==, 3);
  query->activity_id = g_strdup (id);
  query->target_state = -1;
  keys = tvm_store_list_keys (f->store, query, NULL, &error);
  g_assert_cmpuint (keys->len, ==, 3);
  g_assert_true (keep_portal_refs (f->store, id, refs, &result, &error));
  g_assert_cmpint (result.added + result.changed + result.removed, ==, 0);
  /* The activity counts five that are not remediated: only such a list an hour later removes them. */
  g_assert_true (keep_portal_refs (f->store, id, none, &result, &error));
  g_assert_cmpint (result.removed, ==, 0);
  g_assert_cmpint (result.doubtful, ==, 1);
  tvm_set_clock_us (tvm_now_us () + TVM_HOUR_US);
  g_assert_true (keep_portal_refs (f->store, id, none, &result, &error));
  g_assert_cmpint (result.removed, ==, 3);
}

/* One recommendation with @exposed devices and @weaknesses, of software or (scid-...) a setting. */
static void
merge_one (Fixture *f, const char *id, int exposed, int weaknesses)
{
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_recommendation_unref);
  g_autoptr(GError) error = NULL;
  TvmRecommendation *one = tvm_recommendation_new ();
  TvmListResult result = { 0 };

  one->id = g_strdup (id);
  one->name = g_strdup ("Update Example Player");
  one->type = TVM_TYPE_UPDATE;
  one->status = TVM_RECOMMENDATION_ACTIVE;
  one->exposed_devices = exposed;
  one->weaknesses = weaknesses;
  g_ptr_array_add (list, one);
  keep_recommendations (f->store, list, &result, &error);
  g_assert_no_error (error);
}

/* @n devices are listed, whatever the service counts. */
static TvmListResult
list_exposed (Fixture *f, int n)
{
  g_autoptr(TvmDeviceRefs) refs = tvm_device_refs_new ();
  g_autoptr(GError) error = NULL;
  TvmListResult result = { 0 };

  for (int i = 0; i < n; i++)
    {
      g_autofree char *id = g_strdup_printf ("%040x", i);

      tvm_device_refs_add (refs, id, "stub", "Windows11", NULL);
    }
  keep_list (f->store, TVM_PULL_EXPOSED_DEVICES, REC, refs, NULL, &result, &error);
  g_assert_no_error (error);
  return result;
}

/* A little less than the service counts, again and again: that is believed after a day only. What
 * is more than it counts takes nothing back. */
static void
test_counted (Fixture *f, gconstpointer data)
{
  g_autoptr(TvmActivity) activity = NULL, same = NULL, done = NULL, still = NULL, back = NULL;

  merge_one (f, REC, 40, 0);
  fixture_devices (f, 0, 40, "10");
  list_exposed (f, 40);
  activity = fixture_submit (f, TVM_TYPE_UPDATE, FALSE);
  for (int i = 0; i < 3; i++)
    g_assert_cmpint (list_exposed (f, 37).doubtful, ==, 1);
  /* As many as are counted: that the one before was short says nothing about this one. */
  merge_one (f, REC, 39, 0);
  g_assert_cmpint (list_exposed (f, 39).removed, ==, 1);
  g_assert_cmpint (list_exposed (f, 37).doubtful, ==, 1);
  tvm_set_clock_us (NOW_US + TVM_DAY_US - 1);
  g_assert_cmpint (list_exposed (f, 37).doubtful, ==, 1);
  same = fixture_activity (f, activity->id);
  g_assert_cmpint (same->fixed_devices, ==, 1);
  tvm_set_clock_us (NOW_US + TVM_DAY_US);
  g_assert_cmpint (list_exposed (f, 37).removed, ==, 2);
  merge_one (f, REC, 0, 0);
  list_exposed (f, 0);
  done = fixture_activity (f, activity->id);
  g_assert_cmpint (done->completion, ==, TVM_COMPLETION_SYSTEM);
  list_exposed (f, 4);
  still = fixture_activity (f, activity->id);
  g_assert_cmpint (still->status, ==, TVM_STATUS_COMPLETED);
  merge_one (f, REC, 4, 0);
  list_exposed (f, 4);
  back = fixture_activity (f, activity->id);
  g_assert_cmpint (back->status, ==, TVM_STATUS_ACTIVE);
}

static void
assert_lists (Fixture *f, gint64 old_us, guint n_tracked, guint n_moved)
{
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) tracked = tvm_store_list_tracked_recommendations (f->store, &error);
  g_auto(GStrv) moved = tvm_store_list_moved_recommendations (f->store, old_us, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (tracked), ==, n_tracked);
  g_assert_cmpuint (g_strv_length (moved), ==, n_moved);
}

/* Lists once pulled are kept up to date; pulled again where they are old or a number differs. */
static void
test_tracked (Fixture *f, gconstpointer data)
{
  static const char setting[] = "sca-_-scid-90";
  g_autoptr(TvmDeviceRefs) refs = tvm_device_refs_new ();
  g_autoptr(GError) error = NULL;
  TvmListResult result = { 0 };

  merge_one (f, REC, 3, 0);
  fixture_devices (f, 0, 3, "10");
  assert_lists (f, NOW_US, 0, 0);
  fixture_refs (f, 0, 3);
  assert_lists (f, NOW_US, 1, 0);
  assert_lists (f, NOW_US + 1, 1, 1);
  tvm_set_clock_us (NOW_US + TVM_DAY_US);
  g_assert_cmpint (fixture_refs (f, 0, 3).changed, ==, 0);
  assert_lists (f, NOW_US + 1, 1, 0);
  merge_one (f, REC, 2, 0);
  assert_lists (f, NOW_US, 1, 1);
  merge_one (f, REC, 3, 1);
  assert_lists (f, NOW_US, 1, 1);
  merge_one (f, setting, 1, 0);
  tvm_device_refs_add (refs, "0000000000000000000000000000000000000000", "stub", NULL, NULL);
  g_assert_true (keep_device_refs (f->store, setting, refs, &result, &error));
  g_assert_no_error (error);
  assert_lists (f, NOW_US, 1, 1);
}

static TvmDevice *
read_device (Fixture *f)
{
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_DEVICES);
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) keys = tvm_store_list_keys (f->store, query, NULL, &error);
  g_autoptr(GPtrArray) records =
    tvm_store_list_records (f->store, query, (const gint64 *) (gpointer) keys->data, 1, &error);

  g_assert_no_error (error);
  return tvm_device_ref (records->pdata[0]);
}

/* What a device is exposed to is only known once every list of exposed devices was pulled. */
static void
test_counts_all (Fixture *f, gconstpointer data)
{
  g_autoptr(TvmDevice) before = NULL, after = NULL, none = NULL;

  merge_one (f, REC, 0, 0);
  fixture_devices (f, 0, 3, "10");
  none = read_device (f);
  g_assert_true (none->counts_all);
  merge_one (f, REC, 3, 0);
  before = read_device (f);
  g_assert_cmpint (before->n_recommendations, ==, -1);
  g_assert_false (before->counts_all);
  fixture_refs (f, 0, 3);
  after = read_device (f);
  g_assert_cmpint (after->n_recommendations, ==, 1);
  g_assert_true (after->counts_all);
}

static void
test_vulnerabilities (Fixture *f, gconstpointer data)
{
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_vulnerability_unref);
  g_autoptr(GPtrArray) stored = NULL;
  g_autoptr(GError) error = NULL;
  TvmListResult result = { 0 };

  fixture_recommendations (f, 1);
  for (int i = 0; i < 4; i++)
    {
      TvmVulnerability *one = tvm_vulnerability_new ();

      one->id = g_strdup_printf ("CVE-2026-%04d", i);
      one->severity = TVM_LEVEL_HIGH;
      one->cvss = 7.5;
      g_ptr_array_add (list, one);
    }
  g_assert_true (keep_vulnerabilities (f->store, REC, list, &result, &error));
  g_assert_no_error (error);
  g_assert_cmpint (result.added, ==, 4);
  g_ptr_array_set_size (list, 3);
  ((TvmVulnerability *) list->pdata[0])->severity = TVM_LEVEL_CRITICAL;
  g_assert_true (keep_vulnerabilities (f->store, REC, list, &result, &error));
  g_assert_cmpint (result.added, ==, 0);
  g_assert_cmpint (result.changed, ==, 1);
  g_assert_cmpint (result.removed, ==, 1);
  stored = tvm_store_list_vulnerabilities (f->store, REC, &error);
  g_assert_cmpuint (stored->len, ==, 3);
}

static void
test_scores (Fixture *f, gconstpointer data)
{
  g_autoptr(GArray) exposure = NULL;
  g_autoptr(GArray) secure = NULL;
  g_autoptr(GError) error = NULL;

  for (int i = 0; i < 3; i++)
    g_assert_true (tvm_store_add_score (f->store, TVM_SCORE_EXPOSURE, NOW_US + (2 - i) * TVM_DAY_US,
                                        40 + i, NULL, &error));
  g_assert_true (tvm_store_add_score (f->store, TVM_SCORE_SECURE, NOW_US, 500, NULL, &error));
  g_assert_true (tvm_store_add_score (f->store, TVM_SCORE_SECURE, NOW_US, 500, NULL, &error));
  exposure = tvm_store_list_scores (f->store, TVM_SCORE_EXPOSURE, &error);
  secure = tvm_store_list_scores (f->store, TVM_SCORE_SECURE, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (exposure->len, ==, 3);
  for (guint i = 1; i < exposure->len; i++)
    g_assert_cmpint (g_array_index (exposure, TvmScorePoint, i - 1).when_us, <,
                     g_array_index (exposure, TvmScorePoint, i).when_us);
  g_assert_cmpuint (secure->len, ==, 1);
  g_assert_cmpfloat (g_array_index (secure, TvmScorePoint, 0).score, ==, 500);
}

static void
test_managed_devices (Fixture *f, gconstpointer data)
{
  g_autoptr(GHashTable) ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr(TvmActivity) activity = NULL;
  g_autoptr(GPtrArray) outbox = NULL;
  g_autoptr(GError) error = NULL;
  TvmListResult result = { 0 };
  TvmOutboxEntry *entry;

  fixture_recommendations (f, 1);
  fixture_devices (f, 0, 4, "10");
  fixture_refs (f, 0, 4);
  for (int i = 0; i < 2; i++)
    g_hash_table_insert (ids, g_strdup_printf ("00000000-0000-0000-0000-%012x", i),
                         g_strdup_printf ("intune-%d", i));
  g_assert_true (keep_managed_devices (f->store, ids, &result, &error));
  g_assert_no_error (error);
  g_assert_cmpint (result.added, ==, 2);
  activity = fixture_submit (f, TVM_TYPE_UPDATE, TRUE);
  outbox = tvm_store_list_outbox (f->store, TRUE, &error);
  g_assert_cmpuint (outbox->len, ==, 1);
  entry = outbox->pdata[0];
  g_assert_cmpuint (entry->devices->len, ==, 4);
  g_assert_cmpuint (g_hash_table_size (entry->managed_ids), ==, 2);
  g_hash_table_remove_all (ids);
  /* All at once: only when a list an hour later says so, too. */
  for (int i = 0; i < 2; i++)
    {
      g_assert_true (keep_managed_devices (f->store, ids, &result, &error));
      g_assert_cmpint (result.removed, ==, 0);
      g_assert_cmpint (result.doubtful, ==, 1);
    }
  tvm_set_clock_us (tvm_now_us () + TVM_HOUR_US);
  g_assert_true (keep_managed_devices (f->store, ids, &result, &error));
  g_assert_cmpint (result.removed, ==, 2);
  g_assert_cmpint (result.doubtful, ==, 0);
}

static void
test_unknown_group (Fixture *f, gconstpointer data)
{
  static const char *const groups[] = { "Even", "No such group", NULL };
  g_autoptr(TvmRequest) request = tvm_request_new ();
  g_autoptr(GError) error = NULL;
  TvmSubmission looking = fixture_ana;
  TvmStoreCounts counts;

  fixture_recommendations (f, 1);
  fixture_refs (f, 0, 10);
  request->recommendation_id = g_strdup (REC);
  request->type = TVM_TYPE_UPDATE;
  request->priority = TVM_PRIORITY_LOW;
  request->groups = g_strdupv ((char **) groups);
  looking.dry_run = TRUE;
  g_assert_null (tvm_store_submit (f->store, request, &looking, NULL, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "No such group"));
  g_clear_error (&error);
  g_assert_null (tvm_store_submit (f->store, request, &fixture_ana, NULL, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_INVALID);
  g_assert_true (tvm_store_counts (f->store, &counts, NULL));
  g_assert_cmpint (counts.activities, ==, 0);
}

/* Another process writes for longer than one waits: an error in words, the store as before. */
static void
test_busy (Fixture *f, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *value = NULL;
  sqlite3 *other;

  g_assert_cmpint (sqlite3_open (f->path, &other), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (other, "BEGIN IMMEDIATE", NULL, NULL, NULL), ==, SQLITE_OK);
  g_assert_false (tvm_store_set_setting (f->store, "it-admin-email", "it@contoso.example", &error));
  g_assert_nonnull (error);
  g_assert_cmpint (error->domain, ==, TVM_ERROR);
  g_assert_cmpint (sqlite3_exec (other, "ROLLBACK", NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (other);
  g_clear_error (&error);
  value = tvm_store_get_setting (f->store, "it-admin-email", &error);
  g_assert_no_error (error);
  g_assert_null (value);
  g_assert_true (tvm_store_set_setting (f->store, "it-admin-email", "it@contoso.example", &error));
}

static void
cancel_cb (gint64 n_rows, gint64 n_total, gpointer user_data)
{
  g_assert_cmpint (n_rows, <=, n_total);
  if (n_rows > 0)
    g_cancellable_cancel (user_data);
}

static guint
count_files (const char *directory)
{
  g_autoptr(GDir) dir = g_dir_open (directory, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

static void
test_exports (Fixture *f, gconstpointer data)
{
  g_autofree char *path = g_build_filename (f->directory, "out.csv", NULL);
  g_autoptr(TvmQuery) devices = tvm_query_new (TVM_LIST_DEVICES);
  g_autoptr(TvmQuery) recommendations = tvm_query_new (TVM_LIST_RECOMMENDATIONS);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;
  guint n_files;

  fixture_recommendations (f, 7);
  fixture_devices (f, 0, 5000, "10");
  n_files = count_files (f->directory);
  g_assert_cmpint (tvm_store_export (f->store, devices, path, TVM_FORMAT_MACHINE, FALSE, cancel_cb, cancellable,
                                     cancellable, NULL, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_cmpuint (count_files (f->directory), ==, n_files);
  g_assert_cmpint (tvm_store_export (f->store, devices, path, TVM_FORMAT_MACHINE, FALSE, NULL, NULL, NULL, NULL, &error),
                   ==, 5000);
  g_assert_cmpint (tvm_store_export (f->store, recommendations, path, TVM_FORMAT_SPREADSHEET, TRUE, NULL, NULL, NULL, NULL,
                                     &error), ==, 7);
  g_assert_no_error (error);
  g_unlink (path);
}

/* @ids: of updates, each with "+name" where it has one */
static void
keep_updates (Fixture *f, const char *recommendation_id, const char *ids, gboolean is_part,
              TvmListResult *result)
{
  g_autoptr(TvmPull) pull = tvm_store_begin_pull (f->store, TVM_PULL_SECURITY_UPDATES, NULL, NULL);
  g_auto(GStrv) words = g_strsplit (ids, " ", -1);
  g_autoptr(GError) error = NULL;

  pull->is_part = is_part;
  for (guint i = 0; words[i] != NULL && *words[i] != '\0'; i++)
    {
      TvmSecurityUpdate *update = tvm_security_update_new ();
      g_auto(GStrv) parts = g_strsplit (words[i], "+", 2);

      update->recommendation_id = g_strdup (recommendation_id);
      update->id = g_strdup (parts[0]);
      update->name = g_strdup (parts[1]);
      g_ptr_array_add (pull->records, update);
    }
  g_assert_true (tvm_store_keep_pull (f->store, pull, result, &error));
  g_assert_no_error (error);
}

static void
assert_updates (Fixture *f, const char *recommendation_id, const char *expected)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) list = tvm_store_list_security_updates (f->store, recommendation_id, &error);
  g_autoptr(GString) ids = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < list->len; i++)
    {
      const TvmSecurityUpdate *update = list->pdata[i];

      g_string_append_printf (ids, "%s%s%s%s", i > 0 ? " " : "", update->id, update->name != NULL ? "+" : "",
                              update->name != NULL ? update->name : "");
    }
  g_assert_cmpstr (ids->str, ==, expected);
}

/* Updates that are told add up; a whole list replaces them, unless it lost too many; what is old is
 * named no more. */
static void
test_security_updates (Fixture *f, gconstpointer data)
{
  gint64 now_us = tvm_now_us ();
  TvmListResult result;

  keep_updates (f, "r1", "999+May 5001+June", TRUE, &result);
  g_assert_cmpint (result.added, ==, 2);
  keep_updates (f, "r1", "5001 5001 ADV1", TRUE, &result);
  g_assert_cmpint (result.added, ==, 1);
  g_assert_cmpint (result.received, ==, 3);
  assert_updates (f, "r1", "ADV1 5001+June 999+May");
  assert_updates (f, "r2", "");
  tvm_set_clock_us (now_us + 40 * TVM_DAY_US);
  keep_updates (f, "r1", "5001", TRUE, &result);
  g_assert_cmpint (result.removed, ==, 0);
  tvm_set_clock_us (now_us + 46 * TVM_DAY_US);
  assert_updates (f, "r1", "5001+June");
  keep_updates (f, "r1", "", TRUE, &result);
  g_assert_cmpint (result.removed, ==, 2);
  keep_updates (f, "r2", "7000 7001", FALSE, &result);
  g_assert_cmpint (result.removed, ==, 1);
  assert_updates (f, "r1", "");
  tvm_set_clock_us (now_us + 47 * TVM_DAY_US);
  keep_updates (f, "r2", "", FALSE, &result);
  g_assert_cmpint (result.doubtful, ==, 1);
  assert_updates (f, "r2", "7001 7000");
  tvm_set_clock_us (now_us + 47 * TVM_DAY_US + TVM_HOUR_US);
  keep_updates (f, "r2", "", FALSE, &result);
  g_assert_cmpint (result.removed, ==, 2);
  assert_updates (f, "r2", "");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
#define ADD(path, func) g_test_add (path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)
  ADD ("/store/pulls/portal-refs", test_portal_refs);
  ADD ("/store/pulls/vulnerabilities", test_vulnerabilities);
  ADD ("/store/pulls/security-updates", test_security_updates);
  ADD ("/store/pulls/counted", test_counted);
  ADD ("/store/pulls/tracked", test_tracked);
  ADD ("/store/pulls/counts-all", test_counts_all);
  ADD ("/store/pulls/scores", test_scores);
  ADD ("/store/pulls/managed-devices", test_managed_devices);
  ADD ("/store/requests/unknown-group", test_unknown_group);
  ADD ("/store/open/held-by-another", test_busy);
  ADD ("/store/export/lists-and-cancel", test_exports);
#undef ADD
  return g_test_run ();
}

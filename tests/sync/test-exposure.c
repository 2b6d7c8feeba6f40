/* test-exposure.c: the exposed devices and CVEs of all recommendations, in a few calls.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "sync-fixture.h"
#include "tvm-error.h"
#include "tvm-time.h"

#include <string.h>

#define ALL "/api/machines/SoftwareVulnerabilitiesByMachine"
#define CHANGES "/api/machines/SoftwareVulnerabilityChangesByMachine"
#define CONFIGURATIONS "/api/machines/SecureConfigurationsAssessmentByMachine"

static const SyncFixtureOptions forty = { .devices = 300, .recommendations = 40 };
static const SyncFixtureOptions paged = { .page_size = 50 };

static void
set_up_plain (SyncFixture *self, gconstpointer data)
{
  sync_fixture_set_up (self, NULL);
}

/* How many requests the tenant had whose method and path have that in them. */
static int
count_calls (SyncFixture *self, const char *part)
{
  g_autoptr(JsonObject) stats = sync_fixture_order (self, "stats", NULL);
  JsonObject *requests = json_object_get_object_member (stats, "requests");
  g_autofree char *wanted = g_ascii_strdown (part, -1);
  g_autoptr(GList) keys = json_object_get_members (requests);
  int n = 0;

  for (GList *key = keys; key != NULL; key = key->next)
    {
      g_autofree char *path = g_ascii_strdown (key->data, -1);

      if (strstr (path, wanted) != NULL)
        n += (int) json_object_get_int_member (requests, key->data);
    }
  return n;
}

/* Each recommendation has as many devices and CVEs as it counts itself. */
static void
assert_whole (SyncFixture *self)
{
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_RECOMMENDATIONS);
  g_autoptr(GArray) keys = tvm_store_list_keys (self->store, query, NULL, NULL);
  g_autoptr(GPtrArray) records =
    tvm_store_list_records (self->store, query, (gint64 *) (gpointer) keys->data, keys->len, NULL);

  g_ptr_array_set_free_func (records, (GDestroyNotify) tvm_recommendation_unref);
  g_assert_cmpuint (records->len, >, 5);
  for (guint i = 0; i < records->len; i++)
    {
      const TvmRecommendation *one = records->pdata[i];
      g_autoptr(GPtrArray) devices = sync_fixture_list_exposed (self, one->id);
      g_autoptr(GPtrArray) cves = tvm_store_list_vulnerabilities (self->store, one->id, NULL);

      g_test_message ("%s", one->id);
      g_assert_cmpint (one->devices_synced_us, !=, 0);
      g_assert_cmpuint (devices->len, ==, one->exposed_devices);
      g_assert_cmpuint (cves->len, ==, one->weaknesses);
    }
}

static void
order (SyncFixture *self, const char *id, const char *word, const char *device_id)
{
  g_autofree char *path = g_strdup_printf ("recommendations/%s/%s", id, word);
  g_autofree char *body = g_strdup_printf ("{\"devices\":[\"%s\"]}", device_id);
  g_autoptr(JsonObject) answer = sync_fixture_order (self, path, body);

  g_assert_cmpint (json_object_get_int_member (answer, "changed"), ==, 1);
}

static char *
pick_device (SyncFixture *self, const char *id)
{
  g_autoptr(GPtrArray) devices = sync_fixture_list_exposed (self, id);

  return g_strdup (((const TvmDevice *) devices->pdata[0])->id);
}

static gboolean
is_exposed (SyncFixture *self, const char *id, const char *device_id)
{
  g_autoptr(GPtrArray) devices = sync_fixture_list_exposed (self, id);

  for (guint i = 0; i < devices->len; i++)
    if (strcmp (((const TvmDevice *) devices->pdata[i])->id, device_id) == 0)
      return TRUE;
  return FALSE;
}

/* The product that the recommendation fixes is there, in a version that is not known. */
static void
assert_is_unsure (SyncFixture *self, const char *id, const char *device_id)
{
  g_autoptr(TvmDeviceWhole) whole = tvm_store_load_device (self->store, device_id, NULL);
  guint n = 0;

  for (guint i = 0; i < whole->software->len; i++)
    {
      const TvmSoftware *one = whole->software->pdata[i];

      if (g_strcmp0 (one->recommendation_id, id) != 0)
        continue;
      g_assert_null (one->version);
      g_assert_cmpint (one->n_weaknesses, ==, 0);
      n++;
    }
  g_assert_cmpuint (n, ==, 1);
}

static void
test_first (SyncFixture *self, gconstpointer data)
{
  sync_fixture_sync_plain (self);
  assert_whole (self);
  g_assert_cmpint (count_calls (self, "/machinereferences"), ==, 0);
  if (data == &forty)
    g_assert_cmpint (count_calls (self, "get /api/"), <=, 12);
}

/* Only what changed is asked for, and it counts. */
static void
test_repeated (SyncFixture *self, gconstpointer data)
{
  g_autoptr(TvmRecommendation) about = NULL;
  g_autofree char *device = NULL;
  int n_all, n_changes;

  sync_fixture_sync_plain (self);
  n_all = count_calls (self, ALL);
  n_changes = count_calls (self, CHANGES);
  about = sync_fixture_pick (self, TVM_TYPE_UPDATE);
  device = pick_device (self, about->id);
  order (self, about->id, "patch", device);
  sync_fixture_sync_plain (self);
  g_assert_cmpint (count_calls (self, ALL), ==, n_all);
  g_assert_cmpint (count_calls (self, CHANGES), >, n_changes);
  g_assert_cmpint (count_calls (self, "/machinereferences"), ==, 0);
  g_assert_false (is_exposed (self, about->id, device));
  assert_is_unsure (self, about->id, device);
  assert_whole (self);
  order (self, about->id, "expose", device);
  sync_fixture_sync_plain (self);
  g_assert_true (is_exposed (self, about->id, device));
  assert_whole (self);
}

/* Where the changes cannot be had or understood, all is asked for. */
static void
test_no_changes (SyncFixture *self, gconstpointer fault)
{
  g_autoptr(TvmRecommendation) about = NULL;
  g_autofree char *device = NULL;
  int n_all;

  sync_fixture_sync_plain (self);
  n_all = count_calls (self, ALL);
  about = sync_fixture_pick (self, TVM_TYPE_UPDATE);
  device = pick_device (self, about->id);
  order (self, about->id, "patch", device);
  sync_fixture_fault (self, CHANGES, "GET", fault);
  sync_fixture_sync_plain (self);
  g_assert_cmpint (count_calls (self, ALL), ==, n_all + 1);
  assert_whole (self);
}

/* Much happens to all software at once. */
static void
order_all (SyncFixture *self, const char *word, const char *body, int n_times)
{
  g_autoptr(JsonObject) state = sync_fixture_order (self, "state", NULL);
  g_autoptr(GList) ids = json_object_get_members (json_object_get_object_member (state, "exposed"));

  for (GList *id = ids; id != NULL; id = id->next)
    for (int i = 0; i < n_times && g_str_has_prefix (id->data, "va-"); i++)
      {
        g_autofree char *path = g_strdup_printf ("recommendations/%s/%s", (char *) id->data, word);
        g_autoptr(JsonObject) answer = sync_fixture_order (self, path, body);
      }
}

/* Many changes are no reason to ask for all; where the service drops most of them, its own counts
 * show it: of devices, and of CVEs. What much would go by is believed an hour later. */
static void
test_short_changes (SyncFixture *self, gconstpointer data)
{
  const char *word = data;

  tvm_set_clock_us (tvm_now_us ());
  sync_fixture_sync_plain (self);
  for (int i = 0; i < 2; i++)
    {
      int n_all = count_calls (self, ALL), n_changes = count_calls (self, CHANGES);

      tvm_set_clock_us (tvm_now_us () + 25 * TVM_HOUR_US);
      order_all (self, word, "{\"count\":5}", strcmp (word, "discover") == 0 ? 9 : 1);
      if (i == 1)
        sync_fixture_fault (self, CHANGES, "GET", "\"kind\":\"short\"");
      sync_fixture_sync_plain (self);
      g_assert_cmpint (count_calls (self, CHANGES), >, n_changes);
      g_assert_cmpint (count_calls (self, ALL), ==, n_all + i);
      if (i == 1 && strcmp (word, "patch") == 0)
        {
          tvm_set_clock_us (tvm_now_us () + 2 * TVM_HOUR_US);
          sync_fixture_sync_plain (self);
        }
      assert_whole (self);
    }
  tvm_set_clock_us (0);
}

/* Without the right to the list all else works, one by one, and the reason is known. */
static void
test_refused (SyncFixture *self, gconstpointer data)
{
  g_autoptr(TvmRecommendation) about = NULL;
  g_autoptr(GPtrArray) devices = NULL;
  g_autofree char *words = NULL, *cleared = NULL;
  g_autoptr(GError) error = NULL;

  sync_fixture_fault (self, ALL, "GET", "\"kind\":\"status\",\"status\":403");
  sync_fixture_sync_plain (self);
  words = tvm_store_dup_refusal (self->store, TVM_EXPOSURE_LIST, NULL);
  g_assert_nonnull (strstr (words, "Vulnerability.Read"));
  about = sync_fixture_pick (self, TVM_TYPE_UPDATE);
  g_assert_cmpint (about->devices_synced_us, ==, 0);
  g_assert_true (tvm_sync_engine_fetch_recommendation (self->engine, about->id, NULL, &error));
  devices = sync_fixture_list_exposed (self, about->id);
  g_assert_cmpuint (devices->len, ==, about->exposed_devices);
  sync_fixture_sync_plain (self);
  assert_whole (self);
  cleared = tvm_store_dup_refusal (self->store, TVM_EXPOSURE_LIST, NULL);
  g_assert_null (cleared);
}

/* An answer that is no good leaves what was known, and is told; the next one counts. */
static void
test_spoiled (SyncFixture *self, gconstpointer data)
{
  const char *const *faults = data;
  gboolean is_files = strcmp (faults[0], "files") == 0;
  g_autoptr(TvmRecommendation) about = NULL;
  g_autofree char *device = NULL;

  sync_fixture_sync_plain (self);
  about = sync_fixture_pick (self, TVM_TYPE_UPDATE);
  device = pick_device (self, about->id);
  order (self, about->id, "patch", device);
  if (is_files)
    g_setenv ("TVM_EXPOSURE", "files", TRUE);
  for (guint i = 1; faults[i] != NULL; i++)
    {
      g_autofree char *fault = g_strdup_printf ("\"kind\":\"%s\",\"times\":9", faults[i]);
      g_autoptr(GError) error = NULL;

      g_test_message ("%s", faults[i]);
      sync_fixture_fault (self, is_files ? "/blobs/" : ALL, "GET", fault);
      g_ptr_array_unref (tvm_sync_engine_sync (self->engine, TRUE, NULL, NULL, NULL, &error));
      g_assert_error (error, TVM_ERROR, TVM_ERROR_BAD_RESPONSE);
      sync_fixture_forget_faults (self);
      assert_whole (self);  /* each was asked for its own lists */
    }
  g_unsetenv ("TVM_EXPOSURE");
  sync_fixture_sync_plain (self);
  g_assert_false (is_exposed (self, about->id, device));
  assert_whole (self);
}

/* The same from files, without a token, and again where their addresses are no longer good. */
static void
test_files (SyncFixture *self, gconstpointer data)
{
  g_autoptr(JsonObject) stats = NULL;

  g_setenv ("TVM_EXPOSURE", "files", TRUE);
  sync_fixture_fault (self, "/blobs/va/", "GET", "\"kind\":\"status\",\"status\":403,\"skip\":1");
  sync_fixture_sync_plain (self);
  g_unsetenv ("TVM_EXPOSURE");
  assert_whole (self);
  g_assert_cmpint (count_calls (self, ALL), ==, 0);
  g_assert_cmpint (count_calls (self, "SoftwareVulnerabilitiesExport"), ==, 2);
  stats = sync_fixture_order (self, "stats", NULL);
  g_assert_cmpint (json_object_get_int_member (stats, "leaked_tokens"), ==, 0);
}

/* A list of other rows leaves nothing behind: neither software without a name nor a doubt. */
static void
test_other_list (SyncFixture *self, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) results = NULL;
  g_autoptr(TvmDeviceWhole) whole = NULL;
  g_autoptr(TvmRecommendation) about = NULL;
  g_autofree char *device = NULL;

  sync_fixture_sync_plain (self);
  sync_fixture_fault (self, ALL, "GET", "\"kind\":\"set\",\"members\":{\"softwareVendor\":null,"
                      "\"softwareName\":null,\"softwareVersion\":null,\"cveId\":null,"
                      "\"recommendationReference\":\"sca-_-scid-7\"}");
  g_ptr_array_unref (tvm_sync_engine_sync (self->engine, TRUE, NULL, NULL, NULL, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_BAD_RESPONSE);
  g_assert_nonnull (strstr (error->message, "Nothing of it was kept"));
  sync_fixture_forget_faults (self);
  results = tvm_sync_engine_sync (self->engine, TRUE, NULL, NULL, NULL, NULL);
  for (guint i = 0; i < results->len; i++)
    g_assert_cmpint (((const TvmListResult *) results->pdata[i])->doubtful, ==, 0);
  about = sync_fixture_pick (self, TVM_TYPE_UPDATE);
  device = pick_device (self, about->id);
  whole = tvm_store_load_device (self->store, device, NULL);
  for (guint i = 0; i < whole->software->len; i++)
    g_assert_cmpstr (((const TvmSoftware *) whole->software->pdata[i])->name, !=, "");
  assert_whole (self);
}

static void
assert_counted_out (SyncFixture *self, const TvmActivity *activity, const char *history, int n_fixed)
{
  g_autoptr(TvmActivity) now = tvm_store_get_activity (self->store, activity->id, NULL);

  g_assert_cmpint (now->fixed_devices, ==, n_fixed);
  sync_fixture_assert_history (self, activity, history);
}

/* One mistake of the service, which for a moment counts and lists nothing anywhere, completes
 * nothing and leaves no line; an hour later it is no mistake any more. */
static void
test_all_zero (SyncFixture *self, gconstpointer data)
{
  g_autoptr(TvmRecommendation) about = NULL;
  g_autoptr(TvmRequest) request = NULL;
  g_autoptr(TvmActivity) activity = NULL;
  g_autoptr(JsonObject) state = NULL;
  g_autoptr(GList) ids = NULL;

  if (data != NULL)
    g_setenv ("TVM_EXPOSURE", data, TRUE);
  sync_fixture_sync_plain (self);
  about = sync_fixture_pick (self, TVM_TYPE_UPDATE);
  g_assert_true (tvm_sync_engine_fetch_recommendation (self->engine, about->id, NULL, NULL));
  request = sync_fixture_new_request (about, FALSE);
  activity = sync_fixture_submit (self, request);
  sync_fixture_fault (self, "/api/recommendations", "GET", "\"exact\":true,\"kind\":\"set\","
                      "\"times\":2,\"members\":{\"exposedMachinesCount\":0}");
  sync_fixture_fault (self, "/api/recommendations/va-", "GET",
                      "\"kind\":\"short\",\"rows\":0,\"times\":999");
  for (int i = 0; i < 2; i++)
    {
      sync_fixture_sync_plain (self);
      assert_counted_out (self, activity, "requested", 0);
    }
  sync_fixture_forget_faults (self);
  sync_fixture_sync_plain (self);
  assert_counted_out (self, activity, "requested", 0);
  state = sync_fixture_order (self, "state", NULL);
  ids = json_object_get_members (json_object_get_object_member (state, "exposed"));
  for (GList *id = ids; id != NULL; id = id->next)
    {
      g_autofree char *path = g_strdup_printf ("recommendations/%s/patch", (char *) id->data);
      g_autoptr(JsonObject) answer = sync_fixture_order (self, path, "{\"count\":999}");
    }
  sync_fixture_sync_plain (self);
  assert_counted_out (self, activity, "requested", 0);
  tvm_set_clock_us (tvm_now_us () + 2 * TVM_HOUR_US);
  sync_fixture_sync_plain (self);
  assert_counted_out (self, activity, "completed-system device-remediated requested",
                      activity->target_devices);
  tvm_set_clock_us (0);
  g_unsetenv ("TVM_EXPOSURE");
}

static int
compare_lines (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

/* "ID devices of-counted CVEs of-counted impact" of each recommendation of software. */
static char *
describe_all (SyncFixture *self)
{
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_RECOMMENDATIONS);
  g_autoptr(GArray) keys = tvm_store_list_keys (self->store, query, NULL, NULL);
  g_autoptr(GPtrArray) records =
    tvm_store_list_records (self->store, query, (gint64 *) (gpointer) keys->data, keys->len, NULL);
  g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);

  g_ptr_array_set_free_func (records, (GDestroyNotify) tvm_recommendation_unref);
  for (guint i = 0; i < records->len; i++)
    {
      const TvmRecommendation *one = records->pdata[i];
      g_autoptr(GPtrArray) devices = sync_fixture_list_exposed (self, one->id);
      g_autoptr(GPtrArray) cves = tvm_store_list_vulnerabilities (self->store, one->id, NULL);

      if (g_str_has_prefix (one->id, "va-"))
        g_ptr_array_add (lines, g_strdup_printf ("%s %u of %d, %u of %d, %g", one->id,
                                                 devices->len, one->exposed_devices, cves->len,
                                                 one->weaknesses, one->exposure_impact));
    }
  g_ptr_array_sort (lines, compare_lines);
  g_ptr_array_add (lines, NULL);
  return g_strjoinv ("\n", (char **) lines->pdata);
}

/* What is doubted removes nothing: devices, CVEs and their counts stay together, and an hour later
 * go together. */
static void
test_doubted (SyncFixture *self, gconstpointer data)
{
  gboolean is_full = data != NULL;
  g_autofree char *before = NULL, *after = NULL;
  int n_doubtful = 0;

  sync_fixture_sync_plain (self);
  before = describe_all (self);
  order_all (self, "patch", "{\"fraction\":1.0}", 1);
  for (int i = 0; i < 2; i++)
    {
      g_autoptr(GPtrArray) results =
        tvm_sync_engine_sync (self->engine, is_full, NULL, NULL, NULL, NULL);

      for (guint j = 0; j < results->len; j++)
        {
          const TvmListResult *result = results->pdata[j];

          g_test_message ("%s: %d removed", result->name, result->removed);
          n_doubtful += result->doubtful;
          g_assert_cmpint (result->removed, ==, 0);
        }
      g_assert_cmpint (n_doubtful, >, i);
      g_free (after);
      after = describe_all (self);
      g_assert_cmpstr (after, ==, before);
    }
  tvm_set_clock_us (tvm_now_us () + 2 * TVM_HOUR_US);
  sync_fixture_sync_plain (self);
  assert_whole (self);
  g_free (after);
  after = describe_all (self);
  g_assert_nonnull (strstr (after, " 0 of 0, 0 of 0"));
  tvm_set_clock_us (0);
}

static const char *const page_faults[] = { "pages", "cut", "wrong-shape", "bad-json", "repeat-link",
                                           NULL };
static const char *const file_faults[] = { "files", "cut-gzip", "bad-checksum", "bad-bytes", "html",
                                           "cut-line", NULL };

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
#define ADD(path, options, func) \
  g_test_add ("/sync-exposure/" path, SyncFixture, options, sync_fixture_set_up, func, \
              sync_fixture_tear_down)
  ADD ("first", &forty, test_first);
  ADD ("pages", &paged, test_first);
  ADD ("repeated", NULL, test_repeated);
  g_test_add ("/sync-exposure/no-changes", SyncFixture, "\"kind\":\"status\",\"status\":400",
              set_up_plain, test_no_changes, sync_fixture_tear_down);
  g_test_add ("/sync-exposure/unknown-status", SyncFixture,
              "\"kind\":\"set\",\"members\":{\"status\":\"Paused\"}", set_up_plain, test_no_changes,
              sync_fixture_tear_down);
  g_test_add ("/sync-exposure/short-changes/exposed", SyncFixture, "expose", set_up_plain,
              test_short_changes, sync_fixture_tear_down);
  g_test_add ("/sync-exposure/short-changes/fixed", SyncFixture, "patch", set_up_plain,
              test_short_changes, sync_fixture_tear_down);
  g_test_add ("/sync-exposure/short-changes/cves", SyncFixture, "discover", set_up_plain,
              test_short_changes, sync_fixture_tear_down);
  ADD ("refused", NULL, test_refused);
  ADD ("files", NULL, test_files);
  ADD ("other-list", NULL, test_other_list);
  g_test_add ("/sync-exposure/all-zero/exports", SyncFixture, NULL, set_up_plain, test_all_zero,
              sync_fixture_tear_down);
  g_test_add ("/sync-exposure/all-zero/lists", SyncFixture, "lists", set_up_plain, test_all_zero,
              sync_fixture_tear_down);
  g_test_add ("/sync-exposure/doubted/changes", SyncFixture, NULL, set_up_plain, test_doubted,
              sync_fixture_tear_down);
  g_test_add ("/sync-exposure/doubted/all", SyncFixture, "all", set_up_plain, test_doubted,
              sync_fixture_tear_down);
  g_test_add ("/sync-exposure/spoiled/pages", SyncFixture, page_faults, set_up_plain, test_spoiled,
              sync_fixture_tear_down);
  g_test_add ("/sync-exposure/spoiled/files", SyncFixture, file_faults, set_up_plain, test_spoiled,
              sync_fixture_tear_down);
#undef ADD
  return g_test_run ();
}

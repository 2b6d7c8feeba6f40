/* test-pull.c: a sync's lists over real HTTP (R13). SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "sync-fixture.h"
#include "tvm-error.h"

#include <string.h>

static const SyncFixtureOptions small_pages = { .page_size = 7 };
static const SyncFixtureOptions busy = { .activities = 40 };
static const SyncFixtureOptions nobody = { .signed_out = TRUE };

static void
test_counts (SyncFixture *self, gconstpointer data)
{
  g_autoptr(GPtrArray) first = sync_fixture_sync (self);
  g_autoptr(GPtrArray) second = NULL;
  g_autoptr(JsonObject) state = sync_fixture_order (self, "state", NULL);
  TvmStoreCounts counts;
  gint64 good_us = 0;
  g_autofree char *text = NULL;

  g_assert_true (tvm_store_counts (self->store, &counts, NULL));
  g_assert_cmpint (counts.devices, ==, json_object_get_int_member (state, "devices"));
  g_assert_cmpint (counts.recommendations, ==, json_object_get_int_member (state, "recommendations"));
  g_assert_cmpint (counts.activities, ==, json_object_get_int_member (state, "activities"));
  g_assert_cmpint (sync_fixture_find (first, "devices")->received, ==, counts.devices);
  g_assert_cmpint (sync_fixture_find (first, "devices")->added, ==, counts.devices);
  g_assert_cmpint (sync_fixture_find (first, "devices")->requests, ==,
                   data != NULL ? (counts.devices + 6) / 7 : 1);
  g_assert_null (sync_fixture_find (first, "tickets"));
  g_assert_true (tvm_store_last_sync (self->store, &good_us, &text, NULL));
  g_assert_cmpint (good_us, >, 0);
  g_assert_null (text);
  second = sync_fixture_sync (self);
  for (guint i = 0; i < second->len; i++)
    {
      const TvmListResult *one = second->pdata[i];

      g_test_message ("%s: %d %d %d", one->name, one->added, one->changed, one->removed);
      g_assert_cmpint (one->changed + one->removed, ==, 0);
      if (strcmp (one->name, "scores") != 0)  /* a score of a later instant is a new point */
        g_assert_cmpint (one->added, ==, 0);
    }
}

static void
test_full (SyncFixture *self, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) results = tvm_sync_engine_sync (self->engine, TRUE, NULL, NULL, NULL, &error);
  g_autoptr(JsonObject) state = sync_fixture_order (self, "state", NULL);
  JsonObject *exposed = json_object_get_object_member (state, "exposed");
  g_autoptr(TvmRecommendation) one = sync_fixture_pick (self, TVM_TYPE_UPDATE);
  g_autoptr(GPtrArray) devices = sync_fixture_list_exposed (self, one->id);
  const char *list = sync_fixture_exposure_list ();
  int n_all = 0;
  g_autoptr(GList) ids = json_object_get_members (exposed);

  g_assert_no_error (error);
  for (GList *id = ids; id != NULL; id = id->next)
    n_all += json_object_get_int_member (exposed, id->data);
  g_assert_cmpuint (devices->len, ==, json_object_get_int_member (exposed, one->id));
  g_assert_cmpint (sync_fixture_find (results, list)->received, >, n_all / 2);
  if (sync_fixture_asks_one_by_one ())
    g_assert_cmpint (sync_fixture_find (results, list)->received, <=, n_all);
}

static GPtrArray *
list_records (SyncFixture *self, TvmListKind kind)
{
  g_autoptr(TvmQuery) query = tvm_query_new (kind);
  g_autoptr(GArray) keys = tvm_store_list_keys (self->store, query, NULL, NULL);

  return tvm_store_list_records (self->store, query, (const gint64 *) keys->data, keys->len, NULL);
}

/* How many devices are still exposed in open activities, as the devices tell, and as the activities
 * do; of those where nobody counts how many are remediated, it is up to all of them. */
static int
count_exposed (SyncFixture *self, gboolean is_whole, int *out_counted, int *out_at_most)
{
  g_autoptr(GPtrArray) devices = list_records (self, TVM_LIST_DEVICES);
  g_autoptr(GPtrArray) activities = list_records (self, TVM_LIST_ACTIVITIES);
  int n = 0;

  for (guint i = 0; i < devices->len; i++)
    {
      const TvmDevice *one = devices->pdata[i];

      g_assert_true (one->counts_activities == is_whole);
      g_assert_true (!is_whole || one->n_activities >= 0);
      n += MAX (one->n_activities, 0);
    }
  *out_counted = *out_at_most = 0;
  for (guint i = 0; i < activities->len; i++)
    {
      const TvmActivity *one = activities->pdata[i];

      if (one->status == TVM_STATUS_COMPLETED)
        continue;
      if (one->fixed_devices >= 0)
        *out_counted += one->target_devices - one->fixed_devices;
      *out_at_most += one->target_devices - MAX (one->fixed_devices, 0);
    }
  return n;
}

/* In which activities of the portal a device is nobody knows before a full sync asks each, and
 * everybody after it; what is new then is few, and asked for by the next sync. */
static void
test_activity_devices (SyncFixture *self, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) usual = sync_fixture_sync (self);
  g_autoptr(GPtrArray) full = NULL, again = NULL;
  int n_counted, n_at_most, n = count_exposed (self, FALSE, &n_counted, &n_at_most);

  g_assert_null (sync_fixture_find (usual, TVM_ACTIVITY_DEVICES_LIST));
  g_assert_cmpint (n, ==, 0);
  full = tvm_sync_engine_sync (self->engine, TRUE, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (sync_fixture_find (full, TVM_ACTIVITY_DEVICES_LIST)->requests, <=, 40);
  n = count_exposed (self, TRUE, &n_counted, &n_at_most);
  g_assert_cmpint (n, >=, n_counted);
  g_assert_cmpint (n, <=, n_at_most);
  g_assert_cmpint (n_counted, >, 0);
  again = sync_fixture_sync (self);
  g_assert_null (sync_fixture_find (again, TVM_ACTIVITY_DEVICES_LIST));
}

/* Exposed devices are asked for while the inventory is under way, but no device becomes a stub. */
static void
test_late_devices (SyncFixture *self, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) results = NULL;
  const TvmListResult *devices;

  sync_fixture_fault (self, "/api/machines", "GET", "\"exact\":true,\"kind\":\"delay\",\"delay_ms\":500");
  results = tvm_sync_engine_sync (self->engine, TRUE, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  devices = sync_fixture_find (results, "devices");
  g_assert_cmpint (devices->added, ==, devices->received);
  g_assert_cmpint (sync_fixture_find (results, sync_fixture_exposure_list ())->added, >, 0);
}

/* The inventory never comes: what is exposed is told and kept all the same. */
static void
test_no_devices (SyncFixture *self, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) results = NULL;

  sync_fixture_fault (self, "/api/machines", "GET", "\"exact\":true,\"status\":403");
  results = tvm_sync_engine_sync (self->engine, TRUE, NULL, NULL, NULL, &error);
  g_assert_nonnull (error);
  g_assert_null (sync_fixture_find (results, "devices"));
  g_assert_cmpint (sync_fixture_find (results, sync_fixture_exposure_list ())->added, >, 0);
}

/* One list fails: its old rows stay, the others arrive, the error names the list. */
static void
test_failing_list (SyncFixture *self, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) results = NULL;
  g_autofree char *text = NULL;
  gint64 good_us = 0, before_us = 0;
  TvmStoreCounts counts, before;

  sync_fixture_sync_plain (self);
  g_assert_true (tvm_store_counts (self->store, &before, NULL));
  g_assert_true (tvm_store_last_sync (self->store, &before_us, NULL, NULL));
  sync_fixture_fault (self, "/api/machines", "GET", "\"exact\":true,\"kind\":\"status\",\"status\":400,\"times\":9");
  results = tvm_sync_engine_sync (self->engine, FALSE, NULL, NULL, NULL, &error);
  g_assert_error (error, TVM_ERROR, TVM_ERROR_REJECTED);
  g_assert_true (g_str_has_prefix (error->message, "Devices: "));
  g_assert_null (sync_fixture_find (results, "devices"));
  g_assert_nonnull (sync_fixture_find (results, "recommendations"));
  g_assert_nonnull (sync_fixture_find (results, "activities"));
  g_assert_nonnull (sync_fixture_find (results, "scores"));
  g_assert_true (tvm_store_counts (self->store, &counts, NULL));
  g_assert_cmpmem (&counts, sizeof counts, &before, sizeof before);
  g_assert_true (tvm_store_last_sync (self->store, &good_us, &text, NULL));
  g_assert_cmpint (good_us, ==, before_us);
  g_assert_cmpstr (text, ==, error->message);
}

/* An answer that was cut off is no list. */
static void
test_cut_list (SyncFixture *self, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) results = NULL;
  TvmStoreCounts counts, before;

  sync_fixture_sync_plain (self);
  g_assert_true (tvm_store_counts (self->store, &before, NULL));
  sync_fixture_fault (self, "/api/recommendations", "GET", "\"exact\":true,\"kind\":\"cut\",\"times\":20");
  results = tvm_sync_engine_sync (self->engine, FALSE, NULL, NULL, NULL, &error);
  g_assert_nonnull (error);
  g_assert_null (sync_fixture_find (results, "recommendations"));
  g_assert_true (tvm_store_counts (self->store, &counts, NULL));
  g_assert_cmpmem (&counts, sizeof counts, &before, sizeof before);
}

typedef struct { gint64 latest_us; int n_calls, last_done, last_steps; } Told;

static void
progressed_cb (const char *step, int n_done, int n_steps, gint64 next_call_us, const char *files,
               gpointer user_data)
{
  Told *told = user_data;

  told->latest_us = MAX (told->latest_us, next_call_us);
  told->n_calls++;
  g_assert_cmpint (n_done, <=, n_steps);
  g_assert_cmpint (n_done, >=, told->last_done);
  told->last_done = n_done;
  told->last_steps = n_steps;
}

/* Throttling is obeyed and shown, not an error. */
static void
test_throttled (SyncFixture *self, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) results = NULL;
  g_autoptr(JsonObject) stats = NULL;
  Told told = { 0 };

  sync_fixture_fault (self, "/api/machines", "GET",
                      "\"exact\":true,\"kind\":\"status\",\"status\":429,\"retry_after\":1");
  results = tvm_sync_engine_sync (self->engine, FALSE, progressed_cb, &told, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (told.latest_us, >, 0);
  g_assert_cmpint (told.last_done, ==, told.last_steps);
  g_assert_cmpint (sync_fixture_find (results, "devices")->requests, ==, 2);
  stats = sync_fixture_order (self, "stats", NULL);
  g_assert_cmpint (json_object_get_int_member_with_default (stats, "retry_after_violations", -1), ==, 0);
}

static void
test_signed_out (SyncFixture *self, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) results = tvm_sync_engine_sync (self->engine, FALSE, NULL, NULL, NULL, &error);

  g_assert_error (error, TVM_ERROR, TVM_ERROR_AUTH_REQUIRED);
  g_assert_cmpuint (results->len, ==, 0);
  g_clear_error (&error);
  g_assert_true (tvm_sync_engine_set_config (self->engine, "client-id", "", NULL, &error));
  g_assert_null (tvm_sync_engine_dup_account (self->engine, NULL, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_AUTH_REQUIRED);
}

static void
nested_cb (const char *step, int n_done, int n_steps, gint64 next_call_us, const char *files,
           gpointer user_data)
{
  SyncFixture *self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) results = tvm_sync_engine_sync (self->engine, FALSE, NULL, NULL, NULL, &error);

  g_assert_error (error, TVM_ERROR, TVM_ERROR_CONFLICT);
  g_assert_cmpuint (results->len, ==, 0);
}

static void
test_second_sync (SyncFixture *self, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) results = tvm_sync_engine_sync (self->engine, FALSE, nested_cb, self, NULL, &error);

  g_assert_no_error (error);
}

static void
test_cancelled (SyncFixture *self, gconstpointer data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) results = NULL;
  g_autofree char *text = NULL;
  gint64 good_us = 0;

  g_cancellable_cancel (cancellable);
  results = tvm_sync_engine_sync (self->engine, FALSE, NULL, NULL, cancellable, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_true (tvm_store_last_sync (self->store, &good_us, &text, NULL));
  g_assert_cmpint (good_us, ==, 0);
  g_assert_null (text);
}

static void
test_offline (SyncFixture *self, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) results = NULL;
  TvmStoreCounts counts, before;

  sync_fixture_sync_plain (self);
  g_assert_true (tvm_store_counts (self->store, &before, NULL));
  sync_fixture_stop_tenant (self);
  results = tvm_sync_engine_sync (self->engine, FALSE, NULL, NULL, NULL, &error);
  g_assert_error (error, TVM_ERROR, TVM_ERROR_OFFLINE);
  g_assert_cmpuint (results->len, ==, 0);
  g_assert_true (tvm_store_counts (self->store, &counts, NULL));
  g_assert_cmpmem (&counts, sizeof counts, &before, sizeof before);
}

static void
synced_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  gboolean *done = user_data;
  g_autoptr(GError) error = NULL;

  g_assert_true (tvm_sync_engine_finish (TVM_SYNC_ENGINE (object), result, &error));
  g_assert_no_error (error);
  *done = TRUE;
}

static void
syncing_changed_cb (GObject *object, GParamSpec *pspec, gpointer user_data)
{
  int *n_changes = user_data;

  g_assert_true (g_main_context_is_owner (NULL));
  (*n_changes)++;
}

static void
test_properties (SyncFixture *self, gconstpointer data)
{
  g_autofree char *account = NULL;
  g_autofree char *step = NULL;
  gboolean done = FALSE, syncing = TRUE;
  gint64 last_us = 0;
  int n_changes = 0;

  g_signal_connect (self->engine, "notify::step", G_CALLBACK (syncing_changed_cb), &n_changes);
  tvm_sync_engine_sync_async (self->engine, FALSE, NULL, synced_cb, &done);
  while (!done)
    g_main_context_iteration (NULL, TRUE);
  g_object_get (self->engine, "account", &account, "step", &step, "syncing", &syncing,
                "last-sync-us", &last_us, NULL);
  g_assert_cmpstr (account, !=, NULL);
  g_assert_null (step);
  g_assert_false (syncing);
  g_assert_cmpint (last_us, >, 0);
  g_assert_cmpint (n_changes, >, 0);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static gboolean
has_synced (SyncFixture *self)
{
  gint64 last_us = 0;
  gboolean syncing = FALSE;

  g_object_get (self->engine, "last-sync-us", &last_us, "syncing", &syncing, NULL);
  return last_us > 0 && !syncing;
}

static void
test_automatic (SyncFixture *self, gconstpointer data)
{
  tvm_sync_engine_set_automatic (self->engine, TRUE);
  while (!has_synced (self))
    g_main_context_iteration (NULL, TRUE);
  tvm_sync_engine_set_automatic (self->engine, FALSE);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

#define ADD(path, options, test) \
  g_test_add (path, SyncFixture, options, sync_fixture_set_up, test, sync_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  ADD ("/sync/counts", NULL, test_counts);
  ADD ("/sync/counts/linked-pages", &small_pages, test_counts);
  ADD ("/sync/full", NULL, test_full);
  ADD ("/sync/full/activity-devices", &busy, test_activity_devices);
  ADD ("/sync/late-devices", NULL, test_late_devices);
  ADD ("/sync/no-devices", NULL, test_no_devices);
  ADD ("/sync/failing-list", NULL, test_failing_list);
  ADD ("/sync/cut-list", NULL, test_cut_list);
  ADD ("/sync/throttled", NULL, test_throttled);
  ADD ("/sync/signed-out", &nobody, test_signed_out);
  ADD ("/sync/second", NULL, test_second_sync);
  ADD ("/sync/cancelled", NULL, test_cancelled);
  ADD ("/sync/offline", NULL, test_offline);
  ADD ("/sync/properties", NULL, test_properties);
  ADD ("/sync/automatic", NULL, test_automatic);
  return g_test_run ();
}

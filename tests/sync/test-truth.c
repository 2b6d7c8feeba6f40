/* test-truth.c: lists that come short, repeated or partly unusable, all with status 200: nothing
 * false is kept, completed or written into a history (R13, R19). Over real HTTP.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "truth.h"

#include <sqlite3.h>

#define MANAGED_PATH "/beta/deviceManagement/managedDevices"

/* ---- recommendations */

/* The others are asked for; where that fails, the list is doubted. */
static void
test_one_of_sixteen (SyncFixture *self, gconstpointer data)
{
  g_autoptr(TvmActivity) activity = truth_request (self, FALSE);
  g_autofree char *path = truth_details_path (activity, "");
  TvmStoreCounts before, after;

  g_assert_true (tvm_store_counts (self->store, &before, NULL));
  sync_fixture_fault (self, "/api/recommendations", "GET",
                      "\"exact\":true,\"kind\":\"short\",\"times\":2");
  g_assert_cmpint (truth_sync_doubtful (self, "recommendations"), ==, 0);
  truth_assert_activity (self, activity, TVM_STATUS_ACTIVE, 0);
  sync_fixture_fault (self, path, "GET",
                      "\"exact\":true,\"kind\":\"status\",\"status\":400");
  g_assert_cmpint (truth_sync_doubtful (self, "recommendations"), ==, 1);
  truth_assert_activity (self, activity, TVM_STATUS_ACTIVE, 0);
  g_assert_true (tvm_store_counts (self->store, &after, NULL));
  g_assert_cmpint (after.recommendations, ==, before.recommendations);
  g_assert_cmpint (truth_sync_doubtful (self, "recommendations"), ==, 0);
  truth_assert_activity (self, activity, TVM_STATUS_ACTIVE, 0);
  sync_fixture_assert_history (self, activity, "requested");
}

/* The service does not know by its id what it lists: then not knowing the others says nothing. */
static void
test_knows_no_ids (SyncFixture *self, gconstpointer data)
{
  g_autoptr(TvmActivity) activity = truth_request (self, FALSE);
  TvmStoreCounts before, after;

  g_assert_true (tvm_store_counts (self->store, &before, NULL));
  sync_fixture_fault (self, "/api/recommendations", "GET", "\"exact\":true,\"kind\":\"short\"");
  sync_fixture_fault (self, "/api/recommendations/va-", "GET",
                      "\"kind\":\"status\",\"status\":404,\"times\":100");
  sync_fixture_fault (self, "/api/recommendations/sca-", "GET",
                      "\"kind\":\"status\",\"status\":404,\"times\":100");
  g_assert_cmpint (truth_sync_doubtful (self, "recommendations"), ==, 1);
  g_assert_true (tvm_store_counts (self->store, &after, NULL));
  g_assert_cmpint (after.recommendations, ==, before.recommendations);
  truth_assert_activity (self, activity, TVM_STATUS_ACTIVE, 0);
  sync_fixture_assert_history (self, activity, "requested");
}

static void
test_gone (SyncFixture *self, gconstpointer data)
{
  g_autoptr(TvmActivity) activity = truth_request (self, FALSE);
  g_autofree char *path = g_strdup_printf ("recommendations/%s/remove",
                                           activity->recommendation_id);
  g_autoptr(JsonObject) answer = sync_fixture_order (self, path, "{}");

  g_assert_cmpint (truth_sync_doubtful (self, "recommendations"), ==, 0);
  truth_assert_activity (self, activity, TVM_STATUS_COMPLETED, activity->target_devices);
  sync_fixture_assert_history (self, activity, "completed-system device-remediated requested");
}

/* The service says of one that it is gone, and lists it again later. */
static void
test_taken_back (SyncFixture *self, gconstpointer data)
{
  g_autoptr(TvmActivity) activity = truth_request (self, FALSE);
  g_autofree char *path = truth_details_path (activity, "");

  sync_fixture_fault (self, path, "GET", "\"kind\":\"status\",\"status\":404,\"times\":100");
  g_assert_cmpint (truth_sync_doubtful (self, "recommendations"), ==, 0);
  truth_assert_activity (self, activity, TVM_STATUS_COMPLETED, activity->target_devices);
  sync_fixture_forget_faults (self);
  sync_fixture_sync_plain (self);
  truth_assert_activity (self, activity, TVM_STATUS_ACTIVE, 0);
  sync_fixture_assert_history (self, activity,
                               "exposed-again completion-taken-back completed-system "
                               "device-remediated requested");
}

/* For one sync the list lacks it, and the service does not know it by its id: after two good ones
 * the store is the tenant again, whatever was completed meanwhile. */
static void
lack_once (SyncFixture *self, const TvmActivity *activity)
{
  g_autofree char *lack = g_strdup_printf ("\"exact\":true,\"kind\":\"lack\",\"id\":\"%s\"",
                                           activity->recommendation_id);
  g_autofree char *path = truth_details_path (activity, "");

  sync_fixture_fault (self, "/api/recommendations", "GET", lack);
  sync_fixture_fault (self, path, "GET", "\"kind\":\"status\",\"status\":404,\"times\":100");
  sync_fixture_sync_plain (self);
}

static void
assert_is_back (SyncFixture *self, const TvmActivity *activity)
{
  g_autoptr(TvmRecommendation) about = NULL;
  g_autoptr(GPtrArray) exposed = NULL;

  sync_fixture_forget_faults (self);
  for (int i = 0; i < 2; i++)
    sync_fixture_sync_plain (self);
  truth_assert_activity (self, activity, TVM_STATUS_ACTIVE, 0);
  about = tvm_store_get_recommendation (self->store, activity->recommendation_id, NULL);
  exposed = sync_fixture_list_exposed (self, activity->recommendation_id);
  g_assert_cmpint (about->exposed_devices, ==, activity->target_devices);
  g_assert_cmpuint (exposed->len, ==, activity->target_devices);
  g_assert_cmpint (about->devices_synced_us, !=, 0);
}

static void
test_lacked_once (SyncFixture *self, gconstpointer data)
{
  g_autoptr(TvmActivity) activity = truth_request (self, FALSE);

  lack_once (self, activity);
  /* What all devices' data name is not completed by the recommendation's absence. */
  truth_assert_activity (self, activity, sync_fixture_asks_one_by_one () ? TVM_STATUS_COMPLETED
                                                                         : TVM_STATUS_ACTIVE,
                         sync_fixture_asks_one_by_one () ? activity->target_devices : 0);
  assert_is_back (self, activity);
  sync_fixture_assert_history (self, activity, sync_fixture_asks_one_by_one ()
                               ? "exposed-again completion-taken-back completed-system "
                                 "device-remediated requested" : "requested");
}

/* No data of all devices name those of a configuration until it is asked for again. */
static void
test_configuration_lacked_once (SyncFixture *self, gconstpointer data)
{
  g_autoptr(TvmRecommendation) about = NULL;
  g_autoptr(TvmRequest) request = NULL;
  g_autoptr(TvmActivity) activity = NULL;

  sync_fixture_sync_plain (self);
  about = sync_fixture_pick (self, TVM_TYPE_CONFIGURATION_CHANGE);
  request = sync_fixture_new_request (about, FALSE);
  activity = sync_fixture_submit (self, request);
  lack_once (self, activity);
  truth_assert_activity (self, activity, TVM_STATUS_COMPLETED, activity->target_devices);
  assert_is_back (self, activity);
  sync_fixture_assert_history (self, activity, "exposed-again completion-taken-back "
                               "completed-system device-remediated requested");
}

static void
set_up_connected (SyncFixture *self, gconstpointer data)
{
  static const SyncFixtureOptions connected = { .intune = TRUE };

  sync_fixture_set_up (self, &connected);
}

/* Lists that name nothing, from a service that does not know by its id what they do not name: that
 * is not believed at once. */
static void
test_nothing_at_all (SyncFixture *self, gconstpointer data)
{
  static const char *const lists[] = { "recommendations", "activities", "tickets" };
  static const char *const paths[] = { "/api/recommendations", "/api/remediationTasks",
                                       TRUTH_TICKETS_PATH };
  g_autoptr(TvmActivity) activity = truth_request (self, TRUE);
  g_autoptr(TvmActivity) second = truth_request (self, TRUE);
  TvmStoreCounts before, after;

  sync_fixture_sync_plain (self);
  g_assert_true (tvm_store_counts (self->store, &before, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autofree char *each = g_strconcat (paths[i], "/", NULL);

      sync_fixture_fault (self, each, "GET", "\"status\":404,\"times\":999");
      sync_fixture_fault (self, paths[i], "GET", "\"kind\":\"short\",\"rows\":0,\"times\":9");
    }
  for (int n = 0; n < 2; n++)
    {
      g_autoptr(GPtrArray) results = sync_fixture_sync (self);

      for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
        {
          g_assert_cmpint (sync_fixture_find (results, lists[i])->doubtful, ==, 1);
          g_assert_cmpint (sync_fixture_find (results, lists[i])->removed, ==, 0);
        }
    }
  sync_fixture_assert_history (self, activity, "ticket-sent requested");
  truth_assert_activity (self, activity, TVM_STATUS_ACTIVE, 0);
  g_assert_true (tvm_store_counts (self->store, &after, NULL));
  g_assert_cmpint (after.recommendations, ==, before.recommendations);
  g_assert_cmpint (after.activities, ==, before.activities);
}

/* ---- activities of the portal */

static GPtrArray *
list_portal (SyncFixture *self)
{
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_ACTIVITIES);
  g_autoptr(GArray) keys = tvm_store_list_keys (self->store, query, NULL, NULL);
  GPtrArray *list = tvm_store_list_records (self->store, query, (gint64 *) (gpointer) keys->data,
                                            keys->len, NULL);

  g_ptr_array_set_free_func (list, (GDestroyNotify) tvm_activity_unref);
  return list;
}

static guint
count_progress (SyncFixture *self,
                GPtrArray   *activities)
{
  guint n = 0;

  for (guint i = 0; i < activities->len; i++)
    {
      const TvmActivity *activity = activities->pdata[i];
      g_autoptr(GArray) points = tvm_store_list_progress (self->store, activity->id, NULL);

      n += points->len;
    }
  return n;
}

static void
test_nine_cut_to_one (SyncFixture *self, gconstpointer data)
{
  g_autoptr(GPtrArray) before = NULL, after = NULL, end = NULL;
  g_autoptr(JsonObject) answer = NULL;
  g_autofree char *path = NULL;
  guint n_points;

  sync_fixture_sync_plain (self);
  before = list_portal (self);
  n_points = count_progress (self, before);
  g_assert_cmpuint (n_points, >, 1);
  sync_fixture_fault (self, "/api/remediationTasks", "GET", "\"exact\":true,\"kind\":\"short\"");
  g_assert_cmpint (truth_sync_doubtful (self, "activities"), ==, 0);
  after = list_portal (self);
  g_assert_cmpuint (after->len, ==, before->len);
  g_assert_cmpuint (count_progress (self, before), ==, n_points);
  path = g_strdup_printf ("activities/%s/remove", ((TvmActivity *) before->pdata[3])->id);
  answer = sync_fixture_order (self, path, "{}");
  g_assert_cmpint (truth_sync_doubtful (self, "activities"), ==, 0);
  end = list_portal (self);
  g_assert_cmpuint (end->len, ==, before->len - 1);
}

/* ---- every list */

/* All that lists can take away, as text. */
static char *
dump (SyncFixture *self)
{
  static const char *const queries[] = {
    "SELECT id, exposed_devices, is_listed FROM recommendation ORDER BY id",
    "SELECT id, in_inventory, 0 FROM device ORDER BY id",
    "SELECT id, status, fixed_devices FROM activity ORDER BY id",
    "SELECT id, status, withdraw_us <> 0 FROM ticket ORDER BY id",
    "SELECT aad_device_id, id, 0 FROM managed_device ORDER BY id",
    "SELECT recommendation_key, device_key, 0 FROM exposure ORDER BY 1, 2",
    "SELECT recommendation_key, vulnerability_key, 0 FROM recommendation_vulnerability "
    "ORDER BY 1, 2",
    "SELECT activity_key, device_key, 0 FROM portal_exposure ORDER BY 1, 2",
    "SELECT activity_key, fixed_devices, target_devices FROM progress ORDER BY key",
    "SELECT activity_key, kind, after FROM history ORDER BY key",
  };
  g_autofree char *path = g_build_filename (self->directory, "store.db", NULL);
  GString *text = g_string_new (NULL);
  sqlite3 *db = NULL;

  g_assert_cmpint (sqlite3_open_v2 (path, &db, SQLITE_OPEN_READONLY, NULL), ==, SQLITE_OK);
  for (guint i = 0; i < G_N_ELEMENTS (queries); i++)
    {
      sqlite3_stmt *row = NULL;

      g_assert_cmpint (sqlite3_prepare_v2 (db, queries[i], -1, &row, NULL), ==, SQLITE_OK);
      while (sqlite3_step (row) == SQLITE_ROW)
        g_string_append_printf (text, "%u %s %s %s\n", i, sqlite3_column_text (row, 0),
                                sqlite3_column_text (row, 1), sqlite3_column_text (row, 2));
      sqlite3_finalize (row);
    }
  sqlite3_close (db);
  return g_string_free (text, FALSE);
}

static void
assert_same (const char *after,
             const char *before)
{
  g_auto(GStrv) new_lines = g_strsplit (after, "\n", -1);
  g_auto(GStrv) old_lines = g_strsplit (before, "\n", -1);

  for (guint i = 0; new_lines[i] != NULL && old_lines[i] != NULL; i++)
    g_assert_cmpstr (new_lines[i], ==, old_lines[i]);
  g_assert_cmpuint (g_strv_length (new_lines), ==, g_strv_length (old_lines));
}

/* Each list that a sync and an open flyout ask for. */
static void
spoil_all (SyncFixture       *self,
           const TvmActivity *activity,
           const char        *portal_id,
           const char        *rest)
{
  g_autofree char *devices = truth_details_path (activity, "/machineReferences");
  g_autofree char *cves = truth_details_path (activity, "/vulnerabilities");
  g_autofree char *portal = g_strdup_printf ("/api/remediationTasks/%s/machineReferences",
                                             portal_id);
  const char *const paths[] = { "/api/recommendations", "/api/machines", "/api/remediationTasks",
                                TRUTH_TICKETS_PATH, MANAGED_PATH, devices, cves, portal };
  g_autofree char *exact = g_strconcat ("\"exact\":true,", rest, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    sync_fixture_fault (self, paths[i], "GET", exact);
}

static void
sync_and_fetch (SyncFixture       *self,
                const TvmActivity *activity,
                const char        *portal_id)
{
  g_autoptr(GError) error = NULL;

  truth_sync_doubtful (self, "devices");
  tvm_sync_engine_fetch_activity (self->engine, portal_id, NULL, &error);
  g_assert_no_error (error);
}

/* @data: the fault. Nothing is lost, however often it comes, and nothing has to be mended after. */
static void
test_every_list (SyncFixture *self, gconstpointer data)
{
  g_autoptr(TvmActivity) activity = truth_request (self, TRUE);
  g_autoptr(GPtrArray) portal = list_portal (self);
  const char *portal_id = NULL;
  g_autofree char *before = NULL;

  for (guint i = 0; i < portal->len && portal_id == NULL; i++)
    if (((TvmActivity *) portal->pdata[i])->origin == TVM_ORIGIN_DEFENDER &&
        ((TvmActivity *) portal->pdata[i])->status == TVM_STATUS_ACTIVE)
      portal_id = ((TvmActivity *) portal->pdata[i])->id;
  for (int i = 0; i < 2; i++)   /* with the devices of all, and then with their CVEs */
    sync_and_fetch (self, activity, portal_id);
  before = dump (self);
  spoil_all (self, activity, portal_id, data);
  for (int i = 0; i < 4; i++)
    {
      g_autofree char *after = NULL;

      sync_and_fetch (self, activity, portal_id);
      after = dump (self);
      assert_same (after, before);
    }
}

#define ADD_FAULT(kind, times) \
  g_test_add ("/truth/every-list/" kind, SyncFixture, \
              "\"kind\":\"" kind "\",\"times\":" #times, set_up_connected, test_every_list, \
              sync_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  TRUTH_ADD ("/truth/one-of-sixteen", NULL, test_one_of_sixteen);
  TRUTH_ADD ("/truth/knows-no-ids", NULL, test_knows_no_ids);
  TRUTH_ADD ("/truth/gone", NULL, test_gone);
  TRUTH_ADD ("/truth/lacked-once", NULL, test_lacked_once);
  TRUTH_ADD ("/truth/configuration-lacked-once", NULL, test_configuration_lacked_once);
  if (sync_fixture_asks_one_by_one ())  /* else nobody asks for it by itself */
    TRUTH_ADD ("/truth/taken-back", NULL, test_taken_back);
  g_test_add ("/truth/nothing-at-all", SyncFixture, NULL, set_up_connected, test_nothing_at_all,
              sync_fixture_tear_down);
  TRUTH_ADD ("/truth/nine-cut-to-one", NULL, test_nine_cut_to_one);
  ADD_FAULT ("short", 1);
  ADD_FAULT ("null-rows", 3);
  ADD_FAULT ("partly", 3);
  ADD_FAULT ("repeat-rows", 3);
  return g_test_run ();
}

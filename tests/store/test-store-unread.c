/* test-store-unread.c: what no list told yet is not known, not none (R18).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "store-fixture.h"
#include "keep.h"

#include "tvm-error.h"

/* One recommendation, of which the service counts @exposed devices. */
static void
count_exposed (Fixture *f, int exposed)
{
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_recommendation_unref);
  g_autoptr(GError) error = NULL;
  TvmRecommendation *one = tvm_recommendation_new ();

  one->id = g_strdup (REC);
  one->type = TVM_TYPE_UPDATE;
  one->exposed_devices = exposed;
  g_ptr_array_add (list, one);
  g_assert_true (keep_recommendations (f->store, list, NULL, &error));
}

/* @n devices of the list are of use, @n_passed_over are not. */
static void
list_exposed (Fixture *f, int n, int n_passed_over, const char *group)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TvmPull) pull = tvm_store_begin_pull (f->store, TVM_PULL_EXPOSED_DEVICES, REC, &error);

  pull->n_passed_over = n_passed_over;
  for (int i = 0; i < n; i++)
    {
      g_autofree char *id = g_strdup_printf ("%040x", i);

      tvm_device_refs_add (pull->refs, id, "stub", "Windows11", group);
    }
  g_assert_true (tvm_store_keep_pull (f->store, pull, NULL, &error));
}

static gboolean
knows_devices (Fixture *f)
{
  g_autoptr(TvmRecommendation) one = tvm_store_get_recommendation (f->store, REC, NULL);

  return one->devices_synced_us != 0;
}

/* A list that is much too short, or of no use, tells of some devices, not that these are all. */
static void
test_doubted_first (Fixture *f, gconstpointer data)
{
  count_exposed (f, 40);
  list_exposed (f, 0, 1, "Even");
  g_assert_false (knows_devices (f));
  list_exposed (f, 3, 0, "Even");
  g_assert_false (knows_devices (f));
  list_exposed (f, 39, 1, "Even");   /* nearly all of them */
  g_assert_true (knows_devices (f));
}

static void
test_doubted_for_long (Fixture *f, gconstpointer data)
{
  count_exposed (f, 40);
  list_exposed (f, 3, 0, "Even");
  tvm_set_clock_us (tvm_now_us () + TVM_HOUR_US);
  list_exposed (f, 3, 0, "Even");
  g_assert_true (knows_devices (f));
}

/* The same of a list of the tenant. */
static void
test_doubted_tenant (Fixture *f, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TvmPull) pull = tvm_store_begin_pull (f->store, TVM_PULL_PORTAL_ACTIVITIES, NULL, &error);
  TvmStoreCounts counts;

  pull->n_passed_over = 1;
  g_assert_true (tvm_store_keep_pull (f->store, pull, NULL, &error));
  g_assert_true (tvm_store_counts (f->store, &counts, &error));
  g_assert_false (counts.knows_activities);
}

/* Which of the devices are joined the inventory alone tells. */
static void
test_inventory (Fixture *f, gconstpointer data)
{
  g_auto(TvmRequestFacts) facts = TVM_REQUEST_FACTS_INIT;
  g_auto(TvmRequestFacts) later = TVM_REQUEST_FACTS_INIT;
  g_autoptr(TvmRequest) request = tvm_request_new ();
  g_autoptr(TvmActivity) activity = NULL;
  g_autoptr(GError) error = NULL;
  int states[TVM_N_DEVICE_STATES];
  TvmGroupCount *group;

  count_exposed (f, 4);
  list_exposed (f, 4, 0, "Even");
  g_assert_true (tvm_store_get_request_facts (f->store, REC, &facts, &error));
  group = facts.groups->pdata[0];
  g_assert_cmpint (group->exposed, ==, 4);
  g_assert_cmpint (group->joined, ==, -1);
  request->recommendation_id = g_strdup (REC);
  request->type = TVM_TYPE_UPDATE;
  tvm_request_facts_clear (&facts);
  activity = tvm_store_submit (f->store, request, &fixture_ana, &facts, &error);
  g_assert_no_error (error);
  g_assert_cmpint (facts.coverage.covered, ==, 4);
  g_assert_cmpint (facts.coverage.joined, ==, -1);
  g_assert_cmpint (facts.coverage.not_joined, ==, -1);
  g_assert_true (tvm_store_count_target_states (f->store, activity->id, states, &error));
  g_assert_cmpint (states[TVM_DEVICE_EXPOSED], ==, 4);
  g_assert_cmpint (states[TVM_DEVICE_GONE], ==, 0);
  /* Once it was read, a device that it does not show is gone. */
  fixture_devices (f, 1, 20, "10");
  g_assert_true (tvm_store_count_target_states (f->store, activity->id, states, &error));
  g_assert_cmpint (states[TVM_DEVICE_GONE], ==, 1);
  g_assert_true (tvm_store_get_request_facts (f->store, REC, &later, &error));
  g_assert_cmpint (((TvmGroupCount *) later.groups->pdata[0])->joined, >=, 0);
}

/* A device whose group nobody tells is in none that can be chosen. */
static void
test_group (Fixture *f, gconstpointer data)
{
  static const char *const groups[] = { "UnassignedGroup", NULL };
  g_auto(TvmRequestFacts) facts = TVM_REQUEST_FACTS_INIT;
  g_autoptr(TvmRequest) request = tvm_request_new ();
  g_autoptr(GError) error = NULL;

  count_exposed (f, 4);
  list_exposed (f, 4, 0, NULL);
  g_assert_true (tvm_store_get_request_facts (f->store, REC, &facts, &error));
  g_assert_cmpuint (facts.groups->len, ==, 1);
  g_assert_null (((TvmGroupCount *) facts.groups->pdata[0])->name);
  request->recommendation_id = g_strdup (REC);
  request->type = TVM_TYPE_UPDATE;
  request->groups = g_strdupv ((char **) groups);
  g_assert_null (tvm_store_submit (f->store, request, &fixture_ana, NULL, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_INVALID);
}

/* An activity of the portal that tells nothing: kept so, and no news at the next sync. */
static void
test_portal (Fixture *f, gconstpointer data)
{
  static const char id[] = "03942ef5-aecb-4c6e-b555-d6a97013844c";
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_activity_unref);
  g_autoptr(TvmActivity) kept = NULL, all = NULL;
  g_autoptr(GError) error = NULL;
  TvmActivity *activity = tvm_activity_new ();
  TvmListResult result = { 0 };

  activity->id = g_strdup (id);
  activity->type = TVM_TYPE_CONFIGURATION_CHANGE;
  activity->origin = TVM_ORIGIN_DEFENDER;
  activity->no_impact_only = -1;
  g_ptr_array_add (list, activity);
  for (int i = 0; i < 2; i++)
    g_assert_true (keep_portal_activities (f->store, list, &result, &error));
  g_assert_cmpint (result.added + result.changed, ==, 0);
  kept = fixture_activity (f, id);
  g_assert_null (kept->groups);
  g_assert_cmpint (kept->status, ==, TVM_STATUS_UNKNOWN);
  g_assert_cmpint (kept->no_impact_only, ==, -1);
  activity->groups = g_new0 (char *, 1);
  for (int i = 0; i < 2; i++)
    g_assert_true (keep_portal_activities (f->store, list, &result, &error));
  g_assert_cmpint (result.changed, ==, 0);
  all = fixture_activity (f, id);
  g_assert_nonnull (all->groups);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
#define ADD(path, func) g_test_add (path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)
  ADD ("/store/unread/doubted-first", test_doubted_first);
  ADD ("/store/unread/doubted-for-long", test_doubted_for_long);
  ADD ("/store/unread/doubted-tenant", test_doubted_tenant);
  ADD ("/store/unread/inventory", test_inventory);
  ADD ("/store/unread/group", test_group);
  ADD ("/store/unread/portal", test_portal);
#undef ADD
  return g_test_run ();
}

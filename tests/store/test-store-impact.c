/* test-store-impact.c: requests for devices with no user impact: known, none, or not known.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "keep.h"
#include "store-fixture.h"

#define N_DEVICES 20

static void
set_up (Fixture *f, gconstpointer data)
{
  fixture_set_up (f, data);
  fixture_recommendations (f, 2);
  fixture_devices (f, 0, N_DEVICES + 5, "10");
  fixture_refs (f, 0, N_DEVICES);
}

static void
add (TvmUserImpacts *impacts, int device, gboolean is_impacted)
{
  g_autofree char *id = g_strdup_printf ("%040x", device);

  tvm_user_impacts_add (impacts, REC, id, is_impacted);
}

static TvmListResult
merge (Fixture *f, TvmUserImpacts *impacts)
{
  g_autoptr(GError) error = NULL;
  TvmListResult result = { 0 };

  g_assert_true (keep_user_impacts (f->store, impacts, &result, &error));
  g_assert_no_error (error);
  return result;
}

/* Devices 0 to 11 have none, 12 to 15 have one, of 16 to 19 nobody knows. 22 is not exposed. */
static TvmListResult
merge_usual (Fixture *f)
{
  g_autoptr(TvmUserImpacts) impacts = tvm_user_impacts_new ();

  add (impacts, 3, TRUE);  /* said twice: the last word counts */
  for (int i = 15; i >= 0; i--)
    add (impacts, i, i >= 12);
  add (impacts, 22, FALSE);
  tvm_user_impacts_add (impacts, REC, "no such device", FALSE);
  tvm_user_impacts_add (impacts, "sca-_-no-such", "00", FALSE);
  return merge (f, impacts);
}

static TvmRequest *
new_request (const char *group)
{
  TvmRequest *request = tvm_request_new ();
  const char *groups[] = { group, NULL };

  request->recommendation_id = g_strdup (REC);
  request->type = TVM_TYPE_CONFIGURATION_CHANGE;
  request->priority = TVM_PRIORITY_HIGH;
  request->no_impact_only = TRUE;
  request->groups = group != NULL ? g_strdupv ((char **) groups) : NULL;
  return request;
}

static TvmCoverage
cover (Fixture *f, const char *group)
{
  g_autoptr(TvmRequest) request = new_request (group);
  g_autoptr(GError) error = NULL;
  g_auto(TvmRequestFacts) facts = TVM_REQUEST_FACTS_INIT;
  const TvmSubmission looking = { .dry_run = TRUE };
  g_autoptr(TvmActivity) sketch = tvm_store_submit (f->store, request, &looking, &facts, &error);

  g_assert_no_error (error);
  return facts.coverage;
}

static void
test_merge (Fixture *f, gconstpointer data)
{
  TvmListResult first = merge_usual (f), again = merge_usual (f);
  g_autoptr(TvmUserImpacts) changed = tvm_user_impacts_new ();
  TvmListResult third;

  g_assert_cmpstr (first.name, ==, "user-impact");
  g_assert_cmpint (first.received, ==, 17);
  g_assert_cmpint (first.added, ==, 17);
  g_assert_cmpint (first.changed, ==, 0);
  g_assert_cmpint (again.added, ==, 1);  /* the device that is not exposed was forgotten first */
  g_assert_cmpint (again.removed, ==, 1);
  g_assert_cmpint (again.changed, ==, 0);
  add (changed, 0, TRUE);
  third = merge (f, changed);
  g_assert_cmpint (third.changed, ==, 1);
  g_assert_cmpint (third.added, ==, 0);
  /* what a short list does not name is known all the same */
  g_assert_cmpint (cover (f, NULL).covered, ==, 11);
  g_assert_cmpint (cover (f, NULL).impact_unknown, ==, 4);
  g_assert_cmpint (tvm_store_get_list_synced_us (f->store, TVM_USER_IMPACT_LIST, NULL), >, 0);
}

/* No row is not the same as no impact. */
static void
test_coverage (Fixture *f, gconstpointer data)
{
  TvmCoverage before = cover (f, NULL), after, even;

  g_assert_cmpint (before.covered, ==, 0);
  g_assert_cmpint (before.impact_unknown, ==, N_DEVICES);
  merge_usual (f);
  after = cover (f, NULL);
  even = cover (f, "Even");
  g_assert_cmpint (after.covered, ==, 12);
  g_assert_cmpint (after.joined, ==, 11);
  g_assert_cmpint (after.impact_unknown, ==, 4);
  g_assert_cmpint (after.no_impact, ==, 12);
  g_assert_cmpint (even.covered, ==, 6);
  g_assert_cmpint (even.impact_unknown, ==, 2);
  g_assert_cmpint (even.no_impact, ==, 12);
}

static void
test_groups (Fixture *f, gconstpointer data)
{
  g_autoptr(GPtrArray) groups = NULL;
  const TvmGroupCount *even, *odd;

  merge_usual (f);
  groups = tvm_store_list_group_counts (f->store, REC, NULL);
  g_assert_cmpuint (groups->len, ==, 2);
  even = groups->pdata[0];
  odd = groups->pdata[1];
  g_assert_cmpint (even->exposed, ==, 10);
  g_assert_cmpint (even->no_impact, ==, 6);
  g_assert_cmpint (even->impact_unknown, ==, 2);
  g_assert_cmpint (odd->no_impact, ==, 6);
  g_assert_cmpint (odd->no_impact_joined, ==, 5);
  g_assert_cmpint (odd->joined, ==, 8);
}

static GPtrArray *
list_targets (Fixture *f, TvmQuery *query)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) keys = tvm_store_list_keys (f->store, query, NULL, &error);
  GPtrArray *records = NULL;

  g_assert_no_error (error);
  records = tvm_store_list_records (f->store, query, (gint64 *) (gpointer) keys->data, keys->len,
                                    &error);
  g_assert_no_error (error);
  return records;
}

/* Targets, tickets and what no ticket carries are of those devices alone. */
static void
test_submit (Fixture *f, gconstpointer data)
{
  g_autoptr(TvmRequest) request = new_request (NULL);
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_TARGETS);
  g_autoptr(TvmQuery) left_out = tvm_query_new (TVM_LIST_LEFT_OUT);
  g_autoptr(GError) error = NULL;
  g_autoptr(TvmActivity) activity = NULL, again = NULL;
  g_autoptr(GPtrArray) targets = NULL, tickets = NULL, others = NULL;

  merge_usual (f);
  request->create_ticket = TRUE;
  activity = tvm_store_submit (f->store, request, &fixture_ana, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (activity->no_impact_only, ==, 1);
  g_assert_cmpint (activity->target_devices, ==, 12);
  query->activity_id = g_strdup (activity->id);
  targets = list_targets (f, query);
  g_assert_cmpuint (targets->len, ==, 12);
  for (guint i = 0; i < targets->len; i++)
    {
      const TvmTarget *target = targets->pdata[i];

      g_assert_cmpint (g_ascii_strtoll (target->device_id, NULL, 16), <, 12);
    }
  tickets = tvm_store_list_tickets (f->store, activity->id, NULL);
  g_assert_cmpuint (tickets->len, ==, 1);
  g_assert_cmpint (((TvmTicket *) tickets->pdata[0])->devices, ==, 11);
  left_out->recommendation_id = g_strdup (REC);
  left_out->no_impact_only = TRUE;
  others = list_targets (f, left_out);
  g_assert_cmpuint (others->len, ==, 1);
  g_assert_cmpstr (((TvmTarget *) others->pdata[0])->name, ==, "host00009.contoso.example");
  /* the set is frozen: a later list changes nothing of it */
  fixture_refs (f, 0, N_DEVICES + 3);
  again = fixture_activity (f, activity->id);
  g_assert_cmpint (again->target_devices, ==, 12);
}

/* An answer without one usable row is no answer. */
static void
test_nothing (Fixture *f, gconstpointer data)
{
  g_autoptr(TvmUserImpacts) nothing = tvm_user_impacts_new ();
  g_autoptr(GPtrArray) list =
    g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_recommendation_unref);
  TvmRecommendation *about = tvm_recommendation_new ();
  TvmListResult result;

  /* nothing to change: nothing to say */
  g_assert_cmpint (merge (f, nothing).doubtful, ==, 0);
  merge_usual (f);
  about->id = g_strdup (REC);
  about->type = TVM_TYPE_CONFIGURATION_CHANGE;
  about->status = TVM_RECOMMENDATION_ACTIVE;
  about->exposed_devices = N_DEVICES;
  g_ptr_array_add (list, about);
  g_assert_true (keep_recommendations (f->store, list, &result, NULL));
  result = merge (f, nothing);
  g_assert_cmpint (result.doubtful, ==, 1);
  g_assert_cmpint (cover (f, NULL).covered, ==, 12);
}

static void
test_refusal (Fixture *f, gconstpointer data)
{
  g_autofree char *none = tvm_store_dup_refusal (f->store, TVM_USER_IMPACT_LIST, NULL);
  g_autofree char *some = NULL, *cleared = NULL;

  g_assert_null (none);
  g_assert_true (tvm_store_note_refusal (f->store, TVM_USER_IMPACT_LIST, "No licence.", NULL));
  some = tvm_store_dup_refusal (f->store, TVM_USER_IMPACT_LIST, NULL);
  g_assert_cmpstr (some, ==, "No licence.");
  g_assert_cmpint (tvm_store_get_list_synced_us (f->store, TVM_USER_IMPACT_LIST, NULL), ==, 0);
  merge_usual (f);
  cleared = tvm_store_dup_refusal (f->store, TVM_USER_IMPACT_LIST, NULL);
  g_assert_null (cleared);
}

/* The portal's choice is kept as well. */
static void
test_portal (Fixture *f, gconstpointer data)
{
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_activity_unref);
  g_autoptr(TvmActivity) found = NULL;
  g_autoptr(GError) error = NULL;
  TvmActivity *activity = tvm_activity_new ();
  TvmListResult result;

  activity->id = g_strdup ("0f2c6a0e-90a1-4c0b-8f57-0f6b1f6d1c11");
  activity->origin = TVM_ORIGIN_DEFENDER;
  activity->type = TVM_TYPE_CONFIGURATION_CHANGE;
  activity->status = TVM_STATUS_ACTIVE;
  activity->no_impact_only = 1;
  g_ptr_array_add (list, activity);
  g_assert_true (keep_portal_activities (f->store, list, &result, &error));
  g_assert_no_error (error);
  found = fixture_activity (f, activity->id);
  g_assert_cmpint (found->no_impact_only, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
#define ADD(path, func) \
  g_test_add ("/store-impact/" path, Fixture, NULL, set_up, func, fixture_tear_down)
  ADD ("merge", test_merge);
  ADD ("coverage", test_coverage);
  ADD ("groups", test_groups);
  ADD ("submit", test_submit);
  ADD ("nothing", test_nothing);
  ADD ("refusal", test_refusal);
  ADD ("portal", test_portal);
  return g_test_run ();
}

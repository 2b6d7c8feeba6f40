/* test-impact.c: which devices have no user impact is pulled for who wants to know it, and only
 * then. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "sync-fixture.h"
#include "tvm-error.h"

#include <string.h>

#define NOT_KNOWN "Which devices have no user impact is not known."
#define CALL "/api/machines/SecureConfigurationsAssessmentByMachine"

static const SyncFixtureOptions paged = { .page_size = 40 };

static int
count_calls (SyncFixture *self)
{
  g_autoptr(JsonObject) stats = sync_fixture_order (self, "stats", NULL);

  return (int) json_object_get_int_member_with_default (
    json_object_get_object_member (stats, "requests"),
    "GET /api/machines/secureconfigurationsassessmentbymachine", 0);
}

static TvmRequest *
new_request (SyncFixture *self, TvmRecommendation **out_about)
{
  g_autoptr(TvmRecommendation) about = sync_fixture_pick (self, TVM_TYPE_CONFIGURATION_CHANGE);
  TvmRequest *request = sync_fixture_new_request (about, FALSE);

  request->type = TVM_TYPE_CONFIGURATION_CHANGE;
  request->no_impact_only = TRUE;
  if (out_about != NULL)
    *out_about = tvm_recommendation_ref (about);
  return request;
}

static TvmActivity *
request (SyncFixture *self, const TvmRequest *form, TvmCoverage *coverage, GError **error)
{
  g_auto(TvmRequestFacts) facts = TVM_REQUEST_FACTS_INIT;
  TvmActivity *activity = tvm_sync_engine_request (self->engine, form, FALSE, &facts, NULL, error);

  if (coverage != NULL)
    *coverage = facts.coverage;
  return activity;
}

/* Not with each sync; with the first request, and then not again. */
static void
test_on_demand (SyncFixture *self, gconstpointer data)
{
  g_autoptr(TvmRecommendation) about = NULL;
  g_autoptr(TvmRequest) form = NULL;
  g_autoptr(TvmActivity) activity = NULL, second = NULL;
  g_autoptr(GError) error = NULL;
  TvmCoverage coverage;
  int n_calls, paged_calls = data != NULL ? 1 : 0;

  sync_fixture_sync_plain (self);
  form = new_request (self, &about);
  g_assert_cmpint (count_calls (self), ==, 0);
  activity = request (self, form, &coverage, &error);
  g_assert_no_error (error);
  n_calls = count_calls (self);
  g_assert_cmpint (n_calls, >, paged_calls);
  g_assert_cmpint (coverage.covered, ==, about->no_impact_devices);
  g_assert_cmpint (coverage.no_impact, ==, about->no_impact_devices);
  g_assert_cmpint (coverage.covered, >, 0);
  g_assert_cmpint (coverage.covered + coverage.impact_unknown, <, about->exposed_devices);
  g_assert_cmpint (activity->target_devices, ==, coverage.covered);
  second = request (self, form, NULL, &error);
  g_assert_no_error (error);
  sync_fixture_sync_plain (self);
  g_assert_cmpint (count_calls (self), ==, n_calls);
}

static void
test_full (SyncFixture *self, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) results =
    tvm_sync_engine_sync (self->engine, TRUE, NULL, NULL, NULL, &error);
  const TvmListResult *impact = sync_fixture_find (results, TVM_USER_IMPACT_LIST);
  int n_calls = count_calls (self);
  g_autoptr(TvmRequest) form = NULL;
  g_autoptr(TvmActivity) activity = NULL;

  g_assert_no_error (error);
  g_assert_cmpint (impact->received, >, 0);
  g_assert_cmpint (impact->added, ==, impact->received);
  g_assert_cmpint (impact->requests, ==, n_calls);
  form = new_request (self, NULL);
  activity = request (self, form, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (count_calls (self), ==, n_calls);
}

/* Nothing is requested on what nobody knows; all else works. */
static void
test_refused (SyncFixture *self, gconstpointer data)
{
  g_autoptr(TvmRequest) form = NULL;
  g_autoptr(TvmActivity) none = NULL, activity = NULL;
  g_autoptr(GError) refused = NULL, error = NULL;
  g_autofree char *words = NULL, *cleared = NULL;

  sync_fixture_fault (self, CALL, "GET", "\"kind\":\"status\",\"status\":403,\"times\":2");
  sync_fixture_sync_plain (self);
  form = new_request (self, NULL);
  none = request (self, form, NULL, &refused);
  g_assert_null (none);
  g_assert_error (refused, TVM_ERROR, TVM_ERROR_FORBIDDEN);
  g_assert_true (g_str_has_prefix (refused->message, NOT_KNOWN));
  g_assert_nonnull (tvm_error_get_correlation_id (refused));
  words = tvm_store_dup_refusal (self->store, TVM_USER_IMPACT_LIST, NULL);
  g_assert_nonnull (strstr (words, "403"));
  g_ptr_array_unref (tvm_sync_engine_sync (self->engine, TRUE, NULL, NULL, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpint (count_calls (self), ==, 2);
  activity = request (self, form, NULL, &error);
  g_assert_no_error (error);
  cleared = tvm_store_dup_refusal (self->store, TVM_USER_IMPACT_LIST, NULL);
  g_assert_null (cleared);
}

/* What was pulled before does where the service is not there now. */
static void
test_offline (SyncFixture *self, gconstpointer data)
{
  g_autoptr(TvmRequest) form = NULL;
  g_autoptr(TvmActivity) activity = NULL;
  g_autoptr(GError) error = NULL;

  sync_fixture_sync_plain (self);
  form = new_request (self, NULL);
  g_assert_true (tvm_sync_engine_fetch_devices (self->engine, form->recommendation_id, NULL,
                                                &error));
  g_assert_true (tvm_sync_engine_fetch_user_impact (self->engine, NULL, &error));
  sync_fixture_stop_tenant (self);
  activity = request (self, form, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (activity->no_impact_only, ==, 1);
}

static void
test_lost (SyncFixture *self, gconstpointer data)
{
  g_autoptr(TvmRequest) form = NULL;
  g_autoptr(TvmActivity) none = NULL;
  g_autoptr(GError) error = NULL;

  sync_fixture_sync_plain (self);
  form = new_request (self, NULL);
  g_assert_true (tvm_sync_engine_fetch_devices (self->engine, form->recommendation_id, NULL,
                                                &error));
  sync_fixture_stop_tenant (self);
  none = request (self, form, NULL, &error);
  g_assert_null (none);
  g_assert_error (error, TVM_ERROR, TVM_ERROR_OFFLINE);
  g_assert_true (g_str_has_prefix (error->message, NOT_KNOWN));
}

/* The recommendation's count and the list are of different times: that is told, not hidden. */
static void
test_disagreement (SyncFixture *self, gconstpointer data)
{
  g_autoptr(TvmRecommendation) about = NULL;
  g_autoptr(TvmRequest) form = NULL;
  g_autoptr(GPtrArray) results = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *path = NULL;
  g_autoptr(JsonObject) answer = NULL;
  const char *ids[2] = { NULL };
  TvmBulk bulk = { .kind = TVM_BULK_REQUEST, .ids = ids };
  const TvmBulkResult *result;

  sync_fixture_sync_plain (self);
  form = new_request (self, &about);
  /* Its devices are known: so the recommendation is not asked for again. */
  g_assert_true (tvm_sync_engine_fetch_devices (self->engine, about->id, NULL, &error));
  path = g_strdup_printf ("recommendations/%s/patch", about->id);
  answer = sync_fixture_order (self, path, "{\"fraction\":0.5}");
  ids[0] = about->id;
  bulk.request = form;
  results = tvm_sync_engine_bulk (self->engine, &bulk, NULL, &error);
  g_assert_no_error (error);
  result = results->pdata[0];
  g_assert_cmpint (result->outcome, ==, TVM_BULK_DONE);
  g_assert_nonnull (strstr (result->reason, "renews them at different times"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
#define ADD(path, options, func) \
  g_test_add ("/sync-impact/" path, SyncFixture, options, sync_fixture_set_up, func, \
              sync_fixture_tear_down)
  ADD ("on-demand", NULL, test_on_demand);
  ADD ("pages", &paged, test_on_demand);
  ADD ("full", NULL, test_full);
  ADD ("refused", NULL, test_refused);
  ADD ("offline", NULL, test_offline);
  ADD ("lost", NULL, test_lost);
  ADD ("disagreement", NULL, test_disagreement);
  return g_test_run ();
}

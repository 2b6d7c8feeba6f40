/* test-details.c: what flyouts, dashboard and export read on a worker. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "model-fixture.h"
#include "keep.h"
#include "tvm-row-list.h"

#include "tvm-error.h"
#include "tvm-text.h"
#include "tvm-time.h"

#include <string.h>


#define N_EXPOSED 8

typedef struct
{
  TvmStore *store;              /* (owned) */
  char     *recommendation_id;  /* (owned) */
} Fixture;

/* 20 recommendations, 12 devices of which 8 are exposed to the first one. */
static void
fixture_start (Fixture *fixture)
{
  fixture->store = model_store_open ();
  fixture->recommendation_id = model_recommendation_id (0);
  model_merge_products (fixture->store, 0, 20, N_EXPOSED);
  model_merge_inventory (fixture->store, 12);
  model_expose_inventory (fixture->store, fixture->recommendation_id, N_EXPOSED);
}

static void
fixture_end (Fixture *fixture)
{
  g_free (fixture->recommendation_id);
  model_store_close (fixture->store);
}

static char *
day_from_today (int days)
{
  g_autofree char *today = tvm_today ();

  return tvm_date_add_days (today, days);
}

static TvmActivityDetails *
load_activity (TvmStore    *store,
               const char  *id,
               GError     **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  tvm_load_async (store, &tvm_load_activity, id, NULL, model_result_cb, &result);
  model_wait_result (&result);
  return tvm_load_finish (store, result, error);
}

static void
test_activity (void)
{
  Fixture fixture = { 0 };
  g_autofree char *id = NULL;
  g_autoptr(TvmActivityDetails) details = NULL;
  g_autoptr(GError) error = NULL;

  fixture_start (&fixture);
  id = model_submit (fixture.store, fixture.recommendation_id, TVM_PRIORITY_HIGH, NULL);
  model_expose_inventory (fixture.store, fixture.recommendation_id, 6);
  details = load_activity (fixture.store, id, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (details->activity->id, ==, id);
  g_assert_cmpint (details->activity->target_devices, ==, N_EXPOSED);
  g_assert_cmpint (details->states[TVM_DEVICE_REMEDIATED], ==, 2);
  g_assert_cmpint (details->states[TVM_DEVICE_EXPOSED], ==, 6);
  /* A first few, those that are left before those that are done. */
  g_assert_cmpuint (details->targets->len, <, N_EXPOSED);
  g_assert_cmpint (((TvmTarget *) details->targets->pdata[0])->state, ==, TVM_DEVICE_EXPOSED);
  g_assert_cmpuint (details->history->len, >, 0);
  g_assert_cmpuint (details->tickets->len, ==, 0);
  g_assert_cmpstr (details->recommendation->id, ==, fixture.recommendation_id);
  fixture_end (&fixture);
}

static void
test_activity_without_recommendation (void)
{
  Fixture fixture = { 0 };
  g_autofree char *id = NULL;
  g_autoptr(TvmActivityDetails) details = NULL;
  g_autoptr(GError) error = NULL;

  fixture_start (&fixture);
  id = model_submit (fixture.store, fixture.recommendation_id, TVM_PRIORITY_HIGH, NULL);
  model_merge_products (fixture.store, 1, 19, N_EXPOSED);
  details = load_activity (fixture.store, id, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (details->activity->id, ==, id);
  fixture_end (&fixture);
}

static void
test_unknown_ids (void)
{
  Fixture fixture = { 0 };
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) activity_error = NULL;
  g_autoptr(GError) recommendation_error = NULL;

  fixture_start (&fixture);
  g_assert_null (load_activity (fixture.store, "00000000-no-such-activity", &activity_error));
  g_assert_error (activity_error, TVM_ERROR, TVM_ERROR_NOT_FOUND);
  tvm_load_async (fixture.store, &tvm_load_recommendation, "va-_-no-_-such", NULL,
                  model_result_cb, &result);
  model_wait_result (&result);
  g_assert_null (tvm_load_finish (fixture.store, result, &recommendation_error));
  g_assert_error (recommendation_error, TVM_ERROR, TVM_ERROR_NOT_FOUND);
  g_clear_object (&result);
  fixture_end (&fixture);
}

static void
test_recommendation (void)
{
  Fixture fixture = { 0 };
  g_autofree char *id = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(TvmRecommendationDetails) details = NULL;
  g_autoptr(GError) error = NULL;

  fixture_start (&fixture);
  id = model_submit (fixture.store, fixture.recommendation_id, TVM_PRIORITY_LOW, NULL);
  tvm_load_async (fixture.store, &tvm_load_recommendation, fixture.recommendation_id, NULL,
                  model_result_cb, &result);
  model_wait_result (&result);
  details = tvm_load_finish (fixture.store, result, &error);
  g_clear_object (&result);
  g_assert_no_error (error);
  g_assert_cmpstr (details->recommendation->id, ==, fixture.recommendation_id);
  g_assert_cmpuint (details->groups->len, ==, 2);
  g_assert_cmpint (((TvmGroupCount *) details->groups->pdata[0])->exposed, ==, N_EXPOSED / 2);
  g_assert_cmpuint (details->activities->len, ==, 1);
  g_assert_cmpstr (((TvmActivity *) details->activities->pdata[0])->id, ==, id);
  fixture_end (&fixture);
}

/* Ten CVEs, the known exploited one of which is the least severe. */
static void
add_weaknesses (Fixture *fixture)
{
  g_autoptr(GPtrArray) list =
    g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_vulnerability_unref);
  g_autoptr(TvmKnownExploitedCatalog) catalog = tvm_known_exploited_catalog_new ();
  g_autoptr(GError) error = NULL;
  TvmListResult result = { 0 };

  for (int i = 0; i < 10; i++)
    {
      TvmVulnerability *one = tvm_vulnerability_new ();

      one->id = g_strdup_printf ("CVE-2026-%04d", i);
      one->severity = i < 9 ? TVM_LEVEL_CRITICAL : TVM_LEVEL_LOW;
      one->cvss = 10 - i;
      g_ptr_array_add (list, one);
    }
  g_assert_true (keep_vulnerabilities (fixture->store, fixture->recommendation_id, list, &result,
                                       &error));
  g_assert_no_error (error);
  catalog->released_us = tvm_now_us ();
  tvm_known_exploited_catalog_add (catalog, "CVE-2026-0009");
  g_assert_true (tvm_store_keep_known_exploited (fixture->store, catalog, FALSE, &result, &error));
  g_assert_no_error (error);
}

/* What makes the recommendation urgent is among the first few. */
static void
test_known_exploited_first (void)
{
  Fixture fixture = { 0 };
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(TvmRecommendationDetails) details = NULL;
  g_autoptr(GError) error = NULL;

  fixture_start (&fixture);
  add_weaknesses (&fixture);
  tvm_load_async (fixture.store, &tvm_load_recommendation, fixture.recommendation_id, NULL,
                  model_result_cb, &result);
  model_wait_result (&result);
  details = tvm_load_finish (fixture.store, result, &error);
  g_clear_object (&result);
  g_assert_no_error (error);
  g_assert_cmpuint (details->vulnerabilities->len, ==, 10);
  g_assert_cmpstr (((TvmVulnerability *) details->vulnerabilities->pdata[0])->id, ==,
                   "CVE-2026-0009");
  g_assert_cmpstr (((TvmVulnerability *) details->vulnerabilities->pdata[1])->id, ==,
                   "CVE-2026-0000");
  fixture_end (&fixture);
}

static void
test_cancelled_answer_is_dropped (void)
{
  Fixture fixture = { 0 };
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;

  fixture_start (&fixture);
  tvm_dashboard_data_load_async (fixture.store, NULL, NULL, cancellable, model_result_cb, &result);
  g_cancellable_cancel (cancellable);
  model_wait_result (&result);
  g_assert_null (tvm_load_finish (fixture.store, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_object (&result);
  fixture_end (&fixture);
}

static void
test_dashboard (void)
{
  Fixture fixture = { 0 };
  g_autofree char *soon = day_from_today (2);
  g_autofree char *late = day_from_today (60);
  g_autofree char *other_id = model_recommendation_id (1);
  g_autofree char *due_id = NULL;
  g_autofree char *later_id = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(TvmDashboardData) data = NULL;
  g_autoptr(GError) error = NULL;
  TvmListResult merged = { 0 };

  fixture_start (&fixture);
  model_expose_inventory (fixture.store, other_id, N_EXPOSED);
  later_id = model_submit (fixture.store, other_id, TVM_PRIORITY_HIGH, late);
  due_id = model_submit (fixture.store, fixture.recommendation_id, TVM_PRIORITY_LOW, soon);
  tvm_store_add_score (fixture.store, TVM_SCORE_EXPOSURE, tvm_now_us (), 38, &merged, &error);
  g_assert_no_error (error);
  tvm_dashboard_data_load_async (fixture.store, NULL, NULL, NULL, model_result_cb, &result);
  model_wait_result (&result);
  data = tvm_load_finish (fixture.store, result, &error);
  g_clear_object (&result);
  g_assert_no_error (error);
  g_assert_cmpuint (data->exposure_scores->len, ==, 1);
  g_assert_cmpuint (data->secure_scores->len, ==, 0);
  g_assert_cmpint (data->exposure_by_level[TVM_LEVEL_HIGH], ==, 6);
  g_assert_cmpint (data->exposure_by_level[TVM_LEVEL_LOW], ==, 6);
  /* The largest effect first, and no more than fit. */
  g_assert_cmpuint (data->top_recommendations->len, ==, 6);
  g_assert_cmpstr (((TvmRecommendation *) data->top_recommendations->pdata[0])->name, ==,
                   "Update product 0019");
  g_assert_cmpuint (data->top_activities->len, ==, 2);
  g_assert_cmpstr (((TvmActivity *) data->top_activities->pdata[0])->id, ==, later_id);
  g_assert_cmpuint (data->left->len, ==, 1);
  g_assert_cmpint (g_array_index (data->left, TvmLeftPoint, 0).left, ==, 2 * N_EXPOSED);
  g_assert_cmpuint (data->due_activities->len, ==, 1);
  g_assert_cmpstr (((TvmActivity *) data->due_activities->pdata[0])->id, ==, due_id);
  g_assert_cmpint (data->counts.activities_active, ==, 2);
  fixture_end (&fixture);
}

static TvmDashboardData *
load_dashboard (TvmStore *store, const char *group)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  TvmDashboardData *data;

  tvm_dashboard_data_load_async (store, NULL, group, NULL, model_result_cb, &result);
  model_wait_result (&result);
  data = tvm_load_finish (store, result, &error);
  g_assert_no_error (error);
  return data;
}

/* A device group holds for the lists and the exposure; what is recorded for all stays. */
static void
test_dashboard_of_a_group (void)
{
  Fixture fixture = { 0 };
  g_autofree char *soon = day_from_today (2);
  g_autofree char *id = NULL;
  g_autoptr(TvmDashboardData) even = NULL, none = NULL;

  fixture_start (&fixture);
  id = model_submit (fixture.store, fixture.recommendation_id, TVM_PRIORITY_LOW, soon);
  even = load_dashboard (fixture.store, "Even");
  none = load_dashboard (fixture.store, "Of no device");
  g_assert_cmpuint (even->groups->len, ==, 1);
  g_assert_cmpint (even->exposure_by_level[TVM_LEVEL_HIGH] +
                   even->exposure_by_level[TVM_LEVEL_LOW], ==, 6);
  g_assert_cmpuint (even->due_activities->len, ==, 1);
  g_assert_cmpuint (none->groups->len, ==, 0);
  g_assert_cmpint (none->exposure_by_level[TVM_LEVEL_HIGH], ==, 0);
  g_assert_cmpuint (none->due_activities->len, ==, 0);
  g_assert_cmpuint (none->top_activities->len, ==, 0);
  g_assert_cmpuint (none->top_recommendations->len, ==, 0);
  g_assert_cmpuint (none->left->len, ==, even->left->len);
  fixture_end (&fixture);
}

static gint64
export_recommendations (TvmStore      *store,
                        const char    *path,
                        GCancellable  *cancellable,
                        GError       **error)
{
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_RECOMMENDATIONS);
  g_autoptr(GAsyncResult) result = NULL;

  tvm_set_str (&query->search, "product 001");
  tvm_export_async (store, query, path, TVM_FORMAT_MACHINE, TRUE, NULL, NULL, cancellable, model_result_cb,
                    &result);
  model_wait_result (&result);
  return tvm_export_finish (store, result, NULL, error);
}

static void
test_export (void)
{
  Fixture fixture = { 0 };
  g_autofree char *path = g_build_filename (g_get_user_data_dir (), "export.csv", NULL);
  g_autofree char *text = NULL;
  g_auto(GStrv) lines = NULL;
  g_autoptr(GError) error = NULL;

  fixture_start (&fixture);
  g_assert_cmpint (export_recommendations (fixture.store, path, NULL, &error), ==, 10);
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  lines = g_strsplit (text, "\r\n", -1);
  /* The heading, ten rows, and nothing after the last line's end. */
  g_assert_cmpuint (g_strv_length (lines), ==, 12);
  g_assert_nonnull (strstr (text, "Update product 0013"));
  fixture_end (&fixture);
}

static void
test_cancelled_export_leaves_nothing (void)
{
  Fixture fixture = { 0 };
  g_autofree char *path = g_build_filename (g_get_user_data_dir (), "cancelled.csv", NULL);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;

  fixture_start (&fixture);
  g_cancellable_cancel (cancellable);
  g_assert_cmpint (export_recommendations (fixture.store, path, cancellable, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  fixture_end (&fixture);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/models/details/activity", test_activity);
  g_test_add_func ("/models/details/activity-without-recommendation", test_activity_without_recommendation);
  g_test_add_func ("/models/details/unknown-ids", test_unknown_ids);
  g_test_add_func ("/models/details/recommendation", test_recommendation);
  g_test_add_func ("/models/details/known-exploited-first", test_known_exploited_first);
  g_test_add_func ("/models/details/cancelled-answer-is-dropped", test_cancelled_answer_is_dropped);
  g_test_add_func ("/models/details/dashboard", test_dashboard);
  g_test_add_func ("/models/details/dashboard-of-a-group", test_dashboard_of_a_group);
  g_test_add_func ("/models/details/export", test_export);
  g_test_add_func ("/models/details/cancelled-export-leaves-nothing", test_cancelled_export_leaves_nothing);
  return g_test_run ();
}

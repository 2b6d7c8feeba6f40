/* test-request-items.c: what one form makes of one recommendation or several.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "keep.h"
#include "model-fixture.h"
#include "tvm-request-items.h"

#include "tvm-error.h"

#define N_EXPOSED 8

static GPtrArray *
load (TvmStore     *store,
      const char  **ids,
      GError      **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  tvm_request_items_load_async (store, ids, NULL, model_result_cb, &result);
  model_wait_result (&result);
  return tvm_load_finish (store, result, error);
}

/* Of 12 devices 8 are exposed to the first recommendation, 5 to the second, none to the third. */
static TvmStore *
open_store (char **ids)
{
  TvmStore *store = model_store_open ();

  model_merge_products (store, 0, 3, N_EXPOSED);
  model_merge_inventory (store, 12);
  for (guint i = 0; i < 3; i++)
    ids[i] = model_recommendation_id (i);
  model_expose_inventory (store, ids[0], N_EXPOSED);
  model_expose_inventory (store, ids[1], 5);
  return store;
}

static int
sum_groups (GPtrArray *groups)
{
  int sum = 0;

  for (guint i = 0; i < groups->len; i++)
    sum += ((const TvmGroupCount *) groups->pdata[i])->exposed;
  return sum;
}

static void
test_several (void)
{
  g_auto(GStrv) ids = g_new0 (char *, 4);
  TvmStore *store = open_store (ids);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) items = load (store, (const char **) ids, &error);
  g_autoptr(GPtrArray) groups = NULL;
  g_autoptr(TvmRequest) request = tvm_request_new ();
  TvmRecommendation *third;
  TvmRemediationType types[5];
  guint n_fitting[5];
  TvmCoverage sums;

  g_assert_no_error (error);
  g_assert_cmpuint (items->len, ==, 3);
  /* As if the third were one of another type. */
  third = ((TvmRequestItem *) items->pdata[2])->facts.recommendation;
  third->type = TVM_TYPE_CONFIGURATION_CHANGE;
  g_assert_cmpuint (tvm_request_items_types (items, types, n_fitting), ==, 3);
  g_assert_cmpint (types[0], ==, TVM_TYPE_UPDATE);
  g_assert_cmpuint (n_fitting[0], ==, 2);
  g_assert_cmpint (types[1], ==, TVM_TYPE_CONFIGURATION_CHANGE);
  g_assert_cmpuint (n_fitting[1], ==, 1);
  g_assert_cmpint (types[2], ==, TVM_TYPE_ATTENTION_REQUIRED);
  g_assert_cmpuint (n_fitting[2], ==, 3);

  groups = tvm_request_items_groups (items, TVM_TYPE_UPDATE, FALSE);
  g_assert_cmpint (sum_groups (groups), ==, N_EXPOSED + 5);
  request->type = TVM_TYPE_UPDATE;
  g_assert_cmpuint (tvm_request_items_plan (items, request, &sums), ==, 2);
  g_assert_cmpint (sums.covered, ==, N_EXPOSED + 5);
  g_assert_cmpint (sums.joined + sums.not_joined, ==, sums.covered);
  g_assert_null (((TvmRequestItem *) items->pdata[0])->reason);
  g_assert_nonnull (((TvmRequestItem *) items->pdata[2])->reason);
  g_assert_cmpint (((TvmRequestItem *) items->pdata[2])->facts.coverage.covered, ==, 0);

  /* No device group: nothing is left to request. */
  request->groups = g_new0 (char *, 1);
  g_assert_cmpuint (tvm_request_items_plan (items, request, &sums), ==, 0);
  g_assert_cmpint (sums.covered, ==, 0);
  /* One group: what is exposed in it. */
  g_strfreev (request->groups);
  request->groups = g_new0 (char *, 2);
  request->groups[0] = g_strdup (((TvmGroupCount *) groups->pdata[0])->name);
  tvm_request_items_plan (items, request, &sums);
  g_assert_cmpint (sums.covered, ==, ((TvmGroupCount *) groups->pdata[0])->exposed);
  model_store_close (store);
}

static void
merge_shared (TvmStore *store)
{
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_device_unref);

  for (guint i = 0; i < 12; i++)
    {
      TvmDevice *device = tvm_device_new ();

      device->id = g_strdup_printf ("%040u", i);
      device->group = g_strdup (i % 2 == 0 ? "Even" : "Odd");
      device->is_aad_joined = i < 5;
      if (i < 5)
        device->aad_device_id = g_strdup_printf ("11111111-0000-0000-0000-00000000000%d", i == 4);
      g_ptr_array_add (list, device);
    }
  g_assert_true (keep_devices (store, list, NULL, NULL));
}

/* Four devices are one in Microsoft Entra, two of them in either group: the form says of any groups
 * what submitting finds. */
static void
test_same_in_entra (void)
{
  static const char *const choices[][3] = { { NULL }, { "Even", NULL }, { "Odd", NULL },
                                            { "Even", "Odd", NULL } };
  static const int joined[] = { 2, 2, 1, 2 }, same[] = { 3, 1, 1, 3 };
  static const int not_joined[] = { 3, 1, 2, 3 };
  g_auto(GStrv) ids = g_new0 (char *, 4);
  TvmStore *store = open_store (ids);
  const char *one[] = { ids[0], NULL };
  g_autoptr(GPtrArray) items = NULL;
  TvmSubmission submission = { .who = "ana@contoso.example", .dry_run = TRUE };

  merge_shared (store);
  items = load (store, one, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (choices); i++)
    {
      g_autoptr(TvmRequest) request = tvm_request_new ();
      g_auto(TvmRequestFacts) facts = TVM_REQUEST_FACTS_INIT;
      g_autoptr(TvmActivity) sketch = NULL;
      TvmCoverage sums;

      g_free (request->recommendation_id);
      request->recommendation_id = g_strdup (ids[0]);
      request->type = TVM_TYPE_UPDATE;
      request->create_ticket = TRUE;
      request->groups = choices[i][0] != NULL ? g_strdupv ((char **) choices[i]) : NULL;
      tvm_request_items_plan (items, request, &sums);
      sketch = tvm_store_submit (store, request, &submission, &facts, NULL);
      g_assert_nonnull (sketch);
      g_assert_cmpint (sums.joined, ==, joined[i]);
      g_assert_cmpint (sums.same, ==, same[i]);
      g_assert_cmpint (sums.not_joined, ==, not_joined[i]);
      g_assert_cmpint (facts.coverage.joined, ==, joined[i]);
      g_assert_cmpint (facts.coverage.same, ==, same[i]);
      g_assert_cmpint (facts.coverage.not_joined, ==, not_joined[i]);
    }
  model_store_close (store);
}

static void
test_types_by_fit (void)
{
  g_auto(GStrv) ids = g_new0 (char *, 4);
  TvmStore *store = open_store (ids);
  g_autoptr(GPtrArray) items = load (store, (const char **) ids, NULL);
  TvmRemediationType types[5];
  guint n_fitting[5];

  /* What fits most comes first, wherever it stands among the types. */
  for (guint i = 1; i < 3; i++)
    ((TvmRequestItem *) items->pdata[i])->facts.recommendation->type = TVM_TYPE_UNINSTALL;
  g_assert_cmpuint (tvm_request_items_types (items, types, n_fitting), ==, 3);
  g_assert_cmpint (types[0], ==, TVM_TYPE_UNINSTALL);
  g_assert_cmpuint (n_fitting[0], ==, 2);
  g_assert_cmpint (types[1], ==, TVM_TYPE_UPDATE);
  g_assert_cmpuint (n_fitting[1], ==, 1);
  model_store_close (store);
}

static void
test_exception (void)
{
  g_auto(GStrv) ids = g_new0 (char *, 4);
  TvmStore *store = open_store (ids);
  const char *one[] = { ids[0], NULL };
  g_autoptr(GPtrArray) several = load (store, (const char **) ids, NULL);
  g_autoptr(GPtrArray) alone = load (store, one, NULL);
  g_autoptr(TvmRequest) request = tvm_request_new ();
  TvmCoverage sums;

  /* Several leave it out; alone it is up to the person. */
  request->type = TVM_TYPE_UPDATE;
  ((TvmRequestItem *) several->pdata[0])->facts.recommendation->status = TVM_RECOMMENDATION_FULL_EXCEPTION;
  ((TvmRequestItem *) alone->pdata[0])->facts.recommendation->status = TVM_RECOMMENDATION_FULL_EXCEPTION;
  g_assert_cmpuint (tvm_request_items_plan (several, request, &sums), ==, 2);
  g_assert_cmpint (sums.covered, ==, 5);
  g_assert_nonnull (((TvmRequestItem *) several->pdata[0])->reason);
  g_assert_cmpuint (tvm_request_items_plan (alone, request, &sums), ==, 1);
  g_assert_cmpint (sums.covered, ==, N_EXPOSED);
  model_store_close (store);
}

/* What is exposed to the third was never pulled. */
static void
test_not_known (void)
{
  g_auto(GStrv) ids = g_new0 (char *, 4);
  TvmStore *store = open_store (ids);
  const char *third[] = { ids[2], NULL };
  g_autoptr(GPtrArray) items = load (store, (const char **) ids, NULL);
  g_autoptr(TvmRequest) request = tvm_request_new ();
  TvmCoverage sums;

  request->type = TVM_TYPE_UPDATE;
  g_assert_true (tvm_request_item_is_known (items->pdata[1]));
  g_assert_false (tvm_request_item_is_known (items->pdata[2]));
  g_assert_cmpuint (tvm_request_items_plan (items, request, &sums), ==, 3);
  g_assert_cmpint (sums.covered, ==, N_EXPOSED + 5);
  g_assert_false (tvm_request_items_know_devices (items, TVM_TYPE_UPDATE));
  model_expose_inventory (store, ids[2], 2);
  tvm_request_items_replace (items, 2, load (store, third, NULL));
  g_assert_true (tvm_request_item_is_known (items->pdata[2]));
  tvm_request_items_plan (items, request, &sums);
  g_assert_cmpint (sums.covered, ==, N_EXPOSED + 5 + 2);
  g_assert_true (tvm_request_items_know_devices (items, TVM_TYPE_UPDATE));
  model_store_close (store);
}

/* Each fills tickets of its own. */
static void
test_tickets (void)
{
  g_auto(GStrv) ids = g_new0 (char *, 4);
  TvmStore *store = open_store (ids);
  g_autoptr(GPtrArray) items = load (store, (const char **) ids, NULL);
  g_autoptr(TvmRequest) request = tvm_request_new ();
  TvmGroupCount *group = ((TvmRequestItem *) items->pdata[0])->facts.groups->pdata[0];
  TvmCoverage sums;

  g_ptr_array_set_size (((TvmRequestItem *) items->pdata[0])->facts.groups, 1);
  group->exposed = 23456;
  group->joined = 21000;
  group = ((TvmRequestItem *) items->pdata[1])->facts.groups->pdata[0];
  g_ptr_array_set_size (((TvmRequestItem *) items->pdata[1])->facts.groups, 1);
  group->exposed = group->joined = 5;
  request->type = TVM_TYPE_UPDATE;
  request->create_ticket = TRUE;
  tvm_request_items_plan (items, request, &sums);
  g_assert_cmpint (sums.n_tickets, ==, 2);
  g_assert_cmpint (sums.left_out, ==, 11000);
  g_assert_cmpint (sums.not_joined, ==, 2456);
  request->split = TRUE;
  tvm_request_items_plan (items, request, &sums);
  g_assert_cmpint (sums.n_tickets, ==, 4);
  g_assert_cmpint (sums.left_out, ==, 0);
  model_store_close (store);
}

static void
test_unknown (void)
{
  g_auto(GStrv) ids = g_new0 (char *, 4);
  TvmStore *store = open_store (ids);
  const char *wrong[] = { ids[0], "va-_-no-_-such", NULL };
  g_autoptr(GError) error = NULL;

  g_assert_null (load (store, wrong, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_NOT_FOUND);
  model_store_close (store);
}

/* Only devices with no user impact: those that are not known to have none are counted apart. */
static void
test_no_impact (void)
{
  g_auto(GStrv) ids = g_new0 (char *, 4);
  TvmStore *store = open_store (ids);
  const char *first[] = { ids[0], NULL };
  g_autoptr(GPtrArray) items = load (store, first, NULL);
  g_autoptr(TvmRequest) request = tvm_request_new ();
  g_autoptr(TvmUserImpacts) impacts = tvm_user_impacts_new ();
  g_autoptr(GPtrArray) groups = NULL;
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_EXPOSED);
  g_autoptr(GArray) keys = NULL;
  g_autoptr(GPtrArray) devices = NULL;
  TvmListResult result = { 0 };
  TvmCoverage sums;

  ((TvmRequestItem *) items->pdata[0])->facts.recommendation->type = TVM_TYPE_CONFIGURATION_CHANGE;
  request->type = TVM_TYPE_CONFIGURATION_CHANGE;
  request->no_impact_only = TRUE;
  tvm_request_items_plan (items, request, &sums);
  g_assert_cmpint (sums.covered, ==, 0);
  g_assert_cmpint (sums.impact_unknown, ==, N_EXPOSED);
  query->recommendation_id = g_strdup (ids[0]);
  keys = tvm_store_list_keys (store, query, NULL, NULL);
  devices = tvm_store_list_records (store, query, (gint64 *) (gpointer) keys->data, keys->len, NULL);
  for (guint i = 0; i < 5; i++)
    tvm_user_impacts_add (impacts, ids[0], ((TvmDevice *) devices->pdata[i])->id, i >= 3);
  g_assert_true (keep_user_impacts (store, impacts, &result, NULL));
  tvm_request_items_renew (items, load (store, first, NULL));
  ((TvmRequestItem *) items->pdata[0])->facts.recommendation->type = TVM_TYPE_CONFIGURATION_CHANGE;
  tvm_request_items_plan (items, request, &sums);
  g_assert_cmpint (sums.covered, ==, 3);
  g_assert_cmpint (sums.no_impact, ==, 3);
  g_assert_cmpint (sums.impact_unknown, ==, N_EXPOSED - 5);
  groups = tvm_request_items_groups (items, TVM_TYPE_CONFIGURATION_CHANGE, TRUE);
  g_assert_cmpint (sum_groups (groups), ==, 3);
  request->no_impact_only = FALSE;
  tvm_request_items_plan (items, request, &sums);
  g_assert_cmpint (sums.covered, ==, N_EXPOSED);
  g_assert_cmpint (sums.impact_unknown, ==, 0);
  model_store_close (store);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/request-items/several", test_several);
  g_test_add_func ("/request-items/same-in-entra", test_same_in_entra);
  g_test_add_func ("/request-items/types-by-fit", test_types_by_fit);
  g_test_add_func ("/request-items/exception", test_exception);
  g_test_add_func ("/request-items/tickets", test_tickets);
  g_test_add_func ("/request-items/not-known", test_not_known);
  g_test_add_func ("/request-items/no-impact", test_no_impact);
  g_test_add_func ("/request-items/unknown", test_unknown);
  return g_test_run ();
}

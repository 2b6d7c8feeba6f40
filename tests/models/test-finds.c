/* test-finds.c: one search over everything, and what lists can be filtered by.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "model-fixture.h"
#include "tvm-facets.h"
#include "tvm-finds.h"
#include "tvm-time.h"
#include "tvm-triage.h"

#include "tvm-error.h"

static TvmFinds *
find (TvmStore *store, const char *text)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  TvmFinds *finds;

  tvm_load_async (store, &tvm_load_finds, text, NULL, model_result_cb, &result);
  model_wait_result (&result);
  finds = tvm_load_finish (store, result, &error);
  g_assert_no_error (error);
  return finds;
}

/* Three products, one of them requested; devices host-0 to host-11 in two groups. */
static TvmStore *
open_store (void)
{
  TvmStore *store = model_store_open ();
  g_autofree char *id = model_recommendation_id (1), *activity_id = NULL;

  model_merge_products (store, 0, 3, 8);
  model_merge_inventory (store, 12);
  model_expose_inventory (store, id, 1);
  activity_id = model_submit (store, id, TVM_PRIORITY_HIGH, NULL);
  return store;
}

static void
test_finds (void)
{
  TvmStore *store = open_store ();
  g_autoptr(TvmFinds) products = find (store, "PRODUCT 000"), device = find (store, "host-11");
  g_autoptr(TvmFinds) group = find (store, "odd"), vendor = find (store, "acme");
  g_autoptr(TvmFinds) nothing = find (store, "no such thing");
  const TvmFind *first = products->finds->pdata[0];

  /* What is being done comes first, the most urgent after that. */
  g_assert_cmpuint (products->finds->len, ==, 4);
  g_assert_cmpint (first->kind, ==, TVM_LIST_ACTIVITIES);
  g_assert_cmpint (first->why, ==, TVM_WHY_NAME);
  first = products->finds->pdata[1];
  g_assert_cmpint (first->kind, ==, TVM_LIST_RECOMMENDATIONS);
  g_assert_cmpstr (tvm_find_get_title (first), ==, "Update product 0002");
  g_assert_cmpuint (products->n_found[TVM_LIST_RECOMMENDATIONS], ==, 3);
  g_assert_cmpuint (device->finds->len, ==, 1);
  g_assert_cmpint (((TvmFind *) device->finds->pdata[0])->kind, ==, TVM_LIST_DEVICES);
  /* Only the first few are read, all are counted; and it says by what. */
  g_assert_cmpuint (group->n_found[TVM_LIST_DEVICES], ==, 6);
  g_assert_cmpuint (group->finds->len, ==, 5);
  first = group->finds->pdata[0];
  g_assert_cmpint (first->why, ==, TVM_WHY_GROUP);
  g_assert_cmpstr (first->text, ==, "Odd");
  first = vendor->finds->pdata[0];
  g_assert_cmpint (first->why, ==, TVM_WHY_ID);
  g_assert_cmpuint (nothing->finds->len, ==, 0);
  model_store_close (store);
}

/* The name of a device finds it, not all that it is exposed to. */
static void
test_devices (void)
{
  TvmStore *store = open_store ();
  g_autoptr(TvmFinds) finds = find (store, "host-0");
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_RECOMMENDATIONS);

  query->search = g_strdup ("host-0");
  g_assert_cmpint (tvm_store_count_rows (store, query, NULL), ==, 1);
  g_assert_cmpuint (finds->finds->len, ==, 1);
  g_assert_cmpint (((TvmFind *) finds->finds->pdata[0])->kind, ==, TVM_LIST_DEVICES);
  model_store_close (store);
}

static void
test_cancelled (void)
{
  TvmStore *store = open_store ();
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  g_cancellable_cancel (cancellable);
  tvm_load_async (store, &tvm_load_finds, "product", cancellable, model_result_cb, &result);
  model_wait_result (&result);
  g_assert_null (tvm_load_finish (store, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_object (&result);  /* it holds the store */
  model_store_close (store);
}

static gint64
count (TvmStore *store, TvmQuery *take_query)
{
  g_autoptr(GPtrArray) queries = g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_query_free);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GArray) counts = NULL;
  g_autoptr(GError) error = NULL;

  g_ptr_array_add (queries, take_query);
  tvm_counts_load_async (store, g_steal_pointer (&queries), NULL, model_result_cb, &result);
  model_wait_result (&result);
  counts = tvm_load_finish (store, result, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (counts->len, ==, 1);
  return g_array_index (counts, gint64, 0);
}

static TvmQuery *
filter (TvmListKind kind, const char *group)
{
  TvmQuery *query = tvm_query_new (kind);

  query->device_group = g_strdup (group);
  return query;
}

/* One group concerns what its devices are exposed to, are targets of, and are. */
static void
test_groups (void)
{
  TvmStore *store = open_store ();
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GPtrArray) facets = NULL;
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_RECOMMENDATIONS);

  g_assert_cmpint (count (store, filter (TVM_LIST_RECOMMENDATIONS, "Even")), ==, 1);
  g_assert_cmpint (count (store, filter (TVM_LIST_RECOMMENDATIONS, "Odd")), ==, 0);
  g_assert_cmpint (count (store, filter (TVM_LIST_ACTIVITIES, "Even")), ==, 1);
  g_assert_cmpint (count (store, filter (TVM_LIST_ACTIVITIES, "Odd")), ==, 0);
  g_assert_cmpint (count (store, filter (TVM_LIST_DEVICES, "Odd")), ==, 6);
  g_assert_cmpint (count (store, filter (TVM_LIST_WEAKNESSES, "Odd")), ==, 0);
  g_assert_cmpint (count (store, filter (TVM_LIST_EXCEPTIONS, "Odd")), ==, 0);
  tvm_facets_load_async (store, TVM_FACET_GROUP, query, NULL, model_result_cb, &result);
  model_wait_result (&result);
  facets = tvm_load_finish (store, result, NULL);
  g_clear_object (&result);
  g_assert_cmpuint (facets->len, ==, 2);
  g_assert_cmpstr (((TvmFacet *) facets->pdata[0])->text, ==, "Even");
  g_assert_cmpint (((TvmFacet *) facets->pdata[0])->n, ==, 6);
  model_store_close (store);
}

static void
test_filters (void)
{
  TvmStore *store = open_store ();
  TvmQuery *query;

  for (int exposed = 1; exposed < TVM_N_EXPOSED; exposed++)
    {
      query = tvm_query_new (TVM_LIST_RECOMMENDATIONS);
      query->exposed = exposed;
      g_assert_cmpint (count (store, query), ==, exposed == TVM_EXPOSED_SOME ? 3 : 0);
    }
  query = tvm_query_new (TVM_LIST_RECOMMENDATIONS);
  query->threat = TVM_THREAT_ANY;
  g_assert_cmpint (count (store, query), ==, 0);
  query = tvm_query_new (TVM_LIST_RECOMMENDATIONS);
  query->unrequested_only = TRUE;
  g_assert_cmpint (count (store, query), ==, 2);
  for (int age = 1; age < TVM_N_AGES; age++)
    {
      query = tvm_query_new (TVM_LIST_ACTIVITIES);
      query->age = age;
      g_assert_cmpint (count (store, query), ==, age <= TVM_AGE_MONTH ? 1 : 0);
      query = tvm_query_new (TVM_LIST_DEVICES);
      query->age = age;
      query->severity = TVM_LEVEL_HIGH;
      g_assert_cmpint (count (store, query), ==, age <= TVM_AGE_MONTH ? 6 : 0);
    }
  model_store_close (store);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/finds/everything", test_finds);
  g_test_add_func ("/finds/devices", test_devices);
  g_test_add_func ("/finds/cancelled", test_cancelled);
  g_test_add_func ("/facets/groups", test_groups);
  g_test_add_func ("/facets/filters", test_filters);
  return g_test_run ();
}

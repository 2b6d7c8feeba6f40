/* test-row-list.c: what a row list announces, what it reads and when. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "model-fixture.h"
#include "tvm-row-list.h"

#include "tvm-text.h"

typedef struct
{
  TvmStore   *store;     /* (owned) */
  TvmRowList *list;      /* (owned): recommendations by name */
  guint       n_reloads, n_reloads_wanted;
  guint       n_announced;
  guint       position, n_removed, n_added;  /* of the last announcement */
} Fixture;

static void
announced_cb (GListModel *list,
              guint       position,
              guint       n_removed,
              guint       n_added,
              gpointer    user_data)
{
  Fixture *fixture = user_data;

  fixture->n_announced++;
  fixture->position = position;
  fixture->n_removed = n_removed;
  fixture->n_added = n_added;
}

static void
reloaded_cb (TvmRowList *list,
             gpointer    user_data)
{
  ((Fixture *) user_data)->n_reloads++;
}

static gboolean
has_reloaded (gpointer data)
{
  Fixture *fixture = data;

  return fixture->n_reloads >= fixture->n_reloads_wanted;
}

static void
wait_reloads (Fixture *fixture,
              guint    n)
{
  fixture->n_reloads_wanted = n;
  model_wait (has_reloaded, fixture);
  g_assert_cmpuint (fixture->n_reloads, ==, n);
}

static void
list_by_name (Fixture    *fixture,
              const char *search)
{
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_RECOMMENDATIONS);

  tvm_set_str (&query->sort, "name");
  tvm_set_str (&query->search, search);
  tvm_row_list_set_query (fixture->list, query);
}

/* A list of @n products, listed once and told about from here on. */
static void
fixture_start (Fixture *fixture,
               guint    n)
{
  fixture->store = model_store_open ();
  model_merge_products (fixture->store, 1000, n, 7);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  fixture->list = tvm_row_list_new (fixture->store, TVM_LIST_RECOMMENDATIONS);
  g_signal_connect (fixture->list, "items-changed", G_CALLBACK (announced_cb), fixture);
  g_signal_connect (fixture->list, "reloaded", G_CALLBACK (reloaded_cb), fixture);
  list_by_name (fixture, NULL);
  wait_reloads (fixture, 1);
}

static void
fixture_end (Fixture *fixture)
{
  g_assert_finalize_object (fixture->list);
  model_store_close (fixture->store);
}

static const TvmRecommendation *
row_recommendation (TvmRow *row)
{
  return tvm_row_get_record (row);
}

static gboolean
is_read (gpointer data)
{
  return tvm_row_get_record (data) != NULL;
}

/* The row at @position once its record is there. */
static TvmRow *
read_row (Fixture *fixture,
          guint    position)
{
  TvmRow *row = g_list_model_get_item (G_LIST_MODEL (fixture->list), position);

  g_assert_nonnull (row);
  model_wait (is_read, row);
  return row;
}

static guint
get_n_items (Fixture *fixture)
{
  return g_list_model_get_n_items (G_LIST_MODEL (fixture->list));
}

static void
test_announces_once (void)
{
  Fixture fixture = { 0 };
  gboolean is_loading = TRUE;
  guint n_total = 0;

  fixture_start (&fixture, 250);
  g_object_get (fixture.list, "loading", &is_loading, "n-total", &n_total, NULL);
  g_assert_false (is_loading);
  g_assert_cmpuint (n_total, ==, 250);
  g_assert_cmpuint (get_n_items (&fixture), ==, 250);
  g_assert_cmpuint (fixture.n_announced, ==, 1);
  g_assert_cmpuint (fixture.position, ==, 0);
  g_assert_cmpuint (fixture.n_removed, ==, 0);
  g_assert_cmpuint (fixture.n_added, ==, 250);
  fixture_end (&fixture);
}

static void
test_reads_on_demand (void)
{
  Fixture fixture = { 0 };
  g_autoptr(TvmRow) row = NULL;
  g_autoptr(TvmRow) same = NULL;
  g_autoptr(TvmRow) other = NULL;

  fixture_start (&fixture, 250);
  row = g_list_model_get_item (G_LIST_MODEL (fixture.list), 120);
  g_assert_null (tvm_row_get_record (row));
  model_wait (is_read, row);
  g_assert_cmpstr (row_recommendation (row)->name, ==, "Update product 1120");
  g_assert_cmpint (row_recommendation (row)->key, ==, tvm_row_get_key (row));
  same = g_list_model_get_item (G_LIST_MODEL (fixture.list), 120);
  g_assert_true (same == row);
  other = g_list_model_get_item (G_LIST_MODEL (fixture.list), 121);
  g_assert_null (tvm_row_get_record (other));
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (fixture.list), 250));
  model_wait (is_read, other);
  fixture_end (&fixture);
}

static void
test_grows_at_the_tail (void)
{
  Fixture fixture = { 0 };
  g_autoptr(TvmRow) row = NULL;

  fixture_start (&fixture, 10);
  row = read_row (&fixture, 0);
  /* Three that sort before all others: the first row shows another product. */
  model_merge_products (fixture.store, 997, 13, 7);
  wait_reloads (&fixture, 2);
  g_assert_cmpuint (fixture.n_announced, ==, 2);
  g_assert_cmpuint (fixture.position, ==, 10);
  g_assert_cmpuint (fixture.n_removed, ==, 0);
  g_assert_cmpuint (fixture.n_added, ==, 3);
  while (g_strcmp0 (row_recommendation (row)->name, "Update product 0997") != 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (tvm_row_list_get_key (fixture.list, 0), ==, tvm_row_get_key (row));
  g_assert_cmpint (row_recommendation (row)->key, ==, tvm_row_get_key (row));
  fixture_end (&fixture);
}

static void
test_shrinks_at_the_tail (void)
{
  Fixture fixture = { 0 };
  g_autoptr(TvmRow) gone = NULL;
  g_autoptr(TvmRow) anew = NULL;

  fixture_start (&fixture, 10);
  gone = read_row (&fixture, 8);
  model_merge_products (fixture.store, 1000, 4, 7);
  wait_reloads (&fixture, 2);
  g_assert_cmpuint (fixture.n_announced, ==, 2);
  g_assert_cmpuint (fixture.position, ==, 4);
  g_assert_cmpuint (fixture.n_removed, ==, 6);
  g_assert_cmpuint (fixture.n_added, ==, 0);
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (fixture.list), 8));
  /* What still holds the row may go on reading it. */
  g_assert_cmpstr (row_recommendation (gone)->name, ==, "Update product 1008");
  model_merge_products (fixture.store, 1000, 10, 7);
  wait_reloads (&fixture, 3);
  anew = read_row (&fixture, 8);
  g_assert_true (anew != gone);
  fixture_end (&fixture);
}

static gboolean
shows_nine_exposed (gpointer data)
{
  return row_recommendation (data)->exposed_devices == 9;
}

static void
test_content_announces_nothing (void)
{
  Fixture fixture = { 0 };
  g_autoptr(TvmRow) row = NULL;

  fixture_start (&fixture, 10);
  row = read_row (&fixture, 3);
  model_merge_products (fixture.store, 1000, 10, 9);
  wait_reloads (&fixture, 2);
  model_wait (shows_nine_exposed, row);
  g_assert_cmpuint (fixture.n_announced, ==, 1);
  fixture_end (&fixture);
}

static void
test_stale_listing_is_dropped (void)
{
  Fixture fixture = { 0 };
  guint n_total = 0;

  fixture_start (&fixture, 30);
  list_by_name (&fixture, NULL);
  list_by_name (&fixture, "product 100");
  wait_reloads (&fixture, 2);
  g_assert_cmpuint (get_n_items (&fixture), ==, 10);
  g_assert_cmpuint (fixture.n_announced, ==, 2);
  g_assert_cmpuint (fixture.position, ==, 10);
  g_assert_cmpuint (fixture.n_removed, ==, 20);
  g_object_get (fixture.list, "n-total", &n_total, NULL);
  g_assert_cmpuint (n_total, ==, 30);
  fixture_end (&fixture);
}

/* Those that a search leaves out are counted all the same, and again after a change. */
static void
test_counts_all_while_searching (void)
{
  Fixture fixture = { 0 };
  guint n_total = 0;

  fixture_start (&fixture, 30);
  list_by_name (&fixture, "product 100");
  wait_reloads (&fixture, 2);
  model_merge_products (fixture.store, 1000, 45, 7);
  wait_reloads (&fixture, 3);
  g_assert_cmpuint (get_n_items (&fixture), ==, 10);
  g_object_get (fixture.list, "n-total", &n_total, NULL);
  g_assert_cmpuint (n_total, ==, 45);
  fixture_end (&fixture);
}

/* Rows that are asked for while another listing is under way end with what that one says. */
static void
test_rows_follow_the_listing (void)
{
  Fixture fixture = { 0 };
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);

  fixture_start (&fixture, 300);
  list_by_name (&fixture, "product 12");
  for (guint i = 0; i < 90; i++)
    g_ptr_array_add (rows, g_list_model_get_item (G_LIST_MODEL (fixture.list), i));
  wait_reloads (&fixture, 2);
  for (guint i = 0; i < rows->len; i++)
    model_wait (is_read, rows->pdata[i]);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  for (guint i = 0; i < rows->len; i++)
    {
      g_autofree char *name = g_strdup_printf ("Update product %04u", 1200 + i);

      while (g_strcmp0 (row_recommendation (rows->pdata[i])->name, name) != 0)
        g_main_context_iteration (NULL, TRUE);
      g_assert_cmpint (row_recommendation (rows->pdata[i])->key, ==, tvm_row_get_key (rows->pdata[i]));
    }
  g_clear_pointer (&rows, g_ptr_array_unref);
  fixture_end (&fixture);
}

static void
test_merges_reload_once (void)
{
  Fixture fixture = { 0 };

  fixture_start (&fixture, 10);
  model_merge_products (fixture.store, 1000, 11, 7);
  model_merge_products (fixture.store, 1000, 12, 7);
  model_merge_products (fixture.store, 1000, 13, 7);
  wait_reloads (&fixture, 2);
  g_assert_cmpuint (get_n_items (&fixture), ==, 13);
  g_assert_cmpuint (fixture.n_announced, ==, 2);
  fixture_end (&fixture);
}

static void
test_other_lists_reload_nothing (void)
{
  Fixture fixture = { 0 };
  g_autoptr(GError) error = NULL;

  fixture_start (&fixture, 10);
  tvm_store_set_setting (fixture.store, "it-admin-email", "desk@contoso.example", &error);
  g_assert_no_error (error);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  /* The change that matters comes second; had the first one counted, there would be three. */
  list_by_name (&fixture, "product 1003");
  wait_reloads (&fixture, 2);
  model_merge_products (fixture.store, 1000, 11, 7);
  wait_reloads (&fixture, 3);
  fixture_end (&fixture);
}

static void
test_find_key (void)
{
  Fixture fixture = { 0 };
  g_autoptr(TvmRow) row = NULL;

  fixture_start (&fixture, 50);
  row = read_row (&fixture, 33);
  g_assert_cmpuint (tvm_row_list_find_key (fixture.list, tvm_row_get_key (row)), ==, 33);
  g_assert_cmpuint (tvm_row_list_find_key (fixture.list, G_MAXINT64), ==, G_MAXUINT);
  fixture_end (&fixture);
}

static void
test_tells_a_failed_listing (void)
{
  Fixture fixture = { 0 };
  g_autofree char *message = NULL;

  fixture_start (&fixture, 5);
  tvm_store_close (fixture.store);
  list_by_name (&fixture, NULL);
  wait_reloads (&fixture, 2);
  g_object_get (fixture.list, "error", &message, NULL);
  g_assert_nonnull (message);
  /* What was listed before stays. */
  g_assert_cmpuint (get_n_items (&fixture), ==, 5);
  fixture_end (&fixture);
}

static void
test_row_outlives_the_list (void)
{
  Fixture fixture = { 0 };
  g_autoptr(TvmRow) row = NULL;

  fixture_start (&fixture, 5);
  row = read_row (&fixture, 1);
  fixture_end (&fixture);
  g_assert_cmpstr (row_recommendation (row)->name, ==, "Update product 1001");
  g_assert_finalize_object (g_steal_pointer (&row));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/models/row-list/announces-once", test_announces_once);
  g_test_add_func ("/models/row-list/reads-on-demand", test_reads_on_demand);
  g_test_add_func ("/models/row-list/grows-at-the-tail", test_grows_at_the_tail);
  g_test_add_func ("/models/row-list/shrinks-at-the-tail", test_shrinks_at_the_tail);
  g_test_add_func ("/models/row-list/content-announces-nothing", test_content_announces_nothing);
  g_test_add_func ("/models/row-list/stale-listing-is-dropped", test_stale_listing_is_dropped);
  g_test_add_func ("/models/row-list/counts-all-while-searching", test_counts_all_while_searching);
  g_test_add_func ("/models/row-list/rows-follow-the-listing", test_rows_follow_the_listing);
  g_test_add_func ("/models/row-list/merges-reload-once", test_merges_reload_once);
  g_test_add_func ("/models/row-list/other-lists-reload-nothing", test_other_lists_reload_nothing);
  g_test_add_func ("/models/row-list/find-key", test_find_key);
  g_test_add_func ("/models/row-list/tells-a-failed-listing", test_tells_a_failed_listing);
  g_test_add_func ("/models/row-list/row-outlives-the-list", test_row_outlives_the_list);
  return g_test_run ();
}

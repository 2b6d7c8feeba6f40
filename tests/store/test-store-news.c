/* test-store-news.c: what the histories say since somebody last looked, and what is due.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "store-fixture.h"

static int
count_kind (GPtrArray  *news,
            const char *kind)
{
  int n = 0;

  for (guint i = 0; i < news->len; i++)
    n += strcmp (((TvmNewsItem *) news->pdata[i])->kind, kind) == 0;
  return n;
}

static GPtrArray *
list_since (Fixture           *f,
            const TvmNewsMark *since)
{
  g_autoptr(GError) error = NULL;
  GPtrArray *news = tvm_store_list_news (f->store, since, &error);

  g_assert_no_error (error);
  return news;
}

/* Only what came after the mark, with what it is about. */
static void
test_since (Fixture       *f,
            gconstpointer  data)
{
  g_autoptr(GPtrArray) nothing = NULL;
  g_autoptr(GPtrArray) news = NULL;
  g_autoptr(TvmActivity) activity = NULL;
  TvmNewsMark mark = { 0 }, later = { 0 };
  const TvmNewsItem *fixed = NULL;

  fixture_recommendations (f, 2);
  fixture_devices (f, 0, 8, "23H2");
  fixture_refs (f, 0, 8);
  g_assert_true (tvm_store_get_news_mark (f->store, &mark, NULL));
  nothing = list_since (f, &mark);
  g_assert_cmpuint (nothing->len, ==, 0);

  activity = fixture_submit (f, TVM_TYPE_UPDATE, FALSE);
  fixture_refs (f, 0, 5);
  fixture_refs (f, 0, 6);
  fixture_recommendations (f, 4);
  news = list_since (f, &mark);
  g_assert_cmpint (count_kind (news, "requested"), ==, 1);
  g_assert_cmpint (count_kind (news, "device-remediated"), ==, 1);
  g_assert_cmpint (count_kind (news, "exposed-again"), ==, 1);
  g_assert_cmpint (count_kind (news, "new-recommendation"), ==, 2);
  g_assert_cmpint (count_kind (news, "new-activity"), ==, 1);
  for (guint i = 0; i < news->len && fixed == NULL; i++)
    if (strcmp (((TvmNewsItem *) news->pdata[i])->kind, "device-remediated") == 0)
      fixed = news->pdata[i];
  g_assert_cmpint (fixed->count, ==, 3);
  g_assert_cmpstr (fixed->subject_id, ==, activity->id);
  g_assert_cmpstr (fixed->title, ==, "Update Example Player");
  g_assert_true (tvm_store_get_news_mark (f->store, &later, NULL));
  g_assert_cmpint (later.history, >, mark.history);
  g_clear_pointer (&news, g_ptr_array_unref);
  news = list_since (f, &later);
  g_assert_cmpuint (news->len, ==, 0);
}

static guint
count_due (Fixture *f,
           TvmDue   due)
{
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_ACTIVITIES);
  g_autoptr(GArray) keys = NULL;

  query->due = due;
  keys = tvm_store_list_keys (f->store, query, NULL, NULL);
  g_assert_nonnull (keys);
  return keys->len;
}

/* The activity is due on 10 March: soon from the 3rd on, overdue from the 11th on. */
static void
test_due (Fixture       *f,
          gconstpointer  data)
{
  static const struct { int days; guint overdue, soon; } cases[] = {
    { -8, 0, 0 }, { -7, 0, 1 }, { 0, 0, 1 }, { 1, 1, 0 }, { 40, 1, 0 },
  };
  gint64 due_us = NOW_US;
  g_autoptr(TvmActivity) activity = NULL;
  g_autofree char *today = NULL;

  fixture_recommendations (f, 1);
  fixture_devices (f, 0, 4, "23H2");
  fixture_refs (f, 0, 4);
  activity = fixture_submit (f, TVM_TYPE_UPDATE, FALSE);
  today = tvm_date_of_instant (NOW_US);
  due_us += tvm_days_between (today, "2026-03-10") * TVM_DAY_US;
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      tvm_set_clock_us (due_us + cases[i].days * TVM_DAY_US);
      g_assert_cmpuint (count_due (f, TVM_DUE_OVERDUE), ==, cases[i].overdue);
      g_assert_cmpuint (count_due (f, TVM_DUE_SOON), ==, cases[i].soon);
      g_assert_cmpuint (count_due (f, TVM_DUE_ANY), ==, cases[i].overdue + cases[i].soon);
    }
  tvm_set_clock_us (NOW_US);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/store/news/since", Fixture, NULL, fixture_set_up, test_since, fixture_tear_down);
  g_test_add ("/store/news/due", Fixture, NULL, fixture_set_up, test_due, fixture_tear_down);
  return g_test_run ();
}

/* test-news.c: what changed since somebody last looked. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-news.h"

static void
add (GPtrArray  *news,
     const char *kind,
     const char *subject,
     int         count)
{
  TvmNewsItem *item = tvm_news_item_new ();

  item->kind = g_strdup (kind);
  item->subject_id = g_strdup (subject);
  item->title = g_strdup_printf ("Update %s", subject);
  item->count = count;
  g_ptr_array_add (news, item);
}

static const TvmNewsLine *
line_of (GPtrArray   *lines,
         TvmNewsKind  kind)
{
  for (guint i = 0; i < lines->len; i++)
    if (((TvmNewsLine *) lines->pdata[i])->kind == kind)
      return lines->pdata[i];
  return NULL;
}

static void
assert_text (GPtrArray   *lines,
             TvmNewsKind  kind,
             const char  *text,
             const char  *subjects)
{
  const TvmNewsLine *line = line_of (lines, kind);
  g_autofree char *line_text = NULL;
  g_autofree char *line_subjects = NULL;

  g_assert_nonnull (line);
  line_text = tvm_news_line_text (line);
  line_subjects = tvm_news_line_subjects (line);
  g_assert_cmpstr (line_text, ==, text);
  g_assert_cmpstr (line_subjects, ==, subjects);
}

static void
test_sum (void)
{
  g_autoptr(GPtrArray) news = g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_news_item_unref);
  g_autoptr(GPtrArray) lines = NULL;

  add (news, "requested", "a", 40); /* what the person did is no news */
  add (news, "ticket-sent", "a", 0);
  add (news, "device-remediated", "a", 3);
  add (news, "device-remediated", "b", 1);
  add (news, "device-remediated", "a", 2);
  add (news, "exposed-again", "a", 1);
  add (news, "ticket-accepted", "a", 0);
  add (news, "ticket-accepted", "b", 0);
  add (news, "completed-manual", "c", 0);
  add (news, "exception-expired", "x", 0);
  add (news, "from a later version", "c", 0);
  for (int i = 0; i < 3; i++)
    {
      g_autofree char *id = g_strdup_printf ("r%d", i);

      add (news, "new-recommendation", id, 0);
    }
  lines = tvm_news_sum (news);
  g_assert_cmpuint (lines->len, ==, 5);
  /* What asks for something to be done comes first. */
  g_assert_cmpint (((TvmNewsLine *) lines->pdata[0])->kind, ==, TVM_NEWS_EXPOSED_AGAIN);
  assert_text (lines, TVM_NEWS_EXPOSED_AGAIN, "1 device is exposed again", "Update a");
  assert_text (lines, TVM_NEWS_DEVICES_FIXED, "6 devices are remediated", "Update a and 1 more");
  assert_text (lines, TVM_NEWS_TICKETS_ACCEPTED, "2 tickets were accepted", "Update b and 1 more");
  assert_text (lines, TVM_NEWS_EXCEPTIONS_ENDED, "1 exception has ended", "Update x");
  assert_text (lines, TVM_NEWS_RECOMMENDATIONS, "3 new security recommendations", "Update r2 and 2 more");
}

static void
test_nothing (void)
{
  g_autoptr(GPtrArray) news = g_ptr_array_new ();
  g_autoptr(GPtrArray) lines = tvm_news_sum (news);

  g_assert_cmpuint (lines->len, ==, 0);
}

static void
test_mark (void)
{
  const char *const bad[] = { NULL, "", "1 2 3 4", "1 2 3 4 5 6", "1 2 3 4 x", "1 2 3 4 -5", "1  2 3 4 5",
                              "1 2 3 4 99999999999999999999" };
  const TvmNewsMark mark = { 7, 6, 5, 4, G_GINT64_CONSTANT (1774000000000000) };
  g_autofree char *text = tvm_news_mark_to_text (&mark);
  TvmNewsMark again;

  g_assert_true (tvm_news_mark_parse (text, &again));
  g_assert_cmpmem (&mark, sizeof mark, &again, sizeof again);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_assert_false (tvm_news_mark_parse (bad[i], &again));
      g_assert_cmpint (again.history + again.when_us, ==, 0);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/news/sum", test_sum);
  g_test_add_func ("/news/nothing", test_nothing);
  g_test_add_func ("/news/mark", test_mark);
  return g_test_run ();
}

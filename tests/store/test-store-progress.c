/* test-store-progress.c: progress over time: a row where the numbers changed and nowhere else (R6, R13).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "store-fixture.h"
#include "keep.h"

#define PORTAL "03942ef5-aecb-4c6e-b555-d6a97013844c"

/* "fixed/targets@hours since NOW_US", each followed by a blank. */
static void
assert_course (Fixture    *f,
               const char *id,
               const char *wanted)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) points = tvm_store_list_progress (f->store, id, &error);
  g_autoptr(GString) found = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < points->len; i++)
    {
      const TvmProgressPoint *point = &g_array_index (points, TvmProgressPoint, i);

      g_string_append_printf (found, "%d/%d@%d ", point->fixed_devices, point->target_devices,
                              (int) ((point->when_us - NOW_US) / TVM_HOUR_US));
    }
  g_assert_cmpstr (found->str, ==, wanted);
}

static void
pass_hour (void)
{
  tvm_set_clock_us (tvm_now_us () + TVM_HOUR_US);
}

static void
test_local (Fixture *f, gconstpointer data)
{
  g_autoptr(TvmActivity) activity = NULL;
  g_autoptr(TvmActivity) attention = NULL;
  gint64 before;

  fixture_recommendations (f, 1);
  fixture_devices (f, 0, 10, "10");
  fixture_refs (f, 0, 10);
  activity = fixture_submit (f, TVM_TYPE_UPDATE, FALSE);
  attention = fixture_submit (f, TVM_TYPE_ATTENTION_REQUIRED, FALSE);
  pass_hour ();
  fixture_refs (f, 4, 20);
  pass_hour ();
  before = tvm_store_total_changes (f->store);
  fixture_refs (f, 4, 20);
  g_assert_cmpint (tvm_store_total_changes (f->store) - before, ==, BOOKKEEPING); /* when the list was synced */
  pass_hour ();
  fixture_refs (f, 3, 20); /* exposed again */
  /* Back to the numbers of before: a row as well. */
  pass_hour ();
  fixture_refs (f, 4, 20);
  /* A clock set back keeps the order. */
  tvm_set_clock_us (NOW_US);
  fixture_refs (f, 10, 20);
  fixture_refs (f, 10, 20);
  assert_course (f, activity->id, "0/10@0 4/10@1 3/10@3 4/10@4 10/10@0 ");
  assert_course (f, attention->id, "");
}

/* "change@hours since NOW_US", each followed by a blank. */
static void
assert_left (Fixture    *f,
             const char *wanted)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) changes = tvm_store_list_left (f->store, &error);
  g_autoptr(GString) found = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < changes->len; i++)
    {
      const TvmLeftChange *change = &g_array_index (changes, TvmLeftChange, i);

      g_string_append_printf (found, "%+d@%d ", change->change, (int) ((change->when_us - NOW_US) / TVM_HOUR_US));
    }
  g_assert_cmpstr (found->str, ==, wanted);
}

static void
test_left (Fixture *f, gconstpointer data)
{
  g_autoptr(TvmActivity) activity = NULL;
  g_autoptr(GArray) past = NULL;

  fixture_recommendations (f, 1);
  fixture_devices (f, 0, 10, "10");
  fixture_refs (f, 0, 10);
  assert_left (f, "");
  activity = fixture_submit (f, TVM_TYPE_UPDATE, FALSE);
  pass_hour ();
  fixture_refs (f, 4, 20);
  pass_hour ();
  fixture_refs (f, 3, 20);
  tvm_set_clock_us (NOW_US);   /* a clock set back keeps the order */
  fixture_refs (f, 5, 20);
  assert_left (f, "+10@0 -4@1 +1@2 -2@2 ");
  tvm_set_clock_us (NOW_US + 5 * TVM_HOUR_US);
  g_assert_true (tvm_store_complete (f->store, activity->id, "a@contoso.example", NULL, NULL));
  assert_left (f, "+10@0 -4@1 +1@2 -2@2 -5@5 ");
  past = tvm_store_list_past (f->store, NOW_US, NULL);
  g_assert_cmpuint (past->len, ==, 1);
  g_assert_false (g_array_index (past, TvmPastActivity, 0).is_done);
  g_assert_cmpint (g_array_index (past, TvmPastActivity, 0).completed_us, ==, NOW_US + 5 * TVM_HOUR_US);
}

static void merge_portal (Fixture *f, TvmRemediationType type, int fixed, int targets, const char *title);

/* What nobody knows is in no sum, from when it is not told any more; how many these are is told. */
static void
test_left_uncounted (Fixture *f, gconstpointer data)
{
  static const struct { int fixed, targets, n; } cases[] = {
    { 4, 10, 0 }, { 50, 10, 1 }, { 0, 0, 1 }, { -1, -1, 1 }, { 10, 10, 0 }
  };
  int n = -1;

  fixture_recommendations (f, 1);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      merge_portal (f, TVM_TYPE_UPDATE, cases[i].fixed, cases[i].targets, "Update it");
      g_assert_true (tvm_store_count_uncounted (f->store, &n, NULL));
      g_assert_cmpint (n, ==, cases[i].n);
    }
  merge_portal (f, TVM_TYPE_UPDATE, 4, 10, "Update it");
  pass_hour ();
  merge_portal (f, TVM_TYPE_UPDATE, -1, -1, "Update it");
  pass_hour ();
  assert_left (f, "+6@0 -6@1 +6@5 -6@9 ");
}

/* The demo's past: older numbers before those that the first sync told. */
static void
test_written_past (Fixture *f, gconstpointer data)
{
  const TvmProgressPoint points[] = { { NOW_US - 9 * TVM_HOUR_US, 0, 10 }, { NOW_US - 3 * TVM_HOUR_US, 4, 10 } };
  const TvmScorePoint score = { NOW_US - 9 * TVM_HOUR_US, 44 };
  g_autoptr(TvmActivity) activity = NULL;
  g_autoptr(GPtrArray) progress = g_ptr_array_new ();
  g_autoptr(GArray) course = g_array_new (FALSE, FALSE, sizeof (TvmProgressPoint)), scores = NULL;
  g_autoptr(GArray) exposure = g_array_new (FALSE, FALSE, sizeof (TvmScorePoint)), secure = NULL;
  TvmPastProgress one;
  TvmPast past;

  fixture_recommendations (f, 1);
  fixture_devices (f, 0, 10, "10");
  fixture_refs (f, 0, 10);
  activity = fixture_submit (f, TVM_TYPE_UPDATE, FALSE);
  g_array_append_vals (course, points, G_N_ELEMENTS (points));
  g_array_append_val (exposure, score);
  secure = g_array_new (FALSE, FALSE, sizeof (TvmScorePoint));
  one = (TvmPastProgress) { activity->id, course };
  g_ptr_array_add (progress, &one);
  past = (TvmPast) { exposure, secure, progress };
  g_assert_true (tvm_store_write_past (f->store, &past, NULL));
  assert_course (f, activity->id, "0/10@-9 4/10@-3 ");
  scores = tvm_store_list_scores (f->store, TVM_SCORE_EXPOSURE, NULL);
  g_assert_cmpuint (scores->len, ==, 1);
  g_assert_cmpfloat (g_array_index (scores, TvmScorePoint, 0).score, ==, 44);
}

static void
merge_portal (Fixture            *f,
              TvmRemediationType  type,
              int                 fixed,
              int                 targets,
              const char         *title)
{
  g_autoptr(GPtrArray) activities = g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_activity_unref);
  g_autoptr(GError) error = NULL;
  TvmActivity *activity = tvm_activity_new ();

  activity->id = g_strdup (PORTAL);
  activity->title = g_strdup (title);
  activity->type = type;
  activity->origin = TVM_ORIGIN_DEFENDER;
  activity->status = TVM_STATUS_ACTIVE;
  activity->fixed_devices = fixed;
  activity->target_devices = targets;
  g_ptr_array_add (activities, activity);
  keep_portal_activities (f->store, activities, NULL, &error);
  g_assert_no_error (error);
  pass_hour ();
}

static void
test_portal (Fixture *f, gconstpointer data)
{
  static const char *const gone[] = { PORTAL, NULL };
  g_autoptr(GPtrArray) none = g_ptr_array_new ();
  gint64 before;

  merge_portal (f, TVM_TYPE_UPDATE, -1, 5, "Update");
  assert_course (f, PORTAL, "");
  merge_portal (f, TVM_TYPE_UPDATE, 1, 5, "Update");
  before = tvm_store_total_changes (f->store);
  merge_portal (f, TVM_TYPE_UPDATE, 1, 5, "Update");
  g_assert_cmpint (tvm_store_total_changes (f->store) - before, ==, BOOKKEEPING); /* when the list was synced */
  merge_portal (f, TVM_TYPE_UPDATE, 1, 5, "Another title");
  merge_portal (f, TVM_TYPE_UPDATE, 1, 4, "Another title");
  merge_portal (f, TVM_TYPE_UPDATE, 4, 4, "Another title");
  assert_course (f, PORTAL, "1/5@1 1/4@4 4/4@5 ");
  /* That a list lacks it is no proof: its course is lost only where the service says that it is gone. */
  g_assert_true (keep_portal_activities (f->store, none, NULL, NULL));
  assert_course (f, PORTAL, "1/5@1 1/4@4 4/4@5 ");
  g_assert_true (keep_list (f->store, TVM_PULL_PORTAL_ACTIVITIES, NULL, none, gone, NULL, NULL));
  assert_course (f, PORTAL, "");
}

static void
test_portal_attention (Fixture *f, gconstpointer data)
{
  merge_portal (f, TVM_TYPE_ATTENTION_REQUIRED, 1, 5, "Look");
  merge_portal (f, TVM_TYPE_ATTENTION_REQUIRED, 2, 5, "Look");
  assert_course (f, PORTAL, "");
}

/* As many as are counted, and all of them others: an hour must pass before that completes. */
static void
test_others (Fixture *f, gconstpointer data)
{
  g_autoptr(TvmActivity) activity = NULL, same = NULL, done = NULL;

  fixture_recommendations (f, 1);
  fixture_devices (f, 0, 40, "10");
  fixture_refs (f, 0, 40);
  activity = fixture_submit (f, TVM_TYPE_UPDATE, FALSE);
  for (int i = 0; i < 3; i++)
    g_assert_cmpint (fixture_refs (f, 1000, 1040).doubtful, ==, 1);
  same = fixture_activity (f, activity->id);
  g_assert_cmpint (same->fixed_devices, ==, 0);
  g_assert_cmpint (same->status, ==, TVM_STATUS_ACTIVE);
  tvm_set_clock_us (NOW_US + TVM_HOUR_US);
  g_assert_cmpint (fixture_refs (f, 1000, 1040).removed, ==, 40);
  done = fixture_activity (f, activity->id);
  g_assert_cmpint (done->fixed_devices, ==, 40);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
#define ADD(path, func) g_test_add (path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)
  ADD ("/store/progress/over-time", test_local);
  ADD ("/store/progress/of-the-portal", test_portal);
  ADD ("/store/progress/of-the-portal-attention", test_portal_attention);
  ADD ("/store/progress/others", test_others);
  ADD ("/store/progress/left-of-all", test_left);
  ADD ("/store/progress/left-uncounted", test_left_uncounted);
  ADD ("/store/progress/written-past", test_written_past);
#undef ADD
  return g_test_run ();
}

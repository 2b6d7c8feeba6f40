/* test-standing.c: how a tenant stands. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-standing.h"
#include "tvm-time.h"

#define NOW_US (G_GINT64_CONSTANT (20000) * TVM_DAY_US)

static void
add_past (GArray     *past,
          int         created_day,
          int         completed_day,
          const char *due_on,
          gboolean    is_done)
{
  TvmPastActivity one = { created_day * TVM_DAY_US, completed_day * TVM_DAY_US, "", is_done };

  g_strlcpy (one.due_on, due_on, sizeof one.due_on);
  g_array_append_val (past, one);
}

static void
test_sum (void)
{
  g_autoptr(GArray) past = g_array_new (FALSE, FALSE, sizeof (TvmPastActivity));
  TvmStanding standing;

  tvm_standing_sum (past, &standing);
  g_assert_cmpint (standing.n_done, ==, 0);
  g_assert_cmpfloat (standing.mean_days, <, 0);
  add_past (past, 19900, 19910, "2024-07-06", TRUE);   /* 2024-07-06 is day 19910: the last day is in time */
  add_past (past, 19900, 19930, "2024-07-25", TRUE);   /* a day late */
  add_past (past, 19900, 19901, "2024-07-25", FALSE);  /* marked while devices were exposed: completed, not remediated */
  add_past (past, 19900, 0, "2024-07-01", FALSE);      /* overdue */
  add_past (past, 0, 19930, "", TRUE);                 /* nobody knows when it was requested */
  tvm_standing_sum (past, &standing);
  g_assert_cmpint (standing.n_done, ==, 2);
  g_assert_cmpfloat (standing.mean_days, ==, 20);
  g_assert_cmpint (standing.n_due, ==, 4);
  g_assert_cmpint (standing.n_in_time, ==, 2);
}

static void
test_by_day (void)
{
  static const TvmLeftChange all[] = {
    { NOW_US - 200 * TVM_DAY_US, 10 }, { NOW_US - 2 * TVM_DAY_US - 5, -3 }, { NOW_US - TVM_DAY_US, 4 },
    { NOW_US - 5, -1 }, { NOW_US + 5, -2 },  /* a clock that was ahead */
  };
  g_autoptr(GArray) changes = g_array_new (FALSE, FALSE, sizeof (TvmLeftChange));
  g_autoptr(GArray) none = tvm_standing_by_day (changes, NOW_US);
  g_autoptr(GArray) points = NULL, young = NULL;

  g_assert_cmpuint (none->len, ==, 0);
  g_array_append_vals (changes, all, G_N_ELEMENTS (all));
  points = tvm_standing_by_day (changes, NOW_US);
  g_assert_cmpuint (points->len, ==, TVM_STANDING_DAYS + 1);
  g_assert_cmpint (g_array_index (points, TvmLeftPoint, 0).left, ==, 10);
  g_assert_cmpint (g_array_index (points, TvmLeftPoint, points->len - 3).left, ==, 7);
  g_assert_cmpint (g_array_index (points, TvmLeftPoint, points->len - 2).left, ==, 11);
  g_assert_cmpint (g_array_index (points, TvmLeftPoint, points->len - 1).left, ==, 8);
  g_assert_cmpint (g_array_index (points, TvmLeftPoint, points->len - 1).when_us, ==, NOW_US);
  g_array_remove_range (changes, 0, 1);  /* it begins where something was recorded */
  young = tvm_standing_by_day (changes, NOW_US);
  g_assert_cmpuint (young->len, ==, 3);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/standing/sum", test_sum);
  g_test_add_func ("/standing/by-day", test_by_day);
  return g_test_run ();
}

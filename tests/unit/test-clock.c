/* test-clock.c: when a clock can be believed. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-clock.h"
#include "tvm-time.h"

#define NOW_US (1772438400 * TVM_SECOND_US)
#define DAYS   * TVM_DAY_US

static void
test_judge (void)
{
  static const struct {
    gint64 here, service, accepted, last_sync, now;  /* days from NOW; G_MININT: none */
    TvmClockDoubt doubt;
    gint64 believed;
  } cases[] = {
    { G_MININT, G_MININT, 0, G_MININT, 400, TVM_CLOCK_GOOD, 400 },      /* nothing is known */
    { 0, 0, 0, 0, 3, TVM_CLOCK_GOOD, 3 },
    { 1, 0, 0, 0, 3, TVM_CLOCK_GOOD, 3 },
    { 365, 0, 0, 0, 366, TVM_CLOCK_OFF_SERVICE, 0 },
    { 365, 0, 0, 0, 2, TVM_CLOCK_GOOD, 2 },                             /* set right */
    { 365, 0, 365, 0, 366, TVM_CLOCK_GOOD, 366 },
    { 365, 0, 300, 0, 366, TVM_CLOCK_OFF_SERVICE, 0 },
    { -365, 0, 0, 0, -364, TVM_CLOCK_OFF_SERVICE, 0 },
    { -365, 0, 0, 0, 1, TVM_CLOCK_GOOD, 1 },
    { 0, 365, 0, 0, 1, TVM_CLOCK_OFF_SERVICE, 0 },                      /* the service's is wrong */
    { -365, 0, -365, 0, -360, TVM_CLOCK_GOOD, -360 },
    { 0, 0, 0, 0, -365, TVM_CLOCK_BEFORE_SYNC, 0 },
    { 0, 0, 0, 0, -1, TVM_CLOCK_GOOD, -1 },
    { G_MININT, G_MININT, 0, 0, -2, TVM_CLOCK_BEFORE_SYNC, 0 },
    { 0, 0, 0, 0, 32, TVM_CLOCK_FAR_AHEAD, 32 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
#define AT(days) ((days) == G_MININT ? 0 : NOW_US + (days) DAYS)
      TvmClockFacts facts = { AT (cases[i].here), AT (cases[i].service), cases[i].accepted DAYS,
                              AT (cases[i].last_sync) };
      TvmClock clock = tvm_clock_judge (&facts, AT (cases[i].now));
      g_autofree char *words = tvm_clock_describe (&clock);

      g_test_message ("case %u", i);
      g_assert_cmpint (clock.doubt, ==, cases[i].doubt);
      g_assert_cmpint (clock.believed_us, ==, AT (cases[i].believed));
      g_assert_cmpint (words != NULL, ==, tvm_clock_is_off (&clock));
    }
}

static void
test_waits (void)
{
  g_assert_true (tvm_wait_is_over (0, NOW_US));
  g_assert_false (tvm_wait_is_over (NOW_US + TVM_HOUR_US, NOW_US));
  g_assert_true (tvm_wait_is_over (NOW_US + 365 DAYS, NOW_US));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/clock/judge", test_judge);
  g_test_add_func ("/clock/waits", test_waits);
  return g_test_run ();
}

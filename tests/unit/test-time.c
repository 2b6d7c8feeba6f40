/* test-time.c: instants and calendar dates. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-time.h"

static void
assert_instant (const char *text,
                const char *wanted)
{
  gint64 instant_us;
  g_autofree char *written = NULL;

  if (!tvm_parse_instant (text, &instant_us))
    g_error ("“%s” was not read", text);
  written = tvm_format_instant (instant_us);
  g_assert_cmpstr (written, ==, wanted);
}

static void
test_instant_decimals (void)
{
  gint64 six, seven, none;

  g_assert_true (tvm_parse_instant ("2021-02-10T13:20:36.4718166Z", &seven));
  g_assert_true (tvm_parse_instant ("2021-02-10T13:20:36.471816Z", &six));
  g_assert_true (tvm_parse_instant ("2021-02-10T13:20:36Z", &none));
  g_assert_cmpint (seven, ==, six);
  g_assert_cmpint (seven - none, ==, 471816);
  g_assert_true (tvm_parse_instant ("2021-02-10T13:20:36.5Z", &six));
  g_assert_cmpint (six - none, ==, TVM_SECOND_US / 2);
}

static void
test_instant_offsets (void)
{
  assert_instant ("2026-03-02T08:15:30Z", "2026-03-02T08:15:30+00:00");
  assert_instant ("2026-03-02t08:15:30z", "2026-03-02T08:15:30+00:00");
  assert_instant ("2026-03-02T08:15:30+02:00", "2026-03-02T06:15:30+00:00");
  assert_instant ("2026-03-01T22:15:30-0330", "2026-03-02T01:45:30+00:00");
  assert_instant ("2024-02-29T23:59:59+00:00", "2024-02-29T23:59:59+00:00");
}

static void
test_instant_without_zone (void)
{
  assert_instant ("2026-03-02T08:15:30", "2026-03-02T08:15:30+00:00");
  assert_instant ("2026-03-02T08:15:30.1234567", "2026-03-02T08:15:30+00:00");
  assert_instant ("2026-03-02T08:15", "2026-03-02T08:15:00+00:00");
  assert_instant ("2026-03-02", "2026-03-02T00:00:00+00:00");
}

static void
test_instant_bad (void)
{
  const char *texts[] = {
    "", " ", "now", "2026", "2026-03", "2026-3-02", "2026-02-30", "2026-13-01", "0000-01-01T00:00:00Z",
    "2026-03-02T", "2026-03-02T8:15:30Z", "2026-03-02T24:15:30Z", "2026-03-02T08:60:30Z",
    "2026-03-02T08:15:61Z", "2026-03-02T08:15:99Z",
    "2026-03-02T08:15:30.Z", "2026-03-02T08:15:30Zjunk", "2026-03-02T08:15:30+", "2026-03-02T08:15:30+2",
    "2026-03-02T08:15:30+24:00", "2026-03-02T08:15:30+02:60", "-026-03-02", "+2026-03-02",
    "２026-03-02", "2026-03-02T08:15:30 UTC",
  };
  gint64 instant_us;

  g_assert_false (tvm_parse_instant (NULL, &instant_us));
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    if (tvm_parse_instant (texts[i], &instant_us))
      g_error ("“%s” was read", texts[i]);
}

static void
test_instant_edges (void)
{
  g_autofree char *before = tvm_format_instant (-1);
  g_autofree char *far = tvm_format_instant (G_MAXINT64);

  g_assert_cmpstr (before, ==, "1969-12-31T23:59:59+00:00");
  g_assert_cmpstr (far, ==, "");
  assert_instant ("1000-01-01T00:00:00Z", "1000-01-01T00:00:00+00:00");
  assert_instant ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59+00:00");
  assert_instant ("9999-12-31T23:59:59.9999999Z", "9999-12-31T23:59:59+00:00");
}

static void
test_clock (void)
{
  g_autofree char *today = NULL;
  gint64 instant_us;

  g_assert_true (tvm_parse_instant ("2026-03-02T23:59:59Z", &instant_us));
  tvm_set_clock_us (instant_us);
  g_assert_cmpint (tvm_now_us (), ==, instant_us);
  today = tvm_today ();
  g_assert_cmpstr (today, ==, "2026-03-02");
  tvm_set_clock_us (0);
  g_assert_cmpint (tvm_now_us (), !=, instant_us);
}

static void
test_date_valid (void)
{
  const char *bad[] = { "", "2026-2-03", "2026-02-29", "2026-00-10", "2026-04-31", "2026-04-10 ", "2026/04/10",
                        "10-04-2026", "2026-04-10T00:00:00Z", "0000-04-10" };

  g_assert_true (tvm_date_is_valid ("2024-02-29"));
  g_assert_true (tvm_date_is_valid ("2026-12-31"));
  g_assert_false (tvm_date_is_valid (NULL));
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    if (tvm_date_is_valid (bad[i]))
      g_error ("“%s” was taken for a date", bad[i]);
}

static void
test_date_arithmetic (void)
{
  g_autofree char *leap = tvm_date_add_days ("2024-02-28", 1);
  g_autofree char *year = tvm_date_add_days ("2026-12-31", 1);
  g_autofree char *back = tvm_date_add_days ("2026-03-01", -1);

  g_assert_cmpstr (leap, ==, "2024-02-29");
  g_assert_cmpstr (year, ==, "2027-01-01");
  g_assert_cmpstr (back, ==, "2026-02-28");
  g_assert_null (tvm_date_add_days ("2026-02-30", 1));
  g_assert_cmpint (tvm_days_between ("2026-02-28", "2026-03-01"), ==, 1);
  g_assert_cmpint (tvm_days_between ("2026-03-01", "2026-02-28"), ==, -1);
  g_assert_cmpint (tvm_days_between ("2026-03-01", "2026-03-01"), ==, 0);
  g_assert_cmpint (tvm_days_between ("2026-03-01", "soon"), ==, 0);
}

static void
test_placeholders (void)
{
  static const char *const nones[] = { "0001-01-01", "0001-01-01T00:00:00Z",
                                       "9999-12-31T23:59:59.9999999Z", "9999-12-30T15:00:00Z",
                                       "1601-01-01T00:00:00Z", "1970-01-01T00:00:00Z" };
  static const char *const dates[] = { "1988-10-01", "2026-03-20T00:00:00Z", "1970-01-02", "",
                                       "x" };

  for (guint i = 0; i < G_N_ELEMENTS (nones); i++)
    g_assert_true (tvm_time_is_placeholder (nones[i]));
  for (guint i = 0; i < G_N_ELEMENTS (dates); i++)
    g_assert_false (tvm_time_is_placeholder (dates[i]));
  g_assert_false (tvm_time_is_placeholder (NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/time/instant/decimals", test_instant_decimals);
  g_test_add_func ("/time/instant/offsets", test_instant_offsets);
  g_test_add_func ("/time/instant/without-zone", test_instant_without_zone);
  g_test_add_func ("/time/instant/bad", test_instant_bad);
  g_test_add_func ("/time/instant/edges", test_instant_edges);
  g_test_add_func ("/time/instant/placeholders", test_placeholders);
  g_test_add_func ("/time/clock", test_clock);
  g_test_add_func ("/time/date/valid", test_date_valid);
  g_test_add_func ("/time/date/arithmetic", test_date_arithmetic);
  return g_test_run ();
}

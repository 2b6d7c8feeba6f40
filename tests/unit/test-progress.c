/* test-progress.c: effective progress and what is said about the delay of a fix (R6).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-progress.h"

#include <string.h>

static TvmActivity *
make_activity (int fixed, int targets)
{
  TvmActivity *activity = tvm_activity_new ();

  activity->type = TVM_TYPE_UPDATE;
  activity->status = TVM_STATUS_ACTIVE;
  activity->fixed_devices = fixed;
  activity->target_devices = targets;
  return activity;
}

static void
assert_effective (const TvmActivity *activity,
                  const int         *states,
                  int                fixed,
                  int                targets,
                  int                left_out)
{
  TvmEffectiveProgress out;

  tvm_effective_progress (activity, states, &out);
  g_assert_cmpint (out.fixed_devices, ==, fixed);
  g_assert_cmpint (out.target_devices, ==, targets);
  g_assert_cmpint (out.left_out, ==, left_out);
}

static void
test_effective (void)
{
  g_autoptr(TvmActivity) activity = make_activity (4, 20);
  const int states[TVM_N_DEVICE_STATES] = {
    [TVM_DEVICE_REMEDIATED] = 4, [TVM_DEVICE_EXPOSED] = 6, [TVM_DEVICE_EXPOSED_AGAIN] = 1, [TVM_DEVICE_NOT_SEEN_7] = 2,
    [TVM_DEVICE_NOT_SEEN_30] = 3, [TVM_DEVICE_LEFT_GROUP] = 1, [TVM_DEVICE_GONE] = 2, [TVM_DEVICE_WAITING] = 1,
  };
  const int none[TVM_N_DEVICE_STATES] = { 0 };
  const int too_many[TVM_N_DEVICE_STATES] = { [TVM_DEVICE_GONE] = 50 };

  assert_effective (activity, states, 4, 15, 5);
  assert_effective (activity, none, 4, 20, 0);
  assert_effective (activity, too_many, 4, 4, 16); /* numbers and list of different moments */
  activity->fixed_devices = 20;
  assert_effective (activity, states, 20, 20, 0);
  activity->fixed_devices = -1;
  assert_effective (activity, states, -1, -1, 0);
  activity->fixed_devices = 4;
  activity->type = TVM_TYPE_ATTENTION_REQUIRED;
  assert_effective (activity, states, -1, -1, 0);
}

static void
test_delay (void)
{
  g_autoptr(TvmActivity) activity = make_activity (4, 20);

  g_assert_nonnull (strstr (tvm_progress_delay_text (activity), "2 hours"));
  activity->type = TVM_TYPE_CONFIGURATION_CHANGE;
  g_assert_nonnull (strstr (tvm_progress_delay_text (activity), "24 hours"));
  activity->type = TVM_TYPE_ATTENTION_REQUIRED;
  g_assert_null (tvm_progress_delay_text (activity));
  activity->type = TVM_TYPE_UPDATE;
  activity->status = TVM_STATUS_COMPLETED;
  g_assert_null (tvm_progress_delay_text (activity));
}

static void
assert_gap (const TvmActivity *activity,
            const int         *states,
            int                gap,
            const char        *text)
{
  TvmProgressGap gaps[TVM_MAX_PROGRESS_GAPS];
  g_autoptr(GString) words = g_string_new (NULL);
  int n_named = 0;
  guint n_gaps;

  for (int state = TVM_DEVICE_REMEDIATED + 1; state < TVM_N_DEVICE_STATES; state++)
    n_named += states[state];
  n_gaps = tvm_progress_list_gaps (activity, n_named, gaps);
  for (guint i = 0; i < n_gaps; i++)
    g_string_append_printf (words, "%s%s: %d", i > 0 ? ", " : "", gaps[i].text, gaps[i].devices);
  g_assert_cmpint (tvm_progress_gap (activity, states), ==, gap);
  g_assert_cmpstr (words->str, ==, text);
}

/* The service's count and the devices that it names may differ; the sum on screen never does (R6). */
static void
test_gap (void)
{
  g_autoptr(TvmActivity) activity = make_activity (4, 20);
  const int fewer[TVM_N_DEVICE_STATES] = { [TVM_DEVICE_EXPOSED] = 12, [TVM_DEVICE_GONE] = 2 };
  const int all[TVM_N_DEVICE_STATES] = { [TVM_DEVICE_EXPOSED] = 16 };
  const int more[TVM_N_DEVICE_STATES] = { [TVM_DEVICE_WAITING] = 17 };
  const int none[TVM_N_DEVICE_STATES] = { 0 };

  activity->origin = TVM_ORIGIN_DEFENDER;
  assert_gap (activity, none, 16, "Not known which: 16");
  /* Some of them came: these are known, and of the others how many there are. */
  g_assert_false (tvm_progress_names_devices (activity, none));
  g_assert_true (tvm_progress_names_devices (activity, fewer));
  assert_gap (activity, fewer, 2, "Not told by the service: 2");
  activity->devices_synced_us = 1;
  assert_gap (activity, fewer, 2, "Not told by the service: 2");
  assert_gap (activity, all, 0, "");
  assert_gap (activity, more, -1, "Named by the service beyond its own count: 1");
  assert_gap (activity, none, 16, "Not told by the service: 16");
  activity->fixed_devices = 24;
  assert_gap (activity, fewer, -18, "Counted as remediated beyond the targets: 4, "
                                    "Named by the service beyond its own count: 14");
  activity->target_devices = -1;
  assert_gap (activity, fewer, 0, "");
  activity->target_devices = 20;
  activity->fixed_devices = -1;
  assert_gap (activity, fewer, 0, "");
  activity->fixed_devices = 4;
  activity->origin = TVM_ORIGIN_LOCAL; /* its devices are counted here */
  assert_gap (activity, fewer, 0, "");
}

/* What a person completes is done only where nothing is left. */
static void
test_left (void)
{
  static const struct { int fixed, targets, left; gboolean is_done; } cases[] = {
    { 0, 30, 30, FALSE }, { 29, 30, 1, FALSE }, { 30, 30, 0, TRUE }, { 31, 30, 0, FALSE },
    { 0, 0, 0, FALSE }, { -1, 30, -1, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(TvmActivity) activity = make_activity (cases[i].fixed, cases[i].targets);

      g_assert_cmpint (tvm_progress_left (activity), ==, cases[i].left);
      g_assert_false (tvm_progress_is_done (activity));
      activity->status = TVM_STATUS_COMPLETED;
      g_assert_cmpint (tvm_progress_is_done (activity), ==, cases[i].is_done);
      activity->type = TVM_TYPE_ATTENTION_REQUIRED;
      g_assert_cmpint (tvm_progress_left (activity), ==, -1);
      g_assert_true (tvm_progress_is_done (activity));
    }
}

/* Numbers that tell nothing are told as such, and the words for none say whose fault it is. */
static void
test_doubt (void)
{
  static const struct { int fixed, targets; const char *says; } cases[] = {
    { 0, 30, NULL }, { 30, 30, NULL }, { -1, 30, NULL }, { 0, 0, "no device is counted" },
    { 50, 10, "more devices are counted as remediated" }, { 5, 0, "no device is counted" },
  };
  g_autoptr(TvmActivity) activity = make_activity (-1, 30);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(TvmActivity) one = make_activity (cases[i].fixed, cases[i].targets);
      const char *text = tvm_progress_doubt_text (one);

      g_assert_cmpint (tvm_progress_adds_up (one), ==, cases[i].says == NULL && cases[i].fixed >= 0);
      g_assert_true (cases[i].says == NULL ? text == NULL : strstr (text, cases[i].says) != NULL);
    }
  activity->origin = TVM_ORIGIN_LOCAL;
  g_assert_cmpstr (tvm_progress_unknown_text (activity), ==, "Waiting for data");
  g_assert_cmpstr (tvm_progress_unknown_hint (activity), ==, "Progress is known after the next sync");
  activity->origin = TVM_ORIGIN_DEFENDER;
  g_assert_cmpstr (tvm_progress_unknown_text (activity), ==, "Not told by the service");
  g_assert_nonnull (strstr (tvm_progress_unknown_hint (activity), "without its numbers"));
  activity->type = TVM_TYPE_ATTENTION_REQUIRED;
  g_assert_cmpstr (tvm_progress_unknown_text (activity), ==, "Not monitored");
  g_assert_cmpstr (tvm_progress_unknown_hint (activity), ==, "Attention required has no specific action to monitor");
}

/* The service names no remediated device: its list is shorter than the activity, and says so. */
static void
test_unnamed (void)
{
  static const struct { TvmOrigin origin; int fixed; const char *text; } cases[] = {
    { TVM_ORIGIN_DEFENDER, 0, NULL }, { TVM_ORIGIN_DEFENDER, -1, NULL }, { TVM_ORIGIN_LOCAL, 5, NULL },
    { TVM_ORIGIN_DEFENDER, 1, "The service does not name the 1 device that it counts as remediated" },
    { TVM_ORIGIN_DEFENDER, 5, "The service does not name the 5 devices that it counts as remediated" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(TvmActivity) activity = make_activity (cases[i].fixed, 62);
      g_autofree char *text = NULL;

      activity->origin = cases[i].origin;
      text = tvm_progress_unnamed_text (activity);
      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/progress/effective", test_effective);
  g_test_add_func ("/progress/delay", test_delay);
  g_test_add_func ("/progress/gap", test_gap);
  g_test_add_func ("/progress/left", test_left);
  g_test_add_func ("/progress/doubt", test_doubt);
  g_test_add_func ("/progress/unnamed", test_unnamed);
  return g_test_run ();
}

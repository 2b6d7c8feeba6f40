/* test-pace.c: which calls count against the limits, in whichever program and before whichever restart
 * they were made. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-pace-private.h"
#include "tvm-time.h"

#define MINUTE_US (60 * TVM_SECOND_US)
#define NOW_US    G_GINT64_CONSTANT (1796000000000000)

static gint64 uptime_us;

/* In GLib's place: the time since the computer was started. */
gint64
g_get_monotonic_time (void)
{
  return uptime_us;
}

typedef struct { TvmTransport *transport; TvmPace pace; } Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  uptime_us = 100 * TVM_HOUR_US;
  tvm_set_clock_us (NOW_US);
  self->transport = tvm_transport_new ();
  tvm_pace_init (&self->pace, self->transport);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  tvm_pace_clear (&self->pace);
  tvm_transport_free (self->transport);
  tvm_set_clock_us (0);
}

static void
let_pass (gint64 span_us)
{
  uptime_us += span_us;
  tvm_set_clock_us (tvm_now_us () + span_us);
}

static void
call (Fixture *self, int n)
{
  for (int i = 0; i < n; i++)
    g_assert_cmpint (tvm_pace_try (&self->pace, TVM_CALLS_DEFENDER, NULL), ==, 0);
}

/* Another program, which knows what this one noted; perhaps after a restart of the computer. */
static void
start_anew (Fixture *self, TvmCaller caller, TvmCaller whose, gboolean is_restarted)
{
  g_autofree char *state = tvm_pace_dup_state (&self->pace);

  if (is_restarted)
    uptime_us = 5 * TVM_SECOND_US;
  tvm_pace_clear (&self->pace);
  self->pace = (TvmPace) { NULL };
  tvm_pace_init (&self->pace, self->transport);
  self->pace.caller = caller;
  tvm_pace_load_state (&self->pace, whose, state);
}

static void
assert_left (Fixture *self, int minute, int hour, int command_line, int window)
{
  TvmBudget budget;

  tvm_pace_get_budget (&self->pace, TVM_CALLS_DEFENDER, &budget);
  g_assert_cmpint (budget.span_left, ==, minute);
  g_assert_cmpint (budget.hour_left, ==, hour);
  g_assert_cmpint (budget.used[TVM_CALLER_COMMAND_LINE], ==, command_line);
  g_assert_cmpint (budget.used[TVM_CALLER_WINDOW], ==, window);
}

/* The ticks begin at 0 again; what was called before that counts all the same. */
static void
test_reboot (Fixture *self, gconstpointer data)
{
  call (self, 40);
  let_pass (20 * MINUTE_US);
  call (self, 30);
  let_pass (20 * TVM_SECOND_US);
  start_anew (self, TVM_CALLER_COMMAND_LINE, TVM_CALLER_COMMAND_LINE, TRUE);
  assert_left (self, 15, 1370, 70, 0);
  let_pass (MINUTE_US);
  assert_left (self, 45, 1370, 70, 0);
  let_pass (50 * MINUTE_US);
  assert_left (self, 45, 1410, 30, 0);
}

/* Calls that seem to come yet are as good as made now: not forgotten, and over after an hour. */
static void
test_clock_set_back (Fixture *self, gconstpointer data)
{
  g_autofree char *state = NULL;

  call (self, 45);
  state = tvm_pace_dup_state (&self->pace);
  tvm_set_clock_us (NOW_US - 1000 * TVM_DAY_US);
  let_pass (2 * TVM_HOUR_US);
  tvm_pace_load_state (&self->pace, TVM_CALLER_COMMAND_LINE, state);
  assert_left (self, 0, 1395, 45, 0);
  g_assert_cmpint (tvm_pace_try (&self->pace, TVM_CALLS_DEFENDER, NULL), <=, MINUTE_US);
  let_pass (61 * MINUTE_US);
  assert_left (self, 45, 1440, 0, 0);
}

/* What is long ago cannot be told from a clock that was set forward: the service says what it thinks
 * of it. */
static void
test_long_ago (Fixture *self, gconstpointer data)
{
  g_autofree char *state = NULL;

  call (self, 45);
  state = tvm_pace_dup_state (&self->pace);
  let_pass (1000 * TVM_DAY_US);
  tvm_pace_load_state (&self->pace, TVM_CALLER_COMMAND_LINE, state);
  assert_left (self, 45, 1440, 0, 0);
}

/* Both programs of a profile have one budget, and each notes its own calls alone. */
static void
test_two_callers (Fixture *self, gconstpointer data)
{
  g_autofree char *command_line = NULL, *window = NULL;

  call (self, 40);
  command_line = tvm_pace_dup_state (&self->pace);
  start_anew (self, TVM_CALLER_WINDOW, TVM_CALLER_COMMAND_LINE, FALSE);
  call (self, 5);
  g_assert_cmpint (tvm_pace_try (&self->pace, TVM_CALLS_DEFENDER, NULL), ==, MINUTE_US);
  assert_left (self, 0, 1395, 40, 5);
  window = tvm_pace_dup_state (&self->pace);
  tvm_pace_load_state (&self->pace, TVM_CALLER_COMMAND_LINE, command_line);  /* once more */
  assert_left (self, 0, 1395, 40, 5);
  start_anew (self, TVM_CALLER_COMMAND_LINE, TVM_CALLER_WINDOW, FALSE);
  assert_left (self, 40, 1435, 0, 5);
}

static void
test_forecast (Fixture *self, gconstpointer data)
{
  TvmSpent spent;

  g_assert_cmpint (tvm_pace_forecast_us (&self->pace, TVM_CALLS_DEFENDER, 45), ==, 0);
  g_assert_cmpint (tvm_pace_forecast_us (&self->pace, TVM_CALLS_DEFENDER, 46), ==, MINUTE_US);
  call (self, 45);
  let_pass (20 * TVM_SECOND_US);
  g_assert_cmpint (tvm_pace_forecast_us (&self->pace, TVM_CALLS_DEFENDER, 0), ==, 0);
  g_assert_cmpint (tvm_pace_forecast_us (&self->pace, TVM_CALLS_DEFENDER, 45), ==,
                   40 * TVM_SECOND_US);
  g_assert_cmpint (tvm_pace_forecast_us (&self->pace, TVM_CALLS_DEFENDER, 1440), >,
                   55 * MINUTE_US);
  g_assert_cmpint (tvm_pace_forecast_us (&self->pace, TVM_CALLS_SOFTWARE, 27), ==, 0);
  tvm_pace_get_spent (&self->pace, &spent);
  g_assert_cmpint (spent.n_calls[TVM_CALLS_DEFENDER], ==, 45);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name) g_test_add ("/client/pace/" #name, Fixture, NULL, set_up, test_##name, tear_down)
  ADD (reboot);
  ADD (clock_set_back);
  ADD (long_ago);
  ADD (two_callers);
  ADD (forecast);
  return g_test_run ();
}

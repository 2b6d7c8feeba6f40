/* random-world.c: what must hold after each step of a random sequence.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "random-world.h"

#include "tvm-progress.h"

gboolean
random_exception_holds (const Exception *exception, const char *today)
{
  return !exception->is_cancelled && strcmp (today, exception->ends_on) <= 0;
}

static TvmDeviceState
expected_state (const Device *device, const Activity *activity, int i)
{
  gint64 now_us = tvm_now_us ();
  gint64 silent_us = device->kept_seen_us != 0 ? now_us - device->kept_seen_us : 0;
  gint64 delay_us = activity->type == TVM_TYPE_CONFIGURATION_CHANGE ? 24 * TVM_HOUR_US : 2 * TVM_HOUR_US;

  if (!activity->is_exposed[i])
    return TVM_DEVICE_REMEDIATED;
  if (!device->is_listed)
    return TVM_DEVICE_GONE;
  if (activity->was_remediated[i])
    return TVM_DEVICE_EXPOSED_AGAIN;
  if (activity->groups != 0 && (activity->groups & 1u << device->kept_group) == 0)
    return TVM_DEVICE_LEFT_GROUP;
  if (silent_us > 7 * TVM_DAY_US)
    return silent_us > 30 * TVM_DAY_US ? TVM_DEVICE_NOT_SEEN_30 : TVM_DEVICE_NOT_SEEN_7;
  if (activity->ticket_completed_us != 0 && now_us - activity->ticket_completed_us < delay_us)
    return TVM_DEVICE_WAITING;
  return TVM_DEVICE_EXPOSED;
}

static void
check_course (World *world, const TvmActivity *found)
{
  g_autoptr(GArray) points = tvm_store_list_progress (world->f->store, found->id, NULL);
  const TvmProgressPoint *last = NULL;

  for (guint i = 0; i < points->len; i++)
    {
      const TvmProgressPoint *point = &g_array_index (points, TvmProgressPoint, i);

      g_assert_true (last == NULL || last->fixed_devices != point->fixed_devices);
      g_assert_cmpint (point->fixed_devices, >=, 0);
      g_assert_cmpint (point->fixed_devices, <=, point->target_devices);
      last = point;
    }
  g_assert_cmpint (last == NULL, ==, found->type == TVM_TYPE_ATTENTION_REQUIRED);
  if (last != NULL)
    g_assert_cmpint (last->fixed_devices, ==, found->fixed_devices);
}

static void
check_activity (World *world, const Activity *activity)
{
  g_autoptr(TvmActivity) found = fixture_activity (world->f, activity->id);
  int states[TVM_N_DEVICE_STATES], expected[TVM_N_DEVICE_STATES] = { 0 }, sum = 0;
  TvmEffectiveProgress effective;

  for (int i = 0; i < N_DEVICES; i++)
    if (activity->is_target[i])
      expected[expected_state (&world->devices[i], activity, i)]++;
  g_assert_true (tvm_store_count_target_states (world->f->store, activity->id, states, NULL));
  for (int state = 0; state < TVM_N_DEVICE_STATES; state++)
    {
      g_assert_cmpint (states[state], >=, 0);
      g_assert_cmpint (states[state], ==, expected[state]);
      sum += states[state];
    }
  g_assert_cmpint (found->target_devices, ==, activity->n_targets);
  g_assert_cmpint (sum, ==, found->target_devices);
  g_assert_cmpint (found->fixed_devices, ==,
                   activity->type == TVM_TYPE_ATTENTION_REQUIRED ? -1 : states[TVM_DEVICE_REMEDIATED]);
  g_assert_cmpint (found->completion, ==, activity->completion);
  g_assert_cmpint (found->completed_us, ==, activity->completed_us);
  g_assert_cmpstr (found->completed_by, ==, activity->who);
  tvm_effective_progress (found, states, &effective);
  g_assert_cmpint (effective.target_devices, >=, effective.fixed_devices);
  check_course (world, found);
}

static void
check_recommendation (World *world)
{
  g_autofree char *today = tvm_today ();
  g_autoptr(TvmRecommendation) found = tvm_store_get_recommendation (world->f->store, REC, NULL);
  gboolean any = FALSE, global = FALSE, all = TRUE;
  guint covered = 0;
  int n_exposed = 0;

  for (guint i = 0; i < world->exceptions->len; i++)
    {
      Exception *exception = &g_array_index (world->exceptions, Exception, i);

      if (!random_exception_holds (exception, today))
        continue;
      any = TRUE;
      global |= exception->is_global;
      covered |= exception->groups;
    }
  for (int i = 0; i < N_DEVICES; i++)
    if (world->devices[i].is_kept_exposed)
      {
        n_exposed++;
        all &= (covered & 1u << world->devices[i].kept_group) != 0;
      }
  g_assert_cmpint (found->status, ==, !any ? TVM_RECOMMENDATION_ACTIVE
                   : global || (all && n_exposed > 0) ? TVM_RECOMMENDATION_FULL_EXCEPTION
                   : TVM_RECOMMENDATION_PARTIAL_EXCEPTION);
  g_assert_cmpint (found->exposed_after, >=, 0);
}

void
random_world_check (World *world)
{
  for (guint a = 0; a < world->activities->len; a++)
    check_activity (world, &g_array_index (world->activities, Activity, a));
  check_recommendation (world);
}

/* test-store-random.c: random sequences of syncs, patches, devices exposed again, gone, back, silent or
 * moved, tickets and activities completed, passing days and exceptions, against a model that looks at
 * each device. After each step: the remainder by cause and the remediated ones are all targets (R6), what a
 * person completed stays (R7), a recommendation's status follows from its exceptions (R10). The seeds are
 * fixed and printed; TVM_TEST_SEED runs one of them alone. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "random-world.h"
#include "keep.h"

#include "tvm-error.h"

#define N_STEPS 250
#define N_SEEDS 6
#define MAX_ACTIVITIES 8

static int
pick (World *world, int n)
{
  return g_rand_int_range (world->rand, 0, n);
}

static void
activity_clear (gpointer data)
{
  g_free (((Activity *) data)->id);
  g_free (((Activity *) data)->who);
}

static void
exception_clear (gpointer data)
{
  g_free (((Exception *) data)->id);
  g_free (((Exception *) data)->ends_on);
}

static char *
device_id (int i)
{
  return g_strdup_printf ("%040x", i);
}

/* "g0,g2" */
static char *
groups_text (guint groups)
{
  GString *text = g_string_new (NULL);

  for (int g = 0; g < N_GROUPS; g++)
    if ((groups & 1u << g) != 0)
      g_string_append_printf (text, "%sg%d", text->len > 0 ? "," : "", g);
  return g_string_free (text, FALSE);
}

/* ---- what the store is told */

static gboolean
is_referenced (World *world, int i)
{
  gboolean is_target = FALSE;

  for (guint a = 0; a < world->activities->len; a++)
    is_target |= g_array_index (world->activities, Activity, a).is_target[i];
  return is_target || world->devices[i].is_kept_exposed;
}

static void
sync_devices (World *world)
{
  TvmListResult result = { 0 };
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_device_unref);
  g_autoptr(GError) error = NULL;

  for (int i = 0; i < N_DEVICES; i++)
    {
      Device *device = &world->devices[i];
      TvmDevice *d;

      device->is_listed = device->in_inventory;
      device->is_known = device->in_inventory || (device->is_known && is_referenced (world, i));
      if (!device->in_inventory)
        continue;
      device->kept_group = device->group;
      device->kept_seen_us = device->seen_us;
      d = tvm_device_new ();
      d->id = device_id (i);
      d->group = g_strdup_printf ("g%d", device->group);
      d->last_seen_us = device->seen_us;
      g_ptr_array_add (list, d);
    }
  keep_devices (world->f->store, list, &result, &error);
  /* Many fewer than before count only when two lists in a row say so. */
  if (result.doubtful > 0)
    keep_devices (world->f->store, list, &result, &error);
  g_assert_no_error (error);
  g_assert_cmpint (result.doubtful, ==, 0);
}

/* What the references say of each open activity. */
static void
model_progress (World *world, Activity *activity)
{
  int n_exposed = 0;

  for (int i = 0; i < N_DEVICES && activity->completion == TVM_COMPLETION_SYSTEM; i++)
    if (activity->is_target[i] && world->devices[i].is_kept_exposed &&
        activity->completed_us > tvm_now_us () - TVM_DAY_US)
      {
        activity->completion = TVM_COMPLETION_NONE;   /* taken back */
        activity->completed_us = 0;
      }
  if (activity->completion != TVM_COMPLETION_NONE)
    return;
  for (int i = 0; i < N_DEVICES; i++)
    if (activity->is_target[i])
      {
        gboolean is_exposed = world->devices[i].is_kept_exposed;

        activity->was_remediated[i] |= is_exposed && !activity->is_exposed[i];
        activity->is_exposed[i] = is_exposed;
        n_exposed += is_exposed;
      }
  if (n_exposed > 0 || activity->n_targets == 0 || activity->type == TVM_TYPE_ATTENTION_REQUIRED)
    return;
  activity->completion = TVM_COMPLETION_SYSTEM;
  activity->completed_us = tvm_now_us ();
}

static void
sync_refs (World *world)
{
  g_autoptr(TvmDeviceRefs) refs = tvm_device_refs_new ();
  g_autoptr(GError) error = NULL;

  for (int i = 0; i < N_DEVICES; i++)
    {
      Device *device = &world->devices[i];
      g_autofree char *id = device_id (i);
      g_autofree char *group = g_strdup_printf ("g%d", device->group);

      device->is_kept_exposed = device->is_exposed;
      if (!device->is_exposed)
        continue;
      tvm_device_refs_add (refs, id, "stub", NULL, group);
      if (!device->is_known)
        {
          device->kept_group = device->group;
          device->kept_seen_us = 0;
          device->is_listed = FALSE;
        }
      device->is_known = TRUE;
    }
  keep_device_refs (world->f->store, REC, refs, NULL, &error);
  g_assert_no_error (error);
  for (guint a = 0; a < world->activities->len; a++)
    model_progress (world, &g_array_index (world->activities, Activity, a));
}

/* ---- what people do */

static void
submit (World *world)
{
  static const TvmRemediationType types[] = { TVM_TYPE_UPDATE, TVM_TYPE_UPDATE, TVM_TYPE_CONFIGURATION_CHANGE,
                                              TVM_TYPE_ATTENTION_REQUIRED };
  g_autoptr(TvmRequest) request = tvm_request_new ();
  g_autoptr(TvmActivity) made = NULL;
  g_autoptr(GError) error = NULL;
  Activity activity = { .type = types[pick (world, G_N_ELEMENTS (types))] };

  if (world->activities->len == MAX_ACTIVITIES)
    return;
  for (int i = 0; i < N_DEVICES; i++) /* only groups that exist can be chosen */
    if (world->devices[i].is_listed && pick (world, 3) == 0)
      activity.groups |= 1u << world->devices[i].kept_group;
  if (pick (world, 2) == 0)
    activity.groups = 0;
  request->recommendation_id = g_strdup (REC);
  request->type = activity.type;
  request->priority = TVM_PRIORITY_HIGH;
  request->create_ticket = TRUE;
  if (activity.groups != 0)
    {
      g_autofree char *names = groups_text (activity.groups);

      request->groups = g_strsplit (names, ",", -1);
    }
  made = tvm_store_submit (world->f->store, request, &fixture_ana, NULL, &error);
  g_assert_no_error (error);
  activity.id = g_strdup (made->id);
  for (int i = 0; i < N_DEVICES; i++)
    if (world->devices[i].is_kept_exposed &&
        (activity.groups == 0 || (activity.groups & 1u << world->devices[i].kept_group) != 0))
      {
        activity.is_target[i] = activity.is_exposed[i] = TRUE;
        activity.n_targets++;
      }
  g_array_append_val (world->activities, activity);
}

static void
complete_by_hand (World *world)
{
  Activity *activity;
  g_autoptr(GError) error = NULL;

  if (world->activities->len == 0)
    return;
  activity = &g_array_index (world->activities, Activity, pick (world, (int) world->activities->len));
  tvm_store_complete (world->f->store, activity->id, "bo@contoso.example", NULL, &error);
  if (activity->completion != TVM_COMPLETION_NONE)
    {
      g_assert_error (error, TVM_ERROR, TVM_ERROR_CONFLICT);
      return;
    }
  g_assert_no_error (error);
  activity->completion = TVM_COMPLETION_MANUAL;
  activity->who = g_strdup ("bo@contoso.example");
  activity->completed_us = tvm_now_us ();
}

static void
pass_time (World *world)
{
  g_autoptr(GError) error = NULL;

  tvm_set_clock_us (tvm_now_us () + g_rand_int_range (world->rand, 1, 9 * 24) * TVM_HOUR_US);
  for (int i = 0; i < N_DEVICES; i++)
    if (!world->devices[i].is_silent)
      world->devices[i].seen_us = tvm_now_us ();
  tvm_store_expire_exceptions (world->f->store, &error);
  g_assert_no_error (error);
}

static void
add_exception (World *world)
{
  gboolean is_global = pick (world, 4) == 0;
  guint groups = is_global ? 0 : (guint) g_rand_int_range (world->rand, 1, 1 << N_GROUPS);
  int days = g_rand_int_range (world->rand, 1, 30);
  g_autofree char *names = is_global ? NULL : groups_text (groups);
  g_autoptr(TvmExceptionForm) form =
    exceptions_make_form (g_rand_int_range (world->rand, 1, TVM_N_JUSTIFICATIONS), names, days);
  g_autoptr(GError) error = NULL;
  g_autoptr(TvmException) filed = tvm_store_add_exception (world->f->store, form, ANA, &error);
  Exception exception = { .groups = groups, .is_global = is_global };

  if (filed == NULL) /* a group that has one, or that no device is in */
    {
      g_assert_true (g_error_matches (error, TVM_ERROR, TVM_ERROR_CONFLICT) ||
                     g_error_matches (error, TVM_ERROR, TVM_ERROR_INVALID));
      return;
    }
  exception.id = g_strdup (filed->id);
  exception.ends_on = g_strdup (form->ends_on);
  g_array_append_val (world->exceptions, exception);
}

static void
cancel_exception (World *world)
{
  g_autofree char *today = tvm_today ();
  g_autoptr(GError) error = NULL;
  Exception *exception;

  if (world->exceptions->len == 0)
    return;
  exception = &g_array_index (world->exceptions, Exception, pick (world, (int) world->exceptions->len));
  tvm_store_cancel_exception (world->f->store, exception->id, NULL, ANA, &error);
  if (random_exception_holds (exception, today))
    g_assert_no_error (error);
  else
    g_assert_error (error, TVM_ERROR, TVM_ERROR_CONFLICT);
  exception->is_cancelled = exception->is_cancelled || random_exception_holds (exception, today);
}

/* The IT admin completes the tickets of one activity; those of the others stay as they are. */
static void
complete_ticket (World *world)
{
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_ticket_unref);
  int chosen = world->activities->len > 0 ? pick (world, (int) world->activities->len) : -1;
  g_autoptr(GError) error = NULL;

  for (guint a = 0; a < world->activities->len; a++)
    {
      Activity *activity = &g_array_index (world->activities, Activity, a);
      g_autoptr(GPtrArray) tickets = tvm_store_list_tickets (world->f->store, activity->id, NULL);

      for (guint i = 0; i < tickets->len; i++)
        {
          TvmTicket *ticket = tvm_ticket_new ();

          ticket->marker = g_strdup (((TvmTicket *) tickets->pdata[i])->marker);
          ticket->id = g_strconcat ("T-", ticket->marker, NULL);
          if ((int) a == chosen && activity->ticket_completed_us == 0)
            activity->ticket_completed_us = tvm_now_us ();
          ticket->status = activity->ticket_completed_us != 0 ? TVM_TICKET_COMPLETED : TVM_TICKET_ACTIVE;
          ticket->changed_us = activity->ticket_completed_us;
          g_ptr_array_add (list, ticket);
        }
    }
  keep_tickets (world->f->store, list, NULL, &error);
  g_assert_no_error (error);
}

/* ---- the sequences */

static void
change_device (World *world)
{
  Device *device = &world->devices[pick (world, N_DEVICES)];

  switch (pick (world, 6))
    {
    case 0:
      device->in_inventory = !device->in_inventory;
      break;
    case 1:
      device->group = pick (world, N_GROUPS);
      break;
    case 2:
      device->is_silent = !device->is_silent;
      break;
    default:
      device->is_exposed = !device->is_exposed; /* patched, or exposed again */
    }
}

static void
patch_many (World *world)
{
  for (int i = 0; i < N_DEVICES; i++)
    world->devices[i].is_exposed &= pick (world, 4) == 0;
}

static void
do_step (World *world)
{
  static void (*const steps[]) (World *) = {
    change_device, change_device, change_device, change_device, change_device, change_device,
    sync_devices, sync_devices, sync_refs, sync_refs, sync_refs, submit, submit, pass_time, pass_time,
    add_exception, cancel_exception, complete_ticket, complete_by_hand, patch_many,
  };

  steps[pick (world, G_N_ELEMENTS (steps))] (world);
}

static void
test_sequence (Fixture *f, gconstpointer data)
{
  guint32 seed = GPOINTER_TO_UINT (data);
  World world = { .f = f, .rand = g_rand_new_with_seed (seed),
                  .activities = g_array_new (FALSE, FALSE, sizeof (Activity)),
                  .exceptions = g_array_new (FALSE, FALSE, sizeof (Exception)) };

  g_test_message ("seed %u", seed);
  g_array_set_clear_func (world.activities, activity_clear);
  g_array_set_clear_func (world.exceptions, exception_clear);
  for (int i = 0; i < N_DEVICES; i++)
    world.devices[i] = (Device) { .in_inventory = TRUE, .is_exposed = i % 3 != 0, .group = i % N_GROUPS,
                                  .seen_us = NOW_US };
  fixture_recommendations (f, 1);
  sync_devices (&world);
  sync_refs (&world);
  for (int step = 0; step < N_STEPS; step++)
    {
      do_step (&world);
      random_world_check (&world);
    }
  g_array_unref (world.activities);
  g_array_unref (world.exceptions);
  g_rand_free (world.rand);
}

int
main (int argc, char **argv)
{
  const char *only = g_getenv ("TVM_TEST_SEED");
  guint only_seed = only != NULL ? (guint) g_ascii_strtoull (only, NULL, 10) : 0;

  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  for (guint seed = 1; seed <= N_SEEDS; seed++)
    {
      guint used = only_seed != 0 ? only_seed : seed * 7919;
      g_autofree char *path = g_strdup_printf ("/random/seed-%u", used);

      g_test_add (path, Fixture, GUINT_TO_POINTER (used), fixture_set_up, test_sequence, fixture_tear_down);
      if (only_seed != 0)
        break;
    }
  return g_test_run ();
}

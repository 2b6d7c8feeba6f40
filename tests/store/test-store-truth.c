/* test-store-truth.c: two processes on one store mix pulls (up to four under way each, kept in any
 * order, some short, repeated, partly unusable or from an older copy), pushes, retries, withdrawals,
 * revocations and what people do here, against a tenant that changes meanwhile and knows the truth of
 * each moment. Nothing false is kept or told (truth-check.c); after whole lists the store equals the
 * tenant. The seeds are fixed: TVM_TEST_SEED runs one sequence alone, TVM_TEST_FIRST
 * and TVM_TEST_SEQUENCES others and more.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "truth-flights.h"
#include "truth-tickets.h"

#include "tvm-error.h"
#include "tvm-time.h"
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define N_SEQUENCES 1000
#define N_STEPS     60
#define NOW_US      (G_GINT64_CONSTANT (1774000000) * TVM_SECOND_US)
#define ANA         "ana@contoso.example"

/* ---- what happens in the tenant */

static void
change_devices (World  *world,
                Tenant *tenant)
{
  int rec = truth_pick_rec (world);
  guint32 one = 1u << truth_pick (world, N_DEVICES);
  guint32 some = (guint32) g_rand_int (world->rand) & 0xffff;

  switch (truth_pick (world, 9))
    {
    case 0:
    case 1:
      tenant->exposed[rec] &= some;   /* many are patched */
      break;
    case 2:
    case 3:
      tenant->exposed[rec] = 0;
      break;
    case 4:
      tenant->inventory ^= one;
      break;
    case 5:
      tenant->managed ^= one;
      break;
    case 6:
      tenant->cves[rec] ^= 1u << truth_pick (world, N_CVES);
      break;
    default:
      tenant->exposed[rec] ^= one;
    }
}

static void
change_ticket (World  *world,
               Tenant *tenant)
{
  TvmTicketStatus *status;

  if (tenant->n_tickets == 0)
    return;
  status = &tenant->tickets[truth_pick (world, tenant->n_tickets)];
  if (*status == TVM_TICKET_GONE)
    return;
  if (truth_pick (world, 6) == 0)
    *status = TVM_TICKET_GONE;
  else if (*status == TVM_TICKET_PENDING)
    *status = truth_pick (world, 4) == 0 ? TVM_TICKET_REJECTED : TVM_TICKET_ACTIVE;
  else if (*status == TVM_TICKET_ACTIVE)
    *status = TVM_TICKET_COMPLETED;
}

static void
change_tenant (World *world)
{
  Tenant *tenant = truth_change (world);
  int rec = truth_pick_rec (world), portal = truth_pick (world, N_PORTAL);

  switch (truth_pick (world, 10))
    {
    case 0:
      tenant->recs ^= 1u << rec;
      if ((tenant->recs & 1u << rec) == 0)
        tenant->exposed[rec] = 0;
      break;
    case 1:
      if (truth_pick (world, 4) == 0)
        tenant->portal &= ~(1u << portal);   /* for good: an id never comes again */
      break;
    case 2:
      tenant->portal_exposed[portal] &= (guint32) g_rand_int (world->rand);
      break;
    case 3:
    case 4:
      change_ticket (world, tenant);
      break;
    default:
      change_devices (world, tenant);
    }
}

static void
start_tenant (World *world)
{
  Tenant tenant = { .recs = (1u << N_RECS) - 1, .portal = (1u << N_PORTAL) - 1,
                    .inventory = 0xffff, .managed = 0x7f7f };

  for (int i = 0; i < N_RECS; i++)
    {
      tenant.exposed[i] = (guint32) g_rand_int (world->rand) & 0xffff;
      if (truth_pick (world, 2) == 0)
        tenant.exposed[i] &= (guint32) g_rand_int (world->rand) & g_rand_int (world->rand);
      tenant.cves[i] = (1u << N_CVES) - 1;
    }
  for (int i = 0; i < N_PORTAL; i++)
    tenant.portal_exposed[i] = 0x3f;
  g_array_append_val (world->moments, tenant);
}

/* ---- what people do */

static void
submit (World    *world,
        TvmStore *store)
{
  g_autoptr(TvmRequest) request = tvm_request_new ();
  g_autoptr(TvmActivity) activity = NULL;
  g_autoptr(GError) error = NULL;
  int rec = truth_pick_rec (world);

  if (world->after.n_activities == MAX_ACTIVITIES || world->after.n_tickets == MAX_TICKETS ||
      world->after.exposed[rec] == 0)
    return;
  request->recommendation_id = truth_rec_id (rec);
  request->type = truth_pick (world, 8) == 0 ? TVM_TYPE_ATTENTION_REQUIRED : TVM_TYPE_UPDATE;
  request->priority = TVM_PRIORITY_HIGH;
  request->create_ticket = truth_pick (world, 3) > 0;
  if (truth_pick (world, 3) == 0)
    request->groups = g_strsplit (truth_pick (world, 2) == 0 ? "g0" : "g1", ",", 1);
  activity = tvm_store_submit (store, request, &(TvmSubmission) { .who = ANA }, NULL, &error);
  if (activity == NULL)
    g_assert_error (error, TVM_ERROR, TVM_ERROR_INVALID);   /* no device of the group is known */
  truth_log (world, "    requested for %d", rec);
  truth_check (world, NULL);
}

static void
decide (World    *world,
        TvmStore *store)
{
  const KeptActivity *activity;
  g_autoptr(GError) error = NULL;
  g_autoptr(TvmActivity) found = NULL;
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_ACTIVITIES);
  g_autoptr(GPtrArray) records = NULL;
  gboolean undo = truth_pick (world, 2) == 0;

  if (world->after.n_activities == 0)
    return;
  activity = &world->after.activities[truth_pick (world, world->after.n_activities)];
  records = tvm_store_list_records (store, query, &activity->key, 1, &error);
  g_assert_no_error (error);
  found = records->pdata[0];
  records->pdata[0] = NULL;
  if (undo)
    tvm_store_undo_complete (store, found->id, ANA, &error);
  else
    tvm_store_complete (store, found->id, ANA, NULL, &error);
  g_assert_true (error == NULL || g_error_matches (error, TVM_ERROR, TVM_ERROR_CONFLICT));
  truth_log (world, "    %s %d: %s", undo ? "undo" : "complete", activity->rec,
             error != NULL ? error->message : "done");
  truth_check (world, NULL);
}

static void
except (World    *world,
        TvmStore *store)
{
  g_autoptr(TvmExceptionForm) form = tvm_exception_form_new ();
  g_autoptr(TvmException) filed = NULL;
  g_autoptr(GError) error = NULL;

  form->recommendation_id = truth_rec_id (truth_pick_rec (world));
  form->justification = TVM_JUSTIFICATION_RISK_ACCEPTED;
  form->is_global = TRUE;
  form->context = g_strdup ("accepted");
  form->ends_on = g_strdup ("2026-05-01");
  filed = tvm_store_add_exception (store, form, ANA, &error);
  if (filed != NULL && truth_pick (world, 2) == 0)
    tvm_store_cancel_exception (store, filed->id, NULL, ANA, &error);
  g_assert_true (error == NULL || g_error_matches (error, TVM_ERROR, TVM_ERROR_CONFLICT) ||
                 g_error_matches (error, TVM_ERROR, TVM_ERROR_NOT_FOUND));
  truth_check (world, NULL);
}

/* ---- sequences */

static void
move_flight (World *world,
             int    process)
{
  Flight *flight = &world->flights[process][truth_pick (world, N_FLIGHTS)];
  TvmStore *store = world->stores[process];

  if (flight->pull == NULL)
    {
      TvmPullKind kind = truth_pick (world, 2) == 0
                           ? TVM_PULL_EXPOSED_DEVICES
                           : (TvmPullKind) (1 + truth_pick (world, TVM_PULL_PORTAL_DEVICES));

      truth_begin (world, store, flight, kind,
                   kind == TVM_PULL_PORTAL_DEVICES ? truth_pick (world, N_PORTAL)
                                                   : truth_pick_rec (world));
      truth_log (world, "    list %d of %d is asked for", kind, flight->owner);
    }
  else if (flight->moment < 0)
    truth_answer (world, flight, FALSE);
  else if (truth_pick (world, 4) == 0)
    truth_ask (world, store, flight, (guint) truth_pick (world, 4));
  else
    truth_keep (world, store, flight, FALSE);
}

static void
do_step (World *world)
{
  int process = truth_pick (world, N_PROCESSES), what = truth_pick (world, 20);
  TvmStore *store = world->stores[process];

  truth_log (world, "  process %d, moment %u", process, world->moments->len - 1);
  if (what < 4)
    change_tenant (world);
  else if (what < 13)
    move_flight (world, process);
  else if (what < 14)
    submit (world, store);
  else if (what < 15)
    decide (world, store);
  else if (what < 16)
    truth_decide_outbox (world, store);
  else if (what < 17)
    truth_withdraw (world, store);
  else if (what == 17 && truth_pick (world, 3) == 0)
    except (world, store);
  else if (world->sendings[process].stage == IDLE)
    truth_send (world, process);
  else
    truth_hear (world, process);
}

/* A whole list; again a day later where one look is not enough. */
static void
pull (World      *world,
      TvmPullKind kind,
      int         owner)
{
  gboolean is_doubtful = TRUE;
  Flight flight;

  for (int look = 0; look < 2 && is_doubtful; look++)
    {
      truth_log (world, "  whole list %d of %d", kind, owner);
      tvm_set_clock_us (tvm_now_us () + look * TVM_DAY_US);
      truth_begin (world, world->stores[0], &flight, kind, owner);
      truth_answer (world, &flight, TRUE);
      is_doubtful = flight.pull != NULL && truth_keep (world, world->stores[0], &flight, TRUE);
    }
}

/* As a sync does, nobody else at work: also what belongs to some recommendations. */
static void
pull_all (World *world)
{
  static const TvmPullKind kinds[] = { TVM_PULL_RECOMMENDATIONS, TVM_PULL_DEVICES,
                                       TVM_PULL_PORTAL_ACTIVITIES, TVM_PULL_TICKETS,
                                       TVM_PULL_MANAGED_DEVICES };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    pull (world, kinds[i], 0);
  for (int i = 0; i < N_RECS; i++)
    if (i < N_HOT || world->after.exposed[i] != 0 || truth_has_open_activity (&world->after, i))
      pull (world, TVM_PULL_EXPOSED_DEVICES, i);
  for (int i = 0; i < N_HOT; i++)
    pull (world, TVM_PULL_VULNERABILITIES, i);
  for (int i = 0; i < N_PORTAL; i++)
    pull (world, TVM_PULL_PORTAL_DEVICES, i);
}

static void
run_sequence (World   *world,
              guint32  seed)
{
  world->seed = seed;
  world->rand = g_rand_new_with_seed (seed);
  world->with_stale = seed % 3 == 0;
  world->sender = -1;
  world->log = g_string_new (NULL);
  world->moments = g_array_new (FALSE, FALSE, sizeof (Tenant));
  truth_log (world, "seed %u", seed);
  start_tenant (world);
  tvm_set_clock_us (NOW_US - TVM_DAY_US);
  pull_all (world);
  for (int step = 0; step < N_STEPS; step++)
    {
      tvm_set_clock_us (NOW_US + step * TVM_SECOND_US);
      do_step (world);
    }
  for (int i = 0; i < N_PROCESSES; i++)
    while (world->sendings[i].stage != IDLE)
      truth_hear (world, i);
  pull_all (world);
  truth_check_end (world);
  for (int i = 0; i < N_PROCESSES; i++)
    for (int j = 0; j < N_FLIGHTS; j++)
      g_clear_pointer (&world->flights[i][j].pull, tvm_pull_free);
  for (int i = 0; i < MAX_TICKETS; i++)
    g_free (world->markers[i]);
  g_array_unref (world->moments);
  g_rand_free (world->rand);
  g_string_free (world->log, TRUE);
}

static guint
get_number (const char *name,
            guint       otherwise)
{
  const char *text = g_getenv (name);

  return text != NULL ? (guint) atoi (text) : otherwise;
}

static void
test_truth (void)
{
  guint seed = get_number ("TVM_TEST_SEED", 0);
  guint first = seed != 0 ? seed : get_number ("TVM_TEST_FIRST", 1);
  guint n_sequences = seed != 0 ? 1 : get_number ("TVM_TEST_SEQUENCES", N_SEQUENCES);
  g_autofree char *directory = g_dir_make_tmp ("tvm-truth-XXXXXX", NULL);
  g_autoptr(GError) error = NULL;
  World world = { .directory = directory };
  int n_excused = 0, n_completed = 0, n_taken_back = 0;

  for (int i = 0; i < N_PROCESSES; i++)
    world.stores[i] = tvm_store_open (directory, &error);
  g_assert_no_error (error);
  truth_open (&world);
  for (guint i = 1; i <= n_sequences; i++)
    {
      World one = world;

      run_sequence (&one, first + i - 1);
      n_excused += one.n_excused;
      n_completed += one.n_completed;
      n_taken_back += one.n_taken_back;
      if (i % 100 == 0)
        g_assert_true (tvm_store_erase (world.stores[0], &error));
      else
        truth_erase (&world);
      while (g_main_context_iteration (NULL, FALSE))
        ;
    }
  g_test_message ("%u sequences: %d completed, %d of these taken back, %d lists excused",
                  n_sequences, n_completed, n_taken_back, n_excused);
  truth_close (&world);
  for (int i = 0; i < N_PROCESSES; i++)
    {
      tvm_store_close (world.stores[i]);
      g_object_unref (world.stores[i]);
    }
  g_assert_no_error (error);
  tvm_set_clock_us (0);
}

int
main (int argc, char **argv)
{
  /* Nothing here is about the disk. */
  if (g_access ("/dev/shm", W_OK) == 0)
    g_setenv ("TMPDIR", "/dev/shm", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/truth/sequences", test_truth);
  return g_test_run ();
}

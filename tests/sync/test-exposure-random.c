/* test-exposure-random.c: after any sequence of whole exports and changes, of lost, short and spoiled
 * answers, device groups, versions, devices and CVEs that come and go, nothing is in the store that
 * never was, no activity is completed that never was remediated, and after a whole sync the store's
 * matrix is the tenant's, by its exports and by the machineReferences of each recommendation and CVE.
 * The seeds are fixed: TVM_TEST_SEED runs one sequence alone, TVM_TEST_FIRST and TVM_TEST_EXPOSURES
 * others and more. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "exposure-world.h"

#include "tvm-time.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <unistd.h>

#define N_SEQUENCES 25
#define N_STEPS     14

static guint
get_number (const char *name,
            guint       otherwise)
{
  const char *text = g_getenv (name);

  return text != NULL ? (guint) atoi (text) : otherwise;
}

/* Returns whether it was good and without a doubt. */
static gboolean
synchronize (ExposureWorld *self,
             gboolean       is_full)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) results = NULL;
  guint n_doubtful = 0;

  exposure_world_pass (self, TVM_SECOND_US);
  results = tvm_sync_engine_sync (self->sync.engine, is_full, NULL, NULL, NULL, &error);
  for (guint i = 0; i < results->len; i++)
    n_doubtful += (guint) ((TvmListResult *) results->pdata[i])->doubtful;
  exposure_world_log (self, "  %s sync: %s, %u doubtful", is_full ? "whole" : "plain",
                      error != NULL ? error->message : "good", n_doubtful);
  exposure_world_check (self);
  exposure_world_pass (self, TVM_SECOND_US);
  return error == NULL && n_doubtful == 0;
}

static void
do_sync (ExposureWorld *self)
{
  gboolean is_full = exposure_world_pick (self, 4) == 0, is_good;

  if (self->has_faults && exposure_world_pick (self, 2) == 0)
    {
      exposure_world_log (self, "  faults are over");
      sync_fixture_forget_faults (&self->sync);
      self->has_faults = FALSE;
    }
  is_good = synchronize (self, is_full);
  if (!is_good)
    self->is_spoiled = TRUE;
  if (!is_good || self->has_faults || self->has_spans || (self->is_spoiled && !is_full))
    return;
  self->is_spoiled = FALSE;
  exposure_world_check_same (self, is_full ? EXPOSURE_SOFTWARE | EXPOSURE_SETTINGS
                                           : EXPOSURE_SOFTWARE);
}

static void
pass_time (ExposureWorld *self)
{
  static const int hours[] = { 1, 2, 5, 7, 13, 25, 30, 8 * 24, 15 * 24 };
  int by = hours[exposure_world_pick (self, G_N_ELEMENTS (hours))];

  exposure_world_log (self, "  %d hours pass", by);
  exposure_world_pass (self, by * TVM_HOUR_US);
}

static void
do_step (ExposureWorld *self)
{
  int lot = exposure_world_pick (self, 20);

  if (lot < 8)
    for (int i = exposure_world_pick (self, 3); i >= 0; i--)
      exposure_world_change (self);
  else if (lot < 14)
    do_sync (self);
  else if (lot < 16)
    pass_time (self);
  else if (lot < 18)
    exposure_world_spoil (self);
  else
    exposure_world_request (self);
}

/* Whole exports and good answers; the second a day later, for what one look is not enough for. */
static void
settle (ExposureWorld *self)
{
  g_autoptr(JsonObject) answer = NULL;

  sync_fixture_forget_faults (&self->sync);
  answer = sync_fixture_order (&self->sync, "snapshots", "{\"every_hours\":0}");
  exposure_world_log (self, "all is well again");
  for (int i = 0; i < 3; i++)
    {
      gboolean is_good;

      exposure_world_pass (self, 25 * TVM_HOUR_US);
      is_good = synchronize (self, TRUE);
      if (i == 2 && !is_good)
        exposure_world_fail (self, "the third good answer is doubted");
    }
  exposure_world_check_same (self, EXPOSURE_ALL);
}

static void
run_sequence (guint seed)
{
  ExposureWorld world = { .seed = seed };

  exposure_world_open (&world, seed);
  if (!synchronize (&world, FALSE))
    exposure_world_fail (&world, "the first sync is not good");
  exposure_world_check_same (&world, EXPOSURE_ALL & ~EXPOSURE_CVES);
  for (int step = 0; step < N_STEPS; step++)
    do_step (&world);
  settle (&world);
  exposure_world_close (&world);
}

static void
test_sequences (void)
{
  guint seed = get_number ("TVM_TEST_SEED", 0);
  guint first = seed != 0 ? seed : get_number ("TVM_TEST_FIRST", 1);
  guint n_sequences = seed != 0 ? 1 : get_number ("TVM_TEST_EXPOSURES", N_SEQUENCES);

  for (guint i = 0; i < n_sequences; i++)
    run_sequence (first + i);
}

int
main (int argc, char **argv)
{
  /* Nothing here is about the disk. */
  if (g_access ("/dev/shm", W_OK) == 0)
    g_setenv ("TMPDIR", "/dev/shm", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/exposure/sequences", test_sequences);
  return g_test_run ();
}

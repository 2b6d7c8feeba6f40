/* tvm-sync-exposure.c: the software of all devices with its CVEs, in a few calls: all of it at
 * first and now and then, and what changed since in between. Worker threads.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-sync-private.h"

#include "tvm-error.h"
#include "tvm-time.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define CONFIGURATIONS_MAX_AGE_US TVM_DAY_US
#define CONFIGURATIONS_PER_CALL   100000
/* From so many on files are read: as the service recommends, and as pages would take a minute's
 * calls and come one after the other. */
#define FILES_FROM_DEVICES 100000
#define FILES_FROM_RECORDS (25 * 200000)

/* For tests and benchmarks: "lists" (each recommendation is asked for its own) or "files". */
#define WAY "TVM_EXPOSURE"

/* No changes, or such of which nobody knows what they say, are as good as none. */
static gboolean
is_usable (const TvmPull *pull)
{
  return pull->kind == TVM_PULL_EXPOSURE || pull->n_passed_over == 0;
}

/**
 * tvm_sync_wants_files:
 * @n_devices: of the tenant
 * @n_rows: that a list of it has
 *
 * Returns: whether to read the list from files
 */
gboolean
tvm_sync_wants_files (gint64 n_devices,
                      gint64 n_rows)
{
  return g_strcmp0 (g_getenv (WAY), "files") == 0 || n_devices > FILES_FROM_DEVICES ||
         n_rows > FILES_FROM_RECORDS;
}

static TvmPull *
fetch (TvmSyncRun            *run,
       TvmPullKind            kind,
       const TvmExposurePlan *plan,
       int                   *n_requests,
       GError               **error)
{
  g_autoptr(TvmPull) pull = tvm_store_begin_pull (run->engine->store, kind, NULL, error);
  gboolean is_good;

  if (pull == NULL)
    return NULL;
  pull->since_us = plan->changes_since_us;
  pull->wants_files = kind == TVM_PULL_EXPOSURE &&
                      tvm_sync_wants_files (plan->n_devices, plan->n_records);
  tvm_sync_run_follow_files (run, TVM_SYNC_SOFTWARE, pull);
  is_good = tvm_client_fetch (run->client, pull, n_requests, run->cancellable, error);
  tvm_sync_run_end_files (run, TVM_SYNC_SOFTWARE);
  return is_good ? g_steal_pointer (&pull) : NULL;
}

/* What changed where that does, and where the service tells it; else all. */
static TvmPull *
fetch_what_it_takes (TvmSyncRun  *run,
                     gboolean     wants_all,
                     int         *n_requests,
                     GError     **error)
{
  g_autoptr(GError) failure = NULL;
  g_autoptr(TvmPull) changes = NULL;
  TvmExposurePlan plan;

  if (!tvm_store_plan_exposure (run->engine->store, &plan, error))
    return NULL;
  if (wants_all || plan.changes_since_us == 0)
    return fetch (run, TVM_PULL_EXPOSURE, &plan, n_requests, error);
  changes = fetch (run, TVM_PULL_EXPOSURE_CHANGES, &plan, n_requests, &failure);
  if (changes != NULL && is_usable (changes))
    return g_steal_pointer (&changes);
  if (changes == NULL && !g_error_matches (failure, TVM_ERROR, TVM_ERROR_NOT_FOUND) &&
      !g_error_matches (failure, TVM_ERROR, TVM_ERROR_REJECTED) &&
      !g_error_matches (failure, TVM_ERROR, TVM_ERROR_BAD_RESPONSE))
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return NULL;
    }
  return fetch (run, TVM_PULL_EXPOSURE, &plan, n_requests, error);
}

/* Where the tenant has no right to the list, or no such list, that is kept in its words, and the
 * recommendations are asked one by one. */
static gboolean
note_refusal (TvmSyncRun *run,
              GError     *failure,
              GError    **error)
{
  g_autofree char *text = NULL;

  if (!g_error_matches (failure, TVM_ERROR, TVM_ERROR_FORBIDDEN) &&
      !g_error_matches (failure, TVM_ERROR, TVM_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  text = g_strdup_printf ("%s %s", failure->message,
                          _("The list needs the permission Vulnerability.Read and a licence for "
                            "vulnerability management."));
  g_error_free (failure);
  return tvm_store_note_refusal (run->engine->store, TVM_EXPOSURE_LIST, text, error);
}

/* Changes after which the recommendations still count otherwise were not all: all is asked for. */
static gboolean
pull_and_compare (TvmSyncRun     *run,
                  gboolean        wants_all,
                  TvmListResult  *result,
                  int            *n_requests,
                  GError        **error)
{
  GError *failure = NULL;
  g_autoptr(TvmPull) pull = fetch_what_it_takes (run, wants_all, n_requests, &failure);
  TvmListResult kept = { .received = 0 };
  gboolean is_all, is_contradicted;

  tvm_sync_run_wait_for (run, &run->devices_came);
  if (pull == NULL)
    return note_refusal (run, failure, error);
  if (!tvm_store_keep_pull (run->engine->store, pull, &kept, error))
    return FALSE;
  tvm_sync_add_result (result, &kept);
  run->has_software = kept.doubtful == 0;
  is_all = pull->kind == TVM_PULL_EXPOSURE;
  g_clear_pointer (&pull, tvm_pull_free);
  if (is_all)
    return TRUE;
  return tvm_store_is_exposure_contradicted (run->engine->store, &is_contradicted, error) &&
         (!is_contradicted || pull_and_compare (run, TRUE, result, n_requests, error));
}

static gboolean
pull_exposure (TvmSyncRun     *run,
               const char     *id,
               TvmListResult  *result,
               int            *n_requests,
               GError        **error)
{
  gboolean is_good = pull_and_compare (run, run->full, result, n_requests, error);

  tvm_sync_run_came (run, &run->exposure_came);
  return is_good;
}

/* Their list has a row for each device: where few recommendations hang on it, and it is not old, to
 * ask for these takes fewer calls. */
static gboolean
wants_configurations (TvmSyncRun *run)
{
  TvmExposurePlan plan;
  gint64 n_calls;

  if (!tvm_store_plan_exposure (run->engine->store, &plan, NULL) || plan.n_configurations == 0)
    return FALSE;
  n_calls = 1 + plan.n_devices * plan.n_configurations / CONFIGURATIONS_PER_CALL;
  return run->full ||
         ABS (tvm_now_us () - plan.configurations_us) > CONFIGURATIONS_MAX_AGE_US ||
         n_calls <= plan.n_tracked_configurations;
}

/**
 * tvm_sync_pull_exposure:
 * @run: a run, with its client; the recommendations are in the store
 *
 * Pulls what is exposed of all devices, and waits for it. What came of it is in the run.
 */
void
tvm_sync_pull_exposure (TvmSyncRun *run)
{
  run->asks_one_by_one = g_strcmp0 (g_getenv (WAY), "lists") == 0;
  if (run->asks_one_by_one)
    return;
  tvm_sync_run_set_step (run, TVM_EXPOSURE_LIST, 1);
  tvm_sync_run_push (run, TVM_EXPOSURE_LIST, pull_exposure, NULL);
  if (wants_configurations (run))
    {
      tvm_sync_pull_user_impact (run);
      tvm_sync_run_wait_for (run, &run->configurations_came);
    }
  tvm_sync_run_wait_for (run, &run->exposure_came);
}

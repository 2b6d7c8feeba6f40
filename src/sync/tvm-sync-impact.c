/* tvm-sync-impact.c: which devices a configuration change disturbs the users of. The list is long
 * (a row for each device and configuration), so it is pulled only for who wants to know. Worker
 * threads. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-sync-private.h"

#include "tvm-error.h"
#include "tvm-time.h"

#include <glib/gi18n-lib.h>

#define MAX_AGE_US TVM_DAY_US
#define NOT_KNOWN _("Which devices have no user impact is not known.")

/* A refusal is kept, unlike other failures: who looks next is told of it beforehand. @run is NULL
 * where it is no sync that asks. */
static TvmPull *
fetch (TvmStore      *store,
       TvmClient     *client,
       TvmSyncRun    *run,
       int           *n_requests,
       GCancellable  *cancellable,
       GError       **error)
{
  g_autoptr(GError) failure = NULL, refusal = NULL;
  g_autoptr(TvmPull) pull = tvm_store_begin_pull (store, TVM_PULL_USER_IMPACT, NULL, error);
  TvmExposurePlan plan;
  gboolean is_good;

  if (pull == NULL || !tvm_store_plan_exposure (store, &plan, error))
    return NULL;
  pull->wants_files = tvm_sync_wants_files (plan.n_devices,
                                            plan.n_devices * plan.n_configurations);
  if (run != NULL)
    tvm_sync_run_follow_files (run, TVM_SYNC_CONFIGURATIONS, pull);
  is_good = tvm_client_fetch (client, pull, n_requests, cancellable, &failure);
  if (run != NULL)
    tvm_sync_run_end_files (run, TVM_SYNC_CONFIGURATIONS);
  if (is_good)
    return g_steal_pointer (&pull);
  if (!g_error_matches (failure, TVM_ERROR, TVM_ERROR_FORBIDDEN))
    {
      g_propagate_prefixed_error (error, g_steal_pointer (&failure), "%s ", NOT_KNOWN);
      return NULL;
    }
  refusal = g_error_new (TVM_ERROR, TVM_ERROR_FORBIDDEN, "%s %s %s", NOT_KNOWN, failure->message,
                         _("The list needs the permission Vulnerability.Read and a licence for "
                           "vulnerability management."));
  tvm_error_set_correlation_id (refusal, tvm_error_get_correlation_id (failure));
  if (tvm_store_note_refusal (store, TVM_USER_IMPACT_LIST, refusal->message, error))
    g_propagate_error (error, g_steal_pointer (&refusal));
  return NULL;
}

/* Where the tenant has no right to the list the rest of the sync is good all the same: the request
 * form and the command line say why the choice cannot be made. Devices come first: of those that
 * the store does not know nothing is kept. */
static gboolean
pull_user_impact (TvmSyncRun     *run,
                  const char     *id,
                  TvmListResult  *result,
                  int            *n_requests,
                  GError        **error)
{
  TvmStore *store = run->engine->store;
  g_autoptr(GError) failure = NULL;
  g_autoptr(TvmPull) pull = fetch (store, run->client, run, n_requests, run->cancellable,
                                    &failure);
  gboolean is_good;

  tvm_sync_run_wait_for (run, &run->devices_came);
  is_good = pull != NULL ? tvm_store_keep_pull (store, pull, result, error)
                         : g_error_matches (failure, TVM_ERROR, TVM_ERROR_FORBIDDEN);
  run->has_configurations = is_good && pull != NULL && result->doubtful == 0;
  if (pull == NULL && !is_good)
    g_propagate_error (error, g_steal_pointer (&failure));
  tvm_sync_run_came (run, &run->configurations_came);
  return is_good;
}

/**
 * tvm_sync_pull_user_impact:
 * @run: a sync that pulls everything, the recommendations in the store
 *
 * Has the list pulled beside the others where a configuration may be changed at all; the run's
 * configurations_came says when it is there, or that it is not asked for.
 */
void
tvm_sync_pull_user_impact (TvmSyncRun *run)
{
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_RECOMMENDATIONS);
  g_autoptr(GArray) keys = NULL;
  GError *failure = NULL;

  query->type = TVM_TYPE_CONFIGURATION_CHANGE;
  keys = tvm_store_list_keys (run->engine->store, query, NULL, &failure);
  if (keys == NULL)
    tvm_sync_run_fail (run, TVM_USER_IMPACT_LIST, failure);
  else if (keys->len > 0)
    {
      tvm_sync_run_set_step (run, TVM_USER_IMPACT_LIST, 1);
      tvm_sync_run_push (run, TVM_USER_IMPACT_LIST, pull_user_impact, NULL);
      return;
    }
  tvm_sync_run_came (run, &run->configurations_came);
}

/**
 * tvm_sync_engine_fetch_user_impact:
 * @self: an engine
 * @cancellable: (nullable): stops it
 * @error: return location for a #TvmError
 *
 * Pulls on which exposed devices a configuration change disturbs the users, where that was never
 * pulled or a day ago. What is older is good enough where it cannot be pulled now. Blocks.
 *
 * Returns: whether it is known; of a device that the list does not name it is not
 */
gboolean
tvm_sync_engine_fetch_user_impact (TvmSyncEngine  *self,
                                   GCancellable   *cancellable,
                                   GError        **error)
{
  g_autoptr(TvmClient) client = NULL;
  g_autoptr(TvmPull) pull = NULL;
  g_autoptr(GError) failure = NULL;
  TvmListResult result = { .received = 0 };
  gint64 synced_us;

  g_return_val_if_fail (TVM_IS_SYNC_ENGINE (self), FALSE);

  synced_us = tvm_store_get_list_synced_us (self->store, TVM_USER_IMPACT_LIST, &failure);
  if (failure == NULL && synced_us != 0 && ABS (tvm_now_us () - synced_us) < MAX_AGE_US)
    return TRUE;
  if (failure == NULL && tvm_sync_session_require (self, &client, NULL, cancellable, &failure))
    pull = fetch (self->store, client, NULL, NULL, cancellable, &failure);
  else
    g_prefix_error (&failure, "%s ", NOT_KNOWN);
  if (pull != NULL && tvm_store_keep_pull (self->store, pull, &result, &failure) &&
      !result.doubtful)
    return TRUE;
  if (synced_us != 0 && !g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return TRUE;
  if (failure == NULL)
    g_set_error (&failure, TVM_ERROR, TVM_ERROR_BAD_RESPONSE, "%s %s", NOT_KNOWN,
                 _("The service's list names no exposed device. Try again later."));
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

static void
fetch_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  GError *error = NULL;

  if (tvm_sync_engine_fetch_user_impact (source, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * tvm_sync_engine_fetch_user_impact_async:
 * @self: an engine
 * @cancellable: (nullable): stops it
 * @callback: (scope async): called on the main context
 * @user_data: for @callback
 *
 * tvm_sync_engine_fetch_user_impact() for the window.
 */
void
tvm_sync_engine_fetch_user_impact_async (TvmSyncEngine       *self,
                                         GCancellable        *cancellable,
                                         GAsyncReadyCallback  callback,
                                         gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, tvm_sync_engine_fetch_user_impact_async);
  g_task_run_in_thread (task, fetch_thread);
}

/**
 * tvm_sync_engine_fetch_user_impact_finish:
 * @self: the engine
 * @result: the result given to the callback
 * @error: return location for a #TvmError or %G_IO_ERROR_CANCELLED
 *
 * Returns: whether it is known
 */
gboolean
tvm_sync_engine_fetch_user_impact_finish (TvmSyncEngine  *self,
                                          GAsyncResult   *result,
                                          GError        **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (
    g_async_result_is_tagged (result, tvm_sync_engine_fetch_user_impact_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

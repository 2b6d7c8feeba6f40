/* tvm-sync-portal.c: the devices still exposed of activities made in the portal, which the list of
 * activities only counts. Blocks. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-sync-private.h"
#include "tvm-error.h"
#include "tvm-time.h"

#define MAX_FULL_LISTS   200              /* a call each: under five minutes of the limits */
#define MAX_USUAL_LISTS  5                /* more wait for a full sync */
#define DATA_RENEWED_US  (6 * TVM_HOUR_US)

/* What vanished meanwhile needs no list. */
static gboolean
pull_portal_devices (TvmSyncRun     *run,
                     const char     *id,
                     TvmListResult  *result,
                     int            *n_requests,
                     GError        **error)
{
  g_autoptr(GError) failure = NULL;

  tvm_sync_run_wait_for (run, &run->devices_came);
  if (tvm_sync_pull_list (run->engine, run->client, TVM_PULL_PORTAL_DEVICES, id, result, n_requests,
                          run->cancellable, &failure) ||
      g_error_matches (failure, TVM_ERROR, TVM_ERROR_NOT_FOUND))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

/**
 * tvm_sync_pull_portal:
 * @run: a run, with its client
 *
 * Lets the devices of activities made in the portal be pulled beside the other lists: in a full run
 * of all that are open, those never asked for first; else of those that are new or whose numbers
 * moved, where these are few. What is left out is known not to be known. A failure is kept in the
 * run.
 */
void
tvm_sync_pull_portal (TvmSyncRun *run)
{
  guint limit = run->full ? MAX_FULL_LISTS : MAX_USUAL_LISTS;
  gint64 old_us = run->full ? G_MAXINT64 : tvm_now_us () - DATA_RENEWED_US;
  GError *failure = NULL;
  g_auto(GStrv) ids = NULL;
  guint n;

  tvm_sync_run_wait_for (run, &run->activities_came);
  if (tvm_sync_run_is_stopped (run, TVM_SYNC_DEFENDER))
    return;
  ids = tvm_store_list_unasked_activities (run->engine->store, old_us, limit + 1, &failure);
  if (ids == NULL)
    {
      tvm_sync_run_fail (run, "", failure);
      return;
    }
  n = g_strv_length (ids);
  if (n > limit)
    n = run->full ? limit : 0;
  if (n > 0)
    tvm_sync_run_set_step (run, TVM_ACTIVITY_DEVICES_LIST, (int) n);
  for (guint i = 0; i < n; i++)
    tvm_sync_run_push (run, TVM_ACTIVITY_DEVICES_LIST, pull_portal_devices, ids[i]);
}

/**
 * tvm_sync_engine_fetch_activity:
 * @self: an engine
 * @id: an activity
 * @cancellable: (nullable): stops it
 * @error: return location for a #TvmError or %G_IO_ERROR_CANCELLED
 *
 * Pulls which of its devices are still exposed: of a portal activity from the service's own list,
 * of one requested here from its recommendation. Blocks; any thread.
 *
 * Returns: %FALSE with an error, %TVM_ERROR_NOT_FOUND where the store does not know it,
 *   %TVM_ERROR_AUTH_REQUIRED where nobody is signed in
 */
gboolean
tvm_sync_engine_fetch_activity (TvmSyncEngine  *self,
                                const char     *id,
                                GCancellable   *cancellable,
                                GError        **error)
{
  g_autoptr(TvmActivity) activity = NULL;
  g_autoptr(TvmClient) client = NULL;
  TvmListResult result = { .received = 0 };

  g_return_val_if_fail (TVM_IS_SYNC_ENGINE (self), FALSE);

  activity = tvm_store_get_activity (self->store, id, error);
  if (activity == NULL || !tvm_sync_session_require (self, &client, NULL, cancellable, error))
    return FALSE;
  if (activity->origin == TVM_ORIGIN_LOCAL)
    return activity->recommendation_id == NULL ||
           tvm_sync_pull_device_refs (self, client, activity->recommendation_id, &result,
                                      cancellable, error);
  return tvm_sync_pull_list (self, client, TVM_PULL_PORTAL_DEVICES, activity->id, &result, NULL,
                             cancellable, error);
}

/* tvm-sync-fetch.c: lists that are pulled when somebody looks at them. The blocking calls are for
 * worker threads. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-sync-private.h"
#include "tvm-error.h"
#include "tvm-time.h"

#include <glib/gi18n-lib.h>

#define LATELY_US (10 * TVM_SECOND_US)

/**
 * tvm_sync_fetch_unknown_devices:
 * @self: an engine
 * @recommendation: a recommendation of the store
 * @cancellable: (nullable): stops it
 * @error: return location for a #TvmError
 *
 * Pulls its exposed devices where they are not known yet.
 *
 * Returns: whether they are known now
 */
gboolean
tvm_sync_fetch_unknown_devices (TvmSyncEngine            *self,
                                const TvmRecommendation  *recommendation,
                                GCancellable             *cancellable,
                                GError                  **error)
{
  g_autoptr(TvmClient) client = NULL;
  TvmListResult result = { 0 };

  if (recommendation->devices_synced_us != 0)
    return TRUE;
  if (tvm_sync_session_require (self, &client, NULL, cancellable, error) &&
      tvm_sync_pull_device_refs (self, client, recommendation->id, &result, cancellable, error))
    return TRUE;
  g_prefix_error (error, "%s ", _("The exposed devices of this recommendation are not known yet."));
  return FALSE;
}

/**
 * tvm_sync_engine_fetch_devices:
 * @self: an engine
 * @id: a recommendation of the store
 * @cancellable: (nullable): stops it
 * @error: return location for a #TvmError
 *
 * Pulls its exposed devices where they are not known yet. Blocks.
 *
 * Returns: whether they are known now
 */
gboolean
tvm_sync_engine_fetch_devices (TvmSyncEngine  *self,
                               const char     *id,
                               GCancellable   *cancellable,
                               GError        **error)
{
  g_autoptr(TvmRecommendation) recommendation = NULL;

  g_return_val_if_fail (TVM_IS_SYNC_ENGINE (self), FALSE);

  recommendation = tvm_store_get_recommendation (self->store, id, error);
  return recommendation != NULL &&
         tvm_sync_fetch_unknown_devices (self, recommendation, cancellable, error);
}

/**
 * tvm_sync_engine_fetch_tickets:
 * @self: an engine
 * @cancellable: (nullable): stops it
 * @error: return location for a #TvmError
 *
 * Pulls the tickets in Intune where the Intune connection is on, for somebody may just have asked
 * for what is going to be requested (R20). Blocks.
 *
 * Returns: %FALSE where they could not be had
 */
gboolean
tvm_sync_engine_fetch_tickets (TvmSyncEngine  *self,
                               GCancellable   *cancellable,
                               GError        **error)
{
  g_autoptr(TvmClient) client = NULL;
  TvmListResult result = { 0 };
  gboolean is_connected = FALSE, is_good;
  g_autoptr(GError) failure = NULL;

  g_return_val_if_fail (TVM_IS_SYNC_ENGINE (self), FALSE);

  if (!tvm_sync_reads_true (self, "intune-connection", &is_connected, error))
    return FALSE;
  is_good = !is_connected ||
            (tvm_sync_session_require (self, &client, NULL, cancellable, &failure) &&
             tvm_sync_pull_list (self, client, TVM_PULL_TICKETS, NULL, &result, NULL, cancellable,
                                 &failure));
  g_mutex_lock (&self->mutex);
  if (is_connected && (is_good || g_error_matches (failure, TVM_ERROR, TVM_ERROR_FORBIDDEN)))
    self->looked_ticks_us = tvm_ticks_us ();
  g_mutex_unlock (&self->mutex);
  if (failure != NULL)
    g_propagate_error (error, g_steal_pointer (&failure));
  return is_good;
}

/**
 * tvm_sync_looked_lately:
 * @self: an engine
 *
 * Returns: whether tvm_sync_engine_fetch_tickets() brought them within the last seconds, or was
 *   told that they may not be seen: whoever submits then knows who asked for the same, or that it
 *   is not known
 */
gboolean
tvm_sync_looked_lately (TvmSyncEngine *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  return self->looked_ticks_us != 0 && tvm_ticks_us () - self->looked_ticks_us < LATELY_US;
}

/* ---- for the window ------------------------------------------------------------------------ */

/**
 * tvm_sync_engine_fetch_devices_async:
 * @self: an engine
 * @id: what it is about
 * @cancellable: (nullable): stops it
 * @callback: told when it is done
 * @user_data: given to @callback
 *
 * tvm_sync_engine_fetch_devices() on a worker; ended by tvm_sync_engine_finish().
 */
void
tvm_sync_engine_fetch_devices_async (TvmSyncEngine *self, const char *id,
                                     GCancellable *cancellable, GAsyncReadyCallback callback,
                                     gpointer user_data)
{
  tvm_sync_task_run (self, (TvmSyncCall) tvm_sync_engine_fetch_devices, g_strdup (id), g_free,
                     cancellable, callback, user_data);
}

static gboolean
tickets_call (TvmSyncEngine *self, gpointer unused, GCancellable *cancellable, GError **error)
{
  return tvm_sync_engine_fetch_tickets (self, cancellable, error);
}

/**
 * tvm_sync_engine_fetch_tickets_async:
 * @self: an engine
 * @cancellable: (nullable): stops it
 * @callback: (nullable): told when it is done
 * @user_data: given to @callback
 *
 * tvm_sync_engine_fetch_tickets() on a worker; ended by tvm_sync_engine_finish().
 */
void
tvm_sync_engine_fetch_tickets_async (TvmSyncEngine *self, GCancellable *cancellable,
                                     GAsyncReadyCallback callback, gpointer user_data)
{
  tvm_sync_task_run (self, tickets_call, NULL, NULL, cancellable, callback, user_data);
}

/**
 * tvm_sync_engine_fetch_recommendation_async:
 * @self: an engine
 * @id: what it is about
 * @cancellable: (nullable): stops it
 * @callback: told when it is done
 * @user_data: given to @callback
 *
 * tvm_sync_engine_fetch_recommendation() on a worker; ended by tvm_sync_engine_finish().
 */
void
tvm_sync_engine_fetch_recommendation_async (TvmSyncEngine *self, const char *id,
                                            GCancellable *cancellable,
                                            GAsyncReadyCallback callback, gpointer user_data)
{
  tvm_sync_task_run (self, (TvmSyncCall) tvm_sync_engine_fetch_recommendation, g_strdup (id),
                     g_free, cancellable, callback, user_data);
}

/**
 * tvm_sync_engine_fetch_activity_async:
 * @self: an engine
 * @id: what it is about
 * @cancellable: (nullable): stops it
 * @callback: told when it is done
 * @user_data: given to @callback
 *
 * tvm_sync_engine_fetch_activity() on a worker; ended by tvm_sync_engine_finish().
 */
void
tvm_sync_engine_fetch_activity_async (TvmSyncEngine *self, const char *id,
                                      GCancellable *cancellable, GAsyncReadyCallback callback,
                                      gpointer user_data)
{
  tvm_sync_task_run (self, (TvmSyncCall) tvm_sync_engine_fetch_activity, g_strdup (id), g_free,
                     cancellable, callback, user_data);
}

/* tvm-sync-request.c: the commands on activities: request, complete. Worker threads.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-sync-private.h"

#include "tvm-bulk.h"
#include "tvm-error.h"
#include "tvm-text.h"
#include "tvm-time.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* The targets are the devices exposed now: without their list there is nothing to freeze. */
static gboolean
ensure_device_list (TvmSyncEngine            *self,
                    const TvmRecommendation  *recommendation,
                    GCancellable             *cancellable,
                    GError                  **error)
{
  g_autoptr(TvmClient) client = NULL;
  TvmListResult result = { 0 };

  if (recommendation->devices_synced_us != 0)
    return TRUE;
  if (tvm_sync_session_require (self, &client, NULL, error) &&
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
tvm_sync_engine_fetch_devices (TvmSyncEngine *self,
                               const char    *id,
                               GCancellable  *cancellable,
                               GError       **error)
{
  g_autoptr(TvmRecommendation) recommendation = NULL;

  g_return_val_if_fail (TVM_IS_SYNC_ENGINE (self), FALSE);

  recommendation = tvm_store_get_recommendation (self->store, id, error);
  return recommendation != NULL && ensure_device_list (self, recommendation, cancellable, error);
}

static gboolean
plan_coverage (TvmSyncEngine     *self,
               const TvmRequest  *request,
               TvmCoverage       *coverage,
               GError           **error)
{
  if (!tvm_store_coverage (self->store, request, coverage, error))
    return FALSE;
  tvm_coverage_plan (coverage, request->create_ticket, request->split);
  return TRUE;
}

static TvmActivity *
preview_activity (const TvmRequest        *request,
                  const TvmRecommendation *recommendation,
                  const TvmCoverage       *coverage,
                  const char              *created_by)
{
  TvmActivity *activity = tvm_activity_new ();

  tvm_set_str (&activity->id, "");
  activity->title = tvm_activity_title (request, recommendation);
  activity->recommendation_id = g_strdup (recommendation->id);
  activity->related_component = g_strdup (recommendation->related_component);
  activity->notes = g_strdup (request->notes);
  g_strfreev (activity->groups);
  activity->groups = request->groups != NULL ? g_strdupv (request->groups) : g_new0 (char *, 1);
  activity->type = request->type;
  activity->priority = request->type == TVM_TYPE_ATTENTION_REQUIRED ? TVM_PRIORITY_NONE
                                                                    : request->priority;
  activity->status = TVM_STATUS_ACTIVE;
  activity->origin = TVM_ORIGIN_LOCAL;
  activity->due_on = g_strdup (request->due_on);
  activity->created_by = g_strdup (created_by);
  activity->created_us = tvm_now_us ();
  activity->target_devices = coverage->covered;
  activity->fixed_devices = request->type == TVM_TYPE_ATTENTION_REQUIRED ? -1 : 0;
  activity->no_impact_only = request->no_impact_only;
  activity->n_tickets = coverage->n_tickets;
  activity->ticket_status = coverage->n_tickets > 0 ? TVM_TICKET_OUTBOX : TVM_TICKET_UNKNOWN;
  return activity;
}

/**
 * tvm_sync_engine_request:
 * @self: an engine
 * @request: a filled-in form
 * @dry_run: whether to stop before anything is stored
 * @out_coverage: (out) (nullable): what it covers, once that is known, be it enough or not
 * @cancellable: (nullable): stops pulling the device list
 * @error: return location for a #TvmError
 *
 * Checks the form (R2, R3, R5) and submits it in one transaction (R4). Nothing is sent here.
 *
 * Returns: (transfer full) (nullable): the activity; with @dry_run its id is empty
 */
TvmActivity *
tvm_sync_engine_request (TvmSyncEngine     *self,
                         const TvmRequest  *request,
                         gboolean           dry_run,
                         TvmCoverage       *out_coverage,
                         GCancellable      *cancellable,
                         GError           **error)
{
  g_autoptr(TvmRecommendation) recommendation = NULL;
  g_autoptr(TvmAccount) account = NULL;
  g_autoptr(GMutexLocker) locker = NULL;
  g_autofree char *today = tvm_today ();
  g_autofree char *title = NULL;
  gboolean intune_connected = FALSE;
  TvmCoverage coverage = { 0 };

  recommendation = tvm_store_get_recommendation (self->store, request->recommendation_id, error);
  if (recommendation == NULL ||
      !tvm_sync_reads_true (self, "intune-connection", &intune_connected, error) ||
      !tvm_request_validate (request, recommendation, intune_connected, today, error))
    return NULL;
  account = tvm_sync_engine_dup_account (self, error);
  if (account == NULL || !ensure_device_list (self, recommendation, cancellable, error) ||
      (request->no_impact_only && !tvm_sync_engine_fetch_user_impact (self, cancellable, error)))
    return NULL;
  locker = g_mutex_locker_new (&self->command_mutex);
  if (!plan_coverage (self, request, &coverage, error))
    return NULL;
  if (out_coverage != NULL)
    *out_coverage = coverage;
  if (!tvm_coverage_check (&coverage, request, error))
    return NULL;
  if (dry_run)
    return preview_activity (request, recommendation, &coverage, account->user_name);
  title = tvm_activity_title (request, recommendation);
  return tvm_store_submit (self->store, request, title, account->user_name, error);
}

/**
 * tvm_sync_engine_complete:
 * @self: an engine
 * @activity_id: an active activity that was requested here
 * @note: (nullable): why, for the history
 * @error: return location for a #TvmError
 *
 * Marks it as completed by the person who is signed in (R7). Works offline.
 *
 * Returns: whether it is completed
 */
gboolean
tvm_sync_engine_complete (TvmSyncEngine *self,
                          const char    *activity_id,
                          const char    *note,
                          GError       **error)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->command_mutex);
  g_autoptr(TvmAccount) account = tvm_sync_engine_dup_account (self, error);
  gboolean is_empty = note == NULL || *note == '\0';

  return account != NULL && tvm_note_check (note, error) &&
         tvm_store_complete (self->store, activity_id, account->user_name, is_empty ? NULL : note,
                             error);
}

/**
 * tvm_sync_engine_undo_complete:
 * @self: an engine
 * @activity_id: an activity that was marked as completed a moment ago
 * @error: return location for a #TvmError
 *
 * Makes it active again. Works offline.
 *
 * Returns: whether it is active
 */
gboolean
tvm_sync_engine_undo_complete (TvmSyncEngine *self,
                               const char    *activity_id,
                               GError       **error)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->command_mutex);
  g_autoptr(TvmAccount) account = tvm_sync_engine_dup_account (self, error);

  return account != NULL &&
         tvm_store_undo_complete (self->store, activity_id, account->user_name, error);
}

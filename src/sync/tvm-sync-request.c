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
  /* The targets are the devices exposed now: without their list there is nothing to freeze. */
  if (account == NULL ||
      !tvm_sync_fetch_unknown_devices (self, recommendation, cancellable, error) ||
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
  g_autoptr(TvmAccount) account = tvm_sync_engine_dup_account (self, error);
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->command_mutex);
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
  g_autoptr(TvmAccount) account = tvm_sync_engine_dup_account (self, error);
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->command_mutex);

  return account != NULL &&
         tvm_store_undo_complete (self->store, activity_id, account->user_name, error);
}

/* ---- for the window ------------------------------------------------------------------------ */

typedef struct
{
  TvmRequest  *request;   /* (owned) */
  TvmCoverage  coverage;
  TvmActivity *activity;  /* (owned) (nullable) */
} Submission;

static void
submission_free (gpointer data)
{
  Submission *self = data;

  tvm_request_free (self->request);
  g_clear_pointer (&self->activity, tvm_activity_unref);
  g_free (self);
}

/* The request is safe in the store; its tickets go out in their own time. */
static gboolean
request_call (TvmSyncEngine *self, gpointer data, GCancellable *cancellable, GError **error)
{
  Submission *submission = data;

  submission->activity = tvm_sync_engine_request (self, submission->request, FALSE,
                                                  &submission->coverage, cancellable, error);
  if (submission->activity != NULL && submission->coverage.n_tickets > 0)
    tvm_sync_push_soon (self);
  return submission->activity != NULL;
}

/**
 * tvm_sync_engine_request_async:
 * @self: an engine
 * @request: a filled-in form
 * @cancellable: (nullable): stops it
 * @callback: told when it is done
 * @user_data: given to @callback
 *
 * tvm_sync_engine_request() on a worker, without a dry run. Done once the store has the request;
 * its tickets are sent afterwards.
 */
void
tvm_sync_engine_request_async (TvmSyncEngine *self, const TvmRequest *request,
                               GCancellable *cancellable, GAsyncReadyCallback callback,
                               gpointer user_data)
{
  Submission *submission = g_new0 (Submission, 1);

  submission->request = tvm_request_copy (request);
  tvm_sync_task_run (self, request_call, submission, submission_free, cancellable, callback,
                     user_data);
}

/**
 * tvm_sync_engine_request_finish:
 * @self: an engine
 * @result: what the callback was given
 * @error: return location for a #TvmError
 *
 * Returns: (transfer full) (nullable): the activity
 */
TvmActivity *
tvm_sync_engine_request_finish (TvmSyncEngine  *self,
                                GAsyncResult   *result,
                                GError        **error)
{
  Submission *submission = tvm_sync_task_finish (self, result, request_call, error);

  return submission != NULL ? g_steal_pointer (&submission->activity) : NULL;
}

static gboolean
complete_call (TvmSyncEngine *self, gpointer data, GCancellable *cancellable, GError **error)
{
  TvmSyncWords *words = data;

  return tvm_sync_engine_complete (self, words->first, words->second, error);
}

/**
 * tvm_sync_engine_complete_async:
 * @self: an engine
 * @activity_id: the activity
 * @note: (nullable): why
 * @cancellable: (nullable): stops it
 * @callback: told when it is done
 * @user_data: given to @callback
 *
 * tvm_sync_engine_complete() on a worker; ended by tvm_sync_engine_finish().
 */
void
tvm_sync_engine_complete_async (TvmSyncEngine *self, const char *activity_id, const char *note,
                                GCancellable *cancellable, GAsyncReadyCallback callback,
                                gpointer user_data)
{
  tvm_sync_task_run (self, complete_call, tvm_sync_words_new (activity_id, note),
                     tvm_sync_words_free, cancellable, callback, user_data);
}

static gboolean
undo_complete_call (TvmSyncEngine *self, gpointer id, GCancellable *cancellable, GError **error)
{
  return tvm_sync_engine_undo_complete (self, id, error);
}

/**
 * tvm_sync_engine_undo_complete_async:
 * @self: an engine
 * @activity_id: the activity
 * @cancellable: (nullable): stops it
 * @callback: told when it is done
 * @user_data: given to @callback
 *
 * tvm_sync_engine_undo_complete() on a worker; ended by tvm_sync_engine_finish().
 */
void
tvm_sync_engine_undo_complete_async (TvmSyncEngine *self, const char *activity_id,
                                     GCancellable *cancellable, GAsyncReadyCallback callback,
                                     gpointer user_data)
{
  tvm_sync_task_run (self, undo_complete_call, g_strdup (activity_id), g_free, cancellable,
                     callback, user_data);
}

/* tvm-sync-request.c: the commands on activities: request, complete. Worker threads.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-sync-private.h"

#include "tvm-bulk.h"
#include "tvm-error.h"
#include "tvm-time.h"

#include <glib/gi18n-lib.h>

/* Whether the form can be submitted (R2, R3, R5), and whether it is what the person saw. */
static gboolean
check (const TvmRequest       *request,
       const TvmRequestFacts  *facts,
       const TvmSubmission    *submission,
       GError                **error)
{
  if ((submission->is_one_of_several &&
       !tvm_request_check_bulk (request, facts->recommendation, error)) ||
      !tvm_request_validate (request, facts->recommendation, submission->intune_connected,
                             submission->today, error))
    return FALSE;
  if (facts->recommendation->devices_synced_us == 0 ||
      (request->no_impact_only && !submission->is_impact_asked))
    {
      *submission->lacks_lists = TRUE;
      g_set_error_literal (error, TVM_ERROR, TVM_ERROR_CONFLICT,
                           _("The exposed devices of this recommendation are not known: the "
                             "service lists fewer than it counts. Request it again later."));
      return FALSE;
    }
  return tvm_coverage_check (&facts->coverage, request, error) &&
         tvm_request_check_shown (request, facts, error);
}

/* One look at the store decides what is shown and what is kept. */
static TvmActivity *
submit (TvmSyncEngine     *self,
        const TvmRequest  *request,
        TvmSubmission     *submission,
        TvmRequestFacts   *facts,
        GError           **error)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->command_mutex);

  tvm_request_facts_clear (facts);
  return tvm_store_submit (self->store, request, submission, facts, error);
}

/**
 * tvm_sync_submit:
 * @self: an engine
 * @form: a filled-in form
 * @submission: (inout): how; who and when are filled in here
 * @facts: (inout): what it is about, covers and meets, as far as that came to be known
 * @cancellable: (nullable): stops pulling the device list
 * @error: return location for a #TvmError
 *
 * The targets are the devices exposed now: where their list, or the user impact that the form asks
 * about, is not there yet it is pulled first. What the form leaves to the policy is filled in.
 *
 * Returns: (transfer full): the activity, or %NULL on error
 */
TvmActivity *
tvm_sync_submit (TvmSyncEngine     *self,
                 const TvmRequest  *form,
                 TvmSubmission     *submission,
                 TvmRequestFacts   *facts,
                 GCancellable      *cancellable,
                 GError           **error)
{
  g_autoptr(TvmRequest) request = tvm_request_copy (form);
  g_autoptr(GError) nobody = NULL;
  g_autoptr(TvmAccount) account = tvm_sync_engine_dup_account (self, cancellable, &nobody);
  g_autofree char *today = tvm_today ();
  g_autoptr(GError) failure = NULL;
  gboolean lacks_lists = FALSE;
  TvmActivity *activity;

  if ((!submission->dry_run && !tvm_sync_session_may_decide (self, error)) ||
      !tvm_sync_reads_true (self, "intune-connection", &submission->intune_connected, error))
    return NULL;
  if (request->use_policy && !tvm_sync_apply_policy (self, request, facts, cancellable, error))
    return NULL;
  submission->who = account != NULL ? account->user_name : NULL;
  submission->today = today;
  submission->check = check;
  submission->lacks_lists = &lacks_lists;
  submission->dry_run |= account == NULL;  /* what is wrong with the form is told all the same */
  activity = submit (self, request, submission, facts, &failure);
  if (lacks_lists)
    {
      if (!tvm_sync_fetch_unknown_devices (self, facts->recommendation, cancellable, error) ||
          (request->no_impact_only &&
           !tvm_sync_engine_fetch_user_impact (self, cancellable, error)))
        return NULL;
      submission->is_impact_asked = TRUE;
      g_clear_error (&failure);
      activity = submit (self, request, submission, facts, &failure);
    }
  if (activity != NULL && account == NULL)
    {
      g_clear_pointer (&activity, tvm_activity_unref);
      failure = g_steal_pointer (&nobody);
    }
  if (failure != NULL)
    g_propagate_error (error, g_steal_pointer (&failure));
  return activity;
}

/**
 * tvm_sync_engine_request:
 * @self: an engine
 * @request: a filled-in form
 * @dry_run: whether to stop before anything is stored
 * @out_facts: (out) (nullable): what it is about, what it covers, once that is known, be it enough
 *   or not, and who asked for the same; to be cleared
 * @cancellable: (nullable): stops pulling the device list
 * @error: return location for a #TvmError
 *
 * Checks the form (R2, R3, R5) and submits it in one transaction (R4). Nothing is sent here.
 *
 * Returns: (transfer full): the activity, with an empty id after a dry run; %NULL on error
 */
TvmActivity *
tvm_sync_engine_request (TvmSyncEngine     *self,
                         const TvmRequest  *request,
                         gboolean           dry_run,
                         TvmRequestFacts   *out_facts,
                         GCancellable      *cancellable,
                         GError           **error)
{
  g_auto(TvmRequestFacts) unused = TVM_REQUEST_FACTS_INIT;
  TvmSubmission submission = { .dry_run = dry_run };

  if (out_facts != NULL)
    *out_facts = (TvmRequestFacts) TVM_REQUEST_FACTS_INIT;
  return tvm_sync_submit (self, request, &submission, out_facts != NULL ? out_facts : &unused,
                          cancellable, error);
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
  g_autoptr(TvmAccount) account = tvm_sync_engine_dup_account (self, NULL, error);
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->command_mutex);
  gboolean is_empty = note == NULL || *note == '\0';

  return account != NULL && tvm_sync_session_may_decide (self, error) &&
         tvm_note_check (note, error) &&
         tvm_store_complete (self->store, activity_id, account->user_name, is_empty ? NULL : note,
                             error);
}

/**
 * tvm_sync_engine_undo_request:
 * @self: an engine
 * @activity_id: an activity that the person requested a moment ago
 * @error: return location for a #TvmError: %TVM_ERROR_CONFLICT once a ticket of it was sent
 *
 * Takes it back with its tickets, as if it was never requested. Works offline.
 *
 * Returns: whether it is undone
 */
gboolean
tvm_sync_engine_undo_request (TvmSyncEngine *self,
                              const char    *activity_id,
                              GError       **error)
{
  g_autoptr(TvmAccount) account = tvm_sync_engine_dup_account (self, NULL, error);
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->command_mutex);

  return account != NULL && tvm_sync_session_may_decide (self, error) &&
         tvm_store_undo_request (self->store, activity_id, account->user_name, error);
}

/**
 * tvm_sync_engine_set_hold:
 * @self: an engine
 * @hold_us: how long the tickets of the window's requests are not sent by themselves, in
 *   microseconds
 *
 * For tests.
 */
void
tvm_sync_engine_set_hold (TvmSyncEngine *self,
                          gint64         hold_us)
{
  g_return_if_fail (TVM_IS_SYNC_ENGINE (self));

  self->hold_us = hold_us;
}

/* ---- for the window ------------------------------------------------------------------------ */

typedef struct
{
  TvmRequest  *request;   /* (owned) */
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

/* The request is safe in the store; its tickets go out once it can hardly be undone any more. */
static gboolean
request_call (TvmSyncEngine *self, gpointer data, GCancellable *cancellable, GError **error)
{
  Submission *submission = data;
  g_auto(TvmRequestFacts) facts = TVM_REQUEST_FACTS_INIT;
  TvmSubmission how = { .hold_us = self->hold_us };

  submission->activity = tvm_sync_submit (self, submission->request, &how, &facts, cancellable,
                                          error);
  if (submission->activity != NULL && submission->activity->n_tickets > 0)
    tvm_sync_push_once_held (self, how.hold_us);
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
  g_autoptr(TvmAccount) account = tvm_sync_engine_dup_account (self, NULL, error);
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->command_mutex);

  return account != NULL && tvm_sync_session_may_decide (self, error) &&
         tvm_store_undo_complete (self->store, id, account->user_name, error);
}

/**
 * tvm_sync_engine_undo_complete_async:
 * @self: an engine
 * @activity_id: an activity that was marked as completed a moment ago
 * @cancellable: (nullable): stops it
 * @callback: told when it is done
 * @user_data: given to @callback
 *
 * Makes it active again, on a worker. Works offline; ended by tvm_sync_engine_finish().
 */
void
tvm_sync_engine_undo_complete_async (TvmSyncEngine *self, const char *activity_id,
                                     GCancellable *cancellable, GAsyncReadyCallback callback,
                                     gpointer user_data)
{
  tvm_sync_task_run (self, undo_complete_call, g_strdup (activity_id), g_free, cancellable,
                     callback, user_data);
}

static gboolean
undo_request_call (TvmSyncEngine *self, gpointer id, GCancellable *cancellable, GError **error)
{
  return tvm_sync_engine_undo_request (self, id, error);
}

/**
 * tvm_sync_engine_undo_request_async:
 * @self: an engine
 * @activity_id: the activity
 * @cancellable: (nullable): stops it
 * @callback: told when it is done
 * @user_data: given to @callback
 *
 * tvm_sync_engine_undo_request() on a worker; ended by tvm_sync_engine_finish().
 */
void
tvm_sync_engine_undo_request_async (TvmSyncEngine *self, const char *activity_id,
                                    GCancellable *cancellable, GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  tvm_sync_task_run (self, undo_request_call, g_strdup (activity_id), g_free, cancellable,
                     callback, user_data);
}

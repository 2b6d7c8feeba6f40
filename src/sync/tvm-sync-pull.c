/* tvm-sync-pull.c: one sync: the outbox, then the lists, each kept as soon as it is whole (R13).
 * Blocks. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-sync-private.h"
#include "tvm-client-clock.h"
#include "tvm-error.h"
#include "tvm-time.h"

#include <glib/gi18n-lib.h>

#define N_BASE_STEPS   6    /* outbox, recommendations, devices, weaknesses, activities, scores */
#define MAX_QUESTIONS  40   /* about rows that a list lacks; the others wait for the next sync */

/**
 * tvm_sync_answers_by_id:
 * @client: who asks
 * @kind: a list of recommendations, of portal activities or of tickets, or one recommendation
 * @id: something that the service lists
 * @n_requests: (inout) (nullable): counts the HTTP requests
 * @cancellable: (nullable): stops it
 *
 * Asks about something that is there: a service that does not know what it lists says nothing by
 * not knowing something else. Blocks.
 *
 * Returns: whether it knows it
 */
gboolean
tvm_sync_answers_by_id (TvmClient     *client,
                        TvmPullKind    kind,
                        const char    *id,
                        int           *n_requests,
                        GCancellable  *cancellable)
{
  g_autoptr(TvmPull) control = tvm_pull_new (kind, NULL);

  return tvm_client_ask (client, control, id, n_requests, cancellable, NULL) &&
         g_hash_table_size (control->gone) == 0;
}

/**
 * tvm_sync_ask_about_missing:
 * @self: an engine
 * @client: who asks
 * @pull: a list of recommendations, of portal activities or of tickets, as it arrived
 * @n_requests: (inout) (nullable): counts the HTTP requests
 * @cancellable: (nullable): stops it
 * @error: return location for a #TvmError
 *
 * Asks the service about what it no longer lists; what it does not answer stays as it is. Blocks.
 *
 * Returns: %FALSE with an error of the store, or where it was stopped
 */
gboolean
tvm_sync_ask_about_missing (TvmSyncEngine  *self,
                            TvmClient      *client,
                            TvmPull        *pull,
                            int            *n_requests,
                            GCancellable   *cancellable,
                            GError        **error)
{
  g_auto(GStrv) ids = tvm_store_list_unanswered (self->store, pull, MAX_QUESTIONS, error);
  g_autofree char *listed = pull->records->len > 0 ? g_strdup (tvm_pull_get_id (pull, 0)) : NULL;

  for (guint i = 0; ids != NULL && ids[i] != NULL; i++)
    {
      g_autoptr(GError) failure = NULL;

      if (tvm_client_ask (client, pull, ids[i], n_requests, cancellable, &failure))
        continue;
      if (!g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        break;
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  if (g_hash_table_size (pull->gone) > 0 && listed != NULL &&
      !tvm_sync_answers_by_id (client, pull->kind, listed, n_requests, cancellable))
    g_hash_table_remove_all (pull->gone);
  return ids != NULL;
}

/* What fetches the lists and keeps them: FALSE with an error leaves the store as it was. */

/**
 * tvm_sync_pull_list:
 * @self: an engine
 * @client: who asks
 * @kind: which list
 * @owner: (nullable): the recommendation or activity it belongs to
 * @result: (out caller-allocates): what changed
 * @n_requests: (inout) (nullable): counts the HTTP requests
 * @cancellable: (nullable): stops it
 * @error: return location for a #TvmError
 *
 * Fetches a list and keeps it; what more hangs on than a row, and the list lacks, is asked for
 * first. Blocks.
 *
 * Returns: %FALSE with an error; the store then has the old list
 */
gboolean
tvm_sync_pull_list (TvmSyncEngine  *self,
                    TvmClient      *client,
                    TvmPullKind     kind,
                    const char     *owner,
                    TvmListResult  *result,
                    int            *n_requests,
                    GCancellable   *cancellable,
                    GError        **error)
{
  g_autoptr(TvmPull) pull = tvm_store_begin_pull (self->store, kind, owner, error);

  if (pull == NULL || !tvm_client_fetch (client, pull, n_requests, cancellable, error))
    return FALSE;
  if ((kind == TVM_PULL_RECOMMENDATIONS || kind == TVM_PULL_PORTAL_ACTIVITIES ||
       kind == TVM_PULL_TICKETS) &&
      !tvm_sync_ask_about_missing (self, client, pull, n_requests, cancellable, error))
    return FALSE;
  return tvm_store_keep_pull (self->store, pull, result, error);
}

static gboolean
pull_recommendations (TvmSyncRun     *run,
                      const char     *id,
                      TvmListResult  *result,
                      int            *n_requests,
                      GError        **error)
{
  gboolean is_good = tvm_sync_pull_list (run->engine, run->client, TVM_PULL_RECOMMENDATIONS, NULL,
                                         result, n_requests, run->cancellable, error);

  tvm_sync_run_came (run, &run->recommendations_came);
  return is_good;
}

static gboolean
pull_devices (TvmSyncRun     *run,
              const char     *id,
              TvmListResult  *result,
              int            *n_requests,
              GError        **error)
{
  gboolean is_good = tvm_sync_pull_list (run->engine, run->client, TVM_PULL_DEVICES, NULL, result,
                                         n_requests, run->cancellable, error);

  tvm_sync_run_came (run, &run->devices_came);
  return is_good;
}

static gboolean
pull_activities (TvmSyncRun     *run,
                 const char     *id,
                 TvmListResult  *result,
                 int            *n_requests,
                 GError        **error)
{
  gboolean is_good = tvm_sync_pull_list (run->engine, run->client, TVM_PULL_PORTAL_ACTIVITIES, NULL,
                                         result, n_requests, run->cancellable, error);

  tvm_sync_run_came (run, &run->activities_came);
  return is_good;
}

/* Both or none: a dashboard with one of them would be half new. A young tenant has no score yet. */
static gboolean
pull_scores (TvmSyncRun     *run,
             const char     *id,
             TvmListResult  *result,
             int            *n_requests,
             GError        **error)
{
  static const TvmScoreKind kinds[] = { TVM_SCORE_EXPOSURE, TVM_SCORE_SECURE };
  gint64 when_us[G_N_ELEMENTS (kinds)] = { 0 };
  double scores[G_N_ELEMENTS (kinds)] = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      (*n_requests)++;
      if (!tvm_client_get_score (run->client, kinds[i], &when_us[i], &scores[i], run->cancellable,
                                 error))
        return FALSE;
    }
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      TvmListResult one = { .received = 0 };

      if (scores[i] < 0)
        continue;
      if (!tvm_store_add_score (run->engine->store, kinds[i],
                                when_us[i] != 0 ? when_us[i] : tvm_now_us (), scores[i], &one,
                                error))
        return FALSE;
      result->received += one.received;
      result->added += one.added;
      result->changed += one.changed;
      result->removed += one.removed;
    }
  return TRUE;
}

static gboolean
pull_tickets (TvmSyncRun     *run,
              const char     *id,
              TvmListResult  *result,
              int            *n_requests,
              GError        **error)
{
  return tvm_sync_pull_list (run->engine, run->client, TVM_PULL_TICKETS, NULL, result, n_requests,
                             run->cancellable, error);
}

static gboolean
pull_managed_devices (TvmSyncRun     *run,
                      const char     *id,
                      TvmListResult  *result,
                      int            *n_requests,
                      GError        **error)
{
  return tvm_sync_pull_list (run->engine, run->client, TVM_PULL_MANAGED_DEVICES, NULL, result,
                             n_requests, run->cancellable, error);
}

static void
pull_lists (TvmSyncRun *run)
{
  gboolean with_tickets = FALSE;

  /* Those made elsewhere are known by the list alone; what is known already stays current. */
  tvm_store_has_tickets (run->engine->store, &with_tickets, NULL);
  with_tickets = with_tickets || run->intune_connected;
  tvm_sync_run_set_step (run, "recommendations",
                         (with_tickets ? 1 : 0) + (run->intune_connected ? 1 : 0));
  tvm_sync_run_push (run, "recommendations", pull_recommendations, NULL);
  tvm_sync_run_push (run, "devices", pull_devices, NULL);
  tvm_sync_run_push (run, TVM_WEAKNESSES_LIST, tvm_sync_pull_weaknesses, NULL);
  tvm_sync_run_push (run, "activities", pull_activities, NULL);
  tvm_sync_run_push (run, "scores", pull_scores, NULL);
  if (with_tickets)
    tvm_sync_run_push (run, "tickets", pull_tickets, NULL);
  if (run->intune_connected)
    tvm_sync_run_push (run, "managed-devices", pull_managed_devices, NULL);
  tvm_sync_run_wait_for (run, &run->recommendations_came);
}

static void
push_first (TvmSyncRun *run)
{
  GError *failure = NULL;

  tvm_sync_run_set_step (run, "outbox", N_BASE_STEPS);
  if (!tvm_sync_push (run->engine, run->client, !run->automatic, NULL, run->cancellable, &failure))
    tvm_sync_run_fail (run, "outbox", failure);
  tvm_sync_run_step_done (run);
}

/* What follows from the lists; also after a failure, with what arrived. */
static void
settle (TvmSyncRun *run)
{
  GError *failure = NULL;

  if (!tvm_sync_clock_settle (run->engine, run->client, &failure))
    tvm_sync_run_fail (run, "progress", failure);
}

static void
show_started (TvmSyncState  *state,
              gconstpointer  data)
{
  state->syncing = TRUE;
}

static void
show_ended (TvmSyncState  *state,
            gconstpointer  data)
{
  const TvmSyncRun *run = data;

  state->syncing = FALSE;
  state->step = NULL;
  g_clear_pointer (&state->files, g_free);
  state->fraction = 0;
  state->next_call_us = 0;
  state->is_unreachable = tvm_sync_run_is_unreachable (run);
  if (tvm_sync_run_was_good (run))
    state->last_sync_us = tvm_now_us ();
}

static gboolean
enter (TvmSyncRun  *run,
       GError     **error)
{
  TvmSyncEngine *self = run->engine;

  g_mutex_lock (&self->mutex);
  if (self->run != NULL)
    {
      g_mutex_unlock (&self->mutex);
      g_set_error_literal (error, TVM_ERROR, TVM_ERROR_CONFLICT,
                           _("A synchronization is already running. Wait until it is done."));
      return FALSE;
    }
  self->run = tvm_sync_run_ref (run);
  g_mutex_unlock (&self->mutex);
  tvm_sync_engine_change_state (self, show_started, NULL);
  return TRUE;
}

static void
leave (TvmSyncRun *run)
{
  TvmSyncEngine *self = run->engine;

  g_mutex_lock (&self->mutex);
  g_clear_pointer (&self->run, tvm_sync_run_unref);
  g_cond_broadcast (&self->run_ended);
  g_mutex_unlock (&self->mutex);
  tvm_sync_engine_change_state (self, show_ended, run);
}

/* Returns: (transfer full) (nullable): that of the sync that was cancelled; NULL: none runs */
static GCancellable *
cancel_run (TvmSyncEngine *self)
{
  GCancellable *cancellable = NULL;

  g_mutex_lock (&self->mutex);
  if (self->run != NULL)
    cancellable = g_object_ref (self->run->cancellable);
  g_mutex_unlock (&self->mutex);
  g_cancellable_cancel (cancellable);
  return cancellable;
}

/**
 * tvm_sync_engine_cancel_sync:
 * @self: an engine
 *
 * Cancels the sync that runs, whoever asked for it; what came as a whole by then stays. Any thread;
 * does not wait for its end.
 */
void
tvm_sync_engine_cancel_sync (TvmSyncEngine *self)
{
  g_autoptr(GCancellable) cancelled = NULL;

  g_return_if_fail (TVM_IS_SYNC_ENGINE (self));

  cancelled = cancel_run (self);
}

/**
 * tvm_sync_engine_stop_sync:
 * @self: an engine
 *
 * Cancels the sync that runs and waits for its end. Any thread but the sync's own; blocks.
 */
void
tvm_sync_engine_stop_sync (TvmSyncEngine *self)
{
  g_autoptr(GCancellable) cancellable = cancel_run (self);

  g_mutex_lock (&self->mutex);
  while (self->run != NULL && self->run->cancellable == cancellable)
    g_cond_wait (&self->run_ended, &self->mutex);
  g_mutex_unlock (&self->mutex);
}

/* Good and failed syncs are told later; a cancelled one is neither. A good one with doubts, or
 * without Microsoft Intune, has both its time and words. */
static void
note_sync (TvmSyncRun *run)
{
  TvmStore *store = run->engine->store;
  g_autoptr(GError) failure = NULL;
  g_autofree char *doubts = tvm_sync_describe_doubts (run->results);
  g_autofree char *warning = tvm_sync_engine_dup_warning (run->engine);
  const char *text = run->first_error != NULL ? run->first_error->message : doubts;

  if (g_error_matches (run->first_error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  tvm_sync_engine_set_last_error (run->engine, text != NULL ? text : warning);
  if ((tvm_sync_run_was_good (run) &&
       !tvm_store_note_sync (store, tvm_now_us (), NULL, &failure)) ||
      (text != NULL && !tvm_store_note_sync (store, tvm_now_us (), text, &failure)))
    {
      tvm_sync_run_fail (run, "", g_steal_pointer (&failure));
      tvm_sync_run_settle_error (run);
    }
}

static void
run_sync (TvmSyncRun *run)
{
  g_autoptr(TvmClient) client = NULL;
  gint64 started_us = tvm_ticks_us (), last_us = 0;
  GError *failure = NULL;
  TvmSpent before;

  if (!tvm_sync_session_require (run->engine, &client, NULL, run->cancellable, &failure) ||
      !tvm_sync_reads_true (run->engine, "intune-connection", &run->intune_connected, &failure))
    tvm_sync_run_fail (run, "", failure);
  else
    {
      run->client = g_object_ref (client);
      tvm_client_forget_clock (client);
      tvm_sync_look_at_others (run->engine, client);
      tvm_client_get_spent (client, &before);
      tvm_store_last_sync (run->engine->store, &last_us, NULL, NULL);
      push_first (run);
      tvm_sync_exchange_team (run);
      pull_lists (run);
      tvm_sync_pull_details (run);
      tvm_sync_run_join (run);
      tvm_sync_run_sort_results (run);
      settle (run);
      tvm_sync_update_catalog (run);
      tvm_sync_keep_pace (run->engine, client);
      tvm_sync_clock_keep (run->engine, client);
      /* The first one takes what one of everything does. */
      if ((run->full || (last_us == 0 && run->has_software)) && tvm_sync_run_was_good (run))
        tvm_sync_note_cost (run->engine, client, &before, started_us);
    }
  tvm_sync_run_settle_error (run);
  note_sync (run);
}

/**
 * tvm_sync_engine_sync:
 * @self: an engine
 * @full: whether to pull the device lists of all active recommendations, all CVEs, the security
 *   updates and the user impact too
 * @progress: (nullable) (scope call): is told of each step, on any thread, one call at a time
 * @user_data: for @progress
 * @cancellable: (nullable): stops it; what came as a whole by then stays
 * @error: return location for a #TvmError or %G_IO_ERROR_CANCELLED
 *
 * Pushes the outbox, then pulls. A list that fails leaves its old rows, and the rest goes on unless
 * it would fail for the same reason; what stops one service's lists stops none of the other's.
 * Blocks; any thread.
 *
 * Returns: (transfer full) (element-type TvmListResult): what each list brought, also with @error
 *   set: the first error of each service, %TVM_ERROR_CONFLICT while another sync runs
 */
GPtrArray *
tvm_sync_engine_sync (TvmSyncEngine    *self,
                      gboolean          full,
                      TvmSyncProgress   progress,
                      gpointer          user_data,
                      GCancellable     *cancellable,
                      GError          **error)
{
  g_autoptr(GCancellable) own = NULL;
  gulong handler;
  TvmSyncRun *run;
  GPtrArray *results;

  g_return_val_if_fail (TVM_IS_SYNC_ENGINE (self), NULL);

  own = tvm_sync_follow (cancellable, &handler);
  run = g_atomic_rc_box_new0 (TvmSyncRun);
  g_mutex_init (&run->mutex);
  g_cond_init (&run->came);
  run->engine = self;
  run->full = full;
  run->automatic = g_atomic_int_and ((guint *) &self->next_is_automatic, 0) != 0;
  run->cancellable = own;
  run->progress = progress;
  run->progress_data = user_data;
  run->results = g_ptr_array_new_with_free_func (g_free);
  if (enter (run, error))
    {
      run_sync (run);
      leave (run);
      if (run->first_error != NULL)
        g_propagate_error (error, g_steal_pointer (&run->first_error));
    }
  g_cancellable_disconnect (cancellable, handler);
  results = g_ptr_array_ref (run->results);
  tvm_sync_run_unref (run);
  return results;
}

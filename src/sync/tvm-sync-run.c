/* tvm-sync-run.c: what one sync has come to: its lists and its progress. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-sync-private.h"
#include "tvm-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_LISTS     14      /* being fetched, or waiting for the store */
#define MAX_FETCHING  4
#define MAX_HELD_ROWS 100000  /* about 12 MB */

struct TvmSyncJob
{
  const char      *step;   /* static */
  TvmSyncPullFunc  func;
  char            *id;     /* (owned) (nullable) */
};

static void
run_clear (gpointer data)
{
  TvmSyncRun *self = data;

  g_clear_object (&self->client);
  g_clear_pointer (&self->results, g_ptr_array_unref);
  g_free (self->files_text);
  g_clear_error (&self->first_error);
  for (guint i = 0; i < TVM_SYNC_N_PARTIES; i++)
    g_clear_error (&self->failed[i]);
  g_cond_clear (&self->came);
  g_mutex_clear (&self->mutex);
}

/**
 * tvm_sync_run_ref:
 * @self: a run
 *
 * Returns: (transfer full): the same
 */
TvmSyncRun *
tvm_sync_run_ref (TvmSyncRun *self)
{
  return g_atomic_rc_box_acquire (self);
}

/**
 * tvm_sync_run_unref:
 * @self: (transfer full): a run
 */
void
tvm_sync_run_unref (TvmSyncRun *self)
{
  g_atomic_rc_box_release_full (self, run_clear);
}

static void
show_run (TvmSyncState  *state,
          gconstpointer  data)
{
  const TvmSyncRun *run = data;

  state->step = run->step;
  state->fraction = run->bar.fraction;
  state->next_call_us = run->next_call_us;
  state->is_asked = run->is_asked;
  tvm_set_str (&state->files, run->files_text);
}

/* With the run's mutex held, so that reports come one at a time and in order. */
static void
report (TvmSyncRun *self)
{
  if (self->files_text == NULL)
    tvm_bar_show_steps (&self->bar, self->n_done, self->n_steps);
  tvm_sync_engine_change_state (self->engine, show_run, self);
  if (self->progress != NULL)
    self->progress (self->step, self->n_done, self->n_steps, self->next_call_us,
                    self->files_text, self->progress_data);
}

/**
 * tvm_sync_run_set_step:
 * @self: a run
 * @step: (nullable): which list comes now, a script word that lives forever
 * @n_more_steps: by how many steps the whole grew
 *
 */
void
tvm_sync_run_set_step (TvmSyncRun *self,
                       const char *step,
                       int         n_more_steps)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  self->step = step;
  self->n_steps += n_more_steps;
  if (n_more_steps > 0 && self->files_text == NULL)
    tvm_bar_begin (&self->bar, self->n_done);
  report (self);
}

/**
 * tvm_sync_run_step_done:
 * @self: a run
 *
 * One more step is done, well or not.
 */
void
tvm_sync_run_step_done (TvmSyncRun *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  self->n_done++;
  report (self);
}

/**
 * tvm_sync_run_set_next_call:
 * @self: a run
 * @next_call_us: when the service is called again, 0 when it may be
 * @is_asked: whether it asks for that wait itself
 *
 */
void
tvm_sync_run_set_next_call (TvmSyncRun *self,
                            gint64      next_call_us,
                            gboolean    is_asked)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  self->next_call_us = next_call_us;
  self->is_asked = is_asked;
  report (self);
}

/* With the mutex held. Files of all lists are told as one, as long as some are on their way. */
static void
tell_files (TvmSyncRun *self)
{
  TvmFileProgress sum = { .n_files = 0 };
  gboolean goes_on = FALSE, went_on = self->files_text != NULL;

  g_clear_pointer (&self->files_text, g_free);
  for (guint i = 0; i < TVM_SYNC_N_FILES; i++)
    {
      tvm_file_progress_add (&sum, &self->files[i].told);
      goes_on = goes_on || (!self->files[i].is_done && self->files[i].told.n_files > 0);
    }
  if (goes_on != went_on)
    tvm_bar_begin (&self->bar, self->n_done);
  if (goes_on)
    {
      self->files_text = tvm_file_progress_describe (&sum);
      tvm_bar_show_files (&self->bar, &sum);
    }
  report (self);
}

static void
files_came_cb (const TvmFileProgress *progress,
               gpointer               user_data)
{
  TvmSyncFiles *files = user_data;
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&files->run->mutex);

  files->told = *progress;
  files->is_done = progress->n_read == progress->n_files;
  tell_files (files->run);
}

/**
 * tvm_sync_run_follow_files:
 * @self: a run
 * @which: a long list
 * @pull: what is going to be fetched of it
 *
 * Tells how far its files are, until tvm_sync_run_end_files().
 */
void
tvm_sync_run_follow_files (TvmSyncRun      *self,
                           TvmSyncLongList  which,
                           TvmPull         *pull)
{
  self->files[which].run = self;
  pull->progress = files_came_cb;
  pull->progress_data = &self->files[which];
}

/**
 * tvm_sync_run_end_files:
 * @self: a run
 * @which: a long list that was fetched, well or not
 */
void
tvm_sync_run_end_files (TvmSyncRun      *self,
                        TvmSyncLongList  which)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  TvmSyncFiles *files = &self->files[which];

  files->is_done = TRUE;
  files->told.n_read = files->told.n_files;
  files->told.total_bytes = files->told.size_bytes;
  files->told.left_us = 0;
  tell_files (self);
}

/**
 * tvm_sync_add_result:
 * @sum: (inout): what came of a list so far
 * @result: what came of it besides; its requests are not counted
 *
 */
void
tvm_sync_add_result (TvmListResult       *sum,
                     const TvmListResult *result)
{
  sum->received += result->received;
  sum->added += result->added;
  sum->changed += result->changed;
  sum->removed += result->removed;
  sum->doubtful += result->doubtful;
}

static void
add_result (TvmSyncRun          *self,
            const char          *name,
            const TvmListResult *result,
            int                  n_requests)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  TvmListResult *sum = NULL;

  for (guint i = 0; i < self->results->len && sum == NULL; i++)
    if (strcmp (((TvmListResult *) self->results->pdata[i])->name, name) == 0)
      sum = self->results->pdata[i];
  if (sum == NULL)
    {
      sum = g_new0 (TvmListResult, 1);
      g_strlcpy (sum->name, name, sizeof sum->name);
      g_ptr_array_add (self->results, sum);
    }
  tvm_sync_add_result (sum, result);
  sum->requests += n_requests;
}

/**
 * tvm_sync_run_is_stopped:
 * @self: a run
 * @party: whose lists
 *
 * Returns: whether no further list of it makes sense
 */
gboolean
tvm_sync_run_is_stopped (TvmSyncRun   *self,
                         TvmSyncParty  party)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  return self->stopped[party];
}

static void
run_job (gpointer data,
         gpointer user_data)
{
  TvmSyncJob *job = data;
  TvmSyncRun *self = user_data;
  TvmListResult result = { .received = 0 };
  GError *failure = NULL;
  int n_requests = 0;

  if (g_cancellable_set_error_if_cancelled (self->cancellable, &failure))
    tvm_sync_run_fail (self, job->step, failure);
  else if (!tvm_sync_run_is_stopped (self, tvm_sync_party_of_step (job->step)))
    {
      tvm_sync_run_set_step (self, job->step, 0);
      if (job->func (self, job->id, &result, &n_requests, &failure))
        add_result (self, job->step, &result, n_requests);
      else
        tvm_sync_run_fail (self, job->step, failure);
      tvm_sync_run_step_done (self);
    }
  g_free (job->id);
  g_free (job);
}

/**
 * tvm_sync_run_push:
 * @self: a run
 * @step: the list's script word, which lives forever
 * @func: fetches and merges it
 * @id: (nullable): of what
 *
 * Lets a list be pulled beside the others, a few calls in flight. What was pushed after a failure
 * that stops the service's lists is passed over.
 */
void
tvm_sync_run_push (TvmSyncRun      *self,
                   const char      *step,
                   TvmSyncPullFunc  func,
                   const char      *id)
{
  TvmSyncJob *job = g_new0 (TvmSyncJob, 1);

  job->step = step;
  job->func = func;
  job->id = g_strdup (id);
  if (self->pool == NULL)
    self->pool = g_thread_pool_new (run_job, self, MAX_LISTS, FALSE, NULL);
  g_thread_pool_push (self->pool, job, NULL);
}

/**
 * tvm_sync_run_join:
 * @self: a run
 *
 * Waits until all that was pushed is done or passed over.
 */
void
tvm_sync_run_join (TvmSyncRun *self)
{
  if (self->pool != NULL)
    g_thread_pool_free (g_steal_pointer (&self->pool), FALSE, TRUE);
}

/**
 * tvm_sync_run_came:
 * @self: a run
 * @which: a flag of the run that becomes true
 *
 */
void
tvm_sync_run_came (TvmSyncRun *self,
                   gboolean   *which)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  *which = TRUE;
  g_cond_broadcast (&self->came);
}

/**
 * tvm_sync_run_wait_for:
 * @self: a run
 * @which: a flag of the run, of a list of Microsoft Defender
 *
 * Waits for it, or until that service's lists are stopped.
 */
void
tvm_sync_run_wait_for (TvmSyncRun     *self,
                       const gboolean *which)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  while (!self->stopped[TVM_SYNC_DEFENDER] && !*which)
    g_cond_wait (&self->came, &self->mutex);
}

/**
 * tvm_sync_run_start_fetch:
 * @self: a run
 *
 * Waits while a few lists are being fetched or many rows are held for the store, so that memory
 * stays bounded however fast they come. To be followed by tvm_sync_run_end_fetch().
 */
void
tvm_sync_run_start_fetch (TvmSyncRun *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  while (!self->stopped[TVM_SYNC_DEFENDER] &&
         (self->n_fetching >= MAX_FETCHING || self->n_held >= MAX_HELD_ROWS))
    g_cond_wait (&self->came, &self->mutex);
  self->n_fetching++;
}

/**
 * tvm_sync_run_end_fetch:
 * @self: a run
 * @n_rows: of the list that came, 0 if none did: held until tvm_sync_run_release()
 *
 */
void
tvm_sync_run_end_fetch (TvmSyncRun *self,
                        guint       n_rows)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  self->n_fetching--;
  self->n_held += n_rows;
  g_cond_broadcast (&self->came);
}

/**
 * tvm_sync_run_release:
 * @self: a run
 * @n_rows: what was held, now in the store or given up
 *
 */
void
tvm_sync_run_release (TvmSyncRun *self,
                      guint       n_rows)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  self->n_held -= n_rows;
  g_cond_broadcast (&self->came);
}

static int
compare_results (gconstpointer a,
                 gconstpointer b)
{
  const TvmListResult *const *first = a, *const *second = b;

  return (int) tvm_sync_rank_of_step ((*first)->name) -
         (int) tvm_sync_rank_of_step ((*second)->name);
}

/**
 * tvm_sync_run_sort_results:
 * @self: a run
 *
 * The lists came as they came; they are told in one order.
 */
void
tvm_sync_run_sort_results (TvmSyncRun *self)
{
  g_ptr_array_sort (self->results, compare_results);
}

/**
 * tvm_sync_describe_doubts:
 * @results: (nullable) (element-type TvmListResult): what a sync brought
 *
 * Returns: (transfer full) (nullable): a sentence about lists that came too short, or %NULL
 */
char *
tvm_sync_describe_doubts (GPtrArray *results)
{
  int n_doubtful = 0;

  for (guint i = 0; results != NULL && i < results->len; i++)
    n_doubtful += ((TvmListResult *) results->pdata[i])->doubtful;
  if (n_doubtful == 0)
    return NULL;
  return g_strdup_printf (
    ngettext (
      "%d list came shorter than the service itself counts. Nothing was removed because of "
      "it; synchronize again in an hour.",
      "%d lists came shorter than the service itself counts. Nothing was removed because of "
      "it; synchronize again in an hour.",
      n_doubtful),
    n_doubtful);
}

static gboolean
sync_call (TvmSyncEngine *self, gpointer is_full, GCancellable *cancellable, GError **error)
{
  g_autoptr(GError) failure = NULL;
  g_autoptr(GPtrArray) results =
    tvm_sync_engine_sync (self, GPOINTER_TO_INT (is_full), NULL, NULL, cancellable, &failure);

  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

/**
 * tvm_sync_engine_sync_async:
 * @self: an engine
 * @full: whether to pull all lists
 * @cancellable: (nullable): stops it
 * @callback: told when it is done
 * @user_data: given to @callback
 *
 * tvm_sync_engine_sync() on a worker; ended by tvm_sync_engine_finish().
 */
void
tvm_sync_engine_sync_async (TvmSyncEngine *self, gboolean full, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer user_data)
{
  tvm_sync_task_run (self, sync_call, GINT_TO_POINTER (full), NULL, cancellable, callback,
                     user_data);
}

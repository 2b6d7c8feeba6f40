/* tvm-sync-task.c: a blocking call as an asynchronous one, for the window: it runs on a worker of
 * GTask's and reports on the main context. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-sync-private.h"

typedef struct
{
  TvmSyncCall     call;
  gpointer        data;       /* (owned) (nullable) */
  GDestroyNotify  free_data;  /* (nullable) */
  gboolean        is_quiet;
} Work;

static void
work_free (Work *work)
{
  if (work->free_data != NULL)
    work->free_data (work->data);
  g_free (work);
}

static void
work_thread (GTask        *task,
             gpointer      source,
             gpointer      task_data,
             GCancellable *cancellable)
{
  Work *work = task_data;
  GError *error = NULL;
  gboolean good = work->call (source, work->data, cancellable, &error);

  if (!work->is_quiet)
    {
      tvm_sync_engine_read_state (source);
      tvm_sync_team_wake (source);
    }
  if (good)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
run (TvmSyncEngine       *self,
     const Work          *work,
     GCancellable        *cancellable,
     GAsyncReadyCallback  callback,
     gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, run);
  g_task_set_task_data (task, g_memdup2 (work, sizeof *work), (GDestroyNotify) work_free);
  g_task_run_in_thread (task, work_thread);
}

/**
 * tvm_sync_task_run:
 * @self: an engine
 * @call: (scope async): a command, which blocks; what it returns is the task's result
 * @data: (transfer full) (nullable): given to it; it may keep there what it brought
 * @free_data: (nullable): frees @data
 * @cancellable: (nullable): given to it
 * @callback: (nullable): told the result
 * @user_data: given to @callback
 *
 * Runs a command on a worker. The properties follow the store before @callback runs.
 */
void
tvm_sync_task_run (TvmSyncEngine       *self,
                   TvmSyncCall          call,
                   gpointer             data,
                   GDestroyNotify       free_data,
                   GCancellable        *cancellable,
                   GAsyncReadyCallback  callback,
                   gpointer             user_data)
{
  Work work = { call, data, free_data, FALSE };

  run (self, &work, cancellable, callback, user_data);
}

/**
 * tvm_sync_task_run_quiet:
 * @self: an engine
 * @call: (scope async): what blocks; what it returns is the task's result
 * @data: (transfer full) (nullable): given to it; it may keep there what it brought
 * @free_data: (nullable): frees @data
 * @cancellable: (nullable): given to it
 * @callback: (nullable): told the result
 * @user_data: given to @callback
 *
 * Runs on a worker what changes nothing that the properties show, or tells them itself.
 */
void
tvm_sync_task_run_quiet (TvmSyncEngine       *self,
                         TvmSyncCall          call,
                         gpointer             data,
                         GDestroyNotify       free_data,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  Work work = { call, data, free_data, TRUE };

  run (self, &work, cancellable, callback, user_data);
}

/**
 * tvm_sync_task_finish:
 * @self: an engine
 * @result: what a callback was given
 * @call: the blocking call that ran
 * @error: return location for its error
 *
 * Returns: (transfer none) (nullable): the call's data, alive as long as @result; %NULL on error
 */
gpointer
tvm_sync_task_finish (TvmSyncEngine  *self,
                      GAsyncResult   *result,
                      TvmSyncCall     call,
                      GError        **error)
{
  Work *work;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, run), NULL);

  work = g_task_get_task_data (G_TASK (result));
  g_return_val_if_fail (work->call == call, NULL);
  return g_task_propagate_boolean (G_TASK (result), error) ? work->data : NULL;
}

/**
 * tvm_sync_engine_finish:
 * @self: an engine
 * @result: what the callback of an asynchronous command was given
 * @error: return location for its error
 *
 * Ends those commands that bring nothing but success.
 *
 * Returns: what the blocking command of that name returns
 */
gboolean
tvm_sync_engine_finish (TvmSyncEngine  *self,
                        GAsyncResult   *result,
                        GError        **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, run), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
cancelled_cb (GCancellable *cancellable,
              gpointer      user_data)
{
  g_cancellable_cancel (user_data);
}

/**
 * tvm_sync_follow:
 * @caller: (nullable): a cancellable of somebody else
 * @out_handler: (out): to be given to g_cancellable_disconnect() with @caller at the end
 *
 * What is stopped for a reason of ours must not cancel what the caller goes on to use.
 *
 * Returns: (transfer full): a cancellable that is cancelled with @caller, or without it
 */
GCancellable *
tvm_sync_follow (GCancellable *caller,
                 gulong       *out_handler)
{
  GCancellable *own = g_cancellable_new ();

  *out_handler = caller == NULL ? 0
    : g_cancellable_connect (caller, G_CALLBACK (cancelled_cb), g_object_ref (own), g_object_unref);
  return own;
}

/**
 * tvm_sync_words_new:
 * @first: a text
 * @second: (nullable): another one
 *
 * Returns: (transfer full): both, for a command on a worker
 */
TvmSyncWords *
tvm_sync_words_new (const char *first,
                    const char *second)
{
  TvmSyncWords *self = g_new0 (TvmSyncWords, 1);

  self->first = g_strdup (first);
  self->second = g_strdup (second);
  return self;
}

/**
 * tvm_sync_words_free:
 * @self: (transfer full): two texts
 */
void
tvm_sync_words_free (gpointer self)
{
  g_free (((TvmSyncWords *) self)->first);
  g_free (((TvmSyncWords *) self)->second);
  g_free (self);
}

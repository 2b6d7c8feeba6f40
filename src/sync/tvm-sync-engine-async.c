/* tvm-sync-engine-async.c: the window's side: the commands as asynchronous calls whose work runs on
 * GTask's threads. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-sync-private.h"

/* ---- commands ------------------------------------------------------------------------------ */

/* One command's arguments; what a command does not need stays empty. */
typedef struct
{
  char              *text, *value;  /* (owned) (nullable) */
  TvmRequest        *request;       /* (owned) (nullable) */
  TvmCoverage        coverage;
  gboolean           flag;
} Command;

static void
command_free (Command *command)
{
  g_free (command->text);
  g_free (command->value);
  tvm_request_free (command->request);
  g_free (command);
}

static void
run_command (TvmSyncEngine       *self,
             Command             *command,
             GTaskThreadFunc      func,
             gpointer             tag,
             GCancellable        *cancellable,
             GAsyncReadyCallback  callback,
             gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, command, (GDestroyNotify) command_free);
  g_task_run_in_thread (task, func);
}

/* After each command the properties follow the store, before its callback runs. */
static void
return_boolean (GTask    *task,
                gboolean  good,
                GError   *error)
{
  tvm_sync_engine_read_state (g_task_get_source_object (task));
  if (good)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static gboolean
finish_boolean (TvmSyncEngine *self,
                GAsyncResult  *result,
                gpointer       tag,
                GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, tag), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
sync_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Command *command = task_data;
  GError *error = NULL;
  g_autoptr(GPtrArray) results =
    tvm_sync_engine_sync (source, command->flag, NULL, NULL, cancellable, &error);

  return_boolean (task, error == NULL, error);
}

/* The documentation of each pair stands at its blocking call. */
void
tvm_sync_engine_sync_async (TvmSyncEngine *self, gboolean full, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer user_data)
{
  Command *command = g_new0 (Command, 1);

  command->flag = full;
  run_command (self, command, sync_thread, tvm_sync_engine_sync_async, cancellable, callback, user_data);
}

gboolean
tvm_sync_engine_sync_finish (TvmSyncEngine *self, GAsyncResult *result, GError **error)
{
  return finish_boolean (self, result, tvm_sync_engine_sync_async, error);
}

static void
set_config_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Command *command = task_data;
  GError *error = NULL;
  gboolean good = tvm_sync_engine_set_config (source, command->text, command->value, cancellable, &error);

  return_boolean (task, good, error);
}

void
tvm_sync_engine_set_config_async (TvmSyncEngine *self, const char *key, const char *value,
                                  GCancellable *cancellable, GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  Command *command = g_new0 (Command, 1);

  command->text = g_strdup (key);
  command->value = g_strdup (value);
  run_command (self, command, set_config_thread, tvm_sync_engine_set_config_async, cancellable,
               callback, user_data);
}

gboolean
tvm_sync_engine_set_config_finish (TvmSyncEngine *self, GAsyncResult *result, GError **error)
{
  return finish_boolean (self, result, tvm_sync_engine_set_config_async, error);
}

static void
get_config_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  GError *error = NULL;
  char *value = tvm_sync_engine_get_config (source, ((Command *) task_data)->text, &error);

  if (value != NULL)
    g_task_return_pointer (task, value, g_free);
  else
    g_task_return_error (task, error);
}

void
tvm_sync_engine_get_config_async (TvmSyncEngine *self, const char *key, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  Command *command = g_new0 (Command, 1);

  command->text = g_strdup (key);
  g_task_set_source_tag (task, tvm_sync_engine_get_config_async);
  g_task_set_task_data (task, command, (GDestroyNotify) command_free);
  g_task_run_in_thread (task, get_config_thread);
}

char *
tvm_sync_engine_get_config_finish (TvmSyncEngine *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, tvm_sync_engine_get_config_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
notice_others_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  if (tvm_store_notice_others (((TvmSyncEngine *) source)->store))
    tvm_sync_engine_read_state (source);
  g_task_return_boolean (task, TRUE);
}

void
tvm_sync_engine_notice_others_async (TvmSyncEngine *self, GAsyncReadyCallback callback,
                                     gpointer user_data)
{
  g_autoptr(GTask) task = g_task_new (self, NULL, callback, user_data);

  g_task_set_source_tag (task, tvm_sync_engine_notice_others_async);
  g_task_run_in_thread (task, notice_others_thread);
}

static void
fetch_recommendation_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  GError *error = NULL;
  gboolean good = tvm_sync_engine_fetch_recommendation (source, ((Command *) task_data)->text,
                                                        cancellable, &error);

  return_boolean (task, good, error);
}

void
tvm_sync_engine_fetch_recommendation_async (TvmSyncEngine *self, const char *id,
                                            GCancellable *cancellable, GAsyncReadyCallback callback,
                                            gpointer user_data)
{
  Command *command = g_new0 (Command, 1);

  command->text = g_strdup (id);
  run_command (self, command, fetch_recommendation_thread, tvm_sync_engine_fetch_recommendation_async,
               cancellable, callback, user_data);
}

gboolean
tvm_sync_engine_fetch_recommendation_finish (TvmSyncEngine *self, GAsyncResult *result, GError **error)
{
  return finish_boolean (self, result, tvm_sync_engine_fetch_recommendation_async, error);
}

static void
fetch_devices_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  GError *error = NULL;
  gboolean good = tvm_sync_engine_fetch_devices (source, ((Command *) task_data)->text, cancellable,
                                                 &error);

  return_boolean (task, good, error);
}

void
tvm_sync_engine_fetch_devices_async (TvmSyncEngine *self, const char *id, GCancellable *cancellable,
                                     GAsyncReadyCallback callback, gpointer user_data)
{
  Command *command = g_new0 (Command, 1);

  command->text = g_strdup (id);
  run_command (self, command, fetch_devices_thread, tvm_sync_engine_fetch_devices_async,
               cancellable, callback, user_data);
}

gboolean
tvm_sync_engine_fetch_devices_finish (TvmSyncEngine *self, GAsyncResult *result, GError **error)
{
  return finish_boolean (self, result, tvm_sync_engine_fetch_devices_async, error);
}

static void
fetch_activity_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  GError *error = NULL;
  gboolean good = tvm_sync_engine_fetch_activity (source, ((Command *) task_data)->text, cancellable,
                                                  &error);

  return_boolean (task, good, error);
}

void
tvm_sync_engine_fetch_activity_async (TvmSyncEngine *self, const char *id, GCancellable *cancellable,
                                      GAsyncReadyCallback callback, gpointer user_data)
{
  Command *command = g_new0 (Command, 1);

  command->text = g_strdup (id);
  run_command (self, command, fetch_activity_thread, tvm_sync_engine_fetch_activity_async, cancellable,
               callback, user_data);
}

gboolean
tvm_sync_engine_fetch_activity_finish (TvmSyncEngine *self, GAsyncResult *result, GError **error)
{
  return finish_boolean (self, result, tvm_sync_engine_fetch_activity_async, error);
}

/* The request is safe in the store; a ticket that cannot go now waits in the outbox. */
static void
request_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Command *command = task_data;
  GError *error = NULL;
  TvmActivity *activity = tvm_sync_engine_request (source, command->request, command->flag,
                                                   &command->coverage, cancellable, &error);
  gboolean must_push;

  if (!command->flag)
    tvm_sync_engine_read_state (source);
  if (activity == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  must_push = !command->flag && command->coverage.n_tickets > 0;
  g_task_return_pointer (task, activity, (GDestroyNotify) tvm_activity_unref);
  if (must_push)
    tvm_sync_push_due (source);
}

void
tvm_sync_engine_request_async (TvmSyncEngine *self, const TvmRequest *request, gboolean dry_run,
                               GCancellable *cancellable, GAsyncReadyCallback callback,
                               gpointer user_data)
{
  Command *command = g_new0 (Command, 1);

  command->request = tvm_request_copy (request);
  command->flag = dry_run;
  run_command (self, command, request_thread, tvm_sync_engine_request_async, cancellable, callback,
               user_data);
}

TvmActivity *
tvm_sync_engine_request_finish (TvmSyncEngine *self, GAsyncResult *result, TvmCoverage *out_coverage,
                                GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, tvm_sync_engine_request_async), NULL);
  if (out_coverage != NULL)
    *out_coverage = ((Command *) g_task_get_task_data (G_TASK (result)))->coverage;
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
complete_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  GError *error = NULL;
  Command *command = task_data;
  gboolean good = tvm_sync_engine_complete (source, command->text, command->value, &error);

  return_boolean (task, good, error);
}

void
tvm_sync_engine_complete_async (TvmSyncEngine *self, const char *activity_id, const char *note,
                                GCancellable *cancellable, GAsyncReadyCallback callback,
                                gpointer user_data)
{
  Command *command = g_new0 (Command, 1);

  command->text = g_strdup (activity_id);
  command->value = g_strdup (note);
  run_command (self, command, complete_thread, tvm_sync_engine_complete_async, cancellable, callback,
               user_data);
}

gboolean
tvm_sync_engine_complete_finish (TvmSyncEngine *self, GAsyncResult *result, GError **error)
{
  return finish_boolean (self, result, tvm_sync_engine_complete_async, error);
}

static void
undo_complete_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  GError *error = NULL;
  gboolean good = tvm_sync_engine_undo_complete (source, ((Command *) task_data)->text, &error);

  return_boolean (task, good, error);
}

void
tvm_sync_engine_undo_complete_async (TvmSyncEngine *self, const char *activity_id,
                                     GCancellable *cancellable, GAsyncReadyCallback callback,
                                     gpointer user_data)
{
  Command *command = g_new0 (Command, 1);

  command->text = g_strdup (activity_id);
  run_command (self, command, undo_complete_thread, tvm_sync_engine_undo_complete_async, cancellable,
               callback, user_data);
}

gboolean
tvm_sync_engine_undo_complete_finish (TvmSyncEngine *self, GAsyncResult *result, GError **error)
{
  return finish_boolean (self, result, tvm_sync_engine_undo_complete_async, error);
}

static void
refresh_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  return_boolean (task, TRUE, NULL);
}

/**
 * tvm_sync_engine_refresh_state:
 * @self: an engine
 *
 * Reads account, settings and outbox on a worker and sets the properties.
 */
void
tvm_sync_engine_refresh_state (TvmSyncEngine *self)
{
  g_autoptr(GTask) task = g_task_new (self, NULL, NULL, NULL);

  g_task_run_in_thread (task, refresh_thread);
}

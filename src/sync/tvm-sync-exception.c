/* tvm-sync-exception.c: the commands on exceptions (R10): file, cancel. Nothing is sent: the
 * services have no call for them. Worker threads. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-sync-private.h"

#include "tvm-error.h"
#include "tvm-time.h"

/* The exposed devices are good to know, but an exception can be filed without them. */
static void
try_device_list (TvmSyncEngine *self,
                 const char    *recommendation_id,
                 GCancellable  *cancellable)
{
  g_autoptr(TvmRecommendation) recommendation =
    tvm_store_get_recommendation (self->store, recommendation_id, NULL);
  g_autoptr(TvmClient) client = NULL;
  TvmListResult result = { 0 };

  if (recommendation != NULL && recommendation->devices_synced_us == 0 &&
      tvm_sync_session_require (self, &client, NULL, NULL))
    tvm_sync_pull_device_refs (self, client, recommendation_id, &result, cancellable, NULL);
}

/**
 * tvm_sync_engine_add_exception:
 * @self: an engine
 * @form: a filled-in form
 * @dry_run: whether to stop before anything is stored
 * @out_effect: (out) (optional): what it does
 * @out_exception: (out) (optional) (transfer full): the exception; %NULL with @dry_run
 * @cancellable: (nullable): stops asking for the device list
 * @error: return location for a #TvmError
 *
 * Checks the form and files the exception (R10). Works offline.
 *
 * Returns: whether it is filed, or could be
 */
gboolean
tvm_sync_engine_add_exception (TvmSyncEngine           *self,
                               const TvmExceptionForm  *form,
                               gboolean                 dry_run,
                               TvmExceptionEffect      *out_effect,
                               TvmException           **out_exception,
                               GCancellable            *cancellable,
                               GError                 **error)
{
  g_autoptr(GMutexLocker) locker = NULL;
  g_autoptr(TvmAccount) account = NULL;
  g_autoptr(TvmException) exception = NULL;
  g_autofree char *today = tvm_today ();
  TvmExceptionEffect effect;

  if (!tvm_exception_validate (form, today, error))
    return FALSE;
  try_device_list (self, form->recommendation_id, cancellable);
  locker = g_mutex_locker_new (&self->command_mutex);
  if (!tvm_store_expire_exceptions (self->store, error) ||
      !tvm_store_preview_exception (self->store, form, &effect, error))
    return FALSE;
  if (out_effect != NULL)
    *out_effect = effect;
  if (out_exception != NULL)
    *out_exception = NULL;
  if (dry_run)
    return TRUE;
  account = tvm_sync_engine_dup_account (self, error);
  if (account == NULL)
    return FALSE;
  exception = tvm_store_add_exception (self->store, form, account->user_name, error);
  if (exception == NULL)
    return FALSE;
  if (out_exception != NULL)
    *out_exception = g_steal_pointer (&exception);
  return TRUE;
}

/**
 * tvm_sync_engine_cancel_exception:
 * @self: an engine
 * @id: an exception
 * @group: (nullable): the device group to cancel it for; %NULL: all
 * @error: return location for a #TvmError
 *
 * Works offline.
 *
 * Returns: whether it is cancelled
 */
gboolean
tvm_sync_engine_cancel_exception (TvmSyncEngine *self,
                                  const char    *id,
                                  const char    *group,
                                  GError       **error)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->command_mutex);
  g_autoptr(TvmAccount) account = NULL;

  if (!tvm_store_expire_exceptions (self->store, error))
    return FALSE;
  account = tvm_sync_engine_dup_account (self, error);
  return account != NULL &&
         tvm_store_cancel_exception (self->store, id, group, account->user_name, error);
}

/* ---- the window's side: the same on GTask's threads */

typedef struct
{
  TvmExceptionForm   *form;     /* (owned) (nullable) */
  char               *id, *group;  /* (owned) (nullable) */
  gboolean            dry_run;
  TvmExceptionEffect  effect;
} Command;

static void
command_free (Command *command)
{
  tvm_exception_form_free (command->form);
  g_free (command->id);
  g_free (command->group);
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

static void
add_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Command *command = task_data;
  GError *error = NULL;

  if (tvm_sync_engine_add_exception (source, command->form, command->dry_run, &command->effect,
                                     NULL,
                                     cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
cancel_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Command *command = task_data;
  GError *error = NULL;

  if (tvm_sync_engine_cancel_exception (source, command->id, command->group, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* The documentation of each pair stands at its blocking call. */
void
tvm_sync_engine_add_exception_async (TvmSyncEngine *self, const TvmExceptionForm *form,
                                     gboolean dry_run,
                                     GCancellable *cancellable, GAsyncReadyCallback callback,
                                     gpointer user_data)
{
  Command *command = g_new0 (Command, 1);

  command->form = tvm_exception_form_copy (form);
  command->dry_run = dry_run;
  run_command (self, command, add_thread, tvm_sync_engine_add_exception_async, cancellable,
               callback,
               user_data);
}

gboolean
tvm_sync_engine_add_exception_finish (TvmSyncEngine *self, GAsyncResult *result,
                                      TvmExceptionEffect *out_effect, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, tvm_sync_engine_add_exception_async),
                        FALSE);
  if (out_effect != NULL)
    *out_effect = ((Command *) g_task_get_task_data (G_TASK (result)))->effect;
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
tvm_sync_engine_cancel_exception_async (TvmSyncEngine *self, const char *id, const char *group,
                                        GCancellable *cancellable, GAsyncReadyCallback callback,
                                        gpointer user_data)
{
  Command *command = g_new0 (Command, 1);

  command->id = g_strdup (id);
  command->group = g_strdup (group);
  run_command (self, command, cancel_thread, tvm_sync_engine_cancel_exception_async, cancellable,
               callback,
               user_data);
}

gboolean
tvm_sync_engine_cancel_exception_finish (TvmSyncEngine *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, tvm_sync_engine_cancel_exception_async),
                        FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

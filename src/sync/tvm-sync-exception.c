/* tvm-sync-exception.c: the commands on exceptions (R10): file, cancel. Nothing is sent: the
 * services have no call for them. Worker threads. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-sync-private.h"

#include "tvm-error.h"
#include "tvm-time.h"

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
  /* The exposed devices are good to know, but an exception can be filed without them. */
  tvm_sync_engine_fetch_devices (self, form->recommendation_id, cancellable, NULL);
  if (!dry_run)
    {
      account = tvm_sync_engine_dup_account (self, cancellable, error);
      if (account == NULL || !tvm_sync_session_may_decide (self, error))
        return FALSE;
    }
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
 * @groups: (nullable) (array zero-terminated=1): the device groups to cancel it for, each once;
 *   %NULL: all
 * @error: return location for a #TvmError
 *
 * Works offline.
 *
 * Returns: whether it is cancelled, for all of them; else for none
 */
gboolean
tvm_sync_engine_cancel_exception (TvmSyncEngine      *self,
                                  const char         *id,
                                  const char *const  *groups,
                                  GError            **error)
{
  g_autoptr(TvmAccount) account = tvm_sync_engine_dup_account (self, NULL, error);
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->command_mutex);

  return account != NULL && tvm_sync_session_may_decide (self, error) &&
         tvm_store_expire_exceptions (self->store, error) &&
         tvm_store_cancel_exception (self->store, id, groups, account->user_name, error);
}

/* ---- for the window ------------------------------------------------------------------------ */

typedef struct
{
  TvmExceptionForm *form;       /* (owned) */
  TvmException     *exception;  /* (owned) (nullable) */
} Filing;

static void
filing_free (gpointer data)
{
  Filing *self = data;

  tvm_exception_form_free (self->form);
  g_clear_pointer (&self->exception, tvm_exception_unref);
  g_free (self);
}

static gboolean
add_call (TvmSyncEngine *self, gpointer data, GCancellable *cancellable, GError **error)
{
  Filing *filing = data;

  return tvm_sync_engine_add_exception (self, filing->form, FALSE, NULL, &filing->exception,
                                        cancellable, error);
}

/**
 * tvm_sync_engine_add_exception_async:
 * @self: an engine
 * @form: a filled-in form
 * @cancellable: (nullable): stops it
 * @callback: told when it is done
 * @user_data: given to @callback
 *
 * tvm_sync_engine_add_exception() on a worker, without a dry run.
 */
void
tvm_sync_engine_add_exception_async (TvmSyncEngine *self, const TvmExceptionForm *form,
                                     GCancellable *cancellable, GAsyncReadyCallback callback,
                                     gpointer user_data)
{
  Filing *filing = g_new0 (Filing, 1);

  filing->form = tvm_exception_form_copy (form);
  tvm_sync_task_run (self, add_call, filing, filing_free, cancellable, callback, user_data);
}

/**
 * tvm_sync_engine_add_exception_finish:
 * @self: an engine
 * @result: what the callback was given
 * @error: return location for a #TvmError
 *
 * Returns: (transfer full) (nullable): the exception; %NULL on error
 */
TvmException *
tvm_sync_engine_add_exception_finish (TvmSyncEngine  *self,
                                      GAsyncResult   *result,
                                      GError        **error)
{
  Filing *filing = tvm_sync_task_finish (self, result, add_call, error);

  return filing != NULL ? g_steal_pointer (&filing->exception) : NULL;
}

static gboolean
cancel_call (TvmSyncEngine *self, gpointer data, GCancellable *cancellable, GError **error)
{
  TvmSyncWords *words = data;
  const char *const groups[] = { words->second, NULL };

  return tvm_sync_engine_cancel_exception (self, words->first,
                                           words->second != NULL ? groups : NULL, error);
}

/**
 * tvm_sync_engine_cancel_exception_async:
 * @self: an engine
 * @id: what it is about
 * @group: (nullable): the device group; %NULL: all
 * @cancellable: (nullable): stops it
 * @callback: told when it is done
 * @user_data: given to @callback
 *
 * tvm_sync_engine_cancel_exception() on a worker; ended by tvm_sync_engine_finish().
 */
void
tvm_sync_engine_cancel_exception_async (TvmSyncEngine *self, const char *id, const char *group,
                                        GCancellable *cancellable, GAsyncReadyCallback callback,
                                        gpointer user_data)
{
  tvm_sync_task_run (self, cancel_call, tvm_sync_words_new (id, group), tvm_sync_words_free,
                     cancellable, callback, user_data);
}

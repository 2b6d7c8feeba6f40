/* tvm-sync-sign-in-async.c: the window's side of signing in and out: the work runs on GTask's threads,
 * what the person is shown comes on the engine's main context. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-sync-private.h"
#include "tvm-error.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  TvmOpenUrlFunc     open;         /* either this one */
  TvmDeviceCodeFunc  show;         /* or this one */
  gpointer           shown_data;   /* given to it */
  GCancellable      *cancellable;  /* (owned): of the work; follows the caller's */
  gboolean           flag;
  int                has_no_browser;  /* atomic */
} Command;

static void
command_free (Command *command)
{
  g_clear_object (&command->cancellable);
  g_free (command);
}

static GTask *
make_task (TvmSyncEngine       *self,
           Command             *command,
           gpointer             tag,
           GCancellable        *cancellable,
           GAsyncReadyCallback  callback,
           gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  command->cancellable = g_cancellable_new ();
  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, command, (GDestroyNotify) command_free);
  return task;
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

/* What is shown, on its way from the worker to the main context, which waits for neither. */
typedef struct
{
  GTask *task;                  /* (owned) */
  char  *code, *uri, *message;  /* (owned); of the browser the uri alone */
} Shown;

static void
shown_free (Shown *shown)
{
  g_object_unref (shown->task);
  g_free (shown->code);
  g_free (shown->uri);
  g_free (shown->message);
  g_free (shown);
}

static gboolean
show_cb (gpointer user_data)
{
  Shown *shown = user_data;
  Command *command = g_task_get_task_data (shown->task);

  if (g_cancellable_is_cancelled (g_task_get_cancellable (shown->task)))
    return G_SOURCE_REMOVE;
  if (command->show != NULL)
    command->show (shown->code, shown->uri, shown->message, command->shown_data);
  else if (!command->open (shown->uri, command->shown_data))
    {
      g_atomic_int_set (&command->has_no_browser, TRUE);
      g_cancellable_cancel (command->cancellable);
    }
  return G_SOURCE_REMOVE;
}

static void
pass_on (GTask      *task,
         const char *code,
         const char *uri,
         const char *message)
{
  TvmSyncEngine *self = g_task_get_source_object (task);
  Shown *shown = g_new0 (Shown, 1);

  shown->task = g_object_ref (task);
  shown->code = g_strdup (code);
  shown->uri = g_strdup (uri);
  shown->message = g_strdup (message);
  g_main_context_invoke_full (self->context, G_PRIORITY_DEFAULT, show_cb, shown,
                              (GDestroyNotify) shown_free);
}

static void
code_came_cb (const char *user_code, const char *verification_uri, const char *message,
              gpointer user_data)
{
  pass_on (user_data, user_code, verification_uri, message);
}

static gboolean
url_came_cb (const char *url, gpointer user_data)
{
  pass_on (user_data, NULL, url, NULL);
  return TRUE;
}

static void
caller_cancelled_cb (GCancellable *cancellable,
                     gpointer      user_data)
{
  g_cancellable_cancel (user_data);
}

static void
sign_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Command *command = task_data;
  GError *error = NULL;
  gulong handler = 0;
  gboolean good;

  if (cancellable != NULL)
    handler = g_cancellable_connect (cancellable, G_CALLBACK (caller_cancelled_cb),
                                     g_object_ref (command->cancellable), g_object_unref);
  if (command->open != NULL)
    good = tvm_sync_engine_sign_in_with_browser (source, command->flag, url_came_cb, task,
                                                 command->cancellable, &error);
  else
    good = tvm_sync_engine_sign_in_with_device_code (source, command->flag,
                                                     command->show != NULL ? code_came_cb : NULL,
                                                     task, command->cancellable, &error);
  if (cancellable != NULL)
    g_cancellable_disconnect (cancellable, handler);
  if (!good && g_atomic_int_get (&command->has_no_browser))
    {
      g_clear_error (&error);
      g_set_error_literal (&error, TVM_ERROR, TVM_ERROR_FAILED,
                           _("No browser could be opened. Set a default browser, or sign in with a "
                             "code."));
    }
  return_boolean (task, good, error);
}

/* The documentation of each pair stands at its blocking call. */
void
tvm_sync_engine_sign_in_with_browser_async (TvmSyncEngine *self, gboolean intune_write,
                                            TvmOpenUrlFunc open, gpointer open_data,
                                            GCancellable *cancellable, GAsyncReadyCallback callback,
                                            gpointer user_data)
{
  Command *command = g_new0 (Command, 1);
  g_autoptr(GTask) task = make_task (self, command, tvm_sync_engine_sign_in_with_browser_async,
                                     cancellable, callback, user_data);

  g_return_if_fail (open != NULL);

  command->flag = intune_write;
  command->open = open;
  command->shown_data = open_data;
  g_task_run_in_thread (task, sign_in_thread);
}

gboolean
tvm_sync_engine_sign_in_with_browser_finish (TvmSyncEngine *self, GAsyncResult *result,
                                             GError **error)
{
  return finish_boolean (self, result, tvm_sync_engine_sign_in_with_browser_async, error);
}

void
tvm_sync_engine_sign_in_with_device_code_async (TvmSyncEngine *self, gboolean intune_write,
                                                TvmDeviceCodeFunc show, gpointer show_data,
                                                GCancellable *cancellable,
                                                GAsyncReadyCallback callback, gpointer user_data)
{
  Command *command = g_new0 (Command, 1);
  g_autoptr(GTask) task = make_task (self, command, tvm_sync_engine_sign_in_with_device_code_async,
                                     cancellable, callback, user_data);

  command->flag = intune_write;
  command->show = show;
  command->shown_data = show_data;
  g_task_run_in_thread (task, sign_in_thread);
}

gboolean
tvm_sync_engine_sign_in_with_device_code_finish (TvmSyncEngine *self, GAsyncResult *result,
                                                 GError **error)
{
  return finish_boolean (self, result, tvm_sync_engine_sign_in_with_device_code_async, error);
}

static void
sign_out_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  GError *error = NULL;
  gboolean good = tvm_sync_engine_sign_out (source, ((Command *) task_data)->flag, &error);

  return_boolean (task, good, error);
}

void
tvm_sync_engine_sign_out_async (TvmSyncEngine *self, gboolean delete_data,
                                GCancellable *cancellable, GAsyncReadyCallback callback,
                                gpointer user_data)
{
  Command *command = g_new0 (Command, 1);
  g_autoptr(GTask) task = make_task (self, command, tvm_sync_engine_sign_out_async, cancellable,
                                     callback, user_data);

  command->flag = delete_data;
  g_task_run_in_thread (task, sign_out_thread);
}

gboolean
tvm_sync_engine_sign_out_finish (TvmSyncEngine *self, GAsyncResult *result, GError **error)
{
  return finish_boolean (self, result, tvm_sync_engine_sign_out_async, error);
}

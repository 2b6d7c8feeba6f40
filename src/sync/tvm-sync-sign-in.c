/* tvm-sync-sign-in.c: signing in and out. The blocking calls are for any thread; of the others what
 * a person is shown comes on the engine's main context.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-sync-private.h"
#include "tvm-context.h"
#include "tvm-error.h"
#include "tvm-time.h"

#include <glib/gi18n-lib.h>

/* The sign-in, where a person may sign in or out; an unattended one has no use for that. */
static gboolean
open_for_person (TvmSyncEngine  *self,
                 TvmSignIn     **out_sign_in,
                 GError        **error)
{
  if (!tvm_sync_session_open (self, out_sign_in, NULL, error))
    return FALSE;
  if (!tvm_sign_in_is_unattended (*out_sign_in))
    return TRUE;
  g_set_error_literal (error, TVM_ERROR, TVM_ERROR_CONFLICT,
                       _("A credential of systemd signs this program in unattended, so nobody "
                         "signs in or out here. Do it in a session without that credential."));
  return FALSE;
}

/* Who is signed in stands in the keyring, which tells nobody of a change: a window that is open
 * looks there when this changes. That it cannot be written is no reason to fail. */
static void
tell_others (TvmSyncEngine *self)
{
  gint64 now_us = tvm_now_us ();
  g_autofree char *now = g_strdup_printf ("%" G_GINT64_FORMAT, now_us);

  /* First, so that this process is not told of itself; the store is not waited for with it. */
  g_mutex_lock (&self->session_mutex);
  self->sign_in_mark = now_us;
  g_mutex_unlock (&self->session_mutex);
  tvm_store_set_setting (self->store, "sign-in-changed", now, NULL);
}

/**
 * tvm_sync_follow_sign_in:
 * @self: an engine
 *
 * Where another process signed in or out since the last call, forgets who was signed in here, so
 * that the keyring is asked again. Blocks.
 */
void
tvm_sync_follow_sign_in (TvmSyncEngine *self)
{
  g_autofree char *value = tvm_store_get_setting (self->store, "sign-in-changed", NULL);
  gint64 mark = value != NULL ? g_ascii_strtoll (value, NULL, 10) : 1;
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->session_mutex);

  if (self->sign_in_mark != 0 && self->sign_in_mark != mark && !self->memory_vault)
    tvm_sync_session_clear (self);
  self->sign_in_mark = mark;
}

/**
 * tvm_sync_describe_registration:
 * Returns: (transfer full): what an administrator of Microsoft Entra has to set up before anybody
 *   can sign in, localized, a line each; names of products and permissions are as Entra has them
 */
char *
tvm_sync_describe_registration (void)
{
  g_autofree char *defender = tvm_permissions_name (TVM_RESOURCE_DEFENDER, FALSE);
  g_autofree char *graph = tvm_permissions_name (TVM_RESOURCE_GRAPH, TRUE);

  /* Translators: what is in quotes is in English in Microsoft Entra's own words; give the words of
   * your language there, too. %s is a list of permissions. */
  return g_strdup_printf (_("1. Register an application in Microsoft Entra, for accounts in this "
                            "organizational directory only.\n"
                            "2. Add the platform “Mobile and desktop applications” with the "
                            "redirect URI http://localhost, and allow public client flows.\n"
                            "3. Add these delegated permissions and grant admin consent:\n"
                            "WindowsDefenderATP: %s\n"
                            "Microsoft Graph: %s\n"
                            "4. Send back the tenant id and the application (client) id."),
                          defender, graph);
}

/**
 * tvm_sync_engine_sign_in_with_browser:
 * @self: an engine
 * @intune_write: whether to ask for the permission to write Intune tickets as well
 * @open: (scope call): opens a page in the browser, on this thread
 * @user_data: given to the function
 * @cancellable: (nullable): stops it
 * @error: return location for a #TvmError
 *
 * Signs in with the browser on this computer; returns when that was done there. Blocks.
 *
 * Returns: %FALSE with %TVM_ERROR_INVALID where a setting is missing, %TVM_ERROR_CONFLICT where the
 *   sign-in is unattended, or an error of the sign-in
 */
gboolean
tvm_sync_engine_sign_in_with_browser (TvmSyncEngine   *self,
                                      gboolean         intune_write,
                                      TvmOpenUrlFunc   open,
                                      gpointer         user_data,
                                      GCancellable    *cancellable,
                                      GError         **error)
{
  g_autoptr(TvmSignIn) sign_in = NULL;

  g_return_val_if_fail (TVM_IS_SYNC_ENGINE (self), FALSE);

  if (!open_for_person (self, &sign_in, error) ||
      !tvm_sign_in_with_browser (sign_in, intune_write, open, user_data, cancellable, error))
    return FALSE;
  tell_others (self);
  return TRUE;
}

/**
 * tvm_sync_engine_sign_in_with_device_code:
 * @self: an engine
 * @intune_write: whether to ask for the permission to write Intune tickets as well
 * @show: (scope call): is given the code and the page, on this thread
 * @user_data: given to the function
 * @cancellable: (nullable): stops it
 * @error: return location for a #TvmError
 *
 * Signs in; returns when that was done in a browser. Blocks.
 *
 * Returns: %FALSE with %TVM_ERROR_INVALID where a setting is missing, or an error of the sign-in
 */
gboolean
tvm_sync_engine_sign_in_with_device_code (TvmSyncEngine      *self,
                                          gboolean            intune_write,
                                          TvmDeviceCodeFunc   show,
                                          gpointer            user_data,
                                          GCancellable       *cancellable,
                                          GError            **error)
{
  g_autoptr(TvmSignIn) sign_in = NULL;

  g_return_val_if_fail (TVM_IS_SYNC_ENGINE (self), FALSE);

  if (!open_for_person (self, &sign_in, error) ||
      !tvm_sign_in_with_device_code (sign_in, intune_write, show, user_data, cancellable, error))
    return FALSE;
  tell_others (self);
  return TRUE;
}

/* A sync or push that runs would write on into the emptied store: it is stopped, and then nobody is
 * signed in for another one. */
static gboolean
delete_data (TvmSyncEngine  *self,
             GError        **error)
{
  g_autoptr(GMutexLocker) locker = NULL;
  gboolean is_erased;

  tvm_sync_engine_stop_sync (self);
  g_mutex_lock (&self->push_mutex);
  g_mutex_unlock (&self->push_mutex);
  locker = g_mutex_locker_new (&self->command_mutex);
  is_erased = tvm_store_erase (self->store, error);
  tvm_sync_session_drop (self);
  return is_erased;
}

/**
 * tvm_sync_engine_sign_out:
 * @self: an engine
 * @with_data: whether to delete all data of the profile too, its settings included: the open store
 *   is emptied in place and goes on to be usable
 * @cancellable: (nullable): stops waiting for the keyring
 * @error: return location for a #TvmError or %G_IO_ERROR_CANCELLED
 *
 * Forgets the tokens, in the keyring too; all data stays unless told otherwise. Blocks.
 *
 * Returns: %FALSE with %TVM_ERROR_NO_KEYRING or %TVM_ERROR_KEYRING_LOCKED, or %TVM_ERROR_CONFLICT
 *   where the sign-in is unattended, the data being as before, or %TVM_ERROR_STORE_FAILED where not
 *   all of it is gone
 */
gboolean
tvm_sync_engine_sign_out (TvmSyncEngine  *self,
                          gboolean        with_data,
                          GCancellable   *cancellable,
                          GError        **error)
{
  g_autoptr(TvmSignIn) sign_in = NULL;
  g_autoptr(GError) failure = NULL;

  g_return_val_if_fail (TVM_IS_SYNC_ENGINE (self), FALSE);

  /* Where nothing can be deleted that is all that is told: nobody is signed out then. */
  if (with_data && tvm_store_is_read_only (self->store))
    return tvm_store_erase (self->store, error);
  tvm_sync_push_cancel (self);
  if (open_for_person (self, &sign_in, &failure))
    {
      if (!tvm_sign_in_sign_out (sign_in, cancellable, error))
        return FALSE;
      tell_others (self);
    }
  else if (!g_error_matches (failure, TVM_ERROR, TVM_ERROR_INVALID))
    {
      /* INVALID: without settings nobody could ever have signed in. */
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  return !with_data || delete_data (self, error);
}

/**
 * tvm_sync_engine_set_may_prompt:
 * @self: an engine that was not used yet
 * @may_prompt: whether a locked keyring opens its prompt for whatever needs it, since a person is
 *   there; else only signing in, signing out and tvm_sync_engine_unlock_async() do
 */
void
tvm_sync_engine_set_may_prompt (TvmSyncEngine *self,
                                gboolean       may_prompt)
{
  g_return_if_fail (TVM_IS_SYNC_ENGINE (self));

  g_atomic_int_set (&self->may_prompt, may_prompt);
}

/**
 * tvm_sync_engine_dup_account:
 * @self: an engine
 * @cancellable: (nullable): stops waiting for the keyring
 * @error: return location for a #TvmError or %G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full) (nullable): who is signed in, without asking a service; %NULL with
 *   %TVM_ERROR_AUTH_REQUIRED where nobody is, and %TVM_ERROR_KEYRING_LOCKED where nobody knows
 */
TvmAccount *
tvm_sync_engine_dup_account (TvmSyncEngine  *self,
                             GCancellable   *cancellable,
                             GError        **error)
{
  TvmAccount *account = NULL;

  g_return_val_if_fail (TVM_IS_SYNC_ENGINE (self), NULL);

  tvm_sync_session_require (self, NULL, &account, cancellable, error);
  return account;
}

/* ---- for the window ------------------------------------------------------------------------ */

/* A sign-in on a worker; the page or code that it shows refers to it too. */
typedef struct
{
  TvmSyncEngine     *engine;       /* (unowned): the task has it */
  TvmOpenUrlFunc     open;         /* either this one */
  TvmDeviceCodeFunc  show;         /* or this one */
  gpointer           shown_data;   /* given to it */
  GCancellable      *caller;       /* (owned) (nullable) */
  GCancellable      *own;          /* (owned): of the work; follows the caller's */
  gulong             handler;      /* by which it does */
  gboolean           intune_write;
  int                has_no_browser;  /* atomic */
} SignIn;

/* What is shown, on its way from the worker to the main context, which waits for neither. */
typedef struct
{
  SignIn *sign_in;              /* (owned) */
  char   *code, *uri, *message;  /* (owned); of the browser the uri alone */
} Shown;

static void
sign_in_clear (gpointer data)
{
  SignIn *self = data;

  g_cancellable_disconnect (self->caller, self->handler);
  g_clear_object (&self->caller);
  g_clear_object (&self->own);
}

static void
sign_in_unref (gpointer self)
{
  g_atomic_rc_box_release_full (self, sign_in_clear);
}

static void
shown_free (gpointer data)
{
  Shown *shown = data;

  sign_in_unref (shown->sign_in);
  g_free (shown->code);
  g_free (shown->uri);
  g_free (shown->message);
  g_free (shown);
}

static gboolean
show_cb (gpointer user_data)
{
  Shown *shown = user_data;
  SignIn *self = shown->sign_in;

  if (g_cancellable_is_cancelled (self->own))
    return G_SOURCE_REMOVE;
  if (self->open == NULL)
    self->show (shown->code, shown->uri, shown->message, self->shown_data);
  else if (!self->open (shown->uri, self->shown_data))
    {
      g_atomic_int_set (&self->has_no_browser, TRUE);
      g_cancellable_cancel (self->own);
    }
  return G_SOURCE_REMOVE;
}

static void
code_came_cb (const char *code, const char *uri, const char *message, gpointer user_data)
{
  SignIn *self = user_data;
  Shown *shown = g_new0 (Shown, 1);

  shown->sign_in = g_atomic_rc_box_acquire (self);
  shown->code = g_strdup (code);
  shown->uri = g_strdup (uri);
  shown->message = g_strdup (message);
  tvm_context_call_later (self->engine->context, show_cb, shown, shown_free);
}

static gboolean
url_came_cb (const char *url, gpointer user_data)
{
  code_came_cb (NULL, url, NULL, user_data);
  return TRUE;
}

static gboolean
sign_in_call (TvmSyncEngine *engine, gpointer data, GCancellable *cancellable, GError **error)
{
  SignIn *self = data;
  g_autoptr(GError) failure = NULL;

  if (self->open != NULL ?
      tvm_sync_engine_sign_in_with_browser (engine, self->intune_write, url_came_cb, self,
                                            self->own, &failure) :
      tvm_sync_engine_sign_in_with_device_code (engine, self->intune_write,
                                                self->show != NULL ? code_came_cb : NULL, self,
                                                self->own, &failure))
    return TRUE;
  if (g_atomic_int_get (&self->has_no_browser))
    g_set_error_literal (error, TVM_ERROR, TVM_ERROR_FAILED,
                         _("No browser could be opened. Set a default browser, or sign in with a "
                           "code."));
  else
    g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

static SignIn *
sign_in_new (TvmSyncEngine *engine,
             gboolean       intune_write,
             gpointer       shown_data,
             GCancellable  *caller)
{
  SignIn *self = g_atomic_rc_box_new0 (SignIn);

  self->engine = engine;
  self->intune_write = intune_write;
  self->shown_data = shown_data;
  g_set_object (&self->caller, caller);
  self->own = tvm_sync_follow (caller, &self->handler);
  return self;
}

/**
 * tvm_sync_engine_sign_in_with_browser_async:
 * @self: an engine
 * @intune_write: whether to ask for the permission to write Intune tickets as well
 * @open: opens a page in the browser
 * @open_data: given to @open
 * @cancellable: (nullable): stops it
 * @callback: told when it is done
 * @user_data: given to @callback
 *
 * tvm_sync_engine_sign_in_with_browser() on a worker, @open being called on the main context; ended
 * by tvm_sync_engine_finish().
 */
void
tvm_sync_engine_sign_in_with_browser_async (TvmSyncEngine *self, gboolean intune_write,
                                            TvmOpenUrlFunc open, gpointer open_data,
                                            GCancellable *cancellable,
                                            GAsyncReadyCallback callback, gpointer user_data)
{
  SignIn *sign_in = sign_in_new (self, intune_write, open_data, cancellable);

  sign_in->open = open;
  tvm_sync_task_run (self, sign_in_call, sign_in, sign_in_unref, cancellable, callback, user_data);
}

/**
 * tvm_sync_engine_sign_in_with_device_code_async:
 * @self: an engine
 * @intune_write: whether to ask for the permission to write Intune tickets as well
 * @show: (nullable): is given the code and the page
 * @show_data: given to @show
 * @cancellable: (nullable): stops it
 * @callback: told when it is done
 * @user_data: given to @callback
 *
 * tvm_sync_engine_sign_in_with_device_code() on a worker, @show being called on the main context;
 * ended by tvm_sync_engine_finish().
 */
void
tvm_sync_engine_sign_in_with_device_code_async (TvmSyncEngine *self, gboolean intune_write,
                                                TvmDeviceCodeFunc show, gpointer show_data,
                                                GCancellable *cancellable,
                                                GAsyncReadyCallback callback, gpointer user_data)
{
  SignIn *sign_in = sign_in_new (self, intune_write, show_data, cancellable);

  sign_in->show = show;
  tvm_sync_task_run (self, sign_in_call, sign_in, sign_in_unref, cancellable, callback, user_data);
}

static gboolean
unlock_call (TvmSyncEngine *self, gpointer data, GCancellable *cancellable, GError **error)
{
  g_autoptr(TvmSignIn) sign_in = NULL;

  return tvm_sync_session_open (self, &sign_in, NULL, error) &&
         tvm_sign_in_unlock (sign_in, cancellable, error);
}

/**
 * tvm_sync_engine_unlock_async:
 * @self: an engine
 * @cancellable: (nullable): stops it
 * @callback: told when it is done
 * @user_data: given to @callback
 *
 * Has a person unlock the keyring where it is locked, on a worker; ended by
 * tvm_sync_engine_finish() with %FALSE and %TVM_ERROR_INVALID where a setting is missing,
 * %TVM_ERROR_NO_KEYRING or %TVM_ERROR_KEYRING_LOCKED.
 */
void
tvm_sync_engine_unlock_async (TvmSyncEngine *self, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data)
{
  tvm_sync_task_run (self, unlock_call, NULL, NULL, cancellable, callback, user_data);
}

static gboolean
sign_out_call (TvmSyncEngine *self, gpointer with_data, GCancellable *cancellable, GError **error)
{
  return tvm_sync_engine_sign_out (self, GPOINTER_TO_INT (with_data), cancellable, error);
}

/**
 * tvm_sync_engine_sign_out_async:
 * @self: an engine
 * @with_data: whether to delete all data of the profile too
 * @cancellable: (nullable): stops it
 * @callback: told when it is done
 * @user_data: given to @callback
 *
 * tvm_sync_engine_sign_out() on a worker; ended by tvm_sync_engine_finish().
 */
void
tvm_sync_engine_sign_out_async (TvmSyncEngine *self, gboolean with_data, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data)
{
  tvm_sync_task_run (self, sign_out_call, GINT_TO_POINTER (with_data), NULL, cancellable, callback,
                     user_data);
}

/* tvm-sync-sign-in.c: signing in and out. Any thread; blocks. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-sync-private.h"
#include "tvm-error.h"

/**
 * tvm_sync_engine_sign_in_with_browser:
 * @intune_write: whether to ask for the permission to write Intune tickets as well
 * @open: (scope call): opens a page in the browser, on this thread
 *
 * Signs in with the browser on this computer; returns when that was done there. Blocks.
 *
 * Returns: %FALSE with %TVM_ERROR_INVALID where a setting is missing, or an error of the sign-in
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

  return tvm_sync_session_open (self, &sign_in, NULL, error) &&
         tvm_sign_in_with_browser (sign_in, intune_write, open, user_data, cancellable, error);
}

/**
 * tvm_sync_engine_sign_in_with_device_code:
 * @intune_write: whether to ask for the permission to write Intune tickets as well
 * @show: (scope call): is given the code and the page, on this thread
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

  return tvm_sync_session_open (self, &sign_in, NULL, error) &&
         tvm_sign_in_with_device_code (sign_in, intune_write, show, user_data, cancellable, error);
}

/* A sync that runs would write on into the emptied store: it is stopped, and then nobody is signed in
 * for another one. */
static gboolean
delete_data (TvmSyncEngine  *self,
             GError        **error)
{
  g_autoptr(GMutexLocker) locker = NULL;

  tvm_sync_engine_stop_sync (self);
  locker = g_mutex_locker_new (&self->command_mutex);
  if (!tvm_store_erase (self->store, error))
    return FALSE;
  tvm_sync_session_drop (self);
  return TRUE;
}

/**
 * tvm_sync_engine_sign_out:
 * @with_data: whether to delete all data of the profile too, its settings included: the open store is
 *   emptied in place and goes on to be usable
 *
 * Forgets the tokens, in the keyring too; all data stays unless told otherwise. Blocks.
 *
 * Returns: %FALSE with %TVM_ERROR_NO_KEYRING, the data being as before, or %TVM_ERROR_STORE_FAILED
 */
gboolean
tvm_sync_engine_sign_out (TvmSyncEngine  *self,
                          gboolean        with_data,
                          GError        **error)
{
  g_autoptr(TvmSignIn) sign_in = NULL;
  g_autoptr(GError) failure = NULL;

  g_return_val_if_fail (TVM_IS_SYNC_ENGINE (self), FALSE);

  if (tvm_sync_session_open (self, &sign_in, NULL, &failure))
    {
      if (!tvm_sign_in_sign_out (sign_in, error))
        return FALSE;
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
 * tvm_sync_engine_dup_account:
 * Returns: (transfer full) (nullable): who is signed in, without asking a service; %NULL with
 *   %TVM_ERROR_AUTH_REQUIRED where nobody is
 */
TvmAccount *
tvm_sync_engine_dup_account (TvmSyncEngine  *self,
                             GError        **error)
{
  TvmAccount *account = NULL;

  g_return_val_if_fail (TVM_IS_SYNC_ENGINE (self), NULL);

  tvm_sync_session_require (self, NULL, &account, error);
  return account;
}

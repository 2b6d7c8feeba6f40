/* tvm-sign-in-ways.c: the ways to sign in: with the browser, or with a code on another device. Any
 * thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-browser-code-private.h"
#include "tvm-device-code-private.h"
#include "tvm-sign-in-private.h"

/* A request names scopes of one resource; the other one's token comes from the refresh token. */
static TvmResource
choose_resource (gboolean intune_write)
{
  return intune_write ? TVM_RESOURCE_GRAPH : TVM_RESOURCE_DEFENDER;
}

/**
 * tvm_sign_in_with_browser:
 * @self: a sign-in
 * @intune_write: whether to ask for the permission to write Intune tickets as well
 * @open: (scope call): opens the page in the browser, on this thread
 * @user_data: for @open
 * @cancellable: (nullable): stops the wait
 * @error: return location for a #TvmError or %G_IO_ERROR_CANCELLED
 *
 * Signs in with the browser on this computer; returns when that was done there, with the person's
 * e-mail address filled in when somebody is signed in already. Nobody is asked before the keyring
 * could keep it: where that is locked a person unlocks it first. Blocks, ten minutes at most.
 *
 * Returns: %FALSE with %TVM_ERROR_AUTH_DECLINED (also when nobody came back in time),
 *   %TVM_ERROR_NO_KEYRING, %TVM_ERROR_KEYRING_LOCKED, %TVM_ERROR_INVALID (tenant or application
 *   unknown),
 *   %TVM_ERROR_CONSENT_REQUIRED (only an administrator can give it), %TVM_ERROR_OFFLINE,
 *   %TVM_ERROR_FAILED (no browser) or %G_IO_ERROR_CANCELLED; whoever was signed in before still is
 */
gboolean
tvm_sign_in_with_browser (TvmSignIn       *self,
                          gboolean         intune_write,
                          TvmOpenUrlFunc   open,
                          gpointer         user_data,
                          GCancellable    *cancellable,
                          GError         **error)
{
  g_autoptr(TvmAccount) account = NULL;
  g_autoptr(TvmLoopback) loopback = NULL;
  g_autoptr(JsonObject) answer = NULL;
  g_autoptr(GError) failure = NULL;
  TvmBrowserCode code = { .resource = choose_resource (intune_write), .write = intune_write };

  g_return_val_if_fail (TVM_IS_SIGN_IN (self), FALSE);
  g_return_val_if_fail (open != NULL, FALSE);

  if (!tvm_sign_in_unlock (self, cancellable, error))
    return FALSE;
  loopback = tvm_loopback_new (error);
  if (loopback == NULL)
    return FALSE;
  account = tvm_sign_in_dup_account (self, cancellable, NULL);
  code.endpoints = tvm_sign_in_get_endpoints (self);
  code.transport = tvm_sign_in_get_transport (self);
  code.login_hint = account != NULL ? account->user_name : NULL;
  answer = tvm_browser_code_run (&code, loopback, open, user_data, cancellable, &failure);
  if (answer != NULL)
    tvm_sign_in_adopt (self, answer, code.resource, intune_write, cancellable, &failure);
  tvm_loopback_answer (loopback, failure);
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

/**
 * tvm_sign_in_with_device_code:
 * @self: a sign-in
 * @intune_write: whether to ask for the permission to write Intune tickets as well
 * @show: (scope call) (nullable): is given the code and the page, on this thread
 * @user_data: for @show
 * @cancellable: (nullable): stops the wait
 * @error: return location for a #TvmError or %G_IO_ERROR_CANCELLED
 *
 * Signs in on another device or in any browser; returns when that was done there. Nobody is asked
 * before the keyring could keep it. Blocks, at most as long as the code is valid.
 *
 * Returns: %FALSE with %TVM_ERROR_AUTH_DECLINED, %TVM_ERROR_NO_KEYRING, %TVM_ERROR_KEYRING_LOCKED,
 *   %TVM_ERROR_INVALID (tenant or application unknown), %TVM_ERROR_OFFLINE or %G_IO_ERROR_CANCELLED
 */
gboolean
tvm_sign_in_with_device_code (TvmSignIn          *self,
                              gboolean            intune_write,
                              TvmDeviceCodeFunc   show,
                              gpointer            user_data,
                              GCancellable       *cancellable,
                              GError            **error)
{
  TvmResource resource = choose_resource (intune_write);
  g_autoptr(JsonObject) answer = NULL;

  g_return_val_if_fail (TVM_IS_SIGN_IN (self), FALSE);

  if (!tvm_sign_in_unlock (self, cancellable, error))
    return FALSE;
  answer = tvm_device_code_run (tvm_sign_in_get_endpoints (self), tvm_sign_in_get_transport (self),
                                resource, intune_write, show, user_data, cancellable, error);
  return answer != NULL && tvm_sign_in_adopt (self, answer, resource, intune_write, cancellable,
                                              error);
}

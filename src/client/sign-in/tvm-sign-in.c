/* tvm-sign-in.c: who is signed in. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-client-private.h"
#include "tvm-error.h"
#include "tvm-sign-in-private.h"
#include "tvm-token-vault-private.h"

#include <glib/gi18n-lib.h>

G_DEFINE_FINAL_TYPE (TvmSignIn, tvm_sign_in, G_TYPE_OBJECT)

/**
 * tvm_sign_in_dup_session:
 * @self: a sign-in
 * @from_vault: whether to look into the vault in any case: another process may have renewed it
 * @cancellable: (nullable): stops it
 * @error: return location for a #TvmError
 *
 * The session in memory, else the vault's. The vault may ask a person first, so this may block;
 * where somebody signed in or out meanwhile, what it hands over is looked up anew.
 *
 * Returns: (transfer full) (nullable): the session, or %NULL with %TVM_ERROR_AUTH_REQUIRED where
 *   there is none, or the errors of tvm_token_vault_load()
 */
TvmGrant *
tvm_sign_in_dup_session (TvmSignIn     *self,
                         gboolean       from_vault,
                         GCancellable  *cancellable,
                         GError       **error)
{
  TvmGrant *session = NULL;
  gboolean is_old;

  do
    {
      char *json = NULL;
      guint generation;

      g_clear_pointer (&session, tvm_grant_free);
      g_mutex_lock (&self->mutex);
      generation = self->generation;
      if (self->session != NULL && !from_vault)
        session = tvm_grant_copy (self->session);
      g_mutex_unlock (&self->mutex);
      if (session != NULL)
        return session;
      if (!tvm_token_vault_load (self->vault, &json, g_atomic_int_get (&self->may_prompt),
                                 cancellable, error))
        return NULL;
      session = tvm_grant_from_json (json, self->endpoints);
      tvm_secret_free (json);
      g_mutex_lock (&self->mutex);
      is_old = generation != self->generation;
      if (!is_old && session != NULL)
        {
          tvm_grant_free (self->session);
          self->session = tvm_grant_copy (session);
        }
      g_mutex_unlock (&self->mutex);
    }
  while (is_old);
  if (session == NULL)
    g_set_error_literal (error, TVM_ERROR, TVM_ERROR_AUTH_REQUIRED,
                         _("Nobody is signed in. Sign in first; all local data stays."));
  return session;
}

/**
 * tvm_sign_in_get_endpoints:
 * @self: a sign-in
 *
 * Returns: (transfer none): whom it asks, which stays the same as long as it lives
 */
const TvmEndpoints *
tvm_sign_in_get_endpoints (TvmSignIn *self)
{
  return self->endpoints;
}

/**
 * tvm_sign_in_get_transport:
 * @self: a sign-in
 *
 * Returns: (transfer none): its own pool of connections, to the identity platform only
 */
TvmTransport *
tvm_sign_in_get_transport (TvmSignIn *self)
{
  return self->transport;
}

/* The application's. */
static TvmAccount *
make_own_account (TvmSignIn *self)
{
  TvmAccount *account = g_new0 (TvmAccount, 1);

  account->is_unattended = TRUE;
  account->name = g_strdup (_("Unattended sign-in"));
  account->user_name = g_strconcat ("application ", self->endpoints->client_id, NULL);
  account->tenant_id = g_strdup (self->endpoints->tenant_id);
  return account;
}

/**
 * tvm_sign_in_dup_account:
 * @self: a sign-in
 * @cancellable: (nullable): stops it
 * @error: return location for a #TvmError or %G_IO_ERROR_CANCELLED
 *
 * Asks the vault the first time, which may block, and never the network.
 *
 * Returns: (transfer full) (nullable): who is signed in, each member %NULL where the service did
 *   not say it; or %NULL with %TVM_ERROR_AUTH_REQUIRED, %TVM_ERROR_NO_KEYRING or
 *   %TVM_ERROR_KEYRING_LOCKED, where nobody knows yet
 */
TvmAccount *
tvm_sign_in_dup_account (TvmSignIn     *self,
                         GCancellable  *cancellable,
                         GError       **error)
{
  g_autoptr(TvmGrant) session = NULL;
  TvmAccount *account;

  g_return_val_if_fail (TVM_IS_SIGN_IN (self), NULL);

  if (self->credential != NULL)
    return make_own_account (self);
  session = tvm_sign_in_dup_session (self, FALSE, cancellable, error);
  if (session == NULL)
    return NULL;
  account = g_new0 (TvmAccount, 1);
  account->name = g_strdup (session->name);
  account->user_name = g_strdup (session->user_name);
  account->tenant_id = g_strdup (session->tenant_id);
  return account;
}

/**
 * tvm_sign_in_set_may_prompt:
 * @self: a sign-in
 * @may_prompt: whether a locked keyring opens its prompt for whatever needs it, since a person is
 *   there; else only signing in, signing out and tvm_sign_in_unlock() do
 */
void
tvm_sign_in_set_may_prompt (TvmSignIn *self,
                            gboolean   may_prompt)
{
  g_return_if_fail (TVM_IS_SIGN_IN (self));

  g_atomic_int_set (&self->may_prompt, may_prompt);
}

/**
 * tvm_sign_in_unlock:
 * @self: a sign-in
 * @cancellable: (nullable): stops it
 * @error: return location for a #TvmError or %G_IO_ERROR_CANCELLED
 *
 * Has a person unlock the keyring where it is locked. Blocks as long as that takes.
 *
 * Returns: %FALSE with %TVM_ERROR_NO_KEYRING or %TVM_ERROR_KEYRING_LOCKED where nothing could be
 *   kept in it now
 */
gboolean
tvm_sign_in_unlock (TvmSignIn     *self,
                    GCancellable  *cancellable,
                    GError       **error)
{
  g_return_val_if_fail (TVM_IS_SIGN_IN (self), FALSE);

  return tvm_token_vault_probe (self->vault, TRUE, cancellable, error);
}

/**
 * tvm_sign_in_sign_out:
 * @self: a sign-in
 * @cancellable: (nullable): stops it
 * @error: return location for a #TvmError or %G_IO_ERROR_CANCELLED
 *
 * Waits for a token that is being fetched, and for a person to unlock the keyring. Where this
 * fails, the refresh token is still in the vault, from where the next use takes it again. Blocks.
 *
 * Returns: %FALSE with %TVM_ERROR_NO_KEYRING or %TVM_ERROR_KEYRING_LOCKED when the refresh token
 *   could not be removed; what was in memory is gone in any case
 */
gboolean
tvm_sign_in_sign_out (TvmSignIn     *self,
                      GCancellable  *cancellable,
                      GError       **error)
{
  gboolean wiped;
  int lock;

  g_return_val_if_fail (TVM_IS_SIGN_IN (self), FALSE);

  g_mutex_lock (&self->refresh_mutex);
  lock = tvm_token_vault_lock (self->vault, cancellable);
  wiped = tvm_token_vault_wipe (self->vault, TRUE, cancellable, error);
  tvm_token_vault_unlock (lock);
  g_mutex_lock (&self->mutex);
  tvm_sign_in_drop_tokens (self);
  g_clear_pointer (&self->session, tvm_grant_free);
  g_clear_pointer (&self->warning, g_free);
  self->is_expired = FALSE;
  self->generation++;
  g_mutex_unlock (&self->mutex);
  g_mutex_unlock (&self->refresh_mutex);
  return wiped;
}

/**
 * tvm_sign_in_is_expired:
 * @self: a sign-in
 *
 * Returns: whether the last refresh was refused, so that somebody has to sign in again
 */
gboolean
tvm_sign_in_is_expired (TvmSignIn *self)
{
  g_autoptr(GMutexLocker) locker = NULL;

  g_return_val_if_fail (TVM_IS_SIGN_IN (self), FALSE);

  locker = g_mutex_locker_new (&self->mutex);
  return self->is_expired;
}

/**
 * tvm_sign_in_dup_warning:
 * @self: a sign-in
 *
 * Returns: (transfer full) (nullable): a localized sentence where a renewed token is in memory only
 */
char *
tvm_sign_in_dup_warning (TvmSignIn *self)
{
  g_autoptr(GMutexLocker) locker = NULL;

  g_return_val_if_fail (TVM_IS_SIGN_IN (self), NULL);

  locker = g_mutex_locker_new (&self->mutex);
  return g_strdup (self->warning);
}

/**
 * tvm_sign_in_set_wait_func:
 * @self: a sign-in that was not used yet
 * @func: (nullable) (scope forever): is told when a throttled identity platform may be asked again,
 *   in microseconds since 1970, and 0 when it is; on the thread that waits
 * @user_data: for @func
 */
void
tvm_sign_in_set_wait_func (TvmSignIn   *self,
                           TvmWaitFunc  func,
                           gpointer     user_data)
{
  g_return_if_fail (TVM_IS_SIGN_IN (self));

  tvm_transport_set_wait_func (self->transport, func, user_data);
}

/**
 * tvm_sign_in_set_wait_divisor:
 * @self: a sign-in
 * @divisor: waits last 1/@divisor of what was told; 0 counts as 1
 *
 * For tests.
 */
void
tvm_sign_in_set_wait_divisor (TvmSignIn *self,
                              guint      divisor)
{
  tvm_transport_set_wait_divisor (self->transport, divisor);
}

static void
tvm_sign_in_finalize (GObject *object)
{
  TvmSignIn *self = TVM_SIGN_IN (object);

  tvm_sign_in_drop_tokens (self);
  g_clear_pointer (&self->session, tvm_grant_free);
  g_free (self->warning);
  g_clear_pointer (&self->endpoints, tvm_endpoints_free);
  g_clear_pointer (&self->vault, tvm_token_vault_free);
  g_clear_pointer (&self->credential, tvm_credential_free);
  g_clear_pointer (&self->transport, tvm_transport_free);
  g_mutex_clear (&self->refresh_mutex);
  g_mutex_clear (&self->mutex);
  G_OBJECT_CLASS (tvm_sign_in_parent_class)->finalize (object);
}

static void
tvm_sign_in_class_init (TvmSignInClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tvm_sign_in_finalize;
}

static void
tvm_sign_in_init (TvmSignIn *self)
{
  g_mutex_init (&self->refresh_mutex);
  g_mutex_init (&self->mutex);
  self->transport = tvm_transport_new ();
}

/**
 * tvm_sign_in_new:
 * @endpoints: whom to ask
 * @vault: (transfer full): where the refresh token lives
 *
 * Returns: (transfer full): a sign-in; nothing is read or sent before it is used
 */
TvmSignIn *
tvm_sign_in_new (const TvmEndpoints *endpoints,
                 TvmTokenVault      *vault)
{
  TvmSignIn *self = g_object_new (TVM_TYPE_SIGN_IN, NULL);

  self->endpoints = tvm_endpoints_copy (endpoints);
  self->vault = vault;
  return self;
}

/**
 * tvm_sign_in_new_unattended:
 * @endpoints: whom to ask
 * @credential: (transfer full): what the application signs itself in with
 * @error: return location for a #TvmError
 *
 * Nobody signs in or out here: tokens are asked for when they are needed, and are in memory alone.
 * With them nothing is written (tvm_http_begin() refuses).
 *
 * Returns: (transfer full) (nullable): a sign-in; %NULL with %TVM_ERROR_AUTH_DECLINED where the
 *   tenant is “organizations”, in which no application is
 */
TvmSignIn *
tvm_sign_in_new_unattended (const TvmEndpoints  *endpoints,
                            TvmCredential       *credential,
                            GError             **error)
{
  g_autoptr(TvmCredential) owned = credential;
  TvmSignIn *self;

  if (g_ascii_strcasecmp (endpoints->tenant_id, "organizations") == 0)
    {
      g_set_error_literal (error, TVM_ERROR, TVM_ERROR_AUTH_DECLINED,
                           _("An unattended sign-in needs one tenant. Set its ID or one of its "
                             "domain names with: tvm-remediate config set tenant-id TENANT"));
      return NULL;
    }
  self = tvm_sign_in_new (endpoints, tvm_token_vault_new_memory ());
  self->credential = g_steal_pointer (&owned);
  return self;
}

/**
 * tvm_sign_in_is_unattended:
 * @self: a sign-in
 *
 * Returns: whether it is an application's own, which only reads
 */
gboolean
tvm_sign_in_is_unattended (TvmSignIn *self)
{
  g_return_val_if_fail (TVM_IS_SIGN_IN (self), FALSE);

  return self->credential != NULL;
}

/* tvm-sign-in-tokens.c: the access tokens of a sign-in: kept in memory, renewed ahead of their
 * expiry. Any thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-client-private.h"
#include "tvm-error.h"
#include "tvm-permissions-private.h"
#include "tvm-sign-in-private.h"
#include "tvm-time.h"
#include "tvm-token-post-private.h"
#include "tvm-token-vault-private.h"
#include "tvm-unattended-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/**
 * tvm_sign_in_drop_tokens:
 * @self: a sign-in, with its mutex held or nobody else's any more
 *
 * Overwrites and frees the access tokens in memory; the session stays.
 */
void
tvm_sign_in_drop_tokens (TvmSignIn *self)
{
  for (guint i = 0; i < TVM_N_TOKEN_SLOTS; i++)
    {
      g_clear_pointer (&self->tokens[i].token, tvm_kept_secret_free);
      g_free (self->tokens[i].scope);
      self->tokens[i] = (TvmCachedToken) { NULL };
    }
}

static gboolean
is_header_safe (const char *token)
{
  for (; *token != '\0'; token++)
    if (*token <= 0x20 || *token >= 0x7f)
      return FALSE;
  return TRUE;
}

static guint
get_slot (TvmResource resource,
          gboolean    write)
{
  return resource == TVM_RESOURCE_DEFENDER ? 0 : write ? 2 : 1;
}

static char *
describe_unsaved (const GError *failure)
{
  /* Translators: %s is the reason, one or more sentences. */
  return g_strdup_printf (
    _("The renewed sign-in could not be kept and is lost when the program ends; "
       "sign in again then. %s"),
    failure->message);
}

/* The answer's access token; NULL with an error where it has none that can be sent. */
static const char *
read_access_token (JsonObject  *answer,
                   GError     **error)
{
  const char *token = tvm_json_get_string (answer, "access_token");

  if (token != NULL && is_header_safe (token))
    return token;
  g_set_error (error, TVM_ERROR, TVM_ERROR_BAD_RESPONSE,
               _("The sign-in service's answer lacks “%s”."), "access_token");
  return NULL;
}

/* In memory, with the mutex held. */
static void
keep_token (TvmSignIn  *self,
            guint       slot,
            JsonObject *answer,
            const char *access_token)
{
  TvmCachedToken *cached = &self->tokens[slot];
  gint64 lifetime_s = CLAMP (tvm_json_get_int (answer, "expires_in", 3600), 0, 7 * 24 * 3600);

  tvm_kept_secret_free (cached->token);
  cached->token = tvm_kept_secret_new (access_token);
  g_free (cached->scope);
  cached->scope = g_strdup (tvm_json_get_string (answer, "scope"));
  cached->obtained_us = tvm_now_us ();
  cached->renew_at_us =
    cached->obtained_us + (lifetime_s - MIN (300, lifetime_s / 10)) * TVM_SECOND_US;
}

/* Takes over a token answer: the vault first, then memory. A sign-in that cannot be kept fails; a
 * rotated token is used all the same, since the old one may be void: then a warning says so, and
 * the next answer is another try, and neither a person nor cancelling keeps it waiting. With the
 * refresh mutex held. */
static gboolean
adopt_answer (TvmSignIn  *self,
              JsonObject *answer,
              guint       slot,
              TvmGrant   *owned_session,
              gboolean    is_first,
              GCancellable *cancellable,
              GError    **error)
{
  g_autoptr(TvmGrant) session = owned_session;
  const char *access_token = read_access_token (answer, error);
  const char *refresh_token = tvm_json_get_string (answer, "refresh_token");
  g_autoptr(GError) failure = NULL;
  gboolean must_save;

  if (access_token == NULL)
    return FALSE;
  if (session->refresh_token == NULL && refresh_token == NULL)
    {
      g_set_error (error, TVM_ERROR, TVM_ERROR_BAD_RESPONSE,
                   _("The sign-in service's answer lacks “%s”."), "refresh_token");
      return FALSE;
    }
  must_save = is_first || self->warning != NULL;
  if (refresh_token != NULL &&
      g_strcmp0 (refresh_token, tvm_kept_secret_get (session->refresh_token)) != 0)
    {
      tvm_kept_secret_free (session->refresh_token);
      session->refresh_token = tvm_kept_secret_new (refresh_token);
      must_save = TRUE;
    }
  tvm_grant_read_id_token (session, tvm_json_get_string (answer, "id_token"));
  if (must_save)
    {
      char *json = tvm_grant_to_json (session, self->endpoints);

      tvm_token_vault_save (self->vault, json, is_first, is_first ? cancellable : NULL, &failure);
      tvm_secret_free (json);
    }
  if (failure != NULL && is_first)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  g_mutex_lock (&self->mutex);
  g_free (self->warning);
  self->warning = failure != NULL ? describe_unsaved (failure) : NULL;
  self->is_expired = FALSE;
  self->generation++;
  keep_token (self, slot, answer, access_token);
  tvm_grant_free (self->session);
  self->session = g_steal_pointer (&session);
  g_mutex_unlock (&self->mutex);
  return TRUE;
}

/* One refresh. */
static gboolean
refresh_once (TvmSignIn    *self,
              TvmResource   resource,
              gboolean      write,
              TvmGrant     *owned_session,
              GCancellable *cancellable,
              GError      **error)
{
  g_autoptr(TvmGrant) session = owned_session;
  g_autofree char *scope = tvm_scopes_build (self->endpoints, resource, write);
  g_autoptr(JsonObject) answer = NULL;
  guint status = 0;

  answer = tvm_token_post (self->endpoints, self->transport, "token",
                           soup_form_encode ("grant_type", "refresh_token",
                                             "client_id", self->endpoints->client_id,
                                             "refresh_token",
                                             tvm_kept_secret_get (session->refresh_token),
                                             "scope", scope, NULL),
                           &status, cancellable, error);
  if (answer == NULL)
    return FALSE;
  if (status == 200)
    {
      gboolean adopted = adopt_answer (self, answer, get_slot (resource, write),
                                       g_steal_pointer (&session), FALSE, cancellable,
                                       error);

      tvm_token_settle ();
      return adopted;
    }
  tvm_token_set_refusal (self->endpoints, resource, write, status, answer, error);
  return FALSE;
}

/* The session to renew. Another process may have renewed it or signed out since it was read: what
 * the vault holds counts, unless the newest could not be kept there. */
static TvmGrant *
dup_newest_session (TvmSignIn     *self,
                    GCancellable  *cancellable,
                    GError       **error)
{
  g_autofree char *unsaved = tvm_sign_in_dup_warning (self);
  g_autoptr(GError) failure = NULL;
  TvmGrant *session = NULL;

  if (unsaved == NULL)
    session = tvm_sign_in_dup_session (self, TRUE, cancellable, &failure);
  if (session == NULL && !g_error_matches (failure, TVM_ERROR, TVM_ERROR_AUTH_REQUIRED))
    return tvm_sign_in_dup_session (self, FALSE, cancellable, error);
  if (session == NULL)
    {
      g_mutex_lock (&self->mutex);
      tvm_sign_in_drop_tokens (self);
      g_clear_pointer (&self->session, tvm_grant_free);
      g_mutex_unlock (&self->mutex);
      g_propagate_error (error, g_steal_pointer (&failure));
    }
  return session;
}

/* A new token of an application; there is nothing else to keep. */
static gboolean
ask_unattended (TvmSignIn     *self,
                TvmResource    resource,
                guint          slot,
                GCancellable  *cancellable,
                GError       **error)
{
  g_autoptr(JsonObject) answer =
    tvm_unattended_run (self->endpoints, self->transport, self->credential, resource, cancellable,
                        error);
  const char *access_token = answer != NULL ? read_access_token (answer, error) : NULL;

  if (access_token != NULL)
    {
      g_mutex_lock (&self->mutex);
      keep_token (self, slot, answer, access_token);
      g_mutex_unlock (&self->mutex);
    }
  if (answer != NULL)
    tvm_token_settle ();
  return access_token != NULL;
}

static gboolean
refresh (TvmSignIn     *self,
         TvmResource    resource,
         gboolean       write,
         GCancellable  *cancellable,
         GError       **error)
{
  TvmGrant *session;
  g_autoptr(GError) failure = NULL;

  if (self->credential != NULL)
    return ask_unattended (self, resource, get_slot (resource, write), cancellable, error);
  session = dup_newest_session (self, cancellable, error);
  if (session == NULL)
    return FALSE;
  if (refresh_once (self, resource, write, session, cancellable, &failure))
    return TRUE;
  if (g_error_matches (failure, TVM_ERROR, TVM_ERROR_AUTH_REQUIRED))
    {
      g_mutex_lock (&self->mutex);
      self->is_expired = TRUE;
      g_mutex_unlock (&self->mutex);
    }
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

static char *
dup_cached (TvmSignIn  *self,
            guint       slot,
            gint64      not_before_us,
            const char *refused_token)
{
  const TvmCachedToken *cached = &self->tokens[slot];
  char *token = NULL;

  g_mutex_lock (&self->mutex);
  if (cached->token != NULL && tvm_now_us () < cached->renew_at_us &&
      cached->obtained_us >= not_before_us &&
      g_strcmp0 (tvm_kept_secret_get (cached->token), refused_token) != 0)
    token = g_strdup (tvm_kept_secret_get (cached->token));
  g_mutex_unlock (&self->mutex);
  return token;
}

static char *
obtain (TvmSignIn     *self,
        TvmResource    resource,
        gboolean       write,
        gint64         not_before_us,
        const char    *refused_token,
        GCancellable  *cancellable,
        GError       **error)
{
  guint slot = get_slot (resource, write);
  char *token = dup_cached (self, slot, not_before_us, refused_token);

  if (token != NULL)
    return token;
  g_mutex_lock (&self->refresh_mutex);
  token = dup_cached (self, slot, not_before_us, refused_token);
  if (token == NULL)
    {
      int lock = tvm_token_vault_lock (self->vault, cancellable);

      if (!g_cancellable_set_error_if_cancelled (cancellable, error) &&
          refresh (self, resource, write, cancellable, error))
        /* It changes with the refresh mutex held only. */
        token = g_strdup (tvm_kept_secret_get (self->tokens[slot].token));
      tvm_token_vault_unlock (lock);
    }
  g_mutex_unlock (&self->refresh_mutex);
  return token;
}

/**
 * tvm_sign_in_dup_scope:
 * @self: a sign-in
 * @resource: a service
 * @intune_write: whether the token is the one to write tickets with
 *
 * Returns: (transfer full) (nullable): what the token in memory is good for, as its answer named
 *   it; %NULL where it did not, or there is none
 */
char *
tvm_sign_in_dup_scope (TvmSignIn   *self,
                       TvmResource  resource,
                       gboolean     intune_write)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  return g_strdup (self->tokens[get_slot (resource, intune_write)].scope);
}

/**
 * tvm_sign_in_adopt:
 * @self: a sign-in
 * @answer: a token answer (RFC 6749, 5.1) of tvm_token_post(), which is settled here
 * @resource: whom its access token is for
 * @write: whether that may write tickets
 * @cancellable: (nullable): stops waiting for the keyring
 * @error: return location for a #TvmError or %G_IO_ERROR_CANCELLED
 *
 * Signs in whom the token answer tells, in place of whoever was, and keeps the refresh token in the
 * vault. The access tokens in memory are dropped in any case.
 *
 * Returns: %FALSE with %TVM_ERROR_BAD_RESPONSE where a token is missing, or the errors of
 *   tvm_token_vault_save() where it could not be kept
 */
gboolean
tvm_sign_in_adopt (TvmSignIn    *self,
                   JsonObject   *answer,
                   TvmResource   resource,
                   gboolean      write,
                   GCancellable *cancellable,
                   GError      **error)
{
  gboolean adopted;

  g_mutex_lock (&self->refresh_mutex);
  g_mutex_lock (&self->mutex);
  tvm_sign_in_drop_tokens (self);
  g_mutex_unlock (&self->mutex);
  adopted = adopt_answer (self, answer, get_slot (resource, write), g_new0 (TvmGrant, 1), TRUE,
                          cancellable, error);
  g_mutex_unlock (&self->refresh_mutex);
  tvm_token_settle ();
  return adopted;
}

/**
 * tvm_sign_in_get_token:
 * @self: a sign-in
 * @resource: whom the token is for
 * @intune_write: whether tickets are to be written with it (Graph only)
 * @refuse_cached: whether to fetch a new one in any case
 * @cancellable: (nullable): stops it
 * @error: return location for a #TvmError or %G_IO_ERROR_CANCELLED
 *
 * Takes the token in memory, or fetches one for the refresh token, once for all threads that wait
 * for it. Blocks; once the service was asked, cancelling waits for its answer, 20 seconds at most,
 * and that is kept: the service may have voided the old refresh token.
 *
 * Returns: (transfer full) (nullable): an access token, or %NULL with %TVM_ERROR_AUTH_REQUIRED,
 *   %TVM_ERROR_CONSENT_REQUIRED, %TVM_ERROR_NO_KEYRING, %TVM_ERROR_KEYRING_LOCKED,
 *   %TVM_ERROR_OFFLINE, another code of tvm_token_set_error() or %G_IO_ERROR_CANCELLED
 */
char *
tvm_sign_in_get_token (TvmSignIn     *self,
                       TvmResource    resource,
                       gboolean       intune_write,
                       gboolean       refuse_cached,
                       GCancellable  *cancellable,
                       GError       **error)
{
  g_return_val_if_fail (TVM_IS_SIGN_IN (self), NULL);
  return obtain (self, resource, intune_write, refuse_cached ? tvm_now_us () : 0, NULL, cancellable,
                 error);
}

/**
 * tvm_sign_in_replace_token:
 * @self: a sign-in
 * @resource: whom the token is for
 * @intune_write: whether tickets are to be written with it (Graph only)
 * @refused_token: the token that the service did not accept (401)
 * @cancellable: (nullable): stops it
 * @error: return location for a #TvmError or %G_IO_ERROR_CANCELLED
 *
 * Like tvm_sign_in_get_token(), but passes over @refused_token in memory; it is renewed only if no
 * other thread did that already.
 *
 * Returns: (transfer full) (nullable): an access token, or %NULL with the errors of
 *   tvm_sign_in_get_token()
 */
char *
tvm_sign_in_replace_token (TvmSignIn     *self,
                           TvmResource    resource,
                           gboolean       intune_write,
                           const char    *refused_token,
                           GCancellable  *cancellable,
                           GError       **error)
{
  return obtain (self, resource, intune_write, 0, refused_token, cancellable, error);
}

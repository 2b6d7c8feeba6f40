/* tvm-sign-in.c: who is signed in, and the tokens of that. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-client-private.h"
#include "tvm-device-code-private.h"
#include "tvm-error.h"
#include "tvm-sign-in-private.h"
#include "tvm-time.h"
#include "tvm-token-answer-private.h"
#include "tvm-token-vault-private.h"
#include "tvm-transport-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define N_SLOTS 3  /* Defender, Graph to read, Graph to write */

typedef struct {
  char  *token;        /* (owned) (nullable) */
  gint64 obtained_us;
  gint64 renew_at_us;  /* some time ahead of its expiry */
} CachedToken;

struct _TvmSignIn
{
  GObject        parent_instance;
  TvmEndpoints  *endpoints;      /* (owned) */
  TvmTokenVault *vault;          /* (owned) */
  TvmTransport  *transport;      /* (owned) */
  GMutex         refresh_mutex;  /* held while a token is fetched, once for all; taken first */
  GMutex         mutex;          /* guards what follows, never held over the network */
  TvmGrant    *session;        /* (owned) (nullable): not loaded yet, or signed out */
  guint generation; /* counts sign-ins, sign-outs and renewals: what was read before is old */
  CachedToken    tokens[N_SLOTS];
  gboolean       is_expired;     /* the session was refused: somebody has to sign in again */
  char          *warning;        /* (owned) (nullable): why the vault lacks the session's token */
};

G_DEFINE_FINAL_TYPE (TvmSignIn, tvm_sign_in, G_TYPE_OBJECT)

static void
drop_tokens (TvmSignIn *self)
{
  for (guint i = 0; i < N_SLOTS; i++)
    {
      g_clear_pointer (&self->tokens[i].token, tvm_secret_free);
      self->tokens[i] = (CachedToken) { NULL, 0, 0 };
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

/* Takes over a token answer: the vault first, then memory. A sign-in that cannot be kept fails; a
 * rotated token is used all the same, since the old one may be void: then a warning says so, and
 * the next answer is another try. With the refresh mutex held. */
static gboolean
adopt_answer (TvmSignIn  *self,
              JsonObject *answer,
              guint       slot,
              TvmGrant   *owned_session,
              gboolean    is_first,
              GError    **error)
{
  g_autoptr(TvmGrant) session = owned_session;
  const char *access_token = tvm_json_get_string (answer, "access_token");
  const char *refresh_token = tvm_json_get_string (answer, "refresh_token");
  gint64 lifetime_s = CLAMP (tvm_json_get_int (answer, "expires_in", 3600), 0, 7 * 24 * 3600);
  gint64 now_us = tvm_now_us ();
  g_autoptr(GError) failure = NULL;
  gboolean must_save;

  if (access_token == NULL || !is_header_safe (access_token) ||
      (session->refresh_token == NULL && refresh_token == NULL))
    {
      g_set_error (error, TVM_ERROR, TVM_ERROR_BAD_RESPONSE,
                   _("The sign-in service's answer lacks “%s”."),
                   access_token == NULL || !is_header_safe (access_token) ? "access_token"
                                                                          : "refresh_token");
      return FALSE;
    }
  must_save = is_first || self->warning != NULL;
  if (refresh_token != NULL && g_strcmp0 (refresh_token, session->refresh_token) != 0)
    {
      tvm_secret_free (session->refresh_token);
      session->refresh_token = g_strdup (refresh_token);
      must_save = TRUE;
    }
  tvm_grant_read_id_token (session, tvm_json_get_string (answer, "id_token"));
  if (must_save)
    {
      char *json = tvm_grant_to_json (session, self->endpoints);

      tvm_token_vault_save (self->vault, json, &failure);
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
  tvm_secret_free (self->tokens[slot].token);
  self->tokens[slot].token = g_strdup (access_token);
  self->tokens[slot].obtained_us = now_us;
  self->tokens[slot].renew_at_us =
    now_us + (lifetime_s - MIN (300, lifetime_s / 10)) * TVM_SECOND_US;
  tvm_grant_free (self->session);
  self->session = g_steal_pointer (&session);
  g_mutex_unlock (&self->mutex);
  return TRUE;
}

/* The session in memory, else the vault's; AUTH_REQUIRED where there is none. The vault may ask a
 * person first; where somebody signed in or out meanwhile, what it hands over is looked up anew. */
static TvmGrant *
dup_session (TvmSignIn  *self,
             gboolean    from_vault,
             GError    **error)
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
      if (!tvm_token_vault_load (self->vault, &json, error))
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
                                             "refresh_token", session->refresh_token,
                                             "scope", scope, NULL),
                           &status, cancellable, error);
  if (answer == NULL)
    return FALSE;
  if (status == 200)
    return adopt_answer (self, answer, get_slot (resource, write), g_steal_pointer (&session),
                         FALSE, error);
  tvm_token_set_refusal (self->endpoints, resource, status, answer, error);
  return FALSE;
}

/* Another process may have replaced the refresh token in the vault: then that one is tried too. */
static gboolean
refresh (TvmSignIn     *self,
         TvmResource    resource,
         gboolean       write,
         GCancellable  *cancellable,
         GError       **error)
{
  g_autoptr(TvmGrant) other = NULL;
  g_autofree char *tried = NULL;
  TvmGrant *session = dup_session (self, FALSE, error);
  g_autoptr(GError) failure = NULL;

  if (session == NULL)
    return FALSE;
  tried = g_compute_checksum_for_string (G_CHECKSUM_SHA256, session->refresh_token, -1);
  if (refresh_once (self, resource, write, session, cancellable, &failure))
    return TRUE;
  if (g_error_matches (failure, TVM_ERROR, TVM_ERROR_AUTH_REQUIRED))
    other = dup_session (self, TRUE, NULL);
  if (other != NULL)
    {
      g_autofree char *found = g_compute_checksum_for_string (G_CHECKSUM_SHA256,
                                                              other->refresh_token, -1);

      if (strcmp (found, tried) != 0)
        {
          g_clear_error (&failure);
          if (refresh_once (self, resource, write, g_steal_pointer (&other), cancellable, &failure))
            return TRUE;
        }
    }
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
  const CachedToken *cached = &self->tokens[slot];
  char *token = NULL;

  g_mutex_lock (&self->mutex);
  if (cached->token != NULL && tvm_now_us () < cached->renew_at_us &&
      cached->obtained_us >= not_before_us && g_strcmp0 (cached->token, refused_token) != 0)
    token = g_strdup (cached->token);
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
  if (token == NULL && !g_cancellable_set_error_if_cancelled (cancellable, error) &&
      refresh (self, resource, write, cancellable, error))
    {
      g_mutex_lock (&self->mutex);
      token = g_strdup (self->tokens[slot].token);
      g_mutex_unlock (&self->mutex);
    }
  g_mutex_unlock (&self->refresh_mutex);
  return token;
}

const TvmEndpoints *
tvm_sign_in_get_endpoints (TvmSignIn *self)
{
  return self->endpoints;
}

TvmTransport *
tvm_sign_in_get_transport (TvmSignIn *self)
{
  return self->transport;
}

gboolean
tvm_sign_in_adopt (TvmSignIn    *self,
                   JsonObject   *answer,
                   TvmResource   resource,
                   gboolean      write,
                   GError      **error)
{
  gboolean adopted;

  g_mutex_lock (&self->refresh_mutex);
  g_mutex_lock (&self->mutex);
  drop_tokens (self);
  g_mutex_unlock (&self->mutex);
  adopted = adopt_answer (self, answer, get_slot (resource, write), g_new0 (TvmGrant, 1), TRUE,
                          error);
  g_mutex_unlock (&self->refresh_mutex);
  return adopted;
}

/**
 * tvm_sign_in_dup_account:
 * Returns: (transfer full) (nullable): who is signed in, or %NULL with %TVM_ERROR_AUTH_REQUIRED or
 *   %TVM_ERROR_NO_KEYRING
 */
TvmAccount *
tvm_sign_in_dup_account (TvmSignIn  *self,
                         GError    **error)
{
  g_autoptr(TvmGrant) session = NULL;
  TvmAccount *account;

  g_return_val_if_fail (TVM_IS_SIGN_IN (self), NULL);

  session = dup_session (self, FALSE, error);
  if (session == NULL)
    return NULL;
  account = g_new0 (TvmAccount, 1);
  account->name = g_strdup (session->name);
  account->user_name = g_strdup (session->user_name);
  account->tenant_id = g_strdup (session->tenant_id);
  return account;
}

/**
 * tvm_sign_in_sign_out:
 * Returns: %FALSE with %TVM_ERROR_NO_KEYRING when the refresh token could not be removed; what was
 *   in memory is gone in any case
 */
gboolean
tvm_sign_in_sign_out (TvmSignIn  *self,
                      GError    **error)
{
  gboolean wiped;

  g_return_val_if_fail (TVM_IS_SIGN_IN (self), FALSE);

  g_mutex_lock (&self->refresh_mutex);
  wiped = tvm_token_vault_wipe (self->vault, error);
  g_mutex_lock (&self->mutex);
  drop_tokens (self);
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
 * Returns: (transfer full) (nullable): a sentence where a renewed token is in memory only
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
 * tvm_sign_in_get_token:
 * @resource: whom the token is for
 * @intune_write: whether tickets are to be written with it (Graph only)
 * @refuse_cached: whether to fetch a new one in any case
 *
 * Returns: (transfer full) (nullable): an access token, or %NULL with %TVM_ERROR_AUTH_REQUIRED,
 *   %TVM_ERROR_NO_KEYRING, %TVM_ERROR_OFFLINE or %G_IO_ERROR_CANCELLED
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

  drop_tokens (self);
  g_clear_pointer (&self->session, tvm_grant_free);
  g_free (self->warning);
  g_clear_pointer (&self->endpoints, tvm_endpoints_free);
  g_clear_pointer (&self->vault, tvm_token_vault_free);
  g_clear_pointer (&self->transport, tvm_transport_unref);
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

/* tvm-sync-session.c: who talks to the services, made from the settings when first needed and made
 * anew when they changed. Any thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-sync-private.h"
#include "tvm-error.h"
#include "tvm-time.h"

#include <glib/gi18n-lib.h>

#define NOTED_WAIT_US (5 * TVM_SECOND_US)

static const char *const endpoint_keys[] = { "cloud", "authority-url", "defender-url", "graph-url",
                                             "tenant-id", "client-id", "region" };

static TvmEndpoints *
read_endpoints (TvmSyncEngine  *self,
                GError        **error)
{
  char *values[G_N_ELEMENTS (endpoint_keys)] = { NULL };
  TvmEndpoints *endpoints = NULL;
  gboolean good = TRUE;

  for (guint i = 0; i < G_N_ELEMENTS (endpoint_keys) && good; i++)
    {
      values[i] = tvm_sync_engine_get_config (self, endpoint_keys[i], error);
      good = values[i] != NULL;
    }
  if (good)
    endpoints = tvm_endpoints_new (values[0], values[1], values[2], values[3], values[4], values[5],
                                   error);
  if (endpoints != NULL && !tvm_endpoints_set_region (endpoints, values[6], error))
    g_clear_pointer (&endpoints, tvm_endpoints_free);
  for (guint i = 0; i < G_N_ELEMENTS (endpoint_keys); i++)
    g_free (values[i]);
  return endpoints;
}

static gboolean
are_equal (const TvmEndpoints *a,
           const TvmEndpoints *b)
{
  return g_strcmp0 (a->cloud, b->cloud) == 0 &&
         g_strcmp0 (a->authority_url, b->authority_url) == 0 &&
         g_strcmp0 (a->defender_url, b->defender_url) == 0 &&
         g_strcmp0 (a->graph_url, b->graph_url) == 0 &&
         g_strcmp0 (a->tenant_id, b->tenant_id) == 0 &&
         g_strcmp0 (a->client_id, b->client_id) == 0;
}

static void
show_next_call (TvmSyncState  *state,
                gconstpointer  data)
{
  const TvmSyncState *wait = data;

  state->next_call_us = wait->next_call_us;
  state->is_asked = wait->is_asked;
}

/* For whoever asks from another process, or goes on calling. */
static void
note_long_wait (TvmSyncEngine *self,
                TvmClient     *client,
                gint64         next_call_us)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, next_call_us);

  tvm_store_set_setting (self->store, TVM_SYNC_NEXT_CALL_KEY, text, NULL);
  if (client == NULL)
    return;
  tvm_sync_keep_pace (self, client);
  tvm_sync_look_at_others (self, client);
}

/* The engine outlives every call it makes, and a run its client's. */
static void
tell_wait (TvmSyncEngine *self,
           gint64         next_call_us,
           gboolean       is_asked)
{
  TvmSyncState wait = { .next_call_us = next_call_us, .is_asked = is_asked };
  TvmSyncRun *run = NULL;

  if (self->wait_func != NULL)
    self->wait_func (next_call_us, self->wait_data);
  g_mutex_lock (&self->mutex);
  if (self->run != NULL)
    run = tvm_sync_run_ref (self->run);
  g_mutex_unlock (&self->mutex);
  if (next_call_us - tvm_now_us () > NOTED_WAIT_US)
    note_long_wait (self, run != NULL ? run->client : NULL, next_call_us);
  if (run == NULL)
    {
      tvm_sync_engine_change_state (self, show_next_call, &wait);
      return;
    }
  tvm_sync_run_set_next_call (run, next_call_us, is_asked);
  tvm_sync_run_unref (run);
}

static void
client_waits_cb (gint64   next_call_us,
                 gpointer user_data)
{
  TvmSyncEngine *self = user_data;
  gboolean is_asked;

  g_mutex_lock (&self->mutex);
  is_asked = self->client != NULL && tvm_client_is_asked_to_wait (self->client);
  g_mutex_unlock (&self->mutex);
  tell_wait (self, next_call_us, is_asked);
}

static void
sign_in_waits_cb (gint64   next_call_us,
                  gpointer user_data)
{
  tell_wait (user_data, next_call_us, TRUE);
}

/**
 * tvm_sync_engine_set_wait_func:
 * @self: an engine that was not used yet
 * @func: (nullable) (scope forever): is told of every wait for a service, also for the sign-in's:
 *   when the next call may be made, in microseconds since 1970, and 0 when it is; on the thread
 *   that waits
 * @user_data: for @func
 */
void
tvm_sync_engine_set_wait_func (TvmSyncEngine *self,
                               TvmWaitFunc    func,
                               gpointer       user_data)
{
  g_return_if_fail (TVM_IS_SYNC_ENGINE (self));

  self->wait_func = func;
  self->wait_data = user_data;
}

/**
 * tvm_sync_session_clear:
 * @self: an engine
 *
 * Forgets who talks to the services, without the lock.
 */
void
tvm_sync_session_clear (TvmSyncEngine *self)
{
  if (self->client != NULL)
    tvm_client_set_wait_func (self->client, NULL, NULL);
  g_clear_object (&self->client);
  g_clear_object (&self->sign_in);
  g_clear_pointer (&self->endpoints, tvm_endpoints_free);
}

/**
 * tvm_sync_session_drop:
 * @self: an engine
 *
 * Forgets the access tokens and who would use them; the keyring keeps what it has.
 */
void
tvm_sync_session_drop (TvmSyncEngine *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->session_mutex);

  tvm_sync_session_clear (self);
}

/* A person's, whose tokens are in the keyring, or where systemd gave the service a credential the
 * application's own. The demo's profile has neither. */
static TvmSignIn *
make_sign_in (TvmSyncEngine       *self,
              const TvmEndpoints  *endpoints,
              GError             **error)
{
  TvmCredential *credential = NULL;

  if (self->memory_vault)
    return tvm_sign_in_new (endpoints, tvm_token_vault_new_memory ());
  if (!tvm_credential_load (g_getenv ("CREDENTIALS_DIRECTORY"), &credential, error))
    return NULL;
  if (credential != NULL)
    return tvm_sign_in_new_unattended (endpoints, credential, error);
  return tvm_sign_in_new (endpoints, tvm_token_vault_new_keyring (self->profile));
}

/**
 * tvm_sync_session_open:
 * @self: an engine
 * @out_sign_in: (out) (optional) (transfer full): the sign-in
 * @out_client: (out) (optional) (transfer full): the client
 * @error: return location for a #TvmError
 *
 * Returns: %FALSE with %TVM_ERROR_INVALID where a setting is missing, %TVM_ERROR_AUTH_DECLINED
 *   where the credential of an unattended sign-in cannot be used
 */
gboolean
tvm_sync_session_open (TvmSyncEngine  *self,
                       TvmSignIn     **out_sign_in,
                       TvmClient     **out_client,
                       GError        **error)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->session_mutex);
  g_autoptr(TvmEndpoints) endpoints = read_endpoints (self, error);

  if (endpoints == NULL)
    return FALSE;
  if (self->endpoints == NULL || !are_equal (self->endpoints, endpoints))
    {
      tvm_sync_session_clear (self);
      self->sign_in = make_sign_in (self, endpoints, error);
      if (self->sign_in == NULL)
        return FALSE;
      self->endpoints = g_steal_pointer (&endpoints);
      tvm_sign_in_set_wait_func (self->sign_in, sign_in_waits_cb, self);
      tvm_sign_in_set_may_prompt (self->sign_in, g_atomic_int_get (&self->may_prompt));
      self->client = tvm_client_new (self->endpoints, self->sign_in);
      tvm_client_set_unlimited (self->client, self->memory_vault);
      tvm_sync_load_pace (self, self->client);
      tvm_client_set_wait_func (self->client, client_waits_cb, self);
    }
  if (out_sign_in != NULL)
    *out_sign_in = g_object_ref (self->sign_in);
  if (out_client != NULL)
    {
      tvm_sync_clock_load (self, self->client);
      *out_client = g_object_ref (self->client);
    }
  return TRUE;
}

/**
 * tvm_sync_session_require:
 * @self: an engine
 * @out_client: (out) (optional) (transfer full): the client
 * @out_account: (out) (optional) (transfer full): who is signed in
 * @cancellable: (nullable): stops waiting for the keyring
 * @error: return location for a #TvmError or %G_IO_ERROR_CANCELLED
 *
 * Returns: %FALSE with %TVM_ERROR_AUTH_REQUIRED where nobody is signed in, also because the
 *   settings for it are missing; with %TVM_ERROR_NO_KEYRING, %TVM_ERROR_KEYRING_LOCKED or
 *   %TVM_ERROR_STORE_FAILED
 */
gboolean
tvm_sync_session_require (TvmSyncEngine  *self,
                          TvmClient     **out_client,
                          TvmAccount    **out_account,
                          GCancellable   *cancellable,
                          GError        **error)
{
  g_autoptr(TvmSignIn) sign_in = NULL;
  g_autoptr(TvmClient) client = NULL;
  g_autoptr(TvmAccount) account = NULL;
  g_autoptr(GError) failure = NULL;

  if (!tvm_sync_session_open (self, &sign_in, &client, &failure))
    {
      if (g_error_matches (failure, TVM_ERROR, TVM_ERROR_INVALID))
        g_set_error_literal (error, TVM_ERROR, TVM_ERROR_AUTH_REQUIRED, failure->message);
      else
        g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  account = tvm_sign_in_dup_account (sign_in, cancellable, error);
  if (account == NULL)
    return FALSE;
  if (out_client != NULL)
    *out_client = g_steal_pointer (&client);
  if (out_account != NULL)
    *out_account = g_steal_pointer (&account);
  return TRUE;
}

/**
 * tvm_sync_session_is_unattended:
 * @self: an engine
 *
 * Returns: whether an application has signed itself in, which only reads
 */
gboolean
tvm_sync_session_is_unattended (TvmSyncEngine *self)
{
  g_autoptr(TvmSignIn) sign_in = NULL;

  return tvm_sync_session_open (self, &sign_in, NULL, NULL) &&
         tvm_sign_in_is_unattended (sign_in);
}

/**
 * tvm_sync_session_may_decide:
 * @self: an engine
 * @error: return location for a #TvmError
 *
 * What people decide carries their name, which an unattended sign-in has not; every command that
 * decides something asks this first.
 *
 * Returns: %FALSE with %TVM_ERROR_READ_ONLY where it is unattended
 */
gboolean
tvm_sync_session_may_decide (TvmSyncEngine  *self,
                             GError        **error)
{
  if (!tvm_sync_session_is_unattended (self))
    return TRUE;
  g_set_error_literal (error, TVM_ERROR, TVM_ERROR_READ_ONLY,
                       _("An unattended sign-in only reads: what somebody decides carries that "
                         "person's name. Nothing was changed or sent; what waits in the outbox "
                         "stays there. Sign in as a person, in another session, for this."));
  return FALSE;
}

/**
 * tvm_sync_engine_dup_warning:
 * @self: an engine
 *
 * Returns: (transfer full) (nullable): a sentence where a renewed sign-in could not be kept in the
 *   keyring, so that it lasts only until the program ends
 */
char *
tvm_sync_engine_dup_warning (TvmSyncEngine *self)
{
  g_autoptr(GMutexLocker) locker = NULL;

  g_return_val_if_fail (TVM_IS_SYNC_ENGINE (self), NULL);

  locker = g_mutex_locker_new (&self->session_mutex);
  return self->sign_in != NULL ? tvm_sign_in_dup_warning (self->sign_in) : NULL;
}

/**
 * tvm_sync_session_is_expired:
 * @self: an engine
 *
 * Returns: whether the services let nobody in until the account is signed in again
 */
gboolean
tvm_sync_session_is_expired (TvmSyncEngine *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->session_mutex);

  return self->sign_in != NULL && tvm_sign_in_is_expired (self->sign_in);
}

/* tvm-sync-state.c: what the engine's properties show, on its way from any thread to the main
 * context. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-sync-private.h"
#include "tvm-context.h"
#include "tvm-error.h"
#include "tvm-store-team.h"
#include "tvm-text.h"

#include <stdlib.h>

static void
state_copy (TvmSyncState       *self,
            const TvmSyncState *other)
{
  *self = *other;
  self->files = g_strdup (other->files);
  self->last_error = g_strdup (other->last_error);
  self->account = g_strdup (other->account);
  self->account_name = g_strdup (other->account_name);
  self->tenant = g_strdup (other->tenant);
  self->keyring_warning = g_strdup (other->keyring_warning);
  self->clock_warning = g_strdup (other->clock_warning);
  self->backup_warning = g_strdup (other->backup_warning);
  self->team_right = g_strdup (other->team_right);
}

/**
 * tvm_sync_state_clear:
 * @self: a state
 *
 * Frees its texts.
 */
void
tvm_sync_state_clear (TvmSyncState *self)
{
  g_clear_pointer (&self->files, g_free);
  g_clear_pointer (&self->last_error, g_free);
  g_clear_pointer (&self->account, g_free);
  g_clear_pointer (&self->account_name, g_free);
  g_clear_pointer (&self->tenant, g_free);
  g_clear_pointer (&self->keyring_warning, g_free);
  g_clear_pointer (&self->clock_warning, g_free);
  g_clear_pointer (&self->backup_warning, g_free);
  g_clear_pointer (&self->team_right, g_free);
}

static gboolean
flush_cb (gpointer user_data)
{
  g_autoptr(TvmSyncEngine) self = g_weak_ref_get (user_data);
  TvmSyncState old;

  if (self == NULL)
    return G_SOURCE_REMOVE;
  old = self->shown;
  g_mutex_lock (&self->mutex);
  state_copy (&self->shown, &self->wanted);
  self->flush_queued = FALSE;
  g_mutex_unlock (&self->mutex);
  tvm_sync_engine_show (self, &old);
  tvm_sync_state_clear (&old);
  return G_SOURCE_REMOVE;
}

static void
weak_ref_free (gpointer data)
{
  g_weak_ref_clear (data);
  g_free (data);
}

/**
 * tvm_sync_engine_change_state:
 * @self: an engine
 * @change: (scope call): changes what the properties shall show, with a lock held
 * @data: given to it
 *
 * The properties follow on the main context. They are not kept waiting for: a command without a
 * main loop never sees them. Any thread.
 */
void
tvm_sync_engine_change_state (TvmSyncEngine    *self,
                              TvmSyncStateFunc  change,
                              gconstpointer     data)
{
  gboolean must_queue;

  g_mutex_lock (&self->mutex);
  change (&self->wanted, data);
  must_queue = !self->flush_queued;
  self->flush_queued = TRUE;
  g_mutex_unlock (&self->mutex);
  if (must_queue)
    {
      GWeakRef *weak = g_new0 (GWeakRef, 1);

      g_weak_ref_init (weak, self);
      tvm_context_call_later (self->context, flush_cb, weak, weak_ref_free);
    }
}

static void
show_last_error (TvmSyncState  *state,
                 gconstpointer  data)
{
  tvm_set_str (&state->last_error, data);
}

/**
 * tvm_sync_engine_set_last_error:
 * @self: an engine
 * @text: (nullable): a localized sentence
 *
 * Tells what went wrong last. Any thread.
 */
void
tvm_sync_engine_set_last_error (TvmSyncEngine *self,
                                const char    *text)
{
  tvm_sync_engine_change_state (self, show_last_error, text);
}

static void
show_read (TvmSyncState  *state,
           gconstpointer  data)
{
  const TvmSyncState *read = data;

  state->intune_connected = read->intune_connected;
  state->interval_minutes = read->interval_minutes;
  state->is_local = read->is_local;
  state->outbox = read->outbox;
  state->outbox_parked = read->outbox_parked;
  state->sign_in_required = read->sign_in_required;
  state->keyring_locked = read->keyring_locked;
  state->outbox_due_us = read->outbox_due_us;
  state->last_sync_us = read->last_sync_us;
  state->tickets_us = read->tickets_us;
  tvm_set_str (&state->last_error, read->last_error);
  tvm_set_str (&state->account, read->account);
  tvm_set_str (&state->account_name, read->account_name);
  tvm_set_str (&state->tenant, read->tenant);
  tvm_set_str (&state->keyring_warning, read->keyring_warning);
  tvm_set_str (&state->clock_warning, read->clock_warning);
  tvm_set_str (&state->backup_warning, read->backup_warning);
  tvm_set_str (&state->team_right, read->team_right);
}

static void
show_last_sync (TvmSyncState  *state,
                gconstpointer  data)
{
  state->last_sync_us = *(const gint64 *) data;
}

/* Who is signed in; the keyring may take its time, which what is stored need not wait for. */
static TvmAccount *
read_account (TvmSyncEngine  *self,
              GError        **error)
{
  gint64 last_sync_us = 0;

  if (tvm_store_last_sync (self->store, &last_sync_us, NULL, NULL))
    tvm_sync_engine_change_state (self, show_last_sync, &last_sync_us);
  return tvm_sync_engine_dup_account (self, NULL, error);
}

/* Whether the services are on this computer, as the demo tenant's are. */
static gboolean
is_local (TvmSyncEngine *self)
{
  g_autofree char *cloud = tvm_sync_engine_get_config (self, "cloud", NULL);
  g_autofree char *address = tvm_sync_engine_get_config (self, "defender-url", NULL);
  g_autoptr(GUri) uri = address != NULL ? g_uri_parse (address, G_URI_FLAGS_NONE, NULL) : NULL;
  g_autoptr(GInetAddress) host = NULL;

  if (g_strcmp0 (cloud, "custom") != 0 || uri == NULL || g_uri_get_host (uri) == NULL)
    return FALSE;
  host = g_inet_address_new_from_string (g_uri_get_host (uri));
  return host != NULL ? g_inet_address_get_is_loopback (host)
                      : g_ascii_strcasecmp (g_uri_get_host (uri), "localhost") == 0;
}

/**
 * tvm_sync_engine_read_state:
 * @self: an engine
 *
 * Reads settings, account, outbox and the last sync into the properties. What cannot be read shows
 * as not there; the command that needs it tells why. Blocks.
 */
void
tvm_sync_engine_read_state (TvmSyncEngine *self)
{
  g_autoptr(GError) nobody = NULL;
  g_autoptr(TvmAccount) account = read_account (self, &nobody);
  g_autofree char *minutes = tvm_sync_engine_get_config (self, "sync-interval-minutes", NULL);
  g_autofree char *tenant = tvm_sync_engine_get_config (self, "tenant-id", NULL);
  TvmStoreCounts counts = { .outbox = 0 };
  TvmClockFacts facts;
  TvmClock clock;
  TvmSyncState read = { .interval_minutes = minutes != NULL ? atoi (minutes) : 0,
                        .is_local = is_local (self) };

  tvm_sync_reads_true (self, "intune-connection", &read.intune_connected, NULL);
  tvm_store_expire_exceptions (self->store, NULL); /* what fails here fails in the next command */
  if (tvm_store_counts (self->store, &counts, NULL))
    {
      read.outbox = counts.outbox;
      read.outbox_parked = counts.outbox_parked;
      read.outbox_due_us = counts.outbox_due_us;
    }
  tvm_store_last_sync (self->store, &read.last_sync_us, &read.last_error, NULL);
  read.tickets_us = tvm_store_get_list_synced_us (self->store, "tickets", NULL);
  if (read.last_error == NULL || *read.last_error == '\0')
    {
      g_free (read.last_error);
      read.last_error = tvm_sync_engine_dup_warning (self);
    }
  read.keyring_locked = g_error_matches (nobody, TVM_ERROR, TVM_ERROR_KEYRING_LOCKED);
  if (g_error_matches (nobody, TVM_ERROR, TVM_ERROR_NO_KEYRING))
    read.keyring_warning = nobody->message;
  read.sign_in_required = account != NULL && tvm_sync_session_is_expired (self);
  if (account != NULL)
    {
      read.account = account->user_name;
      read.account_name = account->name;
    }
  read.tenant = account != NULL && account->tenant_id != NULL ? account->tenant_id : tenant;
  if (read.tenant != NULL && *read.tenant == '\0')
    read.tenant = NULL;
  if (tvm_sync_engine_read_clock (self, &facts, &clock, NULL))
    read.clock_warning = tvm_clock_describe (&clock);
  read.backup_warning = tvm_sync_engine_dup_backup_warning (self);
  read.team_right = tvm_store_dup_team_right (self->store, NULL);
  if (read.last_error == NULL && read.team_right != NULL)
    read.last_error = tvm_sync_dup_team_trouble (self);
  tvm_sync_engine_change_state (self, show_read, &read);
  g_free (read.team_right);
  g_free (read.backup_warning);
  g_free (read.clock_warning);
  g_free (read.last_error);
}

/* ---- for the window ------------------------------------------------------------------------ */

static gboolean
nothing_call (TvmSyncEngine *self, gpointer data, GCancellable *cancellable, GError **error)
{
  return TRUE;
}

/**
 * tvm_sync_engine_refresh_state:
 * @self: an engine
 *
 * Reads account, settings and outbox on a worker and sets the properties.
 */
void
tvm_sync_engine_refresh_state (TvmSyncEngine *self)
{
  tvm_sync_task_run (self, nothing_call, NULL, NULL, NULL, NULL, NULL);
}

static gboolean
notice_call (TvmSyncEngine *self, gpointer data, GCancellable *cancellable, GError **error)
{
  gboolean is_changed = tvm_store_notice_others (self->store);

  tvm_sync_follow_sign_in (self);
  if (is_changed)
    tvm_sync_engine_read_state (self);
  return TRUE;
}

/**
 * tvm_sync_engine_notice_others_async:
 * @self: an engine
 * @callback: told when it is done
 * @user_data: given to @callback
 *
 * Another process may have written: the store then reports it, and the properties follow.
 */
void
tvm_sync_engine_notice_others_async (TvmSyncEngine       *self,
                                     GAsyncReadyCallback  callback,
                                     gpointer             user_data)
{
  tvm_sync_task_run_quiet (self, notice_call, NULL, NULL, NULL, callback, user_data);
}

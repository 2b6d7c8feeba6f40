/* tvm-sync-clock.c: whether this computer's clock is right, and a person's word on it (R19). Any
 * thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-sync-private.h"
#include "tvm-client-clock.h"
#include "tvm-store-backup.h"
#include "tvm-store-clock.h"
#include "tvm-text.h"
#include "tvm-time.h"

#include <glib/gi18n-lib.h>

#define BACKUP_FAILED_KEY "backup-failed"  /* the store's note, in words; empty: it did not */

/**
 * tvm_sync_clock_load:
 * @self: an engine
 * @client: who is about to ask
 *
 * Tells it what a person accepted. What cannot be read counts as nothing.
 */
void
tvm_sync_clock_load (TvmSyncEngine *self,
                     TvmClient     *client)
{
  TvmClockFacts facts = { .accepted_us = 0 };
  TvmClock clock;

  tvm_store_read_clock (self->store, &facts, &clock, NULL);
  tvm_client_accept_clock (client, facts.accepted_us);
}

/**
 * tvm_sync_clock_keep:
 * @self: an engine
 * @client: who asked
 *
 * Notes in the store what the services said of the time, where they did.
 */
void
tvm_sync_clock_keep (TvmSyncEngine *self,
                     TvmClient     *client)
{
  gint64 here_us, service_us;

  if (tvm_client_read_clock (client, &here_us, &service_us))
    tvm_store_note_clock (self->store, here_us, service_us, NULL);
}

/* The lists are in the store all the same, so it fails no sync; but nothing is deleted then. */
static gboolean
back_up (TvmSyncEngine *self)
{
  g_autoptr(GError) failure = NULL;
  gboolean is_good = self->memory_vault || tvm_store_backup_if_due (self->store, &failure);
  g_autofree char *before = tvm_store_get_setting (self->store, BACKUP_FAILED_KEY, NULL);
  const char *text = failure != NULL ? failure->message : "";

  if (g_strcmp0 (before != NULL ? before : "", text) != 0)
    tvm_store_set_setting (self->store, BACKUP_FAILED_KEY, text, NULL);
  return is_good;
}

/**
 * tvm_sync_engine_dup_backup_warning:
 * @self: an engine
 *
 * Returns: (transfer full) (nullable): a sentence where the last daily backup could not be made
 */
char *
tvm_sync_engine_dup_backup_warning (TvmSyncEngine *self)
{
  g_autofree char *text = tvm_store_get_setting (self->store, BACKUP_FAILED_KEY, NULL);

  if (text == NULL || *text == '\0')
    return NULL;
  /* Translators: %s is the reason, a sentence. */
  return g_strdup_printf (
    _("The daily backup was not made, and nothing is deleted until it is. %s"), text);
}

/**
 * tvm_sync_clock_settle:
 * @self: an engine
 * @client: who asked for the lists of a sync
 * @error: return location for a #TvmError
 *
 * Does what only the time decides and nothing undoes, where the services confirmed the clock in
 * this sync: the end of exceptions is written down, and what was kept long enough is deleted. Once
 * a day the store is copied before that; the demo's is not. Without that copy nothing is deleted.
 *
 * Returns: %FALSE on error
 */
gboolean
tvm_sync_clock_settle (TvmSyncEngine  *self,
                       TvmClient      *client,
                       GError        **error)
{
  g_autofree char *today = tvm_today ();
  gboolean may_delete;

  if (!tvm_client_confirms_clock (client))
    return TRUE;
  may_delete = back_up (self);
  return tvm_store_record_expiry (self->store, error) &&
         (!may_delete || tvm_store_apply_retention (self->store, today, error));
}

/**
 * tvm_sync_engine_read_clock:
 * @self: an engine
 * @out_facts: (out): what is known of the time
 * @out_clock: (out): what to think of this computer's clock
 * @error: return location for a #TvmError
 *
 * Blocks for a moment.
 *
 * Returns: %FALSE on error
 */
gboolean
tvm_sync_engine_read_clock (TvmSyncEngine  *self,
                            TvmClockFacts  *out_facts,
                            TvmClock       *out_clock,
                            GError        **error)
{
  g_return_val_if_fail (TVM_IS_SYNC_ENGINE (self), FALSE);

  return tvm_store_read_clock (self->store, out_facts, out_clock, error);
}

/**
 * tvm_sync_engine_accept_clock:
 * @self: an engine
 * @error: return location for a #TvmError: %TVM_ERROR_CONFLICT where nothing contradicts it
 *
 * A person says that this computer's clock is right; what waited for that goes on. Blocks for a
 * moment.
 *
 * Returns: %FALSE on error
 */
gboolean
tvm_sync_engine_accept_clock (TvmSyncEngine  *self,
                              GError        **error)
{
  g_return_val_if_fail (TVM_IS_SYNC_ENGINE (self), FALSE);

  return tvm_sync_session_may_decide (self, error) && tvm_store_accept_clock (self->store, error);
}

/* ---- for the window ------------------------------------------------------------------------ */

static gboolean
accept_call (TvmSyncEngine *self, gpointer data, GCancellable *cancellable, GError **error)
{
  return tvm_sync_engine_accept_clock (self, error);
}

/**
 * tvm_sync_engine_accept_clock_async:
 * @self: an engine
 * @cancellable: (nullable): not looked at
 * @callback: (nullable): told when it is done
 * @user_data: given to @callback
 *
 * tvm_sync_engine_accept_clock() on a worker; ended by tvm_sync_engine_finish().
 */
void
tvm_sync_engine_accept_clock_async (TvmSyncEngine *self, GCancellable *cancellable,
                                    GAsyncReadyCallback callback, gpointer user_data)
{
  tvm_sync_task_run (self, accept_call, NULL, NULL, cancellable, callback, user_data);
}

/* ---- a clock that is set right is noticed; main context */

static gboolean
watch_cb (gpointer user_data)
{
  tvm_sync_engine_refresh_state (user_data);
  return G_SOURCE_CONTINUE;
}

/**
 * tvm_sync_clock_watch:
 * @self: an engine
 * @is_wanted: whether its clock is in doubt and syncs start by themselves otherwise
 *
 * Looks at the clock once a minute meanwhile.
 */
void
tvm_sync_clock_watch (TvmSyncEngine *self,
                      gboolean       is_wanted)
{
  if (is_wanted == (self->clock_source != NULL))
    return;
  if (!is_wanted)
    g_source_destroy (self->clock_source);
  g_clear_pointer (&self->clock_source, g_source_unref);
  if (!is_wanted)
    return;
  self->clock_source = g_timeout_source_new_seconds (60);
  g_source_set_callback (self->clock_source, watch_cb, self, NULL);
  g_source_attach (self->clock_source, self->context);
}

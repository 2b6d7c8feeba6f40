/* tvm-sync-outbox.c: what people decide about the outbox: send now, try again, take back (R4, R14).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-sync-private.h"
#include "tvm-error.h"
#include "tvm-time.h"

#include <glib/gi18n-lib.h>
#include <unistd.h>

/**
 * tvm_sync_engine_push_outbox:
 * @self: an engine
 * @out_sent: (out) (optional): how many tickets were sent
 * @cancellable: (nullable): stops it
 * @error: return location for a #TvmError
 *
 * Sends what waits in the outbox, also what backs off. Blocks.
 *
 * Returns: %FALSE with the first error; what could be sent was sent
 */
gboolean
tvm_sync_engine_push_outbox (TvmSyncEngine  *self,
                             int            *out_sent,
                             GCancellable   *cancellable,
                             GError        **error)
{
  g_autoptr(TvmClient) client = NULL;

  g_return_val_if_fail (TVM_IS_SYNC_ENGINE (self), FALSE);

  if (out_sent != NULL)
    *out_sent = 0;
  return tvm_sync_session_require (self, &client, NULL, cancellable, error) &&
         tvm_sync_push (self, client, TRUE, out_sent, cancellable, error);
}

/* What backs off waits on. Told like a failed sync. */
static gboolean
push_due_call (TvmSyncEngine *self, gpointer data, GCancellable *cancellable, GError **error)
{
  g_autoptr(TvmClient) client = NULL;
  g_autoptr(GError) failure = NULL;

  if (tvm_sync_session_require (self, &client, NULL, cancellable, &failure))
    tvm_sync_push (self, client, FALSE, NULL, NULL, &failure);
  tvm_sync_engine_read_state (self);
  if (failure != NULL && !g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    tvm_sync_engine_set_last_error (self, failure->message);
  return TRUE;
}

/* Sends what is due, on a worker; nobody waits for it. */
static void
push_soon (TvmSyncEngine *self)
{
  tvm_sync_task_run_quiet (self, push_due_call, NULL, NULL, NULL, NULL, NULL);
}

static gboolean
held_cb (gpointer user_data)
{
  push_soon (user_data);
  return G_SOURCE_REMOVE;
}

/**
 * tvm_sync_push_once_held:
 * @self: an engine
 * @hold_us: how long what was requested last is not sent by itself
 *
 * Sends what is due once the newest request can hardly be undone any more, also where nothing else
 * happens by itself. Any thread that holds the engine.
 */
void
tvm_sync_push_once_held (TvmSyncEngine *self, gint64 hold_us)
{
  GSource *source;

  if (hold_us == 0)
    {
      push_soon (self);
      return;
    }
  source = g_timeout_source_new ((guint) (hold_us / 1000) + 1);
  tvm_sync_push_drop_held (self);
  g_source_set_callback (source, held_cb, self, NULL);
  g_mutex_lock (&self->mutex);
  self->held_source = source;
  g_mutex_unlock (&self->mutex);
  g_source_attach (source, self->context);
}

/**
 * tvm_sync_push_drop_held:
 * @self: an engine
 *
 * What was held stays in the outbox until something else sends it.
 *
 * Returns: whether something was
 */
gboolean
tvm_sync_push_drop_held (TvmSyncEngine *self)
{
  GSource *source;

  g_mutex_lock (&self->mutex);
  source = g_steal_pointer (&self->held_source);
  g_mutex_unlock (&self->mutex);
  if (source == NULL)
    return FALSE;
  g_source_destroy (source);
  g_source_unref (source);
  return TRUE;
}

/**
 * tvm_sync_engine_send_held:
 * @self: an engine that is not automatic any more
 * @cancellable: (nullable): stops it; what is out is looked for next time
 *
 * Sends the tickets that waited in case somebody would undo a request of the window, now that it is
 * closed. What cannot be sent stays in the outbox. Blocks.
 */
void
tvm_sync_engine_send_held (TvmSyncEngine *self,
                           GCancellable  *cancellable)
{
  g_autoptr(TvmClient) client = NULL;

  g_return_if_fail (TVM_IS_SYNC_ENGINE (self));

  if (self->owes_held && tvm_sync_session_require (self, &client, NULL, cancellable, NULL))
    tvm_sync_push (self, client, TRUE, NULL, cancellable, NULL);
}

/**
 * tvm_sync_outbox_fail_asked:
 * @not_before_us: until when the service asked to wait; 0: it did not
 * @error: return location for %TVM_ERROR_THROTTLED
 *
 * Returns: %FALSE with an error that says so where that time is still to come
 */
gboolean
tvm_sync_outbox_fail_asked (gint64   not_before_us,
                            GError **error)
{
  g_autoptr(GDateTime) when = g_date_time_new_from_unix_local (not_before_us / TVM_SECOND_US);
  g_autofree char *time = when != NULL ? g_date_time_format (when, "%X") : NULL;

  if (tvm_wait_is_over (not_before_us, tvm_now_us ()))
    return TRUE;
  g_set_error (error, TVM_ERROR, TVM_ERROR_THROTTLED,
               /* Translators: %s is a time of day */
               _("Microsoft Intune asked to wait until %s. What waits in the outbox is sent after "
                 "that."), time);
  return FALSE;
}

/* What an entry still waits for after a push that did not fail. */
static void
tell_waiting (const TvmOutboxEntry *entry,
              GError              **error)
{
  if (!tvm_sync_outbox_fail_asked (entry->not_before_us, error))
    return;
  if (entry->is_held)
    g_set_error_literal (error, TVM_ERROR, TVM_ERROR_CONFLICT,
                         _("An earlier ticket of this activity comes first. Retry or revoke that "
                           "one."));
  else if (entry->is_completed)
    g_set_error_literal (error, TVM_ERROR, TVM_ERROR_CONFLICT,
                         _("Its activity is completed, so this ticket is not sent. Revoke it, so "
                           "that it does not wait any more."));
  else if (entry->last_error != NULL)
    g_set_error_literal (error, TVM_ERROR, TVM_ERROR_CONFLICT, entry->last_error);
  else
    g_set_error_literal (error, TVM_ERROR, TVM_ERROR_CONFLICT,
                         _("The ticket was not sent: the Microsoft Intune connection is off, or "
                           "another window or command is sending. Check the preferences, then "
                           "try again."));
}

/* Judges an entry that may have arrived. */
typedef gboolean (*UnsureFunc) (TvmSyncEngine *self, TvmClient *client,
                                const TvmOutboxEntry *entry, const char *who,
                                GCancellable *cancellable, GError **error);

/* Calls @func while nobody sends. */
static gboolean
judge_unsure (TvmSyncEngine         *self,
              const TvmOutboxEntry  *entry,
              UnsureFunc             func,
              const char            *who,
              GCancellable          *cancellable,
              GError               **error)
{
  g_autoptr(TvmClient) client = NULL;
  gboolean good = FALSE;
  int lock;

  if (!g_mutex_trylock (&self->push_mutex))
    {
      tvm_sync_outbox_fail_busy (error);
      return FALSE;
    }
  lock = tvm_sync_outbox_lock (self, error);
  if (lock != -1)
    {
      if (tvm_store_outbox_claim (self->store, entry->ticket_key, error))
        {
          good = tvm_sync_session_require (self, &client, NULL, cancellable, error) &&
                 func (self, client, entry, who, cancellable, error);
          tvm_store_outbox_release (self->store, entry->ticket_key, NULL);
        }
      close (lock);
    }
  g_mutex_unlock (&self->push_mutex);
  if (g_atomic_int_get (&self->must_push))
    push_soon (self);
  return good;
}

/* A person wants it sent all the same: if it is not there, it is as if it had never been sent. */
static gboolean
look_soon (TvmSyncEngine         *self,
           TvmClient             *client,
           const TvmOutboxEntry  *entry,
           const char            *who,
           GCancellable          *cancellable,
           GError               **error)
{
  g_auto(TvmTicketLists) known = { NULL };
  gboolean found;

  return tvm_sync_outbox_look (self, client, entry, TRUE, &known, &found, cancellable, error);
}

/**
 * tvm_sync_engine_retry_outbox:
 * @self: an engine
 * @ticket_key: an entry of the outbox, parked or not
 * @cancellable: (nullable): stops it
 * @error: return location for a #TvmError
 *
 * Sends it now, and what else is due. One that may have arrived is looked for before, for some
 * seconds. Blocks.
 *
 * Returns: whether Intune has it now; where not, the entry waits on
 */
gboolean
tvm_sync_engine_retry_outbox (TvmSyncEngine  *self,
                              gint64          ticket_key,
                              GCancellable   *cancellable,
                              GError        **error)
{
  g_autoptr(TvmAccount) account = NULL;
  g_autoptr(TvmClient) client = NULL;
  g_autoptr(TvmOutboxEntry) entry = NULL;
  g_autoptr(GError) failure = NULL;

  g_return_val_if_fail (TVM_IS_SYNC_ENGINE (self), FALSE);

  account = tvm_sync_engine_dup_account (self, cancellable, NULL);
  entry = tvm_store_get_outbox_entry (self->store, ticket_key, error);
  if (entry == NULL || !tvm_sync_session_may_decide (self, error))
    return FALSE;
  if (entry->was_sent && !entry->is_withdrawal)
    {
      if (!judge_unsure (self, entry, look_soon, NULL, cancellable, error))
        return FALSE;
      g_clear_pointer (&entry, tvm_outbox_entry_free);
      entry = tvm_store_get_outbox_entry (self->store, ticket_key, NULL);
      if (entry == NULL)
        return TRUE;
    }
  if (!tvm_store_outbox_retry (self->store, ticket_key, account != NULL ? account->user_name : NULL,
                               error) ||
      !tvm_sync_session_require (self, &client, NULL, cancellable, error))
    return FALSE;
  tvm_sync_push (self, client, FALSE, NULL, cancellable, &failure);
  g_clear_pointer (&entry, tvm_outbox_entry_free);
  entry = tvm_store_get_outbox_entry (self->store, ticket_key, NULL);
  if (entry == NULL)
    return TRUE;
  if (failure != NULL)
    g_propagate_error (error, g_steal_pointer (&failure));
  else
    tell_waiting (entry, error);
  return FALSE;
}

static gboolean
revoke_unsure (TvmSyncEngine         *self,
               TvmClient             *client,
               const TvmOutboxEntry  *entry,
               const char            *who,
               GCancellable          *cancellable,
               GError               **error)
{
  g_auto(TvmTicketLists) known = { NULL };
  gboolean found = FALSE;

  if (entry->is_withdrawal)
    return tvm_sync_withdraw_revoke (self, client, entry, who, cancellable, error);
  if (!tvm_sync_outbox_look (self, client, entry, FALSE, &known, &found, cancellable, error))
    {
      g_prefix_error (error, "%s ",
                      _("The ticket may have arrived, and whether it has cannot be found out "
                        "now, so it was not revoked."));
      return FALSE;
    }
  if (found)
    {
      g_set_error_literal (error, TVM_ERROR, TVM_ERROR_CONFLICT,
                           _("Microsoft Intune already has this ticket; it is shown with its "
                             "activity now. Withdraw it there, or ask the IT admin to reject it."));
      return FALSE;
    }
  return tvm_store_outbox_revoke (self->store, entry->ticket_key, TRUE, who, error);
}

/**
 * tvm_sync_engine_revoke_outbox:
 * @self: an engine
 * @ticket_key: an entry of the outbox
 * @cancellable: (nullable): stops it
 * @error: return location for a #TvmError
 *
 * Takes the ticket, or its withdrawal, back; its activity stays. Where an earlier attempt may have
 * arrived, Intune is asked first, and a ticket that it has stays. Otherwise this works offline.
 * Blocks.
 *
 * Returns: whether it was revoked
 */
gboolean
tvm_sync_engine_revoke_outbox (TvmSyncEngine  *self,
                               gint64          ticket_key,
                               GCancellable   *cancellable,
                               GError        **error)
{
  g_autoptr(TvmAccount) account = tvm_sync_engine_dup_account (self, cancellable, NULL);
  g_autoptr(TvmOutboxEntry) entry = tvm_store_get_outbox_entry (self->store, ticket_key, error);
  const char *who = account != NULL ? account->user_name : NULL;

  if (entry == NULL || !tvm_sync_session_may_decide (self, error))
    return FALSE;
  if (!entry->was_sent)
    return tvm_store_outbox_revoke (self->store, entry->ticket_key, FALSE, who, error);
  return judge_unsure (self, entry, revoke_unsure, who, cancellable, error);
}

/**
 * tvm_sync_engine_set_look_again:
 * @self: an engine
 * @delay_us: how long after a list that lacks a ticket it is asked for again, in microseconds
 *
 * For tests.
 */
void
tvm_sync_engine_set_look_again (TvmSyncEngine *self,
                                gint64         delay_us)
{
  g_return_if_fail (TVM_IS_SYNC_ENGINE (self));

  self->look_again_us = delay_us;
}

/* ---- for the window ------------------------------------------------------------------------ */

static gboolean
retry_call (TvmSyncEngine *self, gpointer key, GCancellable *cancellable, GError **error)
{
  return tvm_sync_engine_retry_outbox (self, *(gint64 *) key, cancellable, error);
}

/**
 * tvm_sync_engine_retry_outbox_async:
 * @self: an engine
 * @ticket_key: the entry or ticket
 * @cancellable: (nullable): stops it
 * @callback: told when it is done
 * @user_data: given to @callback
 *
 * tvm_sync_engine_retry_outbox() on a worker; ended by tvm_sync_engine_finish().
 */
void
tvm_sync_engine_retry_outbox_async (TvmSyncEngine *self, gint64 ticket_key,
                                    GCancellable *cancellable, GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  tvm_sync_task_run (self, retry_call, g_memdup2 (&ticket_key, sizeof ticket_key), g_free,
                     cancellable, callback, user_data);
}

static gboolean
revoke_call (TvmSyncEngine *self, gpointer key, GCancellable *cancellable, GError **error)
{
  return tvm_sync_engine_revoke_outbox (self, *(gint64 *) key, cancellable, error);
}

/**
 * tvm_sync_engine_revoke_outbox_async:
 * @self: an engine
 * @ticket_key: the entry or ticket
 * @cancellable: (nullable): stops it
 * @callback: told when it is done
 * @user_data: given to @callback
 *
 * tvm_sync_engine_revoke_outbox() on a worker; ended by tvm_sync_engine_finish().
 */
void
tvm_sync_engine_revoke_outbox_async (TvmSyncEngine *self, gint64 ticket_key,
                                     GCancellable *cancellable, GAsyncReadyCallback callback,
                                     gpointer user_data)
{
  tvm_sync_task_run (self, revoke_call, g_memdup2 (&ticket_key, sizeof ticket_key), g_free,
                     cancellable, callback, user_data);
}

/* ---- what backs off is sent when its time comes; main context */

static gboolean
due_cb (gpointer user_data)
{
  TvmSyncEngine *self = user_data;

  g_clear_pointer (&self->outbox_source, g_source_unref);
  push_soon (self);
  return G_SOURCE_REMOVE;
}

/**
 * tvm_sync_outbox_disarm:
 * @self: an engine
 *
 * Nothing is sent by itself until the next tvm_sync_outbox_arm().
 */
void
tvm_sync_outbox_disarm (TvmSyncEngine *self)
{
  if (self->outbox_source != NULL)
    g_source_destroy (self->outbox_source);
  g_clear_pointer (&self->outbox_source, g_source_unref);
}

/**
 * tvm_sync_outbox_arm:
 * @self: an engine that synchronizes by itself
 * @due_us: when the next entry is to be sent; 0: none is
 *
 * What failed is sent again at its time, between two syncs too. What never was tried waits for a
 * sync.
 */
void
tvm_sync_outbox_arm (TvmSyncEngine *self,
                     gint64         due_us)
{
  gint64 now_us = tvm_now_us ();
  gint64 wait_s = (due_us - now_us) / TVM_SECOND_US + 1;

  tvm_sync_outbox_disarm (self);
  if (wait_s <= 0)
    return;
  self->outbox_source =
    g_timeout_source_new_seconds (tvm_wait_is_over (due_us, now_us) ? 1 : (guint) wait_s);
  g_source_set_callback (self->outbox_source, due_cb, self, NULL);
  g_source_attach (self->outbox_source, self->context);
}

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
 * @out_sent: (out) (optional): how many tickets were sent
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
  return tvm_sync_session_require (self, &client, NULL, error) &&
         tvm_sync_push (self, client, TRUE, out_sent, cancellable, error);
}

/**
 * tvm_sync_push_due:
 * @self: an engine
 *
 * Sends what is due; what backs off waits on. Told like a failed sync. Blocks.
 */
void
tvm_sync_push_due (TvmSyncEngine *self)
{
  g_autoptr(TvmClient) client = NULL;
  g_autoptr(GError) error = NULL;

  if (tvm_sync_session_require (self, &client, NULL, &error))
    tvm_sync_push (self, client, FALSE, NULL, NULL, &error);
  tvm_sync_engine_read_state (self);
  if (error != NULL)
    tvm_sync_engine_set_last_error (self, error->message);
}

/* What an entry still waits for after a push that did not fail. */
static void
tell_waiting (const TvmOutboxEntry *entry,
              GError              **error)
{
  g_autoptr(GDateTime) when =
    g_date_time_new_from_unix_local (entry->not_before_us / TVM_SECOND_US);
  g_autofree char *time = g_date_time_format (when, "%X");

  if (entry->not_before_us > tvm_now_us ())
    g_set_error (error, TVM_ERROR, TVM_ERROR_THROTTLED,
                 /* Translators: %s is a time of day */
                 _("Microsoft Intune asked to wait until %s. The ticket is sent then."), time);
  else if (entry->is_held)
    g_set_error_literal (error, TVM_ERROR, TVM_ERROR_CONFLICT,
                         _("An earlier ticket of this activity comes first. Retry or revoke that one."));
  else
    g_set_error_literal (error, TVM_ERROR, TVM_ERROR_CONFLICT,
                         _("The ticket was not sent: the Microsoft Intune connection is off, or another "
                           "window or command is sending. Check the preferences, then try again."));
}

/**
 * tvm_sync_engine_retry_outbox:
 * @self: an engine
 * @ticket_key: an entry of the outbox, parked or not
 *
 * Sends it now, and what else is due. Blocks.
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

  account = tvm_sync_engine_dup_account (self, NULL);
  if (!tvm_store_outbox_retry (self->store, ticket_key, account != NULL ? account->user_name : NULL,
                               error) ||
      !tvm_sync_session_require (self, &client, NULL, error))
    return FALSE;
  tvm_sync_push (self, client, FALSE, NULL, cancellable, &failure);
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
               const TvmOutboxEntry  *entry,
               const char            *who,
               GCancellable          *cancellable,
               GError               **error)
{
  g_autoptr(TvmClient) client = NULL;
  g_autoptr(TvmPull) known = NULL;
  gboolean found = FALSE;

  if (!tvm_sync_session_require (self, &client, NULL, error))
    return FALSE;
  if (entry->is_withdrawal)
    return tvm_sync_withdraw_revoke (self, client, entry, who, cancellable, error);
  if (!tvm_sync_outbox_look (self, client, entry, &known, &found, cancellable, error))
    {
      g_prefix_error (error, "%s ",
                      _("The ticket may have arrived, and whether it has cannot be found out "
                                      "now, so it was not revoked."));
      return FALSE;
    }
  if (found)
    {
      g_set_error_literal (error, TVM_ERROR, TVM_ERROR_CONFLICT,
                           _("Microsoft Intune already has this ticket; it is shown with its activity now. "
                             "Ask the IT admin to reject it."));
      return FALSE;
    }
  return tvm_store_outbox_revoke (self->store, entry->ticket_key, TRUE, who, error);
}

/**
 * tvm_sync_engine_revoke_outbox:
 * @self: an engine
 * @ticket_key: an entry of the outbox
 *
 * Takes the ticket, or its withdrawal, back; its activity stays. Where an earlier attempt may have arrived, Intune is asked
 * first, and a ticket that it has stays. Otherwise this works offline. Blocks.
 *
 * Returns: whether it was revoked
 */
gboolean
tvm_sync_engine_revoke_outbox (TvmSyncEngine  *self,
                               gint64          ticket_key,
                               GCancellable   *cancellable,
                               GError        **error)
{
  g_autoptr(TvmAccount) account = tvm_sync_engine_dup_account (self, NULL);
  g_autoptr(TvmOutboxEntry) entry = tvm_store_get_outbox_entry (self->store, ticket_key, error);
  const char *who = account != NULL ? account->user_name : NULL;
  gboolean good = FALSE, is_mine;
  int lock;

  if (entry == NULL)
    return FALSE;
  if (!entry->was_sent)
    return tvm_store_outbox_revoke (self->store, ticket_key, FALSE, who, error);
  is_mine = g_mutex_trylock (&self->push_mutex);
  lock = is_mine ? tvm_sync_outbox_lock (self) : -1;
  if (lock != -1)
    good = revoke_unsure (self, entry, who, cancellable, error);
  else
    g_set_error_literal (error, TVM_ERROR, TVM_ERROR_CONFLICT,
                         _("The outbox is being sent right now. Wait until that is done, then try again."));
  if (lock >= 0)
    close (lock);
  if (is_mine)
    g_mutex_unlock (&self->push_mutex);
  return good;
}

/* ---- for the window */

static void
return_result (GTask    *task,
               gboolean  good,
               GError   *error)
{
  tvm_sync_engine_read_state (g_task_get_source_object (task));
  if (good)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
run_decision (TvmSyncEngine       *self,
              gint64               ticket_key,
              GTaskThreadFunc      func,
              GCancellable        *cancellable,
              GAsyncReadyCallback  callback,
              gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, run_decision);
  g_task_set_task_data (task, g_memdup2 (&ticket_key, sizeof ticket_key), g_free);
  g_task_run_in_thread (task, func);
}

static gboolean
finish_decision (TvmSyncEngine *self,
                 GAsyncResult  *result,
                 GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, run_decision), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
retry_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  GError *error = NULL;
  gboolean good = tvm_sync_engine_retry_outbox (source, *(gint64 *) task_data, cancellable, &error);

  return_result (task, good, error);
}

static void
revoke_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  GError *error = NULL;
  gboolean good = tvm_sync_engine_revoke_outbox (source, *(gint64 *) task_data, cancellable,
                                                 &error);

  return_result (task, good, error);
}

void
tvm_sync_engine_retry_outbox_async (TvmSyncEngine *self, gint64 ticket_key,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback, gpointer user_data)
{
  run_decision (self, ticket_key, retry_thread, cancellable, callback, user_data);
}

gboolean
tvm_sync_engine_retry_outbox_finish (TvmSyncEngine *self, GAsyncResult *result, GError **error)
{
  return finish_decision (self, result, error);
}

void
tvm_sync_engine_revoke_outbox_async (TvmSyncEngine *self, gint64 ticket_key,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback, gpointer user_data)
{
  run_decision (self, ticket_key, revoke_thread, cancellable, callback, user_data);
}

gboolean
tvm_sync_engine_revoke_outbox_finish (TvmSyncEngine *self, GAsyncResult *result, GError **error)
{
  return finish_decision (self, result, error);
}

/* ---- what backs off is sent when its time comes; main context */

static void
push_due_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  tvm_sync_push_due (source);
  g_task_return_boolean (task, TRUE);
}

static gboolean
due_cb (gpointer user_data)
{
  TvmSyncEngine *self = user_data;
  g_autoptr(GTask) task = g_task_new (self, NULL, NULL, NULL);

  g_clear_pointer (&self->outbox_source, g_source_unref);
  g_task_run_in_thread (task, push_due_thread);
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
 * What failed is sent again at its time, between two syncs too. What never was tried waits for a sync.
 */
void
tvm_sync_outbox_arm (TvmSyncEngine *self,
                     gint64         due_us)
{
  gint64 wait_s = (due_us - tvm_now_us ()) / TVM_SECOND_US + 1;

  tvm_sync_outbox_disarm (self);
  if (wait_s <= 0)
    return;
  self->outbox_source = g_timeout_source_new_seconds ((guint) MIN (wait_s, 24 * 3600));
  g_source_set_callback (self->outbox_source, due_cb, self, NULL);
  g_source_attach (self->outbox_source, self->context);
}

/* tvm-store-outbox.c: tickets that Intune does not have yet, or that are to be withdrawn (R4).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-private.h"

#include "tvm-time.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define ENTRY_COLUMNS \
  "key, activity_key, marker, last_error, attempts, was_sent, is_parked, devices, created_us, " \
  "sending_us, " \
  "next_attempt_us, not_before_us, id, withdraw_us"

typedef struct
{
  gint64                  key;
  const TvmTicket        *ticket;
  const TvmOutboxFailure *failure;
  const char             *who;
  gboolean                flag;
  gint64                  asked;
} OutboxData;

/* Each once, however many devices of Defender it is. */
static void
load_devices (TvmDb          *db,
              TvmOutboxEntry *entry)
{
  sqlite3_stmt *row = tvm_table_query (db, &tvm_plain_device_table,
                                       "JOIN ticket_device l ON l.device_key = d.key "
                                       "WHERE l.ticket_key = ?1 ORDER BY d.key", "I",
                                       entry->ticket_key);
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  while (tvm_db_next (db, row))
    {
      g_autoptr(TvmDevice) device = tvm_table_read (&tvm_plain_device_table, row);

      if (device->aad_device_id == NULL || g_hash_table_contains (seen, device->aad_device_id))
        continue;
      g_hash_table_add (seen, device->aad_device_id);
      g_ptr_array_add (entry->devices, g_steal_pointer (&device));
    }
  row = tvm_db_query (db,
                      "SELECT m.aad_device_id, m.id FROM ticket_device l JOIN device d ON d.key = "
                      "l.device_key JOIN managed_device m ON m.aad_device_id = d.aad_device_id "
                      "WHERE l.ticket_key = ?1", "I", entry->ticket_key);
  while (tvm_db_next (db, row))
    g_hash_table_insert (entry->managed_ids, tvm_db_dup (row, 0), tvm_db_dup (row, 1));
}

/* What only the ticket's text needs. */
static void
load_facts (TvmDb          *db,
            TvmOutboxEntry *entry,
            gint64          activity_key)
{
  const char *id = entry->activity != NULL ? entry->activity->recommendation_id : NULL;

  entry->number = (int) tvm_db_get_int (db, "SELECT count(*) FROM ticket WHERE activity_key = ?1 "
                                        "AND key <= ?2", "II", activity_key, entry->ticket_key);
  entry->n_tickets = (int) tvm_db_get_int (db, "SELECT count(*) FROM ticket WHERE "
                                           "activity_key = ?1", "I", activity_key);
  if (id == NULL)
    return;
  entry->vulnerabilities = tvm_vulnerabilities_load (db, id);
  entry->updates = tvm_updates_load (db, id);
}

static void
load_entry (TvmDb          *db,
            TvmOutboxEntry *entry,
            gint64          activity_key,
            gboolean        with_devices)
{
  entry->activity = tvm_table_find (db, &tvm_activity_table, "WHERE a.key = ?1", "I", activity_key);
  entry->is_completed = !entry->is_withdrawal && entry->activity != NULL &&
                        entry->activity->status == TVM_STATUS_COMPLETED;
  if (entry->is_completed && !entry->was_sent)
    {
      entry->next_attempt_us = entry->not_before_us = 0; /* there is none */
      if (!entry->is_parked)
        g_clear_pointer (&entry->last_error, g_free);
    }
  entry->recommendation =
    tvm_table_find (db, &tvm_recommendation_table,
                    "JOIN activity b ON b.recommendation_id = r.id WHERE b.key = ?1", "I",
                    activity_key);
  entry->devices = g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_device_unref);
  entry->managed_ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  if (!with_devices)
    return;
  load_devices (db, entry);
  load_facts (db, entry, activity_key);
}

static TvmOutboxEntry *
entry_from_row (sqlite3_stmt *row)
{
  TvmOutboxEntry *entry = g_new0 (TvmOutboxEntry, 1);

  entry->ticket_key = sqlite3_column_int64 (row, 0);
  entry->marker = tvm_db_dup (row, 2);
  entry->last_error = tvm_db_dup (row, 3);
  entry->attempts = sqlite3_column_int (row, 4);
  entry->was_sent = sqlite3_column_int (row, 5) != 0;
  entry->is_parked = sqlite3_column_int (row, 6) != 0;
  entry->is_asked = sqlite3_column_int (row, 6) == TVM_PARKED_ASKED;
  entry->n_devices = sqlite3_column_int (row, 7);
  entry->created_us = sqlite3_column_int64 (row, 8);
  entry->sending_us = sqlite3_column_int64 (row, 9);
  entry->next_attempt_us = sqlite3_column_int64 (row, 10);
  entry->not_before_us = sqlite3_column_int64 (row, 11);
  entry->ticket_id = tvm_db_dup (row, 12);
  entry->is_withdrawal = sqlite3_column_int64 (row, 13) != 0;
  if (entry->is_withdrawal)
    entry->created_us = sqlite3_column_int64 (row, 13);
  return entry;
}

static gpointer
list_outbox (TvmDb *db, gconstpointer with_devices)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_outbox_entry_free);
  g_autoptr(GArray) activities = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr(GHashTable) seen = g_hash_table_new (NULL, NULL);
  sqlite3_stmt *row = tvm_db_query (db, "SELECT " ENTRY_COLUMNS " FROM ticket WHERE " TVM_IN_OUTBOX
                                    " ORDER BY key", "");

  while (tvm_db_next (db, row))
    {
      TvmOutboxEntry *entry = entry_from_row (row);
      gint64 activity_key = sqlite3_column_int64 (row, 1);

      entry->is_held = !entry->is_withdrawal && !g_hash_table_add (seen,
        GSIZE_TO_POINTER ((gsize) activity_key));
      g_array_append_val (activities, activity_key);
      g_ptr_array_add (list, entry);
    }
  for (guint i = 0; i < activities->len; i++)
    load_entry (db, list->pdata[i], g_array_index (activities, gint64, i),
                *(const gboolean *) with_devices);
  return list;
}

/**
 * tvm_store_list_outbox:
 * @self: a store
 * @with_devices: whether to read each ticket's devices too
 * @error: return location for a #TvmError
 *
 * Returns: (transfer full) (element-type TvmOutboxEntry): tickets to create, oldest first, parked
 *   ones too; %NULL on error
 */
GPtrArray *
tvm_store_list_outbox (TvmStore *self,
                       gboolean  with_devices,
                       GError  **error)
{
  return tvm_store_load (self, list_outbox, &with_devices, (GDestroyNotify) g_ptr_array_unref,
                         error);
}

/**
 * tvm_outbox_fail_gone:
 * @db: a connection; it fails with %TVM_ERROR_NOT_FOUND
 *
 * Whatever was to be done with an entry: it is no more.
 */
void
tvm_outbox_fail_gone (TvmDb *db)
{
  tvm_db_fail (db, TVM_ERROR_NOT_FOUND,
               _("This entry is not in the outbox any more. It was sent or revoked; see its "
                 "activity."));
}

static gpointer
get_outbox_entry (TvmDb *db, gconstpointer key)
{
  sqlite3_stmt *row = tvm_db_query (db,
    "SELECT " ENTRY_COLUMNS ", EXISTS (SELECT 1 FROM ticket e WHERE "
                                    "e.activity_key = k.activity_key AND e.key < k.key AND "
                                    "e.id IS NULL AND e.status IN (TVM_TICKET_OUTBOX, "
                                    "TVM_TICKET_FAILED)) FROM ticket k WHERE key = ?1 AND "
                                    TVM_IN_OUTBOX, "I", *(const gint64 *) key);
  gint64 activity_key;
  TvmOutboxEntry *entry;

  if (!tvm_db_next (db, row))
    {
      tvm_outbox_fail_gone (db);
      return NULL;
    }
  entry = entry_from_row (row);
  entry->is_held = !entry->is_withdrawal && sqlite3_column_int (row, 14) != 0;
  activity_key = sqlite3_column_int64 (row, 1);
  tvm_db_reset (row);
  load_entry (db, entry, activity_key, TRUE);
  return entry;
}

/**
 * tvm_store_get_outbox_entry:
 * @self: a store
 * @ticket_key: the entry
 * @error: return location for a #TvmError, %TVM_ERROR_NOT_FOUND where it is not in the outbox any
 * more
 *
 * Returns: (transfer full) (nullable): the entry as it is now, with its devices
 */
TvmOutboxEntry *
tvm_store_get_outbox_entry (TvmStore *self,
                            gint64    ticket_key,
                            GError  **error)
{
  return tvm_store_load (self, get_outbox_entry, &ticket_key,
                         (GDestroyNotify) tvm_outbox_entry_free, error);
}

static void
fail_unsure (TvmDb *db)
{
  tvm_db_fail (db, TVM_ERROR_CONFLICT,
               _("This ticket is being sent, or may have arrived. Wait a moment, then try again."));
}

static gboolean
is_unsure (TvmDb *db,
           gint64 key)
{
  return tvm_db_get_int (db, "SELECT was_sent FROM ticket WHERE key = ?1 AND " TVM_IN_OUTBOX, "I",
                         key) != 0;
}

/* Whether it is to be sent as far as its activity goes; else that is why it is not. */
static gboolean
check_active (TvmDb *db,
              gint64 key)
{
  if (tvm_db_get_int (db, "SELECT " TVM_OF_COMPLETED " FROM ticket WHERE key = ?1", "I", key) == 1)
    tvm_db_fail (db, TVM_ERROR_CONFLICT,
                 _("Its activity is completed, so this ticket is not sent. Revoke it, so that it "
                   "does not wait any more."));
  return tvm_db_is_good (db);
}

static void
note_sending (TvmDb *db, gpointer user_data)
{
  OutboxData *data = user_data;

  if (check_active (db, data->key) && tvm_outbox_check_claim (db, data->key) &&
      tvm_db_run (db,
                  "UPDATE ticket SET was_sent = 1, sending_us = ?2 WHERE key = ?1 AND "
                  "is_parked = 0 AND (was_sent = 0 OR id IS NOT NULL) AND " TVM_IN_OUTBOX, "II",
                  data->key, tvm_now_us ()) == 0)
    (is_unsure (db, data->key) ? fail_unsure : tvm_outbox_fail_gone) (db);
  db->changes |= TVM_CHANGED_OUTBOX;
}

/**
 * tvm_store_outbox_sending:
 * @self: a store
 * @ticket_key: a ticket in the outbox that is not parked
 * @error: return location for a #TvmError
 *
 * To be called before the request goes out: from now on an earlier attempt may have arrived.
 *
 * Returns: %FALSE on error, also %TVM_ERROR_CONFLICT where a ticket to make may have arrived
 *   already (tvm_store_outbox_look() tells), or its activity is completed; then do not send
 */
gboolean
tvm_store_outbox_sending (TvmStore *self,
                          gint64    ticket_key,
                          GError  **error)
{
  OutboxData data = { .key = ticket_key };

  g_return_val_if_fail (TVM_IS_STORE (self), FALSE);

  return tvm_store_write (self, note_sending, &data, error);
}

static void
note_sent (TvmDb *db, gpointer user_data)
{
  OutboxData *data = user_data;

  if (tvm_db_get_int (db, "SELECT id IS NOT NULL AND stamp > ?2 FROM ticket WHERE key = ?1", "II",
                      data->key, data->asked) == 0)
    tvm_ticket_take_answer (db, data->key, data->ticket);
}

/**
 * tvm_store_outbox_sent:
 * @self: a store
 * @ticket_key: a ticket in the outbox
 * @ticket: what Intune answered, with its id
 * @asked: the store's stamp when it was asked; 0: the answer is to its making
 * @error: return location for a #TvmError
 *
 * Takes the ticket out of the outbox. An answer that is older than what a list told meanwhile
 * changes nothing.
 *
 * Returns: %FALSE on error
 */
gboolean
tvm_store_outbox_sent (TvmStore        *self,
                       gint64           ticket_key,
                       const TvmTicket *ticket,
                       gint64           asked,
                       GError         **error)
{
  OutboxData data = { .key = ticket_key, .ticket = ticket, .asked = asked };

  g_return_val_if_fail (TVM_IS_STORE (self), FALSE);

  return tvm_store_write (self, note_sent, &data, error);
}

/* Whether the entry is a ticket to make, not a withdrawal. */
static gboolean
is_new (TvmDb *db,
        gint64 key)
{
  return tvm_db_get_int (db, "SELECT id IS NULL FROM ticket WHERE key = ?1", "I", key) != 0;
}

static void
note_failed (TvmDb *db, gpointer user_data)
{
  OutboxData *data = user_data;
  const TvmOutboxFailure *failure = data->failure;
  gint64 activity_key = tvm_ticket_activity (db, data->key);
  const char *before = tvm_ticket_entry_status (db, data->key);

  if (!tvm_outbox_check_claim (db, data->key))
    return;
  /* An attempt that did not go out says nothing of those before it. */
  if (tvm_db_run (db,
                  "UPDATE ticket SET last_error = ?2, is_parked = ?3, "
                  "status = iif (id IS NULL, ?4, status), "
                  "was_sent = iif (sending_us <> 0, ?5, was_sent), attempts = attempts + 1, "
                  "changed_us = iif (?8, ?9, changed_us), "
                  "sending_us = 0, next_attempt_us = ?6, not_before_us = ?7 "
                  "WHERE key = ?1 AND " TVM_IN_OUTBOX, "IsiiiIIiI", data->key, failure->message,
                  failure->park,
                  failure->park ? TVM_TICKET_FAILED : TVM_TICKET_OUTBOX,
                  failure->is_made ? TVM_ARRIVAL_TOLD : (int) failure->may_exist,
                  failure->next_attempt_us, failure->not_before_us, failure->is_made,
                  tvm_now_us ()) == 0)
    return;
  if (failure->is_for_all)
    tvm_db_run (db, "UPDATE ticket SET not_before_us = max (not_before_us, ?1) WHERE "
                TVM_IN_OUTBOX, "I", failure->not_before_us);
  if (failure->park)
    tvm_history_add_change (db, activity_key,
                            is_new (db, data->key) ? "ticket-failed" : "withdrawal-failed", NULL,
                            failure->message, before,
                              tvm_ticket_status_to_word (TVM_TICKET_FAILED));
  db->changes |= TVM_CHANGED_OUTBOX | TVM_CHANGED_ACTIVITIES;
}

/**
 * tvm_store_outbox_failed:
 * @self: a store
 * @ticket_key: a ticket in the outbox
 * @failure: why and what next
 * @error: return location for a #TvmError
 *
 * Returns: %FALSE on error
 */
gboolean
tvm_store_outbox_failed (TvmStore               *self,
                         gint64                  ticket_key,
                         const TvmOutboxFailure *failure,
                         GError                **error)
{
  OutboxData data = { .key = ticket_key, .failure = failure };

  g_return_val_if_fail (TVM_IS_STORE (self), FALSE);

  return tvm_store_write (self, note_failed, &data, error);
}

static void
note_retry (TvmDb *db, gpointer user_data)
{
  OutboxData *data = user_data;
  const char *before = tvm_ticket_entry_status (db, data->key);
  const char *after = tvm_ticket_status_to_word (TVM_TICKET_OUTBOX);
  gboolean was_parked = tvm_db_get_int (db, "SELECT is_parked FROM ticket WHERE key = ?1", "I",
                                        data->key) != 0;

  if (!check_active (db, data->key))
    return;
  if (tvm_db_run (db,
                  "UPDATE ticket SET is_parked = 0, status = iif (id IS NULL, TVM_TICKET_OUTBOX, "
                  "status), next_attempt_us = 0, last_error = NULL WHERE key = ?1 AND "
                  TVM_IN_OUTBOX, "I", data->key) == 0)
    tvm_outbox_fail_gone (db);
  else if (was_parked)
    tvm_history_add_change (db, tvm_ticket_activity (db, data->key),
                            is_new (db, data->key) ? "ticket-retried" : "withdrawal-retried",
                            data->who, NULL, before, after);
  db->changes |= TVM_CHANGED_OUTBOX | TVM_CHANGED_ACTIVITIES;
}

/**
 * tvm_store_outbox_retry:
 * @self: a store
 * @ticket_key: a ticket in the outbox, parked or not
 * @who: (nullable): who decided it
 * @error: return location for a #TvmError
 *
 * The next push sends it, unless the service asked to wait longer. One of a completed activity
 * stays as it is (%TVM_ERROR_CONFLICT).
 *
 * Returns: %FALSE on error
 */
gboolean
tvm_store_outbox_retry (TvmStore   *self,
                        gint64      ticket_key,
                        const char *who,
                        GError    **error)
{
  OutboxData data = { .key = ticket_key, .who = who };

  g_return_val_if_fail (TVM_IS_STORE (self), FALSE);

  return tvm_store_write (self, note_retry, &data, error);
}

static void
revoke_entry (TvmDb *db, gpointer user_data)
{
  OutboxData *data = user_data;
  gint64 activity_key = tvm_db_get_int (db,
    "SELECT activity_key FROM ticket WHERE key = ?1 AND " TVM_IN_OUTBOX,
                                        "I", data->key);
  int n = (int) tvm_db_get_int (db, "SELECT devices FROM ticket WHERE key = ?1", "I", data->key);
  const char *before = tvm_ticket_entry_status (db, data->key);

  if (activity_key == 0)
    tvm_outbox_fail_gone (db);
  else if (tvm_outbox_check_claim (db, data->key) && !data->flag && is_unsure (db, data->key))
    fail_unsure (db);
  if (tvm_db_run (db,
                  "UPDATE ticket SET withdraw_us = 0, withdraw_by = NULL, last_error = NULL, "
                  "is_parked = 0, next_attempt_us = 0, not_before_us = 0 WHERE key = ?1 AND id IS "
                  "NOT NULL", "I",
                    data->key) > 0)
    tvm_history_add_change (db, activity_key, "withdrawal-revoked", data->who, NULL, before, NULL);
  else
    {
      tvm_db_run (db, "DELETE FROM ticket WHERE key = ?1", "I", data->key);
      tvm_history_add_counted (db, activity_key, "ticket-revoked", data->who, NULL, n, before,
                               NULL);
    }
  db->changes |= TVM_CHANGED_OUTBOX | TVM_CHANGED_ACTIVITIES;
}

/**
 * tvm_store_outbox_revoke:
 * @self: a store
 * @ticket_key: a ticket in the outbox
 * @looked: whether the service was asked and does not have it, and nobody sends it now
 * @who: (nullable): who decided it
 * @error: return location for a #TvmError: %TVM_ERROR_CONFLICT where it may have arrived
 *
 * Takes the ticket back, or the wish to withdraw it. Its activity stays, and its history says so.
 *
 * Returns: %FALSE on error; then nothing was changed
 */
gboolean
tvm_store_outbox_revoke (TvmStore   *self,
                         gint64      ticket_key,
                         gboolean    looked,
                         const char *who,
                         GError    **error)
{
  OutboxData data = { .key = ticket_key, .flag = looked, .who = who };

  g_return_val_if_fail (TVM_IS_STORE (self), FALSE);

  return tvm_store_write (self, revoke_entry, &data, error);
}

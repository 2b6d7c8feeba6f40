/* tvm-store-withdraw.c: pending tickets that a person takes back.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-private.h"

#include "tvm-bulk.h"
#include "tvm-time.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  gint64      key;
  const char *text;  /* (nullable): who, or the id to find */
  gboolean    is_told;
} WithdrawData;

/**
 * tvm_ticket_note_withdrawn:
 * @db: the writer's connection
 * @key: key of a ticket that Intune does not have any more
 * @is_told: whether Intune said that it deleted it, and not only that it does not have it
 *
 * The wish to withdraw it, where there is one, is done with this.
 *
 * Returns: whether somebody wanted it withdrawn
 */
gboolean
tvm_ticket_note_withdrawn (TvmDb   *db,
                           gint64   key,
                           gboolean is_told)
{
  g_autofree char *who = NULL;
  g_autofree char *id = NULL;
  sqlite3_stmt *row = tvm_db_query (db,
    "SELECT withdraw_by, id FROM ticket WHERE key = ?1 AND withdraw_us <> 0",
                                    "I", key);

  if (!tvm_db_next (db, row))
    return FALSE;
  who = tvm_db_dup (row, 0);
  id = tvm_db_dup (row, 1);
  tvm_db_reset (row);
  tvm_db_run (db,
    "UPDATE ticket SET status = TVM_TICKET_WITHDRAWN, withdraw_us = 0, withdraw_by = NULL, "
    "last_error = NULL, was_sent = ?3, "
              "is_parked = 0, sending_us = 0, next_attempt_us = 0, not_before_us = 0, changed_us = "
              "?2 WHERE key = ?1",
              "IIi", key, tvm_now_us (), is_told ? TVM_ARRIVAL_TOLD : 0);
  tvm_history_add_change (db, tvm_ticket_activity (db, key), "ticket-withdrawn", who, id,
                          tvm_ticket_status_to_word (TVM_TICKET_PENDING),
                          tvm_ticket_status_to_word (TVM_TICKET_WITHDRAWN));
  db->changes |= TVM_CHANGED_ACTIVITIES | TVM_CHANGED_OUTBOX;
  return TRUE;
}

/**
 * tvm_ticket_entry_status:
 * @db: a connection
 * @key: key of a ticket that is in the outbox, to be made or to be withdrawn
 *
 * Returns: (transfer none): the word of its status there, for the history: in the outbox, or
 *   refused
 */
const char *
tvm_ticket_entry_status (TvmDb *db,
                         gint64 key)
{
  gboolean is_refused = tvm_db_get_int (db, "SELECT is_parked FROM ticket WHERE key = ?1", "I",
                                        key) == 1;

  return tvm_ticket_status_to_word (is_refused ? TVM_TICKET_FAILED : TVM_TICKET_OUTBOX);
}

/**
 * tvm_ticket_drop_withdrawal:
 * @db: the writer's connection
 * @key: key of a ticket
 *
 * Drops the wish to withdraw it where it is no longer pending: the IT admin was faster.
 */
void
tvm_ticket_drop_withdrawal (TvmDb *db,
                            gint64 key)
{
  const char *before = tvm_ticket_entry_status (db, key);

  if (tvm_db_run (db,
                  "UPDATE ticket SET withdraw_us = 0, withdraw_by = NULL WHERE key = ?1 AND "
                  "withdraw_us <> 0 AND status <> TVM_TICKET_PENDING", "I", key) == 0)
    return;
  tvm_history_add_change (db, tvm_ticket_activity (db, key), "withdrawal-dropped", NULL, NULL,
                          before, NULL);
  db->changes |= TVM_CHANGED_OUTBOX;
}

/**
 * tvm_ticket_renew_withdrawal:
 * @db: the writer's connection
 * @key: key of a ticket that was taken for withdrawn, and is in Intune after all
 *
 * The wish to withdraw it goes back into the outbox where the ticket is still pending: who wanted
 * that has not got it.
 */
void
tvm_ticket_renew_withdrawal (TvmDb *db,
                             gint64 key)
{
  tvm_db_run (db,
              "UPDATE ticket SET withdraw_us = ?2, withdraw_by = (SELECT who FROM history h WHERE "
              "h.activity_key = ticket.activity_key AND h.kind = 'ticket-withdrawn' AND h.detail = "
              "ticket.id ORDER BY h.key DESC LIMIT 1), was_sent = 0, attempts = 0 WHERE key = ?1 "
              "AND status = TVM_TICKET_PENDING", "II", key, tvm_now_us ());
  db->changes |= TVM_CHANGED_OUTBOX;
}

static void
withdraw (TvmDb *db, gpointer user_data)
{
  WithdrawData *data = user_data;
  gint64 activity_key = tvm_ticket_activity (db, data->key);
  g_autoptr(GError) refusal = NULL;
  TvmTicketStatus status;

  if (activity_key == 0)
    return;
  if (tvm_db_run (db,
                  "UPDATE ticket SET withdraw_us = ?2, withdraw_by = ?3, was_sent = 0, is_parked = "
                  "0, attempts = 0, sending_us = 0, next_attempt_us = 0, not_before_us = 0, "
                  "last_error = NULL WHERE key = ?1 AND "
                  "id IS NOT NULL AND status = TVM_TICKET_PENDING AND withdraw_us = 0", "IIs",
                  data->key, tvm_now_us (), data->text) > 0)
    {
      tvm_history_add_change (db, activity_key, "withdrawal-requested", data->text, NULL, NULL,
                              tvm_ticket_status_to_word (TVM_TICKET_OUTBOX));
      db->changes |= TVM_CHANGED_OUTBOX | TVM_CHANGED_ACTIVITIES;
      return;
    }
  if (tvm_db_get_int (db, "SELECT withdraw_us FROM ticket WHERE key = ?1", "I", data->key) != 0)
    return;
  status = (TvmTicketStatus) tvm_db_get_int (db, "SELECT status FROM ticket WHERE key = ?1", "I",
                                             data->key);
  /* One that may be withdrawn was changed above, unless Intune does not have it. */
  if (tvm_ticket_may_withdraw (status, &refusal))
    tvm_ticket_may_withdraw (TVM_TICKET_GONE, &refusal);
  tvm_db_fail (db, TVM_ERROR_CONFLICT, "%s", refusal->message);
}

/**
 * tvm_store_withdraw:
 * @self: a store
 * @ticket_key: a ticket that Intune has
 * @who: (nullable): who decided it
 * @error: return location for a #TvmError: %TVM_ERROR_CONFLICT where it is not pending
 *
 * Puts the withdrawal into the outbox, where it may be already.
 *
 * Returns: %FALSE on error; then nothing was changed
 */
gboolean
tvm_store_withdraw (TvmStore   *self,
                    gint64      ticket_key,
                    const char *who,
                    GError    **error)
{
  WithdrawData data = { .key = ticket_key, .text = who };

  g_return_val_if_fail (TVM_IS_STORE (self), FALSE);

  return tvm_store_write (self, withdraw, &data, error);
}

static void
note_withdrawn (TvmDb *db, gpointer user_data)
{
  const WithdrawData *data = user_data;

  tvm_ticket_note_withdrawn (db, data->key, data->is_told);
}

/**
 * tvm_store_outbox_withdrawn:
 * @self: a store
 * @ticket_key: a ticket that is to be withdrawn
 * @is_told: whether Intune said that it deleted it, and not only that it does not have it
 * @error: return location for a #TvmError
 *
 * Intune does not have it any more: it leaves the outbox.
 *
 * Returns: %FALSE on error
 */
gboolean
tvm_store_outbox_withdrawn (TvmStore *self,
                            gint64    ticket_key,
                            gboolean  is_told,
                            GError  **error)
{
  WithdrawData data = { .key = ticket_key, .is_told = is_told };

  g_return_val_if_fail (TVM_IS_STORE (self), FALSE);

  return tvm_store_write (self, note_withdrawn, &data, error);
}

static gpointer
find_ticket (TvmDb *db, gconstpointer what)
{
  const WithdrawData *data = what;
  TvmTicket *ticket = tvm_table_find (db, &tvm_ticket_table,
                                      "WHERE (k.key = ?1 AND (?2 IS NULL OR k.id IS NULL OR "
                                      "k.withdraw_us <> 0)) OR k.id = ?2 COLLATE NOCASE", "Is",
                                      data->key, data->text);

  if (ticket != NULL)
    return ticket;
  if (data->text == NULL)
    tvm_db_fail (db, TVM_ERROR_NOT_FOUND, _("This ticket is no longer here."));
  else if (tvm_db_get_int (db, "SELECT EXISTS (SELECT 1 FROM adopted_ticket WHERE id = ?1 COLLATE "
                           "NOCASE)", "s", data->text) != 0)
    tvm_db_fail (db, TVM_ERROR_NOT_FOUND,
                 _("The ticket “%s” was made elsewhere: only there can it be withdrawn."),
                 data->text);
  else
    tvm_db_fail (db, TVM_ERROR_NOT_FOUND,
                 _("There is no ticket “%s”. See the activity's tickets, or “tvm-remediate "
                                            "outbox list” for those not sent yet."), data->text);
  return NULL;
}

/**
 * tvm_store_get_ticket:
 * @self: a store
 * @ticket_key: a ticket
 * @error: return location for a #TvmError: %TVM_ERROR_NOT_FOUND
 *
 * Returns: (transfer full) (nullable): the ticket
 */
TvmTicket *
tvm_store_get_ticket (TvmStore *self,
                      gint64    ticket_key,
                      GError  **error)
{
  const WithdrawData data = { .key = ticket_key };

  return tvm_store_load (self, find_ticket, &data, (GDestroyNotify) tvm_ticket_unref, error);
}

/**
 * tvm_store_find_ticket:
 * @self: a store
 * @id: Intune's id of the ticket, or its number while it is in the outbox
 * @error: return location for a #TvmError: %TVM_ERROR_NOT_FOUND
 *
 * Returns: (transfer full) (nullable): the ticket
 */
TvmTicket *
tvm_store_find_ticket (TvmStore    *self,
                       const char  *id,
                       GError     **error)
{
  WithdrawData data = { .text = id };
  guint64 number = 0;

  if (g_ascii_string_to_unsigned (id, 10, 1, G_MAXINT64, &number, NULL))
    data.key = (gint64) number;
  return tvm_store_load (self, find_ticket, &data, (GDestroyNotify) tvm_ticket_unref, error);
}

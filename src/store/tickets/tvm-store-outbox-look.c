/* tvm-store-outbox-look.c: whether a ticket that may have arrived at Intune is there (R4).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-private.h"

#include "tvm-time.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  gint64         key;
  const TvmPull *pull;
  gint64         wait_us, until_us;
  gboolean       is_found;
} Look;

static const TvmTicket *
find_marker (const TvmPull *pull,
             const char    *marker)
{
  for (guint i = 0; i < pull->records->len; i++)
    {
      const TvmTicket *ticket = pull->records->pdata[i];

      if (ticket->marker != NULL && g_ascii_strcasecmp (ticket->marker, marker) == 0)
        return ticket;
    }
  return NULL;
}

/* A list that lacks a ticket that Intune has, or that could not be read in full, may lack this one
 * as well. One that has none at all proves nothing while Intune is known to have some. */
static gboolean
is_believable (TvmDb         *db,
               const TvmPull *pull)
{
  g_autoptr(GHashTable) ids = g_hash_table_new (g_str_hash, g_str_equal);
  sqlite3_stmt *row = tvm_db_query (db, "SELECT id FROM (" TVM_TICKETS_IN_INTUNE ") UNION ALL "
                                    "SELECT id FROM adopted_ticket", "iiI", TVM_TICKET_GONE,
                                    TVM_TICKET_WITHDRAWN, pull->asked);
  gboolean is_whole = pull->n_passed_over == 0 && !pull->lacked_some;

  for (guint i = 0; i < pull->records->len; i++)
    g_hash_table_add (ids, (gpointer) tvm_pull_get_id (pull, i));
  while (is_whole && tvm_db_next (db, row))
    is_whole = g_hash_table_contains (ids, tvm_db_text (row, 0)) ||
               (pull->records->len > 0 &&
                g_hash_table_contains (pull->gone, tvm_db_text (row, 0)));
  tvm_db_reset (row);
  return is_whole;
}

/* Whether Intune said less than a day ago that it made the ticket, and only the rest of its answer
 * was lost. No list outweighs that, however old it is; later somebody may have deleted it there. */
static gboolean
was_told (TvmDb  *db,
          gint64  key)
{
  return tvm_db_get_int (db, "SELECT was_sent = ?2 AND abs (changed_us - ?3) < ?4 FROM ticket "
                         "WHERE key = ?1", "IiII", key, TVM_ARRIVAL_TOLD, tvm_now_us (),
                         TVM_DAY_US) != 0;
}

/* One list may lack what is there, and one mistake lasts longer than a list: only another one some
 * time later bears it out. */
static void
note_absent (TvmDb *db,
             Look  *self)
{
  gint64 now_us = tvm_now_us ();
  gint64 since_us = tvm_db_get_int (db, "SELECT iif (was_sent = ?2, changed_us, 0) FROM ticket "
                                    "WHERE key = ?1", "Ii", self->key, TVM_ARRIVAL_MISSED);

  db->changes |= TVM_CHANGED_OUTBOX;
  if (since_us == 0 || since_us > now_us)
    {
      tvm_db_run (db, "UPDATE ticket SET was_sent = ?2, changed_us = ?3, sending_us = 0 WHERE "
                  "key = ?1", "IiI", self->key, TVM_ARRIVAL_MISSED, now_us);
      self->until_us = now_us + self->wait_us;
    }
  else if (now_us - since_us < self->wait_us)
    self->until_us = since_us + self->wait_us;
  else
    tvm_db_run (db, "UPDATE ticket SET was_sent = 0, sending_us = 0 WHERE key = ?1", "I",
                self->key);
}

static void
look (TvmDb    *db,
      gpointer  user_data)
{
  Look *self = user_data;
  g_autofree char *marker = tvm_db_get_text (db, "SELECT marker FROM ticket WHERE key = ?1 AND id "
                                             "IS NULL AND " TVM_IN_OUTBOX, "I", self->key);
  const TvmTicket *found;

  if (marker == NULL)
    {
      tvm_outbox_fail_gone (db);
      return;
    }
  if (!tvm_outbox_check_claim (db, self->key))
    return;
  found = find_marker (self->pull, marker);
  self->is_found = found != NULL;
  if (found != NULL)
    tvm_ticket_take_answer (db, self->key, found);
  else if (!is_believable (db, self->pull))
    tvm_db_fail (db, TVM_ERROR_BAD_RESPONSE,
                 _("The list of tickets from Microsoft Intune lacks some that it has, so whether "
                   "this ticket arrived cannot be told now. It is looked for again later."));
  else if (was_told (db, self->key))
    tvm_db_fail (db, TVM_ERROR_BAD_RESPONSE,
                 _("Microsoft Intune said that it made this ticket, but its list of tickets does "
                   "not have it. It is looked for again later."));
  else
    note_absent (db, self);
}

/**
 * tvm_store_outbox_look:
 * @self: a store
 * @ticket_key: a ticket in the outbox that may have arrived
 * @pull: the tickets that Intune has, asked for after the last attempt
 * @wait_us: how long after a list that lacked it another one has to lack it too
 * @out_found: (out): whether it is one of them; then it is out of the outbox
 * @out_until_us: (out): until when it still may have arrived, though this list lacks it; 0: it has
 *   arrived, or it has not
 * @error: return location for a #TvmError: %TVM_ERROR_BAD_RESPONSE where @pull cannot be
 *   believed
 *
 * Only this says that a ticket did not arrive, so that it may be sent again or revoked; and where
 * Intune said that it made it, not before a day has passed.
 *
 * Returns: %FALSE on error: it may have arrived, as before
 */
gboolean
tvm_store_outbox_look (TvmStore       *self,
                       gint64          ticket_key,
                       const TvmPull  *pull,
                       gint64          wait_us,
                       gboolean       *out_found,
                       gint64         *out_until_us,
                       GError        **error)
{
  Look data = { .key = ticket_key, .pull = pull, .wait_us = wait_us };

  g_return_val_if_fail (TVM_IS_STORE (self), FALSE);

  if (!tvm_store_write (self, look, &data, error))
    return FALSE;
  *out_found = data.is_found;
  *out_until_us = data.until_us;
  return TRUE;
}

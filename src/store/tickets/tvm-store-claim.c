/* tvm-store-claim.c: who may send an entry of the outbox. A lock file keeps two processes apart as
 * long as nobody removes it; a claim in the store does so in any case (R4).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-private.h"

#include "tvm-process.h"
#include "tvm-time.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Where nothing tells whether the process still runs: six waits of an hour and an answer of another
 * one is the longest that sending an entry takes. */
#define LEASE_US (8 * TVM_HOUR_US)

static const char *
get_own_name (void)
{
  static gsize made;
  static char *name;

  if (g_once_init_enter (&made))
    {
      name = tvm_process_dup_name ();
      g_once_init_leave (&made, 1);
    }
  return name;
}

static gboolean
is_over (const char *claimed_by,
         gint64      claimed_ticks_us)
{
  gint64 age_us = tvm_ticks_us () - claimed_ticks_us;

  switch (tvm_process_get_state (claimed_by))
    {
    case TVM_PROCESS_RUNS:
      return FALSE;
    case TVM_PROCESS_ENDED:
      return TRUE;
    case TVM_PROCESS_UNKNOWN:
    default:
      return age_us < 0 || age_us > LEASE_US;
    }
}

/**
 * tvm_outbox_check_claim:
 * @db: a connection, in the transaction that goes by the answer; it fails with %TVM_ERROR_CONFLICT
 * @key: key of a ticket
 *
 * Returns: %FALSE where another process may be sending this entry right now
 */
gboolean
tvm_outbox_check_claim (TvmDb *db,
                        gint64 key)
{
  sqlite3_stmt *row = tvm_db_query (db, "SELECT claimed_by, claimed_ticks_us FROM ticket "
                                    "WHERE key = ?1 AND claimed_by IS NOT NULL", "I", key);
  gboolean is_free = !tvm_db_next (db, row) ||
                     strcmp (tvm_db_text (row, 0), get_own_name ()) == 0 ||
                     is_over (tvm_db_text (row, 0), sqlite3_column_int64 (row, 1));

  tvm_db_reset (row);
  if (!is_free)
    tvm_db_fail (db, TVM_ERROR_CONFLICT,
                 _("Another window or command is sending this ticket. Wait until that is done, "
                   "then try again."));
  return is_free;
}

static void
claim (TvmDb    *db,
       gpointer  user_data)
{
  gint64 key = *(gint64 *) user_data;

  if (tvm_outbox_check_claim (db, key) &&
      tvm_db_run (db, "UPDATE ticket SET claimed_by = ?2, claimed_ticks_us = ?3 WHERE key = ?1 AND "
                  TVM_IN_OUTBOX, "IsI", key, get_own_name (), tvm_ticks_us ()) == 0)
    tvm_outbox_fail_gone (db);
}

/**
 * tvm_store_outbox_claim:
 * @self: a store
 * @ticket_key: a ticket in the outbox
 * @error: return location for a #TvmError: %TVM_ERROR_CONFLICT where another process has it,
 *   %TVM_ERROR_NOT_FOUND where it left the outbox
 *
 * To be called before anything is asked or sent for the entry, whatever lock is held besides. The
 * claim of a process that ended counts for nothing; one of which that cannot be told ends after
 * eight hours.
 *
 * Returns: whether this process alone may send it, until tvm_store_outbox_release()
 */
gboolean
tvm_store_outbox_claim (TvmStore *self,
                        gint64    ticket_key,
                        GError  **error)
{
  g_return_val_if_fail (TVM_IS_STORE (self), FALSE);

  return tvm_store_write (self, claim, &ticket_key, error);
}

static void
release (TvmDb    *db,
         gpointer  user_data)
{
  tvm_db_run (db, "UPDATE ticket SET claimed_by = NULL WHERE key = ?1 AND claimed_by = ?2", "Is",
              *(gint64 *) user_data, get_own_name ());
}

/**
 * tvm_store_outbox_release:
 * @self: a store
 * @ticket_key: what was claimed; it may have left the outbox
 * @error: return location for a #TvmError
 *
 * Returns: %FALSE on error; then the claim ends with this process
 */
gboolean
tvm_store_outbox_release (TvmStore *self,
                          gint64    ticket_key,
                          GError  **error)
{
  g_return_val_if_fail (TVM_IS_STORE (self), FALSE);

  return tvm_store_write (self, release, &ticket_key, error);
}

/* tvm-store-clock.c: what is known of the time, kept with the profile (R19).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-clock.h"
#include "tvm-store-private.h"

#include "tvm-time.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>

/* This clock, a service's at the same moment, and what a person accepted, parted by spaces. */
#define SETTING "'clock'"

static void
read_facts (TvmDb         *db,
            TvmClockFacts *out)
{
  sqlite3_stmt *row = tvm_db_query (db, "SELECT value FROM setting WHERE name = " SETTING, "");

  *out = (TvmClockFacts) { .here_us = 0 };
  if (tvm_db_next (db, row))
    {
      g_auto(GStrv) words = g_strsplit (tvm_db_text (row, 0), " ", 3);

      if (g_strv_length (words) == 3)
        *out = (TvmClockFacts) { .here_us = g_ascii_strtoll (words[0], NULL, 10),
                                 .service_us = g_ascii_strtoll (words[1], NULL, 10),
                                 .accepted_us = g_ascii_strtoll (words[2], NULL, 10) };
    }
  tvm_db_reset (row);
  out->last_sync_us = tvm_db_get_int (db, "SELECT synced_us FROM list_state WHERE name = 'sync'",
                                      "");
}

static void
write_facts (TvmDb               *db,
             const TvmClockFacts *facts)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT " %" G_GINT64_FORMAT
                                           " %" G_GINT64_FORMAT, facts->here_us,
                                           facts->service_us, facts->accepted_us);

  tvm_db_run (db, "INSERT INTO setting (name, value) VALUES (" SETTING ", ?1) ON CONFLICT (name) "
              "DO UPDATE SET value = excluded.value", "s", text);
  db->changes |= TVM_CHANGED_SETTINGS;
}

/**
 * tvm_db_dup_believed_day:
 * @self: a connection
 *
 * Returns: (transfer full): the local date today; of a clock in doubt the last one that was right
 */
char *
tvm_db_dup_believed_day (TvmDb *self)
{
  TvmClockFacts facts;
  TvmClock clock;

  read_facts (self, &facts);
  clock = tvm_clock_judge (&facts, tvm_now_us ());
  return tvm_date_of_instant (clock.believed_us);
}

static void
believed_day_cb (sqlite3_context *context, int n_arguments, sqlite3_value **arguments)
{
  sqlite3_result_text (context, tvm_db_dup_believed_day (sqlite3_user_data (context)), -1, g_free);
}

/* So long a completion by System confirmation is taken back where it turns out wrong: the services
 * renew their data within a day. Whether it was wrong or undone since cannot be told apart. */
#define TAKE_BACK_US TVM_DAY_US

static void
take_back_us_cb (sqlite3_context *context, int n_arguments, sqlite3_value **arguments)
{
  sqlite3_result_int64 (context, tvm_now_us () - TAKE_BACK_US);
}

/**
 * tvm_db_add_clock:
 * @self: a connection
 *
 * Gives statements believed_day(), and take_back_us(): a System confirmation since then may have
 * been wrong. They are asked once for all rows.
 */
void
tvm_db_add_clock (TvmDb *self)
{
  sqlite3_create_function_v2 (self->handle, "believed_day", 0,
                              SQLITE_UTF8 | SQLITE_DIRECTONLY | SQLITE_DETERMINISTIC, self,
                              believed_day_cb, NULL, NULL, NULL);
  sqlite3_create_function_v2 (self->handle, "take_back_us", 0,
                              SQLITE_UTF8 | SQLITE_DIRECTONLY | SQLITE_DETERMINISTIC, self,
                              take_back_us_cb, NULL, NULL, NULL);
}

static void
read_clock (TvmDb    *db,
            gpointer  user_data)
{
  read_facts (db, user_data);
}

/**
 * tvm_store_read_clock:
 * @self: a store
 * @out_facts: (out) (optional): what is known of the time
 * @out_clock: (out): what to think of this computer's clock now
 * @error: return location for a #TvmError
 *
 * Returns: %FALSE on error
 */
gboolean
tvm_store_read_clock (TvmStore       *self,
                      TvmClockFacts  *out_facts,
                      TvmClock       *out_clock,
                      GError        **error)
{
  TvmClockFacts facts = { .here_us = 0 };
  gboolean good;

  g_return_val_if_fail (TVM_IS_STORE (self), FALSE);

  good = tvm_store_read (self, read_clock, &facts, error);
  *out_clock = tvm_clock_judge (&facts, tvm_now_us ());
  if (out_facts != NULL)
    *out_facts = facts;
  return good;
}

/* What was accepted counts until the clock agrees by itself. */
static void
note_clock (TvmDb    *db,
            gpointer  user_data)
{
  const TvmClockFacts *told = user_data;
  TvmClockFacts facts;

  read_facts (db, &facts);
  facts.here_us = told->here_us;
  facts.service_us = told->service_us;
  if (tvm_clock_agrees (facts.here_us, facts.service_us, 0))
    facts.accepted_us = 0;
  write_facts (db, &facts);
}

/**
 * tvm_store_note_clock:
 * @self: a store
 * @here_us: this computer's clock, in microseconds since 1970
 * @service_us: what a service said at the same moment
 * @error: return location for a #TvmError
 *
 * Returns: %FALSE on error
 */
gboolean
tvm_store_note_clock (TvmStore  *self,
                      gint64     here_us,
                      gint64     service_us,
                      GError   **error)
{
  TvmClockFacts told = { .here_us = here_us, .service_us = service_us };

  g_return_val_if_fail (TVM_IS_STORE (self), FALSE);

  return tvm_store_write (self, note_clock, &told, error);
}

static void
accept_clock (TvmDb    *db,
              gpointer  user_data)
{
  gint64 now_us = tvm_now_us ();
  TvmClockFacts facts;
  TvmClock clock;

  read_facts (db, &facts);
  clock = tvm_clock_judge (&facts, now_us);
  if (!tvm_clock_is_off (&clock))
    tvm_db_fail (db, TVM_ERROR_CONFLICT,
                 _("Nothing contradicts this computer's clock, so there is nothing to accept."));
  else if (clock.doubt == TVM_CLOCK_OFF_SERVICE)
    facts.accepted_us = clock.offset_us;
  else
    facts.here_us = facts.service_us = now_us;
  write_facts (db, &facts);
}

/**
 * tvm_store_accept_clock:
 * @self: a store
 * @error: return location for a #TvmError: %TVM_ERROR_CONFLICT where nobody doubts it
 *
 * A person says that this computer's clock is right, however far from the services' it is, until
 * it changes again.
 *
 * Returns: %FALSE on error
 */
gboolean
tvm_store_accept_clock (TvmStore  *self,
                        GError   **error)
{
  g_return_val_if_fail (TVM_IS_STORE (self), FALSE);

  return tvm_store_write (self, accept_clock, NULL, error);
}

/* tvm-store-functions.c: the domain's rules as SQL functions. On a connection's thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-db.h"

#include "tvm-disagreement.h"
#include "tvm-rules.h"
#include "tvm-said.h"

#include <stdlib.h>

static void
target_state_cb (sqlite3_context *context, int n_arguments, sqlite3_value **arguments)
{
  TvmDb *self = sqlite3_user_data (context);
  TvmDevice device = {
    .in_inventory = sqlite3_value_int (arguments[2]),
    .group = (char *) sqlite3_value_text (arguments[3]),
    .last_seen_us = sqlite3_value_int64 (arguments[4]),
  };

  sqlite3_result_int (context, tvm_target_state (sqlite3_value_int (arguments[0]),
                                                 sqlite3_value_int64 (arguments[1]) != 0, &device,
                                                 (const char *const *) self->target.groups,
                                                 self->target.ticket_completed_us,
                                                 self->target.type, self->target.now_us));
}

/* status, type, target_devices, fixed_devices, the tickets' statuses, whether there is a twin,
 * whether Intune has a ticket twice */
static void
disagreements_cb (sqlite3_context *context, int n_arguments, sqlite3_value **arguments)
{
  TvmDisagreementFacts facts = {
    .status = sqlite3_value_int (arguments[0]),
    .type = sqlite3_value_int (arguments[1]),
    .target_devices = sqlite3_value_int (arguments[2]),
    .fixed_devices = sqlite3_value_int (arguments[3]),
    .has_twin = sqlite3_value_int (arguments[5]),
    .is_sent_twice = sqlite3_value_int (arguments[6]),
  };
  const char *statuses = (const char *) sqlite3_value_text (arguments[4]);
  g_auto(GStrv) words = g_strsplit (statuses != NULL ? statuses : "", ",", -1);

  for (guint i = 0; words[i] != NULL; i++)
    tvm_disagreement_add_ticket (&facts, ABS (atoi (words[i])), words[i][0] == '-');
  sqlite3_result_int (context, (int) tvm_disagreements_find (&facts));
}

static void
groups_overlap_cb (sqlite3_context *context, int n_arguments, sqlite3_value **arguments)
{
  sqlite3_result_int (context, tvm_groups_overlap (
    (const char *) sqlite3_value_text (arguments[0]),
    (const char *) sqlite3_value_text (arguments[1])));
}

static void
said_cb (sqlite3_context *context, int n_arguments, sqlite3_value **arguments)
{
  const char *text = (const char *) sqlite3_value_text (arguments[0]);
  g_auto(GStrv) said = g_strsplit (text != NULL ? text : "", "\n", -1);
  const char *column = (const char *) sqlite3_value_text (arguments[1]);

  sqlite3_result_text (context, tvm_said_find ((const char *const *) said, column), -1,
                       SQLITE_TRANSIENT);
}

static void
sha256_cb (sqlite3_context *context, int n_arguments, sqlite3_value **arguments)
{
  const guchar *text = sqlite3_value_text (arguments[0]);

  sqlite3_result_text (context, g_compute_checksum_for_data (G_CHECKSUM_SHA256, text, (gsize)
                                sqlite3_value_bytes (arguments[0])), -1, g_free);
}

/**
 * tvm_db_add_functions:
 * @self: a connection
 *
 * Gives the connection the domain's rules for statements: target_state(), which needs
 * tvm_target_context_load(), disagreements(), groups_overlap() and said(); contains(),
 * believed_day(), and sha256(), which triggers need as well.
 */
void
tvm_db_add_functions (TvmDb *self)
{
  const int flags = SQLITE_UTF8 | SQLITE_DIRECTONLY;

  sqlite3_create_function_v2 (self->handle, "target_state", 5, flags, self, target_state_cb, NULL,
                              NULL, NULL);
  sqlite3_create_function_v2 (self->handle, "disagreements", 7, flags, self, disagreements_cb, NULL,
                              NULL, NULL);
  sqlite3_create_function_v2 (self->handle, "groups_overlap", 2, flags | SQLITE_DETERMINISTIC, self,
                              groups_overlap_cb, NULL, NULL, NULL);
  sqlite3_create_function_v2 (self->handle, "said", 2, flags | SQLITE_DETERMINISTIC, self, said_cb,
                              NULL, NULL, NULL);
  sqlite3_create_function_v2 (self->handle, "sha256", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC |
                              SQLITE_INNOCUOUS, self, sha256_cb, NULL, NULL, NULL);
  tvm_db_add_search (self->handle);
  tvm_db_add_clock (self);
}

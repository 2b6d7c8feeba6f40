/* tvm-store-decisions.c: how much people decided since an instant, which an older copy of the store
 * lacks. Blocks; any thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-backup.h"
#include "tvm-store-copy.h"
#include "tvm-store-private.h"

#define BY_A_PERSON \
  "'requested', 'request-undone', 'completed-manual', 'completion-undone', 'comment', " \
  "'ticket-revoked', 'ticket-retried', 'withdrawal-requested', 'withdrawal-revoked', " \
  "'withdrawal-retried', 'assigned', 'assigned-over', 'completed-too', 'reopening-void'"

typedef struct
{
  gint64        since_us;
  TvmDecisions *out;
} Question;

static void
count_decisions (TvmDb   *db,
                 gpointer data)
{
  Question *question = data;

  question->out->n_requests = (int) tvm_db_get_int (
    db, "SELECT count(*) FROM history WHERE when_us > ?1 AND kind = 'requested'", "I",
    question->since_us);
  question->out->n_changes = (int) tvm_db_get_int (
    db, "SELECT count(*) FROM history WHERE when_us > ?1 AND kind <> 'requested' AND kind IN ("
    BY_A_PERSON ")", "I", question->since_us);
  /* What becomes of exceptions by itself has nobody's name. */
  question->out->n_exceptions = (int) tvm_db_get_int (
    db, "SELECT count(*) FROM exception_history WHERE when_us > ?1 AND who IS NOT NULL", "I",
    question->since_us);
}

/**
 * tvm_store_count_decisions:
 * @self: a store
 * @since_us: an instant
 * @out: (out caller-allocates): what was decided after it
 * @error: return location for a #TvmError
 *
 * Returns: %FALSE on error
 */
gboolean
tvm_store_count_decisions (TvmStore      *self,
                           gint64         since_us,
                           TvmDecisions  *out,
                           GError       **error)
{
  Question question = { since_us, out };

  return tvm_store_read (self, count_decisions, &question, error);
}

/**
 * tvm_store_is_damaged:
 * @directory: a profile's folder
 *
 * Reads all of its store.
 *
 * Returns: whether it could be read and is none, or not whole
 */
gboolean
tvm_store_is_damaged (const char *directory)
{
  g_autofree char *path = g_build_filename (directory, "store.db", NULL);
  gboolean is_damaged;

  return !tvm_store_copy_check (path, &is_damaged, NULL) && is_damaged;
}

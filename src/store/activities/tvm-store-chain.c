/* tvm-store-chain.c: whether the lines of the histories are as they were written, by the hash that
 * each has of itself and of the line before (schema/0020-chain.sql). On a connection's thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-private.h"

/* The first line that is not as it was written, or that does not follow the one before: keys are
 * given one by one, so that a gap shows where others were, though the next line was hashed after
 * they had gone. */
#define CHANGED(table, owner, count) \
  "SELECT key, kind, when_us FROM (SELECT key, kind, when_us, hash, lag (key, 1, key - 1) OVER " \
  "lines AS last_key, sha256 (json_array (lag (hash) OVER lines, key, " owner ", kind, who, " \
  "detail, " count "when_us, before, after)) AS right_hash FROM " table " WINDOW lines AS (ORDER " \
  "BY key)) WHERE hash IS NOT right_hash OR last_key <> key - 1 ORDER BY key LIMIT 1"
/* Lines have ever greater keys: the greatest one given is that of the last line. */
#define LOST(table) \
  "SELECT coalesce ((SELECT seq FROM sqlite_sequence WHERE name = '" table "'), 0) > coalesce " \
  "((SELECT max (key) FROM " table "), 0)"

static const struct { const char *changed, *lost, *count, *head; } tables[TVM_N_CHAINS] = {
  [TVM_CHAIN_ACTIVITIES] = { CHANGED ("history", "activity_key", "count, "), LOST ("history"),
                             "SELECT count(*) FROM history",
                             "SELECT hash FROM history ORDER BY key DESC LIMIT 1" },
  [TVM_CHAIN_EXCEPTIONS] = { CHANGED ("exception_history", "exception_key", ""),
                             LOST ("exception_history"),
                             "SELECT count(*) FROM exception_history",
                             "SELECT hash FROM exception_history ORDER BY key DESC LIMIT 1" },
};

/**
 * tvm_chains_verify:
 * @db: a connection
 * @chains: (out caller-allocates) (array fixed-size=2): what became of each; tvm_chains_clear()
 *
 * Works the hash of every line out again.
 */
void
tvm_chains_verify (TvmDb    *db,
                   TvmChain  chains[TVM_N_CHAINS])
{
  for (int i = 0; i < TVM_N_CHAINS; i++)
    {
      TvmChain *self = &chains[i];
      sqlite3_stmt *row = tvm_db_query (db, tables[i].changed, "");

      if (tvm_db_next (db, row))
        {
          self->changed_line = sqlite3_column_int64 (row, 0);
          self->changed_kind = tvm_db_dup (row, 1);
          self->changed_us = sqlite3_column_int64 (row, 2);
        }
      tvm_db_reset (row);
      self->n_lines = tvm_db_get_int (db, tables[i].count, "");
      self->lacks_last = tvm_db_get_int (db, tables[i].lost, "") != 0;
      self->head = tvm_db_get_text (db, tables[i].head, "");
    }
}

static void
verify (TvmDb    *db,
        gpointer  user_data)
{
  tvm_chains_verify (db, user_data);
}

/**
 * tvm_chain_is_whole:
 * @self: a chain
 *
 * Returns: whether no line was changed, and none is missing
 */
gboolean
tvm_chain_is_whole (const TvmChain *self)
{
  return self->changed_line == 0 && !self->lacks_last;
}

/**
 * tvm_chains_clear:
 * @chains: (array fixed-size=2): what tvm_store_verify_history() told
 *
 * Frees what they hold.
 */
void
tvm_chains_clear (TvmChain chains[TVM_N_CHAINS])
{
  for (int i = 0; i < TVM_N_CHAINS; i++)
    {
      g_clear_pointer (&chains[i].changed_kind, g_free);
      g_clear_pointer (&chains[i].head, g_free);
    }
}

/**
 * tvm_store_verify_history:
 * @self: a store
 * @chains: (out caller-allocates) (array fixed-size=2): what became of each; tvm_chains_clear()
 * @error: return location for a #TvmError
 *
 * Works the hash of every line out again. Whoever can change a line can do the same, so a head that
 * was noted elsewhere proves more.
 *
 * Returns: %FALSE on error; that lines were changed is none
 */
gboolean
tvm_store_verify_history (TvmStore  *self,
                          TvmChain   chains[TVM_N_CHAINS],
                          GError   **error)
{
  g_return_val_if_fail (TVM_IS_STORE (self), FALSE);

  for (int i = 0; i < TVM_N_CHAINS; i++)
    chains[i] = (TvmChain) { .n_lines = 0 };
  return tvm_store_read (self, verify, chains, error);
}

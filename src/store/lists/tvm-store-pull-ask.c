/* tvm-store-pull-ask.c: what there is to know before a list is asked for, and what to ask the
 * service again before it is kept. On the reader's thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-private.h"

#include "tvm-profile.h"
#include "tvm-time.h"

#include <glib/gi18n-lib.h>

/* So many rows of a list may be missing before all of them are asked for: the others come back with
 * the next list. */
#define FEW_MISSING 5

typedef struct
{
  TvmPull       *begun;
  const TvmPull *pull;
  GStrvBuilder  *ids;
  guint          max;
  gboolean       doubts;
} Question;

static void
begin_pull (TvmDb *db, gpointer user_data)
{
  ((Question *) user_data)->begun->asked = tvm_db_get_int (db, "SELECT value FROM stamp", "");
}

/**
 * tvm_store_dup_spool_path:
 * @self: a store
 * @kind: which list
 *
 * Returns: (transfer full) (nullable): where files of it that were read are kept until all are;
 *   %NULL: it has none
 */
char *
tvm_store_dup_spool_path (TvmStore    *self,
                          TvmPullKind  kind)
{
  g_autofree char *folder = tvm_store_dup_directory (self);

  if (kind == TVM_PULL_EXPOSURE || kind == TVM_PULL_EXPOSURE_CHANGES)
    return g_build_filename (folder, TVM_SOFTWARE_PART, NULL);
  return kind == TVM_PULL_USER_IMPACT ? g_build_filename (folder, TVM_CONFIGURATIONS_PART, NULL)
                                      : NULL;
}

/**
 * tvm_store_begin_pull:
 * @self: a store
 * @kind: which list
 * @owner: (nullable): the recommendation or activity it belongs to
 * @error: return location for a #TvmError
 *
 * To be called before the list is asked for: what is merged or changed here meanwhile is newer.
 *
 * Returns: (transfer full) (nullable): an empty list that knows when it was asked for
 */
TvmPull *
tvm_store_begin_pull (TvmStore     *self,
                      TvmPullKind   kind,
                      const char   *owner,
                      GError      **error)
{
  g_autoptr(TvmPull) pull = tvm_pull_new (kind, owner);
  Question question = { .begun = pull };
  g_autofree char *path = NULL;

  g_return_val_if_fail (TVM_IS_STORE (self), NULL);

  path = tvm_store_dup_spool_path (self, kind);
  if (path != NULL)
    pull->spool = tvm_spool_new (path);
  pull->begun_us = tvm_now_us ();
  pull->begun_ticks_us = tvm_ticks_us ();
  return tvm_store_read (self, begin_pull, &question, error) ? g_steal_pointer (&pull) : NULL;
}

/**
 * tvm_pull_check_clock:
 * @db: a connection; it fails with %TVM_ERROR_FAILED
 * @pull: a list that is about to be kept
 *
 * What follows from a list depends on how much time has passed (R19).
 *
 * Returns: %FALSE where this computer's clock was changed by more than a day since it was asked for
 */
gboolean
tvm_pull_check_clock (TvmDb         *db,
                      const TvmPull *pull)
{
  gint64 passed_us = tvm_now_us () - pull->begun_us;

  if (pull->begun_us == 0 ||
      ABS (passed_us - (tvm_ticks_us () - pull->begun_ticks_us)) <= TVM_DAY_US)
    return TRUE;
  tvm_db_fail (db, TVM_ERROR_FAILED,
               _("This computer's clock was changed by more than a day meanwhile, so what came was "
                 "not kept. Check the clock, then synchronize again."));
  return FALSE;
}

/* Rows of the store: an id, and whether more than the row hangs on it, those first. */
static sqlite3_stmt *
query_rows (TvmDb         *db,
            const TvmPull *pull)
{
  if (pull->kind == TVM_PULL_RECOMMENDATIONS)
    return tvm_db_query (
      db,
      "SELECT r.id, EXISTS (SELECT 1 FROM activity a WHERE a.recommendation_id "
      "= r.id AND a.origin = ?1) AS hangs FROM recommendation r "
      "WHERE " TVM_IS_THERE " ORDER BY hangs DESC, r.key",
      "i", TVM_ORIGIN_LOCAL);
  if (pull->kind == TVM_PULL_PORTAL_ACTIVITIES)
    return tvm_db_query (db, "SELECT id, 1 FROM activity WHERE origin = ?1 ORDER BY status, key",
                         "i", TVM_ORIGIN_DEFENDER);
  return tvm_db_query (db, "SELECT id, 1 FROM (SELECT key, id, 0 AS is_others FROM ("
                       TVM_TICKETS_IN_INTUNE ") UNION ALL SELECT key, id, 1 FROM adopted_ticket) "
                       "ORDER BY is_others, key", "iiI", TVM_TICKET_GONE, TVM_TICKET_WITHDRAWN,
                       pull->asked);
}

static void
list_unanswered (TvmDb *db, gpointer user_data)
{
  Question *question = user_data;
  const TvmPull *pull = question->pull;
  g_autoptr(GHashTable) there = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GPtrArray) others = g_ptr_array_new_with_free_func (g_free);
  sqlite3_stmt *row;
  guint n_hanging = 0;

  for (guint i = 0; i < pull->records->len; i++)
    g_hash_table_add (there, (gpointer) tvm_pull_get_id (pull, i));
  row = query_rows (db, pull);
  while (tvm_db_next (db, row))
    {
      const char *id = tvm_db_text (row, 0);

      if (g_hash_table_contains (there, id))
        continue;
      if (sqlite3_column_int (row, 1) == 0)
        g_ptr_array_add (others, g_strdup (id));
      else if (n_hanging++ < question->max)
        g_strv_builder_add (question->ids, id);
    }
  if (others->len + n_hanging <= FEW_MISSING && pull->n_passed_over == 0 &&
      others->len <= pull->records->len)
    return;
  for (guint i = 0; i < others->len && n_hanging + i < question->max; i++)
    g_strv_builder_add (question->ids, others->pdata[i]);
}

/**
 * tvm_store_list_unanswered:
 * @self: a store
 * @pull: a list of recommendations, of portal activities or of tickets that arrived whole
 * @max: so many at the most, the most telling first
 * @error: return location for a #TvmError
 *
 * Returns: (transfer full) (nullable): ids that the store has and @pull lacks, and that are removed
 *   only where the service itself, asked for each, does not have them
 */
char **
tvm_store_list_unanswered (TvmStore       *self,
                           const TvmPull  *pull,
                           guint           max,
                           GError        **error)
{
  g_autoptr(GStrvBuilder) ids = g_strv_builder_new ();
  Question question = { .pull = pull, .ids = ids, .max = max };

  g_return_val_if_fail (TVM_IS_STORE (self), NULL);

  return tvm_store_read (self, list_unanswered, &question, error) ? g_strv_builder_end (ids) : NULL;
}

static void
doubt_pull (TvmDb *db, gpointer user_data)
{
  Question *question = user_data;
  const TvmPull *pull = question->pull;

  question->doubts =
    tvm_db_get_int (
      db,
      "SELECT EXISTS (SELECT 1 FROM recommendation r WHERE r.id = ?1 AND "
      "r.exposed_devices <> ?2 AND (r.exposed_devices > ?2 + max (5, r.exposed_devices / 10) OR "
      "EXISTS (SELECT 1 FROM "
      "activity a WHERE a.recommendation_id = r.id AND a.origin = ?3 AND a.status = ?4)))",
      "siii", pull->owner, (int) pull->refs->refs->len, TVM_ORIGIN_LOCAL, TVM_STATUS_ACTIVE) != 0;
}

/**
 * tvm_store_doubts_pull:
 * @self: a store
 * @pull: the devices exposed to a recommendation, as they arrived
 * @out_doubts: (out): whether the recommendation's own count, as it is known here, disagrees so
 *   that something may hang on it: then ask for the recommendation again before the list is kept
 * @error: return location for a #TvmError
 *
 * Returns: %FALSE on error
 */
gboolean
tvm_store_doubts_pull (TvmStore       *self,
                       const TvmPull  *pull,
                       gboolean       *out_doubts,
                       GError        **error)
{
  Question question = { .pull = pull };

  g_return_val_if_fail (TVM_IS_STORE (self), FALSE);

  *out_doubts = FALSE;
  if (!tvm_store_read (self, doubt_pull, &question, error))
    return FALSE;
  *out_doubts = question.doubts;
  return TRUE;
}

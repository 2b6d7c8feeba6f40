/* tvm-store-standing.c: how the tenant stands, from what is recorded: the devices left over time,
 * past activities, exposure by device group, tickets that matter. On the reader's thread; the
 * public functions block. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-private.h"

#include "tvm-time.h"

/* ---- the devices left over time */

/* From its completion on an activity has none left, whatever was recorded of it; of one whose
 * completion nobody dates, nothing counts, and neither does one from now on whose numbers are not
 * told any more. A clock set back keeps the order. */
static gpointer
list_left (TvmDb         *db,
           gconstpointer  unused)
{
  GArray *changes = g_array_new (FALSE, FALSE, sizeof (TvmLeftChange));
  sqlite3_stmt *row = tvm_db_query (db,
    "SELECT since, change FROM (SELECT max (when_us) OVER of_one AS since, n - coalesce (lag (n) "
    "OVER of_one, 0) AS change FROM (SELECT p.activity_key, p.when_us, p.key, max "
    "(p.target_devices - p.fixed_devices, 0) AS n FROM progress p JOIN activity a ON a.key = "
    "p.activity_key WHERE a.status <> TVM_STATUS_COMPLETED OR p.when_us < a.completed_us UNION ALL "
    "SELECT key, completed_us, 9223372036854775807, 0 FROM activity WHERE status = "
    "TVM_STATUS_COMPLETED AND completed_us > 0 UNION ALL SELECT key, ?1, 9223372036854775807, 0 "
    "FROM activity WHERE status <> TVM_STATUS_COMPLETED AND fixed_devices < 0) WINDOW of_one AS "
    "(PARTITION BY activity_key ORDER BY key)) WHERE change <> 0 ORDER BY since", "I",
    tvm_now_us ());

  while (tvm_db_next (db, row))
    {
      TvmLeftChange change = { sqlite3_column_int64 (row, 0), sqlite3_column_int (row, 1) };

      g_array_append_val (changes, change);
    }
  return changes;
}

/**
 * tvm_store_list_left:
 * @self: a store
 * @error: return location for a #TvmError
 *
 * Returns: (transfer full) (nullable) (element-type TvmLeftChange): how the number of devices that
 *   are left in all open activities changed, since it is recorded, oldest first; %NULL on error
 */
GArray *
tvm_store_list_left (TvmStore *self,
                     GError  **error)
{
  return tvm_store_load (self, list_left, NULL, (GDestroyNotify) g_array_unref, error);
}

static void
count_uncounted (TvmDb    *db,
                 gpointer  out_n)
{
  *(int *) out_n = (int) tvm_db_get_int (db, "SELECT count(*) FROM activity WHERE status <> "
                                         "TVM_STATUS_COMPLETED AND type <> "
                                         "TVM_TYPE_ATTENTION_REQUIRED AND (fixed_devices < 0 OR "
                                         "target_devices <= 0 OR fixed_devices > target_devices)",
                                         "");
}

/**
 * tvm_store_count_uncounted:
 * @self: a store
 * @out_n: (out): how many open activities tvm_store_list_left() does not have, because their
 *   numbers are not known, or do not add up
 * @error: return location for a #TvmError
 *
 * Returns: %FALSE on error
 */
gboolean
tvm_store_count_uncounted (TvmStore *self,
                           int      *out_n,
                           GError  **error)
{
  g_return_val_if_fail (TVM_IS_STORE (self), FALSE);

  return tvm_store_read (self, count_uncounted, out_n, error);
}

/* ---- past activities */

static gpointer
list_past (TvmDb         *db,
           gconstpointer  since_us)
{
  GArray *past = g_array_new (FALSE, FALSE, sizeof (TvmPastActivity));
  g_autofree char *today = tvm_today ();
  sqlite3_stmt *row = tvm_db_query (db,
    "SELECT created_us, iif (status = TVM_STATUS_COMPLETED, completed_us, 0), coalesce (due_on, "
    "''), fixed_devices >= target_devices AND target_devices >= 0 FROM activity WHERE type <> "
    "TVM_TYPE_ATTENTION_REQUIRED AND ((status = TVM_STATUS_COMPLETED AND completed_us >= ?1) OR "
    "(status = TVM_STATUS_ACTIVE AND due_on <> '' AND due_on < ?2))", "Is",
    *(const gint64 *) since_us, today);

  while (tvm_db_next (db, row))
    {
      TvmPastActivity one = { sqlite3_column_int64 (row, 0), sqlite3_column_int64 (row, 1), "",
                              sqlite3_column_int (row, 3) != 0 };

      g_strlcpy (one.due_on, (const char *) sqlite3_column_text (row, 2), sizeof one.due_on);
      g_array_append_val (past, one);
    }
  return past;
}

/**
 * tvm_store_list_past:
 * @self: a store
 * @since_us: completed then or later, in microseconds since 1970 UTC
 * @error: return location for a #TvmError
 *
 * Returns: (transfer full) (nullable) (element-type TvmPastActivity): the activities completed
 *   since then, and those that are overdue now; %NULL on error
 */
GArray *
tvm_store_list_past (TvmStore *self,
                     gint64    since_us,
                     GError  **error)
{
  return tvm_store_load (self, list_past, &since_us, (GDestroyNotify) g_array_unref, error);
}

/* ---- exposure by device group */

static gpointer
list_group_exposure (TvmDb         *db,
                     gconstpointer  unused)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_group_exposure_free);
  sqlite3_stmt *row = tvm_db_query (db, "SELECT group_name, exposure, count(*) FROM device WHERE "
                                    "in_inventory = 1 GROUP BY 1, 2 ORDER BY 1", "");

  while (tvm_db_next (db, row))
    {
      g_autofree char *name = tvm_db_dup (row, 0);
      TvmGroupExposure *group = list->len > 0 ? list->pdata[list->len - 1] : NULL;

      if (group == NULL || g_strcmp0 (group->name, name) != 0)
        {
          group = g_new0 (TvmGroupExposure, 1);
          group->name = g_steal_pointer (&name);
          g_ptr_array_add (list, group);
        }
      group->by_level[CLAMP (sqlite3_column_int (row, 1), 0, 5)] += sqlite3_column_int (row, 2);
    }
  return list;
}

/**
 * tvm_store_list_group_exposure:
 * @self: a store
 * @error: return location for a #TvmError
 *
 * Returns: (transfer full) (nullable) (element-type TvmGroupExposure): the device groups of the
 *   inventory with their devices, by name; %NULL on error
 */
GPtrArray *
tvm_store_list_group_exposure (TvmStore *self,
                               GError  **error)
{
  return tvm_store_load (self, list_group_exposure, NULL, (GDestroyNotify) g_ptr_array_unref,
                         error);
}

/* ---- tickets that matter */

static gpointer
read_ticket_matter (sqlite3_stmt *row)
{
  TvmTicketMatter *matter = g_new0 (TvmTicketMatter, 1);

  matter->activity_id = tvm_db_dup (row, 0);
  matter->title = tvm_db_dup (row, 1);
  matter->status = sqlite3_column_int (row, 2);
  matter->n_tickets = sqlite3_column_int (row, 3);
  matter->since_us = sqlite3_column_int64 (row, 4);
  return matter;
}

/* What was refused before what waits, and of that what waits longest first. */
static gpointer
list_ticket_matters (TvmDb         *db,
                     gconstpointer  unused)
{
  sqlite3_stmt *row = tvm_db_query (db,
    "SELECT a.id, a.title, iif (k.is_parked = 1, TVM_TICKET_FAILED, k.status) AS state, count(*), "
    "min (iif (k.changed_us > 0, k.changed_us, k.created_us)) AS since FROM ticket k JOIN activity "
    "a ON a.key = k.activity_key WHERE a.status = TVM_STATUS_ACTIVE AND " TVM_TICKET_MATTERS
    " GROUP BY a.key, state ORDER BY state = TVM_TICKET_PENDING, since, a.key", "");

  return tvm_db_list (db, row, read_ticket_matter, (GDestroyNotify) tvm_ticket_matter_free);
}

/**
 * tvm_store_list_ticket_matters:
 * @self: a store
 * @error: return location for a #TvmError
 *
 * Returns: (transfer full) (nullable) (element-type TvmTicketMatter): the active activities whose
 *   tickets were refused, then those whose tickets wait for the IT admin; %NULL on error
 */
GPtrArray *
tvm_store_list_ticket_matters (TvmStore *self,
                               GError  **error)
{
  return tvm_store_load (self, list_ticket_matters, NULL, (GDestroyNotify) g_ptr_array_unref,
                         error);
}

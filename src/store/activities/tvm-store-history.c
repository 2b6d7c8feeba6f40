/* tvm-store-history.c: what happened to each activity and its tickets: who, when, before and after.
 * Lines are only ever added. On a connection's thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-private.h"

#include "tvm-time.h"

/**
 * tvm_history_add_change:
 * @db: the writer's connection
 * @activity_key: key of the activity it happened to
 * @kind: the history's word for what happened
 * @who: (nullable): who did it; %NULL: nobody, or nobody knows
 * @detail: (nullable): what about, such as a note, a field or a ticket's id
 * @before: (nullable): what was there before; %NULL: nothing
 * @after: (nullable): what is there after it; %NULL: nothing
 *
 * Adds a line of now, or of when the team's log has it.
 */
void
tvm_history_add_change (TvmDb      *db,
                        gint64      activity_key,
                        const char *kind,
                        const char *who,
                        const char *detail,
                        const char *before,
                        const char *after)
{
  tvm_db_run (db, "INSERT INTO history (activity_key, kind, who, detail, when_us, before, after) "
              "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)", "IsssIss", activity_key, kind, who, detail,
              TVM_LINE_US (db), before, after);
}

/**
 * tvm_history_add_counted:
 * @db: the writer's connection
 * @activity_key: key of the activity it happened to
 * @kind: the history's word for what happened
 * @who: (nullable): who did it; %NULL: nobody, or nobody knows
 * @detail: (nullable): what belongs to it
 * @count: how many devices it is about
 * @before: (nullable): what was there before; %NULL: nothing
 * @after: (nullable): what is there after it; %NULL: nothing
 *
 * Adds a line of now, as tvm_history_add_change() does, about so many devices.
 */
void
tvm_history_add_counted (TvmDb      *db,
                         gint64      activity_key,
                         const char *kind,
                         const char *who,
                         const char *detail,
                         int         count,
                         const char *before,
                         const char *after)
{
  tvm_db_run (db, "INSERT INTO history (activity_key, kind, who, detail, count, when_us, before, "
              "after) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)", "IsssiIss", activity_key, kind, who,
              detail, count, TVM_LINE_US (db), before, after);
}

/**
 * tvm_history_add_devices:
 * @db: the writer's connection
 * @activity_key: key of the activity
 * @before: how many of its devices were remediated
 * @after: how many are now
 *
 * Adds a line that so many devices more are remediated or exposed again; none where it is the same.
 */
void
tvm_history_add_devices (TvmDb *db,
                         gint64 activity_key,
                         int    before,
                         int    after)
{
  if (before != after)
    tvm_db_run (db, "INSERT INTO history (activity_key, kind, count, when_us, before, after) "
                "VALUES (?1, ?2, ?3, ?4, CAST (?5 AS TEXT), CAST (?6 AS TEXT))", "IsiIii",
                activity_key, after > before ? "device-remediated" : "exposed-again",
                ABS (after - before), tvm_now_us (), before, after);
}

/* ---- what is changed in the portal */

typedef struct
{
  gint64 key;
  TvmActivityStatus status;
  TvmPriority priority;
  int target_devices, fixed_devices;
  char *due_on;
} Portal;

static void
portal_free (gpointer data)
{
  g_free (((Portal *) data)->due_on);
  g_free (data);
}

/**
 * tvm_history_remember_portal:
 * @db: the writer's connection
 *
 * Returns: (transfer full): the activities made in the portal as they are now, by id, for
 *   tvm_history_add_portal_changes() and tvm_history_add_portal_removed()
 */
GHashTable *
tvm_history_remember_portal (TvmDb *db)
{
  GHashTable *known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, portal_free);
  sqlite3_stmt *row = tvm_db_query (db, "SELECT id, key, status, priority, target_devices, "
                                    "fixed_devices, due_on FROM activity WHERE origin = "
                                    "TVM_ORIGIN_DEFENDER", "");

  while (tvm_db_next (db, row))
    {
      Portal *portal = g_new0 (Portal, 1);

      portal->key = sqlite3_column_int64 (row, 1);
      portal->status = sqlite3_column_int (row, 2);
      portal->priority = sqlite3_column_int (row, 3);
      portal->target_devices = sqlite3_column_int (row, 4);
      portal->fixed_devices = sqlite3_column_int (row, 5);
      portal->due_on = tvm_db_dup (row, 6);
      g_hash_table_insert (known, tvm_db_dup (row, 0), portal);
    }
  return known;
}

static void
add_field (TvmDb      *db,
           gint64      key,
           const char *field,
           const char *before,
           const char *after)
{
  if (g_strcmp0 (before, after) != 0)
    tvm_history_add_change (db, key, "portal-changed", NULL, field, before, after);
}

/* What a row does not tell did not change; tvm_activities_fill_untold() sees to the due date. */
static void
add_changes (TvmDb             *db,
             const Portal      *before,
             const TvmActivity *after)
{
  gboolean is_told = before->status != TVM_STATUS_UNKNOWN && after->status != TVM_STATUS_UNKNOWN;
  g_autofree char *n_before = g_strdup_printf ("%d", before->target_devices);
  g_autofree char *n_after = g_strdup_printf ("%d", after->target_devices);
  const char *old_status = tvm_activity_status_to_word (before->status);
  const char *new_status = tvm_activity_status_to_word (after->status);

  if (before->fixed_devices >= 0 && after->fixed_devices >= 0)
    tvm_history_add_devices (db, before->key, before->fixed_devices, after->fixed_devices);
  if (before->target_devices >= 0 && after->target_devices >= 0)
    add_field (db, before->key, "target_devices", n_before, n_after);
  if (before->priority > 0 && after->priority > 0)
    add_field (db, before->key, "priority", tvm_priority_to_word (before->priority),
               tvm_priority_to_word (after->priority));
  if (is_told)
    add_field (db, before->key, "due_on", before->due_on, after->due_on);
  if (before->status == TVM_STATUS_ACTIVE && after->status == TVM_STATUS_COMPLETED)
    tvm_history_add_change (db, before->key, "portal-completed", after->completed_by, NULL,
                            old_status, new_status);
  else if (is_told)
    add_field (db, before->key, "status", old_status, new_status);
}

/**
 * tvm_history_add_portal_changes:
 * @db: the writer's connection
 * @known: the activities as tvm_history_remember_portal() found them
 * @activities: (element-type TvmActivity): the new list; those that were not @known are passed over
 *
 * Adds a line for each thing that the new list says differently.
 */
void
tvm_history_add_portal_changes (TvmDb      *db,
                                GHashTable *known,
                                GPtrArray  *activities)
{
  for (guint i = 0; i < activities->len; i++)
    {
      const TvmActivity *activity = activities->pdata[i];
      const Portal *before = g_hash_table_lookup (known, activity->id);

      if (before != NULL)
        add_changes (db, before, activity);
    }
}

/**
 * tvm_history_add_portal_removed:
 * @db: the writer's connection
 * @known: the activities as tvm_history_remember_portal() found them
 * @id: one of them, which the portal itself says that it does not have
 */
void
tvm_history_add_portal_removed (TvmDb      *db,
                                GHashTable *known,
                                const char *id)
{
  const Portal *portal = g_hash_table_lookup (known, id);

  tvm_history_add_change (db, portal->key, "portal-removed", NULL, id,
                          tvm_activity_status_to_word (portal->status), NULL);
}

/**
 * tvm_history_keep_portal:
 * @db: the writer's connection, after new activities of the portal were added
 *
 * One that was removed and is there again keeps its history, which says so.
 */
void
tvm_history_keep_portal (TvmDb *db)
{
  g_autoptr(GArray) keys = g_array_new (FALSE, FALSE, sizeof (gint64));
  sqlite3_stmt *row =
    tvm_db_query (db, "UPDATE activity SET key = r.key FROM (SELECT detail AS id, max ("
                  "activity_key) AS key FROM history WHERE kind = 'portal-removed' GROUP BY "
                  "detail) r WHERE activity.id = r.id AND activity.origin = TVM_ORIGIN_DEFENDER "
                  "AND activity.key <> r.key RETURNING key", "");

  while (tvm_db_next (db, row))
    {
      gint64 key = sqlite3_column_int64 (row, 0);

      g_array_append_val (keys, key);
    }
  for (guint i = 0; i < keys->len; i++)
    tvm_history_add_change (db, g_array_index (keys, gint64, i), "portal-back", NULL, NULL, NULL,
                            NULL);
}

/* ---- reading */

static gpointer
read_entry (sqlite3_stmt *row)
{
  TvmHistoryEntry *entry = tvm_history_entry_new ();

  entry->kind = tvm_db_dup (row, 0);
  entry->who = tvm_db_dup (row, 1);
  entry->detail = tvm_db_dup (row, 2);
  entry->count = sqlite3_column_int (row, 3);
  entry->when_us = sqlite3_column_int64 (row, 4);
  entry->before = tvm_db_dup (row, 5);
  entry->after = tvm_db_dup (row, 6);
  return entry;
}

/**
 * tvm_history_read:
 * @db: a connection
 * @row: (nullable): a query for kind, who, detail, count, instant, before and after; read to its
 *   end
 *
 * Returns: (transfer full) (element-type TvmHistoryEntry): the lines in order
 */
GPtrArray *
tvm_history_read (TvmDb        *db,
                  sqlite3_stmt *row)
{
  return tvm_db_list (db, row, read_entry, (GDestroyNotify) tvm_history_entry_unref);
}

static gpointer
list_history (TvmDb *db, gconstpointer activity_id)
{
  sqlite3_stmt *row =
    tvm_db_query (db, "SELECT j.kind, j.who, j.detail, j.count, j.when_us, j.before, j.after FROM "
                  "history j JOIN activity a ON a.key = j.activity_key WHERE a.id = ?1 ORDER BY "
                  "j.key DESC", "s", activity_id);

  return tvm_history_read (db, row);
}

/**
 * tvm_store_list_history:
 * @self: a store
 * @activity_id: an activity
 * @error: return location for a #TvmError
 *
 * Returns: (transfer full) (nullable) (element-type TvmHistoryEntry): what happened to it and its
 *   tickets, the newest first; %NULL on error
 */
GPtrArray *
tvm_store_list_history (TvmStore   *self,
                        const char *activity_id,
                        GError    **error)
{
  return tvm_store_load (self, list_history, activity_id, (GDestroyNotify) g_ptr_array_unref,
                         error);
}

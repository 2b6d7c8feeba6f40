/* tvm-store-exception-state.c: what follows from the exceptions: their own status, and status and
 * devices after exceptions of the recommendations (R10).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-private.h"
#include "tvm-store-clock.h"

#include "tvm-time.h"

#include <string.h>

static char **
lines_of (const char *text)
{
  return text != NULL && *text != '\0' ? g_strsplit (text, "\n", -1) : g_new0 (char *, 1);
}

/**
 * tvm_exceptions_load:
 * @db: a connection
 * @recommendation_id: a recommendation
 *
 * Returns: (transfer full) (element-type TvmException): those that were neither cancelled nor found
 *   expired yet, the oldest first
 */
GPtrArray *
tvm_exceptions_load (TvmDb      *db,
                     const char *recommendation_id)
{
  return tvm_table_list (db, &tvm_exception_table, (GDestroyNotify) tvm_exception_unref,
                         "WHERE x.recommendation_id = ?1 AND x.status IN (TVM_EXCEPTION_ACTIVE, "
                         "TVM_EXCEPTION_SUSPENDED, TVM_EXCEPTION_REQUESTED) ORDER BY x.key", "s",
                         recommendation_id);
}

/**
 * tvm_exceptions_load_counts:
 * @db: a connection
 * @recommendation_id: a recommendation
 *
 * Returns: (transfer full) (nullable) (element-type TvmGroupCount): the exposed devices of each
 *   device group, name and exposed only; %NULL: nobody knows, for its devices were never pulled, or
 *   it is not here
 */
GPtrArray *
tvm_exceptions_load_counts (TvmDb      *db,
                            const char *recommendation_id)
{
  if (tvm_db_get_int (db, "SELECT coalesce ((SELECT devices_synced_us = 0 AND exposed_devices <> 0 "
                      "FROM recommendation WHERE id = ?1), 1)", "s", recommendation_id) != 0)
    return NULL;
  return tvm_group_counts_read (db, tvm_db_query (
    db, "SELECT d.group_name, count(*), 0, 0, 0, 0, 0, 0 FROM exposure e JOIN device d ON "
    "d.key = e.device_key WHERE e.recommendation_key = (SELECT key FROM recommendation WHERE "
    "id = ?1) GROUP BY 1", "s", recommendation_id));
}

/**
 * tvm_exception_count_devices:
 * @x: an exception
 * @counts: (nullable) (element-type TvmGroupCount): of tvm_exceptions_load_counts()
 * @exposed_devices: what the service counts, -1: not told; for a global one without @counts
 *
 * Returns: the exposed devices it covers, suspended or not; -1: not known
 */
int
tvm_exception_count_devices (const TvmException *x,
                             GPtrArray          *counts,
                             int                 exposed_devices)
{
  int devices = 0;

  /* Without a device list the service's number is all there is. */
  if (x->is_global && (counts == NULL || counts->len == 0))
    return exposed_devices;
  if (counts == NULL)
    return -1;
  for (guint i = 0; i < counts->len; i++)
    if (tvm_exception_covers_group (x, ((TvmGroupCount *) counts->pdata[i])->name))
      devices += ((TvmGroupCount *) counts->pdata[i])->exposed;
  return devices;
}

/**
 * tvm_exception_note_groups:
 * @db: the writer's connection
 * @id: an exception that was just cancelled for device groups of it, or is not any more
 *
 * Notes what these cover now, for when the exception has ended.
 */
void
tvm_exception_note_groups (TvmDb      *db,
                           const char *id)
{
  g_autoptr(TvmException) x = tvm_exceptions_find (db, id);
  g_autoptr(GPtrArray) counts = NULL;

  if (x == NULL)
    return;
  counts = tvm_exceptions_load_counts (db, x->recommendation_id);
  tvm_db_run (db, "UPDATE exception_group SET devices = NULL WHERE exception_key = ?1 AND "
              "is_cancelled = 0", "I", x->key);
  for (char **group = x->cancelled_groups; *group != NULL; group++)
    {
      char *one[] = { *group, NULL };
      const TvmException part = { .groups = one };

      tvm_db_run (db, "UPDATE exception_group SET devices = ?3 WHERE exception_key = ?1 AND "
                  "name = ?2 AND is_cancelled = 1 AND devices IS NULL", "Isi", x->key, *group,
                  tvm_exception_count_devices (&part, counts, -1));
    }
  /* Nothing is left beside these. */
  if (!x->is_global && x->groups[0] == NULL)
    tvm_db_run (db, "UPDATE exception SET devices = 0 WHERE key = ?1", "I", x->key);
}

/**
 * tvm_exception_history_add:
 * @db: the writer's connection
 * @exception_key: key of the exception it happened to
 * @kind: the history's word for what happened
 * @who: (nullable): who did it; %NULL: nobody, or nobody knows
 * @detail: (nullable): what about, such as a device group
 * @before: (nullable): what was there before; %NULL: nothing
 * @after: (nullable): what is there after it; %NULL: nothing
 *
 * Adds a line of now, or of when the team's log has it.
 */
void
tvm_exception_history_add (TvmDb      *db,
                           gint64      exception_key,
                           const char *kind,
                           const char *who,
                           const char *detail,
                           const char *before,
                           const char *after)
{
  tvm_db_run (db, "INSERT INTO exception_history (exception_key, kind, who, detail, before, after, "
              "when_us) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)", "IsssssI", exception_key, kind, who,
              detail, before, after, TVM_LINE_US (db));
  db->changes |= TVM_CHANGED_EXCEPTIONS;
}

/* Writes the status and tells the history, where it is another one than was written last. */
static void
settle_status (TvmDb              *db,
               const TvmException *x,
               TvmExceptionStatus  status)
{
  TvmExceptionStatus before = (int) tvm_db_get_int (db, "SELECT status FROM exception WHERE "
                                                    "key = ?1", "I", x->key);
  static const char *const kinds[TVM_N_EXCEPTION_STATUSES] = {
    [TVM_EXCEPTION_ACTIVE] = "exception-resumed",
    [TVM_EXCEPTION_SUSPENDED] = "exception-suspended",
    [TVM_EXCEPTION_EXPIRED] = "exception-expired",
    [TVM_EXCEPTION_CANCELLED] = "exception-cancelled",
    [TVM_EXCEPTION_REQUESTED] = "exception-awaits-approval",
    [TVM_EXCEPTION_REJECTED] = "exception-rejected",
  };

  if (before == status)
    return;
  tvm_db_run (db, "UPDATE exception SET status = ?2, ended_us = ?3 WHERE key = ?1", "IiI", x->key,
              status,
              status == TVM_EXCEPTION_EXPIRED ? tvm_now_us () : 0);
  tvm_exception_history_add (db, x->key, kinds[status], NULL, NULL,
                             tvm_exception_status_to_word (before),
                             tvm_exception_status_to_word (status));
}

/* Exposed device groups that an exception does not cover and that did not exist when it was
 * filed. */
static char *
new_groups_of (TvmDb              *db,
               const TvmException *x,
               GPtrArray          *counts,
               GPtrArray          *exceptions)
{
  sqlite3_stmt *row = tvm_db_query (db, "SELECT known_groups FROM exception WHERE key = ?1", "I",
                                    x->key);
  g_auto(GStrv) known = tvm_db_next (db, row) ? lines_of (tvm_db_text (row, 0)) : lines_of (NULL);
  g_autoptr(GString) found = g_string_new (NULL);

  tvm_db_reset (row);
  for (guint i = 0; counts != NULL && i < counts->len && !x->is_global; i++)
    {
      g_autofree char *name = g_strdup (((TvmGroupCount *) counts->pdata[i])->name);
      gboolean is_covered;

      if (name == NULL)  /* it may be any */
        continue;
      g_strdelimit (name, "\n", ' ');
      is_covered = g_strv_contains ((const char *const *) known, name);
      for (guint j = 0; j < exceptions->len && !is_covered; j++)
        is_covered = tvm_exception_covers_group (exceptions->pdata[j], name);
      if (!is_covered)
        g_string_append_printf (found, "%s%s", found->len > 0 ? "\n" : "", name);
    }
  return found->len > 0 ? g_string_free (g_steal_pointer (&found), FALSE) : NULL;
}

static void
settle_exception (TvmDb              *db,
                  const TvmException *x,
                  GPtrArray          *counts,
                  GPtrArray          *exceptions)
{
  g_autofree char *new_groups = new_groups_of (db, x, counts, exceptions);
  int exposed = (int) tvm_db_get_int (db, "SELECT exposed_devices FROM recommendation WHERE id = "
                                      "?1", "s", x->recommendation_id);
  int devices = tvm_exception_count_devices (x, counts, exposed);

  if (tvm_db_run (db, "UPDATE exception SET devices = ?2, new_groups = ?3 WHERE key = ?1 AND "
                  "(devices <> ?2 OR new_groups IS NOT ?3)", "Iis", x->key, devices,
                    new_groups) > 0)
    db->changes |= TVM_CHANGED_EXCEPTIONS;
}

/* Whether one of them ended because its last day passed; then the others' states follow from the
 * time too. */
static gboolean
has_ended (GPtrArray  *exceptions,
           const char *today)
{
  for (guint i = 0; i < exceptions->len; i++)
    if (!tvm_exception_holds (exceptions->pdata[i], today))
      return TRUE;
  return FALSE;
}

/* is_final: the time is certain, so that what follows from it is written down. */
static void
recompute_one (TvmDb      *db,
               const char *recommendation_id,
               gboolean    is_final)
{
  g_autofree char *today = tvm_db_dup_believed_day (db);
  g_autoptr(GPtrArray) exceptions = tvm_exceptions_load (db, recommendation_id);
  g_autoptr(GPtrArray) counts = tvm_exceptions_load_counts (db, recommendation_id);
  TvmExceptionSum sum;
  int status;

  tvm_exceptions_sum (exceptions, counts, today, &sum);
  is_final = is_final || !has_ended (exceptions, today);
  for (guint i = 0; i < exceptions->len; i++)
    {
      settle_exception (db, exceptions->pdata[i], counts, exceptions);
      if (is_final)
        settle_status (db, exceptions->pdata[i],
                       tvm_exception_status_on (exceptions->pdata[i], sum.is_global, today));
    }
  status = sum.status == TVM_RECOMMENDATION_ACTIVE ? 0 : sum.status;
  if (tvm_db_run (db, "UPDATE recommendation SET exception_status = ?2, mitigated_devices = ?3 "
                  "WHERE id = ?1 AND (exception_status <> ?2 OR mitigated_devices <> ?3)", "sii",
                    recommendation_id,
                    status,
                  sum.mitigated) > 0)
    db->changes |= TVM_CHANGED_RECOMMENDATIONS;
}

static void
recompute (TvmDb      *db,
           const char *recommendation_id,
           gboolean    is_final)
{
  g_auto(GStrv) ids = tvm_db_list_texts (
    db, "SELECT recommendation_id FROM exception WHERE status IN (TVM_EXCEPTION_ACTIVE, "
    "TVM_EXCEPTION_SUSPENDED, TVM_EXCEPTION_REQUESTED) AND (?1 IS NULL OR recommendation_id = ?1) "
    "UNION SELECT id FROM "
    "recommendation WHERE (?1 IS NULL OR id = ?1) AND (exception_status <> 0 OR "
    "mitigated_devices <> 0)", "s", recommendation_id);

  for (char **id = ids; *id != NULL && tvm_db_is_good (db); id++)
    recompute_one (db, *id, is_final);
}

/**
 * tvm_exceptions_recompute:
 * @db: the writer's connection
 * @recommendation_id: (nullable): a recommendation; %NULL: all of them
 *
 * Brings everything that follows from the exceptions up to date: their devices and new device
 * groups, status and mitigated devices of their recommendations, and their status as far as no
 * last day is behind it (R10).
 */
void
tvm_exceptions_recompute (TvmDb      *db,
                          const char *recommendation_id)
{
  recompute (db, recommendation_id, FALSE);
}

/* The day that what follows from the exceptions was last worked out for. */
#define DAY_SETTING "'exceptions-day'"

static void
find_day (TvmDb    *db,
          gpointer  data)
{
  g_autofree char *day = tvm_db_dup_believed_day (db);

  /* An empty store stays empty. */
  *(gboolean *) data = tvm_db_get_int (db, "SELECT EXISTS (SELECT 1 FROM exception) AND NOT EXISTS "
                                       "(SELECT 1 FROM setting WHERE name = " DAY_SETTING
                                       " AND value = ?1)", "s", day) != 0;
}

static void
note_day (TvmDb    *db,
          gpointer  data)
{
  g_autofree char *day = tvm_db_dup_believed_day (db);

  recompute (db, NULL, FALSE);
  tvm_db_run (db, "INSERT INTO setting (name, value) VALUES (" DAY_SETTING ", ?1) ON CONFLICT "
              "(name) DO UPDATE SET value = excluded.value", "s", day);
  db->changes |= TVM_CHANGED_EXCEPTIONS;
}

/**
 * tvm_store_expire_exceptions:
 * @self: a store
 * @error: return location for a #TvmError
 *
 * Brings what follows from the exceptions up to the day, which may be an earlier one than before;
 * writes nothing where it is the same, or nothing can be written. For whoever opens the store and,
 * in between, every now and then.
 *
 * Returns: %FALSE on error
 */
gboolean
tvm_store_expire_exceptions (TvmStore  *self,
                             GError   **error)
{
  gboolean is_other_day = FALSE;

  g_return_val_if_fail (TVM_IS_STORE (self), FALSE);

  return tvm_store_read (self, find_day, &is_other_day, error) &&
         (!is_other_day || tvm_store_is_read_only (self) ||
          tvm_store_write (self, note_day, NULL, error));
}

static void
record_expiry (TvmDb    *db,
               gpointer  data)
{
  recompute (db, NULL, TRUE);
}

/**
 * tvm_store_record_expiry:
 * @self: a store
 * @error: return location for a #TvmError
 *
 * Writes down, with lines in the history, that the exceptions whose last day has passed ended. Only
 * where a service just confirmed this computer's clock (R19).
 *
 * Returns: %FALSE on error
 */
gboolean
tvm_store_record_expiry (TvmStore  *self,
                         GError   **error)
{
  g_return_val_if_fail (TVM_IS_STORE (self), FALSE);

  return tvm_store_write (self, record_expiry, NULL, error);
}

/* tvm-store-recover.c: a new store of what can still be read of a damaged one. Blocks; any thread.
 *
 * Decisions, and what they hang on, are copied row by row: from the first one on, past what cannot
 * be read, and from the last one back. The services' lists are not: half a list would complete
 * activities, and a sync gets them whole. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-backup.h"
#include "tvm-store-copy.h"
#include "tvm-store-mending.h"
#include "tvm-store-private.h"

#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NEWEST_EVER 10000  /* no layout ever has such a number */
#define LISTS \
  "'list_state', 'recommendation_vulnerability', 'vulnerability', 'vulnerability_update', " \
  "'portal_exposure', 'managed_device', 'exposure', 'exposure_due', 'pulled', 'user_impact', " \
  "'security_update', 'software', 'software_state', 'software_state_vulnerability', " \
  "'installation', 'stamp'"

typedef struct
{
  const char   *path;     /* of the damaged store */
  TvmRecovered *out;
} Recovery;

/* A table while it is copied. */
typedef struct
{
  sqlite3      *from;
  sqlite3_stmt *insert;
  char         *columns;  /* (owned) */
  char         *key;      /* (owned) (nullable): a column of whole numbers that rows come by */
  const char   *name;
  gint64        last;     /* the last key that was read */
} Table;

/* Returns: whether the last row was read. Rows that the new store refuses are spoiled. */
static gboolean
copy_rows (Table      *table,
           const char *rest,
           gint64      from,
           int        *out_rows)
{
  g_autofree char *sql = g_strdup_printf ("SELECT %s, %s FROM %s %s",
                                          table->key != NULL ? table->key : "0", table->columns,
                                          table->name, rest);
  sqlite3_stmt *row = NULL;
  int result = sqlite3_prepare_v2 (table->from, sql, -1, &row, NULL);

  if (result == SQLITE_OK)
    sqlite3_bind_int64 (row, 1, from);
  while (result == SQLITE_OK && (result = sqlite3_step (row)) == SQLITE_ROW)
    {
      for (int i = 1; i < sqlite3_column_count (row); i++)
        sqlite3_bind_value (table->insert, i, sqlite3_column_value (row, i));
      sqlite3_step (table->insert);
      sqlite3_reset (table->insert);
      table->last = sqlite3_column_int64 (row, 0);
      ++*out_rows;
      result = SQLITE_OK;
    }
  sqlite3_finalize (row);
  return result == SQLITE_DONE;
}

/* Returns: whether all of it was read. Further and further steps lead over what cannot be. */
static gboolean
copy_table (Table *table)
{
  g_autofree char *onwards = NULL, *back = NULL;
  int n_rows = 0, n_before;
  gint64 step = 1;

  table->last = G_MININT64;
  if (copy_rows (table, table->key != NULL ? "" : "WHERE 0 = ?1 OR 1", 0, &n_rows))
    return TRUE;
  if (table->key == NULL)
    return FALSE;
  onwards = g_strdup_printf ("WHERE %s > ?1 ORDER BY %s", table->key, table->key);
  back = g_strdup_printf ("ORDER BY %s DESC", table->key);
  for (gint64 at = MAX (table->last, 0); step < G_MAXINT32; step *= 2)
    {
      n_before = n_rows;
      if (copy_rows (table, onwards, at + step, &n_rows))
        break;
      if (n_rows > n_before)
        step = 1;
      at = MAX (at + step, table->last);
    }
  copy_rows (table, back, 0, &n_rows);
  return FALSE;
}

/* By the new store's layout, which is the same. */
static void
describe (TvmDb      *db,
          const char *name,
          Table      *table)
{
  g_autoptr(GString) columns = g_string_new (NULL), places = g_string_new (NULL);
  g_autofree char *sql = NULL;
  sqlite3_stmt *row = tvm_db_query (db, "SELECT name, type, pk FROM pragma_table_info (?1)", "s",
                                    name);

  while (tvm_db_next (db, row))
    {
      g_string_append_printf (columns, "%s%s", columns->len > 0 ? ", " : "", tvm_db_text (row, 0));
      g_string_append (places, places->len > 0 ? ", ?" : "?");
      if (sqlite3_column_int (row, 2) == 1 && g_str_equal (tvm_db_text (row, 1), "INTEGER"))
        table->key = tvm_db_dup (row, 0);
    }
  sql = g_strdup_printf ("INSERT OR %s INTO %s (%s) VALUES (%s)",
                         g_str_equal (name, "setting") ? "REPLACE" : "IGNORE", name, columns->str,
                         places->str);
  if (sqlite3_prepare_v2 (db->handle, sql, -1, &table->insert, NULL) != SQLITE_OK)
    tvm_db_fail_sqlite (db, sqlite3_errcode (db->handle));
  table->name = name;
  table->columns = g_string_free (g_steal_pointer (&columns), FALSE);
}

/* Keys go on from where they were: a line that follows lost ones tells that they are, and no new
 * activity or exception gets the history of one that is lost. */
static void
copy_counts (TvmDb   *db,
             sqlite3 *from)
{
  sqlite3_stmt *row = NULL;

  sqlite3_prepare_v2 (from, "SELECT name, seq FROM sqlite_sequence", -1, &row, NULL);
  while (row != NULL && sqlite3_step (row) == SQLITE_ROW)
    {
      const char *name = (const char *) sqlite3_column_text (row, 0);
      gint64 count = sqlite3_column_int64 (row, 1);

      if (name != NULL)
        tvm_db_run (db, "INSERT INTO sqlite_sequence (name, seq) SELECT ?1, 0 WHERE ?1 NOT IN ("
                    "SELECT name FROM sqlite_sequence) AND ?1 IN (SELECT name FROM sqlite_schema)",
                    "s", name);
      tvm_db_run (db, "UPDATE sqlite_sequence SET seq = max (seq, ?2) WHERE name = ?1", "sI", name,
                  count);
    }
  sqlite3_finalize (row);
  tvm_db_run (db, "UPDATE sqlite_sequence SET seq = max (seq, (SELECT coalesce (max ("
              "activity_key), 0) FROM history)) WHERE name = 'activity'", "");
  tvm_db_run (db, "UPDATE sqlite_sequence SET seq = max (seq, (SELECT coalesce (max ("
              "exception_key), 0) FROM exception_history)) WHERE name = 'exception'", "");
}

/* A target whose device is lost would count as remediated; so its activity lacks it, and is not
 * completed by System confirmation any more. */
static void
settle (TvmDb *db)
{
  tvm_db_run (db, "DELETE FROM target WHERE device_key NOT IN (SELECT key FROM device)", "");
  tvm_db_run (db, "UPDATE recommendation SET devices_synced_us = 0, vulnerabilities_synced_us = 0",
              "");
  tvm_db_run (db, "UPDATE activity SET devices_synced_us = 0, fixed_stamp = 0", "");
  tvm_db_run (db, "UPDATE stamp SET value = max (value, (SELECT coalesce (max (stamp), 0) FROM "
              "ticket)) + 1", "");
  tvm_backup_doubt_outbox (db, NULL);
}

static void
recover (TvmDb    *db,
         gpointer  user_data)
{
  Recovery *self = user_data;
  g_auto(GStrv) names =
    tvm_db_list_texts (db, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE "
                       "'sqlite_%' AND name NOT IN (" LISTS ") ORDER BY rowid", "");
  sqlite3 *from = NULL;

  if (sqlite3_open_v2 (self->path, &from, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK)
    tvm_db_fail (db, TVM_ERROR_STORE_FAILED, TVM_STORE_DAMAGED, self->path);
  self->out->is_whole = TRUE;
  for (guint i = 0; names[i] != NULL && tvm_db_is_good (db); i++)
    {
      Table table = { .from = from };

      describe (db, names[i], &table);
      if (tvm_db_is_good (db) && !copy_table (&table))
        self->out->is_whole = FALSE;
      sqlite3_finalize (table.insert);
      g_free (table.columns);
      g_free (table.key);
    }
  copy_counts (db, from);
  sqlite3_close_v2 (from);
  settle (db);
  self->out->n_activities = (int) tvm_db_get_int (db, "SELECT count(*) FROM activity", "");
  self->out->n_tickets = (int) tvm_db_get_int (db, "SELECT count(*) FROM ticket", "");
  self->out->n_exceptions = (int) tvm_db_get_int (db, "SELECT count(*) FROM exception", "");
  self->out->n_lines = (int) tvm_db_get_int (db, "SELECT (SELECT count(*) FROM history) + (SELECT "
                                             "count(*) FROM exception_history)", "");
}

/* The layout's number stands in the first page, as SQLite's file format tells. One that no program
 * ever wrote is damage itself; what other programs wrote is no store of this one. */
static gboolean
has_our_layout (const char *path)
{
  guint8 head[72] = { 0 };
  int fd = g_open (path, O_RDONLY | O_CLOEXEC, 0);
  gboolean is_read = fd >= 0 && read (fd, head, sizeof head) == sizeof head;
  guint32 version, id;

  if (fd >= 0)
    close (fd);
  memcpy (&version, head + 60, sizeof version);
  memcpy (&id, head + 68, sizeof id);
  version = GUINT32_FROM_BE (version);
  return is_read && memcmp (head, "SQLite format 3", 16) == 0 &&
         (version == (guint32) tvm_db_newest_version () ||
          (GUINT32_FROM_BE (id) == (guint32) atoi (TVM_STORE_APPLICATION_ID) &&
           (version == 0 || version > NEWEST_EVER)));
}

/* A new store, in one file. */
static gboolean
make_store (TvmMending    *self,
            TvmRecovered  *out,
            GError       **error)
{
  Recovery recovery = { self->place, out };
  g_autofree char *fresh = g_build_filename (self->folder, "store.db", NULL);
  g_autoptr(TvmStore) store = tvm_store_open (self->folder, error);

  if (store == NULL || !tvm_store_write (store, recover, &recovery, error))
    return FALSE;
  tvm_store_close (store);
  return tvm_store_copy_to_file (fresh, self->ready, error);
}

/**
 * tvm_store_recover:
 * @directory: a profile's folder, whose store is damaged and not open
 * @out: (out caller-allocates): what could be read
 * @out_kept: (out) (transfer full) (nullable): where the damaged store is now
 * @error: return location for %TVM_ERROR_CONFLICT where the store is whole, or
 *   %TVM_ERROR_STORE_FAILED where nothing of it can be read
 *
 * Puts a new store in the place of the damaged one, with the decisions that can be read of that;
 * the services' lists come with the next sync. Tickets in its outbox count as perhaps sent.
 *
 * Returns: %FALSE on error; then the store is where it was, or kept aside
 */
gboolean
tvm_store_recover (const char    *directory,
                   TvmRecovered  *out,
                   char         **out_kept,
                   GError       **error)
{
  g_autofree char *path = g_build_filename (directory, "store.db", NULL);
  gboolean is_good, is_damaged;
  TvmMending mending;
  g_autoptr(GError) failure = NULL;

  *out_kept = NULL;
  memset (out, 0, sizeof *out);
  is_good = tvm_store_copy_check (path, &is_damaged, &failure);
  if (!is_good && !is_damaged)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  if (is_good)
    {
      g_set_error_literal (error, TVM_ERROR, TVM_ERROR_CONFLICT,
                           _("The data is whole: there is nothing to recover."));
      return FALSE;
    }
  if (!has_our_layout (path))
    {
      g_set_error (error, TVM_ERROR, TVM_ERROR_STORE_FAILED,
                   _("Nothing can be read of “%s”. Put a backup in its place (“tvm-remediate "
                     "backup list”)."), path);
      return FALSE;
    }
  is_good = tvm_mending_begin (&mending, directory, error) &&
            make_store (&mending, out, error) && tvm_mending_put (&mending, TRUE, out_kept, error);
  tvm_mending_end (&mending);
  return is_good;
}

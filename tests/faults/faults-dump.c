/* faults-dump.c: what a store holds, to compare before, after and in between.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "faults-dump.h"

#include <sqlite3.h>

/* What a store holds, apart from when something was done and how often. A table may hold many lists:
 * then its first column tells whose, and each is as before or as after. */
static const struct { const char *name, *rows; gboolean has_lists; }
tables[FAULTS_DUMP_N_TABLES] = {
  { "recommendations", "recommendation ORDER BY key" },
  { "devices", "device WHERE in_inventory = 1 ORDER BY key" },
  { "portal activities", "activity WHERE origin = 2 ORDER BY key" },
  { "own activities", "activity WHERE origin <> 2 ORDER BY key" },
  { "exposed devices", "exposure ORDER BY 1, 2", TRUE },
  { "targets", "target ORDER BY 1, 2", TRUE },
  { "portal devices", "portal_exposure ORDER BY 1, 2", TRUE },
  { "vulnerabilities", "vulnerability ORDER BY key", TRUE },
  { "vulnerabilities of recommendations", "recommendation_vulnerability ORDER BY 1, 2", TRUE },
  /* what waits in the outbox may be waiting or refused */
  { "tickets", "(SELECT key, activity_key, id, marker, assigned_to, iif (id IS NULL, 0, status), devices"
               " FROM ticket) ORDER BY key" },
  { "devices of tickets", "ticket_device ORDER BY 1, 2" },
  { "managed devices", "managed_device ORDER BY 1" },
  { "user impact", "user_impact ORDER BY 1, 2" },
  { "software of devices", "(SELECT i.device_key, w.name, t.version, t.digest FROM installation i "
                           "JOIN software_state t ON t.key = i.state_key JOIN software w ON w.key "
                           "= t.software_key) ORDER BY 1, 2, 3", TRUE },
};
static GHashTable *
dump_table (sqlite3 *db, guint table)
{
  g_autofree char *sql = g_strdup_printf ("SELECT * FROM %s", tables[table].rows);
  GHashTable *lists = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr(GString) rows = g_string_new (NULL);
  g_autofree char *owner = g_strdup ("");
  sqlite3_stmt *statement = NULL;

  g_assert_cmpint (sqlite3_prepare_v2 (db, sql, -1, &statement, NULL), ==, SQLITE_OK);
  while (sqlite3_step (statement) == SQLITE_ROW)
    {
      const char *first = (const char *) sqlite3_column_text (statement, 0);

      if (tables[table].has_lists && strcmp (owner, first) != 0)
        {
          g_hash_table_replace (lists, owner, g_strdup (rows->str));
          owner = g_strdup (first);
          g_string_truncate (rows, 0);
        }
      for (int i = 0; i < sqlite3_column_count (statement); i++)
        if (!g_str_has_suffix (sqlite3_column_name (statement, i), "_us"))
          {
            const char *text = (const char *) sqlite3_column_text (statement, i);

            g_string_append_printf (rows, "%s|", text != NULL ? text : "-");
          }
      g_string_append_c (rows, '\n');
    }
  g_hash_table_replace (lists, g_steal_pointer (&owner), g_strdup (rows->str));
  sqlite3_finalize (statement);
  return lists;
}

FaultsDump *
faults_dump_store (SyncFixture *sync)
{
  g_autofree char *path = g_build_filename (sync->directory, "store.db", NULL);
  FaultsDump *dump = g_new0 (FaultsDump, 1);
  sqlite3 *db = NULL;

  g_assert_cmpint (sqlite3_open_v2 (path, &db, SQLITE_OPEN_READONLY, NULL), ==, SQLITE_OK);
  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    dump->tables[i] = dump_table (db, i);
  sqlite3_close (db);
  for (int kind = TVM_SCORE_EXPOSURE; kind <= TVM_SCORE_SECURE; kind++)
    {
      g_autoptr(GArray) points = tvm_store_list_scores (sync->store, kind, NULL);

      dump->n_scores[kind - TVM_SCORE_EXPOSURE] = points->len;
    }
  return dump;
}

void
faults_dump_free (FaultsDump *dump)
{
  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    g_hash_table_unref (dump->tables[i]);
  g_free (dump);
}

static gboolean
has_same_list (const FaultsDump *one, const FaultsDump *other, guint table, const char *owner)
{
  return g_strcmp0 (g_hash_table_lookup (one->tables[table], owner),
                    g_hash_table_lookup (other->tables[table], owner)) == 0;
}

static void
check_lists (const char *what, const FaultsDump *before, const FaultsDump *between,
             const FaultsDump *after, guint table)
{
  g_autoptr(GList) owners = g_list_concat (g_hash_table_get_keys (before->tables[table]),
                                           g_hash_table_get_keys (between->tables[table]));

  for (GList *owner = owners; owner != NULL; owner = owner->next)
    if (!has_same_list (between, before, table, owner->data) &&
        !has_same_list (between, after, table, owner->data))
      g_error ("%s: the %s of “%s” are neither as before nor as after: %s, %s, %s", what,
               tables[table].name, (char *) owner->data,
               (char *) g_hash_table_lookup (before->tables[table], owner->data),
               (char *) g_hash_table_lookup (between->tables[table], owner->data),
               (char *) g_hash_table_lookup (after->tables[table], owner->data));
}

/* Each list of @between is as it was before, or as it is after. */
void
faults_dump_check (const char *what, const FaultsDump *before, const FaultsDump *between,
                   const FaultsDump *after)
{
  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    check_lists (what, before, between, after, i);
}

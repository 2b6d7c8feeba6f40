/* truth-world.c: the tenant's moments, and what the store says of them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "truth-world.h"

#include <string.h>

void
truth_log (World      *world,
           const char *format,
           ...)
{
  va_list args;

  va_start (args, format);
  g_string_append_vprintf (world->log, format, args);
  va_end (args);
  g_string_append_c (world->log, '\n');
}

void
truth_end (World *world)
{
  g_printerr ("%sTVM_TEST_SEED=%u runs this sequence alone\n", world->log->str, world->seed);
  g_abort ();
}

int
truth_pick (World *world,
            int    n)
{
  return g_rand_int_range (world->rand, 0, n);
}

int
truth_pick_rec (World *world)
{
  return truth_pick (world, truth_pick (world, 4) > 0 ? N_HOT : N_RECS);
}

Tenant *
truth_now (World *world)
{
  return &g_array_index (world->moments, Tenant, world->moments->len - 1);
}

Tenant *
truth_change (World *world)
{
  Tenant copy = *truth_now (world);

  g_array_append_val (world->moments, copy);
  return truth_now (world);
}

/* The last four digits of each say which it is. */
char *
truth_rec_id (int i)
{
  return g_strdup_printf ("va-_-example-_-player%04x", i);
}

char *
truth_device_id (int i)
{
  return g_strdup_printf ("%040x", i);
}

char *
truth_portal_id (int i)
{
  return g_strdup_printf ("aaaaaaaa-0000-0000-0000-00000000%04x", i);
}

char *
truth_ticket_id (int i)
{
  return g_strdup_printf ("bbbbbbbb-0000-0000-0000-00000000%04x", i);
}

char *
truth_entra_id (int i)
{
  return g_strdup_printf ("cccccccc-0000-0000-0000-00000000%04x", i);
}

int
truth_index (const char *id)
{
  return (int) g_ascii_strtoull (id + strlen (id) - 4, NULL, 16);
}

/* ---- what the store has */

typedef void (*RowFunc) (Kept *kept, sqlite3_stmt *row);

static int
index_at (sqlite3_stmt *row,
          int           column)
{
  const char *id = (const char *) sqlite3_column_text (row, column);

  return id != NULL ? truth_index (id) : -1;
}

static void
load_recommendation (Kept *kept, sqlite3_stmt *row)
{
  int rec = index_at (row, 0);

  kept->counts[rec] = sqlite3_column_int (row, 1);
  kept->recs |= (guint32) sqlite3_column_int (row, 2) << rec;
}

static void
load_exposure (Kept *kept, sqlite3_stmt *row)
{
  kept->exposed[index_at (row, 0)] |= 1u << index_at (row, 1);
}

static void
load_cve (Kept *kept, sqlite3_stmt *row)
{
  kept->cves[index_at (row, 0)] |= 1u << index_at (row, 1);
}

static void
load_device (Kept *kept, sqlite3_stmt *row)
{
  kept->inventory |= 1u << index_at (row, 0);
}

static void
load_managed (Kept *kept, sqlite3_stmt *row)
{
  kept->managed |= 1u << index_at (row, 0);
}

static void
load_portal (Kept *kept, sqlite3_stmt *row)
{
  int i = index_at (row, 0);

  kept->portal |= 1u << i;
  kept->portal_fixed[i] = sqlite3_column_int (row, 1);
}

static void
load_portal_exposure (Kept *kept, sqlite3_stmt *row)
{
  kept->portal_exposed[index_at (row, 0)] |= 1u << index_at (row, 1);
}

static void
load_activity (Kept *kept, sqlite3_stmt *row)
{
  KeptActivity *activity = &kept->activities[kept->n_activities++];

  activity->key = sqlite3_column_int64 (row, 0);
  activity->rec = index_at (row, 1);
  activity->status = sqlite3_column_int (row, 2);
  activity->completion = sqlite3_column_int (row, 3);
  activity->type = sqlite3_column_int (row, 4);
  activity->n_fixed = sqlite3_column_int (row, 5);
}

static void
load_target (Kept *kept, sqlite3_stmt *row)
{
  for (int i = 0; i < kept->n_activities; i++)
    if (kept->activities[i].key == sqlite3_column_int64 (row, 0))
      {
        kept->activities[i].targets |= 1u << index_at (row, 1);
        kept->activities[i].exposed |= (guint32) sqlite3_column_int (row, 2) << index_at (row, 1);
      }
}

static void
load_ticket (Kept *kept, sqlite3_stmt *row)
{
  KeptTicket *ticket = &kept->tickets[kept->n_tickets++];

  ticket->key = sqlite3_column_int64 (row, 0);
  ticket->activity = sqlite3_column_int64 (row, 1);
  ticket->tenant = index_at (row, 2);
  ticket->status = sqlite3_column_int (row, 3);
  g_strlcpy (ticket->marker, (const char *) sqlite3_column_text (row, 4), sizeof ticket->marker);
}

static const struct { const char *sql; RowFunc func; } loads[] = {
  { "SELECT id, exposed_devices, is_listed FROM recommendation", load_recommendation },
  { "SELECT r.id, d.id FROM exposure e JOIN recommendation r ON r.key = e.recommendation_key "
    "JOIN device d ON d.key = e.device_key", load_exposure },
  { "SELECT r.id, v.id FROM recommendation_vulnerability l JOIN recommendation r ON r.key = "
    "l.recommendation_key JOIN vulnerability v ON v.key = l.vulnerability_key", load_cve },
  { "SELECT id FROM device WHERE in_inventory = 1", load_device },
  { "SELECT aad_device_id FROM managed_device", load_managed },
  { "SELECT id, fixed_devices FROM activity WHERE origin = 2", load_portal },
  { "SELECT a.id, d.id FROM portal_exposure e JOIN activity a ON a.key = e.activity_key "
    "JOIN device d ON d.key = e.device_key", load_portal_exposure },
  { "SELECT key, recommendation_id, status, completion, type, fixed_devices FROM activity WHERE "
    "origin = 1 ORDER BY key", load_activity },
  { "SELECT t.activity_key, d.id, t.is_exposed FROM target t JOIN device d ON d.key = "
    "t.device_key", load_target },
  { "SELECT key, activity_key, id, status, marker FROM ticket ORDER BY key", load_ticket },
};

G_STATIC_ASSERT (G_N_ELEMENTS (loads) == N_LOADS);

static sqlite3_stmt *
prepare (World      *world,
         const char *sql)
{
  sqlite3_stmt *statement = NULL;

  g_assert_cmpint (sqlite3_prepare_v2 (world->db, sql, -1, &statement, NULL), ==, SQLITE_OK);
  return statement;
}

void
truth_open (World *world)
{
  g_autofree char *path = g_build_filename (world->directory, "store.db", NULL);

  g_assert_cmpint (sqlite3_open_v2 (path, &world->db, SQLITE_OPEN_READWRITE, NULL), ==, SQLITE_OK);
  sqlite3_db_config (world->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
  for (guint i = 0; i < N_LOADS; i++)
    world->loads[i] = prepare (world, loads[i].sql);
  world->lines = prepare (world, "SELECT key, activity_key, kind, detail, count, after FROM history "
                                 "WHERE key > ?1 ORDER BY key");
  world->begin = prepare (world, "BEGIN");
  world->commit = prepare (world, "COMMIT");
  world->stamp = prepare (world, "SELECT stamp FROM pulled WHERE kind = ?1 AND owner = ?2");
}

/* As tvm_store_erase() does, but quicker: the schema stays untouched. */
void
truth_erase (World *world)
{
  static const char sql[] =
    "BEGIN IMMEDIATE; DELETE FROM exposure; DELETE FROM portal_exposure; DELETE FROM target; "
    "DELETE FROM ticket_device; DELETE FROM ticket; DELETE FROM progress; DELETE FROM history; "
    "DELETE FROM activity; DELETE FROM recommendation_vulnerability; DELETE FROM vulnerability; "
    "DELETE FROM exception_group; DELETE FROM exception_history; DELETE FROM exception; "
    "DELETE FROM recommendation; DELETE FROM device; DELETE FROM managed_device; "
    "DELETE FROM pulled; COMMIT";

  g_assert_cmpint (sqlite3_exec (world->db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
}

void
truth_close (World *world)
{
  for (guint i = 0; i < N_LOADS; i++)
    sqlite3_finalize (world->loads[i]);
  sqlite3_finalize (world->lines);
  sqlite3_finalize (world->stamp);
  sqlite3_finalize (world->begin);
  sqlite3_finalize (world->commit);
  g_assert_cmpint (sqlite3_close (world->db), ==, SQLITE_OK);
}

void
truth_run (sqlite3_stmt *statement)
{
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_DONE);
  sqlite3_reset (statement);
}

void
truth_load (World *world)
{
  world->before = world->after;
  memset (&world->after, 0, sizeof world->after);
  for (guint i = 0; i < N_LOADS; i++)
    {
      while (sqlite3_step (world->loads[i]) == SQLITE_ROW)
        loads[i].func (&world->after, world->loads[i]);
      g_assert_cmpint (sqlite3_reset (world->loads[i]), ==, SQLITE_OK);
    }
}

gint64
truth_merge_stamp (World       *world,
                   TvmPullKind  kind,
                   const char  *owner)
{
  gint64 stamp = 0;

  sqlite3_bind_int (world->stamp, 1, kind);
  sqlite3_bind_text (world->stamp, 2, owner, -1, SQLITE_STATIC);
  if (sqlite3_step (world->stamp) == SQLITE_ROW)
    stamp = sqlite3_column_int64 (world->stamp, 0);
  sqlite3_reset (world->stamp);
  return stamp;
}

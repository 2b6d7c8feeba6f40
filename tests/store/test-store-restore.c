/* test-store-restore.c: what takes a store's place takes it whole or not at all, and nothing that
 * was kept takes the place of something else that was.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "store-fixture.h"
#include "tvm-error.h"
#include "tvm-store-backup.h"

#include <sys/file.h>
#include <utime.h>
#include <unistd.h>

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_assert_true (tvm_backups_delete (self->directory, NULL));
  fixture_tear_down (self, data);
}

static char *
create (Fixture *self)
{
  g_autoptr(GError) error = NULL;
  char *name = tvm_backup_create (self->directory, "by-hand", &error);

  g_assert_no_error (error);
  return name;
}

static void
restore (Fixture *self, const char *name, char **out_kept)
{
  g_autoptr(GError) error = NULL;

  tvm_backup_restore (self->directory, name, out_kept, &error);
  g_assert_no_error (error);
}

static void
run_sql (const char *path, const char *sql)
{
  sqlite3 *handle;

  g_assert_cmpint (sqlite3_open (path, &handle), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (handle, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_close (handle), ==, SQLITE_OK);
}

static void
assert_email (Fixture *self, const char *email)
{
  g_autofree char *is = tvm_store_get_setting (self->store, "it-admin-email", NULL);

  g_assert_cmpstr (is, ==, email);
}

static void
close_store (Fixture *self)
{
  tvm_store_close (self->store);
  g_clear_object (&self->store);
}

static guint
count_backups (Fixture *self, const char *reason)
{
  g_autoptr(GPtrArray) list = tvm_backups_list (self->directory, NULL);
  guint n = 0;

  for (guint i = 0; i < list->len; i++)
    n += g_str_equal (((TvmBackup *) list->pdata[i])->reason, reason);
  return n;
}

/* One that this program cannot read takes no store's place. */
static void
test_newer (Fixture *self, gconstpointer data)
{
  g_autofree char *name = create (self), *kept = NULL;
  g_autofree char *path = g_build_filename (self->directory, "backups", name, NULL);
  g_autoptr(GError) error = NULL;

  run_sql (path, "PRAGMA user_version = 999");
  g_assert_true (tvm_store_set_setting (self->store, "it-admin-email", "kept@contoso.example",
                                        NULL));
  g_assert_false (tvm_backup_restore (self->directory, name, &kept, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_SCHEMA_TOO_NEW);
  g_assert_nonnull (strstr (error->message, name));
  g_assert_null (kept);
  fixture_reopen (self);
  assert_email (self, "kept@contoso.example");
}

/* One of an older layout is brought up to date before anybody who has the store open sees it. */
static void
test_older (Fixture *self, gconstpointer data)
{
  g_autofree char *name = NULL, *kept = NULL;
  g_autofree char *path = NULL;

  g_assert_true (tvm_store_set_setting (self->store, "it-admin-email", "old@contoso.example",
                                        NULL));
  name = create (self);
  path = g_build_filename (self->directory, "backups", name, NULL);
  run_sql (path, FIXTURE_WITHOUT_CHAIN "ALTER TABLE ticket DROP COLUMN claimed_by; "
                 "ALTER TABLE ticket DROP COLUMN claimed_ticks_us; PRAGMA user_version = 18");
  g_assert_true (tvm_store_set_setting (self->store, "it-admin-email", "new@contoso.example",
                                        NULL));
  restore (self, name, &kept);
  assert_email (self, "old@contoso.example");
  g_assert_cmpuint (count_backups (self, "before-restore"), ==, 1);
  g_assert_cmpuint (count_backups (self, "before-migration"), ==, 0);
}

/* Within one second: what was there before the first is not lost by the second. */
static void
test_twice (Fixture *self, gconstpointer data)
{
  g_autofree char *name = create (self), *kept = NULL;
  g_autoptr(GPtrArray) list = NULL;

  g_assert_true (tvm_store_set_setting (self->store, "it-admin-email", "since@contoso.example",
                                        NULL));
  for (int i = 0; i < 2; i++)
    restore (self, name, &kept);
  assert_email (self, NULL);
  g_assert_cmpuint (count_backups (self, "before-restore"), ==, 2);
  list = tvm_backups_list (self->directory, NULL);
  for (guint i = 0; i < list->len; i++)
    {
      const TvmBackup *one = list->pdata[i];

      /* The older of both. */
      if (!g_str_equal (one->reason, "before-restore") ||
          one->when_us != tvm_now_us () / TVM_SECOND_US * TVM_SECOND_US)
        continue;
      restore (self, one->name, &kept);
      assert_email (self, "since@contoso.example");
      return;
    }
  g_assert_not_reached ();
}

/* Likewise of damaged stores. */
static void
test_damaged_twice (Fixture *self, gconstpointer data)
{
  g_autofree char *name = create (self), *kept[2] = { NULL }, *is = NULL;

  close_store (self);
  for (int i = 0; i < 2; i++)
    {
      g_assert_true (g_file_set_contents (self->path, i == 0 ? "first" : "second", -1, NULL));
      restore (self, name, &kept[i]);
    }
  g_assert_cmpstr (kept[0], !=, kept[1]);
  g_assert_true (g_file_get_contents (kept[0], &is, NULL, NULL));
  g_assert_cmpstr (is, ==, "first");
  g_free (kept[0]);
  g_free (kept[1]);
  kept[0] = kept[1] = NULL;
  self->store = tvm_store_open (self->directory, NULL);
}

/* A store that is gone while there are backups of it is told, and no new one hides it. */
static void
test_lost (Fixture *self, gconstpointer data)
{
  g_autofree char *name = NULL, *kept = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (tvm_store_set_setting (self->store, "it-admin-email", "kept@contoso.example",
                                        NULL));
  name = create (self);
  close_store (self);
  g_assert_cmpint (g_unlink (self->path), ==, 0);
  for (int i = 0; i < 2; i++)
    {
      g_assert_null (tvm_store_open (self->directory, &error));
      g_assert_error (error, TVM_ERROR, TVM_ERROR_STORE_FAILED);
      g_assert_nonnull (strstr (error->message, "backup list"));
      g_clear_error (&error);
    }
  g_assert_false (g_file_test (self->path, G_FILE_TEST_EXISTS));
  restore (self, name, &kept);
  g_assert_null (kept);
  self->store = tvm_store_open (self->directory, NULL);
  assert_email (self, "kept@contoso.example");
}

/* What a team may have got since is not taken back here as if it had not. */
static void
test_team (Fixture *self, gconstpointer data)
{
  g_autofree char *name = NULL, *kept = NULL;
  sqlite3 *handle;
  sqlite3_stmt *row;

  run_sql (self->path, "INSERT INTO team_event (id, subject, kind, who, decided_us) VALUES ('e', "
                       "'a', 'requested', 'a@contoso.example', 1)");
  name = create (self);
  restore (self, name, &kept);
  g_assert_cmpint (sqlite3_open (self->path, &handle), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_prepare_v2 (handle, "SELECT is_sent FROM team_event", -1, &row, NULL),
                   ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (row), ==, SQLITE_ROW);
  g_assert_cmpint (sqlite3_column_int (row, 0), ==, 1);
  sqlite3_finalize (row);
  sqlite3_close (handle);
}

/* A list that was asked for before comes too late, though the backup has counted less far. */
static void
test_late (Fixture *self, gconstpointer data)
{
  g_autofree char *name = create (self), *kept = NULL;
  g_autoptr(TvmPull) pull = NULL;
  g_autoptr(GError) error = NULL;
  TvmRecommendation *one = tvm_recommendation_new ();
  TvmListResult result = { 0 };
  TvmStoreCounts counts;

  for (int i = 0; i < 5; i++)
    fixture_recommendations (self, 1);
  pull = tvm_store_begin_pull (self->store, TVM_PULL_RECOMMENDATIONS, NULL, NULL);
  one->id = g_strdup ("va-_-late");
  one->name = g_strdup ("Update Late");
  g_ptr_array_add (pull->records, one);
  restore (self, name, &kept);
  tvm_store_keep_pull (self->store, pull, &result, &error);
  g_assert_no_error (error);
  g_assert_true (tvm_store_counts (self->store, &counts, NULL));
  g_assert_cmpint (counts.recommendations, <=, 0);
}

/* Another program is at the same: nothing is touched. */
static void
test_at_once (Fixture *self, gconstpointer data)
{
  g_autofree char *name = create (self), *kept = NULL;
  g_autofree char *folder = g_build_filename (self->directory, "recovering", NULL);
  g_autoptr(GError) error = NULL;
  TvmRecovered read;
  int fd;

  close_store (self);
  g_assert_true (g_file_set_contents (self->path, "damaged", -1, NULL));
  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  fd = g_open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
  g_assert_cmpint (flock (fd, LOCK_EX), ==, 0);
  g_assert_false (tvm_backup_restore (self->directory, name, &kept, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_STORE_FAILED);
  g_assert_nonnull (strstr (error->message, "in use"));
  g_assert_null (kept);
  close (fd);
  restore (self, name, &kept);
  g_assert_false (g_file_test (folder, G_FILE_TEST_EXISTS));
  g_clear_pointer (&kept, g_free);
  g_assert_false (tvm_store_recover (self->directory, &read, &kept, NULL));
  self->store = tvm_store_open (self->directory, NULL);
}

/* Another process has the damaged store open: it is not moved away under it. */
static void
test_open (Fixture *self, gconstpointer data)
{
  g_autofree char *name = create (self), *kept = NULL;
  TvmRecovered read;
  int fd = g_open (self->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);

  close_store (self);
  run_sql (self->path, "PRAGMA user_version = -1");
  g_assert_cmpint (flock (fd, LOCK_SH), ==, 0);
  for (int i = 0; i < 2; i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_false (i == 0 ? tvm_backup_restore (self->directory, name, &kept, &error)
                             : tvm_store_recover (self->directory, &read, &kept, &error));
      g_assert_nonnull (strstr (error->message, "in use"));
      g_assert_null (kept);
      g_assert_true (g_file_test (self->path, G_FILE_TEST_EXISTS));
    }
  close (fd);
  restore (self, name, &kept);
  g_assert_nonnull (kept);
  self->store = tvm_store_open (self->directory, NULL);
}

/* Another program was stopped in the midst of a backup: one is made all the same. */
static void
test_stopped (Fixture *self, gconstpointer data)
{
  g_autofree char *folder = g_build_filename (self->directory, "backups", NULL);
  int fd;

  g_free (create (self));
  fd = g_open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
  g_assert_cmpint (flock (fd, LOCK_EX), ==, 0);
  g_free (create (self));
  g_assert_cmpuint (count_backups (self, "by-hand"), ==, 2);
  close (fd);
}

/* What a kill left of copies goes with the data, and with the next backup. */
static void
test_leftovers (Fixture *self, gconstpointer data)
{
  static const char *const names[] = { "backups/2026-03-01T000000Z-daily.db.new-abc123",
                                       "recovering/store.db", "recovering/ready.db",
                                       "store.db.new-abc123" };
  g_autofree char *name = create (self);

  for (int i = 0; i < 2; i++)
    {
      for (guint j = 0; j < G_N_ELEMENTS (names); j++)
        {
          g_autofree char *path = g_build_filename (self->directory, names[j], NULL);
          g_autofree char *folder = g_path_get_dirname (path);

          g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
          g_assert_true (g_file_set_contents (path, "what is vulnerable where", -1, NULL));
          g_assert_cmpint (g_utime (path, &(struct utimbuf) { 1, i }), ==, 0);
        }
      if (i == 0)
        g_free (create (self));
      else
        g_assert_true (tvm_store_erase (self->store, NULL));
      for (guint j = 0; j < (i == 0 ? 1 : G_N_ELEMENTS (names)); j++)
        {
          g_autofree char *path = g_build_filename (self->directory, names[j], NULL);

          g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
        }
    }
}

/* Backups made while the clock was ahead: later ones are still made once a day, and stay. */
static void
test_clock (Fixture *self, gconstpointer data)
{
  const gint64 began_us = tvm_now_us ();
  g_autoptr(GPtrArray) list = NULL;

  for (int ahead = 2; ahead < 12; ahead++)
    {
      tvm_set_clock_us (began_us + ahead * TVM_DAY_US);
      g_free (create (self));
    }
  for (int hour = 0; hour < 8 * 24; hour += 4)
    {
      tvm_set_clock_us (began_us + hour * TVM_HOUR_US - 30 * TVM_DAY_US);
      g_assert_true (tvm_store_backup_if_due (self->store, NULL));
    }
  g_assert_cmpuint (count_backups (self, "daily"), ==, 7);
  list = tvm_backups_list (self->directory, NULL);
  g_assert_cmpstr (tvm_backups_get_newest (list)->reason, ==, "daily");
  for (guint i = 0; i < list->len; i++)
    {
      const TvmBackup *one = list->pdata[i];

      g_assert_true (i == 0 || g_str_equal (one->reason, "by-hand") ||
                     ((TvmBackup *) list->pdata[i - 1])->when_us - one->when_us >= TVM_DAY_US);
    }
  g_assert_cmpuint (count_backups (self, "by-hand"), ==, 7);
}

/* What was just made stays, also where the clock went back some hours since the others were. */
static void
test_clock_back (Fixture *self, gconstpointer data)
{
  const gint64 began_us = tvm_now_us ();
  g_autofree char *name = NULL, *path = NULL, *kept = NULL;

  for (int i = 0; i < 8; i++)
    {
      tvm_set_clock_us (began_us + 12 * TVM_HOUR_US + i * TVM_SECOND_US);
      g_free (create (self));
    }
  tvm_set_clock_us (began_us);
  name = create (self);
  path = g_build_filename (self->directory, "backups", name, NULL);
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  restore (self, name, &kept);
  g_assert_cmpuint (count_backups (self, "before-restore"), ==, 1);
}

/* Damage took the last lines of the history, and an activity: both are told, and no new activity
 * gets what happened to that one. */
static void
test_recovered (Fixture *self, gconstpointer data)
{
  g_autoptr(TvmActivity) activity = NULL;
  g_autoptr(GPtrArray) history = NULL;
  g_autofree char *kept = NULL;
  g_autoptr(GError) error = NULL;
  TvmChain chains[TVM_N_CHAINS];
  TvmRecovered read;

  fixture_recommendations (self, 1);
  fixture_devices (self, 0, 5, "10");
  fixture_refs (self, 0, 5);
  for (int i = 0; i < 3; i++)
    tvm_activity_unref (fixture_submit (self, TVM_TYPE_UPDATE, FALSE));
  close_store (self);
  run_sql (self->path, "DROP TRIGGER history_stays; DELETE FROM history WHERE key = 3; DELETE FROM "
                       "activity WHERE key >= 2; UPDATE sqlite_sequence SET seq = 1 WHERE name = "
                       "'activity'; PRAGMA wal_checkpoint (TRUNCATE); PRAGMA user_version = -1");
  tvm_store_recover (self->directory, &read, &kept, &error);
  g_assert_no_error (error);
  self->store = tvm_store_open (self->directory, NULL);
  g_assert_true (tvm_store_verify_history (self->store, chains, NULL));
  g_assert_true (chains[TVM_CHAIN_ACTIVITIES].lacks_last);
  tvm_chains_clear (chains);
  fixture_refs (self, 0, 5);
  activity = fixture_submit (self, TVM_TYPE_UPDATE, FALSE);
  history = tvm_store_list_history (self->store, activity->id, NULL);
  g_assert_cmpuint (history->len, ==, 1);
}

/* What only a team's members decide is a decision as any other. */
static void
test_counted (Fixture *self, gconstpointer data)
{
  static const char *const kinds[] = { "comment", "assigned", "assigned-over", "completed-too",
                                       "reopening-void", "ticket-sent" };
  TvmDecisions lost;

  run_sql (self->path, "DROP TRIGGER history_is_chained");
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autofree char *sql =
        g_strdup_printf ("INSERT INTO history (activity_key, kind, who, when_us, hash) VALUES (1, "
                         "'%s', 'a@contoso.example', %" G_GINT64_FORMAT ", '')", kinds[i],
                         tvm_now_us ());

      run_sql (self->path, sql);
    }
  g_assert_true (tvm_store_count_decisions (self->store, tvm_now_us () - TVM_SECOND_US, &lost,
                                            NULL));
  g_assert_cmpint (lost.n_changes, ==, G_N_ELEMENTS (kinds) - 1);
}

int
main (int argc, char **argv)
{
  static const struct { const char *path; void (*run) (Fixture *, gconstpointer); } tests[] = {
    { "/restore/newer", test_newer },
    { "/restore/older", test_older },
    { "/restore/twice", test_twice },
    { "/restore/damaged-twice", test_damaged_twice },
    { "/restore/lost", test_lost },
    { "/restore/team", test_team },
    { "/restore/late", test_late },
    { "/restore/at-once", test_at_once },
    { "/restore/open", test_open },
    { "/restore/stopped", test_stopped },
    { "/restore/leftovers", test_leftovers },
    { "/restore/clock", test_clock },
    { "/restore/clock-back", test_clock_back },
    { "/restore/recovered", test_recovered },
    { "/restore/counted", test_counted },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, fixture_set_up, tests[i].run, tear_down);
  return g_test_run ();
}

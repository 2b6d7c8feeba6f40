/* test-store-backup.c: copies of a store, and what is done with a damaged one.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "store-fixture.h"
#include "tvm-error.h"
#include "tvm-store-backup.h"

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

/* Of a hundred days the last seven, and the newest of each month before. */
static void
test_kept (Fixture *self, gconstpointer data)
{
  g_autoptr(GPtrArray) list = NULL;

  for (int day = 0; day < 100; day++)
    {
      tvm_set_clock_us (NOW_US + day * TVM_DAY_US);
      g_assert_true (tvm_store_backup_if_due (self->store, NULL));
      g_assert_true (tvm_store_backup_if_due (self->store, NULL)); /* no second one that day */
    }
  list = tvm_backups_list (self->directory, NULL);
  g_assert_cmpuint (list->len, ==, 7 + 3);
  g_assert_true (g_str_has_prefix (((TvmBackup *) list->pdata[0])->name, "2026-06-27T"));
  g_assert_true (g_str_has_prefix (((TvmBackup *) list->pdata[6])->name, "2026-06-21T"));
  g_assert_true (g_str_has_prefix (((TvmBackup *) list->pdata[7])->name, "2026-05-31T"));
  g_assert_true (g_str_has_prefix (((TvmBackup *) list->pdata[9])->name, "2026-03-31T"));
  g_assert_cmpstr (((TvmBackup *) list->pdata[0])->reason, ==, "daily");
}

/* While it is open. A ticket that was sent since then counts as perhaps sent. */
static void
test_restored (Fixture *self, gconstpointer data)
{
  g_autoptr(TvmActivity) activity = NULL;
  g_autoptr(TvmTicket) answer = tvm_ticket_new ();
  g_autoptr(GPtrArray) before = NULL, after = NULL;
  g_autofree char *name = NULL, *kept = NULL;
  g_autoptr(GError) error = NULL;

  fixture_recommendations (self, 1);
  fixture_devices (self, 0, 5, "10");
  fixture_refs (self, 0, 5);
  activity = fixture_submit (self, TVM_TYPE_UPDATE, TRUE);
  before = tvm_store_list_outbox (self->store, FALSE, NULL);
  g_assert_cmpuint (before->len, ==, 1);
  name = create (self);
  answer->id = g_strdup ("t1");
  answer->status = TVM_TICKET_PENDING;
  g_assert_true (tvm_store_outbox_sent (self->store, ((TvmOutboxEntry *) before->pdata[0])->ticket_key,
                                        answer, 0, NULL));
  tvm_backup_restore (self->directory, name, &kept, &error);
  g_assert_no_error (error);
  g_assert_null (kept);
  after = tvm_store_list_outbox (self->store, FALSE, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (after->len, ==, 1);
  g_assert_true (((TvmOutboxEntry *) after->pdata[0])->was_sent);
  g_assert_false (tvm_backup_restore (self->directory, "../store.db", &kept, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_NOT_FOUND);
}

static void
spoil (Fixture *self, const char *data, gssize size)
{
  tvm_store_close (self->store);
  g_object_unref (self->store);
  g_assert_true (g_file_set_contents (self->path, data, size, NULL));
  self->store = NULL;
}

/* An emptied file, one of something else, and a version that there cannot be: told, and restored. */
static void
test_damaged (Fixture *self, gconstpointer data)
{
  g_autofree char *name = create (self);

  for (int i = 0; i < 3; i++)
    {
      g_autofree char *kept = NULL, *good = NULL, *is = NULL;
      g_autoptr(GError) error = NULL;
      gsize size;

      if (i == 2)
        {
          tvm_store_close (self->store);
          g_assert_true (g_file_get_contents (self->path, &good, &size, NULL));
          memset (good + 60, 0xff, 4);
          spoil (self, good, (gssize) size);
        }
      else
        spoil (self, i == 0 ? "" : "no database", -1);
      g_assert_null (tvm_store_open (self->directory, &error));
      g_assert_error (error, TVM_ERROR, TVM_ERROR_STORE_FAILED);
      g_assert_nonnull (strstr (error->message, "damaged"));
      g_clear_error (&error);
      tvm_backup_restore (self->directory, name, &kept, &error);
      g_assert_no_error (error);
      g_assert_nonnull (kept);
      g_assert_true (g_file_get_contents (kept, &is, &size, NULL));
      g_assert_cmpuint (size, ==, i == 0 ? 0 : i == 1 ? strlen ("no database") : size);
      tvm_set_clock_us (tvm_now_us () + TVM_SECOND_US);
      self->store = tvm_store_open (self->directory, &error);
      g_assert_no_error (error);
    }
  g_assert_cmpstr (name, !=, "");
}

/* The store before takes the place of no backup that was just restored. */
static void
test_oldest (Fixture *self, gconstpointer data)
{
  g_autofree char *kept = NULL, *oldest = NULL;
  g_autoptr(GPtrArray) list = NULL;
  g_autoptr(GError) error = NULL;

  for (int day = 0; day < 7; day++)
    {
      g_autofree char *name = NULL;

      tvm_set_clock_us (NOW_US + day * TVM_DAY_US);
      name = create (self);
      if (day == 0)
        oldest = g_steal_pointer (&name);
    }
  tvm_set_clock_us (NOW_US + 7 * TVM_DAY_US);
  g_assert_true (tvm_backup_restore (self->directory, oldest, &kept, &error));
  g_assert_no_error (error);
  list = tvm_backups_list (self->directory, NULL);
  g_assert_cmpuint (list->len, ==, 8);
  g_assert_cmpstr (((TvmBackup *) list->pdata[7])->name, ==, oldest);
}

static gpointer
create_some (gpointer directory)
{
  for (int i = 0; i < 5; i++)
    {
      g_autoptr(GError) error = NULL;
      g_autofree char *name = tvm_backup_create (directory, "by-hand", &error);

      g_assert_no_error (error);
      g_assert_nonnull (name);
    }
  return NULL;
}

/* Several at once, within one second: none takes another's name. */
static void
test_together (Fixture *self, gconstpointer data)
{
  GThread *others[2];
  g_autoptr(GPtrArray) list = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    others[i] = g_thread_new ("backup", create_some, self->directory);
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    g_thread_join (others[i]);
  list = tvm_backups_list (self->directory, NULL);
  g_assert_cmpuint (list->len, ==, 7);
}

/* A damaged store takes no backup's place. */
static void
test_refused (Fixture *self, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *name = create (self), *kept = NULL;
  g_autoptr(GPtrArray) list = NULL;

  spoil (self, "no database", -1);
  g_assert_null (tvm_backup_create (self->directory, "daily", &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_STORE_FAILED);
  list = tvm_backups_list (self->directory, NULL);
  g_assert_cmpuint (list->len, ==, 1);
  g_assert_true (tvm_backup_restore (self->directory, name, &kept, NULL));
  self->store = tvm_store_open (self->directory, NULL);
}

/* Somebody writes all the time: nothing is restored, and nobody is told that it was. */
static void
test_busy (Fixture *self, gconstpointer data)
{
  g_autofree char *name = create (self), *kept = NULL;
  g_autoptr(GError) error = NULL;
  TvmStoreCounts counts;
  sqlite3 *handle;

  fixture_recommendations (self, 1);
  g_assert_cmpint (sqlite3_open (self->path, &handle), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (handle, "BEGIN IMMEDIATE", NULL, NULL, NULL), ==, SQLITE_OK);
  g_assert_false (tvm_backup_restore (self->directory, name, &kept, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_STORE_FAILED);
  g_assert_nonnull (strstr (error->message, "in use"));
  g_assert_cmpint (sqlite3_close (handle), ==, SQLITE_OK);
  g_assert_true (tvm_store_counts (self->store, &counts, NULL));
  g_assert_cmpint (counts.recommendations, ==, 1);
}

/* The backup is of the layout before. */
static void
test_migrated (Fixture *self, gconstpointer data)
{
  g_autoptr(GPtrArray) list = NULL;
  sqlite3 *handle;

  tvm_store_close (self->store);
  g_assert_cmpint (sqlite3_open (self->path, &handle), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (handle, FIXTURE_WITHOUT_CHAIN
                                 "ALTER TABLE ticket DROP COLUMN claimed_by; "
                                 "ALTER TABLE ticket DROP COLUMN claimed_ticks_us; "
                                 "PRAGMA user_version = 18", NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (handle);
  fixture_reopen (self);
  list = tvm_backups_list (self->directory, NULL);
  g_assert_cmpuint (list->len, ==, 1);
  g_assert_cmpstr (((TvmBackup *) list->pdata[0])->reason, ==, "before-migration");
}

#define PAGE 8192

/* Every eighth page but the first is spoiled. */
static void
spoil_pages (Fixture *self, GRand *random)
{
  g_autofree char *data = NULL;
  gsize size;

  tvm_store_close (self->store);
  g_assert_true (g_file_get_contents (self->path, &data, &size, NULL));
  for (gsize page = 1; page < size / PAGE; page++)
    if (g_rand_int_range (random, 0, 8) == 0)
      for (gsize i = 0; i < PAGE; i++)
        data[page * PAGE + i] = (char) g_rand_int (random);
  spoil (self, data, (gssize) size);
}

static gint64
ask (Fixture *self, const char *sql)
{
  sqlite3_stmt *row = NULL;
  sqlite3 *handle;
  gint64 value = -1;

  g_assert_cmpint (sqlite3_open (self->path, &handle), ==, SQLITE_OK);
  if (sqlite3_prepare_v2 (handle, sql, -1, &row, NULL) == SQLITE_OK &&
      sqlite3_step (row) == SQLITE_ROW)
    value = sqlite3_column_int64 (row, 0);
  sqlite3_finalize (row);
  sqlite3_close (handle);
  return value;
}

/* What can be read is there again; where targets are lost, a list without any of them completes
 * nothing. */
static void
test_recovered (Fixture *self, gconstpointer data)
{
  int n_recovered = 0, n_gaps = 0, n_completed = 0, n_guarded = 0;

  for (guint32 seed = 1; seed <= 30; seed++)
    {
      g_autoptr(GRand) random = g_rand_new_with_seed (seed);
      g_autoptr(GError) error = NULL;
      g_autofree char *kept = NULL;
      TvmRecovered read;
      gint64 n_open;

      fixture_recommendations (self, 3);
      fixture_devices (self, 0, 400, "10");
      fixture_refs (self, 0, 400);
      for (int i = 0; i < 3; i++)
        tvm_activity_unref (fixture_submit (self, TVM_TYPE_UPDATE, i == 1));
      spoil_pages (self, random);
      if (!tvm_store_recover (self->directory, &read, &kept, &error))
        g_assert_cmpint (error->code, ==, TVM_ERROR_CONFLICT);  /* only free pages, or none */
      else
        g_assert_true (g_file_test (kept, G_FILE_TEST_EXISTS));
      n_recovered += kept != NULL;
      n_gaps += kept != NULL && !read.is_whole;
      self->store = tvm_store_open (self->directory, NULL);
      g_assert_nonnull (self->store);
      g_assert_cmpint (ask (self, "SELECT count(*) FROM pragma_quick_check WHERE quick_check <> 'ok'"),
                       ==, 0);
      if (kept != NULL)
        g_assert_cmpint (ask (self, "SELECT count(*) FROM exposure"), ==, 0);
      fixture_recommendations (self, 3);
      fixture_refs (self, 0, 0);
      n_open = ask (self, "SELECT count(*) FROM activity a WHERE status = 1 AND target_devices > "
                          "(SELECT count(*) FROM target WHERE activity_key = a.key)");
      n_guarded += n_open;
      n_completed += ask (self, "SELECT count(*) FROM activity WHERE status = 2");
      g_assert_cmpint (ask (self, "SELECT count(*) FROM activity a WHERE status = 2 AND "
                                  "target_devices > (SELECT count(*) FROM target WHERE "
                                  "activity_key = a.key)"), ==, 0);
      tvm_store_close (self->store);
      g_clear_object (&self->store);
      g_unlink (self->path);
      self->store = tvm_store_open (self->directory, NULL);
      tvm_set_clock_us (tvm_now_us () + TVM_SECOND_US);
    }
  g_test_message ("%d recovered, %d with gaps, %d activities completed, %d not for lost targets",
                  n_recovered, n_gaps, n_completed, n_guarded);
  g_assert_cmpint (n_recovered, >, 15);
  g_assert_cmpint (n_gaps, >, 5);
  g_assert_cmpint (n_guarded, >, 3);
}

/* A layout's number that no program writes: all the rest can be read. */
static void
test_bad_version (Fixture *self, gconstpointer data)
{
  static const char *const versions[] = { "\xff\xff\xff\xff", "\x80\0\0\0", "\0\0\0\0",
                                          "\x7f\xff\xff\xff" };

  fixture_recommendations (self, 1);
  fixture_devices (self, 0, 5, "10");
  fixture_refs (self, 0, 5);
  tvm_activity_unref (fixture_submit (self, TVM_TYPE_UPDATE, FALSE));
  for (guint i = 0; i < G_N_ELEMENTS (versions); i++)
    {
      g_autofree char *good = NULL, *kept = NULL;
      g_autoptr(GError) error = NULL;
      TvmRecovered read;
      gsize size;

      tvm_store_close (self->store);
      g_assert_true (g_file_get_contents (self->path, &good, &size, NULL));
      memcpy (good + 60, versions[i], 4);
      spoil (self, good, (gssize) size);
      if (i == 3)  /* may be a newer program's: opening says so */
        {
          g_assert_false (tvm_store_is_damaged (self->directory));
          memset (good + 60, 0xff, 4);
          g_assert_true (g_file_set_contents (self->path, good, (gssize) size, NULL));
        }
      g_assert_true (tvm_store_is_damaged (self->directory));
      g_assert_null (tvm_store_open (self->directory, &error));
      g_assert_nonnull (strstr (error->message, "damaged"));
      g_clear_error (&error);
      tvm_store_recover (self->directory, &read, &kept, &error);
      g_assert_no_error (error);
      g_assert_true (read.is_whole);
      g_assert_cmpint (read.n_activities, ==, 1);
      self->store = tvm_store_open (self->directory, &error);
      g_assert_no_error (error);
      g_assert_cmpint (ask (self, "SELECT count(*) FROM target"), ==, 5);
      tvm_set_clock_us (tvm_now_us () + TVM_SECOND_US);
    }
}

static gboolean
read_devices (Fixture *self, GError **error)
{
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_DEVICES);
  g_autoptr(GArray) keys = NULL;
  g_autoptr(GPtrArray) records = NULL;

  query->sort = g_strdup ("os");
  keys = tvm_store_list_keys (self->store, query, NULL, error);
  if (keys != NULL)
    records = tvm_store_list_records (self->store, query, (gint64 *) (gpointer) keys->data, keys->len, error);
  return records != NULL;
}

/* It is damaged while it is open: the first who reads that is told, and from then on nothing is written,
 * be it to a page that is good. */
static void
test_stops_writing (Fixture *self, gconstpointer data)
{
  g_autofree char *name = NULL, *content = NULL, *before = NULL, *after = NULL, *kept = NULL;
  g_autoptr(GError) error = NULL;
  gsize size, before_size, after_size;
  GString *log = g_string_new (self->path);
  FILE *file;

  g_string_append (log, "-wal");
  fixture_devices (self, 0, 400, "10");
  name = create (self);
  fixture_reopen (self);
  g_assert_true (tvm_store_set_setting (self->store, "it-admin-email", "a@contoso.example", NULL));
  g_assert_true (g_file_get_contents (self->path, &content, &size, NULL));
  file = g_fopen (self->path, "r+");
  fseek (file, PAGE, SEEK_SET);
  for (gsize i = PAGE; i < size; i++)
    fputc (0x5a, file);
  fclose (file);
  g_assert_false (read_devices (self, &error));
  g_assert_nonnull (strstr (error->message, "damaged"));
  g_clear_error (&error);
  g_assert_true (g_file_get_contents (log->str, &before, &before_size, NULL));
  g_assert_false (tvm_store_set_setting (self->store, "it-admin-email", "b@contoso.example", &error));
  g_assert_nonnull (strstr (error->message, "damaged"));
  g_assert_true (g_file_get_contents (log->str, &after, &after_size, NULL));
  g_assert_cmpmem (before, before_size, after, after_size);
  tvm_store_close (self->store);
  g_object_unref (self->store);
  g_assert_true (tvm_backup_restore (self->directory, name, &kept, NULL));
  self->store = tvm_store_open (self->directory, NULL);
  g_string_free (log, TRUE);
}

/* What an older copy lacks. */
static void
test_decisions (Fixture *self, gconstpointer data)
{
  g_autoptr(TvmActivity) activity = NULL;
  TvmDecisions lost;

  fixture_recommendations (self, 1);
  fixture_devices (self, 0, 5, "10");
  fixture_refs (self, 0, 5);
  tvm_activity_unref (fixture_submit (self, TVM_TYPE_UPDATE, FALSE));
  tvm_set_clock_us (NOW_US + 2 * TVM_SECOND_US);
  activity = fixture_submit (self, TVM_TYPE_UPDATE, FALSE);
  g_assert_true (tvm_store_complete (self->store, activity->id, "a@contoso.example", NULL, NULL));
  g_assert_true (tvm_store_count_decisions (self->store, NOW_US - TVM_SECOND_US, &lost, NULL));
  g_assert_cmpint (lost.n_requests, ==, 2);
  g_assert_cmpint (lost.n_changes, ==, 1);
  g_assert_true (tvm_store_count_decisions (self->store, NOW_US + TVM_SECOND_US, &lost, NULL));
  g_assert_cmpint (lost.n_requests, ==, 1);
  g_assert_true (tvm_store_count_decisions (self->store, NOW_US + TVM_HOUR_US, &lost, NULL));
  g_assert_cmpint (lost.n_requests + lost.n_changes + lost.n_exceptions, ==, 0);
}

/* Nothing to recover, and nothing that can be. */
static void
test_not_recovered (Fixture *self, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *name = create (self), *kept = NULL;
  TvmRecovered read;

  g_assert_false (tvm_store_recover (self->directory, &read, &kept, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_CONFLICT);
  g_clear_error (&error);
  spoil (self, "no database", -1);
  g_assert_false (tvm_store_recover (self->directory, &read, &kept, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_STORE_FAILED);
  g_assert_null (kept);
  g_assert_true (tvm_backup_restore (self->directory, name, &kept, NULL));
  self->store = tvm_store_open (self->directory, NULL);
}

int
main (int argc, char **argv)
{
  static const struct { const char *path; void (*run) (Fixture *, gconstpointer); } tests[] = {
    { "/backup/kept", test_kept },
    { "/backup/restored", test_restored },
    { "/backup/damaged", test_damaged },
    { "/backup/oldest", test_oldest },
    { "/backup/together", test_together },
    { "/backup/refused", test_refused },
    { "/backup/busy", test_busy },
    { "/backup/migrated", test_migrated },
    { "/backup/recovered", test_recovered },
    { "/backup/bad-version", test_bad_version },
    { "/backup/stops-writing", test_stops_writing },
    { "/backup/decisions", test_decisions },
    { "/backup/not-recovered", test_not_recovered },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, fixture_set_up, tests[i].run, tear_down);
  return g_test_run ();
}

/* test-store.c: opening, merging, progress, tickets. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "store-fixture.h"
#include "keep.h"

static void
test_modes (Fixture *f, gconstpointer data)
{
  const char *const suffixes[] = { "", "-wal", "-shm" };
  GStatBuf info;

  g_assert_true (tvm_store_set_setting (f->store, "cloud", "gcc", NULL));
  g_assert_cmpint (g_stat (f->directory, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0700);
  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *path = g_strconcat (f->path, suffixes[i], NULL);

      g_assert_cmpint (g_stat (path, &info), ==, 0);
      g_assert_cmpint (info.st_mode & 0777, ==, 0600);
    }
  fixture_reopen (f);
  {
    g_autofree char *value = tvm_store_get_setting (f->store, "cloud", NULL);

    g_assert_cmpstr (value, ==, "gcc");
  }
}

static void
test_refused_files (void)
{
  g_autofree char *directory = g_dir_make_tmp ("tvm-store-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (directory, "store.db", NULL);
  g_autofree char *after = NULL;
  g_autoptr(GError) error = NULL;
  sqlite3 *handle;

  g_assert_true (g_file_set_contents (path, "these are my notes", -1, NULL));
  g_assert_null (tvm_store_open (directory, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_STORE_FAILED);
  g_assert_nonnull (strstr (error->message, path));
  g_assert_true (g_file_get_contents (path, &after, NULL, NULL));
  g_assert_cmpstr (after, ==, "these are my notes");
  g_clear_error (&error);
  g_unlink (path);
  g_assert_cmpint (sqlite3_open (path, &handle), ==, SQLITE_OK);
  sqlite3_exec (handle, "PRAGMA user_version = 99", NULL, NULL, NULL);
  sqlite3_close (handle);
  g_assert_null (tvm_store_open (directory, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_SCHEMA_TOO_NEW);
  g_unlink (path);
  g_rmdir (directory);
}

/* Names become folders: nothing that leads out of them, and nothing hidden. */
static void
test_profiles (void)
{
  const char *const bad[] = { "", ".", "..", "../x", "a/b", "/etc", ".hidden", "a b", "ä", "a\n", "\xff",
                              "12345678901234567890123456789012345678901234567890123456789012345" };
  const char *const good[] = { "default", "contoso", "a.b_c-1" };
  g_autofree char *directory = tvm_profile_dir ("contoso");
  g_autofree char *notes = g_build_filename (directory, "notes.txt", NULL);
  g_autofree char *part = g_build_filename (directory, TVM_SOFTWARE_PART, NULL);
  g_autoptr(TvmStore) store = NULL;
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) before = NULL, after = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_assert_false (tvm_profile_check (bad[i], &error));
      g_assert_error (error, TVM_ERROR, TVM_ERROR_INVALID);
      g_clear_error (&error);
    }
  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    g_assert_true (tvm_profile_check (good[i], NULL));
  store = tvm_store_open (directory, &error);
  g_assert_no_error (error);
  tvm_store_close (store);
  before = tvm_profile_list ();
  g_assert_cmpuint (g_strv_length (before), ==, 1);
  g_assert_cmpstr (before[0], ==, "contoso");
  g_assert_true (g_file_set_contents (notes, "mine", -1, NULL));
  g_assert_true (g_file_set_contents (part, "ours", -1, NULL));
  g_assert_true (tvm_profile_delete (directory, &error));
  g_assert_no_error (error);
  after = tvm_profile_list ();
  g_assert_cmpuint (g_strv_length (after), ==, 0);
  g_assert_true (g_file_test (notes, G_FILE_TEST_EXISTS));  /* not ours to delete */
  g_assert_false (g_file_test (part, G_FILE_TEST_EXISTS));
}

static void
test_merge (Fixture *f, gconstpointer data)
{
  static const char *const gone[] = { "va-_-vendor-_-product1", "va-_-vendor-_-product2", NULL };
  g_autoptr(GPtrArray) none = g_ptr_array_new ();
  TvmListResult result = fixture_recommendations (f, 3);
  gint64 before;

  g_assert_cmpint (result.received, ==, 3);
  g_assert_cmpint (result.added, ==, 3);
  result = fixture_devices (f, 0, 100, "10");
  g_assert_cmpint (result.added, ==, 100);
  result = fixture_refs (f, 90, 110);
  g_assert_cmpint (result.received, ==, 20);
  g_assert_cmpint (result.added, ==, 20);
  before = tvm_store_total_changes (f->store);
  result = fixture_devices (f, 0, 100, "10");
  g_assert_cmpint (result.added + result.changed + result.removed, ==, 0);
  g_assert_cmpint (tvm_store_total_changes (f->store) - before, ==, BOOKKEEPING); /* the list's date */
  result = fixture_devices (f, 1, 102, "11");
  g_assert_cmpint (result.changed, ==, 101);
  g_assert_cmpint (result.removed, ==, 1);
  result = fixture_refs (f, 95, 110);
  g_assert_cmpint (result.added, ==, 0);
  g_assert_cmpint (result.removed, ==, 5);
  /* Most of the list at once: only where the service itself says so of each. */
  result = fixture_recommendations (f, 1);
  g_assert_cmpint (result.removed, ==, 0);
  g_assert_cmpint (result.doubtful, ==, 1);
  g_assert_true (keep_list (f->store, TVM_PULL_RECOMMENDATIONS, NULL, none, gone, &result, NULL));
  g_assert_cmpint (result.removed, ==, 0);
  /* A list that names nothing needs another one. */
  tvm_set_clock_us (NOW_US + 2 * TVM_HOUR_US);
  g_assert_true (keep_list (f->store, TVM_PULL_RECOMMENDATIONS, NULL, none, gone, &result, NULL));
  g_assert_cmpint (result.removed, ==, 2);
}

static void
test_progress (Fixture *f, gconstpointer data)
{
  g_autoptr(TvmActivity) activity = NULL;
  g_autoptr(TvmActivity) half = NULL;
  g_autoptr(TvmActivity) done = NULL;
  g_autoptr(GPtrArray) history = NULL;
  int states[TVM_N_DEVICE_STATES];

  fixture_recommendations (f, 1);
  fixture_devices (f, 0, 10, "10");
  fixture_refs (f, 0, 10);
  activity = fixture_submit (f, TVM_TYPE_UPDATE, FALSE);
  g_assert_cmpint (activity->target_devices, ==, 10);
  fixture_refs (f, 4, 20); /* four are done, ten newly exposed ones are no targets */
  fixture_refs (f, 3, 20); /* one is exposed again */
  half = fixture_activity (f, activity->id);
  g_assert_cmpint (half->target_devices, ==, 10);
  g_assert_cmpint (half->fixed_devices, ==, 3);
  g_assert_true (tvm_store_count_target_states (f->store, activity->id, states, NULL));
  g_assert_cmpint (states[TVM_DEVICE_REMEDIATED], ==, 3);
  g_assert_cmpint (states[TVM_DEVICE_EXPOSED_AGAIN], ==, 1);
  g_assert_cmpint (states[TVM_DEVICE_EXPOSED], ==, 6);
  fixture_refs (f, 10, 20);
  done = fixture_activity (f, activity->id);
  g_assert_cmpint (done->status, ==, TVM_STATUS_COMPLETED);
  g_assert_cmpint (done->completion, ==, TVM_COMPLETION_SYSTEM);
  history = tvm_store_list_history (f->store, activity->id, NULL);
  g_assert_cmpuint (history->len, ==, 5);
  g_assert_cmpstr (((TvmHistoryEntry *) history->pdata[0])->kind, ==, "completed-system");
  g_assert_cmpstr (((TvmHistoryEntry *) history->pdata[2])->kind, ==, "exposed-again");
  g_assert_cmpint (((TvmHistoryEntry *) history->pdata[2])->count, ==, 1);
}

static void
test_manual_completion (Fixture *f, gconstpointer data)
{
  g_autoptr(TvmActivity) activity = NULL;
  g_autoptr(TvmActivity) attention = NULL;
  g_autoptr(TvmActivity) after = NULL;
  g_autoptr(TvmActivity) open = NULL;
  g_autoptr(GError) error = NULL;

  fixture_recommendations (f, 1);
  fixture_refs (f, 0, 5);
  activity = fixture_submit (f, TVM_TYPE_UPDATE, FALSE);
  attention = fixture_submit (f, TVM_TYPE_ATTENTION_REQUIRED, TRUE);
  g_assert_cmpint (attention->fixed_devices, ==, -1);
  g_assert_null (attention->due_on);
  g_assert_cmpint (attention->n_tickets, ==, 0);
  g_assert_true (tvm_store_complete (f->store, activity->id, "bo@contoso.example", NULL, NULL));
  g_assert_false (tvm_store_complete (f->store, activity->id, "cy@contoso.example", NULL, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_CONFLICT);
  fixture_recommendations (f, 0); /* the recommendation is gone */
  after = fixture_activity (f, activity->id);
  g_assert_cmpint (after->completion, ==, TVM_COMPLETION_MANUAL);
  g_assert_cmpstr (after->completed_by, ==, "bo@contoso.example");
  open = fixture_activity (f, attention->id);
  g_assert_cmpint (open->status, ==, TVM_STATUS_ACTIVE);
  g_assert_cmpint (open->fixed_devices, ==, -1);
}

static GPtrArray *
one_ticket (const char *id, const char *marker, TvmTicketStatus status)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_ticket_unref);
  TvmTicket *ticket = tvm_ticket_new ();

  ticket->id = g_strdup (id);
  ticket->marker = g_strdup (marker);
  ticket->status = status;
  ticket->assigned_to = g_strdup ("it@contoso.example");
  g_ptr_array_add (list, ticket);
  return list;
}

static void
test_outbox (Fixture *f, gconstpointer data)
{
  static const char *const gone[] = { "T1", NULL };
  g_autoptr(TvmActivity) activity = NULL;
  g_autoptr(GPtrArray) outbox = NULL;
  g_autoptr(GPtrArray) again = NULL;
  g_autoptr(GPtrArray) tickets = NULL;
  g_autoptr(GPtrArray) none = g_ptr_array_new ();
  g_autoptr(GPtrArray) left = NULL;
  g_autoptr(TvmActivity) after = NULL;
  TvmOutboxEntry *entry;
  TvmListResult result = { 0 };

  fixture_recommendations (f, 1);
  fixture_devices (f, 0, 12000, "10");
  fixture_refs (f, 0, 12000);
  activity = fixture_submit (f, TVM_TYPE_UPDATE, TRUE);
  g_assert_cmpint (activity->n_tickets, ==, 2);
  outbox = tvm_store_list_outbox (f->store, TRUE, NULL);
  g_assert_cmpuint (outbox->len, ==, 2);
  entry = outbox->pdata[0];
  g_assert_cmpuint (entry->devices->len, ==, 10000);
  g_assert_cmpuint (((TvmOutboxEntry *) outbox->pdata[1])->devices->len, ==, 800);
  g_assert_true (tvm_store_outbox_sending (f->store, entry->ticket_key, NULL));
  fixture_reopen (f);
  again = tvm_store_list_outbox (f->store, FALSE, NULL);
  g_assert_true (((TvmOutboxEntry *) again->pdata[0])->was_sent);
  g_assert_false (((TvmOutboxEntry *) again->pdata[1])->was_sent);
  g_assert_cmpstr (((TvmOutboxEntry *) again->pdata[0])->marker, ==, entry->marker);
  tickets = one_ticket ("T1", entry->marker, TVM_TICKET_ACTIVE);
  g_assert_true (keep_tickets (f->store, tickets, &result, NULL));
  g_assert_cmpint (result.changed, ==, 1);
  g_assert_true (keep_tickets (f->store, tickets, &result, NULL));
  g_assert_cmpint (result.changed, ==, 0);
  g_assert_true (keep_tickets (f->store, none, &result, NULL));
  g_assert_cmpint (result.doubtful, ==, 1);
  g_assert_true (keep_list (f->store, TVM_PULL_TICKETS, NULL, none, gone, &result, NULL));
  g_assert_cmpint (result.doubtful, ==, 0);
  left = tvm_store_list_tickets (f->store, activity->id, NULL);
  g_assert_cmpint (((TvmTicket *) left->pdata[0])->status, ==, TVM_TICKET_GONE);
  g_assert_cmpint (((TvmTicket *) left->pdata[1])->status, ==, TVM_TICKET_OUTBOX);
  after = fixture_activity (f, activity->id);
  g_assert_cmpint (after->status, ==, TVM_STATUS_ACTIVE);
}

static void
test_history_stays (Fixture *f, gconstpointer data)
{
  g_autoptr(TvmActivity) activity = NULL;
  sqlite3 *handle;

  fixture_recommendations (f, 1);
  activity = fixture_submit (f, TVM_TYPE_UPDATE, FALSE);
  g_assert_cmpint (sqlite3_open (f->path, &handle), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (handle, "DELETE FROM history", NULL, NULL, NULL), ==, SQLITE_CONSTRAINT);
  g_assert_cmpint (sqlite3_exec (handle, "UPDATE history SET who = 'x'", NULL, NULL, NULL), ==, SQLITE_CONSTRAINT);
  sqlite3_close (handle);
}

/* Another process adds a device between two merges: its key must not be taken for unknown. */
static void
test_other_process (Fixture *f, gconstpointer data)
{
  g_autoptr(TvmStore) other = NULL;
  Fixture second = *f;

  fixture_recommendations (f, 1);
  fixture_refs (f, 0, 5);
  second.store = other = tvm_store_open (f->directory, NULL);
  g_assert_cmpint (fixture_refs (&second, 0, 8).added, ==, 3);
  g_assert_cmpint (fixture_refs (f, 0, 8).added, ==, 0);
  g_assert_cmpint (fixture_refs (f, 0, 9).added, ==, 1);
  tvm_store_close (other);
}

static void
changed_cb (TvmStore *store, guint changes, gpointer user_data)
{
  *(guint *) user_data |= changes;
}

/* What another process writes is noticed once; what this one writes is known. */
static void
test_notice_others (Fixture *f, gconstpointer data)
{
  g_autoptr(TvmStore) other = tvm_store_open (f->directory, NULL);
  guint changes = 0;

  g_assert_false (tvm_store_notice_others (f->store));
  fixture_recommendations (f, 1);
  g_assert_false (tvm_store_notice_others (f->store));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_signal_connect (f->store, "changed", G_CALLBACK (changed_cb), &changes);
  g_assert_true (tvm_store_set_setting (other, "tenant-id", "contoso", NULL));
  g_assert_true (tvm_store_notice_others (f->store));
  g_assert_false (tvm_store_notice_others (f->store));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (changes, ==, TVM_CHANGED_ALL);
  tvm_store_close (other);
}

/* Whether a text is anywhere in what SQLite keeps in the folder. */
static gboolean
is_in_files (Fixture *f, const char *text)
{
  g_autofree char *log = g_strconcat (f->path, "-wal", NULL);
  const char *const paths[] = { f->path, log };
  gboolean found = FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autofree char *content = NULL;
      gsize length = 0;

      if (g_file_get_contents (paths[i], &content, &length, NULL))
        for (gsize j = 0; j + strlen (text) <= length; j++)
          found |= memcmp (content + j, text, strlen (text)) == 0;
    }
  return found;
}

/* Erased is erased, or it is told: another program that still reads keeps the old pages. */
static void
test_erase (Fixture *f, gconstpointer data)
{
  g_autofree char *part = tvm_store_dup_spool_path (f->store, TVM_PULL_EXPOSURE);
  g_autoptr(GError) error = NULL;
  guint changes = 0;
  sqlite3 *reader;

  g_assert_true (g_file_set_contents (part, "of the tenant", -1, NULL));
  g_assert_true (tvm_store_set_setting (f->store, "it-admin-email", "traces@contoso.example", NULL));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_signal_connect (f->store, "changed", G_CALLBACK (changed_cb), &changes);
  g_assert_cmpint (sqlite3_open (f->path, &reader), ==, SQLITE_OK);
  sqlite3_exec (reader, "BEGIN; SELECT count(*) FROM setting", NULL, NULL, NULL);
  g_assert_false (tvm_store_erase (f->store, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_STORE_FAILED);
  g_assert_true (is_in_files (f, "traces@contoso"));
  sqlite3_close (reader);
  g_assert_true (tvm_store_erase (f->store, NULL));
  g_assert_false (is_in_files (f, "traces@contoso"));
  g_assert_false (g_file_test (part, G_FILE_TEST_EXISTS));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (changes, ==, TVM_CHANGED_ALL);
  g_signal_handlers_disconnect_by_data (f->store, &changes);
  g_assert_cmpint (fixture_recommendations (f, 2).added, ==, 2);  /* it goes on to be usable */
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
#define ADD(path, func) g_test_add (path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)
  ADD ("/store/open/modes", test_modes);
  g_test_add_func ("/store/open/refused-files", test_refused_files);
  g_test_add_func ("/store/profiles", test_profiles);
  ADD ("/store/merge/counts", test_merge);
  ADD ("/store/merge/other-process", test_other_process);
  ADD ("/store/notice-others", test_notice_others);
  ADD ("/store/erase", test_erase);
  ADD ("/store/progress/until-system-confirmation", test_progress);
  ADD ("/store/progress/manual-stays", test_manual_completion);
  ADD ("/store/outbox/survives-reopen", test_outbox);
  ADD ("/store/history/append-only", test_history_stays);
#undef ADD
  fixture_add_lists_tests ();
  return g_test_run ();
}

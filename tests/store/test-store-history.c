/* test-store-history.c: every change of an activity and its tickets is told with who, before and after, and
 * nothing of it can be changed again. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "exceptions-fixture.h"
#include "tvm-store-backup.h"
#include "keep.h"
#include "tvm-text.h"

#include <sqlite3.h>

#define PORTAL "03942ef5-aecb-4c6e-b555-d6a97013844c"

/* "kind who before>after", oldest first, one per line. */
static void
assert_history (Fixture    *f,
                const char *id,
                const char *wanted)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) history = tvm_store_list_history (f->store, id, &error);
  g_autoptr(GString) found = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = history->len; i > 0; i--)
    {
      const TvmHistoryEntry *entry = history->pdata[i - 1];

      g_assert_cmpint (entry->when_us, >, 0);
      g_string_append_printf (found, "%s %s %s>%s\n", entry->kind, entry->who != NULL ? entry->who : "-",
                              entry->before != NULL ? entry->before : "",
                              entry->after != NULL ? entry->after : "");
    }
  g_assert_cmpstr (found->str, ==, wanted);
}

static void
test_activity (Fixture *f, gconstpointer data)
{
  g_autoptr(TvmActivity) activity = NULL;
  g_autoptr(TvmActivity) other = NULL;

  fixture_recommendations (f, 1);
  fixture_devices (f, 0, 10, "10");
  fixture_refs (f, 0, 10);
  activity = fixture_submit (f, TVM_TYPE_UPDATE, FALSE);
  other = fixture_submit (f, TVM_TYPE_UPDATE, FALSE);
  fixture_refs (f, 4, 10);
  fixture_refs (f, 3, 9); /* one fixed, one exposed again, at once */
  g_assert_true (tvm_store_complete (f->store, other->id, "bo@contoso.example", NULL, NULL));
  fixture_refs (f, 10, 12);
  assert_history (f, activity->id, "requested ana@contoso.example >active\ndevice-remediated - 0>4\n"
                  "device-remediated - 4>5\nexposed-again - 5>4\ndevice-remediated - 4>10\n"
                  "completed-system - active>completed\n");
  assert_history (f, other->id, "requested ana@contoso.example >active\ndevice-remediated - 0>4\n"
                  "device-remediated - 4>5\nexposed-again - 5>4\n"
                  "completed-manual bo@contoso.example active>completed\n");
}

static void
merge_ticket (Fixture        *f,
              const char     *activity_id,
              TvmTicketStatus status,
              const char     *assigned_to)
{
  static const char *const gone[] = { "T1", NULL };
  g_autoptr(GPtrArray) known = tvm_store_list_tickets (f->store, activity_id, NULL);
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_ticket_unref);
  g_autoptr(GError) error = NULL;
  TvmTicket *ticket = tvm_ticket_new ();

  ticket->id = g_strdup ("T1");
  ticket->marker = g_strdup (((TvmTicket *) known->pdata[0])->marker);
  ticket->status = status;
  ticket->assigned_to = g_strdup (assigned_to);
  g_ptr_array_add (list, ticket);
  if (status == TVM_TICKET_GONE)   /* the list has something else */
    {
      tvm_set_str (&ticket->id, "T2");
      tvm_set_str (&ticket->marker, NULL);
      ticket->status = TVM_TICKET_PENDING;
    }
  keep_list (f->store, TVM_PULL_TICKETS, NULL, list, status == TVM_TICKET_GONE ? gone : NULL, NULL,
             &error);
  g_assert_no_error (error);
}

static gint64
first_ticket (Fixture *f, const char *activity_id)
{
  g_autoptr(GPtrArray) tickets = tvm_store_list_tickets (f->store, activity_id, NULL);

  g_assert_cmpuint (tickets->len, ==, 1);
  return ((TvmTicket *) tickets->pdata[0])->key;
}

static void
test_ticket (Fixture *f, gconstpointer data)
{
  g_autoptr(TvmActivity) activity = NULL;

  fixture_recommendations (f, 1);
  fixture_devices (f, 0, 4, "10");
  fixture_refs (f, 0, 4);
  activity = fixture_submit (f, TVM_TYPE_UPDATE, TRUE);
  merge_ticket (f, activity->id, TVM_TICKET_PENDING, NULL);
  merge_ticket (f, activity->id, TVM_TICKET_PENDING, NULL);
  merge_ticket (f, activity->id, TVM_TICKET_ACTIVE, "it@contoso.example");
  merge_ticket (f, activity->id, TVM_TICKET_ACTIVE, "cy@contoso.example");
  merge_ticket (f, activity->id, TVM_TICKET_ACTIVE, NULL);   /* not told: did not change */
  merge_ticket (f, activity->id, TVM_TICKET_ACTIVE, "cy@contoso.example");
  merge_ticket (f, activity->id, TVM_TICKET_COMPLETED, "cy@contoso.example");
  merge_ticket (f, activity->id, TVM_TICKET_PENDING, "cy@contoso.example");
  merge_ticket (f, activity->id, TVM_TICKET_REJECTED, "cy@contoso.example");
  merge_ticket (f, activity->id, TVM_TICKET_GONE, NULL);
  merge_ticket (f, activity->id, TVM_TICKET_ACTIVE, "cy@contoso.example");
  assert_history (f, activity->id, "requested ana@contoso.example >active\nticket-sent - outbox>pending\n"
                  "ticket-accepted it@contoso.example pending>active\n"
                  "ticket-assigned cy@contoso.example it@contoso.example>cy@contoso.example\n"
                  "ticket-completed cy@contoso.example active>completed\n"
                  "ticket-changed cy@contoso.example completed>pending\n"
                  "ticket-rejected cy@contoso.example pending>rejected\n"
                  "ticket-gone - rejected>gone\nticket-back - gone>pending\n"
                  "ticket-accepted cy@contoso.example pending>active\n");
}

static void
note_failed (Fixture *f, gint64 key, gboolean park)
{
  TvmOutboxFailure failure = { .message = "no", .park = park };
  g_autoptr(GError) error = NULL;

  tvm_store_outbox_failed (f->store, key, &failure, &error);
  g_assert_no_error (error);
}

/* What the outbox does: refused, sent again by a person, revoked. */
static void
test_outbox (Fixture *f, gconstpointer data)
{
  const char *who = "bo@contoso.example";
  g_autoptr(TvmActivity) activity = NULL;
  gint64 key;

  fixture_recommendations (f, 1);
  fixture_devices (f, 0, 4, "10");
  fixture_refs (f, 0, 4);
  activity = fixture_submit (f, TVM_TYPE_UPDATE, TRUE);
  key = first_ticket (f, activity->id);
  note_failed (f, key, FALSE);                                               /* only waits: nothing to tell */
  g_assert_true (tvm_store_outbox_retry (f->store, key, who, NULL));
  note_failed (f, key, TRUE);
  g_assert_true (tvm_store_outbox_retry (f->store, key, who, NULL));
  note_failed (f, key, TRUE);
  g_assert_true (tvm_store_outbox_revoke (f->store, key, TRUE, who, NULL));
  assert_history (f, activity->id, "requested ana@contoso.example >active\n"
                  "ticket-failed - outbox>failed\nticket-retried bo@contoso.example failed>outbox\n"
                  "ticket-failed - outbox>failed\nticket-revoked bo@contoso.example failed>\n");
}

/* A withdrawal: refused, sent again, revoked, overtaken by the IT admin, carried out. */
static void
test_withdrawal (Fixture *f, gconstpointer data)
{
  const char *who = "bo@contoso.example";
  g_autoptr(TvmActivity) activity = NULL;
  gint64 key;

  fixture_recommendations (f, 1);
  fixture_devices (f, 0, 4, "10");
  fixture_refs (f, 0, 4);
  activity = fixture_submit (f, TVM_TYPE_UPDATE, TRUE);
  key = first_ticket (f, activity->id);
  note_failed (f, key, TRUE);
  merge_ticket (f, activity->id, TVM_TICKET_PENDING, NULL);                  /* it had arrived after all */
  g_assert_true (tvm_store_withdraw (f->store, key, who, NULL));
  note_failed (f, key, TRUE);
  g_assert_true (tvm_store_outbox_retry (f->store, key, who, NULL));
  g_assert_true (tvm_store_outbox_revoke (f->store, key, TRUE, who, NULL));
  g_assert_true (tvm_store_withdraw (f->store, key, who, NULL));
  merge_ticket (f, activity->id, TVM_TICKET_ACTIVE, "it@contoso.example");
  merge_ticket (f, activity->id, TVM_TICKET_PENDING, NULL);
  g_assert_true (tvm_store_withdraw (f->store, key, who, NULL));
  g_assert_true (tvm_store_outbox_withdrawn (f->store, key, TRUE, NULL));
  assert_history (f, activity->id, "requested ana@contoso.example >active\n"
                  "ticket-failed - outbox>failed\nticket-sent - failed>pending\n"
                  "withdrawal-requested bo@contoso.example >outbox\nwithdrawal-failed - outbox>failed\n"
                  "withdrawal-retried bo@contoso.example failed>outbox\n"
                  "withdrawal-revoked bo@contoso.example outbox>\n"
                  "withdrawal-requested bo@contoso.example >outbox\n"
                  "ticket-accepted it@contoso.example pending>active\nwithdrawal-dropped - outbox>\n"
                  "ticket-changed - active>pending\n"
                  "withdrawal-requested bo@contoso.example >outbox\n"
                  "ticket-withdrawn bo@contoso.example pending>withdrawn\n");
}

static void
merge_portal (Fixture           *f,
              TvmActivityStatus  status,
              TvmPriority        priority,
              const char        *due_on,
              int                fixed,
              int                targets)
{
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_activity_unref);
  g_autoptr(GError) error = NULL;
  TvmActivity *activity = tvm_activity_new ();

  activity->id = g_strdup (PORTAL);
  activity->type = TVM_TYPE_UPDATE;
  activity->origin = TVM_ORIGIN_DEFENDER;
  activity->status = status;
  activity->priority = priority;
  activity->due_on = g_strdup (due_on);
  activity->fixed_devices = fixed;
  activity->target_devices = targets;
  if (status == TVM_STATUS_COMPLETED)
    activity->completed_by = g_strdup ("di@contoso.example");
  g_ptr_array_add (list, activity);
  keep_portal_activities (f->store, list, NULL, &error);
  g_assert_no_error (error);
}

static void
test_portal (Fixture *f, gconstpointer data)
{
  gint64 before;

  merge_portal (f, TVM_STATUS_ACTIVE, TVM_PRIORITY_LOW, NULL, 0, 5);
  merge_portal (f, TVM_STATUS_ACTIVE, TVM_PRIORITY_HIGH, NULL, 0, 5);
  merge_portal (f, TVM_STATUS_ACTIVE, TVM_PRIORITY_HIGH, "2026-04-01", 0, 5);
  merge_portal (f, TVM_STATUS_ACTIVE, TVM_PRIORITY_HIGH, "2026-04-02", 2, 6);
  before = tvm_store_total_changes (f->store);
  merge_portal (f, TVM_STATUS_ACTIVE, TVM_PRIORITY_HIGH, "2026-04-02", 2, 6);
  g_assert_cmpint (tvm_store_total_changes (f->store) - before, ==, BOOKKEEPING);
  merge_portal (f, TVM_STATUS_ACTIVE, TVM_PRIORITY_HIGH, "2026-04-02", 1, 6);
  merge_portal (f, TVM_STATUS_COMPLETED, TVM_PRIORITY_HIGH, "2026-04-02", 1, 6);
  merge_portal (f, TVM_STATUS_ACTIVE, TVM_PRIORITY_HIGH, "2026-04-02", 1, 6);
  /* What is not told for a while did not change. */
  merge_portal (f, TVM_STATUS_UNKNOWN, TVM_PRIORITY_NONE, NULL, -1, -1);
  merge_portal (f, TVM_STATUS_ACTIVE, TVM_PRIORITY_HIGH, "2026-04-02", 1, 6);
  merge_portal (f, TVM_STATUS_ACTIVE, TVM_PRIORITY_NONE, NULL, 1, 6);
  merge_portal (f, TVM_STATUS_ACTIVE, TVM_PRIORITY_HIGH, "2026-04-02", 1, 6);
  /* What is told to be none is. */
  merge_portal (f, TVM_STATUS_ACTIVE, TVM_PRIORITY_HIGH, "", 1, 6);
  merge_portal (f, TVM_STATUS_ACTIVE, TVM_PRIORITY_HIGH, NULL, 1, 6);
  assert_history (f, PORTAL, "portal-changed - low>high\nportal-changed - >2026-04-01\n"
                  "device-remediated - 0>2\nportal-changed - 5>6\nportal-changed - 2026-04-01>2026-04-02\n"
                  "exposed-again - 2>1\nportal-completed di@contoso.example active>completed\n"
                  "portal-changed - completed>active\nportal-changed - 2026-04-02>\n");
}

static char *
export_text (Fixture *f, const char *activity_id, TvmFormat format)
{
  g_autofree char *path = g_build_filename (f->directory, "out.csv", NULL);
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_HISTORY);
  g_autoptr(GError) error = NULL;
  char *text = NULL;

  query->activity_id = g_strdup (activity_id);
  tvm_store_export (f->store, query, path, format, TRUE, NULL, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_unlink (path);
  return text;
}

static void
test_export (Fixture *f, gconstpointer data)
{
  g_autoptr(TvmActivity) activity = fixture_submit (f, TVM_TYPE_UPDATE, FALSE);
  g_autoptr(TvmActivity) other = fixture_submit (f, TVM_TYPE_UPDATE, FALSE);
  g_autofree char *exception = exceptions_file_one (f, TVM_JUSTIFICATION_RISK_ACCEPTED, "g0", 9);
  g_autofree char *machine = NULL;
  g_autofree char *sheet = NULL;
  g_autofree char *all = NULL;
  g_autofree char *wanted = NULL;

  g_assert_true (tvm_store_complete (f->store, activity->id, "bo@contoso.example", NULL, NULL));
  machine = export_text (f, activity->id, TVM_FORMAT_MACHINE);
  wanted = g_strdup_printf (
    "subject,id,title,when,who,kind,detail,count,before,after\r\n"
    "activity,%s,Update Example Player,2026-03-20T09:46:40+00:00,ana@contoso.example,requested,,8,,active\r\n"
    "activity,%s,Update Example Player,2026-03-20T09:46:40+00:00,bo@contoso.example,completed-manual,,,"
    "active,completed\r\n", activity->id, activity->id);
  g_assert_cmpstr (machine, ==, wanted);
  sheet = export_text (f, activity->id, TVM_FORMAT_SPREADSHEET);
  g_assert_nonnull (strstr (sheet, ",Requested by ana@contoso.example,,8,,Active\r\n"));
  g_assert_nonnull (strstr (sheet, ",Marked as completed by bo@contoso.example,,,Active,Completed\r\n"));
  g_assert_null (strstr (sheet, other->id));
  g_free (g_steal_pointer (&sheet));
  sheet = export_text (f, NULL, TVM_FORMAT_SPREADSHEET);
  g_assert_nonnull (strstr (sheet, ",Exception filed by ana@contoso.example,,,,Active\r\n"));
  all = export_text (f, NULL, TVM_FORMAT_MACHINE);
  g_assert_nonnull (strstr (all, other->id));
  g_assert_nonnull (strstr (all, exception));
  g_assert_nonnull (strstr (all, ",exception-filed,"));
}

/* A list without the portal's activity, which the portal says that it does not have. */
static void
remove_portal (Fixture *f)
{
  static const char *const gone[] = { PORTAL, NULL };
  g_autoptr(GPtrArray) none = g_ptr_array_new ();
  TvmListResult result = { .received = 0 };

  g_assert_true (keep_list (f->store, TVM_PULL_PORTAL_ACTIVITIES, NULL, none, gone, &result, NULL));
  g_assert_cmpint (result.removed, ==, 1);
}

/* It has one history, and every line of it names it in an export, also while it is gone. */
static void
test_portal_returns (Fixture *f, gconstpointer data)
{
  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *text = NULL;

      merge_portal (f, TVM_STATUS_ACTIVE, TVM_PRIORITY_HIGH, NULL, 0, 5);
      merge_portal (f, TVM_STATUS_ACTIVE, TVM_PRIORITY_HIGH, NULL, 2, 5);
      remove_portal (f);
      text = export_text (f, NULL, TVM_FORMAT_MACHINE);
      g_assert_nonnull (strstr (text, "activity," PORTAL ",,"));
      g_assert_null (strstr (text, "activity,,"));
    }
  merge_portal (f, TVM_STATUS_ACTIVE, TVM_PRIORITY_HIGH, NULL, 1, 5);
  assert_history (f, PORTAL, "device-remediated - 0>2\nportal-removed - active>\nportal-back - >\n"
                  "device-remediated - 0>2\nportal-removed - active>\nportal-back - >\n");
}

/* Neither by changing, deleting nor replacing a line, with an exception's as with an activity's. */
static void
test_append_only (Fixture *f, gconstpointer data)
{
  static const char *const statements[] = {
    "UPDATE %s SET who = 'x'", "DELETE FROM %s", "DELETE FROM %s WHERE key = 1",
    "UPDATE %s SET when_us = when_us + 1 WHERE key = 1",
    "INSERT OR REPLACE INTO %s SELECT * FROM %s LIMIT 1",
  };
  static const char *const tables[] = { "history", "exception_history" };
  g_autoptr(TvmActivity) activity = fixture_submit (f, TVM_TYPE_UPDATE, FALSE);
  g_autofree char *exception = exceptions_file_one (f, TVM_JUSTIFICATION_RISK_ACCEPTED, "g0", 9);
  sqlite3 *handle;

  g_assert_cmpint (sqlite3_open (f->path, &handle), ==, SQLITE_OK);
  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    for (guint j = 0; j < G_N_ELEMENTS (statements); j++)
      {
        g_auto(GStrv) parts = g_strsplit (statements[j], "%s", -1);
        g_autofree char *sql = g_strjoinv (tables[i], parts);

        g_assert_cmpint (sqlite3_exec (handle, sql, NULL, NULL, NULL), !=, SQLITE_OK);
      }
  sqlite3_close (handle);
}

static void
execute (Fixture *f, const char *sql)
{
  sqlite3 *handle;

  g_assert_cmpint (sqlite3_open (f->path, &handle), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (handle, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (handle);
}

static gint64
find_changed (Fixture *f, gboolean *out_lacks_last)
{
  TvmChain chains[TVM_N_CHAINS];
  gint64 line;

  g_assert_true (tvm_store_verify_history (f->store, chains, NULL));
  g_assert_true (tvm_chain_is_whole (&chains[TVM_CHAIN_EXCEPTIONS]));
  line = chains[TVM_CHAIN_ACTIVITIES].changed_line;
  *out_lacks_last = chains[TVM_CHAIN_ACTIVITIES].lacks_last;
  g_assert_cmpuint (strlen (chains[TVM_CHAIN_ACTIVITIES].head), ==, 64);
  tvm_chains_clear (chains);
  return line;
}

/* A line that somebody changes, takes away or puts in between is found, and the first one of them.
 * The hash is what any other program works out of the same values. */
static void
test_chain (Fixture *f, gconstpointer data)
{
  static const char *const triggers =
    "DROP TRIGGER history_keeps; DROP TRIGGER history_stays; DROP TRIGGER history_is_new; "
    "DROP TRIGGER history_is_chained;";
  gboolean lacks_last;
  sqlite3_stmt *row;
  sqlite3 *handle;
  g_autofree char *hash = NULL;

  fixture_recommendations (f, 1);
  fixture_devices (f, 0, 3, "10");
  fixture_refs (f, 0, 3);
  for (int i = 0; i < 5; i++)
    tvm_activity_unref (fixture_submit (f, TVM_TYPE_ATTENTION_REQUIRED, FALSE));
  g_assert_cmpint (find_changed (f, &lacks_last), ==, 0);
  g_assert_false (lacks_last);
  g_assert_cmpint (sqlite3_open (f->path, &handle), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_prepare_v2 (handle, "SELECT json_array (NULL, key, activity_key, kind, "
    "who, detail, count, when_us, before, after), hash FROM history WHERE key = 1", -1, &row, NULL),
    ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (row), ==, SQLITE_ROW);
  hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256,
                                        (const char *) sqlite3_column_text (row, 0), -1);
  g_assert_cmpstr (hash, ==, (const char *) sqlite3_column_text (row, 1));
  sqlite3_finalize (row);
  sqlite3_close (handle);
  execute (f, triggers);
  execute (f, "UPDATE history SET who = 'bo@contoso.example' WHERE key = 4");
  g_assert_cmpint (find_changed (f, &lacks_last), ==, 4);
  execute (f, "DELETE FROM history WHERE key = 2");
  g_assert_cmpint (find_changed (f, &lacks_last), ==, 3);
  g_assert_false (lacks_last);
  execute (f, "DELETE FROM history WHERE key > 2");
  g_assert_cmpint (find_changed (f, &lacks_last), ==, 0);
  g_assert_true (lacks_last);
}

/* The last line is taken away, and the program goes on: that is seen all the same. Of what was erased
 * nothing is missing. */
static void
test_chain_cut (Fixture *f, gconstpointer data)
{
  g_autoptr(TvmActivity) activity = NULL;
  TvmChain chains[TVM_N_CHAINS];
  gboolean lacks_last;

  fixture_recommendations (f, 1);
  fixture_devices (f, 0, 3, "10");
  fixture_refs (f, 0, 3);
  activity = fixture_submit (f, TVM_TYPE_UPDATE, FALSE);
  tvm_activity_unref (fixture_submit (f, TVM_TYPE_UPDATE, FALSE));
  execute (f, "DROP TRIGGER history_stays; DELETE FROM history WHERE key = 2");
  g_assert_true (tvm_store_complete (f->store, activity->id, "bo@contoso.example", NULL, NULL));
  g_assert_cmpint (find_changed (f, &lacks_last), ==, 3);
  g_assert_true (tvm_store_erase (f->store, NULL));
  g_assert_true (tvm_store_verify_history (f->store, chains, NULL));
  g_assert_true (tvm_chain_is_whole (&chains[TVM_CHAIN_ACTIVITIES]));
  tvm_chains_clear (chains);
}

/* What is there when the layout changes is hashed as it is found, and goes on. */
static void
test_chain_begins (Fixture *f, gconstpointer data)
{
  gboolean lacks_last;

  fixture_recommendations (f, 1);
  fixture_devices (f, 0, 3, "10");
  fixture_refs (f, 0, 3);
  for (int i = 0; i < 3; i++)
    tvm_activity_unref (fixture_submit (f, TVM_TYPE_ATTENTION_REQUIRED, FALSE));
  tvm_store_close (f->store);
  execute (f, FIXTURE_WITHOUT_CHAIN "PRAGMA user_version = 19");
  fixture_reopen (f);
  tvm_activity_unref (fixture_submit (f, TVM_TYPE_ATTENTION_REQUIRED, FALSE));
  g_assert_cmpint (find_changed (f, &lacks_last), ==, 0);
  execute (f, "DROP TRIGGER history_keeps; UPDATE history SET kind = 'completed-manual' WHERE key = 2");
  g_assert_cmpint (find_changed (f, &lacks_last), ==, 2);
  g_assert_true (tvm_backups_delete (f->directory, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
#define ADD(path, func) g_test_add (path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)
  ADD ("/history/activity", test_activity);
  ADD ("/history/ticket", test_ticket);
  ADD ("/history/outbox", test_outbox);
  ADD ("/history/withdrawal", test_withdrawal);
  ADD ("/history/portal", test_portal);
  ADD ("/history/portal-returns", test_portal_returns);
  ADD ("/history/chain", test_chain);
  ADD ("/history/chain-cut", test_chain_cut);
  ADD ("/history/chain-begins", test_chain_begins);
#undef ADD
  g_test_add ("/history/export", Fixture, NULL, exceptions_set_up, test_export, fixture_tear_down);
  g_test_add ("/history/append-only", Fixture, NULL, exceptions_set_up, test_append_only, fixture_tear_down);
  return g_test_run ();
}

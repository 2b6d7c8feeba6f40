/* test-store-retention.c: who completed an activity (R7), when it leaves the Remediation page (R8), when it
 * is overdue: calendar days where the person is, on instants in UTC. Runs once per time zone, so that
 * days of 23 and 25 hours and midnights that come never or twice are among them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "store-fixture.h"
#include "keep.h"

#include "tvm-error.h"

#define WHO "ana@contoso.example"
#define N_DAYS 400
#define HALF_HOUR_US (TVM_HOUR_US / 2)

/* The first instant of a date where the person is: looked for, not computed. */
static gint64
first_of_day (const char *date)
{
  gint64 instant_us = 0;
  g_autofree char *noon = g_strconcat (date, "T12:00:00Z", NULL);

  g_assert_true (tvm_parse_instant (noon, &instant_us));
  for (instant_us -= 2 * TVM_DAY_US;; instant_us += HALF_HOUR_US / 2)
    {
      g_autofree char *found = tvm_date_of_instant (instant_us);

      if (strcmp (found, date) == 0)
        return instant_us;
    }
}

static gint64
last_of_day (const char *date)
{
  g_autofree char *next = tvm_date_add_days (date, 1);

  return first_of_day (next) - 1;
}

typedef struct
{
  const char *today;
  gint64      cutoff_us;
} Cutoff;

static void
read_cutoff (TvmDb *db, gpointer data)
{
  Cutoff *cutoff = data;

  cutoff->cutoff_us = tvm_retention_cutoff_us (db, cutoff->today);
}

/* The store's instant and the calendar agree for every half hour around the boundary, on each of more
 * than a year's days: day 180 is the last one it shows. */
static void
test_cutoff (Fixture *f, gconstpointer data)
{
  for (int i = 0; i < N_DAYS; i++)
    {
      g_autofree char *today = tvm_date_add_days ("2026-01-01", i);
      Cutoff cutoff = { .today = today };
      g_autofree char *day_180 = tvm_date_add_days (today, -180);
      gint64 from_us;

      g_assert_true (tvm_store_read (f->store, read_cutoff, &cutoff, NULL));
      g_assert_cmpint (cutoff.cutoff_us, ==, first_of_day (day_180));
      from_us = cutoff.cutoff_us - 30 * TVM_HOUR_US;
      for (gint64 completed_us = from_us; completed_us < from_us + 60 * TVM_HOUR_US;
           completed_us += HALF_HOUR_US)
        {
          g_autofree char *completed_on = tvm_date_of_instant (completed_us);

          g_assert_cmpint (tvm_days_between (completed_on, today) > 180, ==, completed_us < cutoff.cutoff_us);
        }
    }
}

static guint
count (Fixture *f, gboolean archived, const char *search)
{
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_ACTIVITIES);
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) keys = NULL;

  query->archived = archived;
  query->search = g_strdup (search);
  keys = tvm_store_list_keys (f->store, query, NULL, &error);
  g_assert_no_error (error);
  return keys->len;
}

static char *
export_text (Fixture *f, TvmListKind kind, const char *activity_id, gboolean archived, TvmFormat format)
{
  g_autofree char *path = g_build_filename (f->directory, "out.csv", NULL);
  g_autoptr(TvmQuery) query = tvm_query_new (kind);
  g_autoptr(GError) error = NULL;
  char *text = NULL;

  query->archived = archived;
  query->activity_id = g_strdup (activity_id);
  tvm_store_export (f->store, query, path, format, TRUE, NULL, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_unlink (path);
  return text;
}

/* An activity with devices that is completed by hand at that instant. */
static TvmActivity *
make_completed (Fixture *f, gint64 when_us)
{
  TvmActivity *activity;

  tvm_set_clock_us (when_us);
  fixture_recommendations (f, 1);
  fixture_devices (f, 0, 4, "10");
  fixture_refs (f, 0, 4);
  activity = fixture_submit (f, TVM_TYPE_UPDATE, FALSE);
  g_assert_true (tvm_store_complete (f->store, activity->id, WHO, NULL, NULL));
  return activity;
}

/* Completed in the first and in the last moment of days around both changes of the clocks. */
static void
test_last_day (Fixture *f, gconstpointer data)
{
  static const char *const dates[] = { "2026-03-07", "2026-03-08", "2026-03-29", "2026-04-05", "2026-09-06",
                                       "2026-09-27", "2026-10-25", "2026-11-01", "2026-12-31" };
  guint n_archived = 0;

  for (guint i = 0; i < 2 * G_N_ELEMENTS (dates); i++)
    {
      const char *date = dates[i / 2];
      g_autofree char *day_180 = tvm_date_add_days (date, 180);
      g_autofree char *day_181 = tvm_date_add_days (date, 181);
      g_autoptr(TvmActivity) activity = make_completed (f, i % 2 == 0 ? first_of_day (date) : last_of_day (date));

      tvm_set_clock_us (last_of_day (day_180));
      g_assert_cmpuint (count (f, FALSE, activity->id), ==, 1);
      g_assert_cmpuint (count (f, TRUE, activity->id), ==, 0);
      tvm_set_clock_us (first_of_day (day_181));
      g_assert_cmpuint (count (f, FALSE, activity->id), ==, 0);
      g_assert_cmpuint (count (f, TRUE, activity->id), ==, 1);
      g_assert_cmpuint (count (f, TRUE, NULL), ==, ++n_archived);
    }
}

static void
test_archive (Fixture *f, gconstpointer data)
{
  g_autoptr(TvmActivity) activity = make_completed (f, NOW_US);
  g_autoptr(TvmActivity) before = fixture_activity (f, activity->id);
  g_autoptr(TvmActivity) after = NULL;
  g_autoptr(GPtrArray) history = NULL;
  g_autofree char *list = NULL;
  g_autofree char *devices = NULL;
  g_autoptr(GError) error = NULL;

  tvm_set_clock_us (NOW_US + 200 * TVM_DAY_US);
  /* searchable: by title, person and device */
  g_assert_cmpuint (count (f, TRUE, "example pla"), ==, 1);
  g_assert_cmpuint (count (f, TRUE, "host00003"), ==, 1);
  g_assert_cmpuint (count (f, TRUE, "nothing like it"), ==, 0);
  /* exportable: the list and its devices */
  list = export_text (f, TVM_LIST_ACTIVITIES, NULL, TRUE, TVM_FORMAT_MACHINE);
  g_assert_nonnull (strstr (list, activity->id));
  devices = export_text (f, TVM_LIST_TARGETS, activity->id, FALSE, TVM_FORMAT_MACHINE);
  g_assert_nonnull (strstr (devices, "host00003"));
  /* read-only: neither a person nor a sync changes it */
  g_assert_false (tvm_store_complete (f->store, activity->id, "bo@contoso.example", NULL, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_CONFLICT);
  fixture_refs (f, 2, 9);
  after = fixture_activity (f, activity->id);
  g_assert_cmpint (after->fixed_devices, ==, before->fixed_devices);
  g_assert_cmpint (after->completed_us, ==, before->completed_us);
  g_assert_cmpstr (after->completed_by, ==, WHO);
  history = tvm_store_list_history (f->store, activity->id, NULL);
  g_assert_cmpuint (history->len, ==, 2);
}

static void
read_last_kind (TvmDb    *db,
                gpointer  user_data)
{
  sqlite3_stmt *row = tvm_db_query (db, "SELECT kind FROM history ORDER BY key DESC LIMIT 1", "");

  if (tvm_db_next (db, row))
    *(char **) user_data = tvm_db_dup (row, 0);
  tvm_db_reset (row);
}

/* The last line of the history tells of the deletion, and the chain is whole. */
static void
check_proof (Fixture *f)
{
  TvmChain chains[TVM_N_CHAINS];
  g_autofree char *kind = NULL;

  g_assert_true (tvm_store_read (f->store, read_last_kind, &kind, NULL));
  g_assert_cmpstr (kind, ==, "deleted");
  g_assert_true (tvm_store_verify_history (f->store, chains, NULL));
  g_assert_true (tvm_chain_is_whole (&chains[TVM_CHAIN_ACTIVITIES]));
  tvm_chains_clear (chains);
}

static void
test_delete (Fixture *f, gconstpointer data)
{
  g_autofree char *date = tvm_date_of_instant (NOW_US);
  g_autofree char *day_180 = tvm_date_add_days (date, 180);
  g_autofree char *day_181 = tvm_date_add_days (date, 181);
  g_autoptr(TvmActivity) activity = make_completed (f, NOW_US);
  g_autoptr(GError) error = NULL;

  g_assert_true (tvm_store_set_setting (f->store, "retention-action", "delete", NULL));
  tvm_set_clock_us (last_of_day (day_180));
  g_assert_true (tvm_store_apply_retention (f->store, day_180, NULL));
  g_assert_cmpuint (count (f, FALSE, NULL), ==, 1);
  tvm_set_clock_us (first_of_day (day_181));
  g_assert_cmpuint (count (f, FALSE, NULL) + count (f, TRUE, NULL), ==, 0);
  g_assert_true (tvm_store_apply_retention (f->store, day_181, NULL));
  g_assert_null (tvm_store_get_activity (f->store, activity->id, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_NOT_FOUND);
  check_proof (f);
  /* Changed back, the setting brings nothing back. */
  g_assert_true (tvm_store_set_setting (f->store, "retention-action", "archive", NULL));
  g_assert_cmpuint (count (f, TRUE, NULL), ==, 0);
}

/* What waits in the outbox does not go with its activity: a ticket that may have arrived, a
 * withdrawal. */
static void
test_delete_waits (Fixture *f, gconstpointer data)
{
  g_autofree char *date = tvm_date_of_instant (NOW_US);
  g_autofree char *day_181 = tvm_date_add_days (date, 181);
  g_autoptr(TvmTicket) answer = tvm_ticket_new ();
  g_autoptr(TvmActivity) activity = NULL;
  g_autoptr(GPtrArray) outbox = NULL;
  g_autoptr(GError) error = NULL;
  gint64 key;

  tvm_set_clock_us (NOW_US);
  fixture_recommendations (f, 1);
  fixture_devices (f, 0, 4, "10");
  fixture_refs (f, 0, 4);
  activity = fixture_submit (f, TVM_TYPE_UPDATE, TRUE);
  outbox = tvm_store_list_outbox (f->store, FALSE, NULL);
  g_assert_cmpuint (outbox->len, ==, 1);
  key = ((TvmOutboxEntry *) outbox->pdata[0])->ticket_key;
  g_assert_true (tvm_store_outbox_sending (f->store, key, NULL));
  g_assert_true (tvm_store_complete (f->store, activity->id, WHO, NULL, NULL));
  g_assert_true (tvm_store_set_setting (f->store, "retention-action", "delete", NULL));
  tvm_set_clock_us (first_of_day (day_181));
  g_assert_true (tvm_store_apply_retention (f->store, day_181, NULL));
  g_clear_pointer (&outbox, g_ptr_array_unref);
  outbox = tvm_store_list_outbox (f->store, FALSE, NULL);
  g_assert_cmpuint (outbox->len, ==, 1);
  answer->id = g_strdup ("T1");
  answer->status = TVM_TICKET_PENDING;
  g_assert_true (tvm_store_outbox_sent (f->store, key, answer, 0, NULL));
  g_assert_true (tvm_store_withdraw (f->store, key, WHO, NULL));
  g_assert_true (tvm_store_apply_retention (f->store, day_181, NULL));
  g_assert_true (tvm_store_outbox_withdrawn (f->store, key, TRUE, NULL));
  g_assert_true (tvm_store_apply_retention (f->store, day_181, NULL));
  g_assert_null (tvm_store_get_activity (f->store, activity->id, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_NOT_FOUND);
  check_proof (f);
}

static void
test_days_setting (Fixture *f, gconstpointer data)
{
  g_autofree char *date = tvm_date_of_instant (NOW_US);
  g_autofree char *day_3 = tvm_date_add_days (date, 3);
  g_autofree char *day_4 = tvm_date_add_days (date, 4);
  g_autoptr(TvmActivity) activity = make_completed (f, NOW_US);

  g_assert_true (tvm_store_set_setting (f->store, "retention-days", "3", NULL));
  tvm_set_clock_us (last_of_day (day_3));
  g_assert_cmpuint (count (f, FALSE, activity->id), ==, 1);
  tvm_set_clock_us (first_of_day (day_4));
  g_assert_cmpuint (count (f, TRUE, activity->id), ==, 1);
}

/* The due date is the person's calendar date: the whole day is in time. */
static void
test_overdue (Fixture *f, gconstpointer data)
{
  g_autoptr(TvmActivity) activity = NULL;
  TvmStoreCounts counts;

  fixture_recommendations (f, 1);
  tvm_set_clock_us (first_of_day ("2026-03-01"));
  activity = fixture_submit (f, TVM_TYPE_UPDATE, FALSE);
  g_assert_cmpstr (activity->due_on, ==, "2026-03-10");
  for (int i = 0; i < 2; i++)
    {
      gboolean is_over = i == 1;
      g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_ACTIVITIES);
      g_autoptr(GArray) keys = NULL;
      g_autofree char *today = NULL;

      tvm_set_clock_us (is_over ? first_of_day ("2026-03-11") : last_of_day ("2026-03-10"));
      today = tvm_today ();
      query->overdue_only = TRUE;
      keys = tvm_store_list_keys (f->store, query, NULL, NULL);
      g_assert_cmpuint (keys->len, ==, is_over);
      g_assert_true (tvm_store_counts (f->store, &counts, NULL));
      g_assert_cmpint (counts.overdue, ==, is_over);
      g_assert_cmpint (tvm_is_overdue (activity, today), ==, is_over);
    }
}

/* By a person, by the devices, nobody knows. */
static void
test_completed_by (Fixture *f, gconstpointer data)
{
  g_autoptr(GPtrArray) portal = g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_activity_unref);
  g_autoptr(TvmActivity) by_hand = make_completed (f, NOW_US);
  g_autoptr(TvmActivity) by_system = fixture_submit (f, TVM_TYPE_UPDATE, FALSE);
  g_autofree char *sheet = NULL;
  g_autofree char *machine = NULL;
  TvmActivity *unknown = tvm_activity_new ();

  fixture_refs (f, 4, 5);
  unknown->id = g_strdup ("03942ef5-aecb-4c6e-b555-d6a97013844c");
  unknown->type = TVM_TYPE_UPDATE;
  unknown->origin = TVM_ORIGIN_DEFENDER;
  unknown->status = TVM_STATUS_COMPLETED;
  unknown->completion = TVM_COMPLETION_UNKNOWN;
  unknown->completed_us = NOW_US;
  g_ptr_array_add (portal, unknown);
  g_assert_true (keep_portal_activities (f->store, portal, NULL, NULL));
  sheet = export_text (f, TVM_LIST_ACTIVITIES, NULL, FALSE, TVM_FORMAT_SPREADSHEET);
  g_assert_nonnull (strstr (sheet, WHO "," WHO ",")); /* created by, completed by */
  g_assert_nonnull (strstr (sheet, WHO ",System confirmation,"));
  g_assert_nonnull (strstr (sheet, ",N/A,"));
  machine = export_text (f, TVM_LIST_ACTIVITIES, NULL, FALSE, TVM_FORMAT_MACHINE);
  g_assert_nonnull (strstr (machine, WHO "," WHO ","));
  g_assert_nonnull (strstr (machine, ",manual,"));
  g_assert_nonnull (strstr (machine, ",system,"));
  g_assert_nonnull (strstr (machine, ",unknown,"));
  g_assert_null (strstr (machine, "System confirmation"));
  g_assert_null (strstr (machine, "N/A"));
}

int
main (int argc, char **argv)
{
  const char *zone = g_getenv ("TZ");
  g_autoptr(GTimeZone) found = g_time_zone_new_identifier (zone);

  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  if (found == NULL)
    {
      g_print ("1..0 # SKIP the time zone %s is not installed\n", zone);
      return 0;
    }
#define ADD(path, func) g_test_add (path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)
  ADD ("/retention/cutoff", test_cutoff);
  ADD ("/retention/last-day", test_last_day);
  ADD ("/retention/archive", test_archive);
  ADD ("/retention/delete", test_delete);
  ADD ("/retention/delete-waits", test_delete_waits);
  ADD ("/retention/days-setting", test_days_setting);
  ADD ("/retention/overdue", test_overdue);
  ADD ("/retention/completed-by", test_completed_by);
#undef ADD
  return g_test_run ();
}

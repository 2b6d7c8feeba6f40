/* test-store-activities.c: activities that disagree with their tickets or with the portal, and those that
 * are completed by hand, with a note, and not after all.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "store-fixture.h"
#include "keep.h"

#include "tvm-history.h"

#define PORTAL_ID "0f2c6a0e-90a1-4c0b-8f57-0f6b1f6d1c11"

/* An activity of 20 devices whose one ticket Intune has. */
static TvmActivity *
submit_sent (Fixture *f)
{
  g_autoptr(GPtrArray) outbox = NULL;
  g_autoptr(TvmTicket) ticket = tvm_ticket_new ();
  TvmActivity *activity;

  fixture_recommendations (f, 1);
  fixture_devices (f, 0, 20, "10");
  fixture_refs (f, 0, 20);
  activity = fixture_submit (f, TVM_TYPE_UPDATE, TRUE);
  outbox = tvm_store_list_outbox (f->store, FALSE, NULL);
  ticket->id = g_strdup ("T1");
  ticket->status = TVM_TICKET_PENDING;
  g_assert_true (tvm_store_outbox_sent (f->store,
                                        ((TvmOutboxEntry *) outbox->pdata[0])->ticket_key, ticket,
                                        0, NULL));
  return activity;
}

static void
set_ticket (Fixture *f, TvmTicketStatus status)
{
  g_autoptr(GPtrArray) tickets = g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_ticket_unref);
  TvmTicket *ticket = tvm_ticket_new ();

  ticket->id = g_strdup ("T1");
  ticket->status = status;
  g_ptr_array_add (tickets, ticket);
  g_assert_true (keep_tickets (f->store, tickets, NULL, NULL));
}

/* The activity says so, and the list that only has such ones has it. */
static void
assert_disagrees (Fixture *f, const char *id, guint expected)
{
  g_autoptr(TvmActivity) activity = fixture_activity (f, id);
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_ACTIVITIES);
  g_autoptr(GArray) keys = NULL;
  gboolean is_listed = FALSE;

  g_assert_cmpuint (activity->disagreements, ==, expected);
  query->disagreeing_only = TRUE;
  keys = tvm_store_list_keys (f->store, query, NULL, NULL);
  for (guint i = 0; i < keys->len; i++)
    is_listed |= g_array_index (keys, gint64, i) == activity->key;
  g_assert_cmpint (is_listed, ==, expected != 0);
}

static void
test_tickets (Fixture *f, gconstpointer data)
{
  g_autoptr(TvmActivity) activity = submit_sent (f);
  g_autoptr(GPtrArray) tickets = tvm_store_list_tickets (f->store, activity->id, NULL);
  gint64 key = ((TvmTicket *) tickets->pdata[0])->key;

  assert_disagrees (f, activity->id, 0);
  set_ticket (f, TVM_TICKET_REJECTED);
  assert_disagrees (f, activity->id, TVM_DISAGREEMENT_REJECTED);
  set_ticket (f, TVM_TICKET_COMPLETED);
  fixture_refs (f, 8, 20);
  assert_disagrees (f, activity->id, TVM_DISAGREEMENT_STILL_EXPOSED);
  set_ticket (f, TVM_TICKET_PENDING);
  assert_disagrees (f, activity->id, 0);
  fixture_refs (f, 0, 0);
  assert_disagrees (f, activity->id, TVM_DISAGREEMENT_TICKET_OPEN);
  g_assert_true (tvm_store_withdraw (f->store, key, NULL, NULL));
  assert_disagrees (f, activity->id, 0);
}

static void
merge_portal (Fixture *f, TvmActivityStatus status, const char *group)
{
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_activity_unref);
  TvmActivity *portal = tvm_activity_new ();
  g_autoptr(GError) error = NULL;

  portal->id = g_strdup (PORTAL_ID);
  portal->title = g_strdup ("Update Example Player");
  portal->recommendation_id = g_strdup (REC);
  portal->type = TVM_TYPE_UPDATE;
  portal->status = status;
  portal->origin = TVM_ORIGIN_DEFENDER;
  g_strfreev (portal->groups);
  portal->groups = g_strsplit (group != NULL ? group : "", "\n", -1);
  g_ptr_array_add (list, portal);
  keep_portal_activities (f->store, list, NULL, &error);
  g_assert_no_error (error);
}

/* Of how many are open nobody knows where the portal does not tell it of each. */
static void
test_untold (Fixture *f, gconstpointer data)
{
  g_autoptr(TvmRecommendation) active = NULL, untold = NULL;
  g_autoptr(GError) error = NULL;

  fixture_recommendations (f, 1);
  merge_portal (f, TVM_STATUS_UNKNOWN, NULL);
  untold = tvm_store_get_recommendation (f->store, REC, &error);
  g_assert_no_error (error);
  g_assert_cmpint (untold->n_activities, ==, -1);
  merge_portal (f, TVM_STATUS_ACTIVE, NULL);
  active = tvm_store_get_recommendation (f->store, REC, &error);
  g_assert_no_error (error);
  g_assert_cmpint (active->n_activities, ==, 1);
}

static int
count_open (Fixture *f, int device)
{
  g_autofree char *id = g_strdup_printf ("%040x", device);
  g_autoptr(GError) error = NULL;
  g_autoptr(TvmDeviceWhole) whole = tvm_store_load_device (f->store, id, &error);

  g_assert_no_error (error);
  g_assert_cmpint (MAX (whole->device->n_activities, 0), ==, (int) whole->activities->len);
  return whole->device->n_activities;
}

/* In which activities a device is nobody knows before those of the portal's were asked for. */
static void
test_of_device (Fixture *f, gconstpointer data)
{
  g_autoptr(TvmDeviceRefs) refs = tvm_device_refs_new ();
  g_autofree char *id = g_strdup_printf ("%040x", 1);
  g_autoptr(GError) error = NULL;

  fixture_recommendations (f, 1);
  fixture_devices (f, 0, 3, "10");
  merge_portal (f, TVM_STATUS_ACTIVE, NULL);
  g_assert_cmpint (count_open (f, 1), ==, -1);
  tvm_device_refs_add (refs, id, "stub", NULL, NULL);
  keep_portal_refs (f->store, PORTAL_ID, refs, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (count_open (f, 1), ==, 1);
  g_assert_cmpint (count_open (f, 2), ==, 0);
}

static void
assert_of_group (Fixture *f, const char *group, int n)
{
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_ACTIVITIES);
  g_autoptr(GError) error = NULL;

  query->device_group = g_strdup (group);
  g_assert_cmpint (tvm_store_count_rows (f->store, query, &error), ==, n);
  g_assert_no_error (error);
}

/* Of one of the portal's only devices that are exposed still are known: its groups say whose it is,
 * none are all. */
static void
test_of_group (Fixture *f, gconstpointer data)
{
  g_autoptr(TvmDeviceRefs) refs = tvm_device_refs_new ();
  g_autofree char *id = g_strdup_printf ("%040x", 1);
  g_autoptr(GError) error = NULL;

  fixture_recommendations (f, 1);
  fixture_devices (f, 0, 3, "10");
  merge_portal (f, TVM_STATUS_ACTIVE, NULL);
  assert_of_group (f, "Even", 1);
  assert_of_group (f, "Odd, \"quoted\"", 1);
  merge_portal (f, TVM_STATUS_ACTIVE, "Even\nOther");
  assert_of_group (f, "Even", 1);
  assert_of_group (f, "Odd, \"quoted\"", 0);
  assert_of_group (f, "Ev", 0);
  tvm_device_refs_add (refs, id, "stub", NULL, NULL);
  keep_portal_refs (f->store, PORTAL_ID, refs, NULL, &error);
  g_assert_no_error (error);
  assert_of_group (f, "Even", 1);
  assert_of_group (f, "Odd, \"quoted\"", 0);
}

/* Each of the two names the other one, as long as both are active and share a device group. */
static void
test_twin (Fixture *f, gconstpointer data)
{
  g_autoptr(TvmActivity) activity = NULL;
  g_autoptr(TvmActivity) own = NULL;
  g_autoptr(TvmActivity) portal = NULL;
  g_autoptr(TvmRequest) request = tvm_request_new ();
  const char *groups[] = { "Even", NULL };

  fixture_recommendations (f, 1);
  fixture_devices (f, 0, 20, "10");
  fixture_refs (f, 0, 20);
  request->recommendation_id = g_strdup (REC);
  request->type = TVM_TYPE_UPDATE;
  request->priority = TVM_PRIORITY_LOW;
  request->groups = g_strdupv ((char **) groups);
  activity = tvm_store_submit (f->store, request, &fixture_nobody, NULL, NULL);
  merge_portal (f, TVM_STATUS_ACTIVE, NULL);
  assert_disagrees (f, activity->id, TVM_DISAGREEMENT_TWIN);
  assert_disagrees (f, PORTAL_ID, TVM_DISAGREEMENT_TWIN);
  own = fixture_activity (f, activity->id);
  portal = fixture_activity (f, PORTAL_ID);
  g_assert_cmpstr (own->twin_id, ==, PORTAL_ID);
  g_assert_cmpstr (portal->twin_id, ==, activity->id);
  merge_portal (f, TVM_STATUS_ACTIVE, "Odd, \"quoted\"");
  assert_disagrees (f, activity->id, 0);
  merge_portal (f, TVM_STATUS_ACTIVE, "Odd, \"quoted\"\nEven");
  assert_disagrees (f, activity->id, TVM_DISAGREEMENT_TWIN);
  merge_portal (f, TVM_STATUS_COMPLETED, "Even");
  assert_disagrees (f, activity->id, 0);
}

/* The lines of the history, newest first, as "kind who detail". */
static void
assert_history (Fixture *f, const char *id, const char *expected)
{
  g_autoptr(GPtrArray) history = tvm_store_list_history (f->store, id, NULL);
  g_autoptr(GString) lines = g_string_new (NULL);

  for (guint i = 0; i < history->len; i++)
    {
      const TvmHistoryEntry *entry = history->pdata[i];

      g_string_append_printf (lines, "%s %s %s\n", entry->kind, entry->who,
                              entry->detail != NULL ? entry->detail : "-");
      g_assert_cmpstr (tvm_history_note (entry), ==, entry->detail);
    }
  g_assert_cmpstr (lines->str, ==, expected);
}

static void
test_undo (Fixture *f, gconstpointer data)
{
  g_autoptr(TvmActivity) activity = NULL;
  g_autoptr(TvmActivity) after = NULL;
  g_autoptr(GError) error = NULL;

  fixture_recommendations (f, 1);
  fixture_devices (f, 0, 20, "10");
  fixture_refs (f, 0, 20);
  activity = fixture_submit (f, TVM_TYPE_UPDATE, FALSE);
  g_assert_false (tvm_store_undo_complete (f->store, activity->id, "bo", &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_CONFLICT);
  g_clear_error (&error);
  g_assert_true (tvm_store_complete (f->store, activity->id, "bo", "Replaced; ça va", NULL));
  fixture_refs (f, 5, 20);
  g_assert_true (tvm_store_undo_complete (f->store, activity->id, "cy", NULL));
  after = fixture_activity (f, activity->id);
  g_assert_cmpint (after->status, ==, TVM_STATUS_ACTIVE);
  g_assert_cmpint (after->completion, ==, TVM_COMPLETION_NONE);
  g_assert_cmpint (after->completed_us, ==, 0);
  g_assert_null (after->completed_by);
  /* what happened to the devices meanwhile */
  g_assert_cmpint (after->fixed_devices, ==, 5);
  assert_history (f, activity->id, "device-remediated (null) -\ncompletion-undone cy -\n"
                  "completed-manual bo Replaced; ça va\nrequested ana@contoso.example -\n");
  g_assert_true (tvm_store_complete (f->store, activity->id, "bo", NULL, NULL));
  tvm_set_clock_us (tvm_now_us () + TVM_UNDO_US);
  g_assert_false (tvm_store_undo_complete (f->store, activity->id, "cy", &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_CONFLICT);
}

/* What the devices completed is no person's to undo. */
static void
test_undo_system (Fixture *f, gconstpointer data)
{
  g_autoptr(TvmActivity) activity = NULL;
  g_autoptr(TvmActivity) after = NULL;
  g_autoptr(GError) error = NULL;

  fixture_recommendations (f, 1);
  fixture_devices (f, 0, 20, "10");
  fixture_refs (f, 0, 20);
  activity = fixture_submit (f, TVM_TYPE_UPDATE, FALSE);
  fixture_refs (f, 0, 0);
  g_assert_false (tvm_store_undo_complete (f->store, activity->id, "cy", &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_CONFLICT);
  after = fixture_activity (f, activity->id);
  g_assert_cmpint (after->completion, ==, TVM_COMPLETION_SYSTEM);
}

static int
count_rows (Fixture *f, const char *table)
{
  g_autofree char *sql = g_strdup_printf ("SELECT count(*) FROM %s", table);
  sqlite3 *db = NULL;
  sqlite3_stmt *row = NULL;
  int n;

  g_assert_cmpint (sqlite3_open (f->path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_prepare_v2 (db, sql, -1, &row, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (row), ==, SQLITE_ROW);
  n = sqlite3_column_int (row, 0);
  sqlite3_finalize (row);
  sqlite3_close (db);
  return n;
}

/* Until a ticket is sent a request can be undone whole, by who made it, and only for a moment. */
static void
test_undo_request (Fixture *f, gconstpointer data)
{
  static const char *const tables[] = { "activity", "target", "ticket", "ticket_device",
                                        "progress" };
  g_autoptr(TvmActivity) activity = NULL;
  g_autoptr(TvmActivity) sent = NULL;
  g_autoptr(GPtrArray) outbox = NULL;
  g_autoptr(GError) error = NULL;

  fixture_recommendations (f, 1);
  fixture_devices (f, 0, 20, "10");
  fixture_refs (f, 0, 20);
  activity = fixture_submit (f, TVM_TYPE_UPDATE, TRUE);
  g_assert_false (tvm_store_undo_request (f->store, activity->id, "bo", &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_CONFLICT);
  g_clear_error (&error);
  g_assert_true (tvm_store_undo_request (f->store, activity->id, fixture_ana.who, &error));
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    g_assert_cmpint (count_rows (f, tables[i]), ==, 0);
  g_assert_false (tvm_store_undo_request (f->store, activity->id, fixture_ana.who, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_NOT_FOUND);
  g_clear_error (&error);

  sent = fixture_submit (f, TVM_TYPE_UPDATE, TRUE);
  outbox = tvm_store_list_outbox (f->store, FALSE, NULL);
  g_assert_true (tvm_store_outbox_sending (f->store, ((TvmOutboxEntry *)
    outbox->pdata[0])->ticket_key, NULL));
  g_assert_false (tvm_store_undo_request (f->store, sent->id, fixture_ana.who, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_CONFLICT);
  g_assert_cmpint (count_rows (f, "ticket"), ==, 1);
}

static void
test_undo_request_late (Fixture *f, gconstpointer data)
{
  g_autoptr(TvmActivity) activity = NULL;
  g_autoptr(GError) error = NULL;

  fixture_recommendations (f, 1);
  fixture_devices (f, 0, 20, "10");
  fixture_refs (f, 0, 20);
  activity = fixture_submit (f, TVM_TYPE_UPDATE, FALSE);
  tvm_set_clock_us (tvm_now_us () + TVM_UNDO_US);
  g_assert_false (tvm_store_undo_request (f->store, activity->id, fixture_ana.who, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_CONFLICT);
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  ADD ("/store/activities/tickets-disagree", test_tickets);
  ADD ("/store/activities/of-device", test_of_device);
  ADD ("/store/activities/of-group", test_of_group);
  ADD ("/store/activities/untold", test_untold);
  ADD ("/store/activities/twin", test_twin);
  ADD ("/store/activities/undo-completion", test_undo);
  ADD ("/store/activities/undo-system", test_undo_system);
  ADD ("/store/activities/undo-request", test_undo_request);
  ADD ("/store/activities/undo-request-late", test_undo_request_late);
  return g_test_run ();
}

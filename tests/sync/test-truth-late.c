/* test-truth-late.c: lists of devices and of tickets that come short, late or older than they
 * should: nothing false is kept, completed or written into a history (R13, R19). Over real HTTP.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "truth.h"

static const SyncFixtureOptions connected = { .intune = TRUE };

/* ---- exposed devices */

static void
patch (SyncFixture       *self,
       const TvmActivity *activity,
       int                n)
{
  g_autofree char *path = g_strdup_printf ("recommendations/%s/patch", activity->recommendation_id);
  g_autofree char *body = g_strdup_printf ("{\"count\":%d}", n);
  g_autoptr(JsonObject) answer = sync_fixture_order (self, path, body);

  g_assert_cmpint (json_object_get_int_member (answer, "changed"), ==, n);
}

/* Short once: it is asked for again. Short for longer: it is doubted. */
static void
test_short_devices (SyncFixture *self, gconstpointer data)
{
  g_autoptr(TvmActivity) activity = truth_request (self, FALSE);
  g_autofree char *path = truth_details_path (activity, "/machineReferences");
  g_autofree char *few = g_strdup_printf ("\"kind\":\"short\",\"rows\":%d",
                                          activity->target_devices - 3);

  sync_fixture_fault (self, path, "GET", "\"kind\":\"short\",\"rows\":0");
  g_assert_cmpint (truth_sync_doubtful (self, "device-references"), ==, 0);
  sync_fixture_fault (self, path, "GET", few);
  g_assert_cmpint (truth_sync_doubtful (self, "device-references"), ==, 0);
  sync_fixture_assert_history (self, activity, "requested");
  sync_fixture_fault (self, path, "GET", "\"kind\":\"short\",\"rows\":0,\"times\":6");
  for (int i = 0; i < 3; i++)
    g_assert_cmpint (truth_sync_doubtful (self, "device-references"), ==, 1);
  truth_assert_activity (self, activity, TVM_STATUS_ACTIVE, 0);
  patch (self, activity, 4);
  sync_fixture_sync_plain (self);
  truth_assert_activity (self, activity, TVM_STATUS_ACTIVE, 4);
  sync_fixture_assert_history (self, activity, "device-remediated requested");
}

/* From an older copy: what it says was true, and the next list says what is. */
static void
test_stale_devices (SyncFixture *self, gconstpointer data)
{
  g_autoptr(TvmActivity) activity = truth_request (self, FALSE);
  g_autofree char *path = truth_details_path (activity, "/machineReferences");

  sync_fixture_fault (self, path, "GET", "\"kind\":\"stale\"");
  truth_sync_doubtful (self, "device-references");
  patch (self, activity, activity->target_devices);
  sync_fixture_sync_plain (self);
  truth_assert_activity (self, activity, TVM_STATUS_ACTIVE, 0);
  sync_fixture_sync_plain (self);
  truth_assert_activity (self, activity, TVM_STATUS_COMPLETED, activity->target_devices);
  sync_fixture_assert_history (self, activity, "completed-system device-remediated requested");
}

typedef struct { SyncFixture *self; const char *id; } Late;

static gpointer
fetch_thread (gpointer user_data)
{
  Late *late = user_data;
  g_autoptr(GError) error = NULL;

  tvm_sync_engine_fetch_recommendation (late->self->engine, late->id, NULL, &error);
  g_assert_no_error (error);
  return NULL;
}

static gpointer
sync_thread (gpointer user_data)
{
  sync_fixture_sync_plain (((Late *) user_data)->self);
  return NULL;
}

static int
count_requests (SyncFixture *self,
                const char  *path)
{
  g_autoptr(JsonObject) stats = sync_fixture_order (self, "stats", NULL);
  g_autofree char *lower = g_ascii_strdown (path, -1);
  g_autofree char *key = g_strconcat ("GET ", lower, NULL);

  return (int) json_object_get_int_member_with_default (
    json_object_get_object_member (stats, "requests"), key, 0);
}

/* Starts what asks for @path, which is answered late, and returns when it was asked for. */
static GThread *
start_late (SyncFixture *self,
            const char  *path,
            GThreadFunc  func,
            Late        *late)
{
  int n_before = count_requests (self, path);
  GThread *thread;

  sync_fixture_fault (self, path, "GET", "\"exact\":true,\"kind\":\"delay\",\"delay_ms\":2500");
  thread = g_thread_new ("late", func, late);
  while (count_requests (self, path) == n_before)
    g_thread_yield ();
  return thread;
}

/* Asked for before five devices are patched, arriving after a list that knows it. */
static void
test_late_devices (SyncFixture *self, gconstpointer data)
{
  g_autoptr(TvmActivity) activity = truth_request (self, FALSE);
  g_autofree char *path = truth_details_path (activity, "/machineReferences");
  Late late = { self, activity->recommendation_id };
  GThread *thread = start_late (self, path, fetch_thread, &late);
  g_autoptr(GError) error = NULL;

  patch (self, activity, 5);
  tvm_sync_engine_fetch_recommendation (self->engine, activity->recommendation_id, NULL, &error);
  g_assert_no_error (error);
  truth_assert_activity (self, activity, TVM_STATUS_ACTIVE, 5);
  g_thread_join (thread);
  truth_assert_activity (self, activity, TVM_STATUS_ACTIVE, 5);
  sync_fixture_assert_history (self, activity, "device-remediated requested");
}

/* ---- tickets */

/* A list asked for before the push does not know the ticket. */
static void
test_late_tickets (SyncFixture *self, gconstpointer data)
{
  Late late = { self, NULL };
  GThread *thread;
  g_autoptr(TvmRecommendation) one = NULL;
  g_autoptr(TvmRequest) form = NULL;
  g_autoptr(TvmActivity) activity = NULL;
  g_autoptr(TvmTicket) ticket = NULL;
  g_autoptr(GError) error = NULL;

  sync_fixture_sync_plain (self);
  one = truth_pick (self);
  tvm_sync_engine_fetch_recommendation (self->engine, one->id, NULL, &error);
  form = sync_fixture_new_request (one, TRUE);
  thread = start_late (self, TRUTH_TICKETS_PATH, sync_thread, &late);
  activity = sync_fixture_submit (self, form);
  tvm_sync_engine_push_outbox (self->engine, NULL, NULL, &error);
  g_assert_no_error (error);
  g_thread_join (thread);
  ticket = sync_fixture_get_ticket (self, activity);
  g_assert_cmpint (ticket->status, ==, TVM_TICKET_PENDING);
  sync_fixture_assert_history (self, activity, "ticket-sent requested");
}

/* A list lacks a ticket that somebody wants withdrawn, and Intune has it. */
static void
test_withdrawal_waits (SyncFixture *self, gconstpointer data)
{
  g_autoptr(TvmActivity) activity = truth_request (self, TRUE);
  g_autoptr(TvmTicket) before = NULL, after = NULL, end = NULL;
  g_autoptr(JsonObject) answer = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *path = NULL;

  tvm_sync_engine_push_outbox (self->engine, NULL, NULL, &error);
  g_assert_no_error (error);
  before = sync_fixture_get_ticket (self, activity);
  sync_fixture_fault (self, TRUTH_TICKETS_PATH, "DELETE", "\"kind\":\"status\",\"status\":403");
  g_assert_cmpint (tvm_sync_engine_withdraw (self->engine, before->key, NULL, NULL), ==,
                   TVM_WITHDRAW_FAILED);
  sync_fixture_fault (self, TRUTH_TICKETS_PATH, "GET",
                      "\"exact\":true,\"kind\":\"short\",\"rows\":0");
  sync_fixture_sync_plain (self);
  after = sync_fixture_get_ticket (self, activity);
  g_assert_cmpint (after->status, ==, TVM_TICKET_PENDING);
  g_assert_cmpint (after->withdraw_us, !=, 0);
  sync_fixture_assert_history (self, activity,
                  "withdrawal-failed withdrawal-requested ticket-sent requested");
  path = g_strdup_printf ("tickets/%s/accept", before->id);
  answer = sync_fixture_order (self, path, "{}");
  sync_fixture_sync_plain (self);
  end = sync_fixture_get_ticket (self, activity);
  g_assert_cmpint (end->status, ==, TVM_TICKET_ACTIVE);
}

/* A list that lacks what Intune has by id may lack the ticket whose answer was lost, too: it is not
 * sent again because of it. */
static void
test_lost_answer (SyncFixture *self, gconstpointer data)
{
  g_autoptr(TvmActivity) first = truth_request (self, TRUE);
  g_autoptr(TvmRecommendation) one = truth_pick (self);
  g_autoptr(TvmRequest) form = NULL;
  g_autoptr(TvmActivity) second = NULL;
  g_autoptr(TvmTicket) ticket = NULL;
  g_autoptr(GError) error = NULL;

  tvm_sync_engine_push_outbox (self->engine, NULL, NULL, &error);
  g_assert_no_error (error);
  form = sync_fixture_new_request (one, TRUE);
  second = sync_fixture_submit (self, form);
  sync_fixture_fault (self, TRUTH_TICKETS_PATH, "POST", "\"kind\":\"cut\"");
  g_assert_false (tvm_sync_engine_push_outbox (self->engine, NULL, NULL, NULL));
  sync_fixture_fault (self, TRUTH_TICKETS_PATH, "GET",
                      "\"exact\":true,\"kind\":\"short\",\"rows\":0,\"times\":4");
  for (int i = 0; i < 2; i++)
    g_assert_false (tvm_sync_engine_push_outbox (self->engine, NULL, NULL, NULL));
  g_assert_cmpuint (sync_fixture_count_tickets (self, NULL, NULL), ==, 2);
  g_assert_true (tvm_sync_engine_push_outbox (self->engine, NULL, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (sync_fixture_count_tickets (self, NULL, NULL), ==, 2);
  ticket = sync_fixture_get_ticket (self, second);
  g_assert_cmpint (ticket->status, ==, TVM_TICKET_PENDING);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  if (sync_fixture_asks_one_by_one ())  /* for the exports test-exposure-random.c does it */
    {
      TRUTH_ADD ("/truth/short-devices", NULL, test_short_devices);
      TRUTH_ADD ("/truth/stale-devices", NULL, test_stale_devices);
    }
  TRUTH_ADD ("/truth/late-devices", NULL, test_late_devices);
  TRUTH_ADD ("/truth/late-tickets", &connected, test_late_tickets);
  TRUTH_ADD ("/truth/lost-answer", &connected, test_lost_answer);
  TRUTH_ADD ("/truth/withdrawal-waits", &connected, test_withdrawal_waits);
  return g_test_run ();
}

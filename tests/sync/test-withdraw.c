/* test-withdraw.c: tickets that are taken back: at once, later, too late, and not at all (R4, R14).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "sync-fixture.h"
#include "tvm-error.h"
#include "tvm-sync-private.h"
#include "tvm-time.h"

#include <string.h>

#define TICKETS_PATH "/beta/deviceAppManagement/deviceAppManagementTasks"

static const SyncFixtureOptions connected = { .intune = TRUE };

/* An activity whose ticket is in the outbox. */
static TvmActivity *
submit (SyncFixture *self)
{
  g_autoptr(TvmRecommendation) recommendation = NULL;
  g_autoptr(TvmRequest) request = NULL;

  sync_fixture_sync_plain (self);
  recommendation = sync_fixture_pick (self, TVM_TYPE_UPDATE);
  request = sync_fixture_new_request (recommendation, TRUE);
  return sync_fixture_submit (self, request);
}

/* An activity whose ticket is pending at the service. */
static TvmActivity *
submit_and_push (SyncFixture *self)
{
  TvmActivity *activity = submit (self);

  g_assert_true (tvm_sync_engine_push_outbox (self->engine, NULL, NULL, NULL));
  g_assert_cmpuint (sync_fixture_count_tickets (self, NULL, NULL), ==, 1);
  return activity;
}

static int
get_outbox (SyncFixture *self)
{
  TvmStoreCounts counts;

  g_assert_true (tvm_store_counts (self->store, &counts, NULL));
  return counts.outbox;
}

static TvmWithdrawal
withdraw (SyncFixture *self, const TvmActivity *activity, GError **error)
{
  g_autoptr(TvmTicket) ticket = sync_fixture_get_ticket (self, activity);

  return tvm_sync_engine_withdraw (self->engine, ticket->key, NULL, error);
}

static void
assert_ticket (SyncFixture *self, const TvmActivity *activity, TvmTicketStatus status,
               gboolean is_waiting)
{
  g_autoptr(TvmTicket) ticket = sync_fixture_get_ticket (self, activity);

  g_assert_cmpint (ticket->status, ==, status);
  g_assert_cmpint (ticket->withdraw_us != 0, ==, is_waiting);
  g_assert_cmpint (get_outbox (self), ==, is_waiting);
}

static void
test_at_once (SyncFixture *self, gconstpointer data)
{
  g_autoptr(TvmActivity) activity = submit_and_push (self);
  g_autoptr(TvmActivity) after = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_cmpint (withdraw (self, activity, &error), ==, TVM_WITHDRAW_DONE);
  g_assert_no_error (error);
  g_assert_cmpuint (sync_fixture_count_tickets (self, NULL, NULL), ==, 0);
  assert_ticket (self, activity, TVM_TICKET_WITHDRAWN, FALSE);
  sync_fixture_assert_history (self, activity, "ticket-withdrawn withdrawal-requested ticket-sent requested");
  sync_fixture_sync_plain (self);
  assert_ticket (self, activity, TVM_TICKET_WITHDRAWN, FALSE);
  g_assert_cmpint (withdraw (self, activity, &error), ==, TVM_WITHDRAW_FAILED);
  g_assert_error (error, TVM_ERROR, TVM_ERROR_CONFLICT);
  after = tvm_store_get_activity (self->store, activity->id, NULL);
  g_assert_cmpint (after->ticket_status, ==, TVM_TICKET_WITHDRAWN);
  g_assert_cmpint (after->status, ==, TVM_STATUS_ACTIVE);
}

/* It waits in the outbox, is not asked for twice, and the next sync carries it out. */
static void
test_later (SyncFixture *self, gconstpointer data)
{
  g_autoptr(TvmActivity) activity = submit_and_push (self);
  g_autoptr(GPtrArray) outbox = NULL;
  g_autoptr(GError) error = NULL;
  const TvmOutboxEntry *entry;

  sync_fixture_fault (self, TICKETS_PATH, "DELETE", "\"kind\":\"reset\"");
  g_assert_cmpint (withdraw (self, activity, &error), ==, TVM_WITHDRAW_WAITS);
  g_assert_error (error, TVM_ERROR, TVM_ERROR_OFFLINE);
  assert_ticket (self, activity, TVM_TICKET_PENDING, TRUE);
  outbox = tvm_store_list_outbox (self->store, FALSE, NULL);
  g_assert_cmpuint (outbox->len, ==, 1);
  entry = outbox->pdata[0];
  g_assert_true (entry->is_withdrawal && !entry->is_held && entry->ticket_id != NULL);
  g_assert_cmpint (tvm_outbox_entry_get_state (entry, tvm_now_us ()), ==, TVM_OUTBOX_UNSURE);
  g_assert_cmpint (entry->next_attempt_us, >, tvm_now_us ());
  sync_fixture_sync_plain (self);
  g_assert_cmpuint (sync_fixture_count_tickets (self, NULL, NULL), ==, 0);
  assert_ticket (self, activity, TVM_TICKET_WITHDRAWN, FALSE);
  sync_fixture_assert_history (self, activity, "ticket-withdrawn withdrawal-requested ticket-sent requested");
}

static void
delete_there (SyncFixture *self, const char *id)
{
  g_autoptr(TvmClient) client = NULL;

  g_assert_true (tvm_sync_session_require (self->engine, &client, NULL, NULL, NULL));
  g_assert_true (tvm_client_delete_ticket (client, id, NULL, NULL, NULL));
}

/* The answer was lost: what the service does not have any more is withdrawn, not just gone. */
static void
test_lost_answer (SyncFixture *self, gconstpointer data)
{
  g_autoptr(TvmActivity) activity = submit_and_push (self);
  g_autoptr(TvmTicket) ticket = sync_fixture_get_ticket (self, activity);

  g_assert_true (tvm_store_withdraw (self->store, ticket->key, activity->created_by, NULL));
  g_assert_true (tvm_store_outbox_sending (self->store, ticket->key, NULL));
  delete_there (self, ticket->id);
  sync_fixture_sync_plain (self);
  assert_ticket (self, activity, TVM_TICKET_WITHDRAWN, FALSE);
  sync_fixture_assert_history (self, activity, "ticket-withdrawn withdrawal-requested ticket-sent requested");
}

/* Status 404 with a page of a gateway is no word of Intune: the ticket may be there. */
static void
test_page (SyncFixture *self, gconstpointer data)
{
  g_autoptr(TvmActivity) activity = submit_and_push (self);
  g_autoptr(TvmTicket) ticket = sync_fixture_get_ticket (self, activity);
  g_autoptr(TvmActivity) other = submit (self);

  g_assert_true (tvm_sync_engine_push_outbox (self->engine, NULL, NULL, NULL));
  delete_there (self, ticket->id);
  sync_fixture_fault (self, TICKETS_PATH "/", "GET", "\"kind\":\"html\",\"times\":9");
  g_assert_cmpint (withdraw (self, activity, NULL), ==, TVM_WITHDRAW_WAITS);
  assert_ticket (self, activity, TVM_TICKET_PENDING, TRUE);
  sync_fixture_forget_faults (self);
  sync_fixture_sync_plain (self);
  assert_ticket (self, activity, TVM_TICKET_WITHDRAWN, FALSE);
}

/* The list is empty, and Intune says of each ticket that it does not have it: one mistake, which is no
 * withdrawal. */
static void
test_nothing_there (SyncFixture *self, gconstpointer data)
{
  g_autoptr(TvmActivity) activity = submit_and_push (self);
  g_autoptr(TvmActivity) other = submit (self);

  g_assert_true (tvm_sync_engine_push_outbox (self->engine, NULL, NULL, NULL));
  sync_fixture_fault (self, TICKETS_PATH "/", "GET", "\"kind\":\"html\",\"times\":9");
  g_assert_cmpint (withdraw (self, activity, NULL), ==, TVM_WITHDRAW_WAITS);
  sync_fixture_forget_faults (self);
  sync_fixture_fault (self, TICKETS_PATH "/", "GET", "\"status\":404,\"times\":99");
  sync_fixture_fault (self, TICKETS_PATH, "GET", "\"kind\":\"short\",\"rows\":0,\"times\":99");
  for (int i = 0; i < 2; i++)
    {
      g_autoptr(GPtrArray) results = tvm_sync_engine_sync (self->engine, FALSE, NULL, NULL, NULL, NULL);

      g_assert_cmpint (sync_fixture_find (results, "tickets")->doubtful, ==, 1);
      assert_ticket (self, activity, TVM_TICKET_PENDING, TRUE);
    }
  sync_fixture_assert_history (self, activity, "withdrawal-requested ticket-sent requested");
  sync_fixture_forget_faults (self);
  sync_fixture_sync_plain (self);
  g_assert_cmpuint (sync_fixture_count_tickets (self, NULL, NULL), ==, 1);
  assert_ticket (self, activity, TVM_TICKET_WITHDRAWN, FALSE);
}

/* Intune does not find what it is to delete, and has it all the same. */
static void
test_not_found (SyncFixture *self, gconstpointer data)
{
  g_autoptr(TvmActivity) activity = submit_and_push (self);
  g_autoptr(GError) error = NULL;

  sync_fixture_fault (self, TICKETS_PATH, "DELETE", "\"status\":404");
  g_assert_cmpint (withdraw (self, activity, &error), ==, TVM_WITHDRAW_WAITS);
  g_assert_error (error, TVM_ERROR, TVM_ERROR_BAD_RESPONSE);
  assert_ticket (self, activity, TVM_TICKET_PENDING, TRUE);
  sync_fixture_sync_plain (self);
  assert_ticket (self, activity, TVM_TICKET_WITHDRAWN, FALSE);
  sync_fixture_assert_history (self, activity, "ticket-withdrawn withdrawal-requested ticket-sent requested");
}

/* Nothing was deleted, and Intune does not find the ticket once, which its list has: it waits on. */
static void
test_unsure (SyncFixture *self, gconstpointer data)
{
  g_autoptr(TvmActivity) activity = submit_and_push (self);
  g_autoptr(GPtrArray) results = NULL;

  sync_fixture_fault (self, TICKETS_PATH, "DELETE", "\"status\":500");
  g_assert_cmpint (withdraw (self, activity, NULL), ==, TVM_WITHDRAW_WAITS);
  sync_fixture_fault (self, TICKETS_PATH "/", "GET", "\"status\":404");
  results = tvm_sync_engine_sync (self->engine, FALSE, NULL, NULL, NULL, NULL);
  assert_ticket (self, activity, TVM_TICKET_PENDING, TRUE);
  sync_fixture_assert_history (self, activity, "withdrawal-requested ticket-sent requested");
  sync_fixture_sync_plain (self);
  g_assert_cmpuint (sync_fixture_count_tickets (self, NULL, NULL), ==, 0);
  assert_ticket (self, activity, TVM_TICKET_WITHDRAWN, FALSE);
}

/* The same while a person takes the wish back: the ticket is not withdrawn already. */
static void
test_unsure_revoked (SyncFixture *self, gconstpointer data)
{
  g_autoptr(TvmActivity) activity = submit_and_push (self);
  g_autoptr(TvmTicket) ticket = sync_fixture_get_ticket (self, activity);
  g_autoptr(GError) error = NULL;

  sync_fixture_fault (self, TICKETS_PATH, "DELETE", "\"status\":500");
  g_assert_cmpint (withdraw (self, activity, NULL), ==, TVM_WITHDRAW_WAITS);
  sync_fixture_fault (self, TICKETS_PATH "/", "GET", "\"status\":404");
  g_assert_false (tvm_sync_engine_revoke_outbox (self->engine, ticket->key, NULL, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_BAD_RESPONSE);
  assert_ticket (self, activity, TVM_TICKET_PENDING, TRUE);
  g_assert_true (tvm_sync_engine_revoke_outbox (self->engine, ticket->key, NULL, NULL));
  assert_ticket (self, activity, TVM_TICKET_PENDING, FALSE);
}

/* It is withdrawn already, and a person takes the wish back too late. */
static void
test_revoked_late (SyncFixture *self, gconstpointer data)
{
  g_autoptr(TvmActivity) activity = submit_and_push (self);
  g_autoptr(TvmTicket) ticket = sync_fixture_get_ticket (self, activity);
  g_autoptr(GError) error = NULL;

  sync_fixture_fault (self, TICKETS_PATH, "DELETE", "\"kind\":\"reset\"");
  g_assert_cmpint (withdraw (self, activity, NULL), ==, TVM_WITHDRAW_WAITS);
  delete_there (self, ticket->id);
  g_assert_false (tvm_sync_engine_revoke_outbox (self->engine, ticket->key, NULL, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_CONFLICT);
  assert_ticket (self, activity, TVM_TICKET_WITHDRAWN, FALSE);
}

/* One that was taken for withdrawn and is listed as pending is pending again, the history takes the
 * line back, and the wish is in the outbox again. */
static void
test_back (SyncFixture *self, gconstpointer data)
{
  g_autoptr(TvmActivity) activity = submit_and_push (self);
  g_autoptr(TvmTicket) ticket = sync_fixture_get_ticket (self, activity);

  g_assert_true (tvm_store_withdraw (self->store, ticket->key, activity->created_by, NULL));
  g_assert_true (tvm_store_outbox_withdrawn (self->store, ticket->key, FALSE, NULL));
  assert_ticket (self, activity, TVM_TICKET_WITHDRAWN, FALSE);
  sync_fixture_sync_plain (self);
  assert_ticket (self, activity, TVM_TICKET_PENDING, TRUE);
  sync_fixture_assert_history (self, activity, "ticket-back ticket-withdrawn withdrawal-requested ticket-sent requested");
  sync_fixture_sync_plain (self);
  g_assert_cmpuint (sync_fixture_count_tickets (self, NULL, NULL), ==, 0);
  assert_ticket (self, activity, TVM_TICKET_WITHDRAWN, FALSE);
  sync_fixture_assert_history (self, activity, "ticket-withdrawn ticket-back ticket-withdrawn withdrawal-requested "
                               "ticket-sent requested");
}

/* What Intune said that it deleted does not come back with a list of before that. */
static void
test_stale_list (SyncFixture *self, gconstpointer data)
{
  g_autoptr(TvmActivity) activity = submit_and_push (self);

  sync_fixture_fault (self, TICKETS_PATH, "GET", "\"kind\":\"stale\",\"exact\":true,\"times\":9");
  sync_fixture_sync_plain (self);
  g_assert_cmpint (withdraw (self, activity, NULL), ==, TVM_WITHDRAW_DONE);
  for (int i = 0; i < 2; i++)
    {
      sync_fixture_sync_plain (self);
      assert_ticket (self, activity, TVM_TICKET_WITHDRAWN, FALSE);
    }
}

static void
accept (SyncFixture *self)
{
  g_autofree char *id = NULL;
  g_autofree char *path = NULL;
  g_autoptr(JsonObject) answer = NULL;

  sync_fixture_count_tickets (self, &id, NULL);
  path = g_strconcat ("tickets/", id, "/accept", NULL);
  answer = sync_fixture_order (self, path, "{\"assigned_to\":\"it@contoso.example\"}");
}

/* The IT admin was faster than we knew: nothing is deleted. */
static void
test_too_late (SyncFixture *self, gconstpointer data)
{
  g_autoptr(TvmActivity) activity = submit_and_push (self);
  g_autoptr(GError) error = NULL;

  accept (self);
  g_assert_cmpint (withdraw (self, activity, &error), ==, TVM_WITHDRAW_FAILED);
  g_assert_error (error, TVM_ERROR, TVM_ERROR_CONFLICT);
  g_assert_cmpuint (sync_fixture_count_tickets (self, NULL, NULL), ==, 1);
  assert_ticket (self, activity, TVM_TICKET_ACTIVE, FALSE);
  sync_fixture_assert_history (self, activity,
                  "withdrawal-dropped ticket-accepted withdrawal-requested ticket-sent requested");
  g_clear_error (&error);
  g_assert_cmpint (withdraw (self, activity, &error), ==, TVM_WITHDRAW_FAILED);
  g_assert_error (error, TVM_ERROR, TVM_ERROR_CONFLICT);
}

/* A refusal parks it with the service's words; a person revokes it, and the ticket stays. */
static void
test_refused (SyncFixture *self, gconstpointer data)
{
  g_autoptr(TvmActivity) activity = submit_and_push (self);
  g_autoptr(TvmTicket) ticket = sync_fixture_get_ticket (self, activity);
  g_autoptr(TvmOutboxEntry) entry = NULL;
  g_autoptr(GError) error = NULL;

  sync_fixture_fault (self, TICKETS_PATH, "DELETE", "\"kind\":\"status\",\"status\":403");
  g_assert_cmpint (withdraw (self, activity, &error), ==, TVM_WITHDRAW_FAILED);
  g_assert_error (error, TVM_ERROR, TVM_ERROR_FORBIDDEN);
  entry = tvm_store_get_outbox_entry (self->store, ticket->key, NULL);
  g_assert_cmpint (tvm_outbox_entry_get_state (entry, tvm_now_us ()), ==, TVM_OUTBOX_PARKED);
  g_assert_cmpstr (entry->last_error, ==, error->message);
  assert_ticket (self, activity, TVM_TICKET_PENDING, TRUE);
  g_assert_true (tvm_sync_engine_revoke_outbox (self->engine, ticket->key, NULL, NULL));
  assert_ticket (self, activity, TVM_TICKET_PENDING, FALSE);
  sync_fixture_assert_history (self, activity,
    "withdrawal-revoked withdrawal-failed withdrawal-requested ticket-sent requested");
  sync_fixture_sync_plain (self);
  g_assert_cmpuint (sync_fixture_count_tickets (self, NULL, NULL), ==, 1);
  g_assert_cmpint (withdraw (self, activity, NULL), ==, TVM_WITHDRAW_DONE);
}

/* One that was never sent leaves no trace but its line in the history. */
static void
test_unsent (SyncFixture *self, gconstpointer data)
{
  g_autoptr(TvmActivity) activity = submit (self);
  g_autoptr(GPtrArray) tickets = NULL;

  g_assert_cmpint (withdraw (self, activity, NULL), ==, TVM_WITHDRAW_DONE);
  tickets = tvm_store_list_tickets (self->store, activity->id, NULL);
  g_assert_cmpuint (tickets->len, ==, 0);
  g_assert_cmpint (get_outbox (self), ==, 0);
  sync_fixture_assert_history (self, activity, "ticket-revoked requested");
}

static void
test_connection_off (SyncFixture *self, gconstpointer data)
{
  g_autoptr(TvmActivity) activity = submit_and_push (self);
  g_autoptr(GError) error = NULL;

  g_assert_true (tvm_sync_engine_set_config (self->engine, "intune-connection", "false", NULL,
                                             NULL));
  g_assert_cmpint (withdraw (self, activity, &error), ==, TVM_WITHDRAW_FAILED);
  g_assert_error (error, TVM_ERROR, TVM_ERROR_INVALID);
  assert_ticket (self, activity, TVM_TICKET_PENDING, FALSE);
}

#define ADD(path, test) \
  g_test_add (path, SyncFixture, &connected, sync_fixture_set_up, test, sync_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  ADD ("/withdraw/at-once", test_at_once);
  ADD ("/withdraw/later", test_later);
  ADD ("/withdraw/lost-answer", test_lost_answer);
  ADD ("/withdraw/page", test_page);
  ADD ("/withdraw/nothing-there", test_nothing_there);
  ADD ("/withdraw/not-found", test_not_found);
  ADD ("/withdraw/unsure", test_unsure);
  ADD ("/withdraw/unsure-revoked", test_unsure_revoked);
  ADD ("/withdraw/revoked-late", test_revoked_late);
  ADD ("/withdraw/back", test_back);
  ADD ("/withdraw/stale-list", test_stale_list);
  ADD ("/withdraw/too-late", test_too_late);
  ADD ("/withdraw/refused", test_refused);
  ADD ("/withdraw/unsent", test_unsent);
  ADD ("/withdraw/connection-off", test_connection_off);
  return g_test_run ();
}

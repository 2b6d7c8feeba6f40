/* test-outbox-look.c: a ticket that may have arrived is looked for, and never sent twice (R4, R19).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "outbox.h"
#include "tvm-error.h"
#include "tvm-sync-private.h"
#include "tvm-time.h"

static const SyncFixtureOptions connected = { .intune = TRUE };

/* After a sync; the request for the ticket ends as @kind tells. */
static TvmActivity *
submit_and_lose (SyncFixture *self, const char *kind)
{
  g_autofree char *fault = g_strdup_printf ("\"kind\":\"%s\"", kind);
  TvmActivity *activity;

  sync_fixture_sync_plain (self);
  activity = outbox_submit (self, TVM_TYPE_UPDATE);
  sync_fixture_fault (self, OUTBOX_TICKETS_PATH, "POST", fault);
  g_assert_false (tvm_sync_engine_push_outbox (self->engine, NULL, NULL, NULL));
  return activity;
}

/* The answer was lost: Intune is asked first; what it has stays, and while it is silent nothing goes. */
static void
test_revoke_arrived (SyncFixture *self, gconstpointer data)
{
  g_autoptr(TvmActivity) activity = NULL;
  g_autoptr(TvmActivity) after = NULL;
  g_autoptr(GError) error = NULL;
  gint64 key;

  activity = submit_and_lose (self, "cut");
  key = outbox_first_key (self);
  sync_fixture_fault (self, OUTBOX_TICKETS_PATH, "GET", "\"kind\":\"status\",\"status\":400");
  g_assert_false (tvm_sync_engine_revoke_outbox (self->engine, key, NULL, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_REJECTED);
  g_assert_cmpint (outbox_first_key (self), ==, key);
  g_clear_error (&error);
  g_assert_false (tvm_sync_engine_revoke_outbox (self->engine, key, NULL, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_CONFLICT);
  after = tvm_store_get_activity (self->store, activity->id, NULL);
  g_assert_cmpint (after->ticket_status, ==, TVM_TICKET_PENDING);
  g_assert_cmpuint (outbox_count_posts (self), ==, 1);
}

/* An entry that was out when the program ended: asked for first; found or sent, but never twice. */
static void
test_interrupted (SyncFixture *self, gconstpointer data)
{
  g_autoptr(TvmActivity) activity = NULL;
  g_autoptr(TvmOutboxEntry) entry = NULL;
  g_autoptr(GError) error = NULL;

  sync_fixture_sync_plain (self);
  activity = outbox_submit (self, TVM_TYPE_UPDATE);
  g_assert_true (tvm_store_outbox_sending (self->store, outbox_first_key (self), NULL));
  entry = outbox_first_entry (self);
  g_assert_cmpint (tvm_outbox_entry_get_state (entry, tvm_now_us ()), ==, TVM_OUTBOX_SENDING);
  g_assert_cmpint (tvm_outbox_entry_get_state (entry, tvm_now_us () + TVM_HOUR_US), ==, TVM_OUTBOX_UNSURE);
  g_assert_false (tvm_store_outbox_revoke (self->store, entry->ticket_key, FALSE, NULL, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_CONFLICT);
  sync_fixture_fault (self, OUTBOX_TICKETS_PATH, "GET", "\"kind\":\"status\",\"status\":400");
  g_assert_cmpint (outbox_push_due (self), ==, 0);
  g_assert_cmpuint (outbox_count_posts (self), ==, 0);
  g_assert_true (tvm_sync_engine_push_outbox (self->engine, NULL, NULL, NULL));
  g_assert_cmpuint (outbox_count_posts (self), ==, 1);
}

/* The ticket arrived, its answer did not, and the first list of tickets is empty: it is found in the
 * next one, neither sent again nor revoked. */
static void
look_short (SyncFixture *self, gboolean revokes)
{
  g_autoptr(TvmActivity) activity = NULL;
  g_autoptr(TvmActivity) after = NULL;

  activity = submit_and_lose (self, "cut");
  sync_fixture_fault (self, OUTBOX_TICKETS_PATH, "GET", revokes ? "\"kind\":\"short\",\"rows\":0"
                      : "\"kind\":\"short\",\"rows\":0,\"times\":2");
  if (revokes)
    g_assert_false (tvm_sync_engine_revoke_outbox (self->engine, outbox_first_key (self), NULL, NULL));
  else
    g_assert_false (tvm_sync_engine_push_outbox (self->engine, NULL, NULL, NULL));
  g_assert_true (tvm_sync_engine_push_outbox (self->engine, NULL, NULL, NULL));
  after = tvm_store_get_activity (self->store, activity->id, NULL);
  g_assert_cmpint (after->ticket_status, ==, TVM_TICKET_PENDING);
  g_assert_cmpuint (outbox_count_posts (self), ==, 1);
}

static void
test_short_look (SyncFixture *self, gconstpointer data)
{
  look_short (self, FALSE);
}

static void
test_short_look_revoke (SyncFixture *self, gconstpointer data)
{
  look_short (self, TRUE);
}

/* Intune said that it made the ticket (status 201), and the rest of its answer was lost. Lists of
 * before that, however many, do not make a second one. */
static void
test_old_looks (SyncFixture *self, gconstpointer data)
{
  g_autoptr(TvmActivity) activity = NULL;
  g_autoptr(TvmActivity) after = NULL;

  sync_fixture_sync_plain (self);
  sync_fixture_fault (self, OUTBOX_TICKETS_PATH, "GET", "\"kind\":\"stale\",\"times\":9");
  sync_fixture_sync_plain (self);
  activity = outbox_submit (self, TVM_TYPE_UPDATE);
  sync_fixture_fault (self, OUTBOX_TICKETS_PATH, "POST", "\"kind\":\"cut\"");
  for (int i = 0; i < 4; i++)
    g_assert_false (tvm_sync_engine_push_outbox (self->engine, NULL, NULL, NULL));
  g_assert_cmpuint (outbox_count_posts (self), ==, 1);
  g_assert_false (tvm_sync_engine_revoke_outbox (self->engine, outbox_first_key (self), NULL, NULL));
  sync_fixture_forget_faults (self);
  g_assert_true (tvm_sync_engine_push_outbox (self->engine, NULL, NULL, NULL));
  after = tvm_store_get_activity (self->store, activity->id, NULL);
  g_assert_cmpint (after->ticket_status, ==, TVM_TICKET_PENDING);
  g_assert_cmpuint (outbox_count_posts (self), ==, 1);
}

/* Makes the first entry's ticket behind the store's back. */
static void
make_at_tenant (SyncFixture *self)
{
  g_autoptr(TvmOutboxEntry) entry = outbox_first_entry (self);
  g_autoptr(TvmClient) client = NULL;
  g_autoptr(TvmTicket) ticket = NULL;
  g_autoptr(GError) error = NULL;
  const TvmTicketDraft draft = { entry->activity, entry->recommendation, entry->marker, entry->devices,
                                 entry->managed_ids, entry->vulnerabilities, entry->updates, 1, 1,
                                 tvm_language_find ("en") };

  g_assert_true (tvm_sync_session_require (self->engine, &client, NULL, NULL, NULL));
  ticket = tvm_client_create_ticket (client, &draft, NULL, NULL, &error);
  g_assert_no_error (error);
}

/* How the entry stands after a push at @now_us: not out, and nothing was sent again. */
static void
push_waits (SyncFixture *self, gint64 now_us)
{
  g_autoptr(TvmOutboxEntry) entry = NULL;
  g_autoptr(GError) error = NULL;

  tvm_set_clock_us (now_us);
  g_assert_true (tvm_sync_engine_push_outbox (self->engine, NULL, NULL, &error));
  g_assert_no_error (error);
  entry = outbox_first_entry (self);
  g_assert_cmpint (tvm_outbox_entry_get_state (entry, now_us), ==, TVM_OUTBOX_UNSURE);
  g_assert_nonnull (strstr (entry->last_error, "It is looked for until"));
  g_assert_cmpuint (outbox_count_posts (self), ==, 2);
  g_assert_false (tvm_sync_engine_revoke_outbox (self->engine, entry->ticket_key, NULL, NULL));
}

/* The ticket was made, its answer lost, and the list lacks just that ticket, time and again: nothing
 * is sent for a while, and then it is found. */
static void
test_lacks_one (SyncFixture *self, gconstpointer data)
{
  g_autoptr(TvmActivity) other = NULL, activity = NULL, after = NULL;
  gint64 now_us = tvm_now_us ();

  tvm_sync_engine_set_look_again (self->engine, 15 * 60 * TVM_SECOND_US);
  sync_fixture_sync_plain (self);
  other = outbox_submit (self, TVM_TYPE_UPDATE);
  g_assert_true (tvm_sync_engine_push_outbox (self->engine, NULL, NULL, NULL));
  activity = outbox_submit (self, TVM_TYPE_UPDATE);
  /* the status line is lost too, unlike with a cut */
  g_assert_true (tvm_store_outbox_sending (self->store, outbox_first_key (self), NULL));
  make_at_tenant (self);
  sync_fixture_fault (self, OUTBOX_TICKETS_PATH, "GET", "\"kind\":\"short\",\"rows\":1,\"times\":99");
  push_waits (self, now_us);
  push_waits (self, now_us + 14 * 60 * TVM_SECOND_US);
  sync_fixture_forget_faults (self);
  tvm_set_clock_us (now_us + 16 * 60 * TVM_SECOND_US);
  g_assert_true (tvm_sync_engine_push_outbox (self->engine, NULL, NULL, NULL));
  tvm_set_clock_us (0);
  after = tvm_store_get_activity (self->store, activity->id, NULL);
  g_assert_cmpint (after->ticket_status, ==, TVM_TICKET_PENDING);
  g_assert_cmpuint (outbox_count_posts (self), ==, 2);
}

/* One that did not arrive is sent again once the time is over. */
static void
test_lost_on_the_way (SyncFixture *self, gconstpointer data)
{
  g_autoptr(TvmActivity) activity = NULL;
  gint64 now_us = tvm_now_us ();

  tvm_sync_engine_set_look_again (self->engine, 15 * 60 * TVM_SECOND_US);
  activity = submit_and_lose (self, "reset");
  tvm_set_clock_us (now_us);
  g_assert_true (tvm_sync_engine_push_outbox (self->engine, NULL, NULL, NULL));
  g_assert_cmpuint (outbox_count_posts (self), ==, 0);
  tvm_set_clock_us (now_us + 15 * 60 * TVM_SECOND_US);
  g_assert_true (tvm_sync_engine_push_outbox (self->engine, NULL, NULL, NULL));
  tvm_set_clock_us (0);
  g_assert_cmpuint (outbox_count_posts (self), ==, 1);
}

/* Of a completed activity one that may have arrived is looked for as
 * others are; where it did not arrive it is not sent again. */
static void
look_for_completed (SyncFixture *self, guint n_arrived)
{
  g_autoptr(TvmActivity) activity = NULL;
  g_autoptr(TvmOutboxEntry) entry = NULL;
  g_autoptr(GError) error = NULL;
  gint64 now_us = tvm_now_us ();

  tvm_sync_engine_set_look_again (self->engine, 15 * 60 * TVM_SECOND_US);
  sync_fixture_sync_plain (self);
  activity = outbox_submit (self, TVM_TYPE_UPDATE);
  sync_fixture_fault (self, OUTBOX_TICKETS_PATH, "POST", n_arrived > 0 ? "\"kind\":\"cut\""
                                                                       : "\"kind\":\"reset\"");
  g_assert_false (tvm_sync_engine_push_outbox (self->engine, NULL, NULL, NULL));
  g_assert_true (tvm_sync_engine_complete (self->engine, activity->id, NULL, NULL));
  for (int i = 0; i < 3; i++)
    {
      tvm_set_clock_us (now_us + i * 15 * 60 * TVM_SECOND_US);
      g_assert_true (tvm_sync_engine_push_outbox (self->engine, NULL, NULL, &error));
      g_assert_no_error (error);
    }
  g_assert_cmpuint (outbox_count_posts (self), ==, n_arrived);
  if (n_arrived > 0)
    g_assert_cmpint (outbox_first_key (self), ==, 0);
  else
    {
      entry = outbox_first_entry (self);
      g_assert_cmpint (tvm_outbox_entry_get_state (entry, tvm_now_us ()), ==, TVM_OUTBOX_COMPLETED);
    }
  tvm_set_clock_us (0);
}

static void
test_completed_arrived (SyncFixture *self, gconstpointer data)
{
  look_for_completed (self, 1);
}

static void
test_completed_lost (SyncFixture *self, gconstpointer data)
{
  look_for_completed (self, 0);
}

/* A person who knows that it may have arrived may send it all the same, after one more look. */
static void
test_send_anyway (SyncFixture *self, gconstpointer data)
{
  g_autoptr(TvmActivity) activity = NULL;
  gint64 now_us = tvm_now_us ();

  tvm_sync_engine_set_look_again (self->engine, 15 * 60 * TVM_SECOND_US);
  activity = submit_and_lose (self, "reset");
  tvm_set_clock_us (now_us);
  for (int i = 0; i < 2; i++)
    {
      g_assert_true (tvm_sync_engine_push_outbox (self->engine, NULL, NULL, NULL));
      g_assert_cmpuint (outbox_count_posts (self), ==, 0);
      tvm_set_clock_us (now_us + 11 * TVM_SECOND_US);
    }
  g_assert_true (tvm_sync_engine_retry_outbox (self->engine, outbox_first_key (self), NULL, NULL));
  tvm_set_clock_us (0);
  g_assert_cmpuint (outbox_count_posts (self), ==, 1);
}

#define UNLISTED "0f0e0d0c-1111-4222-8333-444455556666"

/* A ticket that another activity has in Intune, unlike what Intune's list says. */
static void
add_unlisted (SyncFixture *self, gint64 key)
{
  g_autoptr(TvmTicket) ticket = tvm_ticket_new ();

  ticket->id = g_strdup (UNLISTED);
  ticket->status = TVM_TICKET_PENDING;
  g_assert_true (tvm_store_outbox_sent (self->store, key, ticket, 0, NULL));
}

/* A list that lacks tickets says nothing: the doubt stays, and nothing is sent or revoked, until the
 * service itself says that those are gone. */
static void
test_disbelieved (SyncFixture *self, gconstpointer data)
{
  g_autoptr(TvmActivity) other = NULL, listed = NULL;
  g_autoptr(TvmActivity) activity = NULL;
  g_autoptr(GError) error = NULL;
  gint64 key;

  sync_fixture_sync_plain (self);
  other = outbox_submit (self, TVM_TYPE_UPDATE);
  g_assert_true (tvm_sync_engine_push_outbox (self->engine, NULL, NULL, NULL));
  listed = outbox_submit (self, TVM_TYPE_UPDATE);
  add_unlisted (self, outbox_first_key (self));
  activity = outbox_submit (self, TVM_TYPE_UPDATE);
  key = outbox_first_key (self);
  sync_fixture_fault (self, OUTBOX_TICKETS_PATH "/" UNLISTED, "GET",
                      "\"kind\":\"status\",\"status\":400,\"times\":5");
  sync_fixture_fault (self, OUTBOX_TICKETS_PATH, "POST", "\"kind\":\"reset\"");
  g_assert_false (tvm_sync_engine_push_outbox (self->engine, NULL, NULL, NULL));
  sync_fixture_fault (self, OUTBOX_TICKETS_PATH, "POST", "\"kind\":\"status\",\"status\":400");
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(TvmOutboxEntry) entry = NULL;

      g_clear_error (&error);
      g_assert_false (tvm_sync_engine_retry_outbox (self->engine, key, NULL, &error));
      g_assert_error (error, TVM_ERROR, TVM_ERROR_BAD_RESPONSE);
      entry = outbox_first_entry (self);
      g_assert_true (entry->was_sent);
      g_assert_false (entry->is_parked);
      g_assert_false (tvm_sync_engine_revoke_outbox (self->engine, key, NULL, NULL));
      g_assert_false (tvm_store_outbox_sending (self->store, key, NULL));
    }
  g_assert_cmpuint (outbox_count_posts (self), ==, 1);
  g_clear_error (&error);
  g_assert_false (tvm_sync_engine_retry_outbox (self->engine, key, NULL, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_REJECTED);
  g_assert_true (tvm_sync_engine_revoke_outbox (self->engine, key, NULL, NULL));
  outbox_assert_revoked (self, activity);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  OUTBOX_ADD ("/outbox/revoke-arrived", test_revoke_arrived);
  OUTBOX_ADD ("/outbox/interrupted", test_interrupted);
  OUTBOX_ADD ("/outbox/short-look", test_short_look);
  OUTBOX_ADD ("/outbox/short-look-revoke", test_short_look_revoke);
  OUTBOX_ADD ("/outbox/old-looks", test_old_looks);
  OUTBOX_ADD ("/outbox/lacks-one", test_lacks_one);
  OUTBOX_ADD ("/outbox/lost-on-the-way", test_lost_on_the_way);
  OUTBOX_ADD ("/outbox/send-anyway", test_send_anyway);
  OUTBOX_ADD ("/outbox/completed-arrived", test_completed_arrived);
  OUTBOX_ADD ("/outbox/completed-lost", test_completed_lost);
  OUTBOX_ADD ("/outbox/disbelieved", test_disbelieved);
  return g_test_run ();
}

/* test-outbox.c: order, back-off, parking, retrying and revoking what waits to be sent (R4, R14).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "outbox.h"
#include "tvm-error.h"
#include "tvm-sync-private.h"
#include "tvm-time.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

static const SyncFixtureOptions connected = { .intune = TRUE };

static void
run_sql (SyncFixture *self, const char *sql)
{
  g_autofree char *path = g_build_filename (self->directory, "store.db", NULL);
  sqlite3 *handle;

  g_assert_cmpint (sqlite3_open (path, &handle), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (handle, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (handle);
}

/* A second ticket for the activity, as a split makes. */
static void
add_ticket (SyncFixture *self, const char *activity_id)
{
  g_autofree char *sql =
    g_strdup_printf ("INSERT INTO ticket (activity_key, marker, status, devices) SELECT key, 'TVM-'||id, 1, 1 "
                     "FROM activity WHERE id = '%s'; INSERT INTO ticket_device SELECT last_insert_rowid (), "
                     "device_key FROM ticket_device LIMIT 1", activity_id);

  run_sql (self, sql);
}

/* The first ticket's failure holds up the second one of the same activity, and no other activity's. */
static void
test_order (SyncFixture *self, gconstpointer data)
{
  g_autoptr(TvmActivity) first = NULL;
  g_autoptr(TvmActivity) second = NULL;
  g_autoptr(GPtrArray) left = NULL;
  g_autoptr(GPtrArray) tickets = NULL;

  sync_fixture_sync_plain (self);
  first = outbox_submit (self, TVM_TYPE_UPDATE);
  add_ticket (self, first->id);
  second = outbox_submit (self, TVM_TYPE_UPDATE);
  sync_fixture_fault (self, OUTBOX_TICKETS_PATH, "POST", "\"kind\":\"status\",\"status\":400");
  g_assert_false (tvm_sync_engine_push_outbox (self->engine, NULL, NULL, NULL));
  left = tvm_store_list_outbox (self->store, FALSE, NULL);
  g_assert_cmpuint (left->len, ==, 2);
  g_assert_cmpint (tvm_outbox_entry_get_state (left->pdata[0], tvm_now_us ()), ==, TVM_OUTBOX_PARKED);
  g_assert_cmpint (tvm_outbox_entry_get_state (left->pdata[1], tvm_now_us ()), ==, TVM_OUTBOX_HELD);
  tickets = tvm_store_list_tickets (self->store, second->id, NULL);
  g_assert_nonnull (((TvmTicket *) tickets->pdata[0])->id);
  g_assert_true (tvm_sync_engine_retry_outbox (self->engine, outbox_first_key (self), NULL, NULL));
  g_assert_cmpint (outbox_first_key (self), ==, 0);
  g_assert_cmpuint (outbox_count_posts (self), ==, 3);
}

/* Each failure waits longer, at most an hour; only time or a person sends it again. */
static void
test_backoff (SyncFixture *self, gconstpointer data)
{
  g_autoptr(TvmActivity) activity = NULL;
  gint64 now_us = g_get_real_time ();

  for (int i = 0; i < 70; i++)
    {
      gint64 wait_us = tvm_sync_outbox_backoff_us (i);
      gint64 most_us = MIN (30 * TVM_SECOND_US << MIN (i, 10), TVM_HOUR_US);

      g_assert_cmpint (wait_us, >=, most_us / 2);
      g_assert_cmpint (wait_us, <=, most_us);
    }
  sync_fixture_sync_plain (self);
  activity = outbox_submit (self, TVM_TYPE_UPDATE);
  sync_fixture_fault (self, OUTBOX_TICKETS_PATH, "POST", "\"kind\":\"reset\",\"times\":3");
  for (int i = 0; i < 3; i++)
    {
      g_autoptr(TvmOutboxEntry) entry = NULL;

      tvm_set_clock_us (now_us);
      g_assert_cmpint (outbox_push_due (self), ==, 0);
      entry = outbox_first_entry (self);
      g_assert_cmpint (entry->attempts, ==, i + 1);
      g_assert_cmpint (tvm_outbox_entry_get_state (entry, now_us), ==, TVM_OUTBOX_UNSURE);
      g_assert_cmpint (entry->next_attempt_us, >=, now_us + (15 * TVM_SECOND_US << i));
      tvm_set_clock_us (entry->next_attempt_us - 1);
      outbox_push_due (self);
      g_assert_cmpint (outbox_first_key (self), ==, entry->ticket_key);
      now_us = entry->next_attempt_us;
    }
  tvm_set_clock_us (now_us);
  g_assert_cmpint (outbox_push_due (self), ==, 1);
  tvm_set_clock_us (0);
  g_assert_cmpuint (outbox_count_posts (self), ==, 1);
}

/* What the service asks for holds for people too. */
static void
test_retry_after (SyncFixture *self, gconstpointer data)
{
  g_autoptr(TvmActivity) activity = NULL;
  g_autoptr(TvmOutboxEntry) entry = NULL;
  g_autoptr(GError) error = NULL;
  gint64 now_us = g_get_real_time ();

  sync_fixture_sync_plain (self);
  activity = outbox_submit (self, TVM_TYPE_UPDATE);
  tvm_set_clock_us (now_us);
  sync_fixture_fault (self, OUTBOX_TICKETS_PATH, "POST", "\"kind\":\"status\",\"status\":503,\"retry_after\":900");
  g_assert_true (tvm_sync_engine_push_outbox (self->engine, NULL, NULL, NULL));
  entry = outbox_first_entry (self);
  g_assert_cmpint (entry->not_before_us, ==, now_us + 900 * TVM_SECOND_US);
  tvm_set_clock_us (now_us + 899 * TVM_SECOND_US);
  g_assert_false (tvm_sync_engine_retry_outbox (self->engine, entry->ticket_key, NULL, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_THROTTLED);
  g_assert_cmpuint (outbox_count_posts (self), ==, 0);
  tvm_set_clock_us (now_us + 900 * TVM_SECOND_US);
  g_assert_true (tvm_sync_engine_retry_outbox (self->engine, entry->ticket_key, NULL, NULL));
  tvm_set_clock_us (0);
  g_assert_cmpuint (outbox_count_posts (self), ==, 1);
}

/* Throttled for long: the push does not wait for that, nothing else goes out before that time, and
 * the entry may be revoked meanwhile. */
static void
test_throttled (SyncFixture *self, gconstpointer data)
{
  g_autoptr(TvmActivity) activity = NULL, other = NULL;
  g_autoptr(TvmOutboxEntry) entry = NULL;
  g_autoptr(GError) error = NULL;

  sync_fixture_sync_plain (self);
  activity = outbox_submit (self, TVM_TYPE_UPDATE);
  other = outbox_submit (self, TVM_TYPE_UPDATE);
  sync_fixture_fault (self, OUTBOX_TICKETS_PATH, "POST", "\"kind\":\"status\",\"status\":429,\"retry_after\":600");
  g_assert_true (tvm_sync_engine_push_outbox (self->engine, NULL, NULL, &error));
  g_assert_no_error (error);
  entry = outbox_first_entry (self);
  g_assert_cmpint (tvm_outbox_entry_get_state (entry, tvm_now_us ()), ==, TVM_OUTBOX_WAITING);
  g_assert_cmpint (entry->not_before_us, >, tvm_now_us () + 590 * TVM_SECOND_US);
  sync_fixture_sync_plain (self);
  g_assert_cmpuint (outbox_count_posts (self), ==, 0);
  g_assert_true (tvm_sync_engine_revoke_outbox (self->engine, entry->ticket_key, NULL, NULL));
  g_assert_true (outbox_has_line (self, activity->id, "ticket-revoked"));
  g_assert_true (tvm_sync_engine_push_outbox (self->engine, NULL, NULL, NULL));
  g_assert_cmpuint (outbox_count_posts (self), ==, 0);
}

/* Throttled for a moment: sent within the same push. One that is put off without a time was not made
 * either, and is sent next time without being looked for. */
static void
test_put_off (SyncFixture *self, gconstpointer data)
{
  static const char *const faults[] = { "429,\"retry_after\":1", "503,\"retry_after\":1", "429" };
  g_autoptr(TvmActivity) activity = NULL;
  g_autoptr(TvmOutboxEntry) entry = NULL;
  guint n = G_N_ELEMENTS (faults);

  sync_fixture_sync_plain (self);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *fault = g_strconcat ("\"kind\":\"status\",\"status\":", faults[i], NULL);

      g_clear_pointer (&activity, tvm_activity_unref);
      activity = outbox_submit (self, TVM_TYPE_UPDATE);
      sync_fixture_fault (self, OUTBOX_TICKETS_PATH, "POST", fault);
      g_assert_true (tvm_sync_engine_push_outbox (self->engine, NULL, NULL, NULL));
      g_assert_cmpuint (outbox_count_posts (self), ==, i + 1);
    }
  tvm_sync_engine_set_look_again (self->engine, TVM_HOUR_US);
  g_clear_pointer (&activity, tvm_activity_unref);
  activity = outbox_submit (self, TVM_TYPE_UPDATE);
  sync_fixture_fault (self, OUTBOX_TICKETS_PATH, "POST", "\"kind\":\"status\",\"status\":503");
  g_assert_false (tvm_sync_engine_push_outbox (self->engine, NULL, NULL, NULL));
  entry = outbox_first_entry (self);
  g_assert_cmpint (tvm_outbox_entry_get_state (entry, tvm_now_us ()), ==, TVM_OUTBOX_WAITING);
  g_assert_true (tvm_sync_engine_push_outbox (self->engine, NULL, NULL, NULL));
  g_assert_cmpuint (outbox_count_posts (self), ==, n + 1);
}

/* data: the status. Parked with the service's words; the activity stays; a retry sends it. */
static void
test_parked (SyncFixture *self, gconstpointer data)
{
  static const int statuses[] = { 400, 403, 404, 409 };

  sync_fixture_sync_plain (self);
  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      g_autoptr(TvmActivity) activity = outbox_submit (self, TVM_TYPE_UPDATE);
      g_autofree char *fault = g_strdup_printf ("\"kind\":\"status\",\"status\":%d", statuses[i]);
      g_autoptr(TvmActivity) after = NULL;
      g_autoptr(TvmOutboxEntry) entry = NULL;

      sync_fixture_fault (self, OUTBOX_TICKETS_PATH, "POST", fault);
      g_assert_false (tvm_sync_engine_push_outbox (self->engine, NULL, NULL, NULL));
      entry = outbox_first_entry (self);
      g_assert_true (entry->is_parked);
      g_assert_nonnull (strstr (entry->last_error, "correlation id"));
      g_assert_cmpint (entry->was_sent, ==, statuses[i] == 409);
      after = tvm_store_get_activity (self->store, activity->id, NULL);
      g_assert_cmpint (after->ticket_status, ==, TVM_TICKET_FAILED);
      g_assert_cmpint (after->status, ==, TVM_STATUS_ACTIVE);
      g_assert_true (outbox_has_line (self, activity->id, "ticket-failed"));
      sync_fixture_sync_plain (self);
      g_assert_cmpuint (outbox_count_posts (self), ==, i);
      g_assert_true (tvm_sync_engine_retry_outbox (self->engine, entry->ticket_key, NULL, NULL));
      g_assert_cmpuint (outbox_count_posts (self), ==, i + 1);
      g_assert_cmpint (outbox_first_key (self), ==, 0);
    }
}

/* Waiting, refused, lost on the way: gone here, and never made there. */
static void
test_revoke (SyncFixture *self, gconstpointer data)
{
  static const char *const faults[] = { NULL, "\"kind\":\"status\",\"status\":400", "\"kind\":\"reset\"" };

  sync_fixture_sync_plain (self);
  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_autoptr(TvmActivity) activity = outbox_submit (self, TVM_TYPE_UPDATE);
      gint64 key = outbox_first_key (self);
      g_autoptr(GError) error = NULL;

      if (faults[i] != NULL)
        {
          sync_fixture_fault (self, OUTBOX_TICKETS_PATH, "POST", faults[i]);
          g_assert_false (tvm_sync_engine_push_outbox (self->engine, NULL, NULL, NULL));
        }
      tvm_sync_engine_revoke_outbox (self->engine, key, NULL, &error);
      g_assert_no_error (error);
      outbox_assert_revoked (self, activity);
      g_assert_false (tvm_sync_engine_revoke_outbox (self->engine, key, NULL, &error));
      g_assert_error (error, TVM_ERROR, TVM_ERROR_NOT_FOUND);
    }
  sync_fixture_sync_plain (self);
  g_assert_cmpuint (outbox_count_posts (self), ==, 0);
}

/* What is completed sends no ticket, whoever completed it, until it is active again (R7); a person
 * may revoke the ticket, but not send it. */
static void
test_completed (SyncFixture *self, gconstpointer data)
{
  static const char *const faults[] = { NULL, "\"kind\":\"status\",\"status\":400" };

  sync_fixture_sync_plain (self);
  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_autoptr(TvmActivity) activity = outbox_submit (self, TVM_TYPE_UPDATE);
      g_autoptr(TvmOutboxEntry) entry = NULL;
      g_autoptr(GError) error = NULL;

      if (faults[i] != NULL)
        {
          sync_fixture_fault (self, OUTBOX_TICKETS_PATH, "POST", faults[i]);
          g_assert_false (tvm_sync_engine_push_outbox (self->engine, NULL, NULL, NULL));
        }
      g_assert_true (tvm_sync_engine_complete (self->engine, activity->id, NULL, NULL));
      g_assert_true (tvm_sync_engine_push_outbox (self->engine, NULL, NULL, &error));
      g_assert_no_error (error);
      sync_fixture_sync_plain (self);
      g_assert_cmpuint (outbox_count_posts (self), ==, i);
      entry = outbox_first_entry (self);
      g_assert_cmpint (tvm_outbox_entry_get_state (entry, tvm_now_us ()), ==, TVM_OUTBOX_COMPLETED);
      g_assert_false (tvm_sync_engine_retry_outbox (self->engine, entry->ticket_key, NULL, &error));
      g_assert_error (error, TVM_ERROR, TVM_ERROR_CONFLICT);
      g_clear_error (&error);
      g_assert_false (tvm_store_outbox_sending (self->store, entry->ticket_key, &error));
      g_assert_error (error, TVM_ERROR, TVM_ERROR_CONFLICT);
      g_assert_cmpuint (outbox_count_posts (self), ==, i);
      g_assert_true (tvm_store_undo_complete (self->store, activity->id, NULL, NULL));
      g_assert_true (tvm_sync_engine_retry_outbox (self->engine, entry->ticket_key, NULL, NULL));
      g_assert_cmpuint (outbox_count_posts (self), ==, i + 1);
    }
}

/* A lock that cannot be had stops sending, and is told; another program that sends is no failure. */
static void
test_lock (SyncFixture *self, gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->directory, "outbox.lock", NULL);
  g_autoptr(TvmActivity) activity = NULL;
  g_autoptr(GError) error = NULL;
  int fd;

  sync_fixture_sync_plain (self);
  g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
  sync_fixture_sync_plain (self); /* nothing is to be sent */
  activity = outbox_submit (self, TVM_TYPE_UPDATE);
  g_assert_false (tvm_sync_engine_push_outbox (self->engine, NULL, NULL, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_FAILED);
  g_assert_nonnull (strstr (error->message, path));
  g_clear_error (&error);
  g_assert_false (tvm_sync_engine_retry_outbox (self->engine, outbox_first_key (self), NULL, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_FAILED);
  g_assert_cmpuint (outbox_count_posts (self), ==, 0);
  g_assert_cmpint (g_rmdir (path), ==, 0);
  fd = g_open (path, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
  g_assert_cmpint (flock (fd, LOCK_EX | LOCK_NB), ==, 0);
  sync_fixture_sync_plain (self);
  g_assert_cmpuint (outbox_count_posts (self), ==, 0);
  close (fd);
  sync_fixture_sync_plain (self);
  g_assert_cmpuint (outbox_count_posts (self), ==, 1);
}

/* With no connection at all nothing can have arrived: it can be taken back offline. */
static void
test_unreachable (SyncFixture *self, gconstpointer data)
{
  g_autoptr(TvmActivity) activity = NULL;
  g_autoptr(TvmOutboxEntry) entry = NULL;
  g_autoptr(GError) error = NULL;

  sync_fixture_sync_plain (self);
  activity = outbox_submit (self, TVM_TYPE_UPDATE);
  sync_fixture_stop_tenant (self);
  g_assert_false (tvm_sync_engine_push_outbox (self->engine, NULL, NULL, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_OFFLINE);
  entry = outbox_first_entry (self);
  g_assert_false (entry->was_sent);
  g_assert_cmpint (entry->next_attempt_us, >, tvm_now_us ());
  g_assert_true (tvm_sync_engine_revoke_outbox (self->engine, entry->ticket_key, NULL, NULL));
  outbox_assert_revoked (self, activity);
}

/* Until the main context has heard of it all: whether a sign-in is required, and the timer runs. */
static void
wait_for (SyncFixture *self, gboolean sign_in_required, gboolean is_armed)
{
  gboolean is_required = !sign_in_required, is_syncing = TRUE;

  tvm_sync_engine_refresh_state (self->engine);
  while (is_required != sign_in_required || is_syncing || (self->engine->outbox_source != NULL) != is_armed)
    {
      g_main_context_iteration (NULL, TRUE);
      g_object_get (self->engine, "sign-in-required", &is_required, "syncing", &is_syncing, NULL);
    }
}

/* The timer that sends again what failed rests while nobody would be let in, and goes on afterwards. */
static void
test_rests (SyncFixture *self, gconstpointer data)
{
  g_autoptr(TvmActivity) activity = NULL;
  g_autoptr(TvmOutboxEntry) entry = NULL;
  g_autoptr(GPtrArray) results = NULL;
  g_autoptr(TvmRecommendation) recommendation = NULL;
  g_autoptr(GError) error = NULL;

  sync_fixture_sync_plain (self);
  activity = outbox_submit (self, TVM_TYPE_UPDATE);
  sync_fixture_fault (self, OUTBOX_TICKETS_PATH, "POST", "\"kind\":\"status\",\"status\":503,\"times\":99");
  g_assert_false (tvm_sync_engine_push_outbox (self->engine, NULL, NULL, NULL));
  tvm_sync_engine_set_config (self->engine, "sync-interval-minutes", "60", NULL, &error);
  g_assert_no_error (error);
  tvm_sync_engine_set_automatic (self->engine, TRUE);
  do /* after the one that began by itself */
    {
      g_main_context_iteration (NULL, FALSE);
      g_clear_error (&error);
      g_clear_pointer (&results, g_ptr_array_unref);
      results = tvm_sync_engine_sync (self->engine, FALSE, NULL, NULL, NULL, &error);
    }
  while (g_error_matches (error, TVM_ERROR, TVM_ERROR_CONFLICT));
  wait_for (self, FALSE, TRUE);
  json_object_unref (sync_fixture_order (self, "sign-in/revoke", "{}"));
  json_object_unref (sync_fixture_order (self, "tokens/expire", "{}"));
  g_clear_error (&error);
  recommendation = sync_fixture_pick (self, TVM_TYPE_UPDATE);
  g_assert_false (tvm_sync_engine_fetch_recommendation (self->engine, recommendation->id, NULL, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_AUTH_REQUIRED);
  wait_for (self, TRUE, FALSE);
  entry = outbox_first_entry (self);
  g_assert_cmpint (entry->next_attempt_us, >, tvm_now_us ()); /* it still waits for its time */
  sync_fixture_sign_in (self);
  wait_for (self, FALSE, TRUE);
  tvm_sync_engine_set_automatic (self->engine, FALSE);
  g_assert_null (self->engine->outbox_source);
  g_assert_cmpuint (outbox_count_posts (self), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  OUTBOX_ADD ("/outbox/order", test_order);
  OUTBOX_ADD ("/outbox/backoff", test_backoff);
  OUTBOX_ADD ("/outbox/retry-after", test_retry_after);
  OUTBOX_ADD ("/outbox/throttled", test_throttled);
  OUTBOX_ADD ("/outbox/put-off", test_put_off);
  OUTBOX_ADD ("/outbox/parked", test_parked);
  OUTBOX_ADD ("/outbox/revoke", test_revoke);
  OUTBOX_ADD ("/outbox/completed", test_completed);
  OUTBOX_ADD ("/outbox/lock", test_lock);
  OUTBOX_ADD ("/outbox/unreachable", test_unreachable);
  OUTBOX_ADD ("/outbox/rests-while-sign-in-required", test_rests);
  return g_test_run ();
}

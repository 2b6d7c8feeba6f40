/* test-waiting.c: what must not wait for the network, while a service is slow; and what stopping one
 * thing leaves alone. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "sync-fixture.h"
#include "tvm-error.h"
#include "tvm-time.h"
#include "tvm-sync-private.h"

#define TICKETS_PATH "/beta/deviceAppManagement/deviceAppManagementTasks"

static const SyncFixtureOptions connected = { .intune = TRUE };
static const char slow_answer[] = "\"kind\":\"stall\"";

/* Until the tenant has been asked what it answers late. */
static void
wait_for_fault (SyncFixture *self)
{
  gint64 n_left;

  do
    {
      g_autoptr(JsonObject) stats = sync_fixture_order (self, "stats", NULL);

      g_main_context_iteration (NULL, FALSE);
      n_left = json_object_get_int_member (stats, "faults_left");
    }
  while (n_left > 0);
}

static TvmOutboxEntry *
first_entry (SyncFixture *self)
{
  g_autoptr(GPtrArray) list = tvm_store_list_outbox (self->store, FALSE, NULL);

  g_assert_cmpuint (list->len, >, 0);
  return g_ptr_array_steal_index (list, 0);
}

static void
requested_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  TvmActivity **activity = user_data;

  *activity = tvm_sync_engine_request_finish (TVM_SYNC_ENGINE (object), result, NULL);
  g_assert_nonnull (*activity);
}

/* The request is done while its ticket is on its way; what works offline works beside that, and
 * signing out ends it. Completed meanwhile, it goes out again only once that is undone. */
static void
test_request (SyncFixture *self, gconstpointer data)
{
  g_autoptr(TvmRecommendation) recommendation = NULL;
  g_autoptr(TvmRequest) request = NULL;
  g_autoptr(TvmActivity) activity = NULL;
  g_autoptr(TvmOutboxEntry) entry = NULL;
  g_autoptr(GError) error = NULL;

  sync_fixture_sync_plain (self);
  recommendation = sync_fixture_pick (self, TVM_TYPE_UPDATE);
  request = sync_fixture_new_request (recommendation, TRUE);
  sync_fixture_fault (self, TICKETS_PATH, "POST", slow_answer);
  tvm_sync_engine_request_async (self->engine, request, NULL, requested_cb, &activity);
  while (activity == NULL)
    g_main_context_iteration (NULL, TRUE);
  wait_for_fault (self);
  entry = first_entry (self);
  g_assert_cmpint (entry->sending_us, !=, 0);
  g_assert_false (tvm_sync_engine_retry_outbox (self->engine, entry->ticket_key, NULL, NULL));
  g_assert_false (tvm_sync_engine_revoke_outbox (self->engine, entry->ticket_key, NULL,
                                                 &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_CONFLICT);
  g_assert_true (tvm_sync_engine_complete (self->engine, activity->id, NULL, NULL));
  g_assert_true (tvm_sync_engine_sign_out (self->engine, FALSE, NULL, NULL));
  sync_fixture_sign_in (self);
  g_assert_true (tvm_sync_engine_push_outbox (self->engine, NULL, NULL, NULL));
  g_assert_cmpuint (sync_fixture_count_tickets (self, NULL, NULL), ==, 0);
  g_assert_true (tvm_store_undo_complete (self->store, activity->id, NULL, NULL));
  g_assert_true (tvm_sync_engine_push_outbox (self->engine, NULL, NULL, NULL));
  g_assert_cmpuint (sync_fixture_count_tickets (self, NULL, NULL), ==, 1);
}

/* While a push waits for a moment because the service asked for it, the entry is everybody's. */
static void
test_short_wait (SyncFixture *self, gconstpointer data)
{
  g_autoptr(TvmRecommendation) recommendation = NULL;
  g_autoptr(TvmRequest) request = NULL;
  g_autoptr(TvmActivity) activity = NULL;
  g_autoptr(TvmOutboxEntry) entry = NULL;
  g_autoptr(GError) error = NULL;

  sync_fixture_sync_plain (self);
  recommendation = sync_fixture_pick (self, TVM_TYPE_UPDATE);
  request = sync_fixture_new_request (recommendation, TRUE);
  sync_fixture_fault (self, TICKETS_PATH, "POST", "\"kind\":\"status\",\"status\":429,\"retry_after\":25");
  tvm_sync_engine_request_async (self->engine, request, NULL, requested_cb, &activity);
  while (activity == NULL)
    g_main_context_iteration (NULL, TRUE);
  wait_for_fault (self);
  do
    {
      g_clear_pointer (&entry, tvm_outbox_entry_free);
      entry = first_entry (self);
      g_main_context_iteration (NULL, FALSE);
    }
  while (entry->sending_us != 0);
  g_assert_cmpint (tvm_outbox_entry_get_state (entry, tvm_now_us ()), ==, TVM_OUTBOX_WAITING);
  g_assert_true (tvm_sync_engine_revoke_outbox (self->engine, entry->ticket_key, NULL, &error));
  g_assert_no_error (error);
  tvm_sync_push_cancel (self->engine);
  g_assert_true (tvm_sync_engine_push_outbox (self->engine, NULL, NULL, NULL));
  g_assert_cmpuint (sync_fixture_count_tickets (self, NULL, NULL), ==, 0);
}

static void
bulk_done_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GPtrArray **results = user_data;

  *results = tvm_sync_engine_bulk_finish (TVM_SYNC_ENGINE (object), result, NULL);
  g_assert_nonnull (*results);
}

static void
test_bulk (SyncFixture *self, gconstpointer data)
{
  g_autoptr(TvmRecommendation) recommendation = NULL;
  g_autoptr(TvmRequest) request = NULL;
  g_autoptr(GPtrArray) results = NULL;
  g_autoptr(TvmOutboxEntry) entry = NULL;
  TvmBulk bulk = { .kind = TVM_BULK_REQUEST };

  sync_fixture_sync_plain (self);
  recommendation = sync_fixture_pick (self, TVM_TYPE_UPDATE);
  request = sync_fixture_new_request (recommendation, TRUE);
  bulk.request = request;
  bulk.ids = (const char *const []) { recommendation->id, NULL };
  sync_fixture_fault (self, TICKETS_PATH, "POST", slow_answer);
  tvm_sync_engine_bulk_async (self->engine, &bulk, NULL, bulk_done_cb, &results);
  while (results == NULL)
    g_main_context_iteration (NULL, TRUE);
  wait_for_fault (self);
  entry = first_entry (self);
  g_assert_cmpint (entry->sending_us, !=, 0);
  tvm_sync_push_cancel (self->engine);
}

/* Something that runs beside the test, and how it ended. */
typedef struct {
  SyncFixture  *fixture;
  GCancellable *cancellable;
  gboolean      good;
  GError       *error;
  int           is_done;  /* atomic */
} Beside;

static gpointer
sync_beside (gpointer user_data)
{
  Beside *beside = user_data;
  g_autoptr(GPtrArray) results =
    tvm_sync_engine_sync (beside->fixture->engine, FALSE, NULL, NULL, beside->cancellable,
                          &beside->error);

  g_assert_nonnull (results);
  return NULL;
}

/* A sync that a sign-out stops leaves the cancellable alone that the window syncs with: the next one
 * says that nobody is signed in, or works. */
static void
test_stopped_sync (SyncFixture *self, gconstpointer data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  Beside beside = { .fixture = self, .cancellable = cancellable };
  GThread *thread;

  sync_fixture_fault (self, "/api/machines", "GET", slow_answer);
  thread = g_thread_new ("sync", sync_beside, &beside);
  wait_for_fault (self);
  g_assert_true (tvm_sync_engine_sign_out (self->engine, TRUE, NULL, NULL));
  g_thread_join (thread);
  g_assert_error (beside.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&beside.error);
  g_assert_false (g_cancellable_is_cancelled (cancellable));
  sync_beside (&beside);
  g_assert_error (beside.error, TVM_ERROR, TVM_ERROR_AUTH_REQUIRED);
  g_clear_error (&beside.error);
}

/* The window's own cancel still ends it. */
static void
test_cancelled_sync (SyncFixture *self, gconstpointer data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  Beside beside = { .fixture = self, .cancellable = cancellable };
  GThread *thread;

  sync_fixture_fault (self, "/api/machines", "GET", slow_answer);
  thread = g_thread_new ("sync", sync_beside, &beside);
  wait_for_fault (self);
  g_cancellable_cancel (cancellable);
  g_thread_join (thread);
  g_assert_error (beside.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&beside.error);
}

static gpointer
connect_beside (gpointer user_data)
{
  Beside *beside = user_data;

  beside->good = tvm_sync_engine_set_config (beside->fixture->engine, "intune-connection", "true",
                                             beside->cancellable, &beside->error);
  g_atomic_int_set (&beside->is_done, TRUE);
  return NULL;
}

/* What works offline does not wait for the check of the Microsoft Intune connection. */
static void
test_connecting (SyncFixture *self, gconstpointer data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(TvmRecommendation) recommendation = NULL;
  g_autoptr(TvmRequest) request = NULL;
  g_autoptr(TvmActivity) activity = NULL;
  Beside beside = { .fixture = self, .cancellable = cancellable };
  GThread *thread;

  sync_fixture_sync_plain (self);
  recommendation = sync_fixture_pick (self, TVM_TYPE_UPDATE);
  request = sync_fixture_new_request (recommendation, FALSE);
  activity = sync_fixture_submit (self, request);
  sync_fixture_fault (self, TICKETS_PATH, "GET", slow_answer);
  thread = g_thread_new ("connect", connect_beside, &beside);
  wait_for_fault (self);
  g_assert_true (tvm_sync_engine_complete (self->engine, activity->id, NULL, NULL));
  g_assert_true (tvm_sync_engine_set_config (self->engine, "it-admin-email", "", NULL, NULL));
  g_assert_false (g_atomic_int_get (&beside.is_done));
  g_cancellable_cancel (cancellable);
  g_thread_join (thread);
  g_assert_error (beside.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&beside.error);
}

/* What is decided while it is checked is the last word. */
static void
test_disconnected (SyncFixture *self, gconstpointer data)
{
  Beside beside = { .fixture = self };
  g_autofree char *after = NULL;
  GThread *thread;

  sync_fixture_fault (self, TICKETS_PATH, "GET", "\"kind\":\"delay\",\"delay_ms\":2000");
  thread = g_thread_new ("connect", connect_beside, &beside);
  wait_for_fault (self);
  g_assert_true (tvm_sync_engine_set_config (self->engine, "intune-connection", "false", NULL,
                                             NULL));
  g_thread_join (thread);
  g_assert_false (beside.good);
  g_assert_error (beside.error, TVM_ERROR, TVM_ERROR_CONFLICT);
  g_clear_error (&beside.error);
  after = tvm_sync_engine_get_config (self->engine, "intune-connection", NULL);
  g_assert_cmpstr (after, ==, "false");
}

#define ADD(path, options, test) \
  g_test_add (path, SyncFixture, options, sync_fixture_set_up, test, sync_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  ADD ("/waiting/request", &connected, test_request);
  ADD ("/waiting/bulk", &connected, test_bulk);
  ADD ("/waiting/short-wait", &connected, test_short_wait);
  ADD ("/waiting/stopped-sync", NULL, test_stopped_sync);
  ADD ("/waiting/cancelled-sync", NULL, test_cancelled_sync);
  ADD ("/waiting/connecting", NULL, test_connecting);
  ADD ("/waiting/disconnected", NULL, test_disconnected);
  return g_test_run ();
}

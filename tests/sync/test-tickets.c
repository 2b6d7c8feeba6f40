/* test-tickets.c: the main job end to end, and tickets whose answer is lost or refused (R4-R7).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "sync-fixture.h"
#include "tvm-error.h"

#include <string.h>

#define TICKETS_PATH "/beta/deviceAppManagement/deviceAppManagementTasks"

static const SyncFixtureOptions connected = { .intune = TRUE };

/* Orders the service to patch some targets, the others stay exposed. */
static void
patch (SyncFixture *self, const char *recommendation_id, GPtrArray *devices, guint first, guint n)
{
  g_autofree char *path = g_strconcat ("recommendations/", recommendation_id, "/patch", NULL);
  g_autoptr(GString) body = g_string_new ("{\"devices\":[");
  g_autoptr(JsonObject) answer = NULL;

  for (guint i = first; i < first + n; i++)
    g_string_append_printf (body, "%s\"%s\"", i > first ? "," : "", ((TvmDevice *) devices->pdata[i])->id);
  g_string_append (body, "]}");
  answer = sync_fixture_order (self, path, body->str);
  g_assert_cmpint (json_object_get_int_member (answer, "changed"), ==, n);
}

static GPtrArray *
take_group (GPtrArray *devices, const char *group)
{
  GPtrArray *chosen = g_ptr_array_new ();

  for (guint i = 0; i < devices->len; i++)
    if (g_strcmp0 (((TvmDevice *) devices->pdata[i])->group, group) == 0)
      g_ptr_array_add (chosen, devices->pdata[i]);
  return chosen;
}

static void
assert_ticket_devices (SyncFixture *self, GPtrArray *chosen)
{
  g_autoptr(GHashTable) sent = NULL;
  guint n_joined = 0;

  g_assert_cmpuint (sync_fixture_count_tickets (self, NULL, &sent), ==, 1);
  for (guint i = 0; i < chosen->len; i++)
    {
      const TvmDevice *device = chosen->pdata[i];
      g_autofree char *id = device->aad_device_id != NULL ? g_ascii_strdown (device->aad_device_id, -1) : NULL;

      if (!device->is_aad_joined || id == NULL)
        continue;
      g_assert_true (g_hash_table_contains (sent, id));
      n_joined++;
    }
  g_assert_cmpuint (g_hash_table_size (sent), ==, n_joined);
}

static TvmTicket *
get_ticket (SyncFixture *self, const char *activity_id)
{
  g_autoptr(GPtrArray) tickets = tvm_store_list_tickets (self->store, activity_id, NULL);

  g_assert_cmpuint (tickets->len, ==, 1);
  return tvm_ticket_ref (tickets->pdata[0]);
}

static void
assert_progress (SyncFixture *self, const char *id, int n_fixed, TvmActivityStatus status)
{
  g_autoptr(TvmActivity) activity = NULL;

  sync_fixture_sync_plain (self);
  activity = tvm_store_get_activity (self->store, id, NULL);
  g_assert_cmpint (activity->fixed_devices, ==, n_fixed);
  g_assert_cmpint (activity->status, ==, status);
  if (status == TVM_STATUS_COMPLETED)
    g_assert_cmpint (activity->completion, ==, TVM_COMPLETION_SYSTEM);
}

static void
accept_ticket (SyncFixture *self, const char *activity_id)
{
  g_autofree char *id = NULL;
  g_autofree char *path = NULL;
  g_autoptr(JsonObject) answer = NULL;
  g_autoptr(TvmTicket) ticket = NULL;

  sync_fixture_count_tickets (self, &id, NULL);
  path = g_strconcat ("tickets/", id, "/accept", NULL);
  answer = sync_fixture_order (self, path, "{\"assigned_to\":\"it@contoso.example\"}");
  sync_fixture_sync_plain (self);
  ticket = get_ticket (self, activity_id);
  g_assert_cmpint (ticket->status, ==, TVM_TICKET_ACTIVE);
  g_assert_cmpstr (ticket->id, ==, id);
  g_assert_cmpstr (ticket->assigned_to, ==, "it@contoso.example");
}

/* Request, ticket, accepted, half patched, all patched, completed by the system. */
static void
test_main_job (SyncFixture *self, gconstpointer data)
{
  g_autoptr(TvmRecommendation) recommendation = NULL;
  g_autoptr(GPtrArray) exposed = NULL;
  g_autoptr(GPtrArray) chosen = NULL;
  g_autoptr(TvmRequest) request = NULL;
  g_autoptr(TvmActivity) activity = NULL;
  g_autoptr(GError) error = NULL;
  g_auto(TvmRequestFacts) facts = TVM_REQUEST_FACTS_INIT;
  const char *group;
  int n_sent = -1;

  sync_fixture_sync_plain (self);
  recommendation = sync_fixture_pick (self, TVM_TYPE_UPDATE);
  tvm_sync_engine_fetch_recommendation (self->engine, recommendation->id, NULL, &error);
  g_assert_no_error (error);
  exposed = sync_fixture_list_exposed (self, recommendation->id);
  g_assert_cmpuint (exposed->len, ==, recommendation->exposed_devices);
  group = ((TvmDevice *) exposed->pdata[0])->group;
  chosen = take_group (exposed, group);
  request = sync_fixture_new_request (recommendation, TRUE);
  request->groups = g_strsplit (group, "\n", 1);
  activity = tvm_sync_engine_request (self->engine, request, FALSE, &facts, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (facts.coverage.covered, ==, chosen->len);
  g_assert_cmpint (facts.coverage.n_tickets, ==, 1);
  g_assert_cmpint (activity->target_devices, ==, chosen->len);
  g_assert_nonnull (strchr (activity->created_by, '@'));
  g_assert_cmpuint (sync_fixture_count_tickets (self, NULL, NULL), ==, 0);
  g_assert_true (tvm_sync_engine_push_outbox (self->engine, &n_sent, NULL, &error));
  g_assert_cmpint (n_sent, ==, 1);
  assert_ticket_devices (self, chosen);
  accept_ticket (self, activity->id);
  patch (self, recommendation->id, chosen, 0, chosen->len / 2);
  assert_progress (self, activity->id, (int) chosen->len / 2, TVM_STATUS_ACTIVE);
  patch (self, recommendation->id, chosen, chosen->len / 2, chosen->len - chosen->len / 2);
  assert_progress (self, activity->id, (int) chosen->len, TVM_STATUS_COMPLETED);
  g_assert_cmpuint (sync_fixture_count_tickets (self, NULL, NULL), ==, 1);
}

static TvmActivity *
submit_ticket (SyncFixture *self)
{
  g_autoptr(TvmRecommendation) recommendation = NULL;
  g_autoptr(TvmRequest) request = NULL;

  sync_fixture_sync_plain (self);
  recommendation = sync_fixture_pick (self, TVM_TYPE_UPDATE);
  request = sync_fixture_new_request (recommendation, TRUE);
  return sync_fixture_submit (self, request);
}

/* Nothing is exposed any more, whether the service still lists the recommendation or not; then some
 * devices are exposed again. */
static void
test_all_patched (SyncFixture *self, gconstpointer data)
{
  g_autoptr(TvmActivity) activity = submit_ticket (self);
  g_autofree char *patch_path = g_strconcat ("recommendations/", activity->recommendation_id, "/patch", NULL);
  g_autofree char *expose_path = g_strconcat ("recommendations/", activity->recommendation_id, "/expose", NULL);
  g_autoptr(GPtrArray) exposed = sync_fixture_list_exposed (self, activity->recommendation_id);
  g_autoptr(GPtrArray) left = NULL;
  g_autoptr(JsonObject) patched = NULL;
  g_autoptr(JsonObject) again = NULL;

  g_assert_cmpuint (exposed->len, ==, activity->target_devices);
  patch (self, activity->recommendation_id, exposed, 0, 3);
  assert_progress (self, activity->id, 3, TVM_STATUS_ACTIVE);
  again = sync_fixture_order (self, expose_path, "{\"count\":1}");
  g_assert_cmpint (json_object_get_int_member (again, "changed"), ==, 1);
  sync_fixture_sync_plain (self);
  left = sync_fixture_list_exposed (self, activity->recommendation_id);
  g_assert_cmpuint (left->len, ==, exposed->len - 2);
  patched = sync_fixture_order (self, patch_path, "{\"fraction\":1}");
  g_assert_cmpint (json_object_get_int_member (patched, "changed"), ==, left->len);
  assert_progress (self, activity->id, activity->target_devices, TVM_STATUS_COMPLETED);
}

static int
count_outbox (SyncFixture *self)
{
  TvmStoreCounts counts = { 0 };

  g_assert_true (tvm_store_counts (self->store, &counts, NULL));
  return counts.outbox;
}

/* The ticket was made, but nobody heard: it is found again, and there is one. */
static void
test_lost_answer (SyncFixture *self, gconstpointer kind)
{
  g_autoptr(TvmActivity) activity = submit_ticket (self);
  g_autoptr(TvmTicket) ticket = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *id = NULL;

  sync_fixture_fault (self, TICKETS_PATH, "POST", "\"kind\":\"cut\"");
  g_assert_false (tvm_sync_engine_push_outbox (self->engine, NULL, NULL, &error));
  g_assert_nonnull (error);
  g_assert_cmpuint (sync_fixture_count_tickets (self, &id, NULL), ==, 1);
  g_assert_cmpint (count_outbox (self), ==, 1);
  sync_fixture_sync_plain (self);
  g_assert_cmpuint (sync_fixture_count_tickets (self, NULL, NULL), ==, 1);
  g_assert_cmpint (count_outbox (self), ==, 0);
  ticket = get_ticket (self, activity->id);
  g_assert_cmpstr (ticket->id, ==, id);
}

/* The request never arrived: it is sent once more. */
static void
test_lost_request (SyncFixture *self, gconstpointer data)
{
  g_autoptr(TvmActivity) activity = submit_ticket (self);
  g_autoptr(GError) error = NULL;

  sync_fixture_fault (self, TICKETS_PATH, "POST", "\"kind\":\"reset\"");
  g_assert_false (tvm_sync_engine_push_outbox (self->engine, NULL, NULL, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_OFFLINE);
  g_assert_cmpuint (sync_fixture_count_tickets (self, NULL, NULL), ==, 0);
  sync_fixture_sync_plain (self);
  g_assert_cmpuint (sync_fixture_count_tickets (self, NULL, NULL), ==, 1);
  sync_fixture_sync_plain (self);
  g_assert_cmpuint (sync_fixture_count_tickets (self, NULL, NULL), ==, 1);
}

/* While it cannot be known whether the first one arrived, no second one is sent. */
static void
test_unknown_is_not_sent (SyncFixture *self, gconstpointer data)
{
  g_autoptr(TvmActivity) activity = submit_ticket (self);
  g_autoptr(GError) error = NULL;

  sync_fixture_fault (self, TICKETS_PATH, "POST", "\"kind\":\"cut\"");
  g_assert_false (tvm_sync_engine_push_outbox (self->engine, NULL, NULL, NULL));
  sync_fixture_fault (self, TICKETS_PATH, "GET", "\"kind\":\"status\",\"status\":400");
  g_assert_false (tvm_sync_engine_push_outbox (self->engine, NULL, NULL, &error));
  g_assert_cmpuint (sync_fixture_count_tickets (self, NULL, NULL), ==, 1);
  g_assert_cmpint (count_outbox (self), ==, 1);
}

/* data: the status of the refusal */
static void
test_refused (SyncFixture *self, gconstpointer data)
{
  g_autoptr(TvmActivity) activity = submit_ticket (self);
  g_autoptr(TvmActivity) after = NULL;
  g_autoptr(GPtrArray) outbox = NULL;
  g_autoptr(GError) error = NULL;

  sync_fixture_fault (self, TICKETS_PATH, "POST", "\"kind\":\"status\",\"status\":400");
  g_assert_false (tvm_sync_engine_push_outbox (self->engine, NULL, NULL, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_REJECTED);
  outbox = tvm_store_list_outbox (self->store, FALSE, NULL);
  g_assert_cmpuint (outbox->len, ==, 1);
  g_assert_true (((TvmOutboxEntry *) outbox->pdata[0])->is_parked);
  g_assert_cmpstr (((TvmOutboxEntry *) outbox->pdata[0])->last_error, ==, error->message);
  after = tvm_store_get_activity (self->store, activity->id, NULL);
  g_assert_cmpint (after->status, ==, TVM_STATUS_ACTIVE);
  sync_fixture_sync_plain (self);
  g_assert_cmpuint (sync_fixture_count_tickets (self, NULL, NULL), ==, 0);
}

/* What was decided stays decided while the connection is off, and waits. */
static void
test_connection_off (SyncFixture *self, gconstpointer data)
{
  g_autoptr(TvmActivity) activity = submit_ticket (self);
  g_autoptr(GError) error = NULL;

  g_assert_true (tvm_sync_engine_set_config (self->engine, "intune-connection", "false", NULL, &error));
  sync_fixture_sync_plain (self);
  g_assert_cmpuint (sync_fixture_count_tickets (self, NULL, NULL), ==, 0);
  g_assert_cmpint (count_outbox (self), ==, 1);
  g_assert_true (tvm_sync_engine_set_config (self->engine, "intune-connection", "true", NULL, &error));
  sync_fixture_sync_plain (self);
  g_assert_cmpuint (sync_fixture_count_tickets (self, NULL, NULL), ==, 1);
  g_assert_true (tvm_sync_engine_set_config (self->engine, "intune-connection", "false", NULL, &error));
  accept_ticket (self, activity->id);
}

#define ADD(path, test) \
  g_test_add (path, SyncFixture, &connected, sync_fixture_set_up, test, sync_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  ADD ("/tickets/main-job", test_main_job);
  ADD ("/tickets/all-patched", test_all_patched);
  ADD ("/tickets/lost-answer", test_lost_answer);
  ADD ("/tickets/lost-request", test_lost_request);
  ADD ("/tickets/unknown-is-not-sent", test_unknown_is_not_sent);
  ADD ("/tickets/refused", test_refused);
  ADD ("/tickets/connection-off", test_connection_off);
  return g_test_run ();
}

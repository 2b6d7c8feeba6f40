/* test-commands.c: settings, requests and completion; bad input leaves the store as it was.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "sync-fixture.h"
#include "tvm-error.h"
#include "tvm-time.h"

#include <string.h>

static const SyncFixtureOptions nobody = { .signed_out = TRUE };
static const SyncFixtureOptions connected = { .intune = TRUE };

static void
assert_config (SyncFixture *self, const char *key, const char *value)
{
  g_autofree char *found = tvm_sync_engine_get_config (self->engine, key, NULL);

  g_assert_cmpstr (found, ==, value);
}

static void
test_settings (SyncFixture *self, gconstpointer data)
{
  static const struct { const char *key, *value; } bad[] = {
    { "cloud", "moon" }, { "cloud", "" }, { "region", "mars" }, { "region", "" }, { "authority-url", "http://example.com" },
    { "graph-url", "ftp://127.0.0.1" }, { "defender-url", "https://user:word@example.com" },
    { "tenant-id", "no tenant" }, { "client-id", "a b" }, { "intune-connection", "yes" },
    { "sync-interval-minutes", "4" }, { "sync-interval-minutes", "1441" },
    { "sync-interval-minutes", "5.5" }, { "retention-days", "0" }, { "retention-days", "3651" },
    { "retention-days", "-1" }, { "retention-action", "burn" }, { "it-admin-email", "nobody" },
    { "it-admin-email", "a@b\n" }, { "it-admin-email", "a@b,c@d" }, { "it-admin-email", "a@b?cc=d" },
    { "it-admin-email", "a@\xff" }, { "no-such-setting", "1" },
  };
  static const struct { const char *key, *value; } good[] = {
    { "sync-interval-minutes", "0" }, { "sync-interval-minutes", "5" }, { "retention-days", "3650" },
    { "retention-action", "delete" }, { "it-admin-email", "it@contoso.example" }, { "it-admin-email", "" },
    { "region", "eu" }, { "tenant-id", "organizations" }, { "authority-url", "https://login.example.com" },
  };
  static const struct { const char *key, *value, *kept; } pasted[] = {
    { "client-id", "test-\342\200\213app", "test-app" }, { "retention-days", "1\302\25580", "180" },
    { "it-admin-email", "\342\200\252it\342\200\215@contoso.example\342\200\254", "it@contoso.example" },
    { "authority-url", "https://login.example.com/\357\273\277", "https://login.example.com/" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autofree char *before = tvm_sync_engine_get_config (self->engine, bad[i].key, NULL);

      g_test_message ("%s", bad[i].key);
      g_assert_false (tvm_sync_engine_set_config (self->engine, bad[i].key, bad[i].value, NULL, &error));
      g_assert_error (error, TVM_ERROR, TVM_ERROR_INVALID);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      if (before != NULL)
        assert_config (self, bad[i].key, before);
    }
  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr(GError) error = NULL;

      tvm_sync_engine_set_config (self->engine, good[i].key, good[i].value, NULL, &error);
      g_assert_no_error (error);
      assert_config (self, good[i].key, good[i].value);
    }
  /* Pasted, with what nobody sees. */
  for (guint i = 0; i < G_N_ELEMENTS (pasted); i++)
    {
      g_autoptr(GError) error = NULL;

      tvm_sync_engine_set_config (self->engine, pasted[i].key, pasted[i].value, NULL, &error);
      g_assert_no_error (error);
      assert_config (self, pasted[i].key, pasted[i].kept);
    }
  assert_config (self, "cloud", "custom");
}

/* R1: only what works is on. */
static void
test_intune_refused (SyncFixture *self, gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  sync_fixture_fault (self, "/beta", "GET", "\"kind\":\"status\",\"status\":403,\"times\":5");
  g_assert_false (tvm_sync_engine_set_config (self->engine, "intune-connection", "true", NULL, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_FORBIDDEN);
  g_assert_nonnull (strstr (error->message, "DeviceManagementApps.ReadWrite.All"));
  assert_config (self, "intune-connection", "false");
}

static void
test_intune_denied (SyncFixture *self, gconstpointer data)
{
  g_autoptr(JsonObject) answer =
    sync_fixture_order (self, "sign-in/deny", "{\"scopes\":\"DeviceManagementApps.ReadWrite.All\"}");
  g_autoptr(GError) error = NULL;

  g_assert_false (tvm_sync_engine_set_config (self->engine, "intune-connection", "true", NULL, &error));
  g_assert_nonnull (error);
  assert_config (self, "intune-connection", "false");
}

static void
test_intune_signed_out (SyncFixture *self, gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  g_assert_false (tvm_sync_engine_set_config (self->engine, "intune-connection", "true", NULL, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_AUTH_REQUIRED);
  assert_config (self, "intune-connection", "false");
}

/* Another tenant: other consents, other tokens. */
static void
test_other_tenant (SyncFixture *self, gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  assert_config (self, "intune-connection", "true");
  g_assert_true (tvm_sync_engine_set_config (self->engine, "tenant-id", "contoso.example", NULL, &error));
  assert_config (self, "intune-connection", "true");
  g_assert_true (tvm_sync_engine_set_config (self->engine, "tenant-id", "organizations", NULL, &error));
  assert_config (self, "intune-connection", "false");
  g_assert_null (tvm_sync_engine_dup_account (self->engine, NULL, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_AUTH_REQUIRED);
}

typedef void (*SpoilFunc) (TvmRequest *request);

static void spoil_type (TvmRequest *r) { r->type = TVM_TYPE_CONFIGURATION_CHANGE; }
static void spoil_priority (TvmRequest *r) { r->priority = TVM_PRIORITY_NONE; }
static void spoil_date (TvmRequest *r) { r->due_on = g_strdup ("2026-02-30"); }
static void spoil_past (TvmRequest *r) { r->due_on = g_strdup ("2020-01-01"); }
static void spoil_group (TvmRequest *r) { r->groups = g_strsplit ("No such group", "|", -1); }
static void spoil_groups (TvmRequest *r) { r->groups = g_new0 (char *, 1); }
static void spoil_notes (TvmRequest *r) { r->notes = g_strnfill (TVM_NOTE_MAX_BYTES + 1, 'x'); }
static void spoil_utf8 (TvmRequest *r) { r->notes = g_strdup ("\xc3("); }
static void spoil_ticket (TvmRequest *r) { r->create_ticket = TRUE; }
static void spoil_attention (TvmRequest *r) { r->type = TVM_TYPE_ATTENTION_REQUIRED; r->due_on = tvm_today (); }

static void
spoil_id (TvmRequest *request)
{
  g_free (request->recommendation_id);
  request->recommendation_id = g_strdup ("va-_-none-_-none");
}

static void
test_bad_requests (SyncFixture *self, gconstpointer data)
{
  static const SpoilFunc spoils[] = { spoil_type, spoil_priority, spoil_date, spoil_past, spoil_group,
                                      spoil_groups, spoil_notes, spoil_utf8, spoil_ticket,
                                      spoil_attention, spoil_id };
  g_autoptr(TvmRecommendation) recommendation = NULL;
  TvmStoreCounts before, after;

  sync_fixture_sync_plain (self);
  recommendation = sync_fixture_pick (self, TVM_TYPE_UPDATE);
  g_assert_true (tvm_store_counts (self->store, &before, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (spoils); i++)
    {
      g_autoptr(TvmRequest) request = sync_fixture_new_request (recommendation, FALSE);
      g_autoptr(GError) error = NULL;

      g_test_message ("%u", i);
      spoils[i] (request);
      g_assert_null (tvm_sync_engine_request (self->engine, request, FALSE, NULL, NULL, &error));
      g_assert_error (error, TVM_ERROR, (spoils[i] == spoil_id ? TVM_ERROR_NOT_FOUND : TVM_ERROR_INVALID));
    }
  g_assert_true (tvm_store_counts (self->store, &after, NULL));
  g_assert_cmpmem (&before, sizeof before, &after, sizeof after);
}

static void
test_dry_run (SyncFixture *self, gconstpointer data)
{
  g_autoptr(TvmRecommendation) recommendation = NULL;
  g_autoptr(TvmRequest) request = NULL;
  g_autoptr(TvmActivity) sketch = NULL;
  g_autoptr(TvmActivity) activity = NULL;
  g_autoptr(GError) error = NULL;
  TvmStoreCounts before, after;
  g_auto(TvmRequestFacts) facts = TVM_REQUEST_FACTS_INIT;
  const TvmCoverage *coverage = &facts.coverage;

  sync_fixture_sync_plain (self);
  g_assert_true (tvm_store_counts (self->store, &before, NULL));
  recommendation = sync_fixture_pick (self, TVM_TYPE_UPDATE);
  request = sync_fixture_new_request (recommendation, TRUE);
  sketch = tvm_sync_engine_request (self->engine, request, TRUE, &facts, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (sketch->id, ==, "");
  g_assert_cmpint (coverage->covered, ==, recommendation->exposed_devices);
  g_assert_cmpint (coverage->joined + coverage->not_joined, ==, coverage->covered);
  g_assert_true (tvm_store_counts (self->store, &after, NULL));
  g_assert_cmpmem (&before, sizeof before, &after, sizeof after);
  activity = sync_fixture_submit (self, request);
  g_assert_cmpstr (activity->title, ==, sketch->title);
  g_assert_cmpint (activity->target_devices, ==, sketch->target_devices);
  g_assert_cmpstr (activity->created_by, ==, sketch->created_by);
}

/* R3: nothing to monitor. */
static void
test_attention (SyncFixture *self, gconstpointer data)
{
  g_autoptr(TvmRecommendation) recommendation = NULL;
  g_autoptr(TvmRequest) request = NULL;
  g_autoptr(TvmActivity) activity = NULL;
  g_autoptr(TvmActivity) after = NULL;
  g_autoptr(GPtrArray) tickets = NULL;

  sync_fixture_sync_plain (self);
  recommendation = sync_fixture_pick (self, TVM_TYPE_UPDATE);
  request = sync_fixture_new_request (recommendation, FALSE);
  request->type = TVM_TYPE_ATTENTION_REQUIRED;
  activity = sync_fixture_submit (self, request);
  sync_fixture_sync_plain (self);
  after = tvm_store_get_activity (self->store, activity->id, NULL);
  tickets = tvm_store_list_tickets (self->store, activity->id, NULL);
  g_assert_null (after->due_on);
  g_assert_cmpint (after->fixed_devices, ==, -1);
  g_assert_cmpint (after->n_tickets, ==, 0);
  g_assert_cmpuint (tickets->len, ==, 0);
  g_assert_cmpint (after->status, ==, TVM_STATUS_ACTIVE);
}

/* R7, R14: by hand, with the service out of reach, by whoever is signed in. */
static void
test_complete_offline (SyncFixture *self, gconstpointer data)
{
  g_autoptr(TvmRecommendation) recommendation = NULL;
  g_autoptr(TvmRequest) request = NULL;
  g_autoptr(TvmActivity) activity = NULL;
  g_autoptr(TvmActivity) after = NULL;
  g_autoptr(TvmAccount) account = tvm_sync_engine_dup_account (self->engine, NULL, NULL);
  g_autoptr(GError) error = NULL;

  sync_fixture_sync_plain (self);
  recommendation = sync_fixture_pick (self, TVM_TYPE_UPDATE);
  g_assert_true (tvm_sync_engine_fetch_recommendation (self->engine, recommendation->id, NULL, &error));
  sync_fixture_stop_tenant (self);
  request = sync_fixture_new_request (recommendation, FALSE);
  activity = sync_fixture_submit (self, request);
  g_assert_true (tvm_sync_engine_complete (self->engine, activity->id, NULL, &error));
  g_assert_no_error (error);
  after = tvm_store_get_activity (self->store, activity->id, NULL);
  g_assert_cmpint (after->status, ==, TVM_STATUS_COMPLETED);
  g_assert_cmpint (after->completion, ==, TVM_COMPLETION_MANUAL);
  g_assert_cmpstr (after->completed_by, ==, account->user_name);
  g_assert_false (tvm_sync_engine_complete (self->engine, activity->id, NULL, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_CONFLICT);
}

/* Whom it covers was never known: that is said. */
static void
test_never_synced_offline (SyncFixture *self, gconstpointer data)
{
  g_autoptr(TvmRecommendation) recommendation = NULL;
  g_autoptr(TvmRequest) request = NULL;
  g_autoptr(GError) error = NULL;

  sync_fixture_sync_plain (self);
  recommendation = sync_fixture_pick (self, TVM_TYPE_UPDATE);
  sync_fixture_stop_tenant (self);
  request = sync_fixture_new_request (recommendation, FALSE);
  g_assert_null (tvm_sync_engine_request (self->engine, request, FALSE, NULL, NULL, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_OFFLINE);
}

static void
requested_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  TvmActivity **activity = user_data;
  g_autoptr(GError) error = NULL;

  *activity = tvm_sync_engine_request_finish (TVM_SYNC_ENGINE (object), result, &error);
  g_assert_no_error (error);
}

static gboolean
is_outbox (SyncFixture *self, int n)
{
  int outbox = -1;

  g_object_get (self->engine, "outbox", &outbox, NULL);
  return outbox == n;
}

/* The window's request sends its ticket in the background. */
static void
test_request_async (SyncFixture *self, gconstpointer data)
{
  g_autoptr(TvmRecommendation) recommendation = NULL;
  g_autoptr(TvmRequest) request = NULL;
  g_autoptr(TvmActivity) activity = NULL;

  sync_fixture_sync_plain (self);
  recommendation = sync_fixture_pick (self, TVM_TYPE_UPDATE);
  request = sync_fixture_new_request (recommendation, TRUE);
  tvm_sync_engine_request_async (self->engine, request, NULL, requested_cb, &activity);
  while (activity == NULL || sync_fixture_count_tickets (self, NULL, NULL) == 0 || !is_outbox (self, 0))
    g_main_context_iteration (NULL, activity == NULL);
  g_assert_cmpuint (sync_fixture_count_tickets (self, NULL, NULL), ==, 1);
}

static void
undone_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GError) error = NULL;

  *(int *) user_data = tvm_sync_engine_finish (TVM_SYNC_ENGINE (object), result, &error) ? 1 : 2;
}

static int
undo_request (SyncFixture *self, const char *activity_id)
{
  int outcome = 0;

  tvm_sync_engine_undo_request_async (self->engine, activity_id, NULL, undone_cb, &outcome);
  while (outcome == 0)
    g_main_context_iteration (NULL, TRUE);
  return outcome;
}

/* A request of the window waits with its ticket, and until that is sent it can be undone whole. */
static void
test_undo_request (SyncFixture *self, gconstpointer data)
{
  g_autoptr(TvmRecommendation) recommendation = NULL;
  g_autoptr(TvmRequest) request = NULL;
  g_autoptr(TvmActivity) undone = NULL;
  g_autoptr(TvmActivity) sent = NULL;
  g_autoptr(GError) error = NULL;

  tvm_sync_engine_set_hold (self->engine, TVM_HOUR_US);
  sync_fixture_sync_plain (self);
  recommendation = sync_fixture_pick (self, TVM_TYPE_UPDATE);
  request = sync_fixture_new_request (recommendation, TRUE);
  tvm_sync_engine_request_async (self->engine, request, NULL, requested_cb, &undone);
  while (undone == NULL || !is_outbox (self, 1))
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (undo_request (self, undone->id), ==, 1);
  g_assert_null (tvm_store_get_activity (self->store, undone->id, NULL));
  g_assert_true (tvm_sync_engine_push_outbox (self->engine, NULL, NULL, NULL));
  g_assert_cmpuint (sync_fixture_count_tickets (self, NULL, NULL), ==, 0);

  tvm_sync_engine_request_async (self->engine, request, NULL, requested_cb, &sent);
  while (sent == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (tvm_sync_engine_push_outbox (self->engine, NULL, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (sync_fixture_count_tickets (self, NULL, NULL), ==, 1);
  g_assert_cmpint (undo_request (self, sent->id), ==, 2);
  g_assert_false (tvm_sync_engine_undo_request (self->engine, sent->id, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_CONFLICT);
}

#define ADD(path, options, test) \
  g_test_add (path, SyncFixture, options, sync_fixture_set_up, test, sync_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  ADD ("/commands/settings", &nobody, test_settings);
  ADD ("/commands/intune/refused", NULL, test_intune_refused);
  ADD ("/commands/intune/denied", NULL, test_intune_denied);
  ADD ("/commands/intune/signed-out", &nobody, test_intune_signed_out);
  ADD ("/commands/other-tenant", &connected, test_other_tenant);
  ADD ("/commands/bad-requests", NULL, test_bad_requests);
  ADD ("/commands/dry-run", &connected, test_dry_run);
  ADD ("/commands/attention-required", NULL, test_attention);
  ADD ("/commands/complete-offline", NULL, test_complete_offline);
  if (sync_fixture_asks_one_by_one ())  /* else that is known after a sync */
    ADD ("/commands/never-synced-offline", NULL, test_never_synced_offline);
  ADD ("/commands/request-async", &connected, test_request_async);
  ADD ("/commands/undo-request", &connected, test_undo_request);
  return g_test_run ();
}

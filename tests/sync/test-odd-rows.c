/* test-odd-rows.c: what odd rows of a service become.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "odd.h"
#include "tvm-disagreement.h"
#include "tvm-said.h"
#include "tvm-time.h"

#include <string.h>

/* ---- what the rows say ---- */

static void
test_no_date (SyncFixture *self, gconstpointer data)
{
  static const char *const nones[] = { "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.9999999Z" };
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_ACTIVITIES);

  for (guint i = 0; i < G_N_ELEMENTS (nones); i++)
    {
      g_autofree char *order = g_strdup_printf (
        "\"exact\":true,\"kind\":\"set\",\"members\":{\"dueOn\":\"%s\",\"statusLastModifiedOn\":"
        "\"%s\",\"status\":\"%s\"}", nones[i], nones[i], i == 0 ? "Active" : "Completed");

      sync_fixture_fault (self, "/api/remediationTasks", "GET", order);
      sync_fixture_sync_plain (self);
      query->overdue_only = TRUE;
      g_assert_cmpuint (odd_count (self, query), ==, 0);
      query->overdue_only = FALSE;
      query->archived = TRUE;
      g_assert_cmpuint (odd_count (self, query), ==, 0);
      query->archived = FALSE;
      {
        g_autoptr(GPtrArray) activities = odd_list (self, query);

        g_ptr_array_set_free_func (activities, (GDestroyNotify) tvm_activity_unref);
        g_assert_cmpuint (activities->len, ==, 9);
        for (guint j = 0; j < activities->len; j++)
          {
            g_assert_null (((TvmActivity *) activities->pdata[j])->due_on);
            g_assert_cmpint (((TvmActivity *) activities->pdata[j])->completed_us, ==, 0);
          }
      }
    }
}

static void
test_no_score (SyncFixture *self, gconstpointer data)
{
  g_autoptr(GArray) exposure = NULL, secure = NULL;
  g_autofree char *text = NULL;
  gint64 good_us = 0;

  sync_fixture_fault (self, "/api/exposureScore", "GET",
                      "\"kind\":\"set\",\"members\":{\"score\":null,\"time\":null}");
  sync_fixture_sync_plain (self);
  exposure = tvm_store_list_scores (self->store, TVM_SCORE_EXPOSURE, NULL);
  secure = tvm_store_list_scores (self->store, TVM_SCORE_SECURE, NULL);
  g_assert_cmpuint (exposure->len, ==, 0);
  g_assert_cmpuint (secure->len, ==, 1);
  g_assert_true (tvm_store_last_sync (self->store, &good_us, &text, NULL));
  g_assert_cmpint (good_us, >, 0);
  g_assert_null (text);
}

static void
test_numbers (SyncFixture *self, gconstpointer data)
{
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_ACTIVITIES);
  g_autoptr(GPtrArray) activities = NULL;
  guint n_odd = 0;

  sync_fixture_fault (self, "/api/remediationTasks", "GET",
                      "\"exact\":true,\"kind\":\"set\",\"rows\":1,\"members\":{\"type\":\"Update\","
                      "\"status\":\"Active\",\"targetDevices\":10,\"fixedDevices\":50}");
  sync_fixture_sync_plain (self);
  activities = odd_list (self, query);
  g_ptr_array_set_free_func (activities, (GDestroyNotify) tvm_activity_unref);
  for (guint i = 0; i < activities->len; i++)
    {
      const TvmActivity *activity = activities->pdata[i];
      g_autofree char *words = NULL;

      if ((activity->disagreements & TVM_DISAGREEMENT_NUMBERS) == 0)
        continue;
      words = tvm_disagreement_to_text (TVM_DISAGREEMENT_NUMBERS, activity);
      g_assert_cmpstr (words, ==, "The service's numbers disagree: 50 remediated of 10 targeted");
      n_odd++;
    }
  g_assert_cmpuint (n_odd, ==, 1);
}

/* ---- words that nobody here knows ---- */

static void
order_words (SyncFixture *self)
{
  sync_fixture_fault (self, "/api/machines", "GET", "\"exact\":true,\"kind\":\"set\",\"members\":{"
                      "\"healthStatus\":\"Hibernated\",\"riskScore\":\"Severe\","
                      "\"exposureLevel\":\"Extreme\"}");
  sync_fixture_fault (self, "/api/recommendations", "GET", "\"exact\":true,\"kind\":\"set\","
                      "\"members\":{\"remediationType\":\"Rollback\",\"status\":\"Snoozed\"}");
  sync_fixture_fault (self, "/api/remediationTasks", "GET", "\"exact\":true,\"kind\":\"set\","
                      "\"members\":{\"type\":\"Isolate\",\"status\":\"Paused\",\"category\":\"x\","
                      "\"priority\":\"Urgent\"}");
}

static gpointer
first_of (SyncFixture *self, TvmListKind kind)
{
  g_autoptr(TvmQuery) query = tvm_query_new (kind);
  g_autoptr(GArray) keys = tvm_store_list_keys (self->store, query, NULL, NULL);
  g_autoptr(GPtrArray) records = tvm_store_list_records (self->store, query,
                                                         (gint64 *) (gpointer) keys->data, 1, NULL);

  g_assert_cmpuint (records->len, ==, 1);
  return g_ptr_array_steal_index (records, 0);
}

static void
assert_exported (SyncFixture *self, TvmListKind kind, const char *first, const char *second)
{
  g_autoptr(TvmQuery) query = tvm_query_new (kind);
  g_autofree char *path = g_build_filename (self->directory, "list.csv", NULL);

  for (TvmFormat format = TVM_FORMAT_SPREADSHEET; format <= TVM_FORMAT_MACHINE; format++)
    {
      g_autofree char *text = NULL;
      g_autoptr(GError) error = NULL;

      tvm_store_export (self->store, query, path, format, TRUE, NULL, NULL, NULL, NULL, &error);
      g_assert_no_error (error);
      g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
      g_assert_nonnull (strstr (text, first));
      g_assert_nonnull (strstr (text, second));
    }
}

static void
test_words (SyncFixture *self, gconstpointer data)
{
  g_autoptr(TvmDevice) device = NULL, known = NULL;
  g_autoptr(TvmRecommendation) recommendation = NULL;
  g_autoptr(TvmActivity) activity = NULL;

  order_words (self);
  sync_fixture_sync_plain (self);
  device = first_of (self, TVM_LIST_DEVICES);
  g_assert_cmpstr (tvm_device_health_text (device), ==, "Hibernated");
  g_assert_cmpstr (tvm_device_risk_text (device), ==, "Severe");
  g_assert_cmpstr (tvm_device_exposure_text (device), ==, "Extreme");
  recommendation = first_of (self, TVM_LIST_RECOMMENDATIONS);
  g_assert_cmpstr (tvm_recommendation_type_text (recommendation), ==, "Rollback");
  g_assert_cmpstr (tvm_recommendation_status_text (recommendation), ==, "Snoozed");
  activity = first_of (self, TVM_LIST_ACTIVITIES);
  g_assert_cmpstr (tvm_activity_type_text (activity), ==, "Isolate");
  g_assert_cmpstr (tvm_activity_status_text (activity), ==, "Paused");
  g_assert_cmpstr (tvm_activity_priority_text (activity), ==, "Urgent");
  g_assert_cmpint (activity->status, ==, TVM_STATUS_UNKNOWN);
  assert_exported (self, TVM_LIST_DEVICES, ",Extreme,Severe,", ",Hibernated,");
  assert_exported (self, TVM_LIST_RECOMMENDATIONS, ",Rollback,Snoozed,", ",Snoozed,");
  assert_exported (self, TVM_LIST_ACTIVITIES, ",Isolate,Paused,", ",Urgent,");
  sync_fixture_sync_plain (self);
  known = first_of (self, TVM_LIST_DEVICES);
  g_assert_null (tvm_said_find ((const char *const *) known->said, "health"));
}

/* A ticket is what it was, and shows what Intune calls it. */
static void
test_ticket_word (SyncFixture *self, gconstpointer data)
{
  g_autoptr(TvmRecommendation) recommendation = NULL;
  g_autoptr(TvmRequest) request = NULL;
  g_autoptr(TvmActivity) activity = NULL, after = NULL;
  g_autoptr(TvmTicket) ticket = NULL, gone = NULL;
  g_autofree char *id = NULL;

  sync_fixture_sync_plain (self);
  recommendation = sync_fixture_pick (self, TVM_TYPE_UPDATE);
  request = sync_fixture_new_request (recommendation, TRUE);
  activity = sync_fixture_submit (self, request);
  sync_fixture_sync_plain (self);
  sync_fixture_fault (self, TASKS, "GET",
                      "\"kind\":\"set\",\"members\":{\"status\":\"onHold\"}");
  sync_fixture_sync_plain (self);
  ticket = sync_fixture_get_ticket (self, activity);
  g_assert_cmpint (ticket->status, ==, TVM_TICKET_PENDING);
  g_assert_cmpstr (tvm_ticket_status_text (ticket), ==, "onHold");
  after = tvm_store_get_activity (self->store, activity->id, NULL);
  g_assert_cmpstr (tvm_activity_ticket_text (after), ==, "onHold");
  sync_fixture_sync_plain (self);
  gone = sync_fixture_get_ticket (self, activity);
  g_assert_cmpstr (tvm_ticket_status_text (gone), ==, "Pending");
}

/* ---- devices that are one in Microsoft Entra ---- */

/* The machines with the id, for an order. */
static char *
find_machines (SyncFixture *self, const char *entra_id)
{
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_DEVICES);
  g_autoptr(GPtrArray) devices = odd_list (self, query);
  g_autoptr(GString) ids = g_string_new (NULL);
  guint n = 0;

  g_ptr_array_set_free_func (devices, (GDestroyNotify) tvm_device_unref);
  for (guint i = 0; i < devices->len; i++)
    {
      const TvmDevice *device = devices->pdata[i];

      if (g_strcmp0 (device->aad_device_id, entra_id) != 0)
        continue;
      g_string_append_printf (ids, "%s\"%s\"", n > 0 ? "," : "", device->id);
      n++;
    }
  g_assert_cmpuint (n, >=, 3);
  return g_strdup (ids->str);
}

static char *
pick_entra_id (SyncFixture *self)
{
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_DEVICES);
  g_autoptr(GPtrArray) devices = odd_list (self, query);
  char *id = NULL;

  g_ptr_array_set_free_func (devices, (GDestroyNotify) tvm_device_unref);
  for (guint i = 0; i < devices->len && id == NULL; i++)
    id = g_strdup (((TvmDevice *) devices->pdata[i])->aad_device_id);
  return id;
}

static void
test_same_in_entra (SyncFixture *self, gconstpointer data)
{
  g_autoptr(TvmRecommendation) recommendation = NULL;
  g_autoptr(TvmRequest) request = NULL;
  g_autoptr(TvmActivity) activity = NULL;
  g_autoptr(TvmTicket) ticket = NULL;
  g_auto(TvmRequestFacts) facts = TVM_REQUEST_FACTS_INIT;
  g_autofree char *id = NULL, *upper = NULL, *order = NULL, *machines = NULL, *path = NULL;
  g_autofree char *body = NULL, *ticket_id = NULL;
  g_autoptr(GHashTable) sent = NULL;
  g_autoptr(JsonObject) answer = NULL, state = NULL;
  JsonArray *devices;

  sync_fixture_sync_plain (self);
  id = pick_entra_id (self);
  upper = g_ascii_strup (id, -1);
  order = g_strdup_printf ("\"exact\":true,\"kind\":\"set\",\"rows\":3," ALWAYS ",\"members\":{"
                           "\"aadDeviceId\":\"%s\",\"isAadJoined\":true}", upper);
  sync_fixture_fault (self, "/api/machines", "GET", order);
  sync_fixture_sync_plain (self);
  machines = find_machines (self, id);
  recommendation = sync_fixture_pick (self, TVM_TYPE_UPDATE);
  path = g_strdup_printf ("recommendations/%s/expose", recommendation->id);
  body = g_strdup_printf ("{\"devices\":[%s]}", machines);
  answer = sync_fixture_order (self, path, body);
  sync_fixture_sync_plain (self);
  g_assert_true (tvm_sync_engine_fetch_recommendation (self->engine, recommendation->id, NULL,
                                                       NULL));
  request = sync_fixture_new_request (recommendation, TRUE);
  activity = tvm_sync_engine_request (self->engine, request, FALSE, &facts, NULL, NULL);
  g_assert_nonnull (activity);
  g_assert_cmpint (facts.coverage.same, >=, 2);
  g_assert_cmpint (facts.coverage.covered, ==, facts.coverage.joined + facts.coverage.not_joined +
                   facts.coverage.same);
  sync_fixture_sync_plain (self);
  ticket = sync_fixture_get_ticket (self, activity);
  g_assert_cmpint (ticket->devices, ==, facts.coverage.joined);
  g_assert_cmpuint (sync_fixture_count_tickets (self, &ticket_id, &sent), ==, 1);
  g_assert_true (g_hash_table_contains (sent, id));
  state = sync_fixture_order (self, "state", NULL);
  devices = json_object_get_array_member (json_array_get_object_element (
    json_object_get_array_member (state, "tickets"), 0), "devices");
  g_assert_cmpuint (json_array_get_length (devices), ==, g_hash_table_size (sent));
  g_assert_cmpuint (json_array_get_length (devices), ==, facts.coverage.joined);
}

static void
test_zero_in_entra (SyncFixture *self, gconstpointer data)
{
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_DEVICES);
  g_autoptr(GPtrArray) devices = NULL;

  sync_fixture_fault (self, "/api/machines", "GET", "\"exact\":true,\"kind\":\"set\",\"members\":{"
                      "\"aadDeviceId\":\"00000000-0000-0000-0000-000000000000\","
                      "\"isAadJoined\":true}");
  sync_fixture_sync_plain (self);
  devices = odd_list (self, query);
  g_ptr_array_set_free_func (devices, (GDestroyNotify) tvm_device_unref);
  for (guint i = 0; i < devices->len; i++)
    {
      g_assert_null (((TvmDevice *) devices->pdata[i])->aad_device_id);
      g_assert_cmpint (((TvmDevice *) devices->pdata[i])->is_aad_joined, ==, TVM_TRUTH_NO);
    }
}

#define ADD(path, options, test) g_test_add (path, SyncFixture, options, odd_set_up, test, odd_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  ADD ("/odd/rows/no-date", NULL, test_no_date);
  ADD ("/odd/rows/no-score", NULL, test_no_score);
  ADD ("/odd/rows/numbers", NULL, test_numbers);
  ADD ("/odd/words/lists", NULL, test_words);
  ADD ("/odd/words/ticket", &odd_connected, test_ticket_word);
  ADD ("/odd/entra/same", &odd_connected, test_same_in_entra);
  ADD ("/odd/entra/zero", NULL, test_zero_in_entra);
  return g_test_run ();
}

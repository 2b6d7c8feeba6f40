/* test-demo.c: the client against the demo tenant. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-client-private.h"
#include "fetch.h"
#include "tvm-demo-tenant.h"
#include "tvm-error.h"

#include <libsoup/soup.h>
#include <string.h>

#define MARKER "TVM-0f2c6a0e-90a1-4c0b-8f57-0f6b1f6d1c11"

typedef struct {
  TvmDemoTenant *tenant;
  TvmSignIn     *sign_in;
  TvmClient     *client;
} Demo;

static void
show_cb (const char *code, const char *page, const char *message, gpointer user_data)
{
  g_assert_cmpstr (code, !=, "");
  g_assert_true (g_str_has_prefix (page, "http://127.0.0.1:"));
}

/* data: rows a page where pages are linked, or NULL for pages by $skip */
static void
set_up (Demo *self, gconstpointer data)
{
  g_autoptr(TvmEndpoints) endpoints = NULL;
  g_autoptr(GError) error = NULL;
  TvmDemoOptions options;
  const char *url;

  tvm_demo_options_init (&options);
  options.devices = 230;
  options.recommendations = 20;
  options.activities = 15;
  options.auto_approve = TRUE;
  options.device_code_interval = 0;
  options.no_next_links = data == NULL;
  options.page_size = GPOINTER_TO_UINT (data);
  self->tenant = tvm_demo_tenant_new (&options);
  g_assert_true (tvm_demo_tenant_start (self->tenant, &error));
  url = tvm_demo_tenant_get_uri (self->tenant);
  endpoints = tvm_endpoints_new ("custom", url, url, url, "contoso.example", "app", &error);
  g_assert_no_error (error);
  self->sign_in = tvm_sign_in_new (endpoints, tvm_token_vault_new_memory ());
  self->client = tvm_client_new (endpoints, self->sign_in);
  tvm_sign_in_set_wait_divisor (self->sign_in, 1000);
  tvm_client_set_wait_divisor (self->client, 1000);
  tvm_sign_in_with_device_code (self->sign_in, FALSE, show_cb, NULL, NULL, &error);
  g_assert_no_error (error);
}

static void
tear_down (Demo *self, gconstpointer data)
{
  g_assert_finalize_object (self->client);
  g_assert_finalize_object (self->sign_in);
  tvm_demo_tenant_stop (self->tenant);
  tvm_demo_tenant_free (self->tenant);
}

static void
give_order (Demo *self, const char *path, const char *body)
{
  g_autoptr(SoupSession) session = soup_session_new ();
  g_autofree char *url = g_strconcat (tvm_demo_tenant_get_uri (self->tenant), "/_demo/", path, NULL);
  g_autoptr(SoupMessage) message = soup_message_new ("POST", url);
  g_autoptr(GBytes) bytes = g_bytes_new (body, strlen (body));
  g_autoptr(GBytes) answer = NULL;

  soup_message_set_request_body_from_bytes (message, "application/json", bytes);
  answer = soup_session_send_and_read (session, message, NULL, NULL);
  g_assert_cmpuint (soup_message_get_status (message), ==, 200);
}

static void
test_lists (Demo *self, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TvmAccount) account = tvm_sign_in_dup_account (self->sign_in, NULL, &error);
  g_autoptr(GPtrArray) devices = NULL;
  g_autoptr(GPtrArray) recommendations = NULL;
  g_autoptr(GPtrArray) activities = NULL;
  g_autoptr(GHashTable) managed = NULL;
  int n_requests = 0;
  gint64 when_us;
  double score;

  g_assert_nonnull (strchr (account->user_name, '@'));
  devices = fetch_records (self->client, TVM_PULL_DEVICES, NULL, &n_requests, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (devices->len, ==, 230);
  g_assert_cmpint (n_requests, ==, data != NULL ? 3 : 1);
  recommendations = fetch_records (self->client, TVM_PULL_RECOMMENDATIONS, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (recommendations->len, ==, 20);
  for (guint i = 0; i < recommendations->len; i++)
    {
      TvmRecommendation *one = g_ptr_array_index (recommendations, i);
      g_autoptr(TvmDeviceRefs) refs = fetch_refs (self->client, TVM_PULL_EXPOSED_DEVICES, one->id, NULL, &error);
      g_autoptr(GPtrArray) cves = NULL;

      g_assert_no_error (error);
      g_assert_cmpint (refs->refs->len, ==, one->exposed_devices);
      cves = fetch_records (self->client, TVM_PULL_VULNERABILITIES, one->id, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpint (cves->len, ==, one->weaknesses);
    }
  activities = fetch_records (self->client, TVM_PULL_PORTAL_ACTIVITIES, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (activities->len, ==, 15);
  for (guint i = 0; i < activities->len; i++)
    {
      TvmActivity *one = g_ptr_array_index (activities, i);
      g_autoptr(TvmDeviceRefs) refs = fetch_refs (self->client, TVM_PULL_PORTAL_DEVICES, one->id, NULL, &error);

      g_assert_no_error (error);
      g_assert_nonnull (one->recommendation_id);
    }
  g_assert_true (tvm_client_get_score (self->client, TVM_SCORE_EXPOSURE, &when_us, &score, NULL, &error));
  g_assert_true (tvm_client_get_score (self->client, TVM_SCORE_SECURE, &when_us, &score, NULL, &error));
  g_assert_cmpint (when_us, >, 0);
  managed = fetch_managed_devices (self->client, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_hash_table_size (managed), >, 0);
}

static TvmTicket *
create_ticket (Demo *self, TvmRemediationType type, GError **error)
{
  g_autoptr(GPtrArray) devices = fetch_records (self->client, TVM_PULL_DEVICES, NULL, NULL, error);
  g_autoptr(GPtrArray) joined = g_ptr_array_new ();
  g_autoptr(GHashTable) managed = fetch_managed_devices (self->client, NULL, error);
  g_autoptr(TvmActivity) activity = tvm_activity_new ();
  TvmTicketDraft draft = { activity, NULL, MARKER, joined, managed };

  for (guint i = 0; i < devices->len; i++)
    if (((TvmDevice *) g_ptr_array_index (devices, i))->is_aad_joined)
      g_ptr_array_add (joined, g_ptr_array_index (devices, i));
  activity->id = g_strdup ("a1");
  activity->title = g_strdup ("Update Example Player");
  activity->related_component = g_strdup ("Example Player");
  activity->type = type;
  activity->due_on = g_strdup ("2030-01-31");
  return tvm_client_create_ticket (self->client, &draft, NULL, NULL, error);
}

static void
assert_one_ticket (Demo *self)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) tickets = fetch_records (self->client, TVM_PULL_TICKETS, NULL, NULL, &error);
  TvmTicket *one;

  g_assert_no_error (error);
  g_assert_cmpuint (tickets->len, ==, 1);
  one = g_ptr_array_index (tickets, 0);
  g_assert_cmpstr (one->marker, ==, MARKER);
  g_assert_cmpint (one->status, ==, TVM_TICKET_PENDING);
  g_assert_cmpint (one->devices, >, 0);
}

static void
test_ticket (Demo *self, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TvmTicket) ticket = NULL;

  g_assert_true (tvm_client_check_intune (self->client, NULL, &error));
  give_order (self, "faults", "{\"path\":\"/beta/deviceAppManagement\",\"method\":\"POST\",\"status\":429,"
                              "\"retry_after\":2}");
  g_assert_null (create_ticket (self, TVM_TYPE_UPDATE, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_THROTTLED);
  g_clear_error (&error);
  ticket = create_ticket (self, data != NULL ? TVM_TYPE_UPDATE : TVM_TYPE_CONFIGURATION_CHANGE, &error);
  g_assert_no_error (error);
  g_assert_nonnull (ticket->id);
  assert_one_ticket (self);
}

static void
test_lost_ticket (Demo *self, gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  give_order (self, "faults", "{\"path\":\"/beta/deviceAppManagement\",\"method\":\"POST\",\"kind\":\"cut\"}");
  g_assert_null (create_ticket (self, TVM_TYPE_UPDATE, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_OFFLINE);
  assert_one_ticket (self);
}

static void
assert_fault (Demo *self, const char *kind, int code)
{
  g_autofree char *order = g_strdup_printf ("{\"path\":\"/api/machines\",\"kind\":\"%s\"}", kind);
  g_autoptr(GError) error = NULL;

  give_order (self, "faults", order);
  g_assert_null (fetch_records (self->client, TVM_PULL_DEVICES, NULL, NULL, &error));
  g_assert_error (error, TVM_ERROR, code);
}

static void
test_faults (Demo *self, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) devices = NULL;
  int n_requests = 0;

  assert_fault (self, "cut", TVM_ERROR_BAD_RESPONSE);
  assert_fault (self, "html", TVM_ERROR_BAD_RESPONSE);
  assert_fault (self, "empty", TVM_ERROR_BAD_RESPONSE);
  assert_fault (self, "bad-json", TVM_ERROR_BAD_RESPONSE);
  assert_fault (self, "wrong-shape", TVM_ERROR_BAD_RESPONSE);
  give_order (self, "tokens/expire", "{}");
  give_order (self, "faults", "{\"path\":\"/api/machines\",\"status\":503,\"retry_after\":1,\"times\":2}");
  devices = fetch_records (self->client, TVM_PULL_DEVICES, NULL, &n_requests, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (devices->len, ==, 230);
  g_assert_cmpint (n_requests, ==, 4);
  give_order (self, "tokens/expire", "{}");
  give_order (self, "sign-in/revoke", "{}");
  g_assert_null (fetch_records (self->client, TVM_PULL_RECOMMENDATIONS, NULL, NULL, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_AUTH_REQUIRED);
}

#define ADD(name, data, func) g_test_add ("/client/demo/" name, Demo, data, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  ADD ("lists-by-skip", NULL, test_lists);
  ADD ("lists-by-link", GUINT_TO_POINTER (100), test_lists);
  ADD ("ticket-configuration", NULL, test_ticket);
  ADD ("ticket-software", GUINT_TO_POINTER (100), test_ticket);
  ADD ("lost-ticket", NULL, test_lost_ticket);
  ADD ("faults", NULL, test_faults);
  return g_test_run ();
}

/* test-demo-tenant.c: the demo tenant speaks the services' wire. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "test-demo-wire.h"

#include <string.h>

#define TASKS "/beta/deviceAppManagement/deviceAppManagementTasks"
#define CHANGES "/api/machines/SoftwareVulnerabilityChangesByMachine"

static TvmDemoOptions
make_options (void)
{
  TvmDemoOptions options;

  tvm_demo_options_init (&options);
  options.devices = 250;
  options.device_code_interval = 0;
  return options;
}

static guint
count_rows (JsonObject *page)
{
  return json_array_get_length (json_object_get_array_member (page, "value"));
}

static void
test_skip_paging (void)
{
  TvmDemoOptions options = make_options ();
  g_autoptr(JsonObject) first = NULL;
  g_autoptr(JsonObject) last = NULL;
  g_autoptr(JsonObject) beyond = NULL;
  g_autoptr(JsonObject) too_much = NULL;
  Wire wire;

  wire_start (&wire, &options);
  wire_sign_in (&wire, DEFENDER_SCOPE);
  first = wire_get (&wire, "/api/machines?$top=100");
  last = wire_get (&wire, "/API/Machines?$top=100&$skip=200");
  beyond = wire_get (&wire, "/api/machines?$top=100&$skip=300");
  g_assert_cmpuint (count_rows (first), ==, 100);
  g_assert_cmpuint (count_rows (last), ==, 50);
  g_assert_cmpuint (count_rows (beyond), ==, 0);
  g_assert_false (json_object_has_member (first, "@odata.nextLink"));
  too_much = wire_get (&wire, "/api/machines?$top=10001");
  g_assert_cmpuint (wire.status, ==, 400);
  wire_stop (&wire);
}

static void
test_link_paging (void)
{
  TvmDemoOptions options = make_options ();
  g_autoptr(GHashTable) ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *uri = g_strdup ("/api/machines?$top=10000");
  guint n_pages = 0;
  Wire wire;

  options.no_next_links = FALSE;
  options.page_size = 60;
  wire_start (&wire, &options);
  wire_sign_in (&wire, DEFENDER_SCOPE);
  while (uri != NULL)
    {
      g_autoptr(JsonObject) page = wire_get (&wire, uri);
      JsonArray *rows = json_object_get_array_member (page, "value");

      for (guint i = 0; i < json_array_get_length (rows); i++)
        g_hash_table_add (ids, g_strdup (json_object_get_string_member (json_array_get_object_element (rows, i), "id")));
      g_free (uri);
      uri = g_strdup (json_object_get_string_member_with_default (page, "@odata.nextLink", NULL));
      n_pages++;
    }
  g_assert_cmpuint (n_pages, ==, 5);
  g_assert_cmpuint (g_hash_table_size (ids), ==, 250);
  wire_stop (&wire);
}

static void
test_filter (void)
{
  TvmDemoOptions options = make_options ();
  g_autoptr(JsonObject) inactive = NULL;
  g_autoptr(JsonObject) wrong = NULL;
  JsonArray *rows;
  Wire wire;

  wire_start (&wire, &options);
  wire_sign_in (&wire, DEFENDER_SCOPE);
  inactive = wire_get (&wire, "/api/machines?$filter=healthStatus%20eq%20'Inactive'%20and%20isAadJoined%20eq%20true");
  rows = json_object_get_array_member (inactive, "value");
  g_assert_cmpuint (json_array_get_length (rows), >, 0);
  g_assert_cmpuint (json_array_get_length (rows), <, 250);
  for (guint i = 0; i < json_array_get_length (rows); i++)
    g_assert_cmpstr (json_object_get_string_member (json_array_get_object_element (rows, i), "healthStatus"), ==, "Inactive");
  wrong = wire_get (&wire, "/api/machines?$filter=nonsense%20eq%201");
  g_assert_cmpuint (wire.status, ==, 400);
  g_assert_true (json_object_has_member (json_object_get_object_member (wrong, "error"), "target"));
  wire_stop (&wire);
}

static void
test_device_code (void)
{
  TvmDemoOptions options = make_options ();
  g_autofree char *declined = NULL;
  g_autofree char *expired = NULL;
  g_autofree char *hasty = NULL;
  Wire wire;

  wire_start (&wire, &options);
  declined = wire_start_device_code (&wire, DEFENDER_SCOPE);
  wire_assert_oauth_error (&wire, declined, "authorization_pending");
  wire_order (&wire, "/_demo/sign-in/decline", "{}");
  wire_assert_oauth_error (&wire, declined, "authorization_declined");
  expired = wire_start_device_code (&wire, DEFENDER_SCOPE);
  wire_order (&wire, "/_demo/sign-in/expire", "{}");
  wire_assert_oauth_error (&wire, expired, "expired_token");
  wire_assert_oauth_error (&wire, "client_id=app&device_code=x&grant_type=urn:ietf:params:oauth:grant-type:device_code",
                           "bad_verification_code");
  wire_stop (&wire);

  options.device_code_interval = 60;
  wire_start (&wire, &options);
  hasty = wire_start_device_code (&wire, DEFENDER_SCOPE);
  wire_assert_oauth_error (&wire, hasty, "authorization_pending");
  wire_assert_oauth_error (&wire, hasty, "slow_down");
  wire_stop (&wire);
}

/* The code and verifier are the example of RFC 7636, appendix B. */
static void
test_code_flow (void)
{
  TvmDemoOptions options = make_options ();
  g_autoptr(SoupMessage) message = NULL;
  g_autoptr(GBytes) page = NULL;
  g_autoptr(GHashTable) query = NULL;
  g_autoptr(GUri) location = NULL;
  g_autoptr(JsonObject) tokens = NULL;
  g_autofree char *uri = NULL, *form = NULL;
  Wire wire;

  options.auto_approve = TRUE;
  wire_start (&wire, &options);
  uri = g_strconcat (tvm_demo_tenant_get_uri (wire.tenant), "/organizations/oauth2/v2.0/authorize?client_id=app"
                     "&response_type=code&redirect_uri=http://localhost:1/&state=s%26t&scope=openid"
                     "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256", NULL);
  message = soup_message_new ("GET", uri);
  soup_message_set_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  page = soup_session_send_and_read (wire.session, message, NULL, NULL);
  g_assert_cmpuint (soup_message_get_status (message), ==, 302);
  location = g_uri_parse (soup_message_headers_get_one (soup_message_get_response_headers (message), "Location"),
                          SOUP_HTTP_URI_FLAGS, NULL);
  query = soup_form_decode (g_uri_get_query (location));
  g_assert_cmpstr (g_hash_table_lookup (query, "state"), ==, "s&t");
  form = soup_form_encode ("client_id", "app", "grant_type", "authorization_code", "redirect_uri", "http://localhost:1/",
                           "code", g_hash_table_lookup (query, "code"), "scope", DEFENDER_SCOPE, "code_verifier",
                           "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", NULL);
  tokens = wire_token (&wire, form);
  g_assert_cmpuint (wire.status, ==, 200);
  wire_assert_oauth_error (&wire, form, "invalid_grant");
  wire_stop (&wire);
}

static char *
make_refresh_form (Wire       *wire,
                   const char *scope)
{
  return soup_form_encode ("client_id", "app", "grant_type", "refresh_token", "refresh_token", wire->refresh,
                           "scope", scope, NULL);
}

static void
test_refresh (void)
{
  TvmDemoOptions options = make_options ();
  g_autofree char *mixed = NULL, *first = NULL, *second = NULL;
  g_autoptr(JsonObject) answer = NULL;
  Wire wire;

  wire_start (&wire, &options);
  wire_sign_in (&wire, DEFENDER_SCOPE);
  mixed = make_refresh_form (&wire, DEFENDER_SCOPE " https://graph.microsoft.com/User.Read");
  wire_assert_oauth_error (&wire, mixed, "invalid_request");
  first = make_refresh_form (&wire, GRAPH_SCOPE);
  answer = wire_token (&wire, first);
  g_assert_cmpuint (wire.status, ==, 200);
  wire_assert_oauth_error (&wire, first, "invalid_grant");
  g_free (wire.refresh);
  wire.refresh = g_strdup (json_object_get_string_member (answer, "refresh_token"));
  wire_order (&wire, "/_demo/sign-in/revoke", "{}");
  second = make_refresh_form (&wire, GRAPH_SCOPE);
  wire_assert_oauth_error (&wire, second, "invalid_grant");
  wire_stop (&wire);
}

static void
assert_get (Wire       *wire,
            const char *path,
            guint       status)
{
  g_autoptr(JsonObject) answer = wire_get (wire, path);

  g_assert_cmpuint (wire->status, ==, status);
}

static void
test_audiences (void)
{
  TvmDemoOptions options = make_options ();
  Wire wire;

  wire_start (&wire, &options);
  assert_get (&wire, "/api/machines", 401);
  wire_sign_in (&wire, DEFENDER_SCOPE);
  assert_get (&wire, "/v1.0/me", 401);
  assert_get (&wire, "/api/machines", 200);
  assert_get (&wire, "/unknown.example/oauth2/v2.0/authorize", 400);
  wire_order (&wire, "/_demo/tokens/expire", "{}");
  assert_get (&wire, "/api/machines", 401);
  wire_sign_in (&wire, GRAPH_SCOPE);
  assert_get (&wire, "/v1.0/me", 200);
  assert_get (&wire, "/api/machines", 401);
  wire_sign_in (&wire, "DeviceManagementApps.Read.All offline_access");
  assert_get (&wire, TASKS, 200);
  wire_stop (&wire);
}

static void
test_no_devices (void)
{
  TvmDemoOptions options = make_options ();
  Wire wire;

  options.devices = 0;
  wire_start (&wire, &options);
  wire_sign_in (&wire, DEFENDER_SCOPE);
  assert_get (&wire, "/api/machines", 404);
  assert_get (&wire, "/api/recommendations", 200);
  assert_get (&wire, "/api/exposureScore", 200);
  wire_stop (&wire);
}

static char *
make_ticket (guint       n_devices,
             const char *more)
{
  GString *json = g_string_new ("{\"@odata.type\":\"#microsoft.graph.appVulnerabilityTask\",\"displayName\":\"Update 7-Zip\"");

  g_string_append_printf (json, ",\"priority\":\"high\"%s,\"managedDevices\":[", more);
  for (guint i = 0; i < n_devices; i++)
    g_string_append_printf (json, "%s{\"id\":\"00000000-0000-4000-8000-%012u\",\"displayName\":\"d\"}", i > 0 ? "," : "", i);
  g_string_append (json, "]}");
  return g_string_free (json, FALSE);
}

static void
assert_refused (Wire       *wire,
                const char *json)
{
  g_autoptr(JsonObject) answer = wire_post (wire, TASKS, json);
  JsonObject *error = json_object_get_object_member (answer, "error");

  g_assert_cmpuint (wire->status, ==, 400);
  g_assert_true (json_object_has_member (json_object_get_object_member (error, "innerError"), "request-id"));
}

static void
test_tickets (void)
{
  static const char *const wrong[] = { ",\"colour\":\"red\"", ",\"category\":\"none\"", ",\"description\":5",
                                       ",\"applicablePlatform\":\"macOS\"", ",\"dueDateTime\":\"soon\"" };
  TvmDemoOptions options = make_options ();
  g_autofree char *many = make_ticket (10001, ""), *most = make_ticket (10000, "");
  g_autofree char *devices_path = NULL, *path = NULL, *order = NULL;
  g_autoptr(JsonObject) made = NULL;
  g_autoptr(JsonObject) page = NULL;
  g_autoptr(JsonObject) got = NULL;
  g_autoptr(JsonObject) gone = NULL;
  Wire wire;

  wire_start (&wire, &options);
  wire_sign_in (&wire, GRAPH_SCOPE);
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autofree char *json = make_ticket (1, wrong[i]);

      assert_refused (&wire, json);
    }
  assert_refused (&wire, many);
  assert_refused (&wire, "{\"displayName\":\"no type\"}");
  assert_refused (&wire, "{\"@odata.type\":\"#microsoft.graph.appVulnerabilityTask\",\"managedDevices\":[{\"id\":\"x\"}]}");
  made = wire_post (&wire, TASKS, most);
  g_assert_cmpuint (wire.status, ==, 201);
  g_assert_cmpint (json_object_get_int_member (made, "managedDeviceCount"), ==, 10000);
  g_assert_false (json_object_has_member (made, "managedDevices"));
  path = g_strconcat (TASKS "/", json_object_get_string_member (made, "id"), NULL);
  devices_path = g_strconcat (path, "/microsoft.graph.appVulnerabilityTask/managedDevices", NULL);
  page = wire_get (&wire, devices_path);
  g_assert_cmpuint (count_rows (page), ==, 1000);
  g_assert_true (json_object_has_member (page, "@odata.nextLink"));
  order = g_strconcat ("/_demo/tickets/", json_object_get_string_member (made, "id"), "/accept", NULL);
  wire_order (&wire, order, "{\"assigned_to\":\"bo@contoso.example\"}");
  got = wire_get (&wire, path);
  g_assert_cmpstr (json_object_get_string_member (got, "status"), ==, "active");
  g_assert_cmpstr (json_object_get_string_member (got, "assignedTo"), ==, "bo@contoso.example");
  gone = wire_send (&wire, "DELETE", path, NULL, NULL);
  g_assert_cmpuint (wire.status, ==, 204);
  assert_get (&wire, path, 404);
  wire_stop (&wire);
}

static void
test_ticket_permission (void)
{
  TvmDemoOptions options = make_options ();
  g_autofree char *json = make_ticket (1, "");
  g_autoptr(JsonObject) answer = NULL;
  Wire wire;

  wire_start (&wire, &options);
  wire_sign_in (&wire, "https://graph.microsoft.com/DeviceManagementApps.Read.All offline_access");
  answer = wire_post (&wire, TASKS, json);
  g_assert_cmpuint (wire.status, ==, 403);
  wire_stop (&wire);
}

/* What one recommendation counts, and what its list holds: they must agree. */
static guint
count_exposed (Wire       *wire,
               const char *id)
{
  g_autofree char *path = g_strconcat ("/api/recommendations/", id, NULL);
  g_autofree char *list_path = g_strconcat (path, "/machineReferences", NULL);
  g_autoptr(JsonObject) about = wire_get (wire, path);
  g_autoptr(JsonObject) list = wire_get (wire, list_path);

  g_assert_cmpint (json_object_get_int_member (about, "exposedMachinesCount"), ==, count_rows (list));
  return count_rows (list);
}

static void
test_control_path (void)
{
  const char *id = "va-_-google-_-chrome";
  TvmDemoOptions options = make_options ();
  g_autoptr(JsonObject) stats = NULL;
  g_autoptr(JsonObject) refused = NULL;
  guint n_before;
  Wire wire;

  wire_start (&wire, &options);
  wire_sign_in (&wire, DEFENDER_SCOPE);
  wire_order (&wire, "/_demo/recommendations/va-_-google-_-chrome/expose", "{\"count\":20}");
  n_before = count_exposed (&wire, id);
  g_assert_cmpuint (n_before, >=, 20);
  wire_order (&wire, "/_demo/recommendations/va-_-google-_-chrome/patch", "{\"count\":5}");
  g_assert_cmpuint (count_exposed (&wire, id), ==, n_before - 5);
  wire_order (&wire, "/_demo/recommendations/va-_-google-_-chrome/patch", "{\"fraction\":1.0}");
  g_assert_cmpuint (count_exposed (&wire, id), ==, 0);
  wire_order (&wire, "/_demo/faults", "{\"path\":\"/api/machines\",\"status\":429,\"retry_after\":\"60\"}");
  assert_get (&wire, "/api/machines", 429);
  assert_get (&wire, "/api/machines", 200);
  stats = wire_get (&wire, "/_demo/stats");
  g_assert_cmpint (json_object_get_int_member (stats, "retry_after_violations"), ==, 1);
  refused = wire_post (&wire, "/_demo/faults", "{\"kind\":\"nonsense\"}");
  g_assert_cmpuint (wire.status, ==, 400);
  wire_stop (&wire);
}

/* The changes since the start, over pages of @page_size: "<status>" of each, and how many pages. */
static GPtrArray *
list_changes (Wire *wire, int page_size, guint *n_pages)
{
  GPtrArray *states = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GDateTime) hour_ago = g_date_time_new_from_unix_utc (g_get_real_time () / G_USEC_PER_SEC - 3600);
  g_autofree char *since = g_date_time_format_iso8601 (hour_ago);
  g_autofree char *uri = g_strdup_printf (CHANGES "?sinceTime=%s&pageSize=%d", since, page_size);

  for (*n_pages = 0; uri != NULL; (*n_pages)++)
    {
      g_autoptr(JsonObject) page = wire_get (wire, uri);
      JsonArray *rows = json_object_get_array_member (page, "value");

      for (guint i = 0; i < json_array_get_length (rows); i++)
        {
          JsonObject *row = json_array_get_object_element (rows, i);

          g_assert_cmpstr (json_object_get_string_member (row, "recommendationReference"), ==,
                           "va-_-google-_-chrome");
          g_ptr_array_add (states, g_strdup (json_object_get_string_member (row, "status")));
        }
      g_free (uri);
      uri = g_strdup (json_object_get_string_member_with_default (page, "@odata.nextLink", NULL));
    }
  return states;
}

/* One record for each device, version and CVE, oldest first. */
static void
test_changes (void)
{
  TvmDemoOptions options = make_options ();
  g_autoptr(GPtrArray) none = NULL, paged = NULL, whole = NULL;
  g_autoptr(JsonObject) about = NULL;
  guint n_cves, n_pages, n_whole_pages;
  Wire wire;

  wire_start (&wire, &options);
  wire_sign_in (&wire, DEFENDER_SCOPE);
  about = wire_get (&wire, "/api/recommendations/va-_-google-_-chrome");
  n_cves = (guint) json_object_get_int_member (about, "weaknesses");
  none = list_changes (&wire, 50000, &n_pages);
  g_assert_cmpuint (none->len, ==, 0);
  wire_order (&wire, "/_demo/recommendations/va-_-google-_-chrome/patch", "{\"count\":3}");
  wire_order (&wire, "/_demo/recommendations/va-_-google-_-chrome/expose", "{\"count\":2}");
  whole = list_changes (&wire, 50000, &n_whole_pages);
  g_assert_cmpuint (whole->len, >, n_cves);
  g_assert_cmpuint (n_whole_pages, ==, 1);
  g_assert_cmpstr (whole->pdata[0], ==, "Fixed");
  g_assert_cmpstr (whole->pdata[whole->len - 1], ==, "New");
  paged = list_changes (&wire, (int) n_cves, &n_pages);
  g_assert_cmpuint (paged->len, ==, whole->len);
  g_assert_cmpuint (n_pages, ==, (whole->len + n_cves - 1) / n_cves);
  assert_get (&wire, CHANGES, 400);
  assert_get (&wire, CHANGES "?sinceTime=2020-01-01T00:00:00Z", 400);
  wire_stop (&wire);
}

static char *
dup_names (guint64 seed)
{
  TvmDemoOptions options = make_options ();
  g_autoptr(JsonObject) page = NULL;
  g_autoptr(JsonObject) state = NULL;
  g_autoptr(JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  GString *names = g_string_new (NULL);
  JsonArray *rows;
  g_autofree char *exposed = NULL;
  Wire wire;

  options.seed = seed;
  wire_start (&wire, &options);
  wire_sign_in (&wire, DEFENDER_SCOPE);
  page = wire_get (&wire, "/api/machines");
  rows = json_object_get_array_member (page, "value");
  for (guint i = 0; i < json_array_get_length (rows); i++)
    {
      JsonObject *row = json_array_get_object_element (rows, i);

      g_string_append_printf (names, "%s %s\n", json_object_get_string_member (row, "id"),
                              json_object_get_string_member (row, "computerDnsName"));
    }
  state = wire_get (&wire, "/_demo/state");
  json_node_set_object (node, json_object_get_object_member (state, "exposed"));
  exposed = json_to_string (node, FALSE);
  g_string_append (names, exposed);
  wire_stop (&wire);
  return g_string_free (names, FALSE);
}

static void
test_seed (void)
{
  g_autofree char *first = dup_names (7), *again = dup_names (7), *other = dup_names (8);

  g_assert_cmpstr (first, ==, again);
  g_assert_cmpstr (first, !=, other);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL); /* nothing is written, so no directories of its own */
  g_test_add_func ("/demo/defender/pages-by-skip", test_skip_paging);
  g_test_add_func ("/demo/defender/pages-by-link", test_link_paging);
  g_test_add_func ("/demo/defender/filter", test_filter);
  g_test_add_func ("/demo/defender/no-devices", test_no_devices);
  g_test_add_func ("/demo/defender/changes", test_changes);
  g_test_add_func ("/demo/identity/device-code", test_device_code);
  g_test_add_func ("/demo/identity/code-flow", test_code_flow);
  g_test_add_func ("/demo/identity/refresh-rotates", test_refresh);
  g_test_add_func ("/demo/identity/audiences", test_audiences);
  g_test_add_func ("/demo/graph/tickets", test_tickets);
  g_test_add_func ("/demo/graph/ticket-permission", test_ticket_permission);
  g_test_add_func ("/demo/control/patch-and-throttle", test_control_path);
  g_test_add_func ("/demo/data/follow-from-seed", test_seed);
  return g_test_run ();
}

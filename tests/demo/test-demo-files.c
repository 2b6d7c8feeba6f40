/* test-demo-files.c: exports as files with signed addresses, what goes wrong with them on order, and
 * the limits of calls. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "test-demo-wire.h"
#include "tvm-time.h"

#include <string.h>

#define MACHINES "/api/machines/"
#define EXPORT   MACHINES "SoftwareVulnerabilitiesExport"
#define PAGES    MACHINES "SoftwareVulnerabilitiesByMachine"
#define SETTINGS MACHINES "SecureConfigurationsAssessmentByMachine"
#define CHROME   "va-_-google-_-chrome"

static TvmDemoOptions
make_options (void)
{
  TvmDemoOptions options;

  tvm_demo_options_init (&options);
  options.devices = 60;
  options.device_code_interval = 0;
  return options;
}

static void
start (Wire *wire)
{
  TvmDemoOptions options = make_options ();

  wire_start (wire, &options);
  wire_sign_in (wire, DEFENDER_SCOPE);
}

/* Returns: (transfer full): what stands at the address, asked for with a token or without */
static GBytes *
get_file (Wire *wire, const char *address, const char *authorization, SoupMessage **out_message)
{
  g_autoptr(SoupMessage) message = soup_message_new ("GET", address);
  g_autoptr(GError) error = NULL;
  GBytes *bytes;

  if (authorization != NULL)
    soup_message_headers_append (soup_message_get_request_headers (message), "Authorization", authorization);
  bytes = soup_session_send_and_read (wire->session, message, NULL, &error);
  g_assert_no_error (error);
  wire->status = soup_message_get_status (message);
  if (out_message != NULL)
    *out_message = g_object_ref (message);
  return bytes;
}

/* Returns: (transfer full) (nullable): the text of a file; NULL: it is no whole gzip */
static char *
unpack (GBytes *bytes)
{
  g_autoptr(GInputStream) packed = g_memory_input_stream_new_from_bytes (bytes);
  g_autoptr(GZlibDecompressor) unpacker = g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP);
  g_autoptr(GInputStream) plain = g_converter_input_stream_new (packed, G_CONVERTER (unpacker));
  g_autoptr(GOutputStream) text = g_memory_output_stream_new_resizable ();

  if (g_output_stream_splice (text, plain, G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET, NULL, NULL) < 0)
    return NULL;
  return g_strndup (g_memory_output_stream_get_data (G_MEMORY_OUTPUT_STREAM (text)),
                    g_memory_output_stream_get_data_size (G_MEMORY_OUTPUT_STREAM (text)));
}

/* Returns: (transfer full): the addresses of an export */
static char **
dup_addresses (Wire *wire, const char *path)
{
  g_autoptr(JsonObject) answer = wire_get (wire, path);
  JsonArray *files = json_object_get_array_member (answer, "exportFiles");
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  g_assert_cmpuint (wire->status, ==, 200);
  g_assert_true (json_object_has_member (answer, "generatedTime"));
  for (guint i = 0; i < json_array_get_length (files); i++)
    g_strv_builder_add (builder, json_array_get_string_element (files, i));
  return g_strv_builder_end (builder);
}

static void
assert_status (Wire *wire, const char *address, const char *authorization, guint status, const char *word)
{
  g_autoptr(GBytes) bytes = get_file (wire, address, authorization, NULL);
  g_autofree char *text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));

  g_assert_cmpuint (wire->status, ==, status);
  if (word != NULL && strstr (text, word) == NULL)
    g_error ("“%s” lacks “%s”", text, word);
}

/* All files together are the pages' rows at the instant of the export, whatever happened since. */
static void
test_same_rows (void)
{
  static const char *const exports[][2] = {
    { PAGES, EXPORT }, { SETTINGS, MACHINES "SecureConfigurationsAssessmentExport" }
  };
  Wire wire;

  start (&wire);
  for (guint k = 0; k < G_N_ELEMENTS (exports); k++)
    {
      g_autoptr(GPtrArray) rows = wire_list (&wire, exports[k][0]);
      g_auto(GStrv) addresses = dup_addresses (&wire, exports[k][1]);
      guint n = 0;

      g_assert_cmpuint (g_strv_length (addresses), >=, 3);
      wire_order (&wire, "/_demo/recommendations/" CHROME "/patch", "{\"count\":3}");
      for (guint i = 0; addresses[i] != NULL; i++)
        {
          g_autoptr(GBytes) bytes = get_file (&wire, addresses[i], NULL, NULL);
          g_autofree char *text = unpack (bytes);
          g_auto(GStrv) lines = g_strsplit (text, "\n", -1);

          for (guint line = 0; *lines[line] != '\0'; line++, n++)
            {
              g_autoptr(JsonNode) one = json_from_string (lines[line], NULL);
              g_autoptr(JsonNode) expected = json_node_alloc ();

              json_node_init_object (expected, rows->pdata[n]);
              g_assert_true (json_node_equal (one, expected));
            }
        }
      g_assert_cmpuint (n, ==, rows->len);
    }
  wire_stop (&wire);
}

static void
test_signature (void)
{
  g_auto(GStrv) addresses = NULL, old = NULL;
  g_autoptr(SoupMessage) message = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(JsonObject) stats = NULL;
  g_autofree char *wrong = NULL, *bare = NULL;
  SoupMessageHeaders *headers;
  Wire wire;

  start (&wire);
  addresses = dup_addresses (&wire, EXPORT "?sasValidHours=2");
  bytes = get_file (&wire, addresses[0], NULL, &message);
  headers = soup_message_get_response_headers (message);
  g_assert_cmpuint (wire.status, ==, 200);
  g_assert_cmpint (soup_message_headers_get_content_length (headers), ==, (goffset) g_bytes_get_size (bytes));
  g_assert_nonnull (soup_message_headers_get_one (headers, "ETag"));
  g_assert_null (soup_message_headers_get_one (headers, "Content-Encoding"));
  assert_status (&wire, addresses[0], "Bearer x", 400, "InvalidAuthenticationInfo");
  stats = wire_get (&wire, "/_demo/stats");
  g_assert_cmpint (json_object_get_int_member (stats, "leaked_tokens"), ==, 1);
  wrong = g_strconcat (addresses[0], "x", NULL);
  assert_status (&wire, wrong, NULL, 403, "<Code>AuthenticationFailed</Code>");
  bare = g_strndup (addresses[0], strcspn (addresses[0], "?"));
  assert_status (&wire, bare, NULL, 404, "<Code>");
  wire_order (&wire, "/_demo/exports/expire", "{}");
  assert_status (&wire, addresses[0], NULL, 403, "AuthenticationFailed");
  wire_order (&wire, "/_demo/exports", "{\"valid_seconds\":1}");
  old = dup_addresses (&wire, EXPORT);
  tvm_set_virtual_waits (TRUE);
  tvm_pass_time_us (tvm_ticks_us () + 2 * TVM_SECOND_US);
  tvm_set_virtual_waits (FALSE);
  assert_status (&wire, old[0], NULL, 403, "time frame");
  assert_status (&wire, tvm_demo_tenant_get_uri (wire.tenant), NULL, 404, NULL);
  g_clear_pointer (&stats, json_object_unref);
  stats = wire_get (&wire, EXPORT "?sasValidHours=7");
  g_assert_cmpuint (wire.status, ==, 400);
  wire_stop (&wire);
}

/* Returns: (transfer full) (nullable): the text of the first file with that fault */
static char *
dup_spoiled (Wire *wire, const char *kind)
{
  g_autofree char *order = g_strdup_printf ("{\"path\":\"/blobs/\",\"kind\":\"%s\"}", kind);
  g_auto(GStrv) addresses = dup_addresses (wire, EXPORT);
  g_autoptr(GBytes) bytes = NULL;

  wire_order (wire, "/_demo/faults", order);
  bytes = get_file (wire, addresses[0], NULL, NULL);
  return unpack (bytes);
}

static guint
count_lines (const char *text)
{
  guint n = 0;

  for (const char *p = text; *p != '\0'; p++)
    n += *p == '\n';
  return n;
}

static void
test_file_faults (void)
{
  g_autofree char *whole = NULL, *cut = NULL, *checksum = NULL, *bytes = NULL, *html = NULL, *array = NULL;
  g_autofree char *cut_line = NULL, *brief = NULL, *partly = NULL, *shape = NULL, *long_line = NULL;
  g_auto(GStrv) addresses = NULL;
  guint n;
  Wire wire;

  start (&wire);
  whole = dup_spoiled (&wire, "delay");
  n = count_lines (whole);
  g_assert_null (cut = dup_spoiled (&wire, "cut-gzip"));
  g_assert_null (checksum = dup_spoiled (&wire, "bad-checksum"));
  g_assert_null (bytes = dup_spoiled (&wire, "bad-bytes"));
  g_assert_null (html = dup_spoiled (&wire, "html"));
  array = dup_spoiled (&wire, "array");
  g_assert_cmpint (array[0], ==, '[');
  cut_line = dup_spoiled (&wire, "cut-line");
  g_assert_true (g_str_has_prefix (whole, cut_line));
  g_assert_cmpuint (count_lines (cut_line), ==, n - 1);
  g_assert_false (g_str_has_suffix (cut_line, "\n"));
  brief = dup_spoiled (&wire, "short");
  g_assert_cmpuint (count_lines (brief), ==, 1);
  partly = dup_spoiled (&wire, "partly");
  g_assert_cmpuint (count_lines (partly), ==, n);
  g_assert_nonnull (strstr (partly, "\nnull\n"));
  shape = dup_spoiled (&wire, "wrong-shape");
  g_assert_true (g_str_has_prefix (shape, "{\"value\":"));
  long_line = dup_spoiled (&wire, "long-line");
  g_assert_cmpuint (strlen (long_line), >, 50000000);
  addresses = dup_addresses (&wire, EXPORT);
  wire_order (&wire, "/_demo/faults", "{\"path\":\"/blobs/\",\"kind\":\"expired\"}");
  assert_status (&wire, addresses[0], NULL, 403, "time frame");
  assert_status (&wire, addresses[0], NULL, 200, NULL);
  wire_stop (&wire);
}

static void
test_foreign_links (void)
{
  g_auto(GStrv) addresses = NULL;
  g_autoptr(JsonObject) page = NULL;
  Wire wire;

  start (&wire);
  wire_order (&wire, "/_demo/faults", "{\"path\":\"" EXPORT "\",\"kind\":\"foreign-links\"}");
  addresses = dup_addresses (&wire, EXPORT);
  g_assert_true (g_str_has_prefix (addresses[0], "http://files.contoso.example/blobs/"));
  wire_order (&wire, "/_demo/faults", "{\"path\":\"" PAGES "\",\"kind\":\"foreign-links\"}");
  page = wire_get (&wire, PAGES);
  g_assert_true (g_str_has_prefix (json_object_get_string_member (page, "@odata.nextLink"),
                                   "http://files.contoso.example/"));
  wire_stop (&wire);
}

/* How many calls are let in before one is refused, and for how many seconds. */
static guint
count_let_in (Wire *wire, const char *path, guint *seconds)
{
  for (guint n = 0;; n++)
    {
      g_autofree char *uri = g_strconcat (tvm_demo_tenant_get_uri (wire->tenant), path, NULL);
      g_autofree char *token = g_strconcat ("Bearer ", wire->token, NULL);
      g_autoptr(SoupMessage) message = NULL;
      g_autoptr(GBytes) bytes = get_file (wire, uri, token, &message);
      const char *after =
        soup_message_headers_get_one (soup_message_get_response_headers (message), "Retry-After");

      if (wire->status != 429)
        continue;
      g_assert_nonnull (after);
      *seconds = (guint) g_ascii_strtoull (after, NULL, 10);
      return n;
    }
}

static void
pass_seconds (guint seconds)
{
  tvm_set_virtual_waits (TRUE);
  tvm_pass_time_us (tvm_ticks_us () + seconds * TVM_SECOND_US);
  tvm_set_virtual_waits (FALSE);
}

static void
test_documented_limits (void)
{
  static const struct { const char *path; guint n; } limits[] = {
    { "/api/machines?$top=1", 100 }, { "/api/recommendations?$top=1", 50 }, { PAGES "?pageSize=1", 30 },
    { SETTINGS "?pageSize=1", 30 }, { EXPORT, 5 }, { MACHINES "SecureConfigurationsAssessmentExport", 5 },
  };
  TvmDemoOptions options = make_options ();
  g_autoptr(JsonObject) stats = NULL;
  guint seconds;
  Wire wire;

  options.documented_limits = TRUE;
  wire_start (&wire, &options);
  wire_sign_in (&wire, DEFENDER_SCOPE);
  for (guint i = 0; i < G_N_ELEMENTS (limits); i++)
    {
      g_assert_cmpuint (count_let_in (&wire, limits[i].path, &seconds), ==, limits[i].n);
      g_assert_cmpuint (seconds, >, 0);
      g_assert_cmpuint (seconds, <=, 61);
    }
  for (guint i = 0; i < 3; i++)
    {
      pass_seconds (62);
      g_assert_cmpuint (count_let_in (&wire, EXPORT, &seconds), ==, 5);
    }
  pass_seconds (62);
  g_assert_cmpuint (count_let_in (&wire, EXPORT, &seconds), ==, 0);
  g_assert_cmpuint (seconds, >, 3000);
  stats = wire_get (&wire, "/_demo/stats");
  /* The third time it was said to wait for the rest of the hour. */
  g_assert_cmpint (json_object_get_int_member (stats, "retry_after_violations"), ==, 1);
  g_assert_cmpint (json_object_get_int_member (stats, "throttled"), ==, G_N_ELEMENTS (limits) + 4);
  wire_order (&wire, "/_demo/throttle", "{\"calls_per_minute\":2}");
  g_assert_cmpuint (count_let_in (&wire, "/api/machines?$top=1", &seconds), ==, 2);
  g_assert_cmpuint (count_let_in (&wire, "/api/recommendations?$top=1", &seconds), ==, 0);
  wire_order (&wire, "/_demo/throttle", "{\"documented\":true}");
  g_assert_cmpuint (count_let_in (&wire, EXPORT, &seconds), ==, 5);
  wire_stop (&wire);
}

static guint
count_changes (Wire *wire, const char *status)
{
  g_autoptr(GDateTime) hour_ago = g_date_time_new_from_unix_utc (tvm_now_us () / TVM_SECOND_US - 4 * 3600);
  g_autofree char *since = g_date_time_format_iso8601 (hour_ago);
  g_autofree char *path = g_strconcat (MACHINES "SoftwareVulnerabilityChangesByMachine?sinceTime=", since, NULL);
  g_autoptr(GPtrArray) rows = wire_list (wire, path);
  guint n = 0;

  for (guint i = 0; i < rows->len; i++)
    n += status == NULL || strcmp (json_object_get_string_member (rows->pdata[i], "status"), status) == 0;
  return n;
}

static guint
count_rows (Wire *wire)
{
  g_autoptr(GPtrArray) rows = wire_list (wire, PAGES);

  return rows->len;
}

/* Snapshots on order: neither the changes nor the exports tell of what came after the last one. */
static void
test_snapshots (void)
{
  guint n_rows;
  Wire wire;

  start (&wire);
  n_rows = count_rows (&wire);
  wire_order (&wire, "/_demo/snapshots", "{\"every_hours\":6}");
  wire_order (&wire, "/_demo/recommendations/" CHROME "/patch", "{\"fraction\":1.0}");
  g_assert_cmpuint (count_changes (&wire, NULL), ==, 0);
  g_assert_cmpuint (count_rows (&wire), ==, n_rows);
  pass_seconds (6 * 3600);
  wire_sign_in (&wire, DEFENDER_SCOPE);
  wire_order (&wire, "/_demo/snapshots", "{\"every_hours\":0,\"hold\":true}");
  wire_order (&wire, "/_demo/recommendations/" CHROME "/expose", "{\"count\":3}");
  g_assert_cmpuint (count_changes (&wire, "New"), ==, 0);
  wire_order (&wire, "/_demo/snapshots", "{}");
  g_assert_cmpuint (count_changes (&wire, "New"), >, 0);
  wire_stop (&wire);
}

/* A tenant without device groups: each list has its word for it. */
static void
test_no_groups (void)
{
  g_autoptr(GPtrArray) rows = NULL, machines = NULL;
  Wire wire;

  start (&wire);
  wire_order (&wire, "/_demo/exports", "{\"groups\":false}");
  rows = wire_list (&wire, PAGES);
  machines = wire_list (&wire, "/api/machines");
  for (guint i = 0; i < rows->len; i++)
    g_assert_cmpstr (json_object_get_string_member (rows->pdata[i], "rbacGroupName"), ==, "None");
  for (guint i = 0; i < machines->len; i++)
    g_assert_cmpstr (json_object_get_string_member (machines->pdata[i], "rbacGroupName"), ==, "UnassignedGroup");
  wire_stop (&wire);
}

static void
test_updated (void)
{
  g_autoptr(JsonObject) answer = NULL;
  g_autoptr(GPtrArray) all = NULL;
  const char *id = NULL;
  g_autofree char *path = NULL;
  Wire wire;

  start (&wire);
  all = wire_list (&wire, "/api/vulnerabilities?$filter=publicExploit%20eq%20false%20and%20exposedMachines%20gt%203");
  id = json_object_get_string_member (all->pdata[0], "id");
  path = g_strdup_printf ("/_demo/vulnerabilities/%s/exploit", id);
  answer = wire_post (&wire, path, "{}");
  g_assert_cmpint (json_object_get_int_member (answer, "changed"), >, 3);
  g_assert_cmpuint (count_changes (&wire, "Updated"), >=, (guint) json_object_get_int_member (answer, "changed"));
  g_assert_cmpuint (count_changes (&wire, "Updated"), ==, count_changes (&wire, NULL));
  wire_stop (&wire);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/demo/files/same-rows", test_same_rows);
  g_test_add_func ("/demo/files/signature", test_signature);
  g_test_add_func ("/demo/files/faults", test_file_faults);
  g_test_add_func ("/demo/files/foreign-links", test_foreign_links);
  g_test_add_func ("/demo/limits/documented", test_documented_limits);
  g_test_add_func ("/demo/changes/snapshots", test_snapshots);
  g_test_add_func ("/demo/exports/no-groups", test_no_groups);
  g_test_add_func ("/demo/changes/updated", test_updated);
  return g_test_run ();
}

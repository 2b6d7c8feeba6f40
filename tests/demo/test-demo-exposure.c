/* test-demo-exposure.c: the demo tenant's lists and exports tell the same of its devices, and its
 * changes lead from one to the next. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "test-demo-wire.h"

#include <string.h>

#define MACHINES "/api/machines/"
#define SOFTWARE "SoftwareVulnerabilitiesByMachine?pageSize=997"
#define SETTINGS "SecureConfigurationsAssessmentByMachine?pageSize=997"
#define CHROME   "va-_-google-_-chrome"

static const char *
get_text (JsonObject *row, const char *name)
{
  return json_object_get_null_member (row, name) ? NULL : json_object_get_string_member (row, name);
}

/* Who has what: "<what> <device>", and "<what>" with their number. */
typedef struct { GHashTable *records, *exposed, *present, *weak; } Told;

static void
told_init (Told *told)
{
  told->records = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) json_object_unref);
  told->exposed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  told->present = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  told->weak = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

static void
told_clear (Told *told)
{
  g_hash_table_unref (told->records);
  g_hash_table_unref (told->exposed);
  g_hash_table_unref (told->present);
  g_hash_table_unref (told->weak);
}

static guint
count_of (GHashTable *set, const char *what)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (set, what));
}

static void
add (GHashTable *set, const char *what, const char *who)
{
  if (g_hash_table_insert (set, g_strconcat (what, " ", who, NULL), NULL))
    g_hash_table_replace (set, g_strdup (what), GUINT_TO_POINTER (count_of (set, what) + 1));
}

static void
add_rows (Wire *wire, const char *list, Told *told)
{
  g_autoptr(GPtrArray) rows = wire_list (wire, list);

  for (guint i = 0; i < rows->len; i++)
    {
      JsonObject *row = rows->pdata[i];
      const char *device = get_text (row, "deviceId"), *about = get_text (row, "recommendationReference");
      const char *cve = json_object_has_member (row, "cveId") ? get_text (row, "cveId") : NULL;

      g_assert_true (g_hash_table_insert (told->records, g_strdup (get_text (row, "id")), json_object_ref (row)));
      if (!json_object_has_member (row, "isApplicable") || json_object_get_boolean_member (row, "isApplicable"))
        add (told->present, about, device);
      if (cve != NULL ||
          (json_object_has_member (row, "isApplicable") && json_object_get_boolean_member (row, "isApplicable") &&
           !json_object_get_boolean_member (row, "isCompliant")))
        add (told->exposed, about, device);
      if (cve != NULL)
        {
          add (told->exposed, cve, device);
          add (told->weak, about, cve);
        }
    }
}

/* A list has as many ids as the exports, and the same. */
static void
assert_list (Wire *wire, GHashTable *set, const char *value, const char *format)
{
  g_autofree char *escaped = g_uri_escape_string (value, NULL, FALSE);
  g_autofree char *path = g_strdup_printf ("/api/%s/%s/%s", g_str_has_prefix (value, "CVE") ? "vulnerabilities"
                                           : "recommendations", escaped, format);
  g_autoptr(GPtrArray) rows = wire_list (wire, path);

  g_assert_cmpuint (rows->len, ==, count_of (set, value));
  for (guint i = 0; i < rows->len; i++)
    {
      g_autofree char *key = g_strconcat (value, " ", get_text (rows->pdata[i], "id"), NULL);

      g_assert_true (g_hash_table_contains (set, key));
    }
}

static void
assert_recommendations (Wire *wire, Told *told)
{
  g_autoptr(GPtrArray) rows = wire_list (wire, "/api/recommendations");

  for (guint i = 0; i < rows->len; i++)
    {
      const char *id = get_text (rows->pdata[i], "id");

      assert_list (wire, told->exposed, id, "machineReferences");
      assert_list (wire, told->weak, id, "vulnerabilities");
      g_assert_cmpuint (json_object_get_int_member (rows->pdata[i], "exposedMachinesCount"), ==,
                        count_of (told->exposed, id));
      g_assert_cmpuint (json_object_get_int_member (rows->pdata[i], "totalMachineCount"), ==,
                        count_of (told->present, id));
      g_assert_cmpuint (json_object_get_int_member (rows->pdata[i], "weaknesses"), ==, count_of (told->weak, id));
    }
}

static void
assert_vulnerabilities (Wire *wire, Told *told)
{
  g_autoptr(GPtrArray) rows = wire_list (wire, "/api/vulnerabilities?$top=8000");
  guint n_nowhere = 0, n_exposed = 0;

  for (guint i = 0; i < rows->len; i++)
    {
      const char *id = get_text (rows->pdata[i], "id");
      guint n = (guint) json_object_get_int_member (rows->pdata[i], "exposedMachines");

      g_assert_cmpuint (n, ==, count_of (told->exposed, id));
      n_nowhere += n == 0;
      n_exposed += n > 0;
      if (i % 40 == 0 || strcmp (id, "CVE-2023-4863") == 0)
        assert_list (wire, told->exposed, id, "machineReferences");
    }
  g_assert_cmpuint (n_nowhere, >, 0);
  g_assert_cmpuint (n_exposed, >, 100);
}

/* Everything that the tenant tells now, which agrees. */
static void
read_all (Wire *wire, Told *told)
{
  told_init (told);
  add_rows (wire, MACHINES SOFTWARE, told);
  add_rows (wire, MACHINES SETTINGS, told);
  assert_recommendations (wire, told);
  assert_vulnerabilities (wire, told);
}

static TvmDemoOptions
make_options (void)
{
  TvmDemoOptions options;

  tvm_demo_options_init (&options);
  options.devices = 90;
  options.device_code_interval = 0;
  return options;
}

/* What the delta tells since the start is done to @told: removed, added; never twice. */
static guint
apply_changes (Wire *wire, Told *told, guint page_size)
{
  g_autoptr(GDateTime) hour_ago = g_date_time_new_from_unix_utc (g_get_real_time () / G_USEC_PER_SEC - 3600);
  g_autofree char *since = g_date_time_format_iso8601 (hour_ago);
  g_autofree char *path = g_strdup_printf (MACHINES "SoftwareVulnerabilityChangesByMachine?sinceTime=%s&pageSize=%u",
                                           since, page_size);
  g_autoptr(GPtrArray) rows = wire_list (wire, path);

  for (guint i = 0; i < rows->len; i++)
    {
      JsonObject *row = rows->pdata[i];
      const char *id = get_text (row, "id"), *status = get_text (row, "status");

      g_assert_nonnull (get_text (row, "cveId"));
      g_assert_true (json_object_has_member (row, "isOnboarded"));
      if (strcmp (status, "Fixed") == 0)
        g_assert_true (g_hash_table_remove (told->records, id));
      else
        g_assert_true (g_hash_table_insert (told->records, g_strdup (id), json_object_ref (row)));
    }
  return rows->len;
}

/* The same records with a CVE, in the same groups, first seen at the same time. */
static void
assert_same (Told *told, Told *now)
{
  GHashTableIter iter;
  gpointer key, value;
  guint n = 0, n_now = 0;

  g_hash_table_iter_init (&iter, told->records);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      JsonObject *other = g_hash_table_lookup (now->records, key);

      if (!json_object_has_member (value, "cveId") || get_text (value, "cveId") == NULL)
        continue;
      n++;
      g_assert_nonnull (other);
      g_assert_cmpstr (get_text (value, "rbacGroupName"), ==, get_text (other, "rbacGroupName"));
      g_assert_cmpstr (get_text (value, "firstSeenTimestamp"), ==, get_text (other, "firstSeenTimestamp"));
    }
  g_hash_table_iter_init (&iter, now->records);
  while (g_hash_table_iter_next (&iter, &key, &value))
    n_now += json_object_has_member (value, "cveId") && get_text (value, "cveId") != NULL;
  g_assert_cmpuint (n, ==, n_now);
}

static void
change_much (Wire *wire)
{
  g_autoptr(GPtrArray) exposed = wire_list (wire, "/api/recommendations/" CHROME "/machineReferences");
  g_autofree char *move = g_strdup_printf ("/_demo/devices/%s/move", get_text (exposed->pdata[0], "id"));
  g_autofree char *remove = g_strdup_printf ("/_demo/devices/%s/remove", get_text (exposed->pdata[1], "id"));

  wire_order (wire, "/_demo/recommendations/" CHROME "/step", "{\"count\":5}");
  wire_order (wire, move, "{\"group\":\"Kiosks\"}");
  wire_order (wire, "/_demo/recommendations/" CHROME "/patch", "{\"count\":4}");
  wire_order (wire, move, "{\"group\":\"UnassignedGroup\"}");
  wire_order (wire, "/_demo/recommendations/va-_-mozilla-_-firefox/expose", "{\"count\":9}");
  wire_order (wire, "/_demo/recommendations/" CHROME "/step", "{\"count\":40}");
  wire_order (wire, "/_demo/recommendations/" CHROME "/expose", "{\"count\":2}");
  wire_order (wire, "/_demo/recommendations/va-_-adobe-_-flash_player/patch", "{\"fraction\":1.0}");
  wire_order (wire, "/_demo/recommendations/sca-_-scid-2010/patch", "{\"fraction\":0.5}");
  wire_order (wire, remove, "{\"keep_references\":false}");
}

static void
test_agree (void)
{
  TvmDemoOptions options = make_options ();
  Told before, after;
  Wire wire;

  wire_start (&wire, &options);
  wire_sign_in (&wire, DEFENDER_SCOPE);
  read_all (&wire, &before);
  change_much (&wire);
  read_all (&wire, &after);
  g_assert_cmpuint (apply_changes (&wire, &before, 11), >, 100);
  assert_same (&before, &after);
  told_clear (&before);
  told_clear (&after);
  wire_stop (&wire);
}

/* One order of all kinds, on a recommendation and some devices that follow from @random. */
static void
change_any (Wire *wire, GPtrArray *recommendations, GPtrArray *devices, GRand *random)
{
  static const char *const acts[] = { "patch", "expose", "step", "step" };
  const char *id = get_text (recommendations->pdata[g_rand_int_range (random, 0, recommendations->len)], "id");
  const char *device = get_text (devices->pdata[g_rand_int_range (random, 0, devices->len)], "id");
  g_autofree char *escaped = g_uri_escape_string (id, NULL, FALSE), *path = NULL, *body = NULL;

  if (g_rand_int_range (random, 0, 4) == 0)
    {
      path = g_strdup_printf ("/_demo/devices/%s/move", device);
      body = g_strdup_printf ("{\"group\":\"%s\"}", g_rand_boolean (random) ? "Kiosks" : "Windows Servers");
    }
  else
    {
      path = g_strdup_printf ("/_demo/recommendations/%s/%s", escaped, acts[g_rand_int_range (random, 0, 4)]);
      body = g_strdup_printf ("{\"count\":%d}", g_rand_int_range (random, 1, 30));
    }
  wire_order (wire, path, body);
}

static void
test_agree_at_random (void)
{
  TvmDemoOptions options = make_options ();

  for (guint seed = 1; seed <= 3; seed++)
    {
      g_autoptr(GRand) random = g_rand_new_with_seed (seed);
      g_autoptr(GPtrArray) recommendations = NULL, devices = NULL;
      Told before, after;
      Wire wire;

      options.seed = seed;
      options.devices = 40;
      wire_start (&wire, &options);
      wire_sign_in (&wire, DEFENDER_SCOPE);
      recommendations = wire_list (&wire, "/api/recommendations");
      devices = wire_list (&wire, "/api/machines");
      read_all (&wire, &before);
      for (guint i = 0; i < 60; i++)
        change_any (&wire, recommendations, devices, random);
      read_all (&wire, &after);
      apply_changes (&wire, &before, 50);
      assert_same (&before, &after);
      told_clear (&before);
      told_clear (&after);
      wire_stop (&wire);
    }
}

/* Whether a time is written as "2020-12-30 14:17:26", with up to seven decimals. */
static void
assert_time (const char *text)
{
  g_assert_true (g_regex_match_simple ("^\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d(\\.\\d{1,7})?$", text, 0, 0));
}

static void
test_records (void)
{
  static const char *const texts[] = { "id", "deviceId", "rbacGroupName", "osPlatform", "osVersion", "osArchitecture",
                                       "softwareVendor", "softwareName", "softwareVersion", "exploitabilityLevel",
                                       "recommendationReference" };
  static const char *const others[] = {
    "deviceName", "cveId", "vulnerabilitySeverityLevel", "cvssScore", "recommendedSecurityUpdate",
    "recommendedSecurityUpdateId", "recommendedSecurityUpdateUrl", "securityUpdateAvailable", "diskPaths", "registryPaths" };
  TvmDemoOptions options = make_options ();
  g_autoptr(GPtrArray) rows = NULL;
  g_autoptr(GHashTable) versions = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GHashTable) products = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guint n_nameless = 0, n_clean = 0, n_unassigned = 0, n_turns = 0;
  gsize n_bytes = 0;
  Wire wire;

  wire_start (&wire, &options);
  wire_sign_in (&wire, DEFENDER_SCOPE);
  rows = wire_list (&wire, MACHINES SOFTWARE);
  for (guint i = 0; i < rows->len; i++)
    {
      JsonObject *row = rows->pdata[i];
      g_autoptr(JsonNode) node = json_node_alloc ();
      g_autofree char *text = NULL;

      text = json_to_string (json_node_init_object (node, row), FALSE);
      n_bytes += strlen (text);
      for (guint k = 0; k < G_N_ELEMENTS (texts); k++)
        g_assert_nonnull (get_text (row, texts[k]));
      for (guint k = 0; k < G_N_ELEMENTS (others); k++)
        g_assert_true (json_object_has_member (row, others[k]));
      assert_time (get_text (row, "firstSeenTimestamp"));
      assert_time (get_text (row, "lastSeenTimestamp"));
      g_assert_cmpstr (get_text (row, "rbacGroupName"), !=, "UnassignedGroup");
      n_unassigned += strcmp (get_text (row, "rbacGroupName"), "Unassigned") == 0;
      n_nameless += get_text (row, "deviceName") == NULL;
      n_clean += get_text (row, "cveId") == NULL;
      n_turns += i > 0 && strcmp (get_text (row, "deviceId"), get_text (rows->pdata[i - 1], "deviceId")) != 0;
      g_hash_table_add (products, g_strconcat (get_text (row, "deviceId"), " ", get_text (row, "softwareName"), NULL));
      g_hash_table_add (versions, g_strdup_printf ("%s %s %s", get_text (row, "deviceId"),
                                                   get_text (row, "softwareName"), get_text (row, "softwareVersion")));
    }
  g_assert_cmpuint (n_bytes / rows->len, >, 800);
  g_assert_cmpuint (n_bytes / rows->len, <, 1200);
  g_assert_cmpuint (n_clean, >, 0);
  g_assert_cmpuint (n_nameless, >, 0);
  g_assert_cmpuint (n_unassigned, >, 0);
  g_assert_cmpuint (n_turns, >, 90); /* not quite by device */
  g_assert_cmpuint (g_hash_table_size (versions), >, g_hash_table_size (products)); /* two versions on some */
  wire_stop (&wire);
}

static void
assert_get (Wire *wire, const char *path, guint status)
{
  g_autoptr(JsonObject) answer = wire_get (wire, path);

  g_assert_cmpuint (wire->status, ==, status);
}

static void
test_pages (void)
{
  TvmDemoOptions options = make_options ();
  g_autoptr(JsonObject) first = NULL;
  g_autoptr(JsonObject) top = NULL;
  g_autoptr(GPtrArray) whole = NULL, paged = NULL;
  g_autofree char *rest = NULL;
  Wire wire;

  wire_start (&wire, &options);
  wire_sign_in (&wire, DEFENDER_SCOPE);
  whole = wire_list (&wire, MACHINES "SoftwareVulnerabilitiesByMachine");
  first = wire_get (&wire, MACHINES "SoftwareVulnerabilitiesByMachine?pageSize=100");
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (first, "value")), ==, 100);
  rest = g_strdup (json_object_get_string_member (first, "@odata.nextLink"));
  g_assert_nonnull (strstr (rest, "$skiptoken"));
  /* All pages are of the instant of the first. */
  wire_order (&wire, "/_demo/recommendations/" CHROME "/patch", "{\"fraction\":1.0}");
  paged = wire_list (&wire, rest);
  g_assert_cmpuint (paged->len, ==, whole->len - 100);
  top = wire_get (&wire, MACHINES "SoftwareVulnerabilitiesByMachine?$top=5");
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (top, "value")), ==, 5);
  g_assert_false (json_object_has_member (top, "@odata.nextLink"));
  assert_get (&wire, MACHINES "SoftwareVulnerabilitiesByMachine?pageSize=200000", 200);
  assert_get (&wire, MACHINES "SoftwareVulnerabilitiesByMachine?pageSize=200001", 400);
  assert_get (&wire, MACHINES "SecureConfigurationsAssessmentByMachine?pageSize=200001", 400);
  assert_get (&wire, MACHINES "SoftwareVulnerabilitiesByMachine?$skiptoken=x", 400);
  assert_get (&wire, "/api/vulnerabilities?$top=8001", 400);
  assert_get (&wire, "/api/vulnerabilities/cve-2023-4863", 200);
  assert_get (&wire, "/api/vulnerabilities/CVE-1999-0001", 404);
  wire_stop (&wire);
}

static void
test_vulnerabilities (void)
{
  TvmDemoOptions options = make_options ();
  g_autoptr(GPtrArray) all = NULL, some = NULL;
  guint n_undetected = 0, n_without_epss = 0;
  Wire wire;

  wire_start (&wire, &options);
  wire_sign_in (&wire, DEFENDER_SCOPE);
  all = wire_list (&wire, "/api/vulnerabilities");
  some = wire_list (&wire, "/api/vulnerabilities?$filter=severity%20eq%20'Critical'%20and%20cvssV3%20ge%209");
  g_assert_cmpuint (some->len, >, 0);
  g_assert_cmpuint (some->len, <, all->len);
  for (guint i = 0; i < all->len; i++)
    {
      n_undetected += get_text (all->pdata[i], "firstDetected") == NULL;
      n_without_epss += json_object_get_null_member (all->pdata[i], "epss");
      g_assert_true (g_str_has_prefix (get_text (all->pdata[i], "cvssVector"), "CVSS:3"));
      g_assert_nonnull (get_text (all->pdata[i], "cveSupportability"));
    }
  g_assert_cmpuint (n_undetected, >, 0);
  g_assert_cmpuint (n_without_epss, >, 0);
  wire_stop (&wire);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/demo/exposure/agree", test_agree);
  g_test_add_func ("/demo/exposure/agree-at-random", test_agree_at_random);
  g_test_add_func ("/demo/exposure/records", test_records);
  g_test_add_func ("/demo/exposure/pages", test_pages);
  g_test_add_func ("/demo/exposure/vulnerabilities", test_vulnerabilities);
  return g_test_run ();
}

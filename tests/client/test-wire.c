/* test-wire.c: rows as records. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-client-private.h"
#include "tvm-error.h"
#include "tvm-json.h"
#include "tvm-rules.h"
#include "tvm-said.h"
#include "tvm-time.h"

#include <string.h>

typedef struct { TvmWireBuilder build; GPtrArray *records; } Reader;

static gboolean
row_cb (const TvmWireRow *row, gpointer user_data, GError **error)
{
  Reader *reader = user_data;
  gpointer record = reader->build (row, error);

  if (record != NULL)
    g_ptr_array_add (reader->records, record);
  return record != NULL;
}

static GPtrArray *
read_rows (const TvmWireShape *shape, TvmWireBuilder build, gpointer free_record, const char *text)
{
  Reader reader = { build, g_ptr_array_new_with_free_func (free_record) };
  g_autoptr(TvmJsonStream) stream = tvm_json_stream_new (shape, row_cb, &reader);
  g_autoptr(GError) error = NULL;

  tvm_json_stream_feed (stream, text, strlen (text), &error);
  g_assert_no_error (error);
  tvm_json_stream_finish (stream, &error);
  g_assert_no_error (error);
  return reader.records;
}

static char *
read_fixture (const char *name)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "..", "data", name, NULL);
  g_autoptr(GError) error = NULL;
  char *text = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  return text;
}

static void
test_recommendations (void)
{
  g_autofree char *text = read_fixture ("recommendations-mixed.json");
  g_autoptr(GPtrArray) rows = read_rows (&tvm_shape_recommendations, tvm_wire_build_recommendation,
                                         tvm_recommendation_unref, text);
  TvmRecommendation *one = g_ptr_array_index (rows, 0);

  g_assert_cmpuint (rows->len, ==, 5);
  g_assert_cmpstr (one->id, ==, "va-_-example-_-player");
  g_assert_cmpstr (one->name, ==, "Update Example Player to 2.0");
  g_assert_cmpstr (one->associated_threats, ==, "threat-1\nthreat-2");
  g_assert_cmpint (one->type, ==, TVM_TYPE_UPDATE);
  g_assert_cmpint (one->status, ==, TVM_RECOMMENDATION_ACTIVE);
  g_assert_cmpint (one->weaknesses, ==, 12);
  g_assert_cmpint (one->exposed_devices, ==, 7);
  g_assert_cmpint (one->total_devices, ==, 37);
  g_assert_cmpint (one->exposed_critical_devices, ==, 2);
  g_assert_cmpint (one->no_impact_devices, ==, 0);
  g_assert_cmpfloat (one->severity, ==, 7.5);
  g_assert_cmpfloat (one->exposure_impact, ==, 1.25);
  g_assert_true (one->public_exploit);
  g_assert_cmpint (one->known_exploited, ==, TVM_TRUTH_UNKNOWN);
  one = g_ptr_array_index (rows, 1);
  g_assert_cmpint (one->type, ==, TVM_TYPE_CONFIGURATION_CHANGE);
  g_assert_cmpint (one->status, ==, TVM_RECOMMENDATION_PARTIAL_EXCEPTION);
  g_assert_cmpint (one->weaknesses, ==, -1);
  g_assert_cmpint (one->no_impact_devices, ==, -1);
  one = g_ptr_array_index (rows, 2);
  g_assert_cmpint (one->type, ==, TVM_TYPE_ATTENTION_REQUIRED);
  g_assert_cmpint (one->status, ==, TVM_RECOMMENDATION_FULL_EXCEPTION);
  one = g_ptr_array_index (rows, 3);
  g_assert_cmpint (one->type, ==, TVM_TYPE_UNKNOWN);
  g_assert_cmpint (one->status, ==, TVM_RECOMMENDATION_FULL_EXCEPTION);
  one = g_ptr_array_index (rows, 4);
  g_assert_cmpstr (one->id, ==, "va-_-ex-_-ü");
  g_assert_cmpint (one->status, ==, TVM_RECOMMENDATION_UNKNOWN);
}

/* What is one device in Microsoft Entra has one id; zeros are none. Dates that stand for none are
 * none. Words that are not known are kept. */
/* Numbers are the same in any case of their digits, as are CVEs; names stay as they are. */
static void
test_ids (void)
{
  static const char *const ids[][2] = {
    { "0F0000000000000000000000000000000000000A", "0f0000000000000000000000000000000000000a" },
    { "0F2C6A0E-90A1-4C0B-8F57-0F6B1F6D1C11", "0f2c6a0e-90a1-4c0b-8f57-0f6b1f6d1c11" },
    { "Dev-A", "Dev-A" }, { "FACE", "FACE" }, { "cve-2024-1234", "CVE-2024-1234" },
    { "cve-a", "cve-a" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      g_autofree char *json = g_strdup_printf ("{\"value\":[{\"id\":\"%s\"}]}", ids[i][0]);
      g_autoptr(GPtrArray) rows = read_rows (&tvm_shape_devices, tvm_wire_build_device,
                                             tvm_device_unref, json);

      g_assert_cmpstr (((TvmDevice *) rows->pdata[0])->id, ==, ids[i][1]);
    }
}

static void
test_odd_devices (void)
{
  g_autoptr(GPtrArray) rows = read_rows (
    &tvm_shape_devices, tvm_wire_build_device, tvm_device_unref,
    "{\"value\":[{\"id\":\"a\",\"aadDeviceId\":\"AB000000-0000-0000-0000-00000000000F\","
    "\"lastSeen\":\"0001-01-01T00:00:00Z\",\"firstSeen\":\"9999-12-31T23:59:59Z\","
    "\"healthStatus\":\"Hibernated\\u001b\",\"riskScore\":\"None\",\"exposureLevel\":null},"
    "{\"id\":\"b\",\"aadDeviceId\":\"ab000000-0000-0000-0000-00000000000f\",\"isAadJoined\":true,"
    "\"healthStatus\":\"unknown\"},"
    "{\"id\":\"c\",\"aadDeviceId\":\"00000000-0000-0000-0000-000000000000\","
    "\"isAadJoined\":true}]}");
  const TvmDevice *a = rows->pdata[0], *b = rows->pdata[1], *c = rows->pdata[2];

  g_assert_cmpstr (a->aad_device_id, ==, "ab000000-0000-0000-0000-00000000000f");
  g_assert_cmpstr (b->aad_device_id, ==, a->aad_device_id);
  g_assert_cmpint (a->is_aad_joined, ==, TVM_TRUTH_YES);
  g_assert_null (c->aad_device_id);
  g_assert_cmpint (c->is_aad_joined, ==, TVM_TRUTH_NO);
  g_assert_cmpint (a->last_seen_us, ==, 0);
  g_assert_cmpint (a->first_seen_us, ==, 0);
  g_assert_cmpstr (tvm_device_health_text (a), ==, "Hibernated ");
  g_assert_cmpstr (tvm_device_risk_text (a), ==, "None");
  g_assert_cmpuint (g_strv_length (a->said), ==, 1);
  g_assert_null (b->said);
}

static void
test_odd_activities (void)
{
  g_autoptr(GPtrArray) rows = read_rows (
    &tvm_shape_activities, tvm_wire_build_activity, tvm_activity_unref,
    "{\"value\":[{\"id\":\"a\",\"status\":\"Inactive\",\"dueOn\":\"0001-01-01T00:00:00Z\","
    "\"statusLastModifiedOn\":\"0001-01-01T00:00:00Z\",\"priority\":\"Urgent\"},"
    "{\"id\":\"b\",\"status\":\"Completed\",\"completionMethod\":\"Policy\","
    "\"dueOn\":\"9999-12-31T23:59:59.9999999Z\"},{\"id\":\"c\",\"status\":\"Incomplete\"}]}");
  const TvmActivity *a = rows->pdata[0], *b = rows->pdata[1], *c = rows->pdata[2];

  g_assert_cmpint (a->status, ==, TVM_STATUS_UNKNOWN);
  g_assert_cmpstr (tvm_activity_status_text (a), ==, "Inactive");
  g_assert_cmpstr (tvm_activity_priority_text (a), ==, "Urgent");
  g_assert_cmpstr (a->due_on, ==, "");  /* told that there is none */
  g_assert_cmpstr (b->due_on, ==, "");
  g_assert_null (c->due_on);
  g_assert_cmpstr (tvm_activity_status_text (b), ==, "Completed");
  g_assert_cmpstr (tvm_completed_by_text (b), ==, "Policy");
  g_assert_cmpstr (tvm_activity_status_text (c), ==, "Incomplete");
}

static void
test_activities (void)
{
  g_autofree char *text = read_fixture ("remediation-tasks-portal.json");
  g_autoptr(GPtrArray) rows = read_rows (&tvm_shape_activities, tvm_wire_build_activity,
                                         tvm_activity_unref, text);
  TvmActivity *one = g_ptr_array_index (rows, 0);
  gint64 expected_us = 0;

  g_assert_cmpuint (rows->len, ==, 4);
  g_assert_cmpstr (one->recommendation_id, ==, "va-_-example-_-player");
  g_assert_cmpint (one->origin, ==, TVM_ORIGIN_DEFENDER);
  g_assert_cmpint (one->type, ==, TVM_TYPE_UPDATE);
  g_assert_cmpint (one->status, ==, TVM_STATUS_ACTIVE);
  g_assert_cmpint (one->completion, ==, TVM_COMPLETION_NONE);
  g_assert_cmpint (one->completed_us, ==, 0);
  g_assert_cmpint (one->priority, ==, TVM_PRIORITY_HIGH);
  g_assert_cmpstr (one->due_on, ==, "2026-03-20");
  g_assert_cmpstr (one->created_by, ==, "ana@contoso.example");
  g_assert_cmpint (one->created_us % TVM_SECOND_US, ==, 123456);
  g_assert_cmpint (one->target_devices, ==, 43);
  g_assert_cmpint (one->fixed_devices, ==, 2);
  g_assert_cmpstr (one->groups[0], ==, "Windows Servers");
  g_assert_cmpstr (one->groups[1], ==, "Berlin");
  g_assert_null (one->groups[2]);
  one = g_ptr_array_index (rows, 1);
  g_assert_cmpstr (one->recommendation_id, ==, "sca-_-scid-2070");
  g_assert_cmpint (one->type, ==, TVM_TYPE_CONFIGURATION_CHANGE);
  g_assert_true (one->no_impact_only);
  g_assert_cmpint (one->status, ==, TVM_STATUS_COMPLETED);
  g_assert_cmpint (one->completion, ==, TVM_COMPLETION_SYSTEM);
  g_assert_null (one->completed_by);
  g_assert_true (tvm_parse_instant ("2026-04-01T00:00:00Z", &expected_us));
  g_assert_cmpint (one->completed_us, ==, expected_us);
  g_assert_cmpint (one->fixed_devices, ==, 10);
  g_assert_null (one->due_on);
  g_assert_null (one->groups);   /* what is not told is not all of them */
  one = g_ptr_array_index (rows, 2);
  g_assert_cmpint (one->type, ==, TVM_TYPE_ATTENTION_REQUIRED);
  g_assert_null (one->due_on);
  g_assert_cmpint (one->fixed_devices, ==, -1);
  g_assert_cmpint (one->completion, ==, TVM_COMPLETION_MANUAL);
  g_assert_cmpstr (one->completed_by, ==, "bo@contoso.example");
  g_assert_cmpint (one->no_impact_only, ==, 0);
  one = g_ptr_array_index (rows, 3);
  g_assert_cmpint (one->no_impact_only, ==, -1);
  g_assert_cmpint (one->completion, ==, TVM_COMPLETION_UNKNOWN);
  g_assert_cmpstr (one->recommendation_id, ==, "va-_-example-_-player");
}

static void
test_devices (void)
{
  g_autoptr(GPtrArray) rows = read_rows (&tvm_shape_devices, tvm_wire_build_device, tvm_device_unref,
    "{\"value\":[{\"id\":\"d1\",\"computerDnsName\":\"pc\",\"osPlatform\":\"Windows11\",\"version\":\"23H2\",\"osBuild\":null,"
    "\"rbacGroupName\":\"G\",\"aadDeviceId\":\"E1\",\"isAadJoined\":true,\"machineTags\":[\"a\",\"b\"],"
    "\"firstSeen\":\"2026-01-01T00:00:00Z\",\"lastSeen\":\"2026-01-02T00:00:00.1234567Z\",\"healthStatus\":\"nosensordata\","
    "\"riskScore\":\"HIGH\",\"exposureLevel\":\"Medium\"},{\"id\":\"d2\",\"aadDeviceId\":null,\"isAadJoined\":null},"
    "{\"id\":\"d3\",\"aadDeviceId\":\"E3\",\"isAadJoined\":false,\"lastSeen\":\"soon\"}]}");
  TvmDevice *one = g_ptr_array_index (rows, 0);

  g_assert_cmpstr (one->tags, ==, "a\nb");
  g_assert_cmpint (one->health, ==, TVM_HEALTH_NO_SENSOR_DATA);
  g_assert_cmpint (one->risk, ==, TVM_LEVEL_HIGH);
  g_assert_cmpint (one->exposure, ==, TVM_LEVEL_MEDIUM);
  g_assert_cmpint (one->last_seen_us - one->first_seen_us, ==, TVM_DAY_US + 123456);
  g_assert_true (one->is_aad_joined);
  g_assert_true (one->in_inventory);
  one = g_ptr_array_index (rows, 1);
  g_assert_cmpint (one->is_aad_joined, ==, TVM_TRUTH_UNKNOWN);
  g_assert_cmpint (one->health, ==, TVM_HEALTH_NOT_TOLD);
  g_assert_cmpint (one->risk, ==, TVM_LEVEL_UNKNOWN);
  g_assert_cmpint (one->exposure, ==, TVM_LEVEL_UNKNOWN);
  g_assert_null (one->tags);
  one = g_ptr_array_index (rows, 2);
  g_assert_false (one->is_aad_joined);
  g_assert_cmpint (one->last_seen_us, ==, 0);
}

static void
test_vulnerabilities (void)
{
  g_autoptr(GPtrArray) rows = read_rows (&tvm_shape_vulnerabilities, tvm_wire_row_to_record,
                                         tvm_vulnerability_unref,
    "{\"value\":[{\"id\":\"CVE-1\",\"severity\":\"critical\",\"cvssV3\":9.8,\"exploitInKit\":true,\"exposedMachines\":3},"
    "{\"id\":\"CVE-2\",\"cvssV3\":null}]}");
  TvmVulnerability *one = g_ptr_array_index (rows, 0);

  g_assert_cmpint (one->severity, ==, TVM_LEVEL_CRITICAL);
  g_assert_cmpfloat (one->cvss, ==, 9.8);
  g_assert_true (one->exploit_in_kit);
  one = g_ptr_array_index (rows, 1);
  g_assert_cmpfloat (one->cvss, <, 0);
  g_assert_cmpint (one->severity, ==, TVM_LEVEL_UNKNOWN);
  g_assert_cmpint (one->exposed_devices, ==, -1);
  g_assert_cmpint (one->public_exploit, ==, TVM_TRUTH_UNKNOWN);
}

/* What the service does not tell is neither none nor no (R18). */
static void
test_not_told (void)
{
  g_autoptr(GPtrArray) rows = read_rows (
    &tvm_shape_recommendations, tvm_wire_build_recommendation, tvm_recommendation_unref,
    "{\"value\":[{\"id\":\"va-_-a-_-b\",\"weaknesses\":null,\"publicExploit\":null,"
    "\"associatedThreats\":null},{\"id\":\"va-_-a-_-c\",\"weaknesses\":0,\"publicExploit\":false,"
    "\"exposureImpact\":0,\"associatedThreats\":[]}]}");
  g_autoptr(GPtrArray) activities = read_rows (
    &tvm_shape_activities, tvm_wire_build_activity, tvm_activity_unref,
    "{\"value\":[{\"id\":\"a\",\"type\":\"Update\",\"targetDevices\":null,\"fixedDevices\":2}]}");
  const TvmRecommendation *one = rows->pdata[0], *other = rows->pdata[1];
  const TvmActivity *activity = activities->pdata[0];

  g_assert_cmpint (one->weaknesses, ==, -1);
  g_assert_cmpint (one->total_devices, ==, -1);
  g_assert_cmpint (one->exposed_devices, ==, -1);
  g_assert_cmpint (one->exposed_critical_devices, ==, -1);
  g_assert_cmpint (one->public_exploit, ==, TVM_TRUTH_UNKNOWN);
  g_assert_cmpint (one->active_alert, ==, TVM_TRUTH_UNKNOWN);
  g_assert_cmpfloat (one->severity, ==, TVM_REAL_UNKNOWN);
  g_assert_cmpfloat (one->exposure_impact, ==, TVM_REAL_UNKNOWN);
  g_assert_null (one->associated_threats);
  g_assert_cmpint (other->weaknesses, ==, 0);
  g_assert_cmpint (other->public_exploit, ==, TVM_TRUTH_NO);
  g_assert_cmpfloat (other->exposure_impact, ==, 0);
  g_assert_cmpstr (other->associated_threats, ==, "");
  g_assert_cmpint (activity->target_devices, ==, -1);
  g_assert_cmpint (activity->fixed_devices, ==, -1);
}

static void
test_tickets (void)
{
#define GUID_A "0f2c6a0e-90a1-4c0b-8f57-0f6b1f6d1c11"
#define GUID_B "0f2c6a0e-90a1-4c0b-8f57-0f6b1f6d1c12"
  g_autoptr(GPtrArray) rows = read_rows (&tvm_shape_tickets, tvm_wire_build_ticket, tvm_ticket_unref,
    "{\"value\":[{\"id\":\"t1\",\"description\":\"TVM- TVM-" GUID_A "\\n\\nTVM-" GUID_B "\\nthanks\",\"status\":\"Active\","
    "\"managedDeviceCount\":4,\"assignedTo\":\"it@x\",\"createdDateTime\":\"2026-01-01T00:00:00Z\"},"
    "{\"id\":\"t2\",\"description\":\"TVM-zzzz6a0e-90a1-4c0b-8f57-0f6b1f6d1c11\",\"status\":\"novel\"},"
    "{\"id\":\"t3\",\"description\":null,\"status\":null}]}");
  TvmTicket *one = g_ptr_array_index (rows, 0);

  g_assert_cmpstr (one->marker, ==, "TVM-" GUID_B);
  g_assert_cmpint (one->status, ==, TVM_TICKET_ACTIVE);
  g_assert_cmpint (one->devices, ==, 4);
  g_assert_cmpstr (one->assigned_to, ==, "it@x");
  one = g_ptr_array_index (rows, 1);
  g_assert_null (one->marker);
  g_assert_cmpint (one->status, ==, TVM_TICKET_UNKNOWN);
  one = g_ptr_array_index (rows, 2);
  g_assert_null (one->marker);
}

/* What follows a document is no second one, and never taken for the first. */
static void
test_one_document (void)
{
  static const char *const none[] = {
    "", " ", "{} {}", "{}{}", "{} []", "[] {}", "[{}]", "{} 1", "1 {}", "{}]", "}{", "{", "null", "\"{}\"",
    "{/* \" */} {} // \" }",
  };
  static const char *const good[] = { "{}", " {\"a\": \"}{\\\"\"}\n", "\xef\xbb\xbf{\"a\": [{}, {}]}" };

  for (guint i = 0; i < G_N_ELEMENTS (none); i++)
    g_assert_null (tvm_json_parse_small (none[i], strlen (none[i])));
  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr(JsonObject) object = tvm_json_parse_small (good[i], strlen (good[i]));

      g_assert_nonnull (object);
    }
}

/* Numbers that there cannot be are not known. */
static void
test_impossible (void)
{
  g_autoptr(GPtrArray) rows = read_rows (
    &tvm_shape_vulnerabilities, tvm_wire_row_to_record, tvm_vulnerability_unref,
    "{\"value\":[{\"id\":\"CVE-2026-0001\",\"cvssV3\":11,\"epss\":1.7,\"exposedMachines\":3000000000},"
    "{\"id\":\"CVE-2026-0002\",\"cvssV3\":-2,\"epss\":-0.5,\"exposedMachines\":-7},"
    "{\"id\":\"CVE-2026-0003\",\"cvssV3\":\"NaN\",\"epss\":\"x\",\"exposedMachines\":2.5},"
    "{\"id\":\"CVE-2026-0004\",\"cvssV3\":10,\"epss\":1,\"exposedMachines\":2147483647}]}");

  for (guint i = 0; i < 3; i++)
    {
      const TvmVulnerability *one = rows->pdata[i];

      g_assert_cmpfloat (one->cvss, ==, -1);
      g_assert_cmpfloat (one->epss, ==, -1);
      g_assert_cmpint (one->exposed_devices, ==, -1);
    }
  g_assert_cmpfloat (((TvmVulnerability *) rows->pdata[3])->cvss, ==, 10);
  g_assert_cmpfloat (((TvmVulnerability *) rows->pdata[3])->epss, ==, 1);
  g_assert_cmpint (((TvmVulnerability *) rows->pdata[3])->exposed_devices, ==, G_MAXINT);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/client/wire/recommendations", test_recommendations);
  g_test_add_func ("/client/wire/ids", test_ids);
  g_test_add_func ("/client/wire/odd-devices", test_odd_devices);
  g_test_add_func ("/client/wire/odd-activities", test_odd_activities);
  g_test_add_func ("/client/wire/activities", test_activities);
  g_test_add_func ("/client/wire/devices", test_devices);
  g_test_add_func ("/client/wire/vulnerabilities", test_vulnerabilities);
  g_test_add_func ("/client/wire/impossible", test_impossible);
  g_test_add_func ("/client/wire/not-told", test_not_told);
  g_test_add_func ("/client/wire/tickets", test_tickets);
  g_test_add_func ("/client/wire/one-document", test_one_document);
  return g_test_run ();
}

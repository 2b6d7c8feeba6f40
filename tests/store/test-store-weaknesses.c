/* test-store-weaknesses.c: the list of all CVEs, what belongs to one, and which of a text's are not
 * there. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "store-fixture.h"
#include "keep.h"

#include "tvm-error.h"
#include "tvm-time.h"
#include "tvm-weakness.h"
#include <sqlite3.h>

#define N_SMALL 60

static GPtrArray *
make_list (int from, int to)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_vulnerability_unref);

  for (int i = from; i < to; i++)
    {
      TvmVulnerability *one = tvm_vulnerability_new ();

      one->id = g_strdup_printf ("CVE-2026-%04d", i);
      one->name = g_strdup (one->id);
      one->severity = i % 2 == 0 ? TVM_LEVEL_CRITICAL : TVM_LEVEL_LOW;
      one->cvss = 9.8;
      one->epss = 0.5;
      one->exposed_devices = 3;
      one->cvss_vector = g_strdup ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H");
      one->first_detected_us = NOW_US;
      one->public_exploit = i == 0;
      one->exploit_verified = one->exploit_in_kit = FALSE;
      g_ptr_array_add (list, one);
    }
  return list;
}

static TvmListResult
keep_weaknesses (Fixture *f, int from, int to)
{
  g_autoptr(GPtrArray) list = make_list (from, to);
  g_autoptr(GError) error = NULL;
  TvmListResult result = { 0 };

  g_assert_true (keep_list (f->store, TVM_PULL_WEAKNESSES, NULL, list, NULL, &result, &error));
  g_assert_no_error (error);
  return result;
}

/* The recommendation has these CVEs; its list tells less than the tenant's. */
static void
link_cves (Fixture *f, int from, int to)
{
  g_autoptr(GPtrArray) list = make_list (from, to);
  g_autoptr(GError) error = NULL;
  TvmListResult result = { 0 };

  for (guint i = 0; i < list->len; i++)
    {
      TvmVulnerability *one = list->pdata[i];

      one->epss = -1;
      g_clear_pointer (&one->cvss_vector, g_free);
      one->first_detected_us = 0;
    }
  g_assert_true (keep_vulnerabilities (f->store, REC, list, &result, &error));
  g_assert_no_error (error);
}

static guint
count (Fixture *f, const TvmQuery *query)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) keys = tvm_store_list_keys (f->store, query, NULL, &error);

  g_assert_no_error (error);
  return keys->len;
}

static void
run_sql (Fixture *f, const char *sql)
{
  sqlite3 *db;
  char *message = NULL;

  g_assert_cmpint (sqlite3_open (f->path, &db), ==, SQLITE_OK);
  sqlite3_exec (db, sql, NULL, NULL, &message);
  g_assert_cmpstr (message, ==, NULL);
  sqlite3_close (db);
}

static void
test_list (Fixture *f, gconstpointer data)
{
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_WEAKNESSES);
  TvmListResult result;

  g_assert_false (tvm_store_knows_list (f->store, query));
  result = keep_weaknesses (f, 0, 20);
  g_assert_cmpstr (result.name, ==, TVM_WEAKNESSES_LIST);
  g_assert_cmpint (result.added, ==, 20);
  g_assert_true (tvm_store_knows_list (f->store, query));
  result = keep_weaknesses (f, 0, 20);
  g_assert_cmpint (result.added + result.changed + result.removed, ==, 0);
  result = keep_weaknesses (f, 0, 18);
  g_assert_cmpint (result.removed, ==, 2);
  g_assert_cmpuint (count (f, query), ==, 18);
  /* Much less than before is not believed. */
  result = keep_weaknesses (f, 0, 2);
  g_assert_cmpint (result.doubtful, ==, 1);
  g_assert_cmpuint (count (f, query), ==, 18);
  query->severity = TVM_LEVEL_CRITICAL;
  g_assert_cmpuint (count (f, query), ==, 9);
  query->severity = 0;
  query->exploit = TVM_EXPLOIT_ANY;
  g_assert_cmpuint (count (f, query), ==, 1);
  query->exploit = 0;
  query->known_exploited_only = TRUE;
  g_assert_cmpuint (count (f, query), ==, 0);
  run_sql (f, "INSERT INTO known_exploited (id, due_on, ransomware) VALUES ('CVE-2026-0004', "
              "'2026-04-01', 1)");
  g_assert_cmpuint (count (f, query), ==, 1);
}

/* What the list of a recommendation does not tell stays, and so does a CVE that it still has. */
static void
test_two_lists (Fixture *f, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TvmWeaknessWhole) whole = NULL;
  g_autoptr(TvmWeaknessWhole) gone = NULL;
  g_autoptr(TvmWeaknessWhole) other = NULL;

  fixture_recommendations (f, 1);
  keep_weaknesses (f, 0, 20);
  link_cves (f, 18, 20);
  whole = tvm_store_load_weakness (f->store, "cve-2026-0019", &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (whole->vulnerability->epss, ==, 0.5);
  g_assert_nonnull (whole->vulnerability->cvss_vector);
  g_assert_cmpint (whole->vulnerability->first_detected_us, ==, NOW_US);
  g_assert_cmpint (whole->vulnerability->known_exploited, ==, TVM_TRUTH_UNKNOWN);
  g_assert_cmpint (whole->vulnerability->n_recommendations, ==, 1);
  g_assert_cmpuint (whole->recommendations->len, ==, 1);
  g_assert_null (whole->software);
  keep_weaknesses (f, 0, 17);
  other = tvm_store_load_weakness (f->store, "CVE-2026-0018", &error);
  g_assert_no_error (error);
  gone = tvm_store_load_weakness (f->store, "CVE-2026-0017", &error);
  g_assert_null (gone);
  g_assert_error (error, TVM_ERROR, TVM_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, "not found in this tenant"));
}

static void
install (Fixture *f)
{
  run_sql (f, "INSERT INTO list_state (name, synced_us) VALUES ('exposure', 1);"
              "INSERT INTO software VALUES (1, 'example', 'player', '" REC "');"
              "INSERT INTO software_state VALUES (1, 1, '1.0', 1), (2, 1, '2.0', 0);"
              "INSERT INTO software_state_vulnerability SELECT 1, key FROM vulnerability WHERE id "
              "IN ('CVE-2026-0000', 'CVE-2026-0001');"
              "INSERT INTO installation SELECT key, iif (key % 2 = 0, 1, 2), 20500, 20530 FROM "
              "device;"
              "INSERT INTO vulnerability_update SELECT key, '" REC "', '5044285', 'October', "
              "'https://example.org' FROM vulnerability WHERE id = 'CVE-2026-0000'");
}

static void
test_devices (Fixture *f, gconstpointer data)
{
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_AFFECTED);
  g_autoptr(TvmQuery) devices = tvm_query_new (TVM_LIST_DEVICES);
  g_autoptr(TvmWeaknessWhole) before = NULL;
  g_autoptr(TvmWeaknessWhole) whole = NULL;
  g_autoptr(TvmDeviceWhole) device = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *id = g_strdup_printf ("%040x", 1);

  fixture_recommendations (f, 1);
  fixture_devices (f, 0, 10, "10");
  fixture_refs (f, 0, 8);
  keep_weaknesses (f, 0, 4);
  link_cves (f, 0, 2);
  query->cve = g_strdup ("CVE-2026-0000");
  devices->search = g_strdup ("see CVE-2026-0000 and CVE-2026-0003");
  before = tvm_store_load_weakness (f->store, query->cve, &error);
  g_assert_no_error (error);
  g_assert_false (before->is_exact);
  g_assert_cmpuint (count (f, query), ==, 8);   /* what fixes it */
  g_assert_cmpuint (count (f, devices), ==, 8);
  device = tvm_store_load_device (f->store, id, &error);
  g_assert_no_error (error);
  g_assert_null (device->weaknesses);
  g_assert_null (device->software);
  g_clear_pointer (&device, tvm_device_whole_free);
  install (f);
  whole = tvm_store_load_weakness (f->store, query->cve, &error);
  g_assert_no_error (error);
  g_assert_true (whole->is_exact);
  g_assert_cmpuint (count (f, query), ==, 5);
  g_assert_cmpuint (count (f, devices), ==, 5);
  g_assert_cmpuint (whole->software->len, ==, 1);
  g_assert_cmpint (((TvmSoftware *) whole->software->pdata[0])->n_devices, ==, 5);
  g_assert_cmpuint (whole->updates->len, ==, 1);
  device = tvm_store_load_device (f->store, id, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (device->weaknesses->len, ==, 2);
  g_assert_cmpuint (device->software->len, ==, 1);
  g_assert_cmpuint (device->updates->len, ==, 1);
  g_assert_cmpuint (device->recommendations->len, ==, 1);
  g_assert_null (tvm_store_load_device (f->store, "nobody", &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_NOT_FOUND);
}

/* The tenant's list has a CVE with devices before the exports name it, or what fixes it was opened:
 * that nothing leads to its devices does not say that there are none. */
static void
test_fresh (Fixture *f, gconstpointer data)
{
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_AFFECTED);
  g_autoptr(TvmWeaknessWhole) fresh = NULL;
  g_autoptr(TvmWeaknessWhole) opened = NULL;
  g_autoptr(TvmWeaknessWhole) nowhere = NULL;
  g_autoptr(GError) error = NULL;

  fixture_recommendations (f, 1);
  fixture_devices (f, 0, 10, "10");
  fixture_refs (f, 0, 8);
  keep_weaknesses (f, 0, 4);
  link_cves (f, 0, 2);
  install (f);
  run_sql (f, "UPDATE vulnerability SET exposed_devices = 0 WHERE id = 'CVE-2026-0002'");
  query->cve = g_strdup ("CVE-2026-0003");
  fresh = tvm_store_load_weakness (f->store, query->cve, &error);
  g_assert_no_error (error);
  g_assert_true (fresh->awaits_exports);
  g_assert_false (fresh->is_exact);
  g_assert_null (fresh->software);
  g_assert_null (fresh->groups);
  g_assert_cmpint (fresh->vulnerability->n_recommendations, ==, -1);
  g_assert_cmpint (fresh->vulnerability->n_activities, ==, -1);
  g_assert_cmpint (fresh->vulnerability->n_exceptions, ==, -1);
  nowhere = tvm_store_load_weakness (f->store, "CVE-2026-0002", &error);
  g_assert_no_error (error);
  g_assert_true (nowhere->is_exact);
  g_assert_cmpuint (nowhere->software->len + nowhere->groups->len, ==, 0);
  g_assert_cmpint (nowhere->vulnerability->n_recommendations, ==, 0);
  link_cves (f, 0, 4);
  opened = tvm_store_load_weakness (f->store, query->cve, &error);
  g_assert_no_error (error);
  g_assert_false (opened->is_exact);
  g_assert_null (opened->software);
  g_assert_nonnull (opened->groups);
  g_assert_cmpint (opened->vulnerability->n_recommendations, ==, 1);
  g_assert_cmpuint (count (f, query), ==, 8);
}

/* ---- what statements walk through; on the store's threads */

static int n_walked;  /* atomic: the most rows of a table that one statement went through */

static int
traced_cb (unsigned int kind, void *data, void *statement, void *nanoseconds)
{
  int n = sqlite3_stmt_status (statement, SQLITE_STMTSTATUS_FULLSCAN_STEP, TRUE);

  if (n > N_SMALL)
    g_test_message ("%d: %s", n, sqlite3_sql (statement));
  if (n > g_atomic_int_get (&n_walked))
    g_atomic_int_set (&n_walked, n);
  return 0;
}

static int
trace_connection (sqlite3 *db, char **message, const void *api)
{
  return sqlite3_trace_v2 (db, SQLITE_TRACE_PROFILE, traced_cb, NULL);
}

/* Many devices with twelve versions each, of which a few have the CVE. */
static void
fill (Fixture *f)
{
  fixture_recommendations (f, N_SMALL / 2);
  fixture_devices (f, 0, 2000, "10");
  fixture_refs (f, 0, 8);
  keep_weaknesses (f, 0, N_SMALL / 2);
  link_cves (f, 0, 2);
  run_sql (f, "INSERT INTO list_state (name, synced_us) VALUES ('exposure', 1);"
              "WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 12) "
              "INSERT INTO software SELECT i, 'example', i, iif (i = 1, '" REC "', NULL) FROM n;"
              "INSERT INTO software_state SELECT key, key, '1.0', key FROM software;"
              "INSERT INTO software_state_vulnerability SELECT t.key, v.key FROM software_state t "
              "JOIN vulnerability v ON (t.key = 1) = (v.id < 'CVE-2026-0002');"
              "INSERT INTO installation SELECT d.key, t.key, 20500, 20530 FROM device d JOIN "
              "software_state t ON t.key > 1 OR d.key < 9;");
}

/* Who asks about a CVE, a device or a recommendation goes to its rows: a statement walks through no
 * table that grows with the devices. */
static void
test_indexed (Fixture *f, gconstpointer data)
{
  g_autoptr(TvmQuery) affected = tvm_query_new (TVM_LIST_AFFECTED);
  g_autoptr(TvmQuery) exposed = tvm_query_new (TVM_LIST_EXPOSED);
  g_autoptr(TvmWeaknessWhole) weakness = NULL;
  g_autoptr(TvmDeviceWhole) device = NULL;
  g_autoptr(GPtrArray) cves = NULL;
  g_autofree char *id = g_strdup_printf ("%040x", 5);

  fill (f);
  affected->cve = g_strdup ("CVE-2026-0000");
  exposed->recommendation_id = g_strdup (REC);
  g_atomic_int_set (&n_walked, 0);
  weakness = tvm_store_load_weakness (f->store, affected->cve, NULL);
  g_assert_cmpuint (weakness->software->len, ==, 1);
  device = tvm_store_load_device (f->store, id, NULL);
  g_assert_cmpuint (device->software->len, ==, 12);
  cves = tvm_store_list_vulnerabilities (f->store, REC, NULL);
  g_assert_cmpuint (cves->len, ==, 2);
  g_assert_cmpuint (count (f, affected), ==, 8);
  g_assert_cmpuint (count (f, exposed), ==, 8);
  g_assert_cmpint (g_atomic_int_get (&n_walked), <=, N_SMALL);
}

/* A device with a version takes at most 60 bytes, indexes and what follows from it included. */
static void
test_lean (Fixture *f, gconstpointer data)
{
  static const char sql[] =
    "SELECT total (d.pgsize) / (SELECT count(*) FROM installation) FROM dbstat d JOIN sqlite_schema "
    "s ON s.name = d.name WHERE d.aggregate = TRUE AND (s.tbl_name IN ('installation', 'exposure') OR "
    "s.tbl_name LIKE 'software%')";
  sqlite3 *db;
  sqlite3_stmt *row;

  fill (f);
  g_assert_cmpint (sqlite3_open (f->path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_prepare_v2 (db, sql, -1, &row, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (row), ==, SQLITE_ROW);
  g_test_message ("%.1f bytes", sqlite3_column_double (row, 0));
  g_assert_cmpfloat (sqlite3_column_double (row, 0), >, 10);
  g_assert_cmpfloat (sqlite3_column_double (row, 0), <=, 60);
  sqlite3_finalize (row);
  sqlite3_close (db);
}

static void
test_missing (Fixture *f, gconstpointer data)
{
  static const char text[] = "Fixed: cve-2026-0001, CVE\u20112026\u20110003 and CVE-2019-99999.";
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_WEAKNESSES);
  g_autoptr(TvmQuery) recommendations = tvm_query_new (TVM_LIST_RECOMMENDATIONS);
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) missing = NULL, unknown = NULL;
  gint64 as_of_us = -1;

  unknown = tvm_store_list_missing_cves (f->store, text, &as_of_us, &error);
  g_assert_cmpuint (g_strv_length (unknown), ==, 3);
  g_assert_cmpint (as_of_us, ==, 0);
  fixture_recommendations (f, 2);
  keep_weaknesses (f, 0, 4);
  link_cves (f, 0, 2);
  missing = tvm_store_list_missing_cves (f->store, text, &as_of_us, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (missing), ==, 1);
  g_assert_cmpstr (missing[0], ==, "CVE-2019-99999");
  g_assert_cmpint (as_of_us, ==, NOW_US);
  query->search = g_strdup (text);
  recommendations->search = g_strdup (text);
  g_assert_cmpuint (count (f, query), ==, 2);
  g_assert_cmpuint (count (f, recommendations), ==, 1);
  /* One that is nowhere is nothing unknown. */
  g_free (recommendations->search);
  recommendations->search = g_strdup ("CVE-2019-99999");
  g_assert_cmpint (tvm_store_count_unknown_cves (f->store, recommendations, &error), ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  sqlite3_auto_extension ((void (*) (void)) trace_connection);
#define ADD(path, function) \
  g_test_add (path, Fixture, NULL, fixture_set_up, function, fixture_tear_down)
  ADD ("/store/weaknesses/list", test_list);
  ADD ("/store/weaknesses/two-lists", test_two_lists);
  ADD ("/store/weaknesses/devices", test_devices);
  ADD ("/store/weaknesses/fresh", test_fresh);
  ADD ("/store/weaknesses/indexed", test_indexed);
  ADD ("/store/weaknesses/lean", test_lean);
  ADD ("/store/weaknesses/missing", test_missing);
  return g_test_run ();
}

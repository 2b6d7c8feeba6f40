/* test-store-matrix.c: from the software of all devices to what is exposed to each recommendation.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "keep.h"
#include "store-fixture.h"

#define OTHER "va-_-vendor-_-product1"

/* A line of the world: a device has a version with CVEs ("" is none), by spaces. */
typedef struct { int device; const char *product, *version, *cves; } Line;

static void
add (TvmMatrix *matrix, const Line *line, const char *cve, TvmMatrixStatus status, gint64 when_us)
{
  g_autofree char *id = g_strdup_printf ("%040x", line->device);
  gboolean is_player = strcmp (line->product, "player") == 0;
  TvmMatrixRecord record = {
    .device = { id, "stub", "Windows11", line->device % 2 == 0 ? "Even" : "Unassigned" },
    .vendor = is_player ? "example" : "vendor", .product = line->product, .version = line->version,
    .recommendation_id = cve == NULL ? NULL : is_player ? REC : OTHER, .cve = cve,
    .severity = TVM_LEVEL_HIGH, .cvss = 7.5, .exploits = { 1, 0, 0 },
    .update_id = cve != NULL && strcmp (cve, "CVE-1") == 0 ? "5044285" : NULL,
    .first_seen = "2026-01-02 03:04:05", .last_seen = "2026-03-19 23:59:59.1234567",
    .status = status, .when_us = when_us,
  };

  g_assert_true (tvm_matrix_add (matrix, &record));
}

static void
add_line (TvmMatrix *matrix, const Line *line, TvmMatrixStatus status, gint64 when_us)
{
  g_auto(GStrv) cves = g_strsplit (line->cves, " ", -1);

  for (guint i = 0; cves[i] != NULL; i++)
    add (matrix, line, cves[i], status, when_us);
  if (*line->cves == '\0')
    add (matrix, line, NULL, status, when_us);
}

static TvmListResult
keep (Fixture *f, TvmPull *pull)
{
  g_autoptr(GError) error = NULL;
  TvmListResult result = { 0 };

  tvm_matrix_finish (pull->matrix);
  g_assert_true (tvm_store_keep_pull (f->store, pull, &result, &error));
  g_assert_no_error (error);
  return result;
}

static TvmListResult
keep_all (Fixture *f, const Line *lines, guint n)
{
  g_autoptr(TvmPull) pull = tvm_store_begin_pull (f->store, TVM_PULL_EXPOSURE, NULL, NULL);

  for (guint i = 0; i < n; i++)
    add_line (pull->matrix, &lines[i], TVM_MATRIX_IS, 0);
  return keep (f, pull);
}

static void
read_text (TvmDb *db, gpointer user_data)
{
  const char **sql = user_data;
  sqlite3_stmt *row = tvm_db_query (db, *sql, "");

  *sql = tvm_db_next (db, row) ? tvm_db_dup (row, 0) : NULL;
  tvm_db_reset (row);
}

/* What a statement says in one text. */
static void
assert_reads (Fixture *f, const char *sql, const char *expected)
{
  g_autoptr(GError) error = NULL;
  const char *text = sql;

  g_assert_true (tvm_store_read (f->store, read_text, &text, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, expected);
  g_free ((char *) text);
}

#define MATRIX \
  "SELECT group_concat (line, '; ') FROM (SELECT (d.id + 0) || ' ' || w.name || ' ' || s.version " \
  "|| coalesce (' ' || (SELECT group_concat (v.id, ' ') FROM (SELECT v.id FROM " \
  "software_state_vulnerability l JOIN vulnerability v ON v.key = l.vulnerability_key WHERE " \
  "l.state_key = s.key ORDER BY v.id) v), '') AS line FROM installation i JOIN software_state s " \
  "ON s.key = i.state_key JOIN software w ON w.key = s.software_key JOIN device d ON d.key = " \
  "i.device_key ORDER BY d.id, w.name, s.version)"
#define EXPOSED(id) \
  "SELECT group_concat (n, ' ') FROM (SELECT d.id + 0 AS n FROM exposure e JOIN device d ON " \
  "d.key = e.device_key JOIN recommendation r ON r.key = e.recommendation_key WHERE r.id = '" id "' " \
  "ORDER BY d.id)"
#define CVES(id) \
  "SELECT group_concat (c, ' ') FROM (SELECT v.id AS c FROM recommendation_vulnerability l JOIN " \
  "vulnerability v ON v.key = l.vulnerability_key JOIN recommendation r ON r.key = " \
  "l.recommendation_key WHERE r.id = '" id "' ORDER BY v.id)"

static const Line world[] = {
  { 1, "player", "1.0", "CVE-1 CVE-2" }, { 2, "player", "1.0", "CVE-2 CVE-1" },
  { 2, "player", "2.0", "CVE-2" }, { 3, "player", "3.0", "" }, { 7, "product1", "5", "CVE-3" },
};

static void
set_up (Fixture *f, gconstpointer data)
{
  fixture_set_up (f, data);
  fixture_recommendations (f, 2);
  fixture_devices (f, 0, 6, "10");
  keep_all (f, world, G_N_ELEMENTS (world));
}

/* Any order of CVEs is the same set; a device has several versions; one is not in the inventory. */
static void
test_baseline (Fixture *f, gconstpointer data)
{
  gint64 n_before;

  assert_reads (f, MATRIX, "1 player 1.0 CVE-1 CVE-2; 2 player 1.0 CVE-1 CVE-2; "
                           "2 player 2.0 CVE-2; 3 player 3.0; 7 product1 5 CVE-3");
  assert_reads (f, EXPOSED (REC), "1 2");
  assert_reads (f, EXPOSED (OTHER), "7");
  assert_reads (f, CVES (REC), "CVE-1 CVE-2");
  assert_reads (f, "SELECT count(*) FROM software_state", "4");
  assert_reads (f, "SELECT group_name || in_inventory FROM device WHERE id LIKE '%07'",
                "UnassignedGroup0");
  assert_reads (f, "SELECT first_seen_day || ' ' || last_seen_day FROM installation LIMIT 1",
                "20455 20531");
  assert_reads (f, "SELECT group_concat (id || recommendation_id, ' ') FROM security_update",
                "5044285" REC);
  n_before = tvm_store_total_changes (f->store);
  keep_all (f, world, G_N_ELEMENTS (world));
  /* what is due and done, when each list was known, and what the updates were told */
  g_assert_cmpint (tvm_store_total_changes (f->store) - n_before, <, 30);
}

static TvmListResult
keep_changes (Fixture *f, const Line *gone, const Line *come)
{
  g_autoptr(TvmPull) pull = tvm_store_begin_pull (f->store, TVM_PULL_EXPOSURE_CHANGES, NULL, NULL);

  if (come != NULL)
    add_line (pull->matrix, come, TVM_MATRIX_NEW, tvm_now_us () - TVM_HOUR_US);
  if (gone != NULL)
    add_line (pull->matrix, gone, TVM_MATRIX_FIXED, tvm_now_us () - TVM_HOUR_US);
  return keep (f, pull);
}

/* A renewed version that leaves a CVE open; what was removed; what came. Told twice, it is the
 * same. */
static void
test_changes (Fixture *f, gconstpointer data)
{
  static const Line old = { 1, "player", "1.0", "CVE-1 CVE-2" };
  static const Line now = { 1, "player", "1.1", "CVE-2" };
  static const Line gone = { 7, "product1", "5", "CVE-3" }, come = { 0, "product1", "5", "CVE-3" };

  for (int i = 0; i < 2; i++)
    keep_changes (f, &old, &now);
  assert_reads (f, MATRIX, "1 player 1.1 CVE-2; 2 player 1.0 CVE-1 CVE-2; 2 player 2.0 CVE-2; "
                           "3 player 3.0; 7 product1 5 CVE-3");
  assert_reads (f, EXPOSED (REC), "1 2");
  for (int i = 0; i < 2; i++)
    keep_changes (f, &gone, &come);
  assert_reads (f, EXPOSED (OTHER), "0");
  assert_reads (f, "SELECT count(*) FROM software_state", "6");
  keep_changes (f, &(Line) { 2, "player", "1.0", "CVE-2" }, NULL);
  assert_reads (f, CVES (REC), "CVE-1 CVE-2");
  keep_changes (f, &(Line) { 2, "player", "1.0", "CVE-1" }, NULL);
  assert_reads (f, CVES (REC), "CVE-2");
  assert_reads (f, EXPOSED (REC), "1 2");
  keep_changes (f, &(Line) { 2, "player", "2.0", "CVE-2" }, NULL);
  assert_reads (f, EXPOSED (REC), "1");
}

/* A product whose last CVE went is still there, in a version that nobody told, and exposes nothing;
 * until a version of it comes, or all software does. */
static void
test_unknown_version (Fixture *f, gconstpointer data)
{
  static const Line gone = { 7, "product1", "5", "CVE-3" }, back = { 7, "product1", "6", "CVE-3" };
  static const char *const head = MATRIX;

  for (int i = 0; i < 2; i++)
    keep_changes (f, &gone, NULL);
  assert_reads (f, head, "1 player 1.0 CVE-1 CVE-2; 2 player 1.0 CVE-1 CVE-2; 2 player 2.0 CVE-2; "
                         "3 player 3.0; 7 product1 ");
  assert_reads (f, EXPOSED (OTHER), NULL);
  keep_changes (f, &world[1], NULL);  /* it has 2.0 */
  keep_changes (f, NULL, &back);
  assert_reads (f, head, "1 player 1.0 CVE-1 CVE-2; 2 player 2.0 CVE-2; 3 player 3.0; "
                         "7 product1 6 CVE-3");
  keep_changes (f, &back, NULL);
  g_assert_cmpint (keep_all (f, world, G_N_ELEMENTS (world) - 1).doubtful, ==, 0);
  assert_reads (f, head, "1 player 1.0 CVE-1 CVE-2; 2 player 1.0 CVE-1 CVE-2; 2 player 2.0 CVE-2; "
                         "3 player 3.0");
}

/* A device that moves to another group comes as both. */
static void
test_moved (Fixture *f, gconstpointer data)
{
  keep_changes (f, &world[0], &world[0]);
  assert_reads (f, EXPOSED (REC), "1 2");
}

static void
set_counts (Fixture *f, int exposed_devices, int weaknesses)
{
  g_autoptr(GPtrArray) list =
    g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_recommendation_unref);
  TvmRecommendation *r = tvm_recommendation_new ();

  r->id = g_strdup (REC);
  r->type = TVM_TYPE_UPDATE;
  r->status = TVM_RECOMMENDATION_ACTIVE;
  r->weaknesses = weaknesses;
  r->exposed_devices = exposed_devices;
  g_ptr_array_add (list, r);
  keep_recommendations (f->store, list, NULL, NULL);
}

/* The recommendation counts more: nothing goes, and it is asked itself. */
static void
test_doubted (Fixture *f, gconstpointer data)
{
  g_auto(GStrv) unsettled = NULL, settled = NULL;

  fixture_refs (f, 0, 20);
  tvm_set_clock_us (NOW_US + 2 * TVM_DAY_US);
  set_counts (f, 20, 2);
  keep_changes (f, &world[0], NULL);
  assert_reads (f, "SELECT count(*) FROM exposure WHERE recommendation_key = 1", "20");
  settled = tvm_store_list_unsettled (f->store, TRUE, FALSE, NULL);
  g_assert_cmpuint (g_strv_length (settled), ==, 0);
  set_counts (f, 40, 2);
  unsettled = tvm_store_list_unsettled (f->store, TRUE, FALSE, NULL);
  g_assert_cmpuint (g_strv_length (unsettled), ==, 1);
  g_assert_cmpstr (unsettled[0], ==, REC);
}

/* A list that the recommendation was asked for since then is newer than the data. */
static void
test_newer (Fixture *f, gconstpointer data)
{
  fixture_refs (f, 0, 6);
  keep_all (f, world, G_N_ELEMENTS (world));
  assert_reads (f, EXPOSED (REC), "0 1 2 3 4 5");
  assert_reads (f, "SELECT recommendation_id FROM exposure_due", REC);
  tvm_set_clock_us (NOW_US + TVM_DAY_US);
  set_counts (f, 3, 2);
  {
    g_autoptr(TvmPull) pull =
      tvm_store_begin_pull (f->store, TVM_PULL_EXPOSURE_CHANGES, NULL, NULL);

    add_line (pull->matrix, &(Line) { 4, "player", "1.0", "CVE-2" }, TVM_MATRIX_NEW,
              NOW_US + TVM_HOUR_US);
    keep (f, pull);
  }
  assert_reads (f, EXPOSED (REC), "1 2 4");
  assert_reads (f, "SELECT count(*) FROM exposure_due", "0");
}

/* One that came much too short adds devices, but removes and replaces nothing, until it is the same
 * an hour later. */
static void
test_short (Fixture *f, gconstpointer data)
{
  static const Line few[] = { { 1, "player", "1.0", "CVE-1 CVE-2" },
                              { 0, "player", "2.0", "CVE-2" }, { 40, "player", "2.0", "CVE-2" } };
  static const Line mute[] = { { 1, "player", "1.0", "" }, { 0, "player", "2.0", "" },
                               { 40, "player", "2.0", "" } };
  Line many[40];

  for (int i = 0; i < 40; i++)
    many[i] = (Line) { i, "player", "1.0", "CVE-1 CVE-2" };
  keep_all (f, many, 40);
  g_assert_cmpint (keep_all (f, few, 3).doubtful, ==, 1);
  assert_reads (f, "SELECT count(*) FROM installation", "41");
  tvm_set_clock_us (NOW_US + TVM_HOUR_US);
  g_assert_cmpint (keep_all (f, few, 3).doubtful, ==, 0);
  assert_reads (f, "SELECT count(*) FROM installation", "3");
  /* The same without a CVE is as short. */
  g_assert_cmpint (keep_all (f, mute, 3).doubtful, ==, 1);
  assert_reads (f, "SELECT count(DISTINCT digest) FROM software_state WHERE digest <> 0", "2");
}

static void
test_plan (Fixture *f, gconstpointer data)
{
  TvmExposurePlan plan;

  g_assert_true (tvm_store_plan_exposure (f->store, &plan, NULL));
  g_assert_cmpint (plan.changes_since_us, ==, NOW_US - 12 * TVM_HOUR_US);
  tvm_set_clock_us (NOW_US + 7 * TVM_DAY_US);
  g_assert_true (tvm_store_plan_exposure (f->store, &plan, NULL));
  g_assert_cmpint (plan.changes_since_us, ==, 0);
}

static void
assert_contradicted (Fixture *f, int hours, gboolean expected)
{
  gboolean is_contradicted;

  tvm_set_clock_us (NOW_US + hours * TVM_HOUR_US);
  g_assert_true (tvm_store_is_exposure_contradicted (f->store, &is_contradicted, NULL));
  g_assert_cmpint (is_contradicted, ==, expected);
}

/* By its devices after six hours, by its CVEs after a day. */
static void
test_contradicted (Fixture *f, gconstpointer data)
{
  set_counts (f, 2, 20);
  assert_contradicted (f, 7, FALSE);
  assert_contradicted (f, 25, TRUE);
  set_counts (f, 40, 2);
  assert_contradicted (f, 5, FALSE);
  assert_contradicted (f, 7, TRUE);
}

static const Line other = { 5, "product1", "5", "CVE-3" };

static void
keep_gone (Fixture *f)
{
  static const char *const gone[] = { REC, NULL };
  g_autoptr(GPtrArray) none =
    g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_recommendation_unref);

  g_assert_true (keep_list (f->store, TVM_PULL_RECOMMENDATION, REC, none, gone, NULL, NULL));
}

#define STORY \
  "SELECT group_concat (kind, ' ') || ': ' || (SELECT status || ' ' || fixed_devices FROM " \
  "activity) FROM (SELECT kind FROM history WHERE kind NOT LIKE '%requested%' ORDER BY key)"

/* The service says of a recommendation that it is gone while its data of all devices name two: only
 * those data complete anything. */
static void
test_gone (Fixture *f, gconstpointer data)
{
  g_autoptr(TvmActivity) activity = NULL;

  set_counts (f, 2, 2);
  activity = fixture_submit (f, TVM_TYPE_UPDATE, FALSE);
  g_assert_cmpint (activity->target_devices, ==, 2);
  for (int i = 0; i < 2; i++)
    {
      keep_gone (f);
      keep_changes (f, i == 0 ? NULL : &other, i == 0 ? &other : NULL);
      assert_reads (f, EXPOSED (REC), "1 2");
      assert_reads (f, "SELECT is_listed || ' ' || exposed_devices FROM recommendation WHERE id = '"
                    REC "'", "0 -1");
    }
  keep_changes (f, &world[0], NULL);
  keep_changes (f, &world[1], NULL);
  assert_reads (f, "SELECT status FROM activity", "1");
  keep_changes (f, &world[2], NULL);
  assert_reads (f, EXPOSED (REC), NULL);
  assert_reads (f, STORY, "device-remediated completed-system: 2 2");
}

/* Where the tenant refuses these data they are not renewed, and the service's word completes. When
 * it has the recommendation again, and the data are to be had, that is taken back at once. */
static void
test_gone_and_back (Fixture *f, gconstpointer data)
{
  g_autoptr(TvmActivity) activity = NULL;
  g_auto(GStrv) unsettled = NULL;

  set_counts (f, 2, 2);
  activity = fixture_submit (f, TVM_TYPE_UPDATE, FALSE);
  g_assert_true (tvm_store_note_refusal (f->store, TVM_EXPOSURE_LIST, "No licence.", NULL));
  keep_gone (f);
  assert_reads (f, EXPOSED (REC), NULL);
  assert_reads (f, STORY, "device-remediated completed-system: 2 2");
  tvm_set_clock_us (NOW_US + TVM_HOUR_US / 60);
  set_counts (f, 2, 2);
  assert_reads (f, "SELECT devices_synced_us FROM recommendation WHERE id = '" REC "'", "0");
  unsettled = tvm_store_list_unsettled (f->store, TRUE, FALSE, NULL);
  g_assert_cmpstr (unsettled[0], ==, REC);
  keep_changes (f, NULL, &other);
  assert_reads (f, EXPOSED (REC), "1 2");
  assert_reads (f, STORY, "device-remediated completed-system completion-taken-back "
                          "exposed-again: 1 0");
}

static guint
count_weaknesses (Fixture *f, const char *search)
{
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_WEAKNESSES);
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) keys = NULL;

  query->search = g_strdup (search);
  keys = tvm_store_list_keys (f->store, query, NULL, &error);
  g_assert_no_error (error);
  return keys->len;
}

/* By its whole name a device finds its CVEs, in whatever case; a part of it does not. */
static void
test_search (Fixture *f, gconstpointer data)
{
  g_assert_cmpuint (count_weaknesses (f, NULL), ==, 3);
  g_assert_cmpuint (count_weaknesses (f, "host00002.contoso.example"), ==, 2);
  g_assert_cmpuint (count_weaknesses (f, "HOST00002.Contoso.Example"), ==, 2);
  g_assert_cmpuint (count_weaknesses (f, "host00003.contoso.example"), ==, 0);
  g_assert_cmpuint (count_weaknesses (f, "host0000"), ==, 0);
}

/* The same where the name is not of ASCII: as all searches fold. */
static void
test_search_folded (Fixture *f, gconstpointer data)
{
  static const char *const names[] = {
    "b\u00fcro-stra\u00dfe", "bu\u0308ro-stra\u00dfe", "B\u00dcRO-STRASSE",
    "\uff22\uff35\u0308\uff32\uff2f-strasse", /* full width */
  };
  sqlite3 *handle;

  g_assert_cmpint (sqlite3_open (f->path, &handle), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (handle, "UPDATE device SET name = 'b\u00fcro-stra\u00dfe' "
                                 "WHERE name = 'host00002.contoso.example'", NULL, NULL, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_changes (handle), ==, 1);
  sqlite3_close (handle);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(TvmDeviceWhole) device = tvm_store_load_device (f->store, names[i], &error);

      g_assert_cmpuint (count_weaknesses (f, names[i]), ==, 2);
      g_assert_no_error (error);
      g_assert_cmpstr (device->device->name, ==, names[0]);
    }
  g_assert_cmpuint (count_weaknesses (f, "b\u00fcro"), ==, 0);
  g_assert_null (tvm_store_load_device (f->store, "b\u00fcro", NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
#define ADD(path, func) \
  g_test_add ("/store-matrix/" path, Fixture, NULL, set_up, func, fixture_tear_down)
  ADD ("baseline", test_baseline);
  ADD ("changes", test_changes);
  ADD ("unknown-version", test_unknown_version);
  ADD ("moved", test_moved);
  ADD ("doubted", test_doubted);
  ADD ("newer", test_newer);
  ADD ("short", test_short);
  ADD ("plan", test_plan);
  ADD ("contradicted", test_contradicted);
  ADD ("gone", test_gone);
  ADD ("search", test_search);
  ADD ("search-folded", test_search_folded);
  ADD ("gone-and-back", test_gone_and_back);
#undef ADD
  return g_test_run ();
}

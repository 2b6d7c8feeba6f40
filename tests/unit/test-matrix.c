/* test-matrix.c: a matrix that comes in parts is the same as one that comes at once.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-file-progress.h"
#include "tvm-matrix.h"
#include "tvm-time.h"
#include "tvm-user-impact.h"

#include <string.h>

#define N_RECORDS 3000

typedef struct { int device, product, version, cve, day; } Line;

static void
add (TvmMatrix *matrix, const Line *line)
{
  g_autofree char *device = g_strdup_printf ("device%d", line->device);
  g_autofree char *product = g_strdup_printf ("product%d", line->product);
  g_autofree char *version = g_strdup_printf ("%d.0", line->version);
  g_autofree char *cve = line->cve > 0 ? g_strdup_printf ("CVE-2026-%04d", line->cve) : NULL;
  g_autofree char *seen = g_strdup_printf ("2026-01-%02d 01:02:03", line->day);
  TvmMatrixRecord record = {
    .device = { device, line->device % 3 == 0 ? NULL : "name", "Windows11", "Unassigned" },
    .vendor = "vendor", .product = product, .version = version, .cve = cve,
    .recommendation_id = cve != NULL ? product : NULL, .severity = line->cve % 6 - 1,
    .cvss = line->cve / 10.0, .exploits = { 1, 0, -1 },
    .update_id = line->cve % 4 == 1 ? "5044285" : NULL, .update_name = "October",
    .first_seen = seen, .last_seen = seen,
  };

  g_assert_true (tvm_matrix_add (matrix, &record));
}

static int
compare_texts (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static char *
join_sorted (GPtrArray *lines, const char *separator)
{
  g_ptr_array_sort (lines, compare_texts);
  g_ptr_array_add (lines, NULL);
  return g_strjoinv (separator, (char **) lines->pdata);
}

static char *
dup_cves (const TvmMatrix *matrix, guint32 set)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new ();

  for (; set != 0; set = g_array_index (matrix->sets, TvmMatrixSet, set).parent)
    g_ptr_array_add (names, (char *) g_array_index (matrix->cves, TvmMatrixCve,
                                                    g_array_index (matrix->sets, TvmMatrixSet, set).cve).id);
  return join_sorted (names, " ");
}

/* All that it says, in one order. */
static char *
describe (TvmMatrix *matrix)
{
  g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);

  tvm_matrix_finish (matrix);
  g_assert_cmpuint (g_array_index (matrix->starts, guint32, matrix->devices->refs->len), ==, matrix->pairs->len);
  for (guint i = 0; i < matrix->pairs->len; i++)
    {
      const TvmMatrixPair *pair = &g_array_index (matrix->pairs, TvmMatrixPair, i);
      const TvmMatrixVersion *version = &g_array_index (matrix->versions, TvmMatrixVersion, pair->version);
      const TvmMatrixSoftware *software = &g_array_index (matrix->software, TvmMatrixSoftware, version->software);
      const TvmDeviceRef *device = &g_array_index (matrix->devices->refs, TvmDeviceRef, pair->device);
      g_autofree char *cves = dup_cves (matrix, pair->set);

      g_assert_cmpuint (i, >=, g_array_index (matrix->starts, guint32, pair->device));
      g_assert_cmpuint (i, <, g_array_index (matrix->starts, guint32, pair->device + 1));
      g_ptr_array_add (lines, g_strdup_printf ("%s %s %s %s %s %u %u %s", device->id, device->name, device->group,
                                               software->name, version->version, pair->first_day, pair->last_day,
                                               cves));
    }
  for (guint i = 0; i < matrix->cves->len; i++)
    {
      const TvmMatrixCve *cve = &g_array_index (matrix->cves, TvmMatrixCve, i);

      g_ptr_array_add (lines, g_strdup_printf ("%s %d %.2f %d %d %d", cve->id, cve->severity, cve->cvss,
                                               cve->exploits[0], cve->exploits[1], cve->exploits[2]));
    }
  for (guint i = 0; i < matrix->updates->len; i++)
    {
      const TvmMatrixUpdate *update = &g_array_index (matrix->updates, TvmMatrixUpdate, i);

      g_ptr_array_add (lines, g_strdup_printf ("%s %s %s %s", update->id, update->name, update->url,
                                               g_array_index (matrix->cves, TvmMatrixCve, update->cve).id));
    }
  g_ptr_array_add (lines, g_strdup_printf ("%u %" G_GINT64_FORMAT, matrix->n_records, matrix->newest_us));
  return join_sorted (lines, "\n");
}

static Line
random_line (GRand *random)
{
  Line line = { g_rand_int_range (random, 0, 20), g_rand_int_range (random, 0, 6), g_rand_int_range (random, 1, 3),
                g_rand_int_range (random, 0, 15), g_rand_int_range (random, 1, 29) };

  return line;
}

/* Records of one device and version come in several parts, in any order. */
static void
test_parts (void)
{
  g_autoptr(GRand) random = g_rand_new_with_seed (7);

  for (guint round = 0; round < 20; round++)
    {
      g_autoptr(TvmMatrix) whole = tvm_matrix_new (), sum = tvm_matrix_new ();
      TvmMatrix *pieces[7];
      g_autofree char *expected = NULL, *found = NULL;

      for (guint i = 0; i < G_N_ELEMENTS (pieces); i++)
        pieces[i] = tvm_matrix_new ();
      for (guint i = 0; i < N_RECORDS; i++)
        {
          Line line = random_line (random);

          add (whole, &line);
          add (pieces[g_rand_int_range (random, 0, G_N_ELEMENTS (pieces))], &line);
        }
      for (guint i = 0, at = round; i < G_N_ELEMENTS (pieces); i++, at += 3)
        {
          TvmMatrix *piece = pieces[at % G_N_ELEMENTS (pieces)];
          g_autoptr(GBytes) packed = tvm_matrix_pack (piece);

          g_assert_true (tvm_matrix_add_packed (sum, packed));
          tvm_matrix_free (piece);
        }
      expected = describe (whole);
      found = describe (sum);
      g_assert_cmpstr (found, ==, expected);
    }
}

/* Bytes that are none do no harm. */
static void
test_hostile (void)
{
  g_autoptr(GRand) random = g_rand_new_with_seed (8);
  g_autoptr(TvmMatrix) piece = tvm_matrix_new ();
  g_autoptr(GBytes) packed = NULL;
  gsize size;
  const guint8 *data;

  for (guint i = 0; i < 100; i++)
    {
      Line line = random_line (random);

      add (piece, &line);
    }
  packed = tvm_matrix_pack (piece);
  data = g_bytes_get_data (packed, &size);
  for (guint i = 0; i < 5000; i++)
    {
      g_autofree guint8 *bad = g_memdup2 (data, size);
      g_autoptr(TvmMatrix) matrix = tvm_matrix_new ();
      gsize n = i < size ? i : size;
      g_autoptr(GBytes) bytes = NULL;

      for (int n_changes = i < size ? 0 : g_rand_int_range (random, 1, 4); n_changes > 0; n_changes--)
        bad[g_rand_int_range (random, 0, (gint32) size)] = (guint8) g_rand_int (random);
      bytes = g_bytes_new (bad, n);
      if (tvm_matrix_add_packed (matrix, bytes))
        tvm_matrix_finish (matrix);
      else
        g_assert_true (i < size || memcmp (bad, data, size) != 0);
      g_assert_false (i < size && matrix->starts != NULL);
    }
}

/* The same of configurations. */
static void
test_impacts (void)
{
  g_autoptr(TvmUserImpacts) piece = tvm_user_impacts_new (), sum = tvm_user_impacts_new ();
  const TvmDeviceRef devices[] = { { "a", "name", NULL, "None" }, { "b", NULL, "Windows11", NULL } };
  const TvmUserImpactList *list;
  g_autoptr(GBytes) packed = NULL;
  gsize size;
  const guint8 *data;

  tvm_user_impacts_assess (sum, "sca-_-scid-1", &devices[1], TRUE, TVM_TRUTH_NO);
  tvm_user_impacts_assess (piece, "sca-_-scid-1", &devices[0], TRUE, TVM_TRUTH_YES);
  tvm_user_impacts_assess (piece, "sca-_-scid-2", &devices[0], FALSE, TVM_TRUTH_YES);
  packed = tvm_user_impacts_pack (piece);
  g_assert_true (tvm_user_impacts_add_packed (sum, packed));
  g_assert_cmpuint (sum->lists->len, ==, 2);
  list = sum->lists->pdata[0];
  g_assert_cmpuint (list->exposed->len, ==, 2);
  g_assert_cmpuint (g_array_index (list->entries, guint32, 0), ==, 0);
  g_assert_cmpuint (g_array_index (list->entries, guint32, 1), ==, 3);
  list = sum->lists->pdata[1];
  g_assert_true (list->is_assessed && list->exposed->len == 0);
  data = g_bytes_get_data (packed, &size);
  for (gsize i = 0; i < size * 256; i++)
    {
      g_autofree guint8 *bad = g_memdup2 (data, size);
      g_autoptr(TvmUserImpacts) impacts = tvm_user_impacts_new ();
      g_autoptr(GBytes) bytes = NULL;

      bad[i / 256] = (guint8) i;
      bytes = g_bytes_new (bad, i % 256 == 0 ? i / 256 : size);
      tvm_user_impacts_add_packed (impacts, bytes);
    }
}

static void
assert_described (const TvmFileProgress *progress, const char *expected)
{
  g_autofree char *text = tvm_file_progress_describe (progress);
  g_auto(GStrv) parts = g_strsplit (text, "\302\240", -1);  /* sizes have a no-break space */
  g_autofree char *plain = g_strjoinv (" ", parts);

  g_assert_cmpstr (plain, ==, expected);
}

static void
test_progress (void)
{
  TvmFileProgress progress = { 12, 2, 1200000000, 4800000000, FALSE, 240 * TVM_SECOND_US };

  assert_described (&progress, "File 3 of 12, 1.2 GB of 4.8 GB, about 4 minutes left");
  g_assert_cmpfloat (tvm_file_progress_get_fraction (&progress), ==, 0.25);
  progress.is_estimate = TRUE;
  progress.left_us = -1;
  assert_described (&progress, "File 3 of 12, 1.2 GB of about 4.8 GB");
  progress.total_bytes = -1;
  assert_described (&progress, "File 3 of 12, 1.2 GB");
  g_assert_cmpfloat_with_epsilon (tvm_file_progress_get_fraction (&progress), 2 / 12.0, 1e-9);
  progress.total_bytes = 1000000000;  /* an estimate that was too low */
  g_assert_cmpfloat (tvm_file_progress_get_fraction (&progress), ==, 1);
  progress = (TvmFileProgress) { 12, 12, 5, 5, FALSE, 0 };
  assert_described (&progress, "File 12 of 12, 5 bytes of 5 bytes, about 1 second left");
}

/* Two lists in files at once are told as one; of one that tells no size it is the other's. */
static void
test_progress_of_two (void)
{
  TvmFileProgress sum = { .n_files = 0 };
  const TvmFileProgress none = { .n_files = 0 };
  const TvmFileProgress first = { 10, 4, 400, 1000, FALSE, 30 * TVM_SECOND_US };
  const TvmFileProgress second = { 2, 1, 50, 200, FALSE, 60 * TVM_SECOND_US };
  const TvmFileProgress untold = { 5, 0, 10, -1, FALSE, -1 };

  tvm_file_progress_add (&sum, &none);
  tvm_file_progress_add (&sum, &first);
  tvm_file_progress_add (&sum, &none);
  tvm_file_progress_add (&sum, &second);
  assert_described (&sum, "File 6 of 12, 450 bytes of 1.2 kB, about 1 minute left");
  tvm_file_progress_add (&sum, &untold);
  assert_described (&sum, "File 6 of 17, 460 bytes of about 1.7 kB");
}

static void
assert_shows (const TvmBar *bar, double expected)
{
  g_assert_cmpfloat_with_epsilon (bar->fraction, expected, 1e-9);
}

/* Files in the middle of lists, more lists than were known, an estimate that grew: never back. */
static void
test_bar (void)
{
  TvmBar bar = { 0 };
  TvmFileProgress files = { 4, 0, 0, -1, FALSE, -1 };

  tvm_bar_begin (&bar, 0);
  tvm_bar_show_steps (&bar, 3, 6);
  assert_shows (&bar, 0.5);
  tvm_bar_begin (&bar, 3);
  tvm_bar_show_files (&bar, &files);
  assert_shows (&bar, 0.5);
  files = (TvmFileProgress) { 4, 1, 500, 1000, TRUE, -1 };
  tvm_bar_show_files (&bar, &files);
  assert_shows (&bar, 0.5 + 0.45 / 2);
  files = (TvmFileProgress) { 4, 2, 600, 2000, FALSE, -1 };
  tvm_bar_show_files (&bar, &files);
  assert_shows (&bar, 0.5 + 0.45 / 2);
  files = (TvmFileProgress) { 4, 4, 2000, 2000, FALSE, -1 };
  tvm_bar_show_files (&bar, &files);
  assert_shows (&bar, 0.95);
  tvm_bar_begin (&bar, 4);
  tvm_bar_show_steps (&bar, 4, 6);
  assert_shows (&bar, 0.95);
  tvm_bar_show_steps (&bar, 5, 6);
  assert_shows (&bar, 0.975);
  tvm_bar_begin (&bar, 5);
  tvm_bar_show_steps (&bar, 5, 505);
  assert_shows (&bar, 0.975);
  tvm_bar_show_steps (&bar, 505, 505);
  assert_shows (&bar, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/matrix/parts", test_parts);
  g_test_add_func ("/matrix/hostile", test_hostile);
  g_test_add_func ("/matrix/impacts", test_impacts);
  g_test_add_func ("/matrix/file-progress", test_progress);
  g_test_add_func ("/matrix/file-progress/of-two", test_progress_of_two);
  g_test_add_func ("/matrix/bar", test_bar);
  return g_test_run ();
}

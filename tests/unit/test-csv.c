/* test-csv.c: RFC 4180, the two formats, and that a file is whole or absent (R9).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "file-fixture.h"
#include "tvm-csv.h"

#include "tvm-error.h"
#include "tvm-language.h"

#include <glib/gstdio.h>
#include <string.h>

#define MARK "\xef\xbb\xbf"

static guint
count_files (Fixture *fixture)
{
  g_autoptr(GDir) dir = g_dir_open (fixture->folder, 0, NULL);
  guint n = 0;

  g_assert_nonnull (dir);
  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

static TvmCsv *
open_csv (Fixture     *fixture,
          TvmFormat format,
          gboolean     overwrite)
{
  g_autoptr(GError) error = NULL;
  TvmCsv *csv = tvm_csv_open (fixture->path, format, overwrite, &error);

  g_assert_no_error (error);
  g_assert_nonnull (csv);
  return csv;
}

static void
finish (TvmCsv *csv)
{
  g_autoptr(GError) error = NULL;

  g_assert_true (tvm_csv_finish (csv, &error));
  g_assert_no_error (error);
}

static void
assert_contents (Fixture    *fixture,
                 const char *wanted)
{
  g_autofree char *contents = NULL;
  gsize size_bytes;

  g_assert_true (g_file_get_contents (fixture->path, &contents, &size_bytes, NULL));
  g_assert_cmpmem (contents, size_bytes, wanted, strlen (wanted));
}

static void
test_rfc4180 (Fixture      *fixture,
              gconstpointer data)
{
  g_autoptr(TvmCsv) csv = open_csv (fixture, TVM_FORMAT_MACHINE, FALSE);

  tvm_csv_cell (csv, "plain");
  tvm_csv_cell (csv, "a,b");
  tvm_csv_cell (csv, "say \"hi\"");
  g_assert_true (tvm_csv_end_row (csv, NULL));
  tvm_csv_cell (csv, "two\nlines");
  tvm_csv_cell (csv, NULL);
  tvm_csv_cell (csv, "");
  g_assert_true (tvm_csv_end_row (csv, NULL));
  tvm_csv_number (csv, -12345);
  tvm_csv_cell (csv, "東京");
  tvm_csv_number (csv, G_MAXINT64);
  g_assert_true (tvm_csv_end_row (csv, NULL));
  finish (csv);
  assert_contents (fixture, "plain,\"a,b\",\"say \"\"hi\"\"\"\r\n\"two\nlines\",,\r\n"
                            "-12345,東京,9223372036854775807\r\n");
}

static void
write_cells (TvmCsv            *csv,
             const char *const *cells)
{
  for (guint i = 0; cells[i] != NULL; i++)
    tvm_csv_cell (csv, cells[i]);
  tvm_csv_number (csv, -7);
  tvm_csv_real (csv, -0.5);
  tvm_csv_real (csv, 2.98754);
  g_assert_true (tvm_csv_end_row (csv, NULL));
  finish (csv);
}

static const char *const formulas[] = { "=1+2", "+1", "-1", "@A1", "\tx", "\rx", "\nx", "a=1", "'",
                                        "=1,\"2\"", "＝1", "＋1", "－1", "＠A", "ａ", NULL };

static void
test_spreadsheet (Fixture      *fixture,
                  gconstpointer data)
{
  g_autoptr(TvmCsv) csv = open_csv (fixture, TVM_FORMAT_SPREADSHEET, FALSE);

  write_cells (csv, formulas);
  assert_contents (fixture, MARK "'=1+2,'+1,'-1,'@A1,\"'\tx\",\"'\rx\",\"'\nx\",a=1,',"
                   "\"'=1,\"\"2\"\"\",'＝1,'＋1,'－1,'＠A,ａ,-7,-0.5,2.988\r\n");
}

/* Programs that part cells at semicolons, or at each line, find no formula either. */
static void
test_parted (Fixture      *fixture,
             gconstpointer data)
{
  static const char *const cells[] = { "a;b", "a;=1", "a\n+1", "a\r\n-1", "a,@A", "a\t＝1",
                                       "a;\"=1+1\"", "a; b", NULL };
  g_autoptr(TvmCsv) csv = open_csv (fixture, TVM_FORMAT_SPREADSHEET, FALSE);

  write_cells (csv, cells);
  assert_contents (fixture, MARK "\"a;b\",\"a;'=1\",\"a\n'+1\",\"a\r\n'-1\",\"a,'@A\",\"a\t'＝1\","
                   "\"a;'\"\"=1+1\"\"\",\"a; b\",-7,-0.5,2.988\r\n");
}

static void
test_machine (Fixture      *fixture,
              gconstpointer data)
{
  g_autoptr(TvmCsv) csv = open_csv (fixture, TVM_FORMAT_MACHINE, FALSE);

  write_cells (csv, formulas);
  assert_contents (fixture, "=1+2,+1,-1,@A1,\"\tx\",\"\rx\",\"\nx\",a=1,',\"=1,\"\"2\"\"\",＝1,＋1,－1,"
                   "＠A,ａ,-7,-0.5,2.98754\r\n");
}

/* Where a comma stands before decimals, a semicolon parts cells, in the format for people alone. */
static void
test_locale (Fixture      *fixture,
             gconstpointer data)
{
  static const char *const cells[] = { "a;b", "a,b", "=1", NULL };
  g_auto(TvmLanguageScope) scope = tvm_language_enter (tvm_language_find ("de"));
  TvmCsv *csv = open_csv (fixture, TVM_FORMAT_SPREADSHEET, FALSE);

  write_cells (csv, cells);
  tvm_csv_free (csv);
  assert_contents (fixture, MARK "\"a;b\";\"a,b\";'=1;-7;\"-0,5\";\"2,988\"\r\n");
  csv = open_csv (fixture, TVM_FORMAT_MACHINE, TRUE);
  write_cells (csv, cells);
  tvm_csv_free (csv);
  assert_contents (fixture, "\"a;b\",\"a,b\",=1,-7,-0.5,2.98754\r\n");
}

static void
test_absent_until_finished (Fixture      *fixture,
                            gconstpointer data)
{
  TvmCsv *csv = open_csv (fixture, TVM_FORMAT_MACHINE, FALSE);

  /* Beyond any buffer, so that bytes have reached the disk. */
  for (int i = 0; i < 40000; i++)
    {
      tvm_csv_cell (csv, "a row of a long list");
      g_assert_true (tvm_csv_end_row (csv, NULL));
    }
  g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
  g_assert_cmpuint (count_files (fixture), <=, 1); /* none where a file may be without a name */
  tvm_csv_free (csv);
  g_assert_cmpuint (count_files (fixture), ==, 0);
}

static void
test_no_overwrite (Fixture      *fixture,
                   gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TvmCsv) csv = NULL;

  g_assert_true (g_file_set_contents (fixture->path, "mine", -1, NULL));
  g_assert_null (tvm_csv_open (fixture->path, TVM_FORMAT_MACHINE, FALSE, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_EXISTS);
  assert_contents (fixture, "mine");
  csv = open_csv (fixture, TVM_FORMAT_MACHINE, TRUE);
  tvm_csv_cell (csv, "new");
  g_assert_true (tvm_csv_end_row (csv, NULL));
  assert_contents (fixture, "mine");
  finish (csv);
  assert_contents (fixture, "new\r\n");
}

/* A file that another program made while the export ran is not lost. */
static void
test_made_meanwhile (Fixture      *fixture,
                     gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TvmCsv) csv = open_csv (fixture, TVM_FORMAT_MACHINE, FALSE);

  tvm_csv_cell (csv, "new");
  g_assert_true (tvm_csv_end_row (csv, NULL));
  g_assert_true (g_file_set_contents (fixture->path, "theirs", -1, NULL));
  g_assert_false (tvm_csv_finish (csv, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_EXISTS);
  assert_contents (fixture, "theirs");
}

static void
test_bad_folder (Fixture      *fixture,
                 gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "none", "list.csv", NULL);
  g_autoptr(GError) error = NULL;

  g_assert_null (tvm_csv_open (path, TVM_FORMAT_MACHINE, FALSE, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_FAILED);
  g_clear_error (&error);
  g_assert_null (tvm_csv_open (fixture->folder, TVM_FORMAT_MACHINE, TRUE, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_FAILED);
}

#define ADD(path, function) \
  g_test_add (path, Fixture, "list.csv", file_fixture_set_up, function, file_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  ADD ("/csv/rfc4180", test_rfc4180);
  ADD ("/csv/spreadsheet", test_spreadsheet);
  ADD ("/csv/parted", test_parted);
  ADD ("/csv/machine", test_machine);
  ADD ("/csv/locale", test_locale);
  ADD ("/csv/absent-until-finished", test_absent_until_finished);
  ADD ("/csv/no-overwrite", test_no_overwrite);
  ADD ("/csv/made-meanwhile", test_made_meanwhile);
  ADD ("/csv/bad-folder", test_bad_folder);
  return g_test_run ();
}

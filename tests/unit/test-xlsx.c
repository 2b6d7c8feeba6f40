/* test-xlsx.c: what is in a spreadsheet file, by its parts. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "file-fixture.h"
#include "tvm-xlsx.h"

#include "tvm-error.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <locale.h>
#include <string.h>
#include <sys/resource.h>

#define MAX_ROWS 1048576

static guint32
get_number (const char *data,
            guint       n_bytes)
{
  guint32 number = 0;

  while (n_bytes-- > 0)
    number = number << 8 | (guchar) data[n_bytes];
  return number;
}

static char *
inflate_part (const char *data,
              gsize       size)
{
  g_autoptr(GZlibDecompressor) inflater = g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_RAW);
  g_autoptr(GInputStream) stored = g_memory_input_stream_new_from_data (data, (gssize) size, NULL);
  g_autoptr(GInputStream) stream =
    g_converter_input_stream_new (stored, G_CONVERTER (inflater));
  g_autoptr(GOutputStream) text = g_memory_output_stream_new_resizable ();

  g_assert_cmpint (g_output_stream_splice (text, stream, 0, NULL, NULL), >=, 0);
  g_assert_true (g_output_stream_write_all (text, "", 1, NULL, NULL, NULL));
  g_assert_true (g_output_stream_close (text, NULL, NULL));
  return g_memory_output_stream_steal_data (G_MEMORY_OUTPUT_STREAM (text));
}

/* One file of the archive, by the archive's directory; NULL where it is not in it. */
static char *
read_part (Fixture    *fixture,
           const char *name)
{
  g_autofree char *archive = NULL;
  gsize size;

  g_assert_true (g_file_get_contents (fixture->path, &archive, &size, NULL));
  for (const char *p = archive; p + 46 < archive + size; p++)
    if (memcmp (p, "PK\1\2", 4) == 0 && get_number (p + 28, 2) == strlen (name) &&
        memcmp (p + 46, name, strlen (name)) == 0)
      {
        const char *local = archive + get_number (p + 42, 4);

        return inflate_part (local + 30 + get_number (local + 26, 2) + get_number (local + 28, 2),
                             get_number (p + 20, 4));
      }
  return NULL;
}

static void
assert_has (const char *text,
            const char *wanted)
{
  if (strstr (text, wanted) == NULL)
    g_error ("no %s in %.3000s", wanted, text);
}

static TvmXlsx *
open_xlsx (Fixture           *fixture,
           const char        *name,
           const char *const *headings)
{
  g_autoptr(GError) error = NULL;
  TvmXlsx *xlsx = tvm_xlsx_open (fixture->path, TRUE, &error);

  g_assert_no_error (error);
  g_assert_true (tvm_xlsx_begin (xlsx, name, headings, &error));
  g_assert_no_error (error);
  return xlsx;
}

static void
finish (TvmXlsx *xlsx)
{
  g_autoptr(GError) error = NULL;

  tvm_xlsx_finish (xlsx, &error);
  g_assert_no_error (error);
  tvm_xlsx_free (xlsx);
}

static void
test_types (Fixture      *fixture,
            gconstpointer data)
{
  static const char *const headings[] = { "Name", "Devices", "Score", "Due", "Seen", NULL };
  TvmXlsx *xlsx = open_xlsx (fixture, "Things", headings);
  g_autofree char *sheet = NULL;
  g_autofree char *styles = NULL;

  tvm_xlsx_text (xlsx, "東京");
  tvm_xlsx_number (xlsx, 12);
  tvm_xlsx_number (xlsx, -0.5);
  tvm_xlsx_date (xlsx, "2026-05-01");
  tvm_xlsx_instant (xlsx, G_GINT64_CONSTANT (1777636800) * 1000000);  /* 2026-05-01 12:00 UTC */
  g_assert_true (tvm_xlsx_end_row (xlsx, NULL));
  tvm_xlsx_text (xlsx, NULL);
  tvm_xlsx_text (xlsx, "");
  tvm_xlsx_instant (xlsx, 0);
  tvm_xlsx_date (xlsx, "9999-12-32");
  tvm_xlsx_date (xlsx, "0001-01-01");
  g_assert_true (tvm_xlsx_end_row (xlsx, NULL));
  finish (xlsx);
  sheet = read_part (fixture, "xl/worksheets/sheet1.xml");
  styles = read_part (fixture, "xl/styles.xml");
  assert_has (sheet, "<c r=\"A2\" t=\"inlineStr\"><is><t>東京</t></is></c>");
  assert_has (sheet, "<c r=\"B2\"><v>12</v></c><c r=\"C2\"><v>-0.5</v></c>");
  assert_has (sheet, "<c r=\"D2\" s=\"2\"><v>46143</v></c><c r=\"E2\" s=\"3\"><v>46143.5</v></c>");
  assert_has (sheet, "<c r=\"D3\" t=\"inlineStr\"><is><t>9999-12-32</t></is></c>");
  assert_has (sheet, "<c r=\"E3\" t=\"inlineStr\"><is><t>0001-01-01</t></is></c>");
  g_assert_null (strstr (sheet, "r=\"A3\""));
  assert_has (sheet, "<pane ySplit=\"1\" topLeftCell=\"A2\" activePane=\"bottomLeft\" "
                     "state=\"frozen\"/>");
  assert_has (sheet, "<autoFilter ref=\"A1:E3\"/>");
  assert_has (sheet, "<col min=\"5\" max=\"5\" width=\"21.7109375\" customWidth=\"1\"/>");
  assert_has (styles, "formatCode=\"yyyy-mm-dd\"");
  assert_has (styles, "formatCode=\"yyyy-mm-dd hh:mm:ss\"");
}

/* Whatever it looks like, a text stays a text; what a cell cannot have is not in it. */
static void
test_texts (Fixture      *fixture,
            gconstpointer data)
{
  static const char *const headings[] = { "=1", "b", NULL };
  static const char *const texts[] = { "=1+1", "+1", "-1", "@A1", "\t=1", "=cmd|'/c calc'!A1", "＝1",
                                       "http://example.com/", "{=1}", "<&>\"", "a\x01" "b\u2066c\uffff",
                                       "_x0041_ _xyz", "two\nlines", " spaced " };
  g_autofree char *many = g_strnfill (32768, 'm');
  g_autofree char *fitting = g_strnfill (32767, 'n');
  g_autofree char *wide = NULL;
  TvmXlsx *xlsx = open_xlsx (fixture, "a/b[c]:*?\\'d", headings);
  g_autofree char *sheet = NULL;
  g_autofree char *book = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      tvm_xlsx_text (xlsx, texts[i]);
      g_assert_true (tvm_xlsx_end_row (xlsx, NULL));
    }
  tvm_xlsx_text (xlsx, fitting);
  g_assert_cmpuint (tvm_xlsx_get_n_cut (xlsx), ==, 0);
  tvm_xlsx_text (xlsx, many);
  g_assert_cmpuint (tvm_xlsx_get_n_cut (xlsx), ==, 1);
  g_assert_true (tvm_xlsx_end_row (xlsx, NULL));
  finish (xlsx);
  sheet = read_part (fixture, "xl/worksheets/sheet1.xml");
  book = read_part (fixture, "xl/workbook.xml");
  g_assert_null (strstr (sheet, "<f"));
  assert_has (sheet, "<c r=\"A1\" s=\"1\" t=\"inlineStr\"><is><t>=1</t></is></c>");
  assert_has (sheet, "<is><t>=cmd|'/c calc'!A1</t></is>");
  assert_has (sheet, "<is><t>http://example.com/</t></is>");
  assert_has (sheet, "<is><t>&lt;&amp;&gt;\"</t></is>");
  assert_has (sheet, "<is><t>a bc</t></is>");
  assert_has (sheet, "<is><t>_x005F_x0041_ _x005F_xyz</t></is>");
  assert_has (sheet, "<is><t xml:space=\"preserve\"> spaced </t></is>");
  assert_has (sheet, "mmm… [cut off: a cell holds 32,767 characters; a CSV file has all of it]</t>");
  assert_has (sheet, "nnn</t>");
  assert_has (book, "<sheet name=\"a b c      d\"");
}

/* Other locales have a comma before decimals; a file has a point. */
static void
test_locale (Fixture      *fixture,
             gconstpointer data)
{
  static const char *const headings[] = { "n", NULL };
  g_autofree char *sheet = NULL;
  TvmXlsx *xlsx;

  if (setlocale (LC_NUMERIC, "de_DE.UTF-8") == NULL)
    {
      g_test_skip ("the German locale is not installed");
      return;
    }
  xlsx = open_xlsx (fixture, "n", headings);
  tvm_xlsx_number (xlsx, 0.5);
  g_assert_true (tvm_xlsx_end_row (xlsx, NULL));
  tvm_xlsx_instant (xlsx, G_GINT64_CONSTANT (1777636800) * 1000000);
  g_assert_true (tvm_xlsx_end_row (xlsx, NULL));
  finish (xlsx);
  g_assert_cmpstr (localeconv ()->decimal_point, ==, ",");
  setlocale (LC_NUMERIC, "C");
  sheet = read_part (fixture, "xl/worksheets/sheet1.xml");
  assert_has (sheet, "<v>0.5</v>");
  assert_has (sheet, "<v>46143.5</v>");
  assert_has (sheet, "width=\"21.7109375\"");
}

/* More rows than a sheet has: the next one goes on, with the heading. */
static void
test_rows (Fixture      *fixture,
           gconstpointer data)
{
  static const char *const headings[] = { "number", NULL };
  TvmXlsx *xlsx = open_xlsx (fixture, "Rows", headings);
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autofree char *book = NULL;

  for (guint i = 1; i <= MAX_ROWS + 1; i++)
    {
      tvm_xlsx_number (xlsx, i);
      g_assert_true (tvm_xlsx_end_row (xlsx, NULL));
    }
  finish (xlsx);
  first = read_part (fixture, "xl/worksheets/sheet1.xml");
  second = read_part (fixture, "xl/worksheets/sheet2.xml");
  book = read_part (fixture, "xl/workbook.xml");
  assert_has (book, "<sheet name=\"Rows\" sheetId=\"1\"");
  assert_has (book, "<sheet name=\"Rows (2)\" sheetId=\"2\"");
  assert_has (first + strlen (first) - 2000, "<c r=\"A1048576\"><v>1048575</v></c></row></sheetData>");
  assert_has (first + strlen (first) - 2000, "<autoFilter ref=\"A1:A1048576\"/>");
  assert_has (second, "<is><t>number</t></is></c></row>");
  assert_has (second, "<c r=\"A3\"><v>1048577</v></c></row></sheetData><autoFilter ref=\"A1:A3\"/>");
}

/* The library does not tell that what it wrote meanwhile found no room. */
static void
test_no_room (Fixture      *fixture,
              gconstpointer data)
{
  static const char *const headings[] = { "text", NULL };
  struct rlimit before, limit = { 200000, RLIM_INFINITY };
  TvmXlsx *xlsx = open_xlsx (fixture, "Rows", headings);
  g_autoptr(GError) error = NULL;
  gboolean is_good = TRUE;

  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &before), ==, 0);
  limit.rlim_max = before.rlim_max;
  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  for (guint i = 0; is_good && i < 20000; i++)
    {
      tvm_xlsx_text (xlsx, "all work and no play");
      is_good = tvm_xlsx_end_row (xlsx, &error);
    }
  is_good = is_good && tvm_xlsx_finish (xlsx, &error);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &before), ==, 0);
  g_assert_false (is_good);
  g_assert_error (error, TVM_ERROR, TVM_ERROR_FAILED);
  tvm_xlsx_free (xlsx);
  g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
}

#define ADD(path, function) \
  g_test_add (path, Fixture, "list.xlsx", file_fixture_set_up, function, file_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  ADD ("/xlsx/types", test_types);
  ADD ("/xlsx/texts", test_texts);
  ADD ("/xlsx/locale", test_locale);
  ADD ("/xlsx/rows", test_rows);
  ADD ("/xlsx/no-room", test_no_room);
  return g_test_run ();
}

/* fuzz-csv.c: cells of any text, parts of the input, as both formats write them: what is written reads
 * back as the same cells, and no cell of a spreadsheet begins a formula, wherever cells are parted.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "fuzz.h"
#include "tvm-csv.h"

#include <glib/gstdio.h>
#include <string.h>

/* RFC 4180, strictly: every row ends with CRLF. */
static GPtrArray *
read_cells (const char *text)
{
  GPtrArray *cells = g_ptr_array_new_with_free_func (g_free);

  while (*text != '\0')
    {
      GString *cell = g_string_new (NULL);

      if (*text == '"')
        {
          for (text++; *text != '"' || text[1] == '"'; text++)
            {
              g_assert_true (*text != '\0');
              text += *text == '"';
              g_string_append_c (cell, *text);
            }
          text++;
        }
      else
        for (; strchr (",\r\n\"", *text) == NULL; text++)
          g_string_append_c (cell, *text);
      g_ptr_array_add (cells, g_string_free (cell, FALSE));
      if (*text == ',')
        text++;
      else
        {
          g_assert_true (g_str_has_prefix (text, "\r\n"));
          text += 2;
        }
    }
  return cells;
}

/* Wherever a program parts cells, none of them begins a formula. */
static void
assert_no_formula (const char *text)
{
  static const char *const signs[] = { "=", "+", "-", "@", "＝", "＋", "－", "＠" };

  for (const char *cell = text;; cell++)
    {
      for (guint i = 0; i < G_N_ELEMENTS (signs); i++)
        g_assert_false (g_str_has_prefix (cell + strspn (cell, "\""), signs[i]));
      cell = strpbrk (cell, ",;\t\r\n");
      if (cell == NULL)
        return;
    }
}

/* The same, but for apostrophes where a cell may begin. */
static void
assert_same (const char *cell,
             const char *text)
{
  for (const char *p = cell; *p != '\0' || *text != '\0'; p++)
    if (*p == *text)
      text++;
    else
      {
        g_assert_true (*p == '\'');
        g_assert_true (p == cell || strchr (",;\t\r\n", p[-1]) != NULL);
      }
}

static void
write_and_read (char         **texts,
                TvmFormat      format,
                const char    *path)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TvmCsv) csv = tvm_csv_open (path, format, TRUE, &error);
  g_autoptr(GPtrArray) cells = NULL;
  g_autofree char *text = NULL;
  gsize size_bytes;
  guint n = g_strv_length (texts);

  g_assert_no_error (error);
  for (guint i = 0; i < n; i++)
    tvm_csv_cell (csv, texts[i]);
  tvm_csv_cell (csv, "end");
  g_assert_true (tvm_csv_end_row (csv, &error));
  g_assert_true (tvm_csv_finish (csv, &error));
  g_assert_true (g_file_get_contents (path, &text, &size_bytes, NULL));
  g_assert_cmpuint (strlen (text), ==, size_bytes);
  g_assert_true (g_utf8_validate (text, -1, NULL));
  if (format == TVM_FORMAT_SPREADSHEET)
    assert_no_formula (text + 3);
  cells = read_cells (text + (format == TVM_FORMAT_SPREADSHEET ? 3 : 0));
  g_assert_cmpuint (cells->len, ==, n + 1);
  for (guint i = 0; i < n; i++)
    {
      const char *cell = cells->pdata[i];

      if (format == TVM_FORMAT_SPREADSHEET)
        assert_same (cell, texts[i]);
      else
        g_assert_cmpstr (cell, ==, texts[i]);
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        size_t        size_bytes)
{
  g_autofree char *folder = g_dir_make_tmp ("tvm-fuzz-XXXXXX", NULL);
  g_autofree char *text = g_strndup ((const char *) data, size_bytes);
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_auto(GStrv) texts = g_strsplit (valid, "|", -1);
  g_autofree char *path = g_build_filename (folder, "cells.csv", NULL);

  write_and_read (texts, TVM_FORMAT_MACHINE, path);
  write_and_read (texts, TVM_FORMAT_SPREADSHEET, path);
  g_unlink (path);
  g_rmdir (folder);
  return 0;
}

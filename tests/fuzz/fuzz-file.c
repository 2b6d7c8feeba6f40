/* fuzz-file.c: a file of a long list, packed or not: however it is cut, its rows are the same; and a
 * piece that was kept of one, as hostile as it may be. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "fuzz.h"
#include "tvm-client-private.h"
#include "tvm-files-private.h"

#include <gio/gio.h>
#include <string.h>

/* What unpacks a thousandfold is left to tests that count. */
#define MAX_BYTES (64 * 1024)

static gpointer
begin_piece (void)
{
  return g_new0 (guint, 2);  /* how many rows, and a hash of their ids */
}

static gboolean
take_row (const TvmWireRow *row, gpointer piece, GError **error)
{
  guint *counts = piece;
  const char *id = tvm_wire_row_get_string (row, 0);

  counts[0]++;
  counts[1] = counts[1] * 33 + (id != NULL ? g_str_hash (id) : 1);
  return TRUE;
}

static GBytes *
pack_piece (gpointer piece)
{
  return g_bytes_new (piece, 2 * sizeof (guint));
}

static const TvmFileKind kind = {
  "", "fuzz", &tvm_shape_assessments, begin_piece, take_row, pack_piece, g_free, NULL
};

static gboolean
keep_piece (GBytes *packed, gpointer user_data, GError **error)
{
  memcpy (user_data, g_bytes_get_data (packed, NULL), g_bytes_get_size (packed));
  return TRUE;
}

static gboolean
read_file (const char *data,
           gsize       size_bytes,
           gsize       step,
           guint      *out_counts)
{
  g_autoptr(TvmFileRows) rows = tvm_file_rows_new (&kind, keep_piece, out_counts);
  g_autoptr(GError) error = NULL;
  gboolean is_good = TRUE;
  gint64 n_passed_over;

  out_counts[0] = out_counts[1] = 0;
  for (gsize i = 0; is_good && i < size_bytes; i += step)
    is_good = tvm_file_rows_feed (rows, data + i, MIN (step, size_bytes - i), &error);
  is_good = is_good && tvm_file_rows_finish (rows, &n_passed_over, &error);
  g_assert_true (is_good == (error == NULL));
  return is_good;
}

static GByteArray *
pack (const char *data,
      gsize       size_bytes)
{
  g_autoptr(GZlibCompressor) zip = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 1);
  GByteArray *out = g_byte_array_new ();
  gsize n_read = 0, n_written = 0;

  g_byte_array_set_size (out, (guint) size_bytes + 1024);
  g_assert_cmpint (g_converter_convert (G_CONVERTER (zip), data, size_bytes, out->data, out->len,
                                        G_CONVERTER_INPUT_AT_END, &n_read, &n_written, NULL),
                   ==, G_CONVERTER_FINISHED);
  g_byte_array_set_size (out, (guint) n_written);
  return out;
}

/* What was kept is read again after a crash, by a program that believes nothing. */
static void
try_parts (const guint8 *data,
           gsize         size_bytes)
{
  g_autoptr(GBytes) bytes = g_bytes_new (data, size_bytes);
  g_autoptr(TvmMatrix) matrix = tvm_matrix_new ();
  g_autoptr(TvmUserImpacts) impacts = tvm_user_impacts_new ();

  if (tvm_matrix_add_packed (matrix, bytes))
    {
      g_autoptr(GBytes) packed = tvm_matrix_pack (matrix);
      g_autoptr(TvmMatrix) again = tvm_matrix_new ();

      g_assert_true (tvm_matrix_add_packed (again, packed));
      g_assert_cmpuint (again->pairs->len, ==, matrix->pairs->len);
      tvm_matrix_finish (again);
    }
  if (tvm_user_impacts_add_packed (impacts, bytes))
    {
      g_autoptr(GBytes) packed = tvm_user_impacts_pack (impacts);
      g_autoptr(TvmUserImpacts) again = tvm_user_impacts_new ();

      g_assert_true (tvm_user_impacts_add_packed (again, packed));
      g_assert_cmpuint (again->n_entries, ==, impacts->n_entries);
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        size_t        size_bytes)
{
  const char *text = (const char *) data;
  guint whole[2], pieces[2];
  gboolean is_good;

  if (size_bytes == 0 || size_bytes > MAX_BYTES)
    return 0;
  try_parts (data, size_bytes);
  is_good = read_file (text, size_bytes, size_bytes, whole);
  g_assert_true (read_file (text, size_bytes, 7, pieces) == is_good);
  g_assert_true (!is_good || memcmp (whole, pieces, sizeof whole) == 0);
  if (data[0] != 0x1f)
    {
      g_autoptr(GByteArray) packed = pack (text, size_bytes);

      g_assert_true (read_file ((const char *) packed->data, packed->len, 5, pieces) == is_good);
      g_assert_true (!is_good || memcmp (whole, pieces, sizeof whole) == 0);
    }
  return 0;
}

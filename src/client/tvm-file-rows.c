/* tvm-file-rows.c: the bytes of a file of a long list as rows, in pieces of a bounded size: packed
 * or not, a line of JSON each. One thread at a time. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-files-private.h"

#include "tvm-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define CHUNK_BYTES     (64 * 1024)
#define ROWS_PER_PIECE  100000
#define ENTRIES_HEAD    "{\"value\":["
#define ENTRIES_TAIL    "]}"

struct _TvmFileRows
{
  const TvmFileKind *kind;
  TvmFileKeepFunc keep;
  gpointer        keep_data;
  TvmJsonStream  *rows;        /* (owned) */
  gpointer        piece;       /* (owned): rows that are not kept yet */
  guint           n_rows;      /* in it */
  GConverter     *unzip;       /* (owned) (nullable): NULL: it is not packed */
  gboolean        has_begun, has_ended;  /* ended: a packed part is whole */
  gboolean        in_line, has_lines;
};

/**
 * tvm_file_fail:
 * @kind: a list
 * @error: return location for %TVM_ERROR_BAD_RESPONSE
 *
 * Returns: %FALSE
 */
gboolean
tvm_file_fail (const TvmFileKind  *kind,
               GError            **error)
{
  g_set_error (error, TVM_ERROR, TVM_ERROR_BAD_RESPONSE,
               _("A file of the list “%s” is not usable. Nothing of the list was kept; try again "
                 "later."), kind->name);
  return FALSE;
}

static gboolean
flush_piece (TvmFileRows  *self,
             GError  **error)
{
  g_autoptr(GBytes) packed = self->kind->pack (self->piece);

  self->kind->free (self->piece);
  self->piece = self->kind->begin ();
  self->n_rows = 0;
  return self->keep (packed, self->keep_data, error);
}

static gboolean
row_received_cb (const TvmWireRow *row,
                 gpointer          user_data,
                 GError          **error)
{
  TvmFileRows *self = user_data;

  if (!self->kind->take (row, self->piece, error))
    return FALSE;
  return ++self->n_rows < ROWS_PER_PIECE || flush_piece (self, error);
}

/* Line after line, with what a list has around them. */
static gboolean
feed_lines (TvmFileRows *self,
            const char  *text,
            gsize        size_bytes,
            GError     **error)
{
  while (size_bytes > 0)
    {
      const char *end = memchr (text, '\n', size_bytes);
      gsize n = end != NULL ? (gsize) (end - text) : size_bytes;

      if (n > 0 && !self->in_line && self->has_lines &&
          !tvm_json_stream_feed (self->rows, ",", 1, error))
        return FALSE;
      if (n > 0 && !tvm_json_stream_feed (self->rows, text, n, error))
        return FALSE;
      self->has_lines = self->has_lines || n > 0;
      self->in_line = end == NULL && (n > 0 || self->in_line);
      text += end != NULL ? n + 1 : n;
      size_bytes -= end != NULL ? n + 1 : n;
    }
  return TRUE;
}

/* A file may be of several packed parts. */
static gboolean
feed_packed (TvmFileRows *self,
             const char  *data,
             gsize        size_bytes,
             GError     **error)
{
  char buffer[CHUNK_BYTES];

  while (size_bytes > 0)
    {
      gsize n_read = 0, n_written = 0;
      GConverterResult result;

      if (self->has_ended)
        g_converter_reset (self->unzip);
      self->has_ended = FALSE;
      result = g_converter_convert (self->unzip, data, size_bytes, buffer, sizeof buffer,
                                    G_CONVERTER_NO_FLAGS, &n_read, &n_written, NULL);
      if (result == G_CONVERTER_ERROR)
        return tvm_file_fail (self->kind, error);
      self->has_ended = result == G_CONVERTER_FINISHED;
      if (!feed_lines (self, buffer, n_written, error))
        return FALSE;
      data += n_read;
      size_bytes -= n_read;
    }
  return TRUE;
}

/**
 * tvm_file_rows_new:
 * @kind: a list
 * @keep: is given what is made of the rows, piece by piece
 * @keep_data: given to @keep
 *
 * Returns: (transfer full): the rows of one of its files
 */
TvmFileRows *
tvm_file_rows_new (const TvmFileKind *kind,
                   TvmFileKeepFunc    keep,
                   gpointer           keep_data)
{
  TvmFileRows *self = g_new0 (TvmFileRows, 1);

  self->kind = kind;
  self->keep = keep;
  self->keep_data = keep_data;
  self->piece = kind->begin ();
  self->rows = tvm_json_stream_new (kind->shape, row_received_cb, self);
  return self;
}

/**
 * tvm_file_rows_free:
 * @self: (transfer full): the rows of a file
 */
void
tvm_file_rows_free (TvmFileRows *self)
{
  self->kind->free (self->piece);
  tvm_json_stream_free (self->rows);
  g_clear_object (&self->unzip);
  g_free (self);
}

/**
 * tvm_file_rows_feed:
 * @self: the rows of a file
 * @data: what comes next of it, at least one byte
 * @size_bytes: how many bytes
 * @error: return location for %TVM_ERROR_BAD_RESPONSE, or what keeping a piece failed with
 *
 * Returns: %FALSE on error; then it takes no more
 */
gboolean
tvm_file_rows_feed (TvmFileRows  *self,
                    const char   *data,
                    gsize         size_bytes,
                    GError      **error)
{
  if (!self->has_begun && data[0] == '\x1f')
    self->unzip = G_CONVERTER (g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP));
  if (!self->has_begun && !tvm_json_stream_feed (self->rows, ENTRIES_HEAD, strlen (ENTRIES_HEAD),
                                                 error))
    return FALSE;
  self->has_begun = TRUE;
  return self->unzip != NULL ? feed_packed (self, data, size_bytes, error)
                             : feed_lines (self, data, size_bytes, error);
}

/**
 * tvm_file_rows_finish:
 * @self: the rows of a file that was fed
 * @out_passed_over: (out): how many rows were of no use
 * @error: return location for %TVM_ERROR_BAD_RESPONSE, or what keeping a piece failed with
 *
 * Returns: whether the file was whole, and all of it is kept
 */
gboolean
tvm_file_rows_finish (TvmFileRows  *self,
                      gint64       *out_passed_over,
                      GError      **error)
{
  if (!self->has_begun || (self->unzip != NULL && !self->has_ended))
    return tvm_file_fail (self->kind, error);
  *out_passed_over = 0;
  if (!tvm_json_stream_feed (self->rows, ENTRIES_TAIL, strlen (ENTRIES_TAIL), error) ||
      !tvm_json_stream_finish (self->rows, error) || !flush_piece (self, error))
    return FALSE;
  *out_passed_over = tvm_json_stream_get_n_passed_over (self->rows);
  return TRUE;
}

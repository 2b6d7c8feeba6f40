/* tvm-client-file.c: one file of a long list, unpacked and read as it comes. Any thread; blocks.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-files-private.h"

#include "tvm-error.h"
#include "tvm-time.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define CHUNK_BYTES     (64 * 1024)
#define MAX_ATTEMPTS    3
#define ROWS_PER_PIECE  100000
#define MAX_FILE_BYTES  (G_GINT64_CONSTANT (64) * 1024 * 1024 * 1024)
#define MAX_FILE_US     (6 * TVM_HOUR_US)   /* so long an address is good */
#define MAX_WAIT_US     (300 * TVM_SECOND_US)
#define ENTRIES_HEAD    "{\"value\":["
#define ENTRIES_TAIL    "]}"

/* An attempt at it: lines of JSON as the rows of a list. */
typedef struct {
  TvmFile       *file;
  TvmJsonStream *rows;
  gpointer       piece;        /* (owned): rows that are not in the spool yet */
  guint          n_rows;       /* in it */
  guint32        number;       /* of the attempt */
  GConverter    *unzip;        /* (owned) (nullable): NULL: it is not packed */
  gint64         n_bytes;      /* that came */
  gint64         delay_us;     /* to wait before the next one; -1: another one is of no use */
  gboolean       has_begun, has_ended;  /* ended: a packed part is whole */
  gboolean       in_line, has_lines;
} Attempt;

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
flush_piece (Attempt  *self,
             GError  **error)
{
  const TvmFileKind *kind = self->file->kind;
  g_autoptr(GBytes) packed = kind->pack (self->piece);

  kind->free (self->piece);
  self->piece = kind->begin ();
  self->n_rows = 0;
  return tvm_spool_append (self->file->spool, self->number, packed, error);
}

static gboolean
row_received_cb (const TvmWireRow *row,
                 gpointer          user_data,
                 GError          **error)
{
  Attempt *self = user_data;

  if (!self->file->kind->take (row, self->piece, error))
    return FALSE;
  return ++self->n_rows < ROWS_PER_PIECE || flush_piece (self, error);
}

/* Line after line, with what a list has around them. */
static gboolean
feed_lines (Attempt     *self,
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
feed_packed (Attempt     *self,
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
        return tvm_file_fail (self->file->kind, error);
      self->has_ended = result == G_CONVERTER_FINISHED;
      if (!feed_lines (self, buffer, n_written, error))
        return FALSE;
      data += n_read;
      size_bytes -= n_read;
    }
  return TRUE;
}

static gboolean
feed (Attempt     *self,
      const char  *data,
      gsize        size_bytes,
      GError     **error)
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

/* How many bytes come; what is packed on its way comes in others than are told. */
static gint64
get_length (TvmExchange *exchange)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (exchange->message);

  if (soup_message_headers_get_encoding (headers) != SOUP_ENCODING_CONTENT_LENGTH ||
      soup_message_headers_get_one (headers, "Content-Encoding") != NULL)
    return -1;
  return soup_message_headers_get_content_length (headers);
}

/* Another status than 200 has words that may repeat the address. */
static gboolean
begin (Attempt       *self,
       TvmExchange   *exchange,
       GCancellable  *cancellable,
       GError       **error)
{
  TvmFile *file = self->file;
  SoupMessage *message = tvm_transport_make_message ("GET", file->url, error);

  if (message == NULL)
    return FALSE;
  self->delay_us = 0;
  if (!tvm_exchange_begin (exchange, file->http->transport, NULL, message, cancellable, error))
    {
      tvm_exchange_end (exchange);
      return FALSE;
    }
  exchange->max_bytes = MAX_FILE_BYTES;
  exchange->max_us = MAX_FILE_US;
  if (exchange->status == 200)
    return TRUE;
  file->is_stale = exchange->status == 403 || exchange->status == 404;
  self->delay_us = exchange->status >= 500 || exchange->status == 429
                     ? MIN (tvm_transport_retry_delay_us (exchange->message, 1), MAX_WAIT_US) : -1;
  g_set_error (error, TVM_ERROR,
               self->delay_us >= 0 ? TVM_ERROR_OFFLINE : TVM_ERROR_BAD_RESPONSE,
               _("A file of the list “%s” could not be opened (%u)."), file->kind->name,
               exchange->status);
  tvm_exchange_end (exchange);
  return FALSE;
}

static gboolean
read_body (Attempt       *self,
           TvmExchange   *exchange,
           GCancellable  *cancellable,
           GError       **error)
{
  TvmFile *file = self->file;
  g_autofree char *buffer = g_malloc (CHUNK_BYTES);
  gint64 length = get_length (exchange);
  gssize n_read;

  file->told (0, &length, file->told_data);
  while ((n_read = tvm_exchange_read (exchange, buffer, CHUNK_BYTES, cancellable, error)) > 0)
    {
      self->delay_us = -1;
      self->n_bytes += n_read;
      file->told (n_read, NULL, file->told_data);
      if (!feed (self, buffer, (gsize) n_read, error))
        return FALSE;
    }
  self->delay_us = n_read < 0 ? 0 : -1;
  return n_read == 0;
}

static gboolean
try_once (Attempt       *self,
          GCancellable  *cancellable,
          GError       **error)
{
  TvmFile *file = self->file;
  TvmExchange exchange;
  gboolean is_good;

  if (!begin (self, &exchange, cancellable, error))
    return FALSE;
  is_good = read_body (self, &exchange, cancellable, error);
  tvm_exchange_end (&exchange);
  if (!is_good)
    return FALSE;
  if (!self->has_begun || (self->unzip != NULL && !self->has_ended))
    return tvm_file_fail (file->kind, error);
  if (!tvm_json_stream_feed (self->rows, ENTRIES_TAIL, strlen (ENTRIES_TAIL), error) ||
      !tvm_json_stream_finish (self->rows, error) || !flush_piece (self, error))
    return FALSE;
  file->part.size_bytes = self->n_bytes;
  file->part.n_passed_over = tvm_json_stream_get_n_passed_over (self->rows);
  return tvm_spool_commit (file->spool, self->number, &file->part, error);
}

/**
 * tvm_file_read:
 * @self: (inout): a file of a list, and where what is made of it goes
 * @cancellable: (nullable): stops it
 * @error: return location for a #TvmError or %G_IO_ERROR_CANCELLED
 *
 * Reads it into the spool. What broke off is read again, from its start.
 *
 * Returns: whether all of it is there; of no other way it left anything that counts
 */
gboolean
tvm_file_read (TvmFile       *self,
               GCancellable  *cancellable,
               GError       **error)
{
  for (int number = 1;; number++)
    {
      Attempt attempt = { .file = self, .delay_us = -1, .piece = self->kind->begin (),
                          .number = tvm_spool_begin (self->spool) };
      g_autoptr(TvmJsonStream) rows = tvm_json_stream_new (self->kind->shape, row_received_cb,
                                                           &attempt);
      g_autoptr(GError) failure = NULL;
      gboolean is_good;

      attempt.rows = rows;
      is_good = try_once (&attempt, cancellable, &failure);
      self->kind->free (attempt.piece);
      g_clear_object (&attempt.unzip);
      if (is_good)
        return TRUE;
      self->told (-attempt.n_bytes, NULL, self->told_data);
      if (number == MAX_ATTEMPTS || attempt.delay_us < 0 ||
          g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
          !tvm_transport_wait (self->http->transport, attempt.delay_us, attempt.delay_us > 0,
                               cancellable, NULL))
        {
          g_propagate_error (error, g_steal_pointer (&failure));
          return FALSE;
        }
    }
}

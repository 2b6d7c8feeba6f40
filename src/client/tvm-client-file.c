/* tvm-client-file.c: one file of a long list, unpacked and read as it comes. Any thread; blocks.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-files-private.h"

#include "tvm-error.h"
#include "tvm-time.h"

#include <glib/gi18n-lib.h>

#define CHUNK_BYTES     (64 * 1024)
#define MAX_ATTEMPTS    3
#define MAX_FILE_BYTES  (G_GINT64_CONSTANT (64) * 1024 * 1024 * 1024)
#define MAX_FILE_US     (6 * TVM_HOUR_US)   /* so long an address is good */
#define MAX_WAIT_US     (300 * TVM_SECOND_US)

/* An attempt at it. */
typedef struct {
  TvmFile     *file;
  TvmFileRows *rows;           /* (owned) */
  guint32      number;         /* of the attempt */
  gint64       n_bytes;        /* that came */
  gint64       delay_us;       /* to wait before the next one; -1: another one is of no use */
} Attempt;

/**
 * tvm_file_name_part:
 * @url: the address of a file, which can be parsed
 * @by_path: whether its path tells it from the others of its export
 * @part: what gets its name
 *
 * The signature is no part of the name, because another asking changes it; of files that share a
 * path the whole address is. A digest is enough.
 */
void
tvm_file_name_part (const char   *url,
                    gboolean      by_path,
                    TvmSpoolPart *part)
{
  g_autoptr(GUri) uri = g_uri_parse (url, SOUP_HTTP_URI_FLAGS, NULL);
  g_autoptr(GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  gsize length = sizeof part->name;

  g_checksum_update (checksum, (const guchar *) (by_path ? g_uri_get_path (uri) : url), -1);
  g_checksum_get_digest (checksum, part->name, &length);
}

static gboolean
keep_piece (GBytes    *packed,
            gpointer   user_data,
            GError   **error)
{
  Attempt *self = user_data;

  return tvm_spool_append (self->file->spool, self->number, packed, error);
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
      if (!tvm_file_rows_feed (self->rows, buffer, (gsize) n_read, error))
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
  if (!tvm_file_rows_finish (self->rows, &file->part.n_passed_over, error))
    return FALSE;
  file->part.size_bytes = self->n_bytes;
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
      Attempt attempt = { .file = self, .delay_us = -1, .number = tvm_spool_begin (self->spool) };
      g_autoptr(GError) failure = NULL;
      gboolean is_good;

      attempt.rows = tvm_file_rows_new (self->kind, keep_piece, &attempt);
      is_good = try_once (&attempt, cancellable, &failure);
      tvm_file_rows_free (attempt.rows);
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

/* tvm-client-files.c: the software of all devices as files, for tenants whose pages would be too
 * many. Their addresses carry their own signature: they get no token, are followed nowhere else,
 * and stand in no message and no log. Any thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-client-private.h"
#include "tvm-list-private.h"

#include "tvm-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define PATH          "/api/machines/SoftwareVulnerabilitiesExport?sasValidHours=6"
#define CHUNK_BYTES   (64 * 1024)
#define MAX_ATTEMPTS  3
#define ENTRIES_HEAD  "{\"value\":["
#define ENTRIES_TAIL  "]}"

static const char *const export_members[] = { "exportFiles", "generatedTime", NULL };
static const TvmWireShape export_shape = { "SoftwareVulnerabilitiesExport", NULL, export_members,
                                           TRUE };
enum { FILES, GENERATED };

typedef struct {
  char  **urls;                /* (owned) */
  gint64  generated_us;        /* 0: not told */
} Export;

/* A file that is read: lines of JSON as the rows of a list. */
typedef struct {
  TvmJsonStream *rows;
  GConverter    *unzip;        /* (owned) (nullable): NULL: it is not packed */
  gboolean       has_begun, has_ended;  /* ended: a packed part is whole */
  gboolean       in_line, has_lines;
} File;

static gboolean
export_received_cb (const TvmWireRow *row,
                    gpointer          user_data,
                    GError          **error)
{
  Export *self = user_data;

  self->urls = tvm_wire_row_dup_strv (row, FILES);
  self->generated_us = tvm_wire_row_get_instant (row, GENERATED);
  return TRUE;
}

static gboolean
fail_file (GError **error)
{
  g_set_error (error, TVM_ERROR, TVM_ERROR_BAD_RESPONSE,
               _("A file of the list “%s” is not usable. Nothing of the list was kept; try again "
                 "later."), export_shape.name);
  return FALSE;
}

/* https; where the service is on this computer, so may its files be, and do without as it does. */
static gboolean
is_allowed (const char *base,
            const char *url)
{
  g_autoptr(GUri) uri = g_uri_parse (url, SOUP_HTTP_URI_FLAGS, NULL);

  return uri != NULL && g_uri_get_host (uri) != NULL && g_uri_get_userinfo (uri) == NULL &&
         (g_ascii_strcasecmp (g_uri_get_scheme (uri), "https") == 0 ||
          (g_str_has_prefix (base, "http://") &&
           tvm_host_is_loopback (g_uri_get_host (uri))));
}

static gboolean
ask_for_files (TvmHttp       *http,
               Export        *files,
               int           *n_requests,
               GCancellable  *cancellable,
               GError       **error)
{
  const char *base = tvm_http_get_base (http, TVM_RESOURCE_DEFENDER);
  g_autofree char *url = g_strconcat (base, PATH, NULL);
  TvmHttpCall call = { .resource = TVM_RESOURCE_DEFENDER, .url = url, .n_requests = n_requests };
  g_autoptr(TvmJsonStream) stream = tvm_json_stream_new (&export_shape, export_received_cb, files);
  TvmExchange exchange;

  if (!tvm_http_begin (http, &call, &exchange, cancellable, error) ||
      !tvm_list_read (&exchange, stream, cancellable, error))
    return FALSE;
  if (files->urls == NULL || files->urls[0] == NULL)
    return fail_file (error);
  for (guint i = 0; files->urls[i] != NULL; i++)
    if (!is_allowed (base, files->urls[i]))
      {
        g_set_error (error, TVM_ERROR, TVM_ERROR_BAD_RESPONSE,
                     _("The list “%s” names a file at an address that is not safe. It was not "
                       "opened, and nothing of the list was kept."), export_shape.name);
        return FALSE;
      }
  return TRUE;
}

/* ---- one file */

/* Line after line, with what a list has around them. */
static gboolean
feed_lines (File        *file,
            const char  *text,
            gsize        size_bytes,
            GError     **error)
{
  while (size_bytes > 0)
    {
      const char *end = memchr (text, '\n', size_bytes);
      gsize n = end != NULL ? (gsize) (end - text) : size_bytes;

      if (n > 0 && !file->in_line && file->has_lines &&
          !tvm_json_stream_feed (file->rows, ",", 1, error))
        return FALSE;
      if (n > 0 && !tvm_json_stream_feed (file->rows, text, n, error))
        return FALSE;
      file->has_lines = file->has_lines || n > 0;
      file->in_line = end == NULL && (n > 0 || file->in_line);
      text += end != NULL ? n + 1 : n;
      size_bytes -= end != NULL ? n + 1 : n;
    }
  return TRUE;
}

/* A file may be of several packed parts. */
static gboolean
feed_packed (File        *file,
             const char  *data,
             gsize        size_bytes,
             GError     **error)
{
  char buffer[CHUNK_BYTES];

  while (size_bytes > 0)
    {
      gsize n_read = 0, n_written = 0;
      GConverterResult result;

      if (file->has_ended)
        g_converter_reset (file->unzip);
      file->has_ended = FALSE;
      result = g_converter_convert (file->unzip, data, size_bytes, buffer, sizeof buffer,
                                    G_CONVERTER_NO_FLAGS, &n_read, &n_written, NULL);
      if (result == G_CONVERTER_ERROR)
        return fail_file (error);
      file->has_ended = result == G_CONVERTER_FINISHED;
      if (!feed_lines (file, buffer, n_written, error))
        return FALSE;
      data += n_read;
      size_bytes -= n_read;
    }
  return TRUE;
}

static gboolean
feed (File        *file,
      const char  *data,
      gsize        size_bytes,
      GError     **error)
{
  if (!file->has_begun && data[0] == '\x1f')
    file->unzip = G_CONVERTER (g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP));
  if (!file->has_begun && !tvm_json_stream_feed (file->rows, ENTRIES_HEAD, strlen (ENTRIES_HEAD),
                                                 error))
    return FALSE;
  file->has_begun = TRUE;
  return file->unzip != NULL ? feed_packed (file, data, size_bytes, error)
                             : feed_lines (file, data, size_bytes, error);
}

/* Another status than 200 has words that may repeat the address. */
static gboolean
begin (TvmHttp       *http,
       const char    *url,
       TvmExchange   *exchange,
       GCancellable  *cancellable,
       GError       **error)
{
  SoupMessage *message = tvm_transport_make_message ("GET", url, error);

  if (message == NULL)
    return FALSE;
  if (!tvm_exchange_begin (exchange, http->transport, NULL, message, cancellable, error))
    {
      tvm_exchange_end (exchange);
      return FALSE;
    }
  if (exchange->status == 200)
    return TRUE;
  g_set_error (error, TVM_ERROR, exchange->status == 403 ? TVM_ERROR_FORBIDDEN
                                                          : TVM_ERROR_BAD_RESPONSE,
               _("A file of the list “%s” could not be opened (%u)."), export_shape.name,
               exchange->status);
  tvm_exchange_end (exchange);
  return FALSE;
}

static gboolean
read_file_once (TvmHttp       *http,
                const char    *url,
                File          *file,
                GCancellable  *cancellable,
                GError       **error)
{
  g_autofree char *buffer = g_malloc (CHUNK_BYTES);
  TvmExchange exchange;
  gboolean is_good = TRUE;
  gssize n_read = 0;

  if (!begin (http, url, &exchange, cancellable, error))
    return FALSE;
  do
    {
      n_read = tvm_exchange_read (&exchange, buffer, CHUNK_BYTES, cancellable, error);
      is_good = n_read >= 0 && (n_read == 0 || feed (file, buffer, (gsize) n_read, error));
    }
  while (is_good && n_read > 0);
  tvm_exchange_end (&exchange);
  if (!is_good)
    return FALSE;
  if (!file->has_begun || (file->unzip != NULL && !file->has_ended))
    return fail_file (error);
  return tvm_json_stream_feed (file->rows, ENTRIES_TAIL, strlen (ENTRIES_TAIL), error) &&
         tvm_json_stream_finish (file->rows, error);
}

/* What broke off is read again: rows that came twice say the same. */
static gboolean
read_file (TvmHttp          *http,
           const char       *url,
           TvmMatrixReader  *reader,
           TvmPull          *pull,
           GCancellable     *cancellable,
           GError          **error)
{
  for (int attempt = 1;; attempt++)
    {
      g_autoptr(TvmJsonStream) rows = tvm_json_stream_new (&tvm_shape_matrix, tvm_matrix_take_row,
                                                           reader);
      File file = { .rows = rows };
      g_autoptr(GError) failure = NULL;
      gboolean is_good = read_file_once (http, url, &file, cancellable, &failure);

      g_clear_object (&file.unzip);
      if (is_good)
        {
          pull->n_passed_over += tvm_json_stream_get_n_passed_over (rows);
          return TRUE;
        }
      if (attempt < MAX_ATTEMPTS && g_error_matches (failure, TVM_ERROR, TVM_ERROR_OFFLINE))
        continue;
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
}

static gboolean
read_all (TvmHttp       *http,
          TvmPull       *pull,
          gboolean      *out_has_files,
          int           *n_requests,
          GCancellable  *cancellable,
          GError       **error)
{
  Export export = { NULL, 0 };
  TvmMatrixReader reader = { pull->matrix, FALSE, export_shape.name };
  gboolean is_good = ask_for_files (http, &export, n_requests, cancellable, error);

  *out_has_files = is_good;
  for (guint i = 0; is_good && export.urls[i] != NULL; i++)
    {
      if (n_requests != NULL)
        (*n_requests)++;
      is_good = read_file (http, export.urls[i], &reader, pull, cancellable, error);
    }
  pull->matrix->newest_us = MAX (pull->matrix->newest_us, export.generated_us);
  g_strfreev (export.urls);
  return is_good;
}

/**
 * tvm_client_fetch_matrix_files:
 * @self: a client
 * @pull: (inout): an empty matrix
 * @n_requests: (inout) (nullable): counts the HTTP requests
 * @cancellable: (nullable): stops it
 * @error: return location for a #TvmError, %TVM_ERROR_FORBIDDEN without permission or licence
 *
 * The same as tvm_client_fetch() of all software, from files (API page "Export software
 * vulnerabilities assessment per device", files), which are unpacked as they come. Addresses that
 * are no longer good are asked for anew, once.
 *
 * Returns: %TRUE only if every file arrived whole
 */
gboolean
tvm_client_fetch_matrix_files (TvmClient     *self,
                               TvmPull       *pull,
                               int           *n_requests,
                               GCancellable  *cancellable,
                               GError       **error)
{
  TvmHttp *http = tvm_client_get_http (self);
  g_autoptr(GError) failure = NULL;
  gboolean has_files = FALSE;
  gboolean is_good = read_all (http, pull, &has_files, n_requests, cancellable, &failure);

  if (!is_good && has_files && g_error_matches (failure, TVM_ERROR, TVM_ERROR_FORBIDDEN))
    {
      g_clear_error (&failure);
      tvm_matrix_free (pull->matrix);
      pull->matrix = tvm_matrix_new ();
      pull->n_passed_over = 0;
      is_good = read_all (http, pull, &has_files, n_requests, cancellable, &failure);
    }
  if (is_good)
    tvm_matrix_finish (pull->matrix);
  else
    g_propagate_error (error, g_steal_pointer (&failure));
  return is_good;
}

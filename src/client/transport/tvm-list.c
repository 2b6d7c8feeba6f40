/* tvm-list.c: a list with all its pages, whole or not at all (R13). Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-list-private.h"
#include "tvm-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define PAGE_ROWS   10000
#define CHUNK_BYTES (64 * 1024)
#define MAX_STALE_PAGES 20
#define MAX_PAGES       5000  /* of 1,000 rows the devices of five million */

typedef struct {
  const TvmListCall *call;
  TvmHttp           *http;
  GHashTable        *links;      /* (owned): next links followed */
  char              *url;        /* (owned) (nullable): the next page; NULL: complete */
  int                n_received; /* elements of all pages, repeated ones too */
  int                n_new;      /* rows of this page that were not there before */
  int                page_rows;  /* what a full page has */
  int                n_pages;
  int                n_stale;    /* pages in a row that brought nothing new */
} Paging;

static gboolean
row_received_cb (const TvmWireRow *row,
                 gpointer          user_data,
                 GError          **error)
{
  Paging *paging = user_data;
  gboolean is_new = FALSE;

  if (!paging->call->sink (row, paging->call->sink_data, &is_new, error))
    return FALSE;
  paging->n_new += is_new ? 1 : 0;
  return TRUE;
}

/**
 * tvm_list_read:
 * @exchange: an exchange with a good answer; ended in any case
 * @stream: where its bytes go
 * @cancellable: (nullable): stops the reading
 * @error: return location for a #TvmError, %G_IO_ERROR_CANCELLED or the row function's error
 *
 * Blocks; calls the stream's row function on this thread.
 *
 * Returns: whether the whole document came and was usable
 */
gboolean
tvm_list_read (TvmExchange    *exchange,
               TvmJsonStream  *stream,
               GCancellable   *cancellable,
               GError        **error)
{
  g_autofree char *buffer = g_malloc (CHUNK_BYTES);
  gssize n_read;

  do
    n_read = tvm_exchange_read (exchange, buffer, CHUNK_BYTES, cancellable, error);
  while (n_read > 0 && tvm_json_stream_feed (stream, buffer, n_read, error));
  tvm_exchange_end (exchange);
  return n_read == 0 && tvm_json_stream_finish (stream, error);
}

static int
page_rows_of (const TvmListCall *call)
{
  return call->page_rows > 0 ? call->page_rows : PAGE_ROWS;
}

static char *
build_url (Paging *paging,
           int     skip)
{
  const TvmListCall *call = paging->call;
  const char *base = tvm_http_get_base (paging->http, call->resource);

  if (!call->by_skip)
    return g_strconcat (base, call->path, NULL);
  return g_strdup_printf ("%s%s%c$top=%d&$skip=%d", base, call->path,
                          strchr (call->path, '?') != NULL ? '&' : '?', page_rows_of (call), skip);
}

static gboolean
follow_link (Paging      *paging,
             const char  *link,
             GError     **error)
{
  const char *base = tvm_http_get_base (paging->http, paging->call->resource);

  if (!tvm_http_is_same_origin (base, link))
    g_set_error (
      error, TVM_ERROR, TVM_ERROR_BAD_RESPONSE,
      _("The list “%s” names a next page at another server. It was not opened, and nothing "
         "of the list was kept; try again later."),
      paging->call->shape->name);
  else if (!g_hash_table_add (paging->links, g_strdup (link)) || paging->n_stale >= MAX_STALE_PAGES)
    g_set_error (error, TVM_ERROR, TVM_ERROR_BAD_RESPONSE,
                 _("The list “%s” never ends: it names the same next page again. Nothing of it "
                   "was "
                   "kept; try again later."),
                 paging->call->shape->name);
  else if (paging->n_pages >= MAX_PAGES)
    g_set_error (error, TVM_ERROR, TVM_ERROR_BAD_RESPONSE,
                 /* Translators: the name of a list, then a number of pages */
                 _("The list “%s” has not ended after %d pages. Nothing of it was kept; try again "
                   "later."), paging->call->shape->name, MAX_PAGES);
  else
    {
      paging->url = g_strdup (link);
      return TRUE;
    }
  return FALSE;
}

/* Where to go on without a link. A service may cap its pages without saying so: a first page of a
 * round number of rows is taken for such a cap, and one more page is asked for. */
static void
plan_next_skip (Paging *paging,
                int     n_rows)
{
  gboolean is_full;

  if (!paging->call->by_skip || g_hash_table_size (paging->links) > 0 || n_rows == 0 ||
      paging->n_new == 0)
    return;
  if (paging->n_pages == 1 && n_rows < page_rows_of (paging->call) && n_rows % 100 == 0)
    paging->page_rows = n_rows;
  is_full = n_rows >= paging->page_rows;
  if (is_full)
    paging->url = build_url (paging, paging->n_received);
}

/**
 * tvm_list_is_whole:
 * @exchange: an exchange with a good answer
 *
 * Returns: whether the answer is all of what was asked for: one with status 206, which nobody asked
 *   for, only where its range says so (RFC 9110, 14.4)
 */
gboolean
tvm_list_is_whole (const TvmExchange *exchange)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (exchange->message);
  goffset start = 0, end = 0, total = -1;

  return exchange->status != 206 ||
         (soup_message_headers_get_content_range (headers, &start, &end, &total) && start == 0 &&
          end + 1 == total);
}

static gboolean
fetch_page (Paging        *paging,
            int           *n_requests,
            GCancellable  *cancellable,
            GError       **error)
{
  g_autoptr(TvmJsonStream) stream = tvm_json_stream_new (paging->call->shape, row_received_cb,
                                                         paging);
  g_autofree char *url = g_steal_pointer (&paging->url);
  TvmHttpCall http_call = { paging->call->resource, paging->call->intune_write, url, NULL,
                            n_requests, .is_single = paging->call->is_single };
  const char *link;
  TvmExchange exchange;
  gboolean is_whole;
  int n_elements;

  paging->n_new = 0;
  if (!tvm_http_begin (paging->http, &http_call, &exchange, cancellable, error))
    return FALSE;
  is_whole = tvm_list_is_whole (&exchange);
  if (!tvm_list_read (&exchange, stream, cancellable, error))
    return FALSE;
  paging->n_pages++;
  paging->n_stale = paging->n_new > 0 ? 0 : paging->n_stale + 1;
  n_elements = tvm_json_stream_get_n_rows (stream) + tvm_json_stream_get_n_passed_over (stream);
  paging->n_received += n_elements;
  if (paging->call->n_passed_over != NULL)
    *paging->call->n_passed_over +=
      tvm_json_stream_get_n_passed_over (stream) + (is_whole ? 0 : 1);
  link = tvm_json_stream_get_next_link (stream);
  if (paging->call->first_page_only)
    return TRUE;
  if (link != NULL)
    return follow_link (paging, link, error);
  plan_next_skip (paging, n_elements);
  return TRUE;
}

/* Whether a failed page means no more than that there is none. */
static gboolean
is_end (const Paging *paging,
        const GError *failure)
{
  if (g_error_matches (failure, TVM_ERROR, TVM_ERROR_NOT_FOUND) && paging->call->none_on_404)
    return TRUE;
  /* the extra page of plan_next_skip(): by the documented rule the list was complete before it */
  return paging->n_pages == 1 && paging->page_rows < page_rows_of (paging->call) &&
         (g_error_matches (failure, TVM_ERROR, TVM_ERROR_NOT_FOUND) ||
          g_error_matches (failure, TVM_ERROR, TVM_ERROR_REJECTED));
}

/**
 * tvm_list_fetch:
 * @http: what calls go through
 * @call: which list, and who takes the rows, on this thread
 * @n_requests: (inout) (nullable): counts the HTTP requests
 * @cancellable: (nullable): stops it
 * @error: return location for a #TvmError, %G_IO_ERROR_CANCELLED or the sink's error
 *
 * Fetches page after page: each @odata.nextLink as it is, but to no other server, or with $skip
 * where the call asks for that. Rows may have gone to the sink before this fails. Blocks.
 *
 * Returns: %TRUE only if the whole list arrived, of a call for one page that page; with none_on_404
 *   also where there is none
 */
gboolean
tvm_list_fetch (TvmHttp            *http,
                const TvmListCall  *call,
                int                *n_requests,
                GCancellable       *cancellable,
                GError            **error)
{
  Paging paging = { .call = call, .http = http, .page_rows = page_rows_of (call) };
  g_autoptr(GError) failure = NULL;

  paging.links = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  paging.url = build_url (&paging, 0);
  while (paging.url != NULL && fetch_page (&paging, n_requests, cancellable, &failure))
    continue;
  g_hash_table_unref (paging.links);
  g_free (paging.url);
  if (failure == NULL || is_end (&paging, failure))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

typedef struct {
  TvmWireBuilder   build;
  gsize           id_offset;
  GPtrArray      *records;
  GHashTable     *positions;  /* (owned): id (lent by its record) to position + 1 */
} Records;

static gboolean
record_received_cb (const TvmWireRow *row,
                    gpointer          user_data,
                    gboolean         *is_new,
                    GError          **error)
{
  Records *records = user_data;
  gpointer record = records->build (row, error);
  const char *id;
  guint position;

  if (record == NULL)
    return FALSE;
  id = G_STRUCT_MEMBER (char *, record, records->id_offset);
  position = GPOINTER_TO_UINT (g_hash_table_lookup (records->positions, id));
  *is_new = position == 0;
  if (*is_new)
    {
      g_ptr_array_add (records->records, record);
      g_hash_table_insert (records->positions, (char *) id,
                           GUINT_TO_POINTER (records->records->len));
      return TRUE;
    }
  g_hash_table_replace (records->positions, (char *) id, GUINT_TO_POINTER (position));
  g_ptr_array_add (records->records, record);
  g_ptr_array_remove_index_fast (records->records, position - 1);
  return TRUE;
}

/**
 * tvm_list_fetch_records:
 * @http: what calls go through
 * @call: which list; its sink is set here
 * @build: makes a record of a row
 * @id_offset: where in a record its id is
 * @records: (inout): where they go; it owns them
 * @n_requests: (inout) (nullable): counts the HTTP requests
 * @cancellable: (nullable): stops it
 * @error: return location for a #TvmError
 *
 * Each record goes where its id first appeared, and is the last one that came of it. Blocks.
 *
 * Returns: %TRUE only if the whole list arrived; @records is not to be used otherwise
 */
gboolean
tvm_list_fetch_records (TvmHttp       *http,
                        TvmListCall   *call,
                        TvmWireBuilder build,
                        gsize          id_offset,
                        GPtrArray     *records,
                        int           *n_requests,
                        GCancellable  *cancellable,
                        GError       **error)
{
  g_autoptr(GHashTable) positions = g_hash_table_new (g_str_hash, g_str_equal);
  Records sink = { build, id_offset, records, positions };

  call->sink = record_received_cb;
  call->sink_data = &sink;
  return tvm_list_fetch (http, call, n_requests, cancellable, error);
}

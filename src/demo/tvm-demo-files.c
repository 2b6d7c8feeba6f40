/* tvm-demo-files.c: the exports as files at addresses that carry their own signature, as a blob
 * store has them. The server's thread only. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-demo-exports-private.h"

#include <string.h>
#include <zlib.h>

#include "tvm-time.h"

#define DEVICES_PER_FILE 2000
#define VERSION          "2023-11-03"  /* of the blob store's interface */
#define MAX_VALID_HOURS  6

static const char *const names[TVM_DEMO_N_DATASETS] = { "va", "sca" };

/* A file: which rows, of which state of the tenant. */
typedef struct
{
  TvmDemoDataset dataset;
  guint n_changes, number, n_files;
} File;

static guint
count_files (TvmDemoTenant *tenant)
{
  guint n_devices = tenant->data->n_devices;
  guint n = tenant->exports.n_files > 0 ? tenant->exports.n_files
                                        : MAX (3, n_devices / DEVICES_PER_FILE + 1);

  return CLAMP (n, 1, MAX (n_devices, 1));
}

static char *
dup_path (const File *file)
{
  return g_strdup_printf ("/" TVM_DEMO_FILES "/%s/%u/%05u-%05u.json.gz", names[file->dataset],
                          file->n_changes, file->number, file->n_files);
}

/* Over what the address allows: the path, until when, which interface. */
static char *
dup_signature (TvmDemoTenant *tenant,
               const char    *path,
               const char    *expiry,
               const char    *version)
{
  g_autofree char *text = g_strjoin ("\n", path, expiry, version, NULL);
  g_autofree guint8 *digest = g_malloc (32);
  gsize length = 32;
  GHmac *hmac = g_hmac_new (G_CHECKSUM_SHA256, tenant->exports.key, sizeof tenant->exports.key);
  char *encoded;

  g_hmac_update (hmac, (const guchar *) text, -1);
  g_hmac_get_digest (hmac, digest, &length);
  g_hmac_unref (hmac);
  encoded = g_base64_encode (digest, length);
  return encoded;
}

static void
put_address (TvmDemoExchange *ex,
             const File      *file,
             const char      *expiry)
{
  g_autofree char *path = dup_path (file);
  g_autofree char *signature = dup_signature (ex->tenant, path, expiry, VERSION);
  g_autofree char *escaped_expiry = g_uri_escape_string (expiry, NULL, FALSE);
  g_autofree char *escaped = g_uri_escape_string (signature, NULL, FALSE);
  g_autofree char *uri = tvm_demo_own_uri (ex, path);
  g_autofree char *address = g_strdup_printf ("%s?sv=" VERSION "&sr=b&se=%s&sp=r&sig=%s", uri,
                                              escaped_expiry, escaped);

  tvm_demo_put_quoted (ex->reply, address);
  g_string_append_c (ex->reply, ',');
}

/**
 * tvm_demo_files_handle_export:
 * @ex: (inout): an exchange whose caller was let in
 * @dataset: which export is asked for
 *
 * Answers SoftwareVulnerabilitiesExport and SecureConfigurationsAssessmentExport as the Defender
 * API documents them: sasValidHours from 1 (the default) to 6, else 400.
 */
void
tvm_demo_files_handle_export (TvmDemoExchange *ex,
                              TvmDemoDataset   dataset)
{
  TvmDemoTenant *tenant = ex->tenant;
  const char *hours_text = tvm_demo_query (ex, "sasValidHours");
  guint64 hours = 1;
  gint64 valid_us, at_us;
  g_autoptr(GDateTime) until = NULL;
  g_autofree char *expiry = NULL;
  File file = { dataset, tvm_demo_exports_count (tenant, &at_us), 0, count_files (tenant) };

  if (hours_text != NULL &&
      !g_ascii_string_to_unsigned (hours_text, 10, 1, MAX_VALID_HOURS, &hours, NULL))
    {
      tvm_demo_reply_error (ex, 400, "BadRequest", "sasValidHours is no number from 1 to 6.");
      return;
    }
  valid_us = tenant->exports.valid_s != 0 ? tenant->exports.valid_s * TVM_SECOND_US
                                          : (gint64) hours * TVM_HOUR_US;
  until = g_date_time_new_from_unix_utc ((tvm_now_us () + valid_us) / TVM_SECOND_US);
  expiry = g_date_time_format (until, "%Y-%m-%dT%H:%M:%SZ");
  g_string_assign (ex->reply, "{\"exportFiles\":[");
  for (; file.number < file.n_files; file.number++)
    put_address (ex, &file, expiry);
  tvm_demo_close (ex->reply, ']');
  g_string_append_c (ex->reply, ',');
  tvm_demo_put_time (ex->reply, "generatedTime", at_us);
  tvm_demo_close (ex->reply, '}');
}

/* Refuses as a blob store does. */
static void
refuse (TvmDemoExchange *ex,
        guint            status,
        const char      *code,
        const char      *detail)
{
  g_autofree char *id = g_uuid_string_random ();
  g_autofree char *when = tvm_demo_format_time (tvm_now_us ());

  ex->status = status;
  ex->content_type = "application/xml";
  g_string_printf (ex->reply,
                   "\xef\xbb\xbf<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>%s</Code>"
                   "<Message>%s\nRequestId:%s\nTime:%s</Message></Error>", code, detail, id, when);
}

/**
 * tvm_demo_files_refuse_expired:
 * @ex: (inout): an exchange about a file
 *
 * Answers that the address was good for a time that is over.
 */
void
tvm_demo_files_refuse_expired (TvmDemoExchange *ex)
{
  refuse (ex, 403, "AuthenticationFailed",
          "Server failed to authenticate the request. Signature not valid in the specified time "
          "frame.");
}

/**
 * tvm_demo_files_new_key:
 * @tenant: a tenant
 *
 * From now on the addresses of files that were given are no good.
 */
void
tvm_demo_files_new_key (TvmDemoTenant *tenant)
{
  for (guint i = 0; i < sizeof tenant->exports.key; i++)
    tenant->exports.key[i] = g_random_int ();
}

/* Whether the address is one of ours, signed and not too old; refuses it otherwise. */
static gboolean
check_address (TvmDemoExchange *ex)
{
  const char *expiry = tvm_demo_query (ex, "se"), *version = tvm_demo_query (ex, "sv");
  const char *given = tvm_demo_query (ex, "sig");
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (ex->message);
  g_autofree char *signature = NULL;
  gint64 until_us;

  if (soup_message_headers_get_one (headers, "Authorization") != NULL)
    {
      ex->tenant->exports.n_leaks++;
      refuse (ex, 400, "InvalidAuthenticationInfo",
              "The address carries a signature; no Authorization header goes with it.");
      return FALSE;
    }
  if (expiry == NULL || version == NULL || given == NULL)
    {
      refuse (ex, 404, "ResourceNotFound", "The specified resource does not exist.");
      return FALSE;
    }
  signature = dup_signature (ex->tenant, ex->path, expiry, version);
  if (!g_str_equal (signature, given))
    refuse (ex, 403, "AuthenticationFailed",
            "Server failed to authenticate the request. Signature did not match.");
  else if (!tvm_parse_instant (expiry, &until_us) || until_us <= tvm_now_us ())
    tvm_demo_files_refuse_expired (ex);
  else
    return TRUE;
  return FALSE;
}

/* Compresses what there is, and empties it. */
static void
deflate_text (z_stream *stream,
              GString  *text,
              GString  *out,
              gboolean  is_last)
{
  guint8 buffer[64 * 1024];

  stream->next_in = (Bytef *) text->str;
  stream->avail_in = text->len;
  do
    {
      stream->next_out = buffer;
      stream->avail_out = sizeof buffer;
      deflate (stream, is_last ? Z_FINISH : Z_NO_FLUSH);
      g_string_append_len (out, (char *) buffer, sizeof buffer - stream->avail_out);
    }
  while (stream->avail_out == 0);
  g_string_truncate (text, 0);
}

/* Only the compressed file is ever whole in memory: rows are made for 16 devices at a time. */
static void
write_file (TvmDemoExchange *ex,
            const File      *file)
{
  TvmDemoData *data = ex->tenant->data;
  g_autoptr(TvmDemoView) view = tvm_demo_view_new (data, file->n_changes);
  g_autoptr(GString) rows = g_string_sized_new (1024 * 1024);
  guint first = (guint64) data->n_devices * file->number / file->n_files;
  guint end = (guint64) data->n_devices * (file->number + 1) / file->n_files;
  TvmDemoWalk walk = { .data = data, .view = view, .out = rows, .separator = '\n',
                       .n_left = G_MAXUINT64, .place = { 2 * first, 0 },
                       .no_group = ex->tenant->exports.has_no_groups ? "None" : "Unassigned" };
  z_stream stream = { 0 };

  deflateInit2 (&stream, 1, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
  while (walk.place.unit < 2 * end)
    {
      tvm_demo_walk (&walk, file->dataset, MIN (walk.place.unit + 32, 2 * end));
      deflate_text (&stream, rows, ex->reply, FALSE);
    }
  deflate_text (&stream, rows, ex->reply, TRUE);
  deflateEnd (&stream);
}

static gboolean
parse_path (TvmDemoExchange *ex,
            File            *file)
{
  g_autofree char *path = NULL;
  g_auto(GStrv) parts = NULL;
  guint64 n_changes, number, n_files;

  for (file->dataset = 0; file->dataset < TVM_DEMO_N_DATASETS; file->dataset++)
    if (tvm_demo_part_is (ex, 1, names[file->dataset]))
      break;
  if (file->dataset == TVM_DEMO_N_DATASETS || ex->n_parts != 4 ||
      !g_str_has_suffix (ex->parts[3], ".json.gz"))
    return FALSE;
  path = g_strndup (ex->parts[3], strlen (ex->parts[3]) - strlen (".json.gz"));
  parts = g_strsplit (path, "-", 2);
  if (parts[1] == NULL ||
      !g_ascii_string_to_unsigned (ex->parts[2], 10, 0, ex->tenant->data->changes->len, &n_changes,
                                   NULL) ||
      !g_ascii_string_to_unsigned (parts[0], 10, 0, G_MAXUINT - 1, &number, NULL) ||
      !g_ascii_string_to_unsigned (parts[1], 10, number + 1, G_MAXUINT, &n_files, NULL))
    return FALSE;
  file->n_changes = n_changes;
  file->number = number;
  file->n_files = n_files;
  return TRUE;
}

/**
 * tvm_demo_files_handle:
 * @ex: (inout): an exchange under the files' path
 *
 * Answers with a file of an export: gzip, a JSON object a line. 403 for an address whose signature
 * is wrong or whose time is over, 400 where a token comes along, which is counted; 404 for none of
 * ours.
 */
void
tvm_demo_files_handle (TvmDemoExchange *ex)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (ex->message);
  g_autofree char *tag = NULL;
  File file;

  if (!check_address (ex))
    return;
  if (!g_str_equal (ex->method, "GET"))
    refuse (ex, 405, "UnsupportedHttpVerb", "The resource does not support this verb.");
  else if (!parse_path (ex, &file))
    refuse (ex, 404, "BlobNotFound", "The specified blob does not exist.");
  else
    {
      g_string_truncate (ex->reply, 0);
      write_file (ex, &file);
      ex->content_type = "application/gzip";
      tag = g_strdup_printf ("\"%s-%u-%u-%u\"", names[file.dataset], file.n_changes, file.number,
                             file.n_files);
      soup_message_headers_replace (headers, "ETag", tag);
      soup_message_headers_replace (headers, "Accept-Ranges", "bytes");
    }
}

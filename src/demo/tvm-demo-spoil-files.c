/* tvm-demo-spoil-files.c: files of exports, and ways to them, made worse than they were. The
 * server's thread only. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-demo-exports-private.h"

#include <string.h>

#define LONG_LINE (64 * 1024 * 1024)

static void
convert (GConverter *converter,
         GString    *text)
{
  g_autofree char *input = NULL;
  gsize size = text->len, n_done = 0;
  GConverterResult result = G_CONVERTER_CONVERTED;

  input = g_memdup2 (text->str, MAX (size, 1));
  g_string_truncate (text, 0);
  while (result == G_CONVERTER_CONVERTED)
    {
      char buffer[64 * 1024];
      gsize n_read = 0, n_written = 0;

      result = g_converter_convert (converter, input + n_done, size - n_done, buffer, sizeof buffer,
                                    G_CONVERTER_INPUT_AT_END, &n_read, &n_written, NULL);
      n_done += n_read;
      g_string_append_len (text, buffer, n_written);
    }
}

/**
 * tvm_demo_pack:
 * @text: (inout): becomes gzip
 */
void
tvm_demo_pack (GString *text)
{
  g_autoptr(GZlibCompressor) packer = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 1);

  convert (G_CONVERTER (packer), text);
}

/* The lines of a file, or NULL where the reply is none. */
static char **
dup_lines (TvmDemoExchange *ex)
{
  g_autoptr(GZlibDecompressor) unpacker = g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP);

  if (!g_str_equal (ex->content_type, "application/gzip"))
    return NULL;
  convert (G_CONVERTER (unpacker), ex->reply);
  if (ex->reply->len > 0) /* what follows the last line */
    g_string_truncate (ex->reply, ex->reply->len - 1);
  return g_strsplit (ex->reply->str, "\n", -1);
}

/* Writes those lines of a file that @func has something for. */
static void
change_lines (TvmDemoExchange *ex,
              const char *(*func) (const char *line, guint i, JsonObject *order),
              JsonObject      *order)
{
  g_auto(GStrv) lines = dup_lines (ex);

  if (lines == NULL)
    return;
  g_string_truncate (ex->reply, 0);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      const char *line = func (lines[i], i, order);

      if (line != NULL)
        g_string_append_printf (ex->reply, "%s\n", line);
    }
  tvm_demo_pack (ex->reply);
}

static const char *
keep_first (const char *line,
            guint       i,
            JsonObject *order)
{
  return i < json_object_get_int_member_with_default (order, "rows", 1) ? line : NULL;
}

static void
shorten_file (TvmDemoExchange *ex,
              JsonObject      *order)
{
  change_lines (ex, keep_first, order);
}

static const char *
null_second (const char *line,
             guint       i,
             JsonObject *order)
{
  return i % 2 == 0 ? line : "null";
}

static void
spoil_file_partly (TvmDemoExchange *ex,
                   JsonObject      *order)
{
  change_lines (ex, null_second, order);
}

/* The last line ends in its middle; the gzip is whole. */
static void
cut_line (TvmDemoExchange *ex,
          JsonObject      *order)
{
  g_auto(GStrv) lines = dup_lines (ex);
  guint n = lines != NULL ? g_strv_length (lines) : 0;

  if (n == 0)
    return;
  g_string_truncate (ex->reply, ex->reply->len - strlen (lines[n - 1]) / 2);
  tvm_demo_pack (ex->reply);
}

/* All rows as one list, which is JSON, but not a row a line. */
static void
make_list (TvmDemoExchange *ex,
           JsonObject      *order)
{
  g_auto(GStrv) lines = dup_lines (ex);
  g_autofree char *rows = lines != NULL ? g_strjoinv (",\n", lines) : NULL;

  if (rows == NULL)
    return;
  g_string_printf (ex->reply, "[%s]\n", rows);
  tvm_demo_pack (ex->reply);
}

/* A little file that unpacks to one line without end. */
static void
make_long_line (TvmDemoExchange *ex,
                JsonObject      *order)
{
  g_string_assign (ex->reply, "{\"id\":\"");
  g_string_set_size (ex->reply, LONG_LINE);
  memset (ex->reply->str + strlen ("{\"id\":\""), 'x', LONG_LINE - strlen ("{\"id\":\""));
  tvm_demo_pack (ex->reply);
}

/* The last eight bytes of gzip (RFC 1952) are the checksum and the length. */
static void
spoil_checksum (TvmDemoExchange *ex,
                JsonObject      *order)
{
  if (ex->reply->len > 8)
    ex->reply->str[ex->reply->len - 8] ^= 1;
}

static void
spoil_bytes (TvmDemoExchange *ex,
             JsonObject      *order)
{
  for (gsize i = ex->reply->len / 2; i < MIN (ex->reply->len, ex->reply->len / 2 + 16); i++)
    ex->reply->str[i] ^= 0x5a;
}

/* All addresses of the answer lead to another host, without TLS; so does a next page. */
static void
lead_away (TvmDemoExchange *ex,
           JsonObject      *order)
{
  g_autofree char *own = tvm_demo_own_uri (ex, "/");
  g_autofree char *link = g_strdup_printf ("{\"@odata.nextLink\":\"%sapi/elsewhere\",", own);

  if (g_str_has_prefix (ex->reply->str, "{\"@odata.context") ||
      g_str_has_prefix (ex->reply->str, "{\"value"))
    {
      g_string_erase (ex->reply, 0, 1);
      g_string_prepend (ex->reply, link);
    }
  g_string_replace (ex->reply, own, "http://files.contoso.example/", 0);
}

static void
let_expire (TvmDemoExchange *ex,
            JsonObject      *order)
{
  tvm_demo_files_refuse_expired (ex);
}

/**
 * tvm_demo_spoil_find_file:
 * @kind: (nullable): a kind of fault
 *
 * Returns: (nullable): what spoils an answered exchange so that gave a file or the way to one;
 *   %NULL: no such kind, or another's
 */
TvmDemoSpoilFunc
tvm_demo_spoil_find_file (const char *kind)
{
  static const struct { const char *kind; TvmDemoSpoilFunc func; } known[] = {
    { "short", shorten_file },          { "partly", spoil_file_partly },
    { "cut-line", cut_line },           { "array", make_list },
    { "long-line", make_long_line },    { "bad-checksum", spoil_checksum },
    { "bad-bytes", spoil_bytes },       { "foreign-links", lead_away },
    { "expired", let_expire },
  };

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (g_strcmp0 (known[i].kind, kind) == 0)
      return known[i].func;
  return NULL;
}

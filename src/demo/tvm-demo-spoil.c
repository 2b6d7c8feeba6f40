/* tvm-demo-spoil.c: answers made worse than they were. The server's thread only.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-demo-private.h"

/**
 * tvm_demo_spoil_cut_gzip:
 * @ex: (inout): an answered exchange
 *
 * Leaves half of the reply as gzip has it, under the length of that half.
 */
void
tvm_demo_spoil_cut_gzip (TvmDemoExchange *ex)
{
  g_autoptr(GZlibCompressor) compressor = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, -1);
  g_autofree char *packed = g_malloc (ex->reply->len + 1024);
  gsize n_read = 0, n_written = 0;

  g_converter_convert (G_CONVERTER (compressor), ex->reply->str, ex->reply->len, packed,
                       ex->reply->len + 1024, G_CONVERTER_INPUT_AT_END, &n_read, &n_written, NULL);
  g_string_truncate (ex->reply, 0);
  g_string_append_len (ex->reply, packed, n_written / 2);
  soup_message_headers_replace (soup_server_message_get_response_headers (ex->message),
                                "Content-Encoding", "gzip");
}

/**
 * tvm_demo_spoil_shorten:
 * @ex: (inout): an answered exchange
 *
 * Leaves a list of which only the first row came, without a word about it; what is no JSON stays.
 */
void
tvm_demo_spoil_shorten (TvmDemoExchange *ex)
{
  g_autoptr(JsonParser) parser = json_parser_new ();
  JsonObject *root;
  JsonArray *rows;
  char *text;

  if (!json_parser_load_from_data (parser, ex->reply->str, (gssize) ex->reply->len, NULL))
    return;
  root = json_node_get_object (json_parser_get_root (parser));
  rows = json_object_has_member (root, "value") ? json_object_get_array_member (root, "value")
                                                : NULL;
  while (rows != NULL && json_array_get_length (rows) > 1)
    json_array_remove_element (rows, json_array_get_length (rows) - 1);
  text = json_to_string (json_parser_get_root (parser), FALSE);
  g_string_assign (ex->reply, text);
  g_free (text);
}

/**
 * tvm_demo_spoil_repeat_link:
 * @ex: (inout): an answered exchange
 *
 * Gives the answer a next link to the same path, as often as it is followed.
 */
void
tvm_demo_spoil_repeat_link (TvmDemoExchange *ex)
{
  g_autofree char *uri = tvm_demo_own_uri (ex, ex->path);
  g_autofree char *link = g_strdup_printf ("{\"@odata.nextLink\":\"%s?again=1\",", uri);

  if (ex->reply->len > 2 && ex->reply->str[0] == '{')
    g_string_erase (ex->reply, 0, 1);
  g_string_prepend (ex->reply, link);
}

/* tvm-demo-spoil.c: answers made worse than they were. The server's thread only.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-demo-private.h"

static gboolean
is_file (TvmDemoExchange *ex)
{
  return g_str_equal (ex->content_type, "application/gzip");
}

/* Half of the reply as gzip has it, under the length of that half. A file is gzip already. */
static void
cut_gzip (TvmDemoExchange *ex,
          JsonObject      *order)
{
  if (!is_file (ex))
    {
      tvm_demo_pack (ex->reply);
      soup_message_headers_replace (soup_server_message_get_response_headers (ex->message),
                                    "Content-Encoding", "gzip");
    }
  g_string_truncate (ex->reply, ex->reply->len / 2);
}

/* What became of the rows: a new list of them. */
typedef JsonArray *(*RowsFunc) (JsonArray *rows, JsonObject *order);

static JsonArray *
take_first (JsonArray  *rows,
            JsonObject *order)
{
  JsonArray *first = json_array_new ();
  gint64 n = json_object_get_int_member_with_default (order, "rows", 1);

  for (guint i = 0; i < MIN (json_array_get_length (rows), n); i++)
    json_array_add_element (first, json_node_copy (json_array_get_element (rows, i)));
  return first;
}

/* One row is missing. */
static JsonArray *
leave_out (JsonArray  *rows,
           JsonObject *order)
{
  const char *id = json_object_get_string_member_with_default (order, "id", "");
  JsonArray *others = json_array_new ();

  for (guint i = 0; i < json_array_get_length (rows); i++)
    if (!g_str_equal (id, json_object_get_string_member_with_default (
                            json_array_get_object_element (rows, i), "id", "")))
      json_array_add_element (others, json_node_copy (json_array_get_element (rows, i)));
  return others;
}

static JsonArray *
spoil_second (JsonArray  *rows,
              JsonObject *order)
{
  JsonArray *spoiled = json_array_new ();

  for (guint i = 0; i < json_array_get_length (rows); i++)
    if (i % 2 == 0)
      json_array_add_element (spoiled, json_node_copy (json_array_get_element (rows, i)));
    else
      json_array_add_null_element (spoiled);
  return spoiled;
}

static JsonArray *
repeat_each (JsonArray  *rows,
             JsonObject *order)
{
  JsonArray *repeated = json_array_new ();

  for (guint i = 0; i < 2 * json_array_get_length (rows); i++)
    json_array_add_element (repeated, json_node_copy (json_array_get_element (rows, i / 2)));
  return repeated;
}

/* Of each row only the id and what it is called are told. */
static JsonArray *
null_members (JsonArray  *rows,
              JsonObject *order)
{
  JsonArray *nulled = json_array_new ();

  for (guint i = 0; i < json_array_get_length (rows); i++)
    {
      JsonObject *row = json_array_get_object_element (rows, i);
      g_autoptr(GList) members = json_object_get_members (row);

      for (GList *l = members; l != NULL; l = l->next)
        if (!g_str_equal (l->data, "id") && !g_str_equal (l->data, "title") &&
            !g_str_has_suffix (l->data, "Name"))
          json_object_set_null_member (row, l->data);
      json_array_add_element (nulled, json_node_copy (json_array_get_element (rows, i)));
    }
  return nulled;
}

static void
change_rows (TvmDemoExchange *ex,
             RowsFunc         func,
             JsonObject      *order)
{
  g_autoptr(JsonParser) parser = json_parser_new ();
  g_autofree char *text = NULL;
  JsonObject *root;

  if (is_file (ex) ||
      !json_parser_load_from_data (parser, ex->reply->str, (gssize) ex->reply->len, NULL))
    return;
  root = json_node_get_object (json_parser_get_root (parser));
  if (!json_object_has_member (root, "value"))
    return;
  json_object_set_array_member (root, "value",
                                func (json_object_get_array_member (root, "value"), order));
  text = json_to_string (json_parser_get_root (parser), FALSE);
  g_string_assign (ex->reply, text);
}

/* Only the first rows came, without a word about it. */
static void
shorten (TvmDemoExchange *ex,
         JsonObject      *order)
{
  if (is_file (ex))
    tvm_demo_spoil_find_file ("short") (ex, order);
  else
    change_rows (ex, take_first, order);
}

/* Every second row is of no use. */
static void
spoil_partly (TvmDemoExchange *ex,
              JsonObject      *order)
{
  if (is_file (ex))
    tvm_demo_spoil_find_file ("partly") (ex, order);
  else
    change_rows (ex, spoil_second, order);
}

static void
repeat_rows (TvmDemoExchange *ex,
             JsonObject      *order)
{
  change_rows (ex, repeat_each, order);
}

static void
set_member_cb (JsonObject *members,
               const char *name,
               JsonNode   *value,
               gpointer    row)
{
  json_object_set_member (row, name, json_node_copy (value));
}

/* The service says something else about its first rows, of a single thing about that. */
static void
set_members (TvmDemoExchange *ex,
             JsonObject      *order)
{
  gint64 n = json_object_get_int_member_with_default (order, "rows", G_MAXINT);
  g_autoptr(JsonParser) parser = json_parser_new ();
  g_autofree char *text = NULL;
  JsonObject *members, *root;
  JsonArray *rows;

  if (!json_object_has_member (order, "members") ||
      !json_parser_load_from_data (parser, ex->reply->str, (gssize) ex->reply->len, NULL))
    return;
  members = json_object_get_object_member (order, "members");
  root = json_node_get_object (json_parser_get_root (parser));
  rows = json_object_has_member (root, "value") ? json_object_get_array_member (root, "value")
                                                : NULL;
  if (rows == NULL)
    json_object_foreach_member (members, set_member_cb, root);
  for (gint64 i = 0; rows != NULL && i < MIN (json_array_get_length (rows), n); i++)
    json_object_foreach_member (members, set_member_cb, json_array_get_object_element (rows, i));
  text = json_to_string (json_parser_get_root (parser), FALSE);
  g_string_assign (ex->reply, text);
}

/* As a cache answers that has a part of it, with or without a word about which. */
static void
say_partial (TvmDemoExchange *ex,
             JsonObject      *order)
{
  const char *range = json_object_get_string_member_with_default (order, "range", NULL);

  ex->status = 206;
  if (range != NULL)
    soup_message_headers_replace (soup_server_message_get_response_headers (ex->message),
                                  "Content-Range", range);
}

/* A second list stands in the answer, after the first. */
static void
say_twice (TvmDemoExchange *ex,
           JsonObject      *order)
{
  if (ex->reply->len > 2)
    g_string_insert (ex->reply, (gssize) ex->reply->len - 1, ",\"value\":[]");
}

/* Into what people read of each row come characters that nobody sees, that turn the text and that
 * part lines: an override and an isolate, a space without width, a joiner, a tag, both separators,
 * an escape and one of C1. */
static JsonArray *
hide_characters (JsonArray  *rows,
                 JsonObject *order)
{
  static const char *const members[] = { "computerDnsName", "productName", "recommendationName",
                                         "relatedComponent", "title", "osPlatform" };
  JsonArray *odd = json_array_new ();

  for (guint i = 0; i < json_array_get_length (rows); i++)
    {
      JsonNode *row = json_node_copy (json_array_get_element (rows, i));
      JsonObject *object = json_node_get_object (row);

      for (guint j = 0; j < G_N_ELEMENTS (members); j++)
        {
          const char *text = json_object_get_string_member_with_default (object, members[j], NULL);
          g_autofree char *spoiled =
            g_strconcat ("odd\u202e\u2066\u200b\u200d\U000e0041\u2028\u2029\x1b\xc2\x9b",
                         text, NULL);

          if (text != NULL)
            json_object_set_string_member (object, members[j], spoiled);
        }
      json_array_add_element (odd, row);
    }
  return odd;
}

static void
spoil_texts (TvmDemoExchange *ex,
             JsonObject      *order)
{
  change_rows (ex, hide_characters, order);
}

static void
lack_one (TvmDemoExchange *ex,
          JsonObject      *order)
{
  change_rows (ex, leave_out, order);
}

static void
tell_nothing (TvmDemoExchange *ex,
              JsonObject      *order)
{
  change_rows (ex, null_members, order);
}

static void
repeat_link (TvmDemoExchange *ex,
             JsonObject      *order)
{
  g_autofree char *uri = tvm_demo_own_uri (ex, ex->path);
  g_autofree char *link = g_strdup_printf ("{\"@odata.nextLink\":\"%s?again=1\",", uri);

  if (ex->reply->len > 2 && ex->reply->str[0] == '{')
    g_string_erase (ex->reply, 0, 1);
  g_string_prepend (ex->reply, link);
}

/* Another text, with which even an answer without a body comes; in a file, packed. */
static void
say_instead (TvmDemoExchange *ex,
             const char      *text)
{
  g_string_assign (ex->reply, text);
  if (is_file (ex) && *text != '\0')
    tvm_demo_pack (ex->reply);
  ex->status = ex->status == 204 ? 200 : ex->status;
}

static void
say_html (TvmDemoExchange *ex,
          JsonObject      *order)
{
  ex->content_type = "text/html; charset=utf-8";
  say_instead (ex,
               "<!doctype html><html><title>Welcome</title><p>Accept the terms to go on.</html>");
}

static void
say_nothing (TvmDemoExchange *ex,
             JsonObject      *order)
{
  say_instead (ex, "");
}

static void
say_bad_json (TvmDemoExchange *ex,
              JsonObject      *order)
{
  say_instead (ex, "{\"value\":[{\"id\":\"1\"},{\"id\":");
}

static void
say_wrong_shape (TvmDemoExchange *ex,
                 JsonObject      *order)
{
  say_instead (ex, "{\"value\":{\"id\":\"not a list\"},\"error\":5,\"id\":[]}");
}

static void
say_null_rows (TvmDemoExchange *ex,
               JsonObject      *order)
{
  say_instead (ex, "{\"value\":[null]}");
}

/**
 * tvm_demo_spoil_find:
 * @kind: (nullable): a kind of fault
 *
 * Returns: (nullable): what spoils an answered exchange so; %NULL: no such kind, or another's
 */
TvmDemoSpoilFunc
tvm_demo_spoil_find (const char *kind)
{
  static const struct { const char *kind; TvmDemoSpoilFunc func; } known[] = {
    { "cut-gzip", cut_gzip },       { "html", say_html },           { "empty", say_nothing },
    { "bad-json", say_bad_json },   { "wrong-shape", say_wrong_shape },
    { "null-rows", say_null_rows }, { "short", shorten },           { "partly", spoil_partly },
    { "repeat-rows", repeat_rows }, { "repeat-link", repeat_link }, { "set", set_members },
    { "partial", say_partial },     { "two-values", say_twice },
    { "null-members", tell_nothing },
    { "odd-texts", spoil_texts },   { "lack", lack_one },
  };

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (g_strcmp0 (known[i].kind, kind) == 0)
      return known[i].func;
  return tvm_demo_spoil_find_file (kind);
}

/* tvm-demo-reply.c: answers in the services' forms: one row, a page of rows, an error.
 * The server's thread only. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-demo-private.h"

#include <string.h>

#include "tvm-time.h"

#define MAX_TOP 10000
#define GRAPH_PAGE 1000

/* One comparison of a filter: FIELD OPERATOR VALUE. */
typedef struct { char *key /* `"field":` */, *operator, *value; } Clause;

static void
clause_free (Clause *clause)
{
  g_free (clause->key);
  g_free (clause->operator);
  g_free (clause->value);
  g_free (clause);
}

/**
 * tvm_demo_part_is:
 * @ex: an exchange
 * @index: a segment of the path, from 0
 * @word: what it may be
 *
 * Returns: whether there is such a segment and it is that word, in any letter case
 */
gboolean
tvm_demo_part_is (TvmDemoExchange *ex,
                  guint            index,
                  const char      *word)
{
  return index < ex->n_parts && g_ascii_strcasecmp (ex->parts[index], word) == 0;
}

/**
 * tvm_demo_query:
 * @ex: an exchange
 * @name: a parameter of the query, in its letter case
 *
 * Returns: (transfer none) (nullable): its decoded value
 */
const char *
tvm_demo_query (TvmDemoExchange *ex,
                const char      *name)
{
  return ex->query != NULL ? g_hash_table_lookup (ex->query, name) : NULL;
}

/**
 * tvm_demo_own_uri:
 * @ex: an exchange
 * @path: an escaped path from the root on
 *
 * Returns: (transfer full): an absolute address on the origin that the client used
 */
char *
tvm_demo_own_uri (TvmDemoExchange *ex,
                  const char      *path)
{
  GUri *uri = soup_server_message_get_uri (ex->message);

  return g_strdup_printf ("http://%s:%d%s", g_uri_get_host (uri), g_uri_get_port (uri), path);
}

/**
 * tvm_demo_reply_error:
 * @ex: (inout): an exchange
 * @status: the HTTP status
 * @code: the service's word for the error
 * @format: a printf() format of the message
 * @...: its arguments
 *
 * Answers with an error in place of what stood in the reply: in Graph's documented form (with the
 * client's `client-request-id`) where the exchange is Graph's, else in Defender's, whose target is
 * the correlation id.
 */
void
tvm_demo_reply_error (TvmDemoExchange *ex,
                      guint            status,
                      const char      *code,
                      const char      *format,
                      ...)
{
  g_autofree char *message = NULL;
  g_autofree char *correlation_id = g_uuid_string_random ();
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (ex->message);
  const char *client_id = soup_message_headers_get_one (headers, "client-request-id");
  va_list args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  ex->status = status;
  ex->content_type = "application/json; charset=utf-8";
  g_string_assign (ex->reply, "{\"error\":{");
  tvm_demo_put_string (ex->reply, "code", code);
  tvm_demo_put_string (ex->reply, "message", message);
  if (ex->is_graph)
    {
      g_string_append (ex->reply, "\"innerError\":{");
      tvm_demo_put_time (ex->reply, "date", tvm_now_us ());
      tvm_demo_put_string (ex->reply, "request-id", correlation_id);
      tvm_demo_put_string (ex->reply, "client-request-id",
                           client_id != NULL ? client_id : correlation_id);
      tvm_demo_close (ex->reply, '}');
    }
  else
    tvm_demo_put_string (ex->reply, "target", correlation_id);
  tvm_demo_close (ex->reply, '}');
  g_string_append_c (ex->reply, '}');
}

/**
 * tvm_demo_reply_row:
 * @ex: (inout): an exchange
 * @context: the path and fragment of its `@odata.context`
 * @row: writes the row
 * @item: what about
 *
 * Answers with one row as OData writes an entity.
 */
void
tvm_demo_reply_row (TvmDemoExchange *ex,
                    const char      *context,
                    TvmDemoRowFunc   row,
                    gpointer         item)
{
  g_autofree char *uri = tvm_demo_own_uri (ex, context);
  g_autoptr(GString) text = g_string_new (NULL);

  row (ex->tenant->data, item, text);
  g_string_assign (ex->reply, "{");
  tvm_demo_put_string (ex->reply, "@odata.context", uri);
  g_string_append (ex->reply, text->str + 1);
}

/* The value of a member in a row of ours: rows are flat up to their lists, and a quote inside of a
 * string is escaped, so that the key is found nowhere else. */
static char *
dup_field (const char *row,
           const char *key)
{
  const char *start = strstr (row, key);
  const char *end;

  if (start == NULL)
    return NULL;
  start += strlen (key);
  if (*start != '"')
    return g_strndup (start, strcspn (start, ",}"));
  for (end = start + 1; *end != '"'; end++)
    if (*end == '\\')
      end++;
  return g_strndup (start + 1, end - start - 1);
}

static int
compare_values (const char *a,
                const char *b)
{
  gint64 at_us, bt_us;
  char *end_a, *end_b;
  double number_a = g_ascii_strtod (a, &end_a);
  double number_b = g_ascii_strtod (b, &end_b);

  if (tvm_parse_instant (a, &at_us) && tvm_parse_instant (b, &bt_us))
    return (at_us > bt_us) - (at_us < bt_us);
  if (end_a != a && *end_a == '\0' && end_b != b && *end_b == '\0')
    return (number_a > number_b) - (number_a < number_b);
  return g_ascii_strcasecmp (a, b);
}

static gboolean
clause_holds (const Clause *clause,
              const char   *row)
{
  g_autofree char *value = dup_field (row, clause->key);
  int order;

  if (value == NULL)
    return FALSE;
  order = compare_values (value, clause->value);
  if (g_str_equal (clause->operator, "eq"))
    return order == 0;
  if (g_str_equal (clause->operator, "ne"))
    return order != 0;
  if (g_str_equal (value, "null"))
    return FALSE;
  if (g_str_equal (clause->operator, "gt"))
    return order > 0;
  if (g_str_equal (clause->operator, "ge"))
    return order >= 0;
  return g_str_equal (clause->operator, "lt") ? order < 0 : order <= 0;
}

/* "a eq 'x' and b gt 1": returns NULL where that is beyond us. */
static GPtrArray *
parse_filter (const char *text)
{
  static const char pattern[] =
    "\\s*(\\w+)\\s+(eq|ne|gt|ge|lt|le)\\s+(?:'((?:[^']|'')*)'|([^\\s']+))\\s*(and\\s|$)";
  g_autoptr(GPtrArray) clauses = g_ptr_array_new_with_free_func ((GDestroyNotify) clause_free);
  g_autoptr(GRegex) regex = g_regex_new (pattern, G_REGEX_CASELESS, 0, NULL);

  while (*text != '\0')
    {
      g_autoptr(GMatchInfo) match = NULL;
      g_autofree char *field = NULL, *quoted = NULL, *plain = NULL;
      Clause *clause;
      int end;

      if (!g_regex_match (regex, text, G_REGEX_MATCH_ANCHORED, &match))
        return NULL;
      clause = g_new0 (Clause, 1);
      field = g_match_info_fetch (match, 1);
      quoted = g_match_info_fetch (match, 3);
      plain = g_match_info_fetch (match, 4);
      clause->key = g_strdup_printf ("\"%s\":", field);
      clause->operator = g_match_info_fetch (match, 2);
      clause->value = g_strdup (plain != NULL && *plain != '\0' ? plain : quoted);
      g_ptr_array_add (clauses, clause);
      g_match_info_fetch_pos (match, 0, NULL, &end);
      text += end;
    }
  return g_steal_pointer (&clauses);
}

/* Keeps the items whose rows fit; returns NULL after having answered with an error. */
static GPtrArray *
dup_filtered (TvmDemoExchange *ex,
              TvmDemoRowFunc   row,
              GPtrArray       *items)
{
  const char *filter = tvm_demo_query (ex, "$filter");
  g_autoptr(GPtrArray) clauses = filter != NULL ? parse_filter (filter) : NULL;
  g_autoptr(GPtrArray) kept = NULL;
  g_autoptr(GString) text = g_string_new (NULL);

  if (filter == NULL)
    return g_ptr_array_ref (items);
  if (clauses == NULL)
    {
      tvm_demo_reply_error (ex, 400, ex->is_graph ? "BadRequest" : "ODataError",
                            "Invalid filter clause: %s", filter);
      return NULL;
    }
  kept = g_ptr_array_new ();
  for (guint i = 0; i < items->len; i++)
    {
      gboolean fits = TRUE;

      g_string_truncate (text, 0);
      row (ex->tenant->data, items->pdata[i], text);
      for (guint k = 0; k < clauses->len; k++)
        {
          const Clause *clause = clauses->pdata[k];

          if (strstr (text->str, clause->key) == NULL)
            {
              tvm_demo_reply_error (ex, 400, ex->is_graph ? "BadRequest" : "ODataError",
                                    "Could not find a property named %s", clause->key);
              return NULL;
            }
          fits = fits && clause_holds (clause, text->str);
        }
      if (fits)
        g_ptr_array_add (kept, items->pdata[i]);
    }
  return g_steal_pointer (&kept);
}

static gboolean
read_number (TvmDemoExchange *ex,
             const char      *name,
             guint64          most,
             guint64         *number)
{
  const char *text = tvm_demo_query (ex, name);

  if (text == NULL || g_ascii_string_to_unsigned (text, 10, 0, most, number, NULL))
    return TRUE;
  tvm_demo_reply_error (ex, 400, ex->is_graph ? "BadRequest" : "InvalidInput",
                        "%s must be a number from 0 to %" G_GUINT64_FORMAT ".", name, most);
  return FALSE;
}

static void
put_next_link (TvmDemoExchange *ex,
               guint64          top,
               guint64          next)
{
  const char *filter = tvm_demo_query (ex, "$filter");
  g_autofree char *filter_part = filter != NULL ? g_uri_escape_string (filter, NULL, FALSE) : NULL;
  g_autofree char *path = g_uri_escape_string (ex->path, "/", FALSE);
  g_autofree char *uri = tvm_demo_own_uri (ex, path);
  g_autofree char *link =
    g_strdup_printf ("%s?$top=%" G_GUINT64_FORMAT "&$skiptoken=%" G_GUINT64_FORMAT "%s%s", uri, top,
                     next, filter != NULL ? "&$filter=" : "", filter != NULL ? filter_part : "");

  tvm_demo_put_string (ex->reply, "@odata.nextLink", link);
}

/**
 * tvm_demo_reply_list:
 * @ex: (inout): an exchange
 * @context: the path and fragment of its `@odata.context`
 * @row: writes an item's row
 * @items: what there is to list
 *
 * Answers with one page of @items, as $filter (eq, ne, gt, ge, lt, le, joined by "and"), $skip,
 * $skiptoken and $top want it; 400 where one of them makes no sense. Whether a next link leads on
 * is the tenant's option.
 */
void
tvm_demo_reply_list (TvmDemoExchange *ex,
                     const char      *context,
                     TvmDemoRowFunc   row,
                     GPtrArray       *items)
{
  const TvmDemoOptions *options = &ex->tenant->options;
  gboolean has_links = ex->is_graph || !options->no_next_links;
  g_autofree char *uri = tvm_demo_own_uri (ex, context);
  g_autoptr(GPtrArray) kept = NULL;
  guint64 max_top = ex->max_top > 0 ? ex->max_top : MAX_TOP;
  guint64 top = ex->is_graph ? GRAPH_PAGE : max_top, skip = 0, token = 0, size, end;

  if (!read_number (ex, "$top", max_top, &top) || !read_number (ex, "$skip", G_MAXUINT32, &skip) ||
      !read_number (ex, "$skiptoken", G_MAXUINT32, &token))
    return;
  kept = dup_filtered (ex, row, items);
  if (kept == NULL)
    return;
  size = has_links && options->page_size > 0 ? MIN (top, options->page_size) : top;
  skip = MIN (skip + token, kept->len);
  end = MIN (skip + size, kept->len);
  g_string_assign (ex->reply, "{");
  tvm_demo_put_string (ex->reply, "@odata.context", uri);
  if (has_links && size > 0 && end < kept->len)
    put_next_link (ex, top, end);
  g_string_append (ex->reply, "\"value\":[");
  for (guint i = skip; i < end; i++)
    {
      row (ex->tenant->data, kept->pdata[i], ex->reply);
      g_string_append_c (ex->reply, ',');
    }
  tvm_demo_close (ex->reply, ']');
  g_string_append_c (ex->reply, '}');
}

/**
 * tvm_demo_dup_body:
 * @ex: an exchange
 *
 * Returns: (transfer full) (nullable): the request's JSON object; an empty one for an empty body;
 *   %NULL where the body is no JSON object
 */
JsonObject *
tvm_demo_dup_body (TvmDemoExchange *ex)
{
  SoupMessageBody *body = soup_server_message_get_request_body (ex->message);
  g_autoptr(GBytes) bytes = soup_message_body_flatten (body);
  g_autoptr(JsonParser) parser = json_parser_new ();
  JsonNode *root;

  if (g_bytes_get_size (bytes) == 0)
    return json_object_new ();
  if (!json_parser_load_from_data (parser, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes),
                                   NULL))
    return NULL;
  root = json_parser_get_root (parser);
  return root != NULL && JSON_NODE_HOLDS_OBJECT (root) ? json_node_dup_object (root) : NULL;
}

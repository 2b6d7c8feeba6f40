/* tvm-json.c: small JSON documents from outside, read without trusting their shape. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-json.h"

#include <math.h>
#include <string.h>

/* Whether it can be one object and nothing else, nested not too deep. JsonParser recurses, and it
 * takes comments, and what follows a document for one more. */
static gboolean
is_one_object (const char *data,
               gsize       size_bytes)
{
  gboolean in_string = FALSE, is_closed = FALSE;
  int depth = 0;

  for (gsize i = 0; i < size_bytes; i++)
    {
      if (in_string)
        {
          if (data[i] == '\\')
            i++;
          else if (data[i] == '"')
            in_string = FALSE;
        }
      else if (g_ascii_isspace (data[i]))
        continue;
      else if ((depth == 0 && (is_closed || data[i] != '{')) || strchr ("/#'", data[i]) != NULL)
        return FALSE;
      else if (data[i] == '"')
        in_string = TRUE;
      else if (data[i] == '[' || data[i] == '{')
        {
          if (++depth > TVM_JSON_MAX_DEPTH)
            return FALSE;
        }
      else if (data[i] == ']' || data[i] == '}')
        is_closed = --depth == 0;
    }
  return is_closed;
}

/**
 * tvm_json_parse_small:
 * @data: outside bytes
 * @size_bytes: their number
 *
 * Returns: (transfer full) (nullable): the document's root object; %NULL if it is no valid JSON
 *   document, nests deeper than %TVM_JSON_MAX_DEPTH or its root is not an object
 */
JsonObject *
tvm_json_parse_small (const char *data,
                      gsize       size_bytes)
{
  /* An immutable one of json-glib 1.10 aborts where there are two documents. */
  g_autoptr(JsonParser) parser = json_parser_new ();
  JsonNode *root;

  if (size_bytes >= 3 && memcmp (data, "\xef\xbb\xbf", 3) == 0)
    {
      data += 3;
      size_bytes -= 3;
    }
  if (size_bytes == 0 || !g_utf8_validate_len (data, size_bytes, NULL) ||
      !is_one_object (data, size_bytes) ||
      !json_parser_load_from_data (parser, data, size_bytes, NULL))
    return NULL;
  root = json_parser_get_root (parser);
  return root != NULL && JSON_NODE_HOLDS_OBJECT (root) ? json_node_dup_object (root) : NULL;
}

static JsonNode *
get_value (JsonObject *object,
           const char *member)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, member) : NULL;

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? node : NULL;
}

/**
 * tvm_json_get_string:
 * @object: (nullable): an object
 * @member: a member's name
 *
 * Returns: (nullable): the member if it is a string of valid UTF-8 that is not empty
 */
const char *
tvm_json_get_string (JsonObject *object,
                     const char *member)
{
  JsonNode *node = get_value (object, member);
  const char *text = node != NULL && json_node_get_value_type (node) == G_TYPE_STRING
                       ? json_node_get_string (node) : NULL;

  /* Of half a surrogate pair json-glib makes what is no UTF-8. */
  return text != NULL && *text != '\0' && g_utf8_validate (text, -1, NULL) ? text : NULL;
}

static gint64
node_to_int (JsonNode *node,
             gint64    fallback)
{
  gint64 value;
  double number;

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node))
    return fallback;
  switch (json_node_get_value_type (node))
    {
    case G_TYPE_INT64:
      return json_node_get_int (node);
    case G_TYPE_DOUBLE:
      number = json_node_get_double (node);
      return isfinite (number) && fabs (number) < 1e15 ? (gint64) number : fallback;
    case G_TYPE_STRING:
      return json_node_get_string (node) != NULL &&
               g_ascii_string_to_signed (json_node_get_string (node), 10, G_MININT64, G_MAXINT64,
                                         &value, NULL) ? value : fallback;
    default:
      return fallback;
    }
}

/**
 * tvm_json_get_int:
 * @object: (nullable): an object
 * @member: a member's name
 * @fallback: what is returned where the member is missing or no number
 *
 * Returns: the member, also where it is a number written as a string
 */
gint64
tvm_json_get_int (JsonObject *object,
                  const char *member,
                  gint64      fallback)
{
  return node_to_int (get_value (object, member), fallback);
}

/**
 * tvm_json_get_object:
 * @object: (nullable): an object
 * @member: a member's name
 *
 * Returns: (transfer none) (nullable): the member if it is an object
 */
JsonObject *
tvm_json_get_object (JsonObject *object,
                     const char *member)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, member) : NULL;

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

/**
 * tvm_json_has_code:
 * @object: an object
 * @member: the name of an array of numbers
 * @code: a number
 *
 * Returns: whether @code is in the array
 */
gboolean
tvm_json_has_code (JsonObject *object,
                   const char *member,
                   gint64      code)
{
  JsonNode *node = json_object_get_member (object, member);
  JsonArray *codes;

  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    return FALSE;
  codes = json_node_get_array (node);
  for (guint i = 0; codes != NULL && i < json_array_get_length (codes); i++)
    if (node_to_int (json_array_get_element (codes, i), -1) == code)
      return TRUE;
  return FALSE;
}

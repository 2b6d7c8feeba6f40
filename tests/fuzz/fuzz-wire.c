/* fuzz-wire.c: rows as the stream reads them are those that json-glib reads, member by member.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "fuzz.h"
#include "tvm-json-stream-private.h"
#include "tvm-text.h"
#include "tvm-wire-row-private.h"

#include <json-glib/json-glib.h>
#include <string.h>

static const char *const members[] = { "id", "text", "number", "flag", "items", NULL };
static const TvmWireShape shape = { .name = "fuzz", .members = members };

typedef struct
{
  JsonArray *rows;    /* (nullable): as json-glib reads them */
  guint      n_rows;  /* that the stream told */
} Comparison;

static void
compare_text (const TvmWireRow *row,
              guint             member,
              JsonNode         *node)
{
  const char *ours = tvm_wire_row_get_string (row, member);
  const char *theirs = json_node_get_string (node);
  g_autofree char *clean = tvm_text_clean (theirs, (gssize) strlen (theirs), FALSE);

  if (member == 0)
    tvm_wire_fold_digits (clean);
  if (ours != NULL)
    g_assert_cmpstr (ours, ==, clean);
  else  /* what is blank is none */
    for (const char *at = clean; *at != '\0'; at = g_utf8_next_char (at))
      g_assert_true (g_unichar_isspace (g_utf8_get_char (at)));
}

static void
compare_member (const TvmWireRow *row,
                guint             member,
                JsonNode         *node)
{
  TvmWireValueKind kind = tvm_wire_row_get_kind (row, member);

  if (node == NULL)
    g_assert_cmpint (kind, ==, TVM_WIRE_ABSENT);
  else if (JSON_NODE_HOLDS_NULL (node))
    g_assert_cmpint (kind, ==, TVM_WIRE_NULL);
  else if (JSON_NODE_HOLDS_ARRAY (node))
    g_assert_cmpint (kind, ==, TVM_WIRE_ARRAY);
  else if (JSON_NODE_HOLDS_OBJECT (node))
    g_assert_cmpint (kind, ==, TVM_WIRE_OTHER);
  else if (json_node_get_value_type (node) == G_TYPE_BOOLEAN)
    g_assert_cmpint (kind, ==, json_node_get_boolean (node) ? TVM_WIRE_YES : TVM_WIRE_NO);
  else if (json_node_get_value_type (node) == G_TYPE_STRING)
    {
      g_assert_cmpint (kind, ==, TVM_WIRE_STRING);
      compare_text (row, member, node);
    }
  else
    {
      double theirs = json_node_get_double (node), ours = tvm_wire_row_get_double (row, member, 0);

      g_assert_cmpint (kind, ==, TVM_WIRE_NUMBER);
      /* Of larger whole numbers json-glib makes others, and ours is 0 for what is infinite. */
      if (ABS (ours) < 1e15 && ABS (theirs) < 1e300)
        g_assert_cmpfloat_with_epsilon (ours, theirs, 1e-9 + ABS (theirs) * 1e-9);
    }
}

static gboolean
row_cb (const TvmWireRow *row, gpointer user_data, GError **error)
{
  Comparison *self = user_data;
  guint number = self->n_rows++;
  JsonNode *node;

  if (self->rows == NULL)
    return TRUE;
  g_assert_cmpuint (number, <, json_array_get_length (self->rows));
  node = json_array_get_element (self->rows, number);
  g_assert_true (JSON_NODE_HOLDS_OBJECT (node));
  for (guint i = 0; members[i] != NULL; i++)
    compare_member (row, i, json_object_get_member (json_node_get_object (node), members[i]));
  return TRUE;
}

static gboolean
read_stream (Comparison   *comparison,
             const guint8 *data,
             gsize         size_bytes,
             gboolean     *out_is_plain)
{
  g_autoptr(TvmJsonStream) stream = tvm_json_stream_new (&shape, row_cb, comparison);
  gboolean is_good = tvm_json_stream_feed (stream, (const char *) data, size_bytes, NULL) &&
                     tvm_json_stream_finish (stream, NULL);

  *out_is_plain = tvm_json_stream_get_n_passed_over (stream) == 0;
  return is_good;
}

/* Of two members of one name json-glib keeps one, and a text with a NUL ends there; an escaped name
 * may hide both. */
static gboolean
is_comparable (const guint8 *data,
               gsize         size_bytes)
{
  static const char *const names[] = { "\"id\"", "\"text\"", "\"number\"", "\"flag\"",
                                       "\"items\"", "\"value\"" };
  g_autofree char *text = g_strndup ((const char *) data, size_bytes);

  if (strlen (text) != size_bytes || strstr (text, "\\u") != NULL)
    return FALSE;
  /* An object of a row is where doubles are looked for. */
  for (const char *at = text; (at = strchr (at, '{')) != NULL; at++)
    for (guint i = 0; i < G_N_ELEMENTS (names); i++)
      {
        const char *end = strchr (at + 1, '}');
        const char *first = strstr (at, names[i]);
        const char *second = first != NULL ? strstr (first + 1, names[i]) : NULL;

        if (second != NULL && (end == NULL || second < end))
          return FALSE;
      }
  return strstr (text, "\"value\"") == NULL ||
         strstr (strstr (text, "\"value\"") + 1, "\"value\"") == NULL;
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        size_t        size_bytes)
{
  Comparison comparison = { NULL, 0 };
  g_autoptr(JsonParser) parser = NULL;
  gboolean is_plain, is_good = read_stream (&comparison, data, size_bytes, &is_plain);
  JsonNode *value;
  guint n_rows = comparison.n_rows;

  /* json-glib recurses; what the stream takes is not deep. */
  if (!is_good || !is_plain || !is_comparable (data, size_bytes))
    return 0;
  parser = json_parser_new ();
  if (!json_parser_load_from_data (parser, (const char *) data, (gssize) size_bytes, NULL))
    return 0;
  g_assert_true (JSON_NODE_HOLDS_OBJECT (json_parser_get_root (parser)));
  value = json_object_get_member (json_node_get_object (json_parser_get_root (parser)), "value");
  g_assert_true (value != NULL && JSON_NODE_HOLDS_ARRAY (value));
  g_assert_cmpuint (json_array_get_length (json_node_get_array (value)), ==, n_rows);
  comparison = (Comparison) { json_node_get_array (value), 0 };
  g_assert_true (read_stream (&comparison, data, size_bytes, &is_plain));
  return 0;
}

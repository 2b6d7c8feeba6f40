/* record-way.c: made-up rows for any record, and what must have become of them. What stands in JSON
 * and CSV is worked out here again, not by the program's functions.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "record-way.h"
#include "tvm-cli-private.h"

#include <string.h>

static const char *
word_for (const RecordWord *words,
          const char       *wire)
{
  for (; words != NULL && words->wire != NULL; words++)
    if (strcmp (words->wire, wire) == 0)
      return words->json;
  return NULL;
}

static char *
value_for (const TvmField *field,
           guint           i)
{
  switch (field->kind)
    {
    case TVM_FIELD_TEXT:
      return g_strdup_printf ("\"text %u\"", i);
    case TVM_FIELD_DATE:
      return g_strdup_printf ("\"2026-03-%02uT10:00:00Z\"", i % 28 + 1);
    case TVM_FIELD_LINES:
    case TVM_FIELD_LIST:
      return g_strdup_printf ("[\"first %u\",\"second %u\"]", i, i);
    case TVM_FIELD_INT:
      return g_strdup_printf ("%u", 1000 + i);
    case TVM_FIELD_DOUBLE:
      return field->most == 0 ? g_strdup_printf ("%u.25", i + 1)
                              : g_strdup_printf ("%.3f", field->most * (i % 40 + 1) / 64);
    case TVM_FIELD_BOOLEAN:
      return g_strdup ("true");
    case TVM_FIELD_INSTANT:
      return g_strdup_printf ("\"2026-01-01T00:00:%02uZ\"", i % 60);
    case TVM_FIELD_WORD:
      g_assert_nonnull (field->words->wire);
      return g_strdup_printf ("\"%s\"", field->words->wire[1 + i % 2].word);
    case TVM_FIELD_KEY:
    case TVM_N_FIELD_KINDS:
    default:
      g_assert_not_reached ();
    }
}

char *
record_way_row (const TvmFields  *fields,
                const RecordWord *words)
{
  GString *row = g_string_new ("{");

  for (guint i = 0; i < fields->n_fields; i++)
    {
      const TvmField *field = &fields->fields[i];
      const char *word = field->wire != NULL ? word_for (words, field->wire) : NULL;
      g_autofree char *value = NULL;

      if (field->wire == NULL)
        continue;
      value = word != NULL ? g_strdup (word) : value_for (field, i + 1);
      g_string_append_printf (row, "%s\"%s\":%s", row->len > 1 ? "," : "", field->wire, value);
    }
  g_string_append_c (row, '}');
  return g_string_free (row, FALSE);
}

/* The value as text; NULL where it says nothing. */
static char *
text_of (const TvmField *field,
         gconstpointer   record,
         gboolean        is_csv)
{
  g_autoptr(GDateTime) when = NULL;
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  char *text;
  int value;

  switch (field->kind)
    {
    case TVM_FIELD_TEXT:
    case TVM_FIELD_DATE:
    case TVM_FIELD_LINES:
      text = g_strdup (TVM_FIELD_AT (char *, record, field));
      return text != NULL ? g_strdelimit (text, "\n", ';') : NULL;
    case TVM_FIELD_LIST:
      if (TVM_FIELD_AT (char **, record, field) == NULL)
        return NULL;
      text = g_strjoinv (";", TVM_FIELD_AT (char **, record, field));
      return *text != '\0' ? text : (g_free (text), NULL);
    case TVM_FIELD_DOUBLE:
      if (TVM_FIELD_AT (double, record, field) <= field->unknown)
        return NULL;
      return g_strdup (g_ascii_formatd (number, sizeof number, "%.4g",
                                        TVM_FIELD_AT (double, record, field)));
    case TVM_FIELD_BOOLEAN:
      value = TVM_FIELD_AT (int, record, field);
      return value < 0 ? NULL : g_strdup (value ? "true" : "false");
    case TVM_FIELD_INT:
      value = TVM_FIELD_AT (int, record, field);
      return value < 0 ? NULL : g_strdup_printf ("%d", value);
    case TVM_FIELD_KEY:
    case TVM_FIELD_INSTANT:
      if (TVM_FIELD_AT (gint64, record, field) == 0)
        return NULL;
      when = g_date_time_new_from_unix_utc (TVM_FIELD_AT (gint64, record, field) / G_USEC_PER_SEC);
      return g_date_time_format (when, is_csv ? "%Y-%m-%dT%H:%M:%S+00:00" : "%s");
    case TVM_FIELD_WORD:
      return g_strdup (tvm_words_to_word (field->words, TVM_FIELD_AT (int, record, field)));
    case TVM_N_FIELD_KINDS:
    default:
      g_assert_not_reached ();
    }
}

void
record_way_check_kept (const TvmFields *fields,
                       gconstpointer    arrived,
                       gconstpointer    read)
{
  for (guint i = 0; i < fields->n_fields; i++)
    {
      const TvmField *field = &fields->fields[i];
      g_autofree char *before = text_of (field, arrived, TRUE);
      g_autofree char *after = text_of (field, read, TRUE);

      if (field->wire == NULL || field->column == NULL || field->offset == fields->said)
        continue;
      g_test_message ("%s is %s", field->column, after);
      g_assert_nonnull (before);
      g_assert_cmpstr (before, !=, "0");
      g_assert_cmpstr (before, !=, "false");
      g_assert_cmpstr (after, ==, before);
    }
}

static char *
text_of_node (const TvmField *field,
              JsonNode       *node)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  if (JSON_NODE_HOLDS_NULL (node))
    return NULL;
  if (JSON_NODE_HOLDS_ARRAY (node))
    {
      JsonArray *array = json_node_get_array (node);
      g_autoptr(GPtrArray) items = g_ptr_array_new ();

      for (guint i = 0; i < json_array_get_length (array); i++)
        g_ptr_array_add (items, (gpointer) json_array_get_string_element (array, i));
      g_ptr_array_add (items, NULL);
      return items->len > 1 ? g_strjoinv (";", (char **) items->pdata) : NULL;
    }
  if (field->kind == TVM_FIELD_BOOLEAN)
    return g_strdup (json_node_get_boolean (node) ? "true" : "false");
  if (field->kind == TVM_FIELD_INSTANT)
    {
      g_autoptr(GDateTime) when = g_date_time_new_from_iso8601 (json_node_get_string (node), NULL);

      return g_date_time_format (when, "%s");
    }
  if (field->kind == TVM_FIELD_INT)
    return g_strdup_printf ("%" G_GINT64_FORMAT, json_node_get_int (node));
  if (field->kind == TVM_FIELD_DOUBLE)
    return g_strdup (g_ascii_formatd (number, sizeof number, "%.4g", json_node_get_double (node)));
  return json_node_dup_string (node);
}

void
record_way_check_json (const TvmFields *fields,
                       gconstpointer    record)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  g_autoptr(JsonNode) root = NULL;
  guint n_members = 0;

  json_builder_begin_object (builder);
  tvm_cli_json_fields (builder, fields, record);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  for (guint i = 0; i < fields->n_fields; i++)
    if (fields->fields[i].json != NULL)
      {
        const TvmField *field = &fields->fields[i];
        JsonNode *node = json_object_get_member (json_node_get_object (root), field->json);
        g_autofree char *expected = text_of (field, record, FALSE);
        g_autofree char *found = NULL;

        g_assert_nonnull (node);
        found = text_of_node (field, node);
        g_assert_cmpstr (found, ==, expected);
        n_members++;
      }
  g_assert_cmpuint (json_object_get_size (json_node_get_object (root)), ==, n_members);
}

void
record_way_check_csv (const TvmFields *fields,
                      gconstpointer    record,
                      const char      *csv)
{
  g_auto(GStrv) lines = g_strsplit (csv, "\r\n", -1);
  g_auto(GStrv) names = g_strsplit (lines[0], ",", -1);
  g_auto(GStrv) cells = g_strsplit (lines[1], ",", -1);
  guint n_cells = 0;

  for (guint i = 0; i < fields->n_fields; i++)
    if (fields->fields[i].csv != NULL)
      {
        g_autofree char *expected = text_of (&fields->fields[i], record, TRUE);

        g_assert_cmpstr (names[n_cells], ==, fields->fields[i].csv);
        g_autofree char *cell = expected != NULL && strchr (expected, ';') != NULL
          ? g_strdup_printf ("\"%s\"", expected) : g_strdup (expected != NULL ? expected : "");

        if (fields->fields[i].wire != NULL)
          g_assert_cmpstr (cells[n_cells], ==, cell);
        g_assert_nonnull (fields->fields[i].heading);
        n_cells++;
      }
  g_assert_null (names[n_cells]);
  g_assert_null (cells[n_cells]);
}

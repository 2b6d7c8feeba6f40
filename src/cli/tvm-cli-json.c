/* tvm-cli-json.c: records as JSON for scripts; the keys are fixed. Main thread only.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-cli-private.h"

#include "tvm-said.h"
#include "tvm-time.h"

#include <stdio.h>

/**
 * tvm_cli_json_string:
 * @builder: a builder inside an object
 * @key: the member's name
 * @value: (nullable): its value; what is no UTF-8 in it, as names of files may be, is replaced
 */
void
tvm_cli_json_string (JsonBuilder *builder,
                     const char  *key,
                     const char  *value)
{
  g_autofree char *text = value != NULL ? g_utf8_make_valid (value, -1) : NULL;

  json_builder_set_member_name (builder, key);
  if (text != NULL)
    json_builder_add_string_value (builder, text);
  else
    json_builder_add_null_value (builder);
}

/**
 * tvm_cli_json_int:
 * @builder: a builder inside an object
 * @key: the member's name
 * @value: its value; below 0: not known, which becomes null
 */
void
tvm_cli_json_int (JsonBuilder *builder,
                  const char  *key,
                  gint64       value)
{
  json_builder_set_member_name (builder, key);
  if (value >= 0)
    json_builder_add_int_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

/**
 * tvm_cli_json_boolean:
 * @builder: a builder inside an object
 * @key: the member's name
 * @value: its value, a gboolean or a #TvmTruth; below 0: not known, which becomes null
 */
void
tvm_cli_json_boolean (JsonBuilder *builder,
                      const char  *key,
                      int          value)
{
  json_builder_set_member_name (builder, key);
  if (value >= 0)
    json_builder_add_boolean_value (builder, value != 0);
  else
    json_builder_add_null_value (builder);
}

/**
 * tvm_cli_json_instant:
 * @builder: a builder inside an object
 * @key: the member's name
 * @instant_us: microseconds since 1970, UTC; 0: not known, which becomes null
 */
void
tvm_cli_json_instant (JsonBuilder *builder,
                      const char  *key,
                      gint64       instant_us)
{
  g_autofree char *text = instant_us != 0 ? tvm_format_instant (instant_us) : NULL;

  tvm_cli_json_string (builder, key, text);
}

/**
 * tvm_cli_json_double:
 * @builder: a builder inside an object
 * @key: the member's name
 * @value: its value; %TVM_REAL_UNKNOWN becomes null
 */
void
tvm_cli_json_double (JsonBuilder *builder,
                     const char  *key,
                     double       value)
{
  json_builder_set_member_name (builder, key);
  if (value > TVM_REAL_UNKNOWN)
    json_builder_add_double_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

/**
 * tvm_cli_json_null:
 * @builder: a builder inside an object
 * @key: the name of a member that is not known
 */
void
tvm_cli_json_null (JsonBuilder *builder,
                   const char  *key)
{
  json_builder_set_member_name (builder, key);
  json_builder_add_null_value (builder);
}

/**
 * tvm_cli_json_strings:
 * @builder: a builder inside an object
 * @key: the member's name
 * @strings: (nullable): its values
 */
void
tvm_cli_json_strings (JsonBuilder *builder,
                      const char  *key,
                      char       **strings)
{
  tvm_cli_json_array (builder, key);
  for (; strings != NULL && *strings != NULL; strings++)
    json_builder_add_string_value (builder, *strings);
  json_builder_end_array (builder);
}

static void
add_lines (JsonBuilder *builder,
           const char  *key,
           const char  *lines)
{
  g_auto(GStrv) strings = g_strsplit (lines != NULL ? lines : "", "\n", -1);

  if (lines != NULL)
    tvm_cli_json_strings (builder, key, strings);
  else
    tvm_cli_json_null (builder, key);
}

static void
add_field (JsonBuilder     *builder,
           const TvmFields *fields,
           const TvmField  *field,
           gconstpointer    record)
{
  const char *key = field->json, *said;

  switch (field->kind)
    {
    case TVM_FIELD_TEXT:
    case TVM_FIELD_DATE:
      tvm_cli_json_string (builder, key, TVM_FIELD_AT (char *, record, field));
      break;
    case TVM_FIELD_LINES:
      add_lines (builder, key, TVM_FIELD_AT (char *, record, field));
      break;
    case TVM_FIELD_LIST:
      if (TVM_FIELD_AT (char **, record, field) != NULL)
        tvm_cli_json_strings (builder, key, TVM_FIELD_AT (char **, record, field));
      else
        tvm_cli_json_null (builder, key);
      break;
    case TVM_FIELD_INT:
      tvm_cli_json_int (builder, key, TVM_FIELD_AT (int, record, field));
      break;
    case TVM_FIELD_DOUBLE:
      if (TVM_FIELD_AT (double, record, field) > field->unknown)
        tvm_cli_json_double (builder, key, TVM_FIELD_AT (double, record, field));
      else
        tvm_cli_json_null (builder, key);
      break;
    case TVM_FIELD_BOOLEAN:
      tvm_cli_json_boolean (builder, key, TVM_FIELD_AT (int, record, field));
      break;
    case TVM_FIELD_INSTANT:
      tvm_cli_json_instant (builder, key, TVM_FIELD_AT (gint64, record, field));
      break;
    case TVM_FIELD_WORD:
      said = tvm_said_of_field (fields, record, field);
      tvm_cli_json_string (builder, key, said != NULL ? said
                           : tvm_words_to_word (field->words, TVM_FIELD_AT (int, record, field)));
      break;
    case TVM_FIELD_KEY:
      tvm_cli_json_int (builder, key, TVM_FIELD_AT (gint64, record, field) != 0
                                        ? TVM_FIELD_AT (gint64, record, field) : -1);
      break;
    case TVM_N_FIELD_KINDS:
    default:
      g_assert_not_reached ();
    }
}

/**
 * tvm_cli_json_fields:
 * @builder: a builder inside an object
 * @fields: the description of a record
 * @record: one
 *
 * Adds its members, in the description's order.
 */
void
tvm_cli_json_fields (JsonBuilder     *builder,
                     const TvmFields *fields,
                     gconstpointer    record)
{
  for (guint i = 0; i < fields->n_fields; i++)
    if (fields->fields[i].json != NULL)
      add_field (builder, fields, &fields->fields[i], record);
}

/**
 * tvm_cli_json_records:
 * @builder: a builder inside an object
 * @key: the member's name
 * @fields: the description of a record
 * @records: (nullable): such records
 *
 * Adds them as an array of objects.
 */
void
tvm_cli_json_records (JsonBuilder     *builder,
                      const char      *key,
                      const TvmFields *fields,
                      GPtrArray       *records)
{
  tvm_cli_json_array (builder, key);
  for (guint i = 0; records != NULL && i < records->len; i++)
    {
      json_builder_begin_object (builder);
      tvm_cli_json_fields (builder, fields, records->pdata[i]);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

/**
 * tvm_cli_json_known:
 * @builder: a builder inside an object
 * @key: the member's name
 * @fields: the description of a record
 * @records: (nullable): such records; %NULL: not known, which becomes null
 *
 * Adds them as an array of objects.
 */
void
tvm_cli_json_known (JsonBuilder     *builder,
                    const char      *key,
                    const TvmFields *fields,
                    GPtrArray       *records)
{
  if (records != NULL)
    tvm_cli_json_records (builder, key, fields, records);
  else
    tvm_cli_json_null (builder, key);
}

static void
add_disagreements (JsonBuilder       *builder,
                   const TvmActivity *activity)
{
  tvm_cli_json_array (builder, "disagreements");
  for (guint i = 0; i < TVM_N_DISAGREEMENTS; i++)
    if ((activity->disagreements & (1u << i)) != 0)
      {
        g_autofree char *message = tvm_disagreement_to_text (1u << i, activity);
        gboolean is_twin = 1u << i == TVM_DISAGREEMENT_TWIN;

        json_builder_begin_object (builder);
        tvm_cli_json_string (builder, "kind", tvm_disagreement_to_word (1u << i));
        tvm_cli_json_string (builder, "message", message);
        tvm_cli_json_string (builder, "next_step", tvm_disagreement_to_step (1u << i, activity));
        tvm_cli_json_string (builder, "activity_id", is_twin ? activity->twin_id : NULL);
        json_builder_end_object (builder);
      }
  json_builder_end_array (builder);
}

/**
 * tvm_cli_json_activity:
 * @builder: a builder inside an object
 * @activity: an activity
 * @tickets: (nullable) (element-type TvmTicket): its tickets
 *
 * Adds its members. What attention required does not have (R3) is null or empty.
 */
void
tvm_cli_json_activity (JsonBuilder       *builder,
                       const TvmActivity *activity,
                       GPtrArray         *tickets)
{
  tvm_cli_json_fields (builder, &tvm_activity_fields, activity);
  tvm_cli_json_records (builder, "tickets", &tvm_ticket_fields,
                        activity->type != TVM_TYPE_ATTENTION_REQUIRED ? tickets : NULL);
  add_disagreements (builder, activity);
}

/**
 * tvm_cli_json_history:
 * @builder: a builder inside an object
 * @history: (element-type TvmHistoryEntry): an activity's history
 *
 * Adds the member "history".
 */
void
tvm_cli_json_history (JsonBuilder *builder,
                      GPtrArray   *history)
{
  tvm_cli_json_array (builder, "history");
  for (guint i = 0; i < history->len; i++)
    {
      const TvmHistoryEntry *entry = g_ptr_array_index (history, i);

      json_builder_begin_object (builder);
      tvm_cli_json_string (builder, "kind", entry->kind);
      tvm_cli_json_instant (builder, "when", entry->when_us);
      tvm_cli_json_string (builder, "who", entry->who);
      tvm_cli_json_string (builder, "detail", entry->detail);
      tvm_cli_json_int (builder, "count", entry->count > 0 ? entry->count : -1);
      if (entry->before != NULL || entry->after != NULL)
        {
          tvm_cli_json_string (builder, "before", entry->before);
          tvm_cli_json_string (builder, "after", entry->after);
        }
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

/**
 * tvm_cli_json_to_text:
 * @builder: a builder whose root is closed
 * @pretty: whether to indent
 *
 * Returns: (transfer full): the JSON text, UTF-8
 */
char *
tvm_cli_json_to_text (JsonBuilder *builder,
                      gboolean     pretty)
{
  g_autoptr(JsonGenerator) generator = json_generator_new ();
  g_autoptr(JsonNode) root = json_builder_get_root (builder);

  json_generator_set_pretty (generator, pretty);
  json_generator_set_root (generator, root);
  return json_generator_to_data (generator, NULL);
}

/**
 * tvm_cli_json_print:
 * @builder: a builder whose root is closed
 *
 * Prints the document to standard output, as UTF-8 whatever the locale.
 */
void
tvm_cli_json_print (JsonBuilder *builder)
{
  g_autofree char *text = tvm_cli_json_to_text (builder, TRUE);

  tvm_cli_json_print_text (text);
  tvm_cli_json_print_text ("\n");
}

/**
 * tvm_cli_json_begin:
 *
 * Returns: (transfer full): a builder inside the object that will be the document
 */
JsonBuilder *
tvm_cli_json_begin (void)
{
  JsonBuilder *builder = json_builder_new ();

  json_builder_begin_object (builder);
  return builder;
}

/**
 * tvm_cli_json_end:
 * @builder: a builder of tvm_cli_json_begin()
 *
 * Closes the document's object and prints it.
 */
void
tvm_cli_json_end (JsonBuilder *builder)
{
  json_builder_end_object (builder);
  tvm_cli_json_print (builder);
}

/**
 * tvm_cli_json_array:
 * @builder: a builder inside an object
 * @key: the member's name
 *
 * Begins an array.
 */
void
tvm_cli_json_array (JsonBuilder *builder,
                    const char  *key)
{
  json_builder_set_member_name (builder, key);
  json_builder_begin_array (builder);
}

/* Of the one document that a command prints. */
static gboolean was_printed;

/**
 * tvm_cli_json_print_text:
 * @text: a part of the document, UTF-8
 *
 * Prints it to standard output.
 */
void
tvm_cli_json_print_text (const char *text)
{
  was_printed = TRUE;
  fputs (text, stdout);
}

/**
 * tvm_cli_json_was_printed:
 *
 * Returns: whether a document was printed, or a part of one
 */
gboolean
tvm_cli_json_was_printed (void)
{
  return was_printed;
}

/**
 * tvm_cli_json_unnamed:
 * @builder: a builder inside an object
 * @recommendation: a recommendation
 * @groups: (nullable) (element-type TvmGroupCount): its exposed devices by device group
 *
 * Adds by how many devices what the service counts and what it names differ; null where the one or
 * the other is not known.
 */
void
tvm_cli_json_unnamed (JsonBuilder             *builder,
                      const TvmRecommendation *recommendation,
                      GPtrArray               *groups)
{
  int unnamed = tvm_recommendation_unnamed (recommendation, groups);
  gboolean is_known = recommendation->exposed_devices >= 0 && groups != NULL &&
                      tvm_recommendation_knows_devices (recommendation);

  tvm_cli_json_int (builder, "not_told_devices", is_known ? MAX (unnamed, 0) : -1);
  tvm_cli_json_int (builder, "surplus_devices", is_known ? MAX (-unnamed, 0) : -1);
}

/* tvm-cli-json.c: records as JSON for scripts; the keys are fixed. Main thread only.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-cli-private.h"

#include "tvm-time.h"

#include <stdio.h>

/**
 * tvm_cli_json_string:
 * @builder: a builder inside an object
 * @key: the member's name
 * @value: (nullable): its value
 */
void
tvm_cli_json_string (JsonBuilder *builder,
                     const char  *key,
                     const char  *value)
{
  json_builder_set_member_name (builder, key);
  if (value != NULL)
    json_builder_add_string_value (builder, value);
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
    json_builder_add_boolean_value (builder, value);
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
  json_builder_set_member_name (builder, key);
  json_builder_begin_array (builder);
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
add_tickets (JsonBuilder *builder,
             GPtrArray   *tickets)
{
  json_builder_set_member_name (builder, "tickets");
  json_builder_begin_array (builder);
  for (guint i = 0; tickets != NULL && i < tickets->len; i++)
    {
      const TvmTicket *ticket = g_ptr_array_index (tickets, i);

      json_builder_begin_object (builder);
      tvm_cli_json_string (builder, "id", ticket->id);
      tvm_cli_json_string (builder, "status", tvm_ticket_status_to_word (ticket->status));
      tvm_cli_json_int (builder, "devices", ticket->devices);
      tvm_cli_json_string (builder, "assigned_to", ticket->assigned_to);
      tvm_cli_json_string (builder, "last_error", ticket->last_error);
      tvm_cli_json_int (builder, "outbox_id",
                        ticket->id == NULL || ticket->withdraw_us != 0 ? ticket->key : -1);
      tvm_cli_json_instant (builder, "withdrawal_requested_on", ticket->withdraw_us);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
add_disagreements (JsonBuilder       *builder,
                   const TvmActivity *activity)
{
  json_builder_set_member_name (builder, "disagreements");
  json_builder_begin_array (builder);
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
  gboolean is_attention = activity->type == TVM_TYPE_ATTENTION_REQUIRED;

  tvm_cli_json_string (builder, "id", activity->id);
  tvm_cli_json_string (builder, "title", activity->title);
  tvm_cli_json_string (builder, "recommendation_id", activity->recommendation_id);
  tvm_cli_json_string (builder, "related_component", activity->related_component);
  tvm_cli_json_string (builder, "type", tvm_remediation_type_to_word (activity->type));
  tvm_cli_json_string (builder, "status", tvm_activity_status_to_word (activity->status));
  tvm_cli_json_string (builder, "priority", tvm_priority_to_word (activity->priority));
  tvm_cli_json_string (builder, "due_on", is_attention ? NULL : activity->due_on);
  tvm_cli_json_instant (builder, "created_on", activity->created_us);
  tvm_cli_json_string (builder, "created_by", activity->created_by);
  tvm_cli_json_string (builder, "completed_by", activity->completed_by);
  tvm_cli_json_instant (builder, "completed_on", activity->completed_us);
  tvm_cli_json_string (builder, "completion", tvm_completion_to_word (activity->completion));
  tvm_cli_json_string (builder, "origin", tvm_origin_to_word (activity->origin));
  tvm_cli_json_int (builder, "target_devices", activity->target_devices);
  tvm_cli_json_int (builder, "fixed_devices", is_attention ? -1 : activity->fixed_devices);
  tvm_cli_json_strings (builder, "groups", activity->groups);
  tvm_cli_json_boolean (builder, "no_impact_only", activity->no_impact_only != 0);
  tvm_cli_json_string (builder, "notes", activity->notes);
  add_tickets (builder, is_attention ? NULL : tickets);
  add_disagreements (builder, activity);
}

/**
 * tvm_cli_json_recommendation:
 * @builder: a builder inside an object
 * @recommendation: a recommendation
 *
 * Adds its members.
 */
void
tvm_cli_json_recommendation (JsonBuilder             *builder,
                             const TvmRecommendation *recommendation)
{
  tvm_cli_json_string (builder, "id", recommendation->id);
  tvm_cli_json_string (builder, "name", recommendation->name);
  tvm_cli_json_string (builder, "product", recommendation->product);
  tvm_cli_json_string (builder, "vendor", recommendation->vendor);
  tvm_cli_json_string (builder, "recommended_version", recommendation->recommended_version);
  tvm_cli_json_string (builder, "related_component", recommendation->related_component);
  tvm_cli_json_string (builder, "category", recommendation->category);
  tvm_cli_json_string (builder, "subcategory", recommendation->subcategory);
  tvm_cli_json_string (builder, "type", tvm_remediation_type_to_word (recommendation->type));
  tvm_cli_json_string (builder, "status",
                       tvm_recommendation_status_to_word (recommendation->status));
  tvm_cli_json_int (builder, "weaknesses", recommendation->weaknesses);
  tvm_cli_json_int (builder, "exposed_devices", recommendation->exposed_devices);
  tvm_cli_json_int (builder, "total_devices", recommendation->total_devices);
  tvm_cli_json_int (builder, "exposed_critical_devices", recommendation->exposed_critical_devices);
  tvm_cli_json_int (builder, "no_impact_devices", recommendation->no_impact_devices);
  tvm_cli_json_double (builder, "severity", recommendation->severity);
  tvm_cli_json_int (builder, "exposed_devices_after_exceptions", recommendation->exposed_after);
  tvm_cli_json_double (builder, "exposure_impact", recommendation->exposure_impact);
  tvm_cli_json_double (builder, "exposure_impact_after_exceptions",
                       recommendation->exposure_impact_after);
  tvm_cli_json_double (builder, "config_score_impact", recommendation->config_score_impact);
  tvm_cli_json_double (builder, "config_score_impact_after_exceptions",
                       recommendation->config_score_impact_after);
  tvm_cli_json_boolean (builder, "public_exploit", recommendation->public_exploit);
  tvm_cli_json_boolean (builder, "active_alert", recommendation->active_alert);
  tvm_cli_json_boolean (builder, "known_exploited", recommendation->known_exploited);
  add_lines (builder, "associated_threats", recommendation->associated_threats);
  tvm_cli_json_int (builder, "active_activities", recommendation->n_activities);
  tvm_cli_json_instant (builder, "devices_synced_on", recommendation->devices_synced_us);
  tvm_cli_json_instant (builder, "vulnerabilities_synced_on",
                        recommendation->vulnerabilities_synced_us);
}

/**
 * tvm_cli_json_device:
 * @builder: a builder inside an object
 * @device: a device
 *
 * Adds its members.
 */
void
tvm_cli_json_device (JsonBuilder     *builder,
                     const TvmDevice *device)
{
  tvm_cli_json_string (builder, "id", device->id);
  tvm_cli_json_string (builder, "name", device->name);
  tvm_cli_json_string (builder, "os_platform", device->os_platform);
  tvm_cli_json_string (builder, "os_version", device->os_version);
  tvm_cli_json_string (builder, "group", device->group);
  tvm_cli_json_string (builder, "entra_device_id", device->aad_device_id);
  tvm_cli_json_boolean (builder, "is_entra_joined", device->is_aad_joined);
  tvm_cli_json_string (builder, "last_ip", device->last_ip);
  add_lines (builder, "tags", device->tags);
  tvm_cli_json_instant (builder, "first_seen", device->first_seen_us);
  tvm_cli_json_instant (builder, "last_seen", device->last_seen_us);
  tvm_cli_json_string (builder, "health", tvm_health_to_word (device->health));
  tvm_cli_json_string (builder, "risk", tvm_level_to_word (device->risk));
  tvm_cli_json_string (builder, "exposure", tvm_level_to_word (device->exposure));
  tvm_cli_json_int (builder, "open_recommendations",
                    device->n_recommendations == 0 && device->has_more ? -1
                                                                       : device->n_recommendations);
  tvm_cli_json_boolean (builder, "open_recommendations_complete", !device->has_more);
  tvm_cli_json_int (builder, "open_activities", device->n_activities);
}

/**
 * tvm_cli_json_history:
 * @builder: a builder inside an object
 * @history: (element-type TvmHistoryEntry): an activity's journal
 *
 * Adds the member "history".
 */
void
tvm_cli_json_history (JsonBuilder *builder,
                      GPtrArray   *history)
{
  json_builder_set_member_name (builder, "history");
  json_builder_begin_array (builder);
  for (guint i = 0; i < history->len; i++)
    {
      const TvmHistoryEntry *entry = g_ptr_array_index (history, i);

      json_builder_begin_object (builder);
      tvm_cli_json_string (builder, "kind", entry->kind);
      tvm_cli_json_instant (builder, "when", entry->when_us);
      tvm_cli_json_string (builder, "who", entry->who);
      tvm_cli_json_string (builder, "detail", entry->detail);
      tvm_cli_json_int (builder, "count", entry->count);
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
 * tvm_cli_json_vulnerabilities:
 * @builder: a builder inside an object
 * @vulnerabilities: (element-type TvmVulnerability): CVEs
 *
 * Adds the member "vulnerabilities".
 */
void
tvm_cli_json_vulnerabilities (JsonBuilder *builder,
                              GPtrArray   *vulnerabilities)
{
  json_builder_set_member_name (builder, "vulnerabilities");
  json_builder_begin_array (builder);
  for (guint i = 0; i < vulnerabilities->len; i++)
    {
      const TvmVulnerability *vulnerability = g_ptr_array_index (vulnerabilities, i);

      json_builder_begin_object (builder);
      tvm_cli_json_string (builder, "id", vulnerability->id);
      tvm_cli_json_string (builder, "severity", tvm_level_to_word (vulnerability->severity));
      tvm_cli_json_double (builder, "cvss",
                           vulnerability->cvss >= 0 ? vulnerability->cvss : TVM_REAL_UNKNOWN);
      tvm_cli_json_int (builder, "exposed_devices", vulnerability->exposed_devices);
      tvm_cli_json_instant (builder, "published_on", vulnerability->published_us);
      tvm_cli_json_boolean (builder, "public_exploit", vulnerability->public_exploit);
      tvm_cli_json_boolean (builder, "exploit_verified", vulnerability->exploit_verified);
      tvm_cli_json_boolean (builder, "exploit_in_kit", vulnerability->exploit_in_kit);
      tvm_cli_json_string (builder, "description", vulnerability->description);
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

  fputs (text, stdout);
  fputc ('\n', stdout);
}

/* tvm-wire-ticket.c: the body that makes a ticket (api section 4), a pure function. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-brief.h"
#include "tvm-client-private.h"
#include "tvm-i18n.h"

#include <json-glib/json-glib.h>
#include <string.h>

/* Graph does not tell how long a description may be. */
#define MAX_DESCRIPTION_BYTES 8192

static void
add_string (JsonBuilder *builder,
            const char  *member,
            const char  *value)
{
  if (value == NULL || *value == '\0')
    return;
  json_builder_set_member_name (builder, member);
  json_builder_add_string_value (builder, value);
}

static const char *
find_platform (GPtrArray *devices)
{
  gboolean server = FALSE, client = FALSE, mac = FALSE, other = FALSE;

  for (guint i = 0; i < devices->len; i++)
    {
      const TvmDevice *device = g_ptr_array_index (devices, i);
      const char *os = device->os_platform != NULL ? device->os_platform : "";

      if (g_ascii_strncasecmp (os, "WindowsServer", 13) == 0)
        server = TRUE;
      else if (g_ascii_strncasecmp (os, "Windows1", 8) == 0)
        client = TRUE;
      else if (g_ascii_strncasecmp (os, "macOS", 5) == 0)
        mac = TRUE;
      else
        other = TRUE;
    }
  if (other || (mac && (server || client)) || !(server || client || mac))
    return "unknown";
  return mac ? "macOS" : server ? "windows10AndWindowsServer" : "windows10AndLater";
}

/* The trailer is what programs read: the marker is last and finds the ticket again after a lost
 * answer (R4); what comes before it tells others what was asked for (R20). */
static char *
build_description (const TvmTicketDraft *draft,
                   const TvmBrief       *brief)
{
  g_autoptr(GString) text = g_string_new (NULL);
  g_autofree char *devices = tvm_number_to_words (draft->devices->len);
  g_autofree char *trailer = tvm_ticket_trace_build (draft);
  g_autofree char *fitting = NULL;

  tvm_brief_add_steps (text, brief);
  g_string_append_c (text, '\n');
  /* Translators: how many devices a ticket is about */
  tvm_brief_add_line (text, _("Devices of this ticket"), devices);
  tvm_brief_add_request (text, brief);
  fitting = tvm_brief_fit (text->str, MAX_DESCRIPTION_BYTES - strlen (trailer) - 1);
  return g_strconcat (fitting, "\n", trailer, NULL);
}

static void
add_software_members (JsonBuilder          *builder,
                      const TvmTicketDraft *draft,
                      const TvmBrief       *brief)
{
  const TvmRecommendation *recommendation = draft->recommendation;
  g_autofree char *product = tvm_brief_product (brief);
  g_autofree char *publisher = tvm_brief_publisher (brief);
  g_autofree char *action = tvm_brief_action (brief);

  add_string (builder, "appName", product);
  add_string (builder, "appPublisher", publisher);
  add_string (builder, "appVersion",
              recommendation != NULL ? recommendation->recommended_version : NULL);
  add_string (builder, "mitigationType",
              draft->activity->type == TVM_TYPE_UNINSTALL ? "uninstall" : "update");
  add_string (builder, "remediation", action);
}

/* The service does not say which settings of which profile these are: name and state stand in its
 * words. */
static void
add_configuration_members (JsonBuilder          *builder,
                           const TvmTicketDraft *draft,
                           const TvmBrief       *brief)
{
  g_autofree char *name = tvm_brief_title (brief, 1, 1);
  g_autofree char *value = tvm_brief_setting_value (brief);

  add_string (builder, "endpointSecurityPolicy", tvm_brief_policy (brief));
  add_string (builder, "applicablePlatform", find_platform (draft->devices));
  json_builder_set_member_name (builder, "intendedSettings");
  json_builder_begin_array (builder);
  json_builder_begin_object (builder);
  add_string (builder, "name", name);
  add_string (builder, "value", value);
  json_builder_end_object (builder);
  json_builder_end_array (builder);
}

/* lastSyncDateTime is Intune's time and not known here: Defender's lastSeen is another one. */
static void
add_devices (JsonBuilder          *builder,
             const TvmTicketDraft *draft)
{
  json_builder_set_member_name (builder, "managedDevices");
  json_builder_begin_array (builder);
  for (guint i = 0; i < draft->devices->len && i < TVM_TICKET_MAX_DEVICES; i++)
    {
      const TvmDevice *device = g_ptr_array_index (draft->devices, i);
      g_autofree char *key = NULL;
      const char *managed_id = NULL;

      if (device->aad_device_id == NULL)
        continue;
      key = g_ascii_strdown (device->aad_device_id, -1);
      if (draft->managed_ids != NULL)
        managed_id = g_hash_table_lookup (draft->managed_ids, key);
      if (draft->managed_ids != NULL && managed_id == NULL)
        managed_id = g_hash_table_lookup (draft->managed_ids, device->aad_device_id);
      json_builder_begin_object (builder);
      add_string (builder, "id", device->aad_device_id);
      add_string (builder, "managedDeviceId", managed_id);
      add_string (builder, "displayName", device->name);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

/**
 * tvm_ticket_body_build:
 * @draft: what the ticket is about
 * @creator: (nullable): the e-mail address of the one who asks
 *
 * Returns: (transfer full): the JSON document, with documented properties only
 */
char *
tvm_ticket_body_build (const TvmTicketDraft *draft,
                       const char           *creator)
{
  const TvmActivity *activity = draft->activity;
  gboolean is_software = activity->type != TVM_TYPE_CONFIGURATION_CHANGE;
  g_auto(TvmLanguageScope) scope = tvm_language_enter (draft->language);
  TvmBrief brief = { activity, draft->recommendation, draft->vulnerabilities, draft->updates };
  g_autofree char *title = tvm_brief_title (&brief, draft->number, draft->n_tickets);
  g_autofree char *description = build_description (draft, &brief);
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  g_autoptr(JsonNode) root = NULL;

  json_builder_begin_object (builder);
  add_string (builder, "@odata.type", is_software ? "#microsoft.graph.appVulnerabilityTask"
                                                  : "#microsoft.graph.securityConfigurationTask");
  add_string (builder, "displayName", title);
  add_string (builder, "description", description);
  if (activity->due_on != NULL)
    {
      g_autofree char *due = g_strconcat (activity->due_on, "T00:00:00Z", NULL);

      add_string (builder, "dueDateTime", due);
    }
  add_string (builder, "category", "advancedThreatProtection");
  add_string (builder, "priority", activity->priority == TVM_PRIORITY_HIGH ? "high"
                                   : activity->priority == TVM_PRIORITY_LOW ? "low" : "none");
  add_string (builder, "creator", activity->created_by != NULL ? activity->created_by : creator);
  add_string (builder, "creatorNotes", activity->notes);
  add_string (builder, "status", "pending");
  if (is_software)
    add_software_members (builder, draft, &brief);
  else
    add_configuration_members (builder, draft, &brief);
  add_devices (builder, draft);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  return json_to_string (root, FALSE);
}

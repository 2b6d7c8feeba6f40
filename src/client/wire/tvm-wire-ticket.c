/* tvm-wire-ticket.c: the body that makes a ticket (api section 4), a pure function. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-client-private.h"
#include "tvm-text.h"

#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>
#include <string.h>

/* Words of a recommendation and the policy that they point to; the first match decides. */
static const struct { const char *word, *policy; } policies[] = {
  { "bitlocker", "diskEncryption" }, { "encrypt", "diskEncryption" },
  { "filevault", "diskEncryption" },
  { "firewall", "firewall" },
  { "attack surface", "attackSurfaceReduction" }, { "asr", "attackSurfaceReduction" },
  { "exploit", "attackSurfaceReduction" }, { "smartscreen", "attackSurfaceReduction" },
  { "controlled folder", "attackSurfaceReduction" },
  { "endpoint detection", "endpointDetectionAndResponse" },
  { "edr", "endpointDetectionAndResponse" },
  { "sensor", "endpointDetectionAndResponse" }, { "onboard", "endpointDetectionAndResponse" },
  { "antivirus", "antivirus" }, { "real-time", "antivirus" }, { "tamper", "antivirus" },
  { "credential", "accountProtection" }, { "account", "accountProtection" },
  { "password", "accountProtection" },
};

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

static gboolean
contains_word (const char *text,
               const char *word)
{
  g_autofree char *padded = NULL;
  g_autofree char *needle = NULL;

  if (strlen (word) > 3)
    return tvm_text_contains_fold (text, word);
  padded = g_strconcat (" ", text, " ", NULL);
  needle = g_strconcat (" ", word, " ", NULL);
  return tvm_text_contains_fold (padded, needle);
}

static const char *
find_policy (const TvmTicketDraft *draft)
{
  const TvmRecommendation *recommendation = draft->recommendation;
  const char *texts[] = {
    recommendation != NULL ? recommendation->subcategory : NULL,
    recommendation != NULL ? recommendation->related_component : NULL,
    recommendation != NULL ? recommendation->name : NULL,
    draft->activity->title,
  };

  for (guint t = 0; t < G_N_ELEMENTS (texts); t++)
    for (guint i = 0; texts[t] != NULL && i < G_N_ELEMENTS (policies); i++)
      if (contains_word (texts[t], policies[i].word))
        return policies[i].policy;
  return "unknown";
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

/* The marker ends the description: it finds the ticket again after a lost answer (R4). */
static char *
build_description (const TvmTicketDraft *draft)
{
  const TvmActivity *activity = draft->activity;
  const char *text = activity->description != NULL && *activity->description != '\0'
                       ? activity->description : activity->title;

  return text != NULL && *text != '\0' ? g_strconcat (text, "\n\n", draft->marker, NULL)
                                       : g_strdup (draft->marker);
}

static char *
build_remediation (const TvmTicketDraft *draft,
                   const char           *product)
{
  const TvmRecommendation *recommendation = draft->recommendation;
  const char *version = recommendation != NULL ? recommendation->recommended_version : NULL;

  if (draft->activity->type == TVM_TYPE_UNINSTALL)
    /* Translators: what the IT admin reads in the ticket; %s is a program's name */
    return g_strdup_printf (_("Uninstall %s from the devices of this task."), product);
  if (version != NULL && *version != '\0')
    /* Translators: a program's name, then a version */
    return g_strdup_printf (_("Update %s on the devices of this task to version %s or later."),
                            product, version);
  return g_strdup_printf (_("Update %s on the devices of this task to the latest version."),
                          product);
}

static void
add_software_members (JsonBuilder          *builder,
                      const TvmTicketDraft *draft)
{
  const TvmRecommendation *recommendation = draft->recommendation;
  const char *product = recommendation != NULL && recommendation->product != NULL
                          ? recommendation->product : draft->activity->related_component;
  g_autofree char *remediation = NULL;

  if (product == NULL)
    product = draft->activity->title != NULL ? draft->activity->title : "";
  remediation = build_remediation (draft, product);
  add_string (builder, "appName", product);
  add_string (builder, "appPublisher", recommendation != NULL ? recommendation->vendor : NULL);
  add_string (builder, "appVersion",
              recommendation != NULL ? recommendation->recommended_version : NULL);
  add_string (builder, "mitigationType",
              draft->activity->type == TVM_TYPE_UNINSTALL ? "uninstall" : "update");
  add_string (builder, "remediation", remediation);
}

static void
add_configuration_members (JsonBuilder          *builder,
                           const TvmTicketDraft *draft)
{
  add_string (builder, "endpointSecurityPolicy", find_policy (draft));
  add_string (builder, "applicablePlatform", find_platform (draft->devices));
  json_builder_set_member_name (builder, "intendedSettings");
  json_builder_begin_array (builder);
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
  g_autofree char *description = build_description (draft);
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  g_autoptr(JsonNode) root = NULL;

  json_builder_begin_object (builder);
  add_string (builder, "@odata.type", is_software ? "#microsoft.graph.appVulnerabilityTask"
                                                  : "#microsoft.graph.securityConfigurationTask");
  add_string (builder, "displayName", activity->title);
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
    add_software_members (builder, draft);
  else
    add_configuration_members (builder, draft);
  add_devices (builder, draft);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  return json_to_string (root, FALSE);
}

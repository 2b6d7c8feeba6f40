/* tvm-demo-ticket.c: Intune security tasks: what may be posted, and their state. The server's
 * thread only. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-demo-private.h"

#include <string.h>

#include "tvm-time.h"

#define MAX_TICKET_DEVICES 10000

typedef enum { TEXT, NUMBER, INSTANT, WORD, SETTINGS, DEVICES } Kind;
typedef enum { COMMON, VULNERABILITY, CONFIGURATION } Owner;

/* A property of a security task; @words are an enumeration's, by spaces, one at each end too. */
typedef struct { const char *name; Owner owner; Kind kind; const char *words; } Property;

static const Property properties[] = {
  { "id", COMMON, TEXT, NULL },
  { "displayName", COMMON, TEXT, NULL },
  { "description", COMMON, TEXT, NULL },
  { "createdDateTime", COMMON, INSTANT, NULL },
  { "dueDateTime", COMMON, INSTANT, NULL },
  { "category", COMMON, WORD, " unknown advancedThreatProtection " },
  { "priority", COMMON, WORD, " none high low " },
  { "creator", COMMON, TEXT, NULL },
  { "creatorNotes", COMMON, TEXT, NULL },
  { "assignedTo", COMMON, TEXT, NULL },
  { "status", COMMON, WORD, " unknown pending active completed rejected " },
  { "insights", COMMON, TEXT, NULL },
  { "managedDeviceCount", COMMON, NUMBER, NULL },
  { "managedDevices", COMMON, DEVICES, NULL },
  { "appName", VULNERABILITY, TEXT, NULL },
  { "appPublisher", VULNERABILITY, TEXT, NULL },
  { "appVersion", VULNERABILITY, TEXT, NULL },
  { "mitigationType", VULNERABILITY, WORD, " unknown update uninstall securityConfiguration " },
  { "mobileAppCount", VULNERABILITY, NUMBER, NULL },
  { "remediation", VULNERABILITY, TEXT, NULL },
  { "endpointSecurityPolicy", CONFIGURATION, WORD,
    " unknown antivirus diskEncryption firewall "
    "endpointDetectionAndResponse attackSurfaceReduction accountProtection " },
  { "applicablePlatform", CONFIGURATION, WORD,
    " unknown macOS windows10AndLater windows10AndWindowsServer " },
  { "endpointSecurityPolicyProfile", CONFIGURATION, WORD,
    " unknown antivirus windowsSecurity bitLocker fileVault firewall "
    "firewallRules endpointDetectionAndResponse deviceControl appAndBrowserIsolation "
    "exploitProtection "
    "webProtection applicationControl attackSurfaceReductionRules accountProtection " },
  { "intendedSettings", CONFIGURATION, SETTINGS, NULL },
};

/**
 * tvm_demo_is_guid:
 * @text: (nullable): a text
 *
 * Returns: whether it is a GUID in the usual form
 */
gboolean
tvm_demo_is_guid (const char *text)
{
  return text != NULL && g_uuid_string_is_valid (text);
}

static gboolean
has_word (const char *words,
          const char *word)
{
  g_autofree char *framed = g_strdup_printf (" %s ", word);

  return *word != '\0' && strchr (word, ' ') == NULL && strstr (words, framed) != NULL;
}

/**
 * tvm_demo_ticket_status_is_known:
 * @status: a word
 *
 * Returns: whether it is a documented status of an Intune security task, in this letter case
 */
gboolean
tvm_demo_ticket_status_is_known (const char *status)
{
  return has_word (" unknown pending active completed rejected ", status);
}

/* Every member of @object is a text, and its name one of @names. */
static char *
check_texts (JsonNode   *node,
             const char *names)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return g_strdup ("An object was expected in a collection.");
  json_object_iter_init (&iter, json_node_get_object (node));
  while (json_object_iter_next (&iter, &name, &value))
    {
      if (!has_word (names, name))
        return g_strdup_printf ("The property '%s' does not exist.", name);
      if (!JSON_NODE_HOLDS_NULL (value) && json_node_get_value_type (value) != G_TYPE_STRING)
        return g_strdup_printf (
          "Cannot convert the value of '%s' to the expected type 'Edm.String'.", name);
    }
  return NULL;
}

static char *
check_device (JsonNode *node)
{
  char *problem = check_texts (node, " id managedDeviceId displayName lastSyncDateTime ");
  JsonObject *device = problem == NULL ? json_node_get_object (node) : NULL;
  const char *intune_id, *seen;
  gint64 seen_us;

  if (problem != NULL)
    return problem;
  if (!tvm_demo_is_guid (json_object_get_string_member_with_default (device, "id", NULL)))
    return g_strdup ("The id of a managed device is not a GUID.");
  intune_id = json_object_get_string_member_with_default (device, "managedDeviceId", NULL);
  if (intune_id != NULL && !tvm_demo_is_guid (intune_id))
    return g_strdup ("The managedDeviceId of a managed device is not a GUID.");
  seen = json_object_get_string_member_with_default (device, "lastSyncDateTime", NULL);
  if (seen != NULL && !tvm_parse_instant (seen, &seen_us))
    return g_strdup (
      "Cannot convert 'lastSyncDateTime' to the expected type 'Edm.DateTimeOffset'.");
  return NULL;
}

static char *
check_list (const Property *property,
            JsonNode       *value)
{
  JsonArray *list = JSON_NODE_HOLDS_ARRAY (value) ? json_node_get_array (value) : NULL;

  if (list == NULL)
    return g_strdup_printf ("'%s' must be a collection.", property->name);
  if (property->kind == DEVICES && json_array_get_length (list) > MAX_TICKET_DEVICES)
    return g_strdup_printf ("A task takes at most %d managed devices.", MAX_TICKET_DEVICES);
  for (guint i = 0; i < json_array_get_length (list); i++)
    {
      JsonNode *element = json_array_get_element (list, i);
      char *problem = property->kind == DEVICES ? check_device (element)
                                                : check_texts (element, " @odata.type name value ");

      if (problem != NULL)
        return problem;
    }
  return NULL;
}

static char *
check_value (const Property *property,
             JsonNode       *value)
{
  GType type = JSON_NODE_HOLDS_VALUE (value) ? json_node_get_value_type (value) : G_TYPE_INVALID;
  gint64 instant_us;

  if (property->kind == SETTINGS || property->kind == DEVICES)
    return check_list (property, value);
  if (JSON_NODE_HOLDS_NULL (value))
    return property->kind == TEXT || property->kind == INSTANT ? NULL
           : g_strdup_printf ("'%s' must not be null.", property->name);
  if (type != (property->kind == NUMBER ? G_TYPE_INT64 : G_TYPE_STRING))
    return g_strdup_printf ("Cannot convert the value of '%s' to the expected type.",
                            property->name);
  if (property->kind == INSTANT && !tvm_parse_instant (json_node_get_string (value), &instant_us))
    return g_strdup_printf ("Cannot convert '%s' to the expected type 'Edm.DateTimeOffset'.",
                            property->name);
  if (property->kind == WORD && !has_word (property->words, json_node_get_string (value)))
    return g_strdup_printf ("Requested value '%s' was not found.", json_node_get_string (value));
  return NULL;
}

/**
 * tvm_demo_ticket_check:
 * @body: a posted or patched task
 * @is_new: whether it was posted; a patch may lack the type and must lack devices
 * @is_setting: (inout): whether it is a securityConfigurationTask; taken from there where a patch
 *   does not tell it
 *
 * Checks it against the documented properties of its type, and that it names at most 10,000
 * devices.
 *
 * Returns: (transfer full) (nullable): what is wrong with it; %NULL: nothing
 */
char *
tvm_demo_ticket_check (JsonObject *body,
                       gboolean    is_new,
                       gboolean   *is_setting)
{
  JsonNode *type_node = json_object_get_member (body, "@odata.type");
  const char *type = type_node != NULL && JSON_NODE_HOLDS_VALUE (type_node)
                       ? json_node_get_string (type_node)
                       : NULL;
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (g_strcmp0 (type, "#microsoft.graph.securityConfigurationTask") == 0)
    *is_setting = TRUE;
  else if (g_strcmp0 (type, "#microsoft.graph.appVulnerabilityTask") == 0)
    *is_setting = FALSE;
  else if (is_new || type_node != NULL)
    return g_strdup ("The request needs '@odata.type', the name of a concrete task type.");
  json_object_iter_init (&iter, body);
  while (json_object_iter_next (&iter, &name, &value))
    {
      const Property *property = NULL;
      char *problem;

      for (guint i = 0; i < G_N_ELEMENTS (properties); i++)
        if (g_str_equal (properties[i].name, name) &&
            properties[i].owner != (*is_setting ? VULNERABILITY : CONFIGURATION))
          property = &properties[i];
      if (g_str_equal (name, "@odata.type"))
        continue;
      if (property == NULL || (property->kind == DEVICES && !is_new))
        return g_strdup_printf ("The property '%s' does not exist on type 'microsoft.graph.%s'.",
                                name,
                                *is_setting ? "securityConfigurationTask" : "appVulnerabilityTask");
      problem = check_value (property, value);
      if (problem != NULL)
        return problem;
    }
  return NULL;
}

/**
 * tvm_demo_ticket_find:
 * @tenant: a tenant
 * @id: its id, in any letter case
 *
 * Returns: (transfer none) (nullable): the ticket
 */
TvmDemoTicket *
tvm_demo_ticket_find (TvmDemoTenant *tenant,
                      const char    *id)
{
  for (guint i = 0; i < tenant->tickets->len; i++)
    if (g_ascii_strcasecmp (((TvmDemoTicket *) tenant->tickets->pdata[i])->id, id) == 0)
      return tenant->tickets->pdata[i];
  return NULL;
}

/**
 * tvm_demo_ticket_free:
 * @ticket: (transfer full): a ticket
 */
void
tvm_demo_ticket_free (TvmDemoTicket *ticket)
{
  json_object_unref (ticket->fields);
  g_clear_pointer (&ticket->devices, json_array_unref);
  g_free (ticket);
}

/**
 * tvm_demo_ticket_set:
 * @ticket: a ticket
 * @status: (nullable): its new status, %NULL: as it is
 * @note: (nullable): its new creatorNotes, %NULL: as they are
 * @assigned_to: (nullable): whose it is now, %NULL: as it is
 */
void
tvm_demo_ticket_set (TvmDemoTicket *ticket,
                     const char    *status,
                     const char    *note,
                     const char    *assigned_to)
{
  if (status != NULL)
    json_object_set_string_member (ticket->fields, "status", status);
  if (note != NULL)
    json_object_set_string_member (ticket->fields, "creatorNotes", note);
  if (assigned_to != NULL)
    json_object_set_string_member (ticket->fields, "assignedTo", assigned_to);
}

/**
 * tvm_demo_ticket_get:
 * @ticket: a ticket
 * @member: the name of a property
 *
 * Returns: (transfer none) (nullable): its text, until the ticket is changed; %NULL where it has
 *   none
 */
const char *
tvm_demo_ticket_get (const TvmDemoTicket *ticket,
                     const char          *member)
{
  return json_object_get_string_member_with_default (ticket->fields, member, NULL);
}

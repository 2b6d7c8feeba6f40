/* tvm-fields.c: the description of each record, in the order of its CSV columns and JSON members.
 * Any thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-fields.h"

#include "tvm-i18n.h"

/* A member of the struct RECORD: where it is, if its type is the one that goes with its kind. */
#define AT(type, member) \
  _Generic (((RECORD *) NULL)->member, type: G_STRUCT_OFFSET (RECORD, member))
#define KEY(member)            AT (gint64, member), TVM_FIELD_KEY, NULL, 0
#define TEXT(member)           AT (char *, member), TVM_FIELD_TEXT, NULL, 0
#define DATE(member)           AT (char *, member), TVM_FIELD_DATE, NULL, 0
#define LINES(member)          AT (char *, member), TVM_FIELD_LINES, NULL, 0
#define LIST(member, unknown)  AT (char **, member), TVM_FIELD_LIST, NULL, unknown
#define INT(member, unknown)   AT (int, member), TVM_FIELD_INT, NULL, unknown
#define FLAGS(member)          AT (guint, member), TVM_FIELD_INT, NULL, 0
#define REAL(member, unknown)  AT (double, member), TVM_FIELD_DOUBLE, NULL, unknown
#define YES_NO(member, unknown) AT (gboolean, member), TVM_FIELD_BOOLEAN, NULL, unknown
#define INSTANT(member)        AT (gint64, member), TVM_FIELD_INSTANT, NULL, 0
#define WORD(member, name) \
  G_STRUCT_OFFSET (RECORD, member), TVM_FIELD_WORD, &tvm_##name##_words, 0
#define FIELDS(name) \
  const TvmFields tvm_##name##_fields = { sizeof (RECORD), name##_fields, \
                                          G_N_ELEMENTS (name##_fields), 0 }
/* Of a record with words of a service, some of which may be unknown here. No service has a member
 * of this name: it is made of the others' values. */
#define SAID { LIST (said, -1), "@said", "said" }
#define FIELDS_WITH_SAID(name) \
  const TvmFields tvm_##name##_fields = { sizeof (RECORD), name##_fields, \
                                          G_N_ELEMENTS (name##_fields), \
                                          G_STRUCT_OFFSET (RECORD, said) }

/* Of each: the member; the service's name, the column, in JSON; in CSV, for people. */
#define RECORD TvmRecommendation
static const TvmField recommendation_fields[] = {
  { KEY (key), NULL, "key" },
  { TEXT (id), "id", "id", "id", "id", N_("ID") },
  { TEXT (name), "recommendationName", "name", "name", "name", N_("Name") },
  { TEXT (product), "productName", "product", "product", "product", N_("Product") },
  { TEXT (vendor), "vendor", "vendor", "vendor", "vendor", N_("Vendor") },
  { TEXT (recommended_version), "recommendedVersion", "recommended_version", "recommended_version",
    "recommended_version", N_("Recommended version") },
  { TEXT (recommended_program), "recommendedProgram", "recommended_program" },
  { TEXT (recommended_vendor), "recommendedVendor", "recommended_vendor" },
  { TEXT (related_component), "relatedComponent", "related_component", "related_component",
    "related_component", N_("Related component") },
  { TEXT (category), "recommendationCategory", "category", "category" },
  { TEXT (subcategory), "subCategory", "subcategory", "subcategory" },
  { WORD (type, remediation_type), "remediationType", "type", "type", "type",
    N_("Remediation type") },
  { WORD (status, recommendation_status), "status", "status", "status", "status", N_("Status") },
  { INT (weaknesses, -1), "weaknesses", "weaknesses", "weaknesses", "weaknesses",
    N_("Weaknesses") },
  { INT (exposed_devices, -1), "exposedMachinesCount", "exposed_devices", "exposed_devices",
    "exposed_devices", N_("Exposed devices") },
  { INT (exposed_after, -1), NULL, "exposed_after", "exposed_devices_after_exceptions",
    "exposed_devices_after_exceptions", N_("Exposed devices after exceptions") },
  { INT (total_devices, -1), "totalMachineCount", "total_devices", "total_devices", "total_devices",
    N_("Total devices") },
  { INT (exposed_critical_devices, -1), "exposedCriticalDevices", "exposed_critical_devices",
    "exposed_critical_devices" },
  { INT (no_impact_devices, -1), "nonProductivityImpactedAssets", "no_impact_devices",
    "no_impact_devices" },
  { REAL (severity, TVM_REAL_UNKNOWN), "severityScore", "severity", "severity", "severity",
    N_("Severity"), .most = TVM_CVSS_MOST },
  { REAL (exposure_impact, TVM_REAL_UNKNOWN), "exposureImpact", "exposure_impact",
    "exposure_impact", "exposure_impact", N_("Exposure score impact") },
  { REAL (config_score_impact, TVM_REAL_UNKNOWN), "configScoreImpact", "config_score_impact",
    "config_score_impact", "config_score_impact", N_("Secure score impact") },
  { REAL (exposure_impact_after, TVM_REAL_UNKNOWN), NULL, "exposure_impact_after",
    "exposure_impact_after_exceptions", "exposure_impact_after_exceptions",
    N_("Exposure score impact after exceptions") },
  { REAL (config_score_impact_after, TVM_REAL_UNKNOWN), NULL, "config_score_impact_after",
    "config_score_impact_after_exceptions", "config_score_impact_after_exceptions",
    N_("Secure score impact after exceptions") },
  { YES_NO (public_exploit, -1), "publicExploit", "public_exploit", "public_exploit",
    "public_exploit", N_("Public exploit") },
  { YES_NO (active_alert, -1), "activeAlert", "active_alert", "active_alert", "active_alert",
    N_("Active alert") },
  { YES_NO (known_exploited, -1), "knownExploited" /* not told so far */, "known_exploited",
    "known_exploited", "known_exploited", N_("Known exploited") },
  { REAL (epss, -1), NULL, "epss", "epss", "epss", N_("EPSS") },
  { LINES (associated_threats), "associatedThreats", "associated_threats", "associated_threats" },
  { INT (n_activities, 0), NULL, "n_activities", "active_activities",
    "active_activities",
    N_("Remediation activities") },
  { INSTANT (devices_synced_us), NULL, "devices_synced_us", "devices_synced_on" },
  { INSTANT (vulnerabilities_synced_us), NULL, "vulnerabilities_synced_us",
    "vulnerabilities_synced_on" },
  SAID,
};
FIELDS_WITH_SAID (recommendation);

#undef RECORD
#define RECORD TvmDevice
static const TvmField device_fields[] = {
  { KEY (key), NULL, "key" },
  { TEXT (id), "id", "id", "id", "id", N_("ID") },
  { TEXT (name), "computerDnsName", "name", "name", "name", N_("Name") },
  { TEXT (os_platform), "osPlatform", "os_platform", "os_platform", "os_platform",
    N_("Operating system") },
  { TEXT (os_version), "version", "os_version", "os_version", "os_version", N_("Version") },
  { TEXT (group), "rbacGroupName", "group_name", "group", "group", N_("Device group") },
  { WORD (exposure, exposure), "exposureLevel", "exposure", "exposure", "exposure",
    N_("Exposure level") },
  { WORD (risk, risk), "riskScore", "risk", "risk", "risk", N_("Risk score") },
  { WORD (value, device_value), "deviceValue", "value", "value", "value", N_("Device value") },
  { WORD (health, health), "healthStatus", "health", "health", "health", N_("Health") },
  { INSTANT (first_seen_us), "firstSeen", "first_seen_us", "first_seen", "first_seen",
    N_("First seen") },
  { INSTANT (last_seen_us), "lastSeen", "last_seen_us", "last_seen", "last_seen",
    N_("Last seen") },
  { TEXT (last_ip), "lastIpAddress", "last_ip", "last_ip", "last_ip", N_("Last IP address") },
  { TEXT (aad_device_id), "aadDeviceId", "aad_device_id", "entra_device_id", "entra_device_id",
    N_("Microsoft Entra device ID") },
  { YES_NO (is_aad_joined, -1), "isAadJoined", "is_aad_joined", "is_entra_joined",
    "is_entra_joined", N_("Joined to Microsoft Entra") },
  { LINES (tags), "machineTags", "tags", "tags", "tags", N_("Tags") },
  { YES_NO (in_inventory, 0), NULL, "in_inventory" },
  { INT (n_recommendations, -1), NULL, "n_recommendations", "open_recommendations" },
  { YES_NO (counts_all, 0), NULL, NULL, "open_recommendations_complete" },
  { INT (n_activities, 0), NULL, "n_activities", "open_activities" },
  { YES_NO (counts_activities, 0), NULL, NULL, "open_activities_complete" },
  SAID,
};
FIELDS_WITH_SAID (device);

#undef RECORD
#define RECORD TvmVulnerability
static const TvmField vulnerability_fields[] = {
  { KEY (key), NULL, "key" },
  { TEXT (id), "id", "id", "id", "id", N_("CVE") },
  { TEXT (name), "name", "name", "name", "name", N_("Name") },
  { WORD (severity, severity), "severity", "severity", "severity", "severity", N_("Severity") },
  { REAL (cvss, -1), "cvssV3", "cvss", "cvss", "cvss", N_("CVSS"), .most = TVM_CVSS_MOST },
  { TEXT (cvss_vector), "cvssVector", "cvss_vector", "cvss_vector", "cvss_vector",
    N_("CVSS vector") },
  { REAL (epss, -1), "epss", "epss", "epss", "epss", N_("EPSS"), .most = 1 },
  { YES_NO (public_exploit, -1), "publicExploit", "public_exploit", "public_exploit",
    "public_exploit", N_("Public exploit") },
  { YES_NO (exploit_verified, -1), "exploitVerified", "exploit_verified", "exploit_verified",
    "exploit_verified", N_("Exploit verified") },
  { YES_NO (exploit_in_kit, -1), "exploitInKit", "exploit_in_kit", "exploit_in_kit",
    "exploit_in_kit", N_("Exploit in a kit") },
  { YES_NO (known_exploited, -1), NULL, "known_exploited", "known_exploited", "known_exploited",
    N_("Known exploited") },
  { YES_NO (known_ransomware, -1), NULL, "known_ransomware", "known_ransomware",
    "known_ransomware", N_("Used by ransomware") },
  { DATE (known_exploited_due_on), NULL, "known_exploited_due_on", "known_exploited_due_on",
    "known_exploited_due_on", N_("Due by the catalog") },
  { INSTANT (published_us), "publishedOn", "published_us", "published_on", "published_on",
    N_("Published") },
  { INSTANT (updated_us), "updatedOn", "updated_us", "updated_on", "updated_on", N_("Updated") },
  { INSTANT (first_detected_us), "firstDetected", "first_detected_us", "first_detected_on",
    "first_detected_on", N_("First found here") },
  { INT (exposed_devices, -1), "exposedMachines", "exposed_devices", "exposed_devices",
    "exposed_devices", N_("Exposed devices") },
  { INT (n_recommendations, -1), NULL, "n_recommendations", "recommendations_count",
    "recommendations_count", N_("Recommendations") },
  { INT (n_activities, -1), NULL, "n_activities", "active_activities", "active_activities",
    N_("Remediation activities") },
  { INT (n_exceptions, -1), NULL, "n_exceptions", "active_exceptions", "active_exceptions",
    N_("Exceptions") },
  { TEXT (supportability), "cveSupportability", "supportability", "supportability" },
  { TEXT (description), "description", "description", "description" },
  SAID,
};
FIELDS_WITH_SAID (vulnerability);

#undef RECORD
#define RECORD TvmSecurityUpdate
static const TvmField security_update_fields[] = {
  { TEXT (recommendation_id), NULL, "recommendation_id", "recommendation_id" },
  { TEXT (id), NULL, "id", "id" },
  { TEXT (name), NULL, "name", "name" },
  { TEXT (url), NULL, "url", "url" },
};
FIELDS (security_update);

#undef RECORD
#define RECORD TvmSoftware
static const TvmField software_fields[] = {
  { TEXT (vendor), NULL, "vendor", "vendor" },
  { TEXT (name), NULL, "name", "name" },
  { TEXT (version), NULL, "version", "version" },
  { TEXT (recommendation_id), NULL, "recommendation_id", "recommendation_id" },
  { TEXT (component), NULL, NULL, NULL },
  { INT (n_devices, -1), NULL, "n_devices", "devices" },
  { INT (n_weaknesses, -1), NULL, "n_weaknesses", "weaknesses" },
  { INSTANT (first_seen_us), NULL, "first_seen_us", "first_seen" },
  { INSTANT (last_seen_us), NULL, "last_seen_us", "last_seen" },
};
FIELDS (software);

#undef RECORD
#define RECORD TvmWeaknessEvent
static const TvmField weakness_event_fields[] = {
  { TEXT (kind), NULL, NULL, "kind" },
  { INSTANT (when_us), NULL, NULL, "when" },
  { TEXT (detail), NULL, NULL, "detail" },
};
FIELDS (weakness_event);

#undef RECORD
#define RECORD TvmTicket
static const TvmField ticket_fields[] = {
  { KEY (key), NULL, "key" },
  { TEXT (activity_id), NULL, "activity_id" },
  { TEXT (id), "id", "id", "id" },
  { TEXT (marker), NULL, "marker" },
  { WORD (status, ticket_status), "status", "status", "status" },
  { INT (devices, -1), "managedDeviceCount", "devices", "devices" },
  { TEXT (assigned_to), "assignedTo", "assigned_to", "assigned_to" },
  { TEXT (last_error), NULL, "last_error", "last_error" },
  { KEY (outbox_key), NULL, "outbox_key", "outbox_id" },
  { INSTANT (created_us), "createdDateTime", "created_us" },
  { INSTANT (changed_us), NULL, "changed_us" },
  { INSTANT (withdraw_us), NULL, "withdraw_us", "withdrawal_requested_on" },
  { TEXT (title), "displayName" },
  { TEXT (created_by), "creator" },
  { TEXT (recommendation_id) },
  { LIST (groups, -1) },
  { TEXT (product), "appName" },
  { TEXT (vendor), "appPublisher" },
  SAID,
};
FIELDS_WITH_SAID (ticket);

#undef RECORD
#define RECORD TvmActivity
static const TvmField activity_fields[] = {
  { KEY (key), NULL, "key" },
  { TEXT (id), "id", "id", "id", "id", N_("ID") },
  { TEXT (title), "title", "title", "title", "title", N_("Title") },
  { TEXT (recommendation_id), "scid", "recommendation_id", "recommendation_id",
    "recommendation_id", N_("Recommendation ID") },
  { TEXT (related_component), "relatedComponent", "related_component", "related_component",
    "related_component", N_("Related component") },
  { WORD (type, remediation_type), "type", "type", "type", "type", N_("Remediation type") },
  { WORD (status, activity_status), "status", "status", "status", "status", N_("Status") },
  { WORD (priority, priority), "priority", "priority", "priority", "priority", N_("Priority") },
  { DATE (due_on), "dueOn", "due_on", "due_on", "due_on", N_("Due by") },
  { INSTANT (created_us), "createdOn", "created_us", "created_on", "created_on", N_("Created on") },
  { TEXT (created_by), "requesterEmail", "created_by", "created_by", "created_by",
    N_("Created by") },
  { TEXT (completed_by), "completerEmail", "completed_by", "completed_by", "completed_by",
    N_("Completed by") },
  { INSTANT (completed_us), "statusLastModifiedOn", "completed_us", "completed_on",
    "completed_on", N_("Completed on") },
  { WORD (completion, completion), "completionMethod", "completion", "completion", "completion",
    N_("Completion") },
  { WORD (origin, origin), NULL, "origin", "origin", "origin", N_("Origin") },
  { INT (target_devices, -1), "targetDevices", "target_devices", "target_devices",
    "target_devices", N_("Target devices") },
  { INT (fixed_devices, -1), "fixedDevices", "fixed_devices", "fixed_devices", "fixed_devices",
    N_("Remediated devices") },
  { LIST (groups, -1), "rbacGroupNames", "groups", "groups", "groups", N_("Device groups") },
  { TEXT (notes), "requesterNotes", "notes", "notes", "notes", N_("Notes") },
  { TEXT (description), "description", "description" },
  { WORD (ticket_status, ticket_status), NULL, "ticket_status", NULL, "ticket_status",
    N_("Ticket status") },
  { YES_NO (no_impact_only, -1), "productivityImpactRemediationType", "no_impact_only",
    "no_impact_only", "no_impact_only", N_("Only devices with no user impact") },
  { TEXT (policy_reason), NULL, "policy_reason", "policy_reason", "policy_reason",
    N_("Policy") },
  { TEXT (assignee), NULL, "assignee", "assignee", "assignee", N_("Assigned to") },
  { INSTANT (devices_synced_us), NULL, "devices_synced_us" },
  { INT (n_tickets, 0), NULL, "n_tickets" },
  { FLAGS (disagreements), NULL, "disagreements" },
  { TEXT (twin_id), NULL, "twin_id" },
  SAID,
};
FIELDS_WITH_SAID (activity);

#undef RECORD
#define RECORD TvmTarget
static const TvmField target_fields[] = {
  { KEY (key), NULL, "key" },
  { TEXT (device_id), NULL, "id", "id", "device_id", N_("Device ID") },
  { TEXT (name), NULL, "name", "name", "device_name", N_("Device") },
  { TEXT (os_platform), NULL, "os_platform", NULL, "os_platform", N_("Operating system") },
  { TEXT (group), NULL, "group_name", "group", "device_group", N_("Device group") },
  { WORD (state, device_state), NULL, "state", "state", "state", N_("State") },
  { INSTANT (last_seen_us), NULL, "last_seen_us", "last_seen", "last_seen", N_("Last seen") },
  { INSTANT (changed_us), NULL, "changed_us", NULL, "changed_on", N_("Changed on") },
  { TEXT (ticket_id), NULL, "ticket_id", "ticket_id", "ticket_id", N_("Ticket ID") },
  { WORD (left_out, left_out), NULL, "left_out", "not_in_ticket", "not_in_ticket",
    N_("Why in no ticket") },
};
FIELDS (target);

#undef RECORD
#define RECORD TvmException
static const TvmField exception_fields[] = {
  { KEY (key), NULL, "key" },
  { TEXT (id), NULL, "id", "id", "id", N_("ID") },
  { TEXT (recommendation_id), NULL, "recommendation_id", "recommendation_id",
    "recommendation_id", N_("Recommendation ID") },
  { TEXT (recommendation_name), NULL, "recommendation_name", "recommendation",
    "recommendation", N_("Recommendation") },
  { TEXT (related_component), NULL, "related_component", "related_component",
    "related_component", N_("Related component") },
  { WORD (type, remediation_type), NULL, "type", "type", "type", N_("Remediation type") },
  { WORD (status, exception_status), NULL, "status", "status", "status", N_("Status") },
  { WORD (justification, justification), NULL, "justification", "justification",
    "justification", N_("Justification") },
  { TEXT (context), NULL, "context", "context", "context", N_("Justification context") },
  { YES_NO (is_global, 0), NULL, "is_global", "global", "global", N_("Global") },
  { LIST (groups, 0), NULL, "groups", "groups", "groups", N_("Device groups") },
  { LIST (cancelled_groups, 0), NULL, "cancelled_groups", "cancelled_groups", "cancelled_groups",
    N_("Cancelled device groups") },
  { INT (devices, -1), NULL, "devices", "devices", "devices", N_("Exposed devices") },
  { DATE (ends_on), NULL, "ends_on", "ends_on", "ends_on", N_("Last day") },
  { INSTANT (created_us), NULL, "created_us", "created_on", "created_on", N_("Created on") },
  { TEXT (created_by), NULL, "created_by", "created_by", "created_by", N_("Created by") },
  { INSTANT (ended_us), NULL, "ended_us", "ended_on", "ended_on", N_("Ended on") },
  { TEXT (cancelled_by), NULL, "cancelled_by", "cancelled_by", "cancelled_by",
    N_("Cancelled by") },
  { WORD (approval, approval), NULL, "approval", "approval", "approval", N_("Approval") },
  { TEXT (decided_by), NULL, "decided_by", "decided_by", "decided_by", N_("Decided by") },
  { INSTANT (decided_us), NULL, "decided_us", "decided_on", "decided_on", N_("Decided on") },
  { TEXT (decision_reason), NULL, "decision_reason", "decision_reason", "decision_reason",
    N_("Reason") },
  { FLAGS (review) },
  { LIST (new_groups, 0), NULL, "new_groups" },
  { INT (weaknesses_then, 0), NULL, "weaknesses" },
  { INT (weaknesses_now, 0), NULL, "weaknesses_now" },
  { YES_NO (exploit_then, -1), NULL, "public_exploit" },
  { YES_NO (exploit_now, -1), NULL, "exploit_now" },
};
FIELDS (exception);

/**
 * tvm_fields_new_record:
 * @self: the description of a record
 *
 * Returns: (transfer full): an empty one, as its own function would make it
 */
gpointer
tvm_fields_new_record (const TvmFields *self)
{
  return g_atomic_rc_box_alloc0 (self->size);
}

static void
fill_field (const TvmField *field,
            gpointer        record,
            gconstpointer   known)
{
  switch (field->kind)
    {
    case TVM_FIELD_TEXT:
    case TVM_FIELD_DATE:
    case TVM_FIELD_LINES:
      if (TVM_FIELD_AT (char *, record, field) == NULL)
        TVM_FIELD_AT (char *, record, field) = g_strdup (TVM_FIELD_AT (char *, known, field));
      break;
    case TVM_FIELD_INT:
    case TVM_FIELD_BOOLEAN:
    case TVM_FIELD_WORD:
      if (TVM_FIELD_AT (int, record, field) < 0)
        TVM_FIELD_AT (int, record, field) = TVM_FIELD_AT (int, known, field);
      break;
    case TVM_FIELD_DOUBLE:
      if (TVM_FIELD_AT (double, record, field) <= field->unknown)
        TVM_FIELD_AT (double, record, field) = TVM_FIELD_AT (double, known, field);
      break;
    case TVM_FIELD_INSTANT:
      if (TVM_FIELD_AT (gint64, record, field) == 0)
        TVM_FIELD_AT (gint64, record, field) = TVM_FIELD_AT (gint64, known, field);
      break;
    case TVM_FIELD_KEY:
    case TVM_FIELD_LIST:
    case TVM_N_FIELD_KINDS:
    default:
      break;
    }
}

/**
 * tvm_fields_fill:
 * @self: the description of a record
 * @record: (inout): one from the wire
 * @known: another of the same thing
 *
 * What the service may tell, and did not of @record, becomes what @known has; lists stay.
 */
void
tvm_fields_fill (const TvmFields *self,
                 gpointer         record,
                 gconstpointer    known)
{
  for (guint i = 0; i < self->n_fields; i++)
    if (self->fields[i].wire != NULL)
      fill_field (&self->fields[i], record, known);
}

/**
 * tvm_fields_clear_record:
 * @self: the description of a record
 * @record: one that nobody has any more
 *
 * Frees what it owns.
 */
void
tvm_fields_clear_record (const TvmFields *self,
                         gpointer         record)
{
  for (guint i = 0; i < self->n_fields; i++)
    switch (self->fields[i].kind)
      {
      case TVM_FIELD_TEXT:
      case TVM_FIELD_DATE:
      case TVM_FIELD_LINES:
        g_free (TVM_FIELD_AT (char *, record, &self->fields[i]));
        break;
      case TVM_FIELD_LIST:
        g_strfreev (TVM_FIELD_AT (char **, record, &self->fields[i]));
        break;
      case TVM_FIELD_KEY:
      case TVM_FIELD_INT:
      case TVM_FIELD_DOUBLE:
      case TVM_FIELD_BOOLEAN:
      case TVM_FIELD_INSTANT:
      case TVM_FIELD_WORD:
      case TVM_N_FIELD_KINDS:
      default:
        break;
      }
}

/* tvm-store-export-columns.c: the columns of exported lists: what programs call them, what people
 * do, and where they come from. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-export-private.h"

#include <glib/gi18n-lib.h>

/* Who completed it; where that is no person, the TvmCompletion. */
#define COMPLETED_BY \
  "iif (a.status = 2, iif (a.completion = 1 AND a.completed_by IS NOT NULL, a.completed_by, " \
  "a.completion), NULL)"

static const TvmExportColumn recommendation_columns[] = {
  { "id", N_("ID"), "r.id", CELL_TEXT },
  { "name", N_("Name"), "r.name", CELL_TEXT },
  { "product", N_("Product"), "r.product", CELL_TEXT },
  { "vendor", N_("Vendor"), "r.vendor", CELL_TEXT },
  { "recommended_version", N_("Recommended version"), "r.recommended_version", CELL_TEXT },
  { "related_component", N_("Related component"), "r.related_component", CELL_TEXT },
  { "type", N_("Remediation type"), "r.type", CELL_TYPE },
  { "status", N_("Status"), TVM_RECOMMENDATION_STATUS, CELL_RECOMMENDATION_STATUS },
  { "weaknesses", N_("Weaknesses"), "r.weaknesses", CELL_NUMBER },
  { "exposed_devices", N_("Exposed devices"), "r.exposed_devices", CELL_NUMBER },
  { "exposed_devices_after_exceptions", N_("Exposed devices after exceptions"), TVM_EXPOSED_AFTER, CELL_NUMBER },
  { "total_devices", N_("Total devices"), "r.total_devices", CELL_NUMBER },
  { "severity", N_("Severity"), "r.severity", CELL_REAL },
  { "exposure_impact", N_("Exposure score impact"), "r.exposure_impact", CELL_REAL },
  { "config_score_impact", N_("Secure score impact"), "r.config_score_impact", CELL_REAL },
  { "exposure_impact_after_exceptions", N_("Exposure score impact after exceptions"),
    TVM_IMPACT_AFTER ("r.exposure_impact"), CELL_REAL },
  { "config_score_impact_after_exceptions", N_("Secure score impact after exceptions"),
    TVM_IMPACT_AFTER ("r.config_score_impact"), CELL_REAL },
  { "public_exploit", N_("Public exploit"), "r.public_exploit", CELL_BOOLEAN },
  { "active_alert", N_("Active alert"), "r.active_alert", CELL_BOOLEAN },
  { "known_exploited", N_("Known exploited"), "r.known_exploited", CELL_BOOLEAN },
  { "activities", N_("Remediation activities"),
    "(SELECT count(*) FROM activity a WHERE a.recommendation_id = r.id AND a.status = 1)", CELL_NUMBER },
};
static const TvmExportColumn activity_columns[] = {
  { "id", N_("ID"), "a.id", CELL_TEXT },
  { "title", N_("Title"), "a.title", CELL_TEXT },
  { "recommendation_id", N_("Recommendation ID"), "a.recommendation_id", CELL_TEXT },
  { "related_component", N_("Related component"), "a.related_component", CELL_TEXT },
  { "type", N_("Remediation type"), "a.type", CELL_TYPE },
  { "status", N_("Status"), "a.status", CELL_STATUS },
  { "priority", N_("Priority"), "a.priority", CELL_PRIORITY },
  { "due_on", N_("Due by"), "iif (a.type = 5, NULL, a.due_on)", CELL_TEXT },
  { "created_on", N_("Created on"), "a.created_us", CELL_INSTANT },
  { "created_by", N_("Created by"), "a.created_by", CELL_TEXT },
  { "completed_by", N_("Completed by"), COMPLETED_BY, CELL_COMPLETED_BY },
  { "completed_on", N_("Completed on"), "a.completed_us", CELL_INSTANT },
  { "completion", N_("Completion"), "a.completion", CELL_COMPLETION },
  { "origin", N_("Origin"), "a.origin", CELL_ORIGIN },
  { "target_devices", N_("Target devices"), "a.target_devices", CELL_NUMBER },
  { "fixed_devices", N_("Remediated devices"), "iif (a.type = 5, -1, a.fixed_devices)", CELL_NUMBER },
  { "groups", N_("Device groups"), "a.groups", CELL_LINES },
  { "notes", N_("Notes"), "a.notes", CELL_TEXT },
  { "ticket_status", N_("Ticket status"), "iif (a.type = 5, NULL, " TVM_TICKET_STATUS ")", CELL_TICKET },
  { "no_impact_only", N_("Only devices with no user impact"), "a.no_impact_only", CELL_BOOLEAN },
};
static const TvmExportColumn device_columns[] = {
  { "id", N_("ID"), "d.id", CELL_TEXT },
  { "name", N_("Name"), "d.name", CELL_TEXT },
  { "os_platform", N_("Operating system"), "d.os_platform", CELL_TEXT },
  { "os_version", N_("Version"), "d.os_version", CELL_TEXT },
  { "device_group", N_("Device group"), "d.group_name", CELL_TEXT },
  { "exposure_level", N_("Exposure level"), "d.exposure", CELL_LEVEL },
  { "risk_score", N_("Risk score"), "d.risk", CELL_LEVEL },
  { "health", N_("Health"), "d.health", CELL_HEALTH },
  { "first_seen_on", N_("First seen"), "d.first_seen_us", CELL_INSTANT },
  { "last_seen_on", N_("Last seen"), "d.last_seen_us", CELL_INSTANT },
  { "last_ip", N_("Last IP address"), "d.last_ip", CELL_TEXT },
  { "aad_device_id", N_("Microsoft Entra device ID"), "d.aad_device_id", CELL_TEXT },
  { "aad_joined", N_("Joined to Microsoft Entra"), "d.is_aad_joined", CELL_BOOLEAN },
  { "tags", N_("Tags"), "d.tags", CELL_LINES },
};
static const TvmExportColumn target_columns[] = {
  { "activity_id", N_("Activity ID"), "(SELECT id FROM activity WHERE key = ?1)", CELL_TEXT },
  { "activity_title", N_("Activity"), "(SELECT title FROM activity WHERE key = ?1)", CELL_TEXT },
  { "device_id", N_("Device ID"), "d.id", CELL_TEXT },
  { "device_name", N_("Device"), "d.name", CELL_TEXT },
  { "os_platform", N_("Operating system"), "d.os_platform", CELL_TEXT },
  { "device_group", N_("Device group"), "d.group_name", CELL_TEXT },
  { "state", N_("State"), TVM_TARGET_STATE, CELL_STATE },
  { "last_seen_on", N_("Last seen"), "d.last_seen_us", CELL_INSTANT },
  { "changed_on", N_("Changed on"), "max (coalesce (t.remediated_us, 0), coalesce (t.exposed_again_us, 0))",
    CELL_INSTANT },
  { "ticket_id", N_("Ticket ID"), TVM_TARGET_TICKET ("k.id"), CELL_TEXT },
  { "not_in_ticket", N_("Why in no ticket"), TVM_TARGET_LEFT_OUT, CELL_LEFT_OUT },
};
static const TvmExportColumn left_out_columns[] = {
  { "device_id", N_("Device ID"), "d.id", CELL_TEXT },
  { "device_name", N_("Device"), "d.name", CELL_TEXT },
  { "os_platform", N_("Operating system"), "d.os_platform", CELL_TEXT },
  { "device_group", N_("Device group"), "d.group_name", CELL_TEXT },
  { "last_seen_on", N_("Last seen"), "d.last_seen_us", CELL_INSTANT },
  { "not_in_ticket", N_("Why in no ticket"), TVM_LEFT_OUT_REASON, CELL_LEFT_OUT },
};
static const TvmExportColumn exception_columns[] = {
  { "id", N_("ID"), "x.id", CELL_TEXT },
  { "recommendation_id", N_("Recommendation ID"), "x.recommendation_id", CELL_TEXT },
  { "recommendation", N_("Recommendation"), "x.recommendation_name", CELL_TEXT },
  { "related_component", N_("Related component"), "x.related_component", CELL_TEXT },
  { "type", N_("Remediation type"), "x.type", CELL_TYPE },
  { "status", N_("Status"), "x.status", CELL_EXCEPTION_STATUS },
  { "justification", N_("Justification"), "x.justification", CELL_JUSTIFICATION },
  { "context", N_("Justification context"), "x.context", CELL_TEXT },
  { "global", N_("Global"), "x.is_global", CELL_BOOLEAN },
  { "groups", N_("Device groups"), TVM_EXCEPTION_GROUPS ("0"), CELL_LINES },
  { "cancelled_groups", N_("Cancelled device groups"), TVM_EXCEPTION_GROUPS ("1"), CELL_LINES },
  { "devices", N_("Exposed devices"), "x.devices", CELL_NUMBER },
  { "ends_on", N_("Last day"), "x.ends_on", CELL_TEXT },
  { "created_on", N_("Created on"), "x.created_us", CELL_INSTANT },
  { "created_by", N_("Created by"), "x.created_by", CELL_TEXT },
  { "ended_on", N_("Ended on"), "x.ended_us", CELL_INSTANT },
  { "cancelled_by", N_("Cancelled by"), "x.cancelled_by", CELL_TEXT },
};
static const TvmExportColumn history_columns[] = {
  { "subject", N_("Subject"), "h.subject", CELL_TEXT },
  { "id", N_("ID"), "h.id", CELL_TEXT },
  { "title", N_("Title"), "h.title", CELL_TEXT },
  { "when", N_("When"), "h.when_us", CELL_INSTANT },
  { "who", N_("Who"), "h.who", CELL_TEXT },
  { "event", N_("What happened"), "h.kind", CELL_EVENT },
  { "detail", N_("Details"), "h.detail", CELL_TEXT },
  { "devices", N_("Devices"), "h.count", CELL_NUMBER },
  { "before", N_("Before"), "h.before", CELL_VALUE },
  { "after", N_("After"), "h.after", CELL_VALUE },
};

/* The columns of that list's export. */
const TvmExportColumn *
tvm_export_columns (TvmListKind kind,
                    guint      *out_n)
{
  switch (kind)
    {
    case TVM_LIST_RECOMMENDATIONS:
      *out_n = G_N_ELEMENTS (recommendation_columns);
      return recommendation_columns;
    case TVM_LIST_ACTIVITIES:
      *out_n = G_N_ELEMENTS (activity_columns);
      return activity_columns;
    case TVM_LIST_TARGETS:
      *out_n = G_N_ELEMENTS (target_columns);
      return target_columns;
    case TVM_LIST_LEFT_OUT:
      *out_n = G_N_ELEMENTS (left_out_columns);
      return left_out_columns;
    case TVM_LIST_EXCEPTIONS:
      *out_n = G_N_ELEMENTS (exception_columns);
      return exception_columns;
    case TVM_LIST_HISTORY:
      *out_n = G_N_ELEMENTS (history_columns);
      return history_columns;
    case TVM_LIST_DEVICES:
    case TVM_LIST_EXPOSED:
    case TVM_N_LISTS:
    default:
      *out_n = G_N_ELEMENTS (device_columns);
      return device_columns;
    }
}

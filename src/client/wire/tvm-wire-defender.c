/* tvm-wire-defender.c: rows of the Defender API as records (api section 3). Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-client-private.h"
#include "tvm-time.h"

#include <string.h>

enum { R_ID, R_NAME, R_PRODUCT, R_VENDOR, R_VERSION, R_COMPONENT, R_CATEGORY, R_SUBCATEGORY,
       R_THREATS, R_TYPE, R_STATUS, R_WEAKNESSES, R_TOTAL, R_EXPOSED, R_CRITICAL, R_NO_IMPACT,
       R_SEVERITY, R_CONFIG_IMPACT, R_EXPOSURE_IMPACT, R_EXPLOIT, R_ALERT };
static const char *const recommendation_members[] = {
  "id", "recommendationName", "productName", "vendor", "recommendedVersion", "relatedComponent",
  "recommendationCategory", "subCategory", "associatedThreats", "remediationType", "status",
  "weaknesses", "totalMachineCount", "exposedMachinesCount", "exposedCriticalDevices",
  "nonProductivityImpactedAssets", "severityScore", "configScoreImpact", "exposureImpact",
  "publicExploit", "activeAlert", NULL,
};
const TvmRowShape tvm_shape_recommendations = { "recommendations", recommendation_members };

enum { D_ID, D_NAME, D_OS, D_VERSION, D_GROUP, D_AAD_ID, D_LAST_IP, D_TAGS, D_FIRST_SEEN,
       D_LAST_SEEN, D_HEALTH, D_RISK, D_EXPOSURE, D_IS_JOINED };
static const char *const device_members[] = {
  "id", "computerDnsName", "osPlatform", "version", "rbacGroupName", "aadDeviceId", "lastIpAddress",
  "machineTags", "firstSeen", "lastSeen", "healthStatus", "riskScore", "exposureLevel",
  "isAadJoined", NULL,
};
const TvmRowShape tvm_shape_devices = { "machines", device_members };

static const char *const reference_members[] = {
  "id", "computerDnsName", "osPlatform", "rbacGroupName", NULL,
};
const TvmRowShape tvm_shape_references = { "machineReferences", reference_members };

enum { C_REFERENCE, C_STATUS, C_UPDATE_ID, C_UPDATE_NAME };
static const char *const change_members[] = {
  "recommendationReference", "status", "recommendedSecurityUpdateId", "recommendedSecurityUpdate",
  NULL,
};
const TvmRowShape tvm_shape_changes = { "SoftwareVulnerabilityChangesByMachine", change_members };
const TvmRowShape tvm_shape_exposure = { "SoftwareVulnerabilitiesByMachine", change_members };

static const char *const assessment_members[] = {
  "deviceId", "recommendationReference", "configurationId", "isApplicable", "isCompliant",
  "isExpectedUserImpact", NULL,
};
const TvmRowShape tvm_shape_assessments = { "SecureConfigurationsAssessmentByMachine",
                                            assessment_members };

static const char *const score_members[] = { "score", "time", NULL };
const TvmRowShape tvm_shape_score = { "score", score_members, TRUE };

enum { V_ID, V_NAME, V_DESCRIPTION, V_SEVERITY, V_CVSS, V_EXPOSED, V_PUBLISHED, V_EXPLOIT,
       V_VERIFIED, V_IN_KIT };
static const char *const vulnerability_members[] = {
  "id", "name", "description", "severity", "cvssV3", "exposedMachines", "publishedOn",
  "publicExploit", "exploitVerified", "exploitInKit", NULL,
};
const TvmRowShape tvm_shape_vulnerabilities = { "vulnerabilities", vulnerability_members };

enum { A_ID, A_TITLE, A_COMPONENT, A_DESCRIPTION, A_NOTES, A_GROUPS, A_TYPE, A_CATEGORY, A_PRIORITY,
       A_STATUS, A_METHOD, A_DUE, A_REQUESTER, A_COMPLETER, A_CREATED, A_STATUS_CHANGED, A_TARGETS,
       A_FIXED, A_SCOPE, A_SCID, A_PRODUCT };
static const char *const activity_members[] = {
  "id", "title", "relatedComponent", "description", "requesterNotes", "rbacGroupNames", "type",
  "category", "priority", "status", "completionMethod", "dueOn", "requesterEmail", "completerEmail",
  "createdOn", "statusLastModifiedOn", "targetDevices", "fixedDevices",
  "productivityImpactRemediationType", "scid", "productId", NULL,
};
const TvmRowShape tvm_shape_activities = { "remediationTasks", activity_members };

/* An enum word without spaces, dashes and letter case: "Full exception" is "fullexception". */
static char *
squash_word (const char *word)
{
  GString *squashed = g_string_new (NULL);

  for (; word != NULL && *word != '\0'; word++)
    if (g_ascii_isalnum (*word))
      g_string_append_c (squashed, g_ascii_tolower (*word));
  return g_string_free (squashed, FALSE);
}

static gboolean
word_contains (const TvmRow *row,
               guint         member,
               const char   *part)
{
  g_autofree char *word = squash_word (tvm_row_get_string (row, member));

  return strstr (word, part) != NULL;
}

/* -1: the service does not tell. */
static int
get_count (const TvmRow *row,
           guint         member)
{
  return MAX (tvm_row_get_int (row, member, -1), -1);
}

static TvmTruth
get_truth (const TvmRow *row,
           guint         member)
{
  return tvm_row_get_boolean (row, member, TVM_TRUTH_UNKNOWN);
}

static TvmRemediationType
get_type (const TvmRow *row,
          guint         member)
{
  g_autofree char *word = squash_word (tvm_row_get_string (row, member));

  return tvm_remediation_type_from_wire (word);
}

static TvmLevel
get_level (const TvmRow *row,
           guint         member)
{
  return tvm_level_from_wire (tvm_row_get_string (row, member));
}

static TvmRecommendationStatus
get_recommendation_status (const TvmRow *row)
{
  if (word_contains (row, R_STATUS, "partial"))
    return TVM_RECOMMENDATION_PARTIAL_EXCEPTION;
  return word_contains (row, R_STATUS, "exception") ? TVM_RECOMMENDATION_FULL_EXCEPTION
                                                    : TVM_RECOMMENDATION_ACTIVE;
}

gpointer
tvm_wire_build_recommendation (const TvmRow  *row,
                               GError       **error)
{
  const char *id = tvm_row_require_id (row, error);
  TvmRecommendation *self;

  if (id == NULL)
    return NULL;
  self = tvm_recommendation_new ();
  self->id = g_strdup (id);
  self->name = tvm_row_dup_string (row, R_NAME);
  self->product = tvm_row_dup_string (row, R_PRODUCT);
  self->vendor = tvm_row_dup_string (row, R_VENDOR);
  self->recommended_version = tvm_row_dup_string (row, R_VERSION);
  self->related_component = tvm_row_dup_string (row, R_COMPONENT);
  self->category = tvm_row_dup_string (row, R_CATEGORY);
  self->subcategory = tvm_row_dup_string (row, R_SUBCATEGORY);
  self->associated_threats = tvm_row_dup_lines (row, R_THREATS);
  self->type = get_type (row, R_TYPE);
  self->status = get_recommendation_status (row);
  self->weaknesses = get_count (row, R_WEAKNESSES);
  self->total_devices = get_count (row, R_TOTAL);
  self->exposed_devices = get_count (row, R_EXPOSED);
  self->exposed_critical_devices = get_count (row, R_CRITICAL);
  self->no_impact_devices = get_count (row, R_NO_IMPACT);
  self->severity = tvm_row_get_double (row, R_SEVERITY, TVM_REAL_UNKNOWN);
  self->config_score_impact = tvm_row_get_double (row, R_CONFIG_IMPACT, TVM_REAL_UNKNOWN);
  self->exposure_impact = tvm_row_get_double (row, R_EXPOSURE_IMPACT, TVM_REAL_UNKNOWN);
  self->public_exploit = get_truth (row, R_EXPLOIT);
  self->active_alert = get_truth (row, R_ALERT);
  self->known_exploited = TVM_TRUTH_UNKNOWN;  /* the service does not tell it */
  return self;
}

gpointer
tvm_wire_build_device (const TvmRow  *row,
                       GError       **error)
{
  const char *id = tvm_row_require_id (row, error);
  TvmDevice *self;

  if (id == NULL)
    return NULL;
  self = tvm_device_new ();
  self->id = g_strdup (id);
  self->name = tvm_row_dup_string (row, D_NAME);
  self->os_platform = tvm_row_dup_string (row, D_OS);
  self->os_version = tvm_row_dup_string (row, D_VERSION);
  self->group = tvm_row_dup_string (row, D_GROUP);
  self->aad_device_id = tvm_row_dup_string (row, D_AAD_ID);
  self->last_ip = tvm_row_dup_string (row, D_LAST_IP);
  self->tags = tvm_row_dup_lines (row, D_TAGS);
  self->first_seen_us = tvm_row_get_instant (row, D_FIRST_SEEN);
  self->last_seen_us = tvm_row_get_instant (row, D_LAST_SEEN);
  self->health = tvm_health_from_wire (tvm_row_get_string (row, D_HEALTH));
  self->risk = get_level (row, D_RISK);
  self->exposure = get_level (row, D_EXPOSURE);
  self->is_aad_joined = tvm_row_get_boolean (row, D_IS_JOINED, self->aad_device_id != NULL
                                               ? TVM_TRUTH_YES : TVM_TRUTH_UNKNOWN);
  self->in_inventory = TRUE;
  return self;
}

gpointer
tvm_wire_build_vulnerability (const TvmRow  *row,
                              GError       **error)
{
  const char *id = tvm_row_require_id (row, error);
  TvmVulnerability *self;

  if (id == NULL)
    return NULL;
  self = tvm_vulnerability_new ();
  self->id = g_strdup (id);
  self->name = tvm_row_dup_string (row, V_NAME);
  self->description = tvm_row_dup_string (row, V_DESCRIPTION);
  self->severity = get_level (row, V_SEVERITY);
  self->cvss = tvm_row_get_double (row, V_CVSS, -1);
  self->exposed_devices = get_count (row, V_EXPOSED);
  self->published_us = tvm_row_get_instant (row, V_PUBLISHED);
  self->public_exploit = get_truth (row, V_EXPLOIT);
  self->exploit_verified = get_truth (row, V_VERIFIED);
  self->exploit_in_kit = get_truth (row, V_IN_KIT);
  return self;
}

/* A KB number comes with or without "KB", and only of what is not fixed yet. */
gpointer
tvm_wire_build_security_update (const TvmRow *row)
{
  const char *reference = tvm_row_get_string (row, C_REFERENCE);
  const char *id = tvm_row_get_string (row, C_UPDATE_ID);
  gboolean has_prefix;
  TvmSecurityUpdate *self;

  if (reference == NULL || id == NULL || word_contains (row, C_STATUS, "fixed"))
    return NULL;
  self = tvm_security_update_new ();
  self->recommendation_id = g_strdup (reference);
  has_prefix = g_ascii_strncasecmp (id, "KB", 2) == 0 && g_ascii_isdigit (id[2]);
  self->id = g_strdup (has_prefix ? id + 2 : id);
  self->name = tvm_row_dup_string (row, C_UPDATE_NAME);
  return self;
}

/* The recommendation that a portal activity belongs to, by its scid or its product. */
static char *
dup_recommendation_id (const TvmRow *row)
{
  const char *scid = tvm_row_get_string (row, A_SCID);
  const char *product = tvm_row_get_string (row, A_PRODUCT);

  if (scid != NULL)
    {
      g_autofree char *lower = g_ascii_strdown (scid, -1);

      return g_str_has_prefix (lower, "sca-_-") ? g_steal_pointer (&lower)
             : g_str_has_prefix (lower, "scid-") ? g_strconcat ("sca-_-", lower, NULL)
                                                 : g_strconcat ("sca-_-scid-", lower, NULL);
    }
  if (product == NULL)
    return NULL;
  return g_str_has_prefix (product, "va-_-") ? g_strdup (product)
                                             : g_strconcat ("va-_-", product, NULL);
}

/* Only the date part: a due date is a calendar date, whatever the hour. */
static char *
dup_date (const TvmRow *row,
          guint         member)
{
  const char *text = tvm_row_get_string (row, member);
  g_autofree char *date = text != NULL ? g_strndup (text, 10) : NULL;

  return tvm_date_is_valid (date) ? g_steal_pointer (&date) : NULL;
}

static void
fill_completion (TvmActivity  *self,
                 const TvmRow *row)
{
  self->status = TVM_STATUS_ACTIVE;
  if (!word_contains (row, A_STATUS, "complete"))
    return;
  self->status = TVM_STATUS_COMPLETED;
  self->completed_us = tvm_row_get_instant (row, A_STATUS_CHANGED);
  self->completion = TVM_COMPLETION_UNKNOWN;
  if (word_contains (row, A_METHOD, "automatic"))
    self->completion = TVM_COMPLETION_SYSTEM;
  else if (word_contains (row, A_METHOD, "manual"))
    {
      self->completion = TVM_COMPLETION_MANUAL;
      self->completed_by = tvm_row_dup_string (row, A_COMPLETER);
    }
}

gpointer
tvm_wire_build_activity (const TvmRow  *row,
                         GError       **error)
{
  const char *id = tvm_row_require_id (row, error);
  TvmActivity *self;

  if (id == NULL)
    return NULL;
  self = tvm_activity_new ();
  self->id = g_strdup (id);
  self->origin = TVM_ORIGIN_DEFENDER;
  self->title = tvm_row_dup_string (row, A_TITLE);
  self->recommendation_id = dup_recommendation_id (row);
  self->related_component = tvm_row_dup_string (row, A_COMPONENT);
  self->description = tvm_row_dup_string (row, A_DESCRIPTION);
  self->notes = tvm_row_dup_string (row, A_NOTES);
  g_strfreev (self->groups);
  self->groups = tvm_row_dup_strv (row, A_GROUPS);
  self->type = get_type (row, A_TYPE);
  if (self->type == TVM_TYPE_UNKNOWN && word_contains (row, A_CATEGORY, "config"))
    self->type = TVM_TYPE_CONFIGURATION_CHANGE;
  self->priority = tvm_priority_from_wire (tvm_row_get_string (row, A_PRIORITY));
  self->created_by = tvm_row_dup_string (row, A_REQUESTER);
  self->created_us = tvm_row_get_instant (row, A_CREATED);
  self->target_devices = get_count (row, A_TARGETS);
  self->no_impact_only = word_contains (row, A_SCOPE, "nonproductivity");
  fill_completion (self, row);
  self->fixed_devices = -1;
  if (self->type != TVM_TYPE_ATTENTION_REQUIRED)
    {
      self->due_on = dup_date (row, A_DUE);
      /* A part of what is not known is no progress. */
      self->fixed_devices = self->target_devices >= 0 ? get_count (row, A_FIXED) : -1;
    }
  return self;
}

/* tvm-wire-defender.c: rows of the Defender API as records (api section 3). Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-client-private.h"
#include "tvm-said.h"
#include "tvm-text.h"
#include "tvm-time.h"

#include <string.h>

const TvmWireShape tvm_shape_recommendations = {
  "recommendations", &tvm_recommendation_fields
};
const TvmWireShape tvm_shape_devices = { "machines", &tvm_device_fields };
const TvmWireShape tvm_shape_vulnerabilities = { "vulnerabilities", &tvm_vulnerability_fields };

static const char *const activity_members[] = { "category", "productId", NULL };
const TvmWireShape tvm_shape_activities = {
  "remediationTasks", &tvm_activity_fields, activity_members
};

static const char *const reference_members[] = {
  "id", "computerDnsName", "osPlatform", "rbacGroupName", NULL,
};
const TvmWireShape tvm_shape_references = { "machineReferences", NULL, reference_members };

static const char *const change_members[] = {
  "recommendationReference", "status", "recommendedSecurityUpdateId", "recommendedSecurityUpdate",
  NULL,
};
const TvmWireShape tvm_shape_changes = {
  "SoftwareVulnerabilityChangesByMachine", NULL, change_members
};
const TvmWireShape tvm_shape_exposure = {
  "SoftwareVulnerabilitiesByMachine", NULL, change_members
};

static const char *const assessment_members[] = {
  "deviceId", "recommendationReference", "configurationId", "isApplicable", "isCompliant",
  "isExpectedUserImpact", "deviceName", "osPlatform", "rbacGroupName", "timestamp", NULL,
};
const TvmWireShape tvm_shape_assessments = {
  "SecureConfigurationsAssessmentByMachine", NULL, assessment_members
};

static const char *const score_members[] = { "score", "time", NULL };
const TvmWireShape tvm_shape_score = { "score", NULL, score_members, TRUE };

static const char *
get_string (const TvmWireRow *row,
            const char       *name)
{
  return tvm_wire_row_get_string (row, tvm_wire_row_find (row, name));
}

/* Whether a word has that part, whatever its spaces, dashes and letter case: "Full exception". */
static gboolean
word_contains (const TvmWireRow *row,
               const char       *name,
               const char       *part)
{
  const char *word = get_string (row, name);
  g_autoptr(GString) squashed = g_string_new (NULL);

  for (; word != NULL && *word != '\0'; word++)
    if (g_ascii_isalnum (*word))
      g_string_append_c (squashed, g_ascii_tolower (*word));
  return strstr (squashed->str, part) != NULL;
}

/* Keeps a word that is not known: "status" or "completionMethod". */
static void
note_said (const TvmWireRow *row,
           const char       *name,
           char           ***said)
{
  const char *word = get_string (row, name);

  if (word != NULL && g_ascii_strcasecmp (word, "unknown") != 0 &&
      g_ascii_strcasecmp (word, "none") != 0)
    tvm_said_add (said, name[0] == 's' ? "status" : "completion", word);
}

/**
 * tvm_wire_build_recommendation:
 * @row: a row of tvm_shape_recommendations
 * @error: return location for a #TvmError
 *
 * A status in words that are not known is not known, and shows in them; "exception" without
 * "partial" is a full one.
 *
 * Returns: (transfer full) (nullable): a #TvmRecommendation, or %NULL with %TVM_ERROR_BAD_RESPONSE
 *   where the row has no id
 */
gpointer
tvm_wire_build_recommendation (const TvmWireRow *row,
                               GError          **error)
{
  TvmRecommendation *self = tvm_wire_row_to_record (row, error);

  if (self == NULL)
    return NULL;
  self->status = TVM_RECOMMENDATION_UNKNOWN;
  if (word_contains (row, "status", "active") && !word_contains (row, "status", "inactive"))
    self->status = TVM_RECOMMENDATION_ACTIVE;
  if (word_contains (row, "status", "exception"))
    self->status = TVM_RECOMMENDATION_FULL_EXCEPTION;
  if (word_contains (row, "status", "partial"))
    self->status = TVM_RECOMMENDATION_PARTIAL_EXCEPTION;
  if (self->status == TVM_RECOMMENDATION_UNKNOWN)
    note_said (row, "status", &self->said);
  return self;
}

/**
 * tvm_wire_dup_entra_id:
 * @id: (nullable): a device's id in Microsoft Entra, as a service writes it
 *
 * Returns: (transfer full) (nullable): the same in lower case, so that equal ones are equal; %NULL
 *   where it is none: the all-zero one stands for that
 */
char *
tvm_wire_dup_entra_id (const char *id)
{
  return id == NULL || strspn (id, "0-") == strlen (id) ? NULL : g_ascii_strdown (id, -1);
}

/**
 * tvm_wire_build_device:
 * @row: a row of tvm_shape_devices
 * @error: return location for a #TvmError
 *
 * A device with a Microsoft Entra id is joined there where the row does not say it; one whose id is
 * all zeros is not, whatever the row says.
 *
 * Returns: (transfer full) (nullable): a #TvmDevice of the inventory, or %NULL with
 *   %TVM_ERROR_BAD_RESPONSE where the row has no id
 */
gpointer
tvm_wire_build_device (const TvmWireRow *row,
                       GError          **error)
{
  TvmDevice *self = tvm_wire_row_to_record (row, error);
  char *entra_id;

  if (self == NULL)
    return NULL;
  entra_id = tvm_wire_dup_entra_id (self->aad_device_id);
  if (self->aad_device_id != NULL && entra_id == NULL)
    self->is_aad_joined = TVM_TRUTH_NO;
  g_free (self->aad_device_id);
  self->aad_device_id = entra_id;
  if (self->is_aad_joined == TVM_TRUTH_UNKNOWN && self->aad_device_id != NULL)
    self->is_aad_joined = TVM_TRUTH_YES;
  self->in_inventory = TRUE;
  return self;
}

/**
 * tvm_wire_build_security_update:
 * @row: a row of tvm_shape_changes or tvm_shape_exposure
 *
 * A KB number comes with or without "KB", and only of what is not fixed yet.
 *
 * Returns: (transfer full) (nullable): a #TvmSecurityUpdate, its id without "KB"; %NULL where the
 *   row names no update or no recommendation, or tells that something was fixed
 */
gpointer
tvm_wire_build_security_update (const TvmWireRow *row)
{
  const char *reference = get_string (row, "recommendationReference");
  const char *id = get_string (row, "recommendedSecurityUpdateId");
  gboolean has_prefix;
  TvmSecurityUpdate *self;

  if (reference == NULL || id == NULL || word_contains (row, "status", "fixed"))
    return NULL;
  self = tvm_security_update_new ();
  self->recommendation_id = g_strdup (reference);
  has_prefix = g_ascii_strncasecmp (id, "KB", 2) == 0 && g_ascii_isdigit (id[2]);
  self->id = g_strdup (has_prefix ? id + 2 : id);
  self->name = g_strdup (get_string (row, "recommendedSecurityUpdate"));
  return self;
}

/* The recommendation that a portal activity belongs to, by its scid or its product. */
static char *
dup_recommendation_id (const TvmWireRow *row)
{
  const char *scid = get_string (row, "scid");
  const char *product = get_string (row, "productId");

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

static TvmActivityStatus
read_status (const TvmWireRow *row)
{
  if (word_contains (row, "status", "complete") && !word_contains (row, "status", "incomplete"))
    return TVM_STATUS_COMPLETED;
  return word_contains (row, "status", "active") && !word_contains (row, "status", "inactive")
           ? TVM_STATUS_ACTIVE : TVM_STATUS_UNKNOWN;
}

/* What the words say together; some of it holds of one that is completed only. */
static void
settle_activity (TvmActivity      *self,
                 const TvmWireRow *row)
{
  self->origin = TVM_ORIGIN_DEFENDER;
  g_free (self->recommendation_id);
  self->recommendation_id = dup_recommendation_id (row);
  if (self->type == TVM_TYPE_UNKNOWN && word_contains (row, "category", "config"))
    self->type = TVM_TYPE_CONFIGURATION_CHANGE;
  self->no_impact_only =
    word_contains (row, "productivityImpactRemediationType", "nonproductivity");
  if (get_string (row, "productivityImpactRemediationType") == NULL &&
      (self->type == TVM_TYPE_CONFIGURATION_CHANGE || self->type == TVM_TYPE_UNKNOWN))
    self->no_impact_only = -1;  /* the others have no such choice */
  self->status = read_status (row);
  if (self->status == TVM_STATUS_UNKNOWN)
    note_said (row, "status", &self->said);
  if (self->status != TVM_STATUS_COMPLETED)
    self->completed_us = 0;
  else
    self->completion = word_contains (row, "completionMethod", "automatic") ? TVM_COMPLETION_SYSTEM
                       : word_contains (row, "completionMethod", "manual") ? TVM_COMPLETION_MANUAL
                                                                           : TVM_COMPLETION_UNKNOWN;
  if (self->completion == TVM_COMPLETION_UNKNOWN)
    note_said (row, "completionMethod", &self->said);
  if (self->completion != TVM_COMPLETION_MANUAL)
    g_clear_pointer (&self->completed_by, g_free);
  if (tvm_time_is_placeholder (get_string (row, "dueOn")))
    tvm_set_str (&self->due_on, "");
  if (self->type == TVM_TYPE_ATTENTION_REQUIRED)
    g_clear_pointer (&self->due_on, g_free);
  /* A part of what is not known is no progress. */
  if (self->type == TVM_TYPE_ATTENTION_REQUIRED || self->target_devices < 0)
    self->fixed_devices = -1;
}

/**
 * tvm_wire_build_activity:
 * @row: a row of tvm_shape_activities
 * @error: return location for a #TvmError
 *
 * What the words of the row say together is settled here, and nobody is told to have completed what
 * was not marked by hand (R7). Words that are not known show all the same. A due date that is told
 * to be none is empty; one that is not told is %NULL.
 *
 * Returns: (transfer full) (nullable): a #TvmActivity of the portal, or %NULL with
 *   %TVM_ERROR_BAD_RESPONSE where the row has no id
 */
gpointer
tvm_wire_build_activity (const TvmWireRow *row,
                         GError          **error)
{
  TvmActivity *self = tvm_wire_row_to_record (row, error);

  if (self != NULL)
    settle_activity (self, row);
  return self;
}

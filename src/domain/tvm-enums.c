/* tvm-enums.c: wire words, script words and words for people. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-enums.h"

#include "tvm-i18n.h"

#include <string.h>

static gboolean
value_of_word (const TvmWord *words,
               const char    *word,
               int           *out)
{
  for (; word != NULL && words->word != NULL; words++)
    if (g_ascii_strcasecmp (words->word, word) == 0)
      {
        *out = words->value;
        return TRUE;
      }
  return FALSE;
}

static const char *
word_of_value (const TvmWord *words,
               int            value)
{
  for (; words->word != NULL; words++)
    if (words->value == value)
      return words->word;
  return NULL;
}

static const char *
text_of_value (const TvmWord *texts,
               const char    *context,
               int            value)
{
  const char *text = word_of_value (texts, value);

  return text == NULL ? "" : context != NULL ? C_(context, text) : _(text);
}

/* The service writes "Configuration change" here and "ConfigurationChange" there. */
static gboolean
is_same_wire_word (const char *a,
                   const char *b)
{
  do
    {
      for (; *a != '\0' && !g_ascii_isalnum (*a); a++)
        ;
      for (; *b != '\0' && !g_ascii_isalnum (*b); b++)
        ;
      if (g_ascii_tolower (*a) != g_ascii_tolower (*b))
        return FALSE;
    }
  while (*a++ != '\0' && *b++ != '\0');
  return TRUE;
}

static const TvmWord type_wire[] = {
  { "Update", TVM_TYPE_UPDATE },
  { "Upgrade", TVM_TYPE_UPGRADE },
  { "Uninstall", TVM_TYPE_UNINSTALL },
  { "ConfigurationChange", TVM_TYPE_CONFIGURATION_CHANGE },
  { "AttentionRequired", TVM_TYPE_ATTENTION_REQUIRED },
  { NULL, 0 }
};

static const TvmWord type_words[] = {
  { "update", TVM_TYPE_UPDATE },
  { "upgrade", TVM_TYPE_UPGRADE },
  { "uninstall", TVM_TYPE_UNINSTALL },
  { "configuration-change", TVM_TYPE_CONFIGURATION_CHANGE },
  { "attention-required", TVM_TYPE_ATTENTION_REQUIRED },
  { NULL, 0 }
};

static const TvmWord type_texts[] = {
  { NC_("remediation type", "Update"), TVM_TYPE_UPDATE },
  { NC_("remediation type", "Upgrade"), TVM_TYPE_UPGRADE },
  { NC_("remediation type", "Uninstall"), TVM_TYPE_UNINSTALL },
  { NC_("remediation type", "Configuration change"), TVM_TYPE_CONFIGURATION_CHANGE },
  { NC_("remediation type", "Attention required"), TVM_TYPE_ATTENTION_REQUIRED },
  { NC_("remediation type", "Unknown"), TVM_TYPE_UNKNOWN },
  { NULL, 0 }
};

static const TvmWord priority_words[] = {
  { "high", TVM_PRIORITY_HIGH },
  { "medium", TVM_PRIORITY_MEDIUM },
  { "low", TVM_PRIORITY_LOW },
  { NULL, 0 }
};

static const TvmWord priority_texts[] = {
  { NC_("priority", "High"), TVM_PRIORITY_HIGH },
  { NC_("priority", "Medium"), TVM_PRIORITY_MEDIUM },
  { NC_("priority", "Low"), TVM_PRIORITY_LOW },
  { NULL, 0 }
};

static const TvmWord status_words[] = {
  { "active", TVM_STATUS_ACTIVE },
  { "completed", TVM_STATUS_COMPLETED },
  { NULL, 0 }
};

static const TvmWord status_texts[] = {
  { NC_("activity", "Active"), TVM_STATUS_ACTIVE },
  { NC_("activity", "Completed"), TVM_STATUS_COMPLETED },
  { NC_("activity", "Unknown"), TVM_STATUS_UNKNOWN },
  { NULL, 0 }
};

static const TvmWord completion_words[] = {
  { "manual", TVM_COMPLETION_MANUAL },
  { "system", TVM_COMPLETION_SYSTEM },
  { "unknown", TVM_COMPLETION_UNKNOWN },
  { NULL, 0 }
};

static const TvmWord origin_words[] = {
  { "local", TVM_ORIGIN_LOCAL },
  { "defender", TVM_ORIGIN_DEFENDER },
  { NULL, 0 }
};

static const TvmWord completion_texts[] = {
  { NC_("completion", "By a person"), TVM_COMPLETION_MANUAL },
  { NC_("completion", "All devices remediated"), TVM_COMPLETION_SYSTEM },
  { NC_("completion", "Not known"), TVM_COMPLETION_UNKNOWN },
  { NULL, 0 }
};

static const TvmWord origin_texts[] = {
  { NC_("origin", "Requested here"), TVM_ORIGIN_LOCAL },
  { NC_("origin", "Made in the portal"), TVM_ORIGIN_DEFENDER },
  { NULL, 0 }
};

static const TvmWord ticket_wire[] = {
  { "pending", TVM_TICKET_PENDING },
  { "active", TVM_TICKET_ACTIVE },
  { "completed", TVM_TICKET_COMPLETED },
  { "rejected", TVM_TICKET_REJECTED },
  { NULL, 0 }
};

static const TvmWord ticket_words[] = {
  { "unknown", TVM_TICKET_UNKNOWN },
  { "outbox", TVM_TICKET_OUTBOX },
  { "pending", TVM_TICKET_PENDING },
  { "active", TVM_TICKET_ACTIVE },
  { "completed", TVM_TICKET_COMPLETED },
  { "rejected", TVM_TICKET_REJECTED },
  { "failed", TVM_TICKET_FAILED },
  { "gone", TVM_TICKET_GONE },
  { "withdrawn", TVM_TICKET_WITHDRAWN },
  { NULL, 0 }
};

static const TvmWord ticket_texts[] = {
  { NC_("ticket", "Unknown"), TVM_TICKET_UNKNOWN },
  /* Translators: a ticket that waits here to be sent */
  { NC_("ticket", "In outbox"), TVM_TICKET_OUTBOX },
  /* Translators: a ticket that waits for the IT admin */
  { NC_("ticket", "Pending"), TVM_TICKET_PENDING },
  { NC_("ticket", "Accepted"), TVM_TICKET_ACTIVE },
  { NC_("ticket", "Completed"), TVM_TICKET_COMPLETED },
  { NC_("ticket", "Rejected"), TVM_TICKET_REJECTED },
  /* Translators: a ticket that the service did not take */
  { NC_("ticket", "Refused"), TVM_TICKET_FAILED },
  /* Translators: a ticket that was deleted there */
  { NC_("ticket", "Not in Intune"), TVM_TICKET_GONE },
  /* Translators: a ticket that its requester took back */
  { NC_("ticket", "Withdrawn"), TVM_TICKET_WITHDRAWN },
  { NULL, 0 }
};

static const TvmWord recommendation_words[] = {
  { "active", TVM_RECOMMENDATION_ACTIVE },
  { "partial-exception", TVM_RECOMMENDATION_PARTIAL_EXCEPTION },
  { "full-exception", TVM_RECOMMENDATION_FULL_EXCEPTION },
  { NULL, 0 }
};

static const TvmWord recommendation_texts[] = {
  { NC_("recommendation", "Active"), TVM_RECOMMENDATION_ACTIVE },
  { NC_("recommendation", "Partial exception"), TVM_RECOMMENDATION_PARTIAL_EXCEPTION },
  { NC_("recommendation", "Full exception"), TVM_RECOMMENDATION_FULL_EXCEPTION },
  { NC_("recommendation", "Unknown"), TVM_RECOMMENDATION_UNKNOWN },
  { NULL, 0 }
};

static const TvmWord level_words[] = {
  { "none", TVM_LEVEL_NONE },
  { "informational", TVM_LEVEL_INFORMATIONAL },
  { "low", TVM_LEVEL_LOW },
  { "medium", TVM_LEVEL_MEDIUM },
  { "high", TVM_LEVEL_HIGH },
  { "critical", TVM_LEVEL_CRITICAL },
  { NULL, 0 }
};

static const TvmWord exposure_texts[] = {
  { NC_("exposure level", "Unknown"), TVM_LEVEL_UNKNOWN },
  { NC_("exposure level", "None"), TVM_LEVEL_NONE },
  { NC_("exposure level", "Informational"), TVM_LEVEL_INFORMATIONAL },
  { NC_("exposure level", "Low"), TVM_LEVEL_LOW },
  { NC_("exposure level", "Medium"), TVM_LEVEL_MEDIUM },
  { NC_("exposure level", "High"), TVM_LEVEL_HIGH },
  { NC_("exposure level", "Critical"), TVM_LEVEL_CRITICAL },
  { NULL, 0 }
};

static const TvmWord risk_texts[] = {
  { NC_("risk", "Unknown"), TVM_LEVEL_UNKNOWN },
  { NC_("risk", "None"), TVM_LEVEL_NONE },
  { NC_("risk", "Informational"), TVM_LEVEL_INFORMATIONAL },
  { NC_("risk", "Low"), TVM_LEVEL_LOW },
  { NC_("risk", "Medium"), TVM_LEVEL_MEDIUM },
  { NC_("risk", "High"), TVM_LEVEL_HIGH },
  { NC_("risk", "Critical"), TVM_LEVEL_CRITICAL },
  { NULL, 0 }
};

static const TvmWord device_value_words[] = {
  { "low", TVM_LEVEL_LOW },
  { "normal", TVM_LEVEL_MEDIUM },
  { "high", TVM_LEVEL_HIGH },
  { NULL, 0 }
};

static const TvmWord device_value_texts[] = {
  { NC_("device value", "Unknown"), TVM_LEVEL_UNKNOWN },
  { NC_("device value", "Low"), TVM_LEVEL_LOW },
  { NC_("device value", "Normal"), TVM_LEVEL_MEDIUM },
  { NC_("device value", "High"), TVM_LEVEL_HIGH },
  { NULL, 0 }
};

static const TvmWord severity_texts[] = {
  { NC_("severity", "Unknown"), TVM_LEVEL_UNKNOWN },
  { NC_("severity", "None"), TVM_LEVEL_NONE },
  { NC_("severity", "Informational"), TVM_LEVEL_INFORMATIONAL },
  { NC_("severity", "Low"), TVM_LEVEL_LOW },
  { NC_("severity", "Medium"), TVM_LEVEL_MEDIUM },
  { NC_("severity", "High"), TVM_LEVEL_HIGH },
  { NC_("severity", "Critical"), TVM_LEVEL_CRITICAL },
  { NULL, 0 }
};

static const TvmWord health_wire[] = {
  { "Active", TVM_HEALTH_ACTIVE },
  { "Inactive", TVM_HEALTH_INACTIVE },
  { "ImpairedCommunication", TVM_HEALTH_IMPAIRED },
  { "NoSensorData", TVM_HEALTH_NO_SENSOR_DATA },
  { "NoSensorDataImpairedCommunication", TVM_HEALTH_NO_SENSOR_DATA_IMPAIRED },
  { "Unknown", TVM_HEALTH_UNKNOWN },
  { NULL, 0 }
};

static const TvmWord health_words[] = {
  { "unknown", TVM_HEALTH_UNKNOWN },
  { "active", TVM_HEALTH_ACTIVE },
  { "inactive", TVM_HEALTH_INACTIVE },
  { "impaired-communication", TVM_HEALTH_IMPAIRED },
  { "no-sensor-data", TVM_HEALTH_NO_SENSOR_DATA },
  { "no-sensor-data-impaired-communication", TVM_HEALTH_NO_SENSOR_DATA_IMPAIRED },
  { NULL, 0 }
};

static const TvmWord health_texts[] = {
  { NC_("device health", "Unknown"), TVM_HEALTH_NOT_TOLD },
  { NC_("device health", "Unknown"), TVM_HEALTH_UNKNOWN },
  { NC_("device health", "Active"), TVM_HEALTH_ACTIVE },
  { NC_("device health", "Inactive"), TVM_HEALTH_INACTIVE },
  { NC_("device health", "Impaired communication"), TVM_HEALTH_IMPAIRED },
  { NC_("device health", "No sensor data"), TVM_HEALTH_NO_SENSOR_DATA },
  { NC_("device health", "No sensor data, impaired communication"),
    TVM_HEALTH_NO_SENSOR_DATA_IMPAIRED },
  { NULL, 0 }
};

static const TvmWord device_state_words[] = {
  { "remediated", TVM_DEVICE_REMEDIATED },
  { "exposed", TVM_DEVICE_EXPOSED },
  { "exposed-again", TVM_DEVICE_EXPOSED_AGAIN },
  { "not-seen-7-days", TVM_DEVICE_NOT_SEEN_7 },
  { "not-seen-30-days", TVM_DEVICE_NOT_SEEN_30 },
  { "left-group", TVM_DEVICE_LEFT_GROUP },
  { "gone", TVM_DEVICE_GONE },
  { "waiting", TVM_DEVICE_WAITING },
  { NULL, 0 }
};

static const TvmWord device_state_texts[] = {
  /* Translators: in Chinese (Taiwan) a device is 修復, a request is for 修正 */
  { NC_("device", "Remediated"), TVM_DEVICE_REMEDIATED },
  { NC_("device", "Still exposed"), TVM_DEVICE_EXPOSED },
  { NC_("device", "Exposed again"), TVM_DEVICE_EXPOSED_AGAIN },
  { NC_("device", "Not seen for 7 days"), TVM_DEVICE_NOT_SEEN_7 },
  { NC_("device", "Not seen for 30 days"), TVM_DEVICE_NOT_SEEN_30 },
  { NC_("device", "Left its device group"), TVM_DEVICE_LEFT_GROUP },
  { NC_("device", "Gone from the inventory"), TVM_DEVICE_GONE },
  { NC_("device", "Waiting for data"), TVM_DEVICE_WAITING },
  { NULL, 0 }
};

static const TvmWord left_out_words[] = {
  { "not-joined", TVM_LEFT_OUT_NOT_JOINED },
  { "ticket-full", TVM_LEFT_OUT_FULL },
  { "no-ticket", TVM_LEFT_OUT_OTHER },
  { "not-known", TVM_LEFT_OUT_UNTOLD },
  { NULL, 0 }
};

static const TvmWord left_out_texts[] = {
  /* Translators: of a device, whichever the reason is */
  { N_("In no ticket"), TVM_LEFT_OUT_ANY },
  /* Translators: why a device is in no ticket */
  { N_("Not joined to Microsoft Entra"), TVM_LEFT_OUT_NOT_JOINED },
  /* Translators: why a device is in no ticket */
  { N_("Ticket full (10,000 devices)"), TVM_LEFT_OUT_FULL },
  /* Translators: why a device is in no ticket */
  { N_("Ticket taken back, or not possible then"), TVM_LEFT_OUT_OTHER },
  /* Translators: why a device is in no ticket */
  { N_("Not known whether joined to Microsoft Entra"), TVM_LEFT_OUT_UNTOLD },
  { NULL, 0 }
};

/* One English word may be several of another language: "Active" of an exception, of an activity. */
const TvmWords tvm_remediation_type_words = {
  type_wire, type_words, type_texts, "remediation type"
};
const TvmWords tvm_priority_words = { priority_words, priority_words, priority_texts, "priority" };
const TvmWords tvm_activity_status_words = { NULL, status_words, status_texts, "activity" };
const TvmWords tvm_completion_words = {
  NULL, completion_words, completion_texts, "completion", TVM_COMPLETION_UNKNOWN
};
const TvmWords tvm_origin_words = { NULL, origin_words, origin_texts, "origin" };
const TvmWords tvm_ticket_status_words = { ticket_wire, ticket_words, ticket_texts, "ticket" };
const TvmWords tvm_recommendation_status_words = {
  NULL, recommendation_words, recommendation_texts, "recommendation"
};
const TvmWords tvm_exposure_words = {
  level_words, level_words, exposure_texts, "exposure level", TVM_LEVEL_UNKNOWN
};
const TvmWords tvm_risk_words = {
  level_words, level_words, risk_texts, "risk", TVM_LEVEL_UNKNOWN
};
const TvmWords tvm_device_value_words = {
  device_value_words, device_value_words, device_value_texts, "device value", TVM_LEVEL_UNKNOWN
};
const TvmWords tvm_severity_words = {
  level_words, level_words, severity_texts, "severity", TVM_LEVEL_UNKNOWN
};
const TvmWords tvm_health_words = {
  health_wire, health_words, health_texts, "device health", TVM_HEALTH_NOT_TOLD
};
const TvmWords tvm_device_state_words = { NULL, device_state_words, device_state_texts, "device" };
const TvmWords tvm_left_out_words = { NULL, left_out_words, left_out_texts };

/**
 * tvm_words_from_wire:
 * @self: a vocabulary whose words the service uses
 * @word: (nullable): the service's word; letter case and what is no letter or digit do not count
 *
 * Returns: its number, or that of what is not known
 */
int
tvm_words_from_wire (const TvmWords *self,
                     const char     *word)
{
  /* Nearly all are written as documented. */
  for (const TvmWord *known = self->wire; word != NULL && known->word != NULL; known++)
    if (strcmp (known->word, word) == 0)
      return known->value;
  for (const TvmWord *known = self->wire; word != NULL && known->word != NULL; known++)
    if (is_same_wire_word (known->word, word))
      return known->value;
  return self->unknown;
}

/**
 * tvm_words_knows:
 * @self: a vocabulary whose words the service uses
 * @word: (nullable): the service's word
 *
 * Returns: whether it is one of them, or says that there is none
 */
gboolean
tvm_words_knows (const TvmWords *self,
                 const char     *word)
{
  if (word == NULL || is_same_wire_word (word, "unknown") || is_same_wire_word (word, "none"))
    return TRUE;
  for (const TvmWord *known = self->wire; known->word != NULL; known++)
    if (is_same_wire_word (known->word, word))
      return TRUE;
  return FALSE;
}

/**
 * tvm_words_from_word:
 * @self: a vocabulary
 * @word: (nullable): a word for scripts, in whichever letter case
 * @out: (out): its number
 *
 * Returns: whether there is one
 */
gboolean
tvm_words_from_word (const TvmWords *self,
                     const char     *word,
                     int            *out)
{
  return value_of_word (self->words, word, out);
}

/**
 * tvm_words_to_word:
 * @self: a vocabulary
 * @value: one of its numbers
 *
 * Returns: (nullable): the word for scripts; %NULL where it says that there is none
 */
const char *
tvm_words_to_word (const TvmWords *self,
                   int             value)
{
  return word_of_value (self->words, value);
}

/**
 * tvm_words_to_text:
 * @self: a vocabulary
 * @value: one of its numbers
 *
 * Returns: (nullable): what people read, localized; the word for scripts where there is no other
 */
const char *
tvm_words_to_text (const TvmWords *self,
                   int             value)
{
  return self->texts != NULL ? text_of_value (self->texts, self->context, value)
                             : word_of_value (self->words, value);
}

/* The same with the enum's type. The word is NULL for a number that has none, the text empty; where
 * a word is no enum's, *out is left as it is. */
#define DEFINE_TO_WORD(Type, name)                                 \
  const char *                                                     \
  tvm_##name##_to_word (Type value)                                \
  {                                                                \
    return tvm_words_to_word (&tvm_##name##_words, (int) value);   \
  }
#define DEFINE_FROM_WORD(Type, name)                               \
  gboolean                                                         \
  tvm_##name##_from_word (const char *word, Type *out)             \
  {                                                                \
    int value;                                                     \
                                                                   \
    if (!tvm_words_from_word (&tvm_##name##_words, word, &value))  \
      return FALSE;                                                \
    *out = value;                                                  \
    return TRUE;                                                   \
  }
#define DEFINE_TO_TEXT(Type, name, texts, context)                 \
  const char *                                                     \
  tvm_##name##_to_text (Type value)                                \
  {                                                                \
    return text_of_value (texts, context, (int) value);            \
  }

DEFINE_TO_WORD (TvmRemediationType, remediation_type)
DEFINE_TO_WORD (TvmPriority, priority)
DEFINE_TO_WORD (TvmActivityStatus, activity_status)
DEFINE_TO_WORD (TvmTicketStatus, ticket_status)
DEFINE_TO_WORD (TvmRecommendationStatus, recommendation_status)
DEFINE_TO_WORD (TvmDeviceState, device_state)
DEFINE_FROM_WORD (TvmRemediationType, remediation_type)
DEFINE_FROM_WORD (TvmPriority, priority)
DEFINE_FROM_WORD (TvmActivityStatus, activity_status)
DEFINE_FROM_WORD (TvmRecommendationStatus, recommendation_status)
DEFINE_FROM_WORD (TvmHealth, health)
DEFINE_TO_TEXT (TvmRemediationType, remediation_type, type_texts, "remediation type")
DEFINE_TO_TEXT (TvmPriority, priority, priority_texts, "priority")
DEFINE_TO_TEXT (TvmActivityStatus, activity_status, status_texts, "activity")
DEFINE_TO_TEXT (TvmTicketStatus, ticket_status, ticket_texts, "ticket")
DEFINE_TO_TEXT (TvmRecommendationStatus, recommendation_status, recommendation_texts,
                "recommendation")
DEFINE_TO_TEXT (TvmLevel, exposure, exposure_texts, "exposure level")
DEFINE_TO_TEXT (TvmLevel, risk, risk_texts, "risk")
DEFINE_TO_TEXT (TvmLevel, device_value, device_value_texts, "device value")
DEFINE_TO_TEXT (TvmLevel, severity, severity_texts, "severity")
DEFINE_TO_TEXT (TvmHealth, health, health_texts, "device health")
DEFINE_TO_TEXT (TvmDeviceState, device_state, device_state_texts, "device")

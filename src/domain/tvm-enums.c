/* tvm-enums.c: wire words, script words and words for people. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-enums.h"

#include "tvm-i18n.h"

#include <string.h>

/* One word of a vocabulary; a table ends with a NULL word. The first row of a number is the one
 * written. */
typedef struct
{
  const char *word;
  int         value;
} Word;

static gboolean
value_of_word (const Word *words,
               const char *word,
               int        *out)
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
word_of_value (const Word *words,
               int         value)
{
  for (; words->word != NULL; words++)
    if (words->value == value)
      return words->word;
  return NULL;
}

static const char *
text_of_value (const Word *words,
               int         value)
{
  const char *text = word_of_value (words, value);

  return text != NULL ? _(text) : "";
}

static int
value_of_wire_word (const Word *words,
                    const char *word,
                    int         fallback)
{
  int value = fallback;

  value_of_word (words, word, &value);
  return value;
}

static const Word type_wire[] = {
  { "Update", TVM_TYPE_UPDATE },
  { "Upgrade", TVM_TYPE_UPGRADE },
  { "Uninstall", TVM_TYPE_UNINSTALL },
  { "ConfigurationChange", TVM_TYPE_CONFIGURATION_CHANGE },
  { "Configuration change", TVM_TYPE_CONFIGURATION_CHANGE },
  { "AttentionRequired", TVM_TYPE_ATTENTION_REQUIRED },
  { "Attention required", TVM_TYPE_ATTENTION_REQUIRED },
  { NULL, 0 }
};

static const Word type_words[] = {
  { "update", TVM_TYPE_UPDATE },
  { "upgrade", TVM_TYPE_UPGRADE },
  { "uninstall", TVM_TYPE_UNINSTALL },
  { "configuration-change", TVM_TYPE_CONFIGURATION_CHANGE },
  { "attention-required", TVM_TYPE_ATTENTION_REQUIRED },
  { NULL, 0 }
};

static const Word type_texts[] = {
  /* Translators: a remediation type */
  { N_("Update"), TVM_TYPE_UPDATE },
  /* Translators: a remediation type */
  { N_("Upgrade"), TVM_TYPE_UPGRADE },
  /* Translators: a remediation type */
  { N_("Uninstall"), TVM_TYPE_UNINSTALL },
  { N_("Configuration change"), TVM_TYPE_CONFIGURATION_CHANGE },
  { N_("Attention required"), TVM_TYPE_ATTENTION_REQUIRED },
  /* Translators: a value the service did not tell */
  { N_("Unknown"), TVM_TYPE_UNKNOWN },
  { NULL, 0 }
};

static const Word priority_words[] = {
  { "high", TVM_PRIORITY_HIGH },
  { "medium", TVM_PRIORITY_MEDIUM },
  { "low", TVM_PRIORITY_LOW },
  { NULL, 0 }
};

static const Word priority_texts[] = {
  /* Translators: a priority or level */
  { N_("High"), TVM_PRIORITY_HIGH },
  /* Translators: a priority or level */
  { N_("Medium"), TVM_PRIORITY_MEDIUM },
  /* Translators: a priority or level */
  { N_("Low"), TVM_PRIORITY_LOW },
  { NULL, 0 }
};

static const Word status_words[] = {
  { "active", TVM_STATUS_ACTIVE },
  { "completed", TVM_STATUS_COMPLETED },
  { NULL, 0 }
};

static const Word status_texts[] = {
  /* Translators: a status */
  { N_("Active"), TVM_STATUS_ACTIVE },
  /* Translators: a status */
  { N_("Completed"), TVM_STATUS_COMPLETED },
  { NULL, 0 }
};

static const Word completion_words[] = {
  { "manual", TVM_COMPLETION_MANUAL },
  { "system", TVM_COMPLETION_SYSTEM },
  { "unknown", TVM_COMPLETION_UNKNOWN },
  { NULL, 0 }
};

static const Word origin_words[] = {
  { "local", TVM_ORIGIN_LOCAL },
  { "defender", TVM_ORIGIN_DEFENDER },
  { NULL, 0 }
};

static const Word ticket_wire[] = {
  { "pending", TVM_TICKET_PENDING },
  { "active", TVM_TICKET_ACTIVE },
  { "completed", TVM_TICKET_COMPLETED },
  { "rejected", TVM_TICKET_REJECTED },
  { NULL, 0 }
};

static const Word ticket_words[] = {
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

static const Word ticket_texts[] = {
  { N_("Unknown"), TVM_TICKET_UNKNOWN },
  /* Translators: a ticket that waits here to be sent */
  { N_("In outbox"), TVM_TICKET_OUTBOX },
  /* Translators: a ticket that waits for the IT admin */
  { N_("Pending"), TVM_TICKET_PENDING },
  /* Translators: a ticket's status */
  { N_("Accepted"), TVM_TICKET_ACTIVE },
  /* Translators: a status */
  { N_("Completed"), TVM_TICKET_COMPLETED },
  /* Translators: a ticket's status */
  { N_("Rejected"), TVM_TICKET_REJECTED },
  /* Translators: a ticket that the service did not take */
  { N_("Refused"), TVM_TICKET_FAILED },
  /* Translators: a ticket that was deleted there */
  { N_("Not in Intune"), TVM_TICKET_GONE },
  /* Translators: a ticket that its requester took back */
  { N_("Withdrawn"), TVM_TICKET_WITHDRAWN },
  { NULL, 0 }
};

static const Word recommendation_words[] = {
  { "active", TVM_RECOMMENDATION_ACTIVE },
  { "partial-exception", TVM_RECOMMENDATION_PARTIAL_EXCEPTION },
  { "full-exception", TVM_RECOMMENDATION_FULL_EXCEPTION },
  { NULL, 0 }
};

static const Word recommendation_texts[] = {
  /* Translators: a status */
  { N_("Active"), TVM_RECOMMENDATION_ACTIVE },
  { N_("Partial exception"), TVM_RECOMMENDATION_PARTIAL_EXCEPTION },
  { N_("Full exception"), TVM_RECOMMENDATION_FULL_EXCEPTION },
  { NULL, 0 }
};

static const Word level_words[] = {
  { "none", TVM_LEVEL_NONE },
  { "informational", TVM_LEVEL_INFORMATIONAL },
  { "low", TVM_LEVEL_LOW },
  { "medium", TVM_LEVEL_MEDIUM },
  { "high", TVM_LEVEL_HIGH },
  { "critical", TVM_LEVEL_CRITICAL },
  { NULL, 0 }
};

static const Word level_texts[] = {
  { N_("Unknown"), TVM_LEVEL_UNKNOWN },
  /* Translators: a level of exposure, risk or severity */
  { N_("None"), TVM_LEVEL_NONE },
  /* Translators: a level of exposure, risk or severity */
  { N_("Informational"), TVM_LEVEL_INFORMATIONAL },
  /* Translators: a level of exposure, risk or severity */
  { N_("Low"), TVM_LEVEL_LOW },
  /* Translators: a level of exposure, risk or severity */
  { N_("Medium"), TVM_LEVEL_MEDIUM },
  /* Translators: a level of exposure, risk or severity */
  { N_("High"), TVM_LEVEL_HIGH },
  /* Translators: a level of exposure, risk or severity */
  { N_("Critical"), TVM_LEVEL_CRITICAL },
  { NULL, 0 }
};

static const Word health_wire[] = {
  { "Active", TVM_HEALTH_ACTIVE },
  { "Inactive", TVM_HEALTH_INACTIVE },
  { "ImpairedCommunication", TVM_HEALTH_IMPAIRED },
  { "NoSensorData", TVM_HEALTH_NO_SENSOR_DATA },
  { "NoSensorDataImpairedCommunication", TVM_HEALTH_NO_SENSOR_DATA_IMPAIRED },
  { "Unknown", TVM_HEALTH_UNKNOWN },
  { NULL, 0 }
};

static const Word health_words[] = {
  { "unknown", TVM_HEALTH_UNKNOWN },
  { "active", TVM_HEALTH_ACTIVE },
  { "inactive", TVM_HEALTH_INACTIVE },
  { "impaired-communication", TVM_HEALTH_IMPAIRED },
  { "no-sensor-data", TVM_HEALTH_NO_SENSOR_DATA },
  { "no-sensor-data-impaired-communication", TVM_HEALTH_NO_SENSOR_DATA_IMPAIRED },
  { NULL, 0 }
};

static const Word health_texts[] = {
  { N_("Unknown"), TVM_HEALTH_NOT_TOLD },
  { N_("Unknown"), TVM_HEALTH_UNKNOWN },
  /* Translators: a status */
  { N_("Active"), TVM_HEALTH_ACTIVE },
  /* Translators: a device's health */
  { N_("Inactive"), TVM_HEALTH_INACTIVE },
  { N_("Impaired communication"), TVM_HEALTH_IMPAIRED },
  { N_("No sensor data"), TVM_HEALTH_NO_SENSOR_DATA },
  { N_("No sensor data, impaired communication"), TVM_HEALTH_NO_SENSOR_DATA_IMPAIRED },
  { NULL, 0 }
};

static const Word device_state_words[] = {
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

static const Word device_state_texts[] = {
  { N_("Remediated"), TVM_DEVICE_REMEDIATED },
  { N_("Still exposed"), TVM_DEVICE_EXPOSED },
  { N_("Exposed again"), TVM_DEVICE_EXPOSED_AGAIN },
  { N_("Not seen for 7 days"), TVM_DEVICE_NOT_SEEN_7 },
  { N_("Not seen for 30 days"), TVM_DEVICE_NOT_SEEN_30 },
  { N_("Left its device group"), TVM_DEVICE_LEFT_GROUP },
  { N_("Gone from the inventory"), TVM_DEVICE_GONE },
  { N_("Waiting for data"), TVM_DEVICE_WAITING },
  { NULL, 0 }
};

TvmRemediationType
tvm_remediation_type_from_wire (const char *word)
{
  return value_of_wire_word (type_wire, word, TVM_TYPE_UNKNOWN);
}

TvmTicketStatus
tvm_ticket_status_from_wire (const char *word)
{
  return value_of_wire_word (ticket_wire, word, TVM_TICKET_UNKNOWN);
}

TvmHealth
tvm_health_from_wire (const char *word)
{
  return value_of_wire_word (health_wire, word, TVM_HEALTH_NOT_TOLD);
}

TvmPriority
tvm_priority_from_wire (const char *word)
{
  return value_of_wire_word (priority_words, word, TVM_PRIORITY_NONE);
}

TvmLevel
tvm_level_from_wire (const char *word)
{
  return value_of_wire_word (level_words, word, TVM_LEVEL_UNKNOWN);
}

const char *
tvm_remediation_type_to_word (TvmRemediationType type)
{
  return word_of_value (type_words, type);
}

const char *
tvm_priority_to_word (TvmPriority priority)
{
  return word_of_value (priority_words, priority);
}

const char *
tvm_activity_status_to_word (TvmActivityStatus status)
{
  return word_of_value (status_words, status);
}

const char *
tvm_completion_to_word (TvmCompletion completion)
{
  return word_of_value (completion_words, completion);
}

const char *
tvm_origin_to_word (TvmOrigin origin)
{
  return word_of_value (origin_words, origin);
}

const char *
tvm_ticket_status_to_word (TvmTicketStatus status)
{
  return word_of_value (ticket_words, status);
}

const char *
tvm_recommendation_status_to_word (TvmRecommendationStatus status)
{
  return word_of_value (recommendation_words, status);
}

const char *
tvm_level_to_word (TvmLevel level)
{
  return word_of_value (level_words, level);
}

const char *
tvm_health_to_word (TvmHealth health)
{
  return word_of_value (health_words, health);
}

const char *
tvm_device_state_to_word (TvmDeviceState state)
{
  return word_of_value (device_state_words, state);
}

gboolean
tvm_remediation_type_from_word (const char *word,
                                TvmRemediationType *out)
{
  int value;

  if (!value_of_word (type_words, word, &value))
    return FALSE;
  *out = value;
  return TRUE;
}

gboolean
tvm_priority_from_word (const char *word,
                        TvmPriority *out)
{
  int value;

  if (!value_of_word (priority_words, word, &value))
    return FALSE;
  *out = value;
  return TRUE;
}

gboolean
tvm_activity_status_from_word (const char *word,
                               TvmActivityStatus *out)
{
  int value;

  if (!value_of_word (status_words, word, &value))
    return FALSE;
  *out = value;
  return TRUE;
}

gboolean
tvm_health_from_word (const char *word,
                      TvmHealth  *out)
{
  int value;

  if (!value_of_word (health_words, word, &value))
    return FALSE;
  *out = value;
  return TRUE;
}

gboolean
tvm_recommendation_status_from_word (const char *word,
                                     TvmRecommendationStatus *out)
{
  int value;

  if (!value_of_word (recommendation_words, word, &value))
    return FALSE;
  *out = value;
  return TRUE;
}

const char *
tvm_remediation_type_to_text (TvmRemediationType type)
{
  return text_of_value (type_texts, type);
}

const char *
tvm_priority_to_text (TvmPriority priority)
{
  return text_of_value (priority_texts, priority);
}

const char *
tvm_activity_status_to_text (TvmActivityStatus status)
{
  return text_of_value (status_texts, status);
}

const char *
tvm_ticket_status_to_text (TvmTicketStatus status)
{
  return text_of_value (ticket_texts, status);
}

const char *
tvm_recommendation_status_to_text (TvmRecommendationStatus status)
{
  return text_of_value (recommendation_texts, status);
}

const char *
tvm_level_to_text (TvmLevel level)
{
  return text_of_value (level_texts, level);
}

const char *
tvm_health_to_text (TvmHealth health)
{
  return text_of_value (health_texts, health);
}

const char *
tvm_device_state_to_text (TvmDeviceState state)
{
  return text_of_value (device_state_texts, state);
}

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
text_of_value (const TvmWord *words,
               int            value)
{
  const char *text = word_of_value (words, value);

  return text != NULL ? _(text) : "";
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

static const TvmWord priority_words[] = {
  { "high", TVM_PRIORITY_HIGH },
  { "medium", TVM_PRIORITY_MEDIUM },
  { "low", TVM_PRIORITY_LOW },
  { NULL, 0 }
};

static const TvmWord priority_texts[] = {
  /* Translators: a priority or level */
  { N_("High"), TVM_PRIORITY_HIGH },
  /* Translators: a priority or level */
  { N_("Medium"), TVM_PRIORITY_MEDIUM },
  /* Translators: a priority or level */
  { N_("Low"), TVM_PRIORITY_LOW },
  { NULL, 0 }
};

static const TvmWord status_words[] = {
  { "active", TVM_STATUS_ACTIVE },
  { "completed", TVM_STATUS_COMPLETED },
  { NULL, 0 }
};

static const TvmWord status_texts[] = {
  /* Translators: a status */
  { N_("Active"), TVM_STATUS_ACTIVE },
  /* Translators: a status */
  { N_("Completed"), TVM_STATUS_COMPLETED },
  { N_("Unknown"), TVM_STATUS_UNKNOWN },
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

static const TvmWord recommendation_words[] = {
  { "active", TVM_RECOMMENDATION_ACTIVE },
  { "partial-exception", TVM_RECOMMENDATION_PARTIAL_EXCEPTION },
  { "full-exception", TVM_RECOMMENDATION_FULL_EXCEPTION },
  { NULL, 0 }
};

static const TvmWord recommendation_texts[] = {
  /* Translators: a status */
  { N_("Active"), TVM_RECOMMENDATION_ACTIVE },
  { N_("Partial exception"), TVM_RECOMMENDATION_PARTIAL_EXCEPTION },
  { N_("Full exception"), TVM_RECOMMENDATION_FULL_EXCEPTION },
  { N_("Unknown"), TVM_RECOMMENDATION_UNKNOWN },
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

static const TvmWord level_texts[] = {
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

static const TvmWord left_out_words[] = {
  { "not-joined", TVM_LEFT_OUT_NOT_JOINED },
  { "ticket-full", TVM_LEFT_OUT_FULL },
  { "no-ticket", TVM_LEFT_OUT_OTHER },
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
  { NULL, 0 }
};

const TvmWords tvm_remediation_type_words = { type_wire, type_words, type_texts };
const TvmWords tvm_priority_words = { priority_words, priority_words, priority_texts };
const TvmWords tvm_activity_status_words = { NULL, status_words, status_texts };
const TvmWords tvm_completion_words = { NULL, completion_words, NULL };
const TvmWords tvm_origin_words = { NULL, origin_words, NULL };
const TvmWords tvm_ticket_status_words = { ticket_wire, ticket_words, ticket_texts };
const TvmWords tvm_recommendation_status_words = {
  NULL, recommendation_words, recommendation_texts
};
const TvmWords tvm_level_words = { level_words, level_words, level_texts, TVM_LEVEL_UNKNOWN };
const TvmWords tvm_health_words = { health_wire, health_words, NULL, TVM_HEALTH_NOT_TOLD };
const TvmWords tvm_device_state_words = { NULL, device_state_words, device_state_texts };
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
  for (const TvmWord *known = self->wire; word != NULL && known->word != NULL; known++)
    if (is_same_wire_word (known->word, word))
      return known->value;
  return self->unknown;
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
  return self->texts != NULL ? text_of_value (self->texts, value)
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
#define DEFINE_TO_TEXT(Type, name, texts)                          \
  const char *                                                     \
  tvm_##name##_to_text (Type value)                                \
  {                                                                \
    return text_of_value (texts, (int) value);                     \
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
DEFINE_TO_TEXT (TvmRemediationType, remediation_type, type_texts)
DEFINE_TO_TEXT (TvmPriority, priority, priority_texts)
DEFINE_TO_TEXT (TvmActivityStatus, activity_status, status_texts)
DEFINE_TO_TEXT (TvmTicketStatus, ticket_status, ticket_texts)
DEFINE_TO_TEXT (TvmRecommendationStatus, recommendation_status, recommendation_texts)
DEFINE_TO_TEXT (TvmLevel, level, level_texts)
DEFINE_TO_TEXT (TvmHealth, health, health_texts)
DEFINE_TO_TEXT (TvmDeviceState, device_state, device_state_texts)

/* tvm-enums.h: the field's fixed vocabularies, their wire words and script words. Any thread.
 * The numbers are stored: never renumber. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <glib.h>
G_BEGIN_DECLS

/* Below 0 is not known, here and in every count: the service did not tell, or nobody looked. */
typedef enum { TVM_TRUTH_UNKNOWN = -1, TVM_TRUTH_NO, TVM_TRUTH_YES } TvmTruth;
typedef enum { TVM_TYPE_UNKNOWN, TVM_TYPE_UPDATE, TVM_TYPE_UPGRADE, TVM_TYPE_UNINSTALL,
               TVM_TYPE_CONFIGURATION_CHANGE, TVM_TYPE_ATTENTION_REQUIRED } TvmRemediationType;
typedef enum
{
  TVM_PRIORITY_NONE,
  TVM_PRIORITY_HIGH,
  TVM_PRIORITY_MEDIUM,
  TVM_PRIORITY_LOW
} TvmPriority;
/* UNKNOWN counts among what is open: nobody says that it is not. */
typedef enum { TVM_STATUS_UNKNOWN, TVM_STATUS_ACTIVE, TVM_STATUS_COMPLETED } TvmActivityStatus;
typedef enum { TVM_COMPLETION_NONE, TVM_COMPLETION_MANUAL, TVM_COMPLETION_SYSTEM,
               TVM_COMPLETION_UNKNOWN } TvmCompletion;
typedef enum { TVM_ORIGIN_LOCAL = 1, TVM_ORIGIN_DEFENDER } TvmOrigin;
typedef enum
{
  TVM_TICKET_UNKNOWN,
  TVM_TICKET_OUTBOX /* not sent yet */,
  TVM_TICKET_PENDING,
  TVM_TICKET_ACTIVE,
  TVM_TICKET_COMPLETED,
  TVM_TICKET_REJECTED,
  TVM_TICKET_FAILED /* refused, parked */,
  TVM_TICKET_GONE /* no longer in Intune */,
  TVM_TICKET_WITHDRAWN /* taken back by us */
} TvmTicketStatus;
typedef enum { TVM_RECOMMENDATION_UNKNOWN, TVM_RECOMMENDATION_ACTIVE,
               TVM_RECOMMENDATION_PARTIAL_EXCEPTION,
               TVM_RECOMMENDATION_FULL_EXCEPTION } TvmRecommendationStatus;
typedef enum
{
  TVM_LEVEL_UNKNOWN = -1,
  TVM_LEVEL_NONE,
  TVM_LEVEL_INFORMATIONAL,
  TVM_LEVEL_LOW,
  TVM_LEVEL_MEDIUM,
  TVM_LEVEL_HIGH,
  TVM_LEVEL_CRITICAL
} TvmLevel; /* exposure, risk, severity, a device's value ("normal" is MEDIUM) */
/* UNKNOWN is what the service says, NOT_TOLD that it says nothing. */
typedef enum { TVM_HEALTH_NOT_TOLD = -1, TVM_HEALTH_UNKNOWN, TVM_HEALTH_ACTIVE, TVM_HEALTH_INACTIVE,
               TVM_HEALTH_IMPAIRED, TVM_HEALTH_NO_SENSOR_DATA,
               TVM_HEALTH_NO_SENSOR_DATA_IMPAIRED } TvmHealth;

/* How far the exploit of a CVE is; ANY only to choose by. */
typedef enum { TVM_EXPLOIT_UNKNOWN = -1, TVM_EXPLOIT_NONE, TVM_EXPLOIT_PUBLIC, TVM_EXPLOIT_VERIFIED,
               TVM_EXPLOIT_IN_KIT, TVM_EXPLOIT_ANY } TvmExploit;

/* The state of one target device of an activity (R6), most telling first. */
typedef enum {
  TVM_DEVICE_REMEDIATED,
  TVM_DEVICE_EXPOSED,         /* still exposed, seen lately */
  TVM_DEVICE_EXPOSED_AGAIN,   /* was remediated before */
  TVM_DEVICE_NOT_SEEN_7,
  TVM_DEVICE_NOT_SEEN_30,
  TVM_DEVICE_LEFT_GROUP,
  TVM_DEVICE_GONE,            /* still listed as exposed, but no longer in the inventory */
  TVM_DEVICE_WAITING,         /* ticket completed, within the service's usual delay */
  TVM_N_DEVICE_STATES
} TvmDeviceState;

/* Why no ticket carries a device of an activity (R5). */
typedef enum {
  TVM_LEFT_OUT_NONE,          /* one does, or the activity has no tickets */
  TVM_LEFT_OUT_ANY,           /* only to choose by: for whichever reason */
  TVM_LEFT_OUT_NOT_JOINED,    /* to Microsoft Entra */
  TVM_LEFT_OUT_FULL,          /* over what a ticket carries at most */
  TVM_LEFT_OUT_OTHER,         /* its ticket was taken back, or it could not go at that time */
  TVM_LEFT_OUT_UNTOLD,        /* whether it is joined the service does not tell */
  TVM_N_LEFT_OUT
} TvmLeftOut;

/* A vocabulary: its words at the service (nullable), for scripts and for people (nullable). A table
 * ends with a NULL word; the first row of a number is the one written. */
typedef struct {
  const char *word;
  int value;
} TvmWord;
typedef struct {
  const TvmWord *wire, *words, *texts;
  const char *context;  /* (nullable): of the texts, for those who translate them */
  int unknown;   /* what a word of the service counts as that is missing, or unknown here */
} TvmWords;
extern const TvmWords tvm_remediation_type_words, tvm_priority_words, tvm_activity_status_words,
                      tvm_completion_words, tvm_origin_words, tvm_ticket_status_words,
                      tvm_recommendation_status_words, tvm_exposure_words, tvm_risk_words,
                      tvm_device_value_words,
                      tvm_severity_words, tvm_health_words,
                      tvm_device_state_words, tvm_left_out_words, tvm_justification_words,
                      tvm_exception_status_words, tvm_approval_words;
int                     tvm_words_from_wire            (const TvmWords *self, const char *word);
gboolean                tvm_words_knows                (const TvmWords *self, const char *word);
gboolean                tvm_words_from_word            (const TvmWords *self, const char *word,
                                                        int *out);
const char             *tvm_words_to_word              (const TvmWords *self, int value);
const char             *tvm_words_to_text              (const TvmWords *self, int value);

/* Script words: lower-case kebab, as in the JSON output and on the command line; NULL for
 * "none". */
const char             *tvm_remediation_type_to_word   (TvmRemediationType type);
gboolean                tvm_remediation_type_from_word (const char *word, TvmRemediationType *out);
const char             *tvm_priority_to_word           (TvmPriority priority);
gboolean                tvm_priority_from_word         (const char *word, TvmPriority *out);
const char             *tvm_activity_status_to_word    (TvmActivityStatus status);
gboolean                tvm_activity_status_from_word  (const char *word, TvmActivityStatus *out);
const char             *tvm_ticket_status_to_word      (TvmTicketStatus status);
const char             *tvm_recommendation_status_to_word (TvmRecommendationStatus status);
gboolean tvm_recommendation_status_from_word (const char *word, TvmRecommendationStatus *out);
gboolean                tvm_health_from_word           (const char *word, TvmHealth *out);
const char             *tvm_device_state_to_word       (TvmDeviceState state);

/* Words for people, localized; borrowed. */
const char             *tvm_remediation_type_to_text   (TvmRemediationType type);
const char             *tvm_priority_to_text           (TvmPriority priority);
const char             *tvm_activity_status_to_text    (TvmActivityStatus status);
const char             *tvm_ticket_status_to_text      (TvmTicketStatus status);
const char             *tvm_recommendation_status_to_text (TvmRecommendationStatus status);
const char             *tvm_exposure_to_text           (TvmLevel level);
const char             *tvm_risk_to_text               (TvmLevel level);
const char             *tvm_device_value_to_text       (TvmLevel level);
const char             *tvm_severity_to_text           (TvmLevel level);
const char             *tvm_health_to_text             (TvmHealth health);
const char             *tvm_device_state_to_text       (TvmDeviceState state);

G_END_DECLS

/* tvm-said.h: states that a service calls by words this program does not know: they are shown as
 * the service calls them, and count as what the vocabulary has for the unknown. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-fields.h"
G_BEGIN_DECLS

void        tvm_said_add  (char ***said, const char *column, const char *word);
const char *tvm_said_find (const char *const *said, const char *column);
const char *tvm_said_of_field (const TvmFields *fields, gconstpointer record,
                               const TvmField *field);

/* Words for people, localized where they are ours; borrowed from the record. */
const char *tvm_recommendation_type_text    (const TvmRecommendation *self);
const char *tvm_recommendation_status_text  (const TvmRecommendation *self);
const char *tvm_device_exposure_text        (const TvmDevice *self);
const char *tvm_device_risk_text            (const TvmDevice *self);
const char *tvm_device_value_text           (const TvmDevice *self);
const char *tvm_device_health_text          (const TvmDevice *self);
const char *tvm_vulnerability_severity_text (const TvmVulnerability *self);
const char *tvm_ticket_status_text          (const TvmTicket *self);
const char *tvm_activity_type_text          (const TvmActivity *self);
const char *tvm_activity_priority_text      (const TvmActivity *self);
const char *tvm_activity_status_text        (const TvmActivity *self);
const char *tvm_activity_ticket_text        (const TvmActivity *self);


/* How likely a CVE is exploited within 30 days, for people: a part of one, or a percentage. Owned;
 * NULL: not known. What is more than nothing never reads as nothing. */
char *tvm_epss_to_share   (double epss);
char *tvm_epss_to_percent (double epss);

G_END_DECLS

/* tvm-triage.h: by what people sort out what to do first; of a query: which rows. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-enums.h"
G_BEGIN_DECLS

/* What threatens the devices that are exposed to a recommendation. */
typedef enum {
  TVM_THREAT_KNOWN_EXPLOITED = 1, TVM_THREAT_ALERT, TVM_THREAT_EXPLOIT, TVM_THREAT_ANY,
  TVM_N_THREATS
} TvmThreat;
const char *tvm_threat_to_text  (TvmThreat threat);

/* How many devices are exposed. */
typedef enum {
  TVM_EXPOSED_NONE = 1, TVM_EXPOSED_SOME, TVM_EXPOSED_10, TVM_EXPOSED_100, TVM_EXPOSED_1000,
  TVM_N_EXPOSED
} TvmExposed;
const char *tvm_exposed_to_text (TvmExposed exposed);
int         tvm_exposed_least   (TvmExposed exposed);

/* Activities that the dashboard sums up, of the last TVM_STANDING_DAYS: all devices remediated;
 * with a due date, and completed or overdue. */
typedef enum { TVM_FIGURE_REMEDIATED = 1, TVM_FIGURE_DUE, TVM_N_FIGURES } TvmFigure;
const char *tvm_past_to_text    (TvmFigure past);

/* How long ago it came, by local days. */
typedef enum {
  TVM_AGE_YESTERDAY = 1, TVM_AGE_WEEK, TVM_AGE_MONTH, TVM_AGE_OLDER, TVM_AGE_OLD, TVM_N_AGES
} TvmAge;
const char *tvm_age_to_text     (TvmAge age);
void        tvm_age_get_bounds  (TvmAge age, const char *today, gint64 *out_from_us,
                                 gint64 *out_until_us);

G_END_DECLS

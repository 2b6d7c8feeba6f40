/* tvm-bulk.h: whether something may be requested, completed or withdrawn, and what became of each
 * of several. Any thread. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-rules.h"
G_BEGIN_DECLS

/* Each says in @error why not: INVALID or CONFLICT. */
gboolean tvm_request_check_type    (const TvmRequest *request,
                                    const TvmRecommendation *recommendation, GError **error);
gboolean tvm_request_check_bulk    (const TvmRequest *request,
                                    const TvmRecommendation *recommendation, GError **error);
gboolean tvm_coverage_check        (const TvmCoverage *coverage, const TvmRequest *request,
                                    GError **error);
gboolean tvm_activity_may_complete (TvmOrigin origin, TvmActivityStatus status, GError **error);
const char *tvm_activity_unsent_text (const TvmActivity *activity);
gboolean tvm_activity_may_withdraw (const TvmActivity *activity, GError **error);
gboolean tvm_ticket_may_withdraw   (TvmTicketStatus status, GError **error);

/* One of several. */
typedef enum {
  TVM_BULK_DONE, TVM_BULK_SKIPPED, TVM_BULK_FAILED, TVM_N_BULK_OUTCOMES
} TvmBulkOutcome;
typedef struct {
  char *id;                    /* (not nullable): what was named */
  char *title;                 /* NULL: not known */
  char *activity_id;           /* NULL: of none */
  char *reason;                /* a sentence: why it was skipped or failed, or what it waits for */
  TvmBulkOutcome outcome;
  gboolean is_trial;           /* nothing was done: it says what would be */
  gboolean is_waiting;         /* it is done here, and the service is told later */
  int n_tickets;               /* of a new activity */
  GPtrArray *priors;           /* (nullable) of TvmPrior: who asked for the same as a request */
} TvmBulkResult;
void        tvm_bulk_result_free     (TvmBulkResult *self);
const char *tvm_bulk_outcome_to_word (TvmBulkOutcome outcome);
const char *tvm_bulk_outcome_to_text (TvmBulkOutcome outcome);
char       *tvm_bulk_summary         (GPtrArray *results);
char       *tvm_bulk_result_text     (const TvmBulkResult *self);

G_END_DECLS

/* tvm-prior.h: who asked for the same before, or excepted it (R20): told before something is
 * requested, whoever made it. Any thread. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-rules.h"
G_BEGIN_DECLS

typedef enum {
  TVM_PRIOR_ACTIVITY,          /* requested here, and active */
  TVM_PRIOR_PORTAL,            /* requested in the portal, and active */
  TVM_PRIOR_TICKET,            /* another's ticket in Intune, pending or accepted */
  TVM_PRIOR_EXCEPTION,         /* filed here, and active; without an id: one of the portal */
  TVM_N_PRIORS
} TvmPriorKind;

typedef struct {
  TvmPriorKind kind;
  char *id;                    /* of the activity, the ticket (Intune's) or the exception */
  char *title, *who;
  char *groups;                /* one per line; empty: all device groups; NULL: not known */
  gint64 when_us;              /* 0: not known */
  int devices;                 /* -1: not known */
  TvmTicketStatus ticket_status;  /* of a ticket */
  char *ends_on;               /* of an exception: its last day, YYYY-MM-DD */
} TvmPrior;
void        tvm_prior_free       (TvmPrior *self);
const char *tvm_prior_to_word    (TvmPriorKind kind);
char       *tvm_prior_to_text    (const TvmPrior *self);
char       *tvm_prior_scope_text (const TvmPrior *self);
GPtrArray  *tvm_priors_meeting   (GPtrArray *priors, const char *const *groups);

/* What a request is about and meets, as one look at the store saw it. */
typedef struct {
  TvmRecommendation *recommendation;  /* (owned) (nullable): not found */
  GPtrArray *groups;           /* (owned) (nullable) of TvmGroupCount: its exposed devices */
  GStrv shared, shared_no_impact;  /* (owned) (nullable): of each device in Entra that is in several
                                  device groups, these, one per line; those with no user impact */
  TvmCoverage coverage;        /* of a request; covered -1: it did not come to that */
  GPtrArray *priors;           /* (owned) (nullable) of TvmPrior; of a request: what it meets */
} TvmRequestFacts;
char *tvm_request_facts_describe_rest (const TvmRequestFacts *self, const TvmRequest *request);
#define TVM_REQUEST_FACTS_INIT { .coverage = { .covered = -1 } }
void        tvm_request_facts_clear (TvmRequestFacts *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TvmRequestFacts, tvm_request_facts_clear)
gboolean    tvm_request_check_shown (const TvmRequest *request, const TvmRequestFacts *facts,
                                     GError **error);

G_END_DECLS

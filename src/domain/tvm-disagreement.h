/* tvm-disagreement.h: where an activity, its tickets and its devices say different things (R7), as
 * a pure function, and what to do about it. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-records.h"
G_BEGIN_DECLS

typedef enum {
  TVM_DISAGREEMENT_STILL_EXPOSED = 1 << 0,  /* all tickets completed, devices not remediated */
  TVM_DISAGREEMENT_TICKET_OPEN   = 1 << 1,  /* all devices remediated, a ticket not completed */
  TVM_DISAGREEMENT_REJECTED      = 1 << 2,  /* a ticket was rejected */
  TVM_DISAGREEMENT_TWIN          = 1 << 3,  /* one here and one in the portal for the same */
  TVM_DISAGREEMENT_COMPLETED     = 1 << 4,  /* completed by hand, a ticket not */
  TVM_DISAGREEMENT_SENT_TWICE    = 1 << 5,  /* Intune has one of its tickets a second time */
  TVM_DISAGREEMENT_NUMBERS       = 1 << 6,  /* more devices remediated than targeted */
  TVM_DISAGREEMENT_UNSENT        = 1 << 7,  /* completed, a ticket waits that is not sent */
} TvmDisagreement;
#define TVM_N_DISAGREEMENTS 8

typedef struct {
  TvmActivityStatus status;
  TvmRemediationType type;
  int target_devices, fixed_devices;      /* fixed: below 0: not known */
  int n_unsent, n_open, n_completed, n_rejected;  /* tickets; open: pending or accepted */
  gboolean has_twin;                      /* another origin's active one for the same */
  gboolean is_sent_twice;                 /* one open ticket more in Intune with a marker of its */
} TvmDisagreementFacts;

guint       tvm_disagreements_find      (const TvmDisagreementFacts *facts);
void        tvm_disagreement_add_ticket (TvmDisagreementFacts *facts, TvmTicketStatus status,
                                         gboolean is_withdrawn);
gboolean    tvm_groups_overlap          (const char *one, const char *other);
const char *tvm_disagreement_to_word    (TvmDisagreement disagreement);
char       *tvm_disagreement_to_text    (TvmDisagreement disagreement,
                                         const TvmActivity *activity);
const char *tvm_disagreement_to_step    (TvmDisagreement disagreement,
                                         const TvmActivity *activity);

G_END_DECLS

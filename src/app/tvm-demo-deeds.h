/* tvm-demo-deeds.h: what the others of the demo's team decide, and when.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-sync-engine.h"
G_BEGIN_DECLS

/* Activities and exceptions, each about a recommendation of its own. */
#define TVM_DEMO_N_SUBJECTS 8

typedef enum { TVM_DEMO_PERSON, TVM_DEMO_YUKI, TVM_DEMO_JONAS, TVM_DEMO_N_PEOPLE } TvmDemoWho;

typedef struct
{
  gint64      after_s;  /* from when the team is there; below 0: said to be before */
  TvmDemoWho  who;
  guint       subject;  /* a number; %TVM_DEMO_N_SUBJECTS: one of the person's, or none of these */
  const char *kind;     /* of a team's event */
  const char *text;     /* (nullable): notes, a comment, a reason, an exception's context;
                           a policy, a view's name */
  TvmDemoWho  to;       /* of an assignment */
} TvmDemoDeed;

extern const char *const tvm_demo_logins[];    /* %NULL-terminated */
extern const char *const tvm_demo_accounts[];  /* but that of the person */
extern const TvmDemoDeed tvm_demo_deeds[];     /* the last one has no kind */
extern const TvmDemoDeed tvm_demo_approval;

char *tvm_demo_deed_make_after (const TvmDemoDeed *deed, TvmSyncEngine *engine,
                                const TvmRecommendation *about, const char *account,
                                GCancellable *cancellable, GError **error);

G_END_DECLS

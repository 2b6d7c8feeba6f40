/* tvm-team-load.h: what is read on a worker of what a team shares. Main thread in, main thread out.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-load.h"
#include "tvm-store-team.h"
G_BEGIN_DECLS

typedef struct {
  TvmTeamPolicy *policy;       /* (owned) (nullable): the team has none, or there is no team */
  gboolean       gives;        /* what one sets would be the team's first one */
} TvmTeamPolicyState;
void tvm_team_policy_state_free (TvmTeamPolicyState *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TvmTeamPolicyState, tvm_team_policy_state_free)

extern const TvmLoad tvm_load_team_policy;  /* by nothing: a TvmTeamPolicyState */

typedef struct {
  GPtrArray *views;            /* (owned): of TvmTeamView */
  char      *account;          /* (owned) (nullable): one's own in the team; NULL: there is none */
  gboolean   may_share, is_administrator;
} TvmTeamViews;
void tvm_team_views_free (TvmTeamViews *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TvmTeamViews, tvm_team_views_free)

extern const TvmLoad tvm_load_team_views;   /* by a list's word: its TvmTeamViews */

G_END_DECLS

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

G_END_DECLS

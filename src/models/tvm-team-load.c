/* tvm-team-load.c: what is read on a worker of what a team shares. Main thread in, main thread out.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-team-load.h"


/**
 * tvm_team_policy_state_free:
 * @self: (transfer full): what was read
 */
void
tvm_team_policy_state_free (TvmTeamPolicyState *self)
{
  g_clear_pointer (&self->policy, tvm_team_policy_unref);
  g_free (self);
}

static gpointer
read_policy (TvmStore *store, gpointer unused, GCancellable *cancellable, GError **error)
{
  g_autoptr(TvmTeamPolicyState) state = g_new0 (TvmTeamPolicyState, 1);
  g_autoptr(GError) failure = NULL;
  g_autofree char *right = NULL;
  g_autofree char *layout = NULL;

  state->policy = tvm_store_get_team_policy (store, &failure);
  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return NULL;
    }
  right = tvm_store_dup_team_right (store, NULL);
  layout = tvm_store_get_setting (store, TVM_TEAM_LAYOUT_KEY, NULL);
  state->gives = state->policy == NULL && g_strcmp0 (right, "administrator") == 0 &&
                 layout != NULL && g_ascii_strtoll (layout, NULL, 10) >= TVM_TEAM_HAS_POLICY;
  return g_steal_pointer (&state);
}

const TvmLoad tvm_load_team_policy = { read_policy, (GDestroyNotify) tvm_team_policy_state_free };

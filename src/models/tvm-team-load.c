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

/* Whether its database has what is shared beside activities and exceptions. */
static gboolean
has_layout (TvmStore *store)
{
  g_autofree char *layout = tvm_store_get_setting (store, TVM_TEAM_LAYOUT_KEY, NULL);

  return layout != NULL && g_ascii_strtoll (layout, NULL, 10) >= TVM_TEAM_HAS_POLICY;
}

static gpointer
read_policy (TvmStore *store, gpointer unused, GCancellable *cancellable, GError **error)
{
  g_autoptr(TvmTeamPolicyState) state = g_new0 (TvmTeamPolicyState, 1);
  g_autoptr(GError) failure = NULL;
  g_autofree char *right = NULL;

  state->policy = tvm_store_get_team_policy (store, &failure);
  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return NULL;
    }
  right = tvm_store_dup_team_right (store, NULL);
  state->gives = state->policy == NULL && g_strcmp0 (right, "administrator") == 0 &&
                 has_layout (store);
  return g_steal_pointer (&state);
}

const TvmLoad tvm_load_team_policy = { read_policy, (GDestroyNotify) tvm_team_policy_state_free };

/**
 * tvm_team_views_free:
 * @self: (transfer full): what was read
 */
void
tvm_team_views_free (TvmTeamViews *self)
{
  g_clear_pointer (&self->views, g_ptr_array_unref);
  g_free (self->account);
  g_free (self);
}

static gpointer
read_views (TvmStore *store, gpointer list, GCancellable *cancellable, GError **error)
{
  g_autoptr(TvmTeamViews) state = g_new0 (TvmTeamViews, 1);
  g_autofree char *right = tvm_store_dup_team_right (store, NULL);

  state->views = tvm_store_list_team_views (store, list, error);
  if (state->views == NULL)
    return NULL;
  if (right != NULL)
    state->account = tvm_store_get_setting (store, TVM_TEAM_ACCOUNT_KEY, NULL);
  state->is_administrator = g_strcmp0 (right, "administrator") == 0;
  state->may_share = has_layout (store) &&
                     (state->is_administrator || g_strcmp0 (right, "requester") == 0 ||
                      g_strcmp0 (right, "approver") == 0);
  return g_steal_pointer (&state);
}

const TvmLoad tvm_load_team_views = { read_views, (GDestroyNotify) tvm_team_views_free };

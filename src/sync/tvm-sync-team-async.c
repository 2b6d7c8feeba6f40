/* tvm-sync-team-async.c: the commands about a team as the window uses them: on workers, each wait
 * cancellable. Main context. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-sync-private.h"

typedef struct
{
  char            *uri;       /* (owned) (nullable) */
  TvmApprovalRule  rule;
  TvmSyncTeam     *team;      /* (owned) (nullable): the answer */
  GPtrArray       *members;   /* (owned) (nullable): the answer */
} Asking;

static void
asking_free (gpointer data)
{
  Asking *self = data;

  g_free (self->uri);
  g_clear_pointer (&self->team, tvm_sync_team_free);
  g_clear_pointer (&self->members, g_ptr_array_unref);
  g_free (self);
}

static gboolean
look_call (TvmSyncEngine *self, gpointer data, GCancellable *cancellable, GError **error)
{
  Asking *asking = data;

  asking->team = tvm_sync_engine_get_team (self, TRUE, cancellable, error);
  if (asking->team != NULL)
    asking->members = tvm_sync_engine_list_members (self, cancellable, error);
  return asking->members != NULL;
}

/**
 * tvm_sync_engine_look_at_team_async:
 * @self: an engine
 * @cancellable: (nullable): ends the wait
 * @callback: told when it is done
 * @user_data: given to @callback
 *
 * Asks the team's database what it is and who is in it, on a worker.
 */
void
tvm_sync_engine_look_at_team_async (TvmSyncEngine *self, GCancellable *cancellable,
                                    GAsyncReadyCallback callback, gpointer user_data)
{
  tvm_sync_task_run (self, look_call, g_new0 (Asking, 1), asking_free, cancellable, callback,
                     user_data);
}

/**
 * tvm_sync_engine_look_at_team_finish:
 * @self: an engine
 * @result: what the callback was given
 * @out_members: (out) (transfer full) (element-type TvmTeamMember): who is in it, and who left
 * @error: return location for a #TvmError
 *
 * Returns: (transfer full) (nullable): the team; %NULL on error
 */
TvmSyncTeam *
tvm_sync_engine_look_at_team_finish (TvmSyncEngine  *self,
                                     GAsyncResult   *result,
                                     GPtrArray     **out_members,
                                     GError        **error)
{
  Asking *asking = tvm_sync_task_finish (self, result, look_call, error);

  if (asking == NULL)
    return NULL;
  *out_members = g_steal_pointer (&asking->members);
  return g_steal_pointer (&asking->team);
}

static gboolean
kept_call (TvmSyncEngine *self, gpointer data, GCancellable *cancellable, GError **error)
{
  Asking *asking = data;

  asking->team = tvm_sync_engine_get_team (self, FALSE, cancellable, error);
  return asking->team != NULL;
}

/**
 * tvm_sync_engine_load_team_async:
 * @self: an engine
 * @cancellable: (nullable): drops the answer
 * @callback: told when it is done
 * @user_data: given to @callback
 *
 * Reads what is kept here of the profile's team, on a worker.
 */
void
tvm_sync_engine_load_team_async (TvmSyncEngine *self, GCancellable *cancellable,
                                 GAsyncReadyCallback callback, gpointer user_data)
{
  tvm_sync_task_run_quiet (self, kept_call, g_new0 (Asking, 1), asking_free, cancellable, callback,
                           user_data);
}

/**
 * tvm_sync_engine_load_team_finish:
 * @self: an engine
 * @result: what the callback was given
 * @error: return location for a #TvmError: %TVM_ERROR_NOT_FOUND where the profile is in no team
 *
 * Returns: (transfer full) (nullable): the team; %NULL on error
 */
TvmSyncTeam *
tvm_sync_engine_load_team_finish (TvmSyncEngine  *self,
                                  GAsyncResult   *result,
                                  GError        **error)
{
  Asking *asking = tvm_sync_task_finish (self, result, kept_call, error);

  return asking != NULL ? g_steal_pointer (&asking->team) : NULL;
}

static gboolean
join_call (TvmSyncEngine *self, gpointer data, GCancellable *cancellable, GError **error)
{
  Asking *asking = data;

  asking->team = tvm_sync_engine_join_team (self, asking->uri, cancellable, error);
  return asking->team != NULL;
}

/**
 * tvm_sync_engine_join_team_async:
 * @self: an engine
 * @uri: of the team's database
 * @cancellable: (nullable): ends the wait
 * @callback: told when it is done
 * @user_data: given to @callback
 *
 * tvm_sync_engine_join_team() on a worker; ended by tvm_sync_engine_finish().
 */
void
tvm_sync_engine_join_team_async (TvmSyncEngine *self, const char *uri, GCancellable *cancellable,
                                 GAsyncReadyCallback callback, gpointer user_data)
{
  Asking *asking = g_new0 (Asking, 1);

  asking->uri = g_strdup (uri);
  tvm_sync_task_run (self, join_call, asking, asking_free, cancellable, callback, user_data);
}

static gboolean
leave_call (TvmSyncEngine *self, gpointer data, GCancellable *cancellable, GError **error)
{
  return tvm_sync_engine_leave_team (self, error);
}

/**
 * tvm_sync_engine_leave_team_async:
 * @self: an engine
 * @cancellable: (nullable): stops it
 * @callback: told when it is done
 * @user_data: given to @callback
 *
 * tvm_sync_engine_leave_team() on a worker; ended by tvm_sync_engine_finish().
 */
void
tvm_sync_engine_leave_team_async (TvmSyncEngine *self, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data)
{
  tvm_sync_task_run (self, leave_call, NULL, NULL, cancellable, callback, user_data);
}

static gboolean
approval_call (TvmSyncEngine *self, gpointer data, GCancellable *cancellable, GError **error)
{
  return tvm_sync_engine_set_approval (self, ((Asking *) data)->rule, cancellable, error);
}

/**
 * tvm_sync_engine_set_approval_async:
 * @self: an engine of an administrator of the team
 * @rule: which exceptions need somebody else's approval
 * @cancellable: (nullable): ends the wait
 * @callback: told when it is done
 * @user_data: given to @callback
 *
 * tvm_sync_engine_set_approval() on a worker; ended by tvm_sync_engine_finish().
 */
void
tvm_sync_engine_set_approval_async (TvmSyncEngine *self, TvmApprovalRule rule,
                                    GCancellable *cancellable, GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  Asking *asking = g_new0 (Asking, 1);

  asking->rule = rule;
  tvm_sync_task_run (self, approval_call, asking, asking_free, cancellable, callback, user_data);
}

static gboolean
share_call (TvmSyncEngine *self, gpointer data, GCancellable *cancellable, GError **error)
{
  int n;

  return tvm_sync_engine_share (self, NULL, &n, error);
}

/**
 * tvm_sync_engine_share_all_async:
 * @self: an engine of a profile that is in a team
 * @cancellable: (nullable): stops it
 * @callback: told when it is done
 * @user_data: given to @callback
 *
 * tvm_sync_engine_share() of all on a worker; ended by tvm_sync_engine_finish().
 */
void
tvm_sync_engine_share_all_async (TvmSyncEngine *self, GCancellable *cancellable,
                                 GAsyncReadyCallback callback, gpointer user_data)
{
  tvm_sync_task_run (self, share_call, NULL, NULL, cancellable, callback, user_data);
}

/* tvm-sync-team.c: joining and leaving a team, and who is in it. Blocks; worker threads and the
 * command line. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-sync-private.h"
#include "tvm-sync-team.h"
#include "tvm-store-team.h"

#include "tvm-error.h"

#include <glib/gi18n-lib.h>

#define URI_KEY "team-uri"     /* a setting that no other command sets */

/**
 * tvm_sync_team_free:
 * @self: (transfer full): a profile's team
 */
void
tvm_sync_team_free (TvmSyncTeam *self)
{
  g_free (self->uri);
  g_free (self->id);
  g_free (self->account);
  g_clear_pointer (&self->state, tvm_team_state_free);
  tvm_team_faults_clear (&self->faults);
  g_free (self);
}

/**
 * tvm_sync_init_team:
 * @uri: of a database, as its owner
 * @login: (nullable): a login of it that becomes an administrator of the team
 * @account: (nullable): the e-mail address that this person signs in to Microsoft with
 * @out_is_new: (out): whether there was no team before
 * @cancellable: (nullable): ends the wait
 * @error: return location for a #TvmError
 *
 * Makes a team of an empty database; what is there already stays.
 *
 * Returns: %FALSE on error
 */
gboolean
tvm_sync_init_team (const char    *uri,
                    const char    *login,
                    const char    *account,
                    gboolean      *out_is_new,
                    GCancellable  *cancellable,
                    GError       **error)
{
  g_autoptr(TvmTeam) team = tvm_team_open (uri, cancellable, error);

  return team != NULL && tvm_team_init (team, out_is_new, cancellable, error) &&
         (login == NULL || tvm_team_add_member (team, login, account, TVM_TEAM_ADMINISTRATOR,
                                                cancellable, error));
}

/**
 * tvm_sync_keep_members:
 * @self: an engine
 * @link: a connection with its team's database
 * @state: what that said of itself
 * @cancellable: (nullable): ends the wait
 * @error: return location for a #TvmError
 *
 * Keeps who is in the team, and its rule about approvals, for when the database is away.
 *
 * Returns: %FALSE on error
 */
gboolean
tvm_sync_keep_members (TvmSyncEngine       *self,
                       TvmTeam             *link,
                       const TvmTeamState  *state,
                       GCancellable        *cancellable,
                       GError             **error)
{
  g_autoptr(GPtrArray) members = tvm_team_list_members (link, cancellable, error);
  g_autoptr(GPtrArray) people =
    g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_team_person_unref);

  /* Before the rights of a new name are known, and the old one has none. */
  if (members != NULL && tvm_sync_check_person (self, state, cancellable, NULL))
    tvm_sync_become_person (self, state, NULL);
  for (guint i = 0; members != NULL && i < members->len; i++)
    {
      const TvmTeamMember *member = members->pdata[i];
      TvmTeamPerson *person;

      if (member->left_us != 0)
        continue;
      person = tvm_team_person_new ();
      person->account = g_strdup (member->account);
      person->right = g_strdup (tvm_team_right_to_word (member->right));
      g_ptr_array_add (people, person);
    }
  return members != NULL &&
         tvm_store_keep_team_members (self->store, people, state->approval, state->version, error);
}

static gboolean
note_team (TvmSyncEngine      *self,
           const TvmSyncTeam  *team,
           GError            **error)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->command_mutex);

  return tvm_store_set_setting (self->store, URI_KEY, team->uri, error) &&
         tvm_store_join_team (self->store, team->id, team->account, error) &&
         tvm_store_become_in_team (self->store, (const char *const *) team->state->former,
                                   team->account, team->state->member, error);
}

/* One team at a time, because what was decided belongs to one. */
static gboolean
check_free (TvmSyncEngine  *self,
            const char     *id,
            GError        **error)
{
  g_autoptr(GError) failure = NULL;
  g_autofree char *known = tvm_store_get_setting (self->store, TVM_TEAM_ID_KEY, &failure);

  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  if (known == NULL || *known == '\0' || g_str_equal (known, id))
    return TRUE;
  g_set_error (error, TVM_ERROR, TVM_ERROR_CONFLICT,
               _("This profile is in another team. Leave that first: “tvm-remediate team leave”."));
  return FALSE;
}

static void
count_here (TvmSyncEngine *self,
            TvmSyncTeam   *team)
{
  team->n_waiting = tvm_store_count_team_events (self->store, NULL);
  team->n_refused = tvm_store_count_refused (self->store);
  team->n_unshared = tvm_store_count_unshared (self->store);
  tvm_store_get_team_faults (self->store, FALSE, &team->faults, NULL);
}

/* How far apart the log and this store are. */
static void
count (TvmSyncEngine *self,
       TvmTeam       *link,
       TvmSyncTeam   *team,
       GCancellable  *cancellable)
{
  gint64 number;

  count_here (self, team);
  team->n_behind = tvm_store_get_team_cursor (self->store, &number, NULL)
                     ? tvm_team_count_log (link, number, cancellable, NULL) : -1;
}

/**
 * tvm_sync_engine_join_team:
 * @self: an engine
 * @uri: of the team's database, with one's own login
 * @cancellable: (nullable): ends the wait
 * @error: return location for a #TvmError: %TVM_ERROR_CONFLICT where the login is not that of who
 *   is signed in, or the profile is in another team
 *
 * Asks the database who this is, and keeps its address. Joining the same team again changes the
 * address.
 *
 * Returns: (transfer full): the team, or %NULL on error; then nothing was changed
 */
TvmSyncTeam *
tvm_sync_engine_join_team (TvmSyncEngine  *self,
                           const char     *uri,
                           GCancellable   *cancellable,
                           GError        **error)
{
  g_autoptr(TvmSyncTeam) team = g_new0 (TvmSyncTeam, 1);
  g_autoptr(TvmTeam) link = tvm_team_open (uri, cancellable, error);

  if (link == NULL)
    return NULL;
  team->state = tvm_team_look (link, cancellable, error);
  if (team->state == NULL || !tvm_sync_check_person (self, team->state, cancellable, error) ||
      !tvm_sync_check_tenant (self, link, team->state, cancellable, error) ||
      !check_free (self, team->state->id, error))
    return NULL;
  team->uri = g_strdup (uri);
  team->id = g_strdup (team->state->id);
  team->account = g_strdup (team->state->account);
  if (!note_team (self, team, error) ||
      !tvm_sync_keep_members (self, link, team->state, cancellable, error))
    return NULL;
  count (self, link, team, cancellable);
  return g_steal_pointer (&team);
}

static TvmSyncTeam *
load_team (TvmSyncEngine  *self,
           GError        **error)
{
  g_autoptr(TvmSyncTeam) team = g_new0 (TvmSyncTeam, 1);
  g_autoptr(GError) failure = NULL;

  team->uri = tvm_store_get_setting (self->store, URI_KEY, &failure);
  if (failure == NULL)
    team->id = tvm_store_get_setting (self->store, TVM_TEAM_ID_KEY, &failure);
  if (failure == NULL)
    team->account = tvm_store_get_setting (self->store, TVM_TEAM_ACCOUNT_KEY, &failure);
  team->n_behind = -1;
  if (failure == NULL && team->uri != NULL && team->id != NULL && team->account != NULL)
    return g_steal_pointer (&team);
  if (failure == NULL)
    g_set_error (&failure, TVM_ERROR, TVM_ERROR_NOT_FOUND,
                 _("This profile is in no team. Join one with “tvm-remediate team join URI”."));
  g_propagate_error (error, g_steal_pointer (&failure));
  return NULL;
}

/**
 * tvm_sync_open_team:
 * @self: an engine
 * @out_team: (out) (optional) (transfer full): the profile's team, and what its database says
 * @cancellable: (nullable): ends the wait
 * @error: return location for a #TvmError: %TVM_ERROR_NOT_FOUND where the profile is in no team
 *
 * Returns: (transfer full): a connection with the database of that team and no other, or %NULL on
 *   error
 */
TvmTeam *
tvm_sync_open_team (TvmSyncEngine  *self,
                    TvmSyncTeam   **out_team,
                    GCancellable   *cancellable,
                    GError        **error)
{
  g_autoptr(TvmSyncTeam) team = load_team (self, error);
  g_autoptr(TvmTeam) link = team != NULL ? tvm_team_open (team->uri, cancellable, error) : NULL;

  if (link != NULL)
    team->state = tvm_team_look (link, cancellable, error);
  if (team == NULL || team->state == NULL)
    return NULL;
  if (g_strcmp0 (team->state->id, team->id) != 0)
    {
      g_set_error (error, TVM_ERROR, TVM_ERROR_CONFLICT,
                   _("Another team answers at the address of this one. Join the right one again, "
                     "or leave the team."));
      return NULL;
    }
  if (!tvm_sync_check_tenant (self, link, team->state, cancellable, error))
    return NULL;
  if (out_team != NULL)
    *out_team = g_steal_pointer (&team);
  return g_steal_pointer (&link);
}

/**
 * tvm_sync_engine_get_team:
 * @self: an engine
 * @is_asked: whether to ask the database; otherwise only what is kept here is read
 * @cancellable: (nullable): ends the wait
 * @error: return location for a #TvmError: %TVM_ERROR_NOT_FOUND where the profile is in no team
 *
 * Returns: (transfer full): the profile's team, or %NULL on error
 */
TvmSyncTeam *
tvm_sync_engine_get_team (TvmSyncEngine  *self,
                          gboolean        is_asked,
                          GCancellable   *cancellable,
                          GError        **error)
{
  TvmSyncTeam *team = NULL;
  g_autoptr(TvmTeam) link = NULL;

  if (!is_asked)
    {
      team = load_team (self, error);
      if (team != NULL)
        count_here (self, team);
      return team;
    }
  link = tvm_sync_open_team (self, &team, cancellable, error);
  if (team == NULL)
    return NULL;
  count (self, link, team, cancellable);
  return team;
}

/**
 * tvm_sync_engine_list_members:
 * @self: an engine
 * @cancellable: (nullable): ends the wait
 * @error: return location for a #TvmError
 *
 * Returns: (transfer full) (element-type TvmTeamMember): of the profile's team; %NULL on error
 */
GPtrArray *
tvm_sync_engine_list_members (TvmSyncEngine  *self,
                              GCancellable   *cancellable,
                              GError        **error)
{
  g_autoptr(TvmSyncTeam) team = NULL;
  g_autoptr(TvmTeam) link = tvm_sync_open_team (self, &team, cancellable, error);

  if (link == NULL || !tvm_sync_keep_members (self, link, team->state, cancellable, error))
    return NULL;
  return tvm_team_list_members (link, cancellable, error);
}

/**
 * tvm_sync_engine_add_member:
 * @self: an engine of an administrator of the team
 * @login: a login of the database, which is there
 * @account: the e-mail address that the person signs in to Microsoft with
 * @right: what the login may do
 * @cancellable: (nullable): ends the wait
 * @error: return location for a #TvmError
 *
 * Returns: whether that login is a member now, with that right
 */
gboolean
tvm_sync_engine_add_member (TvmSyncEngine  *self,
                            const char     *login,
                            const char     *account,
                            TvmTeamRight    right,
                            GCancellable   *cancellable,
                            GError        **error)
{
  g_autoptr(TvmTeam) link = tvm_sync_open_team (self, NULL, cancellable, error);

  return link != NULL && tvm_team_add_member (link, login, account, right, cancellable, error);
}

/**
 * tvm_sync_engine_remove_member:
 * @self: an engine of an administrator of the team
 * @login: a member's login
 * @cancellable: (nullable): ends the wait
 * @error: return location for a #TvmError
 *
 * Returns: whether that login is no member any more
 */
gboolean
tvm_sync_engine_remove_member (TvmSyncEngine  *self,
                               const char     *login,
                               GCancellable   *cancellable,
                               GError        **error)
{
  g_autoptr(TvmTeam) link = tvm_sync_open_team (self, NULL, cancellable, error);

  return link != NULL && tvm_team_remove_member (link, login, cancellable, error);
}

/**
 * tvm_sync_engine_set_approval:
 * @self: an engine of an administrator of the team
 * @rule: which exceptions need somebody else's approval from now on
 * @cancellable: (nullable): ends the wait
 * @error: return location for a #TvmError: %TVM_ERROR_FORBIDDEN for who is no administrator
 *
 * What the log has already stays as it is.
 *
 * Returns: whether that is the team's rule now
 */
gboolean
tvm_sync_engine_set_approval (TvmSyncEngine    *self,
                              TvmApprovalRule   rule,
                              GCancellable     *cancellable,
                              GError          **error)
{
  g_autoptr(TvmSyncTeam) team = NULL;
  g_autoptr(TvmTeam) link = tvm_sync_open_team (self, &team, cancellable, error);

  if (link == NULL || !tvm_team_set_approval (link, rule, cancellable, error))
    return FALSE;
  team->state->approval = rule;
  return tvm_sync_keep_members (self, link, team->state, cancellable, error);
}

/**
 * tvm_sync_engine_share:
 * @self: an engine of a profile that is in a team
 * @ids: (nullable) (array zero-terminated=1): activities and exceptions; %NULL: all, as far as the
 *   exceptions hold
 * @out_n: (out): how many the team gets
 * @error: return location for a #TvmError: %TVM_ERROR_NOT_FOUND where the profile is in no team
 *
 * Shares what was decided before joining, as far as it is one's own. Works offline.
 *
 * Returns: %FALSE on error
 */
gboolean
tvm_sync_engine_share (TvmSyncEngine      *self,
                       const char *const  *ids,
                       int                *out_n,
                       GError            **error)
{
  g_autoptr(TvmSyncTeam) team = load_team (self, error);
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->command_mutex);

  *out_n = 0;
  return team != NULL && tvm_sync_session_may_decide (self, error) &&
         tvm_store_share (self->store, ids, out_n, error);
}

/**
 * tvm_sync_engine_leave_team:
 * @self: an engine
 * @error: return location for a #TvmError: %TVM_ERROR_NOT_FOUND where the profile is in no team
 *
 * Forgets the team here. What is in its database stays, the membership too.
 *
 * Returns: %FALSE on error
 */
gboolean
tvm_sync_engine_leave_team (TvmSyncEngine  *self,
                            GError        **error)
{
  g_autoptr(TvmSyncTeam) team = load_team (self, error);
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->command_mutex);

  return team != NULL && tvm_store_leave_team (self->store, error) &&
         tvm_store_set_setting (self->store, URI_KEY, NULL, error);
}

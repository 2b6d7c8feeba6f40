/* tvm-sync-team-person.c: whether who decides here is who decides in the team's log, about the same
 * tenant. Blocks. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-sync-private.h"
#include "tvm-store-team.h"

#include "tvm-error.h"

#include <glib/gi18n-lib.h>

/**
 * tvm_sync_check_person:
 * @self: an engine
 * @state: what the database said of who asks
 * @cancellable: (nullable): ends the wait
 * @error: return location for %TVM_ERROR_CONFLICT
 *
 * What a person decides here is decided there by the same one: the account that is signed in may
 * have become another one since joining, or that of the login.
 *
 * Returns: whether they are the same
 */
gboolean
tvm_sync_check_person (TvmSyncEngine       *self,
                       const TvmTeamState  *state,
                       GCancellable        *cancellable,
                       GError             **error)
{
  g_autoptr(TvmAccount) account = tvm_sync_engine_dup_account (self, cancellable, error);
  g_autofree char *here = NULL;
  g_autofree char *there = NULL;

  if (account == NULL)
    return FALSE;
  here = g_utf8_casefold (account->user_name != NULL ? account->user_name : "", -1);
  there = g_utf8_casefold (state->account, -1);
  if (g_str_equal (here, there))
    return TRUE;
  g_set_error (error, TVM_ERROR, TVM_ERROR_CONFLICT,
               /* Translators: an e-mail address, a login's name, an e-mail address. */
               _("You are signed in as %s, but the login “%s” is that of %s in the team. Use your "
                 "own login, or have an administrator correct the account."),
               account->user_name, state->login, state->account);
  return FALSE;
}

/**
 * tvm_sync_check_tenant:
 * @self: an engine
 * @link: a connection with its team's database
 * @state: (inout): what that said of itself
 * @cancellable: (nullable): ends the wait
 * @error: return location for %TVM_ERROR_CONFLICT
 *
 * What is decided about one tenant is nothing to another. A tenant that is not known by its number,
 * as before the first sign-in, is looked at later.
 *
 * Returns: whether the team decides about the tenant that this profile is signed in to
 */
gboolean
tvm_sync_check_tenant (TvmSyncEngine  *self,
                       TvmTeam        *link,
                       TvmTeamState   *state,
                       GCancellable   *cancellable,
                       GError        **error)
{
  g_autoptr(TvmAccount) account = tvm_sync_engine_dup_account (self, cancellable, NULL);

  if (account == NULL || account->tenant_id == NULL ||
      !g_uuid_string_is_valid (account->tenant_id) ||
      !tvm_team_is_same_person (account->user_name, state->account))
    return TRUE;
  if (!tvm_team_use_tenant (link, state, account->tenant_id, cancellable, error))
    return FALSE;
  if (state->tenant == NULL || g_ascii_strcasecmp (state->tenant, account->tenant_id) == 0)
    return TRUE;
  g_set_error (error, TVM_ERROR, TVM_ERROR_CONFLICT,
               /* Translators: both are ids of tenants. */
               _("The team decides about the tenant %s, but this profile is signed in to %s. Use "
                 "the profile of that tenant; each tenant needs a team of its own."),
               state->tenant, account->tenant_id);
  return FALSE;
}

/**
 * tvm_sync_become_person:
 * @self: an engine
 * @state: what the team's database said of who asks, who is signed in here
 * @error: return location for a #TvmError
 *
 * The account may have another name since the last time.
 *
 * Returns: %FALSE on error
 */
gboolean
tvm_sync_become_person (TvmSyncEngine       *self,
                        const TvmTeamState  *state,
                        GError             **error)
{
  g_autofree char *account = tvm_store_get_setting (self->store, TVM_TEAM_ACCOUNT_KEY, NULL);
  g_autofree char *member = tvm_store_get_setting (self->store, TVM_TEAM_MEMBER_KEY, NULL);

  return (g_strcmp0 (account, state->account) == 0 && g_strcmp0 (member, state->member) == 0) ||
         tvm_store_become_in_team (self->store, (const char *const *) state->former,
                                   state->account, state->member, error);
}

/**
 * tvm_sync_prepare_push:
 * @self: an engine
 * @state: what the team's database said of itself and of who asks
 * @cancellable: (nullable): ends the wait
 * @error: return location for a #TvmError
 *
 * Returns: whether this program may add to the team's log what was decided here
 */
gboolean
tvm_sync_prepare_push (TvmSyncEngine       *self,
                       const TvmTeamState  *state,
                       GCancellable        *cancellable,
                       GError             **error)
{
  return tvm_sync_check_layout (state, error) &&
         tvm_sync_check_person (self, state, cancellable, error) &&
         tvm_sync_become_person (self, state, error);
}

/* tvm-sync-policy.c: the policy of the settings, over what the store knows (R22). Any thread;
 * blocks. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-sync-private.h"
#include "tvm-store-team.h"

#include "tvm-error.h"
#include "tvm-text.h"
#include "tvm-time.h"

#include <glib/gi18n-lib.h>

/**
 * tvm_sync_load_team_policy:
 * @self: an engine
 * @out: (out) (transfer full) (nullable): the policy of the profile's team, as in the setting;
 *   %NULL: one's own stands
 * @error: return location for a #TvmError
 *
 * Returns: %FALSE on error
 */
gboolean
tvm_sync_load_team_policy (TvmSyncEngine  *self,
                           char          **out,
                           GError        **error)
{
  g_autoptr(GError) failure = NULL;
  g_autoptr(TvmTeamPolicy) team = tvm_store_get_team_policy (self->store, &failure);

  *out = team != NULL ? g_strdup (team->policy) : NULL;
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

/**
 * tvm_sync_set_team_policy:
 * @self: an engine
 * @policy: a policy, as in the setting
 * @out_is_teams: (out): whether it is the team's to have; else one's own is to be set
 * @error: return location for a #TvmError: %TVM_ERROR_FORBIDDEN for who is no administrator
 *
 * In a team the policy is the team's. Works offline; the team hears of it with the next sync.
 *
 * Returns: %FALSE on error
 */
gboolean
tvm_sync_set_team_policy (TvmSyncEngine  *self,
                          const char     *policy,
                          gboolean       *out_is_teams,
                          GError        **error)
{
  g_autofree char *team_id = tvm_store_get_setting (self->store, TVM_TEAM_ID_KEY, NULL);
  g_autoptr(TvmAccount) account = NULL;
  g_autoptr(GMutexLocker) locker = NULL;

  *out_is_teams = FALSE;
  if (team_id == NULL)
    return TRUE;
  account = tvm_sync_engine_dup_account (self, NULL, error);
  locker = g_mutex_locker_new (&self->command_mutex);
  return account != NULL && tvm_sync_session_may_decide (self, error) &&
         tvm_store_set_team_policy (self->store, policy, account->user_name, out_is_teams, error);
}

/**
 * tvm_sync_engine_get_policy:
 * @self: an engine
 * @error: return location for a #TvmError
 *
 * Returns: (transfer full) (nullable): the team's policy, or that of the setting "policy"; %NULL on
 *   error
 */
TvmPolicy *
tvm_sync_engine_get_policy (TvmSyncEngine  *self,
                            GError        **error)
{
  g_autofree char *text = tvm_sync_engine_get_config (self, "policy", error);

  return text != NULL ? tvm_policy_parse (text, error) : NULL;
}

static TvmPolicyAdvice *
advise (TvmSyncEngine      *self,
        const TvmPolicy    *policy,
        const char         *recommendation_id,
        const char *const  *groups,
        GError            **error)
{
  g_autofree char *today = tvm_today ();
  g_autoptr(TvmPolicyFacts) facts =
    tvm_store_get_policy_facts (self->store, recommendation_id, tvm_policy_asks (policy), error);

  return facts != NULL ? tvm_policy_judge (policy, facts, groups, today) : NULL;
}

static void
trial_free (gpointer data)
{
  TvmPolicyTrial *trial = data;

  g_clear_pointer (&trial->recommendation, tvm_recommendation_unref);
  g_clear_pointer (&trial->advice, tvm_policy_advice_free);
  g_free (trial);
}

/**
 * tvm_sync_engine_try_policy:
 * @self: an engine
 * @policy: a policy, in the settings or not
 * @error: return location for a #TvmError
 *
 * Returns: (transfer full) (nullable) (element-type TvmPolicyTrial): what it suggests for each
 *   recommendation that no exception covers whole, the most urgent first; %NULL on error
 */
GPtrArray *
tvm_sync_engine_try_policy (TvmSyncEngine    *self,
                            const TvmPolicy  *policy,
                            GError          **error)
{
  g_autoptr(GPtrArray) trials = g_ptr_array_new_with_free_func (trial_free);
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_RECOMMENDATIONS);
  g_autoptr(GPtrArray) records = NULL;

  tvm_set_str (&query->sort, "urgency");
  query->descending = TRUE;
  records = tvm_store_list_rows (self->store, query, error);
  for (guint i = 0; records != NULL && i < records->len; i++)
    {
      const TvmRecommendation *recommendation = records->pdata[i];
      TvmPolicyTrial *trial;

      if (recommendation->status == TVM_RECOMMENDATION_FULL_EXCEPTION)
        continue;
      trial = g_new0 (TvmPolicyTrial, 1);
      g_ptr_array_add (trials, trial);
      trial->recommendation = tvm_recommendation_ref (records->pdata[i]);
      trial->advice = advise (self, policy, recommendation->id, NULL, error);
      if (trial->advice == NULL)
        return NULL;
    }
  return records != NULL ? g_steal_pointer (&trials) : NULL;
}

/**
 * tvm_sync_apply_policy:
 * @self: an engine
 * @request: (inout): a form that leaves priority and due date to the policy
 * @facts: (inout): gets the recommendation, where the policy has nothing to suggest
 * @cancellable: (nullable): stops pulling the device list
 * @error: return location for %TVM_ERROR_CONFLICT where no rule fits or nobody can tell, or another
 *   #TvmError
 *
 * Fills in priority, due date and the reason. Which devices are exposed is asked for where a rule
 * asks about them.
 *
 * Returns: %FALSE on error
 */
gboolean
tvm_sync_apply_policy (TvmSyncEngine    *self,
                       TvmRequest       *request,
                       TvmRequestFacts  *facts,
                       GCancellable     *cancellable,
                       GError          **error)
{
  const char *const *groups = (const char *const *) request->groups;
  g_autoptr(TvmPolicy) policy = tvm_sync_engine_get_policy (self, error);
  g_autoptr(TvmPolicyAdvice) advice = NULL;
  g_autofree char *lack = NULL;

  if (policy == NULL)
    return FALSE;
  facts->recommendation = tvm_store_get_recommendation (self->store, request->recommendation_id,
                                                        error);
  if (facts->recommendation == NULL ||
      ((tvm_policy_asks (policy) & (TVM_FACT_GROUPS | TVM_FACT_TAGS | TVM_FACT_VALUE)) != 0 &&
       facts->recommendation->devices_synced_us == 0 &&
       !tvm_sync_fetch_unknown_devices (self, facts->recommendation, cancellable, error)))
    return FALSE;
  advice = advise (self, policy, request->recommendation_id, groups, error);
  if (advice == NULL)
    return FALSE;
  if (advice->rule == 0)
    {
      lack = advice->lacks != 0 ? tvm_policy_describe_lack (advice->lacks) : NULL;
      g_set_error_literal (error, TVM_ERROR, TVM_ERROR_CONFLICT,
                           lack != NULL ? lack
                           : _("No rule of the policy fits this recommendation. Give a priority "
                               "yourself."));
      return FALSE;
    }
  request->priority = advice->priority;
  tvm_set_str (&request->due_on, advice->due_on);
  tvm_set_str (&request->policy_reason, advice->reason);
  return TRUE;
}

/* ---- for the window ------------------------------------------------------------------------ */

typedef struct
{
  char     **ids;      /* (owned) */
  char     **groups;   /* (owned) (nullable) */
  GPtrArray *advices;  /* (owned) (nullable) */
} Question;

static void
question_free (gpointer data)
{
  Question *question = data;

  g_strfreev (question->ids);
  g_strfreev (question->groups);
  g_clear_pointer (&question->advices, g_ptr_array_unref);
  g_free (question);
}

static gboolean
advise_call (TvmSyncEngine *self, gpointer data, GCancellable *cancellable, GError **error)
{
  Question *question = data;
  g_autoptr(TvmPolicy) policy = tvm_sync_engine_get_policy (self, error);
  g_autoptr(GPtrArray) advices =
    g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_policy_advice_free);

  if (policy == NULL)
    return FALSE;
  for (char **id = question->ids; *id != NULL; id++)
    {
      TvmPolicyAdvice *advice = NULL;

      if (!g_cancellable_set_error_if_cancelled (cancellable, error))
        advice = advise (self, policy, *id, (const char *const *) question->groups, error);
      if (advice == NULL)
        return FALSE;
      g_ptr_array_add (advices, advice);
    }
  question->advices = g_steal_pointer (&advices);
  return TRUE;
}

/**
 * tvm_sync_engine_advise_async:
 * @self: an engine
 * @recommendation_ids: (array zero-terminated=1): recommendations
 * @groups: (nullable) (array zero-terminated=1): the device groups of a request; %NULL: all
 * @cancellable: (nullable): stops it
 * @callback: told when it is done
 * @user_data: given to @callback
 *
 * Asks what the policy of the settings suggests for each, on a worker.
 */
void
tvm_sync_engine_advise_async (TvmSyncEngine *self, const char *const *recommendation_ids,
                              const char *const *groups, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data)
{
  Question *question = g_new0 (Question, 1);

  question->ids = g_strdupv ((char **) recommendation_ids);
  question->groups = g_strdupv ((char **) groups);
  tvm_sync_task_run_quiet (self, advise_call, question, question_free, cancellable, callback,
                           user_data);
}

/**
 * tvm_sync_engine_advise_finish:
 * @self: an engine
 * @result: what the callback was given
 * @error: return location for a #TvmError
 *
 * Returns: (transfer full) (nullable) (element-type TvmPolicyAdvice): what the policy suggests for
 *   each
 */
GPtrArray *
tvm_sync_engine_advise_finish (TvmSyncEngine  *self,
                               GAsyncResult   *result,
                               GError        **error)
{
  Question *question = tvm_sync_task_finish (self, result, advise_call, error);

  return question != NULL ? g_steal_pointer (&question->advices) : NULL;
}

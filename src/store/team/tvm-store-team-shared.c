/* tvm-store-team-shared.c: what a team shares beside activities and exceptions: its policy (R22).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-team-private.h"
#include "tvm-store-team.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static char *
dup_setting (TvmDb      *db,
             const char *name)
{
  return tvm_db_get_text (db, "SELECT value FROM setting WHERE name = ?1", "s", name);
}

/* ---- what comes of the log */

static void
note_over (TvmDb      *db,
           const char *people)
{
  tvm_db_run (db, "INSERT OR REPLACE INTO setting (name, value) VALUES (?1, ?2)", "ss",
              TVM_TEAM_OVER_KEY, people);
}

/* Both are told: who is overtaken, and who overtook somebody. */
static void
note_both (TvmDb               *db,
           const TvmTeamPolicy *policy)
{
  g_autofree char *account = dup_setting (db, TVM_TEAM_ACCOUNT_KEY);
  g_autofree char *both = g_strconcat (policy->set_by, "\n", policy->over, NULL);

  if (tvm_team_is_same_person (policy->set_by, account) ||
      tvm_team_is_same_person (policy->over, account))
    note_over (db, both);
}

/**
 * tvm_team_keep_policy_event:
 * @db: the writer's connection, which has the decision with its place in the log
 * @event: a decision about the team's policy
 * @arrival: where it comes from
 *
 * Which policy stands follows from the log whenever it is read; here only what is to be told of it
 * is noted.
 */
void
tvm_team_keep_policy_event (TvmDb              *db,
                            const TvmTeamEvent *event,
                            TvmTeamArrival      arrival)
{
  g_autoptr(GPtrArray) events = tvm_team_load_subject (db, event->subject);
  g_autofree TvmTeamVerdict *verdicts = g_new0 (TvmTeamVerdict, events->len + 1);
  g_autoptr(TvmTeamPolicy) policy = NULL;
  guint n = 0;

  db->changes |= TVM_CHANGED_SETTINGS;
  while (n < events->len && strcmp (((TvmTeamEvent *) events->pdata[n])->id, event->id) != 0)
    n++;
  if (arrival == TVM_TEAM_AGAIN || n == events->len)
    return;
  g_ptr_array_set_size (events, (int) n + 1);
  policy = tvm_team_judge_policy (events, verdicts);
  if (verdicts[n] == TVM_TEAM_VOID)
    note_over (db, event->who);
  else if (policy->over != NULL)
    note_both (db, policy);
}

/* ---- reading */

static char *
dup_administrators (TvmDb *db)
{
  g_auto(GStrv) accounts = tvm_db_list_texts (db, "SELECT account FROM team_member WHERE rights = "
                                              "?1 ORDER BY account", "s", "administrator");

  return g_strjoinv (_(", "), accounts);
}

static gboolean
is_administrator (TvmDb      *db,
                  const char *who)
{
  return tvm_db_get_int (db, "SELECT EXISTS (SELECT 1 FROM team_member WHERE account = ?1 AND "
                         "rights = ?2)", "ss", who, "administrator") != 0;
}

/* The log refuses it from who has lost the right meanwhile: then nobody else ever has it. */
static void
forget_waiting (GPtrArray *events)
{
  for (guint i = events->len; i > 0; i--)
    if (((TvmTeamEvent *) events->pdata[i - 1])->number == 0)
      g_ptr_array_remove_index (events, i - 1);
}

static gpointer
load_policy (TvmDb         *db,
             gconstpointer  unused)
{
  g_autofree char *team_id = dup_setting (db, TVM_TEAM_ID_KEY);
  g_autofree char *account = dup_setting (db, TVM_TEAM_ACCOUNT_KEY);
  g_autoptr(GPtrArray) events = NULL;
  TvmTeamPolicy *policy;
  gboolean may_set;

  if (team_id == NULL)
    return NULL;
  events = tvm_team_load_subject (db, team_id);
  may_set = is_administrator (db, account);
  if (!may_set)
    forget_waiting (events);
  policy = tvm_team_judge_policy (events, NULL);
  if (policy == NULL)
    return NULL;
  policy->may_set = may_set;
  policy->administrators = dup_administrators (db);
  return policy;
}

/**
 * tvm_store_get_team_policy:
 * @self: a store
 * @error: return location for a #TvmError
 *
 * Returns: (transfer full) (nullable): the policy of the profile's team; %NULL: it has none, or the
 *   profile is in none, or on error
 */
TvmTeamPolicy *
tvm_store_get_team_policy (TvmStore  *self,
                           GError   **error)
{
  return tvm_store_load (self, load_policy, NULL, (GDestroyNotify) tvm_team_policy_unref, error);
}

/* ---- setting */

typedef struct
{
  const char *policy, *who;
  gboolean    is_teams;
} Decision;

/* Only courtesy: the database refuses what is not allowed, whatever program asks. */
static gboolean
check_right (TvmDb      *db,
             const char *who,
             int         layout)
{
  g_autofree char *administrators = dup_administrators (db);

  if (!is_administrator (db, who))
    tvm_db_fail (db, TVM_ERROR_FORBIDDEN,
                 /* Translators: %s is a list of e-mail addresses. */
                 _("The policy is your team's, and only an administrator of the team can change "
                   "it: %s."), administrators);
  else if (layout < TVM_TEAM_HAS_POLICY)
    tvm_db_fail (db, TVM_ERROR_CONFLICT,
                 _("The team's database is of an older version. Its owner brings it up to date "
                   "with “tvm-remediate team init URI”."));
  return tvm_db_is_good (db);
}

static void
set_policy (TvmDb    *db,
            gpointer  user_data)
{
  Decision *data = user_data;
  TvmTeamEvent event = { .kind = (char *) TVM_EVENT_POLICY, .who = (char *) data->who };
  g_autofree char *team_id = dup_setting (db, TVM_TEAM_ID_KEY);
  g_autoptr(TvmTeamPolicy) before = load_policy (db, NULL);
  g_autofree char *seen = NULL;
  g_autofree char *wanted = NULL;
  int layout = (int) tvm_db_get_int (db, "SELECT CAST (value AS INTEGER) FROM setting WHERE name = "
                                     "?1", "s", TVM_TEAM_LAYOUT_KEY);

  if (team_id == NULL ||
      (before == NULL && (layout < TVM_TEAM_HAS_POLICY || !is_administrator (db, data->who))))
    return; /* one's own stands */
  data->is_teams = TRUE;
  if (!tvm_db_is_good (db) || !check_right (db, data->who, layout) ||
      (before != NULL && strcmp (before->policy, data->policy) == 0))
    return;
  event.subject = team_id;
  event.before = seen = tvm_team_policy_to_json (before != NULL ? before->policy : NULL);
  event.after = wanted = tvm_team_policy_to_json (data->policy);
  tvm_team_note_event (db, &event);
  db->changes |= TVM_CHANGED_SETTINGS;
}

/**
 * tvm_store_set_team_policy:
 * @self: a store
 * @policy: a policy, as in the setting "policy"
 * @who: who decides it: an e-mail address
 * @out_is_teams: (out): whether the policy is the team's: it has one, or @who may give it its
 *   first; otherwise nothing was changed, and one's own stands
 * @error: return location for %TVM_ERROR_FORBIDDEN for who is no administrator of the team,
 *   %TVM_ERROR_CONFLICT where its database is too old
 *
 * Returns: %FALSE on error; then nothing was changed
 */
gboolean
tvm_store_set_team_policy (TvmStore    *self,
                           const char  *policy,
                           const char  *who,
                           gboolean    *out_is_teams,
                           GError     **error)
{
  Decision data = { policy, who, FALSE };

  g_return_val_if_fail (TVM_IS_STORE (self), FALSE);

  *out_is_teams = FALSE;
  if (!tvm_store_write (self, set_policy, &data, error))
    return FALSE;
  *out_is_teams = data.is_teams;
  return TRUE;
}

/* tvm-team-shared.c: what follows from the decisions about a team's policy and views. The rules
 * stand in docs/team.md. Any thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-team-shared.h"

#include "tvm-json.h"
#include "tvm-language.h"
#include "tvm-policy.h"
#include "tvm-team-json.h"
#include "tvm-text.h"
#include "tvm-time.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_STATE_BYTES (16 * 1024)  /* of a view, as in its file */

static void
tvm_team_view_clear (gpointer data)
{
  TvmTeamView *self = data;

  g_free (self->id);
  g_free (self->list);
  g_free (self->name);
  g_free (self->state);
  g_free (self->who);
}
TVM_DEFINE_RECORD (TvmTeamView, tvm_team_view)

static void
tvm_team_policy_clear (gpointer data)
{
  TvmTeamPolicy *self = data;

  g_free (self->policy);
  g_free (self->set_by);
  g_free (self->over);
  g_free (self->administrators);
}
TVM_DEFINE_RECORD (TvmTeamPolicy, tvm_team_policy)

/**
 * tvm_team_policy_to_json:
 * @policy: (nullable): as in the setting "policy"; %NULL: the team has none
 *
 * Returns: (transfer full): the same for the log
 */
char *
tvm_team_policy_to_json (const char *policy)
{
  g_autoptr(JsonObject) object = json_object_new ();

  if (policy != NULL)
    json_object_set_string_member (object, "policy", policy);
  else
    json_object_set_null_member (object, "policy");
  return tvm_team_json_end (object);
}

/**
 * tvm_team_policy_from_json:
 * @json: (nullable): of the log
 *
 * Others' programs wrote it: what is no policy counts for nothing.
 *
 * Returns: (transfer full) (nullable): as in the setting "policy"
 */
char *
tvm_team_policy_from_json (const char *json)
{
  g_autoptr(JsonObject) object = tvm_team_json_parse (json);
  const char *text = object != NULL ? tvm_json_get_string (object, "policy") : NULL;
  g_autofree char *clean = NULL;
  g_autoptr(TvmPolicy) policy = NULL;

  if (text == NULL || strlen (text) > TVM_POLICY_MAX_BYTES)
    return NULL;
  clean = tvm_text_clean (text, -1, FALSE);
  policy = tvm_policy_parse (clean, NULL);
  return policy != NULL ? tvm_policy_to_setting (policy) : NULL;
}

/**
 * tvm_team_judge_policy:
 * @events: (element-type TvmTeamEvent): all of a team's policy, in the log's order; those that are
 *   not in it yet come last
 * @verdicts: (out) (array) (nullable): one for each
 *
 * The last one stands; where its author saw another one than there was, it says so. Each verdict
 * follows from the events before it alone.
 *
 * Returns: (transfer full) (nullable): what they have come to; %NULL: there is none
 */
TvmTeamPolicy *
tvm_team_judge_policy (GPtrArray      *events,
                       TvmTeamVerdict *verdicts)
{
  g_autoptr(TvmTeamPolicy) standing = NULL;

  for (guint i = 0; i < events->len; i++)
    {
      const TvmTeamEvent *event = events->pdata[i];
      g_autofree char *wanted = NULL;
      g_autofree char *seen = tvm_team_policy_from_json (event->before);
      TvmTeamVerdict verdict = TVM_TEAM_VOID;

      if (strcmp (event->kind, TVM_EVENT_POLICY) == 0)
        wanted = tvm_team_policy_from_json (event->after);
      if (wanted != NULL)
        {
          g_autoptr(TvmTeamPolicy) before = g_steal_pointer (&standing);

          standing = tvm_team_policy_new ();
          verdict = g_strcmp0 (seen, before != NULL ? before->policy : NULL) == 0
                      ? TVM_TEAM_STANDS : TVM_TEAM_UNAWARE;
          if (verdict == TVM_TEAM_UNAWARE && before != NULL)
            standing->over = g_strdup (before->set_by);
          standing->policy = g_steal_pointer (&wanted);
          standing->set_by = g_strdup (event->who);
          standing->set_us = tvm_team_event_when (event);
        }
      if (verdicts != NULL)
        verdicts[i] = verdict;
    }
  return g_steal_pointer (&standing);
}

/**
 * tvm_team_policy_describe:
 * @self: a team's policy
 *
 * Returns: (transfer full): whose it is, for people
 */
char *
tvm_team_policy_describe (const TvmTeamPolicy *self)
{
  g_autofree char *date = tvm_date_of_instant (self->set_us);
  g_autofree char *words = tvm_date_to_words (date);

  /* Translators: of a policy; an e-mail address, then a date. */
  return g_strdup_printf (_("The team's, set by %s on %s"), self->set_by, words);
}

/* ---- views */

/**
 * tvm_team_view_to_json:
 * @list: a list's word
 * @name: the view's name
 * @state: a key file of its filters and order
 *
 * Returns: (transfer full): the same for the log
 */
char *
tvm_team_view_to_json (const char *list,
                       const char *name,
                       const char *state)
{
  g_autoptr(JsonObject) object = json_object_new ();

  tvm_team_json_set (object, "list", list);
  tvm_team_json_set (object, "name", name);
  tvm_team_json_set (object, "view", state);
  return tvm_team_json_end (object);
}

/**
 * tvm_team_view_from_json:
 * @json: (nullable): of the log
 *
 * Returns: (transfer full) (nullable): the view, without id, author and time; %NULL where that is
 *   none
 */
TvmTeamView *
tvm_team_view_from_json (const char *json)
{
  g_autoptr(JsonObject) object = tvm_team_json_parse (json);
  g_autoptr(TvmTeamView) view = tvm_team_view_new ();
  const char *state = object != NULL ? tvm_json_get_string (object, "view") : NULL;

  if (state == NULL || strlen (state) > MAX_STATE_BYTES)
    return NULL;
  view->list = tvm_team_json_get (object, "list", FALSE);
  view->name = tvm_team_json_get (object, "name", FALSE);
  view->state = tvm_text_clean (state, -1, TRUE);
  return view->list != NULL && view->name != NULL ? g_steal_pointer (&view) : NULL;
}

static TvmTeamView *
read_view (const TvmTeamEvent *event)
{
  TvmTeamView *view = tvm_team_view_from_json (event->after);

  if (view == NULL)
    return NULL;
  view->id = g_strdup (event->subject);
  view->who = g_strdup (event->who);
  view->shared_us = tvm_team_event_when (event);
  return view;
}

/**
 * tvm_team_judge_view:
 * @events: (element-type TvmTeamEvent): all of one view, in the log's order; those that are not in
 *   it yet come last
 * @verdicts: (out) (array) (nullable): one for each
 *
 * The last one stands: shared, or taken back. What is no view counts for nothing; to take back what
 * is not shared is late.
 *
 * Returns: (transfer full) (nullable): the view; %NULL: it is not shared
 */
TvmTeamView *
tvm_team_judge_view (GPtrArray      *events,
                     TvmTeamVerdict *verdicts)
{
  g_autoptr(TvmTeamView) shared = NULL;

  for (guint i = 0; i < events->len; i++)
    {
      const TvmTeamEvent *event = events->pdata[i];
      TvmTeamVerdict verdict = TVM_TEAM_VOID;

      if (strcmp (event->kind, TVM_EVENT_VIEW_WITHDRAWN) == 0)
        {
          verdict = shared != NULL ? TVM_TEAM_STANDS : TVM_TEAM_LATE;
          g_clear_pointer (&shared, tvm_team_view_unref);
        }
      else if (strcmp (event->kind, TVM_EVENT_VIEW_SHARED) == 0)
        {
          g_autoptr(TvmTeamView) view = read_view (event);

          verdict = view != NULL ? TVM_TEAM_STANDS : TVM_TEAM_VOID;
          if (view != NULL)
            {
              g_clear_pointer (&shared, tvm_team_view_unref);
              shared = g_steal_pointer (&view);
            }
        }
      if (verdicts != NULL)
        verdicts[i] = verdict;
    }
  return g_steal_pointer (&shared);
}

/* tvm-team-shared.h: what a team shares beside activities and exceptions: its policy and
 * views of lists. Pure functions, any thread. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-team-events.h"
G_BEGIN_DECLS

#define TVM_EVENT_POLICY "policy-set"  /* its subject is the team */
#define TVM_EVENT_VIEW_SHARED    "view-shared"
#define TVM_EVENT_VIEW_WITHDRAWN "view-withdrawn"

/* The policy of a team, as its decisions have come to. */
typedef struct {
  char  *policy;               /* (not nullable): as in the setting "policy" */
  char  *set_by;               /* (not nullable): an e-mail address */
  gint64 set_us;
  char  *over;                 /* (nullable): who had set one that the author did not know of */
  /* as the store fills it in */
  gboolean may_set;            /* whether one may set another */
  char  *administrators;       /* (nullable): who may: e-mail addresses, for people */
} TvmTeamPolicy;
TVM_DECLARE_RECORD (TvmTeamPolicy, tvm_team_policy)

TvmTeamPolicy *tvm_team_judge_policy     (GPtrArray *events, TvmTeamVerdict *verdicts);
char          *tvm_team_policy_describe  (const TvmTeamPolicy *self);
char          *tvm_team_policy_to_json   (const char *policy);
char          *tvm_team_policy_from_json (const char *json);

/* A view of a list: filters and order by a name. */
typedef struct {
  char  *id;                   /* (not nullable): a UUIDv7 */
  char  *list, *name, *state;  /* (not nullable): the list's word; a key file */
  char  *who;                  /* (not nullable): who shares it: an e-mail address */
  gint64 shared_us;
} TvmTeamView;
TVM_DECLARE_RECORD (TvmTeamView, tvm_team_view)

TvmTeamView   *tvm_team_judge_view       (GPtrArray *events, TvmTeamVerdict *verdicts);
char          *tvm_team_view_to_json     (const char *list, const char *name, const char *state);
TvmTeamView   *tvm_team_view_from_json   (const char *json);

G_END_DECLS

/* tvm-store-team.h: decisions that a team shares, as the store keeps them: those of this profile
 * until they are in the team's log, and the log as far as it was pulled. Blocking, as tvm-store.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-store.h"
#include "tvm-team-events.h"
#include "tvm-team-shared.h"
G_BEGIN_DECLS

#define TVM_TEAM_LIST "team"                /* its name in results */
/* settings that only joining and leaving change: the team, and who one is in it */
#define TVM_TEAM_ID_KEY      "team-id"
#define TVM_TEAM_ACCOUNT_KEY "team-account"
#define TVM_TEAM_MEMBER_KEY  "team-member"  /* what its database knows that person by */
/* its rule about approvals, as its database said last */
#define TVM_TEAM_APPROVAL_KEY "team-approval"
/* the layout of its database, as that said last, and the first one that has a policy */
#define TVM_TEAM_LAYOUT_KEY   "team-layout"
#define TVM_TEAM_HAS_POLICY   4       /* and views */
/* two set a policy, not knowing of each other, and nobody was told yet: who set the one that
 * stands, and in a line of its own who the other one; or who set one not understood here */
#define TVM_TEAM_OVER_KEY     "team-policy-over"
/* somebody took a view of one's own back, and nobody was told yet: who, and in a line of its own
 * the view's name */
#define TVM_TEAM_TAKEN_KEY    "team-view-taken-back"
/* decisions of its log that count for nothing: what is to be told of them, and how many nobody was
 * told of yet */
#define TVM_TEAM_FAULTS_KEY   "team-faults"
#define TVM_TEAM_UNTOLD_KEY   "team-faults-untold"
/* its log was put back to an earlier state, and nobody was told yet */
#define TVM_TEAM_BACK_KEY     "team-put-back"

/* a team whose log is another one than what is kept: that is forgotten */
gboolean   tvm_store_join_team        (TvmStore *self, const char *team_id, const char *account,
                                       GError **error);
gboolean   tvm_store_become_in_team   (TvmStore *self, const char *const *former,
                                       const char *account, const char *member, GError **error);
/* ids: of activities and exceptions; NULL: all that is one's own and the team has not */
gboolean   tvm_store_share            (TvmStore *self, const char *const *ids, int *out_n,
                                       GError **error);
int        tvm_store_count_unshared   (TvmStore *self);
gboolean   tvm_store_leave_team       (TvmStore *self, GError **error);
/* of TvmTeamEvent, as they were decided; they count as sent from then on */
GPtrArray *tvm_store_take_team_events (TvmStore *self, GError **error);
gboolean   tvm_store_refuse_team_event (TvmStore *self, const char *id, gboolean *out_is_new,
                                        GError **error);
int        tvm_store_count_refused     (TvmStore *self);
/* whether others of the team have the activity, or will */
gboolean   tvm_store_is_shared        (TvmStore *self, const char *activity_id, gboolean *out,
                                       GError **error);
int        tvm_store_count_team_events (TvmStore *self, GError **error);  /* not in the log */
/* the number up to which the log was pulled */
gboolean   tvm_store_get_team_cursor  (TvmStore *self, gint64 *out, GError **error);
/* max: -1: all */
char      *tvm_store_dup_team_places  (TvmStore *self, int max, GError **error);
gboolean   tvm_store_turn_team_back   (TvmStore *self, gint64 number, GError **error);
gboolean   tvm_store_keep_team_events (TvmStore *self, GPtrArray *events, TvmListResult *result,
                                       GError **error);
gboolean   tvm_store_comment          (TvmStore *self, const char *activity_id, const char *who,
                                       const char *text, GError **error);
gboolean   tvm_store_decide_exception (TvmStore *self, const char *id, gboolean is_approved,
                                       const char *reason, const char *who, GError **error);
/* assignee: NULL: nobody */
gboolean   tvm_store_assign           (TvmStore *self, const char *activity_id, const char *who,
                                       const char *assignee, GError **error);
gboolean   tvm_store_get_team_faults  (TvmStore *self, gboolean is_told, TvmTeamFaults *out,
                                       GError **error);
/* of TvmTeamPerson: who is in it, as its database said last */
gboolean   tvm_store_keep_team_members (TvmStore *self, GPtrArray *people, TvmApprovalRule rule,
                                        int layout, GError **error);
GPtrArray *tvm_store_list_team_members (TvmStore *self, GError **error);
char      *tvm_store_dup_team_right    (TvmStore *self, GError **error);

/* NULL without an error: the team has none, or the profile is in none */
TvmTeamPolicy *tvm_store_get_team_policy (TvmStore *self, GError **error);
gboolean   tvm_store_set_team_policy  (TvmStore *self, const char *policy, const char *who,
                                       gboolean *out_is_teams, GError **error);
/* of TvmTeamView: those of a list that members share; list: NULL: of all lists */
GPtrArray *tvm_store_list_team_views  (TvmStore *self, const char *list, GError **error);
/* one that is shared by that name, of that list and person, is changed */
gboolean   tvm_store_share_view       (TvmStore *self, const char *list, const char *name,
                                       const char *state, const char *who, GError **error);
gboolean   tvm_store_withdraw_view    (TvmStore *self, const char *id, const char *who,
                                       GError **error);

G_END_DECLS

/* tvm-team.h: the team's database on PostgreSQL. Blocking calls for worker threads and the command
 * line; a TvmTeam belongs to one thread at a time. Each call ends at its cancellable and at a time
 * limit, whatever the server does; only looking a host's name up is the system's own wait.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-team-events.h"
#include <gio/gio.h>
G_BEGIN_DECLS

typedef struct _TvmTeam TvmTeam;

/* What a login may do, each with all before it. */
typedef enum {
  TVM_TEAM_NO_RIGHT,
  TVM_TEAM_READER,
  TVM_TEAM_REQUESTER,
  TVM_TEAM_APPROVER,
  TVM_TEAM_ADMINISTRATOR,
} TvmTeamRight;
const char  *tvm_team_right_to_word   (TvmTeamRight right);
TvmTeamRight tvm_team_right_from_word (const char *word /* nullable */);
const char  *tvm_team_right_to_text   (TvmTeamRight right);

typedef struct {
  char        *login, *account;    /* (owned) (not nullable) */
  TvmTeamRight right;              /* as the roles of the login say now */
  gint64       added_us, left_us;  /* left_us: 0: still a member */
  char        *added_by;           /* (owned): a login */
} TvmTeamMember;

/* What the database says of itself and of who asks. */
typedef struct {
  int          version;            /* of its layout */
  char        *id;                 /* (owned): of the team, the same for all members */
  char        *login, *account;    /* (owned) (not nullable) */
  char        *member;             /* (owned): the number of who that is */
  char       **former;             /* (owned): other accounts that this login had */
  char        *tenant;             /* (owned) (nullable): the one it decides about, once known */
  TvmTeamRight right;
  int          n_members;
  TvmApprovalRule approval;    /* which exceptions need somebody else's approval */
} TvmTeamState;

gboolean      tvm_team_check_uri     (const char *uri, GError **error);
TvmTeam      *tvm_team_open          (const char *uri, GCancellable *cancellable, GError **error);
void          tvm_team_close         (TvmTeam *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TvmTeam, tvm_team_close)

int           tvm_team_newest_layout (void);
gboolean      tvm_team_init          (TvmTeam *self, gboolean *out_is_new,
                                      GCancellable *cancellable, GError **error);
TvmTeamState *tvm_team_look          (TvmTeam *self, GCancellable *cancellable, GError **error);
gboolean      tvm_team_use_tenant    (TvmTeam *self, TvmTeamState *state, const char *tenant,
                                      GCancellable *cancellable, GError **error);
void          tvm_team_state_free    (TvmTeamState *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TvmTeamState, tvm_team_state_free)

GPtrArray    *tvm_team_list_members  (TvmTeam *self, GCancellable *cancellable, GError **error);
gboolean      tvm_team_add_member    (TvmTeam *self, const char *login, const char *account,
                                      TvmTeamRight right, GCancellable *cancellable,
                                      GError **error);
gboolean      tvm_team_remove_member (TvmTeam *self, const char *login, GCancellable *cancellable,
                                      GError **error);

gboolean      tvm_team_set_approval  (TvmTeam *self, TvmApprovalRule rule,
                                      GCancellable *cancellable, GError **error);

/* own decisions in, and all of them out; of TvmTeamEvent */
gboolean      tvm_team_append        (TvmTeam *self, GPtrArray *events, guint first, guint n,
                                      GCancellable *cancellable, GError **error);
GPtrArray    *tvm_team_read_log      (TvmTeam *self, gint64 after, guint max, gboolean *out_is_end,
                                      GCancellable *cancellable, GError **error);
typedef struct {
  gint64   common, last;           /* numbers; 0: none */
  gboolean differs;                /* whether something else stands at one of the places */
} TvmTeamMatch;
gboolean      tvm_team_match_log     (TvmTeam *self, const char *places, TvmTeamMatch *out,
                                      GCancellable *cancellable, GError **error);
gint64        tvm_team_count_log     (TvmTeam *self, gint64 after, GCancellable *cancellable,
                                      GError **error);
/* being told when the log grows */
gboolean      tvm_team_listen        (TvmTeam *self, GCancellable *cancellable, GError **error);
gboolean      tvm_team_wait          (TvmTeam *self, int wake_fd, gint64 most_us,
                                      gboolean *out_is_told, GCancellable *cancellable,
                                      GError **error);

/* who sends a ticket */
typedef enum {
  TVM_CLAIM_GRANTED,
  TVM_CLAIM_TAKEN_OVER,            /* the same, but who had it may have sent it under its marker */
  TVM_CLAIM_HELD,                  /* somebody else's program is sending it */
  TVM_CLAIM_SENT,                  /* it is in Intune */
} TvmClaimOutcome;
typedef struct {
  TvmClaimOutcome outcome;
  char *who, *marker, *intune_id;  /* (owned) (nullable): of who had it before */
} TvmTeamClaim;
void          tvm_team_claim_clear   (TvmTeamClaim *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TvmTeamClaim, tvm_team_claim_clear)
gboolean      tvm_team_claim_ticket  (TvmTeam *self, const char *activity, int part,
                                      const char *marker, const char *claim, int seconds,
                                      TvmTeamClaim *out, GCancellable *cancellable,
                                      GError **error);
char         *tvm_team_dup_tickets   (TvmTeam *self, GCancellable *cancellable, GError **error);
gboolean      tvm_team_end_claim     (TvmTeam *self, const char *activity, int part,
                                      const char *claim, const char *intune_id,
                                      GCancellable *cancellable, GError **error);

G_END_DECLS

/* tvm-sync-team.h: the team that a profile has joined. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-sync-types.h"
#include "tvm-team.h"
G_BEGIN_DECLS

/* The team of a profile: what is kept of it, and what its database said just now. */
typedef struct {
  char         *uri;           /* (owned) (not nullable) */
  char         *id, *account;  /* (owned) (not nullable): as of joining */
  TvmTeamState *state;         /* (owned) (nullable): it was not reached */
  int           n_waiting;     /* decisions that are not in its log yet; -1: not known */
  int           n_refused;     /* of them, what the database did not take; -1: not known */
  gint64        n_behind;      /* of its log that are not here yet; -1: not known */
  int           n_unshared;    /* activities and exceptions of one's own that it has not */
  TvmTeamFaults faults;        /* what counts for nothing in its log */
} TvmSyncTeam;
void         tvm_sync_team_free (TvmSyncTeam *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TvmSyncTeam, tvm_sync_team_free)

/* needs no profile; login: (nullable): who becomes an administrator, with that account */
gboolean     tvm_sync_init_team           (const char *uri, const char *login,
                                           const char *account, gboolean *out_is_new,
                                           GCancellable *cancellable, GError **error);
TvmSyncTeam *tvm_sync_engine_join_team    (TvmSyncEngine *self, const char *uri,
                                           GCancellable *cancellable, GError **error);
TvmSyncTeam *tvm_sync_engine_get_team     (TvmSyncEngine *self, gboolean is_asked,
                                           GCancellable *cancellable, GError **error);
GPtrArray   *tvm_sync_engine_list_members (TvmSyncEngine *self, GCancellable *cancellable,
                                           GError **error);
gboolean     tvm_sync_engine_add_member   (TvmSyncEngine *self, const char *login,
                                           const char *account, TvmTeamRight right,
                                           GCancellable *cancellable, GError **error);
gboolean     tvm_sync_engine_remove_member (TvmSyncEngine *self, const char *login,
                                            GCancellable *cancellable, GError **error);
gboolean     tvm_sync_engine_set_approval (TvmSyncEngine *self, TvmApprovalRule rule,
                                           GCancellable *cancellable, GError **error);
gboolean     tvm_sync_engine_leave_team   (TvmSyncEngine *self, GError **error);

/* ids: of activities and exceptions; NULL: all */
gboolean     tvm_sync_engine_share        (TvmSyncEngine *self, const char *const *ids, int *out_n,
                                           GError **error);
gboolean     tvm_sync_engine_export_team  (TvmSyncEngine *self, const char *path,
                                           gboolean overwrite, gint64 *out_n,
                                           GCancellable *cancellable, GError **error);

/* for the window */
TVM_DECLARE_ASYNC (share_all);
TVM_DECLARE_ASYNC (look_at_team);
TvmSyncTeam *tvm_sync_engine_look_at_team_finish (TvmSyncEngine *self, GAsyncResult *result,
                                                  GPtrArray **out_members, GError **error);
TVM_DECLARE_ASYNC (load_team);
TvmSyncTeam *tvm_sync_engine_load_team_finish (TvmSyncEngine *self, GAsyncResult *result,
                                               GError **error);
TVM_DECLARE_ASYNC (join_team, const char *uri);
TVM_DECLARE_ASYNC (leave_team);
TVM_DECLARE_ASYNC (set_approval, TvmApprovalRule rule);
TVM_DECLARE_ASYNC (share_view, const char *list, const char *name, const char *state);
TVM_DECLARE_ASYNC (withdraw_view, const char *id);

/* into the activity's history, and the team's log; offline too */
gboolean     tvm_sync_engine_comment      (TvmSyncEngine *self, const char *activity_id,
                                           const char *text, GError **error);
/* who: a member's e-mail address, "me" or "nobody" */
gboolean     tvm_sync_engine_assign       (TvmSyncEngine *self, const char *activity_id,
                                           const char *who, GError **error);
/* reason: needed where it is rejected */
gboolean     tvm_sync_engine_decide_exception (TvmSyncEngine *self, const char *id,
                                               gboolean is_approved, const char *reason,
                                               GError **error);
void         tvm_sync_engine_decide_exception_async (TvmSyncEngine *self, const char *id,
                                                     gboolean is_approved, const char *reason,
                                                     GCancellable *cancellable,
                                                     GAsyncReadyCallback callback,
                                                     gpointer user_data);
void         tvm_sync_engine_comment_async (TvmSyncEngine *self, const char *activity_id,
                                            const char *text, GCancellable *cancellable,
                                            GAsyncReadyCallback callback, gpointer user_data);
void         tvm_sync_engine_assign_async (TvmSyncEngine *self, const char *activity_id,
                                           const char *who, GCancellable *cancellable,
                                           GAsyncReadyCallback callback, gpointer user_data);

G_END_DECLS

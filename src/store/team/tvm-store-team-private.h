/* tvm-store-team-private.h: what the store's other files tell of a team's decisions. On a
 * connection's thread. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-store-private.h"
#include "tvm-team-events.h"
G_BEGIN_DECLS

/* tvm-store-team.c */
void tvm_team_note_request   (TvmDb *db, const TvmActivity *activity /* nullable */);
void tvm_team_note           (TvmDb *db, gint64 activity_key, const char *kind, const char *who,
                              const char *text);
void tvm_team_forget_request (TvmDb *db, const char *activity_id);
gboolean tvm_team_is_joined  (TvmDb *db);
gint64 tvm_team_newest_number (TvmDb *db);
gboolean tvm_team_knows      (TvmDb *db, const char *subject, const char *kind);
void tvm_team_note_event     (TvmDb *db, const TvmTeamEvent *event);

/* tvm-store-team-log.c, tvm-store-team-exceptions.c */
GPtrArray *tvm_team_load_subject (TvmDb *db, const char *subject);
GPtrArray *tvm_team_load_without (TvmDb *db, const char *subject, const char *const *ids);
gboolean tvm_team_needs_approval (TvmDb *db, gboolean is_global, int known_exploited);
void     tvm_team_note_exception (TvmDb *db, const TvmException *exception, int known_exploited);
void     tvm_team_note_of_exception (TvmDb *db, const char *id, const char *kind, const char *who,
                                     const char *after);
/* what comes of the log was decided by somebody else, or here; or it was there before the log was
 * put back to an earlier state */
typedef enum { TVM_TEAM_OTHERS, TVM_TEAM_OWN, TVM_TEAM_AGAIN } TvmTeamArrival;
gboolean tvm_team_keep_exception_event (TvmDb *db, const TvmTeamEvent *event,
                                        TvmTeamArrival arrival);
void     tvm_team_settle_waiting    (TvmDb *db);
/* of an event e that is no part of the log: it was refused, or will be */
#define TVM_TEAM_IS_IN_VAIN \
  "(e.is_sent = 2 OR NOT EXISTS (SELECT 1 FROM team_member m WHERE m.account = e.who AND " \
  "m.rights IN ('approver', 'administrator')))"
/* tvm-store-team-faults.c */
void     tvm_team_note_fault        (TvmDb *db, const TvmTeamEvent *event, TvmTeamFault fault);
void     tvm_team_look_for_fault    (TvmDb *db, const TvmTeamEvent *event, gboolean is_new);
void     tvm_team_yield_to_portal   (TvmDb *db, GPtrArray *activities);
/* tvm-store-team-shared.c, tvm-store-team-views.c */
void     tvm_team_keep_policy_event (TvmDb *db, const TvmTeamEvent *event, TvmTeamArrival arrival);
void     tvm_team_keep_view_event   (TvmDb *db, const TvmTeamEvent *event, TvmTeamArrival arrival);
#define TVM_TEAM_EVENT_COLUMNS \
  "id, subject, kind, who, decided_us, recorded_us, number, before, after, needs_approval"
TvmTeamEvent *tvm_team_event_read (sqlite3_stmt *row);

G_END_DECLS

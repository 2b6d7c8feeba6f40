/* tvm-team-events.h: decisions that a team shares, in the order of its log, and what follows from
 * them. Pure functions, any thread. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-exceptions.h"
G_BEGIN_DECLS

#define TVM_EVENT_REQUESTED "activity-requested"
#define TVM_EVENT_COMPLETED "activity-completed"
#define TVM_EVENT_REOPENED  "activity-reopened"
#define TVM_EVENT_ASSIGNED  "activity-assigned"
#define TVM_EVENT_COMMENT   "comment"
#define TVM_EVENT_FILED     "exception-filed"
#define TVM_EVENT_CANCELLED "exception-cancelled"
#define TVM_EVENT_APPROVED  "exception-approved"
#define TVM_EVENT_REJECTED  "exception-rejected"

/* One decision. Its id is a UUIDv7, its subject the id of an activity or exception. */
typedef struct {
  char  *id, *subject, *kind;  /* (not nullable) */
  char  *who;                  /* (not nullable): an e-mail address */
  char  *before;               /* JSON of what its author saw, NULL: it does not matter */
  char  *after;                /* JSON of what was decided, NULL: nothing more */
  gint64 decided_us;           /* by the author's clock */
  gint64 recorded_us;          /* by the database's, 0: not in the log yet */
  gint64 number;               /* its place in the log, 0: not in it yet: behind all that are */
  gboolean needs_approval;     /* of an exception, as the team's rule was when the log took it */
  gboolean is_parsed;          /* by tvm_team_event_parse() */
  TvmActivity *activity;       /* what after says, where it requests one; else NULL */
  TvmDeviceRefs *targets;      /* of that activity */
  gboolean is_to_stranger;     /* it assigns to nobody of the team, so that it has no "after" */
} TvmTeamEvent;
TVM_DECLARE_RECORD (TvmTeamEvent, tvm_team_event)
void   tvm_team_event_parse (TvmTeamEvent *event);

/* Somebody in the team. */
typedef struct {
  char *account;               /* (not nullable): an e-mail address */
  char *right;                 /* its word; NULL: none */
} TvmTeamPerson;
TVM_DECLARE_RECORD (TvmTeamPerson, tvm_team_person)

typedef enum {
  TVM_TEAM_STANDS,             /* it changed what it is about, or has nothing to change */
  TVM_TEAM_LATE,               /* somebody else had done the same, or decided about it, before */
  TVM_TEAM_VOID,               /* there is nothing that it could undo, or it makes no sense */
  TVM_TEAM_UNAWARE,            /* it stands in place of what its author did not know of */
} TvmTeamVerdict;

/* What an activity's decisions have come to. */
typedef struct {
  gboolean    is_completed;
  const char *completed_by;    /* (nullable): of an event */
  gint64      completed_us;
  const TvmTeamEvent *assignment;  /* (nullable): the one that holds */
} TvmTeamOutcome;
void   tvm_team_judge       (GPtrArray *events, TvmTeamVerdict *verdicts, TvmTeamOutcome *out);
gint64 tvm_team_event_when  (const TvmTeamEvent *event);
gboolean tvm_team_is_same_person (const char *one, const char *other);

/* What an exception's decisions have come to. */
typedef struct {
  TvmApproval approval;
  const TvmTeamEvent *decision;      /* (nullable): that it was approved or rejected */
  const TvmTeamEvent *cancellation;  /* (nullable): of all of it */
  char      **cancelled_groups;      /* (owned) (not nullable) */
} TvmTeamExceptionOutcome;
void     tvm_team_judge_exception (GPtrArray *events, TvmTeamVerdict *verdicts,
                                   TvmTeamExceptionOutcome *out);
void     tvm_team_exception_outcome_clear (TvmTeamExceptionOutcome *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TvmTeamExceptionOutcome, tvm_team_exception_outcome_clear)
gboolean tvm_team_is_doubled      (const TvmException *first, const TvmException *second);

char         *tvm_team_exception_to_json   (const TvmException *exception, int known_exploited);
TvmException *tvm_team_exception_from_json (const char *json);
TvmException *tvm_team_exception_of_event  (const TvmTeamEvent *event);
gboolean      tvm_team_groups_are_sound    (const char *json);
char         *tvm_team_groups_to_json      (const char *const *groups);
char        **tvm_team_groups_from_json    (const char *json);
char        *tvm_team_activity_to_json   (const TvmActivity *activity,
                                          const TvmDeviceRefs *targets);
TvmActivity *tvm_team_activity_from_json (const char *json, TvmDeviceRefs *targets);
char        *tvm_team_assignee_to_json   (const char *assignee);
gboolean     tvm_team_assignee_from_json (const char *json, char **out);
char        *tvm_team_text_to_json       (const char *text);
char        *tvm_team_text_from_json     (const char *json);
char        *tvm_uuid7_new               (void);

/* Why a decision in the log counts for nothing, whatever the others say: a program wrote it that
 * keeps to other rules. */
typedef enum {
  TVM_TEAM_SOUND,
  TVM_TEAM_UNREADABLE,
  TVM_TEAM_TOO_LONG,           /* an exception for longer than a year */
  TVM_TEAM_TAKEN_ID,           /* a request under the id of an activity of the portal */
  TVM_TEAM_TO_STRANGER,        /* an assignment to somebody who is no member */
} TvmTeamFault;
TvmTeamFault tvm_team_event_find_fault (const TvmTeamEvent *event);

/* What is to be told of them. */
typedef struct {
  int          n;              /* 0: none, and nothing else is set */
  gint64       number;         /* of the first one: its place in the log */
  char        *who;            /* (owned) (nullable) */
  TvmTeamFault fault;
} TvmTeamFaults;
void  tvm_team_faults_clear    (TvmTeamFaults *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TvmTeamFaults, tvm_team_faults_clear)
const char *tvm_team_fault_to_word (TvmTeamFault fault);
char *tvm_team_faults_to_text  (const TvmTeamFaults *self);
void  tvm_team_faults_from_text (const char *text, TvmTeamFaults *out);
char *tvm_team_faults_describe (const TvmTeamFaults *self);

G_END_DECLS

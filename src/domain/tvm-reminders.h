/* tvm-reminders.h: what a person is reminded of (R12), decided by pure functions over histories and
 * dates. Any thread. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-exceptions.h"
#include "tvm-news.h"
G_BEGIN_DECLS

/* More than so many at once become one digest. */
#define TVM_REMINDERS_MAX_SINGLE 3

typedef enum
{
  TVM_REMIND_OVERDUE,
  TVM_REMIND_DUE_SOON,
  TVM_REMIND_TICKET_REJECTED,
  TVM_REMIND_EXPOSED_AGAIN,
  TVM_REMIND_TICKET_ACCEPTED,
  TVM_REMIND_TICKET_COMPLETED,
  TVM_REMIND_ACTIVITY_COMPLETED,
  TVM_REMIND_EXCEPTION_ENDING,
  TVM_N_REMINDERS,
} TvmReminderKind;

const char *tvm_reminder_kind_to_word (TvmReminderKind kind);  /* its setting is "remind-" WORD */
gboolean    tvm_reminder_kind_from_word (const char *word, TvmReminderKind *out);
const char *tvm_reminder_kind_to_text (TvmReminderKind kind);

typedef struct
{
  TvmReminderKind kind;
  char           *subject_id;  /* (not nullable): an activity's; an exception's where one ends */
  char           *title;       /* (not nullable): of the subject */
  int             count;       /* devices, or 1 */
  gint64          until_us;    /* snoozed until then, 0: not */
} TvmReminder;
TVM_DECLARE_RECORD (TvmReminder, tvm_reminder)

TvmReminder *tvm_reminder_make  (TvmReminderKind kind, const char *subject_id, const char *title);
TvmReminder *tvm_reminders_find (GPtrArray *reminders, TvmReminderKind kind,
                                 const char *subject_id);

/* What was told already. */
typedef struct
{
  gint64     history, activity; /* the last keys that were looked at */
  char      *day;               /* (nullable): when dates were last looked at; NULL: never */
  GPtrArray *snoozed;           /* of TvmReminder */
} TvmReminderState;

TvmReminderState *tvm_reminder_state_parse   (const char *text);
char             *tvm_reminder_state_to_text (const TvmReminderState *self);
void              tvm_reminder_state_snooze  (TvmReminderState *self, GPtrArray *reminders,
                                              gint64 until_us);
void              tvm_reminder_state_free    (TvmReminderState *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TvmReminderState, tvm_reminder_state_free)

typedef struct
{
  GPtrArray  *news;          /* of TvmNewsItem, since the state's history */
  GPtrArray  *activities;      /* of TvmActivity: those overdue or due soon */
  GPtrArray  *exceptions;      /* of TvmException: the active ones that end soon */
  gint64      history, activity;
  gboolean    is_on[TVM_N_REMINDERS];
  const char *today;
  gint64      now_us;
} TvmReminderInput;

GPtrArray *tvm_reminders_decide (TvmReminderState *state, const TvmReminderInput *input);

/* One notification. */
typedef struct
{
  char      *title, *body;
  GPtrArray *reminders;        /* of TvmReminder; more than one: a digest */
} TvmReminderNote;
GPtrArray *tvm_reminders_pack     (GPtrArray *reminders);

G_END_DECLS

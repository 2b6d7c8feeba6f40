/* tvm-standing.h: how a tenant stands and got there, from what was recorded, as pure functions. Any
 * thread. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-records.h"
G_BEGIN_DECLS

#define TVM_STANDING_DAYS 90   /* what is summed up */

/* How many devices more or less were left in all open activities from then on. */
typedef struct { gint64 when_us; int change; } TvmLeftChange;
typedef struct { gint64 when_us; int left; } TvmLeftPoint;

/* An activity that was completed, or that is overdue. */
typedef struct {
  gint64 created_us;           /* 0: not known */
  gint64 completed_us;         /* 0: not completed */
  char due_on[12];             /* YYYY-MM-DD, "": none */
  gboolean is_done;            /* all of its devices are remediated */
} TvmPastActivity;

typedef struct {
  int n_done;                  /* activities whose devices were all remediated */
  double mean_days;            /* from the request until then; below 0: there is none */
  int n_due, n_in_time;        /* with a due date, completed or overdue; completed by then */
} TvmStanding;

/* The devices of a device group by the level of their exposure. */
typedef struct {
  char *name;                  /* (nullable): nobody knows theirs */
  int by_level[6];             /* TvmLevel; those of an unknown one count as none */
} TvmGroupExposure;

/* An activity whose tickets wait for somebody, or were refused. */
typedef struct {
  char *activity_id, *title;
  TvmTicketStatus status;      /* REJECTED, FAILED or PENDING */
  int n_tickets;
  gint64 since_us;             /* since when; of several the longest; 0: not known */
} TvmTicketMatter;

void    tvm_standing_sum         (GArray *past, TvmStanding *out);
GArray *tvm_standing_by_day      (GArray *changes, gint64 now_us);
void    tvm_group_exposure_free  (TvmGroupExposure *self);
int     tvm_group_exposure_total (const TvmGroupExposure *self);
void    tvm_ticket_matter_free   (TvmTicketMatter *self);

G_END_DECLS

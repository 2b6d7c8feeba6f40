/* tvm-pace-private.h: when the next call may be made: below the documented limits, and never before
 * a throttled service lets us. Any thread. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-transport-private.h"
G_BEGIN_DECLS

#define TVM_PACE_SLOTS 61  /* of an hour: minutes, and the one that just begins */

/* The calls of one class. */
typedef struct {
  GArray *recent;                 /* (owned) (nullable): of gint64, instants of the last span */
  guint16 slots[TVM_PACE_SLOTS];  /* of the last hour, by minute */
  gint64  newest_slot;
} TvmPaceLog;

typedef struct {
  TvmTransport *transport;        /* borrowed */
  GMutex        mutex;            /* guards what follows */
  gboolean      is_unlimited;
  TvmCaller     caller;           /* whose the calls are that go out */
  TvmPaceLog    logs[TVM_N_CALL_CLASSES][TVM_N_CALLERS];
  TvmSpent      spent;            /* by this program */
  gint64        not_before_us[2];             /* by resource: throttled for all threads */
  gboolean      is_asked[2];      /* by resource: the service said so itself */
  GMutex        told_mutex;       /* one report at a time, in order; guards what follows */
  int           n_waiting;
  gint64        waiting_since_us; /* ticks: at least one thread */
  TvmWaitFunc   func;             /* (nullable) */
  gpointer      func_data;
  int           shows_asked;      /* atomic: what was told last is a wait that a service asks for */
} TvmPace;

void         tvm_pace_init     (TvmPace *self, TvmTransport *transport);
void         tvm_pace_clear    (TvmPace *self);
void         tvm_pace_set_func (TvmPace *self, TvmWaitFunc func, gpointer user_data);
void         tvm_pace_set_unlimited (TvmPace *self, gboolean is_unlimited);
TvmCallClass tvm_pace_classify (TvmResource resource, gboolean is_write, const char *path);
void         tvm_pace_hold     (TvmPace *self, TvmResource resource, gint64 delay_us,
                                gboolean is_asked);
gint64       tvm_pace_try      (TvmPace *self, TvmCallClass calls, gboolean *out_is_asked);
gboolean     tvm_pace_sleep    (TvmPace *self, gint64 delay_us, gboolean is_asked,
                                GCancellable *cancellable, GError **error);
void         tvm_pace_get_budget (TvmPace *self, TvmCallClass calls, TvmBudget *budget);
gint64       tvm_pace_forecast_us (TvmPace *self, TvmCallClass calls, guint n_calls);
void         tvm_pace_get_spent   (TvmPace *self, TvmSpent *spent);
char        *tvm_pace_dup_state   (TvmPace *self);
void         tvm_pace_load_state  (TvmPace *self, TvmCaller caller, const char *state);

G_END_DECLS

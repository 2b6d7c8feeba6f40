/* tvm-clock.h: whether this computer's clock can be believed (R19).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <glib.h>
G_BEGIN_DECLS

typedef enum
{
  TVM_CLOCK_GOOD,
  TVM_CLOCK_OFF_SERVICE,   /* more than a day from what the services say */
  TVM_CLOCK_BEFORE_SYNC,   /* more than a day before the last time that was right */
  TVM_CLOCK_FAR_AHEAD,     /* more than a month after it; that may well be, so it only waits */
} TvmClockDoubt;

/* What is known of the time, in microseconds since 1970; 0: nothing. */
typedef struct {
  gint64   here_us, service_us;  /* this clock and a service's, at the same moment */
  gint64   accepted_us;          /* by how much this clock may be ahead, as a person said; 0: not */
  gint64   last_sync_us;         /* by this clock */
} TvmClockFacts;

typedef struct {
  TvmClockDoubt doubt;
  gint64        offset_us;       /* in doubt: by how much this clock is ahead; negative: behind */
  gint64        believed_us;     /* what counts as the time: this clock, or the last right one */
} TvmClock;

gboolean tvm_clock_agrees (gint64 here_us, gint64 service_us, gint64 accepted_us);
TvmClock tvm_clock_judge  (const TvmClockFacts *facts, gint64 now_us);
gboolean tvm_clock_is_off (const TvmClock *self);
char    *tvm_clock_describe (const TvmClock *self);

G_END_DECLS

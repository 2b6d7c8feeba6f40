/* tvm-clock.c: whether this computer's clock can be believed (R19): what cannot be undone waits
 * until it agrees with the services within a day, or a person said that it is right. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-clock.h"

#include "tvm-time.h"

#include <glib/gi18n-lib.h>

#define MAX_OFF_US  TVM_DAY_US
#define FAR_US      (31 * TVM_DAY_US)

static gboolean
is_near (gint64 a_us,
         gint64 b_us)
{
  return ABS (a_us - b_us) <= MAX_OFF_US;
}

/**
 * tvm_clock_agrees:
 * @here_us: this computer's clock
 * @service_us: a service's at the same moment
 * @accepted_us: by how much this clock may be ahead, as a person said; 0: nobody did
 *
 * Returns: whether they are no more than a day apart, or apart as a person said
 */
gboolean
tvm_clock_agrees (gint64 here_us,
                  gint64 service_us,
                  gint64 accepted_us)
{
  return is_near (here_us, service_us) || (accepted_us != 0 &&
                                           is_near (here_us - service_us, accepted_us));
}

/**
 * tvm_clock_judge:
 * @facts: what is known of the time
 * @now_us: this computer's clock
 *
 * A clock that a service contradicted is in doubt until it is set right, as far as that can be
 * seen, or a person or a service says that it is.
 *
 * Returns: what to think of it
 */
TvmClock
tvm_clock_judge (const TvmClockFacts *facts,
                 gint64               now_us)
{
  gint64 offset_us = facts->here_us - facts->service_us;
  gboolean was_told = facts->service_us != 0;
  gboolean agreed = was_told && tvm_clock_agrees (facts->here_us, facts->service_us,
                                                  facts->accepted_us);
  /* Where they differ a service may be wrong, too: no later than both, no earlier than a sync. */
  gint64 right_us = agreed ? facts->here_us
                           : MAX (was_told ? MIN (facts->here_us, facts->service_us) : 0,
                                  facts->last_sync_us);
  /* Ahead then and no more before that moment, or behind then and now again after the service's. */
  gboolean is_still_off = offset_us > 0 ? now_us >= facts->here_us - MAX_OFF_US
                                        : now_us < facts->service_us - MAX_OFF_US;

  if (was_told && !agreed && is_still_off)
    return (TvmClock) { TVM_CLOCK_OFF_SERVICE, offset_us, right_us };
  if (right_us != 0 && now_us < right_us - MAX_OFF_US)
    return (TvmClock) { TVM_CLOCK_BEFORE_SYNC, now_us - right_us, right_us };
  if (right_us != 0 && now_us > right_us + FAR_US)
    return (TvmClock) { TVM_CLOCK_FAR_AHEAD, now_us - right_us, now_us };
  return (TvmClock) { TVM_CLOCK_GOOD, 0, now_us };
}

/**
 * tvm_clock_is_off:
 * @self: what to think of a clock
 *
 * Returns: whether a person has to say which time is right
 */
gboolean
tvm_clock_is_off (const TvmClock *self)
{
  return self->doubt == TVM_CLOCK_OFF_SERVICE || self->doubt == TVM_CLOCK_BEFORE_SYNC;
}

/**
 * tvm_clock_describe:
 * @self: what to think of a clock
 *
 * Returns: (transfer full) (nullable): what is wrong and what to do, as localized sentences; %NULL:
 *   nothing
 */
char *
tvm_clock_describe (const TvmClock *self)
{
  int days = (int) ((ABS (self->offset_us) + TVM_DAY_US / 2) / TVM_DAY_US);

  if (self->doubt == TVM_CLOCK_BEFORE_SYNC)
    return g_strdup_printf (ngettext ("This computer's clock is %d day before the last "
                                      "synchronization. Set it right, or synchronize.",
                                      "This computer's clock is %d days before the last "
                                      "synchronization. Set it right, or synchronize.", days),
                            days);
  if (self->doubt != TVM_CLOCK_OFF_SERVICE)
    return NULL;
  if (self->offset_us > 0)
    return g_strdup_printf (ngettext ("This computer's clock is %d day ahead of the services'. "
                                      "Set it right, or say that it is right.",
                                      "This computer's clock is %d days ahead of the services'. "
                                      "Set it right, or say that it is right.", days), days);
  return g_strdup_printf (ngettext ("This computer's clock is %d day behind the services'. Set it "
                                    "right, or say that it is right.",
                                    "This computer's clock is %d days behind the services'. Set "
                                    "it right, or say that it is right.", days), days);
}

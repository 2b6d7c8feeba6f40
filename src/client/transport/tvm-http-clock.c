/* tvm-http-clock.c: this computer's clock beside the Date of the services' answers (R19). Any
 * thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-http-private.h"
#include "tvm-client-clock.h"
#include "tvm-clock.h"
#include "tvm-error.h"
#include "tvm-time.h"

#include <time.h>

/* How long the system runs, suspend included, and what tests passed over. */
static gint64
running_us (void)
{
  struct timespec now = { 0 };

  clock_gettime (CLOCK_BOOTTIME, &now);
  return now.tv_sec * TVM_SECOND_US + now.tv_nsec / 1000 + tvm_ticks_us () -
         g_get_monotonic_time ();
}

/**
 * tvm_http_clock_check:
 * @self: (inout): what the services said so far
 * @message: an answered message of a service
 * @error: return location for %TVM_ERROR_FAILED
 *
 * Notes what the answer says of the time; where an answer was off, that stays noted.
 *
 * Returns: %FALSE where this computer's clock is more than a day from the answer's, and nobody said
 *   that it is right. An answer without a Date says nothing
 */
gboolean
tvm_http_clock_check (TvmHttpClock  *self,
                      SoupMessage   *message,
                      GError       **error)
{
  const char *text = soup_message_headers_get_one (soup_message_get_response_headers (message),
                                                   "Date");
  g_autoptr(GDateTime) date = text != NULL ? soup_date_time_new_from_http_string (text) : NULL;
  g_autofree char *words = NULL;
  gint64 here_us = tvm_now_us (), service_us;
  TvmClock clock = { .doubt = TVM_CLOCK_OFF_SERVICE };
  gboolean agrees;

  if (date == NULL)
    return TRUE;
  service_us = g_date_time_to_unix (date) * TVM_SECOND_US;
  g_mutex_lock (&self->mutex);
  agrees = tvm_clock_agrees (here_us, service_us, self->accepted_us);
  if (!self->is_off)
    {
      self->here_us = here_us;
      self->service_us = service_us;
      self->running_us = running_us ();
      self->is_off = !agrees;
    }
  g_mutex_unlock (&self->mutex);
  if (agrees)
    return TRUE;
  clock.offset_us = here_us - service_us;
  words = tvm_clock_describe (&clock);
  g_set_error_literal (error, TVM_ERROR, TVM_ERROR_FAILED, words);
  return FALSE;
}

/**
 * tvm_client_accept_clock:
 * @self: a client
 * @accepted_us: by how much this computer's clock may be ahead of the services'; negative: behind;
 *   0: it has to agree
 */
void
tvm_client_accept_clock (TvmClient *self,
                         gint64     accepted_us)
{
  TvmHttpClock *clock = &tvm_client_get_http (self)->clock;
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&clock->mutex);

  clock->accepted_us = accepted_us;
}

/**
 * tvm_client_forget_clock:
 * @self: a client
 *
 * From now on what later answers say counts alone.
 */
void
tvm_client_forget_clock (TvmClient *self)
{
  TvmHttpClock *clock = &tvm_client_get_http (self)->clock;
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&clock->mutex);

  clock->service_us = 0;
  clock->is_off = FALSE;
}

/**
 * tvm_client_read_clock:
 * @self: a client
 * @out_here_us: (out): this computer's clock, in microseconds since 1970
 * @out_service_us: (out): a service's at the same moment: the first one that was off, else the last
 *   one, as it goes on until now
 *
 * Returns: whether a service said what time it is
 */
gboolean
tvm_client_read_clock (TvmClient *self,
                       gint64    *out_here_us,
                       gint64    *out_service_us)
{
  TvmHttpClock *clock = &tvm_client_get_http (self)->clock;
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&clock->mutex);

  /* The clock may have jumped after the last answer. */
  *out_here_us = clock->is_off ? clock->here_us : tvm_now_us ();
  *out_service_us = clock->service_us + (clock->is_off ? 0 : running_us () - clock->running_us);
  return clock->service_us != 0;
}

/**
 * tvm_client_confirms_clock:
 * @self: a client
 *
 * Returns: whether services said what time it is, this computer's clock agreed with each of them,
 *   and did not jump since
 */
gboolean
tvm_client_confirms_clock (TvmClient *self)
{
  TvmHttpClock *clock = &tvm_client_get_http (self)->clock;
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&clock->mutex);
  gint64 passed_us = running_us () - clock->running_us;

  return clock->service_us != 0 && !clock->is_off &&
         tvm_clock_agrees (tvm_now_us (), clock->service_us + passed_us, clock->accepted_us);
}

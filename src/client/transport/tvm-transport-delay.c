/* tvm-transport-delay.c: how long to wait before a request is sent again. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-transport-private.h"
#include "tvm-time.h"

#define MAX_DELAY_S     (10 * 365 * 24 * 3600)
#define BACKOFF_BASE_US TVM_SECOND_US
#define BACKOFF_CAP_US  (60 * TVM_SECOND_US)

/**
 * tvm_transport_backoff_us:
 * @attempt: how many attempts were made before, from 0
 *
 * Returns: a wait in microseconds that doubles with each attempt up to a cap, half of it jitter
 */
gint64
tvm_transport_backoff_us (int attempt)
{
  gint64 delay_us = MIN (BACKOFF_BASE_US << MIN (attempt, 10), BACKOFF_CAP_US);

  return delay_us / 2 + g_random_int_range (0, (gint32) (delay_us / 2) + 1);
}

/**
 * tvm_transport_retry_delay_us:
 * @message: an answered message
 * @attempt: how many attempts were made before, from 0
 *
 * Returns: how long to wait in microseconds: as Retry-After says (seconds or a date), else longer
 *   with each attempt, with some jitter
 */
gint64
tvm_transport_retry_delay_us (SoupMessage *message,
                              int          attempt)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (message);
  const char *text = soup_message_headers_get_one (headers, "Retry-After");
  const char *sent = soup_message_headers_get_one (headers, "Date");
  g_autoptr(GDateTime) date = NULL, now = NULL;
  guint64 seconds;

  if (text != NULL && g_ascii_string_to_unsigned (text, 10, 0, MAX_DELAY_S, &seconds, NULL))
    return (gint64) seconds * TVM_SECOND_US;
  if (text != NULL)
    date = soup_date_time_new_from_http_string (text);
  if (sent != NULL)
    now = soup_date_time_new_from_http_string (sent);
  /* By the service's clock: this computer's may be wrong. */
  if (date != NULL)
    return MAX (now != NULL ? g_date_time_difference (date, now)
                            : g_date_time_to_unix (date) * TVM_SECOND_US - tvm_now_us (), 0);
  return tvm_transport_backoff_us (attempt);
}

/* tvm-time.c: instants (microseconds since 1970, UTC) and calendar dates. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-time.h"

#include <string.h>

static gint64 clock_us; /* 0: the system's clock; tests set another one before threads start */

/* Time that tests passed over instead of waiting; never in a program for users. */
static GMutex skip_mutex;
static gint64 skipped_us;
static gboolean waits_are_virtual;

static gint64
get_skipped_us (void)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&skip_mutex);

  return skipped_us;
}

/**
 * tvm_now_us:
 * Returns: the time now in microseconds since 1970-01-01 UTC
 */
gint64
tvm_now_us (void)
{
  return clock_us != 0 ? clock_us : g_get_real_time () + get_skipped_us ();
}

/**
 * tvm_set_clock_us:
 * @now_us: the instant that tvm_now_us() answers from now on, or 0 for the system's clock
 */
void
tvm_set_clock_us (gint64 now_us)
{
  clock_us = now_us;
}

/**
 * tvm_ticks_us:
 * Returns: microseconds on a clock that only goes forward, for how long something lasts
 */
gint64
tvm_ticks_us (void)
{
  return g_get_monotonic_time () + get_skipped_us ();
}

/**
 * tvm_set_virtual_waits:
 * @is_virtual: whether from now on waiting sets the clock forward instead; for tests
 */
void
tvm_set_virtual_waits (gboolean is_virtual)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&skip_mutex);

  waits_are_virtual = is_virtual;
}

/**
 * tvm_pass_time_us:
 * @until_ticks_us: an instant of tvm_ticks_us()
 *
 * Sets the clock forward where waits are virtual.
 *
 * Returns: whether it is that late now, so that there is nothing to wait for
 */
gboolean
tvm_pass_time_us (gint64 until_ticks_us)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&skip_mutex);
  gint64 left_us = until_ticks_us - g_get_monotonic_time () - skipped_us;

  if (left_us > 0 && waits_are_virtual)
    skipped_us += left_us;
  return left_us <= 0 || waits_are_virtual;
}

/**
 * tvm_wait_is_over:
 * @until_us: when a wait ends that was noted before, by this computer's clock then; 0: none
 * @now_us: this computer's clock now
 *
 * Returns: whether there is nothing to wait for; so it is where the wait would be longer than any
 *   that is noted: then the clock was wrong
 */
gboolean
tvm_wait_is_over (gint64 until_us,
                  gint64 now_us)
{
  return until_us <= now_us || until_us > now_us + TVM_LONGEST_WAIT_US;
}

static gboolean
parse_digits (const char **text,
              int          n,
              int         *out)
{
  int value = 0;

  for (int i = 0; i < n; i++)
    {
      if (!g_ascii_isdigit ((*text)[i]))
        return FALSE;
      value = value * 10 + ((*text)[i] - '0');
    }
  *text += n;
  *out = value;
  return TRUE;
}

/* Optional fraction: any number of digits is read, six are kept (the services send seven). */
static gboolean
parse_fraction (const char **text,
                gint64      *out_us)
{
  gint64 unit = 100000;

  *out_us = 0;
  if (**text != '.')
    return TRUE;
  (*text)++;
  if (!g_ascii_isdigit (**text))
    return FALSE;
  for (; g_ascii_isdigit (**text); (*text)++, unit /= 10)
    *out_us += (**text - '0') * unit;
  return TRUE;
}

static gboolean
parse_offset (const char **text,
              int         *out_minutes)
{
  int hours, minutes, sign;

  *out_minutes = 0;
  if (**text == '\0')
    return TRUE; /* a date without a zone is taken as UTC */
  if (**text == 'Z' || **text == 'z')
    {
      (*text)++;
      return TRUE;
    }
  if (**text != '+' && **text != '-')
    return FALSE;
  sign = *(*text)++ == '-' ? -1 : 1;
  if (!parse_digits (text, 2, &hours))
    return FALSE;
  if (**text == ':')
    (*text)++;
  if (!parse_digits (text, 2, &minutes) || hours > 23 || minutes > 59)
    return FALSE;
  *out_minutes = sign * (hours * 60 + minutes);
  return TRUE;
}

/**
 * tvm_parse_instant:
 * @text: (nullable): ISO 8601 date and time, with up to any number of decimals; without a zone it
 *   is UTC; a date alone is its midnight in UTC
 * @out_us: (out): microseconds since 1970, UTC
 *
 * Returns: %FALSE if @text is no such instant or lies outside the years 1 to 9999
 */
gboolean
tvm_parse_instant (const char *text,
                   gint64     *out_us)
{
  int year, month, day, hour = 0, minute = 0, second = 0, offset = 0;
  gint64 fraction_us = 0;
  g_autoptr(GDateTime) when = NULL;

  if (text == NULL || !parse_digits (&text, 4, &year) || *text++ != '-' ||
      !parse_digits (&text, 2, &month) || *text++ != '-' || !parse_digits (&text, 2, &day))
    return FALSE;
  if (*text == 'T' || *text == 't' || *text == ' ')
    {
      text++;
      if (!parse_digits (&text, 2, &hour) || *text++ != ':' || !parse_digits (&text, 2, &minute))
        return FALSE;
      if (*text == ':')
        {
          text++;
          /* 60 is a leap second: told as the one before, as clocks that know none do. */
          if (!parse_digits (&text, 2, &second) || second > 60 ||
              !parse_fraction (&text, &fraction_us))
            return FALSE;
        }
      if (!parse_offset (&text, &offset))
        return FALSE;
    }
  if (*text != '\0')
    return FALSE;
  when = g_date_time_new_utc (year, month, day, hour, minute, MIN (second, 59));
  if (when == NULL)
    return FALSE;
  *out_us = (g_date_time_to_unix (when) - offset * 60) * TVM_SECOND_US + fraction_us;
  return TRUE;
}

/**
 * tvm_time_is_placeholder:
 * @text: (nullable): a date or an instant in ISO 8601
 *
 * Returns: whether it is what systems write where there is none: the first or last year that they
 *   know (the zone may move the day), or the day that they count from
 */
gboolean
tvm_time_is_placeholder (const char *text)
{
  static const char *const starts[] = { "0001-", "9999-", "1601-01-01", "1753-01-01", "1900-01-01",
                                        "1970-01-01T00:00:00" };

  for (guint i = 0; text != NULL && i < G_N_ELEMENTS (starts); i++)
    if (g_str_has_prefix (text, starts[i]))
      return TRUE;
  return FALSE;
}

static GDateTime *
date_time_of_instant (gint64 instant_us)
{
  gint64 seconds = instant_us / TVM_SECOND_US;

  if (instant_us % TVM_SECOND_US < 0)
    seconds--;
  return g_date_time_new_from_unix_utc (seconds);
}

/**
 * tvm_format_instant:
 * @instant_us: microseconds since 1970, UTC
 *
 * Returns: (transfer full): ISO 8601 in UTC to the second, "2026-03-02T08:15:30+00:00"; empty where
 *   the instant is outside the years 1 to 9999
 */
char *
tvm_format_instant (gint64 instant_us)
{
  g_autoptr(GDateTime) when = date_time_of_instant (instant_us);

  /* Not %Y, which leaves out the zeros of years before 1000. */
  return when != NULL
           ? g_strdup_printf ("%04d-%02d-%02dT%02d:%02d:%02d+00:00", g_date_time_get_year (when),
                              g_date_time_get_month (when), g_date_time_get_day_of_month (when),
                              g_date_time_get_hour (when), g_date_time_get_minute (when),
                              g_date_time_get_second (when))
           : g_strdup ("");
}

static gboolean
parse_date (const char *text,
            GDate      *out)
{
  int year, month, day;

  if (text == NULL || !parse_digits (&text, 4, &year) || *text++ != '-' ||
      !parse_digits (&text, 2, &month) || *text++ != '-' || !parse_digits (&text, 2, &day) ||
      *text != '\0' || !g_date_valid_dmy (day, month, year))
    return FALSE;
  g_date_set_dmy (out, day, month, year);
  return TRUE;
}

static char *
format_date (const GDate *date)
{
  return g_strdup_printf ("%04d-%02d-%02d", g_date_get_year (date), g_date_get_month (date),
                          g_date_get_day (date));
}

/**
 * tvm_date_is_valid:
 * @date: (nullable): a text
 *
 * Returns: whether @date is a calendar date written YYYY-MM-DD
 */
gboolean
tvm_date_is_valid (const char *date)
{
  GDate parsed;

  return parse_date (date, &parsed);
}

/**
 * tvm_today:
 * Returns: (transfer full): the calendar date now in the local time zone, YYYY-MM-DD
 */
char *
tvm_today (void)
{
  return tvm_date_of_instant (tvm_now_us ());
}

/**
 * tvm_date_of_instant:
 * @instant_us: microseconds since 1970, UTC
 *
 * Returns: (transfer full): the local calendar date of the instant, YYYY-MM-DD
 */
char *
tvm_date_of_instant (gint64 instant_us)
{
  g_autoptr(GDateTime) utc = date_time_of_instant (instant_us);
  g_autoptr(GDateTime) local = utc != NULL ? g_date_time_to_local (utc) : NULL;

  return local != NULL ? g_date_time_format (local, "%Y-%m-%d") : g_strdup ("");
}

/**
 * tvm_start_of_date:
 * @date: a date, YYYY-MM-DD
 *
 * Where the clocks go back at midnight, the date's first hour comes twice: it begins with the
 * first.
 *
 * Returns: the first instant of the date in the local time zone, microseconds since 1970, UTC; 0
 *   when @date is not valid
 */
gint64
tvm_start_of_date (const char *date)
{
  g_autoptr(GDateTime) midnight = NULL;
  gint64 start_us;
  GDate parsed;

  if (!parse_date (date, &parsed))
    return 0;
  midnight = g_date_time_new_local (g_date_get_year (&parsed), (int) g_date_get_month (&parsed),
                                    g_date_get_day (&parsed), 0, 0, 0);
  if (midnight == NULL)
    return 0;
  for (start_us = g_date_time_to_unix (midnight) * TVM_SECOND_US;; start_us -= TVM_HOUR_US / 4)
    {
      g_autofree char *before = tvm_date_of_instant (start_us - 1);

      if (strcmp (before, date) != 0)
        return start_us;
    }
}

/**
 * tvm_days_between:
 * @from_date: a valid date, YYYY-MM-DD
 * @to_date: a valid date, YYYY-MM-DD
 *
 * Returns: days from @from_date to @to_date, negative when @to_date is earlier; 0 when either is
 *   no valid date
 */
int
tvm_days_between (const char *from_date,
                  const char *to_date)
{
  GDate from, to;

  return parse_date (from_date, &from) && parse_date (to_date, &to)
           ? g_date_days_between (&from, &to)
           : 0;
}

/**
 * tvm_date_add_days:
 * @date: a valid date, YYYY-MM-DD
 * @days: how many days later (negative: earlier)
 *
 * Returns: (transfer full) (nullable): the other date, or %NULL when @date is not valid
 */
char *
tvm_date_add_days (const char *date,
                   int         days)
{
  GDate parsed;

  if (!parse_date (date, &parsed))
    return NULL;
  if (days >= 0)
    g_date_add_days (&parsed, days);
  else
    g_date_subtract_days (&parsed, -days);
  return format_date (&parsed);
}

/* tvm-demo-limits.c: how many calls are let in during a minute and an hour. The server's thread
 * only. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-demo-private.h"

#include "tvm-time.h"

#define MINUTE_US (60 * TVM_SECOND_US)

/* What is counted apart. */
typedef enum { MACHINES, LISTS, SOFTWARE, SETTINGS, CHANGES, SOFTWARE_FILES, SETTINGS_FILES,
               N_CLASSES } Class;

/* The limits that the service documents; each export has its own. */
static const struct
{
  const char *name, *call;
  guint per_minute, per_hour;
} documented[N_CLASSES] = {
  [MACHINES]       = { "machines", NULL, 100, 1500 },
  [LISTS]          = { "lists", NULL, 50, 1500 },
  [SOFTWARE]       = { "software", "SoftwareVulnerabilitiesByMachine", 30, 1000 },
  [SETTINGS]       = { "settings", "SecureConfigurationsAssessmentByMachine", 30, 1000 },
  [CHANGES]        = { "changes", "SoftwareVulnerabilityChangesByMachine", 30, 1000 },
  [SOFTWARE_FILES] = { "software_files", "SoftwareVulnerabilitiesExport", 5, 20 },
  [SETTINGS_FILES] = { "settings_files", "SecureConfigurationsAssessmentExport", 5, 20 },
};

typedef struct {
  guint  per_minute, per_hour;  /* 0: any number */
  GQueue calls;                 /* (gint64 *) ticks of those let in during the last hour */
  gint64 throttled_until_us;
  guint  n_throttled;
} Limit;

struct _TvmDemoLimits {
  Limit    limits[N_CLASSES];
  gboolean has_machines;        /* which have a limit of their own, or else the lists' */
  guint    n_violations;
};

/**
 * tvm_demo_limits_new:
 * Returns: (transfer full): no limits
 */
TvmDemoLimits *
tvm_demo_limits_new (void)
{
  return g_new0 (TvmDemoLimits, 1);
}

static void
set_limit (Limit *limit,
           guint  per_minute,
           guint  per_hour)
{
  limit->per_minute = per_minute;
  limit->per_hour = per_hour;
  limit->throttled_until_us = 0;
  g_queue_clear_full (&limit->calls, g_free);
}

/**
 * tvm_demo_limits_set:
 * @self: the limits
 * @calls_per_minute: how many calls the Defender API lets in during any minute, 0: all
 * @exports_per_minute: how many of each of its exports, which do not count as calls, 0: all
 *
 * Begins to count anew; an hour's are not limited.
 */
void
tvm_demo_limits_set (TvmDemoLimits *self,
                     guint          calls_per_minute,
                     guint          exports_per_minute)
{
  self->has_machines = FALSE;
  for (guint i = 0; i < N_CLASSES; i++)
    set_limit (&self->limits[i], i <= LISTS ? calls_per_minute : exports_per_minute, 0);
}

/**
 * tvm_demo_limits_set_documented:
 * @self: the limits
 *
 * Sets those that the service documents, by minute and hour, and begins to count anew.
 */
void
tvm_demo_limits_set_documented (TvmDemoLimits *self)
{
  self->has_machines = TRUE;
  for (guint i = 0; i < N_CLASSES; i++)
    set_limit (&self->limits[i], documented[i].per_minute, documented[i].per_hour);
}

/**
 * tvm_demo_limits_free:
 * @self: (transfer full): the limits
 */
void
tvm_demo_limits_free (TvmDemoLimits *self)
{
  tvm_demo_limits_set (self, 0, 0);
  g_free (self);
}

static Class
classify (TvmDemoLimits   *self,
          TvmDemoExchange *ex)
{
  for (guint i = LISTS + 1; i < N_CLASSES; i++)
    if (tvm_demo_part_is (ex, 2, documented[i].call))
      return i;
  return self->has_machines && tvm_demo_part_is (ex, 1, "machines") && ex->n_parts < 4 ? MACHINES
                                                                                       : LISTS;
}

/* When the next call may be made, in ticks: once the one that is @most calls back is older than
 * @span_us; 0: now. */
static gint64
next_call_us (const Limit *limit,
              guint        most,
              gint64       span_us,
              gint64       now_us)
{
  GQueue *calls = (GQueue *) &limit->calls;
  const gint64 *call_us =
    most > 0 && calls->length >= most ? g_queue_peek_nth (calls, calls->length - most) : NULL;

  return call_us != NULL && *call_us + span_us > now_us ? *call_us + span_us : 0;
}

/**
 * tvm_demo_limits_refuse:
 * @self: the limits
 * @ex: (inout): an exchange that is not answered yet
 *
 * Counts a call of the Defender API, or refuses it with 429 and the seconds to wait; one that was
 * told to wait and did not is counted as a violation.
 *
 * Returns: whether it was refused
 */
gboolean
tvm_demo_limits_refuse (TvmDemoLimits   *self,
                        TvmDemoExchange *ex)
{
  Limit *limit = &self->limits[classify (self, ex)];
  gint64 now_us = tvm_ticks_us (), next_us, *oldest_us;
  g_autofree char *seconds = NULL;
  int n_seconds;

  if (limit->per_minute == 0 || !tvm_demo_part_is (ex, 0, "api"))
    return FALSE;
  self->n_violations += now_us < limit->throttled_until_us;
  while ((oldest_us = g_queue_peek_head (&limit->calls)) != NULL &&
         *oldest_us + TVM_HOUR_US <= now_us)
    g_free (g_queue_pop_head (&limit->calls));
  next_us = MAX (next_call_us (limit, limit->per_minute, MINUTE_US, now_us),
                 next_call_us (limit, limit->per_hour, TVM_HOUR_US, now_us));
  if (next_us == 0)
    {
      g_queue_push_tail (&limit->calls, g_memdup2 (&now_us, sizeof now_us));
      return FALSE;
    }
  limit->n_throttled++;
  n_seconds = (int) ((next_us - now_us + TVM_SECOND_US) / TVM_SECOND_US);
  seconds = g_strdup_printf ("%d", n_seconds);
  limit->throttled_until_us = now_us + n_seconds * TVM_SECOND_US;
  tvm_demo_reply_error (ex, 429, "TooManyRequests", "Try again after %s seconds.", seconds);
  soup_message_headers_replace (soup_server_message_get_response_headers (ex->message),
                                "Retry-After", seconds);
  return TRUE;
}

/**
 * tvm_demo_limits_count_violations:
 * @self: the limits
 *
 * Returns: how many calls came before the time that they were told
 */
guint
tvm_demo_limits_count_violations (TvmDemoLimits *self)
{
  return self->n_violations;
}

/**
 * tvm_demo_limits_describe:
 * @self: the limits
 * @out: (inout): an open JSON object that gets the counts, with a comma after the last: calls that
 *   were throttled, and by class those and the calls of the last hour
 */
void
tvm_demo_limits_describe (TvmDemoLimits *self,
                          GString       *out)
{
  guint n_throttled = 0;

  g_string_append (out, "\"limits\":{");
  for (guint i = 0; i < N_CLASSES; i++)
    {
      const Limit *limit = &self->limits[i];

      n_throttled += limit->n_throttled;
      if (limit->per_minute > 0)
        g_string_append_printf (out, "\"%s\":{\"calls\":%u,\"throttled\":%u},", documented[i].name,
                                limit->calls.length, limit->n_throttled);
    }
  tvm_demo_close (out, '}');
  g_string_append_c (out, ',');
  tvm_demo_put_int (out, "throttled", n_throttled);
}

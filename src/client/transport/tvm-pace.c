/* tvm-pace.c: when the next call may be made. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-pace-private.h"
#include "tvm-time.h"

#include <string.h>

#define TOLD_FROM_US TVM_SECOND_US  /* shorter waits are not worth a word */
#define LEAD_US      (2 * TVM_HOUR_US)

/* Two windows: no more calls in any span, nor in any hour. Documented are 100 and 50 a minute and
 * 1,500 an hour; 30 exports of each kind a minute and 1,000 an hour, 5 and 20 as files; of Graph
 * 1,000 in 20 seconds, and 100 writes. What is in flight may arrive later than it was let go, and
 * another program may have just begun: so some are left free. */
static const struct { const char *name; int calls, span_s, per_hour; } limits[] = {
  [TVM_CALLS_MACHINES] = { "machines", 90, 60, 1440 },
  [TVM_CALLS_DEFENDER] = { "lists", 45, 60, 1440 },
  [TVM_CALLS_GRAPH] = { "graph", 600, 20, -1 },
  [TVM_CALLS_GRAPH_WRITE] = { "graph-writes", 80, 20, -1 },
  [TVM_CALLS_SOFTWARE] = { "software", 27, 60, 960 },
  [TVM_CALLS_CHANGES] = { "software-changes", 27, 60, 960 },
  [TVM_CALLS_CONFIGURATIONS] = { "configurations", 27, 60, 960 },
  [TVM_CALLS_SOFTWARE_FILES] = { "software-files", 4, 60, 18 },
  [TVM_CALLS_CONFIGURATION_FILES] = { "configuration-files", 4, 60, 18 },
};

/* Ticks with a lead, so that what was called before the computer was started has an instant too. */
static gint64
get_instant_us (void)
{
  return tvm_ticks_us () + LEAD_US;
}

/**
 * tvm_pace_init:
 * @self: (out caller-allocates): a pace whose memory was zeroed
 * @transport: (transfer none): whose waits it uses; must outlive it
 *
 * Begins with no call made and nobody to tell.
 */
void
tvm_pace_init (TvmPace      *self,
               TvmTransport *transport)
{
  self->transport = transport;
  g_mutex_init (&self->mutex);
  g_mutex_init (&self->told_mutex);
}

/**
 * tvm_pace_clear:
 * @self: a pace that no thread waits in
 */
void
tvm_pace_clear (TvmPace *self)
{
  for (guint i = 0; i < TVM_N_CALL_CLASSES; i++)
    for (guint j = 0; j < TVM_N_CALLERS; j++)
      g_clear_pointer (&self->logs[i][j].recent, g_array_unref);
  g_mutex_clear (&self->mutex);
  g_mutex_clear (&self->told_mutex);
}

/**
 * tvm_pace_set_func:
 * @self: a pace
 * @func: (nullable) (scope forever): is told when the next call may be made, and 0 when it goes on;
 *   on the thread that waits, one call at a time
 * @user_data: for @func
 *
 * Once this returns, the function there was is not called any more; so it may not be called from
 * it.
 */
void
tvm_pace_set_func (TvmPace     *self,
                   TvmWaitFunc  func,
                   gpointer     user_data)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->told_mutex);

  self->func = func;
  self->func_data = user_data;
}

/**
 * tvm_pace_set_unlimited:
 * @self: a pace
 * @is_unlimited: whether calls are made as fast as they come, as for the embedded demo tenant; what
 *   a throttled service asks for is obeyed all the same
 */
void
tvm_pace_set_unlimited (TvmPace  *self,
                        gboolean  is_unlimited)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  self->is_unlimited = is_unlimited;
}

static TvmResource
get_resource (TvmCallClass calls)
{
  return calls == TVM_CALLS_GRAPH || calls == TVM_CALLS_GRAPH_WRITE ? TVM_RESOURCE_GRAPH
                                                                    : TVM_RESOURCE_DEFENDER;
}

/**
 * tvm_pace_hold:
 * @self: a pace
 * @resource: the service
 * @delay_us: how long, in microseconds, a throttled service is left alone by all threads
 * @is_asked: whether it said how long itself
 *
 * A hold only becomes longer; other services are not held.
 */
void
tvm_pace_hold (TvmPace     *self,
               TvmResource  resource,
               gint64       delay_us,
               gboolean     is_asked)
{
  gint64 divisor = tvm_transport_get_wait_divisor (self->transport);
  gint64 until_us = get_instant_us () + delay_us / divisor;

  g_mutex_lock (&self->mutex);
  if (until_us >= self->not_before_us[resource])
    self->is_asked[resource] = is_asked;
  self->not_before_us[resource] = MAX (self->not_before_us[resource], until_us);
  g_mutex_unlock (&self->mutex);
}

static void
tell (TvmPace *self,
      int      n_more,
      gint64   next_call_us,
      gboolean is_asked)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->told_mutex);

  g_atomic_int_set (&self->shows_asked, is_asked);
  if (self->n_waiting == 0)
    self->waiting_since_us = tvm_ticks_us ();
  self->n_waiting += n_more;
  if (self->n_waiting == 0)
    self->spent.waited_us += tvm_ticks_us () - self->waiting_since_us;
  if (self->func != NULL && (n_more > 0 || self->n_waiting == 0))
    self->func (next_call_us, self->func_data);
}

/**
 * tvm_pace_sleep:
 * @self: a pace
 * @delay_us: how long, in microseconds
 * @is_asked: whether the service asks for it
 * @cancellable: (nullable): ends the wait
 * @error: return location for %G_IO_ERROR_CANCELLED
 *
 * Waits, and has it told if it is half a second or more. Only when the last of several threads goes
 * on, that is told as well.
 *
 * Returns: %FALSE with %G_IO_ERROR_CANCELLED when cancelled meanwhile
 */
gboolean
tvm_pace_sleep (TvmPace       *self,
                gint64         delay_us,
                gboolean       is_asked,
                GCancellable  *cancellable,
                GError       **error)
{
  gboolean is_told = delay_us >= TOLD_FROM_US / 2;
  gboolean waited;

  if (is_told)
    tell (self, 1, tvm_now_us () + delay_us, is_asked);
  waited = tvm_transport_wait (self->transport, delay_us, FALSE, cancellable, error);
  if (is_told)
    tell (self, -1, 0, is_asked);
  return waited;
}

/* ---- what was called */

static gint64
minute_of (gint64 divisor)
{
  return MAX (TVM_HOUR_US / 60 / divisor, 1);
}

/* Forgets what is older than an hour or the span. */
static void
roll (TvmPaceLog *log,
      gint64      now_us,
      gint64      span_us,
      gint64      minute_us)
{
  gint64 slot = now_us / minute_us;
  guint n_old = 0;

  if (log->recent == NULL)
    log->recent = g_array_new (FALSE, FALSE, sizeof (gint64));
  while (n_old < log->recent->len && g_array_index (log->recent, gint64, n_old) <= now_us - span_us)
    n_old++;
  if (n_old > 0)
    g_array_remove_range (log->recent, 0, n_old);
  for (gint64 i = MAX (log->newest_slot, slot - TVM_PACE_SLOTS) + 1; i <= slot; i++)
    log->slots[i % TVM_PACE_SLOTS] = 0;
  log->newest_slot = MAX (log->newest_slot, slot);
}

static int
sum_hour (const TvmPaceLog *log)
{
  int sum = 0;

  for (guint i = 0; i < TVM_PACE_SLOTS; i++)
    sum += log->slots[i];
  return sum;
}

/* When the oldest minute with a call is an hour ago. */
static gint64
hour_is_over_us (const TvmPaceLog *log,
                 gint64            minute_us)
{
  gint64 slot = MAX (log->newest_slot - TVM_PACE_SLOTS + 1, 0);

  while (slot < log->newest_slot && log->slots[slot % TVM_PACE_SLOTS] == 0)
    slot++;
  return (slot + TVM_PACE_SLOTS) * minute_us;
}

/* How long it is until a call leaves its window, as tests divide it; 0 takes leave for @caller. */
static gint64
take_leave (TvmPaceLog   *logs,
            TvmCallClass  calls,
            TvmCaller     caller,
            gint64        now_us,
            gint64        divisor)
{
  gint64 span_us = limits[calls].span_s * TVM_SECOND_US / divisor, minute_us = minute_of (divisor);
  gint64 oldest_us = now_us, hour_us = G_MAXINT64, delay_us = 0;
  int n_recent = 0, n_hour = 0;

  for (guint i = 0; i < TVM_N_CALLERS; i++)
    {
      roll (&logs[i], now_us, span_us, minute_us);
      n_recent += (int) logs[i].recent->len;
      n_hour += sum_hour (&logs[i]);
      if (logs[i].recent->len > 0)
        oldest_us = MIN (oldest_us, g_array_index (logs[i].recent, gint64, 0));
      if (sum_hour (&logs[i]) > 0)
        hour_us = MIN (hour_us, hour_is_over_us (&logs[i], minute_us));
    }
  if (n_recent >= limits[calls].calls)
    delay_us = oldest_us + span_us - now_us;
  if (limits[calls].per_hour >= 0 && n_hour >= limits[calls].per_hour)
    delay_us = MAX (delay_us, hour_us - now_us);
  if (delay_us > 0)
    return delay_us;
  g_array_append_val (logs[caller].recent, now_us);
  logs[caller].slots[logs[caller].newest_slot % TVM_PACE_SLOTS]++;
  return 0;
}

/**
 * tvm_pace_try:
 * @self: a pace
 * @calls: which limit counts the call
 * @out_is_asked: (out) (optional): whether it is the service that asks for the wait
 *
 * Takes leave for one call that goes out now. Who may not go yet has no claim on a later turn: a
 * turn kept while a connection is waited for would be used late, together with others.
 *
 * Returns: 0, or how long to wait before the next try, in microseconds
 */
gint64
tvm_pace_try (TvmPace      *self,
              TvmCallClass  calls,
              gboolean     *out_is_asked)
{
  gint64 divisor = tvm_transport_get_wait_divisor (self->transport);
  gint64 now_us = get_instant_us ();
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  gint64 delay_us = MAX (self->not_before_us[get_resource (calls)] - now_us, 0);

  if (out_is_asked != NULL)
    *out_is_asked = delay_us > 0 && self->is_asked[get_resource (calls)];
  if (delay_us == 0 && !self->is_unlimited)
    delay_us = take_leave (self->logs[calls], calls, self->caller, now_us, divisor);
  if (delay_us == 0)
    self->spent.n_calls[calls]++;
  return delay_us * divisor;
}

/**
 * tvm_pace_forecast_us:
 * @self: a pace
 * @calls: a class of calls
 * @n_calls: how many are to be made from now on
 *
 * Returns: how long the limits let the last of them wait, in microseconds
 */
gint64
tvm_pace_forecast_us (TvmPace      *self,
                      TvmCallClass  calls,
                      guint         n_calls)
{
  gint64 divisor = tvm_transport_get_wait_divisor (self->transport);
  gint64 start_us = get_instant_us (), now_us = start_us, delay_us;
  TvmPaceLog logs[TVM_N_CALLERS];

  g_mutex_lock (&self->mutex);
  for (guint i = 0; i < TVM_N_CALLERS; i++)
    {
      logs[i] = self->logs[calls][i];
      logs[i].recent = logs[i].recent != NULL ? g_array_copy (logs[i].recent) : NULL;
    }
  g_mutex_unlock (&self->mutex);
  while (n_calls > 0)
    {
      delay_us = take_leave (logs, calls, 0, now_us, divisor);
      now_us += delay_us;
      n_calls -= delay_us == 0;
    }
  for (guint i = 0; i < TVM_N_CALLERS; i++)
    g_clear_pointer (&logs[i].recent, g_array_unref);
  return (now_us - start_us) * divisor;
}

/**
 * tvm_pace_get_spent:
 * @self: a pace, whose calls have come back
 * @spent: (out caller-allocates): which calls went out, and how long some waited for their turn
 */
void
tvm_pace_get_spent (TvmPace  *self,
                    TvmSpent *spent)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  *spent = self->spent;
}

/**
 * tvm_pace_get_budget:
 * @self: a pace
 * @calls: a class of calls
 * @budget: (out caller-allocates): how many of them may be made now
 */
void
tvm_pace_get_budget (TvmPace      *self,
                     TvmCallClass  calls,
                     TvmBudget    *budget)
{
  gint64 divisor = tvm_transport_get_wait_divisor (self->transport);
  gint64 span_us = limits[calls].span_s * TVM_SECOND_US / divisor;
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  gboolean has_hour = limits[calls].per_hour >= 0;
  int n_recent = 0, n_hour = 0;

  for (guint i = 0; i < TVM_N_CALLERS; i++)
    {
      TvmPaceLog *log = &self->logs[calls][i];

      roll (log, get_instant_us (), span_us, minute_of (divisor));
      n_recent += (int) log->recent->len;
      n_hour += sum_hour (log);
      budget->used[i] = has_hour ? sum_hour (log) : (int) log->recent->len;
    }
  budget->name = limits[calls].name;
  budget->span_s = limits[calls].span_s;
  budget->span_calls = limits[calls].calls;
  budget->span_left = MAX (limits[calls].calls - n_recent, 0);
  budget->hour_calls = limits[calls].per_hour;
  budget->hour_left = has_hour ? MAX (limits[calls].per_hour - n_hour, 0) : -1;
}

/**
 * tvm_pace_dup_state:
 * @self: a pace
 *
 * Returns: (transfer full): which calls its caller made, for a later program to go on from: words
 *   "class:instant" for each of the last span, "class=instant*calls" for each minute of the hour;
 *   by the clock that outlives a restart of the computer
 */
char *
tvm_pace_dup_state (TvmPace *self)
{
  GString *state = g_string_new (NULL);
  gint64 divisor = tvm_transport_get_wait_divisor (self->transport);
  gint64 now_us = get_instant_us (), offset_us = tvm_now_us () - now_us;
  gint64 minute_us = minute_of (divisor);
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  for (guint i = 0; i < TVM_N_CALL_CLASSES; i++)
    {
      TvmPaceLog *log = &self->logs[i][self->caller];

      roll (log, now_us, limits[i].span_s * TVM_SECOND_US / divisor, minute_us);
      for (guint j = 0; j < log->recent->len; j++)
        g_string_append_printf (state, "%u:%" G_GINT64_FORMAT " ", i,
                                g_array_index (log->recent, gint64, j) + offset_us);
      for (gint64 slot = MAX (log->newest_slot - TVM_PACE_SLOTS + 1, 0);
           limits[i].per_hour >= 0 && slot <= log->newest_slot; slot++)
        if (log->slots[slot % TVM_PACE_SLOTS] > 0)
          g_string_append_printf (state, "%u=%" G_GINT64_FORMAT "*%u ", i,
                                  slot * minute_us + offset_us, log->slots[slot % TVM_PACE_SLOTS]);
    }
  return g_string_free (state, FALSE);
}

/* What seems to come yet was called before the clock was set back: it counts as called now, so that
 * it is neither forgotten nor waited for longer than an hour. */
static void
load_word (TvmPace    *self,
           TvmCaller   caller,
           const char *word,
           gint64      minute_us,
           gint64      offset_us)
{
  char *end = NULL;
  guint64 calls = g_ascii_strtoull (word, &end, 10);
  char kind = *end;
  gint64 wall_us = kind != '\0' ? g_ascii_strtoll (end + 1, &end, 10) : -1;
  gint64 n = *end == '*' ? g_ascii_strtoll (end + 1, NULL, 10) : 1;
  gint64 at_us = MIN (wall_us - offset_us, get_instant_us ());
  TvmPaceLog *log = &self->logs[MIN (calls, TVM_N_CALL_CLASSES - 1)][caller];
  gint64 slot = at_us / minute_us;

  if (calls >= TVM_N_CALL_CLASSES || wall_us < 0 || at_us < 0 || n < 1)
    return;
  if (kind == ':' && log->recent->len < (guint) limits[calls].calls)
    g_array_append_val (log->recent, at_us);
  else if (kind == '=' && slot > log->newest_slot - TVM_PACE_SLOTS)
    log->slots[slot % TVM_PACE_SLOTS] = (guint16) MIN (log->slots[slot % TVM_PACE_SLOTS] + n,
                                                       limits[calls].per_hour);
}

static int
compare_instants (gconstpointer a,
                  gconstpointer b)
{
  gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;

  return x < y ? -1 : x > y;
}

/**
 * tvm_pace_load_state:
 * @self: a pace
 * @caller: whose calls they were; nothing that its own caller made is forgotten
 * @state: (nullable): from tvm_pace_dup_state(), perhaps long ago or of another clock
 *
 * What cannot be read is passed over.
 */
void
tvm_pace_load_state (TvmPace    *self,
                     TvmCaller   caller,
                     const char *state)
{
  g_auto(GStrv) words = g_strsplit (state != NULL ? state : "", " ", -1);
  gint64 divisor = tvm_transport_get_wait_divisor (self->transport);
  gint64 now_us = get_instant_us (), offset_us = tvm_now_us () - now_us;
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  for (guint i = 0; i < TVM_N_CALL_CLASSES; i++)
    {
      TvmPaceLog *log = &self->logs[i][caller];

      roll (log, now_us, limits[i].span_s * TVM_SECOND_US / divisor, minute_of (divisor));
      if (caller == self->caller)
        continue;
      g_array_set_size (log->recent, 0);
      memset (log->slots, 0, sizeof log->slots);
    }
  for (guint i = 0; words[i] != NULL; i++)
    load_word (self, caller, words[i], minute_of (divisor), offset_us);
  for (guint i = 0; i < TVM_N_CALL_CLASSES; i++)
    g_array_sort (self->logs[i][caller].recent, compare_instants);
}

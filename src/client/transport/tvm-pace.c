/* tvm-pace.c: when the next call may be made. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-pace-private.h"
#include "tvm-time.h"

#define TOLD_FROM_US TVM_SECOND_US  /* shorter waits are not worth a word */

/* Token buckets. In any span of time at most burst + rate calls are made: below what is documented
 * (100 and 50 a minute, 1,500 an hour; 30 exports a minute, 1,000 an hour; 100 writes in 20
 * seconds, 1,000 of any kind), and the burst of a program that was just started stays below it even
 * right after another one's. What is in flight may arrive later than it was let go, and a service
 * may count the machines with the rest: so six calls are left free. */
static const struct { int burst, rate; gint64 span_us; } buckets[TVM_N_CALL_CLASSES] = {
  [TVM_CALLS_MACHINES]    = { 60, 23, 60 * TVM_SECOND_US },
  [TVM_CALLS_DEFENDER]    = { 20, 24, 60 * TVM_SECOND_US },
  [TVM_CALLS_EXPORTS]     = { 13, 16, 60 * TVM_SECOND_US },
  [TVM_CALLS_GRAPH]       = { 200, 400, 20 * TVM_SECOND_US },
  [TVM_CALLS_GRAPH_WRITE] = { 40, 40, 20 * TVM_SECOND_US },
};

/**
 * tvm_pace_init:
 * @self: (out caller-allocates): a pace whose memory was zeroed
 * @transport: (transfer none): whose waits it uses; must outlive it
 *
 * Begins with full buckets and nobody to tell.
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

/**
 * tvm_pace_classify:
 * @resource: whom the call is made to
 * @is_write: whether it changes something
 * @path: of the URL, in any letter case
 *
 * Returns: which limit counts the call ("Limitations" of the Defender API's pages; "Microsoft Graph
 *   service-specific throttling limits")
 */
TvmCallClass
tvm_pace_classify (TvmResource  resource,
                   gboolean     is_write,
                   const char  *path)
{
  static const char *const exports[] = { "/api/machines/SoftwareVulnerabilit",
                                         "/api/machines/SecureConfigurationsAssessment" };

  if (resource == TVM_RESOURCE_GRAPH)
    return is_write ? TVM_CALLS_GRAPH_WRITE : TVM_CALLS_GRAPH;
  for (guint i = 0; i < G_N_ELEMENTS (exports); i++)
    if (g_ascii_strncasecmp (path, exports[i], strlen (exports[i])) == 0)
      return TVM_CALLS_EXPORTS;
  return g_ascii_strncasecmp (path, "/api/machines", strlen ("/api/machines")) == 0
           ? TVM_CALLS_MACHINES : TVM_CALLS_DEFENDER;
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
 * @delay_us: how long, in microseconds, a throttled service wants to be left alone by all threads
 *
 * A hold only becomes longer; other services are not held.
 */
void
tvm_pace_hold (TvmPace     *self,
               TvmResource  resource,
               gint64       delay_us)
{
  gint64 divisor = tvm_transport_get_wait_divisor (self->transport);
  gint64 until_us = tvm_ticks_us () + delay_us / divisor;

  g_mutex_lock (&self->mutex);
  self->not_before_us[resource] = MAX (self->not_before_us[resource], until_us);
  g_mutex_unlock (&self->mutex);
}

static void
tell (TvmPace *self,
      int      n_more,
      gint64   next_call_us)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->told_mutex);

  self->n_waiting += n_more;
  if (self->func != NULL && (n_more > 0 || self->n_waiting == 0))
    self->func (next_call_us, self->func_data);
}

/**
 * tvm_pace_sleep:
 * @self: a pace
 * @delay_us: how long, in microseconds
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
                GCancellable  *cancellable,
                GError       **error)
{
  gboolean is_told = delay_us >= TOLD_FROM_US / 2;
  gboolean waited;

  if (is_told)
    tell (self, 1, tvm_now_us () + delay_us);
  waited = tvm_transport_wait (self->transport, delay_us, FALSE, cancellable, error);
  if (is_told)
    tell (self, -1, 0);
  return waited;
}

/**
 * tvm_pace_try:
 * @self: a pace
 * @calls: which limit counts the call
 *
 * Takes leave for one call that goes out now. Who may not go yet has no claim on a later turn: a
 * turn kept while a connection is waited for would be used late, together with others.
 *
 * Returns: 0, or how long to wait before the next try, in microseconds
 */
gint64
tvm_pace_try (TvmPace      *self,
              TvmCallClass  calls)
{
  gint64 divisor = tvm_transport_get_wait_divisor (self->transport);
  gint64 interval_us = MAX (buckets[calls].span_us / buckets[calls].rate / divisor, 1);
  gint64 now_us = tvm_ticks_us ();
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  gint64 held_us = self->not_before_us[get_resource (calls)] - now_us;
  gint64 full_us = MAX (self->full_us[calls], now_us) + interval_us;
  gint64 delay_us = full_us - buckets[calls].burst * interval_us - now_us;

  if (held_us > 0)
    return held_us * divisor;
  if (self->is_unlimited)
    return 0;
  if (delay_us <= 0)
    self->full_us[calls] = full_us;
  return MAX (delay_us, 0) * divisor;
}

/**
 * tvm_pace_dup_state:
 * @self: a pace
 *
 * Returns: (transfer full): how far each bucket is from full, for a later program to go on from
 */
char *
tvm_pace_dup_state (TvmPace *self)
{
  GString *state = g_string_new (NULL);
  gint64 offset_us = tvm_now_us () - tvm_ticks_us ();
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  for (guint i = 0; i < TVM_N_CALL_CLASSES; i++)
    g_string_append_printf (state, "%" G_GINT64_FORMAT " ", self->full_us[i] + offset_us);
  return g_string_free (state, FALSE);
}

/**
 * tvm_pace_load_state:
 * @self: a pace
 * @state: (nullable): from tvm_pace_dup_state(), perhaps long ago or of another clock
 *
 * What cannot be true is passed over; a bucket only becomes emptier.
 */
void
tvm_pace_load_state (TvmPace    *self,
                     const char *state)
{
  g_auto(GStrv) words = g_strsplit (state != NULL ? state : "", " ", TVM_N_CALL_CLASSES + 1);
  gint64 offset_us = tvm_now_us () - tvm_ticks_us ();
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  for (guint i = 0; i < TVM_N_CALL_CLASSES && words[i] != NULL; i++)
    {
      gint64 left_us = g_ascii_strtoll (words[i], NULL, 10) - tvm_now_us ();

      /* no bucket is emptier than its burst and the few calls that may wait for a token */
      if (left_us > 0 &&
          left_us < 2 * (buckets[i].burst + 4) * (buckets[i].span_us / buckets[i].rate))
        self->full_us[i] = MAX (self->full_us[i], left_us + tvm_now_us () - offset_us);
    }
}

/* tvm-deadline.c: an end for what blocks, however little by little it goes on: the time between two
 * bytes is limited by the socket, all of it by a watch, one thread for all. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-deadline-private.h"

static GMutex   mutex;
static GCond    changed;
static GList   *watched;   /* (owned) of TvmDeadline (unowned) */
static GThread *watch;     /* runs until the process ends */

static TvmDeadline *
find_earliest (void)
{
  TvmDeadline *earliest = NULL;

  for (GList *l = watched; l != NULL; l = l->next)
    {
      TvmDeadline *one = l->data;

      if (!one->is_over && (earliest == NULL || one->until_us < earliest->until_us))
        earliest = one;
    }
  return earliest;
}

static gpointer
watch_thread (gpointer data)
{
  g_mutex_lock (&mutex);
  for (;;)
    {
      TvmDeadline *earliest = find_earliest ();
      GCancellable *own;

      if (earliest == NULL)
        g_cond_wait (&changed, &mutex);
      else if (g_get_monotonic_time () < earliest->until_us)
        g_cond_wait_until (&changed, &mutex, earliest->until_us);
      else
        {
          /* Who blocks may be gone once the mutex is let go of. */
          earliest->is_over = TRUE;
          own = g_object_ref (earliest->own);
          g_mutex_unlock (&mutex);
          g_cancellable_cancel (own);
          g_object_unref (own);
          g_mutex_lock (&mutex);
        }
    }
  return NULL;
}

static void
caller_cancelled_cb (GCancellable *caller,
                     gpointer      own)
{
  g_cancellable_cancel (own);
}

/**
 * tvm_deadline_begin:
 * @self: (out caller-allocates): to be ended by tvm_deadline_end() on this thread
 * @caller: (nullable): cancels it too
 * @span_us: how long it may take
 *
 * Begins the time; what blocks is to be given the deadline's own cancellable.
 */
void
tvm_deadline_begin (TvmDeadline  *self,
                    GCancellable *caller,
                    gint64        span_us)
{
  *self = (TvmDeadline) { .own = g_cancellable_new (), .caller = caller,
                          .until_us = g_get_monotonic_time () + span_us };
  g_mutex_lock (&mutex);
  if (watch == NULL)
    watch = g_thread_new ("deadlines", watch_thread, NULL);
  watched = g_list_prepend (watched, self);
  g_cond_signal (&changed);
  g_mutex_unlock (&mutex);
  if (caller != NULL)
    self->handler = g_cancellable_connect (caller, G_CALLBACK (caller_cancelled_cb),
                                           g_object_ref (self->own), g_object_unref);
}

/**
 * tvm_deadline_end:
 * @self: a deadline
 *
 * Returns: whether the time was over, and that is why it was cancelled
 */
gboolean
tvm_deadline_end (TvmDeadline *self)
{
  gboolean is_over;

  g_cancellable_disconnect (self->caller, self->handler);
  g_mutex_lock (&mutex);
  watched = g_list_remove (watched, self);
  is_over = self->is_over;
  g_mutex_unlock (&mutex);
  g_object_unref (self->own);
  return is_over && !g_cancellable_is_cancelled (self->caller);
}

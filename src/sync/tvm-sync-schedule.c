/* tvm-sync-schedule.c: when a sync starts by itself: at the start, at an interval, and when the
 * network is back. It compares the time that runs on in suspend with when the next one is due,
 * twice a minute, so that a sync that fell due in suspend starts soon after it. Main context only.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-sync-schedule-private.h"
#include "tvm-time.h"

#include <time.h>

#define CHECK_SECONDS 30
#define MINUTE_US     (60 * TVM_SECOND_US)

/* After a sync that reached nobody, although there is a network. */
#define RETRY_US      (5 * MINUTE_US)

/* A network that comes and goes starts no more than a sync a minute. */
#define RECONNECT_US  MINUTE_US

struct _TvmSyncSchedule
{
  GNetworkMonitor      *monitor;  /* (owned) */
  GMainContext         *context;  /* (owned) */
  GSource              *ticker;   /* (owned) (nullable) while syncs can fall due */
  TvmSyncScheduleFuncs  funcs;
  gpointer              owner;    /* (unowned) it frees this first */
  gulong                handlers[3];
  int                   minutes;  /* between syncs; 0: none */
  gint64                due_us, started_us;
  gboolean              is_ready, is_local, is_running, was_started;
  gboolean              is_offline, is_metered;
};

static gint64
boot_time_us (void)
{
  struct timespec now = { 0 };

  clock_gettime (CLOCK_BOOTTIME, &now);
  return now.tv_sec * TVM_SECOND_US + now.tv_nsec / 1000;
}

/**
 * tvm_sync_schedule_check:
 * @self: a schedule
 *
 * Starts a sync if one is due and the network allows it. What is due stays due until then.
 */
void
tvm_sync_schedule_check (TvmSyncSchedule *self)
{
  if (!self->is_ready || self->minutes <= 0 || self->is_running || self->is_offline ||
      self->is_metered || self->funcs.now_us () < self->due_us)
    return;
  tvm_sync_schedule_set_running (self, TRUE, FALSE);
  self->funcs.start (self->owner);
}

static gboolean
tick_cb (gpointer user_data)
{
  tvm_sync_schedule_check (user_data);
  return G_SOURCE_CONTINUE;
}

static void
update_ticker (TvmSyncSchedule *self)
{
  gboolean is_wanted = self->is_ready && self->minutes > 0;

  if (is_wanted && self->ticker == NULL)
    {
      self->ticker = g_timeout_source_new_seconds (CHECK_SECONDS);
      g_source_set_callback (self->ticker, tick_cb, self, NULL);
      g_source_attach (self->ticker, self->context);
    }
  else if (!is_wanted && self->ticker != NULL)
    {
      g_source_destroy (self->ticker);
      g_clear_pointer (&self->ticker, g_source_unref);
    }
  tvm_sync_schedule_check (self);
}

static void
update_network (TvmSyncSchedule *self)
{
  gboolean was_offline = self->is_offline, was_metered = self->is_metered;
  gint64 soon_us = self->was_started ? MAX (self->funcs.now_us (), self->started_us + RECONNECT_US)
                                     : 0;

  self->is_offline = !self->is_local && !g_network_monitor_get_network_available (self->monitor);
  self->is_metered = !self->is_local && !self->is_offline &&
                     g_network_monitor_get_network_metered (self->monitor);
  if (was_offline && !self->is_offline)
    self->due_us = MIN (self->due_us, soon_us);
  if (was_offline != self->is_offline || was_metered != self->is_metered)
    self->funcs.changed (self->owner);
  tvm_sync_schedule_check (self);
}

/**
 * tvm_sync_schedule_new:
 * @monitor: tells whether there is a network, and whether it costs
 * @context: where to look at the time
 * @funcs: what is asked of @owner
 * @owner: given to @funcs
 *
 * Returns: (transfer full): a schedule that starts nothing yet
 */
TvmSyncSchedule *
tvm_sync_schedule_new (GNetworkMonitor            *monitor,
                       GMainContext               *context,
                       const TvmSyncScheduleFuncs *funcs,
                       gpointer                    owner)
{
  static const char *const signals[] = { "network-changed", "notify::network-metered",
                                         "notify::network-available" };
  TvmSyncSchedule *self = g_new0 (TvmSyncSchedule, 1);

  self->monitor = g_object_ref (monitor);
  self->context = g_main_context_ref (context);
  self->funcs = *funcs;
  if (self->funcs.now_us == NULL)
    self->funcs.now_us = boot_time_us;
  self->owner = owner;
  for (guint i = 0; i < G_N_ELEMENTS (signals); i++)
    self->handlers[i] = g_signal_connect_swapped (monitor, signals[i], G_CALLBACK (update_network),
                                                  self);
  update_network (self);
  return self;
}

/**
 * tvm_sync_schedule_free:
 * @self: (transfer full): a schedule
 */
void
tvm_sync_schedule_free (TvmSyncSchedule *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->handlers); i++)
    g_signal_handler_disconnect (self->monitor, self->handlers[i]);
  if (self->ticker != NULL)
    g_source_destroy (self->ticker);
  g_clear_pointer (&self->ticker, g_source_unref);
  g_object_unref (self->monitor);
  g_main_context_unref (self->context);
  g_free (self);
}

/**
 * tvm_sync_schedule_set_interval:
 * @self: a schedule
 * @minutes: from the start of a sync to the start of the next; 0: none start by themselves
 */
void
tvm_sync_schedule_set_interval (TvmSyncSchedule *self,
                                int              minutes)
{
  if (self->minutes == minutes)
    return;
  self->minutes = minutes;
  if (self->was_started)
    self->due_us = self->started_us + minutes * MINUTE_US;
  update_ticker (self);
}

/**
 * tvm_sync_schedule_set_ready:
 * @self: a schedule
 * @is_ready: whether somebody is signed in; whenever that becomes so, a sync is due
 */
void
tvm_sync_schedule_set_ready (TvmSyncSchedule *self,
                             gboolean         is_ready)
{
  if (self->is_ready == is_ready)
    return;
  self->is_ready = is_ready;
  if (is_ready)
    self->due_us = 0;
  update_ticker (self);
}

/**
 * tvm_sync_schedule_set_local:
 * @self: a schedule
 * @is_local: whether the services are on this computer and need no network
 */
void
tvm_sync_schedule_set_local (TvmSyncSchedule *self,
                             gboolean         is_local)
{
  if (self->is_local == is_local)
    return;
  self->is_local = is_local;
  update_network (self);
}

/**
 * tvm_sync_schedule_set_running:
 * @self: a schedule
 * @is_running: whether a sync runs, also one that a person started
 * @was_reached: at its end, whether a service answered; if not, the next try comes sooner
 */
void
tvm_sync_schedule_set_running (TvmSyncSchedule *self,
                               gboolean         is_running,
                               gboolean         was_reached)
{
  gint64 now_us = self->funcs.now_us ();

  if (self->is_running == is_running)
    return;
  self->is_running = is_running;
  if (is_running)
    {
      self->was_started = TRUE;
      self->started_us = now_us;
      self->due_us = now_us + self->minutes * MINUTE_US;
    }
  else if (!was_reached)
    self->due_us = MIN (self->due_us, now_us + RETRY_US);
}

/**
 * tvm_sync_schedule_is_offline:
 * @self: a schedule
 *
 * Returns: whether there is no network
 */
gboolean
tvm_sync_schedule_is_offline (TvmSyncSchedule *self)
{
  return self->is_offline;
}

/**
 * tvm_sync_schedule_is_metered:
 * @self: a schedule
 *
 * Returns: whether the network costs by volume, so that only a person starts a sync
 */
gboolean
tvm_sync_schedule_is_metered (TvmSyncSchedule *self)
{
  return self->is_metered;
}

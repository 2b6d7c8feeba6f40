/* test-schedule.c: when syncs start by themselves, on a network and a clock of our own.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-sync-schedule-private.h"
#include "tvm-time.h"

#define MINUTE_US (60 * TVM_SECOND_US)

/* ---- a network monitor that says what the test wants ---- */

#define TEST_TYPE_MONITOR (test_monitor_get_type ())
G_DECLARE_FINAL_TYPE (TestMonitor, test_monitor, TEST, MONITOR, GObject)

struct _TestMonitor
{
  GObject  parent_instance;
  gboolean is_available, is_metered;
};

enum { PROP_AVAILABLE = 1, PROP_METERED, PROP_CONNECTIVITY };

static gboolean
test_monitor_initable_init (GInitable *initable, GCancellable *cancellable, GError **error)
{
  return TRUE;
}

static void
test_monitor_initable_iface (GInitableIface *iface)
{
  iface->init = test_monitor_initable_init;
}

static void
test_monitor_iface (GNetworkMonitorInterface *iface)
{
}

G_DEFINE_TYPE_WITH_CODE (TestMonitor, test_monitor, G_TYPE_OBJECT,
                         G_IMPLEMENT_INTERFACE (G_TYPE_INITABLE, test_monitor_initable_iface)
                         G_IMPLEMENT_INTERFACE (G_TYPE_NETWORK_MONITOR, test_monitor_iface))

static void
test_monitor_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  TestMonitor *self = TEST_MONITOR (object);

  if (prop_id == PROP_CONNECTIVITY)
    g_value_set_enum (value, G_NETWORK_CONNECTIVITY_FULL);
  else
    g_value_set_boolean (value, prop_id == PROP_AVAILABLE ? self->is_available : self->is_metered);
}

static void
test_monitor_class_init (TestMonitorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = test_monitor_get_property;
  g_object_class_override_property (object_class, PROP_AVAILABLE, "network-available");
  g_object_class_override_property (object_class, PROP_METERED, "network-metered");
  g_object_class_override_property (object_class, PROP_CONNECTIVITY, "connectivity");
}

static void
test_monitor_init (TestMonitor *self)
{
  self->is_available = TRUE;
}

static void
set_network (TestMonitor *self, gboolean is_available, gboolean is_metered)
{
  self->is_available = is_available;
  self->is_metered = is_metered;
  g_signal_emit_by_name (self, "network-changed", is_available);
}

/* ---- the fixture ---- */

static gint64 now_us;

typedef struct
{
  TestMonitor     *monitor;
  TvmSyncSchedule *schedule;
  int              n_started, n_changed;
} Fixture;

static gint64
get_now_us (void)
{
  return now_us;
}

static void
start (gpointer owner)
{
  ((Fixture *) owner)->n_started++;
}

static void
changed (gpointer owner)
{
  ((Fixture *) owner)->n_changed++;
}

static void
make_schedule (Fixture *self)
{
  const TvmSyncScheduleFuncs funcs = { start, changed, get_now_us };

  self->schedule = tvm_sync_schedule_new (G_NETWORK_MONITOR (self->monitor), g_main_context_default (),
                                          &funcs, self);
  tvm_sync_schedule_set_interval (self->schedule, 60);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  now_us = 7 * TVM_DAY_US;
  self->monitor = g_object_new (TEST_TYPE_MONITOR, NULL);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  tvm_sync_schedule_free (self->schedule);
  g_assert_finalize_object (self->monitor);
}

static void
end_sync (Fixture *self, gboolean was_reached)
{
  tvm_sync_schedule_set_running (self->schedule, FALSE, was_reached);
}

/* The time goes on and the schedule looks at it, as it does twice a minute. */
static void
wait_minutes (Fixture *self, int minutes)
{
  now_us += minutes * MINUTE_US;
  tvm_sync_schedule_check (self->schedule);
}

/* ---- tests ---- */

static void
test_interval (Fixture *self, gconstpointer data)
{
  make_schedule (self);
  wait_minutes (self, 600);
  g_assert_cmpint (self->n_started, ==, 0);  /* nobody is signed in */
  tvm_sync_schedule_set_ready (self->schedule, TRUE);
  g_assert_cmpint (self->n_started, ==, 1);  /* at the start */
  wait_minutes (self, 120);
  g_assert_cmpint (self->n_started, ==, 1);  /* it still runs */
  end_sync (self, TRUE);
  tvm_sync_schedule_check (self->schedule);
  g_assert_cmpint (self->n_started, ==, 2);
  end_sync (self, TRUE);
  wait_minutes (self, 59);
  g_assert_cmpint (self->n_started, ==, 2);
  wait_minutes (self, 1);
  g_assert_cmpint (self->n_started, ==, 3);
  end_sync (self, TRUE);
  tvm_sync_schedule_set_interval (self->schedule, 0);
  wait_minutes (self, 6000);
  g_assert_cmpint (self->n_started, ==, 3);  /* switched off */
  tvm_sync_schedule_set_interval (self->schedule, 5);
  g_assert_cmpint (self->n_started, ==, 4);
}

static void
test_manual (Fixture *self, gconstpointer data)
{
  make_schedule (self);
  tvm_sync_schedule_set_ready (self->schedule, TRUE);
  end_sync (self, TRUE);
  wait_minutes (self, 40);
  tvm_sync_schedule_set_running (self->schedule, TRUE, FALSE);
  end_sync (self, TRUE);
  wait_minutes (self, 59);
  g_assert_cmpint (self->n_started, ==, 1);  /* one that a person started counts */
  wait_minutes (self, 1);
  g_assert_cmpint (self->n_started, ==, 2);
}

static void
test_offline_at_start (Fixture *self, gconstpointer data)
{
  set_network (self->monitor, FALSE, FALSE);
  make_schedule (self);
  tvm_sync_schedule_set_ready (self->schedule, TRUE);
  wait_minutes (self, 600);
  g_assert_cmpint (self->n_started, ==, 0);
  g_assert_true (tvm_sync_schedule_is_offline (self->schedule));
  set_network (self->monitor, TRUE, FALSE);
  g_assert_cmpint (self->n_started, ==, 1);
  g_assert_false (tvm_sync_schedule_is_offline (self->schedule));
}

static void
test_reconnect (Fixture *self, gconstpointer data)
{
  make_schedule (self);
  tvm_sync_schedule_set_ready (self->schedule, TRUE);
  end_sync (self, TRUE);
  wait_minutes (self, 10);
  set_network (self->monitor, FALSE, FALSE);
  set_network (self->monitor, TRUE, FALSE);
  g_assert_cmpint (self->n_started, ==, 2);  /* long before the hour */
  g_assert_cmpint (self->n_changed, ==, 2);
  end_sync (self, TRUE);
  for (int i = 0; i < 20; i++)
    {
      set_network (self->monitor, FALSE, FALSE);
      set_network (self->monitor, TRUE, FALSE);
    }
  g_assert_cmpint (self->n_started, ==, 2);  /* one that flaps does not start a flood */
  wait_minutes (self, 1);
  g_assert_cmpint (self->n_started, ==, 3);
  end_sync (self, TRUE);
  wait_minutes (self, 59);
  g_assert_cmpint (self->n_started, ==, 3);
}

static void
test_metered (Fixture *self, gconstpointer data)
{
  set_network (self->monitor, TRUE, TRUE);
  make_schedule (self);
  tvm_sync_schedule_set_ready (self->schedule, TRUE);
  wait_minutes (self, 600);
  g_assert_cmpint (self->n_started, ==, 0);
  g_assert_true (tvm_sync_schedule_is_metered (self->schedule));
  g_assert_false (tvm_sync_schedule_is_offline (self->schedule));
  set_network (self->monitor, TRUE, FALSE);
  g_assert_cmpint (self->n_started, ==, 1);  /* what was due is made up for */
}

static void
test_suspend (Fixture *self, gconstpointer data)
{
  make_schedule (self);
  tvm_sync_schedule_set_ready (self->schedule, TRUE);
  end_sync (self, TRUE);
  wait_minutes (self, 1);
  now_us += 8 * TVM_HOUR_US;  /* nothing looks at the time in suspend */
  g_assert_cmpint (self->n_started, ==, 1);
  tvm_sync_schedule_check (self->schedule);
  g_assert_cmpint (self->n_started, ==, 2);  /* one, not eight */
  end_sync (self, TRUE);
  wait_minutes (self, 59);
  g_assert_cmpint (self->n_started, ==, 2);
}

static void
test_unreachable (Fixture *self, gconstpointer data)
{
  make_schedule (self);
  tvm_sync_schedule_set_ready (self->schedule, TRUE);
  end_sync (self, FALSE);
  wait_minutes (self, 4);
  g_assert_cmpint (self->n_started, ==, 1);
  wait_minutes (self, 1);
  g_assert_cmpint (self->n_started, ==, 2);  /* sooner than the hour */
}

static void
test_local (Fixture *self, gconstpointer data)
{
  set_network (self->monitor, FALSE, TRUE);
  make_schedule (self);
  tvm_sync_schedule_set_local (self->schedule, TRUE);
  tvm_sync_schedule_set_ready (self->schedule, TRUE);
  g_assert_cmpint (self->n_started, ==, 1);
  g_assert_false (tvm_sync_schedule_is_offline (self->schedule));
}

static void
test_signs_in_again (Fixture *self, gconstpointer data)
{
  make_schedule (self);
  tvm_sync_schedule_set_ready (self->schedule, TRUE);
  end_sync (self, TRUE);
  tvm_sync_schedule_set_ready (self->schedule, FALSE);
  wait_minutes (self, 600);
  g_assert_cmpint (self->n_started, ==, 1);
  tvm_sync_schedule_set_ready (self->schedule, TRUE);
  g_assert_cmpint (self->n_started, ==, 2);
}

#define ADD(path, test) g_test_add (path, Fixture, NULL, set_up, test, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/schedule/interval", test_interval);
  ADD ("/schedule/manual", test_manual);
  ADD ("/schedule/offline-at-start", test_offline_at_start);
  ADD ("/schedule/reconnect", test_reconnect);
  ADD ("/schedule/metered", test_metered);
  ADD ("/schedule/suspend", test_suspend);
  ADD ("/schedule/unreachable", test_unreachable);
  ADD ("/schedule/local", test_local);
  ADD ("/schedule/signs-in-again", test_signs_in_again);
  return g_test_run ();
}

/* test-activity.c: due dates, device states (R6), completion (R7), the history's words.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-history.h"
#include "tvm-rules.h"

#include "tvm-text.h"
#include "tvm-time.h"

#define TODAY "2026-03-02"

static TvmActivity *
make_activity (const char *due_on)
{
  TvmActivity *activity = tvm_activity_new ();

  activity->id = g_strdup ("0f2c6a0e-90a1-4c0b-8f57-0f6b1f6d1c11");
  activity->groups = g_new0 (char *, 1);
  activity->type = TVM_TYPE_UPDATE;
  activity->status = TVM_STATUS_ACTIVE;
  activity->due_on = g_strdup (due_on);
  return activity;
}

static void
assert_due (const char *due_on,
            gboolean    overdue,
            gboolean    soon)
{
  g_autoptr(TvmActivity) activity = make_activity (due_on);

  g_assert_cmpint (tvm_is_overdue (activity, TODAY), ==, overdue);
  g_assert_cmpint (tvm_is_due_soon (activity, TODAY), ==, soon);
}

static void
test_due (void)
{
  assert_due ("2026-03-01", TRUE, FALSE);
  assert_due ("2020-01-01", TRUE, FALSE);
  assert_due ("2026-03-02", FALSE, TRUE);
  assert_due ("2026-03-09", FALSE, TRUE);
  assert_due ("2026-03-10", FALSE, FALSE);
  assert_due (NULL, FALSE, FALSE);
  assert_due ("rubbish", FALSE, FALSE);
}

static void
test_due_does_not_apply (void)
{
  g_autoptr(TvmActivity) completed = make_activity ("2026-03-01");
  g_autoptr(TvmActivity) attention = make_activity ("2026-03-01");

  completed->status = TVM_STATUS_COMPLETED;
  attention->type = TVM_TYPE_ATTENTION_REQUIRED;
  g_assert_false (tvm_is_overdue (completed, TODAY));
  g_assert_false (tvm_is_overdue (attention, TODAY));
  tvm_set_str (&completed->due_on, TODAY);
  tvm_set_str (&attention->due_on, TODAY);
  g_assert_false (tvm_is_due_soon (completed, TODAY));
  g_assert_false (tvm_is_due_soon (attention, TODAY));
}

typedef struct
{
  TvmDevice *device;
  gint64     now_us;
} Target;

static TvmDeviceState
state_of (Target            *target,
          gboolean           was_remediated,
          gint64             ticket_completed_us,
          TvmRemediationType type)
{
  const char *groups[] = { "Servers", NULL };

  return tvm_target_state (TRUE, was_remediated, target->device, groups, ticket_completed_us, type,
                           target->now_us);
}

static void
target_init (Target *target)
{
  target->device = tvm_device_new ();
  target->device->id = g_strdup ("d1");
  target->device->group = g_strdup ("Servers");
  target->device->in_inventory = TRUE;
  g_assert_true (tvm_parse_instant ("2026-03-02T12:00:00Z", &target->now_us));
  target->device->last_seen_us = target->now_us - TVM_HOUR_US;
}

static void
test_state_remediated (void)
{
  Target target;

  target_init (&target);
  g_assert_cmpint (tvm_target_state (FALSE, FALSE, target.device, NULL, 0, TVM_TYPE_UPDATE, target.now_us), ==,
                   TVM_DEVICE_REMEDIATED);
  g_assert_cmpint (tvm_target_state (FALSE, TRUE, NULL, NULL, 0, TVM_TYPE_UPDATE, target.now_us), ==,
                   TVM_DEVICE_REMEDIATED);
  g_assert_cmpint (tvm_target_state (TRUE, FALSE, NULL, NULL, 0, TVM_TYPE_UPDATE, target.now_us), ==,
                   TVM_DEVICE_GONE);
  g_assert_cmpint (tvm_target_state (TRUE, FALSE, target.device, NULL, 0, TVM_TYPE_UPDATE, target.now_us), ==,
                   TVM_DEVICE_EXPOSED);
  tvm_device_unref (target.device);
}

static void
test_state_causes (void)
{
  Target target;

  target_init (&target);
  g_assert_cmpint (state_of (&target, FALSE, 0, TVM_TYPE_UPDATE), ==, TVM_DEVICE_EXPOSED);
  g_assert_cmpint (state_of (&target, TRUE, 0, TVM_TYPE_UPDATE), ==, TVM_DEVICE_EXPOSED_AGAIN);
  target.device->last_seen_us = target.now_us - 7 * TVM_DAY_US;
  g_assert_cmpint (state_of (&target, FALSE, 0, TVM_TYPE_UPDATE), ==, TVM_DEVICE_EXPOSED);
  target.device->last_seen_us--;
  g_assert_cmpint (state_of (&target, FALSE, 0, TVM_TYPE_UPDATE), ==, TVM_DEVICE_NOT_SEEN_7);
  target.device->last_seen_us = target.now_us - 30 * TVM_DAY_US - 1;
  g_assert_cmpint (state_of (&target, FALSE, 0, TVM_TYPE_UPDATE), ==, TVM_DEVICE_NOT_SEEN_30);
  target.device->last_seen_us = 0;
  g_assert_cmpint (state_of (&target, FALSE, 0, TVM_TYPE_UPDATE), ==, TVM_DEVICE_EXPOSED);
  tvm_set_str (&target.device->group, "Kiosks");
  g_assert_cmpint (state_of (&target, FALSE, 0, TVM_TYPE_UPDATE), ==, TVM_DEVICE_LEFT_GROUP);
  target.device->in_inventory = FALSE;
  g_assert_cmpint (state_of (&target, FALSE, 0, TVM_TYPE_UPDATE), ==, TVM_DEVICE_GONE);
  tvm_device_unref (target.device);
}

/* Software shows after 2 hours, configuration after 24. */
static void
test_state_waiting (void)
{
  Target target;

  target_init (&target);
  g_assert_cmpint (state_of (&target, FALSE, target.now_us - TVM_HOUR_US, TVM_TYPE_UPDATE), ==,
                   TVM_DEVICE_WAITING);
  g_assert_cmpint (state_of (&target, FALSE, target.now_us - 3 * TVM_HOUR_US, TVM_TYPE_UPDATE), ==,
                   TVM_DEVICE_EXPOSED);
  g_assert_cmpint (state_of (&target, FALSE, target.now_us - 3 * TVM_HOUR_US, TVM_TYPE_CONFIGURATION_CHANGE), ==,
                   TVM_DEVICE_WAITING);
  g_assert_cmpint (state_of (&target, FALSE, target.now_us - 25 * TVM_HOUR_US, TVM_TYPE_CONFIGURATION_CHANGE), ==,
                   TVM_DEVICE_EXPOSED);
  tvm_device_unref (target.device);
}

static void
test_completed_by (void)
{
  g_autoptr(TvmActivity) activity = make_activity (NULL);

  g_assert_null (tvm_completed_by_text (activity));
  activity->status = TVM_STATUS_COMPLETED;
  activity->completion = TVM_COMPLETION_SYSTEM;
  g_assert_cmpstr (tvm_completed_by_text (activity), ==, "System confirmation");
  activity->completion = TVM_COMPLETION_UNKNOWN;
  g_assert_cmpstr (tvm_completed_by_text (activity), ==, "N/A");
  activity->completion = TVM_COMPLETION_MANUAL;
  g_assert_cmpstr (tvm_completed_by_text (activity), ==, "N/A");
  activity->completed_by = g_strdup ("ana@contoso.example");
  g_assert_cmpstr (tvm_completed_by_text (activity), ==, "ana@contoso.example");
}

static void
assert_history (const char *kind,
                const char *who,
                int         count,
                const char *wanted)
{
  g_autoptr(TvmHistoryEntry) entry = tvm_history_entry_new ();
  g_autofree char *text = NULL;

  entry->kind = g_strdup (kind);
  entry->who = g_strdup (who);
  entry->count = count;
  text = tvm_history_text (entry);
  g_assert_cmpstr (text, ==, wanted);
}

/* What was before and is after, for people. */
static void
test_change (void)
{
  static const struct { const char *kind, *before, *after, *wanted; } lines[] = {
    { "requested", NULL, "active", "– → Active" },
    { "completed-manual", "active", "completed", "Active → Completed" },
    { "ticket-sent", "outbox", "pending", "In outbox → Pending" },
    { "withdrawal-failed", "outbox", "failed", "In outbox → Refused" },
    { "ticket-revoked", "failed", NULL, "Refused → –" },
    { "ticket-assigned", "a@contoso.example", "active", "a@contoso.example → active" },
    { "exception-filed", NULL, "active", "– → Active" },
    { "exception-suspended", "active", "suspended", "Active → Suspended" },
    { "exception-group-cancelled", "A\nB", "B", "A, B → B" },
    { "ticket-sent", NULL, NULL, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autoptr(TvmHistoryEntry) entry = tvm_history_entry_new ();
      g_autofree char *text = NULL;

      entry->kind = g_strdup (lines[i].kind);
      entry->before = g_strdup (lines[i].before);
      entry->after = g_strdup (lines[i].after);
      text = tvm_history_change_text (entry);
      g_assert_cmpstr (text, ==, lines[i].wanted);
    }
}

static void
test_history (void)
{
  assert_history ("requested", "ana@contoso.example", 0, "Requested by ana@contoso.example");
  assert_history ("requested", "%s%n", 0, "Requested by %s%n");
  assert_history ("completed-manual", NULL, 0, "Marked as completed by an unknown person");
  assert_history ("device-remediated", NULL, 1, "1 device is remediated");
  assert_history ("exposed-again", NULL, 3, "3 devices are exposed again");
  assert_history ("something-new", NULL, 0, "something-new");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/activity/due/dates", test_due);
  g_test_add_func ("/activity/due/does-not-apply", test_due_does_not_apply);
  g_test_add_func ("/activity/state/remediated", test_state_remediated);
  g_test_add_func ("/activity/state/causes", test_state_causes);
  g_test_add_func ("/activity/state/waiting", test_state_waiting);
  g_test_add_func ("/activity/completed-by", test_completed_by);
  g_test_add_func ("/activity/history", test_history);
  g_test_add_func ("/activity/change", test_change);
  return g_test_run ();
}

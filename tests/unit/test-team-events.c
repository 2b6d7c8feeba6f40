/* test-team-events.c: the rules by which a team's decisions come to one result, ids, and what
 * others' programs may write. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-team-events.h"

#include "tvm-time.h"

#include <string.h>

#define RULES "\"type\":\"update\",\"groups\":[],\"targets\":[]"

static void
add (GPtrArray *events, const char *kind, const char *who, gint64 decided_us, gint64 recorded_us)
{
  TvmTeamEvent *event = tvm_team_event_new ();

  event->id = tvm_uuid7_new ();
  event->subject = g_strdup ("s");
  event->kind = g_strdup (kind);
  event->who = g_strdup (who);
  event->decided_us = decided_us;
  event->recorded_us = recorded_us;
  event->number = recorded_us != 0 ? events->len + 1 : 0;
  g_ptr_array_add (events, event);
}

static GPtrArray *
begin (void)
{
  GPtrArray *events = g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_team_event_unref);

  add (events, TVM_EVENT_REQUESTED, "ana@x", 100, 110);
  return events;
}

static void
assert_outcome (GPtrArray *events, const char *completed_by, gint64 completed_us,
                const TvmTeamVerdict *expected)
{
  g_autofree TvmTeamVerdict *verdicts = g_new0 (TvmTeamVerdict, events->len);
  TvmTeamOutcome outcome;

  tvm_team_judge (events, verdicts, &outcome);
  g_assert_cmpint (outcome.is_completed, ==, completed_by != NULL);
  g_assert_cmpstr (outcome.completed_by, ==, completed_by);
  g_assert_cmpint (outcome.completed_us, ==, completed_us);
  for (guint i = 0; i < events->len; i++)
    g_assert_cmpint (verdicts[i], ==, expected[i]);
}

/* The log's order decides, whatever the clocks say. */
static void
test_two_complete (void)
{
  g_autoptr(GPtrArray) events = begin ();
  const TvmTeamVerdict expected[] = { TVM_TEAM_STANDS, TVM_TEAM_STANDS, TVM_TEAM_LATE,
                                      TVM_TEAM_STANDS };

  add (events, TVM_EVENT_COMPLETED, "ben@x", 300, 310);
  add (events, TVM_EVENT_COMPLETED, "ana@x", 200, 320);
  add (events, TVM_EVENT_COMMENT, "ana@x", 200, 330);
  assert_outcome (events, "ben@x", 300, expected);
}

static void
test_reopen (void)
{
  g_autoptr(GPtrArray) events = begin ();
  const TvmTeamVerdict expected[] = { TVM_TEAM_STANDS, TVM_TEAM_VOID, TVM_TEAM_STANDS,
                                      TVM_TEAM_VOID, TVM_TEAM_STANDS, TVM_TEAM_STANDS };

  add (events, TVM_EVENT_REOPENED, "ana@x", 200, 210);
  add (events, TVM_EVENT_COMPLETED, "ben@x", 300, 310);
  add (events, TVM_EVENT_REOPENED, "ana@x", 320, 330);
  assert_outcome (events, "ben@x", 300, expected);
  add (events, TVM_EVENT_REOPENED, "Ben@X", 340, 350);
  assert_outcome (events, NULL, 0, expected);
  add (events, TVM_EVENT_COMPLETED, "ana@x", 360, 0);
  assert_outcome (events, "ana@x", 360, expected);
}

/* A clock that is ahead, and one that is behind the request. */
static void
test_clocks (void)
{
  const TvmTeamVerdict stand[] = { TVM_TEAM_STANDS, TVM_TEAM_STANDS };
  g_autoptr(GPtrArray) ahead = begin ();
  g_autoptr(GPtrArray) behind = begin ();

  add (ahead, TVM_EVENT_COMPLETED, "ben@x", 9999, 310);
  assert_outcome (ahead, "ben@x", 310, stand);
  add (behind, TVM_EVENT_COMPLETED, "ben@x", 1, 310);
  assert_outcome (behind, "ben@x", 310, stand);
}

static void
add_assigned (GPtrArray *events, const char *who, const char *seen, const char *after,
              gint64 recorded_us)
{
  TvmTeamEvent *event;

  add (events, TVM_EVENT_ASSIGNED, who, 200, recorded_us);
  event = events->pdata[events->len - 1];
  event->before = tvm_team_assignee_to_json (seen);
  event->after = g_strcmp0 (after, "nonsense") == 0 ? g_strdup ("{\"assignee\": 7}")
                                                    : tvm_team_assignee_to_json (after);
}

/* The last one holds, and whoever did not know of the one before is told apart. */
static void
test_assigned (void)
{
  g_autoptr(GPtrArray) events = begin ();
  const TvmTeamVerdict expected[] = { TVM_TEAM_STANDS, TVM_TEAM_STANDS, TVM_TEAM_UNAWARE,
                                      TVM_TEAM_STANDS, TVM_TEAM_VOID, TVM_TEAM_STANDS,
                                      TVM_TEAM_STANDS };
  TvmTeamOutcome outcome;
  g_autofree char *assignee = NULL;

  add_assigned (events, "ana@x", NULL, "ben@x", 210);
  add_assigned (events, "carl@x", NULL, "carl@x", 220);
  add_assigned (events, "ben@x", "Carl@X", NULL, 230);
  add_assigned (events, "ben@x", NULL, "nonsense", 240);
  add (events, TVM_EVENT_COMPLETED, "ben@x", 300, 310);
  add_assigned (events, "ana@x", NULL, "ana@x", 0);
  assert_outcome (events, "ben@x", 300, expected);
  tvm_team_judge (events, NULL, &outcome);
  g_assert_true (tvm_team_assignee_from_json (outcome.assignment->after, &assignee));
  g_assert_cmpstr (assignee, ==, "ana@x");
  g_clear_pointer (&assignee, g_free);
  g_assert_false (tvm_team_assignee_from_json ("{}", &assignee));
}

/* ---- exceptions */

#define FILED(groups, is_global) \
  "{\"recommendation_id\":\"r\",\"justification\":\"risk-accepted\",\"context\":\"why\"," \
  "\"ends_on\":\"1970-01-31\",\"is_global\":" is_global ",\"groups\":[" groups "]}"

static TvmTeamEvent *
add_about (GPtrArray *events, const char *kind, const char *who, const char *after)
{
  TvmTeamEvent *event;

  add (events, kind, who, 200, 200 + events->len);
  event = events->pdata[events->len - 1];
  event->after = g_strdup (after);
  return event;
}

static GPtrArray *
begin_exception (gboolean needs_approval)
{
  GPtrArray *events = g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_team_event_unref);

  add_about (events, TVM_EVENT_FILED, "ana@x",
             FILED ("\"a\",\"b\"", "false"))->needs_approval = needs_approval;
  return events;
}

static void
assert_exception (GPtrArray *events, TvmApproval approval, const char *decided_by,
                  const char *cancelled_by, const char *groups, const TvmTeamVerdict *expected)
{
  g_autofree TvmTeamVerdict *verdicts = g_new0 (TvmTeamVerdict, events->len);
  g_auto(TvmTeamExceptionOutcome) outcome = { TVM_APPROVAL_NONE };
  g_autofree char *cancelled = NULL;

  tvm_team_judge_exception (events, verdicts, &outcome);
  cancelled = g_strjoinv (" ", outcome.cancelled_groups);
  g_assert_cmpint (outcome.approval, ==, approval);
  g_assert_cmpstr (outcome.decision != NULL ? outcome.decision->who : NULL, ==, decided_by);
  g_assert_cmpstr (outcome.cancellation != NULL ? outcome.cancellation->who : NULL, ==,
                   cancelled_by);
  g_assert_cmpstr (cancelled, ==, groups);
  for (guint i = 0; i < events->len; i++)
    g_assert_cmpint (verdicts[i], ==, expected[i]);
}

/* The author's own word counts for nothing, the first other one's does. */
static void
test_approved (void)
{
  g_autoptr(GPtrArray) events = begin_exception (TRUE);
  const TvmTeamVerdict expected[] = { TVM_TEAM_STANDS, TVM_TEAM_VOID, TVM_TEAM_STANDS,
                                      TVM_TEAM_LATE, TVM_TEAM_STANDS, TVM_TEAM_LATE };

  assert_exception (events, TVM_APPROVAL_REQUESTED, NULL, NULL, "", expected);
  add_about (events, TVM_EVENT_APPROVED, "Ana@X", NULL);
  assert_exception (events, TVM_APPROVAL_REQUESTED, NULL, NULL, "", expected);
  add_about (events, TVM_EVENT_APPROVED, "ben@x", NULL);
  add_about (events, TVM_EVENT_REJECTED, "carl@x", "{\"text\":\"no\"}");
  assert_exception (events, TVM_APPROVAL_APPROVED, "ben@x", NULL, "", expected);
  add_about (events, TVM_EVENT_CANCELLED, "ana@x", NULL);
  add_about (events, TVM_EVENT_REJECTED, "carl@x", NULL);
  assert_exception (events, TVM_APPROVAL_APPROVED, "ben@x", "ana@x", "", expected);
}

static void
test_rejected_and_void (void)
{
  g_autoptr(GPtrArray) rejected = begin_exception (TRUE);
  g_autoptr(GPtrArray) needless = begin_exception (FALSE);
  g_autoptr(GPtrArray) ended = begin_exception (TRUE);
  const TvmTeamVerdict late[] = { TVM_TEAM_STANDS, TVM_TEAM_STANDS, TVM_TEAM_LATE };
  const TvmTeamVerdict void_one[] = { TVM_TEAM_STANDS, TVM_TEAM_VOID };
  const TvmTeamVerdict after_end[] = { TVM_TEAM_STANDS, TVM_TEAM_STANDS, TVM_TEAM_VOID };

  add_about (rejected, TVM_EVENT_REJECTED, "ben@x", "{\"text\":\"no\"}");
  add_about (rejected, TVM_EVENT_CANCELLED, "ana@x", NULL);
  assert_exception (rejected, TVM_APPROVAL_REJECTED, "ben@x", NULL, "", late);
  add_about (needless, TVM_EVENT_APPROVED, "ben@x", NULL);
  assert_exception (needless, TVM_APPROVAL_NONE, NULL, NULL, "", void_one);
  add_about (ended, TVM_EVENT_CANCELLED, "ana@x", NULL);
  add_about (ended, TVM_EVENT_APPROVED, "ben@x", NULL);
  assert_exception (ended, TVM_APPROVAL_REQUESTED, NULL, "ana@x", "", after_end);
}

/* Group by group until none is left. */
static void
test_cancelled_groups (void)
{
  g_autoptr(GPtrArray) events = begin_exception (FALSE);
  const TvmTeamVerdict expected[] = { TVM_TEAM_STANDS, TVM_TEAM_STANDS, TVM_TEAM_LATE,
                                      TVM_TEAM_STANDS, TVM_TEAM_LATE };

  add_about (events, TVM_EVENT_CANCELLED, "ben@x", "{\"groups\":[\"b\"]}");
  add_about (events, TVM_EVENT_CANCELLED, "ana@x", "{\"groups\":[\"b\",\"unheard of\"]}");
  assert_exception (events, TVM_APPROVAL_NONE, NULL, NULL, "b", expected);
  add_about (events, TVM_EVENT_CANCELLED, "carl@x", "{\"groups\":[\"a\"]}");
  add_about (events, TVM_EVENT_CANCELLED, "ana@x", NULL);
  assert_exception (events, TVM_APPROVAL_NONE, NULL, "carl@x", "a b", expected);
}

static void
test_exception_nonsense (void)
{
  static const char *const wrong[] = {
    NULL, "", "[]", "{}", FILED ("", "false"), FILED ("7", "false"), FILED ("\"a\"", "\"yes\""),
    "{\"recommendation_id\":\"r\",\"justification\":\"magic\",\"context\":\"why\","
    "\"ends_on\":\"1970-01-31\",\"is_global\":true}",
    "{\"recommendation_id\":\"r\",\"justification\":\"risk-accepted\",\"context\":\"why\","
    "\"ends_on\":\"1970-02-31\",\"is_global\":true}",
  };
  const TvmTeamVerdict expected[] = { TVM_TEAM_VOID, TVM_TEAM_VOID };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr(GPtrArray) events =
        g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_team_event_unref);

      add_about (events, TVM_EVENT_FILED, "ana@x", wrong[i]);
      add_about (events, TVM_EVENT_CANCELLED, "ana@x", NULL);
      assert_exception (events, TVM_APPROVAL_NONE, NULL, NULL, "", expected);
    }
}

/* What nobody can tell cancels nothing, and nobody files one for longer than a year. */
static void
test_faults (void)
{
  g_autoptr(GPtrArray) events = begin_exception (FALSE);
  g_autoptr(GPtrArray) longer =
    g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_team_event_unref);
  const TvmTeamVerdict expected[] = { TVM_TEAM_STANDS, TVM_TEAM_VOID, TVM_TEAM_VOID };
  const TvmTeamVerdict none[] = { TVM_TEAM_VOID };

  g_assert_cmpint (tvm_team_event_find_fault (events->pdata[0]), ==, TVM_TEAM_SOUND);
  add_about (events, TVM_EVENT_CANCELLED, "ben@x", "{\"groups\":[7]}");
  add_about (events, TVM_EVENT_CANCELLED, "ben@x", "{\"groups\":[]}");
  assert_exception (events, TVM_APPROVAL_NONE, NULL, NULL, "", expected);
  g_assert_cmpint (tvm_team_event_find_fault (events->pdata[1]), ==, TVM_TEAM_UNREADABLE);
  add_about (longer, TVM_EVENT_FILED, "ana@x",
             "{\"recommendation_id\":\"r\",\"justification\":\"risk-accepted\",\"context\":\"c\","
             "\"ends_on\":\"1971-01-03\",\"is_global\":true}");
  assert_exception (longer, TVM_APPROVAL_NONE, NULL, NULL, "", none);
  g_assert_cmpint (tvm_team_event_find_fault (longer->pdata[0]), ==, TVM_TEAM_TOO_LONG);
}

static void
test_exception_there_and_back (void)
{
  g_autoptr(TvmException) x = tvm_team_exception_from_json (FILED ("\"a\",\"b\\u001b\"", "false"));
  g_autoptr(TvmException) back = NULL;
  g_autofree char *json = NULL;

  g_assert_cmpstr (x->groups[1], ==, "b ");
  json = tvm_team_exception_to_json (x, -1);
  g_assert_null (strstr (json, "known_exploited"));
  back = tvm_team_exception_from_json (json);
  g_assert_cmpstr (back->context, ==, "why");
  g_assert_cmpstr (back->ends_on, ==, "1970-01-31");
  g_assert_cmpint (back->justification, ==, TVM_JUSTIFICATION_RISK_ACCEPTED);
  g_assert_true (tvm_approval_is_needed (TVM_APPROVE_RISKY, FALSE, -1));
  g_assert_true (tvm_approval_is_needed (TVM_APPROVE_RISKY, TRUE, 0));
  g_assert_false (tvm_approval_is_needed (TVM_APPROVE_RISKY, FALSE, 0));
  g_assert_true (tvm_approval_is_needed (TVM_APPROVE_ALL, FALSE, 0));
  g_assert_false (tvm_approval_is_needed (TVM_APPROVE_NONE, TRUE, 5));
}

/* What is said of the first events stays as it is, whatever comes behind them. */
static void
test_verdicts_stay (void)
{
  static const char *const kinds[] = { TVM_EVENT_COMPLETED, TVM_EVENT_REOPENED, TVM_EVENT_COMMENT };
  static const char *const people[] = { "ana@x", "ben@x", "carl@x" };

  for (int round = 0; round < 200; round++)
    {
      g_autoptr(GPtrArray) events = begin ();
      TvmTeamVerdict before[16] = { 0 }, after[16];
      TvmTeamOutcome outcome;

      for (guint n = 1; n < G_N_ELEMENTS (after); n++)
        {
          tvm_team_judge (events, after, &outcome);
          g_assert_cmpmem (before, (n - 1) * sizeof *before, after, (n - 1) * sizeof *after);
          memcpy (before, after, n * sizeof *after);
          add (events, kinds[g_test_rand_int_range (0, 3)], people[g_test_rand_int_range (0, 3)],
               g_test_rand_int_range (1, 1000), 1000 + n);
        }
    }
}

static void
test_ids (void)
{
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *early = NULL;
  g_autofree char *late = NULL;

  for (int i = 0; i < 1000; i++)
    {
      char *id = tvm_uuid7_new ();

      g_assert_true (g_uuid_string_is_valid (id));
      g_assert_cmpint (id[14], ==, '7');
      g_assert_nonnull (strchr ("89ab", id[19]));
      g_assert_true (g_hash_table_add (seen, id));
    }
  tvm_set_clock_us (G_GINT64_CONSTANT (1774000000000000));
  early = tvm_uuid7_new ();
  tvm_set_clock_us (G_GINT64_CONSTANT (1774000001000000));
  late = tvm_uuid7_new ();
  tvm_set_clock_us (0);
  g_assert_cmpstr (early, <, late);
  g_assert_true (g_str_has_prefix (early, "019d0aa3-cc00-7"));
}

static void
test_activity_there_and_back (void)
{
  g_autoptr(TvmActivity) activity = tvm_activity_new ();
  g_autoptr(TvmDeviceRefs) targets = tvm_device_refs_new ();
  g_autoptr(TvmDeviceRefs) read = tvm_device_refs_new ();
  g_autoptr(TvmActivity) back = NULL;
  g_autofree char *json = NULL;
  const char *groups[] = { "A", "B \"quoted\"", NULL };

  activity->title = g_strdup ("Update");
  activity->recommendation_id = g_strdup ("va-_-x");
  activity->notes = g_strdup ("one\ntwo");
  activity->type = TVM_TYPE_UPDATE;
  activity->priority = TVM_PRIORITY_HIGH;
  activity->due_on = g_strdup ("1970-01-31");
  activity->groups = g_strdupv ((char **) groups);
  tvm_device_refs_add (targets, "d1", "one.example.com", NULL, "A");
  tvm_device_refs_add (targets, "d2", NULL, NULL, NULL);
  json = tvm_team_activity_to_json (activity, targets);
  back = tvm_team_activity_from_json (json, read);
  g_assert_nonnull (back);
  g_assert_cmpstr (back->title, ==, "Update");
  g_assert_cmpstr (back->notes, ==, "one\ntwo");
  g_assert_cmpstr (back->due_on, ==, "1970-01-31");
  g_assert_null (back->policy_reason);
  g_assert_cmpint (back->priority, ==, TVM_PRIORITY_HIGH);
  g_assert_true (g_strv_equal ((const char *const *) back->groups, groups));
  g_assert_cmpuint (read->refs->len, ==, 2);
  g_assert_cmpstr (g_array_index (read->refs, TvmDeviceRef, 0).group, ==, "A");
  g_assert_null (g_array_index (read->refs, TvmDeviceRef, 1).name);
}

static void
test_nonsense (void)
{
  static const char *const bad[] = {
    "", "[]", "{}", "{\"title\":\"t\"," RULES "}", "{\"title\":\"t\",\"recommendation_id\":\"r\"}",
    "{\"title\":5,\"recommendation_id\":\"r\"," RULES "}",
    "{\"title\":\"t\",\"recommendation_id\":\"r\",\"type\":\"magic\",\"groups\":[],\"targets\":[]}",
    "{\"title\":\"t\",\"recommendation_id\":\"r\",\"due_on\":\"soon\"," RULES "}",
    "{\"title\":\"t\",\"recommendation_id\":\"r\",\"priority\":\"huge\"," RULES "}",
    "{\"title\":\"t\",\"recommendation_id\":\"r\",\"type\":\"update\",\"groups\":[7],\"targets\":[]}",
    "{\"title\":\"t\",\"recommendation_id\":\"r\",\"type\":\"update\",\"groups\":[],\"targets\":[1]}",
    "{\"title\":\"t\",\"recommendation_id\":\"r\",\"type\":\"update\",\"groups\":[],\"targets\":[{}]}",
  };
  g_autoptr(TvmDeviceRefs) targets = tvm_device_refs_new ();
  g_autofree char *text = tvm_team_text_from_json ("{\"text\":\"a\\u001b\\u202eb\"}");
  g_autofree char *none = tvm_team_text_from_json ("{\"text\":{}}");
  g_autofree char *json = tvm_team_text_to_json ("a \"b\"\n");
  g_autofree char *same = tvm_team_text_from_json (json);

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_null (tvm_team_activity_from_json (bad[i], targets));
  g_assert_null (tvm_team_activity_from_json (NULL, targets));
  g_assert_cmpstr (text, ==, "a b");
  g_assert_null (none);
  g_assert_cmpstr (same, ==, "a \"b\"\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/team-events/two-complete", test_two_complete);
  g_test_add_func ("/team-events/reopen", test_reopen);
  g_test_add_func ("/team-events/clocks", test_clocks);
  g_test_add_func ("/team-events/verdicts-stay", test_verdicts_stay);
  g_test_add_func ("/team-events/assigned", test_assigned);
  g_test_add_func ("/team-events/approved", test_approved);
  g_test_add_func ("/team-events/rejected-and-void", test_rejected_and_void);
  g_test_add_func ("/team-events/cancelled-groups", test_cancelled_groups);
  g_test_add_func ("/team-events/exception-nonsense", test_exception_nonsense);
  g_test_add_func ("/team-events/faults", test_faults);
  g_test_add_func ("/team-events/exception-there-and-back", test_exception_there_and_back);
  g_test_add_func ("/team-events/ids", test_ids);
  g_test_add_func ("/team-events/activity-there-and-back", test_activity_there_and_back);
  g_test_add_func ("/team-events/nonsense", test_nonsense);
  return g_test_run ();
}

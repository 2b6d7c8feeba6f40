/* test-team-shared.c: the rules by which what a team shares beside activities and exceptions comes
 * to one result, and what others' programs may write. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-team-shared.h"

#include <string.h>

#define OWN "{\"rules\": [{\"priority\": \"low\", \"due\": 90}]}"

static TvmTeamEvent *
add (GPtrArray *events, const char *kind, const char *who, gint64 recorded_us)
{
  TvmTeamEvent *event = tvm_team_event_new ();

  event->id = tvm_uuid7_new ();
  event->subject = g_strdup ("s");
  event->kind = g_strdup (kind);
  event->who = g_strdup (who);
  event->decided_us = recorded_us != 0 ? recorded_us - 5 : 1000;
  event->recorded_us = recorded_us;
  event->number = recorded_us != 0 ? events->len + 1 : 0;
  g_ptr_array_add (events, event);
  return event;
}

static void
add_policy (GPtrArray *events, const char *who, const char *seen, const char *policy,
            gint64 recorded_us)
{
  TvmTeamEvent *event = add (events, TVM_EVENT_POLICY, who, recorded_us);

  event->before = tvm_team_policy_to_json (seen);
  event->after = tvm_team_policy_to_json (policy);
}

static void
assert_policy (GPtrArray *events, const char *policy, const char *set_by, const char *over,
               const TvmTeamVerdict *expected)
{
  g_autofree TvmTeamVerdict *verdicts = g_new0 (TvmTeamVerdict, events->len);
  g_autoptr(TvmTeamPolicy) found = tvm_team_judge_policy (events, verdicts);

  g_assert_nonnull (found);
  g_assert_cmpstr (found->policy, ==, policy);
  g_assert_cmpstr (found->set_by, ==, set_by);
  g_assert_cmpstr (found->over, ==, over);
  for (guint i = 0; i < events->len; i++)
    g_assert_cmpint (verdicts[i], ==, expected[i]);
}

/* The last one in the log stands; whoever had not seen the one before is told apart. */
static void
test_policy (void)
{
  g_autoptr(GPtrArray) events =
    g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_team_event_unref);
  const TvmTeamVerdict expected[] = { TVM_TEAM_STANDS, TVM_TEAM_STANDS, TVM_TEAM_UNAWARE,
                                      TVM_TEAM_VOID, TVM_TEAM_STANDS };

  g_assert_null (tvm_team_judge_policy (events, NULL));
  add_policy (events, "ana@x", NULL, "kev-due-dates", 100);
  add_policy (events, "ben@x", "kev-due-dates", "none", 200);
  assert_policy (events, "none", "ben@x", NULL, expected);
  add_policy (events, "ana@x", "kev-due-dates", "exploitation-3-14-60", 300);
  assert_policy (events, "exploitation-3-14-60", "ana@x", "ben@x", expected);
  add_policy (events, "eve@x", "exploitation-3-14-60", "of a newer program", 400);
  assert_policy (events, "exploitation-3-14-60", "ana@x", "ben@x", expected);
  add_policy (events, "ben@x", "exploitation-3-14-60", "none", 0);
  assert_policy (events, "none", "ben@x", NULL, expected);
}

/* The time of the last one, but no later than it was recorded. */
static void
test_policy_when (void)
{
  g_autoptr(GPtrArray) events =
    g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_team_event_unref);
  g_autoptr(TvmTeamPolicy) found = NULL;

  add_policy (events, "ana@x", NULL, "none", 100);
  ((TvmTeamEvent *) events->pdata[0])->decided_us = 5000;
  found = tvm_team_judge_policy (events, NULL);
  g_assert_cmpint (found->set_us, ==, 100);
}

/* Rules come back as they are kept here; what is none is none. */
static void
test_policy_there_and_back (void)
{
  static const char *const bad[] = { "", "[]", "{}", "{\"policy\":null}", "{\"policy\":7}",
                                     "{\"policy\":\"\"}", "{\"policy\":\"unheard-of\"}",
                                     "{\"policy\":{\"rules\":[]}}",
                                     "{\"policy\":\"{\\\"rules\\\":[{}]}\"}" };
  g_autofree char *json = tvm_team_policy_to_json (OWN);
  g_autofree char *back = tvm_team_policy_from_json (json);
  g_autofree char *again_json = tvm_team_policy_to_json (back);
  g_autofree char *again = tvm_team_policy_from_json (again_json);
  g_autofree char *long_text = g_strnfill (70000, ' ');
  g_autofree char *whole = g_strconcat (OWN, long_text, NULL);
  g_autofree char *large = tvm_team_policy_to_json (whole);

  g_assert_nonnull (back);
  g_assert_nonnull (strstr (back, "90"));
  g_assert_cmpstr (again, ==, back);
  g_assert_null (tvm_team_policy_from_json (NULL));
  g_assert_null (tvm_team_policy_from_json (large));
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_null (tvm_team_policy_from_json (bad[i]));
}

static TvmTeamEvent *
add_view (GPtrArray *events, const char *who, const char *name, gint64 recorded_us)
{
  TvmTeamEvent *event = add (events, TVM_EVENT_VIEW_SHARED, who, recorded_us);

  event->after = name != NULL ? tvm_team_view_to_json ("devices", name, "[view]\nsort=name\n") : NULL;
  return event;
}

static void
assert_view (GPtrArray *events, const char *name, const char *who, const TvmTeamVerdict *expected)
{
  g_autofree TvmTeamVerdict *verdicts = g_new0 (TvmTeamVerdict, events->len);
  g_autoptr(TvmTeamView) found = tvm_team_judge_view (events, verdicts);

  g_assert_cmpint (found != NULL, ==, name != NULL);
  if (found != NULL)
    {
      g_assert_cmpstr (found->id, ==, "s");
      g_assert_cmpstr (found->name, ==, name);
      g_assert_cmpstr (found->who, ==, who);
      g_assert_cmpstr (found->list, ==, "devices");
      g_assert_cmpstr (found->state, ==, "[view]\nsort=name\n");
    }
  for (guint i = 0; i < events->len; i++)
    g_assert_cmpint (verdicts[i], ==, expected[i]);
}

/* The last one in the log stands: shared, changed or taken back. */
static void
test_view (void)
{
  g_autoptr(GPtrArray) events =
    g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_team_event_unref);
  const TvmTeamVerdict expected[] = { TVM_TEAM_STANDS, TVM_TEAM_STANDS, TVM_TEAM_VOID,
                                      TVM_TEAM_STANDS, TVM_TEAM_LATE, TVM_TEAM_STANDS };

  add_view (events, "ana@x", "One", 100);
  assert_view (events, "One", "ana@x", expected);
  add_view (events, "ana@x", "Two", 200);
  add_view (events, "ana@x", NULL, 300);
  assert_view (events, "Two", "ana@x", expected);
  add (events, TVM_EVENT_VIEW_WITHDRAWN, "ben@x", 400);
  assert_view (events, NULL, NULL, expected);
  add (events, TVM_EVENT_VIEW_WITHDRAWN, "ana@x", 500);
  assert_view (events, NULL, NULL, expected);
  add_view (events, "ana@x", "Three", 0);
  assert_view (events, "Three", "ana@x", expected);
}

/* Others' programs may write anything. */
static void
test_view_nonsense (void)
{
  static const char *const bad[] = {
    "", "[]", "{}", "{\"list\":\"devices\",\"name\":\"n\"}", "{\"list\":\"devices\",\"view\":\"v\"}",
    "{\"name\":\"n\",\"view\":\"v\"}", "{\"list\":1,\"name\":\"n\",\"view\":\"v\"}",
    "{\"list\":\"devices\",\"name\":\"n\",\"view\":{}}",
  };
  g_autofree char *long_text = g_strnfill (17000, 'x');
  g_autofree char *large = tvm_team_view_to_json ("devices", "n", long_text);
  g_autofree char *odd = tvm_team_view_to_json ("devices", "a\x1b\u202e\nb", "[view]\n\x1bx=1\n");
  g_autoptr(TvmTeamView) view = tvm_team_view_from_json (odd);

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_null (tvm_team_view_from_json (bad[i]));
  g_assert_null (tvm_team_view_from_json (NULL));
  g_assert_null (tvm_team_view_from_json (large));
  g_assert_null (strpbrk (view->name, "\x1b\n"));
  g_assert_cmpstr (view->state, ==, "[view]\n x=1\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/team-shared/policy", test_policy);
  g_test_add_func ("/team-shared/policy-when", test_policy_when);
  g_test_add_func ("/team-shared/policy-there-and-back", test_policy_there_and_back);
  g_test_add_func ("/team-shared/view", test_view);
  g_test_add_func ("/team-shared/view-nonsense", test_view_nonsense);
  return g_test_run ();
}

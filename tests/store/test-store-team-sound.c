/* test-store-team-sound.c: decisions of the team's log that count for nothing, those that the team's
 * database does not take, and a profile that comes back to its team, or under another name.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "team-fixture.h"

#include "keep.h"

#define PORTAL_ID "0d7a5c9e-1111-4222-8333-444455556666"

/* What a changed program of a member writes, in place of the database. */
static void
say (Team *self, const char *kind, const char *subject, const char *who, const char *after)
{
  TvmTeamEvent *event = tvm_team_event_new ();

  event->id = tvm_uuid7_new ();
  event->subject = g_strdup (subject);
  event->kind = g_strdup (kind);
  event->who = g_strdup (who);
  event->after = g_strdup (after);
  event->decided_us = event->recorded_us = self->now_us;
  event->number = 2 * self->log->len + 1;
  g_ptr_array_add (self->log, event);
}

static char *
request (TvmStore *store, const char *who)
{
  g_autoptr(TvmRequest) form = tvm_request_new ();
  TvmSubmission submission = { .who = who };
  g_autoptr(TvmActivity) activity = NULL;

  form->recommendation_id = g_strdup (REC);
  form->type = TVM_TYPE_UPDATE;
  form->priority = TVM_PRIORITY_HIGH;
  activity = tvm_store_submit (store, form, &submission, NULL, NULL);
  g_assert_nonnull (activity);
  return g_strdup (activity->id);
}

static void
assert_faults (TvmStore *store, gboolean is_told, int n, TvmTeamFault fault)
{
  g_auto(TvmTeamFaults) faults = { 0 };

  g_assert_true (tvm_store_get_team_faults (store, is_told, &faults, NULL));
  g_assert_cmpint (faults.n, ==, n);
  g_assert_cmpint (faults.fault, ==, n > 0 ? fault : TVM_TEAM_SOUND);
}

/* ---- what counts for nothing */

#define EXCEPTION(ends_on) \
  "{\"recommendation_id\":\"" REC "\",\"justification\":\"risk-accepted\",\"context\":\"why\"," \
  "\"ends_on\":\"" ends_on "\",\"is_global\":true}"

/* Each is told once, with the first one's number, and stops nothing that comes behind it. */
static void
test_faults (Team *self, gconstpointer data)
{
  TvmStore *ana = self->stores[0].store, *ben = self->stores[1].store;
  g_autofree char *id = request (ana, people[0]);
  g_autoptr(TvmActivity) activity = NULL;
  g_auto(TvmTeamFaults) faults = { 0 };
  g_autofree char *words = NULL;

  push (self, 0);
  pull (self, 1, G_MAXUINT);
  assert_faults (ben, TRUE, 0, TVM_TEAM_SOUND);
  say (self, TVM_EVENT_COMMENT, id, people[2], "{\"text\":7}");
  say (self, TVM_EVENT_REQUESTED, "s1", people[2], "{\"title\":\"t\"}");
  say (self, TVM_EVENT_ASSIGNED, id, people[2], "{}");
  say (self, TVM_EVENT_FILED, "s2", people[2], EXCEPTION ("2999-01-01"));
  say (self, TVM_EVENT_ASSIGNED, id, people[2], "{\"assignee\":\"ben@x.example\"}");
  pull (self, 1, G_MAXUINT);
  activity = tvm_store_get_activity (ben, id, NULL);
  g_assert_cmpstr (activity->assignee, ==, people[1]);
  g_assert_null (tvm_store_get_exception (ben, "s2", NULL));
  assert_faults (ben, FALSE, 4, TVM_TEAM_UNREADABLE);
  assert_faults (ben, TRUE, 4, TVM_TEAM_UNREADABLE);
  assert_faults (ben, TRUE, 0, TVM_TEAM_SOUND);
  assert_faults (ben, FALSE, 4, TVM_TEAM_UNREADABLE);
  g_assert_true (tvm_store_get_team_faults (ben, FALSE, &faults, NULL));
  g_assert_cmpint (faults.number, ==, 3);
  words = tvm_team_faults_describe (&faults);
  g_assert_nonnull (strstr (words, "4 decisions"));
  g_assert_nonnull (strstr (words, "number 3, by carl@x.example. What it says cannot be read."));
}

static void
test_too_long (Team *self, gconstpointer data)
{
  TvmStore *ana = self->stores[0].store;
  g_autofree char *today = NULL;
  g_autofree char *last = NULL;
  g_autofree char *too_late = NULL;
  g_autofree char *good = NULL;
  g_autofree char *bad = NULL;

  tvm_set_clock_us (self->now_us);
  today = tvm_today ();
  last = tvm_date_add_days (today, TVM_EXCEPTION_MAX_DAYS);
  too_late = tvm_date_add_days (today, TVM_EXCEPTION_MAX_DAYS + 3);
  good = g_strdup_printf (EXCEPTION ("%s"), last);
  bad = g_strdup_printf (EXCEPTION ("%s"), too_late);
  say (self, TVM_EVENT_FILED, "s1", people[2], good);
  say (self, TVM_EVENT_FILED, "s2", people[2], bad);
  pull (self, 0, G_MAXUINT);
  tvm_exception_unref (tvm_store_get_exception (ana, "s1", NULL));
  g_assert_null (tvm_store_get_exception (ana, "s2", NULL));
  assert_faults (ana, TRUE, 1, TVM_TEAM_TOO_LONG);
}

static void
keep_portal (Team *self, int member)
{
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_activity_unref);
  TvmActivity *portal = tvm_activity_new ();
  g_autoptr(GError) error = NULL;

  portal->id = g_strdup (PORTAL_ID);
  portal->title = g_strdup ("The portal's");
  portal->recommendation_id = g_strdup (REC);
  portal->type = TVM_TYPE_UPDATE;
  portal->status = TVM_STATUS_ACTIVE;
  portal->origin = TVM_ORIGIN_DEFENDER;
  portal->groups = g_new0 (char *, 1);
  g_ptr_array_add (list, portal);
  keep_portal_activities (self->stores[member].store, list, NULL, &error);
  g_assert_no_error (error);
}

/* Whichever comes first, the portal's stands. */
static void
test_taken_id (Team *self, gconstpointer data)
{
  keep_portal (self, 0);
  say (self, TVM_EVENT_REQUESTED, PORTAL_ID, people[2], "{\"title\":\"Not the portal's\","
       "\"recommendation_id\":\"" REC "\",\"type\":\"update\",\"groups\":[],\"targets\":[]}");
  for (int i = 0; i < 2; i++)
    pull (self, i, G_MAXUINT);
  assert_faults (self->stores[1].store, TRUE, 0, TVM_TEAM_SOUND);
  keep_portal (self, 1);
  for (int i = 0; i < 2; i++)
    {
      TvmStore *store = self->stores[i].store;
      g_autoptr(TvmActivity) activity = tvm_store_get_activity (store, PORTAL_ID, NULL);

      g_assert_cmpstr (activity->title, ==, "The portal's");
      g_assert_cmpint (activity->origin, ==, TVM_ORIGIN_DEFENDER);
      assert_faults (store, TRUE, 1, TVM_TEAM_TAKEN_ID);
    }
}

/* ---- what the database does not take */

static void
keep_right (TvmStore *store, const char *who, const char *right)
{
  g_autoptr(GPtrArray) list =
    g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_team_person_unref);
  TvmTeamPerson *person = tvm_team_person_new ();

  person->account = g_strdup (who);
  person->right = g_strdup (right);
  g_ptr_array_add (list, person);
  g_assert_true (tvm_store_keep_team_members (store, list, TVM_APPROVE_ALL, 5, NULL));
}

static void
assert_exception (TvmStore *store, const char *id, TvmExceptionStatus status, const char *last_line)
{
  g_autoptr(TvmException) x = tvm_store_get_exception (store, id, NULL);
  g_autoptr(GPtrArray) history = tvm_store_list_exception_history (store, id, NULL);
  const TvmHistoryEntry *line = history->pdata[0];

  g_assert_cmpint (x->status, ==, status);
  g_assert_cmpint (x->approval, ==, status == TVM_EXCEPTION_REQUESTED ? TVM_APPROVAL_REQUESTED
                                                                      : TVM_APPROVAL_APPROVED);
  g_assert_cmpstr (line->kind, ==, last_line);
  g_assert_cmpstr (line->who, ==, people[4]);
}

/* An approval whose author has lost the right, or that was refused, stands nowhere until it is taken
 * after all. */
static void
test_lost_right (Team *self, gconstpointer data)
{
  TvmStore *eva = self->stores[4].store;
  g_autofree char *today = NULL;
  g_autofree char *ends_on = NULL;
  g_autofree char *after = NULL;
  g_autoptr(GPtrArray) waiting = NULL;

  tvm_set_clock_us (self->now_us);
  today = tvm_today ();
  ends_on = tvm_date_add_days (today, 30);
  after = g_strdup_printf (EXCEPTION ("%s"), ends_on);
  say (self, TVM_EVENT_FILED, "s1", people[0], after);
  ((TvmTeamEvent *) self->log->pdata[0])->needs_approval = TRUE;
  pull (self, 4, G_MAXUINT);
  g_assert_true (tvm_store_decide_exception (eva, "s1", TRUE, "Seen.", people[4], NULL));
  assert_exception (eva, "s1", TVM_EXCEPTION_ACTIVE, "exception-approved");
  keep_right (eva, people[4], "reader");
  assert_exception (eva, "s1", TVM_EXCEPTION_REQUESTED, "exception-decision-refused");
  keep_right (eva, people[4], "reader");
  keep_right (eva, people[4], "approver");
  assert_exception (eva, "s1", TVM_EXCEPTION_ACTIVE, "exception-approved");
  waiting = tvm_store_take_team_events (eva, NULL);
  g_assert_cmpuint (waiting->len, ==, 1);
  g_assert_true (tvm_store_refuse_team_event (eva, ((TvmTeamEvent *) waiting->pdata[0])->id, NULL,
                                              NULL));
  assert_exception (eva, "s1", TVM_EXCEPTION_REQUESTED, "exception-decision-refused");
  keep_right (eva, people[4], "reader");
  keep_right (eva, people[4], "approver");
  assert_exception (eva, "s1", TVM_EXCEPTION_REQUESTED, "exception-decision-refused");
  push (self, 4);
  pull (self, 4, G_MAXUINT);
  assert_exception (eva, "s1", TVM_EXCEPTION_ACTIVE, "exception-approved");
}

static guint
count_views (TvmStore *store)
{
  g_autoptr(GPtrArray) views = tvm_store_list_team_views (store, NULL, NULL);

  return views->len;
}

/* A view that somebody took back whom the database refused is shared as before. */
static void
test_refused_view (Team *self, gconstpointer data)
{
  TvmStore *ana = self->stores[0].store, *dora = self->stores[3].store;
  g_autoptr(GPtrArray) views = NULL;
  g_autoptr(GPtrArray) waiting = NULL;
  gboolean is_new;

  g_assert_true (tvm_store_share_view (dora, "devices", "Old", "[view]\na=1\n", people[3], NULL));
  push (self, 3);
  pull (self, 0, G_MAXUINT);
  views = tvm_store_list_team_views (ana, NULL, NULL);
  g_assert_true (tvm_store_withdraw_view (ana, ((TvmTeamView *) views->pdata[0])->id, people[0],
                                          NULL));
  g_assert_cmpuint (count_views (ana), ==, 0);
  waiting = tvm_store_take_team_events (ana, NULL);
  g_assert_true (tvm_store_refuse_team_event (ana, ((TvmTeamEvent *) waiting->pdata[0])->id,
                                              &is_new, NULL));
  g_assert_true (is_new);
  g_assert_true (tvm_store_refuse_team_event (ana, ((TvmTeamEvent *) waiting->pdata[0])->id,
                                              &is_new, NULL));
  g_assert_false (is_new);
  g_assert_cmpuint (count_views (ana), ==, 1);
  g_assert_cmpint (tvm_store_count_refused (ana), ==, 1);
  push (self, 0);
  pull (self, 0, G_MAXUINT);
  g_assert_cmpuint (count_views (ana), ==, 0);
  g_assert_cmpint (tvm_store_count_refused (ana), ==, 0);
}

/* ---- coming back */

static char *
dup_lines (TvmStore *store, const char *id)
{
  g_autoptr(GPtrArray) history = tvm_store_list_history (store, id, NULL);
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < history->len; i++)
    {
      const TvmHistoryEntry *entry = history->pdata[i];

      g_string_append_printf (text, "%s %s %s\n", entry->kind, entry->who, entry->detail);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* Who was in another team meanwhile has each line once, and what waited is sent. */
static void
test_back_again (Team *self, gconstpointer data)
{
  TvmStore *ana = self->stores[0].store, *ben = self->stores[1].store;
  g_autofree char *id = request (ana, people[0]);
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  gboolean is_shared;

  push (self, 0);
  pull (self, 1, G_MAXUINT);
  g_assert_true (tvm_store_comment (ben, id, people[1], "mine", NULL));
  push (self, 1);
  say (self, TVM_EVENT_COMMENT, id, people[2], "{\"text\":\"theirs\"}");
  pull (self, 1, G_MAXUINT);
  g_assert_true (tvm_store_comment (ben, id, people[1], "waits", NULL));
  before = dup_lines (ben, id);
  g_assert_true (tvm_store_leave_team (ben, NULL));
  g_assert_true (tvm_store_join_team (ben, "another", people[1], NULL));
  g_assert_cmpint (tvm_store_count_team_events (ben, NULL), ==, 0);
  g_assert_true (tvm_store_is_shared (ben, id, &is_shared, NULL));
  g_assert_false (is_shared);
  g_assert_true (tvm_store_leave_team (ben, NULL));
  g_assert_true (tvm_store_join_team (ben, "team", people[1], NULL));
  g_assert_cmpint (tvm_store_count_team_events (ben, NULL), ==, 1);
  push (self, 1);
  pull (self, 1, G_MAXUINT);
  after = dup_lines (ben, id);
  g_assert_cmpstr (after, ==, before);
  g_assert_cmpint (tvm_store_count_team_events (ben, NULL), ==, 0);
  g_assert_cmpuint (self->log->len, ==, 4);
}

static guint
count_taken (TvmStore *store)
{
  g_autoptr(GPtrArray) events = tvm_store_take_team_events (store, NULL);

  return events->len;
}

/* A login is one person: what waits is sent under the new name. Another person's is not. */
static void
test_another_name (Team *self, gconstpointer data)
{
  static const char *const nobody[] = { NULL };
  static const char *const former[] = { "BEN@x.example", NULL };
  TvmStore *ben = self->stores[1].store;
  g_autofree char *id = request (ben, people[1]);

  g_assert_true (tvm_store_become_in_team (ben, nobody, people[1], "2", NULL));
  g_assert_cmpuint (count_taken (ben), ==, 1);
  g_assert_true (tvm_store_become_in_team (ben, nobody, "carl@x.example", "3", NULL));
  g_assert_cmpuint (count_taken (ben), ==, 0);
  g_assert_true (tvm_store_become_in_team (ben, former, "ben.new@x.example", "4", NULL));
  g_assert_cmpuint (count_taken (ben), ==, 1);
  /* The owner corrected the account. */
  g_assert_true (tvm_store_become_in_team (ben, nobody, "ben.newest@x.example", "4", NULL));
  g_assert_cmpuint (count_taken (ben), ==, 1);
}

#define ADD(path, func) g_test_add (path, Team, NULL, team_set_up, func, team_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  ADD ("/store-team-sound/faults", test_faults);
  ADD ("/store-team-sound/too-long", test_too_long);
  ADD ("/store-team-sound/taken-id", test_taken_id);
  ADD ("/store-team-sound/lost-right", test_lost_right);
  ADD ("/store-team-sound/refused-view", test_refused_view);
  ADD ("/store-team-sound/back-again", test_back_again);
  ADD ("/store-team-sound/another-name", test_another_name);
  return g_test_run ();
}

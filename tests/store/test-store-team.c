/* test-store-team.c: members of a team who decide at random, are away at random, and whose answers
 * get lost, come to the same. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "team-fixture.h"

#include "tvm-policy.h"

#define STEPS   800
#define MOST_ROUNDS 20

/* ---- decisions */

static char *
pick (TvmStore *store)
{
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_ACTIVITIES);
  g_autoptr(GArray) keys = tvm_store_list_keys (store, query, NULL, NULL);
  g_autoptr(GPtrArray) records = NULL;
  gint64 key;

  if (keys->len == 0)
    return NULL;
  key = g_array_index (keys, gint64, g_test_rand_int_range (0, (int) keys->len));
  records = tvm_store_list_records (store, query, &key, 1, NULL);
  return g_strdup (((TvmActivity *) records->pdata[0])->id);
}

static void
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
}

static void
file (TvmStore *store, const char *who)
{
  static const char *const groups[] = { "Even", "Odd, \"quoted\"" };
  g_autoptr(TvmExceptionForm) form = tvm_exception_form_new ();
  g_autofree char *today = tvm_today ();
  int what = g_test_rand_int_range (0, 4);

  form->recommendation_id = g_strdup (REC);
  form->justification = TVM_JUSTIFICATION_RISK_ACCEPTED;
  form->context = g_strdup ("why");
  form->ends_on = tvm_date_add_days (today, 30);
  form->is_global = what == 0;
  form->groups = what == 0 ? NULL : g_new0 (char *, 3);
  for (int i = 0, n = 0; what != 0 && i < 2; i++)
    if (what == 3 || i + 1 == what)
      form->groups[n++] = g_strdup (groups[i]);
  tvm_exception_unref (tvm_store_add_exception (store, form, who, NULL));  /* if it may */
}

/* Whatever the store refuses counts for nothing. */
static void
decide_exception (Team *self, int member)
{
  TvmStore *store = self->stores[member].store;
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_EXCEPTIONS);
  g_autoptr(GArray) keys = tvm_store_list_keys (store, query, NULL, NULL);
  g_autoptr(GPtrArray) records = NULL;
  const TvmException *x;
  const char *one[] = { NULL, NULL };
  int what = g_test_rand_int_range (0, 8);
  gint64 key;

  if (keys->len == 0 || what < 2)
    {
      file (store, people[member]);
      return;
    }
  key = g_array_index (keys, gint64, g_test_rand_int_range (0, MIN (4, (int) keys->len)));
  records = tvm_store_list_records (store, query, &key, 1, NULL);
  x = records->pdata[0];
  one[0] = x->groups[0];
  if (what < 5)
    tvm_store_decide_exception (store, x->id, what > 2, "reason", people[member], NULL);
  else if (what < 7 && x->status != TVM_EXCEPTION_REQUESTED)
    tvm_store_cancel_exception (store, x->id, what == 5 && one[0] != NULL ? one : NULL,
                                people[member], NULL);
  else if (what == 7)
    tvm_store_cancel_exception (store, x->id, NULL, people[member], NULL);
}

/* Who is no administrator sets their own, or is refused; neither goes to the others. */
static void
set_policy (Team *self, int member)
{
  TvmStore *store = self->stores[member].store;
  const char *const *presets = tvm_policy_presets ();
  int n = (int) g_strv_length ((char **) presets);
  int n_before = tvm_store_count_team_events (store, NULL);
  gboolean is_teams;
  g_autoptr(GError) error = NULL;

  if (!tvm_store_set_team_policy (store, presets[g_test_rand_int_range (0, n)], people[member],
                                  &is_teams, &error))
    g_assert_error (error, TVM_ERROR, TVM_ERROR_FORBIDDEN);
  if (member < ADMINISTRATORS)
    g_assert_true (is_teams);
  else
    g_assert_cmpint (tvm_store_count_team_events (store, NULL), ==, n_before);
}

/* Whatever the store refuses counts for nothing. */
static void
share_view (Team *self, int member)
{
  static const char *const names[] = { "One", "Two" };
  TvmStore *store = self->stores[member].store;
  g_autofree char *state = g_strdup_printf ("[view]\nn=%d\n", g_test_rand_int_range (0, 1000));
  g_autoptr(GPtrArray) views = tvm_store_list_team_views (store, NULL, NULL);

  if (views->len > 0 && g_test_rand_int_range (0, 3) == 0)
    tvm_store_withdraw_view (store, ((TvmTeamView *) views->pdata[g_test_rand_int_range (
                               0, (int) views->len)])->id, people[member], NULL);
  else
    g_assert_true (tvm_store_share_view (store, "devices", names[g_test_rand_int_range (0, 2)],
                                         state, people[member], NULL));
}

static void
decide (Team *self, int member)
{
  TvmStore *store = self->stores[member].store;
  g_autofree char *id = pick (store);
  g_autofree char *text = g_strdup_printf ("text %d", g_test_rand_int_range (0, 1000000));
  int what = g_test_rand_int_range (0, 15);

  if (what == 13)
    set_policy (self, member);
  else if (what == 14)
    share_view (self, member);
  else if (id == NULL || what == 0)
    request (store, people[member]);
  else if (what < 4)
    g_assert_true (tvm_store_comment (store, id, people[member], text, NULL));
  else if (what < 7)
    tvm_store_complete (store, id, people[member], text, NULL);
  else if (what < 9)
    tvm_store_undo_complete (store, id, people[member], NULL);
  else if (what == 9)
    tvm_store_undo_request (store, id, people[member], NULL);
  else
    g_assert_true (tvm_store_assign (store, id, people[member],
                                     what < 12 ? people[g_test_rand_int_range (0, MEMBERS)] : NULL,
                                     NULL));
}

static void
step (Team *self)
{
  int member = g_test_rand_int_range (0, MEMBERS);

  self->now_us += g_test_rand_int_range (1, 20) * TVM_SECOND_US;
  tvm_set_clock_us (self->now_us);
  switch (g_test_rand_int_range (0, 10))
    {
    case 0:                    /* its answer gets lost */
      push (self, member);
      break;
    case 1:                    /* cut in the middle of what comes */
      pull (self, member, (guint) g_test_rand_int_range (0, 4));
      break;
    case 2:
      push (self, member);
      pull (self, member, G_MAXUINT);
      break;
    case 3:                    /* killed and started again */
      if (g_test_rand_int_range (0, 5) == 0)
        fixture_reopen (&self->stores[member]);
      break;
    case 4:
    case 5:
    case 6:
      decide_exception (self, member);
      break;
    default:
      decide (self, member);
    }
}

/* ---- what it comes to */

static int
compare_texts (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static void
add_lines (Team *self, TvmStore *store, const char *id, GPtrArray *lines)
{
  static const char *const judged[] = { "requested", "comment", "completed-too", "reopening-void",
                                        "assigned-over", NULL };
  g_autoptr(GPtrArray) history = tvm_store_list_history (store, id, NULL);

  for (guint i = 0; i < history->len; i++)
    {
      const TvmHistoryEntry *entry = history->pdata[i];

      self->n_late += strcmp (entry->kind, "completed-too") == 0;
      self->n_void += strcmp (entry->kind, "reopening-void") == 0;
      self->n_over += strcmp (entry->kind, "assigned-over") == 0;
      if (g_strv_contains (judged, entry->kind))
        g_ptr_array_add (lines, g_strdup_printf ("%s %s %s %s %s", id, entry->kind, entry->who,
                                                 entry->detail, entry->after));
    }
}

static void
add_exception_lines (Team *self, TvmStore *store, const char *id, GPtrArray *lines)
{
  static const char *const judged[] = { "exception-filed", "exception-cancelled-too",
                                        "exception-decided-too", "exception-decision-void",
                                        "exception-doubled", NULL };
  g_autoptr(GPtrArray) history = tvm_store_list_exception_history (store, id, NULL);

  for (guint i = 0; i < history->len; i++)
    {
      const TvmHistoryEntry *entry = history->pdata[i];

      self->n_both += strcmp (entry->kind, "exception-doubled") == 0;
      self->n_in_vain += strcmp (entry->kind, "exception-decided-too") == 0 ||
                         strcmp (entry->kind, "exception-decision-void") == 0;
      if (g_strv_contains (judged, entry->kind))
        g_ptr_array_add (lines, g_strdup_printf ("%s %s %s %s", id, entry->kind, entry->who,
                                                 entry->detail));
    }
}

static void
describe_exceptions (Team *self, TvmStore *store, GPtrArray *lines)
{
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_EXCEPTIONS);
  g_autoptr(GArray) keys = tvm_store_list_keys (store, query, NULL, NULL);
  g_autoptr(GPtrArray) records =
    tvm_store_list_records (store, query, (gint64 *) keys->data, keys->len, NULL);

  for (guint i = 0; i < records->len; i++)
    {
      const TvmException *x = records->pdata[i];
      g_autofree char *groups = g_strjoinv ("|", x->groups);

      self->n_approved += x->approval == TVM_APPROVAL_APPROVED;
      self->n_rejected += x->approval == TVM_APPROVAL_REJECTED;
      g_ptr_array_add (lines, g_strdup_printf ("%s %s %d %d %d %s %s %s %s %" G_GINT64_FORMAT " %"
                                               G_GINT64_FORMAT " %" G_GINT64_FORMAT, x->id,
                                               x->created_by, x->is_global, x->status, x->approval,
                                               x->decided_by, x->decision_reason, x->cancelled_by,
                                               groups, x->created_us, x->decided_us, x->ended_us));
      add_exception_lines (self, store, x->id, lines);
    }
}

static void
add_policy (Team *self, TvmStore *store, GPtrArray *lines)
{
  g_autoptr(TvmTeamPolicy) policy = tvm_store_get_team_policy (store, NULL);

  if (policy != NULL)
    g_ptr_array_add (lines, g_strdup_printf ("policy %s %s %s %" G_GINT64_FORMAT, policy->policy,
                                             policy->set_by, policy->over, policy->set_us));
}

static void
add_views (Team *self, TvmStore *store, GPtrArray *lines)
{
  g_autoptr(GPtrArray) views = tvm_store_list_team_views (store, NULL, NULL);

  for (guint i = 0; i < views->len; i++)
    {
      const TvmTeamView *view = views->pdata[i];

      g_ptr_array_add (lines, g_strdup_printf ("%s %s %s %s %s %" G_GINT64_FORMAT, view->id,
                                               view->list, view->name, view->state, view->who,
                                               view->shared_us));
    }
  self->n_views += (int) views->len;
}

static char *
describe (Team *self, TvmStore *store)
{
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_ACTIVITIES);
  g_autoptr(GArray) keys = tvm_store_list_keys (store, query, NULL, NULL);
  g_autoptr(GPtrArray) records =
    tvm_store_list_records (store, query, (gint64 *) keys->data, keys->len, NULL);
  g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < records->len; i++)
    {
      const TvmActivity *a = records->pdata[i];

      g_ptr_array_add (lines, g_strdup_printf ("%s %s %d %d %s %" G_GINT64_FORMAT " %s %"
                                               G_GINT64_FORMAT " %d", a->id, a->assignee, a->status,
                                               a->completion, a->completed_by, a->completed_us,
                                               a->created_by, a->created_us, a->target_devices));
      add_lines (self, store, a->id, lines);
    }
  describe_exceptions (self, store, lines);
  add_policy (self, store, lines);
  add_views (self, store, lines);
  g_ptr_array_sort (lines, compare_texts);
  g_ptr_array_add (lines, NULL);
  return g_strjoinv ("\n", (char **) lines->pdata);
}

/* How often one took the place of another that its author had not seen. */
static int
count_unaware (Team *self)
{
  g_autoptr(GPtrArray) events =
    g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_team_event_unref);
  g_autofree TvmTeamVerdict *verdicts = g_new0 (TvmTeamVerdict, self->log->len);
  g_autoptr(TvmTeamPolicy) policy = NULL;
  int n = 0;

  for (guint i = 0; i < self->log->len; i++)
    if (strcmp (((TvmTeamEvent *) self->log->pdata[i])->kind, TVM_EVENT_POLICY) == 0)
      g_ptr_array_add (events, tvm_team_event_ref (self->log->pdata[i]));
  policy = tvm_team_judge_policy (events, verdicts);
  for (guint i = 0; i < events->len; i++)
    n += verdicts[i] == TVM_TEAM_UNAWARE;
  return n;
}

/* All send and hear of everything; then their stores say the same. */
static void
compare_stores (Team *self)
{
  g_autofree char *first = NULL;

  self->n_late = self->n_over = self->n_both = self->n_approved = self->n_rejected = 0;
  self->n_void = self->n_in_vain = self->n_views = 0;
  for (int i = 0; i < MEMBERS; i++)
    push (self, i);
  for (int i = 0; i < MEMBERS; i++)
    {
      g_autofree char *text = NULL;

      pull (self, i, G_MAXUINT);
      g_assert_cmpint (tvm_store_count_team_events (self->stores[i].store, NULL), ==, 0);
      text = describe (self, self->stores[i].store);
      if (first == NULL)
        first = g_steal_pointer (&text);
      else
        g_assert_cmpstr (text, ==, first);
    }
  g_assert_cmpuint (strlen (first), >, 0);
}

/* Rarely chance leaves out a rule in so many steps: then they go on. */
static void
test_convergence (Team *self, gconstpointer data)
{
  gboolean is_enough = FALSE;

  for (int round = 0; !is_enough && round < MOST_ROUNDS; round++)
    {
      for (int i = 0; i < STEPS; i++)
        step (self);
      compare_stores (self);
      is_enough = self->n_late > 0 && self->n_over > 0 && self->n_both > 0 &&
                  self->n_approved + self->n_rejected > 0 && count_unaware (self) > 0 &&
                  self->n_views > 0;
    }
  g_assert_true (is_enough);
  g_test_message ("exceptions: %d approved, %d rejected, %d doubled, %d decided about in vain",
                  self->n_approved / MEMBERS, self->n_rejected / MEMBERS, self->n_both / MEMBERS,
                  self->n_in_vain / MEMBERS);
  g_test_message ("%d policies in place of one that was not seen, %d views shared",
                  count_unaware (self), self->n_views / MEMBERS);
  g_test_message ("%u decisions, %d came twice, %d completions late, %d reopened in vain, %d "
                  "assigned over another", self->log->len, self->n_doubled, self->n_late / MEMBERS,
                  self->n_void / MEMBERS, self->n_over / MEMBERS);
}

/* ---- single rules */

/* What the team may know cannot be taken back; what it does not, can, and leaves nothing to send. */
static void
test_undone_request (Team *self, gconstpointer data)
{
  TvmStore *store = self->stores[0].store;
  g_autofree char *id = NULL;
  g_autoptr(GError) error = NULL;

  request (store, people[0]);
  id = pick (store);
  g_assert_true (tvm_store_undo_request (store, id, people[0], NULL));
  g_assert_cmpint (tvm_store_count_team_events (store, NULL), ==, 0);
  request (store, people[0]);
  g_free (id);
  id = pick (store);
  push (self, 0);
  g_assert_false (tvm_store_undo_request (store, id, people[0], &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_CONFLICT);
  g_assert_cmpint (tvm_store_count_team_events (store, NULL), ==, 1);
}

/* Nobody speaks in another's name, and nobody to whom it is not said hears of it. */
static void
test_own_name (Team *self, gconstpointer data)
{
  TvmStore *store = self->stores[0].store;
  g_autoptr(GPtrArray) events = NULL;

  request (store, "somebody.else@x.example");
  request (store, NULL);
  events = tvm_store_take_team_events (store, NULL);
  g_assert_cmpuint (events->len, ==, 0);
  g_assert_true (tvm_store_leave_team (store, NULL));
  request (store, people[0]);
  g_assert_cmpint (tvm_store_count_team_events (store, NULL), ==, 1);
  g_assert_true (tvm_store_join_team (store, "another team", people[0], NULL));
  g_assert_cmpint (tvm_store_count_team_events (store, NULL), ==, 0);
}

#define ADD(path, func) g_test_add (path, Team, NULL, team_set_up, func, team_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  ADD ("/store-team/convergence", test_convergence);
  ADD ("/store-team/convergence-again", test_convergence);
  ADD ("/store-team/undone-request", test_undone_request);
  ADD ("/store-team/own-name", test_own_name);
  return g_test_run ();
}

/* test-store-team-shared.c: what a team shares beside activities and exceptions, as its members'
 * stores keep it. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "team-fixture.h"

/* What is not in the log yet stands here, behind all that is; each is told of the other. */
static void
test_policy (Team *self, gconstpointer data)
{
  TvmStore *ana = self->stores[0].store, *ben = self->stores[1].store;
  TvmStore *dora = self->stores[3].store;
  gboolean is_teams;
  g_autoptr(TvmTeamPolicy) seen = NULL;
  g_autoptr(TvmTeamPolicy) last = NULL;
  g_autofree char *told = NULL;
  g_autofree char *told_other = NULL;
  g_autofree char *told_nobody = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (tvm_store_set_team_policy (dora, "none", people[3], &is_teams, NULL));
  g_assert_false (is_teams);
  g_assert_true (tvm_store_set_team_policy (ana, "kev-due-dates", people[0], &is_teams, NULL));
  g_assert_true (tvm_store_set_team_policy (ben, "none", people[1], &is_teams, NULL));
  push (self, 0);
  pull (self, 1, G_MAXUINT);
  seen = tvm_store_get_team_policy (ben, NULL);
  g_assert_cmpstr (seen->policy, ==, "none");
  g_assert_cmpstr (seen->over, ==, people[0]);
  push (self, 1);
  for (int i = 0; i < MEMBERS; i++)
    pull (self, i, G_MAXUINT);
  last = tvm_store_get_team_policy (dora, NULL);
  g_assert_cmpstr (last->set_by, ==, people[1]);
  g_assert_false (last->may_set);
  g_assert_nonnull (strstr (last->administrators, people[0]));
  told = tvm_store_get_setting (ana, TVM_TEAM_OVER_KEY, NULL);
  told_other = tvm_store_get_setting (ben, TVM_TEAM_OVER_KEY, NULL);
  told_nobody = tvm_store_get_setting (dora, TVM_TEAM_OVER_KEY, NULL);
  g_assert_cmpstr (told, ==, "ben@x.example\nana@x.example");
  g_assert_cmpstr (told_other, ==, told);
  g_assert_null (told_nobody);
  g_assert_false (tvm_store_set_team_policy (dora, "kev-due-dates", people[3], &is_teams, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_FORBIDDEN);
  g_assert_nonnull (strstr (error->message, people[0]));
}

/* What the log will refuse stands nowhere, not here either. */
static void
test_lost_right (Team *self, gconstpointer data)
{
  TvmStore *ana = self->stores[0].store;
  gboolean is_teams;
  g_autoptr(TvmTeamPolicy) before = NULL;
  g_autoptr(TvmTeamPolicy) after = NULL;

  g_assert_true (tvm_store_set_team_policy (ana, "kev-due-dates", people[0], &is_teams, NULL));
  push (self, 0);
  pull (self, 0, G_MAXUINT);
  g_assert_true (tvm_store_set_team_policy (ana, "none", people[0], &is_teams, NULL));
  before = tvm_store_get_team_policy (ana, NULL);
  g_assert_cmpstr (before->policy, ==, "none");
  keep_people (ana, 0);
  after = tvm_store_get_team_policy (ana, NULL);
  g_assert_cmpstr (after->policy, ==, "kev-due-dates");
  g_assert_false (after->may_set);
}

static void
changed_cb (TvmStore *store, guint changes, gpointer user_data)
{
  *(guint *) user_data |= changes;
}

/* A window shows what one may do: it hears of another right, and of nothing where all is as before. */
static void
test_rights_change (Team *self, gconstpointer data)
{
  TvmStore *ana = self->stores[0].store;
  guint changes = 0;

  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_signal_connect (ana, "changed", G_CALLBACK (changed_cb), &changes);
  keep_people (ana, ADMINISTRATORS);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (changes & TVM_CHANGED_SETTINGS, ==, 0);
  keep_people (ana, 0);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (changes & TVM_CHANGED_SETTINGS, ==, TVM_CHANGED_SETTINGS);
}

static guint
count_views (TvmStore *store, const char *list)
{
  g_autoptr(GPtrArray) views = tvm_store_list_team_views (store, list, NULL);

  return views->len;
}

static char *
dup_first (TvmStore *store)
{
  g_autoptr(GPtrArray) views = tvm_store_list_team_views (store, NULL, NULL);

  return g_strdup (((TvmTeamView *) views->pdata[0])->id);
}

/* Shared by its name once, changed after that; its author or an administrator takes it back, and an
 * author who did not is told. */
static void
test_views (Team *self, gconstpointer data)
{
  TvmStore *ana = self->stores[0].store, *dora = self->stores[3].store, *eva = self->stores[4].store;
  g_autofree char *id = NULL;
  g_autofree char *told = NULL;
  g_autofree char *told_other = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (tvm_store_share_view (dora, "devices", "Old", "[view]\na=1\n", people[3], NULL));
  g_assert_true (tvm_store_share_view (dora, "devices", "Old", "[view]\na=2\n", people[3], NULL));
  g_assert_true (tvm_store_share_view (dora, "scores", "Old", "[view]\na=3\n", people[3], NULL));
  g_assert_cmpuint (count_views (dora, NULL), ==, 2);
  push (self, 3);
  pull (self, 0, G_MAXUINT);
  pull (self, 4, G_MAXUINT);
  g_assert_cmpuint (count_views (eva, "devices"), ==, 1);
  g_assert_cmpuint (count_views (eva, NULL), ==, 2);
  id = dup_first (eva);
  g_assert_false (tvm_store_withdraw_view (eva, id, people[4], &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_FORBIDDEN);
  g_assert_nonnull (strstr (error->message, people[3]));
  g_assert_true (tvm_store_withdraw_view (ana, id, people[0], NULL));
  g_assert_cmpuint (count_views (ana, NULL), ==, 1);
  g_clear_error (&error);
  g_assert_false (tvm_store_withdraw_view (ana, id, people[0], &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_CONFLICT);
  push (self, 0);
  pull (self, 3, G_MAXUINT);
  pull (self, 4, G_MAXUINT);
  g_assert_cmpuint (count_views (dora, NULL), ==, 1);
  g_assert_cmpuint (count_views (eva, NULL), ==, 1);
  told = tvm_store_get_setting (dora, TVM_TEAM_TAKEN_KEY, NULL);
  told_other = tvm_store_get_setting (eva, TVM_TEAM_TAKEN_KEY, NULL);
  g_assert_cmpstr (told, ==, "ana@x.example\nOld");
  g_assert_null (told_other);
  g_assert_true (tvm_store_leave_team (dora, NULL));
  g_assert_cmpuint (count_views (dora, NULL), ==, 0);
  g_clear_error (&error);
  g_assert_false (tvm_store_share_view (dora, "devices", "New", "[view]\n", people[3], &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_NOT_FOUND);
}

#define ADD(path, func) g_test_add (path, Team, NULL, team_set_up, func, team_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  ADD ("/store-team-shared/policy", test_policy);
  ADD ("/store-team-shared/lost-right", test_lost_right);
  ADD ("/store-team-shared/rights-change", test_rights_change);
  ADD ("/store-team-shared/views", test_views);
  return g_test_run ();
}

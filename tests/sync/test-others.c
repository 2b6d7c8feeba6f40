/* test-others.c: two profiles on one tenant see what the other one asked for (R20), and what was shown
 * is what is submitted. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "sync-fixture.h"
#include "tvm-error.h"
#include "tvm-text.h"

#include <string.h>

#define TICKETS_PATH "/beta/deviceAppManagement/deviceAppManagementTasks"

static const SyncFixtureOptions connected = { .intune = TRUE };

static void
push (SyncFixture *self)
{
  g_autoptr(GError) error = NULL;

  tvm_sync_engine_push_outbox (self->engine, NULL, NULL, &error);
  g_assert_no_error (error);
}

/* How many asked for @request before, by a dry run. */
static guint
count_priors (SyncFixture *self, const TvmRequest *request, TvmPriorKind kind)
{
  g_auto(TvmRequestFacts) facts = TVM_REQUEST_FACTS_INIT;
  g_autoptr(GError) error = NULL;
  g_autoptr(TvmActivity) activity = tvm_sync_engine_request (self->engine, request, TRUE, &facts,
                                                             NULL, &error);
  guint n = 0;

  g_assert_no_error (error);
  for (guint i = 0; i < facts.priors->len; i++)
    n += ((const TvmPrior *) facts.priors->pdata[i])->kind == kind;
  return n;
}

static TvmTicket *
get_adopted (SyncFixture *self, const char *recommendation_id)
{
  g_autoptr(GPtrArray) list = tvm_store_list_adopted_tickets (self->store, recommendation_id, NULL);

  return list->len == 1 ? tvm_ticket_ref (list->pdata[0]) : NULL;
}

/* The exposed devices are of several groups: one that is chosen and one that is not. */
static void
find_groups (SyncFixture *self, const char *id, char **out_chosen, char **out_other)
{
  g_autoptr(GPtrArray) groups = tvm_store_list_group_counts (self->store, id, NULL);

  *out_chosen = *out_other = NULL;
  for (guint i = 0; i < groups->len; i++)
    {
      const TvmGroupCount *group = groups->pdata[i];

      if (group->joined > 0 && *out_chosen == NULL)
        *out_chosen = g_strdup (group->name);
      else if (*out_other == NULL)
        *out_other = g_strdup (group->name);
    }
  g_assert_nonnull (*out_chosen);
  g_assert_nonnull (*out_other);
}

static void
order_ticket (SyncFixture *self, const char *id, const char *word)
{
  g_autofree char *path = g_strdup_printf ("tickets/%s/%s", id, word);
  g_autoptr(JsonObject) answer = sync_fixture_order (self, path, "{}");

  g_assert_nonnull (answer);
}

static void
test_two_profiles (SyncFixture *ana, gconstpointer data)
{
  SyncFixture bo;
  g_autoptr(TvmRecommendation) recommendation = NULL;
  g_autoptr(TvmRequest) request = NULL, same = NULL;
  g_autoptr(TvmActivity) activity = NULL, own = NULL, after = NULL;
  g_autoptr(TvmTicket) adopted = NULL, back = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *chosen = NULL, *other = NULL;
  TvmStoreCounts counts;

  sync_fixture_open_other (&bo, ana);
  sync_fixture_sync_plain (ana);
  sync_fixture_sync_plain (&bo);
  recommendation = sync_fixture_pick (ana, TVM_TYPE_UPDATE);
  g_assert_true (tvm_sync_engine_fetch_devices (ana->engine, recommendation->id, NULL, NULL));
  find_groups (ana, recommendation->id, &chosen, &other);
  request = sync_fixture_new_request (recommendation, TRUE);
  same = tvm_request_copy (request);
  request->groups = g_strsplit (chosen, "\n", -1);
  g_assert_cmpuint (count_priors (&bo, same, TVM_PRIOR_TICKET), ==, 0);
  activity = sync_fixture_submit (ana, request);
  push (ana);

  /* No activity of Bo's has a ticket, and still Ana's is found, with who and what. */
  sync_fixture_sync_plain (&bo);
  adopted = get_adopted (&bo, recommendation->id);
  g_assert_nonnull (adopted);
  g_assert_cmpstr (adopted->created_by, ==, activity->created_by);
  g_assert_cmpstr (adopted->groups[0], ==, chosen);
  g_assert_cmpint (adopted->status, ==, TVM_TICKET_PENDING);
  g_assert_cmpuint (count_priors (&bo, same, TVM_PRIOR_TICKET), ==, 1);
  same->groups = g_strsplit (other, "\n", -1);
  same->create_ticket = FALSE;
  g_assert_cmpuint (count_priors (&bo, same, TVM_PRIOR_TICKET), ==, 0);
  g_clear_pointer (&same->groups, g_strfreev);
  g_assert_true (tvm_store_counts (bo.store, &counts, NULL));
  g_assert_cmpint (counts.outbox, ==, 0);
  g_assert_null (tvm_store_find_ticket (bo.store, adopted->id, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_NOT_FOUND);

  /* Bo may ask all the same; neither adopts their own. */
  same->create_ticket = TRUE;
  own = sync_fixture_submit (&bo, same);
  push (&bo);
  sync_fixture_sync_plain (ana);
  sync_fixture_sync_plain (&bo);
  g_assert_cmpuint (sync_fixture_count_tickets (ana, NULL, NULL), ==, 2);
  g_clear_pointer (&adopted, tvm_ticket_unref);
  adopted = get_adopted (&bo, NULL);
  back = get_adopted (ana, NULL);
  g_assert_cmpstr (back->recommendation_id, ==, recommendation->id);
  g_assert_cmpuint (g_strv_length (back->groups), ==, 0);
  g_assert_cmpstr (back->id, !=, adopted->id);

  /* What becomes of Ana's changes nothing of Bo's. */
  order_ticket (ana, adopted->id, "accept");
  order_ticket (ana, adopted->id, "complete");
  sync_fixture_sync_plain (&bo);
  after = tvm_store_get_activity (bo.store, own->id, NULL);
  g_assert_cmpint (after->status, ==, TVM_STATUS_ACTIVE);
  g_assert_cmpint (after->ticket_status, ==, TVM_TICKET_PENDING);
  g_assert_cmpuint (count_priors (&bo, same, TVM_PRIOR_TICKET), ==, 0);
  sync_fixture_close_other (&bo);
}

static void
sync_short (SyncFixture *self, int n_removed)
{
  g_autoptr(GPtrArray) results = sync_fixture_sync (self);
  const TvmListResult *tickets = sync_fixture_find (results, "tickets");

  g_assert_cmpint (tickets->removed, ==, n_removed);
  g_assert_cmpint (tickets->doubtful, ==, 1);
}

/* A ticket that is withdrawn where it was made is gone everywhere. */
static void
test_withdrawn_elsewhere (SyncFixture *ana, gconstpointer data)
{
  SyncFixture bo;
  g_autoptr(TvmRecommendation) recommendation = NULL;
  g_autoptr(TvmRequest) request = NULL;
  g_autoptr(TvmActivity) activity = NULL, own = NULL;
  g_autoptr(TvmTicket) adopted = NULL;
  g_autoptr(GPtrArray) tickets = NULL;

  sync_fixture_open_other (&bo, ana);
  sync_fixture_sync_plain (ana);
  recommendation = sync_fixture_pick (ana, TVM_TYPE_UPDATE);
  request = sync_fixture_new_request (recommendation, TRUE);
  activity = sync_fixture_submit (ana, request);
  push (ana);
  sync_fixture_sync_plain (&bo);
  own = sync_fixture_submit (&bo, request);
  push (&bo);
  adopted = get_adopted (&bo, recommendation->id);
  g_assert_nonnull (adopted);
  tickets = tvm_store_list_tickets (ana->store, activity->id, NULL);
  g_assert_cmpint (tvm_sync_engine_withdraw (ana->engine, ((TvmTicket *) tickets->pdata[0])->key,
                                             NULL, NULL), ==, TVM_WITHDRAW_DONE);
  /* Status 404 with a page of a gateway is no word of Intune. */
  sync_fixture_fault (&bo, TICKETS_PATH "/", "GET", "\"kind\":\"html\",\"times\":9");
  sync_short (&bo, 0);
  sync_fixture_forget_faults (&bo);
  sync_fixture_sync_plain (&bo);
  g_clear_pointer (&adopted, tvm_ticket_unref);
  adopted = get_adopted (&bo, NULL);
  g_assert_null (adopted);
  sync_fixture_close_other (&bo);
}

/* A short list takes no ticket of others away, whether Intune answers for each or not. */
static void
test_short_list (SyncFixture *ana, gconstpointer data)
{
  static const char whole[] = "\"exact\":true,\"kind\":\"short\",\"rows\":0";
  SyncFixture bo;
  g_autoptr(TvmRecommendation) recommendation = NULL;
  g_autoptr(TvmRequest) request = NULL;
  g_autoptr(TvmActivity) first = NULL, second = NULL, own = NULL;

  sync_fixture_open_other (&bo, ana);
  sync_fixture_sync_plain (ana);
  sync_fixture_sync_plain (&bo);
  recommendation = sync_fixture_pick (ana, TVM_TYPE_UPDATE);
  request = sync_fixture_new_request (recommendation, TRUE);
  first = sync_fixture_submit (ana, request);
  second = sync_fixture_submit (ana, request);
  push (ana);
  sync_fixture_sync_plain (&bo);
  own = sync_fixture_submit (&bo, request);
  push (&bo);
  sync_fixture_sync_plain (&bo);
  g_assert_cmpuint (count_priors (&bo, request, TVM_PRIOR_TICKET), ==, 2);
  for (int i = 0; i < 2; i++)
    {
      sync_fixture_fault (&bo, TICKETS_PATH, "GET", whole);
      sync_short (&bo, 0);
      g_assert_cmpuint (count_priors (&bo, request, TVM_PRIOR_TICKET), ==, 2);
    }
  sync_fixture_fault (&bo, TICKETS_PATH, "GET", whole);
  sync_fixture_fault (&bo, TICKETS_PATH "/", "GET", "\"status\":403,\"times\":9");
  sync_short (&bo, 0);
  g_assert_cmpuint (count_priors (&bo, request, TVM_PRIOR_TICKET), ==, 2);
  sync_fixture_close_other (&bo);
}

static TvmOutboxState
get_outbox_state (SyncFixture *self, gint64 *out_key)
{
  g_autoptr(GPtrArray) list = tvm_store_list_outbox (self->store, FALSE, NULL);
  const TvmOutboxEntry *entry;

  g_assert_cmpuint (list->len, ==, 1);
  entry = list->pdata[0];
  *out_key = entry->ticket_key;
  if (entry->is_asked)
    g_assert_nonnull (strstr (entry->last_error, "requested this with a ticket in Microsoft Intune"));
  return tvm_outbox_entry_get_state (entry, 0);
}

/* A ticket waits while somebody else sends one for the same: it is held and told, whoever pushes, until
 * a person says so. */
static void
test_waiting (SyncFixture *ana, gconstpointer data)
{
  SyncFixture bo;
  g_autoptr(TvmRecommendation) recommendation = NULL;
  g_autoptr(TvmRequest) request = NULL;
  g_autoptr(TvmActivity) activity = NULL, own = NULL, third = NULL;
  g_autoptr(GPtrArray) results = NULL;
  g_autoptr(GError) error = NULL;
  gint64 key;

  sync_fixture_open_other (&bo, ana);
  sync_fixture_sync_plain (ana);
  sync_fixture_sync_plain (&bo);
  recommendation = sync_fixture_pick (ana, TVM_TYPE_UPDATE);
  request = sync_fixture_new_request (recommendation, TRUE);
  activity = sync_fixture_submit (ana, request);
  own = sync_fixture_submit (&bo, request);
  push (&bo);
  results = tvm_sync_engine_sync (ana->engine, FALSE, NULL, NULL, NULL, &error);
  g_assert_error (error, TVM_ERROR, TVM_ERROR_CONFLICT);
  g_assert_cmpuint (sync_fixture_count_tickets (ana, NULL, NULL), ==, 1);
  g_assert_cmpint (get_outbox_state (ana, &key), ==, TVM_OUTBOX_ASKED);
  sync_fixture_assert_history (ana, activity, "ticket-held requested");
  sync_fixture_sync_plain (ana);
  push (ana);
  g_assert_cmpuint (sync_fixture_count_tickets (ana, NULL, NULL), ==, 1);
  g_assert_true (tvm_sync_engine_retry_outbox (ana->engine, key, NULL, NULL));
  g_assert_cmpuint (sync_fixture_count_tickets (ana, NULL, NULL), ==, 2);
  sync_fixture_assert_history (ana, activity, "ticket-sent ticket-retried ticket-held requested");

  /* What was known when it was submitted holds nothing, and one that is held can be revoked. */
  g_clear_error (&error);
  sync_fixture_sync_plain (ana);
  third = sync_fixture_submit (ana, request);
  push (ana);
  g_assert_cmpuint (sync_fixture_count_tickets (ana, NULL, NULL), ==, 3);
  g_clear_pointer (&own, tvm_activity_unref);
  own = sync_fixture_submit (&bo, request);
  tvm_sync_engine_push_outbox (bo.engine, NULL, NULL, &error);
  g_assert_cmpint (get_outbox_state (&bo, &key), ==, TVM_OUTBOX_ASKED);
  g_assert_true (tvm_sync_engine_revoke_outbox (bo.engine, key, NULL, NULL));
  g_assert_cmpuint (sync_fixture_count_tickets (ana, NULL, NULL), ==, 3);
  sync_fixture_close_other (&bo);
}

static void
submit_shown (SyncFixture *self, const TvmRequest *request, gboolean is_refused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TvmActivity) activity = tvm_sync_engine_request (self->engine, request, FALSE, NULL,
                                                             NULL, &error);

  if (is_refused)
    g_assert_error (error, TVM_ERROR, TVM_ERROR_CONFLICT);
  else
    g_assert_no_error (error);
}

static void
look (SyncFixture *self, TvmRequest *request)
{
  g_auto(TvmRequestFacts) facts = TVM_REQUEST_FACTS_INIT;
  g_autoptr(GError) error = NULL;
  g_autoptr(TvmActivity) activity = NULL;

  request->shown.covered = -1;
  activity = tvm_sync_engine_request (self->engine, request, TRUE, &facts, NULL, &error);
  g_assert_no_error (error);
  request->shown = (TvmShown) { facts.coverage.covered, facts.coverage.joined,
                                (int) facts.priors->len };
}

/* Between the form and its submission devices are patched, and somebody asks for the same. */
static void
test_shown (SyncFixture *self, gconstpointer data)
{
  g_autoptr(TvmRecommendation) recommendation = NULL;
  g_autoptr(TvmRequest) request = NULL, other = NULL;
  g_autoptr(TvmActivity) activity = NULL;
  g_autoptr(JsonObject) answer = NULL;
  g_autoptr(GPtrArray) exposed = NULL;
  g_autofree char *path = NULL, *body = NULL;
  TvmStoreCounts counts;

  sync_fixture_sync_plain (self);
  recommendation = sync_fixture_pick (self, TVM_TYPE_UPDATE);
  request = sync_fixture_new_request (recommendation, FALSE);
  other = tvm_request_copy (request);
  look (self, request);
  g_assert_cmpint (request->shown.covered, ==, recommendation->exposed_devices);
  exposed = sync_fixture_list_exposed (self, recommendation->id);
  path = g_strconcat ("recommendations/", recommendation->id, "/patch", NULL);
  body = g_strdup_printf ("{\"devices\":[\"%s\"]}", ((TvmDevice *) exposed->pdata[0])->id);
  answer = sync_fixture_order (self, path, body);
  g_assert_true (tvm_sync_engine_fetch_recommendation (self->engine, recommendation->id, NULL, NULL));
  submit_shown (self, request, TRUE);
  look (self, request);
  g_assert_cmpint (request->shown.covered, ==, recommendation->exposed_devices - 1);
  activity = sync_fixture_submit (self, other);
  submit_shown (self, request, TRUE);
  look (self, request);
  submit_shown (self, request, FALSE);
  g_assert_true (tvm_store_counts (self->store, &counts, NULL));
  g_assert_cmpint (counts.activities, ==, 9 + 2);
}

#define ADD(path, options, test) \
  g_test_add (path, SyncFixture, options, sync_fixture_set_up, test, sync_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  ADD ("/others/two-profiles", &connected, test_two_profiles);
  ADD ("/others/withdrawn-elsewhere", &connected, test_withdrawn_elsewhere);
  ADD ("/others/short-list", &connected, test_short_list);
  ADD ("/others/waiting", &connected, test_waiting);
  ADD ("/others/shown", NULL, test_shown);
  return g_test_run ();
}

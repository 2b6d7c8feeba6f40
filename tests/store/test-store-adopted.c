/* test-store-adopted.c: tickets that another store made, and who asked for the same before (R20).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "keep.h"
#include "store-fixture.h"
#include "tvm-disagreement.h"
#include "tvm-store-team.h"
#include "tvm-error.h"
#include "tvm-text.h"
#include "tvm-time.h"

#define ODD          "Odd, \"quoted\""
#define OTHER_ID     "0f2c6a0e-0000-4c0b-8f57-0f6b1f6d1c11"
#define OTHER_MARKER "TVM-0f2c6a0e-90a1-4c0b-8f57-0f6b1f6d1c11"

static TvmTicket *
add_ticket (GPtrArray *list, const char *id, const char *marker, TvmTicketStatus status)
{
  TvmTicket *ticket = tvm_ticket_new ();

  ticket->activity_id = g_strdup ("");
  ticket->id = g_strdup (id);
  ticket->marker = g_strdup (marker);
  ticket->status = status;
  ticket->devices = 7;
  ticket->title = g_strdup ("Update Example Player");
  ticket->created_by = g_strdup ("carol@contoso.example");
  ticket->created_us = NOW_US;
  g_ptr_array_add (list, ticket);
  return ticket;
}

static GPtrArray *
new_list (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_ticket_unref);
}

static TvmListResult
merge (Fixture *f, GPtrArray *list)
{
  TvmListResult result = { .requests = 0 };
  g_autoptr(GError) error = NULL;

  keep_tickets (f->store, list, &result, &error);
  g_assert_no_error (error);
  return result;
}

/* The same where Intune was asked for what the list lacks: it has not @gone (nullable), or it has
 * something else of it. */
static TvmListResult
merge_asked (Fixture *f, GPtrArray *list, const char *gone, gboolean lacked_some)
{
  g_autoptr(TvmPull) pull = tvm_store_begin_pull (f->store, TVM_PULL_TICKETS, NULL, NULL);
  TvmListResult result = { .requests = 0 };

  g_ptr_array_unref (pull->records);
  pull->records = g_ptr_array_ref (list);
  pull->lacked_some = lacked_some;
  if (gone != NULL)
    g_hash_table_add (pull->gone, g_strdup (gone));
  g_assert_true (tvm_store_keep_pull (f->store, pull, &result, NULL));
  return result;
}

static GPtrArray *
list_adopted (Fixture *f, const char *recommendation_id)
{
  g_autoptr(GError) error = NULL;
  GPtrArray *list = tvm_store_list_adopted_tickets (f->store, recommendation_id, &error);

  g_assert_no_error (error);
  return list;
}

static void
assert_disagreements (Fixture *f, const TvmActivity *activity, guint wanted)
{
  g_autoptr(TvmActivity) now = tvm_store_get_activity (f->store, activity->id, NULL);

  g_assert_nonnull (now);
  g_assert_cmpuint (now->disagreements, ==, wanted);
}

/* It is there and nothing follows from it; when it is gone from Intune it is gone here. */
static void
test_adopted (Fixture *f, gconstpointer data)
{
  g_autoptr(GPtrArray) tickets = new_list (), adopted = NULL, gone = NULL, outbox = NULL;
  g_autoptr(GPtrArray) none = new_list ();
  g_autoptr(GError) error = NULL;
  TvmTicket *ticket = add_ticket (tickets, OTHER_ID, OTHER_MARKER, TVM_TICKET_PENDING);
  TvmListResult result;
  TvmStoreCounts counts;

  fixture_recommendations (f, 1);
  add_ticket (tickets, "no-marker", NULL, TVM_TICKET_PENDING);
  ticket->recommendation_id = g_strdup (REC);
  ticket->groups = g_new0 (char *, 1);
  result = merge (f, tickets);
  g_assert_cmpint (result.received, ==, 1);
  g_assert_cmpint (result.added, ==, 1);
  result = merge (f, tickets);
  g_assert_cmpint (result.added + result.changed + result.removed, ==, 0);
  adopted = list_adopted (f, REC);
  g_assert_cmpuint (adopted->len, ==, 1);
  ticket = adopted->pdata[0];
  g_assert_cmpstr (ticket->id, ==, OTHER_ID);
  g_assert_cmpstr (ticket->created_by, ==, "carol@contoso.example");
  g_assert_cmpint (ticket->devices, ==, 7);
  g_assert_cmpint (ticket->key, ==, 0);
  g_assert_true (tvm_store_counts (f->store, &counts, NULL));
  g_assert_cmpint (counts.activities + counts.outbox, ==, 0);
  outbox = tvm_store_list_outbox (f->store, FALSE, NULL);
  g_assert_cmpuint (outbox->len, ==, 0);
  g_assert_null (tvm_store_find_ticket (f->store, OTHER_ID, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, "elsewhere"));
  ((TvmTicket *) tickets->pdata[0])->status = TVM_TICKET_REJECTED;
  g_assert_cmpint (merge (f, tickets).changed, ==, 1);
  /* The last one goes by the answer about itself. */
  g_assert_cmpint (merge_asked (f, none, OTHER_ID, FALSE).removed, ==, 1);
  gone = list_adopted (f, NULL);
  g_assert_cmpuint (gone->len, ==, 0);
}

/* A list with a row that cannot be used, or one that lost nearly all, is no proof that others withdrew
 * theirs. */
static void
test_doubtful (Fixture *f, gconstpointer data)
{
  g_autoptr(GPtrArray) tickets = new_list (), none = new_list (), adopted = NULL;
  g_autoptr(TvmPull) pull = NULL;
  TvmListResult result = { .requests = 0 };

  for (int i = 0; i < 20; i++)
    {
      g_autofree char *id = g_strdup_printf ("id-%d", i);
      g_autofree char *marker = g_strdup_printf ("TVM-%d", i);

      add_ticket (tickets, id, marker, TVM_TICKET_PENDING);
    }
  merge (f, tickets);
  g_ptr_array_set_size (tickets, 19);
  pull = tvm_store_begin_pull (f->store, TVM_PULL_TICKETS, NULL, NULL);
  g_ptr_array_unref (pull->records);
  pull->records = g_ptr_array_ref (tickets);
  pull->n_passed_over = 1;
  g_assert_true (tvm_store_keep_pull (f->store, pull, &result, NULL));
  g_assert_cmpint (result.doubtful, ==, 1);
  g_assert_cmpint (result.removed, ==, 0);
  result = merge (f, none);
  g_assert_cmpint (result.doubtful, ==, 1);
  g_assert_cmpint (result.removed, ==, 0);
  adopted = list_adopted (f, NULL);
  g_assert_cmpuint (adopted->len, ==, 20);
  g_assert_cmpint (merge (f, tickets).removed, ==, 0);
  tvm_set_clock_us (tvm_now_us () + TVM_HOUR_US);
  g_assert_cmpint (merge (f, tickets).removed, ==, 1);
}

/* A few are no less doubtful than many, and no list that is known to be short takes any away. */
static void
test_few (Fixture *f, gconstpointer data)
{
  g_autoptr(GPtrArray) tickets = new_list (), none = new_list ();
  TvmListResult result;

  add_ticket (tickets, "a", "TVM-a", TVM_TICKET_PENDING);
  add_ticket (tickets, "b", "TVM-b", TVM_TICKET_PENDING);
  add_ticket (tickets, "c", "TVM-c", TVM_TICKET_PENDING);
  merge (f, tickets);
  result = merge (f, none);
  g_assert_cmpint (result.removed, ==, 0);
  g_assert_cmpint (result.doubtful, ==, 1);
  g_ptr_array_set_size (tickets, 1);
  for (int i = 0; i < 3; i++)
    {
      result = merge_asked (f, tickets, NULL, TRUE);
      g_assert_cmpint (result.removed, ==, 0);
      g_assert_cmpint (result.doubtful, ==, 1);
      tvm_set_clock_us (tvm_now_us () + TVM_HOUR_US);
    }
  result = merge_asked (f, tickets, "b", FALSE);
  g_assert_cmpint (result.removed, ==, 1);
  g_assert_cmpint (result.doubtful, ==, 1);
  tvm_set_clock_us (tvm_now_us () + TVM_HOUR_US);
  result = merge (f, tickets);
  g_assert_cmpint (result.removed, ==, 1);
  g_assert_cmpint (result.doubtful, ==, 0);
}

/* Ours stay ours, sent or not, and also while Intune still lists one that was withdrawn. */
static void
test_ours (Fixture *f, gconstpointer data)
{
  g_autoptr(GPtrArray) tickets = new_list (), own = NULL, adopted = NULL;
  g_autoptr(TvmActivity) activity = NULL;
  const TvmTicket *first;

  fixture_recommendations (f, 1);
  fixture_devices (f, 0, 4, "10");
  fixture_refs (f, 0, 4);
  activity = fixture_submit (f, TVM_TYPE_UPDATE, TRUE);
  own = tvm_store_list_tickets (f->store, activity->id, NULL);
  first = own->pdata[0];
  add_ticket (tickets, OTHER_ID, first->marker, TVM_TICKET_PENDING);
  g_assert_cmpint (merge (f, tickets).changed, ==, 1);
  adopted = list_adopted (f, NULL);
  g_assert_cmpuint (adopted->len, ==, 0);
}

/* Whether the first entry of the outbox waits for a person because of another's ticket. */
static gboolean
is_asked (Fixture *f)
{
  g_autoptr(GPtrArray) outbox = tvm_store_list_outbox (f->store, FALSE, NULL);

  return ((const TvmOutboxEntry *) outbox->pdata[0])->is_asked;
}

static void
add_same (Fixture *f, GPtrArray *tickets, const char *id, const char *group, TvmTicketStatus status)
{
  const char *const groups[] = { group, NULL };
  TvmTicket *ticket = add_ticket (tickets, id, id, status);

  ticket->recommendation_id = g_strdup (REC);
  ticket->groups = g_strdupv ((char **) groups);
  merge (f, tickets);
}

/* What waits is held by a new ticket for the same, but by none that was there when it was submitted,
 * none that is closed, none for others' devices, and none where the team sends its tickets once. */
static void
test_holds (Fixture *f, gconstpointer data)
{
  g_autoptr(GPtrArray) tickets = new_list (), other_tickets = new_list ();
  g_autoptr(TvmActivity) activity = NULL, shared = NULL;
  Fixture other;

  fixture_recommendations (f, 1);
  fixture_devices (f, 0, 4, "10");
  fixture_refs (f, 0, 4);
  add_same (f, tickets, "known", NULL, TVM_TICKET_PENDING);
  activity = fixture_submit (f, TVM_TYPE_UPDATE, TRUE);
  add_same (f, tickets, "closed", NULL, TVM_TICKET_REJECTED);
  g_assert_false (is_asked (f));
  add_same (f, tickets, "new", NULL, TVM_TICKET_PENDING);
  g_assert_true (is_asked (f));

  fixture_set_up (&other, NULL);
  fixture_recommendations (&other, 1);
  fixture_devices (&other, 0, 4, "10");
  fixture_refs (&other, 0, 4);
  g_assert_true (tvm_store_join_team (other.store, "team", "ana@contoso.example", NULL));
  shared = fixture_submit (&other, TVM_TYPE_UPDATE, TRUE);
  add_same (&other, other_tickets, "new", NULL, TVM_TICKET_PENDING);
  g_assert_false (is_asked (&other));
  fixture_tear_down (&other, NULL);
}

/* Two tickets with one marker are told while both are open. */
static void
test_sent_twice (Fixture *f, gconstpointer data)
{
  g_autoptr(GPtrArray) tickets = new_list (), own = NULL, adopted = NULL;
  g_autoptr(TvmActivity) activity = NULL;
  const char *marker;
  TvmTicket *second;

  fixture_recommendations (f, 1);
  fixture_devices (f, 0, 4, "10");
  fixture_refs (f, 0, 4);
  activity = fixture_submit (f, TVM_TYPE_UPDATE, TRUE);
  own = tvm_store_list_tickets (f->store, activity->id, NULL);
  marker = ((const TvmTicket *) own->pdata[0])->marker;
  add_ticket (tickets, OTHER_ID, marker, TVM_TICKET_PENDING);
  second = add_ticket (tickets, "second", marker, TVM_TICKET_PENDING);
  merge (f, tickets);
  adopted = list_adopted (f, NULL);
  g_assert_cmpuint (adopted->len, ==, 1);
  assert_disagreements (f, activity, TVM_DISAGREEMENT_SENT_TWICE);
  second->status = TVM_TICKET_REJECTED;
  merge (f, tickets);
  assert_disagreements (f, activity, 0);
}

/* Of older tickets only what is certain: the same software, or the one configuration of that name. */
static void
test_old_tickets (Fixture *f, gconstpointer data)
{
  g_autoptr(GPtrArray) tickets = new_list (), adopted = NULL, all = NULL;
  g_autoptr(GPtrArray) recommendations =
    g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_recommendation_unref);
  TvmRecommendation *recommendation = tvm_recommendation_new ();
  TvmTicket *ticket;

  recommendation->id = g_strdup (REC);
  recommendation->type = TVM_TYPE_UPDATE;
  recommendation->status = TVM_RECOMMENDATION_ACTIVE;
  recommendation->product = g_strdup ("player");
  recommendation->vendor = g_strdup ("example");
  g_ptr_array_add (recommendations, recommendation);
  g_assert_true (keep_recommendations (f->store, recommendations, NULL, NULL));
  ticket = add_ticket (tickets, "a", "TVM-a", TVM_TICKET_PENDING);
  ticket->product = g_strdup ("player");
  ticket->vendor = g_strdup ("example");
  ticket = add_ticket (tickets, "b", "TVM-b", TVM_TICKET_PENDING);
  ticket->product = g_strdup ("player");
  ticket->vendor = g_strdup ("other");
  add_ticket (tickets, "c", "TVM-c", TVM_TICKET_PENDING);
  merge (f, tickets);
  adopted = list_adopted (f, REC);
  g_assert_cmpuint (adopted->len, ==, 1);
  ticket = adopted->pdata[0];
  g_assert_cmpstr (ticket->id, ==, "a");
  g_assert_cmpstr (ticket->recommendation_id, ==, REC);
  g_assert_null (ticket->groups);
  all = list_adopted (f, NULL);
  g_assert_cmpuint (all->len, ==, 3);
}

static void
assert_priors (Fixture *f, const char *group, const char *words)
{
  g_auto(TvmRequestFacts) facts = TVM_REQUEST_FACTS_INIT;
  const TvmSubmission looking = { .dry_run = TRUE };
  g_autoptr(TvmRequest) request = tvm_request_new ();
  g_autoptr(TvmActivity) activity = NULL;
  g_autoptr(GString) found = g_string_new (NULL);
  g_autoptr(GError) error = NULL;

  request->recommendation_id = g_strdup (REC);
  request->type = TVM_TYPE_UPDATE;
  request->priority = TVM_PRIORITY_LOW;
  request->groups = group != NULL ? g_strsplit (group, "\n", -1) : NULL;
  activity = tvm_store_submit (f->store, request, &looking, &facts, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < facts.priors->len; i++)
    g_string_append_printf (found, "%s ",
                            tvm_prior_to_word (((TvmPrior *) facts.priors->pdata[i])->kind));
  g_assert_cmpstr (found->str, ==, words);
}

static void
add_portal_activity (Fixture *f)
{
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_activity_unref);
  TvmActivity *activity = tvm_activity_new ();

  activity->id = g_strdup ("0f2c6a0e-1111-4c0b-8f57-0f6b1f6d1c11");
  activity->title = g_strdup ("Update Example Player");
  activity->recommendation_id = g_strdup (REC);
  activity->groups = g_strsplit (ODD, "\n", -1);
  activity->type = TVM_TYPE_UPDATE;
  activity->status = TVM_STATUS_ACTIVE;
  activity->origin = TVM_ORIGIN_DEFENDER;
  g_ptr_array_add (list, activity);
  g_assert_true (keep_portal_activities (f->store, list, NULL, NULL));
}

/* Each kind is told where it may be about the same devices, and only while it stands. */
static void
test_priors (Fixture *f, gconstpointer data)
{
  static const char *const groups[] = { "Even", NULL };
  g_autoptr(GPtrArray) tickets = new_list ();
  g_autoptr(TvmExceptionForm) form = tvm_exception_form_new ();
  g_autoptr(TvmException) exception = NULL;
  g_autoptr(TvmActivity) activity = NULL;
  TvmTicket *ticket = add_ticket (tickets, OTHER_ID, OTHER_MARKER, TVM_TICKET_PENDING);

  fixture_recommendations (f, 1);
  fixture_devices (f, 0, 8, "10");
  fixture_refs (f, 0, 8);
  assert_priors (f, NULL, "");
  ticket->recommendation_id = g_strdup (REC);
  ticket->groups = g_strdupv ((char **) groups);
  merge (f, tickets);
  assert_priors (f, NULL, "ticket ");
  assert_priors (f, "Even", "ticket ");
  assert_priors (f, ODD, "");
  tvm_set_str (&ticket->groups[0], ODD);
  ticket->status = TVM_TICKET_ACTIVE;
  merge (f, tickets);
  assert_priors (f, ODD, "ticket ");
  g_clear_pointer (&ticket->groups, g_strfreev);  /* not known: it may be */
  merge (f, tickets);
  assert_priors (f, "Even", "ticket ");
  ticket->status = TVM_TICKET_REJECTED;
  merge (f, tickets);
  assert_priors (f, NULL, "");
  form->recommendation_id = g_strdup (REC);
  form->justification = TVM_JUSTIFICATION_RISK_ACCEPTED;
  form->context = g_strdup ("Because");
  form->ends_on = g_strdup ("2099-01-01");
  form->groups = g_strdupv ((char **) groups);
  exception = tvm_store_add_exception (f->store, form, "ana@contoso.example", NULL);
  g_assert_nonnull (exception);
  assert_priors (f, "Even", "exception ");
  assert_priors (f, ODD, "");
  activity = fixture_submit (f, TVM_TYPE_UPDATE, FALSE);
  assert_priors (f, ODD, "activity ");
  add_portal_activity (f);
  assert_priors (f, ODD, "activity portal-activity ");
  assert_priors (f, NULL, "activity portal-activity exception ");
}

/* The form adds up the device groups; what it says is what a request covers, and what is kept. */
static void
test_same_numbers (Fixture *f, gconstpointer data)
{
  static const char *const odd_ids[] = { "", "no-guid", NULL };
  g_autoptr(GPtrArray) devices = g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_device_unref);
  g_auto(TvmRequestFacts) form = TVM_REQUEST_FACTS_INIT, facts = TVM_REQUEST_FACTS_INIT;
  g_autoptr(TvmRequest) request = tvm_request_new ();
  g_autoptr(TvmActivity) sketch = NULL, kept = NULL;
  TvmSubmission submission = { .who = "ana@contoso.example", .dry_run = TRUE };
  int n_exposed = 0, n_joined = 0;

  fixture_recommendations (f, 1);
  for (int i = 0; i < 8; i++)
    {
      TvmDevice *device = tvm_device_new ();

      device->id = g_strdup_printf ("%040x", i);
      device->aad_device_id = i < 3 ? g_strdup (odd_ids[i])
                                    : g_strdup_printf ("00000000-0000-0000-0000-%012x", i);
      device->is_aad_joined = TRUE;
      g_ptr_array_add (devices, device);
    }
  g_assert_true (keep_devices (f->store, devices, NULL, NULL));
  fixture_refs (f, 0, 8);
  g_assert_true (tvm_store_get_request_facts (f->store, REC, &form, NULL));
  for (guint i = 0; i < form.groups->len; i++)
    {
      n_exposed += ((TvmGroupCount *) form.groups->pdata[i])->exposed;
      n_joined += ((TvmGroupCount *) form.groups->pdata[i])->joined;
    }
  request->recommendation_id = g_strdup (REC);
  request->type = TVM_TYPE_ATTENTION_REQUIRED;
  request->priority = TVM_PRIORITY_HIGH;  /* it has none (R3) */
  sketch = tvm_store_submit (f->store, request, &submission, &facts, NULL);
  g_assert_cmpint (facts.coverage.covered, ==, n_exposed);
  g_assert_cmpint (facts.coverage.joined, ==, n_joined);
  g_assert_cmpint (n_joined, ==, 5);
  submission.dry_run = FALSE;
  kept = tvm_store_submit (f->store, request, &submission, NULL, NULL);
  g_assert_cmpint (kept->target_devices, ==, sketch->target_devices);
  g_assert_cmpint (kept->priority, ==, sketch->priority);
  g_assert_cmpstr (kept->title, ==, sketch->title);
}

#define ADD(path, test) g_test_add (path, Fixture, NULL, fixture_set_up, test, fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  ADD ("/adopted/adopted", test_adopted);
  ADD ("/adopted/doubtful", test_doubtful);
  ADD ("/adopted/few", test_few);
  ADD ("/adopted/ours", test_ours);
  ADD ("/adopted/holds", test_holds);
  ADD ("/adopted/sent-twice", test_sent_twice);
  ADD ("/adopted/old-tickets", test_old_tickets);
  ADD ("/adopted/priors", test_priors);
  ADD ("/adopted/same-numbers", test_same_numbers);
  return g_test_run ();
}

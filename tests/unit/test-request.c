/* test-request.c: what a remediation request may say (R2, R3) and what it covers (R5).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-rules.h"

#include "tvm-error.h"

#include <string.h>

#define TODAY "2026-03-02"

static TvmRecommendation *
make_recommendation (TvmRemediationType type)
{
  TvmRecommendation *recommendation = tvm_recommendation_new ();

  recommendation->id = g_strdup ("va-_-example-_-player");
  recommendation->name = g_strdup ("Update Example Player");
  recommendation->product = g_strdup ("player");
  recommendation->type = type;
  return recommendation;
}

static TvmRequest *
make_request (TvmRemediationType type,
              TvmPriority        priority,
              const char        *due_on)
{
  TvmRequest *request = tvm_request_new ();

  request->recommendation_id = g_strdup ("va-_-example-_-player");
  request->type = type;
  request->priority = priority;
  request->due_on = g_strdup (due_on);
  return request;
}

static void
assert_valid (TvmRemediationType offered,
              const TvmRequest  *request,
              gboolean           intune_connected)
{
  g_autoptr(TvmRecommendation) recommendation = make_recommendation (offered);
  g_autoptr(GError) error = NULL;

  g_assert_true (tvm_request_validate (request, recommendation, intune_connected, TODAY, &error));
  g_assert_no_error (error);
}

static void
assert_invalid (TvmRemediationType offered,
                const TvmRequest  *request,
                gboolean           intune_connected,
                const char        *says)
{
  g_autoptr(TvmRecommendation) recommendation = make_recommendation (offered);
  g_autoptr(GError) error = NULL;

  g_assert_false (tvm_request_validate (request, recommendation, intune_connected, TODAY, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_INVALID);
  if (strstr (error->message, says) == NULL)
    g_error ("“%s” does not say “%s”", error->message, says);
}

/* The types that the form offers, the usual one first. */
static guint
list_types (const TvmRecommendation *recommendation,
            TvmRemediationType       out[5])
{
  guint n = 0;

  for (TvmRemediationType type = TVM_TYPE_UPDATE; type <= TVM_TYPE_ATTENTION_REQUIRED; type++)
    if (tvm_type_fits (type, recommendation))
      out[n++] = type;
  return n;
}

static void
test_types_offered (void)
{
  for (int type = TVM_TYPE_UPDATE; type <= TVM_TYPE_CONFIGURATION_CHANGE; type++)
    {
      g_autoptr(TvmRecommendation) recommendation = make_recommendation (type);
      TvmRemediationType offered[5];

      g_assert_cmpuint (list_types (recommendation, offered), ==, 2);
      g_assert_cmpint (offered[0], ==, type);
      g_assert_cmpint (offered[1], ==, TVM_TYPE_ATTENTION_REQUIRED);
    }
}

static void
test_types_offered_unknown (void)
{
  g_autoptr(TvmRecommendation) unknown = make_recommendation (TVM_TYPE_UNKNOWN);
  g_autoptr(TvmRecommendation) attention = make_recommendation (TVM_TYPE_ATTENTION_REQUIRED);
  TvmRemediationType offered[5];

  g_assert_cmpuint (list_types (unknown, offered), ==, 1);
  g_assert_cmpint (offered[0], ==, TVM_TYPE_ATTENTION_REQUIRED);
  g_assert_cmpuint (list_types (attention, offered), ==, 1);
  g_assert_cmpint (offered[0], ==, TVM_TYPE_ATTENTION_REQUIRED);
  g_assert_false (tvm_type_fits (TVM_TYPE_UNKNOWN, unknown));
}

static void
test_type_must_fit (void)
{
  g_autoptr(TvmRequest) request = make_request (TVM_TYPE_CONFIGURATION_CHANGE, TVM_PRIORITY_HIGH, NULL);

  assert_invalid (TVM_TYPE_UPDATE, request, FALSE, "does not fit");
  assert_valid (TVM_TYPE_CONFIGURATION_CHANGE, request, FALSE);
}

static void
test_priority_required (void)
{
  g_autoptr(TvmRequest) request = make_request (TVM_TYPE_UPDATE, TVM_PRIORITY_NONE, NULL);

  assert_invalid (TVM_TYPE_UPDATE, request, FALSE, "priority");
  request->priority = TVM_PRIORITY_LOW;
  assert_valid (TVM_TYPE_UPDATE, request, FALSE);
}

static void
test_due_date (void)
{
  g_autoptr(TvmRequest) today = make_request (TVM_TYPE_UPDATE, TVM_PRIORITY_HIGH, TODAY);
  g_autoptr(TvmRequest) past = make_request (TVM_TYPE_UPDATE, TVM_PRIORITY_HIGH, "2026-03-01");
  g_autoptr(TvmRequest) bad = make_request (TVM_TYPE_UPDATE, TVM_PRIORITY_HIGH, "2026-02-30");
  g_autoptr(TvmRequest) far = make_request (TVM_TYPE_UPDATE, TVM_PRIORITY_HIGH, "2126-03-02");

  assert_valid (TVM_TYPE_UPDATE, today, FALSE);
  assert_invalid (TVM_TYPE_UPDATE, past, FALSE, "has passed");
  assert_invalid (TVM_TYPE_UPDATE, bad, FALSE, "is no date");
  assert_invalid (TVM_TYPE_UPDATE, far, FALSE, "ten years");
}

static void
test_attention_required (void)
{
  g_autoptr(TvmRequest) request = make_request (TVM_TYPE_ATTENTION_REQUIRED, TVM_PRIORITY_NONE, NULL);

  assert_valid (TVM_TYPE_UPDATE, request, FALSE);
  assert_valid (TVM_TYPE_CONFIGURATION_CHANGE, request, TRUE);
  request->due_on = g_strdup ("2026-04-01");
  assert_invalid (TVM_TYPE_UPDATE, request, TRUE, "no due date");
  g_clear_pointer (&request->due_on, g_free);
  request->create_ticket = TRUE;
  assert_invalid (TVM_TYPE_UPDATE, request, TRUE, "no ticket");
}

static void
test_ticket_needs_connection (void)
{
  g_autoptr(TvmRequest) request = make_request (TVM_TYPE_UPDATE, TVM_PRIORITY_HIGH, NULL);

  request->create_ticket = TRUE;
  assert_invalid (TVM_TYPE_UPDATE, request, FALSE, "Microsoft Intune connection");
  assert_valid (TVM_TYPE_UPDATE, request, TRUE);
}

static void
test_no_impact_only (void)
{
  g_autoptr(TvmRequest) update = make_request (TVM_TYPE_UPDATE, TVM_PRIORITY_HIGH, NULL);
  g_autoptr(TvmRequest) change = make_request (TVM_TYPE_CONFIGURATION_CHANGE, TVM_PRIORITY_HIGH, NULL);

  update->no_impact_only = TRUE;
  change->no_impact_only = TRUE;
  assert_invalid (TVM_TYPE_UPDATE, update, FALSE, "configuration change");
  assert_valid (TVM_TYPE_CONFIGURATION_CHANGE, change, FALSE);
}

static void
test_notes (void)
{
  g_autoptr(TvmRequest) request = make_request (TVM_TYPE_UPDATE, TVM_PRIORITY_HIGH, NULL);

  request->notes = g_strnfill (TVM_NOTE_MAX_BYTES, 'x');
  assert_valid (TVM_TYPE_UPDATE, request, FALSE);
  g_free (request->notes);
  request->notes = g_strnfill (TVM_NOTE_MAX_BYTES + 1, 'x');
  assert_invalid (TVM_TYPE_UPDATE, request, FALSE, "too long");
  g_free (request->notes);
  request->notes = g_strdup ("a\xff");
  assert_invalid (TVM_TYPE_UPDATE, request, FALSE, "UTF-8");
}

static void
test_copy (void)
{
  g_autoptr(TvmRequest) request = make_request (TVM_TYPE_UPDATE, TVM_PRIORITY_HIGH, TODAY);
  g_autoptr(TvmRequest) copy = NULL;

  request->groups = g_strsplit ("Servers,Kiosks", ",", -1);
  request->split = TRUE;
  copy = tvm_request_copy (request);
  g_assert_true (copy->groups != request->groups);
  g_assert_cmpstrv (copy->groups, request->groups);
  g_assert_cmpstr (copy->due_on, ==, TODAY);
  g_assert_true (copy->split);
  tvm_request_free (NULL);
}

static void
assert_plan (int      covered,
             int      joined,
             gboolean create_ticket,
             gboolean split,
             int      n_tickets,
             int      left_out)
{
  TvmCoverage coverage = { .covered = covered, .joined = joined, .n_tickets = 99, .left_out = 99 };

  tvm_coverage_plan (&coverage, create_ticket, split);
  g_assert_cmpint (coverage.covered, ==, covered);
  g_assert_cmpint (coverage.not_joined, ==, covered - joined);
  g_assert_cmpint (coverage.n_tickets, ==, n_tickets);
  g_assert_cmpint (coverage.left_out, ==, left_out);
}

static void
test_coverage (void)
{
  assert_plan (50, 40, FALSE, FALSE, 0, 0);
  assert_plan (50, 40, TRUE, FALSE, 1, 0);
  assert_plan (50, 0, TRUE, TRUE, 0, 0);
  assert_plan (0, 0, TRUE, FALSE, 0, 0);
  assert_plan (10000, 10000, TRUE, FALSE, 1, 0);
  assert_plan (10001, 10001, TRUE, FALSE, 1, 1);
  assert_plan (10001, 10001, TRUE, TRUE, 2, 0);
  assert_plan (20000, 20000, TRUE, TRUE, 2, 0);
  assert_plan (30000, 20001, TRUE, TRUE, 3, 0);
  assert_plan (30000, 20001, FALSE, TRUE, 0, 0);
}

static void
test_title (void)
{
  g_autoptr(TvmRecommendation) recommendation = make_recommendation (TVM_TYPE_UPDATE);
  g_autoptr(TvmRequest) request = make_request (TVM_TYPE_UPDATE, TVM_PRIORITY_HIGH, NULL);
  g_autofree char *named = tvm_activity_title (request, recommendation);
  g_autofree char *unnamed = NULL;

  g_assert_cmpstr (named, ==, "Update Example Player");
  g_clear_pointer (&recommendation->name, g_free);
  unnamed = tvm_activity_title (request, recommendation);
  g_assert_nonnull (strstr (unnamed, "player"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/request/types/offered", test_types_offered);
  g_test_add_func ("/request/types/unknown", test_types_offered_unknown);
  g_test_add_func ("/request/types/must-fit", test_type_must_fit);
  g_test_add_func ("/request/priority-required", test_priority_required);
  g_test_add_func ("/request/due-date", test_due_date);
  g_test_add_func ("/request/attention-required", test_attention_required);
  g_test_add_func ("/request/ticket-needs-connection", test_ticket_needs_connection);
  g_test_add_func ("/request/no-impact-only", test_no_impact_only);
  g_test_add_func ("/request/notes", test_notes);
  g_test_add_func ("/request/copy", test_copy);
  g_test_add_func ("/request/coverage", test_coverage);
  g_test_add_func ("/request/title", test_title);
  return g_test_run ();
}

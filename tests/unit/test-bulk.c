/* test-bulk.c: what may be requested, completed and withdrawn, and how the outcomes of several are told.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-bulk.h"

#include "tvm-error.h"

static void
test_request (void)
{
  g_autoptr(TvmRecommendation) recommendation = tvm_recommendation_new ();
  g_autoptr(TvmRequest) request = tvm_request_new ();
  g_autoptr(GError) error = NULL;

  recommendation->id = g_strdup ("va-_-example-_-player");
  recommendation->type = TVM_TYPE_UPDATE;
  recommendation->status = TVM_RECOMMENDATION_ACTIVE;
  request->type = TVM_TYPE_UPDATE;
  g_assert_true (tvm_request_check_bulk (request, recommendation, &error));
  g_assert_no_error (error);
  recommendation->status = TVM_RECOMMENDATION_PARTIAL_EXCEPTION;
  g_assert_true (tvm_request_check_bulk (request, recommendation, &error));
  recommendation->status = TVM_RECOMMENDATION_FULL_EXCEPTION;
  g_assert_false (tvm_request_check_bulk (request, recommendation, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_CONFLICT);
  g_clear_error (&error);
  recommendation->status = TVM_RECOMMENDATION_ACTIVE;
  request->type = TVM_TYPE_UNINSTALL;
  g_assert_false (tvm_request_check_bulk (request, recommendation, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_INVALID);
  request->type = TVM_TYPE_ATTENTION_REQUIRED;
  g_assert_true (tvm_request_check_bulk (request, recommendation, NULL));
}

static void
test_coverage (void)
{
  g_autoptr(TvmRequest) request = tvm_request_new ();
  TvmCoverage coverage = { .covered = 3 };
  char *no_groups[] = { NULL };
  g_autoptr(GError) error = NULL;

  request->type = TVM_TYPE_UPDATE;
  g_assert_true (tvm_coverage_check (&coverage, request, &error));
  request->create_ticket = TRUE;
  g_assert_false (tvm_coverage_check (&coverage, request, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_INVALID);
  g_clear_error (&error);
  coverage.joined = 1;
  g_assert_true (tvm_coverage_check (&coverage, request, NULL));
  coverage = (TvmCoverage) { 0 };
  request->create_ticket = FALSE;
  g_assert_false (tvm_coverage_check (&coverage, request, NULL));
  request->type = TVM_TYPE_ATTENTION_REQUIRED;
  g_assert_true (tvm_coverage_check (&coverage, request, NULL));
  request->groups = no_groups;
  g_assert_false (tvm_coverage_check (&coverage, request, NULL));
  request->groups = NULL;
}

static void
test_complete (void)
{
  g_autoptr(GError) error = NULL;

  g_assert_true (tvm_activity_may_complete (TVM_ORIGIN_LOCAL, TVM_STATUS_ACTIVE, &error));
  g_assert_false (tvm_activity_may_complete (TVM_ORIGIN_LOCAL, TVM_STATUS_COMPLETED, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_CONFLICT);
  g_assert_nonnull (strstr (error->message, "completed already"));
  g_clear_error (&error);
  g_assert_false (tvm_activity_may_complete (TVM_ORIGIN_DEFENDER, TVM_STATUS_ACTIVE, &error));
  g_assert_nonnull (strstr (error->message, "made in the portal"));
}

static void
test_withdraw (void)
{
  g_autoptr(TvmActivity) activity = tvm_activity_new ();
  g_autoptr(GError) error = NULL;

  activity->type = TVM_TYPE_UPDATE;
  activity->origin = TVM_ORIGIN_LOCAL;
  g_assert_false (tvm_activity_may_withdraw (activity, &error));
  g_assert_nonnull (strstr (error->message, "no ticket"));
  g_clear_error (&error);
  activity->n_tickets = 1;
  g_assert_true (tvm_activity_may_withdraw (activity, &error));
  activity->type = TVM_TYPE_ATTENTION_REQUIRED;
  g_assert_false (tvm_activity_may_withdraw (activity, &error));
  g_assert_nonnull (strstr (error->message, "Attention required"));
  g_assert_true (tvm_ticket_may_withdraw (TVM_TICKET_PENDING, NULL));
  g_assert_true (tvm_ticket_may_withdraw (TVM_TICKET_OUTBOX, NULL));
  g_assert_false (tvm_ticket_may_withdraw (TVM_TICKET_ACTIVE, NULL));
  g_assert_false (tvm_ticket_may_withdraw (TVM_TICKET_WITHDRAWN, NULL));
  g_assert_false (tvm_ticket_may_withdraw (TVM_TICKET_COMPLETED, NULL));
}

static void
test_results (void)
{
  g_autoptr(GPtrArray) results = g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_bulk_result_free);
  g_autofree char *summary = NULL, *text = NULL;
  TvmBulkResult *result;

  for (int i = 0; i < 3; i++)
    {
      result = g_new0 (TvmBulkResult, 1);
      result->id = g_strdup ("x");
      result->outcome = i < 2 ? TVM_BULK_DONE : TVM_BULK_SKIPPED;
      g_ptr_array_add (results, result);
    }
  result->reason = g_strdup ("Why.");
  summary = tvm_bulk_summary (results);
  g_assert_cmpstr (summary, ==, "2 done, 1 skipped, 0 failed");
  text = tvm_bulk_result_text (result);
  g_assert_cmpstr (text, ==, "Skipped: x. Why.");
  g_assert_cmpstr (tvm_bulk_outcome_to_word (TVM_BULK_FAILED), ==, "failed");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bulk/request", test_request);
  g_test_add_func ("/bulk/coverage", test_coverage);
  g_test_add_func ("/bulk/complete", test_complete);
  g_test_add_func ("/bulk/withdraw", test_withdraw);
  g_test_add_func ("/bulk/results", test_results);
  return g_test_run ();
}

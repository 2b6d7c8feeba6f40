/* test-known.c: what is known and what is not. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-exceptions.h"
#include "tvm-known.h"

static void
test_names_cve (void)
{
  static const char *const cves[] = { "CVE-2024-12345", "cve-2024-1", "Cve-", "cVe-20", "2024-12345", "2024-1" };
  static const char *const others[] = { "", "CVE", "cve 2024", "CVE-2024-1x", "chrome", "2024", "2024-",
                                        "20-1", "2024-1-1", "va-_-cve-_-2024", "CVE-2024-1 " };

  g_assert_false (tvm_text_names_cve (NULL));
  for (guint i = 0; i < G_N_ELEMENTS (cves); i++)
    g_assert_true (tvm_text_names_cve (cves[i]));
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    g_assert_false (tvm_text_names_cve (others[i]));
}

static void
test_recommendation (void)
{
  g_autoptr(TvmRecommendation) r = tvm_recommendation_new ();

  g_assert_true (tvm_recommendation_knows_cves (r));   /* the service counts none */
  g_assert_true (tvm_recommendation_knows_devices (r));
  r->weaknesses = 3;
  r->exposed_devices = -1;
  g_assert_false (tvm_recommendation_knows_cves (r));
  g_assert_false (tvm_recommendation_knows_devices (r));
  r->vulnerabilities_synced_us = r->devices_synced_us = 1;
  g_assert_true (tvm_recommendation_knows_cves (r));
  g_assert_true (tvm_recommendation_knows_devices (r));
}

/* Of device groups nobody knows the devices of, an exception leaves an unknown number. */
static void
test_exception (void)
{
  g_autoptr(GPtrArray) exceptions = g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_exception_unref);
  g_autoptr(TvmRecommendation) r = tvm_recommendation_new ();
  TvmException *x = tvm_exception_new ();
  TvmExceptionSum sum;

  x->groups = g_strsplit ("Berlin", ",", -1);
  x->cancelled_groups = g_new0 (char *, 1);
  x->ends_on = g_strdup ("2030-01-01");
  x->status = TVM_EXCEPTION_ACTIVE;
  x->justification = TVM_JUSTIFICATION_ALTERNATE_MITIGATION;
  g_ptr_array_add (exceptions, x);
  r->exposed_devices = 8;
  r->exposure_impact = 4;
  tvm_exceptions_sum (exceptions, NULL, "2026-01-01", &sum);
  g_assert_cmpint (sum.mitigated, ==, -1);
  g_assert_cmpint (sum.status, ==, TVM_RECOMMENDATION_PARTIAL_EXCEPTION);
  tvm_recommendation_apply_exceptions (r, sum.status, sum.mitigated);
  g_assert_cmpint (r->exposed_after, ==, -1);
  g_assert_cmpfloat (r->exposure_impact_after, ==, TVM_REAL_UNKNOWN);
  x->justification = TVM_JUSTIFICATION_RISK_ACCEPTED;   /* lowers nothing, wherever they are */
  tvm_exceptions_sum (exceptions, NULL, "2026-01-01", &sum);
  tvm_recommendation_apply_exceptions (r, sum.status, sum.mitigated);
  g_assert_cmpint (r->exposed_after, ==, 8);
  x->justification = TVM_JUSTIFICATION_ALTERNATE_MITIGATION;
  x->is_global = TRUE;                                   /* covers all, however many they are */
  tvm_exceptions_sum (exceptions, NULL, "2026-01-01", &sum);
  tvm_recommendation_apply_exceptions (r, sum.status, sum.mitigated);
  g_assert_cmpint (r->exposed_after, ==, 0);
}

static GPtrArray *
make_groups (int first, int second)
{
  GPtrArray *groups = g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_group_count_unref);

  for (int i = 0; i < 2; i++)
    {
      TvmGroupCount *group = tvm_group_count_new ();

      group->name = g_strdup (i == 0 ? "Berlin" : "Tokyo");
      group->exposed = i == 0 ? first : second;
      g_ptr_array_add (groups, group);
    }
  return groups;
}

/* What the service counts is what it names and a rest that is told: the sum is whole. */
static void
test_rest (void)
{
  g_autoptr(TvmRecommendation) r = tvm_recommendation_new ();
  g_autoptr(GPtrArray) groups = make_groups (20, 11);
  g_autofree char *same = tvm_describe_rest (0, 0, 0), *one = tvm_describe_rest (0, 0, 1),
                  *all = tvm_describe_rest (11, 2, 3), *beyond = tvm_describe_rest (0, 0, -2);

  r->devices_synced_us = 1;
  r->exposed_devices = 32;
  g_assert_cmpint (tvm_recommendation_unnamed (r, groups), ==, 1);
  r->exposed_devices = 30;
  g_assert_cmpint (tvm_recommendation_unnamed (r, groups), ==, -1);
  r->exposed_devices = -1;
  g_assert_cmpint (tvm_recommendation_unnamed (r, groups), ==, 0);
  r->exposed_devices = 32;
  g_assert_cmpint (tvm_recommendation_unnamed (r, NULL), ==, 0);
  g_ptr_array_set_size (groups, 0);
  g_assert_cmpint (tvm_recommendation_unnamed (r, groups), ==, 32);
  r->devices_synced_us = 0;                               /* nobody asked which they are */
  g_assert_cmpint (tvm_recommendation_unnamed (r, groups), ==, 0);
  g_assert_cmpstr (same, ==, "");
  g_assert_cmpstr (one, ==, "1 more is counted by the service and not named");
  g_assert_cmpstr (all, ==, "11 more are in other device groups\n"
                            "2 more have a user impact, or may have one\n"
                            "3 more are counted by the service and not named");
  g_assert_cmpstr (beyond, ==, "2 are named by the service beyond its own count");
}

/* An exception of some groups holds also while nothing is exposed, and is no full one then (R10). */
static void
test_nothing_exposed (void)
{
  g_autoptr(GPtrArray) exceptions = g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_exception_unref);
  g_autoptr(GPtrArray) none = make_groups (0, 0), some = make_groups (0, 3);
  TvmException *x = tvm_exception_new ();
  TvmExceptionSum sum;

  x->groups = g_strsplit ("Berlin", ",", -1);
  x->cancelled_groups = g_new0 (char *, 1);
  x->ends_on = g_strdup ("2030-01-01");
  x->status = TVM_EXCEPTION_ACTIVE;
  x->justification = TVM_JUSTIFICATION_RISK_ACCEPTED;
  g_ptr_array_add (exceptions, x);
  tvm_exceptions_sum (exceptions, none, "2026-01-01", &sum);
  g_assert_cmpint (sum.status, ==, TVM_RECOMMENDATION_PARTIAL_EXCEPTION);
  tvm_exceptions_sum (exceptions, some, "2026-01-01", &sum);
  g_assert_cmpint (sum.status, ==, TVM_RECOMMENDATION_PARTIAL_EXCEPTION);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/known/names-cve", test_names_cve);
  g_test_add_func ("/known/recommendation", test_recommendation);
  g_test_add_func ("/known/exception", test_exception);
  g_test_add_func ("/known/rest", test_rest);
  g_test_add_func ("/known/nothing-exposed", test_nothing_exposed);
  return g_test_run ();
}

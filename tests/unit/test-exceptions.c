/* test-exceptions.c: what an exception may say, what it covers, and what several do together (R10).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-exceptions.h"

#include "tvm-error.h"
#include "tvm-rules.h"
#include "tvm-time.h"

#include <string.h>

#define TODAY "2026-03-02"

static TvmExceptionForm *
make_form (void)
{
  TvmExceptionForm *form = tvm_exception_form_new ();

  form->recommendation_id = g_strdup ("va-_-example-_-player");
  form->justification = TVM_JUSTIFICATION_RISK_ACCEPTED;
  form->context = g_strdup ("Replaced in May");
  form->ends_on = g_strdup ("2026-04-01");
  form->is_global = TRUE;
  return form;
}

static void
assert_invalid (const TvmExceptionForm *form,
                const char             *says)
{
  g_autoptr(GError) error = NULL;

  g_assert_false (tvm_exception_validate (form, TODAY, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_INVALID);
  if (strstr (error->message, says) == NULL)
    g_error ("“%s” lacks “%s”", error->message, says);
}

static void
test_validate (void)
{
  static const struct { const char *ends_on, *says; } ends[] = {
    { NULL, "duration is required" }, { "2026-02-30", "no date" }, { "soon", "no date" },
    { TODAY, "not in the future" }, { "2026-01-01", "not in the future" }, { "2027-03-03", "one year" },
  };
  g_autoptr(TvmExceptionForm) form = make_form ();
  g_autofree char *last = tvm_date_add_days (TODAY, TVM_EXCEPTION_MAX_DAYS);

  g_assert_true (tvm_exception_validate (form, TODAY, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      g_free (form->ends_on);
      form->ends_on = g_strdup (ends[i].ends_on);
      assert_invalid (form, ends[i].says);
    }
  g_free (form->ends_on);
  form->ends_on = g_strdup (last);
  g_assert_cmpstr (last, ==, "2027-03-02");
  g_assert_true (tvm_exception_validate (form, TODAY, NULL));
  form->groups = g_strsplit ("Servers", "\n", -1);
  assert_invalid (form, "covers all device groups");
  form->is_global = FALSE;
  g_assert_true (tvm_exception_validate (form, TODAY, NULL));
  g_clear_pointer (&form->groups, g_strfreev);
  assert_invalid (form, "at least one device group");
  form->is_global = TRUE;
  form->justification = 0;
  assert_invalid (form, "justification is required");
  form->justification = 99;
  assert_invalid (form, "justification is required");
}

static void
test_context (void)
{
  static const struct { const char *context, *says; } contexts[] = {
    { NULL, "context is required" }, { "", "context is required" }, { " \n\t", "context is required" },
    { "\u200b\u2060", "context is required" },
    { "\xff\xfe", "not valid UTF-8" },
  };
  g_autoptr(TvmExceptionForm) form = make_form ();

  for (guint i = 0; i < G_N_ELEMENTS (contexts); i++)
    {
      g_free (form->context);
      form->context = g_strdup (contexts[i].context);
      assert_invalid (form, contexts[i].says);
    }
  g_free (form->context);
  form->context = g_strnfill (TVM_NOTE_MAX_BYTES + 1, 'x');
  assert_invalid (form, "too long");
}

static void
test_words (void)
{
  for (int i = 1; i < TVM_N_JUSTIFICATIONS; i++)
    {
      TvmJustification found = 0;

      g_assert_true (tvm_justification_from_word (tvm_justification_to_word (i), &found));
      g_assert_cmpint (found, ==, i);
      g_assert_cmpstr (tvm_justification_to_text (i), !=, "");
    }
  for (int i = 1; i < TVM_N_EXCEPTION_STATUSES; i++)
    {
      TvmExceptionStatus found = 0;

      g_assert_true (tvm_exception_status_from_word (tvm_exception_status_to_word (i), &found));
      g_assert_cmpint (found, ==, i);
      g_assert_cmpstr (tvm_exception_status_to_text (i), !=, "");
    }
  g_assert_null (tvm_justification_to_word (0));
  g_assert_null (tvm_exception_status_to_word (-1));
  g_assert_false (tvm_justification_from_word (NULL, NULL));
  g_assert_false (tvm_exception_status_from_word ("gone", NULL));
}

static TvmException *
make_exception (TvmJustification justification,
                const char      *groups,
                const char      *ends_on)
{
  TvmException *exception = tvm_exception_new ();

  exception->justification = justification;
  exception->is_global = groups == NULL;
  exception->groups = g_strsplit (groups != NULL ? groups : "", ",", -1);
  exception->cancelled_groups = g_new0 (char *, 1);
  exception->ends_on = g_strdup (ends_on);
  exception->status = TVM_EXCEPTION_ACTIVE;
  return exception;
}

static GPtrArray *
make_counts (const int *exposed,
             int        n_groups)
{
  GPtrArray *counts = g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_group_count_unref);

  for (int i = 0; i < n_groups; i++)
    {
      TvmGroupCount *count;

      if (exposed[i] == 0)
        continue;
      count = tvm_group_count_new ();
      count->name = g_strdup_printf ("g%d", i);
      count->exposed = exposed[i];
      g_ptr_array_add (counts, count);
    }
  return counts;
}

static void
test_last_day (void)
{
  g_autoptr(TvmException) exception = make_exception (TVM_JUSTIFICATION_RISK_ACCEPTED, "g0", "2026-03-16");

  g_assert_cmpint (tvm_exception_status_on (exception, FALSE, "2026-03-16"), ==, TVM_EXCEPTION_ACTIVE);
  g_assert_cmpint (tvm_exception_status_on (exception, TRUE, "2026-03-16"), ==, TVM_EXCEPTION_SUSPENDED);
  g_assert_cmpint (tvm_exception_status_on (exception, FALSE, "2026-03-17"), ==, TVM_EXCEPTION_EXPIRED);
  g_assert_true (tvm_exception_ends_soon (exception, TODAY));
  g_assert_false (tvm_exception_ends_soon (exception, "2026-03-01"));
  g_assert_false (tvm_exception_ends_soon (exception, "2026-03-17"));
}

static void
test_sum (void)
{
  const int exposed[] = { 3, 4 };
  g_autoptr(GPtrArray) counts = make_counts (exposed, 2);
  g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_exception_unref);
  TvmExceptionSum sum;

  tvm_exceptions_sum (all, counts, TODAY, &sum);
  g_assert_cmpint (sum.status, ==, TVM_RECOMMENDATION_ACTIVE);
  g_ptr_array_add (all, make_exception (TVM_JUSTIFICATION_THIRD_PARTY_CONTROL, "g0", "2026-03-10"));
  tvm_exceptions_sum (all, counts, TODAY, &sum);
  g_assert_cmpint (sum.status, ==, TVM_RECOMMENDATION_PARTIAL_EXCEPTION);
  g_assert_cmpint (sum.mitigated, ==, 3);
  g_ptr_array_add (all, make_exception (TVM_JUSTIFICATION_RISK_ACCEPTED, "g1", "2026-03-10"));
  tvm_exceptions_sum (all, counts, TODAY, &sum);
  g_assert_cmpint (sum.status, ==, TVM_RECOMMENDATION_FULL_EXCEPTION);
  g_assert_cmpint (sum.excepted, ==, 7);
  g_assert_cmpint (sum.mitigated, ==, 3);
  /* A global one that accepts the risk suspends the control: everything counts again. */
  g_ptr_array_add (all, make_exception (TVM_JUSTIFICATION_RISK_ACCEPTED, NULL, "2026-03-05"));
  tvm_exceptions_sum (all, counts, TODAY, &sum);
  g_assert_true (sum.is_global);
  g_assert_cmpint (sum.mitigated, ==, 0);
  g_assert_cmpint (sum.status, ==, TVM_RECOMMENDATION_FULL_EXCEPTION);
  tvm_exceptions_sum (all, counts, "2026-03-06", &sum);
  g_assert_cmpint (sum.mitigated, ==, 3);
  tvm_exceptions_sum (all, counts, "2026-03-11", &sum);
  g_assert_cmpint (sum.status, ==, TVM_RECOMMENDATION_ACTIVE);
}

static void
test_after_exceptions (void)
{
  g_autoptr(TvmRecommendation) r = tvm_recommendation_new ();

  r->exposed_devices = 8;
  r->exposure_impact = 4;
  r->config_score_impact = 2;
  r->status = TVM_RECOMMENDATION_ACTIVE;
  tvm_recommendation_apply_exceptions (r, TVM_RECOMMENDATION_PARTIAL_EXCEPTION, 2);
  g_assert_cmpint (r->exposed_after, ==, 6);
  g_assert_cmpfloat_with_epsilon (r->exposure_impact_after, 3, 1e-9);
  g_assert_cmpfloat_with_epsilon (r->config_score_impact_after, 1.5, 1e-9);
  g_assert_cmpint (r->status, ==, TVM_RECOMMENDATION_PARTIAL_EXCEPTION);
  tvm_recommendation_apply_exceptions (r, 0, G_MAXINT);
  g_assert_cmpint (r->exposed_after, ==, 0);
  g_assert_cmpfloat (r->exposure_impact_after, ==, 0);
  g_assert_cmpint (r->status, ==, TVM_RECOMMENDATION_PARTIAL_EXCEPTION);
}

/* ---- random sequences against a model that looks at each device by itself */

#define N_GROUPS 5

typedef struct { TvmException *exception; gboolean cancelled; guint groups; int end_day; } Model;

static void
check_sum (GArray     *model,
           GPtrArray  *all,
           const int  *exposed,
           int         n_groups,
           int         day)
{
  g_autoptr(GPtrArray) counts = make_counts (exposed, n_groups);
  g_autofree char *today = tvm_date_add_days (TODAY, day);
  gboolean global = FALSE, global_mitigates = FALSE, any = FALSE, rest = FALSE;
  int excepted = 0, mitigated = 0, n_devices = 0;
  TvmExceptionSum sum;

  for (guint i = 0; i < model->len; i++)
    {
      Model *m = &g_array_index (model, Model, i);

      if (!m->cancelled && day <= m->end_day && m->exception->is_global)
        {
          global = TRUE;
          global_mitigates |= m->exception->justification <= TVM_JUSTIFICATION_ALTERNATE_MITIGATION;
        }
    }
  for (int g = 0; g < n_groups; g++)
    for (int device = 0; device < exposed[g]; device++, n_devices++)
      {
        gboolean covered = global, lowered = global_mitigates;

        for (guint i = 0; i < model->len && !global; i++)
          {
            Model *m = &g_array_index (model, Model, i);

            if (!m->cancelled && day <= m->end_day && (m->groups & 1u << g) != 0)
              {
                covered = TRUE;
                lowered |= m->exception->justification <= TVM_JUSTIFICATION_ALTERNATE_MITIGATION;
              }
          }
        excepted += covered;
        mitigated += lowered;
        rest |= !covered;
      }
  for (guint i = 0; i < model->len; i++)
    {
      Model *m = &g_array_index (model, Model, i);
      gboolean alive = !m->cancelled && day <= m->end_day && (m->exception->is_global || m->groups != 0);

      any |= alive;
      g_assert_cmpint (tvm_exception_status_on (m->exception, global, today), ==,
                       m->cancelled || (!m->exception->is_global && m->groups == 0) ? TVM_EXCEPTION_CANCELLED
                       : !alive ? TVM_EXCEPTION_EXPIRED
                       : global && !m->exception->is_global ? TVM_EXCEPTION_SUSPENDED : TVM_EXCEPTION_ACTIVE);
    }
  tvm_exceptions_sum (all, counts, today, &sum);
  g_assert_cmpint (sum.status, ==, !any ? TVM_RECOMMENDATION_ACTIVE
                   : global || (!rest && n_devices > 0) ? TVM_RECOMMENDATION_FULL_EXCEPTION
                   : TVM_RECOMMENDATION_PARTIAL_EXCEPTION);
  g_assert_cmpint (sum.excepted, ==, excepted);
  g_assert_cmpint (MIN (sum.mitigated, n_devices), ==, mitigated);
  g_assert_cmpint (sum.is_global, ==, global);
}

static void
add_random (GArray    *model,
            GPtrArray *all,
            int        day)
{
  Model m = { .end_day = day + g_test_rand_int_range (1, 40) };
  g_autofree char *ends_on = tvm_date_add_days (TODAY, m.end_day);
  g_autoptr(GString) groups = g_string_new (NULL);

  if (g_test_rand_int_range (0, 4) > 0)
    m.groups = (guint) g_test_rand_int_range (1, 1 << N_GROUPS);
  for (int g = 0; g < N_GROUPS; g++)
    if ((m.groups & 1u << g) != 0)
      g_string_append_printf (groups, "%sg%d", groups->len > 0 ? "," : "", g);
  m.exception = make_exception (g_test_rand_int_range (1, TVM_N_JUSTIFICATIONS),
                                m.groups != 0 ? groups->str : NULL, ends_on);
  g_ptr_array_add (all, m.exception);
  g_array_append_val (model, m);
}

/* Cancels a whole one, or one of its groups. */
static void
cancel_random (GArray *model)
{
  Model *m = &g_array_index (model, Model, g_test_rand_int_range (0, (int) model->len));
  guint group = (guint) g_test_rand_int_range (0, N_GROUPS);
  g_autoptr(GString) left = g_string_new (NULL);

  if (m->exception->is_global || g_test_rand_bit ())
    {
      m->cancelled = TRUE;
      m->exception->status = TVM_EXCEPTION_CANCELLED;
      return;
    }
  m->groups &= ~(1u << group);
  for (int g = 0; g < N_GROUPS; g++)
    if ((m->groups & 1u << g) != 0)
      g_string_append_printf (left, "%sg%d", left->len > 0 ? "," : "", g);
  g_strfreev (m->exception->groups);
  m->exception->groups = g_strsplit (left->str, ",", -1);
}

static void
test_random (void)
{
  for (int round = 0; round < 100; round++)
    {
      g_autoptr(GArray) model = g_array_new (FALSE, FALSE, sizeof (Model));
      g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_exception_unref);
      int exposed[N_GROUPS] = { 0 }, n_groups = 2, day = 0;

      for (int step = 0; step < 60; step++)
        {
          int what = g_test_rand_int_range (0, 10);

          if (what < 3)
            add_random (model, all, day);
          else if (what < 5 && model->len > 0)
            cancel_random (model);
          else if (what < 6)
            n_groups = MIN (n_groups + 1, N_GROUPS);
          else if (what < 8)
            day += g_test_rand_int_range (0, 12);
          else
            exposed[g_test_rand_int_range (0, n_groups)] = g_test_rand_int_range (0, 4);
          check_sum (model, all, exposed, n_groups, day);
        }
    }
}

static void
test_sentences (void)
{
  g_autoptr(TvmException) exception = make_exception (TVM_JUSTIFICATION_RISK_ACCEPTED, "g0", "2026-03-03");
  g_autoptr(TvmHistoryEntry) entry = tvm_history_entry_new ();

  exception->new_groups = g_strsplit ("Neu %s,Lab", ",", -1);
  exception->weaknesses_then = 3;
  exception->weaknesses_now = 5;
  for (guint flag = TVM_REVIEW_ENDS_SOON; flag <= TVM_REVIEW_NEW_GROUPS; flag <<= 1)
    {
      g_autofree char *text = tvm_exception_review_text (exception, flag, TODAY);

      g_assert_cmpstr (text, !=, "");
      g_assert_nonnull (tvm_exception_review_to_word (flag));
      g_assert_true (flag != TVM_REVIEW_NEW_GROUPS || strstr (text, "Neu %s, Lab") != NULL);
      g_assert_true (flag != TVM_REVIEW_NEW_CVES || g_str_has_prefix (text, "2 new CVEs"));
      g_assert_true (flag != TVM_REVIEW_ENDS_SOON || g_str_has_prefix (text, "It ends in 1 day:"));
    }
  entry->kind = g_strdup ("exception-group-cancelled");
  entry->who = g_strdup ("%n@contoso.example");
  entry->detail = g_strdup ("Lab");
  {
    g_autofree char *text = tvm_exception_history_text (entry);

    g_assert_cmpstr (text, ==, "Cancelled for a device group by %n@contoso.example: Lab");
  }
}

/* What is not known is neither 0 nor computed with, and a score that cannot change is not told. */
static void
test_effect_in_words (void)
{
  static const struct { TvmExceptionEffect effect; const char *covers, *changes, *remark; } cases[] = {
    { { .groups = 2, .devices = 4, .exposed_before = 6, .exposed_after = 2, .exposure_impact_before = -2.845,
        .status_before = TVM_RECOMMENDATION_ACTIVE, .status_after = TVM_RECOMMENDATION_PARTIAL_EXCEPTION },
      "2 device groups, 4 exposed devices",
      "Status: Active → Partial exception\nExposed devices after exceptions: 6 → 2\n"
      "Exposure score impact after exceptions: 2.85 → 0.00", NULL },
    { { .groups = 1, .devices = 1, .exposed_before = 1, .secure_impact_before = 2.79, .secure_impact_after = 1,
        .status_before = TVM_RECOMMENDATION_ACTIVE, .status_after = TVM_RECOMMENDATION_ACTIVE, .suspended = 1 },
      "1 device group, 1 exposed device",
      "Status: Active → Active\nExposed devices after exceptions: 1 → 0\n"
      "Secure score impact after exceptions: 2.79 → 1.00", "1 exception for" },
    { { .groups = -1, .devices = -1, .exposed_before = 52, .exposed_after = -1,
        .exposure_impact_before = TVM_REAL_UNKNOWN, .exposure_impact_after = TVM_REAL_UNKNOWN,
        .status_before = TVM_RECOMMENDATION_ACTIVE, .status_after = TVM_RECOMMENDATION_PARTIAL_EXCEPTION },
      "device groups: not known, exposed devices: not known",
      "Status: Active → Partial exception\nExposed devices after exceptions: 52 → not known\n"
      "Exposure score impact after exceptions: not known", "Which devices are exposed is known once" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *groups = tvm_exception_groups_text (&cases[i].effect);
      g_autofree char *devices = tvm_exception_devices_text (&cases[i].effect);
      g_autofree char *covers = g_strdup_printf ("%s, %s", groups, devices);
      g_autofree char *changes = tvm_exception_changes_text (&cases[i].effect);
      g_autofree char *remark = tvm_exception_remark_text (&cases[i].effect);

      g_assert_cmpstr (covers, ==, cases[i].covers);
      g_assert_cmpstr (changes, ==, cases[i].changes);
      g_assert_true (cases[i].remark == NULL ? remark == NULL : g_str_has_prefix (remark, cases[i].remark));
    }
}

/* Of devices that nobody counted no share is left. */
static void
test_share_of_unknown (void)
{
  g_autoptr(TvmRecommendation) r = tvm_recommendation_new ();

  r->exposed_devices = -1;
  r->exposure_impact = r->config_score_impact = 2;
  tvm_recommendation_apply_exceptions (r, TVM_RECOMMENDATION_PARTIAL_EXCEPTION, 3);
  g_assert_cmpint (r->exposed_after, ==, -1);
  g_assert_true (r->exposure_impact_after == TVM_REAL_UNKNOWN);
  g_assert_true (r->config_score_impact_after == TVM_REAL_UNKNOWN);
}

/* Only an active one covers devices. */
static void
test_devices_title (void)
{
  static const struct { TvmExceptionStatus status; TvmApproval approval; const char *title; } cases[] = {
    { TVM_EXCEPTION_ACTIVE, TVM_APPROVAL_NONE, "Exposed devices it covers" },
    { TVM_EXCEPTION_ACTIVE, TVM_APPROVAL_APPROVED, "Exposed devices it covers" },
    { TVM_EXCEPTION_CANCELLED, TVM_APPROVAL_NONE, "Exposed devices it covered" },
    { TVM_EXCEPTION_CANCELLED, TVM_APPROVAL_REQUESTED, "Exposed devices it would cover" },
    { TVM_EXCEPTION_EXPIRED, TVM_APPROVAL_NONE, "Exposed devices it covered" },
    { TVM_EXCEPTION_REQUESTED, TVM_APPROVAL_REQUESTED, "Exposed devices it would cover" },
    { TVM_EXCEPTION_SUSPENDED, TVM_APPROVAL_NONE, "Exposed devices it would cover" },
    { TVM_EXCEPTION_REJECTED, TVM_APPROVAL_REJECTED, "Exposed devices it would cover" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const TvmException x = { .status = cases[i].status, .approval = cases[i].approval };

      g_assert_cmpstr (tvm_exception_devices_title (&x), ==, cases[i].title);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/exceptions/validate", test_validate);
  g_test_add_func ("/exceptions/context", test_context);
  g_test_add_func ("/exceptions/words", test_words);
  g_test_add_func ("/exceptions/last-day", test_last_day);
  g_test_add_func ("/exceptions/sum", test_sum);
  g_test_add_func ("/exceptions/after", test_after_exceptions);
  g_test_add_func ("/exceptions/random", test_random);
  g_test_add_func ("/exceptions/sentences", test_sentences);
  g_test_add_func ("/exceptions/effect-in-words", test_effect_in_words);
  g_test_add_func ("/exceptions/share-of-unknown", test_share_of_unknown);
  g_test_add_func ("/exceptions/devices-title", test_devices_title);
  return g_test_run ();
}

/* test-prior.c: who asked for the same before, in words, and which of them a request meets (R20).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-prior.h"

#include "tvm-error.h"

static void
assert_words (TvmPrior *prior, const char *text, const char *scope)
{
  g_autofree char *is_text = tvm_prior_to_text (prior);
  g_autofree char *is_scope = tvm_prior_scope_text (prior);

  g_assert_cmpstr (is_text, ==, text);
  g_assert_cmpstr (is_scope, ==, scope);
}

static void
test_words (void)
{
  TvmPrior prior = { .kind = TVM_PRIOR_ACTIVITY, .id = (char *) "x", .who = (char *) "ana@x",
                     .groups = (char *) "A\nB", .when_us = G_GINT64_CONSTANT (1774000000000000),
                     .devices = 12 };

  assert_words (&prior, "ana@x requested this here on 20 March 2026", "A, B, 12 devices");
  prior.kind = TVM_PRIOR_PORTAL;
  prior.groups = (char *) "";
  prior.devices = 1;
  assert_words (&prior, "ana@x requested this in the portal on 20 March 2026",
                "All device groups, 1 device");
  prior.kind = TVM_PRIOR_TICKET;
  prior.ticket_status = TVM_TICKET_PENDING;
  prior.groups = prior.who = NULL;
  prior.when_us = 0;
  prior.devices = -1;
  assert_words (&prior, "Somebody requested this with a ticket in Microsoft Intune on – (Pending)",
                "Device groups not known");
  prior.kind = TVM_PRIOR_EXCEPTION;
  prior.when_us = G_GINT64_CONSTANT (1774000000000000);
  prior.ends_on = (char *) "2026-06-01";
  assert_words (&prior, "Somebody made an exception on 20 March 2026, which holds until 1 June 2026",
                "Device groups not known");
  prior.id = NULL;
  assert_words (&prior, "An exception was made in the portal", "Device groups not known");
}

/* What is not known may be the same: it is told. */
static void
test_meeting (void)
{
  TvmPrior priors[] = { { .groups = NULL }, { .groups = (char *) "" }, { .groups = (char *) "A\nB" },
                        { .groups = (char *) "C" } };
  g_autoptr(GPtrArray) all = g_ptr_array_new ();
  g_autoptr(GPtrArray) none_chosen = NULL, of_b = NULL;
  static const char *const names[] = { "B", NULL };

  for (guint i = 0; i < G_N_ELEMENTS (priors); i++)
    g_ptr_array_add (all, &priors[i]);
  none_chosen = tvm_priors_meeting (all, NULL);
  of_b = tvm_priors_meeting (all, names);
  g_assert_cmpuint (none_chosen->len, ==, 4);
  g_assert_cmpuint (of_b->len, ==, 3);
  g_assert_true (of_b->pdata[2] == &priors[2]);
}

static void
test_shown (void)
{
  static const struct { TvmShown shown; int covered, joined; guint n_priors; gboolean holds; } cases[] = {
    { { -1, 0, 0 }, 5, 5, 3, TRUE }, { { 5, 4, 1 }, 5, 4, 1, TRUE }, { { 5, 4, 1 }, 5, 4, 0, TRUE },
    { { 5, 4, 1 }, 6, 4, 1, FALSE }, { { 5, 4, 1 }, 5, 5, 1, FALSE }, { { 5, 4, 1 }, 5, 4, 2, FALSE },
    { { 0, 0, 0 }, 5, 4, 0, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(TvmRequest) request = tvm_request_new ();
      g_auto(TvmRequestFacts) facts = TVM_REQUEST_FACTS_INIT;
      g_autoptr(GError) error = NULL;

      request->shown = cases[i].shown;
      facts.coverage = (TvmCoverage) { .covered = cases[i].covered, .joined = cases[i].joined };
      facts.priors = g_ptr_array_new ();
      g_ptr_array_set_size (facts.priors, (int) cases[i].n_priors);
      g_assert_cmpint (tvm_request_check_shown (request, &facts, &error), ==, cases[i].holds);
      g_assert_cmpint (g_error_matches (error, TVM_ERROR, TVM_ERROR_CONFLICT), ==, !cases[i].holds);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/prior/words", test_words);
  g_test_add_func ("/prior/meeting", test_meeting);
  g_test_add_func ("/prior/shown", test_shown);
  return g_test_run ();
}

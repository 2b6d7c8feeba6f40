/* test-store-exceptions-random.c: random sequences of filing, cancelling, days and exposure, against a
 * model that looks at each device (R10). SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "exceptions-fixture.h"

#define N_GROUPS 4

typedef struct { char *id; TvmJustification justification; guint groups; gboolean is_global, cancelled; gint64 end_day; } Model;

static void
model_clear (gpointer data)
{
  g_free (((Model *) data)->id);
}

static gboolean
model_holds (const Model *m, gint64 day)
{
  return !m->cancelled && (m->is_global || m->groups != 0) && day <= m->end_day;
}

static void
check_model (Fixture *self, GArray *model, const int *exposed, gint64 day)
{
  gboolean global = FALSE, any = FALSE, rest = FALSE;
  int n_devices = 0, lowered = 0;

  for (guint i = 0; i < model->len; i++)
    {
      Model *m = &g_array_index (model, Model, i);

      any |= model_holds (m, day);
      global |= m->is_global && model_holds (m, day);
    }
  for (int g = 0; g < N_GROUPS; g++)
    for (int device = 0; device < exposed[g]; device++, n_devices++)
      {
        gboolean is_covered = FALSE, is_lowered = FALSE;

        for (guint i = 0; i < model->len; i++)
          {
            Model *m = &g_array_index (model, Model, i);

            if (model_holds (m, day) && m->is_global == global && (global || (m->groups & 1u << g) != 0))
              {
                is_covered = TRUE;
                is_lowered |= m->justification <= TVM_JUSTIFICATION_ALTERNATE_MITIGATION;
              }
          }
        rest |= !is_covered;
        lowered += is_lowered;
      }
  {
    g_autoptr(TvmRecommendation) r = tvm_store_get_recommendation (self->store, REC, NULL);

    g_assert_cmpint (r->status, ==, !any ? TVM_RECOMMENDATION_ACTIVE
                     : global || (!rest && n_devices > 0) ? TVM_RECOMMENDATION_FULL_EXCEPTION
                     : TVM_RECOMMENDATION_PARTIAL_EXCEPTION);
    g_assert_cmpint (r->exposed_after, ==, n_devices - lowered);
    g_assert_cmpint (r->exposed_after, >=, 0);
  }
  for (guint i = 0; i < model->len; i++)
    {
      Model *m = &g_array_index (model, Model, i);
      gboolean is_cancelled = m->cancelled || (!m->is_global && m->groups == 0);

      exceptions_assert_status (self, m->id, is_cancelled ? TVM_EXCEPTION_CANCELLED
                     : !model_holds (m, day) ? TVM_EXCEPTION_EXPIRED
                     : global && !m->is_global ? TVM_EXCEPTION_SUSPENDED : TVM_EXCEPTION_ACTIVE);
    }
}

static void
random_add (Fixture *self, GArray *model, gint64 day)
{
  Model m = { .justification = g_test_rand_int_range (1, TVM_N_JUSTIFICATIONS), .end_day = day + g_test_rand_int_range (1, 30) };
  guint taken = 0;
  gboolean global = FALSE;
  g_autoptr(GString) groups = g_string_new (NULL);
  g_autoptr(TvmExceptionForm) form = NULL;
  g_autoptr(TvmException) x = NULL;
  g_autoptr(GError) error = NULL;

  m.is_global = g_test_rand_int_range (0, 4) == 0;
  if (!m.is_global)
    m.groups = (guint) g_test_rand_int_range (1, 1 << N_GROUPS);
  for (guint i = 0; i < model->len; i++)
    if (model_holds (&g_array_index (model, Model, i), day))
      {
        taken |= g_array_index (model, Model, i).groups;
        global |= g_array_index (model, Model, i).is_global;
      }
  for (int g = 0; g < N_GROUPS; g++)
    if ((m.groups & 1u << g) != 0)
      g_string_append_printf (groups, "%sg%d", groups->len > 0 ? "," : "", g);
  form = exceptions_make_form (m.justification, m.is_global ? NULL : groups->str, (int) (m.end_day - day));
  x = tvm_store_add_exception (self->store, form, ANA, &error);
  if (global || (taken & m.groups) != 0)
    {
      g_assert_error (error, TVM_ERROR, TVM_ERROR_CONFLICT);
      return;
    }
  g_assert_no_error (error);
  m.id = g_strdup (x->id);
  g_array_append_val (model, m);
}

static void
random_cancel (Fixture *self, GArray *model, gint64 day)
{
  Model *m = model->len > 0 ? &g_array_index (model, Model, g_test_rand_int_range (0, (int) model->len)) : NULL;
  int group = g_test_rand_int_range (0, N_GROUPS);
  g_autofree char *name = g_strdup_printf ("g%d", group);
  const char *const groups[] = { name, NULL };
  gboolean whole = g_test_rand_bit ();
  g_autoptr(GError) error = NULL;

  if (m == NULL)
    return;
  tvm_store_cancel_exception (self->store, m->id, whole ? NULL : groups, ANA, &error);
  if (!model_holds (m, day))
    g_assert_error (error, TVM_ERROR, TVM_ERROR_CONFLICT);
  else if (whole)
    m->cancelled = TRUE;
  else if ((m->groups & 1u << group) != 0)
    m->groups &= ~(1u << group);
  else
    g_assert_error (error, TVM_ERROR, TVM_ERROR_INVALID);
}

static void
test_random (Fixture *self, gconstpointer data)
{
  g_autoptr(GArray) model = g_array_new (FALSE, FALSE, sizeof (Model));
  int exposed[N_GROUPS] = { 4, 2, 2 };
  gint64 day = 0;

  g_array_set_clear_func (model, model_clear);
  exceptions_set_devices (self, N_GROUPS, 4);
  for (int step = 0; step < 150; step++)
    {
      int what = g_test_rand_int_range (0, 10);

      if (what < 4)
        random_add (self, model, day);
      else if (what < 6)
        random_cancel (self, model, day);
      else if (what < 8)
        {
          int days = g_test_rand_int_range (0, 9);

          day += days;
          exceptions_pass_days (self, days);
        }
      else
        {
          exposed[g_test_rand_int_range (0, N_GROUPS)] = g_test_rand_int_range (0, 5);
          exceptions_set_exposed (self, exposed, N_GROUPS, 4);
        }
      check_model (self, model, exposed, day);
    }
}

void
exceptions_add_random_tests (void)
{
  g_test_add ("/exceptions/random", Fixture, NULL, exceptions_set_up, test_random, fixture_tear_down);
}

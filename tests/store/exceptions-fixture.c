/* exceptions-fixture.c: a small tenant in device groups g0, g1 ... with exceptions.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "exceptions-fixture.h"
#include "keep.h"

/* Devices 0, 1, 2 ... are in the groups g0, g1 ... in turn; @per_group of each of @n_groups. */
void
exceptions_set_devices (Fixture *self, int n_groups, int per_group)
{
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_device_unref);
  g_autoptr(GError) error = NULL;

  for (int i = 0; i < n_groups * per_group; i++)
    {
      TvmDevice *d = tvm_device_new ();

      d->id = g_strdup_printf ("%040x", i);
      d->name = g_strdup_printf ("host%d", i);
      d->group = g_strdup_printf ("g%d", i / per_group);
      g_ptr_array_add (list, d);
    }
  keep_devices (self->store, list, NULL, &error);
  g_assert_no_error (error);
}

/* Exposes the first exposed[g] devices of each group to REC, and says so in the recommendation. */
void
exceptions_set_exposed (Fixture *self, const int *exposed, int n_groups, int per_group)
{
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_recommendation_unref);
  g_autoptr(TvmDeviceRefs) refs = tvm_device_refs_new ();
  g_autoptr(GError) error = NULL;
  TvmRecommendation *r = tvm_recommendation_new ();
  int n = 0;

  for (int g = 0; g < n_groups; g++)
    for (int i = 0; i < exposed[g]; i++, n++)
      {
        g_autofree char *id = g_strdup_printf ("%040x", g * per_group + i);
        g_autofree char *group = g_strdup_printf ("g%d", g);

        tvm_device_refs_add (refs, id, "stub", NULL, group);
      }
  r->id = g_strdup (REC);
  r->name = g_strdup ("Update Example Player");
  r->product = g_strdup ("player");
  r->type = TVM_TYPE_UPDATE;
  r->status = TVM_RECOMMENDATION_ACTIVE;
  r->exposed_devices = n;
  r->weaknesses = 3;
  r->exposure_impact = 8;
  r->config_score_impact = 2;
  g_ptr_array_add (list, r);
  keep_recommendations (self->store, list, NULL, &error);
  g_assert_no_error (error);
  keep_device_refs (self->store, REC, refs, NULL, &error);
  g_assert_no_error (error);
}

void
exceptions_set_up (Fixture *self, gconstpointer data)
{
  const int exposed[] = { 4, 2, 2 };

  fixture_set_up (self, data);
  exceptions_set_devices (self, 3, 4);
  exceptions_set_exposed (self, exposed, 3, 4);
}

/* @groups: with commas; NULL: global. */
TvmExceptionForm *
exceptions_make_form (TvmJustification justification, const char *groups, int days)
{
  TvmExceptionForm *form = tvm_exception_form_new ();
  g_autofree char *today = tvm_today ();

  form->recommendation_id = g_strdup (REC);
  form->justification = justification;
  form->context = g_strdup ("=because,\n\"quoted\"");
  form->ends_on = tvm_date_add_days (today, days);
  form->is_global = groups == NULL;
  form->groups = groups != NULL ? g_strsplit (groups, ",", -1) : NULL;
  return form;
}

char *
exceptions_file_one (Fixture *self, TvmJustification justification, const char *groups, int days)
{
  g_autoptr(TvmExceptionForm) form = exceptions_make_form (justification, groups, days);
  g_autoptr(GError) error = NULL;
  g_autoptr(TvmException) x = tvm_store_add_exception (self->store, form, ANA, &error);

  g_assert_no_error (error);
  g_assert_cmpint (x->status, ==, TVM_EXCEPTION_ACTIVE);
  return g_strdup (x->id);
}

TvmException *
exceptions_get_one (Fixture *self, const char *id)
{
  g_autoptr(GError) error = NULL;
  TvmException *x = tvm_store_get_exception (self->store, id, &error);

  g_assert_no_error (error);
  return x;
}

void
exceptions_assert_status (Fixture *self, const char *id, TvmExceptionStatus status)
{
  g_autoptr(TvmException) x = exceptions_get_one (self, id);

  g_assert_cmpint (x->status, ==, status);
}

void
exceptions_assert_recommendation (Fixture *self, TvmRecommendationStatus status, int exposed_after, double impact_after)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TvmRecommendation) r = tvm_store_get_recommendation (self->store, REC, &error);

  g_assert_no_error (error);
  g_assert_cmpint (r->status, ==, status);
  g_assert_cmpint (r->exposed_after, ==, exposed_after);
  g_assert_cmpfloat_with_epsilon (r->exposure_impact_after, impact_after, 1e-9);
}

void
exceptions_cancel (Fixture *self, const char *id, const char *group)
{
  const char *const groups[] = { group, NULL };
  g_autoptr(GError) error = NULL;

  tvm_store_cancel_exception (self->store, id, group != NULL ? groups : NULL, "bo@contoso.example",
                              &error);
  g_assert_no_error (error);
}

void
exceptions_pass_days (Fixture *self, int days)
{
  g_autoptr(GError) error = NULL;

  tvm_set_clock_us (tvm_now_us () + days * TVM_DAY_US);
  tvm_store_expire_exceptions (self->store, &error);
  g_assert_no_error (error);
}

/* store-fixture.c: a store in a temporary folder with a small tenant.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "store-fixture.h"
#include "keep.h"

const TvmSubmission fixture_ana = { .who = "ana@contoso.example" }, fixture_nobody = { .who = NULL };

void
fixture_set_up (Fixture *self, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *base = g_dir_make_tmp ("tvm-store-XXXXXX", &error);

  g_assert_no_error (error);
  tvm_set_clock_us (NOW_US);
  self->directory = g_build_filename (base, "tenant", NULL);
  self->path = g_build_filename (self->directory, "store.db", NULL);
  self->store = tvm_store_open (self->directory, &error);
  g_assert_no_error (error);
}

void
fixture_tear_down (Fixture *self, gconstpointer data)
{
  g_autofree char *base = g_path_get_dirname (self->directory);

  tvm_store_close (self->store);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (self->store);
  g_unlink (self->path);
  g_assert_cmpint (g_rmdir (self->directory), ==, 0);  /* a test removes what it adds */
  g_assert_cmpint (g_rmdir (base), ==, 0);
  g_free (self->path);
  g_free (self->directory);
  tvm_set_clock_us (0);
}

void
fixture_reopen (Fixture *self)
{
  g_autoptr(GError) error = NULL;

  tvm_store_close (self->store);
  g_object_unref (self->store);
  self->store = tvm_store_open (self->directory, &error);
  g_assert_no_error (error);
}

TvmListResult
fixture_recommendations (Fixture *self, int n)
{
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_recommendation_unref);
  g_autoptr(GError) error = NULL;
  TvmListResult result = { 0 };

  for (int i = 0; i < n; i++)
    {
      TvmRecommendation *r = tvm_recommendation_new ();

      r->id = i == 0 ? g_strdup (REC) : g_strdup_printf ("va-_-vendor-_-product%d", i);
      r->name = i == 0 ? g_strdup ("Update Example Player") : g_strdup_printf ("Update 100%% of_thing '%d\"", i);
      r->type = TVM_TYPE_UPDATE;
      r->status = TVM_RECOMMENDATION_ACTIVE;
      r->weaknesses = i;
      r->exposure_impact = i * 0.25;
      g_ptr_array_add (list, r);
    }
  keep_recommendations (self->store, list, &result, &error);
  g_assert_no_error (error);
  return result;
}

TvmListResult
fixture_devices (Fixture *self, int from, int to, const char *os_version)
{
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_device_unref);
  g_autoptr(GError) error = NULL;
  TvmListResult result = { 0 };

  for (int i = from; i < to; i++)
    {
      TvmDevice *d = tvm_device_new ();

      d->id = g_strdup_printf ("%040x", i);
      d->name = g_strdup_printf ("host%05d.contoso.example", i);
      d->os_version = g_strdup (os_version);
      d->group = g_strdup (i % 2 == 0 ? "Even" : "Odd, \"quoted\"");
      d->aad_device_id = g_strdup_printf ("00000000-0000-0000-0000-%012x", i);
      d->is_aad_joined = i % 10 != 9;
      d->last_seen_us = NOW_US - TVM_HOUR_US;
      d->exposure = TVM_LEVEL_HIGH;
      g_ptr_array_add (list, d);
    }
  keep_devices (self->store, list, &result, &error);
  /* Many fewer than before count only when a list an hour later says so, too. */
  if (result.doubtful > 0)
    {
      keep_devices (self->store, list, &result, &error);
      g_assert_cmpint (result.doubtful, ==, 1);
      tvm_set_clock_us (tvm_now_us () + TVM_HOUR_US);
      keep_devices (self->store, list, &result, &error);
    }
  g_assert_no_error (error);
  g_assert_cmpint (result.doubtful, ==, 0);
  return result;
}

TvmListResult
fixture_refs (Fixture *self, int from, int to)
{
  g_autoptr(TvmDeviceRefs) refs = tvm_device_refs_new ();
  g_autoptr(GError) error = NULL;
  TvmListResult result = { 0 };

  for (int i = to - 1; i >= from; i--)
    {
      g_autofree char *id = g_strdup_printf ("%040x", i);

      tvm_device_refs_add (refs, id, "stub", "Windows11", i % 2 == 0 ? "Even" : "Odd, \"quoted\"");
      tvm_device_refs_add (refs, id, "twice", NULL, NULL);
    }
  keep_device_refs (self->store, REC, refs, &result, &error);
  g_assert_no_error (error);
  return result;
}

TvmActivity *
fixture_submit (Fixture *self, TvmRemediationType type, gboolean ticket)
{
  g_autoptr(TvmRequest) request = tvm_request_new ();
  g_autoptr(GError) error = NULL;
  TvmActivity *activity;

  request->recommendation_id = g_strdup (REC);
  request->type = type;
  request->priority = TVM_PRIORITY_HIGH;
  request->due_on = g_strdup ("2026-03-10");
  request->notes = g_strdup ("=1+1,\n\"x\"");
  request->create_ticket = ticket;
  request->split = TRUE;
  activity = tvm_store_submit (self->store, request, &fixture_ana, NULL, &error);
  g_assert_no_error (error);
  return activity;
}

TvmActivity *
fixture_activity (Fixture *self, const char *id)
{
  g_autoptr(GError) error = NULL;
  TvmActivity *activity = tvm_store_get_activity (self->store, id, &error);

  g_assert_no_error (error);
  return activity;
}

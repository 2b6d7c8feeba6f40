/* model-fixture.c: a store in a throw-away profile, filled by merges. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "model-fixture.h"
#include "keep.h"

#include "tvm-text.h"
#include "tvm-time.h"

#define DEADLINE_US (30 * TVM_SECOND_US)

/* A new profile for each test; all of them lie in the folder that the test program throws away. */
TvmStore *
model_store_open (void)
{
  static guint n_profiles;
  g_autofree char *profile = g_strdup_printf ("test-%u", n_profiles++);
  g_autofree char *directory = tvm_profile_dir (profile);
  g_autoptr(GError) error = NULL;
  TvmStore *store = tvm_store_open (directory, &error);

  g_assert_no_error (error);
  g_assert_nonnull (store);
  return store;
}

static gboolean
is_gone (gpointer data)
{
  return *(TvmStore **) data == NULL;
}

void
model_store_close (TvmStore *store)
{
  g_autoptr(GError) error = NULL;

  while (g_main_context_iteration (NULL, FALSE))
    ;
  tvm_store_close (store);
  g_assert_no_error (error);
  /* A worker that is about to end may be the last to let go. */
  g_object_add_weak_pointer (G_OBJECT (store), (gpointer *) &store);
  g_object_unref (store);
  model_wait (is_gone, &store);
}

char *
model_recommendation_id (guint number)
{
  return g_strdup_printf ("va-_-acme-_-product-%04u", number);
}

/* The whole list becomes the products @first to @first + @n - 1; their names sort like the numbers. */
static gpointer
copy_recommendation (gconstpointer record, gpointer user_data)
{
  return tvm_recommendation_ref ((TvmRecommendation *) record);
}

void
model_merge_products (TvmStore *store,
                      guint     first,
                      guint     n,
                      int       exposed_devices)
{
  g_autoptr(TvmPull) pull = NULL;
  g_auto(GStrv) gone = NULL;
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_recommendation_unref);
  g_autoptr(GError) error = NULL;
  TvmListResult result = { 0 };

  for (guint i = first; i < first + n; i++)
    {
      TvmRecommendation *recommendation = tvm_recommendation_new ();

      recommendation->id = model_recommendation_id (i);
      recommendation->name = g_strdup_printf ("Update product %04u", i);
      recommendation->product = g_strdup_printf ("product-%04u", i);
      recommendation->type = TVM_TYPE_UPDATE;
      recommendation->status = TVM_RECOMMENDATION_ACTIVE;
      recommendation->exposed_devices = exposed_devices;
      recommendation->total_devices = 1000;
      recommendation->exposure_impact = i;
      recommendation->no_impact_devices = -1;
      g_ptr_array_add (list, recommendation);
    }
  /* What the list lacks the service, asked for it, does not have either. */
  pull = tvm_pull_new (TVM_PULL_RECOMMENDATIONS, NULL);
  g_ptr_array_extend (pull->records, list, copy_recommendation, NULL);
  gone = tvm_store_list_unanswered (store, pull, G_MAXUINT, &error);
  g_assert_no_error (error);
  keep_list (store, TVM_PULL_RECOMMENDATIONS, NULL, list, (const char *const *) gone, &result, &error);
  g_assert_no_error (error);
}

void
model_merge_inventory (TvmStore *store,
                       guint     n)
{
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_device_unref);
  g_autoptr(GError) error = NULL;
  TvmListResult result = { 0 };

  for (guint i = 0; i < n; i++)
    {
      TvmDevice *device = tvm_device_new ();

      device->id = g_strdup_printf ("%040u", i);
      device->name = g_strdup_printf ("host-%u", i);
      device->group = g_strdup (i % 2 == 0 ? "Even" : "Odd");
      device->exposure = i % 2 == 0 ? TVM_LEVEL_HIGH : TVM_LEVEL_LOW;
      device->last_seen_us = tvm_now_us ();
      device->in_inventory = TRUE;
      g_ptr_array_add (list, device);
    }
  keep_devices (store, list, &result, &error);
  g_assert_no_error (error);
}

/* The first @n devices of the inventory are exposed to the recommendation, no others. */
void
model_expose_inventory (TvmStore   *store,
                        const char *recommendation_id,
                        guint       n)
{
  g_autoptr(TvmDeviceRefs) refs = tvm_device_refs_new ();
  g_autoptr(GError) error = NULL;
  TvmListResult result = { 0 };

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *id = g_strdup_printf ("%040u", i);
      g_autofree char *name = g_strdup_printf ("host-%u", i);

      tvm_device_refs_add (refs, id, name, "Windows11", i % 2 == 0 ? "Even" : "Odd");
    }
  keep_device_refs (store, recommendation_id, refs, &result, &error);
  g_assert_no_error (error);
}

/* Returns: (transfer full): the activity's id */
char *
model_submit (TvmStore    *store,
              const char  *recommendation_id,
              TvmPriority  priority,
              const char  *due_on)
{
  const TvmSubmission submission = { .who = "adele@contoso.example" };
  g_autoptr(TvmRequest) request = tvm_request_new ();
  g_autoptr(TvmActivity) activity = NULL;
  g_autoptr(GError) error = NULL;

  tvm_set_str (&request->recommendation_id, recommendation_id);
  tvm_set_str (&request->due_on, due_on);
  request->type = TVM_TYPE_UPDATE;
  request->priority = priority;
  activity = tvm_store_submit (store, request, &submission, NULL, &error);
  g_assert_no_error (error);
  return g_strdup (activity->id);
}

static gboolean
keep_waking_cb (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

/* Runs the main loop until the condition holds; failing is a failed test. */
void
model_wait (ModelCondition condition,
            gpointer       data)
{
  gint64 deadline_us = g_get_monotonic_time () + DEADLINE_US;
  /* Wakes the loop, so that the deadline is looked at. */
  GSource *source = g_timeout_source_new (100);

  g_source_set_callback (source, keep_waking_cb, NULL, NULL);
  g_source_attach (source, NULL);
  while (!condition (data))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline_us);
      g_main_context_iteration (NULL, TRUE);
    }
  g_source_destroy (source);
  g_source_unref (source);
}

static gboolean
has_result (gpointer data)
{
  return *(GAsyncResult **) data != NULL;
}

void
model_wait_result (GAsyncResult **result)
{
  model_wait (has_result, result);
}

void
model_result_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

/* bench-store.c: makes the store of a large tenant, without a network. Usage: bench-store FOLDER DEVICES
 * [ACTIVITIES]. All devices are exposed and the targets of one activity; where more are wanted, a tenth
 * of the devices each. Prints the id of the last one. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store.h"
#include "keep.h"
#include "tvm-time.h"

#include <stdlib.h>

#define SHARE 10

static char *
make_recommendation_id (guint i)
{
  return g_strdup_printf ("va-_-vendor-_-player%u", i);
}

static char *
make_id (guint i)
{
  return g_strdup_printf ("%08x%032x", i * 2654435761u, i);
}

static void
add_devices (TvmStore *store,
             guint     n)
{
  g_autoptr(GPtrArray) devices = g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_device_unref);
  g_autoptr(GError) error = NULL;
  gint64 now_us = tvm_now_us ();

  for (guint i = 0; i < n; i++)
    {
      TvmDevice *device = tvm_device_new ();

      device->id = make_id (i);
      device->name = g_strdup_printf ("desktop-%07u.contoso.example", i);
      device->os_platform = g_strdup (i % 9 == 0 ? "WindowsServer2022" : "Windows11");
      device->os_version = g_strdup ("23H2");
      device->group = g_strdup_printf ("Gruppe %u, Köln", i % 40);
      device->aad_device_id = g_strdup_printf ("%08x-1111-4222-8333-%012x", i, i);
      device->last_ip = g_strdup_printf ("10.%u.%u.%u", i >> 16 & 255, i >> 8 & 255, i & 255);
      device->tags = g_strdup ("first\nsecond");
      device->is_aad_joined = device->in_inventory = TRUE;
      device->health = TVM_HEALTH_ACTIVE;
      device->risk = device->exposure = TVM_LEVEL_LOW;
      device->first_seen_us = now_us - 400 * TVM_DAY_US;
      device->last_seen_us = now_us - i % 86400 * TVM_SECOND_US;
      g_ptr_array_add (devices, device);
    }
  keep_devices (store, devices, NULL, &error);
  g_assert_no_error (error);
}

/* To the @first recommendation: every device, or with @share those at every @share-th place. */
static void
expose (TvmStore *store,
        guint     n,
        guint     first,
        guint     share)
{
  g_autofree char *recommendation_id = make_recommendation_id (first);
  g_autoptr(TvmDeviceRefs) refs = tvm_device_refs_new ();
  g_autoptr(GError) error = NULL;

  for (guint i = first; i < n; i += share)
    {
      g_autofree char *id = make_id (i);

      tvm_device_refs_add (refs, id, NULL, NULL, NULL);
    }
  keep_device_refs (store, recommendation_id, refs, NULL, &error);
  g_assert_no_error (error);
}

static void
add_recommendations (TvmStore *store,
                     guint     n)
{
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_recommendation_unref);
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < n; i++)
    {
      TvmRecommendation *recommendation = tvm_recommendation_new ();

      recommendation->id = make_recommendation_id (i);
      recommendation->name = g_strdup_printf ("Update Player %u", i);
      recommendation->type = TVM_TYPE_UPDATE;
      recommendation->status = TVM_RECOMMENDATION_ACTIVE;
      g_ptr_array_add (list, recommendation);
    }
  keep_recommendations (store, list, NULL, &error);
  g_assert_no_error (error);
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TvmStore) store = NULL;
  const TvmSubmission submission = { .who = "ana@contoso.example" };
  g_autoptr(TvmRequest) request = tvm_request_new ();
  guint n_devices, n_activities, share;

  g_return_val_if_fail (argc == 3 || argc == 4, 2);
  n_devices = (guint) atoi (argv[2]);
  n_activities = argc > 3 ? (guint) atoi (argv[3]) : 1;
  store = tvm_store_open (argv[1], &error);
  g_assert_no_error (error);
  share = n_activities > 1 ? SHARE : 1;
  add_recommendations (store, share);
  add_devices (store, n_devices);
  for (guint i = 0; i < share; i++)
    expose (store, n_devices, i, share);
  request->type = TVM_TYPE_UPDATE;
  request->priority = TVM_PRIORITY_HIGH;
  for (guint i = 0; i < n_activities; i++)
    {
      g_autoptr(TvmActivity) activity = NULL;

      g_free (request->recommendation_id);
      request->recommendation_id = make_recommendation_id (i % share);
      activity = tvm_store_submit (store, request, &submission, NULL, &error);
      g_assert_no_error (error);
      if (i == n_activities - 1)
        g_print ("%s\n", activity->id);
    }
  tvm_store_close (store);
  g_assert_no_error (error);
  return 0;
}

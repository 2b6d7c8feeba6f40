/* test-odd.c: services that say odd things, or of which one fails.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "odd.h"
#include "tvm-error.h"
#include "tvm-time.h"

#include <string.h>

/* ---- one of the services fails ---- */

static const char *const refusals[] = { "\"status\":500", "\"status\":401", "\"status\":403",
                                        "\"kind\":\"reset\"" };

static const int codes[] = { TVM_ERROR_OFFLINE, TVM_ERROR_FORBIDDEN, TVM_ERROR_FORBIDDEN,
                             TVM_ERROR_OFFLINE };

/* Intune fails at once, while Defender takes its time: all of that comes. */
static void
test_without_intune (SyncFixture *self, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      g_autofree char *order = g_strconcat (refusals[i], "," ALWAYS, NULL);
      g_autoptr(GError) error = NULL;
      g_autoptr(GPtrArray) results = NULL;
      g_autofree char *text = NULL;
      gint64 good_us = 0;

      sync_fixture_forget_faults (self);
      sync_fixture_fault (self, "/beta", "GET", order);
      sync_fixture_fault (self, "/api/recommendations", "GET",
                          "\"exact\":true,\"kind\":\"delay\",\"delay_ms\":400");
      sync_fixture_fault (self, "/api/machines", "GET",
                          "\"exact\":true,\"kind\":\"delay\",\"delay_ms\":400");
      results = tvm_sync_engine_sync (self->engine, TRUE, NULL, NULL, NULL, &error);
      g_test_message ("%s", error->message);
      g_assert_cmpint (error->code, ==, codes[i]);
      g_assert_nonnull (strstr (error->message, "Microsoft Intune"));
      g_assert_null (strstr (error->message, "Microsoft Defender"));
      g_assert_cmpint (sync_fixture_find (results, "devices")->received, >, 0);
      g_assert_cmpint (sync_fixture_find (results, sync_fixture_exposure_list ())->received, >, 0);
      g_assert_nonnull (sync_fixture_find (results, "scores"));
      g_assert_true (tvm_store_last_sync (self->store, &good_us, &text, NULL));
      g_assert_cmpstr (text, ==, error->message);
      g_assert_cmpint (good_us, >, 0);   /* what is known of devices is of now */
    }
}

static void
test_without_defender (SyncFixture *self, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      g_autofree char *order = g_strconcat (refusals[i], "," ALWAYS, NULL);
      g_autoptr(GError) error = NULL;
      g_autoptr(GPtrArray) results = NULL;

      sync_fixture_forget_faults (self);
      sync_fixture_fault (self, "/api", "GET", order);
      sync_fixture_fault (self, TASKS, "GET", "\"kind\":\"delay\",\"delay_ms\":300");
      sync_fixture_fault (self, "/beta/deviceManagement", "GET",
                          "\"kind\":\"delay\",\"delay_ms\":300");
      results = tvm_sync_engine_sync (self->engine, FALSE, NULL, NULL, NULL, &error);
      g_assert_nonnull (strstr (error->message, "Microsoft Defender"));
      g_assert_null (strstr (error->message, "Microsoft Intune"));
      g_assert_null (sync_fixture_find (results, "devices"));
      g_assert_nonnull (sync_fixture_find (results, "tickets"));
      g_assert_cmpint (sync_fixture_find (results, "managed-devices")->received, >, 0);
    }
}

static void
test_without_both (SyncFixture *self, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) results = NULL;

  sync_fixture_fault (self, "/beta", "GET", "\"status\":401," ALWAYS);
  sync_fixture_fault (self, "/api", "GET", "\"status\":500," ALWAYS);
  results = tvm_sync_engine_sync (self->engine, FALSE, NULL, NULL, NULL, &error);
  g_assert_error (error, TVM_ERROR, TVM_ERROR_OFFLINE);
  g_assert_nonnull (strstr (error->message, "Microsoft Defender"));
  g_assert_nonnull (strstr (error->message, "status 500"));
  g_assert_nonnull (strstr (error->message, "Microsoft Intune"));
  g_assert_nonnull (strstr (error->message, "status 401"));
}

/* A role that is missing is none the less missing after another sign-in. */
static void
test_no_role (SyncFixture *self, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) results = NULL;
  gboolean sign_in_required = TRUE;

  sync_fixture_fault (self, TASKS, "GET", "\"status\":401," ALWAYS);
  results = tvm_sync_engine_sync (self->engine, FALSE, NULL, NULL, NULL, &error);
  g_assert_error (error, TVM_ERROR, TVM_ERROR_FORBIDDEN);
  g_assert_nonnull (strstr (error->message, "licence"));
  g_assert_null (strstr (error->message, "Sign in again"));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_object_get (self->engine, "sign-in-required", &sign_in_required, NULL);
  g_assert_false (sign_in_required);
}

/* ---- lists ---- */

/* It was listed a moment ago; now only the service's details are not found. */
static void
test_vanished (SyncFixture *self, gconstpointer data)
{
  g_autoptr(TvmRecommendation) one = NULL;
  g_autofree char *path = NULL, *doubts = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) results = NULL;
  gint64 good_us = 0, before_us = 0;
  guint n_before;

  g_ptr_array_unref (tvm_sync_engine_sync (self->engine, TRUE, NULL, NULL, NULL, NULL));
  one = sync_fixture_pick (self, TVM_TYPE_UPDATE);
  {
    g_autoptr(GPtrArray) exposed = sync_fixture_list_exposed (self, one->id);

    n_before = exposed->len;
  }
  g_assert_true (tvm_store_last_sync (self->store, &before_us, NULL, NULL));
  path = g_strdup_printf ("/api/recommendations/%s/", one->id);
  sync_fixture_fault (self, path, "GET", "\"status\":404," ALWAYS);
  results = tvm_sync_engine_sync (self->engine, TRUE, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  doubts = tvm_sync_describe_doubts (results);
  g_assert_nonnull (doubts);
  g_assert_true (tvm_store_last_sync (self->store, &good_us, NULL, NULL));
  g_assert_cmpint (good_us, >, before_us);
  {
    g_autoptr(GPtrArray) exposed = sync_fixture_list_exposed (self, one->id);

    g_assert_cmpuint (exposed->len, ==, n_before);
  }
}

/* Each answer is without a device that is gone; only the whole one says so. */
static void
test_part_of_list (SyncFixture *self, gconstpointer data)
{
  static const struct { const char *order; gboolean is_whole; } answers[] = {
    { "\"kind\":\"partial\"", FALSE },
    { "\"kind\":\"partial\",\"range\":\"bytes 0-99/1000\"", FALSE },
    { "\"kind\":\"two-values\"", FALSE },
    { "\"kind\":\"partial\",\"range\":\"bytes 0-99/100\"", TRUE },
  };
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_DEVICES);
  g_autoptr(GPtrArray) devices = NULL;
  g_autoptr(TvmDevice) gone = NULL;
  g_autofree char *path = NULL;
  guint n_devices;

  sync_fixture_sync_plain (self);
  devices = odd_list (self, query);
  g_ptr_array_set_free_func (devices, (GDestroyNotify) tvm_device_unref);
  n_devices = devices->len;
  gone = tvm_device_ref (devices->pdata[0]);
  path = g_strdup_printf ("devices/%s/remove", gone->id);
  g_clear_pointer (&query->search, g_free);
  {
    g_autoptr(JsonObject) answer = sync_fixture_order (self, path, "{\"keep_references\":false}");
  }
  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autofree char *order = g_strconcat ("\"exact\":true,", answers[i].order, NULL);
      g_autoptr(GPtrArray) results = NULL;
      g_autofree char *doubts = NULL;

      g_test_message ("%s", order);
      sync_fixture_fault (self, "/api/machines", "GET", order);
      results = sync_fixture_sync (self);
      doubts = tvm_sync_describe_doubts (results);
      g_assert_true ((doubts == NULL) == answers[i].is_whole);
      g_assert_cmpuint (odd_count (self, query), ==, n_devices - (answers[i].is_whole ? 1 : 0));
    }
}

#define ADD(path, options, test) g_test_add (path, SyncFixture, options, odd_set_up, test, odd_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  ADD ("/odd/services/without-intune", &odd_connected, test_without_intune);
  ADD ("/odd/services/without-defender", &odd_connected, test_without_defender);
  ADD ("/odd/services/without-both", &odd_connected, test_without_both);
  ADD ("/odd/services/no-role", &odd_connected, test_no_role);
  if (sync_fixture_asks_one_by_one ())  /* else its lists are not asked for */
    ADD ("/odd/lists/vanished", NULL, test_vanished);
  ADD ("/odd/lists/part", NULL, test_part_of_list);
  return g_test_run ();
}

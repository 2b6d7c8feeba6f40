/* bench-sync.c: one whole sync of a store against a server, as a process of its own that others
 * measure. Prints the rows received, changed and written, and the
 * seconds that sign-in and set-up took. Usage: bench-sync ADDRESS FOLDER
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-private.h"
#include "tvm-sync-engine.h"

static void
configure (TvmSyncEngine *engine,
           const char    *uri)
{
  const char *const settings[][2] = {
    { "cloud", "custom" }, { "authority-url", uri }, { "defender-url", uri }, { "graph-url", uri },
    { "tenant-id", "organizations" }, { "client-id", "11111111-2222-4333-8444-555555555555" },
  };
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (settings); i++)
    {
      tvm_sync_engine_set_config (engine, settings[i][0], settings[i][1], NULL, &error);
      g_assert_no_error (error);
    }
  tvm_sync_engine_sign_in_with_device_code (engine, FALSE, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TvmStore) store = NULL;
  g_autoptr(TvmSyncEngine) engine = NULL;
  g_autoptr(GPtrArray) results = NULL;
  gint64 n_received = 0, n_changed = 0, n_before, start_us, sign_in_us;

  g_return_val_if_fail (argc == 3, 2);
  store = tvm_store_open (argv[2], &error);
  g_assert_no_error (error);
  engine = tvm_sync_engine_new (store, "bench", TRUE);
  start_us = g_get_monotonic_time ();
  configure (engine, argv[1]);
  sign_in_us = g_get_monotonic_time () - start_us;
  n_before = tvm_store_total_changes (store);
  results = tvm_sync_engine_sync (engine, TRUE, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < results->len; i++)
    {
      const TvmListResult *result = results->pdata[i];

      n_received += result->received;
      n_changed += result->added + result->changed + result->removed;
    }
  g_print ("%" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %.3f\n", n_received, n_changed,
           tvm_store_total_changes (store) - n_before, sign_in_us / 1e6);
  g_clear_object (&engine);
  tvm_store_close (store, &error);
  g_assert_no_error (error);
  return 0;
}

/* bench-sync.c: one sync of a store against a server, as a process of its own that others measure.
 * Prints the rows received, changed and written, the seconds that sign-in and set-up took, the calls
 * made, the seconds the sync took with its waits, and the rows of the software of all devices.
 * Usage: bench-sync ADDRESS FOLDER [usual|all]
 * With a third word what it waits for is over at once, and the seconds are those of the clock it
 * would have had; "usual" is a sync as people have it, "all" gets everything. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-private.h"
#include "tvm-sync-engine.h"
#include "tvm-time.h"

#include <string.h>

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
  gint64 n_received = 0, n_changed = 0, n_requests = 0, n_records = 0, n_before, start_us, sign_in_us;
  gboolean is_usual = argc == 4 && strcmp (argv[3], "usual") == 0;

  g_return_val_if_fail (argc == 3 || argc == 4, 2);
  tvm_set_virtual_waits (argc == 4);
  store = tvm_store_open (argv[2], &error);
  g_assert_no_error (error);
  engine = tvm_sync_engine_new (store, "bench", TRUE);
  start_us = g_get_monotonic_time ();
  configure (engine, argv[1]);
  sign_in_us = g_get_monotonic_time () - start_us;
  n_before = tvm_store_total_changes (store);
  start_us = tvm_ticks_us ();
  results = tvm_sync_engine_sync (engine, !is_usual, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < results->len; i++)
    {
      const TvmListResult *result = results->pdata[i];

      n_received += result->received;
      n_changed += result->added + result->changed + result->removed;
      n_requests += result->requests;
      if (strcmp (result->name, TVM_EXPOSURE_LIST) == 0)
        n_records += result->received;
    }
  g_print ("%" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %.3f %" G_GINT64_FORMAT
           " %.1f %" G_GINT64_FORMAT "\n", n_received, n_changed, tvm_store_total_changes (store) - n_before,
           sign_in_us / 1e6, n_requests, (tvm_ticks_us () - start_us) / 1e6, n_records);
  g_clear_object (&engine);
  tvm_store_close (store);
  g_assert_no_error (error);
  return 0;
}

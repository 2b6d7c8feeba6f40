/* bench-minutes.c: how long a first and a second sync take by the clock where the service refuses what
 * is beyond its documented limits. Both have one clock, which a wait sets forward: prints for each sync
 * its calls, the minutes that it waited by that clock and computed (with the tenant), and how many calls
 * were refused by then. Usage: bench-minutes FOLDER DEVICES RECOMMENDATIONS usual|all
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-demo-tenant.h"
#include "tvm-sync-private.h"
#include "tvm-time.h"

#include <json-glib/json-glib.h>
#include <libsoup/soup.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void
configure (TvmSyncEngine *engine,
           const char    *uri)
{
  const char *const settings[][2] = {
    { "cloud", "custom" }, { "authority-url", uri }, { "defender-url", uri }, { "graph-url", uri },
    { "tenant-id", "organizations" }, { "client-id", "11111111-2222-4333-8444-555555555555" },
  };
  g_autoptr(TvmClient) client = NULL;
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (settings); i++)
    {
      tvm_sync_engine_set_config (engine, settings[i][0], settings[i][1], NULL, &error);
      g_assert_no_error (error);
    }
  tvm_sync_engine_sign_in_with_device_code (engine, FALSE, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (tvm_sync_session_open (engine, NULL, &client, &error));
  tvm_client_set_unlimited (client, FALSE);  /* whose tokens are in memory has no limits otherwise */
}

static gint64
count_refused (const char *uri)
{
  g_autoptr(SoupSession) session = soup_session_new ();
  g_autofree char *url = g_strconcat (uri, "/_demo/stats", NULL);
  g_autoptr(SoupMessage) message = soup_message_new ("GET", url);
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) answer = soup_session_send_and_read (session, message, NULL, &error);
  g_autoptr(JsonParser) parser = json_parser_new ();

  g_assert_no_error (error);
  json_parser_load_from_data (parser, g_bytes_get_data (answer, NULL),
                              (gssize) g_bytes_get_size (answer), &error);
  g_assert_no_error (error);
  return json_object_get_int_member (json_node_get_object (json_parser_get_root (parser)),
                                     "throttled");
}

/* What the clock would say of a computer that has nothing else to do. */
static double
count_seconds (void)
{
  return (tvm_ticks_us () - g_get_monotonic_time ()) / 1e6 + (double) clock () / CLOCKS_PER_SEC;
}

static void
sync_once (TvmSyncEngine *engine,
           const char    *uri,
           gboolean       is_full)
{
  double start = count_seconds ();
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) results = tvm_sync_engine_sync (engine, is_full, NULL, NULL, NULL, &error);
  gint64 n_requests = 0;

  g_assert_no_error (error);
  for (guint i = 0; i < results->len; i++)
    n_requests += ((const TvmListResult *) results->pdata[i])->requests;
  g_print ("%" G_GINT64_FORMAT " %.1f %" G_GINT64_FORMAT "\n", n_requests,
           (count_seconds () - start) / 60, count_refused (uri));
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr(TvmDemoTenant) tenant = NULL;
  g_autoptr(TvmStore) store = NULL;
  g_autoptr(TvmSyncEngine) engine = NULL;
  g_autoptr(GError) error = NULL;
  TvmDemoOptions options;
  gboolean is_full = argc == 5 && strcmp (argv[4], "all") == 0;

  g_return_val_if_fail (argc == 5, 2);
  tvm_set_virtual_waits (TRUE);
  tvm_demo_options_init (&options);
  options.devices = (guint) atoi (argv[2]);
  options.recommendations = (guint) atoi (argv[3]);
  options.auto_approve = options.documented_limits = TRUE;
  options.device_code_interval = 0;
  tenant = tvm_demo_tenant_new (&options);
  g_assert_true (tvm_demo_tenant_start (tenant, &error));
  store = tvm_store_open (argv[1], &error);
  g_assert_no_error (error);
  engine = tvm_sync_engine_new (store, "bench", TRUE);
  configure (engine, tvm_demo_tenant_get_uri (tenant));
  sync_once (engine, tvm_demo_tenant_get_uri (tenant), is_full);
  sync_once (engine, tvm_demo_tenant_get_uri (tenant), is_full);
  g_clear_object (&engine);
  tvm_store_close (store);
  g_assert_no_error (error);
  tvm_demo_tenant_stop (tenant);
  return 0;
}

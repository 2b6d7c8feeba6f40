/* bench-sync.c: a first and a repeated whole sync against a Python script that pulls the same lists,
 * in turn, from the same server; prints medians and the ratio. Never fails on time.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-demo-tenant.h"
#include "tvm-sync-engine.h"

#include <glib/gstdio.h>
#include <stdlib.h>

#define N_ROUNDS 5

typedef struct
{
  double first[N_ROUNDS], again[N_ROUNDS], peer[N_ROUNDS];
} Times;

static void
configure (TvmSyncEngine *engine,
           const char    *uri)
{
  static const char *const keys[] = { "authority-url", "defender-url", "graph-url" };
  g_autoptr(GError) error = NULL;

  tvm_sync_engine_set_config (engine, "cloud", "custom", NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      tvm_sync_engine_set_config (engine, keys[i], uri, NULL, &error);
      g_assert_no_error (error);
    }
  tvm_sync_engine_set_config (engine, "tenant-id", "organizations", NULL, &error);
  g_assert_no_error (error);
  tvm_sync_engine_set_config (engine, "client-id", "11111111-2222-4333-8444-555555555555", NULL,
                              &error);
  g_assert_no_error (error);
}

static double
time_sync (TvmSyncEngine *engine)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) results = NULL;
  gint64 start_us = g_get_monotonic_time ();

  results = tvm_sync_engine_sync (engine, TRUE, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  return (g_get_monotonic_time () - start_us) / 1e6;
}

static double
time_peer (const char *uri,
           const char *token,
           const char *directory)
{
  g_autofree char *database = g_build_filename (directory, "peer.db", NULL);
  g_autoptr(GError) error = NULL;
  const char *argv[] = { "python3", TVM_PEER, uri, token, database, NULL };
  gint64 start_us = g_get_monotonic_time ();
  int status = -1;

  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, &status,
                &error);
  g_assert_no_error (error);
  g_assert_true (g_spawn_check_wait_status (status, NULL));
  return (g_get_monotonic_time () - start_us) / 1e6;
}

/* A second sign-in, only for the peer's token. */
static char *
get_peer_token (const char *uri)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TvmEndpoints) endpoints =
    tvm_endpoints_new ("custom", uri, uri, uri, "organizations",
                       "11111111-2222-4333-8444-555555555555", &error);
  g_autoptr(TvmSignIn) sign_in = tvm_sign_in_new (endpoints, tvm_token_vault_new_memory ());
  char *token;

  tvm_sign_in_with_device_code (sign_in, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  token = tvm_sign_in_get_token (sign_in, TVM_RESOURCE_DEFENDER, FALSE, FALSE, NULL, &error);
  g_assert_no_error (error);
  return token;
}

static void
run_round (const char *uri,
           const char *token,
           Times      *times,
           int         round)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *directory = g_dir_make_tmp ("tvm-bench-XXXXXX", &error);
  g_autoptr(TvmStore) store = tvm_store_open (directory, &error);
  g_autoptr(TvmSyncEngine) engine = NULL;
  const char *remove[] = { "rm", "-r", directory, NULL };

  g_assert_no_error (error);
  engine = tvm_sync_engine_new (store, "bench", TRUE);
  configure (engine, uri);
  tvm_sync_engine_sign_in_with_device_code (engine, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  times->first[round] = time_sync (engine);
  times->again[round] = time_sync (engine);
  times->peer[round] = time_peer (uri, token, directory);
  g_clear_object (&engine);
  tvm_store_close (store, &error);
  g_assert_no_error (error);
  g_spawn_sync (NULL, (char **) remove, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL);
}

static int
compare_doubles (const void *a,
                 const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

static double
median (double *values)
{
  qsort (values, N_ROUNDS, sizeof *values, compare_doubles);
  return values[N_ROUNDS / 2];
}

int
main (int   argc,
      char *argv[])
{
  TvmDemoOptions options;
  g_autoptr(GError) error = NULL;
  TvmDemoTenant *tenant;
  g_autofree char *token = NULL;
  Times times;
  double first, again, peer;

  tvm_demo_options_init (&options);
  options.auto_approve = TRUE;
  options.device_code_interval = 1;
  options.devices = argc > 1 ? atoi (argv[1]) : 20000;
  tenant = tvm_demo_tenant_new (&options);
  tvm_demo_tenant_start (tenant, &error);
  g_assert_no_error (error);
  token = get_peer_token (tvm_demo_tenant_get_uri (tenant));
  for (int round = 0; round < N_ROUNDS; round++)
    run_round (tvm_demo_tenant_get_uri (tenant), token, &times, round);
  first = median (times.first);
  again = median (times.again);
  peer = median (times.peer);
  g_print ("devices %u, medians of %d rounds: first sync %.2f s, repeated %.2f s, Python script %.2f s\n"
           "first sync: %.2f x the script's speed; repeated sync: %.2f of the first\n",
           options.devices, N_ROUNDS, first, again, peer, peer / first, again / first);
  tvm_demo_tenant_stop (tenant);
  tvm_demo_tenant_unref (tenant);
  return 0;
}

/* test-crash-outbox.c: 200 requests with tickets while every third answer is lost and the program is
 * killed 50 times: 200 activities and 200 tickets, none twice, none missing (R4). The parent serves the
 * demo tenant and kills; the child, this program again, submits and sends. A second one sends beside it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-demo-tenant.h"
#include "tvm-sync-engine.h"

#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <libsoup/soup.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define N_REQUESTS 200
#define N_KILLS    50
#define TICKETS_PATH "/beta/deviceAppManagement/deviceAppManagementTasks"

static const char *program;

typedef struct {
  TvmDemoTenant *tenant;
  const char    *uri;
  char          *directory;
  GRand         *random;
  guint32        seed;
} World;

/* ---- the child ----------------------------------------------------------------------------- */

static void
show_cb (const char *code, const char *page, const char *message, gpointer user_data)
{
}

static void
tell_progress (void)
{
  if (write (STDOUT_FILENO, ".", 1) != 1)
    _exit (3);
}

static TvmSyncEngine *
open_engine (const char *directory, const char *uri)
{
  const char *const settings[][2] = { { "cloud", "custom" }, { "authority-url", uri }, { "defender-url", uri },
                                      { "graph-url", uri }, { "tenant-id", "contoso.example" },
                                      { "client-id", "test-app" } };
  g_autoptr(GError) error = NULL;
  g_autoptr(TvmStore) store = tvm_store_open (directory, &error);
  TvmSyncEngine *engine;

  g_assert_no_error (error);
  engine = tvm_sync_engine_new (store, "test", TRUE);
  tvm_sync_engine_set_look_again (engine, 0);
  for (guint i = 0; i < G_N_ELEMENTS (settings); i++)
    {
      tvm_sync_engine_set_config (engine, settings[i][0], settings[i][1], NULL, &error);
      g_assert_no_error (error);
    }
  tvm_sync_engine_sign_in_with_device_code (engine, FALSE, show_cb, NULL, NULL, &error);
  g_assert_no_error (error);
  return engine;
}

static GPtrArray *
list_records (TvmStore *store, TvmListKind kind)
{
  g_autoptr(TvmQuery) query = tvm_query_new (kind);
  g_autoptr(GArray) keys = tvm_store_list_keys (store, query, NULL, NULL);

  return tvm_store_list_records (store, query, (gint64 *) (gpointer) keys->data, keys->len, NULL);
}

/* The least exposed one that an update fixes: small tickets. */
static char *
pick_recommendation (TvmStore *store)
{
  g_autoptr(GPtrArray) all = list_records (store, TVM_LIST_RECOMMENDATIONS);
  const TvmRecommendation *best = NULL;
  char *id;

  for (guint i = 0; i < all->len; i++)
    {
      const TvmRecommendation *one = all->pdata[i];

      if (one->type == TVM_TYPE_UPDATE && one->exposed_devices > 4 &&
          (best == NULL || one->exposed_devices < best->exposed_devices))
        best = one;
    }
  g_assert_nonnull (best);
  id = g_strdup (best->id);
  g_ptr_array_set_free_func (all, (GDestroyNotify) tvm_recommendation_unref);
  return id;
}

static int
count_requests (TvmStore *store)
{
  g_autoptr(GPtrArray) all = list_records (store, TVM_LIST_ACTIVITIES);
  int n = 0;

  for (guint i = 0; i < all->len; i++)
    n += ((TvmActivity *) all->pdata[i])->origin == TVM_ORIGIN_LOCAL ? 1 : 0;
  g_ptr_array_set_free_func (all, (GDestroyNotify) tvm_activity_unref);
  return n;
}

static void
submit (TvmSyncEngine *engine, const char *recommendation, int number)
{
  g_autoptr(TvmRequest) request = tvm_request_new ();
  g_autoptr(TvmActivity) activity = NULL;
  g_autoptr(GError) error = NULL;

  g_free (request->recommendation_id);
  request->recommendation_id = g_strdup (recommendation);
  request->type = TVM_TYPE_UPDATE;
  request->priority = TVM_PRIORITY_HIGH;
  request->create_ticket = TRUE;
  request->notes = g_strdup_printf ("request %d", number);
  activity = tvm_sync_engine_request (engine, request, FALSE, NULL, NULL, &error);
  g_assert_no_error (error);
}

static int
count_outbox (TvmStore *store)
{
  TvmStoreCounts counts = { 0 };

  g_assert_true (tvm_store_counts (store, &counts, NULL));
  return counts.outbox;
}

/* Submits what is missing, a few at a time, and sends until nothing waits. */
static int
run_child (const char *directory, const char *uri)
{
  g_autoptr(TvmSyncEngine) engine = open_engine (directory, uri);
  TvmStore *store = tvm_sync_engine_get_store (engine);
  g_autofree char *recommendation = pick_recommendation (store);
  int n = count_requests (store);

  tell_progress ();
  while (n < N_REQUESTS || count_outbox (store) > 0)
    {
      for (int i = 0; i < 3 && n < N_REQUESTS; i++)
        {
          submit (engine, recommendation, n++);
          tell_progress ();
        }
      tvm_sync_engine_push_outbox (engine, NULL, NULL, NULL);
      tell_progress ();
    }
  return 0;
}

/* Only sends, beside the other one. */
static int
run_sender (const char *directory, const char *uri)
{
  g_autoptr(TvmSyncEngine) engine = open_engine (directory, uri);
  TvmStore *store = tvm_sync_engine_get_store (engine);

  do
    tvm_sync_engine_push_outbox (engine, NULL, NULL, NULL);
  while (count_requests (store) < N_REQUESTS || count_outbox (store) > 0);
  return 0;
}

/* ---- the parent ---------------------------------------------------------------------------- */

static JsonObject *
order (World *world, const char *path, const char *body)
{
  g_autoptr(SoupSession) session = soup_session_new ();
  g_autofree char *url = g_strconcat (world->uri, "/_demo/", path, NULL);
  g_autoptr(SoupMessage) message = soup_message_new (body != NULL ? "POST" : "GET", url);
  g_autoptr(GBytes) answer = NULL;
  g_autoptr(JsonParser) parser = json_parser_new ();

  if (body != NULL)
    {
      g_autoptr(GBytes) bytes = g_bytes_new (body, strlen (body));

      soup_message_set_request_body_from_bytes (message, "application/json", bytes);
    }
  answer = soup_session_send_and_read (session, message, NULL, NULL);
  g_assert_cmpuint (soup_message_get_status (message), ==, 200);
  g_assert_true (json_parser_load_from_data (parser, g_bytes_get_data (answer, NULL),
                                             (gssize) g_bytes_get_size (answer), NULL));
  return json_object_ref (json_node_get_object (json_parser_get_root (parser)));
}

/* A fault counts the requests that no earlier fault struck. */
static void
lose_every_third_answer (World *world)
{
  for (int i = 1; i <= N_REQUESTS; i++)
    {
      g_autofree char *body = g_strdup_printf ("{\"path\":\"" TICKETS_PATH "\",\"method\":\"POST\","
                                               "\"kind\":\"cut\",\"skip\":%d}", 2 * i);
      g_autoptr(JsonObject) answer = order (world, "faults", body);

      g_assert_nonnull (answer);
    }
}

static void
set_up (World *world)
{
  const char *wanted_seed = g_getenv ("TVM_CRASH_SEED");
  g_autoptr(TvmSyncEngine) engine = NULL;
  g_autoptr(GPtrArray) results = NULL;
  g_autoptr(GError) error = NULL;
  TvmDemoOptions options;

  tvm_demo_options_init (&options);
  options.devices = 60;
  options.recommendations = 12;
  options.activities = 2;
  options.auto_approve = TRUE;
  options.device_code_interval = 0;
  world->tenant = tvm_demo_tenant_new (&options);
  g_assert_true (tvm_demo_tenant_start (world->tenant, &error));
  world->uri = tvm_demo_tenant_get_uri (world->tenant);
  world->directory = g_dir_make_tmp ("tvm-crash-XXXXXX", NULL);
  world->seed = wanted_seed != NULL ? (guint32) strtoul (wanted_seed, NULL, 10) : 20260320;
  world->random = g_rand_new_with_seed (world->seed);
  g_test_message ("TVM_CRASH_SEED=%u", world->seed);
  engine = open_engine (world->directory, world->uri);
  g_assert_true (tvm_sync_engine_set_config (engine, "intune-connection", "true", NULL, &error));
  results = tvm_sync_engine_sync (engine, TRUE, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  tvm_store_close (tvm_sync_engine_get_store (engine));
  lose_every_third_answer (world);
}

static GSubprocess *
start_child (World *world, const char *role)
{
  GError *error = NULL;
  GSubprocess *child = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, program, role,
                                         world->directory, world->uri, NULL);

  g_assert_no_error (error);
  return child;
}

/* Some steps of progress on, and a moment into the next step, whose work takes milliseconds. */
static gboolean
kill_on_the_way (World *world, GSubprocess *child)
{
  GInputStream *progress = g_subprocess_get_stdout_pipe (child);
  int n_steps = g_rand_int_range (world->random, 1, 8);
  gint64 moment_us = g_rand_int_range (world->random, 0, 8000);
  gint64 until_us;
  char byte;

  for (int i = 0; i < n_steps; i++)
    if (g_input_stream_read (progress, &byte, 1, NULL, NULL) <= 0)
      return FALSE;
  until_us = g_get_monotonic_time () + moment_us;
  while (g_get_monotonic_time () < until_us)
    g_thread_yield ();
  g_subprocess_force_exit (child);
  return TRUE;
}

static void
run_and_kill (World *world)
{
  for (int n_killed = 0; n_killed < N_KILLS; n_killed++)
    {
      g_autoptr(GSubprocess) child = start_child (world, "--child");

      g_assert_true (kill_on_the_way (world, child));
      g_subprocess_wait (child, NULL, NULL);
      g_assert_true (g_subprocess_get_if_signaled (child));
    }
}

/* Two at once finish the rest: only one of them holds the outbox at a time. */
static void
run_to_the_end (World *world)
{
  g_autoptr(GSubprocess) submitter = start_child (world, "--child");
  g_autoptr(GSubprocess) sender = start_child (world, "--sender");

  g_assert_true (g_subprocess_wait_check (submitter, NULL, NULL));
  g_assert_true (g_subprocess_wait_check (sender, NULL, NULL));
}

static void
check_all (World *world)
{
  g_autoptr(JsonObject) state = order (world, "state", NULL);
  JsonArray *made = json_object_get_array_member (state, "tickets");
  g_autoptr(GHashTable) ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GHashTable) notes = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(TvmStore) store = tvm_store_open (world->directory, NULL);
  g_autoptr(GPtrArray) all = list_records (store, TVM_LIST_ACTIVITIES);

  g_ptr_array_set_free_func (all, (GDestroyNotify) tvm_activity_unref);
  for (guint i = 0; i < all->len; i++)
    {
      const TvmActivity *activity = all->pdata[i];
      g_autoptr(GPtrArray) tickets = NULL;

      if (activity->origin != TVM_ORIGIN_LOCAL)
        continue;
      tickets = tvm_store_list_tickets (store, activity->id, NULL);
      g_assert_cmpuint (tickets->len, ==, 1);
      g_assert_true (g_hash_table_add (notes, activity->notes));
      g_assert_true (g_hash_table_add (ids, g_strdup (((TvmTicket *) tickets->pdata[0])->id)));
    }
  g_assert_cmpuint (g_hash_table_size (notes), ==, N_REQUESTS);
  g_assert_cmpuint (json_array_get_length (made), ==, N_REQUESTS);
  for (guint i = 0; i < N_REQUESTS; i++)
    {
      const char *id = json_object_get_string_member (json_array_get_object_element (made, i), "id");

      g_assert_true (g_hash_table_remove (ids, id));
    }
  g_assert_cmpint (count_outbox (store), ==, 0);
  tvm_store_close (store);
}

static void
tear_down (World *world)
{
  g_autoptr(GDir) directory = g_dir_open (world->directory, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *path = g_build_filename (world->directory, name, NULL);

      g_unlink (path);
    }
  g_rmdir (world->directory);
  g_free (world->directory);
  g_rand_free (world->random);
  tvm_demo_tenant_stop (world->tenant);
  tvm_demo_tenant_free (world->tenant);
}

static void
test_killed (void)
{
  World world = { NULL };

  set_up (&world);
  run_and_kill (&world);
  run_to_the_end (&world);
  check_all (&world);
  tear_down (&world);
}

int
main (int argc, char **argv)
{
  if (argc == 4 && strcmp (argv[1], "--child") == 0)
    return run_child (argv[2], argv[3]);
  if (argc == 4 && strcmp (argv[1], "--sender") == 0)
    return run_sender (argv[2], argv[3]);
  program = argv[0];
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/crash/outbox", test_killed);
  return g_test_run ();
}

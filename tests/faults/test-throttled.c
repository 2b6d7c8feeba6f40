/* test-throttled.c: the first sync of a tenant that lets 50 calls a minute in: no error for the user, no
 * Retry-After ignored. The waits are virtual. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "sync-fixture.h"
#include "tvm-sync-private.h"
#include "tvm-time.h"

static const SyncFixtureOptions sixty = { .recommendations = 60 };

typedef struct { int n_waits; gint64 longest_us; } Told;

static void
progressed_cb (const char *step, int n_done, int n_steps, gint64 next_call_us, const char *files,
               gpointer user_data)
{
  Told *told = user_data;

  if (next_call_us == 0)
    return;
  told->n_waits++;
  told->longest_us = MAX (told->longest_us, next_call_us - tvm_now_us ());
}

static void
set_up (SyncFixture *self, gconstpointer data)
{
  tvm_set_virtual_waits (TRUE);
  sync_fixture_set_up (self, data);
}

static void
tear_down (SyncFixture *self, gconstpointer data)
{
  sync_fixture_tear_down (self, data);
  tvm_set_virtual_waits (FALSE);
}

static void
sync_whole (SyncFixture *self, Told *told)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) results = tvm_sync_engine_sync (self->engine, TRUE, progressed_cb, told, NULL, &error);
  const TvmListResult *refs;

  g_assert_no_error (error);
  refs = sync_fixture_find (results, "device-references");
  g_assert_cmpint (sync_fixture_find (results, "recommendations")->received, ==, 60);
  g_assert_cmpint (refs->requests, >=, 50);
  g_assert_cmpint (refs->doubtful, ==, 0);
}

static void
throttle (SyncFixture *self, const char *calls)
{
  g_autofree char *body = g_strdup_printf ("{\"calls_per_minute\":%s}", calls);
  g_autoptr(JsonObject) answer = sync_fixture_order (self, "throttle", body);

  g_assert_nonnull (answer);
}

/* Our own pace stays below the limit: the service never has to refuse. */
static void
test_paced (SyncFixture *self, gconstpointer data)
{
  g_autoptr(TvmClient) client = NULL;
  g_autoptr(JsonObject) stats = NULL;
  gint64 begin_us = tvm_ticks_us ();
  Told told = { 0, 0 };

  g_assert_true (tvm_sync_session_open (self->engine, NULL, &client, NULL));
  tvm_client_set_unlimited (client, FALSE);
  throttle (self, "50");
  sync_whole (self, &told);
  sync_whole (self, &told);
  stats = sync_fixture_order (self, "stats", NULL);
  g_test_message ("%d calls in %d virtual seconds", (int) json_object_get_int_member (stats, "total"),
                  (int) ((tvm_ticks_us () - begin_us) / TVM_SECOND_US));
  g_assert_cmpint (json_object_get_int_member (stats, "retry_after_violations"), ==, 0);
  g_assert_cmpint (json_object_get_int_member (stats, "throttled"), ==, 0);
  g_assert_cmpint (told.n_waits, >, 0);
  g_assert_cmpint (told.longest_us, <, 60 * TVM_SECOND_US);
}

/* A program started right afterwards goes on where the first one stopped. */
static void
test_restarted (SyncFixture *self, gconstpointer data)
{
  g_autoptr(TvmClient) client = NULL;
  g_autoptr(JsonObject) stats = NULL;
  Told told = { 0, 0 };

  g_assert_true (tvm_sync_session_open (self->engine, NULL, &client, NULL));
  throttle (self, "50");
  tvm_client_set_unlimited (client, FALSE);
  sync_whole (self, &told);
  for (int i = 0; i < 3; i++)
    {
      g_autofree char *taken = tvm_client_dup_pace (client);

      tvm_sync_session_drop (self->engine);  /* forgets the buckets, and who is signed in */
      sync_fixture_sign_in (self);
      g_clear_object (&client);
      g_assert_true (tvm_sync_session_open (self->engine, NULL, &client, NULL));
      tvm_client_set_unlimited (client, FALSE);
      tvm_client_load_pace (client, TVM_CALLER_COMMAND_LINE, taken);
      sync_whole (self, &told);
    }
  tvm_client_load_pace (client, TVM_CALLER_COMMAND_LINE, "x 99999999999999999999 -5 ");
  stats = sync_fixture_order (self, "stats", NULL);
  g_assert_cmpint (json_object_get_int_member (stats, "throttled"), ==, 0);
}

/* Others use up the tenant's quota: what the service asks for is waited out. */
static void
test_refused (SyncFixture *self, gconstpointer data)
{
  g_autoptr(JsonObject) stats = NULL;
  Told told = { 0, 0 };

  throttle (self, "20");
  sync_whole (self, &told);
  stats = sync_fixture_order (self, "stats", NULL);
  g_assert_cmpint (json_object_get_int_member (stats, "throttled"), >, 0);
  g_assert_cmpint (told.n_waits, >, 0);
  g_assert_cmpint (told.longest_us, >, TVM_SECOND_US);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add ("/faults/throttled/paced", SyncFixture, &sixty, set_up, test_paced, tear_down);
  g_test_add ("/faults/throttled/restarted", SyncFixture, &sixty, set_up, test_restarted, tear_down);
  g_test_add ("/faults/throttled/refused", SyncFixture, &sixty, set_up, test_refused, tear_down);
  return g_test_run ();
}

/* test-claim.c: two processes send the outbox, and the lock that keeps them apart is lost. The other
 * process is this program again. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "outbox.h"
#include "tvm-error.h"

#include <glib/gstdio.h>
#include <string.h>

static const SyncFixtureOptions connected = { .intune = TRUE };
static const char *program;

static void
show_cb (const char *code, const char *page, const char *message, gpointer user_data)
{
}

/* The settings are in the store already. */
static int
run_sender (const char *directory)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TvmStore) store = tvm_store_open (directory, &error);
  g_autoptr(TvmSyncEngine) engine = NULL;

  g_assert_no_error (error);
  engine = tvm_sync_engine_new (store, "test", TRUE);
  tvm_sync_engine_set_look_again (engine, 0);
  tvm_sync_engine_sign_in_with_device_code (engine, TRUE, show_cb, NULL, NULL, &error);
  g_assert_no_error (error);
  tvm_sync_engine_push_outbox (engine, NULL, NULL, NULL);
  return 0;
}

static void
wait_until_struck (SyncFixture *self)
{
  gint64 until_us = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;
  gint64 n_left = 1;

  while (n_left > 0)
    {
      g_autoptr(JsonObject) stats = sync_fixture_order (self, "stats", NULL);

      n_left = json_object_get_int_member (stats, "faults_left");
      g_assert_cmpint (g_get_monotonic_time (), <, until_us);
      g_thread_yield ();
    }
}

/* Starts the other one, whose request is out, never answered, when this returns; its lock is gone then. */
static GSubprocess *
start_and_lose_lock (SyncFixture *self)
{
  g_autofree char *lock = g_build_filename (self->directory, "outbox.lock", NULL);
  g_autoptr(GError) error = NULL;
  GSubprocess *other;

  sync_fixture_fault (self, OUTBOX_TICKETS_PATH, "POST", "\"kind\":\"stall\"");
  other = g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, &error, program, "--sender", self->directory, NULL);
  g_assert_no_error (error);
  wait_until_struck (self);
  g_assert_cmpint (g_unlink (lock), ==, 0);
  return other;
}

static void
test_lost_lock (SyncFixture *self, gconstpointer data)
{
  g_autoptr(TvmActivity) activity = NULL;
  g_autoptr(GSubprocess) other = NULL;
  g_autoptr(GError) error = NULL;
  int n_sent = -1;

  sync_fixture_sync_plain (self);
  activity = outbox_submit (self, TVM_TYPE_UPDATE);
  other = start_and_lose_lock (self);
  g_assert_true (tvm_sync_engine_push_outbox (self->engine, &n_sent, NULL, NULL));
  g_assert_cmpint (n_sent, ==, 0);
  g_assert_cmpuint (outbox_count_posts (self), ==, 0);
  g_assert_false (tvm_sync_engine_retry_outbox (self->engine, outbox_first_key (self), NULL, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_CONFLICT);
  g_clear_error (&error);
  g_assert_false (tvm_sync_engine_revoke_outbox (self->engine, outbox_first_key (self), NULL, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_CONFLICT);
  /* That it died is the proof that nothing of it comes any more. */
  g_subprocess_force_exit (other);
  g_subprocess_wait (other, NULL, NULL);
  g_assert_true (tvm_sync_engine_push_outbox (self->engine, &n_sent, NULL, NULL));
  g_assert_cmpint (n_sent, ==, 1);
  g_assert_cmpuint (outbox_count_posts (self), ==, 1);
  g_assert_cmpint (outbox_first_key (self), ==, 0);
}

/* With a folder in the lock's place the second one has no lock at all: told, and nothing is sent. */
static void
test_folder_instead (SyncFixture *self, gconstpointer data)
{
  g_autofree char *lock = g_build_filename (self->directory, "outbox.lock", NULL);
  g_autoptr(TvmActivity) activity = NULL;
  g_autoptr(GSubprocess) other = NULL;
  g_autoptr(GError) error = NULL;

  sync_fixture_sync_plain (self);
  activity = outbox_submit (self, TVM_TYPE_UPDATE);
  other = start_and_lose_lock (self);
  g_assert_cmpint (g_mkdir (lock, 0700), ==, 0);
  g_assert_false (tvm_sync_engine_push_outbox (self->engine, NULL, NULL, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_FAILED);
  g_assert_nonnull (strstr (error->message, lock));
  g_assert_cmpuint (outbox_count_posts (self), ==, 0);
  g_subprocess_force_exit (other);
  g_subprocess_wait (other, NULL, NULL);
  g_assert_cmpint (g_rmdir (lock), ==, 0);
}

int
main (int argc, char **argv)
{
  if (argc == 3 && strcmp (argv[1], "--sender") == 0)
    return run_sender (argv[2]);
  program = argv[0];
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  OUTBOX_ADD ("/claim/lost-lock", test_lost_lock);
  OUTBOX_ADD ("/claim/folder-instead", test_folder_instead);
  return g_test_run ();
}

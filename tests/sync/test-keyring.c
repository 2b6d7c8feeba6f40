/* test-keyring.c: a keyring that is locked while the program runs (../client/run-keyring.py starts it): the
 * window shows it, and what is synced stays good. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "sync-fixture.h"
#include "tvm-error.h"
#include "tvm-time.h"

#include <libsecret/secret.h>
#include <string.h>

static const SyncFixtureOptions nobody = { .signed_out = TRUE };

static void
lock_keyring (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(SecretService) service = secret_service_get_sync (SECRET_SERVICE_LOAD_COLLECTIONS, NULL, &error);
  GList *collections;

  g_assert_no_error (error);
  collections = secret_service_get_collections (service);
  g_assert_cmpint (secret_service_lock_sync (service, collections, NULL, NULL, &error), >, 0);
  g_assert_no_error (error);
  g_list_free_full (collections, g_object_unref);
}

static void
synced_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GError) error = NULL;

  tvm_sync_engine_finish (TVM_SYNC_ENGINE (object), result, &error);
  g_assert_no_error (error);
  *(gboolean *) user_data = TRUE;
}

/* No prompt can open here. */
static void
not_unlocked_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GError) error = NULL;

  g_assert_false (tvm_sync_engine_finish (TVM_SYNC_ENGINE (object), result, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_KEYRING_LOCKED);
  *(gboolean *) user_data = TRUE;
}

static char *
sync_and_read_error (SyncFixture *self)
{
  gboolean done = FALSE;
  char *shown = NULL;

  tvm_sync_engine_sync_async (self->engine, FALSE, NULL, synced_cb, &done);
  while (!done)
    g_main_context_iteration (NULL, TRUE);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_object_get (self->engine, "last-error", &shown, NULL);
  return shown;
}

static void
test_locked (SyncFixture *self, gconstpointer data)
{
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  g_object_unref (self->engine);
  self->engine = tvm_sync_engine_new (self->store, "test", FALSE);
  sync_fixture_sign_in (self);
  before = sync_and_read_error (self);
  g_assert_cmpstr (before, ==, NULL);
  lock_keyring ();
  tvm_set_clock_us (g_get_real_time () + 2 * 3600 * TVM_SECOND_US);  /* the access token is too old */
  after = sync_and_read_error (self);
  tvm_set_clock_us (0);
  g_assert_nonnull (after);
  g_assert_nonnull (strstr (after, "The keyring is locked. Unlock it"));
}

/* The keyring is locked before the program starts: it is not: nobody is signed in. */
static void
test_locked_before (SyncFixture *self, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  gboolean done = FALSE, is_locked = FALSE;

  g_object_unref (self->engine);
  self->engine = tvm_sync_engine_new (self->store, "test", FALSE);
  lock_keyring ();
  g_assert_null (tvm_sync_engine_dup_account (self->engine, NULL, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_KEYRING_LOCKED);
  tvm_sync_engine_unlock_async (self->engine, NULL, not_unlocked_cb, &done);
  while (!done)
    g_main_context_iteration (NULL, TRUE);
  g_object_get (self->engine, "keyring-locked", &is_locked, NULL);
  g_assert_true (is_locked);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/keyring/locked", SyncFixture, &nobody, sync_fixture_set_up, test_locked, sync_fixture_tear_down);
  g_test_add ("/keyring/locked-before", SyncFixture, &nobody, sync_fixture_set_up, test_locked_before,
              sync_fixture_tear_down);
  return g_test_run ();
}

/* test-silent-keyring.c: a keyring that is there and never answers. It is on a message bus of its
 * own. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "signed-in.h"
#include "tvm-keyring-private.h"
#include "tvm-token-vault-private.h"

#include <string.h>

static GCancellable *to_cancel;  /* (nullable): once the keyring was asked; atomic */

/* Runs on the bus connection's own thread. */
static GDBusMessage *
swallow_cb (GDBusConnection *connection, GDBusMessage *message, gboolean is_incoming, gpointer user_data)
{
  GCancellable *cancellable = g_atomic_pointer_get (&to_cancel);

  if (!is_incoming || g_dbus_message_get_message_type (message) != G_DBUS_MESSAGE_TYPE_METHOD_CALL)
    return message;
  g_object_unref (message);
  if (cancellable != NULL)
    g_cancellable_cancel (cancellable);
  return NULL;
}

static GDBusConnection *
start_silent_keyring (GTestDBus *bus)
{
  g_autoptr(GError) error = NULL;
  GDBusConnection *connection =
    g_dbus_connection_new_for_address_sync (g_test_dbus_get_bus_address (bus),
                                            G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                            G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                            NULL, NULL, &error);
  g_autoptr(GVariant) answer = NULL;

  g_assert_no_error (error);
  g_dbus_connection_add_filter (connection, swallow_cb, NULL, NULL);
  answer = g_dbus_connection_call_sync (connection, "org.freedesktop.DBus", "/", "org.freedesktop.DBus",
                                        "RequestName", g_variant_new ("(su)", "org.freedesktop.secrets", 0),
                                        NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  g_assert_no_error (error);
  return connection;
}

static void
assert_silent (gboolean good, GError **error)
{
  g_assert_false (good);
  g_assert_error (*error, TVM_ERROR, TVM_ERROR_NO_KEYRING);
  g_assert_nonnull (strstr ((*error)->message, "The keyring did not answer"));
  g_clear_error (error);
}

/* Every use ends, in words. */
static void
test_late (void)
{
  TvmTokenVault *vault = tvm_token_vault_new_keyring ("one");
  g_autoptr(GError) error = NULL;
  char *found = NULL;

  tvm_keyring_set_patience (100);
  assert_silent (tvm_token_vault_load (vault, &found, FALSE, NULL, &error), &error);
  g_assert_null (found);
  assert_silent (tvm_token_vault_load (vault, &found, TRUE, NULL, &error), &error);
  assert_silent (tvm_token_vault_save (vault, "secret", FALSE, NULL, &error), &error);
  assert_silent (tvm_token_vault_wipe (vault, TRUE, NULL, &error), &error);
  assert_silent (tvm_token_vault_probe (vault, TRUE, NULL, &error), &error);
  tvm_keyring_set_patience (0);
  tvm_token_vault_free (vault);
}

/* Who is signed in, signing in and signing out end too, and nobody was asked to approve a code. */
static void
test_sign_in (SignedIn *self, gconstpointer data)
{
  g_autoptr(TvmSignIn) sign_in = tvm_sign_in_new (self->endpoints, tvm_token_vault_new_keyring ("two"));
  g_autoptr(GError) error = NULL;

  tvm_keyring_set_patience (100);
  assert_silent (tvm_sign_in_dup_account (sign_in, NULL, &error) != NULL, &error);
  assert_silent (tvm_sign_in_with_device_code (sign_in, FALSE, ignore_code_cb, NULL, NULL, &error), &error);
  g_assert_cmpuint (fake_service_count (self->service, CODE_PATH), ==, 0);
  assert_silent (tvm_sign_in_sign_out (sign_in, NULL, &error), &error);
  tvm_keyring_set_patience (0);
}

static void
assert_cancelled (gboolean good, GError **error)
{
  g_assert_false (good);
  g_assert_error (*error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (error);
  g_cancellable_reset (to_cancel);
}

/* Cancelling does not wait for it. */
static void
test_cancelled (SignedIn *self, gconstpointer data)
{
  g_autoptr(TvmSignIn) sign_in = tvm_sign_in_new (self->endpoints, tvm_token_vault_new_keyring ("three"));
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;

  g_atomic_pointer_set (&to_cancel, cancellable);
  assert_cancelled (tvm_sign_in_dup_account (sign_in, cancellable, &error) != NULL, &error);
  assert_cancelled (tvm_sign_in_sign_out (sign_in, cancellable, &error), &error);
  assert_cancelled (tvm_sign_in_unlock (sign_in, cancellable, &error), &error);
  assert_cancelled (tvm_sign_in_with_device_code (sign_in, FALSE, ignore_code_cb, NULL, cancellable,
                                                  &error), &error);
  g_assert_null (tvm_sign_in_get_token (sign_in, TVM_RESOURCE_GRAPH, FALSE, FALSE, cancellable, &error));
  assert_cancelled (FALSE, &error);
  g_atomic_pointer_set (&to_cancel, NULL);
}

static void
prepare (SignedIn *self, gconstpointer data)
{
  signed_in_prepare (self);
}

#define ADD(name, func) g_test_add ("/client/silent-keyring/" name, SignedIn, NULL, prepare, func, signed_in_tear_down)

int
main (int argc, char **argv)
{
  g_autofree char *daemon = g_find_program_in_path ("dbus-daemon");
  g_autoptr(GDBusConnection) keyring = NULL;
  g_autoptr(GTestDBus) bus = NULL;
  int status;

  g_test_init (&argc, &argv, NULL);
  if (daemon == NULL)
    {
      g_print ("1..0 # SKIP dbus-daemon is not installed\n");
      return 0;
    }
  bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (bus);
  keyring = start_silent_keyring (bus);
  g_test_add_func ("/client/silent-keyring/late", test_late);
  ADD ("sign-in", test_sign_in);
  ADD ("cancelled", test_cancelled);
  status = g_test_run ();
  g_clear_object (&keyring);
  g_test_dbus_stop (bus);
  return status;
}

/* test-keyring.c: the vault on a real keyring, which run-keyring.py starts; and a sign-in on it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "signed-in.h"
#include "tvm-token-vault-private.h"

#include <libsecret/secret.h>
#include <signal.h>
#include <string.h>

static pid_t keyring_pid;
static GSubprocess *keyring;  /* (owned) (nullable): the second one */

static void
assert_kept (const char *profile, const char *expected)
{
  g_autoptr(GError) error = NULL;
  TvmTokenVault *vault = tvm_token_vault_new_keyring (profile);  /* opened anew */
  char *found = NULL;

  g_assert_true (tvm_token_vault_load (vault, &found, FALSE, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (found, ==, expected);
  tvm_secret_free (found);
  tvm_token_vault_free (vault);
}

static void
save (const char *profile, const char *secret)
{
  g_autoptr(GError) error = NULL;
  TvmTokenVault *vault = tvm_token_vault_new_keyring (profile);

  g_assert_true (tvm_token_vault_save (vault, secret, FALSE, NULL, &error));
  g_assert_no_error (error);
  tvm_token_vault_free (vault);
}

static void
test_life (void)
{
  g_autoptr(GError) error = NULL;
  TvmTokenVault *vault = tvm_token_vault_new_keyring ("one");

  assert_kept ("one", NULL);
  save ("one", "first");
  save ("two", "other");
  assert_kept ("one", "first");
  save ("one", "rotated ä");
  assert_kept ("one", "rotated ä");
  assert_kept ("two", "other");  /* profiles are never mixed */
  g_assert_true (tvm_token_vault_wipe (vault, FALSE, NULL, &error));
  g_assert_no_error (error);
  assert_kept ("one", NULL);
  assert_kept ("two", "other");
  g_assert_true (tvm_token_vault_wipe (vault, FALSE, NULL, &error));  /* nothing there is no failure */
  tvm_token_vault_free (vault);
}

static char *
get_token (TvmSignIn *sign_in, gboolean renewed)
{
  g_autoptr(GError) error = NULL;
  char *token = tvm_sign_in_get_token (sign_in, TVM_RESOURCE_DEFENDER, FALSE, renewed, NULL, &error);

  g_assert_no_error (error);
  return token;
}

/* What one process rotated, the next one goes on with. */
static void
test_sign_in (SignedIn *self, gconstpointer data)
{
  g_autoptr(TvmSignIn) sign_in = tvm_sign_in_new (self->endpoints, tvm_token_vault_new_keyring ("s"));
  g_autoptr(TvmSignIn) next = NULL;
  g_autoptr(TvmAccount) account = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *token = NULL;
  g_autofree char *later = NULL;
  g_autofree char *request = NULL;

  tvm_sign_in_set_wait_divisor (sign_in, 1000);
  fake_service_add (self->service, TOKEN_PATH, 200, NULL, TOKENS ("access-1", "refresh-1"));
  fake_service_add (self->service, TOKEN_PATH, 200, NULL, TOKENS ("access-2", "refresh-2"));
  fake_service_add (self->service, TOKEN_PATH, 200, NULL, TOKENS ("access-3", "refresh-3"));
  g_assert_true (tvm_sign_in_with_device_code (sign_in, FALSE, ignore_code_cb, NULL, NULL, &error));
  g_assert_no_error (error);
  token = get_token (sign_in, TRUE);
  g_assert_cmpstr (token, ==, "access-2");
  g_assert_null (tvm_sign_in_dup_warning (sign_in));
  next = tvm_sign_in_new (self->endpoints, tvm_token_vault_new_keyring ("s"));
  account = tvm_sign_in_dup_account (next, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (account->user_name, ==, "ana@contoso.example");
  later = get_token (next, FALSE);
  g_assert_cmpstr (later, ==, "access-3");
  request = fake_service_get_request (self->service, TOKEN_PATH, 2);
  g_assert_nonnull (strstr (request, "refresh_token=refresh-2"));
  g_assert_true (tvm_sign_in_sign_out (next, NULL, &error));
  assert_kept ("s", NULL);
}

/* Where another process signed out, a session in memory is not put back by renewing it. */
static void
test_signed_out_elsewhere (SignedIn *self, gconstpointer data)
{
  g_autoptr(TvmSignIn) sign_in = tvm_sign_in_new (self->endpoints, tvm_token_vault_new_keyring ("o"));
  g_autoptr(TvmSignIn) other = tvm_sign_in_new (self->endpoints, tvm_token_vault_new_keyring ("o"));
  g_autoptr(GError) error = NULL;

  tvm_sign_in_set_wait_divisor (sign_in, 1000);
  fake_service_add (self->service, TOKEN_PATH, 200, NULL, TOKENS ("access-1", "refresh-1"));
  fake_service_add (self->service, TOKEN_PATH, 200, NULL, TOKENS ("access-2", "refresh-2"));
  g_assert_true (tvm_sign_in_with_device_code (sign_in, FALSE, ignore_code_cb, NULL, NULL, &error));
  g_assert_true (tvm_sign_in_sign_out (other, NULL, &error));
  g_assert_null (tvm_sign_in_get_token (sign_in, TVM_RESOURCE_DEFENDER, FALSE, TRUE, NULL, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_AUTH_REQUIRED);
  assert_kept ("o", NULL);
  g_clear_error (&error);
  g_assert_null (tvm_sign_in_dup_account (sign_in, NULL, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_AUTH_REQUIRED);
}

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

/* The keyring is locked while the program runs: the rotated token works on from memory, and a warning
 * tells how to keep the next one; a new sign-in that could not be kept is refused in words. */
static void
test_locked (SignedIn *self, gconstpointer data)
{
  g_autoptr(TvmSignIn) sign_in = tvm_sign_in_new (self->endpoints, tvm_token_vault_new_keyring ("l"));
  g_autoptr(TvmSignIn) other = tvm_sign_in_new (self->endpoints, tvm_token_vault_new_keyring ("m"));
  g_autoptr(TvmSignIn) next = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *token = NULL;
  g_autofree char *later = NULL;
  g_autofree char *warning = NULL;

  tvm_sign_in_set_wait_divisor (sign_in, 1000);
  tvm_sign_in_set_wait_divisor (other, 1000);
  fake_service_add (self->service, TOKEN_PATH, 200, NULL, TOKENS ("access-1", "refresh-1"));
  fake_service_add (self->service, TOKEN_PATH, 200, NULL, TOKENS ("access-2", "refresh-2"));
  fake_service_add (self->service, TOKEN_PATH, 200, NULL, TOKENS ("access-3", "refresh-3"));
  g_assert_true (tvm_sign_in_with_device_code (sign_in, FALSE, ignore_code_cb, NULL, NULL, &error));
  g_assert_no_error (error);
  lock_keyring ();
  token = get_token (sign_in, TRUE);
  g_assert_cmpstr (token, ==, "access-2");
  warning = tvm_sign_in_dup_warning (sign_in);
  g_assert_nonnull (warning);
  g_test_message ("%s", warning);
  g_assert_nonnull (strstr (warning, "sign in again then"));
  g_assert_nonnull (strstr (warning, "The keyring is locked. Unlock it"));
  later = get_token (sign_in, TRUE);
  g_assert_cmpstr (later, ==, "access-3");
  g_assert_false (tvm_sign_in_with_device_code (other, FALSE, ignore_code_cb, NULL, NULL, &error));
  g_assert_cmpuint (fake_service_count (self->service, CODE_PATH), ==, 1);  /* nobody was asked in vain */
  g_assert_error (error, TVM_ERROR, TVM_ERROR_KEYRING_LOCKED);
  g_assert_nonnull (strstr (error->message, "The keyring is locked. Unlock it"));
  g_clear_error (&error);
  next = tvm_sign_in_new (self->endpoints, tvm_token_vault_new_keyring ("l"));
  g_assert_null (tvm_sign_in_dup_account (next, NULL, &error));  /* which is not: nobody is signed in */
  g_assert_error (error, TVM_ERROR, TVM_ERROR_KEYRING_LOCKED);
  g_assert_nonnull (strstr (error->message, "The keyring is locked. Unlock it"));
  g_clear_error (&error);
  g_assert_false (tvm_sign_in_sign_out (next, NULL, &error));  /* the token is still there */
  g_assert_error (error, TVM_ERROR, TVM_ERROR_KEYRING_LOCKED);
}

/* Whether somebody keeps secrets on the bus. */
static gboolean
has_keyring (GDBusConnection *bus)
{
  gboolean is_there = FALSE;
  g_autoptr(GVariant) answer =
    g_dbus_connection_call_sync (bus, "org.freedesktop.DBus", "/", "org.freedesktop.DBus", "NameHasOwner",
                                 g_variant_new ("(s)", "org.freedesktop.secrets"), NULL,
                                 G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL);

  g_variant_get (answer, "(b)", &is_there);
  return is_there;
}

/* Another keyring daemon on the same data takes the place of the one there is. */
static void
restart_keyring (gboolean is_unlocked)
{
  g_autoptr(GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  g_autoptr(GError) error = NULL;

  if (keyring != NULL)
    g_subprocess_force_exit (keyring);
  else
    g_assert_cmpint (kill (keyring_pid, SIGKILL), ==, 0);
  while (has_keyring (bus))
    ;
  g_clear_object (&keyring);
  keyring = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_SILENCE |
                              G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error, "gnome-keyring-daemon",
                              "--foreground", "--components=secrets", is_unlocked ? "--unlock" : NULL,
                              NULL);
  g_assert_no_error (error);
  if (is_unlocked)
    g_assert_true (g_output_stream_write_all (g_subprocess_get_stdin_pipe (keyring), "test", 4, NULL, NULL,
                                              NULL));
  g_output_stream_close (g_subprocess_get_stdin_pipe (keyring), NULL, NULL);
  while (!has_keyring (bus))
    ;
}

static void
test_restarted (void)
{
  save ("r", "before");
  restart_keyring (TRUE);
  assert_kept ("r", "before");
  save ("r", "after");
  assert_kept ("r", "after");
}

/* As after an automatic login: the keyring was not unlocked since it started, and finds nothing by its
 * attributes. That is not: nobody is signed in, also where nobody ever was. */
static void
test_not_loaded (void)
{
  static const char *const profiles[] = { "two", "never" };

  restart_keyring (FALSE);
  for (guint i = 0; i < G_N_ELEMENTS (profiles); i++)
    for (gboolean may_prompt = FALSE; may_prompt <= TRUE; may_prompt++)  /* nobody can answer a prompt here */
      {
        TvmTokenVault *vault = tvm_token_vault_new_keyring (profiles[i]);
        g_autoptr(GError) error = NULL;
        char *found = NULL;

        g_assert_false (tvm_token_vault_load (vault, &found, may_prompt, NULL, &error));
        g_assert_error (error, TVM_ERROR, TVM_ERROR_KEYRING_LOCKED);
        g_clear_error (&error);
        g_assert_false (tvm_token_vault_probe (vault, may_prompt, NULL, &error));
        g_assert_error (error, TVM_ERROR, TVM_ERROR_KEYRING_LOCKED);
        g_clear_error (&error);
        g_assert_false (tvm_token_vault_wipe (vault, may_prompt, NULL, &error));
        g_assert_error (error, TVM_ERROR, TVM_ERROR_KEYRING_LOCKED);
        tvm_token_vault_free (vault);
      }
  restart_keyring (TRUE);
  assert_kept ("two", "other");
}

static void
prepare (SignedIn *self, gconstpointer data)
{
  signed_in_prepare (self);
}

#define ADD(name, func) g_test_add ("/client/keyring/" name, SignedIn, NULL, prepare, func, signed_in_tear_down)

int
main (int argc, char *argv[])
{
  int status;

  if (argc < 3 || strcmp (argv[1], "--keyring") != 0)
    g_error ("usage: test-keyring --keyring PID (run-keyring.py runs it)");
  keyring_pid = atoi (argv[2]);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/client/keyring/life", test_life);
  ADD ("sign-in", test_sign_in);
  ADD ("signed-out-elsewhere", test_signed_out_elsewhere);
  g_test_add_func ("/client/keyring/restarted", test_restarted);
  g_test_add_func ("/client/keyring/not-loaded", test_not_loaded);
  ADD ("locked", test_locked);
  status = g_test_run ();
  if (keyring != NULL)
    g_subprocess_force_exit (keyring);
  g_clear_object (&keyring);
  return status;
}

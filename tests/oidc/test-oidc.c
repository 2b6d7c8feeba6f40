/* test-oidc.c: signing in to an authorization server that is not ours (npm's oidc-provider), which
 * run-oidc.py installs. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "oidc-browser.h"
#include "tvm-client-private.h"
#include "tvm-error.h"
#include "tvm-json.h"
#include "tvm-token-vault-private.h"

#include <string.h>

#define TENANT "11111111-2222-3333-4444-555555555555"

static const char *server_script;
static char *server_url;  /* (owned) */

typedef struct {
  TvmEndpoints  *endpoints;
  TvmTokenVault *vault;    /* the sign-in owns it */
  TvmSignIn     *sign_in;
  Deed           deed;
  GThread       *thread;   /* the browser's */
  char          *url, *user_code;
  char          *page;     /* what the browser showed last */
} Fixture;

static TvmSignIn *
new_sign_in (Fixture *self, const char *client_id, TvmTokenVault **out_vault)
{
  g_autoptr(GError) error = NULL;
  TvmSignIn *sign_in;

  g_clear_pointer (&self->endpoints, tvm_endpoints_free);
  self->endpoints = tvm_endpoints_new ("custom", server_url, server_url, server_url, TENANT, client_id,
                                       &error);
  g_assert_no_error (error);
  *out_vault = tvm_token_vault_new_memory ();
  sign_in = tvm_sign_in_new (self->endpoints, *out_vault);
  tvm_sign_in_set_wait_divisor (sign_in, 50);
  return sign_in;
}

static void
set_up (Fixture *self, gconstpointer data)
{
  self->sign_in = new_sign_in (self, data != NULL ? data : "app-1", &self->vault);
}

static void
set_up_plain (Fixture *self, gconstpointer data)
{
  set_up (self, NULL);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_assert_finalize_object (self->sign_in);
  tvm_endpoints_free (self->endpoints);
  g_free (self->url);
  g_free (self->user_code);
  g_free (self->page);
}

static gpointer
browse (gpointer user_data)
{
  Fixture *self = user_data;

  if (self->user_code != NULL)
    self->page = oidc_browser_enter_code (self->url, self->user_code, self->deed);
  else
    self->page = oidc_browser_sign_in (self->url, self->deed);
  return NULL;
}

static gboolean
open_cb (const char *url, gpointer user_data)
{
  Fixture *self = user_data;

  self->url = g_strdup (url);
  self->thread = g_thread_new ("browser", browse, self);
  return TRUE;
}

static void
show_cb (const char *code, const char *page, const char *message, gpointer user_data)
{
  Fixture *self = user_data;

  self->user_code = g_strdup (code);
  open_cb (page, self);
}

static gboolean
sign_in_with_browser (Fixture *self, Deed deed, GError **error)
{
  gboolean good;

  self->deed = deed;
  good = tvm_sign_in_with_browser (self->sign_in, FALSE, open_cb, self, NULL, error);
  g_thread_join (self->thread);
  return good;
}

static gboolean
sign_in_with_code (Fixture *self, Deed deed, GError **error)
{
  gboolean good;

  self->deed = deed;
  good = tvm_sign_in_with_device_code (self->sign_in, FALSE, show_cb, self, NULL, error);
  g_thread_join (self->thread);
  return good;
}

static void
assert_words (const GError *error, const char *words)
{
  if (strstr (error->message, words) == NULL)
    g_error ("“%s” lacks “%s”", error->message, words);
}

static char *
get_token (TvmSignIn *sign_in, TvmResource resource)
{
  g_autoptr(GError) error = NULL;
  char *token = tvm_sign_in_get_token (sign_in, resource, FALSE, FALSE, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (token);
  return token;
}

/* What the vault keeps, and of it the refresh token. */
static char *
dup_kept (TvmTokenVault *vault, char **out_token)
{
  g_autoptr(JsonObject) object = NULL;
  char *kept = NULL;

  g_assert_true (tvm_token_vault_load (vault, &kept, FALSE, NULL, NULL));
  g_assert_nonnull (kept);
  object = tvm_json_parse_small (kept, strlen (kept));
  *out_token = g_strdup (tvm_json_get_string (object, "refresh_token"));
  return kept;
}

static void
assert_signed_in (Fixture *self)
{
  g_autoptr(TvmAccount) account = tvm_sign_in_dup_account (self->sign_in, NULL, NULL);
  g_autofree char *defender = get_token (self->sign_in, TVM_RESOURCE_DEFENDER);
  g_autofree char *graph = get_token (self->sign_in, TVM_RESOURCE_GRAPH);
  g_autofree char *again = get_token (self->sign_in, TVM_RESOURCE_DEFENDER);

  g_assert_nonnull (account);
  g_assert_cmpstr (account->name, ==, "Ana Ä");
  g_assert_cmpstr (account->user_name, ==, "ana@contoso.example");
  g_assert_cmpstr (account->tenant_id, ==, TENANT);
  g_assert_cmpstr (defender, !=, graph);
  g_assert_cmpstr (defender, ==, again);
  g_assert_false (tvm_sign_in_is_expired (self->sign_in));
}

static void
assert_nobody (Fixture *self)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (tvm_sign_in_dup_account (self->sign_in, NULL, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_AUTH_REQUIRED);
}

static void
test_code (Fixture *self, gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  sign_in_with_browser (self, DEED_APPROVE, &error);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (self->page, "You are signed in"));
  assert_signed_in (self);
}

static void
test_code_declined (Fixture *self, gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  g_assert_false (sign_in_with_browser (self, DEED_DECLINE, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_AUTH_DECLINED);
  assert_words (error, "declined");
  g_assert_nonnull (strstr (self->page, "Sign-in did not work"));
  assert_nobody (self);
}

/* Whoever got hold of the page's address or of the code cannot have it redeemed. */
static void
test_tampered (Fixture *self, gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  g_assert_false (sign_in_with_browser (self, GPOINTER_TO_INT (data), &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_AUTH_DECLINED);
  assert_words (error, "grant request is invalid");
  g_assert_nonnull (strstr (self->page, "Sign-in did not work"));
  assert_nobody (self);
}

static void
test_device (Fixture *self, gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  sign_in_with_code (self, DEED_APPROVE, &error);
  g_assert_no_error (error);
  assert_signed_in (self);
}

static void
test_device_declined (Fixture *self, gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  g_assert_false (sign_in_with_code (self, DEED_DECLINE, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_AUTH_DECLINED);
  assert_words (error, "declined");
  assert_nobody (self);
}

/* The server lets this application's codes expire after a second; nobody enters one. */
static void
test_device_expired (Fixture *self, gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  g_assert_false (tvm_sign_in_with_device_code (self->sign_in, FALSE, NULL, NULL, NULL, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_AUTH_DECLINED);
  assert_words (error, "expired");
  assert_nobody (self);
}

/* Each refresh brings a new refresh token; one that was used already ends all of the sign-in. */
static void
test_rotation (Fixture *self, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TvmSignIn) thief = NULL;
  TvmTokenVault *stolen = NULL;
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autofree char *kept = NULL;
  g_autofree char *later = NULL;
  g_autofree char *token = NULL;

  sign_in_with_code (self, DEED_APPROVE, &error);
  g_assert_no_error (error);
  kept = dup_kept (self->vault, &first);
  for (int i = 0; i < 3; i++)
    {
      g_autofree char *fresh = tvm_sign_in_get_token (self->sign_in, TVM_RESOURCE_DEFENDER, FALSE, TRUE,
                                                      NULL, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (fresh, !=, token);
      g_free (g_steal_pointer (&token));
      token = g_steal_pointer (&fresh);
    }
  later = dup_kept (self->vault, &second);
  g_assert_cmpstr (first, !=, second);

  thief = new_sign_in (self, "app-1", &stolen);
  g_assert_true (tvm_token_vault_save (stolen, kept, FALSE, NULL, NULL));
  g_assert_null (tvm_sign_in_get_token (thief, TVM_RESOURCE_GRAPH, FALSE, FALSE, NULL, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_AUTH_REQUIRED);
  g_clear_error (&error);
  g_assert_null (tvm_sign_in_get_token (self->sign_in, TVM_RESOURCE_GRAPH, FALSE, FALSE, NULL, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_AUTH_REQUIRED);
  g_assert_true (tvm_sign_in_is_expired (self->sign_in));
}

static void
test_revoked (Fixture *self, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TvmAccount) account = NULL;
  g_autofree char *token = NULL;
  g_autofree char *kept = NULL;

  sign_in_with_browser (self, DEED_APPROVE, &error);
  g_assert_no_error (error);
  kept = dup_kept (self->vault, &token);
  oidc_browser_revoke (server_url, token);
  g_assert_null (tvm_sign_in_get_token (self->sign_in, TVM_RESOURCE_GRAPH, FALSE, FALSE, NULL, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_AUTH_REQUIRED);
  assert_words (error, "Sign in again; all local data stays");
  g_assert_true (tvm_sign_in_is_expired (self->sign_in));
  account = tvm_sign_in_dup_account (self->sign_in, NULL, NULL);
  g_assert_nonnull (account);  /* who it was is known still */

  g_clear_error (&error);
  g_clear_pointer (&self->url, g_free);
  g_clear_pointer (&self->page, g_free);
  sign_in_with_browser (self, DEED_APPROVE, &error);
  g_assert_no_error (error);
  assert_signed_in (self);
}

/* Starts the server and reads its port. */
static GSubprocess *
start_server (void)
{
  g_autoptr(GError) error = NULL;
  GSubprocess *server = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE,
                                          &error, "node", server_script, NULL);
  g_autoptr(GDataInputStream) lines = NULL;
  g_autofree char *port = NULL;

  g_assert_no_error (error);
  lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (server));
  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (lines), FALSE);
  port = g_data_input_stream_read_line (lines, NULL, NULL, &error);
  g_assert_no_error (error);
  if (port == NULL)
    g_error ("%s ended before it listened", server_script);
  server_url = g_strdup_printf ("http://127.0.0.1:%s", port);
  return server;
}

#define ADD(name, data, func) g_test_add ("/oidc/" name, Fixture, data, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  g_autoptr(GSubprocess) server = NULL;
  int status;

  if (argc < 3 || strcmp (argv[1], "--server") != 0)
    g_error ("usage: test-oidc --server SERVER.MJS (run-oidc.py runs it)");
  server_script = argv[2];
  g_test_init (&argc, &argv, NULL);
  server = start_server ();
  ADD ("code", NULL, test_code);
  ADD ("code-declined", NULL, test_code_declined);
  g_test_add ("/oidc/other-challenge", Fixture, GINT_TO_POINTER (DEED_OTHER_CHALLENGE), set_up_plain,
              test_tampered, tear_down);
  g_test_add ("/oidc/other-code", Fixture, GINT_TO_POINTER (DEED_OTHER_CODE), set_up_plain,
              test_tampered, tear_down);
  ADD ("device", NULL, test_device);
  ADD ("device-declined", NULL, test_device_declined);
  ADD ("device-expired", "app-short", test_device_expired);
  ADD ("rotation", NULL, test_rotation);
  ADD ("revoked", NULL, test_revoked);
  status = g_test_run ();
  g_output_stream_close (g_subprocess_get_stdin_pipe (server), NULL, NULL);
  g_subprocess_wait (server, NULL, NULL);
  g_free (server_url);
  return status;
}

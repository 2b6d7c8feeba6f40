/* test-sign-in.c: device code and refresh over real HTTP. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "signed-in.h"
#include "tvm-time.h"
#include "tvm-token-answer-private.h"
#include "tvm-token-vault-private.h"

#include <string.h>

#define ERROR_BODY(word, code) "{\"error\":\"" word "\",\"error_description\":\"AADSTS" code ": words\"," \
  "\"error_codes\":[" code "],\"correlation_id\":\"corr-1\"}"

static void
test_device_code (SignedIn *self, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TvmAccount) account = NULL;
  g_autofree char *shown = NULL;
  g_autofree char *request = NULL;
  g_autofree char *poll = NULL;
  g_autofree char *token = NULL;

  g_assert_null (tvm_sign_in_dup_account (self->sign_in, NULL, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_AUTH_REQUIRED);
  g_clear_error (&error);
  fake_service_add (self->service, TOKEN_PATH, 400, NULL, ERROR_BODY ("authorization_pending", "70016"));
  fake_service_add (self->service, TOKEN_PATH, 400, NULL, ERROR_BODY ("slow_down", "1"));
  fake_service_add (self->service, TOKEN_PATH, 400, NULL, ERROR_BODY ("temporarily_unavailable", "90033"));
  fake_service_add_fault (self->service, TOKEN_PATH, FAKE_LOST, NULL);
  fake_service_add (self->service, TOKEN_PATH, 200, NULL, TOKENS ("access-1", "refresh-1"));
  tvm_sign_in_with_device_code (self->sign_in, FALSE, ignore_code_cb, &shown, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (shown, ==, "AB12 https://example.com/device");
  request = fake_service_get_request (self->service, CODE_PATH, 0);
  g_assert_nonnull (strstr (request, "client_id=app-1"));
  g_assert_nonnull (strstr (request, "api.securitycenter.microsoft.com%2FMachine.Read"));
  g_assert_nonnull (strstr (request, "offline_access"));
  g_assert_null (strstr (request, "graph"));
  poll = fake_service_get_request (self->service, TOKEN_PATH, 3);
  g_assert_nonnull (strstr (poll, "device_code=dc"));
  account = tvm_sign_in_dup_account (self->sign_in, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (account->name, ==, "Ana Ä");
  g_assert_cmpstr (account->user_name, ==, "ana@contoso.example");
  g_assert_cmpstr (account->tenant_id, ==, "t1");
  token = tvm_sign_in_get_token (self->sign_in, TVM_RESOURCE_DEFENDER, FALSE, FALSE, NULL, &error);
  g_assert_cmpstr (token, ==, "access-1");
  g_assert_cmpuint (fake_service_count (self->service, TOKEN_PATH), ==, 5);
}

static void
assert_declined (SignedIn *self, guint status, const char *answer, int code, const char *words)
{
  g_autoptr(GError) error = NULL;

  fake_service_clear (self->service, TOKEN_PATH);
  fake_service_add (self->service, TOKEN_PATH, status, NULL, answer);
  g_assert_false (tvm_sign_in_with_device_code (self->sign_in, FALSE, ignore_code_cb, NULL, NULL, &error));
  g_assert_error (error, TVM_ERROR, code);
  if (strstr (error->message, words) == NULL)
    g_error ("“%s” lacks “%s”", error->message, words);
  g_assert_null (tvm_sign_in_dup_account (self->sign_in, NULL, NULL));
}

static void
test_declined (SignedIn *self, gconstpointer data)
{
  assert_declined (self, 400, ERROR_BODY ("authorization_declined", "1"), TVM_ERROR_AUTH_DECLINED, "declined");
  assert_declined (self, 400, ERROR_BODY ("expired_token", "1"), TVM_ERROR_AUTH_DECLINED, "expired");
  assert_declined (self, 400, ERROR_BODY ("bad_verification_code", "1"), TVM_ERROR_AUTH_DECLINED, "not valid");
  assert_declined (self, 400, ERROR_BODY ("invalid_request", "90002"), TVM_ERROR_INVALID, "tenant-id");
  assert_declined (self, 400, ERROR_BODY ("unauthorized_client", "700016"), TVM_ERROR_INVALID, "client-id");
  assert_declined (self, 401, ERROR_BODY ("invalid_client", "7000218"), TVM_ERROR_INVALID, "public client flows");
  assert_declined (self, 400, ERROR_BODY ("invalid_grant", "65001"), TVM_ERROR_CONSENT_REQUIRED,
                   "needs: Machine.Read, SecurityRecommendation.Read, Vulnerability.Read, RemediationTask.Read, Score.Read.");
  assert_declined (self, 400, ERROR_BODY ("access_denied", "65004"), TVM_ERROR_AUTH_DECLINED, "declined: Machine.Read, ");
  assert_declined (self, 400, ERROR_BODY ("invalid_client", "90094"), TVM_ERROR_CONSENT_REQUIRED, "administrator of");
  assert_declined (self, 400, ERROR_BODY ("access_denied", "900941"), TVM_ERROR_CONSENT_REQUIRED, "Vulnerability.Read");
  assert_declined (self, 400, ERROR_BODY ("invalid_request", "900023"), TVM_ERROR_INVALID, "tenant-id");
  assert_declined (self, 400, ERROR_BODY ("invalid_grant", "50105"), TVM_ERROR_AUTH_DECLINED, "assigned to it");
  assert_declined (self, 400, ERROR_BODY ("invalid_grant", "50020"), TVM_ERROR_AUTH_DECLINED, "not of the tenant");
  assert_declined (self, 400, ERROR_BODY ("invalid_grant", "53001"), TVM_ERROR_AUTH_DECLINED, "Conditional Access");
  assert_declined (self, 400, ERROR_BODY ("invalid_client", "650052"), TVM_ERROR_AUTH_DECLINED, "a licence");
  /* Nobody who signs in is told that the sign-in is no longer valid: the service's words say more. */
  assert_declined (self, 400, ERROR_BODY ("invalid_grant", "50057"), TVM_ERROR_AUTH_DECLINED, "corr-1");
  assert_declined (self, 400, ERROR_BODY ("interaction_required", "1"), TVM_ERROR_AUTH_DECLINED, "corr-1");
  assert_declined (self, 400, ERROR_BODY ("invalid_request", "1"), TVM_ERROR_AUTH_DECLINED, "corr-1");
  assert_declined (self, 200, "{}", TVM_ERROR_BAD_RESPONSE, "access_token");
  assert_declined (self, 200, "{\"access_token\":\"a\"}", TVM_ERROR_BAD_RESPONSE, "refresh_token");
  assert_declined (self, 200, "{\"access_token\":\"a\\r\\nX: y\",\"refresh_token\":\"r\"}", TVM_ERROR_BAD_RESPONSE,
                   "access_token");
  assert_declined (self, 200, "<html>", TVM_ERROR_BAD_RESPONSE, "200");
  assert_declined (self, 404, "[]", TVM_ERROR_BAD_RESPONSE, "404");
}

static void
cancel_code_cb (const char *code, const char *page, const char *message, gpointer user_data)
{
  g_cancellable_cancel (user_data);
}

static void
test_cancelled (SignedIn *self, gconstpointer data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;

  g_assert_false (tvm_sign_in_with_device_code (self->sign_in, FALSE, cancel_code_cb, cancellable, cancellable,
                                                &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_refresh (SignedIn *self, gconstpointer data)
{
  g_autofree char *read = NULL;
  g_autofree char *write = NULL;
  g_autofree char *again = NULL;
  g_autofree char *fresh = NULL;
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autofree char *third = NULL;

  fake_service_clear (self->service, TOKEN_PATH);
  fake_service_add (self->service, TOKEN_PATH, 200, NULL, TOKENS ("graph-1", "refresh-2"));
  fake_service_add (self->service, TOKEN_PATH, 200, NULL, TOKENS ("graph-2", "refresh-3"));
  fake_service_add (self->service, TOKEN_PATH, 200, NULL, TOKENS ("access-2", "refresh-4"));
  read = tvm_sign_in_get_token (self->sign_in, TVM_RESOURCE_GRAPH, FALSE, FALSE, NULL, NULL);
  write = tvm_sign_in_get_token (self->sign_in, TVM_RESOURCE_GRAPH, TRUE, FALSE, NULL, NULL);
  again = tvm_sign_in_get_token (self->sign_in, TVM_RESOURCE_GRAPH, FALSE, FALSE, NULL, NULL);
  g_assert_cmpstr (read, ==, "graph-1");
  g_assert_cmpstr (write, ==, "graph-2");
  g_assert_cmpstr (again, ==, "graph-1");
  first = fake_service_get_request (self->service, TOKEN_PATH, 0);
  second = fake_service_get_request (self->service, TOKEN_PATH, 1);
  g_assert_nonnull (strstr (first, "refresh_token=refresh-1"));
  g_assert_nonnull (strstr (second, "refresh_token=refresh-2"));
  g_assert_null (strstr (first, "ReadWrite"));
  g_assert_nonnull (strstr (second, "graph.microsoft.com%2FDeviceManagementApps.ReadWrite.All"));
  g_assert_null (strstr (first, "securitycenter"));
  fresh = tvm_sign_in_get_token (self->sign_in, TVM_RESOURCE_DEFENDER, FALSE, TRUE, NULL, NULL);
  g_assert_cmpstr (fresh, ==, "access-2");
  third = fake_service_get_request (self->service, TOKEN_PATH, 2);
  g_assert_nonnull (strstr (third, "refresh_token=refresh-3"));
}

static void
test_renewed_early (SignedIn *self, gconstpointer data)
{
  g_autofree char *cached = NULL;
  g_autofree char *renewed = NULL;
  gint64 now_us = g_get_real_time ();

  fake_service_clear (self->service, TOKEN_PATH);
  fake_service_add (self->service, TOKEN_PATH, 200, NULL, TOKENS ("access-2", "refresh-2"));
  tvm_set_clock_us (now_us + 3200 * TVM_SECOND_US);
  cached = tvm_sign_in_get_token (self->sign_in, TVM_RESOURCE_DEFENDER, FALSE, FALSE, NULL, NULL);
  tvm_set_clock_us (now_us + 3310 * TVM_SECOND_US);
  renewed = tvm_sign_in_get_token (self->sign_in, TVM_RESOURCE_DEFENDER, FALSE, FALSE, NULL, NULL);
  tvm_set_clock_us (0);
  g_assert_cmpstr (cached, ==, "access-1");
  g_assert_cmpstr (renewed, ==, "access-2");
}

static void
test_no_longer_valid (SignedIn *self, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TvmAccount) account = NULL;

  fake_service_clear (self->service, TOKEN_PATH);
  fake_service_add (self->service, TOKEN_PATH, 400, NULL, ERROR_BODY ("invalid_grant", "70008"));
  g_assert_null (tvm_sign_in_get_token (self->sign_in, TVM_RESOURCE_GRAPH, FALSE, FALSE, NULL, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_AUTH_REQUIRED);
  account = tvm_sign_in_dup_account (self->sign_in, NULL, NULL);
  g_assert_nonnull (account);
  g_clear_error (&error);
  g_assert_true (tvm_sign_in_sign_out (self->sign_in, NULL, &error));
  g_assert_null (tvm_sign_in_get_token (self->sign_in, TVM_RESOURCE_DEFENDER, FALSE, FALSE, NULL, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_AUTH_REQUIRED);
}

/* A token that another authority gave is not sent to this one. */
static void
test_other_authority (SignedIn *self, gconstpointer data)
{
  TvmTokenVault *vault = tvm_token_vault_new_memory ();
  g_autoptr(TvmSignIn) sign_in = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (tvm_token_vault_save (vault, "{\"refresh_token\":\"r\",\"authority_url\":\"https://other.example\","
                                       "\"authority_tenant\":\"" TENANT "\",\"client_id\":\"app-1\"}", FALSE, NULL, NULL));
  sign_in = tvm_sign_in_new (self->endpoints, vault);
  g_assert_null (tvm_sign_in_get_token (sign_in, TVM_RESOURCE_DEFENDER, FALSE, FALSE, NULL, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_AUTH_REQUIRED);
  g_assert_cmpuint (fake_service_count (self->service, TOKEN_PATH), ==, 1);
}

/* Nobody answers for the keyring: it is said, and nothing is kept elsewhere (R15). */
static void
test_no_keyring (SignedIn *self, gconstpointer data)
{
  g_autoptr(TvmSignIn) sign_in = tvm_sign_in_new (self->endpoints, tvm_token_vault_new_keyring ("p"));
  g_autoptr(GError) error = NULL;

  fake_service_add (self->service, TOKEN_PATH, 200, NULL, TOKENS ("access-1", "refresh-1"));
  tvm_sign_in_set_wait_divisor (sign_in, 1000);
  g_assert_false (tvm_sign_in_with_device_code (sign_in, FALSE, ignore_code_cb, NULL, NULL, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_NO_KEYRING);
  g_assert_nonnull (strstr (error->message, "gnome-keyring"));
  g_assert_cmpuint (fake_service_count (self->service, CODE_PATH), ==, 0);  /* before anybody is asked */
  g_clear_error (&error);
  g_assert_null (tvm_sign_in_get_token (sign_in, TVM_RESOURCE_DEFENDER, FALSE, TRUE, NULL, &error));
}

static void
prepare (SignedIn *self, gconstpointer data)
{
  signed_in_prepare (self);
}

/* What happens while the keyring asks whether to let the old session out. */
typedef struct {
  TvmSignIn *sign_in;
  gboolean   in;      /* somebody signs in, else out */
  int        n_asked;
} Prompt;

static void
prompt_cb (gpointer user_data)
{
  Prompt *prompt = user_data;
  g_autoptr(GError) error = NULL;

  if (prompt->n_asked++ > 0)
    return;
  if (prompt->in)
    tvm_sign_in_with_device_code (prompt->sign_in, FALSE, ignore_code_cb, NULL, NULL, &error);
  else
    tvm_sign_in_sign_out (prompt->sign_in, NULL, &error);
  g_assert_no_error (error);
}

/* A vault with the session of Bo in it, whose prompt is answered late. */
static TvmSignIn *
new_prompted (SignedIn *self, Prompt *prompt)
{
  TvmTokenVault *vault = tvm_token_vault_new_memory ();
  TvmGrant old = {
    tvm_kept_secret_new ("refresh-0"), (char *) "Bo", (char *) "bo@contoso.example", NULL
  };
  char *json = tvm_grant_to_json (&old, self->endpoints);

  g_assert_true (tvm_token_vault_save (vault, json, FALSE, NULL, NULL));
  tvm_secret_free (json);
  tvm_kept_secret_free (old.refresh_token);
  tvm_token_vault_set_prompt (vault, prompt_cb, prompt);
  prompt->sign_in = tvm_sign_in_new (self->endpoints, vault);
  tvm_sign_in_set_wait_divisor (prompt->sign_in, 1000);
  return prompt->sign_in;
}

/* A prompt that is still open when somebody signs in or out brings no old session back. */
static void
test_prompt (SignedIn *self, gconstpointer data)
{
  Prompt out = { 0 }, in = { .in = TRUE };
  g_autoptr(TvmSignIn) signed_out = new_prompted (self, &out);
  g_autoptr(TvmSignIn) signed_in = new_prompted (self, &in);
  g_autoptr(TvmAccount) account = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_null (tvm_sign_in_dup_account (signed_out, NULL, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_AUTH_REQUIRED);
  g_assert_null (tvm_sign_in_dup_account (signed_out, NULL, NULL));
  fake_service_add (self->service, TOKEN_PATH, 200, NULL, TOKENS ("access-1", "refresh-1"));
  account = tvm_sign_in_dup_account (signed_in, NULL, NULL);
  g_assert_cmpstr (account->user_name, ==, "ana@contoso.example");
  g_assert_cmpint (in.n_asked, ==, 1);
}

/* A call on a thread of its own, which the test cancels while the token endpoint is silent. */
typedef struct {
  SignedIn     *fixture;
  GCancellable *cancellable;
  gboolean      is_sign_in;
  gboolean      good;
  GError       *error;
} Call;

static gpointer
call_thread (gpointer data)
{
  Call *call = data;
  SignedIn *fixture = call->fixture;
  g_autoptr(TvmTicket) ticket = NULL;

  if (call->is_sign_in)
    call->good = tvm_sign_in_with_device_code (fixture->sign_in, FALSE, ignore_code_cb, NULL, call->cancellable,
                                               &call->error);
  else
    ticket = tvm_client_get_ticket (fixture->client, "t-1", call->cancellable, &call->error);
  return NULL;
}

/* Cancels the call once the token endpoint has its request, which is answered only after that, or never. */
static void
cancel_silent (Call *call, gboolean is_answered)
{
  FakeService *service = call->fixture->service;
  GThread *thread = g_thread_new ("call", call_thread, call);

  fake_service_wait (service, TOKEN_PATH, 1);
  g_assert_true (tvm_sign_in_is_at_stake ());
  g_cancellable_cancel (call->cancellable);
  if (is_answered)
    fake_service_release (service);
  tvm_sign_in_await_stakes ();
  g_thread_join (thread);
  g_assert_false (tvm_sign_in_is_at_stake ());
  g_object_unref (call->cancellable);
}

/* The service voids a refresh token with its use: cancelling throws away no successor. */
static void
test_cancelled_renewal (SignedIn *self, gconstpointer data)
{
  Call call = { .fixture = self, .cancellable = g_cancellable_new () };
  g_autofree char *token = NULL;
  g_autofree char *request = NULL;

  fake_service_clear (self->service, TOKEN_PATH);
  fake_service_add_fault (self->service, TOKEN_PATH, FAKE_HELD, TOKENS ("graph-1", "refresh-2"));
  fake_service_add (self->service, TOKEN_PATH, 200, NULL, TOKENS ("access-2", "refresh-3"));
  tvm_sign_in_set_wait_divisor (self->sign_in, 1);
  cancel_silent (&call, TRUE);
  g_assert_error (call.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&call.error);
  token = tvm_sign_in_get_token (self->sign_in, TVM_RESOURCE_DEFENDER, FALSE, TRUE, NULL, NULL);
  g_assert_cmpstr (token, ==, "access-2");
  request = fake_service_get_request (self->service, TOKEN_PATH, 1);
  g_assert_nonnull (strstr (request, "refresh_token=refresh-2"));
}

/* A code can be redeemed once. */
static void
test_cancelled_code (SignedIn *self, gconstpointer data)
{
  Call call = { .fixture = self, .cancellable = g_cancellable_new (), .is_sign_in = TRUE };
  g_autoptr(TvmAccount) account = NULL;

  fake_service_add_fault (self->service, TOKEN_PATH, FAKE_HELD, TOKENS ("access-1", "refresh-1"));
  tvm_sign_in_set_wait_divisor (self->sign_in, 10);
  cancel_silent (&call, TRUE);
  g_assert_no_error (call.error);
  g_assert_true (call.good);
  account = tvm_sign_in_dup_account (self->sign_in, NULL, NULL);
  g_assert_cmpstr (account->user_name, ==, "ana@contoso.example");
}

/* Nobody waits for ever: 20 seconds, here a thousandth of that. */
static void
test_silent (SignedIn *self, gconstpointer data)
{
  Call call = { .fixture = self, .cancellable = g_cancellable_new () };

  fake_service_clear (self->service, TOKEN_PATH);
  fake_service_add_fault (self->service, TOKEN_PATH, FAKE_HELD, TOKENS ("graph-1", "refresh-2"));
  cancel_silent (&call, FALSE);
  g_assert_error (call.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&call.error);
}

static void
note_wait_cb (gint64 next_call_us, gpointer user_data)
{
  g_string_append_printf (user_data, "%d ",
                          next_call_us == 0 ? 0 : (int) ((next_call_us - tvm_now_us () + TVM_SECOND_US / 2) / TVM_SECOND_US));
}

/* What the identity platform asks to wait for is told, too. */
static void
test_throttled (SignedIn *self, gconstpointer data)
{
  g_autoptr(GString) waits = g_string_new (NULL);
  g_autofree char *token = NULL;

  fake_service_clear (self->service, TOKEN_PATH);
  fake_service_add (self->service, TOKEN_PATH, 429, "Retry-After: 31", "{}");
  fake_service_add (self->service, TOKEN_PATH, 200, NULL, TOKENS ("access-2", "refresh-2"));
  tvm_sign_in_set_wait_func (self->sign_in, note_wait_cb, waits);
  token = tvm_sign_in_get_token (self->sign_in, TVM_RESOURCE_DEFENDER, FALSE, TRUE, NULL, NULL);
  g_assert_cmpstr (token, ==, "access-2");
  g_assert_cmpstr (waits->str, ==, "31 0 ");
}

#define ADD(name, set_up, func) g_test_add ("/client/sign-in/" name, SignedIn, NULL, set_up, func, signed_in_tear_down)

int
main (int argc, char *argv[])
{
  g_setenv ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus", TRUE);
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  ADD ("device-code", prepare, test_device_code);
  ADD ("declined", prepare, test_declined);
  ADD ("cancelled", prepare, test_cancelled);
  ADD ("no-keyring", prepare, test_no_keyring);
  ADD ("prompt", prepare, test_prompt);
  ADD ("refresh", signed_in_set_up, test_refresh);
  ADD ("renewed-early", signed_in_set_up, test_renewed_early);
  ADD ("no-longer-valid", signed_in_set_up, test_no_longer_valid);
  ADD ("cancelled-renewal", signed_in_set_up, test_cancelled_renewal);
  ADD ("cancelled-code", prepare, test_cancelled_code);
  ADD ("silent", signed_in_set_up, test_silent);
  ADD ("throttled", signed_in_set_up, test_throttled);
  ADD ("other-authority", signed_in_set_up, test_other_authority);
  return g_test_run ();
}

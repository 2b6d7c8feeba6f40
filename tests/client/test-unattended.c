/* test-unattended.c: an application that signs itself in, over real HTTP: what it reads from the folder of systemd's
 * credentials, what it asks for, and that it never writes. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "signed-in.h"
#include "make-certificate.h"
#include "tvm-browser-code-private.h"
#include "tvm-credential-private.h"
#include "tvm-time.h"
#include "tvm-unattended-private.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define SCORE       "/api/exposureScore"
#define SCORE_BODY  "{\"time\":\"2026-03-02T08:15:30Z\",\"score\":33.5}"
#define TOKEN(text) "{\"token_type\":\"Bearer\",\"expires_in\":3599,\"access_token\":\"" text "\"}"
#define REFUSAL(number) "{\"error\":\"invalid_client\",\"error_description\":\"AADSTS" number ": words\"," \
  "\"error_codes\":[" number "],\"correlation_id\":\"corr-1\"}"
#define DAY_S (24 * 3600)

static char *
make_folder (void)
{
  return g_dir_make_tmp ("tvm-credentials-XXXXXX", NULL);
}

static void
write_file (const char *folder, const char *name, const char *text, int mode)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_unlink (path);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  g_assert_cmpint (g_chmod (path, mode), ==, 0);
}

static void
remove_folder (const char *folder)
{
  g_autofree char *secret = g_build_filename (folder, "tvm-remediate.secret", NULL);
  g_autofree char *pem = g_build_filename (folder, "tvm-remediate.pem", NULL);

  g_unlink (secret);
  g_unlink (pem);
  g_rmdir (folder);
}

static void
assert_refused (const char *folder, const char *words)
{
  g_autoptr(GError) error = NULL;
  TvmCredential *credential = NULL;

  g_assert_false (tvm_credential_load (folder, &credential, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_AUTH_DECLINED);
  if (strstr (error->message, words) == NULL)
    g_error ("“%s” lacks “%s”", error->message, words);
  g_assert_null (strstr (error->message, "s3cret"));
  g_assert_null (credential);
}

static TvmCredential *
load (const char *folder)
{
  g_autoptr(GError) error = NULL;
  TvmCredential *credential = NULL;

  tvm_credential_load (folder, &credential, &error);
  g_assert_no_error (error);
  return credential;
}

static void
assert_pem_refused (const char *folder, const char *first, const char *second, const char *words)
{
  g_autofree char *both = g_strconcat (first, second, NULL);

  write_file (folder, "tvm-remediate.pem", both, 0400);
  assert_refused (folder, words);
}

static void
test_files (void)
{
  g_autofree char *folder = make_folder ();
  g_autofree char *secret_path = g_build_filename (folder, "tvm-remediate.secret", NULL);
  g_auto(MadeCertificate) made = make_certificate (TRUE, NULL, -DAY_S, DAY_S);
  g_auto(MadeCertificate) other = make_certificate (TRUE, NULL, -DAY_S, DAY_S);
  g_auto(MadeCertificate) expired = make_certificate (TRUE, NULL, -2 * DAY_S, -DAY_S);
  g_auto(MadeCertificate) early = make_certificate (TRUE, NULL, DAY_S, 2 * DAY_S);
  g_auto(MadeCertificate) curve = make_certificate (FALSE, NULL, -DAY_S, DAY_S);
  g_autofree char *chain = g_strconcat (other.certificate, made.certificate, NULL);
  g_autoptr(TvmCredential) credential = NULL;

  g_assert_null (load (NULL));
  g_assert_null (load (folder));
  g_assert_null (load ("/nonexistent/folder"));
  write_file (folder, "tvm-remediate.secret", "s3cret", 0444);
  assert_refused (folder, "Others on this computer can read");
  write_file (folder, "tvm-remediate.secret", "s3cret", 0620);
  assert_refused (folder, "Others on this computer can read or change");
  write_file (folder, "tvm-remediate.secret", "s3cret\nmore\n", 0400);
  assert_refused (folder, "one line");
  write_file (folder, "tvm-remediate.secret", "\n", 0400);
  assert_refused (folder, "It is empty");
  g_unlink (secret_path);
  g_assert_true (g_file_set_contents (secret_path, "s\0003cret\n", 8, NULL));
  g_assert_cmpint (g_chmod (secret_path, 0400), ==, 0);
  assert_refused (folder, "one line");
  write_file (folder, "tvm-remediate.secret", "s3cret\n", 0440); /* an access control list's mask */
  credential = load (folder);
  g_assert_cmpstr (credential->secret, ==, "s3cret");
  write_file (folder, "tvm-remediate.pem", made.key, 0400);
  assert_refused (folder, "one of the two");
  g_unlink (secret_path);
  g_assert_cmpint (g_mkdir (secret_path, 0700), ==, 0);
  assert_refused (folder, "It is no file");
  g_rmdir (secret_path);
  assert_pem_refused (folder, "garbage", "", "no private key");
  assert_pem_refused (folder, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "", "no private key");
  assert_pem_refused (folder, "-----BEGIN ENCRYPTED PRIVATE KEY-----\n", "", "locked with a password");
  assert_pem_refused (folder, made.key, "", "no certificate that belongs");
  assert_pem_refused (folder, made.key, other.certificate, "no certificate that belongs");
  assert_pem_refused (folder, expired.key, expired.certificate, "expired on");
  assert_pem_refused (folder, early.key, early.certificate, "not valid before");
  assert_pem_refused (folder, curve.key, curve.certificate, "not an RSA key");
  write_file (folder, "tvm-remediate.pem", chain, 0400);
  assert_refused (folder, "no private key");
  g_clear_pointer (&credential, tvm_credential_free);
  g_clear_pointer (&chain, g_free);
  chain = g_strconcat (other.certificate, made.key, made.certificate, NULL);
  write_file (folder, "tvm-remediate.pem", chain, 0400);
  credential = load (folder);
  g_assert_cmpuint (strlen (credential->thumbprint), ==, 43);
  remove_folder (folder);
}

static JsonNode *
decode (const char *part)
{
  g_autofree char *padded = g_strconcat (part, &"==="[3 - (4 - strlen (part) % 4) % 4], NULL);
  gsize size = 0;
  g_autofree guchar *bytes = NULL;
  g_autofree char *text = NULL;

  g_strdelimit (padded, "-", '+');
  g_strdelimit (padded, "_", '/');
  bytes = g_base64_decode (padded, &size);
  text = g_strndup ((const char *) bytes, size);
  return json_from_string (text, NULL);
}

static void
test_assertion (void)
{
  g_autofree char *folder = make_folder ();
  g_auto(MadeCertificate) made = make_certificate (TRUE, NULL, -DAY_S, DAY_S);
  g_autofree char *both = g_strconcat (made.key, made.certificate, NULL);
  g_autoptr(TvmCredential) credential = NULL;
  g_autofree char *token = NULL;
  g_autofree char *next = NULL;
  g_auto(GStrv) parts = NULL;
  g_autoptr(JsonNode) header = NULL;
  g_autoptr(JsonNode) claims = NULL;
  JsonObject *object;
  gint64 now_s = tvm_now_us () / TVM_SECOND_US;

  write_file (folder, "tvm-remediate.pem", both, 0400);
  credential = load (folder);
  token = tvm_unattended_make_assertion (credential, "app-1", "https://login.example/t/oauth2/v2.0/token", NULL);
  next = tvm_unattended_make_assertion (credential, "app-1", "https://login.example/t/oauth2/v2.0/token", NULL);
  g_assert_cmpstr (token, !=, next);
  parts = g_strsplit (token, ".", -1);
  g_assert_cmpuint (g_strv_length (parts), ==, 3);
  header = decode (parts[0]);
  claims = decode (parts[1]);
  object = json_node_get_object (header);
  g_assert_cmpstr (json_object_get_string_member (object, "alg"), ==, "PS256");
  g_assert_cmpstr (json_object_get_string_member (object, "typ"), ==, "JWT");
  g_assert_cmpstr (json_object_get_string_member (object, "x5t#S256"), ==, credential->thumbprint);
  object = json_node_get_object (claims);
  g_assert_cmpstr (json_object_get_string_member (object, "aud"), ==, "https://login.example/t/oauth2/v2.0/token");
  g_assert_cmpstr (json_object_get_string_member (object, "iss"), ==, "app-1");
  g_assert_cmpstr (json_object_get_string_member (object, "sub"), ==, "app-1");
  g_assert_true (g_uuid_string_is_valid (json_object_get_string_member (object, "jti")));
  g_assert_cmpint (json_object_get_int_member (object, "nbf"), >=, now_s);
  g_assert_cmpint (json_object_get_int_member (object, "exp"), <=, now_s + 601);
  remove_folder (folder);
}

/* Signed in by a secret. */
static void
set_up (SignedIn *self, gconstpointer data)
{
  g_autofree char *folder = make_folder ();
  g_autoptr(GError) error = NULL;

  signed_in_prepare (self);
  g_object_unref (self->client);
  g_object_unref (self->sign_in);
  write_file (folder, "tvm-remediate.secret", "s3cret~.-x", 0400);
  self->sign_in = tvm_sign_in_new_unattended (self->endpoints, load (folder), &error);
  g_assert_no_error (error);
  self->client = tvm_client_new (self->endpoints, self->sign_in);
  tvm_sign_in_set_wait_divisor (self->sign_in, 1000);
  tvm_client_set_wait_divisor (self->client, 1000);
  remove_folder (folder);
}

static void
get_score (SignedIn *self, GError **error)
{
  gint64 when_us;
  double score;

  g_assert_true (tvm_client_get_score (self->client, TVM_SCORE_EXPOSURE, &when_us, &score, NULL, error) ==
                 (*error == NULL));
}

static void
test_tokens (SignedIn *self, gconstpointer data)
{
  g_autoptr(TvmAccount) account = tvm_sign_in_dup_account (self->sign_in, NULL, NULL);
  g_autoptr(GError) error = NULL;
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autofree char *graph = NULL;

  g_assert_true (account->is_unattended && tvm_sign_in_is_unattended (self->sign_in));
  g_assert_cmpstr (account->user_name, ==, "application app-1");
  g_assert_cmpstr (account->tenant_id, ==, TENANT);
  fake_service_add (self->service, TOKEN_PATH, 200, NULL, TOKEN ("access-1"));
  fake_service_add (self->service, TOKEN_PATH, 200, NULL, TOKEN ("access-2"));
  fake_service_add (self->service, SCORE, 200, NULL, SCORE_BODY);
  fake_service_add (self->service, SCORE, 401, NULL, "");
  fake_service_add (self->service, SCORE, 200, NULL, SCORE_BODY);
  get_score (self, &error);
  g_assert_no_error (error);
  first = fake_service_get_request (self->service, TOKEN_PATH, 0);
  g_assert_nonnull (strstr (first, "grant_type=client_credentials"));
  g_assert_nonnull (strstr (first, "scope=https%3A%2F%2Fapi.securitycenter.microsoft.com%2F.default"));
  g_assert_nonnull (strstr (first, "client_secret=s3cret%7E.-x"));
  get_score (self, &error); /* the token ended: another one is asked for */
  g_assert_no_error (error);
  g_assert_cmpuint (fake_service_count (self->service, TOKEN_PATH), ==, 2);
  second = fake_service_get_request (self->service, SCORE, 2);
  g_assert_nonnull (strstr (second, "Bearer access-2"));
  g_free (tvm_sign_in_get_token (self->sign_in, TVM_RESOURCE_GRAPH, FALSE, FALSE, NULL, &error));
  g_assert_no_error (error);
  graph = fake_service_get_request (self->service, TOKEN_PATH, 2);
  g_assert_nonnull (strstr (graph, "scope=https%3A%2F%2Fgraph.microsoft.com%2F.default"));
  g_assert_false (tvm_sign_in_is_at_stake ());
}

static void
test_refused (SignedIn *self, gconstpointer data)
{
  static const struct { const char *answer, *words; } cases[] = {
    { REFUSAL ("7000215"), "The client secret of the application “app-1” is wrong" },
    { REFUSAL ("7000222"), "has expired" },
    { REFUSAL ("700024"), "clock" },
    { REFUSAL ("700027"), "Upload the certificate" },
    { REFUSAL ("53003"), "blocks the application “app-1” here" },
    { REFUSAL ("1"), "AADSTS1: words (correlation id corr-1)" },
    /* What only a person can do is no next step. */
    { REFUSAL ("50105"), "AADSTS50105: words" },
    { REFUSAL ("53000"), "AADSTS53000: words" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;

      fake_service_clear (self->service, TOKEN_PATH);
      fake_service_add (self->service, TOKEN_PATH, 401, NULL, cases[i].answer);
      get_score (self, &error);
      g_assert_error (error, TVM_ERROR, TVM_ERROR_AUTH_DECLINED);
      g_assert_cmpstr (tvm_error_get_correlation_id (error), ==, "corr-1");
      if (strstr (error->message, cases[i].words) == NULL)
        g_error ("“%s” lacks “%s”", error->message, cases[i].words);
      g_assert_false (tvm_sign_in_is_expired (self->sign_in));
    }
  g_assert_cmpuint (fake_service_count (self->service, SCORE), ==, 0);
}

/* So are those that the sign-in service misses. */
static void
test_ungranted (SignedIn *self, gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  fake_service_clear (self->service, TOKEN_PATH);
  fake_service_add (self->service, TOKEN_PATH, 400, NULL, REFUSAL ("65001"));
  get_score (self, &error);
  g_assert_error (error, TVM_ERROR, TVM_ERROR_CONSENT_REQUIRED);
  g_assert_nonnull (strstr (error->message, ": Machine.Read.All, SecurityRecommendation.Read.All, "
                            "Vulnerability.Read.All, RemediationTasks.Read.All, Score.Read.All."));
}

/* A role that lacks is named as the administrator finds it. */
static void
test_roles (SignedIn *self, gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  fake_service_add (self->service, TOKEN_PATH, 200, NULL, TOKEN ("access-1"));
  fake_service_add (self->service, SCORE, 403, NULL, "{\"error\":{\"code\":\"Forbidden\"}}");
  get_score (self, &error);
  g_assert_error (error, TVM_ERROR, TVM_ERROR_FORBIDDEN);
  g_assert_nonnull (strstr (error->message, "application permission “Score.Read.All” to the application “app-1”"));
}

static void
test_reads_only (SignedIn *self, gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  fake_service_add (self->service, TOKEN_PATH, 200, NULL, TOKEN ("access-1"));
  g_assert_false (tvm_client_delete_ticket (self->client, "t-1", NULL, NULL, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_READ_ONLY);
  g_clear_error (&error);
  g_assert_false (tvm_client_check_intune (self->client, NULL, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_READ_ONLY);
  g_assert_cmpuint (fake_service_count (self->service, TOKEN_PATH), ==, 0);
  g_assert_cmpuint (fake_service_count (self->service, TVM_TICKETS_PATH), ==, 0);
}

static void
test_tenant (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TvmEndpoints) endpoints = tvm_endpoints_new ("commercial", NULL, NULL, NULL, "organizations", "app-1",
                                                         NULL);

  g_assert_null (tvm_sign_in_new_unattended (endpoints, g_new0 (TvmCredential, 1), &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_AUTH_DECLINED);
  g_assert_nonnull (strstr (error->message, "tenant-id"));
}

#define ADD(name, func) g_test_add ("/client/unattended/" name, SignedIn, NULL, set_up, func, signed_in_tear_down)

int
main (int argc, char **argv)
{
  g_setenv ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus", TRUE);
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/client/unattended/files", test_files);
  g_test_add_func ("/client/unattended/assertion", test_assertion);
  g_test_add_func ("/client/unattended/tenant", test_tenant);
  ADD ("tokens", test_tokens);
  ADD ("refused", test_refused);
  ADD ("ungranted", test_ungranted);
  ADD ("roles", test_roles);
  ADD ("reads-only", test_reads_only);
  return g_test_run ();
}

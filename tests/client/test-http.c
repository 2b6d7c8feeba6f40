/* test-http.c: tokens, throttling, errors and redirects over real HTTP.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "signed-in.h"
#include "fetch.h"
#include "tvm-permissions-private.h"
#include "tvm-time.h"

#include <string.h>

#define SCORE      "/api/exposureScore"
#define SCORE_BODY "{\"time\":\"2026-03-02T08:15:30.1234567Z\",\"score\":\"33.5\"}"

typedef struct { int n_waits, n_ends; gint64 latest_us; } Waits;

static void
waited_cb (gint64 next_call_us, gpointer user_data)
{
  Waits *waits = user_data;

  if (next_call_us == 0)
    waits->n_ends++;
  else
    {
      waits->n_waits++;
      waits->latest_us = MAX (waits->latest_us, next_call_us);
    }
}

typedef struct { SignedIn *signed_in; GString *asked; } Whose;

static void
whose_cb (gint64 next_call_us, gpointer user_data)
{
  Whose *whose = user_data;

  if (next_call_us != 0)
    g_string_append_c (whose->asked, tvm_client_is_asked_to_wait (whose->signed_in->client) ? 'S' : 'p');
}

static void
assert_score (SignedIn *self)
{
  g_autoptr(GError) error = NULL;
  gint64 when_us = 0;
  double score = 0;

  tvm_client_get_score (self->client, TVM_SCORE_EXPOSURE, &when_us, &score, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (score, ==, 33.5);
  g_assert_cmpint (when_us % TVM_SECOND_US, ==, 123456);
}

static void
assert_failure (SignedIn *self, int code, const char *words)
{
  g_autoptr(GError) error = NULL;
  gint64 when_us;
  double score;

  g_assert_false (tvm_client_get_score (self->client, TVM_SCORE_EXPOSURE, &when_us, &score, NULL, &error));
  g_assert_error (error, TVM_ERROR, code);
  if (strstr (error->message, words) == NULL)
    g_error ("“%s” lacks “%s”", error->message, words);
}

static void
test_throttled (SignedIn *self, gconstpointer data)
{
  Waits waits = { 0, 0, 0 };
  gint64 begin_us = tvm_now_us ();

  fake_service_add (self->service, SCORE, 429, "Retry-After: 40", "{}");
  fake_service_add (self->service, SCORE, 503, NULL, "");
  fake_service_add (self->service, SCORE, 500, NULL, "");
  fake_service_add (self->service, SCORE, 200, NULL, SCORE_BODY);
  tvm_client_set_wait_divisor (self->client, 1);
  tvm_set_virtual_waits (TRUE);
  tvm_client_set_wait_func (self->client, waited_cb, &waits);
  assert_score (self);
  tvm_set_virtual_waits (FALSE);
  g_assert_cmpint (waits.n_waits, >=, 3);
  g_assert_cmpint (waits.n_waits, ==, waits.n_ends);
  g_assert_cmpint (waits.latest_us - begin_us, >=, 40 * TVM_SECOND_US);
  g_assert_cmpint (waits.latest_us - tvm_now_us (), <=, 40 * TVM_SECOND_US);
  g_assert_cmpuint (fake_service_count (self->service, SCORE), ==, 4);
}

/* Whether the service asked for a wait or the program waits of its own accord is told apart. */
static void
test_whose_wait (SignedIn *self, gconstpointer data)
{
  g_autoptr(GString) asked = g_string_new (NULL);
  Whose whose = { self, asked };

  fake_service_add (self->service, SCORE, 429, "Retry-After: 40", "{}");
  fake_service_add (self->service, SCORE, 503, NULL, "");
  fake_service_add (self->service, SCORE, 503, NULL, "");
  fake_service_add (self->service, SCORE, 503, "Retry-After: 40", "");
  fake_service_add (self->service, SCORE, 500, NULL, "");
  fake_service_add (self->service, SCORE, 200, NULL, SCORE_BODY);
  tvm_client_set_wait_divisor (self->client, 1);
  tvm_set_virtual_waits (TRUE);
  tvm_client_set_wait_func (self->client, whose_cb, &whose);
  assert_score (self);
  tvm_set_virtual_waits (FALSE);
  g_assert_cmpstr (asked->str, ==, "SppSp");
}

static void
test_throttled_too_long (SignedIn *self, gconstpointer data)
{
  fake_service_add (self->service, SCORE, 429, "Retry-After: 1",
                    "{\"error\":{\"code\":\"TooManyRequests\",\"message\":\"slow\",\"target\":\"corr-7\"}}");
  assert_failure (self, TVM_ERROR_THROTTLED, "corr-7");
  g_assert_cmpuint (fake_service_count (self->service, SCORE), ==, 7);
  fake_service_clear (self->service, SCORE);
  fake_service_add (self->service, SCORE, 429, "Retry-After: 90000", "");
  assert_failure (self, TVM_ERROR_THROTTLED, "429");
  g_assert_cmpuint (fake_service_count (self->service, SCORE), ==, 1);
  fake_service_clear (self->service, SCORE);
  fake_service_add (self->service, SCORE, 500, NULL, "<html>");
  assert_failure (self, TVM_ERROR_OFFLINE, "500");
  g_assert_cmpuint (fake_service_count (self->service, SCORE), ==, 4);
}

static void
cancel_cb (gint64 next_call_us, gpointer user_data)
{
  if (next_call_us != 0)
    g_cancellable_cancel (user_data);
}

static void
test_wait_cancelled (SignedIn *self, gconstpointer data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;
  gint64 when_us;
  double score;

  tvm_client_set_wait_divisor (self->client, 1);
  fake_service_add (self->service, SCORE, 429, "Retry-After: 3000", "{}");
  tvm_client_set_wait_func (self->client, cancel_cb, cancellable);
  g_assert_false (tvm_client_get_score (self->client, TVM_SCORE_EXPOSURE, &when_us, &score, cancellable,
                                        &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_unauthorized (SignedIn *self, gconstpointer data)
{
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  fake_service_clear (self->service, TOKEN_PATH);
  fake_service_add (self->service, TOKEN_PATH, 200, NULL, TOKENS ("access-2", "refresh-2"));
  fake_service_add (self->service, SCORE, 401, NULL, "");
  fake_service_add (self->service, SCORE, 200, NULL, SCORE_BODY);
  assert_score (self);
  first = fake_service_get_request (self->service, SCORE, 0);
  second = fake_service_get_request (self->service, SCORE, 1);
  g_assert_nonnull (strstr (first, "\nBearer access-1\n"));
  g_assert_nonnull (strstr (second, "\nBearer access-2\n"));
  g_assert_cmpuint (fake_service_count (self->service, TOKEN_PATH), ==, 1);

  fake_service_clear (self->service, SCORE);
  fake_service_add (self->service, SCORE, 401, NULL, "{\"error\":{\"message\":\"no\",\"target\":\"corr-8\"}}");
  fake_service_clear (self->service, TOKEN_PATH);
  fake_service_add (self->service, TOKEN_PATH, 200, NULL, TOKENS ("access-3", "refresh-2"));
  assert_failure (self, TVM_ERROR_FORBIDDEN, "corr-8");
  g_assert_cmpuint (fake_service_count (self->service, SCORE), ==, 2);
}

/* What a fresh token does not help against is no matter of signing in, unless the service asks for
 * a person. */
static void
test_missing_role (SignedIn *self, gconstpointer data)
{
  fake_service_add (self->service, SCORE, 401, NULL, "{\"error\":{\"code\":\"Forbidden\"}}");
  assert_failure (self, TVM_ERROR_FORBIDDEN, "“Score.Read”, and a role and a licence");
  fake_service_clear (self->service, SCORE);
  fake_service_add (self->service, SCORE, 401,
                    "WWW-Authenticate: Bearer error=\"insufficient_claims\"", "{}");
  assert_failure (self, TVM_ERROR_AUTH_REQUIRED, "Sign in again");
}

static void
test_no_score (SignedIn *self, gconstpointer data)
{
  static const char *const bodies[] = { "{\"time\":\"2026-03-01T00:00:00Z\",\"score\":null}",
                                        "{\"time\":null,\"score\":null}",
                                        "{\"time\":\"2026-03-01T00:00:00Z\"}",
                                        "{\"score\":-1}", "{\"time\":null,\"score\":\"-1.0\"}" };

  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_autoptr(GError) error = NULL;
      gint64 when_us = 0;
      double score = 7;

      fake_service_clear (self->service, SCORE);
      fake_service_add (self->service, SCORE, 200, NULL, bodies[i]);
      g_assert_true (tvm_client_get_score (self->client, TVM_SCORE_EXPOSURE, &when_us, &score, NULL,
                                           &error));
      g_assert_no_error (error);
      g_assert_cmpfloat (score, <, 0);
    }
  fake_service_clear (self->service, SCORE);
  fake_service_add (self->service, SCORE, 200, NULL, "{\"score\":\"high\"}");
  assert_failure (self, TVM_ERROR_BAD_RESPONSE, "not a number");
}

static void
test_errors (SignedIn *self, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  const char *defender = "{\"error\":{\"code\":\"X\",\"message\":\"Words\",\"target\":\"corr-9\"}}";

  assert_failure (self, TVM_ERROR_NOT_FOUND, "NotFound");
  fake_service_add (self->service, SCORE, 403, NULL, defender);
  assert_failure (self, TVM_ERROR_FORBIDDEN, "Words (correlation id corr-9)");
  fake_service_clear (self->service, SCORE);
  fake_service_add (self->service, SCORE, 400, NULL, defender);
  assert_failure (self, TVM_ERROR_REJECTED, "corr-9");
  fake_service_clear (self->service, SCORE);
  fake_service_add (self->service, SCORE, 200, NULL, "<html></html>");
  assert_failure (self, TVM_ERROR_BAD_RESPONSE, "web page");
  fake_service_clear (self->service, SCORE);
  fake_service_add (self->service, SCORE, 200, NULL, "{\"score\":\"x\"}");
  assert_failure (self, TVM_ERROR_BAD_RESPONSE, "score");
  fake_service_clear (self->service, SCORE);
  fake_service_add_fault (self->service, SCORE, FAKE_CUT, SCORE_BODY);
  assert_failure (self, TVM_ERROR_BAD_RESPONSE, "cut off");
  fake_service_clear (self->service, SCORE);
  fake_service_add_fault (self->service, SCORE, FAKE_LOST, NULL);
  assert_failure (self, TVM_ERROR_OFFLINE, "127.0.0.1");
  fake_service_add (self->service, "/beta/deviceAppManagement/deviceAppManagementTasks", 403, NULL,
                    "{\"error\":{\"code\":\"F\",\"message\":\"No\",\"innerError\":{\"request-id\":\"corr-10\"}}}");
  g_assert_false (tvm_client_check_intune (self->client, NULL, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_FORBIDDEN);
  g_assert_nonnull (strstr (error->message, "corr-10"));
  g_assert_cmpstr (tvm_error_get_correlation_id (error), ==, "corr-10");
}

#define SCOPED(scope) "{\"token_type\":\"Bearer\",\"expires_in\":3599,\"access_token\":\"a-2\",\"scope\":" \
  "\"https://api.securitycenter.microsoft.com/Machine.Read " scope "\",\"refresh_token\":\"r-2\"}"

/* Who signed in with fewer scopes than a call takes learns which lacks, and who else learns what it takes. */
static void
test_scopes (SignedIn *self, gconstpointer data)
{
  fake_service_add (self->service, SCORE, 403, NULL, "{\"error\":{\"code\":\"Forbidden\"}}");
  assert_failure (self, TVM_ERROR_FORBIDDEN, "It takes the permission “Score.Read”, and a role");
  fake_service_clear (self->service, TOKEN_PATH);
  fake_service_add (self->service, TOKEN_PATH, 200, NULL, SCOPED ("User.Read"));
  g_free (tvm_sign_in_get_token (self->sign_in, TVM_RESOURCE_DEFENDER, FALSE, TRUE, NULL, NULL));
  assert_failure (self, TVM_ERROR_FORBIDDEN, "The sign-in lacks the permission “Score.Read”. Ask an administrator");
  fake_service_clear (self->service, TOKEN_PATH);
  fake_service_add (self->service, TOKEN_PATH, 200, NULL,
                    SCOPED ("https://api.securitycenter.microsoft.com/Score.Read.All"));
  g_free (tvm_sign_in_get_token (self->sign_in, TVM_RESOURCE_DEFENDER, FALSE, TRUE, NULL, NULL));
  assert_failure (self, TVM_ERROR_FORBIDDEN, "It takes the permission “Score.Read”, and a role");
}

static void
test_permissions (void)
{
  static const struct { const char *url, *delegated, *application; gboolean write; } cases[] = {
    { "/api/machines?$top=1", "Machine.Read", "Machine.Read.All" },
    { "/api/machines/SoftwareVulnerabilitiesByMachine?x", "Vulnerability.Read", "Vulnerability.Read.All" },
    { "/api/machines/SoftwareVulnerabilityChangesByMachine?x", "Vulnerability.Read", "Vulnerability.Read.All" },
    { "/api/machines/SecureConfigurationsAssessmentByMachine", "Vulnerability.Read", "Vulnerability.Read.All" },
    { "/api/recommendations/va-_-x/vulnerabilities", "Vulnerability.Read", "Vulnerability.Read.All" },
    { "/api/recommendations/va-_-x/machineReferences", "SecurityRecommendation.Read",
      "SecurityRecommendation.Read.All" },
    { "/api/vulnerabilities?$top=8000", "Vulnerability.Read", "Vulnerability.Read.All" },
    { "/api/remediationTasks/x/machineReferences", "RemediationTask.Read", "RemediationTasks.Read.All" },
    { "/api/configurationScore", "Score.Read", "Score.Read.All" },
    { "/beta/deviceAppManagement/deviceAppManagementTasks", "DeviceManagementApps.Read.All",
      "DeviceManagementApps.Read.All" },
    { "/beta/deviceAppManagement/deviceAppManagementTasks", "DeviceManagementApps.ReadWrite.All", NULL, TRUE },
    { "/beta/deviceManagement/managedDevices?x", "DeviceManagementManagedDevices.Read.All",
      "DeviceManagementManagedDevices.Read.All" },
    { "/elsewhere", NULL, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_assert_cmpstr (tvm_permission_for_call (cases[i].url, cases[i].write, FALSE), ==, cases[i].delegated);
      g_assert_cmpstr (tvm_permission_for_call (cases[i].url, cases[i].write, TRUE), ==, cases[i].application);
    }
  g_assert_false (tvm_scopes_lack (NULL, "Score.Read"));
  g_assert_false (tvm_scopes_lack ("x/.default", "Score.Read"));
  g_assert_false (tvm_scopes_lack ("openid Score.ReadWrite.All", "Score.Read"));
  g_assert_true (tvm_scopes_lack ("openid Score.Reader", "Score.Read"));
}

static void
test_redirects (SignedIn *self, gconstpointer data)
{
  g_autoptr(FakeService) other = fake_service_new ();
  g_autofree char *elsewhere = g_strdup_printf ("Location: %s/x", fake_service_get_url (other));

  fake_service_add (self->service, SCORE, 302, "Location: /moved?a=b", "");
  fake_service_add (self->service, "/moved", 200, NULL, SCORE_BODY);
  assert_score (self);
  fake_service_clear (self->service, SCORE);
  fake_service_add (self->service, SCORE, 307, elsewhere, "");
  assert_failure (self, TVM_ERROR_BAD_RESPONSE, "another server");
  g_assert_cmpuint (fake_service_count (other, "/x"), ==, 0);
  fake_service_clear (self->service, SCORE);
  fake_service_add (self->service, SCORE, 302, "Location: %URL%" SCORE, "");
  assert_failure (self, TVM_ERROR_BAD_RESPONSE, "redirected");
  g_assert_cmpuint (fake_service_count (self->service, SCORE), ==, 6);
}

static gpointer
ask_many_times (gpointer data)
{
  for (int i = 0; i < 20; i++)
    assert_score (data);
  return NULL;
}

static void
test_threads (SignedIn *self, gconstpointer data)
{
  GThread *threads[4];

  fake_service_clear (self->service, TOKEN_PATH);
  fake_service_add (self->service, TOKEN_PATH, 200, NULL, TOKENS ("access-2", "refresh-2"));
  fake_service_add (self->service, SCORE, 401, NULL, "");
  fake_service_add (self->service, SCORE, 200, NULL, SCORE_BODY);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("asks", ask_many_times, self);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  g_assert_cmpuint (fake_service_count (self->service, SCORE), ==, 81);
  g_assert_cmpuint (fake_service_count (self->service, TOKEN_PATH), ==, 1);
}

static void
test_offline (void)
{
  SignedIn self;
  g_autoptr(GError) error = NULL;

  signed_in_set_up (&self, NULL);
  fake_service_free (self.service);
  g_assert_null (fetch_records (self.client, TVM_PULL_DEVICES, NULL, NULL, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_OFFLINE);
  g_assert_nonnull (strstr (error->message, "127.0.0.1"));
  self.service = fake_service_new ();
  signed_in_tear_down (&self, NULL);
}

#define ADD(name, func) g_test_add ("/client/http/" name, SignedIn, NULL, signed_in_set_up, func, signed_in_tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  ADD ("throttled", test_throttled);
  ADD ("whose-wait", test_whose_wait);
  ADD ("throttled-too-long", test_throttled_too_long);
  ADD ("wait-cancelled", test_wait_cancelled);
  ADD ("unauthorized", test_unauthorized);
  ADD ("missing-role", test_missing_role);
  ADD ("no-score", test_no_score);
  ADD ("errors", test_errors);
  ADD ("scopes", test_scopes);
  ADD ("redirects", test_redirects);
  g_test_add_func ("/client/http/permissions", test_permissions);
  ADD ("threads", test_threads);
  g_test_add_func ("/client/http/offline", test_offline);
  return g_test_run ();
}

/* test-endpoints.c: which hosts, which tenant. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-client.h"
#include "tvm-error.h"
#include "tvm-token-answer-private.h"

#include <string.h>

#define TENANT "contoso.example"

static void
assert_invalid (const char *cloud, const char *url, const char *tenant, const char *app, const char *word)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (tvm_endpoints_new (cloud, url, url, url, tenant, app, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_INVALID);
  if (strstr (error->message, word) == NULL)
    g_error ("“%s” lacks “%s”", error->message, word);
}

static void
assert_custom (const char *url, const char *expected)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TvmEndpoints) made = tvm_endpoints_new ("custom", url, url, url, TENANT, "app", &error);
  g_autoptr(TvmEndpoints) copy = NULL;

  g_assert_no_error (error);
  copy = tvm_endpoints_copy (made);
  g_assert_cmpstr (copy->authority_url, ==, expected);
  g_assert_cmpstr (copy->defender_url, ==, expected);
  g_assert_cmpstr (copy->graph_url, ==, expected);
  g_assert_cmpstr (copy->defender_resource, ==, "https://api.securitycenter.microsoft.com");
  g_assert_cmpstr (copy->graph_resource, ==, "https://graph.microsoft.com");
}

static void
test_clouds (void)
{
  static const char *const expected[][6] = {
    { "commercial", "https://login.microsoftonline.com", "https://api.security.microsoft.com",
      "https://graph.microsoft.com", "https://api.securitycenter.microsoft.com", "https://graph.microsoft.com" },
    { "gcc", "https://login.microsoftonline.com", "https://api-gcc.securitycenter.microsoft.us",
      "https://graph.microsoft.com", "https://api-gcc.securitycenter.microsoft.us", "https://graph.microsoft.com" },
    { "GCC-High", "https://login.microsoftonline.us", "https://api-gov.securitycenter.microsoft.us",
      "https://graph.microsoft.us", "https://api-gov.securitycenter.microsoft.us", "https://graph.microsoft.us" },
    { "dod", "https://login.microsoftonline.us", "https://api-gov.securitycenter.microsoft.us",
      "https://dod-graph.microsoft.us", "https://api-gov.securitycenter.microsoft.us", "https://dod-graph.microsoft.us" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      g_autoptr(TvmEndpoints) made = tvm_endpoints_new (expected[i][0], "http://evil.example", NULL, NULL,
                                                        "organizations", "app", NULL);

      g_assert_cmpstr (made->authority_url, ==, expected[i][1]);
      g_assert_cmpstr (made->defender_url, ==, expected[i][2]);
      g_assert_cmpstr (made->graph_url, ==, expected[i][3]);
      g_assert_cmpstr (made->defender_resource, ==, expected[i][4]);
      g_assert_cmpstr (made->graph_resource, ==, expected[i][5]);
    }
}

/* A region moves the commercial Defender host, and nothing else anywhere. */
static void
test_regions (void)
{
  static const char *const regions[] = { "us", "eu", "uk", "au", "swa", "ina", "global", "" };
  static const char *const wrong[] = { "US", "us.", "evil.example/", "us.eu", " ", "commercial", "\xff" };
  static const char *const others[] = { "gcc", "gcc-high", "dod" };
  g_autoptr(TvmEndpoints) made = tvm_endpoints_new ("commercial", NULL, NULL, NULL, TENANT, "app", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (regions); i++)
    {
      g_autofree char *expected = i < 6 ? g_strdup_printf ("https://%s.api.security.microsoft.com", regions[i])
                                        : g_strdup ("https://api.security.microsoft.com");

      g_assert_true (tvm_endpoints_set_region (made, regions[i], NULL));
      g_assert_cmpstr (made->defender_url, ==, expected);
      g_assert_cmpstr (made->authority_url, ==, "https://login.microsoftonline.com");
      g_assert_cmpstr (made->graph_url, ==, "https://graph.microsoft.com");
      g_assert_cmpstr (made->defender_resource, ==, "https://api.securitycenter.microsoft.com");
    }
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_false (tvm_endpoints_set_region (made, wrong[i], &error));
      g_assert_error (error, TVM_ERROR, TVM_ERROR_INVALID);
      g_assert_cmpstr (made->defender_url, ==, "https://api.security.microsoft.com");
    }
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_autoptr(TvmEndpoints) other = tvm_endpoints_new (others[i], NULL, NULL, NULL, TENANT, "app", NULL);
      g_autofree char *before = g_strdup (other->defender_url);

      g_assert_true (tvm_endpoints_set_region (other, "eu", NULL));
      g_assert_cmpstr (other->defender_url, ==, before);
    }
}

static TvmEndpoints *
make_place (guint n)
{
  static const char *const places[][4] = {
    { "commercial" }, { "gcc" }, { "gcc-high" }, { "dod" },
    { "custom", "https://login.microsoftonline.com", "https://api.security.microsoft.com",
      "https://graph.microsoft.com" },
    { "custom", "https://login.microsoftonline.com", "https://other.example", "https://graph.microsoft.com" },
    { "custom", "https://login.microsoftonline.com", "https://api.security.microsoft.com",
      "https://other.example" },
    { "custom", "https://other.example", "https://api.security.microsoft.com", "https://graph.microsoft.com" },
  };

  return n < G_N_ELEMENTS (places)
           ? tvm_endpoints_new (places[n][0], places[n][1], places[n][2], places[n][3], TENANT, "app", NULL)
           : NULL;
}

/* Whoever signed in to one cloud is signed in to no other, so that no token goes to its hosts; another
 * region of the same cloud is no other cloud. */
static void
test_tokens_stay (void)
{
  TvmGrant session = {
    tvm_kept_secret_new ("r"), (char *) "Ana", (char *) "ana@contoso.example", (char *) "t"
  };

  for (guint from = 0;; from++)
    {
      g_autoptr(TvmEndpoints) home = make_place (from);
      g_autofree char *kept = NULL;

      if (home == NULL)
        break;
      kept = tvm_grant_to_json (&session, home);
      for (guint to = 0;; to++)
        {
          g_autoptr(TvmEndpoints) place = make_place (to);
          g_autoptr(TvmGrant) found = NULL;

          if (place == NULL)
            break;
          g_assert_true (tvm_endpoints_set_region (place, "eu", NULL));
          found = tvm_grant_from_json (kept, place);
          g_assert_true ((found != NULL) == (from == to));
        }
    }
  tvm_kept_secret_free (session.refresh_token);
}

static void
test_custom (void)
{
  assert_custom ("https://x.example//", "https://x.example");
  assert_custom ("https://x.example:8443/base/", "https://x.example:8443/base");
  assert_custom ("http://127.0.0.1:1234", "http://127.0.0.1:1234");
  assert_custom ("http://127.9.8.7", "http://127.9.8.7");
  assert_custom ("http://[::1]:5", "http://[::1]:5");
  assert_custom ("http://localhost:5", "http://localhost:5");
}

static void
test_refused (void)
{
  static const char *const urls[] = {
    "http://x.example", "http://127.0.0.1.example", "http://localhost.example", "http://128.0.0.1",
    "http://[::2]", "ftp://127.0.0.1", "https://u@x.example", "https://u:p@x.example",
    "https://x.example/?a", "https://x.example/#a", "https://", "https:///x", "x.example", "file:///etc",
    "https://%40", "https://x.example%40y.example", "https://x.example%2Fy", "https://x%3A1",
  };

  for (guint i = 0; i < G_N_ELEMENTS (urls); i++)
    assert_invalid ("custom", urls[i], TENANT, "app", "authority-url");
  assert_invalid ("custom", NULL, TENANT, "app", "config set authority-url");
  assert_invalid ("moon", NULL, TENANT, "app", "moon");
  assert_invalid ("commercial", NULL, NULL, "app", "config set tenant-id");
  assert_invalid ("commercial", NULL, "", "app", "config set tenant-id");
  assert_invalid ("commercial", NULL, "common", "app", "is not a tenant: use");
  assert_invalid ("commercial", NULL, "a/b.example", "app", "is not a tenant: use");
  assert_invalid ("commercial", NULL, "../x.y", "app", "is not a tenant: use");
  assert_invalid ("commercial", NULL, TENANT, NULL, "config set client-id");
  assert_invalid ("commercial", NULL, TENANT, "a b", "is not an application ID");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/client/endpoints/clouds", test_clouds);
  g_test_add_func ("/client/endpoints/regions", test_regions);
  g_test_add_func ("/client/endpoints/tokens-stay", test_tokens_stay);
  g_test_add_func ("/client/endpoints/custom", test_custom);
  g_test_add_func ("/client/endpoints/refused", test_refused);
  return g_test_run ();
}

/* test-endpoints.c: which hosts, which tenant. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-client.h"
#include "tvm-error.h"

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
  };

  for (guint i = 0; i < G_N_ELEMENTS (urls); i++)
    assert_invalid ("custom", urls[i], TENANT, "app", "authority-url");
  assert_invalid ("custom", NULL, TENANT, "app", "config set authority-url");
  assert_invalid ("moon", NULL, TENANT, "app", "moon");
  assert_invalid ("commercial", NULL, NULL, "app", "config set tenant-id");
  assert_invalid ("commercial", NULL, "", "app", "config set tenant-id");
  assert_invalid ("commercial", NULL, "common", "app", "config set tenant-id");
  assert_invalid ("commercial", NULL, "a/b.example", "app", "config set tenant-id");
  assert_invalid ("commercial", NULL, "../x.y", "app", "config set tenant-id");
  assert_invalid ("commercial", NULL, TENANT, NULL, "config set client-id");
  assert_invalid ("commercial", NULL, TENANT, "a b", "config set client-id");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/client/endpoints/clouds", test_clouds);
  g_test_add_func ("/client/endpoints/custom", test_custom);
  g_test_add_func ("/client/endpoints/refused", test_refused);
  return g_test_run ();
}

/* test-portal.c: links to the Microsoft Defender portal.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-portal.h"

static void
assert_uri (const char *cloud, TvmPortalPage page, const char *id, const char *expected)
{
  g_autofree char *uri = tvm_portal_uri (cloud, page, id);

  g_assert_cmpstr (uri, ==, expected);
}

/* They follow the cloud; a custom one has no portal. */
static void
test_clouds (void)
{
  static const struct { const char *cloud, *uri; } clouds[] = {
    { NULL, "https://security.microsoft.com/machines/a1" },
    { "commercial", "https://security.microsoft.com/machines/a1" },
    { "gcc", "https://security.microsoft.com/machines/a1" },
    { "gcc-high", "https://security.microsoft.us/machines/a1" },
    { "dod", "https://security.apps.mil/machines/a1" }, { "custom", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (clouds); i++)
    assert_uri (clouds[i].cloud, TVM_PORTAL_DEVICE, "a1", clouds[i].uri);
}

/* What a service calls its things does not lead elsewhere. */
static void
test_pages (void)
{
  assert_uri ("gcc", TVM_PORTAL_RECOMMENDATIONS, NULL,
              "https://security.microsoft.com/security-recommendations");
  assert_uri ("gcc", TVM_PORTAL_WEAKNESS, "CVE-2026-1",
              "https://security.microsoft.com/vulnerabilities/vulnerability/CVE-2026-1/overview");
  assert_uri ("gcc", TVM_PORTAL_DEVICE, "../a?b#c",
              "https://security.microsoft.com/machines/..%2Fa%3Fb%23c");
  assert_uri ("gcc", TVM_PORTAL_DEVICE, NULL, NULL);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/portal/clouds", test_clouds);
  g_test_add_func ("/portal/pages", test_pages);
  return g_test_run ();
}

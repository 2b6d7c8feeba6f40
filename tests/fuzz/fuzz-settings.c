/* fuzz-settings.c: addresses and ids of settings, and the words of the command line: no address but
 * https, or http on loopback in the custom cloud, is ever taken (R15).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "fuzz.h"
#include "tvm-client.h"
#include "tvm-enums.h"
#include "tvm-policy.h"

#include <string.h>

static void
assert_safe (const char *url)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GUri) uri = g_uri_parse (url, G_URI_FLAGS_ENCODED, &error);
  g_autoptr(GInetAddress) address = NULL;

  g_assert_no_error (error);
  g_assert_null (g_uri_get_userinfo (uri));
  if (strcmp (g_uri_get_scheme (uri), "https") == 0)
    return;
  g_assert_cmpstr (g_uri_get_scheme (uri), ==, "http");
  if (g_ascii_strcasecmp (g_uri_get_host (uri), "localhost") == 0)
    return;
  address = g_inet_address_new_from_string (g_uri_get_host (uri));
  g_assert_true (g_inet_address_get_is_loopback (address));
}

static void
try_endpoints (const char *cloud,
               const char *word)
{
  static const char id[] = "00000000-0000-0000-0000-000000000000";
  g_autoptr(GError) error = NULL;
  g_autoptr(TvmEndpoints) custom = tvm_endpoints_new (cloud, word, word, word, id, id, &error);
  g_autoptr(TvmEndpoints) known =
    tvm_endpoints_new ("commercial", NULL, NULL, NULL, word, word, NULL);

  g_assert_true ((custom != NULL) == (error == NULL));
  if (error != NULL)
    g_assert_true (g_utf8_validate (error->message, -1, NULL));
  if (custom != NULL)
    {
      assert_safe (custom->authority_url);
      assert_safe (custom->defender_url);
      assert_safe (custom->graph_url);
    }
  /* What stands in the addresses of requests. */
  if (known != NULL)
    {
      g_assert_null (strpbrk (known->tenant_id, "/?#%@: \\"));
      tvm_endpoints_set_region (known, word, NULL);
      g_assert_true (g_str_has_prefix (known->defender_url, "https://"));
      g_assert_true (g_str_has_suffix (known->defender_url, "api.security.microsoft.com"));
    }
}

/* What is taken is written so that it is taken again. */
static void
try_policy (const char *word)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TvmPolicy) policy = tvm_policy_parse (word, &error);
  g_autofree char *text = policy != NULL ? tvm_policy_to_setting (policy) : NULL;
  g_autoptr(TvmPolicy) again = text != NULL ? tvm_policy_parse (text, NULL) : NULL;

  g_assert_true ((policy != NULL) == (error == NULL));
  g_assert_true ((policy != NULL) == (again != NULL));
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        size_t        size_bytes)
{
  g_autofree char *text = g_strndup ((const char *) data, size_bytes);
  g_autofree char *word = g_utf8_make_valid (text, -1);
  TvmRemediationType type;
  TvmPriority priority;
  TvmActivityStatus status;

  try_policy (word);
  try_endpoints ("custom", word);
  try_endpoints (word, word);
  if (tvm_remediation_type_from_word (word, &type))
    g_assert_cmpint (g_ascii_strcasecmp (tvm_remediation_type_to_word (type), word), ==, 0);
  if (tvm_priority_from_word (word, &priority))
    g_assert_cmpint (g_ascii_strcasecmp (tvm_priority_to_word (priority), word), ==, 0);
  if (tvm_activity_status_from_word (word, &status))
    g_assert_cmpint (g_ascii_strcasecmp (tvm_activity_status_to_word (status), word), ==, 0);
  return 0;
}

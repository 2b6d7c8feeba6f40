/* tvm-known.c: whether a list was ever pulled, or is none for certain. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-known.h"

#include <string.h>

#define CVE_PREFIX "cve-"
#define CVE_YEAR_DIGITS 4

/**
 * tvm_recommendation_knows_cves:
 * @recommendation: a recommendation of the store
 *
 * Returns: whether its CVEs are known: they were pulled, or the service counts none
 */
gboolean
tvm_recommendation_knows_cves (const TvmRecommendation *recommendation)
{
  return recommendation->vulnerabilities_synced_us != 0 || recommendation->weaknesses == 0;
}

/**
 * tvm_recommendation_knows_devices:
 * @recommendation: a recommendation of the store
 *
 * Returns: whether its exposed devices are known: they were pulled, or the service counts none
 */
gboolean
tvm_recommendation_knows_devices (const TvmRecommendation *recommendation)
{
  return recommendation->devices_synced_us != 0 || recommendation->exposed_devices == 0;
}

/**
 * tvm_activity_knows_devices:
 * @activity: an activity of the store
 *
 * Returns: whether its devices are known: it was requested here, or they were pulled
 */
gboolean
tvm_activity_knows_devices (const TvmActivity *activity)
{
  return activity->origin == TVM_ORIGIN_LOCAL || activity->devices_synced_us != 0;
}

/**
 * tvm_count_add:
 * @sum: a count; below 0: not known
 * @count: another one
 *
 * Returns: their sum; below 0 where one of them is not known
 */
int
tvm_count_add (int sum,
               int count)
{
  return sum < 0 || count < 0 ? -1 : sum + count;
}

/**
 * tvm_text_names_cve:
 * @text: (nullable): what somebody looks for
 *
 * Returns: whether it is a CVE's id or a part of one: "CVE-2024-1", in any case of letters, or
 *   "2024-1234"
 */
gboolean
tvm_text_names_cve (const char *text)
{
  gsize n_digits;

  if (text == NULL)
    return FALSE;
  if (g_ascii_strncasecmp (text, CVE_PREFIX, strlen (CVE_PREFIX)) == 0)
    return text[strspn (text + strlen (CVE_PREFIX), "0123456789-") + strlen (CVE_PREFIX)] == '\0';
  n_digits = strspn (text, "0123456789");
  if (n_digits != CVE_YEAR_DIGITS || text[n_digits] != '-')
    return FALSE;
  text += n_digits + 1;
  return *text != '\0' && text[strspn (text, "0123456789")] == '\0';
}

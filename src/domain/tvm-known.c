/* tvm-known.c: whether a list was ever pulled, or is none for certain. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-known.h"

#include "tvm-i18n.h"

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
 * tvm_recommendation_unnamed:
 * @recommendation: a recommendation of the store
 * @groups: (nullable) (element-type TvmGroupCount): its exposed devices by device group; %NULL: not
 *   known
 *
 * What the service counts and the devices that it lists are two answers, of different moments.
 *
 * Returns: how many exposed devices are counted and not listed; below 0: so many more are listed
 *   than counted; 0 also where the one or the other is not known
 */
int
tvm_recommendation_unnamed (const TvmRecommendation *recommendation,
                            GPtrArray               *groups)
{
  int named = 0;

  if (groups == NULL || recommendation->exposed_devices < 0 ||
      (groups->len == 0 && !tvm_recommendation_knows_devices (recommendation)))
    return 0;
  for (guint i = 0; i < groups->len; i++)
    named += ((const TvmGroupCount *) groups->pdata[i])->exposed;
  return recommendation->exposed_devices - named;
}

/**
 * tvm_unnamed_text:
 * @unnamed: of tvm_recommendation_unnamed()
 *
 * Returns: (nullable): what these devices are, localized; %NULL where there are none
 */
const char *
tvm_unnamed_text (int unnamed)
{
  return unnamed > 0 ? _("Not told by the service")
         : unnamed < 0 ? _("Named by the service beyond its own count") : NULL;
}

/**
 * tvm_describe_rest:
 * @elsewhere: exposed devices in device groups that a form leaves out
 * @with_impact: those that it leaves out because a change would disturb their users, or may
 * @unnamed: of tvm_recommendation_unnamed()
 *
 * What a form covers and this are together what the service counts.
 *
 * Returns: (transfer full): why a form covers other devices than the service counts, localized, a
 *   line each; empty where it does not
 */
char *
tvm_describe_rest (int elsewhere,
                   int with_impact,
                   int unnamed)
{
  g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);

  if (elsewhere > 0)
    /* Translators: a number of exposed devices */
    g_ptr_array_add (lines, g_strdup_printf (ngettext ("%'d more is in other device groups",
                                                       "%'d more are in other device groups",
                                                       (gulong) elsewhere), elsewhere));
  if (with_impact > 0)
    /* Translators: a number of exposed devices */
    g_ptr_array_add (lines, g_strdup_printf (
      ngettext ("%'d more has a user impact, or may have one",
                "%'d more have a user impact, or may have one", (gulong) with_impact),
      with_impact));
  if (unnamed > 0)
    /* Translators: a number of exposed devices */
    g_ptr_array_add (lines, g_strdup_printf (
      ngettext ("%'d more is counted by the service and not named",
                "%'d more are counted by the service and not named", (gulong) unnamed), unnamed));
  else if (unnamed < 0)
    /* Translators: a number of exposed devices */
    g_ptr_array_add (lines, g_strdup_printf (
      ngettext ("%'d is named by the service beyond its own count",
                "%'d are named by the service beyond its own count", (gulong) -unnamed), -unnamed));
  g_ptr_array_add (lines, NULL);
  return g_strjoinv ("\n", (char **) lines->pdata);
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

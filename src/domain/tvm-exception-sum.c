/* tvm-exception-sum.c: what the exceptions of one recommendation do together (R10). Pure functions,
 * any thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-exceptions.h"

#include <glib/gi18n-lib.h>

/**
 * tvm_exceptions_sum:
 * @exceptions: (element-type TvmException): those of one recommendation, ended ones too
 * @group_counts: (nullable) (element-type TvmGroupCount): its exposed devices by device group;
 *   %NULL: not known
 * @today: the local date, YYYY-MM-DD
 * @out: (out): what they do together
 *
 * The status is Full where every exposed device is covered, and with a global exception; Partial
 * where some are not; else Active.
 */
void
tvm_exceptions_sum (GPtrArray       *exceptions,
                    GPtrArray       *group_counts,
                    const char      *today,
                    TvmExceptionSum *out)
{
  g_autoptr(GPtrArray) active = g_ptr_array_new ();
  guint n_groups = group_counts != NULL ? group_counts->len : 0;
  gboolean is_all = n_groups > 0, is_all_mitigated = is_all;
  gboolean is_mitigated_globally = FALSE;

  *out = (TvmExceptionSum) { .status = TVM_RECOMMENDATION_ACTIVE };
  for (guint i = 0; i < exceptions->len; i++)
    {
      const TvmException *exception = exceptions->pdata[i];

      if (exception->is_global &&
          tvm_exception_status_on (exception, FALSE, today) == TVM_EXCEPTION_ACTIVE)
        {
          out->is_global = TRUE;
          is_mitigated_globally |= tvm_justification_mitigates (exception->justification);
        }
    }
  for (guint i = 0; i < exceptions->len; i++)
    if (tvm_exception_status_on (exceptions->pdata[i], out->is_global,
                                 today) == TVM_EXCEPTION_ACTIVE)
      {
        const TvmException *exception = exceptions->pdata[i];

        g_ptr_array_add (active, exceptions->pdata[i]);
        if (group_counts == NULL && tvm_justification_mitigates (exception->justification))
          out->mitigated = -1;
      }
  for (guint i = 0; i < n_groups; i++)
    {
      const TvmGroupCount *group = group_counts->pdata[i];
      gboolean is_covered = FALSE, is_mitigated = FALSE;

      for (guint j = 0; j < active->len; j++)
        if (tvm_exception_covers_group (active->pdata[j], group->name))
          {
            is_covered = TRUE;
            is_mitigated |=
              tvm_justification_mitigates (((TvmException *) active->pdata[j])->justification);
          }
      is_all &= is_covered;
      is_all_mitigated &= is_mitigated;
      out->excepted += is_covered ? group->exposed : 0;
      out->mitigated += is_mitigated ? group->exposed : 0;
    }
  /* The service's number of devices may differ from its list: all of the list is all of them. */
  if (is_mitigated_globally || is_all_mitigated)
    out->mitigated = G_MAXINT;
  if (out->is_global || (active->len > 0 && is_all))
    out->status = TVM_RECOMMENDATION_FULL_EXCEPTION;
  else if (active->len > 0)
    out->status = TVM_RECOMMENDATION_PARTIAL_EXCEPTION;
}

static double
impact_after (double impact,
              double share,
              int    mitigated)
{
  return mitigated < 0 || impact == TVM_REAL_UNKNOWN ? TVM_REAL_UNKNOWN : impact * share;
}

/**
 * tvm_recommendation_apply_exceptions:
 * @recommendation: a recommendation as the service reports it
 * @local: what the exceptions filed here make of it
 * @mitigated: exposed devices that no longer count because of them; below 0: not known
 *
 * The stronger of the two statuses shows. The service tells the impact of all exposed devices only:
 * the part after exceptions is taken as their share.
 */
void
tvm_recommendation_apply_exceptions (TvmRecommendation       *recommendation,
                                     TvmRecommendationStatus  local,
                                     int                      mitigated)
{
  int exposed = MAX (0, recommendation->exposed_devices);
  double share;

  /* A part of nobody knows how many is not known. */
  if (recommendation->exposed_devices < 0 && mitigated > 0 && mitigated < G_MAXINT)
    mitigated = -1;
  if (local != TVM_RECOMMENDATION_ACTIVE)
    recommendation->status = MAX (recommendation->status, local);
  recommendation->exposed_after = recommendation->exposed_devices < 0 || mitigated < 0
                                    ? -1 : exposed - MIN (mitigated, exposed);
  /* Nothing exposed says nothing about the impact: only a global exception takes it away. */
  share = mitigated == G_MAXINT ? 0 : 1;
  if (exposed > 0)
    share = (double) recommendation->exposed_after / exposed;
  recommendation->exposure_impact_after =
    impact_after (recommendation->exposure_impact, share, mitigated);
  recommendation->config_score_impact_after =
    impact_after (recommendation->config_score_impact, share, mitigated);
}

/**
 * tvm_exception_groups_text:
 * @effect: what filing an exception would do
 *
 * Returns: (transfer full): the device groups that would be covered, for people
 */
char *
tvm_exception_groups_text (const TvmExceptionEffect *effect)
{
  g_autofree char *number = g_strdup_printf ("%'d", effect->groups);

  if (effect->groups < 0)
    return g_strdup (_("device groups: not known"));
  return g_strdup_printf (ngettext ("%s device group", "%s device groups",
                                    (gulong) effect->groups), number);
}

/**
 * tvm_exception_devices_text:
 * @effect: what filing an exception would do
 *
 * Returns: (transfer full): the exposed devices that would be covered, for people
 */
char *
tvm_exception_devices_text (const TvmExceptionEffect *effect)
{
  g_autofree char *number = g_strdup_printf ("%'d", effect->devices);

  if (effect->devices < 0)
    return g_strdup (_("exposed devices: not known"));
  return g_strdup_printf (ngettext ("%s exposed device", "%s exposed devices",
                                    (gulong) effect->devices), number);
}

static void
add_change (GPtrArray  *lines,
            const char *label,
            const char *before,
            const char *after)
{
  /* Translators: a value before and after. */
  g_autofree char *change = before != NULL || after != NULL
    ? g_strdup_printf (_("%s → %s"), before != NULL ? before : _("not known"),
                       after != NULL ? after : _("not known"))
    : g_strdup (_("not known"));

  /* Translators: a label and its value */
  g_ptr_array_add (lines, g_strdup_printf (_("%s: %s"), label, change));
}

static char *
impact_to_text (double impact)
{
  return impact > TVM_REAL_UNKNOWN ? g_strdup_printf ("%.2f", ABS (impact)) : NULL;
}

static void
add_impact (GPtrArray  *lines,
            const char *label,
            double      before,
            double      after)
{
  g_autofree char *from = impact_to_text (before);
  g_autofree char *to = impact_to_text (after);

  add_change (lines, label, from, to);
}

/**
 * tvm_exception_changes_text:
 * @effect: what filing an exception would do
 *
 * Both scores are told, but for the one that neither is lowered nor could be.
 *
 * Returns: (transfer full): status, exposed devices and scores before and after, a line each, for
 *   people
 */
char *
tvm_exception_changes_text (const TvmExceptionEffect *effect)
{
  g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *before = g_strdup_printf ("%'d", effect->exposed_before);
  g_autofree char *after = g_strdup_printf ("%'d", effect->exposed_after);
  gboolean is_secure = effect->secure_impact_before != 0;

  add_change (lines, _("Status"), tvm_recommendation_status_to_text (effect->status_before),
              tvm_recommendation_status_to_text (effect->status_after));
  add_change (lines, _("Exposed devices after exceptions"),
              effect->exposed_before >= 0 ? before : NULL,
              effect->exposed_after >= 0 ? after : NULL);
  if (effect->exposure_impact_before != 0 || !is_secure)
    add_impact (lines, _("Exposure score impact after exceptions"),
                effect->exposure_impact_before, effect->exposure_impact_after);
  if (is_secure)
    add_impact (lines, _("Secure score impact after exceptions"), effect->secure_impact_before,
                effect->secure_impact_after);
  g_ptr_array_add (lines, NULL);
  return g_strjoinv ("\n", (char **) lines->pdata);
}

/**
 * tvm_exception_weaknesses_text:
 * @effect: what filing an exception would do
 *
 * Returns: (transfer full): the CVEs and known exploited ones that would be covered, for people
 */
char *
tvm_exception_weaknesses_text (const TvmExceptionEffect *effect)
{
  g_autofree char *cves = NULL, *exploited = NULL;

  if (effect->cves < 0)
    return g_strdup (_("CVEs: not known"));
  if (effect->is_at_most && effect->cves > 0)
    /* Translators: CVEs that an exception would cover. */
    cves = g_strdup_printf (ngettext ("at most %d CVE", "at most %d CVEs", effect->cves),
                            effect->cves);
  else
    cves = g_strdup_printf (ngettext ("%d CVE", "%d CVEs", effect->cves), effect->cves);
  if (effect->cves == 0)
    return g_steal_pointer (&cves);
  exploited = effect->known_exploited < 0
    ? g_strdup (_("which are known exploited is not known: there is no catalog"))
    : g_strdup_printf (ngettext ("%d of them known exploited", "%d of them known exploited",
                                 effect->known_exploited), effect->known_exploited);
  /* Translators: a number of CVEs, then how many of them are known exploited. */
  return g_strdup_printf (_("%s, %s"), cves, exploited);
}

/**
 * tvm_exception_remark_text:
 * @effect: what filing an exception would do
 *
 * Returns: (transfer full) (nullable): what is to be known besides the numbers, for people; %NULL:
 *   nothing
 */
char *
tvm_exception_remark_text (const TvmExceptionEffect *effect)
{
  if (effect->suspended > 0)
    return g_strdup_printf (
      ngettext ("%d exception for device groups is suspended until it ends.",
                "%d exceptions for device groups are suspended until it ends.",
                (gulong) effect->suspended),
      effect->suspended);
  if (effect->devices < 0)
    return g_strdup (_("Which devices are exposed is known once the service tells them."));
  if (effect->devices == 0 && effect->elsewhere == 0 && effect->unnamed == 0)
    return g_strdup (_("No device is exposed now: it takes effect once one is."));
  return NULL;
}

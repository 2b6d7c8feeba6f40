/* tvm-triage.c: by what people sort out what to do first. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-triage.h"
#include "tvm-time.h"
#include <glib/gi18n-lib.h>

static const struct { int days; gboolean is_older; const char *text; } ages[TVM_N_AGES] = {
  /* Translators: filters by when something came here or was last seen */
  [TVM_AGE_YESTERDAY] = { 1, FALSE, N_("Since yesterday") },
  [TVM_AGE_WEEK] = { 7, FALSE, N_("In the last 7 days") },
  [TVM_AGE_MONTH] = { 30, FALSE, N_("In the last 30 days") },
  [TVM_AGE_OLDER] = { 30, TRUE, N_("More than 30 days ago") },
  [TVM_AGE_OLD] = { 90, TRUE, N_("More than 90 days ago") },
};

static const struct { int least; const char *text; } ranges[TVM_N_EXPOSED] = {
  /* Translators: a filter by how many devices are exposed */
  [TVM_EXPOSED_NONE] = { 0, NC_("exposed devices", "None") },
  [TVM_EXPOSED_SOME] = { 1, NC_("exposed devices", "1 or more") },
  [TVM_EXPOSED_10] = { 10, NC_("exposed devices", "10 or more") },
  [TVM_EXPOSED_100] = { 100, NC_("exposed devices", "100 or more") },
  [TVM_EXPOSED_1000] = { 1000, NC_("exposed devices", "1000 or more") },
};

/**
 * tvm_threat_to_text:
 * @threat: a threat
 *
 * Returns: (transfer none): what people call it
 */
const char *
tvm_threat_to_text (TvmThreat threat)
{
  switch (threat)
    {
    case TVM_THREAT_KNOWN_EXPLOITED:
      return _("Known exploited");
    case TVM_THREAT_ALERT:
      return _("Active alert");
    case TVM_THREAT_EXPLOIT:
      return _("Public exploit");
    case TVM_THREAT_ANY:
    case TVM_N_THREATS:
    default:
      /* Translators: a filter: known exploited, an active alert or a public exploit */
      return _("Any threat");
    }
}

/**
 * tvm_exposed_to_text:
 * @exposed: a range
 *
 * Returns: (transfer none): what people call it
 */
const char *
tvm_exposed_to_text (TvmExposed exposed)
{
  g_return_val_if_fail (exposed > 0 && exposed < TVM_N_EXPOSED, "");

  return g_dpgettext2 (GETTEXT_PACKAGE, "exposed devices", ranges[exposed].text);
}

/**
 * tvm_exposed_least:
 * @exposed: a range
 *
 * Returns: how many devices are exposed at least; of %TVM_EXPOSED_NONE none, and none more
 */
int
tvm_exposed_least (TvmExposed exposed)
{
  g_return_val_if_fail (exposed > 0 && exposed < TVM_N_EXPOSED, 0);

  return ranges[exposed].least;
}

/**
 * tvm_past_to_text:
 * @past: what the dashboard sums up
 *
 * Returns: (transfer none): what people call it
 */
const char *
tvm_past_to_text (TvmFigure past)
{
  /* Translators: choices of the filter “Last 90 days” of activities */
  return past == TVM_FIGURE_REMEDIATED ? _("Remediated")
                                     : _("Completed with a due date, or overdue");
}

/**
 * tvm_age_to_text:
 * @age: an age
 *
 * Returns: (transfer none): what people call it
 */
const char *
tvm_age_to_text (TvmAge age)
{
  g_return_val_if_fail (age > 0 && age < TVM_N_AGES, "");

  return _(ages[age].text);
}

/**
 * tvm_age_get_bounds:
 * @age: an age
 * @today: the local date, YYYY-MM-DD
 * @out_from_us: (out): the first instant that counts; after 0, which is "not known"
 * @out_until_us: (out): the first one that does not any more
 */
void
tvm_age_get_bounds (TvmAge age, const char *today, gint64 *out_from_us, gint64 *out_until_us)
{
  g_autofree char *date = NULL;
  gint64 start_us;

  g_return_if_fail (age > 0 && age < TVM_N_AGES);

  date = tvm_date_add_days (today, -ages[age].days);
  start_us = date != NULL ? tvm_start_of_date (date) : 0;
  *out_from_us = ages[age].is_older ? 1 : start_us;
  *out_until_us = ages[age].is_older ? start_us : G_MAXINT64;
}

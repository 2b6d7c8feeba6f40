/* tvm-policy.c: whether a rule fits, and what follows. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-policy.h"

#include "tvm-text.h"
#include "tvm-time.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static void
place_free (gpointer data)
{
  TvmPolicyPlace *place = data;

  g_free (place->group);
  g_free (place->tags);
  g_free (place);
}

/**
 * tvm_policy_facts_new:
 *
 * Returns: (transfer full): facts of which none is known
 */
TvmPolicyFacts *
tvm_policy_facts_new (void)
{
  TvmPolicyFacts *self = g_new0 (TvmPolicyFacts, 1);

  self->known_exploited = self->ransomware = TVM_TRUTH_UNKNOWN;
  self->epss = (TvmBounds) { 0, 1 };
  self->cvss = (TvmBounds) { 0, 10 };
  self->severity = (TvmBounds) { TVM_LEVEL_NONE, TVM_LEVEL_CRITICAL };
  self->exploit = (TvmBounds) { TVM_EXPLOIT_NONE, TVM_EXPLOIT_IN_KIT };
  self->critical_devices = (TvmBounds) { 0, G_MAXINT };
  self->places = g_ptr_array_new_with_free_func (place_free);
  return self;
}

/**
 * tvm_policy_facts_free:
 * @self: (transfer full) (nullable): facts
 */
void
tvm_policy_facts_free (TvmPolicyFacts *self)
{
  if (self == NULL)
    return;
  g_free (self->catalog_due_on);
  g_ptr_array_unref (self->places);
  g_free (self);
}

/**
 * tvm_policy_facts_add_place:
 * @self: (inout): facts
 * @group: (nullable): a device group in which a device is exposed
 * @tags: (nullable): that device's tags, one a line; %NULL: not known
 * @value: what that device is worth
 */
void
tvm_policy_facts_add_place (TvmPolicyFacts *self,
                            const char     *group,
                            const char     *tags,
                            TvmLevel        value)
{
  TvmPolicyPlace *place = g_new0 (TvmPolicyPlace, 1);

  place->group = g_strdup (group);
  place->tags = g_strdup (tags);
  place->value = value;
  g_ptr_array_add (self->places, place);
}

/**
 * tvm_policy_advice_free:
 * @self: (transfer full) (nullable): what a policy suggests
 */
void
tvm_policy_advice_free (TvmPolicyAdvice *self)
{
  if (self == NULL)
    return;
  g_free (self->due_on);
  g_free (self->reason);
  g_free (self);
}

/* ---- one condition: what is not known is neither yes nor no */

static TvmTruth
is_wanted (TvmTruth fact,
           gboolean wanted)
{
  return fact == TVM_TRUTH_UNKNOWN ? fact : (TvmTruth) ((fact == TVM_TRUTH_YES) == !!wanted);
}

static TvmTruth
is_at_least (TvmBounds fact,
             double    wanted)
{
  return fact.low >= wanted ? TVM_TRUTH_YES
         : fact.high < wanted ? TVM_TRUTH_NO : TVM_TRUTH_UNKNOWN;
}

static TvmTruth
is_one_of (TvmBounds fact,
           guint     wanted)
{
  gboolean may = FALSE, must = TRUE;

  for (int i = (int) fact.low; i <= (int) fact.high; i++)
    {
      may |= (wanted & (1u << i)) != 0;
      must &= (wanted & (1u << i)) != 0;
    }
  return must ? TVM_TRUTH_YES : may ? TVM_TRUTH_UNKNOWN : TVM_TRUTH_NO;
}

static TvmTruth
is_any (TvmBounds fact,
        gboolean  wanted)
{
  TvmTruth any = is_at_least (fact, 1);

  return is_wanted (any, wanted);
}

static gboolean
is_among (const char        *name,
          const char *const *names)
{
  for (; name != NULL && *names != NULL; names++)
    if (g_ascii_strcasecmp (*names, name) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
has_tag (const char        *tags,
         const char *const *wanted)
{
  g_auto(GStrv) lines = g_strsplit (tags, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    if (is_among (lines[i], wanted))
      return TRUE;
  return FALSE;
}

static TvmTruth
is_place_wanted (const TvmPolicyPlace *place,
                 const TvmPolicyRule  *rule,
                 TvmPolicyFact         fact)
{
  gboolean has = FALSE, is_known = TRUE;

  if (fact == TVM_FACT_GROUPS)
    has = is_among (place->group, (const char *const *) rule->groups);
  else if (fact == TVM_FACT_VALUE)
    {
      is_known = place->value != TVM_LEVEL_UNKNOWN;
      has = is_known && (rule->values & (1u << place->value)) != 0;
    }
  else
    {
      is_known = place->tags != NULL;
      has = is_known && has_tag (place->tags, (const char *const *) rule->tags);
    }
  return is_known ? (TvmTruth) has : TVM_TRUTH_UNKNOWN;
}

/* Of the devices that are exposed in the groups the request is for: whether one is as wanted. */
static TvmTruth
is_anywhere (const TvmPolicyFacts *facts,
             const char *const    *groups,
             const TvmPolicyRule  *rule,
             TvmPolicyFact         fact)
{
  gboolean is_known = facts->knows_places;

  for (guint i = 0; i < facts->places->len; i++)
    {
      const TvmPolicyPlace *place = facts->places->pdata[i];
      TvmTruth truth = groups == NULL || is_among (place->group, groups)
                         ? is_place_wanted (place, rule, fact) : TVM_TRUTH_NO;

      if (truth == TVM_TRUTH_YES)
        return truth;
      is_known &= truth == TVM_TRUTH_NO;
    }
  return is_known ? TVM_TRUTH_NO : TVM_TRUTH_UNKNOWN;
}

static TvmTruth
ask (const TvmPolicyRule  *rule,
     TvmPolicyFact         fact,
     const TvmPolicyFacts *facts,
     const char *const    *groups)
{
  switch (fact)
    {
    case TVM_FACT_KNOWN_EXPLOITED:
      return is_wanted (facts->known_exploited, rule->known_exploited);
    case TVM_FACT_RANSOMWARE:
      return is_wanted (facts->ransomware, rule->ransomware);
    case TVM_FACT_EPSS:
      return is_at_least (facts->epss, rule->epss);
    case TVM_FACT_CVSS:
      return is_at_least (facts->cvss, rule->cvss);
    case TVM_FACT_SEVERITY:
      return is_one_of (facts->severity, rule->severities);
    case TVM_FACT_EXPLOIT:
      return is_one_of (facts->exploit, rule->exploits);
    case TVM_FACT_CRITICAL:
      return is_any (facts->critical_devices, rule->critical_devices);
    case TVM_FACT_GROUPS:
    case TVM_FACT_TAGS:
    case TVM_FACT_VALUE:
      return is_anywhere (facts, groups, rule, fact);
    case TVM_N_FACTS:
    default:
      g_assert_not_reached ();
    }
}

/* What does not fit settles it, whatever else is not known. */
static TvmTruth
fits (const TvmPolicyRule  *rule,
      const TvmPolicyFacts *facts,
      const char *const    *groups,
      guint                *lacks)
{
  TvmTruth all = TVM_TRUTH_YES;

  *lacks = 0;
  for (guint fact = 1; fact < 1u << TVM_N_FACTS; fact <<= 1)
    {
      TvmTruth one = (rule->asks & fact) != 0 ? ask (rule, fact, facts, groups) : TVM_TRUTH_YES;

      if (one == TVM_TRUTH_NO)
        {
          *lacks = 0;
          return TVM_TRUTH_NO;
        }
      if (one == TVM_TRUTH_UNKNOWN)
        {
          *lacks |= fact;
          all = TVM_TRUTH_UNKNOWN;
        }
    }
  return all;
}

/* ---- what follows */

/* A due date is not in the past (R3): the catalog's often is. */
static void
set_due (TvmPolicyAdvice      *advice,
         const TvmPolicyRule  *rule,
         const TvmPolicyFacts *facts,
         const char           *today)
{
  if (rule->due == TVM_POLICY_DAYS)
    advice->due_on = tvm_date_add_days (today, rule->days);
  else if (rule->due == TVM_POLICY_CATALOG && facts->catalog_due_on != NULL)
    advice->due_on = g_strdup (strcmp (facts->catalog_due_on, today) < 0 ? today
                                                                         : facts->catalog_due_on);
}

static char *
make_reason (const TvmPolicyRule  *rule,
             const TvmPolicyFacts *facts,
             const char           *today)
{
  g_autofree char *said = rule->reason != NULL ? g_strdup (rule->reason)
                                               : tvm_policy_describe_rule (rule);

  if (rule->due != TVM_POLICY_CATALOG || facts->catalog_due_on == NULL ||
      strcmp (facts->catalog_due_on, today) >= 0)
    return g_steal_pointer (&said);
  /* Translators: why something is due today, then the date by which it should have been done. */
  return g_strdup_printf (_("%s (was due by %s)"), said, facts->catalog_due_on);
}

/**
 * tvm_policy_judge:
 * @self: a policy
 * @facts: what is known of a recommendation
 * @groups: (nullable) (array zero-terminated=1): the device groups a request is for; %NULL: all
 * @today: the local date, YYYY-MM-DD
 *
 * The first rule that fits counts. Where nobody can tell whether one fits, nothing is suggested: a
 * later rule might ask for less than that one.
 *
 * Returns: (transfer full): what the policy suggests
 */
TvmPolicyAdvice *
tvm_policy_judge (const TvmPolicy      *self,
                  const TvmPolicyFacts *facts,
                  const char *const    *groups,
                  const char           *today)
{
  TvmPolicyAdvice *advice = g_new0 (TvmPolicyAdvice, 1);

  for (guint i = 0; i < self->rules->len && advice->rule == 0 && advice->lacks == 0; i++)
    {
      const TvmPolicyRule *rule = self->rules->pdata[i];

      if (fits (rule, facts, groups, &advice->lacks) != TVM_TRUTH_YES)
        continue;
      advice->rule = (int) i + 1;
      advice->priority = rule->priority;
      set_due (advice, rule, facts, today);
      advice->reason = make_reason (rule, facts, today);
    }
  return advice;
}

/**
 * tvm_policy_asks:
 * @self: a policy
 *
 * Returns: the facts that some rule asks about, #TvmPolicyFact flags
 */
guint
tvm_policy_asks (const TvmPolicy *self)
{
  guint asks = 0;

  for (guint i = 0; i < self->rules->len; i++)
    asks |= ((const TvmPolicyRule *) self->rules->pdata[i])->asks;
  return asks;
}

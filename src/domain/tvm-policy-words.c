/* tvm-policy-words.c: policies in words, and as JSON for the next reading. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-language.h"
#include "tvm-policy.h"
#include "tvm-weakness.h"

#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>
#include <math.h>
#include <stdlib.h>

#define MOST_DECIMALS 6
#define SAME          1e-9

static const struct { const char *word, *text; } facts[TVM_N_FACTS] = {
  { "known_exploited", N_("known exploited") },
  { "ransomware", N_("used by ransomware") },
  { "epss", N_("EPSS") },
  { "cvss", N_("CVSS") },
  { "severity", N_("severity") },
  { "exploit", N_("exploit") },
  { "device_groups", N_("device groups") },
  { "critical_devices", N_("critical devices") },
  { "device_tags", N_("device tags") },
  { "device_value", N_("device value") },
};
/* These need a catalog too, not only a sync. */
#define BY_CATALOG (TVM_FACT_KNOWN_EXPLOITED | TVM_FACT_RANSOMWARE)

static guint
index_of (TvmPolicyFact fact)
{
  guint i = 0;

  while (i + 1 < TVM_N_FACTS && (fact & (1u << i)) == 0)
    i++;
  return i;
}

/**
 * tvm_policy_fact_to_word:
 * @fact: a fact
 *
 * Returns: (transfer none): its name in JSON
 */
const char *
tvm_policy_fact_to_word (TvmPolicyFact fact)
{
  return facts[index_of (fact)].word;
}

/**
 * tvm_policy_describe_facts:
 * @set: #TvmPolicyFact flags
 *
 * Returns: (transfer full): their names for people
 */
char *
tvm_policy_describe_facts (guint set)
{
  GString *names = g_string_new (NULL);

  for (guint i = 0; i < TVM_N_FACTS; i++)
    if ((set & (1u << i)) != 0)
      g_string_append_printf (names, "%s%s", names->len > 0 ? _(", ") : "", _(facts[i].text));
  return g_string_free (names, FALSE);
}

/**
 * tvm_policy_describe_lack:
 * @lacks: #TvmPolicyFact flags, at least one
 *
 * Returns: (transfer full): which facts are not known, and what makes them known
 */
char *
tvm_policy_describe_lack (guint lacks)
{
  g_autofree char *names = tvm_policy_describe_facts (lacks);
  const char *remedy = (lacks & BY_CATALOG) == 0
    ? _("Synchronize everything, then look again.")
    : _("Load a catalog of known exploited vulnerabilities, synchronize everything, then look "
        "again.");

  /* Translators: a list of facts, then what makes them known. */
  return g_strdup_printf (_("The policy cannot tell. Not known: %s. %s"), names, remedy);
}

/**
 * tvm_policy_advice_describe:
 * @self: what a policy suggests
 *
 * Returns: (transfer full) (nullable): why, with priority and due date, or what it lacks; %NULL
 *   where no rule fits
 */
char *
tvm_policy_advice_describe (const TvmPolicyAdvice *self)
{
  g_autofree char *due = self->due_on != NULL ? tvm_date_to_words (self->due_on) : NULL;

  if (self->rule == 0)
    return self->lacks != 0 ? tvm_policy_describe_lack (self->lacks) : NULL;
  /* Translators: what a policy suggests: why, then priority and due date. */
  return g_strdup_printf (_("%s: %s, %s"), self->reason, tvm_priority_to_text (self->priority),
                          due != NULL ? due : C_("due date", "None"));
}

static char *
join_set (guint        set,
          guint        n,
          const char  *(*to_text) (guint value))
{
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    if ((set & (1u << i)) != 0)
      g_string_append_printf (text, "%s%s", text->len > 0 ? _(", ") : "", to_text (i));
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static const char *
severity_to_text (guint value)
{
  return tvm_severity_to_text (value);
}

static const char *
exploit_to_text (guint value)
{
  return tvm_exploit_to_text (value);
}

static const char *
device_value_to_text (guint value)
{
  return tvm_device_value_to_text (value);
}

/* With as many decimals as somebody wrote: one that is rounded would be another rule. */
static char *
number_to_text (double value,
                int    n_decimals)
{
  g_autofree char *text = NULL;

  for (; n_decimals <= MOST_DECIMALS; n_decimals++)
    {
      g_free (text);
      text = g_strdup_printf ("%.*f", n_decimals, value);
      if (fabs (strtod (text, NULL) - value) < SAME)
        break;
    }
  return g_steal_pointer (&text);
}

static char *
describe_condition (const TvmPolicyRule *rule,
                    TvmPolicyFact        fact)
{
  g_autofree char *list = NULL;

  switch (fact)
    {
    case TVM_FACT_KNOWN_EXPLOITED:
      return g_strdup (rule->known_exploited ? _("known exploited") : _("not known exploited"));
    case TVM_FACT_RANSOMWARE:
      return g_strdup (rule->ransomware ? _("used by ransomware") : _("not used by ransomware"));
    case TVM_FACT_EPSS:
      list = number_to_text (rule->epss, 2);
      return g_strdup_printf (_("EPSS at least %s"), list);
    case TVM_FACT_CVSS:
      list = number_to_text (rule->cvss, 1);
      return g_strdup_printf (_("CVSS at least %s"), list);
    case TVM_FACT_SEVERITY:
      list = join_set (rule->severities, TVM_LEVEL_CRITICAL + 1, severity_to_text);
      return g_strdup_printf (_("severity %s"), list);
    case TVM_FACT_EXPLOIT:
      list = join_set (rule->exploits, TVM_EXPLOIT_ANY, exploit_to_text);
      return g_strdup_printf (_("exploit %s"), list);
    case TVM_FACT_GROUPS:
      list = g_strjoinv (_(", "), rule->groups);
      return g_strdup_printf (_("device group %s"), list);
    case TVM_FACT_CRITICAL:
      return g_strdup (rule->critical_devices ? _("critical devices exposed")
                                              : _("no critical devices exposed"));
    case TVM_FACT_VALUE:
      list = join_set (rule->values, TVM_LEVEL_CRITICAL + 1, device_value_to_text);
      return g_strdup_printf (_("device value %s"), list);
    case TVM_FACT_TAGS:
      list = g_strjoinv (_(", "), rule->tags);
      return g_strdup_printf (_("device tag %s"), list);
    case TVM_N_FACTS:
    default:
      g_assert_not_reached ();
    }
}

/**
 * tvm_policy_describe_rule:
 * @rule: a rule
 *
 * Returns: (transfer full): what it asks, in words
 */
char *
tvm_policy_describe_rule (const TvmPolicyRule *rule)
{
  GString *text = g_string_new (NULL);

  for (guint fact = 1; fact < 1u << TVM_N_FACTS; fact <<= 1)
    if ((rule->asks & fact) != 0)
      {
        g_autofree char *condition = describe_condition (rule, fact);

        g_string_append_printf (text, "%s%s", text->len > 0 ? _(", ") : "", condition);
      }
  if (text->len == 0)
    g_string_append (text, _("everything else"));
  return g_string_free (text, FALSE);
}

/**
 * tvm_policy_describe:
 * @self: a policy
 * @is_teams: whether it is a team's
 *
 * Returns: (transfer full): the preset's name for people, or how many rules there are
 */
char *
tvm_policy_describe (const TvmPolicy *self,
                     gboolean         is_teams)
{
  if (self->preset != NULL)
    return g_strdup (_(tvm_policy_preset_to_text (self->preset)));
  if (is_teams)
    return g_strdup_printf (ngettext ("%u rule of the team", "%u rules of the team",
                                      self->rules->len), self->rules->len);
  return g_strdup_printf (ngettext ("%u rule of your own", "%u rules of your own",
                                    self->rules->len), self->rules->len);
}

/* ---- as JSON */

static void
add_texts (JsonBuilder *builder,
           char       **texts)
{
  json_builder_begin_array (builder);
  for (guint i = 0; texts[i] != NULL; i++)
    json_builder_add_string_value (builder, texts[i]);
  json_builder_end_array (builder);
}

static const char *
severity_to_word (guint value)
{
  return tvm_words_to_word (&tvm_severity_words, (int) value);
}

static const char *
device_value_to_word (guint value)
{
  return tvm_words_to_word (&tvm_device_value_words, (int) value);
}

static const char *
exploit_to_word (guint value)
{
  return tvm_exploit_to_word (value);
}

static void
add_set (JsonBuilder *builder,
         guint        set,
         guint        n,
         const char  *(*to_word) (guint value))
{
  json_builder_begin_array (builder);
  for (guint i = 0; i < n; i++)
    if ((set & (1u << i)) != 0)
      json_builder_add_string_value (builder, to_word (i));
  json_builder_end_array (builder);
}

static void
add_condition (JsonBuilder         *builder,
               const TvmPolicyRule *rule,
               TvmPolicyFact        fact)
{
  json_builder_set_member_name (builder, tvm_policy_fact_to_word (fact));
  if (fact == TVM_FACT_KNOWN_EXPLOITED)
    json_builder_add_boolean_value (builder, rule->known_exploited);
  else if (fact == TVM_FACT_RANSOMWARE)
    json_builder_add_boolean_value (builder, rule->ransomware);
  else if (fact == TVM_FACT_CRITICAL)
    json_builder_add_boolean_value (builder, rule->critical_devices);
  else if (fact == TVM_FACT_EPSS)
    json_builder_add_double_value (builder, rule->epss);
  else if (fact == TVM_FACT_CVSS)
    json_builder_add_double_value (builder, rule->cvss);
  else if (fact == TVM_FACT_SEVERITY)
    add_set (builder, rule->severities, TVM_LEVEL_CRITICAL + 1, severity_to_word);
  else if (fact == TVM_FACT_EXPLOIT)
    add_set (builder, rule->exploits, TVM_EXPLOIT_ANY, exploit_to_word);
  else if (fact == TVM_FACT_VALUE)
    add_set (builder, rule->values, TVM_LEVEL_CRITICAL + 1, device_value_to_word);
  else
    add_texts (builder, fact == TVM_FACT_GROUPS ? rule->groups : rule->tags);
}

static void
add_rule (JsonBuilder         *builder,
          const TvmPolicyRule *rule)
{
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "when");
  json_builder_begin_object (builder);
  for (guint fact = 1; fact < 1u << TVM_N_FACTS; fact <<= 1)
    if ((rule->asks & fact) != 0)
      add_condition (builder, rule, fact);
  json_builder_end_object (builder);
  json_builder_set_member_name (builder, "priority");
  json_builder_add_string_value (builder, tvm_priority_to_word (rule->priority));
  json_builder_set_member_name (builder, "due");
  if (rule->due == TVM_POLICY_DAYS)
    json_builder_add_int_value (builder, rule->days);
  else if (rule->due == TVM_POLICY_CATALOG)
    json_builder_add_string_value (builder, "known-exploited");
  else
    json_builder_add_null_value (builder);
  json_builder_set_member_name (builder, "reason");
  if (rule->reason != NULL)
    json_builder_add_string_value (builder, rule->reason);
  else
    json_builder_add_null_value (builder);
  json_builder_end_object (builder);
}

/**
 * tvm_policy_to_json:
 * @self: a policy
 * @is_pretty: whether it is for people
 *
 * Returns: (transfer full): a JSON object that tvm_policy_parse() takes
 */
char *
tvm_policy_to_json (const TvmPolicy *self,
                    gboolean         is_pretty)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  g_autoptr(JsonGenerator) generator = json_generator_new ();
  g_autoptr(JsonNode) root = NULL;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "preset");
  if (self->preset != NULL)
    json_builder_add_string_value (builder, self->preset);
  else
    json_builder_add_null_value (builder);
  json_builder_set_member_name (builder, "rules");
  json_builder_begin_array (builder);
  for (guint i = 0; i < self->rules->len; i++)
    add_rule (builder, self->rules->pdata[i]);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  json_generator_set_pretty (generator, is_pretty);
  json_generator_set_root (generator, root);
  return json_generator_to_data (generator, NULL);
}

/**
 * tvm_policy_to_setting:
 * @self: a policy
 *
 * Returns: (transfer full): the preset's name, or its rules in one line, for tvm_policy_parse()
 */
char *
tvm_policy_to_setting (const TvmPolicy *self)
{
  return self->preset != NULL ? g_strdup (self->preset) : tvm_policy_to_json (self, FALSE);
}

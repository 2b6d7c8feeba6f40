/* test-policy.c: what a policy suggests, and that what nobody knows never counts as a no (R22).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-policy.h"

#include "tvm-error.h"
#include <string.h>

#define TODAY "2026-03-20"

static TvmPolicy *
parse (const char *text)
{
  g_autoptr(GError) error = NULL;
  TvmPolicy *policy = tvm_policy_parse (text, &error);

  g_assert_no_error (error);
  return policy;
}

/* All is known: nothing is exploited, and there is one CVE of medium severity. */
static TvmPolicyFacts *
new_known (void)
{
  TvmPolicyFacts *facts = tvm_policy_facts_new ();

  facts->known_exploited = facts->ransomware = TVM_TRUTH_NO;
  facts->epss = (TvmBounds) { 0.2, 0.2 };
  facts->cvss = (TvmBounds) { 5.5, 5.5 };
  facts->severity = (TvmBounds) { TVM_LEVEL_MEDIUM, TVM_LEVEL_MEDIUM };
  facts->exploit = (TvmBounds) { TVM_EXPLOIT_NONE, TVM_EXPLOIT_NONE };
  facts->critical_devices = (TvmBounds) { 0, 0 };
  facts->knows_places = TRUE;
  return facts;
}

static void
assert_advice (const char           *policy_text,
               const TvmPolicyFacts *facts,
               const char *const    *groups,
               int                   rule,
               guint                 lacks,
               const char           *due_on)
{
  g_autoptr(TvmPolicy) policy = parse (policy_text);
  g_autoptr(TvmPolicyAdvice) advice = tvm_policy_judge (policy, facts, groups, TODAY);

  g_assert_cmpint (advice->rule, ==, rule);
  g_assert_cmpuint (advice->lacks, ==, lacks);
  g_assert_cmpstr (advice->due_on, ==, due_on);
  g_assert_true ((advice->rule > 0) == (advice->reason != NULL));
  g_assert_true ((advice->rule > 0) == (advice->priority != TVM_PRIORITY_NONE));
}

static void
test_presets (void)
{
  g_autoptr(TvmPolicyFacts) facts = new_known ();

  for (guint i = 0; tvm_policy_presets ()[i] != NULL; i++)
    {
      g_autoptr(TvmPolicy) policy = parse (tvm_policy_presets ()[i]);

      g_assert_cmpstr (policy->preset, ==, tvm_policy_presets ()[i]);
      g_assert_true ((i == 0) == (policy->rules->len == 0));
    }
  assert_advice ("none", facts, NULL, 0, 0, NULL);
  assert_advice ("kev-due-dates", facts, NULL, 0, 0, NULL);
  assert_advice ("exploitation-3-14-60", facts, NULL, 3, 0, "2026-05-19");
  assert_advice ("severity-7-30-90-180", facts, NULL, 3, 0, "2026-06-18");
  facts->exploit = (TvmBounds) { TVM_EXPLOIT_VERIFIED, TVM_EXPLOIT_VERIFIED };
  assert_advice ("exploitation-3-14-60", facts, NULL, 2, 0, "2026-04-03");
  facts->known_exploited = TVM_TRUTH_YES;
  facts->catalog_due_on = g_strdup ("2026-04-10");
  assert_advice ("kev-due-dates", facts, NULL, 1, 0, "2026-04-10");
  assert_advice ("exploitation-3-14-60", facts, NULL, 1, 0, "2026-03-23");
}

/* A due date is not in the past; the reason says since when it should have been done. */
static void
test_past_due (void)
{
  g_autoptr(TvmPolicyFacts) facts = new_known ();
  g_autoptr(TvmPolicy) policy = parse ("kev-due-dates");
  g_autoptr(TvmPolicyAdvice) advice = NULL;

  facts->known_exploited = TVM_TRUTH_YES;
  facts->catalog_due_on = g_strdup ("2021-11-17");
  advice = tvm_policy_judge (policy, facts, NULL, TODAY);
  g_assert_cmpstr (advice->due_on, ==, TODAY);
  g_assert_cmpstr (advice->reason, ==, "known exploited (was due by 2021-11-17)");
}

#define ONE_RULE(when) "{\"rules\": [{\"when\": {" when "}, \"priority\": \"low\", \"due\": 1}]}"
#define TOMORROW "2026-03-21"

/* Each condition: yes, no, and not known. */
static void
test_unknown (void)
{
  static const struct { const char *when; TvmPolicyFact fact; } rules[] = {
    { ONE_RULE ("\"known_exploited\": true"), TVM_FACT_KNOWN_EXPLOITED },
    { ONE_RULE ("\"known_exploited\": false"), TVM_FACT_KNOWN_EXPLOITED },
    { ONE_RULE ("\"ransomware\": true"), TVM_FACT_RANSOMWARE },
    { ONE_RULE ("\"epss\": 0.5"), TVM_FACT_EPSS },
    { ONE_RULE ("\"cvss\": 7"), TVM_FACT_CVSS },
    { ONE_RULE ("\"severity\": [\"critical\", \"high\"]"), TVM_FACT_SEVERITY },
    { ONE_RULE ("\"exploit\": [\"none\"]"), TVM_FACT_EXPLOIT },
    { ONE_RULE ("\"device_groups\": [\"Servers\"]"), TVM_FACT_GROUPS },
    { ONE_RULE ("\"critical_devices\": true"), TVM_FACT_CRITICAL },
    { ONE_RULE ("\"device_tags\": [\"internet-facing\"]"), TVM_FACT_TAGS },
    { ONE_RULE ("\"device_value\": [\"high\"]"), TVM_FACT_VALUE },
  };
  g_autoptr(TvmPolicyFacts) unknown = tvm_policy_facts_new ();
  g_autoptr(TvmPolicyFacts) known = new_known ();

  for (guint i = 0; i < G_N_ELEMENTS (rules); i++)
    {
      gboolean fits = strstr (rules[i].when, "false") != NULL ||
                      strstr (rules[i].when, "none") != NULL;

      assert_advice (rules[i].when, unknown, NULL, 0, rules[i].fact, NULL);
      assert_advice (rules[i].when, known, NULL, fits ? 1 : 0, 0, fits ? TOMORROW : NULL);
    }
}

/* What is known in part settles it where it can. */
static void
test_bounds (void)
{
  g_autoptr(TvmPolicyFacts) facts = tvm_policy_facts_new ();

  facts->epss = (TvmBounds) { 0.7, 1 };
  facts->severity = (TvmBounds) { TVM_LEVEL_HIGH, TVM_LEVEL_CRITICAL };
  assert_advice (ONE_RULE ("\"epss\": 0.5"), facts, NULL, 1, 0, TOMORROW);
  assert_advice (ONE_RULE ("\"epss\": 0.8"), facts, NULL, 0, TVM_FACT_EPSS, NULL);
  assert_advice (ONE_RULE ("\"severity\": [\"high\", \"critical\"]"), facts, NULL, 1, 0, TOMORROW);
  assert_advice (ONE_RULE ("\"severity\": [\"critical\"]"), facts, NULL, 0, TVM_FACT_SEVERITY, NULL);
  assert_advice (ONE_RULE ("\"severity\": [\"low\"]"), facts, NULL, 0, 0, NULL);
  /* One that does not hold settles the rule, whatever the others are. */
  assert_advice (ONE_RULE ("\"severity\": [\"low\"], \"known_exploited\": true"), facts, NULL, 0, 0,
                 NULL);
  assert_advice (ONE_RULE ("\"epss\": 0.8, \"known_exploited\": true"), facts, NULL, 0,
                 TVM_FACT_EPSS | TVM_FACT_KNOWN_EXPLOITED, NULL);
}

/* The first that fits counts; behind one of which nobody can tell nothing is suggested. */
static void
test_first (void)
{
  static const char two[] =
    "{\"rules\": [{\"when\": {\"known_exploited\": true}, \"priority\": \"high\", \"due\": 3}, "
    "{\"priority\": \"low\", \"due\": null, \"reason\": \"all the rest\"}]}";
  g_autoptr(TvmPolicyFacts) facts = new_known ();

  assert_advice (two, facts, NULL, 2, 0, NULL);
  facts->known_exploited = TVM_TRUTH_YES;
  assert_advice (two, facts, NULL, 1, 0, "2026-03-23");
  facts->known_exploited = TVM_TRUTH_UNKNOWN;
  assert_advice (two, facts, NULL, 0, TVM_FACT_KNOWN_EXPLOITED, NULL);
}

/* Groups and tags are those of the devices that the request is for. */
static void
test_places (void)
{
  static const char *const clients[] = { "Clients", NULL }, *const servers[] = { "Servers", NULL };
  g_autoptr(TvmPolicyFacts) facts = new_known ();

  tvm_policy_facts_add_place (facts, "Servers", "web\nInternet-Facing", TVM_LEVEL_HIGH);
  tvm_policy_facts_add_place (facts, "Clients", "", TVM_LEVEL_LOW);
  assert_advice (ONE_RULE ("\"device_groups\": [\"servers\"]"), facts, NULL, 1, 0, TOMORROW);
  assert_advice (ONE_RULE ("\"device_groups\": [\"servers\"]"), facts, clients, 0, 0, NULL);
  assert_advice (ONE_RULE ("\"device_tags\": [\"internet-facing\"]"), facts, servers, 1, 0, TOMORROW);
  assert_advice (ONE_RULE ("\"device_tags\": [\"internet-facing\"]"), facts, clients, 0, 0, NULL);
  assert_advice (ONE_RULE ("\"device_value\": [\"high\"]"), facts, servers, 1, 0, TOMORROW);
  assert_advice (ONE_RULE ("\"device_value\": [\"high\"]"), facts, clients, 0, 0, NULL);
  assert_advice (ONE_RULE ("\"device_value\": [\"low\", \"normal\"]"), facts, clients, 1, 0, TOMORROW);
  tvm_policy_facts_add_place (facts, "Clients", NULL, TVM_LEVEL_UNKNOWN);
  assert_advice (ONE_RULE ("\"device_tags\": [\"internet-facing\"]"), facts, clients, 0,
                 TVM_FACT_TAGS, NULL);
  assert_advice (ONE_RULE ("\"device_value\": [\"high\"]"), facts, clients, 0, TVM_FACT_VALUE, NULL);
  assert_advice (ONE_RULE ("\"device_tags\": [\"internet-facing\"]"), facts, servers, 1, 0, TOMORROW);
}

static void
test_text (void)
{
  static const char own[] =
    "{\"rules\": [{\"when\": {\"known_exploited\": true, \"ransomware\": false, \"epss\": 0.5, "
    "\"cvss\": 9, \"severity\": [\"high\", \"critical\"], \"exploit\": [\"public\", \"in-kit\"], "
    "\"device_groups\": [\"A\", \"B\"], \"critical_devices\": true, \"device_tags\": [\"t\"], "
    "\"device_value\": [\"low\", \"normal\"]}, "
    "\"priority\": \"medium\", \"due\": \"known-exploited\", \"reason\": \"Why\"}]}";
  g_autoptr(TvmPolicy) policy = parse (own);
  g_autofree char *json = tvm_policy_to_json (policy, TRUE);
  g_autoptr(TvmPolicy) again = parse (json);
  g_autofree char *line = tvm_policy_to_setting (again);
  g_autofree char *words = tvm_policy_describe_rule (again->rules->pdata[0]);

  g_assert_null (strchr (line, '\n'));
  g_assert_cmpstr (words, ==,
                   "known exploited, not used by ransomware, EPSS at least 0.50, CVSS at least 9.0, "
                   "severity High, Critical, exploit Public, In a kit, device group A, B, "
                   "critical devices exposed, device tag t, device value Low, Normal");
}

/* A threshold is told as it was written: one that is rounded would be another rule. */
static void
test_decimals (void)
{
  g_autoptr(TvmPolicy) policy = parse (
    "{\"rules\": [{\"when\": {\"epss\": 0.036, \"cvss\": 6.95}, \"priority\": \"low\"}]}");
  g_autofree char *words = tvm_policy_describe_rule (policy->rules->pdata[0]);

  g_assert_cmpstr (words, ==, "EPSS at least 0.036, CVSS at least 6.95");
}

static void
test_refused (void)
{
  static const char *const texts[] = {
    "", "no-such-preset", "[]", "{}", "{\"rules\": {}}", "{\"rules\": [1]}", "{\"rules\": [{}]}",
    "{\"rules\": [], \"extra\": 1}",
    "{\"rules\": [{\"priority\": \"urgent\"}]}",
    "{\"rules\": [{\"priority\": \"low\", \"due\": -1}]}",
    "{\"rules\": [{\"priority\": \"low\", \"due\": 1.5}]}",
    "{\"rules\": [{\"priority\": \"low\", \"due\": \"soon\"}]}",
    "{\"rules\": [{\"priority\": \"low\", \"reason\": \"a\\nb\"}]}",
    ONE_RULE ("\"kev\": true"), ONE_RULE ("\"known_exploited\": \"yes\""),
    ONE_RULE ("\"known_exploited\": null"), ONE_RULE ("\"epss\": 1.1"), ONE_RULE ("\"cvss\": 11"),
    ONE_RULE ("\"severity\": []"), ONE_RULE ("\"severity\": [\"severe\"]"),
    ONE_RULE ("\"device_value\": [\"medium\"]"), ONE_RULE ("\"exploit\": \"public\""),
    ONE_RULE ("\"device_groups\": [1]"),
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(TvmPolicy) policy = tvm_policy_parse (texts[i], &error);

      g_test_message ("%s", texts[i]);
      g_assert_null (policy);
      g_assert_error (error, TVM_ERROR, TVM_ERROR_INVALID);
    }
}

/* Escapes of JSON bring in what a pasted text could not. */
static void
test_unseen (void)
{
  g_autoptr(TvmPolicy) policy = parse (
    "{\"rules\": [{\"when\": {\"device_groups\": [\"Linux\\u200b Servers\"]}, \"priority\": \"low\", "
    "\"reason\": \"a\\u202eb\\u001bc\"}]}");
  const TvmPolicyRule *rule = policy->rules->pdata[0];
  g_autofree char *words = tvm_policy_describe_rule (rule);

  g_assert_cmpstr (rule->reason, ==, "ab c");
  g_assert_nonnull (strstr (words, "Linux Servers"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/policy/presets", test_presets);
  g_test_add_func ("/policy/past-due", test_past_due);
  g_test_add_func ("/policy/unknown", test_unknown);
  g_test_add_func ("/policy/bounds", test_bounds);
  g_test_add_func ("/policy/first", test_first);
  g_test_add_func ("/policy/places", test_places);
  g_test_add_func ("/policy/text", test_text);
  g_test_add_func ("/policy/decimals", test_decimals);
  g_test_add_func ("/policy/refused", test_refused);
  g_test_add_func ("/policy/unseen", test_unseen);
  return g_test_run ();
}

/* tvm-cli-policy.c: the command policy: show, set and try it (R22). Main thread only.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-cli-private.h"
#include "tvm-store-team.h"

#include "tvm-time.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>

/* ---- words */

static char *
describe_due (const TvmPolicyRule *rule)
{
  if (rule->due == TVM_POLICY_DAYS)
    return g_strdup_printf (ngettext ("%d day", "%d days", rule->days), rule->days);
  /* Translators: when something is due: as the catalog of known exploited vulnerabilities says. */
  return g_strdup (rule->due == TVM_POLICY_CATALOG ? _("as the catalog says") : NULL);
}

static char *
dup_presets_text (void)
{
  const char *const *names = tvm_policy_presets ();
  g_autoptr(GString) text = g_string_new (NULL);

  /* Translators: before a list of policies. */
  g_string_append_printf (text, "%s\n", _("Presets:"));
  for (guint i = 0; names[i] != NULL; i++)
    g_string_append_printf (text, "  %s\n      %s\n", names[i],
                            _(tvm_policy_preset_to_text (names[i])));
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* ---- show */

/* The team's policy; NULL where one's own stands, or on error. */
static TvmTeamPolicy *
load_team_policy (TvmCli  *self,
                  GError **error)
{
  g_autoptr(GError) failure = NULL;
  g_autoptr(TvmTeamPolicy) team = tvm_store_get_team_policy (self->store, &failure);

  if (failure == NULL)
    return g_steal_pointer (&team);
  g_propagate_error (error, g_steal_pointer (&failure));
  return NULL;
}

/* Who works alone has no need of it. */
static void
print_whose (TvmCli              *self,
             const TvmTeamPolicy *team)
{
  g_autofree char *team_id = tvm_store_get_setting (self->store, TVM_TEAM_ID_KEY, NULL);
  g_autofree char *whose = team != NULL ? tvm_team_policy_describe (team) : NULL;

  if (team_id == NULL)
    return;
  /* Translators: a label of who decides about something. */
  tvm_cli_print_field (_("Whose"), whose != NULL ? whose : _("Your own: the team has none"));
  if (team != NULL && team->over != NULL)
    /* Translators: two e-mail addresses. */
    tvm_cli_message (_("%s had not seen the policy that %s set before."), team->set_by, team->over);
}

static void
print_as_json (const TvmPolicy     *policy,
               const TvmTeamPolicy *team)
{
  g_autofree char *bare = tvm_policy_to_json (policy, FALSE);
  g_autofree char *day = team != NULL ? tvm_format_instant (team->set_us) : NULL;
  g_autoptr(JsonNode) root = json_from_string (bare, NULL);
  JsonObject *object = json_node_get_object (root);
  g_autofree char *whole = NULL;

  json_object_set_string_member (object, "set_by", team != NULL ? team->set_by : NULL);
  json_object_set_string_member (object, "set_on", day);
  json_object_set_string_member (object, "set_over", team != NULL ? team->over : NULL);
  whole = json_to_string (root, TRUE);
  g_print ("%s\n", whole);
}

static void
print_policy (const TvmPolicy *policy,
              gboolean         is_teams)
{
  static const char *const headings[] = {
    /* Translators: column headings of a policy's rules. */
    N_("Rule"), N_("When"), N_("Priority"), N_("Due by"), N_("Reason"), NULL
  };
  g_autoptr(TvmCliTable) table = tvm_cli_table_new (headings);
  g_autofree char *name = tvm_policy_describe (policy, is_teams);

  tvm_cli_print_field (_("Policy"), name);
  for (guint i = 0; i < policy->rules->len; i++)
    {
      const TvmPolicyRule *rule = policy->rules->pdata[i];
      g_autofree char *when = tvm_policy_describe_rule (rule);
      g_autofree char *due = describe_due (rule);

      tvm_cli_table_number (table, i + 1);
      tvm_cli_table_cell (table, when);
      tvm_cli_table_cell (table, tvm_priority_to_text (rule->priority));
      tvm_cli_table_cell (table, due);
      tvm_cli_table_cell (table, rule->reason);
    }
  if (policy->rules->len > 0)
    tvm_cli_table_print (table);
}

static TvmCliStatus
show (TvmCli *self)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TvmPolicy) policy = NULL;
  g_autoptr(TvmTeamPolicy) team = NULL;

  if (tvm_cli_open_engine (self, &error))
    team = load_team_policy (self, &error);
  if (error == NULL)
    policy = tvm_sync_engine_get_policy (self->engine, &error);
  if (policy == NULL)
    return tvm_cli_fail (error);
  if (self->json)
    print_as_json (policy, team);
  else
    {
      print_policy (policy, team != NULL);
      print_whose (self, team);
    }
  return TVM_CLI_DONE;
}

/* A preset, or what is in a file; NULL after a message. */
static TvmPolicy *
read_policy (const char   *word,
             TvmCliStatus *status)
{
  gboolean is_preset = g_strv_contains (tvm_policy_presets (), word);
  GString *text = is_preset ? g_string_new (word) : tvm_cli_read_file (word, TVM_POLICY_MAX_BYTES);
  g_autoptr(GError) error = NULL;
  TvmPolicy *policy;

  *status = TVM_CLI_FAILED;
  if (text == NULL)
    return NULL;
  policy = tvm_policy_parse (text->str, &error);
  g_string_free (text, TRUE);
  if (policy == NULL)
    *status = tvm_cli_usage_error ("%s", error->message);
  return policy;
}

static TvmCliStatus
set (TvmCli     *self,
     const char *word)
{
  TvmCliStatus status;
  g_autoptr(TvmPolicy) policy = read_policy (word, &status);
  g_autofree char *value = policy != NULL ? tvm_policy_to_setting (policy) : NULL;
  g_autoptr(GError) error = NULL;

  if (policy == NULL)
    return status;
  if (!tvm_cli_open_engine (self, &error) ||
      !tvm_sync_engine_set_config (self->engine, "policy", value, self->cancellable, &error))
    return tvm_cli_fail (error);
  return show (self);
}

/* ---- test */

static void
add_lacks_json (JsonBuilder *builder,
                guint        lacks)
{
  tvm_cli_json_array (builder, "not_known");
  for (guint fact = 1; fact < 1u << TVM_N_FACTS; fact <<= 1)
    if ((lacks & fact) != 0)
      json_builder_add_string_value (builder, tvm_policy_fact_to_word (fact));
  json_builder_end_array (builder);
}

static void
print_trials_as_json (GPtrArray *trials)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();

  json_builder_begin_array (builder);
  for (guint i = 0; i < trials->len; i++)
    {
      const TvmPolicyTrial *trial = trials->pdata[i];
      const TvmPolicyAdvice *advice = trial->advice;

      json_builder_begin_object (builder);
      tvm_cli_json_string (builder, "recommendation_id", trial->recommendation->id);
      tvm_cli_json_string (builder, "name", trial->recommendation->name);
      tvm_cli_json_int (builder, "rule", advice->rule > 0 ? advice->rule : -1);
      tvm_cli_json_string (builder, "priority", tvm_priority_to_word (advice->priority));
      tvm_cli_json_string (builder, "due_on", advice->due_on);
      tvm_cli_json_string (builder, "reason", advice->reason);
      add_lacks_json (builder, advice->lacks);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  tvm_cli_json_print (builder);
}

static void
print_trials (GPtrArray *trials)
{
  static const char *const headings[] = {
    N_("ID"), N_("Rule"), N_("Priority"), N_("Due by"), N_("Reason"), NULL
  };
  g_autoptr(TvmCliTable) table = tvm_cli_table_new (headings);
  g_autofree char *told = NULL;
  guint lacks = 0;

  for (guint i = 0; i < trials->len; i++)
    {
      const TvmPolicyTrial *trial = trials->pdata[i];
      const TvmPolicyAdvice *advice = trial->advice;
      g_autofree char *names = tvm_policy_describe_facts (advice->lacks);
      /* Translators: a list of facts. */
      g_autofree char *lack = advice->lacks != 0 ? g_strdup_printf (_("not known: %s"), names)
                                                 : NULL;

      lacks |= advice->lacks;
      tvm_cli_table_cell (table, trial->recommendation->id);
      tvm_cli_table_number (table, advice->rule > 0 ? advice->rule : -1);
      tvm_cli_table_cell (table, advice->rule > 0 ? tvm_priority_to_text (advice->priority) : NULL);
      tvm_cli_table_cell (table, advice->due_on);
      tvm_cli_table_cell (table, lack != NULL          ? lack
                                 : advice->reason != NULL ? advice->reason
                                                          : _("no rule fits"));
    }
  tvm_cli_table_print (table);
  told = lacks != 0 ? tvm_policy_describe_lack (lacks) : NULL;
  if (told != NULL)
    tvm_cli_message ("%s", told);
}

static TvmCliStatus
test (TvmCli     *self,
      const char *word)
{
  TvmCliStatus status = TVM_CLI_DONE;
  g_autoptr(TvmPolicy) policy = word != NULL ? read_policy (word, &status) : NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) trials = NULL;
  g_autoptr(TvmTeamPolicy) team = NULL;
  g_autofree char *whose = NULL;
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_RECOMMENDATIONS);
  gboolean is_unknown;

  if (word != NULL && policy == NULL)
    return status;
  if (!tvm_cli_open_engine (self, &error))
    return tvm_cli_fail (error);
  if (policy == NULL)
    team = load_team_policy (self, &error);
  if (policy == NULL && error == NULL)
    policy = tvm_sync_engine_get_policy (self->engine, &error);
  trials = policy != NULL ? tvm_sync_engine_try_policy (self->engine, policy, &error) : NULL;
  if (trials == NULL ||
      !tvm_cli_tell_unknown (self, query, trials->len == 0, &is_unknown, &error))
    return tvm_cli_fail (error);
  whose = team != NULL ? tvm_team_policy_describe (team) : NULL;
  if (whose != NULL)
    /* Translators: whose a policy is. */
    tvm_cli_message (_("Policy: %s"), whose);
  if (self->json && is_unknown)
    tvm_cli_json_print_text ("null\n");
  else if (self->json)
    print_trials_as_json (trials);
  else if (!is_unknown)
    print_trials (trials);
  return TVM_CLI_DONE;
}

/* What priority and due date are suggested. */
static TvmCliStatus
run_policy (TvmCli *self)
{
  static const char *const verbs[] = { "show", "set", "test", NULL };
  const char *verb, *word;

  self->details = dup_presets_text ();
  if (!tvm_cli_parse (self, NULL, 1, 2))
    return TVM_CLI_USAGE;
  verb = self->arguments[1];
  word = self->arguments[2];
  if (strcmp (verb, "show") == 0 && word == NULL)
    return show (self);
  if (strcmp (verb, "set") == 0 && word != NULL)
    return set (self, word);
  if (strcmp (verb, "test") == 0)
    return test (self, word);
  return tvm_cli_unknown_word (_("“policy” takes “show”, “set FILE” or “set PRESET”, or “test”."),
                               verb, verbs);
}

const TvmCliCommand tvm_cli_policy_command = {
  "policy", "show | set FILE|PRESET | test [FILE|PRESET]",
  N_("Show, set or try the policy that suggests priority and due date"), run_policy
};

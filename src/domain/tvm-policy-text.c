/* tvm-policy-text.c: policies as text: the name of a preset, or JSON, of which nothing is passed
 * over: a condition that is misspelt would make a rule fit what it should not. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-policy.h"

#include "tvm-error.h"
#include "tvm-json.h"
#include "tvm-text.h"
#include "tvm-weakness.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define MAX_WORDS  100
#define MAX_CHARS  300
#define BY_CATALOG "known-exploited"

static const struct { const char *name, *text, *rules; } presets[] = {
  { "none", N_("No policy"), "{\"rules\": []}" },
  { "kev-due-dates", N_("Known exploited: due dates of the catalog"),
    "{\"rules\": [{\"when\": {\"known_exploited\": true}, \"priority\": \"high\", "
    "\"due\": \"known-exploited\"}]}" },
  { "exploitation-3-14-60", N_("By exploitation: 3, 14 and 60 days"),
    "{\"rules\": [{\"when\": {\"known_exploited\": true}, \"priority\": \"high\", \"due\": 3}, "
    "{\"when\": {\"exploit\": [\"public\", \"verified\", \"in-kit\"]}, \"priority\": \"medium\", "
    "\"due\": 14}, {\"priority\": \"low\", \"due\": 60}]}" },
  { "severity-7-30-90-180", N_("By severity: 7, 30, 90 and 180 days"),
    "{\"rules\": [{\"when\": {\"severity\": [\"critical\"]}, \"priority\": \"high\", \"due\": 7}, "
    "{\"when\": {\"severity\": [\"high\"]}, \"priority\": \"high\", \"due\": 30}, "
    "{\"when\": {\"severity\": [\"medium\"]}, \"priority\": \"medium\", \"due\": 90}, "
    "{\"priority\": \"low\", \"due\": 180}]}" },
};

static void
rule_free (gpointer data)
{
  TvmPolicyRule *rule = data;

  g_strfreev (rule->groups);
  g_strfreev (rule->tags);
  g_free (rule->reason);
  g_free (rule);
}

/**
 * tvm_policy_free:
 * @self: (transfer full) (nullable): a policy
 */
void
tvm_policy_free (TvmPolicy *self)
{
  if (self == NULL)
    return;
  g_free (self->preset);
  g_ptr_array_unref (self->rules);
  g_free (self);
}

/* ---- reading */

/* What is being read, for the error. */
typedef struct
{
  int      rule;   /* its number; 0: the whole */
  GError **error;
} Reading;

static gboolean
refuse (const Reading *reading,
        const char    *what)
{
  if (reading->rule > 0)
    g_set_error (reading->error, TVM_ERROR, TVM_ERROR_INVALID,
                 /* Translators: the number of a rule, then what is wrong with it, the end of a
                  * sentence. */
                 _("The policy cannot be used: in rule %d %s."), reading->rule, what);
  else
    g_set_error (reading->error, TVM_ERROR, TVM_ERROR_INVALID,
                 /* Translators: %s is what is wrong with it, the end of a sentence. */
                 _("The policy cannot be used: %s."), what);
  return FALSE;
}

static gboolean
refuse_member (const Reading *reading,
               const char    *member)
{
  g_autofree char *shown = g_utf8_substring (member, 0, MIN (g_utf8_strlen (member, -1), 60));
  /* Translators: the name of a member of a JSON file, the end of a sentence. */
  g_autofree char *what = g_strdup_printf (_("“%s” is unknown, or its value does not fit"), shown);

  return refuse (reading, what);
}

static gboolean
read_yes_no (JsonNode *node,
             gboolean *out)
{
  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_BOOLEAN)
    return FALSE;
  *out = json_node_get_boolean (node);
  return TRUE;
}

static gboolean
read_number (JsonNode *node,
             double    max,
             double   *out)
{
  GType type = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_value_type (node) : G_TYPE_NONE;

  if (type != G_TYPE_INT64 && type != G_TYPE_DOUBLE)
    return FALSE;
  *out = json_node_get_double (node);
  return isfinite (*out) && *out >= 0 && *out <= max;
}

static const char *
read_text (JsonNode *node)
{
  const char *text = JSON_NODE_HOLDS_VALUE (node) &&
                     json_node_get_value_type (node) == G_TYPE_STRING
                       ? json_node_get_string (node) : NULL;

  return text != NULL && *text != '\0' && g_utf8_strlen (text, -1) <= MAX_CHARS &&
         strpbrk (text, "\r\n") == NULL ? text : NULL;
}

/* NULL where it is no list of texts, or an empty one. */
static GStrv
read_texts (JsonNode *node)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  JsonArray *array = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  guint n = array != NULL ? json_array_get_length (array) : 0;

  if (n == 0 || n > MAX_WORDS)
    return NULL;
  for (guint i = 0; i < n; i++)
    {
      const char *text = read_text (json_array_get_element (array, i));
      g_autofree char *clean = text != NULL ? tvm_text_clean (text, -1, FALSE) : NULL;

      if (clean == NULL)
        return NULL;
      g_strv_builder_add (builder, clean);
    }
  return g_strv_builder_end (builder);
}

static gboolean
severity_from_word (const char *word,
                    guint      *out)
{
  int level = TVM_LEVEL_UNKNOWN;
  gboolean is_known = tvm_words_from_word (&tvm_severity_words, word, &level);

  *out = (guint) MAX (level, 0);
  return is_known && level >= TVM_LEVEL_NONE;
}

static gboolean
device_value_from_word (const char *word,
                        guint      *out)
{
  int value = 0;
  gboolean is_known = tvm_words_from_word (&tvm_device_value_words, word, &value);

  *out = (guint) value;
  return is_known;
}

static gboolean
exploit_from_word (const char *word,
                   guint      *out)
{
  for (*out = TVM_EXPLOIT_NONE; *out < TVM_EXPLOIT_ANY; (*out)++)
    if (strcmp (tvm_exploit_to_word (*out), word) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
read_set (JsonNode *node,
          gboolean  (*from_word) (const char *word, guint *out),
          guint    *out)
{
  g_auto(GStrv) words = read_texts (node);

  for (guint i = 0; words != NULL && words[i] != NULL; i++)
    {
      guint value;

      if (!from_word (words[i], &value))
        return FALSE;
      *out |= 1u << value;
    }
  return words != NULL;
}

static gboolean
read_condition (TvmPolicyRule *rule,
                guint          fact,
                JsonNode      *node)
{
  switch (fact)
    {
    case TVM_FACT_KNOWN_EXPLOITED:
      return read_yes_no (node, &rule->known_exploited);
    case TVM_FACT_RANSOMWARE:
      return read_yes_no (node, &rule->ransomware);
    case TVM_FACT_EPSS:
      return read_number (node, 1, &rule->epss);
    case TVM_FACT_CVSS:
      return read_number (node, 10, &rule->cvss);
    case TVM_FACT_SEVERITY:
      return read_set (node, severity_from_word, &rule->severities);
    case TVM_FACT_EXPLOIT:
      return read_set (node, exploit_from_word, &rule->exploits);
    case TVM_FACT_GROUPS:
      return (rule->groups = read_texts (node)) != NULL;
    case TVM_FACT_CRITICAL:
      return read_yes_no (node, &rule->critical_devices);
    case TVM_FACT_VALUE:
      return read_set (node, device_value_from_word, &rule->values);
    case TVM_FACT_TAGS:
      return (rule->tags = read_texts (node)) != NULL;
    case TVM_N_FACTS:
    default:
      g_assert_not_reached ();
    }
}

static guint
fact_from_word (const char *word)
{
  guint fact = 1;

  while (fact < 1u << TVM_N_FACTS && strcmp (tvm_policy_fact_to_word (fact), word) != 0)
    fact <<= 1;
  return fact < 1u << TVM_N_FACTS ? fact : 0;
}

static gboolean
read_conditions (TvmPolicyRule *rule,
                 JsonNode      *node,
                 const Reading *reading)
{
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  g_autoptr(GList) members = object != NULL ? json_object_get_members (object) : NULL;

  if (object == NULL)
    return refuse_member (reading, "when");
  for (GList *l = members; l != NULL; l = l->next)
    {
      guint fact = fact_from_word (l->data);

      if (fact == 0 || !read_condition (rule, fact, json_object_get_member (object, l->data)))
        return refuse_member (reading, l->data);
      rule->asks |= fact;
    }
  return TRUE;
}

/* A number of days, or the word for what the catalog says; null: none. */
static gboolean
read_due (TvmPolicyRule *rule,
          JsonNode      *node)
{
  const char *word = JSON_NODE_HOLDS_NULL (node) ? NULL : read_text (node);
  double days = 0;

  if (JSON_NODE_HOLDS_NULL (node))
    return TRUE;
  if (word != NULL)
    {
      rule->due = TVM_POLICY_CATALOG;
      return strcmp (word, BY_CATALOG) == 0;
    }
  rule->due = TVM_POLICY_DAYS;
  if (!read_number (node, TVM_POLICY_MAX_DAYS, &days) || days != floor (days))
    return FALSE;
  rule->days = (int) days;
  return TRUE;
}

static gboolean
read_member (TvmPolicyRule *rule,
             const char    *member,
             JsonNode      *node,
             const Reading *reading)
{
  const char *text = read_text (node);

  if (strcmp (member, "when") == 0)
    return read_conditions (rule, node, reading);
  if (strcmp (member, "priority") == 0 && text != NULL &&
      tvm_priority_from_word (text, &rule->priority) && rule->priority != TVM_PRIORITY_NONE)
    return TRUE;
  if (strcmp (member, "due") == 0 && read_due (rule, node))
    return TRUE;
  if (strcmp (member, "reason") == 0 && (text != NULL || JSON_NODE_HOLDS_NULL (node)))
    {
      rule->reason = text != NULL ? tvm_text_clean (text, -1, FALSE) : NULL;
      return TRUE;
    }
  return refuse_member (reading, member);
}

static gboolean
read_rule (GPtrArray     *rules,
           JsonNode      *node,
           const Reading *reading)
{
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  g_autoptr(GList) members = object != NULL ? json_object_get_members (object) : NULL;
  TvmPolicyRule *rule = g_new0 (TvmPolicyRule, 1);

  g_ptr_array_add (rules, rule);
  for (GList *l = members; l != NULL; l = l->next)
    if (!read_member (rule, l->data, json_object_get_member (object, l->data), reading))
      return FALSE;
  return rule->priority != TVM_PRIORITY_NONE || refuse (reading, _("there is no priority"));
}

/* What "policy show" tells beside the rules says nothing. */
static gboolean
read_rules (TvmPolicy   *self,
            JsonObject  *root,
            GError     **error)
{
  static const char *const said[] = { "rules", "preset", "set_by", "set_on", "set_over", NULL };
  Reading reading = { 0, error };
  g_autoptr(GList) members = json_object_get_members (root);
  JsonNode *node = json_object_get_member (root, "rules");
  JsonArray *array = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node)
                                                                   : NULL;

  for (GList *l = members; l != NULL; l = l->next)
    if (!g_strv_contains (said, l->data))
      return refuse_member (&reading, l->data);
  if (array == NULL)
    return refuse (&reading, _("it has no list “rules”"));
  if (json_array_get_length (array) > TVM_POLICY_MAX_RULES)
    return refuse (&reading, _("it has too many rules"));
  for (reading.rule = 1; reading.rule <= (int) json_array_get_length (array); reading.rule++)
    if (!read_rule (self->rules, json_array_get_element (array, reading.rule - 1), &reading))
      return FALSE;
  return TRUE;
}

static TvmPolicy *
parse_json (const char  *text,
            GError     **error)
{
  g_autoptr(TvmPolicy) self = g_new0 (TvmPolicy, 1);
  gsize size_bytes = strlen (text);
  g_autoptr(JsonObject) root =
    size_bytes <= TVM_POLICY_MAX_BYTES ? tvm_json_parse_small (text, size_bytes) : NULL;
  Reading reading = { 0, error };

  self->rules = g_ptr_array_new_with_free_func (rule_free);
  if (size_bytes > TVM_POLICY_MAX_BYTES)
    refuse (&reading, _("it is too large"));
  else if (root == NULL)
    refuse (&reading, _("it is neither a preset's name nor a JSON object"));
  else if (read_rules (self, root, error))
    return g_steal_pointer (&self);
  return NULL;
}

/**
 * tvm_policy_parse:
 * @text: the name of a preset, or a JSON object with the rules
 * @error: return location for %TVM_ERROR_INVALID, which says what is wrong with which rule
 *
 * Returns: (transfer full) (nullable): the policy, or %NULL on error
 */
TvmPolicy *
tvm_policy_parse (const char  *text,
                  GError     **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (presets); i++)
    if (strcmp (presets[i].name, text) == 0)
      {
        TvmPolicy *self = parse_json (presets[i].rules, error);

        self->preset = g_strdup (text);
        return self;
      }
  return parse_json (text, error);
}

/**
 * tvm_policy_presets:
 *
 * Returns: (transfer none) (array zero-terminated=1): the names of the presets; the first has no
 *   rules
 */
const char *const *
tvm_policy_presets (void)
{
  static const char *names[G_N_ELEMENTS (presets) + 1];
  static gsize filled;

  if (g_once_init_enter (&filled))
    {
      for (guint i = 0; i < G_N_ELEMENTS (presets); i++)
        names[i] = presets[i].name;
      g_once_init_leave (&filled, 1);
    }
  return names;
}

/**
 * tvm_policy_preset_to_text:
 * @preset: the name of a preset
 *
 * Returns: (transfer none): what it is called, not translated yet
 */
const char *
tvm_policy_preset_to_text (const char *preset)
{
  guint i = 0;

  while (i + 1 < G_N_ELEMENTS (presets) && strcmp (presets[i].name, preset) != 0)
    i++;
  return presets[i].text;
}

/* tvm-team-exceptions.c: what follows from what a team decides about its exceptions. The rules
 * stand in docs/team.md. Any thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-team-json.h"

#include "tvm-json.h"
#include "tvm-time.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* ---- approvals */

static const TvmWord approval_words[] = {
  { "requested", TVM_APPROVAL_REQUESTED },
  { "approved", TVM_APPROVAL_APPROVED },
  { "rejected", TVM_APPROVAL_REJECTED },
  { NULL, 0 }
};
static const TvmWord approval_texts[] = {
  { NC_("approval", "Requested"), TVM_APPROVAL_REQUESTED },
  { NC_("approval", "Approved"), TVM_APPROVAL_APPROVED },
  { NC_("approval", "Rejected"), TVM_APPROVAL_REJECTED },
  { NULL, 0 }
};
const TvmWords tvm_approval_words = { NULL, approval_words, approval_texts, "approval" };

static const TvmWord rule_words[] = {
  { "none", TVM_APPROVE_NONE },
  { "risky", TVM_APPROVE_RISKY },
  { "all", TVM_APPROVE_ALL },
  { NULL, 0 }
};
static const TvmWord rule_texts[] = {
  /* Translators: which exceptions need an approval */
  { NC_("approval", "None"), TVM_APPROVE_NONE },
  { NC_("approval", "Global ones and those that cover a known exploited CVE"), TVM_APPROVE_RISKY },
  { NC_("approval", "All"), TVM_APPROVE_ALL },
  { NULL, 0 }
};
static const TvmWords rules = { NULL, rule_words, rule_texts, "approval" };

/**
 * tvm_approval_rule_to_word:
 * @rule: a rule
 *
 * Returns: (nullable): its word for scripts
 */
const char *
tvm_approval_rule_to_word (TvmApprovalRule rule)
{
  return tvm_words_to_word (&rules, (int) rule);
}

/**
 * tvm_approval_rule_from_word:
 * @word: (nullable): a word for scripts
 * @out: (out): its rule; left as it is where there is none
 *
 * Returns: whether there is one
 */
gboolean
tvm_approval_rule_from_word (const char      *word,
                             TvmApprovalRule *out)
{
  int value;

  if (!tvm_words_from_word (&rules, word, &value))
    return FALSE;
  *out = value;
  return TRUE;
}

/**
 * tvm_approval_rule_to_text:
 * @rule: a rule
 *
 * Returns: its localized name for people
 */
const char *
tvm_approval_rule_to_text (TvmApprovalRule rule)
{
  return tvm_words_to_text (&rules, (int) rule);
}

/**
 * tvm_approval_is_needed:
 * @rule: the team's rule
 * @is_global: whether the exception is for all device groups
 * @known_exploited: how many known exploited CVEs it covers; below 0: not known, which counts as
 *   some
 *
 * Returns: whether somebody else has to approve it before it takes effect
 */
gboolean
tvm_approval_is_needed (TvmApprovalRule rule,
                        gboolean        is_global,
                        int             known_exploited)
{
  return rule == TVM_APPROVE_ALL ||
         (rule == TVM_APPROVE_RISKY && (is_global || known_exploited != 0));
}

/* ---- JSON */

/**
 * tvm_team_groups_to_json:
 * @groups: (nullable) (array zero-terminated=1): device groups; %NULL: all of it
 *
 * Returns: (transfer full) (nullable): the same for the log
 */
char *
tvm_team_groups_to_json (const char *const *groups)
{
  g_autoptr(JsonObject) object = NULL;

  if (groups == NULL)
    return NULL;
  object = json_object_new ();
  tvm_team_json_set_groups (object, groups);
  return tvm_team_json_end (object);
}

/**
 * tvm_team_groups_from_json:
 * @json: (nullable): of the log
 *
 * Returns: (transfer full) (nullable): device groups; %NULL: all of it
 */
char **
tvm_team_groups_from_json (const char *json)
{
  g_autoptr(JsonObject) object = tvm_team_json_parse (json);
  g_auto(GStrv) groups = NULL;

  if (object == NULL || !tvm_team_json_get_groups (object, &groups) || groups[0] == NULL)
    return NULL;
  return g_steal_pointer (&groups);
}

/**
 * tvm_team_groups_are_sound:
 * @json: (nullable): of the log: what was cancelled
 *
 * Returns: whether it is clear what it names: device groups, or nothing, which is all
 */
gboolean
tvm_team_groups_are_sound (const char *json)
{
  g_autoptr(JsonObject) object = tvm_team_json_parse (json);
  g_auto(GStrv) groups = NULL;

  if (json == NULL)
    return TRUE;
  return object != NULL && (!json_object_has_member (object, "groups") ||
                            (tvm_team_json_get_groups (object, &groups) && groups[0] != NULL));
}

/**
 * tvm_team_exception_to_json:
 * @exception: an exception filed here
 * @known_exploited: how many known exploited CVEs it covers; below 0: not known
 *
 * Returns: (transfer full): what the others have to know of it
 */
char *
tvm_team_exception_to_json (const TvmException *exception,
                            int                 known_exploited)
{
  g_autoptr(JsonObject) object = json_object_new ();

  tvm_team_json_set (object, "recommendation_id", exception->recommendation_id);
  tvm_team_json_set (object, "recommendation_name", exception->recommendation_name);
  tvm_team_json_set (object, "related_component", exception->related_component);
  tvm_team_json_set (object, "type", tvm_remediation_type_to_word (exception->type));
  tvm_team_json_set (object, "justification",
                     tvm_justification_to_word (exception->justification));
  tvm_team_json_set (object, "context", exception->context);
  tvm_team_json_set (object, "ends_on", exception->ends_on);
  json_object_set_boolean_member (object, "is_global", exception->is_global);
  tvm_team_json_set_groups (object, (const char *const *) exception->groups);
  if (known_exploited >= 0)
    json_object_set_int_member (object, "known_exploited_cves", known_exploited);
  json_object_set_int_member (object, "weaknesses", exception->weaknesses_then);
  json_object_set_int_member (object, "public_exploit", exception->exploit_then);
  return tvm_team_json_end (object);
}

static gboolean
read_scope (JsonObject   *object,
            TvmException *x)
{
  JsonNode *node = json_object_get_member (object, "is_global");

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) ||
      json_node_get_value_type (node) != G_TYPE_BOOLEAN)
    return FALSE;
  x->is_global = json_node_get_boolean (node);
  if (x->is_global)
    x->groups = g_new0 (char *, 1);
  return x->is_global || (tvm_team_json_get_groups (object, &x->groups) && x->groups[0] != NULL);
}

/**
 * tvm_team_exception_from_json:
 * @json: (nullable): what another member's program told of an exception
 *
 * Returns: (transfer full) (nullable): the exception, without id, author and times; %NULL where
 *   that is none
 */
TvmException *
tvm_team_exception_from_json (const char *json)
{
  g_autoptr(JsonObject) object = tvm_team_json_parse (json);
  g_autoptr(TvmException) x = tvm_exception_new ();
  g_autofree char *type = NULL;
  g_autofree char *justification = NULL;

  if (object == NULL)
    return NULL;
  x->recommendation_id = tvm_team_json_get (object, "recommendation_id", FALSE);
  x->recommendation_name = tvm_team_json_get (object, "recommendation_name", FALSE);
  x->related_component = tvm_team_json_get (object, "related_component", FALSE);
  x->context = tvm_team_json_get (object, "context", TRUE);
  x->ends_on = tvm_team_json_get (object, "ends_on", FALSE);
  x->cancelled_groups = g_new0 (char *, 1);
  type = tvm_team_json_get (object, "type", FALSE);
  justification = tvm_team_json_get (object, "justification", FALSE);
  x->weaknesses_then = (int) CLAMP (tvm_json_get_int (object, "weaknesses", -1), -1, G_MAXINT);
  x->exploit_then = (int) CLAMP (tvm_json_get_int (object, "public_exploit", -1), -1, 1);
  if (type != NULL)
    tvm_remediation_type_from_word (type, &x->type);
  if (x->recommendation_id == NULL || x->context == NULL || x->ends_on == NULL ||
      !tvm_date_is_valid (x->ends_on) ||
      !tvm_justification_from_word (justification, &x->justification) || !read_scope (object, x))
    return NULL;
  return g_steal_pointer (&x);
}

/* A day more, because it is another one elsewhere. */
static gboolean
is_too_long (const TvmException *x,
             const TvmTeamEvent *event)
{
  gint64 filed_us = event->recorded_us != 0 ? event->recorded_us : event->decided_us;
  g_autoptr(GDateTime) filed = g_date_time_new_from_unix_utc (filed_us / TVM_SECOND_US);
  g_autofree char *day = filed != NULL ? g_date_time_format (filed, "%Y-%m-%d") : NULL;

  return day != NULL && tvm_days_between (day, x->ends_on) > TVM_EXCEPTION_MAX_DAYS + 1;
}

/**
 * tvm_team_exception_of_event:
 * @event: that an exception was filed
 *
 * Returns: (transfer full) (nullable): the exception, without id, author and times; %NULL where
 *   that is none, or one for longer than anybody can file it
 */
TvmException *
tvm_team_exception_of_event (const TvmTeamEvent *event)
{
  g_autoptr(TvmException) x = tvm_team_exception_from_json (event->after);

  return x != NULL && !is_too_long (x, event) ? g_steal_pointer (&x) : NULL;
}

/* ---- what follows */

/* What is known while going through the decisions. */
typedef struct {
  const TvmTeamEvent      *filing;     /* (nullable) */
  TvmException            *exception;  /* (owned) (nullable): as it was filed */
  GHashTable              *cancelled;  /* (owned): its groups that were */
  TvmTeamExceptionOutcome *out;
} Judging;

static TvmTeamVerdict
judge_cancelled (Judging            *self,
                 const TvmTeamEvent *event)
{
  g_auto(GStrv) groups = tvm_team_groups_from_json (event->after);
  guint n_before = g_hash_table_size (self->cancelled);

  if (!tvm_team_groups_are_sound (event->after))
    return TVM_TEAM_VOID;
  if (self->out->cancellation != NULL || self->out->approval == TVM_APPROVAL_REJECTED)
    return TVM_TEAM_LATE;
  for (char **group = groups; group != NULL && *group != NULL; group++)
    if (g_strv_contains ((const char *const *) self->exception->groups, *group))
      g_hash_table_add (self->cancelled, g_strdup (*group));
  if (groups == NULL || (!self->exception->is_global && g_hash_table_size (self->cancelled) ==
                         g_strv_length (self->exception->groups)))
    self->out->cancellation = event;
  return groups == NULL || g_hash_table_size (self->cancelled) > n_before ? TVM_TEAM_STANDS
                                                                          : TVM_TEAM_LATE;
}

static TvmTeamVerdict
judge_decision (Judging            *self,
                const TvmTeamEvent *event,
                TvmApproval         approval)
{
  if (self->out->approval == TVM_APPROVAL_APPROVED ||
      self->out->approval == TVM_APPROVAL_REJECTED)
    return TVM_TEAM_LATE;
  if (self->out->approval != TVM_APPROVAL_REQUESTED || self->out->cancellation != NULL ||
      tvm_team_is_same_person (event->who, self->filing->who))
    return TVM_TEAM_VOID;
  self->out->approval = approval;
  self->out->decision = event;
  return TVM_TEAM_STANDS;
}

static TvmTeamVerdict
judge_event (Judging            *self,
             const TvmTeamEvent *event)
{
  if (strcmp (event->kind, TVM_EVENT_FILED) == 0)
    {
      if (self->exception != NULL)
        return TVM_TEAM_VOID;
      self->filing = event;
      self->exception = tvm_team_exception_of_event (event);
      self->out->approval = event->needs_approval ? TVM_APPROVAL_REQUESTED : TVM_APPROVAL_NONE;
      return self->exception != NULL ? TVM_TEAM_STANDS : TVM_TEAM_VOID;
    }
  if (self->exception == NULL)
    return TVM_TEAM_VOID;
  if (strcmp (event->kind, TVM_EVENT_CANCELLED) == 0)
    return judge_cancelled (self, event);
  if (strcmp (event->kind, TVM_EVENT_APPROVED) == 0)
    return judge_decision (self, event, TVM_APPROVAL_APPROVED);
  if (strcmp (event->kind, TVM_EVENT_REJECTED) == 0)
    return judge_decision (self, event, TVM_APPROVAL_REJECTED);
  return TVM_TEAM_STANDS;
}

/* In the order of its groups. */
static char **
list_cancelled (const Judging *self)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  for (char **group = self->exception != NULL ? self->exception->groups : NULL;
       group != NULL && *group != NULL; group++)
    if (g_hash_table_contains (self->cancelled, *group))
      g_strv_builder_add (builder, *group);
  return g_strv_builder_end (builder);
}

/**
 * tvm_team_judge_exception:
 * @events: (element-type TvmTeamEvent): all of one exception, in the log's order; those that are
 *   not in it yet come last
 * @verdicts: (out) (array) (nullable): one for each
 * @out: (out caller-allocates): what they have come to; cleared with
 *   tvm_team_exception_outcome_clear()
 *
 * Who decides first about one that waits has decided, but nobody about their own; a cancellation
 * ends it, whether it was approved or not, and what is decided after that is in vain. Each verdict
 * follows from the events before it alone.
 */
void
tvm_team_judge_exception (GPtrArray               *events,
                          TvmTeamVerdict          *verdicts,
                          TvmTeamExceptionOutcome *out)
{
  Judging self = { .out = out };

  *out = (TvmTeamExceptionOutcome) { TVM_APPROVAL_NONE };
  self.cancelled = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < events->len; i++)
    {
      TvmTeamVerdict verdict = judge_event (&self, events->pdata[i]);

      if (verdicts != NULL)
        verdicts[i] = verdict;
    }
  out->cancelled_groups = list_cancelled (&self);
  g_hash_table_unref (self.cancelled);
  g_clear_pointer (&self.exception, tvm_exception_unref);
}

/**
 * tvm_team_exception_outcome_clear:
 * @self: (inout): what decisions have come to
 */
void
tvm_team_exception_outcome_clear (TvmTeamExceptionOutcome *self)
{
  g_clear_pointer (&self->cancelled_groups, g_strfreev);
}

/**
 * tvm_team_is_doubled:
 * @first: an exception
 * @second: a later one of the same recommendation
 *
 * Returns: whether the second would not have been filed by who knew of the first: a group has one
 *   exception at a time, and beside a global one nothing is added
 */
gboolean
tvm_team_is_doubled (const TvmException *first,
                     const TvmException *second)
{
  if (first->is_global)
    return TRUE;
  for (char **group = second->groups; !second->is_global && *group != NULL; group++)
    if (g_strv_contains ((const char *const *) first->groups, *group))
      return TRUE;
  return FALSE;
}

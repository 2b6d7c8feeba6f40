/* tvm-team-events.c: what follows from the decisions that a team shares. The rules stand in
 * docs/team.md. Any thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-team-events.h"

#include "tvm-json.h"
#include "tvm-text.h"
#include "tvm-time.h"

#include <string.h>

static void
tvm_team_event_clear (gpointer data)
{
  TvmTeamEvent *self = data;

  g_free (self->id);
  g_free (self->subject);
  g_free (self->kind);
  g_free (self->who);
  g_free (self->before);
  g_free (self->after);
}
TVM_DEFINE_RECORD (TvmTeamEvent, tvm_team_event)

static void
tvm_team_person_clear (gpointer data)
{
  TvmTeamPerson *self = data;

  g_free (self->account);
  g_free (self->right);
}
TVM_DEFINE_RECORD (TvmTeamPerson, tvm_team_person)

/**
 * tvm_team_event_when:
 * @event: a decision
 *
 * Returns: when it was decided, but no later than it was recorded, whatever the author's clock says
 */
gint64
tvm_team_event_when (const TvmTeamEvent *event)
{
  return event->recorded_us == 0 ? event->decided_us
                                 : MIN (event->decided_us, event->recorded_us);
}

static gboolean
is_same_person (const char *one,
                const char *other)
{
  g_autofree char *first = tvm_text_fold (one != NULL ? one : "");
  g_autofree char *second = tvm_text_fold (other != NULL ? other : "");

  return strcmp (first, second) == 0;
}

static TvmTeamVerdict
judge_completed (const TvmTeamEvent *event,
                 gint64              requested_us,
                 TvmTeamOutcome     *out)
{
  gint64 when_us = tvm_team_event_when (event);

  if (out->is_completed)
    return TVM_TEAM_LATE;
  out->is_completed = TRUE;
  out->completed_by = event->who;
  /* Nothing is completed before it was requested: then a clock was wrong. */
  out->completed_us = when_us >= requested_us ? when_us : event->recorded_us;
  return TVM_TEAM_STANDS;
}

static TvmTeamVerdict
judge_reopened (const TvmTeamEvent *event,
                TvmTeamOutcome     *out)
{
  if (!out->is_completed || !is_same_person (out->completed_by, event->who))
    return TVM_TEAM_VOID;
  out->is_completed = FALSE;
  out->completed_by = NULL;
  out->completed_us = 0;
  return TVM_TEAM_STANDS;
}

static TvmTeamVerdict
judge_assigned (const TvmTeamEvent *event,
                TvmTeamOutcome     *out)
{
  g_autofree char *wanted = NULL;
  g_autofree char *seen = NULL;
  g_autofree char *before = NULL;

  if (!tvm_team_assignee_from_json (event->after, &wanted))
    return TVM_TEAM_VOID;
  tvm_team_assignee_from_json (event->before, &seen);
  if (out->assignment != NULL)
    tvm_team_assignee_from_json (out->assignment->after, &before);
  out->assignment = event;
  return is_same_person (seen, before) ? TVM_TEAM_STANDS : TVM_TEAM_UNAWARE;
}

/**
 * tvm_team_judge:
 * @events: (element-type TvmTeamEvent): all of one activity, in the log's order; those that are
 *   not in it yet come last
 * @verdicts: (out) (array) (nullable): one for each
 * @out: (out): what they have come to
 *
 * Whoever completes first has completed it; who comes after that is late, and it says so. Only who
 * completed it can undo that. The last assignment holds; where its author saw another one than
 * there was, it says so. Each verdict follows from the events before it alone, so that more events
 * change none.
 */
void
tvm_team_judge (GPtrArray      *events,
                TvmTeamVerdict *verdicts,
                TvmTeamOutcome *out)
{
  gint64 requested_us = 0;

  *out = (TvmTeamOutcome) { FALSE };
  for (guint i = 0; i < events->len; i++)
    {
      const TvmTeamEvent *event = events->pdata[i];
      TvmTeamVerdict verdict = TVM_TEAM_STANDS;

      if (strcmp (event->kind, TVM_EVENT_REQUESTED) == 0)
        requested_us = tvm_team_event_when (event);
      else if (strcmp (event->kind, TVM_EVENT_COMPLETED) == 0)
        verdict = judge_completed (event, requested_us, out);
      else if (strcmp (event->kind, TVM_EVENT_REOPENED) == 0)
        verdict = judge_reopened (event, out);
      else if (strcmp (event->kind, TVM_EVENT_ASSIGNED) == 0)
        verdict = judge_assigned (event, out);
      if (verdicts != NULL)
        verdicts[i] = verdict;
    }
}

/**
 * tvm_uuid7_new:
 *
 * Returns: (transfer full): a new id, of the time and chance; ids made later sort later, as far as
 *   the clock is right
 */
char *
tvm_uuid7_new (void)
{
  g_autofree char *chance = g_uuid_string_random ();
  guint64 now_ms = (guint64) (tvm_now_us () / 1000) & G_GUINT64_CONSTANT (0xffffffffffff);

  /* The random one's last 19 signs have the variant, and three more the rest. */
  return g_strdup_printf ("%08x-%04x-7%.3s-%s", (guint) (now_ms >> 16), (guint) (now_ms & 0xffff),
                          chance + 15, chance + 19);
}

/* ---- JSON */

static void
set_text (JsonObject *object,
          const char *member,
          const char *text)
{
  if (text != NULL)
    json_object_set_string_member (object, member, text);
}

static char *
object_to_text (JsonObject *object)
{
  g_autoptr(JsonNode) node = json_node_alloc ();

  json_node_init_object (node, object);
  return json_to_string (node, FALSE);
}

static void
set_targets (JsonObject          *object,
             const TvmDeviceRefs *targets)
{
  JsonArray *array = json_array_sized_new (targets->refs->len);

  for (guint i = 0; i < targets->refs->len; i++)
    {
      const TvmDeviceRef *ref = &g_array_index (targets->refs, TvmDeviceRef, i);
      JsonObject *target = json_object_new ();

      set_text (target, "id", ref->id);
      set_text (target, "name", ref->name);
      set_text (target, "os_platform", ref->os_platform);
      set_text (target, "group", ref->group);
      json_array_add_object_element (array, target);
    }
  json_object_set_array_member (object, "targets", array);
}

/**
 * tvm_team_activity_to_json:
 * @activity: an activity requested here
 * @targets: its frozen devices
 *
 * Returns: (transfer full): what the others have to know of it
 */
char *
tvm_team_activity_to_json (const TvmActivity   *activity,
                           const TvmDeviceRefs *targets)
{
  g_autoptr(JsonObject) object = json_object_new ();
  JsonArray *groups = json_array_new ();

  set_text (object, "title", activity->title);
  set_text (object, "recommendation_id", activity->recommendation_id);
  set_text (object, "related_component", activity->related_component);
  set_text (object, "notes", activity->notes);
  set_text (object, "due_on", activity->due_on);
  set_text (object, "policy_reason", activity->policy_reason);
  set_text (object, "type", tvm_remediation_type_to_word (activity->type));
  if (activity->priority != TVM_PRIORITY_NONE)
    set_text (object, "priority", tvm_priority_to_word (activity->priority));
  json_object_set_int_member (object, "no_impact_only", activity->no_impact_only);
  for (char **group = activity->groups; group != NULL && *group != NULL; group++)
    json_array_add_string_element (groups, *group);
  json_object_set_array_member (object, "groups", groups);
  set_targets (object, targets);
  return object_to_text (object);
}

/* Others' programs wrote it: nothing in it is taken for clean. */
static char *
get_text (JsonObject *object,
          const char *member,
          gboolean    keeps_lines)
{
  const char *text = tvm_json_get_string (object, member);

  return text != NULL && *text != '\0' ? tvm_text_clean (text, -1, keeps_lines) : NULL;
}

static JsonArray *
get_array (JsonObject *object,
           const char *member)
{
  JsonNode *node = json_object_get_member (object, member);

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

static gboolean
get_groups (JsonObject  *object,
            char      ***out)
{
  JsonArray *array = get_array (object, "groups");
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      const char *name = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;
      g_autofree char *clean = name != NULL ? tvm_text_clean (name, -1, FALSE) : NULL;

      if (clean == NULL || *clean == '\0')
        return FALSE;
      g_strv_builder_add (builder, clean);
    }
  *out = g_strv_builder_end (builder);
  return array != NULL;
}

static gboolean
get_targets (JsonObject    *object,
             TvmDeviceRefs *targets)
{
  JsonArray *array = get_array (object, "targets");

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      JsonObject *target = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      g_autofree char *id = target != NULL ? get_text (target, "id", FALSE) : NULL;
      g_autofree char *name = target != NULL ? get_text (target, "name", FALSE) : NULL;
      g_autofree char *platform = target != NULL ? get_text (target, "os_platform", FALSE) : NULL;
      g_autofree char *group = target != NULL ? get_text (target, "group", FALSE) : NULL;

      if (id == NULL)
        return FALSE;
      tvm_device_refs_add (targets, id, name, platform, group);
    }
  return array != NULL;
}

static JsonObject *
parse (const char *json)
{
  return json != NULL ? tvm_json_parse_small (json, strlen (json)) : NULL;
}

/* What the rules need. */
static gboolean
fill_rules (JsonObject  *object,
            TvmActivity *activity)
{
  const char *type = tvm_json_get_string (object, "type");
  const char *priority = tvm_json_get_string (object, "priority");
  gint64 no_impact_only = tvm_json_get_int (object, "no_impact_only", 0);

  activity->priority = TVM_PRIORITY_NONE;
  activity->no_impact_only = no_impact_only == 1 || no_impact_only == 2 ? (int) no_impact_only : 0;
  return type != NULL && tvm_remediation_type_from_word (type, &activity->type) &&
         (priority == NULL || tvm_priority_from_word (priority, &activity->priority)) &&
         (activity->due_on == NULL || tvm_date_is_valid (activity->due_on)) &&
         get_groups (object, &activity->groups);
}

/**
 * tvm_team_activity_from_json:
 * @json: (nullable): what another member's program told of an activity
 * @targets: (inout): gets its frozen devices
 *
 * Returns: (transfer full) (nullable): the activity, without id, author and times; %NULL where that
 *   is no activity
 */
TvmActivity *
tvm_team_activity_from_json (const char    *json,
                             TvmDeviceRefs *targets)
{
  g_autoptr(JsonObject) object = parse (json);
  g_autoptr(TvmActivity) activity = tvm_activity_new ();

  if (object == NULL)
    return NULL;
  activity->title = get_text (object, "title", FALSE);
  activity->recommendation_id = get_text (object, "recommendation_id", FALSE);
  activity->related_component = get_text (object, "related_component", FALSE);
  activity->notes = get_text (object, "notes", TRUE);
  activity->due_on = get_text (object, "due_on", FALSE);
  activity->policy_reason = get_text (object, "policy_reason", FALSE);
  if (activity->title == NULL || activity->recommendation_id == NULL ||
      !fill_rules (object, activity) || !get_targets (object, targets))
    return NULL;
  return g_steal_pointer (&activity);
}

/**
 * tvm_team_assignee_to_json:
 * @assignee: (nullable): an e-mail address; %NULL: nobody
 *
 * Returns: (transfer full): the same for the log
 */
char *
tvm_team_assignee_to_json (const char *assignee)
{
  g_autoptr(JsonObject) object = json_object_new ();

  if (assignee != NULL)
    json_object_set_string_member (object, "assignee", assignee);
  else
    json_object_set_null_member (object, "assignee");
  return object_to_text (object);
}

/**
 * tvm_team_assignee_from_json:
 * @json: (nullable): of the log
 * @out: (out) (transfer full) (nullable): an e-mail address; %NULL: nobody
 *
 * Returns: whether that is an assignment
 */
gboolean
tvm_team_assignee_from_json (const char  *json,
                             char       **out)
{
  g_autoptr(JsonObject) object = parse (json);

  *out = NULL;
  if (object == NULL || !json_object_has_member (object, "assignee"))
    return FALSE;
  if (json_object_get_null_member (object, "assignee"))
    return TRUE;
  *out = get_text (object, "assignee", FALSE);
  return *out != NULL;
}

/**
 * tvm_team_text_to_json:
 * @text: (nullable): what a person wrote
 *
 * Returns: (transfer full) (nullable): the same for the log; %NULL: nothing
 */
char *
tvm_team_text_to_json (const char *text)
{
  g_autoptr(JsonObject) object = NULL;

  if (text == NULL)
    return NULL;
  object = json_object_new ();
  json_object_set_string_member (object, "text", text);
  return object_to_text (object);
}

/**
 * tvm_team_text_from_json:
 * @json: (nullable): of the log
 *
 * Returns: (transfer full) (nullable): what a person wrote; %NULL: nothing
 */
char *
tvm_team_text_from_json (const char *json)
{
  g_autoptr(JsonObject) object = parse (json);

  return object != NULL ? get_text (object, "text", TRUE) : NULL;
}

/* tvm-team-json.c: decisions as they stand in the team's log, and read from there. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-team-json.h"

#include "tvm-json.h"
#include "tvm-rules.h"
#include "tvm-text.h"
#include "tvm-time.h"

#include <string.h>

#define MAX_NAME_BYTES 600     /* of a title, a device, a group, an address */

/**
 * tvm_team_json_set:
 * @object: (inout): what goes into the log
 * @member: a name
 * @text: (nullable): its value; %NULL leaves it out
 */
void
tvm_team_json_set (JsonObject *object,
                   const char *member,
                   const char *text)
{
  if (text != NULL)
    json_object_set_string_member (object, member, text);
}

/**
 * tvm_team_json_end:
 * @object: what goes into the log
 *
 * Returns: (transfer full): its text
 */
char *
tvm_team_json_end (JsonObject *object)
{
  g_autoptr(JsonNode) node = json_node_alloc ();

  json_node_init_object (node, object);
  return json_to_string (node, FALSE);
}

/**
 * tvm_team_json_set_groups:
 * @object: (inout): what goes into the log
 * @groups: (nullable) (array zero-terminated=1): device groups
 */
void
tvm_team_json_set_groups (JsonObject        *object,
                          const char *const *groups)
{
  JsonArray *array = json_array_new ();

  for (; groups != NULL && *groups != NULL; groups++)
    json_array_add_string_element (array, *groups);
  json_object_set_array_member (object, "groups", array);
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

      tvm_team_json_set (target, "id", ref->id);
      tvm_team_json_set (target, "name", ref->name);
      tvm_team_json_set (target, "os_platform", ref->os_platform);
      tvm_team_json_set (target, "group", ref->group);
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

  tvm_team_json_set (object, "title", activity->title);
  tvm_team_json_set (object, "recommendation_id", activity->recommendation_id);
  tvm_team_json_set (object, "related_component", activity->related_component);
  tvm_team_json_set (object, "notes", activity->notes);
  tvm_team_json_set (object, "due_on", activity->due_on);
  tvm_team_json_set (object, "policy_reason", activity->policy_reason);
  tvm_team_json_set (object, "type", tvm_remediation_type_to_word (activity->type));
  if (activity->priority != TVM_PRIORITY_NONE)
    tvm_team_json_set (object, "priority", tvm_priority_to_word (activity->priority));
  json_object_set_int_member (object, "no_impact_only", activity->no_impact_only);
  tvm_team_json_set_groups (object, (const char *const *) activity->groups);
  set_targets (object, targets);
  return tvm_team_json_end (object);
}

/* A label of millions of letters stops a window. */
static char *
dup_cut (const char *text,
         gsize       max_bytes)
{
  const char *end = text + max_bytes;

  if (strlen (text) <= max_bytes)
    return g_strdup (text);
  while ((*end & 0xc0) == 0x80)
    end--;
  return g_strdup_printf ("%.*s…", (int) (end - text), text);
}

/**
 * tvm_team_json_get:
 * @object: of the log
 * @member: a name
 * @keeps_lines: whether it may have several lines
 *
 * Others' programs wrote it: nothing in it is taken for clean, and no more of it than a person can
 * write here.
 *
 * Returns: (transfer full) (nullable): its text; %NULL: it has none
 */
char *
tvm_team_json_get (JsonObject *object,
                   const char *member,
                   gboolean    keeps_lines)
{
  const char *text = tvm_json_get_string (object, member);
  g_autofree char *cut = NULL;

  if (text == NULL || *text == '\0')
    return NULL;
  cut = dup_cut (text, keeps_lines ? TVM_NOTE_MAX_BYTES : MAX_NAME_BYTES);
  return tvm_text_clean (cut, -1, keeps_lines);
}

static JsonArray *
tvm_team_json_get_array (JsonObject *object,
                         const char *member)
{
  JsonNode *node = json_object_get_member (object, member);

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

/**
 * tvm_team_json_get_groups:
 * @object: of the log
 * @out: (out) (transfer full) (array zero-terminated=1): its device groups
 *
 * Returns: whether it has such a list
 */
gboolean
tvm_team_json_get_groups (JsonObject  *object,
                          char      ***out)
{
  JsonArray *array = tvm_team_json_get_array (object, "groups");
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      const char *name = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;
      g_autofree char *cut = name != NULL ? dup_cut (name, MAX_NAME_BYTES) : NULL;
      g_autofree char *clean = cut != NULL ? tvm_text_clean (cut, -1, FALSE) : NULL;

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
  JsonArray *array = tvm_team_json_get_array (object, "targets");

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      JsonObject *target = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      g_autofree char *id = NULL, *name = NULL, *platform = NULL, *group = NULL;

      id = target != NULL ? tvm_team_json_get (target, "id", FALSE) : NULL;
      if (id == NULL)
        return FALSE;
      name = tvm_team_json_get (target, "name", FALSE);
      platform = tvm_team_json_get (target, "os_platform", FALSE);
      group = tvm_team_json_get (target, "group", FALSE);
      tvm_device_refs_add (targets, id, name, platform, group);
    }
  return array != NULL;
}

/**
 * tvm_team_json_parse:
 * @json: (nullable): of the log
 *
 * Returns: (transfer full) (nullable): the object; %NULL where that is none
 */
JsonObject *
tvm_team_json_parse (const char *json)
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
         tvm_team_json_get_groups (object, &activity->groups);
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
  g_autoptr(JsonObject) object = tvm_team_json_parse (json);
  g_autoptr(TvmActivity) activity = tvm_activity_new ();

  if (object == NULL)
    return NULL;
  activity->title = tvm_team_json_get (object, "title", FALSE);
  activity->recommendation_id = tvm_team_json_get (object, "recommendation_id", FALSE);
  activity->related_component = tvm_team_json_get (object, "related_component", FALSE);
  activity->notes = tvm_team_json_get (object, "notes", TRUE);
  activity->due_on = tvm_team_json_get (object, "due_on", FALSE);
  activity->policy_reason = tvm_team_json_get (object, "policy_reason", FALSE);
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
  return tvm_team_json_end (object);
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
  g_autoptr(JsonObject) object = tvm_team_json_parse (json);

  *out = NULL;
  if (object == NULL || !json_object_has_member (object, "assignee"))
    return FALSE;
  if (json_object_get_null_member (object, "assignee"))
    return TRUE;
  *out = tvm_team_json_get (object, "assignee", FALSE);
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
  return tvm_team_json_end (object);
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
  g_autoptr(JsonObject) object = tvm_team_json_parse (json);

  return object != NULL ? tvm_team_json_get (object, "text", TRUE) : NULL;
}

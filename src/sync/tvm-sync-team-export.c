/* tvm-sync-team-export.c: all that a team's database holds, in a file for programs. Blocks.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-sync-private.h"

#include "tvm-out-file.h"
#include "tvm-time.h"

#include <json-glib/json-glib.h>
#include <string.h>

#define BATCH 500

static gboolean
write_text (TvmOutFile  *file,
            const char  *text,
            GError     **error)
{
  return tvm_out_file_write (file, text, strlen (text), error);
}

static void
add_instant (JsonObject *object,
             const char *member,
             gint64      when_us)
{
  g_autofree char *text = when_us != 0 ? tvm_format_instant (when_us) : NULL;

  if (text != NULL)
    json_object_set_string_member (object, member, text);
  else
    json_object_set_null_member (object, member);
}

static void
add_text (JsonObject *object,
          const char *member,
          const char *text)
{
  if (text != NULL)
    json_object_set_string_member (object, member, text);
  else
    json_object_set_null_member (object, member);
}

/* As it stands in the log: JSON. */
static void
add_json (JsonObject *object,
          const char *member,
          const char *json)
{
  g_autoptr(JsonNode) node = json != NULL ? json_from_string (json, NULL) : NULL;

  if (node != NULL)
    json_object_set_member (object, member, g_steal_pointer (&node));
  else
    json_object_set_null_member (object, member);
}

static gboolean
write_object (TvmOutFile  *file,
              JsonObject  *object,
              gboolean    *is_first,
              GError     **error)
{
  g_autoptr(JsonNode) node = json_node_alloc ();
  g_autofree char *text = NULL;
  g_autofree char *line = NULL;

  json_node_init_object (node, object);
  text = json_to_string (node, FALSE);
  line = g_strconcat (*is_first ? "\n" : ",\n", text, NULL);
  *is_first = FALSE;
  return write_text (file, line, error);
}

static gboolean
write_members (TvmOutFile  *file,
               GPtrArray   *members,
               GError     **error)
{
  gboolean is_first = TRUE, is_good = write_text (file, ",\n\"members\": [", error);

  for (guint i = 0; is_good && i < members->len; i++)
    {
      const TvmTeamMember *member = members->pdata[i];
      g_autoptr(JsonObject) object = json_object_new ();

      add_text (object, "login", member->login);
      add_text (object, "account", member->account);
      add_text (object, "right", tvm_team_right_to_word (member->right));
      add_instant (object, "added", member->added_us);
      add_text (object, "added_by", member->added_by);
      add_instant (object, "left", member->left_us);
      is_good = write_object (file, object, &is_first, error);
    }
  return is_good && write_text (file, "\n]", error);
}

static gboolean
write_event (TvmOutFile          *file,
             const TvmTeamEvent  *event,
             gboolean            *is_first,
             GError             **error)
{
  g_autoptr(JsonObject) object = json_object_new ();

  json_object_set_int_member (object, "number", event->number);
  add_text (object, "id", event->id);
  add_text (object, "subject", event->subject);
  add_text (object, "kind", event->kind);
  add_text (object, "who", event->who);
  add_instant (object, "decided_on", event->decided_us);
  add_instant (object, "recorded_on", event->recorded_us);
  json_object_set_boolean_member (object, "needs_approval", event->needs_approval);
  add_json (object, "before", event->before);
  add_json (object, "after", event->after);
  return write_object (file, object, is_first, error);
}

static gboolean
write_log (TvmTeam       *link,
           TvmOutFile    *file,
           gint64        *out_n,
           GCancellable  *cancellable,
           GError       **error)
{
  gboolean is_first = TRUE, is_end;
  gint64 after = 0;
  guint n;

  if (!write_text (file, ",\n\"decisions\": [", error))
    return FALSE;
  do
    {
      g_autoptr(GPtrArray) events = tvm_team_read_log (link, after, BATCH, &is_end, cancellable,
                                                       error);

      if (events == NULL)
        return FALSE;
      n = events->len;
      for (guint i = 0; i < n; i++)
        if (!write_event (file, events->pdata[i], &is_first, error))
          return FALSE;
      if (n > 0)
        after = ((TvmTeamEvent *) events->pdata[n - 1])->number;
      *out_n += n;
    }
  while (!is_end);
  return write_text (file, "\n]\n}\n", error);
}

static gboolean
write_all (TvmTeam             *link,
           const TvmTeamState  *state,
           TvmOutFile          *file,
           gint64              *out_n,
           GCancellable        *cancellable,
           GError             **error)
{
  g_autoptr(GPtrArray) members = tvm_team_list_members (link, cancellable, error);
  g_autofree char *tickets = members != NULL ? tvm_team_dup_tickets (link, cancellable, error)
                                             : NULL;
  g_autofree char *head = g_strdup_printf (
    "{\n\"team_id\": \"%s\",\n\"layout\": %d,\n\"approval\": \"%s\",\n\"tickets\": %s", state->id,
    state->version, tvm_approval_rule_to_word (state->approval),
    tickets != NULL ? tickets : "[]");

  return tickets != NULL && write_text (file, head, error) &&
         write_members (file, members, error) && write_log (link, file, out_n, cancellable, error);
}

/**
 * tvm_sync_engine_export_team:
 * @self: an engine
 * @path: a file
 * @overwrite: whether it may be there already
 * @out_n: (out): how many decisions it has
 * @cancellable: (nullable): ends the wait
 * @error: return location for a #TvmError
 *
 * Writes all that the team's database holds as one JSON document, in portions.
 *
 * Returns: whether the file is there, whole
 */
gboolean
tvm_sync_engine_export_team (TvmSyncEngine  *self,
                             const char     *path,
                             gboolean        overwrite,
                             gint64         *out_n,
                             GCancellable   *cancellable,
                             GError        **error)
{
  g_autoptr(TvmSyncTeam) team = NULL;
  g_autoptr(TvmTeam) link = tvm_sync_open_team (self, &team, cancellable, error);
  g_autoptr(TvmOutFile) file = NULL;

  *out_n = 0;
  if (link != NULL)
    file = tvm_out_file_open (path, overwrite, error);
  return file != NULL &&
         write_all (link, team->state, file, out_n, cancellable, error) &&
         tvm_out_file_finish (file, error);
}

/* tvm-team-log.c: the team's log: what is decided here goes in, what others decided comes out, in
 * its order. One thread at a time. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-team-private.h"

#include <json-glib/json-glib.h>

#define US(instant) "(extract (epoch FROM " instant ") * 1000000)::bigint"
/* Any program may say when: infinity, and what is too far for a number, would stop all others. */
#define DECIDED "greatest (least (e.decided_at, e.recorded_at), to_timestamp (0))"
/* Of a row, roughly; what is large as it is stored may be a hundred times as large. An answer is
 * held in memory as a whole. */
#define STORED(column) "coalesce (pg_column_size (" column "), 0)"
#define LENGTH(column) "coalesce (octet_length (" column "::text), 0)"
#define SIZE \
  "CASE WHEN " STORED ("e.before") " + " STORED ("e.after") " > 20000 THEN " LENGTH ("e.before") \
  " + " LENGTH ("e.after") " ELSE 20000 END"
#define MAX_SIZE "32000000"
/* Whoever left was somebody. The database refuses it; this is of a layout before that. A day more,
 * for a clock that was put back. */
#define IS_TO_STRANGER \
  "(e.kind = 'activity-assigned' AND e.after ->> 'assignee' IS NOT NULL AND NOT EXISTS (SELECT 1 " \
  "FROM tvm_remediate.member s WHERE lower (s.account) = lower (e.after ->> 'assignee') AND " \
  "s.added_at <= e.recorded_at + interval '1 day'))::integer"

static char *
events_to_json (GPtrArray *events,
                guint      first,
                guint      n)
{
  g_autoptr(JsonArray) array = json_array_sized_new (n);
  g_autoptr(JsonNode) node = json_node_alloc ();

  for (guint i = first; i < first + n; i++)
    {
      const TvmTeamEvent *event = events->pdata[i];
      JsonObject *object = json_object_new ();

      json_object_set_string_member (object, "id", event->id);
      json_object_set_string_member (object, "subject", event->subject);
      json_object_set_string_member (object, "kind", event->kind);
      json_object_set_int_member (object, "decided_us", event->decided_us);
      if (event->before != NULL)
        json_object_set_string_member (object, "before", event->before);
      if (event->after != NULL)
        json_object_set_string_member (object, "after", event->after);
      json_array_add_object_element (array, object);
    }
  json_node_init_array (node, array);
  return json_to_string (node, FALSE);
}

/**
 * tvm_team_append:
 * @self: a connection of a member
 * @events: (element-type TvmTeamEvent): decisions of this member, in their order
 * @first: the first one to add
 * @n: how many from there
 * @cancellable: (nullable): ends the wait
 * @error: return location for a #TvmError: %TVM_ERROR_FORBIDDEN where the member's right does not
 *   reach, %TVM_ERROR_REJECTED where one makes no sense
 *
 * Adds all of them, or none. What the log has already is passed over, so that they can be sent
 * again whenever nobody knows whether they arrived.
 *
 * Returns: whether the log has them
 */
gboolean
tvm_team_append (TvmTeam       *self,
                 GPtrArray     *events,
                 guint          first,
                 guint          n,
                 GCancellable  *cancellable,
                 GError       **error)
{
  g_autofree char *json = events_to_json (events, first, n);
  const char *values[] = { json };
  g_autoptr(PGresult) done = tvm_team_query (self,
    "INSERT INTO tvm_remediate.event (id, subject, kind, decided_at, before, after) SELECT e.id, "
    "e.subject, e.kind, to_timestamp (0) + e.decided_us * interval '1 microsecond', "
    "e.before::jsonb, e.after::jsonb FROM ROWS FROM (jsonb_to_recordset ($1::jsonb) AS (id uuid, "
    "subject uuid, kind text, decided_us bigint, before text, after text)) WITH ORDINALITY AS e "
    "(id, subject, kind, decided_us, before, after, place) ORDER BY e.place", 1, values,
    cancellable, error);

  return done != NULL;
}

/**
 * tvm_team_read_log:
 * @self: a connection of a member, after tvm_team_look()
 * @after: the number of the last decision that is known; 0: none
 * @max: how many at the most; fewer where they are large
 * @out_is_end: (out) (optional): whether those are all
 * @cancellable: (nullable): ends the wait
 * @error: return location for a #TvmError
 *
 * Returns: (transfer full) (element-type TvmTeamEvent): what stands behind that in the log, in its
 *   order; %NULL on error
 */
GPtrArray *
tvm_team_read_log (TvmTeam       *self,
                   gint64         after,
                   guint          max,
                   gboolean      *out_is_end,
                   GCancellable  *cancellable,
                   GError       **error)
{
  g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, after);
  g_autofree char *limit = g_strdup_printf ("%u", max);
  g_autofree char *sql = g_strdup_printf (
    "SELECT e.number, e.id, e.subject, e.kind, m.account, " US (DECIDED) ", "
    US ("e.recorded_at") ", e.before, e.after, %s, e.n, " IS_TO_STRANGER
    " FROM (SELECT e.*, count(*) OVER () AS n, sum (e.size) OVER (ORDER BY e.number) - e.size AS "
    "size_before FROM (SELECT e.*, " SIZE " AS size FROM tvm_remediate.event e WHERE e.number > "
    "$1::bigint ORDER BY e.number LIMIT $2::integer) e) e JOIN tvm_remediate.member m ON m.id = "
    "e.author WHERE e.size_before < "
    MAX_SIZE " ORDER BY e.number",
    self->layout >= TVM_TEAM_APPROVALS ? "e.needs_approval::integer" : "0");
  const char *values[] = { number, limit };
  g_autoptr(PGresult) told = tvm_team_query (self, sql, 2, values, cancellable, error);
  GPtrArray *events;

  if (told == NULL)
    return NULL;
  events = g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_team_event_unref);
  if (out_is_end != NULL)
    *out_is_end = PQntuples (told) < (int) max &&
                  (PQntuples (told) == 0 || PQntuples (told) == tvm_team_get_number (told, 0, 10));
  for (int i = 0; i < PQntuples (told); i++)
    {
      TvmTeamEvent *event = tvm_team_event_new ();

      event->number = tvm_team_get_number (told, i, 0);
      event->id = tvm_team_dup_cell (told, i, 1);
      event->subject = tvm_team_dup_cell (told, i, 2);
      event->kind = tvm_team_dup_cell (told, i, 3);
      event->who = tvm_team_dup_cell (told, i, 4);
      event->decided_us = tvm_team_get_number (told, i, 5);
      event->recorded_us = tvm_team_get_number (told, i, 6);
      event->before = tvm_team_dup_cell (told, i, 7);
      event->after = tvm_team_dup_cell (told, i, 8);
      event->needs_approval = tvm_team_get_number (told, i, 9) != 0;
      event->is_to_stranger = tvm_team_get_number (told, i, 11) != 0;
      if (event->is_to_stranger)
        g_clear_pointer (&event->after, g_free);
      g_ptr_array_add (events, event);
    }
  return events;
}

/**
 * tvm_team_match_log:
 * @self: a connection of a member
 * @places: numbers and ids of decisions, as JSON
 * @out: (out): how far the log has them too
 * @cancellable: (nullable): ends the wait
 * @error: return location for a #TvmError
 *
 * Returns: %FALSE on error
 */
gboolean
tvm_team_match_log (TvmTeam       *self,
                    const char    *places,
                    TvmTeamMatch  *out,
                    GCancellable  *cancellable,
                    GError       **error)
{
  g_autoptr(PGresult) told = tvm_team_query (self,
    "SELECT coalesce (max (e.number) FILTER (WHERE e.id = p.id), 0), coalesce (bool_or (e.id <> "
    "p.id), false)::integer, (SELECT coalesce (max (number), 0) FROM tvm_remediate.event) FROM "
    "jsonb_to_recordset ($1::jsonb) AS p (number bigint, id uuid) JOIN tvm_remediate.event e ON "
    "e.number = p.number", 1, &places, cancellable, error);

  if (told == NULL)
    return FALSE;
  out->common = tvm_team_get_number (told, 0, 0);
  out->differs = tvm_team_get_number (told, 0, 1) != 0;
  out->last = tvm_team_get_number (told, 0, 2);
  return TRUE;
}

/**
 * tvm_team_count_log:
 * @self: a connection of a member
 * @after: the number of the last decision that is known; 0: none
 * @cancellable: (nullable): ends the wait
 * @error: return location for a #TvmError
 *
 * Returns: how many decisions stand behind that in the log; -1 on error
 */
gint64
tvm_team_count_log (TvmTeam       *self,
                    gint64         after,
                    GCancellable  *cancellable,
                    GError       **error)
{
  g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, after);
  const char *values[] = { number };
  g_autoptr(PGresult) told = tvm_team_query (self, "SELECT count(*) FROM tvm_remediate.event WHERE "
                                             "number > $1::bigint", 1, values, cancellable, error);

  return told != NULL ? tvm_team_get_number (told, 0, 0) : -1;
}

/**
 * tvm_team_listen:
 * @self: a connection of a member
 * @cancellable: (nullable): ends the wait
 * @error: return location for a #TvmError
 *
 * From now on tvm_team_wait() is told when somebody adds to the log.
 *
 * Returns: %FALSE on error
 */
gboolean
tvm_team_listen (TvmTeam       *self,
                 GCancellable  *cancellable,
                 GError       **error)
{
  return tvm_team_run (self, "LISTEN tvm_remediate", cancellable, error);
}

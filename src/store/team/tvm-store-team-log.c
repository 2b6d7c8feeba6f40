/* tvm-store-team-log.c: what comes of the team's log is kept, and its activities brought to what
 * follows from it. By the log's order alone, so that every member's store comes to the same.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-team-private.h"
#include "tvm-store-team.h"

#include <string.h>

typedef struct
{
  GPtrArray     *events;
  TvmListResult *result;
  gint64         newest;       /* of the log, that is here */
} LogData;

/* ---- an activity that somebody else requested */

static void
insert_targets (TvmDb         *db,
                gint64         activity_key,
                TvmDeviceRefs *targets)
{
  static const TvmLinks links = {
    .insert_head = "INSERT INTO target (activity_key, device_key, is_exposed) VALUES ",
    .insert_row = "(?1, ?, 1)",
  };
  g_autoptr(GArray) keys = tvm_refs_list_keys (db, targets);

  tvm_keys_sort (keys);
  tvm_links_insert (db, &links, activity_key, keys);
  tvm_db_run (db, "UPDATE activity SET target_devices = ?2 WHERE key = ?1", "Ii", activity_key,
              (int) keys->len);
}

/* Whether it is one, and was not here; its devices are followed as those of one's own are. */
static gboolean
insert_activity (TvmDb              *db,
                 const TvmTeamEvent *event)
{
  const TvmActivity *a = event->activity;
  g_autofree char *groups = a != NULL ? tvm_groups_to_text ((const char *const *) a->groups) : NULL;
  gint64 key;

  if (a == NULL || tvm_db_get_int (db, "SELECT EXISTS (SELECT 1 FROM activity WHERE id = ?1)", "s",
                                   event->subject) != 0)
    return FALSE;
  tvm_db_run (db, "INSERT INTO activity (id, title, recommendation_id, related_component, notes, "
              "groups, type, priority, status, completion, due_on, created_by, created_us, "
              "completed_us, target_devices, fixed_devices, no_impact_only, origin, policy_reason) "
              "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, TVM_STATUS_ACTIVE, TVM_COMPLETION_NONE, ?9, "
              "?10, ?11, 0, 0, ?12, ?13, TVM_ORIGIN_LOCAL, ?14)", "ssssssiissIiis", event->subject,
              a->title, a->recommendation_id, a->related_component, a->notes, groups, a->type,
              a->priority, a->due_on, event->who, tvm_team_event_when (event),
              a->type == TVM_TYPE_ATTENTION_REQUIRED ? -1 : 0, a->no_impact_only,
              a->policy_reason);
  if (!tvm_db_is_good (db))
    return FALSE;
  key = sqlite3_last_insert_rowid (db->handle);
  insert_targets (db, key, event->targets);
  tvm_progress_note (db, key);
  tvm_history_add_counted (db, key, "requested", event->who, a->policy_reason,
                           (int) event->targets->refs->len, NULL,
                           tvm_activity_status_to_word (TVM_STATUS_ACTIVE));
  return TRUE;
}

/* ---- what follows */

/**
 * tvm_team_load_subject:
 * @db: a connection
 * @subject: an activity or exception
 *
 * Returns: (transfer full) (element-type TvmTeamEvent): its decisions in the log's order; those
 *   that are not in it yet come last
 */
GPtrArray *
tvm_team_load_subject (TvmDb      *db,
                       const char *subject)
{
  sqlite3_stmt *row = tvm_db_query (db, "SELECT " TVM_TEAM_EVENT_COLUMNS " FROM "
                                    "team_event WHERE subject = ?1 ORDER BY number <= 0, number "
                                    "= 0, abs (number), key", "s", subject);

  return tvm_db_list (db, row, (TvmDbReadFunc) tvm_team_event_read,
                      (GDestroyNotify) tvm_team_event_unref);
}

/**
 * tvm_team_load_without:
 * @db: a connection
 * @subject: an activity, an exception or a view
 * @ids: (array zero-terminated=1): decisions about it that are left out
 *
 * Returns: (transfer full) (element-type TvmTeamEvent): as of tvm_team_load_subject()
 */
GPtrArray *
tvm_team_load_without (TvmDb             *db,
                       const char        *subject,
                       const char *const *ids)
{
  GPtrArray *events = tvm_team_load_subject (db, subject);

  for (guint i = events->len; i > 0; i--)
    if (g_strv_contains (ids, ((TvmTeamEvent *) events->pdata[i - 1])->id))
      g_ptr_array_remove_index (events, i - 1);
  return events;
}

/* What was decided before, as far as that decision knew. */
static void
add_assigned_line (TvmDb              *db,
                   gint64              key,
                   const TvmTeamEvent *event,
                   const char         *kind)
{
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  tvm_team_assignee_from_json (event->before, &before);
  if (tvm_team_assignee_from_json (event->after, &after))
    tvm_history_add_change (db, key, kind, event->who, NULL, before, after);
}

/* The line that a decision makes: of somebody else each has one, of one's own only what came
 * otherwise than it seemed when it was made. */
static void
add_line (TvmDb              *db,
          gint64              key,
          const TvmTeamEvent *event,
          TvmTeamVerdict      verdict,
          gboolean            is_own)
{
  gboolean is_request = strcmp (event->kind, TVM_EVENT_REQUESTED) == 0;  /* long, without a text */
  g_autofree char *text = is_request ? NULL : tvm_team_text_from_json (event->after);
  const char *active = tvm_activity_status_to_word (TVM_STATUS_ACTIVE);
  const char *completed = tvm_activity_status_to_word (TVM_STATUS_COMPLETED);

  if (verdict == TVM_TEAM_LATE)
    tvm_history_add_change (db, key, "completed-too", event->who, text, NULL, NULL);
  else if (verdict == TVM_TEAM_UNAWARE)
    add_assigned_line (db, key, event, "assigned-over");
  else if (verdict == TVM_TEAM_VOID && strcmp (event->kind, TVM_EVENT_REOPENED) == 0)
    tvm_history_add_change (db, key, "reopening-void", event->who, NULL, NULL, NULL);
  else if (is_own || verdict == TVM_TEAM_VOID)
    return;
  else if (strcmp (event->kind, TVM_EVENT_COMPLETED) == 0)
    tvm_history_add_change (db, key, "completed-manual", event->who, text, active, completed);
  else if (strcmp (event->kind, TVM_EVENT_REOPENED) == 0)
    tvm_history_add_change (db, key, "completion-undone", event->who, NULL, completed, active);
  else if (strcmp (event->kind, TVM_EVENT_ASSIGNED) == 0)
    add_assigned_line (db, key, event, "assigned");
  else if (strcmp (event->kind, TVM_EVENT_COMMENT) == 0 && text != NULL)
    tvm_history_add_change (db, key, "comment", event->who, text, NULL, NULL);
}

/* What the team decided stands above what the devices say; where nobody has completed it, they go
 * on being followed. */
static void
apply_outcome (TvmDb                *db,
               gint64                key,
               const TvmTeamOutcome *outcome)
{
  g_autofree char *assignee = NULL;
  int n = 0;

  if (outcome->assignment != NULL)
    tvm_team_assignee_from_json (outcome->assignment->after, &assignee);
  tvm_db_run (db, "UPDATE activity SET assignee = ?2 WHERE key = ?1 AND assignee IS NOT ?2", "Is",
              key, assignee);
  if (outcome->is_completed)
    n = tvm_db_run (db, "UPDATE activity SET status = TVM_STATUS_COMPLETED, completion = "
                    "TVM_COMPLETION_MANUAL, completed_by = ?2, completed_us = ?3 WHERE key = ?1 "
                    "AND (completion <> TVM_COMPLETION_MANUAL OR completed_by IS NOT ?2 OR "
                    "completed_us <> ?3)", "IsI", key, outcome->completed_by,
                    outcome->completed_us);
  else
    n = tvm_db_run (db, "UPDATE activity SET status = TVM_STATUS_ACTIVE, completion = "
                    "TVM_COMPLETION_NONE, completed_by = NULL, completed_us = 0 WHERE key = ?1 AND "
                    "completion = TVM_COMPLETION_MANUAL", "I", key);
  if (n > 0)
    db->changes |= TVM_CHANGED_RECOMMENDATIONS;
}

static void
settle (TvmDb              *db,
        const TvmTeamEvent *event,
        TvmTeamArrival      arrival)
{
  gboolean is_own = arrival == TVM_TEAM_OWN;
  g_autoptr(GPtrArray) events = NULL;
  g_autofree TvmTeamVerdict *verdicts = NULL;
  gint64 key = tvm_db_get_int (db, "SELECT key FROM activity WHERE id = ?1 AND origin = "
                               "TVM_ORIGIN_LOCAL", "s", event->subject);
  TvmTeamOutcome outcome;

  if (key == 0)
    return; /* it is no activity, or was deleted here in the meantime */
  if (strcmp (event->kind, TVM_EVENT_COMMENT) == 0)
    {
      if (arrival != TVM_TEAM_AGAIN)
        add_line (db, key, event, TVM_TEAM_STANDS, is_own);  /* whatever else was decided */
      return;
    }
  events = tvm_team_load_subject (db, event->subject);
  verdicts = g_new0 (TvmTeamVerdict, events->len);
  tvm_team_judge (events, verdicts, &outcome);
  for (guint i = 0; i < events->len && arrival != TVM_TEAM_AGAIN; i++)
    if (strcmp (((TvmTeamEvent *) events->pdata[i])->id, event->id) == 0)
      add_line (db, key, event, verdicts[i], is_own);
  apply_outcome (db, key, &outcome);
}

/* What follows from it; whether it is something new here. */
static gboolean
follow_event (TvmDb              *db,
              const TvmTeamEvent *event,
              TvmTeamArrival      arrival)
{
  gboolean is_new;

  if (strcmp (event->kind, TVM_EVENT_POLICY) == 0)
    {
      tvm_team_keep_policy_event (db, event, arrival);
      return FALSE;
    }
  if (strcmp (event->kind, TVM_EVENT_VIEW_SHARED) == 0 ||
      strcmp (event->kind, TVM_EVENT_VIEW_WITHDRAWN) == 0)
    {
      tvm_team_keep_view_event (db, event, arrival);
      return FALSE;
    }
  if (tvm_db_get_int (db, "SELECT EXISTS (SELECT 1 FROM team_event WHERE subject = ?1 AND kind = "
                      "?2)", "ss", event->subject, TVM_EVENT_FILED) != 0)
    return tvm_team_keep_exception_event (db, event, arrival);
  is_new = arrival == TVM_TEAM_OTHERS && strcmp (event->kind, TVM_EVENT_REQUESTED) == 0 &&
           insert_activity (db, event);
  settle (db, event, arrival);
  return is_new;
}

static void
keep_event (TvmDb              *db,
            const TvmTeamEvent *event,
            LogData            *data)
{
  TvmTeamArrival arrival;
  gboolean is_own, is_new;
  int there;

  /* The index by number has only those that are in the log. The sign keeps SQLite from planning
   * anew for each number, which it does where such an index meets a parameter. */
  if (event->number <= data->newest &&
      tvm_db_get_int (db, "SELECT EXISTS (SELECT 1 FROM team_event WHERE number = +?1 AND number > "
                      "0)", "I", event->number) != 0)
    return; /* another process was faster */
  data->newest = MAX (data->newest, event->number);
  there = (int) tvm_db_get_int (db, "SELECT 1 + (recorded_us <> 0) FROM team_event WHERE id = ?1 "
                                "AND number <= 0", "s", event->id);
  is_own = there > 0 &&
           tvm_db_run (db, "UPDATE team_event SET number = ?2, recorded_us = ?3, who = ?4, is_sent "
                       "= 1, needs_approval = ?5 WHERE id = ?1", "sIIsi", event->id,
                       event->number, event->recorded_us, event->who, event->needs_approval) > 0;
  if (!is_own)
    tvm_db_run (db, "INSERT INTO team_event (id, subject, kind, who, decided_us, recorded_us, "
                "number, is_sent, before, after, needs_approval) VALUES (?1, ?2, ?3, ?4, ?5, ?6, "
                "?7, 1, ?8, ?9, ?10)", "ssssIIIssi", event->id, event->subject, event->kind,
                event->who,
                event->decided_us, event->recorded_us, event->number, event->before, event->after,
                event->needs_approval);
  arrival = there == 2 ? TVM_TEAM_AGAIN : is_own ? TVM_TEAM_OWN : TVM_TEAM_OTHERS;
  db->line_us = tvm_team_event_when (event);
  is_new = follow_event (db, event, arrival);
  db->line_us = 0;
  if (arrival == TVM_TEAM_OTHERS)
    tvm_team_look_for_fault (db, event, is_new);
  data->result->added += is_new;
  data->result->changed += !is_own && strcmp (event->kind, TVM_EVENT_REQUESTED) != 0 &&
                     strcmp (event->kind, TVM_EVENT_FILED) != 0;
}

static void
keep (TvmDb    *db,
      gpointer  user_data)
{
  LogData *data = user_data;

  data->newest = tvm_team_newest_number (db);
  for (guint i = 0; i < data->events->len && tvm_db_is_good (db); i++)
    {
      tvm_team_event_parse (data->events->pdata[i]);
      keep_event (db, data->events->pdata[i], data);
    }
  if (data->events->len > 0)
    db->changes |= TVM_CHANGED_ACTIVITIES | TVM_CHANGED_DEVICES | TVM_CHANGED_RECOMMENDATIONS |
                   TVM_CHANGED_EXCEPTIONS;
}

/**
 * tvm_store_keep_team_events:
 * @self: a store
 * @events: (element-type TvmTeamEvent): what stands in the team's log next, in its order
 * @result: (inout): counts what they brought
 * @error: return location for a #TvmError
 *
 * Keeps them and what follows in one transaction. What is here already changes nothing.
 *
 * Returns: %FALSE on error; then none is kept
 */
gboolean
tvm_store_keep_team_events (TvmStore       *self,
                            GPtrArray      *events,
                            TvmListResult  *result,
                            GError        **error)
{
  LogData data = { events, result, 0 };

  g_return_val_if_fail (TVM_IS_STORE (self), FALSE);

  return tvm_store_write (self, keep, &data, error);
}

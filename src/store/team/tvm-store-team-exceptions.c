/* tvm-store-team-exceptions.c: exceptions that a team shares: noted for its log, and brought to
 * what follows from it (R10, R20). SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-team-private.h"
#include "tvm-store-team.h"

#include "tvm-time.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* ---- noting */

/**
 * tvm_team_needs_approval:
 * @db: a connection
 * @is_global: whether an exception is for all device groups
 * @known_exploited: how many known exploited CVEs it covers; below 0: not known
 *
 * Returns: whether it has no effect until somebody else approves it, by the team's rule as far as
 *   it is known here
 */
gboolean
tvm_team_needs_approval (TvmDb    *db,
                         gboolean  is_global,
                         int       known_exploited)
{
  g_autofree char *word = tvm_db_get_text (db, "SELECT value FROM setting WHERE name = ?1", "s",
                                           TVM_TEAM_APPROVAL_KEY);
  TvmApprovalRule rule = TVM_APPROVE_NONE;

  tvm_approval_rule_from_word (word, &rule);
  return tvm_team_is_joined (db) && tvm_approval_is_needed (rule, is_global, known_exploited);
}

/**
 * tvm_team_note_exception:
 * @db: the writer's connection
 * @exception: an exception that was filed here
 * @known_exploited: how many known exploited CVEs it covers; below 0: not known
 *
 * Notes it for the team, where the profile is in one.
 */
void
tvm_team_note_exception (TvmDb              *db,
                         const TvmException *exception,
                         int                 known_exploited)
{
  TvmTeamEvent event = { .kind = (char *) TVM_EVENT_FILED };
  g_autofree char *after = NULL;

  if (exception == NULL || exception->created_by == NULL || !tvm_team_is_joined (db))
    return;
  event.subject = exception->id;
  event.who = exception->created_by;
  event.decided_us = exception->created_us;
  event.needs_approval = exception->approval == TVM_APPROVAL_REQUESTED;
  event.after = after = tvm_team_exception_to_json (exception, known_exploited);
  tvm_team_note_event (db, &event);
}

/**
 * tvm_team_note_of_exception:
 * @db: the writer's connection
 * @id: an exception
 * @kind: what was decided about it
 * @who: (nullable): by whom
 * @after: (nullable): JSON of what belongs to it
 *
 * Notes it for the team, where that knows the exception.
 */
void
tvm_team_note_of_exception (TvmDb      *db,
                            const char *id,
                            const char *kind,
                            const char *who,
                            const char *after)
{
  TvmTeamEvent event = { .subject = (char *) id, .kind = (char *) kind, .who = (char *) who,
                         .after = (char *) after };

  if (who != NULL && tvm_team_knows (db, id, TVM_EVENT_FILED))
    tvm_team_note_event (db, &event);
}

/* ---- one that somebody else filed */

static void
insert_groups (TvmDb              *db,
               gint64              key,
               const TvmException *x)
{
  for (char **group = x->groups; *group != NULL; group++)
    tvm_db_run (db, "INSERT INTO exception_group (exception_key, name) VALUES (?1, ?2) ON CONFLICT "
                "DO NOTHING", "Is", key, *group);
}

/* Whether it is one, and was not here. */
static gboolean
insert_exception (TvmDb              *db,
                  const TvmTeamEvent *event)
{
  g_autoptr(TvmException) x = tvm_team_exception_of_event (event);
  TvmExceptionStatus status = event->needs_approval ? TVM_EXCEPTION_REQUESTED
                                                    : TVM_EXCEPTION_ACTIVE;
  gint64 key;

  if (x == NULL || tvm_db_get_int (db, "SELECT EXISTS (SELECT 1 FROM exception WHERE id = ?1)", "s",
                                   event->subject) != 0)
    return FALSE;
  tvm_db_run (db, "INSERT INTO exception (id, recommendation_id, recommendation_name, "
              "related_component, type, justification, context, is_global, ends_on, created_by, "
              "created_us, public_exploit, weaknesses, status, approval, known_groups) SELECT ?1, "
              "?2, coalesce (?3, ?2), ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, "
              "(SELECT group_concat (name, char (10)) FROM (SELECT DISTINCT group_name AS name "
              "FROM device WHERE group_name IS NOT NULL))", "ssssiisissIiiii", event->subject,
              x->recommendation_id, x->recommendation_name, x->related_component, x->type,
              x->justification, x->context, x->is_global, x->ends_on, event->who,
              tvm_team_event_when (event), x->exploit_then, x->weaknesses_then, status,
              event->needs_approval ? TVM_APPROVAL_REQUESTED : TVM_APPROVAL_NONE);
  if (!tvm_db_is_good (db))
    return FALSE;
  key = sqlite3_last_insert_rowid (db->handle);
  insert_groups (db, key, x);
  tvm_exception_history_add (db, key, "exception-filed", event->who, NULL, NULL,
                             tvm_exception_status_to_word (status));
  return TRUE;
}

/* ---- two for the same group */

/* As it was before @number, by the log alone; NULL where it had ended then. */
static TvmException *
load_before (TvmDb      *db,
             const char *subject,
             gint64      number,
             const char *day)
{
  g_autoptr(GPtrArray) events = tvm_team_load_subject (db, subject);
  g_auto(TvmTeamExceptionOutcome) outcome = { TVM_APPROVAL_NONE };
  g_autoptr(TvmException) x = NULL;
  g_autoptr(GStrvBuilder) left = g_strv_builder_new ();

  for (guint i = events->len; i > 0; i--)
    {
      const TvmTeamEvent *event = events->pdata[i - 1];

      if (event->number <= 0 || event->number >= number)
        g_ptr_array_remove_index (events, i - 1);
    }
  tvm_team_judge_exception (events, NULL, &outcome);
  if (events->len == 0 || outcome.cancellation != NULL ||
      outcome.approval == TVM_APPROVAL_REJECTED)
    return NULL;
  x = tvm_team_exception_of_event (events->pdata[0]);
  if (x == NULL || strcmp (x->ends_on, day) < 0)
    return NULL;
  for (char **group = x->groups; *group != NULL; group++)
    if (!g_strv_contains ((const char *const *) outcome.cancelled_groups, *group))
      g_strv_builder_add (left, *group);
  g_strfreev (x->groups);
  x->groups = g_strv_builder_end (left);
  x->created_by = g_strdup (((TvmTeamEvent *) events->pdata[0])->who);
  return g_steal_pointer (&x);
}

/* Both hold, and each one's history names who filed the other. */
static void
note_doubled (TvmDb              *db,
              gint64              key,
              const TvmTeamEvent *event)
{
  g_autoptr(TvmException) x = tvm_team_exception_of_event (event);
  g_autoptr(GDateTime) recorded =
    g_date_time_new_from_unix_utc (event->recorded_us / TVM_SECOND_US);
  g_autofree char *day = recorded != NULL ? g_date_time_format (recorded, "%Y-%m-%d") : NULL;
  g_auto(GStrv) subjects = NULL;

  if (x == NULL || day == NULL)
    return;
  subjects = tvm_db_list_texts (db, "SELECT e.subject FROM team_event e JOIN exception y ON y.id = "
                                "e.subject WHERE e.kind = ?1 AND e.number > 0 AND e.number < ?2 "
                                "AND y.recommendation_id = ?3 ORDER BY e.number", "sIs",
                                TVM_EVENT_FILED, event->number, x->recommendation_id);
  for (char **subject = subjects; *subject != NULL && tvm_db_is_good (db); subject++)
    {
      g_autoptr(TvmException) other = load_before (db, *subject, event->number, day);
      gint64 other_key = tvm_db_get_int (db, "SELECT key FROM exception WHERE id = ?1", "s",
                                         *subject);

      if (other == NULL || !tvm_team_is_doubled (other, x))
        continue;
      tvm_exception_history_add (db, other_key, "exception-doubled", event->who, NULL, NULL, NULL);
      tvm_exception_history_add (db, key, "exception-doubled", other->created_by, NULL, NULL, NULL);
    }
}

/* ---- what follows */

static void
add_group_lines (TvmDb              *db,
                 const TvmTeamEvent *event)
{
  g_auto(GStrv) groups = tvm_team_groups_from_json (event->after);
  g_autoptr(TvmException) x = tvm_exceptions_find (db, event->subject);

  if (groups != NULL && x != NULL)
    tvm_exception_add_group_lines (db, x, (const char *const *) groups, event->who);
}

/* It ended by that decision: whole, or because others had cancelled all other groups. Who decided
 * it here for all that was left then has the line. */
static void
add_end_line (TvmDb              *db,
              gint64              key,
              const TvmTeamEvent *event,
              TvmExceptionStatus  before,
              gboolean            is_own)
{
  if (!is_own || before != TVM_EXCEPTION_CANCELLED)
    tvm_exception_history_add (db, key, "exception-cancelled", event->who, NULL,
                               tvm_exception_status_to_word (before),
                               tvm_exception_status_to_word (TVM_EXCEPTION_CANCELLED));
}

static void
add_line (TvmDb              *db,
          gint64              key,
          const TvmTeamEvent *event,
          TvmTeamVerdict      verdict,
          TvmExceptionStatus  before,
          gboolean            is_own)
{
  g_autofree char *text = tvm_team_text_from_json (event->after);
  gboolean is_cancellation = strcmp (event->kind, TVM_EVENT_CANCELLED) == 0;
  gboolean is_approval = strcmp (event->kind, TVM_EVENT_APPROVED) == 0;
  gboolean is_decision = is_approval || strcmp (event->kind, TVM_EVENT_REJECTED) == 0;
  gboolean is_late = is_approval && before == TVM_EXCEPTION_EXPIRED; /* it changes nothing */

  if (verdict == TVM_TEAM_LATE && is_cancellation)
    tvm_exception_history_add (db, key, "exception-cancelled-too", event->who, NULL, NULL, NULL);
  else if (verdict == TVM_TEAM_LATE && is_decision)
    tvm_exception_history_add (db, key, "exception-decided-too", event->who, text, NULL, NULL);
  else if (verdict == TVM_TEAM_VOID && is_decision)
    tvm_exception_history_add (db, key, "exception-decision-void", event->who, text, NULL, NULL);
  else if (verdict != TVM_TEAM_STANDS ||
           (is_own && !(is_decision && before == TVM_EXCEPTION_REQUESTED)))
    return; /* of one's own there is a line, unless it did not count here until now */
  else if (is_cancellation)
    add_group_lines (db, event);
  else if (is_decision)
    tvm_exception_history_add (db, key, event->kind, event->who, text,
                               is_late ? NULL : tvm_exception_status_to_word (before),
                               is_late ? NULL : tvm_exception_status_to_word (
                                 is_approval ? TVM_EXCEPTION_ACTIVE : TVM_EXCEPTION_REJECTED));
  else if (strcmp (event->kind, TVM_EVENT_COMMENT) == 0 && text != NULL)
    tvm_exception_history_add (db, key, "comment", event->who, text, NULL, NULL);
}

/* What was approved or rejected here may be so no more. */
static TvmExceptionStatus
status_of (const TvmTeamExceptionOutcome *outcome,
           TvmExceptionStatus             before)
{
  if (outcome->cancellation != NULL)
    return TVM_EXCEPTION_CANCELLED;
  if (outcome->approval == TVM_APPROVAL_REJECTED)
    return TVM_EXCEPTION_REJECTED;
  if (before == TVM_EXCEPTION_EXPIRED)
    return before;
  if (outcome->approval == TVM_APPROVAL_REQUESTED)
    return TVM_EXCEPTION_REQUESTED;
  return before == TVM_EXCEPTION_SUSPENDED ? before : TVM_EXCEPTION_ACTIVE;
}

/* The rule of the team was another one when the log took it. */
static void
add_rule_line (TvmDb              *db,
               gint64              key,
               TvmExceptionStatus  before,
               TvmExceptionStatus  after)
{
  gboolean was_waiting = before == TVM_EXCEPTION_REQUESTED;
  gboolean is_waiting = after == TVM_EXCEPTION_REQUESTED;

  if (was_waiting != is_waiting)
    tvm_exception_history_add (db, key,
                               is_waiting ? "exception-awaits-approval" : "exception-needs-none",
                               NULL, NULL, tvm_exception_status_to_word (before),
                               tvm_exception_status_to_word (after));
}

static void
apply_outcome (TvmDb                         *db,
               gint64                         key,
               const TvmTeamExceptionOutcome *outcome,
               TvmExceptionStatus             status)
{
  const TvmTeamEvent *end = outcome->cancellation;
  const TvmTeamEvent *decision = outcome->decision;
  g_autofree char *groups = tvm_groups_to_text ((const char *const *) outcome->cancelled_groups);
  g_autofree char *reason = decision != NULL ? tvm_team_text_from_json (decision->after) : NULL;

  tvm_db_run (db, "UPDATE exception SET approval = ?2, decided_by = ?3, decided_us = ?4, "
              "decision_reason = ?5, status = ?6, cancelled_by = ?7, ended_us = iif (?6 = "
              "TVM_EXCEPTION_EXPIRED, ended_us, ?8) WHERE key = ?1", "IisIsisI", key,
              outcome->approval, decision != NULL ? decision->who : NULL,
              decision != NULL ? tvm_team_event_when (decision) : (gint64) 0, reason, status,
              end != NULL ? end->who : NULL,
              end != NULL ? tvm_team_event_when (end)
              : outcome->approval == TVM_APPROVAL_REJECTED ? tvm_team_event_when (decision)
                                                           : (gint64) 0);
  tvm_db_run (db, "UPDATE exception_group SET is_cancelled = instr (char (10) || coalesce (?2, '') "
              "|| char (10), char (10) || name || char (10)) > 0 WHERE exception_key = ?1", "Is",
              key, groups);
}

/* What the history tells of it. */
static void
tell (TvmDb                         *db,
      gint64                         key,
      GPtrArray                     *events,
      const TvmTeamVerdict          *verdicts,
      const TvmTeamExceptionOutcome *outcome,
      TvmExceptionStatus             before,
      const TvmTeamEvent            *event,
      gboolean                       is_own)
{
  for (guint i = 0; i < events->len; i++)
    if (strcmp (((TvmTeamEvent *) events->pdata[i])->id, event->id) == 0)
      add_line (db, key, event, verdicts[i], before, is_own);
  if (outcome->cancellation != NULL && strcmp (outcome->cancellation->id, event->id) == 0)
    add_end_line (db, key, event, before, is_own);
  if (is_own && strcmp (event->kind, TVM_EVENT_FILED) == 0)
    add_rule_line (db, key, before, status_of (outcome, before));
}

/* What others' programs follow too: what waits to be sent and will not be taken stands nowhere. */
static GPtrArray *
load_standing (TvmDb      *db,
               const char *subject)
{
  g_auto(GStrv) in_vain = tvm_db_list_texts (db, "SELECT id FROM team_event e WHERE subject = ?1 "
                                             "AND number = 0 AND kind IN (?2, ?3) AND "
                                             TVM_TEAM_IS_IN_VAIN, "sss", subject,
                                             TVM_EVENT_APPROVED, TVM_EVENT_REJECTED);

  return tvm_team_load_without (db, subject, (const char *const *) in_vain);
}

static void
bring (TvmDb                         *db,
       gint64                         key,
       const char                    *subject,
       const TvmTeamExceptionOutcome *outcome,
       TvmExceptionStatus             status)
{
  apply_outcome (db, key, outcome, status);
  tvm_exception_note_groups (db, subject);
  db->changes |= TVM_CHANGED_EXCEPTIONS | TVM_CHANGED_RECOMMENDATIONS;
}

static void
recompute (TvmDb  *db,
           gint64  key)
{
  g_autofree char *recommendation_id = tvm_db_get_text (db, "SELECT recommendation_id FROM "
                                                        "exception WHERE key = ?1", "I", key);

  tvm_exceptions_recompute (db, recommendation_id);
}

static void
settle (TvmDb              *db,
        const TvmTeamEvent *event,
        TvmTeamArrival      arrival)
{
  g_autoptr(GPtrArray) events = load_standing (db, event->subject);
  g_autofree TvmTeamVerdict *verdicts = g_new0 (TvmTeamVerdict, events->len);
  g_auto(TvmTeamExceptionOutcome) outcome = { TVM_APPROVAL_NONE };
  gint64 key = tvm_db_get_int (db, "SELECT key FROM exception WHERE id = ?1", "s", event->subject);
  TvmExceptionStatus before;

  if (key == 0)
    return; /* it is no exception */
  before = (int) tvm_db_get_int (db, "SELECT status FROM exception WHERE key = ?1", "I", key);
  tvm_team_judge_exception (events, verdicts, &outcome);
  if (arrival != TVM_TEAM_AGAIN)
    tell (db, key, events, verdicts, &outcome, before, event, arrival == TVM_TEAM_OWN);
  bring (db, key, event->subject, &outcome, status_of (&outcome, before));
  if (arrival != TVM_TEAM_AGAIN && strcmp (event->kind, TVM_EVENT_FILED) == 0)
    note_doubled (db, key, event);
  db->line_us = 0; /* what follows from the day happens now */
  recompute (db, key);
}

/* The line of a decision that counts no more, or again. */
static void
add_waiting_line (TvmDb              *db,
                  gint64              key,
                  const TvmTeamEvent *decision,
                  TvmExceptionStatus  before,
                  TvmExceptionStatus  after)
{
  g_autofree char *who = decision != NULL ? NULL
    : tvm_db_get_text (db, "SELECT coalesce (decided_by, created_by) FROM exception WHERE key = ?1",
                       "I", key);
  g_autofree char *text = decision != NULL ? tvm_team_text_from_json (decision->after) : NULL;

  tvm_exception_history_add (db, key,
                             decision != NULL ? decision->kind : "exception-decision-refused",
                             decision != NULL ? decision->who : who, text,
                             tvm_exception_status_to_word (before),
                             tvm_exception_status_to_word (after));
}

/* One that the team's database did not take has no effect here alone. */
static void
judge_waiting (TvmDb                   *db,
               const char              *subject,
               GPtrArray               *events,
               TvmTeamExceptionOutcome *out)
{
  tvm_team_judge_exception (events, NULL, out);
  if (out->approval == TVM_APPROVAL_NONE &&
      tvm_db_get_int (db, "SELECT EXISTS (SELECT 1 FROM team_event WHERE subject = ?1 AND kind = "
                      "?2 AND number = 0 AND is_sent = 2)", "ss", subject, TVM_EVENT_FILED) != 0)
    out->approval = TVM_APPROVAL_REQUESTED;
}

/**
 * tvm_team_settle_waiting:
 * @db: the writer's connection
 *
 * Whose right to decide is lost, or whom the team's database refused, has filed or approved
 * nothing: each exception that somebody here decided about and that waits is brought to what
 * follows.
 */
void
tvm_team_settle_waiting (TvmDb *db)
{
  g_auto(GStrv) subjects = tvm_db_list_texts (db, "SELECT DISTINCT subject FROM team_event WHERE "
                                              "number = 0 AND (kind IN (?1, ?2) OR (kind = ?3 AND "
                                              "is_sent = 2))", "sss", TVM_EVENT_APPROVED,
                                              TVM_EVENT_REJECTED, TVM_EVENT_FILED);

  for (char **subject = subjects; *subject != NULL && tvm_db_is_good (db); subject++)
    {
      g_autoptr(GPtrArray) events = load_standing (db, *subject);  /* what the outcome is made of */
      g_auto(TvmTeamExceptionOutcome) outcome = { TVM_APPROVAL_NONE };
      gint64 key = tvm_db_get_int (db, "SELECT key FROM exception WHERE id = ?1", "s", *subject);
      TvmExceptionStatus before =
        (int) tvm_db_get_int (db, "SELECT status FROM exception WHERE key = ?1", "I", key);
      TvmExceptionStatus after;

      judge_waiting (db, *subject, events, &outcome);
      after = status_of (&outcome, before);
      if (key == 0 || after == before)
        continue;
      add_waiting_line (db, key, outcome.decision, before, after);
      bring (db, key, *subject, &outcome, after);
      recompute (db, key);
    }
}

/**
 * tvm_team_keep_exception_event:
 * @db: the writer's connection, which has the decision with its place in the log
 * @event: a decision about an exception
 * @arrival: where it comes from
 *
 * Brings the exception to what follows.
 *
 * Returns: whether it is a new one here
 */
gboolean
tvm_team_keep_exception_event (TvmDb              *db,
                               const TvmTeamEvent *event,
                               TvmTeamArrival      arrival)
{
  gboolean is_new = arrival == TVM_TEAM_OTHERS && strcmp (event->kind, TVM_EVENT_FILED) == 0 &&
                    insert_exception (db, event);

  settle (db, event, arrival);
  return is_new;
}

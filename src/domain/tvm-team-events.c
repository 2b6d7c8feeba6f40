/* tvm-team-events.c: what follows from the decisions that a team shares. The rules stand in
 * docs/team.md. Any thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-team-events.h"

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
  g_clear_pointer (&self->activity, tvm_activity_unref);
  g_clear_pointer (&self->targets, tvm_device_refs_free);
}
TVM_DEFINE_RECORD (TvmTeamEvent, tvm_team_event)

/**
 * tvm_team_event_parse:
 * @event: (inout): a decision
 *
 * Reads the activity that it requests, which takes long where that has many devices; once, on the
 * thread that has the time.
 */
void
tvm_team_event_parse (TvmTeamEvent *event)
{
  if (event->is_parsed || strcmp (event->kind, TVM_EVENT_REQUESTED) != 0)
    return;
  event->is_parsed = TRUE;
  event->targets = tvm_device_refs_new ();
  event->activity = tvm_team_activity_from_json (event->after, event->targets);
}

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
  if (event->recorded_us == 0)
    return event->decided_us;
  /* The clock of who says that it was before 1970 is not set. */
  return event->decided_us > 0 ? MIN (event->decided_us, event->recorded_us) : event->recorded_us;
}

/**
 * tvm_team_is_same_person:
 * @one: (nullable): an e-mail address; %NULL: nobody
 * @other: (nullable): another one
 *
 * Returns: whether they are the same person's
 */
gboolean
tvm_team_is_same_person (const char *one,
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
  if (!out->is_completed || !tvm_team_is_same_person (out->completed_by, event->who))
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
  return tvm_team_is_same_person (seen, before) ? TVM_TEAM_STANDS : TVM_TEAM_UNAWARE;
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

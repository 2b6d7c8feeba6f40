/* tvm-store-team-faults.c: what is to be told of decisions in the team's log that count for
 * nothing. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-team-private.h"
#include "tvm-store-team.h"

#include <string.h>

/**
 * tvm_team_note_fault:
 * @db: the writer's connection
 * @event: a decision of the log that counts for nothing
 * @fault: why
 *
 * The next sync tells it, and the team's state has it from then on.
 */
void
tvm_team_note_fault (TvmDb              *db,
                     const TvmTeamEvent *event,
                     TvmTeamFault        fault)
{
  g_autofree char *before = tvm_db_get_text (db, "SELECT value FROM setting WHERE name = ?1", "s",
                                             TVM_TEAM_FAULTS_KEY);
  g_autofree char *after = NULL;
  g_auto(TvmTeamFaults) faults = { 0 };

  tvm_team_faults_from_text (before, &faults);
  if (faults.n == 0)
    {
      faults.number = event->number;
      faults.fault = fault;
      faults.who = g_strdup (event->who);
    }
  faults.n++;
  after = tvm_team_faults_to_text (&faults);
  tvm_db_run (db, "INSERT OR REPLACE INTO setting (name, value) VALUES (?1, ?2)", "ss",
              TVM_TEAM_FAULTS_KEY, after);
  tvm_db_run (db, "INSERT INTO setting (name, value) VALUES (?1, '1') ON CONFLICT (name) DO UPDATE "
              "SET value = CAST (CAST (value AS INTEGER) + 1 AS TEXT)", "s", TVM_TEAM_UNTOLD_KEY);
}

/**
 * tvm_team_look_for_fault:
 * @db: the writer's connection, on which what follows from it was done
 * @event: a decision of somebody else that came of the log
 * @is_new: whether it made an activity or exception, which is looked at no more
 *
 * Notes where it counts for nothing.
 */
void
tvm_team_look_for_fault (TvmDb              *db,
                         const TvmTeamEvent *event,
                         gboolean            is_new)
{
  TvmTeamFault fault = is_new ? TVM_TEAM_SOUND : tvm_team_event_find_fault (event);

  if (fault == TVM_TEAM_SOUND && strcmp (event->kind, TVM_EVENT_REQUESTED) == 0 && !is_new &&
      tvm_db_get_int (db, "SELECT EXISTS (SELECT 1 FROM activity WHERE id = ?1 AND origin = "
                      "TVM_ORIGIN_DEFENDER)", "s", event->subject) != 0)
    fault = TVM_TEAM_TAKEN_ID;
  if (fault != TVM_TEAM_SOUND)
    tvm_team_note_fault (db, event, fault);
}

/**
 * tvm_team_yield_to_portal:
 * @db: the writer's connection
 * @activities: (element-type TvmActivity): the portal's list, as it arrived
 *
 * Whoever's program requested something under the id of an activity of the portal has not taken its
 * place: what came of that goes, and is told.
 */
void
tvm_team_yield_to_portal (TvmDb     *db,
                          GPtrArray *activities)
{
  if (tvm_db_get_int (db, "SELECT EXISTS (SELECT 1 FROM team_event WHERE kind = ?1)", "s",
                      TVM_EVENT_REQUESTED) == 0)
    return;
  for (guint i = 0; i < activities->len && tvm_db_is_good (db); i++)
    {
      const char *id = ((TvmActivity *) activities->pdata[i])->id;
      g_autoptr(GPtrArray) events = NULL;

      if (tvm_db_run (db, "DELETE FROM activity WHERE id = ?1 AND origin = TVM_ORIGIN_LOCAL", "s",
                      id) == 0)
        continue;
      events = tvm_team_load_subject (db, id);
      if (events->len > 0)
        tvm_team_note_fault (db, events->pdata[0], TVM_TEAM_TAKEN_ID);
    }
}

typedef struct { TvmTeamFaults *out; gboolean is_told; } Telling;

static void
take_faults (TvmDb    *db,
             gpointer  user_data)
{
  Telling *data = user_data;
  g_autofree char *text = NULL;

  if (data->is_told &&
      tvm_db_run (db, "DELETE FROM setting WHERE name = ?1", "s", TVM_TEAM_UNTOLD_KEY) == 0)
    return;
  text = tvm_db_get_text (db, "SELECT value FROM setting WHERE name = ?1", "s",
                          TVM_TEAM_FAULTS_KEY);
  tvm_team_faults_from_text (text, data->out);
}

/**
 * tvm_store_get_team_faults:
 * @self: a store
 * @is_told: whether they are told now: then there are none where nobody has to hear of them again
 * @out: (out caller-allocates): decisions of the team's log that count for nothing, cleared with
 *   tvm_team_faults_clear()
 * @error: return location for a #TvmError
 *
 * Returns: %FALSE on error
 */
gboolean
tvm_store_get_team_faults (TvmStore       *self,
                           gboolean        is_told,
                           TvmTeamFaults  *out,
                           GError        **error)
{
  Telling data = { out, is_told };

  g_return_val_if_fail (TVM_IS_STORE (self), FALSE);

  *out = (TvmTeamFaults) { 0 };
  return is_told ? tvm_store_write (self, take_faults, &data, error)
                 : tvm_store_read (self, take_faults, &data, error);
}

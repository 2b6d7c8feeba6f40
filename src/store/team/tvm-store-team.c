/* tvm-store-team.c: own decisions on their way into the team's log (R20). They are noted in the
 * transaction that decides. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-store-team-private.h"
#include "tvm-store-team.h"

#include "tvm-time.h"

#include <glib/gi18n-lib.h>

#define LOG_KEY "team-log"     /* the team whose decisions are kept here */

/**
 * tvm_team_event_read:
 * @row: of a query for %TVM_TEAM_EVENT_COLUMNS
 *
 * Returns: (transfer full): the decision
 */
TvmTeamEvent *
tvm_team_event_read (sqlite3_stmt *row)
{
  TvmTeamEvent *event = tvm_team_event_new ();

  event->id = tvm_db_dup (row, 0);
  event->subject = tvm_db_dup (row, 1);
  event->kind = tvm_db_dup (row, 2);
  event->who = tvm_db_dup (row, 3);
  event->decided_us = sqlite3_column_int64 (row, 4);
  event->recorded_us = sqlite3_column_int64 (row, 5);
  event->number = sqlite3_column_int64 (row, 6);
  event->before = tvm_db_dup (row, 7);
  event->after = tvm_db_dup (row, 8);
  event->needs_approval = sqlite3_column_int (row, 9);
  return event;
}

/* ---- noting */

/**
 * tvm_team_is_joined:
 * @db: a connection
 *
 * Returns: whether the profile is in a team
 */
gboolean
tvm_team_is_joined (TvmDb *db)
{
  return tvm_db_get_int (db, "SELECT EXISTS (SELECT 1 FROM setting WHERE name = ?1)", "s",
                         TVM_TEAM_ID_KEY) != 0;
}

/**
 * tvm_team_knows:
 * @db: a connection
 * @subject: an activity or exception
 * @kind: what it begins with
 *
 * Returns: whether it is one that the team has, or will have with the next sync
 */
gboolean
tvm_team_knows (TvmDb      *db,
                const char *subject,
                const char *kind)
{
  return tvm_db_get_int (db, "SELECT EXISTS (SELECT 1 FROM team_event WHERE subject = ?1 AND kind "
                         "= ?2)", "ss", subject, kind) != 0;
}

/**
 * tvm_team_note_event:
 * @db: the writer's connection
 * @event: a decision; its id is given here, and its time where it has none
 *
 * Notes it for the team's log.
 */
void
tvm_team_note_event (TvmDb              *db,
                     const TvmTeamEvent *event)
{
  g_autofree char *id = tvm_uuid7_new ();

  tvm_db_run (db, "INSERT INTO team_event (id, subject, kind, who, decided_us, before, after, "
              "needs_approval) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)", "ssssIssi", id,
              event->subject, event->kind, event->who,
              event->decided_us != 0 ? event->decided_us : tvm_now_us (), event->before,
              event->after, event->needs_approval);
}

static void
note (TvmDb      *db,
      const char *subject,
      const char *kind,
      const char *who,
      const char *after)
{
  tvm_team_note_event (db, &(TvmTeamEvent) { .subject = (char *) subject, .kind = (char *) kind,
                                             .who = (char *) who, .after = (char *) after });
}

static TvmDeviceRefs *
load_targets (TvmDb  *db,
              gint64  activity_key)
{
  TvmDeviceRefs *targets = tvm_device_refs_new ();
  sqlite3_stmt *row = tvm_db_query (db, "SELECT d.id, d.name, d.os_platform, d.group_name FROM "
                                    "target t JOIN device d ON d.key = t.device_key WHERE "
                                    "t.activity_key = ?1 ORDER BY t.device_key", "I", activity_key);

  while (tvm_db_next (db, row))
    tvm_device_refs_add (targets, tvm_db_text (row, 0), tvm_db_text (row, 1), tvm_db_text (row, 2),
                         tvm_db_text (row, 3));
  return targets;
}

/**
 * tvm_team_note_request:
 * @db: the writer's connection
 * @activity: an activity that was requested here
 *
 * Notes it for the team, with its frozen targets, where the profile is in one.
 */
void
tvm_team_note_request (TvmDb             *db,
                       const TvmActivity *activity)
{
  TvmTeamEvent event = { .kind = (char *) TVM_EVENT_REQUESTED };
  g_autoptr(TvmDeviceRefs) targets = NULL;
  g_autofree char *after = NULL;

  if (activity == NULL || activity->created_by == NULL || !tvm_team_is_joined (db))
    return;
  targets = load_targets (db, activity->key);
  event.after = after = tvm_team_activity_to_json (activity, targets);
  event.subject = activity->id;
  event.who = activity->created_by;
  event.decided_us = activity->created_us;
  tvm_team_note_event (db, &event);
}

/**
 * tvm_team_note:
 * @db: the writer's connection
 * @activity_key: an activity
 * @kind: what was decided about it
 * @who: (nullable): by whom
 * @text: (nullable): what the person wrote
 *
 * Notes it for the team, where that knows the activity; also after leaving, because it is part of
 * what the activity has come to here, should the profile come back.
 */
void
tvm_team_note (TvmDb      *db,
               gint64      activity_key,
               const char *kind,
               const char *who,
               const char *text)
{
  g_autofree char *after = tvm_team_text_to_json (text);
  g_autofree char *subject = NULL;

  if (who == NULL)
    return;
  subject = tvm_db_get_text (db, "SELECT a.id FROM activity a JOIN team_event e ON e.subject = "
                             "a.id AND e.kind = ?2 WHERE a.key = ?1", "Is", activity_key,
                             TVM_EVENT_REQUESTED);
  if (subject != NULL)
    note (db, subject, kind, who, after);
}

/**
 * tvm_team_forget_request:
 * @db: the writer's connection; it fails with %TVM_ERROR_CONFLICT where the team may know it
 * @activity_id: an activity that is about to be taken back
 */
void
tvm_team_forget_request (TvmDb      *db,
                         const char *activity_id)
{
  if (tvm_db_get_int (db, "SELECT EXISTS (SELECT 1 FROM team_event WHERE subject = ?1 AND "
                      "(is_sent <> 0 OR number > 0))", "s", activity_id) != 0)
    tvm_db_fail (db, TVM_ERROR_CONFLICT,
                 _("Your team has this request already, so it stays. It can still be completed."));
  else
    tvm_db_run (db, "DELETE FROM team_event WHERE subject = ?1", "s", activity_id);
}

/* ---- joining */

typedef struct { const char *team_id, *account; } Membership;

static void
put_setting (TvmDb      *db,
             const char *name,
             const char *value)
{
  tvm_db_run (db, "INSERT INTO setting (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE "
              "SET value = ?2", "ss", name, value);
}

/* What came of the log of the team before, and what waits for it, is nothing of another team's; but
 * should the profile come back, no line of it is told twice, and what waits is sent. No kind of the
 * log has a space in it. */
static void
put_away (TvmDb *db)
{
  tvm_db_run (db, "UPDATE team_event SET subject = coalesce ((SELECT value FROM setting WHERE name "
              "= ?1), '') || ' ' || subject, kind = iif (number = 0, 'waiting ', 'left ') || kind, "
              "number = -key WHERE instr (kind, ' ') = 0", "s", LOG_KEY);
  tvm_db_run (db, "DELETE FROM setting WHERE name IN (?1, ?2, ?3, ?4, ?5)", "sssss",
              TVM_TEAM_FAULTS_KEY, TVM_TEAM_UNTOLD_KEY, TVM_TEAM_OVER_KEY, TVM_TEAM_TAKEN_KEY,
              TVM_TEAM_BACK_KEY);
}

/* Without its places, which its log has for all of it. */
static void
fetch_back (TvmDb      *db,
            const char *team_id)
{
  tvm_db_run (db, "UPDATE team_event SET number = iif (kind GLOB 'waiting *', 0, -key), subject = "
              "substr (subject, length (?1) + 2), kind = substr (kind, instr (kind, ' ') + 1) "
              "WHERE instr (kind, ' ') > 0 AND substr (subject, 1, length (?1) + 1) = ?1 || ' '",
              "s", team_id);
}

static void
join (TvmDb    *db,
      gpointer  user_data)
{
  const Membership *data = user_data;

  if (tvm_db_get_int (db, "SELECT EXISTS (SELECT 1 FROM setting WHERE name = ?1 AND value = ?2)",
                      "ss", LOG_KEY, data->team_id) == 0)
    {
      put_away (db);
      fetch_back (db, data->team_id);
    }
  put_setting (db, LOG_KEY, data->team_id);
  put_setting (db, TVM_TEAM_ID_KEY, data->team_id);
  /* Who decided until now under another name comes to this one by tvm_store_become_in_team(). */
  tvm_db_run (db, "INSERT INTO setting (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO NOTHING",
              "ss", TVM_TEAM_ACCOUNT_KEY, data->account);
  db->changes |= TVM_CHANGED_SETTINGS;
}

/**
 * tvm_store_join_team:
 * @self: a store
 * @team_id: the team
 * @account: who one is in it
 * @error: return location for a #TvmError
 *
 * From now on decisions about activities that are requested after it are noted for the team. What
 * was pulled of the same team before stays known, also where the profile was in another one since.
 *
 * Returns: %FALSE on error
 */
gboolean
tvm_store_join_team (TvmStore    *self,
                     const char  *team_id,
                     const char  *account,
                     GError     **error)
{
  Membership data = { team_id, account };

  g_return_val_if_fail (TVM_IS_STORE (self), FALSE);

  return tvm_store_write (self, join, &data, error);
}

typedef struct { const char *const *former; const char *account, *member; } Person;

/* What waits is decided by the new name, which has the right that the old one had. */
static void
rename_account (TvmDb        *db,
                const char   *before,
                const Person *person)
{
  tvm_db_run (db, "UPDATE team_event SET who = ?1 WHERE number = 0 AND who COLLATE NOCASE = ?2",
              "ss", person->account, before);
  tvm_db_run (db, "UPDATE OR IGNORE team_member SET account = ?1 WHERE account = ?2", "ss",
              person->account, before);
}

static void
become (TvmDb    *db,
        gpointer  user_data)
{
  const Person *data = user_data;
  g_autofree char *before = tvm_db_get_text (db, "SELECT a.value FROM setting a JOIN setting m ON "
                                             "m.name = ?2 AND m.value = ?3 WHERE a.name = ?1",
                                             "sss", TVM_TEAM_ACCOUNT_KEY, TVM_TEAM_MEMBER_KEY,
                                             data->member);

  if (before != NULL)
    rename_account (db, before, data);
  for (const char *const *who = data->former; *who != NULL; who++)
    rename_account (db, *who, data);
  put_setting (db, TVM_TEAM_ACCOUNT_KEY, data->account);
  put_setting (db, TVM_TEAM_MEMBER_KEY, data->member);
  db->changes |= TVM_CHANGED_SETTINGS;
}

/**
 * tvm_store_become_in_team:
 * @self: a store
 * @former: (array zero-terminated=1): other accounts of the same login
 * @account: who one is in the team now
 * @member: what the team's database knows that person by
 * @error: return location for a #TvmError
 *
 * A login is one person, whatever account it goes by: what that decided under another one, and what
 * waits, is sent under this one. What somebody else decided in this profile is not.
 *
 * Returns: %FALSE on error
 */
gboolean
tvm_store_become_in_team (TvmStore           *self,
                          const char *const  *former,
                          const char         *account,
                          const char         *member,
                          GError            **error)
{
  Person data = { former, account, member };

  g_return_val_if_fail (TVM_IS_STORE (self), FALSE);

  return tvm_store_write (self, become, &data, error);
}

static void
leave (TvmDb    *db,
       gpointer  user_data)
{
  tvm_db_run (db, "DELETE FROM setting WHERE name IN (?1, ?2, ?3)", "sss", TVM_TEAM_ID_KEY,
              TVM_TEAM_ACCOUNT_KEY, TVM_TEAM_MEMBER_KEY);
  db->changes |= TVM_CHANGED_SETTINGS;
}

/**
 * tvm_store_leave_team:
 * @self: a store
 * @error: return location for a #TvmError
 *
 * What the team shared stays here. What is requested from now on is this profile's alone.
 *
 * Returns: %FALSE on error
 */
gboolean
tvm_store_leave_team (TvmStore  *self,
                      GError   **error)
{
  g_return_val_if_fail (TVM_IS_STORE (self), FALSE);

  return tvm_store_write (self, leave, NULL, error);
}

/* ---- sending */

static void
take (TvmDb    *db,
      gpointer  user_data)
{
  GPtrArray *events = user_data;
  sqlite3_stmt *row = tvm_db_query (db, "SELECT " TVM_TEAM_EVENT_COLUMNS " FROM "
                                    "team_event WHERE number = 0 AND who COLLATE NOCASE = (SELECT "
                                    "value FROM setting WHERE name = ?1) ORDER BY key", "s",
                                    TVM_TEAM_ACCOUNT_KEY);

  while (tvm_db_next (db, row))
    g_ptr_array_add (events, tvm_team_event_read (row));
  for (guint i = 0; i < events->len; i++)
    tvm_db_run (db, "UPDATE team_event SET is_sent = 1 WHERE id = ?1 AND is_sent = 0", "s",
                ((TvmTeamEvent *) events->pdata[i])->id);
}

/**
 * tvm_store_take_team_events:
 * @self: a store
 * @error: return location for a #TvmError
 *
 * They count as sent from then on, so that what may have arrived is never taken back; they are
 * taken again until the log has them. What somebody else decided in this profile is left out:
 * nobody speaks in another's name.
 *
 * Returns: (transfer full) (element-type TvmTeamEvent): what was decided here and is not in the
 *   team's log, in that order; %NULL on error
 */
GPtrArray *
tvm_store_take_team_events (TvmStore  *self,
                            GError   **error)
{
  g_autoptr(GPtrArray) events =
    g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_team_event_unref);

  g_return_val_if_fail (TVM_IS_STORE (self), NULL);

  return tvm_store_write (self, take, events, error) ? g_steal_pointer (&events) : NULL;
}

typedef struct { const char *activity_id; gboolean is_shared; } Sharing;

static void
find_sharing (TvmDb    *db,
              gpointer  user_data)
{
  Sharing *data = user_data;

  data->is_shared = tvm_team_is_joined (db) &&
                    tvm_team_knows (db, data->activity_id, TVM_EVENT_REQUESTED);
}

/**
 * tvm_store_is_shared:
 * @self: a store
 * @activity_id: an activity
 * @out: (out): whether the profile's team has it, or will have it with the next sync
 * @error: return location for a #TvmError
 *
 * Returns: %FALSE on error
 */
gboolean
tvm_store_is_shared (TvmStore    *self,
                     const char  *activity_id,
                     gboolean    *out,
                     GError     **error)
{
  Sharing data = { activity_id, FALSE };

  g_return_val_if_fail (TVM_IS_STORE (self), FALSE);

  if (!tvm_store_read (self, find_sharing, &data, error))
    return FALSE;
  *out = data.is_shared;
  return TRUE;
}

static void
count (TvmDb    *db,
       gpointer  number)
{
  *(gint64 *) number = tvm_db_get_int (
    db, "SELECT count(*) FROM team_event WHERE number = 0", "");
}

/**
 * tvm_store_count_team_events:
 * @self: a store
 * @error: return location for a #TvmError
 *
 * Returns: how many decisions wait for the team's log; -1 on error
 */
int
tvm_store_count_team_events (TvmStore  *self,
                             GError   **error)
{
  gint64 number = -1;

  g_return_val_if_fail (TVM_IS_STORE (self), -1);

  return tvm_store_read (self, count, &number, error) ? (int) number : -1;
}

/**
 * tvm_team_newest_number:
 * @db: a connection
 *
 * Returns: the number of the last decision of the log that is here; 0: none
 */
gint64
tvm_team_newest_number (TvmDb *db)
{
  return tvm_db_get_int (db, "SELECT coalesce (max (number), 0) FROM team_event WHERE number > 0",
                         "");
}

static void
get_cursor (TvmDb    *db,
            gpointer  number)
{
  *(gint64 *) number = tvm_team_newest_number (db);
}

/**
 * tvm_store_get_team_cursor:
 * @self: a store
 * @out: (out): the number of the last decision of the log that is here; 0: none
 * @error: return location for a #TvmError
 *
 * Returns: %FALSE on error
 */
gboolean
tvm_store_get_team_cursor (TvmStore  *self,
                           gint64    *out,
                           GError   **error)
{
  g_return_val_if_fail (TVM_IS_STORE (self), FALSE);

  *out = 0;
  return tvm_store_read (self, get_cursor, out, error);
}

/* tvm-sync-team-log.c: a part of each sync: own decisions go into the team's log, others' come out
 * of it. Blocks. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-sync-private.h"
#include "tvm-sync-team.h"
#include "tvm-store-team.h"

#include "tvm-error.h"

#include <glib/gi18n-lib.h>

#define BATCH 500              /* decisions of one transaction */

/**
 * tvm_sync_is_refused:
 * @error: why the team's database did not take a decision
 *
 * Returns: whether it will not take it either when it is asked again
 */
gboolean
tvm_sync_is_refused (const GError *error)
{
  return g_error_matches (error, TVM_ERROR, TVM_ERROR_FORBIDDEN) ||
         g_error_matches (error, TVM_ERROR, TVM_ERROR_REJECTED) ||
         g_error_matches (error, TVM_ERROR, TVM_ERROR_CONFLICT);
}

/* Whether there is something to tell: that a right is missing each time, because an administrator
 * can give it; that it makes no sense to the database, as about what is no more in a log that was
 * put back, once. */
static gboolean
note_refusal (TvmSyncEngine       *self,
              const TvmTeamEvent  *event,
              const GError        *refusal,
              gboolean            *out_is_told,
              GError             **error)
{
  gboolean is_new;

  if (!tvm_store_refuse_team_event (self->store, event->id, &is_new, error))
    return FALSE;
  *out_is_told = is_new || g_error_matches (refusal, TVM_ERROR, TVM_ERROR_FORBIDDEN);
  return TRUE;
}

/* One after the other, so that one that is refused holds up no other. The first refusal is told;
 * whatever else goes wrong ends it. */
static gboolean
append_each (TvmSyncEngine  *self,
             TvmTeam        *link,
             GPtrArray      *events,
             GCancellable   *cancellable,
             GError        **error)
{
  g_autoptr(GError) refusal = NULL;

  for (guint i = 0; i < events->len; i++)
    {
      g_autoptr(GError) failure = NULL;
      gboolean is_told = FALSE;

      if (tvm_team_append (link, events, i, 1, cancellable, &failure))
        continue;
      if (!tvm_sync_is_refused (failure))
        {
          g_propagate_error (error, g_steal_pointer (&failure));
          return FALSE;
        }
      if (!note_refusal (self, events->pdata[i], failure, &is_told, error))
        return FALSE;
      if (refusal == NULL && is_told)
        refusal = g_steal_pointer (&failure);
    }
  if (refusal == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&refusal));
  return FALSE;
}

/**
 * tvm_sync_push_decisions:
 * @self: an engine
 * @link: a connection with its team's database
 * @cancellable: (nullable): ends the wait
 * @error: return location for a #TvmError
 *
 * Adds all that waits to the log, as it was decided.
 *
 * Returns: %FALSE on error
 */
gboolean
tvm_sync_push_decisions (TvmSyncEngine  *self,
                         TvmTeam        *link,
                         GCancellable   *cancellable,
                         GError        **error)
{
  g_autoptr(GPtrArray) events = tvm_store_take_team_events (self->store, error);

  if (events == NULL)
    return FALSE;
  for (guint first = 0; first < events->len; first += BATCH)
    {
      g_autoptr(GError) failure = NULL;

      if (tvm_team_append (link, events, first, MIN (BATCH, events->len - first), cancellable,
                           &failure))
        continue;
      if (tvm_sync_is_refused (failure))
        return append_each (self, link, events, cancellable, error);
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  return TRUE;
}

/* A part of the log, which a thread reads while the one before it is kept. */
typedef struct
{
  TvmTeam      *link;
  GCancellable *cancellable;
  gint64        after;         /* the number before its first */
  GPtrArray    *events;        /* (nullable): %NULL where it failed */
  gboolean      is_end;
  GError       *error;
} Part;

static gpointer
read_thread (gpointer user_data)
{
  Part *part = user_data;

  part->events = tvm_team_read_log (part->link, part->after, BATCH, &part->is_end,
                                    part->cancellable, &part->error);
  for (guint i = 0; part->events != NULL && i < part->events->len; i++)
    tvm_team_event_parse (part->events->pdata[i]);
  return NULL;
}

/* Keeps a part; meanwhile the next one, if there is one, is read in its place. */
static gboolean
keep_part (TvmSyncEngine  *self,
           Part           *part,
           TvmListResult  *result,
           GError        **error)
{
  g_autoptr(GPtrArray) events = g_steal_pointer (&part->events);
  GThread *reader = NULL;
  gboolean is_kept;

  if (!part->is_end)
    {
      part->after = ((const TvmTeamEvent *) events->pdata[events->len - 1])->number;
      reader = g_thread_new ("team-read", read_thread, part);
    }
  is_kept = tvm_store_keep_team_events (self->store, events, result, error);
  if (reader != NULL)
    g_thread_join (reader);
  if (is_kept)
    result->received += (int) events->len;
  return is_kept;
}

/**
 * tvm_sync_pull_log:
 * @self: an engine
 * @link: a connection with its team's database
 * @result: (inout): counts what came
 * @n_requests: (inout): counts what was asked
 * @cancellable: (nullable): ends the wait
 * @error: return location for a #TvmError
 *
 * Gets what the log has and this store has not. What this profile decided comes back too: with its
 * place.
 *
 * Returns: %FALSE on error; what came so far is kept
 */
gboolean
tvm_sync_pull_log (TvmSyncEngine  *self,
                   TvmTeam        *link,
                   TvmListResult  *result,
                   int            *n_requests,
                   GCancellable   *cancellable,
                   GError        **error)
{
  Part part = { link, cancellable };
  gboolean is_good = tvm_store_get_team_cursor (self->store, &part.after, error);

  if (is_good)
    read_thread (&part);
  while (is_good && part.events != NULL)
    {
      gboolean was_end = part.is_end;

      (*n_requests)++;
      is_good = keep_part (self, &part, result, error);
      if (was_end)
        break;
    }
  g_clear_pointer (&part.events, g_ptr_array_unref);
  if (is_good && part.error != NULL)
    {
      g_propagate_error (error, part.error);
      return FALSE;
    }
  g_clear_error (&part.error);
  return is_good;
}

/**
 * tvm_sync_check_layout:
 * @state: what the database said of itself
 * @error: return location for %TVM_ERROR_SCHEMA_TOO_NEW
 *
 * Returns: whether this program may add to its log
 */
gboolean
tvm_sync_check_layout (const TvmTeamState  *state,
                       GError             **error)
{
  if (state->version <= tvm_team_newest_layout ())
    return TRUE;
  g_set_error (error, TVM_ERROR, TVM_ERROR_SCHEMA_TOO_NEW,
               _("The team's database was made by a newer version of this program. What you decide "
                 "waits here until you install that version."));
  return FALSE;
}

static gboolean
match (TvmSyncEngine  *self,
       TvmTeam        *link,
       int             max,
       TvmTeamMatch   *out,
       GCancellable   *cancellable,
       GError        **error)
{
  g_autofree char *places = tvm_store_dup_team_places (self->store, max, error);

  return places != NULL && tvm_team_match_log (link, places, out, cancellable, error);
}

/**
 * tvm_sync_match_log:
 * @self: an engine
 * @link: a connection with its team's database
 * @cancellable: (nullable): ends the wait
 * @error: return location for a #TvmError
 *
 * Looks whether the log still has what came from it: a database that was restored from a backup
 * gives its numbers once more, to other decisions. Then own decisions wait again, all that is in
 * the log since then is read, and the next sync tells it.
 *
 * Returns: %FALSE on error
 */
gboolean
tvm_sync_match_log (TvmSyncEngine  *self,
                    TvmTeam        *link,
                    GCancellable   *cancellable,
                    GError        **error)
{
  TvmTeamMatch found;
  gint64 number;

  if (!tvm_store_get_team_cursor (self->store, &number, error) ||
      !match (self, link, 1, &found, cancellable, error))
    return FALSE;
  if (number == 0 || found.common == number)
    return TRUE;
  if (!match (self, link, -1, &found, cancellable, error))
    return FALSE;
  if (!found.differs && found.last >= number)
    return TRUE; /* its owner removed one */
  return tvm_store_turn_team_back (self->store, found.common, error);
}

/* Once, be it that a window that listened to the log noticed it. */
static void
tell_turned_back (TvmSyncEngine  *self,
                  GError        **error)
{
  g_autofree char *is_back = tvm_store_get_setting (self->store, TVM_TEAM_BACK_KEY, NULL);

  if (is_back == NULL || !tvm_store_set_setting (self->store, TVM_TEAM_BACK_KEY, NULL, error))
    return;
  g_set_error (error, TVM_ERROR, TVM_ERROR_CONFLICT,
               _("The team's database was put back to an earlier state. What you decided since "
                 "then was sent again; what others decided stays here, and the team has it again "
                 "when they have synchronized."));
}

/* Once, to both: who set the policy that stands, and whose it took the place of; to everybody: that
 * there is one which only a newer program understands. */
static void
tell_overtaken (TvmSyncEngine  *self,
                GError        **error)
{
  g_autofree char *both = tvm_store_get_setting (self->store, TVM_TEAM_OVER_KEY, NULL);
  g_autofree char *account = tvm_store_get_setting (self->store, TVM_TEAM_ACCOUNT_KEY, NULL);
  g_auto(GStrv) people = g_strsplit (both != NULL ? both : "", "\n", 2);

  if (both == NULL || !tvm_store_set_setting (self->store, TVM_TEAM_OVER_KEY, NULL, error))
    return;
  if (g_strv_length (people) == 2)
    g_set_error (error, TVM_ERROR, TVM_ERROR_CONFLICT,
                 tvm_team_is_same_person (people[0], account)
                   /* Translators: %s is an e-mail address. */
                   ? _("The policy that you set took the place of one that %s had set, and that "
                       "you had not seen. Look at it with “tvm-remediate policy show”.")
                   /* Translators: %s is an e-mail address. */
                   : _("The policy that you set is not the team's any more: %s set another one, "
                       "not knowing of yours. Look at it with “tvm-remediate policy show”."),
                 people[tvm_team_is_same_person (people[0], account) ? 1 : 0]);
  else
    g_set_error (error, TVM_ERROR, TVM_ERROR_CONFLICT,
                 /* Translators: %s is an e-mail address. */
                 _("%s set a policy for the team that this version of the program does not "
                   "understand. Install the newest version; until then the policy before it "
                   "stands here."), people[0]);
}

/* Once: an administrator took a view back. */
static void
tell_taken_back (TvmSyncEngine  *self,
                 GError        **error)
{
  g_autofree char *both = tvm_store_get_setting (self->store, TVM_TEAM_TAKEN_KEY, NULL);
  g_auto(GStrv) words = g_strsplit (both != NULL ? both : "", "\n", 2);

  if (both == NULL || !tvm_store_set_setting (self->store, TVM_TEAM_TAKEN_KEY, NULL, error))
    return;
  if (g_strv_length (words) == 2)
    g_set_error (error, TVM_ERROR, TVM_ERROR_CONFLICT,
                 /* Translators: an e-mail address, then the name of a view. */
                 _("%s took back the view “%s”, which you shared with the team. You still have it, "
                   "and can share it again."), words[0], words[1]);
}

/* Once: decisions that count for nothing. */
static void
tell_faults (TvmSyncEngine  *self,
             GError        **error)
{
  g_auto(TvmTeamFaults) faults = { 0 };
  g_autofree char *words = NULL;

  if (!tvm_store_get_team_faults (self->store, TRUE, &faults, error) || faults.n == 0)
    return;
  words = tvm_team_faults_describe (&faults);
  g_set_error_literal (error, TVM_ERROR, TVM_ERROR_CONFLICT, words);
}

/* Whatever is to be told once, all of it, also beside what is told at each sync. */
static void
tell_news (TvmSyncEngine  *self,
           GError        **failure)
{
  static void (*const tell[]) (TvmSyncEngine *, GError **) = {
    tell_turned_back, tell_overtaken, tell_taken_back, tell_faults,
  };

  for (guint i = 0; i < G_N_ELEMENTS (tell); i++)
    {
      g_autoptr(GError) news = NULL;
      g_autoptr(GError) before = NULL;

      tell[i] (self, &news);
      if (news == NULL)
        continue;
      before = g_steal_pointer (failure);
      *failure = before == NULL ? g_steal_pointer (&news)
                                : g_error_new (before->domain, before->code, "%s %s",
                                               before->message, news->message);
    }
}

/* Sends what was decided here, then gets what the log has; where the first fails, the second is
 * tried all the same. */
static gboolean
exchange (TvmSyncRun     *run,
          const char     *id,
          TvmListResult  *result,
          int            *n_requests,
          GError        **error)
{
  TvmSyncEngine *self = run->engine;
  g_autoptr(TvmSyncTeam) team = NULL;
  g_autoptr(TvmTeam) link = tvm_sync_open_team (self, &team, run->cancellable, error);
  g_autoptr(GError) failure = NULL;

  if (link == NULL || !tvm_sync_match_log (self, link, run->cancellable, error))
    return FALSE;
  if (tvm_sync_prepare_push (self, team->state, run->cancellable, &failure))
    tvm_sync_push_decisions (self, link, run->cancellable, &failure);
  tvm_sync_keep_members (self, link, team->state, run->cancellable,
                         failure == NULL ? &failure : NULL);
  tvm_sync_pull_log (self, link, result, n_requests, run->cancellable,
                     failure == NULL ? &failure : NULL);
  if (failure == NULL || tvm_sync_is_refused (failure))
    tell_news (self, &failure);
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

/**
 * tvm_sync_exchange_team:
 * @run: a run
 *
 * Lets the team's log be exchanged beside the services' lists, of a profile that is in a team.
 */
void
tvm_sync_exchange_team (TvmSyncRun *run)
{
  g_autofree char *team_id = tvm_store_get_setting (run->engine->store, TVM_TEAM_ID_KEY, NULL);

  if (team_id == NULL)
    return;
  tvm_sync_run_set_step (run, TVM_TEAM_LIST, 1);
  tvm_sync_run_push (run, TVM_TEAM_LIST, exchange, NULL);
}

/* tvm-demo-team.c: the demo's profile is in a team of three, where PostgreSQL is installed: after
 * the first sync a thread makes a server of its own and a team in it, with what its two others are
 * said to have decided before, and then has them go on. They have no copies of their own: their
 * decisions go into the team's log over connections of their own logins, and come to the window as
 * anybody's do. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-demo-team.h"

#include "tvm-demo-deeds.h"
#include "tvm-demo-server.h"
#include "tvm-error.h"
#include "tvm-sync-team.h"
#include "tvm-team-shared.h"
#include "tvm-team.h"
#include "tvm-time.h"

#include <glib/gi18n-lib.h>

#define IDLE_US (600 * TVM_SECOND_US)
#define BATCH   100

/* A deed to come. */
typedef struct
{
  gint64             due_us;   /* in ticks */
  const TvmDemoDeed *deed;
  char              *subject;  /* (owned) */
} Plan;

/* Its thread's, but for what stands first. */
struct _TvmDemoTeam
{
  TvmStore      *store;            /* (owned) */
  TvmSyncEngine *engine;           /* (owned) */
  char          *programs;         /* (owned) (nullable): PostgreSQL is not installed */
  GCancellable  *cancellable;      /* (owned) */
  GThread       *thread;           /* (owned) (nullable) */
  GWeakRef       window;
  TvmDemoServer *server;           /* (owned) (nullable) */
  char          *account;          /* (owned) (nullable): the person's */
  GPtrArray     *recommendations;  /* (owned) (nullable): of the subjects */
  GPtrArray     *plans;            /* (owned): of Plan */
  gint64         number;           /* as far as the log is known */
  char          *ids[TVM_DEMO_N_SUBJECTS];  /* (owned) */
  TvmTeam       *links[TVM_DEMO_N_PEOPLE];  /* (owned) (nullable) */
};

static void
plan_free (gpointer data)
{
  g_free (((Plan *) data)->subject);
  g_free (data);
}

static void
add_plan (TvmDemoTeam       *self,
          const TvmDemoDeed *deed,
          const char        *subject)
{
  Plan *plan = g_new0 (Plan, 1);

  plan->due_us = tvm_ticks_us () + deed->after_s * TVM_SECOND_US;
  plan->deed = deed;
  plan->subject = g_strdup (subject);
  g_ptr_array_add (self->plans, plan);
}

/* ---- what they decide ---------------------------------------------------------------------- */

static gboolean
do_deed (TvmDemoTeam        *self,
         const TvmDemoDeed  *deed,
         const char         *subject,
         GError            **error)
{
  g_autoptr(GPtrArray) events =
    g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_team_event_unref);
  g_autoptr(GError) failure = NULL;
  const TvmRecommendation *about = deed->subject < TVM_DEMO_N_SUBJECTS
                                     ? self->recommendations->pdata[deed->subject] : NULL;
  TvmTeamEvent *event = tvm_team_event_new ();

  g_ptr_array_add (events, event);
  event->id = tvm_uuid7_new ();
  event->subject = g_strdup (subject);
  event->kind = g_strdup (deed->kind);
  event->decided_us = tvm_now_us () + MIN (deed->after_s, 0) * TVM_SECOND_US;
  event->after = tvm_demo_deed_make_after (deed, self->engine, about, self->account,
                                           self->cancellable, &failure);
  if (failure == NULL)
    return tvm_team_append (self->links[deed->who], events, 0, 1, self->cancellable, error);
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

/* ---- making the team ----------------------------------------------------------------------- */

static gboolean
load_recommendations (TvmDemoTeam  *self,
                      GError      **error)
{
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_RECOMMENDATIONS);

  query->type = TVM_TYPE_UPDATE;
  query->status = TVM_RECOMMENDATION_ACTIVE;
  query->unrequested_only = TRUE;
  query->limit = TVM_DEMO_N_SUBJECTS;
  self->recommendations = tvm_store_list_rows (self->store, query, error);
  if (self->recommendations == NULL || self->recommendations->len == TVM_DEMO_N_SUBJECTS)
    return self->recommendations != NULL;
  g_set_error (error, TVM_ERROR, TVM_ERROR_NOT_FOUND, "There is too little to decide about");
  return FALSE;
}

static gboolean
open_link (TvmDemoTeam  *self,
           TvmDemoWho    who,
           GError      **error)
{
  g_autofree char *uri = tvm_demo_server_dup_uri (self->server, tvm_demo_logins[who]);
  g_autoptr(TvmTeamState) state = NULL;

  self->links[who] = tvm_team_open (uri, self->cancellable, error);
  if (self->links[who] != NULL)
    state = tvm_team_look (self->links[who], self->cancellable, error);
  return state != NULL;
}

/* By the person, who is its administrator. */
static gboolean
take_in (TvmDemoTeam   *self,
         TvmDemoWho     who,
         TvmTeamRight   right,
         GError       **error)
{
  return tvm_team_add_member (self->links[TVM_DEMO_PERSON], tvm_demo_logins[who],
                              tvm_demo_accounts[who], right, self->cancellable, error) &&
         open_link (self, who, error);
}

static gboolean
make_team (TvmDemoTeam  *self,
           GError      **error)
{
  g_autofree char *uri = tvm_demo_server_dup_uri (self->server, "postgres");
  gboolean is_new;

  return tvm_sync_init_team (uri, tvm_demo_logins[TVM_DEMO_PERSON], self->account, &is_new,
                             self->cancellable, error) &&
         open_link (self, TVM_DEMO_PERSON, error) &&
         tvm_team_set_approval (self->links[TVM_DEMO_PERSON], TVM_APPROVE_RISKY,
                                self->cancellable, error) &&
         take_in (self, TVM_DEMO_YUKI, TVM_TEAM_APPROVER, error) &&
         take_in (self, TVM_DEMO_JONAS, TVM_TEAM_REQUESTER, error) &&
         tvm_team_listen (self->links[TVM_DEMO_YUKI], self->cancellable, error);
}

/* A policy is about the team, a view about itself. */
static char *
dup_subject (TvmDemoTeam       *self,
             const TvmDemoDeed *deed)
{
  g_autoptr(TvmTeamState) state = NULL;

  if (deed->subject < TVM_DEMO_N_SUBJECTS)
    return g_strdup (self->ids[deed->subject]);
  if (!g_str_equal (deed->kind, TVM_EVENT_POLICY))
    return tvm_uuid7_new ();
  state = tvm_team_look (self->links[deed->who], self->cancellable, NULL);
  return g_strdup (state != NULL ? state->id : "");
}

/* What was before is done, what comes is planned. */
static gboolean
begin_deeds (TvmDemoTeam  *self,
             GError      **error)
{
  for (guint i = 0; i < TVM_DEMO_N_SUBJECTS; i++)
    self->ids[i] = g_uuid_string_random ();
  for (const TvmDemoDeed *deed = tvm_demo_deeds; deed->kind != NULL; deed++)
    {
      g_autofree char *subject = dup_subject (self, deed);

      if (deed->after_s >= 0)
        add_plan (self, deed, subject);
      else if (!do_deed (self, deed, subject, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
begin (TvmDemoTeam  *self,
       GError      **error)
{
  g_autoptr(TvmAccount) account =
    tvm_sync_engine_dup_account (self->engine, self->cancellable, error);
  g_autoptr(TvmSyncTeam) joined = NULL;
  g_autofree char *uri = NULL;

  if (account == NULL || !load_recommendations (self, error))
    return FALSE;
  self->account = g_strdup (account->user_name);
  self->server = tvm_demo_server_start (self->programs, tvm_demo_logins, self->cancellable, error);
  if (self->server == NULL || !make_team (self, error) || !begin_deeds (self, error))
    return FALSE;
  uri = tvm_demo_server_dup_uri (self->server, tvm_demo_logins[TVM_DEMO_PERSON]);
  joined = tvm_sync_engine_join_team (self->engine, uri, self->cancellable, error);
  return joined != NULL;
}

/* ---- going on ------------------------------------------------------------------------------ */

/* Whether the person filed something that waits. */
static gboolean
read_log (TvmDemoTeam  *self,
          GError      **error)
{
  g_autoptr(GPtrArray) events = tvm_team_read_log (self->links[TVM_DEMO_YUKI], self->number, BATCH,
                                                   NULL, self->cancellable, error);

  for (guint i = 0; events != NULL && i < events->len; i++)
    {
      const TvmTeamEvent *event = events->pdata[i];

      self->number = event->number;
      if (event->needs_approval && tvm_team_is_same_person (event->who, self->account))
        add_plan (self, &tvm_demo_approval, event->subject);
    }
  return events != NULL;
}

/* Does what is due; one that makes no sense any more, after what the person did, is passed over. */
static gint64
do_due (TvmDemoTeam *self)
{
  gint64 now_us = tvm_ticks_us (), wait_us = IDLE_US;

  for (guint i = 0; i < self->plans->len;)
    {
      Plan *plan = self->plans->pdata[i];
      g_autoptr(GError) error = NULL;

      if (plan->due_us > now_us)
        {
          wait_us = MIN (wait_us, plan->due_us - now_us);
          i++;
          continue;
        }
      if (!do_deed (self, plan->deed, plan->subject, &error))
        g_debug ("team: %s: %s", plan->deed->kind, error->message);
      g_ptr_array_remove_index (self->plans, i);
    }
  return wait_us;
}

/* Until the end, or that of the server. */
static void
live (TvmDemoTeam *self)
{
  TvmTeam *link = self->links[TVM_DEMO_YUKI];
  gboolean is_told;

  while (read_log (self, NULL) &&
         tvm_team_wait (link, -1, do_due (self), &is_told, self->cancellable, NULL))
    ;
}

/* ---- saying that there is none ------------------------------------------------------------- */

typedef struct
{
  GWeakRef    window;
  const char *text;
} Note;

static Note *
note_new (TvmDemoTeam *self,
          const char  *text)
{
  g_autoptr(TvmWindow) window = g_weak_ref_get (&self->window);
  Note *note = g_new0 (Note, 1);

  g_weak_ref_init (&note->window, window);
  note->text = text;
  return note;
}

static void
note_free (gpointer data)
{
  g_weak_ref_clear (&((Note *) data)->window);
  g_free (data);
}

static gboolean
say_cb (gpointer user_data)
{
  Note *note = user_data;
  g_autoptr(TvmWindow) window = g_weak_ref_get (&note->window);

  g_printerr ("tvm-remediate: %s\n", note->text);
  if (window != NULL)
    tvm_window_add_to_banner (window, note->text);
  return G_SOURCE_REMOVE;
}

static void
say (TvmDemoTeam *self,
     const char  *text)
{
  g_idle_add_full (G_PRIORITY_DEFAULT, say_cb, note_new (self, text), note_free);
}

/* ---- the thread ---------------------------------------------------------------------------- */

static gpointer
run (gpointer data)
{
  TvmDemoTeam *self = data;
  g_autoptr(GError) error = NULL;

  if (begin (self, &error))
    {
      tvm_sync_engine_refresh_state (self->engine);
      live (self);
    }
  else if (!g_cancellable_is_cancelled (self->cancellable))
    {
      g_debug ("team: %s", error->message);
      say (self, _("The demo has no team, because its database could not be made."));
    }
  for (guint i = 0; i < TVM_DEMO_N_PEOPLE; i++)
    g_clear_pointer (&self->links[i], tvm_team_close);
  g_clear_pointer (&self->server, tvm_demo_server_stop);
  return NULL;
}

static void
synced_cb (TvmSyncEngine *engine,
           GParamSpec    *pspec,
           gpointer       user_data)
{
  TvmDemoTeam *self = user_data;
  gint64 last_sync_us;

  g_object_get (engine, "last-sync-us", &last_sync_us, NULL);
  if (last_sync_us == 0)
    return;
  g_signal_handlers_disconnect_by_func (engine, synced_cb, self);
  self->thread = g_thread_new ("demo-team", run, self);
}

/**
 * tvm_demo_team_new:
 * @store: the demo's store
 * @engine: its engine
 *
 * Returns: (transfer full): its team, which is not there yet
 */
TvmDemoTeam *
tvm_demo_team_new (TvmStore      *store,
                   TvmSyncEngine *engine)
{
  TvmDemoTeam *self = g_new0 (TvmDemoTeam, 1);

  self->store = g_object_ref (store);
  self->engine = g_object_ref (engine);
  self->programs = tvm_demo_server_find_programs ();
  self->cancellable = g_cancellable_new ();
  self->plans = g_ptr_array_new_with_free_func (plan_free);
  g_weak_ref_init (&self->window, NULL);
  return self;
}

/**
 * tvm_demo_team_follow:
 * @self: a team whose demo's first sync did not begin yet
 * @window: the demo's window
 *
 * Makes the team once the first sync is over; where that cannot be, the window says so. Main
 * thread.
 */
void
tvm_demo_team_follow (TvmDemoTeam *self,
                      TvmWindow   *window)
{
  g_weak_ref_set (&self->window, window);
  if (self->programs != NULL)
    g_signal_connect (self->engine, "notify::last-sync-us", G_CALLBACK (synced_cb), self);
  else if (tvm_demo_server_is_wanted ())
    say (self, _("The demo has no team, because PostgreSQL is not installed."));
}

/**
 * tvm_demo_team_rest:
 * @self: a team
 *
 * Nothing begins any more, and what is under way ends soon. Main thread.
 */
void
tvm_demo_team_rest (TvmDemoTeam *self)
{
  g_signal_handlers_disconnect_by_data (self->engine, self);
  g_cancellable_cancel (self->cancellable);
}

/**
 * tvm_demo_team_free:
 * @self: (transfer full): a team that rests
 *
 * Ends it, and its server. Blocks for a moment.
 */
void
tvm_demo_team_free (TvmDemoTeam *self)
{
  g_cancellable_cancel (self->cancellable);
  if (self->thread != NULL)
    g_thread_join (self->thread);
  for (guint i = 0; i < TVM_DEMO_N_SUBJECTS; i++)
    g_free (self->ids[i]);
  g_clear_pointer (&self->recommendations, g_ptr_array_unref);
  g_ptr_array_unref (self->plans);
  g_weak_ref_clear (&self->window);
  g_object_unref (self->cancellable);
  g_object_unref (self->engine);
  g_object_unref (self->store);
  g_free (self->programs);
  g_free (self->account);
  g_free (self);
}

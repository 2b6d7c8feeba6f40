/* tvm-demo-team.c: the demo's profile is in a team of three, where PostgreSQL is installed: after
 * the first sync a thread makes a server of its own and a team in it, with what its two others are
 * said to have decided before, and then has them go on. They have no copies of their own: their
 * decisions go into the team's log over connections of their own logins, and come to the window as
 * anybody's do. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-demo-team.h"

#include "tvm-demo-server.h"
#include "tvm-error.h"
#include "tvm-sync-team.h"
#include "tvm-team.h"
#include "tvm-time.h"

#include <glib/gi18n-lib.h>

#define DAY_S        (24 * 3600)
#define DUE_DAYS     12          /* from today, of what they request */
#define HOLDS_DAYS   45          /* an exception of theirs */
#define ANSWER_S     20          /* until what the person files is approved */
#define IDLE_US      (600 * TVM_SECOND_US)
#define BATCH        100

typedef enum { PERSON, YUKI, JONAS, N_PEOPLE } Who;
static const char *const logins[N_PEOPLE + 1] = { "adele", "yuki", "jonas", NULL };
static const char *const accounts[N_PEOPLE] = { NULL, "yuki.tanaka@contoso.example",
                                                "jonas.weber@contoso.example" };

/* Each about a recommendation of its own. */
typedef enum { ROLLOUT, SERVERS, LAPTOPS, LABS, OFFICES, KIOSKS, FREEZE, REPLACED,
               N_SUBJECTS } Subject;

typedef struct
{
  gint64      after_s;  /* from when the team is there; below 0: said to be before */
  Who         who;
  Subject     subject;
  const char *kind;
  const char *text;     /* (nullable): notes, a comment, a reason, an exception's context */
  Who         to;       /* of an assignment */
} Deed;

static const Deed deeds[] = {
  { -20 * DAY_S, JONAS, LAPTOPS, TVM_EVENT_REQUESTED, "Field staff first." },
  { -12 * DAY_S, JONAS, ROLLOUT, TVM_EVENT_REQUESTED, "Ring 1 first, the rest a week later." },
  { -12 * DAY_S, JONAS, ROLLOUT, TVM_EVENT_ASSIGNED, NULL },
  { -10 * DAY_S, YUKI, ROLLOUT, TVM_EVENT_COMMENT,
    "Ring 1 is through, and the help desk has heard of no trouble." },
  { -9 * DAY_S, JONAS, REPLACED, TVM_EVENT_FILED,
    "These computers are replaced by the end of the quarter." },
  { -8 * DAY_S, YUKI, REPLACED, TVM_EVENT_APPROVED, NULL },
  { -6 * DAY_S, YUKI, SERVERS, TVM_EVENT_REQUESTED, NULL },
  { -6 * DAY_S, YUKI, SERVERS, TVM_EVENT_ASSIGNED, NULL, YUKI },
  { -4 * DAY_S, JONAS, SERVERS, TVM_EVENT_COMMENT,
    "Those in Hamburg have to wait for Sunday's maintenance window." },
  { -2 * DAY_S, YUKI, LAPTOPS, TVM_EVENT_COMPLETED,
    "Done everywhere; two are in the repair shop and get it there." },
  { -1 * DAY_S, JONAS, LABS, TVM_EVENT_REQUESTED, "The laboratories ask for a day's notice." },
  { -1 * DAY_S, JONAS, FREEZE, TVM_EVENT_FILED,
    "Nothing may change on these until the audit is over." },
  { -3 * 3600, JONAS, KIOSKS, TVM_EVENT_FILED, "The kiosks are cut off from the network." },
  { 8, YUKI, ROLLOUT, TVM_EVENT_COMMENT,
    "I can take the servers tonight if you take the clients." },
  { 60, YUKI, KIOSKS, TVM_EVENT_APPROVED, NULL },
  { 120, JONAS, LABS, TVM_EVENT_ASSIGNED, NULL, YUKI },
  { 180, YUKI, SERVERS, TVM_EVENT_COMPLETED, "Hamburg too, as of this morning." },
  { 240, YUKI, LABS, TVM_EVENT_COMMENT, "It needs a restart. I have asked for tonight." },
  { 300, JONAS, ROLLOUT, TVM_EVENT_COMMENT, "Danke! Then only Osaka is left." },
  { 360, JONAS, OFFICES, TVM_EVENT_REQUESTED, "All offices but the headquarters." },
  { 370, JONAS, OFFICES, TVM_EVENT_ASSIGNED, NULL },
  { 420, YUKI, OFFICES, TVM_EVENT_COMMENT, "Osaka has a holiday on Friday, so better before." },
};

/* What an approver does about what the person files. */
static const Deed approval = { ANSWER_S, YUKI, N_SUBJECTS, TVM_EVENT_APPROVED, NULL, PERSON };

/* A deed to come. */
typedef struct
{
  gint64      due_us;   /* in ticks */
  const Deed *deed;
  char       *subject;  /* (owned) */
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
  TvmTeam       *links[N_PEOPLE];  /* (owned) (nullable) */
  char          *account;          /* (owned) (nullable): the person's */
  char          *ids[N_SUBJECTS];  /* (owned) */
  GPtrArray     *recommendations;  /* (owned) (nullable): of the subjects */
  GPtrArray     *plans;            /* (owned): of Plan */
  gint64         number;           /* as far as the log is known */
};

static void
plan_free (gpointer data)
{
  g_free (((Plan *) data)->subject);
  g_free (data);
}

static void
add_plan (TvmDemoTeam *self,
          const Deed  *deed,
          const char  *subject)
{
  Plan *plan = g_new0 (Plan, 1);

  plan->due_us = tvm_ticks_us () + deed->after_s * TVM_SECOND_US;
  plan->deed = deed;
  plan->subject = g_strdup (subject);
  g_ptr_array_add (self->plans, plan);
}

/* ---- what they decide ---------------------------------------------------------------------- */

/* The recommendation's exposed devices. */
static TvmDeviceRefs *
load_targets (TvmDemoTeam  *self,
              const char   *recommendation_id,
              GError      **error)
{
  g_autoptr(TvmQuery) query = tvm_query_new (TVM_LIST_EXPOSED);
  g_autoptr(GPtrArray) devices = NULL;
  TvmDeviceRefs *targets;

  query->recommendation_id = g_strdup (recommendation_id);
  if (tvm_sync_engine_fetch_devices (self->engine, recommendation_id, self->cancellable, error))
    devices = tvm_store_list_rows (self->store, query, error);
  if (devices == NULL)
    return NULL;
  targets = tvm_device_refs_new ();
  for (guint i = 0; i < devices->len; i++)
    {
      const TvmDevice *device = devices->pdata[i];

      tvm_device_refs_add (targets, device->id, device->name, device->os_platform, device->group);
    }
  return targets;
}

static char *
dup_day (int days_ahead)
{
  g_autofree char *today = tvm_today ();

  return tvm_date_add_days (today, days_ahead);
}

static char *
make_activity (TvmDemoTeam             *self,
               const TvmRecommendation *about,
               const char              *notes,
               GError                 **error)
{
  g_autoptr(TvmDeviceRefs) targets = load_targets (self, about->id, error);
  g_autoptr(TvmActivity) activity = tvm_activity_new ();
  const TvmRequest request = { .type = about->type };

  if (targets == NULL)
    return NULL;
  activity->title = tvm_activity_title (&request, about);
  activity->recommendation_id = g_strdup (about->id);
  activity->related_component = g_strdup (about->related_component);
  activity->notes = g_strdup (notes);
  activity->due_on = dup_day (DUE_DAYS);
  activity->type = about->type;
  activity->priority = TVM_PRIORITY_MEDIUM;
  activity->groups = g_new0 (char *, 1);
  return tvm_team_activity_to_json (activity, targets);
}

static char *
make_exception (const TvmRecommendation *about,
                const char              *context)
{
  g_autoptr(TvmException) exception = tvm_exception_new ();

  exception->recommendation_id = g_strdup (about->id);
  exception->recommendation_name = g_strdup (about->name);
  exception->related_component = g_strdup (about->related_component);
  exception->type = about->type;
  exception->justification = TVM_JUSTIFICATION_RISK_ACCEPTED;
  exception->context = g_strdup (context);
  exception->is_global = TRUE;
  exception->groups = g_new0 (char *, 1);
  exception->ends_on = dup_day (HOLDS_DAYS);
  exception->weaknesses_then = about->weaknesses;
  exception->exploit_then = about->public_exploit;
  return tvm_team_exception_to_json (exception, -1);
}

/* %NULL also where there is nothing to be said beside its kind. */
static char *
make_after (TvmDemoTeam *self,
            const Deed  *deed,
            GError     **error)
{
  if (g_str_equal (deed->kind, TVM_EVENT_REQUESTED))
    return make_activity (self, self->recommendations->pdata[deed->subject], deed->text, error);
  if (g_str_equal (deed->kind, TVM_EVENT_FILED))
    return make_exception (self->recommendations->pdata[deed->subject], deed->text);
  if (g_str_equal (deed->kind, TVM_EVENT_ASSIGNED))
    return tvm_team_assignee_to_json (deed->to == PERSON ? self->account : accounts[deed->to]);
  return tvm_team_text_to_json (deed->text);
}

static gboolean
do_deed (TvmDemoTeam  *self,
         const Deed   *deed,
         const char   *subject,
         GError      **error)
{
  g_autoptr(GPtrArray) events =
    g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_team_event_unref);
  g_autoptr(GError) failure = NULL;
  TvmTeamEvent *event = tvm_team_event_new ();

  g_ptr_array_add (events, event);
  event->id = tvm_uuid7_new ();
  event->subject = g_strdup (subject);
  event->kind = g_strdup (deed->kind);
  event->decided_us = tvm_now_us () + MIN (deed->after_s, 0) * TVM_SECOND_US;
  event->after = make_after (self, deed, &failure);
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
  query->limit = N_SUBJECTS;
  self->recommendations = tvm_store_list_rows (self->store, query, error);
  if (self->recommendations == NULL || self->recommendations->len == N_SUBJECTS)
    return self->recommendations != NULL;
  g_set_error (error, TVM_ERROR, TVM_ERROR_NOT_FOUND, "There is too little to decide about");
  return FALSE;
}

static gboolean
open_link (TvmDemoTeam  *self,
           Who           who,
           GError      **error)
{
  g_autofree char *uri = tvm_demo_server_dup_uri (self->server, logins[who]);
  g_autoptr(TvmTeamState) state = NULL;

  self->links[who] = tvm_team_open (uri, self->cancellable, error);
  if (self->links[who] != NULL)
    state = tvm_team_look (self->links[who], self->cancellable, error);
  return state != NULL;
}

static gboolean
make_team (TvmDemoTeam  *self,
           GError      **error)
{
  g_autofree char *uri = tvm_demo_server_dup_uri (self->server, "postgres");
  TvmTeam **links = self->links;
  gboolean is_new;

  return tvm_sync_init_team (uri, logins[PERSON], self->account, &is_new, self->cancellable,
                             error) &&
         open_link (self, PERSON, error) &&
         tvm_team_add_member (links[PERSON], logins[YUKI], accounts[YUKI], TVM_TEAM_APPROVER,
                              self->cancellable, error) &&
         tvm_team_add_member (links[PERSON], logins[JONAS], accounts[JONAS], TVM_TEAM_REQUESTER,
                              self->cancellable, error) &&
         tvm_team_set_approval (links[PERSON], TVM_APPROVE_RISKY, self->cancellable, error) &&
         open_link (self, YUKI, error) && open_link (self, JONAS, error) &&
         tvm_team_listen (links[YUKI], self->cancellable, error);
}

/* What was before is done, what comes is planned. */
static gboolean
begin_deeds (TvmDemoTeam  *self,
             GError      **error)
{
  for (guint i = 0; i < N_SUBJECTS; i++)
    self->ids[i] = g_uuid_string_random ();
  for (guint i = 0; i < G_N_ELEMENTS (deeds); i++)
    if (deeds[i].after_s >= 0)
      add_plan (self, &deeds[i], self->ids[deeds[i].subject]);
    else if (!do_deed (self, &deeds[i], self->ids[deeds[i].subject], error))
      return FALSE;
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
  self->server = tvm_demo_server_start (self->programs, logins, self->cancellable, error);
  if (self->server == NULL || !make_team (self, error) || !begin_deeds (self, error))
    return FALSE;
  uri = tvm_demo_server_dup_uri (self->server, logins[PERSON]);
  joined = tvm_sync_engine_join_team (self->engine, uri, self->cancellable, error);
  return joined != NULL;
}

/* ---- going on ------------------------------------------------------------------------------ */

/* Whether the person filed something that waits. */
static gboolean
read_log (TvmDemoTeam  *self,
          GError      **error)
{
  g_autoptr(GPtrArray) events = tvm_team_read_log (self->links[YUKI], self->number, BATCH,
                                                   self->cancellable, error);

  for (guint i = 0; events != NULL && i < events->len; i++)
    {
      const TvmTeamEvent *event = events->pdata[i];

      self->number = event->number;
      if (event->needs_approval && tvm_team_is_same_person (event->who, self->account))
        add_plan (self, &approval, event->subject);
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
  gboolean is_told;

  while (read_log (self, NULL) &&
         tvm_team_wait (self->links[YUKI], -1, do_due (self), &is_told, self->cancellable, NULL))
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
      say (self, _("The demo has no team, because its PostgreSQL did not start."));
    }
  for (guint i = 0; i < N_PEOPLE; i++)
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
  for (guint i = 0; i < N_SUBJECTS; i++)
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

/* tvm-sync-private.h: what the files of the sync engine share: its fields, the run of one sync, and
 * the sessions with the services. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-sync-engine.h"
#include "tvm-sync-team.h"
#include "tvm-sync-schedule-private.h"
G_BEGIN_DECLS

/* What the properties show. */
typedef struct {
  gboolean syncing, intune_connected;
  gboolean keyring_locked;                  /* so that nobody knows who is signed in */
  gboolean sign_in_required;                /* the kept sign-in was refused */
  gboolean is_local;                        /* the services are on this computer */
  gboolean is_unreachable;                  /* the last sync reached no service */
  const char *step;                         /* static; NULL: idle */
  char *files;                              /* (owned) (nullable): how far files are, in words */
  double fraction;                          /* of what "files" tells, else of the lists */
  int outbox, outbox_parked;
  int interval_minutes;                     /* of the automatic sync; -1: not read yet */
  gint64 next_call_us, last_sync_us, tickets_us;
  gboolean is_asked;                        /* a service itself asks to wait until then */
  gint64 outbox_due_us;                     /* when the next entry is sent by itself; 0: none */
  char *last_error, *account, *account_name, *tenant;  /* (owned) (nullable) */
  /* (owned) (nullable) */
  char *keyring_warning, *clock_warning, *backup_warning, *team_right;
} TvmSyncState;

/* Whose a failure is: one service's stops no list of the other. */
typedef enum
{
  TVM_SYNC_DEFENDER,
  TVM_SYNC_INTUNE,
  TVM_SYNC_TEAM,                            /* the team's database */
  TVM_SYNC_OURSELVES,                       /* store, keyring, whoever cancelled */
  TVM_SYNC_N_PARTIES
} TvmSyncParty;

/* Long lists that may come in files, and how far one is; no files: none were on their way. */
typedef enum { TVM_SYNC_SOFTWARE, TVM_SYNC_CONFIGURATIONS, TVM_SYNC_N_FILES } TvmSyncLongList;
typedef struct {
  struct TvmSyncRun *run;
  TvmFileProgress    told;
  gboolean           is_done;               /* of a list that came, or will not */
} TvmSyncFiles;

/* One sync. Counted atomically, because a wait may report to it from any thread. */
typedef struct TvmSyncRun {
  TvmSyncEngine   *engine;                  /* borrowed from the caller of the sync */
  TvmClient       *client;                  /* (owned) (nullable) */
  GCancellable    *cancellable;
  gboolean         full, intune_connected;
  gboolean         automatic;               /* what backs off in the outbox goes on waiting */
  GPtrArray       *results;                 /* of TvmListResult (owned) */
  GError          *first_error;             /* (owned): what is told, once all is done */
  GError          *failed[TVM_SYNC_N_PARTIES];  /* (owned): the first of each */
  const char      *failed_step[TVM_SYNC_N_PARTIES];
  gboolean         stopped[TVM_SYNC_N_PARTIES]; /* no further list of it makes sense */
  /* (owned) (nullable): of TvmSyncJob, so many calls in flight */
  GThreadPool     *pool;
  GMutex           mutex;                   /* guards what follows; progress is told with it held */
  GCond            came;               /* one of the next three became true, or there is room */
  gboolean         recommendations_came, devices_came;  /* in the store, or they will not come */
  gboolean         activities_came;         /* the same */
  guint            n_fetching;              /* lists of exposed devices */
  guint            n_held;                  /* rows of those that came, not in the store yet */
  TvmSyncProgress  progress;
  gpointer         progress_data;
  const char      *step;
  int              n_done, n_steps;
  gint64           next_call_us;
  gboolean         is_asked;                /* to wait until then */
  TvmSyncFiles     files[TVM_SYNC_N_FILES];
  char            *files_text;              /* (owned) (nullable): how far these are */
  TvmBar           bar;
  gboolean         exposure_came, configurations_came;  /* as above */
  gboolean         has_software, has_configurations;    /* they came, and can be believed */
  gboolean         asks_one_by_one;         /* the lists of single recommendations alone */
} TvmSyncRun;

struct _TvmSyncEngine
{
  GObject       parent_instance;
  int           may_prompt;                 /* atomic: a person is there to unlock the keyring */

  /* fixed after construction */
  TvmStore     *store;                      /* (owned) */
  char         *profile;                    /* (owned) */
  gboolean      memory_vault;
  TvmCaller     caller;                     /* whose the calls are */
  GMainContext *context;                    /* (owned): where properties change */
  TvmWaitFunc   wait_func;                  /* (nullable): is told of waits, on their threads */
  gpointer      wait_data;                  /* given to it */

  /* the main context's */
  TvmSyncState  shown;
  TvmSyncSchedule *schedule;                /* (owned) (nullable): once automatic */
  GCancellable *automatic_cancellable;      /* (owned) (nullable): of the last automatic sync */
  gboolean      is_automatic;
  /* (owned) (nullable): sends what backs off when it is due */
  GSource      *outbox_source;
  GSource      *clock_source;               /* (owned) (nullable): looks at a clock in doubt */
  struct TvmTeamWatch *team_watch;          /* (owned) (nullable): listens to the team's log */
  GSource      *held_source;                /* (owned) (nullable); with the mutex: sends what waits
                                               to be undone */
  /* atomic: the next sync was not asked for by a person */
  gint          next_is_automatic;

  gint          connection_serial;          /* atomic: counts changes of whom to talk to */
  /* atomic: a push was asked for while another one runs */
  gint          must_push;
  gboolean      owes_held;         /* tickets were held when it stopped being automatic */
  gint64        hold_us;           /* how long tickets of the window's requests stay */
  gint64        look_again_us;     /* until a ticket that a list lacks is looked for again */
  gint64        looked_ticks_us;   /* with the mutex: when a form asked for Intune's tickets */

  GMutex        mutex;                      /* guards the next group; held for moments only */
  TvmSyncState  wanted;
  gboolean      flush_queued;
  TvmSyncRun   *run;                        /* (owned) (nullable) */
  GCond         run_ended;
  GCancellable *push_cancellable;           /* (owned) (nullable): of the push that runs */
  char         *team_trouble;               /* (owned) (nullable): why decisions do not go out */

  GMutex        session_mutex;              /* guards the next group */
  /* (owned) (nullable): what the next two were made for */
  TvmEndpoints *endpoints;
  TvmSignIn    *sign_in;                    /* (owned) (nullable) */
  TvmClient    *client;                     /* (owned) (nullable) */
  gint64        sign_in_mark;               /* when somebody signed in or out last; 0: not read */

  GMutex        command_mutex;              /* one writing command at a time; never held over the
                                             * network or the keyring */
  GMutex        push_mutex;                 /* one push at a time: no entry is sent twice (R4);
                                             * held over the network: others only try it, or
                                             * cancel the push first */
};

/* ---- tvm-sync-engine.c; main context */
void     tvm_sync_engine_show (TvmSyncEngine *self, const TvmSyncState *old);

/* ---- tvm-sync-state.c; any thread */
typedef void (*TvmSyncStateFunc) (TvmSyncState *state, gconstpointer data);
void     tvm_sync_state_clear         (TvmSyncState *self);
void     tvm_sync_engine_change_state (TvmSyncEngine *self, TvmSyncStateFunc change,
                                       gconstpointer data);
void     tvm_sync_engine_set_last_error (TvmSyncEngine *self, const char *text);
void     tvm_sync_engine_read_state   (TvmSyncEngine *self);   /* blocks */

/* ---- tvm-sync-sign-in.c; any thread */
void     tvm_sync_follow_sign_in      (TvmSyncEngine *self);   /* blocks */

/* ---- tvm-sync-task.c: a blocking call as an asynchronous one */
typedef gboolean (*TvmSyncCall) (TvmSyncEngine *self, gpointer data, GCancellable *cancellable,
                                 GError **error);
void          tvm_sync_task_run       (TvmSyncEngine *self, TvmSyncCall call, gpointer data,
                                       GDestroyNotify free_data, GCancellable *cancellable,
                                       GAsyncReadyCallback callback, gpointer user_data);
void          tvm_sync_task_run_quiet (TvmSyncEngine *self, TvmSyncCall call, gpointer data,
                                       GDestroyNotify free_data, GCancellable *cancellable,
                                       GAsyncReadyCallback callback, gpointer user_data);
gpointer      tvm_sync_task_finish    (TvmSyncEngine *self, GAsyncResult *result, TvmSyncCall call,
                                       GError **error);
GCancellable *tvm_sync_follow         (GCancellable *caller, gulong *out_handler);
typedef struct { char *first, *second; } TvmSyncWords;  /* data of commands that need no more */
TvmSyncWords *tvm_sync_words_new      (const char *first, const char *second);
void          tvm_sync_words_free     (gpointer self);

/* ---- tvm-sync-session.c; any thread */
/* The sign-in and the client for the settings as they are. INVALID where they are incomplete. */
gboolean tvm_sync_session_open    (TvmSyncEngine *self, TvmSignIn **out_sign_in,
                                   TvmClient **out_client, GError **error);
/* The same for whoever needs somebody signed in: AUTH_REQUIRED where nobody is. */
gboolean tvm_sync_session_require (TvmSyncEngine *self, TvmClient **out_client,
                                   TvmAccount **out_account, GCancellable *cancellable,
                                   GError **error);
gboolean tvm_sync_session_is_expired (TvmSyncEngine *self);
gboolean tvm_sync_session_is_unattended (TvmSyncEngine *self);
/* READ_ONLY where it is */
gboolean tvm_sync_session_may_decide (TvmSyncEngine *self, GError **error);
void     tvm_sync_session_drop    (TvmSyncEngine *self);
void     tvm_sync_session_clear   (TvmSyncEngine *self);       /* for finalize: without the lock */
gboolean tvm_sync_reads_true      (TvmSyncEngine *self, const char *key, gboolean *out,
                                   GError **error);

/* ---- tvm-sync-pace.c; blocks */
void     tvm_sync_load_pace      (TvmSyncEngine *self, TvmClient *client);
void     tvm_sync_look_at_others (TvmSyncEngine *self, TvmClient *client);
void     tvm_sync_keep_pace      (TvmSyncEngine *self, TvmClient *client);
void     tvm_sync_note_cost      (TvmSyncEngine *self, TvmClient *client, const TvmSpent *before,
                                  gint64 started_us);

/* ---- tvm-sync-notice.c; blocks */
gboolean tvm_sync_read_language (TvmSyncEngine *self, const TvmLanguage **out, GError **error);
GPtrArray *tvm_sync_find_cves (TvmSyncEngine *self, TvmClient *client, const TvmOutboxEntry *entry,
                               GCancellable *cancellable);

/* ---- tvm-sync-run.c; any thread */
TvmSyncRun    *tvm_sync_run_ref       (TvmSyncRun *self);
void           tvm_sync_run_unref     (TvmSyncRun *self);
/* One list, on a thread of the run's pool. */
typedef struct TvmSyncJob TvmSyncJob;
typedef gboolean (*TvmSyncPullFunc) (TvmSyncRun *run, const char *id, TvmListResult *result,
                                     int *n_requests, GError **error);
void           tvm_sync_run_push      (TvmSyncRun *self, const char *step, TvmSyncPullFunc func,
                                       const char *id);
void           tvm_sync_run_join      (TvmSyncRun *self);
void           tvm_sync_run_came      (TvmSyncRun *self, gboolean *which);
void           tvm_sync_run_wait_for  (TvmSyncRun *self, const gboolean *which);
void           tvm_sync_run_start_fetch (TvmSyncRun *self);
void           tvm_sync_run_end_fetch (TvmSyncRun *self, guint n_rows);
void           tvm_sync_run_release   (TvmSyncRun *self, guint n_rows);
gboolean       tvm_sync_run_is_stopped (TvmSyncRun *self, TvmSyncParty party);
void           tvm_sync_run_sort_results (TvmSyncRun *self);
void           tvm_sync_run_set_step  (TvmSyncRun *self, const char *step, int n_more_steps);
void           tvm_sync_run_step_done (TvmSyncRun *self);
void           tvm_sync_run_set_next_call (TvmSyncRun *self, gint64 next_call_us,
                                           gboolean is_asked);
void           tvm_sync_run_follow_files (TvmSyncRun *self, TvmSyncLongList which, TvmPull *pull);
void           tvm_sync_run_end_files (TvmSyncRun *self, TvmSyncLongList which);
void           tvm_sync_add_result (TvmListResult *sum, const TvmListResult *result);

/* ---- tvm-sync-failure.c; any thread */
guint          tvm_sync_rank_of_step  (const char *step);
TvmSyncParty   tvm_sync_party_of_step (const char *step);
/* Keeps the first error of a party; @failure is taken over. */
void           tvm_sync_run_fail      (TvmSyncRun *self, const char *step, GError *failure);
void           tvm_sync_run_settle_error (TvmSyncRun *self);
gboolean       tvm_sync_run_is_unreachable (const TvmSyncRun *self);
gboolean       tvm_sync_run_was_good  (const TvmSyncRun *self);
gboolean       tvm_sync_error_stops   (const GError *failure);

/* ---- tvm-sync-pull.c, tvm-sync-pull-details.c; the thread of the sync */
void     tvm_sync_pull_details (TvmSyncRun *run);
gboolean tvm_sync_answers_by_id (TvmClient *client, TvmPullKind kind, const char *id,
                                 int *n_requests, GCancellable *cancellable);
gboolean tvm_sync_ask_about_missing (TvmSyncEngine *self, TvmClient *client, TvmPull *pull,
                                     int *n_requests, GCancellable *cancellable, GError **error);
gboolean tvm_sync_pull_list    (TvmSyncEngine *self, TvmClient *client, TvmPullKind kind,
                                const char *owner, TvmListResult *result, int *n_requests,
                                GCancellable *cancellable, GError **error);
/* blocks; not the sync's own thread */
void     tvm_sync_engine_stop_sync (TvmSyncEngine *self);
gboolean tvm_sync_pull_device_refs (TvmSyncEngine *self, TvmClient *client,
                                    const char *recommendation_id, TvmListResult *result,
                                    GCancellable *cancellable, GError **error);

/* ---- tvm-sync-portal.c; the thread of the sync */
void     tvm_sync_pull_portal (TvmSyncRun *run);

/* ---- tvm-sync-exposure.c; the thread of the sync */
void     tvm_sync_pull_exposure (TvmSyncRun *run);
gboolean tvm_sync_wants_files   (gint64 n_devices, gint64 n_rows);

/* ---- tvm-sync-impact.c; the thread of the sync */
void     tvm_sync_pull_user_impact (TvmSyncRun *run);

/* ---- tvm-sync-known-exploited.c, tvm-sync-policy.c; block */
void     tvm_sync_update_catalog (TvmSyncRun *run);
gboolean tvm_sync_load_team_policy (TvmSyncEngine *self, char **out, GError **error);
gboolean tvm_sync_set_team_policy (TvmSyncEngine *self, const char *policy, gboolean *out_is_teams,
                                   GError **error);
gboolean tvm_sync_apply_policy   (TvmSyncEngine *self, TvmRequest *request, TvmRequestFacts *facts,
                                  GCancellable *cancellable, GError **error);

/* ---- tvm-sync-team.c, tvm-sync-team-log.c; block */
TvmTeam *tvm_sync_open_team     (TvmSyncEngine *self, TvmSyncTeam **out_team,
                                 GCancellable *cancellable, GError **error);
gboolean tvm_sync_check_person  (TvmSyncEngine *self, const TvmTeamState *state,
                                 GCancellable *cancellable, GError **error);
gboolean tvm_sync_check_tenant  (TvmSyncEngine *self, TvmTeam *link, TvmTeamState *state,
                                 GCancellable *cancellable, GError **error);
gboolean tvm_sync_prepare_push  (TvmSyncEngine *self, const TvmTeamState *state,
                                 GCancellable *cancellable, GError **error);
gboolean tvm_sync_become_person (TvmSyncEngine *self, const TvmTeamState *state, GError **error);
gboolean tvm_sync_is_refused    (const GError *error);
gboolean tvm_sync_keep_members  (TvmSyncEngine *self, TvmTeam *link, const TvmTeamState *state,
                                 GCancellable *cancellable, GError **error);
gboolean tvm_sync_match_log     (TvmSyncEngine *self, TvmTeam *link, GCancellable *cancellable,
                                 GError **error);
gboolean tvm_sync_push_decisions (TvmSyncEngine *self, TvmTeam *link, GCancellable *cancellable,
                                  GError **error);
gboolean tvm_sync_pull_log      (TvmSyncEngine *self, TvmTeam *link, TvmListResult *result,
                                 int *n_requests, GCancellable *cancellable, GError **error);
gboolean tvm_sync_check_layout  (const TvmTeamState *state, GError **error);
void     tvm_sync_exchange_team (TvmSyncRun *run);

/* ---- tvm-sync-team-watch.c; main context */
void     tvm_sync_team_watch    (TvmSyncEngine *self, gboolean is_wanted);
void     tvm_sync_team_wake     (TvmSyncEngine *self);   /* any thread: something was decided */
char    *tvm_sync_dup_team_trouble (TvmSyncEngine *self);   /* any thread; (nullable) */

/* tvm-sync-weaknesses.c */
gboolean tvm_sync_pull_weaknesses (TvmSyncRun *run, const char *id, TvmListResult *result,
                                   int *n_requests, GError **error);

/* ---- tvm-sync-fetch.c; blocks */
gboolean tvm_sync_fetch_unknown_devices (TvmSyncEngine *self,
                                         const TvmRecommendation *recommendation,
                                         GCancellable *cancellable, GError **error);
gboolean tvm_sync_looked_lately  (TvmSyncEngine *self);

/* ---- tvm-sync-request.c; blocks */
TvmActivity *tvm_sync_submit (TvmSyncEngine *self, const TvmRequest *form,
                              TvmSubmission *submission, TvmRequestFacts *facts,
                              GCancellable *cancellable, GError **error);

/* ---- tvm-sync-push.c */
gboolean tvm_sync_push (TvmSyncEngine *self, TvmClient *client, gboolean eager, int *out_sent,
                        GCancellable *cancellable, GError **error);
void     tvm_sync_push_cancel (TvmSyncEngine *self);
int      tvm_sync_outbox_lock (TvmSyncEngine *self, GError **error);
void     tvm_sync_outbox_fail_busy (GError **error);
gint64   tvm_sync_outbox_backoff_us (int attempts);

/* ---- tvm-sync-outbox-look.c; blocks */
/* the tickets that Intune has, asked for twice */
typedef struct {
  TvmPull *first, *second;     /* (owned) (nullable) */
  gint64   until_us;           /* what was looked for last may still come until then; 0: not so */
} TvmTicketLists;
void     tvm_ticket_lists_clear (TvmTicketLists *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TvmTicketLists, tvm_ticket_lists_clear)
gboolean tvm_sync_outbox_look (TvmSyncEngine *self, TvmClient *client, const TvmOutboxEntry *entry,
                               gboolean is_soon, TvmTicketLists *known, gboolean *out_found,
                               GCancellable *cancellable, GError **error);

/* ---- tvm-sync-team-ticket.c; blocks */
/* A push's connection with the team's database. */
typedef struct {
  TvmTeam *link;               /* (owned) (nullable): not needed yet, or not reached */
  GError  *failure;            /* (owned) (nullable): why it was not */
} TvmTeamTurn;
typedef enum {
  TVM_TURN_WAIT,
  TVM_TURN_SEND,
  TVM_TURN_LOOK,               /* send it, where Intune does not have it yet */
  TVM_TURN_SENT,               /* another program has */
} TvmTurn;
void     tvm_team_turn_clear (TvmTeamTurn *self);
TvmTurn  tvm_sync_take_turn  (TvmSyncEngine *self, TvmTeamTurn *turn, const TvmOutboxEntry *entry,
                              char **out_other, GCancellable *cancellable, GError **error);
gboolean tvm_sync_is_completed (TvmSyncEngine *self, const TvmTeamTurn *turn,
                                const TvmOutboxEntry *entry);
void     tvm_sync_end_turn   (TvmSyncEngine *self, TvmTeamTurn *turn, const TvmOutboxEntry *entry,
                              const TvmTicket *ticket);
const TvmTicket *tvm_sync_find_others (const TvmTicketLists *self, const char *marker);

/* ---- tvm-sync-clock.c */
void     tvm_sync_clock_load      (TvmSyncEngine *self, TvmClient *client);
void     tvm_sync_clock_keep      (TvmSyncEngine *self, TvmClient *client);
gboolean tvm_sync_clock_settle    (TvmSyncEngine *self, TvmClient *client, GError **error);
void     tvm_sync_clock_watch     (TvmSyncEngine *self, gboolean is_wanted);

/* ---- tvm-sync-withdraw.c; block */
gboolean tvm_sync_withdraw_now    (TvmSyncEngine *self, TvmClient *client,
                                   const TvmOutboxEntry *entry, TvmSendOutcome *outcome,
                                   GCancellable *cancellable, GError **error);
gboolean tvm_sync_withdraw_revoke (TvmSyncEngine *self, TvmClient *client,
                                   const TvmOutboxEntry *entry, const char *who,
                                   GCancellable *cancellable, GError **error);

/* ---- tvm-sync-outbox.c */
void     tvm_sync_push_once_held (TvmSyncEngine *self, gint64 hold_us);  /* the same, later */
gboolean tvm_sync_push_drop_held (TvmSyncEngine *self);
void     tvm_sync_outbox_arm    (TvmSyncEngine *self, gint64 due_us);
void     tvm_sync_outbox_disarm (TvmSyncEngine *self);

G_END_DECLS

/* tvm-store.h: the profile's SQLite store. Blocking calls, for worker threads and the command line;
 * each runs on one of the store's own two threads (one writes, one reads) in order. Not from the
 * window's main thread: models wrap them. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-collection.h"
#include "tvm-disagreement.h"
#include "tvm-exceptions.h"
#include "tvm-known.h"
#include "tvm-known-exploited.h"
#include "tvm-news.h"
#include "tvm-standing.h"
#include "tvm-policy.h"
#include "tvm-prior.h"
#include "tvm-profile.h"
#include "tvm-pull.h"
#include "tvm-records.h"
#include "tvm-rules.h"
#include "tvm-csv.h"
#include "tvm-user-impact.h"
#include <gio/gio.h>
G_BEGIN_DECLS

#define TVM_TYPE_STORE (tvm_store_get_type ())
G_DECLARE_FINAL_TYPE (TvmStore, tvm_store, TVM, STORE, GObject)

/* What a commit changed; the argument of ::changed, emitted on the main context of the thread that
 * opened the store. */
typedef enum {
  TVM_CHANGED_RECOMMENDATIONS = 1 << 0,
  TVM_CHANGED_ACTIVITIES      = 1 << 1,
  TVM_CHANGED_DEVICES         = 1 << 2,
  TVM_CHANGED_SCORES          = 1 << 3,
  TVM_CHANGED_SETTINGS        = 1 << 4,
  TVM_CHANGED_LISTS           = 1 << 5,  /* when lists were last synced */
  TVM_CHANGED_EXCEPTIONS      = 1 << 6,
  TVM_CHANGED_OUTBOX          = 1 << 7,
  TVM_CHANGED_WEAKNESSES      = 1 << 8,
} TvmStoreChange;
#define TVM_CHANGED_ALL (2 * TVM_CHANGED_WEAKNESSES - 1)
/* signal "changed" (TvmStore *, guint changes) */
gboolean  tvm_store_notice_others (TvmStore *self);

/* ---- opening */
/* makes the 0700 folder and the 0600 file */
TvmStore *tvm_store_open  (const char *directory, GError **error);
gboolean  tvm_store_is_read_only (TvmStore *self);
void      tvm_store_close (TvmStore *self);  /* joins the threads */

/* ---- settings (known keys and their rules are sync's) */
char     *tvm_store_get_setting   (TvmStore *self, const char *key, GError **error);
gboolean  tvm_store_set_setting   (TvmStore *self, const char *key,
                                   const char *value /* NULL: unset */, GError **error);
/* all rows of all tables; the store stays open */
gboolean  tvm_store_erase         (TvmStore *self, GError **error);

/* ---- pulling: each list comes in one way, as one transaction (see tvm-store-pull.c) */
typedef struct
{
  char name[40];
  int received, added, changed, removed, requests;
  int doubtful;                /* lists that could not be believed: nothing was removed from them */
} TvmListResult;
TvmPull  *tvm_store_begin_pull      (TvmStore *self, TvmPullKind kind,
                                     const char *owner /* nullable */,
                                     GError **error);
char    **tvm_store_list_unanswered (TvmStore *self, const TvmPull *pull, guint max,
                                     GError **error);
gboolean  tvm_store_doubts_pull     (TvmStore *self, const TvmPull *pull, gboolean *out_doubts,
                                     GError **error);
gboolean  tvm_store_keep_pull       (TvmStore *self, const TvmPull *pull, TvmListResult *result,
                                     GError **error);
gboolean  tvm_store_add_score       (TvmStore *self, TvmScoreKind kind, gint64 when_us,
                                     double score,
                                     TvmListResult *result, GError **error);
/* for the demo's profile: a past that was not lived through */
typedef struct { char *activity_id; GArray *points /* of TvmProgressPoint */; } TvmPastProgress;
typedef struct {
  GArray *exposure_scores, *secure_scores;  /* of TvmScorePoint */
  GPtrArray *progress;         /* of TvmPastProgress: instead of what is recorded of these */
} TvmPast;
gboolean  tvm_store_write_past      (TvmStore *self, const TvmPast *past, GError **error);
/* R8, retention-action delete */
gboolean  tvm_store_apply_retention (TvmStore *self, const char *today, GError **error);
#define TVM_EXPOSURE_LIST    "exposure"     /* likewise; the software of all devices */
#define TVM_USER_IMPACT_LIST "user-impact"  /* its name in results, and for the three below */
#define TVM_WEAKNESSES_LIST  "weaknesses"   /* likewise */
#define TVM_ACTIVITY_DEVICES_LIST "activity-devices"  /* likewise; of those made in the portal */
/* a list that the service will not give, and its words; forgotten once the list comes */
gboolean  tvm_store_note_refusal    (TvmStore *self, const char *list_name, const char *message,
                                     GError **error);
char     *tvm_store_dup_refusal     (TvmStore *self, const char *list_name,
                                     GError **error);  /* NULL: none */
#define TVM_KNOWN_EXPLOITED_LIST "known-exploited"  /* its name in results */
gboolean  tvm_store_keep_known_exploited (TvmStore *self, TvmKnownExploitedCatalog *catalog,
                                          gboolean is_forced, TvmListResult *result,
                                          GError **error);
gboolean  tvm_store_get_known_exploited  (TvmStore *self, TvmKnownExploitedState *out,
                                          GError **error);
/* of "recommendations", "devices", "activities", "tickets" or "scores"; 0: never */
gint64    tvm_store_get_list_synced_us    (TvmStore *self, const char *list_name, GError **error);
gboolean  tvm_store_note_sync             (TvmStore *self, gint64 when_us,
                                           const char *error_text /* NULL: good */, GError **error);
gboolean  tvm_store_last_sync             (TvmStore *self, gint64 *out_good_us, char **out_error,
                                           GError **error);

/* ---- commands */
typedef struct TvmSubmission TvmSubmission;
struct TvmSubmission {
  const char *who;                    /* (nullable): the person's e-mail address */
  gboolean dry_run;                   /* stores nothing; the activity's id is empty then */
  /* (nullable): whether it may be; on the store's thread. What follows is for it. */
  gboolean (*check) (const TvmRequest *request, const TvmRequestFacts *facts,
                     const TvmSubmission *submission, GError **error);
  const char *today;                  /* the local date, YYYY-MM-DD */
  gboolean intune_connected;
  gboolean is_one_of_several;         /* what an exception covers whole is refused */
  gboolean is_impact_asked;           /* the user impact is as new as it can be */
  gint64 hold_us;                     /* how long its tickets stay, so that it can be undone */
  gboolean *lacks_lists;              /* set where it was refused because lists are not there */
};
gboolean     tvm_store_get_request_facts (TvmStore *self, const char *recommendation_id,
                                          TvmRequestFacts *out, GError **error);
TvmPolicyFacts *tvm_store_get_policy_facts (TvmStore *self, const char *recommendation_id,
                                            guint asks, GError **error);
TvmActivity *tvm_store_submit     (TvmStore *self, const TvmRequest *request,
                                   const TvmSubmission *submission,
                                   TvmRequestFacts *out_facts /* (nullable) */, GError **error);
gboolean  tvm_store_complete      (TvmStore *self, const char *activity_id,
                                   const char *completed_by,
                                   /* CONFLICT if completed */
                                   const char *note /* nullable */, GError **error);
/* CONFLICT if too late */
gboolean  tvm_store_undo_complete (TvmStore *self, const char *activity_id, const char *who,
                                   GError **error);
gboolean  tvm_store_undo_request  (TvmStore *self, const char *activity_id, const char *who,
                                   GError **error);

/* ---- exceptions (R10) */
gboolean      tvm_store_preview_exception (TvmStore *self, const TvmExceptionForm *form,
                                           TvmExceptionEffect *out, GError **error);
TvmException *tvm_store_add_exception     (TvmStore *self, const TvmExceptionForm *form,
                                           const char *created_by, GError **error);
gboolean      tvm_store_cancel_exception  (TvmStore *self, const char *id,
                                           const char *const *groups /* NULL: all */,
                                           const char *who, GError **error);
gboolean      tvm_store_expire_exceptions (TvmStore *self, GError **error);
/* an unambiguous prefix of 8+ works too */
TvmException *tvm_store_get_exception     (TvmStore *self, const char *id, GError **error);
/* of TvmHistoryEntry, newest first */
GPtrArray    *tvm_store_list_exception_history (TvmStore *self, const char *id, GError **error);
/* of TvmGroupCount: those without one */
GPtrArray    *tvm_store_list_exception_groups  (TvmStore *self, const char *recommendation_id,
                                                GError **error);

/* ---- outbox: tickets to create or to withdraw. The new ones of one activity are sent in order. */
typedef enum {
  TVM_OUTBOX_WAITING,
  TVM_OUTBOX_HELD,       /* an earlier ticket of its activity comes first */
  TVM_OUTBOX_SENDING,    /* the request is out */
  TVM_OUTBOX_UNSURE,     /* it may have arrived: asks the service before it is sent again */
  TVM_OUTBOX_PARKED,     /* the service refused it; a person decides */
  TVM_OUTBOX_ASKED,      /* somebody else asked for the same; a person decides */
  TVM_OUTBOX_COMPLETED,  /* its activity is completed: not sent, unless that becomes active again */
} TvmOutboxState;
typedef struct {
  gint64 ticket_key;
  TvmActivity *activity;
  TvmRecommendation *recommendation;  /* NULL if it is gone */
  GPtrArray *vulnerabilities, *updates;  /* of TvmVulnerability and TvmSecurityUpdate; NULL unless
                                         * asked for with the devices */
  char *marker, *last_error;
  /* of TvmDevice (aad_device_id, name, last_seen_us); empty unless asked for */
  GPtrArray *devices;
  GHashTable *managed_ids;            /* Entra id -> Intune id, where known */
  int attempts, n_devices;
  gint64 created_us;
  gint64 sending_us;                  /* when it went out and no answer is known; 0: not */
  gint64 next_attempt_us;             /* when it is sent again by itself; 0: next time */
  gint64 not_before_us;               /* the service asked to wait until then; 0: not */
  /* an earlier attempt may have arrived: look for the marker first */
  gboolean was_sent;
  gboolean is_parked;                 /* a person decides: the service refused it */
  gboolean is_asked;                  /* not that: somebody else asked for the same */
  gboolean is_withdrawal;             /* of a ticket that Intune has */
  gboolean is_completed;              /* not that, and its activity is completed */
  char *ticket_id;                    /* NULL: Intune does not have it yet */
  gboolean is_held;                   /* an earlier ticket of the same activity is in the outbox */
  int number, n_tickets;              /* which of its activity's tickets, from 1; 0: not asked */
} TvmOutboxEntry;
typedef struct {
  const char *message;                /* for people */
  gboolean park;                      /* refused: trying again as it is would be in vain */
  gboolean may_exist;                 /* this attempt may have arrived */
  gboolean is_made;                   /* it did: Intune said so */
  gboolean is_for_all;                /* not_before_us is for all that is in the outbox */
  gint64 next_attempt_us, not_before_us;
} TvmOutboxFailure;
void            tvm_outbox_entry_free      (TvmOutboxEntry *entry);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TvmOutboxEntry, tvm_outbox_entry_free)
TvmOutboxState  tvm_outbox_entry_get_state (const TvmOutboxEntry *entry, gint64 now_us);
const char     *tvm_outbox_state_to_word   (TvmOutboxState state);   /* for scripts */
const char     *tvm_outbox_state_to_text   (TvmOutboxState state);   /* for people */
GPtrArray      *tvm_store_list_outbox      (TvmStore *self, gboolean with_devices, GError **error);
/* with devices; NOT_FOUND */
TvmOutboxEntry *tvm_store_get_outbox_entry (TvmStore *self, gint64 ticket_key, GError **error);
/* before anything is asked or sent for it: CONFLICT where another process does */
gboolean        tvm_store_outbox_claim     (TvmStore *self, gint64 ticket_key, GError **error);
gboolean        tvm_store_outbox_release   (TvmStore *self, gint64 ticket_key, GError **error);
/* durable before the POST */
gboolean        tvm_store_outbox_sending   (TvmStore *self, gint64 ticket_key, GError **error);
/* whether one that may have arrived is among all that Intune has; else, in time, it may be sent */
gboolean        tvm_store_outbox_look      (TvmStore *self, gint64 ticket_key, const TvmPull *pull,
                                            gint64 wait_us, gboolean *out_found,
                                            gint64 *out_until_us, GError **error);
gboolean        tvm_store_outbox_sent      (TvmStore *self, gint64 ticket_key,
                                            const TvmTicket *ticket,
                                            gint64 asked, GError **error);
gboolean        tvm_store_outbox_failed    (TvmStore *self, gint64 ticket_key,
                                            const TvmOutboxFailure *failure, GError **error);
gboolean        tvm_store_outbox_retry     (TvmStore *self, gint64 ticket_key, const char *who,
                                            GError **error);                       /* NOT_FOUND */
/* looked: the service was asked and does not have it; without, CONFLICT where it may have
 * arrived */
gboolean        tvm_store_outbox_revoke    (TvmStore *self, gint64 ticket_key, gboolean looked,
                                            const char *who /* nullable */, GError **error);
/* withdrawing a pending ticket: into the outbox, and out of it once it is done */
/* CONFLICT: not pending */
gboolean        tvm_store_withdraw         (TvmStore *self, gint64 ticket_key,
                                            const char *who /* nullable */, GError **error);
gboolean        tvm_store_outbox_withdrawn (TvmStore *self, gint64 ticket_key, gboolean is_told,
                                            GError **error);
/* NOT_FOUND */
TvmTicket      *tvm_store_get_ticket       (TvmStore *self, gint64 ticket_key, GError **error);
/* by Intune's id, or by a number of the outbox */
TvmTicket      *tvm_store_find_ticket      (TvmStore *self, const char *id, GError **error);
GPtrArray      *tvm_store_list_adopted_tickets (TvmStore *self, const char *recommendation_id,
                                                GError **error);
gboolean        tvm_store_has_tickets      (TvmStore *self, gboolean *out, GError **error);
char           *tvm_store_dup_directory    (TvmStore *self);

/* ---- lists: ids first, then the records on screen */
typedef enum
{
  TVM_LIST_RECOMMENDATIONS,
  TVM_LIST_ACTIVITIES,
  TVM_LIST_DEVICES,
  /* of query.activity_id: TvmTarget; exported without one: of the activities that status, type,
   * search ... choose */
  TVM_LIST_TARGETS,
  TVM_LIST_EXPOSED,     /* of query.recommendation_id: TvmDevice */
  /* what no ticket would carry, of a request's recommendation_id, groups and split: TvmTarget */
  TVM_LIST_LEFT_OUT,
  TVM_LIST_EXCEPTIONS,
  TVM_LIST_WEAKNESSES,  /* TvmVulnerability */
  TVM_LIST_AFFECTED,    /* of query.cve: TvmDevice */
  TVM_LIST_HISTORY,     /* only to export; of query.activity_id, or of all, exceptions too */
  TVM_N_LISTS
} TvmListKind;
void tvm_record_unref (TvmListKind kind, gpointer record);  /* (nullable) */
#define TVM_QUERY_HEALTH(health) ((int) (health) + 1)
#define TVM_TARGETS_LEFT TVM_N_DEVICE_STATES  /* in whatever state, but not remediated */
typedef struct {
  TvmListKind kind;
  /* NULL or text: any name, product, component, CVE id, device name, group */
  char *search;
  gboolean without_devices;    /* of other lists than devices': not by the names of devices */
  char *sort;                  /* column word, NULL: the list's natural order:
    recommendations: urgency (descending: the most urgent first) known-exploited name component type
    weaknesses exposed exposed-after impact impact-after status epss activities; activities: title
    component type progress priority due created created-by assignee ticket completed status;
    devices: name os group exposure risk health last-seen recommendations activities; targets: name
    group state last-seen ticket; left out: name group last-seen ticket;
    exceptions: recommendation scope justification type devices created created-by ends status;
    weaknesses: id name severity cvss epss exploit known-exploited published updated first-detected
    exposed recommendations activities exceptions */
  gboolean descending;
  int status;
    /* 0 all, or the TvmRecommendationStatus / TvmActivityStatus / TvmExceptionStatus,
                                * of devices TVM_QUERY_HEALTH (TvmHealth) */
  int justification;           /* 0 all, or TvmJustification */
  int type;                    /* 0 all, or TvmRemediationType */
  int priority;                /* 0 all */
  int due;                     /* 0 all, or TvmDue */
  /* of weaknesses, of recommendations by their score, of devices their exposure level: 0 all, or
   * TvmLevel */
  int severity;
  int threat;                  /* of recommendations: 0 all, or TvmThreat */
  int exposed;                 /* of recommendations and weaknesses: 0 all, or TvmExposed */
  int age;                     /* 0 all, or TvmAge: when requested, found here, filed, last seen */
  int past;                    /* of activities: 0 all, or TvmFigure; archived ones, too */
  gboolean unrequested_only;   /* recommendations without an open activity that is known */
  char *component;             /* of recommendations and activities: NULL all, or its whole name */
  char *device_group;          /* NULL: all; what concerns a device of that group */
  int exploit;                 /* of weaknesses: 0 all, or TvmExploit */
  gboolean or_untold;          /* also where what a filter asks is not known: severity, exploit,
                                * threat, catalog, exposed devices, when */
  gboolean known_exploited_only;
  gboolean overdue_only, archived /* FALSE: only what the Remediation page shows (R8) */;
  gboolean monitored_only;     /* activities whose progress is known */
  gboolean excepted_there_only; /* recommendations that have an exception made in the portal */
  gboolean disagreeing_only;   /* activities that need attention: any TvmDisagreement */
  gboolean ticket_matters_only; /* activities with a ticket that waits or was refused */
  /* NULL or YYYY-MM-DD: only active ones due by then, overdue ones too */
  char *due_until;
  char *created_by;            /* "mine" */
  char *assignee;              /* of activities: "assigned to me" */
  char *approver;              /* of exceptions: those that wait for this person's approval */
  int target_state;            /* -1 all, TvmDeviceState, or TVM_TARGETS_LEFT */
  int left_out;                /* of targets: 0 all, or TvmLeftOut */
  GStrv groups;                /* NULL: all */
  gboolean split;              /* into as many tickets as it takes, not only the first */
  gboolean no_impact_only;     /* of a request: only devices known to have no user impact */
  char *activity_id, *recommendation_id;
  char *cve;
  int limit;                   /* 0: all */
  /* of gint64; NULL: all; of activities, archived or not, and of their targets: these only */
  GArray *keys;
} TvmQuery;
TvmQuery  *tvm_query_new  (TvmListKind kind);
TvmQuery  *tvm_query_copy (const TvmQuery *self);
void       tvm_query_free (TvmQuery *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TvmQuery, tvm_query_free)
gboolean   tvm_sort_is_largest_first (TvmListKind kind, const char *sort);
gboolean   tvm_store_knows_list (TvmStore *self, const TvmQuery *query);
/* of gint64 */
GArray    *tvm_store_list_keys    (TvmStore *self, const TvmQuery *query,
                                   int *out_total /* without search and filters */, GError **error);
int        tvm_store_count_unknown_cves (TvmStore *self, const TvmQuery *query, GError **error);
gint64     tvm_store_count_rows   (TvmStore *self, const TvmQuery *query, GError **error);
/* Values that lists can be filtered by, with how often there are any. */
typedef enum { TVM_FACET_COMPONENT, TVM_FACET_GROUP } TvmFacetKind;
typedef struct {
  char *text;
  gint64 n;
} TvmFacet;
GPtrArray *tvm_store_list_facets  (TvmStore *self, TvmFacetKind kind, const TvmQuery *query,
                                   GError **error);
/* One record per key in that order, NULL where it is gone. The element type follows the kind:
 * TvmRecommendation, TvmActivity, TvmDevice, TvmTarget, TvmException, TvmVulnerability; the array
 * owns them; one that is taken out is freed with tvm_record_unref (kind, record). */
GPtrArray *tvm_store_list_records (TvmStore *self, const TvmQuery *query, const gint64 *keys,
                                   guint n_keys, GError **error);
/* the records themselves, all that the query's limit allows */
GPtrArray *tvm_store_list_rows    (TvmStore *self, const TvmQuery *query, GError **error);

/* those that the text names whole and nobody has here, as of then (0: that is not known) */
GStrv      tvm_store_list_missing_cves (TvmStore *self, const char *text, gint64 *out_as_of_us,
                                        GError **error);

/* ---- one thing, whole */
/* A CVE and what belongs to it. The devices are TVM_LIST_AFFECTED. Where n_recommendations is not
 * known, what follows from recommendations is not known either, and empty. */
typedef struct {
  TvmVulnerability *vulnerability;
  GPtrArray *recommendations;  /* of TvmRecommendation: what fixes it; the most exposed first */
  GPtrArray *software;         /* of TvmSoftware; NULL: not known */
  GPtrArray *updates;          /* of TvmSecurityUpdate */
  GPtrArray *groups;           /* of TvmGroupCount: name, exposed, joined; NULL: not known */
  GPtrArray *activities, *exceptions;
  GPtrArray *timeline;         /* of TvmWeaknessEvent */
  gboolean is_exact;           /* its own devices; else of those of what fixes it, or others */
  gboolean is_contradicted;    /* what fixes it counts other devices than are named */
  gboolean is_miscounted;      /* the list of all CVEs counts other devices than are named */
  gboolean awaits_exports;     /* it has devices, or may have, and the exports do not name it yet */
  gint64 as_of_us;             /* of when the list of all CVEs is; 0: it never came */
  TvmKnownExploitedState catalog;
} TvmWeaknessWhole;
void              tvm_weakness_whole_free (TvmWeaknessWhole *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TvmWeaknessWhole, tvm_weakness_whole_free)
/* NOT_FOUND */
TvmWeaknessWhole *tvm_store_load_weakness (TvmStore *self, const char *id, GError **error);
/* A device and what belongs to it; NULL: not known. */
typedef struct {
  TvmDevice *device;
  GPtrArray *recommendations;  /* of TvmRecommendation; all, where device->counts_all */
  GPtrArray *weaknesses, *software, *updates;
  GPtrArray *activities;       /* of TvmActivity: active ones in which it is still exposed */
  GPtrArray *tickets;          /* of TvmTicket: theirs that carry it */
} TvmDeviceWhole;
void            tvm_device_whole_free (TvmDeviceWhole *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TvmDeviceWhole, tvm_device_whole_free)
/* by its id or its name, whatever case; NOT_FOUND, INVALID where several have the name */
TvmDeviceWhole *tvm_store_load_device (TvmStore *self, const char *name, GError **error);
/* NOT_FOUND */
TvmRecommendation *tvm_store_get_recommendation (TvmStore *self, const char *id, GError **error);
/* an unambiguous prefix of 8+ works too */
TvmActivity       *tvm_store_get_activity       (TvmStore *self, const char *id, GError **error);
GPtrArray *tvm_store_list_tickets         (TvmStore *self, const char *activity_id, GError **error);
/* newest first */
GPtrArray *tvm_store_list_history         (TvmStore *self, const char *activity_id, GError **error);
/* Two histories, each a chain of hashes. */
typedef enum { TVM_CHAIN_ACTIVITIES, TVM_CHAIN_EXCEPTIONS, TVM_N_CHAINS } TvmChainKind;
typedef struct {
  gint64   n_lines, changed_line;   /* the first that is not as it was written; 0: none */
  gint64   changed_us;              /* when it says that it was written */
  char    *changed_kind, *head;     /* (owned) (nullable): head: the hash of the last line */
  gboolean lacks_last;              /* the last ones are gone */
} TvmChain;
gboolean   tvm_store_verify_history       (TvmStore *self, TvmChain chains[TVM_N_CHAINS],
                                           GError **error);
gboolean   tvm_chain_is_whole             (const TvmChain *self);
void       tvm_chains_clear               (TvmChain chains[TVM_N_CHAINS]);
/* of TvmProgressPoint, oldest first */
GArray    *tvm_store_list_progress        (TvmStore *self, const char *activity_id, GError **error);
gboolean   tvm_store_count_target_states  (TvmStore *self, const char *activity_id,
                                           int out[TVM_N_DEVICE_STATES], GError **error);
GPtrArray *tvm_store_list_group_counts    (TvmStore *self, const char *recommendation_id,
                                           GError **error);
/* still exposed, the largest group first */
GPtrArray *tvm_store_list_target_groups   (TvmStore *self, const char *activity_id, GError **error);
GPtrArray *tvm_store_list_vulnerabilities (TvmStore *self, const char *recommendation_id,
                                           GError **error);
GPtrArray *tvm_store_list_security_updates (TvmStore *self, const char *recommendation_id,
                                            GError **error);  /* the newest first */
/* of TvmScorePoint, oldest first */
GArray    *tvm_store_list_scores          (TvmStore *self, TvmScoreKind kind, GError **error);
/* how the tenant stands: of TvmLeftChange, of TvmPastActivity; of TvmGroupExposure and
 * TvmTicketMatter */
GArray    *tvm_store_list_left            (TvmStore *self, GError **error);
gboolean   tvm_store_count_uncounted      (TvmStore *self, int *out_n, GError **error);
GArray    *tvm_store_list_past            (TvmStore *self, gint64 since_us, GError **error);
GPtrArray *tvm_store_list_group_exposure  (TvmStore *self, GError **error);
GPtrArray *tvm_store_list_ticket_matters  (TvmStore *self, GError **error);
/* what happened since somebody last looked, and how far the histories go */
GPtrArray *tvm_store_list_news          (TvmStore *self, const TvmNewsMark *since,
                                           GError **error); /* of TvmNewsItem */
gboolean   tvm_store_get_news_mark        (TvmStore *self, TvmNewsMark *out, GError **error);
/* ids of recommendations whose device list a sync must pull: with an open local activity, or asked
 * for */
typedef struct {
  gint64 changes_since_us;     /* what changed since then is all to ask for; 0: ask for all */
  gint64 n_devices, n_records; /* so many there are, or more */
  gint64 n_configurations, n_tracked_configurations;
  gint64 configurations_us;    /* when they were last whole; 0: never */
} TvmExposurePlan;
gboolean   tvm_store_plan_exposure  (TvmStore *self, TvmExposurePlan *plan, GError **error);
gboolean   tvm_store_is_exposure_contradicted (TvmStore *self, gboolean *out_is_contradicted,
                                               GError **error);
char     **tvm_store_list_unsettled (TvmStore *self, gboolean has_software,
                                     gboolean has_configurations, GError **error);
char     **tvm_store_list_moved_recommendations (TvmStore *self, gint64 old_us, GError **error);
char     **tvm_store_list_unasked_activities (TvmStore *self, gint64 old_us, guint limit,
                                              GError **error);
char     **tvm_store_list_tracked_recommendations (TvmStore *self, GError **error);
/* activities_active, overdue: -1 where the portal does not tell which activities are completed */
typedef struct { int recommendations, devices, activities, archived /* of these */,
                activities_active, overdue, outbox, outbox_parked;
               /* they were synced */
               gboolean knows_recommendations, knows_devices, knows_activities;
               gint64 outbox_due_us;
                 /* when the next of them is sent by itself; 0: none */ } TvmStoreCounts;
gboolean   tvm_store_counts               (TvmStore *self, TvmStoreCounts *out, GError **error);

/* ---- export (R9): streamed; returns the number of rows or -1. progress is called on the calling
 * side's reader thread now and then and stops the export by cancelling */
typedef void (*TvmExportProgress) (gint64 n_rows, gint64 n_total, gpointer user_data);
gint64     tvm_store_export (TvmStore *self, const TvmQuery *query,
                             const char *path /* "-": standard output */, TvmFormat format,
                               gboolean overwrite,
                             TvmExportProgress progress, gpointer progress_data,
                             GCancellable *cancellable, guint *out_n_cut, GError **error);
/* an activity's devices for Configuration Manager: those still exposed, or all */
gboolean   tvm_store_export_names (TvmStore *self, const char *activity_id, gboolean all_devices,
                                   TvmNamesFormat format, const char *path, gboolean overwrite,
                                   TvmNamesResult *out_result, GCancellable *cancellable,
                                   GError **error);
/* an activity with all that proves it, as a ZIP archive */
typedef struct { int n_parts; char *sha256; /* (owned): of the archive */
                 gboolean is_whole; /* histories as they were written */ } TvmEvidenceResult;
gboolean   tvm_store_export_evidence (TvmStore *self, const char *activity_id, const char *path,
                                      gboolean overwrite, TvmEvidenceResult *out,
                                      GCancellable *cancellable, GError **error);

G_END_DECLS

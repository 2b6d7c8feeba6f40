/* tvm-records.h: the values that move between client, store and views: plain structs, no I/O.
 * Reference counted (atomically), filled once by whoever makes them, then read only. Strings are
 * owned and nullable unless said otherwise. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-enums.h"
G_BEGIN_DECLS

/* new: (transfer full): all fields NULL or 0. ref: (transfer full): its argument, not NULL. unref:
 * (transfer full) (nullable); the last reference frees it. */
#define TVM_DECLARE_RECORD(Type, name) \
  Type *name##_new (void); Type *name##_ref (Type *self); void name##_unref (Type *self); \
  G_DEFINE_AUTOPTR_CLEANUP_FUNC (Type, name##_unref)
/* after a static name_clear (gpointer record), which frees its fields */
#define TVM_DEFINE_RECORD(Type, name) \
  Type *name##_new (void) { return g_atomic_rc_box_new0 (Type); } \
  Type *name##_ref (Type *self) { return g_atomic_rc_box_acquire (self); } \
  void name##_unref (Type *self) \
  { \
    if (self != NULL) \
      g_atomic_rc_box_release_full (self, name##_clear); \
  }

/* Member "said" of a record: states that the service calls by words not known here ("column=word",
 * see tvm-said.h); NULL or empty: none. */

/* What the service did not tell. A number of its own: impacts may be of either sign. */
#define TVM_REAL_UNKNOWN (-G_MAXDOUBLE)

typedef struct {
  gint64 key;                  /* the store's surrogate, 0 when from the wire */
  char *id;                    /* (not nullable) va-_-vendor-_-product or sca-_-scid-N */
  char *name, *product, *vendor, *recommended_version, *related_component, *category, *subcategory;
  char *recommended_program, *recommended_vendor;  /* what to upgrade to */
  char *associated_threats;    /* one per line */
  TvmRemediationType type;
  TvmRecommendationStatus status;
  int weaknesses, total_devices, exposed_devices, exposed_critical_devices;  /* -1: not known */
  int no_impact_devices;       /* nonProductivityImpactedAssets, -1: not known */
  double severity, config_score_impact, exposure_impact;  /* TVM_REAL_UNKNOWN: not known */
  TvmTruth public_exploit, active_alert, known_exploited;
  double epss;                 /* the highest of its CVEs, below 0: not known; from the store */
  int n_activities;            /* own and portal activities that are active; from the store */
  gint64 devices_synced_us;    /* when its device list was last whole, 0: never */
  gint64 vulnerabilities_synced_us;  /* the same of its CVEs */
  int exposed_after;           /* after exceptions (R10), as the two below; from the store */
  double exposure_impact_after, config_score_impact_after;
  char **said;
} TvmRecommendation;
TVM_DECLARE_RECORD (TvmRecommendation, tvm_recommendation)

typedef struct {
  gint64 key;
  char *id;                    /* (not nullable) */
  char *name, *os_platform, *os_version, *group, *aad_device_id, *last_ip, *tags /* one per line */;
  gint64 first_seen_us, last_seen_us;  /* 0: not known */
  TvmHealth health;
  TvmLevel risk, exposure, value;
  TvmTruth is_aad_joined;
  TvmTruth in_inventory;       /* NO: known only from a reference, or gone; from the store */
  int n_recommendations;       /* -1: not known; from the store, as the two below */
  int n_activities;            /* open ones in which it is still exposed; -1: not known */
  gboolean counts_all;         /* n_recommendations is whole: every list of devices is there */
  gboolean counts_activities;  /* n_activities is whole: those of all portal activities are there */
  char **said;
} TvmDevice;
TVM_DECLARE_RECORD (TvmDevice, tvm_device)

typedef struct {
  gint64 key;
  char *id;                    /* (not nullable) CVE-... */
  char *name, *description;
  char *cvss_vector, *supportability;
  TvmLevel severity;
  double cvss, epss;           /* below 0: not known; epss: a share of 1 */
  int exposed_devices;         /* -1: not known */
  gint64 published_us, updated_us, first_detected_us;
  TvmTruth public_exploit, exploit_verified, exploit_in_kit;
  TvmTruth known_exploited, known_ransomware;  /* as the catalog says, where there is one */
  char *known_exploited_due_on;  /* the catalog's */
  /* From the store: listed recommendations that fix it, their open activities and the exceptions
   * that hold; -1: not known. */
  int n_recommendations, n_activities, n_exceptions;
  char **said;
} TvmVulnerability;
TVM_DECLARE_RECORD (TvmVulnerability, tvm_vulnerability)

/* An update of Microsoft's that remediates devices of a recommendation. */
typedef struct {
  char *recommendation_id;     /* (not nullable) */
  char *id;                    /* (not nullable) a KB number without "KB", or the service's word */
  char *name;                  /* "October 2024 Security Updates" */
  char *url;                   /* where it is to be had, as the service says */
} TvmSecurityUpdate;
TVM_DECLARE_RECORD (TvmSecurityUpdate, tvm_security_update)

/* Software of a device or of a CVE. */
typedef struct {
  char *vendor, *name;         /* (not nullable) */
  char *version;               /* (not nullable); "" where the service does not tell it */
  char *recommendation_id;     /* (nullable): what fixes it */
  char *component;             /* (nullable): the related component of that */
  int n_devices;               /* of a CVE: devices that have this version; of a device: -1 */
  int n_weaknesses;            /* of a device: CVEs of this version there; of a CVE: -1 */
  gint64 first_seen_us, last_seen_us;  /* of a device; 0: not known */
} TvmSoftware;
TVM_DECLARE_RECORD (TvmSoftware, tvm_software)

/* One line of what happened to a CVE, or is to happen. */
typedef struct {
  char *kind;                  /* (not nullable): a fixed word */
  gint64 when_us;
  char *detail;                /* (nullable): a title */
} TvmWeaknessEvent;
TVM_DECLARE_RECORD (TvmWeaknessEvent, tvm_weakness_event)

typedef struct {
  gint64 key;
  char *activity_id;           /* (not nullable) */
  char *id;                    /* Intune's, NULL while in the outbox */
  char *marker;                /* what finds it again at the service, in its description */
  char *assigned_to, *last_error;
  TvmTicketStatus status;
  int devices;
  gint64 created_us, changed_us;
  gint64 withdraw_us;          /* since when somebody wants it withdrawn, 0: nobody does */
  /* As Intune has it; of a ticket made elsewhere, whose key is 0 and whose devices may be -1 */
  char *title, *created_by;
  char *recommendation_id;     /* NULL: it cannot be told */
  char **groups;               /* NULL: not known; empty: all device groups */
  char *product, *vendor;      /* of software */
  gint64 outbox_key;           /* the key while it is to be made or withdrawn, else 0 */
  char **said;
} TvmTicket;
TVM_DECLARE_RECORD (TvmTicket, tvm_ticket)

typedef struct {
  gint64 key;
  char *id;                    /* (not nullable) GUID */
  char *title, *recommendation_id, *related_component, *description, *notes;
  char **groups;               /* NULL: not known; empty: all device groups */
  TvmRemediationType type;
  TvmPriority priority;
  TvmActivityStatus status;
  TvmCompletion completion;
  TvmOrigin origin;
  char *due_on;                /* YYYY-MM-DD */
  char *created_by, *completed_by;  /* completed_by: e-mail address, only with COMPLETION_MANUAL */
  gint64 created_us, completed_us;  /* 0: not known, not completed */
  int target_devices;          /* -1: not known */
  int fixed_devices;           /* -1: attention required (R3) or not known yet */
  gint64 devices_synced_us;    /* made in the portal: when its list was last whole, 0: never */
  int no_impact_only;          /* of a configuration change: only devices with no user impact; 2: it
                                  was asked for when nobody knew which, and all are followed; -1:
                                  the portal does not tell */
  TvmTicketStatus ticket_status;  /* of the one ticket, or the least advanced of several */
  int n_tickets;
  guint disagreements;         /* flags of TvmDisagreement; from the store */
  char *policy_reason;         /* why the policy suggested priority and due date; NULL: it did not,
                                  or a person decided otherwise */
  char *twin_id;               /* the activity of the other origin for the same, with TWIN */
  char *assignee;              /* whom the team assigned it to: an e-mail address; NULL: nobody */
  char **said;
} TvmActivity;
TVM_DECLARE_RECORD (TvmActivity, tvm_activity)

/* A device of an activity with its state (R6). */
typedef struct {
  gint64 key;
  char *device_id, *name, *os_platform, *group;
  TvmDeviceState state;
  gint64 last_seen_us, changed_us;  /* changed: when it was remediated or exposed again */
  TvmLeftOut left_out;         /* why no ticket carries it */
  char *ticket_id;             /* of the ticket that does; NULL in the outbox too */
} TvmTarget;
TVM_DECLARE_RECORD (TvmTarget, tvm_target)

/* One line of an activity's history. kind is a fixed word ("requested", "ticket-accepted", ...). */
typedef struct {
  char *kind, *who, *detail;
  int count;
  gint64 when_us;
  char *before, *after;        /* of exceptions: what it was and became */
} TvmHistoryEntry;
TVM_DECLARE_RECORD (TvmHistoryEntry, tvm_history_entry)

/* Exposed devices of one device group. */
typedef struct {
  char *name;                  /* NULL: of those whose device group the service does not tell */
  int exposed, joined;         /* joined: of those, joined to Microsoft Entra; -1: not known, as
                                  no_impact_joined, because the inventory was never read */
  int no_impact, no_impact_joined;  /* of those, known to have no user impact */
  int same, no_impact_same;    /* the same in Entra as one that is counted as joined */
  int impact_unknown;          /* of the exposed ones, of which nobody knows it */
} TvmGroupCount;
TVM_DECLARE_RECORD (TvmGroupCount, tvm_group_count)

typedef enum { TVM_SCORE_EXPOSURE = 1, TVM_SCORE_SECURE } TvmScoreKind;
typedef struct { gint64 when_us; double score; } TvmScorePoint;
/* An activity's numbers since then. */
typedef struct { gint64 when_us; int fixed_devices, target_devices; } TvmProgressPoint;

/* Device references of one recommendation as the wire gives them; strings live in one chunk. */
typedef struct { const char *id, *name, *os_platform, *group; } TvmDeviceRef;
typedef struct {
  GStringChunk *strings;
  GArray *refs;                /* of TvmDeviceRef */
} TvmDeviceRefs;
TvmDeviceRefs *tvm_device_refs_new  (void);
void           tvm_device_refs_add  (TvmDeviceRefs *self, const char *id, const char *name,
                                     const char *os_platform, const char *group);
void           tvm_device_refs_free (TvmDeviceRefs *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TvmDeviceRefs, tvm_device_refs_free)
const char    *tvm_name_of_group    (const char *name);

G_END_DECLS

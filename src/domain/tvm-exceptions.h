/* tvm-exceptions.h: exceptions of recommendations and their rules (R10) as pure functions. Any
 * thread. The numbers of the enums are stored: never renumber.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-records.h"
G_BEGIN_DECLS

#define TVM_EXCEPTION_MAX_DAYS  365
#define TVM_EXCEPTION_SOON_DAYS 14

typedef enum { TVM_JUSTIFICATION_THIRD_PARTY_CONTROL = 1, TVM_JUSTIFICATION_ALTERNATE_MITIGATION,
               TVM_JUSTIFICATION_RISK_ACCEPTED, TVM_JUSTIFICATION_PLANNED_REMEDIATION,
               TVM_N_JUSTIFICATIONS } TvmJustification;
typedef enum { TVM_EXCEPTION_ACTIVE = 1,
               TVM_EXCEPTION_SUSPENDED,   /* a group one while a global one is active */
               TVM_EXCEPTION_EXPIRED, TVM_EXCEPTION_CANCELLED,
               TVM_EXCEPTION_REQUESTED, /* waits for somebody else's approval */
               TVM_EXCEPTION_REJECTED,
                 TVM_N_EXCEPTION_STATUSES } TvmExceptionStatus;
/* In a team: what approvers said. */
typedef enum { TVM_APPROVAL_NONE,       /* none is needed */
               TVM_APPROVAL_REQUESTED, TVM_APPROVAL_APPROVED, TVM_APPROVAL_REJECTED } TvmApproval;
/* Which exceptions need it: risky ones are global, or cover a known exploited CVE or may do so. */
typedef enum { TVM_APPROVE_NONE, TVM_APPROVE_RISKY, TVM_APPROVE_ALL } TvmApprovalRule;

/* Why a person should look at an exception again. */
typedef enum {
  TVM_REVIEW_ENDS_SOON   = 1 << 0,
  TVM_REVIEW_NEW_EXPLOIT = 1 << 1,   /* a public exploit since it was filed */
  TVM_REVIEW_NEW_CVES    = 1 << 2,   /* more weaknesses than when it was filed */
  /* exposed devices in device groups that did not exist then and are not covered */
  TVM_REVIEW_NEW_GROUPS  = 1 << 3,
} TvmExceptionReview;

typedef struct {
  gint64 key;                  /* the store's surrogate, 0 when new */
  char *id;                    /* (not nullable) GUID */
  char *recommendation_id;     /* (not nullable) */
  char *recommendation_name, *related_component;
  TvmRemediationType type;     /* of the recommendation */
  TvmJustification justification;
  char *context;               /* why, in the person's words */
  gboolean is_global;          /* all current and future device groups */
  char **groups;               /* (not nullable); those it still holds for, empty when global */
  char **cancelled_groups;     /* (not nullable); those it was cancelled for one by one */
  char *ends_on;               /* YYYY-MM-DD, the last day it holds */
  char *created_by, *cancelled_by;
  gint64 created_us, ended_us; /* ended: cancelled, rejected or found expired, 0: neither */
  TvmApproval approval;
  char *decided_by;            /* who approved or rejected it */
  gint64 decided_us;           /* 0: nobody has */
  char *decision_reason;       /* why it was rejected */
  TvmExceptionStatus status;   /* from the store */
  guint review;                /* TvmExceptionReview flags, 0 once it has ended; from the store */
  int devices;                 /* exposed devices it covers now, suspended or not, -1: not known;
                                * from the store */
  int weaknesses_then, weaknesses_now;  /* for the review */
  TvmTruth exploit_then, exploit_now;   /* for the review */
  char **new_groups;           /* (nullable) for the review */
} TvmException;
TVM_DECLARE_RECORD (TvmException, tvm_exception)

/* A filled-in form. */
typedef struct {
  char *recommendation_id;     /* (not nullable) */
  TvmJustification justification;
  char *context;
  char *ends_on;               /* YYYY-MM-DD */
  gboolean is_global;
  char **groups;               /* (nullable) */
} TvmExceptionForm;
TvmExceptionForm *tvm_exception_form_new  (void);
TvmExceptionForm *tvm_exception_form_copy (const TvmExceptionForm *self);
void              tvm_exception_form_free (TvmExceptionForm *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TvmExceptionForm, tvm_exception_form_free)

/* What the exceptions of one recommendation do together. */
typedef struct {
  TvmRecommendationStatus status;
  gboolean is_global;          /* a global one is active */
  int excepted;                /* exposed devices that an active exception covers */
  int mitigated;               /* of those, what lowers the exposure: G_MAXINT for all, whatever
                                * their number, -1: not known */
} TvmExceptionSum;

/* What filing one will do, shown before. */
typedef struct {
  int groups;                  /* device groups it covers now; -1: not known */
  int devices;                 /* exposed devices in them, -1: not known, as below */
  int elsewhere;               /* exposed devices in other device groups; 0 also: not known */
  int unnamed;                 /* of tvm_recommendation_unnamed() */
  int suspended;               /* group exceptions that a global one suspends */
  int cves, known_exploited;   /* of the covered devices; -1: not known */
  gboolean is_at_most;         /* these are the recommendation's */
  int exposed_before, exposed_after;
  double exposure_impact_before, exposure_impact_after;
  double secure_impact_before, secure_impact_after;
  TvmRecommendationStatus status_before, status_after;
} TvmExceptionEffect;

/* Script words, words for people. */
const char *tvm_justification_to_word     (TvmJustification justification);
gboolean    tvm_justification_from_word   (const char *word, TvmJustification *out);
const char *tvm_justification_to_text     (TvmJustification justification);
const char *tvm_exception_status_to_word  (TvmExceptionStatus status);
gboolean    tvm_exception_status_from_word (const char *word, TvmExceptionStatus *out);
const char *tvm_exception_status_to_text  (TvmExceptionStatus status);
const char *tvm_exception_review_to_word  (TvmExceptionReview flag);
char       *tvm_exception_review_text     (const TvmException *exception, TvmExceptionReview flag,
                                           const char *today);
char       *tvm_exception_groups_text     (const TvmExceptionEffect *effect);
char       *tvm_exception_devices_text    (const TvmExceptionEffect *effect);
char       *tvm_exception_changes_text    (const TvmExceptionEffect *effect);
char       *tvm_exception_weaknesses_text (const TvmExceptionEffect *effect);
char       *tvm_exception_remark_text     (const TvmExceptionEffect *effect);
char       *tvm_exception_history_text    (const TvmHistoryEntry *entry);

const char *tvm_approval_rule_to_word     (TvmApprovalRule rule);
gboolean    tvm_approval_rule_from_word   (const char *word, TvmApprovalRule *out);
const char *tvm_approval_rule_to_text     (TvmApprovalRule rule);
gboolean    tvm_approval_is_needed        (TvmApprovalRule rule, gboolean is_global,
                                           int known_exploited);

gboolean    tvm_justification_mitigates   (TvmJustification justification);
gboolean    tvm_exception_validate        (const TvmExceptionForm *form, const char *today,
                                           GError **error);
gboolean    tvm_exception_may_cancel      (const TvmException *exception);
gboolean    tvm_exception_holds           (const TvmException *exception, const char *today);
gboolean    tvm_exception_ends_soon       (const TvmException *exception, const char *today);
TvmExceptionStatus tvm_exception_status_on (const TvmException *exception, gboolean under_global,
                                            const char *today);
const char *tvm_exception_devices_title   (const TvmException *exception);
gboolean    tvm_exception_covers_group    (const TvmException *exception, const char *group);
void        tvm_exceptions_sum            (GPtrArray *exceptions, GPtrArray *group_counts,
                                           const char *today,
                                           TvmExceptionSum *out);
void        tvm_recommendation_apply_exceptions (TvmRecommendation *recommendation,
                                                 TvmRecommendationStatus local,
                                                 int mitigated);

G_END_DECLS

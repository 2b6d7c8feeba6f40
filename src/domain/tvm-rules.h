/* tvm-rules.h: the rules R2-R8 as pure functions over records. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-records.h"
G_BEGIN_DECLS

#define TVM_TICKET_MAX_DEVICES 10000
const char *tvm_left_out_to_text (TvmLeftOut reason);
#define TVM_NOTE_MAX_BYTES     16384

/* What a person saw of a request when submitting it. */
typedef struct {
  int covered, joined;         /* devices; covered -1: nobody was shown anything */
  int n_priors;                /* how many did or asked for the same */
} TvmShown;

/* A filled-in request form. */
typedef struct {
  char *recommendation_id;     /* (not nullable) */
  TvmRemediationType type;
  TvmPriority priority;
  char *due_on;                /* YYYY-MM-DD or NULL */
  char *notes;
  char **groups;               /* NULL: all device groups */
  gboolean no_impact_only;
  gboolean create_ticket;      /* --intune */
  gboolean use_policy;         /* priority and due date are what the policy suggests (R22) */
  char *policy_reason;         /* why it does; NULL: it does not, or the person decided otherwise */
  gboolean split;              /* more than 10,000: several tickets instead of the first 10,000 */
  TvmShown shown;
} TvmRequest;
TvmRequest *tvm_request_new  (void);
TvmRequest *tvm_request_copy (const TvmRequest *self);
void        tvm_request_free (TvmRequest *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TvmRequest, tvm_request_free)

/* What a request covers (R5), shown before it is submitted. */
typedef struct {
  int covered;                 /* exposed devices of the chosen groups */
  int joined;                  /* of those, what Intune can take; -1: not known, because the
                                  inventory was never read, as not_joined */
  int same;                    /* of those, the same in Entra as one of these: a ticket names it
                                  once */
  int not_joined;              /* covered - joined - same */
  int n_tickets;               /* 0 without a ticket */
  int left_out;                /* joined devices beyond 10,000 without split */
  int impact_unknown;          /* with no_impact_only: not covered, because nobody knows theirs */
  gboolean lacks_devices;      /* of some recommendation they are not known: it may cover more */
  int no_impact;               /* with no_impact_only: of all device groups, known to have none */
} TvmCoverage;

gboolean tvm_type_fits (TvmRemediationType offered, const TvmRecommendation *recommendation);
gboolean tvm_request_validate (const TvmRequest *request, const TvmRecommendation *recommendation,
                               gboolean intune_connected, const char *today, GError **error);
void     tvm_coverage_plan       (TvmCoverage *coverage, gboolean create_ticket, gboolean split);
char *tvm_activity_title (const TvmRequest *request, const TvmRecommendation *recommendation);
#define TVM_DUE_SOON_DAYS 7
/* How urgent an activity is; of a query: which ones. */
typedef enum { TVM_DUE_OVERDUE = 1, TVM_DUE_SOON, TVM_DUE_ANY /* one of them */,
               TVM_N_DUES } TvmDue;
const char *tvm_due_to_text      (TvmDue due);
gboolean tvm_note_check (const char *note, GError **error);
gboolean tvm_comment_check (const char *text, GError **error);
char    *tvm_note_clean (const char *note);
/* So long a completion by hand can be undone. */
#define TVM_UNDO_US (10 * 60 * G_GINT64_CONSTANT (1000000))
gboolean tvm_is_overdue          (const TvmActivity *activity, const char *today);
gboolean tvm_is_due_soon         (const TvmActivity *activity, const char *today);
TvmDeviceState tvm_target_state (gboolean exposed, gboolean was_remediated, const TvmDevice *device,
                                 const char *const *groups, gint64 ticket_completed_us,
                                 TvmRemediationType type, gint64 now_us);
/* What "completed by" says: an e-mail address, "System confirmation", "N/A", or NULL. */
const char *tvm_completed_by_text (const TvmActivity *activity);

G_END_DECLS

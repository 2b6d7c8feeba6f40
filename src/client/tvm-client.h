/* tvm-client.h: the wire: Defender API and Intune through Microsoft Graph. Blocking calls for
 * worker threads (any number of them; each borrows a SoupSession of its own). A list is returned
 * whole or not at all (R13). SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-known-exploited.h"
#include "tvm-language.h"
#include "tvm-pull.h"
#include "tvm-records.h"
#include "tvm-rules.h"
#include "tvm-sign-in.h"
#include <gio/gio.h>
G_BEGIN_DECLS

/* ---- client */
#define TVM_TYPE_CLIENT (tvm_client_get_type ())
G_DECLARE_FINAL_TYPE (TvmClient, tvm_client, TVM, CLIENT, GObject)
TvmClient *tvm_client_new (const TvmEndpoints *endpoints, TvmSignIn *sign_in);
void       tvm_client_set_wait_func (TvmClient *self, TvmWaitFunc func, gpointer user_data);
/* of the wait that was told last: a service asked for it; it is this program's own otherwise */
gboolean   tvm_client_is_asked_to_wait (TvmClient *self);
gboolean   tvm_client_wait          (TvmClient *self, gint64 delay_us, GCancellable *cancellable,
                                     GError **error);
void       tvm_client_set_unlimited (TvmClient *self, gboolean is_unlimited);
/* Classes of calls that the services count separately; each belongs to one host. */
typedef enum { TVM_CALLS_MACHINES, TVM_CALLS_DEFENDER, TVM_CALLS_GRAPH, TVM_CALLS_GRAPH_WRITE,
               TVM_CALLS_SOFTWARE, TVM_CALLS_CHANGES, TVM_CALLS_CONFIGURATIONS,
               TVM_CALLS_SOFTWARE_FILES, TVM_CALLS_CONFIGURATION_FILES,
               TVM_N_CALL_CLASSES } TvmCallClass;
/* Who makes calls for a profile. */
typedef enum { TVM_CALLER_COMMAND_LINE, TVM_CALLER_WINDOW, TVM_N_CALLERS } TvmCaller;
/* How many calls of a class may still be made, and of how many. */
typedef struct {
  const char *name;                      /* a script word, static */
  int span_s, span_left, span_calls;     /* during any so many seconds */
  int hour_left, hour_calls;             /* -1: there is no such limit */
  int used[TVM_N_CALLERS];               /* in the last hour, or during the seconds without such */
} TvmBudget;
/* What was called since a client was made, and how long at least one call waited for its turn. */
typedef struct {
  guint  n_calls[TVM_N_CALL_CLASSES];
  gint64 waited_us;
} TvmSpent;
/* How much of the limits is used up, in words for the next program; nothing usable is nothing. */
void       tvm_client_set_caller    (TvmClient *self, TvmCaller caller);
char      *tvm_client_dup_pace      (TvmClient *self);
void       tvm_client_load_pace     (TvmClient *self, TvmCaller caller, const char *state);
void       tvm_client_get_spent     (TvmClient *self, TvmSpent *spent);
gint64     tvm_client_read_budgets  (const char *const *states, const TvmSpent *planned,
                                     TvmBudget *budgets);

/* A list, whole or not at all: fills in what the pull is of; adds the HTTP requests to
 * *n_requests. */
gboolean       tvm_client_fetch (TvmClient *self, TvmPull *pull, int *n_requests,
                                 GCancellable *cancellable, GError **error);
/* The same once, for what can be done without: what fails is not tried again. */
gboolean       tvm_client_try   (TvmClient *self, TvmPull *pull, GCancellable *cancellable);
/* What the service itself says about one thing that a list lacks. */
gboolean       tvm_client_ask   (TvmClient *self, TvmPull *pull, const char *id, int *n_requests,
                                 GCancellable *cancellable, GError **error);
GHashTable *tvm_client_list_changed (TvmClient *self, gint64 since_us, TvmPull *updates,
                                     GCancellable *cancellable, GError **error);
gboolean tvm_client_get_score (TvmClient *self, TvmScoreKind kind, gint64 *out_when_us,
                               double *out_score, GCancellable *cancellable, GError **error);
gboolean tvm_client_check_intune (TvmClient *self, GCancellable *cancellable,
                                  GError **error); /* R1: one list call with the write scope */
/* One ticket (api section 4). The body is a pure function of its arguments; the marker ends the
 * description. */
typedef struct {
  const TvmActivity *activity;
  const TvmRecommendation *recommendation; /* nullable */
  const char *marker;
  GPtrArray *devices;                      /* of TvmDevice, at most 10,000 */
  GHashTable *managed_ids;                 /* nullable */
  GPtrArray *vulnerabilities, *updates;    /* nullable; of TvmVulnerability (the worst first) and
                                            * TvmSecurityUpdate */
  int number, n_tickets;                   /* which of the activity's tickets, from 1 */
  const TvmLanguage *language;             /* nullable: the process's */
} TvmTicketDraft;
/* What is known of a request that changes something, also after an error. */
typedef struct {
  gboolean may_exist;    /* it went out, and no answer says that nothing was made */
  gboolean is_made;      /* the service said that it made it, whatever else was lost */
  gint64 retry_after_us; /* so long the service asks to wait; 0: it does not say */
} TvmSendOutcome;
TvmTicket *tvm_client_create_ticket (TvmClient *self, const TvmTicketDraft *draft,
                                     TvmSendOutcome *out_outcome /* (nullable) */,
                                     GCancellable *cancellable, GError **error);
TvmTicket *tvm_client_get_ticket (TvmClient *self, const char *id, GCancellable *cancellable,
                                  GError **error); /* NOT_FOUND */
gboolean
tvm_client_delete_ticket (TvmClient *self, const char *id,
                          TvmSendOutcome *out_outcome /* (nullable) */, GCancellable *cancellable,
                          GError **error); /* NOT_FOUND: it is gone */

/* ---- the catalog of known exploited vulnerabilities: of another host, and without a token */
#define TVM_KNOWN_EXPLOITED_MAX_BYTES (64 * 1024 * 1024)
TvmKnownExploitedCatalog *tvm_known_exploited_parse (const char *data, gsize size_bytes,
                                                     GError **error);
TvmKnownExploitedCatalog *tvm_known_exploited_fetch (const char *url, GCancellable *cancellable,
                                                     GError **error);

G_END_DECLS

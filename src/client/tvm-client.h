/* tvm-client.h: the wire: Defender API and Intune through Microsoft Graph. Blocking calls for worker
 * threads (any number of them; each borrows a SoupSession of its own). A list is returned whole or not
 * at all (R13). SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-records.h"
#include "tvm-rules.h"
#include <gio/gio.h>
G_BEGIN_DECLS

/* Which hosts, which tenant (api: clouds and resource identifiers). */
typedef struct {
  char *cloud;                 /* commercial gcc gcc-high dod custom */
  char *authority_url, *defender_url, *graph_url;           /* no trailing slash */
  char *defender_resource, *graph_resource;                 /* token audiences */
  char *tenant_id, *client_id;
} TvmEndpoints;
/* Resolves a cloud; urls are only used for custom. INVALID for anything but https (http: loopback, custom only), R15 */
TvmEndpoints *tvm_endpoints_new  (const char *cloud, const char *authority_url, const char *defender_url, const char *graph_url,
                                  const char *tenant_id, const char *client_id, GError **error);
/* Commercial cloud: the Defender API near a region, us eu uk au swa ina; "" or "global": anywhere. No
 * other cloud has regions: there the word is only checked. INVALID for any other word */
gboolean      tvm_endpoints_set_region (TvmEndpoints *self, const char *region, GError **error);
TvmEndpoints *tvm_endpoints_copy (const TvmEndpoints *self);
void          tvm_endpoints_free (TvmEndpoints *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TvmEndpoints, tvm_endpoints_free)

typedef enum { TVM_RESOURCE_DEFENDER, TVM_RESOURCE_GRAPH } TvmResource;
typedef struct { char *name, *user_name /* e-mail */, *tenant_id; } TvmAccount;
void tvm_account_free (TvmAccount *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TvmAccount, tvm_account_free)

/* Where the refresh token lives: the Secret Service, or memory for the demo and tests. */
typedef struct _TvmTokenVault TvmTokenVault;
TvmTokenVault *tvm_token_vault_new_keyring (const char *profile);
TvmTokenVault *tvm_token_vault_new_memory  (void);
void           tvm_token_vault_free        (TvmTokenVault *self);

/* ---- sign-in: thread-safe, refreshes ahead of expiry, once for all waiting calls */
#define TVM_TYPE_SIGN_IN (tvm_sign_in_get_type ())
G_DECLARE_FINAL_TYPE (TvmSignIn, tvm_sign_in, TVM, SIGN_IN, GObject)
typedef void (*TvmDeviceCodeFunc) (const char *user_code, const char *verification_uri, const char *message, gpointer user_data);
/* Opens a page in the person's browser, on the worker thread; FALSE: there is none. */
typedef gboolean (*TvmOpenUrlFunc) (const char *url, gpointer user_data);
TvmSignIn  *tvm_sign_in_new               (const TvmEndpoints *endpoints, TvmTokenVault *vault /* (transfer full) */);
/* intune_write: asks for the permission to write Intune tickets as well (R1) */
gboolean    tvm_sign_in_with_browser      (TvmSignIn *self, gboolean intune_write, TvmOpenUrlFunc open, gpointer user_data, GCancellable *cancellable, GError **error);
gboolean    tvm_sign_in_with_device_code  (TvmSignIn *self, gboolean intune_write, TvmDeviceCodeFunc show, gpointer user_data, GCancellable *cancellable, GError **error);
TvmAccount *tvm_sign_in_dup_account       (TvmSignIn *self, GError **error);   /* AUTH_REQUIRED when signed out; from the vault, no network */
gboolean    tvm_sign_in_sign_out          (TvmSignIn *self, GError **error);
gboolean    tvm_sign_in_is_expired        (TvmSignIn *self);   /* the last refresh was refused: sign in again */
char       *tvm_sign_in_dup_warning       (TvmSignIn *self);   /* (nullable): a renewed token could not be kept in the keyring */
char       *tvm_sign_in_get_token         (TvmSignIn *self, TvmResource resource, gboolean intune_write, gboolean refuse_cached /* after a 401 */, GCancellable *cancellable, GError **error);

/* ---- client */
#define TVM_TYPE_CLIENT (tvm_client_get_type ())
G_DECLARE_FINAL_TYPE (TvmClient, tvm_client, TVM, CLIENT, GObject)
TvmClient *tvm_client_new (const TvmEndpoints *endpoints, TvmSignIn *sign_in);
/* Called on whichever thread waits: next_call_us is when the next call may be made (throttled), 0 when it goes on. */
typedef void (*TvmWaitFunc) (gint64 next_call_us, gpointer user_data);
void       tvm_client_set_wait_func (TvmClient *self, TvmWaitFunc func, gpointer user_data);
void       tvm_client_set_unlimited (TvmClient *self, gboolean is_unlimited);
char      *tvm_client_dup_pace      (TvmClient *self);                     /* how much of the limits is used up, for the next program */
void       tvm_client_load_pace     (TvmClient *self, const char *state);  /* nullable */

/* Each list call adds its number of HTTP requests to *n_requests (nullable). GPtrArray elements are owned. */
GPtrArray     *tvm_client_list_recommendations   (TvmClient *self, int *n_requests, GCancellable *cancellable, GError **error);
GPtrArray     *tvm_client_list_devices           (TvmClient *self, int *n_requests, GCancellable *cancellable, GError **error); /* 404 = none */
GPtrArray     *tvm_client_list_portal_activities (TvmClient *self, int *n_requests, GCancellable *cancellable, GError **error); /* TvmActivity, ORIGIN_DEFENDER */
TvmDeviceRefs *tvm_client_list_device_refs       (TvmClient *self, const char *recommendation_id, int *n_requests, GCancellable *cancellable, GError **error);
TvmDeviceRefs *tvm_client_list_portal_refs       (TvmClient *self, const char *activity_id, int *n_requests, GCancellable *cancellable, GError **error);
GHashTable *tvm_client_list_changed (TvmClient *self, gint64 since_us, GCancellable *cancellable,
                                     GError **error);
GPtrArray     *tvm_client_list_vulnerabilities   (TvmClient *self, const char *recommendation_id, int *n_requests, GCancellable *cancellable, GError **error);
gboolean       tvm_client_get_score              (TvmClient *self, TvmScoreKind kind, gint64 *out_when_us, double *out_score, GCancellable *cancellable, GError **error);
GPtrArray     *tvm_client_list_tickets           (TvmClient *self, int *n_requests, GCancellable *cancellable, GError **error); /* TvmTicket; marker found in the description */
GHashTable    *tvm_client_list_managed_devices   (TvmClient *self, int *n_requests, GCancellable *cancellable, GError **error); /* Entra id -> Intune id */
gboolean       tvm_client_check_intune           (TvmClient *self, GCancellable *cancellable, GError **error);  /* R1: one list call with the write scope */
/* One ticket (api section 4). The body is a pure function of its arguments; the marker ends the description. */
typedef struct {
  const TvmActivity *activity;
  const TvmRecommendation *recommendation; /* nullable */
  const char *marker;
  GPtrArray *devices;                      /* of TvmDevice, at most 10,000 */
  GHashTable *managed_ids;                 /* nullable */
} TvmTicketDraft;
/* What is known of a request that changes something, also after an error. */
typedef struct {
  gboolean may_exist;                      /* it went out, and no answer says that nothing was made */
  gint64 retry_after_us;                   /* so long the service asks to wait; 0: it does not say */
} TvmSendOutcome;
TvmTicket     *tvm_client_create_ticket          (TvmClient *self, const TvmTicketDraft *draft, TvmSendOutcome *out_outcome /* (nullable) */,
                                                  GCancellable *cancellable, GError **error);
TvmTicket     *tvm_client_get_ticket             (TvmClient *self, const char *id, GCancellable *cancellable, GError **error);  /* NOT_FOUND */
gboolean       tvm_client_delete_ticket          (TvmClient *self, const char *id, TvmSendOutcome *out_outcome /* (nullable) */,
                                                  GCancellable *cancellable, GError **error);  /* NOT_FOUND: it is gone */

G_END_DECLS

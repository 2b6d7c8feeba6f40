/* tvm-sync-engine.h: what moves between client and store; the commands. The blocking calls are for
 * worker threads and the command line; the _async ones are for the window and report on the main
 * context. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-bulk.h"
#include "tvm-client.h"
#include "tvm-store.h"
G_BEGIN_DECLS

#define TVM_TYPE_SYNC_ENGINE (tvm_sync_engine_get_type ())
G_DECLARE_FINAL_TYPE (TvmSyncEngine, tvm_sync_engine, TVM, SYNC_ENGINE, GObject)
/* Properties, changed on the main context only (readable there, notify):
 *   "syncing" gboolean; "step" string (list being pulled, script word: "devices"...; NULL idle); "n-done", "n-steps" int;
 *   "next-call-us" gint64 (throttled until; 0 not); "last-error" string (localized sentence or NULL), "last-sync-us" gint64,
 *   "account" string (e-mail, NULL signed out), "account-name", "tenant" string, "intune-connected" gboolean, "outbox" int,
 *   "outbox-parked" int (of those),
 *   "sign-in-required" gboolean (somebody is signed in, but must do it again), "offline" (no network), "metered" (no automatic syncs) gboolean, both once automatic */

TvmSyncEngine *tvm_sync_engine_new (TvmStore *store, const char *profile, gboolean memory_vault);
TvmStore      *tvm_sync_engine_get_store (TvmSyncEngine *self);

/* ---- settings: known keys with defaults and validation */
typedef struct { const char *key, *default_value, *description; } TvmSettingInfo;
const TvmSettingInfo *tvm_settings_list (guint *n);
char     *tvm_sync_engine_get_config (TvmSyncEngine *self, const char *key, GError **error);   /* default applied; INVALID: unknown key */
/* "intune-connection" "true" verifies (R1) and needs sign-in; changing cloud or tenant drops the cached tokens */
gboolean  tvm_sync_engine_set_config (TvmSyncEngine *self, const char *key, const char *value, GCancellable *cancellable, GError **error);

/* intune_write: with the permission to write Intune tickets; after CONSENT_REQUIRED of "intune-connection" "true" */
gboolean  tvm_sync_engine_sign_in_with_browser (TvmSyncEngine *self, gboolean intune_write, TvmOpenUrlFunc open, gpointer user_data, GCancellable *cancellable, GError **error);
gboolean  tvm_sync_engine_sign_in_with_device_code (TvmSyncEngine *self, gboolean intune_write, TvmDeviceCodeFunc show, gpointer user_data, GCancellable *cancellable, GError **error);
gboolean  tvm_sync_engine_sign_out (TvmSyncEngine *self, gboolean delete_data /* empties the store, settings too */, GError **error);
char     *tvm_sync_engine_dup_warning (TvmSyncEngine *self);  /* (nullable): the renewed sign-in is in memory only */
TvmAccount *tvm_sync_engine_dup_account (TvmSyncEngine *self, GError **error);

typedef void (*TvmSyncProgress) (const char *step, int n_done, int n_steps, gint64 next_call_us, gpointer user_data);
/* Pushes the outbox, then pulls. Returns the per-list results so far even on error; a list that failed is not in it. */
GPtrArray *tvm_sync_engine_sync (TvmSyncEngine *self, gboolean full, TvmSyncProgress progress, gpointer user_data,
                                 GCancellable *cancellable, GError **error);  /* of TvmListResult; sets error AND returns results */
#define TVM_SYNC_NEXT_CALL_KEY "next-call-us"  /* the store's note of the last long wait, perhaps over */
char     *tvm_sync_describe_doubts (GPtrArray *results);  /* lists that came too short, in words, or NULL */
/* on demand: CVEs and exposed devices of one recommendation, its exposed devices unless they are
 * known, or the devices of a portal activity */
gboolean  tvm_sync_engine_fetch_recommendation (TvmSyncEngine *self, const char *id, GCancellable *cancellable, GError **error);
gboolean  tvm_sync_engine_fetch_devices        (TvmSyncEngine *self, const char *id,
                                                GCancellable *cancellable, GError **error);
/* which devices have no user impact, unless that is known since a day or less */
gboolean  tvm_sync_engine_fetch_user_impact    (TvmSyncEngine *self, GCancellable *cancellable,
                                                GError **error);
gboolean  tvm_sync_engine_fetch_activity       (TvmSyncEngine *self, const char *id, GCancellable *cancellable, GError **error);

/* Validates (R2, R3), fills in coverage; unless dry_run submits in one transaction. Pulls the device list first if
 * it was never synced. Works offline with what the store has. */
TvmActivity *tvm_sync_engine_request (TvmSyncEngine *self, const TvmRequest *request, gboolean dry_run, TvmCoverage *out_coverage,
                                      GCancellable *cancellable, GError **error);  /* dry_run: activity with id "" */
/* of one entry: sends it now; takes it back (its activity stays), where it may have arrived only after having asked */
gboolean  tvm_sync_engine_retry_outbox  (TvmSyncEngine *self, gint64 ticket_key, GCancellable *cancellable, GError **error);
gboolean  tvm_sync_engine_revoke_outbox (TvmSyncEngine *self, gint64 ticket_key, GCancellable *cancellable, GError **error);
gboolean  tvm_sync_engine_push_outbox (TvmSyncEngine *self, int *out_sent, GCancellable *cancellable, GError **error);
/* Takes a ticket back that is pending in Intune or not sent yet. WAITS: in the outbox, @error says why */
typedef enum { TVM_WITHDRAW_FAILED, TVM_WITHDRAW_DONE, TVM_WITHDRAW_WAITS } TvmWithdrawal;
TvmWithdrawal tvm_sync_engine_withdraw (TvmSyncEngine *self, gint64 ticket_key, GCancellable *cancellable, GError **error);
/* by the signed-in e-mail; undoing works for a moment */
gboolean  tvm_sync_engine_complete (TvmSyncEngine *self, const char *activity_id, const char *note /* nullable */, GError **error);
gboolean  tvm_sync_engine_undo_complete (TvmSyncEngine *self, const char *activity_id, GError **error);

/* The same for several. The results are of TvmBulkResult, one for each of ids; of a withdrawal by
 * activity one for each ticket. Only what is the same for all (a form that cannot be submitted)
 * fails as a whole. */
typedef enum {
  TVM_BULK_REQUEST, TVM_BULK_COMPLETE, TVM_BULK_WITHDRAW_TICKETS, TVM_BULK_WITHDRAW_OF_ACTIVITIES
} TvmBulkKind;
typedef struct {
  TvmBulkKind kind;
  const char *const *ids;      /* of recommendations, activities, tickets, activities */
  const TvmRequest *request;   /* without a recommendation */
  gboolean dry_run;            /* of a request */
  const char *note;            /* of a completion; nullable */
} TvmBulk;
GPtrArray *tvm_sync_engine_bulk (TvmSyncEngine *self, const TvmBulk *bulk,
                                 GCancellable *cancellable, GError **error);

/* Exceptions (R10): they live in the store only. dry_run: out_exception is NULL */
gboolean  tvm_sync_engine_add_exception (TvmSyncEngine *self, const TvmExceptionForm *form, gboolean dry_run, TvmExceptionEffect *out_effect,
                                         TvmException **out_exception, GCancellable *cancellable, GError **error);
gboolean  tvm_sync_engine_cancel_exception (TvmSyncEngine *self, const char *id, const char *group /* NULL: all */, GError **error);

/* ---- for the window */
#define TVM_DECLARE_ASYNC(name, ...) \
  void tvm_sync_engine_##name##_async (TvmSyncEngine *self, ##__VA_ARGS__, GCancellable *cancellable, \
                                       GAsyncReadyCallback callback, gpointer user_data)
TVM_DECLARE_ASYNC (sync, gboolean full);
gboolean     tvm_sync_engine_sync_finish (TvmSyncEngine *self, GAsyncResult *result, GError **error);
TVM_DECLARE_ASYNC (set_config, const char *key, const char *value);
gboolean     tvm_sync_engine_set_config_finish (TvmSyncEngine *self, GAsyncResult *result, GError **error);
TVM_DECLARE_ASYNC (get_config, const char *key);
char        *tvm_sync_engine_get_config_finish (TvmSyncEngine *self, GAsyncResult *result, GError **error);
/* open and show are called on the main context */
TVM_DECLARE_ASYNC (sign_in_with_browser, gboolean intune_write, TvmOpenUrlFunc open, gpointer open_data);
gboolean     tvm_sync_engine_sign_in_with_browser_finish (TvmSyncEngine *self, GAsyncResult *result, GError **error);
TVM_DECLARE_ASYNC (sign_in_with_device_code, gboolean intune_write, TvmDeviceCodeFunc show, gpointer show_data);
gboolean     tvm_sync_engine_sign_in_with_device_code_finish (TvmSyncEngine *self, GAsyncResult *result, GError **error);
TVM_DECLARE_ASYNC (sign_out, gboolean delete_data);
gboolean     tvm_sync_engine_sign_out_finish (TvmSyncEngine *self, GAsyncResult *result, GError **error);
/* another process may have written: the store reports it, and the properties follow */
void         tvm_sync_engine_notice_others_async (TvmSyncEngine *self, GAsyncReadyCallback callback,
                                                  gpointer user_data);
TVM_DECLARE_ASYNC (fetch_recommendation, const char *id);
gboolean     tvm_sync_engine_fetch_recommendation_finish (TvmSyncEngine *self, GAsyncResult *result, GError **error);
TVM_DECLARE_ASYNC (fetch_devices, const char *id);
gboolean     tvm_sync_engine_fetch_devices_finish (TvmSyncEngine *self, GAsyncResult *result,
                                                   GError **error);
TVM_DECLARE_ASYNC (fetch_user_impact);
gboolean     tvm_sync_engine_fetch_user_impact_finish (TvmSyncEngine *self, GAsyncResult *result,
                                                       GError **error);
TVM_DECLARE_ASYNC (fetch_activity, const char *id);
gboolean     tvm_sync_engine_fetch_activity_finish (TvmSyncEngine *self, GAsyncResult *result, GError **error);
TVM_DECLARE_ASYNC (request, const TvmRequest *request, gboolean dry_run);
TvmActivity *tvm_sync_engine_request_finish (TvmSyncEngine *self, GAsyncResult *result, TvmCoverage *out_coverage, GError **error);
TVM_DECLARE_ASYNC (complete, const char *activity_id, const char *note);
gboolean     tvm_sync_engine_complete_finish (TvmSyncEngine *self, GAsyncResult *result, GError **error);
TVM_DECLARE_ASYNC (undo_complete, const char *activity_id);
gboolean     tvm_sync_engine_undo_complete_finish (TvmSyncEngine *self, GAsyncResult *result, GError **error);
TVM_DECLARE_ASYNC (withdraw, gint64 ticket_key);
TvmWithdrawal tvm_sync_engine_withdraw_finish (TvmSyncEngine *self, GAsyncResult *result, GError **error); /* no error with WAITS */
TVM_DECLARE_ASYNC (bulk, const TvmBulk *bulk);
GPtrArray   *tvm_sync_engine_bulk_finish (TvmSyncEngine *self, GAsyncResult *result, GError **error);
TVM_DECLARE_ASYNC (add_exception, const TvmExceptionForm *form, gboolean dry_run);
gboolean     tvm_sync_engine_add_exception_finish (TvmSyncEngine *self, GAsyncResult *result, TvmExceptionEffect *out_effect, GError **error);
TVM_DECLARE_ASYNC (cancel_exception, const char *id, const char *group);
gboolean     tvm_sync_engine_cancel_exception_finish (TvmSyncEngine *self, GAsyncResult *result, GError **error);
TVM_DECLARE_ASYNC (retry_outbox, gint64 ticket_key);
gboolean     tvm_sync_engine_retry_outbox_finish (TvmSyncEngine *self, GAsyncResult *result, GError **error);
TVM_DECLARE_ASYNC (revoke_outbox, gint64 ticket_key);
gboolean     tvm_sync_engine_revoke_outbox_finish (TvmSyncEngine *self, GAsyncResult *result, GError **error);
/* reads settings, account and outbox from the store into the properties; also done after each command */
void         tvm_sync_engine_refresh_state (TvmSyncEngine *self);
/* one sync as soon as somebody is signed in, one per sync-interval-minutes (0: none), one when the network is back;
 * or no more of them, and the one that runs is cancelled; main context */
void         tvm_sync_engine_set_automatic (TvmSyncEngine *self, gboolean automatic);

G_END_DECLS

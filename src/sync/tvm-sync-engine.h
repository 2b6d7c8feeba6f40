/* tvm-sync-engine.h: what moves between client and store; the commands, a header a subject. The
 * blocking calls are for worker threads and the command line; the _async ones are for the window.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-notice.h"
#include "tvm-settings.h"
#include "tvm-sync-clock.h"
#include "tvm-sync-exception.h"
#include "tvm-sync-known-exploited.h"
#include "tvm-sync-outbox.h"
#include "tvm-sync-pace.h"
#include "tvm-sync-policy.h"
#include "tvm-sync-request.h"
#include "tvm-sync-sign-in.h"
G_BEGIN_DECLS

/* Properties, changed on the main context only (readable there, notify):
 *   "syncing" gboolean; "step" string (list being pulled, script word: "devices"...; NULL idle);
 *   "files" string (how far the files of a long list are, localized; NULL: none are on their way);
 *   "fraction" double (of these, else of lists); "next-call-us" gint64 (no call until; 0 not);
 *   "asked-to-wait" gboolean (by the service, else the program's own wait);
 *   "last-error" string (localized sentence or NULL), "last-sync-us" gint64,
 *   "account" string (e-mail, NULL signed out), "account-name", "tenant" string,
 *   "intune-connected" gboolean, "outbox" int, "outbox-parked" int (of those),
 *   "sign-in-required" gboolean (somebody is signed in, but must do it again),
 *   "keyring-locked" gboolean ("account" is not known until it is unlocked),
 *   "keyring-warning" string (why "account" is not known for another reason, or NULL),
 *   "clock-warning" string (why this computer's clock is in doubt, or NULL),
 *   "backup-warning" string (why the last daily backup was not made, or NULL),
 *   "team-right" string (a right's word in the team, or "none"; NULL: in no team),
 *   "offline" (no network), "metered" (no automatic syncs) gboolean, both once automatic */
TvmSyncEngine *tvm_sync_engine_new (TvmStore *store, const char *profile, gboolean memory_vault);
TvmStore      *tvm_sync_engine_get_store (TvmSyncEngine *self);
/* for the command line; before the first call */
void           tvm_sync_engine_set_wait_func (TvmSyncEngine *self, TvmWaitFunc func,
                                              gpointer user_data);
/* of any asynchronous command that brings nothing but success */
gboolean       tvm_sync_engine_finish (TvmSyncEngine *self, GAsyncResult *result, GError **error);

/* ---- syncing */
/* @files: (nullable): how far the files of a long list are, in words */
typedef void (*TvmSyncProgress) (const char *step, int n_done, int n_steps, gint64 next_call_us,
                                 const char *files, gpointer user_data);
/* Pushes the outbox, then pulls. Returns the per-list results so far even on error; a list that
 * failed is not in it. Of TvmListResult; sets error AND returns results */
GPtrArray *tvm_sync_engine_sync (TvmSyncEngine *self, gboolean full, TvmSyncProgress progress,
                                 gpointer user_data, GCancellable *cancellable, GError **error);
/* the store's note of the last long wait, perhaps over */
#define TVM_SYNC_NEXT_CALL_KEY "next-call-us"
char      *tvm_sync_engine_dup_backup_warning (TvmSyncEngine *self);
/* lists that came too short, in words, or NULL */
char      *tvm_sync_describe_doubts (GPtrArray *results);
TVM_DECLARE_ASYNC (sync, gboolean full);
/* whichever runs, if any; does not wait for its end */
void       tvm_sync_engine_cancel_sync (TvmSyncEngine *self);

/* ---- on demand: CVEs and exposed devices of one recommendation, its exposed devices unless they
 * are known, the tickets in Intune, or the devices of a portal activity */
gboolean  tvm_sync_engine_fetch_recommendation (TvmSyncEngine *self, const char *id,
                                                GCancellable *cancellable, GError **error);
gboolean  tvm_sync_engine_fetch_devices        (TvmSyncEngine *self, const char *id,
                                                GCancellable *cancellable, GError **error);
gboolean  tvm_sync_engine_fetch_tickets        (TvmSyncEngine *self, GCancellable *cancellable,
                                                GError **error);
TVM_DECLARE_ASYNC (fetch_tickets);
gboolean  tvm_sync_engine_fetch_activity       (TvmSyncEngine *self, const char *id,
                                                GCancellable *cancellable, GError **error);
/* which devices have no user impact, unless that is known since a day or less */
gboolean  tvm_sync_engine_fetch_user_impact    (TvmSyncEngine *self, GCancellable *cancellable,
                                                GError **error);
TVM_DECLARE_ASYNC (fetch_user_impact);
gboolean  tvm_sync_engine_fetch_user_impact_finish (TvmSyncEngine *self, GAsyncResult *result,
                                                    GError **error);
TVM_DECLARE_ASYNC (fetch_recommendation, const char *id);
TVM_DECLARE_ASYNC (fetch_devices, const char *id);
TVM_DECLARE_ASYNC (fetch_activity, const char *id);

/* The e-mail to the IT admin of an activity (R11), and its devices as CSV to attach, both in the
 * profile's "ticket-language" */
TvmNotice *tvm_sync_engine_make_notice (TvmSyncEngine *self, const char *activity_id,
                                        GError **error);
gint64     tvm_sync_engine_save_notice_devices (TvmSyncEngine *self, const char *activity_id,
                                                const char *path, gboolean overwrite,
                                                GCancellable *cancellable, GError **error);

/* ---- for the window */
/* another process may have written: the store reports it, and the properties follow */
void tvm_sync_engine_notice_others_async (TvmSyncEngine *self, GAsyncReadyCallback callback,
                                          gpointer user_data);
/* reads settings, account and outbox from the store into the properties; also done after each
 * command */
void tvm_sync_engine_refresh_state (TvmSyncEngine *self);
/* one sync as soon as somebody is signed in, one per sync-interval-minutes (0: none), one when the
 * network is back; or no more of them, and the one that runs is cancelled; main context */
void tvm_sync_engine_set_automatic (TvmSyncEngine *self, gboolean automatic);

G_END_DECLS

/* tvm-sync-outbox.h: what people decide about tickets that wait or that Intune has.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-sync-types.h"
G_BEGIN_DECLS

/* Tests: until a ticket that a list lacks is looked for again. */
void      tvm_sync_engine_set_look_again (TvmSyncEngine *self, gint64 delay_us);
gboolean  tvm_sync_engine_push_outbox   (TvmSyncEngine *self, int *out_sent,
                                         GCancellable *cancellable, GError **error);
void      tvm_sync_engine_send_held     (TvmSyncEngine *self, GCancellable *cancellable);
/* of one entry: sends it now; takes it back (its activity stays), where it may have arrived only
 * after having asked */
gboolean  tvm_sync_engine_retry_outbox  (TvmSyncEngine *self, gint64 ticket_key,
                                         GCancellable *cancellable, GError **error);
gboolean  tvm_sync_engine_revoke_outbox (TvmSyncEngine *self, gint64 ticket_key,
                                         GCancellable *cancellable, GError **error);
/* THROTTLED: the service asked to wait until then */
gboolean  tvm_sync_outbox_fail_asked    (gint64 not_before_us, GError **error);
TVM_DECLARE_ASYNC (retry_outbox, gint64 ticket_key);
TVM_DECLARE_ASYNC (revoke_outbox, gint64 ticket_key);

/* Takes a ticket back that is pending in Intune or not sent yet. WAITS: in the outbox, @error says
 * why; the asynchronous one has no error then */
typedef enum { TVM_WITHDRAW_FAILED, TVM_WITHDRAW_DONE, TVM_WITHDRAW_WAITS } TvmWithdrawal;
TvmWithdrawal tvm_sync_engine_withdraw (TvmSyncEngine *self, gint64 ticket_key,
                                        GCancellable *cancellable, GError **error);
TVM_DECLARE_ASYNC (withdraw, gint64 ticket_key);
TvmWithdrawal tvm_sync_engine_withdraw_finish (TvmSyncEngine *self, GAsyncResult *result,
                                               GError **error);

G_END_DECLS

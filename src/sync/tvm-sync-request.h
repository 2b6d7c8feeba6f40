/* tvm-sync-request.h: the commands on recommendations and activities, one or several.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-sync-types.h"
G_BEGIN_DECLS

/* Validates (R2, R3), tells coverage and who asked for the same (R20); unless dry_run submits, in
 * the same transaction. Pulls the device list first if it was never synced. Works offline with what
 * the store has. dry_run: the activity's id is "". The asynchronous one sends its tickets a
 * moment after it is done. */
TvmActivity *tvm_sync_engine_request (TvmSyncEngine *self, const TvmRequest *request,
                                      gboolean dry_run, TvmRequestFacts *out_facts,
                                      GCancellable *cancellable, GError **error);
TVM_DECLARE_ASYNC (request, const TvmRequest *request);
TvmActivity *tvm_sync_engine_request_finish (TvmSyncEngine *self, GAsyncResult *result,
                                             GError **error);

/* Works until one of its tickets is sent, for which those of the asynchronous one wait a moment. */
gboolean  tvm_sync_engine_undo_request (TvmSyncEngine *self, const char *activity_id,
                                        GError **error);
void      tvm_sync_engine_set_hold     (TvmSyncEngine *self, gint64 hold_us);
TVM_DECLARE_ASYNC (undo_request, const char *activity_id);

/* by the signed-in e-mail; undoing works for a moment; note: nullable */
gboolean  tvm_sync_engine_complete (TvmSyncEngine *self, const char *activity_id, const char *note,
                                    GError **error);
TVM_DECLARE_ASYNC (complete, const char *activity_id, const char *note);
TVM_DECLARE_ASYNC (undo_complete, const char *activity_id);

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
  const TvmShown *shown;       /* nullable; of a request: for each of ids */
  gboolean dry_run;            /* of a request */
  gint64 hold_us;              /* of a request: how long its tickets stay */
  const char *note;            /* of a completion; nullable */
} TvmBulk;
GPtrArray *tvm_sync_engine_bulk (TvmSyncEngine *self, const TvmBulk *bulk,
                                 GCancellable *cancellable, GError **error);
TVM_DECLARE_ASYNC (bulk, const TvmBulk *bulk);
GPtrArray *tvm_sync_engine_bulk_finish (TvmSyncEngine *self, GAsyncResult *result, GError **error);

G_END_DECLS

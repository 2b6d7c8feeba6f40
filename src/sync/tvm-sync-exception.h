/* tvm-sync-exception.h: the commands on exceptions (R10), which live in the store only.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-sync-types.h"
G_BEGIN_DECLS

/* dry_run: out_exception is NULL. The asynchronous one is none, and ends with the exception. */
gboolean tvm_sync_engine_add_exception (TvmSyncEngine *self, const TvmExceptionForm *form,
                                        gboolean dry_run, TvmExceptionEffect *out_effect,
                                        TvmException **out_exception, GCancellable *cancellable,
                                        GError **error);
/* group: NULL: all */
gboolean tvm_sync_engine_cancel_exception (TvmSyncEngine *self, const char *id,
                                           const char *const *groups, GError **error);
TVM_DECLARE_ASYNC (add_exception, const TvmExceptionForm *form);
TvmException *tvm_sync_engine_add_exception_finish (TvmSyncEngine *self, GAsyncResult *result,
                                                    GError **error);
TVM_DECLARE_ASYNC (cancel_exception, const char *id, const char *group);

G_END_DECLS

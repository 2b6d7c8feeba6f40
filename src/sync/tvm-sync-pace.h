/* tvm-sync-pace.h: what the services' limits still allow, and who used it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-sync-types.h"
G_BEGIN_DECLS

typedef struct {
  gboolean  has_limits;          /* the embedded demo tenant has none */
  TvmBudget classes[TVM_N_CALL_CLASSES];
  gint64    full_sync_ready_us;  /* were it started now; 0: not known, there was none yet */
} TvmSyncBudgets;

/* before the first call; else it is the command line's */
void     tvm_sync_engine_set_caller   (TvmSyncEngine *self, TvmCaller caller);
gboolean tvm_sync_engine_read_budgets (TvmSyncEngine *self, TvmSyncBudgets *budgets,
                                       GError **error);
TVM_DECLARE_ASYNC (read_budgets);
const TvmSyncBudgets *tvm_sync_engine_read_budgets_finish (TvmSyncEngine *self,
                                                           GAsyncResult *result, GError **error);
/* for people: of each class of which calls were made, that of none, and who made them */
char    *tvm_sync_describe_calls      (const TvmSyncBudgets *budgets, TvmCallClass calls,
                                       const char **out_name);
const char *tvm_sync_describe_no_calls (const TvmSyncBudgets *budgets);
char    *tvm_sync_describe_callers    (const TvmSyncBudgets *budgets);

G_END_DECLS

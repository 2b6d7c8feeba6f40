/* tvm-sync-policy.h: what the policy of the settings suggests (R22).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-policy.h"
#include "tvm-sync-types.h"
G_BEGIN_DECLS

/* What the policy suggests for one open recommendation. */
typedef struct {
  TvmRecommendation *recommendation;  /* (owned) */
  TvmPolicyAdvice   *advice;          /* (owned) */
} TvmPolicyTrial;

TvmPolicy       *tvm_sync_engine_get_policy    (TvmSyncEngine *self, GError **error);
TvmPolicyAdvice *tvm_sync_engine_advise        (TvmSyncEngine *self, const char *recommendation_id,
                                                const char *const *groups, GError **error);
GPtrArray       *tvm_sync_engine_try_policy    (TvmSyncEngine *self, const TvmPolicy *policy,
                                                GError **error);  /* of TvmPolicyTrial */
TVM_DECLARE_ASYNC (advise, const char *recommendation_id, const char *const *groups);
TvmPolicyAdvice *tvm_sync_engine_advise_finish (TvmSyncEngine *self, GAsyncResult *result,
                                                GError **error);

G_END_DECLS

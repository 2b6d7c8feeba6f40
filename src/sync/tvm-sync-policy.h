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
GPtrArray       *tvm_sync_engine_try_policy    (TvmSyncEngine *self, const TvmPolicy *policy,
                                                GError **error);  /* of TvmPolicyTrial */
/* of TvmPolicyAdvice, one of each */
TVM_DECLARE_ASYNC (advise, const char *const *recommendation_ids, const char *const *groups);
GPtrArray       *tvm_sync_engine_advise_finish (TvmSyncEngine *self, GAsyncResult *result,
                                                GError **error);

G_END_DECLS

/* tvm-recommendation-flyout.h: the flyout of a recommendation. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-record-flyout.h"
G_BEGIN_DECLS

#define TVM_TYPE_RECOMMENDATION_FLYOUT (tvm_recommendation_flyout_get_type ())
G_DECLARE_FINAL_TYPE (TvmRecommendationFlyout, tvm_recommendation_flyout, TVM,
                      RECOMMENDATION_FLYOUT, TvmRecordFlyout)

TvmRecommendationFlyout *tvm_recommendation_flyout_new  (TvmUi *ui);

G_END_DECLS

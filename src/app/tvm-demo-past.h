/* tvm-demo-past.h: the ninety days that the demo's profile pretends to have behind it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-sync-engine.h"
G_BEGIN_DECLS

void tvm_demo_past_begin (TvmStore *store, guint n_recommendations, guint n_activities);
void tvm_demo_past_follow (TvmStore *store, TvmSyncEngine *engine);

G_END_DECLS

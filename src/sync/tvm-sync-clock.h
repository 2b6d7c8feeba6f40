/* tvm-sync-clock.h: whether this computer's clock is right, and a person's word on it (R19).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-clock.h"
#include "tvm-sync-types.h"
G_BEGIN_DECLS

gboolean tvm_sync_engine_read_clock   (TvmSyncEngine *self, TvmClockFacts *out_facts,
                                       TvmClock *out_clock, GError **error);
gboolean tvm_sync_engine_accept_clock (TvmSyncEngine *self, GError **error);
TVM_DECLARE_ASYNC (accept_clock);

G_END_DECLS

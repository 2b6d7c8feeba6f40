/* tvm-store-clock.h: what is known of the time, kept with the profile (R19).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-clock.h"
#include "tvm-store.h"
G_BEGIN_DECLS

gboolean tvm_store_read_clock    (TvmStore *self, TvmClockFacts *out_facts, TvmClock *out_clock,
                                  GError **error);
/* What a service said, here_us and service_us of the same moment */
gboolean tvm_store_note_clock    (TvmStore *self, gint64 here_us, gint64 service_us,
                                  GError **error);
/* A person says that this clock is right. CONFLICT: nobody doubts it */
gboolean tvm_store_accept_clock  (TvmStore *self, GError **error);
/* Only where a service confirmed the clock: exceptions whose last day passed end for good. */
gboolean tvm_store_record_expiry (TvmStore *self, GError **error);

G_END_DECLS

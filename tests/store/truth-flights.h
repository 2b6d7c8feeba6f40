/* truth-flights.h: lists that are begun, answered, perhaps badly, and kept in any order.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "truth-world.h"

void       truth_begin       (World *world, TvmStore *store, Flight *flight, TvmPullKind kind,
                              int owner);
void       truth_answer      (World *world, Flight *flight, gboolean is_good);
void       truth_ask         (World *world, TvmStore *store, Flight *flight, guint max);
gboolean   truth_keep        (World *world, TvmStore *store, Flight *flight, gboolean is_good);
TvmTicket *truth_make_ticket (World *world, int i, TvmTicketStatus status);

/* truth-tickets.h: tickets on their way. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "truth-world.h"

void truth_send (World *world, int process);
void truth_hear (World *world, int process);
void truth_decide_outbox (World *world, TvmStore *store);
void truth_withdraw (World *world, TvmStore *store);

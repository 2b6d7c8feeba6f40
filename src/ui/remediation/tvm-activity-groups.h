/* tvm-activity-groups.h: what the flyout of an activity says, group by group. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-list-flyout.h"
#include "tvm-row-list.h"
G_BEGIN_DECLS

void tvm_activity_groups_add_pills    (TvmListFlyout *flyout, const TvmActivity *activity);
void
tvm_activity_groups_add_disagreements (TvmListFlyout *flyout, const TvmActivityDetails *details);
void tvm_activity_groups_add_tickets  (TvmListFlyout *flyout, const TvmActivityDetails *details);
void tvm_activity_groups_add_devices (TvmListFlyout *flyout, const TvmActivityDetails *details,
                                      gboolean is_fetching, const char *fetch_error);
void tvm_activity_groups_add_steps    (TvmListFlyout *flyout, const TvmActivityDetails *details);
void tvm_activity_groups_add_history  (TvmListFlyout *flyout, const TvmActivityDetails *details);

G_END_DECLS

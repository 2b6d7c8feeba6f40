/* tvm-activity-team.h: what a team says about an activity: whom it is assigned to, and comments.
 * Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-list-flyout.h"
#include "tvm-row-list.h"
#include "tvm-ui.h"
G_BEGIN_DECLS

void tvm_activity_team_add     (TvmListFlyout *flyout, const TvmActivityDetails *details);
void tvm_activity_team_comment (TvmUi *ui, GtkWidget *widget, const TvmActivity *activity);
void tvm_activity_team_assign  (TvmUi *ui, GtkWidget *widget, const TvmActivity *activity,
                                const char *who);

G_END_DECLS

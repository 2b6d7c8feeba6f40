/* tvm-activity-progress.h: the flyout's group about an activity's progress: how far it is, why the
 * rest is left (R6), how it went. Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-list-flyout.h"
#include "tvm-row-list.h"
G_BEGIN_DECLS

void tvm_activity_progress_add (TvmListFlyout *flyout, const TvmActivityDetails *details);

G_END_DECLS

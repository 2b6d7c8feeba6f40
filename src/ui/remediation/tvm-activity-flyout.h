/* tvm-activity-flyout.h: the flyout of a remediation activity. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-record-flyout.h"
G_BEGIN_DECLS

#define TVM_TYPE_ACTIVITY_FLYOUT (tvm_activity_flyout_get_type ())
G_DECLARE_FINAL_TYPE (TvmActivityFlyout, tvm_activity_flyout, TVM, ACTIVITY_FLYOUT, TvmRecordFlyout)

TvmActivityFlyout *tvm_activity_flyout_new  (TvmUi *ui);

G_END_DECLS

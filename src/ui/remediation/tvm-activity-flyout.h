/* tvm-activity-flyout.h: the flyout of a remediation activity. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-ui.h"
#include <adwaita.h>
G_BEGIN_DECLS

#define TVM_TYPE_ACTIVITY_FLYOUT (tvm_activity_flyout_get_type ())
G_DECLARE_FINAL_TYPE (TvmActivityFlyout, tvm_activity_flyout, TVM, ACTIVITY_FLYOUT, AdwBin)

/* signal "loaded" (TvmActivityFlyout *, gint64 key): the activity is known and shown */
TvmActivityFlyout *tvm_activity_flyout_new  (TvmUi *ui);
void               tvm_activity_flyout_show (TvmActivityFlyout *self, const char *activity_id);

G_END_DECLS

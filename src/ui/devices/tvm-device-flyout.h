/* tvm-device-flyout.h: the flyout of a device. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-record-flyout.h"
G_BEGIN_DECLS

#define TVM_TYPE_DEVICE_FLYOUT (tvm_device_flyout_get_type ())
G_DECLARE_FINAL_TYPE (TvmDeviceFlyout, tvm_device_flyout, TVM, DEVICE_FLYOUT, TvmRecordFlyout)

TvmDeviceFlyout *tvm_device_flyout_new  (TvmUi *ui);
char            *tvm_device_make_recommendations (const TvmDevice *device);
char            *tvm_device_make_activities (const TvmDevice *device);
char            *tvm_device_make_os     (const TvmDevice *device);
const char      *tvm_device_level_icon  (TvmLevel level);

G_END_DECLS

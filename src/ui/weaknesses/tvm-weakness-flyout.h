/* tvm-weakness-flyout.h: the flyout of a CVE. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-record-flyout.h"
G_BEGIN_DECLS

#define TVM_TYPE_WEAKNESS_FLYOUT (tvm_weakness_flyout_get_type ())
G_DECLARE_FINAL_TYPE (TvmWeaknessFlyout, tvm_weakness_flyout, TVM, WEAKNESS_FLYOUT, TvmRecordFlyout)

TvmWeaknessFlyout *tvm_weakness_flyout_new        (TvmUi *ui);
void               tvm_weakness_flyout_grab_focus (TvmWeaknessFlyout *self);

G_END_DECLS

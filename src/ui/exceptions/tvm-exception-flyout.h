/* tvm-exception-flyout.h: the flyout of an exception. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-record-flyout.h"
G_BEGIN_DECLS

#define TVM_TYPE_EXCEPTION_FLYOUT (tvm_exception_flyout_get_type ())
G_DECLARE_FINAL_TYPE (TvmExceptionFlyout, tvm_exception_flyout, TVM, EXCEPTION_FLYOUT,
                      TvmRecordFlyout)

TvmExceptionFlyout *tvm_exception_flyout_new  (TvmUi *ui);

G_END_DECLS

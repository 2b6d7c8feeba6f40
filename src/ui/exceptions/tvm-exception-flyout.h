/* tvm-exception-flyout.h: the flyout of an exception. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-ui.h"
#include <adwaita.h>
G_BEGIN_DECLS

#define TVM_TYPE_EXCEPTION_FLYOUT (tvm_exception_flyout_get_type ())
G_DECLARE_FINAL_TYPE (TvmExceptionFlyout, tvm_exception_flyout, TVM, EXCEPTION_FLYOUT, AdwBin)
/* signal "loaded" (TvmExceptionFlyout *, gint64 key): the exception it shows now */

TvmExceptionFlyout *tvm_exception_flyout_new  (TvmUi *ui);
void                tvm_exception_flyout_show (TvmExceptionFlyout *self, const char *id);

G_END_DECLS

/* tvm-exception-approval.h: what approvers say of an exception. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-exceptions.h"
#include "tvm-list-flyout.h"
#include "tvm-ui.h"
G_BEGIN_DECLS

gboolean tvm_exception_may_decide   (TvmUi *ui, const TvmException *exception);
void     tvm_exception_approval_add (TvmUi *ui, TvmListFlyout *flyout,
                                     const TvmException *exception);
void     tvm_exception_approve      (TvmUi *ui, GtkWidget *widget, const TvmException *exception);
void     tvm_exception_reject       (TvmUi *ui, GtkWidget *widget, const TvmException *exception);

G_END_DECLS

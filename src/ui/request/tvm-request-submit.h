/* tvm-request-submit.h: submits what a form requests, and tells what came of it where the form was
 * opened. Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-request-items.h"
#include "tvm-ui.h"
G_BEGIN_DECLS

/* @error: (nullable): why nothing was submitted */
typedef void (*TvmRequestSubmitted) (GObject *form, const GError *error);
void tvm_request_submit (TvmUi *ui, GPtrArray *items, TvmRequest *request,
                         GCancellable *cancellable, TvmRequestSubmitted submitted, GObject *form);

G_END_DECLS

/* tvm-request-scope.h: which exposed devices a configuration change is requested for. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-request-items.h"
#include "tvm-ui.h"
#include <adwaita.h>
G_BEGIN_DECLS

#define TVM_TYPE_REQUEST_SCOPE (tvm_request_scope_get_type ())
G_DECLARE_FINAL_TYPE (TvmRequestScope, tvm_request_scope, TVM, REQUEST_SCOPE, AdwComboRow)
/* signal "changed": another choice, or it became known which devices it means */

void     tvm_request_scope_start      (TvmRequestScope *self, AdwActionRow *note, TvmUi *ui,
                                       GPtrArray *items);
void     tvm_request_scope_update     (TvmRequestScope *self, const TvmCoverage *sums);
gboolean tvm_request_scope_is_limited (TvmRequestScope *self);
gboolean tvm_request_scope_is_ready   (TvmRequestScope *self);

G_END_DECLS

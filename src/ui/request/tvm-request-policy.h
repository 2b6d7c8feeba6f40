/* tvm-request-policy.h: what the policy suggests, as a row of the form (R22). Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-date-row.h"
#include "tvm-rules.h"
#include "tvm-ui.h"
G_BEGIN_DECLS

#define TVM_TYPE_REQUEST_POLICY (tvm_request_policy_get_type ())
G_DECLARE_FINAL_TYPE (TvmRequestPolicy, tvm_request_policy, TVM, REQUEST_POLICY, AdwActionRow)

void        tvm_request_policy_start      (TvmRequestPolicy *self, TvmUi *ui,
                                           AdwComboRow *priority_row, TvmDateRow *due_row);
void        tvm_request_policy_update     (TvmRequestPolicy *self, const char *const *ids,
                                           const TvmRequest *request);
gboolean    tvm_request_policy_is_overruled (TvmRequestPolicy *self);
void        tvm_request_policy_forget     (TvmRequestPolicy *self);
const char *tvm_request_policy_get_reason (TvmRequestPolicy *self);  /* (nullable) */
GPtrArray  *tvm_request_policy_get_used   (TvmRequestPolicy *self);  /* (nullable) */

G_END_DECLS

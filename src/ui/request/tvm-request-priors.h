/* tvm-request-priors.h: who asked for the same before, as a group of the form (R20). Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-prior.h"
#include "tvm-request-groups.h"
#include <adwaita.h>
G_BEGIN_DECLS

#define TVM_TYPE_REQUEST_PRIORS (tvm_request_priors_get_type ())
G_DECLARE_FINAL_TYPE (TvmRequestPriors, tvm_request_priors, TVM, REQUEST_PRIORS,
                      AdwPreferencesGroup)

/* signal "opened" (TvmRequestPriors *, int kind, const char *id): somebody wants to see it instead:
 * a TvmPriorKind, an activity or an exception */
void tvm_request_priors_set_groups (TvmRequestPriors *self, TvmRequestGroups *groups);
void tvm_request_priors_set (TvmRequestPriors *self, GPtrArray *priors);

G_END_DECLS

/* tvm-request-groups.h: the device groups of a request as a check list. Main thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-rules.h"
#include <adwaita.h>
G_BEGIN_DECLS

#define TVM_TYPE_REQUEST_GROUPS (tvm_request_groups_get_type ())
G_DECLARE_FINAL_TYPE (TvmRequestGroups, tvm_request_groups, TVM, REQUEST_GROUPS, AdwBin)

/* signal "changed": the choice or its counts changed */
TvmRequestGroups *tvm_request_groups_new          (const char *description);
void              tvm_request_groups_set_counts   (TvmRequestGroups *self, GPtrArray *counts,
                                                   gboolean are_known);
char            **tvm_request_groups_dup_chosen   (TvmRequestGroups *self);
void              tvm_request_groups_leave_out    (TvmRequestGroups *self,
                                                   const char *const *names);
gboolean          tvm_request_groups_are_any      (TvmRequestGroups *self);

G_END_DECLS

/* tvm-request-several.h: the recommendations of a form for several, each with what comes of it.
 * Main thread. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-request-items.h"
#include <adwaita.h>
G_BEGIN_DECLS

#define TVM_TYPE_REQUEST_SEVERAL (tvm_request_several_get_type ())
G_DECLARE_FINAL_TYPE (TvmRequestSeveral, tvm_request_several, TVM, REQUEST_SEVERAL, AdwExpanderRow)

/* signal "show-left-out" (TvmRequestSeveral *, guint item): those that no ticket would carry */
void tvm_request_several_set_items (TvmRequestSeveral *self, GPtrArray *items);
void tvm_request_several_update    (TvmRequestSeveral *self, const TvmRequest *request,
                                    GPtrArray *advices);

G_END_DECLS

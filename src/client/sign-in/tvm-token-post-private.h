/* tvm-token-post-private.h: asking the identity platform, without losing what it answers. Any
 * thread. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-token-answer-private.h"
#include "tvm-transport-private.h"
G_BEGIN_DECLS

JsonObject *tvm_token_post   (const TvmEndpoints *endpoints, TvmTransport *transport,
                              const char *endpoint, char *form, guint *out_status,
                              GCancellable *cancellable, GError **error);
void        tvm_token_settle (void);

G_END_DECLS

/* tvm-sign-in-private.h: what the ways to sign in need of the sign-in. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-json-private.h"
#include "tvm-transport-private.h"
G_BEGIN_DECLS

const TvmEndpoints *tvm_sign_in_get_endpoints (TvmSignIn *self);
TvmTransport       *tvm_sign_in_get_transport (TvmSignIn *self);
/* Signs in whom the token answer tells, in place of whoever was. */
gboolean tvm_sign_in_adopt (TvmSignIn *self, JsonObject *answer, TvmResource resource,
                            gboolean write, GError **error);

G_END_DECLS

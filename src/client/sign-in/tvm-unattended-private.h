/* tvm-unattended-private.h: signing in without a person. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-credential-private.h"
#include "tvm-json.h"
#include "tvm-transport-private.h"
G_BEGIN_DECLS

char       *tvm_unattended_make_assertion (const TvmCredential *credential, const char *client_id,
                                           const char *audience, GError **error);
JsonObject *tvm_unattended_run (const TvmEndpoints *endpoints, TvmTransport *transport,
                                const TvmCredential *credential, TvmResource resource,
                                GCancellable *cancellable, GError **error);

G_END_DECLS

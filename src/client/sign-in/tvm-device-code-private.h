/* tvm-device-code-private.h: signing in with a code on another device (RFC 8628). Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-token-answer-private.h"
#include "tvm-transport-private.h"
G_BEGIN_DECLS

JsonObject *tvm_device_code_run (const TvmEndpoints *endpoints, TvmTransport *transport,
                                 TvmResource resource, gboolean write, TvmDeviceCodeFunc show,
                                 gpointer user_data, GCancellable *cancellable, GError **error);

G_END_DECLS

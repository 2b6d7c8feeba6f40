/* tvm-browser-code-private.h: signing in with the browser on this computer: authorization code with
 * PKCE (RFC 7636, RFC 8252). Any thread. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-json.h"
#include "tvm-loopback-private.h"
#include "tvm-transport-private.h"
G_BEGIN_DECLS

typedef struct {
  const TvmEndpoints *endpoints;
  TvmTransport       *transport;
  TvmResource         resource;
  gboolean            write;       /* also to write tickets */
  const char         *login_hint;  /* (nullable): whose e-mail address the page fills in */
} TvmBrowserCode;

/* The token answer. The browser still waits for its page: tvm_loopback_answer() gives it. */
JsonObject *tvm_browser_code_run (const TvmBrowserCode *self, TvmLoopback *loopback,
                                  TvmOpenUrlFunc open, gpointer user_data,
                                  GCancellable *cancellable, GError **error);

char *tvm_base64url_encode (const guint8 *data, gsize size_bytes);
char *tvm_pkce_make_secret    (GError **error);       /* 43 characters; tvm_secret_free() */
char *tvm_pkce_make_challenge (const char *verifier); /* S256 */

G_END_DECLS

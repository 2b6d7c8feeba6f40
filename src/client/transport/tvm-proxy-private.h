/* tvm-proxy-private.h: by which proxy a connection goes out, and who we are to it. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <libsoup/soup.h>
G_BEGIN_DECLS

#define TVM_TYPE_PROXY (tvm_proxy_get_type ())
G_DECLARE_FINAL_TYPE (TvmProxy, tvm_proxy, TVM, PROXY, GObject)
TvmProxy *tvm_proxy_new      (GProxyResolver *settings);
void      tvm_proxy_attach   (TvmProxy *self, SoupSession *session);
char     *tvm_proxy_dup_name (TvmProxy *self, GUri *uri);

G_END_DECLS

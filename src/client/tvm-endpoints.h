/* tvm-endpoints.h: which hosts a tenant's cloud has. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <gio/gio.h>
G_BEGIN_DECLS

/* Which hosts, which tenant (api: clouds and resource identifiers). */
typedef struct {
  char *cloud;                 /* commercial gcc gcc-high dod custom */
  char *authority_url, *defender_url, *graph_url;           /* no trailing slash */
  char *defender_resource, *graph_resource;                 /* token audiences */
  char *tenant_id, *client_id;
} TvmEndpoints;
/* Resolves a cloud; urls are only used for custom. INVALID for anything but https (http: loopback,
 * custom only), R15 */
TvmEndpoints *tvm_endpoints_new (const char *cloud, const char *authority_url,
                                 const char *defender_url, const char *graph_url,
                                 const char *tenant_id, const char *client_id, GError **error);
/* Commercial cloud: the Defender API near a region, us eu uk au swa ina; "" or "global": anywhere.
 * No other cloud has regions: there the word is only checked. INVALID for any other word */
gboolean      tvm_endpoints_set_region (TvmEndpoints *self, const char *region, GError **error);
/* An address for which the same holds; key: the setting it is of */
gboolean      tvm_host_is_loopback (const char *host);
gboolean      tvm_endpoints_check_url (const char *url, const char *key, GError **error);
TvmEndpoints *tvm_endpoints_copy (const TvmEndpoints *self);
void          tvm_endpoints_free (TvmEndpoints *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TvmEndpoints, tvm_endpoints_free)

G_END_DECLS

/* tvm-demo-tenant.h: an imaginary tenant behind a loopback server that speaks the services' wire.
 * One owner thread; the server itself runs in a thread of its own.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <glib.h>
G_BEGIN_DECLS

/**
 * TvmDemoOptions:
 * @port: TCP port on 127.0.0.1, 0 for a free one
 * @devices: devices in the inventory (1200), up to 1,000,000
 * @recommendations: security recommendations (60), up to 10,000
 * @activities: remediation activities made in the portal (40), up to 10,000
 * @seed: the data follow from it (and from the clock at start) alone
 * @page_size: rows a page carries at most where next links are on; 0 honours `$top` up to 10,000
 * @no_next_links: whether Defender lists come without `@odata.nextLink`, so that only `$skip` gets
 *   the rest (the default, as field reports have it)
 * @auto_approve: whether sign-ins are approved without a person
 * @token_lifetime_seconds: of access tokens (3599)
 * @device_code_interval: seconds between polls (5); polling sooner gives `slow_down`
 * @client_secret: (nullable): what an application signs itself in with; not copied
 * @client_certificate: (nullable): in PEM, whose key signs an application's assertions; not copied
 * @documented_limits: whether calls beyond the limits that the service documents are refused
 * @alive: whether an imaginary IT admin accepts tickets and devices get patched by themselves
 */
typedef struct {
  guint    port;
  guint    devices;
  guint    recommendations;
  guint    activities;
  guint64  seed;
  guint    page_size;
  gboolean no_next_links;
  gboolean auto_approve;
  guint    token_lifetime_seconds;
  guint    device_code_interval;
  const char *client_secret;
  const char *client_certificate;
  gboolean documented_limits;
  gboolean alive;
} TvmDemoOptions;

typedef struct _TvmDemoTenant TvmDemoTenant;

void           tvm_demo_options_init   (TvmDemoOptions       *options);
TvmDemoTenant *tvm_demo_tenant_new     (const TvmDemoOptions *options);
void           tvm_demo_tenant_free    (TvmDemoTenant        *self);
gboolean       tvm_demo_tenant_start   (TvmDemoTenant        *self,
                                        GError              **error);
const char    *tvm_demo_tenant_get_uri (TvmDemoTenant        *self);
void           tvm_demo_tenant_stop    (TvmDemoTenant        *self);
gboolean       tvm_demo_tenant_main    (int                   argc,
                                        char                **argv,
                                        GStrvBuilder         *names,
                                        GError              **error);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TvmDemoTenant, tvm_demo_tenant_free)

G_END_DECLS

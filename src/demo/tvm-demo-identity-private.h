/* tvm-demo-identity-private.h: what the two halves of the identity platform share. The server's
 * thread only. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "tvm-demo-private.h"
G_BEGIN_DECLS

#define TVM_DEMO_TENANT_ID "a7c0d3e1-4b52-4f6d-8e90-1c2b3a4d5e6f"

typedef enum { TVM_DEMO_GRANT_PENDING, TVM_DEMO_GRANT_APPROVED, TVM_DEMO_GRANT_DECLINED,
               TVM_DEMO_GRANT_EXPIRED, TVM_DEMO_GRANT_REDEEMED } TvmDemoGrantState;

/* A permission on its way: an authorization code, a device code or a refresh token. */
typedef struct {
  char   *client_id, *scope, *tenant;
  char   *user;                           /* refresh tokens: an e-mail address */
  char   *redirect_uri, *challenge;       /* authorization codes */
  char   *user_code, *code;               /* device codes */
  TvmDemoGrantState state;
  gint64  last_poll_us, expires_us;       /* monotonic */
  guint   interval_s;
} TvmDemoGrant;

struct _TvmDemoIdentity {
  GHashTable *access;        /* text -> TvmDemoToken */
  GHashTable *refresh;       /* text -> TvmDemoGrant */
  GHashTable *codes;         /* text -> TvmDemoGrant */
  GPtrArray  *device_codes;  /* TvmDemoGrant, oldest first */
  char       *user;          /* who signs in: an e-mail address; NULL: TVM_DEMO_USER */
  char       *denied;        /* scopes without consent, by spaces, one at each end too */
};

/* ---- tvm-demo-oauth.c */
void  tvm_demo_oauth_error (TvmDemoExchange *ex, const char *code, guint number, const char *text);
TvmDemoAudience tvm_demo_oauth_audience (const char *resource);

/* ---- tvm-demo-application.c */
void  tvm_demo_application_sign_in (TvmDemoExchange *ex, GHashTable *fields,
                                    const char *client_id);

/* ---- tvm-demo-identity.c */
void  tvm_demo_grant_free        (TvmDemoGrant *grant);
char *tvm_demo_identity_add_code (TvmDemoIdentity *self, TvmDemoGrant *grant);
void  tvm_demo_identity_issue    (TvmDemoExchange *ex, const TvmDemoGrant *grant, const char *scope,
                                  TvmDemoAudience audience, const char *short_scopes);

G_END_DECLS

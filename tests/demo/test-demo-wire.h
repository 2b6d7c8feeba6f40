/* test-demo-wire.h: a tenant and a small blocking client for it. One thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <json-glib/json-glib.h>
#include <libsoup/soup.h>

#include "tvm-demo-tenant.h"

#define DEFENDER_SCOPE "https://api.securitycenter.microsoft.com/.default openid offline_access"
#define GRAPH_SCOPE    "https://graph.microsoft.com/.default openid offline_access"

typedef struct {
  TvmDemoTenant *tenant;
  SoupSession   *session;
  char          *token;    /* (nullable) sent along */
  char          *refresh;  /* (nullable) of the last sign-in */
  guint          status;   /* of the last answer */
} Wire;

void        wire_start   (Wire *wire, const TvmDemoOptions *options);
void        wire_stop    (Wire *wire);
JsonObject *wire_send    (Wire *wire, const char *method, const char *path, const char *type, const char *body);
JsonObject *wire_get     (Wire *wire, const char *path);
GPtrArray  *wire_list    (Wire *wire, const char *path);
JsonObject *wire_post    (Wire *wire, const char *path, const char *json);
JsonObject *wire_token   (Wire *wire, const char *form);
void        wire_order   (Wire *wire, const char *path, const char *json);
void        wire_sign_in (Wire *wire, const char *scope);
void        wire_assert_oauth_error (Wire *wire, const char *form, const char *error);
char       *wire_start_device_code  (Wire *wire, const char *scope);

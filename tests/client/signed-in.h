/* signed-in.h: a fake service with somebody signed in to it, and a client that does not wait long.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "fake-service.h"
#include "tvm-client-private.h"
#include "tvm-error.h"
G_BEGIN_DECLS

#define TENANT     "11111111-2222-3333-4444-555555555555"
#define TOKEN_PATH "/" TENANT "/oauth2/v2.0/token"
#define CODE_PATH  "/" TENANT "/oauth2/v2.0/devicecode"
#define TOKENS(access, refresh) "{\"token_type\":\"Bearer\",\"expires_in\":\"3599\",\"access_token\":\"" \
  access "\",\"refresh_token\":\"" refresh "\",\"id_token\":\"e30." \
  "eyJuYW1lIjoiQW5hIMOEIiwicHJlZmVycmVkX3VzZXJuYW1lIjoiYW5hQGNvbnRvc28uZXhhbXBsZSIsInRpZCI6InQxIn0.x\"}"

typedef struct {
  FakeService  *service;
  TvmEndpoints *endpoints;
  TvmSignIn    *sign_in;
  TvmClient    *client;
} SignedIn;

static inline void
ignore_code_cb (const char *code, const char *page, const char *message, gpointer user_data)
{
  if (user_data != NULL)
    *(char **) user_data = g_strdup_printf ("%s %s", code, page);
}

static inline void
signed_in_prepare (SignedIn *self)
{
  g_autoptr(GError) error = NULL;

  self->service = fake_service_new ();
  self->endpoints = tvm_endpoints_new ("custom", fake_service_get_url (self->service),
                                       fake_service_get_url (self->service),
                                       fake_service_get_url (self->service), TENANT, "app-1", &error);
  g_assert_no_error (error);
  self->sign_in = tvm_sign_in_new (self->endpoints, tvm_token_vault_new_memory ());
  self->client = tvm_client_new (self->endpoints, self->sign_in);
  tvm_sign_in_set_wait_divisor (self->sign_in, 1000);
  tvm_client_set_wait_divisor (self->client, 1000);
  fake_service_add (self->service, CODE_PATH, 200, NULL,
                    "{\"device_code\":\"dc\",\"user_code\":\"AB12\",\"interval\":5,"
                    "\"verification_uri\":\"https://example.com/device\",\"message\":null}");
}

static inline void
signed_in_set_up (SignedIn *self, gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  signed_in_prepare (self);
  fake_service_add (self->service, TOKEN_PATH, 200, NULL, TOKENS ("access-1", "refresh-1"));
  tvm_sign_in_with_device_code (self->sign_in, FALSE, ignore_code_cb, NULL, NULL, &error);
  g_assert_no_error (error);
}

static inline void
signed_in_tear_down (SignedIn *self, gconstpointer data)
{
  g_assert_finalize_object (self->client);
  g_assert_finalize_object (self->sign_in);
  tvm_endpoints_free (self->endpoints);
  fake_service_free (self->service);
}

G_END_DECLS

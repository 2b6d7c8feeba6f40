/* tvm-unattended.c: signing in without a person: the client credentials grant (RFC 6749, 4.4) with
 * a client secret, or with a JSON web token that a certificate's key has signed (RFC 7523). Any
 * thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-unattended-private.h"
#include "tvm-browser-code-private.h"
#include "tvm-error.h"
#include "tvm-time.h"
#include "tvm-token-post-private.h"
#include "tvm-token-vault-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define ASSERTION_TYPE "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
#define LIFETIME_S     (5 * 60)

static char *
encode_object (JsonBuilder *builder)
{
  g_autoptr(JsonNode) root = NULL;
  g_autofree char *text = NULL;

  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  text = json_to_string (root, FALSE);
  return tvm_base64url_encode ((const guint8 *) text, strlen (text));
}

static void
add_string (JsonBuilder *builder,
            const char  *name,
            const char  *value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value);
}

static char *
build_header (const TvmCredential *credential)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  add_string (builder, "alg", "PS256");
  add_string (builder, "typ", "JWT");
  add_string (builder, "x5t#S256", credential->thumbprint);
  return encode_object (builder);
}

static char *
build_claims (const char *client_id,
              const char *audience)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  g_autofree char *id = g_uuid_string_random ();
  gint64 now_s = tvm_now_us () / TVM_SECOND_US;

  json_builder_begin_object (builder);
  add_string (builder, "aud", audience);
  add_string (builder, "iss", client_id);
  add_string (builder, "sub", client_id);
  add_string (builder, "jti", id);
  json_builder_set_member_name (builder, "nbf");
  json_builder_add_int_value (builder, now_s);
  json_builder_set_member_name (builder, "exp");
  json_builder_add_int_value (builder, now_s + LIFETIME_S);
  return encode_object (builder);
}

/**
 * tvm_unattended_make_assertion:
 * @credential: one with a key
 * @client_id: the application, which says who it is
 * @audience: the token endpoint's address
 * @error: return location for a #TvmError
 *
 * Returns: (transfer full) (nullable): a JSON web token, good for five minutes and signed with
 *   RSASSA-PSS and SHA-256 (PS256), to be freed with tvm_secret_free(); %NULL with
 *   %TVM_ERROR_FAILED
 *   where it could not be signed
 */
char *
tvm_unattended_make_assertion (const TvmCredential  *credential,
                               const char           *client_id,
                               const char           *audience,
                               GError              **error)
{
  g_autofree char *header = build_header (credential);
  g_autofree char *claims = build_claims (client_id, audience);
  g_autofree char *text = g_strconcat (header, ".", claims, NULL);
  gnutls_datum_t data = { (guchar *) text, strlen (text) }, signature = { NULL, 0 };
  g_autofree char *encoded = NULL;
  int status = gnutls_privkey_sign_data2 (credential->key, GNUTLS_SIGN_RSA_PSS_RSAE_SHA256, 0,
                                          &data, &signature);

  if (status < 0)
    {
      g_set_error (error, TVM_ERROR, TVM_ERROR_FAILED,
                   /* Translators: %s is the reason. */
                   _("The sign-in could not be signed with the key of the credential "
                     "“tvm-remediate.pem”: %s. Make another certificate."),
                   gnutls_strerror (status));
      return NULL;
    }
  encoded = tvm_base64url_encode (signature.data, signature.size);
  gnutls_free (signature.data);
  return g_strconcat (text, ".", encoded, NULL);
}

/* The encoded form; NULL with an error. */
static char *
build_form (const TvmEndpoints   *endpoints,
            const TvmCredential  *credential,
            TvmResource           resource,
            GError              **error)
{
  g_autofree char *scope = g_strconcat (resource == TVM_RESOURCE_DEFENDER
                                          ? endpoints->defender_resource
                                          : endpoints->graph_resource, "/.default", NULL);
  g_autofree char *audience = g_strconcat (endpoints->authority_url, "/", endpoints->tenant_id,
                                           "/oauth2/v2.0/token", NULL);
  char *assertion, *form;

  if (credential->secret != NULL)
    return soup_form_encode ("client_id", endpoints->client_id,
                             "grant_type", "client_credentials", "scope", scope,
                             "client_secret", credential->secret, NULL);
  assertion = tvm_unattended_make_assertion (credential, endpoints->client_id, audience, error);
  if (assertion == NULL)
    return NULL;
  form = soup_form_encode ("client_id", endpoints->client_id, "grant_type", "client_credentials",
                           "scope", scope, "client_assertion_type", ASSERTION_TYPE,
                           "client_assertion", assertion, NULL);
  tvm_secret_free (assertion);
  return form;
}

/**
 * tvm_unattended_run:
 * @endpoints: whose authority, tenant and application
 * @transport: the pool
 * @credential: what the application signs itself in with
 * @resource: whom the token is for
 * @cancellable: (nullable): stops it
 * @error: return location for a #TvmError or %G_IO_ERROR_CANCELLED
 *
 * Asks for a token with all permissions that the application has for @resource. There is no refresh
 * token, and none is needed. Blocks.
 *
 * Returns: (transfer full) (nullable): the token answer, to be settled with tvm_token_settle();
 *   %NULL with %TVM_ERROR_AUTH_DECLINED where the credential will not do, or another code of
 *   tvm_token_set_error()
 */
JsonObject *
tvm_unattended_run (const TvmEndpoints   *endpoints,
                    TvmTransport         *transport,
                    const TvmCredential  *credential,
                    TvmResource           resource,
                    GCancellable         *cancellable,
                    GError              **error)
{
  g_autoptr(JsonObject) answer = NULL;
  guint status = 0;
  char *form;

  if (!tvm_credential_check_time (credential, error))
    return NULL;
  form = build_form (endpoints, credential, resource, error);
  if (form == NULL)
    return NULL;
  answer = tvm_token_post (endpoints, transport, "token", form, &status, cancellable, error);
  if (answer == NULL || status == 200)
    return g_steal_pointer (&answer);
  tvm_token_set_unattended (endpoints, resource, status, answer, error);
  return NULL;
}

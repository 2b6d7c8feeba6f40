/* tvm-demo-application.c: applications that sign themselves in: the client credentials grant with a
 * secret, or with an assertion that a certificate's key has signed. The server's thread only.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-demo-identity-private.h"

#include "tvm-time.h"

#include <gnutls/abstract.h>
#include <gnutls/x509.h>
#include <string.h>

#define ASSERTION_TYPE "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
#define SKEW_S         300

/* Application permissions, and the delegated one that a list asks for. */
static const struct { TvmDemoAudience audience; const char *role, *delegated; } roles[] = {
  { TVM_DEMO_AUDIENCE_DEFENDER, "Machine.Read.All", "Machine.Read" },
  { TVM_DEMO_AUDIENCE_DEFENDER, "SecurityRecommendation.Read.All", "SecurityRecommendation.Read" },
  { TVM_DEMO_AUDIENCE_DEFENDER, "Vulnerability.Read.All", "Vulnerability.Read" },
  { TVM_DEMO_AUDIENCE_DEFENDER, "RemediationTasks.Read.All", "RemediationTask.Read" },
  { TVM_DEMO_AUDIENCE_DEFENDER, "Score.Read.All", "Score.Read" },
  { TVM_DEMO_AUDIENCE_GRAPH, "DeviceManagementApps.Read.All", "DeviceManagementApps.Read.All" },
  { TVM_DEMO_AUDIENCE_GRAPH, "DeviceManagementManagedDevices.Read.All",
    "DeviceManagementManagedDevices.Read.All" },
};

/* A JSON web token in its parts; what could not be read is NULL. */
typedef struct {
  char       **parts;
  JsonNode    *header, *claims;
  guchar      *signature;
  gsize        signature_bytes;
} Assertion;

static guchar *
decode_base64url (const char *text,
                  gsize      *out_size_bytes)
{
  g_autofree char *padded = g_strconcat (text, &"==="[3 - (4 - strlen (text) % 4) % 4], NULL);

  g_strdelimit (padded, "-", '+');
  g_strdelimit (padded, "_", '/');
  return g_base64_decode (padded, out_size_bytes);
}

static JsonNode *
decode_object (const char *text)
{
  gsize size_bytes = 0;
  g_autofree guchar *bytes = decode_base64url (text, &size_bytes);
  g_autofree char *json = g_strndup ((const char *) bytes, size_bytes);
  JsonNode *node = json_from_string (json, NULL);

  if (node != NULL && !JSON_NODE_HOLDS_OBJECT (node))
    g_clear_pointer (&node, json_node_unref);
  return node;
}

static void
assertion_clear (Assertion *self)
{
  g_strfreev (self->parts);
  g_clear_pointer (&self->header, json_node_unref);
  g_clear_pointer (&self->claims, json_node_unref);
  g_free (self->signature);
}

static gboolean
assertion_read (Assertion  *self,
                const char *text)
{
  *self = (Assertion) { .parts = g_strsplit (text, ".", -1) };
  if (g_strv_length (self->parts) != 3)
    return FALSE;
  self->header = decode_object (self->parts[0]);
  self->claims = decode_object (self->parts[1]);
  self->signature = decode_base64url (self->parts[2], &self->signature_bytes);
  return self->header != NULL && self->claims != NULL;
}

static const char *
get_text (JsonNode   *node,
          const char *member)
{
  return json_object_get_string_member_with_default (json_node_get_object (node), member, "");
}

/* Whether the certificate's key has signed it, and it says so. */
static gboolean
is_signed (const Assertion *self,
           const char      *pem)
{
  const gnutls_datum_t file = { (guchar *) pem, strlen (pem) };
  g_autofree char *text = g_strconcat (self->parts[0], ".", self->parts[1], NULL);
  const gnutls_datum_t data = { (guchar *) text, strlen (text) };
  const gnutls_datum_t signature = { self->signature, self->signature_bytes };
  gboolean is_pss = g_str_equal (get_text (self->header, "alg"), "PS256");
  gnutls_x509_crt_t certificate;
  gnutls_pubkey_t key;
  guchar digest[32];
  gsize size = sizeof digest, named_size = 0;
  g_autofree guchar *named = decode_base64url (get_text (self->header, "x5t#S256"), &named_size);
  gboolean good;

  gnutls_x509_crt_init (&certificate);
  gnutls_pubkey_init (&key);
  good = gnutls_x509_crt_import (certificate, &file, GNUTLS_X509_FMT_PEM) == 0 &&
         gnutls_x509_crt_get_fingerprint (certificate, GNUTLS_DIG_SHA256, digest, &size) == 0 &&
         named_size == size && memcmp (named, digest, size) == 0 &&
         (is_pss || g_str_equal (get_text (self->header, "alg"), "RS256")) &&
         g_str_equal (get_text (self->header, "typ"), "JWT") &&
         gnutls_pubkey_import_x509 (key, certificate, 0) == 0 &&
         gnutls_pubkey_verify_data2 (key, is_pss ? GNUTLS_SIGN_RSA_PSS_RSAE_SHA256
                                                 : GNUTLS_SIGN_RSA_SHA256,
                                     0, &data, &signature) >= 0;
  gnutls_pubkey_deinit (key);
  gnutls_x509_crt_deinit (certificate);
  return good;
}

/* FALSE after having answered. */
static gboolean
check_claims (TvmDemoExchange *ex,
              const Assertion *self,
              const char      *client_id)
{
  JsonObject *claims = json_node_get_object (self->claims);
  g_autofree char *endpoint = tvm_demo_own_uri (ex, ex->path);
  gint64 now_s = tvm_now_us () / TVM_SECOND_US;
  gint64 expires_s = json_object_get_int_member_with_default (claims, "exp", 0);
  gint64 begins_s = json_object_get_int_member_with_default (claims, "nbf", G_MAXINT64);

  if (now_s > expires_s + SKEW_S || now_s < begins_s - SKEW_S || expires_s - begins_s > 600)
    tvm_demo_oauth_error (ex, "invalid_client", 700024,
                          "Client assertion is not within its valid time range.");
  else if (!g_str_equal (get_text (self->claims, "aud"), endpoint))
    tvm_demo_oauth_error (ex, "invalid_client", 700023,
                          "Client assertion audience claim does not match.");
  else if (!g_str_equal (get_text (self->claims, "iss"), client_id) ||
           !g_str_equal (get_text (self->claims, "sub"), client_id) ||
           *get_text (self->claims, "jti") == '\0')
    tvm_demo_oauth_error (ex, "invalid_client", 700021,
                          "Client assertion does not match the application.");
  else
    return TRUE;
  return FALSE;
}

/* FALSE after having answered. */
static gboolean
check_assertion (TvmDemoExchange *ex,
                 const char      *text,
                 const char      *client_id)
{
  const char *pem = ex->tenant->options.client_certificate;
  Assertion assertion;
  gboolean good = FALSE;

  if (!assertion_read (&assertion, text))
    tvm_demo_oauth_error (ex, "invalid_request", 50027, "JWT token is invalid or malformed.");
  else if (pem == NULL || !is_signed (&assertion, pem))
    tvm_demo_oauth_error (ex, "invalid_client", 700027,
                          "The certificate with identifier used to sign the client assertion is "
                          "not registered on application.");
  else
    good = check_claims (ex, &assertion, client_id);
  assertion_clear (&assertion);
  return good;
}

/* FALSE after having answered. */
static gboolean
check_client (TvmDemoExchange *ex,
              GHashTable      *fields,
              const char      *client_id)
{
  const char *secret = g_hash_table_lookup (fields, "client_secret");
  const char *assertion = g_hash_table_lookup (fields, "client_assertion");
  const char *type = g_hash_table_lookup (fields, "client_assertion_type");

  if (assertion != NULL && g_strcmp0 (type, ASSERTION_TYPE) == 0)
    return check_assertion (ex, assertion, client_id);
  if (secret != NULL && g_strcmp0 (secret, ex->tenant->options.client_secret) == 0)
    return TRUE;
  if (secret != NULL)
    tvm_demo_oauth_error (ex, "invalid_client", 7000215, "Invalid client secret provided.");
  else
    tvm_demo_oauth_error (ex, "invalid_client", 7000218,
                          "The request body must contain the following parameter: "
                          "'client_assertion' or 'client_secret'.");
  return FALSE;
}

/**
 * tvm_demo_application_sign_in:
 * @ex: (inout): an exchange with the token endpoint
 * @fields: its form
 * @client_id: who asks
 *
 * Answers the client credentials grant (RFC 6749, 4.4) with an access token for all application
 * permissions of one resource that are not denied, and with no other token.
 */
void
tvm_demo_application_sign_in (TvmDemoExchange *ex,
                              GHashTable      *fields,
                              const char      *client_id)
{
  const char *scope = g_hash_table_lookup (fields, "scope");
  g_autofree char *resource = NULL;
  g_autoptr(GString) scopes = g_string_new (" ");
  TvmDemoGrant grant = { .client_id = (char *) client_id, .scope = (char *) "" };
  TvmDemoAudience audience = 0;

  if (scope != NULL && g_str_has_suffix (scope, "/.default"))
    resource = g_strndup (scope, strlen (scope) - strlen ("/.default"));
  if (resource != NULL)
    audience = tvm_demo_oauth_audience (resource);
  if (g_ascii_strcasecmp (ex->parts[0], "organizations") == 0)
    tvm_demo_oauth_error (ex, "invalid_request", 50059, "No tenant-identifying information found.");
  else if (audience == 0)
    tvm_demo_oauth_error (ex, "invalid_scope", 1002012,
                          "The provided value for scope is not valid. Client credential flows must "
                          "have a scope value with /.default suffixed to the resource identifier.");
  else if (check_client (ex, fields, client_id))
    {
      for (guint i = 0; i < G_N_ELEMENTS (roles); i++)
        {
          g_autofree char *framed = g_strdup_printf (" %s ", roles[i].role);

          if (roles[i].audience == audience &&
              strstr (ex->tenant->identity->denied, framed) == NULL)
            g_string_append_printf (scopes, "%s ", roles[i].delegated);
        }
      tvm_demo_identity_issue (ex, &grant, NULL, audience, scopes->str);
    }
}

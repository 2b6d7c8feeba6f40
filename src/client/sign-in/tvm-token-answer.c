/* tvm-token-answer.c: what the token endpoint says, and what of it is kept. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-token-answer-private.h"
#include "tvm-error.h"
#include "tvm-text.h"
#include "tvm-token-vault-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_SECRET_BYTES (256 * 1024)

/* Least privilege first (api section 1). */
static const char *const defender_scopes[] = {
  "Machine.Read", "SecurityRecommendation.Read", "Vulnerability.Read", "RemediationTask.Read",
  "Score.Read", NULL,
};
static const char *const graph_scopes[] = {
  "User.Read", "DeviceManagementApps.Read.All", "DeviceManagementManagedDevices.Read.All", NULL,
};
static const char *const graph_write_scopes[] = {
  "User.Read", "DeviceManagementApps.Read.All", "DeviceManagementManagedDevices.Read.All",
  "DeviceManagementApps.ReadWrite.All", NULL,
};

/**
 * tvm_scopes_build:
 * @endpoints: whose resource identifiers the scopes begin with
 * @resource: one resource: a request may not name scopes of two
 * @write: whether Intune tickets are to be written
 *
 * Returns: (transfer full): the value of a token request's scope, the least that is needed
 */
char *
tvm_scopes_build (const TvmEndpoints *endpoints,
                  TvmResource         resource,
                  gboolean            write)
{
  const char *const *scopes = resource == TVM_RESOURCE_DEFENDER ? defender_scopes
                              : write ? graph_write_scopes : graph_scopes;
  const char *base = resource == TVM_RESOURCE_DEFENDER ? endpoints->defender_resource
                                                       : endpoints->graph_resource;
  GString *text = g_string_new (NULL);

  for (guint i = 0; scopes[i] != NULL; i++)
    g_string_append_printf (text, "%s/%s ", base, scopes[i]);
  g_string_append (text, "offline_access openid profile");
  return g_string_free (text, FALSE);
}

/**
 * tvm_account_free:
 * @self: (nullable) (transfer full): an account
 */
void
tvm_account_free (TvmAccount *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_free (self->user_name);
  g_free (self->tenant_id);
  g_free (self);
}

/**
 * tvm_grant_free:
 * @self: (nullable) (transfer full): a session; its refresh token is overwritten first
 */
void
tvm_grant_free (TvmGrant *self)
{
  if (self == NULL)
    return;
  tvm_secret_free (self->refresh_token);
  g_free (self->name);
  g_free (self->user_name);
  g_free (self->tenant_id);
  g_free (self);
}

/**
 * tvm_grant_copy:
 * @other: a session
 *
 * Returns: (transfer full): a copy, with the refresh token
 */
TvmGrant *
tvm_grant_copy (const TvmGrant *other)
{
  TvmGrant *copy = g_new0 (TvmGrant, 1);

  copy->refresh_token = g_strdup (other->refresh_token);
  copy->name = g_strdup (other->name);
  copy->user_name = g_strdup (other->user_name);
  copy->tenant_id = g_strdup (other->tenant_id);
  return copy;
}

static void
add_string (JsonBuilder *builder,
            const char  *member,
            const char  *value)
{
  json_builder_set_member_name (builder, member);
  json_builder_add_string_value (builder, value != NULL ? value : "");
}

static gboolean
is_custom (const TvmEndpoints *endpoints)
{
  return strcmp (endpoints->cloud, "custom") == 0;
}

/**
 * tvm_grant_to_json:
 * @self: a session
 * @endpoints: what it was made for, which goes along
 *
 * Returns: (transfer full): what goes into the vault, to be freed with tvm_secret_free()
 */
char *
tvm_grant_to_json (const TvmGrant     *self,
                   const TvmEndpoints *endpoints)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  g_autoptr(JsonNode) root = NULL;

  json_builder_begin_object (builder);
  add_string (builder, "refresh_token", self->refresh_token);
  add_string (builder, "name", self->name);
  add_string (builder, "user_name", self->user_name);
  add_string (builder, "tenant_id", self->tenant_id);
  add_string (builder, "authority_url", endpoints->authority_url);
  add_string (builder, "authority_tenant", endpoints->tenant_id);
  add_string (builder, "client_id", endpoints->client_id);
  add_string (builder, "cloud", endpoints->cloud);
  if (is_custom (endpoints))
    {
      add_string (builder, "defender_url", endpoints->defender_url);
      add_string (builder, "graph_url", endpoints->graph_url);
    }
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  return json_to_string (root, FALSE);
}

/* Commercial and GCC share an authority, and so may custom clouds; whom the tokens go to
 * differs. */
static gboolean
is_of_cloud (JsonObject         *object,
             const TvmEndpoints *endpoints)
{
  if (g_strcmp0 (tvm_json_get_string (object, "cloud"), endpoints->cloud) != 0)
    return FALSE;
  return !is_custom (endpoints) ||
         (g_strcmp0 (tvm_json_get_string (object, "defender_url"), endpoints->defender_url) == 0 &&
          g_strcmp0 (tvm_json_get_string (object, "graph_url"), endpoints->graph_url) == 0);
}

/**
 * tvm_grant_from_json:
 * @json: (nullable): what was in the vault
 * @endpoints: what the session is to be used for
 *
 * Returns: (transfer full) (nullable): the session, or %NULL where there is none or it was made for
 *   another cloud, authority, tenant or application: a token is never sent anywhere else
 */
TvmGrant *
tvm_grant_from_json (const char         *json,
                     const TvmEndpoints *endpoints)
{
  g_autoptr(JsonObject) object = json != NULL ? tvm_json_parse_small (json, strlen (json)) : NULL;
  TvmGrant *self;

  if (tvm_json_get_string (object, "refresh_token") == NULL || !is_of_cloud (object, endpoints) ||
      g_strcmp0 (tvm_json_get_string (object, "authority_url"), endpoints->authority_url) != 0 ||
      g_strcmp0 (tvm_json_get_string (object, "authority_tenant"), endpoints->tenant_id) != 0 ||
      g_strcmp0 (tvm_json_get_string (object, "client_id"), endpoints->client_id) != 0)
    return NULL;
  self = g_new0 (TvmGrant, 1);
  self->refresh_token = g_strdup (tvm_json_get_string (object, "refresh_token"));
  self->name = g_strdup (tvm_json_get_string (object, "name"));
  self->user_name = g_strdup (tvm_json_get_string (object, "user_name"));
  self->tenant_id = g_strdup (tvm_json_get_string (object, "tenant_id"));
  return self;
}

static void
take_claim (char      **field,
            JsonObject *claims,
            const char *name)
{
  const char *value = tvm_json_get_string (claims, name);

  if (value == NULL)
    return;
  g_free (*field);
  *field = tvm_text_make_plain (value, -1, 256);
}

/**
 * tvm_grant_read_id_token:
 * @self: a session
 * @id_token: (nullable): a JSON web token, straight from the token endpoint over TLS, which is why
 *   its signature is not checked (OpenID Connect Core, 3.1.3.7)
 *
 * Takes over who is signed in; a token that cannot be read changes nothing.
 */
void
tvm_grant_read_id_token (TvmGrant   *self,
                         const char *id_token)
{
  g_auto(GStrv) parts = NULL;
  g_autofree char *padded = NULL;
  g_autofree guchar *payload = NULL;
  g_autoptr(JsonObject) claims = NULL;
  gsize size_bytes = 0;

  if (id_token == NULL || strlen (id_token) > MAX_SECRET_BYTES)
    return;
  parts = g_strsplit (id_token, ".", 4);
  if (g_strv_length (parts) != 3 || *parts[1] == '\0')
    return;
  padded = g_strconcat (parts[1], &"==="[3 - (4 - strlen (parts[1]) % 4) % 4], NULL);
  for (char *p = padded; *p != '\0'; p++)
    *p = *p == '-' ? '+' : *p == '_' ? '/' : *p;
  payload = g_base64_decode (padded, &size_bytes);
  claims = tvm_json_parse_small ((const char *) payload, size_bytes);
  take_claim (&self->name, claims, "name");
  take_claim (&self->user_name, claims, "preferred_username");
  take_claim (&self->tenant_id, claims, "tid");
}

static gboolean
set_known_error (const TvmEndpoints *endpoints,
                 JsonObject         *answer,
                 GError            **error)
{
  const char *code = tvm_json_get_string (answer, "error");

  if (tvm_json_has_code (answer, "error_codes", 90002))
    g_set_error (error, TVM_ERROR, TVM_ERROR_INVALID,
                 _("There is no tenant “%s”. Set the right one in Preferences, or with "
                    "“tvm-remediate config set tenant-id TENANT”, then sign in."),
                 endpoints->tenant_id);
  else if (tvm_json_has_code (answer, "error_codes", 700016))
    g_set_error (
      error, TVM_ERROR, TVM_ERROR_INVALID,
      _("The tenant does not know the application “%s”. Set the right one in Preferences, "
         "or with “tvm-remediate config set client-id ID”, then sign in."),
      endpoints->client_id);
  else if (tvm_json_has_code (answer, "error_codes", 7000218))
    g_set_error (
      error, TVM_ERROR, TVM_ERROR_INVALID,
      _("The application “%s” does not allow programs on a computer to sign people in. Set "
        "“Allow "
         "public client flows” to “Yes” in its registration (Microsoft Entra admin center, "
         "Authentication), then sign in."), endpoints->client_id);
  else if (tvm_json_has_code (answer, "error_codes", 90033))
    g_set_error_literal (error, TVM_ERROR, TVM_ERROR_OFFLINE,
                         _("The sign-in service is not available for a short time. Wait some "
                           "minutes, then try again."));
  else if (tvm_json_has_code (answer, "error_codes", 65001) ||
           g_strcmp0 (code, "consent_required") == 0)
    g_set_error_literal (error, TVM_ERROR, TVM_ERROR_CONSENT_REQUIRED,
                         _("The application has not been given all permissions it needs. Ask an "
                           "administrator for consent, then sign in again."));
  else if (tvm_json_has_code (answer, "error_codes", 53003))
    g_set_error_literal (error, TVM_ERROR, TVM_ERROR_AUTH_DECLINED,
                         _("Conditional Access of the tenant blocks this way to sign in. Sign in "
                           "with the browser, or ask an administrator."));
  else if (g_strcmp0 (code, "authorization_declined") == 0 ||
           g_strcmp0 (code, "access_denied") == 0)
    g_set_error_literal (error, TVM_ERROR, TVM_ERROR_AUTH_DECLINED,
                         _("The sign-in was declined. Start it again and approve it."));
  else if (g_strcmp0 (code, "expired_token") == 0)
    g_set_error_literal (error, TVM_ERROR, TVM_ERROR_AUTH_DECLINED,
                         _("The code expired before it was entered. Start the sign-in again "
                           "for a new code."));
  else if (g_strcmp0 (code, "bad_verification_code") == 0)
    g_set_error_literal (error, TVM_ERROR, TVM_ERROR_AUTH_DECLINED,
                         _("The code is not valid any more. Start the sign-in again for a new "
                           "code."));
  else if (g_strcmp0 (code, "invalid_grant") == 0 ||
           g_strcmp0 (code, "interaction_required") == 0 ||
           g_strcmp0 (code, "login_required") == 0)
    g_set_error_literal (error, TVM_ERROR, TVM_ERROR_AUTH_REQUIRED,
                         _("The sign-in is no longer valid. Sign in again; all local data stays."));
  else
    return FALSE;
  return TRUE;
}

/**
 * tvm_token_set_error:
 * @endpoints: whose tenant and application are named
 * @status: the HTTP status
 * @answer: (nullable): the answer's object (RFC 6749, 5.2)
 * @error: return location for a #TvmError: %TVM_ERROR_AUTH_REQUIRED, %TVM_ERROR_AUTH_DECLINED,
 *   %TVM_ERROR_CONSENT_REQUIRED, %TVM_ERROR_INVALID (tenant or application unknown or not set up),
 *   %TVM_ERROR_THROTTLED, %TVM_ERROR_OFFLINE (5xx, 90033), or %TVM_ERROR_BAD_RESPONSE
 *
 * Sets an error whose sentence says what to do next.
 */
void
tvm_token_set_error (const TvmEndpoints  *endpoints,
                     guint                status,
                     JsonObject          *answer,
                     GError             **error)
{
  g_autofree char *description = NULL;
  const char *correlation_id;

  if (answer != NULL && set_known_error (endpoints, answer, error))
    return;
  if (status == 429 || status >= 500)
    {
      g_set_error (error, TVM_ERROR, status == 429 ? TVM_ERROR_THROTTLED : TVM_ERROR_OFFLINE,
                   _("The sign-in service is busy (status %u). Try again later."), status);
      return;
    }
  if (tvm_json_get_string (answer, "error") == NULL)
    {
      g_set_error (error, TVM_ERROR, TVM_ERROR_BAD_RESPONSE,
                   _("The sign-in service gave an answer that is not documented (status %u). Check "
                     "the addresses in the settings."), status);
      return;
    }
  correlation_id = tvm_json_get_string (answer, "correlation_id");
  description = tvm_text_make_plain (tvm_json_get_string (answer, "error_description") != NULL
                                       ? tvm_json_get_string (answer, "error_description")
                                       : tvm_json_get_string (answer, "error"), -1, 400);
  g_set_error (error, TVM_ERROR, TVM_ERROR_AUTH_DECLINED,
               /* Translators: the service's words, then a GUID that its support asks for */
               _("The sign-in failed: %s (correlation id %s)"), description,
               correlation_id != NULL ? correlation_id : "–");
}

/**
 * tvm_token_set_refusal:
 * @endpoints: whose tenant and application are named
 * @resource: whom the token was for
 * @status: the HTTP status
 * @answer: the answer's object
 * @error: return location for a #TvmError
 *
 * Like tvm_token_set_error(), for a refresh token. A sign-in asks for Defender, so that is what
 * mends a refusal there: %TVM_ERROR_AUTH_REQUIRED; for Graph it takes a sign-in that asks for
 * Graph: %TVM_ERROR_CONSENT_REQUIRED.
 */
void
tvm_token_set_refusal (const TvmEndpoints  *endpoints,
                       TvmResource          resource,
                       guint                status,
                       JsonObject          *answer,
                       GError             **error)
{
  GError *failure = NULL;

  tvm_token_set_error (endpoints, status, answer, &failure);
  if (g_error_matches (failure, TVM_ERROR, TVM_ERROR_CONSENT_REQUIRED) &&
      resource == TVM_RESOURCE_DEFENDER)
    failure->code = TVM_ERROR_AUTH_REQUIRED;
  else if (g_strcmp0 (tvm_json_get_string (answer, "error"), "interaction_required") == 0 &&
           resource == TVM_RESOURCE_GRAPH)
    failure->code = TVM_ERROR_CONSENT_REQUIRED;
  g_propagate_error (error, failure);
}

/* tvm-token-answer.c: what the token endpoint says, and what of it is kept. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-token-answer-private.h"
#include "tvm-text.h"
#include "tvm-token-vault-private.h"

#include <string.h>

#define MAX_SECRET_BYTES (256 * 1024)

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
  tvm_kept_secret_free (self->refresh_token);
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

  copy->refresh_token = tvm_kept_secret_copy (other->refresh_token);
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
  add_string (builder, "refresh_token", tvm_kept_secret_get (self->refresh_token));
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
  self->refresh_token = tvm_kept_secret_new (tvm_json_get_string (object, "refresh_token"));
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

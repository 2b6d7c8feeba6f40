/* tvm-demo-identity.c: who may call: tokens, refresh tokens, sign-ins that wait for a person.
 * The server's thread only. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-demo-identity-private.h"

#include <string.h>

#include "tvm-time.h"

static void
token_free (TvmDemoToken *token)
{
  g_free (token->scopes);
  g_free (token);
}

/**
 * tvm_demo_grant_free:
 * @grant: (transfer full): a grant
 */
void
tvm_demo_grant_free (TvmDemoGrant *grant)
{
  g_free (grant->client_id);
  g_free (grant->scope);
  g_free (grant->tenant);
  g_free (grant->user);
  g_free (grant->redirect_uri);
  g_free (grant->challenge);
  g_free (grant->user_code);
  g_free (grant->code);
  g_free (grant);
}

/**
 * tvm_demo_identity_new:
 * Returns: (transfer full): nobody signed in, every scope consented to
 */
TvmDemoIdentity *
tvm_demo_identity_new (void)
{
  TvmDemoIdentity *self = g_new0 (TvmDemoIdentity, 1);

  self->access = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                        (GDestroyNotify) token_free);
  self->refresh = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                         (GDestroyNotify) tvm_demo_grant_free);
  self->codes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                       (GDestroyNotify) tvm_demo_grant_free);
  self->device_codes = g_ptr_array_new_with_free_func ((GDestroyNotify) tvm_demo_grant_free);
  self->denied = g_strdup ("");
  return self;
}

/**
 * tvm_demo_identity_free:
 * @self: (transfer full): who may call
 */
void
tvm_demo_identity_free (TvmDemoIdentity *self)
{
  g_hash_table_unref (self->access);
  g_hash_table_unref (self->refresh);
  g_hash_table_unref (self->codes);
  g_ptr_array_unref (self->device_codes);
  g_free (self->user);
  g_free (self->denied);
  g_free (self);
}

/**
 * tvm_demo_token_has:
 * @token: a token
 * @scope: a short name to read with, such as "Machine.Read"
 *
 * Returns: whether it has that scope, as it is or for writing, with or without ".All", or was made
 *   for ".default"
 */
gboolean
tvm_demo_token_has (const TvmDemoToken *token,
                    const char         *scope)
{
  static const char *const forms[] = { " %s ", " %s.All ", " %sWrite ", " %sWrite.All " };

  if (strstr (token->scopes, " .default ") != NULL)
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (forms); i++)
    {
      g_auto(GStrv) halves = g_strsplit (forms[i], "%s", 2);
      g_autofree char *form = g_strconcat (halves[0], scope, halves[1], NULL);

      if (strstr (token->scopes, form) != NULL)
        return TRUE;
    }
  return FALSE;
}

/**
 * tvm_demo_identity_check:
 * @ex: (inout): an exchange
 * @audience: the API that is called
 *
 * Returns: (transfer none) (nullable): the caller's token, good for @audience; %NULL after having
 *   answered 401
 */
const TvmDemoToken *
tvm_demo_identity_check (TvmDemoExchange *ex,
                         TvmDemoAudience  audience)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (ex->message);
  const char *header = soup_message_headers_get_one (headers, "Authorization");
  const TvmDemoToken *token = NULL;
  const char *problem = "Access token is missing.";

  if (header != NULL && g_ascii_strncasecmp (header, "Bearer ", 7) == 0)
    {
      token = g_hash_table_lookup (ex->tenant->identity->access, header + 7);
      problem = token == NULL ? "Access token is not valid." : "Access token has expired.";
    }
  if (token != NULL && token->expires_us > g_get_monotonic_time ())
    {
      if (token->audience == audience)
        return token;
      problem = "Access token is for another audience.";
    }
  soup_message_headers_replace (soup_server_message_get_response_headers (ex->message),
                                "WWW-Authenticate", "Bearer error=\"invalid_token\"");
  tvm_demo_reply_error (ex, 401, ex->is_graph ? "InvalidAuthenticationToken" : "Unauthorized", "%s",
                        problem);
  return NULL;
}

/**
 * tvm_demo_identity_decide:
 * @self: who may call
 * @user_code: (nullable): a device code's user code in any letter case; %NULL: the newest sign-in
 *   that waits
 * @verb: "approve", "decline", or else it expires
 *
 * Returns: whether there is such a sign-in
 */
gboolean
tvm_demo_identity_decide (TvmDemoIdentity *self,
                          const char      *user_code,
                          const char      *verb)
{
  for (guint i = self->device_codes->len; i > 0; i--)
    {
      TvmDemoGrant *grant = self->device_codes->pdata[i - 1];

      if (user_code != NULL ? g_ascii_strcasecmp (grant->user_code, user_code) != 0
                            : grant->state != TVM_DEMO_GRANT_PENDING)
        continue;
      grant->state = g_str_equal (verb, "approve")   ? TVM_DEMO_GRANT_APPROVED
                     : g_str_equal (verb, "decline") ? TVM_DEMO_GRANT_DECLINED
                                                     : TVM_DEMO_GRANT_EXPIRED;
      return TRUE;
    }
  return FALSE;
}

/**
 * tvm_demo_identity_revoke:
 * @self: who may call
 *
 * Forgets all refresh tokens; access tokens are good until they expire.
 */
void
tvm_demo_identity_revoke (TvmDemoIdentity *self)
{
  g_hash_table_remove_all (self->refresh);
}

/**
 * tvm_demo_identity_expire:
 * @self: who may call
 *
 * Lets all access tokens expire now.
 */
void
tvm_demo_identity_expire (TvmDemoIdentity *self)
{
  GHashTableIter iter;
  gpointer token;

  g_hash_table_iter_init (&iter, self->access);
  while (g_hash_table_iter_next (&iter, NULL, &token))
    ((TvmDemoToken *) token)->expires_us = 0;
}

/**
 * tvm_demo_identity_deny:
 * @self: who may call
 * @scopes: short names by spaces that the organization does not consent to from now on, in place of
 *   those before; empty: it consents to all
 */
void
tvm_demo_identity_deny (TvmDemoIdentity *self,
                        const char      *scopes)
{
  g_free (self->denied);
  self->denied = g_strdup_printf (" %s ", scopes);
}

/**
 * tvm_demo_identity_set_user:
 * @self: who may call
 * @user: the e-mail address of who signs in from now on; empty: the tenant's first person
 */
void
tvm_demo_identity_set_user (TvmDemoIdentity *self,
                            const char      *user)
{
  g_free (self->user);
  self->user = *user != '\0' ? g_strdup (user) : NULL;
}

/**
 * tvm_demo_identity_describe:
 * @self: who may call
 * @out: (inout): an open JSON object that gets the waiting user codes and the counts of tokens,
 *   with a comma after the last
 */
void
tvm_demo_identity_describe (TvmDemoIdentity *self,
                            GString         *out)
{
  g_string_append (out, "\"pending_user_codes\":[");
  for (guint i = 0; i < self->device_codes->len; i++)
    {
      const TvmDemoGrant *grant = self->device_codes->pdata[i];

      if (grant->state != TVM_DEMO_GRANT_PENDING)
        continue;
      tvm_demo_put_quoted (out, grant->user_code);
      g_string_append_c (out, ',');
    }
  tvm_demo_close (out, ']');
  g_string_append_c (out, ',');
  tvm_demo_put_int (out, "access_tokens", g_hash_table_size (self->access));
  tvm_demo_put_int (out, "refresh_tokens", g_hash_table_size (self->refresh));
}

static char *
random_text (void)
{
  g_autofree char *a = g_uuid_string_random ();
  g_autofree char *b = g_uuid_string_random ();

  return g_strconcat ("demo.", a, b, NULL);
}

/**
 * tvm_demo_identity_add_code:
 * @self: who may call
 * @grant: (transfer full): what was asked for
 *
 * Returns: (transfer full): the authorization code that it can be redeemed with
 */
char *
tvm_demo_identity_add_code (TvmDemoIdentity *self,
                            TvmDemoGrant    *grant)
{
  char *code = random_text ();

  g_hash_table_insert (self->codes, g_strdup (code), grant);
  return code;
}

static char *
encode_base64url (const char *text)
{
  char *encoded = g_base64_encode ((const guchar *) text, strlen (text));

  g_strdelimit (encoded, "+", '-');
  g_strdelimit (encoded, "/", '_');
  encoded[strcspn (encoded, "=")] = '\0';
  return encoded;
}

/* The name before the "@", and an id of its own; the tenant's first person has its own. */
static void
put_person (GString    *claims,
            const char *user)
{
  g_auto(GStrv) parts = g_strsplit (user, "@", 2);
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, user, -1);
  g_autofree char *id = g_strdup_printf ("6f3c1b1e-5d0a-4c7e-9a65-%.12s", hash);
  gboolean is_first = g_str_equal (user, TVM_DEMO_USER);

  tvm_demo_put_string (claims, "name", is_first ? "Adele Vance" : parts[0]);
  tvm_demo_put_string (claims, "preferred_username", user);
  tvm_demo_put_string (claims, "oid", is_first ? "6f3c1b1e-5d0a-4c7e-9a65-2f1d0c9b8a70" : id);
}

static char *
make_id_token (const TvmDemoGrant *grant,
               const char         *user)
{
  g_autofree char *header = encode_base64url ("{\"typ\":\"JWT\",\"alg\":\"none\"}");
  g_autofree char *payload = NULL;
  g_autoptr(GString) claims = g_string_new ("{");
  gint64 now_s = tvm_now_us () / TVM_SECOND_US;

  tvm_demo_put_string (claims, "aud", grant->client_id);
  tvm_demo_put_int (claims, "iat", now_s);
  tvm_demo_put_int (claims, "exp", now_s + 3600);
  put_person (claims, user);
  tvm_demo_put_string (claims, "tid",
                       tvm_demo_is_guid (grant->tenant) ? grant->tenant : TVM_DEMO_TENANT_ID);
  tvm_demo_close (claims, '}');
  payload = encode_base64url (claims->str);
  return g_strconcat (header, ".", payload, ".demo", NULL);
}

/**
 * tvm_demo_identity_issue:
 * @ex: (inout): an exchange
 * @grant: what was granted; a refresh token follows "offline_access", an id token "openid" in its
 *   scope
 * @scope: (nullable): what was asked for, already judged, as the answer tells it
 * @audience: whose the scopes are
 * @short_scopes: their short names by spaces, one at each end too
 *
 * Answers with tokens in the form of RFC 6749, 5.1. The id token is not signed.
 */
void
tvm_demo_identity_issue (TvmDemoExchange    *ex,
                         const TvmDemoGrant *grant,
                         const char         *scope,
                         TvmDemoAudience     audience,
                         const char         *short_scopes)
{
  TvmDemoIdentity *self = ex->tenant->identity;
  TvmDemoToken *token = g_new0 (TvmDemoToken, 1);
  g_autofree char *access = random_text ();
  guint lifetime = ex->tenant->options.token_lifetime_seconds;
  const char *user = grant->user != NULL ? grant->user
                     : self->user != NULL ? self->user : TVM_DEMO_USER;

  token->audience = audience;
  token->scopes = g_strdup (short_scopes);
  token->expires_us = g_get_monotonic_time () + lifetime * TVM_SECOND_US;
  g_string_assign (ex->reply, "{");
  tvm_demo_put_string (ex->reply, "token_type", "Bearer");
  if (scope != NULL)
    tvm_demo_put_string (ex->reply, "scope", scope);
  tvm_demo_put_int (ex->reply, "expires_in", lifetime);
  tvm_demo_put_string (ex->reply, "access_token", access);
  if (strstr (grant->scope, "offline_access") != NULL)
    {
      TvmDemoGrant *next = g_new0 (TvmDemoGrant, 1);
      g_autofree char *refresh = random_text ();

      next->client_id = g_strdup (grant->client_id);
      next->scope = g_strdup (grant->scope);
      next->tenant = g_strdup (grant->tenant);
      next->user = g_strdup (user);
      tvm_demo_put_string (ex->reply, "refresh_token", refresh);
      g_hash_table_insert (self->refresh, g_steal_pointer (&refresh), next);
    }
  if (strstr (grant->scope, "openid") != NULL)
    {
      g_autofree char *id_token = make_id_token (grant, user);

      tvm_demo_put_string (ex->reply, "id_token", id_token);
    }
  tvm_demo_close (ex->reply, '}');
  g_hash_table_insert (self->access, g_steal_pointer (&access), token);
}

/* tvm-demo-oauth.c: the identity platform's endpoints. The server's thread only.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-demo-identity-private.h"

#include <string.h>

#include "tvm-time.h"

/* The form or query of the request at hand. */
typedef struct { TvmDemoExchange *ex; GHashTable *fields; const char *tenant; } Asked;

/**
 * tvm_demo_oauth_error:
 * @ex: (inout): an exchange
 * @code: the error's word
 * @number: its number, AADSTS...
 * @text: a sentence
 *
 * Answers with an error in the form of RFC 6749, 5.2, as the Microsoft identity platform does.
 */
void
tvm_demo_oauth_error (TvmDemoExchange *ex,
                      const char      *code,
                      guint            number,
                      const char      *text)
{
  g_autofree char *trace_id = g_uuid_string_random ();
  g_autofree char *correlation_id = g_uuid_string_random ();
  g_autofree char *timestamp = tvm_demo_format_time (tvm_now_us ());
  g_autofree char *description =
    g_strdup_printf ("AADSTS%u: %s Trace ID: %s Correlation ID: %s Timestamp: %s", number, text,
                     trace_id, correlation_id, timestamp);
  g_autofree char *codes = g_strdup_printf ("[%u]", number);

  ex->status = g_str_equal (code, "invalid_client") ? 401 : 400;
  g_string_assign (ex->reply, "{");
  tvm_demo_put_string (ex->reply, "error", code);
  tvm_demo_put_string (ex->reply, "error_description", description);
  tvm_demo_put_raw (ex->reply, "error_codes", codes);
  tvm_demo_put_string (ex->reply, "timestamp", timestamp);
  tvm_demo_put_string (ex->reply, "trace_id", trace_id);
  tvm_demo_put_string (ex->reply, "correlation_id", correlation_id);
  tvm_demo_close (ex->reply, '}');
}

/* Returns: (nullable): a field that must be there; NULL after having answered */
static const char *
need (Asked      *asked,
      const char *name)
{
  const char *value = asked->fields != NULL ? g_hash_table_lookup (asked->fields, name) : NULL;
  g_autofree char *text = NULL;

  if (value != NULL && *value != '\0')
    return value;
  text = g_strdup_printf ("The request body must contain the following parameter: '%s'.", name);
  tvm_demo_oauth_error (asked->ex, "invalid_request", 900144, text);
  return NULL;
}

/**
 * tvm_demo_oauth_audience:
 * @resource: a resource identifier
 *
 * Returns: whose it is; 0: nobody's
 */
TvmDemoAudience
tvm_demo_oauth_audience (const char *resource)
{
  static const char *const graphs[] = { "https://graph.microsoft.com", "https://graph.microsoft.us",
                                        "https://dod-graph.microsoft.us", NULL };
  static const char *const defenders[] = { "https://api.securitycenter.microsoft.com",
                                           "https://api.security.microsoft.com",
                                           "https://api-gcc.securitycenter.microsoft.us",
                                           "https://api-gov.securitycenter.microsoft.us", NULL };

  return g_strv_contains (graphs, resource) ? TVM_DEMO_AUDIENCE_GRAPH
         : g_strv_contains (defenders, resource) ? TVM_DEMO_AUDIENCE_DEFENDER : 0;
}

/* Judges the scopes of one token: returns the audience and their short names, or 0 after having
 * answered. */
static TvmDemoAudience
read_scopes (TvmDemoExchange *ex,
             const char      *scope,
             char           **short_scopes)
{
  g_auto(GStrv) words = g_strsplit (scope, " ", -1);
  g_autoptr(GString) names = g_string_new (" ");
  TvmDemoAudience audience = 0;

  for (guint i = 0; words[i] != NULL; i++)
    {
      static const char *const neutral[] = { "",      "openid",         "profile",
                                             "email", "offline_access", NULL };
      char *slash = strrchr (words[i], '/');
      const char *name = slash != NULL ? slash + 1 : words[i];
      TvmDemoAudience own = TVM_DEMO_AUDIENCE_GRAPH; /* a bare name is Graph's */
      g_autofree char *framed = g_strdup_printf (" %s ", name);

      if (g_strv_contains (neutral, words[i]))
        continue;
      if (slash != NULL)
        {
          g_autofree char *resource =
            g_strndup (words[i], slash - words[i] - (slash > words[i] && slash[-1] == '/'));

          own = tvm_demo_oauth_audience (resource);
        }
      if (own == 0)
        tvm_demo_oauth_error (ex, "invalid_resource", 500011,
                              "The resource principal was not found in the tenant.");
      else if (audience != 0 && own != audience)
        tvm_demo_oauth_error (ex, "invalid_request", 28000,
                              "Provided value for the input parameter scope is not valid "
                              "because it contains more than one resource.");
      else if (strstr (ex->tenant->identity->denied, framed) != NULL)
        tvm_demo_oauth_error (ex, "invalid_grant", 65001,
                              "The user or administrator has not consented to use the "
                              "application.");
      else
        {
          audience = own;
          g_string_append (names, framed + 1);
          continue;
        }
      return 0;
    }
  if (audience == 0)
    audience = TVM_DEMO_AUDIENCE_GRAPH; /* sign-in alone */
  *short_scopes = g_strdup (names->str);
  return audience;
}

static void
issue (Asked              *asked,
       const TvmDemoGrant *grant,
       const char         *scope)
{
  g_autofree char *short_scopes = NULL;
  TvmDemoAudience audience = read_scopes (asked->ex, scope, &short_scopes);

  if (audience != 0)
    tvm_demo_identity_issue (asked->ex, grant, scope, audience, short_scopes);
}

static void
start_device_code (Asked *asked)
{
  TvmDemoExchange *ex = asked->ex;
  TvmDemoIdentity *self = ex->tenant->identity;
  TvmDemoRandom random = { g_random_int () };
  const char *client_id = need (asked, "client_id");
  const char *scope = client_id != NULL ? need (asked, "scope") : NULL;
  g_autofree char *short_scopes = NULL, *uri = NULL, *message = NULL, *hex = g_malloc (10);
  TvmDemoGrant *grant;

  if (scope == NULL || read_scopes (ex, scope, &short_scopes) == 0)
    return;
  grant = g_new0 (TvmDemoGrant, 1);
  tvm_demo_random_hex (&random, hex, 9);
  grant->user_code = g_ascii_strup (hex, -1);
  grant->code = g_uuid_string_random ();
  grant->client_id = g_strdup (client_id);
  grant->scope = g_strdup (scope);
  grant->tenant = g_strdup (asked->tenant);
  grant->interval_s = ex->tenant->options.device_code_interval;
  grant->expires_us = g_get_monotonic_time () + 900 * TVM_SECOND_US;
  g_ptr_array_add (self->device_codes, grant);
  uri = tvm_demo_own_uri (ex, "/common/oauth2/deviceauth");
  message = g_strdup_printf (
    "To sign in, use a web browser to open the page %s and enter the code %s to authenticate.", uri,
    grant->user_code);
  g_string_assign (ex->reply, "{");
  tvm_demo_put_string (ex->reply, "user_code", grant->user_code);
  tvm_demo_put_string (ex->reply, "device_code", grant->code);
  tvm_demo_put_string (ex->reply, "verification_uri", uri);
  tvm_demo_put_int (ex->reply, "expires_in", 900);
  tvm_demo_put_int (ex->reply, "interval", grant->interval_s);
  tvm_demo_put_string (ex->reply, "message", message);
  tvm_demo_close (ex->reply, '}');
}

static void
answer_poll (Asked        *asked,
             TvmDemoGrant *grant)
{
  TvmDemoExchange *ex = asked->ex;
  gint64 now_us = g_get_monotonic_time ();
  gint64 least_us = grant->interval_s * TVM_SECOND_US * 9 / 10; /* clocks differ a little */
  gboolean too_soon = grant->last_poll_us != 0 && now_us - grant->last_poll_us < least_us;

  grant->last_poll_us = now_us;
  if (grant->state == TVM_DEMO_GRANT_PENDING && ex->tenant->options.auto_approve)
    grant->state = TVM_DEMO_GRANT_APPROVED;
  if (grant->state == TVM_DEMO_GRANT_DECLINED)
    tvm_demo_oauth_error (ex, "authorization_declined", 70017, "The person declined the sign-in.");
  else if (grant->state == TVM_DEMO_GRANT_EXPIRED || grant->expires_us < now_us)
    tvm_demo_oauth_error (ex, "expired_token", 70020, "The device code has expired.");
  else if (grant->state == TVM_DEMO_GRANT_REDEEMED)
    tvm_demo_oauth_error (ex, "invalid_grant", 54005, "The code was already redeemed.");
  else if (too_soon)
    {
      grant->interval_s += 5;
      tvm_demo_oauth_error (ex, "slow_down", 70016, "Polling too often.");
    }
  else if (grant->state == TVM_DEMO_GRANT_PENDING)
    tvm_demo_oauth_error (ex, "authorization_pending", 70016,
                          "Authorization is pending. Continue polling.");
  else
    {
      grant->state = TVM_DEMO_GRANT_REDEEMED;
      issue (asked, grant, grant->scope);
    }
}

static void
redeem_device_code (Asked      *asked,
                    const char *client_id)
{
  const char *code = need (asked, "device_code");
  GPtrArray *device_codes = asked->ex->tenant->identity->device_codes;

  if (code == NULL)
    return;
  for (guint i = 0; i < device_codes->len; i++)
    {
      TvmDemoGrant *grant = device_codes->pdata[i];

      if (g_str_equal (grant->code, code) && g_str_equal (grant->client_id, client_id))
        {
          answer_poll (asked, grant);
          return;
        }
    }
  tvm_demo_oauth_error (asked->ex, "bad_verification_code", 70018, "The device code is not known.");
}

static gboolean
verifier_fits (const char *verifier,
               const char *challenge)
{
  g_autoptr(GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree char *encoded = NULL;
  guint8 digest[32];
  gsize size = sizeof digest;

  if (strlen (verifier) < 43 || strlen (verifier) > 128 ||
      strspn (verifier, G_CSET_A_2_Z G_CSET_a_2_z "0123456789-._~") != strlen (verifier))
    return FALSE;
  g_checksum_update (checksum, (const guchar *) verifier, -1);
  g_checksum_get_digest (checksum, digest, &size);
  encoded = g_base64_encode (digest, size);
  g_strdelimit (encoded, "+", '-');
  g_strdelimit (encoded, "/", '_');
  encoded[strcspn (encoded, "=")] = '\0';
  return g_str_equal (encoded, challenge);
}

static void
redeem_code (Asked      *asked,
             const char *client_id)
{
  const char *code = need (asked, "code");
  const char *redirect_uri = code != NULL ? need (asked, "redirect_uri") : NULL;
  const char *verifier = redirect_uri != NULL ? need (asked, "code_verifier") : NULL;
  const char *scope = verifier != NULL ? g_hash_table_lookup (asked->fields, "scope") : NULL;
  g_autofree char *key = NULL;
  gpointer stolen_key = NULL, value = NULL;
  TvmDemoGrant *grant;

  if (verifier == NULL)
    return;
  if (!g_hash_table_steal_extended (asked->ex->tenant->identity->codes, code, &stolen_key, &value))
    {
      tvm_demo_oauth_error (asked->ex, "invalid_grant", 54005,
                            "The code is not known or was already redeemed.");
      return;
    }
  key = stolen_key;
  grant = value;
  if (!g_str_equal (grant->client_id, client_id) ||
      !g_str_equal (grant->redirect_uri, redirect_uri))
    tvm_demo_oauth_error (asked->ex, "invalid_grant", 50011,
                          "The client or the redirect URI is not the one of the request.");
  else if (!verifier_fits (verifier, grant->challenge))
    tvm_demo_oauth_error (asked->ex, "invalid_grant", 501481,
                          "The Code_Verifier does not match the code_challenge.");
  else
    issue (asked, grant, scope != NULL ? scope : grant->scope);
  tvm_demo_grant_free (grant);
}

static void
redeem_refresh_token (Asked      *asked,
                      const char *client_id)
{
  GHashTable *all = asked->ex->tenant->identity->refresh;
  const char *text = need (asked, "refresh_token");
  TvmDemoGrant *grant = text != NULL ? g_hash_table_lookup (all, text) : NULL;
  const char *scope = text != NULL ? g_hash_table_lookup (asked->fields, "scope") : NULL;

  if (text == NULL)
    return;
  if (grant == NULL || !g_str_equal (grant->client_id, client_id))
    {
      tvm_demo_oauth_error (asked->ex, "invalid_grant", 70008,
                            "The refresh token has expired or was revoked.");
      return;
    }
  issue (asked, grant, scope != NULL ? scope : grant->scope);
  if (asked->ex->status == 200)
    g_hash_table_remove (all, text); /* the new one takes its place */
}

static void
handle_token (Asked *asked)
{
  const char *client_id = need (asked, "client_id");
  const char *type = client_id != NULL ? need (asked, "grant_type") : NULL;

  if (type == NULL)
    return;
  if (g_str_equal (type, "urn:ietf:params:oauth:grant-type:device_code"))
    redeem_device_code (asked, client_id);
  else if (g_str_equal (type, "authorization_code"))
    redeem_code (asked, client_id);
  else if (g_str_equal (type, "refresh_token"))
    redeem_refresh_token (asked, client_id);
  else if (g_str_equal (type, "client_credentials"))
    tvm_demo_application_sign_in (asked->ex, asked->fields, client_id);
  else
    tvm_demo_oauth_error (asked->ex, "unsupported_grant_type", 70003,
                          "The grant type is not supported.");
}

static void
redirect (Asked      *asked,
          const char *redirect_uri,
          const char *name,
          const char *value)
{
  const char *state = g_hash_table_lookup (asked->fields, "state");
  g_autofree char *head = soup_form_encode (name, value, state != NULL ? "state" : NULL, state,
                                            NULL);
  g_autofree char *uri = g_strconcat (
    redirect_uri, strchr (redirect_uri, '?') != NULL ? "&" : "?", head,
    g_str_equal (name, "error") ? "&error_description=AADSTS65004%3A+Declined." : "", NULL);

  asked->ex->status = 302;
  soup_message_headers_replace (soup_server_message_get_response_headers (asked->ex->message),
                                "Location", uri);
}

/* The page where a person says yes or no. */
static void
show_consent_page (Asked *asked)
{
  GUri *uri = soup_server_message_get_uri (asked->ex->message);
  g_autofree char *query = g_markup_escape_text (g_uri_get_query (uri), -1);
  g_autofree char *path = g_markup_escape_text (g_uri_get_path (uri), -1);

  asked->ex->content_type = "text/html; charset=utf-8";
  g_string_printf (
    asked->ex->reply,
    "<!doctype html><html lang=\"en\"><title>Demo tenant: sign in</title><h1>Demo tenant</h1>"
    "<p>Sign in as Adele Vance (" TVM_DEMO_USER ")?</p>"
    "<p><a href=\"%s?%s&amp;demo_answer=approve\">Sign in</a> · "
    "<a href=\"%s?%s&amp;demo_answer=decline\">Cancel</a></p></html>",
    path, query, path, query);
}

static void
handle_authorize (Asked *asked)
{
  static const char *const needed[] = { "client_id", "response_type",  "redirect_uri",
                                        "scope",     "code_challenge", "code_challenge_method" };
  const char *values[G_N_ELEMENTS (needed)];
  const char *verdict;
  g_autofree char *code = NULL;
  TvmDemoGrant *grant;

  for (guint i = 0; i < G_N_ELEMENTS (needed); i++)
    if ((values[i] = need (asked, needed[i])) == NULL)
      return;
  verdict = g_hash_table_lookup (asked->fields, "demo_answer");
  if (!g_str_has_prefix (values[2], "http://localhost:") &&
      !g_str_has_prefix (values[2], "http://127.0.0.1:"))
    tvm_demo_oauth_error (asked->ex, "invalid_request", 50011,
                          "The redirect URI is not registered for the application.");
  else if (!g_str_equal (values[1], "code") || !g_str_equal (values[5], "S256"))
    redirect (asked, values[2], "error", "unsupported_response_type");
  else if (verdict == NULL && !asked->ex->tenant->options.auto_approve)
    show_consent_page (asked);
  else if (verdict != NULL && g_str_equal (verdict, "decline"))
    redirect (asked, values[2], "error", "access_denied");
  else
    {
      grant = g_new0 (TvmDemoGrant, 1);
      grant->client_id = g_strdup (values[0]);
      grant->redirect_uri = g_strdup (values[2]);
      grant->scope = g_strdup (values[3]);
      grant->challenge = g_strdup (values[4]);
      grant->tenant = g_strdup (asked->tenant);
      code = tvm_demo_identity_add_code (asked->ex->tenant->identity, grant);
      redirect (asked, values[2], "code", code);
    }
}

/**
 * tvm_demo_identity_handles:
 * @ex: an exchange
 *
 * Returns: whether its path is one of the identity platform's, `/TENANT/oauth2/...`
 */
gboolean
tvm_demo_identity_handles (TvmDemoExchange *ex)
{
  return ex->n_parts >= 3 && tvm_demo_part_is (ex, 1, "oauth2");
}

/**
 * tvm_demo_identity_handle:
 * @ex: (inout): an exchange for which tvm_demo_identity_handles()
 *
 * Answers as the Microsoft identity platform does: authorization codes with PKCE (RFC 6749, RFC
 * 7636), device codes (RFC 8628), refresh tokens; errors in the form of RFC 6749, 5.2.
 */
void
tvm_demo_identity_handle (TvmDemoExchange *ex)
{
  SoupMessageBody *body = soup_server_message_get_request_body (ex->message);
  g_autoptr(GBytes) bytes = soup_message_body_flatten (body);
  g_autofree char *form = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  gboolean is_post = g_str_equal (ex->method, "POST");
  g_autoptr(GHashTable) posted = is_post ? soup_form_decode (form) : NULL;
  Asked asked = { ex, is_post ? posted : ex->query, ex->parts[0] };

  if (tvm_demo_part_is (ex, 2, "deviceauth"))
    {
      ex->content_type = "text/plain; charset=utf-8";
      g_string_assign (ex->reply,
                       "Demo tenant: approve the code with POST /_demo/sign-in/approve\n");
    }
  else if (!tvm_demo_is_guid (asked.tenant) &&
           g_ascii_strcasecmp (asked.tenant, TVM_DEMO_DOMAIN) != 0 &&
           g_ascii_strcasecmp (asked.tenant, "organizations") != 0)
    tvm_demo_oauth_error (ex, "invalid_tenant", 90002,
                          "Tenant not found. Check that the tenant ID is correct.");
  else if (ex->n_parts == 4 && tvm_demo_part_is (ex, 3, "authorize") && !is_post)
    handle_authorize (&asked);
  else if (ex->n_parts == 4 && tvm_demo_part_is (ex, 3, "token") && is_post)
    handle_token (&asked);
  else if (ex->n_parts == 4 && tvm_demo_part_is (ex, 3, "devicecode") && is_post)
    start_device_code (&asked);
  else
    tvm_demo_reply_error (ex, 404, "NotFound", "There is nothing here.");
}

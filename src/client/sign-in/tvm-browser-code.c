/* tvm-browser-code.c: signing in with the browser on this computer: authorization code with PKCE.
 * Any thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-browser-code-private.h"
#include "tvm-error.h"
#include "tvm-permissions-private.h"
#include "tvm-time.h"
#include "tvm-token-post-private.h"
#include "tvm-token-vault-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

#define SECRET_BYTES 32
#define TIMEOUT_US   (10 * 60 * TVM_SECOND_US)

/**
 * tvm_base64url_encode:
 * @data: (array length=size_bytes): bytes
 * @size_bytes: how many
 *
 * Returns: (transfer full): them in the alphabet for addresses, without padding (RFC 4648, 5)
 */
char *
tvm_base64url_encode (const guint8 *data,
                      gsize         size_bytes)
{
  char *text = g_base64_encode (data, size_bytes);

  for (char *p = text; *p != '\0'; p++)
    *p = *p == '+' ? '-' : *p == '/' ? '_' : *p;
  text[strcspn (text, "=")] = '\0';
  return text;
}

/**
 * tvm_pkce_make_secret:
 * @error: return location for a #TvmError
 *
 * Returns: (transfer full) (nullable): 256 random bits in 43 characters, fit as a code verifier
 *   (RFC 7636, 4.1) and as a state; free it with tvm_secret_free(). %NULL with %TVM_ERROR_FAILED
 *   where the system gives no random numbers
 */
char *
tvm_pkce_make_secret (GError **error)
{
  guchar bytes[SECRET_BYTES];
  char *text;

  if (getentropy (bytes, sizeof bytes) != 0)
    {
      g_set_error_literal (error, TVM_ERROR, TVM_ERROR_FAILED,
                           _("The system gives no random numbers. Restart the computer, then sign "
                             "in again."));
      return NULL;
    }
  text = tvm_base64url_encode (bytes, sizeof bytes);
  explicit_bzero (bytes, sizeof bytes);
  return text;
}

/**
 * tvm_pkce_make_challenge:
 * @verifier: a code verifier
 *
 * Returns: (transfer full): its challenge of the method S256 (RFC 7636, 4.2)
 */
char *
tvm_pkce_make_challenge (const char *verifier)
{
  g_autoptr(GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[32];
  gsize size_bytes = sizeof digest;

  g_checksum_update (checksum, (const guchar *) verifier, -1);
  g_checksum_get_digest (checksum, digest, &size_bytes);
  return tvm_base64url_encode (digest, size_bytes);
}

static char *
build_url (const TvmBrowserCode *self,
           const char           *redirect_uri,
           const char           *scope,
           const char           *state,
           const char           *verifier)
{
  g_autofree char *challenge = tvm_pkce_make_challenge (verifier);
  g_autofree char *query =
    soup_form_encode ("client_id", self->endpoints->client_id, "response_type", "code",
                      "redirect_uri", redirect_uri, "response_mode", "query", "scope", scope,
                      "state", state, "code_challenge", challenge, "code_challenge_method", "S256",
                      self->login_hint != NULL ? "login_hint" : NULL, self->login_hint, NULL);

  return g_strconcat (self->endpoints->authority_url, "/", self->endpoints->tenant_id,
                      "/oauth2/v2.0/authorize?", query, NULL);
}

static void
set_refusal (const TvmBrowserCode  *self,
             guint                  status,
             JsonObject            *answer,
             GError               **error)
{
  g_autofree char *permissions = tvm_permissions_name (self->resource, self->write);

  tvm_token_set_error (self->endpoints, permissions, status, answer, error);
}

/* The redirect's error in the form of a token endpoint's, so that both are told alike. */
static void
set_redirect_error (const TvmBrowserCode  *self,
                    GHashTable            *query,
                    GError               **error)
{
  g_autoptr(JsonObject) answer = json_object_new ();
  const char *description = g_hash_table_lookup (query, "error_description");
  const char *number = description != NULL ? strstr (description, "AADSTS") : NULL;

  json_object_set_string_member (answer, "error", g_hash_table_lookup (query, "error"));
  if (description != NULL)
    json_object_set_string_member (answer, "error_description", description);
  if (number != NULL)
    {
      JsonArray *codes = json_array_new ();

      json_array_add_int_element (codes, g_ascii_strtoll (number + strlen ("AADSTS"), NULL, 10));
      json_object_set_array_member (answer, "error_codes", codes);
    }
  set_refusal (self, 400, answer, error);
}

static JsonObject *
redeem (const TvmBrowserCode  *self,
        const char            *code,
        const char            *redirect_uri,
        const char            *scope,
        const char            *verifier,
        GCancellable          *cancellable,
        GError               **error)
{
  g_autoptr(JsonObject) answer = NULL;
  guint status = 0;

  answer = tvm_token_post (self->endpoints, self->transport, "token",
                           soup_form_encode ("grant_type", "authorization_code",
                                             "client_id", self->endpoints->client_id,
                                             "code", code, "redirect_uri", redirect_uri,
                                             "code_verifier", verifier, "scope", scope, NULL),
                           &status, cancellable, error);
  if (answer == NULL || status == 200)
    return g_steal_pointer (&answer);
  set_refusal (self, status, answer, error);
  return NULL;
}

/**
 * tvm_browser_code_run:
 * @self: what to sign in to
 * @loopback: where the browser comes back to; it did not wait yet
 * @open: (scope call): opens a page in the browser, on this thread
 * @user_data: for @open
 * @cancellable: (nullable): stops the wait
 * @error: return location for a #TvmError or %G_IO_ERROR_CANCELLED
 *
 * Opens the sign-in page, waits until the person is done with it, ten minutes at most, and redeems
 * the code (RFC 6749, 4.1; RFC 7636; RFC 8252). Blocks. The browser then still waits for its page:
 * give it one with tvm_loopback_answer().
 *
 * Returns: (transfer full) (nullable): the token answer; %NULL with %TVM_ERROR_FAILED where no
 *   browser could be opened, %TVM_ERROR_AUTH_DECLINED where nobody came back in time, or what the
 *   service refused as tvm_token_set_error() tells it
 */
JsonObject *
tvm_browser_code_run (const TvmBrowserCode  *self,
                      TvmLoopback           *loopback,
                      TvmOpenUrlFunc         open,
                      gpointer               user_data,
                      GCancellable          *cancellable,
                      GError               **error)
{
  g_autofree char *redirect_uri = g_strdup_printf ("http://localhost:%u/",
                                                   tvm_loopback_get_port (loopback));
  g_autofree char *scope = tvm_scopes_build (self->endpoints, self->resource, self->write);
  char *state = tvm_pkce_make_secret (error);
  char *verifier = state != NULL ? tvm_pkce_make_secret (error) : NULL;
  g_autoptr(GHashTable) query = NULL;
  g_autofree char *url = NULL;
  JsonObject *answer = NULL;

  if (verifier != NULL)
    {
      url = build_url (self, redirect_uri, scope, state, verifier);
      if (open (url, user_data))
        query = tvm_loopback_wait (loopback, state,
                                   TIMEOUT_US / tvm_transport_get_wait_divisor (self->transport),
                                   cancellable, error);
      else if (!g_cancellable_set_error_if_cancelled (cancellable, error))
        g_set_error_literal (error, TVM_ERROR, TVM_ERROR_FAILED,
                             _("No browser could be opened. Set a default browser, or sign in with "
                               "a code."));
    }
  if (query != NULL && g_hash_table_contains (query, "error"))
    set_redirect_error (self, query, error);
  else if (query != NULL)
    answer = redeem (self, g_hash_table_lookup (query, "code"), redirect_uri, scope, verifier,
                     cancellable, error);
  tvm_secret_free (state);
  tvm_secret_free (verifier);
  return answer;
}

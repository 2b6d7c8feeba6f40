/* test-browser-code.c: signing in with the browser over real HTTP; a thread plays the browser.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "signed-in.h"
#include "tvm-browser-code-private.h"

#include <string.h>

typedef enum { ANSWER_CODE, ANSWER_ERROR, FORGE_FIRST, CANCEL, STAY_AWAY, NO_BROWSER } Deed;

typedef struct {
  Deed          deed;
  GCancellable *cancellable;
  GHashTable   *query;  /* (owned): of the page that was opened */
  guint16       port;
  GThread      *thread;
  char         *page;   /* (owned): what the browser showed last */
  char         *forged; /* (owned): what whoever guessed got to see */
} Browser;

/* One request to the listener; NULL: nobody listens. */
static char *
visit (guint16 port, const char *target)
{
  g_autoptr(GSocketClient) client = g_socket_client_new ();
  g_autoptr(GSocketConnection) connection =
    g_socket_client_connect_to_host (client, "127.0.0.1", port, NULL, NULL);
  g_autofree char *request = g_strdup_printf ("GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n", target);
  GString *page = g_string_new (NULL);
  char buffer[512];
  gssize n;

  if (connection == NULL)
    {
      g_string_free (page, TRUE);
      return NULL;
    }
  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), request,
                             strlen (request), NULL, NULL, NULL);
  while ((n = g_input_stream_read (g_io_stream_get_input_stream (G_IO_STREAM (connection)), buffer,
                                   sizeof buffer, NULL, NULL)) > 0)
    g_string_append_len (page, buffer, n);
  return g_string_free (page, FALSE);
}

static gpointer
browse (gpointer user_data)
{
  Browser *self = user_data;
  const char *state = g_hash_table_lookup (self->query, "state");
  g_autofree char *target = NULL;

  if (self->deed == FORGE_FIRST)
    self->forged = visit (self->port, "/?code=evil&state=guessed");
  if (self->deed == ANSWER_ERROR)
    target = g_strdup_printf ("/?error=access_denied&error_description=AADSTS65004&state=%s", state);
  else
    target = g_strdup_printf ("/?code=code-1&state=%s", state);
  self->page = visit (self->port, target);
  return NULL;
}

static gboolean
open_cb (const char *url, gpointer user_data)
{
  Browser *self = user_data;
  g_autoptr(GUri) uri = g_uri_parse (url, G_URI_FLAGS_ENCODED, NULL);
  g_autoptr(GUri) back = NULL;

  g_assert_true (g_str_has_suffix (g_uri_get_path (uri), "/oauth2/v2.0/authorize"));
  self->query = soup_form_decode (g_uri_get_query (uri));
  back = g_uri_parse (g_hash_table_lookup (self->query, "redirect_uri"), G_URI_FLAGS_NONE, NULL);
  g_assert_cmpstr (g_uri_get_host (back), ==, "localhost");
  self->port = g_uri_get_port (back);
  if (self->deed == CANCEL)
    g_cancellable_cancel (self->cancellable);
  else if (self->deed < CANCEL)
    self->thread = g_thread_new ("browser", browse, self);
  return self->deed != NO_BROWSER;
}

static void
browser_clear (Browser *self)
{
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->query, g_hash_table_unref);
  g_free (self->page);
  g_free (self->forged);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Browser, browser_clear)

static gboolean
sign_in (SignedIn *self, Browser *browser, gboolean intune_write, GError **error)
{
  gboolean good;

  browser->cancellable = g_cancellable_new ();
  tvm_sign_in_set_wait_divisor (self->sign_in, browser->deed == STAY_AWAY ? 6000 : 10);
  good = tvm_sign_in_with_browser (self->sign_in, intune_write, open_cb, browser, browser->cancellable,
                                   error);
  if (browser->thread != NULL)
    g_thread_join (browser->thread);
  return good;
}

/* RFC 7636, appendix B */
static void
test_pkce (void)
{
  g_autofree char *challenge = tvm_pkce_make_challenge ("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
  g_autofree char *a = tvm_pkce_make_secret (NULL);
  g_autofree char *b = tvm_pkce_make_secret (NULL);

  g_assert_cmpstr (challenge, ==, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
  g_assert_cmpuint (strlen (a), ==, 43);
  g_assert_cmpuint (strspn (a, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "-_"), ==, 43);
  g_assert_cmpstr (a, !=, b);
}

static void
test_code (SignedIn *self, gconstpointer data)
{
  g_auto(Browser) browser = { FORGE_FIRST };
  g_autoptr(GError) error = NULL;
  g_autoptr(GHashTable) form = NULL;
  g_autofree char *request = NULL;
  g_autofree char *challenge = NULL;
  g_autofree char *token = NULL;

  fake_service_add (self->service, TOKEN_PATH, 200, NULL, TOKENS ("access-1", "refresh-1"));
  sign_in (self, &browser, FALSE, &error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (browser.forged, "HTTP/1.1 400 "));
  g_assert_true (g_str_has_prefix (browser.page, "HTTP/1.1 200 "));
  g_assert_nonnull (strstr (browser.page, "You are signed in"));
  g_assert_null (visit (browser.port, "/"));  /* one answer, then nobody listens */
  g_assert_cmpuint (fake_service_count (self->service, TOKEN_PATH), ==, 1);
  request = fake_service_get_request (self->service, TOKEN_PATH, 0);
  form = soup_form_decode (strrchr (request, '\n') + 1);
  g_assert_cmpstr (g_hash_table_lookup (form, "grant_type"), ==, "authorization_code");
  g_assert_cmpstr (g_hash_table_lookup (form, "code"), ==, "code-1");
  g_assert_cmpstr (g_hash_table_lookup (form, "redirect_uri"), ==,
                   g_hash_table_lookup (browser.query, "redirect_uri"));
  challenge = tvm_pkce_make_challenge (g_hash_table_lookup (form, "code_verifier"));
  g_assert_cmpstr (challenge, ==, g_hash_table_lookup (browser.query, "code_challenge"));
  g_assert_cmpstr (g_hash_table_lookup (browser.query, "code_challenge_method"), ==, "S256");
  g_assert_null (strstr (g_hash_table_lookup (browser.query, "scope"), "graph"));
  /* Nothing is asked for that nothing uses. */
  g_assert_null (strstr (g_hash_table_lookup (browser.query, "scope"), "Software.Read"));
  token = tvm_sign_in_get_token (self->sign_in, TVM_RESOURCE_DEFENDER, FALSE, FALSE, NULL, NULL);
  g_assert_cmpstr (token, ==, "access-1");
}

static void
test_intune_write (SignedIn *self, gconstpointer data)
{
  g_auto(Browser) browser = { ANSWER_CODE };
  g_autoptr(GError) error = NULL;
  g_autofree char *token = NULL;
  const char *scope;

  fake_service_add (self->service, TOKEN_PATH, 200, NULL, TOKENS ("write-1", "refresh-1"));
  sign_in (self, &browser, TRUE, &error);
  g_assert_no_error (error);
  scope = g_hash_table_lookup (browser.query, "scope");
  g_assert_nonnull (strstr (scope, "DeviceManagementApps.ReadWrite.All"));
  g_assert_null (strstr (scope, "securitycenter"));
  token = tvm_sign_in_get_token (self->sign_in, TVM_RESOURCE_GRAPH, TRUE, FALSE, NULL, NULL);
  g_assert_cmpstr (token, ==, "write-1");
}

static void
test_fails (SignedIn *self, gconstpointer data)
{
  static const struct { Deed deed; int code; } cases[] = {
    { ANSWER_ERROR, TVM_ERROR_AUTH_DECLINED }, { CANCEL, -1 },
    { STAY_AWAY, TVM_ERROR_AUTH_DECLINED }, { NO_BROWSER, TVM_ERROR_FAILED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto(Browser) browser = { cases[i].deed };
      g_autoptr(GError) error = NULL;

      g_assert_false (sign_in (self, &browser, FALSE, &error));
      if (cases[i].code < 0)
        g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      else
        g_assert_error (error, TVM_ERROR, cases[i].code);
      if (browser.page != NULL)
        g_assert_nonnull (strstr (browser.page, "Sign-in did not work"));
      g_assert_null (visit (browser.port, "/"));
    }
  g_assert_null (tvm_sign_in_dup_account (self->sign_in, NULL, NULL));
  g_assert_cmpuint (fake_service_count (self->service, TOKEN_PATH), ==, 0);
}

/* The consent for Graph that lacks is no end of the sign-in; a revoked token is. */
static void
test_consent (SignedIn *self, gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  fake_service_clear (self->service, TOKEN_PATH);
  fake_service_add (self->service, TOKEN_PATH, 400, NULL,
                    "{\"error\":\"invalid_grant\",\"error_codes\":[65001]}");
  fake_service_add (self->service, TOKEN_PATH, 400, NULL, "{\"error\":\"interaction_required\"}");
  fake_service_add (self->service, TOKEN_PATH, 400, NULL, "{\"error\":\"invalid_grant\"}");
  for (int i = 0; i < 2; i++)
    {
      g_assert_null (tvm_sign_in_get_token (self->sign_in, TVM_RESOURCE_GRAPH, TRUE, TRUE, NULL, &error));
      g_assert_error (error, TVM_ERROR, TVM_ERROR_CONSENT_REQUIRED);
      g_assert_false (tvm_sign_in_is_expired (self->sign_in));
      g_clear_error (&error);
    }
  g_assert_null (tvm_sign_in_get_token (self->sign_in, TVM_RESOURCE_GRAPH, TRUE, TRUE, NULL, &error));
  g_assert_error (error, TVM_ERROR, TVM_ERROR_AUTH_REQUIRED);
  g_assert_true (tvm_sign_in_is_expired (self->sign_in));
  g_assert_true (tvm_sign_in_sign_out (self->sign_in, NULL, NULL));
  g_assert_false (tvm_sign_in_is_expired (self->sign_in));
}

static void
prepare (SignedIn *self, gconstpointer data)
{
  signed_in_prepare (self);
}

#define ADD(name, set_up, func) \
  g_test_add ("/client/browser-code/" name, SignedIn, NULL, set_up, func, signed_in_tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/client/browser-code/pkce", test_pkce);
  ADD ("code", prepare, test_code);
  ADD ("intune-write", prepare, test_intune_write);
  ADD ("fails", prepare, test_fails);
  ADD ("consent", signed_in_set_up, test_consent);
  return g_test_run ();
}

/* oidc-browser.c: a browser without a window. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "oidc-browser.h"

#include <string.h>

#define MAX_HOPS 20

/* The text with the query member's value replaced by as long a one that is surely another. */
static char *
swap_value (const char *url, const char *member)
{
  g_autofree char *start = g_strconcat (member, "=", NULL);
  char *swapped = g_strdup (url);
  char *value = strstr (swapped, start);

  g_assert_nonnull (value);
  value += strlen (start);
  for (; *value != '\0' && *value != '&'; value++)
    *value = *value == 'A' ? 'B' : 'A';
  return swapped;
}

/* One request and its redirects; form: (nullable) posted. */
static char *
walk (SoupSession *session, const char *url, const char *form, Deed deed)
{
  g_autofree char *place = g_strdup (url);

  for (int hop = 0; hop < MAX_HOPS; hop++)
    {
      gboolean posts = form != NULL && hop == 0;
      g_autoptr(SoupMessage) message = soup_message_new (posts ? "POST" : "GET", place);
      g_autoptr(GBytes) body = NULL;
      g_autoptr(GError) error = NULL;
      const char *location;

      soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
      if (posts)
        {
          g_autoptr(GBytes) posted = g_bytes_new (form, strlen (form));

          soup_message_set_request_body_from_bytes (message, SOUP_FORM_MIME_TYPE_URLENCODED, posted);
        }
      if (deed == DEED_DECLINE)
        soup_message_headers_append (soup_message_get_request_headers (message), "Test-Answer",
                                     "decline");
      body = soup_session_send_and_read (session, message, NULL, &error);
      g_assert_no_error (error);
      location = soup_message_headers_get_one (soup_message_get_response_headers (message), "Location");
      if (location == NULL)
        {
          GString *page = g_string_new (NULL);

          g_string_append_len (page, g_bytes_get_data (body, NULL), g_bytes_get_size (body));
          return g_string_free (page, FALSE);
        }
      g_free (place);
      place = g_uri_resolve_relative (url, location, G_URI_FLAGS_ENCODED, &error);
      g_assert_no_error (error);
      if (deed == DEED_OTHER_CODE && strstr (place, "?code=") != NULL)
        {
          char *swapped = swap_value (place, "code");

          g_free (place);
          place = swapped;
        }
    }
  g_error ("more than %d redirects from %s", MAX_HOPS, url);
}

static SoupSession *
new_session (void)
{
  SoupSession *session = soup_session_new_with_options ("timeout", 30, NULL);

  soup_session_add_feature_by_type (session, SOUP_TYPE_COOKIE_JAR);
  return session;
}

char *
oidc_browser_sign_in (const char *url, Deed deed)
{
  g_autoptr(SoupSession) session = new_session ();
  g_autofree char *start = deed == DEED_OTHER_CHALLENGE ? swap_value (url, "code_challenge")
                                                        : g_strdup (url);

  return walk (session, start, NULL, deed);
}

/* What the page's form carries against forgery. */
static char *
find_xsrf (const char *page)
{
  g_autoptr(GRegex) regex = g_regex_new ("name=\"xsrf\" value=\"([0-9a-f]+)\"", 0, 0, NULL);
  g_autoptr(GMatchInfo) match = NULL;

  if (!g_regex_match (regex, page, 0, &match))
    g_error ("no form on the page: %s", page);
  return g_match_info_fetch (match, 1);
}

char *
oidc_browser_enter_code (const char *page, const char *user_code, Deed deed)
{
  g_autoptr(SoupSession) session = new_session ();
  g_autofree char *first = walk (session, page, NULL, deed);
  g_autofree char *xsrf = find_xsrf (first);
  g_autofree char *form = soup_form_encode ("xsrf", xsrf, "user_code", user_code,
                                            deed == DEED_DECLINE ? "abort" : "confirm", "yes", NULL);

  return walk (session, page, form, deed);
}

void
oidc_browser_revoke (const char *base_url, const char *token)
{
  g_autoptr(SoupSession) session = new_session ();
  g_autofree char *url = g_strconcat (base_url, "/revoke", NULL);
  g_autofree char *form = soup_form_encode ("client_id", "app-1", "token", token, NULL);
  g_autofree char *answer = walk (session, url, form, DEED_APPROVE);

  g_assert_cmpstr (answer, ==, "");
}

/* fuzz-links.c: addresses that a service names, as next links and in redirects: what gets a token is
 * of the origin that the settings name, also as the HTTP library reads it (R15).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "fuzz.h"
#include "tvm-http-private.h"

#include <libsoup/soup.h>
#include <string.h>

static const struct { const char *base, *origin; } bases[] = {
  { "https://api.security.microsoft.com", "https://api.security.microsoft.com" },
  { "https://graph.microsoft.com/beta", "https://graph.microsoft.com" },
  { "http://127.0.0.1:8080", "http://127.0.0.1:8080" },
  { "https://[::1]:8443/x", "https://[::1]:8443" },
};

/* Up to where the path begins, without the port that is the scheme's own. */
static char *
cut_origin (const char *url)
{
  const char *rest = strstr (url, "://");
  gsize length = rest != NULL ? (gsize) (rest - url) + 3 + strcspn (rest + 3, "/?#") : 0;
  g_autofree char *origin = g_strndup (url, length);
  g_autofree char *lower = g_ascii_strdown (origin, -1);
  const char *port = g_str_has_prefix (lower, "https") ? ":443" : ":80";

  if (g_str_has_suffix (lower, port))
    lower[strlen (lower) - strlen (port)] = '\0';
  return g_steal_pointer (&lower);
}

static void
check (const char *base,
       const char *origin,
       const char *url)
{
  g_autoptr(SoupMessage) message = NULL;
  g_autofree char *plain = NULL, *read = NULL;
  GUri *uri;

  if (!tvm_http_is_same_origin (base, url))
    return;
  /* The text itself, read by nobody's library. */
  plain = cut_origin (url);
  g_assert_null (strpbrk (plain, "@\\ \t\r\n"));
  message = soup_message_new ("GET", url);
  if (message == NULL)
    return;
  uri = soup_message_get_uri (message);
  read = g_uri_to_string_partial (uri, G_URI_HIDE_USERINFO);
  g_assert_null (g_uri_get_user (uri));
  g_clear_pointer (&plain, g_free);
  plain = cut_origin (read);
  g_assert_cmpstr (plain, ==, origin);
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        size_t        size_bytes)
{
  g_autofree char *text = g_strndup ((const char *) data, size_bytes);

  for (guint i = 0; i < G_N_ELEMENTS (bases); i++)
    {
      g_autofree char *page = g_strconcat (bases[i].base, "/api/machines?$top=1", NULL);
      g_autofree char *target = tvm_http_resolve (page, text);
      g_autofree char *whole = g_strconcat (bases[i].origin, text, NULL);

      check (bases[i].base, bases[i].origin, text);
      check (bases[i].base, bases[i].origin, whole);
      if (target != NULL)
        check (bases[i].base, bases[i].origin, target);
    }
  return 0;
}

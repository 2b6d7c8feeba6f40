/* tvm-endpoints.c: which hosts and which tenant (api: clouds and resource identifiers). Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-endpoints.h"
#include "tvm-error.h"
#include "tvm-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct {
  const char *cloud, *authority_url, *defender_url, *graph_url, *defender_resource;
} Cloud;

#define NAME_CHARS           "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
#define NO_HOST              "@/?#[]\\% "  /* what would be another address, were it written anew */
#define COMMERCIAL_AUTHORITY "https://login.microsoftonline.com"
#define COMMERCIAL_DEFENDER  "api.security.microsoft.com"
#define COMMERCIAL_GRAPH     "https://graph.microsoft.com"
#define COMMERCIAL_RESOURCE  "https://api.securitycenter.microsoft.com"
#define US_AUTHORITY         "https://login.microsoftonline.us"
#define US_DEFENDER          "https://api-gov.securitycenter.microsoft.us"
#define GCC_DEFENDER         "https://api-gcc.securitycenter.microsoft.us"

static const Cloud clouds[] = {
  { "commercial", COMMERCIAL_AUTHORITY, "https://" COMMERCIAL_DEFENDER, COMMERCIAL_GRAPH,
    COMMERCIAL_RESOURCE },
  { "gcc", COMMERCIAL_AUTHORITY, GCC_DEFENDER, COMMERCIAL_GRAPH, GCC_DEFENDER },
  { "gcc-high", US_AUTHORITY, US_DEFENDER, "https://graph.microsoft.us", US_DEFENDER },
  { "dod", US_AUTHORITY, US_DEFENDER, "https://dod-graph.microsoft.us", US_DEFENDER },
};

static const Cloud *
find_cloud (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (clouds); i++)
    if (g_ascii_strcasecmp (clouds[i].cloud, name) == 0)
      return &clouds[i];
  return NULL;
}

/**
 * tvm_host_is_loopback:
 * @host: of an address
 *
 * Returns: whether it is this computer by its own name
 */
gboolean
tvm_host_is_loopback (const char *host)
{
  g_autoptr(GInetAddress) address = g_inet_address_new_from_string (host);

  if (address != NULL)
    return g_inet_address_get_is_loopback (address);
  return g_ascii_strcasecmp (host, "localhost") == 0;
}

/* A custom base URL without trailing slashes, or NULL with an error that names the setting. */
static char *
dup_custom_url (const char  *url,
                const char  *key,
                GError     **error)
{
  g_autoptr(GUri) uri = NULL;
  g_autofree char *plain = NULL;
  const char *host;
  char *trimmed;

  if (url == NULL || *url == '\0')
    {
      g_set_error (error, TVM_ERROR, TVM_ERROR_INVALID,
                   /* Translators: %s is the name of a setting. */
                   _("The custom cloud needs an address. Set it in Preferences, or with: "
                     "tvm-remediate config set %s URL"), key);
      return NULL;
    }
  uri = g_uri_parse (url, G_URI_FLAGS_HAS_PASSWORD | G_URI_FLAGS_ENCODED, NULL);
  host = uri != NULL ? g_uri_get_host (uri) : NULL;
  plain = tvm_text_make_plain (url, -1, 200);
  if (host == NULL || *host == '\0' || strpbrk (host, NO_HOST) != NULL ||
      (strchr (host, ':') != NULL && !g_hostname_is_ip_address (host)) ||
      g_uri_get_userinfo (uri) != NULL || g_uri_get_query (uri) != NULL ||
      g_uri_get_fragment (uri) != NULL)
    {
      g_set_error (error, TVM_ERROR, TVM_ERROR_INVALID,
                   _("%s: “%s” is not a base address. It has a host and perhaps a port and a path, "
                     "but no user name, query or fragment."), key, plain);
      return NULL;
    }
  if (strcmp (g_uri_get_scheme (uri), "https") != 0 &&
      !(strcmp (g_uri_get_scheme (uri), "http") == 0 &&
        tvm_host_is_loopback (g_uri_get_host (uri))))
    {
      g_set_error (error, TVM_ERROR, TVM_ERROR_INVALID,
                   _("%s: “%s” is not an https address. Only loopback addresses may use http."),
                   key, plain);
      return NULL;
    }
  trimmed = g_uri_to_string (uri);
  for (gsize length = strlen (trimmed); length > 0 && trimmed[length - 1] == '/'; length--)
    trimmed[length - 1] = '\0';
  return trimmed;
}

static gboolean
is_domain_name (const char *text)
{
  gsize length = strlen (text);

  if (length > 253 || strchr (text, '.') == NULL || *text == '.' || text[length - 1] == '.' ||
      strstr (text, "..") != NULL)
    return FALSE;
  return strspn (text, NAME_CHARS "-.") == length;
}

static gboolean
check_tenant (const char  *tenant_id,
              GError     **error)
{
  g_autofree char *plain = NULL;

  if (tenant_id == NULL || *tenant_id == '\0')
    {
      g_set_error_literal (
        error, TVM_ERROR, TVM_ERROR_INVALID,
        _("No tenant is set. Set its ID or one of its domain names in Preferences, or "
           "with: tvm-remediate config set tenant-id TENANT"));
      return FALSE;
    }
  if (g_uuid_string_is_valid (tenant_id) || is_domain_name (tenant_id) ||
      g_ascii_strcasecmp (tenant_id, "organizations") == 0)
    return TRUE;
  plain = tvm_text_make_plain (tenant_id, -1, 100);
  g_set_error (error, TVM_ERROR, TVM_ERROR_INVALID,
               _("“%s” is not a tenant: use its ID, one of its domain names, or "
                 "“organizations”."), plain);
  return FALSE;
}

static gboolean
check_client_id (const char  *client_id,
                 GError     **error)
{
  g_autofree char *plain = NULL;

  if (client_id == NULL || *client_id == '\0')
    {
      g_set_error_literal (
        error, TVM_ERROR, TVM_ERROR_INVALID,
        _("No application is set. Register one in Microsoft Entra and set its ID in "
           "Preferences, or with: tvm-remediate config set client-id ID"));
      return FALSE;
    }
  if (strlen (client_id) <= 128 &&
      strspn (client_id, NAME_CHARS "-._") == strlen (client_id))
    return TRUE;
  plain = tvm_text_make_plain (client_id, -1, 100);
  g_set_error (error, TVM_ERROR, TVM_ERROR_INVALID,
               _("“%s” is not an application ID. Microsoft Entra shows it on the "
                 "application's page."), plain);
  return FALSE;
}

/**
 * tvm_endpoints_new:
 * @cloud: commercial, gcc, gcc-high, dod or custom, in any letter case
 * @authority_url: (nullable): where to sign in; only used for custom, as are the next two
 * @defender_url: (nullable): the Defender API's base address
 * @graph_url: (nullable): Microsoft Graph's base address
 * @tenant_id: (nullable): a GUID, a domain name or "organizations"
 * @client_id: (nullable): the application's ID
 * @error: return location for a #TvmError
 *
 * Only https is accepted, but for loopback addresses (R15).
 *
 * Returns: (transfer full) (nullable): the endpoints, or %NULL with %TVM_ERROR_INVALID and a
 *   sentence that says which setting to change
 */
TvmEndpoints *
tvm_endpoints_new (const char  *cloud,
                   const char  *authority_url,
                   const char  *defender_url,
                   const char  *graph_url,
                   const char  *tenant_id,
                   const char  *client_id,
                   GError     **error)
{
  g_autoptr(TvmEndpoints) self = g_new0 (TvmEndpoints, 1);
  const Cloud *known;

  g_return_val_if_fail (cloud != NULL, NULL);

  known = find_cloud (cloud);
  if (known != NULL)
    {
      self->authority_url = g_strdup (known->authority_url);
      self->defender_url = g_strdup (known->defender_url);
      self->graph_url = g_strdup (known->graph_url);
    }
  else if (g_ascii_strcasecmp (cloud, "custom") != 0)
    {
      g_autofree char *plain = tvm_text_make_plain (cloud, -1, 100);

      g_set_error (error, TVM_ERROR, TVM_ERROR_INVALID,
                   _("“%s” is not a cloud: use commercial, gcc, gcc-high, dod or custom"), plain);
      return NULL;
    }
  else if ((self->authority_url = dup_custom_url (authority_url, "authority-url", error)) == NULL ||
           (self->defender_url = dup_custom_url (defender_url, "defender-url", error)) == NULL ||
           (self->graph_url = dup_custom_url (graph_url, "graph-url", error)) == NULL)
    return NULL;
  if (!check_tenant (tenant_id, error) || !check_client_id (client_id, error))
    return NULL;
  self->cloud = g_strdup (known != NULL ? known->cloud : "custom");
  self->defender_resource = g_strdup (known != NULL ? known->defender_resource
                                                    : COMMERCIAL_RESOURCE);
  self->graph_resource = g_strdup (known != NULL ? known->graph_url : COMMERCIAL_GRAPH);
  self->tenant_id = g_strdup (tenant_id);
  self->client_id = g_strdup (client_id);
  return g_steal_pointer (&self);
}

/**
 * tvm_endpoints_check_url:
 * @url: an address
 * @key: the setting it is of, for the error
 * @error: return location for %TVM_ERROR_INVALID
 *
 * Returns: whether it is one that may be asked: https, or a loopback address
 */
gboolean
tvm_endpoints_check_url (const char  *url,
                         const char  *key,
                         GError     **error)
{
  g_autofree char *trimmed = dup_custom_url (url, key, error);

  return trimmed != NULL;
}

/**
 * tvm_endpoints_set_region:
 * @self: endpoints
 * @region: us, eu, uk, au, swa, ina, or "global" or "" for none
 * @error: return location for a #TvmError
 *
 * Asks the Defender API near a region. The commercial cloud alone has them, in others this changes
 * nothing; the token's audience is the same in all.
 *
 * Returns: %FALSE with %TVM_ERROR_INVALID where there is no such region
 */
gboolean
tvm_endpoints_set_region (TvmEndpoints  *self,
                          const char    *region,
                          GError       **error)
{
  static const char *const regions[] = { "us", "eu", "uk", "au", "swa", "ina", NULL };
  gboolean is_near = g_strv_contains (regions, region);
  g_autofree char *plain = NULL;

  if (!is_near && *region != '\0' && strcmp (region, "global") != 0)
    {
      plain = tvm_text_make_plain (region, -1, 100);
      g_set_error (error, TVM_ERROR, TVM_ERROR_INVALID,
                   _("“%s” is not a region: use global, us, eu, uk, au, swa or ina"), plain);
      return FALSE;
    }
  if (strcmp (self->cloud, "commercial") != 0)
    return TRUE;
  g_free (self->defender_url);
  self->defender_url = g_strconcat ("https://", is_near ? region : "", is_near ? "." : "",
                                    COMMERCIAL_DEFENDER, NULL);
  return TRUE;
}

/**
 * tvm_endpoints_copy:
 * @self: endpoints
 *
 * Returns: (transfer full): a copy
 */
TvmEndpoints *
tvm_endpoints_copy (const TvmEndpoints *self)
{
  TvmEndpoints *copy = g_new0 (TvmEndpoints, 1);

  copy->cloud = g_strdup (self->cloud);
  copy->authority_url = g_strdup (self->authority_url);
  copy->defender_url = g_strdup (self->defender_url);
  copy->graph_url = g_strdup (self->graph_url);
  copy->defender_resource = g_strdup (self->defender_resource);
  copy->graph_resource = g_strdup (self->graph_resource);
  copy->tenant_id = g_strdup (self->tenant_id);
  copy->client_id = g_strdup (self->client_id);
  return copy;
}

/**
 * tvm_endpoints_free:
 * @self: (nullable) (transfer full): endpoints
 */
void
tvm_endpoints_free (TvmEndpoints *self)
{
  if (self == NULL)
    return;
  g_free (self->cloud);
  g_free (self->authority_url);
  g_free (self->defender_url);
  g_free (self->graph_url);
  g_free (self->defender_resource);
  g_free (self->graph_resource);
  g_free (self->tenant_id);
  g_free (self->client_id);
  g_free (self);
}

/* tvm-portal.c: where the Microsoft Defender portal shows what this program lists. No I/O.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-portal.h"
#include <string.h>

/**
 * tvm_portal_uri:
 * @cloud: (nullable): commercial, gcc, gcc-high, dod or custom; %NULL: commercial
 * @page: what is shown there
 * @id: (nullable): of the CVE or the device
 *
 * The hosts are in Microsoft's list of portals; the paths are those that the portal itself shows
 * and others link to, and are documented nowhere.
 *
 * Returns: (transfer full) (nullable): its address; a custom cloud has no portal
 */
char *
tvm_portal_uri (const char *cloud, TvmPortalPage page, const char *id)
{
  static const struct { const char *cloud, *base; } portals[] = {
    { "commercial", "https://security.microsoft.com" },
    { "gcc", "https://security.microsoft.com" },
    { "gcc-high", "https://security.microsoft.us" },
    { "dod", "https://security.apps.mil" },
  };
  g_autofree char *escaped = id != NULL ? g_uri_escape_string (id, NULL, FALSE) : NULL;
  const char *base = NULL;

  for (guint i = 0; base == NULL && i < G_N_ELEMENTS (portals); i++)
    if (cloud == NULL || strcmp (cloud, portals[i].cloud) == 0)
      base = portals[i].base;
  if (base == NULL)
    return NULL;
  if (page == TVM_PORTAL_RECOMMENDATIONS)
    return g_strconcat (base, "/security-recommendations", NULL);
  if (escaped == NULL)
    return NULL;
  return page == TVM_PORTAL_WEAKNESS
         ? g_strconcat (base, "/vulnerabilities/vulnerability/", escaped, "/overview", NULL)
         : g_strconcat (base, "/machines/", escaped, NULL);
}

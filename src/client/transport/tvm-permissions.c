/* tvm-permissions.c: which permissions the calls need, by name: for a person who signs in
 * (delegated) and for an application that does. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-permissions-private.h"

#include <string.h>

typedef struct {
  TvmResource resource;
  gboolean    is_write;
  const char *delegated, *application;  /* application: NULL where no such call is made */
} Permission;

/* Least privilege first (api section 1). */
static const Permission permissions[] = {
  { TVM_RESOURCE_DEFENDER, FALSE, "Machine.Read", "Machine.Read.All" },
  { TVM_RESOURCE_DEFENDER, FALSE, "SecurityRecommendation.Read",
    "SecurityRecommendation.Read.All" },
  { TVM_RESOURCE_DEFENDER, FALSE, "Vulnerability.Read", "Vulnerability.Read.All" },
  { TVM_RESOURCE_DEFENDER, FALSE, "RemediationTask.Read", "RemediationTasks.Read.All" },
  { TVM_RESOURCE_DEFENDER, FALSE, "Score.Read", "Score.Read.All" },
  { TVM_RESOURCE_GRAPH, FALSE, "User.Read", NULL },
  { TVM_RESOURCE_GRAPH, FALSE, "DeviceManagementApps.Read.All", "DeviceManagementApps.Read.All" },
  { TVM_RESOURCE_GRAPH, FALSE, "DeviceManagementManagedDevices.Read.All",
    "DeviceManagementManagedDevices.Read.All" },
  { TVM_RESOURCE_GRAPH, TRUE, "DeviceManagementApps.ReadWrite.All", NULL },
};

/* What an address has in it, and the permission; the first that fits counts. */
static const struct { const char *part, *delegated; gboolean is_write; } calls[] = {
  { "/vulnerabilities", "Vulnerability.Read" },
  { "/SoftwareVulnerabilit", "Vulnerability.Read" },
  { "/SecureConfigurationsAssessment", "Vulnerability.Read" },
  { "/remediationTasks", "RemediationTask.Read" },
  { "/recommendations", "SecurityRecommendation.Read" },
  { "/machines", "Machine.Read" },
  { "/exposureScore", "Score.Read" },
  { "/configurationScore", "Score.Read" },
  { "/deviceAppManagementTasks", "DeviceManagementApps.ReadWrite.All", TRUE },
  { "/deviceAppManagementTasks", "DeviceManagementApps.Read.All" },
  { "/managedDevices", "DeviceManagementManagedDevices.Read.All" },
};

/**
 * tvm_scopes_build:
 * @endpoints: whose resource identifiers the scopes begin with
 * @resource: one resource: a request may not name scopes of two
 * @write: whether Intune tickets are to be written
 *
 * Returns: (transfer full): the value of a token request's scope for a person, the least that is
 *   needed
 */
char *
tvm_scopes_build (const TvmEndpoints *endpoints,
                  TvmResource         resource,
                  gboolean            write)
{
  const char *base = resource == TVM_RESOURCE_DEFENDER ? endpoints->defender_resource
                                                       : endpoints->graph_resource;
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (permissions); i++)
    if (permissions[i].resource == resource && (write || !permissions[i].is_write))
      g_string_append_printf (text, "%s/%s ", base, permissions[i].delegated);
  g_string_append (text, "offline_access openid profile");
  return g_string_free (text, FALSE);
}

/* A sentence's list of names. */
static char *
name_all (TvmResource resource,
          gboolean    write,
          gboolean    is_application)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (permissions); i++)
    {
      const char *name = is_application ? permissions[i].application : permissions[i].delegated;

      if (permissions[i].resource == resource && (write || !permissions[i].is_write) &&
          name != NULL)
        g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", name);
    }
  return g_string_free (text, FALSE);
}

/**
 * tvm_permissions_name:
 * @resource: a service
 * @write: whether Intune tickets are to be written
 *
 * Returns: (transfer full): the names of what tvm_scopes_build() asks for, for a sentence
 */
char *
tvm_permissions_name (TvmResource resource,
                      gboolean    write)
{
  return name_all (resource, write, FALSE);
}

/**
 * tvm_permissions_name_application:
 * @resource: a service
 *
 * Returns: (transfer full): the names of the application permissions of an unattended sign-in, for
 *   a sentence
 */
char *
tvm_permissions_name_application (TvmResource resource)
{
  return name_all (resource, FALSE, TRUE);
}

/**
 * tvm_permission_for_call:
 * @url: the address that is asked
 * @write: whether Intune tickets are to be written
 * @is_application: whether the application itself asks, and nobody for whom it does
 *
 * Returns: (nullable): the name of the permission that this takes, as Microsoft Entra has it;
 *   static
 */
const char *
tvm_permission_for_call (const char *url,
                         gboolean    write,
                         gboolean    is_application)
{
  guint found = 0, i = 0;

  while (found < G_N_ELEMENTS (calls) &&
         (strstr (url, calls[found].part) == NULL || (calls[found].is_write && !write)))
    found++;
  if (found == G_N_ELEMENTS (calls) || !is_application)
    return found == G_N_ELEMENTS (calls) ? NULL : calls[found].delegated;
  while (strcmp (permissions[i].delegated, calls[found].delegated) != 0)
    i++;
  return permissions[i].application;
}

/**
 * tvm_scopes_lack:
 * @granted: (nullable): the scopes that a token answer names, with or without their resource
 * @permission: a delegated permission
 *
 * One for all of the organization, or for writing, is as good.
 *
 * Returns: whether it is not among them; %FALSE where nobody knows
 */
gboolean
tvm_scopes_lack (const char *granted,
                 const char *permission)
{
  static const char *const ends[] = { "", ".All", "Write", "Write.All" };
  g_auto(GStrv) words = granted != NULL ? g_strsplit (granted, " ", -1) : NULL;

  if (granted == NULL || *granted == '\0')
    return FALSE;
  for (guint i = 0; words[i] != NULL; i++)
    {
      const char *slash = strrchr (words[i], '/');
      const char *name = slash != NULL ? slash + 1 : words[i];

      if (strcmp (name, ".default") == 0)
        return FALSE;
      for (guint j = 0; j < G_N_ELEMENTS (ends); j++)
        {
          g_autofree char *form = g_strconcat (permission, ends[j], NULL);

          if (g_ascii_strcasecmp (name, form) == 0)
            return FALSE;
        }
    }
  return TRUE;
}

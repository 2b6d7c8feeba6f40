/* tvm-pace-class.c: which of the documented limits counts a call. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-pace-private.h"

#include <string.h>

/**
 * tvm_pace_classify:
 * @resource: whom the call is made to
 * @is_write: whether it changes something
 * @path: of the URL, in any letter case
 *
 * Returns: which limit counts the call, by the pages of the Defender API and of Microsoft Graph
 */
TvmCallClass
tvm_pace_classify (TvmResource  resource,
                   gboolean     is_write,
                   const char  *path)
{
  static const struct { const char *path; TvmCallClass calls; } exports[] = {
    { "/api/machines/SoftwareVulnerabilitiesExport", TVM_CALLS_SOFTWARE_FILES },
    { "/api/machines/SecureConfigurationsAssessmentExport", TVM_CALLS_CONFIGURATION_FILES },
    { "/api/machines/SoftwareVulnerabilityChanges", TVM_CALLS_CHANGES },
    { "/api/machines/SoftwareVulnerabilit", TVM_CALLS_SOFTWARE },
    { "/api/machines/SecureConfigurationsAssessment", TVM_CALLS_CONFIGURATIONS },
  };

  if (resource == TVM_RESOURCE_GRAPH)
    return is_write ? TVM_CALLS_GRAPH_WRITE : TVM_CALLS_GRAPH;
  for (guint i = 0; i < G_N_ELEMENTS (exports); i++)
    if (g_ascii_strncasecmp (path, exports[i].path, strlen (exports[i].path)) == 0)
      return exports[i].calls;
  return g_ascii_strncasecmp (path, "/api/machines", strlen ("/api/machines")) == 0
           ? TVM_CALLS_MACHINES : TVM_CALLS_DEFENDER;
}

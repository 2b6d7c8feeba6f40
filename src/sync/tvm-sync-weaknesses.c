/* tvm-sync-weaknesses.c: the list of all CVEs of the tenant. A sync's threads.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-sync-private.h"

#include "tvm-error.h"

#include <glib/gi18n-lib.h>

/**
 * tvm_sync_pull_weaknesses:
 * @run: a sync
 * @id: (nullable): unused
 * @result: (out caller-allocates): what changed
 * @n_requests: (inout): counts the HTTP requests
 * @error: return location for a #TvmError
 *
 * Where the tenant has no right to the list, or the cloud has none, the rest of the sync is good
 * all the same: who looks for a CVE is told why it is not known.
 *
 * Returns: %FALSE with an error; the store then has the old list
 */
gboolean
tvm_sync_pull_weaknesses (TvmSyncRun     *run,
                          const char     *id,
                          TvmListResult  *result,
                          int            *n_requests,
                          GError        **error)
{
  g_autoptr(GError) failure = NULL;
  g_autofree char *message = NULL;

  if (tvm_sync_pull_list (run->engine, run->client, TVM_PULL_WEAKNESSES, NULL, result, n_requests,
                          run->cancellable, &failure))
    return TRUE;
  if (!g_error_matches (failure, TVM_ERROR, TVM_ERROR_FORBIDDEN) &&
      !g_error_matches (failure, TVM_ERROR, TVM_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  message = g_strdup_printf ("%s %s %s", _("Which CVEs there are in the tenant is not known."),
                             failure->message,
                             _("The list needs the permission Vulnerability.Read and a licence "
                               "for vulnerability management."));
  return tvm_store_note_refusal (run->engine->store, TVM_WEAKNESSES_LIST, message, error);
}

/* tvm-client-pull.c: fetches a list, or the service's own answer about one thing of it (api
 * sections 3 and 4). Any thread; blocks. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-client-private.h"
#include "tvm-error.h"
#include "tvm-list-private.h"
#include "tvm-text.h"

#include <glib/gi18n-lib.h>

#define RECOMMENDATIONS_PATH "/api/recommendations"
#define ACTIVITIES_PATH      "/api/remediationTasks"
#define EXPOSURE_PATH        "/api/machines/SoftwareVulnerabilitiesByMachine?pageSize=50000"
#define MANAGED_PATH         "/beta/deviceManagement/managedDevices" \
                             "?$select=id,azureADDeviceId,deviceName,lastSyncDateTime"

#define WEAKNESSES_PATH      "/api/vulnerabilities"
#define WEAKNESSES_PAGE_ROWS 8000  /* at most */

/* Pages of half of what is allowed: the whole of one may unpack to 256 MiB. */
#define ASSESSMENTS_PATH     "/api/machines/SecureConfigurationsAssessmentByMachine?pageSize=100000"

/* How each kind of list is asked for. */
typedef struct {
  const char *path, *path_after; /* the owner's id stands between them, where there is one */
  const TvmWireShape *shape;
  TvmWireBuilder      build;              /* NULL: it has no records */
  gsize              id_offset;
  gboolean           is_intune, none_on_404;
  int                page_rows;           /* at most; 0: as many as usual */
} Source;

static const Source sources[TVM_N_PULLS] = {
  [TVM_PULL_RECOMMENDATIONS] = { RECOMMENDATIONS_PATH, NULL, &tvm_shape_recommendations,
                                 tvm_wire_build_recommendation,
                                 G_STRUCT_OFFSET (TvmRecommendation, id) },
  [TVM_PULL_RECOMMENDATION] = { RECOMMENDATIONS_PATH, NULL, &tvm_shape_recommendations,
                                tvm_wire_build_recommendation,
                                G_STRUCT_OFFSET (TvmRecommendation, id) },
  [TVM_PULL_DEVICES] = { "/api/machines", NULL, &tvm_shape_devices, tvm_wire_build_device,
                         G_STRUCT_OFFSET (TvmDevice, id), FALSE, TRUE },
  [TVM_PULL_PORTAL_ACTIVITIES] = { ACTIVITIES_PATH, NULL, &tvm_shape_activities,
                                   tvm_wire_build_activity, G_STRUCT_OFFSET (TvmActivity, id) },
  [TVM_PULL_TICKETS] = { TVM_TICKETS_PATH, NULL, &tvm_shape_tickets, tvm_wire_build_ticket,
                         G_STRUCT_OFFSET (TvmTicket, id), TRUE },
  [TVM_PULL_MANAGED_DEVICES] = { MANAGED_PATH, NULL, &tvm_shape_managed_devices, NULL, 0, TRUE },
  [TVM_PULL_EXPOSED_DEVICES] = { RECOMMENDATIONS_PATH, "/machineReferences",
                                 &tvm_shape_references },
  [TVM_PULL_VULNERABILITIES] = { RECOMMENDATIONS_PATH, "/vulnerabilities",
                                 &tvm_shape_vulnerabilities, tvm_wire_row_to_record,
                                 G_STRUCT_OFFSET (TvmVulnerability, id) },
  [TVM_PULL_PORTAL_DEVICES] = { ACTIVITIES_PATH, "/machineReferences", &tvm_shape_references },
  [TVM_PULL_USER_IMPACT] = { ASSESSMENTS_PATH, NULL, &tvm_shape_assessments },
  [TVM_PULL_WEAKNESSES] = { WEAKNESSES_PATH, NULL, &tvm_shape_vulnerabilities,
                            tvm_wire_row_to_record, G_STRUCT_OFFSET (TvmVulnerability, id),
                            .page_rows = WEAKNESSES_PAGE_ROWS },
  [TVM_PULL_SECURITY_UPDATES] = { EXPOSURE_PATH, NULL, &tvm_shape_exposure },
  [TVM_PULL_EXPOSURE] = { NULL, NULL, NULL },
  [TVM_PULL_EXPOSURE_CHANGES] = { NULL, NULL, NULL },
};

static gboolean
managed_received_cb (const TvmWireRow *row,
                     gpointer          user_data,
                     gboolean         *is_new,
                     GError          **error)
{
  GHashTable *ids = user_data;
  const char *id = tvm_wire_row_require_id (row, error);
  g_autofree char *entra_id =
    tvm_wire_dup_entra_id (tvm_wire_row_get_string (row, TVM_MANAGED_ENTRA_ID));

  if (id == NULL)
    return FALSE;
  *is_new = entra_id != NULL &&
            g_hash_table_replace (ids, g_steal_pointer (&entra_id), g_strdup (id));
  return TRUE;
}

static gboolean
fetch (TvmClient     *self,
       TvmPull       *pull,
       gboolean       is_single,
       int           *n_requests,
       GCancellable  *cancellable,
       GError       **error)
{
  const Source *source = &sources[pull->kind];
  g_autofree char *path = NULL;
  TvmListCall call = { .resource = source->is_intune ? TVM_RESOURCE_GRAPH : TVM_RESOURCE_DEFENDER,
                       .by_skip = !source->is_intune, .page_rows = source->page_rows,
                       .none_on_404 = source->none_on_404,
                       .shape = source->shape, .path = source->path, .is_single = is_single,
                       .n_passed_over = &pull->n_passed_over };

  if (pull->kind == TVM_PULL_RECOMMENDATION)
    return tvm_client_ask (self, pull, pull->owner, n_requests, cancellable, error);
  if (pull->kind == TVM_PULL_SECURITY_UPDATES)
    return tvm_client_fetch_updates (self, &call, pull, n_requests, cancellable, error);
  if (pull->matrix != NULL)
    return tvm_client_fetch_matrix (self, &call, pull, n_requests, cancellable, error);
  if (source->path_after != NULL)
    {
      g_autofree char *before = g_strconcat (source->path, "/", NULL);

      call.path = path = tvm_client_build_path (before, pull->owner, source->path_after);
    }
  if (source->build != NULL)
    return tvm_list_fetch_records (tvm_client_get_http (self), &call, source->build,
                                   source->id_offset, pull->records, n_requests, cancellable,
                                   error);
  if (pull->refs != NULL)
    return tvm_client_fetch_refs (self, &call, pull->refs, n_requests, cancellable, error);
  if (pull->impacts != NULL)
    return tvm_client_fetch_user_impact (self, &call, pull, n_requests, cancellable, error);
  call.sink = managed_received_cb;
  call.sink_data = pull->ids;
  return tvm_list_fetch (tvm_client_get_http (self), &call, n_requests, cancellable, error);
}

/**
 * tvm_client_fetch:
 * @self: a client
 * @pull: (inout): an empty list of any kind
 * @n_requests: (inout) (nullable): counts the HTTP requests
 * @cancellable: (nullable): stops it
 * @error: return location for a #TvmError: %TVM_ERROR_NOT_FOUND where the service does not know the
 *   owner
 *
 * Fills the list. One of a single recommendation says that it is gone where the service says so.
 *
 * Returns: %TRUE only if the whole list arrived; otherwise @pull must not be kept
 */
gboolean
tvm_client_fetch (TvmClient     *self,
                  TvmPull       *pull,
                  int           *n_requests,
                  GCancellable  *cancellable,
                  GError       **error)
{
  g_return_val_if_fail (TVM_IS_CLIENT (self), FALSE);

  return fetch (self, pull, FALSE, n_requests, cancellable, error);
}

/**
 * tvm_client_try:
 * @self: a client
 * @pull: (inout): an empty list of any kind
 * @cancellable: (nullable): stops it
 *
 * The same for what can be done without: what fails is not tried again.
 *
 * Returns: %TRUE only if the whole list arrived; otherwise @pull must not be kept
 */
gboolean
tvm_client_try (TvmClient    *self,
                TvmPull      *pull,
                GCancellable *cancellable)
{
  g_return_val_if_fail (TVM_IS_CLIENT (self), FALSE);

  return fetch (self, pull, TRUE, NULL, cancellable, NULL);
}

/* ---- one thing */

typedef struct {
  TvmPull      *pull;
  const Source *source;
  const char   *id;      /* what was asked for */
} Question;

static gboolean
answer_received_cb (const TvmWireRow *row,
                    gpointer          user_data,
                    GError          **error)
{
  Question *question = user_data;
  gpointer record = question->source->build (row, error);
  char **id;

  if (record == NULL)
    return FALSE;
  g_ptr_array_add (question->pull->records, record);
  id = &G_STRUCT_MEMBER (char *, record, question->source->id_offset);
  if (g_ascii_strcasecmp (*id, question->id) == 0)
    {
      tvm_set_str (id, question->id);
      question->pull->lacked_some = TRUE;
      return TRUE;
    }
  g_ptr_array_remove (question->pull->records, record);
  g_set_error (error, TVM_ERROR, TVM_ERROR_BAD_RESPONSE,
               /* Translators: an id */
               _("The service was asked about “%s” and answered about something else."),
               question->id);
  return FALSE;
}

/**
 * tvm_client_ask:
 * @self: a client
 * @pull: (inout): a list of recommendations, of portal activities or of tickets
 * @id: something that it lacks
 * @n_requests: (inout) (nullable): counts the HTTP requests
 * @cancellable: (nullable): stops it
 * @error: return location for a #TvmError
 *
 * Asks the service about that one thing, and adds it to the list, or notes that the service itself
 * does not have it.
 *
 * Returns: whether there was an answer
 */
gboolean
tvm_client_ask (TvmClient     *self,
                TvmPull       *pull,
                const char    *id,
                int           *n_requests,
                GCancellable  *cancellable,
                GError       **error)
{
  const Source *source = &sources[pull->kind];
  TvmResource resource = source->is_intune ? TVM_RESOURCE_GRAPH : TVM_RESOURCE_DEFENDER;
  TvmWireShape shape = { source->shape->name, source->shape->fields, source->shape->members, TRUE };
  Question question = { pull, source, id };
  g_autoptr(TvmJsonStream) stream = tvm_json_stream_new (&shape, answer_received_cb, &question);
  g_autoptr(GError) failure = NULL;
  g_autofree char *before = NULL, *path = NULL, *url = NULL;
  TvmHttpCall call = { .resource = resource, .n_requests = n_requests };
  TvmExchange exchange;

  g_return_val_if_fail (TVM_IS_CLIENT (self), FALSE);
  before = g_strconcat (source->path, "/", NULL);
  path = tvm_client_build_path (before, id, NULL);
  url = g_strconcat (tvm_http_get_base (tvm_client_get_http (self), resource), path, NULL);
  call.url = url;
  if (tvm_http_begin (tvm_client_get_http (self), &call, &exchange, cancellable, &failure))
    return tvm_list_read (&exchange, stream, cancellable, error);
  /* A gateway's page is no word of the service about that thing. */
  if (!g_error_matches (failure, TVM_ERROR, TVM_ERROR_NOT_FOUND) || !exchange.has_words)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  g_hash_table_add (pull->gone, g_strdup (id));
  return TRUE;
}

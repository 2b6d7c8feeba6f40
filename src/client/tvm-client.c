/* tvm-client.c: the calls of the Defender API and of Intune through Microsoft Graph. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-client.h"
#include "tvm-client-private.h"
#include "tvm-error.h"
#include "tvm-http-private.h"
#include "tvm-list-private.h"
#include "tvm-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MANAGED_PATH "/beta/deviceManagement/managedDevices" \
                     "?$select=id,azureADDeviceId,deviceName,lastSyncDateTime"

struct _TvmClient
{
  GObject parent_instance;
  TvmHttp http;
};

G_DEFINE_FINAL_TYPE (TvmClient, tvm_client, G_TYPE_OBJECT)

static void
tvm_client_finalize (GObject *object)
{
  tvm_http_clear (&TVM_CLIENT (object)->http);
  G_OBJECT_CLASS (tvm_client_parent_class)->finalize (object);
}

static void
tvm_client_class_init (TvmClientClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tvm_client_finalize;
}

static void
tvm_client_init (TvmClient *self)
{
}

/**
 * tvm_client_new:
 * @endpoints: which services
 * @sign_in: who gives the tokens
 *
 * Returns: (transfer full): a client; nothing is sent before it is used
 */
TvmClient *
tvm_client_new (const TvmEndpoints *endpoints,
                TvmSignIn          *sign_in)
{
  TvmClient *self = g_object_new (TVM_TYPE_CLIENT, NULL);

  tvm_http_init (&self->http, endpoints, sign_in);
  return self;
}

/**
 * tvm_client_set_wait_func:
 * @func: (nullable) (scope forever): is told when the next call may be made, and 0 when it goes on;
 *   on the thread that waits
 */
void
tvm_client_set_wait_func (TvmClient   *self,
                          TvmWaitFunc  func,
                          gpointer     user_data)
{
  g_return_if_fail (TVM_IS_CLIENT (self));

  tvm_pace_set_func (&self->http.pace, func, user_data);
}

/**
 * tvm_client_set_unlimited:
 * @is_unlimited: whether no limit of calls a minute is kept, as for the embedded demo tenant
 */
void
tvm_client_set_unlimited (TvmClient *self,
                          gboolean   is_unlimited)
{
  g_return_if_fail (TVM_IS_CLIENT (self));

  tvm_pace_set_unlimited (&self->http.pace, is_unlimited);
}

/**
 * tvm_client_dup_pace:
 * Returns: (transfer full): how much of the services' limits is used up, in words for
 *   tvm_client_load_pace()
 */
char *
tvm_client_dup_pace (TvmClient *self)
{
  return tvm_pace_dup_state (&self->http.pace);
}

/**
 * tvm_client_load_pace:
 * @state: (nullable): what an earlier client used up; nothing usable counts as nothing
 */
void
tvm_client_load_pace (TvmClient  *self,
                      const char *state)
{
  tvm_pace_load_state (&self->http.pace, state);
}

TvmHttp *
tvm_client_get_http (TvmClient *self)
{
  return &self->http;
}

TvmTransport *
tvm_client_get_transport (TvmClient *self)
{
  return self->http.transport;
}

void
tvm_client_set_wait_divisor (TvmClient *self,
                             guint      divisor)
{
  tvm_transport_set_wait_divisor (self->http.transport, divisor);
}

char *
tvm_client_build_path (const char *before, const char *id, const char *after)
{
  g_autofree char *escaped = g_uri_escape_string (id, NULL, FALSE);

  return g_strconcat (before, escaped, after, NULL);
}

/**
 * tvm_client_list_recommendations:
 * Returns: (transfer full) (nullable) (element-type TvmRecommendation): all, or %NULL on error
 */
GPtrArray *
tvm_client_list_recommendations (TvmClient     *self,
                                 int           *n_requests,
                                 GCancellable  *cancellable,
                                 GError       **error)
{
  TvmListCall call = { .resource = TVM_RESOURCE_DEFENDER, .by_skip = TRUE,
                       .shape = &tvm_shape_recommendations, .path = "/api/recommendations" };

  g_return_val_if_fail (TVM_IS_CLIENT (self), NULL);
  return tvm_list_fetch_records (&self->http, &call, tvm_wire_build_recommendation,
                                 (GDestroyNotify) tvm_recommendation_unref,
                                 G_STRUCT_OFFSET (TvmRecommendation, id), n_requests, cancellable,
                                 error);
}

/**
 * tvm_client_list_devices:
 * Returns: (transfer full) (nullable) (element-type TvmDevice): all, none where the service
 *   knows no device (404), or %NULL on error
 */
GPtrArray *
tvm_client_list_devices (TvmClient     *self,
                         int           *n_requests,
                         GCancellable  *cancellable,
                         GError       **error)
{
  TvmListCall call = { .resource = TVM_RESOURCE_DEFENDER, .by_skip = TRUE, .none_on_404 = TRUE,
                       .shape = &tvm_shape_devices, .path = "/api/machines" };

  g_return_val_if_fail (TVM_IS_CLIENT (self), NULL);
  return tvm_list_fetch_records (&self->http, &call, tvm_wire_build_device,
                                 (GDestroyNotify) tvm_device_unref, G_STRUCT_OFFSET (TvmDevice, id),
                                 n_requests, cancellable, error);
}

/**
 * tvm_client_list_portal_activities:
 * Returns: (transfer full) (nullable) (element-type TvmActivity): all, or %NULL on error
 */
GPtrArray *
tvm_client_list_portal_activities (TvmClient     *self,
                                   int           *n_requests,
                                   GCancellable  *cancellable,
                                   GError       **error)
{
  TvmListCall call = { .resource = TVM_RESOURCE_DEFENDER, .by_skip = TRUE,
                       .shape = &tvm_shape_activities, .path = "/api/remediationTasks" };

  g_return_val_if_fail (TVM_IS_CLIENT (self), NULL);
  return tvm_list_fetch_records (&self->http, &call, tvm_wire_build_activity,
                                 (GDestroyNotify) tvm_activity_unref,
                                 G_STRUCT_OFFSET (TvmActivity, id),
                                 n_requests, cancellable, error);
}

/**
 * tvm_client_list_vulnerabilities:
 * @recommendation_id: of which recommendation
 *
 * Returns: (transfer full) (nullable) (element-type TvmVulnerability): its CVEs, or %NULL on error
 */
GPtrArray *
tvm_client_list_vulnerabilities (TvmClient     *self,
                                 const char    *recommendation_id,
                                 int           *n_requests,
                                 GCancellable  *cancellable,
                                 GError       **error)
{
  g_autofree char *path = NULL;
  TvmListCall call = { .resource = TVM_RESOURCE_DEFENDER, .by_skip = TRUE,
                       .shape = &tvm_shape_vulnerabilities };

  g_return_val_if_fail (TVM_IS_CLIENT (self), NULL);
  path = tvm_client_build_path ("/api/recommendations/", recommendation_id, "/vulnerabilities");
  call.path = path;
  return tvm_list_fetch_records (&self->http, &call, tvm_wire_build_vulnerability,
                                 (GDestroyNotify) tvm_vulnerability_unref,
                                 G_STRUCT_OFFSET (TvmVulnerability, id), n_requests, cancellable,
                                 error);
}

typedef struct { double score; gint64 when_us; } Score;

static gboolean
score_received_cb (const TvmRow  *row,
                   gpointer       user_data,
                   GError       **error)
{
  Score *score = user_data;

  if (tvm_row_require_id (row, error) == NULL)
    return FALSE;
  score->score = tvm_row_get_double (row, TVM_SCORE_VALUE, -1);
  score->when_us = tvm_row_get_instant (row, TVM_SCORE_TIME);
  if (score->score >= 0)
    return TRUE;
  g_set_error_literal (error, TVM_ERROR, TVM_ERROR_BAD_RESPONSE, _("The score is not a number."));
  return FALSE;
}

/**
 * tvm_client_get_score:
 * @out_when_us: (out): when it was computed, 0 where the service does not say
 * @out_score: (out): the score
 *
 * Returns: %FALSE on error
 */
gboolean
tvm_client_get_score (TvmClient     *self,
                      TvmScoreKind   kind,
                      gint64        *out_when_us,
                      double        *out_score,
                      GCancellable  *cancellable,
                      GError       **error)
{
  Score score = { 0, 0 };
  g_autoptr(TvmJsonStream) stream = tvm_json_stream_new (&tvm_shape_score, score_received_cb,
                                                         &score);
  g_autofree char *url = NULL;
  TvmHttpCall call = { .resource = TVM_RESOURCE_DEFENDER };
  TvmExchange exchange;

  g_return_val_if_fail (TVM_IS_CLIENT (self), FALSE);
  url = g_strconcat (self->http.endpoints->defender_url,
                     kind == TVM_SCORE_EXPOSURE ? "/api/exposureScore" : "/api/configurationScore",
                     NULL);
  call.url = url;
  if (!tvm_http_begin (&self->http, &call, &exchange, cancellable, error) ||
      !tvm_list_read (&exchange, stream, cancellable, error))
    return FALSE;
  *out_when_us = score.when_us;
  *out_score = score.score;
  return TRUE;
}

/**
 * tvm_client_list_tickets:
 * Returns: (transfer full) (nullable) (element-type TvmTicket): all, also those of others
 *   (without a marker), or %NULL on error
 */
GPtrArray *
tvm_client_list_tickets (TvmClient     *self,
                         int           *n_requests,
                         GCancellable  *cancellable,
                         GError       **error)
{
  TvmListCall call = { .resource = TVM_RESOURCE_GRAPH, .shape = &tvm_shape_tickets,
                       .path = TVM_TICKETS_PATH };

  g_return_val_if_fail (TVM_IS_CLIENT (self), NULL);
  return tvm_list_fetch_records (&self->http, &call, tvm_wire_build_ticket,
                                 (GDestroyNotify) tvm_ticket_unref, G_STRUCT_OFFSET (TvmTicket, id),
                                 n_requests, cancellable, error);
}

static gboolean
managed_received_cb (const TvmRow  *row,
                     gpointer       user_data,
                     gboolean      *is_new,
                     GError       **error)
{
  GHashTable *ids = user_data;
  const char *id = tvm_row_require_id (row, error);
  const char *entra_id = tvm_row_get_string (row, TVM_MANAGED_ENTRA_ID);

  if (id == NULL)
    return FALSE;
  *is_new = entra_id != NULL &&
            g_hash_table_replace (ids, g_ascii_strdown (entra_id, -1), g_strdup (id));
  return TRUE;
}

/**
 * tvm_client_list_managed_devices:
 * Returns: (transfer full) (nullable): Entra device id in lower case to Intune device id, or
 *   %NULL on error
 */
GHashTable *
tvm_client_list_managed_devices (TvmClient     *self,
                                 int           *n_requests,
                                 GCancellable  *cancellable,
                                 GError       **error)
{
  g_autoptr(GHashTable) ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  TvmListCall call = { .resource = TVM_RESOURCE_GRAPH, .shape = &tvm_shape_managed_devices,
                       .path = MANAGED_PATH, .sink = managed_received_cb, .sink_data = ids };

  g_return_val_if_fail (TVM_IS_CLIENT (self), NULL);
  return tvm_list_fetch (&self->http, &call, n_requests, cancellable, error)
           ? g_steal_pointer (&ids) : NULL;
}

static gboolean
ignore_row_cb (const TvmRow  *row,
               gpointer       user_data,
               gboolean      *is_new,
               GError       **error)
{
  return TRUE;
}

/**
 * tvm_client_check_intune:
 * Calls Intune once with the permission to write (R1).
 *
 * Returns: %FALSE with an error that says why, and what to do, when it does not work
 */
gboolean
tvm_client_check_intune (TvmClient     *self,
                         GCancellable  *cancellable,
                         GError       **error)
{
  TvmListCall call = { .resource = TVM_RESOURCE_GRAPH, .intune_write = TRUE,
                       .first_page_only = TRUE, .shape = &tvm_shape_tickets, .path = TVM_TICKETS_PATH, .sink = ignore_row_cb };
  g_autoptr(GError) failure = NULL;

  g_return_val_if_fail (TVM_IS_CLIENT (self), FALSE);
  if (tvm_list_fetch (&self->http, &call, NULL, cancellable, &failure))
    return TRUE;
  if (g_error_matches (failure, TVM_ERROR, TVM_ERROR_FORBIDDEN))
    g_set_error (error, TVM_ERROR, TVM_ERROR_FORBIDDEN,
                 _("Intune refuses the connection. Ask an administrator to grant the permission "
                   "DeviceManagementApps.ReadWrite.All and a role in Intune that can read and "
                   "create security tasks, then try again. %s"), failure->message);
  else
    g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

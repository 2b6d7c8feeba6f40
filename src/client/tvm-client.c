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
#include <math.h>
#include <string.h>

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
 * @self: a client
 * @func: (nullable) (scope forever): is told when the next call may be made, in microseconds since
 *   1970, and 0 when it goes on; on the thread that waits, one call at a time
 * @user_data: for @func
 *
 * Once this returns, the function there was is not called any more; so it may not be called from
 * it.
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
 * tvm_client_is_asked_to_wait:
 * @self: a client
 *
 * Returns: whether a service itself asks for the wait that was told last; else this program makes
 *   no more calls than are allowed, or tries again what a service failed at. Any thread
 */
gboolean
tvm_client_is_asked_to_wait (TvmClient *self)
{
  g_return_val_if_fail (TVM_IS_CLIENT (self), FALSE);

  return g_atomic_int_get (&self->http.pace.shows_asked);
}

/**
 * tvm_client_wait:
 * @self: a client
 * @delay_us: how long, in microseconds
 * @cancellable: (nullable): ends the wait
 * @error: return location for %G_IO_ERROR_CANCELLED
 *
 * Lets time pass before the service is asked the same again, and tells the wait function. Blocks.
 *
 * Returns: %FALSE when cancelled meanwhile
 */
gboolean
tvm_client_wait (TvmClient     *self,
                 gint64         delay_us,
                 GCancellable  *cancellable,
                 GError       **error)
{
  g_return_val_if_fail (TVM_IS_CLIENT (self), FALSE);

  return tvm_transport_wait (self->http.transport, delay_us, TRUE, cancellable, error);
}

/**
 * tvm_client_set_unlimited:
 * @self: a client
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
 * tvm_client_set_caller:
 * @self: a client that made no call yet
 * @caller: whose its calls are
 */
void
tvm_client_set_caller (TvmClient *self,
                       TvmCaller  caller)
{
  g_return_if_fail (TVM_IS_CLIENT (self));

  self->http.pace.caller = caller;
}

/**
 * tvm_client_dup_pace:
 * @self: a client
 *
 * Returns: (transfer full): which calls its caller made of late, in words for
 *   tvm_client_load_pace()
 */
char *
tvm_client_dup_pace (TvmClient *self)
{
  return tvm_pace_dup_state (&self->http.pace);
}

/**
 * tvm_client_load_pace:
 * @self: a client
 * @caller: whose calls they were; its own are added to what it made, others' replaced
 * @state: (nullable): which calls; nothing usable counts as nothing
 */
void
tvm_client_load_pace (TvmClient  *self,
                      TvmCaller   caller,
                      const char *state)
{
  tvm_pace_load_state (&self->http.pace, caller, state);
}

/**
 * tvm_client_get_spent:
 * @self: a client
 * @spent: (out caller-allocates): what was called since it was made
 */
void
tvm_client_get_spent (TvmClient *self,
                      TvmSpent  *spent)
{
  tvm_pace_get_spent (&self->http.pace, spent);
}

/**
 * tvm_client_read_budgets:
 * @states: (array fixed-size=TVM_N_CALLERS) (element-type utf8): of each caller, perhaps %NULL:
 *   from tvm_client_dup_pace()
 * @planned: calls that are to be made now
 * @budgets: (out caller-allocates) (array fixed-size=TVM_N_CALL_CLASSES): what may be called now
 *
 * Returns: how long the limits make the last of the planned calls wait, in microseconds
 */
gint64
tvm_client_read_budgets (const char *const *states,
                         const TvmSpent    *planned,
                         TvmBudget         *budgets)
{
  g_autoptr(TvmTransport) transport = tvm_transport_new ();
  TvmPace pace = { NULL };
  gint64 longest_us = 0;

  tvm_pace_init (&pace, transport);
  for (guint i = 0; i < TVM_N_CALLERS; i++)
    tvm_pace_load_state (&pace, i, states[i]);
  for (guint i = 0; i < TVM_N_CALL_CLASSES; i++)
    {
      tvm_pace_get_budget (&pace, i, &budgets[i]);
      longest_us = MAX (longest_us, tvm_pace_forecast_us (&pace, i, planned->n_calls[i]));
    }
  tvm_pace_clear (&pace);
  return longest_us;
}

/**
 * tvm_client_get_http:
 * @self: a client
 *
 * Returns: (transfer none): what its calls go through
 */
TvmHttp *
tvm_client_get_http (TvmClient *self)
{
  return &self->http;
}

/**
 * tvm_client_get_transport:
 * @self: a client
 *
 * Returns: (transfer none): its pool of connections, for tests to set limits and trust
 */
TvmTransport *
tvm_client_get_transport (TvmClient *self)
{
  return self->http.transport;
}

/**
 * tvm_client_set_wait_divisor:
 * @self: a client
 * @divisor: waits last 1/@divisor of what was told; 0 counts as 1
 *
 * For tests.
 */
void
tvm_client_set_wait_divisor (TvmClient *self,
                             guint      divisor)
{
  tvm_transport_set_wait_divisor (self->http.transport, divisor);
}

/**
 * tvm_client_build_path:
 * @before: the path before the id, as it is
 * @id: an id, which is escaped, slashes too
 * @after: (nullable): the path after it, as it is
 *
 * Returns: (transfer full): the three together
 */
char *
tvm_client_build_path (const char *before, const char *id, const char *after)
{
  g_autofree char *escaped = g_uri_escape_string (id, NULL, FALSE);

  return g_strconcat (before, escaped, after, NULL);
}

typedef struct { double score; gint64 when_us; } Score;

static gboolean
score_received_cb (const TvmWireRow *row,
                   gpointer          user_data,
                   GError          **error)
{
  Score *score = user_data;
  TvmWireValueKind value;

  score->score = tvm_wire_row_get_double (row, TVM_SCORE_VALUE, NAN);
  score->when_us = tvm_wire_row_get_instant (row, TVM_SCORE_TIME);
  value = tvm_wire_row_get_kind (row, TVM_SCORE_VALUE);
  if (value == TVM_WIRE_NULL || (value == TVM_WIRE_ABSENT && score->when_us != 0))
    score->score = -1;
  if (!isnan (score->score))
    return TRUE;
  if (tvm_wire_row_require_id (row, error) != NULL)
    g_set_error_literal (error, TVM_ERROR, TVM_ERROR_BAD_RESPONSE,
                         _("The score is not a number."));
  return FALSE;
}

/**
 * tvm_client_get_score:
 * @self: a client
 * @kind: exposure score or Microsoft Secure Score for Devices
 * @out_when_us: (out): when it was computed, in microseconds since 1970; 0 where the service does
 *   not say
 * @out_score: (out): the score, 0 or more; below 0: there is none yet
 * @cancellable: (nullable): stops it
 * @error: return location for a #TvmError or %G_IO_ERROR_CANCELLED
 *
 * Asks for a score as it is now (API pages "Get exposure score" and "Get device secure score").
 * Blocks.
 *
 * Returns: %FALSE on error; nothing is set then
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

static gboolean
ignore_row_cb (const TvmWireRow *row,
               gpointer          user_data,
               gboolean         *is_new,
               GError          **error)
{
  return TRUE;
}

/**
 * tvm_client_check_intune:
 * @self: a client
 * @cancellable: (nullable): stops it
 * @error: return location for a #TvmError or %G_IO_ERROR_CANCELLED
 *
 * Calls Intune once with the permission to write, and changes nothing there (R1). Blocks.
 *
 * Returns: %FALSE with an error that says why, and what to do, when it does not work:
 *   %TVM_ERROR_CONSENT_REQUIRED where the permission was not given yet, %TVM_ERROR_FORBIDDEN where
 *   a role is missing
 */
gboolean
tvm_client_check_intune (TvmClient     *self,
                         GCancellable  *cancellable,
                         GError       **error)
{
  TvmListCall call = { .resource = TVM_RESOURCE_GRAPH, .intune_write = TRUE,
                       .first_page_only = TRUE, .shape = &tvm_shape_tickets, .path =
                         TVM_TICKETS_PATH, .sink = ignore_row_cb };
  g_autoptr(GError) failure = NULL;

  g_return_val_if_fail (TVM_IS_CLIENT (self), FALSE);
  if (tvm_list_fetch (&self->http, &call, NULL, cancellable, &failure))
    return TRUE;
  if (g_error_matches (failure, TVM_ERROR, TVM_ERROR_FORBIDDEN))
    {
      g_autofree char *text = g_strdup_printf (
        _("Intune refuses the connection. Ask an administrator to grant the permission "
          "DeviceManagementApps.ReadWrite.All and a role in Intune that can read and create "
          "security tasks, then try again. %s"), failure->message);

      tvm_set_str (&failure->message, text);
    }
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

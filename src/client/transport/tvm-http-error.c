/* tvm-http-error.c: an answer that is an error, in words for people. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-http-private.h"
#include "tvm-client-private.h"
#include "tvm-error.h"
#include "tvm-json.h"
#include "tvm-permissions-private.h"
#include "tvm-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/**
 * tvm_http_get_service_name:
 * @resource: a service
 *
 * Returns: what to call it in a sentence; static, not translated
 */
const char *
tvm_http_get_service_name (TvmResource resource)
{
  return resource == TVM_RESOURCE_DEFENDER ? "Microsoft Defender" : "Microsoft Graph";
}

static int
get_error_code (guint status)
{
  switch (status)
    {
    case 401: /* with a fresh token: so Intune tells of a missing role or licence */
    case 403:
      return TVM_ERROR_FORBIDDEN;
    case 404:
      return TVM_ERROR_NOT_FOUND;
    case 429:
      return TVM_ERROR_THROTTLED;
    case 408:
      return TVM_ERROR_OFFLINE;
    default:
      return status >= 500 ? TVM_ERROR_OFFLINE : status >= 400 ? TVM_ERROR_REJECTED
                                                               : TVM_ERROR_BAD_RESPONSE;
    }
}

/* Which permission lacks, or may, and who grants it. */
static char *
dup_permission_advice (TvmHttp           *self,
                       const TvmHttpCall *call)
{
  gboolean is_unattended = tvm_sign_in_is_unattended (self->sign_in);
  const char *permission = tvm_permission_for_call (call->url, call->intune_write, is_unattended);
  g_autofree char *granted = NULL;

  if (permission == NULL)
    return g_strdup (_("Ask an administrator for the missing role, permission or licence, then try "
                       "again."));
  if (is_unattended)
    /* Translators: a permission's name, then an application's id. */
    return g_strdup_printf (_("Ask an administrator of Microsoft Entra to grant the application "
                              "permission “%s” to the application “%s”, then try again."),
                            permission, self->endpoints->client_id);
  granted = tvm_sign_in_dup_scope (self->sign_in, call->resource, call->intune_write);
  if (tvm_scopes_lack (granted, permission))
    return g_strdup_printf (_("The sign-in lacks the permission “%s”. Ask an administrator of "
                              "Microsoft Entra to grant it to the application, then sign in "
                              "again."), permission);
  return g_strdup_printf (_("It takes the permission “%s”, and a role and a licence that go with "
                            "it. Ask an administrator for the one that is missing, then try "
                            "again."), permission);
}

/* What to do next. */
static const char *
get_advice (guint status)
{
  if (status == 404)
    return _("Synchronize again; what is gone disappears from the lists then.");
  if (status == 429)
    return _("Too many calls were made in this tenant. Wait some minutes, then try again.");
  if (status >= 500 || status == 408)
    return _("The fault is on the service's side. Try again later.");
  return _("Try again; if it stays, give Microsoft's support the correlation id.");
}

/* Whether the token lacks what only a person who signs in again can give (RFC 9470, CAE). */
static gboolean
asks_for_person (TvmExchange *exchange)
{
  const char *challenge = soup_message_headers_get_list (
    soup_message_get_response_headers (exchange->message), "WWW-Authenticate");

  return exchange->status == 401 && challenge != NULL &&
         strstr (challenge, "insufficient_") != NULL;
}

/* The service's own words, its code where it has none, else the status line's. */
static void
set_service_error (TvmHttp            *self,
                   const TvmHttpCall  *call,
                   const char         *request_id,
                   TvmExchange        *exchange,
                   const GString      *body,
                   GError            **error)
{
  g_autoptr(JsonObject) root = body != NULL ? tvm_json_parse_small (body->str, body->len) : NULL;
  JsonObject *said = tvm_json_get_object (root, "error");
  JsonObject *inner = tvm_json_get_object (said, "innerError");
  TvmResource resource = call->resource;
  const char *words = tvm_json_get_string (said, "message");
  const char *id = resource == TVM_RESOURCE_DEFENDER
                     ? tvm_json_get_string (said, "target")
                     : tvm_json_get_string (inner, "request-id");
  g_autofree char *plain_words = NULL;
  g_autofree char *plain_id = NULL;
  g_autofree char *advice = NULL;
  GError *failure;

  exchange->has_words = said != NULL;
  if (words == NULL)
    words = tvm_json_get_string (said, "code");
  if (words == NULL)
    words = soup_message_get_reason_phrase (exchange->message);
  if (id == NULL)
    id = soup_message_headers_get_one (soup_message_get_response_headers (exchange->message),
                                       "request-id");
  if (id == NULL)
    id = request_id;
  plain_words = tvm_text_make_plain (words != NULL ? words : "–", -1, 400);
  plain_id = tvm_text_make_plain (id != NULL ? id : "–", -1, 80);
  advice = exchange->status == 401 || exchange->status == 403
             ? dup_permission_advice (self, call) : g_strdup (get_advice (exchange->status));
  if (asks_for_person (exchange) && !tvm_sign_in_is_unattended (self->sign_in))
    failure = g_error_new (TVM_ERROR, TVM_ERROR_AUTH_REQUIRED,
                           _("%s does not accept the sign-in. Sign in again; all local data stays. "
                             "(%s; correlation id %s)"), tvm_http_get_service_name (resource),
                           plain_words, plain_id);
  else
    failure = g_error_new (TVM_ERROR, get_error_code (exchange->status),
                           /* Translators: a service's name, an HTTP status, the service's words, a
                            * GUID, a sentence of advice */
                           _("%s answered with status %u: %s (correlation id %s). %s"),
                           tvm_http_get_service_name (resource), exchange->status, plain_words,
                           plain_id, advice);
  tvm_error_set_correlation_id (failure, id != NULL ? plain_id : NULL);
  g_propagate_error (error, failure);
}

/**
 * tvm_http_fail_with_answer:
 * @self: what calls go through
 * @call: what was asked
 * @request_id: (nullable): the id we gave the call
 * @exchange: with an answer that is an error; not ended here
 * @cancellable: (nullable): stops the reading
 * @error: return location for a #TvmError by the HTTP status, or %G_IO_ERROR_CANCELLED
 *
 * Reads the error answer and tells it, with the service's words and its correlation id: "target" of
 * the Defender API, "request-id" of Microsoft Graph. An unreadable one does not hide the status.
 */
void
tvm_http_fail_with_answer (TvmHttp            *self,
                           const TvmHttpCall  *call,
                           const char         *request_id,
                           TvmExchange        *exchange,
                           GCancellable       *cancellable,
                           GError            **error)
{
  GString *body = tvm_exchange_read_all (exchange, TVM_ERROR_MAX_BYTES, cancellable, NULL);

  if (!g_cancellable_set_error_if_cancelled (cancellable, error))
    set_service_error (self, call, request_id, exchange, body, error);
  if (body != NULL)
    g_string_free (body, TRUE);
}

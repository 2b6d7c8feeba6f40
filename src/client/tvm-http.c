/* tvm-http.c: one call of a service with its token, retries and errors. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-http-private.h"
#include "tvm-client-private.h"
#include "tvm-error.h"
#include "tvm-json-private.h"
#include "tvm-text.h"
#include "tvm-time.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_THROTTLED 6
#define MAX_FAILED    3
#define MAX_REDIRECTS 5
#define MAX_WAIT_US   TVM_HOUR_US  /* told to wait longer: an error */

/* What happened to one call so far. */
typedef struct {
  char    *url;        /* (owned) */
  char    *token;      /* (owned) */
  char    *request_id; /* (owned) (nullable): our GUID, Graph only */
  int      n_throttled, n_failed, n_redirects;
  gboolean refreshed;
} Progress;

void
tvm_http_init (TvmHttp            *self,
               const TvmEndpoints *endpoints,
               TvmSignIn          *sign_in)
{
  self->endpoints = tvm_endpoints_copy (endpoints);
  self->sign_in = g_object_ref (sign_in);
  self->transport = tvm_transport_new ();
  g_mutex_init (&self->mutex);
}

void
tvm_http_clear (TvmHttp *self)
{
  g_clear_pointer (&self->endpoints, tvm_endpoints_free);
  g_clear_object (&self->sign_in);
  g_clear_pointer (&self->transport, tvm_transport_unref);
  g_mutex_clear (&self->mutex);
}

const char *
tvm_http_get_base (TvmHttp     *self,
                   TvmResource  resource)
{
  return resource == TVM_RESOURCE_DEFENDER ? self->endpoints->defender_url
                                           : self->endpoints->graph_url;
}

static int
get_port (GUri *uri)
{
  if (g_uri_get_port (uri) > 0)
    return g_uri_get_port (uri);
  return g_ascii_strcasecmp (g_uri_get_scheme (uri), "https") == 0 ? 443 : 80;
}

/**
 * tvm_http_is_same_origin:
 * @base: a base address
 * @url: an address that a service named
 *
 * Returns: whether scheme, host and port of both are the same, so that @url may get a token
 */
gboolean
tvm_http_is_same_origin (const char *base,
                         const char *url)
{
  g_autoptr(GUri) ours = g_uri_parse (base, SOUP_HTTP_URI_FLAGS, NULL);
  g_autoptr(GUri) theirs = g_uri_parse (url, SOUP_HTTP_URI_FLAGS, NULL);

  return ours != NULL && theirs != NULL && g_uri_get_host (ours) != NULL &&
         g_uri_get_host (theirs) != NULL && g_uri_get_userinfo (theirs) == NULL &&
         g_ascii_strcasecmp (g_uri_get_scheme (ours), g_uri_get_scheme (theirs)) == 0 &&
         g_ascii_strcasecmp (g_uri_get_host (ours), g_uri_get_host (theirs)) == 0 &&
         get_port (ours) == get_port (theirs);
}

static const char *
get_service_name (TvmResource resource)
{
  return resource == TVM_RESOURCE_DEFENDER ? "Microsoft Defender" : "Microsoft Graph";
}

static int
get_error_code (guint status)
{
  switch (status)
    {
    case 401:
      return TVM_ERROR_AUTH_REQUIRED;
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

/* The service's own words, its code where it has none, else the status line's. */
static void
set_service_error (const TvmHttpCall  *call,
                   const Progress     *progress,
                   TvmExchange        *exchange,
                   const GString      *body,
                   GError            **error)
{
  g_autoptr(JsonObject) root = body != NULL ? tvm_json_parse_small (body->str, body->len) : NULL;
  JsonObject *said = tvm_json_get_object (root, "error");
  JsonObject *inner = tvm_json_get_object (said, "innerError");
  const char *words = tvm_json_get_string (said, "message");
  const char *id = call->resource == TVM_RESOURCE_DEFENDER
                     ? tvm_json_get_string (said, "target")
                     : tvm_json_get_string (inner, "request-id");
  g_autofree char *plain_words = NULL;
  g_autofree char *plain_id = NULL;

  if (words == NULL)
    words = tvm_json_get_string (said, "code");
  if (words == NULL)
    words = soup_message_get_reason_phrase (exchange->message);
  if (id == NULL)
    id = soup_message_headers_get_one (soup_message_get_response_headers (exchange->message),
                                       "request-id");
  if (id == NULL)
    id = progress->request_id;
  plain_words = tvm_text_make_plain (words != NULL ? words : "–", -1, 400);
  plain_id = tvm_text_make_plain (id != NULL ? id : "–", -1, 80);
  if (exchange->status == 401)
    g_set_error (error, TVM_ERROR, TVM_ERROR_AUTH_REQUIRED,
                 _("%s does not accept the sign-in. Sign in again; all local data stays. "
                   "(%s; correlation id %s)"), get_service_name (call->resource), plain_words,
                 plain_id);
  else
    g_set_error (error, TVM_ERROR, get_error_code (exchange->status),
                 /* Translators: a service's name, an HTTP status, the service's words, a GUID */
                 _("%s answered with status %u: %s (correlation id %s)"),
                 get_service_name (call->resource), exchange->status, plain_words, plain_id);
}

/* Whether another attempt makes sense. A request that may have been carried out is not repeated. */
static gboolean
may_retry (const TvmHttpCall *call,
           Progress          *progress,
           guint              status)
{
  gboolean is_get = call->body == NULL;

  if (status == 429 || status == 503 || (is_get && status == 504))
    return progress->n_throttled++ < MAX_THROTTLED;
  return is_get && (status >= 500 || status == 408) && progress->n_failed++ < MAX_FAILED;
}

static gboolean
wait_for (TvmHttp       *self,
          gint64         delay_us,
          GCancellable  *cancellable,
          GError       **error)
{
  TvmWaitFunc func;
  gpointer data;

  g_mutex_lock (&self->mutex);
  func = self->wait_func;
  data = self->wait_data;
  g_mutex_unlock (&self->mutex);
  return tvm_transport_wait (self->transport, delay_us, func, data, cancellable, error);
}

/* Waits as told; other threads that call the same service wait until then as well. */
static gboolean
wait_throttled (TvmHttp       *self,
                TvmResource    resource,
                gint64         delay_us,
                GCancellable  *cancellable,
                GError       **error)
{
  gint64 until_us = g_get_monotonic_time () +
                    delay_us / (gint64) tvm_transport_get_wait_divisor (self->transport);

  g_mutex_lock (&self->mutex);
  self->not_before_us[resource] = MAX (self->not_before_us[resource], until_us);
  g_mutex_unlock (&self->mutex);
  return wait_for (self, delay_us, cancellable, error);
}

static gboolean
wait_for_others (TvmHttp       *self,
                 TvmResource    resource,
                 GCancellable  *cancellable,
                 GError       **error)
{
  gint64 left_us;

  g_mutex_lock (&self->mutex);
  left_us = self->not_before_us[resource] - g_get_monotonic_time ();
  g_mutex_unlock (&self->mutex);
  if (left_us <= 0)
    return !g_cancellable_set_error_if_cancelled (cancellable, error);
  return wait_for (self, left_us * tvm_transport_get_wait_divisor (self->transport), cancellable,
                   error);
}

static SoupMessage *
make_message (TvmHttp            *self,
              const TvmHttpCall  *call,
              Progress           *progress,
              GError            **error)
{
  g_autofree char *authorization = NULL;
  SoupMessageHeaders *headers;
  SoupMessage *message;

  if (!tvm_http_is_same_origin (tvm_http_get_base (self, call->resource), progress->url))
    {
      g_set_error (error, TVM_ERROR, TVM_ERROR_BAD_RESPONSE,
                   _("%s named a page at another server. It was not opened."),
                   get_service_name (call->resource));
      return NULL;
    }
  message = tvm_transport_make_message (call->body != NULL ? "POST" : "GET", progress->url, error);
  if (message == NULL)
    return NULL;
  headers = soup_message_get_request_headers (message);
  authorization = g_strconcat ("Bearer ", progress->token, NULL);
  soup_message_headers_replace (headers, "Authorization", authorization);
  soup_message_headers_replace (headers, "Accept", "application/json");
  explicit_bzero (authorization, strlen (authorization));
  if (call->resource == TVM_RESOURCE_GRAPH)
    {
      g_free (progress->request_id);
      progress->request_id = g_uuid_string_random ();
      soup_message_headers_replace (headers, "client-request-id", progress->request_id);
    }
  if (call->body != NULL)
    {
      g_autoptr(GBytes) body = g_bytes_new (call->body, strlen (call->body));

      /* A fresh connection: a kept one may be dead, and then nobody knows what arrived. */
      soup_message_add_flags (message, SOUP_MESSAGE_NEW_CONNECTION);
      soup_message_set_request_body_from_bytes (message, "application/json", body);
    }
  return message;
}

static gboolean
follow_redirect (const TvmHttpCall  *call,
                 Progress           *progress,
                 TvmExchange        *exchange,
                 GError            **error)
{
  const char *location =
    soup_message_headers_get_one (soup_message_get_response_headers (exchange->message),
                                  "Location");
  g_autofree char *target = NULL;

  if (location != NULL)
    target = g_uri_resolve_relative (progress->url, location, SOUP_HTTP_URI_FLAGS, NULL);
  if (target == NULL || call->body != NULL || ++progress->n_redirects > MAX_REDIRECTS)
    {
      g_set_error (error, TVM_ERROR, TVM_ERROR_BAD_RESPONSE,
                   _("%s redirected the request in a way that is not documented."),
                   get_service_name (call->resource));
      return FALSE;
    }
  g_free (progress->url);
  progress->url = g_steal_pointer (&target);
  return TRUE;
}

/* Reads the error answer. An unreadable one does not hide the status. */
static gboolean
fail_with_answer (const TvmHttpCall  *call,
                  const Progress     *progress,
                  TvmExchange        *exchange,
                  GCancellable       *cancellable,
                  GError            **error)
{
  GString *body = tvm_exchange_read_all (exchange, TVM_ERROR_MAX_BYTES, cancellable, NULL);

  if (!g_cancellable_set_error_if_cancelled (cancellable, error))
    set_service_error (call, progress, exchange, body, error);
  if (body != NULL)
    g_string_free (body, TRUE);
  return FALSE;
}

typedef enum { STEP_FAIL, STEP_AGAIN, STEP_DONE } Step;

static Step
handle_answer (TvmHttp            *self,
               const TvmHttpCall  *call,
               Progress           *progress,
               TvmExchange        *exchange,
               GCancellable       *cancellable,
               GError            **error)
{
  guint status = exchange->status;
  gint64 delay_us;
  gboolean waited;
  char *token;

  if (status >= 200 && status < 300)
    return STEP_DONE;
  if (status >= 301 && status <= 308 && status != 304)
    return follow_redirect (call, progress, exchange, error) ? STEP_AGAIN : STEP_FAIL;
  if (status == 401 && !progress->refreshed)
    {
      progress->refreshed = TRUE;
      tvm_exchange_end (exchange);
      token = tvm_sign_in_replace_token (self->sign_in, call->resource, call->intune_write,
                                         progress->token, cancellable, error);
      if (token == NULL)
        return STEP_FAIL;
      g_free (progress->token);
      progress->token = token;
      return STEP_AGAIN;
    }
  delay_us = tvm_transport_retry_delay_us (exchange->message,
                                           progress->n_throttled + progress->n_failed);
  if (delay_us > MAX_WAIT_US || !may_retry (call, progress, status))
    {
      fail_with_answer (call, progress, exchange, cancellable, error);
      return STEP_FAIL;
    }
  tvm_exchange_end (exchange);
  waited = status == 429 || status == 503
             ? wait_throttled (self, call->resource, delay_us, cancellable, error)
             : wait_for (self, delay_us, cancellable, error);
  return waited ? STEP_AGAIN : STEP_FAIL;
}

/**
 * tvm_http_begin:
 * @call: what to ask
 * @exchange: (out caller-allocates): the exchange with a 2xx answer, for the caller to read and to
 *   end; ended already where this fails
 *
 * Returns: %FALSE with an error in the service's words, or %G_IO_ERROR_CANCELLED
 */
gboolean
tvm_http_begin (TvmHttp            *self,
                const TvmHttpCall  *call,
                TvmExchange        *exchange,
                GCancellable       *cancellable,
                GError            **error)
{
  Progress progress = { .url = g_strdup (call->url) };
  SoupMessage *message;
  Step step = STEP_FAIL;

  *exchange = (TvmExchange) { .session = NULL };
  progress.token = tvm_sign_in_get_token (self->sign_in, call->resource, call->intune_write, FALSE,
                                          cancellable, error);
  while (progress.token != NULL)
    {
      step = STEP_FAIL;
      if (!wait_for_others (self, call->resource, cancellable, error) ||
          (message = make_message (self, call, &progress, error)) == NULL)
        break;
      if (call->n_requests != NULL)
        (*call->n_requests)++;
      if (tvm_exchange_begin (exchange, self->transport, message, cancellable, error))
        step = handle_answer (self, call, &progress, exchange, cancellable, error);
      if (step == STEP_DONE)
        break;
      tvm_exchange_end (exchange);
      if (step == STEP_FAIL)
        break;
    }
  if (progress.token != NULL)
    explicit_bzero (progress.token, strlen (progress.token));
  g_free (progress.token);
  g_free (progress.url);
  g_free (progress.request_id);
  return step == STEP_DONE;
}

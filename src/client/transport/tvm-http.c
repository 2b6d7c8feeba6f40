/* tvm-http.c: one call of a service with its token, retries and errors. Any thread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tvm-http-private.h"
#include "tvm-client-private.h"
#include "tvm-error.h"
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

/**
 * tvm_http_init:
 * @self: (out caller-allocates): what calls go through, to be freed with tvm_http_clear()
 * @endpoints: which services; copied
 * @sign_in: who gives the tokens; a reference is taken
 */
void
tvm_http_init (TvmHttp            *self,
               const TvmEndpoints *endpoints,
               TvmSignIn          *sign_in)
{
  self->endpoints = tvm_endpoints_copy (endpoints);
  self->sign_in = g_object_ref (sign_in);
  self->transport = tvm_transport_new ();
  tvm_pace_init (&self->pace, self->transport);
  g_mutex_init (&self->files_mutex);
  g_cond_init (&self->file_ended);
  g_mutex_init (&self->clock.mutex);
}

/**
 * tvm_http_clear:
 * @self: what was initialized, with no call under way
 *
 * Frees what it has.
 */
void
tvm_http_clear (TvmHttp *self)
{
  g_clear_pointer (&self->endpoints, tvm_endpoints_free);
  g_clear_object (&self->sign_in);
  tvm_pace_clear (&self->pace);
  g_mutex_clear (&self->files_mutex);
  g_cond_clear (&self->file_ended);
  g_mutex_clear (&self->clock.mutex);
  g_clear_pointer (&self->transport, tvm_transport_free);
}

/**
 * tvm_http_get_base:
 * @self: what calls go through
 * @resource: a service
 *
 * Returns: (transfer none): the service's base address, without a slash at its end
 */
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
  if (g_uri_get_port (uri) != -1)
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

/**
 * tvm_http_resolve:
 * @url: where a request went
 * @location: where it was redirected to
 *
 * Returns: (transfer full) (nullable): the address, which has a host; %NULL: there is none
 */
char *
tvm_http_resolve (const char *url,
                  const char *location)
{
  g_autoptr(GUri) base = g_uri_parse (url, SOUP_HTTP_URI_FLAGS, NULL);
  g_autoptr(GUri) target = base != NULL ? g_uri_parse_relative (base, location, SOUP_HTTP_URI_FLAGS,
                                                                NULL) : NULL;

  return target != NULL && g_uri_get_host (target) != NULL ? g_uri_to_string (target) : NULL;
}

static gboolean
changes_something (const TvmHttpCall *call)
{
  return call->body != NULL || call->is_delete;
}

/* Whether another attempt makes sense. A request that changes something is not repeated: it may
 * have been carried out, and where 429 says that it was not, it stays revocable until its time
 * (R14). */
static gboolean
may_retry (const TvmHttpCall *call,
           Progress          *progress,
           guint              status)
{
  if (call->is_single || changes_something (call))
    return FALSE;
  if (status == 429 || status == 503 || status == 504)
    return progress->n_throttled++ < MAX_THROTTLED;
  return (status >= 500 || status == 408) && progress->n_failed++ < MAX_FAILED;
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
                   _("%s named a page at another server. It was not opened, and nothing was sent "
                     "there. Check the cloud and the addresses in the preferences."),
                   tvm_http_get_service_name (call->resource));
      return NULL;
    }
  message = tvm_transport_make_message (call->is_delete      ? "DELETE"
                                        : call->body != NULL ? "POST"
                                                             : "GET",
                                        progress->url, error);
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
  /* A fresh connection: a kept one may be dead, and then nobody knows what arrived. */
  if (changes_something (call))
    soup_message_add_flags (message, SOUP_MESSAGE_NEW_CONNECTION);
  if (call->body != NULL)
    {
      g_autoptr(GBytes) body = g_bytes_new (call->body, strlen (call->body));

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
    target = tvm_http_resolve (progress->url, location);
  if (target == NULL || changes_something (call) || ++progress->n_redirects > MAX_REDIRECTS)
    {
      g_set_error (
        error, TVM_ERROR, TVM_ERROR_BAD_RESPONSE,
        _("%s redirected the request in a way that is not documented. Check the cloud and "
           "the addresses in the preferences, or try again later."),
        tvm_http_get_service_name (call->resource));
      return FALSE;
    }
  g_free (progress->url);
  progress->url = g_steal_pointer (&target);
  return TRUE;
}

/* An answer that refuses or puts off says that nothing was made; a conflict may be with what an
 * earlier attempt made, and a server that failed may have failed afterwards. */
static void
note_outcome (const TvmHttpCall *call,
              TvmExchange       *exchange)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (exchange->message);
  guint status = exchange->status;

  if (call->outcome == NULL)
    return;
  call->outcome->is_made = status == SOUP_STATUS_CREATED;
  call->outcome->may_exist = status < 400 || (status >= 500 && status != 503) || status == 408 ||
                             status == 409;
  call->outcome->retry_after_us = 0;
  if (status == 429 ||
      (status >= 400 && soup_message_headers_get_one (headers, "Retry-After") != NULL))
    call->outcome->retry_after_us = MAX (tvm_transport_retry_delay_us (exchange->message, 0), 1);
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
  gboolean is_asked;
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
  is_asked = soup_message_headers_get_one (soup_message_get_response_headers (exchange->message),
                                           "Retry-After") != NULL;
  delay_us = tvm_transport_retry_delay_us (exchange->message,
                                           progress->n_throttled + progress->n_failed);
  if (delay_us > MAX_WAIT_US || !may_retry (call, progress, status))
    {
      tvm_http_fail_with_answer (self, call, progress->request_id, exchange, cancellable, error);
      return STEP_FAIL;
    }
  tvm_exchange_end (exchange);
  if (status == 429 || status == 503)
    {
      tvm_pace_hold (&self->pace, call->resource, delay_us, is_asked);
      return STEP_AGAIN;
    }
  return tvm_pace_sleep (&self->pace, delay_us, is_asked, cancellable, error) ? STEP_AGAIN
                                                                              : STEP_FAIL;
}

/* A connection that broke before an answer came: a read is made again, after a while. */
static Step
handle_broken (TvmHttp            *self,
               const TvmHttpCall  *call,
               Progress           *progress,
               GCancellable       *cancellable,
               GError            **error)
{
  gint64 delay_us = tvm_transport_backoff_us (progress->n_failed);

  if (changes_something (call) || call->is_single || progress->n_failed++ >= MAX_FAILED)
    return STEP_FAIL;
  g_clear_error (error);
  return tvm_pace_sleep (&self->pace, delay_us, FALSE, cancellable, error) ? STEP_AGAIN : STEP_FAIL;
}

/* Waits until a call may go out and a connection is free, both at the same time. Another thread may
 * be told to wait meanwhile, or be quicker: then this one waits on. */
static SoupSession *
wait_for_turn (TvmHttp       *self,
               TvmCallClass   calls,
               GCancellable  *cancellable,
               GError       **error)
{
  while (!g_cancellable_set_error_if_cancelled (cancellable, error))
    {
      SoupSession *session = tvm_transport_borrow (self->transport);
      gboolean is_asked;
      gint64 delay_us = tvm_pace_try (&self->pace, calls, &is_asked);

      if (delay_us == 0)
        return session;
      tvm_transport_give_back (self->transport, session);
      if (!tvm_pace_sleep (&self->pace, delay_us, is_asked, cancellable, error))
        return NULL;
    }
  return NULL;
}

/* One attempt: waits for its turn, sends, looks at what came. */
static Step
attempt (TvmHttp            *self,
         const TvmHttpCall  *call,
         Progress           *progress,
         TvmExchange        *exchange,
         GCancellable       *cancellable,
         GError            **error)
{
  g_autoptr(GUri) uri = g_uri_parse (progress->url, SOUP_HTTP_URI_FLAGS, NULL);
  TvmCallClass calls = tvm_pace_classify (call->resource, changes_something (call),
                                          uri != NULL ? g_uri_get_path (uri) : "");
  g_autoptr(GError) failure = NULL;
  SoupMessage *message = make_message (self, call, progress, error);
  SoupSession *session;
  Step step;

  if (message == NULL)
    return STEP_FAIL;
  session = wait_for_turn (self, calls, cancellable, error);
  if (session == NULL)
    {
      g_object_unref (message);
      return STEP_FAIL;
    }
  if (call->n_requests != NULL)
    (*call->n_requests)++;
  if (tvm_exchange_begin (exchange, self->transport, session, message, cancellable, &failure))
    {
      note_outcome (call, exchange);
      /* What was done is done; what is only told may depend on the time. */
      step = tvm_http_clock_check (&self->clock, exchange->message,
                                   changes_something (call) ? NULL : &failure) ||
                 changes_something (call)
               ? handle_answer (self, call, progress, exchange, cancellable, &failure)
               : STEP_FAIL;
    }
  else
    {
      if (call->outcome != NULL)
        call->outcome->may_exist = exchange->was_started;
      step = exchange->is_broken ? handle_broken (self, call, progress, cancellable, &failure)
                                 : STEP_FAIL;
    }
  if (step != STEP_DONE)
    tvm_exchange_end (exchange);
  if (failure != NULL)
    g_propagate_error (error, g_steal_pointer (&failure));
  return step;
}

/**
 * tvm_http_begin:
 * @self: what calls go through
 * @call: what to ask
 * @exchange: (out caller-allocates): the exchange with a 2xx answer, for the caller to read and to
 *   end; ended already where this fails
 * @cancellable: (nullable): stops the call and any wait for it
 * @error: return location for a #TvmError by the HTTP status, or %G_IO_ERROR_CANCELLED
 *
 * Waits for the call's turn and sends it, with a token that is renewed once where it is not
 * accepted. A call that is throttled is made again after what Retry-After says (RFC 9110, 10.2.3),
 * up to an hour, and so is one that broke off or met a server that failed; one that changes
 * something, or with is_single, not at all. Blocks, for as long as that takes.
 *
 * Returns: %FALSE with an error in the service's words, with %TVM_ERROR_READ_ONLY where an
 *   unattended sign-in was to write, %TVM_ERROR_FAILED where the answer says that this computer's
 *   clock is wrong, or %G_IO_ERROR_CANCELLED
 */
gboolean
tvm_http_begin (TvmHttp            *self,
                const TvmHttpCall  *call,
                TvmExchange        *exchange,
                GCancellable       *cancellable,
                GError            **error)
{
  Progress progress = { .url = g_strdup (call->url) };
  Step step = STEP_FAIL;

  *exchange = (TvmExchange) { .session = NULL };
  if ((call->intune_write || changes_something (call)) &&
      tvm_sign_in_is_unattended (self->sign_in))
    {
      g_set_error_literal (error, TVM_ERROR, TVM_ERROR_READ_ONLY,
                           _("An unattended sign-in only reads, so nothing was sent."));
      g_free (progress.url);
      return FALSE;
    }
  progress.token = tvm_sign_in_get_token (self->sign_in, call->resource, call->intune_write, FALSE,
                                          cancellable, error);
  if (progress.token != NULL)
    do
      step = attempt (self, call, &progress, exchange, cancellable, error);
    while (step == STEP_AGAIN);
  if (progress.token != NULL)
    explicit_bzero (progress.token, strlen (progress.token));
  g_free (progress.token);
  g_free (progress.url);
  g_free (progress.request_id);
  return step == STEP_DONE;
}
